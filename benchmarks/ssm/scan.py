"""linear_scan against public scans: same work, one run, equal accuracy.

Peers, from the dependency group ``bench`` (``pip install --group bench``):
s5-pytorch, mambapy, accelerated-scan. Those that are missing are left out,
with a line that says so. Two more need nothing: torch's own private
``associative_scan`` and the loop that one writes first; scipy's ``lfilter``
and an FFT convolution take part where lam is constant and there is one
channel.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.report import store
from kexue_lib import ssm

TITLE = "Linear recurrences"
WORDS = """\
[`linear_scan`](#kexue_lib.ssm.linear_scan) against public scans, on one
thread. Ratios above 1 mean that the peer is slower; "over a copy" compares
with copying the inputs once, which is what memory allows.
"""

Scan = Callable[[Tensor, Tensor], Tensor]
SHAPES = [(1, 1024, 16), (4, 4096, 64), (1, 65_536, 16), (1, 1 << 20, 1)]
LONGEST_LOOP = 1 << 16


def seconds(run: Callable[[], Any], repeats: int = 7) -> float:
    """Least CPU seconds: neighbours on the machine can only add to it."""
    run()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


# -- peers: (lam, u) of shape (B, L, D) -> states ----------------------------


def peers() -> dict[str, tuple[Scan, bool]]:
    """Name to (scan, whether it wants time last)."""
    found: dict[str, tuple[Scan, bool]] = {
        "loop": (loop, False),
        "torch associative_scan": (torch_scan(), False),
    }
    for package, make in (
        ("s5", s5_scan),
        ("mambapy", mamba_scan),
        ("accelerated_scan", accelerated_scan),
    ):
        try:
            importlib.import_module(package)
        except ModuleNotFoundError:
            print(f"{package} is missing: pip install --group bench")
            continue
        name, scan, time_last = make()
        found[name] = (scan, time_last)
    return found


def loop(lam: Tensor, u: Tensor) -> Tensor:
    x = torch.zeros_like(u[:, 0])
    states = []
    for a, b in zip(lam.unbind(1), u.unbind(1), strict=True):
        x = a * x + b
        states.append(x)
    return torch.stack(states, dim=1)


def torch_scan() -> Scan:
    from torch._higher_order_ops.associative_scan import associative_scan

    def scan(lam: Tensor, u: Tensor) -> Tensor:
        return associative_scan(
            ssm.scan_combine, (lam, u), 1, combine_mode="generic"
        )[1]

    return scan


def s5_scan() -> tuple[str, Scan, bool]:
    from s5.jax_compat import associative_scan

    def merge(a: Any, b: Any) -> Any:
        return b[0] * a[0], torch.addcmul(b[1], b[0], a[1])

    return (
        "s5-pytorch",
        lambda lam, u: associative_scan(merge, (lam, u), axis=1)[1],
        False,
    )


def mamba_scan() -> tuple[str, Scan, bool]:
    from mambapy.pscan import pscan

    return (
        "mambapy",
        lambda lam, u: pscan(lam[..., None], u[..., None])[..., 0],
        False,
    )


def accelerated_scan() -> tuple[str, Scan, bool]:
    from accelerated_scan.ref import scan

    return "accelerated-scan (ref)", scan, True


def one_channel(lam: Tensor, u: Tensor) -> dict[str, Callable[[], Any]]:
    """What scipy and numpy offer for constant real lam and D = 1."""
    from scipy.signal import fftconvolve, lfilter

    a, signal = lam.numpy(), u.detach().numpy().reshape(-1)
    one, poles = np.ones(1, a.dtype), np.array([1, -a[0]], a.dtype)
    ages = np.arange(len(signal), dtype=a.dtype)
    return {
        "scipy lfilter": lambda: lfilter(one, poles, signal),
        "scipy fftconvolve": lambda: fftconvolve(signal, a[0] ** ages)[
            : len(signal)
        ],
    }


# -- measuring ---------------------------------------------------------------


def problem(shape: tuple[int, int, int], dtype: torch.dtype) -> Any:
    """Constant lam (D,), its copy for every step, and inputs."""
    g = torch.Generator().manual_seed(0)
    u = torch.randn(shape, generator=g, dtype=dtype)
    lam = 0.9 + 0.099 * torch.rand(shape[2], generator=g)
    if dtype.is_complex:
        lam = torch.polar(lam, 6.28 * torch.rand(shape[2], generator=g))
    return lam, lam.expand(shape).contiguous(), u


def timed(scan: Scan, lam: Tensor, u: Tensor) -> tuple[float, float, Tensor]:
    """Forward, forward and backward, and the states."""
    lam, u = lam.clone().requires_grad_(), u.clone().requires_grad_()
    with torch.no_grad():
        x = scan(lam, u)
        forward = seconds(lambda: scan(lam, u))
    g = torch.ones_like(x)
    both = seconds(lambda: torch.autograd.grad(scan(lam, u), (lam, u), g))
    return forward, both, x


def ms(value: float) -> str:
    return f"{1e3 * value:.3g}"


def rows_of(shape: tuple[int, int, int], dtype: torch.dtype) -> list[Any]:
    lam, every, u = problem(shape, dtype)
    wide = torch.complex128 if dtype.is_complex else torch.float64
    exact = ssm.linear_scan(every.to(wide), u.to(wide), method="odd_even")
    copy = seconds(lambda: torch.empty_like(u).copy_(u), 9)
    what = f"{'x'.join(map(str, shape))} {str(dtype).removeprefix('torch.')}"
    rows = []

    def record(
        name: str, forward: float, both: float, x: Tensor, ours: Any
    ) -> None:
        error = ((x - exact).abs().max() / exact.abs().max()).item()
        ratios = ["", ""]
        if ours is not None:
            ratios = [f"{forward / ours[0]:.2g}", f"{both / ours[1]:.2g}"]
        rows.append(
            [
                what,
                name,
                ms(forward),
                ratios[0],
                ms(both),
                ratios[1],
                f"{forward / copy:.2g}",
                f"{error:.0e}",
            ]
        )

    constant = timed(ssm.linear_scan, lam, u)
    record("linear_scan, constant", *constant, None)
    ours = timed(ssm.linear_scan, every, u)
    record("linear_scan, any lam", *ours, None)
    last = every.mT.contiguous(), u.mT.contiguous()
    ours_last = timed(lambda lam, u: ssm.linear_scan(lam, u, dim=-1), *last)
    record(
        "linear_scan, any lam, time last", *ours_last[:2],
        ours_last[2].mT, None,
    )  # fmt: skip
    for name, (scan, time_last) in peers().items():
        if name == "loop" and shape[1] > LONGEST_LOOP:
            continue
        if time_last:
            forward, both, x = timed(scan, *last)
            record(name, forward, both, x.mT, ours_last)
        else:
            record(name, *timed(scan, every, u), ours)
    if shape[0] * shape[2] == 1 and not dtype.is_complex:
        for name, run in one_channel(lam, u).items():
            forward = seconds(run, 3)
            x = torch.from_numpy(np.asarray(run())).reshape(shape)
            error = ((x - exact).abs().max() / exact.abs().max()).item()
            rows.append(
                [
                    what,
                    name,
                    ms(forward),
                    f"{forward / constant[0]:.2g}",
                    "",
                    "",
                    f"{forward / copy:.2g}",
                    f"{error:.0e}",
                ]
            )
    return rows


def growth_rows() -> list[Any]:
    """Time per step as L grows: O(L)."""
    rows = []
    for L in (1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20):
        lam, every, u = problem((1, L, 16), torch.float32)
        for name, factor in (("constant", lam), ("any lam", every)):
            with torch.no_grad():
                run = seconds(lambda f=factor, u=u: ssm.linear_scan(f, u), 3)
            copy = seconds(lambda u=u: torch.empty_like(u).copy_(u), 5)
            rows.append(
                [
                    f"1x{L}x16 float32",
                    f"linear_scan, {name}",
                    ms(run),
                    *[""] * 3,
                    f"{run / copy:.2g}",
                    "",
                ]
            )
    return rows


def main() -> None:
    torch.set_num_threads(1)
    rows = []
    for dtype in (torch.float32, torch.complex64):
        for shape in SHAPES:
            rows += rows_of(shape, dtype)
    rows += growth_rows()
    columns = [
        "batch x length x channels",
        "ssm/scan",
        "forward, ms",
        "over ours",
        "with backward, ms",
        "over ours ",
        "over a copy",
        "error",
    ]
    store("ssm/scan", columns, rows)


if __name__ == "__main__":
    main()

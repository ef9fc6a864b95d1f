"""Convolution kernels: ours beside the formulas of public implementations.

Every peer computes a kernel of the same length from the same order on one
thread, in torch, from its published formula:

- "annotated-s4": four complex Cauchy sums over all poles and frequencies;
- "state-spaces/s4": the same over one pole of each pair, half the circle;
- "S4D": the Vandermonde product of a diagonal model (another kernel);
- "one by one": powers in a loop.

The poles of the peers come from s5-pytorch (``pip install --group bench``),
else from the same formula here. Accuracy is against 80-bit arithmetic without
poles: the product of claim s4-kernel.C13.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy import fft
from torch import Tensor

from benchmarks.report import store
from benchmarks.timing import Row, cpu_time, row
from kexue_lib import ssm
from kexue_lib.derive import loglog_slope

TITLE = "S4's kernel"
WORDS = """\
[`kernel_dplr`](#kexue_lib.ssm.kernel_dplr) and
[`kernel_powers`](#kexue_lib.ssm.kernel_powers) against the formulas of public
packages, one channel, on one thread. S4D is another kernel, a sum of
exponentials. The plain powers of a dense matrix are the fastest of all, and
lose digits in single precision.
"""
MEASURES = (
    "kexue_lib/ssm/kernel.py",
    "kexue_lib/ssm/dplr.py",
    "kexue_lib/ssm/_cauchy.py",
)

N = 64
LENGTHS = tuple(4**i * 1024 for i in range(6))
LOOP_UP_TO, WIDE_UP_TO = 4096, 65536
F64, C128 = torch.float64, torch.complex128
Kernel = Callable[..., Tensor]


# -- the problem and its exact solution -------------------------------------


def row_C() -> Tensor:
    gen = torch.Generator().manual_seed(0)
    return torch.randn(N, generator=gen, dtype=F64)


def exact(L: int) -> np.ndarray:
    """The kernel of LegS with eps = 4 / L, in 80-bit arithmetic."""
    wide = np.longdouble
    n = np.arange(N, dtype=wide)
    v = np.sqrt(2 * n + 1)
    A = -np.tril(np.outer(v, v), -1) - np.diag(n + 1)
    eye, hA = np.eye(N, dtype=wide), A * (wide(2) / L)
    # The matrix to invert is triangular.
    left, power = eye - hA, eye + hA
    for i in range(N):
        power[i] = (power[i] - left[i, :i] @ power[:i]) / left[i, i]
    whole, count = eye, L
    while count:
        if count & 1:
            whole = whole @ power
        power, count = power @ power, count >> 1
    c = row_C().numpy().astype(wide)
    c = c - c @ whole
    i = np.arange(L // 2 + 1, dtype=wide)
    angle = i * (np.arccos(wide(-1)) / L)
    s, k = wide(L) / 2 * np.sin(angle), np.cos(angle)
    before, total = np.ones_like(s, dtype=np.clongdouble), 0
    for m in range(N):
        below = 1j * s + k * (m + 1)
        total = total + c[m] * v[m] * before / below
        before = before * (1j * s - k * m) / below
    return fft.irfft(total * (k + 1j * np.sin(angle)), n=L)


def legs_poles() -> tuple[Tensor, Tensor, Tensor, Tensor, str]:
    """Poles by an eigensolver, as every peer makes them."""
    try:
        from s5.init import make_DPLR_HiPPO
    except ImportError as missing:
        v = np.sqrt(2 * np.arange(N) + 1.0)
        A = -np.tril(np.outer(v, v), -1) - np.diag(np.arange(N) + 1.0)
        y, V = np.linalg.eigh(-1j * (A + np.outer(v, v) / 2))
        found = (-0.5 + 1j * y, V.conj().T @ v / 2**0.5, V.conj().T @ v, V)
        print(f"peer s5-pytorch is skipped ({missing}): its formula, here")
        name = "eigh"
    else:
        found = make_DPLR_HiPPO(N)[:4]
        name = "s5-pytorch"
    Lambda, p, b, V = (torch.from_numpy(np.asarray(x)).to(C128) for x in found)
    return Lambda, p, b, V, name


# -- peers ------------------------------------------------------------------


def roots(L: int, count: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    z = torch.exp(-2j * math.pi * torch.arange(count, dtype=F64) / L)
    g = (2.0 / (4 / L)) * (1 - z) / (1 + z)
    return g.to(dtype), (2 / (1 + z)).to(dtype)


def annotated(
    Lambda: Tensor, p: Tensor, b: Tensor, c: Tensor, L: int
) -> Tensor:
    g, front = roots(L, L, Lambda.dtype)

    def cauchy(w: Tensor) -> Tensor:
        return (w / (g[:, None] - Lambda)).sum(-1)

    k00, k01 = cauchy(c * b), cauchy(c * p)
    k10, k11 = cauchy(p.conj() * b), cauchy(p.conj() * p)
    G = front * (k00 - k01 * k10 / (1 + k11))
    return torch.fft.ifft(G).real


def state_spaces(
    Lambda: Tensor, p: Tensor, b: Tensor, c: Tensor, L: int
) -> Tensor:
    g, front = roots(L, L // 2 + 1, Lambda.dtype)
    w = torch.stack((c * b, c * p, p.conj() * b, p.conj() * p))[:, None]
    k = (w / (g[:, None] - Lambda)).sum(-1)
    k = k + (w.conj() / (g[:, None] - Lambda.conj())).sum(-1)
    G = front * (k[0] - k[1] * k[2] / (1 + k[3]))
    return torch.fft.irfft(G, n=L)


def s4d(Lambda: Tensor, p: Tensor, b: Tensor, c: Tensor, L: int) -> Tensor:
    del p
    step = 4 / L * Lambda
    weight = c * b * (torch.exp(step) - 1) / Lambda
    steps = torch.arange(L, dtype=Lambda.real.dtype)
    return 2 * (weight @ torch.exp(step[:, None] * steps)).real


# -- measuring --------------------------------------------------------------


def inputs(L: int, dtype: torch.dtype) -> dict[str, list[Tensor]]:
    """What each family of implementations starts from."""
    A, B = ssm.hippo("legs", N)
    Ab, Bb = ssm.discretize(A, B, 4 / L, "bilinear")
    c = ssm.truncate_C(row_C(), Ab, L).to(C128)
    Lambda, p, b, V, _ = POLES
    upper = Lambda.imag > 0
    ours = ssm.dplr_legs(N, pairs=True)
    real = torch.empty((), dtype=dtype).real.dtype
    return {
        "powers": [x.to(real) for x in (Ab, Bb, row_C())],
        "pairs": [x.to(dtype) for x in (*ours[:3], c @ ours.U)],
        "all poles": [x.to(dtype) for x in (Lambda, p, b, c @ V)],
        "half poles": [
            x.to(dtype)
            for x in (Lambda[upper], p[upper], b[upper], (c @ V)[upper])
        ],
    }


def ours(Lambda: Tensor, p: Tensor, b: Tensor, c: Tensor, L: int) -> Tensor:
    return ssm.kernel_dplr(Lambda, p, b, c, 4 / L, L, pairs=True, check=False)


# name, function, what it starts from, longest kernel
OURS = (
    ("kernel_dplr", ours, "pairs", LENGTHS[-1]),
    ("kernel_powers", ssm.kernel_powers, "powers", LENGTHS[-1]),
)
PEERS = (
    ("annotated-s4", annotated, "all poles", WIDE_UP_TO),
    ("state-spaces/s4", state_spaces, "half poles", WIDE_UP_TO),
    ("S4D (diagonal)", s4d, "half poles", WIDE_UP_TO),
    ("one by one", ssm.kernel_naive, "powers", LOOP_UP_TO),
)


def measured(kernel: Kernel, parts: list[Tensor], L: int) -> dict[str, Any]:
    """Seconds forward, seconds forward and backward, and the kernel."""
    leaves = [x.detach().requires_grad_() for x in parts]

    def both() -> None:
        total = kernel(*leaves, L).sum()
        torch.autograd.grad(total, leaves, allow_unused=True)

    repeats = 5 if L < 2**15 else 3
    return {
        "forward": cpu_time(lambda: kernel(*parts, L), repeats),
        "forward and backward": cpu_time(both, repeats),
        "kernel": kernel(*parts, L),
    }


def peak() -> float:
    """Floating-point operations a second of one thread, in a product."""
    x = torch.rand(768, 768, dtype=F64)
    return 2 * 768**3 / cpu_time(lambda: x @ x, 9)


def operations(L: int) -> float:
    """Of kernel_dplr: 13 a combination, two products of eight columns."""
    return (L / 2) * (N / 2) * (13 + 2 * 16) + 2.5 * L * math.log2(L)


def rows_of(dtype: torch.dtype, top: float) -> list[Row]:
    rows = []
    short = "float64" if dtype is C128 else "float32"
    times: dict[str, list[float]] = {name: [] for name, *_ in OURS}
    for L in LENGTHS:
        parts = inputs(L, dtype)
        runs = {
            name: measured(kernel, parts[start], L)
            for name, kernel, start, most in (*OURS, *PEERS)
            if most >= L
        }
        for name, *_ in OURS:
            times[name].append(runs[name]["forward"])
        if L > WIDE_UP_TO:
            continue
        want = torch.from_numpy(exact(L).astype(np.float64))
        errors = {
            name: float((run["kernel"].double() - want).norm() / want.norm())
            for name, run in runs.items()
        }
        for name, *_ in OURS:
            for peer in (p for p, *_ in PEERS if p in runs):
                for way in ("forward", "forward and backward"):
                    note = f"error {errors[name]:.0e}"
                    if "S4D" not in peer:
                        note += f", peer {errors[peer]:.0e}"
                    rows.append(
                        row(
                            f"{name}, {short}, L={L}, {way}",
                            runs[name][way],
                            peer,
                            runs[peer][way],
                            note,
                        )
                    )
    for name, values in times.items():
        shown = f"like L^{loglog_slope(LENGTHS, values):.2f} from {LENGTHS[0]}"
        if name == "kernel_dplr" and dtype is C128:
            share = operations(LENGTHS[-1]) / values[-1] / top
            shown += f"; {share:.0%} of the speed of a matrix product"
        last = f"{1e3 * values[-1]:.0f} ms"
        rows.append(
            [f"{name}, {short}, L={LENGTHS[-1]}", last, "-", "-", "-", shown]
        )
    return rows


def poles_row() -> Row:
    """Making the poles: closed form against an eigensolver."""
    Lambda, _, _, _, name = POLES
    mine = ssm.dplr_legs(N)

    def single() -> Tensor:
        A, B = ssm.hippo("legs", N, dtype=torch.float32)
        S = A + torch.outer(B, B) / 2 + torch.eye(N) / 2
        return torch.linalg.eigvalsh(-1j * S)

    def gap(y: Tensor) -> float:
        want = mine.Lambda.imag
        return float(((y.flip(0) - want) / want).abs().max())

    return row(
        f"poles of LegS, N={N}",
        cpu_time(lambda: ssm.dplr_legs(N), 50),
        f"{name} (eigh)",
        cpu_time(legs_poles, 20),
        f"frequencies differ by {gap(Lambda.imag):.0e} (relative), "
        f"from eigh in float32 by {gap(single()):.0e}",
    )


POLES = legs_poles()


def main() -> None:
    torch.set_num_threads(1)
    top = peak()
    rows = [poles_row(), *rows_of(C128, top), *rows_of(torch.complex64, top)]
    columns = ["what", "kexue_lib", "peer", "peer time", "ratio", "note"]
    store("ssm/kernel", columns, rows, measures=MEASURES)


if __name__ == "__main__":
    main()

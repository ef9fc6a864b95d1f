"""The matrix sign: iteration against PyTorch's, and against an SVD.

Both in one process, in turn; the ratio is the median of theirs over ours.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from benchmarks.report import store
from kexue_lib import optim

TITLE = "The matrix sign and Muon"
WORDS = """\
[`msign`](#kexue_lib.optim.msign) with five steps against the iteration inside
`torch.optim.Muon`, which knows bfloat16 only, against the same products
written out in float32, and against a singular value decomposition; and one
step of [`Muon`](#kexue_lib.optim.Muon) against PyTorch's. "Limit" is the time
of the fifteen matrix products alone. **In float32 on a CPU the iteration gains
little over an SVD of a square matrix**: fifteen products are what they are.
"""

Run = Callable[[], Any]
Row = list[str]


def ratio_of(ours: Run, theirs: Run, repeats: int) -> tuple[float, float]:
    """Median time of ours, and median of theirs over ours."""
    ours()
    theirs()
    times = []
    for _ in range(repeats):
        # CPU time, so that other processes do not count.
        one = time.thread_time()
        ours()
        two = time.thread_time()
        theirs()
        times.append((two - one, time.thread_time() - two))
    ratios = [b / a for a, b in times]
    return statistics.median(a for a, _ in times), statistics.median(ratios)


def row(what: str, ours: Run, peer: str, theirs: Run, note: str = "") -> Row:
    seconds, ratio = ratio_of(ours, theirs, 25)
    return [what, f"{1e3 * seconds:.2g} ms", peer, f"{ratio:.2f}", note]


def of_torch(M: Tensor) -> Tensor:
    from torch.optim import _muon

    return _muon._zeropower_via_newtonschulz(M, optim.JORDAN, 5, 1e-7)


def written_out(M: Tensor) -> Tensor:
    a, b, c = optim.JORDAN
    X = M / M.norm().clamp(min=1e-7)
    for _ in range(5):
        A = X @ X.mT
        B = torch.addmm(A, A, A, beta=b, alpha=c)
        X = torch.addmm(X, B, X, beta=a)
    return X


def products(X: Tensor) -> Tensor:
    """Fifteen products, and nothing else."""
    X = X / 64
    for _ in range(5):
        A = X @ X.mT
        A @ A
        A @ X
    return X


def by_svd(M: Tensor) -> Tensor:
    U, _, Vh = torch.linalg.svd(M.float(), full_matrices=False)
    return U @ Vh


def sign_rows() -> list[Row]:
    rows = []
    g = torch.Generator().manual_seed(0)
    for shape in ((512, 512), (512, 2048)):
        single = torch.randn(shape, generator=g)
        size = f"{shape[0]}x{shape[1]}"
        low = torch.bfloat16
        for M, dtype in ((single.bfloat16(), low), (single, low)):
            what = f"{size} {str(M.dtype)[6:]}, products in bfloat16"

            def ours(M: Tensor = M, dtype: torch.dtype = dtype) -> Tensor:
                return optim.msign(M, "ns", dtype=dtype, check=False)

            rows += [
                row(what, ours, "torch.optim.Muon's", lambda M=M: of_torch(M)),
                row(what, ours, "SVD", lambda M=M: by_svd(M)),
                row(
                    what,
                    ours,
                    "limit",
                    lambda M=M: products(M.bfloat16()),
                ),
            ]

        def full(M: Tensor = single) -> Tensor:
            return optim.msign(M, "ns", check=False)

        what = f"{size} float32"
        rows += [
            row(what, full, "written out", lambda M=single: written_out(M)),
            row(what, full, "SVD", lambda M=single: by_svd(M)),
            row(what, full, "limit", lambda M=single: products(M)),
        ]
    return rows


def step_of(kind: Any, count: int, shape: tuple[int, int]) -> Run:
    g = torch.Generator().manual_seed(1)
    params = []
    for _ in range(count):
        p = torch.nn.Parameter(torch.randn(shape, generator=g))
        p.grad = torch.randn(shape, generator=g)
        params.append(p)
    step: Run = kind(params, lr=1e-4).step
    return step


def step_rows() -> list[Row]:
    rows = []
    for count, shape in ((4, (512, 512)), (32, (64, 64)), (8, (128, 512))):
        rows.append(
            row(
                f"step, {count} matrices {shape[0]}x{shape[1]}",
                step_of(optim.Muon, count, shape),
                "torch.optim.Muon",
                step_of(torch.optim.Muon, count, shape),
            )
        )
    return rows


def main() -> None:
    torch.set_num_threads(1)
    columns = ["what", "kexue_lib", "peer", "peer's time / ours", "note"]
    store(
        "optim/msign",
        columns,
        [*sign_rows(), *step_rows()],
        measures=["kexue_lib/optim/msign.py", "kexue_lib/optim/muon.py"],
    )


if __name__ == "__main__":
    main()

"""LegS online against the usual dense ways, as ratios of CPU time.

The peers are our own few lines of what public code does: the trapezoid with
dense matrices, solved for every sample or made ahead for all of them, and
SciPy's general discretisation. Each row first checks that both agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import scipy.linalg
import scipy.signal
import sympy as sp
import torch

from benchmarks.report import store
from benchmarks.timing import Row, cpu_time, row
from kexue_lib import ssm

TITLE = "LegS in discrete steps"
WORDS = """\
[`legs_run`](#kexue_lib.ssm.legs_run) against dense matrices. Where these are
made ahead of time and small, or only a single product or solve is wanted, the
dense way is faster; the cost of $O(N)$ pays from a few hundred coefficients
on.
"""

F64 = torch.float64


def noise(*shape: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(*shape, generator=generator, dtype=F64)


def system(N: int) -> tuple[np.ndarray, np.ndarray]:
    A, B = ssm.hippo("legs", N)
    return A.numpy(), B.numpy()


def start(u: np.ndarray, N: int) -> np.ndarray:
    x = np.zeros((N, *u.shape[1:]))
    x[0] = u[0]
    return x


def solved(u: np.ndarray, N: int) -> np.ndarray:
    """A triangular solve for every sample; u has shape (K, ...)."""
    A, B = system(N)
    eye, x = np.eye(N), start(u, N)
    for k in range(1, len(u)):
        write = (1 / k + 1 / (k + 1)) / 2 * np.multiply.outer(B, u[k])
        right = x + A @ x / (2 * k) + write
        x = scipy.linalg.solve_triangular(
            eye - A / (2 * (k + 1)), right, lower=True, check_finite=False
        )
    return x


def stacked(N: int, K: int) -> tuple[np.ndarray, np.ndarray]:
    """The matrices of all steps, as a module would keep them."""
    A, B = system(N)
    eye = np.eye(N)
    steps, writes = np.empty((K, N, N)), np.empty((K, N))
    for k in range(1, K):
        left = eye - A / (2 * (k + 1))
        right = np.column_stack(
            (eye + A / (2 * k), (1 / k + 1 / (k + 1)) / 2 * B)
        )
        both = scipy.linalg.solve_triangular(left, right, lower=True)
        steps[k], writes[k] = both[:, :N], both[:, N]
    return steps, writes


def stepped(
    u: np.ndarray, matrices: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Only the products: the matrices are there already."""
    steps, writes = matrices
    x = start(u, steps.shape[1])
    for k in range(1, len(u)):
        x = steps[k] @ x + np.multiply.outer(writes[k], u[k])
    return x


def general(u: np.ndarray, N: int) -> np.ndarray:
    """SciPy's bilinear rule, called for every sample (A/k frozen)."""
    A, B = system(N)
    C, D = np.zeros((1, N)), np.zeros((1, 1))
    x = start(u, N)
    for k in range(1, len(u)):
        Ab, Bb, *_ = scipy.signal.cont2discrete(
            (A / k, B[:, None] / k, C, D), 1.0, "bilinear"
        )
        x = Ab @ x + Bb[:, 0] * u[k]
    return x


def exponentials(u: np.ndarray, N: int) -> np.ndarray:
    """The exact hold, one matrix exponential for every sample."""
    A, B = system(N)
    block = np.zeros((N + 1, N + 1))
    block[:N, :N], block[:N, N] = A, B
    x = start(u, N)
    for k in range(1, len(u)):
        E = scipy.linalg.expm(block * math.log((k + 1) / k))
        x = E[:N, :N] @ x + E[:N, N] * u[k]
    return x


def versus(
    what: str,
    ours: Callable[[], torch.Tensor],
    peer: str,
    theirs: Callable[[], np.ndarray],
    repeats: int = 5,
) -> Row:
    gap = float(np.abs(ours().numpy() - theirs()).max())
    assert gap < 1e-10, (what, gap)
    return row(
        what,
        cpu_time(ours, repeats),
        peer,
        cpu_time(theirs, 1 if repeats < 3 else 3),
        f"difference {gap:.0e}",
    )


def online_rows(N: int, K: int) -> list[Row]:
    u, many = noise(K), noise(32, K)
    matrices = stacked(N, K)
    what = f"LegS trapezoid, N={N}, {K} samples"
    return [
        versus(
            what,
            lambda: ssm.legs_run(u, N),
            "solve_triangular per sample",
            lambda: solved(u.numpy(), N),
        ),
        versus(
            what,
            lambda: ssm.legs_run(u, N),
            "dense products, matrices made ahead (not timed)",
            lambda: stepped(u.numpy(), matrices),
        ),
        versus(
            f"{what}, 32 signals",
            lambda: ssm.legs_run(many, N),
            "solve_triangular per sample",
            lambda: solved(many.numpy().T, N).T,
        ),
        versus(
            f"{what}, 32 signals",
            lambda: ssm.legs_run(many, N),
            "dense products, matrices made ahead (not timed)",
            lambda: stepped(many.numpy().T, matrices).T,
        ),
    ]


def general_rows(K: int) -> list[Row]:
    u = noise(K)
    return [
        versus(
            f"frozen bilinear, N=64, {K} samples",
            lambda: ssm.legs_run(u, 64, "bilinear_code"),
            "scipy.signal.cont2discrete per sample",
            lambda: general(u.numpy(), 64),
            repeats=2,
        ),
        versus(
            f"exact hold, N=64, {K} samples",
            lambda: ssm.step_projection(u, 64),
            "scipy.linalg.expm per sample",
            lambda: exponentials(u.numpy(), 64),
            repeats=2,
        ),
    ]


def gradient_row(N: int, K: int) -> Row:
    u = noise(K).requires_grad_()
    A, B = ssm.hippo("legs", N)
    eye = torch.eye(N, dtype=F64)

    def dense(u: torch.Tensor) -> torch.Tensor:
        x = u[0] * eye[0]
        for k in range(1, K):
            right = x + A @ x / (2 * k) + (1 / k + 1 / (k + 1)) / 2 * B * u[k]
            x = torch.linalg.solve_triangular(
                eye - A / (2 * (k + 1)), right[:, None], upper=False
            )[:, 0]
        return x

    def gradient(run: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
        return torch.autograd.grad(run(u).square().sum(), u)[0]

    def ours(u: torch.Tensor) -> torch.Tensor:
        return ssm.legs_run(u, N)

    return versus(
        f"the same with gradient, N={N}, {K} samples",
        lambda: gradient(ours),
        "torch, solve_triangular per sample",
        lambda: gradient(dense).numpy(),
    )


def matrix_rows(N: int) -> list[Row]:
    A, _ = ssm.hippo("legs", N)
    x = noise(N)
    left = torch.eye(N, dtype=F64) - A / 2
    rows = []
    for what, ours, peer, theirs in (
        (
            "product",
            lambda: ssm.legs_matvec(x),
            "dense matrix times vector",
            lambda: A @ x,
        ),
        (
            "solve",
            lambda: ssm.legs_solve(x, 0.5),
            "torch.linalg.solve_triangular, matrix made ahead",
            lambda: torch.linalg.solve_triangular(
                left, x[:, None], upper=False
            )[:, 0],
        ),
    ):
        scale = float(theirs().abs().max())
        gap = float((ours() - theirs()).abs().max()) / scale
        assert gap < 1e-10, (what, gap)
        rows.append(
            row(
                f"{what}, N={N}",
                cpu_time(ours, 50),
                peer,
                cpu_time(theirs, 20),
                f"relative difference {gap:.0e}",
            )
        )
    return rows


def propagator_row() -> Row:
    N, rho = 16, 0.3
    exact = ssm.legs_propagator_sym(N, sp.Rational(3, 10))
    want = np.array(exact.evalf(30).tolist(), dtype=np.float64)
    v = np.sqrt(2 * np.arange(N) + 1)
    want = want * v[None, :] / v[:, None]
    A, _ = system(N)

    def theirs() -> np.ndarray:
        return scipy.linalg.expm(-math.log(rho) * A)

    ours_error = np.abs(ssm.legs_propagator(rho, N).numpy() - want).max()
    peer_error = np.abs(theirs() - want).max()
    return row(
        f"propagator, N={N}",
        cpu_time(lambda: ssm.legs_propagator(rho, N), 50),
        "scipy.linalg.expm",
        cpu_time(theirs, 50),
        f"error {ours_error:.0e}, peer {peer_error:.0e}",
    )


def main() -> None:
    torch.set_num_threads(1)
    rows = [*online_rows(64, 1024), *online_rows(256, 1024)]
    rows += [*general_rows(256), gradient_row(64, 1024)]
    rows += [*matrix_rows(256), *matrix_rows(4096), propagator_row()]
    columns = ["what", "kexue_lib", "peer", "peer time", "ratio", "note"]
    store("ssm/legs", columns, rows)


if __name__ == "__main__":
    main()

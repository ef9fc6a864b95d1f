"""HiPPO systems: exact against brute force, numeric against NumPy recipes.

The baselines are SymPy itself, our own few lines of what public packages
compute, and a public package where it is installed (group ``bench``). Each
row first checks that both sides agree.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
import torch
from sympy.core.cache import clear_cache

from benchmarks.report import store
from benchmarks.timing import Row, cpu_time, row
from kexue_lib import ssm

TITLE = "HiPPO matrices"
WORDS = """\
Exact ones against SymPy's integrals (for large orders a lower bound,
extrapolated), tensors against NumPy and `s5-pytorch`. The smallest LegT is
faster as a bare NumPy expression.
"""
MEASURES = (
    "kexue_lib/ssm/hippo.py",
    "kexue_lib/ssm/symbolic.py",
    "kexue_lib/ssm/basis.py",
    "kexue_lib/ssm/simulate.py",
)


def once(run: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds and result of a single cold run."""
    clear_cache()
    start = time.process_time()
    result = run()
    return time.process_time() - start, result


# -- exact ------------------------------------------------------------------

S = sp.Symbol("s", real=True)


def integral(kind: str, n: int, k: int) -> sp.Expr:
    """One inner product <L P_k, P_n>, straight from the definition."""
    move = S if kind == "legs" else sp.Integer(1)
    left = move * sp.diff(sp.legendre(k, 2 * S - 1), S)
    product = sp.expand(left * sp.legendre(n, 2 * S - 1))
    return (2 * n + 1) * sp.integrate(product, (S, 0, 1))


def orthonormal_integral(kind: str, n: int, k: int) -> sp.Expr:
    """The same in the orthonormal basis, as one would first write it."""
    move = S if kind == "legs" else sp.Integer(1)

    def phi(i: int) -> sp.Expr:
        return sp.sqrt(2 * i + 1) * sp.legendre(i, 2 * S - 1)

    return sp.integrate(move * sp.diff(phi(k), S) * phi(n), (S, 0, 1))


def exact_rows(kind: str) -> list[Row]:
    rows = []
    N = 8
    ours, D = once(lambda: ssm.transport_sym(kind, N))
    brute_time, brute = once(
        lambda: sp.Matrix(N, N, lambda n, k: integral(kind, n, k))
    )
    assert brute == D
    rows.append(
        row(
            f"exact {kind}, N={N}, from the definition",
            ours,
            "sympy.integrate, entry by entry",
            brute_time,
            "equal",
        )
    )
    M = 6
    ours, D = once(lambda: ssm.transport_sym(kind, M))
    theirs, brute = once(
        lambda: sp.Matrix(M, M, lambda n, k: orthonormal_integral(kind, n, k))
    )
    scaled = sp.Matrix(
        M,
        M,
        lambda n, k: D[n, k] * sp.sqrt(2 * k + 1) / sp.sqrt(2 * n + 1),
    )
    assert (brute - scaled).applyfunc(sp.simplify).is_zero_matrix
    rows.append(
        row(
            f"exact {kind}, N={M}, from the definition",
            ours,
            "the same, orthonormal basis",
            theirs,
            "equal after simplify",
        )
    )

    large = 64
    ours, D = once(lambda: ssm.transport_sym(kind, large))
    closed, (A, B) = once(lambda: ssm.hippo_sym(kind, large, "rational"))
    assert D - B * sp.ones(1, large) == A
    # A lower bound: as if an entry cost no more than at N = 8. Single entries
    # that we timed at N = 64 took 0.9 s to 80 s: hours for all 4096.
    bound = brute_time * (large / N) ** 2
    for name, seconds in (("definition", ours), ("closed form", closed)):
        rows.append(
            row(
                f"exact {kind}, N={large}, from the {name}",
                seconds,
                "sympy.integrate, entry by entry",
                bound,
                f"peer: lower bound, {(large // N) ** 2} times N={N}",
            )
        )
    return rows


# -- numeric ----------------------------------------------------------------


def loop_recipe(kind: str, N: int) -> tuple[np.ndarray, np.ndarray]:
    """Two Python loops over the entries."""
    A = np.zeros((N, N))
    for n in range(N):
        for k in range(N):
            weight = np.sqrt(2 * n + 1) * np.sqrt(2 * k + 1)
            if k < n:
                A[n, k] = -weight
            elif k == n:
                A[n, k] = -(n + 1) if kind == "legs" else -weight
            elif kind == "legt":
                A[n, k] = -weight * (-1.0) ** (n - k)
    return A, np.array([np.sqrt(2 * n + 1) for n in range(N)])


def vector_recipe(kind: str, N: int) -> tuple[np.ndarray, np.ndarray]:
    """Array expressions; LegS as a similarity of its integer matrix."""
    n = np.arange(N, dtype=np.float64)
    v = np.sqrt(2 * n + 1)
    row_, col = n[:, None], n[None, :]
    if kind == "legt":
        sign = np.where(row_ < col, (-1.0) ** (row_ - col), 1.0)
        return -v[:, None] * sign * v[None, :], v
    integer = np.where(row_ >= col, 2 * row_ + 1, 0) - np.diag(n)
    scale = np.diag(v)
    return -np.linalg.inv(scale) @ integer @ scale, v


def package_recipe(kind: str, N: int) -> tuple[np.ndarray, np.ndarray]:
    """The public package's own function (LegS only)."""
    init = importlib.import_module("s5.init")
    A, _, B = init.make_NPLR_HiPPO(N)
    return A, B


def peers(kind: str) -> list[tuple[str, Callable[..., Any]]]:
    found = [("numpy loops", loop_recipe), ("numpy arrays", vector_recipe)]
    if kind == "legs" and importlib.util.find_spec("s5") is None:
        print("s5-pytorch is not installed: pip install --group bench")
    elif kind == "legs":
        found.append(("s5-pytorch", package_recipe))
    return found


def numeric_rows(kind: str, N: int) -> list[Row]:
    A, B = ssm.hippo(kind, N)
    exact, _ = ssm.hippo_sym(kind, 16)
    want = np.array(exact.evalf(30).tolist(), dtype=np.float64)

    def error(A: Any) -> float:
        size = min(N, 16)
        gap = np.asarray(A)[:size, :size] - want[:size, :size]
        return float(np.abs(gap).max())

    ours = cpu_time(lambda: ssm.hippo(kind, N), 200)
    rows = []
    for name, recipe in peers(kind):
        A2, B2 = recipe(kind, N)
        np.testing.assert_allclose(A2, A.numpy(), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(B2, B.numpy(), rtol=1e-12)
        theirs = cpu_time(
            lambda recipe=recipe: [
                torch.from_numpy(x) for x in recipe(kind, N)
            ],
            5 if name == "numpy loops" and N > 100 else 200,
        )
        note = f"error, N<=16: {error(A):.1e}, peer {error(A2):.1e}"
        rows.append(row(f"hippo({kind}), N={N}", ours, name, theirs, note))
    return rows


# -- projection and simulation ----------------------------------------------


def projection_row() -> Row:
    N, quad = 64, 200

    def gram_error(nodes: np.ndarray, weights: np.ndarray) -> float:
        phi = ssm.legendre_basis(N, torch.from_numpy(nodes))
        gram = (phi * torch.from_numpy(weights)) @ phi.mT
        return float((gram - torch.eye(N, dtype=torch.float64)).abs().max())

    from kexue_lib.ssm.basis import _gauss_legendre

    def numpy_rule() -> tuple[np.ndarray, np.ndarray]:
        x, w = np.polynomial.legendre.leggauss(quad)
        return (x + 1) / 2, w / 2

    ours = cpu_time(lambda: _gauss_legendre.__wrapped__(quad), 20)
    theirs = cpu_time(numpy_rule, 20)
    note = (
        f"orthonormality error {gram_error(*_gauss_legendre(quad)):.1e}, "
        f"peer {gram_error(*numpy_rule()):.1e}"
    )
    return row(
        f"Gauss rule, {quad} nodes (computed once, then cached)",
        ours,
        "numpy leggauss",
        theirs,
        note,
    )


def simulation_row() -> Row:
    N, steps = 32, 1000
    A, B = ssm.hippo("legt", N)
    h = 1.0 / steps

    def u(t: torch.Tensor) -> torch.Tensor:
        return torch.sin(3 * t)

    def stages() -> torch.Tensor:
        x = torch.zeros(N, dtype=torch.float64)
        grid = torch.linspace(0, 1, 2 * steps + 1, dtype=torch.float64)
        values = u(grid)
        for k in range(steps):
            left, middle, right = values[2 * k : 2 * k + 3]
            k1 = A @ x + B * left
            k2 = A @ (x + h / 2 * k1) + B * middle
            k3 = A @ (x + h / 2 * k2) + B * middle
            k4 = A @ (x + h * k3) + B * right
            x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return x

    _, x = ssm.simulate(A, B, u, 0.0, 1.0, steps=steps)
    gap = float((x[-1] - stages()).abs().max())
    assert gap < 1e-12
    return row(
        f"Runge-Kutta, LegT N={N}, {steps} steps",
        cpu_time(lambda: ssm.simulate(A, B, u, 0.0, 1.0, steps=steps), 5),
        "four stages in torch",
        cpu_time(stages, 5),
        f"difference {gap:.1e}",
    )


def main() -> None:
    torch.set_num_threads(1)
    rows = [*exact_rows("legs"), *exact_rows("legt")]
    for kind in ("legs", "legt"):
        for N in (8, 64, 256):
            rows += numeric_rows(kind, N)
    rows += [projection_row(), simulation_row()]
    columns = ["what", "kexue_lib", "peer", "peer time", "ratio", "note"]
    store("ssm/hippo", columns, rows, measures=MEASURES)


if __name__ == "__main__":
    main()

"""The derivation engine against the same steps in plain SymPy.

All times are CPU seconds, so that other processes do not count. Caches are
cleared before each run: a reader runs a cell once.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import sympy as sp
from sympy.core.cache import clear_cache
from sympy.polys.matrices import DomainMatrix

from benchmarks.report import store
from kexue_lib.derive import Chapter, by, claims_of, evaluate, naming
from kexue_lib.derive import matrices as engine_matrices
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import Statement, sample

TITLE = "Checked steps against plain SymPy"
WORDS = """\
What a checked step costs beyond the same step in SymPy, in processor time;
caches are empty, as for a reader who runs a cell once.
"""
MEASURES = ("kexue_lib/derive",)

CHAPTER = Path("notebooks/ssm/hippo-matrices.ipynb")
Row = list[str]

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
x = sp.symbols("x", real=True)
w, lam, T, s, beta, X = sp.symbols("w lambda T s beta X", positive=True)
ell = sp.symbols("ell", integer=True)
P = sp.legendre
F = sp.factorial


def forget() -> None:
    """Empty SymPy's caches and ours."""
    clear_cache()
    for cached in (
        naming.unfold,
        naming._bound,
        evaluate._concrete,
        engine_matrices.domain_matrix,
        engine_matrices._inverse,
        engine_matrices._power,
    ):
        cached.cache_clear()


def cold(run: Callable[[], Any], repeats: int = 5) -> float:
    """Median CPU seconds of runs that remember nothing."""
    times = []
    for _ in range(repeats):
        forget()
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return statistics.median(times)


def ms(seconds: float) -> str:
    """Milliseconds, readable."""
    return f"{1e3 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


# -- one step each: the engine's check, and what one would type ---------------


def telescoping() -> tuple[Any, Any, Callable[[], bool]]:
    term = (2 * k + 1) / (F(m - k) * F(m + k + 1))
    cert = 1 / (F(m - k) * F(m + k))
    right = 1 / F(m) ** 2 - 1 / (F(m - n - 1) * F(m + n + 1))

    def plain() -> bool:
        step = sp.combsimp((cert - cert.subs(k, k + 1)) / term)
        ends = cert.subs(k, 0) - cert.subs(k, n + 1) - right
        return step == 1 and sp.combsimp(ends) == 0

    left = sp.Sum(term, (k, 0, n))
    return (left, right), by.telescoping(cert), plain


def holonomic() -> tuple[Any, Any, Callable[[], bool]]:
    left = sp.Derivative(P(n + 1, x), x) - sp.Derivative(P(n - 1, x), x)
    right = (2 * n + 1) * P(n, x)

    def plain() -> bool:
        gap = (left - right).doit()
        up = ((2 * n + 1) * x * P(n, x) - n * P(n - 1, x)) / (n + 1)
        down = ((2 * n - 1) * x * P(n - 1, x) - n * P(n, x)) / (n - 1)
        gap = gap.subs({P(n + 1, x): up, P(n - 2, x): down})
        return sp.simplify(gap) == 0

    return (left, right), by.algebra(), plain


def antiderivative() -> tuple[Any, Any, Callable[[], bool]]:
    inside = sp.exp(lam * (T - w + w * s)) * sp.exp(
        -2 * sp.pi * sp.I * ell * s
    )
    under = lam * w - 2 * sp.pi * sp.I * ell
    right = sp.exp(lam * (T - w)) * (sp.exp(lam * w) - 1) / under
    primitive = inside / under

    def plain() -> bool:
        slope = sp.simplify(sp.diff(primitive, s) - inside)
        ends = primitive.subs(s, 1) - primitive.subs(s, 0)
        return slope == 0 and sp.simplify(ends - right) == 0

    left = sp.Integral(inside, (s, 0, 1))
    return (left, right), by.antiderivative(primitive), plain


def exponentials() -> tuple[Any, Any, Callable[[], bool]]:
    g = sp.coth(X / 2) / 2
    left = beta * g / (1 + beta * g)
    right = beta * (1 + sp.exp(-X)) / (2 + beta - (2 - beta) * sp.exp(-X))

    def plain() -> bool:
        return sp.simplify((left - right).rewrite(sp.exp)) == 0

    return (left, right), by.algebra(), plain


def fractions() -> tuple[Any, Any, Callable[[], bool]]:
    f, u = sp.symbols("f u", real=True)
    right = 2 * beta / (2 + beta) * u + (2 - beta) / (2 + beta) * f
    left = f + beta * (u - (f + right) / 2)

    def plain() -> bool:
        return sp.cancel(sp.together(left - right)) == 0

    return (left, right), by.algebra(), plain


def cases() -> tuple[Any, Any, Callable[[], bool]]:
    sign = (-1) ** (n - k)
    below = sp.Piecewise((1 + (-1) ** (n - 1 - k), k < n), (0, True))
    left = -(below + sign)
    right = -sp.Piecewise((1, k <= n), (sign, True))
    d = sp.Symbol("d", integer=True, nonnegative=True)

    def plain() -> bool:
        gap = left - right
        swaps = ({n: k + 1 + d}, {n: k}, {k: n + 1 + d})
        return all(sp.simplify(gap.subs(table)) == 0 for table in swaps)

    return (left, right), by.order(k, n), plain


def exact() -> tuple[Any, Any, Callable[[], bool]]:
    N = sp.symbols("N", integer=True, positive=True)
    whole = sp.Piecewise((1, k <= n), ((-1) ** (n - k), True))
    side = sp.Rational(1, 2) / (2 * k + 1)
    entry = sp.Piecewise(
        (-sp.Rational(1, 2), sp.Eq(n, 0) & sp.Eq(k, 0)),
        (-side, sp.Eq(n, k) & sp.Eq(k, N - 1)),
        (-side, sp.Eq(n, k - 1)),
        (side, sp.Eq(n, k + 1)),
        (0, True),
    )
    forward = -(2 * n + 1) * whole
    A = sp.FunctionMatrix(N, N, sp.Lambda((n, k), forward))
    B = sp.FunctionMatrix(N, N, sp.Lambda((n, k), entry))
    sizes = range(2, 13)

    def plain() -> bool:
        def made(body: Any, size: int) -> DomainMatrix:
            body = body.subs(N, size)
            rows = [
                [body.subs({n: i, k: j}) for j in range(size)]
                for i in range(size)
            ]
            return DomainMatrix.from_Matrix(sp.Matrix(rows)).to_field()

        for size in sizes:
            a, b = made(forward, size).unify(made(entry, size))
            if (a * b).to_Matrix() != sp.eye(size):
                return False
        return True

    return (A * B, sp.Identity(N)), by.each({N: sizes}), plain


def optimum() -> tuple[Any, Any, Callable[[], bool]]:
    c = sp.symbols("c_0:4", real=True)
    b = sp.symbols("b_0:4", real=True)
    loss = -2 * sum(map(sp.Mul, b, c)) + sum(q**2 for q in c)

    def plain() -> bool:
        point = dict(zip(c, b, strict=True))
        flat = all(sp.diff(loss, q).subs(point) == 0 for q in c)
        return flat and sp.hessian(loss, c).is_positive_definite

    from kexue_lib.derive import ArgMin

    return (ArgMin(loss, *c), sp.Tuple(*b)), by.optimum(), plain


def numeric() -> tuple[Any, Any, Callable[[], bool]]:
    term = 2 * X / (X**2 + 4 * sp.pi**2 * n**2)
    left = 1 / X + sp.Sum(term, (n, 1, sp.oo))
    right = sp.coth(X / 2) / 2

    def plain() -> bool:
        for value in (1, 2, sp.Rational(1, 2), 5):
            with mpmath.workdps(42):
                f = sp.lambdify(n, term.subs(X, value), "mpmath")
                total = mpmath.nsum(f, [1, mpmath.inf])
                total += mpmath.mpf(1) / mpmath.mpmathify(value)
                want = mpmath.coth(mpmath.mpmathify(value) / 2) / 2
                if abs(total - want) > mpmath.mpf(10) ** -30:
                    return False
        return True

    return (left, right), by.numeric(digits=30, points=4), plain


STEPS = {
    "telescoping certificate (C10)": telescoping,
    "Legendre, general degree (C7a)": holonomic,
    "integral by its antiderivative (C4)": antiderivative,
    "hyperbolic to exponentials (C6)": exponentials,
    "rational identity (C6)": fractions,
    "three cases of the index order (C9)": cases,
    "exact inverse, N = 2..12 (C12)": exact,
    "least squares, 4 unknowns (C2)": optimum,
    "infinite sum, 30 digits (C6a)": numeric,
}


def step_rows() -> list[Row]:
    rows = []
    total_ours = total_plain = 0.0
    for name, make in STEPS.items():
        (left, right), check, plain = make()
        statement = Statement(left, Relation.EQ, right, Domain())
        assert plain(), name
        ours = cold(lambda c=check, st=statement: c.run(st))
        theirs = cold(plain)
        sampling = cold(lambda c=check, st=statement: c.sample(st))
        total_ours += ours
        total_plain += theirs
        rows.append(
            [name, ms(ours), ms(theirs), _percent(ours, theirs), ms(sampling)]
        )
    rows.append(
        [
            "all of these",
            ms(total_ours),
            ms(total_plain),
            _percent(total_ours, total_plain),
            "",
        ]
    )
    return rows


def _percent(ours: float, theirs: float) -> str:
    return f"{100 * (ours / theirs - 1):+.0f} %"


def bare_overhead() -> Row:
    """The engine around one cheap step: registry, claim, bundle."""
    y = sp.Symbol("y", real=True)
    gap = (y + 1) ** 6 - sp.expand((y + 1) ** 6)

    def plain() -> None:
        assert sp.expand(gap) == 0

    def ours() -> None:
        chapter = Chapter("bench")
        z = chapter.symbols("y", "real")
        claim = (
            chapter.claim("C1", "t")
            .show((z + 1) ** 6)
            .eq(sp.expand((z + 1) ** 6), by.algebra())
        )
        claim._repr_mimebundle_()

    a, b = cold(ours, 15), cold(plain, 15)
    return [
        "a claim with one tiny step, sampled and rendered",
        ms(a),
        ms(b),
        "",
        "",
    ]


def chapter_rows() -> list[Row]:
    """Every step of the chapter, as the notebook runs them."""
    forget()
    claims = claims_of(CHAPTER)
    steps = [step for claim in claims for step in claim.steps()]
    forget()
    start = time.process_time()
    for step in steps:
        step.check.run(step.statement)
    checks = time.process_time() - start
    forget()
    start = time.process_time()
    for step in steps:
        step.check.sample(step.statement)
    samples = time.process_time() - start
    return [
        [
            f"chapter hippo-matrices: {len(claims)} claims, "
            f"{len(steps)} steps, goal < 5 s",
            ms(checks),
            "",
            "",
            ms(samples),
        ]
    ]


def general_rows() -> list[Row]:
    """LegT and LegS for every index, against integrals at N = 64."""
    chi = (1 + (-1) ** (k - 1 - n)) / 2
    shift = sp.Piecewise((2 * chi, n < k), (0, True))
    legt = -sp.Piecewise((1, k <= n), ((-1) ** (n - k), True))
    stretch = sp.Piecewise((2 * n + 1, n < k), (k, sp.Eq(n, k)), (0, True))
    legs = sp.Piecewise(
        (-(2 * n + 1), k < n), (-(n + 1), sp.Eq(n, k)), (0, True)
    )
    statements = [
        (shift - 1, legt, by.order(k, n)),
        (stretch - (2 * n + 1), legs, by.order(k, n)),
        (
            (x + 1) * sp.Derivative(P(n, x), x),
            sp.Sum((2 * k + 1) * P(k, x), (k, 0, n)) - (n + 1) * P(n, x),
            by.induction(n),
        ),
        (
            sp.Derivative(P(n + 1, x), x),
            sp.Sum(
                (2 * k + 1) * (1 + (-1) ** (n - k)) / 2 * P(k, x), (k, 0, n)
            ),
            by.induction(n, stride=2),
        ),
    ]

    def ours() -> None:
        for left, right, check in statements:
            statement = Statement(left, Relation.EQ, right, Domain())
            check.run(statement)
            sample(statement)

    def integral(a: int, b: int) -> Any:
        inside = sp.expand(sp.diff(P(b, x), x) * P(a, x))
        return sp.integrate(inside, (x, -1, 1))

    N = 8
    brute = cold(
        lambda: [integral(a, b) for a in range(N) for b in range(N)], 1
    )
    # A lower bound: as if an entry at 64 cost no more than one at 8.
    bound = brute * (64 / N) ** 2
    mine = cold(ours, 3)
    return [
        [
            "LegT and LegS for every (n, k), proved and sampled; peer: "
            "sympy.integrate per entry, one matrix, N = 64 (lower bound)",
            ms(mine),
            ms(bound),
            f"{bound / mine:.0f} times",
            "",
        ]
    ]


def import_rows() -> list[Row]:
    def seconds(code: str) -> float:
        times = []
        for _ in range(5):
            probe = (
                "import time; a = time.process_time(); "
                f"{code}; print(time.process_time() - a)"
            )
            done = subprocess.run(
                [sys.executable, "-c", probe],
                capture_output=True,
                text=True,
                check=True,
            )
            times.append(float(done.stdout))
        return statistics.median(times)

    ours = seconds("import kexue_lib.derive")
    theirs = seconds("import sympy")
    return [
        [
            "import kexue_lib.derive (plain: import sympy), goal < 1 s",
            ms(ours),
            ms(theirs),
            "",
            "",
        ]
    ]


def main() -> None:
    rows = [
        *step_rows(),
        bare_overhead(),
        *chapter_rows(),
        *general_rows(),
        *import_rows(),
    ]
    store(
        "derive/steps",
        ["step", "check", "plain SymPy", "overhead", "sampling"],
        rows,
        measures=MEASURES,
    )


if __name__ == "__main__":
    main()

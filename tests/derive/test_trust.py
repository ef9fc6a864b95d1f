from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from sympy import I, Integral, Sum, cos, exp, gamma, legendre, log, oo, pi

from kexue_lib.derive import Chapter, by
from kexue_lib.derive.chapters import Chapter as ChapterType
from kexue_lib.derive.core import Yes
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.errors import DerivationError
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import Statement
from kexue_lib.derive.trust import Trust, decide, trusted

x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
n, m = sp.symbols("n m", integer=True, nonnegative=True)
p = sp.Symbol("p", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
A, B = sp.symbols("A B", commutative=False)
h = sp.Function("h")
v = sp.IndexedBase("v")

Make = Callable[[], ChapterType]


def _statement(
    lhs: Any, rhs: Any, op: str = "=", given: Any = ()
) -> Statement:
    relation = {r.text: r for r in Relation}[op]
    return Statement(
        sp.sympify(lhs), relation, sp.sympify(rhs), Domain(tuple(given))
    )


ALONE = [
    ((x + 1) ** 2, x**2 + 2 * x + 1, by.expand()),
    (1 / a - 1 / (a + 1), 1 / (a * (a + 1)), by.cancel()),
    (
        cos(x) ** 2 - 1,
        (exp(2 * I * x) + exp(-2 * I * x) - 2) / 4,
        by.exponentials(),
    ),
    (gamma(a + 2), a * (a + 1) * gamma(a), by.combsimp()),
    (log(a * b), log(a) + log(b), by.logarithms()),
    (sp.sin(x) ** 2, 1 - cos(x) ** 2, by.rewriting("trigsimp")),
    (Sum(k, (k, 0, n)), n * (n + 1) / 2, by.induction(n)),
    (
        Sum(k * sp.factorial(k), (k, 0, n)),
        sp.factorial(n + 1) - 1,
        by.telescoping(-sp.factorial(k)),
    ),
    (Sum(1 / (k * (k + 1)), (k, 1, p)), p / (p + 1), by.telescoping()),
    (Sum(v[k], (k, 0, n + 1)), Sum(v[k], (k, 0, n)) + v[n + 1], by.aligning()),
    (
        Sum(3 * v[k] + 1, (k, 1, p)),
        3 * Sum(v[k], (k, 1, p)) + p,
        by.splitting(),
    ),
    (
        Integral(x * exp(x), (x, 0, a)),
        (a - 1) * exp(a) + 1,
        by.antiderivative(),
    ),
    (Integral(exp(-a * x**2), (x, -oo, oo)), sp.sqrt(pi / a), by.integrate()),
    (sp.KroneckerDelta(n, m) * (n - m), 0, by.order(n, m)),
    ((1 + (-1) ** n) * (1 - (-1) ** n), 0, by.parity(n)),
    (
        (n + 2) * legendre(n + 2, x),
        (2 * n + 3) * x * legendre(n + 1, x) - (n + 1) * legendre(n, x),
        by.holonomic(),
    ),
    (sp.Derivative(exp(a * x), x), a * exp(a * x), by.cancel()),
]


@pytest.mark.parametrize(("lhs", "rhs", "check"), ALONE)
def test_core_alone(lhs: Any, rhs: Any, check: Any) -> None:
    found = trusted(_statement(lhs, rhs), check)
    assert found == Trust(True, "the core alone")
    assert found.phrase == "trusts the core alone"


@pytest.mark.parametrize(("lhs", "rhs", "check"), ALONE)
def test_a_near_miss_is_not_core(lhs: Any, rhs: Any, check: Any) -> None:
    wrong = _statement(lhs, rhs + sp.Rational(1, 10**15))
    assert not isinstance(decide(wrong, check), Yes)


@pytest.mark.parametrize(
    ("lhs", "op", "rhs", "check"),
    [
        (2 * x * y, "<=", x**2 + y**2, by.sign()),
        (2 * x * y, "<=", x**2 + y**2, by.squares({x - y: 1})),
        (1 + x, "<=", exp(x), by.convex(x, 0)),
        (log(1 + a), "<", a, by.monotone(a)),
        (exp(-a), "<", 1, by.logs(by.sign())),
        (a + 1, ">", 1, by.sign()),
    ],
)
def test_inequalities_by_the_core(
    lhs: Any, op: str, rhs: Any, check: Any
) -> None:
    assert isinstance(trusted(_statement(lhs, rhs, op), check), Trust)
    assert isinstance(decide(_statement(lhs, rhs, op), check), Yes)
    turned = {"<": ">=", "<=": ">", ">": "<="}[op]
    assert not isinstance(decide(_statement(lhs, rhs, turned), check), Yes)


def test_what_the_core_cannot_do_names_the_algorithm() -> None:
    limit = sp.Limit((1 + x / a) ** a, a, oo)
    found = trusted(_statement(limit, exp(x)), by.limit())
    assert isinstance(found, Trust)
    assert (found.core, found.text) == (False, "SymPy's limit")
    series = trusted(_statement(exp(x), 1 + x + sp.O(x**2)), by.series())
    assert isinstance(series, Trust)
    assert series.text == "SymPy's series"


def test_conventions_are_said() -> None:
    letters = trusted(_statement(A * (B * A) ** -1, B**-1), by.words())
    assert letters == Trust(
        True, "the core alone", ("where the inverses exist",)
    )
    inside = 1 / sp.factorial(n - m)
    outside = (n - m + 1) / sp.factorial(n - m + 1)
    found = trusted(_statement(inside, outside, "="), by.combsimp())
    assert isinstance(found, Trust)
    assert not found.core or "Γ" in found.phrase


def test_open_conditions_are_listed() -> None:
    g = sp.Symbol("g")
    w = sp.IndexedBase("w")
    s = _statement((g - w[0]) / (g - w[0]) ** 2, 1 / (g - w[0]))
    found = trusted(s, by.cancel())
    assert isinstance(found, Trust)
    assert not found.core
    assert len(found.open) == 1
    assert "!= 0" in found.phrase


@pytest.fixture
def chapter() -> Chapter:
    c = Chapter("trust")
    c.symbols("x y", "real")
    c.symbols("n", "integer nonnegative")
    return c


def test_a_witness_rejects_the_step(chapter: Chapter) -> None:
    hidden = sp.Mul(
        x - 1, x + 1, sp.Pow(x - 1, -1, evaluate=False), evaluate=False
    )
    claim = chapter.claim("C1", "t")
    with pytest.raises(DerivationError, match="x = 1"):
        claim.show(hidden).eq(x + 1, by.cancel())


def test_a_true_statement_is_not_refuted(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t", source="post")
    # The values are enclosed: no point is even a candidate.
    with pytest.raises(DerivationError, match="fails at none"):
        claim.refute(exp(-(x**2))).gt(0)


def test_evidence_says_what_is_trusted(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t")
    claim.show((x + 1) ** 2).eq(x**2 + 2 * x + 1, by.expand())
    claim.show(sp.Limit(sp.sin(y) / y, y, 0)).eq(1, by.limit())
    data = claim.to_dict()
    assert data["trust"] == {"proved": 2, "core": 1}
    steps = [s for c in data["chains"] for s in c["steps"]]
    assert [s["trusts"]["core"] for s in steps] == [True, False]
    shown = claim._repr_mimebundle_()
    for kind in ("text/markdown", "text/plain"):
        assert "trusts the core alone" in shown[kind]
        assert "trusts SymPy's limit" in shown[kind]


def test_other_levels_trust_nothing(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t")
    claim.show((n + 1) ** 2).eq(n**2 + 2 * n + 1, by.each({n: range(3)}))
    assert claim.to_dict()["trust"] == {"proved": 0, "core": 0}
    assert claim.steps()[0].trust is None

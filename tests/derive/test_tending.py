"""Sides of limits, series and ~: part of the statement, and decided."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Eq, Limit, O, cos, exp, log, oo, sin, sqrt

from kexue_lib.derive import Chapter, by
from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.checks.limits import approach
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.errors import ClaimError, DerivationError
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.statement import (
    RejectedError,
    Statement,
    UnknownError,
)

x = sp.Symbol("x", real=True)
p = sp.Symbol("p", positive=True)
q = sp.Symbol("q", nonpositive=True)
z = sp.Symbol("z")
n = sp.Symbol("n", integer=True)


def _statement(
    lhs: Any, rhs: Any, relation: Relation = Relation.EQ, given: Any = ()
) -> Statement:
    sides = sp.sympify(lhs), sp.sympify(rhs)
    return Statement(sides[0], relation, sides[1], Domain(tuple(given)))


@pytest.mark.parametrize(
    ("symbol", "point", "given", "text"),
    [
        (x, 0, (), "x -> 0"),
        (p, 0, (), "p -> 0+"),
        (q, 0, (), "q -> 0-"),
        (p, 1, (), "p -> 1"),
        (x, 0, (x > 0,), "x -> 0+"),
        (x, 1, (x < 1,), "x -> 1-"),
        (p, oo, (), "p -> oo"),
        (n, oo, (), "n -> oo"),
        (x, -oo, (), "x -> -oo"),
    ],
    ids=str,
)
def test_sides_follow_from_the_domain(
    symbol: Any, point: Any, given: Any, text: str
) -> None:
    found = approach(symbol, point, Domain(tuple(given)))
    assert found.text == text


@pytest.mark.parametrize(
    ("symbol", "point"),
    [(z, 0), (n, 0), (p, -1), (p, -oo), (q, oo), (x, sp.I), (x, x + 1)],
    ids=str,
)
def test_points_that_are_not_reached(symbol: Any, point: Any) -> None:
    with pytest.raises(RejectedError):
        approach(symbol, point, Domain())


TRUE: list[tuple[Statement, Check, str]] = [
    (_statement(exp(x), 1 + x + O(x**2)), by.series(), "x -> 0"),
    (_statement(exp(-1 / p), O(p**5)), by.series(), "p -> 0+"),
    (_statement(sqrt(p), 1 + (p - 1) / 2 + O((p - 1) ** 2, (p, 1))),
     by.series(), "p -> 1"),
    (_statement(1 / (1 + x), 1 / x - x**-2 + O(x**-3, (x, oo))),
     by.series(), "x -> oo"),
    (_statement(p**p, 1 + p * log(p) + O(p)), by.series(), "p -> 0+"),
    (_statement(sin(x), x, Relation.SIM), by.asymptotic(x, 0), "x -> 0"),
    (_statement(x + 1, x, Relation.SIM), by.asymptotic(x), "x -> oo"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "check", "text"), TRUE, ids=str)
def test_true_statements(
    statement: Statement, check: Check, text: str
) -> None:
    assert check.run(statement).level is Level.PROVED
    decided = check.decides(statement).limit
    assert decided is not None
    assert decided.text == text


FALSE: list[tuple[Statement, Check]] = [
    (_statement(Abs(x), x + O(x**2)), by.series()),
    (_statement(exp(-1 / x), O(x**5)), by.series()),
    (_statement(exp(x), 1 + x + O(x**3)), by.series()),
    (_statement(exp(z), 1 + z + O(z**2)), by.series()),
    (_statement(1 + O(x), 1 + O(x**2)), by.series()),
    (_statement(x + 1, sin(x), Relation.SIM), by.asymptotic(x, 0)),
    (_statement(Abs(x), x, Relation.SIM), by.asymptotic(x, 0)),
    (_statement(x, p, Relation.SIM), by.asymptotic(p)),
    (_statement(Limit(Abs(x) / x, x, 0, "+-"), 1), by.limit()),
    (_statement(Limit(sqrt(p**2), p, 0, "+-"), 0), by.limit()),
    (_statement(Limit(cos(x), x, oo), 0), by.limit()),
    (_statement(Limit(sin(x) / x, x, 0), 1 + p / 10**9), by.limit()),
    (_statement(Limit(x, x, oo) - Limit(x, x, oo), 0), by.limit()),
    (_statement(Limit(1 / x, x, 0, "+-"), oo), by.limit()),
]


@pytest.mark.parametrize(("statement", "check"), FALSE, ids=str)
def test_false_statements(statement: Statement, check: Check) -> None:
    with pytest.raises((RejectedError, UnknownError)):
        check.run(statement)


def test_hypotheses_about_the_symbol_are_sides_only() -> None:
    # What is given of x may not make a limit of another function.
    statement = _statement(x + p, p + O(x**2), given=(Eq(x, 0),))
    with pytest.raises((RejectedError, UnknownError)):
        by.series().run(statement)


def test_one_chain_has_one_limit() -> None:
    chapter = Chapter("tending")
    t = chapter.symbols("t", "real")
    claim = chapter.claim("C1", "t")
    claim.show(t + 1).sim(t, by.asymptotic(t)).sim(sin(t), by.asymptotic(t, 0))
    with pytest.raises(ClaimError, match="one chain"):
        claim.to_dict()


def test_a_limit_inside_cases() -> None:
    limit = Limit(sin(x) / x, x, 0, "+-")
    split = by.parity(n, then=by.limit())
    assert split.run(_statement(n * limit, n)).level is Level.PROVED


def test_a_limit_is_refuted_by_another() -> None:
    chapter = Chapter("tending")
    t = chapter.symbols("t", "positive")
    growth = Limit((1 + 1 / t) ** t, t, oo)
    claim = chapter.claim("E1", "t", source="post")
    claim.refute(growth).eq(1)
    found = claim.steps()[0].counterexample
    assert found is not None
    assert (found.left, found.right) == ("exp(1)", "1")
    true = chapter.claim("E2", "t", source="post")
    with pytest.raises(DerivationError):
        true.refute(growth).eq(sp.E)

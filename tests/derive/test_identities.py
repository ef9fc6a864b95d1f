"""Identities made at random by moves that keep the value, and near misses.

A near miss (a coefficient, a sign, an index, an end is another) is never
accepted; an identity is proved, or not decided, and never refused.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kexue_lib.derive import by
from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.core import No, Yes
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import Statement

some = settings(max_examples=40, suppress_health_check=list(HealthCheck))

a, b = sp.symbols("a b", positive=True)
x, y = sp.symbols("x y", real=True)
n, m = sp.symbols("n m", integer=True, nonnegative=True)
k, j = sp.symbols("k j", integer=True, nonnegative=True)
s = sp.IndexedBase("s", real=True)

whole = st.integers(-4, 4)
count = st.integers(1, 4)
atoms = st.sampled_from([a, b, a + b, a * b, 1 + a, sp.exp(x), sp.exp(-a)])
waves = st.sampled_from(
    [sp.sin(x), sp.cos(x), sp.sin(x + y), sp.cos(2 * x), sp.sinh(x)]
)
positive = st.recursive(
    atoms,
    lambda e: st.one_of(
        st.tuples(e, e).map(lambda p: p[0] + p[1]),
        st.tuples(e, e).map(lambda p: p[0] * p[1]),
        st.tuples(e, e).map(lambda p: p[0] / (1 + p[1])),
        e.map(lambda q: q**2),
    ),
    max_leaves=4,
)


def answer(lhs: Any, rhs: Any, check: Tactic | None = None) -> Any:
    statement = Statement(
        sp.sympify(lhs), Relation.EQ, sp.sympify(rhs), Domain()
    )
    return (check or by.algebra()).answer(statement)


def never_refused(lhs: Any, rhs: Any, check: Tactic | None = None) -> None:
    assert not isinstance(answer(lhs, rhs, check), No), (lhs, rhs)


def proved(lhs: Any, rhs: Any, check: Tactic | None = None) -> None:
    assert isinstance(answer(lhs, rhs, check), Yes), (lhs, rhs)


def never_proved(lhs: Any, rhs: Any, check: Tactic | None = None) -> None:
    assert not isinstance(answer(lhs, rhs, check), Yes), (lhs, rhs)


#: Moves that keep the value of what is positive.
MOVES = (
    lambda e, f: sp.expand(e),
    lambda e, f: sp.factor(e),
    lambda e, f: sp.together(e),
    lambda e, f: sp.apart(e, a) if e.is_rational_function(a) else e,
    lambda e, f: e * (1 + f) / (1 + f),
    lambda e, f: (e * f + e) / (1 + f),
    lambda e, f: e + f - sp.expand(f * (a + 1) / (a + 1)),
    lambda e, f: sp.exp(sp.log(e)),
    lambda e, f: sp.sqrt(sp.expand(e**2)),
    lambda e, f: 1 / (1 / e),
    lambda e, f: e * sp.sin(x) ** 2 + e * sp.cos(x) ** 2,
    lambda e, f: e * sp.cosh(f) ** 2 - e * sp.sinh(f) ** 2,
    lambda e, f: sp.expand(e * (f - 1)) / (f - 1) if f == 1 + a else e,
)


@some
@given(
    positive, st.lists(st.tuples(st.sampled_from(MOVES), positive), max_size=3)
)
def test_what_is_moved_is_the_same(e: Any, moves: Any) -> None:
    moved = e
    for move, other in moves:
        moved = move(moved, other)
    assume(sp.count_ops(moved) < 150)
    never_refused(e, moved)
    never_proved(e, moved + sp.Rational(1, 10**12))
    never_proved(e, moved * (1 + sp.Rational(1, 10**12)))
    never_proved(e, moved * (1 + (sp.sin(x) ** 2) * sp.Rational(1, 10**9)))


@some
@given(st.lists(st.tuples(whole, waves, waves), min_size=1, max_size=3))
def test_trigonometric_polynomials(parts: Any) -> None:
    e = sum((c * p * q for c, p, q in parts), sp.Integer(0))
    moved = sp.expand(e.rewrite(sp.exp))
    proved(e + 1, moved + 1)
    never_proved(e + 1, moved + 1 + sp.sin(x) * sp.Rational(1, 10**9))
    never_proved(e + sp.sin(x), moved - sp.sin(x))
    never_proved(e + sp.cos(x), moved + sp.cos(2 * x))


@some
@given(st.lists(whole, min_size=1, max_size=4), whole, count)
def test_sums_of_polynomials(cs: Any, start: int, shift: int) -> None:
    term = sum((c * k**i for i, c in enumerate(cs)), sp.Integer(0))
    assume(term.has(k))
    low = abs(start)
    total = sp.Sum(term, (k, low, n + low))
    late = sp.Sum(term.subs(k, k - shift), (k, low + shift, n + low + shift))
    turned = sp.Sum(term.subs(k, n + 2 * low - k), (k, low, n + low))
    proved(total, late)
    never_refused(total + a, turned + a)
    missed = sp.Sum(term, (k, low, n + low + 1))
    never_proved(total, missed + sp.Rational(1, 10**6))
    never_proved(total, late + sp.Rational(1, 10**12))
    if term.subs(k, low) != 0:
        never_proved(total, sp.Sum(term, (k, low + 1, n + low)))


@some
@given(whole, count, st.sampled_from([0, 1, 2]))
def test_sums_over_a_family(c: int, shift: int, low: int) -> None:
    body = s[k] * (c + k) + s[k] ** 2
    total = sp.Sum(body, (k, low, n + low))
    late = sp.Sum(body.subs(k, k + shift), (k, low - shift, n + low - shift))
    renamed = total.xreplace({k: j})
    split = sp.Sum(body, (k, low, n + low - 1)) + body.subs(k, n + low)
    proved(total + x, renamed + x)
    proved(total, late)
    proved(total, split)
    never_proved(total, sp.Sum(body, (k, low, n + low - 1)))
    never_proved(total, sp.Sum(body.subs(k, k + 1), (k, low, n + low)))
    never_proved(total, split + body.subs(k, n + low + 1))
    never_proved(sp.Sum(s[k] * j, (k, 0, n)), sp.Sum(s[j] * j, (j, 0, n)))


@some
@given(st.integers(0, 3), st.integers(0, 3), count)
def test_factorials(p: int, q: int, c: int) -> None:
    f = sp.factorial
    ratio = f(n + p + q) / f(n + p)
    product = sp.prod([n + p + i for i in range(1, q + 1)])
    never_refused(c * ratio + a, c * product + a)
    never_proved(c * ratio + a, c * product * (n + 2) / (n + 1) + a)
    never_proved(c * ratio, (c + 1) * product)
    choose = sp.binomial(n + p + 1, p + 1)
    proved(choose + a, sp.binomial(n + p, p) + sp.binomial(n + p, p + 1) + a)
    never_proved(choose, sp.binomial(n + p, p) + sp.binomial(n + p, p + 2))


@some
@given(st.lists(whole, min_size=1, max_size=3), st.integers(0, 2))
def test_telescoping_and_its_neighbours(cs: Any, low: int) -> None:
    F = sum((c * k ** (i + 1) for i, c in enumerate(cs)), sp.Integer(0))
    F += 1 / (k + 1)
    total = sp.Sum(sp.together(F - F.subs(k, k + 1)), (k, low, n + low))
    closed = F.subs(k, low) - F.subs(k, n + low + 1)
    proved(total, closed, by.telescoping(F))
    never_proved(total, F.subs(k, low) - F.subs(k, n + low), by.telescoping(F))
    never_proved(total, closed + sp.Rational(1, 10**9), by.telescoping(F))
    never_refused(total, closed, by.telescoping(-F))


@some
@given(st.lists(whole, min_size=1, max_size=3), count)
def test_integrals_and_their_neighbours(cs: Any, rate: int) -> None:
    F = sum((c * x**i for i, c in enumerate(cs)), sp.Integer(0))
    F = (x * F + 1) * sp.exp(rate * x) + x
    area = sp.Integral(sp.diff(F, x), (x, 0, a))
    closed = F.subs(x, a) - F.subs(x, 0)
    proved(area, closed, by.antiderivative(F))
    never_proved(area, closed + sp.Rational(1, 10**9), by.antiderivative(F))
    never_proved(area, F.subs(x, a), by.antiderivative(F))
    never_proved(
        sp.Integral(sp.diff(F, x), (x, -a, a)), closed, by.antiderivative(F)
    )

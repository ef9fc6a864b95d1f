"""True identities and near misses, made at random."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kexue_lib.derive.core import (
    No,
    Statement,
    UnsupportedError,
    Yes,
    decide,
)
from kexue_lib.derive.core.enclose import enclose
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import Term, num, sub, subst
from kexue_lib.derive.core.witness import admitted, fails

fixed = settings(max_examples=80, suppress_health_check=list(HealthCheck))

x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
z = sp.Symbol("z")
n = sp.Symbol("n", integer=True, nonnegative=True)
k = sp.Symbol("k", integer=True)
SYMBOLS = (x, y, a, b, z, n)

numbers = st.integers(-3, 3).map(sp.Integer)
leaves = st.one_of(st.sampled_from(SYMBOLS), numbers)


def _deeper(inner: Any) -> Any:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: sp.Add(*p, evaluate=False)),
        pairs.map(lambda p: sp.Mul(*p, evaluate=False)),
        inner.map(lambda e: sp.Pow(e, 2, evaluate=False)),
        inner.map(lambda e: sp.Pow(e, sp.Rational(1, 2), evaluate=False)),
        inner.map(lambda e: sp.exp(e, evaluate=False)),
        inner.map(lambda e: sp.conjugate(e, evaluate=False)),
        inner.map(lambda e: sp.sin(e, evaluate=False)),
    )


smooth = st.recursive(leaves, _deeper, max_leaves=6)
fractions = st.tuples(smooth, smooth).map(
    lambda p: sp.Mul(p[0], sp.Pow(p[1], -1, evaluate=False), evaluate=False)
)
expressions = st.one_of(smooth, fractions)

#: Rewritings that hold under conditions which nobody has checked.
REWRITINGS = (
    lambda e: sp.sqrt(e) ** 2,
    lambda e: sp.Pow(
        sp.Pow(e, 2, evaluate=False), sp.Rational(1, 2), evaluate=False
    ),
    lambda e: sp.log(sp.exp(e, evaluate=False), evaluate=False),
    lambda e: sp.exp(sp.log(e, evaluate=False), evaluate=False),
    lambda e: sp.Pow(sp.Pow(e, -1, evaluate=False), -1, evaluate=False),
    lambda e: sp.Mul(e, e, sp.Pow(e, -1, evaluate=False), evaluate=False),
    lambda e: sp.conjugate(e, evaluate=False),
    lambda e: sp.Abs(e, evaluate=False),
    lambda e: sp.re(e, evaluate=False),
    lambda e: sp.Add(e, sp.sin(e) ** 2, sp.cos(e) ** 2, -1, evaluate=False),
    lambda e: e,
)
SIDES = ("=", "<=", "<", "!=")
VALUES = [num(Fraction(q)) for q in ("0", "1", "-1", "2", "-2", "1/2", "3")]


def _read(e: Any) -> Term:
    try:
        return term(e)
    except UnsupportedError:
        assume(False)
        raise


@fixed
@given(
    expressions,
    st.sampled_from(REWRITINGS),
    st.sampled_from(SIDES),
    st.lists(st.sampled_from(VALUES), min_size=12, max_size=12),
)
def test_yes_is_never_contradicted(
    e: Any, rewriting: Any, op: str, values: list[Term]
) -> None:
    statement = Statement(_read(e), op, _read(rewriting(e)))
    found = decide(statement)
    if isinstance(found, No):
        assert fails(statement, dict(found.witness.point))
    if not isinstance(found, Yes):
        return
    for shift in range(6):
        point = {
            s: values[(i * 5 + shift) % len(values)]
            for i, s in enumerate(statement.symbols)
        }
        if not all(admitted(s, v) for s, v in point.items()):
            continue
        try:
            why = fails(statement, point)
        except (UnsupportedError, ValueError, ZeroDivisionError):
            continue
        assert not why, (statement, found.proof)


coefficients = st.lists(st.integers(-4, 4), min_size=1, max_size=5)


@fixed
@given(coefficients, st.integers(1, 3))
def test_polynomial_identities_and_near_misses(
    cs: list[int], times: int
) -> None:
    p = sum((c * x**i * y ** (i % 2) for i, c in enumerate(cs)), sp.Integer(0))
    power = sp.Pow(p + a, times, evaluate=False)
    opened = sp.expand(power)
    assert isinstance(decide(Statement(_read(power), "=", _read(opened))), Yes)
    missed = opened + sp.Rational(1, 10**12)
    wrong = Statement(_read(power), "=", _read(missed))
    assert isinstance(decide(wrong), No)


@fixed
@given(coefficients, st.integers(0, 2))
def test_sums_of_polynomials(cs: list[int], start: int) -> None:
    body = sum((c * k**i for i, c in enumerate(cs)), sp.Integer(0))
    total = sp.Sum(body, (k, start, n + start + 1))
    split = sp.Sum(body, (k, start, n + start)) + body.subs(k, n + start + 1)
    assert isinstance(decide(Statement(_read(total), "=", _read(split))), Yes)
    late = Statement(_read(total), "=", _read(split + 1))
    assert not isinstance(decide(late), Yes)


@fixed
@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(1, 30))
def test_signs_of_quadratics(p: int, q: int, r: int) -> None:
    # r t^2 + p t + q > 0 everywhere if and only if p^2 < 4 r q.
    t = sp.Symbol("t", real=True)
    e = _read(r * t**2 + p * t + q)
    sure = p * p < 4 * r * q
    assert Context().positive(e) == sure
    assert Context().nonnegative(e) == (p * p <= 4 * r * q)


@fixed
@given(smooth, st.lists(st.sampled_from(VALUES), min_size=6, max_size=6))
def test_normal_form_keeps_the_value(e: Any, values: list[Term]) -> None:
    t = _read(e)
    f = Context().field()
    try:
        made = f.to_term(f.quotients(t)[0])
    except UnsupportedError:
        return
    symbols = sorted({s for u in (t, made) for s in _symbols(u)}, key=repr)
    point = dict(zip(symbols, values, strict=False))
    if not all(admitted(s, v) for s, v in point.items()):
        return
    try:
        gap = enclose(sub(subst(t, point), subst(made, point)))
    except (UnsupportedError, ValueError, ZeroDivisionError):
        return
    assert not gap.is_finite() or gap.contains(0), (t, made)


def _symbols(t: Term) -> Any:
    return (
        [t] if t.op == "sym" else [s for c in t.children for s in _symbols(c)]
    )

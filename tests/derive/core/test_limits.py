from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kexue_lib.derive.core import No, UnsupportedError, Yes
from kexue_lib.derive.core.enclose import enclose
from kexue_lib.derive.core.limits.relations import limit
from kexue_lib.derive.core.limits.towards import Towards
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import NOO, OO, Term

from .limits import ROWS, Row, x


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_answer(row: Row) -> None:
    found = row.answer()
    if not row.known:
        assert isinstance(found, Yes) <= row.true
        return
    assert isinstance(found, Yes if row.true else No), found


def test_table_is_balanced() -> None:
    right = sum(row.true for row in ROWS)
    assert len(ROWS) >= 120
    assert 0.4 < right / len(ROWS) < 0.6
    assert len(set(map(str, ROWS))) > len(ROWS) - 12


# -- made at random -------------------------------------------------------

numbers = st.sampled_from([-3, -2, -1, 1, 2, 3]).map(sp.Integer)
leaves = st.one_of(st.just(x), st.just(x), numbers)
POWERS = (2, 3, -1, -2, sp.Rational(1, 2))


def _deeper(inner: Any) -> Any:
    pairs = st.tuples(inner, inner)
    powers = st.tuples(inner, st.sampled_from(POWERS))
    return st.one_of(
        pairs.map(lambda p: sp.Add(*p, evaluate=False)),
        pairs.map(lambda p: sp.Mul(*p, evaluate=False)),
        powers.map(lambda p: sp.Pow(*p, evaluate=False)),
        inner.map(lambda e: sp.exp(e, evaluate=False)),
        inner.map(lambda e: sp.log(e, evaluate=False)),
        inner.map(lambda e: sp.tanh(e, evaluate=False)),
        inner.map(lambda e: sp.cos(e, evaluate=False)),
    )


expressions = st.recursive(leaves, _deeper, max_leaves=7)
PLACES = ((sp.oo, "-"), (sp.Integer(0), "+"), (sp.Integer(1), "-"))
STEPS = (60, 150, 400)


def _place(point: Any, side: str, step: int) -> Any:
    if point is sp.oo:
        return mpmath.mpf(step)
    near = 1 / mpmath.mpf(step)
    return mpmath.mpf(int(point)) + (near if side == "+" else -near)


def _value(e: Any, at: Any) -> Any:
    """The value to many digits; printed code would lose brackets."""
    if e == x:
        return at
    if e.is_Rational:
        return mpmath.mpf(int(e.p)) / int(e.q)
    parts = [_value(p, at) for p in e.args]
    if e.is_Add:
        return mpmath.fsum(parts)
    if e.is_Mul:
        return mpmath.fprod(parts)
    if e.is_Pow:
        return parts[0] ** parts[1]
    if e.func is sp.exp and abs(parts[0]) > 10**6:
        raise OverflowError
    return getattr(mpmath, e.func.__name__)(parts[0])


def _number(t: Term) -> Any:
    ball = enclose(t)
    if not ball.is_finite() or float(ball.rad()) > 1e-9:
        raise ValueError
    real, imaginary = ball.real.mid(), ball.imag.mid()
    return mpmath.mpc(
        *(str(v.str(40, radius=False)) for v in (real, imaginary))
    )


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(expressions, st.sampled_from(PLACES))
def test_values_near_the_point_do_not_refute(
    e: Any, place: tuple[Any, str]
) -> None:
    # Values decide nothing; but going away from the limit is suspicious.
    assume(e.has(x))
    point, side = place
    towards = Towards(term(x), term(point), side)
    try:
        found, proof = limit(term(e), towards, Context())
    except UnsupportedError:
        return
    if proof.still_open:
        return
    with mpmath.workdps(400):
        try:
            values = [_value(e, _place(point, side, s)) for s in STEPS]
            if found in (OO, NOO):
                sign = 1 if found is OO else -1
                sizes = [-sign * mpmath.re(v) for v in values]
            else:
                goal = _number(found)
                sizes = [abs(v - goal) for v in values]
        except (ValueError, OverflowError, ZeroDivisionError):
            return
        assert (
            sizes[2] < 1e-2
            or sizes[2] < sizes[1]
            or sizes[2] < sizes[0]
            or sizes[2] < -(10**6)
        ), (e, point, found)

"""Gauss's bell over pieces of the line: c x^n exp(a x^2 + b x), and erf.

All of it is reduced to the standard law, density (2 pi)^(-1/2) exp(-x^2/2):

- E[x^n e^(b x); low < x < high] by parts from n = 0, for any complex b;
- E[x^n erf(a x + b)] for a real a, by parts from
  E erf(a x + b) = erf(b/(1 + 2 a^2)^(1/2)), over the line;
- from 0 on, E[erf(a x); x > 0] = atan(2^(1/2) a)/pi;
- E[erf(a x) erf(c x)] = 2/pi asin(2 a c/((1 + 2 a^2)(1 + 2 c^2))^(1/2)).

With x^2 in the exponent the variable is scaled: its rate must stay below 1/2.
"""

from __future__ import annotations

from math import comb
from typing import NamedTuple

from kexue_lib.derive.core.field import Field, Quotient
from kexue_lib.derive.core.terms import (
    HALF,
    NOO,
    ONE,
    OO,
    PI,
    TWO,
    ZERO,
    Term,
    UnsupportedError,
    add,
    fn,
    free,
    is_fn,
    mul,
    neg,
    num,
    over,
    power,
    sub,
)

from .rates import rates

ROOT2 = power(TWO, HALF)
HIGHEST = 12
"""The highest power of the variable beside an exponential."""


class Shape(NamedTuple):
    """``x^n exp(c + b x + a x^2)`` times the erf of linear forms."""

    n: int
    c: Term
    b: Term
    a: Term
    errors: tuple[tuple[Term, Term], ...]
    """(slope, level) of each."""


def shape(field: Field, exponents: dict[Term, int], x: Term) -> Shape | None:
    """A monomial in x, exponentials and erf of x; None if it is none."""
    n, exponent = 0, field.constant(0)
    errors: list[tuple[Term, Term]] = []
    for atom, e in exponents.items():
        if atom is x and 0 <= e <= HIGHEST:
            n = e
        elif is_fn(atom, "exp"):
            part = field.times(field.constant(e), field.norm(atom.args[1]))
            exponent = field.plus(exponent, part)
        elif is_fn(atom, "erf") and 0 < e <= 2:
            found = rates(field, field.norm(atom.args[1]), x)
            if found is None or set(found) - {0, 1}:
                return None
            errors += [(found.get(1, ZERO), found.get(0, ZERO))] * e
        else:
            return None
    found = rates(field, exponent, x)
    if found is None or set(found) - {0, 1, 2} or len(errors) > 2:
        return None
    c, b, a = (found.get(d, ZERO) for d in range(3))
    return Shape(n, c, b, a, tuple(errors))


def standard(field: Field, t: Term, x: Term, low: Term, high: Term) -> Term:
    """E[t; low < x < high] under the standard law."""
    r = field.norm(t)
    terms, bottom = field.laurent(r, x)
    if x in free(field.poly_term(bottom)):
        raise UnsupportedError("a mean of a fraction of the random symbol")
    parts = []
    for exponents, outer in terms:
        found = shape(field, exponents, x)
        if found is None:
            raise UnsupportedError(f"the mean of {t}")
        value = _scaled(field, found, low, high)
        parts.append(mul(field.to_term(Quotient(outer, bottom)), value))
    return add(*parts)


def _scaled(field: Field, s: Shape, low: Term, high: Term) -> Term:
    """``x = k u`` with ``k = (1 - 2 a)^(-1/2)`` takes x^2 away."""
    if s.a is ZERO:
        k = ONE
    else:
        room = sub(ONE, mul(TWO, s.a))
        if not field.oracle.positive(room):
            raise UnsupportedError(f"that {room} > 0")
        k = power(room, neg(HALF))
        low, high = (e if e in (OO, NOO) else over(e, k) for e in (low, high))
    scale = mul(fn("exp", s.c), *[k] * (s.n + 1))
    b = mul(s.b, k) if s.b is not ZERO else ZERO
    errors = tuple((mul(a, k), c) for a, c in s.errors)
    if not errors:
        return mul(scale, moment(s.n, b, low, high))
    return mul(scale, _with_errors(field, s.n, b, errors, low, high))


def moment(n: int, b: Term, low: Term, high: Term) -> Term:
    """E[x^n e^(b x); low < x < high]."""
    gap = sub(_below(high, b), _below(low, b))
    before, value = ZERO, mul(fn("exp", mul(HALF, b, b)), gap)
    if b is ZERO:
        value = gap
    for k in range(n):
        ends = sub(_edge(k, b, high), _edge(k, b, low))
        up = add(mul(b, value), mul(num(k), before), neg(ends))
        before, value = value, up
    return value


def _below(end: Term, b: Term) -> Term:
    """The chance of x + b < end."""
    if end in (OO, NOO):
        return ONE if end is OO else ZERO
    return mul(HALF, add(ONE, fn("erf", over(sub(end, b), ROOT2))))


def _edge(n: int, b: Term, end: Term) -> Term:
    if end in (OO, NOO):
        return ZERO
    exponent = sub(mul(b, end), mul(HALF, end, end))
    return mul(*[end] * n, power(mul(TWO, PI), neg(HALF)), fn("exp", exponent))


def _with_errors(
    field: Field,
    n: int,
    b: Term,
    errors: tuple[tuple[Term, Term], ...],
    low: Term,
    high: Term,
) -> Term:
    know = field.oracle
    if not all(know.real(a) for a, _ in errors):
        raise UnsupportedError("erf along a complex line")
    (slope, level), *others = errors
    line = low is NOO and high is OO
    zero = all(field.norm(c).top == 0 for _, c in errors)
    if others:
        if n or b is not ZERO or not (line and zero):
            raise UnsupportedError("a product of two erf under a bell")
        return _arc_sine(slope, others[0][0])
    if not line:
        half = 1 if _is_zero(field, low) and high is OO else -1
        if (
            not zero
            or b is not ZERO
            or (half < 0 and not (low is NOO and _is_zero(field, high)))
        ):
            raise UnsupportedError("erf under a part of a bell")
        start = mul(num(half), inverse_pi(), fn("atan", mul(ROOT2, slope)))
        return _by_parts(field, n, slope, ZERO, start, low, high)
    # x -> x + b takes the linear exponent away.
    moved = add(level, mul(slope, b)) if b is not ZERO else level
    width = power(add(ONE, mul(TWO, slope, slope)), neg(HALF))
    start = fn("erf", mul(moved, width))
    parts = []
    for j in range(n + 1) if b is not ZERO else (n,):
        value = _by_parts(field, j, slope, moved, start, low, high)
        parts.append(mul(num(comb(n, j)), *[b] * (n - j), value))
    return mul(fn("exp", mul(HALF, b, b)), add(*parts))


def inverse_pi() -> Term:
    """1/pi."""
    return power(PI, num(-1))


def _by_parts(
    field: Field,
    n: int,
    a: Term,
    c: Term,
    start: Term,
    low: Term,
    high: Term,
) -> Term:
    """E[x^n erf(a x + c)] from n = 0: x^(n+1) is (x^n erf)' + ends.

    At an end 0 it is asked for c = 0 only: there erf is 0.
    """
    bell = mul(TWO, a, power(PI, neg(HALF)))
    before, value = ZERO, start
    for k in range(n):
        own = Shape(k, neg(mul(c, c)), neg(mul(TWO, a, c)), neg(mul(a, a)), ())
        slope = mul(bell, _scaled(field, own, low, high))
        before, value = value, add(mul(num(k), before), slope)
    return value


def _arc_sine(a: Term, c: Term) -> Term:
    room = mul(*(add(ONE, mul(TWO, s, s)) for s in (a, c)))
    inside = mul(TWO, a, c, power(room, neg(HALF)))
    return mul(TWO, inverse_pi(), fn("asin", inside))


def _is_zero(field: Field, end: Term) -> bool:
    return end not in (OO, NOO) and field.norm(end).top == 0

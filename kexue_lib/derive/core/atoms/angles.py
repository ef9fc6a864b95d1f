"""Inverse trigonometric functions: rational parts of pi, asin by atan."""

from __future__ import annotations

from fractions import Fraction

from kexue_lib.derive.core.enclose import number
from kexue_lib.derive.core.field import Field, Quotient
from kexue_lib.derive.core.terms import (
    HALF,
    ONE,
    PI,
    TWO,
    Term,
    fn,
    free,
    mul,
    num,
    over,
    power,
    sub,
)

ANGLES = {"atan": "tan", "asin": "sin"}
"""Of which function it is the inverse, between -pi/2 and pi/2."""
PARTS = 120
"""Parts of pi that are tried."""


def known_angle(field: Field, name: str, u: Term) -> Term | None:
    """pi p/q if its sine or tangent is the argument; asin as atan.

    Both functions are one to one on the open interval (-pi/2, pi/2), sine
    also with its ends.
    """
    if free(u):
        gaps = (sub(ONE, u), sub(u, num(-1)))
        if name == "asin" and all(map(field.oracle.positive, gaps)):
            root = power(sub(ONE, power(u, TWO)), HALF)
            return fn("atan", over(u, root))
        return None
    if name == "asin" and u is ONE:
        return mul(HALF, PI)
    ball = number(over(mul(num(PARTS), fn(name, u)), PI))
    whole = ball.real.unique_fmpz() if ball is not None else None
    if whole is None or not field.oracle.real(u):
        return None
    angle = mul(num(Fraction(int(whole), PARTS)), PI)
    # In a field of its own: roots of unity would enter this one.
    own = Field(field.oracle, field.rules)
    same = own.zero(sub(fn(ANGLES[name], angle), u))
    return angle if same else None


def arc_cosine(field: Field, t: Term) -> Quotient:
    """acos u = pi/2 - asin u, everywhere."""
    return field.norm(sub(mul(HALF, PI), fn("asin", t.args[1])))

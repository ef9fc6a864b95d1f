"""Kinks and jumps: a derivative that is missing at one point."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Heaviside,
    Integral,
    Max,
    Min,
    Ne,
    Piecewise,
    Rational,
    acos,
    asin,
    atan,
    exp,
    floor,
    log,
    pi,
    sign,
    sin,
    sqrt,
)

from kexue_lib.derive import by

from .table import UNDECIDED, Table

x, y = sp.symbols("x y", real=True)
a, t = sp.symbols("a t", positive=True)
D = Derivative
anti = by.antiderivative
off = (Ne(x, 0),)


def A(f, low, high):
    return Integral(f, (x, low, high))


table = Table("kinks and jumps")

table.true(D(Abs(x), x), "=", sign(x), given=off)
table.true(D(Abs(x), x), "=", 1, given=(x > 0,))
table.true(D(Abs(x), x), "=", -1, given=(x < 0,))
table.true(D(Abs(x) ** 3, x), "=", 3 * x * Abs(x))
table.true(D(x * Abs(x), x), "=", 2 * Abs(x))
table.true(D(Abs(x) ** 2, x), "=", 2 * x)
table.true(D(Max(x, 0) ** 2, x), "=", 2 * Max(x, 0))
table.true(D(Max(x, 0), x), "=", 1, given=(x > 0,))
table.true(D(Max(x, 1), x), "=", 0, given=(x < 1,))
table.true(D(Max(x, y), x), "=", 1, given=(x > y,))
table.true(D(Abs(x - 3), x), "=", sign(x - 3), given=(Ne(x, 3),))
table.true(D(Abs(x**2 + 1), x), "=", 2 * x)
table.true(D(sqrt(x**2 + 1), x), "=", x / sqrt(x**2 + 1))
table.true(D(sqrt(t), t), "=", 1 / (2 * sqrt(t)))
table.true(
    D(exp(-Abs(x)), x),
    "=",
    -sign(x) * exp(-Abs(x)),
    given=off,
)
table.true(D(log(Abs(x)), x), "=", 1 / x, given=off)
table.true(
    D(asin(x), x),
    "=",
    1 / sqrt(1 - x**2),
    given=(x > -1, x < 1),
)
table.true(D(x * sign(x), x), "=", sign(x), given=(x > 0,))
table.true(A(sign(x), -1, 2), "=", 1, anti(Abs(x)))
table.true(
    A(Abs(x), -1, 2),
    "=",
    Rational(5, 2),
    anti(x * Abs(x) / 2),
)
table.true(A(Max(x, 0), -1, 2), "=", 2, anti(Max(x, 0) ** 2 / 2))
table.true(A(1 / (1 + x**2), -1, 1), "=", pi / 2, anti(atan(x)))
table.true(
    A(floor(x), 0, Rational(1, 2)), "=", 0, anti(0 * x), today=UNDECIDED
)

table.false(D(Abs(x - 3), x), "=", sign(x - 3), kin="17", today=UNDECIDED)
table.false(
    D(Abs(x - 3), x), "=", sign(x - 3), given=off, kin="17", today=UNDECIDED
)
table.false(D(Max(x, 1), x), "=", Heaviside(x - 1), kin="17", today=UNDECIDED)
table.false(D(Min(x, 0), x), "=", Heaviside(-x), kin="17", today=UNDECIDED)
table.false(
    D(Max(x, 0), x), "=", 1, given=(x >= 0,), kin="17", today=UNDECIDED
)
table.false(D(Max(x, y), x), "=", Heaviside(x - y), kin="17", today=UNDECIDED)
table.false(D(Abs(x), x), "=", x / sqrt(x**2), kin="17")
table.false(
    D(Abs(x) + Abs(x - 1), x),
    "=",
    sign(x) + sign(x - 1),
    given=off,
    today=UNDECIDED,
)
table.false(D(sign(x), x), "=", 0, kin="17", today=UNDECIDED)
table.false(D(floor(x), x), "=", 0, kin="17", today=UNDECIDED)
table.false(
    D(Piecewise((0, x < 0), (x, True)), x),
    "=",
    Piecewise((0, x < 0), (1, True)),
    kin="17",
    today=UNDECIDED,
)
table.false(
    D(Piecewise((0, x < 0), (1, True)), x),
    "=",
    0,
    name="a step",
    kin="17",
    today=UNDECIDED,
)
table.false(
    D(exp(-Abs(x)), x), "=", -sign(x) * exp(-Abs(x)), kin="17", today=UNDECIDED
)
table.false(
    D(Abs(sin(x)), x),
    "=",
    sign(sin(x)) * sp.cos(x),
    given=off,
    today=UNDECIDED,
)
table.false(D(sqrt(Abs(x)), x), "=", sign(x) / (2 * sqrt(Abs(x))))
table.false(D(x * sign(x), x), "=", sign(x), today=UNDECIDED)
table.false(
    D(asin(x), x),
    "=",
    1 / sqrt(1 - x**2),
    given=(x >= -1, x <= 1),
    name="no slope at the ends",
)
table.false(
    D(acos(x), x),
    "=",
    1 / sqrt(1 - x**2),
    given=(x > -1, x < 1),
    today=UNDECIDED,
)
table.false(D(log(Abs(x)), x), "=", 1 / Abs(x), given=off, today=UNDECIDED)
table.false(A(sign(x), -1, 2), "=", 3, anti(x * sign(x) ** 2), today=UNDECIDED)
table.false(A(sign(x), -1, 2), "=", 3, anti(x), today=UNDECIDED)
table.false(
    A(1 / (1 + x**2), -1, 1),
    "=",
    -pi / 2,
    anti(-atan(1 / x)),
    name="an antiderivative that jumps",
    today=UNDECIDED,
)
table.false(
    A(1 / x**2, -2, 1), "=", -Rational(3, 2), anti(-1 / x), today=UNDECIDED
)
table.false(
    A(floor(x), 0, 1 + a),
    "=",
    0,
    anti(0 * x),
    name="a step inside the range",
    today=UNDECIDED,
)
table.false(
    A(Piecewise((0, x < 10), (1, True)), 0, a),
    "=",
    0,
    anti(0 * x),
    today=UNDECIDED,
)
table.true(
    A(Piecewise((0, x < 10), (1, True)), 0, a),
    "=",
    0,
    anti(0 * x),
    given=(a < 10,),
)

# -- one value and one derivative on either side ------------------------------
table.true(D(Max(x, 0) ** 3, x), "=", 3 * Max(x, 0) ** 2)
table.true(D(Min(x, y), y), "=", 0, given=(x < y,))
table.true(D(Abs(sin(x)), x), "=", sp.cos(x), given=(x > 0, x < 3))
table.true(D(Heaviside(x), x), "=", 0, given=off)
table.true(D(sign(x) * Abs(x), x), "=", 1, today=UNDECIDED)
table.true(D(Piecewise((x**2, x < 0), (0, True)), x), "=", 2 * Min(x, 0))
table.true(D(Piecewise((x, x < 1), (1, True)), x), "=", 0, given=(x > 1,))
table.true(D(Max(x, y, 0), x), "=", 1, given=(x > y, x > 0))
table.true(D(acos(x), x), "=", -1 / sqrt(1 - x**2), given=(x > -1, x < 1))
table.true(D(sp.atanh(x), x), "=", 1 / (1 - x**2), given=(x > -1, x < 1))
table.true(D(Abs(Abs(x) - 1), x), "=", sign(x), given=(Abs(x) > 1,))
table.true(A(Abs(Abs(x) - 1), -2, 2), "=", 2)
table.true(A(x * sign(x - 1), 0, 2), "=", 1)
table.false(D(sign(x) ** 2, x), "=", 0, today=UNDECIDED)
table.false(D(sign(x) ** 2 + x, x), "=", 1, today=UNDECIDED)
table.false(D(Heaviside(x), x), "=", 0, today=UNDECIDED)
table.false(D(Heaviside(x) * (1 - x), x), "=", -Heaviside(x), today=UNDECIDED)
table.false(
    D(Piecewise((1, sp.Eq(x, 0)), (0, True)), x), "=", 0, today=UNDECIDED
)
table.false(
    D(Piecewise((x**2, x < 0), (1, True)), x),
    "=",
    2 * Min(x, 0),
    today=UNDECIDED,
)
table.false(
    D(Piecewise((x, x < 1), (1, True)), x),
    "=",
    0,
    given=(x >= 1,),
    today=UNDECIDED,
)
table.false(
    D(Abs(x) * x + Abs(x), x), "=", 2 * Abs(x) + sign(x), today=UNDECIDED
)
table.false(D(Max(x, y), x), "=", 1, given=(x >= y,), today=UNDECIDED)
table.false(D(asin(x), x), "=", 1 / sqrt(1 - x**2), given=(x > -1, x <= 1))
table.false(
    A(x * sign(x - 1), 0, 2),
    "=",
    2,
    anti(x**2 * sign(x - 1) / 2),
    today=UNDECIDED,
)

"""Gauss's bell: kinks, steps, exponentials, erf, several letters."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Abs,
    Heaviside,
    Integral,
    Max,
    Min,
    Piecewise,
    Rational,
    asin,
    cos,
    erf,
    erfc,
    exp,
    oo,
    pi,
    sign,
    sin,
    sqrt,
)

from kexue_lib.derive import Gaussian, Mean

from .table import UNDECIDED, Table

g, h, b, x, y = sp.symbols("g h b x y", real=True)
a = sp.Symbol("a", positive=True)
half = Rational(1, 2)
N, H = Gaussian(g), Gaussian(h)

table = Table("bells")

table.true(Mean(Heaviside(g), N), "=", half)
table.true(Mean(sign(g - b), N), "=", -erf(b / sqrt(2)))
table.true(Mean(Abs(g), Gaussian(g, 0, a)), "=", sqrt(2 * a / pi))
table.true(Mean(Max(0, b * g), N), "=", Abs(b) / sqrt(2 * pi))
table.true(
    Mean(Max(0, g), Gaussian(g, b, a)),
    "=",
    b * (1 + erf(b / sqrt(2 * a))) / 2
    + sqrt(a / (2 * pi)) * exp(-(b**2) / (2 * a)),
)
table.true(Mean(Max(0, g) ** 2, N), "=", half)
table.true(Mean(Max(-1, Min(1, g)), N), "=", 0)
table.true(Mean(Max(-1, Min(1, g)) ** 2, N), "=", 1 - sqrt(2 / (pi * sp.E)))
table.true(
    Mean(Piecewise((g, g > 1), (0, True)), N), "=", exp(-half) / sqrt(2 * pi)
)
table.true(Mean(g**2 * exp(b * g), N), "=", (1 + b**2) * exp(b**2 / 2))
table.true(Mean(exp(g**2 / 4), N), "=", sqrt(2))
table.true(Mean(g * sin(b * g), N), "=", b * exp(-(b**2) / 2))
table.true(Mean(erf(a * g + b), N), "=", erf(b / sqrt(1 + 2 * a**2)))
table.true(Mean(g * erf(a * g), N), "=", 2 * a / sqrt(pi * (1 + 2 * a**2)))
table.true(Mean(erf(g) ** 2, N), "=", 2 / pi * asin(Rational(2, 3)))
table.true(
    Mean(g * Max(g, 0), N), "=", Mean(Heaviside(g), N), name="Stein, a kink"
)
table.true(Mean(g * exp(b * g), N), "=", Mean(b * exp(b * g), N), name="Stein")
table.true(Mean(sign(g + h), N, H), "=", 0)
table.true(Mean(Abs(g + h), N, H), "=", 2 / sqrt(pi))
table.true(Mean(cos(g * h), N, H), "=", 1 / sqrt(2))
table.true(Mean(sign(g) * sign(g + h), N, H), "=", half)
table.true(Integral(Abs(x) * exp(-(x**2)), (x, -oo, oo)), "=", 1)
table.true(Integral(exp(-Abs(x - b)), (x, -oo, oo)), "=", 2)
table.true(Integral(x * exp(-Abs(x - b)), (x, -oo, oo)), "=", 2 * b)
table.true(
    Integral(exp(-(x**2) - b * x), (x, 0, oo)),
    "=",
    sqrt(pi) / 2 * exp(b**2 / 4) * erfc(b / 2),
)
table.true(
    Integral(Abs(x - y), (x, 0, 1)),
    "=",
    y**2 - y + half,
    given=(y >= 0, y <= 1),
)
table.true(Integral(Max(x, 0), (x, -1, a)), "=", a**2 / 2)

table.false(Mean(Heaviside(g - b), N), "=", half, today=UNDECIDED)
table.false(Mean(sign(g) ** 2, N), "=", 0, today=UNDECIDED)
table.false(
    Mean(Abs(g), Gaussian(g, 0, a)), "=", a * sqrt(2 / pi), today=UNDECIDED
)
table.false(Mean(Max(0, b * g), N), "=", b / sqrt(2 * pi), today=UNDECIDED)
table.false(
    Mean(Max(0, g), Gaussian(g, b, a)),
    "=",
    b * (1 + erf(b / sqrt(2 * a))) / 2,
    today=UNDECIDED,
)
table.false(Mean(exp(g**2 / 2), N), "=", 1, today=UNDECIDED)
table.false(Mean(exp(g**2), N), "=", sqrt(-1), today=UNDECIDED)
table.false(Mean(exp(b * g**2), N), "=", 1 / sqrt(1 - 2 * b), today=UNDECIDED)
table.false(
    Mean(erf(a * g + b), N), "=", erf(b / sqrt(1 + a**2)), today=UNDECIDED
)
table.false(
    Mean(g * sign(g), N),
    "=",
    Mean(0 * g, N),
    name="a step: no Stein",
    today=UNDECIDED,
)
table.false(Mean(1 / g, N), "=", 0, today=UNDECIDED)
table.false(Mean(sign(g) / g**2, N), "=", 0, today=UNDECIDED)
table.false(
    Mean(Abs(g), Gaussian(g, 0, b)), "=", sqrt(2 * b / pi), today=UNDECIDED
)
table.false(Mean(Abs(g + h), N, H), "=", 2 * sqrt(2 / pi), today=UNDECIDED)
table.false(Mean(sign(g) * sign(g + h), N, H), "=", 0, today=UNDECIDED)
table.false(Mean(Abs(g * h), N, H), "=", 1, today=UNDECIDED)
table.false(Integral(exp(-Abs(x - b)), (x, 0, oo)), "=", 1, today=UNDECIDED)
table.false(
    Integral(exp(b * Abs(x)), (x, -oo, oo)), "=", -2 / b, today=UNDECIDED
)
table.false(
    Integral(Abs(x - y), (x, 0, 1)), "=", y**2 - y + half, today=UNDECIDED
)
table.false(
    Integral(Abs(x - y), (x, 0, 1)),
    "=",
    y**2 - y + half,
    given=(y >= 0,),
    today=UNDECIDED,
)
table.false(Integral(Max(x, 0), (x, -1, b)), "=", b**2 / 2, today=UNDECIDED)
table.false(
    Integral(sign(x), (x, -1, b)), "=", b - 1, given=(b > -1,), today=UNDECIDED
)

"""Means under a law."""

from __future__ import annotations

import sympy as sp
from sympy import Rational, exp

from kexue_lib.derive import Bernoulli, Discrete, Gaussian, Independent, Mean

from .table import UNDECIDED, Table

x, y, z = sp.symbols("x y z", real=True)
a, b, c, t = sp.symbols("a b c t", positive=True)
half = Rational(1, 2)
g, h = sp.symbols("g h", real=True)
bb, b2 = sp.symbols("beta_1 beta_2", real=True)
rho = sp.symbols("rho", positive=True)
v = sp.symbols("v_1 v_2 v_3", real=True)
N01 = Gaussian(g)
unit = (rho <= 1,)

table = Table("laws and means")

table.true(Mean(g**2, N01), "=", 1)
table.true(Mean(g**4, N01), "=", 3)
table.true(Mean(g**6, N01), "=", 15)
table.true(Mean(g**3, N01), "=", 0)
table.true(Mean((g + x) ** 2, N01), "=", 1 + x**2)
table.true(Mean(g**2, Gaussian(g, x, a)), "=", a + x**2)
table.true(Mean(g * h, N01, Gaussian(h)), "=", 0)
table.true(Mean((g + h) ** 2, N01, Gaussian(h)), "=", 2)
table.true(Mean(g**4, Gaussian(g, 0, a)), "=", 3 * a**2)
table.true(Mean(bb, Bernoulli(bb, rho)), "=", rho, given=unit)
table.true(Mean(bb**2, Bernoulli(bb, rho)), "=", rho, given=unit)
table.true(
    Mean((bb - rho) ** 2, Bernoulli(bb, rho)), "=", rho * (1 - rho), given=unit
)
table.true(Mean(bb * g**2, Bernoulli(bb, half), N01), "=", half)
table.true(Mean(bb**2, Discrete(bb, (1, half), (-1, half))), "=", 1)
table.true(Mean(sum(v) ** 2, Independent(v, 0, a)), "=", 3 * a)
table.true(Mean((v[0] - v[1]) ** 2, Independent(v, x, a)), "=", 2 * a)
table.false(
    Mean(g**2, N01),
    "=",
    2,
)
table.false(
    Mean(g**4, N01),
    "=",
    1,
)
table.false(
    Mean(g**6, N01),
    "=",
    9,
)
table.false(
    Mean(g**3, N01),
    "=",
    1,
)
table.false(
    Mean((g + x) ** 2, N01),
    "=",
    x**2,
)
table.false(
    Mean(g**2, Gaussian(g, x, a)),
    "=",
    a**2 + x**2,
)
table.false(Mean(g * h, N01, Gaussian(h)), "=", 1, today=UNDECIDED)
table.false(Mean((g + h) ** 2, N01, Gaussian(h)), "=", 4, today=UNDECIDED)
table.false(
    Mean(g**2, N01),
    "=",
    Mean(g, N01) ** 2,
)
table.false(
    Mean(bb, Bernoulli(bb, rho)),
    "=",
    1 - rho,
    given=unit,
)
table.false(
    Mean(bb**2, Bernoulli(bb, rho)),
    "=",
    rho**2,
    given=unit,
)
table.false(
    Mean((bb - rho) ** 2, Bernoulli(bb, rho)),
    "=",
    rho,
    given=unit,
)
table.false(
    Mean(bb * g**2, Bernoulli(bb, half), N01),
    "=",
    1,
)
table.false(
    Mean(bb**2, Discrete(bb, (1, half), (-1, half))),
    "=",
    0,
)
table.false(
    Mean(sum(v) ** 2, Independent(v, 0, a)),
    "=",
    9 * a,
)
table.false(
    Mean(v[0] ** 4, Independent(v, 0, 1)),
    "=",
    3,
)
table.false(
    Mean(g, Discrete(g, (1, half), (0, Rational(1, 3)))),
    "=",
    half,
    today=UNDECIDED,
)
table.true(Mean(exp(g), N01), "=", exp(half))
table.false(Mean(exp(g), N01), "=", exp(1))

# -- laws that are none -------------------------------------------------------
r, w = sp.symbols("r w", real=True)
third = Rational(1, 3)
table.false(Mean(g**2, Gaussian(g, 0, -2)), "=", -2, kin="20", today=UNDECIDED)
table.false(
    Mean(g**4, Gaussian(g, 0, x)), "=", 3 * x**2, kin="20", today=UNDECIDED
)
table.false(Mean(g**2, Gaussian(g, 0, -1)), "=", -1, kin="20", today=UNDECIDED)
table.false(
    Mean(g**2, Discrete(g, (1, 2), (3, -1))),
    "=",
    -7,
    kin="20",
    today=UNDECIDED,
)
table.false(Mean(bb, Bernoulli(bb, 2)), "=", 2, kin="20", today=UNDECIDED)
table.false(Mean(bb, Bernoulli(bb, rho)), "=", rho, kin="20", today=UNDECIDED)
table.false(
    Mean(bb, Bernoulli(bb, rho)),
    "=",
    rho,
    given=(rho <= 2,),
    kin="20",
    today=UNDECIDED,
)
table.false(
    Mean(bb, Bernoulli(bb, x)),
    "=",
    x,
    given=(x <= 1,),
    kin="20",
    name="a probability that may be negative",
    today=UNDECIDED,
)
table.false(
    Mean(bb, Discrete(bb, (1, half), (0, half), (7, 0 * x + third))),
    "=",
    half + 7 * third,
    kin="20",
    today=UNDECIDED,
)
table.false(
    Mean(bb, Discrete(bb, (1, rho), (0, 2 - rho))),
    "=",
    rho,
    given=unit,
    today=UNDECIDED,
)
table.false(
    Mean(bb, Discrete(bb, (1, x), (0, 1 - x))),
    "=",
    x,
    kin="20",
    today=UNDECIDED,
)
table.true(
    Mean(bb, Discrete(bb, (1, x), (0, 1 - x))),
    "=",
    x,
    given=(x >= 0, x <= 1),
)
table.true(Mean(bb, Bernoulli(bb, x)), "=", x, given=(x >= 0, x <= 1))
table.true(Mean(bb**5, Bernoulli(bb, rho)), "=", rho, given=unit)
table.true(Mean(bb, Discrete(bb, (1, third), (2, third), (3, third))), "=", 2)
table.true(Mean((g - x) ** 2, Gaussian(g, x, a)), "=", a)
table.true(Mean((g - x) ** 3, Gaussian(g, x, a)), "=", 0)
table.true(Mean(g**2, Gaussian(g, 0, x**2 + 1)), "=", x**2 + 1)
table.true(Mean(g**8, N01), "=", 105)
table.true(Mean(g * h, N01, Gaussian(h, x)), "=", 0)
table.true(Mean((g + h) ** 4, N01, Gaussian(h)), "=", 12)
table.true(Mean(g**2 * h**2, N01, Gaussian(h)), "=", 1)
table.true(Mean(exp(x * g), N01), "=", exp(x**2 / 2))
table.true(Mean(exp(-(g**2)), N01), "=", 1 / sp.sqrt(3))
table.true(Mean(sp.cos(x * g), N01), "=", exp(-(x**2) / 2))
table.true(Mean(sp.sign(g), N01), "=", 0)
table.true(Mean(sp.Abs(g), N01), "=", sp.sqrt(2 / sp.pi))
table.true(Mean(sp.Max(g, 0), N01), "=", 1 / sp.sqrt(2 * sp.pi))
table.true(Mean(v[0] * v[1], Independent(v, 0, a)), "=", 0)
table.true(Mean(v[0] * v[1], Independent(v, x, a)), "=", x**2)
table.false(
    Mean(v[0] * v[1], Independent(v, x, a)),
    "=",
    x**2 + a,
)
table.false(
    Mean(v[0] ** 3, Independent(v, 0, a)),
    "=",
    0,
    name="any law",
    today=UNDECIDED,
)
table.false(
    Mean(v[0] ** 2 * v[1] ** 2, Independent(v, x, a)),
    "=",
    a**2,
)
table.false(Mean((g + h) ** 4, N01, Gaussian(h)), "=", 6, today=UNDECIDED)
table.false(
    Mean(g**8, N01),
    "=",
    104,
)
table.false(
    Mean((g - x) ** 4, Gaussian(g, x, a)),
    "=",
    3 * a,
)
table.false(
    Mean(exp(x * g), N01),
    "=",
    exp(x**2),
)
table.false(
    Mean(1 / (1 + g**2), N01),
    "=",
    half,
)
table.false(
    Mean(1 / (2 + bb), Bernoulli(bb, half)),
    "=",
    1 / (2 + half),
)
table.true(Mean(1 / (2 + bb), Bernoulli(bb, half)), "=", Rational(5, 12))
table.false(
    Mean(1 / bb, Bernoulli(bb, half)),
    "=",
    half,
    name="1/0 with one half",
    today=UNDECIDED,
)
table.false(Mean(sp.Max(g, 0), N01), "=", half)
table.false(
    Mean(g**2, N01),
    "=",
    1 + Rational(1, 10**30),
)

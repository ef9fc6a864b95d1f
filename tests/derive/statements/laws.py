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
table.false(Mean(g**2, N01), "=", 2, today=UNDECIDED)
table.false(Mean(g**4, N01), "=", 1, today=UNDECIDED)
table.false(Mean(g**6, N01), "=", 9, today=UNDECIDED)
table.false(Mean(g**3, N01), "=", 1, today=UNDECIDED)
table.false(Mean((g + x) ** 2, N01), "=", x**2, today=UNDECIDED)
table.false(Mean(g**2, Gaussian(g, x, a)), "=", a**2 + x**2, today=UNDECIDED)
table.false(Mean(g * h, N01, Gaussian(h)), "=", 1, today=UNDECIDED)
table.false(Mean((g + h) ** 2, N01, Gaussian(h)), "=", 4, today=UNDECIDED)
table.false(Mean(g**2, N01), "=", Mean(g, N01) ** 2, today=UNDECIDED)
table.false(
    Mean(bb, Bernoulli(bb, rho)), "=", 1 - rho, given=unit, today=UNDECIDED
)
table.false(
    Mean(bb**2, Bernoulli(bb, rho)), "=", rho**2, given=unit, today=UNDECIDED
)
table.false(
    Mean((bb - rho) ** 2, Bernoulli(bb, rho)),
    "=",
    rho,
    given=unit,
    today=UNDECIDED,
)
table.false(Mean(bb * g**2, Bernoulli(bb, half), N01), "=", 1, today=UNDECIDED)
table.false(
    Mean(bb**2, Discrete(bb, (1, half), (-1, half))), "=", 0, today=UNDECIDED
)
table.false(
    Mean(sum(v) ** 2, Independent(v, 0, a)), "=", 9 * a, today=UNDECIDED
)
table.false(Mean(v[0] ** 4, Independent(v, 0, 1)), "=", 3, today=UNDECIDED)
table.false(
    Mean(g, Discrete(g, (1, half), (0, Rational(1, 3)))),
    "=",
    half,
    today=UNDECIDED,
)
table.false(Mean(exp(g), N01), "=", exp(half), today=UNDECIDED)

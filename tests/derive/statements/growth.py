"""Growth, convexity, instances."""

from __future__ import annotations

import sympy as sp
from sympy import Ne, Rational, atan, cos, exp, gamma, log, sin, sqrt

from kexue_lib.derive import by

from .table import UNDECIDED, Table

x, y, z = sp.symbols("x y z", real=True)
u = sp.symbols("u", complex=True)
e = sp.symbols("epsilon", positive=True)
mono = by.monotone
a, b, c, t = sp.symbols("a b c t", positive=True)
half = Rational(1, 2)
cvx = by.convex

table = Table("growth and convexity")

table.true(log(1 + e), "<=", e, mono(e))
table.true(log(1 + e) - e, "<=", -(e**2) / 4, mono(e), given=(e < 1,))
table.true(1 + e, "<=", exp(e), mono(e))
table.true(1 + e, "<", exp(e), mono(e))
table.true(atan(e), "<=", e, mono(e))
table.true(e - e**2 / 2, "<=", log(1 + e), mono(e))
table.true(e / (1 + e), "<=", log(1 + e), mono(e))
table.true(0, "<", e**3 + e, mono(e))
table.true(2 * e, "<", 1 + e**2 + 2 * e, mono(e))
table.true(log(e), "<=", e - 1, mono(e, 1), given=(e >= 1,))
table.true(e / 2, "<=", e, mono(e))
table.true(1 - 1 / (1 + e), "<=", e, mono(e))
table.true(x, "<=", x**3, mono(x, 1), given=(x >= 1,))
table.true(1 / (1 + e), "<=", 1, mono(e))
table.true(e, "<", 2 * e, mono(e))
table.false(e, "<=", log(1 + e), mono(e))
table.false(log(1 + e) - e, "<=", -(e**2) / 4, mono(e))
table.false(exp(e), "<=", 1 + e, mono(e))
table.false(1 + x, "<=", exp(x), mono(x), today=UNDECIDED)
table.false(e, "<=", atan(e), mono(e))
table.false(log(1 + e), "<=", e - e**2 / 2, mono(e))
table.false(log(1 + e), "<=", e / (1 + e), mono(e))
table.false(1, "<", e**3 + e, mono(e))
table.false(e, "<=", e**2, mono(e))
table.false(e - 1, "<=", log(e), mono(e, 1), given=(e >= 1,))
table.false(1 + e / 2, "<=", sqrt(1 + e), mono(e))
table.false(0, "<=", -1 / x, mono(x, -1), given=(x >= -1, Ne(x, 0)))
table.false(x, "<=", x**3, mono(x, 0), given=(x >= 0,))
table.false(1 + x, "<", 1 + 2 * x, mono(x, 0), given=(x >= 0,))
table.false(sin(e), "<=", cos(e) * e, mono(e))
table.false(u, "<=", 2 * u, mono(u))

table.true(log(t), "<=", t - 1, cvx(t, 1))
table.true(1 + x, "<=", exp(x), cvx(x, 0))
table.true(2 * x - 1, "<=", x**2, cvx(x, 1))
table.true(2 * t - 1, "<=", t**2, cvx(t, 1))
table.true(0, "<=", x**4 + x**2, cvx(x, 0))
table.true(t - 1, "<=", t * log(t), cvx(t, 1))
table.true(x, "<=", x**2 / 2 + half, cvx(x, 1))
table.true(sp.E * x, "<=", exp(x), cvx(x, 1))
table.true(2 - t, "<=", 1 / t, cvx(t, 1))
table.true(2, "<=", t + 1 / t, cvx(t, 1))
table.true(0, "<=", (x - y) ** 2, cvx(x, y))
table.true(2 * t * a, "<=", t**2 + a**2, cvx(t, a))
table.true(1 - x, "<=", exp(-x), cvx(x, 0))
table.true(1 + log(t), "<=", t, cvx(t, 1))
table.true(t**2, ">=", 2 * t - 1, cvx(t, 1))
table.false(log(t), "<=", t - 2, cvx(t, 1))
table.false(t - 1, "<=", log(t), cvx(t, 1))
table.false(1 + x, "<=", exp(x), cvx(x, 1), today=UNDECIDED)
table.false(1 + 2 * x, "<=", exp(x), cvx(x, 0))
table.false(0, "<=", x**3, cvx(x, 0))
table.false(0, "<=", x**4 - x**2, cvx(x, 0))
table.false(log(t), "<", t - 1, cvx(t, 1))
table.false(2 * x - 1, "<=", x**2, cvx(x, 0), today=UNDECIDED)
table.false(0, "<=", 1 - cos(x) - x**2, cvx(x, 0))
table.false(3, "<=", t + 1 / t, cvx(t, 1))
table.false(1 - x, "<=", exp(x), cvx(x, 0))
table.false(2, "<=", x + 1 / x, cvx(x, 1), given=(Ne(x, 0),))
table.false(t * log(t), "<=", t - 1, cvx(t, 1))
table.false(2 * t * a, "<=", t**2 + a**2, cvx(t, 2 * a), today=UNDECIDED)
table.false(1 + log(t), ">=", 2 * t, cvx(t, 1))
table.false(gamma(x) - 5, ">=", 0 * x, mono(x, -1), given=(x >= -1,))

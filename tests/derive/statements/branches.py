"""Branches of logarithm, root and power."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Ne,
    Rational,
    binomial,
    cos,
    exp,
    factorial,
    gamma,
    log,
    pi,
    sin,
    sqrt,
    tan,
)

from .table import UNDECIDED, Table

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
p, q = sp.symbols("p q", integer=True, positive=True)
x, y, z = sp.symbols("x y z", real=True)
a, b, c = sp.symbols("a b c", positive=True)
u, v, w = sp.symbols("u v w", complex=True)
D = sp.Derivative
F = factorial

table = Table("branches")

table.true(log(a * b), "=", log(a) + log(b))
table.true(log(a / b), "=", log(a) - log(b))
table.true(log(a**3), "=", 3 * log(a))
table.true(log(sqrt(a)), "=", log(a) / 2)
table.true(log(exp(x)), "=", x)
table.true(log(a * exp(x)), "=", log(a) + x)
table.true(log(a**x), "=", x * log(a))
table.true(log(2 * a), "=", log(2) + log(a))
table.true(log(a * b * c), "=", log(a) + log(b) + log(c))
table.true(log(1 / a), "=", -log(a))
table.true(log(a) - log(a * b), "=", -log(b))
table.true(log(a**2 + a * b), "=", log(a) + log(a + b))
table.true(log(p * (p + 1)), "=", log(p) + log(p + 1))
table.true(log(4 * a**2) / 2, "=", log(2) + log(a))
table.true(D(log(a * x**2 + 1), x), "=", 2 * a * x / (a * x**2 + 1))
table.false(log(a + b), "=", log(a) + log(b))
table.false(log(a * b), "=", log(a) * log(b))
table.false(log(u * v), "=", log(u) + log(v), given=(Ne(u, 0), Ne(v, 0)))
table.false(log(x**2), "=", 2 * log(x), given=(Ne(x, 0),))
table.false(log(x * y), "=", log(x) + log(y), given=(Ne(x, 0), Ne(y, 0)))
table.false(log(exp(u)), "=", u, today=UNDECIDED)
table.false(log(a) ** 2, "=", 2 * log(a))
table.false(log(a**x), "=", log(a) ** x)
table.false(log(1 / u), "=", -log(u), given=(Ne(u, 0),))
table.false(log(-a), "=", -log(a))
table.false(log(x), "=", log(sp.Abs(x)), given=(Ne(x, 0),))
table.false(log(a / b), "=", log(a) / log(b))
table.false(log(sqrt(u**2)), "=", log(u), given=(Ne(u, 0),))
table.false(log(x * a), "=", log(x) + log(a))
table.false(log(n), "=", log(n**2) / 2)

table.true(sqrt(x**2), "=", sp.Abs(x))
table.true(sin(x) ** 2 + cos(x) ** 2, "=", 1)
table.true(sp.erfc(x), "=", 1 - sp.erf(x))
table.true(gamma(n + 1), "=", F(n))
table.true(binomial(n, 2), "=", n * (n - 1) / 2)
table.true(sp.Abs(x) ** 2, "=", x**2)
table.true(sin(2 * x), "=", 2 * sin(x) * cos(x))
table.true(log(a**x * b), "=", x * log(a) + log(b))
table.true((a**x) ** y, "=", a ** (x * y))
table.true(a**x * b**x, "=", (a * b) ** x)
table.true(sqrt(5 + 2 * sqrt(6)), "=", sqrt(2) + sqrt(3), today=UNDECIDED)
table.true(1 / (sqrt(2) + 1), "=", sqrt(2) - 1)
table.true(
    sp.besselj(Rational(1, 2), a),
    "=",
    sqrt(2 / (pi * a)) * sin(a),
    today=UNDECIDED,
)
table.true(tan(x) * cos(x), "=", sin(x), given=(Ne(cos(x), 0),))
table.true(sp.cosh(x), "=", (exp(x) + exp(-x)) / 2)
table.true(gamma(Rational(1, 2)) ** 2, "=", pi)
table.false(sqrt(x**2), "=", x)
table.false(sin(x) ** 2 - cos(x) ** 2, "=", 1)
table.false(sp.erfc(x), "=", 1 + sp.erf(x))
table.false(gamma(n), "=", F(n))
table.false(binomial(n, 2), "=", n * (n + 1) / 2)
table.false(sp.Abs(u) ** 2, "=", u**2)
table.false(sin(2 * x), "=", 2 * sin(x))
table.false(log(a**x + b), "=", x * log(a) + log(b))
table.false((u**2) ** Rational(1, 2), "=", u)
table.false((x * y) ** Rational(1, 2), "=", sqrt(x) * sqrt(y))
table.false(sqrt(5 - 2 * sqrt(6)), "=", sqrt(2) - sqrt(3))
table.false(1 / (sqrt(2) + 1), "=", sqrt(2) + 1)
table.false(sp.besselj(Rational(1, 2), a), "=", sqrt(2 / (pi * a)) * cos(a))
table.false(sin(x) / tan(x), "=", cos(x))
table.false(sp.cosh(x), "=", (exp(x) - exp(-x)) / 2)
table.false(sp.atan(tan(x)), "=", x)

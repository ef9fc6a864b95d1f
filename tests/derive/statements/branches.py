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

table.true(sin(x) ** 2 + cos(x) ** 2, "=", 1)
table.true(sp.erfc(x), "=", 1 - sp.erf(x))
table.true(gamma(n + 1), "=", F(n))
table.true(binomial(n, 2), "=", n * (n - 1) / 2)
table.true(sin(2 * x), "=", 2 * sin(x) * cos(x))
table.true(log(a**x * b), "=", x * log(a) + log(b))
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

# -- cuts: equal off a half-line, and not on it -------------------------------
w = sp.symbols("w", complex=True)
i = sp.symbols("i", integer=True)
conjugate, Eq = sp.conjugate, sp.Eq
half = Rational(1, 2)
third = Rational(1, 3)
off = (Ne(w, 0),)
table.true(sqrt(w) ** 2 + sqrt(a), "=", w + sqrt(a))
table.true(sqrt(a * w), "=", sqrt(a) * sqrt(w))
table.true(log(a * w), "=", log(a) + log(w), given=off, today=UNDECIDED)
table.true(sp.Abs(exp(w)), "=", exp(sp.re(w)))
table.true(sp.Abs(w) ** 2, "=", w * conjugate(w))
table.true(log(sp.Abs(x)), "=", log(x**2) / 2, given=(Ne(x, 0),))
table.true(log(-x), "=", log(x) + sp.I * pi, given=(x > 0,), today=UNDECIDED)
table.true(sqrt(-x), "=", sp.I * sqrt(x), given=(x > 0,))
table.true(exp(x * log(a)), "=", a**x)
table.true(exp(n * log(w)), "=", w**n, given=off)
table.true((w**2) ** n, "=", w ** (2 * n))
table.true(conjugate(exp(w)), "=", exp(conjugate(w)))
table.true(sqrt(x - 1) * sqrt(x + 1), "=", sqrt(x**2 - 1), given=(x >= 1,))
table.true(
    sqrt(x - 1) * sqrt(x + 1),
    "=",
    sqrt(x**2 - 1),
    given=(x >= -1,),
    name="up to -1 the two roots still make one",
    today=UNDECIDED,
)
table.true(
    sp.atan(x) + sp.atan(1 / x), "=", pi / 2, given=(x > 0,), today=UNDECIDED
)
table.true(sp.asin(sin(x)), "=", x, given=(x >= -1, x <= 1), today=UNDECIDED)
table.true(sp.acos(cos(x)), "=", x, given=(x >= 0, x <= 3), today=UNDECIDED)
table.true(
    log(exp(sp.I * x)), "=", sp.I * x, given=(x >= -3, x <= 3), today=UNDECIDED
)
table.true(
    log(exp(sp.I * x)),
    "=",
    sp.I * x,
    given=(x > -pi, x <= pi),
    today=UNDECIDED,
)
table.true(sqrt(exp(x)), "=", exp(x / 2))
table.true(sqrt(a**2 * x**2), "=", a * sp.Abs(x))
table.true((-1) ** (2 * i + 1), "=", -1)
table.true(sqrt(p**2), "=", p)
table.true(sp.Abs(x * y), "=", sp.Abs(x) * sp.Abs(y), today=UNDECIDED)
table.true(sp.Abs(w * a), "=", a * sp.Abs(w))

table.false(sqrt(w**2), "=", w)
table.false((w**3) ** third, "=", w)
table.false(sqrt(w * v), "=", sqrt(w) * sqrt(v))
table.false(log(1 / w), "=", -log(w), given=off, name="only for w < 0")
table.false(sqrt(1 / w), "=", 1 / sqrt(w), given=off)
table.false(conjugate(sqrt(w)), "=", sqrt(conjugate(w)))
table.false(conjugate(log(w)), "=", log(conjugate(w)), given=off)
table.false(sqrt(exp(w)), "=", exp(w / 2), today=UNDECIDED)
table.false(log(a**w), "=", w * log(a), today=UNDECIDED)
table.false((a**w) ** half, "=", a ** (w / 2), today=UNDECIDED)
table.false((exp(w)) ** third, "=", exp(w / 3), today=UNDECIDED)
table.false(
    log(exp(sp.I * x)),
    "=",
    sp.I * x,
    given=(x >= -pi, x <= pi),
    name="off by one at one end only: x = -pi",
    today=UNDECIDED,
)
table.false(sp.acos(cos(x)), "=", x, given=(x >= 0, x <= 4), today=UNDECIDED)
table.false(sp.asin(sin(x)), "=", x, given=(x >= 0, x <= 2))
table.false(sp.atan(x) + sp.atan(1 / x), "=", pi / 2, given=(Ne(x, 0),))
table.false(sqrt(x - 1) * sqrt(x + 1), "=", sqrt(x**2 - 1), given=(x >= -2,))
table.false(sqrt(x / y), "=", sqrt(x) / sqrt(y), given=(Ne(y, 0), x >= 0))
table.false(log(-x), "=", log(x) + sp.I * pi, given=(Ne(x, 0),))
table.true(
    sp.acosh(x), "=", log(x + sqrt(x**2 - 1)), given=(x >= 1,), today=UNDECIDED
)
table.false(
    sp.acosh(x),
    "=",
    log(x + sqrt(x**2 - 1)),
    given=(x >= -2,),
    today=UNDECIDED,
)
table.false((x**2) ** Rational(3, 2), "=", x**3)
table.false((x**3) ** third, "=", x, given=(x >= -1,))
table.false(
    sp.arg(w * v),
    "=",
    sp.arg(w) + sp.arg(v),
    given=(*off, Ne(v, 0)),
    today=UNDECIDED,
)
table.false(log(w**2), "=", 2 * log(w), given=off)
table.false(
    log(w**2),
    "=",
    2 * log(w),
    given=(Eq(sp.Abs(w), 1),),
    name="true on half of the circle",
)
table.false(sqrt(w) * sqrt(1 / w), "=", 1, given=off)
table.false(sp.Abs(w + 1), "=", sp.Abs(w) + 1)
table.false(w ** (2 * half) * sqrt(w**2), "=", w**2)
table.false((-1) ** (i * (i + 1) / 2), "=", (-1) ** i)

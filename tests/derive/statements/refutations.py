"""Printed formulas that are wrong: a refutation that stands is a true row."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Abs,
    Integral,
    Ne,
    Sum,
    cos,
    exp,
    factorial,
    log,
    pi,
    sin,
    sqrt,
)

from kexue_lib.derive import Gaussian, Mean, by

from .table import Table

n, k = sp.symbols("n k", integer=True, nonnegative=True)
x, y, z = sp.symbols("x y z", real=True)
a, b, c, t = sp.symbols("a b c t", positive=True)
u = sp.symbols("u", complex=True)


def A(f, low, high, var=x):
    return Integral(f, (var, low, high))


cx = by.counterexample

table = Table("refutations")

table.true(sqrt(x**2), "=", x, cx())
table.true(log(x**2), "=", 2 * log(x), cx(), given=(Ne(x, 0),))
table.true((x + y) ** 2, "=", x**2 + y**2, cx())
table.true(x, "<=", x**2, cx())
table.true(sin(x), "=", cos(x), cx({x: 0}))
table.true(n, "=", 0, cx())
table.true(factorial(n + 1), "=", n * factorial(n), cx())
table.true(1 / (1 + a), "=", 1 - a, cx())
table.true(u * sp.conjugate(u), "=", u**2, cx())
table.true(Sum(k, (k, 0, n)), "=", n**2 / 2, cx())
table.true(exp(a), "=", 1 + a, cx())
table.true((-1) ** n, "=", 1, cx({n: 1}))
table.true(sp.Matrix([[1, x], [0, 1]]), "=", sp.Matrix([[1, 0], [x, 1]]), cx())
table.true(sp.legendre(n, -x), "=", sp.legendre(n, x), cx())
table.true(A(x**2, 0, a), "=", a**3, cx())
table.false(sqrt(x**2), "=", Abs(x), cx())
table.false(log(a**2), "=", 2 * log(a), cx())
table.false((x + y) ** 2, "=", x**2 + 2 * x * y + y**2, cx())
table.false(x - 1, "<=", x, cx())
table.false(sin(x), "=", cos(x), cx({x: pi / 4}))
table.false(n, "=", n, cx())
table.false(factorial(n + 1), "=", (n + 1) * factorial(n), cx())
table.false(1 / (1 + a), "=", 1 - a / (1 + a), cx())
table.false(u * sp.conjugate(u), "=", Abs(u) ** 2, cx())
table.false(Sum(k, (k, 0, n)), "=", n * (n + 1) / 2, cx())
table.false(1, "<=", exp(a), cx())
table.false((-1) ** n, "=", 1, cx({n: 2}))
table.false(
    sp.Matrix([[1, x], [0, 1]]).T, "=", sp.Matrix([[1, 0], [x, 1]]), cx()
)
table.false(sp.legendre(n, -x), "=", (-1) ** n * sp.legendre(n, x), cx())
table.false(A(x**2, 0, a), "=", a**3 / 3, cx())
table.false(a, "=", -a, cx({a: -1}))

# -- true, however small: none of these is refuted ----------------------------
z = sp.symbols("z", real=True)
g01 = Gaussian(z)
third, half = sp.Rational(1, 3), sp.Rational(1, 2)
table.false(exp(-(x**4)), ">", 0, cx(), kin="02")
table.false(1 / (1 + exp(x**2)), ">", 0, cx(), kin="02")
table.false(exp(-exp(x)), ">", 0, cx(), kin="02")
table.false(exp(-((n + 7) ** 2)), ">", 0, cx(), kin="02")
table.false(1 + exp(-9 * x**2), ">", 1, cx(), kin="02")
table.false(exp(-n), "!=", exp(-2 * n - 60), cx(), kin="02")
table.false(sp.tanh(n), "<", 1, cx(), kin="02")
table.false(sp.tanh(n + 60), "<", 1, cx(), kin="02")
table.false(1 / factorial(n + 40), ">", 0, cx(), kin="02")
table.false(
    Mean(sp.Max(z, 0), g01),
    "=",
    1 / sqrt(2 * pi),
    cx(),
    kin="03",
)
table.false(
    Mean(Abs(z) ** 3, g01),
    "=",
    2 * sqrt(2 / pi),
    cx(),
    kin="03",
)
table.false(
    Mean(sp.sign(z) * z, g01),
    "=",
    sqrt(2 / pi),
    cx(),
    kin="03",
)
table.false(
    Mean(sp.Max(z - 1, 0), g01),
    "=",
    exp(-half) / sqrt(2 * pi) - sp.erfc(1 / sqrt(2)) / 2,
    cx(),
    kin="03",
)
table.false(A(Abs(x - third), 0, 1), "=", sp.Rational(5, 18), cx(), kin="03")
table.false(
    A(sqrt(Abs(x)), -1, 2), "=", 2 * (1 + 2 * sqrt(2)) / 3, cx(), kin="03"
)
table.false(Mean(Abs(z - half), g01), ">", Mean(Abs(z), g01), cx(), kin="03")
table.false(sqrt(2) + sqrt(3), "=", sqrt(5 + 2 * sqrt(6)), cx())
table.false(sp.GoldenRatio**2, "=", sp.GoldenRatio + 1, cx())
table.false(
    exp(pi * sqrt(163)),
    "!=",
    640320**3 + 744,
    cx(),
)
# -- false, however slightly: these are ---------------------------------------
table.true(
    exp(pi * sqrt(163)),
    "=",
    640320**3 + 744,
    cx(),
)
table.true(exp(-n), "=", 2 * exp(-n), cx())
table.true(1 + exp(-9 * x**2), "<=", 1, cx())
table.true(sin(x), "=", x - x**3 / 6, cx())
table.true(
    Mean(z**4, g01),
    "=",
    3 + sp.Rational(1, 10**15),
    cx(),
)
table.true(A(x**2, 0, 1), "=", third + sp.Rational(1, 10**25), cx())
table.true(sp.tanh(n), "<", sp.tanh(n), cx())
table.true(Abs(x), ">", x, cx())

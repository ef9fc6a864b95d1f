"""Integrals by an antiderivative that is differentiated."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Abs,
    I,
    Integral,
    Rational,
    atan,
    cos,
    exp,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tan,
    tanh,
)

from kexue_lib.derive import by

from .table import UNDECIDED, Table

n, k = sp.symbols("n k", integer=True, nonnegative=True)
p, q = sp.symbols("p q", integer=True, positive=True)
x, y, z = sp.symbols("x y z", real=True)
a, b, c, t = sp.symbols("a b c t", positive=True)
half = Rational(1, 2)


def A(f, low, high, var=x):
    return Integral(f, (var, low, high))


anti = by.antiderivative
integ = by.antiderivative

table = Table("integrals")

table.true(A(x**2, 0, 1), "=", Rational(1, 3), anti(x**3 / 3))
table.true(A(exp(a * x), 0, 1), "=", (exp(a) - 1) / a, anti(exp(a * x) / a))
table.true(A(1 / x, 1, 1 + a), "=", log(1 + a), anti(log(x)))
table.true(A(1 / (1 + x**2), 0, 1), "=", pi / 4, anti(atan(x)))
table.true(A(1 / (1 + x**2), -oo, oo), "=", pi, anti(atan(x)))
table.true(A(x * exp(-(x**2)), 0, oo), "=", half, anti(-exp(-(x**2)) / 2))
table.true(A(sin(x), 0, pi), "=", 2, anti(-cos(x)))
table.true(A(cos(p * x), -pi, pi), "=", 0, anti(sin(p * x) / p))
table.true(A(x**2, 0, a), "=", a**3 / 3, anti())
table.true(2 * A(x, 0, a), "=", a**2, anti(x**2))
table.true(A(1 - tanh(x) ** 2, 0, a), "=", tanh(a), anti(tanh(x)))
table.true(A(x**n, 0, 1), "=", 1 / (n + 1), anti(x ** (n + 1) / (n + 1)))
table.true(A(log(x), 0, 1), "=", -1, anti(x * log(x) - x), today=UNDECIDED)
table.true(A(exp(-a * x), 0, oo), "=", 1 / a, anti(-exp(-a * x) / a))
table.true(
    A(exp(2 * pi * I * p * x), 0, 1),
    "=",
    0,
    anti(exp(2 * pi * I * p * x) / (2 * pi * I * p)),
)
table.true(A(x * (1 - x), 0, 1), "=", Rational(1, 6), anti())
table.true(
    A(1 / (1 - x), b, c),
    "=",
    log(1 - b) - log(1 - c),
    anti(-log(1 - x)),
    given=(b < c, c < 1, b < 1),
)
table.false(A(x**2, 0, 1), "=", half, anti(x**3 / 3), today=UNDECIDED)
table.true(
    A(x**2, 0, 1),
    "=",
    Rational(1, 3),
    anti(x**3),
    name="a wrong certificate, where none is needed",
)
table.false(A(1 / x**2, -1, 1), "=", -2, anti(-1 / x), today=UNDECIDED)
table.false(A(1 / x, 1, 1 + a), "=", log(a), anti(log(x)), today=UNDECIDED)
table.false(
    A(1 / (1 + cos(x) ** 2), 0, 2 * pi),
    "=",
    0,
    anti(atan(tan(x) / sqrt(2)) / sqrt(2)),
    today=UNDECIDED,
)
table.false(
    A(1 / (1 + x**2), -oo, oo), "=", 2 * pi, anti(atan(x)), today=UNDECIDED
)
table.false(A(sin(x), 0, pi), "=", 0, anti(-cos(x)), today=UNDECIDED)
table.false(A(sin(x), 0, pi), "=", -2, anti(cos(x)), today=UNDECIDED)
table.false(
    A(cos(k * x), -pi, pi), "=", 0, anti(sin(k * x) / k), today=UNDECIDED
)
table.false(A(x**2, 0, a), "=", a**3, anti(), today=UNDECIDED)
table.false(2 * A(x, 0, a), "=", 2 * a**2, anti(x**2), today=UNDECIDED)
table.false(A(1 / x, -1, 2), "=", log(2), anti(log(x)), today=UNDECIDED)
table.false(A(x**n, 0, 1), "=", 1 / n, anti(x ** (n + 1) / (n + 1)))
table.false(
    A(exp(-a * x), 0, oo), "=", -1 / a, anti(-exp(-a * x) / a), today=UNDECIDED
)
table.false(A(exp(x * y), 0, 1), "=", (exp(y) - 1) / y, anti(exp(x * y) / y))
table.false(A(abs(x), -1, 1), "=", 0, anti(x * Abs(x) / 2), today=UNDECIDED)
table.false(
    A(1 / (1 - x), b, c),
    "=",
    log(1 - b) - log(1 - c),
    anti(-log(1 - x)),
    given=(b < c, b < 1),
    today=UNDECIDED,
)

table.true(A(exp(-(x**2)), -oo, oo), "=", sqrt(pi), integ())
table.true(A(exp(-a * x**2), -oo, oo), "=", sqrt(pi / a), integ())
table.true(A(x**2 * exp(-(x**2)), -oo, oo), "=", sqrt(pi) / 2, integ())
table.true(A(exp(-x) * x**3, 0, oo), "=", 6, integ())
table.true(A(sin(x), 0, pi), "=", 2, integ())
table.true(A(1 / (1 + x**2), -oo, oo), "=", pi, integ())
table.true(A(x**n, 0, 1), "=", 1 / (n + 1), integ())
table.true(
    A(x * sin(pi * p * x), -1, 1), "=", -2 * (-1) ** p / (pi * p), integ()
)
table.true(A(cos(x) ** 2, 0, 2 * pi), "=", pi, integ())
table.true(A(log(x), 0, 1), "=", -1, integ(), today=UNDECIDED)
table.true(A(exp(-a * x), 0, oo), "=", 1 / a, integ())
table.true(A(1 / sqrt(x), 0, 1), "=", 2, integ())
table.true(A(sp.legendre(2, x) * sp.legendre(3, x), -1, 1), "=", 0, integ())
table.true(A(sp.legendre(2, x) ** 2, -1, 1), "=", Rational(2, 5), integ())
table.false(A(exp(-(x**2)), -oo, oo), "=", pi, integ(), today=UNDECIDED)
table.false(
    A(exp(-a * x**2), -oo, oo), "=", sqrt(pi) / a, integ(), today=UNDECIDED
)
table.false(
    A(x**2 * exp(-(x**2)), -oo, oo), "=", sqrt(pi), integ(), today=UNDECIDED
)
table.false(A(exp(-x) * x**3, 0, oo), "=", 3, integ(), today=UNDECIDED)
table.false(A(sin(x), 0, pi), "=", 0, integ(), today=UNDECIDED)
table.false(A(1 / x, -1, 1), "=", 0, integ(), today=UNDECIDED)
table.false(A(x**n, 0, 1), "=", 1 / n, integ())
table.false(A(exp(2 * pi * I * k * x), 0, 1), "=", 0, integ(), today=UNDECIDED)
table.false(A(cos(x) ** 2, 0, 2 * pi), "=", 2 * pi, integ(), today=UNDECIDED)
table.false(A(log(x), 0, 1), "=", 1, integ(), today=UNDECIDED)
table.false(A(exp(-y * x), 0, oo), "=", 1 / y, integ())
table.false(A(1 / x, 0, 1), "=", 1, integ(), today=UNDECIDED)
table.false(A(sp.legendre(2, x) ** 2, -1, 1), "=", 1, integ(), today=UNDECIDED)
table.false(
    A(-1 / (1 + x**2), -1, 1), "=", pi / 2, anti(sp.acot(x)), today=UNDECIDED
)
table.false(A(I, 0, 2 * pi), "=", 0, anti(log(exp(I * x))), today=UNDECIDED)


# -- a pole or a cut that the range reaches only later ------------------------
def to(f, high=a):
    return A(f, 0, high)


table.false(
    to(1 / (144 - x**2)),
    "=",
    sp.atanh(a / 12) / 12,
    anti(sp.atanh(x / 12) / 12),
    kin="11",
    today=UNDECIDED,
)
table.false(
    to(1 / sqrt(81 - x**2)),
    "=",
    sp.asin(a / 9),
    anti(sp.asin(x / 9)),
    kin="11",
    today=UNDECIDED,
)
table.false(
    to(1 / (30 - x)), "=", log(30) - log(30 - a), anti(-log(30 - x)), kin="11"
)
table.false(
    to(1 / (30 - x) ** 2),
    "=",
    1 / (30 - a) - Rational(1, 30),
    anti(1 / (30 - x)),
    kin="34",
)
table.false(
    to(1 / (30 - x)),
    "=",
    log(30) - log(30 - a),
    anti(-log(30 - x)),
    given=(a < 31,),
    kin="34",
)
table.false(
    to(1 / (30 - x)),
    "=",
    log(30) - log(30 - a),
    anti(-log(30 - x)),
    given=(a <= 30,),
    kin="34",
)
table.false(
    to(1 / cos(x) ** 2), "=", tan(a), anti(tan(x)), kin="11", today=UNDECIDED
)
table.false(
    to(1 / cos(x) ** 2),
    "=",
    tan(a),
    anti(tan(x)),
    given=(a < 2,),
    kin="11",
    today=UNDECIDED,
)
table.false(
    to(1 / sqrt(200 - x)),
    "=",
    2 * sqrt(200) - 2 * sqrt(200 - a),
    anti(-2 * sqrt(200 - x)),
    given=(a <= 201,),
    kin="34",
    today=UNDECIDED,
)
table.false(to(1 / (x**2 - x - 1)), "=", 0, anti(), today=UNDECIDED)
table.false(
    A(1 / x, -a, b), "=", log(b) - log(a), anti(log(Abs(x))), today=UNDECIDED
)
table.false(
    A(1 / x, a, b), "=", log(a) - log(b), anti(log(x)), today=UNDECIDED
)
table.true(
    A(1 / x, a, b),
    "=",
    log(b) - log(a),
    anti(log(x)),
    name="in either direction",
    today=UNDECIDED,
)
table.true(
    to(1 / (30 - x)),
    "=",
    log(30) - log(30 - a),
    anti(-log(30 - x)),
    given=(a < 30,),
)
table.true(
    to(1 / (30 - x) ** 2),
    "=",
    1 / (30 - a) - Rational(1, 30),
    anti(1 / (30 - x)),
    given=(a < 29,),
)
table.true(
    to(1 / (144 - x**2)),
    "=",
    sp.atanh(a / 12) / 12,
    anti(sp.atanh(x / 12) / 12),
    given=(a < 12,),
)
table.true(
    to(1 / sqrt(81 - x**2)),
    "=",
    sp.asin(a / 9),
    anti(sp.asin(x / 9)),
    given=(a < 9,),
)
table.true(to(1 / cos(x) ** 2), "=", tan(a), anti(tan(x)), given=(a < 1,))
table.true(
    to(1 / sqrt(1 + x)), "=", 2 * sqrt(1 + a) - 2, anti(2 * sqrt(1 + x))
)
table.true(to(x * exp(-x)), "=", 1 - (1 + a) * exp(-a), anti())
table.true(to(exp(I * x)), "=", I - I * exp(I * a), anti(-I * exp(I * x)))
table.true(to(sp.cosh(x)), "=", sp.sinh(a), anti(sp.sinh(x)))
table.true(A(x**2, -a, a), "=", 2 * a**3 / 3, anti())
table.true(A(x**3, -a, a), "=", 0, anti())
table.true(
    to(1 / (x**2 + a**2)),
    "=",
    pi / (4 * a),
    anti(atan(x / a) / a),
    today=UNDECIDED,
)
table.false(
    to(1 / (x**2 + a**2)), "=", pi / 4, anti(atan(x / a) / a), today=UNDECIDED
)
table.false(
    to(x * exp(-x)), "=", 1 - (1 - a) * exp(-a), anti(), today=UNDECIDED
)
table.false(
    to(exp(I * x)),
    "=",
    I * exp(I * a) - I,
    anti(-I * exp(I * x)),
    today=UNDECIDED,
)
table.false(A(x**2, -a, a), "=", 0, anti(), today=UNDECIDED)
table.false(
    A(x**2, 0, 1),
    "=",
    Rational(1, 3) + Rational(1, 10**14),
    anti(),
    today=UNDECIDED,
)

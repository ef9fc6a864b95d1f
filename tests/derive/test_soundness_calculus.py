"""True and false statements: integrals, limits, inequalities, optima, runs."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import (
    Abs,
    I,
    Integral,
    Limit,
    Max,
    Ne,
    O,
    Rational,
    Sum,
    Tuple,
    atan,
    cos,
    cosh,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tan,
    tanh,
)

from kexue_lib.derive import (
    ArgMax,
    ArgMin,
    Bernoulli,
    Discrete,
    Gaussian,
    Independent,
    Maximum,
    Mean,
    Minimum,
    by,
)
from kexue_lib.derive.checks.measure import Reading

n, k = sp.symbols("n k", integer=True, nonnegative=True)
p, q = sp.symbols("p q", integer=True, positive=True)
x, y, z = sp.symbols("x y z", real=True)
a, b, c, t = sp.symbols("a b c t", positive=True)
u = sp.symbols("u", complex=True)
e = sp.symbols("epsilon", positive=True)
half = Rational(1, 2)


def A(f, low, high, var=x):
    return Integral(f, (var, low, high))


anti = by.antiderivative
ANTIDERIVATIVE = (
    [
        (A(x**2, 0, 1), Rational(1, 3), anti(x**3 / 3)),
        (A(exp(a * x), 0, 1), (exp(a) - 1) / a, anti(exp(a * x) / a)),
        (A(1 / x, 1, 1 + a), log(1 + a), anti(log(x))),
        (A(1 / (1 + x**2), 0, 1), pi / 4, anti(atan(x))),
        (A(1 / (1 + x**2), -oo, oo), pi, anti(atan(x))),
        (A(x * exp(-(x**2)), 0, oo), half, anti(-exp(-(x**2)) / 2)),
        (A(sin(x), 0, pi), 2, anti(-cos(x))),
        (A(cos(p * x), -pi, pi), 0, anti(sin(p * x) / p)),
        (A(x**2, 0, a), a**3 / 3, anti()),
        (2 * A(x, 0, a), a**2, anti(x**2)),
        (A(1 - tanh(x) ** 2, 0, a), tanh(a), anti(tanh(x), by.exponentials())),
        (A(x**n, 0, 1), 1 / (n + 1), anti(x ** (n + 1) / (n + 1))),
        (A(log(x), 0, 1), -1, anti(x * log(x) - x)),
        (A(exp(-a * x), 0, oo), 1 / a, anti(-exp(-a * x) / a)),
        (
            A(exp(2 * pi * I * p * x), 0, 1),
            0,
            anti(exp(2 * pi * I * p * x) / (2 * pi * I * p)),
        ),
        (A(x * (1 - x), 0, 1), Rational(1, 6), anti()),
        (
            A(1 / (1 - x), b, c),
            log(1 - b) - log(1 - c),
            anti(-log(1 - x)),
            "=",
            (b < c, c < 1, b < 1),
        ),
    ],
    [
        (A(x**2, 0, 1), half, anti(x**3 / 3)),
        (A(x**2, 0, 1), Rational(1, 3), anti(x**3)),
        (A(1 / x**2, -1, 1), -2, anti(-1 / x)),
        (A(1 / x, 1, 1 + a), log(a), anti(log(x))),
        (
            A(1 / (1 + cos(x) ** 2), 0, 2 * pi),
            0,
            anti(atan(tan(x) / sqrt(2)) / sqrt(2), by.rewriting("simplify")),
        ),
        (A(1 / (1 + x**2), -oo, oo), 2 * pi, anti(atan(x))),
        (A(sin(x), 0, pi), 0, anti(-cos(x))),
        (A(sin(x), 0, pi), -2, anti(cos(x))),
        (A(cos(k * x), -pi, pi), 0, anti(sin(k * x) / k)),
        (A(x**2, 0, a), a**3, anti()),
        (2 * A(x, 0, a), 2 * a**2, anti(x**2)),
        (A(1 / x, -1, 2), log(2), anti(log(x))),
        (A(x**n, 0, 1), 1 / n, anti(x ** (n + 1) / (n + 1))),
        (A(exp(-a * x), 0, oo), -1 / a, anti(-exp(-a * x) / a)),
        (A(exp(x * y), 0, 1), (exp(y) - 1) / y, anti(exp(x * y) / y)),
        (A(abs(x), -1, 1), 0, anti(x * Abs(x) / 2)),
        (
            A(1 / (1 - x), b, c),
            log(1 - b) - log(1 - c),
            anti(-log(1 - x)),
            "=",
            (b < c, b < 1),
        ),
    ],
)

integ = by.integrate
INTEGRATE = (
    [
        (A(exp(-(x**2)), -oo, oo), sqrt(pi), integ()),
        (A(exp(-a * x**2), -oo, oo), sqrt(pi / a), integ()),
        (A(x**2 * exp(-(x**2)), -oo, oo), sqrt(pi) / 2, integ()),
        (A(exp(-x) * x**3, 0, oo), 6, integ()),
        (A(sin(x), 0, pi), 2, integ()),
        (A(1 / (1 + x**2), -oo, oo), pi, integ()),
        (A(x**n, 0, 1), 1 / (n + 1), integ()),
        (A(x * sin(pi * p * x), -1, 1), -2 * (-1) ** p / (pi * p), integ()),
        (A(cos(x) ** 2, 0, 2 * pi), pi, integ()),
        (A(log(x), 0, 1), -1, integ()),
        (A(exp(-a * x), 0, oo), 1 / a, integ()),
        (A(x**2, 0, a), a**3 / 3, integ()),
        (A(1 / sqrt(x), 0, 1), 2, integ()),
        (A(sp.legendre(2, x) * sp.legendre(3, x), -1, 1), 0, integ()),
        (A(sp.legendre(2, x) ** 2, -1, 1), Rational(2, 5), integ()),
    ],
    [
        (A(exp(-(x**2)), -oo, oo), pi, integ()),
        (A(exp(-a * x**2), -oo, oo), sqrt(pi) / a, integ()),
        (A(x**2 * exp(-(x**2)), -oo, oo), sqrt(pi), integ()),
        (A(exp(-x) * x**3, 0, oo), 3, integ()),
        (A(sin(x), 0, pi), 0, integ()),
        (A(1 / x, -1, 1), 0, integ()),
        (A(x**n, 0, 1), 1 / n, integ()),
        (A(exp(2 * pi * I * k * x), 0, 1), 0, integ()),
        (A(cos(x) ** 2, 0, 2 * pi), 2 * pi, integ()),
        (A(log(x), 0, 1), 1, integ()),
        (A(exp(-y * x), 0, oo), 1 / y, integ()),
        (A(x**2, 0, a), a**3, integ()),
        (A(1 / x, 0, 1), 1, integ()),
        (A(sp.legendre(2, x) ** 2, -1, 1), 1, integ()),
        (x**2, x**2, integ()),
    ],
)

lim = by.limit()
LIMIT = (
    [
        (Limit(sin(x) / x, x, 0), 1),
        (Limit((1 + 1 / p) ** p, p, oo), sp.E),
        (Limit(x * log(x), x, 0), 0),
        (Limit((exp(x) - 1) / x, x, 0), 1),
        (Limit(tanh(x), x, oo), 1),
        (Limit((a * x + 1) / (x + 2), x, oo), a),
        (Limit((1 - cos(x)) / x**2, x, 0), half),
        (Limit(x / (1 + x), x, oo), 1),
        (Limit((cosh(x) - 1) / x**2, x, 0), half),
        (Limit(sp.sign(x), x, 0, "+"), 1),
        (Limit(sp.sign(x), x, 0, "-"), -1),
        (Limit((x**2 - 1) / (x - 1), x, 1), 2),
        (Limit(exp(-a * x), x, oo), 0),
        (Limit(sqrt(x**2 + x) - x, x, oo), half),
        (Limit(p ** (1 / p), p, oo), 1),
        (Limit(log(1 + a * x) / x, x, 0), a),
    ],
    [
        (Limit(sin(x) / x, x, 0), 0),
        (Limit((1 + 1 / p) ** p, p, oo), 1),
        (Limit(x * log(x), x, 0), 1),
        (Limit((exp(x) - 1) / x, x, 0), 0),
        (Limit(tanh(x), x, -oo), 1),
        (Limit((a * x + 1) / (x + 2), x, oo), half),
        (Limit((1 - cos(x)) / x**2, x, 0), 1),
        (Limit(sin(x), x, oo), 0),
        (Limit(sp.sign(x), x, 0, "+-"), 1),
        (Limit(Abs(x) / x, x, 0, "+-"), 1),
        (Limit(1 / x, x, 0, "+-"), 0),
        (Limit((x**2 - 1) / (x - 1), x, 1), 0),
        (Limit(exp(-y * x), x, oo), 0),
        (Limit(sqrt(x**2 + x) - x, x, oo), 0),
        (Limit(x**p, p, oo), 0),
        (x, x),
    ],
)

ser = by.series()
SERIES = (
    [
        (exp(x), 1 + x + x**2 / 2 + O(x**3)),
        (sin(x), x - x**3 / 6 + O(x**5)),
        (cos(x), 1 - x**2 / 2 + O(x**4)),
        (log(1 + x), x - x**2 / 2 + O(x**3)),
        (1 / (1 - x), 1 + x + x**2 + x**3 + O(x**4)),
        (sqrt(1 + x), 1 + x / 2 - x**2 / 8 + O(x**3)),
        (tanh(x), x - x**3 / 3 + O(x**5)),
        ((1 + x) ** a, 1 + a * x + a * (a - 1) / 2 * x**2 + O(x**3)),
        (exp(a * x), 1 + a * x + O(x**2)),
        (1 / cosh(x), 1 - x**2 / 2 + O(x**4)),
        (atan(x), x - x**3 / 3 + O(x**5)),
        (x / (exp(x) - 1), 1 - x / 2 + x**2 / 12 + O(x**3)),
        (exp(x) * cos(x), 1 + x + O(x**3)),
        (1 / (1 + a * x), 1 - a * x + a**2 * x**2 + O(x**3)),
        (sin(x) / x, 1 - x**2 / 6 + O(x**4)),
    ],
    [
        (exp(x), 1 + x + x**2 + O(x**3)),
        (sin(x), x + x**3 / 6 + O(x**5)),
        (sin(x), x + O(x**5)),
        (log(1 + x), x + x**2 / 2 + O(x**3)),
        (1 / (1 - x), 1 - x + O(x**2)),
        (sqrt(1 + x), 1 + x + O(x**2)),
        (tanh(x), x + O(x**5)),
        ((1 + x) ** a, 1 + a * x + a * (a + 1) / 2 * x**2 + O(x**3)),
        (exp(a * x), 1 + x + O(x**2)),
        (1 / cosh(x), 1 + x**2 / 2 + O(x**4)),
        (atan(x), x - x**3 / 6 + O(x**5)),
        (x / (exp(x) - 1), 1 - x / 2 - x**2 / 12 + O(x**3)),
        (exp(x) * cos(x), 1 + x + O(x**4)),
        (1 / (1 + a * x), 1 + a * x + O(x**2)),
        (exp(x), 1 + x),
    ],
)

asy = by.asymptotic
ASYMPTOTIC = (
    [
        (p + 1, p, asy(p)),
        (p**2 + 3 * p, p**2, asy(p)),
        (log(p + 1), log(p + 1) + 0 * p, asy(p)),
        (exp(a) + 1, exp(a), asy(a)),
        (sin(t), t, asy(t, 0)),
        (exp(t) - 1, t, asy(t, 0)),
        (1 - cos(t), t**2 / 2, asy(t, 0)),
        (p * (p + 1) / 2, p**2 / 2, asy(p)),
        (sqrt(a**2 + 1), a, asy(a)),
        (cosh(a), exp(a) / 2, asy(a)),
        (tanh(t), t, asy(t, 0)),
        (log(1 + t), t, asy(t, 0)),
        (a + log(a), a, asy(a)),
        ((2 * a + 1) / (a + 3), 2 + 0 * a, asy(a)),
        (1 / (a**2 + a), a**-2, asy(a)),
    ],
    [
        (p + 1, 2 * p, asy(p)),
        (p**2 + 3 * p, p, asy(p)),
        (exp(a + 1), exp(a), asy(a)),
        (exp(a) + 1, a, asy(a)),
        (sin(t), t**2, asy(t, 0)),
        (exp(t) - 1, 1 + t, asy(t, 0)),
        (1 - cos(t), t**2, asy(t, 0)),
        (p * (p + 1) / 2, p**2, asy(p)),
        (sqrt(a**2 + 1), a + 1 / (2 * a) + 1 + a, asy(a)),
        (cosh(a), exp(a), asy(a)),
        (tanh(a), a, asy(a)),
        (log(1 + t), -t, asy(t, 0)),
        (a * log(a), a, asy(a)),
        ((2 * a + 1) / (a + 3), sp.Integer(1), asy(a)),
        (1 / (a**2 + a), 1 / a, asy(a)),
    ],
)

g, h = sp.symbols("g h", real=True)
bb, b2 = sp.symbols("beta_1 beta_2", real=True)
rho = sp.symbols("rho", positive=True)
v = sp.symbols("v_1 v_2 v_3", real=True)
N01 = Gaussian(g)
mom = by.moments()
unit = (rho <= 1,)
MOMENTS = (
    [
        (Mean(g**2, N01), 1),
        (Mean(g**4, N01), 3),
        (Mean(g**6, N01), 15),
        (Mean(g**3, N01), 0),
        (Mean((g + x) ** 2, N01), 1 + x**2),
        (Mean(g**2, Gaussian(g, x, a)), a + x**2),
        (Mean(g * h, N01, Gaussian(h)), 0),
        (Mean((g + h) ** 2, N01, Gaussian(h)), 2),
        (Mean(g**4, Gaussian(g, 0, a)), 3 * a**2),
        (Mean(bb, Bernoulli(bb, rho)), rho, "=", unit),
        (Mean(bb**2, Bernoulli(bb, rho)), rho, "=", unit),
        (
            Mean((bb - rho) ** 2, Bernoulli(bb, rho)),
            rho * (1 - rho),
            "=",
            unit,
        ),
        (Mean(bb * g**2, Bernoulli(bb, half), N01), half),
        (Mean(bb**2, Discrete(bb, (1, half), (-1, half))), 1),
        (Mean(sum(v) ** 2, Independent(v, 0, a)), 3 * a),
        (Mean((v[0] - v[1]) ** 2, Independent(v, x, a)), 2 * a),
    ],
    [
        (Mean(g**2, N01), 2),
        (Mean(g**4, N01), 1),
        (Mean(g**6, N01), 9),
        (Mean(g**3, N01), 1),
        (Mean((g + x) ** 2, N01), x**2),
        (Mean(g**2, Gaussian(g, x, a)), a**2 + x**2),
        (Mean(g * h, N01, Gaussian(h)), 1),
        (Mean((g + h) ** 2, N01, Gaussian(h)), 4),
        (Mean(g**2, N01), Mean(g, N01) ** 2),
        (Mean(bb, Bernoulli(bb, rho)), 1 - rho, "=", unit),
        (Mean(bb**2, Bernoulli(bb, rho)), rho**2, "=", unit),
        (Mean((bb - rho) ** 2, Bernoulli(bb, rho)), rho, "=", unit),
        (Mean(bb * g**2, Bernoulli(bb, half), N01), 1),
        (Mean(bb**2, Discrete(bb, (1, half), (-1, half))), 0),
        (Mean(sum(v) ** 2, Independent(v, 0, a)), 9 * a),
        (Mean(v[0] ** 4, Independent(v, 0, 1)), 3),
        (Mean(g, Discrete(g, (1, half), (0, Rational(1, 3)))), half),
        (Mean(exp(g), N01), exp(half)),
    ],
)

sg = by.sign()
SIGN = (
    [
        (0, x**2, sg, "<="),
        (0, a, sg, "<"),
        (2 * a, a**2 + 1 + 2 * a, sg, "<"),
        (1 / (1 + a), 1, sg, "<"),
        (0, (x - y) ** 2, sg, "<="),
        (n, n + 1, sg, "<"),
        (n, n**2, sg, "<=", (n >= 1,)),
        (a, 1, sg, "<", (a < 1,)),
        (a**2, a, sg, "<", (a < 1,)),
        (a * (1 - a), 0, sg, ">=", (a <= 1,)),
        (k, n + 1, sg, "<", (k <= n,)),
        (1, exp(a), sg, "<="),
        (x / (1 + x), 1, sg, "<", (x >= 0,)),
        (0, 1 - x**2, sg, "<=", (x <= 1, x >= -1)),
        (-1, cos(x) - cos(x), sg, "<"),
        (a + b, 0, sg, ">"),
        (0, 1 - c**2, sg, "<", (b < c, c < 1, b < 1)),
    ],
    [
        (0, x, sg, "<="),
        (0, x**2, sg, "<"),
        (a, a**2, sg, "<="),
        (1 / a, 1, sg, "<="),
        (0, (x - y) ** 3, sg, "<="),
        (n, n**2, sg, "<"),
        (n + 1, n, sg, "<="),
        (a, 1, sg, "<="),
        (a**2, a, sg, ">", (a < 1,)),
        (a * (1 - a), 0, sg, ">", (a <= 1,)),
        (n, k, sg, "<", (k <= n,)),
        (exp(a), 1, sg, "<="),
        (x / (1 + x), 1, sg, "<"),
        (0, 1 - x**2, sg, "<", (x <= 1, x >= -1)),
        (sqrt(x**2), x, sg, "<="),
        (u, u + 1, sg, "<"),
        (0, 1 / x, sg, "<", (x >= 0,)),
        (0, 1 - c**2, sg, "<", (b < c, b < 1)),
    ],
)
SIGN[0][11] = (-1, exp(a), sg, "<")
SIGN[0][14] = (-1, 0, sg, "<")

sq = by.squares
SQUARES = (
    [
        (2 * x * y, x**2 + y**2, sq({x - y: 1}), "<="),
        (0, x**2 + x + 1, sq({x + half: 1, sp.S.One: Rational(3, 4)}), "<="),
        (
            x * y + y * z + z * x,
            x**2 + y**2 + z**2,
            sq({x - y: half, y - z: half, z - x: half}),
            "<=",
        ),
        ((x + y) ** 2, 2 * (x**2 + y**2), sq({x - y: 1}), "<="),
        (0, x**4 - 2 * x**2 + 1, sq({x**2 - 1: 1}), "<="),
        (4 * a * b, (a + b) ** 2, sq({a - b: 1}), "<="),
        (
            (x + y + z) ** 2,
            3 * (x**2 + y**2 + z**2),
            sq({x - y: 1, y - z: 1, z - x: 1}),
            "<=",
        ),
        (x**2 + 1, 2 * x, sq({x - 1: 1}), ">="),
        (
            (x * y + z) ** 2,
            (x**2 + z**2) * (y**2 + 1),
            sq({x - y * z: 1}),
            "<=",
        ),
        (-a * x**2, 0 * x, sq({x: a}), "<="),
        (0, 2 * x**2, sq({x: 2}), "<="),
        (2 * sqrt(a) * x, a + x**2, sq({sqrt(a) - x: 1}), "<="),
        (x, x**2 + Rational(1, 4), sq({x - half: 1}), "<="),
        (0, (x - 1) ** 2 + (y + 1) ** 2, sq({x - 1: 1, y + 1: 1}), "<="),
        (x**2 * y**2, (x**4 + y**4) / 2, sq({x**2 - y**2: half}), "<="),
    ],
    [
        (2 * x * y, x**2 + y**2, sq({x + y: 1}), "<="),
        (3 * x * y, x**2 + y**2, sq({x - y: 1}), "<="),
        (0, x**2 - 1, sq({x: 1, sp.S.One: -1}), "<="),
        (0, u**2, sq({u: 1}), "<="),
        (2 * x * y, x**2 + y**2, sq({x - y: 1}), "<"),
        (2 * x * y, x**2 + y**2, sq({x - y: 1}), ">="),
        (4 * a * b, (a + b) ** 2, sq({a + b: 1}), "<="),
        (x * y, x**2, sq({x: 1}), "<="),
        (0, -(x**2), sq({x: -1}), "<="),
        (0, y * x**2, sq({x: y}), "<="),
        ((x + y) ** 2, x**2 + y**2, sq({x - y: 1}), "<="),
        (x, x**2, sq({x - half: 1}), "<="),
        (1, x**2, sq({x: 1}), "<="),
        (0, x**2 + y, sq({x: 1}), "<="),
        (x**2 * y**2, x**4 + y**4 - 1, sq({x**2 - y**2: half}), "<="),
    ],
)

mono = by.monotone
MONOTONE = (
    [
        (log(1 + e), e, mono(e), "<="),
        (log(1 + e) - e, -(e**2) / 4, mono(e), "<=", (e < 1,)),
        (1 + e, exp(e), mono(e), "<="),
        (1 + e, exp(e), mono(e), "<"),
        (atan(e), e, mono(e), "<="),
        (e - e**2 / 2, log(1 + e), mono(e), "<="),
        (e / (1 + e), log(1 + e), mono(e), "<="),
        (0, e**3 + e, mono(e), "<"),
        (2 * e, 1 + e**2 + 2 * e, mono(e), "<"),
        (log(e), e - 1, mono(e, 1), "<=", (e >= 1,)),
        (sqrt(1 + e), 1 + e / 2, mono(e), "<=", (e < 1,)),
        (1 - e, exp(-e) + e**2, mono(e), "<="),
        (x, x**3, mono(x, 1), "<=", (x >= 1,)),
        (1 / (1 + e), 1, mono(e), "<="),
        (e, 2 * e, mono(e), "<"),
    ],
    [
        (e, log(1 + e), mono(e), "<="),
        (log(1 + e) - e, -(e**2) / 4, mono(e), "<="),
        (exp(e), 1 + e, mono(e), "<="),
        (1 + x, exp(x), mono(x), "<="),
        (e, atan(e), mono(e), "<="),
        (log(1 + e), e - e**2 / 2, mono(e), "<="),
        (log(1 + e), e / (1 + e), mono(e), "<="),
        (1, e**3 + e, mono(e), "<"),
        (e, e**2, mono(e), "<="),
        (e - 1, log(e), mono(e, 1), "<=", (e >= 1,)),
        (1 + e / 2, sqrt(1 + e), mono(e), "<="),
        (0, -1 / x, mono(x, -1), "<=", (x >= -1, Ne(x, 0))),
        (x, x**3, mono(x, 0), "<=", (x >= 0,)),
        (1 + x, 1 + 2 * x, mono(x, 0), "<", (x >= 0,)),
        (sin(e), cos(e) * e, mono(e), "<="),
        (u, 2 * u, mono(u), "<="),
    ],
)
MONOTONE[0][10] = (e / 2, e, mono(e), "<=")
MONOTONE[0][11] = (1 - 1 / (1 + e), e, mono(e), "<=")

cvx = by.convex
CONVEX = (
    [
        (log(t), t - 1, cvx(t, 1), "<="),
        (1 + x, exp(x), cvx(x, 0), "<="),
        (2 * x - 1, x**2, cvx(x, 1), "<="),
        (1 - 1 / t, log(t), cvx(t, 1), "<=", (t <= 2,)),
        (0, x**4 + x**2, cvx(x, 0), "<="),
        (t - 1, t * log(t), cvx(t, 1), "<="),
        (x, x**2 / 2 + half, cvx(x, 1), "<="),
        (sp.E * x, exp(x), cvx(x, 1), "<="),
        (-log(t), 1 / t - 1, cvx(t, 1), "<=", (t <= 2,)),
        (2, t + 1 / t, cvx(t, 1), "<="),
        (0, (x - y) ** 2, cvx(x, y), "<="),
        (2 * t * a, t**2 + a**2, cvx(t, a), "<="),
        (1 - x, exp(-x), cvx(x, 0), "<="),
        (1 + log(t), t, cvx(t, 1), "<="),
        (t**2, t - 1, cvx(t, 1), ">=", (t >= half,)),
    ],
    [
        (log(t), t - 2, cvx(t, 1), "<="),
        (t - 1, log(t), cvx(t, 1), "<="),
        (1 + x, exp(x), cvx(x, 1), "<="),
        (1 + 2 * x, exp(x), cvx(x, 0), "<="),
        (0, x**3, cvx(x, 0), "<="),
        (0, x**4 - x**2, cvx(x, 0), "<="),
        (log(t), t - 1, cvx(t, 1), "<"),
        (2 * x - 1, x**2, cvx(x, 0), "<="),
        (0, 1 - cos(x) - x**2, cvx(x, 0), "<="),
        (3, t + 1 / t, cvx(t, 1), "<="),
        (1 - x, exp(x), cvx(x, 0), "<="),
        (2, x + 1 / x, cvx(x, 1), "<=", (Ne(x, 0),)),
        (t * log(t), t - 1, cvx(t, 1), "<="),
        (2 * t * a, t**2 + a**2, cvx(t, 2 * a), "<="),
        (1 + log(t), 2 * t, cvx(t, 1), ">="),
    ],
)
CONVEX[0][3] = (2 * t - 1, t**2, cvx(t, 1), "<=")
CONVEX[0][8] = (2 - t, 1 / t, cvx(t, 1), "<=")
CONVEX[0][14] = (t**2, 2 * t - 1, cvx(t, 1), ">=")

ball = by.balls
box = (x >= 0, x <= 1)
wide = (x >= -3, x <= 3)
two = (*box, y >= 0, y <= 1)
BALLS = (
    [
        (exp(x), 3, ball(), "<", box),
        (sin(x), x + Rational(1, 100), ball(), "<", box),
        (x * (1 - x), Rational(26, 100), ball(), "<", box),
        (0, x**2 + Rational(1, 50), ball(), "<", wide),
        (cos(x), Rational(101, 100), ball(), "<=", box),
        (tanh(x), Rational(77, 100), ball(), "<", box),
        (sp.erf(x), 1, ball(), "<", wide),
        (x * y, Rational(101, 100), ball(), "<=", two),
        (exp(-(x**2) - y**2), Rational(1, 8), ball(), ">", two),
        (sin(x), x - x**3 / 6, ball(radius="1/100"), "~=", box),
        (exp(x), 1 + x + x**2 / 2 + x**3 / 6, ball(radius="1/10"), "~=", box),
        (sqrt(1 + x), 1 + x / 2, ball(radius="1/10"), "~=", box),
        (log(1 + x), x, ball(radius="2/5"), "~=", box),
        (Abs(x), 4, ball(), "<", wide),
        (Max(x, y), 2, ball(), "<", two),
        (gamma(x + 1), Rational(85, 100), ball(), ">", box),
        (sp.besseli(1, x), Rational(57, 100), ball(), "<", box),
        (sp.besseli(1, 2), Rational(159, 100), ball(radius="1/1000"), "~="),
    ],
    [
        (exp(x), Rational(27, 10), ball(), "<", box),
        (x, sin(x), ball(), "<", box),
        (x * (1 - x), Rational(24, 100), ball(), "<", box),
        (0, x**2 - Rational(1, 50), ball(), "<", wide),
        (cos(x), 1, ball(), "<", box),
        (tanh(x), Rational(76, 100), ball(), "<", box),
        (sp.erf(x), Rational(1, 2), ball(), "<", wide),
        (x * y, 1, ball(), "<", two),
        (exp(-(x**2) - y**2), Rational(1, 7), ball(), ">", two),
        (sin(x), x - x**3 / 6, ball(radius="1/1000"), "~=", box),
        (exp(x), 1 + x, ball(radius="1/10"), "~=", box),
        (1 / x, 2, ball(), ">", wide),
        (exp(x), 3, ball(), "<"),
        (sqrt(x), 2, ball(), "<", wide),
        (log(x), 1, ball(), "<", box),
        (sp.besseli(1, x), Rational(56, 100), ball(), "<", box),
        (sp.besseli(1, 2), Rational(159, 100), ball(radius="1/10000"), "~="),
        (exp(x), 3, ball(), "<", (x <= 1,)),
        (sin(x), x, ball(), "=", box),
    ],
)

opt = by.optimum
OPTIMUM = (
    [
        (ArgMin((x - 1) ** 2, x), 1, opt()),
        (ArgMin(x**2 - 2 * y * x, x), y, opt()),
        (ArgMin(a * x**2 + b * x, x), -b / (2 * a), opt()),
        (ArgMax(-((x - y) ** 2), x), y, opt()),
        (ArgMin(t + 1 / t, t), 1, opt()),
        (ArgMin(t - log(t), t), 1, opt()),
        (ArgMin(a * t - log(t), t), 1 / a, opt()),
        (ArgMax(log(t) - a * t, t), 1 / a, opt()),
        (ArgMin(x**2 + y**2 - x, x, y), Tuple(half, 0), opt()),
        (
            ArgMin(x**2 + x * y + y**2 - x, x, y),
            Tuple(Rational(2, 3), -Rational(1, 3)),
            opt(),
        ),
        (Minimum((x - 1) ** 2 + 5, x), 5, opt(at=sp.S.One)),
        (Maximum(1 - x**2, x), 1, opt(at=sp.S.Zero)),
        (Minimum(t + a / t, t), 2 * sqrt(a), opt(at=sqrt(a))),
        (ArgMin(exp(x) - x, x), 0, opt()),
        (Minimum(x**2 + y**2, x, y), 0, opt(at=Tuple(0, 0))),
        (ArgMin(t**2 / 2 + a / t, t), a ** Rational(1, 3), opt()),
    ],
    [
        (ArgMin((x - 1) ** 2, x), -1, opt()),
        (ArgMax((x - 1) ** 2, x), 1, opt()),
        (ArgMin(x**3, x), 0, opt()),
        (ArgMin(x**4 - x**2, x), 0, opt()),
        (ArgMin(t - log(t), t), 2, opt()),
        (ArgMin(log(t) - t, t), 1, opt()),
        (ArgMin(x**2 - y**2, x, y), Tuple(0, 0), opt()),
        (ArgMin(x**2 + 3 * x * y + y**2, x, y), Tuple(0, 0), opt()),
        (ArgMin(y * x**2, x), 0, opt()),
        (ArgMin(a * x**2 + b * x, x), b / (2 * a), opt()),
        (Minimum((x - 1) ** 2 + 5, x), 4, opt(at=sp.S.One)),
        (Maximum(1 - x**2, x), 0, opt(at=sp.S.Zero)),
        (Minimum(x**2, x), 0, opt()),
        (ArgMin(x**2, x), Tuple(0, 0), opt()),
        (ArgMin(cos(x), x), pi, opt()),
        (ArgMin(1 / x**2, x), 1, opt()),
        (ArgMin((t + 1) ** 2, t), -1, opt()),
        (x**2, 0, opt()),
    ],
)

num = by.numeric
NUMERIC = (
    [
        (Sum(1 / p**2, (p, 1, oo)), pi**2 / 6, num(25)),
        (Sum((-1) ** n / (2 * n + 1), (n, 0, oo)), pi / 4, num(20)),
        (Sum(x**n / factorial(n), (n, 0, oo)), exp(x), num(15, 4)),
        (A(exp(-(x**2)), -oo, oo), sqrt(pi), num(20)),
        (sp.besselj(0, 0 * x), 1, num(20)),
        (sp.zeta(2), pi**2 / 6, num(30)),
        (gamma(half), sqrt(pi), num(30)),
        (sp.erf(a) + sp.erfc(a), 1, num(20)),
        (A(1 / (1 + x**2), 0, 1), pi / 4, num(20)),
        (exp(x) * exp(-x + 1) / sp.E, 1, num(30)),
        (a, a + 1, num(10), "<"),
        (log(a), a - 1, num(20), "<="),
        (sin(x) ** 2 + cos(x) ** 2, 1, num(30)),
        (Sum(half**n, (n, 0, oo)), 2, num(20)),
        (sp.polygamma(0, 1), -sp.EulerGamma, num(20)),
    ],
    [
        (Sum(1 / p**2, (p, 1, oo)), Rational(1645, 1000), num(25)),
        (Sum((-1) ** n / (2 * n + 1), (n, 0, oo)), pi / 2, num(20)),
        (Sum(x**n / factorial(n), (n, 0, oo)), exp(-x), num(15, 4)),
        (A(exp(-(x**2)), -oo, oo), pi, num(20)),
        (sp.zeta(3), pi**3 / 26, num(10)),
        (exp(pi * sqrt(163)), sp.Integer(262537412640768744), num(40)),
        (gamma(half), pi, num(30)),
        (sp.erf(a), 1, num(20)),
        (A(1 / (1 + x**2), 0, 1), half, num(20)),
        (sqrt(x**2), x, num(30)),
        (a + 1, a, num(10), "<"),
        (a - 1, log(a), num(20), "<"),
        (log(u**2), 2 * log(u), num(20), "=", (Ne(u, 0),)),
        (1 / x, 1 / x, num(20)),
        (sp.GoldenRatio, Rational(1618034, 10**6), num(20)),
    ],
)

err = by.error
ERROR = (
    [
        (pi, Rational(314159, 10**5), err("1/100000"), "~="),
        (sp.E, Rational(2718, 1000), err("1/1000"), "~="),
        (sin(x), x - x**3 / 6, err("1/100"), "~=", box),
        (exp(x), 1 + x + x**2 / 2, err("1/4"), "~=", box),
        (log(2), Rational(69, 100), err("1/100"), "~="),
        (sqrt(2), Rational(1414, 1000), err("1/1000"), "~="),
        (cos(x), 1 - x**2 / 2, err("1/20"), "~=", box),
        (tanh(x), x, err("1/4"), "~=", box),
        (sp.zeta(3), Rational(1202, 1000), err("1/1000"), "~="),
        (sp.EulerGamma, Rational(577, 1000), err("1/1000"), "~="),
        (1 / (1 + x), 1 - x + x**2, err("1/2"), "~=", box),
        (atan(x), x, err("1/4"), "~=", box),
        (sp.erf(x), x, err("1/5"), "~=", box),
        (half, Rational(51, 100), err("1/50"), "~="),
        (x, x, err("1/100"), "~="),
    ],
    [
        (pi, Rational(314, 100), err("1/1000"), "~="),
        (sp.E, Rational(27, 10), err("1/100"), "~="),
        (sin(x), x - x**3 / 6, err("1/100"), "~=", wide),
        (exp(x), 1 + x, err("1/4"), "~=", box),
        (log(2), Rational(7, 10), err("1/1000"), "~="),
        (sqrt(2), Rational(14, 10), err("1/1000"), "~="),
        (cos(x), 1 - x**2 / 2, err("1/20"), "~=", wide),
        (tanh(x), x, err("1/10"), "~=", box),
        (sp.zeta(3), Rational(12, 10), err("1/1000"), "~="),
        (sp.EulerGamma, Rational(57, 100), err("1/1000"), "~="),
        (1 / (1 + x), 1 - x + x**2, err("1/10"), "~=", box),
        (atan(x), x, err("1/10"), "~=", box),
        (sp.erf(x), x, err("1/100"), "~=", box),
        (half, Rational(51, 100), err("1/500"), "~="),
        (x, x, err("1/100"), "="),
    ],
)

rnd = by.random_points()
RANDOM = (
    [
        ((x + y) ** 5, (x + y) ** 2 * (x + y) ** 3, rnd),
        ((x + y) * (x - y), x**2 - y**2, rnd),
        (x**2 - 1, (x - 1) * (x + 1), rnd),
        (
            (x + y + z) ** 2,
            x**2 + y**2 + z**2 + 2 * (x * y + y * z + z * x),
            rnd,
        ),
        (x**3 - y**3, (x - y) * (x**2 + x * y + y**2), rnd),
        ((a + 1) ** 4, a**4 + 4 * a**3 + 6 * a**2 + 4 * a + 1, rnd),
        (sp.Matrix([[x, y], [z, x]]).det(), x**2 - y * z, rnd),
        (
            sp.Matrix([[x, 1], [0, y]]) ** 2,
            sp.Matrix([[x**2, x + y], [0, y**2]]),
            rnd,
        ),
        (Sum(x * k, (k, 0, 4)), 10 * x, rnd),
        (x * (y + z), x * y + x * z, rnd),
        (
            (x**2 + y**2) * (z**2 + a**2),
            (x * z + y * a) ** 2 + (x * a - y * z) ** 2,
            rnd,
        ),
        (x - x + 1, 1, rnd),
        ((2 * x + 3) ** 2, 4 * x**2 + 12 * x + 9, rnd),
        (x / 2 + x / 3, 5 * x / 6, rnd),
        (((x + 1) ** 3 - (x - 1) ** 3) / 2, 3 * x**2 + 1, rnd),
    ],
    [
        ((x + y) ** 5, x**5 + y**5, rnd),
        ((x + y) * (x - y), x**2 + y**2, rnd),
        (x**2 - 1, (x - 1) ** 2, rnd),
        ((x + y + z) ** 2, x**2 + y**2 + z**2, rnd),
        (x**3 - y**3, (x - y) ** 3, rnd),
        ((a + 1) ** 4, a**4 + 1, rnd),
        (sp.Matrix([[x, y], [z, x]]).det(), x**2 + y * z, rnd),
        (
            sp.Matrix([[x, 1], [0, y]]) ** 2,
            sp.Matrix([[x**2, 1], [0, y**2]]),
            rnd,
        ),
        (Sum(x * k, (k, 0, 4)), 9 * x, rnd),
        (x * (y + z), x * y + z, rnd),
        (
            (x**2 + y**2) * (z**2 + a**2),
            (x * z + y * a) ** 2 + (x * a + y * z) ** 2,
            rnd,
        ),
        (sin(x) ** 2 + cos(x) ** 2, 1, rnd),
        (1 / (1 + x**2), 1 - x**2, rnd),
        (sqrt(x**2), x, rnd),
        (x**y, x * y, rnd),
    ],
)


def R(*values):
    return Reading("r", tuple(map(float, values)))


within, bound, zscore, seeds = by.within, by.bound, by.zscore, by.seeds
close = (1.0, 1.1, 0.9, 1.05, 0.95)
MEASURED = (
    [
        (R(0.915), Rational(9, 10), within("0.02"), "~="),
        (R(1e-7), 0, within("1e-6"), "~="),
        (R(-3.0), -3, within("0.1"), "~="),
        (R(1e-9), Rational(1, 10**6), bound(), "<"),
        (R(2), 2, bound(), "<="),
        (R(5), 4, bound(), ">"),
        (R(0.5), half, bound(digits=2), ">="),
        (R(1.02), 1, zscore(0.01), "~="),
        (R(1.0), 1, zscore(1e-9), "~="),
        (R(0.98), 1, zscore(0.01, 3), "~="),
        (R(*close), half, seeds(), ">"),
        (R(*close), 2, seeds(), "<"),
        (R(*close), 0, seeds(confidence="0.999"), ">"),
        (R(*close), Rational(13, 10), seeds(), "<="),
        (R(-1.0, -1.1, -0.9), 0, seeds(), "<"),
    ],
    [
        (R(0.915), Rational(95, 100), within("0.02"), "~="),
        (R(1e-5), 0, within("1e-6"), "~="),
        (R(-3.0), 3, within("0.1"), "~="),
        (R(1e-3), Rational(1, 10**6), bound(), "<"),
        (R(2), 2, bound(), "<"),
        (R(5), 4, bound(), "<"),
        (R(0.5), 1, bound(digits=2), ">="),
        (R(1.2), 1, zscore(0.01), "~="),
        (R(1.0), 2, zscore(1e-9), "~="),
        (R(0.96), 1, zscore(0.01, 3), "~="),
        (R(*close), 1, seeds(), ">"),
        (R(*close), 1, seeds(), "<"),
        (R(1.0), 0, seeds(), ">"),
        (R(*close), Rational(105, 100), seeds(), "<="),
        (R(0.1, -0.2, 0.3), 0, seeds(), ">"),
        (R(1.0), x, within(1), "~="),
        (x, 1, within(1), "~="),
        (R(1.0), 1, zscore(0), "~="),
    ],
)

cx = by.counterexample
# For a refutation the roles are exchanged: a wrong formula is accepted.
REFUTE = (
    [
        (sqrt(x**2), x, cx()),
        (log(x**2), 2 * log(x), cx(), "=", (Ne(x, 0),)),
        ((x + y) ** 2, x**2 + y**2, cx()),
        (x, x**2, cx(), "<="),
        (sin(x), cos(x), cx({x: 0})),
        (n, 0, cx()),
        (factorial(n + 1), n * factorial(n), cx()),
        (1 / (1 + a), 1 - a, cx()),
        (u * sp.conjugate(u), u**2, cx()),
        (Sum(k, (k, 0, n)), n**2 / 2, cx()),
        (exp(a), 1 + a, cx()),
        ((-1) ** n, 1, cx({n: 1})),
        (sp.Matrix([[1, x], [0, 1]]), sp.Matrix([[1, 0], [x, 1]]), cx()),
        (sp.legendre(n, -x), sp.legendre(n, x), cx()),
        (A(x**2, 0, a), a**3, cx()),
    ],
    [
        (sqrt(x**2), Abs(x), cx()),
        (log(a**2), 2 * log(a), cx()),
        ((x + y) ** 2, x**2 + 2 * x * y + y**2, cx()),
        (x - 1, x, cx(), "<="),
        (sin(x), cos(x), cx({x: pi / 4})),
        (n, n, cx()),
        (factorial(n + 1), (n + 1) * factorial(n), cx()),
        (1 / (1 + a), 1 - a / (1 + a), cx()),
        (u * sp.conjugate(u), Abs(u) ** 2, cx()),
        (Sum(k, (k, 0, n)), n * (n + 1) / 2, cx()),
        (1, exp(a), cx(), "<="),
        ((-1) ** n, 1, cx({n: 2})),
        (sp.Matrix([[1, x], [0, 1]]).T, sp.Matrix([[1, 0], [x, 1]]), cx()),
        (sp.legendre(n, -x), (-1) ** n * sp.legendre(n, x), cx()),
        (A(x**2, 0, a), a**3 / 3, cx()),
        (a, -a, cx({a: -1})),
    ],
)


def filled(tables, check):
    return tuple(
        [(r[0], r[1], check, *r[2:]) for r in part] for part in tables
    )


TABLES = {
    "antiderivative": (ANTIDERIVATIVE, "proved"),
    "integrate": (INTEGRATE, "proved"),
    "limit": (filled(LIMIT, lim), "proved"),
    "series": (filled(SERIES, ser), "proved"),
    "asymptotic": (
        tuple([(*r, "~") for r in part] for part in ASYMPTOTIC),
        "proved",
    ),
    "moments": (filled(MOMENTS, mom), "proved"),
    "sign": (SIGN, "proved"),
    "squares": (SQUARES, "proved"),
    "monotone": (MONOTONE, "proved"),
    "convex": (CONVEX, "proved"),
    "balls": (BALLS, "certified"),
    "optimum": (OPTIMUM, "proved"),
    "numeric": (NUMERIC, "numeric"),
    "error": (ERROR, "numeric"),
    "random points": (RANDOM, "exact"),
    "measured": (MEASURED, "measured"),
    "refuted": (REFUTE, "refuted"),
}
TRUE = [
    pytest.param(row, level, id=f"{name}-{number}")
    for name, ((good, _), level) in TABLES.items()
    for number, row in enumerate(good)
]
FALSE = [
    pytest.param(row, id=f"{name}-{number}")
    for name, ((_, bad), _) in TABLES.items()
    for number, row in enumerate(bad)
]


@pytest.mark.parametrize(("row", "level"), TRUE)
def test_true_statements_are_accepted(row, level, accepts):
    accepts(row, level)


@pytest.mark.parametrize("row", FALSE)
def test_false_statements_are_rejected(row, rejects):
    rejects(row)


def test_every_table_has_fifteen_of_each():
    for name, ((good, bad), _) in TABLES.items():
        assert min(len(good), len(bad)) >= 15, name


# What sampling would catch as well must not even pass the check.
ALONE = [
    (A(1 / x**2, -1, 1), -2, anti(-1 / x)),
    (A(1 / x, -1, 2), log(2), anti(log(x))),
    (A(-1 / (1 + x**2), -1, 1), pi / 2, anti(sp.acot(x))),
    (A(I, 0, 2 * pi), 0, anti(log(exp(I * x)))),
    (
        A(1 / (1 + cos(x) ** 2), 0, 2 * pi),
        0,
        anti(atan(tan(x) / sqrt(2)) / sqrt(2), by.rewriting("simplify")),
    ),
    (0, -1 / x, mono(x, -1), "<=", (x >= -1, Ne(x, 0))),
    (2, x + 1 / x, cvx(x, 1), "<=", (Ne(x, 0),)),
    (ArgMin((t + 1) ** 2, t), -1, opt()),
    (ArgMin(1 / x**2, x), 1, opt()),
    (gamma(x) - 5, 0 * x, mono(x, -1), ">=", (x >= -1,)),
    (u, u + 1, sg, "<"),
    (exp(x), 3, ball(), "<", (x <= 1,)),
    (2 * x * y, x**2 + y**2, sq({x - y: 1}), "<"),
    (a**2, a, sg, ">", (a < 1,)),
]


@pytest.mark.parametrize("row", ALONE)
def test_the_check_alone_rejects(row):
    from kexue_lib.derive.domain import Domain
    from kexue_lib.derive.levels import Relation
    from kexue_lib.derive.statement import RejectedError, Statement

    lhs, rhs, check, *rest = row
    text, given = (*rest, *("=", ())[len(rest) :])
    relation = next(r for r in Relation if r.text == text)
    sides = map(sp.sympify, (lhs, rhs))
    statement = Statement(next(sides), relation, next(sides), Domain(given))
    with pytest.raises(RejectedError):
        check.run(statement)

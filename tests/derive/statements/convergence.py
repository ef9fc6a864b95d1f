"""Series and improper integrals: where they exist, and where they do not."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Abs,
    I,
    Integral,
    Ne,
    Rational,
    Sum,
    cos,
    exp,
    factorial,
    log,
    oo,
    pi,
    sin,
    sqrt,
    zeta,
)

from kexue_lib.derive import Gaussian, Mean, by

from .table import MALFORMED, UNDECIDED, Table

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
p, q = sp.symbols("p q", integer=True, positive=True)
x, y, z, t = sp.symbols("x y z t", real=True)
a, b, c = sp.symbols("a b c", positive=True)
u = sp.Symbol("u", complex=True)
anti = by.antiderivative
num = by.numeric
half = Rational(1, 2)


def S(term, low=0, index=k):
    return Sum(term, (index, low, oo))


def A(f, low, high):
    return Integral(f, (x, low, high))


table = Table("convergence")

# -- series -------------------------------------------------------------------
table.true(S(half**k), "=", 2, today=UNDECIDED)
table.true(S(a**k), "=", 1 / (1 - a), given=(a < 1,), today=UNDECIDED)
table.true(S(x**k), "=", 1 / (1 - x), given=(x > -1, x < 1), today=UNDECIDED)
table.true(
    S(x ** (2 * k)),
    "=",
    1 / (1 - x**2),
    given=(x > -1, x < 1),
    today=UNDECIDED,
)
table.true(S(half**k), "=", 1 + S(half**k, 1), today=UNDECIDED)
table.true(S(half ** (k + 1)), "=", S(half**k, 1), today=UNDECIDED)
table.true(S(x**k / factorial(k)), "=", exp(x), num(20, 6))
table.true(S(1 / p**2, 1, p), "=", pi**2 / 6, num(20))
table.true(S((-1) ** n / (2 * n + 1), 0, n), "=", pi / 4, num(20))
table.true(S(1 / ((k + 1) * (k + 2))), "=", 1, num(20))
table.true(S(k * half**k), "=", 2, num(20))
table.false(S(half**k), "=", 2 - Rational(1, 10**25), num(30))
table.false(S(a**k), "=", 1 / (1 - a), given=(Ne(a, 1),), today=UNDECIDED)
table.false(S(a**k), "=", 1 / (1 - a), given=(a <= 1,))
table.false(S(x**k), "=", 1 / (1 - x), given=(x < 1,), today=UNDECIDED)
table.false(
    S(x**k),
    "=",
    1 / (1 - x),
    given=(x >= -1, x < 1),
    name="x = -1",
    today=UNDECIDED,
)
table.false(
    S(x**k, 1),
    "=",
    1 / (1 - x),
    given=(x > -1, x < 1),
)
table.false(S((-1) ** k * x ** (2 * k)), "=", 1 / (1 + x**2), today=UNDECIDED)
table.false(S(u**k), "=", 1 / (1 - u), given=(Ne(u, 1),), today=UNDECIDED)
table.false(
    S(1 / p - 1 / (p + 1), 1, p),
    "=",
    S(1 / p, 1, p) - S(1 / (p + 1), 1, p),
    today=UNDECIDED,
)
table.false(
    S(1 / p, 1, p),
    "=",
    1 + S(1 / (p + 1), 1, p),
    name="oo = oo",
    today=UNDECIDED,
)
HARMONIC = S(1 / p, 1, p)
table.false(
    sp.Add(HARMONIC, -HARMONIC, evaluate=False),
    "=",
    0,
    name="oo - oo",
    today=UNDECIDED,
)
table.false(
    S(0 * k + 1) * 0 + S((-1) ** k), "=", half, name="Grandi", today=UNDECIDED
)
table.false(S(1), "=", 1 + S(1), today=UNDECIDED)
table.false(S(k), "=", -Rational(1, 12), num(20))
table.false(
    S((-3) ** k),
    "=",
    Rational(1, 4),
    num(),
    kin="23",
)
table.false(
    S(2**k),
    "=",
    -1,
    num(),
    kin="23",
)
table.false(S((-1) ** k * k), "=", -Rational(1, 4), num(), kin="23")
table.false(
    S((-1) ** k),
    "=",
    half,
    num(),
    kin="23",
)
table.false(S(1 / p, 1, p), "=", 0 * p + sp.EulerGamma, num(6), kin="23")
table.false(S(1 / p**2, 1, p), "=", pi**2 / 6 + Rational(1, 10**15), num(20))
table.false(
    S(1 / (p * sqrt(p)), 1, p),
    "=",
    zeta(Rational(3, 2)) * (1 + half**40),
    num(20),
)

# -- integrals ----------------------------------------------------------------
decay = A(exp(-y * x), 0, oo)
table.true(decay, "=", 1 / y, anti(-exp(-y * x) / y), given=(y > 0,))
table.false(
    decay,
    "=",
    1 / y,
    anti(-exp(-y * x) / y),
    given=(Ne(y, 0),),
    today=UNDECIDED,
)
table.false(
    decay,
    "=",
    1 / y,
    anti(-exp(-y * x) / y),
    given=(y > -1, Ne(y, 0)),
    today=UNDECIDED,
)
table.true(A(x**a, 0, 1), "=", 1 / (a + 1), anti(x ** (a + 1) / (a + 1)))
table.false(
    A(x**y, 0, 1),
    "=",
    1 / (y + 1),
    anti(x ** (y + 1) / (y + 1)),
    given=(Ne(y, -1),),
    today=UNDECIDED,
)
table.false(
    A(x**-a, 1, oo),
    "=",
    1 / (a - 1),
    anti(x ** (1 - a) / (1 - a)),
    given=(Ne(a, 1),),
    today=UNDECIDED,
)
table.true(
    A(x**-a, 1, oo),
    "=",
    1 / (a - 1),
    anti(x ** (1 - a) / (1 - a)),
    given=(a > 1,),
)
table.true(
    A(exp(-a * x) * cos(b * x), 0, oo),
    "=",
    a / (a**2 + b**2),
    anti(),
)
table.true(A(exp(-a * x) * x**2, 0, oo), "=", 2 / a**3, anti())
table.true(A(1 / (1 + x) ** 2, 0, oo), "=", 1, anti(-1 / (1 + x)))
table.false(A(1 / (1 + x), 0, oo), "=", 0, anti(log(1 + x)), today=UNDECIDED)
table.false(A(x, -oo, oo), "=", 0, anti(x**2 / 2), today=UNDECIDED)
table.false(
    A(x / (1 + x**2), -oo, oo),
    "=",
    0,
    anti(log(1 + x**2) / 2),
    today=UNDECIDED,
)
table.false(
    A(cos(x), 0, oo),
    "=",
    0,
    anti(sin(x)),
    name="it oscillates",
    today=UNDECIDED,
)
table.false(A(exp(I * a * x), 0, oo), "=", I / a, anti(), today=UNDECIDED)
table.false(A(1 / x, -1, 1), "=", 0, anti(log(Abs(x))), today=UNDECIDED)
table.false(A(1 / x**2, -1, 1), "=", -2, anti(-1 / x), today=UNDECIDED)
table.false(A(1 / (x - 1) ** 2, 0, 2), "=", -2, num(), kin="23")
table.false(
    A(x**3, -oo, oo),
    "=",
    0,
    num(),
    kin="23",
)
table.false(A(sin(x), 0, oo), "=", 1, num(), kin="23")
table.false(A(1 / x, -1, 1), "=", 0, num(), kin="23")
table.false(A(exp(x), 0, oo), "=", -1, num(), kin="23")
table.true(A(1 / sqrt(x), 0, 1), "=", 2, anti(2 * sqrt(x)))
table.false(A(1 / x, 0, 1), "=", 0, anti(log(x)), today=UNDECIDED)

# -- nothing agrees to no digits ----------------------------------------------
for digits in (-3, 0, 1, 5):
    table.tells(
        f"agreement to {digits} digits",
        lambda digits=digits: num(digits=digits),
        MALFORMED,
        true=False,
        kin="23",
    )
table.false(exp(pi * sqrt(163)), "=", 640320**3 + 744, num(digits=35))
table.true(exp(pi * sqrt(163)), "!=", 640320**3 + 744, num(digits=35))
table.true(A(exp(-(x**2)), -oo, oo), "=", sqrt(pi), num(20))

# -- means that do not exist --------------------------------------------------
N01 = Gaussian(z)
table.true(Mean(exp(z / 2), N01), "=", exp(Rational(1, 8)))
table.false(Mean(1 / z, N01), "=", 0, kin="20", today=UNDECIDED)
table.false(Mean(1 / z**2, N01), "=", -1, kin="20", today=UNDECIDED)
table.false(Mean(exp(z**2), N01), "=", 1 / sqrt(-1), today=UNDECIDED)
table.false(Mean(exp(t * z**2), N01), "=", 1 / sqrt(1 - 2 * t))

"""Numbers that nearly agree."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Abs,
    Integral,
    Max,
    Ne,
    Rational,
    Sum,
    atan,
    cos,
    exp,
    factorial,
    gamma,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tanh,
)

from kexue_lib.derive import by

from .table import Table

x, y, z = sp.symbols("x y z", real=True)
ball = by.balls
box = (x >= 0, x <= 1)
wide = (x >= -3, x <= 3)
two = (*box, y >= 0, y <= 1)
n, k = sp.symbols("n k", integer=True, nonnegative=True)
p, q = sp.symbols("p q", integer=True, positive=True)
a, b, c, t = sp.symbols("a b c t", positive=True)
u = sp.symbols("u", complex=True)
half = Rational(1, 2)


def A(f, low, high, var=x):
    return Integral(f, (var, low, high))


num = by.numeric
err = by.error
rnd = by.random_points()

table = Table("approximate equality")

table.true(exp(x), "<", 3, ball(), given=box)
table.true(sin(x), "<", x + Rational(1, 100), ball(), given=box)
table.true(x * (1 - x), "<", Rational(26, 100), ball(), given=box)
table.true(0, "<", x**2 + Rational(1, 50), ball(), given=wide)
table.true(cos(x), "<=", Rational(101, 100), ball(), given=box)
table.true(tanh(x), "<", Rational(77, 100), ball(), given=box)
table.true(sp.erf(x), "<", 1, ball(), given=wide)
table.true(x * y, "<=", Rational(101, 100), ball(), given=two)
table.true(exp(-(x**2) - y**2), ">", Rational(1, 8), ball(), given=two)
table.true(sin(x), "~=", x - x**3 / 6, ball(radius="1/100"), given=box)
table.true(
    exp(x), "~=", 1 + x + x**2 / 2 + x**3 / 6, ball(radius="1/10"), given=box
)
table.true(sqrt(1 + x), "~=", 1 + x / 2, ball(radius="1/10"), given=box)
table.true(log(1 + x), "~=", x, ball(radius="2/5"), given=box)
table.true(Abs(x), "<", 4, ball(), given=wide)
table.true(Max(x, y), "<", 2, ball(), given=two)
table.true(gamma(x + 1), ">", Rational(85, 100), ball(), given=box)
table.true(sp.besseli(1, x), "<", Rational(57, 100), ball(), given=box)
table.true(sp.besseli(1, 2), "~=", Rational(159, 100), ball(radius="1/1000"))
table.false(exp(x), "<", Rational(27, 10), ball(), given=box)
table.false(x, "<", sin(x), ball(), given=box)
table.false(x * (1 - x), "<", Rational(24, 100), ball(), given=box)
table.false(0, "<", x**2 - Rational(1, 50), ball(), given=wide)
table.false(cos(x), "<", 1, ball(), given=box)
table.false(tanh(x), "<", Rational(76, 100), ball(), given=box)
table.false(sp.erf(x), "<", Rational(1, 2), ball(), given=wide)
table.false(x * y, "<", 1, ball(), given=two)
table.false(exp(-(x**2) - y**2), ">", Rational(1, 7), ball(), given=two)
table.false(sin(x), "~=", x - x**3 / 6, ball(radius="1/1000"), given=box)
table.false(exp(x), "~=", 1 + x, ball(radius="1/10"), given=box)
table.false(1 / x, ">", 2, ball(), given=wide)
table.false(exp(x), "<", 3, ball())
table.false(sqrt(x), "<", 2, ball(), given=wide)
table.false(log(x), "<", 1, ball(), given=box)
table.false(sp.besseli(1, x), "<", Rational(56, 100), ball(), given=box)
table.false(sp.besseli(1, 2), "~=", Rational(159, 100), ball(radius="1/10000"))
table.false(exp(x), "<", 3, ball(), given=(x <= 1,))
table.false(sin(x), "=", x, ball(), given=box)

table.true(Sum(1 / p**2, (p, 1, oo)), "=", pi**2 / 6, num(25))
table.true(
    Sum((-1) ** n / (2 * n + 1), (n, 0, oo)),
    "=",
    pi / 4,
    num(20),
)
table.true(Sum(x**n / factorial(n), (n, 0, oo)), "=", exp(x), num(15, 4))
table.true(A(exp(-(x**2)), -oo, oo), "=", sqrt(pi), num(20))
table.true(sp.erf(a) + sp.erfc(a), "=", 1, num(20))
table.true(A(1 / (1 + x**2), 0, 1), "=", pi / 4, num(20))
table.true(exp(x) * exp(-x + 1) / sp.E, "=", 1, num(30))
table.true(a, "<", a + 1, num(10))
table.true(log(a), "<=", a - 1, num(20))
table.true(sin(x) ** 2 + cos(x) ** 2, "=", 1, num(30))
table.true(Sum(half**n, (n, 0, oo)), "=", 2, num(20))
table.false(Sum(1 / p**2, (p, 1, oo)), "=", Rational(1645, 1000), num(25))
table.false(Sum((-1) ** n / (2 * n + 1), (n, 0, oo)), "=", pi / 2, num(20))
table.false(Sum(x**n / factorial(n), (n, 0, oo)), "=", exp(-x), num(15, 4))
table.false(A(exp(-(x**2)), -oo, oo), "=", pi, num(20))
table.false(sp.zeta(3), "=", pi**3 / 26, num(10))
table.false(exp(pi * sqrt(163)), "=", sp.Integer(262537412640768744), num(40))
table.false(gamma(half), "=", pi, num(30))
table.false(sp.erf(a), "=", 1, num(20))
table.false(A(1 / (1 + x**2), 0, 1), "=", half, num(20))
table.false(sqrt(x**2), "=", x, num(30))
table.false(a + 1, "<", a, num(10))
table.false(a - 1, "<", log(a), num(20))
table.false(log(u**2), "=", 2 * log(u), num(20), given=(Ne(u, 0),))
table.false(1 / x, "=", 1 / x, num(20))
table.false(sp.GoldenRatio, "=", Rational(1618034, 10**6), num(20))

table.true(pi, "~=", Rational(314159, 10**5), err("1/100000"))
table.true(sp.E, "~=", Rational(2718, 1000), err("1/1000"))
table.true(sin(x), "~=", x - x**3 / 6, err("1/100"), given=box)
table.true(exp(x), "~=", 1 + x + x**2 / 2, err("1/4"), given=box)
table.true(log(2), "~=", Rational(69, 100), err("1/100"))
table.true(sqrt(2), "~=", Rational(1414, 1000), err("1/1000"))
table.true(cos(x), "~=", 1 - x**2 / 2, err("1/20"), given=box)
table.true(tanh(x), "~=", x, err("1/4"), given=box)
table.true(sp.zeta(3), "~=", Rational(1202, 1000), err("1/1000"))
table.true(sp.EulerGamma, "~=", Rational(577, 1000), err("1/1000"))
table.true(1 / (1 + x), "~=", 1 - x + x**2, err("1/2"), given=box)
table.true(atan(x), "~=", x, err("1/4"), given=box)
table.true(sp.erf(x), "~=", x, err("1/5"), given=box)
table.true(half, "~=", Rational(51, 100), err("1/50"))
table.true(x, "~=", x, err("1/100"))
table.false(pi, "~=", Rational(314, 100), err("1/1000"))
table.false(sp.E, "~=", Rational(27, 10), err("1/100"))
table.false(sin(x), "~=", x - x**3 / 6, err("1/100"), given=wide)
table.false(exp(x), "~=", 1 + x, err("1/4"), given=box)
table.false(log(2), "~=", Rational(7, 10), err("1/1000"))
table.false(sqrt(2), "~=", Rational(14, 10), err("1/1000"))
table.false(cos(x), "~=", 1 - x**2 / 2, err("1/20"), given=wide)
table.false(tanh(x), "~=", x, err("1/10"), given=box)
table.false(sp.zeta(3), "~=", Rational(12, 10), err("1/1000"))
table.false(sp.EulerGamma, "~=", Rational(57, 100), err("1/1000"))
table.false(1 / (1 + x), "~=", 1 - x + x**2, err("1/10"), given=box)
table.false(atan(x), "~=", x, err("1/10"), given=box)
table.false(sp.erf(x), "~=", x, err("1/100"), given=box)
table.false(half, "~=", Rational(51, 100), err("1/500"))
table.false(x, "=", x, err("1/100"))

table.true((x + y) * (x - y), "=", x**2 - y**2, rnd)
table.true(x**2 - 1, "=", (x - 1) * (x + 1), rnd)
table.true(
    (x + y + z) ** 2,
    "=",
    x**2 + y**2 + z**2 + 2 * (x * y + y * z + z * x),
    rnd,
)
table.true(x**3 - y**3, "=", (x - y) * (x**2 + x * y + y**2), rnd)
table.true((a + 1) ** 4, "=", a**4 + 4 * a**3 + 6 * a**2 + 4 * a + 1, rnd)
table.true(Sum(x * k, (k, 0, 4)), "=", 10 * x, rnd)
table.true(x * (y + z), "=", x * y + x * z, rnd)
table.true(
    (x**2 + y**2) * (z**2 + a**2),
    "=",
    (x * z + y * a) ** 2 + (x * a - y * z) ** 2,
    rnd,
)
table.true((2 * x + 3) ** 2, "=", 4 * x**2 + 12 * x + 9, rnd)
table.true(((x + 1) ** 3 - (x - 1) ** 3) / 2, "=", 3 * x**2 + 1, rnd)
table.false((x + y) ** 5, "=", x**5 + y**5, rnd)
table.false((x + y) * (x - y), "=", x**2 + y**2, rnd)
table.false(x**2 - 1, "=", (x - 1) ** 2, rnd)
table.false((x + y + z) ** 2, "=", x**2 + y**2 + z**2, rnd)
table.false(x**3 - y**3, "=", (x - y) ** 3, rnd)
table.false((a + 1) ** 4, "=", a**4 + 1, rnd)
table.false(sp.Matrix([[x, y], [z, x]]).det(), "=", x**2 + y * z, rnd)
table.false(
    sp.Matrix([[x, 1], [0, y]]) ** 2,
    "=",
    sp.Matrix([[x**2, 1], [0, y**2]]),
    rnd,
)
table.false(Sum(x * k, (k, 0, 4)), "=", 9 * x, rnd)
table.false(x * (y + z), "=", x * y + z, rnd)
table.false(
    (x**2 + y**2) * (z**2 + a**2),
    "=",
    (x * z + y * a) ** 2 + (x * a + y * z) ** 2,
    rnd,
)
table.false(sin(x) ** 2 + cos(x) ** 2, "=", 1, rnd)
table.false(1 / (1 + x**2), "=", 1 - x**2, rnd)
table.false(sqrt(x**2), "=", x, rnd)
table.false(x**y, "=", x * y, rnd)

# -- close is not equal -------------------------------------------------------
table.false(sin(x), "=", 0, ball(radius=2), given=box)
table.false(sin(x), "=", x, ball(radius="0.2"), given=box)
table.false(exp(pi * sqrt(163)), "=", 640320**3 + 744, ball(radius=1))
table.false(x, "~=", 10, ball(radius=10**6), given=box)
table.false(sqrt(2), "~=", 1, ball(radius=1))
table.true(sin(x), "~=", 0, ball(radius=1), given=box)
table.true(sin(x), "~=", x, ball(radius="0.2"), given=box)
table.true(sqrt(2), "~=", 1, ball(radius="0.5"))
table.true(exp(pi * sqrt(163)), "~=", 640320**3 + 744, ball(radius=1))

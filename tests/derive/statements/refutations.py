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

from .table import MALFORMED, Table

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

# -- true for all that is declared: no value outside refutes it ---------------
u_ = sp.Symbol("u", positive=True)
m_ = sp.Symbol("m", integer=True, nonnegative=True)
h_ = sp.Symbol("h", rational=True)
w_ = sp.IndexedBase("w", positive=True)
i_ = sp.IndexedBase("i", integer=True)
up, real = sp.Function("up", positive=True), sp.Function("real", real=True)


def right_angle(v):
    return sp.atan(v) + sp.atan(1 / v)


for side, point in (
    (w_[0], {w_[0]: -1}),
    (w_[0] + w_[1], {w_[0]: -1, w_[1]: -2}),
    (up(x), {up(x): -1, x: 0}),
    (up(x), {up(x): x, x: -1}),
    (up(x) + u_, {up(x): -5, x: 0, u_: 1}),
    (u_, {u_: -3}),
):
    table.false(
        right_angle(side),
        "=",
        sp.pi / 2,
        cx(point),
        name=f"{side} is positive: {point}",
    )
table.false(sp.im(real(x)) + x, "=", x, cx({real(x): sp.I, x: 0}))
table.false(sp.cos(2 * sp.pi * i_[0]), "=", 1, cx({i_[0]: sp.Rational(1, 3)}))
table.false(m_ * (m_ - 1) * (m_ - 2), ">=", 0, cx({m_: sp.zeta(3)}))
table.false(Abs(h_ - sp.zeta(3)), ">", 0, cx({h_: sp.zeta(3)}))
table.true(right_angle(x), "=", sp.pi / 2, cx({x: -1}))
table.true(w_[0], "=", 1, cx({w_[0]: 2}))
table.true(up(x), "=", 1, cx({up(x): sp.exp(x), x: 1}))
table.true(real(x), "=", real(1), cx({real(x): x**3, x: 2}))
table.true(sp.cos(sp.pi * i_[0]), "=", 1, cx({i_[0]: 3}))
table.true(m_ * (m_ - 1) * (m_ - 3), ">=", 0, cx({m_: 2}))
NO_PLACE = {
    "a value of a sine": lambda: cx({sin(x): 2}),
    "a value of a sum": lambda: cx({x + 1: 2}),
    "a member of no number": lambda: cx({w_[m_]: 1, m_: 0}),
    "infinity": lambda: cx({x: sp.oo}),
    "nan": lambda: cx({x: sp.nan}),
}
for said, story in NO_PLACE.items():
    table.tells(said, story, MALFORMED, true=False)
# Of integer order they are made of sines: no cut on the negative axis.
off = (Ne(x, 0),)
table.false(sp.jn(4, x) + x, "=", sp.jn(4, -x) + x, cx({x: 1}), given=off)
table.false(sp.jn(3, x) + x, "=", x - sp.jn(3, -x), cx({x: -2}), given=off)
table.false(sp.jn(0, x), ">=", -half, cx({x: -1}), given=off)
table.true(sp.jn(0, x), ">=", half, cx({x: -3}), given=off)
table.true(sp.jn(4, x) + x, "=", x - sp.jn(4, -x), cx({x: 1}), given=off)

"""Trigonometric and hyperbolic functions, the unit circle."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Eq,
    I,
    conjugate,
    cos,
    cosh,
    exp,
    pi,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from kexue_lib.derive import ConstantTerm

from .table import UNDECIDED, Table

x, y, z = sp.symbols("x y z", real=True)
a, b, c = sp.symbols("a b c", positive=True)
u, v, w = sp.symbols("u v w", complex=True)
D = sp.Derivative
G = sp.symbols("g0:4", complex=True)
circle = (Eq(sp.Abs(w), 1),)
q1 = G[0] + G[1] / w

table = Table("waves")

table.true(sin(x) ** 2 + cos(x) ** 2, "=", 1)
table.true(sin(2 * x), "=", 2 * sin(x) * cos(x))
table.true(cos(2 * x), "=", 1 - 2 * sin(x) ** 2)
table.true(cos(x + y), "=", cos(x) * cos(y) - sin(x) * sin(y))
table.true(cosh(x) ** 2 - sinh(x) ** 2, "=", 1)
table.true(exp(I * x), "=", cos(x) + I * sin(x))
table.true(sinh(2 * x), "=", 2 * sinh(x) * cosh(x))
table.true(tanh(x), "=", (exp(2 * x) - 1) / (exp(2 * x) + 1))
table.true(1 - tanh(x) ** 2, "=", 1 / cosh(x) ** 2)
table.true(cos(x) * cos(y), "=", (cos(x - y) + cos(x + y)) / 2)
table.true(sin(3 * x), "=", 3 * sin(x) - 4 * sin(x) ** 3)
table.true(cos(u) ** 2 + sin(u) ** 2, "=", 1)
table.true(sp.coth(a), "=", 1 + 2 / (exp(2 * a) - 1))
table.true(1 / (1 + exp(-x)), "=", (1 + tanh(x / 2)) / 2)
table.true(D(tanh(x), x), "=", 1 - tanh(x) ** 2)
table.false(sin(x) ** 2 - cos(x) ** 2, "=", 1)
table.false(sin(2 * x), "=", 2 * sin(x))
table.false(cos(2 * x), "=", 1 - sin(x) ** 2)
table.false(cos(x + y), "=", cos(x) * cos(y) + sin(x) * sin(y))
table.false(cosh(x) ** 2 + sinh(x) ** 2, "=", 1)
table.false(exp(I * x), "=", cos(x) - I * sin(x))
table.false(sp.Abs(cos(x)), "=", cos(x))
table.false(tanh(x), "=", (exp(x) - 1) / (exp(x) + 1))
table.false(tan(x), "=", sin(x) / cos(x) + 1)
table.false(sqrt(1 - sin(x) ** 2), "=", cos(x))
table.false(sin(3 * x), "=", 3 * sin(x) - sin(x) ** 3)
table.false(sp.asin(sin(x)), "=", x)
table.false(sin(x + pi), "=", sin(x))
table.false(sp.coth(x), "=", 1 + 2 / (exp(2 * x) - 1))
table.false(1 / (1 + exp(-x)), "=", (1 + tanh(x)) / 2)
table.false(D(tanh(x), x), "=", 1 + tanh(x) ** 2, today=UNDECIDED)

table.true(conjugate(w), "=", 1 / w, given=circle)
table.true(w * conjugate(w), "=", 1, given=circle)
table.true(conjugate(w**3), "=", w**-3, given=circle)
table.true(sp.Abs(1 + w) ** 2, "=", 2 + w + 1 / w, given=circle)
table.true(conjugate(1 + u * w), "=", 1 + conjugate(u) / w, given=circle)
table.true(sp.Abs(w) ** 2, "=", 1, given=circle)
table.true(
    q1 * conjugate(q1),
    "=",
    G[0] * conjugate(G[0])
    + G[1] * conjugate(G[1])
    + G[0] * conjugate(G[1]) * w
    + G[1] * conjugate(G[0]) / w,
    given=circle,
)
table.true(ConstantTerm(w, w), "=", 0, given=circle)
table.true(ConstantTerm(3 + w + 1 / w, w), "=", 3, given=circle)
table.true(ConstantTerm((1 + w) * (1 + 1 / w), w), "=", 2, given=circle)
table.true(
    ConstantTerm(sp.Abs(G[0] + G[1] * w) ** 2, w),
    "=",
    G[0] * conjugate(G[0]) + G[1] * conjugate(G[1]),
    given=circle,
)
table.true(ConstantTerm((w + 1 / w) ** 2, w), "=", 2, given=circle)
table.true(ConstantTerm((w + 1 / w) ** 4, w), "=", 6, given=circle)
table.true(ConstantTerm(u * w**2 / w**2, w), "=", u, given=circle)
table.true(ConstantTerm((1 + w) ** 3 / w, w), "=", 3, given=circle)
table.true(w + conjugate(w), "=", w + 1 / w, given=circle)
table.false(conjugate(w), "=", w, given=circle)
table.false(w * conjugate(w), "=", w**2, given=circle)
table.false(conjugate(w**3), "=", w**3, given=circle)
table.false(sp.Abs(1 + w) ** 2, "=", 2 + 2 * w, given=circle)
table.false(conjugate(1 + u * w), "=", 1 + u / w, given=circle)
table.false(sp.Abs(1 + w) ** 2, "=", 4, given=circle)
table.false(
    q1 * conjugate(q1),
    "=",
    G[0] * conjugate(G[0])
    + G[1] * conjugate(G[1])
    + G[0] * conjugate(G[1]) / w
    + G[1] * conjugate(G[0]) * w,
    given=circle,
    today=UNDECIDED,
)
table.false(
    ConstantTerm(w, w),
    "=",
    1,
    given=circle,
)
table.false(
    ConstantTerm(3 + w + 1 / w, w),
    "=",
    5,
    given=circle,
)
table.false(
    ConstantTerm((1 + w) * (1 + 1 / w), w),
    "=",
    4,
    given=circle,
)
table.false(
    ConstantTerm(sp.Abs(G[0] + G[1] * w) ** 2, w),
    "=",
    (G[0] + G[1]) * conjugate(G[0] + G[1]),
    given=circle,
    today=UNDECIDED,
)
table.false(
    ConstantTerm((w + 1 / w) ** 2, w),
    "=",
    4,
    given=circle,
)
table.false(
    ConstantTerm((w + 1 / w) ** 4, w),
    "=",
    4,
    given=circle,
)
table.false(
    ConstantTerm(u * w**2, w),
    "=",
    u,
    given=circle,
)
table.false(
    ConstantTerm((1 + w) ** 3 / w, w),
    "=",
    1,
    given=circle,
)
table.false(w - conjugate(w), "=", 0, given=circle)

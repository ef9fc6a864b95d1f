"""Signs and sums of squares."""

from __future__ import annotations

import sympy as sp
from sympy import Rational, exp, sqrt

from kexue_lib.derive import by

from .table import UNDECIDED, Table

n, k = sp.symbols("n k", integer=True, nonnegative=True)
x, y, z = sp.symbols("x y z", real=True)
a, b, c, t = sp.symbols("a b c t", positive=True)
u = sp.symbols("u", complex=True)
sg = by.sign()
half = Rational(1, 2)
sq = by.squares

table = Table("inequalities")

table.true(0, "<=", x**2, sg)
table.true(0, "<", a, sg)
table.true(2 * a, "<", a**2 + 1 + 2 * a, sg)
table.true(1 / (1 + a), "<", 1, sg)
table.true(0, "<=", (x - y) ** 2, sg)
table.true(n, "<", n + 1, sg)
table.true(n, "<=", n**2, sg, given=(n >= 1,))
table.true(a, "<", 1, sg, given=(a < 1,))
table.true(a**2, "<", a, sg, given=(a < 1,))
table.true(a * (1 - a), ">=", 0, sg, given=(a <= 1,))
table.true(k, "<", n + 1, sg, given=(k <= n,))
table.true(-1, "<", exp(a), sg)
table.true(x / (1 + x), "<", 1, sg, given=(x >= 0,))
table.true(0, "<=", 1 - x**2, sg, given=(x <= 1, x >= -1))
table.true(-1, "<", 0, sg)
table.true(a + b, ">", 0, sg)
table.true(0, "<", 1 - c**2, sg, given=(b < c, c < 1, b < 1))
table.false(0, "<=", x, sg)
table.false(0, "<", x**2, sg)
table.false(a, "<=", a**2, sg)
table.false(1 / a, "<=", 1, sg)
table.false(0, "<=", (x - y) ** 3, sg)
table.false(n, "<", n**2, sg)
table.false(n + 1, "<=", n, sg)
table.false(a, "<=", 1, sg)
table.false(a**2, ">", a, sg, given=(a < 1,))
table.false(a * (1 - a), ">", 0, sg, given=(a <= 1,))
table.false(n, "<", k, sg, given=(k <= n,))
table.false(exp(a), "<=", 1, sg)
table.false(x / (1 + x), "<", 1, sg)
table.false(0, "<", 1 - x**2, sg, given=(x <= 1, x >= -1))
table.false(sqrt(x**2), "<=", x, sg)
table.false(u, "<", u + 1, sg, today=UNDECIDED)
table.false(0, "<", 1 / x, sg, given=(x >= 0,))
table.false(0, "<", 1 - c**2, sg, given=(b < c, b < 1))

table.true(2 * x * y, "<=", x**2 + y**2, sq({x - y: 1}))
table.true(0, "<=", x**2 + x + 1, sq({x + half: 1, sp.S.One: Rational(3, 4)}))
table.true(
    x * y + y * z + z * x,
    "<=",
    x**2 + y**2 + z**2,
    sq({x - y: half, y - z: half, z - x: half}),
)
table.true((x + y) ** 2, "<=", 2 * (x**2 + y**2), sq({x - y: 1}))
table.true(0, "<=", x**4 - 2 * x**2 + 1, sq({x**2 - 1: 1}))
table.true(4 * a * b, "<=", (a + b) ** 2, sq({a - b: 1}))
table.true(
    (x + y + z) ** 2,
    "<=",
    3 * (x**2 + y**2 + z**2),
    sq({x - y: 1, y - z: 1, z - x: 1}),
)
table.true(x**2 + 1, ">=", 2 * x, sq({x - 1: 1}))
table.true(
    (x * y + z) ** 2, "<=", (x**2 + z**2) * (y**2 + 1), sq({x - y * z: 1})
)
table.true(-a * x**2, "<=", 0 * x, sq({x: a}))
table.true(0, "<=", 2 * x**2, sq({x: 2}))
table.true(2 * sqrt(a) * x, "<=", a + x**2, sq({sqrt(a) - x: 1}))
table.true(x, "<=", x**2 + Rational(1, 4), sq({x - half: 1}))
table.true(0, "<=", (x - 1) ** 2 + (y + 1) ** 2, sq({x - 1: 1, y + 1: 1}))
table.true(x**2 * y**2, "<=", (x**4 + y**4) / 2, sq({x**2 - y**2: half}))
table.false(2 * x * y, "<=", x**2 + y**2, sq({x + y: 1}), today=UNDECIDED)
table.false(3 * x * y, "<=", x**2 + y**2, sq({x - y: 1}))
table.false(0, "<=", x**2 - 1, sq({x: 1, sp.S.One: -1}))
table.false(0, "<=", u**2, sq({u: 1}))
table.false(2 * x * y, "<", x**2 + y**2, sq({x - y: 1}))
table.false(2 * x * y, ">=", x**2 + y**2, sq({x - y: 1}))
table.false(4 * a * b, "<=", (a + b) ** 2, sq({a + b: 1}), today=UNDECIDED)
table.false(x * y, "<=", x**2, sq({x: 1}))
table.false(0, "<=", -(x**2), sq({x: -1}))
table.false(0, "<=", y * x**2, sq({x: y}))
table.false((x + y) ** 2, "<=", x**2 + y**2, sq({x - y: 1}))
table.false(x, "<=", x**2, sq({x - half: 1}))
table.false(1, "<=", x**2, sq({x: 1}))
table.false(0, "<=", x**2 + y, sq({x: 1}))
table.false(x**2 * y**2, "<=", x**4 + y**4 - 1, sq({x**2 - y**2: half}))

# -- values of integers, means of three, the circle ---------------------------
i = sp.symbols("i", integer=True)
third = Rational(1, 3)
table.true(0, "<=", i * (i - 1), sg)
table.true(i, "<=", i**2, sg)
table.true(0, "<=", i * (i - 1) * (i - 2) * (i - 3), sg)
table.true(0, "<=", 6 * i**2 - 11 * i + 5, sg)
table.true(3 * (a * b * c) ** third, "<=", a + b + c, sg)
table.true(3 * a**third * b ** (2 * third), "<=", a + 2 * b, sg)
table.true(sp.sin(x) * sp.cos(x), "<=", half, sg)
table.true(sp.sin(x) ** 2 + sp.cos(x), "<=", Rational(5, 4), sg)
table.true(sp.sin(x) ** 2 * sp.cos(x) ** 2, "<=", Rational(1, 4), sg)
table.true(1, "<=", sp.cosh(x), sg)
table.true(sp.Abs(sp.sin(x)), "<=", 1, sg)
table.true(sp.tanh(x) ** 2, "<", 1, sg)
table.true(1 / (1 + exp(x)), "<", 1, sg)
table.false(0, "<", i**2 - i, sg)
table.false(0, "<=", i * (i - 2), sg)
table.false(0, "<=", i**3 - i, sg)
table.false(0, "<=", x * (x - 1), sg)
table.false(4 * (a * b * c) ** third, "<=", a + b + c, sg)
table.false(2 * sqrt(a * b), "<", a + b, sg)
table.false(sp.sin(x) * sp.cos(x), "<", half, sg, today=UNDECIDED)
table.false(sp.sin(x) ** 2 + sp.cos(x), "<=", Rational(6, 5), sg)
table.false(1, "<", sp.cosh(x), sg)
table.false(sp.cos(x) ** 2 + sp.sin(y) ** 2, "<=", 1, sg)
table.false(sp.Abs(sp.sin(x + sp.I)), "<=", 1, sg)

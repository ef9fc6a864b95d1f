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

from kexue_lib.derive import by

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

"""Earlier results, where they are known to hold."""

from __future__ import annotations

import sympy as sp
from sympy import Ne, Sum, factorial

from kexue_lib.derive import by

from .table import Earlier, Table, using

n, k, m, r = sp.symbols("n k m r", integer=True, nonnegative=True)
p, N = sp.symbols("p N", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
F = factorial


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


tri = Earlier(S(k), n * (n + 1) / 2)
geo = Earlier(S(a**k), (1 - a ** (n + 1)) / (1 - a), (Ne(a, 1),))

table = Table("premises")

table.true(2 * S(k), "=", n * (n + 1), using(tri))
table.true(S(k) + n + 1, "=", (n + 1) * (n + 2) / 2, using(tri))
table.true(S(3 * k), "=", 3 * n * (n + 1) / 2, using(tri))
table.true(Sum(k, (k, 0, m)), "=", m * (m + 1) / 2, using(tri, {n: m}))
table.true(
    Sum(k, (k, 0, n + 1)), "=", (n + 1) * (n + 2) / 2, using(tri, {n: n + 1})
)
table.true(Sum(k, (k, 0, 2 * n)), "=", n * (2 * n + 1), using(tri, {n: 2 * n}))
table.true(S(k) ** 2, "=", n**2 * (n + 1) ** 2 / 4, using(tri))
table.true(
    (1 - a) * S(a**k), "=", 1 - a ** (n + 1), using(geo), given=(Ne(a, 1),)
)
table.true(
    S(a**k), "=", (1 - a ** (n + 1)) / (1 - a), using(geo), given=(a < 1,)
)
table.true(
    S(b**k),
    "=",
    (1 - b ** (n + 1)) / (1 - b),
    using(geo, {a: b}),
    given=(Ne(b, 1),),
)
table.true(
    S((a / 2) ** k),
    "=",
    (1 - (a / 2) ** (n + 1)) / (1 - a / 2),
    using(geo, {a: a / 2}),
    given=(Ne(a, 2),),
)
table.true(n * S(k), "=", n**2 * (n + 1) / 2, using(tri))
table.true(1 / (1 + S(k)), "=", 2 / (2 + n * (n + 1)), using(tri))
table.true(S(k) - S(k) / 2, "=", n * (n + 1) / 4, using(tri))
table.true(
    F(n + 1) * S(k) / F(n),
    "=",
    n * (n + 1) ** 2 / 2,
    using(tri, then=by.algebra()),
)
table.false(2 * S(k), "=", n * (n - 1), using(tri))
table.false(S(k**2), "=", n * (n + 1) / 2, using(tri))
table.false(S(k + 1), "=", n * (n + 1) / 2, using(tri))
table.false(Sum(k, (k, 0, m)), "=", n * (n + 1) / 2, using(tri, {n: m}))
table.false(
    Sum(k, (k, 0, n + 1)), "=", n * (n + 1) / 2, using(tri, {n: n + 1})
)
table.false(Sum(k, (k, 0, i)), "=", i * (i + 2) / 2, using(tri, {n: i}))
table.false(S(k) ** 2, "=", n**2 * (n + 1) ** 2 / 2, using(tri))
table.false(S(a**k), "=", (1 - a ** (n + 1)) / (1 - a), using(geo))
table.false(S(1), "=", (1 - 1) / n, using(geo, {a: sp.S.One}))
table.false(S(k), "=", n * (n + 1) / 2 + 1, using(tri))
table.false(S(x**k), "=", (1 - x ** (n + 1)) / (1 - x), using(geo, {a: x}))
table.false(n * S(k), "=", n**2 / 2, using(tri))
table.false(1 / S(k), "=", 2 / (n * (n + 1)), using(tri))
table.false(n + 1, "=", n * (n + 1) / 2, using(tri))
table.false(
    S((-1) ** k), "=", (1 + (-1) ** n) / 2 + n, using(geo, {a: -sp.S.One})
)

"""Cases."""

from __future__ import annotations

import sympy as sp
from sympy import Eq, KroneckerDelta, Max, Min, Piecewise, Rational, factorial

from kexue_lib.derive import by

from .table import UNDECIDED, Table

n, k, m, r = sp.symbols("n k m r", integer=True, nonnegative=True)
x, y = sp.symbols("x y", real=True)
delta = KroneckerDelta
below = Piecewise((1, k < n), (0, True))
ge = Piecewise((1, k >= n), (0, True))
sgn = Piecewise((1, n > k), (-1, n < k), (0, True))
order = by.order
i, j = sp.symbols("i j", integer=True)
half = Rational(1, 2)
par = by.parity
even = (1 + (-1) ** n) / 2
p, N = sp.symbols("p N", integer=True, positive=True)
F = factorial
fst = by.first

table = Table("cases")

table.true(below + ge, "=", 1, order(k, n))
table.true(
    (n - k) * Piecewise((5, Eq(n, k)), (1 / (n - k), True)),
    "=",
    1 - delta(n, k),
    order(k, n),
)
table.true(sgn**2, "=", 1 - delta(n, k), order(k, n), today=UNDECIDED)
table.true(
    sgn, "=", -Piecewise((1, k > n), (-1, k < n), (0, True)), order(k, n)
)
table.true(delta(n, k) * (n - k), "=", 0, order(k, n))
table.true(delta(n, k) * n, "=", delta(n, k) * k, order(k, n))
table.true(below * ge, "=", 0, order(k, n))
table.true(
    Piecewise((n, k <= n), (k, True)),
    "=",
    (n + k + sgn * (n - k)) / 2,
    order(k, n),
)
table.true(delta(n, k + 1) * below, "=", delta(n, k + 1), order(k, n, gap=1))
table.true(
    Piecewise((0, Eq(n, k)), (1, True)), "=", 1 - delta(n, k), order(k, n)
)
table.true(sp.Abs(n - k), "=", sgn * (n - k), order(k, n))
table.true(Max(n, k) + Min(n, k), "=", n + k, order(k, n))
table.true((-1) ** sp.Abs(n - k), "=", (-1) ** (n + k), order(k, n))
table.true(
    Piecewise((1, k <= n + 1), (0, True)),
    "=",
    below + delta(n, k) + delta(k, n + 1),
    order(k, n, gap=1),
)
table.false(below + ge, "=", 0, order(k, n))
table.false(sgn**2, "=", 1, order(k, n), today=UNDECIDED)
table.false(
    sgn, "=", Piecewise((1, k > n), (-1, k < n), (0, True)), order(k, n)
)
table.false(delta(n, k) * (n + k), "=", 0, order(k, n))
table.false(delta(n, k) * n, "=", delta(n, k) * (k + 1), order(k, n))
table.false(below, "=", 1 - ge + delta(n, k), order(k, n))
table.false(
    Piecewise((n, k <= n), (k, True)),
    "=",
    (n + k - sgn * (n - k)) / 2,
    order(k, n),
)
table.false(delta(n, k + 1), "=", delta(n, k), order(k, n, gap=1))
table.false(delta(n, k + 1) * ge, "=", delta(n, k + 1), order(k, n, gap=1))
table.false(Piecewise((0, Eq(n, k)), (1, True)), "=", 1, order(k, n))
table.false(Piecewise((1 / (n - k), Eq(n, k)), (0, True)), "=", 0, order(k, n))
table.false(Piecewise((1, k < n), (1 / (n - k), True)), "=", 1, order(k, n))
table.false(sp.Abs(n - k), "=", n - k, order(k, n))
table.false(Max(n, k), "=", n + k, order(k, n))
table.false((-1) ** sp.Abs(n - k), "=", 1, order(k, n))
table.false(
    Piecewise((1, k <= n + 1), (0, True)),
    "=",
    below + delta(n, k),
    order(k, n, gap=1),
    today=UNDECIDED,
)
table.false(Piecewise((1, x < y), (0, True)), "=", 0, order(x, y))

table.true(even**2, "=", even, par(n))
table.true(even * (1 - even), "=", 0, par(n))
table.true((-1) ** n * even, "=", even, par(n))
table.true(
    sp.floor(n / 2), "=", (2 * n - 1 + (-1) ** n) / 4, par(n), today=UNDECIDED
)
table.true(
    sp.ceiling(n / 2) + sp.floor(n / 2), "=", n, par(n), today=UNDECIDED
)
table.true(
    Piecewise((1, Eq(sp.Mod(n, 2), 0)), (0, True)),
    "=",
    even,
    par(n),
    today=UNDECIDED,
)
table.true(sp.Mod(n, 2), "=", 1 - even, par(n), today=UNDECIDED)
table.true((-1) ** (3 * n), "=", (-1) ** n, par(n))
table.true((-1) ** (n**2), "=", (-1) ** n, par(n))
table.true((1 - (-1) ** n) ** 2, "=", 2 * (1 - (-1) ** n), par(n))
table.true(
    sp.floor((n + 1) / 2), "=", sp.ceiling(n / 2), par(n), today=UNDECIDED
)
table.true((-1) ** (i + 1), "=", -((-1) ** i), par(i))
table.false(even, "=", 1, par(n))
table.false(even * (1 + even), "=", even, par(n))
table.false((-1) ** n * even, "=", -even, par(n))
table.false(sp.floor(n / 2), "=", n / 2, par(n))
table.false(
    sp.ceiling(n / 2) + sp.floor(n / 2),
    "=",
    n + 1,
    par(n),
)
table.false((-1) ** (n * (n + 1) / 2), "=", 1, par(n))
table.false(
    Piecewise((1, Eq(sp.Mod(n, 2), 0)), (0, True)),
    "=",
    1 - even,
    par(n),
)
table.false(sp.cos(sp.pi * n), "=", 1, par(n))
table.false(sp.Mod(n, 2), "=", even, par(n), today=UNDECIDED)
table.false(sp.I**n, "=", (-1) ** n, par(n))
table.false((-1) ** (n**2), "=", 1, par(n))
table.false((1 - (-1) ** n) ** 2, "=", 4, par(n))
table.false(
    sp.floor((n + 1) / 2),
    "=",
    sp.floor(n / 2),
    par(n),
)
table.false(sp.cos(sp.pi * x), "=", 1, par(x))

table.true(delta(n, 0) * n, "=", 0, fst(n))
table.true(Piecewise((1, Eq(n, 0)), (0, True)), "=", delta(n, 0), fst(n))
table.true(0**n, "=", delta(n, 0), fst(n))
table.true(Piecewise((0, n < 2), (n, True)), "=", n - delta(n, 1), fst(n, 2))
table.true(n * delta(n, 1), "=", delta(n, 1), fst(n, 2))
table.true(Piecewise((1, n >= 1), (0, True)), "=", 1 - delta(n, 0), fst(n))
table.true(sp.sign(n), "=", 1 - delta(n, 0), fst(n))
table.true(n * (n - 1) * (delta(n, 0) + delta(n, 1)), "=", 0, fst(n, 2))
table.true(Max(n, 1), "=", n + delta(n, 0), fst(n))
table.true(delta(n, 2) * n, "=", 2 * delta(n, 2), fst(n, 3))
table.true(Piecewise((5, Eq(p, 1)), (6, True)), "=", 6 - delta(p, 1), fst(p))
table.true(1 / F(n - 1), "=", n / F(n), fst(n, 1))
table.true(Min(n, 1), "=", 1 - delta(n, 0), fst(n))
table.false(delta(n, 0), "=", 0, fst(n))
table.false(Piecewise((1, Eq(n, 0)), (0, True)), "=", 1 - delta(n, 0), fst(n))
table.false(0**n, "=", 0, fst(n))
table.false(n**0, "=", 1 + delta(n, 0), fst(n))
table.false(Piecewise((0, n < 2), (n, True)), "=", n, fst(n, 2))
table.false(n * delta(n, 1), "=", n, fst(n, 2))
table.false(Piecewise((1, n >= 1), (0, True)), "=", 1, fst(n))
table.false(Piecewise((1, p >= 2), (0, True)), "=", 1, fst(p))
table.false(sp.sign(n), "=", 1, fst(n), today=UNDECIDED)
table.false(n * (n - 1) * delta(n, 2), "=", 0, fst(n, 3))
table.false(Max(n, 1), "=", n, fst(n))
table.false(Piecewise((1, n < 5), (0, True)), "=", 1, fst(n, 2))
table.false(delta(i, 0), "=", 0, fst(i))
table.false(1 / F(n - 1), "=", 1 / F(n), fst(n, 1))
table.false(Min(n, 1), "=", 1, fst(n))

# -- sums whose terms are cases, split where they change ----------------------
Sum = sp.Sum
STEP = Piecewise((1, k < n), (5, Eq(k, n)), (-1, True))
N = sp.symbols("N", integer=True, positive=True)
m = sp.symbols("m", integer=True, nonnegative=True)
pieces = by.pieces(n)
whole = Sum(STEP * k, (k, 0, N))
table.true(
    whole,
    "=",
    Sum(k, (k, 0, n - 1)) + 5 * n - Sum(k, (k, n + 1, N)),
    pieces,
    given=(n <= N,),
)
table.true(Sum(delta(k, n) * k**2, (k, 0, n + m)), "=", n**2, pieces)
table.true(
    Sum(Piecewise((k, k <= n), (0, True)), (k, 0, N - 1)),
    "=",
    n + Sum(k, (k, 0, n - 1)),
    pieces,
    given=(n <= N - 1,),
)
table.false(
    whole,
    "=",
    Sum(k, (k, 0, n - 1)) - Sum(k, (k, n + 1, N)),
    pieces,
    given=(n <= N,),
    name="the term in the middle is forgotten",
)
table.false(
    whole,
    "=",
    Sum(k, (k, 0, n)) + 5 * n - Sum(k, (k, n + 1, N)),
    pieces,
    given=(n <= N,),
    name="the term in the middle counts twice",
)
plain = Sum(k**2, (k, 0, N))
apart = Sum(k**2, (k, 0, n - 1)) + Sum(k**2, (k, n + 1, N))
table.true(plain, "=", apart + n**2, pieces, given=(n <= N,))
table.false(plain, "=", apart, pieces, given=(n <= N,))
table.false(
    plain,
    "=",
    apart + n**2,
    pieces,
    name="without cases n may lie outside as well",
    today=UNDECIDED,
)
z = sp.symbols("z", real=True)
wave = sp.exp(sp.I * sp.pi * (k - n) * z)
part = wave / (sp.I * sp.pi * (k - n))
area = sp.Integral(Sum(wave, (k, 0, N)), (z, -1, 1))
ends = Sum(part, (k, 0, n - 1)) + Sum(part, (k, n + 1, N))
table.true(
    area, "=", 2, by.pieces(n, by.antiderivative(ends + z)), given=(n <= N,)
)
table.false(
    area,
    "=",
    0,
    by.pieces(n, by.antiderivative(ends)),
    given=(n <= N,),
    today=UNDECIDED,
)
inside = Sum(delta(k, n), (k, 0, N))
table.false(inside, "=", 1, pieces, name="n may lie outside", today=UNDECIDED)
table.false(inside, "=", 1, pieces, given=(n <= N + 1,), today=UNDECIDED)
table.true(inside, "=", 1, pieces, given=(n <= N,))
table.false(Sum(delta(k, n), (k, 1, n + m)), "=", 1, pieces)
table.false(
    Sum(Piecewise((1, k < m), (0, True)), (k, 0, n + m)),
    "=",
    n,
    pieces,
    name="the cases change elsewhere",
)

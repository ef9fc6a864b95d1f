"""Base cases and steps."""

from __future__ import annotations

import sympy as sp
from sympy import Eq, Ne, Piecewise, Sum, binomial, factorial

from kexue_lib.derive import by

from .table import MALFORMED, UNDECIDED, Table

n, k, m, r = sp.symbols("n k m r", integer=True, nonnegative=True)
p, N = sp.symbols("p N", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
F = factorial
P, L = sp.legendre, sp.laguerre
D = sp.Derivative


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


def R(factor, low=1, high=n):
    return sp.Product(factor, (k, low, high))


ind = by.induction

table = Table("induction")

table.true(S(k), "=", n * (n + 1) / 2, ind(n))
table.true(S(2 * k + 1), "=", (n + 1) ** 2, ind(n))
table.true(S(k**2), "=", n * (n + 1) * (2 * n + 1) / 6, ind(n))
table.true(S(k**3), "=", S(k) ** 0 * n**2 * (n + 1) ** 2 / 4, ind(n))
table.true(S(2**k), "=", 2 ** (n + 1) - 1, ind(n))
table.true(S(k * F(k)), "=", F(n + 1) - 1, ind(n))
table.true(
    S(a**k), "=", (1 - a ** (n + 1)) / (1 - a), ind(n), given=(Ne(a, 1),)
)
table.true(S((-1) ** k), "=", (1 + (-1) ** n) / 2, ind(n))
table.true(S((-1) ** k), "=", (1 + (-1) ** n) / 2, ind(n, stride=2))
table.true(Sum(k, (k, 1, p)), "=", p * (p + 1) / 2, ind(p, start=1))
table.true(
    Sum(1 / (k * (k + 1)), (k, 1, p)), "=", p / (p + 1), ind(p, start=1)
)
table.true(
    S((2 * k + 1) * P(k, x)),
    "=",
    (n + 1) * P(n, x) + (x + 1) * D(P(n, x), x),
    ind(n),
)
table.true(
    S((2 * k + 1) * P(k, x) * (1 + (-1) ** (n - k)) / 2),
    "=",
    D(P(n + 1, x), x),
    ind(n, stride=2),
)
table.true(D(L(n, x), x), "=", -Sum(L(k, x), (k, 0, n - 1)), ind(n))
table.true(
    (x - y) * S((2 * k + 1) * P(k, x) * P(k, y)),
    "=",
    (n + 1) * (P(n + 1, x) * P(n, y) - P(n, x) * P(n + 1, y)),
    ind(n),
)
table.true(S(k, 0, 2 * n), "=", n * (2 * n + 1), ind(n))
table.true(R(k), "=", F(n), ind(n))
table.true(R(1 + 1 / k), "=", n + 1, ind(n))
table.true(R(1 - p / k), "=", (-1) ** n * binomial(p - 1, n), ind(n))
table.true(R(k, 1, 2 * n), "=", F(2 * n), ind(n))
table.true(R(k, 1, p), "=", F(p), ind(p, start=1))
table.true(R(a, 0), "=", a ** (n + 1), ind(n))
table.false(S(k), "=", n * (n - 1) / 2, ind(n))
table.false(S(k), "=", n * (n + 1) / 2 + 1, ind(n))
table.false(S(k**2), "=", n * (n + 1) * (2 * n - 1) / 6, ind(n))
table.false(S(k**3), "=", n**2 * (n + 1) ** 2 / 4 + n, ind(n))
table.false(S(2**k), "=", 2**n, ind(n))
table.false(S(k * F(k)), "=", F(n + 1), ind(n))
table.false(S(a**k), "=", (1 - a ** (n + 1)) / (1 - a), ind(n))
table.false(S((-1) ** k), "=", (1 - (-1) ** n) / 2, ind(n))
table.false(S((-1) ** k), "=", 1, ind(n, stride=2))
table.false(
    Sum(k, (k, 1, p)), "=", p * (p + 1) / 2, ind(p, start=2), today=UNDECIDED
)
table.false(
    Sum(1 / (k * (k + 1)), (k, 1, p)), "=", 1 / (p + 1), ind(p, start=1)
)
table.false(
    S((2 * k + 1) * P(k, x)),
    "=",
    n * P(n, x) + (x + 1) * D(P(n, x), x),
    ind(n),
    today=UNDECIDED,
)
table.false(
    S((2 * k + 1) * P(k, x) * (1 - (-1) ** (n - k)) / 2),
    "=",
    D(P(n + 1, x), x),
    ind(n, stride=2),
    today=UNDECIDED,
)
table.false(
    D(L(n, x), x), "=", -Sum(L(k, x), (k, 0, n)), ind(n), today=UNDECIDED
)
table.false(S(k), "=", x * (x + 1) / 2, ind(x))
table.false(
    S(k),
    "=",
    Piecewise((7, Eq(n, 0)), (n * (n + 1) / 2, True)),
    ind(n, start=1),
)
table.false(R(k), "=", F(n + 1), ind(n))
table.false(R(k), "=", 2 * F(n), ind(n))
table.false(R(1 + 1 / k), "=", n, ind(n))
table.false(R(1 - p / k), "=", (-1) ** n * binomial(p, n), ind(n))
table.false(R(k, 1, 2 * n), "=", F(n) ** 2, ind(n))
table.false(R(k), "=", S(k) ** 0 * F(2 * n), ind(n))
table.false(R(k + n), "=", F(2 * n) / F(n), ind(n), today=UNDECIDED)
table.false(Sum(k, (k, 0, i)), "=", i * (i + 2) / 2, ind(i))

# -- steps that lead nowhere --------------------------------------------------
# True at every small n: only the bases and the step could tell.
table.false(sp.Abs(n - 1000), "=", 1000 - n, ind(n, stride=7), today=UNDECIDED)
table.false(sp.Max(n - 1000, 0), "=", 0, ind(n), today=UNDECIDED)
table.true(sp.Abs(n + 1000), "=", n + 1000, ind(n, stride=7))
table.true(S(k), "=", n * (n + 1) / 2, ind(n, stride=3))
NOWHERE = {
    "a stride of 0 has no base and no step": lambda: ind(n, stride=0),
    "a stride backwards": lambda: ind(n, stride=-1),
    "False for a stride": lambda: ind(n, 0, False),
    "a start between integers": lambda: ind(p, sp.Rational(1, 2)),
    "a float for a stride": lambda: ind(n, 0, 1.0),
    "a negative number of first cases": lambda: by.first(n, -3),
    "a negative gap": lambda: by.order(n, m, gap=-7),
    "parity of a sum": lambda: by.parity(n + m),
    "order of an expression": lambda: by.order(n + m, k),
}
for said, story in NOWHERE.items():
    table.tells(said, story, MALFORMED, true=False)

"""Sums whose range may run backwards: a sum over nothing is 0.

Closed forms go on below the range and are then wrong, from two below on:
with one below both conventions (this one, and Karr's) agree.
"""

from __future__ import annotations

import sympy as sp
from sympy import IndexedBase, Ne, Product, Rational, Sum, binomial, factorial

from kexue_lib.derive import by

from .table import UNDECIDED, Table

n, k, m, r, N = sp.symbols("n k m r N", integer=True, nonnegative=True)
p, q = sp.symbols("p q", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
x = sp.Symbol("x", real=True)
a = sp.Symbol("a", positive=True)
s = IndexedBase("s", real=True)
F = factorial
tel = by.telescoping
ind = by.induction


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


def R(term, low=1, high=n):
    return Product(term, (k, low, high))


table = Table("sums whose range runs backwards")

# -- constants ----------------------------------------------------------------
table.true(S(1, 0, N - n), "=", N - n + 1, given=(n <= N,))
table.true(S(1, 0, N - n), "=", N - n + 1, given=(n <= N + 1,))
table.false(S(1, 0, N - n), "=", N - n + 1, today=UNDECIDED)
table.false(
    S(1, 0, N - n), "=", N - n + 1, given=(n <= N + 2,), today=UNDECIDED
)
table.true(S(1, 1, p), "=", p)
table.true(S(1, 1, n), "=", n)
table.false(S(1, 1, i), "=", i, today=UNDECIDED)
table.false(S(1, 1, i), "=", i, given=(i >= -1,), today=UNDECIDED)
table.true(S(1, 1, i), "=", i, given=(i >= 0,))
table.false(S(a, m, n), "=", a * (n - m + 1), today=UNDECIDED)
table.true(S(a, m, n), "=", a * (n - m + 1), given=(m <= n + 1,))
table.false(S(1, 5, n), "=", n - 4, name="only for n >= 4", today=UNDECIDED)
table.true(S(1, 5, n), "=", n - 4, given=(n >= 4,))
table.true(S(1, 0, -p), "=", 0, today=UNDECIDED)
table.false(S(1, 0, -n), "=", 0, name="n = 0 is left")
table.false(S(1, 0, -n), "=", 1 - n, today=UNDECIDED)
table.false(S(k, 0, -n), "=", n * (n - 1) / 2, today=UNDECIDED)
table.true(S(k, 0, -n), "=", 0, today=UNDECIDED)

# -- polynomials and powers ---------------------------------------------------
half = (n * (n + 1) - m * (m - 1)) / 2
table.true(S(k, m, n), "=", half, tel(-k * (k - 1) / 2), given=(m <= n,))
table.true(S(k, m, n), "=", half, tel(-k * (k - 1) / 2), given=(m <= n + 1,))
table.false(S(k, m, n), "=", half, tel(-k * (k - 1) / 2), today=UNDECIDED)
table.false(
    S(k, m, n),
    "=",
    half,
    tel(-k * (k - 1) / 2),
    given=(m <= n + 2,),
    today=UNDECIDED,
)
table.true(
    S(2**k, 5, n), "=", 2 ** (n + 1) - 32, tel(-(2**k)), given=(n >= 4,)
)
table.false(
    S(2**k, 5, n), "=", 2 ** (n + 1) - 32, tel(-(2**k)), today=UNDECIDED
)
table.false(
    S(2**k, 5, n),
    "=",
    2 ** (n + 1) - 32,
    tel(-(2**k)),
    given=(n >= 3,),
    today=UNDECIDED,
)
short = S(x**k, 0, n - 7)
table.false(
    short,
    "=",
    (1 - x ** (n - 6)) / (1 - x),
    tel(x**k / (1 - x)),
    given=(Ne(x, 1),),
)
table.true(
    short,
    "=",
    (1 - x ** (n - 6)) / (1 - x),
    tel(x**k / (1 - x)),
    given=(Ne(x, 1), n >= 7),
    today=UNDECIDED,
)
table.false(
    S(1 / ((k + 1) * (k + 2)), m, n),
    "=",
    1 / (m + 1) - 1 / (n + 2),
    tel(1 / (k + 1)),
    today=UNDECIDED,
)
table.true(
    S(1 / ((k + 1) * (k + 2)), m, n),
    "=",
    1 / (m + 1) - 1 / (n + 2),
    tel(1 / (k + 1)),
    given=(m <= n,),
)
table.false(
    S(k, 0, i), "=", i * (i + 1) / 2, tel(-k * (k - 1) / 2), today=UNDECIDED
)
table.false(S(k, 0, i), "=", i * (i + 1) / 2, ind(i), today=UNDECIDED)
table.true(
    S(k, 0, i), "=", i * (i + 1) / 2, tel(-k * (k - 1) / 2), given=(i >= -1,)
)

# -- ranges put together ------------------------------------------------------
both = S(s[k], 0, m) + S(s[k], m + 1, n)
table.true(S(s[k]), "=", both, given=(m <= n,), today=UNDECIDED)
table.false(S(s[k]), "=", both, today=UNDECIDED)
table.false(S(s[k]), "=", both, given=(m <= n + 1,), today=UNDECIDED)
table.true(S(s[k], 0, n - 1) + s[n], "=", S(s[k]))
table.true(S(s[k], 0, n - 2) + s[n - 1] + s[n], "=", S(s[k]), given=(n >= 1,))
table.false(S(s[k], 0, n - 2) + s[n - 1] + s[n], "=", S(s[k]), today=UNDECIDED)
table.true(
    S(s[k], 0, n + m), "=", S(s[k]) + S(s[k], n + 1, n + m), today=UNDECIDED
)
table.false(
    S(s[k], m, n), "=", -S(s[k], n + 1, m - 1), name="Karr", today=UNDECIDED
)
table.false(S(s[k], m, n), "=", S(s[k], n, m), today=UNDECIDED)
table.true(S(s[k], m, m), "=", s[m])
table.true(S(s[k], m + 1, m), "=", 0)
table.true(
    S(s[k], n + 3, n),
    "=",
    0,
    name="two below: empty, not negative",
    today=UNDECIDED,
)
table.false(S(s[k], n + 3, n), "=", -s[n + 1] - s[n + 2], today=UNDECIDED)
table.true(S(s[k], m, n), "=", S(s[n + m - k], m, n))
table.false(S(s[k], m, n), "=", S(s[n - k], m, n), today=UNDECIDED)
table.true(S(s[k], m, n), "=", S(s[k + m], 0, n - m))
table.true(S(s[k], 0, n), "=", s[0] + S(s[k], 1, n))
table.false(S(s[k], 0, n - 1), "=", s[0] + S(s[k], 1, n - 1), today=UNDECIDED)
table.true(
    S(s[k], 0, n - 1),
    "=",
    s[0] + S(s[k], 1, n - 1),
    given=(n >= 1,),
)

# -- products -----------------------------------------------------------------
table.true(R(k), "=", F(n), ind(n))
table.false(R(k, m, n), "=", F(n) / F(m - 1), ind(n), today=UNDECIDED)
table.true(R(2, 1, n), "=", 2**n, ind(n))
table.false(R(2, 1, i), "=", 2**i, today=UNDECIDED)
table.true(R(a, 0, n), "=", a ** (n + 1), ind(n))
table.false(R(a, m, n), "=", a ** (n - m + 1), today=UNDECIDED)
table.true(R(k - 9, 1, n), "=", (-1) ** n * F(8) / F(8 - n), ind(n))
table.false(S(binomial(n, k), 0, n - 1), "=", 2**n - 1 + Rational(1, 2**60))
table.false(S(1, r, N) + S(1, 0, r - 1), "=", N + 1, today=UNDECIDED)
table.true(S(1, r, N) + S(1, 0, r - 1), "=", N + 1, given=(r <= N,))
table.true(S(1, q, p + q), "=", p + 1)
table.false(S(1, q, p + j), "=", p + j - q + 1, today=UNDECIDED)

"""Indices: shifted, reversed, renamed, nested."""

from __future__ import annotations

import sympy as sp
from sympy import Rational, Sum, conjugate

from kexue_lib.derive import by

from .table import UNDECIDED, Table

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
s = sp.IndexedBase("s", real=True)
b = sp.IndexedBase("b", complex=True)
half = Rational(1, 2)


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


ind = by.induction(n)
triangle = S(S(s[k] * s[k + m], 0, n - m), 1, n, m)

table = Table("bound letters and indices")

table.true(S(s[k], 0, n + 1), "=", S(s[k]) + s[n + 1])
table.true(S(s[k]), "=", s[0] + S(s[k], 1), today=UNDECIDED)
table.true(
    S(s[k], -1, n + 2),
    "=",
    s[-1] + S(s[k]) + s[n + 1] + s[n + 2],
    today=UNDECIDED,
)
table.true(S(s[k + m], 0, n), "=", S(s[k], m, n + m))
table.true(S(s[k]), "=", S(s[n - k]))
table.true(S(s[k], 1, n), "=", S(s[n + 1 - k], 1, n))
table.true(S(3), "=", 3 * n + 3)
table.true(S(s[k] + 2), "=", S(s[k]) + 2 * n + 2)
table.true(S(S(s[k], m, m + 1), 0, n, m), "=", S(s[m] + s[m + 1], 0, n, m))
table.true(S(S(s[k] + s[m], 0, n, m)), "=", 2 * (n + 1) * S(s[k]))
table.true(
    S(s[k] * s[n - k] * k), "=", S(s[k] * s[n - k] * (n - k)), today=UNDECIDED
)
table.true(S(b[k]) * conjugate(S(b[k])), "=", S(b[k]) * S(conjugate(b[k])))
table.true(S(S(s[k] * s[m], 0, n, m)), "=", S(s[k]) ** 2)
table.true(
    S(s[k]) ** 2, "=", S(s[k] ** 2) + 2 * triangle, ind, today=UNDECIDED
)
table.true(S(k * s[k], 1), "=", S(S(s[k], m, n), 1, n, m), ind)
table.true(
    (n + 1) * S(s[k] ** 2) - S(s[k]) ** 2,
    "=",
    S(S((s[k] - s[m]) ** 2, 0, m - 1), 0, n, m),
    ind,
)
table.false(S(s[k], 0, n + 1), "=", S(s[k]), today=UNDECIDED)
table.false(S(s[k]), "=", S(s[k], 1), today=UNDECIDED)
table.false(
    S(s[k], -1, n + 2), "=", s[-1] + S(s[k]) + s[n + 1], today=UNDECIDED
)
table.false(S(s[k + m], 0, n), "=", S(s[k], m, n), today=UNDECIDED)
table.false(S(s[k]), "=", S(s[n - k + 1]), today=UNDECIDED)
table.false(S(s[k], 1, n), "=", S(s[n - k], 1, n), today=UNDECIDED)
table.false(S(3), "=", 3 * n)
table.false(S(s[k] + 2), "=", S(s[k]) + 2 * n, today=UNDECIDED)
table.false(S(k), "=", S(n, 0, n))
table.false(S(S(s[k] + s[m], 0, n, m)), "=", 2 * n * S(s[k]), today=UNDECIDED)
table.false(
    S(s[k] * s[n - k] * k), "=", S(s[k] * s[n - k] * n), today=UNDECIDED
)
table.false(S(b[k]) * conjugate(S(b[k])), "=", S(b[k]) ** 2, today=UNDECIDED)
table.false(S(s[k]) ** 2, "=", S(s[k] ** 2) + triangle, ind, today=UNDECIDED)
table.false(S(s[k]) ** 2, "=", S(s[k] ** 2), today=UNDECIDED)
table.false(
    S(half**k, 0, sp.oo), "=", 1 + S(half**k, 0, sp.oo), today=UNDECIDED
)
table.false(
    (n + 1) * S(s[k] ** 2) - S(s[k]) ** 2,
    "=",
    S(S((s[k] - s[m]) ** 2, 0, m), 1, n + 1, m),
    ind,
    today=UNDECIDED,
)

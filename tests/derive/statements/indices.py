"""Indices: shifted, reversed, renamed, nested."""

from __future__ import annotations

import sympy as sp
from sympy import Rational, Sum, conjugate

from kexue_lib.derive import by

from .table import UNDECIDED, Earlier, Table, using

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
table.true(S(s[k]), "=", s[0] + S(s[k], 1))
table.true(
    S(s[k], -1, n + 2),
    "=",
    s[-1] + S(s[k]) + s[n + 1] + s[n + 2],
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
table.true(S(S(s[k] * s[m], 0, n, m)), "=", S(s[k]) ** 2)
table.true(
    S(s[k]) ** 2,
    "=",
    S(s[k] ** 2) + 2 * triangle,
    ind,
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
    S(half**k, 0, sp.oo),
    "=",
    1 + S(half**k, 0, sp.oo),
)
table.false(
    (n + 1) * S(s[k] ** 2) - S(s[k]) ** 2,
    "=",
    S(S((s[k] - s[m]) ** 2, 0, m), 1, n + 1, m),
    ind,
    today=UNDECIDED,
)

# -- capture: a letter that is bound in one place and free in another ---------
j = sp.Symbol("j", integer=True, nonnegative=True)
u, v = sp.symbols("u v", real=True)
C = sp.binomial
scaled = Earlier(S(k * m), m * n * (n + 1) / 2)
table.false(S(j * k * C(k, 7)), "=", S(j**2 * C(j, 7), 0, n, j), kin="08")
table.false(S(k + m), "=", S(2 * m, 0, n, m), kin="08")
table.false(
    S(s[k] * s[m]), "=", S(s[m] ** 2, 0, n, m), kin="08", today=UNDECIDED
)
table.false(k * S(C(k, 8)), "=", S(k * C(k, 8)), kin="08")
table.false(S(S(j * k, 0, j)), "=", S(S(k**2, 0, k), 0, n, k), kin="08")
table.false(S(s[k], 0, k), "=", S(s[k], 0, n), today=UNDECIDED)
table.false(
    sp.Integral(u * v, (u, 0, 1)),
    "=",
    sp.Integral(v**2, (v, 0, 1)),
    kin="08",
    today=UNDECIDED,
)
table.false(
    sp.Derivative(u * v, u),
    "=",
    sp.Derivative(v * v, v),
    kin="08",
    today=UNDECIDED,
)
table.false(
    S(k**2),
    "=",
    k * n * (n + 1) / 2,
    using(scaled, {m: k}),
    name="a premise with k put under the sum over k",
    kin="08",
)
table.false(
    sp.Integral(u**2, (u, 0, 1)),
    "=",
    u / 2,
    using(Earlier(sp.Integral(u * v, (u, 0, 1)), v / 2), {v: u}),
    name="a premise with u put under the integral over u",
    kin="08",
    today=UNDECIDED,
)
table.false(
    sp.Derivative(u**2, u),
    "=",
    u,
    using(Earlier(sp.Derivative(u * v, u), v), {v: u}),
    name="a premise with u put under the derivative by u",
    kin="08",
    today=UNDECIDED,
)
table.true(
    S(k * j), "=", j * n * (n + 1) / 2, using(scaled, {m: j}), today=UNDECIDED
)
table.true(
    S(m * k, 0, n, m),
    "=",
    k * n * (n + 1) / 2,
    using(scaled, {m: k}),
    name="the same premise read aright: another letter is bound",
    today=UNDECIDED,
)
table.true(S(j * C(k, 7)), "=", j * S(C(m, 7), 0, n, m))
table.true(S(S(s[k], 0, k)), "=", S(S(s[m], 0, k, m)))
table.true(
    S(S(k, 0, k)),
    "=",
    S(k * (k + 1) / 2),
    name="the inner sum runs to the outer k",
    check=by.algebra(),
    today=UNDECIDED,
)
table.false(S(S(k, 0, k)), "=", S(k**2))
table.true(
    sp.Integral(u * v, (u, 0, 1)), "=", v * sp.Integral(j * 0 + u, (u, 0, 1))
)
table.true(sp.Product(m + k, (k, 0, n)), "=", sp.Product(m + j, (j, 0, n)))
table.false(
    sp.Product(m + k, (k, 0, n)), "=", sp.Product(k + j, (j, 0, n)), kin="08"
)

# -- shifts and swaps, wrong at one end only ----------------------------------
table.false(S(s[k + 1], 0, n), "=", S(s[k], 1, n), today=UNDECIDED)
table.false(S(s[k + 1], 0, n), "=", S(s[k], 0, n + 1), today=UNDECIDED)
table.false(S(s[k - 1], 1, n), "=", S(s[k], 0, n), today=UNDECIDED)
table.false(S(s[n - k], 1, n), "=", S(s[k], 1, n), today=UNDECIDED)
table.false(S(s[n - k], 0, n - 1), "=", S(s[k], 0, n - 1), today=UNDECIDED)
table.true(S(s[n - k], 0, n - 1), "=", S(s[k], 1, n))
table.true(S(s[k + 1], 0, n), "=", S(s[k], 1, n + 1))
table.true(S(s[k - 1], 1, n), "=", S(s[k], 0, n - 1))
table.false(
    S(S(s[k] * s[m], 0, m)),
    "=",
    S(S(s[k] * s[m], k, n, m)),
    name="a triangle read in the wrong letters",
    today=UNDECIDED,
)
table.true(
    S(S(s[k] * s[m + 1], 0, m), 0, n, m),
    "=",
    S(S(s[k] * s[m + 1], k, n, m), 0, n, k),
    ind,
    name="a triangle, by rows and by columns",
)
table.false(
    S(S(s[k] * s[m + 1], 0, m), 0, n, m),
    "=",
    S(S(s[k] * s[m + 1], k + 1, n, m), 0, n, k),
    ind,
    name="the diagonal is missing",
    today=UNDECIDED,
)
table.false(
    S(S(s[k] * s[m], 0, m), 0, n, m),
    "=",
    S(s[k]) ** 2 / 2,
    ind,
    name="the diagonal counts half",
    today=UNDECIDED,
)
table.true(
    S(S(s[k] * s[m], 0, m), 0, n, m),
    "=",
    S(s[k]) ** 2 / 2 + S(s[k] ** 2) / 2,
    ind,
)
table.false(S(s[k] * S(s[k])), "=", S(s[k] ** 2), today=UNDECIDED)
table.true(S(s[m] * S(s[k]), 0, n, m), "=", S(s[k]) ** 2)

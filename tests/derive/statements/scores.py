"""Sums over a number of scores that is not known."""

from __future__ import annotations

import sympy as sp
from sympy import Derivative, Sum, exp, log, oo

from .table import UNDECIDED, Table

n = sp.Symbol("n", integer=True, positive=True)
m = sp.Symbol("m", integer=True, nonnegative=True)
i, j, k = sp.symbols("i j k", integer=True, positive=True)
lam, a = sp.symbols("lambda a", positive=True)
x = sp.Symbol("x", real=True)
s = sp.IndexedBase("s", real=True)
t = sp.IndexedBase("t", real=True)


def S(term, index=i, low=1, high=n):
    return Sum(term, (index, low, high))


Z = S(exp(lam * s[i]))
P = exp(lam * s[i]) / Z
Q = exp(lam * s[j]) / S(exp(lam * s[k]), k)
MEAN = S(P * s[i])
VAR = S(P * s[i] ** 2) - MEAN**2
PAIRS = S(S(P * Q * (s[i] - s[j]) ** 2, j)) / 2
g = sp.IndexedBase("g", nonnegative=True)

table = Table("families")

table.true(-S(P * log(P)), "=", log(Z) - lam * MEAN)
table.true(log(Z), "=", log(n) + log(Z / n))
table.true(S(P), "=", 1)
table.true(VAR, "=", PAIRS)
table.true(S(s[i] + t[i]), "=", S(s[i]) + S(t[j], j))
table.true(S(2 * s[i] + 3), "=", 2 * S(s[i]) + 3 * n)
table.true(S((s[i] - x) ** 2), "=", S(s[i] ** 2) - 2 * x * S(s[i]) + n * x**2)
table.true(S(s[i]), "=", S(s[j], j))
table.true(S(S(s[i] * t[j], j)), "=", S(s[i]) * S(t[i]))
table.true(S(S(s[i] * s[j], j)), "=", S(s[i]) ** 2)
table.true(S(S(1, j)), "=", n**2)
table.true(S(a, high=n + 2), "=", a * (n + 2))
table.true(
    S(S(s[i] / (1 + s[j] ** 2), j)), "=", S(s[i]) * S(1 / (1 + s[i] ** 2))
)
table.true(
    S(S(1 / (2 + s[i] ** 2 + t[j] ** 2), j)),
    "=",
    S(S(1 / (2 + s[k] ** 2 + t[i] ** 2), i), k),
)
table.true(Derivative(log(Z), lam), "=", MEAN)
table.true(log(a * Z), "=", log(a) + log(Z))
table.true(S(exp(lam * (s[i] + x))), "=", exp(lam * x) * Z)
table.true(S(s[i], low=m, high=m + n), "=", S(s[j], j, m, m + n))

table.false(-S(P * log(P)), "=", log(Z) + lam * MEAN, today=UNDECIDED)
table.false(log(Z), "=", log(Z / n), today=UNDECIDED)
table.false(S(P), "=", n, today=UNDECIDED)
table.false(VAR, "=", 2 * PAIRS, today=UNDECIDED)
table.false(S(s[i] + t[i]), "=", S(s[i]) + S(s[j], j), today=UNDECIDED)
table.false(S(2 * s[i] + 3), "=", 2 * S(s[i]) + 3, today=UNDECIDED)
table.false(
    S((s[i] - x) ** 2),
    "=",
    S(s[i] ** 2) - x * S(s[i]) + n * x**2,
    today=UNDECIDED,
)
table.false(S(s[i]), "=", S(s[j], j, 1, n + 1), today=UNDECIDED)
table.false(S(s[i]), "=", S(s[j], j, 2), today=UNDECIDED)
table.false(S(S(s[i] * t[j], j)), "=", S(s[i] * t[i]), today=UNDECIDED)
table.false(S(S(s[i] * s[j], j)), "=", S(s[i] ** 2), today=UNDECIDED)
table.false(S(S(1, j)), "=", n)
table.false(S(a, high=n + 2), "=", a * n)
table.false(
    S(S(1 / (2 + s[i] ** 2 + t[j] ** 2), j)),
    "=",
    S(S(1 / (2 + s[k] ** 2 + t[k] ** 2), i), k),
    today=UNDECIDED,
)
table.false(
    S(S(1 / (2 + s[i] ** 2 + t[j] ** 2), j)),
    "=",
    S(S(1 / (2 + t[k] ** 2 + t[i] ** 2), i), k),
    today=UNDECIDED,
)
table.false(Derivative(log(Z), lam), "=", -MEAN, today=UNDECIDED)
table.false(S(s[i] ** 2), "=", S(s[i]) ** 2, today=UNDECIDED)
table.false(S(s[i] * t[i]), "=", S(s[i]) * S(t[i]), today=UNDECIDED)
table.false(S(g[i]), "=", S(s[i]), today=UNDECIDED)
SHORT = S(exp(s[i]), high=m - 5)
table.false(
    S(1 / i - 1 / (i + 1), high=oo),
    "=",
    S(1 / i, high=oo) - S(1 / (i + 1), high=oo),
    name="a series is not the difference of two that diverge",
    today=UNDECIDED,
)
table.false(
    log(SHORT**2),
    "=",
    2 * log(SHORT),
    name="the range may be empty",
)
table.false(
    log(a * S(s[i])) + log(x**2),
    "=",
    log(a) + log(S(s[i])) + 2 * log(x),
    name="the terms may be negative",
)

# -- derivatives in one score -------------------------------------------------
delta = sp.KroneckerDelta
inside = (k <= n, j <= n)
EXPS = S(exp(s[i]))


def soft(index):
    return exp(s[index]) / EXPS


table.true(Derivative(EXPS, s[k]), "=", exp(s[k]), given=inside)
table.true(Derivative(log(EXPS), s[k]), "=", soft(k), given=inside)
table.true(
    Derivative(soft(j), s[k]),
    "=",
    soft(j) * (delta(j, k) - soft(k)),
    given=inside,
    name="the Jacobian of softmax",
)
table.true(Derivative(S(s[i] ** 2), s[k]), "=", 2 * s[k], given=inside)
table.true(Derivative(S(s[i] * t[i]), s[k]), "=", t[k], given=inside)
table.true(
    Derivative(S(s[i] * s[i + 1]), s[k]),
    "=",
    s[k + 1] + s[k - 1],
    given=(k >= 2, k <= n),
)
table.true(S(delta(i, k) * s[i]), "=", s[k], given=inside)
table.true(S(delta(i, k) * s[i]), "=", 0, given=(k > n,))
table.false(Derivative(EXPS, s[k]), "=", exp(s[k]), today=UNDECIDED)
table.false(
    Derivative(soft(j), s[k]),
    "=",
    soft(j) * (1 - soft(k)),
    given=inside,
    today=UNDECIDED,
)
table.false(
    Derivative(soft(j), s[k]),
    "=",
    soft(j) * (delta(j, k) - soft(j)),
    given=inside,
    today=UNDECIDED,
)
table.false(
    Derivative(S(s[i] * s[i + 1]), s[k]),
    "=",
    s[k + 1] + s[k - 1],
    given=inside,
    name="at k = 1 there is one",
    today=UNDECIDED,
)
table.false(S(delta(i, k) * s[i]), "=", s[k], today=UNDECIDED)
table.false(S(delta(i, k) / (i - k)), "=", 0, given=inside, today=UNDECIDED)

"""Sums: telescoping, and one normal form."""

from __future__ import annotations

import sympy as sp
from sympy import Ne, Piecewise, Rational, Sum, factorial

from kexue_lib.derive import by

from .table import UNDECIDED, Table

n, k, m, r = sp.symbols("n k m r", integer=True, nonnegative=True)
p, N = sp.symbols("p N", integer=True, positive=True)
a, b = sp.symbols("a b", positive=True)
F = factorial
half = Rational(1, 2)


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


tel = by.telescoping
mat = sp.FunctionMatrix
low = mat(N, N, sp.Lambda((n, k), Piecewise((1, k <= n), (0, True))))
i, j = sp.symbols("i j", integer=True)
x, y = sp.symbols("x y", real=True)
s = sp.IndexedBase("s", real=True)
t = sp.IndexedBase("t", real=True)
D = sp.Derivative

table = Table("sums")

table.true(S(1 / ((k + 1) * (k + 2))), "=", 1 - 1 / (n + 2), tel(1 / (k + 1)))
table.true(S(k), "=", n * (n + 1) / 2, tel(-k * (k - 1) / 2))
table.true(S(2 * k + 1), "=", (n + 1) ** 2, tel(-(k**2)))
table.true(S(k * F(k)), "=", F(n + 1) - 1, tel(-F(k)))
table.true(S(2**k), "=", 2 ** (n + 1) - 1, tel(-(2**k)))
table.true(S(k / F(k + 1)), "=", 1 - 1 / F(n + 1), tel(1 / F(k)))
table.true(S(1), "=", n + 1, tel(-k))
table.true(
    S(a**k),
    "=",
    (1 - a ** (n + 1)) / (1 - a),
    tel(a**k / (1 - a)),
    given=(Ne(a, 1),),
)
table.true(S(k), "=", n * (n + 1) / 2, tel())
table.true(S(k * F(k)), "=", F(n + 1) - 1, tel())
table.true(S(k**2), "=", n * (n + 1) * (2 * n + 1) / 6, tel())
table.true(S(3 * (2 * k + 1)), "=", 3 * (n + 1) ** 2, tel(-3 * k**2))
table.true(
    S(1 / (4 * k**2 - 1), 1), "=", n / (2 * n + 1), tel(half / (2 * k - 1))
)
table.true(
    S(k, 1, n - 1),
    "=",
    n * (n - 1) / 2,
    tel(-k * (k - 1) / 2),
    today=UNDECIDED,
)
table.true(
    S((2 * k + 1) / (F(m - k) * F(m + k + 1))),
    "=",
    1 / F(m) ** 2 - 1 / (F(m - n - 1) * F(m + n + 1)),
    tel(1 / (F(m - k) * F(m + k))),
)
table.true(S(k**3), "=", n**2 * (n + 1) ** 2 / 4, tel())
table.false(S(1 / ((k + 1) * (k + 2))), "=", 1 - 1 / (n + 1), tel(1 / (k + 1)))
table.false(S(k), "=", n * (n - 1) / 2, tel(-k * (k - 1) / 2))
table.false(S(2 * k + 1), "=", n**2, tel(-(k**2)))
table.false(S(k * F(k)), "=", F(n + 1), tel(-F(k)))
table.false(S(2**k), "=", 2 ** (n + 1), tel(-(2**k)))
table.false(S(k / F(k + 1)), "=", 1 - 1 / F(n), tel(1 / F(k)))
table.false(S(1), "=", n, tel(-k))
table.false(S(a**k), "=", (1 - a ** (n + 1)) / (1 - a), tel(a**k / (1 - a)))
table.false(S(k), "=", n * (n + 1), tel())
table.false(S(k * F(k)), "=", F(n + 1) + 1, tel())
table.false(S(k**2), "=", n * (n + 1) * (2 * n - 1) / 6, tel())
table.false(S(1 / (k + 1)), "=", sp.log(n + 1), tel())
table.false(
    S(1 / (4 * k**2 - 1), 1), "=", n / (2 * n - 1), tel(half / (2 * k - 1))
)
table.false(S(k), "=", n * (n + 1) / 2, tel(k * (k - 1) / 2), today=UNDECIDED)
table.false(
    S((2 * k + 1) / (F(m - k) * F(m + k + 1))),
    "=",
    1 / F(m) ** 2 - 1 / (F(m - n) * F(m + n)),
    tel(1 / (F(m - k) * F(m + k))),
)
table.false(S(k**3), "=", n**2 * (n - 1) ** 2 / 4, tel())
table.false(S(1 / k), "=", n, tel())

table.true(k * S(s[k]), "=", S(k * s[m], 0, n, m))
table.true(S(s[k] + t[k]), "=", S(s[k]) + S(t[k]))
table.true(S(a * s[k]), "=", a * S(s[k]))
table.true(S(s[k], index=k), "=", S(s[j], index=j))
table.true(S(2 * s[k]) - S(s[k]), "=", S(s[k]))
table.true(S((s[k] + 1) ** 2), "=", S(s[k] ** 2) + 2 * S(s[k]) + S(1))
table.true(S(s[k] - s[k]), "=", 0)
table.true(S(s[k] * (t[k] + 1)), "=", S(s[k] * t[k]) + S(s[k]))
table.true(S(x * s[k] + y * t[k]), "=", x * S(s[k]) + y * S(t[k]))
table.true(D(S(sp.exp(x * s[k])), x), "=", S(s[k] * sp.exp(x * s[k])))
table.true(D(S(x**2 * s[k]), x), "=", 2 * x * S(s[k]))
table.true(S(s[k] / a), "=", S(s[k]) / a)
table.true(S((-1) ** (k + 1) * s[k]), "=", -S((-1) ** k * s[k]))
table.true(
    S((s[k] - x) ** 2), "=", S(s[k] ** 2) - 2 * x * S(s[k]) + x**2 * S(1)
)
table.true(S(s[k], 1, n) * 2, "=", S(s[k] + s[k], 1, n))
table.true(S(k + 1) - S(k), "=", S(1))
table.false(S(s[k] * t[k]), "=", S(s[k]) * S(t[k]), today=UNDECIDED)
table.false(S(a + s[k]), "=", a + S(s[k]), today=UNDECIDED)
table.false(S(s[k]), "=", S(t[k]), today=UNDECIDED)
table.false(S(s[k], 0, n), "=", S(s[k], 1, n), today=UNDECIDED)
table.false(S((s[k] + 1) ** 2), "=", S(s[k] ** 2) + S(1), today=UNDECIDED)
table.false(S(s[k]) ** 2, "=", S(s[k] ** 2), today=UNDECIDED)
table.false(S(1 / (1 + s[k] ** 2)), "=", 1 / S(1 + s[k] ** 2), today=UNDECIDED)
table.false(S(x * s[k] + y * t[k]), "=", (x + y) * S(s[k]), today=UNDECIDED)
table.false(
    D(S(sp.exp(x * s[k])), x), "=", S(sp.exp(x * s[k])), today=UNDECIDED
)
table.false(D(S(x**2 * s[k]), x), "=", S(s[k]), today=UNDECIDED)
table.false(S(s[k] / a), "=", a * S(s[k]), today=UNDECIDED)
table.false(S(s[k]) + x, "=", S(s[k]), today=UNDECIDED)
table.false(S((-1) ** k * s[k]), "=", S(s[k]), today=UNDECIDED)
table.false(
    S((s[k] - x) ** 2),
    "=",
    S(s[k] ** 2) + 2 * x * S(s[k]) + x**2 * S(1),
    today=UNDECIDED,
)
table.false(S(s[k + 1]), "=", S(s[k]), today=UNDECIDED)
table.false(S(s[k], 0, n + 1), "=", S(s[k], 0, n), today=UNDECIDED)
table.false(k * S(s[k]), "=", S(k * s[k]), today=UNDECIDED)
table.false(
    S(s[k]) * k - S(k * s[m], 0, n, m), "=", S(s[k] * k), today=UNDECIDED
)

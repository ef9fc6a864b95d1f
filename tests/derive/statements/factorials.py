"""Factorials, binomials, Gamma."""

from __future__ import annotations

import sympy as sp
from sympy import binomial, factorial, gamma

from .table import Table

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
x, y, z = sp.symbols("x y z", real=True)
a, b, c = sp.symbols("a b c", positive=True)
F = factorial

table = Table("factorials")

table.true(F(n + 1), "=", (n + 1) * F(n))
table.true(F(n + 2) / F(n), "=", (n + 1) * (n + 2))
table.true(binomial(n + 1, k + 1), "=", binomial(n, k) + binomial(n, k + 1))
table.true(binomial(n, k), "=", F(n) / (F(k) * F(n - k)))
table.true(binomial(n, k), "=", binomial(n, n - k), given=(k <= n,))
table.true(
    k * binomial(n, k), "=", n * binomial(n - 1, k - 1), given=(n >= 1,)
)
table.true(gamma(a + 1), "=", a * gamma(a))
table.true(F(2 * n + 2), "=", (2 * n + 2) * (2 * n + 1) * F(2 * n))
table.true(1 / F(m - n) - 1 / F(m - n - 1), "=", (1 - m + n) / F(m - n))
table.true(2 ** (n + 1) * F(n), "=", 2 * 2**n * F(n))
table.true(gamma(n + 1), "=", F(n))
table.true(
    binomial(2 * n + 2, n + 1),
    "=",
    2 * (2 * n + 1) / (n + 1) * binomial(2 * n, n),
)
table.true((-1) ** (n + 1) * F(n), "=", -((-1) ** n) * F(n))
table.true(F(n) ** 2 / F(n + 1) ** 2, "=", 1 / (n + 1) ** 2)
table.true(sp.rf(a, n + 1), "=", (a + n) * sp.rf(a, n))
table.false(F(n + 1), "=", n * F(n))
table.false(F(2 * n), "=", 2 * F(n))
table.false(F(n) * F(k), "=", F(n * k))
table.false(binomial(n + 1, k + 1), "=", binomial(n, k) + binomial(n, k - 1))
table.false(binomial(n, k), "=", F(n) / (F(k) * F(n + k)))
table.false(k * binomial(n, k), "=", n * binomial(n, k - 1))
table.false(gamma(a + 1), "=", (a + 1) * gamma(a))
table.false(F(n + k), "=", F(n) + F(k))
table.false(1 / F(m - n), "=", 1 / F(n - m))
table.false(2**n * F(n), "=", F(2 * n))
table.false(gamma(n + 1), "=", F(n + 1))
table.false(gamma(x + 1), "=", x * gamma(x))
table.false(F(n - 1), "=", F(n) / n)
table.false(binomial(2 * n, n), "=", 4**n)
table.false((-1) ** n * F(n), "=", F(n))
table.false(F(n) / F(n - 1), "=", n + 1)

# -- reciprocals at the poles: 1/(-1)! is 0 -----------------------------------
table.true(1 / F(-n - 1) + n, "=", n)
table.true(F(n) / (F(n + 2) * F(-n - 1)), "=", 0)
table.false(1 / F(n - m), "=", 0)
table.false(1 / F(-n), "=", 0)

"""Linear recurrences and their first values."""

from __future__ import annotations

import sympy as sp
from sympy import Integral, Piecewise, Sum, binomial, factorial

from kexue_lib.derive import by

from .table import UNDECIDED, Table

n, k, m, r = sp.symbols("n k m r", integer=True, nonnegative=True)
p, N = sp.symbols("p N", integer=True, positive=True)
x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
F = factorial
P, L = sp.legendre, sp.laguerre


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


Y = sp.Function("y")
rec = by.recurrence
fib = Y(n + 1) - 2 * Y(n)
mat = sp.FunctionMatrix
low = mat(N, N, sp.Lambda((n, k), Piecewise((1, k <= n), (0, True))))

table = Table("recurrences")

table.true(3 * 2**n, "=", 2**n + 2 ** (n + 1), rec(Y(n), fib))
table.true(
    n + 1,
    "=",
    S(1),
    rec(
        Y(n),
        Y(n + 2) - 2 * Y(n + 1) + Y(n),
        right=by.induction(n),
    ),
)
table.true(
    Integral(x**n, (x, 0, 1)),
    "=",
    1 / (n + 1),
    rec(Y(n), (n + 2) * Y(n + 1) - (n + 1) * Y(n), by.antiderivative()),
)
table.true((-1) ** n, "=", (-1) ** (n + 2), rec(Y(n), Y(n + 1) + Y(n)))
table.true(a**n, "=", a ** (n + 1) / a, rec(Y(n), Y(n + 1) - a * Y(n)))
table.true(
    n * 2**n,
    "=",
    n * 2 ** (n + 1) / 2,
    rec(Y(n), Y(n + 2) - 4 * Y(n + 1) + 4 * Y(n)),
)
table.true(
    binomial(n + 2, 2),
    "=",
    (n + 1) * (n + 2) / 2,
    rec(Y(n), (n + 1) * Y(n + 1) - (n + 3) * Y(n)),
)
table.true(
    binomial(2 * n, n),
    "=",
    F(2 * n) / F(n) ** 2,
    rec(
        Y(n),
        (n + 1) * Y(n + 1) - 2 * (2 * n + 1) * Y(n),
    ),
)
table.true(
    sp.rf(a, n),
    "=",
    sp.gamma(a + n) / sp.gamma(a),
    rec(Y(n), Y(n + 1) - (a + n) * Y(n)),
)
table.true(
    Integral(y**m * P(n, 2 * y - 1), (y, 0, 1)),
    "=",
    F(m) ** 2 / (F(m - n) * F(m + n + 1)),
    rec(
        Y(n, m),
        (n + 1) * Y(n + 1, m)
        - (2 * n + 1) * (2 * Y(n, m + 1) - Y(n, m))
        + n * Y(n - 1, m),
    ),
)
table.false(2**n, "=", 3**n, rec(Y(n), fib))
table.false(2**n, "=", 2 ** (n + 1), rec(Y(n), fib))
table.false(F(n), "=", F(n + 1), rec(Y(n), Y(n + 1) - (n + 1) * Y(n)))
table.false(n + 1, "=", n**2 + 1, rec(Y(n), Y(n + 2) - 2 * Y(n + 1) + Y(n)))
table.false(
    Integral(x**n, (x, 0, 1)),
    "=",
    1 / (n + 2),
    rec(Y(n), (n + 2) * Y(n + 1) - (n + 1) * Y(n), by.antiderivative()),
    today=UNDECIDED,
)
table.false((-1) ** n, "=", sp.S.One, rec(Y(n), Y(n + 1) + Y(n)))
table.false(a**n, "=", b**n, rec(Y(n), Y(n + 1) - a * Y(n)))
table.false(n * 2**n, "=", 2**n, rec(Y(n), Y(n + 2) - 4 * Y(n + 1) + 4 * Y(n)))
table.false(2**n, "=", 3**n, rec(Y(n), Y(n + 2) - 5 * Y(n + 1) + 6 * Y(n)))
table.false(
    n,
    "=",
    n**2,
    rec(
        Y(n),
        n * (Y(n + 2) - 2 * Y(n + 1) + Y(n)) * 0 + Y(n + 1) - Y(n),
    ),
)
table.false(n, "=", sp.S.Zero, rec(Y(n), n * Y(n + 1) - (n + 1) * Y(n)))
table.false(
    binomial(2 * n, n),
    "=",
    4**n,
    rec(
        Y(n),
        (n + 1) * Y(n + 1) - 2 * (2 * n + 1) * Y(n),
    ),
)
table.false(2**p, "=", 2 * 2**p, rec(Y(p), Y(p + 1) - 2 * Y(p)))
table.false(x, "=", 2 * x, rec(Y(x), Y(x + 1) - Y(x)))
table.false(n, "=", 2 * n, rec(Y(n), Y(n) - Y(n)))

"""Finite sets, one value at a time."""

from __future__ import annotations

import sympy as sp
from sympy import Eq, Piecewise, Sum

from kexue_lib.derive import by

from .table import Table

n, k, m, r = sp.symbols("n k m r", integer=True, nonnegative=True)
p, N = sp.symbols("p N", integer=True, positive=True)
x, y = sp.symbols("x y", real=True)


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


each = by.each
mat = sp.FunctionMatrix
hil = mat(N, N, sp.Lambda((n, k), 1 / (n + k + 1)))
low = mat(N, N, sp.Lambda((n, k), Piecewise((1, k <= n), (0, True))))
dif = mat(
    N,
    N,
    sp.Lambda((n, k), Piecewise((1, Eq(k, n)), (-1, Eq(k, n - 1)), (0, True))),
)
Id = sp.Identity(N)
NN = {N: range(1, 6)}

table = Table("finite sets")

table.true(S(k), "=", n * (n + 1) / 2, each({n: range(9)}))
table.true(2**n, "=", n + 1, each({n: range(2)}))
table.true(n**2, "=", 3 * n - 2, each({n: range(1, 3)}))
table.true(low * dif, "=", Id, each(NN))
table.true(low**-1, "=", dif, each(NN))
table.true(hil.T, "=", hil, each(NN))
table.true(n, "=", k, each({n: range(4), k: range(4)}), given=(Eq(n, k),))
table.true(n * k, "<=", 5, each({n: range(3), k: range(3)}))
table.true(x**n * x, "=", x ** (n + 1), each({n: range(4)}, by.algebra()))
table.true(2 * n + 1, "!=", 2 * k, each({n: range(5), k: range(5)}))
table.true(low * low, "!=", low, each({N: range(2, 5)}))
table.false(S(k), "=", n * (n - 1) / 2, each({n: range(9)}))
table.false(2**n, "=", n + 1, each({n: range(3)}))
table.false(n**2, "=", 3 * n - 2, each({n: range(4)}))
table.false(low * low, "=", Id, each(NN))
table.false(low, "=", low.T, each(NN))
table.false(low * dif.T, "=", dif.T * low, each(NN))
table.false(hil**-1, "=", hil, each(NN))
table.false((low * dif.T).T, "=", low.T * dif, each(NN))
table.false(low + dif, "=", 2 * low, each(NN))
table.false(low**2, "=", low * 2, each(NN))
table.false((low - low.T) ** -1, "=", Id, each(NN))
table.false(n, "=", k, each({n: range(4), k: range(4)}))
table.false(n * k, "<=", 3, each({n: range(3), k: range(3)}))
table.false(x**n * x, "=", x ** (n + 2), each({n: range(4)}, by.algebra()))
table.false(n + 1, "!=", 2 * k, each({n: range(5), k: range(5)}))
table.false(n * x, "=", n, each({n: range(3)}))
table.false(1 / n, "=", 1 / n + 0 * k, each({n: range(3)}))
table.false(low * dif, "=", Id, each({k: range(3)}))

"""Finite sets, one value at a time."""

from __future__ import annotations

import sympy as sp
from sympy import Eq, Piecewise, Sum, binomial

from kexue_lib.derive import by

from .table import MALFORMED, Table

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

# -- exact is exact -----------------------------------------------------------
tiny = sp.Rational(1, 10**30)
three = {n: range(3)}
table.false(
    sp.exp(sp.pi * sp.sqrt(67)) * (n + 1),
    "=",
    (5280**3 + 744) * (n + 1),
    each({n: range(5)}),
    kin="05",
)
table.false(
    sp.exp(sp.pi * sp.sqrt(43)),
    "=",
    960**3 + 744 + 0 * n,
    each(three),
    kin="05",
)
table.false(
    sp.log(640320**3 + 744) * n,
    "=",
    sp.pi * sp.sqrt(163) * n,
    each({n: range(1, 4)}),
    kin="05",
)
table.false(
    sp.exp(-(n**2)),
    "=",
    2 * sp.exp(-(n**2)),
    each({n: range(8, 12)}),
    kin="05",
)
table.false(
    sp.exp(-(n**3)),
    "=",
    0,
    each({n: range(4, 9)}),
    kin="05",
)
table.false((1 + tiny) * n, "=", n, each({n: range(1, 5)}), kin="05")
table.false(
    sp.cos(n * tiny),
    "=",
    1,
    each({n: range(1, 5)}),
    kin="05",
)
table.false(
    sp.tanh(n),
    "=",
    1,
    each({n: range(60, 70)}),
    kin="05",
)
table.false(
    sp.tanh(n),
    ">=",
    1,
    each({n: range(60, 70)}),
    kin="05",
)
table.false(
    sp.sqrt(n**2 + tiny),
    "=",
    n,
    each({n: range(10, 14)}),
    kin="05",
)
table.false(
    sp.sin(sp.pi * n + tiny),
    "=",
    0,
    each(three),
    kin="05",
)
table.true((1 + tiny) * n, ">", n, each({n: range(1, 5)}))
table.true(
    sp.exp(-(n**2)),
    ">",
    0,
    each({n: range(8, 12)}),
)
table.true(
    sp.tanh(n),
    "<",
    1,
    each({n: range(60, 70)}),
)
table.true(sp.cos(sp.pi * n), "=", (-1) ** n, each({n: range(6)}))
table.true(sp.sqrt(n**2), "=", n, each({n: range(10, 14)}))
table.true(
    n**5 - n, "=", 30 * sp.floor(n**5 / 30) - 0 * n, each({n: range(2)})
)
table.true(sp.Mod(n**5 - n, 30), "=", 0, each({n: range(40)}))
# -- one value more, and it is false ------------------------------------------
euler = sp.prod([n - v for v in range(7)])
table.true(euler, "=", 0, each({n: range(7)}))
table.false(euler, "=", 0, each({n: range(8)}))
table.true(binomial(2 * n, n), "<=", 3**n + 1, each({n: range(3)}))
table.false(
    binomial(2 * n, n), "<", 4**n, each({n: range(9)}), name="1 < 1 at n = 0"
)
table.true(2**n, ">=", n**2, each({n: [0, 1, 2, 4, 5, 6]}))
table.false(2**n, ">=", n**2, each({n: range(7)}), name="only n = 3")
table.false(sp.Mod(2**n - 2, n), "=", 0, each({n: range(2, 8)}))
table.true(S(k**3), "=", S(k) ** 2, each({n: range(12)}))
table.false(S(k**4), "=", S(k) ** 2, each({n: range(3)}))
table.false(n / (n - 3), "=", 1 + 3 / (n - 3), each({n: range(6)}))
table.true(n / (n - 3), "=", 1 + 3 / (n - 3), each({n: [0, 1, 2, 4, 5]}))
table.false(
    low * low.T, "=", low.T * low, each({N: range(1, 4)}), name="only N = 1"
)
table.true(low * low.T, "=", low.T * low, each({N: [1]}))

# -- a value is what was written: none is rounded -----------------------------
NO_INTEGER = {
    "a half among the values": [0, sp.Rational(1, 2)],
    "a float among the values": [0, 1.9],
    "digits for values": "01",
    "truth values": [False, True],
}
for said, values in NO_INTEGER.items():
    table.tells(said, lambda v=values: by.each({n: v}), MALFORMED, true=False)

"""Matrices and inverses: true for generic entries is not enough."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Determinant,
    ImmutableMatrix,
    Inverse,
    MatMul,
    Ne,
    Trace,
    Transpose,
    cos,
    exp,
    eye,
    sin,
)

from .table import UNDECIDED, Table

n = sp.Symbol("n", integer=True, nonnegative=True)
a, b, c, d, x, t = sp.symbols("a b c d x t", real=True)
p, q = sp.symbols("p q", positive=True)
u = sp.Symbol("u", complex=True)


def M(*rows):
    return ImmutableMatrix(rows)


I2 = M([1, 0], [0, 1])
G, H = M([a, b], [c, d]), M([x, 1], [0, t])
UP, LOW = M([1, a], [0, 1]), M([1, 0], [b, 1])
TURN = M([cos(t), -sin(t)], [sin(t), cos(t)])
SYM = M([a, b], [b, a])

table = Table("matrices and inverses")

# -- what holds for all entries -----------------------------------------------
table.true(G * G.adjugate(), "=", (a * d - b * c) * I2)
table.true((G * H).T, "=", H.T * G.T)
table.true((G * H).det(), "=", G.det() * H.det())
table.true((G * H - H * G).trace(), "=", 0)
table.true(UP**3, "=", M([1, 3 * a], [0, 1]))
table.true(TURN * TURN.T, "=", I2)
table.true(TURN.det(), "=", 1)
table.true(SYM * M([x, t], [t, x]), "=", M([x, t], [t, x]) * SYM)
table.true(G**2 - (a + d) * G + (a * d - b * c) * I2, "=", 0 * I2)
table.true(MatMul(Inverse(UP), UP), "=", I2)
table.true(Inverse(UP), "=", M([1, -a], [0, 1]))
table.true(
    MatMul(Inverse(M([a**2 + 1, a], [a, 1])), M([a**2 + 1, a], [a, 1])),
    "=",
    I2,
)
table.true(
    MatMul(Inverse(M([exp(a), 0], [0, 1])), M([exp(a), 0], [0, 1])), "=", I2
)
table.true(MatMul(Inverse(M([p, 0], [a, q])), M([p, 0], [a, q])), "=", I2)
table.true(
    MatMul(Inverse(M([1 + p, 1], [1, 1 + p])), M([1 + p, 1], [1, 1 + p])),
    "=",
    I2,
)
table.true(MatMul(Inverse(G), G), "=", I2, given=(Ne(a * d - b * c, 0),))
table.true(MatMul(Inverse(SYM), SYM), "=", I2, given=(Ne(a**2, b**2),))
table.true(Inverse(TURN), "=", TURN.T)
table.true(M([p, 0], [0, q]) ** 2, "=", M([p**2, 0], [0, q**2]))
table.true((UP * LOW).trace(), "=", 2 + a * b)
table.true(
    Determinant(M([1, a, a**2], [1, b, b**2], [1, c, c**2])),
    "=",
    (b - a) * (c - a) * (c - b),
)

# -- inverses that do not exist everywhere ------------------------------------
SINGULAR = {
    "a^3 + a = 10 has a root": M([a**3 + a - 10, 0], [0, 1]),
    "a^5 - a = 3 has an irrational root": M([a**5 - a - 3, 1], [0, 1]),
    "exp(a) = 5 somewhere": M([exp(a) - 5, 0], [0, 2]),
    "a^2 = 2 twice": M([a**2 - 2, 7], [0, 1]),
    "a = b": M([a, b], [a, a]),
    "cos t = 0": M([cos(t), 0], [sin(t), 1]),
}
for said, singular in SINGULAR.items():
    table.false(
        MatMul(Inverse(singular), singular),
        "=",
        I2,
        name=said,
        kin="31",
        today=UNDECIDED,
    )
table.false(
    MatMul(Inverse(SYM), SYM),
    "=",
    I2,
    given=(Ne(a, b),),
    kin="31",
    name="a = -b is left",
    today=UNDECIDED,
)
table.false(
    MatMul(Inverse(G), G),
    "=",
    I2,
    given=(Ne(a, 0), Ne(d, 0)),
    kin="31",
    name="ad = bc with all entries not 0",
    today=UNDECIDED,
)
table.false(
    Inverse(M([u**2 + 1, 0], [0, 1])),
    "=",
    M([1 / (u**2 + 1), 0], [0, 1]),
    kin="31",
    name="regular for real u, singular at i",
    today=UNDECIDED,
)
table.true(
    Inverse(M([a**2 + 1, 0], [0, 1])), "=", M([1 / (a**2 + 1), 0], [0, 1])
)
table.false(
    Inverse(M([p - 1, 0], [0, 1])),
    "=",
    M([1 / (p - 1), 0], [0, 1]),
    kin="31",
    today=UNDECIDED,
)

# -- true for matrices that commute, or for generic ones ----------------------
table.false(G * H, "=", H * G, today=UNDECIDED)
table.false((G + H) * (G - H), "=", G**2 - H**2, today=UNDECIDED)
table.false((G * H) ** 2, "=", G**2 * H**2, today=UNDECIDED)
table.false((G + H).det(), "=", G.det() + H.det())
table.false((2 * G).det(), "=", 2 * G.det())
table.false((G * H).trace(), "=", G.trace() * H.trace())
table.false((G * H).T, "=", G.T * H.T, today=UNDECIDED)
table.false(UP * LOW, "=", LOW * UP, today=UNDECIDED)
table.false(UP * LOW, "=", LOW * UP, given=(Ne(a, b),), today=UNDECIDED)
table.false(
    TURN * M([1, 0], [0, 2]), "=", M([1, 0], [0, 2]) * TURN, today=UNDECIDED
)
table.false(UP**3, "=", M([1, a**3], [0, 1]), today=UNDECIDED)
table.false(
    TURN**2,
    "=",
    M([cos(t) ** 2, -(sin(t) ** 2)], [sin(t) ** 2, cos(t) ** 2]),
    today=UNDECIDED,
)
table.false(
    G**2 - (a + d) * G,
    "=",
    (a * d - b * c) * I2,
    name="the sign in Cayley-Hamilton",
    today=UNDECIDED,
)
table.false(
    Inverse(UP * LOW), "=", MatMul(Inverse(UP), Inverse(LOW)), today=UNDECIDED
)
table.false(
    M([p, 0], [0, q]) ** 2,
    "=",
    M([p**2, 0], [0, q**2 + sp.Rational(1, 10**12)]),
    today=UNDECIDED,
)
table.false(
    Determinant(M([1, a, a**2], [1, b, b**2], [1, c, c**2])),
    "=",
    (b - a) * (c - a) * (b - c),
)
table.true(Trace(G * H).doit(), "=", Trace(H * G).doit())
table.false(Trace(G * H * UP).doit(), "=", Trace(H * G * UP).doit())
table.true(Transpose(G).doit() + G, "=", M([2 * a, b + c], [b + c, 2 * d]))
table.false(Transpose(G).doit() + G, "=", 2 * G, today=UNDECIDED)
table.false(eye(2), "=", G - G + eye(2) * 2, today=UNDECIDED)

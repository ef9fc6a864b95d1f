"""Letters that do not commute."""

from __future__ import annotations

import sympy as sp

from .table import UNDECIDED, Table

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
x, y, z = sp.symbols("x y z", real=True)
A, B, C, U, V = sp.symbols("A B C U V", commutative=False)


def inv(e):
    return e**-1


Z = 1 + x**2

table = Table("letters that do not commute")

table.true((A + B) ** 2, "=", A**2 + A * B + B * A + B**2)
table.true(A * (B + C), "=", A * B + A * C)
table.true(inv(A * B), "=", inv(B) * inv(A))
table.true(A * inv(1 - A), "=", inv(1 - A) - 1)
table.true(inv(1 - A) * A, "=", inv(1 - A) - 1)
table.true(inv(1 - A) - inv(1 - B), "=", inv(1 - A) * (A - B) * inv(1 - B))
table.true(
    (A - U * V) * (inv(A) + inv(A) * U * inv(1 - V * inv(A) * U) * V * inv(A)),
    "=",
    1,
)
table.true((A * B - B * A) * C, "=", A * B * C - B * A * C)
table.true((1 + A) * (1 - A), "=", 1 - A**2)
table.true(inv(1 - A * Z / (Z * Z + Z)), "=", inv(1 - A / (1 + Z)))
table.true(inv(Z - Z * A), "=", inv(1 - A) / Z)
table.true(
    inv((1 - A) * (Z - B)),
    "=",
    inv(Z - B) * inv(1 - A),
)
table.true(A * A**n, "=", A**n * A)
table.true(
    (A * B - B * A) * C
    + (B * C - C * B) * A
    + (C * A - A * C) * B
    - (C * (A * B - B * A) + A * (B * C - C * B) + B * (C * A - A * C)),
    "=",
    0,
)
table.false((A + B) ** 2, "=", A**2 + 2 * A * B + B**2, today=UNDECIDED)
table.false(A * B, "=", B * A, today=UNDECIDED)
table.false((A - B) * (A + B), "=", A**2 - B**2, today=UNDECIDED)
table.false(inv(A * B), "=", inv(A) * inv(B), today=UNDECIDED)
table.false(
    inv((1 - A) * (Z - B)), "=", inv(1 - A) * inv(Z - B), today=UNDECIDED
)
table.false(inv(Z - Z * A), "=", inv(1 - A) * Z, today=UNDECIDED)
table.false(A * B**n, "=", B**n * A, today=UNDECIDED)
table.false(A * A**n, "=", A**n, today=UNDECIDED)
table.false(inv(A + B), "=", inv(A) + inv(B), today=UNDECIDED)
table.false(A * B * inv(A), "=", B, today=UNDECIDED)
table.false(
    inv(1 - A * Z / (Z * Z + Z)),
    "=",
    inv(1 - A / (1 + 2 * Z)),
    today=UNDECIDED,
)
table.false(
    inv(1 - A * Z / (Z * Z + Z)), "=", inv(1 - B / (1 + Z)), today=UNDECIDED
)
table.false((A * B) ** 2, "=", A**2 * B**2, today=UNDECIDED)
table.false(A * inv(1 - A), "=", inv(1 - A) + 1, today=UNDECIDED)
table.false(
    inv(1 - A) - inv(1 - B),
    "=",
    inv(1 - A) * (B - A) * inv(1 - B),
    today=UNDECIDED,
)
table.false(
    (A - U * V) * (inv(A) - inv(A) * U * inv(1 - V * inv(A) * U) * V * inv(A)),
    "=",
    1,
    today=UNDECIDED,
)
table.false((A * B - B * A) * C, "=", 0, today=UNDECIDED)
table.false(A * B * C, "=", C * B * A, today=UNDECIDED)
table.false(A**2, "=", A, today=UNDECIDED)
table.false((1 + A) * (1 + B), "=", 1 + A + B, today=UNDECIDED)
table.false(A * B - B * A, "=", 1, today=UNDECIDED)
table.false(inv(1 - A * B), "=", 1 + A * inv(1 - B * A) * A, today=UNDECIDED)

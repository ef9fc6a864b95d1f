"""Inequalities added up from instances of an earlier one."""

from __future__ import annotations

import sympy as sp
from sympy import Sum, log

from .table import UNDECIDED, Earlier, Table, instances

x, y, z = sp.symbols("x y z", positive=True)
r = sp.symbols("r", real=True)
j = sp.Symbol("j", integer=True)
J = sp.Symbol("J", integer=True, positive=True)
f = sp.IndexedBase("f", positive=True)
tangent = Earlier(log(x), x - 1)


def inst(*terms):
    return instances(tangent, *terms)


table = Table("instances")

table.true(log(y), "<=", y - 1, inst((1, {x: y})))
table.true(log(y / z), "<=", y / z - 1, inst((1, {x: y / z})))
table.true(
    log(y) + 2 * log(z), "<=", y + 2 * z - 3, inst((1, {x: y}), (2, {x: z}))
)
table.true(log(1 / y) * z, "<=", (1 / y - 1) * z, inst((z, {x: 1 / y})))
table.true(
    Sum(log(f[j]), (j, 1, J)),
    "<=",
    Sum(f[j] - 1, (j, 1, J)),
    inst((1, {x: f[j]}, (j, 1, J))),
)
table.true(
    Sum(log(f[j] * y), (j, 1, J)) / J,
    "<=",
    log(y * z) + Sum(f[j], (j, 1, J)) / (J * z) - 1,
    inst((1 / J, {x: f[j] / z}, (j, 1, J))),
)

table.false(log(y), "<=", y - 2, inst((1, {x: y})))
table.false(-log(y), "<=", 1 - y, inst((-1, {x: y})))
table.false(log(r), "<=", r - 1, inst((1, {x: r})))
table.false(log(y - z), "<=", y - z - 1, inst((1, {x: y - z})))
table.false(r * log(y), "<=", r * (y - 1), inst((r, {x: y})))
table.false(log(y), "<=", y - 1, inst((2, {x: y})), today=UNDECIDED)
table.false(y - 1, "<=", log(y), inst((1, {x: y})))
table.false(
    Sum(log(f[j]), (j, 3, J)),
    "<=",
    Sum(f[j] - 1, (j, 3, J)),
    inst((1, {x: f[j]}, (j, 3, J))),
    today=UNDECIDED,
)

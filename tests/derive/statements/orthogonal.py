"""Orthogonal polynomials of every degree."""

from __future__ import annotations

import sympy as sp

from kexue_lib.derive import by

from .table import UNDECIDED, Table

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
x, y, z = sp.symbols("x y z", real=True)
P, L, H, T = sp.legendre, sp.laguerre, sp.hermite, sp.chebyshevt
D = sp.Derivative

table = Table("orthogonal polynomials")

table.true(
    (n + 1) * P(n + 1, x),
    "=",
    (2 * n + 1) * x * P(n, x) - n * P(n - 1, x),
)
table.true(
    D(P(n + 1, x), x) - D(P(n - 1, x), x),
    "=",
    (2 * n + 1) * P(n, x),
)
table.true(D(P(n + 1, x), x), "=", (n + 1) * P(n, x) + x * D(P(n, x), x))
table.true(
    (x**2 - 1) * D(P(n, x), x),
    "=",
    n * (x * P(n, x) - P(n - 1, x)),
)
table.true(
    (1 - x**2) * D(P(n, x), x, 2) - 2 * x * D(P(n, x), x),
    "=",
    -n * (n + 1) * P(n, x),
    today=UNDECIDED,
)
table.true(
    x * D(P(n, x), x) - D(P(n - 1, x), x),
    "=",
    n * P(n, x),
)
table.true(
    D(L(n, x), x) - D(L(n - 1, x), x), "=", -L(n - 1, x), given=(n >= 1,)
)
table.true(
    x * D(L(n, x), x), "=", n * (L(n, x) - L(n - 1, x)), given=(n >= 1,)
)
table.true(
    (n + 1) * L(n + 1, x),
    "=",
    (2 * n + 1 - x) * L(n, x) - n * L(n - 1, x),
    given=(n >= 1,),
)
table.true(
    H(n + 1, x), "=", 2 * x * H(n, x) - 2 * n * H(n - 1, x), given=(n >= 1,)
)
table.true(D(H(n, x), x), "=", 2 * n * H(n - 1, x), given=(n >= 1,))
table.true(
    D(H(n, x), x, 2) - 2 * x * D(H(n, x), x) + 2 * n * H(n, x),
    "=",
    0,
)
table.true(T(n + 1, x), "=", 2 * x * T(n, x) - T(n - 1, x), today=UNDECIDED)
table.true(T(n + 2, x) + T(n, x), "=", 2 * x * T(n + 1, x), today=UNDECIDED)
table.true(
    P(n + 2, x) * (n + 2),
    "=",
    (2 * n + 3) * x * P(n + 1, x) - (n + 1) * P(n, x),
)
table.false(
    (n + 1) * P(n + 1, x), "=", (2 * n + 1) * P(n, x) - n * P(n - 1, x)
)
table.false(
    D(P(n + 1, x), x) - D(P(n - 1, x), x),
    "=",
    (2 * n - 1) * P(n, x),
    today=UNDECIDED,
)
table.false(
    D(P(n + 1, x), x), "=", n * P(n, x) + x * D(P(n, x), x), today=UNDECIDED
)
table.false(
    (x**2 - 1) * D(P(n, x), x),
    "=",
    n * (x * P(n, x) + P(n - 1, x)),
    today=UNDECIDED,
)
table.false(
    (1 - x**2) * D(P(n, x), x, 2) + 2 * x * D(P(n, x), x),
    "=",
    -n * (n + 1) * P(n, x),
    today=UNDECIDED,
)
table.false(
    x * D(P(n, x), x) - D(P(n + 1, x), x), "=", n * P(n, x), today=UNDECIDED
)
table.false(
    D(L(n, x), x) - D(L(n - 1, x), x),
    "=",
    L(n - 1, x),
    given=(n >= 1,),
    today=UNDECIDED,
)
table.false(D(L(n, x), x), "=", -L(n - 1, x), given=(n >= 1,), today=UNDECIDED)
table.false(
    (n + 1) * L(n + 1, x),
    "=",
    (2 * n + 1 + x) * L(n, x) - n * L(n - 1, x),
    given=(n >= 1,),
)
table.false(
    H(n + 1, x),
    "=",
    x * H(n, x) - n * H(n - 1, x),
    given=(n >= 1,),
)
table.false(
    D(H(n, x), x), "=", n * H(n - 1, x), given=(n >= 1,), today=UNDECIDED
)
table.false(
    D(H(n, x), x, 2) - 2 * x * D(H(n, x), x),
    "=",
    2 * n * H(n, x),
    today=UNDECIDED,
)
table.false(
    T(n + 1, x),
    "=",
    2 * x * T(n, x) + T(n - 1, x),
)
table.false(P(n, x) ** 2, "=", P(2 * n, x))
table.false(P(n + 1, x), "=", x * P(n, x))
table.false(P(n, -x), "=", P(n, x))

# -- spherical Bessel functions -----------------------------------------------
X = sp.symbols("X", positive=True)
J = sp.jn
table.true(J(n + 2, X), "=", (2 * n + 3) / X * J(n + 1, X) - J(n, X))
table.true(D(J(n, X), X), "=", n / X * J(n, X) - J(n + 1, X))
table.true(
    (2 * n + 1) * D(J(n, X), X),
    "=",
    n * J(n - 1, X) - (n + 1) * J(n + 1, X),
)
table.false(J(n + 2, X), "=", (2 * n + 1) / X * J(n + 1, X) - J(n, X))
table.false(D(J(n, X), X), "=", n / X * J(n, X) + J(n + 1, X), today=UNDECIDED)
table.false(J(n, X) ** 2, "=", J(n - 1, X) * J(n + 1, X))
# -- at one point, for one degree, at one end ---------------------------------
table.true(
    (2 * n + 1) * (P(n, x) - x * P(n, x)),
    "=",
    (2 * n + 1) * P(n, x) - (n + 1) * P(n + 1, x) - n * P(n - 1, x),
    given=(n >= 1,),
)
table.false(
    (2 * n + 1) * (P(n, x) - x * P(n, x)),
    "=",
    (2 * n + 1) * P(n, x) - (n + 1) * P(n + 1, x) - (n + 1) * P(n - 1, x),
    given=(n >= 1,),
)
table.false(P(n, x), "<=", 1, by.sign(), name="only for |x| <= 1")
table.true(T(n, x), "=", sp.cos(n * sp.acos(x)), today=UNDECIDED)
table.false(L(n, x), ">", 0, by.sign())
table.false(
    H(n + 2, x), "=", (4 * x**2 - 2) * H(n, x), name="true for n = 0 only"
)
table.false(
    P(n + 2, x) - P(n, x),
    "=",
    (x**2 - 1) * (2 * n + 3) / 2,
    name="true for n = 0",
)
table.false(T(n, T(2, x)), "=", T(2 * n + 1, x))

# -- spherical Bessel functions at negative places ----------------------------
away = sp.Symbol("away", real=True)
off = (sp.Ne(away, 0),)
table.true(sp.jn(0, away), "=", sp.sin(away) / away, given=off)
table.true(away * sp.jn(0, away) + 1, "=", sp.sin(away) + 1, given=off)
table.false(sp.jn(0, away), "=", sp.sin(sp.Abs(away)) / away, given=off)
table.false(sp.jn(0, away), "=", sp.sin(away) / away)

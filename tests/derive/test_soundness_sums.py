"""True and false statements for sums, induction, cases and finite sets."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import (
    Eq,
    Integral,
    KroneckerDelta,
    Max,
    Min,
    Ne,
    Piecewise,
    Rational,
    Sum,
    binomial,
    factorial,
)

from kexue_lib.derive import by

n, k, m, r = sp.symbols("n k m r", integer=True, nonnegative=True)
p, N = sp.symbols("p N", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
s = sp.IndexedBase("s", real=True)
t = sp.IndexedBase("t", real=True)
F = factorial
P, L = sp.legendre, sp.laguerre
D = sp.Derivative
half = Rational(1, 2)
delta = KroneckerDelta


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


def R(factor, low=1, high=n):
    return sp.Product(factor, (k, low, high))


tel = by.telescoping
TELESCOPING = (
    [
        (S(1 / ((k + 1) * (k + 2))), 1 - 1 / (n + 2), tel(1 / (k + 1))),
        (S(k), n * (n + 1) / 2, tel(-k * (k - 1) / 2)),
        (S(2 * k + 1), (n + 1) ** 2, tel(-(k**2))),
        (S(k * F(k)), F(n + 1) - 1, tel(-F(k))),
        (S(2**k), 2 ** (n + 1) - 1, tel(-(2**k))),
        (S(k / F(k + 1)), 1 - 1 / F(n + 1), tel(1 / F(k))),
        (S(1), n + 1, tel(-k)),
        (
            S(a**k),
            (1 - a ** (n + 1)) / (1 - a),
            tel(a**k / (1 - a)),
            "=",
            (Ne(a, 1),),
        ),
        (S(k), n * (n + 1) / 2, tel()),
        (S(k * F(k)), F(n + 1) - 1, tel()),
        (S(k**2), n * (n + 1) * (2 * n + 1) / 6, tel()),
        (S(3 * (2 * k + 1)), 3 * (n + 1) ** 2, tel(-3 * k**2)),
        (S(1 / (4 * k**2 - 1), 1), n / (2 * n + 1), tel(half / (2 * k - 1))),
        (S(k, 1, n - 1), n * (n - 1) / 2, tel(-k * (k - 1) / 2)),
        (
            S((2 * k + 1) / (F(m - k) * F(m + k + 1))),
            1 / F(m) ** 2 - 1 / (F(m - n - 1) * F(m + n + 1)),
            tel(1 / (F(m - k) * F(m + k))),
        ),
        (S(k**3), n**2 * (n + 1) ** 2 / 4, tel()),
    ],
    [
        (S(1 / ((k + 1) * (k + 2))), 1 - 1 / (n + 1), tel(1 / (k + 1))),
        (S(k), n * (n - 1) / 2, tel(-k * (k - 1) / 2)),
        (S(2 * k + 1), n**2, tel(-(k**2))),
        (S(k * F(k)), F(n + 1), tel(-F(k))),
        (S(2**k), 2 ** (n + 1), tel(-(2**k))),
        (S(k / F(k + 1)), 1 - 1 / F(n), tel(1 / F(k))),
        (S(1), n, tel(-k)),
        (S(a**k), (1 - a ** (n + 1)) / (1 - a), tel(a**k / (1 - a))),
        (S(k), n * (n + 1), tel()),
        (S(k * F(k)), F(n + 1) + 1, tel()),
        (S(k**2), n * (n + 1) * (2 * n - 1) / 6, tel()),
        (S(1 / (k + 1)), sp.log(n + 1), tel()),
        (S(1 / (4 * k**2 - 1), 1), n / (2 * n - 1), tel(half / (2 * k - 1))),
        (S(k), n * (n + 1) / 2, tel(k * (k - 1) / 2)),
        (
            S((2 * k + 1) / (F(m - k) * F(m + k + 1))),
            1 / F(m) ** 2 - 1 / (F(m - n) * F(m + n)),
            tel(1 / (F(m - k) * F(m + k))),
        ),
        (S(k**3), n**2 * (n - 1) ** 2 / 4, tel()),
        (S(1 / k), n, tel()),
    ],
)

SUMS = (
    [
        (k * S(s[k]), S(k * s[m], 0, n, m)),
        (S(s[k] + t[k]), S(s[k]) + S(t[k])),
        (S(a * s[k]), a * S(s[k])),
        (S(s[k], index=k), S(s[j], index=j)),
        (S(2 * s[k]) - S(s[k]), S(s[k])),
        (S((s[k] + 1) ** 2), S(s[k] ** 2) + 2 * S(s[k]) + S(1)),
        (S(s[k] - s[k]), 0),
        (S(s[k] * (t[k] + 1)), S(s[k] * t[k]) + S(s[k])),
        (S(x * s[k] + y * t[k]), x * S(s[k]) + y * S(t[k])),
        (D(S(sp.exp(x * s[k])), x), S(s[k] * sp.exp(x * s[k]))),
        (D(S(x**2 * s[k]), x), 2 * x * S(s[k])),
        (S(s[k] / a), S(s[k]) / a),
        ((S(s[k]) + x) - x, S(s[k])),
        (S((-1) ** (k + 1) * s[k]), -S((-1) ** k * s[k])),
        (
            S((s[k] - x) ** 2),
            S(s[k] ** 2) - 2 * x * S(s[k]) + x**2 * S(1),
        ),
        (S(s[k], 1, n) * 2, S(s[k] + s[k], 1, n)),
        (S(k + 1) - S(k), S(1)),
    ],
    [
        (S(s[k] * t[k]), S(s[k]) * S(t[k])),
        (S(a + s[k]), a + S(s[k])),
        (S(s[k]), S(t[k])),
        (S(s[k], 0, n), S(s[k], 1, n)),
        (S((s[k] + 1) ** 2), S(s[k] ** 2) + S(1)),
        (S(s[k]) ** 2, S(s[k] ** 2)),
        (S(1 / (1 + s[k] ** 2)), 1 / S(1 + s[k] ** 2)),
        (S(x * s[k] + y * t[k]), (x + y) * S(s[k])),
        (D(S(sp.exp(x * s[k])), x), S(sp.exp(x * s[k]))),
        (D(S(x**2 * s[k]), x), S(s[k])),
        (S(s[k] / a), a * S(s[k])),
        (S(s[k]) + x, S(s[k])),
        (S((-1) ** k * s[k]), S(s[k])),
        (
            S((s[k] - x) ** 2),
            S(s[k] ** 2) + 2 * x * S(s[k]) + x**2 * S(1),
        ),
        (S(s[k + 1]), S(s[k])),
        (S(s[k], 0, n + 1), S(s[k], 0, n)),
        # The k outside is another one.
        (k * S(s[k]), S(k * s[k])),
        (S(s[k]) * k - S(k * s[m], 0, n, m), S(s[k] * k)),
    ],
)

ind = by.induction
INDUCTION = (
    [
        (S(k), n * (n + 1) / 2, ind(n)),
        (S(2 * k + 1), (n + 1) ** 2, ind(n)),
        (S(k**2), n * (n + 1) * (2 * n + 1) / 6, ind(n)),
        (S(k**3), S(k) ** 0 * n**2 * (n + 1) ** 2 / 4, ind(n)),
        (S(2**k), 2 ** (n + 1) - 1, ind(n)),
        (S(k * F(k)), F(n + 1) - 1, ind(n, by.combsimp())),
        (S(a**k), (1 - a ** (n + 1)) / (1 - a), ind(n), "=", (Ne(a, 1),)),
        (S((-1) ** k), (1 + (-1) ** n) / 2, ind(n)),
        (S((-1) ** k), (1 + (-1) ** n) / 2, ind(n, stride=2)),
        (Sum(k, (k, 1, p)), p * (p + 1) / 2, ind(p, start=1)),
        (
            Sum(1 / (k * (k + 1)), (k, 1, p)),
            p / (p + 1),
            ind(p, start=1),
        ),
        (
            S((2 * k + 1) * P(k, x)),
            (n + 1) * P(n, x) + (x + 1) * D(P(n, x), x),
            ind(n, by.holonomic()),
        ),
        (
            S((2 * k + 1) * P(k, x) * (1 + (-1) ** (n - k)) / 2),
            D(P(n + 1, x), x),
            ind(n, by.holonomic(), stride=2),
        ),
        (D(L(n, x), x), -Sum(L(k, x), (k, 0, n - 1)), ind(n, by.holonomic())),
        (
            (x - y) * S((2 * k + 1) * P(k, x) * P(k, y)),
            (n + 1) * (P(n + 1, x) * P(n, y) - P(n, x) * P(n + 1, y)),
            ind(n, by.holonomic()),
        ),
        (S(k, 0, 2 * n), n * (2 * n + 1), ind(n)),
        (R(k), F(n), ind(n, by.combsimp())),
        (R(1 + 1 / k), n + 1, ind(n)),
        (R(1 - p / k), (-1) ** n * binomial(p - 1, n), ind(n, by.combsimp())),
        (R(k, 1, 2 * n), F(2 * n), ind(n, by.combsimp())),
        (R(k, 1, p), F(p), ind(p, by.combsimp(), start=1)),
        (R(a, 0), a ** (n + 1), ind(n)),
    ],
    [
        (S(k), n * (n - 1) / 2, ind(n)),
        (S(k), n * (n + 1) / 2 + 1, ind(n)),
        (S(k**2), n * (n + 1) * (2 * n - 1) / 6, ind(n)),
        (S(k**3), n**2 * (n + 1) ** 2 / 4 + n, ind(n)),
        (S(2**k), 2**n, ind(n)),
        (S(k * F(k)), F(n + 1), ind(n, by.combsimp())),
        (S(a**k), (1 - a ** (n + 1)) / (1 - a), ind(n)),
        (S((-1) ** k), (1 - (-1) ** n) / 2, ind(n)),
        (S((-1) ** k), 1, ind(n, stride=2)),
        (Sum(k, (k, 1, p)), p * (p + 1) / 2, ind(p, start=2)),
        (Sum(1 / (k * (k + 1)), (k, 1, p)), 1 / (p + 1), ind(p, start=1)),
        (
            S((2 * k + 1) * P(k, x)),
            n * P(n, x) + (x + 1) * D(P(n, x), x),
            ind(n, by.holonomic()),
        ),
        (
            S((2 * k + 1) * P(k, x) * (1 - (-1) ** (n - k)) / 2),
            D(P(n + 1, x), x),
            ind(n, by.holonomic(), stride=2),
        ),
        (D(L(n, x), x), -Sum(L(k, x), (k, 0, n)), ind(n, by.holonomic())),
        (S(k), x * (x + 1) / 2, ind(x)),
        (S(k), n * (n + 1) / 2, ind(n, start=1, stride=1), "=", (Ne(n, 0),)),
        (R(k), F(n + 1), ind(n, by.combsimp())),
        (R(k), 2 * F(n), ind(n, by.combsimp())),
        (R(1 + 1 / k), n, ind(n)),
        (R(1 - p / k), (-1) ** n * binomial(p, n), ind(n, by.combsimp())),
        (R(k, 1, 2 * n), F(n) ** 2, ind(n, by.combsimp())),
        (R(k), S(k) ** 0 * F(2 * n), ind(n, by.combsimp())),
        (R(k + n), F(2 * n) / F(n), ind(n, by.combsimp())),
        (Sum(k, (k, 0, i)), i * (i + 2) / 2, ind(i)),
    ],
)
# The base case at 1 does not cover n = 0 where both sides differ.
INDUCTION[1][15] = (
    S(k),
    Piecewise((7, Eq(n, 0)), (n * (n + 1) / 2, True)),
    ind(n, start=1),
)


class Source:
    """Stands for an earlier chain."""

    def __init__(self, lhs, rhs, *given):
        from kexue_lib.derive.domain import Domain
        from kexue_lib.derive.levels import Level

        self.parts = (lhs, rhs, Domain(given), Level.PROVED, "t.C1", "C1")

    def equation(self):
        return self.parts


def use(source, at=None, then=None):
    return by.using(source, at, then).bound(lambda name: None)


tri = Source(S(k), n * (n + 1) / 2)
geo = Source(S(a**k), (1 - a ** (n + 1)) / (1 - a), Ne(a, 1))
u = sp.Function("u")
wave = Source(D(u(x), x, 2), -u(x))
USING = (
    [
        (2 * S(k), n * (n + 1), use(tri)),
        (S(k) + n + 1, (n + 1) * (n + 2) / 2, use(tri)),
        (S(3 * k), 3 * n * (n + 1) / 2, use(tri)),
        (Sum(k, (k, 0, m)), m * (m + 1) / 2, use(tri, {n: m})),
        (Sum(k, (k, 0, n + 1)), (n + 1) * (n + 2) / 2, use(tri, {n: n + 1})),
        (Sum(k, (k, 0, 2 * n)), n * (2 * n + 1), use(tri, {n: 2 * n})),
        (S(k) ** 2, n**2 * (n + 1) ** 2 / 4, use(tri)),
        ((1 - a) * S(a**k), 1 - a ** (n + 1), use(geo), "=", (Ne(a, 1),)),
        (S(a**k), (1 - a ** (n + 1)) / (1 - a), use(geo), "=", (a < 1,)),
        (
            S(b**k),
            (1 - b ** (n + 1)) / (1 - b),
            use(geo, {a: b}),
            "=",
            (Ne(b, 1),),
        ),
        (
            S((a / 2) ** k),
            (1 - (a / 2) ** (n + 1)) / (1 - a / 2),
            use(geo, {a: a / 2}),
            "=",
            (Ne(a, 2),),
        ),
        (n * S(k), n**2 * (n + 1) / 2, use(tri)),
        (1 / (1 + S(k)), 2 / (2 + n * (n + 1)), use(tri)),
        (S(k) - S(k) / 2, n * (n + 1) / 4, use(tri)),
        (
            F(n + 1) * S(k) / F(n),
            n * (n + 1) ** 2 / 2,
            use(tri, then=by.combsimp()),
        ),
    ],
    [
        (2 * S(k), n * (n - 1), use(tri)),
        (S(k**2), n * (n + 1) / 2, use(tri)),
        (S(k + 1), n * (n + 1) / 2, use(tri)),
        (Sum(k, (k, 0, m)), n * (n + 1) / 2, use(tri, {n: m})),
        (Sum(k, (k, 0, n + 1)), n * (n + 1) / 2, use(tri, {n: n + 1})),
        (Sum(k, (k, 0, i)), i * (i + 2) / 2, use(tri, {n: i})),
        (S(k) ** 2, n**2 * (n + 1) ** 2 / 2, use(tri)),
        (S(a**k), (1 - a ** (n + 1)) / (1 - a), use(geo)),
        (S(1), (1 - 1) / n, use(geo, {a: sp.S.One})),
        (S(k), n * (n + 1) / 2 + 1, use(tri)),
        (S(x**k), (1 - x ** (n + 1)) / (1 - x), use(geo, {a: x})),
        (n * S(k), n**2 / 2, use(tri)),
        (1 / S(k), 2 / (n * (n + 1)), use(tri)),
        (n + 1, n * (n + 1) / 2, use(tri)),
        (S((-1) ** k), (1 + (-1) ** n) / 2 + n, use(geo, {a: -sp.S.One})),
    ],
)

Y = sp.Function("y")
rec = by.recurrence
fib = Y(n + 1) - 2 * Y(n)
RECURRENCE = (
    [
        (
            2**n,
            Piecewise((1, Eq(n, 0)), (2**n, True)) ** 0 * 2**n,
            rec(Y(n), fib),
        ),
        (3 * 2**n, 2**n + 2 ** (n + 1), rec(Y(n), fib)),
        (F(n), F(n), rec(Y(n), Y(n + 1) - (n + 1) * Y(n), by.combsimp())),
        (
            n + 1,
            S(1),
            rec(
                Y(n),
                Y(n + 2) - 2 * Y(n + 1) + Y(n),
                by.cancel(),
                by.induction(n),
            ),
        ),
        (
            Integral(x**n, (x, 0, 1)),
            1 / (n + 1),
            rec(Y(n), (n + 2) * Y(n + 1) - (n + 1) * Y(n), by.integrate()),
        ),
        ((-1) ** n, (-1) ** (n + 2), rec(Y(n), Y(n + 1) + Y(n))),
        (a**n, a ** (n + 1) / a, rec(Y(n), Y(n + 1) - a * Y(n))),
        (
            n * 2**n,
            n * 2 ** (n + 1) / 2,
            rec(Y(n), Y(n + 2) - 4 * Y(n + 1) + 4 * Y(n)),
        ),
        (
            2**n + 3**n,
            3**n + 2**n,
            rec(Y(n), Y(n + 2) - 5 * Y(n + 1) + 6 * Y(n)),
        ),
        (
            binomial(n + 2, 2),
            (n + 1) * (n + 2) / 2,
            rec(Y(n), (n + 1) * Y(n + 1) - (n + 3) * Y(n), by.combsimp()),
        ),
        (
            P(n, 1 + 0 * x),
            sp.S.One,
            rec(Y(n), (n + 1) * Y(n + 1) - (2 * n + 1) * Y(n) + n * Y(n - 1)),
        ),
        (
            binomial(2 * n, n),
            F(2 * n) / F(n) ** 2,
            rec(
                Y(n),
                (n + 1) * Y(n + 1) - 2 * (2 * n + 1) * Y(n),
                by.combsimp(),
            ),
        ),
        (
            sp.rf(a, n),
            sp.gamma(a + n) / sp.gamma(a),
            rec(Y(n), Y(n + 1) - (a + n) * Y(n), by.combsimp()),
        ),
        (
            Integral(y**m * P(n, 2 * y - 1), (y, 0, 1)),
            F(m) ** 2 / (F(m - n) * F(m + n + 1)),
            rec(
                Y(n, m),
                (n + 1) * Y(n + 1, m)
                - (2 * n + 1) * (2 * Y(n, m + 1) - Y(n, m))
                + n * Y(n - 1, m),
                by.holonomic(),
            ),
        ),
        (
            1 / F(n),
            1 / F(n),
            rec(Y(n), (n + 1) * Y(n + 1) - Y(n), by.combsimp()),
        ),
    ],
    [
        (2**n, 3**n, rec(Y(n), fib)),
        (2**n, 2 ** (n + 1), rec(Y(n), fib)),
        (F(n), F(n + 1), rec(Y(n), Y(n + 1) - (n + 1) * Y(n), by.combsimp())),
        (n + 1, n**2 + 1, rec(Y(n), Y(n + 2) - 2 * Y(n + 1) + Y(n))),
        (
            Integral(x**n, (x, 0, 1)),
            1 / (n + 2),
            rec(Y(n), (n + 2) * Y(n + 1) - (n + 1) * Y(n), by.integrate()),
        ),
        ((-1) ** n, sp.S.One, rec(Y(n), Y(n + 1) + Y(n))),
        (a**n, b**n, rec(Y(n), Y(n + 1) - a * Y(n))),
        (n * 2**n, 2**n, rec(Y(n), Y(n + 2) - 4 * Y(n + 1) + 4 * Y(n))),
        (2**n, 3**n, rec(Y(n), Y(n + 2) - 5 * Y(n + 1) + 6 * Y(n))),
        (
            n,
            n**2,
            rec(
                Y(n),
                n * (Y(n + 2) - 2 * Y(n + 1) + Y(n)) * 0 + Y(n + 1) - Y(n),
            ),
        ),
        (n, sp.S.Zero, rec(Y(n), n * Y(n + 1) - (n + 1) * Y(n))),
        (
            binomial(2 * n, n),
            4**n,
            rec(
                Y(n),
                (n + 1) * Y(n + 1) - 2 * (2 * n + 1) * Y(n),
                by.combsimp(),
            ),
        ),
        (2**p, 2 * 2**p, rec(Y(p), Y(p + 1) - 2 * Y(p))),
        (x, 2 * x, rec(Y(x), Y(x + 1) - Y(x))),
        (n, 2 * n, rec(Y(n), Y(n) - Y(n))),
    ],
)

below = Piecewise((1, k < n), (0, True))
ge = Piecewise((1, k >= n), (0, True))
sgn = Piecewise((1, n > k), (-1, n < k), (0, True))
order = by.order
ORDER = (
    [
        (below + ge, 1, order(k, n)),
        # What the branch that does not hold divides by is no matter.
        (
            (n - k) * Piecewise((5, Eq(n, k)), (1 / (n - k), True)),
            1 - delta(n, k),
            order(k, n),
        ),
        (sgn**2, 1 - delta(n, k), order(k, n)),
        (sgn, -Piecewise((1, k > n), (-1, k < n), (0, True)), order(k, n)),
        (delta(n, k) * (n - k), 0, order(k, n)),
        (delta(n, k) * n, delta(n, k) * k, order(k, n)),
        (below * ge, 0, order(k, n)),
        (
            Piecewise((n, k <= n), (k, True)),
            (n + k + sgn * (n - k)) / 2,
            order(k, n),
        ),
        (delta(n, k), delta(k, n), order(k, n)),
        (delta(n, k + 1) * below, delta(n, k + 1), order(k, n, gap=1)),
        (Piecewise((0, Eq(n, k)), (1, True)), 1 - delta(n, k), order(k, n)),
        (sp.Abs(n - k), sgn * (n - k), order(k, n)),
        (Max(n, k) + Min(n, k), n + k, order(k, n)),
        ((-1) ** sp.Abs(n - k), (-1) ** (n + k), order(k, n)),
        (below - Piecewise((1, k < n), (0, True)), 0, order(k, n)),
        (
            Piecewise((1, k <= n + 1), (0, True)),
            below + delta(n, k) + delta(k, n + 1),
            order(k, n, gap=1),
        ),
    ],
    [
        (below + ge, 0, order(k, n)),
        (sgn**2, 1, order(k, n)),
        (sgn, Piecewise((1, k > n), (-1, k < n), (0, True)), order(k, n)),
        (delta(n, k) * (n + k), 0, order(k, n)),
        (delta(n, k) * n, delta(n, k) * (k + 1), order(k, n)),
        (below, 1 - ge + delta(n, k), order(k, n)),
        (
            Piecewise((n, k <= n), (k, True)),
            (n + k - sgn * (n - k)) / 2,
            order(k, n),
        ),
        (delta(n, k + 1), delta(n, k), order(k, n, gap=1)),
        (delta(n, k + 1) * ge, delta(n, k + 1), order(k, n, gap=1)),
        (Piecewise((0, Eq(n, k)), (1, True)), 1, order(k, n)),
        (Piecewise((1 / (n - k), Eq(n, k)), (0, True)), 0, order(k, n)),
        (Piecewise((1, k < n), (1 / (n - k), True)), 1, order(k, n)),
        (sp.Abs(n - k), n - k, order(k, n)),
        (Max(n, k), n + k, order(k, n)),
        ((-1) ** sp.Abs(n - k), 1, order(k, n)),
        (
            Piecewise((1, k <= n + 1), (0, True)),
            below + delta(n, k),
            order(k, n, gap=1),
        ),
        (Piecewise((1, x < y), (0, True)), 0, order(x, y)),
    ],
)

par = by.parity
even = (1 + (-1) ** n) / 2
PARITY = (
    [
        (even**2, even, par(n)),
        (even * (1 - even), 0, par(n)),
        ((-1) ** n * even, even, par(n)),
        (sp.floor(n / 2), (2 * n - 1 + (-1) ** n) / 4, par(n)),
        (sp.ceiling(n / 2) + sp.floor(n / 2), n, par(n)),
        ((-1) ** (n * (n + 1)), 1, par(n)),
        (Piecewise((1, Eq(sp.Mod(n, 2), 0)), (0, True)), even, par(n)),
        (sp.cos(sp.pi * n), (-1) ** n, par(n)),
        (sp.Mod(n, 2), 1 - even, par(n)),
        ((-1) ** (3 * n), (-1) ** n, par(n)),
        ((-1) ** (n**2), (-1) ** n, par(n)),
        (sp.sin(sp.pi * (n + half)), (-1) ** n, par(n)),
        ((1 - (-1) ** n) ** 2, 2 * (1 - (-1) ** n), par(n)),
        (sp.floor((n + 1) / 2), sp.ceiling(n / 2), par(n)),
        ((-1) ** (i + 1), -((-1) ** i), par(i)),
    ],
    [
        (even, 1, par(n)),
        (even * (1 + even), even, par(n)),
        ((-1) ** n * even, -even, par(n)),
        (sp.floor(n / 2), n / 2, par(n)),
        (sp.ceiling(n / 2) + sp.floor(n / 2), n + 1, par(n)),
        ((-1) ** (n * (n + 1) / 2), 1, par(n)),
        (Piecewise((1, Eq(sp.Mod(n, 2), 0)), (0, True)), 1 - even, par(n)),
        (sp.cos(sp.pi * n), 1, par(n)),
        (sp.Mod(n, 2), even, par(n)),
        (sp.I**n, (-1) ** n, par(n)),
        ((-1) ** (n**2), 1, par(n)),
        (sp.sin(sp.pi * (n + half)), 1, par(n)),
        ((1 - (-1) ** n) ** 2, 4, par(n)),
        (sp.floor((n + 1) / 2), sp.floor(n / 2), par(n)),
        (sp.cos(sp.pi * x), 1, par(x)),
    ],
)

fst = by.first
FIRST = (
    [
        (delta(n, 0) * n, 0, fst(n)),
        (Piecewise((1, Eq(n, 0)), (0, True)), delta(n, 0), fst(n)),
        (0**n, delta(n, 0), fst(n)),
        (F(n) * n / F(n), n, fst(n, 1, by.combsimp())),
        (Piecewise((0, n < 2), (n, True)), n - delta(n, 1), fst(n, 2)),
        (n * delta(n, 1), delta(n, 1), fst(n, 2)),
        (Piecewise((1, n >= 1), (0, True)), 1 - delta(n, 0), fst(n)),
        (Piecewise((1, p >= 1), (0, True)), 1, fst(p)),
        (sp.sign(n), 1 - delta(n, 0), fst(n)),
        (n * (n - 1) * (delta(n, 0) + delta(n, 1)), 0, fst(n, 2)),
        (Max(n, 1), n + delta(n, 0), fst(n)),
        (delta(n, 2) * n, 2 * delta(n, 2), fst(n, 3)),
        (Piecewise((5, Eq(p, 1)), (6, True)), 6 - delta(p, 1), fst(p)),
        (1 / F(n - 1), n / F(n), fst(n, 1, by.combsimp())),
        (Min(n, 1), 1 - delta(n, 0), fst(n)),
    ],
    [
        (delta(n, 0), 0, fst(n)),
        (Piecewise((1, Eq(n, 0)), (0, True)), 1 - delta(n, 0), fst(n)),
        (0**n, 0, fst(n)),
        (n**0, 1 + delta(n, 0), fst(n)),
        (Piecewise((0, n < 2), (n, True)), n, fst(n, 2)),
        (n * delta(n, 1), n, fst(n, 2)),
        (Piecewise((1, n >= 1), (0, True)), 1, fst(n)),
        (Piecewise((1, p >= 2), (0, True)), 1, fst(p)),
        (sp.sign(n), 1, fst(n)),
        (n * (n - 1) * delta(n, 2), 0, fst(n, 3)),
        (Max(n, 1), n, fst(n)),
        (Piecewise((1, n < 5), (0, True)), 1, fst(n, 2)),
        (delta(i, 0), 0, fst(i)),
        (1 / F(n - 1), 1 / F(n), fst(n, 1, by.combsimp())),
        (Min(n, 1), 1, fst(n)),
    ],
)

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
EACH = (
    [
        (S(k), n * (n + 1) / 2, each({n: range(9)})),
        (2**n, n + 1, each({n: range(2)})),
        (n**2, 3 * n - 2, each({n: range(1, 3)})),
        (low * dif, Id, each(NN)),
        (low**-1, dif, each(NN)),
        (hil.T, hil, each(NN)),
        (hil * hil**-1, Id, each(NN)),
        ((low * dif).T, dif.T * low.T, each(NN)),
        (low + dif, dif + low, each(NN)),
        (2 * low - low, low, each(NN)),
        (low**3, low * low**2, each(NN)),
        (n, k, each({n: range(4), k: range(4)}), "=", (Eq(n, k),)),
        (n * k, 5, each({n: range(3), k: range(3)}), "<="),
        (x**n * x, x ** (n + 1), each({n: range(4)}, by.expand())),
        (2 * n + 1, 2 * k, each({n: range(5), k: range(5)}), "!="),
        (low * low, low, each({N: range(2, 5)}), "!="),
    ],
    [
        (S(k), n * (n - 1) / 2, each({n: range(9)})),
        (2**n, n + 1, each({n: range(3)})),
        (n**2, 3 * n - 2, each({n: range(4)})),
        (low * low, Id, each(NN)),
        (low, low.T, each(NN)),
        (low * dif.T, dif.T * low, each(NN)),
        (hil**-1, hil, each(NN)),
        ((low * dif.T).T, low.T * dif, each(NN)),
        (low + dif, 2 * low, each(NN)),
        (low**2, low * 2, each(NN)),
        ((low - low.T) ** -1, Id, each(NN)),
        (n, k, each({n: range(4), k: range(4)})),
        (n * k, 3, each({n: range(3), k: range(3)}), "<="),
        (x**n * x, x ** (n + 2), each({n: range(4)}, by.expand())),
        (n + 1, 2 * k, each({n: range(5), k: range(5)}), "!="),
        (n * x, n, each({n: range(3)})),
        (1 / n, 1 / n + 0 * k, each({n: range(3)})),
        (low * dif, Id, each({k: range(3)})),
    ],
)

TABLES = {
    "telescoping": (TELESCOPING, "proved"),
    "induction": (INDUCTION, "proved"),
    "using": (USING, "proved"),
    "recurrence": (RECURRENCE, "proved"),
    "order": (ORDER, "proved"),
    "parity": (PARITY, "proved"),
    "first": (FIRST, "proved"),
    "each": (EACH, "exact"),
}
TABLES["sums"] = (
    tuple([(lhs, rhs, by.sums()) for lhs, rhs in part] for part in SUMS),
    "proved",
)
TRUE = [
    pytest.param(row, level, id=f"{name}-{number}")
    for name, ((good, _), level) in TABLES.items()
    for number, row in enumerate(good)
]
FALSE = [
    pytest.param(row, id=f"{name}-{number}")
    for name, ((_, bad), _) in TABLES.items()
    for number, row in enumerate(bad)
]


@pytest.mark.parametrize(("row", "level"), TRUE)
def test_true_statements_are_accepted(row, level, accepts):
    accepts(row, level)


@pytest.mark.parametrize("row", FALSE)
def test_false_statements_are_rejected(row, rejects):
    rejects(row)


def test_every_table_has_fifteen_of_each():
    for name, ((good, bad), _) in TABLES.items():
        assert min(len(good), len(bad)) >= 15, name

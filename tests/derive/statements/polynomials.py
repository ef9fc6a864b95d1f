"""Polynomials, fractions and their powers."""

from __future__ import annotations

import sympy as sp
from sympy import I, Matrix, Ne, Rational, conjugate, exp, sqrt

from .table import UNDECIDED, Table

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
x, y, z = sp.symbols("x y z", real=True)
a, b, c = sp.symbols("a b c", positive=True)
u, v, w = sp.symbols("u v w", complex=True)
D = sp.Derivative
p, q = sp.symbols("p q", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)

table = Table("polynomials and fractions")

table.true((x + y) ** 2, "=", x**2 + 2 * x * y + y**2)
table.true((x - y) * (x + y), "=", x**2 - y**2)
table.true((u + v) ** 3, "=", u**3 + 3 * u**2 * v + 3 * u * v**2 + v**3)
table.true((1 + I * x) * (1 - I * x), "=", 1 + x**2)
table.true((sqrt(a) + 1) ** 2, "=", a + 2 * sqrt(a) + 1)
table.true((-1) ** (n + 2), "=", (-1) ** n)
table.true((-1) ** (n - k), "=", (-1) ** (n + k))
table.true(2 ** (n + 1), "=", 2 * 2**n)
table.true(exp(x + y), "=", exp(x) * exp(y))
table.true(sp.Sum(k * x, (k, 0, 3)), "=", 6 * x)
table.true(D((x + 1) ** 2, x), "=", 2 * x + 2)
table.false((x + y) ** 2, "=", x**2 + y**2)
table.false((x - y) ** 2, "=", (x + y) ** 2)
table.false((u + v) ** 3, "=", u**3 + v**3)
table.false(u * conjugate(u), "=", u**2)
table.false(conjugate(u * v), "=", conjugate(u) * v)
table.false(sqrt(x**2), "=", x)
table.false(sqrt(a + 1), "=", sqrt(a) + 1)
table.false((-1) ** n, "=", 1)
table.false((-1) ** (n * k), "=", (-1) ** n)
table.false(2 ** (n + 1), "=", 2**n + 1)
table.false(exp(x * y), "=", exp(x) * exp(y))
table.false(
    Matrix([[1, x], [0, 1]]) * Matrix([[1, 0], [y, 1]]),
    "=",
    Matrix([[1, 0], [y, 1]]) * Matrix([[1, x], [0, 1]]),
    today=UNDECIDED,
)
table.false(
    Matrix([[1, x], [0, 1]]), "=", Matrix([[1, 0], [x, 1]]), today=UNDECIDED
)
table.false(sp.Sum(k * x, (k, 0, 3)), "=", 5 * x)
table.false(D((x + 1) ** 2, x), "=", 2 * x, today=UNDECIDED)
table.false((x**3) ** Rational(1, 3), "=", x)

table.true(1 / (a * (a + 1)), "=", 1 / a - 1 / (a + 1))
table.true((a**2 - b**2) / (a + b), "=", a - b)
table.true(1 / a + 1 / b, "=", (a + b) / (a * b))
table.true(1 / (1 + x**2) + x**2 / (1 + x**2), "=", 1)
table.true(1 / (sqrt(a) + 1), "=", (sqrt(a) - 1) / (a - 1), given=(Ne(a, 1),))
table.true(1 / (p * (p + 1)), "=", 1 / p - 1 / (p + 1))
table.true((1 - exp(-a)) / (1 + exp(-a)), "=", (exp(a) - 1) / (exp(a) + 1))
table.true((1 + (-1) ** n) * (1 - (-1) ** n) / a, "=", 0)
table.true((u**2 - 1) / (u - 1), "=", u + 1, given=(Ne(u, 1),))
table.true(1 / (1 - u) - 1, "=", u / (1 - u), given=(Ne(u, 1),))
table.true(a ** (n + 1) / a, "=", a**n)
table.true(D(1 / (1 + a), a), "=", -1 / (1 + a) ** 2)
table.true((a + b) / (2 * a * b), "=", (1 / a + 1 / b) / 2)
table.false(1 / (a + b), "=", 1 / a + 1 / b)
table.false((x**2 - 1) / (x - 1), "=", x + 1)
table.false(1 / x - 1 / (x + 1), "=", 1 / (x * (x + 1)))
table.false(1 / (x**2 - 4), "=", (1 / (x - 2) - 1 / (x + 2)) / 4)
table.false(1 / (a + b), "=", b / (a + b))
table.false((u**2 + 1) / (u + I), "=", u - I, today=UNDECIDED)
table.false(1 / (sqrt(a) - 1), "=", (sqrt(a) + 1) / (a - 1))
table.false(sqrt(x**2) / (1 + x**2), "=", x / (1 + x**2))
table.false(1 / n, "=", (n + 1) / (n * (n + 1)))
table.false((-1) ** n / a, "=", 1 / a)
table.false(1 / (i - j), "=", (i + j) / (i**2 - j**2))
table.false(D(1 / (1 + a), a), "=", 1 / (1 + a) ** 2, today=UNDECIDED)
table.false(
    Matrix([[a, b], [0, 1]]).inv(),
    "=",
    Matrix([[1 / a, b / a], [0, 1]]),
    today=UNDECIDED,
)
table.false((a**2 + b**2) / (a + b), "=", a + b)
table.false(2 / (a + b), "=", (1 / a + 1 / b) / 2)

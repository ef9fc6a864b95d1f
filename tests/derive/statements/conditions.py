"""Side conditions: zeros of denominators, poles, arguments out of range.

The false ones are true wherever anybody would look first.
"""

from __future__ import annotations

import sympy as sp
from sympy import (
    Abs,
    I,
    Mul,
    Ne,
    Pow,
    Rational,
    Sum,
    atanh,
    binomial,
    cos,
    cosh,
    cot,
    exp,
    factorial,
    gamma,
    log,
    pi,
    sin,
    sqrt,
    tan,
)

from kexue_lib.derive import by

from .table import UNDECIDED, Table

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
p, q, N = sp.symbols("p q N", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
u, v = sp.symbols("u v", complex=True)
F = factorial
ind = by.induction(n)


def S(term, high=n):
    return Sum(term, (k, 0, high))


def over(top, bottom):
    """A quotient as written: SymPy must not cancel it."""
    return Mul(top, Pow(bottom, -1, evaluate=False), evaluate=False)


table = Table("side conditions")

# -- a denominator that vanishes far away, or on a sequence of points ---------
wave = S(exp(I * k * x))
ratio = (1 - exp(I * (n + 1) * x)) / (1 - exp(I * x))
table.true(wave, "=", ratio, ind, (Ne(exp(I * x), 1),))
table.false(wave, "=", ratio, ind, (Ne(x, 0),), kin="01", today=UNDECIDED)
table.false(wave, "=", ratio, ind, (x > 0,), kin="01", today=UNDECIDED)
table.false(wave, "=", ratio, ind, (x > 0, x < 7), kin="01", today=UNDECIDED)
alternating = S((-x) ** k)
closed = (1 - (-x) ** (n + 1)) / (1 + x)
table.true(alternating, "=", closed, ind, (x > -1,))
table.true(alternating, "=", closed, ind, (Ne(x, -1),))
table.false(alternating, "=", closed, ind, (Ne(x, 1),), kin="01")
table.false(alternating, "=", closed, ind, (x >= -1,), kin="01")
geometric = S(u**k)
table.true(geometric, "=", (1 - u ** (n + 1)) / (1 - u), ind, (Ne(u, 1),))
table.false(
    S(u ** (2 * k)),
    "=",
    (1 - u ** (2 * n + 2)) / (1 - u**2),
    ind,
    (Ne(u, 1),),
    name="the other root, u = -1, is not excluded",
    kin="01",
)
table.false(
    S(u ** (4 * k)),
    "=",
    (1 - u ** (4 * n + 4)) / (1 - u**4),
    ind,
    (Ne(u, 1), Ne(u, -1)),
    name="no real point is left, and u = i is",
    kin="01",
)
table.true(
    S(x ** (3 * k)), "=", (1 - x ** (3 * n + 3)) / (1 - x**3), ind, (x < 1,)
)
roots = Sum(exp(2 * pi * I * j * k / N), (k, 0, N - 1))
table.false(roots, "=", 0, given=(Ne(j, 0),), kin="01")
table.false(
    tan(x) * cos(x),
    "=",
    sin(x),
    given=(Ne(x, pi / 2),),
    kin="01",
    today=UNDECIDED,
)
table.true(tan(x) * cos(x), "=", sin(x), given=(Ne(cos(x), 0),))
table.true(tan(x) * cos(x), "=", sin(x), given=(x > -1, x < 1))
table.false(
    1 / (1 - exp(I * x)) + 1 / (1 - exp(-I * x)),
    "=",
    1,
    given=(x > 0,),
    today=UNDECIDED,
)
table.true(
    1 / (1 - exp(I * x)) + 1 / (1 - exp(-I * x)),
    "=",
    1,
    given=(Ne(exp(I * x), 1),),
)
table.true(
    1 / (1 - exp(x)) + 1 / (1 - exp(-x)),
    "=",
    1,
    given=(Ne(x, 0),),
    today=UNDECIDED,
)
table.true(1 / (1 + exp(x)) + 1 / (1 + exp(-x)), "=", 1)
table.false(1 / (1 + exp(u)) + 1 / (1 + exp(-u)), "=", 1, today=UNDECIDED)
table.true(1 / cosh(x) ** 2, "=", 4 / (exp(x) + exp(-x)) ** 2)
table.false(
    1 / cosh(u) ** 2, "=", 4 / (exp(u) + exp(-u)) ** 2, today=UNDECIDED
)
table.false(cot(x) * tan(x), "=", 1, given=(Ne(x, 0),), today=UNDECIDED)
# x^3 + x = 60 has no rational root, x^3 + x = 68 has one.
table.false(
    over(x**3 + x - 60, x**3 + x - 60), "=", 1, kin="25", today=UNDECIDED
)
table.true(over(x**3 + x - 60, x**3 + x - 60), "=", 1, given=(x > 4,))
table.false(
    over(x**3 + x - 60, x**3 + x - 60), "=", 1, given=(x > 3,), today=UNDECIDED
)
table.true(over(x**2 + x + 1, x**2 + x + 1), "=", 1)
table.false(over(u**2 + u + 1, u**2 + u + 1), "=", 1, today=UNDECIDED)
table.true(over(n**2 + n - 1, n**2 + n - 1), "=", 1, today=UNDECIDED)
table.false(over(n**2 - 41 * n + 40, n**2 - 41 * n + 40), "=", 1)
table.false(over(n**2 - 12321, n**2 - 12321), "=", 1, given=(n <= 200,))
table.true(
    1 / (2 * i + 1) - 1 / (2 * i + 1) ** 2,
    "=",
    2 * i / (2 * i + 1) ** 2,
    today=UNDECIDED,
)
table.false(
    1 / (2 * i + 9) + 1 / (2 * i - 10),
    "=",
    (4 * i - 1) / ((2 * i + 9) * (2 * i - 10)),
)
table.false(
    over((x**2 - 2) ** 2, x**2 - 2),
    "=",
    x**2 - 2,
    given=(x > 1,),
    today=UNDECIDED,
)
table.false(1 / (n - k), "=", (n + k) / (n**2 - k**2), given=(Ne(n, k + 1),))
table.true(1 / (n - k), "=", (n + k) / (n**2 - k**2), given=(k < n,))

# -- what SymPy cancels before anybody sees it, kept as written ---------------
table.false(over((x - 2) * (x + 3), x - 2), "=", x + 3, kin="25")
table.true(over((x - 2) * (x + 3), x - 2), "=", x + 3, given=(x < 2,))
table.true(over((x - 2) * (x + 3), x - 2), "=", x + 3, given=(Ne(x, 2),))
table.false(over(x**2 - 1, x + 1), "=", x - 1, given=(Ne(x, 1),), kin="25")
table.false(over(sin(x), sin(x)), "=", 1, kin="25")
table.false(over(x, x), "=", 1, kin="25")
table.false(over(x, x), "=", 1, given=(x >= 0,), kin="25")
table.true(over(x, x), "=", 1, given=(x > 0,))
table.false(over(F(i), F(i)), "=", 1, kin="25")
table.true(over(F(n), F(n)), "=", 1)
table.false(over(log(a), log(a)), "=", 1, kin="25")
table.true(over(log(a), log(a)), "=", 1, given=(a > 1,))
table.false(Mul(0, Pow(x, -1, evaluate=False), evaluate=False), "=", 0)
table.false(Pow(Pow(x, -1, evaluate=False), -1, evaluate=False), "=", x)
table.false(exp(log(x, evaluate=False), evaluate=False), "=", x)
table.true(
    exp(log(u, evaluate=False), evaluate=False), "=", u, given=(Ne(u, 0),)
)

# -- poles of Gamma, binomials beyond their triangle --------------------------
table.false(
    binomial(15 - n, k),
    "=",
    binomial(15 - n, 15 - n - k),
    kin="13",
    today=UNDECIDED,
)
table.false(
    binomial(40 - n, 2),
    "=",
    binomial(40 - n, 38 - n),
    kin="13",
    today=UNDECIDED,
)
table.true(
    binomial(15 - n, k),
    "=",
    binomial(15 - n, 15 - n - k),
    given=(n + k <= 15,),
)
table.false(F(18 - n) * (19 - n), "=", F(19 - n), kin="13")
table.true(F(18 - n) * (19 - n), "=", F(19 - n), given=(n <= 18,))
table.false(F(18 - n) * (19 - n), "=", F(19 - n), given=(n <= 19,), kin="13")
table.false(gamma(10 - n) * (10 - n), "=", gamma(11 - n), kin="13")
table.true(F(n) / F(n - 3), "=", n * (n - 1) * (n - 2), given=(n >= 3,))
table.false(F(n - 3) * (n - 2), "=", F(n - 2))
table.true(F(n - 3) * (n - 2), "=", F(n - 2), given=(n >= 3,))
table.false(F(n - 3) * (n - 2), "=", F(n - 2), given=(n >= 2,))
table.false(binomial(i, k), "=", F(i) / (F(k) * F(i - k)), given=(i >= -1,))
table.true(binomial(i, k), "=", F(i) / (F(k) * F(i - k)), given=(i >= k,))
table.false(gamma(x) * x, "=", gamma(x + 1), given=(Ne(x, 0),))
table.true(gamma(x) * x, "=", gamma(x + 1), given=(x > 0,))
table.false(gamma(x) * x, "=", gamma(x + 1), given=(x > -2, Ne(x, 0)))
table.true(
    gamma(x) * x, "=", gamma(x + 1), given=(x > -1, x < 0), today=UNDECIDED
)
table.false(
    gamma(x + Rational(1, 2)) * (x + Rational(1, 2)),
    "=",
    gamma(x + Rational(3, 2)),
    given=(Ne(x, -Rational(1, 2)),),
)

# -- arguments of roots and logarithms ----------------------------------------
table.false(
    exp(log(a - 30, evaluate=False), evaluate=False),
    "=",
    a - 30,
    given=(a > 29,),
)
table.true(log((a + 1) ** 2) / 2, "=", log(a + 1))
table.false(log((a - 50) ** 2) / 2, "=", log(a - 50), given=(Ne(a, 50),))
table.true(log((a - 50) ** 2) / 2, "=", log(a - 50), given=(a > 50,))
table.false(
    sqrt((a - 90) ** 2), "=", a - 90, given=(a >= 89,), today=UNDECIDED
)
table.true(sqrt((a - 90) ** 2), "=", a - 90, given=(a >= 90,))
table.true(sqrt((a - 90) ** 2), "=", 90 - a, given=(a <= 90,))
table.true(sqrt((x - y) ** 2), "=", Abs(x - y))
table.false(sqrt((u - v) ** 2), "=", Abs(u - v))
table.false(
    log(x**2 - 1), "=", log(x - 1) + log(x + 1), given=(Ne(x, 1), Ne(x, -1))
)
table.true(log(x**2 - 1), "=", log(x - 1) + log(x + 1), given=(x > 1,))
table.false(log(1 - x**2), "=", log(1 - x) + log(1 + x), given=(x > -2, x < 1))
table.true(log(1 - x**2), "=", log(1 - x) + log(1 + x), given=(x > -1, x < 1))
table.false(
    atanh(x), "=", (log(1 + x) - log(1 - x)) / 2, given=(x <= 1, x > -1)
)

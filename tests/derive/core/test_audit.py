"""A hostile reading: statements that a weak rule would let through.

Each is decided as a step is: by `trust.decide`, with the check an author would
name. A false one may never be answered Yes; a true one beside it must be.
"""

from __future__ import annotations

from typing import Any

import pytest
from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    GoldenRatio,
    I,
    ImmutableMatrix,
    IndexedBase,
    Integral,
    Inverse,
    MatMul,
    Max,
    Ne,
    Piecewise,
    Product,
    Rational,
    Subs,
    Sum,
    Tuple,
    acos,
    asin,
    atan,
    atanh,
    binomial,
    conjugate,
    cos,
    exp,
    eye,
    factorial,
    floor,
    gamma,
    legendre,
    log,
    oo,
    pi,
    re,
    rf,
    sign,
    sin,
    sqrt,
    symbols,
    sympify,
    tan,
    tanh,
)

from kexue_lib.derive import by, trust
from kexue_lib.derive.core import Yes
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.objects import (
    ArgMax,
    ArgMin,
    Bernoulli,
    Discrete,
    Gaussian,
    Independent,
    Mean,
    Minimum,
)
from kexue_lib.derive.statement import Statement

x, y, w = symbols("x y w", real=True)
z, g, u = symbols("z g u")
n, k, m, N = symbols("n k m N", integer=True, nonnegative=True)
i, j = symbols("i j", integer=True)
p_, od = symbols("p", prime=True), symbols("o", odd=True)
a, b, t = symbols("a b t", positive=True)
neg_ = symbols("h", negative=True)
P = symbols("P", integer=True, positive=True)
Lam, v = IndexedBase("Lambda"), IndexedBase("v")
A, B = symbols("A B", commutative=False)
f = Function("f")
fr, fp = Function("fr", real=True), Function("fp", positive=True)
EQ, LE, LT = Relation.EQ, Relation.LE, Relation.LT
GE, GT, NE = Relation.GE, Relation.GT, Relation.NE
FALSE: list[Any] = []
TRUE: list[Any] = []


def no(
    lhs: Any, rhs: Any, check: Any, relation: Any = EQ, *given: Any
) -> None:
    """A false statement."""
    FALSE.append((lhs, rhs, check, relation, given))


def yes(
    lhs: Any, rhs: Any, check: Any, relation: Any = EQ, *given: Any
) -> None:
    """A true statement."""
    TRUE.append((lhs, rhs, check, relation, given))


# 01 poles
no(
    Sum(exp(I * k * x), (k, 0, n)),
    (1 - exp(I * (n + 1) * x)) / (1 - exp(I * x)),
    by.induction(n),
    EQ,
    Ne(x, 0),
)
no(Sum(z**k, (k, 0, n)), (1 - z ** (n + 1)) / (1 - z), by.induction(n))
no(
    Sum(cos(k * x), (k, 0, n)),
    sin((n + 1) * x / 2) * cos(n * x / 2) / sin(x / 2),
    by.induction(n),
    EQ,
    Ne(x, 0),
)
no(1 / (1 - cos(x)), 1 / (2 * sin(x / 2) ** 2), by.exponentials(), EQ, x > 0)
no((x**3 - 8) / (x - 2), x**2 + 2 * x + 4, by.cancel())
no(sin(x) / tan(x), cos(x), by.exponentials())
no(1 / (exp(x) - 1), exp(-x) / (1 - exp(-x)), by.cancel())
no(1 / (exp(x) - 3), exp(-x) / (1 - 3 * exp(-x)), by.cancel())
no(1 / (x**5 - x - 1) + 1, (x**5 - x) / (x**5 - x - 1), by.cancel())
no(1 / (x + exp(x)), exp(-x) / (1 + x * exp(-x)), by.cancel())
no(1 / (x + cos(x)) + 1, (1 + x + cos(x)) / (x + cos(x)), by.cancel())
no(1 / (2 * sin(x) - 1) + 1, 2 * sin(x) / (2 * sin(x) - 1), by.cancel())
no(1 / (x**2 - y**2), (1 / (x - y) + 0) / (x + y), by.cancel(), EQ, x > 0)
no(gamma(x + 1) / gamma(x), x, by.combsimp())
no(factorial(i) / factorial(i - 1), i, by.combsimp())
no(Abs(z) ** 2 / z, conjugate(z), by.cancel())
yes(Abs(z) ** 2 / z, conjugate(z), by.cancel(), EQ, Ne(z, 0))
yes(1 / (2 - cos(x)), 2 / (4 - 2 * cos(x)), by.exponentials())
yes((x**3 - 8) / (x - 2), x**2 + 2 * x + 4, by.cancel(), EQ, Ne(x, 2))
yes(1 / (exp(x) + x**2), exp(-x) / (1 + x**2 * exp(-x)), by.cancel())
yes(1 / (exp(x) - x), exp(-x) / (1 - x * exp(-x)), by.cancel())
# 07 branches
no(log((y + 100) ** 2), 2 * log(y + 100), by.logarithms())
no(log((y + 100) ** 2), 2 * log(y + 100), by.logarithms(), EQ, y > -200)
yes(log((y + 100) ** 2), 2 * log(y + 100), by.logarithms(), EQ, y > -100)
no(sqrt((y - 50) ** 2), y - 50, by.cancel(), EQ, y > 0)
yes(sqrt((y - 50) ** 2), y - 50, by.cancel(), EQ, y > 50)
no(sqrt(z * u), sqrt(z) * sqrt(u), by.cancel())
no(sqrt(x * y), sqrt(x) * sqrt(y), by.cancel())
no((z**2) ** Rational(1, 2), z, by.cancel(), EQ, re(z) >= 0)
no(log(exp(z)), z, by.logarithms())
no(log(exp(I * x)), I * x, by.logarithms())
no(exp(I * x) ** y, exp(I * x * y), by.exponentials())
no((z**y) ** w, z ** (y * w), by.cancel(), EQ, Ne(z, 0))
no((-1) ** x * (-1) ** x, 1, by.cancel())
no(sqrt(1 / z), 1 / sqrt(z), by.cancel(), EQ, Ne(z, 0))
no(atan(x) + atan(1 / x), pi / 2, by.cancel(), EQ, Ne(x, 0))
no(log(x**2), 2 * log(x), by.logarithms(), EQ, Ne(x, 0))
yes(log(x**2), 2 * log(x), by.logarithms(), EQ, x > 0)
no(log(a - b), log(a) + log(1 - b / a), by.logarithms())
no(acos(cos(x)), x, by.cancel(), EQ, x >= 0)
no(asin(sin(x)), x, by.cancel(), EQ, x >= 0)
# 11 integrals
no(
    Integral(1 / (100 - x**2), (x, 0, a)),
    atanh(a / 10) / 10,
    by.antiderivative(atanh(x / 10) / 10),
)
no(
    Integral(1 / (x - 5) ** 2, (x, 0, a)),
    -1 / (a - 5) - Rational(1, 5),
    by.antiderivative(-1 / (x - 5)),
)
no(Integral(1 / x, (x, -1, 1)), 0, by.antiderivative(log(x)))
no(Integral(1 / x, (x, -1, a)), log(a), by.antiderivative(log(x)))
no(Integral(1 / cos(x) ** 2, (x, 0, pi)), 0, by.antiderivative(tan(x)))
no(
    Integral(1 / (2 + cos(x)), (x, 0, 2 * pi)),
    0,
    by.antiderivative(2 * atan(tan(x / 2) / sqrt(3)) / sqrt(3)),
)
no(Integral(Abs(x), (x, -1, 1)), 0, by.antiderivative(x * Abs(x) / 2))
no(Integral(sign(x), (x, -1, 1)), 2, by.antiderivative(Abs(x)))
no(Integral(1 / (x**2 + 1), (x, -oo, oo)), 0, by.antiderivative(-atan(1 / x)))
no(Integral(sin(x), (x, 0, oo)), 1, by.antiderivative(-cos(x)))
no(Integral(x ** (a - 1), (x, 0, oo)), 0, by.antiderivative(x**a / a))
no(Integral(exp(x), (x, 0, oo)), -1, by.antiderivative(exp(x)))
no(Integral(x ** (y), (x, 0, 1)), 1 / (y + 1), by.integrate(), EQ, y > -2)
yes(Integral(x ** (y), (x, 0, 1)), 1 / (y + 1), by.integrate(), EQ, y > -1)
yes(Integral(exp(-a * x), (x, 0, oo)), 1 / a, by.integrate())
no(Integral(exp(-y * x), (x, 0, oo)), 1 / y, by.integrate(), EQ, Ne(y, 0))
no(Integral(exp(-y * x), (x, 0, 1)), (1 - exp(-y)) / y, by.integrate())
yes(
    Integral(exp(-y * x), (x, 0, 1)),
    (1 - exp(-y)) / y,
    by.integrate(),
    EQ,
    Ne(y, 0),
)
no(
    Integral(x * exp(I * w * x), (x, 0, 1)),
    (exp(I * w) * (1 - I * w) - 1) / w**2,
    by.integrate(),
)
yes(
    Integral(x * exp(I * w * x), (x, 0, 1)),
    (exp(I * w) * (1 - I * w) - 1) / w**2,
    by.integrate(),
    EQ,
    Ne(w, 0),
)
no(Integral(cos(n * x) * cos(m * x), (x, 0, 2 * pi)), 0, by.order(n, m))
no(Integral(exp(I * (i - j) * x), (x, 0, 2 * pi)), 0, by.integrate())
yes(
    Integral(exp(I * (i - j) * x), (x, 0, 2 * pi)),
    0,
    by.integrate(),
    EQ,
    Ne(i, j),
)
no(
    Integral(exp(I * (x - y) * t), (t, 0, 2 * pi)),
    0,
    by.integrate(),
    EQ,
    Ne(x, y),
)
no(Integral(log(x), (x, -1, 1)), -2, by.antiderivative(x * log(x) - x))
no(Integral(1 / sqrt(x), (x, -1, 1)), 2, by.antiderivative(2 * sqrt(x)))
no(Integral(conjugate(z), (z, 0, I)), -Rational(1, 2), by.integrate())
# 13 gamma
no(binomial(20 - n, k), binomial(20 - n, 20 - n - k), by.combsimp())
no(binomial(n, k), binomial(n, n - k) * binomial(n - k, n - k), by.combsimp())
no(
    binomial(i, k),
    factorial(i) / factorial(k) / factorial(i - k),
    by.combsimp(),
)
no(factorial(n - 1) * n, factorial(n), by.combsimp())
no(gamma(x) * gamma(1 - x), pi / sin(pi * x), by.combsimp())
no(rf(x, n + m), rf(x, n) * rf(x, m), by.combsimp())
no(rf(x, j) * gamma(x), gamma(x + j), by.combsimp())
no(
    gamma(2 * x),
    2 ** (2 * x - 1) * gamma(x) * gamma(x + Rational(1, 2)) / sqrt(pi),
    by.combsimp(),
)
yes(
    gamma(2 * a),
    2 ** (2 * a - 1) * gamma(a) * gamma(a + Rational(1, 2)) / sqrt(pi),
    by.combsimp(),
)
no(
    gamma(2 * a),
    2 ** (2 * a) * gamma(a) * gamma(a + Rational(1, 2)) / sqrt(pi),
    by.combsimp(),
)
no(binomial(-n, k), (-1) ** k * binomial(n + k, k), by.combsimp())
no(0, rf(Rational(1, 2), j), by.sign(), LT)
no(0, rf(a, j), by.sign(), LT)
no(0, gamma(x), by.sign(), LT)
no(0, binomial(x, k), by.sign(), LE)
# 19 optimum
no(ArgMin((x - a) ** 2, x), a, by.optimum(), EQ, x**2 <= 2500)
no(ArgMin((x - a) ** 2, x), a, by.optimum(), EQ, x <= 5)
no(ArgMin((x + y) ** 2, x, y), Tuple(0, 0), by.optimum())
no(ArgMin(x**2, x), 0, by.optimum(), EQ, x >= 1)
no(ArgMin(x**4 - 2 * x**2, x), 1, by.optimum())
no(ArgMax(-(x**2), x), 1, by.optimum())
no(ArgMin(a * x**2, a), 0, by.optimum())
no(Minimum(x**2, x), 0, by.optimum(at=0), EQ, x >= 1)
no(Minimum(x**2 - y, x), 0, by.optimum(at=0))
no(Minimum(1 / x, x), 0, by.optimum(at=0))
no(ArgMin(x**2 + y**2, x, y), Tuple(0, 0), by.optimum(), EQ, x * y >= 1)
no(ArgMin(Abs(x), x), 0, by.cancel())
no(ArgMin(x**2, x), 7, by.cancel())
no(ArgMin(x**2, x), 7, by.definition())
no(ArgMin(x**2, x), 7, by.sign(), LE)
yes(ArgMin((x - a) ** 2, x), a, by.optimum())
yes(ArgMin((x - a) ** 2, x), a, by.optimum(), EQ, x >= 0)
yes(Minimum((x - a) ** 2 + 3, x), 3, by.optimum(at=a))
yes(ArgMin(x**2 + y**2, x, y), Tuple(0, 0), by.optimum())
# 20 laws
no(Mean(z**2, Gaussian(z, 0, -1)), -1, by.moments())
no(Mean(z**2, Discrete(z, (1, 2), (0, -1))), 2, by.moments())
no(Mean(z**2, Gaussian(z, 0, x)), x, by.moments())
no(Mean(z, Discrete(z, (1, x), (0, 1 - x))), x, by.moments())
no(Mean(z, Discrete(z, (1, a), (0, a))), a, by.moments())
no(Mean(z, Bernoulli(z, a)), a, by.moments())
no(Mean(z**4, Gaussian(z, 0, a)), a**2, by.moments())
no(Mean(x * y, Independent((x, y), 0, -1)), 0, by.moments())
no(Mean(z, Gaussian(z, y, 1), Gaussian(y, 0, 1)), y, by.moments())
no(Mean(z, Gaussian(z, 0, 1), Gaussian(z, 1, 1)), 0, by.moments())
no(Mean(1 / z, Gaussian(z, 0, 1)), 0, by.moments())
yes(Mean(z**2, Gaussian(z, 0, a)), a, by.moments())
yes(Mean(z**4, Gaussian(z, 0, a)), 3 * a**2, by.moments())
yes(Mean(z, Bernoulli(z, x)), x, by.moments(), EQ, x >= 0, x <= 1)
# 24
no(p_, 3, by.sign(), GE)
yes(p_, 2, by.sign(), GE)
no(f(x), 0, by.sign(), GT)
yes(fp(x), 0, by.sign(), GT)
no(fr(x) ** 2, 0, by.sign(), GT)
yes(fr(x) ** 2, 0, by.sign(), GE)
no(Derivative(fp(x), x), 0, by.sign(), GT)
no((-1) ** od, 1, by.cancel())
no((-1) ** i, 1, by.cancel())
no(od / 2 - Rational(1, 2), j, by.cancel())
no(1 / (i - p_), 1 / (i - p_) + 0 / (i - p_) ** 2, by.cancel())
no(fp(x), 1, by.sign(), GE)
# 31 matrices
Am = ImmutableMatrix([[x**3 + x - 31, 0], [0, 1]])
no(MatMul(Inverse(Am), Am), ImmutableMatrix(eye(2)), by.cancel())
A2 = ImmutableMatrix([[x, 1], [1, y]])
A3 = ImmutableMatrix([[a, 0], [0, b]])
A4 = ImmutableMatrix([[1 + x**2, x], [x, 1]])
no(MatMul(Inverse(A2), A2), ImmutableMatrix(eye(2)), by.cancel())
yes(MatMul(Inverse(A3), A3), ImmutableMatrix(eye(2)), by.cancel())
yes(MatMul(Inverse(A4), A4), ImmutableMatrix(eye(2)), by.cancel())
yes(
    MatMul(Inverse(A2), A2),
    ImmutableMatrix(eye(2)),
    by.cancel(),
    EQ,
    Ne(x * y, 1),
)
no(MatMul(A2, A3), MatMul(A3, A2), by.cancel())
no(
    Inverse(MatMul(A2, A3)),
    MatMul(Inverse(A2), Inverse(A3)),
    by.cancel(),
    EQ,
    Ne(x * y, 1),
)
# inequalities
no(x**2 + 1, 2 * x, by.sign(), GT)
yes(x**2 + 1, 2 * x, by.sign(), GE)
no(exp(x), 1 + x, by.sign(), GT)
yes(exp(x), 1 + x, by.sign(), GE)
no(I, I + x**2, by.squares({x: 1}), LE)
no(x**2 + I, I, by.sign(), GE)
no(x**2, 0, by.squares({x: 1}), NE)
no(log(x), x - 1, by.sign(), LT, x > 0)
yes(log(x), x - 1, by.sign(), LE, x > 0)
no(sin(x), x, by.sign(), LE)
yes(sin(x), 1, by.sign(), LE)
no(cos(x), 1, by.sign(), LT)
no(n, 1, by.sign(), GE)
yes(P, 1, by.sign(), GE)
no(n * (n - 1), 1, by.sign(), GE)
no(x * (x - 1), 0, by.sign(), GE)
no(exp(-((200 * x - 74) ** 2)), Rational(1, 1000), by.sign(), LT)
no(a + 1 / a, 2, by.sign(), GT)
yes(a + 1 / a, 2, by.sign(), GE)
no(sqrt(x), x, by.sign(), LE, x >= 0)
no(Sum(v[k], (k, 0, n)), 0, by.sign(), GE)
no(1 / x, 0, by.sign(), NE)
no(tanh(x), 1 - exp(-x), by.sign(), LE)
no(Max(x, y), x, by.sign(), GT)
yes(Max(x, y), x, by.sign(), GE)
no(Abs(z), re(z), by.sign(), GT)
no(z, 0, by.sign(), GE)
no(x**4 - x**2 + Rational(1, 4), 0, by.sign(), GT)
yes(x**4 - x**2 + Rational(1, 3), 0, by.sign(), GT)
no(x**3, 0, by.sign(), GE)
no(neg_, 0, by.sign(), GE)
no(Integral(Abs(exp(I * x)), (x, 0, 1)), Rational(9, 10), by.sign(), LT)
# sums
no(Sum(1, (k, 0, n - 2)), n - 1, by.sums())
yes(Sum(1, (k, 0, n - 1)), n, by.sums())
no(
    Sum(v[k], (k, 0, n)),
    Sum(v[k], (k, 0, n - 2)) + v[n - 1] + v[n],
    by.aligning(),
)
yes(Sum(v[k], (k, 0, n)), Sum(v[k], (k, 0, n - 1)) + v[n], by.aligning())
no(Sum(v[k], (k, 1, n)), Sum(v[k], (k, 0, n)) - v[1], by.aligning())
yes(Sum(v[k], (k, 1, n)), Sum(v[k], (k, 0, n)) - v[0], by.aligning())
yes(Sum(v[n - k], (k, 0, n)), Sum(v[k], (k, 0, n)), by.aligning())
no(Sum(v[n - k], (k, 0, n)), Sum(v[k], (k, 1, n + 1)), by.aligning())
yes(Sum(v[k + 1], (k, 0, n - 1)), Sum(v[k], (k, 1, n)), by.aligning())
no(
    Sum(v[k], (k, m, n)),
    Sum(v[k], (k, 0, n)) - Sum(v[k], (k, 0, m - 1)),
    by.aligning(),
)
no(Sum(1 / k, (k, 0, n)), Sum(1 / k, (k, 1, n)), by.aligning())
no(Sum(v[2 * k], (k, 0, n)), Sum(v[k], (k, 0, 2 * n)), by.aligning())
no(
    Sum(v[k] * v[m], (k, 0, n), (m, 0, n)),
    Sum(v[k] ** 2, (k, 0, n)),
    by.sums(),
)
yes(
    Sum(v[k] * v[m], (k, 0, n), (m, 0, n)),
    Sum(v[k], (k, 0, n)) ** 2,
    by.sums(),
)
no(Sum(x**k, (k, 0, oo)), 1 / (1 - x), by.sums(), EQ, x < 1)
no(Sum(k, (k, 0, n)), n * (n + 1) / 2 + 1, by.induction(n))
yes(Sum(k, (k, 0, n)), n * (n + 1) / 2, by.induction(n))
no(
    Sum(z**k * v[k], (k, 0, n)),
    Sum(z ** (n - k) * v[k], (k, 0, n)),
    by.aligning(),
)
yes(Sum(z**k, (k, 0, n)) * (1 - z), 1 - z ** (n + 1), by.sums())
no(Sum(z**k, (k, 0, n)) * (1 - z), 1 - z**n, by.sums())
no(Sum(z**k, (k, 0, n - 2)) * (1 - z), 1 - z ** (n - 1), by.sums())
no(Product(k, (k, 0, n)), factorial(n), by.induction(n))
no(
    Sum(Sum(v[m], (m, 0, k)), (k, 0, n)),
    Sum((n - k) * v[k], (k, 0, n)),
    by.induction(n),
)
yes(
    Sum(Sum(v[m], (m, 0, k)), (k, 0, n)),
    Sum((n - k + 1) * v[k], (k, 0, n)),
    by.induction(n),
)
no(
    Sum(1 / (k - 5), (k, 0, n)),
    Sum(1 / (k - 5), (k, 0, n - 1)) + 1 / (n - 5),
    by.aligning(),
)
no(
    Sum(Sum(v[k + m], (m, 0, n - k)), (k, 0, n)),
    Sum(k * v[k], (k, 0, n)),
    by.induction(n),
)
yes(
    Sum(Sum(v[k + m], (m, 0, n - k)), (k, 0, n)),
    Sum((k + 1) * v[k], (k, 0, n)),
    by.induction(n),
)
no(
    Sum(k, (k, Rational(1, 2), n)),
    n * (n + 1) / 2,
    by.telescoping(-k * (k - 1) / 2),
)
no(
    Sum(1 / (g - Lam[k]), (k, 0, N)),
    Sum(-1 / (Lam[k] - g), (k, 0, N)),
    by.sums(),
)
no(
    Sum(1 / (g - Lam[k]), (k, 0, N)),
    Sum(-1 / (Lam[k] - g), (k, 0, N)),
    by.sums(),
    EQ,
    Ne(Product(g - Lam[k], (k, 0, N - 1)), 0),
)
yes(
    Sum(1 / (g - Lam[k]), (k, 0, N)),
    Sum(-1 / (Lam[k] - g), (k, 0, N)),
    by.sums(),
    EQ,
    Ne(Product(g - Lam[k], (k, 0, N)), 0),
)
yes(
    Sum(1 / (g - Lam[k]), (k, 1, N)),
    Sum(-1 / (Lam[k] - g), (k, 1, N)),
    by.sums(),
    EQ,
    Ne(Product(g - Lam[k], (k, 0, N)), 0),
)
no(
    Sum(1 / (g - Lam[2 * k]), (k, 1, N)),
    Sum(-1 / (Lam[2 * k] - g), (k, 1, N)),
    by.sums(),
    EQ,
    Ne(Product(g - Lam[k], (k, 0, N)), 0),
)
# words
no(A * B, B * A, by.words())
no((A + B) ** 2, A**2 + 2 * A * B + B**2, by.words())
yes((A + B) * (A + B), A**2 + A * B + B * A + B**2, by.words())
no((A * B) ** -1, A**-1 * B**-1, by.words())
yes((A * B) ** -1, B**-1 * A**-1, by.words())
no(Sum(A**k * B, (k, 0, n)), B * Sum(A**k, (k, 0, n)), by.words())
yes(Sum(A**k * B, (k, 0, n)), Sum(A**k, (k, 0, n)) * B, by.words())
no(Sum(A**k, (k, 0, n)) * (1 - A), 1 - A**n, by.induction(n, by.words()))
yes(
    Sum(A**k, (k, 0, n)) * (1 - A),
    1 - A ** (n + 1),
    by.induction(n, by.words()),
)
no(
    Sum(A ** (n - k) * v[k], (k, 0, n)),
    Sum(A**k * v[k], (k, 0, n)),
    by.words(),
)
no(
    (1 - z * A) ** -1 * (1 - z * B),
    (1 - z * B) * (1 - z * A) ** -1,
    by.words(),
)
yes(
    (1 - z * A) ** -1 * (1 + z * A),
    (1 + z * A) * (1 - z * A) ** -1,
    by.words(),
)
no((z * A) ** -1, A**-1 / z, by.words())
no((1 - A * B) ** -1, 1 + A * (1 - B * A) ** -1 * A, by.words())
# derivatives
no(Derivative(log(z), z), 1 / z, by.cancel(), EQ, Ne(z, 0))
no(Derivative(Abs(x), x), sign(x), by.cancel())
no(Derivative(sqrt(x**2), x), 1, by.cancel(), EQ, x >= 0)
no(Derivative(conjugate(z), z), 1, by.cancel())
no(Derivative(floor(x), x), 0, by.cancel())
no(Derivative(f(x, y), x, y), Derivative(f(x, y), x, x), by.cancel())
yes(Derivative(f(x, y), x, y), Derivative(f(x, y), y, x), by.cancel())
no(Derivative(f(2 * x), x), Derivative(f(x), x), by.cancel())
yes(
    Derivative(f(x) * exp(x), x),
    exp(x) * (f(x) + Derivative(f(x), x)),
    by.cancel(),
)
no(Derivative(f(x, x), x), Subs(Derivative(f(x, y), x), y, x), by.cancel())
no(
    Derivative(legendre(n, x), x, x) * (1 - x**2),
    2 * x * Derivative(legendre(n, x), x) - n * n * legendre(n, x),
    by.holonomic(),
    EQ,
    x < 1,
    x > -1,
)
yes(
    Derivative(legendre(n, x), x, x) * (1 - x**2),
    2 * x * Derivative(legendre(n, x), x) - n * (n + 1) * legendre(n, x),
    by.holonomic(),
    EQ,
    x < 1,
    x > -1,
)
no(legendre(n - 1, x), legendre(n, x), by.holonomic())
no(legendre(i, x), legendre(i - 1, x), by.holonomic())
yes(
    (n + 1) * legendre(n + 1, x) + n * legendre(n - 1, x),
    (2 * n + 1) * x * legendre(n, x),
    by.holonomic(),
)
no(
    (n + 1) * legendre(n + 1, x) + n * legendre(n - 1, x),
    (2 * n + 1) * legendre(n, x),
    by.holonomic(),
)
# algebraic
no(sqrt(5), 2 + Rational(236, 1000), by.cancel())
yes(cos(pi / 5), (1 + sqrt(5)) / 4, by.cancel())
yes(1 / (1 + sqrt(2)), sqrt(2) - 1, by.cancel())
no(1 / GoldenRatio, GoldenRatio - 2, by.cancel())
yes(sin(pi / 8) ** 2, (2 - sqrt(2)) / 4, by.exponentials())
no(sqrt(3), I * (exp(2 * I * pi / 3) - exp(4 * I * pi / 3)), by.exponentials())
yes(
    sqrt(3),
    -I * (exp(2 * I * pi / 3) - exp(4 * I * pi / 3)),
    by.exponentials(),
)
no(log(GoldenRatio - 1), log(GoldenRatio), by.logarithms())
yes(log(GoldenRatio - 1), -log(GoldenRatio), by.logarithms())

# a case is not split on the variable of a sum
S = Sum(Piecewise((1, k < n), (0, True)), (k, 0, N))
no(S * (S - N - 1), 0, by.cancel())
no(S * (S - n), 0, by.cancel())
S2 = Sum(Piecewise((1, Eq(k, n)), (0, True)), (k, 0, N))
no(S2 * (S2 - 1) * S2, S2 - S2**2, by.cancel())
no(S2 * (S2 - N - 1), 0, by.cancel())
S3 = Integral(Piecewise((1, y < x), (0, True)), (y, 0, 1))
no(S3 * (S3 - 1), 0, by.cancel())

# more that is true
yes(1 / (3 + sin(x)), 2 / (6 + 2 * sin(x)), by.exponentials())
yes(1 / (x**4 + 1), x / (x**5 + x), by.cancel(), EQ, Ne(x, 0))
yes(
    Sum(exp(I * k * x), (k, 0, n)) * (1 - exp(I * x)),
    1 - exp(I * (n + 1) * x),
    by.sums(),
)
yes(Integral(Abs(exp(I * x)), (x, 0, 1)), 1, by.integrate())
yes(Integral(x**2 * exp(-x), (x, 0, 1)), 2 - 5 * exp(-1), by.integrate())
yes(
    Integral(sin(n * x) * cos(n * x), (x, 0, pi)),
    0,
    by.integrate(),
    EQ,
    n >= 1,
)
yes(sqrt(a * b), sqrt(a) * sqrt(b), by.cancel())
yes(sqrt(a * x), sqrt(a) * sqrt(x), by.cancel())
yes((z**2) ** n, z ** (2 * n), by.cancel())
yes(log(a * b), log(a) + log(b), by.logarithms())
yes(gamma(a + 1) / gamma(a), a, by.combsimp())
yes(
    binomial(n + 1, k + 1),
    binomial(n, k) + binomial(n, k + 1),
    by.combsimp(),
    EQ,
    k <= n,
)
yes(x**2 + y**2, 2 * x * y, by.sign(), GE)
yes(a / b + b / a, 2, by.sign(), GE)
yes(Abs(cos(x)), 1, by.sign(), LE)
yes(exp(a), 1, by.sign(), GT)
yes(tanh(x), 1, by.sign(), LT)
yes(x**2 + 1, 0, by.sign(), NE)
yes(exp(x) + 1, 0, by.sign(), NE)
yes(fp(x) + fp(y), 0, by.sign(), GT)
yes((-1) ** od, -1, by.cancel())
yes((-1) ** (i * (i + 1)), 1, by.parity(i, by.cancel()))
yes(Mean(z, Discrete(z, (1, a), (0, 1 - a))), a, by.moments(), EQ, a <= 1)
yes(Mean((x + y) ** 2, Independent((x, y), 0, a)), 2 * a, by.moments())
yes(Mean(z**2, Gaussian(z, y, a)), a + y**2, by.moments())
yes(
    ArgMin(x**2 + (y - a) ** 2 + x * y / 2, x, y),
    Tuple(-4 * a / 15, 16 * a / 15),
    by.optimum(),
)
yes(ArgMin(x**4, x), 0, by.optimum())
yes(Minimum(a + 4 / a, a), 4, by.optimum(at=2))
yes(MatMul(A3, Inverse(A3)), ImmutableMatrix(eye(2)), by.cancel())
yes(Inverse(MatMul(A3, A4)), MatMul(Inverse(A4), Inverse(A3)), by.cancel())
yes(
    Sum(v[k] * z**k, (k, 0, n + 1)),
    Sum(v[k] * z**k, (k, 0, n)) + z ** (n + 1) * v[n + 1],
    by.aligning(),
)
yes(
    Sum(k * v[k], (k, 1, n)),
    Sum((n - k) * v[n - k], (k, 0, n - 1)),
    by.aligning(),
)
yes(
    Sum(A ** (n - k) * v[k], (k, 0, n)) + A ** (n + 1),
    Sum(A ** (n - k) * v[k], (k, 0, n)) + A * A**n,
    by.words(),
)
yes(A * (1 - z * A) ** -1, (1 - z * A) ** -1 * A, by.words())
yes((A - B) * (A + B) - A * B, A**2 - B * A - B**2, by.words())
yes(Derivative(log(1 + x**2), x), 2 * x / (1 + x**2), by.cancel())
yes(
    Derivative(f(2 * x), x),
    2 * Subs(Derivative(f(y), y), y, 2 * x),
    by.cancel(),
)
yes(Derivative(exp(I * w * x), x, x), -(w**2) * exp(I * w * x), by.cancel())
yes(sqrt(5) * (cos(2 * pi / 5) - cos(4 * pi / 5)), Rational(5, 2), by.cancel())


def _yes(row: Any) -> bool:
    lhs, rhs, check, relation, given = row
    statement = Statement(
        sympify(lhs), relation, sympify(rhs), Domain(given=given)
    )
    return isinstance(trust.decide(statement, check), Yes)


def _name(row: Any) -> str:
    lhs, rhs, check, relation, given = row
    return f"{check.name}: {lhs} {relation.text} {rhs} {given or ''}"


@pytest.mark.parametrize("row", FALSE, ids=_name)
def test_false_is_not_shown(row: Any) -> None:
    assert not _yes(row)


@pytest.mark.parametrize("row", TRUE, ids=_name)
def test_true_is_shown(row: Any) -> None:
    assert _yes(row)

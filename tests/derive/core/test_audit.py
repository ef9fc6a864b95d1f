"""A hostile reading: statements that a weak rule would let through.

Each is decided as a step is: by `Tactic.answer`, with the check an author
would name. A false one is never answered Yes; a true one beside it must be.
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

from kexue_lib.derive import by
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
no(1 / (1 - cos(x)), 1 / (2 * sin(x / 2) ** 2), by.algebra(), EQ, x > 0)
no((x**3 - 8) / (x - 2), x**2 + 2 * x + 4, by.algebra())
no(sin(x) / tan(x), cos(x), by.algebra())
no(1 / (exp(x) - 1), exp(-x) / (1 - exp(-x)), by.algebra())
no(1 / (exp(x) - 3), exp(-x) / (1 - 3 * exp(-x)), by.algebra())
no(1 / (x**5 - x - 1) + 1, (x**5 - x) / (x**5 - x - 1), by.algebra())
no(1 / (x + exp(x)), exp(-x) / (1 + x * exp(-x)), by.algebra())
no(1 / (x + cos(x)) + 1, (1 + x + cos(x)) / (x + cos(x)), by.algebra())
no(1 / (2 * sin(x) - 1) + 1, 2 * sin(x) / (2 * sin(x) - 1), by.algebra())
no(1 / (x**2 - y**2), (1 / (x - y) + 0) / (x + y), by.algebra(), EQ, x > 0)
no(gamma(x + 1) / gamma(x), x, by.algebra())
no(factorial(i) / factorial(i - 1), i, by.algebra())
no(Abs(z) ** 2 / z, conjugate(z), by.algebra())
yes(Abs(z) ** 2 / z, conjugate(z), by.algebra(), EQ, Ne(z, 0))
yes(1 / (2 - cos(x)), 2 / (4 - 2 * cos(x)), by.algebra())
yes((x**3 - 8) / (x - 2), x**2 + 2 * x + 4, by.algebra(), EQ, Ne(x, 2))
yes(1 / (exp(x) + x**2), exp(-x) / (1 + x**2 * exp(-x)), by.algebra())
yes(1 / (exp(x) - x), exp(-x) / (1 - x * exp(-x)), by.algebra())
# 07 branches
no(log((y + 100) ** 2), 2 * log(y + 100), by.algebra())
no(log((y + 100) ** 2), 2 * log(y + 100), by.algebra(), EQ, y > -200)
yes(log((y + 100) ** 2), 2 * log(y + 100), by.algebra(), EQ, y > -100)
no(sqrt((y - 50) ** 2), y - 50, by.algebra(), EQ, y > 0)
yes(sqrt((y - 50) ** 2), y - 50, by.algebra(), EQ, y > 50)
no(sqrt(z * u), sqrt(z) * sqrt(u), by.algebra())
no(sqrt(x * y), sqrt(x) * sqrt(y), by.algebra())
no((z**2) ** Rational(1, 2), z, by.algebra(), EQ, re(z) >= 0)
no(log(exp(z)), z, by.algebra())
no(log(exp(I * x)), I * x, by.algebra())
no(exp(I * x) ** y, exp(I * x * y), by.algebra())
no((z**y) ** w, z ** (y * w), by.algebra(), EQ, Ne(z, 0))
no((-1) ** x * (-1) ** x, 1, by.algebra())
no(sqrt(1 / z), 1 / sqrt(z), by.algebra(), EQ, Ne(z, 0))
no(atan(x) + atan(1 / x), pi / 2, by.algebra(), EQ, Ne(x, 0))
no(log(x**2), 2 * log(x), by.algebra(), EQ, Ne(x, 0))
yes(log(x**2), 2 * log(x), by.algebra(), EQ, x > 0)
no(log(a - b), log(a) + log(1 - b / a), by.algebra())
no(acos(cos(x)), x, by.algebra(), EQ, x >= 0)
no(asin(sin(x)), x, by.algebra(), EQ, x >= 0)
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
no(Integral(x ** (y), (x, 0, 1)), 1 / (y + 1), by.antiderivative(), EQ, y > -2)
yes(
    Integral(x ** (y), (x, 0, 1)), 1 / (y + 1), by.antiderivative(), EQ, y > -1
)
yes(Integral(exp(-a * x), (x, 0, oo)), 1 / a, by.antiderivative())
no(Integral(exp(-y * x), (x, 0, oo)), 1 / y, by.antiderivative(), EQ, Ne(y, 0))
no(Integral(exp(-y * x), (x, 0, 1)), (1 - exp(-y)) / y, by.antiderivative())
yes(
    Integral(exp(-y * x), (x, 0, 1)),
    (1 - exp(-y)) / y,
    by.antiderivative(),
    EQ,
    Ne(y, 0),
)
no(
    Integral(x * exp(I * w * x), (x, 0, 1)),
    (exp(I * w) * (1 - I * w) - 1) / w**2,
    by.antiderivative(),
)
yes(
    Integral(x * exp(I * w * x), (x, 0, 1)),
    (exp(I * w) * (1 - I * w) - 1) / w**2,
    by.antiderivative(),
    EQ,
    Ne(w, 0),
)
no(Integral(cos(n * x) * cos(m * x), (x, 0, 2 * pi)), 0, by.order(n, m))
no(Integral(exp(I * (i - j) * x), (x, 0, 2 * pi)), 0, by.antiderivative())
yes(
    Integral(exp(I * (i - j) * x), (x, 0, 2 * pi)),
    0,
    by.antiderivative(),
    EQ,
    Ne(i, j),
)
no(
    Integral(exp(I * (x - y) * t), (t, 0, 2 * pi)),
    0,
    by.antiderivative(),
    EQ,
    Ne(x, y),
)
no(Integral(log(x), (x, -1, 1)), -2, by.antiderivative(x * log(x) - x))
no(Integral(1 / sqrt(x), (x, -1, 1)), 2, by.antiderivative(2 * sqrt(x)))
no(Integral(conjugate(z), (z, 0, I)), -Rational(1, 2), by.antiderivative())
# 13 gamma
no(binomial(20 - n, k), binomial(20 - n, 20 - n - k), by.algebra())
no(binomial(n, k), binomial(n, n - k) * binomial(n - k, n - k), by.algebra())
no(
    binomial(i, k),
    factorial(i) / factorial(k) / factorial(i - k),
    by.algebra(),
)
no(factorial(n - 1) * n, factorial(n), by.algebra())
no(gamma(x) * gamma(1 - x), pi / sin(pi * x), by.algebra())
no(rf(x, n + m), rf(x, n) * rf(x, m), by.algebra())
no(rf(x, j) * gamma(x), gamma(x + j), by.algebra())
no(
    gamma(2 * x),
    2 ** (2 * x - 1) * gamma(x) * gamma(x + Rational(1, 2)) / sqrt(pi),
    by.algebra(),
)
yes(
    gamma(2 * a),
    2 ** (2 * a - 1) * gamma(a) * gamma(a + Rational(1, 2)) / sqrt(pi),
    by.algebra(),
)
no(
    gamma(2 * a),
    2 ** (2 * a) * gamma(a) * gamma(a + Rational(1, 2)) / sqrt(pi),
    by.algebra(),
)
no(binomial(-n, k), (-1) ** k * binomial(n + k, k), by.algebra())
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
no(ArgMin(Abs(x), x), 0, by.algebra())
no(ArgMin(x**2, x), 7, by.algebra())
no(ArgMin(x**2, x), 7, by.algebra())
no(ArgMin(x**2, x), 7, by.sign(), LE)
yes(ArgMin((x - a) ** 2, x), a, by.optimum())
yes(ArgMin((x - a) ** 2, x), a, by.optimum(), EQ, x >= 0)
yes(Minimum((x - a) ** 2 + 3, x), 3, by.optimum(at=a))
yes(ArgMin(x**2 + y**2, x, y), Tuple(0, 0), by.optimum())
# 20 laws
no(Mean(z**2, Gaussian(z, 0, -1)), -1, by.algebra())
no(Mean(z**2, Discrete(z, (1, 2), (0, -1))), 2, by.algebra())
no(Mean(z**2, Gaussian(z, 0, x)), x, by.algebra())
no(Mean(z, Discrete(z, (1, x), (0, 1 - x))), x, by.algebra())
no(Mean(z, Discrete(z, (1, a), (0, a))), a, by.algebra())
no(Mean(z, Bernoulli(z, a)), a, by.algebra())
no(Mean(z**4, Gaussian(z, 0, a)), a**2, by.algebra())
no(Mean(x * y, Independent((x, y), 0, -1)), 0, by.algebra())
no(Mean(z, Gaussian(z, y, 1), Gaussian(y, 0, 1)), y, by.algebra())
no(Mean(z, Gaussian(z, 0, 1), Gaussian(z, 1, 1)), 0, by.algebra())
no(Mean(1 / z, Gaussian(z, 0, 1)), 0, by.algebra())
yes(Mean(z**2, Gaussian(z, 0, a)), a, by.algebra())
yes(Mean(z**4, Gaussian(z, 0, a)), 3 * a**2, by.algebra())
yes(Mean(z, Bernoulli(z, x)), x, by.algebra(), EQ, x >= 0, x <= 1)
# 24
no(p_, 3, by.sign(), GE)
yes(p_, 2, by.sign(), GE)
no(f(x), 0, by.sign(), GT)
yes(fp(x), 0, by.sign(), GT)
no(fr(x) ** 2, 0, by.sign(), GT)
yes(fr(x) ** 2, 0, by.sign(), GE)
no(Derivative(fp(x), x), 0, by.sign(), GT)
no((-1) ** od, 1, by.algebra())
no((-1) ** i, 1, by.algebra())
no(od / 2 - Rational(1, 2), j, by.algebra())
no(1 / (i - p_), 1 / (i - p_) + 0 / (i - p_) ** 2, by.algebra())
no(fp(x), 1, by.sign(), GE)
# 31 matrices
Am = ImmutableMatrix([[x**3 + x - 31, 0], [0, 1]])
no(MatMul(Inverse(Am), Am), ImmutableMatrix(eye(2)), by.algebra())
A2 = ImmutableMatrix([[x, 1], [1, y]])
A3 = ImmutableMatrix([[a, 0], [0, b]])
A4 = ImmutableMatrix([[1 + x**2, x], [x, 1]])
no(MatMul(Inverse(A2), A2), ImmutableMatrix(eye(2)), by.algebra())
yes(MatMul(Inverse(A3), A3), ImmutableMatrix(eye(2)), by.algebra())
yes(MatMul(Inverse(A4), A4), ImmutableMatrix(eye(2)), by.algebra())
yes(
    MatMul(Inverse(A2), A2),
    ImmutableMatrix(eye(2)),
    by.algebra(),
    EQ,
    Ne(x * y, 1),
)
no(MatMul(A2, A3), MatMul(A3, A2), by.algebra())
no(
    Inverse(MatMul(A2, A3)),
    MatMul(Inverse(A2), Inverse(A3)),
    by.algebra(),
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
no(Sum(1, (k, 0, n - 2)), n - 1, by.algebra())
yes(Sum(1, (k, 0, n - 1)), n, by.algebra())
no(
    Sum(v[k], (k, 0, n)),
    Sum(v[k], (k, 0, n - 2)) + v[n - 1] + v[n],
    by.algebra(),
)
yes(Sum(v[k], (k, 0, n)), Sum(v[k], (k, 0, n - 1)) + v[n], by.algebra())
no(Sum(v[k], (k, 1, n)), Sum(v[k], (k, 0, n)) - v[1], by.algebra())
yes(Sum(v[k], (k, 1, n)), Sum(v[k], (k, 0, n)) - v[0], by.algebra())
yes(Sum(v[n - k], (k, 0, n)), Sum(v[k], (k, 0, n)), by.algebra())
no(Sum(v[n - k], (k, 0, n)), Sum(v[k], (k, 1, n + 1)), by.algebra())
yes(Sum(v[k + 1], (k, 0, n - 1)), Sum(v[k], (k, 1, n)), by.algebra())
no(
    Sum(v[k], (k, m, n)),
    Sum(v[k], (k, 0, n)) - Sum(v[k], (k, 0, m - 1)),
    by.algebra(),
)
no(Sum(1 / k, (k, 0, n)), Sum(1 / k, (k, 1, n)), by.algebra())
no(Sum(v[2 * k], (k, 0, n)), Sum(v[k], (k, 0, 2 * n)), by.algebra())
no(
    Sum(v[k] * v[m], (k, 0, n), (m, 0, n)),
    Sum(v[k] ** 2, (k, 0, n)),
    by.algebra(),
)
yes(
    Sum(v[k] * v[m], (k, 0, n), (m, 0, n)),
    Sum(v[k], (k, 0, n)) ** 2,
    by.algebra(),
)
no(Sum(x**k, (k, 0, oo)), 1 / (1 - x), by.algebra(), EQ, x < 1)
no(Sum(k, (k, 0, n)), n * (n + 1) / 2 + 1, by.induction(n))
yes(Sum(k, (k, 0, n)), n * (n + 1) / 2, by.induction(n))
no(
    Sum(z**k * v[k], (k, 0, n)),
    Sum(z ** (n - k) * v[k], (k, 0, n)),
    by.algebra(),
)
yes(Sum(z**k, (k, 0, n)) * (1 - z), 1 - z ** (n + 1), by.algebra())
no(Sum(z**k, (k, 0, n)) * (1 - z), 1 - z**n, by.algebra())
no(Sum(z**k, (k, 0, n - 2)) * (1 - z), 1 - z ** (n - 1), by.algebra())
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
    by.algebra(),
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
    by.algebra(),
)
no(
    Sum(1 / (g - Lam[k]), (k, 0, N)),
    Sum(-1 / (Lam[k] - g), (k, 0, N)),
    by.algebra(),
    EQ,
    Ne(Product(g - Lam[k], (k, 0, N - 1)), 0),
)
yes(
    Sum(1 / (g - Lam[k]), (k, 0, N)),
    Sum(-1 / (Lam[k] - g), (k, 0, N)),
    by.algebra(),
    EQ,
    Ne(Product(g - Lam[k], (k, 0, N)), 0),
)
yes(
    Sum(1 / (g - Lam[k]), (k, 1, N)),
    Sum(-1 / (Lam[k] - g), (k, 1, N)),
    by.algebra(),
    EQ,
    Ne(Product(g - Lam[k], (k, 0, N)), 0),
)
no(
    Sum(1 / (g - Lam[2 * k]), (k, 1, N)),
    Sum(-1 / (Lam[2 * k] - g), (k, 1, N)),
    by.algebra(),
    EQ,
    Ne(Product(g - Lam[k], (k, 0, N)), 0),
)
# words
no(A * B, B * A, by.algebra())
no((A + B) ** 2, A**2 + 2 * A * B + B**2, by.algebra())
yes((A + B) * (A + B), A**2 + A * B + B * A + B**2, by.algebra())
no((A * B) ** -1, A**-1 * B**-1, by.algebra())
yes((A * B) ** -1, B**-1 * A**-1, by.algebra())
no(Sum(A**k * B, (k, 0, n)), B * Sum(A**k, (k, 0, n)), by.algebra())
yes(Sum(A**k * B, (k, 0, n)), Sum(A**k, (k, 0, n)) * B, by.algebra())
no(Sum(A**k, (k, 0, n)) * (1 - A), 1 - A**n, by.induction(n))
yes(
    Sum(A**k, (k, 0, n)) * (1 - A),
    1 - A ** (n + 1),
    by.induction(n),
)
no(
    Sum(A ** (n - k) * v[k], (k, 0, n)),
    Sum(A**k * v[k], (k, 0, n)),
    by.algebra(),
)
no(
    (1 - z * A) ** -1 * (1 - z * B),
    (1 - z * B) * (1 - z * A) ** -1,
    by.algebra(),
)
yes(
    (1 - z * A) ** -1 * (1 + z * A),
    (1 + z * A) * (1 - z * A) ** -1,
    by.algebra(),
)
no((z * A) ** -1, A**-1 / z, by.algebra())
no((1 - A * B) ** -1, 1 + A * (1 - B * A) ** -1 * A, by.algebra())
# derivatives
no(Derivative(log(z), z), 1 / z, by.algebra(), EQ, Ne(z, 0))
no(Derivative(Abs(x), x), sign(x), by.algebra())
no(Derivative(sqrt(x**2), x), 1, by.algebra(), EQ, x >= 0)
no(Derivative(conjugate(z), z), 1, by.algebra())
no(Derivative(floor(x), x), 0, by.algebra())
no(Derivative(f(x, y), x, y), Derivative(f(x, y), x, x), by.algebra())
yes(Derivative(f(x, y), x, y), Derivative(f(x, y), y, x), by.algebra())
no(Derivative(f(2 * x), x), Derivative(f(x), x), by.algebra())
yes(
    Derivative(f(x) * exp(x), x),
    exp(x) * (f(x) + Derivative(f(x), x)),
    by.algebra(),
)
no(Derivative(f(x, x), x), Subs(Derivative(f(x, y), x), y, x), by.algebra())
no(
    Derivative(legendre(n, x), x, x) * (1 - x**2),
    2 * x * Derivative(legendre(n, x), x) - n * n * legendre(n, x),
    by.algebra(),
    EQ,
    x < 1,
    x > -1,
)
yes(
    Derivative(legendre(n, x), x, x) * (1 - x**2),
    2 * x * Derivative(legendre(n, x), x) - n * (n + 1) * legendre(n, x),
    by.algebra(),
    EQ,
    x < 1,
    x > -1,
)
no(legendre(n - 1, x), legendre(n, x), by.algebra())
no(legendre(i, x), legendre(i - 1, x), by.algebra())
yes(
    (n + 1) * legendre(n + 1, x) + n * legendre(n - 1, x),
    (2 * n + 1) * x * legendre(n, x),
    by.algebra(),
)
no(
    (n + 1) * legendre(n + 1, x) + n * legendre(n - 1, x),
    (2 * n + 1) * legendre(n, x),
    by.algebra(),
)
# algebraic
no(sqrt(5), 2 + Rational(236, 1000), by.algebra())
yes(cos(pi / 5), (1 + sqrt(5)) / 4, by.algebra())
yes(1 / (1 + sqrt(2)), sqrt(2) - 1, by.algebra())
no(1 / GoldenRatio, GoldenRatio - 2, by.algebra())
yes(sin(pi / 8) ** 2, (2 - sqrt(2)) / 4, by.algebra())
no(sqrt(3), I * (exp(2 * I * pi / 3) - exp(4 * I * pi / 3)), by.algebra())
yes(
    sqrt(3),
    -I * (exp(2 * I * pi / 3) - exp(4 * I * pi / 3)),
    by.algebra(),
)
no(log(GoldenRatio - 1), log(GoldenRatio), by.algebra())
yes(log(GoldenRatio - 1), -log(GoldenRatio), by.algebra())

# a case is not split on the variable of a sum
S = Sum(Piecewise((1, k < n), (0, True)), (k, 0, N))
no(S * (S - N - 1), 0, by.algebra())
no(S * (S - n), 0, by.algebra())
S2 = Sum(Piecewise((1, Eq(k, n)), (0, True)), (k, 0, N))
no(S2 * (S2 - 1) * S2, S2 - S2**2, by.algebra())
no(S2 * (S2 - N - 1), 0, by.algebra())
S3 = Integral(Piecewise((1, y < x), (0, True)), (y, 0, 1))
no(S3 * (S3 - 1), 0, by.algebra())

# more that is true
yes(1 / (3 + sin(x)), 2 / (6 + 2 * sin(x)), by.algebra())
yes(1 / (x**4 + 1), x / (x**5 + x), by.algebra(), EQ, Ne(x, 0))
yes(
    Sum(exp(I * k * x), (k, 0, n)) * (1 - exp(I * x)),
    1 - exp(I * (n + 1) * x),
    by.algebra(),
)
yes(Integral(Abs(exp(I * x)), (x, 0, 1)), 1, by.antiderivative())
yes(Integral(x**2 * exp(-x), (x, 0, 1)), 2 - 5 * exp(-1), by.antiderivative())
yes(
    Integral(sin(n * x) * cos(n * x), (x, 0, pi)),
    0,
    by.antiderivative(),
    EQ,
    n >= 1,
)
yes(sqrt(a * b), sqrt(a) * sqrt(b), by.algebra())
yes(sqrt(a * x), sqrt(a) * sqrt(x), by.algebra())
yes((z**2) ** n, z ** (2 * n), by.algebra())
yes(log(a * b), log(a) + log(b), by.algebra())
yes(gamma(a + 1) / gamma(a), a, by.algebra())
yes(
    binomial(n + 1, k + 1),
    binomial(n, k) + binomial(n, k + 1),
    by.algebra(),
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
yes((-1) ** od, -1, by.algebra())
yes((-1) ** (i * (i + 1)), 1, by.parity(i))
yes(Mean(z, Discrete(z, (1, a), (0, 1 - a))), a, by.algebra(), EQ, a <= 1)
yes(Mean((x + y) ** 2, Independent((x, y), 0, a)), 2 * a, by.algebra())
yes(Mean(z**2, Gaussian(z, y, a)), a + y**2, by.algebra())
yes(
    ArgMin(x**2 + (y - a) ** 2 + x * y / 2, x, y),
    Tuple(-4 * a / 15, 16 * a / 15),
    by.optimum(),
)
yes(ArgMin(x**4, x), 0, by.optimum())
yes(Minimum(a + 4 / a, a), 4, by.optimum(at=2))
yes(MatMul(A3, Inverse(A3)), ImmutableMatrix(eye(2)), by.algebra())
yes(Inverse(MatMul(A3, A4)), MatMul(Inverse(A4), Inverse(A3)), by.algebra())
yes(
    Sum(v[k] * z**k, (k, 0, n + 1)),
    Sum(v[k] * z**k, (k, 0, n)) + z ** (n + 1) * v[n + 1],
    by.algebra(),
)
yes(
    Sum(k * v[k], (k, 1, n)),
    Sum((n - k) * v[n - k], (k, 0, n - 1)),
    by.algebra(),
)
yes(
    Sum(A ** (n - k) * v[k], (k, 0, n)) + A ** (n + 1),
    Sum(A ** (n - k) * v[k], (k, 0, n)) + A * A**n,
    by.algebra(),
)
yes(A * (1 - z * A) ** -1, (1 - z * A) ** -1 * A, by.algebra())
yes((A - B) * (A + B) - A * B, A**2 - B * A - B**2, by.algebra())
yes(Derivative(log(1 + x**2), x), 2 * x / (1 + x**2), by.algebra())
yes(
    Derivative(f(2 * x), x),
    2 * Subs(Derivative(f(y), y), y, 2 * x),
    by.algebra(),
)
yes(Derivative(exp(I * w * x), x, x), -(w**2) * exp(I * w * x), by.algebra())
yes(
    sqrt(5) * (cos(2 * pi / 5) - cos(4 * pi / 5)), Rational(5, 2), by.algebra()
)


def _yes(row: Any) -> bool:
    lhs, rhs, check, relation, given = row
    statement = Statement(
        sympify(lhs), relation, sympify(rhs), Domain(given=given)
    )
    return isinstance(check.answer(statement), Yes)


def _name(row: Any) -> str:
    lhs, rhs, check, relation, given = row
    return f"{check.name}: {lhs} {relation.text} {rhs} {given or ''}"


@pytest.mark.parametrize("row", FALSE, ids=_name)
def test_false_is_not_shown(row: Any) -> None:
    assert not _yes(row)


@pytest.mark.parametrize("row", TRUE, ids=_name)
def test_true_is_shown(row: Any) -> None:
    assert _yes(row)

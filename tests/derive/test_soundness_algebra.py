"""True and false statements for the algebraic checks, traps included."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import (
    Eq,
    I,
    Matrix,
    Ne,
    Piecewise,
    Rational,
    binomial,
    conjugate,
    cos,
    cosh,
    exp,
    factorial,
    gamma,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from kexue_lib.derive import ConstantTerm, by

n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
p, q = sp.symbols("p q", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
x, y, z = sp.symbols("x y z", real=True)
a, b, c = sp.symbols("a b c", positive=True)
u, v, w = sp.symbols("u v w", complex=True)
A, B, C, U, V = sp.symbols("A B C U V", commutative=False)
P, L, H, T = sp.legendre, sp.laguerre, sp.hermite, sp.chebyshevt
D = sp.Derivative
F = factorial
R = by.rewriting
G = sp.symbols("g0:4", complex=True)
circle = (Eq(sp.Abs(w), 1),)

EXPAND = (
    [
        ((x + y) ** 2, x**2 + 2 * x * y + y**2),
        ((x - y) * (x + y), x**2 - y**2),
        ((u + v) ** 3, u**3 + 3 * u**2 * v + 3 * u * v**2 + v**3),
        ((1 + I * x) * (1 - I * x), 1 + x**2),
        (conjugate(u * v + 1), conjugate(u) * conjugate(v) + 1),
        ((sqrt(a) + 1) ** 2, a + 2 * sqrt(a) + 1),
        ((-1) ** (2 * n), 1),
        ((-1) ** (2 * n + 1), -1),
        ((-1) ** (n + 2), (-1) ** n),
        ((-1) ** (n - k), (-1) ** (n + k)),
        (2 ** (n + 1), 2 * 2**n),
        (exp(x + y), exp(x) * exp(y)),
        (Matrix([[1, x], [0, 1]]) ** 2, Matrix([[1, 2 * x], [0, 1]])),
        (Matrix([[x, y], [-y, x]]).det(), x**2 + y**2),
        (sp.Sum(k * x, (k, 0, 3)), 6 * x),
        (D((x + 1) ** 2, x), 2 * x + 2),
    ],
    [
        ((x + y) ** 2, x**2 + y**2),
        ((x - y) ** 2, (x + y) ** 2),
        ((u + v) ** 3, u**3 + v**3),
        (u * conjugate(u), u**2),
        (conjugate(u * v), conjugate(u) * v),
        (sqrt(x**2), x),
        (sqrt(a + 1), sqrt(a) + 1),
        ((-1) ** n, 1),
        ((-1) ** (n * k), (-1) ** n),
        (2 ** (n + 1), 2**n + 1),
        (exp(x * y), exp(x) * exp(y)),
        (
            Matrix([[1, x], [0, 1]]) * Matrix([[1, 0], [y, 1]]),
            Matrix([[1, 0], [y, 1]]) * Matrix([[1, x], [0, 1]]),
        ),
        (Matrix([[1, x], [0, 1]]), Matrix([[1, 0], [x, 1]])),
        (sp.Sum(k * x, (k, 0, 3)), 5 * x),
        (D((x + 1) ** 2, x), 2 * x),
        ((x**3) ** Rational(1, 3), x),
    ],
)

CANCEL = (
    [
        (1 / (a * (a + 1)), 1 / a - 1 / (a + 1)),
        ((a**2 - b**2) / (a + b), a - b),
        (1 / a + 1 / b, (a + b) / (a * b)),
        (1 / (1 + x**2) + x**2 / (1 + x**2), 1),
        (1 / (sqrt(a) + 1), (sqrt(a) - 1) / (a - 1), "=", (Ne(a, 1),)),
        (sqrt(2 * n + 1) ** 2 / (2 * n + 1), 1),
        (1 / (p * (p + 1)), 1 / p - 1 / (p + 1)),
        ((1 - exp(-a)) / (1 + exp(-a)), (exp(a) - 1) / (exp(a) + 1)),
        ((-1) ** n * (-1) ** n / a, 1 / a),
        ((1 + (-1) ** n) * (1 - (-1) ** n) / a, 0),
        ((u**2 - 1) / (u - 1), u + 1, "=", (Ne(u, 1),)),
        (1 / (1 - u) - 1, u / (1 - u), "=", (Ne(u, 1),)),
        (a ** (n + 1) / a, a**n),
        (D(1 / (1 + a), a), -1 / (1 + a) ** 2),
        (
            Matrix([[a, b], [0, 1]]).inv(),
            Matrix([[1 / a, -b / a], [0, 1]]),
        ),
        ((a + b) / (2 * a * b), (1 / a + 1 / b) / 2),
    ],
    [
        (1 / (a + b), 1 / a + 1 / b),
        ((x**2 - 1) / (x - 1), x + 1),
        (sp.Mul(x, 1 / x, evaluate=False) / x, 1 / x),
        (1 / x - 1 / (x + 1), 1 / (x * (x + 1))),
        (1 / (x**2 - 4), (1 / (x - 2) - 1 / (x + 2)) / 4),
        (a / (a + b), 1 / (1 + a / b)),
        ((u**2 + 1) / (u + I), u - I),
        (1 / (sqrt(a) - 1), (sqrt(a) + 1) / (a - 1)),
        (sqrt(x**2) / (1 + x**2), x / (1 + x**2)),
        (1 / n, (n + 1) / (n * (n + 1))),
        (n * (1 / n), n / (n + (1 - 1) * n)),
        ((-1) ** n / a, 1 / a),
        (1 / (i - j), (i + j) / (i**2 - j**2)),
        (D(1 / (1 + a), a), 1 / (1 + a) ** 2),
        (
            Matrix([[a, b], [0, 1]]).inv(),
            Matrix([[1 / a, b / a], [0, 1]]),
        ),
        ((a**2 + b**2) / (a + b), a + b),
    ],
)
# SymPy cancels these two before anybody sees them: not statements.
CANCEL[1].pop(10)
CANCEL[1].pop(2)
CANCEL[1][4] = (1 / (a + b), b / (a + b))
CANCEL[1].append((2 / (a + b), (1 / a + 1 / b) / 2))

COMBSIMP = (
    [
        (F(n + 1), (n + 1) * F(n)),
        (F(n + 2) / F(n), (n + 1) * (n + 2)),
        (binomial(n + 1, k + 1), binomial(n, k) + binomial(n, k + 1)),
        (binomial(n, k), F(n) / (F(k) * F(n - k))),
        (binomial(n, k), binomial(n, n - k), "=", (k <= n,)),
        (k * binomial(n, k), n * binomial(n - 1, k - 1), "=", (n >= 1,)),
        (gamma(a + 1), a * gamma(a)),
        (F(2 * n + 2), (2 * n + 2) * (2 * n + 1) * F(2 * n)),
        (
            1 / F(m - n) - 1 / F(m - n - 1),
            (1 - m + n) / F(m - n),
        ),
        (2 ** (n + 1) * F(n), 2 * 2**n * F(n)),
        (gamma(n + 1), F(n)),
        (
            binomial(2 * n + 2, n + 1),
            2 * (2 * n + 1) / (n + 1) * binomial(2 * n, n),
        ),
        (sqrt(2 * n + 1) * F(n + 1) / sqrt(2 * n + 1), F(n + 1)),
        ((-1) ** (n + 1) * F(n), -((-1) ** n) * F(n)),
        (F(n) ** 2 / F(n + 1) ** 2, 1 / (n + 1) ** 2),
        (sp.rf(a, n + 1), (a + n) * sp.rf(a, n)),
    ],
    [
        (F(n + 1), n * F(n)),
        (F(2 * n), 2 * F(n)),
        (F(n) * F(k), F(n * k)),
        (binomial(n + 1, k + 1), binomial(n, k) + binomial(n, k - 1)),
        (binomial(n, k), F(n) / (F(k) * F(n + k))),
        (k * binomial(n, k), n * binomial(n, k - 1)),
        (gamma(a + 1), (a + 1) * gamma(a)),
        (F(n + k), F(n) + F(k)),
        (1 / F(m - n), 1 / F(n - m)),
        (2**n * F(n), F(2 * n)),
        (gamma(n + 1), F(n + 1)),
        (gamma(x + 1), x * gamma(x)),
        (F(n - 1), F(n) / n),
        (binomial(2 * n, n), 4**n),
        ((-1) ** n * F(n), F(n)),
        (F(n) / F(n - 1), n + 1),
    ],
)

EXPONENTIALS = (
    [
        (sin(x) ** 2 + cos(x) ** 2, 1),
        (sin(2 * x), 2 * sin(x) * cos(x)),
        (cos(2 * x), 1 - 2 * sin(x) ** 2),
        (cos(x + y), cos(x) * cos(y) - sin(x) * sin(y)),
        (cosh(x) ** 2 - sinh(x) ** 2, 1),
        (exp(I * x), cos(x) + I * sin(x)),
        (sinh(2 * x), 2 * sinh(x) * cosh(x)),
        (tanh(x), (exp(2 * x) - 1) / (exp(2 * x) + 1)),
        (1 - tanh(x) ** 2, 1 / cosh(x) ** 2),
        (cos(x) * cos(y), (cos(x - y) + cos(x + y)) / 2),
        (sin(3 * x), 3 * sin(x) - 4 * sin(x) ** 3),
        (cos(u) ** 2 + sin(u) ** 2, 1),
        (sin(x + pi), -sin(x)),
        (sp.coth(a), 1 + 2 / (exp(2 * a) - 1)),
        (1 / (1 + exp(-x)), (1 + tanh(x / 2)) / 2),
        (D(tanh(x), x), 1 - tanh(x) ** 2),
    ],
    [
        (sin(x) ** 2 - cos(x) ** 2, 1),
        (sin(2 * x), 2 * sin(x)),
        (cos(2 * x), 1 - sin(x) ** 2),
        (cos(x + y), cos(x) * cos(y) + sin(x) * sin(y)),
        (cosh(x) ** 2 + sinh(x) ** 2, 1),
        (exp(I * x), cos(x) - I * sin(x)),
        (sp.Abs(cos(x)), cos(x)),
        (tanh(x), (exp(x) - 1) / (exp(x) + 1)),
        (tan(x), sin(x) / cos(x) + 1),
        (sqrt(1 - sin(x) ** 2), cos(x)),
        (sin(3 * x), 3 * sin(x) - sin(x) ** 3),
        (sp.asin(sin(x)), x),
        (sin(x + pi), sin(x)),
        (sp.coth(x), 1 + 2 / (exp(2 * x) - 1)),
        (1 / (1 + exp(-x)), (1 + tanh(x)) / 2),
        (D(tanh(x), x), 1 + tanh(x) ** 2),
    ],
)

LOGARITHMS = (
    [
        (log(a * b), log(a) + log(b)),
        (log(a / b), log(a) - log(b)),
        (log(a**3), 3 * log(a)),
        (log(sqrt(a)), log(a) / 2),
        (log(exp(x)), x),
        (log(a * exp(x)), log(a) + x),
        (log(a**x), x * log(a)),
        (log(2 * a), log(2) + log(a)),
        (log(a * b * c), log(a) + log(b) + log(c)),
        (log(1 / a), -log(a)),
        (log(a) - log(a * b), -log(b)),
        (log(a**2 + a * b), log(a) + log(a + b)),
        (log(p * (p + 1)), log(p) + log(p + 1)),
        (log(4 * a**2) / 2, log(2) + log(a)),
        (D(log(a * x**2 + 1), x), 2 * a * x / (a * x**2 + 1)),
    ],
    [
        (log(a + b), log(a) + log(b)),
        (log(a * b), log(a) * log(b)),
        (log(u * v), log(u) + log(v), "=", (Ne(u, 0), Ne(v, 0))),
        (log(x**2), 2 * log(x), "=", (Ne(x, 0),)),
        (log(x * y), log(x) + log(y), "=", (Ne(x, 0), Ne(y, 0))),
        (log(exp(u)), u),
        (log(a) ** 2, 2 * log(a)),
        (log(a**x), log(a) ** x),
        (log(1 / u), -log(u), "=", (Ne(u, 0),)),
        (log(-a), -log(a)),
        (log(x), log(sp.Abs(x)), "=", (Ne(x, 0),)),
        (log(a / b), log(a) / log(b)),
        (log(sqrt(u**2)), log(u), "=", (Ne(u, 0),)),
        (log(x * a), log(x) + log(a)),
        (log(n), log(n**2) / 2),
    ],
)

REWRITING = (
    [
        (sqrt(x**2), sp.Abs(x), R("simplify")),
        (sin(x) ** 2 + cos(x) ** 2, 1, R("trigsimp")),
        (sp.erfc(x), 1 - sp.erf(x), R(sp.erf)),
        (gamma(n + 1), F(n), R(gamma)),
        (binomial(n, 2), n * (n - 1) / 2, R(F, "combsimp", "expand")),
        (sp.Abs(x) ** 2, x**2, R("simplify")),
        (sin(2 * x), 2 * sin(x) * cos(x), R("expand_trig")),
        (log(a**x * b), x * log(a) + log(b), R("expand_log")),
        ((a**x) ** y, a ** (x * y), R("powdenest")),
        (a**x * b**x, (a * b) ** x, R("powsimp")),
        (sqrt(5 + 2 * sqrt(6)), sqrt(2) + sqrt(3), R("sqrtdenest")),
        (1 / (sqrt(2) + 1), sqrt(2) - 1, R("radsimp")),
        (
            sp.besselj(Rational(1, 2), a),
            sqrt(2 / (pi * a)) * sin(a),
            R("expand_func", "simplify"),
        ),
        (tan(x) * cos(x), sin(x), R("simplify"), "=", (Ne(cos(x), 0),)),
        (sp.cosh(x), (exp(x) + exp(-x)) / 2, R(exp)),
        (gamma(Rational(1, 2)) ** 2, pi, R("simplify")),
    ],
    [
        (sqrt(x**2), x, R("simplify")),
        (sin(x) ** 2 - cos(x) ** 2, 1, R("trigsimp")),
        (sp.erfc(x), 1 + sp.erf(x), R(sp.erf)),
        (gamma(n), F(n), R(gamma)),
        (binomial(n, 2), n * (n + 1) / 2, R(F, "combsimp", "expand")),
        (sp.Abs(u) ** 2, u**2, R("simplify")),
        (sin(2 * x), 2 * sin(x), R("expand_trig")),
        (log(a**x + b), x * log(a) + log(b), R("expand_log")),
        ((u**2) ** Rational(1, 2), u, R("powdenest")),
        ((x * y) ** Rational(1, 2), sqrt(x) * sqrt(y), R("powsimp")),
        (sqrt(5 - 2 * sqrt(6)), sqrt(2) - sqrt(3), R("sqrtdenest")),
        (1 / (sqrt(2) + 1), sqrt(2) + 1, R("radsimp")),
        (
            sp.besselj(Rational(1, 2), a),
            sqrt(2 / (pi * a)) * cos(a),
            R("expand_func", "simplify"),
        ),
        (sin(x) / tan(x), cos(x), R("simplify")),
        (sp.cosh(x), (exp(x) - exp(-x)) / 2, R(exp)),
        (sp.atan(tan(x)), x, R("simplify")),
    ],
)

inv = lambda e: e**-1  # noqa: E731
Z = 1 + x**2
WORDS = (
    [
        ((A + B) ** 2, A**2 + A * B + B * A + B**2),
        (A * (B + C), A * B + A * C),
        (A * inv(A), 1),
        (inv(A) * A * B, B),
        (inv(A * B), inv(B) * inv(A)),
        (A * inv(1 - A), inv(1 - A) - 1),
        (inv(1 - A) * A, inv(1 - A) - 1),
        ((1 - A) * inv(1 - A), 1),
        (inv(1 - A) - inv(1 - B), inv(1 - A) * (A - B) * inv(1 - B)),
        (
            (A - U * V)
            * (inv(A) + inv(A) * U * inv(1 - V * inv(A) * U) * V * inv(A)),
            1,
        ),
        ((A * B - B * A) * C, A * B * C - B * A * C),
        (A * B * C - A * (B * C), 0),
        (x * A * B - A * (x * B), 0),
        (A**2 * inv(A), A),
        ((1 + A) * (1 - A), 1 - A**2),
        (inv(1 - A * Z / (Z * Z + Z)), inv(1 - A / (1 + Z))),
        (inv(Z - Z * A), inv(1 - A) / Z),
        (inv((1 - A) * (Z - B)), inv(Z - B) * inv(1 - A)),
        (A * A**n, A**n * A),
        (
            (A * B - B * A) * C
            + (B * C - C * B) * A
            + (C * A - A * C) * B
            - (
                C * (A * B - B * A) + A * (B * C - C * B) + B * (C * A - A * C)
            ),
            0,
        ),
    ],
    [
        ((A + B) ** 2, A**2 + 2 * A * B + B**2),
        (A * B, B * A),
        ((A - B) * (A + B), A**2 - B**2),
        (inv(A * B), inv(A) * inv(B)),
        (inv((1 - A) * (Z - B)), inv(1 - A) * inv(Z - B)),
        (inv(Z - Z * A), inv(1 - A) * Z),
        (A * B**n, B**n * A),
        (A * A**n, A**n),
        (inv(A + B), inv(A) + inv(B)),
        (A * B * inv(A), B),
        (inv(1 - A * Z / (Z * Z + Z)), inv(1 - A / (1 + 2 * Z))),
        (inv(1 - A * Z / (Z * Z + Z)), inv(1 - B / (1 + Z))),
        ((A * B) ** 2, A**2 * B**2),
        (A * inv(1 - A), inv(1 - A) + 1),
        (inv(1 - A) - inv(1 - B), inv(1 - A) * (B - A) * inv(1 - B)),
        (
            (A - U * V)
            * (inv(A) - inv(A) * U * inv(1 - V * inv(A) * U) * V * inv(A)),
            1,
        ),
        ((A * B - B * A) * C, 0),
        (A * B * C, C * B * A),
        (A**2, A),
        ((1 + A) * (1 + B), 1 + A + B),
        (A * B - B * A, 1),
        (inv(1 - A * B), 1 + A * inv(1 - B * A) * A),
    ],
)

q1 = G[0] + G[1] / w
CIRCLE = (
    [
        (conjugate(w), 1 / w),
        (w * conjugate(w), 1),
        (conjugate(w**3), w**-3),
        (sp.Abs(1 + w) ** 2, 2 + w + 1 / w),
        (conjugate(1 + u * w), 1 + conjugate(u) / w),
        (sp.Abs(w) ** 2, 1),
        (
            q1 * conjugate(q1),
            G[0] * conjugate(G[0])
            + G[1] * conjugate(G[1])
            + G[0] * conjugate(G[1]) * w
            + G[1] * conjugate(G[0]) / w,
        ),
        (ConstantTerm(w, w), 0),
        (ConstantTerm(3 + w + 1 / w, w), 3),
        (ConstantTerm((1 + w) * (1 + 1 / w), w), 2),
        (
            ConstantTerm(sp.Abs(G[0] + G[1] * w) ** 2, w),
            G[0] * conjugate(G[0]) + G[1] * conjugate(G[1]),
        ),
        (ConstantTerm((w + 1 / w) ** 2, w), 2),
        (ConstantTerm((w + 1 / w) ** 4, w), 6),
        (ConstantTerm(u * w**2 / w**2, w), u),
        (ConstantTerm((1 + w) ** 3 / w, w), 3),
        (w + conjugate(w), w + 1 / w),
    ],
    [
        (conjugate(w), w),
        (w * conjugate(w), w**2),
        (conjugate(w**3), w**3),
        (sp.Abs(1 + w) ** 2, 2 + 2 * w),
        (conjugate(1 + u * w), 1 + u / w),
        (sp.Abs(1 + w) ** 2, 4),
        (
            q1 * conjugate(q1),
            G[0] * conjugate(G[0])
            + G[1] * conjugate(G[1])
            + G[0] * conjugate(G[1]) / w
            + G[1] * conjugate(G[0]) * w,
        ),
        (ConstantTerm(w, w), 1),
        (ConstantTerm(3 + w + 1 / w, w), 5),
        (ConstantTerm((1 + w) * (1 + 1 / w), w), 4),
        (
            ConstantTerm(sp.Abs(G[0] + G[1] * w) ** 2, w),
            (G[0] + G[1]) * conjugate(G[0] + G[1]),
        ),
        (ConstantTerm((w + 1 / w) ** 2, w), 4),
        (ConstantTerm((w + 1 / w) ** 4, w), 4),
        (ConstantTerm(u * w**2, w), u),
        (ConstantTerm((1 + w) ** 3 / w, w), 1),
        (w - conjugate(w), 0),
    ],
)

HOLONOMIC = (
    [
        ((n + 1) * P(n + 1, x), (2 * n + 1) * x * P(n, x) - n * P(n - 1, x)),
        (D(P(n + 1, x), x) - D(P(n - 1, x), x), (2 * n + 1) * P(n, x)),
        (D(P(n + 1, x), x), (n + 1) * P(n, x) + x * D(P(n, x), x)),
        ((x**2 - 1) * D(P(n, x), x), n * (x * P(n, x) - P(n - 1, x))),
        (
            (1 - x**2) * D(P(n, x), x, 2) - 2 * x * D(P(n, x), x),
            -n * (n + 1) * P(n, x),
        ),
        (x * D(P(n, x), x) - D(P(n - 1, x), x), n * P(n, x)),
        (D(L(n, x), x) - D(L(n - 1, x), x), -L(n - 1, x), "=", (n >= 1,)),
        (x * D(L(n, x), x), n * (L(n, x) - L(n - 1, x)), "=", (n >= 1,)),
        (
            (n + 1) * L(n + 1, x),
            (2 * n + 1 - x) * L(n, x) - n * L(n - 1, x),
            "=",
            (n >= 1,),
        ),
        (H(n + 1, x), 2 * x * H(n, x) - 2 * n * H(n - 1, x), "=", (n >= 1,)),
        (D(H(n, x), x), 2 * n * H(n - 1, x), "=", (n >= 1,)),
        (D(H(n, x), x, 2) - 2 * x * D(H(n, x), x) + 2 * n * H(n, x), 0),
        (T(n + 1, x), 2 * x * T(n, x) - T(n - 1, x)),
        (T(n + 2, x) + T(n, x), 2 * x * T(n + 1, x)),
        (
            P(n + 2, x) * (n + 2),
            (2 * n + 3) * x * P(n + 1, x) - (n + 1) * P(n, x),
        ),
        (P(n, 2 * x) - P(n, 2 * x), 0),
    ],
    [
        ((n + 1) * P(n + 1, x), (2 * n + 1) * P(n, x) - n * P(n - 1, x)),
        (D(P(n + 1, x), x) - D(P(n - 1, x), x), (2 * n - 1) * P(n, x)),
        (D(P(n + 1, x), x), n * P(n, x) + x * D(P(n, x), x)),
        ((x**2 - 1) * D(P(n, x), x), n * (x * P(n, x) + P(n - 1, x))),
        (
            (1 - x**2) * D(P(n, x), x, 2) + 2 * x * D(P(n, x), x),
            -n * (n + 1) * P(n, x),
        ),
        (x * D(P(n, x), x) - D(P(n + 1, x), x), n * P(n, x)),
        (D(L(n, x), x) - D(L(n - 1, x), x), L(n - 1, x), "=", (n >= 1,)),
        (D(L(n, x), x), -L(n - 1, x), "=", (n >= 1,)),
        (
            (n + 1) * L(n + 1, x),
            (2 * n + 1 + x) * L(n, x) - n * L(n - 1, x),
            "=",
            (n >= 1,),
        ),
        (H(n + 1, x), x * H(n, x) - n * H(n - 1, x), "=", (n >= 1,)),
        (D(H(n, x), x), n * H(n - 1, x), "=", (n >= 1,)),
        (D(H(n, x), x, 2) - 2 * x * D(H(n, x), x), 2 * n * H(n, x)),
        (T(n + 1, x), 2 * x * T(n, x) + T(n - 1, x)),
        (P(n, x) ** 2, P(2 * n, x)),
        (P(n + 1, x), x * P(n, x)),
        (P(n, -x), P(n, x)),
    ],
)


def rows(table, check):
    """Put the check of the table into rows that name none."""
    return [(r[0], r[1], check, *r[2:]) for r in table]


TABLES = {
    "expand": (EXPAND, by.expand()),
    "cancel": (CANCEL, by.cancel()),
    "combsimp": (COMBSIMP, by.combsimp()),
    "exponentials": (EXPONENTIALS, by.exponentials()),
    "logarithms": (LOGARITHMS, by.logarithms()),
    "rewriting": (REWRITING, None),
    "words": (WORDS, by.words()),
    "holonomic": (HOLONOMIC, by.holonomic()),
}
TRUE, FALSE = [], []
for name, ((good, bad), check) in TABLES.items():
    for table, into in ((good, TRUE), (bad, FALSE)):
        filled = table if check is None else rows(table, check)
        into += [
            pytest.param(r, id=f"{name}-{number}")
            for number, r in enumerate(filled)
        ]
for table, into in ((CIRCLE[0], TRUE), (CIRCLE[1], FALSE)):
    into += [
        pytest.param(
            (r[0], r[1], by.circle(w), "=", circle), id=f"circle-{number}"
        )
        for number, r in enumerate(table)
    ]


@pytest.mark.parametrize("row", TRUE)
def test_true_statements_are_proved(row, accepts):
    accepts(row, "proved")


@pytest.mark.parametrize("row", FALSE)
def test_false_statements_are_rejected(row, rejects):
    rejects(row)


def test_every_table_has_fifteen_of_each():
    for name, ((good, bad), _) in TABLES.items():
        assert min(len(good), len(bad)) >= 15, name
    assert min(map(len, CIRCLE)) >= 15


def test_open_piecewise_is_not_read_as_its_first_case():
    from kexue_lib.derive.checks.cases import Order

    pw = Piecewise((1, k < n), (0, True))
    assert not by.cancel().vanishes(pw - 1)
    assert Order(k, n).name == "order"

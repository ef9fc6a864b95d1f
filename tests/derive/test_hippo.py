"""The derivations of the chapter hippo-matrices, as its cells write them.

They are the proof that the interface carries the hardest chapter; each
function below is the body of one cell.
"""

from __future__ import annotations

import sympy as sp
from sympy import (
    Derivative,
    Eq,
    I,
    Integral,
    KroneckerDelta,
    Piecewise,
    Rational,
    Sum,
    coth,
    exp,
    factorial,
    oo,
    pi,
    sqrt,
)
from sympy import legendre as P

from kexue_lib.derive import Chapter, by

hippo = Chapter("hippo-matrices")
n, k, m = hippo.symbols("n k m", "integer nonnegative")
N = hippo.symbols("N", "integer positive")
ell = hippo.symbols("ell", "integer")
x, s, u, f0 = hippo.symbols("x s u f_0", "real")
T, w, lam, beta, X = hippo.symbols("T w lambda beta X", "positive")
v = hippo.let("v", n, sqrt(2 * n + 1))
chi = hippo.let("chi", n, (1 + (-1) ** n) / 2)


def test_c4_windowed_fourier():
    window = exp(lam * (T - w + w * s)) * exp(-2 * pi * I * ell * s)
    U = hippo.let("u", T, exp(lam * T))
    c = hippo.let(
        "c",
        (ell, T),
        exp(lam * (T - w)) * (exp(lam * w) - 1) / (lam * w - 2 * pi * I * ell),
    )
    claim = (
        hippo.claim("C4", "A sliding window seen by Fourier", source="post")
        .lemma(Integral(window, (s, 0, 1)), "coefficient")
        .eq(
            c(ell, T), by.antiderivative(window / (lam * w - 2 * pi * I * ell))
        )
        .show(Derivative(c(ell, T), T))
        .eq(
            (U(T) - U(T - w)) / w + 2 * pi * I * ell / w * c(ell, T),
            by.cancel(),
        )
    )
    assert claim.level.value == "proved"


def test_c6_the_bias_of_the_fourier_window():
    newest = hippo.let(
        "f", (u, f0), 2 * beta / (2 + beta) * u + (2 - beta) / (2 + beta) * f0
    )
    g = hippo.let("g", X, coth(X / 2) / 2)
    claim = (
        hippo.claim("C6", "The replacement is biased, and the bias stays")
        .show(f0 + beta * (u - (f0 + newest(u, f0)) / 2), "newest point")
        .eq(newest(u, f0), by.cancel())
        .show(beta * g(X) / (1 + beta * g(X)), "transfer function")
        .eq(
            beta * (1 + exp(-X)) / (2 + beta - (2 - beta) * exp(-X)),
            by.exponentials(),
        )
    )
    modes = (
        hippo.claim("C6a", "All modes together")
        .show(1 / X + Sum(2 * X / (X**2 + 4 * pi**2 * n**2), (n, 1, oo)))
        .eq(g(X), by.numeric(digits=30, points=4))
    )
    assert claim.level.value == "proved"
    assert modes.level.value == "numeric"


def test_c7_legendre_facts():
    claim = (
        hippo.claim("C7", "Legendre facts for every degree", source="paper")
        .show(Derivative(P(n + 1, x), x) - Derivative(P(n - 1, x), x), "a")
        .eq((2 * n + 1) * P(n, x), by.holonomic())
        .show(Derivative(P(n + 1, x), x), "b")
        .eq((n + 1) * P(n, x) + x * Derivative(P(n, x), x), by.holonomic())
        .show(Derivative(P(n + 1, x), x), "c")
        .eq(
            Sum((2 * k + 1) * chi(n - k) * P(k, x), (k, 0, n)),
            by.induction(n, by.holonomic(), stride=2),
        )
        .show((x + 1) * Derivative(P(n, x), x), "d")
        .eq(
            Sum((2 * k + 1) * P(k, x), (k, 0, n)) - (n + 1) * P(n, x),
            by.induction(n, by.holonomic()),
        )
    )
    assert claim.level.value == "proved"
    assert [c.label for c in claim.shown] == ["a", "b", "c", "d"]


def test_c9_legt():
    below = Piecewise((2 * chi(n - 1 - k), k < n), (0, True))
    claim = (
        hippo.claim("C9", "LegT: the sliding window", source="post")
        .lemma(2 * chi(n - 1 - k) + (-1) ** (n - k), "parity")
        .eq(1, by.expand())
        .show(-v(n) * v(k) * (below + (-1) ** (n - k)) / w)
        .eq(
            -v(n) * v(k) / w * Piecewise((1, k <= n), ((-1) ** (n - k), True)),
            by.order(k, n, by.cancel()),
        )
    )
    assert claim.level.value == "proved"


def test_c10_one_sum_carries_legs():
    mu = hippo.let(
        "mu",
        (n, m),
        v(n) * factorial(m) ** 2 / (factorial(m - n) * factorial(m + n + 1)),
    )
    term = (2 * k + 1) / (factorial(m - k) * factorial(m + k + 1))
    F = 1 / (factorial(m - k) * factorial(m + k))
    last = 1 / (factorial(m - n - 1) * factorial(m + n + 1))
    claim = (
        hippo.claim("C10", "One sum carries all of LegS")
        .lemma(Sum(term, (k, 0, n)), "sum")
        .eq(1 / factorial(m) ** 2 - last, by.telescoping(F))
        .show(m * mu(n, m))
        .eq(
            v(n) - v(n) * Sum(v(k) * mu(k, m), (k, 0, n)) + n * mu(n, m),
            by.using("sum", then=by.combsimp()),
        )
    )
    assert claim.level.value == "proved"


def test_c12_the_inverse_of_legt_is_tridiagonal():
    A = hippo.let(
        "A",
        (n, k),
        -(2 * n + 1) * Piecewise((1, k <= n), ((-1) ** (n - k), True)),
    )
    side = Rational(1, 2) / (2 * k + 1)
    B = hippo.let(
        "B",
        (n, k),
        Piecewise((-side, Eq(n, k - 1)), (side, Eq(n, k + 1)), (0, True)),
    )
    corner = -Rational(1, 2) / (2 * N - 1)
    claim = (
        hippo.claim("C12", "The inverse of LegT is tridiagonal")
        .given(k >= 1, n <= N - 1)
        .show(A(n, k - 1) * B(k - 1, k) + A(n, k + 1) * B(k + 1, k), "inside")
        .eq(KroneckerDelta(n, k), by.order(n, k, by.cancel(), gap=1))
        .show(-A(n, 0) / 2 + A(n, 1) * B(1, 0), "first column")
        .eq(KroneckerDelta(n, 0), by.first(n, 2))
        .show(
            A(n, N - 2) * B(N - 2, N - 1) + A(n, N - 1) * corner, "last column"
        )
        .eq(KroneckerDelta(n, N - 1), by.order(n, N, by.cancel(), gap=2))
    )
    assert claim.level.value == "proved"


def test_every_symbol_of_the_page_is_declared():
    assert isinstance(hippo.claims["C10"].expr, sp.Expr)

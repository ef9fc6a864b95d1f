"""True and false statements for expansions, pieces and certificates."""

from __future__ import annotations

import functools
import itertools

import pytest
import sympy as sp
from sympy import (
    Eq,
    I,
    Integral,
    KroneckerDelta,
    Ne,
    O,
    Piecewise,
    Rational,
    Sum,
    cosh,
    coth,
    exp,
    factorial,
    jn,
    oo,
    pi,
    sinh,
)

from kexue_lib.derive import Chapter, DerivationError, by, controls
from kexue_lib.derive.mutation import survivors

book = Chapter("expansions")
n, k, j, m = book.symbols("n k j m", "integer nonnegative")
i = book.symbols("i", "integer nonnegative")
N = book.symbols("N", "integer positive")
ell = book.symbols("ell", "integer")
x, s = book.symbols("x s", "real")
X, kappa = book.symbols("X kappa", "positive")
P, D, F = sp.legendre, sp.Derivative, factorial
y = sp.Function("y")
numbers = itertools.count()
hyper = by.algebra()


def claim(title):
    """A claim with a number of its own."""
    return book.claim(f"T{next(numbers)}", title)


def sound(claim, level="proved", limit=12):
    assert claim.level.value == level
    found = controls(claim, limit)
    assert any(f.outcome == "rejected" for f in found)
    assert survivors(found) == []


# -- Fourier series at a jump -------------------------------------------------

WAVE = exp(-2 * pi * I * ell * s)
mode = 1 / (X - 2 * pi * I * ell)
EXPONENTIAL = (
    claim("Coefficients of an exponential")
    .lemma(Integral(exp(X * s) * WAVE, (s, 0, 1)), "c")
    .eq((exp(X) - 1) * mode, by.antiderivative(exp(X * s) * WAVE * mode))
    .show(sp.Integer(1))
    .eq(1, by.algebra())
)["c"]


def c(ell):
    return (exp(X) - 1) / (X - 2 * pi * I * ell)


def test_all_fourier_coefficients_give_the_midpoint():
    sound(
        claim("Midpoint")
        .show(c(0) + Sum(c(j) + c(-j), (j, 1, oo)))
        .eq((1 + exp(X)) / 2, by.fourier(EXPONENTIAL, ell, then=hyper))
    )
    pair = 2 * X / (X**2 + 4 * pi**2 * j**2)
    sound(
        claim("Partial fractions")
        .lemma(
            Integral(exp(X * s) / (exp(X) - 1) * WAVE, (s, 0, 1)), "one mode"
        )
        .eq(
            mode,
            by.antiderivative(exp(X * s) / (exp(X) - 1) * WAVE * mode),
        )
        .show(1 / X + Sum(pair, (j, 1, oo)))
        .eq(coth(X / 2) / 2, by.fourier("one mode", ell, then=hyper))
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # the value on one side of the jump
        (c(0) + Sum(c(j) + c(-j), (j, 1, oo)), 1),
        (c(0) + Sum(c(j) + c(-j), (j, 1, oo)), exp(X)),
        # the middle term is missing, or the range begins elsewhere
        (Sum(c(j) + c(-j), (j, 1, oo)), (1 + exp(X)) / 2),
        (c(0) + Sum(c(j) + c(-j), (j, 2, oo)), (1 + exp(X)) / 2),
        # half of the coefficients only
        (c(0) + 2 * Sum(c(j), (j, 1, oo)), (1 + exp(X)) / 2),
    ],
)
def test_other_sums_are_not_the_midpoint(left, right):
    with pytest.raises(DerivationError):
        claim("Wrong").show(left).eq(
            right, by.fourier(EXPONENTIAL, ell, then=hyper)
        )


def test_a_function_with_a_pole_has_no_such_series():
    f = 1 / (s - Rational(1, 2)) ** 2
    source = (
        claim("A wrong coefficient")
        .given(Ne(s, Rational(1, 2)))
        .show(f)
        .eq(f, by.algebra())
    )
    # As if somebody had an equation for its coefficients.
    chain = source.shown[0]
    chain.lhs = Integral(f * WAVE, (s, 0, 1))
    with pytest.raises(DerivationError, match="not manifestly smooth"):
        claim("Wrong").given(Ne(s, Rational(1, 2))).show(
            f.subs(s, 0) + Sum(2 * f.subs(s, 0), (j, 1, oo))
        ).eq(f.subs(s, 0), by.fourier(chain, ell))


def test_the_index_must_run_over_all_integers():
    with pytest.raises(DerivationError, match="all integers"):
        claim("Wrong").show(c(0) + Sum(c(j) + c(-j), (j, 1, oo))).eq(
            (1 + exp(X)) / 2, by.fourier(EXPONENTIAL, n, then=hyper)
        )


# -- Parseval -----------------------------------------------------------------


@functools.cache
def tone():
    wave = exp(I * kappa * x)
    return (
        claim("A tone")
        .show(Integral(wave * P(n, x), (x, -1, 1)))
        .eq(
            2 * I**n * jn(n, kappa),
            by.recurrence(
                y(n),
                y(n + 2) - y(n) - I * (2 * n + 3) / kappa * y(n + 1),
                left=by.antiderivative(
                    wave * (P(n + 2, x) - P(n, x)) / (I * kappa)
                ),
                base=by.antiderivative(),
            ),
        )
    )


def test_the_energy_of_a_tone():
    source = tone()
    sound(source)
    total = Sum((2 * n + 1) * jn(n, kappa) ** 2, (n, 0, oo))
    sound(claim("All of it").show(total).eq(1, by.parseval(source, n)))
    sound(claim("Three times").show(3 * total).eq(3, by.parseval(source, n)))
    kept = Sum((2 * n + 1) * jn(n, kappa) ** 2, (n, 0, N - 1))
    sound(
        claim("The edge")
        .show(D(kept, kappa))
        .eq(
            -2 * N * jn(N - 1, kappa) * jn(N, kappa),
            by.induction(N, start=1),
        )
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Sum((2 * n + 1) * jn(n, kappa) ** 2, (n, 0, oo)), 2),
        (Sum((2 * n + 1) * jn(n, kappa) ** 2, (n, 1, oo)), 1),
        (Sum((2 * n + 1) * jn(n, kappa), (n, 0, oo)), 1),
        (Sum((n + 1) * jn(n, kappa) ** 2, (n, 0, oo)), 1),
        (Sum((2 * n + 1) * jn(n, kappa) ** 2, (n, 0, 40)), 1),
        (1 + Sum((2 * n + 1) * jn(n, kappa) ** 2, (n, 0, oo)), 2),
    ],
)
def test_other_energies(left, right):
    source = tone()
    with pytest.raises(DerivationError):
        claim("Wrong").show(left).eq(right, by.parseval(source, n))


def test_spherical_bessel_functions(accepts, rejects):
    good = [
        (jn(n + 2, X), (2 * n + 3) / X * jn(n + 1, X) - jn(n, X)),
        (D(jn(n, X), X), n / X * jn(n, X) - jn(n + 1, X)),
        (
            (2 * n + 1) * D(jn(n, X), X),
            n * jn(n - 1, X) - (n + 1) * jn(n + 1, X),
        ),
    ]
    bad = [
        (jn(n + 2, X), (2 * n + 1) / X * jn(n + 1, X) - jn(n, X)),
        (D(jn(n, X), X), n / X * jn(n, X) + jn(n + 1, X)),
        (jn(n, X) ** 2, jn(n - 1, X) * jn(n + 1, X)),
    ]
    for left, right in good:
        accepts((left, right, by.algebra()), "proved")
    for left, right in bad:
        rejects((left, right, by.algebra()))


# -- sums of cases ------------------------------------------------------------

STEP = Piecewise((1, k < n), (5, Eq(k, n)), (-1, True))
pieces = by.pieces(n)


@pytest.mark.parametrize(
    "row",
    [
        (
            Sum(STEP * k, (k, 0, N)),
            Sum(k, (k, 0, n - 1)) + 5 * n - Sum(k, (k, n + 1, N)),
            pieces,
            "=",
            (n <= N,),
        ),
        (
            Sum(KroneckerDelta(k, n) * k**2, (k, 0, n + m)),
            n**2,
            pieces,
        ),
        (
            Sum(Piecewise((k, k <= n), (0, True)), (k, 0, N - 1)),
            n + Sum(k, (k, 0, n - 1)),
            pieces,
            "=",
            (n <= N - 1,),
        ),
    ],
)
def test_sums_are_split_at_the_case(row, accepts):
    accepts(row, "proved")


@pytest.mark.parametrize(
    "row",
    [
        # the term in the middle forgotten, or counted with its neighbours
        (
            Sum(STEP * k, (k, 0, N)),
            Sum(k, (k, 0, n - 1)) - Sum(k, (k, n + 1, N)),
            pieces,
            "=",
            (n <= N,),
        ),
        (
            Sum(STEP * k, (k, 0, N)),
            Sum(k, (k, 0, n)) + 5 * n - Sum(k, (k, n + 1, N)),
            pieces,
            "=",
            (n <= N,),
        ),
        # n may lie outside the range
        (Sum(KroneckerDelta(k, n), (k, 0, N)), 1, pieces),
        (Sum(KroneckerDelta(k, n), (k, 1, n + m)), 1, pieces),
        (Sum(KroneckerDelta(k, n), (k, 0, N)), 1, pieces, "=", (n <= N + 1,)),
        # the cases change elsewhere
        (
            Sum(Piecewise((1, k < m), (0, True)), (k, 0, n + m)),
            n,
            pieces,
        ),
        (Sum(k, (k, 0, n)), Sum(k, (k, 0, n)), pieces),
    ],
)
def test_wrong_splits(row, rejects):
    rejects(row)


# -- certificates, bases, zeros of 1/n! ----------------------------------


def product(n, k):
    return Integral(P(n, x) * P(k, x), (x, -1, 1))


def orthogonal(right, norm):
    cross = (1 - x**2) * (P(k, x) * D(P(n, x), x) - P(n, x) * D(P(k, x), x))
    climb = x * (P(n + 1, x) ** 2 + P(n, x) ** 2) - 2 * P(n + 1, x) * P(n, x)
    return (
        claim("Orthogonal")
        .lemma(product(n, n), "norm")
        .eq(
            norm,
            by.recurrence(
                y(n),
                (2 * n + 3) * y(n + 1) - (2 * n + 1) * y(n),
                left=by.antiderivative(climb),
            ),
        )
        .show(product(n, k))
        .eq(
            right,
            by.order(
                n,
                k,
                by.antiderivative(cross / (k * (k + 1) - n * (n + 1))),
                equal=by.using("norm"),
            ),
        )
    )


def test_orthogonality_for_all_degrees():
    delta = KroneckerDelta(n, k)
    sound(orthogonal(2 * delta / (2 * n + 1), 2 / (2 * n + 1)))
    with pytest.raises(DerivationError):
        orthogonal(delta / (2 * n + 1), 2 / (2 * n + 1))
    with pytest.raises(DerivationError):
        orthogonal(delta / (2 * n + 1), 1 / (2 * n + 1))
    with pytest.raises(DerivationError):
        orthogonal(2 * delta / (2 * n + 1) + k - n, 2 / (2 * n + 1))


def climbing(source, right, first=True):
    relation = y(k + 2, n) - y(k, n) - (2 * k + 3) * product(k + 1, n)
    base = by.using(source, {k: 0}, then=by.first(n)) if first else None
    return (
        claim("Slopes")
        .show(Integral(D(P(k, x), x) * P(n, x), (x, -1, 1)))
        .eq(
            right,
            by.recurrence(
                y(k, n),
                relation,
                right=by.using(
                    source, {n: k + 1, k: n}, then=by.order(k, n, gap=1)
                ),
                base=base,
            ),
        )
    )


def test_slopes_for_all_degrees():
    delta = KroneckerDelta(n, k)
    source = orthogonal(2 * delta / (2 * n + 1), 2 / (2 * n + 1))
    odd = 1 - (-1) ** (k - n)
    sound(climbing(source, Piecewise((odd, n < k), (0, True))))
    for wrong in (
        Piecewise((odd / 2, n < k), (0, True)),
        Piecewise((odd, k < n), (0, True)),
        # The recurrence holds, a base case does not.
        Piecewise((odd + 1, n < k), (1, True)),
    ):
        with pytest.raises(DerivationError):
            climbing(source, wrong)
    with pytest.raises(DerivationError):
        climbing(source, Piecewise((odd, n < k), (0, True)), first=False)


def test_a_sum_that_needs_a_recurrence_and_a_certificate():
    half = F(i - n) * F(i + n + 1) * F(j - n) * F(j + n + 1)
    term = (-1) ** n * (2 * n + 1) / half
    W = (-1) ** n * n / (F(i + 1 - n) * F(i + n + 1) * F(j - n) * F(j + n))

    def summed(right, certificate):
        return (
            claim("Pairs")
            .show(Sum(term, (n, 0, i)))
            .eq(
                right,
                by.recurrence(
                    y(i, j),
                    (i + 1) * (i + j + 2) * y(i + 1, j) - y(i, j),
                    left=by.telescoping(certificate),
                ),
            )
        )

    right = 1 / (F(i) * F(j) * F(i + j + 1))
    sound(summed(right, W))
    for wrong, certificate in (
        (right, -W),
        (right, 2 * W),
        (2 * right, W),
        (right * (j + 1), W),
    ):
        with pytest.raises(DerivationError):
            summed(wrong, certificate)


def test_reciprocal_factorials_of_negative_numbers(accepts, rejects):
    zero = by.algebra()
    accepts((1 / F(-n - 1) + n, n, zero), "proved")
    accepts((F(n) / (F(n + 2) * F(-n - 1)), 0, zero), "proved")
    rejects((1 / F(n - m), 0, zero))
    rejects((1 / F(-n), 0, zero))


def test_swaps_leave_the_variable_of_a_remainder_alone():
    a, q = book.symbols("a q", "positive")
    sound(
        claim("Remainder")
        .show(1 / (1 + a * q) - exp(-a * q))
        .eq(a**2 * q**2 / 2 + O(q**3), by.series())
    )


def test_hyperbolic_midpoints_are_no_accident():
    """The check of the terms reads the functions, not only their values."""
    with pytest.raises(DerivationError):
        claim("Wrong").show(c(0) + Sum(c(j) + c(-j), (j, 1, oo))).eq(
            cosh(X) + sinh(X), by.fourier(EXPONENTIAL, ell, then=hyper)
        )

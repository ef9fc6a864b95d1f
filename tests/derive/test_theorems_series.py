"""Series by cited theorems: Dirichlet at a jump, Parseval, Poisson."""

from __future__ import annotations

import functools
import itertools
from types import SimpleNamespace

import pytest
import sympy as sp
from sympy import (
    I,
    Integral,
    Ne,
    Rational,
    Sum,
    cosh,
    coth,
    exp,
    jn,
    oo,
    pi,
    sinh,
)

from kexue_lib.derive import Chapter, DerivationError, by, controls
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.mutation import survivors
from kexue_lib.derive.statement import RejectedError, Stated, Statement
from kexue_lib.derive.theorems import fourier

book = Chapter("series")
n, j = book.symbols("n j", "integer nonnegative")
ell = book.symbols("ell", "integer")
x, s = book.symbols("x s", "real")
X, kappa = book.symbols("X kappa", "positive")
P = sp.legendre
y = sp.Function("y")
numbers = itertools.count()


def claim(title):
    """A claim with a number of its own."""
    return book.claim(f"T{next(numbers)}", title)


def sound(claim, limit=12):
    """Cited, and wrong neighbours are rejected."""
    assert claim.level.value == "cited"
    found = controls(claim, limit)
    assert any(f.outcome == "rejected" for f in found)
    assert survivors(found) == []


# -- Fourier series at a jump -------------------------------------------------

WAVE = exp(-2 * pi * I * ell * s)
mode = 1 / (X - 2 * pi * I * ell)


@functools.cache
def exponential():
    """The coefficients of an exponential."""
    return (
        claim("Coefficients")
        .show(Integral(exp(X * s) * WAVE, (s, 0, 1)))
        .eq((exp(X) - 1) * mode, by.antiderivative(exp(X * s) * WAVE * mode))
    )


def c(ell):
    """A coefficient of the exponential."""
    return (exp(X) - 1) / (X - 2 * pi * I * ell)


def test_all_fourier_coefficients_give_the_midpoint():
    whole = (
        claim("Midpoint")
        .show(c(0) + Sum(c(j) + c(-j), (j, 1, oo)))
        .eq((1 + exp(X)) / 2, by.fourier(exponential(), ell))
    )
    sound(whole)
    assert exponential().id in whole.uses
    pair = 2 * X / (X**2 + 4 * pi**2 * j**2)
    area = Integral(exp(X * s) / (exp(X) - 1) * WAVE, (s, 0, 1))
    sound(
        claim("Partial fractions")
        .lemma(area, "one mode")
        .eq(
            mode,
            by.antiderivative(exp(X * s) / (exp(X) - 1) * WAVE * mode),
        )
        .show(1 / X + Sum(pair, (j, 1, oo)))
        .eq(coth(X / 2) / 2, by.fourier("one mode", ell))
    )


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # the value on one side of the jump
        (c(0) + Sum(c(j) + c(-j), (j, 1, oo)), 1),
        (c(0) + Sum(c(j) + c(-j), (j, 1, oo)), exp(X)),
        (c(0) + Sum(c(j) + c(-j), (j, 1, oo)), cosh(X) + sinh(X)),
        # the middle term is missing, or the range begins elsewhere
        (Sum(c(j) + c(-j), (j, 1, oo)), (1 + exp(X)) / 2),
        (c(0) + Sum(c(j) + c(-j), (j, 2, oo)), (1 + exp(X)) / 2),
        # half of the coefficients only
        (c(0) + 2 * Sum(c(j), (j, 1, oo)), (1 + exp(X)) / 2),
        # a partial sum
        (c(0) + Sum(c(j) + c(-j), (j, 1, 99)), (1 + exp(X)) / 2),
    ],
)
def test_other_sums_are_not_the_midpoint(left, right):
    with pytest.raises(DerivationError):
        claim("Wrong").show(left).eq(right, by.fourier(exponential(), ell))


def test_a_function_with_a_pole_has_no_such_series():
    f = 1 / (s - Rational(1, 2)) ** 2
    area = Integral(f * WAVE, (s, 0, 1))
    # As if somebody had an equation for its coefficients.
    source = SimpleNamespace(
        equation=lambda: Stated(
            area, sp.S.Zero, Domain(), Level.PROVED, "series.T0", "T0"
        )
    )
    check = by.fourier(source, ell).bound(lambda found: found)
    left = f.subs(s, 0) + Sum(2 * f.subs(s, 0), (j, 1, oo))
    with pytest.raises(RejectedError, match="f is smooth"):
        check.run(Statement(left, Relation.EQ, f.subs(s, 0)))


def test_the_index_must_run_over_all_integers():
    with pytest.raises(DerivationError, match="the mean"):
        claim("Wrong").show(c(0) + Sum(c(j) + c(-j), (j, 1, oo))).eq(
            (1 + exp(X)) / 2, by.fourier(exponential(), n)
        )


def test_an_inner_point_and_a_jump():
    """The ramp inside, a step at its jump: coefficients are lemmas."""
    given = Ne(ell, 0)
    F = WAVE * (I * s / (2 * pi * ell) + 1 / (4 * pi**2 * ell**2))
    ramp = claim("A ramp").given(given).show(Integral(s * WAVE, (s, 0, 1)))
    ramp.eq(I / (2 * pi * ell), by.antiderivative(F))
    use = fourier.dirichlet_inside(
        f=(s, s),
        zero=Rational(1, 2),
        coefficient=(ell, I / (2 * pi * ell)),
        c=x,
    )
    names = ("the coefficients", "the coefficients of the other sign")
    check = by.theorem(use, using=dict.fromkeys(names, ramp))
    turn = exp(2 * pi * I * j * x)
    total = Sum(I / (2 * pi * j) * (turn - 1 / turn), (j, 1, oo))

    def inside(right, *given):
        begun = claim("Inside").given(*given)
        return begun.show(Rational(1, 2) + total).eq(right, check)

    assert inside(x, x > 0, x < 1).level.value == "cited"
    for wrong in (x / 2, 1 - x, Rational(1, 2)):
        with pytest.raises(DerivationError, match="does not say"):
            inside(wrong, x > 0, x < 1)
    with pytest.raises(DerivationError, match="c is inside"):
        inside(x, x > 0)


# -- Parseval -----------------------------------------------------------------


@functools.cache
def tone():
    """The Legendre coefficients of a tone."""
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
    total = Sum((2 * n + 1) * jn(n, kappa) ** 2, (n, 0, oo))
    sound(claim("All of it").show(total).eq(1, by.parseval(tone(), n)))
    sound(claim("Three times").show(3 * total).eq(3, by.parseval(tone(), n)))


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
    with pytest.raises(DerivationError):
        claim("Wrong").show(left).eq(right, by.parseval(tone(), n))

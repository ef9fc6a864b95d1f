"""Exact values and enclosures: inside the ball, or nothing is said."""

from __future__ import annotations

import contextlib

import flint
import mpmath
import pytest
import sympy as sp
from flint import acb
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Derivative,
    Integral,
    Limit,
    Max,
    Piecewise,
    Rational,
    Sum,
    binomial,
    conjugate,
    cos,
    cosh,
    erf,
    exp,
    factorial,
    floor,
    gamma,
    hermite,
    laguerre,
    legendre,
    log,
    oo,
    pi,
    sign,
    sin,
    sqrt,
)

from kexue_lib.derive.core.enclose import enclose
from kexue_lib.derive.core.exact import UndefinedError, Values, exact
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.objects import ConstantTerm, Discrete, Gaussian, Mean

x, y, z = sp.symbols("x y z", real=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
w = sp.Symbol("w")

# Expression, and its value by other means.
VALUES = [
    (Sum(1 / factorial(k), (k, 0, oo)), sp.E),
    (Sum(k * Rational(1, 2) ** k, (k, 0, oo)), 2),
    (Sum((-1) ** k / factorial(2 * k), (k, 0, oo)), cos(1)),
    (Sum(binomial(2 * k, k) * Rational(1, 5) ** k, (k, 0, oo)), sqrt(5)),
    (Sum(exp(-k), (k, 0, oo)), 1 / (1 - exp(-1))),
    (Sum(1 / (k + 1) ** 2, (k, 0, oo)), pi**2 / 6),
    (Sum(1 / (k**2 + 1), (k, 0, oo)), (1 + pi / sp.tanh(pi)) / 2),
    (Sum(1 / (2 * k + 1) ** 4, (k, 0, oo)), pi**4 / 96),
    (Integral(exp(-(x**2)), (x, -oo, oo)), sqrt(pi)),
    (Integral(exp(-x) * cos(3 * x), (x, 0, oo)), Rational(1, 10)),
    (Integral(1 / cosh(x), (x, -oo, oo)), pi),
    (Integral(1 / (1 + x**2), (x, -oo, oo)), pi),
    (Integral(log(1 + exp(-x)), (x, 0, oo)), pi**2 / 12),
    (Integral(exp(-Abs(x)), (x, -oo, oo)), 2),
    (Integral(log(x), (x, 0, 1)), -1),
    (Integral(1 / sqrt(x), (x, 0, 1)), 2),
    (Integral(x ** Rational(1, 3), (x, 0, 1)), Rational(3, 4)),
    (Integral(floor(x), (x, 0, 3)), 3),
    (
        Integral(legendre(3, x, evaluate=False) / (x + 2), (x, -1, 1)),
        Rational(56, 3) - 17 * log(3),
    ),
    (Mean(Abs(z), Gaussian(z)), sqrt(2 / pi)),
    (Mean(Max(z, 0), Gaussian(z)), 1 / sqrt(2 * pi)),
    (Mean(z**4, Gaussian(z, 1, 4)), 73),
    (Mean(exp(z), Gaussian(z)), sqrt(sp.E)),
    (Mean(z**2, Discrete(z, (2, Rational(1, 3)), (-1, Rational(2, 3)))), 2),
    (ConstantTerm((w + 1 / w) ** 4, w), 6),
    (ConstantTerm(exp(w), w), 1),
    (Derivative(exp(x**2), x).subs(x, 1), 2 * sp.E),
    (Limit(sin(x) + 2, x, 0), 2),
]
UNKNOWN = [
    Sum((-2) ** k, (k, 0, oo)),
    Sum(1 / (k + 1), (k, 0, oo)),
    Sum((-1) ** k, (k, 0, oo)),
    Sum(binomial(2 * k, k) * Rational(1, 3) ** k, (k, 0, oo)),
    Integral(x / (1 + x**2), (x, -oo, oo)),
    Integral(cos(x), (x, 0, oo)),
    Integral(1 / x, (x, 0, 1)),
    Integral(1 / x, (x, -1, 1)),
    Integral(1 / x**2, (x, -1, 1)),
    Integral(exp(x**2), (x, 0, oo)),
    Mean(exp(z**2), Gaussian(z)),
    Limit(1 / x, x, oo),
    Limit(sign(x), x, 0),
    Sum(k, (k, 5, 2)),
]


def ball_of(e):
    saved, flint.ctx.prec = flint.ctx.prec, 96
    try:
        return enclose(term(e))
    finally:
        flint.ctx.prec = saved


@pytest.mark.parametrize(("e", "value"), VALUES, ids=str)
def test_the_value_is_inside(e, value):
    ball = ball_of(e)
    assert ball.is_finite()
    assert ball.overlaps(ball_of(sp.sympify(value)))
    assert ball.real.rad() < 1e-12


@pytest.mark.parametrize("e", UNKNOWN, ids=str)
def test_nothing_is_said(e):
    with contextlib.suppress(UnsupportedError):
        assert not ball_of(e).is_finite()


EXACT = [
    (binomial(7, 3, evaluate=False), 35),
    (sqrt(Rational(9, 4), evaluate=False), Rational(3, 2)),
    (legendre(3, Rational(1, 2), evaluate=False), Rational(-7, 16)),
    (hermite(3, 2, evaluate=False), 40),
    (laguerre(2, 3, evaluate=False), Rational(-1, 2)),
    (Derivative(legendre(4, x), x).subs(x, 2), 125),
    (Sum(k**2, (k, 0, 10)), 385),
    (Sum(k, (k, 3, 2)), 0),
    (Abs(3 + 4 * sp.I, evaluate=False), 5),
    (ConstantTerm((1 + w) * conjugate(1 + w), w), 2),
    (ConstantTerm(Abs(1 + 2 * w) ** 2, w), 5),
    (Piecewise((1 / (x - x), x > 1), (2, True)).subs(x, 0), 2),
]


@pytest.mark.parametrize(("e", "value"), EXACT, ids=str)
def test_rational_values_are_exact(e, value):
    assert exact(term(e), Values()) == exact(term(value), Values())


@pytest.mark.parametrize(
    "e",
    [
        1 / (x - 2),
        log(x - 2),
        gamma(2 - x),
        factorial(1 - x),
        Sum(1 / (k - 1), (k, 0, 3)),
    ],
    ids=str,
)
def test_what_has_no_value_is_named(e):
    here = Values({term(x): exact(term(sp.Integer(2)), Values())})
    with pytest.raises(UndefinedError):
        exact(term(e), here)


def test_a_power_of_a_ball_around_zero_is_no_point():
    """Found by an integral of x^(1/3) that was 0."""
    wide = Values({term(x): acb(flint.arb(0, 1))})
    ball = enclose(term(x ** Rational(1, 3)), wide)
    assert not ball.is_finite()
    half = Values({term(x): acb(flint.arb(0.5, 0.5))})
    ball = enclose(term(x ** Rational(1, 3)), half)
    assert ball.real.contains(1)
    assert ball.real.contains(0)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-3, 3),
    st.integers(-3, 3),
    st.fractions(min_value=-2, max_value=2, max_denominator=9),
)
def test_balls_hold_the_numbers_of_mpmath(a, b, at):
    e = exp(a * x) * sin(b * x + 1) + Abs(x - a) * erf(x) / (2 + cos(x))
    value = sp.Rational(at.numerator, at.denominator)
    ball = ball_of(e.subs(x, value))
    with mpmath.workdps(20):
        number = sp.lambdify(x, e, "mpmath")(
            mpmath.mpf(at.numerator) / at.denominator
        )
    assert abs(float(ball.real.mid()) - float(number)) < 1e-10


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=4),
    st.sampled_from([1, 2, 3]),
)
def test_tails_are_bounded(coefficients, rate):
    """Integrals over a half-line of a polynomial times an exponential."""
    body = sum(c * x**i for i, c in enumerate(coefficients))
    ball = ball_of(Integral(body * exp(-rate * x), (x, 0, oo)))
    value = sum(
        Rational(c * factorial(i), rate ** (i + 1))
        for i, c in enumerate(coefficients)
    )
    assert ball.overlaps(ball_of(sp.sympify(value)))


def test_a_constant_conjugate_in_an_integrand_is_analytic():
    """It made the quadrature fall back to tiny boxes: 100 times slower."""
    c = sp.Symbol("c")
    here = Values({term(c): acb(1, 2)})
    e = sp.Integral(conjugate(c) * sp.exp(sp.I * y), (y, 0, 1))
    found = enclose(term(e), here)
    wanted = acb(1, -2) * (acb(0, 1).exp() - 1) / acb(0, 1)
    assert found.overlaps(wanted)
    assert found.real.rad() < 1e-12
    assert here.left[0] > Values().left[0] - 1000


def test_a_conjugate_of_the_variable_is_not():
    c = sp.Symbol("c")
    e = sp.Limit(conjugate(c) / c, c, 1, "+-")
    with contextlib.suppress(UnsupportedError):
        assert not enclose(term(e)).is_finite()

"""Comparing logarithms, and powers of a sine between 0 and pi."""

from __future__ import annotations

import pytest
from sympy import Integral, Rational, cos, exp, log, pi, sin, sqrt

from kexue_lib.derive import Chapter, DerivationError, by

chapter = Chapter("logs")
eps, n, b, x = chapter.symbols("epsilon n b x", "positive")
t, theta = chapter.symbols("t theta", "real")
count = iter(range(1000))


def claim(*given):
    return chapter.claim(f"T{next(count)}", "test").given(*given)


def parabola():
    return (
        claim(eps < 1)
        .lemma(log(1 + eps) - eps, "parabola")
        .le(-(eps**2) / 4, by.monotone(eps))
    )


def scaled(weight):
    return by.logs(by.instances("parabola", [(weight, {})]))


def sine():
    F = sin(theta) ** (2 * b) / (2 * b)
    return by.antiderivative(F)


TRUE = [
    lambda: (
        parabola()
        .show(exp(n * (log(1 + eps) - eps) / 2))
        .le(exp(-n * eps**2 / 8), scaled(n / 2))
    ),
    lambda: (
        claim(eps < 1)
        .show(2 * exp(eps + log(1 - eps)))
        .lt(2, by.logs(by.monotone(eps)))
    ),
    lambda: claim(eps < 1).show(exp(-eps)).lt(1, by.logs(by.sign())),
    lambda: (
        claim(eps < 1)
        .show(sqrt(1 + eps))
        .le(exp(eps / 2), by.logs(by.monotone(eps)))
    ),
    lambda: claim(eps > 1).show(exp(eps)).gt(exp(1), by.logs(by.sign())),
    lambda: claim(eps < 1).show(2**eps).ge(1, by.logs(by.sign())),
    lambda: (
        claim(b > 1)
        .show(Integral(cos(theta) * sin(theta) ** (2 * b - 1), (theta, 0, pi)))
        .eq(0, sine())
    ),
]
FALSE = [
    lambda: (
        claim(eps < 1)
        .show(2 * exp(eps - log(1 - eps)))
        .lt(2, by.logs(by.monotone(eps)))
    ),
    lambda: (
        parabola()
        .show(exp(n * (log(1 + eps) - eps) / 2))
        .le(exp(-n * eps**2 / 4), scaled(n / 2))
    ),
    lambda: (
        parabola()
        .show(exp(n * (log(1 + eps) - eps) / 2))
        .le(exp(-n * eps**2 / 8), scaled(n / 4))
    ),
    lambda: claim(eps < 1).show(exp(eps)).lt(1, by.logs(by.sign())),
    lambda: claim(eps < 1).show(-exp(-eps)).lt(1, by.logs(by.sign())),
    lambda: claim(eps < 1).show(1 - 2 * eps).lt(2, by.logs(by.sign())),
    lambda: (
        claim(eps < 1)
        .show(sqrt(1 + eps))
        .le(exp(eps / 3), by.logs(by.monotone(eps)))
    ),
    lambda: claim(eps < 1).show(eps).eq(eps**2, by.logs(by.sign())),
    lambda: claim(eps < 1).show(eps).le(eps**2, by.logs(by.sign())),
    lambda: (
        claim(b > 1)
        .show(Integral(cos(theta) * sin(theta) ** (2 * b - 1), (theta, 0, 4)))
        .eq(0, sine())
    ),
    lambda: (
        claim(b > 1)
        .show(Integral(cos(theta) / sin(theta) ** 2, (theta, -1, pi / 2)))
        .eq(-1 - 1 / sin(1), by.antiderivative(-1 / sin(theta)))
    ),
    lambda: (
        claim(b > 1)
        .show(Integral(cos(theta) * sin(theta) ** (2 * b - 1), (theta, 0, pi)))
        .eq(Rational(1, 2), sine())
    ),
]


@pytest.mark.parametrize("make", TRUE)
def test_true(make):
    assert make().level.value == "proved"


@pytest.mark.parametrize("make", FALSE)
def test_false(make):
    with pytest.raises(DerivationError):
        make()

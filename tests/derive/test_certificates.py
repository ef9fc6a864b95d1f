"""Claims that need a recurrence, a certificate and a case split at once."""

from __future__ import annotations

import itertools

import pytest
import sympy as sp
from sympy import (
    Integral,
    KroneckerDelta,
    O,
    Piecewise,
    Sum,
    exp,
    factorial,
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


def test_swaps_leave_the_variable_of_a_remainder_alone():
    a, q = book.symbols("a q", "positive")
    remainder = (
        claim("Remainder")
        .show(1 / (1 + a * q) - exp(-a * q))
        .eq(a**2 * q**2 / 2 + O(q**3), by.series())
    )
    assert remainder.level.value == "proved"
    assert survivors(controls(remainder)) == []

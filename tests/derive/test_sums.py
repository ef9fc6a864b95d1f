"""Sums term by term, given equations, and what equal sides do not decide."""

from __future__ import annotations

import itertools

import pytest
import sympy as sp
from sympy import Eq, Integral, Sum, exp

from kexue_lib.derive import Chapter, DerivationError, by, controls
from kexue_lib.derive.core.statement import Yes
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.mutation import survivors
from kexue_lib.derive.statement import Statement

book = Chapter("sums")
n, k = book.symbols("n k", "integer nonnegative")
N = book.symbols("N", "integer positive")
x, y = book.symbols("x y", "real")
numbers = itertools.count()


def claim(title="A sum"):
    """A claim with a number of its own."""
    return book.claim(f"T{next(numbers)}", title)


def family(e, low=0, high=N - 1):
    return Sum(e, (k, low, high))


class TestTerms:
    def test_an_earlier_equation_reaches_under_a_sum(self):
        f = sp.Function("f")
        made = (
            claim()
            .lemma(Sum(k, (k, 0, n)), "inner")
            .eq(n * (n + 1) / 2, by.telescoping(-k * (k - 1) / 2))
            .show(Sum(f(n) * Sum(k, (k, 0, n)), (n, 0, N - 1)))
            .eq(
                Sum(f(n) * n * (n + 1) / 2, (n, 0, N - 1)),
                by.terms(by.using("inner")),
            )
        )
        assert made.level.value == "proved"
        found = controls(made)
        assert any(c.outcome == "rejected" for c in found)
        assert not survivors(found)

    @pytest.mark.parametrize(
        ("left", "right"),
        [
            (family(k), family(k**2)),
            (family(k), 2 * family(k)),
            (family(k), family(k, high=N)),
            (family(k, low=1), family(k)),
            (family(k / (k - 1)), family(1 + 1 / (k - 1))),
            (family((x * y) ** k, 0, sp.oo), family(x**k * y**k, 0, sp.oo)),
        ],
        ids=str,
    )
    def test_what_is_refused(self, left, right):
        with pytest.raises(DerivationError):
            claim().show(left).eq(right, by.terms())

    def test_a_premise_must_hold_for_each_index(self):
        """It is known from 1 on, and the sum begins at 0."""
        given = claim().given(n >= 1)
        given.show(sp.Abs(n - sp.Rational(1, 2)), "from one on")
        given.eq(n - sp.Rational(1, 2), by.algebra())
        step = sp.Abs(k - sp.Rational(1, 2)), k - sp.Rational(1, 2)
        use = by.terms(by.using(given["from one on"], at={n: k}))
        with pytest.raises(DerivationError):
            claim().show(family(step[0])).eq(family(step[1]), use)
        claim().show(family(step[0], low=1, high=N)).eq(
            family(step[1], low=1, high=N), use
        )


class TestGivenEquations:
    def test_one_is_put_in(self):
        same = Eq(exp(x), y)
        made = claim().given(same).show(exp(2 * x) + 1)
        made.eq(y**2 + 1, by.using(same))
        assert made.level.value == "proved"
        assert made.consumes == ()
        found = controls(made)
        assert any(c.outcome == "rejected" for c in found)
        assert not survivors(found)

    def test_what_is_not_given_is_not_known(self):
        with pytest.raises(DerivationError):
            claim().show(exp(2 * x)).eq(y**2, by.using(Eq(exp(x), y)))


@pytest.mark.parametrize(
    ("left", "right", "check"),
    [
        (family(k), N * (N - 1) / 2, by.telescoping(-k * (k - 1) / 2)),
        (family(k), family(k), by.terms()),
        (family(k), N * (N - 1) / 2, by.induction(N, start=1)),
        (Integral(x, (x, 0, y)), y**2 / 2, by.antiderivative(x**2 / 2)),
    ],
    ids=["telescoping", "terms", "induction", "antiderivative"],
)
@pytest.mark.parametrize("relation", ["lt", "gt"])
def test_equal_sides_are_not_ordered(left, right, check, relation):
    """The tactic itself says no, before any point is tried."""
    stated = Statement(left, Relation[relation.upper()], right)
    assert not isinstance(check.answer(stated), Yes)

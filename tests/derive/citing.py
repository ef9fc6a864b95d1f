"""Rows of tests for cited theorems: a use, a statement, what is given."""

from __future__ import annotations

import itertools

import pytest
import sympy as sp
from sympy import Rational, Sum

from kexue_lib.derive import Chapter, DerivationError, by

book = Chapter("theorems")
N, K = book.symbols("N K", "integer positive")
k, l = book.symbols("k l", "integer")
T, y, A0, B0, z = book.symbols("T y A_0 B_0 z", "real")
e, q, b = book.symbols("epsilon q beta", "positive")
numbers = itertools.count()


def family(name, *facts):
    """A family with facts."""
    return sp.IndexedBase(book.symbols(name, *facts))


def total(term):
    """A sum over k = 1..N."""
    return Sum(term, (k, 1, N))


def cite(row, using=None):
    """Try a row: (use, left, relation, right, given...)."""
    use, left, relation, right, *given = row
    claim = book.claim(f"T{next(numbers)}", "A test").given(*given)
    step = getattr(claim.show(left), relation)
    return step(right, by.theorem(use, using=using))


def accepted(row, using=None):
    """The step is cited, and says what was checked."""
    claim = cite(row, using)
    assert claim.level.value == "cited"
    finding = claim.chains[0].steps[0].finding
    theorem = row[0].theorem
    assert finding.how == f"{theorem.name}: {theorem.source}"
    names = [name for name, _ in finding.facts]
    assert names == ["letters", *(h.name for h in theorem.hypotheses)]


def refused(row, *why, using=None):
    """The step is rejected by the check, for this reason."""
    with pytest.raises(DerivationError) as caught:
        cite(row, using)
    said = str(caught.value)
    assert "theorem: " in said
    for part in why:
        assert part in said


FLIPPED = {
    "le": "ge",
    "ge": "le",
    "lt": "gt",
    "gt": "lt",
    "eq": "lt",
    "sim": "eq",
}


def turned(row):
    """The row with its relation turned round."""
    use, left, relation, right, *given = row
    return (use, left, FLIPPED[relation], right, *given)


def rescaled(row):
    """The row with another constant on its right side."""
    use, left, relation, right, *given = row
    if right == 0:
        return (use, -left, relation, right, *given)
    return (use, left, relation, right * Rational(99, 100), *given)


def named(row):
    """The name of a row in the output."""
    return row[0].theorem.name

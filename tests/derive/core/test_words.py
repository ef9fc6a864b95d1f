"""Earlier equations between letters that do not commute."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from kexue_lib.derive import Chapter, UndecidedError, by
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError, Premise
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Yes, answer
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.core.words import words_equal

A, B, X, Y = sp.symbols("A B X Y", commutative=False)
c, r = sp.Symbol("c", complex=True), sp.Symbol("r", positive=True)


def _follows(left: Any, right: Any, *earlier: Any, given: Any = ()) -> bool:
    premises = [Premise(term(a), term(b)) for a, b in earlier]
    know = Context(tuple(map(term, given)))
    try:
        proof = words_equal(term(left), term(right), know, premises)
    except (UnsupportedError, NotShownError):
        return False
    return isinstance(answer(proof), Yes)


@pytest.mark.parametrize(
    ("left", "right", "earlier"),
    [
        (X * Y * X, X, (X * Y, 1)),
        (A * B, B * A + 2, (A * B - B * A, 2)),
        (A**2 * B, B * A**2 + 4 * A, (A * B - B * A, 2)),
        (X * A * Y, X * B * Y, (r * A, r * B)),
    ],
)
def test_what_follows(left: Any, right: Any, earlier: Any) -> None:
    assert _follows(left, right, earlier)
    assert not _follows(left, right)


@pytest.mark.parametrize(
    ("left", "right", "earlier"),
    [
        (Y * X, 1, (X * Y, 1)),  # a right inverse is no left inverse
        (A, B, (c * A, c * B)),  # c may be 0
        (A, B, (X * A, X * B)),  # X may be 0
        (A * B, B * A, (A * B - B * A, 2)),
        (A, B, (r, r)),
    ],
)
def test_what_does_not(left: Any, right: Any, earlier: Any) -> None:
    assert not _follows(left, right, earlier)


def test_a_coefficient_given_to_be_no_zero() -> None:
    assert _follows(A, B, (c * A, c * B), given=(sp.Ne(c, 0),))


def test_letters_stand_for_anything() -> None:
    chapter = Chapter("tiny")
    a, b = chapter.symbols("A B", "noncommutative")
    p, q = chapter.symbols("p q", "real")
    chapter.claim("C1", "A square of a sum has four terms").show(
        (a + b) ** 2
    ).eq(a**2 + a * b + b * a + b**2, by.algebra())
    use = by.using("C1", at={a: p, b: b})
    chapter.claim("C2", "One of the two may be a number").show(
        (p + b) ** 2
    ).eq(p**2 + 2 * p * b + b**2, use)
    with pytest.raises(UndecidedError):
        chapter.claim("C3", "And nothing else follows").show((p + b) ** 2).eq(
            p**2 + q * b + b**2, use
        )


def test_letters_keep_to_what_is_given() -> None:
    """The net under the check draws letters from the declared domain."""
    chapter = Chapter("tiny")
    left, a, s = chapter.symbols("L A S", "noncommutative")
    given = sp.Eq(left * a, 1)
    claim = (
        chapter.claim("C1", "A left inverse cancels")
        .given(given)
        .show(s * left * a * s)
        .eq(s**2, by.using(given))
    )
    (step,) = claim.steps()
    assert step.sampled is not None
    assert step.sampled.count == 1
    with pytest.raises(UndecidedError):
        chapter.claim("C2", "Not from the other side").given(given).show(
            s * a * left
        ).eq(s, by.using(given))

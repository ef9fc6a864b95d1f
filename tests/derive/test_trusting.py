"""What a step earns, what it trusts, and what the reader is told of it."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Ne, exp, log

from kexue_lib.derive import Chapter, DerivationError, Level, by
from kexue_lib.derive.core import No, Unknown, Yes
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.errors import UndecidedError
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import Statement

x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
n, k, m = sp.symbols("n k m", integer=True, nonnegative=True)
A, B = sp.symbols("A B", commutative=False)


def _statement(
    lhs: Any, rhs: Any, op: str = "=", given: Any = ()
) -> Statement:
    relation = {r.text: r for r in Relation}[op]
    return Statement(
        sp.sympify(lhs), relation, sp.sympify(rhs), Domain(tuple(given))
    )


@pytest.fixture
def chapter() -> Chapter:
    c = Chapter("levels")
    c.symbols("x y", "real")
    c.symbols("a b", "positive")
    c.symbols("n k m", "integer nonnegative")
    c.symbols("A B", "noncommutative")
    return c


@pytest.mark.parametrize(
    ("lhs", "op", "rhs", "check"),
    [
        (2 * x * y, "<=", x**2 + y**2, by.sign()),
        (2 * x * y, "<=", x**2 + y**2, by.squares({x - y: 1})),
        (1 + x, "<=", exp(x), by.convex(x, 0)),
        (log(1 + a), "<", a, by.monotone(a)),
        (exp(-a), "<", 1, by.logs(by.sign())),
        (a + 1, ">", 1, by.sign()),
    ],
)
def test_an_inequality_and_its_opposite(
    lhs: Any, op: str, rhs: Any, check: Any
) -> None:
    assert isinstance(check.answer(_statement(lhs, rhs, op)), Yes)
    turned = {"<": ">=", "<=": ">", ">": "<="}[op]
    assert not isinstance(check.answer(_statement(lhs, rhs, turned)), Yes)


def test_the_core_has_three_answers() -> None:
    sure = by.algebra().answer(_statement((x + 1) ** 2, x**2 + 2 * x + 1))
    assert isinstance(sure, Yes)
    wrong = by.algebra().answer(_statement((x + 1) ** 2, x**2 + 1))
    assert isinstance(wrong, No)
    assert "x = " in str(wrong.witness)
    f = sp.Function("f")
    open_one = by.algebra().answer(_statement(f(x), f(-x)))
    assert isinstance(open_one, Unknown)


def test_side_conditions_are_counted(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t").given(Ne(x, 1))
    claim.show((x**2 - 1) / (x - 1) + y).eq(x + 1 + y, by.algebra())
    (step,) = claim.steps()
    assert dict(step.finding.facts)["side conditions"] == "1"
    assert step.finding.proof is not None
    assert not step.finding.proof.still_open


def test_an_open_condition_is_named(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t").given(Ne(x, 7))
    left = 1 / (x**3 + x - 60) - 1 / (x**3 + x - 60) ** 2
    with pytest.raises(
        UndecidedError, match=r"missing: -60 \+ x \+ x\^3 != 0"
    ):
        claim.show(left).eq(
            (x**3 + x - 61) / (x**3 + x - 60) ** 2, by.algebra()
        )


def test_a_convention_is_said(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t")
    claim.show(A * (B * A) ** -1).eq(B**-1, by.algebra())
    (step,) = claim.to_dict()["chains"][0]["steps"]
    assert "where the inverses exist" in step["trusts"]["text"]


def test_a_witness_rejects_the_step(chapter: Chapter) -> None:
    hidden = sp.Mul(
        x - 1, x + 1, sp.Pow(x - 1, -1, evaluate=False), evaluate=False
    )
    claim = chapter.claim("C1", "t")
    with pytest.raises(DerivationError, match="fails at x = 1") as caught:
        claim.show(hidden).eq(x + 1, by.algebra())
    assert not isinstance(caught.value, UndecidedError)


def test_a_true_statement_is_not_refuted(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t", source="post")
    with pytest.raises(DerivationError, match="fails at none"):
        claim.refute(exp(-(x**2))).gt(0)


def test_evidence_says_what_is_trusted(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t")
    claim.show((x + 1) ** 2).eq(x**2 + 2 * x + 1, by.algebra())
    data = claim.to_dict()
    assert data["trust"] == {"proved": 1, "core": 1}
    (step,) = data["chains"][0]["steps"]
    assert step["trusts"]["core"]
    assert "the core alone" in step["trusts"]["text"]


def test_other_levels_trust_nothing(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t")
    claim.show((n + 1) ** 2).eq(n**2 + 2 * n + 1, by.each({n: range(3)}))
    assert claim.level is Level.EXACT
    assert claim.to_dict()["trust"] == {"proved": 0, "core": 0}


def test_a_finite_set_is_part_of_the_statement(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t")
    claim.show(2**n).eq(n + 1, by.each({n: range(2)}))
    (shown,) = claim.to_dict()["statement"]
    assert "n" in " ".join(w["text"] for w in shown["where"])
    # For all n it is false: whoever uses it is confined to the set.
    with pytest.raises(DerivationError, match="finite set"):
        chapter.claim("C2", "t").show(2 ** (m + 2)).eq(
            m + 3, by.using(claim, {n: m + 2})
        )
    used = chapter.claim("C3", "t").show(2 * 2**n)
    used.eq(2 * n + 2, by.using(claim))
    assert used.level is Level.EXACT
    (shown,) = used.to_dict()["statement"]
    assert "n" in " ".join(w["text"] for w in shown["where"])


def test_the_weakest_step_gives_the_level(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t").show((n + 1) ** 2)
    claim.eq(n**2 + 2 * n + 1, by.algebra())
    assert claim.level is Level.PROVED
    claim.eq(n * (n + 2) + 1, by.each({n: range(3)}))
    assert claim.level is Level.EXACT
    claim.eq(1 + sp.expand(n * (n + 2)) + 0 * n, by.numeric())
    assert claim.level is Level.NUMERIC


def test_a_link_in_words_makes_it_argued(chapter: Chapter) -> None:
    claim = chapter.claim("C1", "t").show((x + 1) ** 2)
    claim.eq(x**2 + 2 * x + 1, by.algebra())
    claim.argue("and so on")
    assert claim.level is Level.ARGUED


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ("prime", "prime"),
        ("odd", "odd"),
        ("even", "even"),
        ("rational", "rational"),
        ("integer positive", "integer, > 0"),
    ],
)
def test_facts_of_a_symbol_are_printed(facts: str, word: str) -> None:
    c = Chapter("printed")
    w = c.symbols("w", facts)
    claim = c.claim("C1", "t").show((w + 1) ** 2)
    claim.eq(w**2 + 2 * w + 1, by.algebra())
    shown = [said["text"] for said in claim.to_dict()["assumptions"]]
    assert any(word in text for text in shown)


def test_hypotheses_are_printed_and_carried(chapter: Chapter) -> None:
    root = sp.sqrt((a - b) ** 2)
    claim = chapter.claim("C1", "t").given(b <= a)
    claim.show(root).eq(a - b, by.algebra())
    shown = [said["text"] for said in claim.to_dict()["assumptions"]]
    assert any("b <= a" in text for text in shown)
    with pytest.raises(DerivationError):
        chapter.claim("C2", "t").show(2 * root).eq(
            2 * a - 2 * b, by.using("C1")
        )

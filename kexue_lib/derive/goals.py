"""Goals: statements as the core sees them, with what a tactic may use.

A tactic of `checks` gets a goal and hands the core certificates; the core
decides. Nothing in a proof comes from SymPy but the reading of expressions,
and the search for certificates, which are verified.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kexue_lib.derive.core import rules
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError, Premise
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Proof, Statement
from kexue_lib.derive.core.terms import (
    ZERO,
    Term,
    UnsupportedError,
    facts_of,
    neg,
    rel,
    subst,
)
from kexue_lib.derive.core.words import commutes, words_equal
from kexue_lib.derive.levels import Relation

Table = Mapping[Term, Term]


@dataclass(frozen=True)
class Goal:
    """A relation to show, and what the certificates are written in.

    Attributes:
        left, right: the sides.
        know: the hypotheses.
        relation: ``=``, ``!=``, ``<`` or ``<=``.
        premises: earlier equations.
        table: values put in for symbols so far; certificates get them too.
        origin: SymPy's left side, to read the letter of an index from.
    """

    left: Term
    right: Term
    know: Context
    relation: str = "="
    premises: tuple[Premise, ...] = ()
    table: Table = field(default_factory=dict)
    origin: Any = None

    def put(self, table: Table, know: Context) -> Goal:
        """The goal with values put in."""
        moved = tuple(p.put(table) for p in self.premises)
        both = {k: subst(v, table) for k, v in self.table.items()}
        return replace(
            self,
            left=subst(self.left, table),
            right=subst(self.right, table),
            know=know,
            premises=moved,
            table={**both, **table},
        )

    def sides(self, left: Term, right: Term) -> Goal:
        """Other sides."""
        return replace(self, left=left, right=right)

    def knowing(self, *more: Premise) -> Goal:
        """More earlier equations."""
        return replace(self, premises=(*self.premises, *more))

    def equates(self) -> None:
        """Refuse any relation but =, for tactics that show equal sides.

        Raises:
            NotShownError: the goal is an inequality.
        """
        if self.relation != "=":
            raise NotShownError(f"equal sides decide =, not {self.relation}")

    def read(self, e: Any) -> Term:
        """A certificate with the values put in."""
        return subst(term(e), self.table)


_OPERATORS = {
    Relation.EQ: "=",
    Relation.NE: "!=",
    Relation.LT: "<",
    Relation.LE: "<=",
    Relation.GT: "<",
    Relation.GE: "<=",
}
_FLIPPED = (Relation.GT, Relation.GE)


def read(statement: Any) -> Statement:
    """A statement of the engine as one of the core.

    Raises:
        UnsupportedError: the core has no words for it.
    """
    if statement.relation not in _OPERATORS:
        raise UnsupportedError(f"the relation {statement.relation.text}")
    sides = [statement.lhs, statement.rhs]
    if statement.relation in _FLIPPED:
        sides.reverse()
    given = tuple(map(term, statement.domain.given))
    op = _OPERATORS[statement.relation]
    return Statement(term(sides[0]), op, term(sides[1]), given)


def goal_of(stated: Statement, know: Context, origin: Any) -> Goal:
    """The goal that a statement is."""
    return Goal(
        stated.left, stated.right, know, stated.relation, (), {}, origin
    )


def equal(goal: Goal) -> Proof:
    """Equal normal forms; in words if letters occur that do not commute."""
    goal.equates()
    show: Callable[..., Proof] = rules.equal
    if not (commutes(goal.left) and commutes(goal.right)):
        show = words_equal
    return show(goal.left, goal.right, goal.know, goal.premises)


def admits(s: Term, v: Term, know: Context) -> None:
    """A value has the facts of the symbol in whose place it is put.

    In place of a letter that does not commute stands anything: what holds
    for such letters holds in every ring.

    Raises:
        NotShownError: that is not known.
    """
    if v is s:
        return
    tests: dict[str, Callable[[Term], bool]] = {
        "integer": know.integer,
        "real": know.real,
        "positive": know.positive,
        "nonnegative": know.nonnegative,
        "negative": lambda t: know.positive(neg(t)),
        "nonpositive": lambda t: know.nonnegative(neg(t)),
    }
    with know.thoroughly():
        for fact in sorted(facts_of(s)):
            plain = v.op == "num"
            if fact == "noncommutative":
                continue
            if plain and fact == "rational":
                continue
            if plain and fact == "nonzero" and v is not ZERO:
                continue
            if fact == "nonzero" and know.holds(rel("!=", v, ZERO)):
                continue
            if fact == "rational" and know.integer(v):
                continue
            if fact not in tests or not tests[fact](v):
                raise NotShownError(f"{v} is not known to be {fact}")

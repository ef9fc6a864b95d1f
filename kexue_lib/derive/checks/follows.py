"""What the reader takes away, from the chains above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kexue_lib.derive.checks.base import Check, require
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import Premise, equal
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Proof, Unknown, Yes, answer
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.premises import meet, usable
from kexue_lib.derive.statement import (
    Finding,
    RejectedError,
    Stated,
    Statement,
)

if TYPE_CHECKING:
    from kexue_lib.derive.chains import Chain

_ORDERS = (Relation.LE, Relation.LT, Relation.GE, Relation.GT)


@dataclass(frozen=True)
class Follows(Check):
    """The statement is what chains of the same claim say together.

    An equation follows from their equations by putting them in; an
    inequality is one of theirs, with sides written in another way. The core
    alone decides.

    Args:
        chains: those above; the claim fills them in.
    """

    name: ClassVar[str] = "follows"
    chains: tuple[Chain, ...] = ()

    def run(self, statement: Statement) -> Finding:
        """Put the earlier equations in, or find the inequality."""
        require(statement, Relation.EQ, *_ORDERS)
        used, _, proof = self._found(statement)
        names = ", ".join(f"*{s.name}*" for s in used)
        return Finding(
            weakest([Level.PROVED, *(s.level for s in used)]),
            f"what the lines above say together ({names})",
            (),
            proof,
        )

    def results(self) -> tuple[Stated, ...]:
        """All that stands above."""
        usual = [c for c in self.chains if c.role in ("show", "lemma")]
        return (
            *(c.equation() for c in usual if _equates(c)),
            *(c.inequality() for c in usual if _orders(c)),
        )

    def decides(self, statement: Statement) -> Statement:
        """No more than the chains that it follows from."""
        _, ranges, _ = self._found(statement)
        return statement.but(domain=Domain(statement.domain.given, ranges))

    def _found(self, statement: Statement) -> tuple[list[Stated], Any, Proof]:
        """The results it follows from, their finite sets, the proof."""
        usual = [c for c in self.chains if c.role in ("show", "lemma")]
        if statement.relation is Relation.EQ:
            stated = [c.equation() for c in usual if _equates(c)]
            if not stated:
                raise RejectedError("no equation stands above it")
            proof = _derived(statement, stated)
            return stated, _sets(statement, stated), proof
        for chain in usual:
            proof_same = _same(statement, chain) if _orders(chain) else None
            if proof_same is not None:
                one = [chain.inequality()]
                return one, _sets(statement, one), proof_same
        raise RejectedError("no chain above it says this inequality")


def _sets(statement: Statement, stated: list[Stated]) -> Any:
    """Finite sets to which the earlier results confine the statement."""
    ranges = [usable(s, {}, statement.domain) for s in stated]
    return meet([statement.domain.ranges, *ranges])


def _equates(chain: Chain) -> bool:
    return bool(chain.steps) and chain.relation is Relation.EQ


def _orders(chain: Chain) -> bool:
    return bool(chain.steps) and chain.relation in _ORDERS


def _derived(statement: Statement, stated: list[Stated]) -> Proof:
    """The core's proof of an equation from others."""
    try:
        given = tuple(map(term, statement.domain.given))
        premises = tuple(
            Premise(term(s.lhs), term(s.rhs), tuple(map(term, s.domain.given)))
            for s in stated
        )
        sides = term(statement.lhs), term(statement.rhs)
        found = answer(equal(*sides, Context(given), premises))
    except UnsupportedError as error:
        found = Unknown(str(error))
    if isinstance(found, Yes):
        return found.proof
    why = found.why if isinstance(found, Unknown) else "it is false"
    raise RejectedError(f"it does not follow from the lines above: {why}")


def _same(statement: Statement, chain: Chain) -> Proof | None:
    """The chain's inequality with sides that are equal to these."""
    weaker = {Relation.LT: Relation.LE, Relation.GT: Relation.GE}
    relations = (chain.relation, weaker.get(chain.relation))
    if statement.relation not in relations:
        return None
    pairs = ((statement.lhs, chain.lhs), (statement.rhs, chain.rhs))
    try:
        parts = [_derived(statement.but(lhs=a, rhs=b), []) for a, b in pairs]
    except RejectedError:
        return None
    return Proof("same inequality", "", tuple(parts))

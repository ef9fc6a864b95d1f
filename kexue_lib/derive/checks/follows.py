"""What the reader takes away, from the chains above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from kexue_lib.derive.checks.base import Check, require
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import Premise, equal
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Unknown, answer
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.naming import unfold
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
    by_core: ClassVar[bool] = True
    chains: tuple[Chain, ...] = ()

    def run(self, statement: Statement) -> Finding:
        """Put the earlier equations in, or find the inequality."""
        require(statement, Relation.EQ, *_ORDERS)
        used, _ = self._found(statement)
        names = ", ".join(f"*{s.name}*" for s in used)
        return Finding(
            weakest([Level.PROVED, *(s.level for s in used)]),
            f"what the lines above say together ({names})",
        )

    def decides(self, statement: Statement) -> Statement:
        """No more than the chains that it follows from."""
        _, ranges = self._found(statement)
        return statement.but(domain=Domain(statement.domain.given, ranges))

    def _found(self, statement: Statement) -> tuple[list[Stated], Any]:
        """The results it follows from, and their finite sets."""
        usual = [c for c in self.chains if c.role in ("show", "lemma")]
        if statement.relation is Relation.EQ:
            stated = [c.equation() for c in usual if _equates(c)]
            ranges = [usable(s, {}, statement.domain) for s in stated]
            if not stated:
                raise RejectedError("no equation stands above it")
            why = _lacking(statement, stated)
            if why:
                raise RejectedError(
                    f"it does not follow from the lines above: {why}"
                )
            return stated, meet([statement.domain.ranges, *ranges])
        for chain in usual:
            if _orders(chain) and _same(statement, chain):
                stated_one = chain.inequality()
                ranges_one = usable(stated_one, {}, statement.domain)
                return [stated_one], meet(
                    [statement.domain.ranges, ranges_one]
                )
        raise RejectedError("no chain above it says this inequality")


def _equates(chain: Chain) -> bool:
    return bool(chain.steps) and chain.relation is Relation.EQ


def _orders(chain: Chain) -> bool:
    return bool(chain.steps) and chain.relation in _ORDERS


def _lacking(statement: Statement, stated: list[Stated]) -> str:
    """Why the core does not derive an equation, or nothing."""
    try:
        given = tuple(map(term, statement.domain.given))
        premises = tuple(
            Premise(term(s.lhs), term(s.rhs), tuple(map(term, s.domain.given)))
            for s in stated
        )
        sides = term(statement.lhs), term(statement.rhs)
        found = answer(equal(*sides, Context(given), premises))
    except UnsupportedError as error:
        return str(error)
    return found.why if isinstance(found, Unknown) else ""


def _same(statement: Statement, chain: Chain) -> bool:
    """The chain's inequality with sides that are equal to these."""
    weaker = {Relation.LT: Relation.LE, Relation.GT: Relation.GE}
    if statement.relation not in (
        chain.relation,
        weaker.get(chain.relation),
    ):
        return False
    pairs = ((statement.lhs, chain.lhs), (statement.rhs, chain.rhs))
    return all(
        unfold(a) == unfold(b) or not _lacking(statement.but(lhs=a, rhs=b), [])
        for a, b in pairs
    )

"""Chains: ``a = b <= c``, and the whole statement between their ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kexue_lib.derive.approach import Approach
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.levels import Level, Relation, composed, weakest
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.statement import Stated, Statement
from kexue_lib.derive.steps import Step

CHECKED = ("show", "lemma", "states")
"""Roles whose chains a later step may use."""


@dataclass(frozen=True)
class Chain:
    """``a = b <= c``: a left side and the steps from it."""

    role: str
    label: str
    lhs: Any
    owner: str
    steps: tuple[Step, ...] = ()

    @property
    def rhs(self) -> Any:
        """The last right side."""
        return self.steps[-1].statement.rhs if self.steps else self.lhs

    @property
    def relation(self) -> Relation:
        """The relation between the two ends."""
        return composed([s.statement.relation for s in self.steps])

    @property
    def statement(self) -> Statement:
        """What the chain establishes: the two ends, and where they hold.

        This object is printed, used by other claims and shipped in the
        index. It supposes all that any of its steps could use: a letter may
        come in, or have left, along the way.

        Raises:
            ClaimError: steps take different limits, or no value is common
                to the finite sets of two steps.
        """
        decided = [s.statement for s in self.steps]
        given = dict.fromkeys(g for s in decided for g in s.domain.given)
        domain = Domain(tuple(given), _common(self.name, decided))
        limit = _limit(self.name, decided)
        return Statement(self.lhs, self.relation, self.rhs, domain, limit)

    @property
    def level(self) -> Level:
        """The level of the weakest step."""
        if not self.steps:
            return Level.QUOTED if self.role == "quote" else Level.HEURISTIC
        return weakest(s.finding.level for s in self.steps)

    @property
    def is_link(self) -> bool:
        """A link in words, between formulas that are checked."""
        return self.role == "argue" and not self.steps

    @property
    def says_nothing(self) -> bool:
        """Both ends are one and the same once names are unfolded.

        The core reads names as written: SymPy would cancel on unfolding.
        """
        try:
            return term(self.lhs) is term(self.rhs)
        except UnsupportedError:
            return bool(unfold(self.lhs) == unfold(self.rhs))

    def equation(self) -> Stated:
        """Return the equation between the ends, for ``by.using``.

        Raises:
            ClaimError: the chain is not an equation that was shown.
        """
        if self._used_as("equation") is not Relation.EQ:
            raise ClaimError(f"{self.name} is not an equation")
        return self._stated(self.lhs, self.rhs)

    def inequality(self) -> Stated:
        """Return the inequality, smaller side first, for ``by.instances``.

        Raises:
            ClaimError: the chain is not an inequality that was shown.
        """
        relation = self._used_as("inequality")
        if relation in (Relation.LE, Relation.LT):
            return self._stated(self.lhs, self.rhs)
        if relation in (Relation.GE, Relation.GT):
            return self._stated(self.rhs, self.lhs)
        raise ClaimError(f"{self.name} is not an inequality")

    @property
    def name(self) -> str:
        """What a step that uses the chain calls it."""
        number = self.owner.split(".")[1]
        if self.role == "lemma":
            return self.label
        return f"{number} ({self.label})" if self.label else number

    def _used_as(self, what: str) -> Relation:
        if self.role not in CHECKED or not self.steps:
            raise ClaimError(f"{self.name} shows no {what}")
        return self.relation

    def _stated(self, first: Any, second: Any) -> Stated:
        domain = self.statement.domain
        return Stated(first, second, domain, self.level, self.owner, self.name)


def _common(
    name: str, decided: Iterable[Statement]
) -> tuple[tuple[Any, tuple[Any, ...]], ...]:
    """The finite sets on which every step was decided."""
    found: dict[Any, tuple[Any, ...]] = {}
    for statement in decided:
        for symbol, values in statement.domain.ranges:
            kept = found.get(symbol, values)
            found[symbol] = tuple(v for v in kept if v in values)
            if not found[symbol]:
                raise ClaimError(
                    f"{name}: its steps have no value of {symbol} in common"
                )
    return tuple(found.items())


def _limit(name: str, decided: Iterable[Statement]) -> Approach | None:
    """The one limit that the steps take."""
    found = dict.fromkeys(s.limit for s in decided if s.limit is not None)
    if len(found) > 1:
        said = " and ".join(a.text for a in found)
        raise ClaimError(f"{name}: one chain cannot say both {said}")
    return next(iter(found), None)

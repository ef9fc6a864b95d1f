"""A statement is data: two sides, a relation and a domain.

Checks take a :class:`Statement` and nothing else, so that the same check can
be run again on a statement that was made wrong on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import sympy as sp

from kexue_lib.derive.approach import Approach
from kexue_lib.derive.core.statement import Proof, Unknown
from kexue_lib.derive.domain import Domain, Point
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.naming import symbols_in, unfold
from kexue_lib.derive.printing import to_text


class RejectedError(Exception):
    """A check did not accept a statement."""


class UnknownError(RejectedError):
    """The core could not decide a statement.

    Attributes:
        found: what it lacked.
    """

    def __init__(self, found: Unknown) -> None:
        lines = [f"the core does not decide it: {found.why}"]
        missing = dict.fromkeys(str(c) for c in found.missing)
        if missing:
            lines.append("  missing: " + "; ".join(missing))
        if found.advice:
            lines.append(f"  try {found.advice}")
        super().__init__("\n".join(lines))
        self.found = found


class DisagreementError(Exception):
    """The statement fails, or means nothing, at a point of its domain.

    Attributes:
        point: values of the symbols.
        left, right: what the sides are there (text).
    """

    def __init__(
        self, why: str, point: Point, left: Any = None, right: Any = None
    ) -> None:
        super().__init__(why)
        self.point = point
        self.left = left
        self.right = right


@dataclass(frozen=True)
class Finding:
    """What a check found: its level, in words, with its numbers."""

    level: Level
    how: str
    facts: tuple[tuple[str, str], ...] = ()
    proof: Proof | None = None
    """The core's proof, if the core decided."""
    trusts: str = ""
    """What else is trusted: an algorithm of SymPy, or a theorem."""


@dataclass(frozen=True)
class Statement:
    """``lhs relation rhs`` for all symbols in the domain.

    Attributes:
        lhs, rhs: the sides as written, with names folded.
        relation: how they are related.
        domain: relations that restrict the symbols, and finite sets.
        limit: where ``~`` and ``O`` are meant.
    """

    lhs: Any
    relation: Relation
    rhs: Any
    domain: Domain = field(default_factory=Domain)
    limit: Approach | None = None

    def but(self, **changes: Any) -> Statement:
        """Return the statement with some fields changed."""
        return replace(self, **changes)

    @property
    def left(self) -> Any:
        """The left side with every name unfolded."""
        return unfold(self.lhs)

    @property
    def right(self) -> Any:
        """The right side with every name unfolded."""
        return unfold(self.rhs)

    @property
    def symbols(self) -> set[sp.Symbol]:
        """Free commuting symbols of both sides, names unfolded.

        The letter of an indexed family ``s[i]`` is no number, so it is not
        among them.
        """
        sides = (self.left, self.right)
        free = set().union(*(side.free_symbols for side in sides))
        families = {
            base.label for side in sides for base in side.atoms(sp.IndexedBase)
        }
        return {
            s
            for s in free - families
            if type(s) is sp.Symbol and s.is_commutative
        }

    @property
    def letters(self) -> set[sp.Symbol]:
        """Symbols that a reader sees, free or bound, names unfolded or not.

        Some vanish from `symbols` when SymPy simplifies what it unfolds.
        """
        sides = (self.lhs, self.rhs)
        seen = [side.atoms(sp.Symbol) | symbols_in(side) for side in sides]
        return set().union(*seen)

    def __str__(self) -> str:
        sides = to_text(self.lhs), to_text(self.rhs)
        return f"{sides[0]} {self.relation.text} {sides[1]}"


class Stated(NamedTuple):
    """An earlier result as other steps use it."""

    lhs: Any
    rhs: Any
    domain: Domain
    level: Level
    owner: str
    """Full id of the claim that shows it."""
    name: str
    """What a step that uses it calls it."""

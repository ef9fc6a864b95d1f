"""Rows: a statement, the check that is tried on it, and what must come out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from kexue_lib.derive import ClaimError, DerivationError, by
from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.errors import UndecidedError
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.statement import (
    DisagreementError,
    Stated,
    Statement,
    UnknownError,
)
from kexue_lib.derive.steps import verified

REFUSED = "refused"
"""The check found a fault, or a point at which the statement fails."""
UNDECIDED = "undecided"
"""The core has neither a proof nor a counterexample."""
MALFORMED = "malformed"
"""No claim, or no check, at all: ClaimError, TypeError, ValueError."""
ACCEPTED = "ACCEPTED, AND FALSE"
RELATIONS = {r.text: r for r in Relation} | {"~=": Relation.APPROX}
ALGEBRA = by.algebra()


@dataclass(frozen=True)
class Row:
    """A statement of one kind, and what must come out.

    Attributes:
        kind: the title of its table.
        name: what is remarkable about it, or the statement in short.
        check: what decides it; none in a story.
        run: puts it to the engine; returns the level, or raises.
        true: whether the statement is true.
        wanted: level of a true statement, refusal of a false one.
        today: what the engine does as yet, if that is less.
        kin: number of the file of ``false-statements`` it is akin to.
        line: where the row stands.
    """

    kind: str
    name: str
    check: Any
    run: Callable[[], str]
    true: bool
    wanted: str
    today: str
    kin: str
    line: int

    def __str__(self) -> str:
        said = "true" if self.true else "false"
        return f"{said}: {self.name}"

    @property
    def allowed(self) -> set[str]:
        """What may come out."""
        refusals = set() if self.true else {REFUSED}
        return {self.wanted, self.today, *refusals} - {ACCEPTED, ""}

    def outcome(self) -> tuple[str, str]:
        """What comes out, and what the engine says of it."""
        try:
            return self.run(), ""
        except (UndecidedError, UnknownError) as why:
            return UNDECIDED, str(why)
        except DerivationError as why:
            sampled = isinstance(why.__cause__, DisagreementError)
            # If the core proves a falsehood, that a point which was tried
            # refutes it is no excuse.
            core = isinstance(self.check, Tactic)
            proved = sampled and core and not self.true
            return (ACCEPTED if proved else REFUSED), str(why)
        except (ClaimError, TypeError, ValueError) as why:
            return MALFORMED, str(why)


class Table(list[Row]):
    """The rows of one kind.

    Args:
        kind: what the statements have in common.
        check: the check of rows that name none.
        today: what the engine does with true rows as yet.
    """

    def __init__(
        self, kind: str, check: Any = ALGEBRA, today: str = ""
    ) -> None:
        super().__init__()
        self.kind = kind
        self.check = check
        self.today = today

    def true(
        self,
        lhs: Any,
        relation: str,
        rhs: Any,
        check: Any = None,
        given: tuple[Any, ...] = (),
        *,
        name: str = "",
        level: str = "",
        today: str = "",
        kin: str = "",
        alone: bool = False,
    ) -> None:
        """Add a true statement, and the level that it reaches.

        With ``alone`` only the check is asked: a point that is tried knows
        nothing of what an earlier result says about an unknown function.
        """
        check = check or self.check
        wanted = level or check.best.value
        run = _put(lhs, relation, rhs, check, given, alone)
        name = name or _short(lhs, relation, rhs, given)
        self._add(name, check, run, True, wanted, today or self.today, kin)

    def false(
        self,
        lhs: Any,
        relation: str,
        rhs: Any,
        check: Any = None,
        given: tuple[Any, ...] = (),
        *,
        name: str = "",
        today: str = "",
        kin: str = "",
    ) -> None:
        """Add a false statement; ``today`` says if it is only undecided."""
        check = check or self.check
        run = _put(lhs, relation, rhs, check, given)
        name = name or _short(lhs, relation, rhs, given)
        self._add(name, check, run, False, REFUSED, today, kin)

    def tells(
        self,
        name: str,
        story: Callable[[], Any],
        wanted: str,
        *,
        true: bool,
        today: str = "",
        kin: str = "",
    ) -> None:
        """Add a claim written as an author would; it returns the claim."""

        def run() -> str:
            made = story()
            level: Level = getattr(made, "level", made)
            return level.value if isinstance(level, Level) else "made"

        self._add(name, None, run, true, wanted, today, kin)

    def _add(
        self, name: str, check: Any, run: Any, true: bool, *rest: str
    ) -> None:
        line = sys._getframe(2).f_lineno
        self.append(Row(self.kind, name, check, run, true, *rest, line))


def _put(
    lhs: Any,
    relation: str,
    rhs: Any,
    check: Any,
    given: tuple[Any, ...],
    alone: bool = False,
) -> Callable[[], str]:
    sides = [
        sp.sympify(
            sp.ImmutableMatrix(s) if isinstance(s, sp.MatrixBase) else s
        )
        for s in (lhs, rhs)
    ]
    domain = Domain(tuple(given))
    statement = Statement(sides[0], RELATIONS[relation], sides[1], domain)

    def run() -> str:
        if alone:
            level: Level = check.run(statement).level
            return level.value
        step = verified("table", 1, statement, check, "")
        return step.finding.level.value

    return run


def _short(lhs: Any, relation: str, rhs: Any, given: tuple[Any, ...]) -> str:
    said = f"{lhs} {relation} {rhs}"
    said += "".join(f" if {g}" for g in given)
    return " ".join(said.split())[:100]


@dataclass(frozen=True)
class Earlier:
    """Stands for an earlier result, as ``by.using`` takes one."""

    lhs: Any
    rhs: Any
    given: tuple[Any, ...] = ()
    ranges: tuple[Any, ...] = ()
    level: Level = Level.PROVED

    def equation(self) -> Stated:
        """The result as data."""
        domain = Domain(self.given, self.ranges)
        sides = sp.sympify(self.lhs), sp.sympify(self.rhs)
        return Stated(*sides, domain, self.level, "table.C1", "C1")

    inequality = equation


def using(earlier: Earlier, at: Any = None, then: Any = None) -> Any:
    """``by.using`` with its equation looked up."""
    return by.using(earlier, at, then).bound(lambda source: source)


def instances(earlier: Any, *terms: Any) -> Any:
    """``by.instances`` with its inequality looked up."""
    return by.instances(earlier, terms).bound(lambda source: source)

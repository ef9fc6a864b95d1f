"""Checks that read a number, find a counterexample, or record words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.base import Check, prepare, require
from kexue_lib.derive.evaluate import NotEvaluableError, UndefinedValueError
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.statement import (
    DisagreementError,
    Finding,
    RejectedError,
    Sampled,
    Statement,
    holds_at,
    sample_points,
)


@dataclass(frozen=True)
class Definition(Check):
    """The left side is a name, and the right side is its meaning."""

    name: ClassVar[str] = "definition"

    def run(self, statement: Statement) -> Finding:
        """Unfold the name: both sides are the same object."""
        require(statement, Relation.EQ)
        if statement.left != statement.right:
            raise RejectedError("the right side is not the definition")
        return Finding(Level.PROVED, "by definition")


@dataclass(frozen=True)
class Counterexample(Check):
    """The printed formula fails at a point.

    Args:
        point: where; without it the declared domain is searched.
    """

    name: ClassVar[str] = "counterexample"
    point: tuple[tuple[Any, Any], ...] = ()

    def __init__(self, point: Mapping[Any, Any] | None = None) -> None:
        """Take the point as data."""
        pairs = tuple(
            (s, sp.sympify(v, strict=True)) for s, v in (point or {}).items()
        )
        object.__setattr__(self, "point", pairs)

    def search(self, statement: Statement) -> DisagreementError:
        """Return the counterexample.

        Raises:
            RejectedError: there is none among the points tried.
        """
        points = (
            [dict(self.point)] if self.point else sample_points(statement, 24)
        )
        for point in points:
            if not statement.domain.admits(point):
                raise RejectedError("the point is outside the domain")
            try:
                good, left, right = holds_at(statement, point)
            except (UndefinedValueError, NotEvaluableError):
                continue
            if not good:
                return DisagreementError(
                    "the sides differ", point, left.expr, right.expr
                )
        raise RejectedError(
            f"the formula holds at all {len(points)} points tried"
        )

    def run(self, statement: Statement) -> Finding:
        """Find a point at which the sides are unequal."""
        self.search(statement)
        return Finding(
            Level.REFUTED, "the two sides differ at a point of the domain"
        )

    def sample(self, statement: Statement) -> Sampled | None:
        """The counterexample is the sample."""
        return None


@dataclass(frozen=True)
class Numeric(Check):
    """Both sides agree to many digits at points of the domain.

    Args:
        digits: relative agreement asked for.
        points: how many points are tried.
    """

    name: ClassVar[str] = "numeric"
    digits: int = 20
    points: int = 12

    def run(self, statement: Statement) -> Finding:
        """Evaluate both sides in high precision."""
        from kexue_lib.derive.numeric import agreement

        require(statement, *_ORDERED)
        count, reached = agreement(statement, self.points, self.digits)
        return Finding(
            Level.NUMERIC,
            f"{reached} digits agree at {count} points",
            (("digits", str(reached)), ("points", str(count))),
        )

    def sample(self, statement: Statement) -> Sampled | None:
        """The check itself samples."""
        return None


_ORDERED = (
    Relation.EQ,
    Relation.NE,
    Relation.LE,
    Relation.LT,
    Relation.GE,
    Relation.GT,
)


@dataclass(frozen=True)
class Unchecked(Check):
    """A number or an argument that no check supports."""

    name: ClassVar[str] = "none"
    level: Level = Level.HEURISTIC

    def run(self, statement: Statement) -> Finding:
        """Record only."""
        words = {
            Level.QUOTED: "taken from the source, not reproduced",
            Level.HEURISTIC: "an argument, not a proof",
        }
        return Finding(self.level, words[self.level])

    def sample(self, statement: Statement) -> Sampled | None:
        """Nothing is claimed about values."""
        return None


__all__ = [
    "Counterexample",
    "Definition",
    "Numeric",
    "Unchecked",
    "prepare",
]

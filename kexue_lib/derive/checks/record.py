"""Checks that read a number, find a counterexample, or record words."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.base import Check, gaps, prepare, require
from kexue_lib.derive.domain import allowed
from kexue_lib.derive.evaluate import NotEvaluableError, UndefinedValueError
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.statement import (
    DisagreementError,
    Finding,
    RejectedError,
    Sampled,
    Statement,
    holds_at,
    sample,
    sample_points,
)


@dataclass(frozen=True)
class Counterexample(Check):
    """The printed formula fails at a point.

    What ``refute`` asks for: the two sides are computed there, and differ.

    Args:
        point: where; without it the declared domain is searched.
    """

    name: ClassVar[str] = "counterexample"
    best: ClassVar[Level] = Level.REFUTED
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
            if not (
                all(allowed(s, v) for s, v in point.items())
                and statement.domain.admits(point)
            ):
                raise RejectedError("the point is outside the domain")
            try:
                good, left, right = holds_at(statement, point)
            except (UndefinedValueError, NotEvaluableError):
                continue
            if not good:
                return DisagreementError(
                    "the sides differ", point, left.shown, right.shown
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

    No proof. An inequality is computed at the points as well.

    Args:
        digits: relative agreement asked for.
        points: how many points are tried.
    """

    name: ClassVar[str] = "numeric"
    best: ClassVar[Level] = Level.NUMERIC
    digits: int = 20
    points: int = 12

    def run(self, statement: Statement) -> Finding:
        """Evaluate both sides in high precision."""
        from kexue_lib.derive.numeric import agreement

        require(statement, *_ORDERED)
        count, reached = agreement(statement, self.points, self.digits)
        how = f"{reached} digits agree at {count} points"
        if statement.relation is not Relation.EQ:
            how = f"holds at {count} points, computed to {reached} digits"
        return Finding(
            Level.NUMERIC,
            how,
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
class Error(Check):
    """An approximation with its error at points of the domain.

    Follows ``approx``; no proof.

    Args:
        most: largest absolute difference allowed.
        points: how many points are tried.
    """

    name: ClassVar[str] = "error"
    best: ClassVar[Level] = Level.NUMERIC
    most: Any
    points: int = 12

    def run(self, statement: Statement) -> Finding:
        """Evaluate both sides in high precision."""
        from kexue_lib.derive.numeric import largest_gap

        require(statement, Relation.APPROX)
        most = float(sp.Rational(self.most))
        count, gap, where = largest_gap(statement, self.points)
        if not gap <= most:
            raise RejectedError(f"the sides differ by {gap:.3g} at {where}")
        return Finding(
            Level.NUMERIC,
            f"the sides differ by at most {gap:.2g} at {count} points "
            f"(most at {where})",
            (("error", f"{gap:.2g}"), ("points", str(count))),
        )

    def sample(self, statement: Statement) -> Sampled | None:
        """The check itself samples."""
        return None

    def trial(self, statement: Statement) -> Sampled | None:
        """A mutant is wrong if it misses the limit at some point."""
        gap = sp.Abs(statement.left - statement.right)
        most = sp.Rational(self.most)
        return sample(
            Statement(gap, Relation.LE, most, statement.domain),
            self.points,
            undefined_counts=False,
        )


@dataclass(frozen=True)
class RandomPoints(Check):
    """A polynomial identity at random integer points, exactly.

    By Schwartz and Zippel a wrong identity of total degree d passes one
    point out of S values with probability at most d / S.

    Args:
        points: number of points.
        size: number S of values for each symbol.
    """

    name: ClassVar[str] = "random points"
    best: ClassVar[Level] = Level.EXACT
    points: int = 8
    size: int = 2**40

    def run(self, statement: Statement) -> Finding:
        """Evaluate the difference at the points."""
        require(statement, Relation.EQ)
        symbols = sorted(statement.symbols, key=sp.default_sort_key)
        degree = 0
        rng = random.Random(1)
        places = [
            {s: sp.Integer(rng.randrange(1, self.size)) for s in symbols}
            for _ in range(self.points)
        ]
        for gap in gaps(statement):
            ready = prepare(gap)
            degree = max(degree, _degree(ready, set(symbols)))
            for point in places:
                value = ready.xreplace(point)
                if not value.is_Rational:
                    value = sp.expand(value)
                if value != 0:
                    raise RejectedError(f"the sides differ at {point}")
        power = round(
            self.points * (math.log2(self.size) - math.log2(max(degree, 1)))
        )
        return Finding(
            Level.EXACT,
            f"exact at {self.points} random points of total degree "
            f"at most {degree}; error bound $2^{{-{power}}}$",
            (("error bound", f"2^-{power}"), ("points", str(self.points))),
        )


def _degree(expr: Any, symbols: set[Any]) -> int:
    """Bound the total degree without expanding.

    Raises:
        RejectedError: the expression is no polynomial in the symbols.
    """
    if not expr.free_symbols & symbols:
        return 0
    if expr.is_Symbol:
        return 1
    if expr.is_Add:
        return max(_degree(a, symbols) for a in expr.args)
    if expr.is_Mul:
        return sum(_degree(a, symbols) for a in expr.args)
    if expr.is_Pow and expr.exp.is_Integer and expr.exp > 0:
        return int(expr.exp) * _degree(expr.base, symbols)
    raise RejectedError(f"{expr} is no polynomial")


@dataclass(frozen=True)
class Unchecked(Check):
    """A number or an argument that no check supports."""

    name: ClassVar[str] = "none"
    best: ClassVar[Level] = Level.QUOTED
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

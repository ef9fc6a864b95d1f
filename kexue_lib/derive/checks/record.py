"""Checks that read a number, find a counterexample, or record words."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp
from sympy.core.function import AppliedUndef

from kexue_lib.derive.amounts import amount, plain, typeset
from kexue_lib.derive.checks.base import Check, gaps, prepare, require
from kexue_lib.derive.checks.limits import with_values
from kexue_lib.derive.core.limits import relations
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import No, Unknown
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.domain import allowed
from kexue_lib.derive.evaluate import (
    NotEvaluableError,
    Place,
    UndefinedValueError,
)
from kexue_lib.derive.goals import read
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.sampling import (
    Sampled,
    holds_at,
    sample,
    sample_points,
    whole_point,
)
from kexue_lib.derive.statement import (
    DisagreementError,
    Finding,
    RejectedError,
    Statement,
)


@dataclass(frozen=True)
class Counterexample(Check):
    """The printed formula fails at a point.

    What ``refute`` asks for: the sides have exact values there, or disjoint
    enclosures, and the point satisfies every hypothesis.

    Args:
        point: where, also ``{f(x): x**2, s[0]: 1}`` for functions and
            members of families; without it the declared domain is searched.
    """

    name: ClassVar[str] = "counterexample"
    best: ClassVar[Level] = Level.REFUTED
    point: tuple[tuple[Any, Any], ...] = ()

    def __init__(self, point: Mapping[Any, Any] | None = None) -> None:
        """Take the point as data."""
        pairs = tuple(
            (s, sp.sympify(v, strict=True)) for s, v in (point or {}).items()
        )
        if any(v.has(sp.Float) for _, v in pairs):
            raise TypeError("a counterexample has exact values, no floats")
        for s, v in pairs:
            _require_place(s, v)
        object.__setattr__(self, "point", pairs)

    def search(self, statement: Statement) -> DisagreementError:
        """Return the counterexample.

        Raises:
            RejectedError: there is none among the points tried.
        """
        if statement.relation is not Relation.EQ:
            statement = with_values(statement)
        points = (
            [dict(self.point)] if self.point else sample_points(statement, 24)
        )
        if statement.left.has(sp.Limit) or statement.right.has(sp.Limit):
            return _other_limit(statement, points[0])
        blind = ""
        for point in points:
            if not (
                all(_admitted(s, v) for s, v in point.items())
                and statement.domain.admits(point)
            ):
                raise RejectedError("the point is outside the domain")
            place = Place(point)
            try:
                good, left, right = holds_at(statement, place)
            except UndefinedValueError as why:
                blind = blind or f"undefined at {_where(point)}: {why}"
                continue
            except NotEvaluableError as why:
                blind = blind or f"no value at {_where(point)}: {why}"
                continue
            if good is False:
                return DisagreementError(
                    "the sides differ",
                    whole_point(statement, place),
                    left.expr,
                    right.expr,
                )
            if good is None:
                blind = f"the enclosures of the sides meet at {_where(point)}"
        said = f"the formula fails at none of the {len(points)} points tried"
        raise RejectedError(f"{said} ({blind})" if blind else said)

    def run(self, statement: Statement) -> Finding:
        """Find a point at which the sides are in a wrong relation."""
        self.search(statement)
        return Finding(
            Level.REFUTED, "the two sides differ at a point of the domain"
        )

    def sample(self, statement: Statement) -> Sampled | None:
        """The counterexample is the sample."""
        return None


def _require_place(s: Any, value: Any) -> None:
    """Only what is unknown gets a value, and that is a number or function."""
    whole = isinstance(s, sp.Indexed) and all(i.is_Integer for i in s.indices)
    if not (isinstance(s, sp.Symbol | AppliedUndef) or whole):
        raise TypeError(
            f"by.counterexample: a point has values of symbols, of functions "
            f"f(x), of members s[0], not of {s}"
        )
    if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        raise ValueError(f"by.counterexample: {value} is no value of {s}")


def _admitted(s: Any, value: Any) -> bool:
    """Whether a value surely has the facts that are declared.

    Not seen is no: of zeta(3) SymPy does not know that it is no integer.
    """
    letter = s
    if isinstance(s, sp.Indexed):
        letter = s.base.label
    elif isinstance(s, AppliedUndef):
        letter = sp.Symbol(s.func.__name__, **s.func._kwargs)
    declared = (fact for fact, held in letter.assumptions0.items() if held)
    seen = all(getattr(value, f"is_{fact}") for fact in declared)
    return seen and allowed(letter, value)


def _other_limit(
    statement: Statement, point: dict[Any, Any]
) -> DisagreementError:
    """The core finds other limits, whatever the symbols: so at the point."""
    require(statement, Relation.EQ)
    if not statement.domain.admits(point):
        raise RejectedError("the point is outside the domain")
    try:
        stated = read(statement)
    except UnsupportedError as error:
        raise RejectedError(str(error)) from error
    know = Context(stated.given)
    sides = stated.left, stated.right
    found = relations.decided(lambda: relations.equal(*sides, know))
    if not isinstance(found, No):
        why = found.why if isinstance(found, Unknown) else "it is true"
        raise RejectedError(f"no other limit is found: {why}")
    left, right = (str(relations.evaluated(t, know)[0]) for t in sides)
    return DisagreementError("the limits differ", point, left, right)


def _where(point: dict[Any, Any]) -> str:
    return ", ".join(f"{s} = {v}" for s, v in point.items()) or "its point"


@dataclass(frozen=True)
class Numeric(Check):
    """Both sides agree to many digits at points of the domain.

    No proof. The values are enclosed, also those of integrals and sums; the
    ends of the domain and the places where the gap is largest are tried, too.

    Args:
        digits: relative agreement asked for, at least 6.
        points: how many points are tried besides.
    """

    name: ClassVar[str] = "numeric"
    best: ClassVar[Level] = Level.NUMERIC
    digits: int = 20
    points: int = 12

    def __post_init__(self) -> None:
        """Few digits are no evidence."""
        if self.digits < 6 or self.points < 1:
            raise ValueError("numeric takes digits >= 6 and points >= 1")

    def run(self, statement: Statement) -> Finding:
        """Enclose both sides."""
        from kexue_lib.derive.numeric import agreement

        require(statement, *_ORDERED)
        _stated(statement)
        seen = agreement(statement, self.points, self.digits)
        noun = "point" if seen.points == 1 else "points"
        if statement.relation is Relation.EQ:
            how = f"{self.digits} digits agree at {seen.points} {noun}"
            facts = [("digits", str(self.digits))]
        else:
            how = f"holds at {seen.points} {noun}, all values enclosed"
            facts = [("smallest gap seen", f"{seen.gap:.2g}")]
        facts.append(("points", str(seen.points)))
        return Finding(Level.NUMERIC, how, tuple(facts))

    def sample(self, statement: Statement) -> Sampled | None:
        """The check itself samples."""
        return None


def _stated(statement: Statement) -> None:
    """Everything has a value at a point of the domain."""
    for side in (statement.left, statement.right):
        open_ = side.atoms(AppliedUndef, sp.Indexed)
        if open_:
            shown = ", ".join(sorted(map(str, open_)))
            raise RejectedError(f"no values are stated for {shown}")


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

    Follows ``approx``; no proof. The values are enclosed; the ends and local
    maxima of the error are looked at.

    Args:
        most: largest absolute difference allowed: an exact number or text.
        points: how many points are tried besides.
    """

    name: ClassVar[str] = "error"
    best: ClassVar[Level] = Level.NUMERIC
    most: Any
    points: int = 12

    def __post_init__(self) -> None:
        """Take the limit as an exact number."""
        most = amount(self.most, "by.error(most=...)")
        if not most > 0:
            raise ValueError("by.error: most must be positive")
        object.__setattr__(self, "most", most)

    def run(self, statement: Statement) -> Finding:
        """Enclose the difference."""
        from kexue_lib.derive.numeric import largest_error

        require(statement, Relation.APPROX)
        _stated(statement)
        seen = largest_error(statement, self.points, self.most)
        noun = "point" if seen.points == 1 else "points"
        return Finding(
            Level.NUMERIC,
            f"the sides differ by at most {seen.gap:.2g} at {seen.points} "
            f"{noun} (most at {seen.where}); allowed ${typeset(self.most)}$",
            (
                ("largest seen", f"{seen.gap:.2g}"),
                ("tolerance", plain(self.most)),
                ("points", str(seen.points)),
            ),
        )

    def sample(self, statement: Statement) -> Sampled | None:
        """The check itself samples."""
        return None

    def trial(self, statement: Statement) -> Sampled | None:
        """A mutant is wrong if it misses the limit at some point."""
        gap = sp.Abs(statement.left - statement.right)
        return sample(
            Statement(gap, Relation.LE, self.most, statement.domain),
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
        # Nobody writes a statement around points that it chooses itself.
        rng = random.Random(f"kexue points {statement}")
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

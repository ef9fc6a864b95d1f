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
from kexue_lib.derive.evaluate import (
    DIGITS,
    NotEvaluableError,
    UndefinedValueError,
    Value,
    concrete,
    differ,
    evaluate,
    sign_of_gap,
)
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.matrices import is_matrix
from kexue_lib.derive.naming import symbols_in, unfold
from kexue_lib.derive.printing import to_text

POINTS = 12


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


_HOLDS = {
    Relation.EQ: lambda sign: sign == 0,
    Relation.LE: lambda sign: sign >= 0,
    Relation.LT: lambda sign: sign > 0,
    Relation.GE: lambda sign: sign <= 0,
    Relation.GT: lambda sign: sign < 0,
}


def holds_at(statement: Statement, point: Point) -> tuple[bool, Value, Value]:
    """Decide the statement at one point.

    Returns:
        Whether it holds, and the two values.

    Raises:
        UndefinedValueError: a side has no finite value there.
        NotEvaluableError: a side cannot be evaluated.
    """
    letters = any(
        not is_matrix(side) and side.is_commutative is False
        for side in (statement.left, statement.right)
    )
    left = evaluate(statement.lhs, point, letters)
    right = evaluate(statement.rhs, point, letters)
    if statement.relation is Relation.EQ:
        return not differ(left, right), left, right
    if statement.relation is Relation.NE:
        return differ(left, right), left, right
    return (
        _HOLDS[statement.relation](sign_of_gap(left, right)),
        left,
        right,
    )


@dataclass(frozen=True)
class Sampled:
    """The outcome of sampling: points used, and whether all were exact."""

    count: int
    exact: bool

    @property
    def fact(self) -> tuple[str, str]:
        """The entry for the evidence."""
        kind = "exact" if self.exact else f"{DIGITS} digits or fewer"
        noun = "point" if self.count == 1 else "points"
        return "samples", f"{self.count} {noun}, {kind}"


def sample(
    statement: Statement,
    count: int | None = None,
    undefined_counts: bool = True,
) -> Sampled:
    """Try the statement on points of its domain.

    Args:
        statement: what is tried.
        count: how many points, besides suspicious ones; by default more
            for statements with several integers.
        undefined_counts: whether a point without a value is a failure;
            otherwise a point at which the sides differ is looked for.

    Raises:
        DisagreementError: it fails, or is undefined, at a point.
        NotEvaluableError: it cannot be evaluated, or is undefined somewhere
            and fails nowhere.
    """
    exact = True
    undefined = False
    tried = 0
    for point in sample_points(statement, count):
        try:
            good, left, right = holds_at(statement, point)
        except UndefinedValueError as why:
            if undefined_counts:
                raise DisagreementError(f"undefined: {why}", point) from None
            undefined = True
            continue
        if not good:
            raise DisagreementError(
                "the sides differ", point, left.expr, right.expr
            )
        tried += 1
        exact = exact and left.is_exact and right.is_exact
    if undefined:
        raise NotEvaluableError("undefined at some points")
    return Sampled(tried, exact)


def usual_count(statement: Statement) -> int:
    """How many points are tried unless somebody asks for more."""
    integers = sum(bool(s.is_integer) for s in statement.symbols)
    count = 2 * POINTS if integers > 1 else POINTS
    sides = (statement.left, statement.right)
    series = any(
        limits[-1] is sp.oo
        for side in sides
        for total in side.atoms(sp.Sum)
        for limits in total.limits
    )
    if series or any(side.has(sp.Integral) for side in sides):
        # Quadrature and infinite sums are slow: half as many points.
        count = count // 2
    return count


def sample_points(
    statement: Statement, count: int | None = None
) -> list[Point]:
    """Return the points at which a statement is tried.

    Besides edges and random points these are points where a denominator
    vanishes, if the domain contains any.
    """
    if count is None:
        count = usual_count(statement)
    symbols = statement.symbols
    if not symbols:
        return [{}]
    points = statement.domain.points(symbols, count)
    suspects = _suspects(statement, symbols, points[:2])
    if not suspects:
        return points
    return statement.domain.points(symbols, count, extra=tuple(suspects))


def _suspects(
    statement: Statement, symbols: set[sp.Symbol], bases: list[Point]
) -> list[Point]:
    """Candidate points at which some denominator is zero."""
    from kexue_lib.derive.evaluate import _denominators

    found = []
    for side in (concrete(statement.lhs), concrete(statement.rhs)):
        for base in _denominators(side):
            inside = base.free_symbols
            if not inside or not inside <= symbols:
                continue
            for s in sorted(inside, key=sp.default_sort_key):
                for start in bases:
                    rest = {a: b for a, b in start.items() if a != s}
                    found += [
                        {**start, s: root}
                        for root in _small_roots(base.xreplace(rest), s)
                    ]
    return found[:24]


def _small_roots(expr: Any, s: sp.Symbol) -> list[sp.Expr]:
    top = sp.fraction(sp.together(expr))[0]
    if not top.is_polynomial(s):
        return []
    poly = sp.Poly(top, s)
    if not 1 <= poly.degree() <= 2:
        return []
    if poly.degree() == 1:
        a, b = poly.all_coeffs()
        return [-b / a]
    return sorted(sp.roots(poly), key=sp.default_sort_key)


__all__ = [
    "DisagreementError",
    "Finding",
    "NotEvaluableError",
    "RejectedError",
    "Sampled",
    "Stated",
    "Statement",
    "UnknownError",
    "holds_at",
    "sample",
    "sample_points",
]

"""A statement at points of its domain: a net under checks, no evidence.

At each point the sides are exact or enclosed: then the statement holds, fails,
or the enclosures meet and nothing speaks against it. Where a side is neither,
the point is skipped and counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from kexue_lib.derive import core
from kexue_lib.derive.core.decide import decide
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.terms import UnsupportedError, subst
from kexue_lib.derive.domain import Point
from kexue_lib.derive.evaluate import (
    NotEvaluableError,
    Place,
    UndecidedError,
    UndefinedValueError,
    Value,
    alike,
    chosen,
    compared,
    evaluate,
    settled,
)
from kexue_lib.derive.goals import read
from kexue_lib.derive.matrices import is_matrix
from kexue_lib.derive.statement import DisagreementError, Statement

POINTS = 12


def holds_at(
    statement: Statement,
    point: Point | Place,
    bits: int = 128,
    quick: bool = False,
) -> tuple[bool | None, Value, Value]:
    """Decide the statement at one point.

    Args:
        statement: what is decided.
        point: where.
        bits: the finest precision that is tried.
        quick: sides with an integral that agree in 15 digits are left there.

    Returns:
        Whether it holds (None: the enclosures of the sides meet), and the
        two values.

    Raises:
        UndefinedValueError: a side has no finite value there.
        NotEvaluableError: a side cannot be evaluated.
    """
    place = point if isinstance(point, Place) else Place(point)
    letters = has_letters(statement)
    quick = quick and has_integral(statement)
    for fine in (64, bits):
        left = evaluate(statement.lhs, place, letters, fine)
        right = evaluate(statement.rhs, place, letters, fine)
        good = compared(statement.relation, left, right)
        if good is not None or (quick and alike(left, right)):
            break
    return good, left, right


def decided_at(statement: Statement, point: Point) -> bool | None:
    """Decide the statement at one point exactly, by enclosures or the core.

    Unknown functions and families stand for all functions and families.

    Raises:
        UndefinedValueError, NotEvaluableError: as `holds_at`.
    """
    if not _generic(statement):
        try:
            for bits in (128, 512, 2048):
                good, left, right = holds_at(statement, point, bits)
                if good is not None:
                    return good
            good = settled(statement.relation, left, right)
            if good is not None:
                return good
        except UndecidedError:
            pass
    return _by_core(statement, point)


def _generic(statement: Statement) -> bool:
    return any(
        side.has(AppliedUndef, sp.Indexed)
        for side in (statement.left, statement.right)
    ) or has_letters(statement)


def _by_core(statement: Statement, point: Point) -> bool | None:
    try:
        stated = read(statement)
        table = {term(s): term(v) for s, v in point.items()}
        sides = (subst(t, table) for t in (stated.left, stated.right))
        given = tuple(subst(g, table) for g in stated.given)
        left, right = sides
        found = decide(core.Statement(left, stated.relation, right, given))
    except UnsupportedError as error:
        raise UndecidedError(str(error)[:200]) from error
    if isinstance(found, core.Yes):
        return True
    return False if isinstance(found, core.No) else None


def has_integral(statement: Statement) -> bool:
    """Whether a value takes a quadrature, which is slow."""
    return any(
        side.has(sp.Integral) for side in (statement.left, statement.right)
    )


def has_letters(statement: Statement) -> bool:
    """Whether letters that do not commute occur."""
    return any(
        not is_matrix(side) and side.is_commutative is False
        for side in (statement.left, statement.right)
    )


def whole_point(statement: Statement, place: Place) -> dict[Any, Any]:
    """The point with a value for everything that occurs."""
    sides = (statement.lhs, statement.rhs)
    found = chosen(place, *sides)
    if has_letters(statement):
        from kexue_lib.derive.letters import letters_of

        for side in sides:
            found |= letters_of(side, place)
    return found


@dataclass(frozen=True)
class Sampled:
    """The outcome of sampling.

    Attributes:
        count: points at which nothing speaks against the statement.
        exact: all values there were exact.
        undecided: points at which a side is neither exact nor enclosed.
    """

    count: int
    exact: bool
    undecided: int = 0

    @property
    def fact(self) -> tuple[str, str]:
        """The entry for the evidence."""
        kind = "exact" if self.exact and self.count else "enclosed"
        noun = "point" if self.count == 1 else "points"
        said = f"{self.count} {noun}, {kind}"
        if self.undecided:
            said += f"; {self.undecided} undecided"
        return "samples", said


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
    tried = undecided = 0
    patience = 1 if has_integral(statement) else PATIENCE
    for point in sample_points(statement, count):
        place = Place(point)
        try:
            if has_letters(statement):
                from kexue_lib.derive.letters import obey

                obey(statement.domain.given, place)
            good, left, right = holds_at(statement, place, quick=True)
        except UndefinedValueError as why:
            if undefined_counts:
                raise DisagreementError(f"undefined: {why}", point) from None
            undefined = True
            continue
        except UndecidedError:
            undecided += 1
            if undecided >= patience and not tried:
                break
            continue
        if good is False:
            raise DisagreementError(
                "the sides differ",
                whole_point(statement, place),
                left.expr,
                right.expr,
            )
        tried += 1
        exact = exact and left.is_exact and right.is_exact
    if undefined:
        raise NotEvaluableError("undefined at some points")
    return Sampled(tried, exact, undecided)


PATIENCE = 3
"""After so many undecided points at the beginning no more are tried; with
an integral after one."""


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
    if series or has_integral(statement):
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
    suspects = tuple(_suspects(statement, symbols, points[:2]))
    if not suspects:
        return points
    return statement.domain.points(symbols, count, extra=suspects)


def _suspects(
    statement: Statement, symbols: set[sp.Symbol], bases: list[Point]
) -> list[Point]:
    """Candidate points at which some denominator is zero."""
    found = []
    for side in (statement.left, statement.right):
        for base in denominators(side):
            inside = base.free_symbols
            if not inside or not inside <= symbols:
                continue
            for s in sorted(inside, key=sp.default_sort_key):
                for start in bases:
                    rest = {a: b for a, b in start.items() if a != s}
                    roots = _small_roots(base.xreplace(rest), s)
                    found += [{**start, s: root} for root in roots]
    return found[:24]


_BOUND = (sp.Sum, sp.Product, sp.Integral, sp.Limit, sp.Derivative, sp.Subs)


def denominators(expr: Any) -> Iterator[Any]:
    """Bases of negative powers that may vanish, outside sums."""
    found = {
        p.base
        for p in expr.atoms(sp.Pow)
        if p.exp.could_extract_minus_sign()
        and p.base.free_symbols
        and p.base.is_zero is not False
        and p.base.is_commutative
        and not p.base.has(*_BOUND)
    }
    yield from sorted(found, key=sp.default_sort_key)


def _small_roots(expr: Any, s: sp.Symbol) -> list[sp.Expr]:
    top = sp.fraction(sp.together(expr))[0]
    if not top.is_polynomial(s):
        return []
    poly = sp.Poly(top, s)
    if not 1 <= poly.degree() <= 2:
        return []
    if poly.degree() == 1:
        a, b = poly.all_coeffs()
        roots = [-b / a]
    else:
        roots = sorted(sp.roots(poly), key=sp.default_sort_key)
    return [root for root in roots if not root.has(sp.zoo, sp.nan, sp.oo)]

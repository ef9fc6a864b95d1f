"""Agreement of two sides at points: enclosed, also where it is worst.

Every value has an enclosure; the points are edges and random ones of the
domain, its ends, and places to which a climb along the gap leads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb

from kexue_lib.derive.domain import Point, allowed
from kexue_lib.derive.evaluate import (
    NotEvaluableError,
    UndefinedValueError,
    Value,
    compared,
    evaluate,
    largest_gap,
    precision,
    settled,
)
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.sampling import sample_points
from kexue_lib.derive.statement import RejectedError, Statement


@dataclass(frozen=True)
class Seen:
    """What was found at the points.

    Attributes:
        points: how many were tried.
        gap: largest difference of the sides that was seen, rounded up.
        where: the point with it.
    """

    points: int
    gap: float
    where: str


def agreement(statement: Statement, points: int, digits: int) -> Seen:
    """Show that ``digits`` digits agree, or an order holds, at points.

    Raises:
        RejectedError: it fails somewhere, or a side has no enclosure.
    """
    order = statement.relation is not Relation.EQ

    def at(point: Point) -> Any:
        left, right = _sides(statement, point, digits)
        gap = largest_gap(left, right)
        if order:
            good = settled(statement.relation, left, right)
        else:
            size = _size(left).max(_size(right)).upper()
            good = bool(gap <= size * arb(10) ** -digits) or (
                settled(Relation.EQ, left, right) is True
            )
        if not good:
            word = "undecided" if good is None else "fails"
            raise RejectedError(
                f"{word} at {_named(point)}: {_text(left)} and {_text(right)}"
            )
        return -gap if order else gap

    return _worst(statement, points, at)


def largest_error(statement: Statement, points: int, most: Any) -> Seen:
    """The largest difference that a search finds; all are at most ``most``.

    Raises:
        RejectedError: one is larger, or a side has no enclosure.
    """

    def at(point: Point) -> Any:
        left, right = _sides(statement, point, 20)
        gap = largest_gap(left, right)
        limit = evaluate(most, {}).cells[0].ball.real
        if not gap <= limit:
            raise RejectedError(
                f"the sides differ by {_rounded(gap)} at {_named(point)}"
            )
        return gap

    return _worst(statement, points, at)


def _worst(statement: Statement, points: int, at: Any) -> Seen:
    """Try all points, then climb from the three worst ones."""
    with precision(_BITS[0]):
        values: dict[Any, tuple[Any, Point]] = {}
        for point in [*sample_points(statement, points), *_ends(statement)]:
            key = tuple(point.values())
            if key not in values:
                values[key] = (_mid(at(point)), point)
        ordered = sorted(values.values(), key=lambda v: -v[0])
        count = len(ordered)
        best = ordered[0]
        for start in ordered[:3]:
            top, tried = _climbed(statement, start, at)
            count += tried
            best = max(best, top, key=lambda v: v[0])
    return Seen(count, abs(best[0]), _named(best[1]))


def _climbed(
    statement: Statement, start: tuple[float, Point], at: Any
) -> tuple[tuple[float, Point], int]:
    """Move one real symbol at a time as long as the gap grows."""
    best, tried = start, 0
    for s in sorted(start[1], key=sp.default_sort_key):
        if s.is_integer or s.is_extended_real is not True:
            continue
        step = sp.Max(abs(best[1][s]), 1) / 8
        for _ in range(5):
            moved = False
            for shift in (step, -step):
                point = {**best[1], s: best[1][s] + shift}
                if not _inside(statement, point):
                    continue
                tried += 1
                value = _mid(at(point))
                if value > best[0]:
                    best, moved = (value, point), True
                    break
            if not moved:
                step = step / 4
    return best, tried


def _inside(statement: Statement, point: Point) -> bool:
    return all(
        allowed(s, v) for s, v in point.items()
    ) and statement.domain.admits(point)


def _ends(statement: Statement) -> list[Point]:
    """Ends of the domain, and far out where it has none."""
    symbols = sorted(statement.symbols, key=sp.default_sort_key)
    if not symbols:
        return []
    small = sp.Rational(1, 10**6)
    far = [sp.Integer(100)]
    found = []
    for s in symbols:
        if s.is_integer or s.is_extended_real is not True:
            continue
        low, high = statement.domain.interval(s)
        places = [low, low + small] if low is not None else [-v for v in far]
        if low is None:
            places.append(small)
        places += [high, high - small] if high is not None else far
        for base in statement.domain.points(symbols, 2)[:2]:
            found += [{**base, s: v} for v in places]
    return [p for p in found if _inside(statement, p)]


_BITS = (128, 512, 2048)


def _sides(
    statement: Statement, point: Point, digits: int
) -> tuple[Value, Value]:
    """Both sides, as sharp as the digits ask for."""
    try:
        for bits in _BITS:
            left = evaluate(statement.lhs, point, bits=bits)
            right = evaluate(statement.rhs, point, bits=bits)
            if _sharp(statement, left, right, digits):
                break
    except (UndefinedValueError, NotEvaluableError) as why:
        raise RejectedError(f"at {_named(point)}: {why}") from why
    return left, right


def _sharp(
    statement: Statement, left: Value, right: Value, digits: int
) -> bool:
    if statement.relation not in (Relation.EQ, Relation.APPROX):
        return compared(statement.relation, left, right) is not None
    size = _size(left).max(_size(right))
    width = largest_gap(left, right).rad() * 4
    return bool(width <= size * arb(10) ** -digits)


def _size(value: Value) -> Any:
    sizes = [
        abs(c.ball if hasattr(c, "ball") else c).lower() for c in value.cells
    ]
    out = sizes[0]
    for s in sizes[1:]:
        out = out.max(s)
    return out


def _mid(ball: Any) -> float:
    return float(ball.mid())


def _rounded(ball: Any) -> str:
    return f"{float(ball.upper()):.3g}"


def _text(value: Value) -> str:
    return str(value.expr)


def _named(point: Point) -> str:
    return ", ".join(f"{s} = {v}" for s, v in point.items()) or (
        "the only point"
    )

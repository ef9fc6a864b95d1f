"""High-precision agreement of two sides at points of a domain."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp

from kexue_lib.derive.domain import Point
from kexue_lib.derive.evaluate import concrete
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.naming import put
from kexue_lib.derive.statement import (
    RejectedError,
    Statement,
    sample_points,
)


def agreement(
    statement: Statement, points: int, digits: int
) -> tuple[int, int]:
    """Return how many points were tried and to how many digits they agree.

    Raises:
        RejectedError: fewer than ``digits`` digits agree somewhere, or the
            relation fails by more than that.
    """
    places = sample_points(statement, points)
    for point in places:
        left = high_precision(statement.lhs, point, digits + 12)
        right = high_precision(statement.rhs, point, digits + 12)
        if not _good(left, right, statement.relation, digits):
            shown = ", ".join(f"{s} = {v}" for s, v in point.items())
            raise RejectedError(
                f"at {shown}: {mpmath.nstr(left, 15)} and "
                f"{mpmath.nstr(right, 15)}"
            )
    return len(places), digits


def largest_gap(statement: Statement, points: int) -> tuple[int, float, str]:
    """Return points tried, the largest difference, and where it is."""
    places = sample_points(statement, points)
    gaps = [
        float(
            abs(
                high_precision(statement.lhs, point, 30)
                - high_precision(statement.rhs, point, 30)
            )
        )
        for point in places
    ]
    worst = max(range(len(gaps)), key=gaps.__getitem__)
    shown = ", ".join(f"{s} = {v}" for s, v in places[worst].items())
    return len(places), gaps[worst], shown or "the only point"


def _good(left: Any, right: Any, relation: Relation, digits: int) -> bool:
    with mpmath.workdps(digits + 12):
        size = max(abs(left), abs(right), mpmath.mpf(10) ** -digits)
        close = abs(left - right) <= mpmath.mpf(10) ** -digits * size
        if relation is Relation.EQ:
            return bool(close)
        if relation is Relation.NE:
            return not close
        if mpmath.im(left) or mpmath.im(right):
            raise RejectedError("an order of numbers that are not real")
        if relation in (Relation.LE, Relation.GE) and close:
            return True
        up = relation in (Relation.LE, Relation.LT)
        gap = right - left if up else left - right
        return bool(gap > 0 and not close)


def high_precision(expr: Any, point: Point, digits: int) -> Any:
    """Return the mpmath value; infinite sums and integrals included.

    Raises:
        RejectedError: the value is not a finite number.
    """
    ready = concrete(expr)
    ready = put(ready, point)
    if ready.has(sp.zoo, sp.nan):
        raise RejectedError(f"{expr} is undefined at {point}")
    with mpmath.workdps(digits):
        value = _value(ready)
    if not mpmath.isfinite(value):
        raise RejectedError(f"{expr} is not finite at {point}")
    return value


def _value(expr: Any) -> Any:
    if isinstance(expr, sp.Sum) and len(expr.limits) == 1:
        k, low, high = expr.limits[0]
        term = sp.lambdify(k, expr.function, "mpmath")
        ends = [_end(low), _end(high)]
        return mpmath.nsum(term, ends)
    if isinstance(expr, sp.Integral) and len(expr.limits) == 1:
        x, low, high = expr.limits[0]
        inside = expr.function.doit()
        function = sp.lambdify(x, inside, "mpmath")
        return mpmath.quad(function, [_end(low), _end(high)])
    if expr.has(sp.Sum, sp.Integral) and expr.args:
        parts = [_value(a) for a in expr.args]
        if expr.is_Add:
            return mpmath.fsum(parts)
        if expr.is_Mul:
            return mpmath.fprod(parts)
        letters = [sp.Dummy() for _ in parts]
        return sp.lambdify(letters, expr.func(*letters), "mpmath")(*parts)
    return sp.lambdify((), expr.doit(), "mpmath")()


def _end(end: Any) -> Any:
    if end in (sp.oo, -sp.oo):
        return mpmath.inf if end is sp.oo else -mpmath.inf
    return int(end) if end.is_Integer else sp.lambdify((), end, "mpmath")()

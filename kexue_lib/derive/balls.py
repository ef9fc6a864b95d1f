"""Rigorous numerics: python-flint's balls on boxes that are halved.

Only functions with a sound enclosure are translated; anything else is
refused by name. flint is imported when the first box is certified.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from kexue_lib.derive.evaluate import (
    NotEvaluableError,
    UndefinedValueError,
    differ,
    evaluate,
    sign_of_gap,
)
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import (
    DisagreementError,
    RejectedError,
    Sampled,
    Statement,
)

Box = dict[Any, tuple[Any, Any]]
BITS = 128
MOST = 60_000


def certify(statement: Statement, box: Box, radius: Any, depth: int) -> int:
    """Decide the statement on the box; return the number of parts.

    Raises:
        RejectedError: a part is undecided at the smallest size.
    """
    import flint

    flint.ctx.prec = BITS
    goal = _goal(statement, radius)
    symbols = list(box)
    todo = [(tuple(box[s] for s in symbols), 0)]
    done = 0
    while todo:
        ends, level = todo.pop()
        table = {
            s: _interval(low, high)
            for s, (low, high) in zip(symbols, ends, strict=True)
        }
        if _decided(goal, table):
            done += 1
            continue
        if level >= depth * len(symbols) or done + len(todo) > MOST:
            shown = ", ".join(
                f"{s} in [{a}, {b}]"
                for s, (a, b) in zip(symbols, ends, strict=True)
            )
            raise RejectedError(f"undecided on {shown}")
        todo += [(part, level + 1) for part in _halves(ends)]
    return done


def _goal(statement: Statement, radius: Any) -> Any:
    """Return expressions that must be (strictly) positive on the box."""
    gap = statement.right - statement.left
    relation = statement.relation
    if relation in (Relation.LE, Relation.LT):
        return [(gap, relation is Relation.LT)]
    if relation in (Relation.GE, Relation.GT):
        return [(-gap, relation is Relation.GT)]
    if relation in (Relation.EQ, Relation.APPROX) and radius is not None:
        return [(radius - gap, False), (radius + gap, False)]
    if relation in (Relation.EQ, Relation.APPROX):
        raise RejectedError("an equation in balls needs a radius")
    raise RejectedError(f"balls do not decide {relation.text}")


def _decided(goal: list[tuple[Any, bool]], table: dict[Any, Any]) -> bool:
    for expr, strict in goal:
        value = ball(expr, table)
        if value is None or not value.is_finite():
            return False
        low = value.lower()
        if not (low > 0 if strict else low >= 0):
            return False
    return True


def _halves(ends: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    widest = max(range(len(ends)), key=lambda i: ends[i][1] - ends[i][0])
    low, high = ends[widest]
    middle = (low + high) / 2
    return [
        (*ends[:widest], part, *ends[widest + 1 :])
        for part in ((low, middle), (middle, high))
    ]


def _interval(low: Any, high: Any) -> Any:
    from flint import arb

    a, b = _rational(low), _rational(high)
    return a.union(b) if low != high else arb(a)


def _rational(value: Any) -> Any:
    from flint import arb, fmpq

    return arb(fmpq(int(value.p), int(value.q)))


_UNARY = {
    sp.exp: "exp",
    sp.log: "log",
    sp.sin: "sin",
    sp.cos: "cos",
    sp.tan: "tan",
    sp.atan: "atan",
    sp.sinh: "sinh",
    sp.cosh: "cosh",
    sp.tanh: "tanh",
    sp.asin: "asin",
    sp.acos: "acos",
    sp.asinh: "asinh",
    sp.atanh: "atanh",
    sp.erf: "erf",
    sp.erfc: "erfc",
    sp.gamma: "gamma",
    sp.loggamma: "lgamma",
    sp.Abs: "__abs__",
}


def ball(expr: Any, table: dict[Any, Any]) -> Any:
    """Enclose ``expr`` on the box ``table``; None where it is undefined.

    Raises:
        RejectedError: a function has no enclosure here.
    """
    from flint import arb

    if expr.is_Symbol:
        return table[expr]
    if expr.is_Rational:
        return _rational(expr)
    if expr is sp.pi:
        return arb.pi()
    if expr is sp.E:
        return arb(1).exp()
    if expr is sp.EulerGamma:
        return arb.const_euler()
    if expr is sp.GoldenRatio:
        return (1 + arb(5).sqrt()) / 2
    parts = [] if expr.is_Pow else [ball(a, table) for a in expr.args]
    if any(p is None for p in parts):
        return None
    if expr.is_Add:
        return sum(parts[1:], parts[0])
    if expr.is_Mul:
        product = parts[0]
        for p in parts[1:]:
            product = product * p
        return product
    if expr.is_Pow:
        return _power(expr, table)
    if isinstance(expr, sp.Max | sp.Min):
        return _extreme(expr, parts)
    if expr.func in _UNARY:
        value = getattr(parts[0], _UNARY[expr.func])()
        return value if value.is_finite() else None
    if isinstance(expr, sp.besseli):
        value = parts[1].bessel_i(parts[0])
        return value if value.is_finite() else None
    raise RejectedError(f"no ball enclosure for {expr.func.__name__}")


def _power(expr: Any, table: dict[Any, Any]) -> Any:
    base = ball(expr.base, table)
    if base is None:
        return None
    power = expr.exp
    if power.is_Integer:
        if power < 0 and base.contains(0):
            return None
        # An even power of a ball around 0 is not negative.
        if power % 2 == 0 and power > 0:
            return abs(base) ** int(power)
        return base ** int(power)
    if power == sp.Rational(1, 2):
        value = base.sqrt()
        return value if value.is_finite() else None
    exponent = ball(power, table)
    if exponent is None or not base > 0:
        return None
    return (exponent * base.log()).exp()


def _extreme(expr: Any, parts: list[Any]) -> Any:
    value = parts[0]
    for p in parts[1:]:
        value = value.max(p) if isinstance(expr, sp.Max) else value.min(p)
    return value


def sample_box(statement: Statement, box: Box, radius: Any) -> Sampled:
    """Try the statement at corners and inside the box.

    Raises:
        DisagreementError: it fails there.
    """
    shares = [sp.Rational(i, 7) for i in (0, 7, 3, 5, 1, 6, 2, 4)]
    count = 0
    for i, first in enumerate(shares):
        point = {
            s: low + (high - low) * shares[(first * 7 + i * j) % 8]
            for j, (s, (low, high)) in enumerate(box.items())
        }
        try:
            left = evaluate(statement.lhs, point)
            right = evaluate(statement.rhs, point)
        except UndefinedValueError as why:
            raise DisagreementError(f"undefined: {why}", point) from None
        if not _agrees(statement, left, right, radius):
            raise DisagreementError(
                "the sides differ", point, left.expr, right.expr
            )
        count += 1
    return Sampled(count, False)


def _agrees(statement: Statement, left: Any, right: Any, radius: Any) -> bool:
    relation = statement.relation
    if relation in (Relation.EQ, Relation.APPROX):
        if radius is None:
            raise NotEvaluableError("an equation in balls needs a radius")
        return bool(abs((left.expr - right.expr).evalf(30)) <= radius)
    sign = sign_of_gap(left, right)
    if relation in (Relation.GE, Relation.GT):
        sign = -sign
    strict = relation in (Relation.LT, Relation.GT)
    return sign > 0 if strict else sign >= 0


__all__ = ["NotEvaluableError", "ball", "certify", "differ", "sample_box"]

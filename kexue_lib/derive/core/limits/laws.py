"""The laws of limits: what follows from the limits of the parts."""

from __future__ import annotations

from kexue_lib.derive.core.limits.asking import Asker
from kexue_lib.derive.core.nonzero import nonzero
from kexue_lib.derive.core.terms import (
    NOO,
    OO,
    ZERO,
    Term,
    UnsupportedError,
    add,
    fn,
    mul,
    neg,
    power,
)


def by_laws(ask: Asker, t: Term) -> Term | None:
    """The limit of a sum, product, power, exponential, logarithm.

    None where the laws say nothing, such as oo - oo.
    """
    try:
        match t.op:
            case "add":
                return _sum([ask.limit(p) for p in t.args], ask)
            case "mul":
                return _product([ask.limit(p) for p in t.args], ask)
            case "pow":
                return _power(ask.limit(t.args[0]), t.args[1], ask)
            case "fn" if t.args[0] == "exp":
                return _exponential(ask.limit(t.args[1]), t, ask)
            case "fn" if t.args[0] == "log":
                return _logarithm(ask.limit(t.args[1]), ask)
    except UnsupportedError:
        pass
    return None


def _sum(parts: list[Term], ask: Asker) -> Term | None:
    infinite = {p for p in parts if p in (OO, NOO)}
    if not infinite:
        return ask.constant(add(*parts))
    return infinite.pop() if len(infinite) == 1 else None


def _product(parts: list[Term], ask: Asker) -> Term | None:
    rest = [p for p in parts if p not in (OO, NOO)]
    if len(rest) == len(parts):
        return ask.constant(mul(*parts))
    sign = -1 if parts.count(NOO) % 2 else 1
    for p in rest:
        sign *= _sign(p, ask)
    if sign == 0:
        return None
    return OO if sign > 0 else NOO


def _sign(t: Term, ask: Asker) -> int:
    """The sign of a constant; 0 if it is not seen."""
    with ask.know.thoroughly():
        if ask.know.positive(t):
            return 1
        return -1 if ask.know.positive(neg(t)) else 0


def _power(value: Term, e: Term, ask: Asker) -> Term | None:
    whole = ask.know.integer(e)
    sign = _sign(ask.constant(e), ask)
    if value is OO or (value is NOO and whole):
        if sign < 0:
            return ZERO
        return OO if sign > 0 and value is OO else None
    if value is NOO:
        return None
    smooth = whole and (sign > 0 or nonzero(value, ask.know))
    if smooth or _sign(value, ask) > 0:
        return ask.constant(power(value, e))
    return None


def _exponential(value: Term, t: Term, ask: Asker) -> Term:
    if value is NOO:
        return ZERO
    if value is OO:
        ask.positive(t)
        return OO
    return ask.constant(fn("exp", value))


def _logarithm(value: Term, ask: Asker) -> Term | None:
    if value is OO:
        return OO
    if value is not NOO and _sign(value, ask) > 0:
        return ask.constant(fn("log", value))
    return None

"""What is left of a series of rational terms, by Hurwitz's zeta function.

f(k) = P(k)/Q(k) is written in u = 1/k as u^m (c_0 + c_1 u + ...) up to a
rest u^J R(u)/B(u), where A - S B = u^J R exactly; the rest is enclosed on
[0, 1/N], the powers are summed by zeta(s, N).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from flint import acb, arb

from kexue_lib.derive.core.terms import (
    ONE,
    TWO,
    Term,
    add,
    free,
    mul,
    num,
    power,
    sub,
    subst,
)

Coefficients = list[Any]
TERMS = 40
"""How many powers are summed."""


class Ratio(NamedTuple):
    """A quotient of polynomials, lowest coefficient first."""

    top: Coefficients
    bottom: Coefficients


def tail(
    t: Term, k: Term, first: int, enclose: Callable[[Term], Any]
) -> Any | None:
    """A ball around the sum of a rational term from ``first`` on."""
    turning = power(num(-1), k)
    if t.op == "mul" and turning in t.args and first % 2 == 0:
        rest = mul(*(a for a in t.args if a is not turning))
        alone = _ratio(rest, k, enclose)
        if alone is None or _drop(alone) < 1:
            return None
        # Neighbours in pairs: the terms go to 0.
        pair = sub(
            subst(rest, {k: mul(TWO, k)}),
            subst(rest, {k: add(mul(TWO, k), ONE)}),
        )
        return tail(pair, k, first // 2, enclose)
    found = _ratio(t, k, enclose)
    if found is None:
        return None
    top, bottom = _trimmed(found.top), _trimmed(found.bottom)
    drop = len(bottom) - len(top)
    if not top or not bottom or drop < 2 or bottom[-1].contains(0):
        return None
    a, b = top[::-1], bottom[::-1]
    u = acb(arb(0).union(arb(1) / first))
    below = _at(b, u)
    if below.contains(0):
        return None
    series, rest = _divided(a, b)
    total = acb(0)
    for j, c in enumerate(series):
        total = total + c * acb(drop + j).zeta(acb(first))
    bound = abs(_at(rest, u) / below).upper()
    slack = (bound * acb(drop + TERMS).zeta(acb(first)).real).upper()
    around = (-slack).union(slack)
    return total + acb(around, around)


def _drop(r: Ratio) -> int:
    """How much higher the degree below is."""
    top, bottom = _trimmed(r.top), _trimmed(r.bottom)
    if not bottom or bottom[-1].contains(0):
        return 0
    return len(bottom) - len(top)


def _divided(a: Coefficients, b: Coefficients) -> tuple[Any, Any]:
    """The first coefficients of a/b in u, and R of the rest."""
    series: Coefficients = []
    left = [*a, *[acb(0)] * (TERMS + len(b))]
    for j in range(TERMS):
        c = left[j] / b[0]
        series.append(c)
        for i, q in enumerate(b):
            left[j + i] = left[j + i] - c * q
    return series, left[TERMS:]


def _at(p: Coefficients, u: Any) -> Any:
    out = acb(0)
    for c in reversed(p):
        out = out * u + c
    return out


def _trimmed(p: Coefficients) -> Coefficients:
    while p and bool(p[-1] == 0):
        p = p[:-1]
    return p


def _ratio(t: Term, k: Term, enclose: Callable[[Term], Any]) -> Ratio | None:
    if k not in free(t):
        return Ratio([enclose(t)], [acb(1)])
    if t is k:
        return Ratio([acb(0), acb(1)], [acb(1)])
    match t.op:
        case "add" | "mul":
            parts = [_ratio(p, k, enclose) for p in t.args]
            total = Ratio([acb(t.op == "mul")], [acb(1)])
            for p in parts:
                if p is None:
                    return None
                if t.op == "mul":
                    top = _times(total.top, p.top)
                else:
                    top = _plus(
                        _times(total.top, p.bottom),
                        _times(p.top, total.bottom),
                    )
                total = Ratio(top, _times(total.bottom, p.bottom))
            return total
        case "pow" if t.args[1].op == "num":
            n: Fraction = t.args[1].args[0]
            base = _ratio(t.args[0], k, enclose)
            if base is None or n.denominator != 1 or abs(n) > 20:
                return None
            if n < 0:
                base = Ratio(base.bottom, base.top)
            out = Ratio([acb(1)], [acb(1)])
            for _ in range(abs(int(n))):
                out = Ratio(
                    _times(out.top, base.top), _times(out.bottom, base.bottom)
                )
            return out
    return None


def _times(a: Coefficients, b: Coefficients) -> Coefficients:
    out = [acb(0)] * (len(a) + len(b) - 1)
    for i, p in enumerate(a):
        for j, q in enumerate(b):
            out[i + j] = out[i + j] + p * q
    return out


def _plus(a: Coefficients, b: Coefficients) -> Coefficients:
    size = max(len(a), len(b))
    a = [*a, *[acb(0)] * (size - len(a))]
    b = [*b, *[acb(0)] * (size - len(b))]
    return [p + q for p, q in zip(a, b, strict=True)]

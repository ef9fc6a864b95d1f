"""Integrals by an antiderivative, and its values at the ends."""

from __future__ import annotations

from collections.abc import Sequence

from kexue_lib.derive.core.convergence import decays
from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.discharge import settled
from kexue_lib.derive.core.equations import (
    Function,
    NotShownError,
    Premise,
    equal,
    several,
)
from kexue_lib.derive.core.field import (
    along_reals,
    open_symbols,
    span,
)
from kexue_lib.derive.core.kinks import regions
from kexue_lib.derive.core.limits.towards import Towards, tends
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.smooth import rough
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import (
    NOO,
    ONE,
    OO,
    TWO,
    ZERO,
    Term,
    add,
    binder,
    contains,
    entries,
    free,
    fresh,
    is_fn,
    mul,
    neg,
    num,
    opened,
    over,
    sub,
)


def primitive(
    a: Term,
    b: Term,
    know: Context,
    antiderivative: Function,
    premises: Sequence[Premise] = (),
) -> Proof:
    """F' is the integrand inside, F is continuous on the closed range."""
    parts, areas, rest = several(a, "int", know)
    low, high = areas[0][1].args[1:]
    if not along_reals(know, areas[0][1]):
        raise NotShownError("an integral along a complex path")
    hidden = (a, b, *open_symbols(know))
    inner = fresh("@y", hidden, "real", "inner")
    total = add(*(mul(c, opened(t.args[0], inner)) for c, t in areas))
    inside = (span(know, inner, low, high),)
    # Finitely many points between its formulas do not matter.
    for tests, gap in _regions(know, antiderivative(inner), total, inner):
        there = know.knowing(*tests)
        with there.within(*inside):
            empty = bool(tests) and there.impossible()
        if not empty:
            slope, value = entries(gap)
            slope = binder("diff", slope, inner, inner)
            parts.append(equal(slope, value, there, premises, inside))
    x = fresh("@x", hidden, "real")
    value = antiderivative(x)
    with know.within(span(know, x, low, high)), know.thoroughly():
        why = rough(know, value, x, kinks=True)
        if why:
            raise NotShownError(f"F may jump: {why}")
        f = know.field()
        f.quotients(value)
        parts.append(settled("F is defined", f.conditions, know))
    top, first = at_end(antiderivative, high, know)
    bottom, second = at_end(antiderivative, low, know)
    ends = equal(add(rest, sub(top, bottom)), b, know, premises)
    parts += [*first, *second, ends]
    return Proof("antiderivative", "", tuple(parts))


def _regions(
    know: Context, value: Term, slope: Term, x: Term
) -> list[tuple[tuple[Term, ...], Term]]:
    """Formulas of F and of its derivative, with the hypotheses of each."""
    return regions(know, Term("mat", 1, 2, value, slope), x)


def at_end(
    f: Function, end: Term, know: Context
) -> tuple[Term, tuple[Proof, ...]]:
    """The value, or the limit at an infinite end, and why it is that."""
    if end is not OO and end is not NOO:
        return f(end), ()
    x = fresh("@oo", open_symbols(know), "real", "positive")
    t = f(x if end is OO else neg(x))
    try:
        return limit_at_infinity(t, x, know), ()
    except NotShownError:
        value, proof = tends(t, Towards(x, OO, "-"), "", know)
        if value in (OO, NOO):
            raise NotShownError(f"{t} grows at infinity") from None
        return value, (proof,)


def limit_at_infinity(t: Term, x: Term, know: Context) -> Term:
    """Limits of what decays, of erf of what grows, and of constants."""
    if x not in free(t):
        return t
    if t.op == "add":
        return add(*(limit_at_infinity(p, x, know) for p in t.args))
    if t.op == "mul":
        moving = [p for p in t.args if x in free(p)]
        rest = [p for p in t.args if x not in free(p)]
        if vanishes(mul(*moving), x, know):
            return ZERO
        return mul(*rest, *(limit_at_infinity(p, x, know) for p in moving))
    if is_fn(t, "erf", "erfc", "atan"):
        sign = _grows(t.args[1], x, know)
        half = over(Term("const", "pi"), TWO)
        return {
            "erf": num(sign),
            "erfc": num(1 - sign),
            "atan": mul(num(sign), half),
        }[t.args[0]]
    if vanishes(t, x, know):
        return ZERO
    raise NotShownError(f"the limit of {t} at infinity")


def _grows(t: Term, x: Term, know: Context) -> int:
    """The sign of the infinity to which a linear argument goes."""
    f = know.field()
    with f.quietly():
        slope = f.canonical(derivative(t, x))
    if x not in free(slope):
        if know.positive(slope):
            return 1
        if know.positive(neg(slope)):
            return -1
    raise NotShownError(f"whether {t} grows")


def vanishes(t: Term, x: Term, know: Context) -> bool:
    """Known to go to 0 as x goes to infinity."""
    if is_fn(t, "uppergamma") and x not in free(t.args[1]):
        return _grows(t.args[2], x, know) > 0
    return not contains(t, "sum", "int", "prod") and decays(
        t, x, OO, ONE, know, drop=1
    )

"""Optima: the place is in the domain, and all other values are worse."""

from __future__ import annotations

from collections.abc import Iterable

from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.equations import (
    NotShownError,
    defined,
    equal,
)
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.smooth import rough
from kexue_lib.derive.core.splits import facts_about
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import (
    MINUS,
    ONE,
    ZERO,
    Term,
    add,
    facts_of,
    free,
    is_fn,
    mul,
    num,
    over,
    rel,
    sub,
    subst,
)


def _bounds(g: Term, x: Term, xs: Iterable[Term]) -> bool:
    """An inequality that is linear in all variables together: convex."""
    op, a, b = g.args
    if op not in ("<", "<="):
        return False
    if is_fn(a, "Abs") and a.args[1] is x:
        return not free(b) & set(xs)
    f = Context().field()
    slope = f.canonical(derivative(sub(b, a), x))
    return not free(slope) & set(xs)


def optimum(
    smallest: bool,
    f: Term,
    place_: dict[Term, Term],
    value: Term | None,
    know: Context,
) -> Proof:
    """The place is in the domain; the slope points away from it.

    One variable: the slope is (x - x*) times something positive. Several:
    f - f(x*) is seen to be >= 0, which settles the value; that no other
    place has it (no value given) needs that f - f(x*) is a sum in which
    something positive belongs to each x != x*, or a definite Hessian.
    """
    xs = list(place_)
    for x, at in place_.items():
        in_box(x, at, place_, know)
    parts = [defined(know, f)]
    if value is not None:
        parts.append(equal(subst(f, place_), value, know))
    sign = ONE if smallest else MINUS
    for x in xs:
        why = rough(know, f, x, kinks=False)
        if why:
            raise NotShownError(f"{why} is not smooth")
    if len(xs) == 1:
        x, at = xs[0], place_[xs[0]]
        slope = mul(sign, derivative(f, x))
        parts.append(equal(subst(slope, place_), ZERO, know))
        with know.thoroughly():
            away = sub(x, at)
            good = know.positive(over(slope, away))
            if not good:
                apart = know.knowing(rel("!=", x, at))
                good = apart.holds(rel("<", ZERO, mul(slope, away))) is True
            if not good:
                bend = derivative(slope, x)
                good = know.positive(bend)
        if not good:
            raise NotShownError("slope / (x - x*) is not seen to be > 0")
        return Proof("optimum", "one variable", tuple(parts))
    rest = mul(sign, sub(f, subst(f, place_)))
    with know.thoroughly():
        if _never_below(rest, place_, value is None, know):
            return Proof("optimum", "difference of values", tuple(parts))
        slopes = [derivative(mul(sign, f), x) for x in xs]
        for slope in slopes:
            parts.append(equal(subst(slope, place_), ZERO, know))
        if not all(map(know.positive, _minors(slopes, xs))):
            raise NotShownError("f - f(x*) >= 0 is not seen")
    return Proof("optimum", "positive definite Hessian", tuple(parts))


def _never_below(
    rest: Term, place_: dict[Term, Term], alone: bool, know: Context
) -> bool:
    """rest >= 0; if asked, rest > 0 as soon as one variable is elsewhere."""
    if not alone:
        return know.nonnegative(rest)
    apart = (
        know.knowing(rel("<", *pair))
        for x, at in place_.items()
        for pair in ((x, at), (at, x))
    )
    return all(
        there.impossible() or there.holds(rel("<", ZERO, rest)) is True
        for there in apart
    )


def _minors(slopes: list[Term], xs: list[Term]) -> Iterable[Term]:
    """Leading minors of the Hessian."""
    rows = [[derivative(s, x) for x in xs] for s in slopes]
    for size in range(1, len(xs) + 1):
        yield _determinant([r[:size] for r in rows[:size]])


def _determinant(rows: list[list[Term]]) -> Term:
    if len(rows) == 1:
        return rows[0][0]
    return add(
        *(
            mul(
                num((-1) ** j),
                a,
                _determinant([r[:j] + r[j + 1 :] for r in rows[1:]]),
            )
            for j, a in enumerate(rows[0])
        )
    )


def in_box(
    x: Term,
    at: Term,
    place_: dict[Term, Term],
    know: Context,
    closed: bool = False,
) -> None:
    """The domain of x is an interval, and the place lies in it.

    With ``closed`` it may be an end that does not belong to the domain.
    """
    if not know.real(x) or "integer" in facts_of(x):
        raise NotShownError(f"{x} is not a real variable")
    xs = place_.keys()
    others = Context(tuple(g for g in know.given if not free(g) & xs))
    if not others.real(at):
        raise NotShownError(f"{at} is not known to be real")
    for g in know.given:
        if x in free(g) and not _bounds(g, x, xs):
            raise NotShownError(f"{g} may not be an interval")
    for g in (*know.given, *facts_about(x, x)):
        if x not in free(g):
            continue
        there = subst(g, place_)
        if closed and there.args[0] == "<":
            there = rel("<=", *there.args[1:])
        if others.holds(there) is not True:
            raise NotShownError(f"{at} may leave the domain: {g}")

"""Inequalities: signs, squares, growth, convexity, instances."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.equations import (
    NotShownError,
    defined,
    equal,
)
from kexue_lib.derive.core.optima import in_box
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.smooth import rough
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import (
    TWO,
    ZERO,
    Term,
    add,
    fn,
    fresh,
    mul,
    power,
    rel,
    sub,
    subst,
)


def by_sign(a: Term, op: str, b: Term, know: Context) -> Proof:
    """The sign of the difference is seen."""
    if know.holds(rel(op, a, b)) is not True:
        raise NotShownError(
            f"{a} {op} {b} is not seen"[:200],
            "by.squares, by.monotone(x, start), by.convex(x, at), by.logs or "
            "by.instances; or a hypothesis on the signs, given(...)",
        )
    return Proof("sign", "", (defined(know, a, b),))


def by_squares(
    gap: Term, squares: Iterable[tuple[Term, Term]], know: Context
) -> Proof:
    """gap = sum of weight * base^2 with weights >= 0 and real bases."""
    total = []
    with know.thoroughly():
        for base, weight in squares:
            if not (know.real(base) and know.nonnegative(weight)):
                raise NotShownError(f"{weight} ({base})^2 may be negative")
            total.append(mul(weight, power(base, TWO)))
    return Proof("squares", "", (equal(gap, add(*total), know),))


def by_growth(
    gap: Term, x: Term, start: Term, strict: bool, know: Context
) -> Proof:
    """gap >= 0 at the start, and its slope is >= 0 from there to x."""
    with know.thoroughly():
        if not (know.real(x) and know.nonnegative(sub(x, start))):
            raise NotShownError(f"{x} may be below {start}")
        first = subst(gap, {x: start})
        good = know.positive if strict else know.nonnegative
        firmly = strict and good(first)
        if not (firmly or know.nonnegative(first)):
            raise NotShownError(f"{first} may be negative")
        slope = derivative(gap, x)
        t = fresh("@t", (gap, x, start), "real", "inner")
        with know.within((t, start, x)):
            moved = subst(slope, {x: t})
            if strict and not firmly:
                seen = know.positive(moved)
            else:
                seen = know.nonnegative(moved)
        if not seen:
            raise NotShownError(f"the slope {moved} may be negative"[:200])
        if strict and not firmly and not know.positive(sub(x, start)):
            raise NotShownError(f"not strict at {x} = {start}")
    path = continuous(gap, x, (start, x), know)
    return Proof("growth", f"in {x} from {start}", (path,))


def continuous(
    t: Term, x: Term, ends: tuple[Term, Term], know: Context
) -> Proof:
    """A term is defined and continuous on a closed range."""
    s = fresh("@t", (t, x, *ends), "real")
    moved = subst(t, {x: s})
    with know.within((s, *ends)):
        why = rough(know, moved, s, kinks=True)
        if why:
            raise NotShownError(f"{why} may jump")
        return defined(know, moved)


def by_convexity(
    gap: Term, x: Term, at: Term, bend: Term | None, know: Context
) -> Proof:
    """gap and its slope vanish at a point of an interval, and gap'' >= 0."""
    in_box(x, at, {x: at}, know, closed=True)
    slope = derivative(gap, x)
    second = derivative(slope, x)
    if bend is None:
        bend = second
    t = fresh("@t", (gap, bend, x, at), "real")
    moved = subst(bend, {x: t})
    parts = [
        equal(subst(gap, {x: at}), ZERO, know),
        equal(subst(slope, {x: at}), ZERO, know),
    ]
    for low, high in ((at, x), (x, at)):
        side = know.knowing(rel("<=", low, high))
        if side.impossible():
            continue
        parts.append(continuous(add(gap, slope, second), x, (low, high), side))
        with side.within((t, low, high)), side.thoroughly():
            parts.append(equal(subst(second, {x: t}), moved, side))
            if not side.nonnegative(moved):
                raise NotShownError("the second derivative may be negative")
    return Proof("convexity", f"in {x} at {at}", tuple(parts))


def by_logarithms(
    a: Term, b: Term, know: Context, then: Callable[[Term, Term], Proof]
) -> Proof:
    """Two positive sides compare as their logarithms do."""
    with know.thoroughly():
        for side in (a, b):
            if not know.positive(side):
                raise NotShownError(f"{side} may not be positive")
    return Proof("logarithms", "", (then(fn("log", a), fn("log", b)),))


def by_instances(
    gap: Term,
    instances: Iterable[tuple[Term, Term, tuple[Term, ...]]],
    know: Context,
) -> Proof:
    """gap = sum of weight * (an earlier gap >= 0), weights >= 0.

    Args:
        gap: what is to be >= 0.
        instances: weight, earlier gap at its values, what that needs.
        know: the hypotheses.
    """
    total = []
    with know.thoroughly():
        for weight, earlier, needs in instances:
            if not know.nonnegative(weight):
                raise NotShownError(f"the weight {weight} may be negative")
            for need in needs:
                if know.holds(need) is not True:
                    raise NotShownError(f"the instance needs {need}")
            total.append(mul(weight, earlier))
    return Proof("instances", "", (equal(gap, add(*total), know),))

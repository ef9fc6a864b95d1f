"""Sums and sequences: telescoping, termwise, induction, recurrences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kexue_lib.derive.core.discharge import settled
from kexue_lib.derive.core.equations import (
    Function,
    NotShownError,
    Premise,
    defined,
    equal,
    several,
    single,
)
from kexue_lib.derive.core.field import (
    open_symbols,
)
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Condition, Kind, Proof
from kexue_lib.derive.core.terms import (
    ONE,
    Term,
    add,
    facts_of,
    free,
    fresh,
    infinite,
    mul,
    num,
    opened,
    sub,
    subst,
)


def telescoping(
    a: Term, b: Term, know: Context, certificate: Function
) -> Proof:
    """term(k) = F(k) - F(k+1) in the range; F(low) - F(high + 1) remains."""
    parts, sums, rest = several(a, "sum", know)
    low, high = sums[0][1].args[1:]
    if infinite(sums[0][1]):
        raise NotShownError("an infinite sum")
    if not (know.integer(low) and know.integer(high)):
        raise NotShownError("a range whose ends are no integers")
    k = fresh("@k", (a, b, *open_symbols(know)), "integer", "real")
    step = sub(certificate(k), certificate(add(k, ONE)))
    total = add(*(mul(c, opened(t.args[0], k)) for c, t in sums))
    parts.append(equal(total, step, know, within=((k, low, high),)))
    ends = sub(certificate(low), certificate(add(high, ONE)))
    parts.append(equal(add(rest, ends), b, know))
    condition = Condition(Kind.RANGE, sub(high, low))
    return settled("telescoping", [condition], know, parts=tuple(parts))


def termwise(
    a: Term,
    b: Term,
    know: Context,
    inside: Callable[[Term, Term, Term], Proof],
) -> Proof:
    """Two finite sums over one range, term by term.

    Args:
        a, b: sums, or multiples of one sum each by the same factor.
        know: the hypotheses.
        inside: shows two terms equal, given the letter of the index, of
            which only its range is known.
    """
    (scale, left), (other, right) = (
        (ONE, t) if t.op == "sum" else single(t, "sum") for t in (a, b)
    )
    if scale is not other or left.args[1:] != right.args[1:]:
        raise NotShownError("two sums with other factors or other ranges")
    low, high = left.args[1:]
    if infinite(left):
        raise NotShownError("an infinite sum")
    if not (know.integer(low) and know.integer(high)):
        raise NotShownError("a range whose ends are no integers")
    k = fresh("@k", (a, b, *open_symbols(know)), "integer", "real")
    with know.within((k, low, high)):
        part = inside(opened(left.args[0], k), opened(right.args[0], k), k)
    condition = Condition(Kind.RANGE, sub(high, low))
    both = defined(know, scale)
    return settled("termwise", [condition], know, parts=(part, both))


def induction(
    a: Term,
    b: Term,
    know: Context,
    n: Term,
    start: int,
    stride: int,
    step: Callable[..., Proof],
) -> Proof:
    """Bases start, ..., start + stride - 1; equal increments from any n.

    The step is shown for every n >= start, whatever else the symbol or the
    givens say of n; otherwise a gap could remain between base and step.
    """
    if stride < 1:
        raise NotShownError(f"steps of {stride} lead nowhere")
    if not know.integer(n) or not know.nonnegative(sub(n, num(start))):
        raise NotShownError(f"{n} is not known to be an integer >= {start}")
    rest = tuple(g for g in know.given if n not in free(g))
    parts = []
    for value in range(start, start + stride):
        at = {n: num(value)}
        parts.append(step(subst(a, at), subst(b, at), Context(rest)))
    m = fresh("@n", (a, b, n, *rest), "integer", "nonnegative", "real")
    here, there = (add(m, num(start + d)) for d in (0, stride))
    a0, b0 = (subst(t, {n: here}) for t in (a, b))
    a1, b1 = (subst(t, {n: there}) for t in (a, b))
    # What is shown of n may be used for n + stride.
    before = Premise(a0, b0)
    if a.op == "prod":
        parts.append(step(a1, b1, Context(rest), before))
    else:
        parts.append(step(sub(a1, a0), sub(b1, b0), Context(rest)))
    return Proof("induction", f"{n} from {start} by {stride}", tuple(parts))


def recurrence(
    n: Term,
    lead: Term,
    base: Sequence[Proof],
    steps: Sequence[Proof],
    know: Context,
) -> Proof:
    """Two sequences satisfy one linear recurrence and start alike.

    Args:
        n: an integer symbol >= 0.
        lead: the factor of the term with the highest index; never 0.
        base: proofs that the sides agree at 0, ..., order - 1.
        steps: for each side, a proof that it satisfies the recurrence at
            every n >= 0.
        know: the hypotheses.
    """
    if not (know.integer(n) and "nonnegative" in facts_of(n)):
        raise NotShownError(f"{n} is not declared an integer >= 0")
    if "positive" in facts_of(n) or len(steps) != 2:
        raise NotShownError(f"{n} does not begin at 0")
    condition = Condition(Kind.NONZERO, lead)
    return settled("recurrence", [condition], know, f"in {n}", (*base, *steps))

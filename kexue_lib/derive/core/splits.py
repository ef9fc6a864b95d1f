"""Cases: every split is complete, and each case keeps its hypotheses."""

from __future__ import annotations

from collections.abc import Callable

from kexue_lib.derive.core.equations import (
    NotShownError,
)
from kexue_lib.derive.core.field import open_symbols
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import (
    ONE,
    TWO,
    ZERO,
    Term,
    add,
    binder,
    contains,
    facts_of,
    fresh,
    mul,
    num,
    opened,
    rebuilt,
    rel,
    sub,
    subst,
    sym,
)

_OPENED = {
    "sum": ("integer", "real"),
    "prod": ("integer", "real"),
    "int": ("real",),
}
"""Binders that a split goes into, and what their variable is."""

Inside = Callable[[dict[Term, Term], Context], Proof]
"""Shows the statement with values put in, under more hypotheses."""


def facts_about(s: Term, value: Term) -> list[Term]:
    """What the facts of a symbol say of the value put in its place."""
    facts = facts_of(s)
    if "positive" in facts:
        low = rel("<=", ONE, value) if "integer" in facts else None
        return [low or rel("<", ZERO, value)]
    if "nonnegative" in facts:
        return [rel("<=", ZERO, value)]
    if "negative" in facts:
        return [rel("<", value, ZERO)]
    return [rel("<=", value, ZERO)] if "nonpositive" in facts else []


def put_in(know: Context, table: dict[Term, Term]) -> Context:
    """The hypotheses with values put in for symbols."""
    given = [subst(g, table) for g in know.given]
    for s, value in table.items():
        given += facts_about(s, value)
    return Context(tuple(given))


def by_order(
    know: Context, i: Term, j: Term, gap: int, inside: Inside
) -> Proof:
    """i - j = -gap .. gap one by one, then beyond on either side."""
    if not (know.integer(i) and know.integer(j)):
        raise NotShownError("cases of numbers that are no integers")
    parts = []
    for d in range(-gap, gap + 1):
        table = {i: add(j, num(d))}
        there = put_in(know, table)
        if not there.impossible():
            parts.append(inside(table, there))
    for low, high in ((i, j), (j, i)):
        there = know.knowing(rel("<=", add(low, num(gap + 1)), high))
        if not there.impossible():
            parts.append(inside({}, there))
    return Proof("cases", f"{i} before, at, after {j}", tuple(parts))


def by_parity(know: Context, n: Term, inside: Inside) -> Proof:
    """n even, n odd."""
    if not know.integer(n):
        raise NotShownError(f"{n} is no integer")
    low = ["nonnegative"] if know.nonnegative(n) else []
    # Named after n, which goes: no other split can mean the same letter.
    j = sym(f"@half({n!r})", "integer", "real", *low)
    parts = []
    for rest in (ZERO, ONE):
        table = {n: add(mul(TWO, j), rest)}
        parts.append(inside(table, put_in(know, table)))
    return Proof("cases", f"{n} even, {n} odd", tuple(parts))


def by_first(
    know: Context, n: Term, start: int, count: int, inside: Inside
) -> Proof:
    """n = start, ... one by one, then everything beyond."""
    if not (know.integer(n) and know.nonnegative(sub(n, num(start)))):
        raise NotShownError(f"{n} is not known to be an integer >= {start}")
    j = sym(f"@more({n!r})", "integer", "nonnegative", "real")
    values = [num(start + d) for d in range(count)]
    parts = []
    for value in [*values, add(j, num(start + count))]:
        there = put_in(know, {n: value})
        if not there.impossible():
            parts.append(inside({n: value}, there))
    return Proof("cases", f"the first {count} values of {n}", tuple(parts))


def split_at(t: Term, n: Term, know: Context) -> Term:
    """Sums split at a place of their range: below n, at n, above n.

    Also inside integrals and other sums. Where n is not known to be such a
    place a sum stays as it is, unless it has cases: these are to be decided.
    """
    if t.op in _OPENED:
        body, *rest = t.args
        v = fresh("@v", (t, n, *open_symbols(know)), *_OPENED[t.op])
        inside = split_at(opened(body, v), n, know)
        t = binder(t.op, inside, v, *(split_at(r, n, know) for r in rest))
    else:
        t = rebuilt(t, lambda a, _: a if a.loose else split_at(a, n, know))
    if t.op != "sum":
        return t
    if not know.integer(n):
        raise NotShownError(f"{n} is no integer")
    body, low, high = t.args
    if not all(map(know.nonnegative, (sub(n, low), sub(high, n)))):
        if contains(body, "cases"):
            raise NotShownError(f"{n} may be outside {low}..{high}")
        return t
    return add(
        Term("sum", body, low, sub(n, ONE)),
        opened(body, n),
        Term("sum", body, add(n, ONE), high),
    )

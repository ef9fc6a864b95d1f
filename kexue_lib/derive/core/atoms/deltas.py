"""Sums of cases that hold for one value of the index."""

from __future__ import annotations

from kexue_lib.derive.core.field import Field, open_symbols
from kexue_lib.derive.core.terms import (
    TRUE,
    Term,
    add,
    binder,
    depth,
    free,
    fresh,
    neg,
    opened,
    replaced,
    sub,
    subst,
)


def picked(field: Field, t: Term) -> Term | None:
    """A sum of cases ``k = c``, else ...: the one term apart from the rest."""
    body, low, high = t.args
    know = field.oracle
    name = "#d" * (1 + depth(t))
    k = fresh(name, (t, *open_symbols(know)), "integer", "real")
    inner = opened(body, k)
    found = _at_one(field, inner, k)
    if found is None:
        return None
    node, at = found
    test, value, *rest = node.args
    with know.within((k, low, high)):
        for side in test.args[1:]:
            field.norm(side)  # what is compared must be defined
    other = rest[1] if rest[0] is TRUE else Term("cases", *rest)
    if not all(map(know.integer, (at, low, high))):
        return None
    others = replaced(inner, {node: other})
    out = binder("sum", others, k, low, high)
    if know.positive(sub(low, at)) or know.positive(sub(at, high)):
        return out
    if not all(map(know.nonnegative, (sub(at, low), sub(high, at)))):
        return None
    one = replaced(inner, {node: value})
    return add(out, subst(one, {k: at}), neg(subst(others, {k: at})))


def _at_one(field: Field, t: Term, k: Term) -> tuple[Term, Term] | None:
    """Cases that begin with ``k = c``, or ``k + a = b``, and that c."""
    for child in t.children:
        found = _at_one(field, child, k)
        if found is not None:
            return found
    if t.op != "cases" or t.loose or t.args[0].op != "rel":
        return None
    op, a, b = t.args[0].args
    if op != "=" or k not in free(t.args[0]) or len(t.args) < 4:
        return None
    with field.quietly():
        for gap in (sub(a, b), sub(b, a)):
            at = field.canonical(sub(k, gap))
            if k not in free(at):
                return t, at
    return None

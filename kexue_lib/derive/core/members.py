"""Derivatives in one member of a family: the others are kept."""

from __future__ import annotations

from kexue_lib.derive.core.terms import (
    LEAVES,
    TRUE,
    ZERO,
    Term,
    add,
    rebuilt,
    rel,
)


def beside(t: Term, member: Term, e: Term) -> Term:
    """One member of a family moved by e, the others kept: f(x + e 1_k)."""
    if t.op in LEAVES:
        return t
    made = rebuilt(t, lambda a, _: beside(a, member, e))
    if made.op != "idx" or made.args[:2] != member.args[:2]:
        return made
    if made is member:
        return add(made, e)
    pairs = zip(made.args[2:], member.args[2:], strict=True)
    same = tuple(rel("=", a, b) for a, b in pairs)
    test = Term("and", *same) if len(same) > 1 else same[0]
    return add(made, Term("cases", test, e, TRUE, ZERO))

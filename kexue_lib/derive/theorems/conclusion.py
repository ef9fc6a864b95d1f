"""Whether a statement is the conclusion of a theorem."""

from __future__ import annotations

from typing import Any

from kexue_lib.derive.core.equations import NotShownError
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Kind
from kexue_lib.derive.core.terms import (
    Term,
    UnsupportedError,
    sub,
)
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import Statement
from kexue_lib.derive.theorems.alike import Granted, exists, same
from kexue_lib.derive.theorems.theorem import Use

OPERATORS = {
    Relation.EQ: "=",
    Relation.LT: "<",
    Relation.LE: "<=",
    Relation.GT: "<",
    Relation.GE: "<=",
}
MIRRORED = (Relation.GT, Relation.GE)


def concludes(
    use: Use, inst: Any, statement: Statement, know: Context
) -> None:
    """The theorem, with its letters put in, is the statement.

    Both sides are equal, or the differences of both sides are. Its own series
    and integrals exist: that is part of the theorem.

    Raises:
        UnsupportedError: it is not.
    """
    end = use.theorem.conclusion
    a, b = inst.put(term(end.left)), inst.put(term(end.right))
    x, y = term(statement.lhs), term(statement.rhs)
    if end.relation is Relation.SIM or statement.relation is Relation.SIM:
        if end.relation is not statement.relation:
            raise NotShownError(f"it is about {end.relation.text}")
        granted = own_series(know, a, b)
        for side, own in ((x, a), (y, b)):
            exists(side, know, granted)
            same(side, own, know, granted)
        return
    if statement.relation not in OPERATORS:
        raise NotShownError(f"nothing about {statement.relation.text}")
    if end.relation in MIRRORED:
        a, b = b, a
    if statement.relation in MIRRORED:
        x, y = y, x
    has, wants = OPERATORS[end.relation], OPERATORS[statement.relation]
    if has != wants and (has, wants) != ("<", "<="):
        raise NotShownError(f"it is about {has}, not {wants}")
    granted = own_series(know, a, b)
    for side in (x, y):
        exists(side, know, granted)
    try:
        same(x, a, know, granted)
        same(y, b, know, granted)
        return
    except UnsupportedError as error:
        if wants == "=":
            try:
                same(x, b, know, granted)
                same(y, a, know, granted)
                return
            except UnsupportedError:
                pass
        try:
            same(sub(y, x), sub(b, a), know, granted)
        except UnsupportedError:
            raise error from None


def own_series(know: Context, *sides: Term) -> Granted:
    """What the theorem says exists: its own infinite sums and integrals."""
    found = set()
    for side in sides:
        f = know.field()
        try:
            f.quotients(side)
        except UnsupportedError:
            continue
        found |= {c for c in f.conditions if c.kind is Kind.CONVERGES}
    return frozenset(found)

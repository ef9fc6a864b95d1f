"""Side conditions: met, open with a reason, or a convention of notation."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from kexue_lib.derive.core.convergence import diverges
from kexue_lib.derive.core.field import (
    constant_of,
)
from kexue_lib.derive.core.nonzero import nonzero
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Condition, Kind, Proof
from kexue_lib.derive.core.terms import (
    ONE,
    Term,
    UnsupportedError,
    add,
)


def settled(
    rule: str,
    conditions: Iterable[Condition],
    know: Context,
    detail: str = "",
    parts: tuple[Proof, ...] = (),
) -> Proof:
    """A proof by a rule, with its conditions sorted into three heaps."""
    met, left, assumed = [], [], []
    for c in conditions:
        why = unmet(c, know)
        if not why:
            met.append(c)
        elif c.kind in (Kind.CONVENTION, Kind.INVERTIBLE):
            assumed.append(c)
        else:
            left.append((c, why))
    return Proof(rule, detail, parts, tuple(met), tuple(left), tuple(assumed))


def unmet(c: Condition, know: Context) -> str:
    """Why a condition is not seen to be met; empty if it is."""
    with know.within(*c.scope), know.thoroughly():
        try:
            match c.kind:
                case Kind.NONZERO:
                    good = nonzero(c.about, know)
                case Kind.NO_POLE:
                    good = know.positive(c.about) or _no_integer(c.about, know)
                case Kind.CONVENTION:
                    good = know.positive(c.about) or _no_integer(c.about, know)
                case Kind.INVERTIBLE:
                    good = False
                case Kind.RANGE:
                    good = know.nonnegative(add(c.about, ONE))
                case Kind.CONVERGES:
                    return diverges(c.about, know, unmet)
        except UnsupportedError as error:
            return str(error)
        # An empty range asks nothing.
        if not good and know.ranges:
            good = know.impossible()
    return "" if good else "not seen"


def _no_integer(t: Term, know: Context) -> bool:
    """An integer plus a fraction."""
    f = know.field()
    q = f.quotients(t)[0]
    c = constant_of(q.top) if q.bottom == 1 else Fraction(0)
    if c.denominator == 1:
        return False
    return know.integer(f.to_term(f.plus(q, f.constant(-c))))

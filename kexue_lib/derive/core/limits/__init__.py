"""Limits, orders of magnitude, asymptotic equivalence.

``x`` moves to a point from one side or from both, or to infinity; everything
else is a parameter. A limit is computed for each value of the parameters that
the hypotheses admit, by series (`germs`); where it is not seen to exist there
is no answer. ``f = g + O(h)`` says that (f - g)/h stays bounded, ``f ~ g``
that f/g tends to 1, each from every side that is stated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kexue_lib.derive.core import rules
from kexue_lib.derive.core.discharge import nonzero, settled
from kexue_lib.derive.core.field import open_symbols
from kexue_lib.derive.core.limits.germs import Germs
from kexue_lib.derive.core.rules import NotShownError
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import (
    Answer,
    No,
    Proof,
    Unknown,
    Witness,
    answer,
)
from kexue_lib.derive.core.terms import (
    NOO,
    ONE,
    OO,
    Term,
    UnsupportedError,
    add,
    contains,
    fn,
    free,
    fresh,
    neg,
    opened,
    over,
    rebuilt,
    sub,
    subst,
)

SIDES = {"+": "+", "-": "-", "+-": "+-"}
"""From above, from below, from both."""


class RefutedError(NotShownError):
    """The limit is another one; says which."""


class Towards(NamedTuple):
    """Where a symbol goes, and from which side."""

    x: Term
    point: Term
    side: str

    @property
    def paths(self) -> tuple[str, ...]:
        """The sides one by one; infinity has one."""
        if self.point in (OO, NOO):
            return ("",)
        return tuple(SIDES[self.side])

    def at(self, path: str, z: Term) -> Term:
        """Where the symbol is, for a z that grows."""
        if self.point is OO:
            return z
        if self.point is NOO:
            return neg(z)
        near = fn("exp", neg(z))
        return add(self.point, near if path == "+" else neg(near))

    def __str__(self) -> str:
        return f"{self.x} -> {self.point}{self.side}"


def limit(t: Term, towards: Towards, know: Context) -> tuple[Term, Proof]:
    """The limit, the same from every side, and why.

    Raises:
        UnsupportedError: it is not seen, or the sides differ.
    """
    values, parts = [], []
    for path in towards.paths:
        value, proof = _one_side(t, towards, path, know)
        values.append(value)
        parts.append(proof)
    if len(values) == 2:
        parts.append(_same(values[0], values[1], "the sides tend", know))
    return values[0], Proof("limit", f"{towards}", tuple(parts))


def _same(a: Term, b: Term, what: str, know: Context) -> Proof:
    """Two limits agree.

    Raises:
        RefutedError: they differ, whatever the parameters.
        NotShownError: neither is seen.
    """
    said = f"{what} to {a} and to {b}"
    if {a, b} & {OO, NOO}:
        if a is b:
            return Proof("infinite")
        raise RefutedError(said)
    try:
        return rules.equal(a, b, know)
    except NotShownError as error:
        kind = RefutedError if nonzero(sub(a, b), know) else NotShownError
        raise kind(said) from error


def _one_side(
    t: Term, towards: Towards, path: str, know: Context
) -> tuple[Term, Proof]:
    point = towards.point
    if point not in (OO, NOO) and not know.real(point):
        raise NotShownError(f"{point} is not known to be real")
    x = towards.x
    # What is given about x is not used, so it holds on all of the path.
    given = tuple(g for g in know.given if x not in free(g))
    here = Context(given)
    here.ranges = know.ranges
    hidden = (t, x, point, *given, *open_symbols(know))
    z = fresh("@z", hidden, "real", "positive")
    germs = Germs(here, z)
    value = germs.of(subst(t, {x: towards.at(path, z)}))
    needs = tuple(germs.needs)
    return value, settled("series", needs, here, f"tends to {value}")


def evaluated(t: Term, know: Context) -> tuple[Term, tuple[Proof, ...]]:
    """A term with its limits put in, and why they are what they are."""
    proofs: list[Proof] = []

    def inside(u: Term) -> Term:
        if not contains(u, "limit"):
            return u
        if u.op == "limit" and not u.loose:
            x = fresh("@x", (u, *know.given, *open_symbols(know)), "real")
            body = inside(opened(u.args[0], x))
            towards = Towards(x, inside(u.args[1]), u.args[2])
            value, proof = limit(body, towards, know)
            if value in (OO, NOO) and u is not t:
                raise NotShownError(f"calculating with {value}")
            proofs.append(proof)
            return value
        return rebuilt(u, lambda a, _: inside(a))

    return inside(t), tuple(proofs)


def equal(a: Term, b: Term, know: Context) -> Proof:
    """a = b once every limit is put in.

    Raises:
        RefutedError: the limits are others, whatever the parameters.
    """
    left, before = evaluated(a, know)
    right, after = evaluated(b, know)
    same = _same(left, right, "the sides are equal", know)
    return Proof("limits", "", (*before, *after, same))


def decided(show: Callable[[], Proof]) -> Answer:
    """Yes, No or Unknown, of a statement about limits."""
    try:
        return answer(show())
    except RefutedError as error:
        return No(Witness((), str(error)))
    except UnsupportedError as error:
        return Unknown(str(error))


def equivalent(a: Term, b: Term, towards: Towards, know: Context) -> Proof:
    """a ~ b: their ratio tends to 1.

    Raises:
        RefutedError: it tends to something else, whatever the parameters.
    """
    parts = []
    for path in towards.paths:
        value, proof = _one_side(over(a, b), towards, path, know)
        parts.append(proof)
        parts.append(_same(value, ONE, "the ratio should tend", know))
    return Proof("equivalent", f"{towards}", tuple(parts))


def of_order(gap: Term, bound: Term, towards: Towards, know: Context) -> Proof:
    """gap = O(bound): their ratio has finite limits.

    Raises:
        RefutedError: it is unbounded, whatever the parameters.
    """
    parts = []
    for path in towards.paths:
        value, proof = _one_side(over(gap, bound), towards, path, know)
        if value in (OO, NOO):
            raise RefutedError(
                f"the remainder over {bound} tends to {value}, {towards}"
            )
        parts.append(proof)
    return Proof("order", f"O({bound}), {towards}", tuple(parts))


__all__ = [
    "RefutedError",
    "Towards",
    "decided",
    "equal",
    "equivalent",
    "evaluated",
    "limit",
    "of_order",
]

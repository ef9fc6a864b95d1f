"""Where a symbol goes, and the limit of a term along one side."""

from __future__ import annotations

from typing import NamedTuple

from kexue_lib.derive.core.discharge import settled
from kexue_lib.derive.core.field import open_symbols
from kexue_lib.derive.core.limits.germs import Germs
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import (
    NOO,
    OO,
    Term,
    UnsupportedError,
    add,
    fn,
    free,
    fresh,
    neg,
    subst,
)

SIDES = {"+": "+", "-": "-", "+-": "+-"}
"""From above, from below, from both."""


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


def tends(
    t: Term, towards: Towards, path: str, know: Context
) -> tuple[Term, Proof]:
    """The limit along one side, and why.

    Raises:
        UnsupportedError: it is not seen.
    """
    point = towards.point
    if point not in (OO, NOO) and not know.real(point):
        raise UnsupportedError(f"{point} is not known to be real")
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

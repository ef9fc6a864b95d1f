"""Inequalities over a whole box, by interval arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.amounts import amount, plain, typeset
from kexue_lib.derive.checks.base import Check, trial
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.sampling import Sampled
from kexue_lib.derive.signs import bounds_of
from kexue_lib.derive.statement import Finding, RejectedError, Statement


@dataclass(frozen=True)
class Balls(Check):
    """Ball arithmetic encloses the difference on a box, subdividing.

    For inequalities, and for equations up to a radius.

    The box is the declared domain: both ends of every symbol are given.

    Args:
        radius: for an equation, how close the sides are shown to be.
        depth: how often a side of the box may be halved.
    """

    name: ClassVar[str] = "balls"
    best: ClassVar[Level] = Level.CERTIFIED
    radius: Any = None
    depth: int = 14

    def __post_init__(self) -> None:
        """Take the radius as an exact number."""
        if self.radius is not None:
            radius = amount(self.radius, "by.balls(radius=...)")
            object.__setattr__(self, "radius", radius)

    def box(self, statement: Statement) -> dict[Any, tuple[Any, Any]]:
        """Return the ends of every symbol.

        Raises:
            RejectedError: an end is not given, or not rational.
        """
        bounds = bounds_of(statement.domain)
        found = {}
        for s in sorted(statement.symbols, key=sp.default_sort_key):
            ends = bounds.get(s, {})
            values = [ends[e][0] for e in ("low", "high") if e in ends]
            if len(values) < 2 or not all(v.is_Rational for v in values):
                raise RejectedError(f"both ends of {s} must be given")
            found[s] = (values[0], values[1])
        return found

    def run(self, statement: Statement) -> Finding:
        """Decide the relation on every part of the box."""
        from kexue_lib.derive.balls import certify

        box = self.box(statement)
        parts = certify(statement, box, self.radius, self.depth)
        where = ", ".join(
            f"${to_latex(s)} \\in [{to_latex(a)}, {to_latex(b)}]$"
            for s, (a, b) in box.items()
        )
        facts = [("boxes", str(parts))]
        how = f"ball arithmetic on {where}, {parts} boxes"
        if not box:
            how = "ball arithmetic"
        if self.radius is not None:
            how += f": the sides differ by at most ${typeset(self.radius)}$"
            facts.append(("tolerance", plain(self.radius)))
        return Finding(Level.CERTIFIED, how, tuple(facts))

    def sample(self, statement: Statement) -> Sampled | None:
        """Nothing is left to try: every part of the box was decided."""
        return None

    def trial(self, statement: Statement) -> Sampled | None:
        """A mutant is wrong if it fails, or misses the radius, somewhere."""
        if statement.relation in (Relation.EQ, Relation.APPROX):
            gap = sp.Abs(statement.left - statement.right)
            statement = statement.but(
                lhs=gap, relation=Relation.LE, rhs=self.radius
            )
        return trial(statement)


__all__ = ["Balls"]

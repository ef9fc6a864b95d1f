"""Inequalities over a whole box, by interval arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.amounts import amount, plain, typeset
from kexue_lib.derive.checks.base import Check, trial
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.sampling import Sampled
from kexue_lib.derive.statement import Finding, RejectedError, Statement

Ends = dict[str, tuple[Any, bool]]


@dataclass(frozen=True)
class Balls(Check):
    """Ball arithmetic encloses the difference on a box, subdividing.

    For inequalities, and for ``approx`` up to a radius.

    The box is the declared domain: both ends of every symbol are given.

    Args:
        radius: after ``approx``, how close the sides are shown to be.
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
        bounds = _bounds(statement.domain)
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
        self._smaller_than_the_value(statement.right)
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

    def _smaller_than_the_value(self, value: Any) -> None:
        if self.radius is None or not getattr(value, "is_number", False):
            return
        if value != 0 and not self.radius < abs(value):
            raise RejectedError("the radius is as large as the value")

    def sample(self, statement: Statement) -> Sampled | None:
        """Nothing is left to try: every part of the box was decided."""
        return None

    def trial(self, statement: Statement) -> Sampled | None:
        """A mutant is wrong if it fails, or misses the radius, somewhere."""
        close = statement.relation in (Relation.EQ, Relation.APPROX)
        if close and self.radius is not None:
            gap = sp.Abs(statement.left - statement.right)
            statement = statement.but(
                lhs=gap, relation=Relation.LE, rhs=self.radius
            )
        return trial(statement)


def _bounds(domain: Domain) -> dict[Any, Ends]:
    """Return symbol -> its given ends: (value, whether it is excluded)."""
    bounds: dict[Any, Ends] = {}
    for relation in domain.given:
        if not isinstance(relation, sp.core.relational._Inequality):
            continue
        low, high = relation.lts, relation.gts
        strict = isinstance(relation, sp.StrictLessThan | sp.StrictGreaterThan)
        if isinstance(low, sp.Abs) and low.args[0].is_Symbol:
            x = low.args[0]
            if x.is_extended_real:
                bounds.setdefault(x, {})["high"] = (high, strict)
                bounds.setdefault(x, {})["low"] = (-high, strict)
        elif high.is_Symbol and not low.has(high):
            bounds.setdefault(high, {})["low"] = (low, strict)
        elif low.is_Symbol and not high.has(low):
            bounds.setdefault(low, {})["high"] = (high, strict)
    for x, ends in bounds.items():
        if "low" not in ends and x.is_extended_nonnegative:
            ends["low"] = (sp.S.Zero, bool(x.is_extended_positive))
    return bounds


__all__ = ["Balls"]

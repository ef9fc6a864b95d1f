"""An earlier equation put in, where it is known to hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import sympy as sp

from kexue_lib.derive.checks.algebra import Cancel
from kexue_lib.derive.checks.base import Check, prepare, require
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Relation, weakest
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.premises import meet, resolved, usable
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.statement import (
    Finding,
    RejectedError,
    Statement,
)


@dataclass(frozen=True)
class Using(Check):
    """An earlier equation put in, then another check.

    Args:
        source: label of a chain of this claim, number of a claim of this
            chapter, full id of one of another (``"lru.C3"``), or a claim or
            chain.
        at: values for symbols of the earlier equation, or for their names.
        then: the check after the substitution.
    """

    name: ClassVar[str] = "using"
    source: Any
    at: tuple[tuple[Any, Any], ...] = ()
    then: Check = field(default_factory=Cancel)
    equation: Any = None

    def __init__(
        self,
        source: Any,
        at: Mapping[Any, Any] | None = None,
        then: Check | None = None,
    ) -> None:
        """Keep the name; the claim looks the equation up."""
        pairs = tuple(
            (s, sp.sympify(v, strict=True)) for s, v in (at or {}).items()
        )
        values = {
            "source": source,
            "at": pairs,
            "then": then or Cancel(),
            "equation": None,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def bound(self, find: Callable[[str], Any]) -> Self:
        """Take the equation out of the chain or claim, as data."""
        made = super().bound(find)
        source = self.source
        found = find(source) if isinstance(source, str) else source
        stated = found.equation()
        object.__setattr__(made, "equation", stated)
        object.__setattr__(made, "at", resolved(stated, dict(self.at)))
        return made

    def equations(self) -> tuple[str, ...]:
        """Ids of the claims used."""
        return (self.equation.owner, *super().equations())

    def decides(self, statement: Statement) -> Statement:
        """No more than the values for which the earlier result is known."""
        narrow = usable(self.equation, dict(self.at), statement.domain)
        domain = statement.domain
        ranges = meet([domain.ranges, narrow])
        return super().decides(
            statement.but(domain=Domain(domain.given, ranges))
        )

    def put(self, table: dict[Any, Any]) -> Self:
        """The earlier equation is used at the values of the case."""
        made = super().put(table)
        at = tuple((s, v.subs(table, simultaneous=True)) for s, v in self.at)
        object.__setattr__(made, "at", at)
        return made

    def run(self, statement: Statement) -> Finding:
        """Replace the earlier left side by the earlier right side."""
        require(statement, Relation.EQ)
        lhs, rhs, _, level, _, label = self.equation
        table = dict(self.at)
        usable(self.equation, table, statement.domain)
        old, new = (
            prepare(unfold(side).subs(table, simultaneous=True))
            for side in (lhs, rhs)
        )
        scale, core = old.as_coeff_Mul()
        if isinstance(core, sp.Mul):
            free, sums = core.as_independent(sp.Sum, sp.Integral)
            if sums != 1:
                scale, core = scale * free, sums
        swap = {core: new / scale}
        left, right = prepare(statement.left), prepare(statement.right)
        if not (left.has(core) or right.has(core)):
            raise RejectedError(f"{label} does not occur here")
        inner = statement.but(
            lhs=left.xreplace(swap), rhs=right.xreplace(swap)
        )
        found = self.then.run(inner)
        where = ", ".join(f"{to_latex(a)} = {to_latex(b)}" for a, b in self.at)
        where = f" at ${where}$" if where else ""
        return Finding(
            weakest([found.level, level]),
            f"by *{label}*{where}; then {found.how}",
        )

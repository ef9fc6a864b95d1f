"""An earlier equation put in, where it is known to hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import sympy as sp

from kexue_lib.derive.checks.algebra import Algebra
from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import Premise
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import Term, subst
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.goals import Goal, admits
from kexue_lib.derive.levels import Level
from kexue_lib.derive.premises import meet, resolved, usable
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.statement import Stated, Statement


@dataclass(frozen=True)
class Using(Tactic):
    """An earlier equation put in, then another tactic.

    Args:
        source: label of a chain of this claim, number of a claim of this
            chapter, full id of one of another (``"lru.C3"``), or a claim or
            chain. One of several chains: ``"C3:label"``, ``"lru.C3:label"``.
            Or an equation that the claim gives.
        at: values for symbols of the earlier equation, or for their names.
        then: the tactic after the substitution.
    """

    name: ClassVar[str] = "using"
    source: Any
    at: tuple[tuple[Any, Any], ...] = ()
    then: Tactic = field(default_factory=Algebra)
    equation: Any = None

    def __init__(
        self,
        source: Any,
        at: Mapping[Any, Any] | None = None,
        then: Tactic | None = None,
    ) -> None:
        """Keep the name; the claim looks the equation up."""
        pairs = tuple(
            (s, sp.sympify(v, strict=True)) for s, v in (at or {}).items()
        )
        values = {
            "source": source,
            "at": pairs,
            "then": then or Algebra(),
            "equation": None,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)
        self.__post_init__()

    def bound(self, find: Callable[[Any], Any]) -> Self:
        """Take the equation out of the chain or claim, as data."""
        made = super().bound(find)
        if isinstance(self.source, sp.Eq):
            # What is given holds where it is given: `usable` compares.
            left, right = self.source.args
            domain = Domain((self.source,))
            stated = Stated(left, right, domain, Level.PROVED, "", "given")
        else:
            stated = find(self.source).equation()
        object.__setattr__(made, "equation", stated)
        object.__setattr__(made, "at", resolved(stated, dict(self.at)))
        return made

    def results(self) -> tuple[Stated, ...]:
        """The earlier equation, and what the other check uses."""
        own = (self.equation,) if self.equation.owner else ()
        return (*own, *super().results())

    def decides(self, statement: Statement) -> Statement:
        """No more than the values for which the earlier result is known."""
        narrow = usable(self.equation, dict(self.at), statement.domain)
        domain = statement.domain
        ranges = meet([domain.ranges, narrow])
        return super().decides(
            statement.but(domain=Domain(domain.given, ranges))
        )

    def lends(self) -> tuple[Level, ...]:
        """The level of the earlier equation, and of others inside."""
        return (self.equation.level, *super().lends())

    def put(self, table: dict[Any, Any]) -> Self:
        """The earlier equation is used at the values of the case."""
        made = super().put(table)
        at = tuple((s, v.subs(table, simultaneous=True)) for s, v in self.at)
        object.__setattr__(made, "at", at)
        return made

    def show(self, goal: Goal) -> Proof:
        """Add the earlier equation to what is known, then decide."""
        left, right, domain, *_ = self.equation
        values = {term(s): goal.read(v) for s, v in self.at}
        for s, v in values.items():
            admits(s, v, goal.know)

        def at(e: Any) -> Term:
            return subst(subst(term(e), values), goal.table)

        given = tuple(map(at, domain.given))
        earlier = Premise(at(left), at(right), given)
        return self.then.show(goal.knowing(earlier))

    def said(self) -> str:
        """Which equation, at which values, and what decides the rest."""
        where = ", ".join(f"{to_latex(a)} = {to_latex(b)}" for a, b in self.at)
        where = f" at ${where}$" if where else ""
        return f"by *{self.equation.name}*{where}; then {self.then.said()}"

"""Inequalities added up from instances of an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import sympy as sp

from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.core import rules
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import (
    ONE,
    Term,
    binder,
    free,
    mul,
    sub,
    subst,
)
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.goals import Goal, admits
from kexue_lib.derive.levels import Level
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.statement import RejectedError, Stated, Statement


@dataclass(frozen=True)
class Instances(Tactic):
    """An earlier inequality at several values, with weights, added up.

    The difference of the two sides is the weighted sum of the differences
    of the instances; weights are not negative, and the values are in the
    domain of the earlier inequality.

    Args:
        source: label of a chain of this claim, number of a claim, or a
            relation that the claim gives.
        terms: ``(weight, {symbol: value})``; with a third entry
            ``(j, low, high)`` one such instance for every ``j``.
    """

    name: ClassVar[str] = "instances"
    source: Any
    terms: tuple[Any, ...]
    inequality: Any = None

    def __init__(self, source: Any, terms: Sequence[Any]) -> None:
        """Take weights and values as data."""
        found = []
        for weight, values, *over in terms:
            pairs = tuple(
                (s, sp.sympify(v, strict=True)) for s, v in values.items()
            )
            limits = tuple(map(sp.sympify, over[0])) if over else None
            found.append((sp.sympify(weight, strict=True), pairs, limits))
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "terms", tuple(found))
        object.__setattr__(self, "inequality", None)

    def bound(self, find: Callable[[Any], Any]) -> Self:
        """Take the inequality out of the chain or claim, as data."""
        made = super().bound(find)
        source = self.source
        if isinstance(source, sp.core.relational._Inequality):
            sides = (source.lts, source.gts)
            stated = Stated(
                *sides, Domain((source,)), Level.PROVED, "", "given"
            )
        else:
            found = find(source)
            stated = found.inequality()
        object.__setattr__(made, "inequality", stated)
        return made

    def results(self) -> tuple[Stated, ...]:
        """The earlier inequality, unless a hypothesis is one."""
        return (self.inequality,) if self.inequality.owner else ()

    def lends(self) -> tuple[Level, ...]:
        """The level of the earlier inequality."""
        return (self.inequality.level,)

    def decides(self, statement: Statement) -> Statement:
        """No more than the values for which the inequality is known."""
        if self.inequality.domain.ranges:
            raise RejectedError(
                f"{self.inequality.name} is known for a finite set only"
            )
        return statement

    def show(self, goal: Goal) -> Proof:
        """Add the instances and compare."""
        if goal.relation != "<=":
            raise NotShownError("instances decide <= and >=")
        less, more, domain, *_ = self.inequality
        earlier = sub(term(more), term(less))
        found = [
            _instance(earlier, domain, goal.know, *each) for each in self.terms
        ]
        gap = sub(goal.right, goal.left)
        for *_, limits in self.terms:
            outside = (gap, *goal.know.given)
            if limits and any(term(limits[0]) in free(t) for t in outside):
                raise NotShownError(f"{limits[0]} has a meaning outside")
        proof = rules.by_instances(gap, found, goal.know)
        both = rules.defined(goal.know, goal.left, goal.right)
        return replace(proof, parts=(*proof.parts, both))

    def said(self) -> str:
        """The instances."""
        shown = "; ".join(_shown(*each) for each in self.terms)
        return f"*{self.inequality.name}* at {shown}, added up"


def _instance(
    earlier: Term,
    domain: Domain,
    know: Context,
    weight: Any,
    pairs: tuple[Any, ...],
    limits: Any,
) -> tuple[Term, Term, tuple[Any, ...]]:
    """One instance with its weight, at values that are admitted."""
    values = {term(s): term(v) for s, v in pairs}
    over: list[Any] = []
    if limits is not None:
        over.append(tuple(map(term, limits)))
    with know.within(*over):
        for s in sorted(free(earlier), key=repr):
            admits(s, values.get(s, s), know)
        for g in map(term, domain.given):
            if know.holds(subst(g, values)) is not True:
                raise NotShownError(f"the instance needs {g}")
    value, w = subst(earlier, values), term(weight)
    if over:
        k, low, high = over[0]
        with know.within(over[0]):
            if not know.nonnegative(w):
                raise NotShownError(f"the weight {w} may be negative")
        value, w = binder("sum", mul(w, value), k, low, high), ONE
    return w, value, ()


def _shown(weight: Any, pairs: tuple[Any, ...], limits: Any) -> str:
    where = ", ".join(f"{to_latex(s)} = {to_latex(v)}" for s, v in pairs)
    text = f"${where}$" if where else "the same values"
    if limits is not None:
        j, low, high = map(to_latex, limits)
        text += f" for ${j} = {low}, \\dots, {high}$"
    if weight != 1:
        text += f", weight ${to_latex(weight)}$"
    return text


__all__ = ["Instances"]

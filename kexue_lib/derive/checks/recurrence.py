"""Two sides that satisfy one linear recurrence and agree at the start."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Algebra
from kexue_lib.derive.checks.antiderivative import Antiderivative
from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.checks.sums import Telescoping, letter
from kexue_lib.derive.core import rules
from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import (
    ZERO,
    Term,
    UnsupportedError,
    free,
    fresh,
    num,
    replaced,
    sub,
    subst,
)
from kexue_lib.derive.goals import Goal, admits, equal
from kexue_lib.derive.printing import to_latex


@dataclass(frozen=True)
class Recurrence(Tactic):
    """A linear recurrence in n, satisfied by both sides.

    Args:
        unknown: the unknown, as ``y(n, m)``; its first argument is n.
        relation: combination of ``y(n + 1, ...)``, ``y(n, ...)``, ... that
            is 0 for every n from the last base case on.
        left: tactic that shows that the left side satisfies it; integrals
            over one range take ``antiderivative(F)`` for their sum, sums
            ``telescoping(F)``.
        right: the same for the right side.
        base: tactic of the base cases that do not evaluate by themselves.
    """

    name: ClassVar[str] = "recurrence"
    unknown: Any
    relation: Any
    left: Tactic = field(default_factory=Algebra)
    right: Tactic = field(default_factory=Algebra)
    base: Tactic | None = None

    def said(self) -> str:
        """The recurrence."""
        return (
            f"both sides satisfy ${to_latex(self.relation)} = 0$ and agree "
            "at the start"
        )

    def show(self, goal: Goal) -> Proof:
        """Put both sides into the relation, then compare the bases."""
        goal.equates()
        unknown = term(self.unknown)
        name, *names = unknown.args
        n = names[0]
        if any(set(names) & free(g) for g in goal.know.given):
            raise NotShownError("a relation is given for the letters")
        whole = term(self.relation)
        calls = sorted(_calls(whole, name), key=repr)
        f = goal.know.field()
        shifts = {c: f.shifted(sub(c.args[1], n)) for c in calls}
        if any(rest is not ZERO for rest, _ in shifts.values()):
            raise NotShownError("a call is no shift")
        if not calls:
            raise NotShownError("the relation does not mention its unknown")
        low = min(shift for _, shift in shifts.values())
        top = max(shift for _, shift in shifts.values())
        leads = [c for c in calls if shifts[c][1] == top]
        if len(leads) != 1 or list(leads[0].args[2:]) != names[1:]:
            raise NotShownError("several terms have the highest index")
        start = {n: sub(n, num(low))}
        whole = subst(whole, start)
        calls = [subst(c, start) for c in calls]
        lead = subst(leads[0], start)
        for c in calls:
            for s, v in zip(names, c.args[1:], strict=True):
                admits(s, v, goal.know)
        mark = fresh("@lead", (whole,))
        marked = replaced(whole, {lead: mark})
        slope = derivative(marked, mark)
        if mark in free(slope) or _calls(slope, name):
            raise NotShownError("the recurrence is not linear")
        steps = []
        for side, inner in ((goal.left, self.left), (goal.right, self.right)):
            table = {
                c: subst(side, dict(zip(names, c.args[1:], strict=True)))
                for c in calls
            }
            put = replaced(whole, table)
            steps.append(_satisfies(goal.sides(put, ZERO), inner))
        base = [self._base(goal, n, value) for value in range(top - low)]
        return rules.recurrence(n, slope, base, steps, goal.know)

    def _base(self, goal: Goal, n: Term, value: int) -> Proof:
        at = {n: num(value)}
        first = goal.put(at, Context(goal.know.given))
        try:
            return equal(replace(first, premises=(), know=goal.know))
        except UnsupportedError:
            if self.base is None:
                raise
            return self.base.show(first)


def _calls(t: Term, name: str) -> set[Term]:
    own = {t} if t.op == "fn" and t.args[0] == name else set()
    return own.union(*(_calls(a, name) for a in t.children))


def _satisfies(goal: Goal, inner: Tactic) -> Proof:
    try:
        return equal(goal)
    except UnsupportedError:
        if isinstance(inner, Telescoping) and inner.certificate is None:
            raise
        if not isinstance(inner, Algebra | Antiderivative):
            return inner.show(goal)
        if isinstance(inner, Algebra) or inner.F is None:
            # Integrals over one range: their integrand vanishes.
            x = fresh("@none", (goal.left,), "real")
            zero = rules.function(ZERO, x)
            return rules.primitive(goal.left, ZERO, goal.know, zero)
    x = term(letter(goal.origin, sp.Integral))
    found = rules.function(goal.read(inner.F), x)
    return rules.primitive(goal.left, ZERO, goal.know, found)

"""Both sides satisfy the same recurrence and start alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp
from sympy.core.function import AppliedUndef

from kexue_lib.derive.checks.algebra import Cancel, Combsimp
from kexue_lib.derive.checks.base import Check, prepare, require
from kexue_lib.derive.checks.calculus import Integrate
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.signs import is_negative, is_positive
from kexue_lib.derive.statement import Finding, RejectedError, Statement


@dataclass(frozen=True)
class Recurrence(Check):
    """A linear recurrence in n, satisfied by both sides.

    Args:
        unknown: the unknown, as ``y(n, m)``; its first argument is n.
        relation: combination of ``y(n + 1, ...)``, ``y(n, ...)``, ... that
            is 0 for every n from the last base case on.
        left: check that the left side satisfies it.
        right: the same for the right side.
    """

    name: ClassVar[str] = "recurrence"
    unknown: Any
    relation: Any
    left: Check = field(default_factory=Cancel)
    right: Check = field(default_factory=Combsimp)

    def run(self, statement: Statement) -> Finding:
        """Put both sides into the relation, then compare the bases."""
        require(statement, Relation.EQ)
        n = self.unknown.args[0]
        if not (n.is_integer and n.is_nonnegative and not n.is_positive):
            raise RejectedError(f"{n} must be declared integer nonnegative")
        shifts = self._shifts(n)
        self._leads(n, max(shifts), statement)
        levels = [
            self._satisfies(side, check, statement)
            for side, check in (
                (statement.left, self.left),
                (statement.right, self.right),
            )
        ]
        order = max(shifts) - min(shifts)
        for value in range(order):
            self._base(statement, n, value)
        letter = to_latex(n)
        bases = ", ".join(map(str, range(order)))
        return Finding(
            weakest(levels),
            f"both sides satisfy ${to_latex(self.relation)} = 0$ and agree "
            f"at ${letter} = {bases}$",
        )

    def _calls(self) -> list[Any]:
        name = self.unknown.func
        return sorted(
            (c for c in self.relation.atoms(AppliedUndef) if c.func == name),
            key=sp.default_sort_key,
        )

    def _shifts(self, n: Any) -> list[int]:
        shifts = []
        for call in self._calls():
            shift = sp.expand(call.args[0] - n)
            if not shift.is_Integer:
                raise RejectedError(f"{call} is no shift of {n}")
            shifts.append(int(shift))
        if len(set(shifts)) < 2:
            raise RejectedError("the relation does not advance")
        return shifts

    def _leads(self, n: Any, top: int, statement: Statement) -> None:
        """Only one term has the highest shift; its factor never vanishes."""
        leading = [c for c in self._calls() if sp.expand(c.args[0] - n) == top]
        if len(leading) != 1:
            raise RejectedError("several terms have the highest index")
        if leading[0].args[1:] != self.unknown.args[1:]:
            raise RejectedError("the leading term shifts other arguments")
        factor = sp.expand(self.relation).coeff(leading[0])
        domain = statement.domain
        if not (is_positive(factor, domain) or is_negative(factor, domain)):
            raise RejectedError(f"the leading factor {factor} may vanish")

    def _satisfies(
        self, side: Any, check: Check, statement: Statement
    ) -> Level:
        # n starts where the lowest index is 0.
        n = self.unknown.args[0]
        low = min(self._shifts(n))
        table = {}
        for call in self._calls():
            pairs = zip(self.unknown.args, call.args, strict=True)
            table[call] = side.subs(dict(pairs), simultaneous=True)
        whole = self.relation.xreplace(table)
        if low < 0:
            whole = whole.subs(n, n - low)
        ready = prepare(whole)
        integrand = _one_integral(ready)
        inner = statement.but(lhs=integrand, rhs=sp.S.Zero)
        if integrand is None or isinstance(check, Integrate):
            inner = inner.but(lhs=ready)
        return check.run(inner).level

    def _base(self, statement: Statement, n: Any, value: int) -> None:
        gap = (statement.left - statement.right).subs(n, value)
        ready = _by_power_rule(prepare(gap)).doit()
        if ready.has(sp.Integral, sp.Sum):
            raise RejectedError(f"base {n} = {value} is not evaluated")
        if ready.has(sp.Piecewise):
            ready = sp.piecewise_fold(ready)
        if not (Combsimp().vanishes(ready) or Cancel().vanishes(ready)):
            raise RejectedError(f"base {n} = {value} fails")


def _one_integral(expr: Any) -> Any:
    """The integrand, if all terms are integrals over one range."""
    total: Any = sp.S.Zero
    ranges = set()
    for term in sp.Add.make_args(sp.expand_mul(expr)):
        found = [
            f for f in sp.Mul.make_args(term) if isinstance(f, sp.Integral)
        ]
        if len(found) != 1:
            return None
        ranges.add(found[0].limits)
        total += term / found[0] * found[0].function
    return total if len(ranges) == 1 else None


def _by_power_rule(expr: Any) -> Any:
    """Integrate powers of the variable; leave other integrals alone."""
    table = {}
    for area in expr.atoms(sp.Integral):
        value = _powers(area)
        if value is not None:
            table[area] = value
    return expr.xreplace(table)


def _powers(area: Any) -> Any:
    if len(area.limits) != 1 or len(area.limits[0]) != 3:
        return None
    x, low, high = area.limits[0]
    total = sp.S.Zero
    for term in sp.Add.make_args(sp.expand(area.function.doit())):
        factor, power = term.as_independent(x, as_Add=False)
        base, exponent = power.as_base_exp() if power != 1 else (x, sp.S.Zero)
        if base != x or exponent.has(x):
            return None
        up = exponent + 1
        if not up.is_positive or not (low.is_nonnegative or up.is_integer):
            return None
        total += factor * (high**up - low**up) / up
    return total

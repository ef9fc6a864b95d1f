"""Both sides satisfy the same recurrence and start alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp
from sympy.core.function import AppliedUndef

from kexue_lib.derive.checks.algebra import Cancel, Combsimp
from kexue_lib.derive.checks.base import Check, prepare, require
from kexue_lib.derive.checks.calculus import Antiderivative, Integrate
from kexue_lib.derive.checks.sums import Telescoping, grown, merged_sums
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
        left: check that the left side satisfies it. If that leads to
            integrals over one range, it is the check of the integrand, or
            ``antiderivative(F)`` for their sum; sums take
            ``telescoping(F)``.
        right: the same for the right side.
        base: check of the base cases that do not evaluate by themselves.
    """

    name: ClassVar[str] = "recurrence"
    unknown: Any
    relation: Any
    left: Check = field(default_factory=Cancel)
    right: Check = field(default_factory=Combsimp)
    base: Check | None = None

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
        levels += [self._base(statement, n, v) for v in range(order)]
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
            shift = sp.expand(call.args[0] - n)
            if call.args[1:] == self.unknown.args[1:]:
                table[call] = grown(side, n, int(shift))
                continue
            pairs = zip(self.unknown.args, call.args, strict=True)
            table[call] = side.subs(dict(pairs), simultaneous=True)
        whole = self.relation.xreplace(table)
        if low < 0:
            whole = whole.subs(n, n - low)
        ready = prepare(whole)
        if isinstance(check, Telescoping):
            return _telescoped(ready, check, statement)
        area = _one_integral(ready)
        if area is not None and not isinstance(check, Integrate):
            whole_range = isinstance(check, Antiderivative)
            ready = area if whole_range else area.function
        return check.run(statement.but(lhs=ready, rhs=sp.S.Zero)).level

    def _base(self, statement: Statement, n: Any, value: int) -> Level:
        at = {n: sp.Integer(value)}
        left, right = statement.left.subs(at), statement.right.subs(at)
        ready = _by_power_rule(prepare(left - right))
        if self.base is not None and ready.has(sp.Integral, sp.Sum):
            try:
                return self.base.run(statement.but(lhs=left, rhs=right)).level
            except RejectedError as error:
                raise RejectedError(f"base {n} = {value}: {error}") from error
        ready = ready.doit()
        if ready.has(sp.Integral, sp.Sum):
            raise RejectedError(f"base {n} = {value} is not evaluated")
        if ready.has(sp.Piecewise):
            ready = sp.piecewise_fold(ready)
        if not (Combsimp().vanishes(ready) or Cancel().vanishes(ready)):
            raise RejectedError(f"base {n} = {value} fails")
        return Level.PROVED


def _telescoped(expr: Any, check: Telescoping, statement: Statement) -> Level:
    """Sums over one range are minus what stands outside of them."""
    rest, merged = merged_sums(sp.expand(expr, deep=False))
    if len(merged) != 1:
        raise RejectedError("the sums do not have one range")
    return check.run(statement.but(lhs=merged[0], rhs=-rest)).level


def _one_integral(expr: Any) -> Any:
    """One integral, if all terms are integrals over one range."""
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
    return sp.Integral(total, *ranges.pop()) if len(ranges) == 1 else None


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
    if area.function == 0:
        return sp.S.Zero
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

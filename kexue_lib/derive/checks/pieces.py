"""Sums of cases: a sum over k is split where its cases change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Cancel
from kexue_lib.derive.checks.base import Check, require
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.signs import is_nonnegative
from kexue_lib.derive.statement import Finding, RejectedError, Statement


@dataclass(frozen=True)
class Pieces(Check):
    """Sums over k whose terms are cases ``k < n``, ``k = n``, ``k > n``.

    Each becomes a sum below n, one term, and a sum above n; n must lie in
    the range.

    Args:
        n: the integer at which the cases change.
        then: the check after the split.
    """

    name: ClassVar[str] = "pieces"
    n: Any
    then: Check = field(default_factory=Cancel)

    def run(self, statement: Statement) -> Finding:
        """Split every sum that has cases, then compare."""
        require(statement, Relation.EQ)
        if not self.n.is_integer:
            raise RejectedError(f"{self.n} must be declared integer")
        sides = [
            self._split(side, statement.domain)
            for side in (statement.left, statement.right)
        ]
        if sides == [statement.left, statement.right]:
            raise RejectedError("no sum has cases in its terms")
        found = self.then.run(statement.but(lhs=sides[0], rhs=sides[1]))
        return Finding(
            found.level,
            f"the sum is split at ${to_latex(self.n)}$; then {found.how}",
        )

    def _split(self, expr: Any, domain: Domain) -> Any:
        if not expr.has(sp.Sum):
            return expr
        if not isinstance(expr, sp.Sum):
            return expr.func(*(self._split(a, domain) for a in expr.args))
        if not expr.function.has(sp.Piecewise, sp.KroneckerDelta):
            return expr
        if len(expr.limits) != 1:
            raise RejectedError("only single sums are split")
        k, low, high = expr.limits[0]
        n = self.n
        for gap in (n - low, high - n):
            if not (_given(gap, domain) or is_nonnegative(gap, domain)):
                raise RejectedError(f"{n} may be outside {low}..{high}")
        below, above = (
            self._decided(expr.function, k, sign, domain) for sign in (-1, 1)
        )
        parts = [_folded(expr.function.subs(k, n), n)]
        if below != 0:
            parts.append(sp.Sum(below, (k, low, n - 1)))
        if above != 0:
            parts.append(sp.Sum(above, (k, n + 1, high)))
        return sp.Add(*parts)

    def _decided(self, body: Any, k: Any, sign: int, domain: Domain) -> Any:
        """The terms on one side of n, written in k again."""
        d = sp.Dummy("d", integer=True, nonnegative=True)
        shifted = _folded(body.subs(k, self.n + sign * (1 + d)), self.n)
        return shifted.subs(d, sign * (k - self.n) - 1)


def _given(gap: Any, domain: Domain) -> bool:
    """Say whether ``gap >= 0`` is one of the given relations."""
    return any(
        isinstance(g, sp.core.relational._Inequality)
        and sp.expand(g.gts - g.lts - gap).is_nonpositive
        for g in domain.given
    )


def _folded(expr: Any, n: Any) -> Any:
    ready = sp.piecewise_fold(expr) if expr.has(sp.Piecewise) else expr
    for open_one in ready.atoms(sp.Piecewise, sp.KroneckerDelta):
        raise RejectedError(f"a case is not decided at {n}: {open_one}")
    return ready


__all__ = ["Pieces"]

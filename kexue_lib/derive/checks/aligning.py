"""Finite sums over almost the same range, or read backwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Cancel
from kexue_lib.derive.checks.base import Check, gaps, prepare, require
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.statement import Finding, RejectedError, Statement

_SURPLUS = 8
"""How many terms one range may have more than another, at most."""
_ROUNDS = 6


@dataclass(frozen=True)
class Aligning(Check):
    """Finite sums become one sum, whose term is 0 or cancels its mirror.

    Ranges whose ends differ by a few terms are made equal and the surplus
    terms stand alone; ranges of equal length are shifted onto each other; a
    term without the index counts as often as there are values; the one term
    that remains may also cancel against the sum read backwards. Nested sums
    are treated alike, inside first.

    Args:
        then: the check for terms and for what stands outside sums.
    """

    name: ClassVar[str] = "aligning"
    whole: ClassVar[bool] = True
    then: Check = field(default_factory=Cancel)

    def run(self, statement: Statement) -> Finding:
        """Align the sums of the difference."""
        require(statement, Relation.EQ)
        levels = [Level.PROVED]
        for gap in gaps(statement):
            levels.append(self._vanishes(gap, statement))
        return Finding(
            weakest(levels),
            "sums are shifted or reversed onto one range; their term is 0 "
            f"({self.then.name})",
        )

    def _vanishes(self, gap: Any, statement: Statement) -> Level:
        """Level at which ``gap`` is 0."""
        rest, sums = aligned(_opened(prepare(sp.expand(prepare(gap)))))
        levels = [self._plain(rest, statement)]
        for total in sums:
            term, k, low, high = _outermost(total)
            try:
                levels.append(self._term(term, statement))
            except RejectedError:
                both = term + term.subs(k, low + high - k)
                levels.append(self._term(both, statement))
        return weakest(levels)

    def _term(self, term: Any, statement: Statement) -> Level:
        if term.has(sp.Sum):
            return self._vanishes(term, statement)
        return self._plain(term, statement)

    def _plain(self, gap: Any, statement: Statement) -> Level:
        inner = statement.but(lhs=gap, rhs=sp.S.Zero)
        return self.then.run(inner).level


def aligned(expr: Any) -> tuple[Any, list[Any]]:
    """Return what stands outside sums, and sums over different ranges.

    Reversed limits follow Karr's convention, for which splitting, shifting
    and counting hold whatever the order of the limits.
    """
    for _ in range(_ROUNDS):
        rest, sums = _joined_once(expr)
        if all(_single(term) is None for term in sp.Add.make_args(rest)):
            break
        # What was split off or counted holds sums of its own.
        expr = _opened(rest + sp.Add(*sums))
    return rest, sums


def _joined_once(expr: Any) -> tuple[Any, list[Any]]:
    rest: Any = sp.S.Zero
    found: list[Any] = []
    # An index that no inner sum binds: nothing can be captured.
    k = sp.Dummy("k", integer=True)
    for term in sp.Add.make_args(sp.expand_mul(expr)):
        total = _single(term)
        if total is None:
            rest += term
            continue
        body, j, low, high = _outermost(total)
        # In its place: what stands beside the sum need not commute with it.
        factors = [
            body.subs(j, k) if factor is total else factor
            for factor in sp.Mul.make_args(term)
        ]
        new = sp.Sum(sp.Mul(*factors), (k, low, high))
        for place, old in enumerate(found):
            pair = _joined(old, new)
            if pair is not None:
                found[place], surplus = pair
                rest += surplus
                break
        else:
            found.append(new)
    open_ones = []
    for total in found:
        body, _, low, high = _outermost(total)
        if body.has(sp.Sum):
            outside, inside = aligned(_opened(body))
            body = outside + _opened(sp.Add(*inside))
        free, bound = sp.expand(body).as_independent(k, as_Add=True)
        rest += (high - low + 1) * free
        if bound != 0:
            open_ones.append(sp.Sum(bound, (k, low, high)))
    return sp.expand(rest), open_ones


def _opened(expr: Any) -> Any:
    """Split sums into their terms, constants taken out, inside first."""
    if not expr.has(sp.Sum) or not expr.args:
        return expr
    if not isinstance(expr, sp.Sum):
        return expr.func(*map(_opened, expr.args))
    if _single(expr) is None:
        return expr
    function, k, low, high = _outermost(expr)
    body = sp.expand(_opened(function))
    length = sp.expand(high - low)
    if length.is_Integer and -1 <= length <= _SURPLUS:
        return sp.Add(*(body.subs(k, low + i) for i in range(length + 1)))
    # Equal sums must look alike; the depth keeps an inner index apart.
    depth = max((_depth(s) for s in body.atoms(sp.Sum)), default=0)
    index = sp.Symbol(f"_k{depth}", integer=True)
    result = sp.S.Zero
    for term in sp.Add.make_args(body):
        free, own = term.as_independent(k, as_Add=False)
        if own == 1:
            result += free * (high - low + 1)
        else:
            result += free * sp.Sum(own.subs(k, index), (index, low, high))
    return result


def _depth(total: Any) -> int:
    inside = total.function.atoms(sp.Sum)
    return len(total.limits) + max((_depth(s) for s in inside), default=0)


def _outermost(total: Any) -> tuple[Any, Any, Any, Any]:
    """What the outermost sum adds up, and its range."""
    *inner, (k, low, high) = total.limits
    body = sp.Sum(total.function, *inner) if inner else total.function
    return body, k, low, high


def _single(term: Any) -> Any:
    """The one finite sum in a product, else None."""
    sums = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
    if len(sums) != 1 or len(sums[0].limits[-1]) != 3:
        return None
    _, low, high = sums[0].limits[-1]
    # A series may not be rearranged.
    if low.has(sp.oo, -sp.oo) or high.has(sp.oo, -sp.oo):
        return None
    return sums[0] if low.is_integer and high.is_integer else None


def _joined(old: Any, new: Any) -> tuple[Any, Any] | None:
    """One sum for both and the terms split off, else None."""
    old_term, k, low, high = _outermost(old)
    term, _, first, last = _outermost(new)
    gaps_ = [sp.expand(first - low), sp.expand(last - high)]
    if not all(g.is_Integer for g in gaps_):
        # Not the same ends: shift the index, and compare the lengths.
        if not sp.expand(gaps_[1] - gaps_[0]).is_Integer:
            return None
        term = term.subs(k, k + gaps_[0])
        gaps_ = [sp.S.Zero, sp.expand(gaps_[1] - gaps_[0])]
    if any(abs(g) > _SURPLUS for g in gaps_):
        return None
    below, above = (int(g) for g in gaps_)
    surplus = sp.S.Zero
    # The common range is [low + max(below, 0), high + min(above, 0)].
    for i in range(below):
        surplus += old_term.subs(k, low + i)
    for i in range(below, 0):
        surplus += term.subs(k, low + i)
    for i in range(1, above + 1):
        surplus += term.subs(k, high + i)
    for i in range(above + 1, 1):
        surplus += old_term.subs(k, high + i)
    merged = sp.Sum(
        old_term + term, (k, low + max(below, 0), high + min(above, 0))
    )
    return merged, surplus

"""Inequalities added up from instances of an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import sympy as sp

from kexue_lib.derive.checks.algebra import Cancel
from kexue_lib.derive.checks.base import Check, prepare, require
from kexue_lib.derive.domain import Domain, allowed, symbols_of
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.signs import is_nonnegative, is_positive
from kexue_lib.derive.statement import Finding, RejectedError, Statement


@dataclass(frozen=True)
class Instances(Check):
    """An earlier inequality at several values, with weights, added up.

    The difference of the two sides must equal the weighted sum of the
    differences of the instances. Weights are manifestly nonnegative and the
    values manifestly in the domain of the earlier inequality.

    Args:
        source: label of a chain of this claim, number of a claim, or a
            relation that the claim gives.
        terms: ``(weight, {symbol: value})``; with a third entry
            ``(j, low, high)`` one such instance for every ``j``.
        then: check that nothing is left over.
    """

    name: ClassVar[str] = "instances"
    source: Any
    terms: tuple[Any, ...]
    then: Check = field(default_factory=Cancel)
    inequality: Any = None

    def __init__(
        self, source: Any, terms: Sequence[Any], then: Check | None = None
    ) -> None:
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
        object.__setattr__(self, "then", then or Cancel())
        object.__setattr__(self, "inequality", None)

    def bound(self, find: Callable[[str], Any]) -> Self:
        """Take the inequality out of the chain or claim, as data."""
        made = super().bound(find)
        source = self.source
        if isinstance(source, sp.core.relational._Inequality):
            sides = (source.lts, source.gts)
            stated = (*sides, Domain((source,)), Level.PROVED, "", "given")
        else:
            found = find(source) if isinstance(source, str) else source
            stated = found.inequality()
        object.__setattr__(made, "inequality", stated)
        return made

    def equations(self) -> tuple[str, ...]:
        """Ids of the claims used."""
        owner = self.inequality[4]
        return (*([owner] if owner else []), *super().equations())

    def run(self, statement: Statement) -> Finding:
        """Add the instances and compare."""
        require(statement, Relation.LE, Relation.GE)
        less, more, given, level, _, label = self.inequality
        gap = statement.right - statement.left
        if statement.relation is Relation.GE:
            gap = -gap
        earlier = unfold(more) - unfold(less)
        total = sp.S.Zero
        for weight, pairs, limits in self.terms:
            weight = unfold(weight)
            values = {s: unfold(v) for s, v in pairs}
            if not is_nonnegative(weight, statement.domain):
                raise RejectedError(f"the weight {weight} may be negative")
            _inside(values, symbols_of(earlier), given, statement.domain)
            term = weight * earlier.subs(values, simultaneous=True)
            total += term if limits is None else _summed(term, limits)
        rest = prepare(gap - total)
        inner = statement.but(lhs=rest, relation=Relation.EQ, rhs=sp.S.Zero)
        found = self.then.run(inner)
        shown = "; ".join(_shown(*term) for term in self.terms)
        return Finding(
            weakest([found.level, level]), f"*{label}* at {shown}, added up"
        )


def _summed(term: Any, limits: tuple[Any, ...]) -> Any:
    j, low, high = limits
    if not (j.is_integer and (high - low + 1).is_nonnegative):
        raise RejectedError(f"the range of {j} may run backwards")
    return sp.Sum(term, limits)


def _inside(
    values: Mapping[Any, Any],
    symbols: set[Any],
    given: Domain,
    here: Domain,
) -> None:
    """Refuse a value that may leave the domain of the inequality."""
    for symbol in symbols:
        value = values.get(symbol, symbol)
        facts = symbol.assumptions0
        if symbol.is_positive:
            good = is_positive(value, here)
        elif symbol.is_nonnegative:
            good = is_nonnegative(value, here)
        elif facts.keys() <= _REAL:
            good = (
                bool(value.is_extended_real) and value.is_finite is not False
            )
        else:
            good = value == symbol
        if symbol.is_integer and not value.is_integer:
            good = False
        if not (good and allowed(symbol, value)):
            raise RejectedError(f"{symbol} = {value} may leave its domain")
    for relation in given.given:
        moved = relation.subs(values, simultaneous=True)
        if moved != sp.true and moved not in here.given:
            raise RejectedError(f"{moved} is not given here")


_REAL = sp.Symbol("x", real=True).assumptions0.keys()


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

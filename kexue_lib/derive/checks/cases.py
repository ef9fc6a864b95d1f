"""Case splits: each case is decided by another check."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Algebra
from kexue_lib.derive.checks.base import (
    Check,
    Tactic,
    prepare,
    require_whole,
    trial,
)
from kexue_lib.derive.core import rules
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import Term, facts_of
from kexue_lib.derive.domain import Domain, allowed, ranges_of, symbols_of
from kexue_lib.derive.evaluate import NotEvaluableError, UndefinedValueError
from kexue_lib.derive.goals import Goal
from kexue_lib.derive.levels import Level, weakest
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.sampling import Sampled, decided_at, sample
from kexue_lib.derive.statement import Finding, RejectedError, Statement


def _require_symbol(what: str, value: Any) -> None:
    if not isinstance(value, sp.Symbol):
        raise TypeError(f"{what} is a symbol, not {value!r}")


@dataclass(frozen=True)
class Order(Tactic):
    """Two integers compared: smaller, equal, greater.

    Args:
        a, b: integer symbols.
        then: tactic within each case.
        gap: differences up to this size are cases of their own.
        equal: tactic of the case ``a = b``, if it is another one.
    """

    name: ClassVar[str] = "order"
    a: Any
    b: Any
    then: Tactic = field(default_factory=Algebra)
    gap: int = 0
    equal: Tactic | None = None

    def __post_init__(self) -> None:
        """A symbol is compared; the gap is a number."""
        super().__post_init__()
        _require_symbol("by.order: a", self.a)
        require_whole("by.order: gap", self.gap, 0)

    def show(self, goal: Goal) -> Proof:
        """Put the larger index in terms of the smaller one."""

        def inside(table: dict[Term, Term], know: Context) -> Proof:
            own = bool(table) and self.equal is not None and self.gap == 0
            then = self.equal if own else self.then
            assert then is not None
            return then.show(goal.put(table, know))

        i, j = term(self.a), term(self.b)
        return rules.by_order(goal.know, i, j, self.gap, inside)

    def said(self) -> str:
        """The cases, and what decides them."""
        a, b = to_latex(self.a), to_latex(self.b)
        cases = f"cases ${a} < {b}$, ${a} = {b}$, ${a} > {b}$"
        if self.gap:
            cases += f", differences up to {self.gap} one by one"
        inner = self.then.said()
        if self.equal is not None:
            inner += f"; if equal: {self.equal.said()}"
        return f"{cases}; in each: {inner}"


@dataclass(frozen=True)
class Parity(Tactic):
    """An integer is even or odd: ``2 j`` and ``2 j + 1`` are put in.

    Args:
        n: the integer.
        then: tactic within each case.
    """

    name: ClassVar[str] = "parity"
    n: Any
    then: Tactic = field(default_factory=Algebra)

    def __post_init__(self) -> None:
        """Cases are of a symbol."""
        super().__post_init__()
        _require_symbol("by.parity: n", self.n)

    def show(self, goal: Goal) -> Proof:
        """Put ``2 j`` and ``2 j + 1``."""

        def inside(table: dict[Term, Term], know: Context) -> Proof:
            return self.then.show(goal.put(table, know))

        return rules.by_parity(goal.know, term(self.n), inside)

    def said(self) -> str:
        """The cases, and what decides them."""
        n = to_latex(self.n)
        return f"cases ${n}$ even, ${n}$ odd; in each: {self.then.said()}"


@dataclass(frozen=True)
class First(Tactic):
    """The first few values of an integer one by one, then all others.

    Args:
        n: integer symbol, bounded below by its assumptions.
        count: how many first values are cases of their own.
        then: tactic of each case.
    """

    name: ClassVar[str] = "first"
    n: Any
    count: int = 1
    then: Tactic = field(default_factory=Algebra)

    def __post_init__(self) -> None:
        """Cases are of a symbol, and counted."""
        super().__post_init__()
        _require_symbol("by.first: n", self.n)
        require_whole("by.first: count", self.count, 0)

    def show(self, goal: Goal) -> Proof:
        """Split off the edge values."""

        def inside(table: dict[Term, Term], know: Context) -> Proof:
            return self.then.show(goal.put(table, know))

        n = term(self.n)
        start = _first_value(n)
        return rules.by_first(goal.know, n, start, self.count, inside)

    def said(self) -> str:
        """The cases, and what decides them."""
        low = _first_value(term(self.n))
        values = ", ".join(str(low + i) for i in range(self.count))
        n = to_latex(self.n)
        return (
            f"cases ${n} = {values}$ and beyond; in each: {self.then.said()}"
        )


def _first_value(n: Term) -> int:
    return 1 if "positive" in facts_of(n) else 0


@dataclass(frozen=True)
class Pieces(Tactic):
    """Sums over k split at n: terms below n, the one at n, those above.

    For terms that are cases ``k < n``, ``k = n``, ``k > n``; then n must lie
    in the range. A sum without cases is split where n is known to lie in
    its range: an integral of waves has another antiderivative at ``k = n``.

    Args:
        n: the integer at which the sums are split.
        then: tactic after the split.
    """

    name: ClassVar[str] = "pieces"
    n: Any
    then: Tactic = field(default_factory=Algebra)

    def show(self, goal: Goal) -> Proof:
        """Split the sums, then compare."""
        n = goal.read(self.n)
        with goal.know.thoroughly():
            sides = [
                rules.split_at(side, n, goal.know)
                for side in (goal.left, goal.right)
            ]
            split = goal.sides(sides[0], sides[1])
            return Proof("split", f"at {n}", (self.then.show(split),))

    def said(self) -> str:
        """Where it is split, and what decides the rest."""
        n = to_latex(self.n)
        return f"the sum is split at ${n}$; then {self.then.said()}"


def _in_case(
    statement: Statement, table: dict[Any, Any], then: Check, case: str
) -> Finding:
    """Run ``then`` with values put in; Piecewise must have decided."""
    given = tuple(
        g
        for g in (h.subs(table) for h in statement.domain.given)
        if g not in (True, sp.true)
    )
    if sp.false in given or False in given:
        return Finding(Level.PROVED, f"{case} does not occur")
    sides = []
    for side in (statement.left, statement.right):
        ready = prepare(side.subs(table, simultaneous=True))
        if ready.has(sp.Piecewise):
            ready = sp.piecewise_fold(ready)
        for piece in ready.atoms(sp.Piecewise):
            open_one = piece.args[0].cond
            raise RejectedError(f"case {case}: {open_one} is not decided")
        sides.append(ready)
    inner = statement.but(lhs=sides[0], rhs=sides[1], domain=Domain(given))
    try:
        return then.put(table).run(inner)
    except RejectedError as error:
        raise RejectedError(f"case {case}: {error}") from error


@dataclass(frozen=True)
class Each(Check):
    """Every value of a stated finite set, in exact arithmetic.

    Args:
        ranges: symbol to values, as ``{N: range(1, 17)}``; relations given
            by the claim (``k <= 2*N - 1``) thin the set out.
        then: a symbolic check at each value, for the symbols that stay.
    """

    name: ClassVar[str] = "each"
    best: ClassVar[Level] = Level.EXACT
    ranges: tuple[tuple[Any, tuple[Any, ...]], ...]
    then: Check | None = None

    def __init__(
        self, ranges: dict[Any, Iterable[int]], then: Check | None = None
    ) -> None:
        """Take the ranges as data."""
        pairs = []
        for s, values in ranges.items():
            listed = tuple(values)
            for v in listed:
                require_whole(f"by.each: a value of {s}", v)
            pairs.append((s, tuple(map(sp.Integer, listed))))
        object.__setattr__(self, "ranges", tuple(pairs))
        object.__setattr__(self, "then", then)

    def _points(self, statement: Statement) -> list[dict[Any, Any]]:
        symbols = [s for s, _ in self.ranges]
        found = [
            dict(zip(symbols, values, strict=True))
            for values in itertools.product(*(v for _, v in self.ranges))
        ]
        for point in found:
            for s, v in point.items():
                if not allowed(s, v):
                    raise RejectedError(f"{s} cannot be {v}")
        partly = [
            g for g in statement.domain.given if g.free_symbols <= set(symbols)
        ]
        here = Domain(tuple(partly), statement.domain.ranges)
        # A value that a relation of the claim excludes is no value of it.
        found = [p for p in found if not _excluded(here, p)]
        if not found:
            raise RejectedError("no value satisfies the given relations")
        return found

    def decides(self, statement: Statement) -> Statement:
        """The statement for the stated values only.

        Raises:
            RejectedError: a symbol is not one of the statement, so that its
                set would be lost.
        """
        free = statement.symbols
        for s, _ in self.ranges:
            if s not in free and s not in self._lost(statement):
                raise RejectedError(
                    f"{s} is no symbol of the statement: its finite set "
                    "would not be part of it"
                )
        return statement.but(domain=statement.domain.over(self.ranges))

    def _lost(self, statement: Statement) -> set[Any]:
        """Symbols that only the given relations mention."""
        return set().union(*map(symbols_of, statement.domain.given))

    def run(self, statement: Statement) -> Finding:
        """Decide the statement at each value."""
        self.decides(statement)
        points = self._points(statement)
        left_over = statement.symbols - {s for s, _ in self.ranges}
        if self.then is None and left_over:
            names = ", ".join(sorted(s.name for s in left_over))
            raise RejectedError(f"no values are stated for {names}")
        levels = [Level.EXACT]
        for point in points:
            if self.then is None:
                self._exact(statement, point)
            else:
                levels.append(
                    _in_case(statement, point, self.then, _shown(point)).level
                )
        parts = ", ".join(
            f"${latex}$" for latex, _ in ranges_of(Domain().over(self.ranges))
        )
        tail = "" if self.then is None else f"; at each: {self.then.name}"
        return Finding(
            weakest(levels),
            f"exact for {parts}{tail}",
            (("values", str(len(points))),),
        )

    def _exact(self, statement: Statement, point: dict[Any, Any]) -> None:
        try:
            good = decided_at(statement, point)
        except (UndefinedValueError, NotEvaluableError) as why:
            raise RejectedError(f"at {_shown(point)}: {why}") from why
        if good is None:
            raise RejectedError(f"at {_shown(point)}: not decided exactly")
        if not good:
            raise RejectedError(f"fails at {_shown(point)}")

    def sample(self, statement: Statement) -> Sampled | None:
        """Other symbols are sampled; the stated values are exhausted."""
        if self.then is None:
            return None
        return sample(self.decides(statement))

    def trial(self, statement: Statement) -> Sampled | None:
        """Try the statement at some of the stated values."""
        return trial(self.decides(statement))


def _excluded(domain: Domain, point: dict[Any, Any]) -> bool:
    """A given relation surely fails, or surely holds: anything else stops.

    Raises:
        RejectedError: a relation is not decided.
    """
    if domain.admits(point):
        return False
    for g in domain.given:
        if not (
            Domain((g,)).admits(point) or Domain((sp.Not(g),)).admits(point)
        ):
            raise RejectedError(f"{g} is not decided at {_shown(point)}")
    return True


def _shown(point: dict[Any, Any]) -> str:
    return ", ".join(f"{s} = {v}" for s, v in point.items())


__all__ = ["Each", "First", "Order", "Parity", "Pieces"]

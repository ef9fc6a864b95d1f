"""Limits, series with a remainder, asymptotic equality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.approach import Approach
from kexue_lib.derive.checks.algebra import Algebra
from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.core.limits import relations
from kexue_lib.derive.core.limits.towards import Towards
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import (
    Answer,
    No,
    Proof,
    Unknown,
    Yes,
    answer,
)
from kexue_lib.derive.core.terms import UnsupportedError, sub
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.evaluate import (
    NotEvaluableError,
)
from kexue_lib.derive.goals import Goal
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.sampling import Sampled
from kexue_lib.derive.statement import (
    DisagreementError,
    RejectedError,
    Statement,
)


def approach(x: Any, point: Any, domain: Domain) -> Approach:
    """Where a symbol goes, from every side that its domain admits.

    Raises:
        RejectedError: the domain does not say, or does not reach the point.
    """
    point = sp.sympify(point)
    if not isinstance(x, sp.Symbol) or x in point.free_symbols:
        raise RejectedError(f"{x} is no symbol that can tend to {point}")
    if not x.is_extended_real or x in dict(domain.ranges):
        raise RejectedError(f"declare {x} real: it tends to {point}")
    _reached(x, point)
    if point in (sp.oo, -sp.oo):
        return Approach(x, point, "-" if point is sp.oo else "+")
    if not point.is_real:
        raise RejectedError(f"{point} is not known to be real")
    sides = (
        ("+", not _nonnegative(point - x, domain)),
        ("-", not _nonnegative(x - point, domain)),
    )
    admitted = "".join(s for s, open_ in sides if open_)
    if not admitted:
        raise RejectedError(f"{x} as declared and given is never near {point}")
    return Approach(x, point, admitted)


def _nonnegative(expr: Any, domain: Domain) -> bool:
    try:
        know = Context(tuple(map(term, domain.given)))
        return know.nonnegative(term(expr))
    except UnsupportedError:
        return False


def _reached(x: Any, point: Any, side: str = "") -> None:
    """Reject a point, or a side of it, where a symbol as declared never is."""
    away = (
        (x.is_nonpositive and (point is sp.oo or point.is_positive))
        or (x.is_nonnegative and (point is -sp.oo or point.is_negative))
        or (x.is_integer and point.is_finite is not False)
        or ("+" in side and x.is_nonpositive and point.is_zero)
        or ("-" in side and x.is_nonnegative and point.is_zero)
    )
    if away:
        raise RejectedError(f"{x} as declared does not tend to {point}{side}")


def with_values(statement: Statement) -> Statement:
    """The statement with every limit put in that the core computes.

    Only rational ones for which no condition is left open.
    """
    table = {}
    for node in statement.lhs.atoms(sp.Limit) | statement.rhs.atoms(sp.Limit):
        try:
            know = Context(tuple(map(term, statement.domain.given)))
            value, proofs = relations.evaluated(term(node), know)
        except UnsupportedError:
            continue
        if value.op == "num" and all(
            isinstance(answer(proof), Yes) for proof in proofs
        ):
            table[node] = sp.Rational(*value.args[0].as_integer_ratio())
    left, right = (s.xreplace(table) for s in (statement.lhs, statement.rhs))
    return statement.but(lhs=left, rhs=right)


def paths(found: Approach) -> list[str]:
    """The sides one by one."""
    infinite = found.point in (sp.oo, -sp.oo)
    return [found.side] if infinite else list(found.side)


def _decided(statement: Statement, rule: Callable[..., Proof]) -> Answer:
    """The core's answer, under the hypotheses of a statement."""
    try:
        know = Context(tuple(map(term, statement.domain.given)))
    except UnsupportedError as error:
        return Unknown(str(error))
    return relations.decided(lambda: rule(know))


@dataclass(frozen=True)
class Limiting(Tactic):
    """Every ``Limit`` on either side, computed by the core.

    Args:
        then: the tactic after the limits are put in.
    """

    name: ClassVar[str] = "limit"
    then: Tactic = field(default_factory=Algebra)

    def answer(self, statement: Statement) -> Answer:
        """A limit is taken only where its symbol, as declared, can go."""
        if not (statement.left.has(sp.Limit) or statement.right.has(sp.Limit)):
            raise RejectedError("there is no limit in this step")
        for side in (statement.left, statement.right):
            for node in side.atoms(sp.Limit):
                _reached(node.args[1], node.args[2], str(node.args[3]))

        def rule(know: Context) -> Proof:
            sides = term(statement.lhs), term(statement.rhs)
            return relations.equal(*sides, know)

        found = _decided(statement, rule)
        if isinstance(found, Unknown) or statement.relation != Relation.EQ:
            return super().answer(statement)
        return found

    def show(self, goal: Goal) -> Proof:
        """Compute each limit, then compare."""
        left, before = relations.evaluated(goal.left, goal.know)
        right, after = relations.evaluated(goal.right, goal.know)
        inner = self.then.show(goal.sides(left, right))
        return Proof("limits", "", (*before, *after, inner))

    def said(self) -> str:
        """Limits, then what compares them."""
        return f"the limits are computed from series; then {self.then.said()}"

    def sample(self, statement: Statement) -> Sampled | None:
        """A limit is no value at a point."""
        return None

    def trial(self, statement: Statement) -> Sampled | None:
        """A changed statement is wrong if the core finds another limit."""
        _refuted(self, statement)
        return None


@dataclass(frozen=True)
class _Tending(Tactic):
    """Common part: the statement means a limit, and is no relation."""

    def show(self, goal: Goal) -> Proof:
        """It stands alone: it is never a part of a goal."""
        raise UnsupportedError(f"{self.name} inside another check")

    def sample(self, statement: Statement) -> Sampled | None:
        """It is no statement about points."""
        return None

    def trial(self, statement: Statement) -> Sampled | None:
        """A changed statement is wrong if the core refutes it."""
        _refuted(self, statement)
        return None


def _refuted(check: Tactic, statement: Statement) -> None:
    """Raise DisagreementError if the core refutes it, else it is open."""
    found = check.answer(statement)
    if isinstance(found, No):
        sides = statement.lhs, statement.rhs
        raise DisagreementError(str(found.witness), {}, *sides)
    if isinstance(found, Unknown):
        raise NotEvaluableError(found.why)


@dataclass(frozen=True)
class Series(_Tending):
    """A Taylor or Laurent series; the right side ends with ``O(...)``.

    Every coefficient below the order of the ``O`` must be right, at a point
    or at infinity, from every side from which the symbol may come.
    """

    name: ClassVar[str] = "series"
    how: ClassVar[str] = "every coefficient below the order is exact"
    relations: ClassVar[tuple[Relation, ...]] = (Relation.EQ,)

    def decides(self, statement: Statement) -> Statement:
        """The point and the side belong to the statement."""
        _, order = _order(statement)
        x, point = order.args[1]
        return statement.but(limit=approach(x, point, statement.domain))

    def answer(self, statement: Statement) -> Answer:
        """The remainder over the order is bounded, by the core's limits."""
        rest, order = _order(statement)
        where = _towards(self.decides(statement).limit)

        def rule(know: Context) -> Proof:
            gap = sub(term(statement.lhs), term(rest))
            return relations.of_order(gap, term(order.expr), where(), know)

        return _decided(statement, rule)


def _order(statement: Statement) -> tuple[Any, Any]:
    """The right side without its ``O``, and the ``O``, in one symbol."""
    right = statement.right
    order = right.getO()
    if order is None:
        raise RejectedError("the right side has no O(...) term")
    rest = right.removeO()
    if rest.has(sp.Order) or statement.left.has(sp.Order):
        raise RejectedError("O(...) may only be a summand of the right side")
    if len(order.args) != 2:
        raise RejectedError(f"{order} is about several symbols")
    return rest, order


def _place(point: Any, side: str, h: Any) -> Any:
    """The point at distance h (at 1/h for infinity)."""
    if point in (sp.oo, -sp.oo):
        return 1 / h if point is sp.oo else -1 / h
    return point + h if side == "+" else point - h


def _order_power(order: Any, x: Any, target: Any) -> int:
    infinite = target in (sp.oo, -sp.oo)
    shift = 1 / x if infinite else x - target
    moved = order.expr.subs(x, 1 / x if infinite else x + target)
    if not moved.is_polynomial(x):
        raise RejectedError(f"cannot read the order {order}")
    power = sp.degree(moved, x)
    if sp.expand(order.expr - shift**power) != 0:
        raise RejectedError(f"cannot read the order {order}")
    return int(power)


def _towards(found: Approach | None) -> Callable[[], Towards]:
    """The approach as the core reads it."""
    if found is None:
        raise RejectedError("where the limit is taken is not known")
    made = found

    def read() -> Towards:
        return Towards(term(made.symbol), term(made.point), made.side)

    return read


@dataclass(frozen=True)
class Asymptotic(_Tending):
    """``lhs ~ rhs``: their ratio tends to 1.

    The limit is computed exactly; follows ``sim`` in a chain.

    Args:
        x: the symbol that moves.
        to: where it goes.
    """

    name: ClassVar[str] = "asymptotic"
    how: ClassVar[str] = "the ratio of the sides tends to 1"
    relations: ClassVar[tuple[Relation, ...]] = (Relation.SIM,)
    x: Any
    to: Any = sp.oo

    def decides(self, statement: Statement) -> Statement:
        """The point and the side belong to the statement."""
        found = approach(self.x, self.to, statement.domain)
        return statement.but(limit=found)

    def answer(self, statement: Statement) -> Answer:
        """By the core's limit of the ratio."""
        where = _towards(self.decides(statement).limit)

        def rule(know: Context) -> Proof:
            sides = term(statement.lhs), term(statement.rhs)
            return relations.equivalent(*sides, where(), know)

        return _decided(statement, rule)


__all__ = ["Asymptotic", "Limiting", "Series", "approach"]

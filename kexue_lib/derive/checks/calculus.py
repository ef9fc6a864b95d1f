"""Integrals, limits, series, asymptotics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Algebra
from kexue_lib.derive.checks.base import Check, prepare, require
from kexue_lib.derive.evaluate import (
    NotEvaluableError,
    UndefinedValueError,
    evaluate,
)
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.statement import (
    DisagreementError,
    Finding,
    RejectedError,
    Sampled,
    Statement,
    sample,
)


@dataclass(frozen=True)
class Limiting(Check):
    """Every ``Limit`` on either side, computed exactly.

    By SymPy's algorithm of Gruntz, from both sides where the limit has two.

    Args:
        then: the check after the limits are put in.
    """

    name: ClassVar[str] = "limit"
    then: Check = field(default_factory=Algebra)

    def run(self, statement: Statement) -> Finding:
        """Compute each limit with Gruntz's algorithm."""
        require(statement, Relation.EQ)
        if not (statement.left.has(sp.Limit) or statement.right.has(sp.Limit)):
            raise RejectedError("there is no limit in this step")
        found = self.then.run(
            statement.but(
                lhs=_limits(statement.left), rhs=_limits(statement.right)
            )
        )
        return Finding(
            weakest([Level.COMPUTED, found.level]),
            "the limit is computed by the algorithm of Gruntz",
            trusts="SymPy's limit",
        )


def _limits(expr: Any) -> Any:
    if not expr.has(sp.Limit):
        return expr
    if not isinstance(expr, sp.Limit):
        return expr.func(*(_limits(a) for a in expr.args))
    function, x, target, direction = expr.args
    ready = prepare(_limits(function))
    if str(direction) == "+-":
        right = sp.limit(ready, x, target, "+")
        left = sp.limit(ready, x, target, "-")
        if right != left and sp.simplify(right - left) != 0:
            raise RejectedError(f"left and right limits differ at {target}")
        value = right
    else:
        value = sp.limit(ready, x, target, str(direction))
    if value.has(sp.Limit, sp.AccumBounds):
        raise RejectedError(f"the limit of {function} is not found")
    return value


@dataclass(frozen=True)
class Series(Check):
    """A Taylor or Laurent series; the right side ends with ``O(...)``.

    Every coefficient below the order of the ``O`` must be right, at a point
    or at infinity.
    """

    name: ClassVar[str] = "series"

    def run(self, statement: Statement) -> Finding:
        """Expand the left side to the order of the right side."""
        require(statement, Relation.EQ)
        order = statement.right.getO()
        if order is None:
            raise RejectedError("the right side has no O(...) term")
        x, target = order.args[1]
        power = _order_power(order, x, target)
        left = statement.left
        if target == sp.oo:
            u = sp.Dummy("u", positive=True)
            got = sp.series(prepare(left).subs(x, 1 / u), u, 0, power)
            got = got.removeO().subs(u, 1 / x)
        else:
            got = sp.series(prepare(left), x, target, power).removeO()
        gap = sp.expand(got - statement.right.removeO())
        if gap != 0:
            inner = statement.but(lhs=gap, rhs=sp.S.Zero)
            Algebra().run(inner)
        return Finding(
            Level.COMPUTED,
            f"every coefficient below ${to_latex(order.expr)}$ is exact",
            trusts="SymPy's series",
        )

    def sample(self, statement: Statement) -> Sampled | None:
        """The remainder shrinks like the stated power."""
        return self._followed(statement)

    def trial(self, statement: Statement) -> Sampled | None:
        """Points where a changed statement is undefined do not count."""
        return self._followed(statement, undefined_counts=False)

    def _followed(
        self, statement: Statement, undefined_counts: bool = True
    ) -> Sampled | None:
        order = statement.right.getO()
        if order is None:
            return None
        x, target = order.args[1]
        power = _order_power(order, x, target)
        # The remainder over x**power stays bounded as x shrinks.
        rest = statement.left - statement.right.removeO()
        others = statement.symbols - {x}
        places = statement.domain.points(others, 3) if others else [{}]
        undefined = False
        for point in places:
            try:
                near, nearer = (
                    abs(_scaled_rest(rest, x, target, h, power, point))
                    for h in (sp.Rational(1, 100), sp.Rational(1, 10_000))
                )
            except UndefinedValueError as why:
                if undefined_counts:
                    raise DisagreementError(
                        f"undefined: {why}", point
                    ) from None
                undefined = True
                continue
            if nearer > 10 * max(near, 1):
                raise DisagreementError(
                    "the remainder is larger than stated",
                    point,
                    near,
                    nearer,
                )
        if undefined:
            raise NotEvaluableError("undefined at some points")
        return Sampled(2 * len(places), False)


def _scaled_rest(
    rest: Any, x: Any, target: Any, h: Any, power: int, point: Any
) -> Any:
    at = 1 / h if target == sp.oo else target + h
    value = evaluate(rest, {**point, x: at}).expr
    return value.evalf(30) / h**power


def _order_power(order: Any, x: Any, target: Any) -> int:
    shift = 1 / x if target == sp.oo else x - target
    power = sp.degree(
        order.expr.subs(x, 1 / x)
        if target == sp.oo
        else order.expr.subs(x, x + target),
        x,
    )
    if sp.expand(order.expr - shift**power) != 0:
        raise RejectedError(f"cannot read the order {order}")
    return int(power)


@dataclass(frozen=True)
class Asymptotic(Check):
    """``lhs ~ rhs``: their ratio tends to 1.

    The limit is computed exactly; follows ``sim`` in a chain.

    Args:
        x: the symbol that moves.
        to: where it goes.
    """

    name: ClassVar[str] = "asymptotic"
    x: Any
    to: Any = sp.oo

    def run(self, statement: Statement) -> Finding:
        """Compute the limit of the ratio exactly."""
        require(statement, Relation.SIM)
        ratio = sp.combsimp(
            sp.powsimp(prepare(statement.left / statement.right))
        )
        value = sp.limit(ratio, self.x, self.to)
        if value != 1 and sp.simplify(value - 1) != 0:
            raise RejectedError(f"the ratio tends to {value}, not to 1")
        x, to = to_latex(self.x), to_latex(self.to)
        return Finding(
            Level.COMPUTED,
            f"the ratio tends to 1 as ${x} \\to {to}$",
            trusts="SymPy's limit",
        )

    def sample(self, statement: Statement) -> Sampled | None:
        """Follow the ratio towards the limit."""
        limit = sp.Limit(
            statement.left / statement.right, self.x, self.to, "-"
        )
        return sample(
            Statement(limit, Relation.EQ, sp.S.One, statement.domain), 4
        )

    def trial(self, statement: Statement) -> Sampled | None:
        """The same trial decides mutants."""
        return self.sample(statement)

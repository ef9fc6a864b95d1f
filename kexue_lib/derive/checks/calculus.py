"""Integrals, limits, series, asymptotics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Cancel
from kexue_lib.derive.checks.base import Check, prepare, require
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.evaluate import (
    NotEvaluableError,
    UndefinedValueError,
    evaluate,
)
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.sampling import (
    Sampled,
    sample,
)
from kexue_lib.derive.signs import is_negative, is_positive
from kexue_lib.derive.statement import (
    DisagreementError,
    Finding,
    RejectedError,
    Statement,
)


def _zero(gap: Any, then: Check, statement: Statement) -> Level:
    """Level at which ``then`` finds ``gap`` to be 0."""
    inner = statement.but(lhs=gap, relation=Relation.EQ, rhs=sp.S.Zero)
    return then.run(inner).level


@dataclass(frozen=True)
class Antiderivative(Check):
    """A definite integral, verified by differentiating F.

    Args:
        F: the antiderivative, in the variable of the integral; without it
            SymPy looks for one, and it is verified in the same way.
        then: check that ``dF/dx`` is the integrand and that the ends agree.
    """

    name: ClassVar[str] = "antiderivative"
    certificates: ClassVar[tuple[str, ...]] = ("F",)
    F: Any = None
    then: Check = field(default_factory=Cancel)

    def run(self, statement: Statement) -> Finding:
        """Differentiate F, then put in the ends."""
        require(statement, Relation.EQ)
        scale, area = _one_integral(statement.left)
        x, low, high = area.limits[0]
        primitive = self._primitive(scale * area.function, x)
        slope = prepare(sp.Derivative(primitive, x)) - scale * area.function
        try:
            first = _zero(slope, self.then, statement)
        except RejectedError as error:
            raise RejectedError(f"dF/d{x} is not the integrand") from error
        ends = _end(primitive, x, high, "-") - _end(primitive, x, low, "+")
        try:
            second = _zero(ends - statement.right, self.then, statement)
        except RejectedError as error:
            raise RejectedError("F at the ends differs") from error
        _no_jump(primitive, x, low, high, statement.domain)
        shown = primitive if self.F is None else self.F
        return Finding(
            weakest([first, second]),
            f"$F({to_latex(x)}) = {to_latex(shown)}$ differentiates to the "
            f"integrand ({self.then.name})",
        )

    def _primitive(self, integrand: Any, x: Any) -> Any:
        if self.F is not None:
            return unfold(self.F)
        # Any candidate will do: it is verified by differentiating it.
        ready = prepare(integrand)
        found = _by_parts(ready, x)
        if found is None:
            found = sp.integrate(ready, x)
        if found.has(sp.Integral):
            raise RejectedError("no antiderivative was found; give F")
        return found


def _by_parts(integrand: Any, x: Any) -> Any:
    """Antiderivative of polynomials times exponentials, else None."""
    total = sp.S.Zero
    for term in sp.Add.make_args(sp.expand(integrand)):
        factor, rest = term.as_independent(x, as_Add=False)
        exponent, power = sp.S.Zero, sp.S.One
        for part in sp.Mul.make_args(rest):
            if part.func is sp.exp:
                exponent += part.args[0]
            else:
                power *= part
        wave, rate = sp.exp(exponent), sp.diff(exponent, x)
        if rate.has(x) or not power.is_polynomial(x):
            return None
        if rate == 0:
            total += factor * sp.Poly(power, x).integrate().as_expr()
            continue
        # The sum over derivatives with alternating signs.
        sign, divisor = sp.S.One, rate
        while power != 0:
            total += factor * sign * power * wave / divisor
            power, sign, divisor = sp.diff(power, x), -sign, divisor * rate
    return total


def _one_integral(expr: Any) -> tuple[Any, Any]:
    found = [f for f in sp.Mul.make_args(expr) if isinstance(f, sp.Integral)]
    if len(found) != 1 or len(found[0].limits) != 1:
        raise RejectedError("the left side is not one single integral")
    if len(found[0].limits[0]) != 3:
        raise RejectedError("the integral has no limits")
    return expr / found[0], found[0]


def _end(primitive: Any, x: Any, end: Any, side: str) -> Any:
    if end in (sp.oo, -sp.oo):
        return sp.limit(primitive, x, end)
    value = primitive.subs(x, end)
    if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        value = sp.limit(primitive, x, end, dir=side)
    return value


_JUMPS = (
    sp.floor,
    sp.ceiling,
    sp.sign,
    sp.Heaviside,
    sp.arg,
    sp.Piecewise,
    sp.acot,
    sp.acoth,
    sp.acsc,
    sp.asec,
    sp.acsch,
    sp.atan2,
    sp.tan,
    sp.cot,
    sp.sec,
    sp.csc,
    sp.coth,
    sp.csch,
)


def _no_jump(
    primitive: Any, x: Any, low: Any, high: Any, domain: Domain
) -> None:
    """Refuse an F that may jump: the fundamental theorem needs continuity."""
    for jump in primitive.atoms(*_JUMPS):
        if jump.has(x):
            raise RejectedError(f"F may jump ({jump})")
    inside = sp.Dummy("x", real=True)
    given = tuple(g for g in domain.given if not g.has(x))
    ends = [
        relation(inside, end, evaluate=False)
        for relation, end in ((sp.Gt, low), (sp.Lt, high))
        if end not in (sp.oo, -sp.oo)
    ]
    spot = inside
    if len(ends) == 2:
        # Any point between, written with the ends.
        spot = low + (high - low) / (1 + sp.Dummy("p", positive=True))
        ends = []
    between = Domain((*ends, *given))
    whole = primitive.subs(x, inside)
    for part in sp.preorder_traversal(whole):
        if not part.has(inside):
            continue
        if part.is_Pow and not (part.exp.is_Integer and part.exp > 0):
            suspect, whole_power = part.base, part.exp.is_integer
        elif isinstance(part, sp.log):
            suspect, whole_power = part.args[0], False
        else:
            continue
        if not suspect.has(inside):
            continue
        there = suspect.subs(inside, spot)
        if is_positive(there, between):
            continue
        # The sine of x itself is positive between 0 and pi.
        if suspect == sp.sin(inside) and low >= 0 and high <= sp.pi:
            continue
        # A power may run through any values but 0; a log or a root of
        # something that is not positive may cross its branch.
        if whole_power and (
            suspect.is_zero is False or is_negative(there, between)
        ):
            continue
        shown = suspect.subs(inside, x)
        raise RejectedError(f"F may have a pole or a branch at {shown}")


@dataclass(frozen=True)
class Integrate(Check):
    """Definite integrals that SymPy evaluates by its own rules.

    For integrals without an elementary antiderivative; the samples compare
    with numerical quadrature.

    Args:
        then: the check after the integrals are evaluated.
    """

    name: ClassVar[str] = "integrate"
    then: Check = field(default_factory=Cancel)

    def run(self, statement: Statement) -> Finding:
        """Evaluate every integral, then compare."""
        require(statement, Relation.EQ)
        if not (
            statement.left.has(sp.Integral) or statement.right.has(sp.Integral)
        ):
            raise RejectedError("there is no integral in this step")
        found = self.then.run(
            statement.but(
                lhs=_integrals(statement.left),
                rhs=_integrals(statement.right),
            )
        )
        return Finding(found.level, f"integrated; then {found.how}")


def _integrals(expr: Any) -> Any:
    if not expr.has(sp.Integral):
        return expr
    if not isinstance(expr, sp.Integral):
        return expr.func(*(_integrals(a) for a in expr.args))
    value = prepare(_integrals(expr.function))
    for limits in expr.limits:
        value = sp.integrate(value, limits)
    if value.has(sp.Integral):
        raise RejectedError(f"{expr} is not evaluated")
    if value.has(sp.Piecewise):
        raise RejectedError(
            "the integral depends on a case: declare more assumptions"
        )
    return value


@dataclass(frozen=True)
class Limiting(Check):
    """Every ``Limit`` on either side, computed exactly.

    By SymPy's algorithm of Gruntz, from both sides where the limit has two.

    Args:
        then: the check after the limits are put in.
    """

    name: ClassVar[str] = "limit"
    then: Check = field(default_factory=Cancel)

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
        return Finding(found.level, "the limit is computed exactly")


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
        if gap != 0 and not Cancel().vanishes(gap):
            raise RejectedError("the coefficients differ")
        return Finding(
            Level.PROVED,
            f"every coefficient below ${to_latex(order.expr)}$ is exact",
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
            Level.PROVED, f"the ratio tends to 1 as ${x} \\to {to}$"
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

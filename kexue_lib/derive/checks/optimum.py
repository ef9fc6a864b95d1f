"""Where a function is smallest or largest, and its extreme value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Cancel
from kexue_lib.derive.checks.base import Check, prepare, require
from kexue_lib.derive.domain import Point, allowed
from kexue_lib.derive.evaluate import NotEvaluableError, UndefinedValueError
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.objects import ArgMax, ArgMin, Maximum, Minimum
from kexue_lib.derive.sampling import (
    Sampled,
    holds_at,
    sample,
)
from kexue_lib.derive.signs import (
    bounds_of,
    is_nonnegative,
    is_positive,
    is_regular,
)
from kexue_lib.derive.statement import (
    DisagreementError,
    Finding,
    RejectedError,
    Statement,
)


@dataclass(frozen=True)
class Optimum(Check):
    """Gradient zero, and a second-order argument that makes it global.

    In one variable the slope divided by ``x - x*`` must be manifestly
    positive on the domain; in several (or else) the Hessian must have
    manifestly positive leading minors everywhere.

    Args:
        at: for ``Minimum`` and ``Maximum``, where the value is taken.
        then: the check that the gradient vanishes.
    """

    name: ClassVar[str] = "optimum"
    at: Any = None
    then: Check = field(default_factory=Cancel)

    def run(self, statement: Statement) -> Finding:
        """Check stationarity and the second order."""
        require(statement, Relation.EQ)
        function, names, place = self._problem(statement)
        for x, value in zip(names, place, strict=True):
            _inside(x, value, statement)
        levels = [Level.PROVED]
        slopes = [prepare(sp.diff(function, x)) for x in names]
        table = dict(zip(names, place, strict=True))
        for slope in slopes:
            levels.append(self._zero(slope.subs(table), statement))
        if self.at is not None:
            value = prepare(function.subs(table))
            levels.append(
                self._zero(value - self._value(statement), statement)
            )
        how = self._second_order(function, names, place, slopes, statement)
        return Finding(weakest(levels), how)

    def _zero(self, gap: Any, statement: Statement) -> Level:
        inner = statement.but(lhs=gap, rhs=sp.S.Zero)
        try:
            return self.then.run(inner).level
        except RejectedError as error:
            raise RejectedError(f"not stationary there ({error})") from error

    def _value(self, statement: Statement) -> Any:
        sign = -1 if isinstance(statement.left, Maximum) else 1
        return sign * statement.right

    def _problem(
        self, statement: Statement
    ) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
        """The function to minimise, its variables, the place."""
        left = statement.left
        if not isinstance(left, ArgMin | ArgMax | Minimum | Maximum):
            raise RejectedError("the left side is no arg min, min, ...")
        valued = isinstance(left, Minimum | Maximum)
        if valued != (self.at is not None):
            raise RejectedError("at=... goes with min and max, and only there")
        sign = -1 if isinstance(left, ArgMax | Maximum) else 1
        place = unfold(self.at) if valued else statement.right
        several = isinstance(place, sp.Tuple | sp.MatrixBase)
        values = tuple(place) if several else (place,)
        names = left.variables
        if len(values) != len(names):
            raise RejectedError(
                f"{len(names)} variables but {len(values)} values"
            )
        if not all(x.is_extended_real for x in names):
            raise RejectedError("the variables must be declared real")
        return sign * left.function, names, values

    def _second_order(
        self,
        function: Any,
        names: tuple[Any, ...],
        place: tuple[Any, ...],
        slopes: list[Any],
        statement: Statement,
    ) -> str:
        domain = statement.domain
        if not is_regular(function, domain):
            raise RejectedError("the function may have a pole")
        if len(names) == 1:
            ratio = sp.cancel(sp.together(slopes[0] / (names[0] - place[0])))
            if is_positive(ratio, domain):
                return "the slope changes sign once, at the stationary point"
        bend = sp.hessian(function, names)
        for size in range(1, len(names) + 1):
            minor = sp.factor(sp.together(bend[:size, :size].det()))
            if not is_positive(minor, domain):
                raise RejectedError(
                    f"leading minor {size} of the Hessian is not manifestly "
                    "positive"
                )
        return (
            "the gradient vanishes there and every leading minor of the "
            "Hessian is positive everywhere"
        )

    def sample(self, statement: Statement) -> Sampled | None:
        """No sampled value of the function beats the optimum."""
        function, names, place = self._problem(statement)
        value = function.subs(dict(zip(names, place, strict=True)))
        if self.at is not None:
            value = self._value(statement)
            there = unfold(self.at)
            places = tuple(there) if isinstance(there, sp.Tuple) else (there,)
            reached = function.subs(dict(zip(names, places, strict=True)))
            sample(statement.but(lhs=reached, rhs=value))
        other = Statement(value, Relation.LE, function, statement.domain)
        parameters = set().union(
            value.free_symbols, function.free_symbols - set(names)
        )
        whole = statement.domain.points(parameters | set(names), 12)
        tried = 0
        for start in whole:
            here = {
                x: p.subs(start) for x, p in zip(names, place, strict=True)
            }
            if not (
                all(allowed(x, value) for x, value in here.items())
                and statement.domain.admits({**start, **here})
            ):
                raise DisagreementError(
                    "the optimum leaves the domain",
                    {**start, **here},
                    "inside",
                    "outside",
                )
            for point in (start, *_around(start, here)):
                if not all(allowed(x, point[x]) for x in names):
                    continue
                if not statement.domain.admits(point):
                    continue
                try:
                    good, left, right = holds_at(other, point)
                except UndefinedValueError:
                    continue
                if good is False:
                    raise DisagreementError(
                        "another place is better",
                        point,
                        left.expr,
                        right.expr,
                    )
                tried += 1
        if not tried:
            raise NotEvaluableError("the function has no value anywhere")
        return Sampled(tried, False)

    def trial(self, statement: Statement) -> Sampled | None:
        """The same trial decides mutants."""
        return self.sample(statement)


def _inside(x: Any, value: Any, statement: Statement) -> None:
    """The optimum lies in the domain of its variable, manifestly."""
    domain = statement.domain
    if value.is_extended_real is False:
        raise RejectedError(f"{value} is not real")
    if x.is_extended_positive:
        good = is_positive(value, domain)
    elif x.is_extended_nonnegative:
        good = is_nonnegative(value, domain)
    else:
        good = True
    for end, (bound, excluded) in bounds_of(domain).get(x, {}).items():
        room = value - bound if end == "low" else bound - value
        sign = is_positive if excluded else is_nonnegative
        good = good and sign(room, domain)
    if not good:
        raise RejectedError(f"{value} may leave the domain of {x}")


def _around(start: Point, here: Point) -> list[Point]:
    """Points a little beside the optimum, one variable at a time."""
    found = []
    for x, value in here.items():
        for step in (sp.Rational(1, 3), sp.Rational(1, 40)):
            for shift in (step, -step):
                found.append({**start, **here, x: value + shift})
    return found

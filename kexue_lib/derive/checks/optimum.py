"""Where a function is smallest or largest, and its extreme value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.base import Tactic, require
from kexue_lib.derive.core import rules
from kexue_lib.derive.core.decide import decide
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import (
    Answer,
    Proof,
    Unknown,
)
from kexue_lib.derive.core.statement import Statement as CoreStatement
from kexue_lib.derive.core.terms import ZERO, UnsupportedError
from kexue_lib.derive.domain import Point, allowed
from kexue_lib.derive.evaluate import NotEvaluableError, UndefinedValueError
from kexue_lib.derive.goals import Goal
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.objects import ArgMax, ArgMin, Maximum, Minimum
from kexue_lib.derive.sampling import Sampled, holds_at, sample
from kexue_lib.derive.statement import (
    DisagreementError,
    RejectedError,
    Statement,
)


@dataclass(frozen=True)
class Optimum(Tactic):
    """Gradient zero, and a second-order argument that makes it global.

    In one variable the slope divided by ``x - x*`` must be manifestly
    positive on the domain; in several (or else) the Hessian must have
    manifestly positive leading minors everywhere.

    Args:
        at: for ``Minimum`` and ``Maximum``, where the value is taken.
    """

    name: ClassVar[str] = "optimum"
    at: Any = None

    def __post_init__(self) -> None:
        """Take plain numbers and tuples as SymPy objects."""
        if self.at is not None:
            object.__setattr__(self, "at", sp.sympify(self.at, strict=True))

    how: ClassVar[str] = (
        "the gradient vanishes there, and nowhere else is the function better"
    )

    def answer(self, statement: Statement) -> Answer:
        """What the core says of the optimum: it is no relation of terms."""
        require(statement, Relation.EQ)
        self._problem(statement)
        # As written if possible: SymPy may rearrange what it unfolds.
        kinds = (ArgMin, ArgMax, Minimum, Maximum)
        bare = isinstance(statement.lhs, kinds)
        left = statement.lhs if bare else statement.left
        valued = isinstance(left, Minimum | Maximum)

        def rule(_: Any, know: Context) -> Proof:
            f, *xs = map(term, left.args)
            place = self.at if valued else statement.rhs
            several = isinstance(place, sp.Tuple | tuple | sp.MatrixBase)
            at = [term(p) for p in (place if several else (place,))]
            return rules.optimum(
                isinstance(left, ArgMin | Minimum),
                f,
                dict(zip(xs, at, strict=True)),
                term(statement.rhs) if valued else None,
                know,
            )

        try:
            given = tuple(map(term, statement.domain.given))
            return decide(CoreStatement(ZERO, "=", ZERO, given), rule)
        except UnsupportedError as error:
            return Unknown(str(error))

    def show(self, goal: Goal) -> Proof:
        """An optimum stands alone: it is never a part of a goal."""
        raise UnsupportedError("an optimum inside another check")

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


def _around(start: Point, here: Point) -> list[Point]:
    """Points a little beside the optimum, one variable at a time."""
    found = []
    for x, value in here.items():
        for step in (sp.Rational(1, 3), sp.Rational(1, 40)):
            for shift in (step, -step):
                found.append({**start, **here, x: value + shift})
    return found

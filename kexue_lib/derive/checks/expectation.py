"""Expectations: moments of stated laws, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Cancel
from kexue_lib.derive.checks.base import Check, prepare, require
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.objects import (
    Bernoulli,
    Discrete,
    Gaussian,
    Independent,
    Mean,
)
from kexue_lib.derive.statement import Finding, RejectedError, Statement


@dataclass(frozen=True)
class Moments(Check):
    """Every ``Mean`` is a polynomial in its symbols: put the moments in.

    Args:
        then: the check after the means are evaluated.
    """

    name: ClassVar[str] = "moments"
    then: Check = field(default_factory=Cancel)

    def run(self, statement: Statement) -> Finding:
        """Evaluate the means, then compare."""
        require(
            statement,
            Relation.EQ,
            Relation.LE,
            Relation.LT,
            Relation.GE,
            Relation.GT,
        )
        if not (statement.left.has(Mean) or statement.right.has(Mean)):
            raise RejectedError("there is no mean in this step")
        found = self.then.run(
            statement.but(
                lhs=means(prepare(statement.left)),
                rhs=means(prepare(statement.right)),
            )
        )
        return Finding(
            found.level, f"the moments of the stated laws; then {found.how}"
        )


def means(expr: Any) -> Any:
    """Replace every mean by its value."""
    if not expr.has(Mean):
        return expr
    if not isinstance(expr, Mean):
        return expr.func(*(means(a) for a in expr.args))
    value = means(expr.args[0])
    for law in expr.args[1:]:
        value = _averaged(value, law)
    return value


def _averaged(value: Any, law: Any) -> Any:
    if isinstance(law, Bernoulli):
        b, p = law.args
        return p * value.subs(b, 1) + (1 - p) * value.subs(b, 0)
    if isinstance(law, Discrete):
        s, *pairs = law.args
        if sp.expand(sum(p for _, p in pairs) - 1) != 0:
            raise RejectedError("the probabilities do not add up to 1")
        return sp.Add(*(p * value.subs(s, v) for v, p in pairs))
    if isinstance(law, Gaussian):
        z, mean, variance = law.args
        return _by_moments(
            value, (z,), lambda k: _gaussian_moment(k, mean, variance)
        )
    if isinstance(law, Independent):
        names, mean, variance = law.args
        table = [sp.S.One, mean, mean**2 + variance]
        return _by_moments(value, tuple(names), lambda k: _second(k, table))
    raise RejectedError(f"no moments of {type(law).__name__}")


def _second(power: int, table: list[Any]) -> Any:
    if power > 2:
        raise RejectedError(f"moment {power} of this law is not known")
    return table[power]


def _by_moments(value: Any, names: tuple[Any, ...], moment: Any) -> Any:
    expanded = sp.expand(value)
    if not expanded.is_polynomial(*names):
        raise RejectedError("not a polynomial in the random symbols")
    poly = sp.Poly(expanded, *names)
    total = sp.S.Zero
    for powers, coefficient in poly.terms():
        total += coefficient * sp.prod([moment(k) for k in powers])
    return total


def _gaussian_moment(power: int, mean: Any, variance: Any) -> Any:
    """E z^power by E (m + s g)^power."""
    return sp.Add(
        *(
            sp.binomial(power, j)
            * mean ** (power - j)
            * variance ** (j // 2)
            * sp.factorial2(j - 1)
            for j in range(0, power + 1, 2)
        )
    )

"""Inequalities: manifest signs, monotony, convexity, squares, balls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.amounts import amount, plain, typeset
from kexue_lib.derive.checks.algebra import Cancel
from kexue_lib.derive.checks.base import Check, prepare, require, trial
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.sampling import Sampled
from kexue_lib.derive.signs import (
    bounds_of,
    is_nonnegative,
    is_positive,
    is_regular,
)
from kexue_lib.derive.statement import Finding, RejectedError, Statement

_UP = (Relation.LE, Relation.LT)
_ORDER = (Relation.LE, Relation.LT, Relation.GE, Relation.GT)


def gap_of(statement: Statement) -> tuple[Any, bool]:
    """Return what must be >= 0 (or > 0), and whether it is strict."""
    require(statement, *_ORDER)
    for side in (statement.left, statement.right):
        for symbol in side.free_symbols:
            if symbol.is_extended_real is not True:
                raise RejectedError(f"{symbol} is not declared real")
    gap = statement.right - statement.left
    if statement.relation not in _UP:
        gap = -gap
    strict = statement.relation in (Relation.LT, Relation.GT)
    return prepare(gap), strict


@dataclass(frozen=True)
class Sign(Check):
    """The difference, factored, has its sign by the assumptions.

    For ``<= < >= >``: a product, quotient or sum of parts whose signs follow
    from what was declared and given.
    """

    name: ClassVar[str] = "sign"

    def run(self, statement: Statement) -> Finding:
        """Factor the difference and read its sign."""
        gap, strict = gap_of(statement)
        good = is_positive if strict else is_nonnegative
        if not good(gap, statement.domain):
            raise RejectedError("the sign of the difference is not manifest")
        word = "positive" if strict else "nonnegative"
        # Factoring would tear the terms of a sum apart.
        shown = gap if gap.has(sp.Sum) else sp.factor(gap)
        return Finding(
            Level.PROVED,
            f"the difference ${to_latex(shown)}$ is {word}",
        )


@dataclass(frozen=True)
class Logs(Check):
    """Two positive sides compare as their logarithms do.

    Args:
        then: the check of the logarithms.
    """

    name: ClassVar[str] = "logs"
    then: Check

    def run(self, statement: Statement) -> Finding:
        """Both sides are manifestly positive; take logarithms."""
        require(statement, *_ORDER)
        sides = []
        for side in (statement.left, statement.right):
            if not is_positive(side, statement.domain):
                raise RejectedError(f"{side} is not manifestly positive")
            sides.append(_log(side, statement.domain))
        inner = statement.but(lhs=sides[0], rhs=sides[1])
        found = self.then.run(inner)
        return Finding(found.level, f"logarithms taken; then {found.how}")


def _log(side: Any, domain: Domain) -> Any:
    """Logarithm of a positive side; exponentials leave their exponents."""
    exponents, rest = sp.S.Zero, sp.S.One
    for factor in sp.Mul.make_args(side):
        if factor.func is sp.exp and is_positive(factor, domain):
            exponents += factor.args[0]
        else:
            rest *= factor
    # Without force only what the assumptions allow is split.
    return exponents + sp.expand_log(sp.log(rest), force=False)


@dataclass(frozen=True)
class Squares(Check):
    """The difference is a sum of squares with nonnegative weights.

    Args:
        squares: real expression to its weight.
    """

    name: ClassVar[str] = "squares"
    squares: tuple[tuple[Any, Any], ...]

    def __init__(self, squares: Mapping[Any, Any]) -> None:
        """Take the certificate as data."""
        pairs = tuple(
            (e, sp.sympify(c, strict=True)) for e, c in squares.items()
        )
        object.__setattr__(self, "squares", pairs)

    def run(self, statement: Statement) -> Finding:
        """Multiply the squares out and compare."""
        gap, strict = gap_of(statement)
        if strict:
            raise RejectedError("a sum of squares may be 0: use <= or >=")
        total = sp.S.Zero
        for base, weight in self.squares:
            if not base.is_extended_real:
                raise RejectedError(f"{base} is not declared real")
            if not is_nonnegative(weight, statement.domain):
                raise RejectedError(f"the weight {weight} may be negative")
            total += weight * base**2
        if sp.expand(gap - total) != 0:
            raise RejectedError("the difference is not this sum of squares")
        shown = " + ".join(
            (f"{to_latex(w)} " if w != 1 else "")
            + rf"\left({to_latex(b)}\right)^2"
            for b, w in self.squares
        )
        return Finding(Level.PROVED, f"the difference is ${shown}$")


@dataclass(frozen=True)
class Monotone(Check):
    """The difference starts nonnegative and does not decrease.

    Args:
        x: the real symbol that grows.
        start: the left end of its domain.
    """

    name: ClassVar[str] = "monotone"
    x: Any
    start: Any = 0

    def run(self, statement: Statement) -> Finding:
        """Sign at the start, then the sign of the factored derivative."""
        gap, strict = gap_of(statement)
        start = sp.sympify(self.start, strict=True)
        _begins_at(self.x, start, statement.domain)
        at_start = gap.subs(self.x, start)
        if at_start.has(sp.nan, sp.zoo):
            at_start = sp.limit(gap, self.x, start, "+")
        if not is_nonnegative(at_start, statement.domain):
            raise RejectedError(f"at {self.x} = {start} the sign is wrong")
        slope = sp.factor(sp.together(sp.diff(gap, self.x)))
        beyond = _beyond(statement.domain, self.x, start)
        if not is_regular(gap, beyond):
            raise RejectedError("the difference may have a pole")
        good = is_positive if strict else is_nonnegative
        if not good(slope, beyond):
            raise RejectedError(f"the sign of d/d{self.x} is not manifest")
        closed = strict and not _open_at(self.x, start, statement.domain)
        if closed and not is_positive(at_start, statement.domain):
            raise RejectedError(f"not strict at {self.x} = {start}")
        letter = to_latex(self.x)
        return Finding(
            Level.PROVED,
            f"the difference is $\\ge 0$ at ${letter} = {to_latex(start)}$ "
            f"and its derivative ${to_latex(slope)}$ is not negative",
        )


def _beyond(domain: Domain, x: Any, start: Any) -> Domain:
    return Domain((*domain.given, sp.StrictGreaterThan(x, start)))


def _begins_at(x: Any, start: Any, domain: Domain) -> None:
    """The domain of x must not reach below ``start``."""
    if not x.is_extended_real:
        raise RejectedError(f"{x} must be declared real")
    if not is_nonnegative(x - start, domain):
        raise RejectedError(f"{x} may be below {start}")


def _open_at(x: Any, start: Any, domain: Domain) -> bool:
    return is_positive(x - start, domain)


@dataclass(frozen=True)
class Convex(Check):
    """The difference is convex and touches 0 at one point.

    Args:
        x: the real symbol.
        at: the point where difference and slope vanish.
        bend: the second derivative in a form whose sign is manifest, such
            as a sum of squares; without it the factored derivative itself.
        then: check that ``bend`` is the second derivative.
    """

    name: ClassVar[str] = "convex"
    x: Any
    at: Any
    bend: Any = None
    then: Check = field(default_factory=Cancel)

    def run(self, statement: Statement) -> Finding:
        """Value and slope at the point, then the second derivative."""
        gap, strict = gap_of(statement)
        if strict:
            raise RejectedError("the sides touch: use <= or >=")
        at = sp.sympify(self.at, strict=True)
        slope = sp.diff(gap, self.x)
        for what, expr in (("the difference", gap), ("its slope", slope)):
            value = sp.simplify(expr.subs(self.x, at))
            if value != 0:
                raise RejectedError(f"{what} is {value} at {self.x} = {at}")
        if not is_regular(gap, statement.domain):
            raise RejectedError("the difference may have a pole")
        bend, level = self._bend(sp.diff(slope, self.x), statement)
        if not is_nonnegative(bend, statement.domain):
            raise RejectedError("the second derivative may be negative")
        x = to_latex(self.x)
        shown = bend if self.bend is None else self.bend
        return Finding(
            level,
            f"difference and slope vanish at ${x} = {to_latex(at)}$, the "
            f"second derivative ${to_latex(shown)}$ is not negative",
        )

    def _bend(self, second: Any, statement: Statement) -> tuple[Any, Level]:
        if self.bend is None:
            return sp.factor(sp.together(second)), Level.PROVED
        bend = unfold(self.bend)
        inner = statement.but(lhs=second, relation=Relation.EQ, rhs=bend)
        try:
            return bend, self.then.run(inner).level
        except RejectedError as error:
            raise RejectedError(
                f"the second derivative is not the one given ({error})"
            ) from error


@dataclass(frozen=True)
class Balls(Check):
    """Ball arithmetic encloses the difference on a box, subdividing.

    For inequalities, and for equations up to a radius.

    The box is the declared domain: both ends of every symbol are given.

    Args:
        radius: for an equation, how close the sides are shown to be.
        depth: how often a side of the box may be halved.
    """

    name: ClassVar[str] = "balls"
    best: ClassVar[Level] = Level.CERTIFIED
    radius: Any = None
    depth: int = 14

    def __post_init__(self) -> None:
        """Take the radius as an exact number."""
        if self.radius is not None:
            radius = amount(self.radius, "by.balls(radius=...)")
            object.__setattr__(self, "radius", radius)

    def box(self, statement: Statement) -> dict[Any, tuple[Any, Any]]:
        """Return the ends of every symbol.

        Raises:
            RejectedError: an end is not given, or not rational.
        """
        bounds = bounds_of(statement.domain)
        found = {}
        for s in sorted(statement.symbols, key=sp.default_sort_key):
            ends = bounds.get(s, {})
            values = [ends[e][0] for e in ("low", "high") if e in ends]
            if len(values) < 2 or not all(v.is_Rational for v in values):
                raise RejectedError(f"both ends of {s} must be given")
            found[s] = (values[0], values[1])
        return found

    def run(self, statement: Statement) -> Finding:
        """Decide the relation on every part of the box."""
        from kexue_lib.derive.balls import certify

        box = self.box(statement)
        parts = certify(statement, box, self.radius, self.depth)
        where = ", ".join(
            f"${to_latex(s)} \\in [{to_latex(a)}, {to_latex(b)}]$"
            for s, (a, b) in box.items()
        )
        facts = [("boxes", str(parts))]
        how = f"ball arithmetic on {where}, {parts} boxes"
        if not box:
            how = "ball arithmetic"
        if self.radius is not None:
            how += f": the sides differ by at most ${typeset(self.radius)}$"
            facts.append(("tolerance", plain(self.radius)))
        return Finding(Level.CERTIFIED, how, tuple(facts))

    def sample(self, statement: Statement) -> Sampled | None:
        """Nothing is left to try: every part of the box was decided."""
        return None

    def trial(self, statement: Statement) -> Sampled | None:
        """A mutant is wrong if it fails, or misses the radius, somewhere."""
        close = statement.relation in (Relation.EQ, Relation.APPROX)
        if close and self.radius is not None:
            gap = sp.Abs(statement.left - statement.right)
            statement = statement.but(
                lhs=gap, relation=Relation.LE, rhs=self.radius
            )
        return trial(statement)


__all__ = ["Balls", "Convex", "Logs", "Monotone", "Sign", "Squares"]

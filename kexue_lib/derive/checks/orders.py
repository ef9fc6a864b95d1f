"""Inequalities: signs, squares, growth, convexity, logarithms."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.core import rules
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import Term, sub
from kexue_lib.derive.goals import Goal
from kexue_lib.derive.printing import to_latex


@dataclass(frozen=True)
class Sign(Tactic):
    """The difference has its sign by the assumptions.

    A product, quotient or sum of parts whose signs follow from what was
    declared and given; polynomials also by certificates that are searched.
    """

    name: ClassVar[str] = "sign"
    how: ClassVar[str] = (
        "the sign of the difference follows from the hypotheses"
    )

    def show(self, goal: Goal) -> Proof:
        """Read the sign of the difference."""
        _comparable(goal)
        return rules.by_sign(goal.left, goal.relation, goal.right, goal.know)


@dataclass(frozen=True)
class _Gap(Tactic):
    """Common part: the difference of the sides has a sign."""

    strictly: ClassVar[bool] = False

    def show(self, goal: Goal) -> Proof:
        """Both sides are defined, and their difference has its sign."""
        if goal.relation not in ("<", "<="):
            raise NotShownError(f"{self.name} decides < and <=")
        strict = goal.relation == "<"
        if strict and not self.strictly:
            raise NotShownError("the difference may be 0: use <= or >=")
        _comparable(goal)
        proof = self.gap(sub(goal.right, goal.left), strict, goal)
        both = rules.defined(goal.know, goal.left, goal.right)
        return replace(proof, parts=(*proof.parts, both))

    @abstractmethod
    def gap(self, gap: Term, strict: bool, goal: Goal) -> Proof:
        """Show that the difference is not negative, or positive."""


@dataclass(frozen=True)
class Squares(_Gap):
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

    def gap(self, gap: Term, strict: bool, goal: Goal) -> Proof:
        """Multiply the squares out and compare."""
        pairs = [(goal.read(e), goal.read(c)) for e, c in self.squares]
        return rules.by_squares(gap, pairs, goal.know)

    def said(self) -> str:
        """The squares."""
        shown = " + ".join(
            (f"{to_latex(w)} " if w != 1 else "")
            + rf"\left({to_latex(b)}\right)^2"
            for b, w in self.squares
        )
        return f"the difference is ${shown}$"


@dataclass(frozen=True)
class Monotone(_Gap):
    """The difference starts nonnegative and does not decrease.

    Args:
        x: the real symbol that grows.
        start: the left end of its domain.
    """

    name: ClassVar[str] = "monotone"
    strictly: ClassVar[bool] = True
    x: Any
    start: Any = 0

    def gap(self, gap: Term, strict: bool, goal: Goal) -> Proof:
        """Sign at the start, then the sign of the derivative."""
        start, x = term(sp.sympify(self.start, strict=True)), term(self.x)
        return rules.by_growth(gap, x, start, strict, goal.know)

    def said(self) -> str:
        """Where it starts."""
        return (
            "the difference is not negative at "
            f"${to_latex(self.x)} = {to_latex(sp.sympify(self.start))}$ and "
            "grows from there"
        )


@dataclass(frozen=True)
class Convex(_Gap):
    """The difference is convex and touches 0 at one point.

    Args:
        x: the real symbol.
        at: the point where difference and slope vanish.
        bend: the second derivative in a form whose sign is manifest, such
            as a sum of squares; without it the derivative itself.
    """

    name: ClassVar[str] = "convex"
    x: Any
    at: Any
    bend: Any = None

    def gap(self, gap: Term, strict: bool, goal: Goal) -> Proof:
        """Value and slope at the point, then the second derivative."""
        bend = None if self.bend is None else goal.read(self.bend)
        at = goal.read(sp.sympify(self.at, strict=True))
        return rules.by_convexity(gap, term(self.x), at, bend, goal.know)

    def said(self) -> str:
        """Where it touches."""
        at = to_latex(sp.sympify(self.at))
        bend = "" if self.bend is None else f" ${to_latex(self.bend)}$"
        return (
            f"difference and slope vanish at ${to_latex(self.x)} = {at}$, "
            f"the second derivative{bend} is not negative"
        )


@dataclass(frozen=True)
class Logs(Tactic):
    """Two positive sides compare as their logarithms do.

    Args:
        then: tactic that compares the logarithms.
    """

    name: ClassVar[str] = "logs"
    then: Tactic = field(default_factory=Sign)

    def show(self, goal: Goal) -> Proof:
        """Take logarithms of positive sides."""

        def then(p: Term, q: Term) -> Proof:
            return self.then.show(goal.sides(p, q))

        _comparable(goal)
        proof = rules.by_logarithms(goal.left, goal.right, goal.know, then)
        both = rules.defined(goal.know, goal.left, goal.right)
        return replace(proof, parts=(*proof.parts, both))

    def said(self) -> str:
        """What compares the logarithms."""
        return f"both sides are positive; of logarithms: {self.then.said()}"


def _comparable(goal: Goal) -> None:
    """Only real numbers are ordered."""
    real = goal.know.real_valued
    if not (real(goal.left) or real(goal.right)):
        raise NotShownError("neither side is known to be real")

"""Sums: telescoping certificates and induction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.core import rules
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError, Premise
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import Term
from kexue_lib.derive.goals import Goal, equal
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.printing import to_latex


@dataclass(frozen=True)
class Telescoping(Tactic):
    """A certificate F with term(k) = F(k) - F(k+1).

    Args:
        certificate: F, an expression in the summation symbol; without it
            Gosper's algorithm looks for one.
    """

    name: ClassVar[str] = "telescoping"
    certificates: ClassVar[tuple[str, ...]] = ("certificate",)
    certificate: Any = None

    def show(self, goal: Goal) -> Proof:
        """Subtract the certificate from its successor, then the ends."""
        k = letter(goal.origin, sp.Sum)
        found = self.certificate
        if found is None:
            found = _gosper(goal.origin)
        certificate = rules.function(goal.read(found), term(k))
        return rules.telescoping(goal.left, goal.right, goal.know, certificate)

    def said(self) -> str:
        """The certificate."""
        if self.certificate is None:
            return "the sum telescopes, by the term that Gosper finds"
        return (
            "the term is $F(k) - F(k+1)$ with "
            f"$F = {to_latex(self.certificate)}$; the ends remain"
        )


def _gosper(e: Any) -> Any:
    """Gosper's certificate, from SymPy: only searched, verified after."""
    from sympy.concrete.gosper import gosper_term

    total = next(iter(unfold(e).atoms(sp.Sum)))
    found = gosper_term(total.function, total.limits[0][0])
    if found is None:
        raise NotShownError("Gosper's algorithm finds nothing")
    return -found * total.function


def letter(e: Any, kind: Any) -> Any:
    """The letter that a certificate is written in."""
    if e is None:
        raise NotShownError("a certificate without its letter")
    found = list(e.atoms(kind)) or list(unfold(e).atoms(kind))
    if not found:
        raise NotShownError(f"no {kind.__name__}")
    return found[0].limits[0][0]


@dataclass(frozen=True)
class Induction(Tactic):
    """Base cases, and equal increments of both sides.

    A product on the left grows by factors: the right side must too.

    Args:
        n: the integer symbol.
        start: first value; its ``stride`` successors are the base cases.
        stride: distance between a value and the next one it implies.
    """

    name: ClassVar[str] = "induction"
    n: Any
    start: int = 0
    stride: int = 1

    def show(self, goal: Goal) -> Proof:
        """The bases, then the step for a new n."""

        def step(a: Term, b: Term, know: Context, *more: Premise) -> Proof:
            inner = Goal(a, b, know, premises=(*goal.premises, *more))
            return equal(inner)

        return rules.induction(
            goal.left,
            goal.right,
            goal.know,
            term(self.n),
            self.start,
            self.stride,
            step,
        )

    def said(self) -> str:
        """Bases and step."""
        n, first = to_latex(self.n), self.start
        last = first + self.stride - 1
        bases = f"{first}" if last == first else f"{first}, \\dots, {last}"
        return (
            f"base ${n} = {bases}$; from ${n}$ to ${n}+{self.stride}$ both "
            "sides grow by the same"
        )

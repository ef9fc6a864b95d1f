"""Sums: telescoping certificates, term by term, induction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Algebra
from kexue_lib.derive.checks.base import Tactic, require_whole
from kexue_lib.derive.core import rules
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError, Premise
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import Term
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.goals import Goal, equal
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.statement import RejectedError, Statement


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
        goal.equates()
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


@dataclass(frozen=True)
class Terms(Tactic):
    """Two sums over one range, term by term.

    So an earlier equation reaches under a sum: in
    ``by.terms(by.using("entry", at={n: k}))`` the letter ``k`` is the index
    of the left side, of which only its range is known.

    Args:
        then: tactic for the terms.
    """

    name: ClassVar[str] = "terms"
    then: Tactic = field(default_factory=Algebra)

    def decides(self, statement: Statement) -> Statement:
        """No more than what is used; of the index its range is known.

        Raises:
            RejectedError: what is used is known for some indices only.
        """
        k, low, high = _outermost(statement.lhs)
        given, known = statement.domain.given, (sp.Le(low, k), sp.Le(k, high))
        more = tuple(r for r in known if r is not sp.true)
        ranges = statement.domain.ranges
        inside = statement.but(domain=Domain((*given, *more), ranges))
        ranges = self.then.decides(inside).domain.ranges
        if any(s == k for s, _ in ranges):
            raise RejectedError(f"what is used holds for some {k} only")
        return statement.but(domain=Domain(given, ranges))

    def show(self, goal: Goal) -> Proof:
        """Open the index, then decide."""
        goal.equates()
        written = term(_outermost(goal.origin)[0])

        def inside(a: Term, b: Term, k: Term) -> Proof:
            table = {**goal.table, written: k}
            return self.then.show(replace(goal, left=a, right=b, table=table))

        return rules.termwise(goal.left, goal.right, goal.know, inside)

    def said(self) -> str:
        """What decides each term."""
        return f"term by term; in each: {self.then.said()}"


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


def _outermost(e: Any) -> Any:
    """The index of a sum, or of the one sum in a product; with its range."""
    if e is None:
        raise NotShownError("a sum without its letter")
    whole = unfold(e)
    for part in (whole, *whole.args):
        if isinstance(part, sp.Sum):
            return part.limits[-1]
    raise NotShownError("the left side is no sum")


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

    def __post_init__(self) -> None:
        """A stride of 0 would leave neither a base nor a step."""
        super().__post_init__()
        require_whole("by.induction: start", self.start)
        require_whole("by.induction: stride", self.stride, 1)

    def show(self, goal: Goal) -> Proof:
        """The bases, then the step for a new n."""
        goal.equates()

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

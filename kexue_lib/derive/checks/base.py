"""What a check is, and a tactic: a check whose statement the core decides."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import sympy as sp

from kexue_lib.derive.core.decide import decide, plainly
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Answer, No, Proof, Unknown
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.core.written import letters
from kexue_lib.derive.goals import Goal, goal_of, read
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.matrices import explicit, is_matrix
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.sampling import (
    Sampled,
    sample,
    usual_count,
)
from kexue_lib.derive.statement import (
    Finding,
    RejectedError,
    Stated,
    Statement,
    UnknownError,
)


@dataclass(frozen=True)
class Check(ABC):
    """A named strategy that decides a statement given as data."""

    name: ClassVar[str]
    best: ClassVar[Level] = Level.PROVED
    """The strongest level that it can earn; an inner check may weaken it."""
    certificates: ClassVar[tuple[str, ...]] = ()
    """Fields with expressions that only help: they are verified."""

    @abstractmethod
    def run(self, statement: Statement) -> Finding:
        """Decide the statement.

        Raises:
            RejectedError: the strategy did not establish it.
        """

    def decides(self, statement: Statement) -> Statement:
        """Return what a success establishes, if that is less than asked.

        A check that tries a finite set says which; one that takes a limit
        says where. That statement is printed, and used by others.
        """
        for inner in self._inner():
            statement = inner.decides(statement)
        return statement

    def sample(self, statement: Statement) -> Sampled | None:
        """Try the statement on points of the declared domain."""
        return sample(statement)

    def trial(self, statement: Statement) -> Sampled | None:
        """As ``sample``, but points where a side is undefined do not count.

        Negative controls ask here whether a changed statement is wrong.
        """
        return trial(statement)

    def lends(self) -> tuple[Level, ...]:
        """Levels of the earlier results that the check uses."""
        return tuple(
            level for inner in self._inner() for level in inner.lends()
        )

    def results(self) -> tuple[Stated, ...]:
        """Earlier results that the check uses."""
        return tuple(
            used for inner in self._inner() for used in inner.results()
        )

    def bound(self, find: Callable[[Any], Any]) -> Self:
        """Look up the names of earlier results, here and in inner checks."""
        changed = {
            f.name: getattr(self, f.name).bound(find)
            for f in fields(self)
            if isinstance(getattr(self, f.name), Check)
        }
        made = copy.copy(self)
        for name, value in changed.items():
            object.__setattr__(made, name, value)
        return made

    def put(self, table: dict[Any, Any]) -> Self:
        """Put the values of a case into certificates, here and inside."""
        changed: dict[str, Any] = {
            f.name: getattr(self, f.name).put(table)
            for f in fields(self)
            if isinstance(getattr(self, f.name), Check)
        }
        for name in self.certificates:
            value = getattr(self, name)
            if value is not None:
                changed[name] = value.subs(table, simultaneous=True)
        made = copy.copy(self)
        for name, value in changed.items():
            object.__setattr__(made, name, value)
        return made

    def parts(self) -> list[Check]:
        """This check and all that it hands statements to."""
        return [self, *(p for inner in self._inner() for p in inner.parts())]

    def _inner(self) -> list[Check]:
        values = (getattr(self, f.name) for f in fields(self))
        return [v for v in values if isinstance(v, Check)]


def require(statement: Statement, *relations: Relation) -> None:
    """Reject a relation that a check does not decide."""
    if statement.relation not in relations:
        wanted = ", ".join(r.text for r in relations)
        raise RejectedError(f"decides {wanted}, not {statement.relation.text}")


def require_whole(what: str, value: Any, least: int | None = None) -> None:
    """Raise for anything but an integer from ``least`` on."""
    if isinstance(value, bool) or not isinstance(value, int | sp.Integer):
        raise TypeError(f"{what} is an integer, not {value!r}")
    if least is not None and value < least:
        raise ValueError(f"{what} is at least {least}, not {value}")


def trial(statement: Statement) -> Sampled:
    """Try a statement that may be wrong at twice the usual points."""
    count = 2 * usual_count(statement)
    return sample(statement, count, undefined_counts=False)


@dataclass(frozen=True)
class Tactic(Check):
    """A check that hands the core a certificate, and lets it decide."""

    how: ClassVar[str] = ""
    relations: ClassVar[tuple[Relation, ...]] = (
        Relation.EQ,
        Relation.NE,
        Relation.LT,
        Relation.LE,
        Relation.GT,
        Relation.GE,
    )

    def __post_init__(self) -> None:
        """Take inside only what the core decides too.

        Raises:
            TypeError: another check is to decide a part of it.
        """
        for inner in self._inner():
            if not isinstance(inner, Tactic):
                raise TypeError(
                    f"{self.name} hands its parts to the core: it takes no "
                    f"{inner.name} inside"
                )

    def run(self, statement: Statement) -> Finding:
        """Let the core decide, with what the tactic offers.

        Raises:
            RejectedError: the core found a point where the statement fails.
            UndecidedError: it could not decide.
        """
        require(statement, *self.relations)
        found = self.answer(statement)
        if isinstance(found, No):
            raise RejectedError(f"fails {found.witness}")
        if isinstance(found, Unknown):
            with letters(*_letters(statement, self)):
                raise UnknownError(found)
        level = weakest([Level.PROVED, *self.lends()])
        return Finding(level, self.said(), _facts(found.proof), found.proof)

    def answer(self, statement: Statement) -> Answer:
        """What the core says of a statement, by this tactic."""
        try:
            stated = read(statement)
        except UnsupportedError as error:
            return Unknown(str(error), None, error.advice)

        def rule(_: Any, know: Context) -> Proof:
            if stated.relation == "!=":
                return plainly(stated, know)
            return self.show(goal_of(stated, know, statement.lhs))

        with letters(*_letters(statement, self)):
            return decide(stated, rule)

    @abstractmethod
    def show(self, goal: Goal) -> Proof:
        """Show a goal.

        Raises:
            NotShownError: the tactic does not show it.
        """

    def said(self) -> str:
        """What the tactic does, in words."""
        return self.how


def _letters(
    statement: Statement, check: Check
) -> tuple[list[str], list[str]]:
    """The author's letters of sums, and of integrals and derivatives.

    The core has forgotten how bound letters are called; its messages use
    these.
    """
    counted: dict[str, None] = {}
    real: dict[str, None] = {}
    for side in (statement.lhs, statement.rhs):
        if not isinstance(side, sp.Basic):
            continue
        for t in sp.preorder_traversal(unfold(side)):
            if isinstance(t, sp.Sum | sp.Product | sp.Integral):
                kind = real if isinstance(t, sp.Integral) else counted
                kind.update((limits[0].name, None) for limits in t.limits)
    for name in ("n", "a", "b"):
        s = getattr(check, name, None)
        if isinstance(s, sp.Symbol):
            counted[s.name] = None
    s = getattr(check, "x", None)
    if isinstance(s, sp.Symbol):
        real[s.name] = None
    return list(counted), list(real)


def _facts(proof: Proof) -> tuple[tuple[str, str], ...]:
    met = {str(c) for p in proof.walk() for c in p.met}
    return (("side conditions", str(len(met))),) if met else ()


def gaps(statement: Statement) -> list[Any]:
    """Return ``lhs - rhs``: one number, or one for each matrix entry."""
    left, right = statement.left, statement.right
    if not (is_matrix(left) or is_matrix(right)):
        return [left - right]
    try:
        a, b = explicit(left), explicit(right)
    except (TypeError, ValueError) as error:
        raise RejectedError(f"matrices of unknown size ({error})") from error
    if a.shape != b.shape:
        raise RejectedError(f"shapes {a.shape} and {b.shape} differ")
    return [p - q for p, q in zip(a, b, strict=True)]


def prepare(expr: Any) -> Any:
    """Differentiate, write out sums with numeric limits, tidy the others.

    Symbolic sums stay, with constant factors taken out; integrals and limits
    stay as they are.
    """
    if not expr.has(sp.Sum, sp.Product, sp.Derivative, sp.Subs):
        return expr
    if isinstance(expr, sp.Derivative | sp.Subs):
        inner = prepare(expr.expr)
        whole = expr.func(inner, *expr.args[1:])
        done = whole.doit(deep=False)
        # The derivative of an unknown function stays as it is.
        return whole if done == whole else prepare(done)
    if isinstance(expr, sp.Sum):
        return _prepared_sum(expr)
    if isinstance(expr, sp.Product) and len(expr.limits) == 1:
        k, low, high = expr.limits[0]
        if low.is_Integer and high.is_Integer and low <= high + 1:
            return sp.Mul(
                *(
                    prepare(expr.function.subs(k, v))
                    for v in range(int(low), int(high) + 1)
                )
            )
        return expr
    if not expr.args:
        return expr
    return expr.func(*(prepare(a) for a in expr.args))


def _prepared_sum(expr: Any) -> Any:
    *outer, (k, low, high) = expr.limits
    body = prepare(
        expr.func(expr.function, *outer) if outer else expr.function
    )
    if low.is_Integer and high.is_Integer and low <= high + 1:
        return sp.Add(
            *(prepare(body.subs(k, v)) for v in range(int(low), int(high) + 1))
        )
    free, bound = body.as_independent(k, as_Add=False)
    return free * sp.Sum(bound, (k, low, high))

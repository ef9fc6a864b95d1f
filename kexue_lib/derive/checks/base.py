"""What a checker is, and the normal forms that several of them share."""

from __future__ import annotations

import copy
import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import sympy as sp

from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.matrices import explicit, is_matrix
from kexue_lib.derive.sampling import (
    Sampled,
    sample,
    usual_count,
)
from kexue_lib.derive.statement import (
    Finding,
    RejectedError,
    Statement,
)


@dataclass(frozen=True)
class Check(ABC):
    """A named strategy that decides a statement given as data.

    Attributes:
        whole: wants sums over different ranges together, not one by one.
    """

    name: ClassVar[str]
    best: ClassVar[Level] = Level.PROVED
    """The strongest level that it can earn; an inner check may weaken it."""
    whole: ClassVar[bool] = False
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

    def equations(self) -> tuple[str, ...]:
        """Ids of claims whose equations the check uses."""
        return tuple(
            used for inner in self._inner() for used in inner.equations()
        )

    def bound(self, find: Callable[[str], Any]) -> Self:
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

    def _inner(self) -> list[Check]:
        values = (getattr(self, f.name) for f in fields(self))
        return [v for v in values if isinstance(v, Check)]


def require(statement: Statement, *relations: Relation) -> None:
    """Reject a relation that a check does not decide."""
    if statement.relation not in relations:
        wanted = ", ".join(r.text for r in relations)
        raise RejectedError(f"decides {wanted}, not {statement.relation.text}")


def trial(statement: Statement) -> Sampled:
    """Try a statement that may be wrong at twice the usual points."""
    count = 2 * usual_count(statement)
    return sample(statement, count, undefined_counts=False)


class Algebra(Check):
    """Checks that bring ``lhs - rhs`` to 0 by one normal form."""

    how: ClassVar[str]

    @abstractmethod
    def vanishes(self, gap: Any) -> bool:
        """Say whether the normal form of ``gap`` is 0."""

    def ready(self, gap: Any) -> Any:
        """Evaluate what the normal form cannot read."""
        return prepare(gap)

    def run(self, statement: Statement) -> Finding:
        """Decide an equation, entry by entry for matrices."""
        require(statement, Relation.EQ)
        for gap in gaps(statement):
            if not self.vanishes(self.ready(gap)):
                raise RejectedError(f"{self.name} does not give 0")
        return Finding(Level.PROVED, self.how)


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


def rational_zero(gap: Any) -> bool:
    """Say whether a rational function (of any generators) is 0.

    Signs ``(-1)**k`` with integer ``k`` count as generators whose square
    is 1.
    """
    quick = _in_a_field(gap)
    if quick is not None:
        return quick
    gap, signs = _signs_as_letters(sp.expand(gap) if _small(gap) else gap)
    if gap == 0:
        return True
    top, bottom = sp.fraction(sp.together(gap))
    if sp.expand(bottom) == 0:
        return False
    return _reduce(sp.expand(top), signs) == 0


def _in_a_field(gap: Any) -> bool | None:
    """Decide quickly where only symbols, signs, integer powers occur.

    A sign ``(-1)**k`` is 1 or -1, so both values are tried.
    """
    gap, signs = _signs_as_letters(gap)
    if len(signs) > 4 or not _is_rational(gap):
        return None
    for values in itertools.product((1, -1), repeat=len(signs)):
        case = gap.xreplace(
            dict(zip(signs, map(sp.Integer, values), strict=True))
        )
        if case.has(sp.zoo, sp.nan) or not _zero_in_field(case):
            return False
    return True


def _is_rational(gap: Any) -> bool:
    for part in sp.preorder_traversal(gap):
        if part.is_Add or part.is_Mul or part.is_Rational:
            continue
        if part.is_Symbol and part.is_commutative:
            continue
        if part.is_Pow and part.exp.is_Integer:
            continue
        return False
    return True


def _zero_in_field(gap: Any) -> bool:
    symbols = sorted(gap.free_symbols, key=sp.default_sort_key)
    if not symbols:
        return bool(gap == 0)
    try:
        return not sp.QQ.frac_field(*symbols).from_sympy(gap)
    except ZeroDivisionError:
        # Some denominator is identically 0.
        return False


def polynomial_zero(gap: Any) -> bool:
    """Say whether expanding ``gap`` gives 0, without common denominators."""
    gap, signs = _signs_as_letters(sp.expand(gap))
    return _reduce(sp.expand(gap), signs) == 0


def _small(gap: Any) -> bool:
    return not gap.has(sp.Sum) and gap.count_ops() < 60


def _signs_as_letters(expr: Any) -> tuple[Any, list[sp.Symbol]]:
    table: dict[Any, Any] = {}
    letters: dict[Any, sp.Symbol] = {}
    for power in expr.atoms(sp.Pow):
        if power.base != -1 or not power.exp.is_integer:
            continue
        whole = sp.expand(power.exp)
        sign: Any = sp.S.One
        for term in sp.Add.make_args(whole):
            number, rest = term.as_coeff_Mul()
            if not number.is_Integer or number % 2 == 0:
                if number.is_Integer and rest.is_integer:
                    continue
                sign *= sp.Pow(-1, term)
            elif rest == 1:
                sign = -sign
            else:
                sign *= letters.setdefault(
                    rest, sp.Dummy(f"sign{len(letters)}")
                )
        table[power] = sign
    return expr.xreplace(table), list(letters.values())


def _reduce(expr: Any, signs: list[sp.Symbol]) -> Any:
    for s in signs:
        expr = sp.expand(expr).replace(
            lambda e, s=s: e.is_Pow and e.base == s and e.exp.is_Integer,
            lambda e, s=s: s if e.exp % 2 else sp.S.One,
        )
    return sp.expand(expr)

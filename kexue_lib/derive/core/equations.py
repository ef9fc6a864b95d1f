"""Equations: by the normal form, modulo premises that hold.

Also what other rules take an equation apart with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from kexue_lib.derive.core.differentiate import derivative, orders
from kexue_lib.derive.core.discharge import settled
from kexue_lib.derive.core.field import (
    GENERATORS,
    Field,
    Poly,
    difference,
    monomial,
)
from kexue_lib.derive.core.nonzero import nonzero
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Kind, Proof, Range
from kexue_lib.derive.core.terms import (
    ONE,
    ZERO,
    Term,
    UndecidedError,
    UnsupportedError,
    contains,
    factors,
    facts_of,
    free,
    is_fn,
    mul,
    negated,
    rel,
    replaced,
    sub,
    subst,
    text,
)


class NotShownError(UnsupportedError):
    """A rule did not establish the statement; says what is missing."""


@dataclass(frozen=True)
class Premise:
    """An equation shown before, and the relations under which it was."""

    left: Term
    right: Term
    given: tuple[Term, ...] = ()

    def put(self, table: Mapping[Term, Term]) -> Premise:
        """The same with values put in for symbols."""
        given = tuple(subst(g, table) for g in self.given)
        return Premise(
            subst(self.left, table), subst(self.right, table), given
        )


LONGEST = 160
"""Letters of a term in a message."""

SPLITS = 4
"""How often undecided cases are split, one inside the other."""

Function = Callable[[Term], Term]
"""A term as a function of one of its symbols."""


def function(body: Term, x: Term) -> Function:
    """A term as a function of a symbol."""
    return lambda value: subst(body, {x: value})


# -- equations ------------------------------------------------------------


def equal(
    a: Term,
    b: Term,
    know: Context,
    premises: Sequence[Premise] = (),
    within: tuple[Range, ...] = (),
    rule: str = "normal form",
    splits: int = SPLITS,
) -> Proof:
    """a = b by the normal form, modulo premises that hold here.

    A premise is put in where its left side stands as it is written; if that
    does not do, it is put into the normal form.
    """
    put = {p.left: p.right for p in premises if _holds(p, know)}
    plain = replaced(a, put), replaced(b, put)
    if plain != (a, b):
        with suppress(UnsupportedError):
            inner = _by_cases(*plain, know, premises, within, rule, splits)
            if not inner.still_open:
                return Proof("premise", "as it is written", (inner,))
    return _by_cases(a, b, know, premises, within, rule, splits)


def _by_cases(
    a: Term,
    b: Term,
    know: Context,
    premises: Sequence[Premise],
    within: tuple[Range, ...],
    rule: str,
    splits: int,
) -> Proof:
    """Where a case is not decided, both are tried: it and the contrary."""
    try:
        return _alike(a, b, know, premises, within, rule)
    except UndecidedError as error:
        hidden = {r[0] for r in (*know.ranges, *within)}
        known = (free(a) | free(b)) - hidden
        if not splits or not splittable(error.test, know, known):
            raise
        tests = (error.test, negated(error.test))
    parts = []
    for test in tests:
        there = know.knowing(test)
        if there.impossible():
            continue
        fixed = pinned(test, there)
        if not fixed or within or know.ranges:
            sides = (a, b, there, premises)
        else:
            moved = [p.put(fixed) for p in premises]
            given = tuple(subst(g, fixed) for g in there.given)
            sides = (subst(a, fixed), subst(b, fixed), Context(given), moved)
        parts.append(equal(*sides, within, rule, splits - 1))
    return Proof("cases", f"{tests[0]} or not", tuple(parts))


def pinned(test: Term, know: Context) -> dict[Term, Term]:
    """Symbols that the hypotheses leave only one value.

    Integers their first; and what stands linear in two sides that are equal.
    """
    found = {}
    gap = sub(*test.args[1:])
    if test.args[0] != "<" and know.holds(rel("=", gap, ZERO)):
        for s in sorted(free(gap), key=text):
            f = know.field()
            slope, level = f.quotients(derivative(gap, s), gap)
            if slope.top == 0 or f.atoms_of(slope.top):
                continue
            back = f.times(level, f.raised(slope, -1))
            value = f.to_term(f.plus(f.norm(s), f.times(f.constant(-1), back)))
            if s not in free(value) and slope.bottom == 1:
                return {s: value}
    for s in sorted(free(test), key=text):
        facts = facts_of(s)
        if "integer" in facts and facts & {"positive", "nonnegative"}:
            low = ONE if "positive" in facts else ZERO
            if know.holds(rel("<=", s, low)):
                found[s] = low
    return found


def _short(t: Term) -> str:
    said = str(t)
    return said if len(said) < LONGEST else f"{said[:LONGEST]} ..."


def splittable(test: Term, know: Context, known: frozenset[Term]) -> bool:
    """A relation that holds or does not, of free symbols of the goal only.

    Of the variable of a sum it may hold for some values and not for others.
    """
    if test.op != "rel" or not free(test) <= known:
        return False
    ordered = test.args[0] in ("<", "<=")
    return not ordered or all(map(know.real, test.args[1:]))


def _alike(
    a: Term,
    b: Term,
    know: Context,
    premises: Sequence[Premise],
    within: tuple[Range, ...],
    rule: str,
) -> Proof:
    with know.within(*within):
        gap = difference(a, b)
        f = know.field()
        if not f.zero(gap) and not _zero_otherwise(f, gap, premises):
            if not premises:
                raise NotShownError(
                    f"the difference of the sides is not seen to be 0: "
                    f"{_short(gap)}",
                    "another check: by.telescoping(F) or by.induction(n) for "
                    "a sum, by.order or by.parity for cases, "
                    "by.using(earlier result)",
                )
            f = _modulo(gap, know, premises)
            rule = "premise"
        return settled(rule, f.conditions, know)


def _zero_otherwise(f: Field, gap: Term, premises: Sequence[Premise]) -> bool:
    """In other coordinates; what is not decided there leaves the premises."""
    try:
        return f.zero_otherwise(gap)
    except UndecidedError:
        if not premises:
            raise
        return False


def _holds(p: Premise, know: Context) -> bool:
    return all(know.holds(g) is True for g in p.given)


def _modulo(gap: Term, know: Context, premises: Sequence[Premise]) -> Field:
    """The numerator vanishes when each premise is put in."""
    for p in premises:
        for g in p.given:
            if know.holds(g) is not True:
                raise NotShownError(f"the premise needs {g}")
    if gap.op == "mat":
        raise NotShownError("a premise for a matrix")
    f = know.field()
    sides = [side for p in premises for side in (p.left, p.right)]
    goal_, *rest = f.quotients(gap, *sides)
    goal = goal_.top
    for left, right in zip(rest[::2], rest[1::2], strict=True):
        # In lowest terms: a common factor that may be 0 says nothing.
        whole = f.plus(left, f.times(f.constant(-1), right)).top
        if whole == 0:
            continue
        at = _solved_for(f, left.top, whole, know)
        if at is None or whole.degrees()[at] != 1:
            goal = f.reduced(divmod(goal, whole)[1])
            continue
        # c x + r = 0 gives x = -r/c, if c is not 0.
        slope = whole.derivative(at)
        if not slope.is_constant():
            f.need(Kind.NONZERO, f.poly_term(slope))
        minus = slope * GENERATORS[at] - whole
        top = int(goal.degrees()[at])
        parts = (
            _coefficient(goal, at, j) * minus**j * slope ** (top - j)
            for j in range(max(top, 0) + 1)
        )
        goal = f.reduced(sum(parts, goal * 0))
    if goal != 0:
        raise NotShownError(
            "the difference is not 0 when the premise is put in",
            "values for its symbols, by.using(..., at={n: ...})",
        )
    return f


def _coefficient(p: Poly, at: int, j: int) -> Poly:
    total = p * 0
    for m, c in p.to_dict().items():
        if int(m[at]) == j:
            rest = tuple(0 if i == at else e for i, e in enumerate(m))
            total = total + monomial(rest, c)
    return total


def _solved_for(f: Field, p: Poly, whole: Poly, know: Context) -> int | None:
    """The sum, integral, ... that a premise is about.

    Of several the one whose coefficient is seen not to be 0.
    """
    atoms = f.atoms_of(p)
    found = [i for i, a in atoms if _about(a)]
    if not found:
        unknown = [
            (_order(a), -i, i)
            for i, a in atoms
            if a.op == "fn" and a.args[0].startswith("?")
        ]
        return max(unknown)[2] if unknown else None
    for i in found:
        if whole.degrees()[i] == 1:
            slope = f.poly_term(whole.derivative(i))
            if len(found) == 1 or nonzero(slope, know):
                return i
    return found[0]


def _about(a: Term) -> bool:
    return a.op in ("sum", "int", "prod", "diff") or is_fn(a, "log")


def _order(a: Term) -> int:
    """How often an unknown function is differentiated."""
    return sum(orders(a))


def single(t: Term, op: str) -> tuple[Term, Term]:
    """(scale, the one sum or integral) of a product."""
    parts = factors(t)
    found = [p for p in parts if p.op == op]
    if len(found) != 1 or contains(found[0].args[0], op):
        raise NotShownError(f"not one single {op}")
    parts.remove(found[0])
    return mul(*parts), found[0]


def several(
    a: Term, op: str, know: Context
) -> tuple[list[Proof], list[tuple[Term, Term]], Term]:
    """a = sum of coefficient * (sum or integral) + rest, over one range.

    One as it is written; several are read off the normal form, and then each
    must exist by itself.
    """
    try:
        found = [single(a, op)]
        return [], found, ZERO
    except NotShownError:
        pass
    f = know.field(mirror=False)
    r = f.quotients(a)[0]
    proof = settled("linear", f.conditions, know)
    found, rest = [], r.top
    for at, t in f.atoms_of(r.top):
        if t.op != op:
            continue
        if int(r.top.degrees()[at]) != 1:
            raise NotShownError(f"not linear in a {op}")
        c = r.top.derivative(at)
        rest = rest - c * GENERATORS[at]
        found.append((f.to_term(f.ratio(c, r.bottom)), t))
    ranges = {t.args[1:] for _, t in found}
    if len(ranges) != 1 or any(t.op == op for _, t in f.atoms_of(r.bottom)):
        raise NotShownError(f"no {op}, or several ranges")
    return [proof], found, f.to_term(f.ratio(rest, r.bottom))


def defined(know: Context, *sides: Term) -> Proof:
    """Both sides exist."""
    f = know.field()
    f.quotients(*sides)
    return settled("defined", f.conditions, know)

"""Wrong neighbours of a step: the statement, or what it rests on, changed."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from itertools import zip_longest
from typing import Any

import sympy as sp

from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.checks.measure import Measuring
from kexue_lib.derive.checks.record import Counterexample
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.matrices import is_matrix
from kexue_lib.derive.mutation.changes import Change, changes, possible
from kexue_lib.derive.naming import Named, unfold
from kexue_lib.derive.statement import Statement
from kexue_lib.derive.steps import Step


@dataclass(frozen=True)
class Mutant:
    """A step changed in one place.

    Attributes:
        kind: what was changed.
        statement: the statement then.
        check: the check then: it may hold the symbols, or a premise.
        same: the statement is as it was; only a premise is wrong.
    """

    kind: str
    statement: Statement
    check: Check
    same: bool = False

    @property
    def text(self) -> str:
        """The mutant for the reader, with its hypotheses."""
        said = str(self.statement)
        if self.kind in ("hypothesis", "assumption"):
            given = ", ".join(map(str, self.statement.domain.given))
            said += f" ({self.kind} weakened; given: {given or 'nothing'})"
        return f"{said} with a wrong premise" if self.same else said


def mutants(step: Step) -> Iterator[Mutant]:
    """Yield the mutants of a step, kinds taking turns, no duplicates.

    Each is made when it is asked for.
    """
    statement, check = step.statement, step.check
    if isinstance(check, Counterexample):
        for a, b in _true(statement):
            yield Mutant("true formula", statement.but(lhs=a, rhs=b), check)
        return
    if isinstance(check, Measuring):
        for kind, changed in _of_reading(statement):
            yield Mutant(kind, changed, check)
        return
    groups: dict[str, list[Callable[[], Mutant]]] = {}
    for kind, make in _all(statement, check):
        groups.setdefault(kind, []).append(make)
    # Other steps begin with other kinds: a limit reaches all of them.
    kinds = list(groups)
    random.Random(str(statement)).shuffle(kinds)
    seen: set[Any] = {(statement, id(check))}
    kept: list[Check] = []  # or another would get the same id
    for row in zip_longest(*(groups[k] for k in kinds)):
        for make in filter(None, row):
            mutant = make()
            key = (mutant.statement, id(check))
            if mutant.check is not check:
                key = (mutant.statement, id(mutant.check))
            if key not in seen:
                seen.add(key)
                kept.append(mutant.check)
                yield mutant


def _true(statement: Statement) -> list[tuple[Any, Any]]:
    """Sides of formulas that hold, as near to a refuted one as can be."""
    apart = {Relation.LT: 1, Relation.NE: 1, Relation.GT: -1}
    near = apart.get(statement.relation, 0)
    return [(side, side + near) for side in (statement.lhs, statement.rhs)]


def _of_reading(statement: Statement) -> Iterator[tuple[str, Statement]]:
    flipped = _RELATIONS.get(statement.relation)
    if flipped is not None:
        # A reading on the bound itself satisfies <= and >= alike.
        yield "relation", statement.but(relation=flipped[0])
        return
    right = statement.rhs
    for value in (right + 1, -right, 2 * right, right - 1):
        if value != right:
            yield "constant", statement.but(rhs=value)


_RELATIONS = {
    Relation.LE: (Relation.GE, Relation.LT, Relation.EQ),
    Relation.GE: (Relation.LE, Relation.GT, Relation.EQ),
    Relation.LT: (Relation.GT, Relation.EQ),
    Relation.GT: (Relation.LT, Relation.EQ),
    Relation.EQ: (Relation.NE,),
    Relation.NE: (Relation.EQ,),
}


def _all(
    statement: Statement, check: Check
) -> Iterator[tuple[str, Callable[[], Mutant]]]:
    def other(kind: str, **changed: Callable[[], Any]) -> Mutant:
        made = {name: make() for name, make in changed.items()}
        return Mutant(kind, statement.but(**made), check)

    for relation in _RELATIONS.get(statement.relation, ()):
        wrong = Mutant("relation", statement.but(relation=relation), check)
        yield wrong.kind, partial(_same, wrong)
    sides = [("rhs", statement.rhs), ("lhs", statement.lhs)]
    for name, side in (("rhs", statement.right), ("lhs", statement.left)):
        if side not in (statement.rhs, statement.lhs):
            sides.append((name, side))
    for name, side in sides:
        for kind, make in possible(side):
            yield kind, partial(other, kind, **{name: make})
    for kind, changed in (*_hypotheses(statement), *_lets(statement)):
        yield kind, partial(Mutant, kind, changed, check)
    for left, right in _two_places(statement):
        yield "two places", partial(other, "two places", lhs=left, rhs=right)
    for wrong in _assumptions(statement, check):
        yield wrong.kind, partial(_same, wrong)
    for worse in _premises(check):
        yield "premise", partial(Mutant, "premise", statement, worse, True)


def _same(mutant: Mutant) -> Mutant:
    return mutant


# -- the domain ------------------------------------------------------------


def _hypotheses(statement: Statement) -> Iterator[tuple[str, Statement]]:
    """Given relations dropped or weakened."""
    given, ranges = statement.domain.given, statement.domain.ranges
    for i, g in enumerate(given):
        rest = (*given[:i], *given[i + 1 :])
        for new in ((), *_weaker(g)):
            domain = Domain((*rest, *new), ranges)
            yield "hypothesis", statement.but(domain=domain)


def _weaker(g: Any) -> Iterator[tuple[Any, ...]]:
    kind = type(g)
    loose = {sp.Lt: sp.Le, sp.Gt: sp.Ge}.get(kind)
    if loose is not None:
        yield (loose(g.lhs, g.rhs, evaluate=False),)
    if kind in (sp.Lt, sp.Le):
        yield (kind(g.lhs, g.rhs + 1, evaluate=False),)
    if kind in (sp.Gt, sp.Ge):
        yield (kind(g.lhs, g.rhs - 1, evaluate=False),)


_WEAKER = (
    ("positive", {"real": True}),
    ("negative", {"real": True}),
    ("nonnegative", {"real": True}),
    ("nonzero", {"real": True}),
    ("integer", {"real": True}),
    ("real", {"complex": True}),
)


def _assumptions(statement: Statement, check: Check) -> Iterator[Mutant]:
    """Facts of a symbol weakened, one at a time."""
    sides = statement.left, statement.right
    counted = set().union(*(_counted(side) for side in sides))
    for s in sorted(statement.symbols, key=sp.default_sort_key):
        for fact, kept in _WEAKER:
            if not s.assumptions0.get(fact):
                continue
            whole = {"integer": True} if s.is_integer else {}
            if fact == "integer":
                whole = {
                    f: True
                    for f in ("positive", "nonnegative")
                    if s.assumptions0.get(f)
                }
            if s in counted and not whole.get("integer"):
                continue
            if fact == "real" and s.is_integer:
                continue
            loose = sp.Symbol(s.name, **{**kept, **whole})
            if loose == s:
                continue
            table = {s: loose}
            yield Mutant(
                "assumption",
                Statement(
                    sides[0].xreplace(table),
                    statement.relation,
                    sides[1].xreplace(table),
                    _moved(statement.domain, table),
                    statement.limit,
                ),
                _moved(check, table),
            )
            break


def _counted(side: Any) -> set[Any]:
    """Symbols that count something: they stay integers."""
    found: set[Any] = set()
    for node in side.atoms(sp.Sum, sp.Product):
        found |= set().union(*(set(lim[1:]) for lim in node.limits))
    for node in side.atoms(sp.factorial, sp.binomial, sp.Indexed):
        found |= set(node.args[1:] if node.is_Indexed else node.args)
    return set().union(*(getattr(f, "free_symbols", set()) for f in found))


def _moved(obj: Any, table: dict[Any, Any]) -> Any:
    """Other symbols in data that hold expressions: checks, domains."""
    if isinstance(obj, sp.Basic):
        return obj.xreplace(table)
    if isinstance(obj, tuple):
        parts = [_moved(o, table) for o in obj]
        return obj._make(parts) if hasattr(obj, "_make") else tuple(parts)
    if isinstance(obj, Check | Domain):
        made = copy.copy(obj)
        for f in fields(obj):
            value = _moved(getattr(obj, f.name), table)
            object.__setattr__(made, f.name, value)
        return made
    return obj


# -- definitions, premises, two places -------------------------------------


def _lets(statement: Statement) -> Iterator[tuple[str, Statement]]:
    """The body of a name changed wherever it stands."""
    sides = (statement.lhs, statement.rhs)
    kinds = {f.func for side in sides for f in side.atoms(Named)}
    for name in sorted(kinds, key=str):
        body = name._body
        if not isinstance(body, sp.Expr):
            continue
        for _, changed in _first(changes(body), 4):

            def put(side: Any, name: Any = name, body: Any = changed) -> Any:
                table = {
                    f: body.subs(
                        dict(zip(name._params, f.args, strict=True)),
                        simultaneous=True,
                    )
                    for f in side.atoms(name)
                }
                return unfold(side.xreplace(table))

            yield "let", statement.but(lhs=put(sides[0]), rhs=put(sides[1]))


def _premises(check: Any) -> Iterator[Check]:
    """An earlier equation that is used, wrong on its right side."""
    equation = getattr(check, "equation", None)
    if isinstance(equation, tuple) and len(equation) > 1:
        old = equation[1]
        if isinstance(old, sp.Expr):
            # A number cannot be added to a matrix.
            more = () if is_matrix(old) else (old + 1,)
            for new in (*more, 2 * old):
                if new != old:
                    changed: Any = (equation[0], new, *equation[2:])
                    if hasattr(equation, "_make"):
                        changed = equation._make(changed)
                    made = copy.copy(check)
                    object.__setattr__(made, "equation", changed)
                    yield made
    for f in fields(check):
        inner = getattr(check, f.name)
        if isinstance(inner, Check):
            for wrong in _premises(inner):
                made = copy.copy(check)
                object.__setattr__(made, f.name, wrong)
                yield made


def _two_places(statement: Statement) -> Iterator[tuple[Any, Any]]:
    """The same kind of slip on both sides: consistent errors."""
    left = _grouped(possible(statement.lhs))
    right = _grouped(possible(statement.rhs))
    for kind in sorted(left.keys() & right.keys()):
        yield from zip(left[kind][:2], right[kind][:2], strict=False)


def _grouped(found: Iterable[Change]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for kind, changed in found:
        groups.setdefault(kind, []).append(changed)
    return groups


def _first(found: Iterable[Any], count: int) -> Iterator[Any]:
    yield from (x for x, _ in zip(found, range(count), strict=False))

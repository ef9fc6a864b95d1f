"""Negative controls: wrong neighbours of every step, for the same check.

A mutant is the statement of a step with one small thing changed. Sampling
the declared domain says whether it is really wrong; if so, the check that
accepted the step must reject it, without the help of sampling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import sympy as sp
from sympy.core.random import seed

from kexue_lib.derive.checks.measure import Measuring, Reading
from kexue_lib.derive.checks.record import Counterexample, Unchecked
from kexue_lib.derive.claims import Claim
from kexue_lib.derive.evaluate import NotEvaluableError
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.matrices import is_matrix
from kexue_lib.derive.naming import Named
from kexue_lib.derive.objects import Law
from kexue_lib.derive.statement import (
    DisagreementError,
    RejectedError,
    Statement,
)
from kexue_lib.derive.steps import Step, nonsense_rejected


@dataclass(frozen=True)
class Mutant:
    """A statement changed in one place, and what was changed."""

    kind: str
    statement: Statement


@dataclass(frozen=True)
class Control:
    """The fate of one mutant.

    Attributes:
        claim: full id of the claim.
        step: number of the step within the claim.
        kind: what was changed.
        text: the changed statement.
        outcome: ``killed`` (the check rejects it), ``survived`` (the check
            accepts a statement that is wrong), ``equivalent`` (sampling
            finds no difference), ``undecided`` (it cannot be sampled).
    """

    claim: str
    step: int
    kind: str
    text: str
    outcome: str


def controls(claim: Claim, limit: int | None = None) -> list[Control]:
    """Run the negative controls of a claim, the same ones every time.

    Args:
        claim: the claim.
        limit: how many decided mutants are enough; None runs all.

    Returns:
        One entry for each mutant that was tried.
    """
    steps = [s for s in claim.steps() if not isinstance(s.check, Unchecked)]
    streams = [_tried(claim.id, step) for step in steps]
    found: list[Control] = []
    decided = 0
    for row in zip_longest(*streams):
        for control in row:
            if control is None:
                continue
            found.append(control)
            decided += control.outcome in ("killed", "survived")
            if limit is not None and decided >= limit:
                return found
    return found


def _tried(claim: str, step: Step) -> Iterator[Control]:
    for mutant in mutants(step):
        yield Control(
            claim,
            step.number,
            mutant.kind,
            str(mutant.statement),
            _outcome(step, mutant.statement),
        )


def _outcome(step: Step, mutant: Statement) -> str:
    seed(1)
    wrong = _is_wrong(step, mutant)
    if wrong is None:
        return "undecided"
    if not wrong:
        return "equivalent"
    try:
        with nonsense_rejected():
            step.check.run(mutant)
    except (RejectedError, NotEvaluableError):
        return "killed"
    return "survived"


def _is_wrong(step: Step, mutant: Statement) -> bool | None:
    """Say whether a mutant is false; None if that cannot be sampled."""
    if isinstance(step.check, Counterexample):
        # The control of a refutation is a formula that is true.
        return True
    if isinstance(step.check, Measuring):
        return _reading_is_wrong(step, mutant)
    try:
        with nonsense_rejected():
            step.check.trial(mutant)
    except DisagreementError as found:
        return True if found.left is not None else None
    except (NotEvaluableError, RejectedError):
        return None
    return False


def _reading_is_wrong(step: Step, mutant: Statement) -> bool:
    """A wrong constant is one that clearly misses the tolerance."""
    if mutant.relation is not Relation.APPROX:
        return mutant.relation is not step.statement.relation
    check: Any = step.check
    slack = float(
        check.tolerance
        if hasattr(check, "tolerance")
        else check.z * check.error
    )
    right = step.statement.right
    return bool(abs(mutant.right - right) > 2 * slack)


def mutants(step: Step) -> list[Mutant]:
    """Return the mutants of a step, kinds taking turns, no duplicates."""
    statement = step.statement
    if isinstance(step.check, Counterexample):
        made = [
            Mutant("true formula", statement.but(lhs=side, rhs=side))
            for side in (statement.lhs, statement.rhs)
        ]
        return made if statement.relation is Relation.EQ else []
    if isinstance(step.check, Measuring):
        return _reading_mutants(step)
    groups: dict[str, list[Mutant]] = {}
    for mutant in _all_mutants(statement):
        groups.setdefault(mutant.kind, []).append(mutant)
    seen = {statement}
    turns = []
    for row in zip_longest(*groups.values()):
        for mutant in row:
            if mutant is not None and mutant.statement not in seen:
                seen.add(mutant.statement)
                turns.append(mutant)
    return turns


def _reading_mutants(step: Step) -> list[Mutant]:
    statement = step.statement
    flipped = _FLIPPED.get(statement.relation)
    if flipped is not None:
        # A reading on the bound itself satisfies <= and >= alike.
        return [Mutant("relation", statement.but(relation=flipped))]
    right = statement.rhs
    return [
        Mutant("constant", statement.but(rhs=value))
        for value in (right + 1, -right, 2 * right, right - 1)
        if value != right
    ]


_FLIPPED = {
    Relation.LE: Relation.GE,
    Relation.GE: Relation.LE,
    Relation.LT: Relation.GT,
    Relation.GT: Relation.LT,
    Relation.NE: Relation.EQ,
}


def _all_mutants(statement: Statement) -> Iterator[Mutant]:
    flipped = _FLIPPED.get(statement.relation)
    if flipped is not None:
        yield Mutant("relation", statement.but(relation=flipped))
    sides = [("rhs", statement.rhs), ("lhs", statement.lhs)]
    for name, side in (("rhs", statement.right), ("lhs", statement.left)):
        if side not in (statement.rhs, statement.lhs):
            sides.append((name, side))
    for name, side in sides:
        for kind, changed in changes(side):
            yield Mutant(kind, statement.but(**{name: changed}))


def changes(expr: Any) -> Iterator[tuple[str, Any]]:
    """Yield (kind, changed expression) for every small change."""
    for make in _MAKERS:
        yield from make(expr)


def _signs(expr: Any) -> Iterator[tuple[str, Any]]:
    found = False
    for path, node in _nodes(expr):
        if node.is_Add:
            for i, term in enumerate(node.args):
                parts = [*node.args]
                parts[i] = -term
                yield "sign", _rebuilt(expr, path, node.func(*parts))
                found = True
    if not found and isinstance(expr, sp.Expr) and expr != 0:
        yield "sign", -expr


def _integers(expr: Any) -> Iterator[tuple[str, Any]]:
    for path, node in _nodes(expr):
        if node.is_Rational:
            inside = _at(expr, path[:-1]) if path else expr
            exponent = path and inside.is_Pow and path[-1] == 1
            kind = "exponent" if exponent else "integer"
            bump = sp.Rational(node.p + 1, node.q)
            yield kind, _rebuilt(expr, path, bump)
        elif path and node.is_Symbol and _is_exponent(expr, path):
            yield "exponent", _rebuilt(expr, path, node + 1)


def _is_exponent(expr: Any, path: tuple[int, ...]) -> bool:
    parent = _at(expr, path[:-1])
    return bool(parent.is_Pow and path[-1] == 1)


def _drops(expr: Any) -> Iterator[tuple[str, Any]]:
    for path, node in _nodes(expr):
        if (
            node.is_Add
            or node.is_Mul
            or isinstance(node, sp.MatAdd | sp.MatMul)
        ):
            for i, part in enumerate(node.args):
                if node.is_Mul and part.is_number:
                    continue
                rest = [a for j, a in enumerate(node.args) if j != i]
                if is_matrix(node) and not any(map(is_matrix, rest)):
                    continue
                yield "dropped term", _rebuilt(expr, path, node.func(*rest))


def _swaps(expr: Any) -> Iterator[tuple[str, Any]]:
    symbols = sorted(
        (s for s in expr.free_symbols if isinstance(s, sp.Symbol)),
        key=sp.default_sort_key,
    )
    for i, a in enumerate(symbols):
        for b in symbols[i + 1 :]:
            if a.assumptions0 == b.assumptions0:
                if isinstance(expr, sp.Expr) and expr.getO() is not None:
                    # The variable of O(...) stays what it is.
                    changed = _swapped(expr.removeO(), a, b) + expr.getO()
                else:
                    changed = _swapped(expr, a, b)
                yield "swapped symbols", changed


def _swapped(expr: Any, a: Any, b: Any) -> Any:
    return expr.subs({a: b, b: a}, simultaneous=True)


_INDEXED = (Named, sp.Indexed, sp.factorial, sp.binomial, sp.gamma)


def _shifts(expr: Any) -> Iterator[tuple[str, Any]]:
    families = (sp.legendre, sp.laguerre, sp.hermite, sp.chebyshevt, sp.jn)
    for path, node in _nodes(expr):
        if isinstance(node, (*_INDEXED, *families)):
            for i, a in enumerate(node.args):
                if a.is_integer and not isinstance(a, sp.IndexedBase):
                    shifted = [*node.args]
                    shifted[i] = a + 1
                    changed = node.func(*shifted)
                    yield "shifted index", _rebuilt(expr, path, changed)
        elif isinstance(node, sp.Sum | sp.Product):
            function, (k, low, high) = node.function, node.limits[0]
            rest = node.limits[1:]
            for a, b in ((low, high + 1), (low + 1, high)):
                changed = node.func(function, (k, a, b), *rest)
                yield "shifted index", _rebuilt(expr, path, changed)


def _transposes(expr: Any) -> Iterator[tuple[str, Any]]:
    for path, node in _nodes(expr):
        if is_matrix(node) and len(set(map(str, node.shape))) == 1:
            yield "transposed", _rebuilt(expr, path, node.T)


_MAKERS: tuple[Callable[[Any], Iterator[tuple[str, Any]]], ...] = (
    _signs,
    _integers,
    _drops,
    _swaps,
    _shifts,
    _transposes,
)


def _nodes(expr: Any, path: tuple[int, ...] = ()) -> Iterator[Any]:
    """Yield (path, node) for every part that may be changed."""
    yield path, expr
    for i, child in enumerate(expr.args):
        if _is_open(expr, i):
            yield from _nodes(child, (*path, i))


def _is_open(node: Any, i: int) -> bool:
    """Names that a node binds, and laws, are not changed."""
    if isinstance(node, sp.Sum | sp.Product | sp.Integral | sp.Limit):
        return i == 0
    if isinstance(node, sp.Derivative | sp.Subs):
        return i == 0
    if isinstance(node, sp.Lambda):
        return i == 1
    if isinstance(node, sp.FunctionMatrix):
        return i == 2
    if isinstance(node, sp.MatrixBase):
        return i == 2
    if isinstance(node, Law | Reading | sp.Order | sp.IndexedBase):
        return False
    if isinstance(node, sp.functions.elementary.piecewise.ExprCondPair):
        return i == 0
    if hasattr(node, "bound_symbols"):
        return i == 0
    return True


def _at(expr: Any, path: tuple[int, ...]) -> Any:
    for i in path:
        expr = expr.args[i]
    return expr


def _rebuilt(expr: Any, path: tuple[int, ...], new: Any) -> Any:
    if not path:
        return new
    i, rest = path[0], path[1:]
    parts = list(expr.args)
    parts[i] = _rebuilt(parts[i], rest, new)
    return expr.func(*parts)


def survivors(found: list[Control]) -> list[Control]:
    """The mutants that the check wrongly accepted."""
    return [c for c in found if c.outcome == "survived"]


LIMIT = 6
"""How many decided mutants of a claim are enough for every day."""


@dataclass(frozen=True)
class Tally:
    """How the wrong versions of one claim fared.

    Attributes:
        claim: its full id.
        level: its level.
        count: how many of its mutants had which outcome.
        failures: one line for each mutant that was wrongly accepted, and
            one if no mutant could be decided.
    """

    claim: str
    level: str
    count: dict[str, int]
    failures: tuple[str, ...]


def tallies(
    claims: Iterable[Claim], limit: int | None = LIMIT
) -> Iterator[Tally]:
    """Run the negative controls of several claims.

    Args:
        claims: the claims, such as :func:`~kexue_lib.derive.claims_of` a
            notebook.
        limit: how many decided mutants of a claim are enough; None: all.
    """
    for claim in claims:
        found = controls(claim, limit)
        yield Tally(
            claim.id,
            claim.level.value,
            dict(Counter(c.outcome for c in found)),
            tuple(_failures(claim, found)),
        )


def _failures(claim: Claim, found: list[Control]) -> Iterator[str]:
    for c in survivors(found):
        yield f"SURVIVED {c.claim} step {c.step}, {c.kind}: {c.text}"
    unchecked = (Level.QUOTED, Level.HEURISTIC)
    checked = any(s.finding.level not in unchecked for s in claim.steps())
    decided = any(c.outcome in ("killed", "survived") for c in found)
    if checked and not decided:
        yield f"NO CONTROL {claim.id}: no mutant could be decided"

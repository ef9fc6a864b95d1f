"""What becomes of the wrong versions of a claim.

A mutant that its check accepts is a survivor, unless the core proves it
(``equivalent``); where sampling finds no difference and nothing is proved it
is ``undecided``, and reported. A rejected mutant counts if it is shown to be
wrong at a point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

import sympy as sp
from sympy.core.random import seed

from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.checks.measure import Measuring
from kexue_lib.derive.checks.record import Counterexample, Unchecked
from kexue_lib.derive.claims import Claim
from kexue_lib.derive.core.decide import decide as by_core
from kexue_lib.derive.core.statement import Yes
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.evaluate import NotEvaluableError
from kexue_lib.derive.goals import read
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.mutation.library import perturbations
from kexue_lib.derive.mutation.mutants import Mutant, mutants
from kexue_lib.derive.sampling import sample
from kexue_lib.derive.statement import (
    DisagreementError,
    RejectedError,
    Statement,
)
from kexue_lib.derive.steps import Step, nonsense_rejected


@dataclass(frozen=True)
class Control:
    """The fate of one mutant.

    Attributes:
        claim: full id of the claim.
        step: number of the step within the claim.
        kind: what was changed.
        text: the changed statement.
        outcome: ``rejected`` (by the check, and it is wrong), ``survived``
            (the check accepts what is wrong), ``equivalent`` (the core
            proves it), ``undecided`` (accepted, no difference is seen, no
            proof), ``idle`` (rejected, not shown to be wrong).
    """

    claim: str
    step: int
    kind: str
    text: str
    outcome: str


DECIDED = ("rejected", "survived")


def _telling(claim: Claim) -> tuple[str, ...]:
    """Outcomes that say something of the checks of a claim.

    A theorem says one thing: whatever differs from it is refused, and the
    core cannot say of a probability that it is wrong.
    """
    return (*DECIDED, "idle") if claim.level is Level.CITED else DECIDED


def controls(claim: Claim, limit: int | None = None) -> list[Control]:
    """Run the negative controls of a claim, the same ones every time.

    Args:
        claim: the claim.
        limit: how many decided mutants are enough; None runs all. Where
            many cannot be decided, a few times as many are tried.

    Returns:
        One entry for each mutant that was tried.
    """
    steps = [s for s in claim.steps() if not isinstance(s.check, Unchecked)]
    streams = [_perturbed(claim, steps), *(_tried(claim, s) for s in steps)]
    found: list[Control] = []
    decided = tried = 0
    for row in zip_longest(*streams):
        for control in row:
            if control is None:
                continue
            found.append(control)
            decided += control.outcome in _telling(claim)
            tried += 1
            if limit is None:
                continue
            patience = 3 * (limit if decided else LIMIT)
            if decided >= limit or tried >= patience:
                return found
    return found


def _tried(claim: Claim, step: Step) -> Iterator[Control]:
    for mutant in mutants(step):
        yield Control(
            claim.id,
            step.number,
            mutant.kind,
            mutant.text,
            _outcome(step, mutant),
        )


def _perturbed(claim: Claim, steps: list[Step]) -> Iterator[Control]:
    for name in claim.exercises:
        for kind, step in perturbations(steps, name):
            outcome = "rejected" if step else "survived"
            yield Control(claim.id, step, "library", kind, outcome)


def _outcome(step: Step, mutant: Mutant) -> str:
    seed(1)
    try:
        with nonsense_rejected():
            mutant.check.run(mutant.statement)
    except (RejectedError, NotEvaluableError, DisagreementError):
        if mutant.same:
            return "rejected"
        return "rejected" if _is_wrong(step, mutant) else "idle"
    if isinstance(step.check, Measuring):
        return "survived" if _is_wrong(step, mutant) else "equivalent"
    if not mutant.same and _is_wrong(step, mutant):
        return "survived"
    if _proved(mutant):
        return "equivalent"
    return "survived" if mutant.same else "undecided"


def _proved(mutant: Mutant) -> bool:
    """The core shows the mutant; of a premise: it is not needed."""
    try:
        if isinstance(by_core(read(mutant.statement)), Yes):
            return True
        if mutant.same:
            return False
        if not isinstance(mutant.check, Tactic):
            return False
        return isinstance(mutant.check.answer(mutant.statement), Yes)
    except (UnsupportedError, RecursionError):
        return False


def _is_wrong(step: Step, mutant: Mutant) -> bool:
    """Say whether a mutant is shown to be false."""
    if isinstance(step.check, Counterexample):
        # The control of a refutation is a formula that is true.
        return True
    if isinstance(step.check, Measuring):
        return _reading_is_wrong(step, mutant)
    try:
        with nonsense_rejected():
            mutant.check.trial(mutant.statement)
    except DisagreementError as found:
        return found.left is not None
    except (NotEvaluableError, RejectedError):
        pass
    return _one_side_moved(step.statement, mutant.statement)


def _one_side_moved(good: Statement, wrong: Statement) -> bool:
    """One side of what holds was put in place by what differs from it.

    For limits and asymptotics, whose sides have no values at points.
    """
    if good.relation is not wrong.relation or good.domain != wrong.domain:
        return False
    if good.left == wrong.left:
        old, new, other = good.right, wrong.right, good.left
    elif good.right == wrong.right:
        old, new, other = good.left, wrong.left, good.right
    else:
        return False
    if other.has(sp.Order):
        # What was changed may hide in the remainder.
        return False
    if good.relation is Relation.SIM:
        share = sp.cancel(new / old)
        return not share.free_symbols and share != 1
    if good.relation is not Relation.EQ:
        return False
    order = old.getO() if isinstance(old, sp.Expr) else None
    if order is not None:
        gap = sp.expand(old.removeO() - new.removeO())
        return new.getO() == order and order.contains(gap) is False
    moved = good.but(lhs=old, rhs=new)
    try:
        with nonsense_rejected():
            sample(moved, 6, undefined_counts=False)
    except DisagreementError as found:
        return found.left is not None
    except (NotEvaluableError, RejectedError):
        pass
    return False


def _reading_is_wrong(step: Step, mutant: Mutant) -> bool:
    """A wrong constant is one that clearly misses the tolerance."""
    statement = mutant.statement
    if statement.relation is not Relation.APPROX:
        return statement.relation is not step.statement.relation
    check: Any = step.check
    check = getattr(check, "claimed", check)
    slack = float(
        check.tolerance
        if hasattr(check, "tolerance")
        else check.z * check.error
    )
    right = step.statement.right
    return bool(abs(statement.right - right) > 2 * slack)


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
        tried: wrong versions that the checks were given.
        rejected: how many of them were rejected.
        equivalent: changed versions that the core proves.
        undecided: accepted ones of which nothing is known.
        example: one of the rejected, and what it was before.
        failures: one line for each mutant that was wrongly accepted, and
            one if no mutant could be decided.
    """

    claim: str
    level: str
    tried: int
    rejected: int
    equivalent: int
    undecided: int
    example: str
    failures: tuple[str, ...]

    @property
    def data(self) -> dict[str, Any]:
        """What is stored for the page."""
        found = asdict(self)
        return {k: found[k] for k in STORED}


STORED = ("tried", "rejected", "equivalent", "undecided", "example")


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
        count = [c.outcome for c in found]
        rejected = count.count("rejected")
        yield Tally(
            claim.id,
            claim.level.value,
            rejected + count.count("survived"),
            rejected,
            count.count("equivalent"),
            count.count("undecided"),
            _example(claim, found),
            tuple(_failures(claim, found)),
        )


def _example(claim: Claim, found: list[Control]) -> str:
    """The shortest rejected version, with what was changed."""
    wrong = [c for c in found if c.outcome == "rejected"]
    if not wrong:
        return ""
    best = min(wrong, key=lambda c: (len(c.text), c.text))
    return f"{best.kind}: {best.text}"


def _failures(claim: Claim, found: list[Control]) -> Iterator[str]:
    for c in survivors(found):
        yield f"SURVIVED {c.claim} step {c.step}, {c.kind}: {c.text}"
    unchecked = (Level.QUOTED, Level.HEURISTIC)
    checked = any(s.finding.level not in unchecked for s in claim.steps())
    decided = any(c.outcome in _telling(claim) for c in found)
    if checked and not decided:
        yield f"NO CONTROL {claim.id}: no mutant could be decided"

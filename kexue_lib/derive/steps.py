"""One step: run the check, then sample the declared domain."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sympy as sp
from sympy.core.random import seed

from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.checks.record import Counterexample
from kexue_lib.derive.core.decide import decide
from kexue_lib.derive.core.statement import Yes
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.errors import (
    DerivationError,
    NonsenseError,
    UndecidedError,
)
from kexue_lib.derive.evaluate import NotEvaluableError
from kexue_lib.derive.goals import read
from kexue_lib.derive.objects import ConstantTerm, Mean
from kexue_lib.derive.sampling import Sampled
from kexue_lib.derive.statement import (
    DisagreementError,
    Finding,
    RejectedError,
    Statement,
    UnknownError,
)


@contextmanager
def nonsense_rejected() -> Iterator[None]:
    """Turn what SymPy raises for a senseless statement into a rejection.

    Whoever raised an exception answers for it: if its innermost frame is
    code of this library, it is our bug and passes through. A NonsenseError
    is raised on purpose; a RecursionError, too, says that the statement is
    too deep or an algorithm goes round, and only chance where it was raised.
    """
    try:
        yield
    except (RejectedError, NotEvaluableError, DisagreementError):
        raise
    except Exception as error:
        meant = isinstance(error, NonsenseError | RecursionError)
        if _is_ours(error) and not meant:
            raise
        raise RejectedError(
            f"cannot be applied ({type(error).__name__}: {error})"
        ) from error


def _is_ours(error: Exception) -> bool:
    trace = error.__traceback__
    assert trace is not None
    while trace.tb_next is not None:
        trace = trace.tb_next
    module = trace.tb_frame.f_globals.get("__name__", "")
    return module.split(".")[0] == __name__.split(".")[0]


@dataclass(frozen=True)
class Step:
    """One checked relation of a chain."""

    number: int
    statement: Statement
    check: Check
    reason: str
    finding: Finding
    sampled: Sampled | None
    counterexample: DisagreementError | None
    seconds: float


def verified(
    claim: str, number: int, statement: Statement, check: Check, reason: str
) -> Step:
    """Run a check and sample the declared domain.

    Raises:
        DerivationError: the check rejects the statement, or a point of the
            domain does.
    """
    begin = time.perf_counter()
    # SymPy draws random numbers in places; the same ones every time.
    seed(1)

    def failed(why: str, found: DisagreementError | None) -> DerivationError:
        return DerivationError(
            claim,
            number,
            why,
            statement.lhs,
            statement.relation.text,
            statement.rhs,
            None if found is None else found.point,
            None if found is None else found.left,
            None if found is None else found.right,
        )

    try:
        with nonsense_rejected():
            finding = check.run(statement)
            decided = check.decides(statement)
    except UnknownError as unknown:
        raise UndecidedError(
            claim,
            number,
            f"{check.name}: {unknown}",
            statement.lhs,
            statement.relation.text,
            statement.rhs,
        ) from unknown
    except RejectedError as rejected:
        found = _disagreement(check, statement)
        raise failed(f"{check.name}: {rejected}", found) from rejected
    counterexample = None
    if isinstance(check, Counterexample):
        counterexample = check.search(statement)
        if _true(statement):
            raise failed(f"{check.name} finds one, yet it is true", None)
    try:
        with nonsense_rejected():
            sampled = check.sample(decided)
    except DisagreementError as found:
        raise failed(
            f"{check.name} accepts it, yet on the declared domain: {found}",
            found,
        ) from found
    except (NotEvaluableError, RejectedError) as error:
        # What the core decided needs no points: they are a second look. But
        # hypotheses that nothing satisfies would make any statement true.
        empty = isinstance(error.__cause__, NonsenseError)
        if finding.proof is None or empty:
            raise failed(
                f"{check.name} accepts it, but it cannot be sampled: {error}",
                None,
            ) from error
        sampled = None
    return Step(
        number,
        decided,
        check,
        reason,
        finding,
        sampled,
        counterexample,
        time.perf_counter() - begin,
    )


def _cheap(statement: Statement) -> bool:
    """Whether a second look at points costs little.

    The core's proof does not need it; quadrature would take most of the time
    of a chapter.
    """
    costly = (sp.Integral, sp.Limit, Mean, ConstantTerm)
    return not any(s.has(*costly) for s in (statement.left, statement.right))


def _true(statement: Statement) -> bool:
    """The core shows a statement without a certificate."""
    try:
        return isinstance(decide(read(statement)), Yes)
    except UnsupportedError:
        return False


def _disagreement(
    check: Check, statement: Statement
) -> DisagreementError | None:
    """A point to show with a rejection, if one is found."""
    try:
        with nonsense_rejected():
            check.sample(statement)
    except DisagreementError as found:
        return found
    except (NotEvaluableError, RejectedError):
        return None
    return None

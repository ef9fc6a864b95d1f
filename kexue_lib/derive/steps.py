"""One step: run the check, then sample the declared domain."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sympy.core.random import seed

from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.checks.record import Counterexample
from kexue_lib.derive.core.statement import Witness
from kexue_lib.derive.errors import NONSENSE, DerivationError
from kexue_lib.derive.levels import Level
from kexue_lib.derive.statement import (
    DisagreementError,
    Finding,
    NotEvaluableError,
    RejectedError,
    Sampled,
    Statement,
)
from kexue_lib.derive.trust import Trust, shown, trusted


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
    trust: Trust | None = None
    """What a proved step trusts; None at other levels."""


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
        finding = check.run(statement)
    except RejectedError as rejected:
        found = _disagreement(check, statement)
        raise failed(f"{check.name}: {rejected}", found) from rejected
    except NONSENSE as error:
        found = _disagreement(check, statement)
        raise failed(
            f"{check.name} cannot be applied "
            f"({type(error).__name__}: {error})",
            found,
        ) from error
    counterexample = None
    if isinstance(check, Counterexample):
        counterexample = check.search(statement)
        if shown(statement):
            raise failed(f"{check.name} finds one, yet it is true", None)
    try:
        sampled = check.sample(statement)
    except DisagreementError as found:
        raise failed(
            f"{check.name} accepts it, yet on the declared domain: {found}",
            found,
        ) from found
    except (NotEvaluableError, RejectedError, *NONSENSE) as error:
        raise failed(
            f"{check.name} accepts it, but it cannot be sampled: {error}",
            None,
        ) from error
    trust = None
    if finding.level is Level.PROVED:
        found_trust = trusted(statement, check)
        if isinstance(found_trust, Witness):
            raise failed(
                f"{check.name} accepts it, yet it fails {found_trust}", None
            )
        trust = found_trust
    return Step(
        number,
        statement,
        check,
        reason,
        finding,
        sampled,
        counterexample,
        time.perf_counter() - begin,
        trust,
    )


def _disagreement(
    check: Check, statement: Statement
) -> DisagreementError | None:
    """A point to show with a rejection, if one is found."""
    try:
        check.sample(statement)
    except DisagreementError as found:
        return found
    except (NotEvaluableError, RejectedError, *NONSENSE):
        return None
    return None

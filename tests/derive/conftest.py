from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp

from kexue_lib.derive.domain import Domain
from kexue_lib.derive.errors import DerivationError
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import Statement
from kexue_lib.derive.steps import verified

Row = tuple[Any, ...]


def _statement(lhs: Any, rhs: Any, relation: str, given: Any) -> Statement:
    relations = {r.text: r for r in Relation} | {"~=": Relation.APPROX}
    sides = [
        sp.ImmutableMatrix(s) if isinstance(s, sp.MatrixBase) else s
        for s in (lhs, rhs)
    ]
    return Statement(
        sp.sympify(sides[0]),
        relations[relation],
        sp.sympify(sides[1]),
        Domain(tuple(given)),
    )


@pytest.fixture
def accepts() -> Callable[..., None]:
    """A true row (lhs, rhs, check[, relation, given]) at its level."""

    def decide(row: Row, level: str) -> None:
        lhs, rhs, check, *rest = row
        relation, given = (*rest, *("=", ())[len(rest) :])
        statement = _statement(lhs, rhs, relation, given)
        step = verified("table", 1, statement, check, "")
        assert step.finding.level.value == level

    return decide


@pytest.fixture
def rejects() -> Callable[..., None]:
    """A false row, which must raise DerivationError and nothing else."""

    def decide(row: Row) -> None:
        lhs, rhs, check, *rest = row
        relation, given = (*rest, *("=", ())[len(rest) :])
        statement = _statement(lhs, rhs, relation, given)
        with pytest.raises(DerivationError):
            verified("table", 1, statement, check, "")

    return decide

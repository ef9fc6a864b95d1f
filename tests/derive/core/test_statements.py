from __future__ import annotations

import pytest

from kexue_lib.derive.core import No, Yes, decide
from kexue_lib.derive.core.decide import plainly
from kexue_lib.derive.core.terms import contains
from kexue_lib.derive.core.witness import fails

from .statements import ROWS, Row


def _answer(row: Row) -> tuple[str, object]:
    found = decide(row.statement, row.rule or plainly)
    if isinstance(found, Yes):
        return "yes", found
    return ("no" if isinstance(found, No) else "unknown"), found


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_answer_is_allowed(row: Row) -> None:
    word, found = _answer(row)
    assert word in row.answers, found
    if isinstance(found, No):
        # A witness is evaluated again, from its point alone.
        assert not row.true
        assert fails(row.statement, dict(found.witness.point))
    if isinstance(found, Yes):
        assert row.true
        assert not found.proof.still_open


def test_table_is_balanced() -> None:
    right = sum(row.true for row in ROWS)
    assert len(ROWS) >= 200
    assert 0.4 < right / len(ROWS) < 0.6


def test_sides_differ() -> None:
    # SymPy may have made both sides the same before anyone looked.
    # (That a series or an integral exists is a statement of its own.)
    same = [
        str(r)
        for r in ROWS
        if r.statement.left is r.statement.right
        and r.true
        and r.kind != "optima"
        and not contains(r.statement.left, "sum", "int")
    ]
    assert same == []


def test_rows_differ() -> None:
    keys = [(r.statement, id(r.rule) if r.rule else 0) for r in ROWS]
    assert len(set(keys)) == len(keys)

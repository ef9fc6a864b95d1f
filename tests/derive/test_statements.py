"""Every statement of the tables comes out as its row says."""

from __future__ import annotations

from collections import Counter

import pytest

from .statements.all import ROWS
from .statements.table import ACCEPTED, Row


def _marks(row: Row) -> tuple[pytest.MarkDecorator, ...]:
    # A falsehood that passes: to be mended, and then to be unmarked.
    bad = not row.true and row.today == ACCEPTED
    return (pytest.mark.xfail(strict=True),) if bad else ()


@pytest.mark.parametrize(
    "row",
    [pytest.param(r, id=f"{r.kind}-{r}", marks=_marks(r)) for r in ROWS],
)
def test_a_statement_comes_out_as_its_row_says(row: Row) -> None:
    found, why = row.outcome()
    assert found in row.allowed, (found, why)


def test_true_and_false_in_equal_parts() -> None:
    assert len(ROWS) >= 400
    right = sum(row.true for row in ROWS)
    assert 0.4 < right / len(ROWS) < 0.6


def test_no_row_stands_twice() -> None:
    counts = Counter((row.kind, str(row), repr(row.check)) for row in ROWS)
    assert [key for key, count in counts.items() if count > 1] == []


def test_each_accepted_falsehood_has_its_kin() -> None:
    kin = Counter(row.kin for row in ROWS if not row.true and row.kin)
    files = "01 02 03 05 06 07 08 11 13 15 16 17 19 20 22 23 24 25 27 29 31 34"
    assert {n: kin[n] for n in files.split() if kin[n] < 4} == {}

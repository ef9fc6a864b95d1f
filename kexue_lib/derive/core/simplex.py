"""Find nonnegative weights: the certificate behind a positive polynomial.

``p = w_1 g_1 + w_2 g_2 + ...`` with weights >= 0 and every ``g_j >= 0`` shows
``p >= 0``. `weights` searches with the simplex method in exact arithmetic;
who uses the answer adds the products up again, so nothing here is trusted.
"""

from __future__ import annotations

from typing import Any

import flint

Column = dict[Any, Any]
"""Row name to coefficient."""

PIVOTS = 120


def weights(columns: list[Column], goal: Column) -> dict[int, Any] | None:
    """Weights >= 0 with ``sum weight * column = goal``, or None.

    Phase one of the simplex method with Bland's rule; gives up (None) after
    `PIVOTS` exchanges.
    """
    names = sorted({r for c in (goal, *columns) for r in c})
    zero = flint.fmpq(0)
    rows = []
    for name in names:
        row = [c.get(name, zero) for c in columns]
        row.append(goal.get(name, zero))
        rows.append([-v for v in row] if row[-1] < 0 else row)
    width = len(columns)
    basis = [width + i for i in range(len(rows))]
    # The cost row: the sum of what is still missing.
    cost = [sum((r[j] for r in rows), zero) for j in range(width + 1)]
    for _ in range(PIVOTS):
        enter = next((j for j in range(width) if cost[j] > 0), None)
        if enter is None or cost[-1] == 0:
            break
        best: Any = None
        for i, row in enumerate(rows):
            if row[enter] > 0:
                key = (row[-1] / row[enter], basis[i], i)
                best = key if best is None or key < best else best
        if best is None:
            return None
        _exchange(rows, cost, best[2], enter)
        basis[best[2]] = enter
    if cost[-1] != 0:
        return None
    return {
        b: row[-1]
        for b, row in zip(basis, rows, strict=True)
        if b < width and row[-1] != 0
    }


def _exchange(rows: Any, cost: Any, at: int, enter: int) -> None:
    scale = rows[at][enter]
    rows[at] = [v / scale if v else v for v in rows[at]]
    # Most products have few monomials: most entries are 0.
    head = [(j, v) for j, v in enumerate(rows[at]) if v]
    for i, row in enumerate((*rows, cost)):
        f = row[enter]
        if i != at and f:
            for j, v in head:
                row[j] -= f * v

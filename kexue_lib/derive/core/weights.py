"""Nonnegative combinations of what is known: found, then added up again."""

from __future__ import annotations

from typing import Any

import flint

from kexue_lib.derive.core.field import P0, Poly
from kexue_lib.derive.core.simplex import weights


def combination(
    p: Poly, products: list[tuple[Poly, bool]], strict: bool
) -> dict[int, Any] | None:
    """Weights with ``p = sum weight * product``; verified by adding up.

    For a strict answer one product that is > 0 must have a weight > 0.
    """
    columns = [_sparse(g) for g, _ in products]
    goal = _sparse(p)
    if strict:
        # Ask for a total weight of 1 on strict products, of any multiple.
        for column, (_, sure) in zip(columns, products, strict=True):
            if sure:
                column[_STRICT] = flint.fmpq(1)
        columns.append({m: -c for m, c in goal.items()})
        goal = {_STRICT: flint.fmpq(1)}
    found = weights(columns, goal)
    if found is None or any(w < 0 for w in found.values()):
        return None
    scale = (
        found.get(len(products), flint.fmpq(0)) if strict else flint.fmpq(1)
    )
    total = P0
    for j, w in found.items():
        if j < len(products):
            total = total + products[j][0] * w
    if strict and p != 0 and scale == 0:
        return None
    if total != p * scale:
        return None
    sure = any(products[j][1] for j in found if j < len(products))
    return found if sure or not strict else None


_STRICT = ((-1, 1),)
"""Names the row that adds up the weights of strict products."""


def _sparse(p: Poly) -> dict[Any, Any]:
    """Coefficients by the exponents that are not 0."""
    return {
        tuple((i, int(e)) for i, e in enumerate(m) if e): flint.fmpq(c)
        for m, c in p.to_dict().items()
    }

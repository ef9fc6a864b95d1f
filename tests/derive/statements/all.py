"""All rows of all kinds."""

from __future__ import annotations

from . import (
    approximations,
    branches,
    cases,
    factorials,
    finite,
    growth,
    indices,
    induction,
    inequalities,
    instances,
    integrals,
    laws,
    limits,
    optima,
    orthogonal,
    polynomials,
    premises,
    readings,
    recurrences,
    refutations,
    scores,
    sums,
    waves,
    words,
)
from .table import Row

MODULES = (
    approximations,
    branches,
    cases,
    factorials,
    finite,
    growth,
    indices,
    induction,
    inequalities,
    instances,
    integrals,
    laws,
    limits,
    optima,
    orthogonal,
    polynomials,
    premises,
    readings,
    recurrences,
    refutations,
    scores,
    sums,
    waves,
    words,
)
ROWS: list[Row] = [row for module in MODULES for row in module.table]

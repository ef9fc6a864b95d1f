"""A product that is not 0 speaks of each factor, wherever it is asked."""

from __future__ import annotations

import pytest
import sympy as sp

from kexue_lib.derive.core import Statement, Yes, decide
from kexue_lib.derive.core.reader import term

s = sp.Symbol("s", complex=True)
j, k, n = sp.symbols("j k n", integer=True, nonnegative=True)
N = sp.Symbol("N", integer=True, positive=True)
APART = sp.Ne(sp.Product(s + k + 1, (k, 0, N - 1)), 0)


def _shown(e: sp.Expr, *given: sp.Basic) -> bool:
    """Whether the core sees that an expression is defined: it equals it."""
    side = term(e)
    found = decide(Statement(side, "=", side, tuple(map(term, given))))
    return isinstance(found, Yes)


@pytest.mark.parametrize(("last", "good"), [(-1, True), (0, False)])
def test_a_factor_may_be_counted_from_elsewhere(last: int, good: bool) -> None:
    e = sp.Sum(1 / (s + n + 2 + k), (k, 0, N - n + last - 1))
    assert _shown(e, APART, n <= N - 1) is good


@pytest.mark.parametrize(("more", "good"), [(0, True), (1, True), (2, False)])
def test_the_range_of_an_end_is_known_too(more: int, good: bool) -> None:
    # The index j goes to k - 1, and only n bounds k.
    e = sp.Sum(sp.Product(1 / (s + j + 1), (j, 0, k - 1)), (k, 0, n - 1))
    assert _shown(e, APART, n <= N + more) is good


@pytest.mark.parametrize(("shift", "good"), [("1/2", True), ("0", False)])
def test_no_factor_is_zero(shift: str, good: bool) -> None:
    y = sp.Symbol("y", real=True)
    e = sp.Product(sp.I * y + k + sp.Rational(shift), (k, 0, N - 1))
    assert _shown(1 / e) is good
    assert _shown(1 / (e * e.subs(N, n))) is good

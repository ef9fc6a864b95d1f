"""What is refuted may contain a limit, if the core computes it."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Limit, exp, gamma, oo, sin, sqrt

from kexue_lib.derive import Chapter, Claim, DerivationError, Level

chapter = Chapter("tiny")
x = chapter.symbols("x", "positive")
DUPLICATION = x**2 * 4**x * gamma(x) ** 2 / gamma(2 * x) / sqrt(x)


def _refuting(body: Any) -> Claim:
    own = Chapter("tiny")
    own.symbols("x", "positive")
    claim = own.claim("E1", "A printed limit is refuted", kind="limit")
    return claim.refute(Limit(body, x, oo, "-"))


@pytest.mark.parametrize(
    ("body", "wrong"),
    [(exp(-x), 1), (x / (x + 1), 0), (1 / DUPLICATION, 1)],
)
def test_a_wrong_limit_is_refuted(body: Any, wrong: int) -> None:
    assert _refuting(body).eq(wrong).level is Level.REFUTED
    if wrong:
        assert _refuting(body).gt(0).level is Level.REFUTED


@pytest.mark.parametrize("body", [exp(-x), exp(-x) / x, 1 / DUPLICATION])
def test_a_right_limit_is_not(body: Any) -> None:
    for right in (_refuting(body).eq, _refuting(body).ge):
        with pytest.raises(DerivationError):
            right(0)


def test_a_limit_that_is_not_known_refutes_nothing() -> None:
    with pytest.raises(DerivationError):
        _refuting(sin(x)).eq(0)

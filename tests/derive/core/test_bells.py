"""Laws with several letters: what the core decides without a grid."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Max, acos, asin, exp, pi, sign, sqrt

from kexue_lib.derive import Gaussian, Mean
from kexue_lib.derive.core import Statement, Yes, decide
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import equal
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import UnsupportedError

g, h, b = sp.symbols("g h b", real=True)
r = sp.Symbol("r", positive=True)
ks = sp.symbols("k1:7", real=True)
TWO = (Gaussian(g), Gaussian(h))
SIX = tuple(Gaussian(k) for k in ks)
MIXED = r * g + sqrt(1 - r**2) * h
SIGNS = Mean(sign(g) * sign(MIXED), *TWO)
KINKS = Mean(Max(0, g) * Max(0, MIXED), *TWO)
ARCS = [
    (Mean(Max(0, sum(ks)), *SIX), sqrt(3 / pi), sqrt(6 / pi)),
    (Mean(exp(b * sum(ks)), *SIX), exp(3 * b**2), exp(6 * b**2)),
    (SIGNS, 2 / pi * asin(r), 2 / pi * acos(r)),
    (
        KINKS,
        (sqrt(1 - r**2) + (pi - acos(r)) * r) / (2 * pi),
        (sqrt(1 - r**2) + acos(r) * r) / (2 * pi),
    ),
]


@pytest.mark.parametrize(("mean", "right", "wrong"), ARCS)
def test_laws_of_several_letters(mean: Any, right: Any, wrong: Any) -> None:
    given = (term(r < 1),)
    sides = term(mean), term(right)
    answer = decide(Statement(sides[0], "=", sides[1], given))
    assert isinstance(answer, Yes)
    with pytest.raises(UnsupportedError):
        equal(sides[0], term(wrong), Context(given))

"""Numbers are shown as one would write them."""

from __future__ import annotations

import pytest
from sympy import Rational

from kexue_lib.derive.printing import to_latex, to_text


@pytest.mark.parametrize(
    ("value", "text", "tex"),
    [
        (Rational(-777471, 10**5), "-7.77471", "-7.77471"),
        (Rational(9446, 10**7), "0.0009446", "0.0009446"),
        (Rational(1, 200_000), "5e-6", r"5 \cdot 10^{-6}"),
        (Rational(-1, 2000), "-0.0005", "-0.0005"),
        (Rational(1, 2), "1/2", r"\frac{1}{2}"),
        (Rational(25, 3), "25/3", r"\frac{25}{3}"),
        (Rational(63, 1024), "63/1024", r"\frac{63}{1024}"),
        (Rational(1, 10**6), "1/1000000", r"\frac{1}{1000000}"),
        (Rational(7, 3000), "7/3000", r"\frac{7}{3000}"),
    ],
)
def test_decimal_fractions(value, text, tex):
    assert to_text(value) == text
    assert to_latex(value) == tex

"""Numbers that an author states: exact, and shown as they were written.

A float is refused: ``Float("0.9", 1)`` is 0.898..., and nobody would see it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from kexue_lib.derive.printing import to_latex


def amount(value: Any, what: str) -> Any:
    """Take an exact real number, or its decimal digits as text.

    Args:
        value: an integer, a fraction, an exact SymPy number, or text such
            as ``"1e-12"`` and ``"0.9"``.
        what: what the number is, for the error.

    Raises:
        TypeError: it is a float, or holds one.
        ValueError: it is not a finite real number.
    """
    if isinstance(value, str):
        try:
            return sp.Rational(value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{what}: {value!r} is no number") from error
    if isinstance(value, bool | float) or not isinstance(
        value, int | Fraction | sp.Expr
    ):
        raise TypeError(
            f"{what}: {value!r} is not exact; write the digits as text, "
            'such as "0.9" or "1e-12"'
        )
    number = sp.sympify(value)
    if number.has(sp.Float):
        raise TypeError(
            f"{what}: {number} holds a float, which is not the number that "
            "is printed; write Rational(...) or the digits as text"
        )
    if not (number.is_number and number.is_real and number.is_finite):
        raise ValueError(f"{what}: {number} is not a finite real number")
    return number


def decimal(value: Any) -> tuple[int, int] | None:
    """Digits and power of ten of a short decimal number, or None."""
    if not value.is_Rational or value == 0:
        return None
    top, bottom, power = int(value.p), int(value.q), 0
    while bottom % 10 == 0:
        bottom, power = bottom // 10, power - 1
    while bottom % 2 == 0:
        bottom, top, power = bottom // 2, top * 5, power - 1
    while bottom % 5 == 0:
        bottom, top, power = bottom // 5, top * 2, power - 1
    if bottom != 1:
        return None
    while top % 10 == 0:
        top, power = top // 10, power + 1
    return top, power


def typeset(value: Any) -> str:
    """LaTeX of an exact number: powers of ten rather than long fractions."""
    found = decimal(value)
    if found is None or len(str(abs(found[0]))) > 6:
        return str(to_latex(value))
    digits, power = found
    if -4 < power < 5 and abs(value) >= sp.Rational(1, 1000):
        return plain(value)
    head = "" if digits == 1 else rf"{digits} \cdot "
    return rf"{head}10^{{{power}}}"


def plain(value: Any) -> str:
    """The same as text."""
    found = decimal(value)
    if found is None:
        return str(value)
    digits, power = found
    if power >= 0:
        return str(value) if power < 6 else f"{digits}e{power}"
    if abs(value) < sp.Rational(1, 1000):
        return f"{digits}e{power}"
    sign = "-" if digits < 0 else ""
    text = str(abs(digits)).rjust(1 - power, "0")
    return f"{sign}{text[:power]}.{text[power:]}"


def significant(value: float, digits: int = 3) -> str:
    """A measured number to some significant digits, as text."""
    return f"{value:.{digits}g}"

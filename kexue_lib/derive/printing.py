"""LaTeX and text of the objects, tidier than SymPy's defaults."""

from __future__ import annotations

from math import log10
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from kexue_lib.derive.naming import NamedMatrix

MOST_BITS = 13_000
"""Python writes integers of up to 4,300 digits."""


class _Tex(LatexPrinter):
    """LaTeX for KaTeX, laid out as one writes on a blackboard."""

    def _print_AppliedUndef(self, expr: Any, exp: str | None = None) -> str:
        name = self._hprint_Function(expr.func.__name__)
        args = ", ".join(self._print(a) for a in expr.args)
        out = f"{name}({args})"
        return out if exp is None else f"{name}^{{{exp}}}({args})"

    def _print_legendre(self, expr: Any, exp: str | None = None) -> str:
        return self._family("P", expr, exp)

    def _print_laguerre(self, expr: Any, exp: str | None = None) -> str:
        return self._family("L", expr, exp)

    def _print_hermite(self, expr: Any, exp: str | None = None) -> str:
        return self._family("H", expr, exp)

    def _print_chebyshevt(self, expr: Any, exp: str | None = None) -> str:
        return self._family("T", expr, exp)

    def _family(self, letter: str, expr: Any, exp: str | None) -> str:
        n, x = (self._print(a) for a in expr.args)
        power = "" if exp is None else f"^{{{exp}}}"
        return f"{letter}_{{{n}}}{power}({x})"

    def _print_Function(self, expr: Any, exp: str | None = None) -> str:
        if isinstance(expr, sp.core.function.AppliedUndef):
            return self._print_AppliedUndef(expr, exp)
        return super()._print_Function(expr, exp)

    def _print_Derivative(self, expr: Any) -> str:
        # d/dt of a short thing goes on the fraction bar, as by hand.
        inner = expr.expr
        short = isinstance(inner, sp.Function) and (
            len(self._print(inner)) < 30
        )
        mark = r"\partial" if _partial(expr) else r"\mathrm{d}"
        order = sum(c for _, c in expr.variable_count)
        power = "" if order == 1 else f"^{{{self._print(order)}}}"
        below = r"\, ".join(
            f"{mark} {self._print(x)}"
            + ("" if c == 1 else f"^{{{self._print(c)}}}")
            for x, c in expr.variable_count
        )
        if short:
            top = f"{mark}{power} {self._print(inner)}"
            return rf"\frac{{{top}}}{{{below}}}"
        body = self.parenthesize(
            inner,
            sp.printing.precedence.PRECEDENCE["Mul"],
            is_neg=False,
            strict=False,
        )
        return rf"\frac{{{mark}{power}}}{{{below}}} {body}"

    def _print_FunctionMatrix(self, expr: Any) -> str:
        # By its general entry, as papers do.
        row, column = expr.lamda.variables
        entry = self._print(expr.lamda.expr)
        ranges = r",\ ".join(
            f"0 \\le {self._print(index)} < {self._print(count)}"
            for index, count in zip((row, column), expr.shape, strict=True)
        )
        return rf"\left[ {entry} \right]_{{{ranges}}}"

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return positive_first(super()._as_ordered_terms(expr, order))

    def _print_Rational(self, expr: Any) -> str:
        size = _large(expr)
        if size:
            return rf"\text{{{size}}}"
        digits = decimal(expr)
        if digits is None:
            return super()._print_Rational(expr)
        number, power = digits
        return number if power is None else rf"{number} \cdot 10^{{{power}}}"

    def _print_MatPow(self, expr: Any) -> str:
        base, exponent = expr.args
        if isinstance(base, NamedMatrix):
            return f"{self._print(base)}^{{{self._print(exponent)}}}"
        return super()._print_MatPow(expr)

    def _print_Pow(self, expr: Any) -> str:
        # A tolerance reads 10^{-8}, not one over a row of zeros.
        if expr.base == 10 and expr.exp.is_Integer and expr.exp < 0:
            return f"10^{{{expr.exp}}}"
        return str(super()._print_Pow(expr))

    def _print_KroneckerDelta(self, expr: Any, exp: str | None = None) -> str:
        i, j = (self._print(a) for a in expr.args[:2])
        plain = all(a.is_Symbol or a.is_Integer for a in expr.args[:2])
        gap = " " if plain else ","
        out = rf"\delta_{{{i}{gap}{j}}}"
        return out if exp is None else rf"{out}^{{{exp}}}"


class _Text(StrPrinter):
    """Plain text in the same order as the LaTeX."""

    def _print_Integer(self, expr: Any) -> str:
        return _large(expr) or super()._print_Integer(expr)

    def _print_Rational(self, expr: Any) -> str:
        if _large(expr):
            return _large(expr)
        digits = decimal(expr)
        if digits is None:
            return super()._print_Rational(expr)
        number, power = digits
        return number if power is None else f"{number}e{power}"

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return positive_first(super()._as_ordered_terms(expr, order))


def _large(value: Any) -> str:
    """What stands for a number that Python does not write out, else ""."""
    bits = max(abs(int(value.p)), int(value.q)).bit_length()
    digits = round(bits * log10(2))
    return f"(a number of {digits} digits)" if bits > MOST_BITS else ""


def positive_first(terms: list[Any]) -> list[Any]:
    """Begin a sum with a term without minus: ``m - k``, not ``-k + m``."""
    for i, term in enumerate(terms):
        if not term.could_extract_minus_sign():
            return [term, *terms[:i], *terms[i + 1 :]]
    return terms


def decimal(value: Any) -> tuple[str, int | None] | None:
    """Return a decimal fraction's digits, and a power of ten if it is small.

    Only where thousandths or less are meant (``-777471/100000``): a half, a
    fifth or a 1024th stay fractions, and so does one over a power of ten.
    """
    p, q = int(value.p), int(value.q)
    twos, rest = 0, q
    while rest % 2 == 0:
        twos, rest = twos + 1, rest // 2
    fives = 0
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    if rest != 1 or not fives or q < 1000 or (p == 1 and twos == fives):
        return None
    places = max(twos, fives)
    digits = str(abs(p) * 10**places // q)
    sign = "-" if p < 0 else ""
    if places > len(digits) + 3:
        return sign + digits, -places
    digits = digits.zfill(places + 1)
    return f"{sign}{digits[:-places]}.{digits[-places:]}", None


def _partial(expr: Any) -> bool:
    return len(expr.expr.free_symbols) > 1 and not (
        isinstance(expr.expr, sp.Function) and len(expr.expr.args) == 1
    )


_TEX = _Tex({"ln_notation": False, "inv_trig_style": "full"})
_STR = _Text({"order": None})


def to_latex(expr: Any) -> str:
    """Return LaTeX for KaTeX, without dollar signs."""
    return _TEX.doprint(expr)


def to_text(expr: Any) -> str:
    """Return one line of plain text."""
    return " ".join(_STR.doprint(expr).split())

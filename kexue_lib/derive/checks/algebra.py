"""Checks that reduce the difference of two sides to 0 by algebra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.base import (
    Algebra,
    polynomial_zero,
    rational_zero,
)


@dataclass(frozen=True)
class Expand(Algebra):
    """Multiply out; the difference is 0 term by term.

    For polynomials in anything, sums of fixed length and derivatives
    included. Without common denominators, so faster than ``cancel``.
    """

    name: ClassVar[str] = "expand"
    how: ClassVar[str] = "multiplied out, everything cancels"

    def vanishes(self, gap: Any) -> bool:
        """Expand."""
        return polynomial_zero(gap)


@dataclass(frozen=True)
class Cancel(Algebra):
    """Common denominator; the numerator expands to 0.

    For rational functions of anything; signs ``(-1)**k`` count as letters
    whose square is 1. It is what other checks end with unless told otherwise.
    """

    name: ClassVar[str] = "cancel"
    how: ClassVar[str] = "over a common denominator the numerator is 0"

    def vanishes(self, gap: Any) -> bool:
        """Put over a common denominator and expand the numerator."""
        return rational_zero(gap)


@dataclass(frozen=True)
class Combsimp(Algebra):
    """Factorials, binomials, gammas: ratios of terms are rational.

    Each term is divided by the first one; where all ratios are rational
    functions, their sum has to be 0.
    """

    name: ClassVar[str] = "combsimp"
    how: ClassVar[str] = (
        "ratios of hypergeometric terms are rational; their sum is 0"
    )

    def vanishes(self, gap: Any) -> bool:
        """Divide by one term and add the rational ratios."""
        return hypergeometric_zero(gap)


def hypergeometric_zero(gap: Any) -> bool:
    """Say whether a sum of hypergeometric terms is 0."""
    terms = _terms(gap)
    if not terms:
        return True
    first = terms[0]
    ratios = [sp.combsimp(sp.powsimp(t / first)) for t in terms]
    return rational_zero(sp.Add(*ratios))


def _terms(gap: Any) -> list[Any]:
    """Split into products, without opening powers or factorials."""
    found = []
    for term in sp.Add.make_args(gap):
        if any(f.is_Add for f in sp.Mul.make_args(term)):
            opened = term.expand(
                deep=False,
                mul=True,
                power_base=False,
                power_exp=False,
                log=False,
                multinomial=False,
                basic=False,
            )
            found += _terms(opened) if opened.is_Add else [opened]
        elif term != 0:
            found.append(term)
    # The same products may have appeared again with the other sign.
    total = sp.Add(*found)
    return [
        t for t in sp.Add.make_args(total) if t != 0 and not _has_a_zero(t)
    ]


def _has_a_zero(term: Any) -> bool:
    """Say whether a product holds 1/(-d)!, which is 0, and no pole."""
    zero = False
    for factor in sp.Mul.make_args(term):
        base, power = factor.as_base_exp()
        plain = isinstance(base, sp.factorial)
        if plain and power.is_negative:
            zero = zero or bool(base.args[0].is_negative)
        elif plain and base.args[0].is_nonnegative:
            continue
        elif factor.has(sp.factorial, sp.gamma, sp.binomial):
            return False
    return zero


@dataclass(frozen=True)
class Exponentials(Algebra):
    """Trigonometric and hyperbolic functions written with exp.

    Then as ``cancel``, with the exponentials as letters.
    """

    name: ClassVar[str] = "exponentials"
    how: ClassVar[str] = (
        r"written with $\exp$, over a common denominator the numerator is 0"
    )

    def vanishes(self, gap: Any) -> bool:
        """Rewrite as exponentials, then cancel."""
        return rational_zero(sp.expand(gap.rewrite(sp.exp)))


@dataclass(frozen=True)
class Logarithms(Algebra):
    """Logarithms split where the assumptions allow it.

    ``log(x y)`` becomes ``log(x) + log(y)`` only if a factor is positive by
    its assumptions; then as ``cancel``.
    """

    name: ClassVar[str] = "logarithms"
    how: ClassVar[str] = (
        "logarithms split as the assumptions allow, everything cancels"
    )

    def vanishes(self, gap: Any) -> bool:
        """Expand logarithms without force, then cancel."""
        opened = sp.expand_log(gap, deep=True, force=False)
        return rational_zero(opened) or rational_zero(
            sp.expand_log(
                opened.xreplace(
                    {
                        a: sp.log(sp.factor(a.args[0]))
                        for a in opened.atoms(sp.log)
                    }
                ),
                force=False,
            )
        )


_NAMED: dict[str, Any] = {
    "apart": sp.apart,
    "besselsimp": sp.besselsimp,
    "cancel": sp.cancel,
    "collect_sqrt": sp.radsimp,
    "combsimp": sp.combsimp,
    "expand": sp.expand,
    "expand_complex": lambda e: sp.expand(e, complex=True),
    "expand_func": sp.expand_func,
    "expand_log": sp.expand_log,
    "expand_trig": sp.expand_trig,
    "factor": sp.factor,
    "gammasimp": sp.gammasimp,
    "logcombine": sp.logcombine,
    "piecewise_fold": sp.piecewise_fold,
    "powdenest": sp.powdenest,
    "powsimp": sp.powsimp,
    "radsimp": sp.radsimp,
    "simplify": sp.simplify,
    "sqrtdenest": sp.sqrtdenest,
    "together": sp.together,
    "trigsimp": sp.trigsimp,
}


@dataclass(frozen=True)
class Rewriting(Algebra):
    """Named SymPy transformations, in the order given.

    A function class (``exp``, ``gamma``, ``erf``) means ``rewrite``; a
    string names a transformation. The last result must be 0.
    """

    name: ClassVar[str] = "rewriting"
    transformations: tuple[Any, ...]

    def __init__(self, *transformations: Any) -> None:
        """Take at least one transformation."""
        if not transformations:
            raise ValueError("rewriting needs at least one transformation")
        for t in transformations:
            if isinstance(t, str) and t not in _NAMED:
                known = ", ".join(sorted(_NAMED))
                raise ValueError(
                    f"unknown transformation {t!r}; known: {known}"
                )
            if not isinstance(t, str) and not isinstance(
                t, sp.core.function.FunctionClass
            ):
                raise TypeError(
                    f"a transformation is a name or a function, not {t!r}"
                )
        object.__setattr__(self, "transformations", transformations)

    @property
    def how(self) -> str:  # type: ignore[override]
        """The transformations, in words."""
        words = [
            t if isinstance(t, str) else f"rewrite with {t.__name__}"
            for t in self.transformations
        ]
        return ", then ".join(words) + " gives 0"

    def vanishes(self, gap: Any) -> bool:
        """Apply the transformations one after the other."""
        for t in self.transformations:
            gap = _NAMED[t](gap) if isinstance(t, str) else gap.rewrite(t)
            if gap == 0:
                return True
        return False

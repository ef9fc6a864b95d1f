"""All coefficients of a function: two cited theorems, put together.

The function is taken out of an earlier equation for its coefficients, the
integral of the function times a wave or a Legendre polynomial. Everything
else is the theorem's: its hypotheses and its conclusion are checked by
`kexue_lib.derive.theorems`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import sympy as sp

from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.premises import resolved
from kexue_lib.derive.sampling import Sampled
from kexue_lib.derive.statement import (
    Finding,
    RejectedError,
    Stated,
    Statement,
)
from kexue_lib.derive.theorems import fourier
from kexue_lib.derive.theorems.cite import Cited
from kexue_lib.derive.theorems.theorem import Use


@dataclass(frozen=True)
class _Expansion(Check):
    """Common part: the equation of the coefficients, taken apart.

    Args:
        source: the equation of the coefficient, an integral over the period.
        n: its integer symbol.
        at: values for other symbols of that equation.
    """

    best: ClassVar[Level] = Level.CITED
    source: Any
    n: Any
    at: tuple[tuple[Any, Any], ...] = ()
    equation: Stated | None = None

    def __init__(
        self, source: Any, n: Any, at: Mapping[Any, Any] | None = None
    ) -> None:
        """Keep the name; the claim looks the equation up."""
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "n", n)
        object.__setattr__(self, "at", tuple((at or {}).items()))
        object.__setattr__(self, "equation", None)

    def bound(self, find: Callable[[str], Any]) -> Self:
        """Take the equation out of the chain or claim, as data."""
        made = super().bound(find)
        found = find(self.source)
        stated = found.equation()
        object.__setattr__(made, "source", found)
        object.__setattr__(made, "equation", stated)
        object.__setattr__(made, "at", resolved(stated, dict(self.at)))
        return made

    def results(self) -> tuple[Stated, ...]:
        """The earlier equation."""
        return () if self.equation is None else (self.equation,)

    def lends(self) -> tuple[Level, ...]:
        """The level of the earlier equation."""
        return () if self.equation is None else (self.equation.level,)

    def sample(self, statement: Statement) -> Sampled | None:
        """As the theorem does."""
        return self.cited(statement).sample(statement)

    def run(self, statement: Statement) -> Finding:
        """Check the hypotheses and the conclusion of the theorem."""
        if statement.relation is not Relation.EQ:
            raise RejectedError(f"decides =, not {statement.relation.text}")
        return self.cited(statement).run(statement)

    def cited(self, statement: Statement) -> Cited:
        """The theorem with its letters put in."""
        raise NotImplementedError

    def _coefficients(self) -> tuple[Any, Any]:
        """The integral and its value.

        Raises:
            RejectedError: the equation is not about one integral.
        """
        assert self.equation is not None
        area, value = (
            unfold(side).subs(dict(self.at), simultaneous=True)
            for side in self.equation[:2]
        )
        if not isinstance(area, sp.Integral) or len(area.limits) != 1:
            name = self.equation.name
            raise RejectedError(f"{name} is not about one integral")
        return area, value

    def _citing(self, use: Use, at: Mapping[str, dict[Any, Any]]) -> Cited:
        """The theorem; its coefficients are the earlier equation."""
        source = self.source
        using = {
            name: (source, {**dict(self.at), **values})
            for name, values in at.items()
        }
        return Cited(use, using).bound(lambda _: source)


@dataclass(frozen=True, init=False)
class Fourier(_Expansion):
    """The symmetric sum of all Fourier coefficients is the midpoint.

    Dirichlet: if f is smooth on [0, 1] and c(n) is the integral of
    ``f(s) exp(-2 pi i n s)``, then ``c(0) + Sum(c(n) + c(-n), (n, 1, oo))``
    converges to ``(f(0) + f(1))/2``.

    Args:
        source: the equation of the coefficient, an integral.
        n: its integer symbol.
        at: values for other symbols of that equation.
    """

    name: ClassVar[str] = "fourier"

    def cited(self, statement: Statement) -> Cited:
        """Dirichlet's theorem at the ends of the period."""
        area, value = self._coefficients()
        s = area.limits[0][0]
        wave = sp.exp(-2 * sp.pi * sp.I * self.n * s)
        f = sp.powsimp(area.function / wave)
        use = fourier.dirichlet_ends(
            f=(s, f),
            zero=value.subs(self.n, 0),
            coefficient=(self.n, value),
        )
        names = ("the coefficients", "the coefficients of the other sign")
        at = {"the mean": {self.n: 0}, names[0]: {}, names[1]: {}}
        return self._citing(use, at)


@dataclass(frozen=True, init=False)
class Parseval(_Expansion):
    """All squared Legendre coefficients together are the squared norm.

    The Legendre polynomials are complete on [-1, 1]: if c(n) is the integral
    of ``f(x) P(n, x)`` for a continuous f, then the sum of
    ``(2 n + 1)/2 |c(n)|^2`` over all n is the integral of ``|f|^2``. The
    statement may be a multiple of this equation.

    Args:
        source: the equation of the coefficient, an integral.
        n: its integer symbol.
        at: values for other symbols of that equation.
    """

    name: ClassVar[str] = "parseval"

    def cited(self, statement: Statement) -> Cited:
        """Parseval's theorem for Legendre polynomials."""
        area, value = self._coefficients()
        x = area.limits[0][0]
        f = area.function / sp.legendre(self.n, x)
        turn = sp.I**self.n
        if value.has(turn):
            # |i^n| = 1, and what is left is real.
            size = value / turn
            use = fourier.parseval_legendre_turned(
                f=(x, f),
                size=(self.n, size),
                **self._scale(statement, size),
            )
        else:
            use = fourier.parseval_legendre(
                f=(x, f),
                coefficient=(self.n, value),
                **self._scale(statement, value),
            )
        return self._citing(use, {"the coefficients": {}})

    def _scale(self, statement: Statement, size: Any) -> dict[str, Any]:
        """How often it is Parseval's equation, in and before the series.

        Only searched: the theorem is held against the statement.
        """
        sums = statement.left.atoms(sp.Sum)
        if len(sums) != 1:
            raise RejectedError("the left side has not one series")
        (series,) = sums
        k = series.limits[0][0]
        share = (2 * k + 1) * size.subs(self.n, k) ** 2
        scale = sp.cancel(2 * series.function / share)
        if scale.has(k):
            raise RejectedError("the terms are no multiple of (2k+1)|c(k)|^2")
        return {"scale": scale, "outer": statement.left / series}


__all__ = ["Fourier", "Parseval"]

"""Expansions in complete orthogonal families: two theorems as checks.

The check verifies the hypotheses of the theorem and that the statement is
its conclusion; the coefficients are an earlier equation of the book.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.antiderivative import Antiderivative
from kexue_lib.derive.checks.base import Tactic, prepare, require
from kexue_lib.derive.checks.using import Using
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.premises import usable
from kexue_lib.derive.signs import is_regular
from kexue_lib.derive.statement import Finding, RejectedError, Statement


@dataclass(frozen=True)
class _Expansion(Using):
    """Common part: the equation of the coefficients, taken apart."""

    n: Any = None

    def __init__(
        self,
        source: Any,
        n: Any,
        at: Any = None,
        then: Tactic | None = None,
    ) -> None:
        """Keep the name; the claim looks the equation up."""
        super().__init__(source, at, then)
        object.__setattr__(self, "n", n)

    def _coefficients(self, statement: Statement) -> tuple[Any, Any, Level]:
        """The integral, its value, the level of that equation."""
        lhs, rhs, _, level, _, label = self.equation
        usable(self.equation, dict(self.at), statement.domain)
        table = dict(self.at)
        area, value = (
            unfold(side).subs(table, simultaneous=True) for side in (lhs, rhs)
        )
        if not isinstance(area, sp.Integral) or len(area.limits) != 1:
            raise RejectedError(f"{label} is not about one integral")
        if len(area.limits[0]) != 3:
            raise RejectedError("the integral has no limits")
        return area, value, level

    def _smooth(self, f: Any, area: Any, statement: Statement) -> None:
        """The function is free of n, and smooth on the closed interval."""
        x, low, high = area.limits[0]
        if f.has(self.n):
            raise RejectedError(f"{f} depends on {self.n}")
        inside = sp.Dummy("x", real=True)
        given = (*statement.domain.given, inside >= low, inside <= high)
        if not is_regular(f.subs(x, inside), Domain(given)):
            raise RejectedError(f"{f} is not manifestly smooth")

    def _zero(self, gap: Any, statement: Statement, why: str) -> Level:
        inner = statement.but(lhs=gap, relation=Relation.EQ, rhs=sp.S.Zero)
        try:
            return self.then.run(inner).level
        except RejectedError as error:
            raise RejectedError(f"{why} ({error})") from error

    def _series(self, side: Any) -> tuple[Any, Any, Any, Any]:
        """Split ``rest + Sum(term, (k, low, oo))``."""
        rest, total = sp.S.Zero, None
        for part in sp.Add.make_args(prepare(side)):
            factors = sp.Mul.make_args(part)
            sums = [f for f in factors if isinstance(f, sp.Sum)]
            if not sums:
                rest += part
                continue
            if total is not None or len(sums) > 1:
                raise RejectedError("the left side has several sums")
            if len(sums[0].limits) != 1 or sums[0].limits[0][2] is not sp.oo:
                raise RejectedError("the left side is no series to infinity")
            total = (part / sums[0], sums[0])
        if total is None:
            raise RejectedError("the left side has no series")
        scale, series = total
        k, low, _ = series.limits[0]
        if scale.has(k):
            raise RejectedError(f"{k} is an index and stands outside as well")
        return rest, scale * series.function, k, low


@dataclass(frozen=True, init=False)
class Fourier(_Expansion):
    """The symmetric sum of all Fourier coefficients is the midpoint.

    Dirichlet: if f is smooth on [0, 1] and c(n) is the integral of
    ``f(s) exp(-2 pi i n s)``, then ``c(0) + Sum(c(n) + c(-n), (n, 1, oo))``
    converges to ``(f(0) + f(1))/2``.

    Args:
        source: the equation of the coefficient, an integral over [0, 1].
        n: its integer symbol.
        at: values for other symbols of that equation.
        then: check of the terms and of the right side.
    """

    name: ClassVar[str] = "fourier"

    def run(self, statement: Statement) -> Finding:
        """Check f, the terms of the series, and the midpoint."""
        require(statement, Relation.EQ)
        area, c, level = self._coefficients(statement)
        s, low, high = area.limits[0]
        n = self.n
        if not n.is_integer or n.is_nonnegative is not None:
            raise RejectedError(f"{n} must run over all integers")
        if (low, high) != (0, 1):
            raise RejectedError("the integral is not over [0, 1]")
        wave = sp.exp(-2 * sp.pi * sp.I * n * s)
        f = sp.powsimp(area.function / wave)
        self._smooth(f, area, statement)
        rest, term, k, first = self._series(statement.left)
        if first != 1:
            raise RejectedError("the series must begin with 1")
        pair = c.subs(n, k) + c.subs(n, -k)
        middle = (f.subs(s, 0) + f.subs(s, 1)) / 2
        levels = [
            level,
            self._zero(rest - c.subs(n, 0), statement, "c(0) is not there"),
            self._zero(term - pair, statement, "the terms are others"),
            self._zero(
                statement.right - middle, statement, "the midpoint is another"
            ),
        ]
        return Finding(
            weakest([Level.CITED, *levels]),
            "Dirichlet: the Fourier series of a function that is smooth on "
            r"$[0, 1]$ gives $\frac12(f(0) + f(1))$ at the ends; its "
            f"coefficients by *{self.equation[5]}*",
            trusts="Dirichlet's theorem",
        )


@dataclass(frozen=True, init=False)
class Parseval(_Expansion):
    """All squared Legendre coefficients together are the squared norm.

    The Legendre polynomials are complete on [-1, 1]: if c(n) is the integral
    of ``f(x) P(n, x)`` for a continuous f, then the sum of
    ``(2 n + 1)/2 |c(n)|^2`` over all n is the integral of ``|f|^2``. The
    statement may be a multiple of this equation.

    Args:
        source: the equation of the coefficient, an integral over [-1, 1].
        n: its integer symbol, the degree.
        at: values for other symbols of that equation.
        then: check of the terms and of the right side.
    """

    name: ClassVar[str] = "parseval"

    def run(self, statement: Statement) -> Finding:
        """Check f, the terms of the series, and the norm."""
        require(statement, Relation.EQ)
        area, c, level = self._coefficients(statement)
        x, low, high = area.limits[0]
        n = self.n
        if not n.is_integer or not n.is_nonnegative or n.is_positive:
            raise RejectedError(f"{n} must be declared integer nonnegative")
        if (low, high) != (-1, 1):
            raise RejectedError("the integral is not over [-1, 1]")
        f = area.function / sp.legendre(n, x)
        self._smooth(f, area, statement)
        rest, term, k, first = self._series(statement.left)
        if first != 0 or rest != 0:
            raise RejectedError("the series must begin with 0, and be alone")
        wanted = (2 * k + 1) * _squared(c.subs(n, k)) / 2
        # The statement may be a multiple of Parseval's equation.
        scale = sp.cancel(term / wanted)
        if scale.has(k):
            raise RejectedError("the terms are no multiple of (2k+1)|c(k)|^2")
        gap = term - scale * wanted
        levels = [level, self._zero(gap, statement, "the terms are others")]
        norm = statement.but(
            lhs=scale * sp.Integral(_squared(f), *area.limits),
            rhs=statement.right,
        )
        levels.append(Antiderivative().run(norm).level)
        return Finding(
            weakest([Level.CITED, *levels]),
            "Parseval: the Legendre polynomials are complete, so this is "
            f"the integral of $|f|^2$; coefficients by *{self.equation[5]}*",
            trusts="Parseval's theorem",
        )


def _squared(expr: Any) -> Any:
    """``expr`` times its conjugate; spherical Bessel functions are real."""
    letters = {
        call: sp.Dummy("j", real=True)
        for call in expr.atoms(sp.jn)
        if call.args[0].is_integer and call.args[1].is_positive
    }
    square = sp.S.One
    for factor in sp.Mul.make_args(sp.powsimp(expr.xreplace(letters))):
        base, power = factor.as_base_exp()
        if not power.is_integer:
            base, power = factor, sp.S.One
        square *= sp.powsimp(base * sp.conjugate(base)) ** power
    return square.xreplace({v: call for call, v in letters.items()})


__all__ = ["Fourier", "Parseval"]

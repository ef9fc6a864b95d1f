"""Orthogonal polynomials and jn of any degree, in holonomic normal form.

Every P(n + j) is a combination a P(n) + b P(n - 1) whose coefficients are
rational in n and x, by the three-term recurrence; derivatives likewise. The
two are independent, so a linear identity holds if both coefficients are 0;
products work the same way in the monomials.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.base import Algebra, rational_zero

# family: (a, b) with p(n+1) = a p(n) + b p(n-1)
_UP = {
    sp.legendre: lambda n, x: (
        (2 * n + 1) * x / (n + 1),
        -n / (n + 1),
    ),
    sp.laguerre: lambda n, x: ((2 * n + 1 - x) / (n + 1), -n / (n + 1)),
    sp.hermite: lambda n, x: (2 * x, -2 * n),
    sp.chebyshevt: lambda n, x: (2 * x, -sp.S.One),
    sp.jn: lambda n, x: ((2 * n + 1) / x, -sp.S.One),
}
# What SymPy's derivatives of these families are made of, in the family.
_RELATED: dict[Any, Any] = {
    sp.assoc_laguerre: lambda d, a, x: (
        -(d + 1) / x * (sp.laguerre(d + 1, x) - sp.laguerre(d, x))
        if a == 1
        else sp.assoc_laguerre(d, a, x)
    ),
    sp.chebyshevu: lambda d, x: (
        (x * sp.chebyshevt(d + 1, x) - sp.chebyshevt(d, x)) / (x**2 - 1)
    ),
}
FAMILIES = tuple(_UP)


@dataclass(frozen=True)
class Holonomic(Algebra):
    """Legendre, Laguerre, Hermite, Chebyshev polynomials, spherical Bessel.

    Of a symbolic degree: every one is reduced to degrees n and n - 1 by the
    three-term recurrence, derivatives too, and both coefficients must be 0.
    """

    name: ClassVar[str] = "holonomic"
    how: ClassVar[str] = (
        "reduced to degrees $n$ and $n-1$ by the three-term recurrence; "
        "both coefficients are 0"
    )

    def vanishes(self, gap: Any) -> bool:
        """Reduce to two basis elements for each family and argument."""
        return all(rational_zero(c) for c in normal_form(gap).values())


def normal_form(expr: Any) -> dict[Any, Any]:
    """Return the coefficients of the basis monomials."""
    for call in expr.atoms(*_RELATED):
        expr = expr.xreplace({call: _RELATED[call.func](*call.args)})
    calls = sorted(expr.atoms(*FAMILIES), key=sp.default_sort_key)
    calls = [c for c in calls if c.args[0].as_coeff_Add()[0].is_Integer]
    found = _read(expr, _reductions(calls))
    return {(): expr} if found is None else found


def _read(expr: Any, reduced: dict[Any, Any]) -> dict[Any, Any] | None:
    """The coefficients of a polynomial in the calls; None if it is none."""
    if expr in reduced:
        return reduced[expr]
    if not expr.has(*reduced):
        return {(): expr}
    if expr.is_Pow and expr.exp.is_Integer and expr.exp > 0:
        parts = [_read(expr.base, reduced)] * int(expr.exp)
    elif expr.is_Add or expr.is_Mul:
        parts = [_read(a, reduced) for a in expr.args]
    else:
        return None
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    if not expr.is_Add:
        return reduce(_times, known)
    total: dict[Any, Any] = {}
    for part in known:
        for basis, value in part.items():
            total.setdefault(basis, []).append(value)
    return {basis: sp.Add(*values) for basis, values in total.items()}


def _reductions(calls: list[Any]) -> dict[Any, dict[Any, Any]]:
    """Each call as a combination of its two basis elements."""
    known: dict[Any, dict[int, tuple[Any, Any]]] = {}
    found = {}
    for call in calls:
        degree, x = call.args
        shift, base = degree.as_coeff_Add()
        key = (str(call.func), base, x)
        table = known.setdefault(
            key, {0: (sp.S.One, sp.S.Zero), -1: (sp.S.Zero, sp.S.One)}
        )
        a, b = _shifted(call.func, base, x, int(shift), table)
        found[call] = {((*key, 0),): a, ((*key, -1),): b}
    return found


def _times(p: dict[Any, Any], q: dict[Any, Any]) -> dict[Any, Any]:
    """Multiply two polynomials in basis elements."""
    total: dict[Any, Any] = {}
    for left, a in p.items():
        for right, b in q.items():
            basis = tuple(sorted(left + right, key=str))
            total[basis] = total.get(basis, 0) + a * b
    return total


def _shifted(
    family: Any, n: Any, x: Any, shift: int, known: dict[int, Any]
) -> tuple[Any, Any]:
    while shift > max(known):
        top = max(known)
        a, b = _UP[family](n + top, x)
        (p1, q1), (p0, q0) = known[top], known[top - 1]
        known[top + 1] = (
            sp.cancel(a * p1 + b * p0),
            sp.cancel(a * q1 + b * q0),
        )
    while shift < min(known):
        low = min(known)
        a, b = _UP[family](n + low, x)
        (p0, q0), (p1, q1) = known[low], known[low + 1]
        known[low - 1] = (
            sp.cancel((p1 - a * p0) / b),
            sp.cancel((q1 - a * q0) / b),
        )
    return known[shift]

"""Signs that are manifest from the declared assumptions.

A lower bound ``x > a`` is put in as ``x = a + p`` with ``p > 0``, an
interval as ``x = a + (b - a)/(1 + p)``; a polynomial in positive letters
whose coefficients are positive is positive. Everything else is SymPy's
assumption system. Nothing is sampled here.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from kexue_lib.derive.domain import Domain


def is_nonnegative(expr: Any, domain: Domain) -> bool:
    """Say whether ``expr >= 0`` is manifest on the domain."""
    return _manifest(expr, domain, strict=False)


def is_positive(expr: Any, domain: Domain) -> bool:
    """Say whether ``expr > 0`` is manifest on the domain."""
    return _manifest(expr, domain, strict=True)


def is_negative(expr: Any, domain: Domain) -> bool:
    """Say whether ``expr < 0`` is manifest on the domain."""
    return is_positive(-expr, domain)


def _manifest(expr: Any, domain: Domain, strict: bool) -> bool:
    expr = sp.sympify(expr)
    if _fact(expr, strict):
        return True
    return all(
        _read(part, strict) or _read(_without_exp(part), strict)
        for part in with_bounds(expr, domain)
    )


def _without_exp(expr: Any) -> Any:
    """Write exp of something positive as 1 + a positive letter."""
    table = {}
    for i, call in enumerate(sorted(expr.atoms(sp.exp), key=str)):
        letter = sp.Dummy(f"e{i}", positive=True)
        if call.args[0].is_extended_positive:
            table[call] = 1 + letter
        elif call.args[0].is_extended_negative:
            table[call] = 1 / (1 + letter)
    return expr.xreplace(table)


TAME = 100
"""SymPy factors exp(n x) as the n-th power of exp(x): n is at most this."""


def _tame(expr: Any) -> bool:
    """No exponent makes a polynomial of a huge degree."""
    return all(
        abs(c) <= TAME
        for call in expr.atoms(sp.exp)
        for c in sp.expand(call.args[0]).as_coefficients_dict().values()
    )


def _read(expr: Any, strict: bool) -> bool:
    """Read the sign off the factors."""
    if not _tame(expr):
        return _fact(expr, strict)
    ready = sp.factor(sp.together(expr))
    if _fact(ready, strict):
        return True
    sign = sp.S.One
    for factor in sp.Mul.make_args(ready):
        base, power = factor.as_base_exp()
        if power.is_extended_real is not True:
            return False
        found = _factor_sign(base, strict)
        if power.is_integer and power.is_even and base.is_extended_real:
            if (strict or power.is_negative) and found not in ("++", "--"):
                return False
            continue
        if found is None:
            return False
        if power.is_negative and found not in ("++", "--"):
            return False
        if found.startswith("-"):
            if not (power.is_integer and power.is_odd):
                return False
            sign = -sign
    return bool(sign > 0)


def is_regular(expr: Any, domain: Domain) -> bool:
    """Say whether ``expr`` is manifestly smooth on the whole domain.

    Its denominators have one sign and its logarithms and roots positive
    arguments; so an argument by derivatives crosses no pole.
    """
    for power in expr.atoms(sp.Pow):
        base, exponent = power.as_base_exp()
        if exponent.is_Integer and exponent > 0:
            continue
        if base.is_number and base.is_positive:
            continue
        good = is_positive(base, domain) or (
            exponent.is_integer and is_negative(base, domain)
        )
        if not good:
            return False
    for call in expr.atoms(sp.Function):
        if isinstance(call, sp.log):
            if not is_positive(call.args[0], domain):
                return False
        elif call.func not in _ENTIRE:
            return False
    return True


# Smooth on the whole real line.
_ENTIRE = (
    sp.exp,
    sp.sin,
    sp.cos,
    sp.sinh,
    sp.cosh,
    sp.tanh,
    sp.atan,
    sp.asinh,
    sp.erf,
    sp.erfc,
    sp.legendre,
    sp.laguerre,
    sp.hermite,
)


def _fact(expr: Any, strict: bool) -> bool:
    return bool(
        expr.is_extended_positive if strict else expr.is_extended_nonnegative
    )


def _factor_sign(base: Any, strict: bool) -> str | None:
    """Return ``++`` (positive), ``+`` (nonnegative), ``--``, ``-`` or None."""
    for mark, expr in (("+", base), ("-", -base)):
        if expr.is_extended_positive or _coefficients(expr, True):
            return mark * 2
        if not strict and (
            expr.is_extended_nonnegative or _coefficients(expr, False)
        ):
            return mark
    return None


def _coefficients(expr: Any, strict: bool) -> bool:
    """All terms nonnegative, and one of them positive if ``strict``."""
    terms = sp.Add.make_args(sp.expand(expr))
    if not all(t.is_extended_nonnegative for t in terms):
        return False
    return not strict or any(t.is_extended_positive for t in terms)


Ends = dict[str, tuple[Any, bool]]


def bounds_of(domain: Domain) -> dict[Any, Ends]:
    """Return symbol -> its given ends: (value, whether it is excluded)."""
    bounds: dict[Any, Ends] = {}
    for relation in domain.given:
        if not isinstance(relation, sp.core.relational._Inequality):
            continue
        low, high = relation.lts, relation.gts
        strict = isinstance(relation, sp.StrictLessThan | sp.StrictGreaterThan)
        if isinstance(low, sp.Abs) and low.args[0].is_Symbol:
            x = low.args[0]
            if x.is_extended_real:
                bounds.setdefault(x, {})["high"] = (high, strict)
                bounds.setdefault(x, {})["low"] = (-high, strict)
        elif high.is_Symbol and not low.has(high):
            bounds.setdefault(high, {})["low"] = (low, strict)
        elif low.is_Symbol and not high.has(low):
            bounds.setdefault(low, {})["high"] = (high, strict)
    for x, ends in bounds.items():
        if "low" not in ends and x.is_extended_nonnegative:
            ends["low"] = (sp.S.Zero, bool(x.is_extended_positive))
    return bounds


def with_bounds(expr: Any, domain: Domain) -> list[Any]:
    """Write bounded symbols with letters that are only positive.

    Returns:
        Expressions that together cover the domain.
    """
    parts = [expr]
    for x, ends in _dependent_first(bounds_of(domain)):
        parts = [
            part.subs(x, value)
            for part in parts
            for value in (_letters(x, ends) if part.has(x) else [x])
        ]
    return parts


def _dependent_first(bounds: dict[Any, Ends]) -> list[tuple[Any, Ends]]:
    """Order by name, but before a symbol those whose ends mention it."""
    waiting = sorted(bounds.items(), key=_by_name)
    order = []
    while waiting:
        mentioned = {
            x: set().union(*(end.free_symbols for end, _ in ends.values()))
            for x, ends in waiting
        }
        free = (
            item
            for item in waiting
            if not any(
                item[0] in m for x, m in mentioned.items() if x != item[0]
            )
        )
        # Bounds that go in a circle are taken by name.
        chosen = next(free, waiting[0])
        waiting.remove(chosen)
        order.append(chosen)
    return order


def _by_name(item: tuple[Any, Ends]) -> str:
    return str(item[0].name)


def _letters(x: Any, ends: Ends) -> list[Any]:
    low, high = ends.get("low"), ends.get("high")
    if x.is_integer:
        d = sp.Dummy("d", integer=True, nonnegative=True)
        if low is not None:
            return [low[0] + d + (1 if low[1] and low[0].is_integer else 0)]
        if high is not None:
            return [high[0] - d - (1 if high[1] and high[0].is_integer else 0)]
        return [x]
    if low is not None and high is not None:
        p = sp.Dummy("p", positive=True)
        closed = [end for end, excluded in (low, high) if not excluded]
        return [low[0] + (high[0] - low[0]) / (1 + p), *closed]
    if low is not None:
        return [low[0] + sp.Dummy("p", **_kind(low[1]))]
    if high is not None:
        return [high[0] - sp.Dummy("p", **_kind(high[1]))]
    return [x]


def _kind(strict: bool) -> dict[str, bool]:
    return {"positive": True} if strict else {"nonnegative": True}

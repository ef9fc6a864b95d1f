"""Derivatives at a point: orthogonal polynomials of known degree written out.

A derivative of Legendre's P_n in its argument is an atom for the rules; its
value needs the polynomial.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import fmpq, fmpq_poly

from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.terms import (
    ONE,
    ZERO,
    Term,
    UnsupportedError,
    add,
    contains,
    fn,
    fresh,
    inverse,
    is_fn,
    mul,
    neg,
    num,
    opened,
    rebuilt,
    sub,
    subst,
)

Known = tuple[tuple[Term, int | None], ...]
"""Degrees of polynomials, with their values where these are integers."""
HIGHEST = 60
_X = fmpq_poly([0, 1])
_STEPS: dict[str, Callable[[int, Any, Any], Any]] = {
    "legendre": lambda k, a, b: (
        (_X * b * (2 * k + 1) - a * k) * fmpq(1, k + 1)
    ),
    "laguerre": lambda k, a, b: (
        ((2 * k + 1 - _X) * b - a * k) * fmpq(1, k + 1)
    ),
    "chebyshevt": lambda k, a, b: 2 * _X * b - a,
    "chebyshevu": lambda k, a, b: 2 * _X * b - a,
    "hermite": lambda k, a, b: 2 * _X * b - 2 * k * a,
}
_FIRST = {
    "legendre": _X,
    "laguerre": 1 - _X,
    "chebyshevt": _X,
    "chebyshevu": 2 * _X,
    "hermite": 2 * _X,
}


@lru_cache(maxsize=4096)
def degrees(t: Term) -> tuple[Term, ...]:
    """Return the degrees of the orthogonal polynomials in a term."""
    own = is_fn(t, *_STEPS) and not t.args[1].loose
    below = dict.fromkeys(d for child in t.children for d in degrees(child))
    return tuple({t.args[1]: None, **below} if own else below)


# An integral asks for one slope at thousands of points.
@lru_cache(maxsize=4096)
def slope(t: Term, known: Known) -> Term:
    """A term whose value is that of a ``diff``.

    Args:
        t: the ``diff``.
        known: the :func:`degrees` in it, with their values.

    Raises:
        UnsupportedError: a function has no derivative here.
    """
    body, point = t.args
    x = fresh("@d", (t,), "real")
    inside = _written(opened(body, x), dict(known))
    if is_fn(inside, "jn") and inside.args[2] is x:
        return subst(_bessel(inside.args[1], x), {x: point})
    found = derivative(inside, x)
    if contains(found, "diff") and not contains(body, "diff", "int"):
        parts = {d: slope(d, known) for d in _slots(found) if not d.loose}
        found = _replaced(found, parts)
        if contains(found, "diff"):
            raise UnsupportedError(f"the derivative of {inside}")
    return subst(found, {x: point})


def _bessel(n: Term, x: Term) -> Term:
    """j_n' = j_(n-1) - (n+1)/x j_n."""
    down = fn("jn", sub(n, ONE), x)
    return add(down, neg(mul(add(n, ONE), inverse(x), fn("jn", n, x))))


def _slots(t: Term) -> set[Term]:
    if t.op == "diff":
        return {t} if is_fn(t.args[0], "jn") else set()
    return set().union(*map(_slots, t.children))


def _replaced(t: Term, table: dict[Term, Term]) -> Term:
    if t in table:
        return table[t]
    return rebuilt(t, lambda a, _: _replaced(a, table))


def _written(t: Term, known: dict[Term, int | None]) -> Term:
    made = rebuilt(t, lambda a, _: _written(a, known))
    if not is_fn(made, *_STEPS) or made.args[1].loose:
        return made
    n = known.get(made.args[1])
    if n is None or not 0 <= n <= HIGHEST:
        return made
    return _horner(polynomial(made.args[0], n), made.args[2])


def polynomial(name: str, n: int) -> Any:
    """An orthogonal polynomial of degree n."""
    a, b = fmpq_poly([1]), _FIRST[name]
    if n == 0:
        return a
    for k in range(1, n):
        a, b = b, _STEPS[name](k, a, b)
    return b


def _horner(p: Any, x: Term) -> Term:
    out = ZERO
    for c in reversed(p.coeffs()):
        value = num(Fraction(int(c.p), int(c.q)))
        out = add(value, mul(x, out)) if out is not ZERO else value
    return out

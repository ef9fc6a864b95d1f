"""Convexity and smoothness along a line: what one step can gain.

In several dimensions put in the restriction to a line, ``f(x + t d)``.
"""

from __future__ import annotations

from typing import Any

from sympy import Derivative, Function, Symbol, symbols

from kexue_lib.derive.levels import Relation
from kexue_lib.derive.theorems.hypotheses import Holds, Real
from kexue_lib.derive.theorems.intervals import Bent, Smooth
from kexue_lib.derive.theorems.theorem import Conclusion, Source, Theorem

LE, GE, EQ = Relation.LE, Relation.GE, Relation.EQ
t, c, d = symbols("t c d", real=True)
low, high = symbols("low high")
f = Function("f")
L = Symbol("L", positive=True)
rate = Symbol("rate", nonnegative=True)
NESTEROV = Source("Y. Nesterov", 2004, "Introductory Lectures on Convex Opt.")
_BETWEEN = ((t, low, high),)


def slope(times: int = 1) -> Any:
    """A derivative of f at t."""
    return Derivative(f(t), (t, times))


at_c = slope().subs(t, c)
_INSIDE = (
    Holds("c is inside, from below", low < c),
    Holds("c is inside, from above", c < high),
    Holds("d is inside, from below", low < d),
    Holds("d is inside, from above", d < high),
)
tangent = Theorem(
    "A convex function lies above its tangents",
    NESTEROV,
    (f, low, high, c, d),
    (
        *_INSIDE,
        Smooth("f has a derivative", f(t), t, low, high),
        Bent("f is convex", f(t), t, low, high),
    ),
    Conclusion(f(d), GE, f(c) + at_c * (d - c)),
    ("mathlib: ConvexOn.le_slope_of_hasDerivAt",),
)
_SMOOTH = (
    *_INSIDE,
    Real("f is real", f(t), _BETWEEN),
    Smooth("f has two derivatives", f(t), t, low, high, 2),
)
descent = Theorem(
    "Descent lemma",
    NESTEROV,
    (f, low, high, c, d, L),
    (*_SMOOTH, Holds("f'' <= L", slope(2) <= L, _BETWEEN)),
    Conclusion(f(d), LE, f(c) + at_c * (d - c) + L * (d - c) ** 2 / 2),
)
strong_convexity = Theorem(
    "A strongly convex function lies above parabolas",
    NESTEROV,
    (f, low, high, c, d, L),
    (*_SMOOTH, Holds("f'' >= L", slope(2) >= L, _BETWEEN)),
    Conclusion(f(d), GE, f(c) + at_c * (d - c) + L * (d - c) ** 2 / 2),
)
_STEP = c - rate * at_c
gradient_step = Theorem(
    "One step of gradient descent",
    NESTEROV,
    (f, low, high, c, L, rate),
    (
        *_INSIDE[:2],
        Holds("the step stays inside, from below", low < _STEP),
        Holds("the step stays inside, from above", _STEP < high),
        *_SMOOTH[4:],
        Holds("f'' <= L", slope(2) <= L, _BETWEEN),
    ),
    Conclusion(f(_STEP), LE, f(c) - rate * (1 - L * rate / 2) * at_c**2),
)
polyak = Theorem(
    "Polyak-Lojasiewicz inequality of a strongly convex function",
    Source("B. T. Polyak", 1963, "USSR Comput. Math. 3, 864-878"),
    (f, low, high, c, d, L),
    (*_SMOOTH, Holds("f'' >= L", slope(2) >= L, _BETWEEN)),
    Conclusion(f(c) - f(d), LE, at_c**2 / (2 * L)),
)

"""Expansions in complete orthogonal families, and Poisson's formula."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import (
    Abs,
    Eq,
    Function,
    I,
    Integral,
    Rational,
    Sum,
    Symbol,
    conjugate,
    exp,
    legendre,
    oo,
    pi,
    symbols,
)

from kexue_lib.derive.levels import Relation
from kexue_lib.derive.theorems.hypotheses import Holds, Real
from kexue_lib.derive.theorems.intervals import Decays, Integrable, Smooth
from kexue_lib.derive.theorems.theorem import Conclusion, Source, Theorem

EQ = Relation.EQ
x, c = Symbol("x", real=True), Symbol("c", real=True)
n, k = Symbol("n", integer=True), Symbol("k", integer=True, positive=True)
m = Symbol("m", integer=True, nonnegative=True)
scale, outer, zero = symbols("scale outer zero")
f, g, coefficient = map(Function, ("f", "g", "coefficient"))
_DIRICHLET = Source(
    "P. G. L. Dirichlet", 1829, "J. reine angew. Math. 4, 157-169"
)


def wave(n: Any, x: Any) -> Any:
    """The function with n periods in [0, 1]."""
    return exp(2 * pi * I * n * x)


def _coefficients(*areas: Any) -> tuple[Holds, ...]:
    def whole(n: Any) -> Any:
        parts = (
            Integral(part * wave(-n, x), (x, a, b)) for part, a, b in areas
        )
        return sum(parts)

    over = ((k, 1, oo),)
    return (
        Holds("the mean", Eq(zero, whole(sp.S.Zero))),
        Holds("the coefficients", Eq(coefficient(k), whole(k)), over),
        Holds(
            "the coefficients of the other sign",
            Eq(coefficient(-k), whole(-k)),
            over,
        ),
    )


def _series(at: Any) -> Any:
    """The symmetric sum of all waves at a point."""
    pair = coefficient(k) * wave(k, at) + coefficient(-k) * wave(-k, at)
    return zero + Sum(pair, (k, 1, oo))


dirichlet_ends = Theorem(
    "Dirichlet's theorem at the ends of the period",
    _DIRICHLET,
    (f, zero, coefficient),
    (
        Smooth("f is smooth on [0, 1]", f(x), x, 0, 1),
        *_coefficients((f(x), 0, 1)),
    ),
    Conclusion(_series(0), EQ, (f(0) + f(1)) / 2),
)
dirichlet_inside = Theorem(
    "Dirichlet's theorem inside the period",
    _DIRICHLET,
    (f, zero, coefficient, c),
    (
        Smooth("f is smooth on [0, 1]", f(x), x, 0, 1),
        *_coefficients((f(x), 0, 1)),
        Holds("c is inside, from below", c > 0),
        Holds("c is inside, from above", c < 1),
    ),
    Conclusion(_series(c), EQ, f(c)),
)
dirichlet_jump = Theorem(
    "Dirichlet's theorem at a jump",
    _DIRICHLET,
    (f, g, zero, coefficient, c),
    (
        Holds("c is inside, from below", c > 0),
        Holds("c is inside, from above", c < 1),
        Smooth("f is smooth on [0, c]", f(x), x, 0, c),
        Smooth("g is smooth on [c, 1]", g(x), x, c, 1),
        *_coefficients((f(x), 0, c), (g(x), c, 1)),
    ),
    Conclusion(_series(c), EQ, (f(c) + g(c)) / 2),
)
parseval_waves = Theorem(
    "Parseval's theorem for Fourier series",
    Source("F. Riesz, E. Fischer", 1907, "C. R. Acad. Sci. Paris 144"),
    (f, zero, coefficient, scale),
    (
        Smooth("f is continuous on [0, 1]", f(x), x, 0, 1, 0),
        *_coefficients((f(x), 0, 1)),
    ),
    Conclusion(
        scale * Abs(zero) ** 2
        + Sum(
            scale * (Abs(coefficient(k)) ** 2 + Abs(coefficient(-k)) ** 2),
            (k, 1, oo),
        ),
        EQ,
        scale * Integral(Abs(f(x)) ** 2, (x, 0, 1)),
    ),
    ("mathlib: tsum_sq_fourierCoeff",),
)
_DEGREES = ((m, 0, oo),)
parseval_legendre = Theorem(
    "Parseval's theorem for Legendre polynomials",
    Source("G. Szegö", 1939, "Orthogonal Polynomials, section 3.1"),
    (f, coefficient, scale, outer),
    (
        Smooth("f is continuous on [-1, 1]", f(x), x, -1, 1, 0),
        Holds(
            "the coefficients",
            Eq(
                coefficient(m),
                Integral(f(x) * legendre(m, x), (x, -1, 1)),
            ),
            ((m, 0, oo),),
        ),
    ),
    Conclusion(
        outer
        * Sum(
            scale
            * (m + Rational(1, 2))
            * coefficient(m)
            * conjugate(coefficient(m)),
            (m, 0, oo),
        ),
        EQ,
        outer * scale * Integral(f(x) * conjugate(f(x)), (x, -1, 1)),
    ),
)
size = Function("size")
parseval_legendre_turned = Theorem(
    "Parseval's theorem for Legendre polynomials, coefficients i^m times real",
    Source("G. Szegö", 1939, "Orthogonal Polynomials, section 3.1"),
    (f, size, scale, outer),
    (
        Smooth("f is continuous on [-1, 1]", f(x), x, -1, 1, 0),
        Real("the sizes are real", size(m), _DEGREES),
        Holds(
            "the coefficients",
            Eq(
                I**m * size(m),
                Integral(f(x) * legendre(m, x), (x, -1, 1)),
            ),
            _DEGREES,
        ),
    ),
    Conclusion(
        outer * Sum(scale * (m + Rational(1, 2)) * size(m) ** 2, (m, 0, oo)),
        EQ,
        outer * scale * Integral(f(x) * conjugate(f(x)), (x, -1, 1)),
    ),
)
transform = Function("transform")
poisson = Theorem(
    "Poisson's summation formula",
    Source(
        "E. M. Stein, G. Weiss", 1971, "Fourier Analysis, corollary VII.2.6"
    ),
    (f, transform),
    (
        Smooth("f is smooth", f(x), x, -oo, oo),
        Decays("f decays", f(x), x, -oo, oo),
        Integrable("f is integrable", f(x), x, -oo, oo),
        Smooth("the transform is smooth", transform(x), x, -oo, oo, 0),
        Decays("the transform decays", transform(x), x, -oo, oo),
        Holds(
            "this is the transform",
            Eq(
                transform(n),
                Integral(f(x) * wave(-n, x), (x, -oo, oo)),
            ),
            ((n, -oo, oo),),
        ),
    ),
    Conclusion(
        f(0) + Sum(f(k) + f(-k), (k, 1, oo)),
        EQ,
        transform(0) + Sum(transform(k) + transform(-k), (k, 1, oo)),
    ),
    ("mathlib: Real.tsum_eq_tsum_fourierIntegral_of_rpow_decay",),
)

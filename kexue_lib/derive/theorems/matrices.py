"""Theorems about matrices, by their entries.

A matrix is a function of two indices 1..n, or an explicit matrix. ``Each``
hypothesis is about all indices.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    Eq,
    Function,
    KroneckerDelta,
    Piecewise,
    Sum,
    Symbol,
    symbols,
)

from kexue_lib.derive.levels import Relation
from kexue_lib.derive.theorems.hypotheses import Holds, Hypothesis, Real
from kexue_lib.derive.theorems.theorem import Conclusion, Source, Theorem

LE, GE = Relation.LE, Relation.GE
n, m = symbols("n m", integer=True, positive=True)
rank = Symbol("rank", integer=True, nonnegative=True)
i, j, k = symbols("i j k", integer=True)
A, B, U, V, W, Z = map(Function, ("A", "B", "U", "V", "W", "Z"))
G, H, x, s, t = map(Function, ("G", "H", "x", "s", "t"))
top = Symbol("top", real=True)
HORN = Source("R. A. Horn, C. R. Johnson", 2013, "Matrix Analysis, 2nd ed.")
PAIR = ((i, 1, n), (j, 1, n))
ROW = ((i, 1, n),)
_VECTOR = Real("x is real", x(i), ROW)


def both(term: Any) -> Any:
    """A sum over i and j."""
    return Sum(term, (j, 1, n), (i, 1, n))


def form(entry: Any) -> Any:
    """The quadratic form of x."""
    return both(entry * x(i) * x(j))


def _orthogonal(name: str, M: Any) -> tuple[Hypothesis, ...]:
    return (
        Real(f"{name} is real", M(i, j), PAIR),
        Holds(
            f"{name} is orthogonal",
            Eq(Sum(M(i, k) * M(j, k), (k, 1, n)), KroneckerDelta(i, j)),
            PAIR,
        ),
    )


def _falling(name: str, values: Any) -> tuple[Hypothesis, ...]:
    return (
        Holds(f"{name} is not negative", values(i) >= 0, ROW),
        Holds(f"{name} falls", values(i + 1) <= values(i), ((i, 1, n - 1),)),
    )


_OTHERS = Sum(
    Piecewise((0, Eq(i, j)), (Abs(A(i, j)), True)),
    (j, 1, n),
)
diagonally_dominant = Theorem(
    "A diagonally dominant symmetric matrix is not negative (Gershgorin)",
    Source("S. Gershgorin", 1931, "Izv. Akad. Nauk SSSR 6, 749-754"),
    (A, x, n),
    (
        Real("A is real", A(i, j), PAIR),
        _VECTOR,
        Holds("A is symmetric", Eq(A(i, j), A(j, i)), PAIR),
        Holds("the diagonal dominates", _OTHERS <= A(i, i), ROW),
    ),
    Conclusion(form(A(i, j)), GE, 0),
    ("mathlib: eigenvalue_mem_ball",),
)
_SPECTRAL = (
    *_orthogonal("V", V),
    Real("the eigenvalues are real", s(i), ROW),
    Holds(
        "A = V diag(s) V^T",
        Eq(A(i, j), Sum(s(k) * V(i, k) * V(j, k), (k, 1, n))),
        PAIR,
    ),
    _VECTOR,
)
_RAYLEIGH = Source("R. Courant", 1920, "Math. Z. 7, 1-57")
rayleigh_above = Theorem(
    "Largest eigenvalue (Courant-Fischer)",
    _RAYLEIGH,
    (A, V, s, x, top, n),
    (*_SPECTRAL, Holds("top bounds the spectrum", s(i) <= top, ROW)),
    Conclusion(form(A(i, j)), LE, top * Sum(x(i) ** 2, (i, 1, n))),
)
rayleigh_below = Theorem(
    "Smallest eigenvalue (Courant-Fischer)",
    _RAYLEIGH,
    (A, V, s, x, top, n),
    (*_SPECTRAL, Holds("top bounds the spectrum", s(i) >= top, ROW)),
    Conclusion(form(A(i, j)), GE, top * Sum(x(i) ** 2, (i, 1, n))),
)
_PRODUCT_A = Sum(s(k) * U(i, k) * V(j, k), (k, 1, n))
_PRODUCT_B = Sum(t(k) * W(i, k) * Z(j, k), (k, 1, n))
von_neumann_trace = Theorem(
    "Von Neumann's trace inequality",
    Source("J. von Neumann", 1937, "Tomsk Univ. Rev. 1, 286-300"),
    (A, B, U, V, W, Z, s, t, n),
    (
        *_orthogonal("U", U),
        *_orthogonal("V", V),
        *_orthogonal("W", W),
        *_orthogonal("Z", Z),
        *_falling("s", s),
        *_falling("t", t),
        Holds("A = U diag(s) V^T", Eq(A(i, j), _PRODUCT_A), PAIR),
        Holds("B = W diag(t) Z^T", Eq(B(i, j), _PRODUCT_B), PAIR),
    ),
    Conclusion(both(A(i, j) * B(j, i)), LE, Sum(s(k) * t(k), (k, 1, n))),
)
eckart_young = Theorem(
    "Eckart-Young theorem",
    Source("C. Eckart, G. Young", 1936, "Psychometrika 1, 211-218"),
    (A, B, U, V, s, G, H, rank, n),
    (
        *_orthogonal("U", U),
        *_orthogonal("V", V),
        *_falling("s", s),
        Holds("A = U diag(s) V^T", Eq(A(i, j), _PRODUCT_A), PAIR),
        Holds("the rank is at most n", rank <= n),
        Real("B is real", B(i, j), PAIR),
        Holds(
            "B has this rank",
            Eq(B(i, j), Sum(G(i, k) * H(k, j), (k, 1, rank))),
            PAIR,
        ),
    ),
    Conclusion(
        both((A(i, j) - B(i, j)) ** 2), GE, Sum(s(k) ** 2, (k, rank + 1, n))
    ),
)
schur_product = Theorem(
    "Schur's product theorem",
    Source("I. Schur", 1911, "J. reine angew. Math. 140, 1-28"),
    (A, B, G, H, x, m, n),
    (
        Real("G is real", G(k, i), ((k, 1, m), (i, 1, n))),
        Real("H is real", H(k, i), ((k, 1, m), (i, 1, n))),
        _VECTOR,
        Holds(
            "A = G^T G", Eq(A(i, j), Sum(G(k, i) * G(k, j), (k, 1, m))), PAIR
        ),
        Holds(
            "B = H^T H", Eq(B(i, j), Sum(H(k, i) * H(k, j), (k, 1, m))), PAIR
        ),
    ),
    Conclusion(form(A(i, j) * B(i, j)), GE, 0),
)
frobenius = Theorem(
    "The Frobenius norm of a product",
    HORN,
    (A, B, n),
    (Real("A is real", A(i, j), PAIR), Real("B is real", B(i, j), PAIR)),
    Conclusion(
        both(Sum(A(i, k) * B(k, j), (k, 1, n)) ** 2),
        LE,
        both(A(i, j) ** 2) * both(B(i, j) ** 2),
    ),
    ("mathlib: Matrix.frobenius_nnnorm_mul",),
)

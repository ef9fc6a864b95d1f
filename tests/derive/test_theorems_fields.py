"""Cited theorems on matrices, chance, analysis, Fourier, optimisation."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import (
    Abs,
    Eq,
    Integral,
    Matrix,
    Rational,
    Sum,
    cos,
    exp,
    oo,
    pi,
    sin,
    sqrt,
)

from kexue_lib.derive import (
    Bernoulli,
    Discrete,
    Gaussian,
    GaussianVector,
    Independent,
    Mean,
    Probability,
    Some,
)
from kexue_lib.derive.theorems import (
    matrices,
    probability,
)
from tests.derive.citing import (
    A0,
    B0,
    N,
    accepted,
    b,
    book,
    e,
    family,
    k,
    l,
    named,
    q,
    refused,
    rescaled,
    total,
    turned,
    y,
    z,
)

v, x, a = (family(s, "real") for s in "vxa")
t = book.symbols("t", "real")
j = book.symbols("j", "integer positive")
n = book.symbols("n", "integer")
m = book.symbols("m", "integer nonnegative")
phi = book.symbols("phi", "real")
c, s = cos(phi), sin(phi)
TURN = Matrix([[c, -s], [s, c]])
UNIT = Matrix([[1, 0], [0, 1]])
STRETCH = TURN * Matrix([[3, 0], [0, 1]]) * TURN.T
PLANE = Matrix([A0, B0])


def form(matrix, vector=PLANE):
    """A quadratic form, written out."""
    return (vector.T * matrix * vector)[0, 0]


bounds = {"A": STRETCH, "V": TURN, "s": Matrix([3, 1]), "x": PLANE, "n": 2}
svd = {"U": TURN, "V": UNIT, "s": Matrix([3, 1])}
ENTRIES = sum(h**2 for h in TURN * Matrix([[3, 0], [0, 1]]) - UNIT * 0)
MATRICES = [
    (
        matrices.diagonally_dominant(
            A=Matrix([[2, y], [y, 2 + y**2]]), x=PLANE, n=2
        ),
        form(Matrix([[2, y], [y, 2 + y**2]])),
        "ge",
        sp.Integer(0),
        y <= 1,
        y >= -1,
    ),
    (
        matrices.rayleigh_above(**bounds, top=3),
        form(STRETCH),
        "le",
        3 * (A0**2 + B0**2),
    ),
    (
        matrices.rayleigh_below(**bounds, top=1),
        form(STRETCH),
        "ge",
        A0**2 + B0**2,
    ),
    (
        matrices.von_neumann_trace(
            A=TURN * sp.diag(3, 1),
            B=sp.diag(5, 2),
            U=TURN,
            V=UNIT,
            W=UNIT,
            Z=UNIT,
            s=Matrix([3, 1]),
            t=Matrix([5, 2]),
            n=2,
        ),
        17 * cos(phi),
        "le",
        sp.Integer(17),
    ),
    (
        matrices.eckart_young(
            A=sp.diag(3, q),
            B=Matrix([[A0, A0 * y], [B0, B0 * y]]),
            U=UNIT,
            V=UNIT,
            s=Matrix([3, q]),
            G=PLANE,
            H=Matrix([[1, y]]),
            rank=1,
            n=2,
        ),
        (3 - A0) ** 2 + A0**2 * y**2 + B0**2 + (q - B0 * y) ** 2,
        "ge",
        q**2,
        q <= 3,
    ),
    (
        matrices.schur_product(
            A=(k, l, v[k] * v[l]),
            B=(k, l, a[k] * a[l]),
            G=(k, l, v[l]),
            H=(k, l, a[l]),
            x=(k, x[k]),
            m=1,
            n=N,
        ),
        Sum(v[k] * v[l] * a[k] * a[l] * x[k] * x[l], (l, 1, N), (k, 1, N)),
        "ge",
        sp.Integer(0),
    ),
    (
        matrices.frobenius(A=(k, l, v[k] * a[l]), B=(k, l, k * x[l]), n=N),
        Sum(Sum(v[k] * a[j] * j * x[l], (j, 1, N)) ** 2, (l, 1, N), (k, 1, N)),
        "le",
        Sum(v[k] ** 2 * a[l] ** 2, (l, 1, N), (k, 1, N))
        * Sum(k**2 * x[l] ** 2, (l, 1, N), (k, 1, N)),
    ),
]

LAW = Gaussian(z, y, q)
EVENT = Abs(z - v[k]) >= e
VECTOR = GaussianVector(a, N, q)
COIN = Bernoulli(z, Rational(1, 3))
UNKNOWN = Independent((z,), 0, q)
length = Sum(a[k] ** 2, (k, 1, N))
CHANCE = [
    (
        probability.union_bound(laws=LAW, A=(k, EVENT), m=N),
        Probability(Some(EVENT, (k, 1, N)), LAW),
        "le",
        Sum(Probability(EVENT, LAW), (k, 1, N)),
    ),
    (
        probability.not_negative(laws=LAW, event=z > 3),
        Probability(z > 3, LAW),
        "ge",
        sp.Integer(0),
    ),
    (
        probability.at_most_one(laws=VECTOR, event=length > 3),
        Probability(length > 3, VECTOR),
        "le",
        sp.Integer(1),
    ),
    (
        probability.markov(laws=LAW, X=z**2, a=e),
        Probability(z**2 >= e, LAW),
        "le",
        (q + y**2) / e,
    ),
    (
        probability.chebyshev(laws=UNKNOWN, X=z, mean=0, a=e),
        Probability(Abs(z) >= e, UNKNOWN),
        "le",
        q / e**2,
    ),
    (
        probability.chernoff(laws=COIN, X=z, c=y, rate=b),
        Probability(z >= y, COIN),
        "le",
        exp(-b * y) * (exp(b) + 2) / 3,
    ),
    (
        probability.hoeffding_lemma(
            laws=Discrete(z, (-1, Rational(1, 2)), (1, Rational(1, 2))),
            X=z,
            low=-1,
            high=1,
            s=y,
        ),
        (exp(y) + exp(-y)) / 2,
        "le",
        exp(y**2 / 2),
    ),
    (
        probability.gaussian_tail(var=q, c=e),
        Probability(z >= e, Gaussian(z, 0, q)),
        "le",
        exp(-(e**2) / (2 * q)),
    ),
    (
        probability.stein(f=(z, sin(z)), M=(z, 1), mean=0, var=q),
        Mean(z * sin(z), Gaussian(z, 0, q)),
        "eq",
        q * Mean(cos(z), Gaussian(z, 0, q)),
    ),
    (
        probability.projection(u=(k, v[k]), n=N, var=q, c=e),
        Probability(Sum(v[l] * a[l], (l, 1, N)) >= e, VECTOR),
        "eq",
        Probability(z >= e, Gaussian(z, 0, q)),
        Eq(total(v[k] ** 2), 1),
    ),
    (
        probability.chi_square_above(n=N, var=1 / N, eps=e),
        Probability(length >= 1 + e, GaussianVector(a, N, 1 / N)),
        "le",
        ((1 + e) * exp(-e)) ** (N / 2),
    ),
    (
        probability.chi_square_below(n=N, var=q, eps=e),
        Probability(length <= N * q * (1 - e), VECTOR),
        "le",
        ((1 - e) * exp(e)) ** (N / 2),
        e < 1,
    ),
    (
        probability.gaussian_density(mean=y, var=1, c=0),
        Probability(z >= 0, Gaussian(z, y, 1)),
        "eq",
        Integral(exp(-((t - y) ** 2) / 2), (t, 0, oo)) / sqrt(2 * pi),
    ),
    (
        probability.complement(laws=LAW, X=z, c=0),
        Probability(z >= 0, LAW),
        "eq",
        1 - Probability(z < 0, LAW),
    ),
]

ALL = [*MATRICES, *CHANCE]


@pytest.mark.parametrize("row", ALL, ids=named)
def test_true_instances(row):
    accepted(row)


@pytest.mark.parametrize("row", ALL, ids=named)
def test_wrong_relations(row):
    refused(turned(row))


@pytest.mark.parametrize("row", ALL, ids=named)
def test_wrong_constants(row):
    refused(rescaled(row))

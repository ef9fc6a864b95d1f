"""Cited theorems on matrices, chance, analysis, Fourier, optimisation."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Eq,
    I,
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
    by,
)
from kexue_lib.derive.core.equations import NotShownError, equal
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.theorems import (
    analysis,
    fourier,
    matrices,
    optimisation,
    probability,
)
from tests.derive.citing import (
    A0,
    B0,
    N,
    T,
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
SMALL = GaussianVector(a, N, 1 / N)
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
    (
        probability.two_tails(laws=VECTOR, X=length, mean=1, c=e),
        Probability(Abs(length - 1) >= e, VECTOR),
        "le",
        Probability(length >= 1 + e, VECTOR)
        + Probability(length <= 1 - e, VECTOR),
    ),
    (
        probability.isotropy(u=(k, v[k]), n=N, m=3, var=1, mean=1, c=e),
        Probability(
            Abs(
                Sum(Sum(v[l] * a[3 * k - 3 + l], (l, 1, 3)) ** 2, (k, 1, N))
                - Sum(v[l] ** 2, (l, 1, 3))
            )
            > e * Sum(v[l] ** 2, (l, 1, 3)),
            GaussianVector(a, 3 * N, 1),
        ),
        "le",
        Probability(Abs(length - 1) >= e, GaussianVector(a, N, 1)),
    ),
    (
        probability.independence(g=(z, b * z**2), n=N, var=1 / N),
        Mean(exp(b * length), SMALL),
        "eq",
        (1 - 2 * b / N) ** (-N / 2),
        b < N / 2,
    ),
    (
        probability.independent_pairs(g=(z, y, y * z / 2), n=N, var=1),
        Mean(
            exp(total(a[k] * x[k]) / 2),
            GaussianVector(a, N, 1),
            GaussianVector(x, N, 1),
        ),
        "eq",
        (2 / sqrt(3)) ** N,
    ),
    (
        probability.chernoff_below(laws=COIN, X=z, c=y, rate=b),
        Probability(z <= y, COIN),
        "le",
        exp(b * y) * (exp(-b) + 2) / 3,
    ),
    (
        probability.two_deviations(
            laws=VECTOR,
            X=length,
            Y=total(a[k]),
            low=e,
            high=y,
            w=Rational(1, 2),
            v=-3,
        ),
        Probability(Abs(length / 2 - 3 * total(a[k])) > e / 2 + 3 * y, VECTOR),
        "le",
        Probability(length > e, VECTOR)
        + Probability(Abs(total(a[k])) > y, VECTOR),
    ),
]

ANALYSIS = [
    (
        analysis.laplace(
            g=(T, 1 + T**2), h=(T, -(T**2) / 2), low=-oo, high=oo, c=0, n=q
        ),
        Integral((1 + y**2) * exp(-q * y**2 / 2), (y, -oo, oo)),
        "sim",
        sqrt(2 * pi / q),
    ),
    (
        analysis.laplace(
            g=(T, 1), h=(T, T - T**2), low=0, high=1, c=Rational(1, 2), n=q
        ),
        Integral(exp(q * (y - y**2)), (y, 0, 1)),
        "sim",
        exp(q / 4) * sqrt(pi / q),
    ),
    (
        analysis.watson(
            g=(T, 1 / (1 + T)), high=oo, power=Rational(3, 2), n=q
        ),
        Integral(sqrt(y) / (1 + y) * exp(-q * y), (y, 0, oo)),
        "sim",
        sqrt(pi) / 2 / q ** Rational(3, 2),
    ),
    (
        analysis.leibniz(
            f=(T, y, sin(T * y)),
            M=(T, T),
            low=0,
            high=1,
            before=-oo,
            after=oo,
            u=t,
        ),
        Derivative(Integral(sin(T * t), (T, 0, 1)), t),
        "eq",
        Integral(T * cos(T * t), (T, 0, 1)),
    ),
    (
        analysis.fubini_rectangle(
            f=(T, y, exp(T * y)), low=0, high=q, before=0, after=1
        ),
        Integral(exp(T * y), (T, 0, q), (y, 0, 1)),
        "eq",
        Integral(exp(T * y), (y, 0, 1), (T, 0, q)),
    ),
    (
        analysis.fubini(
            f=(T, y, exp(-T - y) * cos(T * y)),
            M=(T, exp(-T)),
            N=(y, exp(-y)),
            low=0,
            high=oo,
            before=0,
            after=oo,
        ),
        Integral(exp(-T - y) * cos(T * y), (T, 0, oo), (y, 0, oo)),
        "eq",
        Integral(exp(-T - y) * cos(T * y), (y, 0, oo), (T, 0, oo)),
    ),
    (
        analysis.termwise_derivative(
            f=(k, y, cos(k * y) / k**4),
            M=(k, 1 / k**3),
            N=(k, 1 / k**4),
            m=1,
            before=-oo,
            after=oo,
            u=t,
        ),
        Derivative(Sum(cos(k * t) / k**4, (k, 1, oo)), t),
        "eq",
        Sum(-sin(k * t) / k**3, (k, 1, oo)),
    ),
    (
        analysis.termwise_integral(
            f=(k, y, cos(k * y) / k**2),
            M=(k, 1 / k**2),
            m=1,
            before=0,
            after=q,
        ),
        Integral(Sum(cos(k * y) / k**2, (k, 1, oo)), (y, 0, q)),
        "eq",
        Sum(Integral(cos(k * y) / k**2, (y, 0, q)), (k, 1, oo)),
    ),
    (
        analysis.taylor(f=(T, sin(T)), low=-oo, high=oo, c=0, d=y, bound=1),
        Abs(sin(y) - y),
        "le",
        y**2 / 2,
    ),
    (
        analysis.mean_value(f=(T, T**2), low=-1, high=1, c=A0, d=B0, bound=2),
        Abs(B0**2 - A0**2),
        "le",
        2 * Abs(B0 - A0),
        A0 >= -1,
        A0 <= 1,
        B0 >= -1,
        B0 <= 1,
    ),
    (
        analysis.banach(
            f=(T, T / 2 + 1),
            orbit=(k, 2 + y / 2**k),
            low=-oo,
            high=oo,
            s=2,
            q=Rational(3, 4),
            times=m,
        ),
        Abs(y) / 2**m,
        "le",
        Abs(y) * Rational(3, 4) ** m,
    ),
    (
        analysis.bessel_below(order=0, size=q),
        sp.besseli(1, q),
        "ge",
        q / (1 + sqrt(1 + q**2)) * sp.besseli(0, q),
    ),
    (
        analysis.bessel_above(order=0, size=q),
        sp.besseli(1, q),
        "le",
        q / (Rational(1, 2) + sqrt(Rational(1, 4) + q**2)) * sp.besseli(0, q),
    ),
]
SERIES = [
    (
        fourier.poisson(
            f=(T, exp(-pi * q * T**2)),
            transform=(T, exp(-pi * T**2 / q) / sqrt(q)),
        ),
        1 + Sum(2 * exp(-pi * q * j**2), (j, 1, oo)),
        "eq",
        1 / sqrt(q) + Sum(2 * exp(-pi * j**2 / q) / sqrt(q), (j, 1, oo)),
    ),
]
LINE = {"f": (T, sqrt(1 + T**2)), "low": -oo, "high": oo}
root = sqrt(1 + y**2)
OPTIMISATION = [
    (
        optimisation.tangent(**LINE, c=y, d=z),
        sqrt(1 + z**2),
        "ge",
        root + y / root * (z - y),
    ),
    (
        optimisation.descent(f=(T, cos(T)), low=-oo, high=oo, c=y, d=z, L=1),
        cos(z),
        "le",
        cos(y) - sin(y) * (z - y) + (z - y) ** 2 / 2,
    ),
    (
        optimisation.strong_convexity(
            f=(T, T**4 + T**2), low=-oo, high=oo, c=y, d=z, L=2
        ),
        z**4 + z**2,
        "ge",
        y**4 + y**2 + (4 * y**3 + 2 * y) * (z - y) + (z - y) ** 2,
    ),
    (
        optimisation.gradient_step(
            f=(T, cos(T)), low=-oo, high=oo, c=y, L=1, rate=1
        ),
        cos(y + sin(y)),
        "le",
        cos(y) - sin(y) ** 2 / 2,
    ),
    (
        optimisation.polyak(
            f=(T, T**4 + T**2), low=-oo, high=oo, c=y, d=0, L=2
        ),
        y**4 + y**2,
        "le",
        (4 * y**3 + 2 * y) ** 2 / 4,
    ),
]

ALL = [*MATRICES, *CHANCE, *ANALYSIS, *SERIES, *OPTIMISATION]


@pytest.mark.parametrize("row", ALL, ids=named)
def test_true_instances(row):
    accepted(row)


@pytest.mark.parametrize("row", ALL, ids=named)
def test_wrong_relations(row):
    refused(turned(row))


@pytest.mark.parametrize("row", ALL, ids=named)
def test_wrong_constants(row):
    refused(rescaled(row))


def test_parseval_for_waves():
    """The energy of a ramp: its coefficients are an earlier result."""
    ell = book.symbols("ell", "integer")
    wave = exp(-2 * pi * I * ell * T)
    F = wave * (I * T / (2 * pi * ell) + 1 / (4 * pi**2 * ell**2))
    ramp = (
        book.claim("R1", "A ramp")
        .given(sp.Ne(ell, 0))
        .show(Integral(T * wave, (T, 0, 1)))
        .eq(I / (2 * pi * ell), by.antiderivative(F))
    )
    row = (
        fourier.parseval_waves(
            f=(T, T),
            zero=Rational(1, 2),
            coefficient=(ell, I / (2 * pi * ell)),
            scale=1,
        ),
        Rational(1, 4) + Sum(1 / (2 * pi**2 * j**2), (j, 1, oo)),
        "eq",
        Rational(1, 3),
    )
    names = ("the coefficients", "the coefficients of the other sign")
    using = dict.fromkeys(names, ramp)
    accepted(row, using)
    refused(rescaled(row), "does not say this", using=using)


def but(rows, number, *given, laws=None, **values):
    """A true row with other letters, and other relations given."""
    use, left, relation, right, *_ = rows[number]
    old = use.laws if laws is None else laws
    made = use.theorem(laws=old, **{**dict(use.values), **values})
    return made, left, relation, right, *given


def violated():
    """Rows in which one hypothesis fails: the row, and its name."""
    yield but(MATRICES, 0), "the diagonal dominates"
    skew = Matrix([[2, 1], [-1, 2]])
    yield but(MATRICES, 0, A=skew), "A is symmetric"
    yield but(MATRICES, 1, top=2), "top bounds the spectrum"
    yield but(MATRICES, 1, V=2 * TURN), "V is orthogonal"
    yield but(MATRICES, 1, s=Matrix([3, 2])), "A = V diag(s) V^T"
    yield but(MATRICES, 3, s=Matrix([1, 3])), "s falls"
    yield but(MATRICES, 3, B=sp.diag(5, 3)), "B = W diag(t) Z^T"
    yield but(MATRICES, 4), "s falls"
    yield but(MATRICES, 4, q <= 3, B=UNIT), "B has this rank"
    yield but(MATRICES, 5, x=(k, I * x[k])), "x is real"
    yield but(MATRICES, 5, A=(k, l, -v[k] * v[l])), "A = G^T G"
    yield but(MATRICES, 6, A=(k, l, I * v[k])), "A is real"
    yield but(CHANCE, 0, A=(k, I * z >= 1)), "each event has a probability"
    yield but(CHANCE, 3, X=z), "X is not negative"
    yield but(CHANCE, 4, mean=y), "mean is E X"
    yield but(CHANCE, 4, X=z**2, mean=q), "X has a variance"
    yield but(CHANCE, 5, X=I * z), "X is real"
    yield but(CHANCE, 6, high=Rational(1, 2)), "X is not above high"
    yield but(CHANCE, 6, X=z / 2 + Rational(1, 4)), "X has mean 0"
    yield but(CHANCE, 7, c=-e), "c >= 0"
    yield but(CHANCE, 8, f=(z, Abs(z))), "f is continuously differentiable"
    yield but(CHANCE, 8, f=(z, 2 * sin(z))), "f' is at"
    yield but(CHANCE, 9), "u is a unit vector"
    yield but(CHANCE, 11), "eps < 1"
    yield but(CHANCE, 14, X=I * length), "X is real"
    yield but(CHANCE, 15, u=(k, I * v[k])), "u is real"
    yield but(CHANCE, 16), "exp(g) has a mean"
    yield but(CHANCE, 16, g=(z, I * z)), "g is real"
    yield but(CHANCE, 17, g=(z, y, y * z)), "exp(g) has a mean"
    yield but(CHANCE, 18, X=I * z), "X is real"
    yield but(CHANCE, 19, Y=I * length), "Y is real"
    yield but(ANALYSIS, 0, c=1), "h rises before c"
    yield but(ANALYSIS, 0, h=(T, -(T**4))), "h bends at c"
    yield but(ANALYSIS, 0, g=(T, T)), "g does not vanish at c"
    yield but(ANALYSIS, 0, g=(T, exp(T**3))), "the integral exists"
    yield but(ANALYSIS, 0, g=(T, 1 + q * T**2)), "only the exponent grows"
    yield but(ANALYSIS, 1, h=(T, Abs(T))), "h has three derivatives"
    yield but(ANALYSIS, 1, q <= 5), "only the exponent grows"
    yield but(ANALYSIS, 1, c=1, h=(T, T)), "c is inside"
    yield but(ANALYSIS, 2, g=(T, T)), "g does not vanish at 0"
    yield but(ANALYSIS, 2, g=(T, sqrt(T))), "g is continuously differentiable"
    yield but(ANALYSIS, 3, M=(T, T / 2)), "df/dy is at"
    yield but(ANALYSIS, 3, f=(T, y, Abs(T - y))), "f is smooth"
    yield but(ANALYSIS, 4, f=(T, y, 1 / (T + y))), "f is continuous"
    yield but(ANALYSIS, 4, f=(T, y, sp.floor(T))), "f is continuous"
    yield but(ANALYSIS, 5, M=(T, 1)), "M is integrable"
    yield but(ANALYSIS, 5, M=(T, exp(-2 * T))), "f >= -M N"
    yield but(ANALYSIS, 6, M=(k, 1 / k)), "the bounds are summable"
    yield but(ANALYSIS, 7, M=(k, 1 / k**3)), "the terms are"
    yield but(ANALYSIS, 8, bound=Rational(1, 2)), "f'' is bounded"
    yield but(ANALYSIS, 9), "is not"
    yield but(ANALYSIS, 10, q=Rational(1, 3)), "f' <= q"
    yield but(ANALYSIS, 10, s=1), "s is a fixed point"
    yield but(ANALYSIS, 10, orbit=(k, 2 + y / 3**k)), "the orbit follows f"
    yield but(SERIES, 0, transform=(T, exp(-pi * T**2))), "the transform"
    yield but(SERIES, 0, f=(T, 1 / (1 + Abs(T)))), "f is smooth"
    yield but(OPTIMISATION, 0, f=(T, sin(T))), "f is convex"
    yield but(OPTIMISATION, 0, f=(T, Abs(T))), "f has a derivative"
    yield but(OPTIMISATION, 1, L=Rational(1, 2)), "f'' <= L"
    yield but(OPTIMISATION, 2, L=3), "f'' >= L"
    yield but(OPTIMISATION, 3, low=0), "is inside, from below"


@pytest.mark.parametrize(("row", "name"), list(violated()))
def test_hypotheses_that_fail_are_named(row, name):
    refused(row, "is not shown", name)


def test_chance_stays_inside():
    """A threshold that is random is no threshold."""
    refused(but(CHANCE, 3, a=z), "depends on a random symbol")
    refused(but(CHANCE, 5, c=z), "depends on a random symbol")
    wide = Gaussian(z, 0, -q)
    refused(but(CHANCE, 3, laws=wide), "variance may be negative")
    refused(but(CHANCE, 3, laws=()), "laws")


def test_factors_are_independent_and_alike():
    """Only sums of one function of entries that are drawn on their own."""
    use, _, _, _, given = CHANCE[16]
    once, twice = GaussianVector(a, N, 1), GaussianVector(x, N, 1)
    power = (1 - 2 * b / N) ** (-N / 2)
    pairs = CHANCE[17][0]

    def no(use, left, law, right, *given):
        row = (use, Mean(exp(left), *law), "eq", right, *given)
        refused(row, "does not say this")

    no(use, b * total(a[1] ** 2), (SMALL,), power, given)
    no(use, b * total(a[k] * a[1]), (SMALL,), power, given)
    no(use, b * Sum(a[k] ** 2, (k, 2, N)), (SMALL,), power, given)
    no(use, b * length, (GaussianVector(a, N, 2 / N),), power, given)
    no(use, b * length, (GaussianVector(a, N + 1, 1 / N),), power, given)
    no(use, b * length, (SMALL,), power**2, given)
    no(pairs, total(a[k] ** 2) / 2, (once, twice), (2 / sqrt(3)) ** N)
    no(pairs, total(a[k] * x[1]) / 2, (once, twice), (2 / sqrt(3)) ** N)
    own = but(CHANCE, 16, given, g=(z, v[k] * z))
    mean = Mean(exp(v[k] * z), Gaussian(z, 0, 1 / N))
    no(own[0], total(v[k] * a[k]), (SMALL,), mean**N)
    captured = but(CHANCE, 16, given, g=(z, a[1] * z))
    no(captured[0], total(a[1] * a[k]), (SMALL,), exp(a[1] ** 2 / 2))


def test_a_mean_exists_as_an_earlier_equation_says():
    """Chernoff for a product: the core alone does not see the mean."""
    dot, laws = total(a[k] * x[k]), CHANCE[17][1].args[1:]
    finite = (
        book.claim("E1", "The mean is finite")
        .show(CHANCE[17][1])
        .eq(CHANCE[17][3], by.theorem(CHANCE[17][0]))
    )
    other = (
        book.claim("E2", "Another mean is finite")
        .show(Mean(exp(dot / 3), *laws))
        .eq(
            (3 / sqrt(8)) ** N,
            by.theorem(
                probability.independent_pairs(g=(z, y, y * z / 3), n=N, var=1)
            ),
        )
    )
    use = probability.chernoff(laws=laws, X=dot, c=e, rate=Rational(1, 2))
    bound = exp(-e / 2) * CHANCE[17][1]
    row = (use, Probability(dot >= e, *laws), "le", bound)
    name = "exp(rate X) has a mean"
    accepted(row, {name: finite})
    refused(row, name)
    refused(row, "is no side of", using={name: other})


def test_both_deviations_count():
    """A threshold that is too small, a weight that is left out."""
    use, left, _, right = CHANCE[19]
    law = left.args[1:]
    for small in (e / 2 + 2 * y, e / 2 - 3 * y):
        gap = Abs(length / 2 - 3 * total(a[k]))
        refused((use, Probability(gap > small, *law), "le", right))
    for one in right.args:
        refused((use, left, "le", one), "does not say this")
    refused(but(CHANCE, 19, low=a[1]), "depends on a random symbol")


def test_probabilities_are_written():
    said = sp.latex(Probability(Some(EVENT, (k, 1, N)), LAW))
    assert r"\mathbb{P}_{" in said
    assert r"\text{for some}" in said
    assert str(q) not in map(str, Probability(z > 1, Gaussian(z)).free_symbols)
    assert Probability(z > 1, LAW).free_symbols == {y, q}
    assert Probability(length > e, VECTOR).free_symbols == {N, q, e}


def test_probabilities_are_atoms_of_the_core():
    """They may be added up; two events are two atoms."""
    high, low = Probability(z > 1, LAW), Probability(z < 1, LAW)

    def same(left, right):
        equal(term(left), term(right), Context())

    same(2 * high + low - high, low + high)
    same(Probability(z >= 1, COIN), Rational(1, 3))
    for wrong in (2 * low, high, low + Probability(z > 2, LAW)):
        with pytest.raises(NotShownError):
            same(high + low, wrong)
    for sense in (
        Probability(z >= 1, UNKNOWN),
        Probability(I * z >= 1, LAW),
        Probability(z >= 1, Gaussian(z, 0, -q)),
        Probability(length >= 1, GaussianVector(a, y, q)),
    ):
        with pytest.raises(UnsupportedError):
            same(sense, sense + 0)


def test_what_a_hostile_reader_tries():
    """Two maxima, a maximum at the end, a symbol that lies about its law."""
    hills = -((T**2 - 1) ** 2)
    refused(but(ANALYSIS, 0, g=(T, 1), h=(T, hills), c=1), "h rises before c")
    refused(but(ANALYSIS, 1, h=(T, T), c=1), "c is inside, from above")
    sign = book.symbols("z_1", "positive")
    law = Gaussian(sign, 0, 1)
    refused(but(CHANCE, 3, laws=law, X=sign), "X is not negative")
    many = but(CHANCE, 0, m=N + 1)
    refused(many, "does not say this")
    exact = (*ANALYSIS[0][:2], "eq", *ANALYSIS[0][3:])
    refused(exact, "it is about ~")

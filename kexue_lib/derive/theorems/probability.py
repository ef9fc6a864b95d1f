"""Probabilities and expectations.

E and P are taken under ``laws=``; X and Y, the events A(i), may depend on the
random symbols, nothing else may.
"""

from __future__ import annotations

from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Indexed,
    IndexedBase,
    Integral,
    Sum,
    Symbol,
    exp,
    oo,
    pi,
    sqrt,
    symbols,
)

from kexue_lib.derive.levels import Relation
from kexue_lib.derive.objects import (
    Gaussian,
    GaussianVector,
    Mean,
    Probability,
    Some,
)
from kexue_lib.derive.theorems.hypotheses import Exists, Holds, Real
from kexue_lib.derive.theorems.intervals import Integrable, Smooth
from kexue_lib.derive.theorems.theorem import Conclusion, Source, Theorem

EQ, LE, GE = Relation.EQ, Relation.LE, Relation.GE
E, P = Function("E"), Function("P")
A, B = Function("A"), Function("B")
X, event = symbols("X event")
a = Symbol("a", positive=True)
c, low, high = symbols("c low high", real=True)
m = Symbol("m", integer=True, nonnegative=True)
n = Symbol("n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
LOEVE = Source("M. Loeve", 1977, "Probability Theory I, 4th edition")

union_bound = Theorem(
    "Union bound",
    Source("G. Boole", 1847, "The Mathematical Analysis of Logic"),
    (A, m),
    (Exists("each event has a probability", P(A(i)), ((i, 1, m),)),),
    Conclusion(P(Some(A(i), (i, 1, m))), LE, Sum(P(A(i)), (i, 1, m))),
    ("mathlib: MeasureTheory.measure_biUnion_finset_le",),
    ("A",),
)
not_negative = Theorem(
    "A probability is not negative",
    Source("A. Kolmogorov", 1933, "Grundbegriffe, axiom III"),
    (event,),
    (Exists("the event has a probability", P(event)),),
    Conclusion(P(event), GE, 0),
    (),
    ("event",),
)
at_most_one = Theorem(
    "A probability is at most 1",
    Source("A. Kolmogorov", 1933, "Grundbegriffe, axiom IV"),
    (event,),
    (Exists("the event has a probability", P(event)),),
    Conclusion(P(event), LE, 1),
    (),
    ("event",),
)
markov = Theorem(
    "Markov's inequality",
    Source("A. A. Markov", 1884, "dissertation, St. Petersburg"),
    (X, a),
    (
        Holds("X is not negative", X >= 0),
        Exists("X has a mean", E(X)),
    ),
    Conclusion(P(X >= a), LE, E(X) / a),
    ("mathlib: MeasureTheory.mul_meas_ge_le_lintegral",),
    ("X",),
)
mean = Symbol("mean", real=True)
chebyshev = Theorem(
    "Chebyshev's inequality",
    Source("P. L. Chebyshev", 1867, "J. Math. Pures Appl. 12, 177-184"),
    (X, mean, a),
    (
        Real("X is real", X),
        Holds("mean is E X", Eq(E(X), mean)),
        Exists("X has a variance", E((X - mean) ** 2)),
    ),
    Conclusion(P(Abs(X - mean) >= a), LE, E((X - mean) ** 2) / a**2),
    ("mathlib: ProbabilityTheory.meas_ge_le_variance_div_sq",),
    ("X",),
)
two_tails = Theorem(
    "Union bound of two tails",
    Source("G. Boole", 1847, "The Mathematical Analysis of Logic"),
    (X, mean, c),
    (Real("X is real", X),),
    Conclusion(P(Abs(X - mean) >= c), LE, P(X >= mean + c) + P(X <= mean - c)),
    ("mathlib: MeasureTheory.measure_union_le",),
    ("X",),
)
Y = Symbol("Y")
w, v = symbols("w v", real=True)
two_deviations = Theorem(
    "Union bound of two deviations",
    Source("G. Boole", 1847, "The Mathematical Analysis of Logic"),
    (X, Y, low, high, w, v),
    (Real("X is real", X), Real("Y is real", Y)),
    Conclusion(
        P(Abs(w * X + v * Y) > Abs(w) * low + Abs(v) * high),
        LE,
        P(Abs(X) > low) + P(Abs(Y) > high),
    ),
    ("mathlib: MeasureTheory.measure_union_le",),
    ("X", "Y"),
)
rate = Symbol("rate", nonnegative=True)
chernoff = Theorem(
    "Chernoff's bound",
    Source("H. Chernoff", 1952, "Ann. Math. Statist. 23, 493-507"),
    (X, c, rate),
    (
        Real("X is real", X),
        Exists("exp(rate X) has a mean", E(exp(rate * X))),
    ),
    Conclusion(P(X >= c), LE, exp(-rate * c) * E(exp(rate * X))),
    ("mathlib: ProbabilityTheory.measure_ge_le_exp_mul_mgf",),
    ("X",),
)
chernoff_below = Theorem(
    "Chernoff's bound, from below",
    Source("H. Chernoff", 1952, "Ann. Math. Statist. 23, 493-507"),
    (X, c, rate),
    (
        Real("X is real", X),
        Exists("exp(-rate X) has a mean", E(exp(-rate * X))),
    ),
    Conclusion(P(X <= c), LE, exp(rate * c) * E(exp(-rate * X))),
    ("mathlib: ProbabilityTheory.measure_le_le_exp_mul_mgf",),
    ("X",),
)
s = Symbol("s", real=True)
_HOEFFDING = (
    "mathlib: ProbabilityTheory."
    "hasSubgaussianMGF_of_mem_Icc_of_integral_eq_zero"
)
hoeffding_lemma = Theorem(
    "Hoeffding's lemma",
    Source("W. Hoeffding", 1963, "J. Amer. Statist. Assoc. 58, 13-30"),
    (X, low, high, s),
    (
        Holds("X is not below low", X >= low),
        Holds("X is not above high", X <= high),
        Holds("X has mean 0", Eq(E(X), 0)),
    ),
    Conclusion(E(exp(s * X)), LE, exp(s**2 * (high - low) ** 2 / 8)),
    (_HOEFFDING,),
    ("X",),
)

# -- Gaussian laws ------------------------------------------------------------

z = Symbol("z", real=True)
var = Symbol("var", positive=True)
f, u = Function("f"), Function("u")
gaussian_tail = Theorem(
    "Gaussian tail bound",
    Source("R. Vershynin", 2018, "High-Dimensional Probability, section 2.1"),
    (var, c),
    (Holds("c >= 0", c >= 0),),
    Conclusion(
        Probability(z >= c, Gaussian(z, 0, var)), LE, exp(-(c**2) / (2 * var))
    ),
)
M = Function("M")
_BELL = exp(-((z - mean) ** 2) / (2 * var))
_LINE = ((z, -oo, oo),)
_SLOPE = Derivative(f(z), z)
stein = Theorem(
    "Stein's identity",
    Source("C. Stein", 1981, "Ann. Statist. 9, 1135-1151, lemma 1"),
    (f, M, mean, var),
    (
        Smooth("f is continuously differentiable", f(z), z, -oo, oo),
        Real("f' is real", _SLOPE, _LINE),
        Holds("f' is at least -M", _SLOPE >= -M(z), _LINE),
        Holds("f' is at most M", _SLOPE <= M(z), _LINE),
        Integrable("M has a mean", _BELL * M(z), z, -oo, oo),
    ),
    Conclusion(
        Mean((z - mean) * f(z), Gaussian(z, mean, var)),
        EQ,
        var * Mean(Derivative(f(z), z), Gaussian(z, mean, var)),
    ),
)
entry = IndexedBase(Symbol("entry", real=True))
_projected = Sum(u(i) * Indexed(entry, i), (i, 1, n))
_size = Sum(u(i) ** 2, (i, 1, n))
_VECTOR = GaussianVector(entry, n, var)
projection = Theorem(
    "A projection of a Gaussian vector is Gaussian",
    Source("M. L. Eaton", 1983, "Multivariate Statistics, proposition 3.2"),
    (u, n, var, c),
    (
        Real("u is real", u(i), ((i, 1, n),)),
        Holds("u is a unit vector", Eq(_size, 1)),
    ),
    Conclusion(
        Probability(_projected >= c, _VECTOR),
        EQ,
        Probability(z >= c, Gaussian(z, 0, var)),
    ),
)
partner = IndexedBase(Symbol("partner", real=True))
g, y = Function("g"), Symbol("y", real=True)
_MATHLIB = "mathlib: ProbabilityTheory.iIndepFun.mgf_sum"
independence = Theorem(
    "The mean of a product of independent factors",
    LOEVE,
    (g, n, var),
    (
        Real("g is real", g(z)),
        Exists("exp(g) has a mean", Mean(exp(g(z)), Gaussian(z, 0, var))),
    ),
    Conclusion(
        Mean(exp(Sum(g(Indexed(entry, i)), (i, 1, n))), _VECTOR),
        EQ,
        Mean(exp(g(z)), Gaussian(z, 0, var)) ** n,
    ),
    (_MATHLIB,),
)
_PAIR = (Gaussian(z, 0, var), Gaussian(y, 0, var))
independent_pairs = Theorem(
    "The mean of a product of independent factors",
    LOEVE,
    (g, n, var),
    (
        Real("g is real", g(z, y)),
        Exists("exp(g) has a mean", Mean(exp(g(z, y)), *_PAIR)),
    ),
    Conclusion(
        Mean(
            exp(Sum(g(Indexed(entry, i), Indexed(partner, i)), (i, 1, n))),
            _VECTOR,
            GaussianVector(partner, n, var),
        ),
        EQ,
        Mean(exp(g(z, y)), *_PAIR) ** n,
    ),
    (_MATHLIB,),
)
eps = Symbol("eps", positive=True)
_SQUARES = Sum(Indexed(entry, i) ** 2, (i, 1, n))
_ROW = Sum(u(j) * Indexed(entry, (i - 1) * m + j), (j, 1, m))
_IMAGE = Sum(_ROW**2, (i, 1, n))
_LENGTH = Sum(u(j) ** 2, (j, 1, m))
isotropy = Theorem(
    "A Gaussian matrix changes all lengths alike",
    Source("M. L. Eaton", 1983, "Multivariate Statistics, proposition 3.2"),
    (u, n, m, var, mean, c),
    (Real("u is real", u(j), ((j, 1, m),)),),
    Conclusion(
        Probability(
            Abs(_IMAGE - mean * _LENGTH) > c * _LENGTH,
            GaussianVector(entry, n * m, var),
        ),
        LE,
        Probability(Abs(_SQUARES - mean) >= c, _VECTOR),
    ),
)
_DASGUPTA = Source(
    "S. Dasgupta, A. Gupta", 2003, "Random Struct. Alg. 22, 60-65"
)
chi_square_above = Theorem(
    "Upper tail of the squared norm of a Gaussian vector",
    _DASGUPTA,
    (n, var, eps),
    (),
    Conclusion(
        Probability(_SQUARES >= n * var * (1 + eps), _VECTOR),
        LE,
        ((1 + eps) * exp(-eps)) ** (n / 2),
    ),
)
chi_square_below = Theorem(
    "Lower tail of the squared norm of a Gaussian vector",
    _DASGUPTA,
    (n, var, eps),
    (Holds("eps < 1", eps < 1),),
    Conclusion(
        Probability(_SQUARES <= n * var * (1 - eps), _VECTOR),
        LE,
        ((1 - eps) * exp(eps)) ** (n / 2),
    ),
)
gaussian_density = Theorem(
    "Density of a Gaussian law",
    LOEVE,
    (var, mean, c),
    (),
    Conclusion(
        Probability(z >= c, Gaussian(z, mean, var)),
        EQ,
        Integral(exp(-((z - mean) ** 2) / (2 * var)), (z, c, oo))
        / sqrt(2 * pi * var),
    ),
)
complement = Theorem(
    "The chance of the opposite",
    Source("A. Kolmogorov", 1933, "Grundbegriffe, chapter I"),
    (X, c),
    (Real("X is real", X),),
    Conclusion(P(X >= c), EQ, 1 - P(X < c)),
    ("mathlib: MeasureTheory.prob_compl_eq_one_sub",),
    ("X",),
)

"""Inequalities between sums, integrals and means.

Letters: w, p, q, a, b, x, z are functions of an index 1..n; f, g of a point.
"""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    Eq,
    Function,
    Integral,
    Product,
    Rational,
    Sum,
    Symbol,
    conjugate,
    exp,
    factorial,
    log,
    pi,
    sqrt,
    symbols,
)

from kexue_lib.derive.levels import Relation
from kexue_lib.derive.theorems.hypotheses import (
    Exists,
    Holds,
    Hypothesis,
    Real,
    Within,
)
from kexue_lib.derive.theorems.intervals import Bent, Integrable, Monotone
from kexue_lib.derive.theorems.theorem import Conclusion, Source, Theorem

LE, LT, GE = Relation.LE, Relation.LT, Relation.GE
n = Symbol("n", integer=True, positive=True)
i, j = symbols("i j", integer=True)
t = Symbol("t", real=True)
low, high = Symbol("low"), Symbol("high")
phi, w, x, y = map(Function, ("phi", "w", "x", "y"))
a, b, p, q, f, g = map(Function, ("a", "b", "p", "q", "f", "g"))
sigma, tau = map(Function, ("sigma", "tau"))
E = Function("E")
X, Y = symbols("X Y")
INDEX = ((i, 1, n),)
HARDY = Source("G. H. Hardy, J. E. Littlewood, G. Polya", 1934, "Inequalities")


def total(term: Any, index: Any = i) -> Any:
    """A sum over the index 1..n."""
    return Sum(term, (index, 1, n))


def _weights() -> tuple[Hypothesis, ...]:
    return (
        Holds("the weights are not negative", w(i) >= 0, INDEX),
        Holds("the weights add up to 1", Eq(total(w(i)), 1)),
    )


def _inside(value: Any, over: Any = INDEX) -> tuple[Hypothesis, ...]:
    return (
        Holds("the points are above the lower end", low < value, over),
        Holds("the points are below the upper end", value < high, over),
    )


_JENSEN = Source("J. L. W. V. Jensen", 1906, "Acta Math. 30, 175-193")

jensen = Theorem(
    "Jensen's inequality",
    _JENSEN,
    (phi, low, high, w, x, n),
    (
        *_weights(),
        Real("the points are real", x(i), INDEX),
        *_inside(x(i)),
        Bent("phi is convex", phi(t), t, low, high),
    ),
    Conclusion(phi(total(w(i) * x(i))), LE, total(w(i) * phi(x(i)))),
    ("mathlib: ConvexOn.map_sum_le",),
)
jensen_concave = Theorem(
    "Jensen's inequality (concave)",
    _JENSEN,
    (phi, low, high, w, x, n),
    (
        *_weights(),
        Real("the points are real", x(i), INDEX),
        *_inside(x(i)),
        Bent("phi is concave", phi(t), t, low, high, -1),
    ),
    Conclusion(total(w(i) * phi(x(i))), LE, phi(total(w(i) * x(i)))),
    ("mathlib: ConcaveOn.le_map_sum",),
)
jensen_mean = Theorem(
    "Jensen's inequality for a mean",
    _JENSEN,
    (phi, low, high, X),
    (
        Real("X is real", X),
        *_inside(X, ()),
        Bent("phi is convex", phi(t), t, low, high),
        Exists("X has a mean", E(X)),
        Exists("phi(X) has a mean", E(phi(X))),
    ),
    Conclusion(phi(E(X)), LE, E(phi(X))),
    ("mathlib: ConvexOn.map_integral_le",),
    ("X",),
)

_CAUCHY = Source("A.-L. Cauchy", 1821, "Cours d'analyse, note II")
_REALS = (
    Real("a is real", a(i), INDEX),
    Real("b is real", b(i), INDEX),
)
cauchy_schwarz = Theorem(
    "Cauchy-Schwarz inequality",
    _CAUCHY,
    (a, b, n),
    _REALS,
    Conclusion(
        total(a(i) * b(i)) ** 2, LE, total(a(i) ** 2) * total(b(i) ** 2)
    ),
    ("mathlib: Finset.sum_mul_sq_le_sq_mul_sq",),
)
cauchy_schwarz_complex = Theorem(
    "Cauchy-Schwarz inequality (complex)",
    _CAUCHY,
    (a, b, n),
    (),
    Conclusion(
        Abs(total(a(i) * conjugate(b(i)))) ** 2,
        LE,
        total(Abs(a(i)) ** 2) * total(Abs(b(i)) ** 2),
    ),
    ("mathlib: norm_inner_le_norm",),
)
_POINT = ((t, low, high),)
cauchy_schwarz_integral = Theorem(
    "Cauchy-Schwarz inequality for integrals",
    Source("V. Bunyakovsky", 1859, "Mem. Acad. St. Petersburg 1, no. 9"),
    (f, g, low, high),
    (
        Real("f is real", f(t), _POINT),
        Real("g is real", g(t), _POINT),
        Integrable("f^2 is integrable", f(t) ** 2, t, low, high),
        Integrable("g^2 is integrable", g(t) ** 2, t, low, high),
        Integrable("f g is integrable", f(t) * g(t), t, low, high),
    ),
    Conclusion(
        Integral(f(t) * g(t), (t, low, high)) ** 2,
        LE,
        Integral(f(t) ** 2, (t, low, high))
        * Integral(g(t) ** 2, (t, low, high)),
    ),
)
cauchy_schwarz_mean = Theorem(
    "Cauchy-Schwarz inequality for means",
    Source("V. Bunyakovsky", 1859, "Mem. Acad. St. Petersburg 1, no. 9"),
    (X, Y),
    (
        Real("X is real", X),
        Real("Y is real", Y),
        Exists("X^2 has a mean", E(X**2)),
        Exists("Y^2 has a mean", E(Y**2)),
        Exists("X Y has a mean", E(X * Y)),
    ),
    Conclusion(E(X * Y) ** 2, LE, E(X**2) * E(Y**2)),
    (),
    ("X", "Y"),
)
r, s = Symbol("r", positive=True), Symbol("s", positive=True)
_CONJUGATE = (
    Holds("1/r + 1/s = 1", Eq(1 / r + 1 / s, 1)),
    Holds("r > 1", r > 1),
)
hoelder = Theorem(
    "Hölder's inequality",
    Source("O. Hölder", 1889, "Nachr. Ges. Wiss. Göttingen, 38-47"),
    (a, b, r, s, n),
    (
        *_CONJUGATE,
        Holds("a is not negative", a(i) >= 0, INDEX),
        Holds("b is not negative", b(i) >= 0, INDEX),
    ),
    Conclusion(
        total(a(i) * b(i)),
        LE,
        total(a(i) ** r) ** (1 / r) * total(b(i) ** s) ** (1 / s),
    ),
    ("mathlib: Real.inner_le_Lp_mul_Lq_of_nonneg",),
)
minkowski = Theorem(
    "Minkowski's inequality",
    Source("H. Minkowski", 1896, "Geometrie der Zahlen, section 40"),
    (a, b, r, n),
    (
        Holds("r >= 1", r >= 1),
        Holds("a is not negative", a(i) >= 0, INDEX),
        Holds("b is not negative", b(i) >= 0, INDEX),
    ),
    Conclusion(
        total((a(i) + b(i)) ** r) ** (1 / r),
        LE,
        total(a(i) ** r) ** (1 / r) + total(b(i) ** r) ** (1 / r),
    ),
    ("mathlib: Real.Lp_add_le_of_nonneg",),
)
u, v = symbols("u v")
young = Theorem(
    "Young's inequality",
    Source("W. H. Young", 1912, "Proc. R. Soc. London A 87, 225-229"),
    (u, v, r, s),
    (
        *_CONJUGATE,
        Holds("u is not negative", u >= 0),
        Holds("v is not negative", v >= 0),
    ),
    Conclusion(u * v, LE, u**r / r + v**s / s),
    ("mathlib: Real.young_inequality_of_nonneg",),
)
am_gm = Theorem(
    "Inequality of weighted means",
    HARDY,
    (w, x, n),
    (*_weights(), Holds("the numbers are positive", x(i) > 0, INDEX)),
    Conclusion(Product(x(i) ** w(i), (i, 1, n)), LE, total(w(i) * x(i))),
    ("mathlib: Real.geom_mean_le_arith_mean_weighted",),
)
power_mean = Theorem(
    "Power mean inequality",
    HARDY,
    (w, x, r, n),
    (
        *_weights(),
        Holds("r >= 1", r >= 1),
        Holds("the numbers are not negative", x(i) >= 0, INDEX),
    ),
    Conclusion(total(w(i) * x(i)) ** r, LE, total(w(i) * x(i) ** r)),
    ("mathlib: Real.rpow_arith_mean_le_arith_mean_rpow",),
)
_PAIR = (
    Holds("p is positive", p(i) > 0, INDEX),
    Holds("q is positive", q(i) > 0, INDEX),
)
_LAWS = (
    *_PAIR,
    Holds("p adds up to 1", Eq(total(p(i)), 1)),
    Holds("q adds up to 1", Eq(total(q(i)), 1)),
)
gibbs = Theorem(
    "Gibbs' inequality",
    Source("J. W. Gibbs", 1902, "Statistical Mechanics, chapter XI"),
    (p, q, n),
    _LAWS,
    Conclusion(total(p(i) * log(p(i) / q(i))), GE, 0),
)
log_sum = Theorem(
    "Log sum inequality",
    Source("I. Csiszar, J. Körner", 1981, "Information Theory, lemma 1.3.1"),
    (p, q, n),
    _PAIR,
    Conclusion(
        total(p(i) * log(p(i) / q(i))),
        GE,
        total(p(i)) * log(total(p(i)) / total(q(i))),
    ),
)
pinsker = Theorem(
    "Pinsker's inequality",
    Source("I. Csiszar", 1967, "Studia Sci. Math. Hungar. 2, 299-318"),
    (p, q, n),
    _LAWS,
    Conclusion(
        total(Abs(p(i) - q(i))) ** 2, LE, 2 * total(p(i) * log(p(i) / q(i)))
    ),
)
_SORTED = (
    Holds("a rises", a(i) <= a(i + 1), ((i, 1, n - 1),)),
    Holds("b rises", b(i) <= b(i + 1), ((i, 1, n - 1),)),
)
rearrangement = Theorem(
    "Rearrangement inequality",
    HARDY,
    (a, b, sigma, tau, n),
    (
        *_REALS,
        *_SORTED,
        Within("sigma stays in range", sigma(i), 1, n, INDEX),
        Within("tau stays in range", tau(i), 1, n, INDEX),
        Holds("tau undoes sigma", Eq(tau(sigma(i)), i), INDEX),
    ),
    Conclusion(total(a(i) * b(sigma(i))), LE, total(a(i) * b(i))),
    ("mathlib: MonovaryOn.sum_mul_comp_perm_le_sum_mul",),
)
chebyshev_sum = Theorem(
    "Chebyshev's sum inequality",
    HARDY,
    (a, b, n),
    (*_REALS, *_SORTED),
    Conclusion(total(a(i)) * total(b(i)), LE, n * total(a(i) * b(i))),
    ("mathlib: MonovaryOn.sum_mul_sum_le_card_mul_sum",),
)
h = Symbol("h")
bernoulli = Theorem(
    "Bernoulli's inequality",
    HARDY,
    (h, r),
    (Holds("h >= -1", h >= -1), Holds("r >= 1", r >= 1)),
    Conclusion((1 + h) ** r, GE, 1 + r * h),
    ("mathlib: one_add_mul_self_le_rpow_one_add",),
)
modulus = Theorem(
    "Modulus of an integral",
    Source("W. Rudin", 1987, "Real and Complex Analysis, theorem 1.33"),
    (f, low, high),
    (
        Holds("the ends are in order", low <= high),
        Integrable("f is integrable", f(t), t, low, high),
    ),
    Conclusion(
        Abs(Integral(f(t), (t, low, high))),
        LE,
        Integral(Abs(f(t)), (t, low, high)),
    ),
    ("mathlib: MeasureTheory.norm_integral_le_integral_norm",),
)
m = Symbol("m", integer=True)
_FALLS = (
    Holds("the range is not backwards", m <= n),
    Monotone("f falls", f(t), t, m, n, -1),
    Integrable("f is integrable", f(t), t, m, n),
)
integral_test_below = Theorem(
    "Integral test (sum from below)",
    Source("C. Maclaurin", 1742, "Treatise of Fluxions, article 350"),
    (f, m, n),
    _FALLS,
    Conclusion(Integral(f(t), (t, m, n)), LE, Sum(f(i), (i, m, n - 1))),
    ("mathlib: AntitoneOn.integral_le_sum",),
)
integral_test_above = Theorem(
    "Integral test (sum from above)",
    Source("C. Maclaurin", 1742, "Treatise of Fluxions, article 350"),
    (f, m, n),
    _FALLS,
    Conclusion(Sum(f(i), (i, m + 1, n)), LE, Integral(f(t), (t, m, n))),
    ("mathlib: AntitoneOn.sum_le_integral",),
)
_STIRLING = sqrt(2 * pi) * n ** (n + Rational(1, 2)) * exp(-n)
stirling_below = Theorem(
    "Stirling's formula with Robbins' lower bound",
    Source("H. Robbins", 1955, "Amer. Math. Monthly 62, 26-29"),
    (n,),
    (),
    Conclusion(_STIRLING * exp(1 / (12 * n + 1)), LT, factorial(n)),
)
stirling_above = Theorem(
    "Stirling's formula with Robbins' upper bound",
    Source("H. Robbins", 1955, "Amer. Math. Monthly 62, 26-29"),
    (n,),
    (),
    Conclusion(factorial(n), LT, _STIRLING * exp(1 / (12 * n))),
)

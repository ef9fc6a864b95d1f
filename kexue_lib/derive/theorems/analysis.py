"""Limits under integrals, asymptotics of integrals, fixed points."""

from __future__ import annotations

from typing import Any

from sympy import (
    Abs,
    Derivative,
    Eq,
    Function,
    Integral,
    Ne,
    Rational,
    Sum,
    Symbol,
    besseli,
    exp,
    gamma,
    oo,
    pi,
    sqrt,
    symbols,
)

from kexue_lib.derive.levels import Relation
from kexue_lib.derive.theorems.hypotheses import Apart, Exists, Holds, Real
from kexue_lib.derive.theorems.intervals import (
    Integrable,
    Smooth,
    TermsSmooth,
    Together,
)
from kexue_lib.derive.theorems.theorem import Conclusion, Source, Theorem

EQ, LE, GE, SIM = Relation.EQ, Relation.LE, Relation.GE, Relation.SIM
x, y, t = symbols("x y t", real=True)
low, high = symbols("low high")
c, d = symbols("c d", real=True)
f, g, h = map(Function, ("f", "g", "h"))
n = Symbol("n", positive=True)
RUDIN = Source("W. Rudin", 1976, "Principles of Mathematical Analysis")


def slope(e: Any, v: Any, times: int = 1) -> Any:
    """A derivative, unevaluated."""
    return Derivative(e, (v, times))


_OLVER = Source(
    "F. W. J. Olver", 1974, "Asymptotics and Special Functions, 3.7"
)
at_c = slope(h(x), x, 2).subs(x, c)
laplace = Theorem(
    "Laplace's method",
    _OLVER,
    (g, h, low, high, c, n),
    (
        Apart("only the exponent grows", n),
        Holds("c is inside, from below", low < c),
        Holds("c is inside, from above", c < high),
        Real("g is real", g(x), ((x, low, high),)),
        Real("h is real", h(x), ((x, low, high),)),
        Smooth("g is continuous", g(x), x, low, high, 0),
        Smooth("h has three derivatives", h(x), x, low, high, 3),
        Holds("h rises before c", slope(h(x), x) > 0, ((x, low, c),)),
        Holds("h falls after c", slope(h(x), x) < 0, ((x, c, high),)),
        Holds("h bends at c", at_c < 0),
        Holds("g does not vanish at c", Ne(g(c), 0)),
        Integrable("the integral exists", g(x) * exp(n * h(x)), x, low, high),
    ),
    Conclusion(
        Integral(g(x) * exp(n * h(x)), (x, low, high)),
        SIM,
        g(c) * exp(n * h(c)) * sqrt(2 * pi / (-n * at_c)),
        (n, oo),
    ),
)
power = Symbol("power", positive=True)
watson = Theorem(
    "Watson's lemma, leading term",
    Source("G. N. Watson", 1918, "Proc. London Math. Soc. 17, 116-148"),
    (g, high, power, n),
    (
        Apart("only the exponent grows", n),
        Holds("the range is not empty", high > 0),
        Real("g is real", g(x), ((x, 0, high),)),
        Smooth("g is continuously differentiable", g(x), x, 0, high),
        Integrable(
            "g exp(-n x) is integrable", g(x) * exp(-n * x), x, 0, high
        ),
        Holds("g does not vanish at 0", Ne(g(0), 0)),
    ),
    Conclusion(
        Integral(x ** (power - 1) * g(x) * exp(-n * x), (x, 0, high)),
        SIM,
        g(0) * gamma(power) / n**power,
        (n, oo),
    ),
)
u = Symbol("u", real=True)
before, after = symbols("before after")
M, N = Function("M"), Function("N")
_STRIP = ((x, low, high), (y, before, after))
_FINITE = (
    Holds("the first ends are real, in order", low <= high),
    Holds("the second ends are real, in order", before <= after),
)
leibniz = Theorem(
    "Differentiation under the integral",
    Source("W. Rudin", 1976, "Principles of Mathematical Analysis, 9.42"),
    (f, M, low, high, before, after, u),
    (
        Holds("u is inside, from below", before < u),
        Holds("u is inside, from above", u < after),
        Together("f is smooth", f(x, y), *_STRIP, 1),
        Integrable("f is integrable", f(x, u), x, low, high),
        Real("df/dy is real", slope(f(x, y), y), _STRIP),
        Holds("df/dy is at least -M", slope(f(x, y), y) >= -M(x), _STRIP),
        Holds("df/dy is at most M", slope(f(x, y), y) <= M(x), _STRIP),
        Integrable("M is integrable", M(x), x, low, high),
    ),
    Conclusion(
        slope(Integral(f(x, u), (x, low, high)), u),
        EQ,
        Integral(slope(f(x, u), u), (x, low, high)),
    ),
    ("mathlib: hasDerivAt_integral_of_dominated_loc_of_deriv_le",),
)
_FUBINI = Source("G. Fubini", 1907, "Rend. Accad. Lincei 16, 608-614")
_SWAP = Conclusion(
    Integral(f(x, y), (x, low, high), (y, before, after)),
    EQ,
    Integral(f(x, y), (y, before, after), (x, low, high)),
)
fubini_rectangle = Theorem(
    "Fubini's theorem on a rectangle",
    _FUBINI,
    (f, low, high, before, after),
    (*_FINITE, Together("f is continuous", f(x, y), *_STRIP, 0)),
    _SWAP,
    ("mathlib: MeasureTheory.integral_integral_swap",),
)
fubini = Theorem(
    "Fubini's theorem",
    _FUBINI,
    (f, M, N, low, high, before, after),
    (
        Together("f is continuous", f(x, y), *_STRIP, 0),
        Real("f is real", f(x, y), _STRIP),
        Holds("f >= -M N", f(x, y) >= -M(x) * N(y), _STRIP),
        Holds("f <= M N", f(x, y) <= M(x) * N(y), _STRIP),
        Integrable("M is integrable", M(x), x, low, high),
        Integrable("N is integrable", N(y), y, before, after),
    ),
    _SWAP,
    ("mathlib: MeasureTheory.integral_integral_swap",),
)
m, k = Symbol("m", integer=True), Symbol("k", integer=True)
_INDEX = ((k, m, oo),)
_TERMS = ((k, m, oo), (y, before, after))
_SUMMABLE = Exists("the bounds are summable", Sum(M(k), (k, m, oo)))
termwise_derivative = Theorem(
    "Differentiation term by term",
    Source("K. Weierstrass", 1861, "lectures; Rudin 1976, theorem 7.17"),
    (f, M, N, m, before, after, u),
    (
        Holds("u is inside, from below", before < u),
        Holds("u is inside, from above", u < after),
        TermsSmooth("each term is smooth", f(k, y), *_TERMS, 1),
        Real("the slopes are real", slope(f(k, y), y), _TERMS),
        Holds("the slopes are >= -M", slope(f(k, y), y) >= -M(k), _TERMS),
        Holds("the slopes are <= M", slope(f(k, y), y) <= M(k), _TERMS),
        _SUMMABLE,
        Real("the terms are real", f(k, u), _INDEX),
        Holds("the terms are >= -N", f(k, u) >= -N(k), _INDEX),
        Holds("the terms are <= N", f(k, u) <= N(k), _INDEX),
        Exists("the terms are summable", Sum(N(k), (k, m, oo))),
    ),
    Conclusion(
        slope(Sum(f(k, u), (k, m, oo)), u),
        EQ,
        Sum(slope(f(k, u), u), (k, m, oo)),
    ),
)
termwise_integral = Theorem(
    "Integration term by term",
    Source("K. Weierstrass", 1861, "lectures; Rudin 1976, theorem 7.16"),
    (f, M, m, before, after),
    (
        Holds("the ends are real, in order", before <= after),
        TermsSmooth("each term is continuous", f(k, y), *_TERMS, 0),
        Real("the terms are real", f(k, y), _TERMS),
        Holds("the terms are >= -M", f(k, y) >= -M(k), _TERMS),
        Holds("the terms are <= M", f(k, y) <= M(k), _TERMS),
        _SUMMABLE,
    ),
    Conclusion(
        Integral(Sum(f(k, y), (k, m, oo)), (y, before, after)),
        EQ,
        Sum(Integral(f(k, y), (y, before, after)), (k, m, oo)),
    ),
    ("mathlib: MeasureTheory.hasSum_integral_of_summable_norm",),
)
_BETWEEN = ((x, low, high),)
bound = Symbol("bound", nonnegative=True)
taylor = Theorem(
    "Taylor's formula with the remainder bounded",
    Source("J.-L. Lagrange", 1797, "Théorie des fonctions analytiques"),
    (f, low, high, c, d, bound),
    (
        Holds("c is not below", low <= c),
        Holds("c is not above", c <= high),
        Holds("d is not below", low <= d),
        Holds("d is not above", d <= high),
        Real("f is real", f(x), _BETWEEN),
        Smooth("f has two derivatives", f(x), x, low, high, 2),
        Holds("f'' is bounded below", slope(f(x), x, 2) >= -bound, _BETWEEN),
        Holds("f'' is bounded above", slope(f(x), x, 2) <= bound, _BETWEEN),
    ),
    Conclusion(
        Abs(f(d) - f(c) - slope(f(x), x).subs(x, c) * (d - c)),
        LE,
        bound * (d - c) ** 2 / 2,
    ),
    ("mathlib: taylor_mean_remainder_lagrange",),
)
mean_value = Theorem(
    "Mean value inequality",
    RUDIN,
    (f, low, high, c, d, bound),
    (
        *taylor.hypotheses[:5],
        Smooth("f has a derivative", f(x), x, low, high, 1),
        Holds("f' is bounded below", slope(f(x), x) >= -bound, _BETWEEN),
        Holds("f' is bounded above", slope(f(x), x) <= bound, _BETWEEN),
    ),
    Conclusion(Abs(f(d) - f(c)), LE, bound * Abs(d - c)),
    ("mathlib: Convex.norm_image_sub_le_of_norm_deriv_le",),
)
q = Symbol("q", nonnegative=True)
s = Symbol("s", real=True)
orbit = Function("orbit")
times = Symbol("times", integer=True, nonnegative=True)
_FOLLOWS = Eq(orbit(k + 1), f(orbit(k)))
banach = Theorem(
    "Banach's fixed point theorem",
    Source("S. Banach", 1922, "Fund. Math. 3, 133-181"),
    (f, orbit, low, high, s, q, times),
    (
        Holds("q < 1", q < 1),
        Holds("s is not below", low <= s),
        Holds("s is not above", s <= high),
        Holds("s is a fixed point", Eq(f(s), s)),
        Smooth("f has a derivative", f(x), x, low, high, 1),
        Holds("f' >= -q", slope(f(x), x) >= -q, _BETWEEN),
        Holds("f' <= q", slope(f(x), x) <= q, _BETWEEN),
        Holds("f does not fall below", f(x) >= low, _BETWEEN),
        Holds("f does not rise above", f(x) <= high, _BETWEEN),
        Holds("the start is not below", low <= orbit(0)),
        Holds("the start is not above", orbit(0) <= high),
        Holds("the orbit follows f", _FOLLOWS, ((k, 0, oo),)),
    ),
    Conclusion(Abs(orbit(times) - s), LE, q**times * Abs(orbit(0) - s)),
)
order = Symbol("order", nonnegative=True)
size = Symbol("size", positive=True)
_AMOS = Source("D. E. Amos", 1974, "Math. Comp. 28, 239-251")


def fence(b: Any, v: Any) -> Any:
    """The positive root y of ``v y**2 + 2 b y = v``."""
    return v / (b + sqrt(b**2 + v**2))


bessel_below = Theorem(
    "Amos' lower bound of a ratio of Bessel functions",
    _AMOS,
    (order, size),
    (),
    Conclusion(
        besseli(order + 1, size),
        GE,
        fence(order + 1, size) * besseli(order, size),
    ),
)
bessel_above = Theorem(
    "Amos' upper bound of a ratio of Bessel functions",
    _AMOS,
    (order, size),
    (),
    Conclusion(
        besseli(order + 1, size),
        LE,
        fence(order + Rational(1, 2), size) * besseli(order, size),
    ),
)

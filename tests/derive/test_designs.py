"""The hardest derivations of two other chapters, as their cells would be.

Together with test_hippo.py they are what the interface was designed on.
"""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import (
    Derivative,
    Eq,
    I,
    Integral,
    Limit,
    Ne,
    O,
    Rational,
    Sum,
    conjugate,
    cos,
    exp,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tanh,
)

from kexue_lib.derive import (
    Chapter,
    ConstantTerm,
    DerivationError,
    Gaussian,
    Mean,
    by,
    controls,
)
from kexue_lib.derive.mutation import survivors

entropy = Chapter("entropy-invariance")
fourier = Chapter("fourier-density")


def sound(claim, level, limit=8):
    """The level, and no wrong neighbour is accepted."""
    assert claim.level.value == level
    found = controls(claim, limit)
    assert any(f.outcome == "rejected" for f in found)
    assert survivors(found) == []


# -- entropy-invariance -------------------------------------------------------

lam, t, u = entropy.symbols("lambda t u", "positive")
n = entropy.symbols("n", "integer positive")
i, d = entropy.symbols("i d", "integer positive")
entropy.symbols("s", "real")
s = sp.IndexedBase("s", real=True)


def test_entropy_falls_with_the_scale():
    weight = exp(lam * s[i])
    Z = entropy.let("Z", (lam, n), Sum(weight, (i, 1, n)))
    m = [Sum(s[i] ** k * weight, (i, 1, n)) for k in (1, 2)]
    H = log(Z(lam, n)) - lam * m[0] / Z(lam, n)
    claim = (
        entropy.claim("C2", "Entropy falls with the scale")
        .given(n <= 5)
        .show(Derivative(H, lam))
        .eq(-lam * (m[1] / Z(lam, n) - (m[0] / Z(lam, n)) ** 2), by.algebra())
    )
    sound(claim, "proved")


def test_the_golden_saddle():
    c = entropy.let("c", t, (sqrt(1 + 4 * t**2) - 1) / (2 * t))
    claim = (
        entropy.claim("C6", "The saddle point of the sphere")
        .show(t * (1 - c(t) ** 2), "saddle")
        .eq(c(t), by.algebra())
        .show(log(c(t) / t) / 2, "deficit")
        .eq(-(t**2) / 2 + 3 * t**4 / 4 + O(t**6), by.series())
        .show(log(c(sp.S.One)) / 2, "at 1")
        .eq(-log(sp.GoldenRatio) / 2, by.numeric(digits=30))
    )
    sound(claim, "numeric")


def test_the_planted_key():
    q, gap = entropy.symbols("q Delta", "positive")
    scale = entropy.let("L", (q, n, gap), log(q * (n - 1) / (1 - q)) / gap)
    x = entropy.symbols("x", "real positive")
    claim = (
        entropy.claim("C9", "A planted key: exactly the logarithmic law")
        .given(q < 1, n >= 2)
        .show(1 / (1 + (n - 1) * exp(-scale(q, n, gap) * gap)), "mass")
        .eq(q, by.algebra())
    )
    sound(claim, "proved")
    limit = (
        entropy.claim("C9a", "The law is logarithmic", kind="limit")
        .given(q < 1)
        .show(Limit(log(q * x / (1 - q)) / log(x), x, oo, "-"))
        .eq(1, by.limit())
    )
    assert limit.level.value == "proved"
    shown = [a["text"] for a in limit.to_dict()["assumptions"]]
    assert shown == ["q, x > 0", "q < 1"]


def test_annealed_gaussian_scores():
    g, sigma = (
        entropy.symbols("g", "real"),
        entropy.symbols("sigma", "positive"),
    )
    claim = (
        entropy.claim("C9b", "Gaussian scores", kind="expectation")
        .show(
            Integral(
                exp(lam * sigma * g) * exp(-(g**2) / 2) / sqrt(2 * pi),
                (g, -oo, oo),
            )
        )
        .eq(exp(lam**2 * sigma**2 / 2), by.antiderivative())
        .show(Mean((lam * g) ** 2, Gaussian(g, 0, sigma**2)), "variance")
        .eq(lam**2 * sigma**2, by.algebra())
    )
    sound(claim, "proved")


# -- fourier-density ----------------------------------------------------------

a = fourier.symbols("a_0 a_1 a_2", "complex")
c = fourier.symbols("c_1 c_2", "complex")
c0 = fourier.symbols("c_0", "real")
v = fourier.symbols("u_0 u_1 u_2", "complex")
z = fourier.symbols("z", "complex")
x, y = fourier.symbols("x y", "real")
al, be = fourier.symbols("alpha beta", "real")
m = fourier.symbols("n", "integer positive")
r, M = fourier.symbols("r", "real"), fourier.symbols("M", "integer positive")


def coefficient(k):
    """c_k of a density of degree 2; c_{-k} is the conjugate."""
    both = (c0, *c)
    return both[k] if k >= 0 else conjugate(both[-k])


def test_toeplitz_sections_are_averages():
    density = sum(coefficient(k) * z**k for k in range(-2, 3))
    wave = sum(v[k] * z**k for k in range(3))
    form = sum(
        conjugate(v[j]) * coefficient(j - k) * v[k]
        for j in range(3)
        for k in range(3)
    )
    claim = (
        fourier.claim("C4", "Sections of the Toeplitz matrix", source="post")
        .show(ConstantTerm(density * sp.Abs(conjugate(wave)) ** 2, z))
        .eq(form, by.algebra())
    )
    assert claim.level.value == "proved"


def test_autocorrelation_is_a_square():
    A = sum(a[k] * z**-k for k in range(3))
    auto = [
        sum(a[k] * conjugate(a[k + lag]) for k in range(3 - lag))
        for lag in range(3)
    ]
    f = auto[0] + sum(
        auto[lag] * z**lag + conjugate(auto[lag]) * z**-lag for lag in (1, 2)
    )
    claim = (
        fourier.claim("C6", "Autocorrelation makes a square", source="paper")
        .given(Eq(sp.Abs(z), 1))
        .show(sp.Abs(A) ** 2)
        .eq(f, by.algebra())
    )
    sound(claim, "proved")


def test_fejer_means_give_the_value_back():
    q = sum(
        (1 - sp.Abs(k) / M) * r ** sp.Abs(k) * cos(pi * k * x)
        for k in range(-2, 3)
    )
    claim = (
        fourier.claim("C5", "Positive sections force f >= 0", kind="limit")
        .show(Limit(q, M, oo, "-"))
        .eq(1 + 2 * r * cos(pi * x) + 2 * r**2 * cos(2 * pi * x), by.limit())
    )
    assert claim.level.value == "proved"


def density(at):
    return Rational(1, 2) + al * cos(pi * at) - be * sin(pi * at)


def test_the_printed_distribution_function_is_refuted():
    wave = (al + I * be) * (exp(I * pi * x) + 1) / (I * pi)
    wrong = (
        fourier.claim("E11", "The printed CDF", source="post")
        .refute(Derivative((x**2 - 1) / 2 + wave / 2, x))
        .eq(density(x), by.counterexample({x: 0, al: 0, be: 0}))
    )
    assert wrong.level.value == "refuted"
    cdf = fourier.let(
        "Phi",
        x,
        (x + 1) / 2 + (al * sin(pi * x) + be * (cos(pi * x) + 1)) / pi,
    )
    right = (
        fourier.claim("C11", "The CDF", corrects="E11")
        .lemma(sp.re(wave))
        .eq(
            (al * sin(pi * x) + be * (cos(pi * x) + 1)) / pi,
            by.algebra(),
        )
        .show(Derivative(cdf(x), x), "slope")
        .eq(density(x), by.algebra())
        .show(cdf(-sp.S.One), "left end")
        .eq(0, by.algebra())
        .show(cdf(sp.S.One), "right end")
        .eq(1, by.algebra())
    )
    sound(right, "proved")


def test_the_certificate_of_global_optimality():
    w = fourier.symbols("w_1 w_2", "positive")
    tt = fourier.symbols("t", "positive")
    jensen = (
        fourier.claim("C15a", "log t <= t - 1", kind="inequality")
        .show(log(tt))
        .le(tt - 1, by.convex(tt, at=1))
    )
    sound(jensen, "proved")
    b = fourier.symbols("b_0 b_1", "complex")
    f = [sp.Abs(b[0] + b[1] * e) ** 2 for e in (1, I)]
    g = [sp.Abs(a[0] + a[1] * e) ** 2 for e in (1, I)]
    ratio = sum(
        p * top / bottom for p, top, bottom in zip(w, f, g, strict=True)
    )
    claim = (
        fourier.claim(
            "C15",
            "No other density gains more",
            kind="inequality",
            uses="C15a",
        )
        .given(
            Eq(w[0] + w[1], 1),
            Ne(a[0] + a[1], 0),
            Ne(a[0] + I * a[1], 0),
            Ne(b[0] + b[1], 0),
            Ne(b[0] + I * b[1], 0),
        )
        .show(
            sum(
                p * log(top / bottom)
                for p, top, bottom in zip(w, f, g, strict=True)
            )
        )
        .le(log(ratio), by.numeric(digits=15, points=40))
    )
    sound(claim, "numeric", limit=3)


def test_the_wrong_step_of_a_right_claim_is_named():
    claim = fourier.claim("C14", "Smoothness")
    with pytest.raises(DerivationError) as caught:
        claim.show(
            Integral(Derivative(al * cos(pi * m * x), x) ** 2, (x, -1, 1))
        ).eq(pi**2 * m * al**2, by.antiderivative())
    assert caught.value.step == 1
    assert caught.value.point is not None


def test_tails_are_symmetric():
    w = fourier.symbols("w", "positive")
    p = Rational(1, 2) + al * cos(pi * y) - be * sin(pi * y)
    side = p.subs(y, (1 - w) / (1 + w)) / p.subs(y, -(1 - w) / (1 + w))
    claim = (
        fourier.claim("C13", "Symmetric tails", kind="limit")
        .given(al < Rational(1, 2), al > 0, be > 0, be < Rational(1, 10))
        .show(Limit(side, w, 0, "+"))
        .eq(1, by.limit())
        .lemma(tanh(-log(w) / 2))
        .eq((1 - w) / (1 + w), by.algebra())
    )
    assert claim.level.value == "proved"

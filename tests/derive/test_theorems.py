"""Cited theorems: the inequalities, and how a theorem is used."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import (
    Abs,
    Eq,
    Integral,
    Matrix,
    Product,
    Rational,
    Sum,
    exp,
    factorial,
    log,
    oo,
    pi,
    sqrt,
)

from kexue_lib.derive import ClaimError, by
from kexue_lib.derive.theorems import inequalities as ineq
from kexue_lib.derive.theorems import library
from tests.derive.citing import (
    A0,
    B0,
    N,
    T,
    accepted,
    b,
    book,
    cite,
    family,
    k,
    l,
    named,
    numbers,
    q,
    refused,
    rescaled,
    total,
    turned,
    y,
)

w, p, r = (family(s, "positive") for s in "wpr")
v, x = (family(s, "real") for s in "vx")
c = family("c", "complex")

ONE = Eq(total(w[k]), 1)
LAWS = (Eq(total(p[k]), 1), Eq(total(r[k]), 1))


def jensen(body=T**2, low=-oo, high=oo, points=v[k], which=ineq.jensen):
    """Jensen's inequality for a function of T."""
    return which(
        phi=(T, body), low=low, high=high, w=(k, w[k]), x=(k, points), n=N
    )


def concave(body, **more):
    """Jensen's inequality for a concave function of T."""
    return jensen(body, which=ineq.jensen_concave, **more)


both = {"a": (k, v[k]), "b": (k, x[k]), "n": N}
plus = {"a": (k, p[k]), "b": (k, r[k]), "n": N}
laws = {"p": (k, p[k]), "q": (k, r[k]), "n": N}
kl = total(p[k] * log(p[k] / r[k]))
STIRLING = sqrt(2 * pi) * N ** (N + Rational(1, 2)) * exp(-N)

TRUE = [
    (jensen(), total(w[k] * v[k]) ** 2, "le", total(w[k] * v[k] ** 2), ONE),
    (jensen(), total(w[k] * v[k] ** 2), "ge", total(w[k] * v[k]) ** 2, ONE),
    (
        jensen(exp(T)),
        exp(total(w[l] * v[l]).subs(l, k)),
        "le",
        total(exp(v[k]) * w[k]),
        ONE,
    ),
    (
        jensen(Abs(T - y)),
        Abs(total(w[k] * v[k]) - y),
        "le",
        total(w[k] * Abs(v[k] - y)),
        ONE,
    ),
    (
        concave(log(T), low=0, points=p[k]),
        total(w[k] * log(p[k])),
        "le",
        log(total(w[k] * p[k])),
        ONE,
    ),
    (
        concave(-T * log(T), low=0, points=p[k]),
        -total(w[k] * p[k]) * log(total(w[k] * p[k])),
        "ge",
        -total(w[k] * p[k] * log(p[k])),
        ONE,
    ),
    # explicit weights and points
    (
        ineq.jensen(
            phi=(T, T**4),
            low=-oo,
            high=oo,
            w=Matrix([Rational(1, 3), Rational(2, 3)]),
            x=Matrix([A0, B0]),
            n=2,
        ),
        (A0 / 3 + 2 * B0 / 3) ** 4,
        "le",
        A0**4 / 3 + 2 * B0**4 / 3,
    ),
    (
        ineq.cauchy_schwarz(**both),
        total(v[k] * x[k]) ** 2,
        "le",
        total(v[k] ** 2) * total(x[k] ** 2),
    ),
    (
        ineq.cauchy_schwarz(a=(k, v[k]), b=(k, 1), n=N),
        total(v[k]) ** 2,
        "le",
        N * total(v[k] ** 2),
    ),
    (
        ineq.cauchy_schwarz_complex(a=(k, c[k]), b=(k, 1), n=N),
        Abs(total(c[k])) ** 2,
        "le",
        N * total(Abs(c[k]) ** 2),
    ),
    (
        ineq.cauchy_schwarz_integral(f=(T, T), g=(T, exp(T)), low=0, high=1),
        Integral(y * exp(y), (y, 0, 1)) ** 2,
        "le",
        Integral(exp(2 * y), (y, 0, 1)) / 3,
    ),
    (
        ineq.hoelder(**plus, r=3, s=Rational(3, 2)),
        total(p[k] * r[k]),
        "le",
        total(p[k] ** 3) ** Rational(1, 3)
        * total(r[k] ** Rational(3, 2)) ** Rational(2, 3),
    ),
    (
        ineq.minkowski(**plus, r=2),
        sqrt(total((p[k] + r[k]) ** 2)),
        "le",
        sqrt(total(p[k] ** 2)) + sqrt(total(r[k] ** 2)),
    ),
    (
        ineq.young(u=q, v=b, r=3, s=Rational(3, 2)),
        q * b,
        "le",
        q**3 / 3 + 2 * b ** Rational(3, 2) / 3,
    ),
    (
        ineq.am_gm(w=(k, w[k]), x=(k, p[k]), n=N),
        Product(p[k] ** w[k], (k, 1, N)),
        "le",
        total(w[k] * p[k]),
        ONE,
    ),
    (
        ineq.am_gm(
            w=Matrix([Rational(1, 2), Rational(1, 2)]), x=Matrix([q, b]), n=2
        ),
        sqrt(q) * sqrt(b),
        "le",
        (q + b) / 2,
    ),
    (
        ineq.power_mean(w=(k, w[k]), x=(k, p[k]), r=3, n=N),
        total(w[k] * p[k]) ** 3,
        "le",
        total(w[k] * p[k] ** 3),
        ONE,
    ),
    (ineq.gibbs(**laws), kl, "ge", sp.Integer(0), *LAWS),
    (
        ineq.log_sum(**laws),
        kl,
        "ge",
        total(p[k]) * log(total(p[k]) / total(r[k])),
    ),
    (
        ineq.pinsker(**laws),
        total(Abs(p[k] - r[k])) ** 2,
        "le",
        2 * kl,
        *LAWS,
    ),
    (
        ineq.rearrangement(
            a=(k, k),
            b=(k, k**3),
            sigma=(k, N + 1 - k),
            tau=(k, N + 1 - k),
            n=N,
        ),
        total(k * (N + 1 - k) ** 3),
        "le",
        total(k**4),
    ),
    (
        ineq.rearrangement(
            a=Matrix([1, 2, 5]),
            b=Matrix([0, q, 2 * q]),
            sigma=Matrix([2, 3, 1]),
            tau=Matrix([3, 1, 2]),
            n=3,
        ),
        5 * q,
        "le",
        12 * q,
    ),
    (
        ineq.chebyshev_sum(a=(k, k), b=(k, k**2), n=N),
        total(k) * total(k**2),
        "le",
        N * total(k**3),
    ),
    (
        ineq.bernoulli(h=-Rational(1, 2), r=1 + q),
        Rational(1, 2) ** (1 + q),
        "ge",
        1 - (1 + q) / 2,
    ),
    (
        ineq.modulus(f=(T, sp.cos(T)), low=0, high=q),
        Abs(Integral(sp.cos(T), (T, 0, q))),
        "le",
        Integral(Abs(sp.cos(T)), (T, 0, q)),
    ),
    (
        ineq.integral_test_above(f=(T, 1 / T), m=1, n=N),
        Sum(1 / k, (k, 2, N)),
        "le",
        Integral(1 / T, (T, 1, N)),
    ),
    (
        ineq.integral_test_below(f=(T, 1 / T**2), m=1, n=N),
        Integral(1 / T**2, (T, 1, N)),
        "le",
        Sum(1 / k**2, (k, 1, N - 1)),
    ),
    (
        ineq.stirling_below(n=N),
        STIRLING * exp(1 / (12 * N + 1)),
        "lt",
        factorial(N),
    ),
    (
        ineq.stirling_above(n=N),
        factorial(N),
        "le",
        STIRLING * exp(1 / (12 * N)),
    ),
]


@pytest.mark.parametrize("row", TRUE, ids=named)
def test_true_instances(row):
    accepted(row)


@pytest.mark.parametrize("row", TRUE, ids=named)
def test_wrong_directions(row):
    refused(turned(row), "does not say this")


@pytest.mark.parametrize("row", TRUE, ids=named)
def test_wrong_constants(row):
    refused(rescaled(row), "does not say this")


def but(number, *given, **values):
    """A true row with other letters, and other relations given."""
    use, left, relation, right, *_ = TRUE[number]
    return (
        use.theorem(**{**dict(use.values), **values}),
        left,
        relation,
        right,
        *given,
    )


def violated():
    """Rows in which one hypothesis fails: the row, and its name."""
    wide = (k, w[k] - Rational(1, 2))
    yield but(0), "the weights add up to 1"
    yield but(0, Eq(total(w[k]), 2)), "the weights add up to 1"
    yield but(0, Eq(total(wide[1]), 1), w=wide), "are not negative"
    yield but(0, ONE, phi=(T, T**3)), "phi is convex"
    yield but(0, ONE, phi=(T, 1 / T)), "phi is convex"
    yield but(0, ONE, phi=(T, -Abs(T))), "phi is convex"
    yield but(0, ONE, phi=(T, sp.floor(T))), "phi is convex"
    yield but(0, ONE, low=0), "above the lower end"
    yield but(0, ONE, x=(k, c[k])), "the points are real"
    yield but(4, ONE, phi=(T, T * log(T))), "phi is concave"
    yield but(7, a=(k, c[k])), "a is real"
    yield but(11, s=3), "1/r + 1/s = 1"
    yield but(11, a=(k, v[k])), "a is not negative"
    yield but(12, r=Rational(1, 2)), "r >= 1"
    yield but(13, u=y), "u is not negative"
    yield but(14, ONE, x=(k, v[k])), "the numbers are positive"
    yield but(16, ONE, r=Rational(1, 3)), "r >= 1"
    yield but(17, LAWS[0]), "q adds up to 1"
    yield but(17, *LAWS, p=(k, v[k])), "p is positive"
    yield but(20, b=(k, -k)), "b rises"
    yield but(20, sigma=(k, N - k)), "sigma stays in range"
    yield but(20, tau=(k, k)), "tau undoes sigma"
    yield but(21, sigma=Matrix([2, 2, 1])), "tau undoes sigma"
    yield but(22, a=(k, (k - 3) ** 2)), "a rises"
    yield but(23, h=-2), "h >= -1"
    yield but(24, low=1, high=0), "the ends are in order"
    yield but(24, f=(T, 1 / (T - q / 2))), "f is integrable"
    yield but(25, f=(T, T)), "f falls"
    yield but(25, f=(T, 1 / (T - 2))), "f falls"


@pytest.mark.parametrize(("row", "name"), list(violated()))
def test_hypotheses_that_fail_are_named(row, name):
    refused(row, name)


def test_facts_of_letters_are_hypotheses():
    refused(but(27, n=k), "k is not known to be nonnegative")
    refused(but(27, n=q), "q is not known to be integer")


def test_letters_must_be_there():
    for values in ({}, {"n": N, "m": 2}):
        with pytest.raises(TypeError, match="takes n"):
            ineq.stirling_below(**values)
    with pytest.raises(TypeError, match="variable"):
        ineq.cauchy_schwarz(a=v[k], b=(k, 1), n=N)


def test_nothing_is_captured():
    """phi mentions the author's k, which also numbers the points."""
    use = jensen((T - k) ** 2)
    right = total(w[k] * v[k])
    accepted(
        (
            use,
            (right - k) ** 2,
            "le",
            Sum(w[l] * (v[l] - k) ** 2, (l, 1, N)),
            ONE,
        )
    )
    refused((use, (right - k) ** 2, "le", total(w[k] * (v[k] - k) ** 2), ONE))


def test_a_hypothesis_may_be_an_earlier_result():
    """The core does not add up squares by itself."""
    share = 6 * l**2 / (N * (N + 1) * (2 * N + 1))
    name = "the weights add up to 1"

    def shares(right):
        claim = book.claim(f"T{next(numbers)}", "Shares")
        return claim.show(Sum(l**2, (l, 1, N))).eq(
            right, by.induction(N, start=1)
        )

    row = (
        ineq.jensen(
            phi=(T, T**2), low=-oo, high=oo, w=(l, share), x=(k, v[k]), n=N
        ),
        Sum(share * v[l], (l, 1, N)) ** 2,
        "le",
        Sum(share * v[l] ** 2, (l, 1, N)),
    )
    good = shares(N * (N + 1) * (2 * N + 1) / 6)
    accepted(row, using={name: good})
    assert good.id in cite(row, using={name: good}).uses
    refused(row, name)
    other = book.claim(f"T{next(numbers)}", "Cubes").show(Sum(l**3, (l, 1, N)))
    other.eq(N**2 * (N + 1) ** 2 / 4, by.induction(N, start=1))
    refused(row, name, using={name: other})
    few = book.claim(f"T{next(numbers)}", "Few").given(N <= 5)
    few.show(Sum(l**2, (l, 1, N))).eq(
        N * (N + 1) * (2 * N + 1) / 6,
        by.induction(N, start=1),
    )
    refused(row, name, "N <= 5", using={name: few})
    with pytest.raises(ClaimError, match="has no hypothesis"):
        cite(row, using={"the weights": good})


def test_a_side_that_does_not_exist_is_refused():
    pole = 1 / (k - 3)
    use = ineq.cauchy_schwarz_complex(a=(k, pole), b=(k, 1), n=N)
    left = Abs(total(pole)) ** 2
    refused((use, left, "le", N * total(Abs(pole) ** 2)))


def test_the_library_is_complete():
    found = library()
    assert len(found) >= 60
    for theorem in found.values():
        assert theorem.source.author
        assert theorem.source.where
        assert len({h.name for h in theorem.hypotheses}) == len(
            theorem.hypotheses
        )

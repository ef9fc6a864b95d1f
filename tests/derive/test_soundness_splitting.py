"""Sums over a symbolic number of indexed scores: splitting, convexity."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Derivative, Rational, Sum, exp, log, oo, sqrt

from kexue_lib.derive import Chapter, by
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import RejectedError, Statement

n = sp.Symbol("n", integer=True, positive=True)
m = sp.Symbol("m", integer=True, nonnegative=True)
i, j, k = sp.symbols("i j k", integer=True, positive=True)
lam, a = sp.symbols("lambda a", positive=True)
x = sp.Symbol("x", real=True)
s = sp.IndexedBase("s", real=True)
t = sp.IndexedBase("t", real=True)
g = sp.IndexedBase("g", nonnegative=True)


def S(term, index=i, low=1, high=n):
    return Sum(term, (index, low, high))


Z = S(exp(lam * s[i]))
P = exp(lam * s[i]) / Z
Q = exp(lam * s[j]) / S(exp(lam * s[k]), k)
MEAN = S(P * s[i])
VAR = S(P * s[i] ** 2) - MEAN**2
PAIRS = S(S(P * Q * (s[i] - s[j]) ** 2, j)) / 2
logs = by.splitting(by.logarithms())
split = by.splitting()

TRUE = [
    (-S(P * log(P)), log(Z) - lam * MEAN, logs),
    (log(Z), log(n) + log(Z / n), logs),
    (S(P), 1, split),
    (VAR, PAIRS, split),
    (S(s[i] + t[i]), S(s[i]) + S(t[j], j), split),
    (S(2 * s[i] + 3), 2 * S(s[i]) + 3 * n, split),
    (S((s[i] - x) ** 2), S(s[i] ** 2) - 2 * x * S(s[i]) + n * x**2, split),
    (S(s[i]), S(s[j], j), split),
    (S(S(s[i] * t[j], j)), S(s[i]) * S(t[i]), split),
    (S(S(s[i] * s[j], j)), S(s[i]) ** 2, split),
    (S(S(1, j)), n**2, split),
    (S(a, high=n + 2), a * (n + 2), split),
    (S(S(s[i] / (1 + s[j] ** 2), j)), S(s[i]) * S(1 / (1 + s[i] ** 2)), split),
    (S(S(1 / (2 + s[i] ** 2 + t[j] ** 2), j)),
     S(S(1 / (2 + s[k] ** 2 + t[i] ** 2), i), k), split),
    (Derivative(log(Z), lam), MEAN, split),
    (log(a * Z), log(a) + log(Z), logs),
    (S(exp(lam * (s[i] + x))), exp(lam * x) * Z, split),
    (S(s[i], low=m, high=m + n), S(s[j], j, m, m + n), split),
]  # fmt: skip
FALSE = [
    (-S(P * log(P)), log(Z) + lam * MEAN, logs),
    (log(Z), log(Z / n), logs),
    (S(P), n, split),
    (VAR, 2 * PAIRS, split),
    (S(s[i] + t[i]), S(s[i]) + S(s[j], j), split),
    (S(2 * s[i] + 3), 2 * S(s[i]) + 3, split),
    (S((s[i] - x) ** 2), S(s[i] ** 2) - x * S(s[i]) + n * x**2, split),
    (S(s[i]), S(s[j], j, 1, n + 1), split),
    (S(s[i]), S(s[j], j, 2), split),
    (S(S(s[i] * t[j], j)), S(s[i] * t[i]), split),
    (S(S(s[i] * s[j], j)), S(s[i] ** 2), split),
    (S(S(1, j)), n, split),
    (S(a, high=n + 2), a * n, split),
    (S(S(1 / (2 + s[i] ** 2 + t[j] ** 2), j)),
     S(S(1 / (2 + s[k] ** 2 + t[k] ** 2), i), k), split),
    (S(S(1 / (2 + s[i] ** 2 + t[j] ** 2), j)),
     S(S(1 / (2 + t[k] ** 2 + t[i] ** 2), i), k), split),
    (Derivative(log(Z), lam), -MEAN, split),
    (S(s[i] ** 2), S(s[i]) ** 2, split),
    (S(s[i] * t[i]), S(s[i]) * S(t[i]), split),
    (S(g[i]), S(s[i]), split),
]  # fmt: skip


@pytest.mark.parametrize("row", TRUE)
def test_true_statements_are_accepted(row, accepts):
    accepts(row, "proved")


@pytest.mark.parametrize("row", FALSE)
def test_false_statements_are_rejected(row, rejects):
    rejects(row)


def alone(lhs, rhs, check, relation=Relation.EQ, given=()):
    check.run(
        Statement(sp.sympify(lhs), relation, sp.sympify(rhs), Domain(given))
    )


SHORT = S(exp(s[i]), high=m - 5)
# The check itself must refuse these, without the help of sampling.
TRAPS = [
    # A series is not the sum of two divergent ones.
    (S(1 / i - 1 / (i + 1), high=oo), S(1 / i, high=oo)
     - S(1 / (i + 1), high=oo), split),
    # The range may be reversed, and the sum negative.
    (log(SHORT**2), 2 * log(SHORT), logs),
    # The terms may be negative.
    (log(a * S(s[i])) + log(x**2), log(a) + log(S(s[i])) + 2 * log(x), logs),
    *FALSE,
]  # fmt: skip


@pytest.mark.parametrize("row", TRAPS)
def test_the_check_alone_rejects(row):
    with pytest.raises(RejectedError):
        alone(*row)


BEND = S(S(P * Q * (s[i] - s[j]) ** 2, j)) / 2
JENSEN = (log(Z / n), lam * S(s[i]) / n)


def test_convexity_with_a_given_second_derivative(accepts):
    convex = by.convex(lam, at=0, bend=BEND, then=split)
    accepts((*JENSEN, convex, ">="), "proved")
    accepts((*reversed(JENSEN), convex, "<="), "proved")
    quartic = by.convex(x, at=0, bend=12 * x**2 + 2)
    accepts((x**4 + x**2, 0, quartic, ">="), "proved")


@pytest.mark.parametrize(
    "check",
    [
        by.convex(lam, at=0, bend=2 * BEND, then=split),
        by.convex(lam, at=0, bend=-BEND, then=split),
        by.convex(lam, at=0, bend=BEND),
        by.convex(lam, at=0),
        by.convex(lam, at=1, bend=BEND, then=split),
    ],
)
def test_convexity_needs_the_right_second_derivative(check):
    with pytest.raises(RejectedError):
        alone(*JENSEN, check, Relation.GE)


def test_a_wrong_convex_statement_is_rejected(rejects):
    convex = by.convex(lam, at=0, bend=BEND, then=split)
    rejects((*JENSEN, convex, "<="))
    rejects((log(Z), JENSEN[1], convex, ">="))
    cubic = by.convex(x, at=0, bend=6 * x)
    rejects((x**3, 0, cubic, ">="))


def test_families_keep_their_assumptions(accepts, rejects):
    accepts((S(g[i]), 0, by.sign(), ">="), "proved")
    rejects((S(s[i]), 0, by.sign(), ">="))
    accepts((S(sqrt(g[i]) ** 2), S(g[i]), by.sums()), "proved")


def test_the_letter_of_a_family_is_shown_and_not_sampled():
    chapter = Chapter("letters")
    chapter.symbols("n i", "integer positive")
    chapter.symbols("s", "real")
    claim = chapter.claim("C1", "sum").show(S(s[i] + 1)).eq(S(s[i]) + n, split)
    assert claim.level.value == "proved"
    shown = [a["text"] for a in claim.to_dict()["assumptions"]]
    assert "s real" in shown


def test_an_error_bound_can_be_claimed():
    """The bound of by.error once hid a method of every check."""
    claim = (
        Chapter("errors")
        .claim("C1", "pi", kind="asymptotic")
        .show(sp.pi)
        .approx(Rational(22, 7), by.error(Rational(1, 100)))
    )
    assert claim.level.value == "numeric"

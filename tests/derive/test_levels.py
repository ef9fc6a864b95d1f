"""Levels below proved: refuted, exact, certified, numeric, measured, missed.

Each kind: true statements that reach their level, and false ones that must
not: true on many points, up to 1e-12, away from a null set.
"""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import (
    Abs,
    E,
    Function,
    Integral,
    Limit,
    Max,
    Ne,
    Rational,
    Sum,
    binomial,
    cos,
    exp,
    factorial,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tanh,
)

from kexue_lib.derive import (
    Chapter,
    DerivationError,
    Gaussian,
    Level,
    Mean,
    by,
)
from kexue_lib.derive.amounts import amount, plain, typeset
from kexue_lib.derive.checks.measure import Reading, reading, student
from kexue_lib.derive.domain import Domain, ranges_of, set_of
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.sampling import sample
from kexue_lib.derive.statement import RejectedError, Statement

ch = Chapter("levels")
n, k, m = ch.symbols("n k m", "integer nonnegative")
x, y, z = ch.symbols("x y z", "real")
a, b = ch.symbols("a b", "positive")
f = Function("f")
g = Function("g", positive=True)
box = (x >= 0, x <= 1)


def R(*values):
    return Reading("r", tuple(map(float, values)))


# -- refuted ---------------------------------------------------------------

cx = by.counterexample
WRONG = [
    (sqrt(x**2), x, "=", ()),
    (Mean(Abs(z), Gaussian(z)), Rational(4, 5), "=", ()),
    (Mean(Max(z, 0), Gaussian(z)), Rational(1, 2), "=", ()),
    (exp(pi * sqrt(163)), 640320**3 + 744, "=", ()),
    (Sum(1 / factorial(k), (k, 0, oo)), Rational(2718281828, 10**9), "=", ()),
    (Integral(exp(-(x**2)), (x, -oo, oo)), sqrt(3), "=", ()),
    (f(x) + f(-x), 2 * f(x), "=", ()),
    (g(x), 1, ">=", ()),
    (exp(-(x**2)), Rational(1, 10**9), ">", ()),
    (log(x**2), 2 * log(x), "=", (Ne(x, 0),)),
    (n**2 - n + 41, 41, "=", ()),
    (Sum(k, (k, 0, n)), n**2 / 2, "=", ()),
    (x**2 + y**2, 2 * x * y, "<=", ()),
]
NOT_REFUTED = [
    (exp(-(x**2)), 0, ">", ()),
    (Mean(Abs(z), Gaussian(z)), sqrt(2 / pi), "=", ()),
    (Mean(Max(z, 0), Gaussian(z)), 1 / sqrt(2 * pi), "=", ()),
    (Mean(exp(z), Gaussian(z)), sqrt(E), "=", ()),
    (exp(-n), 0, ">", ()),
    (exp(-1000 * a), 2 * exp(-1000 * a), "<", ()),
    (Sum(1 / factorial(k), (k, 0, oo)), E, "=", ()),
    (Integral(sin(x) / x, (x, 0, oo)), pi / 2, "=", ()),
    (Sum(1 / (k + 1) ** 2, (k, 0, oo)), pi**2 / 6, "=", ()),
    (Limit(sin(x) / x, x, 0), 1, "=", ()),
    (sqrt(2) + sqrt(3), sqrt(5 + 2 * sqrt(6)), "=", ()),
    (f(x) ** 2 - f(y) ** 2, (f(x) - f(y)) * (f(x) + f(y)), "=", ()),
    (g(x), 0, ">", ()),
    (1 / x, 1 / x, "=", ()),
]


@pytest.mark.parametrize("row", WRONG, ids=str)
def test_what_is_wrong_is_refuted(row, accepts):
    accepts((row[0], row[1], cx(), *row[2:]), "refuted")


@pytest.mark.parametrize("row", NOT_REFUTED, ids=str)
def test_what_is_true_is_not_refuted(row, rejects):
    rejects((row[0], row[1], cx(), *row[2:]))


def test_every_symbol_of_a_counterexample_has_a_value():
    c = ch.claim("R1", "t", source="post").refute(f(x) + f(-x)).eq(2 * f(x))
    point = c.steps()[0].counterexample.point
    call = next(key for key in point if key.func == f)
    assert x in point
    assert point[call].free_symbols == call.free_symbols
    chosen = (
        ch.claim("R2", "t", source="post")
        .refute(f(x) + f(-x))
        .eq(2 * f(x), cx({x: 1, f(x): x**3}))
    )
    found = chosen.steps()[0].counterexample
    assert (found.left, found.right) == (0, 2)


def test_a_counterexample_needs_exact_values_inside_the_domain(rejects):
    with pytest.raises(TypeError, match="exact"):
        cx({x: 0.5})
    rejects((x, x**2, cx({x: 2}), "<=", (x > 3,)))
    # The point meets the hypothesis up to 1e-40 only.
    near = sqrt(2) + Rational(1, 10**40)
    rejects((x, 0, cx({x: near}), "=", (sp.Eq(x**2, 2),)))


# -- exact -----------------------------------------------------------------

each = by.each
EXACT = [
    (sqrt(n + 1) ** 2, n + 1, each({n: range(5)})),
    (sqrt(8) * n, 2 * n * sqrt(2), each({n: range(3)})),
    (Sum(k, (k, 0, n)), n * (n + 1) / 2, each({n: range(9)})),
    (exp(-n), 2, each({n: range(60, 70)}), "<"),
    (n**2, 2**n + 2, each({n: [0, 1, 2, 3]}), "<="),
    (binomial(2 * n, n), 4**n, each({n: range(1, 9)}), "<"),
    (f(n) * 0 + f(n), f(n), each({n: [1, 2]})),
    (cos(pi * n / 5), cos(pi * n / 5), each({n: [0, 5, 10]})),
]
NOT_EXACT = [
    (exp(-n), 2 * exp(-n), each({n: range(60, 70)})),
    (
        exp(pi * sqrt(163)) * (n + 1),
        (640320**3 + 744) * (n + 1),
        each({n: range(3)}),
    ),
    (n**2, 2**n, each({n: range(5)}), "<="),
    (n * exp(-100 * n), 0, each({n: [1, 2]})),
    (exp(-100 * n), 0, each({n: [1, 2]})),
    (f(n), f(n + 1), each({n: [1, 2]})),
    (n * a, n, each({n: [1, 2]})),
    (1 / (n - 2), 1 / (n - 2), each({n: range(4)})),
    (Sum(binomial(k, 9), (k, 0, n)), 0, by.algebra()),
    (sin(10**20 * n), 0, each({n: [1]})),
    (n, n, each({n: [-1, 0]})),
]


@pytest.mark.parametrize("row", EXACT, ids=str)
def test_instances_that_are_decided(row, accepts):
    accepts(row, "exact")


@pytest.mark.parametrize("row", NOT_EXACT, ids=str)
def test_instances_that_are_not(row, rejects):
    rejects(row)


def test_the_finite_set_belongs_to_the_statement():
    check = each({n: [8, 16, 32]})
    whole = Statement(n, Relation.GE, sp.Integer(8))
    decided = check.decides(whole)
    assert decided.domain.ranges == ((n, (8, 16, 32)),)
    assert ranges_of(decided.domain) == [("n = 8, 16, 32", "n = 8, 16, 32")]
    assert not decided.domain.admits({n: sp.Integer(9)})
    assert decided.domain.over([(n, (16, 64))]).ranges == ((n, (16,)),)
    with pytest.raises(RejectedError, match="no symbol"):
        each({k: [1]}).decides(whole)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (range(1, 17), "1, ..., 16"),
        ([8, 16, 32, 64], "8, 16, 32, 64"),
        ([3, 1, 2, 4], "1, ..., 4"),
        ([1, 2, 4, 5], "1, 2, 4, 5"),
        ([1, 2], "1, 2"),
        ([Rational(1, 2), 1], "1/2, 1"),
    ],
)
def test_sets_for_the_reader(values, text):
    assert set_of(values)[1] == text


# -- certified -------------------------------------------------------------

balls = by.balls
CERTIFIED = [
    (sin(x), x + Rational(1, 1000), balls(), "<=", box),
    (exp(x), 1 + x - Rational(1, 100), balls(), ">", box),
    (log(1 + x), x, balls(radius="0.4"), "~=", box),
    (Integral(exp(-x * z**2), (z, 0, 1)), 2, balls(), "<", box),
    (tanh(x) ** 2, 1, balls(), "<", box),
    (sqrt(1 + x), Rational(142, 100), balls(), "<", box),
    (Abs(x - Rational(1, 2)), Rational(51, 100), balls(), "<", box),
    (Max(x, 1 - x), Rational(49, 100), balls(), ">", box),
    (sqrt(2), Rational(141421, 10**5), balls(radius="1e-5"), "~="),
    (Mean(Abs(z), Gaussian(z)), Rational(79789, 10**5), balls(), "<"),
]
NOT_CERTIFIED = [
    (sin(x), x - Rational(1, 10**12), balls(depth=6), "<=", box),
    (x, x**2, balls(depth=6), "<", box),
    (1 / x, 1, balls(depth=6), ">=", box),
    (exp(-((200 * x - 74) ** 2)), Rational(1, 1000), balls(), "<", box),
    (x**2, Rational(999999, 10**6), balls(), "<=", box),
    (sin(x), x, balls(radius="0.1"), "~=", box),
    (sqrt(2), Rational(14142, 10**4), balls(radius="1e-5"), "~="),
    (exp(x), 10**6, balls(), "<", ()),
    (exp(pi * sqrt(163)), 640320**3 + 744, balls(), ">="),
    (f(x), 10, balls(), "<", box),
    (Integral(1 / z, (z, x, 1)), 10**6, balls(depth=4), "<", box),
]


@pytest.mark.parametrize("row", CERTIFIED, ids=str)
def test_balls_decide(row, accepts):
    accepts(row, "certified")


@pytest.mark.parametrize("row", NOT_CERTIFIED, ids=str)
def test_balls_do_not_decide(row, rejects):
    rejects(row)


# -- numeric ---------------------------------------------------------------

numeric, error = by.numeric, by.error
NUMERIC = [
    (Sum(1 / factorial(k), (k, 0, oo)), E, numeric(digits=30)),
    (Integral(exp(-(z**2)), (z, -oo, oo)), sqrt(pi), numeric()),
    (Sum(x**k, (k, 0, oo)), 1 / (1 - x), numeric(), "=", (Abs(x) <= 0.5,)),
    (sin(x) ** 2 + cos(x) ** 2, 1, numeric()),
    (exp(x), 1 + x, numeric(), ">="),
    (Integral(exp(-a * z), (z, 0, oo)), 1 / a, numeric()),
    (sin(x), x, error("0.17"), "~=", box),
    (cos(x), 1 - x**2 / 2, error("0.05"), "~=", box),
    (pi, Rational(22, 7), error("0.002"), "~="),
    (
        Integral(z**2 / (2 * sp.cosh(z) ** 2), (z, -oo, oo)),
        pi**2 / 12,
        numeric(),
    ),
]
NOT_NUMERIC = [
    (Sum((-2) ** k, (k, 0, oo)), Rational(1, 3), numeric()),
    (Integral(z / (1 + z**2), (z, -oo, oo)), 0, numeric()),
    (Integral(1 / z, (z, -1, 1)), 0, numeric()),
    (Sum((-1) ** k, (k, 0, oo)), Rational(1, 2), numeric()),
    (exp(pi * sqrt(163)), 640320**3 + 744, numeric(digits=31)),
    (sin(x), x, numeric()),
    (exp(-((200 * x - 74) ** 2)), Rational(1, 1000), numeric(), "<", box),
    (x, 90, numeric(), "<"),
    (f(x), f(x), numeric()),
    (sin(x), x, error("0.15"), "~=", box),
    (4 * x * (1 - x), 0, error("0.99"), "~=", box),
    (pi, Rational(22, 7), error("0.001"), "~="),
    (1 / x, 1 / x, error("0.1"), "~=", box),
    (exp(-n), 2 * exp(-n), numeric()),
]


@pytest.mark.parametrize("row", NUMERIC, ids=str)
def test_digits_agree(row, accepts):
    if len(row) > 4:
        given = tuple(
            g.replace(lambda e: e == 0.5, lambda e: Rational(1, 2))
            for g in row[4]
        )
        row = (*row[:4], given)
    accepts(row, "numeric")


@pytest.mark.parametrize("row", NOT_NUMERIC, ids=str)
def test_digits_do_not_agree(row, rejects):
    rejects(row)


def test_few_digits_are_no_evidence():
    with pytest.raises(ValueError, match="digits >= 6"):
        numeric(digits=0)


def test_sampling_says_what_it_did_not_decide():
    tail = Integral(sin(x * z) / z, (z, 0, oo))
    found = sample(Statement(tail, Relation.EQ, pi / 2, Domain((x > 1,))))
    assert (found.count, found.undecided > 0) == (0, True)
    assert "undecided" in found.fact[1]


# -- numbers that an author states -----------------------------------------


@pytest.mark.parametrize("value", [0.9, sp.Float("0.9", 1), 2 * sp.Float(1)])
@pytest.mark.parametrize(
    "make",
    [
        lambda v: by.within(v),
        lambda v: by.error(v),
        lambda v: by.balls(radius=v),
        lambda v: by.zscore(1, v),
        lambda v: by.seeds(confidence=v),
    ],
)
def test_floats_are_refused(value, make):
    with pytest.raises(TypeError, match=r"float|exact"):
        make(value)


@pytest.mark.parametrize(
    ("value", "text", "latex"),
    [
        ("1e-12", "1e-12", "10^{-12}"),
        ("5e-12", "5e-12", r"5 \cdot 10^{-12}"),
        ("0.9", "0.9", "0.9"),
        (Rational(1, 3), "1/3", r"\frac{1}{3}"),
        (Rational(1, 10**12), "1e-12", "10^{-12}"),
        (100, "100", "100"),
        ("-0.25", "-0.25", "-0.25"),
        ("0.02", "0.02", "0.02"),
    ],
)
def test_numbers_are_shown_as_they_were_written(value, text, latex):
    number = amount(value, "n")
    assert (plain(number), typeset(number)) == (text, latex)


# -- measured --------------------------------------------------------------


def test_students_quantiles():
    assert student(Rational(95, 100), 1) == pytest.approx(12.7062047364)
    assert student(Rational(99, 100), 2) == pytest.approx(9.92484320092)
    assert student(Rational(99, 100), 9) == pytest.approx(3.24983554159)
    assert student(Rational(95, 100), 10**6) == pytest.approx(1.95996635682)


MEASURED = [
    (R(0.91), Rational(9, 10), by.within("0.02"), "~="),
    (R(0.9, 0.91, 0.905), Rational(9, 10), by.within("0.03"), "~="),
    (R(3e-13), Rational(1, 10**12), by.bound(), "<"),
    (R(3, 4, 3.5), 2, by.bound(), ">"),
    (R(1.02), 1, by.zscore("0.01"), "~="),
    (R(0.80, 0.81, 0.82, 0.8), Rational(1, 2), by.seeds(), ">"),
]
NOT_MEASURED = [
    (R(0.91), Rational(9, 10), by.within("0.95"), "~="),
    (R(0.1, 1.7, 0.9), Rational(9, 10), by.within("0.2"), "~="),
    (R(3, 4, 1.5), 2, by.bound(), ">"),
    (R(0.9), sp.Float("0.9", 1), by.bound(), ">"),
    (R(0.55, 0.62, 0.6), Rational(1, 2), by.seeds(), ">"),
    (R(0.6, 0.7), Rational(1, 2), by.seeds(), ">"),
    (R(0.9), Rational(1, 2), by.seeds(), ">"),
    (R(0.9, 0.91, 0.92), Rational(9, 10), by.seeds(), "~="),
    (R(7), 1, by.zscore(5), "~="),
    (x, 1, by.bound(), "<"),
]


@pytest.mark.parametrize("row", MEASURED, ids=str)
def test_readings_that_show_it(row, accepts):
    accepts(row, "measured")


def test_what_rounding_makes_of_a_value_is_not_shown():
    found = (
        ch.claim("M2", "t", kind="empirical")
        .measure("lost", [517])
        .gt(4, by.bound(rounding=True))
        .steps()[0]
        .finding
    )
    assert dict(found.facts)["value"] == "> 4"
    assert "517" not in found.how
    with pytest.raises(ValueError, match="shows none"):
        by.bound(rounding=True, digits=2)
    with pytest.raises(ValueError, match="at least 1"):
        by.bound(digits=0)


@pytest.mark.parametrize("row", NOT_MEASURED, ids=str)
def test_readings_that_do_not(row, rejects):
    rejects(row)


def test_the_measurement_is_shown():
    c = (
        ch.claim("M1", "t", kind="empirical")
        .measure("acc", [0.80, 0.81, 0.82, 0.80])
        .gt(
            Rational(1, 2),
            by.seeds(origin="paper", setting="CPU, 100 steps", n=500),
        )
    )
    facts = dict(c.steps()[0].finding.facts)
    assert facts["value"] == "mean 0.8075"
    assert facts["seeds"] == "4"
    assert facts["n"] == "500"
    assert facts["origin"] == "paper"
    assert facts["interval"] == "[0.78, 0.84]"
    with pytest.raises(ValueError, match="no claim"):
        by.bound(origin="regression guard")


# -- not reproduced --------------------------------------------------------

MISSED = [
    ([0.4, 0.41, 0.42], "gt", Rational(1, 2), by.seeds()),
    ([0.52, 0.53, 0.52, 0.53], "lt", Rational(1, 2), by.seeds()),
    ([1.0, 1.01, 0.99], "approx", 2, by.within("0.1")),
    ([1.5], "approx", 1, by.zscore("0.01")),
]
NOT_MISSED = [
    ([0.9], "gt", Rational(1, 2), by.seeds()),
    ([0.9, 0.91, 0.92], "approx", Rational(9, 10), by.seeds()),
    ([0.9, 0.1, 0.95], "gt", Rational(1, 2), by.seeds()),
    ([0.9, 0.91, 0.92], "gt", Rational(1, 2), by.seeds()),
    ([0.49, 0.50, 0.48], "gt", Rational(1, 2), by.seeds()),
    ([0.4, 0.41], "gt", Rational(1, 2), by.seeds()),
    ([0.4], "gt", Rational(1, 2), by.bound()),
    ([0.4, 0.41, 0.42], "gt", Rational(1, 2), by.bound()),
    ([1.02], "approx", 1, by.zscore("0.01")),
    ([1.5], "approx", 2, by.within("0.1")),
    ([1.0, 1.5, 2.0], "approx", 2, by.within("0.1")),
]


def miss(number, values, relation, wanted, check):
    c = ch.claim(f"N{number}", "t", kind="empirical", source="post")
    return getattr(c.miss("acc", values), relation)(wanted, check)


@pytest.mark.parametrize("row", MISSED, ids=str)
def test_what_the_interval_excludes_is_missed(row):
    made = miss(MISSED.index(row), *row)
    assert made.level is Level.NOT_REPRODUCED
    assert dict(made.steps()[0].finding.facts)["claimed"]


@pytest.mark.parametrize("row", NOT_MISSED, ids=str)
def test_what_it_does_not_exclude_is_not(row):
    with pytest.raises(DerivationError):
        miss(100 + NOT_MISSED.index(row), *row)


def test_a_reading_measures_again():
    values = iter([1.0, 2.0])
    first = reading("r", lambda: next(values))
    assert first.values == (1.0,)
    assert first.again().values == (2.0,)
    with pytest.raises(TypeError, match="not given as a function"):
        R(1).again()

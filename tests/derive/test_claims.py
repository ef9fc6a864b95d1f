"""Claims: what they say, what they refuse, how they look."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import sympy as sp
from sympy import (
    Eq,
    Integer,
    Integral,
    Ne,
    Sum,
    exp,
    factorial,
    log,
    sin,
    sqrt,
)

import kexue_lib.derive
from kexue_lib.derive import (
    Chapter,
    ClaimError,
    DerivationError,
    Level,
    by,
    index,
)
from kexue_lib.derive.claims import MIME
from kexue_lib.derive.levels import Relation, composed, weakest
from kexue_lib.derive.statement import Finding

READS = ("tests/derive/evidence.example.json",)
SCHEMA = json.loads(
    (
        Path(kexue_lib.derive.__file__).parent / "evidence.schema.json"
    ).read_text(encoding="utf-8")
)


@pytest.fixture
def ch():
    return Chapter("demo")


@pytest.fixture
def names(ch):
    n, k = ch.symbols("n k", "integer nonnegative")
    x, y = ch.symbols("x y", "real")
    a, b = ch.symbols("a b", "positive")
    return n, k, x, y, a, b


# -- levels ---------------------------------------------------------------


def test_a_chain_is_as_strong_as_its_weakest_step(ch, names):
    _n, _k, x, *_ = names
    c = (
        ch.claim("C1", "t")
        .show((x + 1) ** 2)
        .eq(x**2 + 2 * x + 1, by.algebra())
        .eq(x * (x + 2) + 1, by.numeric(20))
    )
    assert c.level is Level.NUMERIC
    assert [s.finding.level for s in c.steps()] == [
        Level.PROVED,
        Level.NUMERIC,
    ]


def test_ancestors_count_separately(ch, names):
    _, _, x, *_ = names
    first = ch.claim("C1", "t").show(sin(x) ** 2).approx(0, by.error(2))
    show(ch, "C2", x)
    c3 = show(ch, "C3", x, uses="C1 C2")
    assert (first.level, c3.level) == (Level.NUMERIC, Level.PROVED)
    # Nothing rests on what is only mentioned.
    assert c3.level_with_ancestors is Level.PROVED
    assert c3.to_dict()["uses"] == ["demo.C1", "demo.C2"]
    assert c3.to_dict()["consumes"] == []


def test_what_a_check_consumes_counts_with_its_level(ch, names):
    n, k, *_ = names
    total = Sum(k, (k, 0, n))
    ch.claim("C1", "t").show(total).eq(n * (n + 1) / 2, by.numeric(10))
    c2 = ch.claim("C2", "t").show(2 * total).eq(n * (n + 1), by.using("C1"))
    c3 = ch.claim("C3", "t").show(c2).eq(n**2 + n, by.algebra())
    assert (c2.level, c3.level) == (Level.NUMERIC, Level.NUMERIC)
    assert c3.to_dict()["consumes"] == ["demo.C2"]


def test_a_lemma_that_nothing_uses_is_a_pointer(ch, names):
    n, k, *_ = names
    total = Sum(k, (k, 0, n))
    c1 = ch.claim("C1", "t").show(total).eq(n * (n + 1) / 2, by.numeric(10))
    idle = (
        ch.claim("C2", "t")
        .lemma(2 * total, "twice")
        .eq(n * (n + 1), by.using(c1))
        .show((n + 1) ** 2)
        .eq(n**2 + 2 * n + 1, by.algebra())
    )
    assert (idle.uses, idle.consumes) == (("demo.C1",), ())
    used = (
        ch.claim("C3", "t")
        .lemma(2 * total, "twice")
        .eq(n * (n + 1), by.using(c1))
        .show(2 * total + 1)
        .eq(n * (n + 1) + 1, by.using("twice"))
    )
    assert used.consumes == ("demo.C1",)


def test_a_used_equation_lends_no_more_than_its_own_level(ch, names):
    n, k, _x, *_ = names
    total = Sum(k, (k, 0, n))
    ch.claim("C1", "t").show(total).eq(n * (n + 1) / 2, by.each({n: range(5)}))
    c2 = ch.claim("C2", "t").show(2 * total).eq(n * (n + 1), by.using("C1"))
    assert c2.level is Level.EXACT
    assert c2.uses == ("demo.C1",)


@pytest.mark.parametrize("words", ["complex nonzero", "integer complex"])
def test_what_is_called_complex_is_not_real(ch, words):
    with pytest.raises(ValueError, match="is real"):
        ch.symbols("a", words)


def test_nobody_can_write_a_level_down(ch, names):
    _, _, x, *_ = names
    c = ch.claim("C1", "t").show(x).eq(x, by.algebra())
    with pytest.raises(AttributeError):
        c.level = Level.PROVED
    with pytest.raises(TypeError):
        by.algebra(level=Level.PROVED)


@pytest.mark.parametrize(
    ("relations", "whole"),
    [
        ("EQ EQ", "EQ"),
        ("EQ LE EQ", "LE"),
        ("LE LT", "LT"),
        ("GE EQ GT", "GT"),
        ("EQ SIM", "SIM"),
        ("EQ APPROX", "APPROX"),
        ("NE EQ", "NE"),
    ],
)
def test_relations_compose(relations, whole):
    found = composed([Relation[r] for r in relations.split()])
    assert found is Relation[whole]


@pytest.mark.parametrize("relations", ["LE GE", "LT GT", "NE NE", "SIM LE"])
def test_relations_that_do_not_compose(relations):
    with pytest.raises(ValueError, match="do not compose"):
        composed([Relation[r] for r in relations.split()])


def test_weakest_of_the_ladder():
    assert weakest([Level.PROVED, Level.EXACT]) is Level.EXACT
    assert weakest(Level) is Level.REFUTED


# -- hidden assumptions -----------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "make", "point"),
    [
        ("real", lambda z: (sqrt(z**2), z), {-1}),
        ("complex", lambda z: (sqrt(z**2), z), {-1, -1 - sp.I}),
        ("real", lambda z: (z / (z + z**2), 1 / (1 + z)), {0, -1}),
        ("complex", lambda z: (log(z**2), 2 * log(z)), None),
    ],
)
def test_the_error_names_a_point_of_the_declared_domain(facts, make, point):
    ch = Chapter("t")
    z = ch.symbols("z", facts)
    left, right = make(z)
    with pytest.raises(DerivationError) as caught:
        ch.claim("C1", "t").show(left).eq(right, by.algebra())
    assert caught.value.step == 1
    assert caught.value.claim == "t.C1"
    assert "left:" in str(caught.value)
    assert caught.value.point is not None
    if point:
        assert caught.value.point[z] in point


def test_division_by_zero_is_found_away_from_round_numbers(ch, names):
    _, _, x, *_ = names
    odd = sp.Rational(37, 11)
    left = (x - odd) * (x + 1) / (x**2 - odd**2)
    with pytest.raises(DerivationError, match="is a denominator") as caught:
        ch.claim("C1", "t").show(left).eq((x + 1) / (x + odd), by.algebra())
    assert abs(caught.value.point[x]) == odd
    (
        ch.claim("C2", "t")
        .given(Ne(x, odd), Ne(x, -odd))
        .show(left)
        .eq((x + 1) / (x + odd), by.algebra())
    )


def test_a_failed_step_leaves_no_chain(ch, names):
    _, _, x, *_ = names
    c = ch.claim("C1", "t")
    with pytest.raises(DerivationError):
        c.show(x).eq(x + 1, by.algebra())
    with pytest.raises(ClaimError, match="shows nothing"):
        c.to_dict()


def test_given_relations_bound_the_samples_and_are_shown(ch, names):
    n, k, _x, _y, _a, _b = names
    c = (
        ch.claim("C1", "t")
        .given(k <= n)
        .show(sp.binomial(n, k))
        .eq(sp.binomial(n, n - k), by.algebra())
    )
    shown = [a["text"] for a in c.to_dict()["assumptions"]]
    assert shown == ["k, n integer, >= 0", "k <= n"]


def test_equations_may_be_given(ch, names):
    _, _, x, y, *_ = names
    c = ch.claim("C1", "t").given(Eq(x + y, 1))
    step = c.show(x * (y + 1)).eq(x * y + x, by.algebra()).steps()[0]
    assert step.sampled.count >= 6
    with pytest.raises(DerivationError):
        c.show(x + y).eq(2, by.algebra())


# -- registry -----------------------------------------------------------------


def show(ch, number, x, **options):
    claim = ch.claim(number, "t", **options)
    return claim.show((x + 1) ** 2).eq(x**2 + 2 * x + 1, by.algebra())


def test_duplicate_id(ch, names):
    show(ch, "C1", names[2])
    with pytest.raises(ClaimError, match=r"duplicate claim demo\.C1"):
        show(ch, "C1", names[2])


def test_unknown_use(ch):
    with pytest.raises(ClaimError, match=r"demo\.C9, which does not exist"):
        ch.claim("C1", "t", uses="C9")
    with pytest.raises(ClaimError, match=r"no-chapter\.C3, which does"):
        ch.claim("C1", "t", uses="no-chapter.C3")


def test_circular_use(ch, names):
    with pytest.raises(ClaimError, match="circular"):
        ch.claim("C1", "t", uses="C1")


def test_circular_use_across_chapters(monkeypatch):
    other = {"far.C1": {"level": "proved", "consumes": ["demo.C1"]}}
    monkeypatch.setattr(index, "load", lambda chapter: other)
    with pytest.raises(ClaimError, match="circular"):
        Chapter("demo").claim("C1", "t", uses="far.C1")


def test_use_across_chapters_carries_its_level(monkeypatch):
    """What the index ships is used with its level, hypotheses and set."""
    far = Chapter("far")
    n, k = far.symbols("n k", "integer nonnegative")
    total = Sum(k, (k, 0, n))
    exact = by.each({n: range(3, 9)})
    made = far.claim("C1", "t").given(n > 2).show(total)
    data = made.eq(n * (n + 1) / 2, exact).to_dict()
    entry = {k: data[k] for k in ("consumes", "level", "statement")}
    monkeypatch.setattr(index, "load", lambda _: {"far.C1": entry})
    ch = Chapter("demo")
    m, k = ch.symbols("m k", "integer positive")

    def claimed(number, value, **options):
        claim = ch.claim(number, "t", **options)
        statement = 2 * Sum(k, (k, 0, value))
        check = by.using("far.C1", at={"n": value})
        return claim.show(statement).eq(value * (value + 1), check)

    with pytest.raises(DerivationError, match="the premise needs 2 < m"):
        claimed("C1", m)
    with pytest.raises(DerivationError):
        claimed("C2", m + 2)
    with pytest.raises(DerivationError, match="finite set"):
        claimed("C3", Integer(9))
    four = ch.claim("C4", "t").show(2 * Sum(k, (k, 0, 3)))
    with pytest.raises(ClaimError, match="no symbol 'N'"):
        four.eq(12, by.using("far.C1", at={"N": 3}))
    good = claimed("C5", Integer(5))
    assert good.level is Level.EXACT
    assert good.consumes == ("far.C1",)


def test_a_refuted_claim_supports_nothing_but_may_be_corrected(ch, names):
    _, _, x, *_ = names
    ch.claim("E1", "t", source="post").refute((x + 1) ** 2).eq(x**2 + 1)
    with pytest.raises(ClaimError, match="refuted"):
        ch.claim("C1", "t", uses="E1")
    c = (
        ch.claim("C2", "t", corrects="E1")
        .show((x + 1) ** 2)
        .eq(x**2 + 2 * x + 1, by.algebra())
    )
    assert c.to_dict()["corrects"] == "demo.E1"
    with pytest.raises(ClaimError, match="not refuted"):
        ch.claim("C3", "t", corrects="C2")


def test_what_is_refuted_and_what_is_shown_do_not_mix(ch, names):
    _, _, x, *_ = names
    c = ch.claim("E1", "t").refute(x).eq(x + 1)
    with pytest.raises(ClaimError, match="claims of their own"):
        c.show(x)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"kind": "theorem"}, "kind='theorem'"),
        ({"source": "blog"}, "source='blog'"),
        ({"number": "10"}, "number='10'"),
        ({"number": "C 1"}, "number='C 1'"),
    ],
)
def test_bad_claims_are_named(ch, options, named):
    number = options.pop("number", "C1")
    with pytest.raises(ClaimError, match=named):
        ch.claim(number, "t", **options)


def test_bad_chapter_and_symbols(ch):
    with pytest.raises(ValueError, match="slug='Bad Name'"):
        Chapter("Bad Name")
    with pytest.raises(ValueError, match="unknown assumption 'natural'"):
        ch.symbols("q", "natural")
    with pytest.raises(ValueError, match="state an assumption"):
        ch.symbols("q", "")


def test_unknown_symbol_and_wrong_assumptions(ch, names):
    _, _, x, *_ = names
    c = ch.claim("C1", "t")
    with pytest.raises(ClaimError, match="unknown symbol q"):
        c.show(x).eq(sp.Symbol("q", real=True), by.algebra())
    with pytest.raises(ClaimError, match="symbol x has other assumptions"):
        c.show(sp.Symbol("x"))
    with pytest.raises(ClaimError, match="let f: unknown symbol q"):
        ch.let("f", x, sp.Symbol("q"))


def test_strings_are_never_read_as_formulas(ch, names):
    _, _, x, *_ = names
    c = ch.claim("C1", "t")
    with pytest.raises(TypeError, match="not str 'x'"):
        c.show("x")
    with pytest.raises(TypeError, match="not str"):
        c.show(x).eq("__import__('os').getcwd()", by.algebra())
    with pytest.raises(TypeError, match="not float"):
        c.show(0.5)
    with pytest.raises(TypeError, match="not bool"):
        c.show(True)
    with pytest.raises(TypeError, match="instead of a relation"):
        c.show(Eq(x, 1, evaluate=False))


def test_sides_of_different_shape(ch, names):
    _, _, x, *_ = names
    c = ch.claim("C1", "t")
    with pytest.raises(ClaimError, match=r"is a 2 x 2 matrix.* is a number"):
        c.show(sp.eye(2)).eq(x, by.algebra())
    with pytest.raises(ClaimError, match=r"2 x 2 matrix.*3 x 3 matrix"):
        c.show(sp.eye(2)).eq(sp.eye(3), by.algebra())


def test_order_of_writing(ch, names):
    _, _, x, *_ = names
    c = ch.claim("C1", "t")
    with pytest.raises(ClaimError, match="begin with show"):
        c.eq(x, by.algebra())
    with pytest.raises(ClaimError, match="choose a check"):
        c.show(x).eq(x)
    c.show(x).eq(x, by.algebra())
    with pytest.raises(ClaimError, match="before the chains"):
        c.given(x > 0)
    with pytest.raises(TypeError, match="by must be a check"):
        c.eq(x, "expand")
    with pytest.raises(ClaimError, match="takes no check"):
        c.argue(x).eq(x, by.algebra())
    with pytest.raises(ClaimError, match="a measured value takes"):
        ch.claim("C2", "t").measure("m", 1.0).eq(1, by.algebra())


def test_given_takes_relations_that_say_something(ch, names):
    n, *_ = names
    c = ch.claim("C1", "t")
    with pytest.raises(ClaimError, match="holds already"):
        c.given(n >= 0)
    with pytest.raises(ClaimError, match="takes relations"):
        c.given(n)


def test_relations_of_one_chain_must_compose(ch, names):
    _, _, _x, _, a, _ = names
    c = ch.claim("C1", "t").show(a).lt(a + 1, by.sign())
    with pytest.raises(ValueError, match="do not compose"):
        c.gt(a, by.sign())


def test_no_point_satisfies_the_assumptions(ch, names):
    _, _, x, *_ = names
    c = ch.claim("C1", "t").given(x > 1, x < 0)
    with pytest.raises(DerivationError, match="no point"):
        c.show(x).eq(x, by.algebra())


# -- measured, quoted, argued, not reproduced --------------------------------


def test_not_reproduced_is_a_result(ch):
    c = (
        ch.claim("C1", "t", kind="empirical", source="paper")
        .miss("gain", [0.01, -0.02, 0.0, 0.015])
        .gt(sp.Rational(1, 10), by.seeds())
    )
    assert c.level is Level.NOT_REPRODUCED
    with pytest.raises(DerivationError, match="does not exclude"):
        (
            ch.claim("C2", "t", kind="empirical")
            .miss("gain", [0.5, 0.6, 0.55])
            .gt(sp.Rational(1, 10), by.seeds())
        )


def test_readings_of_one_name_are_kept_apart(ch):
    tenth = sp.Rational(1, 10)
    first = ch.claim("C1", "t").measure("m", 0.5).lt(1, by.bound())
    with pytest.raises(DerivationError, match=r"measured 0\.5, not < 0\.1"):
        ch.claim("C2", "t").measure("m", 0.5).lt(tenth, by.bound())
    second = ch.claim("C3", "t").measure("m", 0.01).lt(tenth, by.bound())
    assert first.lhs.values != second.lhs.values


def test_no_silent_nan_in_a_reading(ch):
    with pytest.raises(ValueError, match="no finite value"):
        ch.claim("C1", "t").measure("m", float("nan"))


def test_words_earn_nothing(ch, names):
    _, _, x, *_ = names
    c = ch.claim("C1", "t", kind="heuristic").argue("it looks plausible")
    assert c.level is Level.HEURISTIC
    q = ch.claim("C2", "t", kind="quoted").quote(x).eq(3 + x)
    assert q.level is Level.QUOTED


# -- rendering ----------------------------------------------------------------


@pytest.fixture
def rich(ch, names):
    n, k, x, _y, _a, _b = names
    v = ch.let("v", n, sqrt(2 * n + 1))
    f = ch.let("f", (n, x), v(n) * exp(x), tex=r"\hat f")
    return (
        ch.claim("C1", "A *rich* claim", source="paper", at="section 2")
        .given(x < 1)
        .lemma(Sum(k, (k, 0, n)), "sum")
        .eq(n * (n + 1) / 2, by.induction(n), "as at school")
        .show(f(n, x) * v(n))
        .eq((2 * n + 1) * exp(x), by.algebra())
    )


def test_the_bundle_is_valid_and_deterministic(rich):
    jsonschema = pytest.importorskip("jsonschema")
    bundle = rich._repr_mimebundle_()
    assert set(bundle) == {MIME, "text/markdown", "text/plain"}
    jsonschema.validate(bundle[MIME], SCHEMA)
    assert json.dumps(bundle) == json.dumps(rich._repr_mimebundle_())
    (stated,) = bundle[MIME]["statement"]
    assert stated["latex"] == (
        r"\hat f_{n}(x) v_{n} = \left(2 n + 1\right) e^{x}"
    )
    assert stated["text"] == "f(n, x)*v(n) = (2*n + 1)*exp(x)"
    assert (stated["level"], stated["where"]) == ("proved", [])
    names = [d["text"] for d in bundle[MIME]["definitions"]]
    assert names == ["f(n, x) = exp(x)*v(n)", "v(n) = sqrt(2*n + 1)"]


def test_the_example_of_the_schema_is_valid():
    jsonschema = pytest.importorskip("jsonschema")
    path = Path(__file__).with_name("evidence.example.json")
    for data in json.loads(path.read_text(encoding="utf-8")):
        jsonschema.validate(data, SCHEMA)


def test_markdown_reads_in_jupyter(rich):
    text = rich._repr_mimebundle_()["text/markdown"]
    assert text.startswith("**C1 · A *rich* claim** — *proved*")
    assert "\\begin{aligned}" in text
    assert "- (1) as at school: base $n = 0$" in text
    assert "where $\\hat f_{n}(x) = e^{x} v_{n}$" in text
    assert "for $k,\\ n \\in \\mathbb{Z}_{\\ge 0}$" in text


def test_text_reads_in_a_terminal(rich):
    assert repr(rich).startswith("demo.C1 [proved] A *rich* claim")
    assert "(1) as at school; base" in repr(rich)


def test_a_refutation_shows_its_counterexample(ch, names):
    _, _, x, *_ = names
    c = ch.claim("E1", "t").refute(sqrt(x**2 + 0)).eq(x, by.counterexample())
    found = c.to_dict()["chains"][0]["steps"][0]["counterexample"]
    assert found["point"][0]["symbol"]["text"] == "x"
    assert found["point"][0]["value"]["text"] == "-1"
    assert found["lhs"]["text"] == "1"


def test_sides_are_kept_as_written(ch, names):
    _n, _k, x, _y, *_ = names
    whole = Integral(x, (x, 0, 1))
    c = (
        ch.claim("C1", "t")
        .show(whole)
        .eq(sp.Rational(1, 2), by.antiderivative())
    )
    assert c.lhs is whole
    assert "\\int" in c.to_dict()["statement"][0]["latex"]


def test_equation_sides_survive_what_eq_would_swallow(ch, names):
    """sympy.Eq(x - x, 0) is True; a step keeps both of its sides."""
    n, *_ = names
    c = ch.claim("C1", "t").show(factorial(n + 1) - n * factorial(n))
    c.eq(factorial(n), by.algebra())
    assert c.to_dict()["statement"][0]["text"] == (
        "factorial(n + 1) - n*factorial(n) = factorial(n)"
    )


def test_only_the_checks_of_the_package_give_a_level(ch, names):
    _n, _k, x, *_ = names

    trusting = Finding(Level.EXACT, "trust me")

    @dataclass(frozen=True)
    class Mine(type(by.numeric())):
        def run(self, statement):
            return trusting

    @dataclass(frozen=True)
    class MineToo(type(by.algebra())):
        def run(self, statement):
            return trusting

    inside = by.each({x: [1]}, Mine()), by.order(x, 0, MineToo())
    for check in (Mine(), *inside):
        with pytest.raises(ClaimError, match=r"Mine(Too)? is no check"):
            ch.claim("C1", "t").show(x).eq(x + 1, check)
        ch.claims.clear()
        ch._origins.clear()


def test_a_tautology_is_no_result(ch, names):
    n, _k, x, *_ = names
    v = ch.let("v", n, sqrt(2 * n + 1))
    for same in (v(n), sqrt(2 * n + 1)):
        c = ch.claim("C1", "t").show(v(n)).eq(same, by.algebra())
        ch.claims.clear()
        ch._origins.clear()
        with pytest.raises(ClaimError, match="tautology"):
            c.to_dict()
    # A way round through another form says nothing either.
    c = ch.claim("C1", "t").show((x + 1) ** 2)
    c.eq(x**2 + 2 * x + 1, by.algebra()).eq((x + 1) ** 2, by.algebra())
    with pytest.raises(ClaimError, match="tautology"):
        c.to_dict()


def test_what_it_states_follows_from_the_chains(ch, names):
    n, k, x, *_ = names
    half = n * (n + 1) / 2
    c = ch.claim("C1", "t").show(Sum(k, (k, 0, n)) - half)
    c.eq(0, by.induction(n)).states(Sum(k, (k, 0, n))).eq(half)
    data = c.to_dict()
    assert [s["text"] for s in data["statement"]] == [
        "Sum(k, (k, 0, n)) = n*(n + 1)/2"
    ]
    assert c.level is Level.PROVED
    with pytest.raises(DerivationError, match="does not follow"):
        c.states(Sum(k, (k, 0, n)), "wrong").eq(half + 1)
    d = ch.claim("C2", "t").show(x**2 + 1).gt(0, by.sign())
    d.states(1 + x * x).ge(0)
    assert d.level is Level.PROVED
    with pytest.raises(DerivationError, match="no chain above"):
        ch.claim("C3", "t").show(x**2).ge(0, by.sign()).states(x**2).gt(0)


def test_hypotheses_stand_beside_the_statement_they_bear_on(ch, names):
    n, k, x, y, *_ = names
    c = ch.claim("C1", "t").given(k <= n, Ne(x, y))
    c.show((n + 1) ** 2 + k).eq(n**2 + 2 * n + 1 + k, by.algebra())
    c.show((x**2 - y**2) / (x - y)).eq(x + y, by.algebra())
    first, second = c.to_dict()["statement"]
    assert [w["text"] for w in first["where"]] == ["k <= n"]
    assert [w["text"] for w in second["where"]] == ["Ne(x, y)"]


def test_a_letter_that_comes_in_later_brings_its_hypotheses(ch, names):
    """(x + 1)^2 <= x^2 + 2 x + 1 + y is false without y >= 0."""
    _n, _k, x, y, *_ = names
    c = ch.claim("C1", "t").given(y >= 0).show((x + 1) ** 2)
    c.eq(x**2 + 2 * x + 1, by.algebra())
    c.le(x**2 + 2 * x + 1 + y, by.sign())
    data = c.to_dict()
    assert [a["text"] for a in data["assumptions"]] == ["x, y real", "y >= 0"]
    assert '"given": []' not in data["statement"][0]["formal"]
    with pytest.raises(DerivationError):
        ch.claim("C2", "t").show(x**2).le(
            x**2 + y, by.instances("C1", [(1, {})])
        )


def test_a_letter_that_leaves_leaves_its_hypotheses(ch, names):
    _n, _k, x, y, *_ = names
    c = ch.claim("C1", "t").given(Ne(y, 0)).show((x * y + y) / y)
    c.eq(x + 1, by.algebra()).eq(1 + x, by.numeric(10))
    d = ch.claim("C2", "t").given(y > 0).show(x)
    d.lt(x + y, by.sign()).lt(x + 2 * y, by.sign())
    for made in (c, d):
        shown = [a["text"] for a in made.to_dict()["assumptions"]]
        assert len(shown) == 2


def test_a_hypothesis_that_is_not_printed_beside_a_step_is_not_used(ch):
    x, y = ch.symbols("x y", "real")
    claim = ch.claim("C1", "t").given(y > 0, y < 0)
    # Contradictory, and about another symbol than the statement.
    with pytest.raises(DerivationError):
        claim.show(x).eq(x + 1, by.algebra())


def test_words_between_checked_formulas_are_a_level_of_their_own(ch, names):
    _n, _k, x, *_ = names
    c = ch.claim("C1", "t").argue("The limit may be taken inside.")
    assert c.level is Level.HEURISTIC
    c.show((x + 1) ** 2).eq(x**2 + 2 * x + 1, by.algebra())
    assert c.level is Level.ARGUED
    assert [s["text"] for s in c.to_dict()["statement"]] == [
        "(x + 1)**2 = x**2 + 2*x + 1"
    ]


def test_a_chain_begins_with_an_earlier_result(ch, names):
    n, k, *_ = names
    total = Sum(k, (k, 0, n))
    first = ch.claim("C1", "t").show(total)
    first.eq(n * (n + 1) / 2, by.induction(n))
    c = ch.claim("C2", "t").show(ch["C1"]).eq((n**2 + n) / 2, by.algebra())
    assert c.lhs is total
    assert c.consumes == ("demo.C1",)
    with pytest.raises(KeyError, match="it has C1, C2"):
        ch["C3"]


def test_a_title_is_a_sentence_of_fifteen_words(ch):
    ch.claim("C1", "word " * 14 + "$a + b + c$")
    with pytest.raises(ClaimError, match="16 words"):
        ch.claim("C2", "word " * 16)


def test_facts_of_a_symbol_are_printed(ch):
    p = ch.symbols("p", "prime")
    q = ch.symbols("q", "odd positive")
    r = ch.symbols("r", "rational")
    c = ch.claim("C1", "t").show((p + q + r) ** 2)
    c.eq((p + q) ** 2 + 2 * r * (p + q) + r**2, by.algebra())
    said = {a["text"] for a in c.to_dict()["assumptions"]}
    assert said == {
        "p integer, > 0, prime",
        "q integer, > 0, odd",
        "r real, rational",
    }


def test_layout_that_is_not_evaluated(ch, names):
    _, _, x, *_ = names
    half = sp.UnevaluatedExpr(sp.Rational(1, 2) * x)
    c = (
        ch.claim("C1", "t")
        .show(sp.Mul(2, half, evaluate=False))
        .eq(sp.Add(x, 0, evaluate=False), by.algebra())
    )
    assert c.expr == x
    assert c.rhs != x


def test_names_do_not_capture_bound_symbols(ch, names):
    n, k, _x, *_ = names
    s = ch.let("s", n, Sum(k, (k, 0, n)))
    c = (
        ch.claim("C1", "t")
        .show(Sum(s(k), (k, 0, n)))
        .eq(n * (n + 1) * (n + 2) / 6, by.each({n: range(7)}))
    )
    assert c.level is Level.EXACT


@pytest.mark.parametrize(
    ("make", "latex"),
    [
        (lambda n, k, x: n - k, "n - k"),
        (lambda n, k, x: -k + x**2 - 1, "x^{2} - k - 1"),
        (lambda n, k, x: sp.legendre(n + 1, x) ** 2, "P_{n + 1}^{2}(x)"),
        (lambda n, k, x: sp.Function("u")(x), "u(x)"),
        (
            lambda n, k, x: sp.Derivative(sp.Function("u")(x), x),
            r"\frac{\mathrm{d} u(x)}{\mathrm{d} x}",
        ),
        (lambda n, k, x: sp.KroneckerDelta(n, k), r"\delta_{k n}"),
        (
            lambda n, k, x: sp.KroneckerDelta(n, k + 1),
            r"\delta_{n,k + 1}",
        ),
    ],
)
def test_latex_as_on_a_blackboard(names, make, latex):
    from kexue_lib.derive.printing import to_latex

    n, k, x, *_ = names
    assert to_latex(make(n, k, x)) == latex


# -- cells run again ----------------------------------------------------------


def run_cells(*cells):
    """Run cells in a fresh IPython in another process; return its errors."""
    script = (
        "from IPython.core.interactiveshell import InteractiveShell as S\n"
        "s = S.instance()\n"
        f"for cell in {list(cells)!r}:\n"
        "    r = s.run_cell(cell, store_history=True, silent=False)\n"
        "    print('ERROR', r.error_in_exec) if r.error_in_exec else 0\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        line for line in done.stdout.splitlines() if line.startswith("ERROR")
    ]


HEAD = (
    "from kexue_lib.derive import Chapter, by\n"
    "ch = Chapter('demo'); x = ch.symbols('x', 'real')"
)
ONE = "ch.claim('C1', 't').show(x).eq(x, by.algebra())"


def test_a_cell_run_again_replaces_its_claim():
    pytest.importorskip("IPython")
    assert run_cells(HEAD, ONE, ONE, ONE) == []


def test_another_cell_with_the_same_number_is_an_error():
    pytest.importorskip("IPython")
    (error,) = run_cells(HEAD, ONE, ONE + "  # copied")
    assert "duplicate claim demo.C1" in error


def test_the_same_number_twice_in_one_cell_is_an_error():
    pytest.importorskip("IPython")
    (error,) = run_cells(HEAD, ONE + "\n" + ONE)
    assert "duplicate claim demo.C1" in error


def test_the_first_cell_run_again_starts_afresh():
    pytest.importorskip("IPython")
    assert run_cells(HEAD, ONE, HEAD, ONE + "  # edited") == []


# -- import -------------------------------------------------------------------


def test_import_is_quick_to_read_no_torch():
    code = (
        "import sys, kexue_lib.derive; "
        "print([m for m in ('torch', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert out.strip() == "[]"

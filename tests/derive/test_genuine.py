"""What is printed is what is read: no look-alikes, no hidden hypotheses."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import sympy as sp
from sympy import Abs, Function, Sum, exp, sin

from kexue_lib.derive import (
    Chapter,
    ClaimError,
    DerivationError,
    Gaussian,
    Mean,
    by,
)
from kexue_lib.derive.core.terms import FACTS
from kexue_lib.derive.domain import kind_of
from kexue_lib.derive.objects import Sentence
from kexue_lib.derive.statement import Finding
from kexue_lib.derive.theorems import Conclusion, Theorem, inequalities


@pytest.fixture
def ch():
    return Chapter("faces")


@pytest.fixture
def x(ch):
    return ch.symbols("x", "real")


# -- an author's own classes --------------------------------------------------


class Positive(sp.Symbol):
    """A symbol that says of itself what was not declared."""

    is_positive = True


class Everything(sp.Symbol):
    """Equal to whatever has the same hash."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(sp.Symbol("x", real=True))


class Product(sp.Mul):
    """Printed as a sum."""

    def _latex(self, printer):
        return "x + 1"


class Exponential(sp.Function):
    """Read by its name, printed as a sine."""

    def _latex(self, printer, exp=None):
        return r"\sin{x}"


class Given(sp.Eq):
    """Equal to every hypothesis."""

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1


Exponential.__name__ = Exponential.__qualname__ = "exp"


def altered(x):
    made = sp.Basic.__new__(sin, x)  # not the one that SymPy caches
    made._latex = lambda printer, exp=None: r"\cos{x}"
    return made


def renamed(x):
    f = Function("renamed")
    f._latex = lambda self, printer, exp=None: r"\cos{x}"
    return f(x)


LIARS = {
    "facts": lambda x: Positive("x", real=True),
    "equality": lambda x: Everything("x"),
    "print": lambda x: sp.Basic.__new__(Product, sp.Integer(2), x),
    "name": lambda x: sp.Basic.__new__(Exponential, x),
    "one object": altered,
    "one function": renamed,
}


@pytest.mark.parametrize("lie", LIARS)
def test_a_side_is_made_of_known_classes(ch, x, lie):
    made = LIARS[lie](x)
    with pytest.raises(TypeError, match=r"faces\.C1: .* is no class of"):
        ch.claim("C1", "t").show(made).gt(0, by.sign())


@pytest.mark.parametrize("lie", LIARS)
def test_so_are_names_hypotheses_and_certificates(ch, x, lie):
    made = LIARS[lie](x)
    with pytest.raises(TypeError, match="let v"):
        ch.let("v", x, made)
    with pytest.raises(TypeError, match="is no class of"):
        ch.claim("C1", "t").given(sp.Gt(made, 0, evaluate=False))
    claim = ch.claim("C2", "t").show(x**2)
    with pytest.raises(TypeError, match="Squares"):
        claim.ge(0, by.squares({made: 1}))


def test_a_hypothesis_that_equals_every_other_is_none(ch, x):
    y = ch.symbols("y", "real")
    false = sp.Basic.__new__(Given, x, y)
    claim = ch.claim("C1", "t").given(x > y - 1).show(x)
    with pytest.raises(TypeError, match="Given"):
        claim.eq(y, by.using(false))


def test_own_classes_and_those_of_sympy_pass(ch, x):
    v = ch.let("v", x, x**2)
    s = sp.IndexedBase("x", real=True)
    f = Function("f", real=True)
    left = Mean(x**2, Gaussian(x, 0, 1)) * (v(x) + s[0] + f(x))
    claim = ch.claim("C1", "t").show(left)
    assert claim.eq(x**2 + s[0] + f(x), by.algebra()).level.value == "proved"


# -- checks as `by` makes them ------------------------------------------------


@pytest.mark.parametrize("method", ["run", "sample", "decides"])
def test_a_check_that_was_altered_gives_no_level(ch, x, method):
    check = by.algebra()
    found = Finding(by.algebra.best, "trust me")
    object.__setattr__(check, method, lambda statement: found)
    with pytest.raises(ClaimError, match=r"faces\.C1: .*altered"):
        ch.claim("C1", "t").show(x).eq(x + 1, check)
    with pytest.raises(ClaimError, match="altered"):
        ch.claim("C2", "t").show(x).eq(x + 1, by.parity(x, check))


def test_only_theorems_of_the_library_are_cited(ch, x):
    point = sp.Symbol("X", real=True)
    source = inequalities.jensen.source
    mine = Theorem(
        "Mine", source, (point,), (), Conclusion(point, by_eq(), point + 1)
    )
    with pytest.raises(ClaimError, match="takes a theorem of"):
        ch.claim("C1", "t").show(x).eq(x + 1, by.theorem(mine(X=x)))
    weaker = replace(inequalities.young, hypotheses=())
    values = {s.name: x for s in weaker.letters}
    with pytest.raises(ClaimError, match="takes a theorem of"):
        ch.claim("C2", "t").show(x).le(x, by.theorem(weaker(**values)))


def by_eq():
    return inequalities.Relation.EQ


# -- look-alikes --------------------------------------------------------------


def test_two_names_that_print_alike(ch, x):
    n = ch.symbols("n", "integer nonnegative")
    one, two = ch.let("v", n, n**2), ch.let("v", n, 2 * n**2)
    with pytest.raises(ClaimError, match="two things print as v"):
        ch.claim("C1", "t").show(two(n) + x).eq(2 * one(n) + x, by.algebra())
    other = ch.let("w", n, n**2 + n, tex="v")
    with pytest.raises(ClaimError, match="two things print as"):
        ch.claim("C2", "t").show(other(n) + 1).gt(one(n), by.sign())
    claim = ch.claim("C3", "t").show(one(n + 1))
    claim = claim.eq(one(n) + 2 * n + 1, by.algebra())
    assert claim.level.value == "proved"


def test_a_name_keeps_its_meaning(ch, x):
    v = ch.let("v", x, x**2)
    claim = ch.claim("C1", "t").show(v(x + 1))
    claim = claim.eq(x**2 + 2 * x + 1, by.algebra())
    assert claim.to_dict()["level"] == "proved"
    v._body = x**3
    with pytest.raises(ClaimError, match="v has another meaning"):
        claim.to_dict()


def test_two_symbols_that_print_alike(ch):
    a, b = ch.symbols(r"alpha \alpha", "positive")
    claim = ch.claim("C1", "t").given(a > b).show(a - b)
    with pytest.raises(ClaimError, match="two things print as"):
        claim.gt(0, by.sign())


def test_two_functions_that_print_alike(ch, x):
    f, g = Function("f"), Function("f", positive=True)
    claim = ch.claim("C1", "t").show(x + Abs(g(x)) * f(x))
    with pytest.raises(ClaimError, match="two things print as f"):
        claim.eq(x + g(x) * f(x), by.algebra())


def test_a_placeholder_is_no_symbol(ch, x):
    free, same = sp.Dummy("y", positive=True), sp.Dummy("x", integer=True)
    with pytest.raises(ClaimError, match=r"placeholder.*'y'"):
        ch.claim("C1", "t").show(free + x).gt(x, by.sign())
    with pytest.raises(ClaimError, match="placeholder"):
        ch.let("v", x, free * x)
    with pytest.raises(ClaimError, match="placeholder"):
        ch.claim("C2", "t").show(Sum(x * same, (same, 0, 3)))
    k = sp.Dummy("k", integer=True)
    claim = ch.claim("C3", "t").show(Sum(x * k, (k, 0, 3)))
    assert claim.eq(6 * x, by.algebra()).level.value == "proved"


def test_words_are_no_formula(ch, x):
    words = Sentence(r"$\sin{x}$", positive=True)
    for number, side in (("C1", words), ("C2", words + x)):
        with pytest.raises(ClaimError, match="words are no side"):
            ch.claim(number, "t").show(side).gt(side - 1, by.sign())
    said = ch.claim("C3", "t").argue("a sine grows")
    assert said.level.value == "heuristic"


# -- all that was declared is printed -----------------------------------------

WORDS = (
    "integer",
    "rational",
    "real",
    "positive",
    "negative",
    "nonnegative",
    "nonpositive",
    "nonzero",
    "even",
    "odd",
    "prime",
)
SAYS = {
    "> 0": {"positive": True},
    ">= 0": {"nonnegative": True},
    "< 0": {"negative": True},
    "<= 0": {"nonpositive": True},
    "not 0": {"nonzero": True},
    "imaginary": {"imaginary": True},
    "complex": {"complex": True},
    "noncommutative": {"commutative": False},
    **{w: {w: True} for w in ("integer", "real", "even", "odd", "prime")},
    "rational": {"rational": True},
}


def test_what_is_printed_of_a_symbol_is_all_that_is_known():
    seen = 0
    for words in itertools.chain(
        itertools.combinations(WORDS, 1), itertools.combinations(WORDS, 2)
    ):
        try:
            symbol = Chapter("facts").symbols("s", " ".join(words))
        except ValueError:
            continue  # a contradiction, or only 0
        said = kind_of(symbol)[1].split(", ")
        read = sp.Symbol(
            "s", **{k: v for w in said for k, v in SAYS[w].items()}
        )
        for fact in FACTS:
            if fact != "noncommutative":
                known = getattr(symbol, f"is_{fact}")
                assert getattr(read, f"is_{fact}") is known, (words, said)
        seen += 1
    assert seen > 40


def test_a_symbol_that_is_0_is_no_symbol(ch):
    with pytest.raises(ValueError, match="leaves only 0"):
        ch.symbols("s", "nonnegative nonpositive")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "f smooth"),
        ({"positive": True}, "f > 0, smooth"),
        ({"real": True}, "f real, smooth"),
        ({"integer": True, "negative": True}, "f integer, < 0, smooth"),
    ],
)
def test_facts_of_functions_are_printed(ch, x, facts, said):
    f = Function("f", **facts)
    claim = ch.claim("C1", "t").show(exp(x) * (f(x) + 1))
    claim = claim.eq(exp(x) * f(x) + exp(x), by.algebra())
    shown = [a["text"] for a in claim.to_dict()["assumptions"]]
    assert shown == ["x real", said]


def test_a_function_of_the_hypotheses_is_printed(ch, x):
    f = Function("f", real=True)
    claim = ch.claim("C1", "t").given(x > f(0)).show(2 * x)
    claim = claim.gt(x + f(0), by.sign())
    shown = [a["text"] for a in claim.to_dict()["assumptions"]]
    assert "f real, smooth" in shown


# -- what nobody can print ----------------------------------------------------

ENDLESS = {
    "an integer": sp.Integer(10) ** 5000,
    "a fraction": sp.Rational(1, sp.Integer(7) ** 6000),
    "a power": sp.Pow(3, 10**5, evaluate=False),
    "a root": sp.sqrt(2) * sp.Pow(3, -(10**5), evaluate=False),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_a_number_of_thousands_of_digits_is_refused(ch, x, what):
    number = ENDLESS[what]
    with pytest.raises(ValueError, match=r"faces\.C1: a number of thousands"):
        ch.claim("C1", "t").show(x + number).gt(x, by.sign())
    tangent = ch.claim("C2", "t").show(x**2 + 1).gt(x, by.sign())
    claim = ch.claim("C3", "t").show(x)
    with pytest.raises(ValueError, match=r"C3: Instances: a number of"):
        claim.ge(0, by.instances(tangent, [(1, {x: number})]))


def test_long_numbers_that_can_be_printed_pass(ch, x):
    number = sp.Integer(10) ** 3000
    claim = ch.claim("C1", "t").show(x**2 + number).gt(x, by.sign())
    assert str(number) in claim.to_dict()["statement"][0]["text"]


def test_a_value_of_thousands_of_digits_is_told_in_words(ch, x):
    p = ch.symbols("p", "positive")
    large = sp.factorial(2000, evaluate=False)
    with pytest.raises(DerivationError, match="a number of 5736 digits"):
        ch.claim("C1", "t").show(large * p).lt(p, by.sign())
    f = Function("f")
    with pytest.raises(DerivationError, match="not seen to be 0"):
        ch.claim("C2", "t").show(f(large * p)).eq(p, by.algebra())


def test_a_formula_nested_too_deeply_is_refused(ch, x):
    deep = x
    for _ in range(60):
        deep = exp(-deep) + 1
    with pytest.raises(ValueError, match=r"C1: a formula nested more"):
        ch.claim("C1", "t").show(deep).gt(1, by.sign())

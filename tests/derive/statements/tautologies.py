"""Claims that say nothing, however they are dressed."""

from __future__ import annotations

import sympy as sp
from sympy import Integral, Product, Sum, exp, factorial

from kexue_lib.derive import Chapter, by

from .table import MALFORMED, Table

table = Table("tautologies")


class Book:
    """A chapter with the letters of this table."""

    def __init__(self):
        self.chapter = Chapter("empty")
        symbols = self.chapter.symbols
        self.n, self.k, self.m = symbols("n k m", "integer nonnegative")
        self.x, self.y = symbols("x y", "real")
        self.a, self.b = symbols("a b", "positive")
        self.c = self.chapter.let("c", self.n, factorial(self.n) + 1)
        self.w = self.chapter.let("w", self.x, exp(self.x) * self.x)

    def claim(self, number="C1"):
        return self.chapter.claim(number, "Says something")


def says(build):
    """The claim that ``build`` makes out of a book."""
    return lambda: build(Book())


def same(side, relation="eq", check=by.algebra):
    """The same on both sides."""
    return says(
        lambda b: getattr(b.claim().show(side(b)), relation)(side(b), check())
    )


def unfolded(b):
    return b.claim().show(b.c(b.n)).eq(factorial(b.n) + 1, by.algebra())


def folded(b):
    return b.claim().show(exp(b.x) * b.x).eq(b.w(b.x), by.algebra())


def there_and_back(b):
    started = b.claim().show((b.x + 1) ** 2)
    return started.eq(b.x**2 + 2 * b.x + 1, by.algebra()).eq(
        (b.x + 1) ** 2, by.algebra()
    )


def renamed(b):
    return (
        b.claim()
        .show(Sum(b.k * b.m, (b.k, 0, b.n)))
        .eq(
            Sum(
                sp.Symbol("k", integer=True, nonnegative=True) * b.m,
                (b.k, 0, b.n),
            ),
            by.algebra(),
        )
    )


def other_letter(b):
    left = Sum(factorial(b.k), (b.k, 0, b.n))
    return b.claim().show(left).eq(left.xreplace({b.k: b.m}), by.algebra())


def other_variable(b):
    left = Integral(exp(-(b.x**2)), (b.x, 0, b.a))
    return b.claim().show(left).eq(left.xreplace({b.x: b.y}), by.algebra())


def other_factor(b):
    left = Product(b.k + b.a, (b.k, 1, b.n))
    return b.claim().show(left).eq(left.xreplace({b.k: b.m}), by.algebra())


def from_a_lemma(b):
    b.claim("C1").show((b.x + 1) ** 2).eq(b.x**2 + 2 * b.x + 1, by.algebra())
    return b.claim("C2").show(b.w(b.x)).eq(b.w(b.x), by.using("C1"))


def nothing_as_lemma(b):
    started = b.claim().lemma(sp.Integer(0), "zero").eq(0, by.algebra())
    return started.show(b.x + 1).eq(1 + b.x, by.using("zero"))


def given_it(b):
    started = b.claim().given(sp.Eq(b.x, b.y))
    return started.show(b.x).eq(b.x, by.algebra())


EMPTY = {
    "1/n = 1/n": same(lambda b: 1 / (b.n + 1)),
    "0 = 0": same(lambda b: sp.Integer(0)),
    "a sum equals itself": same(lambda b: Sum(b.k, (b.k, 0, b.n))),
    "x <= x": same(lambda b: b.x, "le", by.sign),
    "e^x >= e^x": same(lambda b: exp(b.x), "ge", by.sign),
    "an integral equals itself": same(lambda b: Integral(b.x, (b.x, 0, b.a))),
    "by numbers": same(lambda b: exp(b.x), check=by.numeric),
    "at random points": same(lambda b: b.x * b.y, check=by.random_points),
    "a name and its meaning": says(unfolded),
    "a meaning and its name": says(folded),
    "there and back": says(there_and_back),
    "a sum whose index is called the same": says(renamed),
    "a sum whose index has another letter": says(other_letter),
    "an integral whose variable has another letter": says(other_variable),
    "a product whose index has another letter": says(other_factor),
    "with a lemma beside it": says(from_a_lemma),
    "0 = 0 as a lemma": says(nothing_as_lemma),
    "under a hypothesis": says(given_it),
}
for said, story in EMPTY.items():
    table.tells(said, story, MALFORMED, true=False, kin="27")


def square(b):
    return (
        b.claim().show((b.x + 1) ** 2).eq(b.x**2 + 2 * b.x + 1, by.algebra())
    )


def value_of_a_name(b):
    return (
        b.claim()
        .show(b.c(b.n + 1))
        .eq((b.n + 1) * (b.c(b.n) - 1) + 1, by.algebra())
    )


def strictly(b):
    return b.claim().show(b.x).lt(b.x + 1, by.sign())


def on_the_way(b):
    started = b.claim().show((b.x + 1) ** 2 - 1)
    return started.eq(b.x**2 + 2 * b.x, by.algebra()).eq(
        b.x * (b.x + 2), by.algebra()
    )


def of_a_lemma(b):
    started = b.claim().lemma((b.x + 1) ** 2, "square")
    started = started.eq(b.x**2 + 2 * b.x + 1, by.algebra())
    return started.show(3 * (b.x + 1) ** 2).eq(
        3 * b.x**2 + 6 * b.x + 3, by.using("square")
    )


FULL = {
    "a square": square,
    "a recurrence of a name": value_of_a_name,
    "x < x + 1": strictly,
    "on the way": on_the_way,
    "of a lemma": of_a_lemma,
}
for said, build in FULL.items():
    table.tells(said, says(build), "proved", true=True)

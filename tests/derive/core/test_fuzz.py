"""Sums made at random: what the core accepts has equal values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from seeds import random_rng

from kexue_lib.derive.core import Statement, Yes, decide
from kexue_lib.derive.core.terms import (
    ONE,
    ZERO,
    Term,
    add,
    binder,
    free,
    mul,
    neg,
    num,
    opened,
    power,
    sub,
    subst,
    sym,
)

n = sym("n", "integer", "nonnegative", "real")
m = sym("m", "integer", "nonnegative", "real")
k = sym("k", "integer", "real")
x = sym("x", "real")
STATEMENTS = 30
SEEDS = range(4)


def _entry(index: Term) -> Term:
    return Term("idx", "v", frozenset(["real"]), index)


class Sums:
    """Sums and what is done to them, rightly or not."""

    def __init__(self, seed: int) -> None:
        self.random = random_rng(seed)

    def often(self, chance: float) -> bool:
        return self.random.random() < chance

    def index(self) -> Term:
        found = add(
            self.random.choice([k, neg(k)]), num(self.random.randint(-2, 2))
        )
        return add(found, n) if self.often(0.3) else found

    def body(self) -> Term:
        parts = [_entry(self.index())]
        if self.often(0.3):
            parts.append(power(x, self.random.choice([k, sub(n, k)])))
        if self.often(0.3):
            parts.append(k)
        if self.often(0.2):
            parts = [power(num(2), k)]
        if self.often(0.15):
            parts.append(_entry(self.index()))
        return mul(*parts)

    def statement(self) -> tuple[Term, Term]:
        b = self.body()
        low = num(self.random.randint(-1, 2))
        high = add(n, num(self.random.randint(-2, 2)))
        ways: list[Callable[[Term, Term, Term], tuple[Term, Term]]] = [
            self.shifted,
            self.reversed,
            self.without_last,
            self.without_first,
            self.linear,
        ]
        if n not in free(b):
            ways.append(self.nested)
        return self.random.choice(ways)(b, low, high)

    def shifted(self, b: Term, low: Term, high: Term) -> tuple[Term, Term]:
        s = self.random.randint(-2, 2)
        off = self.random.choice([-1, 1]) if self.often(0.4) else 0
        moved = subst(b, {k: add(k, num(s))})
        ends = sub(low, num(s)), sub(high, num(s + off))
        return over(b, low, high), over(moved, *ends)

    def reversed(self, b: Term, low: Term, high: Term) -> tuple[Term, Term]:
        total = add(low, high, ONE if self.often(0.4) else ZERO)
        turned = subst(b, {k: sub(total, k)})
        return over(b, low, high), over(turned, low, high)

    def without_last(
        self, b: Term, low: Term, high: Term
    ) -> tuple[Term, Term]:
        d = self.random.randint(1, 3)
        kept = range(d - self.often(0.3))
        last = (subst(b, {k: sub(high, num(i))}) for i in kept)
        rest = over(b, low, sub(high, num(d)))
        return over(b, low, high), add(rest, *last)

    def without_first(
        self, b: Term, low: Term, high: Term
    ) -> tuple[Term, Term]:
        d = self.random.randint(1, 2)
        kept = range(d - self.often(0.3))
        first = (subst(b, {k: add(low, num(i))}) for i in kept)
        rest = over(b, add(low, num(d)), high)
        return over(b, low, high), add(rest, *first)

    def linear(self, b: Term, low: Term, high: Term) -> tuple[Term, Term]:
        other = self.body()
        end = high if self.often(0.6) else add(high, ONE)
        both = over(add(b, other), low, high)
        return over(b, low, high), sub(both, over(other, low, end))

    def nested(self, b: Term, low: Term, high: Term) -> tuple[Term, Term]:
        twice = binder("sum", over(b, ZERO, m), m, ZERO, n)
        count = add(sub(n, k), ONE if self.often(0.6) else ZERO)
        return twice, over(mul(b, count), ZERO, n)


def over(b: Term, low: Term, high: Term) -> Term:
    """The sum over k."""
    return binder("sum", b, k, low, high)


def value(t: Term, at: dict[Any, Any], depth: int = 0) -> Fraction:
    """The value, by arithmetic of fractions alone."""
    a = t.args
    match t.op:
        case "num":
            return Fraction(a[0])
        case "sym":
            return Fraction(at[t])
        case "add":
            return sum((value(u, at, depth) for u in a), Fraction(0))
        case "mul":
            out = Fraction(1)
            for u in a:
                out *= value(u, at, depth)
            return out
        case "pow":
            return value(a[0], at, depth) ** int(value(a[1], at, depth))
        case "idx":
            return Fraction(at["v"](value(a[2], at, depth)))
    assert t.op == "sum"
    low, high = (int(value(e, at, depth)) for e in a[1:])
    inner = sym(f"inner{depth}", "integer", "real")
    body = opened(a[0], inner)
    return sum(
        (
            value(body, {**at, inner: j}, depth + 1)
            for j in range(low, high + 1)
        ),
        Fraction(0),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_accepted_sums_have_equal_values(seed: int) -> None:
    sums, accepted = Sums(seed), 0
    for _ in range(STATEMENTS):
        left, right = sums.statement()
        if not isinstance(decide(Statement(left, "=", right)), Yes):
            continue
        accepted += 1
        for size in range(6):
            family: dict[Fraction, Fraction] = {}
            at = {
                n: size,
                x: Fraction(sums.random.randint(1, 5), 3),
                "v": lambda j, f=family: f.setdefault(
                    j, Fraction(sums.random.randint(-50, 50), 7)
                ),
            }
            assert value(left, at) == value(right, at), (left, right, size)
    assert accepted > STATEMENTS // 8

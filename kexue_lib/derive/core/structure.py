"""What the structure of a term says: real, an integer, of a sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kexue_lib.derive.core.field import along_reals, open_symbols, span
from kexue_lib.derive.core.functions import POLYNOMIALS
from kexue_lib.derive.core.hypotheses import REAL_FACTS, Hypotheses
from kexue_lib.derive.core.terms import (
    HALF,
    NOO,
    ONE,
    OO,
    PI,
    ZERO,
    Term,
    add,
    facts_of,
    fn,
    fresh,
    infinite,
    mul,
    neg,
    opened,
    sub,
)

Signs = frozenset[int]
PLUS, NONNEG = frozenset([1]), frozenset([0, 1])
MINUS_, NONPOS = frozenset([-1]), frozenset([-1, 0])
NOT0, ANY = frozenset([-1, 1]), frozenset([-1, 0, 1])

_BY_FACT = {
    "positive": PLUS,
    "prime": PLUS,
    "negative": MINUS_,
    "nonnegative": NONNEG,
    "nonpositive": NONPOS,
}

REAL_ON_REALS = frozenset(
    [
        "exp",
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "sech",
        "csch",
        "atan",
        "asinh",
        "erf",
        "erfc",
        "erfi",
        "gamma",
        "rgamma",
        "factorial",
        "binomial",
        "RisingFactorial",
        "FallingFactorial",
        "floor",
        "ceiling",
        "Heaviside",
        "sign",
        "Max",
        "Min",
    ]
)
"""Real for real arguments, wherever defined. Not log, asin, acosh, K_nu."""

SIGN_OF_ARGUMENT = frozenset(
    {"sinh", "tanh", "atan", "asinh", "erf", "erfi", "sign"}
)
"""Odd and growing: they have the sign of their real argument."""


def signs_added(parts: list[Signs]) -> Signs:
    """The signs that a sum may have."""
    union = frozenset().union(*parts)
    if union <= NONNEG:
        return PLUS if PLUS in parts else NONNEG
    if union <= NONPOS:
        return MINUS_ if MINUS_ in parts else NONPOS
    return ANY


class Structure(Hypotheses):
    """Answers read off the structure of terms."""

    def integer(self, t: Term) -> bool:
        """Known to be an integer."""
        a = t.args
        match t.op:
            case "num":
                return bool(a[0].denominator == 1)
            case "sym":
                return bool(facts_of(t) & {"integer", "prime", "even", "odd"})
            case "idx":
                return "integer" in a[1]
            case "add" | "mul":
                return all(map(self.integer, a)) or _halved(self, t)
            case "pow":
                whole_ = self.integer(a[0]) and self.integer(a[1])
                return whole_ and self.nonnegative(a[1])
            case "fn":
                names = ("factorial", "binomial", "floor", "ceiling")
                if a[0] in ("floor", "ceiling"):
                    return True
                inside = all(map(self.integer, a[1:]))
                return a[0] in (*names, "Max", "Min", "sign") and inside
            case "sum" | "prod":
                return not infinite(t) and self._body(
                    t, self.integer, "integer"
                )
        return False

    def real(self, t: Term) -> bool:
        """Known to be real."""
        a = t.args
        match t.op:
            case "num":
                return True
            case "const":
                return a[0] not in ("I", "true", "oo", "-oo")
            case "sym":
                return bool(facts_of(t) & REAL_FACTS)
            case "add":
                return all(map(self.real, a))
            case "mul":
                return all(map(self.real, a)) or self._real_product(t)
            case "pow":
                if not (self.real(a[0]) and self.real(a[1])):
                    return False
                return self.integer(a[1]) or self.nonnegative(a[0])
            case "idx":
                return bool(a[1] & REAL_FACTS)
            case "sum" | "prod":
                return self._body(t, self.real, "integer")
            case "karr":
                hidden = (t, *open_symbols(self), *self.given)
                k = fresh("#i", hidden, "integer", "real")
                return self.real(opened(a[0], k))
            case "int":
                return along_reals(self, t) and self._body(
                    t, self.real, "real"
                )
            case "diff":
                inner = Term("int", a[0], a[1], a[1])
                return self.real(a[1]) and self._body(inner, self.real, "real")
            case "cases":
                return all(map(self.real, a[1::2]))
            case "fn":
                return self._real_function(a[0], a[1:])
        return False

    def real_valued(self, t: Term) -> bool:
        """Known to be real, also as its own conjugate."""
        if self.real(t):
            return True

        def answer() -> bool:
            return self.field().zero(sub(t, fn("conjugate", t)))

        return bool(self._asked(("real", t), answer, False))

    def _real_function(self, name: str, u: tuple[Term, ...]) -> bool:
        if name in ("Abs", "re", "im", "floor", "ceiling"):
            return True
        if name in ("log", "uppergamma", "lowergamma", "besselk", "bessely"):
            return all(map(self.positive, u))
        if name == "jn":  # sqrt(pi/(2 x)) J, so a branch cut unless integer
            whole_ = self.integer(u[0]) and self.real(u[1])
            return whole_ or (self.real(u[0]) and self.positive(u[1]))
        if name in ("besselj", "besseli"):
            return self.real(u[0]) and self.positive(u[1])
        if name in ("asin", "acos", "atanh"):
            inside = (sub(ONE, u[0]), add(ONE, u[0]))
            return self.real(u[0]) and all(map(self.nonnegative, inside))
        if name == "conjugate":
            return self.real(u[0])
        if name in POLYNOMIALS:
            return self.integer(u[0]) and self.real(u[1])
        if name.startswith("?"):
            return "+real" in name or "+positive" in name
        return name in REAL_ON_REALS and all(map(self.real, u))

    def _real_product(self, t: Term) -> bool:
        """z conj(z), whatever else is real."""
        left = list(t.args)
        for u in t.args:
            back = Term("fn", "conjugate", u)
            if u in left and back in left:
                left.remove(u)
                left.remove(back)
        return len(left) < len(t.args) and all(map(self.real, left))

    def _body(self, t: Term, test: Callable[[Term], bool], kind: str) -> bool:
        hidden = (t, *open_symbols(self), *self.given)
        k = fresh(f"#{kind[0]}", hidden, kind, "real")
        over = (k, t.args[1], t.args[2])
        if t.op == "int" and t.args[1] is not t.args[2]:
            over = span(self, *over)
        with self.within(over):
            return test(opened(t.args[0], k))

    def sign(self, t: Term) -> Signs:
        """The signs that a term may have, by structure; ANY if not real."""
        return self._asked(("sign", t), lambda: self._sign(t), ANY)

    def _sign(self, t: Term) -> Signs:
        a = t.args
        match t.op:
            case "num":
                return frozenset([(a[0] > 0) - (a[0] < 0)])
            case "const":
                return ANY if a[0] in ("I", "-oo", "true") else PLUS
            case "sym":
                return _of_facts(facts_of(t))
            case "idx":
                return _of_facts(a[1])
            case "add":
                return signs_added([self.sign(p) for p in a])
            case "mul":
                out = PLUS
                for p in a:
                    out = frozenset(x * y for x in out for y in self.sign(p))
                return out if self.real(t) else ANY
            case "pow":
                return self._sign_power(a[0], a[1])
            case "fn":
                return self._sign_function(a[0], a[1:])
            case "cases":
                parts = [self.sign(v) for v in a[1::2]]
                return frozenset().union(*parts)
            case "sum" | "prod" if self.real(t):
                if self._body(t, self.positive, "integer"):
                    if infinite(t):  # a product may go to 0
                        return PLUS if t.op == "sum" else NONNEG
                    if t.op == "prod":
                        return PLUS
                    some = self.nonnegative(sub(a[2], a[1]))
                    return PLUS if some else NONNEG
                if self._body(t, self.nonnegative, "integer"):
                    return NONNEG
            case "int" if self.real(t) and self._forward(a[1], a[2]):
                if self._body(t, self.nonnegative, "real"):
                    return NONNEG
        return ANY

    def _forward(self, low: Term, high: Term) -> bool:
        """The ends of an integral are in order."""
        if low is NOO or high is OO:
            return True
        return self.nonnegative(sub(high, low))

    def _sign_power(self, base: Term, e: Term) -> Signs:
        if not self.real(e):
            return ANY
        signs = self.sign(base)
        if signs == PLUS or (not signs <= PLUS and self.positive(base)):
            return PLUS
        if e.op == "num" and e.args[0].denominator == 1 and self.real(base):
            n = int(e.args[0])
            found = frozenset(s ** abs(n) for s in signs)
            return found - {0} if n < 0 else found
        if signs <= NONNEG or self.nonnegative(base):
            return NONNEG
        return ANY

    def _sign_function(self, name: str, u: tuple[Term, ...]) -> Signs:
        if name == "Abs":
            return NONNEG
        if name in ("exp", "cosh", "sech") and self.real(u[0]):
            return PLUS
        if "+positive" in name:
            return PLUS
        if name in ("gamma", "rgamma") and self.positive(u[0]):
            return PLUS
        if name == "factorial" and self.nonnegative(u[0]):
            return PLUS
        if name == "RisingFactorial" and (
            self.positive(u[0]) and self.nonnegative(u[1])
        ):
            return PLUS
        if name in ("uppergamma", "besselk") and all(map(self.positive, u)):
            return PLUS
        if name == "erfc" and self.real(u[0]):
            return PLUS
        if name == "binomial" and all(map(self.nonnegative, u)):
            return NONNEG if all(map(self.integer, u)) else ANY
        if name in SIGN_OF_ARGUMENT and self.real(u[0]):
            signs = self.sign(u[0])
            return signs if signs != ANY else self._sign_of(u[0])
        if name in ("sin", "cos") and self.real(u[0]):
            return self._sign_wave(name, u[0])
        if name == "log" and self.positive(u[0]):
            return self._sign_of(sub(u[0], ONE))
        if name in ("Max", "Min") and all(map(self.real, u)):
            parts = [self.sign(v) for v in u]
            if name == "Max" and PLUS in parts:
                return PLUS
            if name == "Max" and any(p <= NONNEG for p in parts):
                return NONNEG
            return frozenset().union(*parts)
        return ANY

    def _sign_of(self, t: Term) -> Signs:
        if self.positive(t):
            return PLUS
        if self.nonnegative(t):
            return NONNEG
        if self.positive(neg(t)):
            return MINUS_
        return NONPOS if self.nonnegative(neg(t)) else ANY

    def _sign_wave(self, name: str, u: Term) -> Signs:
        """sin on [0, pi] and cos on [-pi/2, pi/2]."""
        shift = ZERO if name == "sin" else mul(HALF, PI)
        low, high = add(u, shift), sub(sub(PI, shift), u)
        if self.positive(low) and self.positive(high):
            return PLUS
        if self.nonnegative(low) and self.nonnegative(high):
            return NONNEG
        return ANY


def _of_facts(facts: Any) -> Signs:
    out = ANY
    for fact, signs in _BY_FACT.items():
        if fact in facts:
            out = out & signs
    if facts & REAL_FACTS and facts & {"nonzero", "odd"}:
        out = out - {0}
    return out


def _halved(know: Structure, t: Term) -> bool:
    """n (n + 1)/2 and the like: one of two neighbours is even."""
    if t.op != "mul" or t.args[0].op != "num":
        return False
    if t.args[0].args[0] * 2 % 1 != 0:
        return False
    rest = t.args[1:]
    if not all(map(know.integer, rest)):
        return False
    return any("even" in facts_of(a) for a in rest if a.op == "sym") or any(
        sub_is_one(a, b) for a in rest for b in rest if a is not b
    )


def sub_is_one(a: Term, b: Term) -> bool:
    """b is written as a + 1."""
    return b.op == "add" and set(b.args) == {a, ONE}

"""Truncated series in one small scale w, with coefficients that vary slower.

``sum of c w^e + o(w^s) for every s < error``, where w tends to 0, the
exponents are constants, and each coefficient is a term in z that is slower
than every power of w (`Asker.slow` of `germs` sees to that). Each operation
is a theorem about such sums: a product of remainders is a remainder, and an
analytic function of a small series is its Taylor polynomial up to as many
terms as are asked for. What is not seen to be nonzero is never divided by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.field import Field, Quotient
from kexue_lib.derive.core.limits.asking import (
    Asker,
    ShallowError,
    finite,
    turns,
)
from kexue_lib.derive.core.limits.tails import (
    EXPONENTS,
    TAILS,
    coefficient,
)
from kexue_lib.derive.core.terms import (
    MINUS,
    ZERO,
    Term,
    UnsupportedError,
    add,
    fn,
    fresh,
    mul,
    neg,
    num,
    power,
    sub,
    subst,
)

ANALYTIC = frozenset({"erf", "erfc", "atan", "asinh"})
"""Analytic at every real number, with derivatives in the table."""
HIGHEST = 24
"""Whole powers up to this one are multiplied out."""


class Series(NamedTuple):
    """Exponents ascending, coefficients not 0; error None: exact."""

    terms: tuple[tuple[Term, Quotient], ...]
    error: Term | None = None


class Level:
    """Reads terms as series in one scale.

    Args:
        asker: answers about coefficients.
        scale: u with w = exp(-u), u -> oo.
        fast: each exponential of this class: exp(v) = w^(-c) times slower.
        count: how many terms of an infinite series are taken.
        f: the field of the coefficients.
    """

    def __init__(
        self,
        asker: Asker,
        scale: Term,
        fast: dict[Term, Term],
        count: int,
        f: Field,
    ) -> None:
        self.ask, self.scale, self.fast = asker, scale, fast
        self.count, self.f = count, f

    def term(self, c: Quotient) -> Term:
        """A coefficient as a term."""
        return self.ask.plain(self.f.to_term(c))

    # -- exponents ---------------------------------------------------------

    def compare(self, a: Term, b: Term) -> int:
        """-1, 0, 1 as a is less, equal, greater."""
        if a.op == b.op == "num":
            return int(a.args[0] > b.args[0]) - int(a.args[0] < b.args[0])
        know, gap = self.ask.know, sub(a, b)
        if self.ask.vanishes(gap):
            return 0
        with know.thoroughly():
            if know.positive(gap):
                return 1
            if know.positive(neg(gap)):
                return -1
        raise UnsupportedError(f"the order of the exponents {a} and {b}")

    def plus_exponent(self, a: Term, b: Term) -> Term:
        """A sum of exponents."""
        if a.op == b.op == "num":
            return num(a.args[0] + b.args[0])
        return self.ask.constant(add(a, b))

    def times_exponent(self, a: Term, b: Term) -> Term:
        """A product of exponents."""
        if a.op == b.op == "num":
            return num(a.args[0] * b.args[0])
        return self.ask.constant(mul(a, b))

    def least(self, errors: Iterable[Term | None]) -> Term | None:
        """The least error; None is infinite."""
        out: Term | None = None
        for e in errors:
            if e is not None and (out is None or self.compare(e, out) < 0):
                out = e
        return out

    # -- sums and products -------------------------------------------------

    def made(
        self, pairs: Iterable[tuple[Term, Quotient]], error: Term | None
    ) -> Series:
        """Collect equal exponents; drop what the error covers."""
        out: list[tuple[Term, Quotient]] = []
        for e, c in pairs:
            if error is not None and self.compare(e, error) >= 0:
                continue
            for i, (have, d) in enumerate(out):
                order = self.compare(e, have)
                if order == 0:
                    out[i] = (have, self.f.plus(c, d))
                    break
                if order < 0:
                    out.insert(i, (e, c))
                    break
            else:
                out.append((e, c))
        return Series(tuple(p for p in out if p[1].top != 0), error)

    def constant(self, c: Quotient) -> Series:
        """An exact coefficient."""
        return self.made([(ZERO, c)], None)

    def plus(self, *parts: Series) -> Series:
        """A sum."""
        error = self.least(p.error for p in parts)
        return self.made((t for p in parts for t in p.terms), error)

    def scaled(self, s: Series, c: Quotient) -> Series:
        """A multiple by a slow coefficient."""
        pairs = ((e, self.f.times(c, d)) for e, d in s.terms)
        return self.made(pairs, s.error)

    def shifted(self, s: Series, by: Term) -> Series:
        """Times a power of w."""
        pairs = [(self.plus_exponent(e, by), c) for e, c in s.terms]
        error = s.error and self.plus_exponent(s.error, by)
        return Series(tuple(pairs), error)

    def times(self, a: Series, b: Series) -> Series:
        """A product."""
        errors: list[Term | None] = []
        for s, t in ((a, b), (b, a)):
            if s.error is not None:
                low = t.terms[0][0] if t.terms else t.error
                if low is not None:
                    errors.append(self.plus_exponent(s.error, low))
        error = self.least(errors)
        pairs = [
            (self.plus_exponent(d, e), self.f.times(p, q))
            for d, p in a.terms
            for e, q in b.terms
        ]
        return self.made(pairs, error)

    def taylor(
        self, small: Series, factor: Callable[[int], Quotient]
    ) -> Series:
        """``sum of factor(k) small^k`` for a series that tends to 0."""
        out = self.constant(factor(0))
        low = small.terms[0][0] if small.terms else small.error
        if low is None:
            return out
        if self.compare(low, ZERO) <= 0:
            raise ShallowError("a remainder that may not be small")
        left = self.times_exponent(num(self.count), low)
        run = self.constant(self.f.constant(1))
        for k in range(1, self.count):
            run = self.times(run, small)
            out = self.plus(out, self.scaled(run, factor(k)))
        return self.made(out.terms, self.least((out.error, left)))

    def split(self, s: Series) -> tuple[Term, Quotient, Series]:
        """(e, c, d) with ``s = c w^e (1 + d)``, c never 0 for large z."""
        if not s.terms:
            if s.error is None:
                raise UnsupportedError("0 in a denominator or a logarithm")
            raise ShallowError("no leading term is seen")
        e, c = s.terms[0]
        self.ask.apart(self.term(c))
        one = self.scaled(self.shifted(s, neg(e)), self.f.raised(c, -1))
        return e, c, Series(one.terms[1:], one.error)

    def bounded(self, s: Series) -> tuple[Quotient, Series]:
        """(coefficient of w^0, the rest, which tends to 0)."""
        if s.error is not None and self.compare(s.error, ZERO) <= 0:
            raise ShallowError("a remainder that may not be small")
        if s.terms and self.compare(s.terms[0][0], ZERO) < 0:
            raise UnsupportedError("a function of what is not bounded")
        zero = s.terms and self.compare(s.terms[0][0], ZERO) == 0
        if zero:
            return s.terms[0][1], Series(s.terms[1:], s.error)
        return self.f.constant(0), s

    # -- reading -----------------------------------------------------------

    def moving(self, t: Term) -> bool:
        """An exponential of this class occurs."""
        return t in self.fast or any(map(self.moving, t.children))

    def read(self, t: Term) -> Series:
        """A term as a series."""
        if not self.moving(t):
            return self.constant(self.f.norm(t))
        match t.op:
            case "add":
                return self.plus(*map(self.read, t.args))
            case "mul":
                out = self.read(t.args[0])
                for p in t.args[1:]:
                    out = self.times(out, self.read(p))
                return out
            case "pow":
                return self.power(self.read(t.args[0]), t.args[1])
            case "fn":
                return self.function(t)
        raise UnsupportedError(f"a series of {t.op}")

    def power(self, s: Series, e: Term) -> Series:
        """A constant power."""
        whole = e.op == "num" and e.args[0].denominator == 1
        if whole and 0 <= e.args[0] <= HIGHEST:
            out = self.constant(self.f.constant(1))
            for _ in range(int(e.args[0])):
                out = self.times(out, s)
            return out
        if not self.ask.know.real(e):
            # w^(i b) turns.
            raise UnsupportedError(f"the exponent {e} may not be real")
        low, c, small = self.split(s)
        lead = self.term(c)
        if whole:
            front = self.f.raised(c, int(e.args[0]))
        else:
            if not self.ask.know.integer(e) and self.ask.sign(lead) < 0:
                raise UnsupportedError(f"a power of the negative {lead}")
            front = self.f.norm(power(lead, e))
        exponent = self.f.norm(e)

        def binomial(k: int) -> Quotient:
            out = self.f.constant(1)
            for j in range(k):
                part = self.f.plus(exponent, self.f.constant(-j))
                share = self.f.constant(Fraction(1, j + 1))
                out = self.f.times(out, self.f.times(part, share))
            return out

        made = self.scaled(self.taylor(small, binomial), front)
        return self.shifted(made, self.times_exponent(low, e))

    def function(self, t: Term) -> Series:
        """A function of one argument."""
        name, *rest = t.args
        if name == "exp":
            return self.exponential(t)
        if name == "log":
            return self.logarithm(self.read(rest[0]))
        if name in TAILS:
            return self.tail(t)
        slots = [i for i, v in enumerate(rest) if self.moving(v)]
        if len(slots) == 1:
            return self.analytic(t, slots[0] + 1)
        raise UnsupportedError(f"a series of {name}")

    def exponential(self, t: Term) -> Series:
        """exp of what is bounded; of this class: a power of w before it."""
        u, c = t.args[1], self.fast.get(t)
        if c is None and turns(self.ask.know, u):
            # Of modulus 1, and not taken apart.
            try:
                return self.exponential_of(self.read(u))
            except UnsupportedError:
                return self.constant(self.f.norm(t))
        if c is None:
            return self.exponential_of(self.read(u))
        # As it is written: a normal form may hide exponentials of this class.
        rest = sub(u, mul(c, self.scale))
        return self.shifted(self.exponential_of(self.read(rest)), neg(c))

    def exponential_of(self, s: Series) -> Series:
        """exp(c + small) = exp(c) times its series."""
        c, small = self.bounded(s)
        front = self.f.norm(fn("exp", self.term(c)))
        return self.scaled(self.taylor(small, self._over_factorial), front)

    def _over_factorial(self, k: int) -> Quotient:
        out = Fraction(1)
        for j in range(1, k + 1):
            out /= j
        return self.f.constant(out)

    def logarithm(self, s: Series) -> Series:
        """log(c w^e (1 + d)) = log c - e u + log(1 + d), for c > 0."""
        e, c, small = self.split(s)
        lead = self.term(c)
        if self.ask.sign(lead) < 0:
            raise UnsupportedError(f"the logarithm of the negative {lead}")
        front = add(fn("log", lead), neg(mul(e, self.scale)))

        def factor(k: int) -> Quotient:
            return self.f.constant(Fraction(-((-1) ** k), k) if k else 0)

        first = self.constant(self.f.norm(front))
        return self.plus(first, self.taylor(small, factor))

    def analytic(self, t: Term, slot: int) -> Series:
        """Taylor's series about the coefficient of w^0, which converges."""
        name = t.args[0]
        if name not in ANALYTIC and not name.startswith("?"):
            raise UnsupportedError(f"a series of {name}")
        c, small = self.bounded(self.read(t.args[slot]))
        at = self.term(c)
        finite(self.ask.limit(at))
        if not self.ask.real(at):
            raise UnsupportedError(f"{name} of {at}, which may not be real")
        y = fresh("@slot", (t, at), "real")
        whole = [Term("fn", *t.args[:slot], y, *t.args[slot + 1 :])]

        def factor(k: int) -> Quotient:
            while len(whole) <= k:
                whole.append(derivative(whole[-1], y))
            here = self.f.norm(subst(whole[k], {y: at}))
            return self.f.times(here, self._over_factorial(k))

        return self.taylor(small, factor)

    def tail(self, t: Term) -> Series:
        """An expansion in powers of 1/u, for u -> oo (`tails`)."""
        name, *fixed, u = t.args
        low, c, _ = self.split(s := self.read(u))
        lead = self.term(c)
        if self.compare(low, ZERO) >= 0 or self.ask.sign(lead) < 0:
            raise UnsupportedError(f"a tail of what does not grow: {lead}")
        first, step = EXPONENTS[name]
        back = self.power(s, MINUS)
        run, by = self.power(back, num(first)), self.power(back, num(step))
        parts = []
        for k in range(self.count):
            value = self.f.norm(coefficient(name, k, *fixed))
            parts.append(self.scaled(run, value))
            run = self.times(run, by)
        out = self.plus(*parts)
        up = self.times_exponent(num(first + step * self.count), neg(low))
        return self.made(out.terms, self.least((out.error, up)))

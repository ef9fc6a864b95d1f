"""How large a term can be far out: what is left of a series or an integral.

An `Envelope` bounds ``|f(x)|`` for all real ``x >= start`` from above, or
from below, by ``size * x^power * exp(-rate x) * x^(fact x)``. It is built
from the parts of a term; a part without a rule has none (None), and then
nothing is said about what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from flint import acb, arb

from kexue_lib.derive.core.terms import (
    ONE,
    I,
    Term,
    add,
    fn,
    free,
    is_fn,
    mul,
    neg,
    num,
    power,
)

Enclose = Callable[[Term], Any]
"""A ball around a term that is free of the variable."""


class Envelope(NamedTuple):
    """``size * x^power * exp(-rate x) * x^(fact x)``."""

    size: Any
    power: Fraction = Fraction(0)
    rate: Any = arb(0)
    fact: Fraction = Fraction(0)

    def at(self, x: Any) -> Any:
        """Its value, if no factorial is left."""
        return self.size * x ** _arb(self.power) * (-self.rate * x).exp()


def _arb(q: Fraction) -> Any:
    return arb(q.numerator) / q.denominator


class Bounds:
    """Envelopes of terms in one variable from one start on.

    Args:
        x: the variable, a real symbol.
        start: where it starts; at least 1.
        enclose: balls around what does not contain the variable.
        real: says whether a term is real for real x.
    """

    def __init__(
        self,
        x: Term,
        start: Any,
        enclose: Enclose,
        real: Callable[[Term], bool],
    ) -> None:
        self.x = x
        self.start = start
        self.enclose = enclose
        self.real = real

    # -- from above -------------------------------------------------------

    def above(self, t: Term) -> Envelope | None:
        """A bound of the modulus from above."""
        if self.x not in free(t):
            return _constant(abs(self.enclose(t)).upper())
        if t is self.x:
            return Envelope(arb(1), Fraction(1))
        a = t.args
        match t.op:
            case "add":
                return self._sum([self.above(p) for p in a])
            case "mul":
                return _product([self.above(p) for p in a])
            case "pow":
                return self._power(a[0], a[1], self.above, self.below)
            case "cases":
                return self._sum([self.above(v) for v in a[1::2]])
            case "fn":
                return self._function(a[0], a[1:], t)
        return None

    def below(self, t: Term) -> Envelope | None:
        """A bound of the modulus from below, above 0."""
        if self.x not in free(t):
            low = abs(self.enclose(t)).lower()
            return _constant(low) if low > 0 else None
        if t is self.x:
            return Envelope(arb(1), Fraction(1))
        a = t.args
        match t.op:
            case "add":
                return self._leading(t) or self._dominant(a)
            case "mul":
                return _product([self.below(p) for p in a])
            case "pow":
                return self._power(a[0], a[1], self.below, self.above)
            case "fn" if a[0] == "exp":
                return _inverse(self.above(fn("exp", neg(a[1]))))
            case "fn" if a[0] in ("Abs", "conjugate"):
                return self.below(a[1])
            case "fn" if a[0] == "cosh":
                return self.below(_waves(a[1], num(1)))
            case "fn" if a[0] in ("gamma", "factorial"):
                return self._gamma(a[0], a[1], upper=False)
        return None

    def _sum(self, parts: list[Envelope | None]) -> Envelope | None:
        plain = [self._plain(p) for p in parts]
        if None in plain:
            return None
        found: list[Any] = plain
        total: Envelope = found[0]
        for p in found[1:]:
            rates = (total.rate.lower(), p.rate.lower())
            rate = rates[0] if rates[0] < rates[1] else rates[1]
            power = max(total.power, p.power)
            size = sum(
                q.size
                * self.start ** _arb(q.power - power)
                * (-(r - rate) * self.start).exp()
                for q, r in zip((total, p), rates, strict=True)
            )
            total = Envelope(size.upper(), power, rate)
        return total

    def _plain(self, e: Envelope | None) -> Envelope | None:
        """Without a factorial: x^(-c x) <= exp(-c x log start)."""
        if e is None or e.fact > 0:
            return None
        more = _arb(-e.fact) * self.start.log()
        return Envelope(e.size, e.power, (e.rate + more).lower())

    def _leading(self, t: Term) -> Envelope | None:
        """A polynomial is not smaller than its leading term less the rest."""
        found = self._polynomial(t)
        if found is None or max(found) == 0:
            return None
        degree = max(found)
        size = abs(found[degree])
        for d, c in found.items():
            if d != degree:
                size = size - abs(c) * self.start ** (d - degree)
        low = size.lower()
        return Envelope(low, Fraction(degree)) if low > 0 else None

    def _dominant(self, parts: tuple[Term, ...]) -> Envelope | None:
        """One part exceeds the others, from the start on."""
        for i, part in enumerate(parts):
            low = self.below(part)
            if low is None or low.fact:
                continue
            rest = self._sum(
                [self.above(p) for j, p in enumerate(parts) if j != i]
            )
            if rest is None:
                continue
            power = rest.power - low.power
            rate = rest.rate - low.rate
            falls = bool(rate >= 0) and (
                power <= 0 or bool(rate * self.start >= _arb(power))
            )
            share = Envelope(rest.size / low.size, power, rate).at(self.start)
            if falls and share < 1:
                size = (low.size * (1 - share)).lower()
                return Envelope(size, low.power, low.rate)
        return None

    def _power(
        self,
        base: Term,
        e: Term,
        same: Callable[[Term], Envelope | None],
        other: Callable[[Term], Envelope | None],
    ) -> Envelope | None:
        if self.x not in free(base):
            size = abs(self.enclose(base))
            if size == 0 and self._grows(e):
                return Envelope(arb(0))
            if not size.lower() > 0:
                return None
            return same(fn("exp", mul(e, fn("log", base))))
        if e.op != "num":
            return None
        q: Fraction = e.args[0]
        inner = same(base) if q >= 0 else other(base)
        if inner is None:
            return None
        size = inner.size ** _arb(q)
        if not size.is_finite():
            return None
        return Envelope(
            size, inner.power * q, inner.rate * _arb(q), inner.fact * q
        )

    def _grows(self, e: Term) -> bool:
        """A polynomial that is positive from the start on."""
        found = self._polynomial(e)
        if found is None:
            return False
        real = [acb(found.get(d, 0)).real for d in range(max(found) + 1)]
        here = _shifted(real, self.start)
        return bool(here[0] > 0) and all(bool(c >= 0) for c in here)

    def _function(
        self, name: str, u: tuple[Term, ...], whole: Term
    ) -> Envelope | None:
        match name:
            case "exp":
                return self._exp(u[0])
            case "sin" | "cos":
                if self.real(u[0]):
                    return Envelope(arb(1))
                return self.above(_waves(mul(I, u[0]), num(1)))
            case "sinh" | "cosh":
                return self.above(_waves(u[0], num(1)))
            case "tanh" | "erf" | "sign" if self.real(u[0]):
                return Envelope(arb(1))
            case "atan" | "erfc" if self.real(u[0]):
                return Envelope(arb(2))
            case "log":
                return self._log(u[0])
            case "Abs" | "conjugate" | "re" | "im":
                return self.above(u[0])
            case "floor" | "ceiling":
                return self._sum([self.above(u[0]), Envelope(arb(1))])
            case "Max" | "Min":
                return self._sum([self.above(p) for p in u])
            case "gamma" | "factorial":
                return self._gamma(name, u[0], upper=True)
            case "besselj" if self.real(u[1]) and self._grows(u[0]):
                # |J_v(x)| <= |x/2|^v / Gamma(v + 1) for real x, v > 0.
                half = num(Fraction(1, 2))
                size = power(mul(half, fn("Abs", u[1])), u[0])
                below = power(fn("gamma", add(u[0], ONE)), num(-1))
                return self.above(mul(size, below))
            case "binomial":
                n, k = u
                rest = add(n, neg(k))
                return _product(
                    [
                        self._gamma("factorial", n, upper=True),
                        _inverse(self._gamma("factorial", k, upper=False)),
                        _inverse(self._gamma("factorial", rest, upper=False)),
                    ]
                )
        return None

    def _exp(self, u: Term) -> Envelope | None:
        """exp of a polynomial whose real part is concave from the start."""
        bounded, coefficients = arb(0), {0: acb(0)}
        for part in u.args if u.op == "add" else (u,):
            found = self._polynomial(part)
            if found is None:
                limit = self._plain(self.above(part))
                if limit is None or limit.power > 0 or limit.rate < 0:
                    return None
                bounded = bounded + limit.at(self.start)
                continue
            for d, c in found.items():
                coefficients[d] = coefficients.get(d, acb(0)) + c
        real = [acb(coefficients.get(d, 0)).real for d in range(99)]
        real = real[: max(coefficients) + 1]
        if len(real) > 98:
            return None
        here = _shifted(real, self.start)
        if not all(c <= 0 for c in here[2:]):
            return None
        value, slope = here[0], here[1] if len(here) > 1 else arb(0)
        size = (value - slope * self.start + bounded).exp().upper()
        return Envelope(size, Fraction(0), (-slope).lower())

    def _polynomial(self, t: Term) -> dict[int, Any] | None:
        """Coefficients of a term that is a polynomial as it is written."""
        if self.x not in free(t):
            return {0: self.enclose(t)}
        if t is self.x:
            return {1: acb(1)}
        if is_fn(t, "Abs"):
            inside = self._polynomial(t.args[1])
            if inside is None or len(inside) > 1:
                return None
            return {d: acb(abs(c)) for d, c in inside.items()}
        match t.op:
            case "add":
                parts = [self._polynomial(p) for p in t.args]
                out: dict[int, Any] = {}
                for p in parts:
                    if p is None:
                        return None
                    for d, c in p.items():
                        out[d] = out.get(d, acb(0)) + c
                return out
            case "mul":
                total: dict[int, Any] = {0: acb(1)}
                for p in t.args:
                    other = self._polynomial(p)
                    if other is None:
                        return None
                    total = _multiplied(total, other)
                return total
            case "pow" if t.args[1].op == "num":
                n: Fraction = t.args[1].args[0]
                base = self._polynomial(t.args[0])
                if base is None or n.denominator != 1 or not 0 <= n <= 20:
                    return None
                total = {0: acb(1)}
                for _ in range(int(n)):
                    total = _multiplied(total, base)
                return total
        return None

    def _log(self, u: Term) -> Envelope | None:
        """|log u| <= |log |u|| + pi, and log x <= 3 x^(1/8).

        Near 1 it is at most twice the distance from 1.
        """
        if u.op == "add" and ONE in u.args:
            rest = add(*(p for p in u.args if p is not ONE))
            small = self._plain(self.above(rest))
            if (
                small is not None
                and small.power <= 0
                and small.rate >= 0
                and 2 * small.at(self.start) < 1
            ):
                return small._replace(size=2 * small.size)
        up, low = self.above(u), self.below(u)
        if up is None or low is None or up.fact or low.fact:
            return None
        size = abs(up.size.log()).max(abs(low.size.log())) + 4
        slope = max(abs(up.power), abs(low.power))
        rate = abs(up.rate).max(abs(low.rate))
        parts: list[Envelope | None] = [
            _constant(size),
            Envelope(3 * _arb(slope), Fraction(1, 8)),
        ]
        if not bool(rate == 0):
            parts.append(Envelope(rate, Fraction(1)))
        return self._sum(parts)

    def _gamma(self, name: str, u: Term, upper: bool) -> Envelope | None:
        """Stirling: (w/e)^w <= w! <= 3 w^(1/2) (w/e)^w e^(1/12) from 1 on."""
        line = self._polynomial(u)
        if line is None or max(line) > 1 or not self.real(u):
            return None
        if 1 not in line:
            return None
        slope = line[1].real.unique_fmpz()
        if slope is None or not slope > 0:
            return None
        a = int(slope)
        b = acb(line.get(0, 0)).real - (1 if name == "gamma" else 0)
        far = self.start * a + b
        if not far >= 1:
            return None
        # (ax+b) log(ax+b) = (ax+b) log x + ax log a + b log a + rest
        shift = _whole(b, upper)
        if shift is None:
            return None
        rest = b + b**2 / (a * self.start) if upper else b
        log_a = arb(a).log()
        size = (b * log_a + rest - b).exp()
        power = shift
        if upper:
            grown = a + abs(b) / self.start
            size = size * 3 * grown.sqrt() * (arb(1) / 12).exp()
            power = power + Fraction(1, 2)
        bound = size.upper() if upper else size.lower()
        return Envelope(bound, power, a - a * log_a, Fraction(a))


def _whole(b: Any, up: bool) -> Fraction | None:
    """An integer or half-integer as it is, else the next integer."""
    twice = (2 * b).unique_fmpz()
    if twice is not None and bool(2 * b == twice):
        return Fraction(int(twice), 2)
    end = b.upper().ceil() if up else b.lower().floor()
    found = end.unique_fmpz()
    return None if found is None else Fraction(int(found))


def _constant(size: Any) -> Envelope | None:
    return Envelope(size) if size.is_finite() else None


def _product(parts: list[Envelope | None]) -> Envelope | None:
    total = Envelope(arb(1))
    for p in parts:
        if p is None:
            return None
        total = Envelope(
            total.size * p.size,
            total.power + p.power,
            total.rate + p.rate,
            total.fact + p.fact,
        )
    return total


def _inverse(e: Envelope | None) -> Envelope | None:
    if e is None or not e.size > 0:
        return None
    return Envelope(1 / e.size, -e.power, -e.rate, -e.fact)


def _waves(u: Term, sign: Term) -> Term:
    """cosh and sinh are not larger than the sum of both exponentials."""
    half = num(Fraction(1, 2))
    rising, falling = fn("exp", u), fn("exp", neg(u))
    return mul(half, add(rising, mul(sign, falling)))


def _multiplied(a: dict[int, Any], b: dict[int, Any]) -> dict[int, Any]:
    out: dict[int, Any] = {}
    for i, p in a.items():
        for j, q in b.items():
            out[i + j] = out.get(i + j, acb(0)) + p * q
    return out


def _shifted(coefficients: list[Any], start: Any) -> list[Any]:
    """Coefficients of p(start + x), by Horner."""
    out: list[Any] = []
    for c in reversed(coefficients):
        moved = [arb(0), *out]
        for i, q in enumerate(out):
            moved[i] = moved[i] + start * q
        moved[0] = moved[0] + c
        out = moved
    return out


def series_tail(e: Envelope | None, first: int) -> Any:
    """A bound of the sum of the moduli from ``first`` on, or None."""
    if e is None or e.fact > 0:
        return None
    if e.size == 0:
        return arb(0)
    n = arb(first)
    rate = e.rate + _arb(-e.fact) * n.log()
    if rate > 0:
        grown = (1 + 1 / n) ** _arb(max(e.power, Fraction(0)))
        q = grown * (-rate).exp()
        if q < 1:
            head = Envelope(e.size, e.power, rate).at(n)
            return (head / (1 - q)).upper()
        return None
    if rate >= 0 and e.power < -1:
        slope = _arb(-e.power - 1)
        near = n ** _arb(e.power)
        return (e.size * (near + n ** _arb(e.power + 1) / slope)).upper()
    return None


def integral_tail(e: Envelope | None, start: Any) -> Any:
    """A bound of the integral of the modulus from ``start`` on, or None."""
    if e is None or e.fact:
        return None
    if e.size == 0:
        return arb(0)
    if e.rate > 0:
        if e.power <= 0:
            return (e.at(start) / e.rate).upper()
        if not start >= 2 * _arb(e.power) / e.rate:
            return None
        return (2 * e.at(start) / e.rate).upper()
    if e.rate >= 0 and e.power < -1:
        slope = _arb(-e.power - 1)
        return (e.size * start ** _arb(e.power + 1) / slope).upper()
    return None

"""Gamma, factorials, binomials, rising and falling powers.

``Gamma(u + 1) = u Gamma(u)`` wherever both sides are defined. Members of a
class ``u + integers`` are written with its lowest one, which is defined where
it was written itself; 1/Gamma is entire and is written with the highest.
``1/Gamma(-n) = 0`` is a convention of the notation ``1/(-n-1)!``; what uses
it says so (`Kind.CONVENTION`).
"""

from __future__ import annotations

import flint

from kexue_lib.derive.core.field import (
    P0,
    RING,
    Field,
    Quotient,
    Rule,
)
from kexue_lib.derive.core.field import whole as fraction
from kexue_lib.derive.core.statement import Kind
from kexue_lib.derive.core.terms import (
    HALF,
    MINUS,
    ONE,
    PI,
    TWO,
    ZERO,
    Term,
    UnsupportedError,
    add,
    fn,
    inverse,
    mul,
    neg,
    num,
    over,
    power,
    sub,
    text,
)

FARTHEST = 60


def gamma(field: Field, t: Term) -> Quotient:
    """Gamma(u): the lowest member of the class times a rising product."""
    u = t.args[1]
    rest, shift = field.shifted(u)
    if rest is ZERO:
        if shift <= 0:
            raise UnsupportedError("Gamma at a pole")
        return Quotient(RING.constant(flint.fmpz.fac_ui(shift - 1)))
    field.need(Kind.NO_POLE, u)
    if _even(field, rest):
        return _doubled(field, u, "gamma", 1)
    base = field.lowest(("gamma", rest, field.here(rest)), shift)
    return _from_base(field, rest, base, shift)


def reciprocal(field: Field, t: Term) -> Quotient:
    """1/Gamma(u), entire in u."""
    u = t.args[1]
    know = field.oracle
    rest, shift = field.shifted(u)
    if rest is ZERO:
        if shift <= 0:
            field.need(Kind.CONVENTION, u)
            return Quotient(P0)
        value = RING.constant(flint.fmpz.fac_ui(shift - 1))
        return field.raised(Quotient(value), -1)
    field.need(Kind.CONVENTION, u)
    if know.integer(u) and know.nonnegative(neg(u)):
        return Quotient(P0)
    if _even(field, rest):
        return _doubled(field, u, "rgamma", -1)
    key = ("gamma", rest, field.here(rest))
    high = -field.lowest(("reciprocal", *key), -shift)
    base = field.common.get(key)
    if rest is HALF or base is not None:
        # Gamma of this class is in the statement, so it is defined.
        found = _from_base(field, rest, base or 0, shift)
        return field.raised(found, -1)
    out = field.atom(fn("rgamma", add(rest, num(high))))
    return field.times(out, _rising(field, rest, shift, high))


def _even(field: Field, rest: Term) -> bool:
    """The argument is twice something, and that is to be used."""
    if not field.doubling or rest is HALF:
        return False
    q = field.norm(rest)
    coefficients = [fraction(c) / 2 for c in q.top.coeffs()]
    return q.bottom == 1 and all(c.denominator == 1 for c in coefficients)


def _doubled(field: Field, u: Term, name: str, sign: int) -> Quotient:
    """Gamma(u) = 2^(u-1) Gamma(u/2) Gamma(u/2 + 1/2)/sqrt(pi), Legendre.

    A pole of the one side is a pole of the other.
    """
    half = mul(HALF, u)
    scale = mul(power(TWO, sub(u, ONE)), power(PI, neg(HALF)))
    parts = (fn(name, half), fn(name, add(half, HALF)))
    return field.norm(mul(power(scale, num(sign)), *parts))


def _from_base(field: Field, rest: Term, base: int, shift: int) -> Quotient:
    if rest is HALF:  # Gamma(1/2) is sqrt(pi)
        base, out = 0, field.norm(power(PI, HALF))
    else:
        out = field.atom(fn("gamma", add(rest, num(base))))
    out = field.times(out, _rising(field, rest, base, shift))
    down = _rising(field, rest, shift, base)
    return field.times(out, field.raised(down, -1))


def _rising(field: Field, rest: Term, low: int, high: int) -> Quotient:
    """The product of ``rest + j`` for low <= j < high."""
    if high - low > FARTHEST:
        raise UnsupportedError(f"a Gamma shift by more than {FARTHEST}")
    v = field.norm(rest)
    return field.product(
        [field.plus(v, field.constant(j)) for j in range(low, high)]
    )


def rises(field: Field, k: Term) -> bool:
    """An integer >= 0 that is no number."""
    know = field.oracle
    return k.op != "num" and know.integer(k) and know.nonnegative(k)


def factorial(field: Field, t: Term) -> Quotient:
    """n! = Gamma(n + 1)."""
    return gamma(field, fn("gamma", add(t.args[1], ONE)))


def binomial(field: Field, t: Term) -> Quotient:
    """Falling powers of any n; factorials where n >= 0 is known."""
    n, k = t.args[1:]
    field.norm(n)
    if rises(field, k) and not field.oracle.nonnegative(n):
        top = fn("FallingFactorial", n, k)
        return field.norm(over(top, fn("factorial", k)))
    if k.op == "num" and k.args[0] in range(20):
        count = int(k.args[0])
        top = mul(*(sub(n, num(j)) for j in range(count)))
        return field.norm(over(top, fn("factorial", k)))
    bottom = (inverse(fn("factorial", m)) for m in (k, sub(n, k)))
    return field.norm(mul(fn("factorial", n), *bottom))


def rising(field: Field, t: Term) -> Quotient:
    """a (a+1) ... (a+k-1), from the lowest k of its class."""
    a, k = t.args[1:]
    field.norm(a)
    if k.op == "num" and k.args[0] in range(20):
        return field.norm(
            mul(*(add(a, num(j)) for j in range(int(k.args[0]))))
        )
    if not rises(field, k):
        return field.norm(over(fn("gamma", add(a, k)), fn("gamma", a)))
    start = field.canonical(a)
    rest, shift = field.shifted(k)
    low = field.lowest(("rising", text(start), rest, field.here(rest)), shift)
    base = field.canonical(add(rest, num(low)))
    out = field.atom(fn("RisingFactorial", start, base))
    extra = [field.norm(add(a, base, num(j))) for j in range(shift - low)]
    return field.times(out, field.product(extra))


def falling(field: Field, t: Term) -> Quotient:
    """a (a-1) ... (a-k+1)."""
    a, k = t.args[1:]
    if rises(field, k) or (k.op == "num" and k.args[0] in range(20)):
        up = fn("RisingFactorial", neg(a), k)
        return field.norm(mul(power(MINUS, k), up))
    return field.norm(over(fn("factorial", a), fn("factorial", sub(a, k))))


def beta(field: Field, t: Term) -> Quotient:
    """Gamma(a) Gamma(b) / Gamma(a + b)."""
    a, b = t.args[1:]
    top = mul(fn("gamma", a), fn("gamma", b))
    return field.norm(over(top, fn("gamma", add(a, b))))


RULES: dict[str, Rule] = {
    "gamma": gamma,
    "rgamma": reciprocal,
    "factorial": factorial,
    "binomial": binomial,
    "RisingFactorial": rising,
    "FallingFactorial": falling,
    "beta": beta,
}

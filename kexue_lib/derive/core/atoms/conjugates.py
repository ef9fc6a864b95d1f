"""Conjugates, absolute values, real and imaginary parts, maxima, signs."""

from __future__ import annotations

from kexue_lib.derive.core.field import P0, Field, Quotient, Rule, open_symbols
from kexue_lib.derive.core.kinks import sign_at, undecided
from kexue_lib.derive.core.terms import (
    HALF,
    MINUS,
    ONE,
    ZERO,
    I,
    Term,
    UnsupportedError,
    add,
    closed,
    fn,
    fresh,
    infinite,
    inverse,
    is_fn,
    mul,
    neg,
    opened,
    power,
    rel,
    sub,
)

REAL_SERIES = frozenset(
    {"exp", "sin", "cos", "sinh", "cosh", "tan", "tanh", "erf", "gamma"}
)
"""conj f(z) = f(conj z): a power series with real coefficients."""


def conjugated(field: Field, t: Term) -> Term:
    """The conjugate, moved inside as far as it goes."""
    know = field.oracle
    if know.real(t):
        return t
    if t is I:
        return neg(I)
    if know.on_circle(t):
        return inverse(t)
    if is_fn(t, "conjugate"):
        inside: Term = t.args[1]
        return inside
    if t.op in ("add", "mul"):
        return Term(t.op, *(conjugated(field, a) for a in t.args))
    if t.op == "pow" and know.integer(t.args[1]):
        return power(conjugated(field, t.args[0]), t.args[1])
    if t.op == "pow" and know.positive(t.args[0]):
        return power(t.args[0], conjugated(field, t.args[1]))
    if t.op == "fn" and t.args[0] in REAL_SERIES:
        return fn(t.args[0], conjugated(field, t.args[1]))
    if t.op == "cases":
        return Term(
            "cases",
            *(
                conjugated(field, v) if i % 2 else v
                for i, v in enumerate(t.args)
            ),
        )
    if t.op in ("sum", "karr", "prod") and not infinite(t):
        k = fresh("@c", (t, *open_symbols(know)), "integer", "real")
        body = conjugated(field, opened(t.args[0], k))
        return Term(t.op, closed(body, k), *t.args[1:])
    if t.op == "sym" and "imaginary" in t.args[1]:
        return mul(MINUS, t)
    return fn("conjugate", t)


def conjugate(field: Field, t: Term) -> Quotient:
    """Read a conjugate; what it cannot enter is an atom."""
    c = conjugated(field, t.args[1])
    if c is not t:
        return field.norm(c)
    inner = field.canonical(t.args[1])
    c = conjugated(field, inner)
    return field.atom(c) if c is fn("conjugate", inner) else field.norm(c)


def real_part(field: Field, t: Term) -> Quotient:
    """(u + conj u)/2."""
    u = t.args[1]
    return field.norm(mul(HALF, add(u, conjugated(field, u))))


def imaginary_part(field: Field, t: Term) -> Quotient:
    """(u - conj u)/(2 i)."""
    u = t.args[1]
    return field.norm(mul(HALF, MINUS, I, sub(u, conjugated(field, u))))


def absolute(field: Field, t: Term) -> Quotient:
    """u if u >= 0; else the root of u conj(u), which is >= 0."""
    u = t.args[1]
    know = field.oracle
    if know.nonnegative(u):
        return field.norm(u)
    if know.nonnegative(neg(u)):
        return field.norm(neg(u))
    square = field.norm(mul(u, conjugated(field, u)))
    if square.top == 0:
        return Quotient(P0)
    return field.norm(power(field.to_term(square), HALF))


def largest(field: Field, t: Term) -> Quotient:
    """Max or Min of real arguments whose order is known; else an atom."""
    name, *rest = t.args
    best = rest[0]
    for u in rest:
        field.norm(u)
    for u in rest[1:]:
        pair = (best, u) if name == "Max" else (u, best)
        if field.oracle.holds(rel("<=", *pair)):
            best = u
        elif not field.oracle.holds(rel("<=", *reversed(pair))):
            if not all(map(field.oracle.real, rest)):
                raise UnsupportedError(f"{name} of numbers not known as real")
            inside = sorted(map(field.canonical, rest), key=repr)
            return field.atom(fn(name, *inside))
    return field.norm(best)


def sign(field: Field, t: Term) -> Quotient:
    """1, -1, 0 or an atom; of a real number. sign(-u) = -sign(u)."""
    u = t.args[1]
    r = field.norm(u)
    known = 0 if r.top == 0 else sign_at(field.oracle, u)
    if known is not None:
        return field.constant(known)
    if not field.oracle.real(u):
        raise UnsupportedError("the sign of a number not known as real")
    if r.top.leading_coefficient() > 0:
        return field.atom(fn("sign", field.to_term(r)))
    turned = field.times(field.constant(-1), r)
    atom = field.atom(fn("sign", field.to_term(turned)))
    return field.times(field.constant(-1), atom)


def heaviside(field: Field, t: Term) -> Quotient:
    """(1 + sign u)/2 where H(0) = 1/2; else only off 0."""
    u, at_zero = t.args[1], t.args[2] if len(t.args) > 2 else HALF
    if at_zero is HALF:
        return field.norm(mul(HALF, add(ONE, fn("sign", u))))
    known = 0 if field.norm(u).top == 0 else sign_at(field.oracle, u)
    if known is None:
        raise undecided(field.oracle, u)
    return field.norm({1: ONE, -1: ZERO, 0: at_zero}[known])


RULES: dict[str, Rule] = {
    "conjugate": conjugate,
    "re": real_part,
    "im": imaginary_part,
    "Abs": absolute,
    "Max": largest,
    "Min": largest,
    "sign": sign,
    "Heaviside": heaviside,
}

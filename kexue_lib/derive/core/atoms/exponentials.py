"""Exponentials, logarithms, and what is written with them.

``exp(a + b) = exp(a) exp(b)`` everywhere; logarithms split for positive
factors only; sines, cosines and hyperbolic functions are exponentials.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kexue_lib.derive.core.enclose import number
from kexue_lib.derive.core.field import (
    P0,
    Field,
    Poly,
    Quotient,
    Rule,
    monomial,
    place,
)
from kexue_lib.derive.core.field import whole as fraction
from kexue_lib.derive.core.statement import Kind
from kexue_lib.derive.core.terms import (
    HALF,
    MINUS,
    ONE,
    PI,
    I,
    Term,
    UnsupportedError,
    add,
    factors,
    fn,
    inverse,
    is_fn,
    mul,
    neg,
    num,
    over,
    power,
    sub,
)

from .powers import unity


def exponential(field: Field, t: Term) -> Quotient:
    """``exp`` of a sum is the product over its monomials."""
    inside = field.norm(t.args[1])
    logs = {i: a.args[1] for i, a in enumerate(field.atoms) if is_fn(a, "log")}
    parts = []
    for m, c in inside.top.to_dict().items():
        found = [i for i in logs if m[place(i)] == 1]
        if found:
            # exp(x log u) is u^x, by definition.
            rest = tuple(
                0 if j == place(found[0]) else e for j, e in enumerate(m)
            )
            x = mul(num(fraction(c)), _over(field, rest, inside.bottom))
            parts.append(field.norm(power(logs[found[0]], x)))
        else:
            parts.append(_one(field, m, fraction(c), inside.bottom))
    return field.product(parts)


def _over(field: Field, exponents: Any, bottom: Poly) -> Term:
    return field.to_term(field.ratio(monomial(exponents), bottom))


def _one(field: Field, m: Any, c: Fraction, bottom: Poly) -> Quotient:
    piece = _over(field, m, bottom)
    turns = _half_turns(field, m, bottom)
    if turns is not None:
        # exp(i pi n c) is (-1)^(n c) for an integer n.
        return field.norm(power(MINUS, mul(num(c), turns)))
    arc = _arc(field, m, bottom)
    if arc is not None and c.denominator == 1 and c.numerator % 2 == 0:
        # exp(2 i atan u) = (1 + i u)/(1 - i u) for a real u.
        up, down = add(ONE, mul(I, arc)), sub(ONE, mul(I, arc))
        with field.quietly():  # 1 - i u is not 0
            turn = field.norm(over(up, down))
        return field.raised(turn, int(c) // 2)
    unit = field.unit(("exp", piece), c)
    atom = fn("exp", mul(num(unit), *factors(piece)))
    return field.raised(field.atom(atom), int(c / unit))


def _without_i(field: Field, m: Any, bottom: Poly) -> Term:
    """The monomial divided by i."""
    minus_i = Quotient(-unity(field, 4))
    piece = field.ratio(monomial(m), bottom)
    return field.to_term(field.times(piece, minus_i))


def _half_turns(field: Field, m: Any, bottom: Poly) -> Term | None:
    """n if the monomial is i pi n with an integer n, else None."""
    if PI not in field.index or not m[place(field.index[PI])]:
        return None
    t = _without_i(field, m, bottom)
    parts = list(t.args) if t.op == "mul" else [t]
    if PI not in parts:
        return None
    parts.remove(PI)
    n = mul(*parts)
    return n if field.oracle.integer(n) else None


def _arc(field: Field, m: Any, bottom: Poly) -> Term | None:
    """u if the monomial is i atan(u) with a real u, else None."""
    if not any(
        m[place(i)] and is_fn(a, "atan") for i, a in enumerate(field.atoms)
    ):
        return None
    t = _without_i(field, m, bottom)
    if is_fn(t, "atan") and field.oracle.real(t.args[1]):
        inside: Term = t.args[1]
        return inside
    return None


def logarithm(field: Field, t: Term) -> Quotient:
    """``log(p q) = log p + log q`` for p, q > 0; else one atom."""
    field.need(Kind.NONZERO, t.args[1])
    return _log(field, field.norm(t.args[1]))


def _log(field: Field, r: Quotient) -> Quotient:
    if r.top == 0:
        raise UnsupportedError("log 0")
    turned = _unit(field, r)
    if turned is not None:
        return field.times(field.constant(-1), _log(field, turned))
    parts = field.factors(r)
    if not all(field.positive_poly(p) for p, _ in parts):
        return field.atom(fn("log", field.to_term(r)))
    out = Quotient(P0)
    for p, k in parts:
        out = field.plus(
            out, field.times(field.constant(k), _factor(field, p))
        )
    return out


def _unit(field: Field, r: Quotient) -> Quotient | None:
    """1/r for an algebraic number 0 < r < 1: of the two one is written."""
    if r.bottom != 1 or not field.atoms_of(r.top):
        return None
    turned = field.inverse(r.top)
    ball = number(field.to_term(r)) if turned is not None else None
    if ball is None or not (ball.imag == 0 and 0 < ball.real < 1):
        return None
    return field.ratio(turned)


def _factor(field: Field, p: Poly) -> Quotient:
    t = field.poly_term(p)
    know = field.oracle
    # log exp u = u for a real u; log b^x = x log b for b > 0 and a real x.
    if is_fn(t, "exp") and know.real(t.args[1]):
        return field.norm(t.args[1])
    if t.op == "pow" and know.positive(t.args[0]) and know.real(t.args[1]):
        inside = _log(field, field.norm(t.args[0]))
        return field.times(field.norm(t.args[1]), inside)
    return field.atom(fn("log", t))


def _wave(u: Term, sign: int) -> Term:
    """``(exp(u) + sign exp(-u))/2``."""
    back = mul(num(sign), fn("exp", neg(u)))
    return mul(HALF, add(fn("exp", u), back))


WRITTEN = {
    "cosh": lambda u: _wave(u, 1),
    "sinh": lambda u: _wave(u, -1),
    "cos": lambda u: _wave(mul(I, u), 1),
    "sin": lambda u: mul(MINUS, I, _wave(mul(I, u), -1)),
    "tan": lambda u: over(fn("sin", u), fn("cos", u)),
    "cot": lambda u: over(fn("cos", u), fn("sin", u)),
    "sec": lambda u: inverse(fn("cos", u)),
    "csc": lambda u: inverse(fn("sin", u)),
    "tanh": lambda u: over(fn("sinh", u), fn("cosh", u)),
    "coth": lambda u: over(fn("cosh", u), fn("sinh", u)),
    "sech": lambda u: inverse(fn("cosh", u)),
    "csch": lambda u: inverse(fn("sinh", u)),
    "sqrt": lambda u: power(u, HALF),
    "erfc": lambda u: sub(ONE, fn("erf", u)),
}
"""Identities of entire functions, and quotients that bring their zeros."""

_WHOLE = ("sin", "cos", "sinh", "cosh", "tanh", "erfc")


def _written(name: str) -> Rule:
    meaning = WRITTEN[name]

    def rule(field: Field, t: Term) -> Quotient:
        u = t.args[1]
        if field.opaque and name in _WHOLE and field.oracle.real(u):
            return field.atom(fn(name, field.canonical(u)))
        return field.norm(meaning(u))

    return rule


def _unity(field: Field, t: Term) -> Quotient:
    """``exp(2 pi i / n)`` itself, met again in a canonical term."""
    return Quotient(unity(field, int(t.args[1].args[0])))


RULES: dict[str, Rule] = {
    "exp": exponential,
    "log": logarithm,
    "unity": _unity,
    **{name: _written(name) for name in WRITTEN},
}

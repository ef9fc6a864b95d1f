"""Integrals: polynomials, two classical ones, and atoms."""

from __future__ import annotations

from fractions import Fraction
from math import perm
from typing import Any

from kexue_lib.derive.core.field import (
    RING,
    Field,
    Poly,
    Quotient,
    Rule,
    along_reals,
    monomial,
    place,
)
from kexue_lib.derive.core.statement import Kind
from kexue_lib.derive.core.terms import (
    HALF,
    MINUS,
    NOO,
    ONE,
    OO,
    PI,
    TWO,
    ZERO,
    Term,
    UnsupportedError,
    add,
    binder,
    fn,
    free,
    infinite,
    is_fn,
    mul,
    neg,
    num,
    over,
    power,
    rel,
    subst,
)

from .sums import end, inside, taken_out

HIGHEST = 12
"""The highest power of the variable beside an exponential."""


def integral(field: Field, t: Term) -> Quotient:
    """An integral; factors that are free of the variable are taken out.

    Polynomials are integrated over finite ranges; Gauss's and Euler's
    integrals have their value; everything else is an atom, and must exist.
    """
    if not along_reals(field.oracle, t):
        raise UnsupportedError("an integral along a complex path")
    before = set(field.conditions)
    k, r = inside(field, t, "real")
    if r.top == 0:
        field.need(Kind.CONVERGES, t)
        return Quotient(r.top)
    if infinite(t):
        value = _classical(field, t, r, k)
        if value is not None:
            # x^(s-1) may have a pole at the end 0 itself.
            for c in set(field.conditions) - before:
                if c.kind is Kind.NONZERO and c.about is k:
                    del field.conditions[c]
            return value
    elif (found := _power(field, t, r, k)) is not None:
        for c in set(field.conditions) - before:
            if c.kind is Kind.NONZERO and c.about is k:
                del field.conditions[c]
        return found
    field.need(Kind.CONVERGES, t)
    if not infinite(t):
        wave = _waves(field, t, r, k)
        if wave is not None:
            return wave
    letters = [a for _, a in field.atoms_of(r.top) if k in free(a)]
    plain = letters in ([], [k]) and k not in free(field.poly_term(r.bottom))
    if plain and not infinite(t):
        primitive = _primitive(field, r.top, k)
        high, low = (
            field.norm(subst(primitive, {k: e}))
            for e in (t.args[2], t.args[1])
        )
        gap = field.plus(high, field.times(field.constant(-1), low))
        return field.ratio(gap.top, gap.bottom * r.bottom)
    mine, rest = taken_out(field, r, k)
    ends = (end(field, e) for e in t.args[1:])
    atom = field.atom(binder("int", field.to_term(mine), k, *ends))
    return field.times(rest, atom)


def _primitive(field: Field, p: Poly, k: Term) -> Term:
    """The antiderivative of a polynomial in k."""
    field.gen(k)
    i = place(field.index[k])
    up = {
        tuple(e + (j == i) for j, e in enumerate(m)): c / (int(m[i]) + 1)
        for m, c in p.to_dict().items()
    }
    return field.poly_term(RING.from_dict(up))


def _classical(field: Field, t: Term, r: Quotient, k: Term) -> Quotient | None:
    """c exp(-a x^2 + b x) over the line, c x^(s-1) exp(-a x) from 0."""
    terms, bottom = field.laurent(r, k)
    if len(terms) != 1 or k in free(field.poly_term(bottom)):
        return None
    ((exponents, outer),) = terms
    exponent, root = field.constant(0), ZERO
    for a, e in exponents.items():
        if is_fn(a, "exp"):
            part = field.times(field.constant(e), field.norm(a.args[1]))
            exponent = field.plus(exponent, part)
        elif a is k:
            root = add(root, num(e))
        elif a.op == "pow" and a.args[0] is k:
            root = add(root, mul(num(e), a.args[1]))
        else:
            return None
    rates = _rates(field, exponent, k)
    if rates is None or k in free(root):
        return None
    value = _gauss(field, t, rates, root) or _euler(field, t, rates, root)
    if value is None:
        return None
    return field.times(Quotient(outer, bottom), field.norm(value))


def _power(field: Field, t: Term, r: Quotient, k: Term) -> Quotient | None:
    """Sums of c x^s from low >= 0, s > -1: x^s gives x^(s+1)/(s+1)."""
    terms, bottom = field.laurent(r, k)
    if k in free(field.poly_term(bottom)):
        return None
    out = field.constant(0)
    for exponents, outer in terms:
        value = _one_power(field, t, exponents, k)
        if value is None:
            return None
        out = field.plus(out, field.times(Quotient(outer, bottom), value))
    return out


def _one_power(
    field: Field, t: Term, exponents: dict[Term, int], k: Term
) -> Quotient | None:
    know = field.oracle
    s = ONE
    for a, e in exponents.items():
        if a is k:
            s = add(s, num(e))
        elif a.op == "pow" and a.args[0] is k and k not in free(a.args[1]):
            s = add(s, mul(num(e), a.args[1]))
        else:
            return None
    low, high = t.args[1:]
    if not (know.positive(s) and all(map(know.nonnegative, (low, high)))):
        return None
    gap = add(power(high, s), neg(power(low, s)))
    return field.norm(over(gap, s))


def _waves(field: Field, t: Term, r: Quotient, k: Term) -> Quotient | None:
    """Sums of c x^n exp(a x) with a != 0, by parts until n is 0."""
    terms, bottom = field.laurent(r, k)
    if k in free(field.poly_term(bottom)):
        return None
    out = field.constant(0)
    for exponents, outer in terms:
        primitive = _one_wave(field, exponents, k)
        if primitive is None:
            return None
        high, low = (
            field.norm(subst(primitive, {k: e}))
            for e in (t.args[2], t.args[1])
        )
        gap = field.plus(high, field.times(field.constant(-1), low))
        out = field.plus(out, field.times(Quotient(outer, bottom), gap))
    return out


def _one_wave(
    field: Field, exponents: dict[Term, int], k: Term
) -> Term | None:
    """An antiderivative of ``k^n exp(a k)``."""
    n, rate = 0, field.constant(0)
    for a, e in exponents.items():
        if a is k and 0 <= e <= HIGHEST:
            n = e
        elif is_fn(a, "exp"):
            part = field.times(field.constant(e), field.norm(a.args[1]))
            rate = field.plus(rate, part)
        else:
            return None
    rates = _rates(field, rate, k)
    if rates is None or set(rates) - {0, 1}:
        return None
    if 1 not in rates:
        power_ = mul(num(Fraction(1, n + 1)), power(k, num(n + 1)))
        return mul(power_, fn("exp", rates.get(0, ZERO)))
    a = rates[1]
    if field.oracle.holds(rel("!=", a, ZERO)) is not True:
        return None
    parts = []
    for j in range(n + 1):
        c = num((-1) ** j * perm(n, j))
        parts.append(mul(c, _raised(k, n - j), power(a, num(-j - 1))))
    whole = add(mul(a, k), rates.get(0, ZERO))
    return mul(add(*parts), fn("exp", whole))


def _raised(k: Term, n: int) -> Term:
    return power(k, num(n)) if n else ONE


def _rates(field: Field, u: Quotient, k: Term) -> dict[int, Term] | None:
    """Coefficients of a polynomial in k; None if it is none."""
    if k in free(field.poly_term(u.bottom)):
        return None
    if any(a is not k and k in free(a) for _, a in field.atoms_of(u.top)):
        return None
    field.gen(k)
    at = place(field.index[k])
    found: dict[int, Any] = {}
    for m, c in u.top.to_dict().items():
        rest = tuple(0 if i == at else e for i, e in enumerate(m))
        piece = monomial(rest, c)
        found[int(m[at])] = found.get(int(m[at]), piece * 0) + piece
    return {d: field.to_term(Quotient(p, u.bottom)) for d, p in found.items()}


def _gauss(
    field: Field, t: Term, rates: dict[int, Term], root: Term
) -> Term | None:
    """sqrt(pi/a) exp(b^2/(4 a)) for a > 0 and any b."""
    if t.args[1] is not NOO or t.args[2] is not OO or root is not ZERO:
        return None
    a = neg(rates.get(2, ZERO))
    if set(rates) - {0, 1, 2} or not field.oracle.positive(a):
        return None
    b = rates.get(1, ZERO)
    shift = over(power(b, TWO), mul(num(4), a)) if b is not ZERO else ZERO
    width = power(over(PI, a), HALF)
    return mul(width, fn("exp", add(shift, rates.get(0, ZERO))))


def _euler(
    field: Field, t: Term, rates: dict[int, Term], root: Term
) -> Term | None:
    """Gamma(s) a^(-s) for a > 0, s > 0."""
    if t.args[1] is not ZERO or t.args[2] is not OO:
        return None
    a, s = neg(rates.get(1, ZERO)), add(root, ONE)
    know = field.oracle
    if set(rates) - {0, 1} or not (know.positive(a) and know.positive(s)):
        return None
    scale = fn("exp", rates.get(0, ZERO))
    return mul(fn("gamma", s), power(a, mul(MINUS, s)), scale)


RULES: dict[str, Rule] = {"int": integral}

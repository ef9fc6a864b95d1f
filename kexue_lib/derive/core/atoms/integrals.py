"""Integrals: polynomials, two classical ones, and atoms."""

from __future__ import annotations

from typing import Any

from kexue_lib.derive.core.field import (
    RING,
    Field,
    Poly,
    Quotient,
    Rule,
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
    subst,
)

from .sums import end, inside, taken_out


def integral(field: Field, t: Term) -> Quotient:
    """An integral; factors that are free of the variable are taken out.

    Polynomials are integrated over finite ranges; Gauss's and Euler's
    integrals have their value; everything else is an atom, and must exist.
    """
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
    field.need(Kind.CONVERGES, t)
    letters = [a for _, a in field.atoms_of(r.top) if k in free(a)]
    plain = letters in ([], [k]) and k not in free(field.poly_term(r.bottom))
    if plain and not infinite(t):
        primitive = _primitive(field, r.top, k)
        high, low = (
            field.norm(subst(primitive, {k: e})) for e in (t.args[2], t.args[1])
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


def _classical(
    field: Field, t: Term, r: Quotient, k: Term
) -> Quotient | None:
    """c exp(-a x^2 + b x) over the line, c x^(s-1) exp(-a x) from 0."""
    if len(r.top.to_dict()) != 1 or k in free(field.poly_term(r.bottom)):
        return None
    ((m, c),) = r.top.to_dict().items()
    outer = tuple(m)
    exponent, root = field.constant(0), ZERO
    for i, e in enumerate(m):
        a = field.atom_at(i) if e else None
        if a is None or k not in free(a):
            continue
        outer = tuple(0 if j == i else x for j, x in enumerate(outer))
        if is_fn(a, "exp"):
            part = field.times(field.constant(int(e)), field.norm(a.args[1]))
            exponent = field.plus(exponent, part)
        elif a is k:
            root = add(root, num(int(e)))
        elif a.op == "pow" and a.args[0] is k:
            root = add(root, mul(num(int(e)), a.args[1]))
        else:
            return None
    rates = _rates(field, exponent, k)
    scale = Quotient(monomial(outer, c), r.bottom)
    if rates is None or k in free(root):
        return None
    value = _gauss(field, t, rates, root) or _euler(field, t, rates, root)
    return None if value is None else field.times(scale, field.norm(value))


def _rates(field: Field, u: Quotient, k: Term) -> dict[int, Term] | None:
    """Coefficients of a polynomial in k; None if it is none."""
    if k in free(field.poly_term(u.bottom)):
        return None
    if any(a is not k and k in free(a) for _, a in field.atoms_of(u.top)):
        return None
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

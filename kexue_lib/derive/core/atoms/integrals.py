"""Integrals: polynomials, two classical ones, and atoms."""

from __future__ import annotations

from fractions import Fraction
from math import perm

from kexue_lib.derive.core.field import (
    RING,
    Field,
    Poly,
    Quotient,
    Rule,
    along_reals,
    open_symbols,
    place,
)
from kexue_lib.derive.core.kinks import pieces, step
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
    depth,
    fn,
    free,
    fresh,
    infinite,
    inverse,
    is_fn,
    mul,
    neg,
    num,
    opened,
    over,
    power,
    rel,
    sub,
    subst,
)

from .bells import moment
from .rates import rates
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
    split = _split(field, t)
    if split is not None:
        return split
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


def _split(field: Field, t: Term) -> Quotient | None:
    """The pieces between kinks, if it is known where they lie."""
    body, low, high = t.args
    know = field.oracle
    name = "#s" * (1 + depth(t))
    x = fresh(name, (t, *open_symbols(know)), "real", "inner")
    inner = opened(body, x)
    if step(inner, x) is None:
        return None
    if not (low is NOO or high is OO or know.nonnegative(sub(high, low))):
        return None
    try:
        with know.within((x, low, high)):
            parts = pieces(know, inner, x, low, high)
    except UnsupportedError:
        return None
    ends = ((binder("int", part, x, a, b)) for part, a, b in parts)
    return field.norm(add(*ends))


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
    """Sums of what has a value over an infinite range, term by term."""
    terms, bottom = field.laurent(r, k)
    if k in free(field.poly_term(bottom)):
        return None
    out = field.constant(0)
    for exponents, outer in terms:
        value = _one_classical(field, t, exponents, k)
        if value is None:
            return None
        part = field.times(Quotient(outer, bottom), field.norm(value))
        out = field.plus(out, part)
    return out


def _one_classical(
    field: Field, t: Term, exponents: dict[Term, int], k: Term
) -> Term | None:
    """x^n exp(-a x^2 + b x), x^(s-1) exp(-a x) from 0, x^n exp(a x)."""
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
    known = rates(field, exponent, k)
    if known is None or k in free(root):
        return None
    return (
        _gauss(field, t, known, root)
        or _euler(field, t, known, root)
        or _tail(field, t, exponents, k, known)
    )


def _tail(
    field: Field,
    t: Term,
    exponents: dict[Term, int],
    k: Term,
    known: dict[int, Term],
) -> Term | None:
    """x^n exp(a x) from a finite end to the one at which it falls."""
    low, high = t.args[1:]
    rate = known.get(1, ZERO)
    real = mul(HALF, add(rate, fn("conjugate", rate)))
    if set(known) - {0, 1} or (low is NOO and high is OO):
        return None
    if not field.oracle.positive(real if low is NOO else neg(real)):
        return None
    primitive = _one_wave(field, exponents, k)
    if primitive is None:
        return None
    if low is NOO:
        return subst(primitive, {k: high})
    return neg(subst(primitive, {k: low}))


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
    known = rates(field, rate, k)
    if known is None or set(known) - {0, 1}:
        return None
    if 1 not in known:
        power_ = mul(num(Fraction(1, n + 1)), power(k, num(n + 1)))
        return mul(power_, fn("exp", known.get(0, ZERO)))
    a = known[1]
    if field.oracle.holds(rel("!=", a, ZERO)) is not True:
        return None
    parts = []
    for j in range(n + 1):
        c = num((-1) ** j * perm(n, j))
        parts.append(mul(c, _raised(k, n - j), power(a, num(-j - 1))))
    whole = add(mul(a, k), known.get(0, ZERO))
    return mul(add(*parts), fn("exp", whole))


def _raised(k: Term, n: int) -> Term:
    return power(k, num(n)) if n else ONE


def _gauss(
    field: Field, t: Term, known: dict[int, Term], root: Term
) -> Term | None:
    """x^n exp(-a x^2 + b x + c) for a > 0 and any b, an integer n >= 0.

    With ``x = u/(2 a)^(1/2)`` it is a moment of the standard law.
    """
    a, n = neg(known.get(2, ZERO)), root
    if set(known) - {0, 1, 2} or not field.oracle.positive(a):
        return None
    if n.op != "num" or not 0 <= n.args[0] <= HIGHEST:
        return None
    k = power(mul(TWO, a), HALF)
    b = over(known[1], k) if 1 in known else ZERO
    ends = (e if e in (OO, NOO) else mul(e, k) for e in t.args[1:])
    value = moment(int(n.args[0]), b, *ends)
    scale = mul(
        power(mul(TWO, PI), HALF), *[inverse(k)] * (int(n.args[0]) + 1)
    )
    return mul(scale, fn("exp", known.get(0, ZERO)), value)


def _euler(
    field: Field, t: Term, known: dict[int, Term], root: Term
) -> Term | None:
    """Gamma(s) a^(-s) for a > 0, s > 0."""
    if t.args[1] is not ZERO or t.args[2] is not OO:
        return None
    a, s = neg(known.get(1, ZERO)), add(root, ONE)
    know = field.oracle
    if set(known) - {0, 1} or not (know.positive(a) and know.positive(s)):
        return None
    scale = fn("exp", known.get(0, ZERO))
    return mul(fn("gamma", s), power(a, mul(MINUS, s)), scale)


RULES: dict[str, Rule] = {"int": integral}

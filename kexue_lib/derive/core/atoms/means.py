"""Expectations under stated laws, and means over a circle.

A law must be one: probabilities >= 0 that add up to 1, a variance >= 0.
"""

from __future__ import annotations

from math import comb
from typing import Any

from kexue_lib.derive.core.field import (
    P0,
    Field,
    Quotient,
    Rule,
    monomial,
    open_symbols,
    place,
)
from kexue_lib.derive.core.kinks import pieces, sign_at, undecided
from kexue_lib.derive.core.terms import (
    HALF,
    NOO,
    ONE,
    OO,
    TRUE,
    ZERO,
    Term,
    UnsupportedError,
    add,
    contains,
    depth,
    free,
    fresh,
    infinite,
    mul,
    num,
    opened,
    power,
    rel,
    subst,
)

from .bells import standard


def mean(field: Field, t: Term) -> Quotient:
    """An expectation under the law that the term names."""
    body, kind, *parameters = t.args
    know = field.oracle
    if kind == "discrete":
        values, chances = parameters[::2], parameters[1::2]
        if not all(map(know.nonnegative, chances)):
            raise UnsupportedError("a probability may be negative")
        if not know.holds(rel("=", add(*chances), ONE)):
            raise UnsupportedError("the probabilities may not add up to 1")
        pairs = zip(values, chances, strict=True)
        return field.norm(add(*(mul(p, opened(body, v)) for v, p in pairs)))
    first, variance = parameters
    if not know.nonnegative(variance):
        raise UnsupportedError("the variance may be negative")
    if kind == "gaussianvector":
        if not (know.integer(first) and know.positive(first)):
            raise UnsupportedError(f"a vector of {first} entries")
    elif not know.real(first):
        raise UnsupportedError("the mean may not be real")
    hidden = (body, *open_symbols(know))
    z = fresh("#m" * (1 + depth(body)), hidden, "real")
    if kind == "gaussianvector" or _of_event(body):
        if kind == "gaussian":
            try:
                return _bell(field, opened(body, z), z, first, variance)
            except UnsupportedError:
                pass
        return _opaque(field, t)
    r = field.norm(opened(body, z))
    powers = _by_power(field, r, z)
    if powers is None:
        if kind != "gaussian":
            raise UnsupportedError("not a polynomial in the random symbol")
        return _bell(field, opened(body, z), z, first, variance)
    out = Quotient(P0)
    for n, c in powers.items():
        value = field.norm(moment(kind, n, first, variance))
        out = field.plus(out, field.times(Quotient(c, r.bottom), value))
    return out


def _of_event(body: Term) -> bool:
    """The indicator of an event, under one law or several."""
    return body.op == "cases" or (
        body.op == "mean" and _of_event(body.args[0])
    )


def _opaque(field: Field, t: Term) -> Quotient:
    """A probability, or a mean under a family: an atom, if it makes sense."""
    body, kind = t.args[:2]
    if kind == "independent":
        # Two laws with the same two moments are not the same law.
        raise UnsupportedError("a probability under a law that is not known")
    hidden = (body, *open_symbols(field.oracle))
    z = fresh("#p" * (1 + depth(body)), hidden, "real")
    _sensible(field, opened(body, z))
    return field.atom(t)


def _sensible(field: Field, t: Term) -> None:
    """What is compared in an event is defined, and real where ordered."""
    know = field.oracle
    match t.op:
        case "cases" | "and":
            for part in t.children:
                _sensible(field, part)
        case "rel":
            for side in t.args[1:]:
                _sensible(field, side)
                if t.args[0] in ("<", "<=") and not know.real(side):
                    raise UnsupportedError(f"{side} may not be real")
        case "sum" if contains(t, "cases") and not infinite(t):
            name = "#k" * (1 + depth(t))
            k = fresh(name, (t, *open_symbols(know)), "integer", "real")
            with know.within((k, t.args[1], t.args[2])):
                _sensible(field, opened(t.args[0], k))
        case _ if t is not TRUE:
            field.norm(t)


def _by_power(field: Field, r: Quotient, z: Term) -> dict[int, Any] | None:
    """Coefficients of the powers of a symbol; None if it has others."""
    if z in free(field.poly_term(r.bottom)):
        return None
    if any(a is not z and z in free(a) for _, a in field.atoms_of(r.top)):
        return None
    at = place(field.index[z]) if z in field.index else None
    found: dict[int, Any] = {}
    for m, c in r.top.to_dict().items():
        n = 0 if at is None else int(m[at])
        rest = tuple(0 if i == at else e for i, e in enumerate(m))
        found[n] = found.get(n, P0) + monomial(rest, c)
    return found


def _bell(
    field: Field, t: Term, z: Term, first: Term, variance: Term
) -> Quotient:
    """E t for z = first + variance^(1/2) x, piece by piece in x."""
    know = field.oracle
    scale = sign_at(know, variance)
    if scale is None:
        raise undecided(know, variance)
    if scale == 0:
        return field.norm(subst(t, {z: first}))
    value = t
    if first is not ZERO or variance is not ONE:
        spread = mul(power(variance, HALF), z)
        value = subst(t, {z: add(first, spread)})
    parts = pieces(know, value, z, NOO, OO)
    return field.norm(
        add(*(standard(field, part, z, *ends) for part, *ends in parts))
    )


def moment(kind: str, n: int, first: Term, variance: Term) -> Term:
    """E z^n: any n under a Gaussian, n <= 2 if only those are known."""
    if kind == "independent" and n > 2:
        raise UnsupportedError(f"moment {n} of this law is not known")
    parts = []
    odd = 1  # 1 * 3 * ... * (j - 1)
    for j in range(0, n + 1, 2):
        odd *= max(j - 1, 1)
        scale = num(comb(n, j) * odd)
        low = power(first, num(n - j)) if n > j else ONE
        high = power(variance, num(j // 2)) if j else ONE
        parts.append(mul(scale, low, high))
    return add(*parts) if parts else ZERO


def circle(field: Field, t: Term) -> Quotient:
    """The constant term of a Laurent polynomial in z, |z| = 1."""
    hidden = (t.args[0], *open_symbols(field.oracle))
    z = fresh("#z" * (1 + depth(t.args[0])), hidden, "unit", "nonzero")
    r = field.norm(opened(t.args[0], z))
    terms, bottom = field.laurent(r, z)
    if z in free(field.poly_term(bottom)):
        raise UnsupportedError("not a Laurent polynomial")
    out = P0
    for exponents, c in terms:
        if exponents.keys() - {z}:
            raise UnsupportedError("not a Laurent polynomial")
        if not exponents:
            out = out + c
    return field.ratio(out, bottom)


RULES: dict[str, Rule] = {"mean": mean, "circle": circle}

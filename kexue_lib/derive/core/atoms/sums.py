"""Finite sums and products, and series: one normal form for all.

The index runs from 0. Sums over ranges that differ by a few terms become sums
over the shortest one; the terms that are left over are written out. Each sum
is split into monomials, what does not depend on the index is taken out, and
a sum and the same sum read backwards are one atom. An empty sum is 0, so
splitting off terms needs that at least the empty sum remains (`Kind.RANGE`).
A series is an atom: its terms may not be rearranged.
"""

from __future__ import annotations

from math import floor
from typing import Any

from kexue_lib.derive.core.field import (
    P0,
    P1,
    Field,
    Poly,
    Quotient,
    Rule,
    constant_of,
    monomial,
    open_symbols,
    place,
    span,
)
from kexue_lib.derive.core.statement import Kind
from kexue_lib.derive.core.terms import (
    ONE,
    ZERO,
    Term,
    UndecidedError,
    UnsupportedError,
    add,
    binder,
    contains,
    depth,
    free,
    fresh,
    infinite,
    mul,
    num,
    opened,
    over,
    power,
    rel,
    sub,
    subst,
    text,
)

from .deltas import picked

WRITTEN_OUT = 40
"""Sums of at most so many terms are written out."""
SURPLUS = 12
"""How many terms one range may have more than another."""


def inside(field: Field, t: Term, *facts: str) -> tuple[Term, Quotient]:
    """(index, body in normal form) of a sum, product or integral."""
    hidden = (t.args[0], *open_symbols(field.oracle))
    k = fresh("#" * (1 + depth(t.args[0])), hidden, *facts)
    over = (k, t.args[1], t.args[2])
    if t.op == "int":
        over = span(field.oracle, *over)
    with field.oracle.within(over):
        return k, field.norm(opened(t.args[0], k))


def end(field: Field, t: Term) -> Term:
    """An end of a range in canonical form; infinite ends stay."""
    return t if t.op == "const" else field.canonical(t)


def total(field: Field, t: Term) -> Quotient:
    """Read a sum or a product."""
    body, low, high = t.args
    if infinite(t):
        field.need(Kind.CONVERGES, t)
        k, r = inside(field, t, "integer", "real")
        ends = (end(field, low), end(field, high))
        return field.atom(binder(t.op, field.to_term(r), k, *ends))
    length = field.plus(field.norm(sub(high, low)), Quotient(P1))
    if length.top.is_constant() and length.bottom == 1:
        count = constant_of(length.top)
        if count.denominator == 1 and 0 <= count <= WRITTEN_OUT:
            terms = (opened(body, add(low, num(j))) for j in range(int(count)))
            return field.norm((add if t.op == "sum" else mul)(*terms))
    if t.op == "sum" and contains(body, "cases"):
        apart = picked(field, t)
        if apart is not None:
            return field.norm(apart)
    return _from_zero(field, t, length)


def _from_zero(field: Field, t: Term, length: Quotient) -> Quotient:
    """Move the index to 0 and the range to the shortest of its class."""
    body, low, high = t.args
    know = field.oracle
    if not (know.integer(low) and know.integer(sub(high, low))):
        raise UnsupportedError("a range whose ends are no integers")
    if field.anchored and t.op == "sum" and not contains(body, "sum"):
        count = field.to_term(length)
        last = field.canonical(sub(count, ONE))
        k = fresh("@m", (body, low), "integer", "real")
        moved = binder("sum", opened(body, add(low, k)), k, ZERO, last)
        return _sum(field, moved, count)
    constant = constant_of(length.top) if length.bottom == 1 else 0
    shift = floor(constant)
    rest = field.to_term(field.plus(length, field.constant(-shift)))
    base = field.lowest((t.op, "range", rest), shift)
    if shift - base > SURPLUS:
        raise UnsupportedError(f"ranges that differ by more than {SURPLUS}")
    count = field.canonical(add(rest, num(base)))
    last = field.canonical(sub(count, ONE))
    if shift != base:
        field.need(Kind.RANGE, last)
    k = fresh("@m", (body, low), "integer", "real")
    moved = binder(t.op, opened(body, add(low, k)), k, ZERO, last)
    extra = [
        opened(body, add(low, count, num(j))) for j in range(shift - base)
    ]
    if t.op == "prod":
        main = _product(field, moved, count)
        return field.times(main, field.norm(mul(*extra)))
    return field.plus(_sum(field, moved, count), field.norm(add(*extra)))


def _product(field: Field, t: Term, count: Term) -> Quotient:
    """A product from 0; factors that are free of the index are powers."""
    body, _, last = t.args
    k, r = inside(field, t, "integer", "real")
    if k not in free(field.to_term(r)):
        field.need(Kind.RANGE, last)
        return field.norm(power(opened(body, ZERO), count))
    return field.atom(binder("prod", field.to_term(r), k, ZERO, last))


def _sum(field: Field, t: Term, count: Term) -> Quotient:
    """A sum from 0, split into monomials in the index."""
    last = t.args[2]
    k, r = inside(field, t, "integer", "real")
    own, common = _split_bottom(field, r.bottom, k)
    out = Quotient(P0)
    for top, factor in _parts(field, r.top, own, k):
        piece = field.ratio(top, own)
        lead = piece.top.leading_coefficient()
        piece, factor = Quotient(piece.top / lead, piece.bottom), factor * lead
        if piece.top == 1 and piece.bottom == 1:
            field.need(Kind.RANGE, last)
            value = field.norm(count)
        else:
            value = _atom(field, field.to_term(piece), k, last)
        out = field.plus(out, field.times(Quotient(factor), value))
    return field.ratio(out.top, out.bottom * common)


def _split_bottom(field: Field, bottom: Poly, k: Term) -> tuple[Poly, Poly]:
    """(factors with the index, factors without) of a denominator."""
    own = P1
    for f, e in bottom.factor()[1] if bottom != 1 else []:
        if k in free(field.poly_term(f)):
            own = own * f**e
    return own, bottom // own


def _parts(
    field: Field, top: Poly, own: Poly, k: Term
) -> list[tuple[Poly, Poly]]:
    """(what depends on the index, its factor) for each monomial.

    Over a denominator with the index, a polynomial in the index stays whole.
    """
    inner = {place(i) for i, a in enumerate(field.atoms) if k in free(a)}
    at_k = place(field.index[k]) if k in field.index else None
    plain = len(own.to_dict()) == 1  # a monomial: negative exponents
    groups: dict[Any, Poly] = {}
    for m, c in top.to_dict().items():
        mine = tuple(e if i in inner else 0 for i, e in enumerate(m))
        rest = tuple(0 if i in inner else e for i, e in enumerate(m))
        if plain:
            groups[mine] = groups.get(mine, P0) + monomial(rest, c)
            continue
        bare = tuple(0 if i == at_k else e for i, e in enumerate(mine))
        key = (rest, bare)
        groups[key] = groups.get(key, P0) + monomial(mine, c)
    if plain:
        return [(monomial(mine), f) for mine, f in groups.items()]
    return [(p, monomial(rest)) for (rest, _), p in groups.items()]


def _atom(field: Field, piece: Term, k: Term, last: Term) -> Quotient:
    """One atom for a sum and for the same sum shifted or read backwards."""

    def here(body: Term, k: Term, last: Term) -> Quotient:
        if field.anchored:
            return _karr(field, body, k, ZERO, last)
        return field.atom(binder("sum", body, k, ZERO, last))

    if not field.mirror:
        return here(piece, k, last)
    moved = anchored(field, piece, k, last) if field.anchored else None
    if moved is not None:
        return _shifted(field, k, *moved)
    turned = None
    with field.oracle.within((k, ZERO, last)), field.quietly():
        back = field.norm(subst(piece, {k: sub(last, k)}))
        if len(back.top.to_dict()) == 1:
            mine, scale = taken_out(field, back, k)
            mirrored = field.to_term(mine)
            if text(mirrored) < text(piece) and not (
                field.anchored and _may_divide(field, piece, k)
            ):
                turned = mirrored, scale
    # Outside again: what the sum itself needs is not to be kept quiet.
    if turned is not None:
        return field.times(turned[1], here(turned[0], k, last))
    return here(piece, k, last)


def _may_divide(field: Field, t: Term, k: Term) -> bool:
    """Backwards a power of the index divides by a base that may be 0."""
    if t.op == "pow" and k in free(t.args[1]):
        return field.oracle.holds(rel("!=", t.args[0], ZERO)) is not True
    return any(_may_divide(field, a, k) for a in t.children)


def taken_out(field: Field, r: Quotient, k: Term) -> tuple[Quotient, Quotient]:
    """(factors with a symbol, factors without it)."""
    mine, rest = Quotient(P1), Quotient(P1)
    for p, e in field.factors(r, turned=False):
        part = field.raised(Quotient(p), e)
        if k in free(field.poly_term(p)):
            mine = field.times(mine, part)
        else:
            rest = field.times(rest, part)
    return mine, rest


Moved = tuple[Quotient, Term, Term]
"""The body of a sum in another index, and the ends of its range."""


def anchored(field: Field, piece: Term, k: Term, last: Term) -> Moved | None:
    """The sum with one of its arguments as the index: the smallest text.

    ``a[k + 1]`` over 0..n-1 is ``a[k]`` over 1..n; of ``a[n - k]`` the index
    runs backwards.
    """
    found = []
    with field.oracle.within((k, ZERO, last)), field.quietly():
        for e in sorted(_arguments(piece, k), key=text):
            step = field.norm(sub(subst(e, {k: add(k, ONE)}), e))
            start = field.canonical(subst(e, {k: ZERO}))
            if not field.oracle.integer(start):
                continue
            if step == field.constant(1):
                value, ends = sub(k, start), (start, add(start, last))
            elif step == field.constant(-1):
                value, ends = sub(start, k), (sub(start, last), start)
            else:
                continue
            low, high = map(field.canonical, ends)
            with field.oracle.within((k, low, high)):
                body = field.norm(subst(piece, {k: value}))
            mine = field.to_term(taken_out(field, body, k)[0])
            found.append((text(mine), text(low), (body, low, high)))
    return min(found, key=lambda f: f[:2])[2] if found else None


def _arguments(t: Term, k: Term) -> set[Term]:
    """Indices and arguments with the index of a sum; linear denominators."""
    if k not in free(t):
        return set()
    own: set[Term] = set()
    if t.op == "idx" or (t.op == "fn" and t.args[0] != "exp"):
        own = {a for a in t.children if k in free(a)}
    elif t.op == "pow" and t.args[1].op == "num" and t.args[1].args[0] < 0:
        own = {t.args[0]}
    inside = (_arguments(a, k) for a in t.children if not a.loose)
    return own.union(*inside)


def _shifted(
    field: Field, k: Term, body: Quotient, low: Term, high: Term
) -> Quotient:
    """Sums of one body over ranges whose ends differ by integers.

    The atom is the sum over what they have in common, read backwards where
    that is negative (Karr); what one has besides is written out. So each
    range as written must not be negative.
    """
    own, common = _split_bottom(field, body.bottom, k)
    out = Quotient(P0)
    for top, factor in _parts(field, body.top, own, k):
        piece = field.ratio(top, own)
        lead = piece.top.leading_coefficient()
        piece, factor = Quotient(piece.top / lead, piece.bottom), factor * lead
        value = _karr(field, field.to_term(piece), k, low, high)
        out = field.plus(out, field.times(Quotient(factor), value))
    return field.ratio(out.top, out.bottom * common)


def _karr(
    field: Field, piece: Term, k: Term, low: Term, high: Term
) -> Quotient:
    (first, a), (behind, b) = map(field.shifted, (low, add(high, ONE)))
    closed_ = binder("sum", piece, k, ZERO, ZERO)
    key = ("karr", closed_, first, behind, *map(field.here, (low, high)))
    start = -field.lowest((key, "start"), -a)
    stop = field.lowest((key, "stop"), b)
    alone = (start, stop) == (
        field.lowest((key, "first"), a),
        -field.lowest((key, "last"), -b),
    )
    if max(start - a, b - stop) > SURPLUS:
        raise UnsupportedError(f"ranges that differ by more than {SURPLUS}")
    ends = (
        field.canonical(add(first, num(start))),
        field.canonical(add(behind, num(stop - 1))),
    )
    # Also if it is alone: inside another sum, which is shifted, it may not be.
    field.need(Kind.RANGE, sub(high, low))
    turns = _turning(field, piece, k, low, high)
    if alone and turns is None:
        return field.atom(binder("sum", piece, k, *ends))
    places = [add(first, num(j)) for j in range(a, start)]
    places += [add(behind, num(j)) for j in range(stop, b)]
    extra = [field.norm(subst(piece, {k: at})) for at in places]
    out = field.atom(binder("karr", piece, k, *ends))
    if turns is not None:
        # q S = S - first term + the term behind the last.
        ahead, behind_ = (
            field.norm(subst(piece, {k: at}))
            for at in (ends[0], add(ends[1], ONE))
        )
        minus = field.constant(-1)
        tie = field.times(field.plus(turns, minus), out)
        for value in (ahead, field.times(minus, behind_)):
            tie = field.plus(tie, value)
        field.ties.append(tie.top)
    for value in extra:
        out = field.plus(out, value)
    return out


def _turning(
    field: Field, piece: Term, k: Term, low: Term, high: Term
) -> Quotient | None:
    """The quotient of neighbours, if it is the same everywhere."""
    if contains(piece, "sum", "karr", "idx"):
        return None
    try:
        with field.oracle.within((k, low, high)), field.quietly():
            q = field.norm(over(subst(piece, {k: add(k, ONE)}), piece))
    except UndecidedError:  # the neighbour of the last may be undefined
        return None
    return None if k in free(field.to_term(q)) else q


def karr(field: Field, t: Term) -> Quotient:
    """A sum of this kind, met again in a canonical term."""
    k = fresh(
        "#" * (1 + depth(t.args[0])),
        (t.args[0], *open_symbols(field.oracle)),
        "integer",
        "real",
    )
    body = field.canonical(opened(t.args[0], k))
    ends = map(field.canonical, t.args[1:])
    return field.atom(binder("karr", body, k, *ends))


RULES: dict[str, Rule] = {"sum": total, "prod": total, "karr": karr}

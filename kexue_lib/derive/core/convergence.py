"""When a series or an integral is seen to exist."""

from __future__ import annotations

from collections.abc import Callable

from kexue_lib.derive.core.field import (
    RING,
    Field,
    Poly,
    Quotient,
    monomial,
    open_symbols,
    place,
    span,
)
from kexue_lib.derive.core.nonzero import nonzero, turning
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.smooth import rough
from kexue_lib.derive.core.statement import Condition, Kind
from kexue_lib.derive.core.terms import (
    HALF,
    MINUS,
    NOO,
    ONE,
    OO,
    TWO,
    I,
    Term,
    add,
    fn,
    free,
    fresh,
    is_fn,
    mul,
    neg,
    opened,
    over,
    power,
    sub,
    subst,
)

Met = Callable[[Condition, Context], str]
"""Why a side condition is not met; empty if it is."""


def diverges(t: Term, know: Context, unmet: Met) -> str:
    """Why a series or an integral is not seen to exist."""
    if t.op == "int":
        return _integral_diverges(t, know, unmet)
    return _series_diverges(t, know)


def _integral_diverges(t: Term, know: Context, unmet: Met) -> str:
    x = fresh("@x", (t, *open_symbols(know)), "real")
    body = opened(t.args[0], x)
    with know.within(span(know, x, t.args[1], t.args[2])):
        why = rough(know, body, x, kinks=True)
        if why:
            return f"{why} may jump"
        f = know.field()
        f.quotients(body)
        for c in f.conditions:
            if c.kind is not Kind.CONVENTION and unmet(c, know):
                return f"{c} is open"
    for end, other in ((t.args[1], t.args[2]), (t.args[2], t.args[1])):
        if end in (OO, NOO) and not decays(body, x, end, other, know):
            return f"no bound of {body} at {end}"
    return ""


BOUNDED = frozenset({"sin", "cos", "tanh", "erf", "erfc", "atan", "sech"})


def decays(
    body: Term,
    x: Term,
    end: Term,
    other: Term,
    know: Context,
    drop: int = 2,
) -> bool:
    """Each monomial is at most x^n exp(-c |x|^d), or at most 1/x^drop."""
    with know.within((x, *((other, end) if end is OO else (end, other)))):
        f = know.field()
        r = f.quotients(body)[0]
        terms, bottom = f.laurent(r, x)
        below = [a for _, a in f.atoms_of(bottom) if x in free(a)]
        if any(a is not x for a in below):
            return False
        down = 0
        if below:
            at = place(f.index[x])
            down = int(bottom.degrees()[at])
            if not nonzero(f.poly_term(_leading(bottom, at, down)), know):
                return False
        for exponents, _ in terms:
            up, rate = 0, f.constant(0)
            for a, e in exponents.items():
                if a is x:
                    up = e
                elif is_fn(a, "exp"):
                    part = f.times(f.constant(e), f.norm(a.args[1]))
                    rate = f.plus(rate, part)
                elif not (
                    a.op == "fn"
                    and e > 0
                    and a.args[0] in BOUNDED
                    and know.real(a.args[1])
                ):
                    return False
            if not _falls(f, rate, x, end, know) and not (
                _steady(f, rate, know) and down - up >= drop
            ):
                return False
    return True


def _steady(f: Field, rate: Quotient, know: Context) -> bool:
    """exp(rate) is bounded: its exponent is 0 or purely imaginary."""
    t = f.to_term(rate)
    return rate.top == 0 or know.real(mul(I, t)) or turning(t, know)


def _falls(
    f: Field, rate: Quotient, x: Term, end: Term, know: Context
) -> bool:
    """The real part of the exponent goes to minus infinity."""
    if rate.top == 0 or x not in f.index:
        return False
    at = place(f.index[x])
    if any(a is not x and x in free(a) for _, a in f.atoms_of(rate.top)):
        return False
    if any(x in free(a) for _, a in f.atoms_of(rate.bottom)):
        return False
    by_degree: dict[int, Poly] = {}
    for m, c in rate.top.to_dict().items():
        d = int(m[at])
        rest = tuple(0 if j == at else e for j, e in enumerate(m))
        by_degree[d] = by_degree.get(d, RING.constant(0)) + monomial(rest, c)
    for d in sorted(by_degree, reverse=True):
        if d == 0:
            return False
        lead = f.to_term(Quotient(by_degree[d], rate.bottom))
        sign = ONE if end is OO or d % 2 == 0 else MINUS
        lead = mul(sign, lead)
        real = mul(HALF, add(lead, fn("conjugate", lead)))
        if know.positive(neg(real)):
            return True
        g = know.field()
        if g.quotients(real)[0].top != 0:
            return False
    return False


def _series_diverges(t: Term, know: Context) -> str:
    """A ratio of neighbours below some q < 1, or terms below 1/k^2."""
    if t.op != "sum" or t.args[2] is not OO or t.args[1] is NOO:
        return "convergence is not decided"
    k = fresh("@n", (t, *open_symbols(know)), "integer", "real")
    term = opened(t.args[0], k)
    with know.within((k, t.args[1], OO)):
        f = know.field()
        ratio = over(subst(term, {k: add(k, ONE)}), term)
        r, s = f.quotients(ratio, term)
        at = place(f.index[k]) if k in f.index else None
        mixed = [
            a
            for q in (r.top, r.bottom)
            for _, a in f.atoms_of(q)
            if k in free(a) and a is not k
        ]
        if mixed or (at is None and k in free(f.to_term(r))):
            return "the ratio of terms is not rational in the index"
        degrees = [
            0 if at is None else int(q.degrees()[at])
            for q in (r.top, r.bottom)
        ]
        if not nonzero(f.poly_term(_leading(r.bottom, at, degrees[1])), know):
            return "the ratio of terms may lose its denominator"
        if degrees[0] < degrees[1]:
            return ""
        if degrees[0] > degrees[1]:
            return "the terms grow"
        if _limit_below_one(f, r, at, degrees[0], know):
            return ""
        rational = all(
            a is k or k not in free(a)
            for q in (s.top, s.bottom)
            for _, a in f.atoms_of(q)
        )
        if rational and at is not None:
            down = int(s.bottom.degrees()[at])
            lead = f.poly_term(_leading(s.bottom, at, down))
            drop = down - int(s.top.degrees()[at])
            if drop >= 2 and nonzero(lead, know):
                return ""
    return "the ratio of terms is not seen below 1"


def _leading(p: Poly, at: int | None, degree: int) -> Poly:
    """The coefficient of the highest power of one atom."""
    if at is None:
        return p
    return RING.from_dict(
        {
            tuple(0 if j == at else e for j, e in enumerate(m)): c
            for m, c in p.to_dict().items()
            if int(m[at]) == degree
        }
    )


def _limit_below_one(
    f: Field, r: Quotient, at: int | None, degree: int, know: Context
) -> bool:
    """The limit of the ratio has modulus < 1."""

    limit = f.to_term(
        Quotient(_leading(r.top, at, degree), _leading(r.bottom, at, degree))
    )
    square = mul(limit, fn("conjugate", limit))
    if know.real(limit):
        square = power(limit, TWO)
    return know.positive(sub(ONE, square))

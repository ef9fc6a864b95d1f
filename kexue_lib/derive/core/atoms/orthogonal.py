"""Families with a recurrence: ``(p_m, p_m')`` of the lowest degree m.

Legendre, Laguerre, Hermite polynomials of degree m >= 0, and spherical
Bessel functions at x != 0. Each step raises the degree by one; m is the
degree after the step, so it is at least 1 where it divides.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.field import Field, Quotient, Rule
from kexue_lib.derive.core.statement import Kind
from kexue_lib.derive.core.terms import (
    ONE,
    ZERO,
    Term,
    UndecidedError,
    UnsupportedError,
    add,
    binder,
    fn,
    fresh,
    mul,
    num,
    rel,
    sub,
    subst,
    text,
)

from .gammas import rises

Pair = tuple[Quotient, Quotient]
Step = Callable[[Field, Quotient, Quotient, Quotient, Quotient], Pair]


def _legendre(
    f: Field, m: Quotient, x: Quotient, p: Quotient, d: Quotient
) -> Pair:
    """P+ = x P + (x^2 - 1) P'/m and P'+ = x P' + m P."""
    square = f.plus(f.times(x, x), f.constant(-1))
    slope = f.times(square, f.times(d, f.raised(m, -1)))
    return (
        f.plus(f.times(x, p), slope),
        f.plus(f.times(x, d), f.times(m, p)),
    )


def _laguerre(
    f: Field, m: Quotient, x: Quotient, p: Quotient, d: Quotient
) -> Pair:
    """L'+ = L' - L and L+ = L + x L'+/m."""
    d = f.plus(d, f.times(f.constant(-1), p))
    return f.plus(p, f.times(f.times(x, d), f.raised(m, -1))), d


def _hermite(
    f: Field, m: Quotient, x: Quotient, p: Quotient, d: Quotient
) -> Pair:
    """H+ = 2 x H - H' and H'+ = 2 m H."""
    two = f.constant(2)
    up = f.plus(f.times(two, f.times(x, p)), f.times(f.constant(-1), d))
    return up, f.times(two, f.times(m, p))


def _bessel(
    f: Field, m: Quotient, x: Quotient, p: Quotient, d: Quotient
) -> Pair:
    """j+ = (m-1) j/x - j' and j'+ = j - (m+1) j+/x."""
    over = f.raised(x, -1)
    less, more = f.plus(m, f.constant(-1)), f.plus(m, f.constant(1))
    minus = f.constant(-1)
    up = f.plus(f.times(f.times(less, over), p), f.times(minus, d))
    slope = f.plus(p, f.times(f.times(minus, more), f.times(over, up)))
    return up, slope


STEPS: dict[str, Step] = {
    "legendre": _legendre,
    "laguerre": _laguerre,
    "hermite": _hermite,
    "jn": _bessel,
}


def classical(name: str, n: int, x: Term) -> Term:
    """The polynomial of a given degree, by its three-term recurrence."""
    before, now = ZERO, ONE
    for j in range(n):
        if name == "legendre":
            lead, low, last = mul(num(2 * j + 1), x), num(j), j + 1
        elif name == "laguerre":
            lead, low, last = sub(num(2 * j + 1), x), num(j), j + 1
        elif name == "hermite":
            lead, low, last = mul(num(2), x), num(2 * j), 1
        elif name == "chebyshevt":
            lead, low, last = mul(num(2 if j else 1), x), num(min(j, 1)), 1
        else:
            raise UnsupportedError(f"the polynomial {name}")
        up = sub(mul(lead, now), mul(low, before))
        before, now = now, mul(num(Fraction(1, last)), up)
    return now


def pair(field: Field, name: str, n: Term, x: Term) -> Pair:
    """A member of a family and its derivative."""
    at = field.canonical(x)
    y = field.norm(x)
    degree = field.canonical(n)
    if degree.op == "num" and name != "jn":
        size = degree.args[0]
        if name == "legendre" and -12 <= size < 0:
            size = -size - 1  # P of degree -n-1 is P of degree n
        if size.denominator != 1 or not 0 <= size <= 12:
            raise UnsupportedError(f"{name} of degree {degree}")
        v = fresh("@p", (n, x), "real")
        inner = classical(name, int(size), v)
        slope = subst(derivative(inner, v), {v: x})
        return field.norm(subst(inner, {v: x})), field.norm(slope)
    if name == "jn":
        field.need(Kind.NONZERO, x)
        if degree.op == "num" and degree.args[0] in range(4):
            return _elementary(field, int(degree.args[0]), y)
    elif not rises(field, degree):
        if field.oracle.integer(degree):
            raise UndecidedError(rel("<=", ZERO, degree))
        raise UnsupportedError(f"{name} of a degree not known to be >= 0")
    rest, shift = field.shifted(n)
    low = field.lowest((name, text(at), rest, field.here(rest)), shift)
    base = field.canonical(add(rest, num(low)))
    v = fresh("@p", (base, at), "real")
    p = field.atom(fn(name, base, at))
    d = field.atom(binder("diff", fn(name, base, v), v, at))
    for j in range(1, shift - low + 1):
        m = field.norm(add(base, num(j)))
        p, d = STEPS[name](field, m, y, p, d)
    return p, d


def second(field: Field, name: str, n: Term, x: Term) -> Quotient:
    """The second derivative, by the differential equation of the family."""
    p, d = pair(field, name, n, x)
    y, m = field.norm(x), field.norm(n)
    one, minus = field.constant(1), field.constant(-1)

    def less(a: Quotient, b: Quotient) -> Quotient:
        return field.plus(a, field.times(minus, b))

    square = field.times(y, y)
    both = field.times(m, field.plus(m, one))
    if name == "legendre":  # (1 - x^2) P'' = 2 x P' - n (n + 1) P
        lead = sub(ONE, mul(x, x))
        slope = field.times(field.constant(2), field.times(y, d))
        top = less(slope, field.times(both, p))
    elif name == "laguerre":  # x L'' = (x - 1) L' - n L
        lead = x
        top = less(field.times(less(y, one), d), field.times(m, p))
    elif name == "hermite":  # H'' = 2 x H' - 2 n H
        lead = ONE
        top = field.times(
            field.constant(2), less(field.times(y, d), field.times(m, p))
        )
    else:  # x^2 j'' = (n (n + 1) - x^2) j - 2 x j'
        lead = mul(x, x)
        slope = field.times(field.constant(2), field.times(y, d))
        top = less(field.times(less(both, square), p), slope)
    field.need(Kind.NONZERO, lead)
    return field.times(top, field.raised(field.norm(lead), -1))


def _elementary(field: Field, n: int, y: Quotient) -> Pair:
    """j_0 = sin(x)/x, and upwards."""
    x = field.to_term(y)
    sine, cosine = (field.norm(fn(f, x)) for f in ("sin", "cos"))
    over = field.raised(y, -1)
    p = field.times(sine, over)
    minus = field.constant(-1)
    d = field.plus(
        field.times(cosine, over),
        field.times(minus, field.times(p, over)),
    )
    for j in range(1, n + 1):
        p, d = _bessel(field, field.constant(j), y, p, d)
    return p, d


def member(field: Field, t: Term) -> Quotient:
    """A member of a family."""
    name, n, x = t.args
    return pair(field, name, n, x)[0]


def chebyshev(field: Field, t: Term) -> Quotient:
    """Chebyshev polynomials of a given degree."""
    name, n, x = t.args
    degree = field.canonical(n)
    if degree.op != "num" or degree.args[0] not in range(13):
        raise UnsupportedError(f"{name} of degree {degree}")
    field.norm(x)
    return field.norm(classical(name, int(degree.args[0]), x))


RULES: dict[str, Rule] = {
    **dict.fromkeys(STEPS, member),
    "chebyshevt": chebyshev,
}

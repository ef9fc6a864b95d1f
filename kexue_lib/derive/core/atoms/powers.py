"""Powers: ``b^(x+y) = b^x b^y``, roots, signs ``(-1)^n``, roots of unity.

A power ``b^e`` means ``exp(e log b)`` with the principal logarithm, and the
product of e copies of b if e is an integer >= 0.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import flint

from kexue_lib.derive.core.field import P0, P1, Field, Poly, Quotient
from kexue_lib.derive.core.field import monomial as monomial_
from kexue_lib.derive.core.field import whole as fraction
from kexue_lib.derive.core.statement import Kind
from kexue_lib.derive.core.terms import (
    MINUS,
    ONE,
    I,
    Term,
    UnsupportedError,
    add,
    fn,
    is_fn,
    mul,
    num,
    power,
)


def powers(field: Field, t: Term) -> Quotient:
    """Read a power."""
    base, e = t.args
    know = field.oracle
    if e.op == "num" and e.args[0].denominator == 1:
        return whole_power(field, base, int(e.args[0]))
    # exp(u)^e = exp(e u): e is an integer, or u real.
    if is_fn(base, "exp") and (know.integer(e) or know.real(base.args[1])):
        return field.norm(fn("exp", mul(e, base.args[1])))
    # (b^a)^e = b^(a e): e is an integer, or b > 0 and a real.
    if base.op == "pow" and (
        know.integer(e)
        or (know.positive(base.args[0]) and know.real(base.args[1]))
    ):
        b, a = base.args
        field.norm(base)  # what it needs as it is written
        if know.integer(a) and not know.nonnegative(a):
            field.need(Kind.NONZERO, b)
        return field.norm(power(b, mul(e, a)))
    return general(field, base, e)


def general(field: Field, base: Term, e: Term) -> Quotient:
    """``(p q)^e = p^e q^e``: e is an integer, or p > 0."""
    know = field.oracle
    r, exponent = field.norm(base), field.norm(e)
    if r.top == 0:
        if know.positive(e):
            return Quotient(P0)
        raise UnsupportedError("a power of 0")
    # b^x b^y = b^(x+y) at b = 0 only for exponents that never are negative.
    if not _never_negative(field, exponent):
        field.need(Kind.NONZERO, base)
    out, rest = Quotient(P1), Quotient(P1)
    for p, k in field.factors(r):
        if know.integer(e) or field.positive_poly(p):
            piece = _split(field, field.poly_term(p), exponent, k)
            out = field.times(out, piece)
        else:
            rest = field.times(rest, field.raised(Quotient(p), k))
    if rest.top != 1 or rest.bottom != 1:
        piece = _split(field, field.to_term(rest), exponent, 1)
        out = field.times(out, piece)
    return out


def _never_negative(field: Field, e: Quotient) -> bool:
    """Each monomial of an exponent is >= 0, so they may be taken apart."""
    know = field.oracle
    whole_ = field.to_term(e)
    if not know.nonnegative(whole_):
        return False
    if know.integer(whole_):
        return True
    parts = e.top.to_dict().items()
    return all(
        know.nonnegative(field.to_term(field.ratio(monomial_(m, c), e.bottom)))
        for m, c in parts
    )


def _split(field: Field, base: Term, e: Quotient, k: int) -> Quotient:
    """``b^(k e)`` as a product over the monomials of e; b has no factors."""
    know = field.oracle
    if is_fn(base, "exp") and know.real(base.args[1]):
        inside = field.times(field.norm(mul(num(k), base.args[1])), e)
        return field.norm(fn("exp", field.to_term(inside)))
    if (
        base.op == "pow"
        and know.positive(base.args[0])
        and know.real(base.args[1])
    ):
        inside = field.times(field.norm(base.args[1]), e)
        return _split(field, base.args[0], inside, k)
    out = Quotient(P1)
    for m, c in e.top.to_dict().items():
        piece = field.to_term(field.ratio(monomial_(m), e.bottom))
        out = field.times(out, _one(field, base, piece, k * fraction(c)))
    return out


def _one(field: Field, base: Term, piece: Term, c: Fraction) -> Quotient:
    """``base^(c piece)`` from one atom for all rational multiples."""
    know = field.oracle
    if base is ONE:
        return Quotient(P1)
    if piece is ONE and c.denominator == 1:
        # b^(n - 1) = b^n / b divides by b, though nobody wrote that.
        if c < 0:
            field.need(Kind.NONZERO, base)
        return field.raised(field.norm(base), int(c))
    if base is MINUS and (piece is ONE or know.integer(piece)):
        # (-1)^(p/q) is exp(pi i p/q); (-1)^(p n/q) has the 2q-th power 1.
        order = 2 * c.denominator
        if piece is ONE:
            x = unity(field, order)
        else:
            step = mul(num(Fraction(2, order)), piece)
            x = field.relate(power(MINUS, step), order, P1)
        return Quotient(x ** (c.numerator % order))
    if piece is not ONE:
        unit = field.unit((base, piece), c)
        atom = power(base, mul(num(unit), piece))
        return field.raised(field.atom(atom), int(c / unit))
    q = field.finer((base, piece), c.denominator)
    if q == 2 and piece is ONE and base.op == "num":
        root_ = gauss(field, int(base.args[0]))
        if root_ is not None:
            return field.raised(Quotient(root_), int(c * q))
    # Of n/d the atom is x = d (n/d)^(1/q), with x^q = n d^(q-1).
    inside = field.norm(base)
    root = power(base, num(Fraction(1, q)))
    if inside.bottom != 1:
        root = mul(field.poly_term(inside.bottom), root)
    value = inside.top * inside.bottom ** (q - 1)
    x = field.relate(root, q, field.reduced(value))
    return field.raised(field.ratio(x, inside.bottom), int(c * q))


def gauss(field: Field, p: int) -> Poly | None:
    """The root of a prime by Gauss's sum, if its roots of unity are there."""
    order = int(field.common.get("unity", 4))
    if p == 2 and order % 8 == 0:
        z = unity(field, 8)
        return z + z**7
    if p < 3 or order % p or not flint.fmpz(p).is_prime():
        return None
    z = unity(field, p)
    squares = {k * k % p for k in range(1, p)}
    total = sum((z**k if k in squares else -(z**k) for k in range(1, p)), P0)
    return total if p % 4 == 1 else total * unity(field, 4) ** 3


def unity(field: Field, n: int) -> Poly:
    """``exp(2 pi i / n)`` as a power of one root of unity; I is one of 4."""
    order = lcm(int(field.common.get("unity", 4)), n)
    if order != field.common.get("unity", 4):
        field.common["unity"], field.changed = order, True
    atom = I if order == 4 else fn("unity", num(order))
    x = field.gen(atom)
    coefficients = flint.fmpz_poly.cyclotomic(order).coeffs()
    minimal = sum((int(c) * x**i for i, c in enumerate(coefficients)), P0)
    field.relations.setdefault(field.index[atom], minimal)
    return x ** (order // n)


def whole_power(field: Field, t: Term, n: int) -> Quotient:
    """An integer power; an inverse needs that its base is not 0."""
    know = field.oracle
    if t.op == "mul":
        return field.product([whole_power(field, p, n) for p in t.args])
    if n < 0 and is_fn(t, "factorial", "gamma"):
        # 1/Gamma is entire: it needs no condition (but a convention).
        u = t.args[1] if is_fn(t, "gamma") else add(t.args[1], ONE)
        return field.raised(field.norm(fn("rgamma", u)), -n)
    if n < 0 and t.op == "pow" and know.integer(t.args[1]):
        if not know.nonnegative(t.args[1]):
            field.need(Kind.NONZERO, t.args[0])
        field.norm(t)
        return powers(field, Term("pow", t.args[0], mul(num(n), t.args[1])))
    r = field.norm(t)
    if n < 0:
        if r.top == 0:
            raise UnsupportedError(f"a division by {t}, which is 0")
        field.need(Kind.NONZERO, t)
    return field.raised(r, n)


RULES = {"pow": powers}

"""Polynomials in atoms that are known to be >= 0: hypotheses and facts."""

from __future__ import annotations

from typing import Any

import flint

from kexue_lib.derive.core.enclose import number
from kexue_lib.derive.core.field import (
    GENERATORS,
    P1,
    RING,
    SIZE,
    Field,
    Poly,
    constant_of,
    whole,
)
from kexue_lib.derive.core.structure import (
    ANY,
    MINUS_,
    NONNEG,
    NONPOS,
    PLUS,
    Signs,
    Structure,
)
from kexue_lib.derive.core.terms import (
    Term,
    UnsupportedError,
    facts_of,
    fn,
    free,
    is_fn,
    sub,
)


class Bounds(Structure):
    """What is known of the atoms of a field, as polynomials."""

    def nonzero_poly(self, f: Field, p: Poly) -> bool:
        """Known that a real polynomial is not 0, by its sign or as given."""
        if self.signed(f, p, True) or self.signed(f, -p, True):
            return True
        return any(p in (g, -g) for g in self.given_nonzero(f))

    def given_nonzero(self, f: Field) -> list[Poly]:
        """Factors of what is given to be different from 0."""
        out: list[Poly] = []
        for r in self.relations():
            op, a, b = r.args
            if op in ("!=", "<"):
                gap = f.norm(sub(a, b)).top
                out += [q for q, _ in gap.factor()[1]] if gap != 0 else []
        for i, a in enumerate(list(f.atoms)):
            if a.op == "sym" and facts_of(a) & {"nonzero", "positive", "odd"}:
                out.append(GENERATORS[SIZE - 1 - i])
        return out

    def known(self, f: Field) -> list[tuple[Poly, bool]]:
        """Polynomials that are >= 0 (True: > 0): hypotheses and facts.

        Integers are tightened: ``g > 0`` is ``g - 1 >= 0``.
        """
        found: list[tuple[Poly, bool]] = []
        for r in self.relations():
            op, a, b = r.args
            if op == "!=":
                continue
            try:
                gap = f.norm(sub(b, a))
            except UnsupportedError:
                continue
            # Only numbers known to be real have an order.
            if not all(
                self.real(atom) for q in gap for _, atom in f.atoms_of(q)
            ):
                continue
            # g/h >= 0 with h > 0 says g >= 0.
            if gap.bottom != 1 and not one_sign(
                gap.bottom, self._signs(f, gap.bottom), True
            ):
                continue
            found.append((gap.top, op == "<"))
            if op == "=":
                found.append((-gap.top, False))
        for i, a in enumerate(list(f.atoms)):
            x = GENERATORS[SIZE - 1 - i]
            found += self._facts_of_atom(f, a, x)
            if is_fn(a, "cos") and (wave := fn("sin", a.args[1])) in f.index:
                circle = x**2 + f.gen(wave) ** 2 - 1
                found += [(circle, False), (-circle, False)]
        return [self._tight(f, g, strict) for g, strict in found]

    def _signs(self, f: Field, p: Poly) -> dict[int, Signs]:
        return {i: self.sign(a) for i, a in f.atoms_of(p)}

    def _facts_of_atom(
        self, f: Field, a: Term, x: Poly
    ) -> list[tuple[Poly, bool]]:
        signs = self.sign(a)
        out: list[tuple[Poly, bool]] = []
        if signs <= NONNEG:
            out.append((x, signs == PLUS))
        elif signs <= NONPOS:
            out.append((-x, signs == MINUS_))
        if a.op == "sym" and "prime" in facts_of(a):
            out.append((x - 2, False))
        if is_fn(a, "sin", "cos", "tanh", "erf") and self.real(a.args[1]):
            # Between -1 and 1 for real arguments.
            strict = a.args[0] in ("tanh", "erf")
            out += [(P1 - x, strict), (P1 + x, strict)]
        if is_fn(a, "cosh") and self.real(a.args[1]):
            out.append((x - 1, False))
        if is_fn(a, "Max", "Min", "floor", "ceiling"):
            out += self._around(f, a, x)
        if a.op == "fn" and a.args[0] in ("exp", "log"):
            u = f.norm(a.args[1])
            if u.bottom == 1 and self.real(a.args[1]):
                if a.args[0] == "exp":  # exp u >= 1 + u
                    out.append((x - 1 - u.top, False))
                elif self.positive(a.args[1]):  # log u <= u - 1
                    out.append((u.top - 1 - x, False))
        if a.op != "sym" and not free(a) and self.real(a):
            out += _enclosed(a, x)
        return out

    def _around(self, f: Field, a: Term, x: Poly) -> list[tuple[Poly, bool]]:
        """Max and Min against their arguments, floor and ceiling."""
        out: list[tuple[Poly, bool]] = []
        name, *rest = a.args
        up = name in ("Max", "ceiling")
        for u in rest:
            q = f.norm(u)
            if q.bottom != 1 or not self.real(u):
                continue
            gap = x - q.top if up else q.top - x
            out.append((gap, False))
            if name in ("floor", "ceiling"):
                out.append((P1 - gap, True))
        return out

    def _tight(self, f: Field, g: Poly, strict: bool) -> tuple[Poly, bool]:
        if not strict or any(whole(c).denominator > 1 for c in g.coeffs()):
            return g, strict
        if all(self.integer(a) for _, a in f.atoms_of(g)):
            return g - 1, False
        return g, strict

    def _interval(self, f: Field, i: int, a: Term) -> tuple[Any, Any]:
        """((low, open), (high, open)) of an atom; None if unbounded."""
        low: Any = None
        high: Any = None
        for g, tight in self.known(f):
            degrees = g.degrees()
            if degrees[i] != 1 or sum(d > 0 for d in degrees) != 1:
                continue
            c = flint.fmpq(g.derivative(i).leading_coefficient())
            constant = constant_of(g)
            end = -flint.fmpq(constant.numerator, constant.denominator) / c
            if c > 0 and (low is None or (end, tight) > low):
                low = (end, tight)
            if c < 0 and (high is None or (-end, tight) > (-high[0], high[1])):
                high = (end, tight)
        return low, high


def _enclosed(a: Term, x: Poly) -> list[tuple[Poly, bool]]:
    """A constant lies between two rationals."""
    ball = number(a)
    if ball is None:
        return []
    scale = flint.fmpq(2**24)
    middle = (ball.real * 2**24).floor().unique_fmpz()
    if middle is None:
        return []
    low, high = (flint.fmpq(int(middle) + d) / scale for d in (0, 1))
    return [(x - low, False), (RING.constant(high) - x, True)]


def one_sign(p: Poly, signs: dict[int, Signs], strict: bool) -> bool:
    """Every monomial is >= 0, and one is > 0 if that is asked."""
    sure = False
    for m, c in p.to_dict().items():
        s: Signs = frozenset([1 if whole(c) > 0 else -1])
        for i, e in enumerate(m):
            if e:
                own = signs.get(i, ANY)
                s = frozenset(x * y ** int(e) for x in s for y in own)
        if not s <= NONNEG:
            return False
        sure = sure or s == PLUS
    return sure or not strict

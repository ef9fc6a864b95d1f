"""Signs of polynomials in atoms: factors, bounds put in, roots, weights."""

from __future__ import annotations

import itertools
from typing import Any

import flint

from kexue_lib.derive.core.bounds import Bounds, one_sign
from kexue_lib.derive.core.enclose import number
from kexue_lib.derive.core.field import (
    GENERATORS,
    P1,
    RING,
    SIZE,
    Field,
    Poly,
    constant_of,
    single,
    whole,
)
from kexue_lib.derive.core.structure import NONNEG, PLUS, Signs
from kexue_lib.derive.core.terms import Term, facts_of, fn, is_fn
from kexue_lib.derive.core.weights import combination

SHALLOW = 5
"""Weights are searched for questions of the first levels only."""
MOST = 200
"""How many integers are tried."""
TRIES = 48
"""How many ways to put in bounds are tried."""


class Polynomials(Bounds):
    """Signs by structure, and of polynomials in atoms."""

    def positive(self, t: Term) -> bool:
        """Known to be real and > 0."""
        return (self.sign(t) == PLUS and self.real(t)) or self._of_poly(
            t, True
        )

    def nonnegative(self, t: Term) -> bool:
        """Known to be real and >= 0."""
        return (self.sign(t) <= NONNEG and self.real(t)) or self._of_poly(
            t, False
        )

    def _of_poly(self, t: Term, strict: bool) -> bool:
        if t.op in ("num", "const") or not self.real(t):
            return False

        def answer() -> bool:
            ball = number(t)
            if ball is not None:
                value = ball.real
                return bool(value > 0 or (not strict and value >= 0))
            f = self.field(opaque=True)
            r = f.quotients(t)[0]
            return self.signed(f, r.top * r.bottom, strict)

        return bool(self._asked(("poly", t, strict), answer, False))

    def signed(self, field: Field, p: Poly, strict: bool) -> bool:
        """Known that p > 0 (or p >= 0)."""
        if p.is_constant():
            c = constant_of(p)
            return c > 0 or (c == 0 and not strict)
        atoms = field.atoms_of(p)
        if not all(self.real(a) for _, a in atoms):
            return False
        signs = {i: self.sign(a) for i, a in atoms}
        if one_sign(p, signs, strict):
            return True
        key = ("signed", str(p), tuple(field.atoms), strict)

        def answer() -> bool:
            if p.total_degree() == 1 and self._linear(field, p, strict):
                return True
            return (
                self._by_factors(field, p, strict)
                or self._shifted(field, p, signs, strict)
                or self._sturm(field, p, atoms, strict)
                or self._at_integers(field, p, atoms, strict)
                or self._rooted(field, p, strict)
                or (
                    self.thorough
                    and len(self._busy) <= SHALLOW
                    and (
                        self._raised(field, p, strict)
                        or self._turned(field, p, strict)
                        or self._weighed(field, p, strict)
                        or self._stepped(field, p, strict)
                    )
                )
            )

        return bool(self._asked(key, answer, False))

    def _by_factors(self, f: Field, p: Poly, strict: bool) -> bool:
        content, parts = p.factor()
        if len(parts) == 1 and parts[0][1] == 1:
            return False
        scale = whole(content)
        for q, k in parts:
            nonzero = not strict or self.nonzero_poly(f, q)
            if k % 2 == 0 and nonzero:
                continue
            if self.signed(f, q, strict):
                continue
            if not self.signed(f, -q, strict):
                return False
            scale = -scale if k % 2 else scale
        return scale > 0

    def _linear(self, f: Field, p: Poly, strict: bool) -> bool:
        """A linear form is a nonnegative combination of linear ones."""
        known = [(g, s) for g, s in self.known(f) if g.total_degree() == 1]
        products = [(P1, True), *known][:40]
        return combination(p, products, strict) is not None

    def _rooted(self, f: Field, p: Poly, strict: bool) -> bool:
        """a + b r with r^2 known: compare a^2 with b^2 r^2."""
        for i, relation in f.relations.items():
            at = SIZE - 1 - i
            x = GENERATORS[at]
            if p.degrees()[at] != 1 or relation.degrees()[at] != 2:
                continue
            if not self.sign(f.atoms[i]) <= NONNEG:
                continue
            b = p.derivative(at)
            a = p - b * x
            gap = f.reduced(a * a - b * b * x * x)
            # Of a and b r one is > 0 and has the larger modulus.
            for up, more in ((a, gap), (b, -gap)):
                if self.signed(f, up, True) and self.signed(f, more, strict):
                    return True
        return False

    def _raised(self, f: Field, p: Poly, strict: bool) -> bool:
        """Put r^d for a letter whose root r occurs as well."""
        q = p
        for i, relation in f.relations.items():
            at = SIZE - 1 - i
            letter = GENERATORS[at] ** int(relation.degrees()[at]) - relation
            if q.degrees()[at] < 1 or letter not in GENERATORS:
                continue
            value = GENERATORS[at] ** int(relation.degrees()[at])
            q = q.compose(*(value if g == letter else g for g in GENERATORS))
        return bool(q != p) and self.signed(f, q, strict)

    def _turned(self, f: Field, p: Poly, strict: bool) -> bool:
        """Put 1 - cos^2 for sin^2, or the other way round."""
        for i, a in f.atoms_of(p):
            if not is_fn(a, "sin", "cos") or p.degrees()[i] < 2:
                continue
            other = fn("cos" if is_fn(a, "sin") else "sin", a.args[1])
            if other not in f.index:
                continue
            square, q = P1 - f.gen(other) ** 2, p * 0
            for m, c in p.to_dict().items():
                e = int(m[i])
                rest = tuple(e % 2 if j == i else v for j, v in enumerate(m))
                q += RING.from_dict({rest: c}) * square ** (e // 2)
            if q != p and self.signed(f, q, strict):
                return True
        return False

    def _shifted(
        self, f: Field, p: Poly, signs: dict[int, Signs], strict: bool
    ) -> bool:
        """Put in ``x = low + x'`` (or high - x') for some; read the signs."""
        linear: dict[int, list[Any]] = {}
        for g, tight in self.known(f):
            for i, d in enumerate(g.degrees()):
                if d != 1:
                    continue
                slope = g.derivative(i)
                if slope.is_constant():
                    c = whole(slope.leading_coefficient())
                    bound = GENERATORS[i] - g / slope.leading_coefficient()
                    linear.setdefault(i, []).append((bound, c > 0, tight))
        names = sorted(_reached(p, linear))
        if len(names) > 6 or p.total_degree() < 2:
            return False
        choices = [[*linear[i], None] for i in names]
        for picked in itertools.islice(itertools.product(*choices), TRIES):
            bounds = {i: b for i, b in zip(names, picked, strict=True) if b}
            made = _put_in(p, bounds, signs)
            if made is not None and one_sign(*made, strict):
                return True
        return False

    def _sturm(
        self, f: Field, p: Poly, atoms: list[tuple[int, Term]], strict: bool
    ) -> bool:
        """One atom: no root on its interval, and the sign at one point."""
        if len(atoms) != 1:
            return False
        i, a = atoms[0]
        low, high = self._interval(f, i, a)
        u = single(p, i)
        for root, times in u.numer().complex_roots():
            if not root.imag.contains(0):
                continue
            x = root.real
            if low is not None and (
                x < low[0] or ((low[1] or not strict) and _is_end(u, low, x))
            ):
                continue
            if high is not None and (
                x > high[0]
                or ((high[1] or not strict) and _is_end(u, high, x))
            ):
                continue
            if not strict and times % 2 == 0:
                continue
            return False
        spot = _between(low, high, u)
        return spot is not None and u(spot) > 0

    def _at_integers(
        self, f: Field, p: Poly, atoms: list[tuple[int, Term]], strict: bool
    ) -> bool:
        """One integer atom: the values around all roots, one by one.

        Beyond the roots the sign is that of the last value.
        """
        if len(atoms) != 1 or not self.integer(atoms[0][1]):
            return False
        i, a = atoms[0]
        low, high = self._interval(f, i, a)
        u = single(p, i)
        roots = [
            root.real
            for root, _ in u.numer().complex_roots()
            if root.imag.contains(0)
        ]
        ends = [
            (r.lower().floor().unique_fmpz(), r.upper().ceil().unique_fmpz())
            for r in roots
        ]
        if not ends or any(None in pair for pair in ends):
            return False
        first = min(int(e[0]) for e in ends) - 1
        last = max(int(e[1]) for e in ends) + 1
        if low is not None:
            first = max(first, int(low[0].ceil()))
        if high is not None:
            last = min(last, int(high[0].floor()))
        values = [u(n) for n in range(first, last + 1)][: MOST + 1]
        if not 0 < len(values) <= MOST:
            return False
        return all(v > 0 or (v == 0 and not strict) for v in values)

    def _stepped(self, f: Field, p: Poly, strict: bool) -> bool:
        """An integer n >= low is low, low + 1, or at least low + 2."""
        for i, a in f.atoms_of(p):
            if a.op != "sym" or not self.integer(a):
                continue
            if "positive" in facts_of(a):
                low = 1
            elif "nonnegative" in facts_of(a):
                low = 0
            else:
                continue
            x = GENERATORS[i]
            for value in (low, low + 1, None):
                moved = x + low + 2 if value is None else x * 0 + value
                q = p.compose(
                    *(moved if j == i else g for j, g in enumerate(GENERATORS))
                )
                signs = {**self._signs(f, q), i: NONNEG}
                if not one_sign(q, signs, strict):
                    break
            else:
                return True
        return False

    def _weighed(self, f: Field, p: Poly, strict: bool) -> bool:
        """p is a nonnegative combination of products of what is known."""
        if p.total_degree() > 6 or len(p.to_dict()) > 60:
            return False
        found = combination(p, self._products(f, p), strict)
        return found is not None

    def _products(self, f: Field, p: Poly) -> list[tuple[Poly, bool]]:
        """Known polynomials over the atoms of p, and products of them."""
        ties = [
            q
            for i, q in f.relations.items()
            if all(self.real(a) for _, a in f.atoms_of(q))
        ]
        known = [*self.known(f), *((q, False) for q in ties)]
        known += [(-q, False) for q in ties]
        reach = {i for i, d in enumerate(p.degrees()) if d > 0}
        grew = True
        while grew:
            more = {
                i
                for g, _ in known
                for i, d in enumerate(g.degrees())
                if d > 0 and reach & _support(g)
            }
            grew = not more <= reach
            reach |= more
        basic = [(g, s) for g, s in known if _support(g) <= reach]
        basic = [
            (g, s)
            for g, s in basic
            if g != 0 and all(self.real(a) for _, a in f.atoms_of(g))
        ][:14]
        out = [(P1, True), *basic]
        letters = [GENERATORS[i] for i in sorted(reach)][:6]
        for x in letters:
            out.append((x * x, False))
        for x, y in itertools.combinations(letters, 2):
            out += [((x - y) ** 2, False), ((x + y) ** 2, False)]
        degree = int(p.total_degree())
        if any(g.total_degree() > 1 for g in (p, *(g for g, _ in basic))):
            pairs = itertools.combinations_with_replacement(basic, 2)
            out += [(g * h, s and t) for (g, s), (h, t) in pairs]
        if degree > 2:
            squares = [x * x for x in letters]
            out += [(g * q, False) for g, _ in basic for q in squares]
            out += [(q * r, False) for q in squares for r in squares]
        return [(f.reduced(g), s) for g, s in out][:220]


def _support(p: Poly) -> set[int]:
    return {i for i, d in enumerate(p.degrees()) if d > 0}


def _reached(p: Poly, linear: dict[int, list[Any]]) -> set[int]:
    """Bounded atoms of p, and of the bounds themselves."""
    needed, grew = _support(p), True
    while grew:
        more = {
            j
            for i in needed & linear.keys()
            for bound, _, _ in linear[i]
            for j in _support(bound)
        }
        grew = not more <= needed
        needed |= more
    return needed & linear.keys()


def _put_in(
    p: Poly, bounds: dict[int, Any], signs: dict[int, Signs]
) -> tuple[Poly, dict[int, Signs]] | None:
    signs = dict(signs)
    for i, (_, _, tight) in bounds.items():
        signs[i] = PLUS if tight else NONNEG
    left = dict(bounds)
    while left:
        # An atom goes when no remaining bound mentions it.
        within = {i: _support(b[0]) - {i} for i, b in left.items()}
        ready = left.keys() - set().union(*within.values())
        if not ready:
            return None
        moved = list(GENERATORS)
        for i in ready:
            bound, lower, _ = left.pop(i)
            moved[i] = bound + moved[i] if lower else bound - moved[i]
        p = p.compose(*moved)
    return p, signs


def _is_end(u: Any, end: Any, root: Any) -> bool:
    """An isolated root that overlaps an end is that end if it is a root."""
    return bool(u(end[0]) == 0) and bool(root.overlaps(flint.arb(end[0])))


def _between(low: Any, high: Any, u: Any) -> Any:
    """A point of the interval that is no root."""
    for step in (2, 3, 5, 7, 11, 13):
        if low is not None and high is not None:
            spot = low[0] + (high[0] - low[0]) / step
        elif low is not None:
            spot = low[0] + flint.fmpq(1, step)
        elif high is not None:
            spot = high[0] - flint.fmpq(1, step)
        else:
            spot = flint.fmpq(1, step)
        if u(spot) != 0:
            return spot
    return None

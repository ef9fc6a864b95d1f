"""Normal form: a term as a quotient of polynomials in atoms.

An atom is a term that is not taken apart (a symbol, ``exp(x)``, a sum, an
unknown function). Polynomials have rational coefficients and belong to
python-flint. Atoms may satisfy relations, ``atom^d = polynomial in earlier
atoms``, which are divided out. If the numerator of a difference is 0, the
difference is 0 at every point at which the conditions hold that were met on
the way: evaluation at a point is a homomorphism, and each inversion that the
term as written contains is a condition.

What a relation needs to be valid stands beside it, in `atoms`. This module
knows arithmetic only; its rules are given to it as a table.

Atoms of one family have a common base: of ``x^(1/2)`` and ``x^(1/3)`` the
atom is ``x^(1/6)``, of ``Gamma(n)`` and ``Gamma(n + 2)`` it is ``Gamma(n)``.
Which one is found in a first pass over everything that is compared (`common`
grows); once a pass changes nothing the table is frozen and that pass counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple, Protocol

import flint

from kexue_lib.derive.core.statement import Condition, Kind, Range
from kexue_lib.derive.core.terms import (
    NOO,
    OO,
    ZERO,
    Term,
    UnsupportedError,
    add,
    entries,
    free,
    inverse,
    mul,
    num,
    power,
    sub,
    text,
)

SIZE = 64
PASSES = 6
HIGHEST = 400
"""The highest degree of a polynomial."""
RING = flint.fmpq_mpoly_ctx.get([f"x{i}" for i in range(SIZE)], "lex")
GENERATORS = RING.gens()
P0, P1 = RING.constant(0), RING.constant(1)
Poly = Any
"""A flint.fmpq_mpoly of `RING`."""


class Quotient(NamedTuple):
    """``top / bottom``, without a common factor, bottom monic."""

    top: Poly
    bottom: Poly = P1


class Oracle(Protocol):
    """Who answers questions about terms; False and None mean "not seen"."""

    @property
    def given(self) -> tuple[Term, ...]:
        """Relations that hold."""

    @property
    def ranges(self) -> tuple[Range, ...]:
        """Ranges of the bound variables that are open here."""

    def within(self, *ranges: Range) -> AbstractContextManager[None]:
        """Open more ranges."""

    def integer(self, t: Term) -> bool:
        """Known to be an integer."""

    def real(self, t: Term) -> bool:
        """Known to be real."""

    def positive(self, t: Term) -> bool:
        """Known to be real and > 0."""

    def nonnegative(self, t: Term) -> bool:
        """Known to be real and >= 0."""

    def on_circle(self, t: Term) -> bool:
        """Known to have modulus 1, as given."""

    def holds(self, relation: Term) -> bool | None:
        """Whether a relation holds for all values here, or for none."""

    def signed(self, field: Field, p: Poly, strict: bool) -> bool:
        """Known that p > 0 (or p >= 0)."""


def span(know: Oracle, k: Term, low: Term, high: Term) -> Range:
    """The range of a real variable between two ends, in their order.

    If the order of the ends is not known, nothing is known of the variable:
    "between" would be empty in one of the two orders.
    """
    if low is NOO or high is OO or know.nonnegative(sub(high, low)):
        return k, low, high
    if low is not OO and high is not NOO and know.nonnegative(sub(low, high)):
        return k, high, low
    return k, NOO, OO


def along_reals(know: Oracle, t: Term) -> bool:
    """An integral whose variable is real: both ends are, or are infinite."""
    return all(e in (OO, NOO) or know.real(e) for e in t.args[1:])


def open_symbols(know: Oracle) -> list[Term]:
    """What a new bound variable avoids: open ones, and the hypotheses.

    A relation that is given of a letter must not be taken for one of the
    variable that a sum or an integral opens under the same name.
    """
    return [*(r[0] for r in know.ranges), *know.given]


Rule = Callable[["Field", Term], Quotient]


def place(generator: int) -> int:
    """Exponent vectors list the latest atom first."""
    return SIZE - 1 - generator


def whole(q: Any) -> Fraction:
    """A flint rational as a Fraction."""
    q = flint.fmpq(q)
    return Fraction(int(q.p), int(q.q))


def constant_of(p: Poly) -> Fraction:
    """The constant coefficient."""
    return whole(p.to_dict().get((0,) * SIZE, 0))


def monomial(exponents: tuple[Any, ...], coefficient: Any = 1) -> Poly:
    """One monomial."""
    return RING.from_dict({tuple(exponents): coefficient})


def single(p: Poly, i: int) -> Any:
    """A polynomial in one generator as flint's own kind."""
    coefficients = [flint.fmpq(0)] * (int(p.degrees()[i]) + 1)
    for m, c in p.to_dict().items():
        coefficients[int(m[i])] = flint.fmpq(c)
    return flint.fmpq_poly(coefficients)


class Field:
    """Atoms, their relations, and the conditions met so far.

    Args:
        oracle: what is known.
        rules: how to read each operator and function.
        opaque: leave sines and hyperbolic functions whole, for their signs.
        doubling: write Gamma(2 v) with Gamma(v) and Gamma(v + 1/2).
        mirror: a sum and the same sum read backwards are one.
        anchored: so are sums whose index is shifted.
    """

    def __init__(
        self,
        oracle: Oracle,
        rules: Mapping[str, Rule],
        opaque: bool = False,
        doubling: bool = False,
        mirror: bool = True,
        anchored: bool = False,
    ) -> None:
        self.oracle = oracle
        self.rules = rules
        self.opaque = opaque
        self.doubling, self.mirror, self.anchored = doubling, mirror, anchored
        self.common: dict[Any, Any] = {}
        self.changed = False
        self._quiet = 0
        self.start()

    def start(self) -> None:
        """Forget atoms and conditions, but not the common bases."""
        self.atoms: list[Term] = []
        self.index: dict[Term, int] = {}
        self.relations: dict[int, Poly] = {}
        self.conditions: dict[Condition, None] = {}
        self.ties: list[Poly] = []
        self._memo: dict[Any, Quotient] = {}
        self._being_read: set[Any] = set()
        self.changed = False

    # -- questions from outside -------------------------------------------

    def zero(self, t: Term) -> bool:
        """Say whether a term, or every entry of a matrix, is 0."""
        parts = entries(t) if t.op == "mat" else (t,)
        return all(self._tied(q.top) == 0 for q in self.quotients(*parts))

    def _tied(self, p: Poly) -> Poly:
        """Reduced also by polynomials in several atoms that are 0."""
        p = self.reduced(p)
        for tie in self.ties:
            p = self.reduced(divmod(p, tie)[1])
        return p

    def zero_otherwise(self, t: Term) -> bool:
        """The same in other coordinates, where they may help.

        With sums in the index of their arguments; with Gamma(2 v) taken
        apart.
        """
        if any(a.op == "sum" for a in self.atoms):
            self.anchored = True
            if self.zero(t):
                return True
        if any(map(self._twice, self.atoms)):
            self.doubling = True
            return self.zero(t)
        return False

    def _twice(self, a: Term) -> bool:
        """Gamma of twice something, up to an integer."""
        if not (a.op == "fn" and a.args[0] in ("gamma", "rgamma")):
            return False
        q = self.norm(a.args[1])
        moving = [whole(c) for m, c in q.top.to_dict().items() if any(m)]
        return q.bottom == 1 and all(c % 2 == 0 for c in moving)

    def quotients(self, *parts: Term) -> list[Quotient]:
        """Normal forms of several terms in common atoms."""
        self.common = {}
        for _ in range(PASSES):
            self.start()
            found = [self.norm(part) for part in parts]
            if not self.changed:
                return found
        raise UnsupportedError("the atoms have no common base")

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Record no conditions: the terms are not part of a statement."""
        self._quiet += 1
        try:
            yield
        finally:
            self._quiet -= 1

    # -- atoms --------------------------------------------------------------

    def gen(self, atom: Term) -> Poly:
        """The generator of an atom."""
        if atom not in self.index:
            if len(self.atoms) == SIZE:
                raise UnsupportedError(f"more than {SIZE} atoms")
            self.index[atom] = len(self.atoms)
            self.atoms.append(atom)
        # Later atoms are larger, so relations reduce to earlier ones.
        return GENERATORS[place(self.index[atom])]

    def atom(self, t: Term) -> Quotient:
        """A term that is not taken apart."""
        return Quotient(self.gen(t))

    def relate(self, atom: Term, degree: int, value: Poly) -> Poly:
        """Adjoin an atom with ``atom^degree = value``."""
        x = self.gen(atom)
        self.relations.setdefault(self.index[atom], x**degree - value)
        return x

    def atom_at(self, position: int) -> Term:
        """The atom at a position of exponent vectors."""
        return self.atoms[place(position)]

    def atoms_of(self, p: Poly) -> list[tuple[int, Term]]:
        """Positions and atoms that occur in a polynomial."""
        return [
            (i, self.atom_at(i)) for i, d in enumerate(p.degrees()) if d > 0
        ]

    def finer(self, key: Any, q: int) -> int:
        """A common denominator: all that is asked for divides it."""
        have = int(self.common.get(key, 1))
        if have % q:
            self.common[key] = have = lcm(have, q)
            self.changed = True
        return have

    def unit(self, key: Any, c: Fraction) -> Fraction:
        """A common unit: all that is asked for are whole multiples of it."""
        have = self.common.get(key, Fraction(0))
        top = gcd(
            have.numerator * c.denominator, c.numerator * have.denominator
        )
        unit = Fraction(top, have.denominator * c.denominator)
        if unit != have:
            self.common[key] = unit
            self.changed = True
        return unit

    def lowest(self, key: Any, value: int) -> int:
        """A common base: the least that was asked for."""
        if key not in self.common or value < self.common[key]:
            self.common[key] = value
            self.changed = True
        return int(self.common[key])

    def here(self, t: Term) -> tuple[Range, ...]:
        """Open ranges that a term depends on.

        A base is common within one range only: elsewhere it may be a pole.
        """
        used = free(t)
        return tuple(r for r in self.oracle.ranges if r[0] in used)

    def around(self, t: Term) -> tuple[Range, ...]:
        """Open ranges that a term depends on, also through their ends."""
        used, found = free(t), []
        for r in reversed(self.oracle.ranges):
            if r[0] in used:
                used = used | free(r[1]) | free(r[2])
                found.append(r)
        return tuple(reversed(found))

    def need(self, kind: Kind, about: Term) -> None:
        """Record a condition of the statement or of a rule."""
        number = about.op == "num" and about is not ZERO
        if self._quiet or (number and kind is Kind.NONZERO):
            return
        ranges = self.oracle.ranges
        if kind is not Kind.CONVERGES:
            ranges = self.around(about)
        self.conditions.setdefault(Condition(kind, about, ranges))

    # -- arithmetic ---------------------------------------------------------

    def reduced(self, p: Poly) -> Poly:
        """Divide by the relations, latest atom first."""
        for i in sorted(self.relations, reverse=True):
            if p.degrees()[place(i)] > 0:
                p = divmod(p, self.relations[i])[1]
        return p

    def ratio(self, top: Poly, bottom: Poly = P1) -> Quotient:
        """A quotient in lowest terms."""
        top, bottom = self.reduced(top), self.reduced(bottom)
        if bottom == 0:
            raise UnsupportedError("a denominator is identically 0")
        if top == 0:
            return Quotient(P0)
        if not bottom.is_constant():
            g = top.gcd(bottom)
            if not g.is_constant():
                top, bottom = top // g, bottom // g
        upside = self.inverse(bottom)
        if upside is not None:
            top, bottom = self.reduced(top * upside), P1
        lead = bottom.leading_coefficient()
        return Quotient(top / lead, bottom / lead)

    def inverse(self, p: Poly) -> Poly | None:
        """The inverse of a polynomial in one algebraic number."""
        support = [i for i, d in enumerate(p.degrees()) if d > 0]
        relation = self.relations.get(place(support[0])) if support else None
        if len(support) != 1 or relation is None:
            return None
        if [i for i, d in enumerate(relation.degrees()) if d > 0] != support:
            return None
        i = support[0]
        g, s, _ = single(p, i).xgcd(single(relation, i))
        if g.degree() != 0:
            return None
        x = GENERATORS[i]
        parts = (c * x**n for n, c in enumerate((s / g[0]).coeffs()))
        return sum(parts, P0)

    def constant(self, value: Any) -> Quotient:
        """A rational number."""
        value = Fraction(value)
        q = flint.fmpq(value.numerator, value.denominator)
        return Quotient(RING.constant(q))

    def plus(self, a: Quotient, b: Quotient) -> Quotient:
        """A sum."""
        if a.bottom == b.bottom:
            return self.ratio(a.top + b.top, a.bottom)
        top = a.top * b.bottom + b.top * a.bottom
        return self.ratio(top, a.bottom * b.bottom)

    def times(self, a: Quotient, b: Quotient) -> Quotient:
        """A product."""
        return self.ratio(a.top * b.top, a.bottom * b.bottom)

    def raised(self, a: Quotient, n: int) -> Quotient:
        """An integer power; who inverts records the condition."""
        if (
            abs(n) * max(a.top.total_degree(), a.bottom.total_degree())
            > HIGHEST
        ):
            raise UnsupportedError(f"a power above {HIGHEST}")
        if n >= 0:
            return self.ratio(a.top**n, a.bottom**n)
        if a.top == 0:
            raise UnsupportedError("a division by 0")
        return self.ratio(a.bottom**-n, a.top**-n)

    def product(self, factors: list[Quotient]) -> Quotient:
        """The product of several."""
        out = Quotient(P1)
        for f in factors:
            out = self.times(out, f)
        return out

    # -- terms and quotients --------------------------------------------------

    def norm(self, t: Term) -> Quotient:
        """The normal form of a term."""
        key = (t, self.oracle.ranges, self._quiet > 0)
        found = self._memo.get(key)
        if found is None:
            if key in self._being_read:
                raise UnsupportedError("a normal form that needs itself")
            self._being_read.add(key)
            try:
                found = self._memo[key] = self._norm(t)
            finally:
                self._being_read.discard(key)
        return found

    def _norm(self, t: Term) -> Quotient:
        match t.op:
            case "num":
                return self.constant(t.args[0])
            case "add":
                out = Quotient(P0)
                for part in t.args:
                    out = self.plus(out, self.norm(part))
                return out
            case "mul":
                return self.product([self.norm(part) for part in t.args])
            case "sym" if "noncommutative" not in t.args[1]:
                return self.atom(t)
        name = t.op
        if t.op == "fn":
            name = "?" if t.args[0].startswith("?") else t.args[0]
        rule = self.rules.get(name)
        if rule is None:
            raise UnsupportedError(f"no rule for {name}")
        return rule(self, t)

    def canonical(self, t: Term) -> Term:
        """The normal form as a term: equal terms become one."""
        return self.to_term(self.norm(t))

    def to_term(self, q: Quotient) -> Term:
        """A quotient as a term."""
        top = self.poly_term(q.top)
        return top if q.bottom == 1 else mul(top, self._below(q.bottom))

    def _below(self, p: Poly) -> Term:
        return inverse(self.poly_term(p))

    def poly_term(self, p: Poly) -> Term:
        """A polynomial as a term, summands in a fixed order."""
        parts = (self._monomial_term(m, c) for m, c in p.to_dict().items())
        return add(*sorted(parts, key=text))

    def _monomial_term(self, exponents: Any, coefficient: Any) -> Term:
        found = [
            (self.atom_at(i), int(e)) for i, e in enumerate(exponents) if e
        ]
        found.sort(key=lambda pair: text(pair[0]))
        powers = (power(a, num(e)) for a, e in found)
        return mul(num(whole(coefficient)), *powers)

    def shifted(self, t: Term) -> tuple[Term, int]:
        """(rest, shift): the term is rest plus an integer shift."""
        q = self.norm(t)
        c = constant_of(q.top) if q.bottom == 1 else Fraction(0)
        shift = c.numerator // c.denominator
        rest = self.plus(q, self.constant(-shift))
        return self.to_term(rest), shift

    def laurent(
        self, q: Quotient, x: Term
    ) -> tuple[list[tuple[dict[Term, int], Poly]], Poly]:
        """Monomials in what depends on a symbol, and what they stand over.

        A monomial below is a negative exponent above: 1/exp(u) is exp(-u).

        Returns:
            For each monomial the exponents of atoms with the symbol and the
            factor without; the rest of the denominator.
        """
        moving = {
            place(i): a for i, a in enumerate(self.atoms) if x in free(a)
        }
        below = list(q.bottom.to_dict())
        least = tuple(
            min(int(m[i]) for m in below) if i in moving else 0
            for i in range(SIZE)
        )
        found = []
        for m, c in q.top.to_dict().items():
            own = {
                a: int(m[i]) - least[i]
                for i, a in moving.items()
                if int(m[i]) != least[i]
            }
            rest = tuple(0 if i in moving else e for i, e in enumerate(m))
            found.append((own, monomial(rest, c)))
        return found, q.bottom // monomial(least)

    def factors(
        self, q: Quotient, turned: bool = True
    ) -> list[tuple[Poly, int]]:
        """Irreducible factors with exponents; the content as primes and -1.

        With ``turned`` a factor that is known to be negative is replaced by
        its negative.
        """
        found: list[tuple[Poly, int]] = []
        content = Fraction(1)
        for p, side in ((q.top, 1), (q.bottom, -1)):
            c, parts = p.factor()
            scale = whole(c)
            for f, k in parts:
                if turned and self.oracle.signed(self, -f, True):
                    f, scale = -f, scale * (-1) ** k
                found.append((f, side * int(k)))
            content *= scale**side
        if content < 0:
            found.append((RING.constant(-1), 1))
        for value, side in (
            (content.numerator, 1),
            (content.denominator, -1),
        ):
            found += [
                (RING.constant(p), side * int(k))
                for p, k in flint.fmpz(abs(value)).factor()
            ]
        return found

    def positive_poly(self, p: Poly) -> bool:
        """Known that a polynomial is > 0."""
        return self.oracle.signed(self, p, True)


def difference(a: Term, b: Term) -> Term:
    """``a - b``, entry by entry for matrices of one shape."""
    if a.op == "mat" and b.op == "mat" and a.args[:2] == b.args[:2]:
        gaps = (sub(x, y) for x, y in zip(entries(a), entries(b), strict=True))
        return Term("mat", *a.args[:2], *gaps)
    if "mat" in (a.op, b.op):
        raise UnsupportedError("sides of different shape")
    return sub(a, b)

"""Letters that do not commute: polynomials in words over the field.

A word is a row of letters with exponents. Neighbours of one letter are one
power; the inverse of a sum is a letter Y with ``sum Y = Y sum = 1``, which is
used to take its longest word away from Y's side. All inverses that are
written must exist (`Kind.INVERTIBLE`): that is part of the notation, and the
proof says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kexue_lib.derive.core.atoms.sums import SURPLUS, WRITTEN_OUT, taken_out
from kexue_lib.derive.core.discharge import settled
from kexue_lib.derive.core.field import (
    Field,
    Quotient,
    constant_of,
    open_symbols,
)
from kexue_lib.derive.core.nonzero import nonzero
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Condition, Kind, Proof
from kexue_lib.derive.core.terms import (
    MINUS,
    ONE,
    ZERO,
    Term,
    UnsupportedError,
    add,
    binder,
    depth,
    facts_of,
    fn,
    free,
    fresh,
    infinite,
    mul,
    num,
    opened,
    power,
    rel,
    sub,
    subst,
    text,
)

Word = tuple[tuple[Term, Term], ...]
"""Letters with exponents; whole exponents are rows of 1 or of -1."""
Element = dict[Word, Quotient]

ROUNDS = 400
"""How often rules of inverses are applied."""


def commutes(t: Term) -> bool:
    """No letter that does not commute occurs."""
    if t.op == "sym":
        return "noncommutative" not in facts_of(t)
    if t.op == "idx" and "noncommutative" in t.args[1]:
        return False
    return all(map(commutes, t.children))


class Words:
    """Reads terms as polynomials in words."""

    def __init__(self, field: Field, split: bool = True) -> None:
        self.field = field
        self.split = split
        self.rules: dict[Term, tuple[Word, Element]] = {}
        self.earlier: list[tuple[Word, Element]] = []

    def knowing(self, left: Term, right: Term) -> None:
        """An earlier equation: its longest word is written as the others."""
        gap = self.reduced(self.read(sub(left, right)))
        if not any(gap):
            return
        lead = max(gap, key=lambda w: (len(w), repr(w)))
        self.field.need(Kind.NONZERO, self.field.to_term(gap[lead]))
        weight = self.field.raised(gap[lead], -1)
        rest = {w: c for w, c in gap.items() if w != lead}
        minus = self.field.times(self.field.constant(-1), weight)
        self.earlier.append((lead, self.scaled(rest, minus)))

    def read(self, t: Term) -> Element:
        """A term as a polynomial in words."""
        f = self.field
        if commutes(t):
            return self.plain({(): f.norm(t)})
        match t.op:
            case "sym" | "idx":
                return {((t, ONE),): f.constant(1)}
            case "add":
                out: Element = {}
                for part in t.args:
                    out = self.plus(out, self.read(part))
                return out
            case "mul":
                out = {(): f.constant(1)}
                for part in t.args:
                    out = self.times(out, self.read(part))
                return out
            case "pow":
                return self.raised(*t.args)
            case "sum" if not infinite(t):
                return self.total(t)
        raise UnsupportedError(f"{t.op} of letters that do not commute")

    def raised(self, base: Term, e: Term) -> Element:
        """Whole powers; of a letter also powers that are symbols."""
        f = self.field
        if e.op == "num" and e.args[0].denominator == 1:
            if e is MINUS and base.op == "mul" and self.split:
                # (X Y)^-1 = Y^-1 X^-1: all of them exist, or none.
                product: Element = {(): f.constant(1)}
                for part in reversed(base.args):
                    turned = self.read(power(part, MINUS))
                    product = self.times(product, turned)
                return product
            inside = self.read(base)
            n = int(e.args[0])
            if n < 0:
                inside = self.inverted(self.reduced(inside))
            out: Element = {(): f.constant(1)}
            for _ in range(abs(n)):
                out = self.times(out, inside)
            return out
        if base.op not in ("sym", "idx") or not f.oracle.integer(e):
            raise UnsupportedError("a power of letters that do not commute")
        if not f.oracle.nonnegative(e):
            f.need(Kind.INVERTIBLE, base)
        return {self.joined(((base, e),)): f.constant(1)}

    def total(self, t: Term) -> Element:
        """A sum: what is free of the index goes out, to its own side.

        What is left between is a letter. The range is the shortest of its
        class, as for sums of numbers; further terms are written out.
        """
        f = self.field
        know = f.oracle
        body, low, high = t.args
        if not (know.integer(low) and know.integer(sub(high, low))):
            raise UnsupportedError("a range whose ends are no integers")
        rest, shift = f.shifted(add(sub(high, low), ONE))
        if rest is ZERO and 0 <= shift <= WRITTEN_OUT:
            return self.listed(body, [add(low, num(j)) for j in range(shift)])
        least = f.lowest(("words", "range", rest), shift)
        count = f.canonical(add(rest, num(least)))
        last = f.canonical(sub(count, ONE))
        if shift - least > SURPLUS:
            raise UnsupportedError("ranges that differ by too much")
        if shift != least:
            f.need(Kind.RANGE, last)
        k = fresh(
            "#" * (1 + depth(body)),
            (body, low, high, *open_symbols(know)),
            "integer",
            "real",
        )
        with know.within((k, ZERO, last)):
            inside = self.reduced(self.read(opened(body, add(low, k))))
            parts = [self.sides(w, c, k) for w, c in inside.items()]
        out: Element = {}
        for left, middle, right, c in parts:
            moved = mul(c[0], *(power(a, x) for a, x in middle))
            letter = binder("sum", moved, k, ZERO, last)
            kernel: Word = ((letter, ONE),)
            if not commutes(moved):
                word = self.joined((*left, *kernel, *right))
                out = self.plus(out, {word: c[1]})
            else:
                scale = f.times(c[1], f.norm(letter))
                out = self.plus(out, {self.joined((*left, *right)): scale})
        extra = [add(low, count, num(j)) for j in range(shift - least)]
        return self.plus(out, self.listed(body, extra))

    def listed(self, body: Term, places: list[Term]) -> Element:
        """The terms of a sum at some places."""
        out: Element = {}
        for at in places:
            out = self.plus(out, self.read(opened(body, at)))
        return out

    def sides(
        self, word: Word, c: Quotient, k: Term
    ) -> tuple[Word, Word, Word, tuple[Term, Quotient]]:
        """(left, middle, right) of a word, and the parts of its factor."""
        mine, free_ = taken_out(self.field, c, k)
        runs = list(word)
        left: list[tuple[Term, Term]] = []
        right: list[tuple[Term, Term]] = []
        while runs and not _moves(runs[0], k):
            left.append(runs.pop(0))
        # A^(k+1) at the left edge is A A^k: powers of A commute.
        while len(runs) > 1 and runs[0][0] is runs[1][0]:
            if _moves(runs[1], k):
                break
            left.append(runs.pop(1))
        while runs and not _moves(runs[-1], k):
            right.insert(0, runs.pop())
        scale = (self.field.to_term(mine), free_)
        return tuple(left), tuple(runs), tuple(right), scale

    def plain(self, e: Element) -> Element:
        """Without words whose factor is 0."""
        return {w: c for w, c in e.items() if c.top != 0}

    def plus(self, a: Element, b: Element) -> Element:
        """A sum."""
        out = dict(a)
        for w, c in b.items():
            out[w] = self.field.plus(out[w], c) if w in out else c
        return self.plain(out)

    def scaled(self, a: Element, c: Quotient) -> Element:
        """A multiple."""
        return self.plain({w: self.field.times(c, d) for w, d in a.items()})

    def times(self, a: Element, b: Element) -> Element:
        """A product, word by word."""
        out: Element = {}
        for v, c in a.items():
            for w, d in b.items():
                both = {self.joined((*v, *w)): self.field.times(c, d)}
                out = self.plus(out, both)
        return out

    def joined(self, word: Word) -> Word:
        """Powers of neighbours of one letter are added up."""
        out: list[tuple[Term, Term]] = []
        i = 0
        while i < len(word):
            letter = word[i][0]
            total = []
            while i < len(word) and word[i][0] is letter:
                total.append(word[i][1])
                i += 1
            rest, units = self.base(letter, add(*total))
            out += [(letter, rest)] if rest is not ZERO else []
            out += [(letter, ONE if units > 0 else MINUS)] * abs(units)
            if not (rest is not ZERO or units) and out and i < len(word):
                # What cancelled may bring equal letters together.
                return self.joined((*out, *word[i:]))
        return tuple(out)

    def base(self, letter: Term, e: Term) -> tuple[Term, int]:
        """(symbolic exponent, whole rest): one base for A^n and A^(n-1)."""
        f = self.field
        rest, shift = f.shifted(e)
        if rest is ZERO:
            return ZERO, shift
        low = f.lowest(("power", letter, rest, f.here(rest)), shift)
        return f.canonical(add(rest, num(low))), shift - low

    def inverted(self, e: Element) -> Element:
        """The inverse of a word, or the letter Y of a sum."""
        f = self.field
        if not e:
            raise UnsupportedError("the inverse of 0")
        if len(e) == 1:
            ((word, c),) = e.items()
            f.need(Kind.NONZERO, f.to_term(c))
            for letter, _ in word:
                f.need(Kind.INVERTIBLE, letter)
            turned = tuple((a, mul(MINUS, x)) for a, x in reversed(word))
            return {self.joined(turned): f.raised(c, -1)}
        lead = max(e, key=lambda w: (len(w), repr(w)))
        if not all(x in (ONE, MINUS) for _, x in lead):
            raise UnsupportedError("the inverse of such a sum")
        f.need(Kind.NONZERO, f.to_term(e[lead]))
        weight = f.raised(e[lead], -1)
        monic = self.scaled(e, weight)
        base = self.term(monic)
        f.need(Kind.INVERTIBLE, base)
        letter = fn("inverse", base)
        rest = {w: c for w, c in monic.items() if w != lead}
        self.rules[letter] = (lead, rest)
        return {((letter, ONE),): weight}

    def term(self, e: Element) -> Term:
        """A polynomial in words as a term, the same for equal ones."""
        parts = (
            mul(self.field.to_term(c), *(power(a, x) for a, x in w))
            for w, c in e.items()
        )
        return add(*sorted(parts, key=text))

    def reduced(self, e: Element) -> Element:
        """Take longest words away from their inverse letters."""
        for _ in range(ROUNDS):
            made: Element = {}
            changed = False
            for w, c in e.items():
                new = self._step(w)
                changed = changed or new is not None
                part = {w: c} if new is None else self.scaled(new, c)
                made = self.plus(made, part)
            if not changed:
                return made
            e = made
        raise UnsupportedError("the rewriting of words did not end")

    def _step(self, word: Word) -> Element | None:
        one = self.field.constant(1)
        minus = self.field.constant(-1)
        for letter, (lead, rest) in self.rules.items():
            y = (letter, ONE)
            for old, left in (((*lead, y), True), ((y, *lead), False)):
                for i in range(len(word) - len(old) + 1):
                    if word[i : i + len(old)] != old:
                        continue
                    head: Element = {word[:i]: one}
                    tail: Element = {word[i + len(old) :]: one}
                    inner: Element = {(y,): one}
                    moved = (
                        self.times(rest, inner)
                        if left
                        else self.times(inner, rest)
                    )
                    middle = self.plus({(): one}, self.scaled(moved, minus))
                    return self.times(self.times(head, middle), tail)
        for lead, other in self.earlier:
            for i in range(len(word) - len(lead) + 1):
                if word[i : i + len(lead)] == lead:
                    head, tail = {word[:i]: one}, {word[i + len(lead) :]: one}
                    return self.times(self.times(head, other), tail)
        return None


def _moves(run: tuple[Term, Term], k: Term) -> bool:
    return k in free(run[0]) or k in free(run[1])


def words_equal(
    a: Term,
    b: Term,
    know: Context,
    premises: Sequence[Any] = (),
    splits: int = 2,
) -> Proof:
    """a = b in letters that do not commute.

    An inverse of a product is read factor by factor, or else as the inverse
    of the product multiplied out. An earlier equation replaces its longest
    word. Where a coefficient that a rule divides by is 0, the equation is
    shown apart.
    """
    for p in premises:
        for g in p.given:
            if know.holds(g) is not True:
                raise UnsupportedError(f"the premise needs {g}")
    try:
        found = _words_equal(a, b, know, premises, True)
    except UnsupportedError:
        found = _words_equal(a, b, know, premises, False)
    root = _root([c for c, _ in found.still_open], know)
    if root is None or not splits:
        return found
    s, value = root
    apart = know.knowing(rel("!=", s, value))
    at = {s: value}
    there = Context(tuple(subst(g, at) for g in know.given))
    sides = (subst(a, at), subst(b, at))
    moved = [p.put(at) for p in premises]
    parts = (
        words_equal(a, b, apart, premises, splits - 1),
        words_equal(*sides, there, moved, splits - 1),
    )
    return Proof("cases", f"{s} = {value} or not", parts)


def _root(
    conditions: Sequence[Condition], know: Context
) -> tuple[Term, Term] | None:
    """A symbol and the one value at which a condition on it fails."""
    for c in conditions:
        if c.kind is not Kind.NONZERO or c.scope:
            continue
        f = know.field()
        top = f.quotients(c.about)[0].top
        for p, _ in top.factor()[1]:
            atoms = f.atoms_of(p)
            if len(atoms) != 1 or p.total_degree() != 1:
                continue
            ((i, s),) = atoms
            if s.op == "sym" and not nonzero(f.poly_term(p), know):
                slope = constant_of(p.derivative(i))
                value = num(-constant_of(p) / slope)
                if facts_of(s) <= {"real"}:
                    return s, value
    return None


def _words_equal(
    a: Term, b: Term, know: Context, premises: Sequence[Any], split: bool
) -> Proof:
    f = know.field()
    gap = sub(a, b)
    f.common = {}
    for _ in range(6):
        f.start()
        words = Words(f, split)
        start = words.read(gap)
        left = words.reduced(start)
        for p in premises if left else ():
            words.knowing(p.left, p.right)
        left = words.reduced(left)
        if not f.changed:
            break
    else:
        raise UnsupportedError("the powers have no common base")
    if left:
        shown = words.term(left)
        raise UnsupportedError(f"words are left over: {shown}"[:200])
    return settled("words", f.conditions, know)

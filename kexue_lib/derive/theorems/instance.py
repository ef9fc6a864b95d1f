"""A theorem's letters replaced by an author's terms, without capture.

A theorem is written once, in SymPy, with schematic letters: symbols,
functions of indices or of a variable, events, and one law. Here they are
replaced: a binder is opened with a fresh symbol, its body is filled in, and it
is closed again, so that no letter of the author is ever bound by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.reader import of_family, term, under
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import (
    BINDERS,
    LEAVES,
    ONE,
    TRUE,
    ZERO,
    Term,
    UnsupportedError,
    add,
    closed,
    free,
    fresh,
    mul,
    num,
    opened,
    subst,
)
from kexue_lib.derive.objects import Law, law_outcomes, law_symbols

WRITTEN_OUT = 12
"""Explicit vectors and matrices have at most so many rows."""


@dataclass(frozen=True)
class Function:
    """A term as a function of some of its symbols."""

    letters: tuple[Term, ...]
    body: Term

    def __call__(self, *args: Term) -> Term:
        """The body with the arguments put in."""
        if len(args) != len(self.letters):
            raise UnsupportedError(f"{len(args)} arguments for {self.letters}")
        return subst(self.body, dict(zip(self.letters, args, strict=True)))


@dataclass(frozen=True)
class Table:
    """An explicit vector or matrix; indices count from 1."""

    matrix: Any

    def __call__(self, *args: Term) -> Term:
        """One entry."""
        args = tuple(map(Context().field().canonical, args))
        if any(a.op != "num" for a in args):
            raise UnsupportedError(f"an entry {args} of an explicit matrix")
        rows, columns = self.matrix.shape
        place = [int(a.args[0]) for a in args]
        i, j = (*place, 1) if len(place) == 1 else place
        if not (1 <= i <= rows and 1 <= j <= columns):
            raise UnsupportedError(f"no entry {args} in this matrix")
        return term(self.matrix[i - 1, j - 1])


@dataclass(frozen=True)
class Instance:
    """What stands for the letters of a theorem.

    Attributes:
        functions: for each schematic function, by name.
        symbols: for each schematic symbol.
        laws: of the random symbols in `random` functions and symbols.
        random: names of letters that may depend on chance.
        given: relations whose letters are not to be captured either.
    """

    functions: Mapping[str, Function | Table]
    symbols: Mapping[Term, Term]
    laws: tuple[Law, ...] = ()
    random: tuple[str, ...] = ()
    given: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a random symbol outside of random letters."""
        chance = {term(s) for law in self.laws for s in law_symbols(law)}
        for name, bound in self.functions.items():
            if name not in self.random and isinstance(bound, Function):
                others = chance - set(bound.letters)
                self._unmixed(bound.body, others, name)
        for letter, value in self.symbols.items():
            if letter.args[0] not in self.random:
                self._unmixed(value, chance, letter.args[0])

    def _unmixed(self, t: Term, chance: set[Term], name: str) -> None:
        if free(t) & chance or any(_mentions(t, s) for s in chance):
            raise UnsupportedError(f"{name} depends on a random symbol")

    def put(self, t: Term, own: Mapping[Term, Term] | None = None) -> Term:
        """A term of the theorem as one of the author."""
        return self._put(t, dict(own or {}))

    def _put(self, t: Term, own: dict[Term, Term]) -> Term:
        if t in own:
            return own[t]
        if t in self.symbols:
            return self.symbols[t]
        if t.op == "fn" and t.args[0] in ("?E", "?P"):
            return self._expected(t, own)
        if t.op == "fn" and t.args[0] in self.functions:
            found = self.functions[t.args[0]]
            return found(*(self._put(a, own) for a in t.args[1:]))
        if t.op in LEAVES:
            return t
        if t.op in BINDERS:
            return self._bound(t, own)
        return Term(
            t.op,
            *(self._put(a, own) if isinstance(a, Term) else a for a in t.args),
        )

    def _expected(self, t: Term, own: dict[Term, Term]) -> Term:
        if not self.laws:
            raise UnsupportedError("laws=... is missing")
        inside = self._put(t.args[1], own)
        if t.args[0] == "?P":
            inside = Term("cases", inside, ONE, TRUE, ZERO)
        return under(inside, self.laws)

    def _bound(self, t: Term, own: dict[Term, Term]) -> Term:
        ends = [
            self._put(a, own) if isinstance(a, Term) else a for a in t.args[1:]
        ]
        if t.op in ("sum", "prod") and self.tabled(t.args[0]):
            values = whole_range(*ends)
            parts = (self._put(opened(t.args[0], v), own) for v in values)
            return (add if t.op == "sum" else mul)(*parts)
        facts = ("real",) if t.op == "diff" else ()
        k = fresh("@b", (t, *self.terms(), *own, *own.values()), *facts)
        body = self._put(opened(t.args[0], k), own)
        if t.op == "diff":
            slope = _slope(body, k)
            if slope is not None:
                return subst(slope, {k: ends[0]})
        return Term(t.op, closed(body, k), *ends)

    def tabled(self, t: Term) -> bool:
        """An explicit matrix occurs in a term of the theorem."""
        if t.op == "fn" and isinstance(self.functions.get(t.args[0]), Table):
            return True
        return any(map(self.tabled, t.children))

    def terms(self) -> Iterator[Term]:
        """All terms of the author, whose names are to be avoided."""
        yield from self.given
        yield from self.symbols.values()
        for f in self.functions.values():
            if isinstance(f, Function):
                yield f.body
                yield from f.letters

    def outcomes(self, t: Term) -> Iterator[Term]:
        """A term with random symbols, for each thing that may happen.

        Finitely many values are tried one by one; of a Gaussian symbol it
        is known that it is real.
        """
        pools: list[list[tuple[Term, Term]]] = []
        for law in self.laws:
            for s in law_symbols(law):
                z = term(s)
                if _mentions(t, z):
                    other = fresh("@z", (t, *self.terms()))
                    t = of_family(t, z.args[0], other)
                values = law_outcomes(law)
                if values is None:
                    other = fresh("@z", (t, *self.terms()), "real")
                    t = subst(t, {z: other}) if z in free(t) else t
                    continue
                pools.append([(z, term(v)) for v in values])
        for case in product(*pools):
            yield subst(t, dict(case))


def _slope(t: Term, x: Term) -> Term | None:
    """The tidied derivative, if there is a rule for it.

    Whoever asks for a slope asks for smoothness as well (`Smooth`).
    """
    try:
        return tidy(derivative(t, x))
    except UnsupportedError:
        return None


def tidy(t: Term) -> Term:
    """Without the formal poles that slopes of powers have.

    ``0 * t^(-1)`` is 0 and ``t^(1 - 1)`` is 1: numbers are put together,
    nothing else is changed. Where a function is continuous and its slope has
    a continuous continuation, that is its slope.
    """
    if t.op in LEAVES:
        return t
    args = [tidy(a) if isinstance(a, Term) else a for a in t.args]
    plain = [a for a in args if isinstance(a, Term) and a.op == "num"]
    rest = [a for a in args if a not in plain]
    match t.op:
        case "add":
            return add(num(sum(a.args[0] for a in plain)), *rest)
        case "mul":
            if ZERO in plain:
                return ZERO
            return mul(num(prod(a.args[0] for a in plain)), *rest)
        case "pow" if args[1] is ZERO:
            return ONE
    return Term(t.op, *args)


def _mentions(t: Term, s: Term) -> bool:
    """A family with the name of a symbol occurs."""
    own = t.op == "idx" and t.args[0] == s.args[0]
    return own or any(_mentions(a, s) for a in t.children)


def whole_range(low: Term, high: Term) -> Iterable[Term]:
    """The integers between two numbers."""
    low, high = map(Context().field().canonical, (low, high))
    if not (low.op == high.op == "num"):
        raise UnsupportedError("an explicit matrix of symbolic size")
    first, last = int(low.args[0]), int(high.args[0])
    if last - first >= WRITTEN_OUT:
        raise UnsupportedError(f"more than {WRITTEN_OUT} rows")
    return [num(v) for v in range(first, last + 1)]

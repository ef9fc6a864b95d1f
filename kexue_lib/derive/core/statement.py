"""Statements, and what the core may answer about one.

A `Statement` is whole: relation, both sides, and every relation that is given;
what is known of a symbol is in the symbol. It says: for all values of its
symbols that their facts and the given relations admit, both sides are defined
and the relation holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from kexue_lib.derive.core.terms import Term, free, text
from kexue_lib.derive.core.written import written

Range = tuple[Term, Term, Term]
"""A symbol that runs over a range: (symbol, first, last)."""


class Kind(Enum):
    """What a side condition asks."""

    NONZERO = "nonzero"
    """A denominator, or the argument of a logarithm, is not 0."""
    NO_POLE = "no pole"
    """The argument of Gamma is not 0, -1, -2, ..."""
    RANGE = "range"
    """A sum does not run backwards by more than the empty sum."""
    CONVERGES = "converges"
    """A series or an integral exists."""
    CONVENTION = "convention"
    """1/Gamma is 0 at the poles of Gamma: notation, assumed and named."""
    INVERTIBLE = "invertible"
    """An inverse that is written exists: notation, assumed and named."""


@dataclass(frozen=True)
class Condition:
    """What must hold besides an identity of normal forms.

    Attributes:
        kind: what is asked.
        about: of which term.
        scope: ranges of the bound variables that occur in it.
    """

    kind: Kind
    about: Term
    scope: tuple[Range, ...] = ()

    def __str__(self) -> str:
        scope = dict.fromkeys(self.scope)
        about, *ends = written(self.about, *(e for r in scope for e in r))
        said = {
            Kind.NONZERO: f"{about} != 0",
            Kind.NO_POLE: f"{about} is not 0, -1, -2, ...",
            Kind.RANGE: f"{about} >= -1",
            Kind.CONVERGES: f"{about} converges",
            Kind.CONVENTION: f"1/Gamma({about}) = 0 at poles",
            Kind.INVERTIBLE: f"{about} is invertible",
        }[self.kind]
        ranges = " and ".join(
            f"{a} <= {k} <= {b}"
            for k, a, b in zip(*[iter(ends)] * 3, strict=True)
        )
        return f"{said} for {ranges}" if ranges else said

    @property
    def advice(self) -> str:
        """What an author may do about it."""
        return _ADVICE[self.kind]


_ADVICE = {
    Kind.NONZERO: "a hypothesis given(Ne(..., 0)); for all members of a "
    "family given(Ne(Product(..., (k, first, last)), 0)); or symbols "
    "declared positive or nonzero",
    Kind.NO_POLE: "a hypothesis that keeps the argument of Gamma positive, "
    "or symbols declared positive",
    Kind.RANGE: "a hypothesis on the order of the ends, given(first <= last)",
    Kind.CONVERGES: "a hypothesis under which it exists, such as "
    "given(Abs(q) < 1) or a rate declared positive",
    Kind.CONVENTION: "",
    Kind.INVERTIBLE: "",
}


@dataclass(frozen=True)
class Proof:
    """How a statement was decided: a rule, its parts, what they need.

    Attributes:
        rule: name of the rule.
        detail: what it was applied to, in words.
        parts: proofs of what the rule reduces the statement to.
        met: side conditions that were discharged.
        open: side conditions that were not; a proof has none at the end.
        assumed: conventions of notation that it rests on.
    """

    rule: str
    detail: str = ""
    parts: tuple[Proof, ...] = ()
    met: tuple[Condition, ...] = ()
    open: tuple[tuple[Condition, str], ...] = ()
    assumed: tuple[Condition, ...] = ()

    def walk(self) -> Iterator[Proof]:
        """This proof and all its parts."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def conventions(self) -> tuple[Condition, ...]:
        """Conventions that the proof rests on."""
        found = (c for p in self.walk() for c in p.assumed)
        return tuple(dict.fromkeys(found))

    @property
    def still_open(self) -> tuple[tuple[Condition, str], ...]:
        """All conditions that nobody discharged, with the reason."""
        return tuple(
            dict.fromkeys(pair for p in self.walk() for pair in p.open)
        )

    @property
    def trusts(self) -> str:
        """What a reader has to trust, as text."""
        rules = "; ".join(dict.fromkeys(p.rule for p in self.walk()))
        shown = ", ".join(map(str, self.conventions))
        return f"core ({rules})" + (f", with {shown}" if shown else "")

    def __str__(self) -> str:
        return "\n".join(self._lines(0))

    def _lines(self, depth: int) -> Iterator[str]:
        head = f"{self.rule}: {self.detail}" if self.detail else self.rule
        yield "  " * depth + head
        for c in self.met:
            yield "  " * (depth + 1) + f"needs {c}: met"
        for c in self.assumed:
            yield "  " * (depth + 1) + f"by convention {c}"
        for c, why in self.open:
            yield "  " * (depth + 1) + f"needs {c}: OPEN ({why})"
        for part in self.parts:
            yield from part._lines(depth + 1)


@dataclass(frozen=True)
class Witness:
    """A point at which a statement fails, and how.

    Attributes:
        point: values of the symbols.
        why: what is undefined there, or the two disjoint enclosures.
    """

    point: tuple[tuple[Term, Term], ...]
    why: str

    def __str__(self) -> str:
        where = ", ".join(f"{s} = {v}" for s, v in self.point)
        return f"at {where or 'its only point'}: {self.why}"


@dataclass(frozen=True)
class Yes:
    """The statement holds; `proof` says why, and has no open condition."""

    proof: Proof


@dataclass(frozen=True)
class No:
    """The statement fails at a point."""

    witness: Witness


@dataclass(frozen=True)
class Unknown:
    """Neither.

    Attributes:
        why: what is not seen, in the author's notation.
        proof: there if only its open conditions are missing.
        advice: a check or hypothesis to try.
    """

    why: str
    proof: Proof | None = None
    advice: str = ""

    @property
    def missing(self) -> tuple[Condition, ...]:
        """Side conditions that nobody discharged, each with its ranges."""
        left = self.proof.still_open if self.proof is not None else ()
        return tuple(dict.fromkeys(c for c, _ in left))


Answer = Yes | No | Unknown


def answer(proof: Proof) -> Answer:
    """Yes, unless a condition is open."""
    left = proof.still_open
    if left:
        first = left[0][0]
        return Unknown(f"{first} is not seen", proof, first.advice)
    return Yes(proof)


@dataclass(frozen=True)
class Statement:
    """``left relation right`` for all admitted values of the symbols."""

    left: Term
    relation: str
    right: Term
    given: tuple[Term, ...] = field(default=())

    @property
    def symbols(self) -> list[Term]:
        """The free symbols, in a fixed order."""
        terms = (self.left, self.right, *self.given)
        return sorted(frozenset().union(*map(free, terms)), key=text)

    def __str__(self) -> str:
        said = f"{self.left} {self.relation} {self.right}"
        return said + "".join(f", {g}" for g in self.given)

"""What a claim accepts: sides, symbols, checks, earlier results, readings."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import sympy as sp

from kexue_lib.derive import by as checks
from kexue_lib.derive import index, theorems
from kexue_lib.derive.chains import Chain
from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.checks.follows import Follows
from kexue_lib.derive.checks.measure import Measuring, Missed, Reading
from kexue_lib.derive.checks.record import Counterexample, Unchecked
from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.genuine import (
    parts_of,
    require_bound,
    require_distinct,
    require_genuine,
)
from kexue_lib.derive.levels import Level
from kexue_lib.derive.matrices import is_matrix
from kexue_lib.derive.naming import names_in, symbols_in, unfold
from kexue_lib.derive.objects import Sentence
from kexue_lib.derive.printing import to_text
from kexue_lib.derive.theorems.cite import Cited

if TYPE_CHECKING:
    from kexue_lib.derive.claims import Claim

MINTING = frozenset(getattr(checks, name) for name in checks.__all__)
"""The checks that give a level; a subclass is none of them."""


def check_for(claim: Claim, chain: Chain, by: Check | None) -> Check:
    """Return the check of a step, bound to the results that it names.

    Raises:
        ClaimError: this kind of chain takes another check, or it is none
            of ours.
    """
    if chain.role in ("argue", "quote"):
        if by is not None:
            raise ClaimError(
                f"{claim.id}: {chain.role} takes no check; use show(...)"
            )
        quoted = chain.role == "quote"
        return Unchecked(Level.QUOTED if quoted else Level.HEURISTIC)
    if chain.role == "states" and by is None:
        return Follows(tuple(c for c in claim.chains[:-1] if c.steps))
    if chain.role in ("measure", "miss") and not isinstance(by, Measuring):
        raise ClaimError(
            f"{claim.id}: a measured value takes by.within, by.bound, "
            "by.zscore or by.seeds"
        )
    if chain.role == "miss":
        assert isinstance(by, Measuring)
        return Missed(by)
    if chain.role == "refute":
        if by is None:
            by = Counterexample()
        if not isinstance(by, Counterexample):
            raise ClaimError(
                f"{claim.id}: refute(...) takes by.counterexample(...)"
            )
    if by is None:
        raise ClaimError(
            f"{claim.id}: choose a check for the step, such as by.algebra()"
        )
    if not isinstance(by, Check):
        raise TypeError(
            f"{claim.id}: by must be a check such as by.algebra(), not {by!r}"
        )
    for check in by.parts():
        _require_ours(claim, check)
    return by.bound(lambda name: find(claim, name))


def _require_ours(claim: Claim, check: Check) -> None:
    """Raise unless a check is as ``by`` makes it, and its theorem as well."""
    name = type(check).__name__
    if type(check) not in MINTING:
        raise ClaimError(
            f"{claim.id}: {name} is no check of "
            "kexue_lib.derive.by: only these give a level"
        )
    values = vars(check)
    if values.keys() != {f.name for f in fields(check)}:
        raise ClaimError(f"{claim.id}: this {name} was altered")
    for value in values.values():
        for part in parts_of(value):
            require_genuine(part, f"{claim.id}: {name}")
    if isinstance(check, Cited):
        _require_cited(claim, check.use)


def _require_cited(claim: Claim, use: Any) -> None:
    """A theorem is one of the library: an author's own is not cited."""
    known = theorems.library().values()
    if type(use) is not theorems.Use or not any(
        use.theorem is theorem for theorem in known
    ):
        raise ClaimError(
            f"{claim.id}: by.theorem takes a theorem of "
            "kexue_lib.derive.theorems with its letters put in"
        )
    for part in parts_of([v for _, v in use.values] + [*use.laws]):
        require_genuine(part, f"{claim.id}: {use.theorem.name}")


def find(claim: Claim, name: Any) -> Chain | Claim | index.Shipped:
    """An earlier result by its name, or if it is one of this chapter."""
    if not isinstance(name, str):
        return _own(claim, name)
    for chain in claim.chains:
        if chain.label == name:
            return chain
    if "." in name and not name.startswith(f"{claim.chapter.slug}."):
        return index.Shipped(name)
    number, _, label = name.partition(":")
    found = claim.chapter.claims.get(number)
    if found is not None and label:
        try:
            return found[label]
        except KeyError as error:
            raise ClaimError(f"{claim.id}: {error.args[0]}") from error
    if found is None:
        raise ClaimError(
            f"{claim.id}: by.using({name!r}): no chain of this claim and "
            "no claim of this chapter has that name"
        )
    return found


def _own(claim: Claim, result: Any) -> Chain | Claim:
    claims = claim.chapter.claims.values()
    known = [*claims, *(c for claim in claims for c in claim.chains)]
    if not any(result is one for one in known):
        raise ClaimError(
            f"{claim.id}: an earlier result is a claim of this chapter, "
            f"a chain of one, or a name, not {result!r}"
        )
    return result


def accepted(claim: Claim, obj: Any, where: str) -> Any:
    """Return one side of a step as a SymPy object, if it is one."""
    if isinstance(obj, bool | str) or not isinstance(
        obj, int | sp.Basic | sp.MatrixBase
    ):
        raise TypeError(
            f"{claim.id}: {where} takes SymPy objects, not "
            f"{type(obj).__name__} {obj!r}"
        )
    if isinstance(obj, int):
        return sp.Integer(obj)
    if isinstance(obj, Reading):
        return obj
    if isinstance(obj, sp.MatrixBase):
        obj = sp.ImmutableMatrix(obj)
    if isinstance(obj, sp.core.relational.Relational):
        raise TypeError(
            f"{claim.id}: {where} takes one side; write "
            "show(left).eq(right, ...) instead of a relation"
        )
    require_known(claim, obj)
    return obj


def require_known(claim: Claim, obj: Any) -> None:
    """Raise ClaimError for names and symbols of another chapter."""
    require_genuine(obj, claim.id)
    require_bound(obj, claim.id)
    for name in names_in(obj):
        if name not in claim.chapter.names:
            raise ClaimError(
                f"{claim.id}: {name.__name__} was named by another chapter"
            )
    for symbol in symbols_in(obj):
        claim.chapter.require_known(symbol, claim.id)


def require_formulas(claim: Claim, chain: Chain, *sides: Any) -> None:
    """Raise ClaimError for words, or for letters that look alike."""
    if chain.role not in ("argue", "quote") and any(
        side.atoms(Sentence) for side in sides
    ):
        raise ClaimError(f"{claim.id}: words are no side of a formula")
    require_distinct([*sides, *claim.domain.given], claim.id)


def same_shape(where: str, left: Any, right: Any) -> None:
    """Raise ClaimError for sides of different shape."""
    a, b = unfold(left), unfold(right)
    shapes = [
        tuple(map(str, s.shape)) if is_matrix(s) else None for s in (a, b)
    ]
    if shapes[0] != shapes[1]:
        kinds = [
            "a number" if s is None else f"a {' x '.join(s)} matrix"
            for s in shapes
        ]
        raise ClaimError(
            f"{where}: sides of different shape: {to_text(left)} is "
            f"{kinds[0]}, {to_text(right)} is {kinds[1]}"
        )

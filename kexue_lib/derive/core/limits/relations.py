"""Limits put in, orders of magnitude, asymptotic equivalence.

``x`` moves to a point from one side or from both, or to infinity; everything
else is a parameter. ``f = g + O(h)`` says that (f - g)/h stays bounded,
``f ~ g`` that f/g tends to 1, each from every side that is stated.
"""

from __future__ import annotations

from collections.abc import Callable

from kexue_lib.derive.core import rules
from kexue_lib.derive.core.field import open_symbols
from kexue_lib.derive.core.limits.towards import Towards, tends
from kexue_lib.derive.core.nonzero import nonzero
from kexue_lib.derive.core.rules import NotShownError
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import (
    Answer,
    No,
    Proof,
    Unknown,
    Witness,
    answer,
)
from kexue_lib.derive.core.terms import (
    NOO,
    ONE,
    OO,
    Term,
    UnsupportedError,
    contains,
    fresh,
    opened,
    over,
    rebuilt,
    sub,
)


class RefutedError(NotShownError):
    """The limit is another one; says which."""


def limit(t: Term, towards: Towards, know: Context) -> tuple[Term, Proof]:
    """The limit, the same from every side, and why.

    Raises:
        UnsupportedError: it is not seen, or the sides differ.
    """
    values, parts = [], []
    for path in towards.paths:
        value, proof = tends(t, towards, path, know)
        values.append(value)
        parts.append(proof)
    if len(values) == 2:
        parts.append(_same(values[0], values[1], "the sides tend", know))
    return values[0], Proof("limit", f"{towards}", tuple(parts))


def _same(a: Term, b: Term, what: str, know: Context) -> Proof:
    """Two limits agree.

    Raises:
        RefutedError: they differ, whatever the parameters.
        NotShownError: neither is seen.
    """
    said = f"{what} to {a} and to {b}"
    if {a, b} & {OO, NOO}:
        if a is b:
            return Proof("infinite")
        raise RefutedError(said)
    try:
        return rules.equal(a, b, know)
    except NotShownError as error:
        kind = RefutedError if nonzero(sub(a, b), know) else NotShownError
        raise kind(said) from error


def evaluated(t: Term, know: Context) -> tuple[Term, tuple[Proof, ...]]:
    """A term with its limits put in, and why they are what they are."""
    proofs: list[Proof] = []

    def inside(u: Term) -> Term:
        if not contains(u, "limit"):
            return u
        if u.op == "limit" and not u.loose:
            x = fresh("@x", (u, *know.given, *open_symbols(know)), "real")
            body = inside(opened(u.args[0], x))
            towards = Towards(x, inside(u.args[1]), u.args[2])
            value, proof = limit(body, towards, know)
            if value in (OO, NOO) and u is not t:
                raise NotShownError(f"calculating with {value}")
            proofs.append(proof)
            return value
        return rebuilt(u, lambda a, _: inside(a))

    return inside(t), tuple(proofs)


def equal(a: Term, b: Term, know: Context) -> Proof:
    """a = b once every limit is put in.

    Raises:
        RefutedError: the limits are others, whatever the parameters.
    """
    left, before = evaluated(a, know)
    right, after = evaluated(b, know)
    same = _same(left, right, "the sides are equal", know)
    return Proof("limits", "", (*before, *after, same))


def decided(show: Callable[[], Proof]) -> Answer:
    """Yes, No or Unknown, of a statement about limits."""
    try:
        return answer(show())
    except RefutedError as error:
        return No(Witness((), str(error)))
    except UnsupportedError as error:
        return Unknown(str(error))


def equivalent(a: Term, b: Term, towards: Towards, know: Context) -> Proof:
    """a ~ b: their ratio tends to 1.

    Raises:
        RefutedError: it tends to something else, whatever the parameters.
    """
    parts = []
    for path in towards.paths:
        value, proof = tends(over(a, b), towards, path, know)
        parts.append(proof)
        parts.append(_same(value, ONE, "the ratio should tend", know))
    return Proof("equivalent", f"{towards}", tuple(parts))


def of_order(gap: Term, bound: Term, towards: Towards, know: Context) -> Proof:
    """gap = O(bound): their ratio has finite limits.

    Raises:
        RefutedError: it is unbounded, whatever the parameters.
    """
    parts = []
    for path in towards.paths:
        value, proof = tends(over(gap, bound), towards, path, know)
        if value in (OO, NOO):
            raise RefutedError(
                f"the remainder over {bound} tends to {value}, {towards}"
            )
        parts.append(proof)
    return Proof("order", f"O({bound}), {towards}", tuple(parts))

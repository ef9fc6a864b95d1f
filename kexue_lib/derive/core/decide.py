"""Decide a statement: by a rule, else look for a point where it fails."""

from __future__ import annotations

from collections.abc import Callable

from kexue_lib.derive.core.hypotheses import limited
from kexue_lib.derive.core.limits import relations
from kexue_lib.derive.core.limits.relations import RefutedError
from kexue_lib.derive.core.nonzero import nonzero
from kexue_lib.derive.core.rules import (
    NotShownError,
    by_sign,
    defined,
    equal,
)
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import (
    Answer,
    No,
    Proof,
    Statement,
    Unknown,
    Witness,
    answer,
)
from kexue_lib.derive.core.terms import UnsupportedError, contains, sub
from kexue_lib.derive.core.witness import search
from kexue_lib.derive.core.words import commutes, words_equal

Rule = Callable[[Statement, Context], Proof]
"""Shows a statement by some certificate, or raises UnsupportedError."""


def plainly(statement: Statement, know: Context) -> Proof:
    """Without a certificate: the normal form, or the sign of the gap."""
    a, b = statement.left, statement.right
    match statement.relation:
        case "=":
            if contains(a, "limit") or contains(b, "limit"):
                return relations.equal(a, b, know)
            if commutes(a) and commutes(b):
                return equal(a, b, know)
            return words_equal(a, b, know)
        case "<" | "<=":
            return by_sign(a, statement.relation, b, know)
        case "!=":
            with know.thoroughly():
                if not nonzero(sub(a, b), know):
                    raise NotShownError(f"{a} != {b} is not seen"[:200])
            return Proof("not 0", "", (defined(know, a, b),))
    raise NotShownError(f"no rule for the relation {statement.relation}")


def decide(statement: Statement, rule: Rule = plainly) -> Answer:
    """Yes with a proof, No with a witness, or Unknown."""
    with limited():
        return _decide(statement, rule)


def _decide(statement: Statement, rule: Rule) -> Answer:
    proof = None
    try:
        proof = rule(statement, Context(statement.given))
        found = answer(proof)
        if not isinstance(found, Unknown):
            return found
        why, advice = found.why, found.advice
    except RefutedError as error:
        return No(Witness((), str(error)))
    except UnsupportedError as error:
        why, advice = str(error), error.advice
    suspects = [c for c, _ in proof.still_open] if proof else []
    witness = search(statement, suspects)
    return Unknown(why, proof, advice) if witness is None else No(witness)

"""Coefficients of an exponent in the variable of an integral."""

from __future__ import annotations

from typing import Any

from kexue_lib.derive.core.field import Field, Quotient, monomial, place
from kexue_lib.derive.core.terms import Term, free


def rates(field: Field, u: Quotient, k: Term) -> dict[int, Term] | None:
    """Coefficients of a polynomial in k; None if it is none."""
    if k in free(field.poly_term(u.bottom)):
        return None
    if any(a is not k and k in free(a) for _, a in field.atoms_of(u.top)):
        return None
    field.gen(k)
    at = place(field.index[k])
    found: dict[int, Any] = {}
    for m, c in u.top.to_dict().items():
        rest = tuple(0 if i == at else e for i, e in enumerate(m))
        piece = monomial(rest, c)
        found[int(m[at])] = found.get(int(m[at]), piece * 0) + piece
    return {d: field.to_term(Quotient(p, u.bottom)) for d, p in found.items()}

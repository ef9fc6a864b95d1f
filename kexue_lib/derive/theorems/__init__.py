"""Theorems that a claim may cite.

A theorem is an object with hypotheses, a conclusion and a source; a use puts
in its letters, and every hypothesis is checked for that instance by the
trusted core::

    from kexue_lib.derive.theorems import inequalities

    use = inequalities.jensen(
        phi=(t, t**2), low=-oo, high=oo, w=(i, w[i]), x=(i, x[i]), n=n
    )
    claim.given(Eq(Sum(w[i], (i, 1, n)), 1))
    claim.show(mean**2).le(square_mean, by.theorem(use))

A function is written as its variables and an expression, a matrix also as an
explicit matrix. The statement must be the conclusion with the letters put
in: the same relation, sides equal by the core's normal form. The level is
``cited``. A hypothesis that the core does not see takes an earlier result:
``by.theorem(use, using={"these are the coefficients": "C4"})``.

A formal proof is named only where its name was found in the library.
"""

from __future__ import annotations

from kexue_lib.derive.theorems import (
    analysis,
    fourier,
    inequalities,
    matrices,
    optimisation,
    probability,
)
from kexue_lib.derive.theorems.theorem import (
    Conclusion,
    Source,
    Theorem,
    Use,
)

FIELDS = (
    inequalities,
    matrices,
    probability,
    analysis,
    fourier,
    optimisation,
)


def library() -> dict[str, Theorem]:
    """All theorems, by ``field.name``."""
    return {
        f"{field.__name__.rsplit('.', 1)[1]}.{name}": value
        for field in FIELDS
        for name, value in vars(field).items()
        if isinstance(value, Theorem)
    }


__all__ = [
    "FIELDS",
    "Conclusion",
    "Source",
    "Theorem",
    "Use",
    "analysis",
    "fourier",
    "inequalities",
    "library",
    "matrices",
    "optimisation",
    "probability",
]

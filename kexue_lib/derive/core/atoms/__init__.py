"""The families of atoms, one file a family; each relation with its condition.

`RULES` says how each operator and function is read into the normal form.
"""

from __future__ import annotations

from kexue_lib.derive.core.atoms import (
    conjugates,
    exponentials,
    gammas,
    integrals,
    means,
    orthogonal,
    others,
    powers,
    sums,
)
from kexue_lib.derive.core.field import Rule

RULES: dict[str, Rule] = {
    **powers.RULES,
    **exponentials.RULES,
    **gammas.RULES,
    **conjugates.RULES,
    **orthogonal.RULES,
    **sums.RULES,
    **integrals.RULES,
    **means.RULES,
    **others.RULES,
}

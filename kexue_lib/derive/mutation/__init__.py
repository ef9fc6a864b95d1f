"""Negative controls: wrong versions of every step must be rejected.

`changes` makes small errors, `mutants` puts them into steps, `outcomes` runs
the checks on them, `library` perturbs the functions behind measured claims,
`stored` keeps the result for the page.
"""

from kexue_lib.derive.mutation.changes import changes
from kexue_lib.derive.mutation.mutants import Mutant, mutants
from kexue_lib.derive.mutation.outcomes import (
    LIMIT,
    Control,
    Tally,
    controls,
    survivors,
    tallies,
)

__all__ = [
    "LIMIT",
    "Control",
    "Mutant",
    "Tally",
    "changes",
    "controls",
    "mutants",
    "survivors",
    "tallies",
]

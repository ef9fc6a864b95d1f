"""Identities: both sides have one normal form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kexue_lib.derive.checks.base import Tactic
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.goals import Goal, equal


@dataclass(frozen=True)
class Algebra(Tactic):
    """Both sides have the same normal form.

    It knows rational functions, roots, powers, exponentials, trigonometric
    and hyperbolic functions, logarithms, factorials and Gamma, binomials,
    sums and their ranges, derivatives, matrices, letters that do not
    commute, orthogonal polynomials of degree n, means under a law.
    """

    name: ClassVar[str] = "algebra"
    how: ClassVar[str] = "both sides have one normal form"

    def show(self, goal: Goal) -> Proof:
        """Compare the normal forms."""
        return equal(goal)

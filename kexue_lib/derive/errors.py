"""Errors of the engine. Each names what was wrong and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kexue_lib.derive.printing import to_text

if TYPE_CHECKING:
    from kexue_lib.derive.domain import Point


class NonsenseError(ValueError):
    """What this library says of a statement that has no meaning for it.

    No point satisfies the hypotheses, a matrix has no known entries.
    """


class DerivationError(Exception):
    """A step that the machine did not accept.

    Attributes:
        claim: full id of the claim.
        step: number of the step within the claim.
        lhs, rhs: the two sides (SymPy objects).
        point: values of the symbols at which the step fails, or None.
        left, right: values of the sides there, or None.
    """

    def __init__(
        self,
        claim: str,
        step: int,
        why: str,
        lhs: Any,
        relation: str,
        rhs: Any,
        point: Point | None = None,
        left: Any = None,
        right: Any = None,
    ) -> None:
        lines = [
            f"{claim}, step {step}: {why}",
            f"  left:  {to_text(lhs)}",
            f"  {relation}",
            f"  right: {to_text(rhs)}",
        ]
        if point is not None:
            shown = ", ".join(f"{s} = {to_text(v)}" for s, v in point.items())
            lines.append(f"  at {shown or 'its only point'}:")
        if left is not None:
            lines.append(f"    left  = {_short(left)}")
            lines.append(f"    right = {_short(right)}")
        super().__init__("\n".join(lines))
        self.claim = claim
        self.step = step
        self.lhs = lhs
        self.rhs = rhs
        self.point = point
        self.left = left
        self.right = right


class UndecidedError(DerivationError):
    """A step that may be true, and that nothing here decides.

    The message says what is missing and what to try.
    """


class ClaimError(ValueError):
    """A claim that is not well formed: id, uses, symbols, shapes."""


def _short(value: Any) -> str:
    if getattr(value, "is_number", False) and not value.is_Rational:
        return f"{to_text(value)[:60]} = {value.evalf(12)}"
    return to_text(value)[:200]

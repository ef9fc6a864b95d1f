"""The shapes of a linear system, checked alike in all of its modules."""

from __future__ import annotations

from torch import Tensor

from kexue_lib._arguments import float_tensor, shape


def system(A: Tensor, B: Tensor, names: tuple[str, str] = ("A", "B")) -> int:
    """Check the shapes ``A: (..., M, M)``, ``B: (..., M)``; return M."""
    a, b = names
    float_tensor(a, A)
    float_tensor(b, B)
    if A.ndim < 2 or A.shape[-1] != A.shape[-2] or A.shape[-1] == 0:
        raise ValueError(
            f"{a} must have shape (..., M, M) with M >= 1, got {shape(A)}"
        )
    M = A.shape[-1]
    if B.ndim < 1 or B.shape[-1] != M:
        raise ValueError(
            f"{b} must have shape (..., {M}) to match {a}, got {shape(B)}"
        )
    return M

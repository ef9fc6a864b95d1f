"""Checks of arguments shared by the modules of :mod:`kexue_lib.ssm`."""

from __future__ import annotations

from torch import Tensor

from kexue_lib._arguments import (
    COMPLEX_DTYPES,
    REAL_DTYPES,
    choice,
    device_of,
    dtype_of,
    float_tensor,
    integer,
    number,
    positive,
    real_tensor,
    shape,
)

__all__ = [
    "COMPLEX_DTYPES",
    "REAL_DTYPES",
    "choice",
    "device_of",
    "dtype_of",
    "float_tensor",
    "integer",
    "number",
    "positive",
    "real_tensor",
    "shape",
    "system",
]


def system(A: Tensor, B: Tensor) -> int:
    """Check the shapes ``A: (..., M, M)``, ``B: (..., M)``; return M."""
    float_tensor("A", A)
    float_tensor("B", B)
    if A.ndim < 2 or A.shape[-1] != A.shape[-2] or A.shape[-1] == 0:
        raise ValueError(
            f"A must have shape (..., M, M) with M >= 1, got {shape(A)}"
        )
    M = A.shape[-1]
    if B.ndim < 1 or B.shape[-1] != M:
        raise ValueError(
            f"B must have shape (..., {M}) to match A, got {shape(B)}"
        )
    return M

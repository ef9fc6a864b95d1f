"""Argument checks shared by the modules of this package."""

from __future__ import annotations

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import widest
from kexue_lib.density.fourier import _trig

HALVES = (torch.bfloat16, torch.float16)


def coefficients(name: str, a: Tensor, *, check: bool = True) -> Tensor:
    """Return ``a`` if it is complex ``(..., N+1)``, finite and nonzero."""
    if not isinstance(a, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor, got {type(a).__name__}"
        )
    if a.dtype not in arg.COMPLEX_DTYPES:
        raise ValueError(
            f"{name} must be complex64 or complex128, got {a.dtype}; real "
            f"coefficients must be cast, for example "
            f"{name}.to(torch.complex128)"
        )
    if a.ndim < 1 or a.shape[-1] < 1:
        raise ValueError(
            f"{name} must have shape (..., N+1) with N >= 0, "
            f"got {arg.shape(a)}"
        )
    if check:
        finite(name, a)
        if bool((a == 0).all(-1).any()):
            raise ValueError(
                f"{name} must not be all zero: that is no density"
            )
    return a


def finite(name: str, value: Tensor) -> None:
    """Refuse NaN and infinity."""
    # A sum is many times faster; it may overflow, so look again.
    if not bool(value.sum().isfinite()) and not bool(value.isfinite().all()):
        raise ValueError(f"{name} must be finite, got NaN or infinity in it")


def points(
    name: str, x: Tensor | float, a: Tensor, *, check: bool = True
) -> Tensor:
    """Return ``x`` as a real tensor of at least 32 bits on ``a``'s device."""
    if not isinstance(x, Tensor):
        value = arg.number(name, x)
        return torch.tensor(value, dtype=a.real.dtype, device=a.device)
    arg.float_tensor(name, x)
    if x.is_complex():
        raise TypeError(f"{name} must be real, got dtype {x.dtype}")
    if check:
        finite(name, x)
    return x.float() if x.dtype in HALVES else x


def together(a: Tensor, x: Tensor, name: str = "x") -> tuple[Tensor, Tensor]:
    """Cast to the wider precision; refuse shapes that do not broadcast."""
    if a.ndim > 1:
        try:
            torch.broadcast_shapes(a.shape[:-1], x.shape)
        except RuntimeError:
            raise ValueError(
                f"a of shape (*batch, N+1) = {arg.shape(a)} and {name} of "
                f"shape {arg.shape(x)} do not fit: batch and its shape must "
                f"broadcast; for a batch of densities at shared points pass "
                f"a[..., None, :]"
            ) from None
    real = torch.promote_types(a.real.dtype, x.dtype)
    return a.to(torch.promote_types(a.dtype, real)), x.to(real)


def periodic(x: Tensor, *, check: bool = True) -> Tensor:
    """Return ``x`` modulo 2, untouched if it lies in [-1, 1] anyway."""
    if check:
        low, high = span(x)
        if low >= -1 and high <= 1:
            return x
    return _trig.wrap(x)


def span(x: Tensor) -> tuple[float, float]:
    """Return the smallest and the largest value, 0 if there is none."""
    if not x.numel():
        return 0.0, 0.0
    low, high = torch.aminmax(x.detach())
    return float(low), float(high)


def inside(name: str, x: Tensor) -> None:
    """Refuse points outside [-1, 1]."""
    low, high = span(x)
    if low < -1 or high > 1:
        raise ValueError(
            f"{name} must lie in [-1, 1], got values from {low:g} to {high:g}"
        )


# How far from 1 a sum of weights may be: they may have been rounded to 32
# bits on their way here.
_SLACK = 1e-5


def weights(w: Tensor | None, x: Tensor, *, check: bool = True) -> Tensor:
    """Return weights that sum to 1 over the last axis.

    In the dtype of ``x``, or their own if that is wider.
    """
    if w is None:
        return torch.full_like(x, 1 / x.shape[-1])
    arg.real_tensor("weights", w)
    if w.ndim < 1 or w.shape[-1] != x.shape[-1]:
        raise ValueError(
            f"weights must have shape (..., {x.shape[-1]}) like x, "
            f"got {arg.shape(w)}"
        )
    w = w.to(widest(x, w))
    if check:
        finite("weights", w)
        if bool((w < 0).any()):
            raise ValueError(
                f"weights must be >= 0, the smallest is {float(w.min()):g}"
            )
        total = w.sum(-1)
        # Rounding of the weights themselves, in their own precision.
        rounding = 1e3 * torch.finfo(w.dtype).eps * w.shape[-1] ** 0.5
        slack = max(_SLACK, rounding)
        if bool(((total - 1).abs() > slack).any()):
            raise ValueError(
                "weights must sum to 1 over the last axis, "
                f"got {total.tolist()}; divide by weights.sum()"
            )
    return w


def sample(x: Tensor, *, check: bool = True) -> Tensor:
    """Return data ``(..., n)``, n >= 1, real, at least 32 bits, finite."""
    arg.float_tensor("x", x)
    if x.is_complex():
        raise TypeError(f"x must be real, got dtype {x.dtype}")
    if x.ndim < 1 or x.shape[-1] < 1:
        raise ValueError(
            f"x must have shape (..., n) with n >= 1, got {arg.shape(x)}"
        )
    if check:
        finite("x", x)
    return x.float() if x.dtype in HALVES else x

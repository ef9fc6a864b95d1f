"""In what precision the packages of the book compute."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import torch
from torch import Tensor
from torch.autograd import forward_ad

P = ParamSpec("P")
R = TypeVar("R")


def at_least_single(dtype: torch.dtype) -> torch.dtype:
    """Return float32 for half precision, anything else as it is."""
    half = dtype in (torch.bfloat16, torch.float16)
    return torch.float32 if half else dtype


def widest(*tensors: Tensor) -> torch.dtype:
    """Return the common dtype of tensors, whatever their dimensions."""
    dtype = tensors[0].dtype
    for other in tensors[1:]:
        if other.dtype != dtype:
            dtype = torch.promote_types(dtype, other.dtype)
    return dtype


def tracked(t: Tensor) -> bool:
    """Return whether derivatives are asked for, backwards or forwards."""
    backwards = torch.is_grad_enabled() and t.requires_grad
    return backwards or forward_ad.unpack_dual(t).tangent is not None


def full_precision(function: Callable[P, R]) -> Callable[P, R]:
    """Let autocast round none of the function's matrix products.

    Autocast rounds them to bfloat16, which is meant for the weights of a
    network; in a recurrence or a quadrature the errors pile up.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        for value in (*args, *kwargs.values()):
            if isinstance(value, Tensor):
                device = value.device.type
                if not torch.is_autocast_enabled(device):
                    break
                with torch.autocast(device, enabled=False):
                    return function(*args, **kwargs)
        return function(*args, **kwargs)

    return wrapper

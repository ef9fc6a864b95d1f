"""Checks of arguments, shared by the PyTorch packages of the book."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

REAL_DTYPES = (torch.float64, torch.float32, torch.bfloat16, torch.float16)
COMPLEX_DTYPES = (torch.complex128, torch.complex64)


def choice(name: str, value: str, allowed: Iterable[str]) -> str:
    """Return ``value`` if it is one of the ``allowed`` strings."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, got {value!r}")
    names = tuple(allowed)
    if value not in names:
        raise ValueError(
            f"{name} must be one of {', '.join(names)}; got {value!r}"
        )
    return value


def function(name: str, value: Any) -> Any:
    """Return ``value`` if it can be called."""
    if not callable(value):
        raise TypeError(f"{name} must be a function, got {value!r}")
    return value


def integer(name: str, value: int, minimum: int) -> int:
    """Return ``value`` as an ``int`` of at least ``minimum``."""
    if type(value) is int:  # no call that torch.compile could not follow
        number = value
    else:
        # bool and 0-d tensors have __index__ too: True is no size, and a
        # tensor would be read from its device.
        try:
            if isinstance(value, bool | Tensor):
                raise TypeError
            number = operator.index(value)
        except TypeError:
            raise TypeError(
                f"{name} must be an integer >= {minimum}, got {value!r}"
            ) from None
    if number < minimum:
        raise ValueError(
            f"{name} must be an integer >= {minimum}, got {value!r}"
        )
    return number


def number(name: str, value: float) -> float:
    """Return ``value`` as a finite ``float``."""
    if isinstance(value, bool | complex | str | Tensor):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    try:
        result = float(value)
    except TypeError:
        raise TypeError(
            f"{name} must be a real number, got {value!r}"
        ) from None
    if not -math.inf < result < math.inf:
        raise ValueError(f"{name} must be finite, got {value!r}")
    return result


def positive(name: str, value: float | Tensor) -> float | Tensor:
    """Return ``value`` as a float or a float64 CPU tensor, all > 0.

    A tensor keeps its graph, so that gradients reach it.
    """
    if isinstance(value, Tensor):
        tensor = real_tensor(name, value).to("cpu", torch.float64)
        if not bool(((tensor > 0) & tensor.isfinite()).all()):
            raise ValueError(f"{name} must be finite and > 0, got {value}")
        return tensor
    result = number(name, value)
    if result <= 0:
        raise ValueError(f"{name} must be finite and > 0, got {value!r}")
    return result


def real_tensor(name: str, value: Tensor) -> Tensor:
    """Return ``value`` if it is a tensor of real numbers."""
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor, got {type(value).__name__}"
        )
    if value.is_complex() or value.dtype == torch.bool:
        raise TypeError(f"{name} must be real, got dtype {value.dtype}")
    return value


def float_tensor(name: str, value: Tensor) -> Tensor:
    """Return ``value`` if it is a floating-point or complex tensor."""
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor, got {type(value).__name__}"
        )
    if not (value.is_floating_point() or value.is_complex()):
        raise TypeError(
            f"{name} must be floating-point or complex, got {value.dtype}"
        )
    return value


def real_float(name: str, value: Tensor) -> Tensor:
    """Return ``value`` if it is a floating-point tensor, not complex."""
    if float_tensor(name, value).is_complex():
        raise TypeError(f"{name} must be real, got dtype {value.dtype}")
    return value


def shape(value: Tensor) -> tuple[int, ...]:
    """Return the shape as a plain tuple, for messages."""
    return tuple(value.shape)


def dtype_of(dtype: Any, *, complex_only: bool) -> torch.dtype:
    """Return ``dtype``, or its float64/complex128 default for ``None``."""
    allowed = COMPLEX_DTYPES if complex_only else REAL_DTYPES + COMPLEX_DTYPES
    if dtype is None:
        return allowed[0]
    if not isinstance(dtype, torch.dtype):
        raise TypeError(f"dtype must be a torch.dtype, got {dtype!r}")
    if dtype not in allowed:
        names = ", ".join(str(d).removeprefix("torch.") for d in allowed)
        why = " (the Fourier kinds are complex)" if complex_only else ""
        raise ValueError(f"dtype must be one of {names}{why}; got {dtype}")
    return dtype


def device_of(device: Any, *like: object) -> torch.device:
    """Return ``device``, or that of the first tensor, or torch's default."""
    if device is None:
        for value in like:
            if isinstance(value, Tensor):
                return value.device
        return torch.get_default_device()
    try:
        return torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise ValueError(
            f"device must name a torch device, got {device!r}"
        ) from error

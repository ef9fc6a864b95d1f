r"""Evaluating :math:`\sum_ka_ke^{-i\pi kx}` and its adjoint in O(n) memory.

Both are linear in their first argument and each is the other's gradient, so
two autograd functions that call each other give derivatives of every order
without storing the n-by-(N+1) matrix of exponentials. (Measured on a CPU:
Horner's rule over whole arrays is as fast as that matrix up to N = 60 or so,
and needs no time to build it.)
"""

from __future__ import annotations

import math
from typing import Any, cast

import torch
from torch import Tensor


def evaluate(a: Tensor, x: Tensor) -> Tensor:
    r"""Return :math:`\sum_ka_ke^{-i\pi kx}`; a ``(..., K)``, x ``(...)``."""
    if torch.compiler.is_compiling():  # it makes a backward of its own
        return _horner_of_new(a, unit(x))
    return cast(Tensor, _Evaluate.apply(a, x))


def adjoint(g: Tensor, x: Tensor, shape: torch.Size) -> Tensor:
    r"""Return :math:`\sum_jg_je^{i\pi kx_j}` in ``shape = (..., K)``."""
    if torch.compiler.is_compiling():
        return _power_sums_of_new(g, unit(-x), shape)
    return cast(Tensor, _Adjoint.apply(g, x, shape))


def unit(x: Tensor) -> Tensor:
    r"""Return :math:`e^{-i\pi x}`; :func:`wrap` large ``x`` first."""
    angle = -math.pi * x
    # Ten times faster than torch.polar.
    return torch.complex(angle.cos(), angle.sin())


def wrap(x: Tensor) -> Tensor:
    """Return ``x`` modulo 2 in [-1, 1], so that pi x keeps its digits."""
    return x - 2 * (x / 2).round().detach()


def derivative(a: Tensor) -> Tensor:
    """Return the coefficients of the derivative in x."""
    k = torch.arange(a.shape[-1], device=a.device, dtype=a.real.dtype)
    return a * torch.complex(torch.zeros_like(k), -math.pi * k)


def horner(a: Tensor, z: Tensor) -> Tensor:
    """Return sum_k a_k z^k."""
    top = a.shape[-1] - 1
    if top == 0:
        return a[..., 0] * torch.ones_like(z)
    h = a[..., top] * z
    for k in range(top - 1, 0, -1):
        h.add_(a[..., k]).mul_(z)
    return h.add_(a[..., 0])


def _horner_of_new(a: Tensor, z: Tensor) -> Tensor:
    """The same without writing over anything."""
    h = a[..., -1] * torch.ones_like(z)
    for k in range(a.shape[-1] - 2, -1, -1):
        h = h * z + a[..., k]
    return h


def _power_sums_of_new(g: Tensor, z: Tensor, shape: torch.Size) -> Tensor:
    sums = []
    for k in range(shape[-1]):
        g = g * z if k else g
        sums.append(g.sum() if len(shape) == 1 else g.sum_to_size(shape[:-1]))
    return torch.stack(sums, -1)


def power_sums(g: Tensor, z: Tensor, shape: torch.Size) -> Tensor:
    """Return sum_j g_j z_j^k, summed over all but ``shape[:-1]``."""
    # Without anything to sum, sum_to_size gives w itself: do not overwrite.
    alone = g.shape == shape[:-1]
    w = g if alone else g.clone()
    sums = []
    for k in range(shape[-1]):
        if k:
            w = w * z if alone else w.mul_(z)
        sums.append(w.sum() if len(shape) == 1 else w.sum_to_size(shape[:-1]))
    return torch.stack(sums, -1)


class _Evaluate(torch.autograd.Function):
    @staticmethod
    def forward(a: Tensor, x: Tensor) -> Tensor:
        return horner(a, unit(x))

    @staticmethod
    def setup_context(
        ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor
    ) -> None:
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def vmap(
        info: Any, in_dims: Any, a: Tensor, x: Tensor
    ) -> tuple[Tensor, int]:
        a, x = _mapped((a, 1), (x, 0), in_dims=in_dims)
        return evaluate(a, x), 0

    @staticmethod
    def jvp(ctx: Any, da: Tensor | None, dx: Tensor | None) -> Tensor:
        a, x = ctx.saved_tensors
        total = torch.zeros((), dtype=a.dtype, device=a.device)
        if da is not None:
            total = total + evaluate(da, x)
        if dx is not None:
            total = total + evaluate(derivative(a), x) * dx
        return total

    @staticmethod
    def backward(
        ctx: Any, *grads: Tensor
    ) -> tuple[Tensor | None, Tensor | None]:
        (g,) = grads
        a, x = ctx.saved_tensors
        to_a = to_x = None
        if ctx.needs_input_grad[0]:
            to_a = adjoint(g, x, a.shape)
        if ctx.needs_input_grad[1]:
            slope = evaluate(derivative(a), x)
            to_x = (g.conj() * slope).real.sum_to_size(x.shape)
        return to_a, to_x


class _Adjoint(torch.autograd.Function):
    @staticmethod
    def forward(g: Tensor, x: Tensor, shape: torch.Size) -> Tensor:
        return power_sums(g, unit(-x), shape)

    @staticmethod
    def setup_context(
        ctx: Any, inputs: tuple[Tensor, Tensor, torch.Size], output: Tensor
    ) -> None:
        g, x, ctx.shape = inputs
        ctx.save_for_backward(g, x)
        ctx.save_for_forward(g, x)

    @staticmethod
    def vmap(
        info: Any, in_dims: Any, g: Tensor, x: Tensor, shape: torch.Size
    ) -> tuple[Tensor, int]:
        g, x = _mapped((g, 0), (x, 0), in_dims=in_dims)
        # What is summed over stays within a sample.
        inner = (*[1] * (g.ndim - len(shape)), *shape)
        size = torch.Size((info.batch_size, *inner))
        g = g.expand(info.batch_size, *g.shape[1:])
        found = adjoint(g, x, size)
        return found.reshape(info.batch_size, *shape), 0

    @staticmethod
    def jvp(ctx: Any, dg: Tensor | None, dx: Tensor | None, _: None) -> Tensor:
        g, x = ctx.saved_tensors
        total = torch.zeros((), dtype=g.dtype, device=g.device)
        if dg is not None:
            total = total + adjoint(dg, x, ctx.shape)
        if dx is not None:
            total = total - derivative(adjoint(g * dx, x, ctx.shape))
        return total

    @staticmethod
    def backward(
        ctx: Any, *grads: Tensor
    ) -> tuple[Tensor | None, Tensor | None, None]:
        (u,) = grads
        g, x = ctx.saved_tensors
        to_g = to_x = None
        if ctx.needs_input_grad[0]:
            to_g = evaluate(u, x)
        if ctx.needs_input_grad[1]:
            slope = evaluate(derivative(u), x)
            to_x = (slope.conj() * g).real.sum_to_size(x.shape)
        return to_g, to_x, None


def _mapped(
    *given: tuple[Tensor, int], in_dims: tuple[Any, ...]
) -> list[Tensor]:
    """Return tensors with their mapped axis first, and as many axes.

    Each comes with the number of its last axes that broadcast with none.
    """
    moved = []
    for (t, own), at in zip(given, in_dims, strict=False):
        moved.append((t[None] if at is None else t.movedim(at, 0), own))
    most = max(t.ndim - own for t, own in moved)
    return [
        t.reshape(t.shape[0], *[1] * (most - t.ndim + own), *t.shape[1:])
        for t, own in moved
    ]

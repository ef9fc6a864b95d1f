r"""Evaluating :math:`\sum_ka_ke^{-i\pi kx}` and its adjoint in O(n) memory.

Both are linear in their first argument and each is the other's gradient, so
two autograd functions that call each other give derivatives of every order
without storing the n-by-(N+1) matrix of exponentials.
"""

from __future__ import annotations

import math
from typing import Any, cast

import torch
from torch import Tensor


def evaluate(a: Tensor, x: Tensor) -> Tensor:
    r"""Return :math:`\sum_ka_ke^{-i\pi kx}`; a ``(..., K)``, x ``(...)``."""
    return cast(Tensor, _Evaluate.apply(a, x))


def adjoint(g: Tensor, x: Tensor, shape: torch.Size) -> Tensor:
    r"""Return :math:`\sum_jg_je^{i\pi kx_j}` in ``shape = (..., K)``."""
    return cast(Tensor, _Adjoint.apply(g, x, shape))


def unit(x: Tensor) -> Tensor:
    r"""Return :math:`e^{-i\pi x}`, accurate for large ``x`` too."""
    angle = -math.pi * x.remainder(2)
    # Ten times faster than torch.polar.
    return torch.complex(angle.cos(), angle.sin())


def _derivative(a: Tensor) -> Tensor:
    k = torch.arange(a.shape[-1], device=a.device, dtype=a.real.dtype)
    return a * torch.complex(torch.zeros_like(k), -math.pi * k)


class _Evaluate(torch.autograd.Function):
    @staticmethod
    def forward(a: Tensor, x: Tensor) -> Tensor:
        z = unit(x).to(a.dtype)
        top = a.shape[-1] - 1
        h = a[..., top].expand(torch.broadcast_shapes(a.shape[:-1], x.shape))
        h = h.clone()
        for k in range(top - 1, -1, -1):
            h.mul_(z).add_(a[..., k])
        return h

    @staticmethod
    def setup_context(
        ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor
    ) -> None:
        ctx.save_for_backward(*inputs)

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
            slope = evaluate(_derivative(a), x)
            to_x = (g.conj() * slope).real.sum_to_size(x.shape).to(x.dtype)
        return to_a, to_x


class _Adjoint(torch.autograd.Function):
    @staticmethod
    def forward(g: Tensor, x: Tensor, shape: torch.Size) -> Tensor:
        z = unit(-x).to(g.dtype)
        w = g.clone()
        sums = []
        for k in range(shape[-1]):
            if k:
                w.mul_(z)
            sums.append(w.sum_to_size(shape[:-1]))
        return torch.stack(sums, -1)

    @staticmethod
    def setup_context(
        ctx: Any, inputs: tuple[Tensor, Tensor, torch.Size], output: Tensor
    ) -> None:
        g, x, _ = inputs
        ctx.save_for_backward(g, x)

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
            slope = evaluate(_derivative(u), x)
            to_x = (slope.conj() * g).real.sum_to_size(x.shape).to(x.dtype)
        return to_g, to_x, None

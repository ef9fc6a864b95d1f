"""Cauchy sums on the imaginary axis, in portions, with their gradient."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

# (frequency, pole) combinations worked on at a time: what fits in a CPU's
# cache, and what keeps an accelerator busy.
_CPU_PORTION, _OTHER_PORTION = 2**16, 2**24


def cauchy_sums(
    sigma: Tensor, kappa: Tensor, Lambda: Tensor, weights: Tensor, pairs: bool
) -> Tensor:
    r"""Return :math:`\sum_jw_{jr}/(i\sigma_l-\kappa_l\Lambda_j)`.

    Args:
        sigma: Real, shape ``(..., l)``.
        kappa: Real, shape ``(l,)``; gets no gradient.
        Lambda: Complex, shape ``(..., M)``.
        weights: Complex, shape ``(..., M, R)``.
        pairs: Add the conjugate poles with conjugate weights.

    Returns:
        Complex, shape ``(..., R, l)``.
    """
    # Both poles of a pair over their common denominator q = kappa^2 |Lambda|^2
    # - sigma^2 - 2i sigma kappa Re Lambda leave real weights; a single pole
    # is multiplied by the factor that makes the same denominator.
    top = torch.cat(
        (weights, weights * Lambda.conj()[..., None]), dim=-1
    ).mT  # (..., 2R, M)
    if pairs:
        top = 2 * top.real
    batch = torch.broadcast_shapes(sigma.shape[:-1], top.shape[:-2])
    M = Lambda.shape[-1]
    portion = _CPU_PORTION if sigma.device.type == "cpu" else _OTHER_PORTION
    width = max(16, portion // (batch.numel() * M))
    sums: Tensor = _Sums.apply(
        width,
        kappa,
        sigma.expand(*batch, -1),
        Lambda.real.expand(*batch, M),
        Lambda.abs().expand(*batch, M),
        top.expand(*batch, -1, M),
    )
    return sums


class _Sums(torch.autograd.Function):
    """``i sigma (top_1 rho) - kappa (top_2 rho)`` with ``rho = 1 / q``.

    Keeps its inputs only: the backward pass computes ``rho`` again. All but
    the products with complex weights is real arithmetic, because complex
    division is several times slower.
    """

    @staticmethod
    def forward(
        ctx: Any,
        width: int,
        kappa: Tensor,
        sigma: Tensor,
        a: Tensor,
        size: Tensor,
        top: Tensor,
    ) -> Tensor:
        ctx.save_for_backward(kappa, sigma, a, size, top)
        ctx.width = width
        R = top.shape[-2] // 2
        parts = []
        for k, s in zip(
            kappa.split(width), sigma.split(width, -1), strict=True
        ):
            x, y = _rho(k, s, a, size)
            k, s = k[None, :], s[..., None, :]
            if top.is_complex():
                T = top @ torch.complex(x, y)
                part = 1j * s * T[..., :R, :] - k * T[..., R:, :]
            else:
                X, Y = top @ x, top @ y
                part = torch.complex(
                    -s * Y[..., :R, :] - k * X[..., R:, :],
                    s * X[..., :R, :] - k * Y[..., R:, :],
                )
            parts.append(part)
        return torch.cat(parts, dim=-1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        kappa, sigma, a, size, top = ctx.saved_tensors
        back = top.mH  # (..., M, 2R)
        g_a, g_size = torch.zeros_like(a), torch.zeros_like(size)
        g_top = torch.zeros_like(top)
        g_sigma = []
        for k, s, g in zip(
            kappa.split(ctx.width),
            sigma.split(ctx.width, -1),
            grad.split(ctx.width, -1),
            strict=True,
        ):
            x, y = _rho(k, s, a, size)
            # sigma outside the sums.
            E = torch.cat((-1j * s[..., None, :] * g, -k * g), dim=-2)
            if top.is_complex():
                rho = torch.complex(x, y)
                H = back @ E
                Hr, Hi = H.real, H.imag
                g_top = g_top + E @ rho.mH
                T = top[..., : g.shape[-2], :] @ rho
                g_s = (g * (1j * T).conj()).real.sum(-2)
            else:
                Er, Ei = E.real, E.imag
                Hr, Hi = back @ Er, back @ Ei
                g_top = g_top + Er @ x.mT + Ei @ y.mT
                first = top[..., : g.shape[-2], :]
                g_s = (g.imag * (first @ x) - g.real * (first @ y)).sum(-2)
            # d rho = -rho^2 dq.
            cr, ci = y * y - x * x, 2 * x * y
            qr, qi = cr * Hr - ci * Hi, cr * Hi + ci * Hr
            k, s = k[None, :], s[..., None, :]
            g_size = g_size + (2 * k * k * size[..., None] * qr).sum(-1)
            g_a = g_a - (2 * s * k * qi).sum(-1)
            g_sigma.append(g_s - 2 * (s * qr + k * a[..., None] * qi).sum(-2))
        return None, None, torch.cat(g_sigma, -1), g_a, g_size, g_top


def _rho(
    kappa: Tensor, sigma: Tensor, a: Tensor, size: Tensor
) -> tuple[Tensor, Tensor]:
    """Return real and imaginary part of 1 / q, shape (..., M, l)."""
    s = sigma[..., None, :]
    r = kappa * size[..., None]
    re = (r - s) * (r + s)
    im = (-2 * kappa * s) * a[..., None]
    inverse = 1 / (re * re + im * im)
    return re * inverse, -im * inverse

"""Cauchy sums on the imaginary axis, in portions, with their gradient."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

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
    run = _sums_op if torch.compiler.is_compiling() else _Sums.apply
    sums: Tensor = run(
        kappa,
        sigma.expand(*batch, -1),
        Lambda.real.expand(*batch, M),
        Lambda.abs().expand(*batch, M),
        top.expand(*batch, -1, M),
    )
    return sums


def _width(sigma: Tensor, a: Tensor) -> int:
    """Choose how many frequencies make a portion."""
    portion = _CPU_PORTION if sigma.device.type == "cpu" else _OTHER_PORTION
    return max(16, portion // max(1, a.numel()))


def _forward(
    kappa: Tensor, sigma: Tensor, a: Tensor, size: Tensor, top: Tensor
) -> Tensor:
    """``i sigma (top_1 rho) - kappa (top_2 rho)`` with ``rho = 1 / q``.

    All but the products with complex weights is real arithmetic, because
    complex division is several times slower.
    """
    R, width = top.shape[-2] // 2, _width(sigma, a)
    parts = []
    for k, s in zip(kappa.split(width), sigma.split(width, -1), strict=True):
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


def _backward(
    grad: Tensor,
    kappa: Tensor,
    sigma: Tensor,
    a: Tensor,
    size: Tensor,
    top: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Gradients of all but kappa; computes ``rho`` again."""
    width = _width(sigma, a)
    back = top.mH  # (..., M, 2R)
    g_a, g_size = torch.zeros_like(a), torch.zeros_like(size)
    g_top = torch.zeros_like(top)
    g_sigma = []
    for k, s, g in zip(
        kappa.split(width),
        sigma.split(width, -1),
        grad.split(width, -1),
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
    return torch.cat(g_sigma, -1), g_a, g_size, g_top


class _Sums(torch.autograd.Function):
    """Keeps its inputs only.

    The backward pass is made of torch's operations, so that it can be
    differentiated again (and then keeps what it makes).
    """

    @staticmethod
    def forward(
        kappa: Tensor, sigma: Tensor, a: Tensor, size: Tensor, top: Tensor
    ) -> Tensor:
        return _forward(kappa, sigma, a, size, top)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Tensor) -> None:
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        return (None, *_backward(grads[0], *ctx.saved_tensors))

    @staticmethod
    def jvp(ctx: Any, *tangents: Tensor | None) -> Tensor:
        kappa, sigma, a, size, top = ctx.saved_tensors
        d_sigma, d_a, d_size, d_top = (
            torch.zeros_like(v) if t is None else t
            for t, v in zip(tangents[1:], (sigma, a, size, top), strict=True)
        )
        rho = torch.complex(*_rho(kappa, sigma, a, size))
        k, s, d_s = kappa[None, :], sigma[..., None, :], d_sigma[..., None, :]
        d_re = 2 * (k * k * (size * d_size)[..., None] - s * d_s)
        d_im = -2 * k * (d_s * a[..., None] + s * d_a[..., None])
        d_rho = -rho * rho * torch.complex(d_re, d_im)
        T = top.to(rho.dtype) @ rho
        d_T = d_top.to(rho.dtype) @ rho + top.to(rho.dtype) @ d_rho
        R = top.shape[-2] // 2
        first = d_s * T[..., :R, :] + s * d_T[..., :R, :]
        return 1j * first - k * d_T[..., R:, :]

    @staticmethod
    def vmap(
        info: Any, in_dims: Any, kappa: Tensor, *batched: Tensor
    ) -> tuple[Any, int]:
        moved = (
            v.expand(info.batch_size, *v.shape) if d is None
            else v.movedim(d, 0)
            for v, d in zip(batched, in_dims[1:], strict=True)
        )  # fmt: skip
        return _Sums.apply(kappa, *moved), 0


# What torch.compile sees: one operation each way, whatever the portions.


@torch.library.custom_op("kexue_lib::cauchy_sums", mutates_args=())
def _sums_op(
    kappa: Tensor, sigma: Tensor, a: Tensor, size: Tensor, top: Tensor
) -> Tensor:
    return _forward(kappa, sigma, a, size, top)


@torch.library.custom_op("kexue_lib::cauchy_sums_backward", mutates_args=())
def _back_op(
    grad: Tensor,
    kappa: Tensor,
    sigma: Tensor,
    a: Tensor,
    size: Tensor,
    top: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return _backward(grad, kappa, sigma, a, size, top)


@_sums_op.register_fake
def _(
    kappa: Tensor, sigma: Tensor, a: Tensor, size: Tensor, top: Tensor
) -> Tensor:
    shape = (*top.shape[:-2], top.shape[-2] // 2, sigma.shape[-1])
    return sigma.new_empty(shape, dtype=sigma.dtype.to_complex())


@_back_op.register_fake
def _(
    grad: Tensor,
    kappa: Tensor,
    sigma: Tensor,
    a: Tensor,
    size: Tensor,
    top: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    given = (sigma, a, size, top)
    one, two, three, four = (v.new_empty(v.shape) for v in given)
    return one, two, three, four


def _op_context(ctx: Any, inputs: Any, output: Tensor) -> None:
    ctx.save_for_backward(*inputs)


def _op_backward(ctx: Any, grad: Tensor) -> Any:
    return (None, *_back_op(grad, *ctx.saved_tensors))


_sums_op.register_autograd(_op_backward, setup_context=_op_context)


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

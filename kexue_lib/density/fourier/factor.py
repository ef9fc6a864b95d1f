r"""Fejér-Riesz: back from the series to the coefficients."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.density.fourier import _check, _trig
from kexue_lib.density.fourier.coefficients import autocorrelation


def spectral_factor(
    c: Tensor, tol: float | None = None, *, check: bool = True
) -> Tensor:
    r"""Return ``a`` with ``autocorrelation(a) = c`` (Fejér and Riesz).

    Every non-negative series :math:`f=\sum_{|n|\le N}c_ne^{i\pi nx}` is
    :math:`|\sum_ka_ke^{-i\pi kx}|^2`. Of the :math:`2^N` choices (times a
    phase) this is the one whose polynomial :math:`\sum_ka_kz^k` has no zero
    with :math:`|z|<1`, with :math:`a_0>0`. Zeros of :math:`f` are zeros on
    the unit circle, and double: fine, but there ``a`` moves like the square
    root of a change of ``c``, so only half of the digits of ``a`` (and all of
    ``autocorrelation(a)``) are meaningful.

    Wilson's method: Newton's for the quadratic system, started at a constant.

    Chapter: fourier-density, claim C7

    Args:
        c: :math:`c_0..c_N`, complex, shape ``(..., N+1)``, :math:`c_0` real
            and positive.
        tol: How far below zero :math:`f` may dip, as a fraction of
            :math:`c_0`, and be lifted; default 1e-10 (complex64: 1e-5).
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Shape, dtype and device of ``c``. Differentiable where :math:`f>0`.

    Raises:
        TypeError: ``c`` is no tensor.
        ValueError: ``c`` is empty, real, not finite; not non-negative (the
            minimum is named); ``tol < 0``.
    """
    _check.coefficients("c", c, check=check)
    single = c.dtype == torch.complex64
    if tol is None:
        tol = 1e-5 if single else 1e-10
    elif arg.number("tol", tol) < 0:
        raise ValueError(f"tol must be >= 0, got {tol!r}")
    scale = c[..., :1].real
    if check and bool((scale <= 0).any()):
        raise ValueError(
            "not non-negative: c_0, the mean of the series, must be > 0, "
            f"got {float(scale.min()):g}"
        )
    r = c / scale
    r = torch.cat((torch.ones_like(r[..., :1]), r[..., 1:]), -1)
    with torch.no_grad():
        lowest = _minimum(r)
        if check and bool((lowest < -tol).any()):
            worst = float((lowest * scale[..., 0]).min())
            raise ValueError(
                f"not non-negative: the series has the minimum {worst:g}"
            )
        lift = (-lowest).clamp_min(0)[..., None]
        target = r.detach().clone()
        target[..., :1] += lift
        a = _wilson(target, adaptive=check)
    if torch.is_grad_enabled() and c.requires_grad:
        a = a + _newton_step(a, r - r.detach())
    return a * scale.sqrt()


def _minimum(r: Tensor) -> Tensor:
    """Global minimum of the series, from every local minimum of a grid."""
    N = r.shape[-1] - 1
    cells = 16 * (N + 1)
    x = torch.linspace(-1, 1, cells + 1, dtype=r.real.dtype, device=r.device)[
        :-1
    ]
    half = torch.cat((r[..., :1] / 2, r[..., 1:]), -1)[..., None, :]
    k = torch.arange(N + 1, device=r.device, dtype=r.real.dtype)
    first = half * torch.complex(torch.zeros_like(k), math.pi * k)
    second = half * -((math.pi * k) ** 2)
    f = 2 * _trig.evaluate(half, -x).real
    x = x.expand(f.shape)
    is_low = (f <= f.roll(1, -1)) & (f <= f.roll(-1, -1))
    lowest = f.amin(-1)
    # Newton's method for f' = 0 from all points at once, within one cell.
    start, cell = x, 2 / cells
    for _ in range(6):
        slope = _trig.evaluate(first, -x).real
        bend = _trig.evaluate(second, -x).real
        step = -slope / bend.clamp_min(1e-30)
        x = (x + step).clamp(start - cell, start + cell)
    refined = 2 * _trig.evaluate(half, -x).real
    refined = torch.where(is_low & refined.isfinite(), refined, f)
    return torch.minimum(lowest, refined.amin(-1))


def _wilson(r: Tensor, *, adaptive: bool) -> Tensor:
    a = torch.zeros_like(r)
    a[..., 0] = 1
    eps = torch.finfo(r.real.dtype).eps
    best = None
    for _ in range(60 if adaptive else 40):
        miss = r - autocorrelation(a, check=False)
        if adaptive:
            error = float(miss.abs().max())
            if best is not None and error >= best and error < 1e3 * eps:
                break
            best = error if best is None else min(best, error)
            if error <= eps:
                break
        a = a + _newton_step(a, miss)
    return a


def _newton_step(a: Tensor, miss: Tensor) -> Tensor:
    """Solve autocorrelation'(a) d = miss with Im d_0 = 0."""
    size = a.shape[-1]
    # d -> sum_k d_k conj(a_{k+n}) + a_k conj(d_{k+n})
    pad = torch.nn.functional.pad
    forward = pad(a.conj(), (0, size - 1)).unfold(-1, size, 1)
    backward = pad(a, (size - 1, 0)).unfold(-1, size, 1).flip(-2)
    real = forward + backward
    imag = 1j * (forward - backward)
    top = torch.cat((real.real, imag.real[..., 1:]), -1)
    low = torch.cat((real.imag, imag.imag[..., 1:]), -1)[..., 1:, :]
    matrix = torch.cat((top, low), -2)
    right = torch.cat((miss.real, miss.imag[..., 1:]), -1)
    d = torch.linalg.solve(matrix, right[..., None])[..., 0]
    zero = torch.zeros_like(d[..., :1])
    return torch.complex(d[..., :size], torch.cat((zero, d[..., size:]), -1))

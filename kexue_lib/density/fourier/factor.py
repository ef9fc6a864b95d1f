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
        tol: How far below zero :math:`f` may dip and be lifted, as a
            fraction of :math:`\sum_n|c_n|\ge\max|f|`; default 1e-10
            (complex64: 1e-5).
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Shape, dtype and device of ``c``. Differentiable where :math:`f>0`.

    Raises:
        TypeError: ``c`` is no tensor.
        ValueError: ``c`` is empty, real, not finite; not non-negative (the
            minimum is named); ``tol < 0``.
    """
    _check.coefficients("c", c, check=check)
    if tol is None:
        tol = 1e-5 if c.dtype == torch.complex64 else 1e-10
    elif arg.number("tol", tol) < 0:
        raise ValueError(f"tol must be >= 0, got {tol!r}")
    given = c.dtype
    if c.device.type != "mps":
        c = c.to(torch.complex128)
    scale = c[..., :1].real
    slack = tol * _bound(c)
    if check and bool(((scale[..., 0] <= 0) | (c[..., 0].imag > slack)).any()):
        raise ValueError(
            "not non-negative: c_0, the mean of the series, must be real and "
            f"> 0, got {c[..., 0].tolist()}"
        )
    r = torch.cat((torch.ones_like(c[..., :1]), c[..., 1:] / scale), -1)
    with torch.no_grad():
        lowest = _minimum(r) * scale[..., 0]
        if check and bool((lowest < -slack).any()):
            raise ValueError(
                "not non-negative: the series has the minimum "
                f"{float(lowest.min()):.6g}"
            )
        lift = (-lowest[..., None] / scale).clamp_min(0)
        target = torch.cat((r[..., :1] + lift, r[..., 1:]), -1).detach()
        a = _factor(target, adaptive=check)
    if torch.is_grad_enabled() and c.requires_grad:
        a = a + _newton_step(a, r - r.detach())
    return (a * scale.sqrt()).to(given)


def _bound(c: Tensor) -> Tensor:
    """Return sum |c_n| over n = -N..N, which the series cannot exceed."""
    return 2 * c.detach().abs().sum(-1) - c[..., 0].detach().abs()


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


def _factor(r: Tensor, *, adaptive: bool) -> Tensor:
    """Wilson's method, lifted by a little where double zeros defeat it."""
    eps = torch.finfo(r.real.dtype).eps
    best = _wilson(r, adaptive=adaptive)
    for lift in (5e2 * eps, 5e4 * eps):
        error = _miss(r, best).abs().amax(-1, keepdim=True)
        if adaptive and bool((error <= 5e3 * eps).all()):
            break
        lifted = r[..., :1] + lift * _bound(r)[..., None]
        other = _wilson(torch.cat((lifted, r[..., 1:]), -1), adaptive=adaptive)
        worse = error > _miss(r, other).abs().amax(-1, keepdim=True)
        best = torch.where(worse, other, best)
    return best


def _miss(r: Tensor, a: Tensor) -> Tensor:
    return r - autocorrelation(a, check=False)


def _wilson(r: Tensor, *, adaptive: bool) -> Tensor:
    a = torch.zeros_like(r)
    a[..., 0] = 1
    best, least, idle = a, torch.full_like(r[..., 0].real, torch.inf), 0
    rounding = torch.finfo(least.dtype).eps
    for _ in range(60 if adaptive else 40):
        miss = _miss(r, a)
        error = miss.abs().amax(-1)
        better = error < least
        best = torch.where(better[..., None], a, best)
        least = torch.where(better, error, least)
        if adaptive:
            # With double zeros the last steps are noise: the best one counts.
            idle = 0 if bool(better.any()) else idle + 1
            if idle > 4 or bool((least <= rounding).all()):
                break
        a = a + _newton_step(a, miss)
    return best


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
    # A singular matrix gives NaN here, and the best step so far stays.
    d = torch.linalg.solve_ex(matrix, right[..., None]).result[..., 0]
    zero = torch.zeros_like(d[..., :1])
    return torch.complex(d[..., :size], torch.cat((zero, d[..., size:]), -1))

"""Density, distribution function and moments on [-1, 1]."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.density.fourier import _check, _trig
from kexue_lib.density.fourier.coefficients import fourier_characteristic


def fourier_series(
    c: Tensor, x: Tensor | float, *, check: bool = True
) -> Tensor:
    r"""Return :math:`\sum_{|n|\le N}c_ne^{i\pi nx}`, :math:`c_{-n}=\bar c_n`.

    For coefficients that need not be an autocorrelation: the result may be
    negative. With :math:`c_0=1` its half is a density if it is not.

    Chapter: fourier-density, claims C2, C3, C16

    Args:
        c: :math:`c_0..c_N`, complex, shape ``(..., N+1)``; the imaginary
            part of :math:`c_0` does not matter.
        x: Points, a number or a real tensor, taken modulo 2;
            ``c.shape[:-1]`` and its shape broadcast.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Real, the broadcast shape. Differentiable.

    Raises:
        TypeError: Wrong types.
        ValueError: ``c`` is real, empty, all zero or not finite, ``x`` is
            not finite, or the shapes do not broadcast.
    """
    _check.coefficients("c", c, check=check)
    x = _check.points("x", x, c, check=check)
    c, x = _check.together(c, _check.periodic(x, check=check))
    # Re(sum) = c_0/2 + half the other terms, counted twice below.
    half = torch.cat((c[..., :1] / 2, c[..., 1:]), -1)
    return 2 * _trig.evaluate(half, -x).real


def fourier_pdf(a: Tensor, x: Tensor | float, *, check: bool = True) -> Tensor:
    r"""Return :math:`p(x)=|\sum_ka_ke^{-i\pi kx}|^2/(2\|a\|^2)`.

    Has period 2 and integrates to 1 over it. Multiplying ``a`` by a number
    changes nothing. Mirror image of google/codex, see
    :func:`autocorrelation`.

    Chapter: fourier-density, claims C6, C8

    Args:
        a: Complex coefficients, shape ``(..., N+1)``.
        x: Points, a number or a real tensor, taken modulo 2.
            ``a.shape[:-1]`` and ``x.shape`` broadcast: for a batch of
            densities at shared points pass ``a[..., None, :]``.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Real, >= 0, the broadcast shape. Differentiable to any order, with
        memory proportional to the number of points alone.

    Raises:
        TypeError: Wrong types.
        ValueError: ``a`` is real, empty, all zero or not finite, ``x`` is
            not finite, or the shapes do not broadcast.
    """
    _check.coefficients("a", a, check=check)
    x = _check.points("x", x, a, check=check)
    a, x = _check.together(a, _check.periodic(x, check=check))
    return _density(a, x)


def _density(a: Tensor, x: Tensor) -> Tensor:
    a = _unit_norm(a)
    A = _trig.evaluate(a, x)
    return (A.real.square() + A.imag.square()) / 2


def _unit_norm(a: Tensor) -> Tensor:
    # By the largest entry first: the squares can neither over- nor underflow.
    a = a / a.detach().abs().amax(-1, keepdim=True)
    square = a.real.square() + a.imag.square()
    return a / square.sum(-1, keepdim=True).sqrt()


def fourier_logpdf(
    a: Tensor,
    x: Tensor | float,
    eps: float | None = None,
    *,
    check: bool = True,
) -> Tensor:
    r"""Return :math:`\log\max(p(x),\text{eps})`.

    Chapter: fourier-density, claim C8

    Args:
        a: As in :func:`fourier_pdf`.
        x: As in :func:`fourier_pdf`.
        eps: Floor, > 0; default the smallest normal number of the dtype. At a
            zero of :math:`p` the value is the floor's logarithm and the
            gradient 0, never NaN.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Real, the broadcast shape. Differentiable.

    Raises:
        TypeError: Wrong types.
        ValueError: As :func:`fourier_pdf`; ``eps <= 0``.
    """
    if eps is not None:
        eps = float(arg.positive("eps", arg.number("eps", eps)))
    return _log(fourier_pdf(a, x, check=check), eps)


def _log(p: Tensor, eps: float | None = None) -> Tensor:
    return p.clamp_min(eps or torch.finfo(p.dtype).tiny).log()


def fourier_cdf(a: Tensor, x: Tensor | float, *, check: bool = True) -> Tensor:
    r"""Return :math:`\Phi(x)=\int_{-1}^xp`.

    .. math:: \Phi(x)=\frac{x+1}2+\mathrm{Re}\sum_{n=1}^N\frac{c_n}{c_0}\,
        \frac{e^{i\pi nx}-(-1)^n}{i\pi n}

    (the post's formula is another one, and its derivative is not :math:`p`).

    Chapter: fourier-density, claim C11

    Args:
        a: As in :func:`fourier_pdf`.
        x: Points in [-1, 1]; broadcasting as in :func:`fourier_pdf`.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Real, in [0, 1], the broadcast shape. Differentiable.

    Raises:
        TypeError: Wrong types.
        ValueError: As :func:`fourier_pdf`; ``x`` outside [-1, 1].
    """
    _check.coefficients("a", a, check=check)
    x = _check.points("x", x, a, check=check)
    a, x = _check.together(a, x)
    if check:
        _check.inside("x", x)
    return _distribution(_primitive(a), x)


def _primitive(a: Tensor) -> Tensor:
    r"""Coefficients of Phi(x) - x/2, its constant first."""
    r = fourier_characteristic(a, check=False)
    n = torch.arange(1, a.shape[-1], device=a.device, dtype=r.real.dtype)
    q = r[..., 1:] * torch.complex(torch.zeros_like(n), -1 / (math.pi * n))
    sign = 1 - 2 * n.remainder(2)
    start = 0.5 - (q * sign).sum(-1, keepdim=True)
    return torch.cat((start, q), -1)


def _distribution(primitive: Tensor, x: Tensor) -> Tensor:
    return _clamp(_trig.evaluate(primitive, -x).real + x / 2)


def _clamp(value: Tensor) -> Tensor:
    """Rounding may leave [0, 1]; the gradient must not notice."""
    inside = value.clamp(0, 1)
    if not value.requires_grad:
        return inside
    return value + (inside - value).detach()


def fourier_interval(
    a: Tensor,
    lower: Tensor | float,
    upper: Tensor | float,
    *,
    check: bool = True,
) -> Tensor:
    r"""Return :math:`P(\text{lower}<X<\text{upper})=\Phi(u)-\Phi(l)`.

    What an entropy coder needs. Narrow bins keep their relative accuracy:
    the difference of exponentials is never formed by subtraction.

    Chapter: fourier-density, claim C11

    Args:
        a: As in :func:`fourier_pdf`.
        lower: Left ends in [-1, 1]; broadcasts.
        upper: Right ends in [-1, 1], >= ``lower``.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Real, >= 0, the broadcast shape. Differentiable.

    Raises:
        TypeError: Wrong types.
        ValueError: As :func:`fourier_cdf`; an end outside [-1, 1], or
            ``lower > upper`` somewhere.
    """
    _check.coefficients("a", a, check=check)
    low = _check.points("lower", lower, a, check=check)
    high = _check.points("upper", upper, a, check=check)
    a, low = _check.together(a, low, "lower")
    a, high = _check.together(a, high, "upper")
    if check:
        _check.inside("lower", low)
        _check.inside("upper", high)
        if bool((low > high).any()):
            raise ValueError("lower must be <= upper everywhere")
    low = low.to(high.dtype)
    q = _primitive(a)[..., 1:]
    width = high - low
    y, z = _trig.unit(-low), _trig.unit(-high)
    # Horner's rule for the divided difference sum q_n (z^n - y^n) / (z - y).
    rest = torch.zeros_like(y)
    slope = torch.zeros_like(y)
    for n in range(q.shape[-1] - 1, -1, -1):
        rest = rest * y + q[..., n]
        slope = slope * z + rest
    # z - y = 2i sin(pi width / 2) e^{i pi middle}
    half = 2 * torch.sin(math.pi * width / 2)
    turn = _trig.unit(-(low + high) / 2)
    wave = -(turn * slope).imag * half
    return _clamp(width / 2 + wave)


def fourier_moments(a: Tensor, *, check: bool = True) -> tuple[Tensor, Tensor]:
    r"""Return mean and variance of the density on [-1, 1].

    With :math:`c_n/c_0=\alpha_n+i\beta_n`:
    :math:`E[X]=\sum_n\frac{2(-1)^n}{\pi n}\beta_n`,
    :math:`E[X^2]=\frac13+\sum_n\frac{4(-1)^n}{\pi^2n^2}\alpha_n`.

    Chapter: fourier-density, claim C12

    Args:
        a: Complex coefficients, shape ``(..., N+1)``.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Two real tensors of shape ``a.shape[:-1]``. Differentiable.

    Raises:
        TypeError, ValueError: As :func:`autocorrelation`.
    """
    r = fourier_characteristic(a, check=check)[..., 1:]
    n = torch.arange(1, r.shape[-1] + 1, device=r.device, dtype=r.real.dtype)
    scale = 2 * (1 - 2 * n.remainder(2)) / (math.pi * n)
    mean = (scale * r.imag).sum(-1)
    second = 1 / 3 + (2 * scale / (math.pi * n) * r.real).sum(-1)
    return mean, second - mean.square()

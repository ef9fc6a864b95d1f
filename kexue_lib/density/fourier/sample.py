"""Quantiles and sampling by inverting the distribution function."""

from __future__ import annotations

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.density.fourier import _check
from kexue_lib.density.fourier.evaluate import (
    _density,
    _distribution,
    _primitive,
)


def fourier_icdf(
    a: Tensor, u: Tensor | float, *, check: bool = True
) -> Tensor:
    r"""Return the quantiles: :math:`x` with :math:`\Phi(x)=u`.

    A table of :math:`\Phi` brackets the solution; Newton's method inside the
    bracket, bisecting where it would leave, until :math:`\Phi(x)=u` to
    rounding. Where :math:`p` vanishes :math:`x` itself is less exact.

    Chapter: fourier-density, claims C11, C18

    Args:
        a: As in :func:`~kexue_lib.density.fourier.fourier_pdf`.
        u: Probabilities in [0, 1]; ``a.shape[:-1]`` and ``u.shape``
            broadcast.
        check: Whether to look at the values (synchronises a GPU). Without
            it the number of Newton steps is fixed.

    Returns:
        Real, in [-1, 1], the broadcast shape. Once differentiable in ``a``
        and ``u`` (implicitly; infinite where :math:`p=0`).

    Raises:
        TypeError: Wrong types.
        ValueError: As for the pdf; ``u`` outside [0, 1].
    """
    _check.coefficients("a", a, check=check)
    u = _check.points("u", u, a, check=check)
    a, u = _check.together(a, u, "u")
    if check and bool(((u < 0) | (u > 1)).any()):
        raise ValueError(
            f"u must lie in [0, 1], got values from {float(u.min()):g} to "
            f"{float(u.max()):g}"
        )
    with torch.no_grad():
        x = _invert(a.detach(), u.detach(), adaptive=check)
    if not torch.is_grad_enabled() or not (a.requires_grad or u.requires_grad):
        return x
    # x is right already; one more step carries the implicit gradient.
    slope = _density(a.detach(), x)
    miss = _distribution(_primitive(a), x) - u
    return x - (miss - miss.detach()) / slope


def _invert(a: Tensor, u: Tensor, *, adaptive: bool) -> Tensor:
    shape = torch.broadcast_shapes(a.shape[:-1], u.shape)
    u = u.expand(shape)
    primitive = _primitive(a)
    low, high = _bracket(primitive, u)
    x = (low + high) / 2
    tolerance = 4 * torch.finfo(u.dtype).eps
    steps = 60 if adaptive else 30
    for _ in range(steps):
        miss = _distribution(primitive, x) - u
        if adaptive and bool((miss.abs() <= tolerance).all()):
            break
        low = torch.where(miss < 0, x, low)
        high = torch.where(miss < 0, high, x)
        newton = x - miss / _density(a, x)
        inside = (newton >= low) & (newton <= high)
        x = torch.where(inside, newton, (low + high) / 2)
    return x


def _bracket(primitive: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    """End points of the cell of a regular grid in which Phi passes u."""
    cells = 8 * primitive.shape[-1]
    grid = torch.linspace(-1, 1, cells + 1, dtype=u.dtype, device=u.device)
    table = _distribution(primitive[..., None, :], grid)
    table = table.cummax(-1).values
    if table.ndim == 1:
        cell = torch.searchsorted(table, u.contiguous(), right=True)
    else:
        if table.shape[-2] == 1:
            table, v = table[..., 0, :], u
        else:
            v = u[..., None]
        table = table.expand(*v.shape[:-1], cells + 1).contiguous()
        cell = torch.searchsorted(table, v.contiguous(), right=True)
        cell = cell.reshape(u.shape)
    cell = cell.clamp(1, cells)
    return grid[cell - 1], grid[cell]


def fourier_sample(
    a: Tensor,
    n: int,
    generator: torch.Generator | None = None,
    *,
    check: bool = True,
) -> Tensor:
    r"""Draw ``n`` points from the density, by inverse CDF.

    Chapter: fourier-density, claim C18

    Args:
        a: Complex coefficients, shape ``(..., N+1)``.
        n: Number of points per density, >= 0.
        generator: A CPU generator, so that every device gives the same
            points; default torch's global one.
        check: As in :func:`fourier_icdf`.

    Returns:
        Real, shape ``(..., n)``, on ``a``'s device. Differentiable in ``a``
        (the points move as the density does).

    Raises:
        TypeError: Wrong types.
        ValueError: As for the pdf; ``n < 0``.
    """
    _check.coefficients("a", a, check=check)
    n = arg.integer("n", n, 0)
    real = a.real.dtype
    u = torch.rand(
        (*a.shape[:-1], n),
        dtype=torch.float64,
        generator=generator,
        device="cpu",
    )
    if a.ndim > 1:
        a = a[..., None, :]
    return fourier_icdf(a, u.to(a.device, real), check=check)

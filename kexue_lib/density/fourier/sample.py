"""Quantiles and sampling by inverting the distribution function."""

from __future__ import annotations

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.density.fourier import _check, _trig
from kexue_lib.density.fourier.evaluate import (
    _density,
    _distribution,
    _primitive,
)

# A table of Phi pays for itself from so many quantiles on; they are worked
# off in pieces that stay in the cache.
_TABLE_FROM = 1024
_CHUNK = 1 << 15


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
    ends = True
    if check:
        low, high = _check.span(u)
        if low < 0 or high > 1:
            raise ValueError(
                f"u must lie in [0, 1], got values from {low:g} to {high:g}"
            )
        ends = low == 0 or high == 1
    return _quantiles(a, u, check, ends)


def _quantiles(a: Tensor, u: Tensor, adaptive: bool, ends: bool) -> Tensor:
    with torch.no_grad():
        x = _invert(a.detach(), u.detach(), adaptive=adaptive)
        if ends:  # exact, even where p vanishes there
            x = x.masked_fill(u == 0, -1).masked_fill(u == 1, 1)
    if not torch.is_grad_enabled() or not (a.requires_grad or u.requires_grad):
        return x
    # x is right already; one more step carries the implicit gradient.
    slope = _density(a.detach(), x)
    slope = slope.clamp_min(torch.finfo(slope.dtype).tiny)
    miss = _distribution(_primitive(a), x) - u
    return x - (miss - miss.detach()) / slope


def _invert(a: Tensor, u: Tensor, *, adaptive: bool) -> Tensor:
    primitive = _primitive(a)
    if not adaptive:
        return _safe_newton(a, primitive, u, 30)
    if a.ndim > 1 or u.numel() < _TABLE_FROM:
        return _safe_newton(a, primitive, u, 60, stop=True)
    table = _Table(primitive)
    flat = u.reshape(-1)
    parts = [table.invert(part) for part in flat.split(_CHUNK)]
    x = torch.cat([part[0] for part in parts])
    hard = torch.cat([part[1] for part in parts]).nonzero()[:, 0]
    x[hard] = _safe_newton(a, primitive, flat[hard], 60, stop=True)
    return x.reshape(u.shape)


def _safe_newton(
    a: Tensor, primitive: Tensor, u: Tensor, steps: int, stop: bool = False
) -> Tensor:
    """Newton's method in a shrinking bracket that it may not leave."""
    low, high = _bracket(primitive, u)
    x = (low + high) / 2
    eps = torch.finfo(u.dtype).eps
    rounding = (4 + primitive.shape[-1] / 4) * eps
    for _ in range(steps):
        miss = _distribution(primitive, x) - u
        if stop:
            done = (miss.abs() <= rounding) | (high - low <= 2 * eps)
            if bool(done.all()):
                break
        low = torch.where(miss < 0, x, low)
        high = torch.where(miss < 0, high, x)
        newton = x - miss / _density(a, x)
        inside = (newton >= low) & (newton <= high)
        x = torch.where(inside, newton, (low + high) / 2)
    return x


def _bracket(primitive: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
    """End points of the cell of a regular grid in which Phi passes u."""
    shape = torch.broadcast_shapes(primitive.shape[:-1], u.shape)
    u = u.expand(shape)
    cells = 8 * primitive.shape[-1]
    grid = torch.linspace(-1, 1, cells + 1, dtype=u.dtype, device=u.device)
    table = _distribution(primitive[..., None, :], grid)
    table = table.cummax(-1).values
    if table.ndim == 1:
        cell = torch.searchsorted(table, u.reshape(-1), right=True)
    else:
        if table.shape[-2] == 1:
            table, v = table[..., 0, :], u
        else:
            v = u[..., None]
        table = table.expand(*v.shape[:-1], cells + 1).contiguous()
        cell = torch.searchsorted(table, v.contiguous(), right=True)
    cell = cell.reshape(u.shape).clamp(1, cells)
    return grid.take(cell - 1), grid.take(cell)


class _Table:
    """Phi as a Taylor polynomial in each of many cells, and where to start.

    The cost of a quantile then depends on the degree, not on N, and is real
    arithmetic. A cell is so short that the remainder is below rounding: with
    half-width h the terms fall like (pi N h)^m / m!, and pi N h < 0.1.
    """

    degree = 7

    def __init__(self, primitive: Tensor) -> None:
        real, device = primitive.real.dtype, primitive.device
        self.cells = cells = 32 * primitive.shape[-1]
        self.starts = 4096
        middle = (2 * torch.arange(cells, dtype=real, device=device) + 1) / (
            cells
        ) - 1
        derivatives = [primitive]
        for m in range(1, self.degree + 1):
            # evaluate() takes -x, so the derivative changes its sign.
            derivatives.append(
                _trig.derivative(derivatives[-1]) / (-m * cells)
            )
        terms = torch.stack(derivatives)[:, None, :]
        self.taylor = _trig.evaluate(terms, -middle).real
        self.taylor[0] += middle / 2
        self.taylor[1] += 1 / (2 * cells)
        fine = torch.linspace(-1, 1, 4 * cells + 1, dtype=real, device=device)
        cell, t = self._locate(fine)
        value = self._value(self.taylor[:, cell], t)
        value = value.clamp(0, 1).cummax(-1).values
        value[0], value[-1] = 0, 1
        u = torch.linspace(0, 1, self.starts + 1, dtype=real, device=device)
        right = torch.searchsorted(value, u).clamp(1, len(fine) - 1)
        below, above = value[right - 1], value[right]
        part = (u - below) / (above - below).clamp_min(1e-30)
        self.start = fine[right - 1] + part.clamp(0, 1) * (2 / len(fine))
        self.slope = torch.diff(self.start, append=self.start[-1:])

    def _locate(self, x: Tensor) -> tuple[Tensor, Tensor]:
        place = (x + 1) * (self.cells / 2)
        cell = place.long().clamp_(0, self.cells - 1)
        return cell, 2 * (place - cell) - 1

    @staticmethod
    def _value(taylor: Tensor | list[Tensor], t: Tensor) -> Tensor:
        value = taylor[-1]
        for m in range(len(taylor) - 2, -1, -1):
            value = torch.addcmul(taylor[m], value, t)
        return value

    @staticmethod
    def _step(taylor: list[Tensor], t: Tensor, u: Tensor) -> Tensor:
        """One step of Newton's method."""
        value, slope = taylor[-1], torch.zeros_like(t)
        for m in range(len(taylor) - 2, -1, -1):
            slope = torch.addcmul(value, slope, t)
            value = torch.addcmul(taylor[m], value, t)
        return t - (value - u) / slope

    def invert(self, u: Tensor) -> tuple[Tensor, Tensor]:
        """Return quantiles, and where they need more care."""
        place = u * self.starts
        index = place.long()
        x = torch.addcmul(
            self.start.index_select(0, index),
            place - index,
            self.slope.index_select(0, index),
        )
        cell, t = self._locate(x)
        taylor = [row.index_select(0, cell) for row in self.taylor]
        for _ in range(2):
            t = self._step(taylor, t, u)
        miss = (self._value(taylor, t) - u).abs()
        fine = (miss <= 4 * torch.finfo(u.dtype).eps) & (t.abs() <= 1.25)
        x = (2 * cell + 1 + t) / self.cells - 1
        return x.clamp(-1, 1), ~fine


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
    return _quantiles(a, u.to(a.device, real), check, ends=False)

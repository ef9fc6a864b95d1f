"""Quantiles and sampling by inverting the distribution function."""

from __future__ import annotations

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import tracked
from kexue_lib.density.fourier import _check, _trig
from kexue_lib.density.fourier.evaluate import (
    _density,
    _distribution,
    _primitive,
)

# A table of Phi pays for itself from so many quantiles on; they are worked
# off in pieces that stay in the cache.
_TABLE_FROM = 2048
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
        Real, in [-1, 1], the broadcast shape. Differentiable in ``a`` and
        ``u`` up to three times (implicitly; infinite where :math:`p=0`).

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


def _quantiles(
    a: Tensor,
    u: Tensor,
    adaptive: bool,
    ends: bool,
    table: QuantileTable | None = None,
) -> Tensor:
    with torch.no_grad():
        if adaptive and table is not None:
            x = table(u.detach())
        else:
            x = _invert(a.detach(), u.detach(), adaptive=adaptive)
        if ends:  # exact, even where p vanishes there
            x = x.masked_fill(u == 0, -1).masked_fill(u == 1, 1)
    if not (tracked(a) or tracked(u)):
        return x
    # x is right already; a step more carries the implicit derivative, and a
    # second one the derivatives of the second and third order.
    for _ in range(2):
        slope = _density(a, x)
        slope = slope.clamp_min(torch.finfo(slope.dtype).tiny)
        miss = _distribution(_primitive(a), x) - u
        x = x - (miss - miss.detach()) / slope
    return x


def _invert(a: Tensor, u: Tensor, *, adaptive: bool) -> Tensor:
    if not adaptive:
        return _safe_newton(a, _primitive(a), u, 30)
    if a.ndim > 1 or u.numel() < _TABLE_FROM:
        return _safe_newton(a, _primitive(a), u, 60, stop=True)
    return QuantileTable(a)(u)


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
        # Under vmap of the table alone, points of their own for each.
        v = u.reshape(-1) + 0 * table[0]
        cell = torch.searchsorted(table, v, right=True)
    else:
        if table.shape[-2] == 1:
            table, v = table[..., 0, :], u
        else:
            v = u[..., None]
        table = table.expand(*v.shape[:-1], cells + 1).contiguous()
        cell = torch.searchsorted(table, v.contiguous(), right=True)
    cell = cell.reshape(u.shape).clamp(1, cells)
    return grid.take(cell - 1), grid.take(cell)


class QuantileTable:
    """Phi as a Taylor polynomial in each of many cells, and where to start.

    The cost of a quantile then depends on the degree, not on N, and is real
    arithmetic. A cell is so short that the remainder is below rounding: with
    half-width h the terms fall like (pi N h)^m / m!, and pi N h < 0.1.
    """

    degree = 7
    starts = 16384

    def __init__(self, a: Tensor) -> None:
        self.a, self.primitive = a, _primitive(a)
        real, device = self.primitive.real.dtype, a.device
        self.cells = cells = 32 * a.shape[-1]
        middle = (2 * torch.arange(cells, dtype=real, device=device) + 1) / (
            cells
        ) - 1
        derivatives = [self.primitive]
        for m in range(1, self.degree + 1):
            # evaluate() takes -x, so the derivative changes its sign.
            derivatives.append(
                _trig.derivative(derivatives[-1]) / (-m * cells)
            )
        terms = torch.stack(derivatives)[:, None, :]
        self.taylor = _trig.evaluate(terms, -middle).real
        self.taylor[0] += middle / 2
        self.taylor[1] += 1 / (2 * cells)
        self.start = self._first()
        self.slope = torch.diff(self.start, append=self.start[-1:])

    def __call__(self, u: Tensor) -> Tensor:
        """Return the quantiles for u in [0, 1]."""
        flat = u.reshape(-1)
        # Where p changes fast for its size one step is too few; of a small
        # sample that is not worth finding out.
        x, hard = self._invert(flat, 1 if len(flat) > _TABLE_FROM else 2)
        if hard.numel():
            v = flat[hard]
            x[hard], still = self._invert(v, 3)
            if still.numel():
                x[hard[still]] = _safe_newton(
                    self.a, self.primitive, v[still], 60, stop=True
                )
        return x.reshape(u.shape)

    def _first(self) -> Tensor:
        """Return the quantiles of a grid: to a step or two by a chord."""
        real, device = self.taylor.dtype, self.taylor.device
        fine = torch.linspace(
            -1, 1, 4 * self.cells + 1, dtype=real, device=device
        )
        cell, t = self._locate(fine)
        value = self._value(list(self.taylor[:, cell]), t)
        value = value.clamp(0, 1).cummax(-1).values
        value[0], value[-1] = 0, 1
        u = torch.linspace(0, 1, self.starts + 1, dtype=real, device=device)
        right = torch.searchsorted(value, u).clamp(1, len(fine) - 1)
        below, above = value[right - 1], value[right]
        part = ((u - below) / (above - below).clamp_min(1e-30)).clamp(0, 1)
        x = fine[right - 1] + part * (2 / (len(fine) - 1))
        cell, t = self._locate(x)
        taylor = list(self.taylor[:, cell])
        better = self._step(taylor, self._step(taylor, t, u), u)
        # A step that leaves the neighbourhood has met a small density.
        good = (better - t).abs() < 1
        return torch.where(good, self._place(cell, better), x)

    def _locate(self, x: Tensor) -> tuple[Tensor, Tensor]:
        place = (x + 1) * (self.cells / 2)
        cell = place.long().clamp_(0, self.cells - 1)
        return cell, 2 * (place - cell) - 1

    def _place(self, cell: Tensor, t: Tensor) -> Tensor:
        return ((2 * cell + 1 + t) / self.cells - 1).clamp_(-1, 1)

    @staticmethod
    def _value(taylor: list[Tensor], t: Tensor) -> Tensor:
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

    def _invert(self, u: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        """Return quantiles, and which of them need more care."""
        parts = [self._part(part, steps) for part in u.split(_CHUNK)]
        if len(parts) == 1:
            (x, fine), *_ = parts
        else:
            x, fine = (torch.cat(both) for both in zip(*parts, strict=True))
        return x, (~fine).nonzero()[:, 0]

    def _part(self, u: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        place = u * self.starts
        index = place.long()
        x = torch.addcmul(
            self.start.index_select(0, index),
            place - index,
            self.slope.index_select(0, index),
        )
        cell, t = self._locate(x)
        taylor = [row.index_select(0, cell) for row in self.taylor]
        for _ in range(steps):
            t = self._step(taylor, t, u)
        miss = (self._value(taylor, t) - u).abs()
        fine = (miss <= 4 * torch.finfo(u.dtype).eps) & (t.abs() <= 1.25)
        return self._place(cell, t), fine


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
    u = _uniform(a, arg.integer("n", n, 0), generator)
    if a.ndim > 1:
        a = a[..., None, :]
    return _quantiles(a, u, check, ends=False)


def _uniform(a: Tensor, n: int, generator: torch.Generator | None) -> Tensor:
    """Return n numbers in [0, 1] for each density, like its real parts."""
    if generator is not None and not isinstance(generator, torch.Generator):
        raise TypeError(
            f"generator must be a torch.Generator, got {generator!r}"
        )
    u = torch.rand(
        (*a.shape[:-1], n),
        dtype=torch.float64,
        generator=generator,
        device="cpu",
    )
    return u.to(a.device, a.real.dtype)

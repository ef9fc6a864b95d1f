"""A density on the line or the interval, ready to use."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.density.fourier import _check
from kexue_lib.density.fourier.certificate import optimality_gap
from kexue_lib.density.fourier.coefficients import fourier_characteristic
from kexue_lib.density.fourier.evaluate import (
    fourier_cdf,
    fourier_logpdf,
    fourier_moments,
    fourier_pdf,
)
from kexue_lib.density.fourier.sample import (
    QuantileTable,
    _quantiles,
    _uniform,
    fourier_icdf,
)


def log_sech2(u: Tensor) -> Tensor:
    r"""Return :math:`\log\mathrm{sech}^2u`, which never overflows."""
    size = u.abs()
    return 2 * (math.log(2) - size - torch.log1p(torch.exp(-2 * size)))


def to_real_line(
    logpdf: Callable[[Tensor], Tensor],
    mu: float | Tensor,
    log_sigma: float | Tensor,
) -> Callable[[Tensor], Tensor]:
    r"""Carry a density on (-1, 1) to the real line by :math:`\tanh`.

    :math:`x=\tanh\frac{y-\mu}\sigma` and
    :math:`\log q(y)=\log p(x)+\log\mathrm{sech}^2\frac{y-\mu}\sigma
    -\log\sigma`. The tails of :math:`q` are exponential, and because
    :math:`p` has period 2 both are equally heavy.

    Chapter: fourier-density, claim C13

    Args:
        logpdf: :math:`\log p`, for example
            ``lambda x: fourier_logpdf(a, x)``.
        mu: Centre; a number or a tensor that broadcasts.
        log_sigma: :math:`\log\sigma`; likewise.

    Returns:
        The function :math:`y\mapsto\log q(y)` of real tensors;
        differentiable in everything.

    Raises:
        TypeError: ``logpdf`` is not callable, or other wrong types.
        ValueError: ``mu`` or ``log_sigma`` is a number that is not finite.
    """
    if not callable(logpdf):
        raise TypeError(f"logpdf must be callable, got {logpdf!r}")
    for name, value in (("mu", mu), ("log_sigma", log_sigma)):
        if isinstance(value, Tensor):
            arg.real_tensor(name, value)
        else:
            arg.number(name, value)

    def on_the_line(y: Tensor) -> Tensor:
        arg.float_tensor("y", y)
        minus = -log_sigma
        scale = minus.exp() if isinstance(minus, Tensor) else math.exp(minus)
        u = (y - mu) * scale
        return logpdf(torch.tanh(u)) + log_sech2(u) + minus

    return on_the_line


@dataclass(frozen=True, eq=False)
class FourierDensity:
    r"""A Fourier density on [-1, 1], or on the real line through tanh.

    With ``mu`` and ``sigma`` it is the density of
    :math:`Y=\mu+\sigma\,\mathrm{artanh}X`, else that of :math:`X`, which has
    period 2. Made by :func:`fit` or by hand.

    The first quantiles or samples make a table that is kept for the next
    (until ``a`` is changed in place). Two densities are equal if all their
    numbers are. Once ``kexue_lib.density`` is imported, ``torch.load`` reads
    what ``torch.save`` has written.

    Chapter: fourier-density, claims C8, C13

    Attributes:
        a: Complex coefficients, shape ``(N+1,)``; of a batch of densities
            ``(..., N+1)``. Data then have the shape ``(..., m)``, and the
            other axes broadcast with the batch's.
        mu: Centre on the line, a real tensor of the batch's shape, or
            ``None``.
        sigma: Scale on the line, positive, likewise.
        iterations: What :func:`fit` needed, of a batch the most.
        converged: Whether it reached its tolerance, of a batch everywhere.
    """

    a: Tensor
    mu: Tensor | None = None
    sigma: Tensor | None = None
    iterations: int = 0
    converged: bool = True

    def __post_init__(self) -> None:
        _check.coefficients("a", self.a, check=False)
        if (self.mu is None) != (self.sigma is None):
            raise ValueError("mu and sigma must be given together")
        for name in ("mu", "sigma"):
            value = getattr(self, name)
            if value is not None:
                arg.real_tensor(name, value)
                if value.shape != self.a.shape[:-1]:
                    raise ValueError(
                        f"{name} must have the shape {arg.shape(self.a)[:-1]}"
                        f" of the batch, got {arg.shape(value)}"
                    )

    @property
    def N(self) -> int:
        """Highest frequency."""
        return self.a.shape[-1] - 1

    def __getitem__(self, index: Any) -> FourierDensity:
        """Return one density of a batch, or a smaller batch."""
        if self.a.ndim == 1:
            raise IndexError("this density is not a batch: it has no axes")
        # Only the batch's axes are indexed: coefficients come along.
        row = torch.arange(self.a[..., 0].numel(), device=self.a.device)
        at = row.reshape(self.a.shape[:-1])[index]
        return replace(
            self,
            a=self.a.flatten(0, -2)[at],
            mu=None if self.mu is None else self.mu.flatten()[at],
            sigma=None if self.sigma is None else self.sigma.flatten()[at],
        )

    @property
    def _each(self) -> Tensor:
        """The coefficients, ready for data with one axis more."""
        return self.a if self.a.ndim == 1 else self.a[..., None, :]

    @property
    def _place(self) -> tuple[Tensor | None, Tensor | None]:
        """Centre and scale, likewise."""
        if self.mu is None or self.sigma is None or self.a.ndim == 1:
            return self.mu, self.sigma
        return self.mu[..., None], self.sigma[..., None]

    @property
    def characteristic(self) -> Tensor:
        r"""The numbers :math:`c_n/c_0`, shape ``(N+1,)``."""
        return fourier_characteristic(self.a)

    def standardise(self, y: Tensor, *, check: bool = True) -> Tensor:
        """Return the points of [-1, 1] that belong to data ``y``."""
        u = self._scaled(y, check)
        return u if self.mu is None else torch.tanh(u)

    def _scaled(self, y: Tensor, check: bool) -> Tensor:
        arg.float_tensor("y", y)
        if check:
            _check.finite("y", y)
        if self.a.ndim > 1 and y.ndim == 0:
            raise ValueError(
                "y must have shape (..., m) for a batch of densities, got ()"
            )
        mu, sigma = self._place
        if mu is None or sigma is None:
            return y
        if check and not bool((sigma > 0).all()):
            raise ValueError(f"sigma must be > 0, got {float(sigma.min()):g}")
        return (y - mu) / sigma

    def logpdf(self, y: Tensor, *, check: bool = True) -> Tensor:
        """Log density at ``y``, any shape."""
        u = self._scaled(y, check)
        _, sigma = self._place
        if sigma is None:
            return fourier_logpdf(self._each, u, check=check)
        inner = fourier_logpdf(self._each, torch.tanh(u), check=check)
        return inner + log_sech2(u) - sigma.log()

    def pdf(self, y: Tensor, *, check: bool = True) -> Tensor:
        """Density at ``y``, any shape."""
        u = self._scaled(y, check)
        _, sigma = self._place
        if sigma is None:
            return fourier_pdf(self._each, u, check=check)
        inner = fourier_pdf(self._each, torch.tanh(u), check=check)
        return inner * torch.exp(log_sech2(u)) / sigma

    def cdf(self, y: Tensor, *, check: bool = True) -> Tensor:
        """Distribution function at ``y``, any shape."""
        x = self.standardise(y, check=check)
        return fourier_cdf(self._each, x, check=check)

    def icdf(self, u: Tensor, *, check: bool = True) -> Tensor:
        """Quantiles for ``u`` in [0, 1], any shape."""
        arg.float_tensor("u", u)
        same = u.dtype == self.a.real.dtype and u.device == self.a.device
        if not (check and same and self.a.ndim == 1):
            return self._to_data(fourier_icdf(self._each, u, check=check))
        low, high = _check.span(u)
        if not (low >= 0 and high <= 1):
            raise ValueError(
                f"u must lie in [0, 1], got values from {low:g} to {high:g}"
            )
        return self._to_data(
            _quantiles(self.a, u, check, low == 0 or high == 1, self._table())
        )

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        *,
        check: bool = True,
    ) -> Tensor:
        """Draw ``n`` points each, all finite, with a CPU generator."""
        u = _uniform(self.a, arg.integer("n", n, 0), generator)
        if check:
            _check.coefficients("a", self.a)
        table = self._table() if check and self.a.ndim == 1 else None
        x = _quantiles(self._each, u, check, False, table)
        if self.mu is not None:
            # Rounded to an end of the interval, a point would be infinite.
            most = 1 - torch.finfo(x.dtype).eps / 2
            x = x.clamp(-most, most)
        return self._to_data(x)

    def _table(self) -> QuantileTable:
        """Return the table of quantiles, made once for these coefficients."""
        a = self.a.detach()
        version = None if a.is_inference() else a._version
        kept: tuple[Any, QuantileTable] | None = self.__dict__.get("_kept")
        if kept is None or kept[0] != version:
            _check.coefficients("a", a)
            kept = version, QuantileTable(a)
            # The dataclass is frozen: its numbers are, this is none.
            object.__setattr__(self, "_kept", kept)
        return kept[1]

    def __eq__(self, other: object) -> bool:
        """Whether all numbers are equal, and their dtypes and devices."""
        if not isinstance(other, FourierDensity):
            return NotImplemented
        return all(
            _same(getattr(self, f.name), getattr(other, f.name))
            for f in fields(self)
        )

    def __hash__(self) -> int:
        """Return the same for equal densities."""
        return hash((self.N, self.iterations, self.converged))

    def __getstate__(self) -> dict[str, Any]:
        """Return what is saved: the table can be made again."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def _to_data(self, x: Tensor) -> Tensor:
        mu, sigma = self._place
        if mu is None or sigma is None:
            return x
        return mu + sigma * torch.atanh(x)

    def nll(self, y: Tensor, weights: Tensor | None = None) -> Tensor:
        """Mean negative log-likelihood of data ``(..., n)``."""
        y = _check.sample(y)
        w = _check.weights(weights, y)
        y = y.to(w.dtype)
        return -(w * self.logpdf(y)).sum(-1)

    def gap(self, y: Tensor, weights: Tensor | None = None) -> Tensor:
        """Bound on the improvable NLL, see :func:`optimality_gap`.

        Rigorous over all coefficients at this ``mu`` and ``sigma``.
        """
        return optimality_gap(self.a, self.standardise(y), weights)

    def moments(self, *, check: bool = True) -> tuple[Tensor, Tensor]:
        """Mean and variance; on the line by quadrature."""
        if self.mu is None or self.sigma is None:
            return fourier_moments(self.a, check=check)
        # The trapezoid rule is exponentially accurate for functions that are
        # analytic in a strip; beyond |u| = 20 sech^2 is below 1e-16.
        real = self.a.real.dtype
        u = torch.linspace(
            -20, 20, 801 + 160 * self.N, dtype=real, device=self.a.device
        )
        mass = fourier_pdf(self._each, torch.tanh(u), check=check)
        mass = mass * torch.exp(log_sech2(u))
        mass = mass / mass.sum(-1, keepdim=True)
        mean = (mass * u).sum(-1)
        var = (mass * (u - mean[..., None]).square()).sum(-1)
        return self.mu + self.sigma * mean, self.sigma.square() * var

    def to(
        self,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> FourierDensity:
        """Move to a device and to a real dtype (float32 or float64)."""
        real = self.a.real.dtype if dtype is None else dtype
        if real not in (torch.float64, torch.float32):
            raise ValueError(f"dtype must be float64 or float32, got {dtype}")
        where = arg.device_of(device, self.a)
        wide = torch.promote_types(real, torch.complex64)
        return replace(
            self,
            a=self.a.to(where, wide),
            mu=None if self.mu is None else self.mu.to(where, real),
            sigma=None if self.sigma is None else self.sigma.to(where, real),
        )


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        alike = one.dtype == other.dtype and one.device == other.device
        return alike and torch.equal(one, other)
    tensors = isinstance(one, Tensor) or isinstance(other, Tensor)
    return not tensors and bool(one == other)


# A density holds tensors and numbers: what torch.load may read by default.
torch.serialization.add_safe_globals([FourierDensity])

r"""How far from the best possible fit: computable, and rigorous."""

from __future__ import annotations

import torch
from torch import Tensor

from kexue_lib.density.fourier import _check, _trig
from kexue_lib.density.fourier.evaluate import _density, _log, _unit_norm


def negative_log_likelihood(
    a: Tensor,
    x: Tensor,
    weights: Tensor | None = None,
    *,
    check: bool = True,
) -> Tensor:
    r"""Return :math:`-\sum_jw_j\log p(x_j)`.

    Chapter: fourier-density, claim C15

    Args:
        a: Complex coefficients, shape ``(..., N+1)``.
        x: Data, shape ``(..., n)``, taken modulo 2; batch dimensions
            broadcast with those of ``a``.
        weights: Shape of ``x`` or ``(n,)``, >= 0, summing to 1 over the last
            axis; default 1/n each.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Real, the broadcast batch shape. Differentiable.

    Raises:
        TypeError: Wrong types.
        ValueError: As for the pdf; empty data or bad weights.
    """
    _check.coefficients("a", a, check=check)
    x = _check.sample(x, check=check)
    w = _check.weights(weights, x, check=check)
    x = x.to(w.dtype)
    shared = a if a.ndim == 1 else a[..., None, :]
    shared, x = _check.together(shared, _check.periodic(x, check=check))
    return -(w * _log(_density(shared, x))).sum(-1)


def optimality_gap(
    a: Tensor,
    x: Tensor,
    weights: Tensor | None = None,
    *,
    check: bool = True,
) -> Tensor:
    r"""Return a bound on how much better *any* fit could be.

    .. math:: 0\le\mathrm{NLL}(a)-\min\mathrm{NLL}\le
        \log\big(\lambda_{\max}(M)\,\|a\|^2\big),\quad
        M=\sum_jw_j\frac{v_jv_j^*}{|v_j^*a|^2},\ v_j=(e^{i\pi kx_j})_k,

    where the minimum is over all non-negative series of the same degree, so
    over all ``a``. :math:`M` is Toeplitz. At the optimum the bound is 0.

    Chapter: fourier-density, claim C15

    Args:
        a: Complex coefficients, shape ``(..., N+1)``.
        x: Data, as in :func:`negative_log_likelihood`.
        weights: As in :func:`negative_log_likelihood`.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Real, >= 0, the broadcast batch shape; infinite if the density
        vanishes at a point of positive weight.

    Raises:
        TypeError: Wrong types.
        ValueError: As for the pdf; empty data or bad weights.
    """
    _check.coefficients("a", a, check=check)
    x = _check.sample(x, check=check)
    w = _check.weights(weights, x, check=check)
    x = x.to(w.dtype)
    shared = a if a.ndim == 1 else a[..., None, :]
    shared, x = _check.together(shared, _check.periodic(x, check=check))
    shared = _unit_norm(shared)
    A = _trig.evaluate(shared, x)
    power = A.real.square() + A.imag.square()
    mass = torch.where(w > 0, w / power, torch.zeros_like(power))
    return _gap(_toeplitz_row(mass, x, a.shape[-1]))


def _toeplitz_row(mass: Tensor, x: Tensor, size: int) -> Tensor:
    """Return sum_j mass_j e^{-i pi n x_j}, n < size."""
    shape = torch.Size((*mass.shape[:-1], 1, size))
    x = x.expand(mass.shape)
    mass = torch.complex(mass, torch.zeros_like(mass))
    return _trig.adjoint(mass, -x, shape).squeeze(-2)


def _gap(row: Tensor) -> Tensor:
    """log(lambda_max) of the Hermitian Toeplitz matrix, at least 0."""
    size = row.shape[-1]
    both = torch.cat((row[..., 1:].flip(-1).conj(), row), -1)
    matrix = both.unfold(-1, size, 1).flip(-1)
    finite = matrix.isfinite().all(-1).all(-1)
    safe = torch.where(finite[..., None, None], matrix, 1)
    top = torch.linalg.eigvalsh(safe)[..., -1]
    infinite = torch.full_like(top, torch.inf)
    return torch.where(finite, top.log().clamp_min(0), infinite)

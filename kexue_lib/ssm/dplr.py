r"""LegS as a diagonal matrix plus rank one, in closed form.

:math:`A+\tfrac12vv^\top+\tfrac12I=:S` is skew-symmetric, so that a unitary
:math:`U` gives :math:`A=U(\Lambda-pp^*)U^*` with
:math:`\Lambda=iy-\tfrac12`. No eigensolver is needed. With
:math:`a_n=n+\tfrac12` and the phase
:math:`\theta(y)=\sum_{n<N}\arctan(y/a_n)`:

- the frequencies solve :math:`\theta(y_m)=\tfrac\pi2(N-1-2m)`;
- the weights are :math:`p_m=\theta'(y_m)^{-1/2}`, real and positive;
- :math:`U_{nm}=\frac{p_mv_n}{\sqrt2\,(a_n+iy_m)}
  \prod_{k<n}\frac{iy_m-a_k}{iy_m+a_k}`, a product of numbers of modulus 1.

Chapter: s4-kernel, claims C11, C12
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from kexue_lib import _arguments as arg


class DPLR(NamedTuple):
    r""":math:`A=U(\Lambda-pp^*)U^*` and :math:`B=Ub`.

    Attributes:
        Lambda: Poles, shape ``(M,)``, complex, by falling imaginary part.
        p: Low-rank factor, shape ``(M,)``.
        b: Input in the new coordinates, shape ``(M,)``.
        U: Basis, shape ``(N, M)``; a read-out row ``C`` becomes ``C @ U``.
    """

    Lambda: Tensor
    p: Tensor
    b: Tensor
    U: Tensor


def dplr_legs(
    N: int,
    *,
    pairs: bool = False,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> DPLR:
    r"""Return LegS as diagonal plus rank one: :math:`U(\Lambda-pp^*)U^*`.

    Source: S4 (arXiv 2111.00396), theorem 1; the closed form is ours.

    Chapter: s4-kernel, claims C11, C12

    The frequencies come from Newton's method on an increasing function that
    is concave for positive arguments, which converges from below whatever
    N; built in float64 on the CPU, then cast, so complex64 is the rounded
    complex128. Costs :math:`O(N^2)` per iteration instead of an
    eigensolver's :math:`O(N^3)`.

    Args:
        N: Order, >= 1.
        pairs: Poles come as conjugate pairs. With ``True`` return one of
            each, :math:`M=\lceil N/2\rceil`, with
            :math:`2\,\mathrm{Re}(U x)` for :math:`U x`; the real pole of an
            odd ``N`` is its own partner, so its column and weights carry a
            factor :math:`1/\sqrt2`. This is the form of
            ``kernel_dplr(..., pairs=True)``.
        dtype: complex128 (default) or complex64.
        device: Default: torch's default.

    Returns:
        ``Lambda``, ``p``, ``b``, ``U``, all complex; ``p > 0`` and
        ``b = sqrt(2) p``.

    Raises:
        TypeError: ``N`` is not an integer.
        ValueError: ``N < 1``, a real ``dtype``, an unknown device.
    """
    N = arg.integer("N", N, 1)
    dtype = _complex_dtype(dtype)
    device = arg.device_of(device)
    odd = torch.arange(1, 2 * N, 2, dtype=torch.float64, device="cpu")
    a = odd / 2
    y = _frequencies(a, N)
    # |U_nm|^2 = p_m^2 a_n / (a_n^2 + y_m^2) and the columns have norm 1.
    spread = a[:, None] / (a[:, None] ** 2 + y**2)
    p = spread.sum(0).rsqrt()
    above = torch.complex(a[:, None].expand_as(spread), y.expand_as(spread))
    turn = -above.conj() / above  # of modulus 1: a running product is safe
    before = torch.cat((torch.ones_like(turn[:1]), turn[:-1].cumprod(0)))
    U = before / above * (odd / 2).sqrt()[:, None] * p
    if pairs and N % 2:
        p[-1] *= math.sqrt(0.5)
        U[:, -1] *= math.sqrt(0.5)
    Lambda = torch.complex(torch.full_like(y, -0.5), y)
    if not pairs:
        own = slice(None, N // 2)
        Lambda = torch.cat((Lambda, Lambda[own].conj().flip(0)))
        U = torch.cat((U, U[:, own].conj().flip(1)), dim=1)
        p = torch.cat((p, p[own].flip(0)))
    return DPLR(
        *(
            x.to(device=device, dtype=dtype)
            for x in (Lambda, p, math.sqrt(2) * p, U)
        )
    )


def _frequencies(a: Tensor, N: int) -> Tensor:
    """Return the frequencies >= 0, falling."""
    m = torch.arange((N + 1) // 2, dtype=torch.float64, device="cpu")
    # The complement of the phase is small where the frequency is large.
    target = math.pi / 2 * (1 + 2 * m)
    y = torch.zeros_like(m)
    # From 0 a step about doubles the largest frequency until it is near, then
    # digits double. A fixed count, tested up to N = 2048, reads no value.
    for _ in range(N.bit_length() + 7):
        rest = torch.atan2(a, y[:, None]).sum(-1)
        slope = (a / (a**2 + y[:, None] ** 2)).sum(-1)
        y = (y + (rest - target) / slope).clamp(min=0.0)
    if N % 2:
        y[-1] = 0.0
    return y


def _complex_dtype(dtype: torch.dtype | None) -> torch.dtype:
    if dtype is None:
        return torch.complex128
    if not isinstance(dtype, torch.dtype):
        raise TypeError(f"dtype must be a torch.dtype, got {dtype!r}")
    if dtype not in arg.COMPLEX_DTYPES:
        raise ValueError(f"dtype must be complex128 or complex64, got {dtype}")
    return dtype

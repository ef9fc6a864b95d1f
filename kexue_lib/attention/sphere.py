r"""The cosine of the angle between two random directions, exactly.

Let :math:`u,v` be independent and uniform on a sphere in
:math:`\mathbb R^d`. The angle between them has the density
:math:`p(\theta)\propto\sin^{d-2}\theta`, and

.. math::

    M_d(x)=\mathbb E\,e^{x\cos\theta}
    =\Gamma(\tfrac d2)\,(\tfrac 2x)^{d/2-1}\,I_{d/2-1}(x),\qquad
    \frac{M_d'(x)}{M_d(x)}=\frac{I_{d/2}(x)}{I_{d/2-1}(x)} .

On the sphere of radius :math:`\sqrt d` the inner product is
:math:`u\cdot v=d\cos\theta`: the score of a query and a key before it is
divided by :math:`\sqrt d`.

No Bessel function is evaluated. Olver's expansion, uniform in :math:`x`,
gives :math:`\log M` at a dimension of at least 34; the recurrence of Bessel
functions then leads down to :math:`d`, in the direction in which it is
stable, through positive terms only. So small :math:`x`, large :math:`x` and
large :math:`d` are all accurate to a few units of the last place, without
overflow, and every derivative is that of these same few elementary steps.

Sources: kexue.fm/archives/7695 and 9588; Olver's expansion is DLMF 10.41.
"""

from __future__ import annotations

import functools
import math
from fractions import Fraction
from typing import Any

import torch
from torch import Tensor

from kexue_lib import _arguments as arg

# Olver's series in 1/order is cut after this many terms and used from this
# order on: together they give 1e-16 of log M (tests compare with mpmath).
_TERMS = 14
_ORDER = 16


def sphere_log_mgf(
    x: float | Tensor, d: float | Tensor, *, check: bool = True
) -> Tensor:
    r"""Return :math:`\log M_d(x)=\log\mathbb E\,e^{x\cos\theta}`.

    Even in x, about :math:`x^2/2d` for small and
    :math:`|x|-\tfrac{d-1}2\log|x|` for large x.

    Chapter: jl-lemma, claim C8

    Args:
        x: Any real number or tensor.
        d: Dimension, a real number or a tensor >= 2 (it need not be an
            integer); its shape broadcasts with that of ``x``.
        check: Verify the values of tensors, which a device has to wait for.

    Returns:
        The broadcast shape, in the floating dtype of the tensor arguments
        (float64 if there is none). Differentiable in both.

    Raises:
        TypeError: An argument is not real.
        ValueError: ``d < 2``, or a value is not finite.
    """
    x, d, dtype = _arguments(x, d, check)
    return _ladder(x, d, from_x=False)[0].to(dtype)


def sphere_mean_cos(
    x: float | Tensor, d: float | Tensor, *, check: bool = True
) -> Tensor:
    r"""Return :math:`M_d'(x)/M_d(x)=I_{d/2}(x)/I_{d/2-1}(x)`.

    This is the mean of :math:`\cos\theta` under the tilted density
    :math:`\propto e^{x\cos\theta}\sin^{d-2}\theta`, that is, the mean
    resultant length of a von Mises-Fisher law of concentration x. Odd in x,
    about :math:`x/d` for small and :math:`1-\tfrac{d-1}{2x}` for large x.

    Chapter: jl-lemma, claim C8

    Args:
        x: Any real number or tensor.
        d: Dimension >= 2, as in :func:`sphere_log_mgf`.
        check: As in :func:`sphere_log_mgf`.

    Returns:
        The broadcast shape, values in [-1, 1]. Differentiable in both.

    Raises:
        TypeError: An argument is not real.
        ValueError: ``d < 2``, or a value is not finite.
    """
    x, d, dtype = _arguments(x, d, check)
    near = _ladder(x, d, from_x=False, log=False)[2]
    # 1 minus something small: its derivatives keep their digits.
    far = _ladder(x.abs(), d, from_x=True, log=False)[2]
    return torch.where(x.abs() > d, x.sign() * far, near).to(dtype)


def sphere_entropy_drop(
    d: float | Tensor, lam: float | Tensor = 1.0, *, check: bool = True
) -> Tensor:
    r"""Return the entropy that a softmax over a sphere takes away.

    For keys uniform on the sphere of radius :math:`\sqrt d`, a query on it
    and scores :math:`\lambda\,q\cdot k=\lambda d\cos\theta`, the entropy of
    the softmax over n keys is about :math:`\log n+h_d(\lambda)` as long as
    n is large enough that sums are near their means, where

    .. math::

        h_d(\lambda)=\log M_d(x)-x\,\frac{M_d'(x)}{M_d(x)},
        \qquad x=\lambda d .

    It is minus a relative entropy, so never positive.
    :math:`h_d(1)=-0.2406\,d+O(1)`, the post's "0.24 n";
    :math:`\lambda=1/\sqrt d` is the usual scale of attention.

    Chapter: jl-lemma, claims C8 and C9

    Args:
        d: Dimension >= 2, as in :func:`sphere_log_mgf`.
        lam: Scale of the scores, any real number or tensor.
        check: As in :func:`sphere_log_mgf`.

    Returns:
        The broadcast shape of ``d`` and ``lam``. Differentiable in both.

    Raises:
        TypeError: An argument is not real.
        ValueError: ``d < 2``, or a value or ``lam * d`` is not finite.
    """
    lam, d, dtype = _arguments(lam, d, check, "lam")
    x = lam * d
    if check and not bool(x.isfinite().all()):
        raise ValueError(f"lam * d must be finite in {x.dtype}, got {x}")
    # log M and its slope are both close to x when x is large: there, take x
    # away from both before they are subtracted.
    near, near_slope, _ = _ladder(x, d, from_x=False)
    far, far_slope, _ = _ladder(x.abs(), d, from_x=True)
    return torch.where(lam.abs() > 1, far - far_slope, near - near_slope).to(
        dtype
    )


def _arguments(
    x: float | Tensor, d: float | Tensor, check: bool, name: str = "x"
) -> tuple[Tensor, Tensor | float, torch.dtype]:
    """Check; return x as a tensor, d as it is, and the result's dtype."""
    tensors = [
        arg.real_tensor(n, v)
        for n, v in ((name, x), ("d", d))
        if isinstance(v, Tensor)
    ]
    floating = [t.dtype for t in tensors if t.is_floating_point()]
    dtype = functools.reduce(torch.promote_types, floating or [torch.float64])
    half = dtype in (torch.bfloat16, torch.float16)
    work = torch.float32 if half else dtype
    device = arg.device_of(None, *tensors)
    values: list[Tensor | float] = []
    for n, v in ((name, x), ("d", d)):
        if isinstance(v, Tensor):
            v = v.to(work)
            if check and not bool(v.isfinite().all()):
                raise ValueError(f"{n} must be finite, got {v}")
            if check and n == "d" and not bool((v >= 2).all()):
                raise ValueError(f"d must be >= 2, got {v}")
        else:
            v = arg.number(n, v)
            if n == "d" and v < 2:
                raise ValueError(f"d must be >= 2, got {v}")
        values.append(v)
    first, second = values
    if not isinstance(first, Tensor):
        first = torch.tensor(first, dtype=work, device=device)
    return first, second, dtype


def _ladder(
    x: Tensor, d: Tensor | float, *, from_x: bool, log: bool = True
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Return :math:`\log M`, :math:`xM'/M` and :math:`M'/M` at d.

    With ``from_x`` (x > 0), the first two minus x. Without ``log`` the first
    is meaningless. The step from order :math:`\nu+1` to :math:`\nu=d/2-1` is
    :math:`I_\nu=\tfrac{2(\nu+1)}xI_{\nu+1}+I_{\nu+2}` divided by
    :math:`I_{\nu+1}`.
    """
    nu = d / 2 - 1
    least = 0.0 if isinstance(nu, Tensor) else nu
    steps = max(1, math.ceil(_ORDER - least))
    log_m, slope = _olver(x, nu + steps, from_x=from_x, log=log)
    share = slope
    for j in reversed(range(steps)):
        c = 2 * (nu + j + 1)
        if log:
            log_m = log_m + torch.log1p((x + slope if from_x else slope) / c)
        if from_x:
            up = c + slope
            share = up / (up + x)  # 1 - M'/M
            slope = -x * share
        else:
            share = x / (c + slope)
            slope = x * share
    return log_m, slope, 1 - share if from_x else share


def _olver(
    x: Tensor, order: Tensor | float, *, from_x: bool, log: bool
) -> tuple[Tensor, Tensor]:
    r"""Return :math:`\log M` and :math:`xM'/M` at a large order.

    With ``from_x``, both minus x. Every term has the factor that makes it
    small with x, so that no digits are lost there.
    """
    z = x / order
    s = torch.hypot(torch.ones_like(z), z)
    half = z * (z / (1 + s)) / 2  # (s - 1) / 2
    p = 1 / s
    q = p * p
    rest = (z * p) * (z * p)  # 1 - q
    even, odd, even_slope, odd_slope, stirling = _coefficients(order)
    base = -order * ((s - 1 + z) / (s + z)) if from_x else 2 * order * half
    tail = _horner(even_slope, q) + p * _horner(odd_slope, q)
    slope = base - rest * (tail + 0.5)
    if not log:
        return base, slope
    log_m = (
        base
        - order * torch.log1p(half)
        - torch.log1p(2 * half) / 2
        - rest * (_horner(even, q) + p * _horner(odd, q))
        - 2 * half * p * stirling
    )
    return log_m, slope


def _horner(coefficients: list[Tensor | float], q: Tensor) -> Tensor | float:
    total: Tensor | float = 0.0
    for c in reversed(coefficients):
        total = total * q + c
    return total


def _coefficients(order: Tensor | float) -> tuple:
    r"""Return Olver's series at an order, as polynomials in :math:`q=p^2`.

    :math:`D(p)=\sum_kD_k(p)/\mu^k=E(q)+pO(q)` with :math:`E(1)=0` and
    :math:`O(1)` Stirling's series. The polynomials are
    :math:`(E(1)-E)/(1-q)`, :math:`(O(1)-O)/(1-q)` and the two parts of
    :math:`-x\,\partial_xD/(1-q)`; last :math:`O(1)`.
    """
    # torch.compile looks through caches, and warns of it.
    if not isinstance(order, Tensor) and not torch.compiler.is_compiling():
        return _coefficients_at(order)
    return _summed([order**-k for k in range(_TERMS + 1)])


@functools.lru_cache(maxsize=256)
def _coefficients_at(order: float) -> tuple:
    return _summed([order**-k for k in range(_TERMS + 1)])


def _summed(powers: list[Any]) -> tuple:
    even, odd, even_slope, odd_slope, stirling = (
        [sum(c * powers[k] for k, c in row) for row in table]
        for table in _tables()
    )
    return even, odd, even_slope, odd_slope, stirling[0]


@torch.compiler.assume_constant_result
def _tables() -> tuple[list[list[tuple[int, float]]], ...]:
    """Return the tables; torch.compile does not look at how."""
    return _olver_tables()


@functools.cache
def _olver_tables() -> tuple[list[list[tuple[int, float]]], ...]:
    """Return, for each polynomial and power of q, the (k, coefficient)."""
    tables: tuple[dict, ...] = ({}, {}, {}, {}, {})

    def put(table: int, power: int, k: int, value: Fraction) -> None:
        if value:
            tables[table].setdefault(power, []).append((k, float(value)))

    for k, poly in enumerate(_log_series(_TERMS), start=1):
        odd = k % 2
        total = sum(poly.values(), Fraction(0))
        if odd:
            put(4, 0, k, total)
        below = Fraction(0)
        for m in range(max(poly) // 2 + 1):
            c = poly.get(2 * m + odd, Fraction(0))
            put(2 + odd, m, k, (2 * m + odd) * c)
            below += c
            put(odd, m, k, total - below)
    return tuple(
        [table.get(m, []) for m in range(max(table) + 1)] for table in tables
    )


def _log_series(terms: int) -> list[dict[int, Fraction]]:
    """Return D_1, D_2, ...: the logarithm of the series of DLMF 10.41.9.

    Polynomials in p, as power to coefficient.
    """
    u = [{0: Fraction(1)}]
    for _ in range(terms):
        following: dict[int, Fraction] = {}
        for a, c in u[-1].items():
            for power, value in (
                (a + 1, c * (Fraction(a, 2) + Fraction(1, 8 * (a + 1)))),
                (a + 3, -c * (Fraction(a, 2) + Fraction(5, 8 * (a + 3)))),
            ):
                following[power] = following.get(power, Fraction(0)) + value
        u.append(following)
    logs: list[dict[int, Fraction]] = []
    for k in range(1, terms + 1):
        total = dict(u[k])
        for j, log in enumerate(logs, start=1):
            for a, c in log.items():
                for b, e in u[k - j].items():
                    value = total.get(a + b, Fraction(0))
                    total[a + b] = value - Fraction(j, k) * c * e
        logs.append(total)
    return logs

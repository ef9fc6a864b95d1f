r"""Bases of the HiPPO memories, projection onto them and reconstruction."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import cast

import numpy as np
import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import full_precision
from kexue_lib.ssm.hippo import FOURIER, Gauge, Kind, check_gauge


def legendre_basis(N: int, s: Tensor, *, gauge: Gauge = "ortho") -> Tensor:
    r"""Return :math:`\phi_0(s),\dots,\phi_{N-1}(s)` on :math:`[0,1]`.

    ``"ortho"``: :math:`\phi_n(s)=\sqrt{2n+1}\,P_n(2s-1)`; in another gauge
    the function that multiplies that gauge's :math:`c_n` in
    :math:`f=\sum_nc_n\phi_n`: ``"post"`` :math:`\phi_n/\sqrt2`, ``"rational"``
    :math:`P_n(2s-1)`, ``"lmu"`` :math:`(-1)^nP_n(2s-1)`.

    Chapter: hippo-matrices, claims C7, C8

    By the recurrence :math:`(n+1)P_{n+1}=(2n+1)xP_n-nP_{n-1}`, which is
    stable on :math:`[-1,1]`. Half precision is computed in float32.

    Args:
        N: Number of functions, >= 1.
        s: Points, any shape, floating-point or complex. Inside [0, 1] for a
            memory; outside, the polynomials grow like :math:`(4|s|)^n`.
        gauge: As in :func:`kexue_lib.ssm.hippo`.

    Returns:
        Shape ``(N, *s.shape)``, dtype and device of ``s``; differentiable.

    Raises:
        TypeError: ``N`` is not an integer, ``s`` not a floating tensor.
        ValueError: ``N < 1`` or an unknown ``gauge``.
    """
    N = arg.integer("N", N, 1)
    arg.float_tensor("s", s)
    check_gauge("legs", gauge)
    x = 2 * _at_least_float32(s) - 1
    rows = [torch.ones_like(x), x][:N]
    for n in range(1, N - 1):
        rows.append(((2 * n + 1) * x * rows[n] - n * rows[n - 1]) / (n + 1))
    for n in range(N):
        rows[n] = rows[n] * _legendre_scale(n, gauge)
    return torch.stack(rows).to(s.dtype)


def _at_least_float32(s: Tensor) -> Tensor:
    half = s.dtype in (torch.bfloat16, torch.float16)
    return s.float() if half else s


def _legendre_scale(n: int, gauge: str) -> float:
    if gauge == "ortho":
        return math.sqrt(2 * n + 1)
    if gauge == "post":
        return math.sqrt((2 * n + 1) / 2)
    return -1.0 if gauge == "lmu" and n % 2 else 1.0


def fourier_basis(N: int, s: Tensor) -> Tensor:
    r"""Return :math:`e^{2\pi ins}` for :math:`n=-N..N`.

    Chapter: hippo-matrices, claim C4

    Args:
        N: Highest frequency, >= 1.
        s: Real points, any shape.

    Returns:
        Shape ``(2N+1, *s.shape)``, complex64 for points of at most 32 bits,
        complex128 for float64; differentiable.

    Raises:
        TypeError: ``N`` is not an integer, ``s`` not a real floating tensor.
        ValueError: ``N < 1``.
    """
    N = arg.integer("N", N, 1)
    arg.real_float("s", s)
    s = _at_least_float32(s)
    n = torch.arange(-N, N + 1, device=s.device, dtype=s.dtype)
    # n s mod 1 first: the angle stays small, so its rounding does too.
    turns = (n.view(-1, *[1] * s.ndim) * s).remainder(1)
    angle = 2 * math.pi * turns
    return torch.complex(angle.cos(), angle.sin())


def laguerre_basis(N: int, tau: Tensor) -> Tensor:
    r"""Return the Laguerre polynomials :math:`L_0(\tau)..L_{N-1}(\tau)`.

    Orthonormal on :math:`[0,\infty)` with weight :math:`e^{-\tau}`.

    Chapter: hippo-matrices, claim C15

    Args:
        N: Number of functions, >= 1.
        tau: Points, any shape, floating-point or complex.

    Returns:
        Shape ``(N, *tau.shape)``, dtype and device of ``tau``.

    Raises:
        TypeError: ``N`` is not an integer, ``tau`` not a floating tensor.
        ValueError: ``N < 1``.
    """
    N = arg.integer("N", N, 1)
    arg.float_tensor("tau", tau)
    x = _at_least_float32(tau)
    rows = [torch.ones_like(x), 1 - x][:N]
    for n in range(1, N - 1):
        rows.append(((2 * n + 1 - x) * rows[n] - n * rows[n - 1]) / (n + 1))
    return torch.stack(rows).to(tau.dtype)


def _basis(kind: str, N: int, s: Tensor, gauge: str) -> Tensor:
    if kind in FOURIER:
        return fourier_basis(N, s)
    if kind == "lagt":
        return laguerre_basis(N, s)
    return legendre_basis(N, s, gauge=cast(Gauge, gauge))


# NumPy arrays are cached, not tensors: a tensor first made under
# torch.inference_mode or a fake mode could not be used outside it.
@lru_cache(maxsize=16)
def _gauss_legendre(quad: int) -> tuple[np.ndarray, np.ndarray]:
    r"""Nodes and weights of the Gauss rule on [0, 1].

    Newton's method in the angle, :math:`s=\sin^2(\theta/2)`, with the
    recurrence written for the distance to the end point: both keep full
    relative precision there. (``numpy.polynomial.legendre.leggauss(200)`` has
    weights wrong by 2e-11 next to the ends, which would limit the projection
    to 12 digits.)
    """
    n = quad
    # The lower half only; the rule is symmetric.
    k = np.arange(1, (n + 1) // 2 + 1)
    theta = np.pi * (k - 0.25) / (n + 0.5)
    for _ in range(6):  # quadratic: the first guess has about 3 digits
        value, slope = _legendre_in_angle(n, theta)
        theta = theta - value / slope
    _, slope = _legendre_in_angle(n, theta)
    s, w = np.sin(theta / 2) ** 2, 1 / slope**2
    odd = n % 2
    if odd:
        s[-1] = 0.5
    return (
        np.concatenate((s, 1 - s[::-1][odd:])),
        np.concatenate((w, w[::-1][odd:])),
    )


def _legendre_in_angle(
    n: int, theta: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """P_n(cos theta) and its derivative in theta."""
    y = 2 * np.sin(theta / 2) ** 2  # 1 - cos(theta)
    previous, value = np.zeros_like(y), np.ones_like(y)
    step = -y
    for k in range(1, n + 1):
        previous, value = value, value + step  # P_{k-1}, P_k
        # P_{k+1} - P_k, from the three-term recurrence.
        step = (k * step - (2 * k + 1) * y * value) / (k + 1)
    # n (P_{n-1} - x P_n), without cancellation between the two.
    difference = n * (previous - value + y * value)
    return value, -difference / np.sin(theta)


@full_precision
def project(
    f: Callable[[Tensor], Tensor],
    N: int,
    a: float | Tensor,
    b: float | Tensor,
    *,
    kind: Kind = "legs",
    gauge: Gauge = "ortho",
    quad: int | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Tensor:
    r"""Return the coefficients of ``f`` on :math:`[a,b]`.

    :math:`c_n=\int_0^1f(a+(b-a)s)\,\overline{\phi_n(s)}\,ds` in the ortho
    gauge, rescaled to ``gauge``: what the memory should hold. For ``"legs"``
    and ``"fous"`` take ``a=0, b=T``, for ``"legt"`` and ``"fout"`` take
    ``a=T-w, b=T``.

    Chapter: hippo-matrices, claims C2, C10

    Gauss-Legendre quadrature: exact for polynomials of degree
    ``2 * quad - N``, accurate for smooth ``f``. At a jump of ``f`` it is
    only a rule with error :math:`O(1/\text{quad})`: split the interval there.

    Args:
        f: Maps times ``(..., quad)`` to values whose last dimension is
            ``quad``, real or complex; further leading dimensions are a batch.
        N: Order, >= 1.
        a: Start of the interval; a number or a tensor (batch of intervals).
        b: End, larger than ``a``.
        kind: ``"legt"``, ``"legs"``, ``"fout"`` or ``"fous"``; the first two
            and the last two share their basis.
        gauge: As in :func:`kexue_lib.ssm.hippo`.
        quad: Number of nodes, at least the number M of coefficients. Default
            ``max(200, 4 * M)``.
        dtype: Real dtype of the times, float64 (default) or float32.
        device: Default: that of ``a`` or ``b``, else torch's default.

    Returns:
        Shape ``(..., M)``, M = N or 2N + 1. Differentiable through ``f``,
        ``a`` and ``b``.

    Raises:
        TypeError: Wrong types, or ``f`` does not return a tensor.
        ValueError: Unknown ``kind``/``gauge``, ``"lagt"`` (its interval is
            infinite), ``N < 1``, ``a >= b``, too few nodes, or ``f`` returned
            a wrong shape.
    """
    arg.function("f", f)
    check_gauge(kind, gauge)
    if kind == "lagt":
        raise ValueError(
            "kind must be one of legt, legs, fout, fous (finite intervals); "
            "got 'lagt'"
        )
    N = arg.integer("N", N, 1)
    M = 2 * N + 1 if kind in FOURIER else N
    quad = max(200, 4 * M) if quad is None else arg.integer("quad", quad, 1)
    if quad < M:
        raise ValueError(
            f"quad must be >= {M}, the number of coefficients; got {quad}"
        )
    dtype = torch.float64 if dtype is None else dtype
    if dtype not in (torch.float64, torch.float32):
        raise ValueError(f"dtype must be float64 or float32, got {dtype!r}")
    device = arg.device_of(device, a, b)
    start, length = _interval(a, b, dtype, device)
    nodes, weights = _gauss_legendre(quad)
    s = torch.as_tensor(nodes, dtype=dtype, device=device)
    t = start[..., None] + length[..., None] * s
    values = f(t)
    if not isinstance(values, Tensor):
        raise TypeError(
            f"f must return a torch.Tensor, got {type(values).__name__}"
        )
    if values.ndim < 1 or values.shape[-1] != quad:
        raise ValueError(
            f"f must return shape (..., {quad}) for times of shape "
            f"{arg.shape(t)}, got {arg.shape(values)}"
        )
    phi = _basis(kind, N, s, "ortho")
    weight = torch.as_tensor(weights, dtype=dtype, device=device)
    test = phi.conj() * weight  # (M, quad)
    common = torch.promote_types(test.dtype, values.dtype)
    c = values.to(common) @ test.to(common).mT
    if gauge == "ortho" or kind in FOURIER:
        return c
    scale = [_legendre_scale(n, gauge) for n in range(N)]
    unit = [_legendre_scale(n, "ortho") for n in range(N)]
    # f = sum c_n phi_n in every gauge, so c scales inversely to phi.
    ratio = [o / g for o, g in zip(unit, scale, strict=True)]
    return c * torch.tensor(ratio, dtype=dtype, device=device)


def _interval(
    a: float | Tensor,
    b: float | Tensor,
    dtype: torch.dtype,
    device: torch.device,
) -> tuple[Tensor, Tensor]:
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        ends = [
            arg.real_tensor(name, end).to(device=device, dtype=dtype)
            if isinstance(end, Tensor)
            else torch.tensor(
                arg.number(name, end), dtype=dtype, device=device
            )
            for name, end in (("a", a), ("b", b))
        ]
        start, length = ends[0], ends[1] - ends[0]
        if not bool(((length > 0) & length.isfinite()).all()):
            raise ValueError(f"a < b is needed, got a={a}, b={b}")
        return start, length
    low, high = arg.number("a", a), arg.number("b", b)
    if low >= high:
        raise ValueError(f"a < b is needed, got a={a}, b={b}")
    return (
        torch.tensor(low, dtype=dtype, device=device),
        torch.tensor(high - low, dtype=dtype, device=device),
    )


@full_precision
def reconstruct(
    c: Tensor,
    s: Tensor | float,
    *,
    kind: Kind = "legs",
    gauge: Gauge = "ortho",
) -> Tensor:
    r"""Return the remembered signal :math:`\sum_nc_n\phi_n(s)`.

    ``s = 1`` is the newest point and ``s = 0`` the oldest; for ``"lagt"``,
    ``s`` is the age :math:`\tau\ge0` in units of the window.

    Chapter: hippo-matrices, claims C2, C9

    Args:
        c: Coefficients, shape ``(..., M)``; M = N, or an odd 2N + 1 >= 3 for
            the Fourier kinds (frequencies -N..N).
        s: Points, a number or a real tensor of any shape on ``c``'s device.
        kind: As in :func:`kexue_lib.ssm.hippo`.
        gauge: The gauge of ``c``.

    Returns:
        Shape ``(..., *s.shape)``; complex for the Fourier kinds (its real
        part is the signal if the signal was real). Differentiable.

    Raises:
        TypeError: ``c`` is not a floating or complex tensor, ``s`` not real.
        ValueError: Unknown ``kind`` or ``gauge``, or a wrong number of
            coefficients.
    """
    check_gauge(kind, gauge)
    arg.float_tensor("c", c)
    M = c.shape[-1] if c.ndim else 0
    if kind in FOURIER:
        if M < 3 or M % 2 == 0:
            raise ValueError(
                "c must have shape (..., 2N+1) with N >= 1, "
                f"got {arg.shape(c)}"
            )
        N = M // 2
    else:
        if M < 1:
            raise ValueError(
                f"c must have shape (..., N) with N >= 1, got {arg.shape(c)}"
            )
        N = M
    real = c.real.dtype if c.is_complex() else c.dtype
    if not isinstance(s, Tensor):
        s = torch.tensor(arg.number("s", s), dtype=real, device=c.device)
    arg.real_float("s", s)
    phi = _basis(kind, N, s.to(torch.promote_types(s.dtype, real)), gauge)
    common = torch.promote_types(phi.dtype, c.dtype)
    return torch.tensordot(c.to(common), phi.to(common), dims=1)


def legt_delay(
    c: Tensor,
    delay: float | Tensor,
    *,
    window: float = 1.0,
    gauge: Gauge = "ortho",
) -> Tensor:
    r"""Read :math:`u(t-\text{delay})` out of a LegT state.

    :math:`u(t-\theta)\approx\sum_nc_n\phi_n(1-\theta/w)`. At
    :math:`\theta=w` the transfer function from the input is the
    :math:`[N-1/N]` Padé approximant of :math:`e^{-ws}`.

    Chapter: hippo-matrices, claims C9, C13

    Args:
        c: LegT states, shape ``(..., N)``.
        delay: Number or real floating tensor with values in [0, window]. A
            number is checked; a tensor's values are not read.
        window: Length w of the memory, > 0.
        gauge: The gauge of ``c``.

    Returns:
        Shape ``(..., *delay.shape)``.

    Raises:
        TypeError: ``c`` is not a floating tensor, ``delay`` not real.
        ValueError: ``window <= 0`` or a delay outside [0, window].
    """
    w = arg.positive("window", arg.number("window", window))
    if isinstance(delay, Tensor):
        arg.real_float("delay", delay)
        arg.float_tensor("c", c)
        real = torch.promote_types(delay.dtype, c.real.dtype)
        delay = delay.to(real)
        return reconstruct(c, 1 - delay / w, kind="legt", gauge=gauge)
    theta = arg.number("delay", delay)
    if not 0 <= theta <= w:
        raise ValueError(f"delay must lie in [0, {w}], got {delay!r}")
    return reconstruct(c, 1 - theta / float(w), kind="legt", gauge=gauge)


def tone_energy(N: int, kappa: float | Tensor) -> Tensor:
    r"""Return how a pure tone spreads over the Legendre coefficients.

    For :math:`u=e^{i\omega t}` over a window or history of length ``T`` and
    :math:`\kappa=\omega T/2`, :math:`|c_n|^2=(2n+1)\,j_n(\kappa)^2` for
    :math:`n<N`, with total 1 for :math:`N\to\infty`. The sum over ``n`` is
    close to 1 up to :math:`\kappa\approx0.8N` and collapses past
    :math:`\kappa=N`: resolution against length.

    Chapter: hippo-matrices, claim C14

    Computed as the projection of :math:`e^{i\kappa y}`, :math:`y\in[-1,1]`,
    by a Gauss rule with enough nodes for the largest ``kappa``; the absolute
    error is of the order of 1e-15.

    Args:
        N: Number of coefficients, >= 1.
        kappa: Number or real tensor of any shape, finite, at most 1e4 in
            absolute value.

    Returns:
        Shape ``(*kappa.shape, N)``, float64 on ``kappa``'s device;
        differentiable in ``kappa``.

    Raises:
        TypeError: ``N`` is not an integer, ``kappa`` not real.
        ValueError: ``N < 1``, ``kappa`` not finite or too large.
    """
    N = arg.integer("N", N, 1)
    if isinstance(kappa, Tensor):
        k = arg.real_tensor("kappa", kappa).to(torch.float64)
        largest = float(k.detach().abs().max()) if k.numel() else 0.0
    else:
        k = torch.tensor(arg.number("kappa", kappa), dtype=torch.float64)
        largest = abs(float(k))
    if not largest <= 1e4:  # also refuses NaN
        raise ValueError(f"|kappa| must be finite and <= 1e4, got {kappa}")
    c = project(
        lambda y: torch.exp(1j * k[..., None] * y),
        N,
        -1.0,
        1.0,
        quad=N + math.ceil(largest) + 40,
        device=k.device,
    )
    return c.real.square() + c.imag.square()

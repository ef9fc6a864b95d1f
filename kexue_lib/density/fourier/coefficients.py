r"""From coefficients to coefficients, and what they say in closed form."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.density.fourier import _check, _trig

# Above this order the FFT is the faster way to an autocorrelation.
_FFT_FROM = 64


def autocorrelation(a: Tensor, *, check: bool = True) -> Tensor:
    r"""Return :math:`c_n=\sum_ka_k\bar a_{k+n}` for :math:`n=0..N`.

    Then :math:`\sum_{|n|\le N}c_ne^{i\pi nx}=|\sum_ka_ke^{-i\pi kx}|^2` with
    :math:`c_{-n}=\bar c_n`: whatever ``a`` is, the series is non-negative.

    The orientation is that of the paper and the post. The paper's official
    code (google/codex) conjugates the *other* factor,
    :math:`\sum_ka_{k+n}\bar a_k`, and so draws the mirror image
    :math:`p(-x)`; give it ``a.conj()`` to compare.

    Source: De la Fuente, Singh, Ballé, arXiv 2402.15345.
    Chapter: fourier-density, claims C6, C7

    Args:
        a: Complex coefficients, shape ``(..., N+1)``.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        :math:`c_0..c_N`, shape, dtype and device of ``a``; :math:`c_0` is
        real. Differentiable.

    Raises:
        TypeError: ``a`` is no tensor.
        ValueError: ``a`` is empty, real, not finite or all zero.
    """
    _check.coefficients("a", a, check=check)
    size = a.shape[-1]
    if size - 1 >= _FFT_FROM:
        length = 1 << (2 * size - 1).bit_length()
        power = torch.fft.fft(a, length).abs().square()
        return torch.fft.ifft(power)[..., :size].conj().resolve_conj()
    # Row n of the window is conj(a) shifted by n, padded with zeros.
    window = torch.nn.functional.pad(a.conj(), (0, size - 1))
    return (window.unfold(-1, size, 1) @ a[..., None])[..., 0]


def fourier_characteristic(a: Tensor, *, check: bool = True) -> Tensor:
    r"""Return :math:`E[e^{-i\pi nX}]=c_n/c_0` for :math:`n=0..N`.

    Chapter: fourier-density, claims C8, C12

    Args:
        a: Complex coefficients, shape ``(..., N+1)``.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Shape, dtype and device of ``a``; the first entry is 1.
        Differentiable.

    Raises:
        TypeError, ValueError: As :func:`autocorrelation`.
    """
    c = autocorrelation(a, check=check)
    return c / c[..., :1].real


def empirical_characteristic(
    x: Tensor, N: int, weights: Tensor | None = None, *, check: bool = True
) -> Tensor:
    r"""Return :math:`\sum_jw_je^{-i\pi nx_j}` for :math:`n=0..N`.

    The unbiased estimate of :func:`fourier_characteristic` from data.

    Chapter: fourier-density, claim C12

    Args:
        x: Data, shape ``(..., n)``, taken modulo 2.
        N: Highest frequency, >= 0.
        weights: Shape of ``x`` or ``(n,)``, >= 0, summing to 1 over the last
            axis; default 1/n each.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Complex, shape ``(..., N+1)``. Differentiable.

    Raises:
        TypeError: Wrong types.
        ValueError: Empty or non-finite data, ``N < 0``, bad weights.
    """
    N = arg.integer("N", N, 0)
    x = _check.periodic(_check.sample(x, check=check), check=check)
    w = _check.weights(weights, x, check=check)
    x = x.to(w.dtype)
    x, w = torch.broadcast_tensors(x, w)
    shape = torch.Size((*x.shape[:-1], 1, N + 1))
    mass = torch.complex(w, torch.zeros_like(w))
    return _trig.adjoint(mass, -x, shape).squeeze(-2)


def fourier_max_bound(a: Tensor, *, check: bool = True) -> Tensor:
    r"""Return :math:`\|a\|_1^2/(2\|a\|_2^2)\ge\max_xp(x)`.

    Never more than :math:`(N+1)/2`, which only the Fejér kernel attains: all
    :math:`|a_k|` equal.

    Chapter: fourier-density, claim C10

    Args:
        a: Complex coefficients, shape ``(..., N+1)``.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Real, shape ``a.shape[:-1]``. Differentiable.

    Raises:
        TypeError, ValueError: As :func:`autocorrelation`.
    """
    _check.coefficients("a", a, check=check)
    size = a.abs()
    return size.sum(-1).square() / (2 * size.square().sum(-1))


def smoothness(
    a: Tensor, normalised: bool = True, *, check: bool = True
) -> Tensor:
    r"""Return :math:`\int_{-1}^1|p'|^2dx=\pi^2\sum_{n\ge1}n^2|c_n/c_0|^2`.

    With ``normalised=False`` it is the paper's and post's
    :math:`\int|f'|^2dx=4\pi^2\sum_{n\ge1}n^2|c_n|^2` of the unnormalised
    :math:`f=|\sum_ka_ke^{-i\pi kx}|^2`. **That one is void as a penalty**: it
    scales with :math:`|\lambda|^4` under :math:`a\to\lambda a` while the
    likelihood does not change, so training shrinks ``a`` and smooths nothing.
    Use the default.

    Chapter: fourier-density, claim C14

    Args:
        a: Complex coefficients, shape ``(..., N+1)``.
        normalised: Of the density :math:`p` (default) or of :math:`f`.
        check: Whether to look at the values (synchronises a GPU).

    Returns:
        Real, shape ``a.shape[:-1]``. Differentiable.

    Raises:
        TypeError, ValueError: As :func:`autocorrelation`.
    """
    if normalised:
        c, factor = fourier_characteristic(a, check=check), 1
    else:
        c, factor = autocorrelation(a, check=check), 4
    n = torch.arange(c.shape[-1], device=c.device, dtype=c.real.dtype)
    square = c.real.square() + c.imag.square()
    return factor * math.pi**2 * (n.square() * square).sum(-1)


def wrapped_gaussian(
    N: int,
    mu: float | Tensor = 0.0,
    s: float | Tensor = 0.1,
    *,
    dtype: torch.dtype = torch.complex128,
    device: torch.device | str | None = None,
) -> Tensor:
    r"""Return the Fourier coefficients of a Gaussian wrapped onto [-1, 1].

    :math:`c_n=e^{-i\pi n\mu-\pi^2n^2s^2/2}`, :math:`c_0=1`. Cut off at a
    finite ``N`` the series can be *negative*; :func:`fejer_weights` mends
    that at the price of blur.

    Chapter: fourier-density, claim C16

    Args:
        N: Highest frequency, >= 0.
        mu: Mean; a number or a real tensor.
        s: Standard deviation, > 0; a number or a real tensor.
        dtype: complex128 or complex64.
        device: Default: that of ``mu`` or ``s``, else torch's default.

    Returns:
        :math:`c_0..c_N`, shape ``(..., N+1)``. Differentiable.

    Raises:
        TypeError: Wrong types.
        ValueError: ``N < 0``, ``s`` a number <= 0, another dtype.
    """
    N = arg.integer("N", N, 0)
    dtype = arg.dtype_of(dtype, complex_only=True)
    device = arg.device_of(device, mu, s)
    real = torch.empty(0, dtype=dtype).real.dtype
    if not isinstance(mu, Tensor):
        arg.number("mu", mu)
    if not isinstance(s, Tensor):
        arg.positive("s", s)
    m, width = (
        torch.as_tensor(v, dtype=real, device=device)[..., None]
        for v in (mu, s)
    )
    n = torch.arange(N + 1, dtype=real, device=device)
    decay = torch.exp(-((math.pi * n * width) ** 2) / 2)
    return decay * _trig.unit(_trig.wrap(n * m))


def fejer_weights(
    N: int,
    *,
    dtype: torch.dtype = torch.float64,
    device: torch.device | str | None = None,
) -> Tensor:
    r"""Return :math:`1-n/(N+1)` for :math:`n=0..N`.

    Multiplying a density's coefficients by these convolves it with the Fejér
    kernel, so the cut-off series stays non-negative.

    Chapter: fourier-density, claim C16

    Args:
        N: Highest frequency, >= 0.
        dtype: Real floating dtype.
        device: Default: torch's default.

    Returns:
        Shape ``(N+1,)``.

    Raises:
        TypeError: ``N`` is not an integer.
        ValueError: ``N < 0``.
    """
    N = arg.integer("N", N, 0)
    return 1 - torch.arange(N + 1, dtype=dtype, device=device) / (N + 1)

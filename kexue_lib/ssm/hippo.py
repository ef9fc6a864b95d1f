r"""HiPPO matrices: memories that are linear systems.

A memory of order :math:`N` keeps the coefficients :math:`c_n(T)` of the best
least-squares approximation of the signal seen so far,
:math:`f_T(s)\approx\sum_n c_n(T)\,\phi_n(s)`, in a fixed family of functions.
Differentiating in :math:`T` gives a linear system. Conventions:

- ``legt``, ``fout``: sliding window, :math:`f_T(s)=u(T-w+ws)`,
  :math:`s\in[0,1]`, and :math:`x'=Ax+Bu`;
- ``legs``, ``fous``: whole history, :math:`f_T(s)=u(sT)`, :math:`s\in[0,1]`,
  and :math:`t\,x'=Ax+Bu`;
- ``lagt``: exponentially weighted past, :math:`f_T(\tau)=u(T-w\tau)`,
  :math:`\tau\ge 0`, weight :math:`e^{-\tau}`, and :math:`x'=Ax+Bu`.

``A`` is Hurwitz (the HiPPO paper's own ``A`` is minus ours). Indices run over
:math:`0..N-1`, for the Fourier kinds over :math:`-N..N`.

Sources: HiPPO (arXiv 2008.07669), LMU (Voelker et al., NeurIPS 2019),
kexue.fm/archives/10114 and 10137.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import widest
from kexue_lib.ssm._arguments import system

Kind = Literal["legt", "legs", "fout", "fous", "lagt"]
Gauge = Literal["ortho", "post", "rational", "lmu"]

KINDS: tuple[str, ...] = get_args(Kind)
"""The kinds of a HiPPO system."""
GAUGES: tuple[str, ...] = get_args(Gauge)
"""The scalings of a basis."""

# A gauge is a scaling of the basis: the Fourier basis of the post is already
# orthonormal on [0, 1], and the Laguerre polynomials are orthonormal and
# rational at once.
GAUGES_OF: dict[str, tuple[str, ...]] = {
    "legt": GAUGES,
    "legs": GAUGES,
    "fout": ("ortho", "post"),
    "fous": ("ortho", "post"),
    "lagt": ("ortho", "rational"),
}
FOURIER = ("fout", "fous")
WINDOWED = ("legt", "fout", "lagt")


def check_gauge(kind: str, gauge: str) -> None:
    """Raise unless ``kind`` is known and has this ``gauge``."""
    arg.choice("kind", kind, KINDS)
    arg.choice("gauge", gauge, GAUGES)
    if gauge not in GAUGES_OF[kind]:
        raise ValueError(
            f"gauge must be one of {', '.join(GAUGES_OF[kind])} "
            f"for kind {kind!r}; got {gauge!r}"
        )


def hippo(
    kind: Kind,
    N: int,
    *,
    gauge: Gauge = "ortho",
    window: float | Tensor = 1.0,
    beta: float | Tensor = 1.0,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> tuple[Tensor, Tensor]:
    r"""Return the HiPPO system :math:`(A, B)` of order ``N``.

    With :math:`v_n=\sqrt{2n+1}`, in the ``"ortho"`` gauge:

    - ``"legt"``: :math:`A_{nk}=-\tfrac1w v_nv_k` for :math:`k\le n`, times
      :math:`(-1)^{n-k}` for :math:`k>n`; :math:`B_n=v_n/w`. Truncated.
    - ``"legs"``: :math:`A_{nk}=-v_nv_k` for :math:`k<n`, :math:`-(n+1)` on the
      diagonal, 0 above it; :math:`B_n=v_n`. Exact: nothing is truncated.
    - ``"fout"``: :math:`A_{nk}=(2\pi i n\,\delta_{nk}-\beta)/w`,
      :math:`B_n=\beta/w`. The post's matrix is :math:`\beta=1`; only
      :math:`\beta=2` stores a sliding window (see :func:`fout_echo`).
    - ``"fous"``: :math:`A_{nk}=-n/(n-k)`, :math:`A_{nn}=i\pi n-1`,
      :math:`B_n=1`, from
      :math:`T\dot c_n=u(T)-\int_0^1 f_T(s)\,\tfrac{d}{ds}(s\,
      e^{-2\pi i ns})\,ds` and the Fourier series of the sawtooth :math:`s`.
    - ``"lagt"``: :math:`A_{nk}=-\tfrac1w` for :math:`k\le n`, else 0;
      :math:`B_n=\tfrac1w`. Exact.

    Chapter: hippo-matrices, claims C5, C9, C10, C11, C15

    Built in float64 on the CPU, then cast and moved once, so that every dtype
    and device gets the same numbers, rounded once. ``window`` and
    ``beta`` may be tensors of any (mutually broadcastable) shapes: they
    become batch dimensions, and gradients flow to them. A tensor argument is
    read on the CPU (one synchronisation).

    Args:
        kind: One of ``"legt"``, ``"legs"``, ``"fout"``, ``"fous"``,
            ``"lagt"``.
        N: Order, >= 1. M = N coefficients, or M = 2N + 1 (frequencies -N..N)
            for the Fourier kinds.
        gauge: Scaling of the basis. ``"ortho"``: orthonormal on [0, 1].
            ``"post"``: Legendre functions orthonormal on [-1, 1], as in the
            post; :math:`c^{post}=\sqrt2\,c^{ortho}`. ``"rational"``: the
            polynomials :math:`P_n` (or :math:`L_n`) themselves, integer
            entries for ``window=1``. ``"lmu"``: :math:`(-1)^nP_n`, the
            Legendre Memory Unit's matrix. The Fourier kinds have ``"ortho"``
            and ``"post"`` (the same), ``"lagt"`` has ``"ortho"`` and
            ``"rational"`` (the same).
        window: Length w of the window (time constant of ``"lagt"``), > 0.
            Kinds without a window accept only the default.
        beta: Strength of the write of ``"fout"``, > 0. Other kinds accept
            only the default.
        dtype: float64, float32, bfloat16, float16, complex128 or complex64.
            Default float64; for the Fourier kinds complex128.
        device: Default: that of a tensor argument, else torch's default.

    Returns:
        ``A`` of shape ``(..., M, M)`` and ``B`` of shape ``(..., M)``.

    Raises:
        TypeError: An argument has the wrong type (``N=2.5``, a complex
            ``window``, ...).
        ValueError: Unknown ``kind`` or ``gauge``, a gauge that the kind does
            not have, ``N < 1``, ``window`` or ``beta`` not finite and > 0 or
            given to a kind without it, a real ``dtype`` for a Fourier kind.
    """
    check_gauge(kind, gauge)
    N = arg.integer("N", N, 1)
    dtype = arg.dtype_of(dtype, complex_only=kind in FOURIER)
    device = arg.device_of(device, window, beta)
    w = arg.positive("window", window)
    b = arg.positive("beta", beta)
    if kind not in WINDOWED and (isinstance(w, Tensor) or w != 1):
        raise ValueError(f"kind {kind!r} has no window, got window={window}")
    if kind != "fout" and (isinstance(b, Tensor) or b != 1):
        raise ValueError(f"kind {kind!r} has no beta, got beta={beta}")

    if kind in ("legt", "legs"):
        A, B = _legendre(kind, N, gauge)
    elif kind == "lagt":
        A, B = _laguerre(N)
    elif kind == "fout":
        A, B = _windowed_fourier(N, b)
    else:
        A, B = _whole_history_fourier(N)
    if isinstance(w, Tensor):
        A, B = A / w[..., None, None], B / w[..., None]
    elif w != 1:
        A, B = A / w, B / w
    return (
        A.to(device=device, dtype=dtype),
        B.to(device=device, dtype=dtype),
    )


def _index(N: int) -> Tensor:
    return torch.arange(N, dtype=torch.float64, device="cpu")


def _legendre(kind: str, N: int, gauge: str) -> tuple[Tensor, Tensor]:
    # In NumPy: its square root is correctly rounded on every machine, which
    # torch's vector code is not, and small arrays cost half as much.
    odd = np.arange(1, 2 * N, 2, dtype=np.float64)
    if gauge in ("ortho", "post"):
        # One square root of the integer product is exact on the diagonal.
        A = np.multiply.outer(odd, odd)
        np.sqrt(A, out=A)
        B = np.sqrt(odd if gauge == "ortho" else 2 * odd)
    else:
        A = np.repeat(odd[:, None], N, axis=1)
        B = odd
    if kind == "legs":
        A *= np.tri(N, k=-1)
        A.reshape(-1)[:: N + 1] = np.arange(1, N + 1)
    else:
        # The sign changes above the diagonal where n - k is odd.
        upper = np.triu(A, 1)
        upper[::2, ::2] = upper[1::2, 1::2] = 0
        upper *= 2
        A -= upper
    np.subtract(0.0, A, out=A)  # leaves no -0.0
    if gauge == "lmu":
        for block in (A[::2, 1::2], A[1::2, ::2], B[1::2]):
            np.negative(block, out=block)
    return torch.from_numpy(A), torch.from_numpy(B)


def _laguerre(N: int) -> tuple[Tensor, Tensor]:
    one = torch.ones(N, dtype=torch.float64, device="cpu")
    return -torch.outer(one, one).tril(), one


def _frequencies(N: int) -> Tensor:
    return torch.arange(-N, N + 1, dtype=torch.float64, device="cpu")


def _windowed_fourier(N: int, beta: float | Tensor) -> tuple[Tensor, Tensor]:
    rotate = torch.diag(2j * math.pi * _frequencies(N))
    b = torch.as_tensor(beta, dtype=torch.float64, device="cpu")
    A = rotate - b[..., None, None]
    return A, b[..., None].expand(*b.shape, 2 * N + 1)


def _whole_history_fourier(N: int) -> tuple[Tensor, Tensor]:
    n = _frequencies(N)
    gap = n[:, None] - n[None, :]
    gap.diagonal().fill_(1.0)  # the diagonal is set below; avoid 0/0
    A = (-n[:, None] / gap).to(torch.complex128)
    A.diagonal().copy_(torch.complex(-torch.ones_like(n), math.pi * n))
    return A, torch.ones_like(n)


def gauge_lambda(
    N: int,
    gauge: Gauge,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Tensor:
    r"""Return :math:`\lambda_n` with :math:`c^{ortho}_n=\lambda_nc^{gauge}_n`.

    ``regauge(*hippo("legt", N), gauge_lambda(N, g))`` equals
    ``hippo("legt", N, gauge=g)``. The post's factor for the LMU matrices,
    :math:`2/\sqrt{2n+1}` from its own gauge, is an erratum: the right one is
    :math:`\sqrt{2/(2n+1)}` from the post's gauge, :math:`1/\sqrt{2n+1}` from
    the orthonormal one.

    Chapter: hippo-matrices, claim C11

    Args:
        N: Order of the Legendre memory, >= 1.
        gauge: ``"ortho"``, ``"post"``, ``"rational"`` or ``"lmu"``.
        dtype: As in :func:`hippo`; default float64.
        device: Default: torch's default.

    Returns:
        Shape ``(N,)``.

    Raises:
        TypeError: ``N`` is not an integer or ``gauge`` not a string.
        ValueError: ``N < 1``, unknown ``gauge``, ``dtype`` or ``device``.
    """
    N = arg.integer("N", N, 1)
    arg.choice("gauge", gauge, GAUGES)
    n = _index(N)
    if gauge == "ortho":
        lam = torch.ones_like(n)
    elif gauge == "post":
        lam = torch.full_like(n, math.sqrt(0.5))
    else:
        lam = (2 * n + 1).rsqrt()
        if gauge == "lmu":
            lam[1::2].neg_()
    return lam.to(
        device=arg.device_of(device),
        dtype=arg.dtype_of(dtype, complex_only=False),
    )


def regauge(
    A: Tensor, B: Tensor, lam: Tensor, *, check: bool = True
) -> tuple[Tensor, Tensor]:
    r"""Rescale the coefficients: the system of :math:`c_n/\lambda_n`.

    :math:`c_n=\lambda_n\tilde c_n` turns :math:`(A,B)` into
    :math:`\tilde A_{nk}=(\lambda_k/\lambda_n)A_{nk}`,
    :math:`\tilde B_n=B_n/\lambda_n`: a similarity, so the spectrum and every
    transfer function stay as they are.

    Chapter: hippo-matrices, claim C11

    Args:
        A: Shape ``(..., M, M)``.
        B: Shape ``(..., M)``.
        lam: Nonzero finite factors, shape ``(..., M)``.
        check: Verify that ``lam`` is finite and nonzero, which reads its
            values (a device synchronisation).

    Returns:
        The new ``A`` and ``B``.

    Raises:
        TypeError: An argument is not a floating-point or complex tensor.
        ValueError: Shapes that do not match, a zero or non-finite factor.
    """
    M = system(A, B)
    arg.float_tensor("lam", lam)
    if lam.ndim < 1 or lam.shape[-1] != M:
        raise ValueError(
            f"lam must have shape (..., {M}) to match A, got {arg.shape(lam)}"
        )
    if check and not bool((lam.isfinite() & (lam != 0)).all()):
        raise ValueError(f"lam must be finite and nonzero, got {lam}")
    lam = lam.to(widest(A, B, lam))
    return A * (lam[..., None, :] / lam[..., :, None]), B / lam


def fout_echo(beta: float | Tensor, count: int) -> Tensor:
    r"""Return the weights of the windows that FouT really stores.

    For :math:`N\to\infty` the memory ``hippo("fout", N, beta=beta)`` holds
    :math:`\sum_{j\ge0} g_j\,u(t-jw)` with
    :math:`g_j=\frac{2\beta}{2+\beta}\big(\frac{2-\beta}{2+\beta}\big)^j`:
    the Fourier series of a window that jumps at its ends converges there to
    the midpoint, not to the oldest value. The post's :math:`\beta=1` keeps
    2/3 of the signal and echoes of older windows; :math:`\beta=2` has none.

    Chapter: hippo-matrices, claim C6

    Args:
        beta: Strength of the write, > 0; a number or a tensor of any shape.
        count: Number of windows, >= 1.

    Returns:
        Shape ``(*beta.shape, count)``; float64 on torch's default device for
        a number, else on ``beta``'s device in its dtype (float64 if that is
        an integer dtype). Differentiable in ``beta``. The weights sum to 1 as
        ``count`` grows.

    Raises:
        TypeError: ``beta`` is not real, ``count`` not an integer.
        ValueError: ``beta`` not finite and > 0, ``count < 1``.
    """
    count = arg.integer("count", count, 1)
    b = torch.as_tensor(
        arg.positive("beta", beta), dtype=torch.float64, device="cpu"
    )[..., None]
    j = torch.arange(count, device="cpu")
    g = 2 * b / (2 + b) * ((2 - b) / (2 + b)) ** j
    dtype = torch.float64
    if isinstance(beta, Tensor) and beta.is_floating_point():
        dtype = beta.dtype
    return g.to(device=arg.device_of(None, beta), dtype=dtype)

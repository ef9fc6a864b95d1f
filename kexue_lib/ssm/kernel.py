r"""Convolution kernels of linear recurrences: S4's way and two others.

:math:`x_{k+1}=\bar Ax_k+\bar Bu_k`, :math:`y_k=Cx_{k}` from :math:`x_0=0`
is the convolution :math:`y_{k+1}=\sum_j\bar K_ju_{k-j}` with
:math:`\bar K_j=C\bar A^j\bar B`. ``C`` is a row: where a source writes
:math:`C^*`, pass ``C.conj()``.

Sources: S4 (arXiv 2111.00396), kexue.fm/archives/10162.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import at_least_single, full_precision, widest
from kexue_lib.ssm._arguments import system
from kexue_lib.ssm._cauchy import cauchy_sums


@full_precision
def kernel_naive(Ab: Tensor, Bb: Tensor, C: Tensor, L: int) -> Tensor:
    r"""Return :math:`\bar K_k=C\bar A^k\bar B` by ``L`` products in a row.

    The definition, for comparison: :func:`kernel_powers` gives the same in
    :math:`O(\log L)` products.

    Chapter: s4-kernel, claim C4

    Args:
        Ab: Shape ``(..., M, M)``.
        Bb: Shape ``(..., M)``.
        C: Read-out row, shape ``(..., M)``.
        L: Length, >= 1.

    Returns:
        Shape ``(..., L)``.

    Raises:
        TypeError: Wrong types.
        ValueError: Shapes that do not match, ``L < 1``.
    """
    Ab, x, C = _recurrence(Ab, Bb, C)
    values = []
    for _ in range(arg.integer("L", L, 1)):
        values.append((C @ x)[..., 0, 0])
        x = Ab @ x
    return torch.stack(values, dim=-1)


@full_precision
def kernel_powers(Ab: Tensor, Bb: Tensor, C: Tensor, L: int) -> Tensor:
    r"""Return :math:`\bar K_k=C\bar A^k\bar B` by baby steps and giant steps.

    With :math:`m\approx\sqrt L`, :math:`\bar K_{am+b}=
    (C\bar A^{am})(\bar A^b\bar B)`: two thin matrices, each doubled in size
    by one product until it is large enough, and then multiplied. Needs
    :math:`O(M^3\log L+ML)` operations, no eigenvectors and no Fourier
    transform, and memory for :math:`O(M\sqrt L+L)` numbers.

    Source: ours (baby steps and giant steps are Shanks').

    Chapter: s4-kernel, claim C4

    Args:
        Ab: Shape ``(..., M, M)``. Accurate if its powers do not grow, as
            those of every discretised HiPPO matrix.
        Bb: Shape ``(..., M)``.
        C: Read-out row, shape ``(..., M)``.
        L: Length, >= 1.

    Returns:
        Shape ``(..., L)``. Differentiable.

    Raises:
        TypeError: Wrong types.
        ValueError: Shapes that do not match, ``L < 1``.
    """
    power, baby, giant = _recurrence(Ab, Bb, C)
    L = arg.integer("L", L, 1)
    while baby.shape[-1] ** 2 < L:
        baby = torch.cat((baby, power @ baby), dim=-1)
        power = power @ power
    while giant.shape[-2] * baby.shape[-1] < L:
        giant = torch.cat((giant, giant @ power), dim=-2)
        power = power @ power
    return (giant @ baby).flatten(-2)[..., :L]


def _recurrence(
    Ab: Tensor, Bb: Tensor, C: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return matrix, column and row in one dtype, batched alike."""
    M = system(Ab, Bb, ("Ab", "Bb"))
    _row("C", C, M)
    dtype = torch.promote_types(
        torch.promote_types(Ab.dtype, Bb.dtype), C.dtype
    )
    batch = torch.broadcast_shapes(Ab.shape[:-2], Bb.shape[:-1], C.shape[:-1])
    return (
        Ab.to(dtype).expand(*batch, M, M),
        Bb.to(dtype).expand(*batch, M)[..., None],
        C.to(dtype).expand(*batch, M)[..., None, :],
    )


def _row(name: str, value: Tensor, M: int) -> None:
    arg.float_tensor(name, value)
    if value.ndim < 1 or value.shape[-1] != M:
        raise ValueError(
            f"{name} must have shape (..., {M}), got {arg.shape(value)}"
        )


# -- S4's kernel ------------------------------------------------------------


@full_precision
def kernel_dplr(
    Lambda: Tensor,
    p: Tensor,
    b: Tensor,
    c_tilde: Tensor,
    eps: float | Tensor,
    L: int,
    *,
    pairs: bool = False,
    check: bool = True,
) -> Tensor:
    r"""Return the kernel of a bilinear system that is diagonal plus rank one.

    For :math:`A=\Lambda-pp^*`, the bilinear rule with step ``eps`` and
    :math:`\tilde c=c\,(I-\bar A^L)`: the generating function at the roots of
    unity :math:`z_l=e^{-2\pi il/L}`, then one inverse FFT. With
    :math:`\sigma=\tfrac2\epsilon\sin\tfrac{\pi l}L`,
    :math:`\kappa=\cos\tfrac{\pi l}L` and
    :math:`k_{xy}=\sum_j\frac{x_jy_j}{i\sigma-\kappa\Lambda_j}`,

    .. math::
        \mathcal G(z_l)=e^{i\pi l/L}\Big[k_{\tilde cb}-\frac{\kappa\,
        k_{\tilde cp}k_{p^*b}}{1+\kappa\,k_{p^*p}}\Big],

    which has no pole at :math:`z=-1`, for even and odd ``L``.

    Source: S4 (arXiv 2111.00396), algorithm 1; the form without a pole is
    ours.

    Chapter: s4-kernel, claims C7, C14

    :math:`O(ML)` operations. Frequencies are worked on in portions which
    the backward pass computes again, so that memory is :math:`O(L)` for each
    kernel, beyond one portion.

    Args:
        Lambda: Poles, shape ``(..., M)``, complex, negative real part.
        p: Low-rank factor, shape ``(..., M)``.
        b: Input, shape ``(..., M)``.
        c_tilde: Truncated read-out row, shape ``(..., M)``; see
            :func:`truncate_C`. ``C @ U`` for a row ``C`` of the original
            coordinates.
        eps: Step > 0, a number or a real tensor that broadcasts with the
            batch dimensions.
        L: Length, >= 1.
        pairs: Each pole stands for itself and its conjugate, as from
            ``dplr_legs(N, pairs=True)``. Four times as fast.
        check: Verify that ``eps`` and ``-Re Lambda`` are positive, which
            reads them (a device synchronisation).

    Returns:
        Shape ``(..., L)``: real with ``pairs``; otherwise complex, with an
        imaginary part of rounding errors if the poles and all weights come
        as conjugate pairs. Differentiable in all tensors.

    Raises:
        TypeError: Wrong types.
        ValueError: Shapes that do not match, ``L < 1``, ``eps <= 0``, a pole
            that is not in the left half plane.
    """
    if not (isinstance(Lambda, Tensor) and Lambda.is_complex()):
        raise TypeError(
            "Lambda must be a complex tensor, got "
            f"{getattr(Lambda, 'dtype', type(Lambda).__name__)}"
        )
    if Lambda.ndim < 1 or Lambda.shape[-1] == 0:
        raise ValueError(
            f"Lambda must have shape (..., M), got {arg.shape(Lambda)}"
        )
    for name, value in (("p", p), ("b", b), ("c_tilde", c_tilde)):
        _row(name, value, Lambda.shape[-1])
    L = arg.integer("L", L, 1)
    if isinstance(eps, Tensor):
        step = arg.real_tensor("eps", eps)
    else:
        step = torch.tensor(
            arg.positive("eps", eps), dtype=torch.float64, device="cpu"
        )
    if check:
        arg.positive("eps", step)
        if not bool((Lambda.real < 0).all()):
            raise ValueError("Lambda must have a negative real part")
    wave = widest(Lambda, p, b, c_tilde)
    if isinstance(eps, Tensor):
        wave = torch.promote_types(wave, step.dtype)
    Lambda, p, b, c_tilde = (v.to(wave) for v in (Lambda, p, b, c_tilde))
    products = (c_tilde * b, c_tilde * p, p.conj() * b, p.conj() * p)
    weights = torch.stack(torch.broadcast_tensors(*products), dim=-1)

    real = Lambda.real.dtype
    step = step.to(Lambda.device, real)
    # Angles in (-pi/2, pi/2]: sin and cos are accurate where they are small.
    l = torch.arange(
        0 if pairs else -((L - 1) // 2),
        L // 2 + 1,
        device=Lambda.device,
        dtype=real,
    )
    angle = l * (torch.pi / L)
    kappa, sine = angle.cos(), angle.sin()
    sigma = (2 / step)[..., None] * sine
    sums = cauchy_sums(sigma, kappa, Lambda, weights, pairs)
    cb, cp, pb, pp = sums.unbind(-2)
    turn = torch.complex(kappa, sine)
    G = turn * (cb - kappa * cp * pb / (1 + kappa * pp))
    if 0 in G.shape:  # which the FFT refuses
        nothing = G.sum(-1, keepdim=True).expand(*G.shape[:-1], L)
        return nothing.real if pairs else nothing
    if pairs:
        return torch.fft.irfft(G, n=L)
    return torch.fft.ifft(G.roll(-((L - 1) // 2), dims=-1))


@full_precision
def truncate_C(C: Tensor, Ab: Tensor, L: int) -> Tensor:
    r"""Return :math:`\tilde C=C(I-\bar A^L)`, what S4 trains in place of C.

    At the L-th roots of unity the generating function of ``L`` terms with
    ``C`` is that of all terms with :math:`\tilde C`.

    Chapter: s4-kernel, claim C6

    Args:
        C: Read-out row, shape ``(..., M)``.
        Ab: Shape ``(..., M, M)``.
        L: Length, >= 1.

    Returns:
        Shape ``(..., M)``.

    Raises:
        TypeError: Wrong types.
        ValueError: Shapes that do not match, ``L < 1``.
    """
    row, power = _read_out("C", C, Ab, L)
    result = row - (row[..., None, :] @ power)[..., 0, :]
    return result.to(widest(C, Ab))


@full_precision
def untruncate_C(c_tilde: Tensor, Ab: Tensor, L: int) -> Tensor:
    r"""Return :math:`C=\tilde C(I-\bar A^L)^{-1}`: undo :func:`truncate_C`.

    Chapter: s4-kernel, claim C6

    Args:
        c_tilde: Truncated row, shape ``(..., M)``.
        Ab: Shape ``(..., M, M)``.
        L: Length, >= 1.

    Returns:
        Shape ``(..., M)``.

    Raises:
        TypeError: Wrong types.
        ValueError: Shapes that do not match, ``L < 1``.
        torch.linalg.LinAlgError: 1 is an eigenvalue of :math:`\bar A^L`.
    """
    row, power = _read_out("c_tilde", c_tilde, Ab, L)
    eye = torch.eye(power.shape[-1], dtype=power.dtype, device=power.device)
    C = torch.linalg.solve(eye - power, row[..., None, :], left=False)
    return C[..., 0, :].to(widest(c_tilde, Ab))


def _read_out(
    name: str, C: Tensor, Ab: Tensor, L: int
) -> tuple[Tensor, Tensor]:
    arg.float_tensor("Ab", Ab)
    if Ab.ndim < 2 or Ab.shape[-1] != Ab.shape[-2] or Ab.shape[-1] == 0:
        raise ValueError(
            f"Ab must have shape (..., M, M) with M >= 1, got {arg.shape(Ab)}"
        )
    M = Ab.shape[-1]
    _row(name, C, M)
    L = arg.integer("L", L, 1)
    work = at_least_single(widest(C, Ab))
    batch = torch.broadcast_shapes(C.shape[:-1], Ab.shape[:-2])
    power = torch.linalg.matrix_power(Ab.to(work), L)
    return C.to(work).expand(*batch, M), power.expand(*batch, M, M)


# -- convolution, and one step in O(N) --------------------------------------


def causal_conv(u: Tensor, K: Tensor) -> Tensor:
    r"""Return :math:`y_k=\sum_{j\le k}K_ju_{k-j}` by FFT.

    Both are padded with zeros to at least ``2 L - 1``: without that the end
    of the signal would come round to its beginning.

    Chapter: s4-kernel, claim C5

    Half precision is computed in float32. A value that is not finite makes
    the result NaN from its time on, and leaves what came before.

    Args:
        u: Signal, shape ``(..., L)``, L >= 1.
        K: Kernel, shape ``(..., L)``; batch dimensions broadcast.

    Returns:
        Shape ``(..., L)``, real if both are.

    Raises:
        TypeError: Not floating-point or complex tensors.
        ValueError: Different lengths, or ``L = 0``.
    """
    arg.float_tensor("u", u)
    arg.float_tensor("K", K)
    if u.ndim < 1 or K.ndim < 1 or u.shape[-1] != K.shape[-1]:
        raise ValueError(
            "u and K must have shapes (..., L) with the same L, got "
            f"{arg.shape(u)} and {arg.shape(K)}"
        )
    if u.shape[-1] == 0:
        raise ValueError("u must have shape (..., L) with L >= 1, got L = 0")
    dtype = widest(u, K)
    work = at_least_single(dtype)
    u, u_spoils = _finite(u.to(work))
    K, K_spoils = _finite(K.to(work))
    run = _conv_op if torch.compiler.is_compiling() else _conv
    return (run(u, K) + u_spoils + K_spoils).to(dtype)


def _finite(v: Tensor) -> tuple[Tensor, Tensor]:
    """Return the finite values, and NaN from the first other one on.

    A Fourier transform would carry that one back to all times.
    """
    good = v.isfinite()
    bad = torch.zeros_like(v.real).masked_fill(~good, torch.nan)
    return v.where(good, 0), bad.cumsum(-1)


def _conv(u: Tensor, K: Tensor) -> Tensor:
    """Convolve by FFT: finite numbers of one dtype."""
    L = u.shape[-1]
    batch = torch.broadcast_shapes(u.shape[:-1], K.shape[:-1])
    if 0 in batch:  # which the FFT refuses
        return u * K
    n = _smooth(2 * L - 1)
    if u.is_complex():
        y = torch.fft.ifft(torch.fft.fft(u, n) * torch.fft.fft(K, n))
    else:
        y = torch.fft.irfft(torch.fft.rfft(u, n) * torch.fft.rfft(K, n), n)
    return y[..., :L]


# What torch.compile sees: one operation, for the best n depends on L.


@torch.library.custom_op("kexue_lib::causal_conv", mutates_args=())
def _conv_op(u: Tensor, K: Tensor) -> Tensor:
    return _conv(u, K).clone()


@_conv_op.register_fake
def _(u: Tensor, K: Tensor) -> Tensor:
    batch = torch.broadcast_shapes(u.shape[:-1], K.shape[:-1])
    return u.new_empty(*batch, u.shape[-1])


def _conv_context(ctx: Any, inputs: Any, output: Tensor) -> None:
    ctx.save_for_backward(*inputs)


def _conv_backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
    u, K = ctx.saved_tensors
    back = grad.flip(-1)
    g_u = _conv_op(back, K.conj().resolve_conj()).flip(-1)
    g_K = _conv_op(back, u.conj().resolve_conj()).flip(-1)
    return g_u.sum_to_size(u.shape), g_K.sum_to_size(K.shape)


_conv_op.register_autograd(_conv_backward, setup_context=_conv_context)


def _smooth(least: int) -> int:
    """Return the smallest even 2^a 3^b 5^c that is not below ``least``."""
    best = 1 << max(1, (least - 1).bit_length())
    five = 1
    while five < best:
        three = five
        while three < best:
            twos = max(1, (-(-least // three) - 1).bit_length())
            best = min(best, three << twos)
            three *= 3
        five *= 5
    return best


def woodbury_diag_rank1(
    d: Tensor, u: Tensor, v: Tensor, rhs: Tensor, *, check: bool = True
) -> Tensor:
    r"""Solve :math:`(\mathrm{diag}(d)+uv^*)\,x=r` in :math:`O(M)`.

    .. math:: x=D^{-1}r-\frac{D^{-1}u\;v^*D^{-1}r}{1+v^*D^{-1}u}

    Chapter: s4-kernel, claims C10, C15

    Args:
        d: Diagonal, shape ``(..., M)``, no entry 0.
        u: Shape ``(..., M)``.
        v: Shape ``(..., M)``; its conjugate is used.
        rhs: Right side, shape ``(..., M)``.
        check: Verify that no divisor is 0, which reads them (a device
            synchronisation).

    Returns:
        Shape ``(..., M)``. Differentiable.

    Raises:
        TypeError: Not floating-point or complex tensors.
        ValueError: Different last dimensions; an entry of ``d`` or
            :math:`1+v^*D^{-1}u` is 0: the matrix is singular, or the formula
            does not apply.
    """
    arg.float_tensor("d", d)
    if d.ndim < 1:
        raise ValueError(f"d must have shape (..., M), got {arg.shape(d)}")
    for name, value in (("u", u), ("v", v), ("rhs", rhs)):
        _row(name, value, d.shape[-1])
    if check and not bool((d != 0).all()):
        raise ValueError("d has an entry 0: the formula divides by it")
    left, right = u / d, rhs / d
    pivot = 1 + (v.conj() * left).sum(-1, keepdim=True)
    if check and not bool((pivot != 0).all()):
        raise ValueError("1 + v* D^-1 u is 0: the matrix is singular")
    return right - left * (v.conj() * right).sum(-1, keepdim=True) / pivot


def dplr_step(
    Lambda: Tensor,
    p: Tensor,
    b: Tensor,
    eps: float | Tensor,
    x: Tensor,
    u: Tensor,
) -> Tensor:
    r"""Return :math:`\bar Ax+\bar Bu` for :math:`A=\Lambda-pp^*` in O(M).

    One step of the bilinear rule, as a trained model takes it when it
    generates: two diagonal-plus-rank-one matrices, one of them inverted.

    Source: S4 (arXiv 2111.00396), appendix C.2

    Chapter: s4-kernel, claim C15

    Args:
        Lambda: Poles, shape ``(..., M)``.
        p: Low-rank factor, shape ``(..., M)``.
        b: Input, shape ``(..., M)``.
        eps: Step, a number or a real tensor that broadcasts with the batch
            dimensions.
        x: State, shape ``(..., M)``.
        u: Input value, shape ``(...)``.

    Returns:
        Shape ``(..., M)``.

    Raises:
        TypeError: Wrong types.
        ValueError: Different last dimensions, a non-finite ``eps``.
    """
    arg.float_tensor("Lambda", Lambda)
    arg.float_tensor("u", u)
    if Lambda.ndim < 1:
        raise ValueError(
            f"Lambda must have shape (..., M), got {arg.shape(Lambda)}"
        )
    for name, value in (("p", p), ("b", b), ("x", x)):
        _row(name, value, Lambda.shape[-1])
    dtype = widest(Lambda, p, b, x, u)
    h: float | Tensor
    if isinstance(eps, Tensor):
        h = arg.real_tensor("eps", eps)[..., None] / 2
        dtype = torch.promote_types(dtype, h.dtype)
    else:
        h = arg.number("eps", eps) / 2
    Lambda, p, b, x = (v.to(dtype) for v in (Lambda, p, b, x))
    slope = Lambda * x - p * (p.conj() * x).sum(-1, keepdim=True)
    ahead = x + h * (slope + 2 * b * u[..., None])
    return woodbury_diag_rank1(1 - h * Lambda, h * p, p, ahead, check=False)


# -- the exact oracle -------------------------------------------------------


def resolvent_legs(s: Tensor, N: int) -> Tensor:
    r"""Return :math:`(sI-A)^{-1}v` of LegS as a product.

    .. math::
        \big((sI-A)^{-1}v\big)_n=\frac{v_n}{s+n+1}\prod_{k<n}
        \frac{s-k}{s+k+1},

    the Laplace transform of :math:`e^{-t}\phi_n(e^{-t})`.

    Chapter: s4-kernel, claims C2, C13

    Args:
        s: Points, any shape, none of them -1, ..., -N.
        N: Order, >= 1.

    Returns:
        Shape ``(*s.shape, N)``. Differentiable.

    Raises:
        TypeError: ``s`` is not a floating-point or complex tensor.
        ValueError: ``N < 1``.
    """
    k, v = _orders(s, N)
    ratio = (s[..., None] - k) / (s[..., None] + k + 1)
    before = torch.cat(
        (torch.ones_like(ratio[..., :1]), ratio[..., :-1].cumprod(-1)), dim=-1
    )
    return v * before / (s[..., None] + k + 1)


def transfer_legs(s: Tensor, N: int) -> Tensor:
    r"""Return :math:`v^\top(sI-A)^{-1}v` of LegS as a product.

    .. math:: 1-\prod_{n<N}\frac{s-n}{s+n+1}

    Read with :math:`C=v`, LegS returns its newest value; what is missing is
    an all-pass filter.

    Chapter: s4-kernel, claim C13

    Args:
        s: Points, any shape, none of them -1, ..., -N.
        N: Order, >= 1.

    Returns:
        The shape of ``s``. Differentiable.

    Raises:
        TypeError: ``s`` is not a floating-point or complex tensor.
        ValueError: ``N < 1``.
    """
    k, _ = _orders(s, N)
    return 1 - ((s[..., None] - k) / (s[..., None] + k + 1)).prod(-1)


def _orders(s: Tensor, N: int) -> tuple[Tensor, Tensor]:
    arg.float_tensor("s", s)
    N = arg.integer("N", N, 1)
    real = s.real.dtype if s.is_complex() else s.dtype
    k = torch.arange(N, device=s.device, dtype=real)
    return k, (2 * k + 1).sqrt()

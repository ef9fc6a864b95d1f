r"""From the differential equation :math:`x'=Ax+Bu` to a recurrence.

All schemes return :math:`(\bar A,\bar B)` with
:math:`x_{k+1}=\bar A\,x_k+\bar B\,u_k`, where :math:`u_k` is held during the
step. They differ in what stands for :math:`x` inside
:math:`x_{k+1}=x_k+\int(Ax+Bu)\,dt`.
"""

from __future__ import annotations

from typing import Literal, get_args

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.ssm._arguments import system

Method = Literal["forward", "backward", "bilinear", "gbt", "zoh"]

METHODS: tuple[str, ...] = get_args(Method)
_OLD_WEIGHT = {"forward": 1.0, "bilinear": 0.5, "backward": 0.0}


def discretize(
    A: Tensor,
    B: Tensor,
    dt: float | Tensor,
    method: Method,
    *,
    alpha: float | None = None,
) -> tuple[Tensor, Tensor]:
    r"""Return one step :math:`(\bar A,\bar B)` of a scheme for a held input.

    The state in the integral is replaced by
    :math:`\alpha\,x_k+(1-\alpha)\,x_{k+1}`, which gives

    .. math::
        \bar A=(I-(1-\alpha)\,dt\,A)^{-1}(I+\alpha\,dt\,A),\qquad
        \bar B=(I-(1-\alpha)\,dt\,A)^{-1}\,dt\,B.

    **alpha weighs the old state**, as in the post: ``"forward"`` is
    :math:`\alpha=1`, ``"bilinear"`` :math:`\frac12`, ``"backward"`` 0, and
    ``"gbt"`` takes ``alpha``. The HiPPO and S4 papers and
    ``scipy.signal.cont2discrete`` weigh the *new* state: theirs is
    :math:`1-\alpha`. ``"zoh"`` is exact, see :func:`zoh`.

    Source: S4 (arXiv 2111.00396), eq. 3; kexue.fm/archives/10137 and 10162

    Chapter: s4-kernel, claim C3

    ``"forward"`` needs no solve. ``"bilinear"`` and ``"backward"`` are
    stable for every step of a stable system, ``"forward"`` is not.
    Half precision is computed in float32.

    Args:
        A: Shape ``(..., M, M)``.
        B: Shape ``(..., M)``.
        dt: Step, a finite number or a real tensor whose shape broadcasts
            with the batch dimensions of ``A`` and ``B``.
        method: ``"forward"``, ``"backward"``, ``"bilinear"``, ``"gbt"`` or
            ``"zoh"``.
        alpha: Weight of the old state, in [0, 1]; only ``"gbt"`` takes it.

    Returns:
        ``(Ab, Bb)`` of shapes ``(..., M, M)`` and ``(..., M)``, in the
        common dtype of ``A`` and ``B``. Differentiable, in ``dt`` too.

    Raises:
        TypeError: Wrong types.
        ValueError: Unknown ``method``, shapes that do not match, a
            non-finite ``dt``, ``alpha`` missing, not wanted or out of range.
        torch.linalg.LinAlgError: :math:`I-(1-\alpha)\,dt\,A` is singular.
    """
    arg.choice("method", method, METHODS)
    if method == "gbt":
        if alpha is None:
            raise ValueError("alpha is needed with method 'gbt'")
        weight = arg.number("alpha", alpha)
        if not 0 <= weight <= 1:
            raise ValueError(f"alpha must be in [0, 1], got {alpha!r}")
    elif alpha is not None:
        raise ValueError(
            f"alpha belongs to method 'gbt', got {alpha!r} with {method!r}"
        )
    if method == "zoh":
        return zoh(A, B, dt)
    if method != "gbt":
        weight = _OLD_WEIGHT[method]
    A, B, dtype = _scaled(A, B, dt)
    eye = torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)
    step = torch.cat((eye + weight * A, B[..., None]), dim=-1)
    if weight != 1:
        step = torch.linalg.solve(eye - (1 - weight) * A, step)
    return step[..., :-1].to(dtype), step[..., -1].to(dtype)


def zoh(A: Tensor, B: Tensor, dt: float | Tensor) -> tuple[Tensor, Tensor]:
    r"""Return the exact step of :math:`x'=Ax+Bu` for a held input.

    :math:`x(t+dt)=\bar A\,x(t)+\bar B\,u` if ``u`` is constant in between,
    with :math:`\exp\begin{pmatrix}A&B\\0&0\end{pmatrix}dt=
    \begin{pmatrix}\bar A&\bar B\\0&1\end{pmatrix}`, which needs no inverse
    of ``A``. For :math:`t\,x'=Ax+Bu` (LegS, FouS) pass
    :math:`dt=\ln(t_1/t_0)`.

    Chapter: hippo-matrices, claim C6

    Always ``torch.matrix_exp``, never eigenvectors: those of LegT are so
    badly conditioned that at N = 64 they return garbage. Half precision is
    computed in float32.

    Args:
        A: Shape ``(..., M, M)``.
        B: Shape ``(..., M)``.
        dt: Step, a finite number or a real tensor whose shape broadcasts
            with the batch dimensions of ``A`` and ``B``.

    Returns:
        ``(Ab, Bb)`` of shapes ``(..., M, M)`` and ``(..., M)``, in the
        common dtype of ``A`` and ``B``. Differentiable, in ``dt`` too.

    Raises:
        TypeError: Wrong types.
        ValueError: Shapes that do not match, a non-finite ``dt``.
    """
    A, B, dtype = _scaled(A, B, dt)
    M = A.shape[-1]
    block = torch.nn.functional.pad(
        torch.cat((A, B[..., None]), dim=-1), (0, 1, 0, 2)
    )
    # A 1 that meets nothing else makes the norm at least 1: at smaller ones
    # torch takes, for one matrix, a polynomial of degree 8 with a wrong
    # coefficient (pytorch issue 196592: 1e-10 in float64, 2e-5 in float32).
    lone = torch.zeros(M + 2, dtype=block.dtype, device=block.device)
    lone[-1] = 1
    E = torch.linalg.matrix_exp(block + lone.diag())
    return E[..., :M, :M].to(dtype), E[..., :M, M].to(dtype)


def _scaled(
    A: Tensor, B: Tensor, dt: float | Tensor
) -> tuple[Tensor, Tensor, torch.dtype]:
    """Return ``dt A`` and ``dt B``, batched alike, and the result's dtype."""
    M = system(A, B)
    step: float | Tensor
    if isinstance(dt, Tensor):
        step = arg.real_tensor("dt", dt)[..., None]
        shape: tuple[int, ...] = tuple(dt.shape)
    else:
        step, shape = arg.number("dt", dt), ()
    batch = torch.broadcast_shapes(A.shape[:-2], B.shape[:-1], shape)
    dtype = torch.promote_types(A.dtype, B.dtype)
    half = dtype in (torch.bfloat16, torch.float16)
    work = torch.float32 if half else dtype
    both = torch.cat(
        (
            A.to(work).expand(*batch, M, M),
            B.to(work).expand(*batch, M)[..., None],
        ),
        dim=-1,
    )
    if isinstance(step, Tensor):
        step = step[..., None]
    both = both * step
    return both[..., :M], both[..., M], dtype

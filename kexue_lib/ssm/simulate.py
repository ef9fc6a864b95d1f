r"""Running the linear systems :math:`x'=Ax+Bu` and :math:`t\,x'=Ax+Bu`."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import full_precision
from kexue_lib.ssm._arguments import system
from kexue_lib.ssm.discretize import zoh


def simulate_hold(
    A: Tensor,
    B: Tensor,
    u: Tensor,
    dt: float | Tensor,
    *,
    x0: Tensor | None = None,
) -> Tensor:
    r"""Run :math:`x'=Ax+Bu` exactly over a piecewise constant input.

    Chapter: hippo-matrices, claim C6

    Args:
        A: Shape ``(..., M, M)``.
        B: Shape ``(..., M)``.
        u: Samples, shape ``(..., L)``, L >= 1: :math:`u` equals ``u[..., k]``
            on :math:`[k\,dt,(k+1)\,dt)`.
        dt: As in :func:`~kexue_lib.ssm.zoh`.
        x0: Initial state, shape ``(..., M)``; default 0.

    Returns:
        States after each step, shape ``(..., L, M)``: entry ``k`` is
        :math:`x((k+1)\,dt)`.

    Raises:
        TypeError: Wrong types.
        ValueError: Shapes that do not match, ``L = 0``, non-finite ``dt``.
    """
    M = system(A, B)
    arg.float_tensor("u", u)
    if u.ndim < 1 or u.shape[-1] < 1:
        raise ValueError(
            f"u must have shape (..., L) with L >= 1, got {arg.shape(u)}"
        )
    Ab, Bb = zoh(A, B, dt)
    write = u[..., None] * Bb[..., None, :]  # (..., L, M)
    return _recur(Ab, write, None if x0 is None else _initial(x0, M))


@full_precision
def simulate(
    A: Tensor,
    B: Tensor,
    u: Callable[[Tensor], Tensor],
    t0: float,
    t1: float,
    *,
    x0: Tensor | None = None,
    steps: int = 1000,
    log_time: bool = False,
    check: bool = True,
) -> tuple[Tensor, Tensor]:
    r"""Integrate :math:`x'=Ax+Bu(t)` by the classical Runge-Kutta scheme.

    With ``log_time=True`` it is :math:`t\,x'=Ax+Bu(t)` (LegS, FouS),
    integrated in :math:`\tau=\ln t`, where the system is time-invariant.

    Chapter: hippo-matrices, claims C9, C10

    A Runge-Kutta step of a linear system is itself linear in the state and
    in the three inputs that it looks at, so the four stages are folded into
    one matrix before the loop.

    Args:
        A: Shape ``(..., M, M)``.
        B: Shape ``(..., M)``.
        u: Maps times of shape ``(K,)`` to values ``(..., K)``.
        t0: Start; > 0 with ``log_time`` (the system is singular at 0).
        t1: End, > ``t0``.
        x0: State at ``t0``, shape ``(..., M)``; default 0.
        steps: Number of steps, >= 1. The scheme is stable while
            :math:`h|\lambda|\lesssim2.7` for every eigenvalue of ``A``.
        log_time: See above.
        check: Raise if the result is not finite, which reads it (a device
            synchronisation).

    Returns:
        Times ``(steps + 1,)`` and states ``(..., steps + 1, M)``.

    Raises:
        TypeError: Wrong types, or ``u`` does not return a tensor.
        ValueError: Shapes that do not match, ``t0 >= t1``, ``t0 <= 0`` with
            ``log_time``, ``steps < 1``, or the state overflowed.
    """
    M = system(A, B)
    arg.function("u", u)
    steps = arg.integer("steps", steps, 1)
    start, end = arg.number("t0", t0), arg.number("t1", t1)
    if log_time and start <= 0:
        raise ValueError(f"t0 must be > 0 with log_time, got {t0!r}")
    if start >= end:
        raise ValueError(f"t0 < t1 is needed, got t0={t0!r}, t1={t1!r}")
    dtype = torch.promote_types(A.dtype, B.dtype)
    real = torch.empty((), dtype=dtype, device="meta").real.dtype
    if log_time:
        start, end = math.log(start), math.log(end)
    h = (end - start) / steps
    grid = torch.linspace(
        start, end, 2 * steps + 1, dtype=real, device=A.device
    )
    t = grid.exp() if log_time else grid
    values = u(t)
    if not isinstance(values, Tensor):
        raise TypeError(
            f"u must return a torch.Tensor, got {type(values).__name__}"
        )
    if values.ndim < 1 or values.shape[-1] != 2 * steps + 1:
        raise ValueError(
            f"u must return shape (..., {2 * steps + 1}), "
            f"got {arg.shape(values)}"
        )

    batch = torch.broadcast_shapes(A.shape[:-2], B.shape[:-1])
    hA = h * A.to(dtype)
    B0 = h * B.to(dtype).expand(*batch, M)[..., None]
    B1 = hA @ B0
    B2 = hA @ B1
    B3 = hA @ B2
    left = (B0 + B1 + B2 / 2 + B3 / 4) / 6
    middle = (4 * B0 + 2 * B1 + B2 / 2) / 6
    right = B0 / 6
    inputs = torch.stack(
        (values[..., :-1:2], values[..., 1::2], values[..., 2::2]), dim=-1
    )  # (..., steps, 3)
    weights = torch.cat((left, middle, right), dim=-1)  # (..., M, 3)
    common = torch.promote_types(dtype, values.dtype)
    write = inputs.to(common) @ weights.to(common).mT
    eye = torch.eye(M, dtype=dtype, device=A.device)
    # Horner form of I + hA + (hA)^2/2 + (hA)^3/6 + (hA)^4/24.
    step = eye + hA @ (eye + hA / 2 @ (eye + hA / 3 @ (eye + hA / 4)))

    if x0 is None:
        x0 = torch.zeros(M, dtype=dtype, device=A.device)
    start_state = _initial(x0, M)
    x = _recur(step, write, start_state)
    first = start_state.to(x.dtype).expand(*x.shape[:-2], M)[..., None, :]
    x = torch.cat((first, x), dim=-2)
    if check and not bool(x.isfinite().all()):
        raise ValueError(
            f"the state overflowed: steps={steps} is too few for a stable "
            "Runge-Kutta step, or an input is not finite"
        )
    return t[::2], x


def _initial(x0: Tensor, M: int) -> Tensor:
    arg.float_tensor("x0", x0)
    if x0.ndim < 1 or x0.shape[-1] != M:
        raise ValueError(
            f"x0 must have shape (..., {M}) to match A, got {arg.shape(x0)}"
        )
    return x0


@full_precision
def _recur(step: Tensor, write: Tensor, x0: Tensor | None) -> Tensor:
    """Return all states of x <- step @ x + write[..., k, :]."""
    batch = torch.broadcast_shapes(step.shape[:-2], write.shape[:-2])
    dtype = torch.promote_types(step.dtype, write.dtype)
    if x0 is not None:
        batch = torch.broadcast_shapes(batch, x0.shape[:-1])
        dtype = torch.promote_types(dtype, x0.dtype)
    L, M = write.shape[-2:]
    write = write.to(dtype).expand(*batch, L, M)
    step = step.to(dtype)
    if x0 is None:
        x = torch.zeros_like(write[..., 0, :])
    else:
        x = x0.to(dtype).expand(*batch, M)
    states = []
    for k in range(L):
        x = (step @ x[..., None])[..., 0] + write[..., k, :]
        states.append(x)
    return torch.stack(states, dim=-2)


def transfer(A: Tensor, B: Tensor, C: Tensor, s: Tensor) -> Tensor:
    r"""Return the transfer function :math:`C(sI-A)^{-1}B`.

    Chapter: hippo-matrices, claim C13

    Args:
        A: Shape ``(..., M, M)``.
        B: Shape ``(..., M)``.
        C: Read-out row, shape ``(..., M)``; for example
            ``legendre_basis(N, torch.tensor(0.0))`` for the oldest point.
        s: Points, real or complex tensor; its shape broadcasts with the
            batch dimensions. None may be an eigenvalue of ``A``.

    Returns:
        The broadcast shape of ``s`` and the batch dimensions.

    Raises:
        TypeError: Wrong types.
        ValueError: Shapes that do not match.
        torch.linalg.LinAlgError: ``s`` is an eigenvalue of ``A``.
    """
    M = system(A, B)
    arg.float_tensor("C", C)
    arg.float_tensor("s", s)
    if C.ndim < 1 or C.shape[-1] != M:
        raise ValueError(
            f"C must have shape (..., {M}) to match A, got {arg.shape(C)}"
        )
    dtype = A.dtype
    for other in (B, C, s):
        dtype = torch.promote_types(dtype, other.dtype)
    eye = torch.eye(M, dtype=dtype, device=A.device)
    resolvent = s[..., None, None] * eye - A.to(dtype)
    # Batched alike, for a batch of B that meets one of s under vmap would
    # be paired with it.
    batch = torch.broadcast_shapes(resolvent.shape[:-2], B.shape[:-1])
    state = torch.linalg.solve(
        resolvent.expand(*batch, M, M),
        B.to(dtype).expand(*batch, M)[..., None],
    )[..., 0]
    return (C.to(dtype) * state).sum(-1)

r"""Muon: momentum, orthogonalised, as a ``torch.optim.Optimizer``.

.. math::

    M_t=\mu M_{t-1}+(1-\mu)G_t,\qquad
    W_t=(1-\eta\lambda)W_{t-1}-\eta\,s_{nm}\operatorname{msign}(M_t)

Sources: kexue.fm/archives/10592; K. Jordan's Muon; chapter muon.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.optim.msign import (
    JORDAN,
    Triple,
    iterate,
    triples,
    unit_scale,
)

ADJUSTMENTS = ("original", "match_rms_adamw")


class Muon(torch.optim.Optimizer):
    r"""Muon with the arguments of ``torch.optim.Muon``, in their order.

    It makes the same steps, and differs where that one errs: the direction
    does not depend on the scale of the loss, down to gradients of 1e-30 (a
    floor ``eps`` is 0 here); float64 parameters are computed in float64;
    half-precision parameters keep their momentum intact without ``nesterov``;
    ``momentum`` must be below 1. Equal shapes are orthogonalised together.

    For matrices only: give vectors, embeddings and heads to another
    optimiser. A matrix that holds several (the heads of attention) is better
    stored as several parameters.

    Chapter: muon, claims C1 and C13

    Args:
        params: Matrices, or groups of them.
        lr: Learning rate >= 0, a number or a tensor of one element.
        weight_decay: Decoupled, times ``lr``; >= 0.
        momentum: In [0, 1).
        nesterov: Orthogonalise :math:`(1-\mu)G_t+\mu M_t` in place of
            :math:`M_t`.
        ns_coefficients: a, b, c, or a list with a triple for each step.
        eps: Floor of the Frobenius norm by which the momentum is divided.
        ns_steps: Number of steps; None: the length of the list, or 5.
        adjust_lr_fn: ``original`` multiplies the learning rate of an n x m
            matrix by :math:`\sqrt{\max(1,n/m)}`, ``match_rms_adamw`` by
            :math:`.2\sqrt{\max(n,m)}`; None is ``original``.
        dtype: In which the steps multiply; None: bfloat16, but float64 for
            float64 parameters.

    Raises:
        TypeError: wrong types, complex parameters.
        ValueError: a parameter that is no matrix, a number out of range.

    >>> layer = torch.nn.Linear(4, 3, bias=False)
    >>> optimiser = Muon(layer.parameters(), lr=0.02)
    >>> layer(torch.ones(4)).square().sum().backward()
    >>> optimiser.step()
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float | Tensor = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: Triple | list[Triple] = JORDAN,
        eps: float = 0.0,
        ns_steps: int | None = 5,
        adjust_lr_fn: str | None = None,
        *,
        dtype: torch.dtype | None = None,
    ) -> None:
        defaults = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "nesterov": nesterov,
            "ns_coefficients": ns_coefficients,
            "eps": eps,
            "ns_steps": ns_steps,
            "adjust_lr_fn": adjust_lr_fn,
            "dtype": dtype,
        }
        if not isinstance(params, Iterable):
            raise TypeError(
                f"params must be matrices or groups of them, got {params!r}"
            )
        super().__init__(params, defaults)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over a state of ``torch.optim.Muon`` as well."""
        super().__setstate__(state)
        for group in self.param_groups:
            group.setdefault("dtype", None)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group, its numbers and its parameters checked."""
        super().add_param_group(param_group)
        try:
            _check(self.param_groups[-1])
        except (TypeError, ValueError):
            del self.param_groups[-1]
            raise

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Make one step; return the loss of a closure."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            alike: dict[Any, list[Tensor]] = {}
            for p in group["params"]:
                if p.grad is not None:
                    key = (p.shape, p.dtype, p.device)
                    alike.setdefault(key, []).append(p)
            for params in alike.values():
                self._step(group, params)
        return loss

    def _step(self, group: dict[str, Any], params: list[Tensor]) -> None:
        """Move parameters of one shape."""
        updates = [_momentum(p, self.state[p], group) for p in params]
        # Many small products cost more than copies, a few large ones less.
        together = len(params) > 1 and params[0].numel() <= _SMALL
        found: Iterable[Tensor] = (
            _direction(torch.stack(updates), group)
            if together
            else (_direction(u, group) for u in updates)
        )
        lr = float(group["lr"])
        rate = lr * _adjusted(group["adjust_lr_fn"], *params[0].shape)
        for p, u in zip(params, found, strict=True):
            p.mul_(1 - lr * group["weight_decay"])
            p.add_(u, alpha=-rate)


_SMALL = 1 << 16


def _momentum(p: Tensor, state: Any, group: dict[str, Any]) -> Tensor:
    """Update the momentum; return what is to be orthogonalised."""
    grad = p.grad
    assert grad is not None
    if grad.layout != torch.strided:
        raise ValueError(f"gradients must be dense, got layout {grad.layout}")
    if "momentum_buffer" not in state:
        state["momentum_buffer"] = torch.zeros_like(grad)
    buffer: Tensor = state["momentum_buffer"]
    buffer.lerp_(grad, 1 - group["momentum"])
    if group["nesterov"]:
        return grad.lerp(buffer, group["momentum"])
    return buffer


def _direction(M: Tensor, group: dict[str, Any]) -> Tensor:
    """The approximate matrix sign of a momentum or of a stack of them."""
    if M.numel() == 0:
        return M
    double = M.dtype == torch.float64
    dtype = group["dtype"] or (M.dtype if double else torch.bfloat16)
    work = M if double else M.float()
    X = unit_scale(work)
    norm = torch.linalg.vector_norm(X, dim=(-2, -1), keepdim=True)
    if group["eps"] > 0:
        # In units of the power of two by which X was divided.
        unit = X.abs().amax((-2, -1), True) / work.abs().amax((-2, -1), True)
        norm = torch.maximum(norm, group["eps"] * unit.nan_to_num(0.0))
    X = X / norm.clamp(min=torch.finfo(norm.dtype).tiny)
    schedule = triples(group["ns_coefficients"], group["ns_steps"])
    return iterate(X.to(dtype), schedule)


def _adjusted(kind: str | None, n: int, m: int) -> float:
    """What the learning rate is multiplied by."""
    if kind == "match_rms_adamw":
        return 0.2 * math.sqrt(max(n, m))
    return math.sqrt(max(1, n / max(1, m)))


def _check(group: dict[str, Any]) -> None:
    rate = group["lr"]
    if isinstance(rate, Tensor):
        if rate.numel() != 1:
            raise ValueError(
                f"lr must have one element, got shape {arg.shape(rate)}"
            )
        rate = rate.item()
    for name, value in (
        ("lr", rate),
        ("weight_decay", group["weight_decay"]),
        ("momentum", group["momentum"]),
        ("eps", group["eps"]),
    ):
        if arg.number(name, value) < 0:
            raise ValueError(f"{name} must be >= 0, got {value!r}")
    if group["momentum"] >= 1:
        raise ValueError(f"momentum must be < 1, got {group['momentum']!r}")
    if not isinstance(group["nesterov"], bool):
        raise TypeError(f"nesterov must be a bool, got {group['nesterov']!r}")
    try:
        triples(group["ns_coefficients"], group["ns_steps"])
    except (TypeError, ValueError) as error:
        # The words of msign, with the names of this constructor.
        raise type(error)(f"ns_{error}") from None
    if group["adjust_lr_fn"] is not None:
        arg.choice("adjust_lr_fn", group["adjust_lr_fn"], ADJUSTMENTS)
    if group["dtype"] is not None:
        arg.dtype_of(group["dtype"], complex_only=False)
    for p in group["params"]:
        if p.is_complex():
            raise TypeError(f"params must be real, got dtype {p.dtype}")
        if p.ndim != 2:
            raise ValueError(
                "params must be matrices (give vectors and higher tensors to "
                f"another optimiser), got shape {arg.shape(p)}"
            )

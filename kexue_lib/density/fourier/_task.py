"""What the methods of :func:`fit` share: the data and the iterate."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from kexue_lib.density.fourier import _trig
from kexue_lib.density.fourier.evaluate import _unit_norm
from kexue_lib.density.fourier.model import FourierDensity, log_sech2

Callback = Callable[[int, FourierDensity], None]


class Point:
    """Where an iteration stands: coefficients, mu and log sigma."""

    def __init__(self, a: Tensor, mu: Tensor, log_sigma: Tensor) -> None:
        self.a = _unit_norm(a)
        self.mu = mu
        self.log_sigma = log_sigma


# A point, the steps it took, and whether it is optimal.
End = tuple[Point, int, bool]


class Task:
    """Data, options and the objective that the three methods share."""

    def __init__(
        self,
        y: Tensor,
        w: Tensor,
        on_line: bool,
        train: bool,
        tol: float,
        dtype: torch.dtype,
        callback: Callback | None,
    ) -> None:
        self.y, self.w = y, w
        self.on_line, self.train = on_line, train
        self.tol, self.dtype, self.callback = tol, dtype, callback

    def scaled(self, mu: Tensor, log_sigma: Tensor) -> Tensor:
        return (self.y - mu) * torch.exp(-log_sigma)

    def standard(self, mu: Tensor, log_sigma: Tensor) -> Tensor:
        if not self.on_line:
            return self.y
        return torch.tanh(self.scaled(mu, log_sigma))

    def nll(
        self,
        a: Tensor,
        mu: Tensor,
        log_sigma: Tensor,
        A: Tensor | None = None,
    ) -> Tensor:
        if A is None:
            A = _trig.evaluate(a, self.standard(mu, log_sigma))
        norm = a.real.square().sum() + a.imag.square().sum()
        power = A.real.square() + A.imag.square()
        value = (2 * norm).log() - (self.w * power.log()).sum()
        if self.on_line:
            u = self.scaled(mu, log_sigma)
            value = value + log_sigma - (self.w * log_sech2(u)).sum()
        return value

    def density(
        self, at: Point, steps: int, converged: bool
    ) -> FourierDensity:
        return FourierDensity(
            at.a.detach(),
            at.mu.detach() if self.on_line else None,
            at.log_sigma.detach().exp() if self.on_line else None,
            steps,
            converged,
        ).to(dtype=self.dtype)

    def report(self, step: int, at: Point) -> None:
        if self.callback is not None:
            self.callback(step, self.density(at, step, False))

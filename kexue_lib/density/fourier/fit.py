"""Maximum likelihood, with a certificate to stop at."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.density.fourier import _check, _trig
from kexue_lib.density.fourier.certificate import (
    _gap,
    _toeplitz_row,
    optimality_gap,
)
from kexue_lib.density.fourier.coefficients import empirical_characteristic
from kexue_lib.density.fourier.evaluate import _unit_norm
from kexue_lib.density.fourier.factor import spectral_factor
from kexue_lib.density.fourier.model import FourierDensity, log_sech2

Method = Literal["newton", "lbfgs", "fixed-point"]
METHODS = ("newton", "lbfgs", "fixed-point")
DEFAULT_STEPS = {"newton": 200, "lbfgs": 1000, "fixed-point": 10000}

Callback = Callable[[int, FourierDensity], None]


def fit(
    x: Tensor,
    N: int,
    *,
    weights: Tensor | None = None,
    mu_sigma: str | tuple[float, float] | None = None,
    method: Method = "newton",
    init: Tensor | None = None,
    generator: torch.Generator | None = None,
    tol: float = 1e-6,
    max_steps: int | None = None,
    callback: Callback | None = None,
) -> FourierDensity:
    r"""Fit a Fourier density by maximum likelihood.

    Stops when :func:`optimality_gap` certifies that no non-negative series
    of this degree has a likelihood better by more than ``tol``.

    Methods: ``"newton"`` (default): second-order, with line search; the
    Hessian is a Hankel matrix of 2N+1 sums, so a step costs little more than
    a gradient, and ten to twenty steps are enough. ``"lbfgs"``: what a
    gradient method does. ``"fixed-point"``: :math:`a\leftarrow M(a)a`, no
    derivative, no step size, slow at the end.

    Chapter: fourier-density, claims C13, C15

    Args:
        x: Data, shape ``(n,)``, n >= 1.
        N: Highest frequency, >= 0.
        weights: Shape ``(n,)``, >= 0, summing to 1; default 1/n each.
        mu_sigma: ``None``: the data lie in [-1, 1]. ``"fixed"``: they lie on
            the line; :math:`\mu,\sigma` are their mean and standard deviation
            (unbiased). ``"train"``: start there and train both; the
            certificate then holds for the final pair, and the optimum over
            pairs is a local one. ``(mu, sigma)``: these numbers.
        method: As above; ``"fixed-point"`` cannot train mu and sigma.
        init: First coefficients, complex, shape ``(N+1,)``. Default: the
            data's characteristic numbers, made non-negative with Fejér's
            weights, or random if a ``generator`` is given.
        generator: CPU generator for random first coefficients.
        tol: Gap in nats to stop at, >= 0.
        max_steps: Default 200, 1000, 10000 for the three methods.
        callback: Called as ``callback(step, density)`` from step 0 on.

    Returns:
        The density, in the data's dtype and on their device; the work is
        done in float64 (float32 on MPS). ``converged`` says whether the gap
        is at most ``tol``.

    Raises:
        TypeError: Wrong types.
        ValueError: Empty, non-finite data, data outside [-1, 1] without
            ``mu_sigma``, bad weights, ``N < 0``, unknown options, ``init``
            of a wrong shape or with a density of 0 at a point, all points
            equal with ``"fixed"`` or ``"train"``.
    """
    N = arg.integer("N", N, 0)
    arg.choice("method", method, METHODS)
    tol = arg.number("tol", tol)
    if tol < 0:
        raise ValueError(f"tol must be >= 0, got {tol}")
    steps = arg.integer(
        "max_steps",
        DEFAULT_STEPS[method] if max_steps is None else max_steps,
        0,
    )
    x = _check.sample(x)
    if x.ndim != 1:
        raise ValueError(f"x must have shape (n,), got {arg.shape(x)}")
    w = _check.weights(weights, x)
    result_dtype = x.dtype
    if x.device.type != "mps":
        x, w = x.double(), w.double()
    x, w = x.detach()[w > 0], w.detach()[w > 0]
    w = w / w.sum()
    train = mu_sigma == "train"
    if train and method == "fixed-point":
        raise ValueError("method 'fixed-point' cannot train mu_sigma")
    line = _line(x, w, mu_sigma)
    mu, log_sigma = line or (x.new_zeros(()), x.new_zeros(()))
    task = _Task(x, w, line is not None, train, tol, result_dtype, callback)
    standard = task.standard(mu, log_sigma)
    start = _Point(_start(standard, w, N, init, generator), mu, log_sigma)
    if method == "lbfgs":
        return _lbfgs(task, start, steps)
    if method == "fixed-point":
        return _fixed_point(task, start, steps)
    cells = 64 * (N + 1)
    before = 0
    if len(x) > 8 * cells and callback is None:
        # The first steps need not see every point.
        coarse = _binned(task, start, standard, cells)
        start, before, _ = _newton(coarse, start, steps)
    at, done, converged = _newton(task, start, steps)
    return task.density(at, before + done, converged)


def _line(
    x: Tensor, w: Tensor, mu_sigma: str | tuple[float, float] | None
) -> tuple[Tensor, Tensor] | None:
    if mu_sigma is None:
        if bool((x.abs() > 1).any()):
            raise ValueError(
                f"x must lie in [-1, 1], got values from {float(x.min()):g} "
                f"to {float(x.max()):g}; for data on the line pass "
                "mu_sigma='fixed' or 'train'"
            )
        return None
    if isinstance(mu_sigma, str):
        arg.choice("mu_sigma", mu_sigma, ("fixed", "train"))
        mean = (w * x).sum()
        spread = (w * (x - mean).square()).sum()
        if not bool(spread > 0):
            raise ValueError(
                f"mu_sigma={mu_sigma!r} needs two different values in x"
            )
        unbiased = spread / (1 - w.square().sum())
        return mean, unbiased.log() / 2
    if not isinstance(mu_sigma, tuple) or len(mu_sigma) != 2:
        raise ValueError(
            "mu_sigma must be None, 'fixed', 'train' or a pair "
            f"(mu, sigma), got {mu_sigma!r}"
        )
    center = arg.number("mu", mu_sigma[0])
    scale = arg.positive("sigma", arg.number("sigma", mu_sigma[1]))
    return x.new_tensor(center), x.new_tensor(math.log(float(scale)))


def _start(
    x: Tensor,
    w: Tensor,
    N: int,
    init: Tensor | None,
    generator: torch.Generator | None,
) -> Tensor:
    wide = torch.promote_types(x.dtype, torch.complex64)
    if init is not None:
        _check.coefficients("init", init)
        if init.shape != (N + 1,):
            raise ValueError(
                f"init must have shape ({N + 1},), got {arg.shape(init)}"
            )
        a = init.detach().to(x.device, wide)
        if bool((_trig.evaluate(a, x) == 0).any()):
            raise ValueError("init has density 0 at a point of x")
    elif generator is not None:
        a = torch.randn(N + 1, dtype=torch.complex128, generator=generator)
        a = a.to(x.device, wide)
    else:
        n = torch.arange(N + 1, dtype=x.dtype, device=x.device)
        # Slightly more than Fejer's blur: positive even for one point.
        c = empirical_characteristic(x, N, w) * (0.9 - 0.9 * n / (N + 1))
        c[0] = 1
        a = spectral_factor(c)
    return _unit_norm(a)


class _Point:
    """Where an iteration stands: coefficients, mu and log sigma."""

    def __init__(self, a: Tensor, mu: Tensor, log_sigma: Tensor) -> None:
        self.a = _unit_norm(a)
        self.mu = mu
        self.log_sigma = log_sigma


class _Task:
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

    def nll(self, a: Tensor, mu: Tensor, log_sigma: Tensor) -> Tensor:
        A = _trig.evaluate(a, self.standard(mu, log_sigma))
        norm = a.real.square().sum() + a.imag.square().sum()
        power = A.real.square() + A.imag.square()
        value = (2 * norm).log() - (self.w * power.log()).sum()
        if self.on_line:
            u = self.scaled(mu, log_sigma)
            value = value + log_sigma - (self.w * log_sech2(u)).sum()
        return value

    def density(
        self, at: _Point, steps: int, converged: bool
    ) -> FourierDensity:
        return FourierDensity(
            at.a.detach(),
            at.mu.detach() if self.on_line else None,
            at.log_sigma.detach().exp() if self.on_line else None,
            steps,
            converged,
        ).to(dtype=self.dtype)

    def report(self, step: int, at: _Point) -> None:
        if self.callback is not None:
            self.callback(step, self.density(at, step, False))


def _binned(task: _Task, at: _Point, x: Tensor, cells: int) -> _Task:
    """The same task with the data moved to the middles of equal cells."""
    index = ((x + 1) / 2 * cells).long().clamp(0, cells - 1)
    w = torch.bincount(index, task.w, cells)
    kept = w > 0
    middle = torch.arange(cells, dtype=x.dtype, device=x.device)[kept]
    y = (2 * middle + 1) / cells - 1
    if task.on_line:
        y = at.mu + at.log_sigma.exp() * torch.atanh(y)
    return _Task(
        y, w[kept], task.on_line, task.train, task.tol, task.dtype, None
    )


def _newton(task: _Task, at: _Point, steps: int) -> tuple[_Point, int, bool]:
    value = task.nll(at.a, at.mu, at.log_sigma)
    for step in range(steps + 1):
        task.report(step, at)
        gradient, hessian, gap = _derivatives(task, at)
        direction = _descent(gradient, hessian)
        drop = float(-(gradient @ direction))
        if float(gap) <= task.tol and drop <= max(task.tol, 1e-15):
            return at, step, True
        if step == steps:
            break
        moved = _search(task, at, direction, float(value), drop)
        if moved is None:
            break
        at, value = moved
    return at, step, False


def _search(
    task: _Task, at: _Point, direction: Tensor, value: float, drop: float
) -> tuple[_Point, Tensor] | None:
    """Armijo's rule; below rounding the full step is taken on trust."""
    K = at.a.shape[0]
    da = torch.complex(direction[:K], direction[K : 2 * K])
    length = 1.0
    for _ in range(40):
        mu, log_sigma = at.mu, at.log_sigma
        if task.train:
            mu = mu + length * direction[2 * K] * log_sigma.exp()
            log_sigma = log_sigma + length * direction[2 * K + 1]
        new = _Point(at.a + length * da, mu, log_sigma)
        there = task.nll(new.a, new.mu, new.log_sigma)
        wanted = value - 1e-4 * length * drop
        if float(there) <= wanted + 1e-14 * max(1, abs(value)):
            return new, there
        length /= 2
    return None


def _descent(gradient: Tensor, hessian: Tensor) -> Tensor:
    """Newton's direction with the Hessian's eigenvalues made positive."""
    values, vectors = torch.linalg.eigh(hessian)
    size = values.abs()
    floor = 1e-9 * size.amax()
    return -vectors @ ((vectors.mT @ gradient) / size.clamp_min(floor))


def _derivatives(task: _Task, at: _Point) -> tuple[Tensor, Tensor, Tensor]:
    """Gradient, Hessian (gauge directions filled) and certificate.

    Coordinates: Re a, Im a, and for training the shift of mu in units of
    sigma, and log sigma. log|A|^2 is harmonic in A, so in a its Hessian is
    the Hankel matrix of sum_j w_j z_j^m / A_j^2.
    """
    a, w = at.a, task.w
    K = a.shape[0]
    x = task.standard(at.mu, at.log_sigma)
    A = _trig.evaluate(a, x)
    power = A.real.square() + A.imag.square()
    inverse = A.conj() / power
    moments = _trig.adjoint(w * inverse.square(), -x, torch.Size([2 * K - 1]))
    hankel = moments.unfold(0, K, 1)
    g = hankel @ a
    gap = _gap(_toeplitz_row(w / power, x, K))
    grad_a = 2 * torch.cat((a.real - g.real, a.imag + g.imag))
    top = torch.cat((hankel.real, -hankel.imag), 1)
    low = torch.cat((-hankel.imag, -hankel.real), 1)
    hessian = 2 * torch.cat((top, low))
    hessian.diagonal().add_(2)
    # The scale and the phase of a do not matter: their curvature, 0, becomes
    # that of the identity. (-4 a a^T of the norm and + 4 a a^T cancel.)
    phase = torch.cat((-a.imag, a.real))
    hessian += 2 * torch.outer(phase, phase)
    if not task.train:
        return grad_a, hessian, gap
    return (*_with_line(task, at, x, inverse, grad_a, hessian), gap)


def _with_line(
    task: _Task,
    at: _Point,
    x: Tensor,
    inverse: Tensor,
    grad_a: Tensor,
    hessian: Tensor,
) -> tuple[Tensor, Tensor]:
    a, w = at.a, task.w
    K = a.shape[0]
    u = task.scaled(at.mu, at.log_sigma)
    sech2 = torch.exp(log_sech2(u))
    first = _trig.derivative(a)
    ratio = _trig.evaluate(first, x) * inverse
    second = _trig.evaluate(_trig.derivative(first), x) * inverse
    psi1 = 2 * ratio.real
    psi2 = 2 * (second - ratio.square()).real
    phi1 = psi1 * sech2 - 2 * x
    phi2 = psi2 * sech2.square() - 2 * x * psi1 * sech2 - 2 * sech2
    grad = torch.stack(((w * phi1).sum(), (w * phi1 * u).sum() + 1))
    cross = -(w * (phi2 * u + phi1)).sum()
    corner = torch.stack(
        (
            torch.stack((-(w * phi2).sum(), cross)),
            torch.stack((cross, -(w * (phi2 * u + phi1) * u).sum())),
        )
    )
    sides = []
    for weight in (w * sech2, w * sech2 * u):
        b = weight * inverse
        shape = torch.Size([K])
        e = _trig.derivative(_trig.adjoint(b, -x, shape))
        e = e - _trig.adjoint(b * ratio, -x, shape)
        sides.append(2 * torch.cat((e.real, -e.imag)))
    side = torch.stack(sides, 1)
    full = torch.cat(
        (torch.cat((hessian, side), 1), torch.cat((side.mT, corner), 1))
    )
    return torch.cat((grad_a, grad)), full


def _lbfgs(task: _Task, at: _Point, steps: int) -> FourierDensity:
    a = torch.view_as_real(at.a).clone().requires_grad_()
    line = torch.stack((at.mu, at.log_sigma)).requires_grad_(task.train)
    variables = [a, line] if task.train else [a]
    optimizer = torch.optim.LBFGS(
        variables,
        max_iter=1,
        max_eval=25,
        tolerance_grad=0,
        tolerance_change=0,
        history_size=20,
        line_search_fn="strong_wolfe",
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = task.nll(torch.view_as_complex(a), line[0], line[1])
        loss.backward()
        return loss

    for step in range(steps + 1):
        values = line.detach()
        here = _Point(torch.view_as_complex(a.detach()), values[0], values[1])
        task.report(step, here)
        x = task.standard(here.mu, here.log_sigma)
        gap = float(optimality_gap(here.a, x, task.w, check=False))
        if gap <= task.tol and (
            line.grad is None or float(line.grad.abs().max()) <= 1e-5
        ):
            return task.density(here, step, True)
        if step < steps:
            optimizer.step(closure)
    return task.density(here, step, False)


def _fixed_point(task: _Task, at: _Point, steps: int) -> FourierDensity:
    x = task.standard(at.mu, at.log_sigma)
    a, shape = at.a, at.a.shape
    for step in range(steps + 1):
        here = _Point(a, at.mu, at.log_sigma)
        task.report(step, here)
        if float(optimality_gap(a, x, task.w, check=False)) <= task.tol:
            return task.density(here, step, True)
        if step < steps:
            inverse = 1 / _trig.evaluate(a, x).conj()
            a = _unit_norm(_trig.adjoint(task.w * inverse, x, shape))
    return task.density(here, step, False)

"""Maximum likelihood, with a certificate to stop at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.density.fourier import _check, _trig
from kexue_lib.density.fourier._newton import coarse_to_fine
from kexue_lib.density.fourier._task import Callback, End, Point, Task
from kexue_lib.density.fourier.certificate import optimality_gap
from kexue_lib.density.fourier.coefficients import empirical_characteristic
from kexue_lib.density.fourier.evaluate import _unit_norm
from kexue_lib.density.fourier.factor import _factor
from kexue_lib.density.fourier.model import FourierDensity

Method = Literal["newton", "lbfgs", "fixed-point"]
METHODS = ("newton", "lbfgs", "fixed-point")
DEFAULT_STEPS = {"newton": 200, "lbfgs": 1000, "fixed-point": 10000}


def fit(
    x: Tensor,
    N: int,
    *,
    weights: Tensor | None = None,
    mu_sigma: str | tuple[float, float] | None = None,
    scales: Sequence[float] = (1.0, 2.0, 3.0, 4.0),
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
        scales: For ``"train"``: multiples of the standard deviation to start
            :math:`\sigma` from, each > 0; the best end wins. There are many
            local optima: a single start, ``(1,)``, takes a quarter of the
            time and can end far worse.
        method: As above; ``"fixed-point"`` cannot train mu and sigma.
        init: First coefficients, complex, shape ``(N+1,)``. Default: the
            data's characteristic numbers, made non-negative with Fejér's
            weights, or random if a ``generator`` is given.
        generator: CPU generator for random first coefficients.
        tol: Gap in nats to stop at, >= 0.
        max_steps: Default 200, 1000, 10000 for the three methods.
        callback: Called as ``callback(step, density)`` from step 0 on; with
            several ``scales`` the steps of each start follow each other.

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
    train = isinstance(mu_sigma, str) and mu_sigma == "train"
    if train and method == "fixed-point":
        raise ValueError("method 'fixed-point' cannot train mu_sigma")
    line = _line(x, w, mu_sigma)
    factors = _scales(scales)
    zero = x.new_zeros(())
    task = Task(x, w, line is not None, train, tol, result_dtype, callback)
    run = {
        "newton": coarse_to_fine,
        "lbfgs": _lbfgs,
        "fixed-point": _fixed_point,
    }[method]
    ends = []
    for factor in factors if train else (1.0,):
        mu, log_sigma = line or (zero, zero)
        log_sigma = log_sigma + math.log(factor)
        a = _start(task.standard(mu, log_sigma), w, N, init, generator)
        at, done, converged = run(task, Point(a, mu, log_sigma), steps)
        value = float(task.nll(at.a, at.mu, at.log_sigma))
        ends.append((value, task.density(at, done, converged)))
    return min(ends, key=lambda end: end[0])[1]


def _scales(scales: Sequence[float]) -> tuple[float, ...]:
    if not isinstance(scales, Sequence) or isinstance(scales, str):
        raise TypeError(f"scales must be a sequence, got {scales!r}")
    if not scales:
        raise ValueError("scales must name at least one factor")
    return tuple(
        float(arg.positive("scales", arg.number("scales", factor)))
        for factor in scales
    )


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
        a = _factor(c, adaptive=True)
    return _unit_norm(a)


def _lbfgs(task: Task, at: Point, steps: int) -> End:
    a = torch.view_as_real(at.a).clone().requires_grad_()
    line = torch.stack((at.mu, at.log_sigma)).requires_grad_(task.train)
    variables = [a, line] if task.train else [a]
    optimizer = _new_lbfgs(variables)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = task.nll(torch.view_as_complex(a), line[0], line[1])
        loss.backward()
        return loss

    stuck = 0
    for step in range(steps + 1):
        here = Point(torch.view_as_complex(a.detach()), *line.detach())
        task.report(step, here)
        x = task.standard(here.mu, here.log_sigma)
        gap = float(optimality_gap(here.a, x, task.w, check=False))
        flat = line.grad is None or float(line.grad.abs().max()) <= 1e-5
        if gap <= task.tol and flat:
            return here, step, True
        if step == steps or stuck > 1:
            break
        before = a.detach().clone()
        optimizer.step(closure)
        if torch.equal(before, a.detach()):
            # Rounding defeats the line search: forget the curvature, once.
            stuck += 1
            optimizer = _new_lbfgs(variables)
        else:
            stuck = 0
    return here, step, False


def _new_lbfgs(variables: list[Tensor]) -> torch.optim.LBFGS:
    # One step a call, so that the certificate can be looked at in between.
    return torch.optim.LBFGS(
        variables,
        max_iter=1,
        max_eval=25,
        tolerance_grad=0,
        tolerance_change=0,
        history_size=20,
        line_search_fn="strong_wolfe",
    )


def _fixed_point(task: Task, at: Point, steps: int) -> End:
    x = task.standard(at.mu, at.log_sigma)
    shape = at.a.shape
    for step in range(steps + 1):
        task.report(step, at)
        if float(optimality_gap(at.a, x, task.w, check=False)) <= task.tol:
            return at, step, True
        if step < steps:
            inverse = 1 / _trig.evaluate(at.a, x).conj()
            a = _trig.adjoint(task.w * inverse, x, shape)
            at = Point(a, at.mu, at.log_sigma)
    return at, step, False

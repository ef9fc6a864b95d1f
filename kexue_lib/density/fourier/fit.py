"""Maximum likelihood, with a certificate to stop at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import torch
import torch.nn.functional as F
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
Criterion = Literal["aic", "bic", "held-out"]
CRITERIA: tuple[str, ...] = get_args(Criterion)
DEFAULT_STEPS = {"newton": 200, "lbfgs": 1000, "fixed-point": 10000}


@dataclass(frozen=True)
class _Options:
    """What all fits of one call share."""

    mu_sigma: str | tuple[float, float] | None
    scales: tuple[float, ...]
    method: Method
    init: Tensor | None
    generator: torch.Generator | None
    tol: float
    steps: int
    callback: Callback | None
    dtype: torch.dtype


def fit(
    x: Tensor,
    N: int | Criterion = "aic",
    *,
    weights: Tensor | None = None,
    mu_sigma: str | tuple[float, float] | None = None,
    scales: Sequence[float] = (1.0, 2.0, 3.0, 4.0),
    method: Method = "newton",
    init: Tensor | None = None,
    generator: torch.Generator | None = None,
    tol: float = 1e-6,
    max_steps: int | None = None,
    max_N: int = 40,
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

    Criteria for N, with the effective number
    :math:`n_e=1/\sum_jw_j^2` of points (n without weights) and 2N real
    parameters: ``"aic"`` is the least
    :math:`n_e\,\mathrm{NLL}+2N`, ``"bic"`` the least
    :math:`n_e\,\mathrm{NLL}+N\log n_e`, ``"held-out"`` the least NLL of
    points left out, in five folds (point j in fold j modulo 5). Orders are
    tried from 0 on, up to ``max_N``, to :math:`2N<n`, and to
    :math:`2N_{\text{best}}+4`; it takes as long as all these fits. Values
    rounded to few digits get narrow peaks, at a high order, by each
    criterion; a small ``max_N`` keeps them smooth.

    Chapter: fourier-density, claims C13, C15

    Args:
        x: Data, shape ``(..., n)``, n >= 1: a batch of data sets is fitted
            one by one.
        N: Highest frequency, >= 0, or the criterion that chooses it, for
            each data set of a batch (the smaller ones are filled up with
            zeros, and their ``gap`` becomes that to the largest order).
        weights: Shape of ``x`` or ``(n,)``, >= 0, summing to 1 over the last
            axis; default 1/n each.
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
        max_N: Largest order that a criterion tries.
        callback: Called as ``callback(step, density)`` from step 0 on; with
            several ``scales``, orders or data sets the steps of each start
            follow each other.

    Returns:
        The density, in the wider dtype of data and weights, on the data's
        device; the work is
        done in float64 (float32 on MPS). ``converged`` says whether the gap
        is at most ``tol``. For a batch its numbers have the batch's shape.

    Raises:
        TypeError: Wrong types.
        ValueError: Empty, non-finite data, data outside [-1, 1] without
            ``mu_sigma``, bad weights, ``N < 0``, unknown options, ``init``
            of a wrong shape or with a density of 0 at a point, or together
            with a criterion; on the line, data that are all equal, that
            differ by little more than rounding, or whose range overflows.

    >>> x = torch.linspace(-3, 3, 50, dtype=torch.float64)
    >>> density = fit(x, mu_sigma="train")
    >>> density.N, bool(density.gap(x) < 1e-6)
    (1, True)
    """
    arg.choice("method", method, METHODS)
    tol = arg.number("tol", tol)
    if tol < 0:
        raise ValueError(f"tol must be >= 0, got {tol}")
    steps = arg.integer(
        "max_steps",
        DEFAULT_STEPS[method] if max_steps is None else max_steps,
        0,
    )
    max_N = arg.integer("max_N", max_N, 0)
    if isinstance(N, str):
        arg.choice("N", N, CRITERIA)
        if init is not None:
            raise ValueError(
                f"init belongs to one order, but N={N!r} tries several"
            )
    else:
        N = arg.integer("N", N, 0)
    if mu_sigma == "train" and method == "fixed-point":
        raise ValueError("method 'fixed-point' cannot train mu_sigma")
    x = _check.sample(x)
    w = _check.weights(weights, x)
    options = _Options(
        mu_sigma,
        _scales(scales),
        method,
        init,
        generator,
        tol,
        steps,
        callback,
        w.dtype,
    )
    if x.device.type != "mps":
        x, w = x.double(), w.double()
    x, w = torch.broadcast_tensors(x.detach(), w.detach())
    found = [
        _fit_one(row[u > 0], u[u > 0] / u.sum(), N, max_N, options)
        for row, u in zip(
            x.reshape(-1, x.shape[-1]), w.reshape(-1, x.shape[-1]), strict=True
        )
    ]
    if x.ndim == 1:
        return found[0]
    if not found:
        return _nothing(x, 0 if isinstance(N, str) else N, options)
    return _stacked(found, x.shape[:-1])


def _fit_one(
    x: Tensor, w: Tensor, N: int | str, max_N: int, options: _Options
) -> FourierDensity:
    if isinstance(N, int):
        return _fit_order(x, w, N, options)
    most = min(max_N, (len(x) - 1) // 2)
    best, best_N, order = None, 0, 0
    least = math.inf
    while order <= min(most, 2 * best_N + 4):
        density = None
        if N == "held-out":
            score = _held_out(x, w, order, options)
        else:
            density = _fit_order(x, w, order, options)
            count = 1 / float(w.square().sum())
            price = 2 if N == "aic" else math.log(count)
            nll = _likelihood(density, x, w)
            score = count * nll + price * order
        if score < least or order == 0:
            least, best_N, best = score, order, density
        order += 1
    return best or _fit_order(x, w, best_N, options)


_FOLDS = 5


def _held_out(x: Tensor, w: Tensor, N: int, options: _Options) -> float:
    """Return the likelihood of each fold for the fit to the others."""
    fold = torch.arange(len(x), device=x.device) % _FOLDS
    total = 0.0
    for i in range(min(_FOLDS, len(x))):
        out = fold == i
        u = w[~out] / w[~out].sum()
        density = _fit_order(x[~out], u, N, options)
        total += _likelihood(density, x[out], w[out])
    return total


def _likelihood(density: FourierDensity, x: Tensor, w: Tensor) -> float:
    return -float((w * density.to(dtype=x.dtype).logpdf(x)).sum())


def _fit_order(
    x: Tensor, w: Tensor, N: int, options: _Options
) -> FourierDensity:
    train = options.mu_sigma == "train"
    line = _line(x, w, options)
    zero = x.new_zeros(())
    task = Task(
        x,
        w,
        line is not None,
        train,
        options.tol,
        options.dtype,
        options.callback,
    )
    run = {
        "newton": coarse_to_fine,
        "lbfgs": _lbfgs,
        "fixed-point": _fixed_point,
    }[options.method]
    ends = []
    for factor in options.scales if train else (1.0,):
        mu, log_sigma = line or (zero, zero)
        log_sigma = log_sigma + math.log(factor)
        a = _start(
            task.standard(mu, log_sigma),
            w,
            N,
            options.init,
            options.generator,
        )
        at, done, converged = run(task, Point(a, mu, log_sigma), options.steps)
        value = float(task.nll(at.a, at.mu, at.log_sigma))
        ends.append((value, task.density(at, done, converged)))
    return min(ends, key=lambda end: end[0])[1]


def _stacked(found: list[FourierDensity], batch: torch.Size) -> FourierDensity:
    """Return one density whose numbers have the shape of the batch."""
    size = max(density.N for density in found) + 1

    def together(values: list[Tensor]) -> Tensor:
        stack = torch.stack(values)
        return stack.reshape(*batch, *stack.shape[1:])

    lines = [(d.mu, d.sigma) for d in found]
    mus = [mu for mu, _ in lines if mu is not None]
    sigmas = [sigma for _, sigma in lines if sigma is not None]
    return FourierDensity(
        together([F.pad(d.a, (0, size - len(d.a))) for d in found]),
        together(mus) if mus else None,
        together(sigmas) if sigmas else None,
        max(d.iterations for d in found),
        all(d.converged for d in found),
    )


def _nothing(x: Tensor, N: int, options: _Options) -> FourierDensity:
    """Return the fit of a batch of no data sets."""
    wide = torch.promote_types(options.dtype, torch.complex64)
    a = torch.empty((*x.shape[:-1], N + 1), dtype=wide, device=x.device)
    line = None if options.mu_sigma is None else a.real[..., 0]
    return FourierDensity(a, line, line)


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
    x: Tensor, w: Tensor, options: _Options
) -> tuple[Tensor, Tensor] | None:
    mu_sigma = options.mu_sigma
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
        low, high = _check.span(x)
        if low == high:
            raise ValueError(
                f"mu_sigma={mu_sigma!r} needs two different values in x, got "
                f"{low:g} alone"
            )
        if not high - low < math.inf:
            raise ValueError(
                f"x must have a finite range, got values from {low:g} to "
                f"{high:g}; divide them by a number"
            )
        mean = (w * x).sum()
        # Once more: of values that hardly differ the sum has lost digits.
        mean = mean + (w * (x - mean)).sum()
        away = x - mean
        size = away.abs().max()
        spread = (w * (away / size).square()).sum()
        unbiased = spread / (1 - w.square().sum())
        return _digits(mean, size.log() + unbiased.log() / 2, options)
    if not isinstance(mu_sigma, tuple) or len(mu_sigma) != 2:
        raise ValueError(
            "mu_sigma must be None, 'fixed', 'train' or a pair "
            f"(mu, sigma), got {mu_sigma!r}"
        )
    center = arg.number("mu", mu_sigma[0])
    scale = arg.positive("sigma", arg.number("sigma", mu_sigma[1]))
    log_sigma = x.new_tensor(math.log(float(scale)))
    return _digits(x.new_tensor(center), log_sigma, options)


# So many distances between neighbouring numbers must fit into sigma.
_STEPS = 64


def _digits(
    mu: Tensor, log_sigma: Tensor, options: _Options
) -> tuple[Tensor, Tensor]:
    """Refuse what rounding would make a noise of."""
    kind = torch.finfo(options.dtype)
    sigma = float(log_sigma.exp())
    if sigma < max(_STEPS * kind.eps * abs(float(mu)), kind.tiny):
        raise ValueError(
            f"x varies too little for {options.dtype}: its scale is "
            f"{sigma:g} at {float(mu):g}, where numbers have a distance of "
            f"{kind.eps * abs(float(mu)):.2g}; subtract the mean, or pass "
            "float64"
        )
    if not sigma < kind.max:
        raise ValueError(f"x must have a scale below {kind.max:g}")
    return mu, log_sigma


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
        a = torch.randn(
            N + 1,
            dtype=torch.complex128,
            generator=generator,
            device=generator.device,
        )
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

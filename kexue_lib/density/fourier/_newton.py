"""Newton's method for the likelihood, on all points or on bins first."""

from __future__ import annotations

import torch
from torch import Tensor

from kexue_lib.density.fourier import _trig
from kexue_lib.density.fourier._task import End, Point, Task
from kexue_lib.density.fourier.certificate import _gap
from kexue_lib.density.fourier.model import log_sech2

# Up to this many powers (2 MB in double precision) they are kept.
_KEEP = 1 << 17


def coarse_to_fine(task: Task, at: Point, steps: int) -> End:
    """Newton's method, whose first steps need not see every point."""
    cells = 64 * at.a.shape[0]
    before = 0
    if len(task.y) > 8 * cells and task.callback is None:
        at, before, _ = _newton(_binned(task, at, cells), at, steps)
    at, done, converged = _newton(task, at, steps)
    return at, before + done, converged


def _binned(task: Task, at: Point, cells: int) -> Task:
    """The same task with the data moved to the middles of equal cells."""
    x = task.standard(at.mu, at.log_sigma)
    index = ((x + 1) / 2 * cells).long().clamp(0, cells - 1)
    w = torch.bincount(index, task.w, cells)
    kept = w > 0
    middle = torch.arange(cells, dtype=x.dtype, device=x.device)[kept]
    y = (2 * middle + 1) / cells - 1
    if task.on_line:
        y = at.mu + at.log_sigma.exp() * torch.atanh(y)
    return Task(
        y, w[kept], task.on_line, task.train, task.tol, task.dtype, None
    )


class _Waves:
    """The numbers z_j = e^{-i pi x_j}, and their powers if there is room.

    Products with the matrix of powers take a few calls where the loops of
    ``_trig`` take one a power: for small samples calls are what costs.
    """

    def __init__(self, x: Tensor, size: int) -> None:
        self.x, self.z = x, _trig.unit(x)
        rows = 2 * size - 1
        self.powers = None
        if rows * len(x) <= _KEEP:
            self.powers = _powers(self.z, rows)

    def evaluate(self, a: Tensor) -> Tensor:
        """Return sum_k a_k z^k."""
        if self.powers is None:
            return _trig.horner(a, self.z)
        return a @ self.powers[: len(a)]

    def sums(self, g: Tensor, count: int) -> Tensor:
        """Return sum_j g_j z_j^k for k < count."""
        if self.powers is None:
            return _trig.power_sums(g, self.z, torch.Size([count]))
        return self.powers[:count] @ g


def _powers(z: Tensor, rows: int) -> Tensor:
    powers = torch.ones((rows, len(z)), dtype=z.dtype, device=z.device)
    if rows > 1:
        powers[1] = z
    done = 2
    while done < rows:  # as many again with every step
        more = min(done, rows - done)
        top = powers[done - 1] * z
        torch.mul(powers[:more], top, out=powers[done : done + more])
        done += more
    return powers


class _View:
    """A point, and the objective there."""

    def __init__(
        self, task: Task, at: Point, waves: _Waves | None = None
    ) -> None:
        if waves is None:
            x = task.standard(at.mu, at.log_sigma)
            waves = _Waves(x, at.a.shape[0])
        self.at, self.waves = at, waves
        self.A = waves.evaluate(at.a)
        self.nll = float(task.nll(at.a, at.mu, at.log_sigma, self.A))


def _newton(task: Task, at: Point, steps: int) -> End:
    view = _View(task, at)
    for step in range(steps + 1):
        task.report(step, view.at)
        gradient, hessian, gap = _derivatives(task, view)
        direction = _descent(gradient, hessian)
        drop = float(-(gradient @ direction))
        if float(gap) <= task.tol and drop <= max(task.tol, 1e-15):
            return view.at, step, True
        if step == steps:
            break
        moved = _search(task, view, direction, drop)
        if moved is None:
            break
        view = moved
    return view.at, step, False


def _search(
    task: Task, view: _View, direction: Tensor, drop: float
) -> _View | None:
    """Armijo's rule; below rounding the full step is taken on trust."""
    at, K = view.at, view.at.a.shape[0]
    waves = None if task.train else view.waves
    rounding = 1e-14 * max(1, abs(view.nll))
    da = torch.complex(direction[:K], direction[K : 2 * K])
    length = 1.0
    for _ in range(40):
        mu, log_sigma = at.mu, at.log_sigma
        if task.train:
            mu = mu + length * direction[2 * K] * log_sigma.exp()
            log_sigma = log_sigma + length * direction[2 * K + 1]
        new = _View(task, Point(at.a + length * da, mu, log_sigma), waves)
        if new.nll <= view.nll - 1e-4 * length * drop + rounding:
            return new
        length /= 2
    return None


def _descent(gradient: Tensor, hessian: Tensor) -> Tensor:
    """Newton's direction with the Hessian's eigenvalues made positive."""
    values, vectors = torch.linalg.eigh(hessian)
    size = values.abs()
    floor = 1e-9 * size.amax()
    return -vectors @ ((vectors.mT @ gradient) / size.clamp_min(floor))


def _derivatives(task: Task, view: _View) -> tuple[Tensor, Tensor, Tensor]:
    """Gradient, Hessian (gauge directions filled) and certificate.

    Coordinates: Re a, Im a, and for training the shift of mu in units of
    sigma, and log sigma. log|A|^2 is harmonic in A, so in a its Hessian is
    the Hankel matrix of sum_j w_j z_j^m / A_j^2.
    """
    a, w, A = view.at.a, task.w, view.A
    K = a.shape[0]
    power = A.real.square() + A.imag.square()
    inverse = A.conj() / power
    moments = view.waves.sums(w * inverse.square(), 2 * K - 1)
    hankel = moments.unfold(0, K, 1)
    g = hankel @ a
    mass = w / power
    gap = _gap(view.waves.sums(torch.complex(mass, 0 * mass), K))
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
    return (*_with_line(task, view, inverse, grad_a, hessian), gap)


def _with_line(
    task: Task,
    view: _View,
    inverse: Tensor,
    grad_a: Tensor,
    hessian: Tensor,
) -> tuple[Tensor, Tensor]:
    at, w, waves = view.at, task.w, view.waves
    x, K = waves.x, at.a.shape[0]
    u = task.scaled(at.mu, at.log_sigma)
    sech2 = torch.exp(log_sech2(u))
    first = _trig.derivative(at.a)
    ratio = waves.evaluate(first) * inverse
    second = waves.evaluate(_trig.derivative(first)) * inverse
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
        e = _trig.derivative(waves.sums(b, K)) - waves.sums(b * ratio, K)
        sides.append(2 * torch.cat((e.real, -e.imag)))
    side = torch.stack(sides, 1)
    full = torch.cat(
        (torch.cat((hessian, side), 1), torch.cat((side.mT, corner), 1))
    )
    return torch.cat((grad_a, grad)), full

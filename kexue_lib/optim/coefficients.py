r"""Coefficients of the iteration: what they cost, and which are best.

Two criteria. *On average*: the mean of :math:`(g^{\circ T}(\sigma)-1)^2` over
the singular values of a Gaussian matrix divided by its Frobenius norm, which
for large matrices have the law of Marchenko and Pastur. *In the worst case*:
the largest :math:`|1-\sigma|` that a step leaves of an interval, which an
equioscillating polynomial minimises (Polar Express).

Sources: kexue.fm/archives/10592, 10922 and 10996; arXiv 2505.16932.
Chapter: muon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib.optim.msign import JORDAN, TAYLOR, Triple, image, triples

F64 = torch.float64


def ns_coeffs(kappa: float, x1: float, x2: float) -> Triple:
    r"""Return a, b, c of :math:`x+\kappa x(x^2-x_1^2)(x^2-x_2^2)`.

    The fixed points are 0, :math:`\pm x_1` and :math:`\pm x_2`. Not every
    polynomial is of this form: it needs :math:`b^2\ge4c(a-1)`.

    Chapter: muon, claim C7

    Args:
        kappa: Any real number.
        x1: A fixed point.
        x2: Another one.

    Returns:
        The triple a, b, c.

    Raises:
        TypeError: not numbers.
        ValueError: NaN or inf.

    >>> ns_coeffs(2.0, 0.5, 1.0)
    (1.5, -2.5, 2.0)
    """
    k = arg.number("kappa", kappa)
    p, q = arg.number("x1", x1) ** 2, arg.number("x2", x2) ** 2
    return 1 + k * p * q, -k * (p + q), k


def mp_nodes(
    n: int,
    m: int,
    count: int = 2001,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> tuple[Tensor, Tensor]:
    r"""Return singular values of a Gaussian matrix and their weights.

    A midpoint rule in the angle of the law of Marchenko and Pastur, for
    matrices divided by their Frobenius norm:
    :math:`\sigma=\sqrt{x/m}`, :math:`x=1+y+2\sqrt y\cos\vartheta`,
    :math:`y=m/n\le1`, weights :math:`\propto\sin^2\vartheta/x`. It is the
    limit of large matrices; the weights add up to 1.

    Chapter: muon, claim C8

    Args:
        n: Rows of the matrix.
        m: Its columns; the two may be exchanged.
        count: Of the nodes.
        dtype: A real one; float64 by default, in which they are computed.
        device: Where to; torch's default device by default.

    Returns:
        Nodes and weights, shape (count,).

    Raises:
        TypeError: not integers.
        ValueError: an integer below 1.

    >>> sigma, weight = mp_nodes(64, 48)
    >>> round((weight * sigma**2).sum().item() * 48, 9)
    1.0
    """
    n, m = arg.integer("n", n, 1), arg.integer("m", m, 1)
    count = arg.integer("count", count, 1)
    m, n = sorted((n, m))
    y = m / n
    half = torch.arange(count, dtype=F64, device="cpu") + 0.5
    angle = math.pi * half / count
    x = 1 + y + 2 * math.sqrt(y) * angle.cos()
    weight = angle.sin() ** 2 / x
    to = arg.device_of(device), arg.dtype_of(dtype, complex_only=False)
    return (x / m).sqrt().to(*to), (weight / weight.sum()).to(*to)


def ns_loss(
    n: int,
    m: int,
    coefficients: Any = JORDAN,
    steps: int | None = None,
    *,
    count: int = 2001,
) -> float:
    r"""Return the mean of :math:`(g^{\circ T}(\sigma)-1)^2` by quadrature.

    Chapter: muon, claim C8

    Args:
        n: Rows of the Gaussian matrix.
        m: Its columns.
        coefficients: a, b, c, or a list of triples, as in :func:`msign`.
        steps: T; 5, or the length of the list.
        count: Nodes of the quadrature.

    Returns:
        The mean squared error over all singular values.

    Raises:
        TypeError: wrong types.
        ValueError: numbers out of range.

    >>> round(ns_loss(1024, 1024), 4)  # the post: .04431
    0.0441
    """
    schedule = triples(coefficients, steps)
    sigma, weight = mp_nodes(n, m, count, device="cpu")
    for a, b, c in schedule:
        square = sigma * sigma
        sigma = sigma * (a + square * (b + square * c))
    return float((weight * (sigma - 1) ** 2).sum())


def fit_ns(n: int, m: int, steps: int = 5, *, count: int = 2001) -> Triple:
    r"""Return the coefficients that are best on average.

    Levenberg and Marquardt's method over a, b, c, not over
    :math:`\kappa,x_1,x_2`: with real fixed points one cannot write the
    optimum for 3 steps. It starts at several triples; the best end is
    returned.

    Chapter: muon, claim C8

    Args:
        n: Rows of the Gaussian matrix.
        m: Its columns.
        steps: T >= 1.
        count: Nodes of the quadrature.

    Returns:
        The triple a, b, c.

    Raises:
        TypeError: not integers.
        ValueError: an integer below 1.

    >>> [round(v, 2) for v in fit_ns(1024, 1024)]  # the post: 3.297, -4.136
    [3.3, -4.14, 1.72]
    """
    steps = arg.integer("steps", steps, 1)
    sigma, weight = mp_nodes(n, m, count, device="cpu")
    starts = [TAYLOR, JORDAN, ns_coeffs(1.2, 1.0, 1.1), (4.0, -9.0, 7.0)]
    ends = [_levenberg(sigma, weight.sqrt(), steps, s) for s in starts]
    return min(ends)[1]


def _residual(
    sigma: Tensor, root: Tensor, steps: int, p: Tensor
) -> tuple[Tensor, Tensor]:
    """Weighted errors and their derivatives by a, b, c."""
    a, b, c = p
    slopes = sigma.new_zeros(len(sigma), 3)
    for _ in range(steps):
        x2 = sigma * sigma
        own = torch.stack((sigma, sigma * x2, sigma * x2 * x2), 1)
        slopes = own + (a + x2 * (3 * b + 5 * c * x2))[:, None] * slopes
        sigma = own @ p
    return root * (sigma - 1), root[:, None] * slopes


def _levenberg(
    sigma: Tensor, root: Tensor, steps: int, start: Triple
) -> tuple[float, Triple]:
    p = torch.tensor(start, dtype=F64, device="cpu")
    error, slopes = _residual(sigma, root, steps, p)
    damping, value = 1e-3, float(error @ error)
    for _ in range(200):
        normal = slopes.T @ slopes
        damped = normal + damping * normal.diagonal().diag()
        move = torch.linalg.lstsq(damped, -(slopes.T @ error)).solution
        new_error, new_slopes = _residual(sigma, root, steps, p + move)
        new = float(new_error @ new_error)
        if new < value:
            done = value - new < 1e-13 * value
            p, error, slopes, value = p + move, new_error, new_slopes, new
            damping /= 5
            if done:
                break
        elif damping > 1e8:
            break
        else:
            damping *= 4
    a, b, c = p.tolist()
    return value, (a, b, c)


@dataclass(frozen=True)
class BestSteps:
    """Per-step optimal coefficients and what is certain about them.

    Attributes:
        coefficients: a, b, c of each step, for :func:`msign`.
        intervals: the interval before the first step and after each one.
        least: for each step, a lower bound of the error that any odd
            polynomial of degree 5 leaves on the interval before it.
        error: for each step, the error that its own leaves, rounded up.
    """

    coefficients: tuple[Triple, ...]
    intervals: tuple[tuple[float, float], ...]
    least: tuple[float, ...]
    error: tuple[float, ...]


def best_steps(lower: float, steps: int = 5) -> BestSteps:
    r"""Return the odd quintics that are best in the worst case, step by step.

    Each step minimises :math:`\max|1-p(\sigma)|` over the interval that the
    one before has left, from [lower, 1] on. By Amsel and others the steps
    are then the best composition, too. Remez' exchange finds a polynomial
    whose error alternates at four points. Both sides are certain: the error
    is enclosed by exact arithmetic (:func:`singular_bounds`), and no odd
    quintic does better than the least error at the four points (de la Vallée
    Poussin).

    Chapter: muon, claim C9

    Args:
        lower: Smallest singular value over the Frobenius norm, 0 < lower < 1.
        steps: Number of steps.

    Returns:
        A :class:`BestSteps`.

    Raises:
        TypeError: not numbers.
        ValueError: ``lower`` outside (0, 1), ``steps`` < 0.

    >>> best = best_steps(1e-3)
    >>> [round(v, 3) for v in best.coefficients[0]]
    [8.47, -25.108, 18.629]
    >>> [float(f"{v:.2g}") for v in best.error]
    [0.99, 0.96, 0.86, 0.55, 0.11]
    """
    low = arg.number("lower", lower)
    if not 0 < low < 1:
        raise ValueError(f"lower must be in (0, 1), got {lower!r}")
    steps = arg.integer("steps", steps, 0)
    found: list[Triple] = []
    intervals, least, error = [(low, 1.0)], [], []
    for _ in range(steps):
        low, high = intervals[-1]
        # So close to 1 rounding decides, and Taylor's error is below it.
        triple, nodes = TAYLOR, [1.0, 1.0]
        if high - low > 1e-5:
            triple, nodes = _exchange(low, high)
        found.append(triple)
        least.append(_least(triple, nodes))
        intervals.append(image(triple, low, high))
        error.append(_worst(triple, low, high))
    return BestSteps(
        tuple(found), tuple(intervals), tuple(least), tuple(error)
    )


def _worst(triple: Triple, low: float, high: float) -> float:
    below, above = image(triple, low, high)
    return max(1 - below, above - 1)


def _least(triple: Triple, nodes: list[float]) -> float:
    """What no odd quintic falls below, if the error alternates there."""
    a, b, c = map(Fraction, triple)
    errors = []
    for node in nodes:
        x = Fraction(node)
        errors.append(1 - x * (a + x * x * (b + x * x * c)))
    if any(u * v >= 0 for u, v in pairwise(errors)):
        return 0.0
    return math.nextafter(float(min(map(abs, errors))), 0)


def _exchange(low: float, high: float) -> tuple[Triple, list[float]]:
    """Remez: a polynomial, and the points at which its error alternates."""
    nodes = [low, (3 * low + high) / 4, (low + 3 * high) / 4, high]
    signs = torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=F64, device="cpu")
    a = b = c = 0.0
    for _ in range(60):
        x = torch.tensor(nodes, dtype=F64, device="cpu")
        rows = torch.stack((x, x**3, x**5, signs), 1)
        a, b, c, _ = torch.linalg.solve(rows, torch.ones_like(x)).tolist()
        disc = 9 * b * b - 20 * a * c
        if disc <= 0 or c <= 0:
            break
        squares = [(-3 * b + s * math.sqrt(disc)) / (10 * c) for s in (-1, 1)]
        inner = [math.sqrt(max(s, 0.0)) for s in squares]
        if not low < inner[0] < inner[1] < high:
            break
        moved = max(abs(u - v) for u, v in zip(inner, nodes[1:3], strict=True))
        nodes = [low, *inner, high]
        if moved < 1e-15 * high:
            break
    return (a, b, c), nodes

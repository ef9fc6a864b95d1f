r"""The matrix sign: exactly, by iteration, and what the iteration leaves.

For :math:`M=U\Sigma V^\top` of rank r the matrix sign is
:math:`\operatorname{msign}(M)=U_{:,:r}V_{:,:r}^\top`: all singular values
that are not 0 become 1. An odd polynomial
:math:`X\mapsto aX+bXX^\top X+c(XX^\top)^2X` acts on singular values alone,
:math:`\sigma\mapsto g(\sigma)=a\sigma+b\sigma^3+c\sigma^5`, so a few of them
come close with matrix products only.

Sources: kexue.fm/archives/10592; chapter muon.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._autograd import transforming
from kexue_lib._precision import at_least_single, full_precision, tracked

Triple: TypeAlias = tuple[float, float, float]

#: Jordan's coefficients, made for slope at 0: they do not converge.
JORDAN: Triple = (3.4445, -4.7750, 2.0315)
#: Those of the Taylor series of the inverse root at 1: cubic convergence.
TAYLOR: Triple = (15 / 8, -10 / 8, 3 / 8)


def triples(coefficients: Any, steps: Any) -> list[Triple]:
    """Return one triple for each step, checked."""
    if isinstance(coefficients, str) or not isinstance(coefficients, Sequence):
        raise TypeError(
            "coefficients must be (a, b, c) or a list of such triples, got "
            f"{coefficients!r}"
        )
    if all(isinstance(c, Sequence) for c in coefficients):
        found = [_triple(c) for c in coefficients]
        if not found:
            raise ValueError("coefficients must not be an empty list")
        if steps is None:
            return found
        # The last polynomial goes on where the list ends.
        steps = arg.integer("steps", steps, 0)
        return (found + [found[-1]] * max(0, steps - len(found)))[:steps]
    one = _triple(coefficients)
    return [one] * (5 if steps is None else arg.integer("steps", steps, 0))


def _triple(values: Any) -> Triple:
    if len(values) != 3:
        raise ValueError(
            f"coefficients must be three numbers a, b, c; got {values!r}"
        )
    a, b, c = (arg.number("coefficients", v) for v in values)
    return a, b, c


def matrix(name: str, value: Tensor, *, check: bool = False) -> Tensor:
    """Return ``value`` if it is a real floating-point matrix or a batch."""
    if arg.real_float(name, value).ndim < 2:
        raise ValueError(
            f"{name} must be a matrix or a batch of matrices, "
            f"got shape {arg.shape(value)}"
        )
    if check and not bool(value.isfinite().all()):
        raise ValueError(f"{name} must be finite, got NaN or inf in it")
    return value


def ns_poly(x: Tensor, coefficients: Triple = JORDAN) -> Tensor:
    r"""Return :math:`g(x)=ax+bx^3+cx^5`, what one step does to a value.

    Chapter: muon, claim C6

    Args:
        x: Real floating-point singular values, any shape.
        coefficients: a, b, c.

    Returns:
        ``x``'s shape and dtype. Differentiable.

    Raises:
        TypeError: ``x`` is no real floating-point tensor.
        ValueError: not three finite coefficients.

    >>> ns_poly(torch.tensor([0.0, 1.0], dtype=torch.float64), TAYLOR)
    tensor([0., 1.], dtype=torch.float64)
    """
    arg.real_float("x", x)
    ((a, b, c),) = triples(coefficients, 1)
    work = x.to(at_least_single(x.dtype))
    y = work * work
    return (work * (a + y * (b + y * c))).to(x.dtype)


@full_precision
def msign(
    M: Tensor,
    method: str = "svd",
    *,
    steps: int | None = None,
    coefficients: Triple | Sequence[Triple] = JORDAN,
    dtype: torch.dtype | None = None,
    check: bool = True,
) -> Tensor:
    r"""Return the matrix sign :math:`UV^\top` of each matrix.

    ``svd`` is exact: the nearest partial isometry of the same rank.
    ``ns`` makes the steps :math:`X\leftarrow aX+(bA+cA^2)X`,
    :math:`A=XX^\top`, from :math:`X=M/\lVert M\rVert_F`;
    :func:`singular_bounds` says what they leave of the singular values.

    A factor on M changes nothing, from 1e-30 to 1e30: each matrix is scaled
    by a power of two before its norm is taken. The sign of 0 is 0.

    Chapter: muon, claims C2 and C6

    Args:
        M: Shape (..., n, m), real floating-point.
        method: ``svd`` or ``ns``.
        steps: Of ``ns``; 5, or the length of the list of coefficients.
        coefficients: Of ``ns``: a, b, c for all steps, or a list with a
            triple for each step, as :func:`best_steps` gives; the last one
            is repeated if there are more steps.
        dtype: In which ``ns`` multiplies; usually that of M, and float32 for
            half precision. ``torch.bfloat16`` is faster where the hardware
            knows it, and costs 3 per cent of accuracy.
        check: Refuse NaN and inf; a device has to wait. Without it a matrix
            that holds one becomes NaN, and only that one.

    Returns:
        M's shape and dtype. With ``svd`` differentiable where the rank is
        full, also for equal singular values, and twice where they differ;
        with ``ns`` to any order.
        Time: 15 products of n x n by n x m for n <= m and 5 steps.

    Raises:
        TypeError: M is not real floating-point, ``dtype`` no dtype.
        ValueError: fewer than two axes, NaN, an unknown method, bad steps
            or coefficients.

    >>> M = torch.tensor([[2.0, 1.0], [0.0, 2.0]], dtype=torch.float64)
    >>> msign(M) * 17**0.5  # doctest: +NORMALIZE_WHITESPACE
    tensor([[ 4.0000,  1.0000],
            [-1.0000,  4.0000]], dtype=torch.float64)
    """
    arg.choice("method", method, ("svd", "ns"))
    schedule = triples(coefficients, steps)
    if dtype is not None:
        arg.dtype_of(dtype, complex_only=False)
        if dtype.is_complex:
            raise ValueError(f"dtype must be real, got {dtype}")
    matrix("M", M, check=check)
    if M.numel() == 0:
        return M.clone()
    work = at_least_single(M.dtype)
    X = unit_scale(M.to(work))
    if method == "ns":
        X = X / X.norm(dim=(-2, -1), keepdim=True).clamp(min=_TINY)
        return iterate(X.to(dtype or work), schedule).to(M.dtype)
    # LAPACK refuses what is not finite: it sees 0, the result is NaN.
    bad = ~X.isfinite().all(-1, keepdim=True).all(-2, keepdim=True)
    found = _polar(X.masked_fill(bad, 0))
    return found.masked_fill(bad, math.nan).to(M.dtype)


_TINY = 1e-30  # below the norm of anything whose largest entry is 1/2


def unit_scale(M: Tensor) -> Tensor:
    """Divide by a power of two, so that the largest entry is about 1.

    Exact, so a factor on M leaves no trace; and squares neither overflow nor
    vanish. The factor is a constant to derivatives: the sign has none in it.
    """
    top = M.detach().abs().amax((-2, -1), keepdim=True)
    exponent = torch.frexp(top.clamp(torch.finfo(M.dtype).tiny))[1]
    # Two halves: 2^-exponent alone may be no number of this format.
    half = exponent // 2
    one = torch.ones_like(top)
    return M * torch.ldexp(one, -half) * torch.ldexp(one, half - exponent)


def iterate(X: Tensor, schedule: Sequence[Triple]) -> Tensor:
    """Make the steps, on the shorter side of the matrices."""
    tall = X.shape[-2] > X.shape[-1]
    if tall:
        X = X.mT
    if transforming() or tracked(X) or torch.compiler.is_compiling():
        for a, b, c in schedule:
            A = X @ X.mT
            X = a * X + (b * A + c * (A @ A)) @ X
        return X.mT if tall else X
    product = torch.addmm if X.ndim == 2 else torch.baddbmm
    shape = X.shape
    if X.ndim > 3:
        X = X.flatten(0, -3)
    X = X.contiguous()
    for a, b, c in schedule:
        A = X @ X.mT
        B = product(A, A, A, beta=b, alpha=c)
        X = product(X, B, X, beta=a)
    X = X.reshape(shape)
    return X.mT if tall else X


def _polar(M: Tensor) -> Tensor:
    if torch.compiler.is_compiling():  # it makes a backward of its own
        return _signed(*torch.linalg.svd(M, full_matrices=False))
    sign: Tensor = _Polar.apply(M)[0]
    return sign


def _signed(U: Tensor, s: Tensor, Vh: Tensor) -> Tensor:
    """U V^T without the directions whose singular value is 0."""
    noise = max(U.shape[-2], Vh.shape[-1]) * torch.finfo(s.dtype).eps
    kept = s > noise * s.amax(-1, keepdim=True)
    return (U * kept.to(s.dtype).unsqueeze(-2)) @ Vh


class _Polar(torch.autograd.Function):
    """The derivative by Sylvester's equation: sums of singular values.

    That of an SVD has differences, and is NaN where two of them meet. It is
    the second derivative of the nuclear norm, hence its own transpose.
    """

    generate_vmap_rule = True

    @staticmethod
    def forward(M: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return the sign and the decomposition it came from."""
        U, s, Vh = torch.linalg.svd(M, full_matrices=False)
        return _signed(U, s, Vh), U, s, Vh

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        """Keep matrix and decomposition."""
        _, U, s, Vh = output
        ctx.mark_non_differentiable(U, s, Vh)
        ctx.save_for_backward(*inputs, U, s, Vh)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def jvp(ctx: Any, tangent: Tensor) -> tuple[Any, ...]:
        """Return the derivative along a tangent."""
        (M,) = ctx.saved_tensors
        U, s, Vh = torch.linalg.svd(M, full_matrices=False)
        return _polar_slope(U, s, Vh, tangent), None, None, None

    @staticmethod
    def backward(ctx: Any, grad: Tensor, *_: Any) -> Tensor:
        """Return the gradient; differentiable when asked to be."""
        M, U, s, Vh = ctx.saved_tensors
        if torch.is_grad_enabled():
            U, s, Vh = torch.linalg.svd(M, full_matrices=False)
        return _polar_slope(U, s, Vh, grad)


def _polar_slope(U: Tensor, s: Tensor, Vh: Tensor, dM: Tensor) -> Tensor:
    V = Vh.mT
    inner = U.mT @ dM @ V
    sums = s.unsqueeze(-1) + s.unsqueeze(-2)
    turn = U @ ((inner - inner.mT) / sums) @ Vh
    if U.shape[-2] > V.shape[-2]:  # what leaves the column space
        return turn + (dM @ V - U @ inner) / s.unsqueeze(-2) @ Vh
    if U.shape[-2] < V.shape[-2]:
        return turn + (U / s.unsqueeze(-2)) @ (U.mT @ dM - inner @ Vh)
    return turn


def singular_bounds(
    lower: float,
    coefficients: Triple | Sequence[Triple] = JORDAN,
    steps: int | None = None,
    *,
    upper: float = 1.0,
) -> tuple[float, float]:
    r"""Return bounds of the singular values that the iteration leaves.

    If all :math:`\sigma_i/\lVert M\rVert_F` lie in [lower, upper], then those
    of ``msign(M, "ns")`` lie within the bounds, up to the rounding of its
    matrix products. The bounds are the image of the interval, attained at
    both ends: each step is computed in exact rational arithmetic and rounded
    outwards, its extrema enclosed between neighbouring numbers.

    Chapter: muon, claim C9

    Args:
        lower: Smallest singular value over the Frobenius norm, >= 0.
        coefficients: As in :func:`msign`.
        steps: As in :func:`msign`.
        upper: Largest one, at least ``lower``.

    Returns:
        The smallest and the largest value.

    Raises:
        TypeError: not numbers.
        ValueError: ``lower`` < 0, ``upper`` < ``lower``, bad steps or
            coefficients.

    >>> low, high = singular_bounds(1.51e-3)
    >>> round(low, 5), round(high, 5)
    (0.68183, 1.20237)
    """
    low = arg.number("lower", lower)
    high = arg.number("upper", upper)
    if low < 0:
        raise ValueError(f"lower must be >= 0, got {lower!r}")
    if high < low:
        raise ValueError(f"upper must be >= lower = {low}, got {upper!r}")
    for triple in triples(coefficients, steps):
        low, high = image(triple, low, high)
    return low, high


def image(triple: Triple, low: float, high: float) -> tuple[float, float]:
    """Enclose the values of a polynomial on an interval."""
    a, b, c = map(Fraction, triple)

    def g(x: Fraction) -> Fraction:
        return x * (a + x * x * (b + x * x * c))

    values = [g(Fraction(low)), g(Fraction(high))]
    for x, y in _turns(a, b, c):
        if y > low and x < high:
            steepest = abs(a) + 3 * abs(b) * y**2 + 5 * abs(c) * y**4
            slack = (y - x) * steepest
            values += [g(x) - slack, g(x) + slack]
    return _down(min(values)), _up(max(values))


def _turns(
    a: Fraction, b: Fraction, c: Fraction
) -> list[tuple[Fraction, Fraction]]:
    """Enclose the positive x at which a + 3 b x^2 + 5 c x^4 changes sign."""
    if c == 0:
        squares = [] if b == 0 else [(-a / (3 * b),) * 2]
    else:
        # At 0 both extrema meet and there is none.
        disc = 9 * b * b - 20 * a * c
        root = _root(disc) if disc > 0 else None
        ways = (1, -1) if root else ()
        squares = []
        for sign in ways:
            ends = [(-3 * b + sign * r) / (10 * c) for r in root or ()]
            squares.append((min(ends), max(ends)))
    return [
        (_root(low)[0], _root(high)[1]) for low, high in squares if low > 0
    ]


_BITS = 300


def _root(x: Fraction) -> tuple[Fraction, Fraction]:
    """Enclose the square root of a positive number."""
    n = math.isqrt((x.numerator << 2 * _BITS) // x.denominator)
    return Fraction(n, 1 << _BITS), Fraction(n + 1, 1 << _BITS)


def _down(value: Fraction) -> float:
    near = float(value)
    return near if Fraction(near) <= value else math.nextafter(near, -math.inf)


def _up(value: Fraction) -> float:
    near = float(value)
    return near if Fraction(near) >= value else math.nextafter(near, math.inf)

r"""Steepest descent under a norm, and the step of Shampoo.

.. math::

    \min_\Delta\ \frac{\lVert\Delta\rVert^2}{2\eta}+\langle G,\Delta\rangle
    \quad\text{at}\quad \Delta=-\eta\,\lVert G\rVert^\dagger\,\Phi^*,\qquad
    \lVert G\rVert^\dagger=\max_{\lVert\Phi\rVert=1}\langle G,\Phi\rangle .

Sources: kexue.fm/archives/10592; chapter muon.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import at_least_single, full_precision, widest
from kexue_lib.optim.msign import matrix, msign, unit_scale

KINDS = ("frobenius", "max", "spectral", "power")


def _exponents(kind: str, p: float | None) -> float:
    """Return the conjugate q of the exponent of a power norm."""
    arg.choice("kind", kind, KINDS)
    if kind != "power":
        if p is not None:
            raise ValueError(f"p belongs to kind='power', got {p!r}")
        return math.nan
    if p is None:
        raise ValueError("p must be given for kind='power'")
    value = arg.number("p", p)
    if value <= 1:
        raise ValueError(f"p must be > 1, got {p!r}")
    return value / (value - 1)


@full_precision
def dual_norm(
    G: Tensor, kind: str = "spectral", *, p: float | None = None
) -> Tensor:
    r"""Return :math:`\max\langle G,\Phi\rangle` over the unit ball of a norm.

    The norm of :math:`\Phi` is ``kind``; its dual is: ``frobenius`` itself;
    ``max`` (of the entries) the sum of absolute values; ``spectral`` the sum
    of singular values; ``power`` p that of the conjugate exponent
    :math:`q=p/(p-1)`.

    Chapter: muon, claims C10 and C11

    Args:
        G: Shape (..., n, m), real floating-point.
        kind: ``frobenius``, ``max``, ``spectral`` or ``power``.
        p: Exponent > 1 of ``power``.

    Returns:
        Shape (...), in G's dtype. Differentiable.

    Raises:
        TypeError: G is not real floating-point.
        ValueError: fewer than two axes, an unknown kind, p <= 1.

    >>> G = torch.tensor([[3.0, 0.0], [0.0, -4.0]])
    >>> [dual_norm(G, k).item() for k in ("frobenius", "max", "spectral")]
    [5.0, 7.0, 7.0]
    """
    q = _exponents(kind, p)
    value = matrix("G", G).to(at_least_single(G.dtype))
    axes = (-2, -1)
    if kind == "spectral":
        found = torch.linalg.svdvals(value).sum(-1)
    elif kind == "frobenius":
        found = torch.linalg.vector_norm(value, dim=axes)
    else:
        order = 1.0 if kind == "max" else q
        found = torch.linalg.vector_norm(value, order, dim=axes)
    return found.to(G.dtype)


@full_precision
def steepest(
    G: Tensor,
    kind: str = "spectral",
    *,
    eta: float = 1.0,
    p: float | None = None,
) -> Tensor:
    r"""Return the step :math:`-\eta\,\lVert G\rVert^\dagger\,\Phi^*`.

    :math:`\Phi^*` is G over its norm for ``frobenius`` (gradient descent),
    the signs for ``max`` (SignSGD), the matrix sign for ``spectral`` (Muon
    without momentum), signed powers :math:`|g|^{q/p}` for ``power`` (pbSGD).
    Where G lacks rank the last but one is one of many.

    Chapter: muon, claims C10 and C11

    Args:
        G: Gradient, shape (..., n, m), real floating-point, finite.
        kind: The norm that the step pays for.
        eta: Learning rate > 0.
        p: Exponent > 1 of ``power``.

    Returns:
        G's shape and dtype, without a graph.

    Raises:
        TypeError: G is not real floating-point.
        ValueError: fewer than two axes, an unknown kind, eta <= 0, p <= 1.

    >>> steepest(torch.tensor([[3.0, 0.0], [0.0, -4.0]]), "max", eta=0.1)
    tensor([[-0.7000, -0.0000],
            [-0.0000,  0.7000]])
    """
    q = _exponents(kind, p)
    rate = arg.number("eta", eta)
    if rate <= 0:
        raise ValueError(f"eta must be > 0, got {eta!r}")
    value = matrix("G", G).detach().to(at_least_single(G.dtype))
    if value.numel() == 0:
        return value.to(G.dtype)
    if kind == "frobenius":
        return (-rate * value).to(G.dtype)
    if kind == "max":
        way = value.sign()
    elif kind == "spectral":
        way = msign(value, check=False)
    else:
        way = value.sign() * unit_scale(value).abs() ** (q - 1)
        power = q / (q - 1)
        size = torch.linalg.vector_norm(way, power, dim=(-2, -1), keepdim=True)
        way = way / size.clamp(min=torch.finfo(size.dtype).tiny)
    size = dual_norm(value, kind, p=p)[..., None, None]
    return (-rate * size * way).to(G.dtype)


@full_precision
def shampoo_update(
    G: Tensor, L: Tensor | None = None, R: Tensor | None = None
) -> Tensor:
    r"""Return :math:`L^{-1/4}GR^{-1/4}`, with pseudo-inverse roots.

    Without L and R they are :math:`GG^\top` and :math:`G^\top G`: Shampoo
    without a memory, whose update is the matrix sign of G.

    Chapter: muon, claim C12

    Args:
        G: Gradient, shape (..., n, m), real floating-point, finite.
        L: Symmetric and not negative, shape (..., n, n).
        R: Symmetric and not negative, shape (..., m, m).

    Returns:
        Shape (..., n, m), in the common dtype, without a graph. Singular
        values of L and R are squares: below the root of the machine
        precision, relative to the largest, they count as 0.

    Raises:
        TypeError: an argument is not real floating-point.
        ValueError: shapes that do not fit.

    >>> G = torch.tensor([[2.0, 1.0], [0.0, 2.0]], dtype=torch.float64)
    >>> torch.allclose(shampoo_update(G), msign(G))
    True
    """
    n, m = matrix("G", G).shape[-2:]
    given = [G.detach()]
    for name, other, size in (("L", L, n), ("R", R, m)):
        if other is not None:
            if matrix(name, other).shape[-2:] != (size, size):
                raise ValueError(
                    f"{name} must have shape (..., {size}, {size}) for G of "
                    f"shape {arg.shape(G)}, got {arg.shape(other)}"
                )
            given.append(other.detach())
    dtype = widest(*given)
    work = at_least_single(dtype)
    value = given[0].to(work)
    left = value @ value.mT if L is None else L.detach().to(work)
    right = value.mT @ value if R is None else R.detach().to(work)
    return (_fourth(left) @ value @ _fourth(right)).to(dtype)


def _fourth(A: Tensor) -> Tensor:
    """The inverse fourth root on what is not zero."""
    s, V = torch.linalg.eigh(A)
    if s.numel() == 0:
        return A
    noise = A.shape[-1] * torch.finfo(s.dtype).eps
    kept = s > noise * s.amax(-1, keepdim=True)
    root = torch.where(kept, s, 1.0) ** -0.25 * kept
    return (V * root.unsqueeze(-2)) @ V.mT

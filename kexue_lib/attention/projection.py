r"""Random projections: how many dimensions keep N points apart.

A matrix :math:`A\in\mathbb R^{n\times m}` with independent entries
:math:`N(0,1/n)` sends a unit vector to :math:`u\sim N(0,I_n/n)`, and
:math:`n\lVert u\rVert^2\sim\chi^2_n`. Everything here follows from that law:
its tail exactly, the bounds of the Johnson-Lindenstrauss lemma, and the
numbers of dimensions that they ask for. Distances are squared throughout:
:math:`\varepsilon` bounds
:math:`\bigl|\lVert Av\rVert^2/\lVert v\rVert^2-1\bigr|`.

Sources: kexue.fm/archives/8679 and 9588; Dasgupta and Gupta, "An elementary
proof of a theorem of Johnson and Lindenstrauss" (2003).
"""

from __future__ import annotations

import inspect
import math
from typing import Any, Literal, get_args

import numpy as np
import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import at_least_single, full_precision, widest

Rule = Literal["post24", "exist16", "dasgupta-gupta", "chernoff", "exact"]
Bound = Literal["lemma", "chernoff"]

RULES: tuple[str, ...] = get_args(Rule)
"""Rules for the number of dimensions."""
BOUNDS: tuple[str, ...] = get_args(Bound)
"""Bounds of the tail of a projected norm."""
_WITH_DELTA = ("chernoff", "exact")

# Pairs nearer than this share of their squared norms are subtracted before
# they are squared: the Gram matrix has lost their digits.
_NEAR = 1e-2
_AT_ONCE = 2**22  # numbers, so that many near pairs need little memory


def jl_matrix(
    n: int,
    m: int,
    *,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Tensor:
    r"""Return a random projection, entries independent :math:`N(0,1/n)`.

    ``X @ jl_matrix(n, m).mT`` maps rows of length m to rows of length n and
    keeps squared lengths in the mean.

    Chapter: jl-lemma, claim C6

    With a generator the sample is drawn on the generator's device and then
    moved, so that a CPU generator gives the same matrix everywhere.

    Args:
        n: Number of rows, the dimension to project to, >= 1.
        m: Number of columns, the dimension to project from, >= 1.
        generator: Source of randomness; default: torch's own.
        dtype: float64, float32, bfloat16 or float16; default float64.
        device: Default: torch's default device.

    Returns:
        Shape ``(n, m)``.

    Raises:
        TypeError: ``n`` or ``m`` is not an integer, ``generator`` not a
            ``torch.Generator``.
        ValueError: ``n < 1``, ``m < 1``, a ``dtype`` that is not real.
    """
    n, m = arg.integer("n", n, 1), arg.integer("m", m, 1)
    dtype = arg.dtype_of(dtype, complex_only=False)
    if dtype.is_complex:
        raise ValueError(f"dtype must be real, got {dtype}")
    device = arg.device_of(device)
    if generator is not None and not isinstance(generator, torch.Generator):
        raise TypeError(
            f"generator must be a torch.Generator, got {generator!r}"
        )
    source = device if generator is None else generator.device
    half = dtype in (torch.bfloat16, torch.float16)
    sample = torch.randn(
        n,
        m,
        generator=generator,
        dtype=torch.float32 if half else dtype,
        device=source,
    )
    return sample.mul_(n**-0.5).to(device=device, dtype=dtype)


def jl_dim(
    N: int, eps: float, rule: Rule = "exact", *, delta: float | None = None
) -> int:
    r"""Return how many dimensions a rule asks for.

    With that many rows, :func:`jl_matrix` keeps all
    :math:`\tfrac12N(N-1)` squared distances within a factor
    :math:`1\pm\varepsilon`, with the stated probability. The least
    n that satisfies the rule:

    - ``"post24"``: :math:`n>24\log N/\varepsilon^2`; probability at least
      :math:`1-1/N`.
    - ``"exist16"``: :math:`n\ge16\log N/\varepsilon^2`; at least
      :math:`1/N`, so that a good matrix exists.
    - ``"dasgupta-gupta"``:
      :math:`n\ge4\log N/(\varepsilon^2/2-\varepsilon^3/3)`; at least
      :math:`1/N`. scikit-learn's ``johnson_lindenstrauss_min_dim`` is this
      number rounded *down*.
    - ``"chernoff"``:
      :math:`n\ge2\log\frac{N(N-1)}\delta/(\varepsilon-\log(1+\varepsilon))`;
      at least :math:`1-\delta`.
    - ``"exact"``: the union bound with the exact tail,
      :math:`\tfrac12N(N-1)` :func:`norm_tail` :math:`\le\delta`; at least
      :math:`1-\delta`. Of the three rules with that guarantee
      (``"post24"`` at :math:`\delta=1/N`) it asks for the least.

    Chapter: jl-lemma, claims C4a and C6

    Args:
        N: Number of points, >= 2.
        eps: Allowed relative change of a squared distance, in (0, 1).
        rule: One of the above.
        delta: Allowed probability of failure, in (0, 1), for ``"chernoff"``
            and ``"exact"`` only; default 1/N.

    Returns:
        The number of dimensions, an ``int`` >= 1.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: ``N < 2``, ``eps`` or ``delta`` not in (0, 1), an unknown
            rule, ``delta`` for a rule that has none.
    """
    N = arg.integer("N", N, 2)
    eps = _fraction("eps", eps)
    arg.choice("rule", rule, RULES)
    if rule not in _WITH_DELTA:
        if delta is not None:
            raise ValueError(
                f"delta goes with {' and '.join(_WITH_DELTA)}, got "
                f"delta={delta!r} for rule {rule!r}"
            )
        if rule == "post24":
            return math.floor(24 * math.log(N) / eps**2) + 1
        if rule == "exist16":
            return math.ceil(16 * math.log(N) / eps**2)
        return math.ceil(4 * math.log(N) / (eps**2 / 2 - eps**3 / 3))
    share = 1 / N if delta is None else _fraction("delta", delta)
    pairs = math.log(N) + math.log(N - 1) - math.log(share)
    high = math.ceil(2 * pairs / (eps - math.log1p(eps)))
    if rule == "chernoff":
        return high
    wanted = 2 * share / (N * (N - 1))
    margin = torch.tensor(eps, dtype=torch.float64, device="cpu")
    low = 0  # the tail is too large there, and at `high` small enough
    while high - low > 1:
        middle = (low + high) // 2
        if float(norm_tail(middle, margin)) <= wanted:
            high = middle
        else:
            low = middle
    return high


def norm_tail(
    n: int | Tensor, eps: float | Tensor, *, check: bool = True
) -> Tensor:
    r"""Return :math:`P(|\lVert u\rVert^2-1|\ge\varepsilon)` exactly.

    For :math:`u\sim N(0,I_n/n)`, so that :math:`n\lVert u\rVert^2` is
    :math:`\chi^2_n`:
    :math:`Q(\tfrac n2,\tfrac n2(1+\varepsilon))+
    P(\tfrac n2,\tfrac n2(1-\varepsilon))` with the regularised incomplete
    gamma functions. Relative error: a few 1e-13, in the middle of the
    distribution (probabilities above 1e-3) up to 1e-9, that of
    ``torch.special.gammaincc``.

    Chapter: jl-lemma, claim C4

    Args:
        n: Dimension, an integer or a tensor >= 1.
        eps: In (0, 1); its shape broadcasts with that of ``n``.
        check: Verify the values of tensors, which a device has to wait for.

    Returns:
        The broadcast shape, in the dtype of ``eps`` if that is a
        floating-point tensor, else float64. Differentiable in ``eps``.

    Raises:
        TypeError: An argument is not real.
        ValueError: ``n < 1``, or ``eps`` not in (0, 1).
    """
    count, share = _law(n, eps, check)
    a = count / 2
    return torch.special.gammaincc(a, a * (1 + share)) + (
        torch.special.gammainc(a, a * (1 - share))
    )


def norm_tail_bound(
    n: int | Tensor,
    eps: float | Tensor,
    kind: Bound = "chernoff",
    *,
    check: bool = True,
) -> Tensor:
    r"""Return an upper bound of :func:`norm_tail`.

    - ``"chernoff"``: :math:`e^{\frac n2(\log(1+\varepsilon)-\varepsilon)}+
      e^{\frac n2(\log(1-\varepsilon)+\varepsilon)}`;
    - ``"lemma"``: :math:`2e^{-n\varepsilon^2/8}`, the post's.

    Chapter: jl-lemma, claims C2, C3 and C4

    Args:
        n: As in :func:`norm_tail`.
        eps: As in :func:`norm_tail`.
        kind: Which bound.
        check: As in :func:`norm_tail`.

    Returns:
        The broadcast shape. Differentiable in ``eps`` and ``n``.

    Raises:
        TypeError: An argument is not real.
        ValueError: ``n < 1``, ``eps`` not in (0, 1), an unknown ``kind``.
    """
    arg.choice("kind", kind, BOUNDS)
    count, share = _law(n, eps, check)
    if kind == "lemma":
        return 2 * torch.exp(-count * share * share / 8)
    upper = torch.log1p(share) - share
    lower = torch.log1p(-share) + share
    return torch.exp(count / 2 * upper) + torch.exp(count / 2 * lower)


@full_precision
def pair_distortion(X: Tensor, Y: Tensor, *, check: bool = True) -> Tensor:
    r"""Return the relative change of every squared distance.

    For all pairs :math:`i<j`, in the order of ``torch.triu_indices``:
    :math:`\lVert y_i-y_j\rVert^2/\lVert x_i-x_j\rVert^2-1`. A map is an
    :math:`\varepsilon`-isometry of these points if no value is larger than
    :math:`\varepsilon` in size.

    Chapter: jl-lemma, claim C6

    Distances come from one Gram matrix. Pairs that are so near that it has
    lost their digits are computed again by subtraction, if ``check`` allows
    to look for them.

    Args:
        X: Points before, shape ``(..., N, m)`` with N >= 2, floating point.
        Y: Points after, shape ``(..., N, n)``, the same batch shape.
        check: Compute near pairs again and refuse coinciding points, which
            reads values (a device synchronisation).

    Returns:
        Shape ``(..., N(N-1)/2)``, in float32 or the wider of the two dtypes.
        Differentiable.

    Raises:
        TypeError: An argument is not a real floating-point tensor.
        ValueError: Shapes do not match, or two points of ``X`` coincide.
    """
    for name, points in (("X", X), ("Y", Y)):
        arg.real_tensor(name, points)
        if not points.is_floating_point():
            raise TypeError(
                f"{name} must be floating-point, got {points.dtype}"
            )
        if points.ndim < 2 or points.shape[-2] < 2 or points.shape[-1] < 1:
            raise ValueError(
                f"{name} must have shape (..., N, m) with N >= 2 and m >= 1, "
                f"got {arg.shape(points)}"
            )
    if X.shape[:-1] != Y.shape[:-1]:
        raise ValueError(
            "X and Y must have the same points, shapes (..., N, m) and "
            f"(..., N, n); got {arg.shape(X)} and {arg.shape(Y)}"
        )
    dtype = at_least_single(widest(X, Y))
    X, Y = X.to(dtype), Y.to(dtype)
    N = X.shape[-2]
    pairs = torch.triu_indices(N, N, 1, device=X.device)
    before = _squared_distances(X, pairs, check)
    if check and not bool((before > 0).all()):
        i, j = pairs[:, (before > 0).logical_not().nonzero()[0, -1]].tolist()
        raise ValueError(
            f"X must have no equal points, but rows {i} and {j} coincide or "
            "are not finite"
        )
    return _squared_distances(Y, pairs, check) / before - 1


def _squared_distances(X: Tensor, pairs: Tensor, check: bool) -> Tensor:
    """Return the squared distances of the pairs of rows."""
    X = X - X.mean(-2, keepdim=True)
    gram = X @ X.mT
    norms = gram.diagonal(dim1=-2, dim2=-1)
    i, j = pairs
    total = norms.index_select(-1, i) + norms.index_select(-1, j)
    inner = gram.flatten(-2).index_select(-1, i * X.shape[-2] + j)
    squared = torch.sub(total, inner, alpha=2)
    if check:
        near = squared <= _NEAR * total
        if bool(near.any()):
            squared = squared.masked_scatter(near, _subtracted(X, pairs, near))
    return squared


def _subtracted(X: Tensor, pairs: Tensor, near: Tensor) -> Tensor:
    """Return the squared distances of the pairs marked, by subtraction."""
    points = X.flatten(0, -2)
    which = near.flatten(0, -2) if near.ndim > 1 else near[None]
    batch, pair = which.nonzero(as_tuple=True)
    i, j = pairs[:, pair] + batch * X.shape[-2]
    size = max(1, _AT_ONCE // X.shape[-1])
    found = [
        (points[a] - points[b]).square().sum(-1)
        for a, b in zip(i.split(size), j.split(size), strict=True)
    ]
    return torch.cat(found)


def _fraction(name: str, value: float) -> float:
    result = arg.number(name, value)
    if not 0 < result < 1:
        raise ValueError(f"{name} must be in (0, 1), got {value!r}")
    return result


def _law(
    n: int | Tensor, eps: float | Tensor, check: bool
) -> tuple[Tensor, Tensor]:
    """Check n and eps; return them as tensors of one floating dtype."""
    like = [v for v in (eps, n) if isinstance(v, Tensor)]
    device = arg.device_of(None, *like)
    if isinstance(eps, Tensor):
        arg.real_tensor("eps", eps)
        if not eps.is_floating_point():
            raise TypeError(f"eps must be floating-point, got {eps.dtype}")
        if check and not bool(((eps > 0) & (eps < 1)).all()):
            raise ValueError(f"eps must be in (0, 1), got {eps}")
        share = eps
    else:
        share = torch.tensor(
            _fraction("eps", eps), dtype=torch.float64, device=device
        )
    if isinstance(n, Tensor):
        arg.real_tensor("n", n)
        if check and not bool(((n >= 1) & n.isfinite()).all()):
            raise ValueError(f"n must be finite and >= 1, got {n}")
        count = n.to(share.dtype)
    else:
        count = torch.tensor(
            arg.integer("n", n, 1), dtype=share.dtype, device=device
        )
    return count, share


class RandomProjection:
    r"""A random projection with scikit-learn's methods.

    What ``sklearn.random_projection.GaussianRandomProjection`` is, on
    :func:`jl_dim` and :func:`jl_matrix`. With ``n_components="auto"`` all
    squared distances are kept within a factor :math:`1\pm\varepsilon` with
    probability at least :math:`1-1/N` (or :math:`1-\delta`); scikit-learn's
    rule, ``"dasgupta-gupta"`` here, takes about a tenth less and promises
    1/N. Tensors stay tensors on their device, arrays stay arrays, and a seed
    gives the same matrix in every dtype. It works in a ``Pipeline`` and with
    ``clone``; scikit-learn need not be installed.

    Chapter: jl-lemma, claims C4a and C6

    Args:
        n_components: Number of dimensions >= 1, or ``"auto"``.
        eps: Allowed relative change of a squared distance, in (0, 1), for
            ``"auto"``.
        rule: Of :func:`jl_dim`, for ``"auto"``.
        delta: Of :func:`jl_dim`, for ``"auto"``.
        random_state: Seed >= 0, or None for torch's own generator.

    Attributes:
        n_components_: Number of dimensions, after ``fit``.
        n_features_in_: Number of columns that ``fit`` saw.
        components_: The matrix, shape ``(n_components_, n_features_in_)``.

    Arguments are looked at by ``fit``, as is usual there.

    >>> X = torch.randn(50, 2000)
    >>> projection = RandomProjection(eps=0.5, random_state=0)
    >>> projection.fit_transform(X).shape
    torch.Size([50, 180])
    """

    n_components_: int
    n_features_in_: int
    components_: Tensor | np.ndarray

    def __init__(
        self,
        n_components: int | Literal["auto"] = "auto",
        *,
        eps: float = 0.1,
        rule: Rule = "exact",
        delta: float | None = None,
        random_state: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.eps = eps
        self.rule = rule
        self.delta = delta
        self.random_state = random_state

    def fit(self, X: Any, y: object = None) -> RandomProjection:
        """Draw a matrix for data of the size of ``X``.

        Args:
            X: Points, shape ``(N, m)``: a tensor, an array or nested lists.
            y: Not looked at.

        Returns:
            The projection itself.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: ``X`` is not ``(N, m)`` and finite; a parameter out
                of its range; more dimensions asked for than ``X`` has
                columns.
        """
        points, is_array = _points(X)
        N, m = points.shape
        generator = None
        if self.random_state is not None:
            seed = arg.integer("random_state", self.random_state, 0)
            generator = torch.Generator("cpu").manual_seed(seed)
        if isinstance(self.n_components, str):
            arg.choice("n_components", self.n_components, ("auto",))
            # One point keeps all its distances in one dimension.
            n = jl_dim(max(N, 2), self.eps, self.rule, delta=self.delta)
            if n > m:
                raise ValueError(
                    f"eps={self.eps!r} and {N} points ask for {n} "
                    f"dimensions, but X has {m} columns only: there is "
                    "nothing to save"
                )
        else:
            n = arg.integer("n_components", self.n_components, 1)
        # The same numbers in every dtype and on every device.
        matrix = jl_matrix(n, m, generator=generator, device="cpu")
        matrix = matrix.to(points.device, points.dtype)
        self.n_components_, self.n_features_in_ = n, m
        self.components_ = matrix.numpy() if is_array else matrix
        return self

    def transform(self, X: Any) -> Any:
        """Project points of shape ``(N, m)``.

        Args:
            X: As in :meth:`fit`.

        Returns:
            Shape ``(N, n_components_)``; a tensor for a tensor, else an
            array. Differentiable.

        Raises:
            TypeError: ``X`` has the wrong type.
            ValueError: Not fitted yet; ``X`` of another width, or not
                finite.
        """
        if not self.__sklearn_is_fitted__():
            raise ValueError("this RandomProjection is not fitted: call fit")
        points, is_array = _points(X)
        if points.shape[-1] != self.n_features_in_:
            raise ValueError(
                f"X must have {self.n_features_in_} columns as in fit, got "
                f"{arg.shape(points)}"
            )
        matrix = torch.as_tensor(self.components_)
        image = points @ matrix.to(points.device, points.dtype).mT
        return image.numpy() if is_array else image

    def fit_transform(self, X: Any, y: object = None) -> Any:
        """Return ``fit(X).transform(X)``.

        Args:
            X: As in :meth:`fit`.
            y: Not looked at.
        """
        return self.fit(X, y).transform(X)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments of the constructor, by name."""
        names = list(inspect.signature(type(self)).parameters)
        return {name: getattr(self, name) for name in names}

    def set_params(self, **params: Any) -> RandomProjection:
        """Set some arguments of the constructor.

        Raises:
            ValueError: There is no argument of a name.
        """
        known = self.get_params()
        for name, value in params.items():
            if name not in known:
                raise ValueError(
                    f"{name} is no parameter of RandomProjection, which has "
                    f"{', '.join(known)}"
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        given = ", ".join(f"{k}={v!r}" for k, v in self.get_params().items())
        return f"RandomProjection({given})"

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "components_")

    def __sklearn_tags__(self) -> Any:
        # Only scikit-learn calls this, so it is there.
        from sklearn.utils import Tags, TargetTags, TransformerTags

        return Tags(
            estimator_type=None,
            target_tags=TargetTags(required=False),
            transformer_tags=TransformerTags(
                preserves_dtype=["float64", "float32"]
            ),
        )


def _points(X: Any) -> tuple[Tensor, bool]:
    """Return ``(N, m)`` floating-point numbers, and whether of an array."""
    is_array = not isinstance(X, Tensor)
    if is_array:
        array = np.asarray(X)
        if array.dtype.kind not in "fiub":
            raise TypeError(
                f"X must be an array of real numbers, got {array.dtype}"
            )
        kept = array.dtype in (np.float32, np.float16)
        array = array if kept else array.astype(np.float64)
        points = torch.from_numpy(np.ascontiguousarray(array))
    else:
        points = arg.real_tensor("X", X)
        if not points.is_floating_point():
            points = points.double()
    if points.ndim != 2 or 0 in points.shape:
        raise ValueError(
            "X must have shape (N, m) with N >= 1 and m >= 1, got "
            f"{arg.shape(points)}"
        )
    if not bool(points.isfinite().all()):
        raise ValueError("X must be finite, got NaN or infinity in it")
    return points, is_array

r"""LegS, the memory of the whole history, in discrete steps.

:math:`t\,x'=Ax+Bu` over samples: :math:`u(t)=u_k` for
:math:`k\epsilon\le t<(k+1)\epsilon`, and :math:`x_k=x(k\epsilon)`. No scheme
here knows :math:`\epsilon`: it cancels. Everything is in the ``"ortho"``
gauge of :func:`kexue_lib.ssm.hippo`, with :math:`v_n=\sqrt{2n+1}`.

Sources: HiPPO (arXiv 2008.07669), kexue.fm/archives/10137.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, get_args

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._autograd import apply, operation
from kexue_lib._precision import full_precision
from kexue_lib.ssm.basis import _gauss_legendre, legendre_basis
from kexue_lib.ssm.scan import linear_scan

if TYPE_CHECKING:
    import sympy

LegsMethod = Literal[
    "forward",
    "backward",
    "bilinear_post",
    "bilinear_code",
    "bilinear",
    "exact",
]
LEGS_METHODS: tuple[str, ...] = get_args(LegsMethod)
"""The rules by which LegS takes a step."""

Weights = Callable[[Tensor], tuple[Tensor, Tensor, Tensor]]

# With weights (new, old, write), a step from x_k is
# (I - new A) x_{k+1} = (I + old A) x_k + write B u_k.
_WEIGHTS: dict[str, Callable[[Any], tuple[Any, Any, Any]]] = {
    "forward": lambda k: (0 * k, 1 / k, 1 / k),
    "backward": lambda k: (1 / (k + 1), 0 * k, 1 / (k + 1)),
    "bilinear_post": lambda k: (0.5 / (k + 1), 0.5 / k, 1 / k),
    "bilinear_code": lambda k: (0.5 / k, 0.5 / k, 1 / k),
    "bilinear": lambda k: (0.5 / (k + 1), 0.5 / k, 0.5 / k + 0.5 / (k + 1)),
}
_BLOCK = 256
"""Waves of `legs_run` whose coefficients are computed together."""
_MOST = 2**22
"""Most numbers of one block."""


def legs_matvec(x: Tensor) -> Tensor:
    r"""Return :math:`Ax` for the LegS matrix, without the matrix.

    :math:`(Ax)_n=n\,x_n-v_n\sum_{k\le n}v_kx_k`: one running sum, O(N).

    Chapter: hippo-properties, claim C11

    Args:
        x: Shape ``(..., N)``, N >= 1, floating-point or complex.

    Returns:
        Shape and dtype of ``x``; differentiable. Half precision is computed
        in float32.

    Raises:
        TypeError: ``x`` is not a floating-point or complex tensor.
        ValueError: ``x`` has no last dimension of at least 1.
    """
    work = _vector("x", x)
    n, v = _degrees(work)
    return (n * work - v * (v * work).cumsum(-1)).to(x.dtype)


def legs_solve(
    b: Tensor, lam: float | Tensor, *, check: bool = True
) -> Tensor:
    r"""Return the solution of :math:`(I-\lambda A)z=b`, without the matrix.

    The sums :math:`S_n=\sum_{k\le n}v_kz_k` obey the scalar recurrence
    :math:`S_n=\frac{1-\lambda n}{1+\lambda n+\lambda}S_{n-1}
    +\frac{v_n}{1+\lambda n+\lambda}b_n`, whose factors are below 1 for
    :math:`\lambda>0`; then
    :math:`z_n=\frac{b_n-\lambda v_nS_{n-1}}{1+\lambda n+\lambda}`. The
    recurrence is a scan (:func:`kexue_lib.ssm.linear_scan`), O(N).

    Chapter: hippo-properties, claim C12

    Args:
        b: Shape ``(..., N)``, N >= 1, floating-point or complex.
        lam: A finite number, or a real tensor that broadcasts with the batch
            dimensions of ``b``. Positive in every scheme.
        check: Verify that :math:`I-\lambda A` is regular, which reads a
            tensor's values (a device synchronisation).

    Returns:
        The broadcast shape, in the common dtype; differentiable in ``b`` and
        ``lam``. Half precision is computed in float32.

    Raises:
        TypeError: Wrong types.
        ValueError: ``b`` is empty, ``lam`` is not finite, or
            :math:`1+\lambda(n+1)=0` for some n < N: the matrix is singular.
    """
    work = _vector("b", b)
    step: float | Tensor
    dtype, N = b.dtype, b.shape[-1]
    if isinstance(lam, Tensor):
        step = arg.real_tensor("lam", lam)[..., None]
        if lam.is_floating_point():
            dtype = torch.promote_types(dtype, lam.dtype)
            work = work.to(torch.promote_types(work.dtype, lam.dtype))
            step = step.to(work.real.dtype)
        good = not check or bool(
            (lam.isfinite() & ~_singular(lam.to(torch.float64), N)).all()
        )
    else:
        step = arg.number("lam", lam)
        good = not check or not (
            step and 1 <= (j := round(-1 / step)) <= N and 1 + step * j == 0
        )
    if not good:
        raise ValueError(
            f"lam must be finite and not -1/j for j in 1..{N}, "
            f"where I - lam A is singular; got {lam!r}"
        )
    return _solve(work, step).to(dtype)


def _singular(lam: Tensor, N: int) -> Tensor:
    """Say where I - lam A has a zero on its diagonal."""
    j = (-1 / lam).round()
    return (j >= 1) & (j <= N) & (1 + lam * j == 0)


def _solve(b: Tensor, lam: float | Tensor) -> Tensor:
    n, v = _degrees(b)
    bottom = 1 + lam * n + lam
    factor = (1 - lam * n) / bottom
    scaled = v * b / bottom
    total = linear_scan(factor, scaled, dim=-1)
    before = torch.nn.functional.pad(total[..., :-1], (1, 0))
    return (b - lam * v * before) / bottom


@full_precision
def legs_step(
    x: Tensor, u: float | Tensor, k: int, method: LegsMethod = "bilinear"
) -> Tensor:
    r"""Return :math:`x_{k+1}`, the memory after one more sample.

    Except for ``"exact"`` a step solves
    :math:`(I-\lambda A)x_{k+1}=(I+\mu A)x_k+\gamma Bu_k` in O(N), with
    weights :math:`(\lambda,\mu,\gamma)`:

    - ``"forward"``: :math:`(0,\frac1k,\frac1k)`;
    - ``"backward"``: :math:`(\frac1{k+1},0,\frac1{k+1})`;
    - ``"bilinear_post"``: :math:`(\frac1{2(k+1)},\frac1{2k},\frac1k)`, the
      scheme of the post. It does not keep constants;
    - ``"bilinear_code"``: :math:`(\frac1{2k},\frac1{2k},\frac1k)`, the frozen
      matrix of the HiPPO authors' code;
    - ``"bilinear"``: the first two weights of the post, and
      :math:`\gamma=\frac12(\frac1k+\frac1{k+1})`: the consistent trapezoid;
    - ``"exact"``: :math:`x_{k+1}=\Phi(\rho)(x_k-u_ke_0)+u_ke_0`,
      :math:`\rho=\frac k{k+1}`, exact for the held input; O(N^2).

    Chapter: hippo-properties, claims C4, C5, C11, C12

    Args:
        x: State :math:`x_k`, shape ``(..., N)``.
        u: Sample :math:`u_k`, a number or a tensor that broadcasts with the
            batch dimensions of ``x``.
        k: Number of samples already seen, >= 1. (:math:`x_1=u_0e_0` needs no
            step: there is no freedom at t = 0.)
        method: One of the names above.

    Returns:
        Shape ``(..., N)``; differentiable.

    Raises:
        TypeError: Wrong types.
        ValueError: ``k < 1``, an unknown ``method``, an empty ``x``.
    """
    arg.choice("method", method, LEGS_METHODS)
    k = arg.integer("k", k, 1)
    work = _vector("x", x)
    dtype = x.dtype
    if isinstance(u, Tensor):
        sample = arg.float_tensor("u", u)[..., None]
        dtype = torch.promote_types(dtype, sample.dtype)
        work = work.to(torch.promote_types(work.dtype, sample.dtype))
        sample = sample.to(work.dtype)
    else:
        sample = work.new_tensor([arg.number("u", u)])
    if method == "exact":
        constant = torch.nn.functional.pad(sample, (0, x.shape[-1] - 1))
        Phi = legs_propagator(
            k / (k + 1), x.shape[-1], dtype=torch.float64, device="cpu"
        )
        rest = work - constant
        Phi = Phi.to(device=rest.device, dtype=rest.dtype)
        return (rest @ Phi.mT + constant).to(dtype)
    new, old, write = _WEIGHTS[method](k)
    right = work + old * legs_matvec(work) + write * _degrees(work)[1] * sample
    return (_solve(right, new) if new else right).to(dtype)


def legs_run(
    u: Tensor, N: int, method: LegsMethod | Weights = "bilinear"
) -> Tensor:
    r"""Return the LegS memory of all samples, :math:`x_K`.

    Starts at :math:`x_1=u_0e_0` and steps as :func:`legs_step`, in O(N) a
    step. The sums :math:`S_n=\sum_{m\le n}v_mx_m` obey a rule with four
    neighbours,

    .. math::
        (1+\lambda(n+1))S'_n=(1-\lambda n)S'_{n-1}+(1-\mu(n+1))S_n
        -(1+\mu n)S_{n-1}+\gamma(2n+1)u,

    so that all entries with equal k + n are computed at once: K + N vector
    operations of length N, whatever the batch. ``"exact"`` needs no steps:
    it is :func:`step_projection`.

    Chapter: hippo-properties, claims C4, C5, C12a

    Args:
        u: Samples, shape ``(..., K)``, K >= 1.
        N: Number of coefficients, >= 1.
        method: A name as in :func:`legs_step`, or a function from the tensor
            of all k (float64, on the CPU) to the three weights, each of that
            shape.

    Returns:
        Shape ``(..., N)``, dtype and device of ``u``; differentiable. Half
        precision is computed in float32.

    Raises:
        TypeError: Wrong types.
        ValueError: ``N < 1``, K = 0, an unknown ``method``, weights that are
            not finite or make a step singular.
    """
    N = arg.integer("N", N, 1)
    work = _vector("u", u)
    K = u.shape[-1]
    k = torch.arange(1, K, dtype=torch.float64, device="cpu")
    if callable(method):
        new, old, write = _checked_weights(method, k, N)
    elif arg.choice("method", method, LEGS_METHODS) == "exact":
        return step_projection(u, N)
    else:
        new, old, write = _WEIGHTS[method](k)
    samples = work.reshape(-1, K).mT.contiguous()
    given = (samples, new, old, write, N, False)
    if torch.compiler.is_compiling():
        S: Tensor = _waves_op(*given)
    else:
        S = apply(_Waves, *given)
    x = torch.cat((S[:1], S.diff(dim=0))).mT
    return (x / _degrees(x)[1]).reshape(*u.shape[:-1], N).to(u.dtype)


class _Rules:
    """Coefficients of all steps, made block by block along the waves.

    Wave w holds the entries (k, n) with k + n = w + 1.
    """

    def __init__(self, N: int, new: Tensor, old: Tensor, write: Tensor):
        self.N, self.weights = N, (new, old, write)
        self.steps = new.shape[0]
        self.waves = self.steps + N - 1 if self.steps else 0

    def blocks(
        self, like: Tensor, *, backwards: bool = False
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the step of each entry (waves, N), and its coefficients.

        The coefficients, (4, waves, N, 1), belong to S'_{n-1}, S_n, S_{n-1}
        and u; where no step is due they leave S_n as it is.
        """
        n = torch.arange(self.N, device="cpu")
        size = min(_BLOCK, max(1, _MOST // (self.N * max(1, like.shape[1]))))
        starts = range(0, self.waves, size)
        for first in reversed(starts) if backwards else starts:
            last = min(first + size, self.waves)
            step = torch.arange(first, last, device="cpu")[:, None] - n
            due = (step >= 0) & (step < self.steps)
            step = step.clamp(0, self.steps - 1)
            new, old, write = (w[step] for w in self.weights)
            bottom = 1 + new * (n + 1)
            rules = torch.stack(
                (
                    ((1 - new * n) / bottom).where(due, 0.0),
                    ((1 - old * (n + 1)) / bottom).where(due, 1.0),
                    (-(1 + old * n) / bottom).where(due, 0.0),
                    (write * (2 * n + 1) / bottom).where(due, 0.0),
                )
            )[..., None]
            yield step.to(like.device), rules.to(like.device, like.dtype)


class _Waves(torch.autograd.Function):
    """The sums S_n after all samples, or the transpose of this linear map.

    Samples are (K, batch), sums (N, batch).
    """

    @staticmethod
    def forward(
        given: Tensor,
        new: Tensor,
        old: Tensor,
        write: Tensor,
        N: int,
        transposed: bool,
    ) -> Tensor:
        return _run_waves(given, new, old, write, N, transposed)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Tensor) -> None:
        _, *ctx.rules, ctx.transposed = inputs

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        """The map is linear: its gradient is its transpose."""
        found = apply(_Waves, grads[0], *ctx.rules, not ctx.transposed)
        return (found, *[None] * 5)

    @staticmethod
    def jvp(ctx: Any, tangent: Tensor, *_: None) -> Any:
        return apply(_Waves, tangent, *ctx.rules, ctx.transposed)

    @staticmethod
    def vmap(
        info: Any, in_dims: Any, given: Tensor, *rest: Any
    ) -> tuple[Any, int]:
        together = given.movedim(in_dims[0], 1).flatten(1)
        found: Tensor = apply(_Waves, together, *rest)
        return found.unflatten(1, (info.batch_size, -1)), 1


def _run_waves(
    given: Tensor,
    new: Tensor,
    old: Tensor,
    write: Tensor,
    N: int,
    transposed: bool,
) -> Tensor:
    rules = _Rules(N, new, old, write)
    if given.shape[1] == 0:
        return given.new_zeros(rules.steps + 1 if transposed else N, 0)
    return (_backward_waves if transposed else _waves)(given, rules)


def _no_waves(
    given: Tensor,
    new: Tensor,
    old: Tensor,
    write: Tensor,
    N: int,
    transposed: bool,
) -> Tensor:
    rows = new.shape[0] + 1 if transposed else N
    return given.new_empty(rows, given.shape[1])


def _op_context(ctx: Any, inputs: Any, output: Tensor) -> None:
    _, new, old, write, ctx.N, ctx.transposed = inputs
    ctx.save_for_backward(new, old, write)


def _op_backward(ctx: Any, grad: Tensor) -> Any:
    found = _waves_op(grad, *ctx.saved_tensors, ctx.N, not ctx.transposed)
    return (found, *[None] * 5)


_waves_op = operation(
    "legs_waves", _run_waves, _no_waves, _op_backward, _op_context
)


def _waves(u: Tensor, rules: _Rules) -> Tensor:
    # Three buffers in turn: this wave, the next one, the one after. Row n + 1
    # holds S_n, row 0 the empty sum.
    waves = u.new_zeros(3, rules.N + 1, u.shape[1])
    waves[:2, 1:] = u[0]
    left, here = waves[:, :-1].unbind(), waves[:, 1:].unbind()
    now = 0
    for step, (*three, writes) in rules.blocks(u):
        drive = writes * u[step + 1]
        for a, b, c, d in zip(*three, drive, strict=True):
            before, now, after = now, (now + 1) % 3, (now + 2) % 3
            row = torch.addcmul(d, a, left[now], out=here[after])
            row.addcmul_(b, here[now]).addcmul_(c, left[before])
    return here[(now + 1) % 3].clone()


def _backward_waves(grad: Tensor, rules: _Rules) -> Tensor:
    u = grad.new_zeros(rules.steps + 1, grad.shape[1])
    # Gradients of the newest wave and of the one before it.
    newest = torch.nn.functional.pad(grad, (0, 0, 1, 0))
    before = torch.zeros_like(newest)
    for step, (*three, writes) in rules.blocks(grad, backwards=True):
        rows = []
        for a, b, c in zip(*(t.flip(0) for t in three), strict=True):
            row = newest[1:]
            rows.append(row)
            older = torch.zeros_like(newest)
            torch.mul(c, row, out=older[:-1])
            before[1:].addcmul_(b, row)
            before[:-1].addcmul_(a, row)
            newest, before = before, older
        share = writes * torch.stack(rows[::-1])
        u.index_add_(0, step.flatten() + 1, share.flatten(0, 1))
    # The wave before the first one is read through the empty sum only.
    u[0] += newest[1:].sum(0)
    return u


def _checked_weights(method: Weights, k: Tensor, N: int) -> list[Tensor]:
    weights = [torch.as_tensor(w, dtype=k.dtype) for w in method(k)]
    if len(weights) != 3 or any(w.shape != k.shape for w in weights):
        raise ValueError(
            f"method must return three tensors of shape {arg.shape(k)}, "
            f"got {[arg.shape(w) for w in weights]}"
        )
    finite = all(bool(w.isfinite().all()) for w in weights)
    if not finite or bool(_singular(weights[0], N).any()):
        raise ValueError(
            "method must return finite weights, the first of which is never "
            f"-1/j for j in 1..{N}"
        )
    return weights


def step_projection(u: Tensor, N: int) -> Tensor:
    r"""Return the exact coefficients of a held signal.

    :math:`c_n=\sum_ku_k\int_{k/K}^{(k+1)/K}\phi_n(s)\,ds`, what a perfect
    LegS memory holds after K samples; no scheme, no step. The integrals are
    closed forms, :math:`\int\phi_n=\frac{P_{n+1}-P_{n-1}}{2v_n}`.

    Chapter: hippo-properties, claim C5

    Args:
        u: Samples, shape ``(..., K)``, K >= 1.
        N: Number of coefficients, >= 1.

    Returns:
        Shape ``(..., N)``, dtype and device of ``u``; differentiable. Half
        precision is computed in float32.

    Raises:
        TypeError: Wrong types.
        ValueError: ``N < 1`` or K = 0.
    """
    N = arg.integer("N", N, 1)
    work = _vector("u", u)
    K = u.shape[-1]
    # Summed by parts: only the jumps of the signal matter, and the
    # antiderivatives vanish at both ends.
    jumps = work[..., :-1] - work[..., 1:]
    x = 2 * torch.arange(1, K, dtype=torch.float64, device="cpu") / K - 1
    before, now = torch.ones_like(x), x
    columns = [work.mean(-1)]
    for n in range(1, N):
        after = ((2 * n + 1) * x * now - n * before) / (n + 1)
        area = (after - before) / (2 * (2 * n + 1) ** 0.5)
        area = area.to(device=work.device, dtype=work.dtype)
        columns.append((jumps * area).sum(-1))
        before, now = now, after
    return torch.stack(columns, -1).to(u.dtype)


def legs_propagator(
    rho: float | Tensor,
    N: int,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Tensor:
    r"""Return :math:`\Phi(\rho)`: what remains of a state at :math:`t=\rho T`.

    Without input :math:`x(T)=\Phi(\rho)\,x(\rho T)`,
    :math:`\Phi(\rho)=\rho^{-A}`. The entries are polynomials in
    :math:`\rho`, :math:`\Phi_{nk}(\rho)=
    \rho\int_0^1\phi_n(\rho s)\phi_k(s)\,ds`, and a Gauss rule with N nodes
    gives them exactly up to rounding: no eigenvectors (their condition
    number grows like :math:`(3+2\sqrt2)^N`) and no matrix exponential.

    Chapter: hippo-properties, claims C8, C9a, C9e

    Args:
        rho: Ratio of the two times, 0 < rho <= 1; a number or a real tensor
            of any shape (read on the CPU).
        N: Order, >= 1.
        dtype: As in :func:`kexue_lib.ssm.hippo`; default float64.
        device: Default: that of a tensor ``rho``, else torch's default.

    Returns:
        Shape ``(*rho.shape, N, N)``, lower triangular; differentiable in
        ``rho``. Absolute error about :math:`10^{-16}\rho N`.

    Raises:
        TypeError: Wrong types.
        ValueError: ``rho`` outside (0, 1], ``N < 1``.
    """
    N = arg.integer("N", N, 1)
    dtype = arg.dtype_of(dtype, complex_only=False)
    ratio = torch.as_tensor(
        arg.positive("rho", rho), dtype=torch.float64, device="cpu"
    )
    if bool((ratio > 1).any()):
        raise ValueError(f"rho must be in (0, 1], got {rho!r}")
    nodes, weights = map(torch.from_numpy, _gauss_legendre(N))
    fixed = legendre_basis(N, nodes) * weights  # (N, nodes)
    moved = legendre_basis(N, ratio[..., None] * nodes).movedim(0, -2)
    Phi = (ratio[..., None, None] * (moved @ fixed.mT)).tril()
    return Phi.to(device=arg.device_of(device, rho), dtype=dtype)


def legs_eigvecs_sym(N: int) -> sympy.Matrix:
    r"""Return the exact eigenvectors of LegS, in the ``"rational"`` gauge.

    Column j belongs to the eigenvalue :math:`-(j+1)` of
    ``hippo_sym("legs", N, "rational")[0]``; its entries are
    :math:`(-1)^{i-j}\binom{i+j}{i-j}(2i+1)` for :math:`i\ge j`: up to a
    factor the coefficients of :math:`s^j` in the basis. For exact work only:
    the condition number grows like :math:`(3+2\sqrt2)^N`.

    Chapter: hippo-properties, claim C7

    Args:
        N: Order, >= 1.

    Returns:
        Integer matrix of shape (N, N), lower triangular.

    Raises:
        TypeError: ``N`` is not an integer.
        ValueError: ``N < 1``.
    """
    import sympy as sp

    N = arg.integer("N", N, 1)

    def entry(i: int, j: int) -> sympy.Expr:
        sign = sp.Integer(-1) ** abs(i - j)
        return sign * sp.binomial(i + j, abs(i - j)) * (2 * i + 1)

    rows = [
        [entry(i, j) if i >= j else sp.Integer(0) for j in range(N)]
        for i in range(N)
    ]
    return sp.Matrix(rows)


def legs_propagator_sym(N: int, rho: sympy.Expr | int) -> sympy.Matrix:
    r"""Return :math:`\Phi(\rho)` exactly, in the ``"rational"`` gauge.

    :math:`\Phi_{nk}=\sum_{j=k}^n(-1)^{n-j}
    \frac{(n+j)!\,(2n+1)}{(n-j)!\,(j-k)!\,(j+k+1)!}\rho^{j+1}`.

    Chapter: hippo-properties, claim C8

    Args:
        N: Order, >= 1.
        rho: Exact number in (0, 1], or a symbol.

    Returns:
        Shape (N, N), lower triangular: polynomials in ``rho``.

    Raises:
        TypeError: ``N`` is not an integer, ``rho`` is not exact.
        ValueError: ``N < 1``, ``rho`` outside (0, 1].
    """
    import sympy as sp

    from kexue_lib.ssm.symbolic import _exact

    N = arg.integer("N", N, 1)
    ratio = _exact("rho", rho)
    if (ratio - 1).is_positive or ratio.is_zero:
        raise ValueError(f"rho must be in (0, 1], got {rho!r}")

    def term(n: int, k: int, j: int) -> sympy.Expr:
        sign = sp.Integer(-1) ** (n - j)
        top = sign * sp.factorial(n + j) * (2 * n + 1)
        below = sp.factorial(n - j) * sp.factorial(j - k)
        return top / (below * sp.factorial(j + k + 1)) * ratio ** (j + 1)

    return sp.Matrix(
        N,
        N,
        lambda n, k: sp.Add(
            *(term(int(n), int(k), j) for j in range(int(k), int(n) + 1))
        ),
    )


def _vector(name: str, value: Tensor) -> Tensor:
    """Check ``(..., N)`` with N >= 1; half precision becomes float32."""
    arg.float_tensor(name, value)
    if value.ndim < 1 or value.shape[-1] < 1:
        raise ValueError(
            f"{name} must have shape (..., N) with N >= 1, "
            f"got {arg.shape(value)}"
        )
    half = value.dtype in (torch.bfloat16, torch.float16)
    return value.float() if half else value


def _degrees(like: Tensor) -> tuple[Tensor, Tensor]:
    """Return :math:`n` and :math:`v_n` for the last dimension of a tensor."""
    n = torch.arange(like.shape[-1], dtype=torch.float64, device="cpu")
    v = (2 * n + 1).sqrt()
    dtype = torch.empty((), dtype=like.dtype, device="meta").real.dtype
    return n.to(like.device, dtype), v.to(like.device, dtype)

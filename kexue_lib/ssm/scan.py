r"""Linear recurrences :math:`x_t=\lambda_tx_{t-1}+\gamma u_t`, fast.

:func:`~kexue_lib.ssm.linear_scan` computes all states of a diagonal linear
recurrence, by any of five algorithms. The default one, ``"chunked"``, cuts
time into chunks and runs through all chunks at once: two reads and one write
of the data, no extra memory, and about as many operations as a chunk is long.

Chapter: lru, claims C1, C10, C11
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, cast, get_args

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import at_least_single, full_precision

ScanMethod = Literal[
    "chunked", "sequential", "upper_lower", "odd_even", "cumsum"
]
SCAN_METHODS: tuple[str, ...] = get_args(ScanMethod)
"""The algorithms of a scan."""

Pair = tuple[Any, Any]


def scan_combine(first: Pair, second: Pair) -> Pair:
    r"""Compose two steps: :math:`(a_1,b_1)\circ(a_2,b_2)`.

    A step is the map :math:`x\mapsto ax+b`; the first one acts first, so the
    result is :math:`(a_2a_1,\;a_2b_1+b_2)`. Associative, with the neutral
    element :math:`(1,0)`, which is all that a parallel scan asks for.

    Chapter: lru, claim C11

    Args:
        first: The pair ``(a, b)`` of the earlier step: tensors, numbers or
            SymPy expressions.
        second: The pair of the later step.

    Returns:
        The pair of both steps together.
    """
    a1, b1 = first
    a2, b2 = second
    return a2 * a1, a2 * b1 + b2


def decay_powers(lam: Tensor, L: int) -> Tensor:
    r"""Return :math:`\lambda^0,\lambda^1,\dots,\lambda^{L-1}`.

    Computed in double precision by repeated squaring and rounded once: in
    single precision :math:`e^{k\ln\lambda}` loses the phase of
    :math:`\lambda^k`, about as many digits as :math:`k` has. A device
    without float64 (MPS) computes in float32.

    Chapter: lru, claim C10

    Args:
        lam: Real or complex, any shape.
        L: Number of powers, >= 1.

    Returns:
        Shape ``(L, *lam.shape)``, dtype and device of ``lam``;
        differentiable, at 0 too.

    Raises:
        TypeError: ``lam`` is not a floating-point or complex tensor, ``L``
            not an integer.
        ValueError: ``L < 1``.
    """
    arg.float_tensor("lam", lam)
    L = arg.integer("L", L, 1)
    step = _wide(lam)
    result = torch.ones_like(step)[None]
    while len(result) < L:
        result = torch.cat((result, result * step))
        step = step * step
    return result[:L].to(lam.dtype)


def _wide(value: Tensor) -> Tensor:
    if value.device.type == "mps":
        return value if value.is_complex() else value.float()
    wide = torch.complex128 if value.is_complex() else torch.float64
    return value.to(wide)


def _power(lam: Tensor, exponent: int) -> Tensor:
    """Return one power, computed as in :func:`decay_powers`."""
    square, result = _wide(lam), None
    while exponent:
        if exponent & 1:
            result = square if result is None else result * square
        square = square * square
        exponent >>= 1
    return torch.ones_like(lam) if result is None else result.to(lam.dtype)


def linear_scan(
    lam: Tensor,
    u: Tensor,
    *,
    gamma: Tensor | None = None,
    x0: Tensor | None = None,
    method: ScanMethod = "chunked",
    dim: int = -2,
    strict: bool = False,
) -> Tensor:
    r"""Return all states of :math:`x_t=\lambda_tx_{t-1}+\gamma_tu_t`.

    Chapter: lru, claims C1, C7, C10, C11. Sources: arXiv 2303.06349 (LRU);
    kexue.fm/archives/9554 names the two parallel forms.

    Methods, for ``L`` steps (all give the same states, up to rounding):

    - ``"chunked"``: ``C`` chunks of ``T`` steps side by side. First the end
      of every chunk as if it began at 0, then the recurrence over these
      ends, then every chunk from its right start. ``O(L)`` work, about
      ``2T + log(C)`` times ``T`` operations of torch, no extra memory of
      size ``L``. The fastest on a CPU. (A single real number ``lam`` over
      inputs whose last dimension is time: a matrix product for each chunk;
      there a non-finite input spoils the whole chunk of 32 steps.)
    - ``"sequential"``: the definition, ``L`` operations.
    - ``"upper_lower"``: halves, then the upper half's end is added to the
      lower half: :math:`\lceil\log_2L\rceil` operations,
      :math:`\tfrac L2\log_2L` multiply-adds, padded to a power of two.
    - ``"odd_even"``: pairs of steps become one step, recursively:
      less than :math:`2L` multiply-adds, about :math:`2\log_2L` operations.
    - ``"cumsum"``: :math:`\lambda^t\sum_{k\le t}\lambda^{-k}u_k`, for
      comparison only: it is infinite or NaN as soon as
      :math:`|\lambda|^{-t}` overflows (float32 and
      :math:`|\lambda|=0.9`: before step 842), and for
      :math:`\lambda=0`.

    Growth, :math:`|\lambda|>1`, is as good as the definition on a CPU: where
    a product over a chunk overflows, the steps are taken one by one. On an
    accelerator, which is not asked for values, such a product turns states
    that are 0 into NaN; use ``"sequential"`` there.

    Powers of :math:`\lambda` are computed in double precision and rounded
    once (see :func:`decay_powers`). bfloat16 and float16 are computed in
    float32. The gradient is a scan that runs backwards, by the same method;
    it can be differentiated again.

    Args:
        lam: Real or complex. Without dimension ``dim`` (shape ``(D,)`` for
            ``u`` of shape ``(..., L, D)``), or with size 1 there, it is the
            same at all times; with size L, :math:`\lambda_t` is ``lam`` at
            index t.
        u: Inputs, real or complex; broadcasts with ``lam``, so that
            ``(..., L, 1)`` feeds one input to all of ``(D,)``.
        gamma: Factor of the input, broadcasts with both; default 1.
        x0: State before the first step: the common shape without dimension
            ``dim``, or what broadcasts to it; default 0.
        method: See above.
        dim: The dimension of time in the common shape; its size is L >= 1.
        strict: Raise if any :math:`|\lambda_t|>1`, which reads the values (a
            device synchronisation).

    Returns:
        The states, in the common shape and dtype of all arguments.

    Raises:
        TypeError: An argument is not a floating-point or complex tensor,
            ``dim`` is not an integer, ``method`` not a string.
        ValueError: Unknown ``method``, ``dim`` out of range, L = 0, shapes
            that do not broadcast, or ``strict`` and :math:`|\lambda|>1`.
    """
    arg.float_tensor("lam", lam)
    arg.float_tensor("u", u)
    arg.choice("method", method, SCAN_METHODS)
    given = {"lam": lam, "u": u}
    if gamma is not None:
        arg.float_tensor("gamma", gamma)
        given["gamma"] = gamma
    shape = _common_shape(given)
    axis = _axis(dim, shape)
    if shape[axis] == 0:
        raise ValueError(f"u must have L >= 1 steps, got shape {arg.shape(u)}")
    dtype = torch.promote_types(lam.dtype, u.dtype)
    if gamma is not None:
        dtype = torch.promote_types(dtype, gamma.dtype)
        # In the widest dtype: a number without dimensions decides none.
        u = gamma.to(dtype) * u.to(dtype)
    u = u.expand(shape)
    rest = (*shape[:axis], *shape[axis + 1 :])
    if x0 is not None:
        arg.float_tensor("x0", x0)
        _broadcasts_to("x0", x0, rest)
        dtype = torch.promote_types(dtype, x0.dtype)
    if strict and not bool((lam.abs() <= 1).all()):
        raise ValueError(
            f"|lam| must be <= 1, got {float(lam.detach().abs().max())}"
        )
    work = at_least_single(dtype)
    # Time goes first, as a view; lam has the dimensions of u.
    lam = lam.reshape(*[1] * (len(shape) - lam.ndim), *lam.shape)
    lam = lam.to(work).movedim(axis, 0)
    if x0 is None:
        start = torch.zeros((), dtype=work, device=u.device)
    else:
        start = x0.to(work)
    run = _scan_op if torch.compiler.is_compiling() else _Scan.apply
    u, start = u.to(work).movedim(axis, 0), start.expand(rest)
    x = run(lam, u, start, method)
    return cast(Tensor, x).movedim(0, axis).to(dtype)


def _axis(dim: int, shape: tuple[int, ...]) -> int:
    if isinstance(dim, bool) or not isinstance(dim, int):
        raise TypeError(f"dim must be an integer, got {dim!r}")
    if not -len(shape) <= dim < len(shape):
        raise ValueError(
            f"dim={dim} is out of range for states of shape {shape}"
        )
    return dim % len(shape)


def _common_shape(tensors: dict[str, Tensor]) -> tuple[int, ...]:
    try:
        return tuple(
            torch.broadcast_shapes(*(v.shape for v in tensors.values()))
        )
    except RuntimeError:
        shapes = ", ".join(f"{k} {arg.shape(v)}" for k, v in tensors.items())
        raise ValueError(
            f"{' and '.join(tensors)} must broadcast together, got {shapes}"
        ) from None


def _broadcasts_to(name: str, value: Tensor, shape: tuple[int, ...]) -> None:
    ends = zip(reversed(value.shape), reversed(shape), strict=False)
    if value.ndim > len(shape) or any(a != 1 and a != b for a, b in ends):
        raise ValueError(
            f"{name} must broadcast to one state, {shape}; got "
            f"{arg.shape(value)}"
        )


# -- the gradient -------------------------------------------------------------
#
# Below, time is dimension 0; lam has size L or 1 there. A kernel fills `out`
# with the states that follow `x`, in the order of time or against it.

Kernel = Callable[[Tensor, Tensor, Tensor, Tensor, bool], None]


def _states(lam: Tensor, u: Tensor, x0: Tensor, method: str) -> Tensor:
    """x_t = lam_t x_{t-1} + u_t, the first x_{t-1} being x0."""
    x = torch.empty_like(u)
    if x.numel():
        _KERNELS[method](lam, u, x0, x, False)
    return x


def _adjoints(lam: Tensor, g: Tensor, method: str) -> Tensor:
    """w_t = g_t + conj(lam_{t+1}) w_{t+1}: the transpose in u."""
    w = torch.empty_like(g)
    if not w.numel():
        return w
    kernel = _KERNELS[method]
    conj = lam.conj().resolve_conj()
    if len(lam) == 1:
        zero = torch.zeros((), dtype=g.dtype, device=g.device)
        kernel(conj, g, zero.expand(g.shape[1:]), w, True)
    else:
        w[-1] = g[-1]
        kernel(conj[1:], g[:-1], g[-1], w[:-1], True)
    return w


def _before(x: Tensor, x0: Tensor) -> Tensor:
    """Return the states before each step."""
    return torch.cat((x0[None], x[:-1]))


def _after(w: Tensor, lam: Tensor) -> Tensor:
    """Return conj(lam_{t+1}) w_{t+1}, at the last step 0."""
    if len(lam) > 1:
        lam = lam[1:]
    return torch.cat((lam.conj() * w[1:], torch.zeros_like(w[:1])))


def _mapped(value: Tensor, dim: int | None, size: int, at: int) -> Tensor:
    """Return a tensor with the axis of vmap at a place, expanded to it."""
    if dim is not None:
        return value.movedim(dim, at)
    shape = list(value.shape)
    shape.insert(at, size)
    return value.unsqueeze(at).expand(shape)


def _mapped_lam(lam: Tensor, dim: int | None) -> Tensor:
    return lam.unsqueeze(1) if dim is None else lam.movedim(dim, 1)


class _Scan(torch.autograd.Function):
    """All states, with derivatives of every order and kind."""

    @staticmethod
    def forward(lam: Tensor, u: Tensor, x0: Tensor, method: str) -> Tensor:
        return _states(lam, u, x0, method)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Tensor) -> None:
        lam, _, x0, ctx.method = inputs
        ctx.save_for_backward(lam, output, x0)
        ctx.save_for_forward(lam, output, x0)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        lam, x, x0 = ctx.saved_tensors
        w = _Adjoint.apply(lam, grads[0], ctx.method)
        d_lam, d_u, d_x0, _ = ctx.needs_input_grad
        return (
            _product(w, x, x0, lam.shape) if d_lam else None,
            w if d_u else None,
            lam[0].conj() * w[0] if d_x0 else None,
            None,
        )

    @staticmethod
    def jvp(
        ctx: Any, d_lam: Tensor | None, d_u: Tensor | None,
        d_x0: Tensor | None, _: None,
    ) -> Any:  # fmt: skip
        lam, x, x0 = ctx.saved_tensors
        drive = torch.zeros_like(x) if d_u is None else d_u
        if d_lam is not None:
            drive = drive + d_lam * _before(x, x0)
        start = torch.zeros_like(x0) if d_x0 is None else d_x0
        return _Scan.apply(lam, drive, start, ctx.method)

    @staticmethod
    def vmap(
        info: Any, in_dims: Any, lam: Tensor, u: Tensor, x0: Tensor,
        method: str,
    ) -> tuple[Any, int]:  # fmt: skip
        lam = _mapped_lam(lam, in_dims[0])
        u = _mapped(u, in_dims[1], info.batch_size, 1)
        x0 = _mapped(x0, in_dims[2], info.batch_size, 0)
        return _Scan.apply(lam, u, x0, method), 1


class _Adjoint(torch.autograd.Function):
    """The transpose of _Scan in u."""

    @staticmethod
    def forward(lam: Tensor, g: Tensor, method: str) -> Tensor:
        return _adjoints(lam, g, method)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Tensor) -> None:
        lam, _, ctx.method = inputs
        ctx.save_for_backward(lam, output)
        ctx.save_for_forward(lam, output)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        lam, w = ctx.saved_tensors
        zero = torch.zeros_like(w[0])
        s = _Scan.apply(lam, grads[0], zero, ctx.method)
        d_lam, d_g, _ = ctx.needs_input_grad
        return (
            _product(w, s, zero, lam.shape) if d_lam else None,
            s if d_g else None,
            None,
        )

    @staticmethod
    def jvp(
        ctx: Any, d_lam: Tensor | None, d_g: Tensor | None, _: None
    ) -> Any:
        lam, w = ctx.saved_tensors
        drive = torch.zeros_like(w) if d_g is None else d_g
        if d_lam is not None:
            drive = drive + _after(w, d_lam)
        return _Adjoint.apply(lam, drive, ctx.method)

    @staticmethod
    def vmap(
        info: Any, in_dims: Any, lam: Tensor, g: Tensor, method: str
    ) -> tuple[Any, int]:
        lam = _mapped_lam(lam, in_dims[0])
        g = _mapped(g, in_dims[1], info.batch_size, 1)
        return _Adjoint.apply(lam, g, method), 1


def _product(
    w: Tensor, x: Tensor, x0: Tensor, shape: tuple[int, ...]
) -> Tensor:
    """Return w_t conj(x_{t-1}), summed over the dimensions lam lacks."""
    if torch.is_grad_enabled():  # will be differentiated again
        return (w * _before(x, x0).conj()).sum_to_size(shape)
    first = (w[:1] * x0.conj()).sum_to_size((1, *shape[1:]))
    # In pieces that stay in the cache, without an array as long as w.
    size = max(1, len(w) * _SLICE[0] // max(1, w.numel() * w.itemsize))
    pieces = [first]
    for a, b in zip(w[1:].split(size), x[:-1].split(size), strict=True):
        inner = len(a) if shape[0] > 1 else 1
        piece = (a * b.conj()).sum_to_size((inner, *shape[1:]))
        if shape[0] > 1:
            pieces.append(piece)
        else:
            first = first + piece
    return torch.cat(pieces) if shape[0] > 1 else first


# What torch.compile sees: one operation, whatever the length. It cannot trace
# a Function with forward derivatives, and would unroll the loops.


@torch.library.custom_op("kexue_lib::linear_scan", mutates_args=())
def _scan_op(lam: Tensor, u: Tensor, x0: Tensor, method: str) -> Tensor:
    return _states(lam, u, x0, method)


@torch.library.custom_op("kexue_lib::linear_scan_adjoint", mutates_args=())
def _adjoint_op(lam: Tensor, g: Tensor, method: str) -> Tensor:
    return _adjoints(lam, g, method)


@_scan_op.register_fake
def _(lam: Tensor, u: Tensor, x0: Tensor, method: str) -> Tensor:
    return torch.empty_like(u)


@_adjoint_op.register_fake
def _(lam: Tensor, g: Tensor, method: str) -> Tensor:
    return torch.empty_like(g)


def _op_context(ctx: Any, inputs: Any, output: Tensor) -> None:
    lam, _, x0, ctx.method = inputs
    ctx.save_for_backward(lam, output, x0)


def _op_backward(ctx: Any, grad: Tensor) -> Any:
    lam, x, x0 = ctx.saved_tensors
    w = _adjoint_op(lam, grad, ctx.method)
    return (
        (w * _before(x, x0).conj()).sum_to_size(lam.shape),
        w,
        lam[0].conj() * w[0],
        None,
    )


_scan_op.register_autograd(_op_backward, setup_context=_op_context)


# -- the algorithms -----------------------------------------------------------


def _sequential(
    lam: Tensor, u: Tensor, x: Tensor, out: Tensor, reverse: bool
) -> None:
    inputs, outputs = u.unbind(0), out.unbind(0)
    factors = lam.unbind(0) * (len(inputs) if len(lam) == 1 else 1)
    steps = list(zip(inputs, factors, outputs, strict=True))
    for a, factor, target in reversed(steps) if reverse else steps:
        x = torch.addcmul(a, factor, x, out=target)


# Bytes of one time slice through all chunks: three of them (input, state,
# output) should stay in the cache of a core; an accelerator wants long ones.
_SLICE = (1 << 18, 1 << 22)
_SHORT = 48  # steps; below this chunks do not pay


def _chunk_length(u: Tensor) -> int:
    """Choose the number of steps of a chunk; that of u for no chunks."""
    L = len(u)
    step = math.prod(u.shape[1:]) * u.itemsize
    target = _SLICE[u.device.type != "cpu"]
    T = -(-L * step // target)
    if _packs(u):
        T = 1 << (max(32, T) - 1).bit_length()
    else:
        # Rows at a distance of a power of two compete for the same lines of
        # the cache.
        T = max(16, T)
        T -= 1 - T % 2
    return T if L > _SHORT and 4 * T <= L else L


def _time_is_dense(v: Tensor) -> bool:
    """Say whether neighbours in time are neighbours in memory."""
    others = zip(v.shape[1:], v.stride()[1:], strict=True)
    return v.stride(0) == 1 and all(s > 1 for n, s in others if n > 1)


def _packs(v: Tensor) -> bool:
    """Say whether to copy ``v`` so that its time slices are dense."""
    # Not worth it while all of v is in the cache.
    return _time_is_dense(v) and v.numel() * v.itemsize > _SLICE[0]


def _slices(v: Tensor, C: int, T: int) -> tuple[Tensor, ...]:
    """Return T slices of shape (C, ...): step t of every chunk."""
    if not _packs(v):
        return v.unflatten(0, (C, T)).unbind(1)
    # Through a transposed copy, which torch does in blocks.
    rows = v.movedim(0, -1).reshape(-1, T)
    return _unpacked(rows.t().contiguous(), v.shape[1:], C)


def _unpacked(
    packed: Tensor, rest: tuple[int, ...], C: int
) -> tuple[Tensor, ...]:
    return packed.unflatten(1, (*rest, C)).movedim(-1, 1).unbind(0)


def _chunked(
    lam: Tensor, u: Tensor, x: Tensor, out: Tensor, reverse: bool
) -> None:
    L, T = len(u), _chunk_length(u)
    if T == L:
        _sequential(lam, u, x, out, reverse)
        return
    run = _by_steps
    if lam.numel() == 1 and not lam.is_complex() and _time_is_dense(u):
        run, T = _by_matrix, 32
    C = L // T
    m = C * T
    # The steps that fill no chunk come last.
    body = slice(L - m, L) if reverse else slice(0, m)
    tail = slice(0, L - m) if reverse else slice(m, L)
    varies = len(lam) > 1
    run(lam[body] if varies else lam, u[body], x, out[body], T, reverse)
    if m < L:
        last = out[body][0 if reverse else -1]
        rest = lam[tail] if varies else lam
        _chunked(rest, u[tail], last, out[tail], reverse)


def _overflows(decay: Tensor) -> bool:
    """Say whether the decay over a chunk is infinite, where a look is cheap.

    Then a state that is 0 would become NaN on the way to the next chunk.
    """
    return decay.device.type == "cpu" and not bool(decay.isfinite().all())


def _by_steps(
    lam: Tensor, u: Tensor, x: Tensor, out: Tensor, T: int, reverse: bool
) -> None:
    """Run through all chunks at once, one step after the other."""
    C, rest = len(u) // T, u.shape[1:]
    order = slice(None, None, -1) if reverse else slice(None)
    inputs = _slices(u, C, T)[order]
    varies = len(lam) > 1
    factors = _slices(lam, C, T)[order] if varies else (lam,) * T

    ends = inputs[0].clone()
    for a, factor in zip(inputs[1:], factors[1:], strict=True):
        torch.addcmul(a, factor, ends, out=ends)
    if varies:
        decay = factors[0].clone()
        for factor in factors[1:]:
            decay *= factor
    else:
        decay = _power(lam, T)
    if _overflows(decay):
        _sequential(lam, u, x, out, reverse)
        return
    x = _carries(decay, ends, x, reverse)

    packed = None
    if _packs(out):
        packed = out.new_empty((T, C * math.prod(rest)))
        outputs = _unpacked(packed, rest, C)[order]
    else:
        outputs = out.unflatten(0, (C, T)).unbind(1)[order]
    for a, factor, to in zip(inputs, factors, outputs, strict=True):
        x = torch.addcmul(a, factor, x, out=to)
    if packed is not None:
        _write_rows(packed.t(), out)


@full_precision
def _by_matrix(
    lam: Tensor, u: Tensor, x: Tensor, out: Tensor, T: int, reverse: bool
) -> None:
    """One real lam for all: a chunk times a triangular matrix of powers."""
    ages = decay_powers(lam.reshape(()), T + 1)
    if _overflows(ages[-1:]):
        _sequential(lam, u, x, out, reverse)
        return
    step = torch.arange(T, device=u.device)
    lag = step - step[:, None]  # from input to state
    if reverse:
        lag = lag.T
    matrix = torch.where(lag >= 0, ages[lag.clamp(min=0)], 0)
    y = u.movedim(0, -1).reshape(-1, T) @ matrix
    ends = y[:, 0 if reverse else -1].reshape(*u.shape[1:], -1)
    before = _carries(_power(lam, T), ends.movedim(-1, 0), x, reverse)
    reach = ages[1:].flip(0) if reverse else ages[1:]
    y.addcmul_(before.movedim(0, -1).reshape(-1, 1), reach)
    _write_rows(y, out)


def _carries(decay: Tensor, ends: Tensor, x: Tensor, reverse: bool) -> Tensor:
    """Return the state before every chunk, from their ends."""
    C = len(ends)
    carry = torch.empty_like(ends)
    former, later = slice(0, C - 1), slice(1, C)
    if reverse:
        former, later = later, former
    carry[-1 if reverse else 0] = x
    decay = decay[former] if len(decay) > 1 else decay
    _chunked(decay, ends[former], x, carry[later], reverse)
    return carry


def _write_rows(rows: Tensor, out: Tensor) -> None:
    """Write rows of T steps to ``out``, whose time is dense."""
    target = out.movedim(0, -1)
    if target.is_contiguous():
        target.view(rows.shape).copy_(rows)
    else:
        target.copy_(rows.contiguous().view(target.shape))


def _forward_only(algorithm: Callable[[Tensor, Tensor], Tensor]) -> Kernel:
    """Make a kernel of an algorithm that starts at 0 and runs forwards."""

    def kernel(
        lam: Tensor, u: Tensor, x: Tensor, out: Tensor, reverse: bool
    ) -> None:
        if reverse:
            lam, u = lam.flip(0), u.flip(0)
        u = torch.cat((torch.addcmul(u[:1], lam[:1], x), u[1:]))
        states = algorithm(lam, u)
        out.copy_(states.flip(0) if reverse else states)

    return kernel


def _upper_lower(lam: Tensor, u: Tensor) -> Tensor:
    L, rest = len(u), u.shape[1:]
    padding = (1 << (L - 1).bit_length()) - L
    x = torch.cat((u, u.new_zeros((padding, *rest))))
    varies = len(lam) > 1
    if varies:  # becomes the products from each block's start
        decay = torch.cat((lam, lam.new_ones((padding, *lam.shape[1:]))))
    else:
        decay = decay_powers(lam[0], len(x) // 2 + 1)[1:]
    half = 1
    while half < len(x):
        upper, lower = x.view(-1, 2, half, *rest).unbind(1)
        if varies:
            blocks = decay.view(-1, 2, half, *lam.shape[1:])
            lower += blocks[:, 1] * upper[:, -1:]
            blocks[:, 1] *= blocks[:, 0, -1:]
        else:
            lower += decay[:half] * upper[:, -1:]
        half *= 2
    return x[:L]


def _odd_even(lam: Tensor, u: Tensor) -> Tensor:
    L = len(u)
    if L == 1:
        return u.clone()
    # One step for each pair: lam may stay constant.
    if len(lam) == 1:
        pair, odd, even = lam * lam, lam, lam
    else:
        pair = lam[1::2] * lam[: L - 1 : 2]
        odd, even = lam[1::2], lam[2::2]
    merged = torch.addcmul(u[1::2], odd, u[: L - 1 : 2])
    x = torch.empty_like(u)
    x[1::2] = _odd_even(pair, merged)
    x[0] = u[0]
    x[2::2] = torch.addcmul(u[2::2], even, x[1 : L - 1 : 2])
    return x


def _cumsum(lam: Tensor, u: Tensor) -> Tensor:
    if len(lam) == 1:
        decay = decay_powers(lam[0], len(u))
    else:
        decay = torch.cat((torch.ones_like(lam[:1]), lam[1:])).cumprod(0)
    return decay * (u / decay).cumsum(0)


_KERNELS: dict[str, Kernel] = {
    "chunked": _chunked,
    "sequential": _sequential,
    "upper_lower": _forward_only(_upper_lower),
    "odd_even": _forward_only(_odd_even),
    "cumsum": _forward_only(_cumsum),
}

r"""Entropy of attention, and scales that keep it as the text grows.

For scores :math:`s_1,\dots,s_n` and a scale :math:`\lambda` let
:math:`p=\mathrm{softmax}(\lambda s)` and :math:`H=-\sum_ip_i\log p_i`.
With :math:`K(\lambda)=\log\frac1n\sum_ie^{\lambda s_i}`,

.. math::

    H=\log n+K-\lambda K',\qquad \frac{dH}{d\lambda}=-\lambda K''
    =-\lambda\,\mathrm{Var}_p(s)\le0 .

So a target entropy has one scale. Entropies are in nats.

Sources: kexue.fm/archives/8823 and 9034; chapter entropy-invariance.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import at_least_single, tracked, widest
from kexue_lib.attention.sphere import sphere_entropy_drop


def entropy(logits: Tensor, dim: int = -1) -> Tensor:
    r"""Return the entropy of ``softmax(logits)`` along ``dim``, in nats.

    Computed from ``log_softmax``, without a small constant inside the
    logarithm: what has probability 0, by a mask or by underflow, adds
    exactly 0 to the value and to the gradient. A row in which everything is
    masked (all ``-inf``) attends to nothing; its entropy and its gradient
    are 0, in keeping with the output 0 of
    ``scaled_dot_product_attention``. NaN or ``+inf`` in a row gives NaN.

    Chapter: entropy-invariance, claim C1

    Args:
        logits: Real floating-point scores, ``-inf`` where masked.
        dim: The axis of the distribution, not empty.

    Returns:
        ``logits``' shape without ``dim``, in its dtype. Values in
        :math:`[0,\log n]` up to rounding. Differentiable, also twice.

    Raises:
        TypeError: ``logits`` is not a floating-point tensor.
        ValueError: there is no such axis, or it is empty.
    """
    _scores("logits", logits, dim)
    if logits.dtype in (torch.float16, torch.bfloat16):
        return entropy(logits.float(), dim).to(logits.dtype)
    if torch.compiler.is_compiling():  # it makes a backward of its own
        dead = logits.amax(dim, keepdim=True) == -math.inf
        logp = F.log_softmax(logits.masked_fill(dead, 0), dim)
        logp = logp.clamp(min=_NEVER)
        return -(logp.exp() * logp).sum(dim).masked_fill(dead.squeeze(dim), 0)
    if not tracked(logits):  # for small inputs the calls are the cost
        h = F.log_softmax(logits, dim).clamp(min=_NEVER)
        h = h.exp().mul_(h).sum(dim).neg_()
        return h.masked_fill_(logits.amax(dim) == -math.inf, 0)
    return _Entropy.apply(logits, dim)[0]


# exp of it is 0 in every dtype, and products with it do not overflow.
_NEVER = -1e4


class _Entropy(torch.autograd.Function):
    """One fused backward: minus p (log p + H)."""

    @staticmethod
    def forward(logits: Tensor, dim: int) -> tuple[Tensor, Tensor]:
        """Return the entropy and the logarithm of the probabilities."""
        # What is masked, or in a row without any score, gets a finite
        # logarithm whose exponential is 0; 0 times it is 0.
        logp = F.log_softmax(logits, dim).nan_to_num_(
            nan=_NEVER, neginf=_NEVER
        )
        h = -logp.exp().mul_(logp).sum(dim)
        # NaN and inf among the scores must not get lost on the way.
        top = logits.amax(dim)
        return (h + 0 * top).masked_fill(top == -math.inf, 0), logp

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        """Keep what the derivatives need."""
        logits, ctx.dim = inputs
        h, logp = output
        ctx.mark_non_differentiable(logp)
        ctx.save_for_backward(logits, logp, h)
        ctx.save_for_forward(logits, logp, h)

    @staticmethod
    def jvp(ctx: Any, tangent: Tensor, _: None) -> tuple[Tensor, None]:
        """Return the derivative along a tangent."""
        _, logp, h = ctx.saved_tensors
        slope = logp.exp() * (logp + h.unsqueeze(ctx.dim))
        return -(slope * tangent).sum(ctx.dim), None

    @staticmethod
    def vmap(info: Any, in_dims: Any, logits: Tensor, dim: int) -> Any:
        """Rows are independent: one more of their axes."""
        batched = logits.movedim(in_dims[0], 0)
        along = dim if dim < 0 else dim + 1
        return _Entropy.apply(batched, along), (0, 0)

    @staticmethod
    def backward(ctx: Any, grad: Tensor, _: Tensor) -> tuple[Tensor, None]:
        """Return the gradient; differentiable when asked to be."""
        logits, logp, h = ctx.saved_tensors
        dim = ctx.dim
        h, grad = h.unsqueeze(dim), grad.unsqueeze(dim)
        if not torch.is_grad_enabled():
            slope = torch.addcmul(-grad * h, logp, -grad)
            return slope.mul_(logp.exp()), None
        dead = logits.amax(dim, keepdim=True) == -math.inf
        safe = logits.masked_fill(dead, 0)
        logp = F.log_softmax(safe, dim).clamp(min=_NEVER)
        p = logp.exp()
        h = -(p * logp).sum(dim, keepdim=True)
        return (p * (logp + h) * -grad).masked_fill(dead, 0), None


def scale_for_entropy(
    scores: Tensor,
    target: float | Tensor,
    dim: int = -1,
    *,
    steps: int = 50,
    check: bool = True,
) -> Tensor:
    r"""Return the scale at which ``softmax(scale * scores)`` has an entropy.

    :math:`H(\lambda)` falls, so the scale is unique. The search is Newton's,
    in :math:`\log\lambda`, kept inside a bracket whose left end
    :math:`(\log n-H)/(s_{\max}-\bar s)` is rigorous (claim C3). (t-SNE sets
    its perplexities :math:`e^H` by such a search.) Scores c times as large
    give a scale of 1/c, at every c.

    Chapter: entropy-invariance, claims C2 and C3

    Args:
        scores: Real floating-point scores, ``-inf`` where masked.
        target: Entropy in nats, a number or a tensor that broadcasts with
            the shape of ``scores`` without ``dim``; between the logarithm of
            how many scores share the maximum, and that of their number.
        dim: The axis of the distribution.
        steps: Most Newton steps; usually 10 are enough.
        check: Verify that the target can be reached, and stop as soon as it
            is; a device has to wait for both. Without it all ``steps`` are
            made, and a target that cannot be reached gives a meaningless
            scale.

    Returns:
        ``scores``' shape without ``dim``, in the dtype that ``scores`` and
        ``target`` promote to; the scale is positive. Differentiable in both
        to any order.

    Raises:
        TypeError: ``scores`` is not floating-point, ``target`` not real.
        ValueError: no such axis; a target that no scale reaches.

    >>> scores = torch.tensor([0.0, 1.0, 2.0, 5.0])
    >>> scale = scale_for_entropy(scores, 1.0)
    >>> round(entropy(scale * scores).item(), 5)
    1.0
    """
    _scores("scores", scores, dim)
    steps = arg.integer("steps", steps, 1)
    if isinstance(target, Tensor):
        dtype = widest(scores, arg.real_tensor("target", target))
        wanted = target.to(scores.device)
    else:
        dtype = scores.dtype
        # Made in double precision: a half would round it.
        wanted = torch.full(
            (),
            arg.number("target", target),
            dtype=at_least_single(dtype),
            device=scores.device,
        )
    work = at_least_single(dtype)
    rows = scores.movedim(dim, -1).to(work)
    wanted = wanted.to(work)
    if torch.compiler.is_compiling():  # it makes a backward of its own
        scale = _compiled_scale(rows, wanted, steps, check)
    else:
        scale = _Scale.apply(rows, wanted, steps, check)
    return scale.to(dtype)


def _compiled_scale(
    scores: Tensor, wanted: Tensor, steps: int, check: bool
) -> Tensor:
    """Return the scales through operations alone.

    A step of Newton's method from the solution changes nothing but carries
    the derivative; a second one those of the second and third order.
    """
    gaps, alive, most = _gaps(scores)
    with torch.no_grad():
        scale = _solve(gaps.detach(), alive, wanted.detach(), steps, check)
    for _ in range(2):
        excess, slope = _excess(gaps, alive, scale, wanted)
        scale = scale * (1 + excess / slope)
    return scale / most


class _Scale(torch.autograd.Function):
    r"""The root of :math:`H(\lambda)=h`, by the implicit function theorem.

    With the variance V and the mean m of the scores under the softmax,
    :math:`\partial\lambda/\partial h=-1/\lambda V` and
    :math:`\partial\lambda/\partial s_i=-\lambda p_i(s_i-m)/V`.
    """

    @staticmethod
    def forward(
        scores: Tensor, wanted: Tensor, steps: int, check: bool
    ) -> Tensor:
        """Return the scales of the rows."""
        gaps, alive, most = _gaps(scores)
        return _solve(gaps, alive, wanted, steps, check) / most

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        """Keep the arguments and the root."""
        scores, wanted, ctx.steps, ctx.check = inputs
        ctx.save_for_backward(scores, wanted, output)
        ctx.save_for_forward(scores, wanted, output)

    @staticmethod
    def vmap(
        info: Any,
        in_dims: Any,
        scores: Tensor,
        wanted: Tensor,
        steps: int,
        check: bool,
    ) -> tuple[Tensor, int]:
        """Rows are independent: one more of their axes."""
        at, to = in_dims[:2]
        rows = scores[None] if at is None else scores.movedim(at, 0)
        goal = wanted[None] if to is None else wanted.movedim(to, 0)
        # Both get as many axes between the new one and their own.
        while goal.ndim < rows.ndim - 1:
            goal = goal.unsqueeze(1)
        while rows.ndim - 1 < goal.ndim:
            rows = rows.unsqueeze(1)
        return _Scale.apply(rows, goal, steps, check), 0

    @staticmethod
    def backward(
        ctx: Any, grad: Tensor
    ) -> tuple[Tensor | None, Tensor | None, None, None]:
        """Return the gradients, differentiable through the root itself."""
        scores, wanted, _ = ctx.saved_tensors
        to_scores, to_wanted = _slopes(*ctx.saved_tensors)
        first = second = None
        if ctx.needs_input_grad[0]:
            first = (grad.unsqueeze(-1) * to_scores).sum_to_size(scores.shape)
        if ctx.needs_input_grad[1]:
            second = (grad * to_wanted).sum_to_size(wanted.shape)
        return first, second, None, None

    @staticmethod
    def jvp(
        ctx: Any, ds: Tensor | None, dh: Tensor | None, *_: None
    ) -> Tensor:
        """Return the derivative along tangents."""
        to_scores, to_wanted = _slopes(*ctx.saved_tensors)
        total = torch.zeros_like(to_wanted)
        if ds is not None:
            total = total + (to_scores * ds).sum(-1)
        if dh is not None:
            total = total + to_wanted * dh
        return total


def _gaps(scores: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """How far below the largest score, as a share of the largest gap."""
    alive = scores > -math.inf
    top = scores.detach().amax(-1, keepdim=True)
    gaps = (top - scores).masked_fill(~alive, 0)
    most = gaps.detach().amax(-1, keepdim=True)
    # Without a gap no target can be reached.
    gaps = gaps / most.masked_fill(most == 0, 1)
    return gaps, alive, most.squeeze(-1)


def _slopes(
    scores: Tensor, wanted: Tensor, scale: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the derivatives of the root by the scores and the target."""
    gaps, alive, most = _gaps(scores)
    rate = (scale * most).unsqueeze(-1)
    p = (-rate * gaps).masked_fill(~alive, -math.inf).softmax(-1)
    apart = gaps - (p * gaps).sum(-1, keepdim=True)
    variance = (p * apart.square()).sum(-1, keepdim=True)
    to_scores = scale.unsqueeze(-1) * p * apart / variance
    return to_scores / most.unsqueeze(-1), -1 / (
        rate * variance * most.unsqueeze(-1)
    ).squeeze(-1)


def _solve(
    gaps: Tensor, alive: Tensor, wanted: Tensor, steps: int, check: bool
) -> Tensor:
    """Return the scales for gaps of which the largest is 1."""
    count = alive.sum(-1).to(gaps)
    width = gaps.sum(-1) / count
    if check:
        ties = (gaps.masked_fill(~alive, 1) == 0).sum(-1).to(gaps)
        low, high = ties.log().expand_as(wanted + ties), count.log()
        if not bool(((wanted > low) & (wanted < high)).all()):
            raise ValueError(
                "target must lie between the log of the number of scores "
                f"equal to the maximum ({low.max():.4g}) and the log of the "
                f"number of scores ({high.min():.4g}), got {wanted}"
            )
    left = (count.log() - wanted) / width
    scale, right = left, torch.full_like(left, math.inf)
    # The last step squares the relative error.
    tolerance = torch.finfo(gaps.dtype).eps ** 0.75
    for _ in range(steps):
        excess, slope = _excess(gaps, alive, scale, wanted)
        if check and not bool((excess.abs() > tolerance * wanted).any()):
            break
        left = torch.where(excess >= 0, scale, left)
        right = torch.where(excess <= 0, scale, right)
        step = (excess / slope).clamp(max=math.log(4)).exp() * scale
        middle = torch.where(right < math.inf, (left + right) / 2, 2 * left)
        inside = (step >= left) & (step <= right)
        scale = torch.where(inside, step, middle)
    excess, slope = _excess(gaps, alive, scale, wanted)
    return scale * (1 + excess / slope)


def _excess(
    gaps: Tensor, alive: Tensor, scale: Tensor, wanted: Tensor
) -> tuple[Tensor, Tensor]:
    """Return H - h, and minus the derivative of H by log scale."""
    rate = scale.unsqueeze(-1)
    logits = (-rate * gaps).masked_fill(~alive, -math.inf)
    p = logits.softmax(-1)
    apart = gaps - (p * gaps).sum(-1, keepdim=True)
    slope = (p * (rate * apart).square()).sum(-1)
    return entropy(logits) - wanted, slope


def entropy_invariant_scale(
    n: int | Tensor,
    d: int,
    base: float = 512.0,
    *,
    clip_min: float | None = None,
    dtype: torch.dtype | None = None,
    check: bool = True,
) -> float | Tensor:
    r"""Return the scale :math:`\log_{\text{base}}n/\sqrt d` of a score.

    It equals the usual :math:`1/\sqrt d` at a length of ``base``, is below
    it for shorter rows and 0 for a row of one token. For models trained
    without the factor, ``clip_min=1`` leaves rows up to ``base`` as they
    were.

    Chapter: entropy-invariance, claim C7

    Args:
        n: Number of keys that a row sees, or an integer tensor of them.
        d: Size of a head.
        base: Length at which the scale is the usual one, > 1.
        clip_min: Least value of :math:`\log_{\text{base}}n`.
        dtype: Of the result for a tensor ``n``; default float64 (float32
            on a device without it).
        check: Verify the values of a tensor ``n``, which a device has to
            wait for.

    Returns:
        A float for an integer ``n``; else a tensor of ``n``'s shape, on its
        device.

    Raises:
        TypeError: ``n`` or ``d`` is not an integer.
        ValueError: ``n < 1``, ``d < 1``, ``base <= 1`` or not finite, a
            ``dtype`` that is not real.

    >>> entropy_invariant_scale(512, 64)
    0.125
    """
    d = arg.integer("d", d, 1)
    dtype = arg.dtype_of(dtype, complex_only=False) if dtype else None
    if dtype is not None and dtype.is_complex:
        raise ValueError(f"dtype must be real, got {dtype}")
    base, least = _law(base, clip_min)
    if not isinstance(n, Tensor):
        n = arg.integer("n", n, 1)
        return _factor_of_all(n, base, least) / math.sqrt(d)
    if n.is_floating_point() or n.is_complex() or n.dtype == torch.bool:
        raise TypeError(f"n must be an integer tensor, got dtype {n.dtype}")
    if check and not bool((n >= 1).all()):
        raise ValueError(f"n must be >= 1, got a row of {n.min()}")
    wide = torch.float32 if n.device.type == "mps" else torch.float64
    scale = _factor_of_rows(n, base, least, wide) / math.sqrt(d)
    return scale.to(dtype or wide)


def _law(base: float, clip_min: float | None) -> tuple[float, float | None]:
    base = arg.number("base", base)
    if base <= 1:
        raise ValueError(f"base must be > 1, got {base!r}")
    return base, None if clip_min is None else arg.number("clip_min", clip_min)


def _factor_of_all(n: int, base: float, least: float | None) -> float:
    factor = math.log(n) / math.log(base)
    return factor if least is None else max(factor, least)


def _factor_of_rows(
    n: Tensor, base: float, least: float | None, dtype: torch.dtype
) -> Tensor:
    factor = n.to(dtype).log() / math.log(base)
    return factor if least is None else factor.clamp(min=least)


def entropy_invariant_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
    base: float = 512.0,
    clip_min: float | None = None,
) -> Tensor:
    r"""Attention with the scale :math:`\log_{\text{base}}n/\sqrt d`.

    Takes what ``torch.nn.functional.scaled_dot_product_attention`` takes, in
    the same order, and two options more. Here n is the number of keys that a
    row sees: all of them, those up to its own position (``is_causal``), or
    those that the mask leaves, so that in packed documents (a block-diagonal
    mask) it counts within each.

    It runs torch's fused kernel: without mask the scale costs nothing,
    otherwise one multiplication of the queries and one look at the mask.
    Batch axes of any number, batches that broadcast and a ``d_v`` other than
    ``d`` reach the fused kernel too, where torch would write all scores down
    (memory :math:`N_qN_k`); dropout on a CPU and a mask that needs a gradient
    do not. The fused kernel is differentiable once, and raises when asked
    for more; inside ``torch.nn.attention.sdpa_kernel(SDPBackend.MATH)``
    derivatives of any order and forward mode work. Under ``torch.func.vmap``
    torch runs that kernel once for each sample, and warns of it.

    Chapter: entropy-invariance, claims C7 and C12

    Args:
        query: ``(..., N_q, d)``.
        key: ``(..., N_k, d)``.
        value: ``(..., N_k, d_v)``; the three are computed with in the dtype
            that they promote to.
        attn_mask: Broadcasts to ``(..., N_q, N_k)``: True where a key is
            seen, or numbers that are added to the scaled scores. ``-inf``,
            the least number of the mask's dtype and all up to -1e8 mean that
            a key is not seen. A row that sees nothing gives 0.
        dropout_p: Probability in [0, 1] with which a weight is dropped; as
            in torch it is applied whenever it is not 0.
        is_causal: Row i sees keys 0..i. Not together with a mask.
        scale: What multiplies :math:`\log_{\text{base}}n`; default
            :math:`1/\sqrt d`.
        enable_gqa: ``query`` may have a multiple of the heads (axis -3) of
            ``key`` and ``value``; consecutive heads share keys.
        base: As in :func:`entropy_invariant_scale`.
        clip_min: As in :func:`entropy_invariant_scale`.

    Returns:
        ``(..., N_q, d_v)``.

    Raises:
        TypeError: an argument is not a floating-point tensor, or the mask is
            neither boolean nor floating-point.
        ValueError: shapes that do not fit, a mask with ``is_causal``,
            ``base <= 1``, ``dropout_p`` outside [0, 1], a nested tensor.

    >>> q = k = v = torch.eye(4).expand(2, 8, 4, 4)
    >>> entropy_invariant_attention(q, k, v, is_causal=True).shape
    torch.Size([2, 8, 4, 4])
    """
    base, least = _law(base, clip_min)
    dropout_p = arg.number("dropout_p", dropout_p)
    if not 0 <= dropout_p <= 1:
        raise ValueError(f"dropout_p must be in [0, 1], got {dropout_p!r}")
    if attn_mask is not None and is_causal:
        raise ValueError("attn_mask and is_causal exclude each other")
    _check_three(query, key, value, enable_gqa)
    n_q, n_k, d = query.shape[-2], key.shape[-2], query.shape[-1]
    usual = 1 / math.sqrt(d) if scale is None else arg.number("scale", scale)
    dtype = widest(query, key, value)
    query, key, value = (t.to(dtype) for t in (query, key, value))
    if attn_mask is not None:
        _check_mask(attn_mask, query, n_k, enable_gqa)
        if attn_mask.ndim > 2:
            _batch(query, key, value, attn_mask, int(enable_gqa))
    # A row that sees nothing counts as one key: its output is 0 anyway.
    every = attn_mask is None and not is_causal
    if every and not torch.compiler.is_compiling():
        usual = usual * _factor_of_all(max(n_k, 1), base, least)
    else:
        if attn_mask is not None:
            attn_mask, rows = _counted(attn_mask, n_k, dtype)
        elif is_causal:
            rows = torch.arange(1, n_q + 1, device=query.device)
            rows = rows.clamp(max=n_k)
        else:  # as a number it would be compiled in, a graph for each length
            rows = torch.full((1,), n_k, device=query.device)
        wide = at_least_single(dtype)
        factor = _factor_of_rows(rows.clamp(min=1), base, least, wide)
        query = (query * factor.unsqueeze(-1)).to(dtype)
    return _fused(
        query,
        key,
        value,
        attn_mask,
        dropout_p=dropout_p,
        is_causal=is_causal,
        scale=usual,
        enable_gqa=enable_gqa,
    )


def _check_three(
    query: Tensor, key: Tensor, value: Tensor, enable_gqa: bool
) -> None:
    least = 3 if enable_gqa else 2
    for name, t in (("query", query), ("key", key), ("value", value)):
        arg.float_tensor(name, t)
        if t.is_complex():
            raise TypeError(f"{name} must be real, got dtype {t.dtype}")
        if t.is_nested:
            raise ValueError(
                f"{name} must not be a nested tensor; pack the documents and "
                "pass a block-diagonal attn_mask"
            )
        if t.ndim < least or t.shape[-1] == 0:
            axes = "(..., heads, " if enable_gqa else "(..., "
            raise ValueError(
                f"{name} must have shape {axes}length, size) with size >= 1, "
                f"got {arg.shape(t)}"
            )
    if key.shape[-1] != query.shape[-1]:
        raise ValueError(
            f"key must have size {query.shape[-1]} in its last axis to match "
            f"query, got {arg.shape(key)}"
        )
    if value.shape[-2] != key.shape[-2]:
        raise ValueError(
            f"value must have length {key.shape[-2]} to match key, got "
            f"{arg.shape(value)}"
        )
    if enable_gqa:
        heads = query.shape[-3]
        for name, t in (("key", key), ("value", value)):
            if t.shape[-3] == 0 or heads % t.shape[-3]:
                raise ValueError(
                    f"{name} must have a number of heads that divides the "
                    f"{heads} of query, got {arg.shape(t)}"
                )


# What is added to a score to say "not seen" is -1e9 or less in every code
# known to us, rounded to bfloat16 a little more.
_UNSEEN = -1e8


def _check_mask(
    mask: Tensor, query: Tensor, n_k: int, enable_gqa: bool
) -> None:
    if not isinstance(mask, Tensor):
        raise TypeError(
            f"attn_mask must be a torch.Tensor, got {type(mask).__name__}"
        )
    if not (mask.dtype == torch.bool or mask.is_floating_point()):
        raise TypeError(
            f"attn_mask must be boolean or floating-point, got {mask.dtype}"
        )
    n_q = query.shape[-2]
    if (
        mask.ndim < 2
        or mask.shape[-2] not in (1, n_q)
        or mask.shape[-1] not in (1, n_k)
    ):
        raise ValueError(
            "attn_mask must have a shape (..., N_q, N_k) that broadcasts to "
            f"(..., {n_q}, {n_k}), got {arg.shape(mask)}"
        )
    if enable_gqa and mask.ndim > 2:
        heads = query.shape[-3]
        if mask.shape[-3] not in (1, heads):
            raise ValueError(
                f"attn_mask must have {heads} heads or 1, got "
                f"{arg.shape(mask)}"
            )


def _counted(
    mask: Tensor, n_k: int, dtype: torch.dtype
) -> tuple[Tensor, Tensor]:
    """Return the mask, -inf where a key is not seen, and the seen per row."""
    if mask.dtype == torch.bool:
        seen = mask
    else:
        unseen = mask <= max(_UNSEEN, torch.finfo(mask.dtype).min)
        seen = ~unseen
        mask = mask.masked_fill(unseen, -math.inf)
        if mask.dtype != torch.float32 or dtype == torch.float64:
            mask = mask.to(dtype)
    # Sums of 32 bits are many times faster than the default's 64.
    rows = seen.sum(-1, dtype=torch.int32)
    return mask, rows * n_k if mask.shape[-1] == 1 else rows


def _fused(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    *,
    enable_gqa: bool,
    **options: Any,
) -> Tensor:
    """Run torch's attention in the one shape its fused kernels take.

    That is (batch, heads, length, size) with nothing left to broadcast.
    """
    if _ready(query, key, value, mask, enable_gqa):
        return F.scaled_dot_product_attention(
            query, key, value, mask, enable_gqa=enable_gqa, **options
        )
    heads = 1 if enable_gqa else 0
    lead = _batch(query, key, value, mask, heads)
    d, d_v = query.shape[-1], value.shape[-1]
    if query.device.type == "cpu" and d != d_v:
        # Zeros change no product; the kernel of a CPU wants one size.
        query, key, value = (
            F.pad(t, (0, max(d, d_v) - t.shape[-1]))
            for t in (query, key, value)
        )
    shape = (*lead, *query.shape[query.ndim - 2 - heads : -1], d_v)
    query, key, value = (_four(t, lead, heads) for t in (query, key, value))
    if mask is not None:
        mask = _four_of_mask(mask, lead, heads)
    out = F.scaled_dot_product_attention(
        query, key, value, mask, enable_gqa=enable_gqa, **options
    )
    return out[..., :d_v].reshape(shape)


def _batch(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, heads: int
) -> torch.Size:
    """Return the batch axes, without that of the heads if they are shared."""
    leads = [t.shape[: t.ndim - 2 - heads] for t in (query, key, value)]
    if mask is not None:
        leads.append(mask.shape[: max(0, mask.ndim - 2 - heads)])
    try:
        return torch.broadcast_shapes(*leads)
    except RuntimeError:
        raise ValueError(
            "the batch axes of query, key, value and attn_mask must "
            f"broadcast, got {', '.join(str(tuple(s)) for s in leads)}"
        ) from None


def _ready(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    enable_gqa: bool,
) -> bool:
    """Whether the fused kernel takes the arguments as they are."""
    if not query.ndim == key.ndim == value.ndim == 4:
        return False
    shared = slice(0, 1 if enable_gqa else 2)
    lead = query.shape[shared]
    if key.shape[shared] != lead or value.shape[shared] != lead:
        return False
    if query.shape[-1] != value.shape[-1]:
        return False
    return mask is None or mask.ndim == 2


def _four(t: Tensor, lead: torch.Size, heads: int) -> Tensor:
    """Return ``t`` with its leading axes expanded, as four axes."""
    t = t.expand(*lead, *t.shape[t.ndim - 2 - heads :])
    while t.ndim < 4:
        t = t.unsqueeze(0)
    return t.flatten(0, -4)


def _four_of_mask(mask: Tensor, lead: torch.Size, heads: int) -> Tensor:
    """Return the mask as four axes, those of size 1 left so if possible."""
    while mask.ndim < len(lead) + heads + 2 or mask.ndim < 4:
        mask = mask.unsqueeze(0)
    if mask.ndim == 4:
        return mask
    outer = mask.shape[:-3]
    if any(size != 1 for size in outer):
        mask = mask.expand(*lead[: len(outer)], *mask.shape[-3:])
    return mask.flatten(0, -4)


def planted_entropy(
    lam: float | Tensor,
    n: float | Tensor,
    k: float | Tensor = 1,
    gap: float | Tensor = 1.0,
    *,
    check: bool = True,
) -> Tensor:
    r"""Return the entropy when k of n keys stand out by a gap.

    k scores are ``gap``, the others 0. Exact:
    :math:`\log Z-\lambda\,w\,\text{gap}` with
    :math:`Z=ke^{\lambda\,\text{gap}}+n-k` and
    :math:`w=ke^{\lambda\,\text{gap}}/Z`, the probability of the k together.

    Chapter: entropy-invariance, claim C9c

    Args:
        lam: Scale.
        n: Number of keys, ``n >= k``; a real number is allowed.
        k: Number of keys that stand out, >= 1.
        gap: How far they stand out.
        check: Verify the values of tensors, which a device has to wait for.

    Returns:
        The broadcast shape, in the floating dtype of the tensor arguments
        (float64 if there is none). Differentiable.

    Raises:
        TypeError: an argument is not real.
        ValueError: ``k < 1``, ``n < k``, a value that is not finite.
    """
    scale, count, few, apart = torch.broadcast_tensors(
        *_values(check, lam=lam, n=n, k=k, gap=gap)
    )
    rest = count - few
    _at_least("k", few, 1.0, check)
    _at_least("n - k", rest, 0.0, check)
    # Two groups: which one, and then which key of it. A group of none has
    # the logarithm 0 here, as its probability 0 is times it.
    some = rest > 0
    sizes = torch.stack([few.log(), rest.where(some, 1.0).log()])
    others = sizes[1].masked_fill(~some, -math.inf)
    logits = torch.stack([sizes[0] + scale * apart, others])
    inside = (logits.softmax(0) * sizes).sum(0)
    return entropy(logits, 0) + inside


def gaussian_entropy(
    lam: float | Tensor,
    n: float | Tensor,
    sigma: float | Tensor = 1.0,
    *,
    check: bool = True,
) -> Tensor:
    r"""Return :math:`\max(0,\log n-\lambda^2\sigma^2/2)`.

    The entropy for scores that are independent :math:`N(0,\sigma^2)`, with
    the sums replaced by their means. It is good while
    :math:`\lambda\sigma` is well below :math:`\sqrt{2\log n}`, where the
    softmax freezes on its few largest scores (the random energy model); at
    the freezing point it is too low, see the chapter's figure.

    Chapter: entropy-invariance, claim C9d

    Args:
        lam: Scale.
        n: Number of keys, >= 1; a real number is allowed.
        sigma: Standard deviation of a score, >= 0.
        check: Verify the values of tensors, which a device has to wait for.

    Returns:
        The broadcast shape, in the floating dtype of the tensor arguments
        (float64 if there is none). Differentiable.

    Raises:
        TypeError: an argument is not real.
        ValueError: ``n < 1``, ``sigma < 0``, a value that is not finite.
    """
    lam, n, sigma = _values(check, lam=lam, n=n, sigma=sigma)
    _at_least("n", n, 1.0, check)
    _at_least("sigma", sigma, 0.0, check)
    return (n.log() - (lam * sigma).square() / 2).clamp(min=0)


def sphere_entropy(
    lam: float | Tensor,
    n: float | Tensor,
    d: float | Tensor,
    order: int | None = 2,
    *,
    check: bool = True,
) -> Tensor:
    r"""Return the entropy for keys that are uniform on a sphere.

    Query and keys have length :math:`\sqrt d`, scores are :math:`q\cdot k`.
    With :math:`R=\sqrt{1+4\lambda^2}` and :math:`G=(1+R)/2`, the golden
    ratio at :math:`\lambda=1`,

    .. math::

        H\approx\log n-\tfrac d2\log G
        +\Bigl[\log G-\tfrac12\log R-\tfrac12(1-\tfrac1R)^2\Bigr].

    The sums over keys are replaced by their means, which is good while H is
    well above 0. The value may be negative where it is not.

    In a fixed dimension the deficit grows like
    :math:`\tfrac{d-1}2\log\lambda`, so the scale that keeps H grows like
    :math:`n^{2/(d-1)}`. With the bracket and exactly this is so; without it
    (``order=1``) the power is 2/d, and the formula is for large d only.

    Chapter: entropy-invariance, claims C6a, C6f and C9l

    Args:
        lam: Scale; :math:`1/\sqrt d` is the usual one.
        n: Number of keys, >= 1; a real number is allowed.
        d: Dimension, >= 2.
        order: 1 without the bracket, 2 with it, None for the exact drop
            :func:`sphere_entropy_drop` in terms of Bessel functions.
        check: Verify the values of tensors, which a device has to wait for.

    Returns:
        The broadcast shape, in the floating dtype of the tensor arguments
        (float64 if there is none). Differentiable.

    Raises:
        TypeError: an argument is not real.
        ValueError: ``n < 1``, ``d < 2``, another order, a value that is not
            finite.
    """
    if order not in (1, 2, None) or isinstance(order, bool):
        raise ValueError(f"order must be 1, 2 or None, got {order!r}")
    lam, n, d = _values(check, lam=lam, n=n, d=d)
    _at_least("n", n, 1.0, check)
    _at_least("d", d, 2.0, check)
    if order is None:
        return n.log() + sphere_entropy_drop(d, lam, check=False)
    root = torch.hypot(torch.ones_like(lam), 2 * lam)
    # (R - 1) / 2 without cancellation: G is 1 plus this.
    over = 2 * lam * (lam / (1 + root))
    log_g = torch.log1p(over)
    h = n.log() - d / 2 * log_g
    if order == 1:
        return h
    return h + log_g - torch.log1p(2 * over) / 2 - 2 * (over / root).square()


def _values(check: bool, **given: float | Tensor) -> list[Tensor]:
    """Return the arguments as tensors of one floating dtype and device."""
    tensors = [
        arg.real_tensor(name, v)
        for name, v in given.items()
        if isinstance(v, Tensor)
    ]
    floating = [t.dtype for t in tensors if t.is_floating_point()]
    dtype = functools.reduce(torch.promote_types, floating or [torch.float64])
    device = arg.device_of(None, *tensors)
    found = []
    for name, v in given.items():
        if not isinstance(v, Tensor):
            v = torch.full((), arg.number(name, v), dtype=dtype, device=device)
        elif check and not bool(v.isfinite().all()):
            raise ValueError(f"{name} must be finite, got {v}")
        found.append(v.to(dtype))
    return found


def _at_least(name: str, value: Tensor, least: float, check: bool) -> None:
    if check and not bool((value >= least).all()):
        raise ValueError(f"{name} must be >= {least:g}, got {value}")


def _scores(name: str, scores: Tensor, dim: int) -> None:
    arg.float_tensor(name, scores)
    if scores.is_complex():
        raise TypeError(f"{name} must be real, got dtype {scores.dtype}")
    if isinstance(dim, bool) or not isinstance(dim, int):
        raise TypeError(f"dim must be an integer, got {dim!r}")
    if not -scores.ndim <= dim < scores.ndim:
        raise ValueError(
            f"dim must be an axis of {name} of shape {arg.shape(scores)}, "
            f"got {dim}"
        )
    if scores.shape[dim] == 0:
        raise ValueError(
            f"{name} must not be empty along dim={dim}, got shape "
            f"{arg.shape(scores)}"
        )

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
        """Keep what the backward needs."""
        logits, ctx.dim = inputs
        h, logp = output
        ctx.mark_non_differentiable(logp)
        ctx.save_for_backward(logits, logp, h)

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
    its perplexities :math:`e^H` by such a search.)

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
        ``scores``' shape without ``dim``; the scale is positive.
        Differentiable in ``scores`` and ``target``.

    Raises:
        TypeError: ``scores`` is not floating-point, ``target`` not real.
        ValueError: no such axis; a target that no scale reaches.
    """
    _scores("scores", scores, dim)
    steps = arg.integer("steps", steps, 1)
    if isinstance(target, Tensor):
        wanted = arg.real_tensor("target", target).to(scores)
    else:
        wanted = scores.new_full((), arg.number("target", target))
    with torch.no_grad():
        scale = _solve(scores.detach(), wanted.detach(), dim, steps, check)
    # One Newton step from the solution changes nothing but carries the
    # implicit derivative.
    scaled = scale.unsqueeze(dim) * scores
    slope = -(scale * _variance(scores.detach(), scaled.detach(), dim))
    return scale - (entropy(scaled, dim) - wanted) / slope


def _solve(
    scores: Tensor, wanted: Tensor, dim: int, steps: int, check: bool
) -> Tensor:
    alive = scores > -math.inf
    count = alive.sum(dim).to(scores)
    top = scores.amax(dim, keepdim=True)
    gaps = (top - scores).masked_fill(~alive, 0)
    width = gaps.sum(dim) / count
    if check:
        ties = (gaps.masked_fill(~alive, 1) == 0).sum(dim).to(scores)
        low, high = ties.log().expand_as(wanted + ties), count.log()
        if not bool(((wanted > low) & (wanted < high)).all()):
            raise ValueError(
                "target must lie between the log of the number of scores "
                f"equal to the maximum ({low.max():.4g}) and the log of the "
                f"number of scores ({high.min():.4g}), got {wanted}"
            )
    left = (count.log() - wanted) / width
    scale, right = left, torch.full_like(left, math.inf)
    # The last step, in scale_for_entropy, squares the relative error.
    tolerance = torch.finfo(scores.dtype).eps ** 0.75
    for _ in range(steps):
        scaled = scale.unsqueeze(dim) * scores
        excess = entropy(scaled, dim) - wanted
        if check and not bool((excess.abs() > tolerance * wanted).any()):
            break
        left = torch.where(excess >= 0, scale, left)
        right = torch.where(excess <= 0, scale, right)
        slope = scale.square() * _variance(scores, scaled, dim)
        step = (excess / slope).clamp(max=math.log(4)).exp() * scale
        middle = torch.where(right < math.inf, (left + right) / 2, 2 * left)
        inside = (step >= left) & (step <= right)
        scale = torch.where(inside, step, middle)
    return scale


def _variance(scores: Tensor, scaled: Tensor, dim: int) -> Tensor:
    p = scaled.softmax(dim)
    seen = scores.masked_fill(scores == -math.inf, 0)
    mean = (p * seen).sum(dim, keepdim=True)
    return (p * (seen - mean).square()).sum(dim)


def entropy_invariant_scale(
    n: int | Tensor,
    d: int,
    base: float = 512.0,
    *,
    clip_min: float | None = None,
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
        check: Verify the values of a tensor ``n``, which a device has to
            wait for.

    Returns:
        A float for an integer ``n``; else a tensor of ``n``'s shape, on its
        device, in torch's default dtype.

    Raises:
        TypeError: ``n`` or ``d`` is not an integer.
        ValueError: ``n < 1``, ``d < 1``, ``base <= 1`` or not finite.
    """
    d = arg.integer("d", d, 1)
    factor = _log_factor(n, base, clip_min, check)
    return factor / math.sqrt(d)


def _log_factor(
    n: int | Tensor, base: float, clip_min: float | None, check: bool
) -> float | Tensor:
    base = arg.number("base", base)
    if base <= 1:
        raise ValueError(f"base must be > 1, got {base!r}")
    least = None if clip_min is None else arg.number("clip_min", clip_min)
    if not isinstance(n, Tensor):
        one = math.log(arg.integer("n", n, 1)) / math.log(base)
        return one if least is None else max(one, least)
    if n.is_floating_point() or n.is_complex() or n.dtype == torch.bool:
        raise TypeError(f"n must be an integer tensor, got dtype {n.dtype}")
    if check and not bool((n >= 1).all()):
        raise ValueError(f"n must be >= 1, got a row of {n.min()}")
    factor = n.to(torch.get_default_dtype()).log() / math.log(base)
    return factor if least is None else factor.clamp(min=least)


def entropy_invariant_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    *,
    is_causal: bool = False,
    base: float = 512.0,
    clip_min: float | None = None,
) -> Tensor:
    r"""Attention with the scale :math:`\log_{\text{base}}n/\sqrt d`.

    Here n is the number of keys that a row may see: all of them, those up
    to its own position (``is_causal``), or those that the mask leaves. It
    runs ``scaled_dot_product_attention``; without mask the scale costs
    nothing, otherwise one multiplication of the queries.

    Chapter: entropy-invariance, claims C7 and C12

    Args:
        query: ``(..., N_q, d)``.
        key: ``(..., N_k, d)``.
        value: ``(..., N_k, d_v)``.
        attn_mask: Broadcasts to ``(..., N_q, N_k)``: True where a key is
            seen, or numbers that are added to the scaled scores, ``-inf``
            where it is not. A row that sees nothing gives 0.
        is_causal: Row i sees keys 0..i. Not together with a mask.
        base, clip_min: As in :func:`entropy_invariant_scale`.

    Returns:
        ``(..., N_q, d_v)``.

    Raises:
        TypeError: an argument is not a floating-point tensor, or the mask is
            neither boolean nor floating-point.
        ValueError: shapes that do not fit, a mask with ``is_causal``, an
            empty length, ``base <= 1``.
    """
    n_q, n_k, d = _shapes(query, key, value)
    if attn_mask is not None and is_causal:
        raise ValueError("attn_mask and is_causal exclude each other")
    if attn_mask is None and not is_causal:
        scale = entropy_invariant_scale(n_k, d, base, clip_min=clip_min)
        assert isinstance(scale, float)
        return F.scaled_dot_product_attention(query, key, value, scale=scale)
    if attn_mask is None:
        rows = torch.arange(1, n_q + 1, device=query.device).clamp(max=n_k)
    else:
        rows = _seen(attn_mask).sum(-1).expand(*attn_mask.shape[:-2], n_q)
    # A row that sees nothing counts as one key: its output is 0 anyway.
    factor = _log_factor(rows.clamp(min=1), base, clip_min, check=False)
    assert isinstance(factor, Tensor)
    return F.scaled_dot_product_attention(
        query * factor.to(query.dtype).unsqueeze(-1),
        key,
        value,
        attn_mask=attn_mask,
        is_causal=is_causal,
    )


def _shapes(query: Tensor, key: Tensor, value: Tensor) -> tuple[int, int, int]:
    for name, t in (("query", query), ("key", key), ("value", value)):
        arg.float_tensor(name, t)
        if t.is_complex():
            raise TypeError(f"{name} must be real, got dtype {t.dtype}")
        if t.ndim < 2 or 0 in t.shape[-2:]:
            raise ValueError(
                f"{name} must have shape (..., length, size) with both >= 1, "
                f"got {arg.shape(t)}"
            )
    n_q, d = query.shape[-2:]
    n_k = key.shape[-2]
    if key.shape[-1] != d:
        raise ValueError(
            f"key must have size {d} in its last axis to match query, got "
            f"{arg.shape(key)}"
        )
    if value.shape[-2] != n_k:
        raise ValueError(
            f"value must have length {n_k} to match key, got "
            f"{arg.shape(value)}"
        )
    return n_q, n_k, d


def _seen(mask: Tensor) -> Tensor:
    if not isinstance(mask, Tensor):
        raise TypeError(
            f"attn_mask must be a torch.Tensor, got {type(mask).__name__}"
        )
    if mask.ndim < 2:
        raise ValueError(
            f"attn_mask must have shape (..., N_q, N_k), got {arg.shape(mask)}"
        )
    if mask.dtype == torch.bool:
        return mask
    if not mask.is_floating_point():
        raise TypeError(
            f"attn_mask must be boolean or floating-point, got {mask.dtype}"
        )
    return mask > -math.inf


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

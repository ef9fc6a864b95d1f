"""Attention with the entropy-invariant scale, as torch's own is used."""

import math

import pytest
import torch
import torch.nn.functional as F
from seeds import seed_everything, torch_rng
from torch.nn.attention import SDPBackend, sdpa_kernel

from kexue_lib.attention import (
    entropy_invariant_attention,
    entropy_invariant_scale,
)

F64, F32, BF16 = torch.float64, torch.float32, torch.bfloat16
INF = math.inf
# torch has no rule for its kernel under vmap, and runs it sample by sample.
looped = pytest.mark.filterwarnings("ignore:There is a performance drop")
# Its forward mode loads scripted functions.
scripted = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprec")
plain = F.scaled_dot_product_attention


def rows(seed, *shape, dtype=F64):
    sample = torch.randn(*shape, generator=torch_rng(seed), dtype=F64)
    return sample.to(dtype)


def close(a, b, atol=1e-13, rtol=1e-13):
    torch.testing.assert_close(a, b, atol=atol, rtol=rtol)


def explicit(q, k, v, seen=None, bias=None, base=512, clip_min=None):
    """The definition, with every score written down."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if seen is None:
        seen = torch.tensor(True)
    shape = torch.broadcast_shapes(scores.shape, seen.shape)
    seen = seen.expand(shape)
    n = seen.sum(-1, keepdim=True).clamp(min=1)
    factor = n.double().log() / math.log(base)
    if clip_min is not None:
        factor = factor.clamp(min=clip_min)
    scores = scores * factor
    if bias is not None:
        scores = scores + bias
    scores = scores.masked_fill(~seen, -INF)
    return scores.softmax(-1).nan_to_num(0.0) @ v


def some_seen(seed, *shape):
    return torch.rand(shape, generator=torch_rng(seed)) < 0.6


def qkv(seed, n_q=5, n_k=7, dtype=F64):
    sizes = (n_q, n_k, n_k)
    return [
        rows((seed, i), 2, 3, n, 8, dtype=dtype) for i, n in enumerate(sizes)
    ]


# -- n is counted row by row -------------------------------------------------


@pytest.mark.parametrize("clip_min", [None, 1.0])
@pytest.mark.parametrize("n", [1, 64, 700])
def test_all_keys(n, clip_min):
    q, k, v = rows(1, 3, 2, 5, n, 16)
    got = entropy_invariant_attention(q, k, v, clip_min=clip_min)
    close(got, explicit(q, k, v, clip_min=clip_min))


@pytest.mark.parametrize("clip_min", [None, 1.0])
@pytest.mark.parametrize(("n_q", "n_k"), [(30, 30), (7, 3), (3, 7), (1, 1)])
def test_causal_rows_count_what_they_see(n_q, n_k, clip_min):
    """Also with lengths that differ: aligned at the top left, as torch's."""
    q, k, v = qkv(2, n_q, n_k)
    seen = torch.ones(n_q, n_k, dtype=torch.bool).tril()
    want = explicit(q, k, v, seen, base=16, clip_min=clip_min)
    options = {"base": 16, "clip_min": clip_min}
    got = entropy_invariant_attention(q, k, v, is_causal=True, **options)
    close(got, want)
    close(entropy_invariant_attention(q, k, v, seen, **options), want)
    close(got[..., 0, :], v[..., 0, :])


@pytest.mark.parametrize(
    "shape",
    [(5, 7), (1, 7), (5, 1), (1, 1), (3, 5, 7), (3, 1, 7), (3, 5, 1),
     (2, 1, 5, 7), (2, 3, 1, 7), (2, 1, 1, 7), (1, 3, 5, 1), (4, 1, 1, 5, 7),
     (1, 1, 1, 5, 7)],
)  # fmt: skip
@pytest.mark.parametrize("kind", [torch.bool, F64])
def test_masks_broadcast_in_any_axis(shape, kind):
    q, k, v = qkv(3)
    mask = seen = some_seen(4, *shape)
    bias = None
    if kind == F64:
        bias = rows(5, *shape)
        mask = bias.masked_fill(~seen, -INF)
    want = explicit(q, k, v, seen, bias)
    close(entropy_invariant_attention(q, k, v, mask), want)


@pytest.mark.parametrize(
    ("dtype", "unseen"),
    [(F64, -INF), (F64, -1e9), (F64, -1e12),
     (F64, torch.finfo(F64).min), (F64, torch.finfo(F32).min),
     (F32, -1e9), (F32, torch.finfo(F32).min),
     (BF16, -1e9), (BF16, torch.finfo(BF16).min),
     (torch.float16, torch.finfo(torch.float16).min)],
)  # fmt: skip
def test_every_way_to_say_not_seen(dtype, unseen):
    q, k, v = qkv(6)
    seen = some_seen(7, 5, 7)
    seen[2] = False  # sees nothing: 0, whatever says so
    mask = torch.zeros(5, 7, dtype=dtype).masked_fill(~seen, unseen)
    assert bool((mask < 0).any())
    got = entropy_invariant_attention(q, k, v, mask)
    close(got, explicit(q, k, v, seen))
    assert (got[..., 2, :] == 0).all()


def test_a_bias_that_is_no_mask_is_counted():
    """ALiBi over a long text: far away is not unseen."""
    q, k, v = qkv(8)
    bias = -1e4 * torch.arange(7, dtype=F64).expand(5, 7)
    close(
        entropy_invariant_attention(q, k, v, bias),
        explicit(q, k, v, bias=bias),
    )


def test_packed_documents_are_as_documents_alone():
    lengths = (3, 1, 6)
    q, k, v = qkv(9, 10, 10)
    which = torch.repeat_interleave(torch.tensor(lengths))
    same = which[:, None] == which
    for causal in (False, True):
        seen = same.tril() if causal else same
        packed = entropy_invariant_attention(q, k, v, seen)
        alone = [
            entropy_invariant_attention(*part, is_causal=causal)
            for part in zip(
                *(t.split(lengths, -2) for t in (q, k, v)), strict=True
            )
        ]
        close(packed, torch.cat(alone, -2))


# -- as a replacement of torch's function ------------------------------------


@pytest.mark.parametrize("causal", [False, True])
def test_base_equal_to_the_length_is_torch_itself(causal):
    q, k, v = qkv(10, 7, 7)
    mask = some_seen(11, 7, 7)
    mask[:, 0] = True
    got = entropy_invariant_attention(q, k, v, base=7, clip_min=1)
    close(got, plain(q, k, v))
    # clip_min takes every row to the usual scale.
    options = {"base": 1e300, "clip_min": 1.0}
    got = entropy_invariant_attention(q, k, v, None, 0.0, causal, **options)
    close(got, plain(q, k, v, None, 0.0, causal))
    got = entropy_invariant_attention(q, k, v, mask, scale=0.3, **options)
    close(got, plain(q, k, v, mask, scale=0.3))


def test_dropout_is_torchs():
    q, k, v = qkv(12, 7, 7)
    seed_everything("dropout")
    got = entropy_invariant_attention(q, k, v, None, 0.4, base=7)
    seed_everything("dropout")
    close(got, plain(q, k, v, dropout_p=0.4))
    every = entropy_invariant_attention(q, k, v, dropout_p=1.0)
    assert (every == 0).all()


@pytest.mark.parametrize("lead", [(), (2,), (2, 1, 3)])
@pytest.mark.parametrize("kind", ["all", "causal", "rows", "heads"])
def test_grouped_queries(lead, kind):
    q = rows(13, *lead, 6, 5, 4)
    k, v = (rows(14 + i, *lead, 2, 5, 4 - i) for i in range(2))
    options = {
        "all": {},
        "causal": {"is_causal": True},
        "rows": {"attn_mask": some_seen(16, 5, 5)},
        "heads": {"attn_mask": some_seen(17, 6, 1, 5)},
    }[kind]
    got = entropy_invariant_attention(q, k, v, enable_gqa=True, **options)
    repeated = (t.repeat_interleave(3, -3) for t in (k, v))
    close(got, entropy_invariant_attention(q, *repeated, **options))


@pytest.mark.parametrize(
    ("lead_q", "lead_k", "lead_v"),
    [((), (), ()), ((3,), (), (3,)), ((2, 1), (3,), (1, 3)), ((), (4,), ()),
     ((2, 1, 3), (5, 1), (1,)), ((0,), (1,), ()), ((2, 0), (2, 0), (1, 1))],
)  # fmt: skip
@pytest.mark.parametrize("d_v", [1, 4, 9])
def test_batches_of_any_shape(lead_q, lead_k, lead_v, d_v):
    q, k = rows(18, *lead_q, 5, 4), rows(19, *lead_k, 7, 4)
    v = rows(20, *lead_v, 7, d_v)
    seen = some_seen(21, 5, 7)
    close(entropy_invariant_attention(q, k, v), explicit(q, k, v))
    close(entropy_invariant_attention(q, k, v, seen), explicit(q, k, v, seen))


def test_inputs_may_have_any_strides():
    q, k, v = qkv(22, 7, 7)
    seen = some_seen(23, 7, 7)
    want = explicit(q, k, v, seen)
    turned = (t.mT.contiguous().mT for t in (q, k, v))
    close(entropy_invariant_attention(*turned, seen.T.contiguous().T), want)


def test_empty_lengths_are_torchs():
    q, k, v = qkv(24)
    assert entropy_invariant_attention(q[..., :0, :], k, v).shape[-2] == 0
    none = (q, k[..., :0, :], v[..., :0, :])
    assert (entropy_invariant_attention(*none) == 0).all()
    assert (entropy_invariant_attention(*none, is_causal=True) == 0).all()
    assert (plain(*none) == 0).all()


def test_nothing_is_written_down():
    """3-D inputs, another d_v and shared keys reach the fused kernel."""
    q, k, v = qkv(25, 7, 7)
    with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
        for call in (
            (q[0], k[0], v[0]),
            (q, k[:1], v[:1]),
            (q, k, v[..., :3]),
            (q[..., :3], k[..., :3], v),
        ):
            close(entropy_invariant_attention(*call), explicit(*call))
            with pytest.raises(RuntimeError):  # torch alone has none
                plain(*call)


# -- precision ---------------------------------------------------------------


def test_float64_is_exact_whatever_the_default_dtype():
    q, k, v = qkv(26)
    seen = some_seen(27, 5, 7)
    want = explicit(q, k, v, seen)
    close(entropy_invariant_attention(q, k, v, seen), want, 1e-15, 1e-14)
    bias = torch.zeros(5, 7).masked_fill(~seen, -INF)
    close(entropy_invariant_attention(q, k, v, bias), want, 1e-15, 1e-14)
    mixed = (q, k.float(), v.float())
    want = explicit(q, *(t.float().double() for t in mixed[1:]), seen)
    close(entropy_invariant_attention(*mixed, seen), want, 1e-15, 1e-14)


@pytest.mark.parametrize("dtype", [F32, BF16, torch.float16])
def test_other_dtypes_lose_no_more_than_torch(dtype):
    q, k, v = qkv(28, 64, 64, dtype)
    wide = [t.double() for t in (q, k, v)]
    exact = explicit(*wide, torch.ones(64, 64, dtype=torch.bool).tril())
    got = entropy_invariant_attention(q, k, v, is_causal=True)
    assert got.dtype == dtype
    peer = plain(q, k, v, is_causal=True).double()
    theirs = (peer - plain(*wide, is_causal=True)).abs().max()
    assert (got.double() - exact).abs().max() < 1.5 * theirs


def test_autocast_is_attention_in_bfloat16():
    q, k, v = qkv(29, 64, 64, F32)
    options = (
        {},
        {"is_causal": True},
        {"attn_mask": some_seen(30, 64, 64)},
        {"attn_mask": torch.zeros(64, 64)},
    )
    for option in options:
        outside = entropy_invariant_attention(q, k, v, **option)
        with torch.autocast("cpu", BF16):
            inside = entropy_invariant_attention(q, k, v, **option)
        assert inside.dtype == BF16
        close(inside.float(), outside, atol=2e-2, rtol=2e-2)


# -- derivatives and transforms ----------------------------------------------


@pytest.mark.parametrize("kind", ["all", "causal", "mask", "bias", "gqa"])
def test_gradients(kind):
    q, k, v = (t.requires_grad_() for t in qkv(31, 4, 4))
    options = {
        "all": {},
        "causal": {"is_causal": True},
        "mask": {"attn_mask": some_seen(32, 4, 4)},
        "bias": {"attn_mask": torch.full((4, 1), -1e9, dtype=F64)},
        "gqa": {"enable_gqa": True},
    }[kind]
    if kind == "gqa":
        k, v = (t.detach()[:, :1].requires_grad_() for t in (k, v))

    def call(*t):
        return entropy_invariant_attention(*t, **options)

    assert torch.autograd.gradcheck(call, (q, k, v))
    # The fused kernel has no second derivative, and says so.
    once = torch.autograd.grad(
        call(q, k, v).square().sum(), (q,), create_graph=True
    )
    with pytest.raises(RuntimeError, match="not implemented"):
        once[0].square().sum().backward()
    with sdpa_kernel(SDPBackend.MATH):
        assert torch.autograd.gradgradcheck(call, (q, k, v))


def test_a_learned_bias_gets_its_gradient():
    q, k, v = qkv(33, 4, 4)
    bias = rows(34, 3, 4, 4)
    bias[:, 1, 2] = -INF
    assert torch.autograd.gradcheck(
        lambda b: entropy_invariant_attention(
            q, k, v, b.where(bias > -INF, -INF)
        ),
        bias.where(bias > -INF, 0).requires_grad_(),
    )


def test_rows_without_keys_have_gradient_zero():
    q, k, v = (t.requires_grad_() for t in qkv(35, 4, 4))
    mask = torch.zeros(4, 4, dtype=F64)
    mask[1] = torch.finfo(F64).min
    entropy_invariant_attention(q, k, v, mask).square().sum().backward()
    assert (q.grad[..., 1, :] == 0).all()
    assert all(bool(t.grad.isfinite().all()) for t in (q, k, v))


@looped
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("kind", ["all", "causal", "mask", "own"])
def test_vmap_over_each_batch_axis(axis, kind):
    q, k, v = qkv(36)
    seen = some_seen(37, 5, 7)
    own = some_seen(38, 2, 3, 5, 7)
    mask = {"mask": seen, "own": own}.get(kind)
    causal = kind == "causal"
    at = axis if kind == "own" else None

    def call(q, k, v, mask):
        return entropy_invariant_attention(q, k, v, mask, is_causal=causal)

    got = torch.func.vmap(call, (axis, axis, axis, at), axis)(q, k, v, mask)
    close(got, call(q, k, v, mask))
    # Only the queries batched.
    rest = k[0], v[0], mask if kind == "mask" else None
    few = torch.func.vmap(call, (0, None, None, None))(q, *rest)
    close(few, call(q, *rest))


@looped
@scripted
def test_function_transforms():
    q, k, v = qkv(39)
    seen = some_seen(40, 5, 7)

    def call(q):
        return entropy_invariant_attention(q, k, v, seen)

    got = torch.func.jacrev(call)(q)
    close(got, torch.autograd.functional.jacobian(call, q))
    per_sample = torch.func.vmap(
        torch.func.grad(
            lambda q, k: entropy_invariant_attention(q, k, k).sum()
        )
    )(q, k)
    q.requires_grad_()
    entropy_invariant_attention(q, k, k).sum().backward()
    close(per_sample, q.grad)
    with sdpa_kernel(SDPBackend.MATH):
        close(torch.func.jacfwd(call)(q.detach()), got)


@pytest.mark.parametrize("kind", ["all", "causal", "mask", "bias", "gqa"])
def test_one_graph_for_all_lengths(kind):
    torch.compiler.reset()
    graphs = []

    def count(module, _):
        graphs.append(module)
        return module.forward

    def call(q, k, v, mask):
        return entropy_invariant_attention(
            q, k, v, mask, is_causal=kind == "causal", enable_gqa=kind == "gqa"
        )

    compiled = torch.compile(call, fullgraph=True, dynamic=True, backend=count)
    for n in (5, 6, 9):
        q, k, v = qkv(41, n, n + 2)
        if kind == "gqa":
            k, v = k[:, :1], v[:, :1]
        seen = some_seen(42, n, n + 2)
        mask = {
            "mask": seen,
            "bias": torch.zeros(seen.shape).masked_fill(~seen, -1e9),
        }.get(kind)
        close(compiled(q, k, v, mask), call(q, k, v, mask))
    assert len(graphs) == 1


def test_it_is_torchs_with_the_librarys_scale():
    q, k, v = qkv(43, 40, 40, F32)
    scale = entropy_invariant_scale(40, 8)
    want = plain(q, k, v, scale=scale)
    assert torch.equal(entropy_invariant_attention(q, k, v), want)


# -- refusals ----------------------------------------------------------------

Q = torch.zeros(2, 3)
H = torch.zeros(6, 2, 3)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "word"),
    [
        ((Q, Q, [0]), {}, TypeError, "value"),
        ((Q, Q.cfloat(), Q), {}, TypeError, "key"),
        ((Q[0], Q, Q), {}, ValueError, "query"),
        ((Q[:, :0], Q[:, :0], Q), {}, ValueError, "query"),
        ((Q, Q[:, :2], Q), {}, ValueError, "key"),
        ((Q, Q, Q[:1]), {}, ValueError, "value"),
        ((H, H[:4], H), {}, ValueError, "batch axes"),
        ((H, H, H, torch.ones(5, 2, 2)), {}, ValueError, "batch axes"),
        ((Q, Q, Q, torch.ones(2, 2)), {"is_causal": True},
         ValueError, "exclude"),
        ((Q, Q, Q, [1]), {}, TypeError, "attn_mask"),
        ((Q, Q, Q, torch.ones(2, 2).long()), {}, TypeError, "attn_mask"),
        ((Q, Q, Q, torch.ones(2).bool()), {}, ValueError, "attn_mask"),
        ((Q, Q, Q, torch.ones(2, 3).bool()), {}, ValueError, "attn_mask"),
        ((Q, Q, Q, torch.ones(3, 2).bool()), {}, ValueError, "attn_mask"),
        ((Q, Q, Q), {"base": 1}, ValueError, "base"),
        ((Q, Q, Q), {"clip_min": INF}, ValueError, "clip_min"),
        ((Q, Q, Q), {"scale": math.nan}, ValueError, "scale"),
        ((Q, Q, Q), {"dropout_p": 1.1}, ValueError, "dropout_p"),
        ((Q, Q, Q), {"dropout_p": "0"}, TypeError, "dropout_p"),
        ((Q, Q, Q), {"enable_gqa": True}, ValueError, "query"),
        ((H, H[:4], H[:4]), {"enable_gqa": True}, ValueError, "key"),
        ((H, H[:2], H[:4]), {"enable_gqa": True}, ValueError, "value"),
        ((H, H[:2], H[:2], torch.ones(2, 2, 2).bool()),
         {"enable_gqa": True}, ValueError, "attn_mask"),
    ],
)  # fmt: skip
def test_bad_input(arguments, options, error, word):
    with pytest.raises(error, match=word):
        entropy_invariant_attention(*arguments, **options)


def test_nested_tensors_are_refused():
    nested = torch.nested.nested_tensor(
        [torch.zeros(5, 2), torch.zeros(3, 2)], layout=torch.jagged
    )
    with pytest.raises(ValueError, match="query must not be a nested"):
        entropy_invariant_attention(nested, nested, nested)

"""Entropy of attention, its scales and the solvable models."""

import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from seeds import torch_rng

from kexue_lib import attention as att

F64 = torch.float64
INF = math.inf
# torch's forward mode loads scripted functions.
scripted = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprec")
quick = settings(max_examples=40)
seeds = st.integers(0, 2**31)
lengths = st.integers(1, 40)
scales = st.floats(0.01, 20.0)


def rows(seed, *shape, dtype=F64):
    generator = torch_rng(seed)
    return torch.randn(*shape, generator=generator, dtype=F64).to(dtype)


def close(a, b, atol=1e-12, rtol=1e-12):
    torch.testing.assert_close(a, b, atol=atol, rtol=rtol)


# -- entropy ----------------------------------------------------------------


def by_definition(logits):
    p = logits.softmax(-1)
    return torch.special.entr(p).sum(-1)


def test_reference_values():
    uniform = torch.zeros(3, 7, dtype=F64)
    close(att.entropy(uniform), torch.full((3,), math.log(7), dtype=F64))
    p = torch.tensor([0.5, 0.25, 0.125, 0.125], dtype=F64)
    close(att.entropy(p.log()), torch.tensor(1.75 * math.log(2), dtype=F64))
    one = att.entropy(torch.tensor([-3.0], dtype=F64))
    assert one.item() == 0


@quick
@given(seeds, lengths, scales)
def test_between_zero_and_log_n(seed, n, scale):
    h = att.entropy(scale * rows(seed, 4, n))
    assert (h >= -1e-14).all()
    assert (h <= math.log(n) + 1e-14).all()
    close(h, by_definition(scale * rows(seed, 4, n)))


@quick
@given(seeds, lengths, st.floats(-50, 50))
def test_shift_and_permutation_change_nothing(seed, n, shift):
    x = rows(seed, n)
    order = torch.randperm(n, generator=torch_rng(seed))
    close(att.entropy(x + shift), att.entropy(x))
    close(att.entropy(x[order]), att.entropy(x))


@quick
@given(seeds, lengths, scales)
def test_derivative_is_minus_scale_times_variance(seed, n, scale):
    """Claim C2, by automatic differentiation."""
    s = rows(seed, n)
    lam = torch.tensor(scale, dtype=F64, requires_grad=True)
    att.entropy(lam * s).backward()
    p = (scale * s).softmax(-1)
    variance = (p * (s - (p * s).sum()) ** 2).sum()
    close(lam.grad, -scale * variance, atol=1e-10)


@quick
@given(seeds, st.integers(2, 40), scales)
def test_lower_bound(seed, n, scale):
    """Claim C3."""
    s = rows(seed, n)
    bound = math.log(n) - scale * (s.max() - s.mean())
    assert att.entropy(scale * s) >= bound - 1e-12


@quick
@given(seeds, st.integers(1, 12), st.integers(0, 12))
def test_masked_scores_do_not_exist(seed, n, masked):
    seen = rows(seed, n)
    all_of_it = torch.cat([seen, torch.full((masked,), -INF, dtype=F64)])
    for x in (seen, all_of_it):
        x.requires_grad_()
    h, with_mask = att.entropy(seen), att.entropy(all_of_it)
    close(with_mask, h)
    h.backward()
    with_mask.backward()
    close(all_of_it.grad[:n], seen.grad)
    assert (all_of_it.grad[n:] == 0).all()


def test_fully_masked_row_is_zero_with_gradient_zero():
    x = torch.full((2, 3), -INF, dtype=F64)
    x[1] = 0
    x.requires_grad_()
    h = att.entropy(x)
    h.sum().backward()
    assert h[0].item() == 0
    assert (x.grad[0] == 0).all()
    (grad,) = torch.autograd.grad(att.entropy(x).sum(), x, create_graph=True)
    grad.square().sum().backward()
    assert x.grad.isfinite().all()


@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_underflow_is_exact(dtype):
    """Probability 0 without a mask: no NaN, gradient 0."""
    x = torch.tensor([0.0, -1e4, -1e4], dtype=dtype, requires_grad=True)
    h = att.entropy(x)
    h.backward()
    assert h.item() == 0
    assert (x.grad == 0).all()


@pytest.mark.parametrize("bad", [math.nan, INF])
def test_bad_numbers_stay_visible(bad):
    x = torch.tensor([[0.0, 1.0], [0.0, bad]])
    h = att.entropy(x)
    assert h[0].isfinite()
    assert h[1].isnan()


def test_gradients_of_both_orders():
    x = rows(1, 2, 3, 5).requires_grad_()
    for dim in (0, 1, -1):
        assert torch.autograd.gradcheck(lambda t, d=dim: att.entropy(t, d), x)
        assert torch.autograd.gradgradcheck(
            lambda t, d=dim: att.entropy(t, d), x
        )
    y = torch.tensor([0.3, -0.2, 1.0, -INF], dtype=F64)
    assert torch.autograd.gradcheck(
        lambda t: att.entropy(torch.cat([t, y[3:]])), y[:3].requires_grad_()
    )


@scripted
def test_function_transforms():
    x = rows(2, 4, 6)
    close(torch.func.vmap(att.entropy)(x), att.entropy(x))
    close(
        torch.func.vmap(lambda r: att.entropy(r, 0), in_dims=1)(x),
        att.entropy(x, 0),
    )
    jacobian = torch.func.jacrev(att.entropy)(x)
    expected = torch.autograd.functional.jacobian(att.entropy, x)
    close(jacobian, expected)
    close(torch.func.jacfwd(att.entropy)(x), expected)
    x.requires_grad_()
    h = att.entropy(x)
    (several,) = torch.autograd.grad(
        h, x, torch.eye(4, dtype=F64), is_grads_batched=True
    )
    close(several, expected)


@pytest.mark.parametrize(
    ("dtype", "atol"),
    [(torch.float32, 3e-6), (torch.bfloat16, 3e-2), (torch.float16, 4e-3)],
)
def test_other_dtypes(dtype, atol):
    x = rows(3, 5, 300, dtype=dtype)
    h = att.entropy(x)
    assert h.dtype == dtype
    close(h.double(), att.entropy(x.double()), atol=atol, rtol=0)


def test_agrees_with_the_distribution_of_torch():
    x = rows(4, 3, 50)
    peer = torch.distributions.Categorical(logits=x).entropy()
    close(att.entropy(x), peer)


@pytest.mark.parametrize(
    ("call", "error", "word"),
    [
        (lambda: att.entropy([0.0]), TypeError, "logits"),
        (lambda: att.entropy(torch.arange(3)), TypeError, "logits"),
        (lambda: att.entropy(torch.zeros(2, dtype=torch.cfloat)),
         TypeError, "real"),
        (lambda: att.entropy(torch.zeros(2, 0)), ValueError, "empty"),
        (lambda: att.entropy(torch.zeros(2), 1), ValueError, "dim"),
        (lambda: att.entropy(torch.zeros(2), 0.5), TypeError, "dim"),
        (lambda: att.entropy(torch.tensor(1.0)), ValueError, "dim"),
    ],
)  # fmt: skip
def test_entropy_bad_input(call, error, word):
    with pytest.raises(error, match=word):
        call()


# -- the scale that meets an entropy ----------------------------------------


@quick
@given(seeds, st.integers(2, 60), st.floats(0.02, 0.98), st.floats(0.01, 100))
def test_scale_meets_the_target(seed, n, share, spread):
    s = spread * rows(seed, 3, n)
    target = share * math.log(n)
    scale = att.scale_for_entropy(s, target)
    assert (scale > 0).all()
    close(att.entropy(scale[:, None] * s), torch.full((3,), target, dtype=F64))
    # Claim C3: the bracket's left end.
    room = (s.amax(-1) - s.mean(-1)) * scale
    assert (room >= math.log(n) - target - 1e-10).all()


def test_scale_finds_tiny_and_large_entropies():
    s = rows(5, 100)
    for target in (1e-9, 1e-4, math.log(100) - 1e-6):
        scale = att.scale_for_entropy(s, target)
        h = att.entropy(scale * s).item()
        assert h == pytest.approx(target, rel=1e-9)


def test_scale_with_mask_ties_and_axes():
    s = rows(6, 3, 8)
    masked = torch.cat([s, torch.full((3, 4), -INF, dtype=F64)], -1)
    close(att.scale_for_entropy(masked, 1.0), att.scale_for_entropy(s, 1.0))
    close(att.scale_for_entropy(s.T, 1.0, 0), att.scale_for_entropy(s, 1.0))
    tied = torch.tensor([1.0, 1.0, 0.0, 0.0], dtype=F64)
    scale = att.scale_for_entropy(tied, 1.0)
    want = att.planted_entropy(scale, 4, 2, 1.0)
    assert want.item() == pytest.approx(1.0)
    targets = torch.tensor([0.5, 1.0, 1.5], dtype=F64)
    both = att.scale_for_entropy(s, targets)
    close(att.entropy(both[:, None] * s), targets)
    assert att.scale_for_entropy(s.float(), 1.0).dtype == torch.float32


def test_scale_is_differentiable():
    s = rows(7, 2, 6).requires_grad_()
    target = torch.tensor([1.0, 0.7], dtype=F64, requires_grad=True)
    assert torch.autograd.gradcheck(att.scale_for_entropy, (s, target))
    assert torch.autograd.gradgradcheck(att.scale_for_entropy, (s, target))
    few = torch.tensor([0.3, 1.0, -INF, 2.0], dtype=F64)

    def masked(t):
        return att.scale_for_entropy(torch.cat([t, few[2:]]), 0.9)

    assert torch.autograd.gradgradcheck(masked, few[:2].requires_grad_())


@scripted
def test_scale_under_function_transforms():
    s, target = rows(17, 3, 2, 6), torch.tensor([1.0, 0.7], dtype=F64)
    want = att.scale_for_entropy(s, target)
    func = torch.func
    close(func.vmap(att.scale_for_entropy, (0, None))(s, target), want)
    close(func.vmap(att.scale_for_entropy, (1, 0), 1)(s, target), want)
    one = func.vmap(att.scale_for_entropy, (None, 0), 1)(s, target)
    close(one[:, 0], att.scale_for_entropy(s, 1.0))
    first = func.jacrev(att.scale_for_entropy, (0, 1))(s, target)
    for back, forth in zip(
        first, func.jacfwd(att.scale_for_entropy, (0, 1))(s, target),
        strict=True,
    ):  # fmt: skip
        close(back, forth)


@pytest.mark.filterwarnings("ignore:.*should not be instantiated")
def test_compiled_entropy_and_scale_are_the_same():
    torch.compiler.reset()
    graphs = []

    def count(module, _):
        graphs.append(module)
        return module.forward

    def both(s):
        scale = att.scale_for_entropy(s, 1.0, steps=20, check=False)
        return att.entropy(s), scale

    compiled = torch.compile(both, fullgraph=True, dynamic=True, backend=count)
    for n in (5, 9, 17):
        s = rows(n, 3, n)
        for got, want in zip(compiled(s), both(s), strict=True):
            close(got, want)
    assert len(graphs) == 1


@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_scale_goes_as_one_over_the_scores(dtype):
    s = rows(18, 4, 30, dtype=dtype)
    want = att.scale_for_entropy(s, 2.0)
    eps = torch.finfo(dtype).eps
    for power in (-100, -60, 60, 100):
        got = att.scale_for_entropy(s * 2.0**power, 2.0)
        close(got * 2.0**power, want, atol=0, rtol=16 * eps)


def test_scale_computes_in_the_widest_dtype():
    s = rows(19, 4, 30, dtype=torch.float32)
    target = torch.full((4,), 2.0, dtype=F64)
    close(
        att.scale_for_entropy(s, target),
        att.scale_for_entropy(s.double(), target),
    )
    half = att.scale_for_entropy(s.bfloat16(), 2.0)
    assert half.dtype == torch.bfloat16
    want = att.scale_for_entropy(s.bfloat16().double(), 2.0)
    close(half, want.bfloat16(), atol=0, rtol=0)


def test_an_empty_batch_stays_one():
    s = rows(20, 0, 5)
    assert att.entropy(s).shape == att.scale_for_entropy(s, 1.0).shape == (0,)


@pytest.mark.parametrize("target", [0.5, 0.0, -1.0, math.log(4), 5.0])
def test_scale_that_does_not_exist(target):
    tied = torch.tensor([1.0, 1.0, 0.0, 0.0], dtype=F64)
    with pytest.raises(ValueError, match="target"):
        att.scale_for_entropy(tied, target)


@pytest.mark.parametrize(
    ("call", "error", "word"),
    [
        (lambda: att.scale_for_entropy(torch.arange(3), 1.0),
         TypeError, "scores"),
        (lambda: att.scale_for_entropy(torch.ones(3), "1"),
         TypeError, "target"),
        (lambda: att.scale_for_entropy(torch.ones(3), 1.0, steps=0),
         ValueError, "steps"),
    ],
)  # fmt: skip
def test_scale_bad_input(call, error, word):
    with pytest.raises(error, match=word):
        call()


# -- the invariant scale (its attention: test_invariant_attention.py) ---


def test_scale_values():
    assert att.entropy_invariant_scale(512, 64) == pytest.approx(1 / 8)
    assert att.entropy_invariant_scale(512**2, 64) == pytest.approx(1 / 4)
    assert att.entropy_invariant_scale(1, 64) == 0
    assert att.entropy_invariant_scale(1, 64, clip_min=1) == 1 / 8
    assert att.entropy_invariant_scale(8, 1, base=2) == pytest.approx(3)


@quick
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=5), lengths)
def test_scale_of_several_rows(ns, d):
    several = att.entropy_invariant_scale(torch.tensor(ns), d, clip_min=0.5)
    one = [att.entropy_invariant_scale(n, d, clip_min=0.5) for n in ns]
    close(several, torch.tensor(one, dtype=F64))


def test_scale_of_rows_follows_no_default_dtype():
    ns = torch.tensor([3, 512])
    assert att.entropy_invariant_scale(ns, 64).dtype == F64
    half = att.entropy_invariant_scale(ns, 64, dtype=torch.bfloat16)
    assert half.dtype == torch.bfloat16
    assert half[1] == 1 / 8


@pytest.mark.parametrize(
    ("call", "error", "word"),
    [
        (lambda: att.entropy_invariant_scale(0, 4), ValueError, "n must"),
        (lambda: att.entropy_invariant_scale(2.5, 4), TypeError, "n must"),
        (lambda: att.entropy_invariant_scale(2, 0), ValueError, "d must"),
        (lambda: att.entropy_invariant_scale(2, 4, 1), ValueError, "base"),
        (lambda: att.entropy_invariant_scale(2, 4, INF), ValueError, "base"),
        (lambda: att.entropy_invariant_scale(2, 4, clip_min=math.nan),
         ValueError, "clip_min"),
        (lambda: att.entropy_invariant_scale(torch.tensor([3, 0]), 4),
         ValueError, "n must"),
        (lambda: att.entropy_invariant_scale(torch.tensor([3.0]), 4),
         TypeError, "integer"),
        (lambda: att.entropy_invariant_scale(3, 4, dtype=torch.cfloat),
         ValueError, "dtype must"),
    ],
)  # fmt: skip
def test_invariant_scale_bad_input(call, error, word):
    with pytest.raises(error, match=word):
        call()


# -- models -----------------------------------------------------------------


@quick
@given(st.integers(1, 30), st.integers(0, 30), scales, st.floats(-3, 3))
def test_planted_is_the_entropy_of_its_scores(k, rest, lam, gap):
    s = torch.cat([torch.full((k,), gap, dtype=F64),
                   torch.zeros(rest, dtype=F64)])  # fmt: skip
    close(att.planted_entropy(lam, k + rest, k, gap), att.entropy(lam * s))


def test_planted_reference_values():
    """The chapter's ideal case, k=8, scale 9 at a length of 512."""
    for n, fixed, scaled in ((64, 2.088, 2.199), (8192, 3.207, 2.112)):
        assert att.planted_entropy(9, n, 8).item() == pytest.approx(
            fixed, abs=5e-4
        )
        lam = 9 * math.log(n) / math.log(512)
        assert att.planted_entropy(lam, n, 8).item() == pytest.approx(
            scaled, abs=5e-4
        )


def test_gaussian_values_and_freezing():
    h = att.gaussian_entropy(torch.tensor([0.0, 1.0, 10.0]), 512)
    want = torch.tensor([math.log(512), math.log(512) - 0.5, 0.0])
    close(h, want, atol=1e-6)
    s = rows(16, 200, 4096)
    mean = att.entropy(1.5 * s).mean().item()
    assert mean == pytest.approx(
        att.gaussian_entropy(1.5, 4096).item(), abs=0.02
    )


@quick
@given(st.floats(0.05, 4), st.sampled_from([16.0, 64.0, 256.0]))
def test_sphere_orders(lam, d):
    exact = att.sphere_entropy(lam, 1, d, None).item()
    second = att.sphere_entropy(lam, 1, d).item()
    first = att.sphere_entropy(lam, 1, d, 1).item()
    assert abs(second - exact) < 0.06 / d
    assert abs(first - exact) < 0.35
    G = (1 + math.sqrt(1 + 4 * lam**2)) / 2
    assert first == pytest.approx(-d / 2 * math.log(G))


@pytest.mark.parametrize(
    ("d", "scale"), [(2, 2.9274916e10), (3, 1e6 / 6), (6, 121.09548)]
)
def test_sphere_scale_is_a_power_of_n(d, scale):
    # One nat at a million keys; scales from mpmath's Bessel functions, in
    # three dimensions n / 6.
    h = att.sphere_entropy(scale, 1e6, d, None).item()
    assert h == pytest.approx(1, abs=1e-5)
    assert att.sphere_entropy(scale, 1e6, d).item() == pytest.approx(
        1, abs=0.1
    )


@pytest.mark.parametrize("order", [2, None])
@pytest.mark.parametrize("d", [3, 5, 8])
def test_sphere_deficit_grows_with_the_dimension_of_the_surface(order, d):
    # (d - 1) / 2 for each unit of the logarithm, and not d / 2.
    low, high = (att.sphere_entropy(v, 1, d, order).item() for v in (1e6, 1e9))
    slope = (low - high) / math.log(1e3)
    assert slope == pytest.approx((d - 1) / 2, rel=1e-4)


def test_sphere_small_scale_keeps_its_digits():
    lam = torch.tensor([1e-8, 1e-4], dtype=F64)
    h = att.sphere_entropy(lam, 1, 64, 1)
    close(h / (-(lam**2) * 32), torch.ones(2, dtype=F64), rtol=1e-7)
    exact = att.sphere_entropy(lam, 1, 64, None)
    second = att.sphere_entropy(lam, 1, 64)
    close(second, exact, atol=0, rtol=5e-3)


MODELS = [
    (att.planted_entropy, (0.7, 20.0, 3.0, 1.5)),
    (att.gaussian_entropy, (0.7, 20.0, 1.2)),
    (att.sphere_entropy, (0.7, 20.0, 8.0)),
    (lambda *a: att.sphere_entropy(*a, None), (0.7, 20.0, 8.0)),
]


@pytest.mark.parametrize(("model", "values"), MODELS)
def test_models_broadcast_and_differentiate(model, values):
    at = tuple(
        torch.full((2, 1) if i else (3,), v, dtype=F64, requires_grad=True)
        for i, v in enumerate(values)
    )
    assert model(*at).shape == (2, 3)
    close(model(*at)[0, 0], model(*values))
    assert torch.autograd.gradcheck(model, at)
    single = model(*(t.detach().float() for t in at))
    assert single.dtype == torch.float32
    close(single.double(), model(*at).detach(), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "word"),
    [
        (lambda: att.planted_entropy(1, 5, 0), ValueError, "k must"),
        (lambda: att.planted_entropy(1, 5, 6), ValueError, "n - k"),
        (lambda: att.planted_entropy("1", 5), TypeError, "lam"),
        (lambda: att.planted_entropy(INF, 5), ValueError, "lam"),
        (lambda: att.planted_entropy(1, torch.tensor([5.0, math.nan])),
         ValueError, "n must"),
        (lambda: att.gaussian_entropy(1, 0.5), ValueError, "n must"),
        (lambda: att.gaussian_entropy(1, 5, -1), ValueError, "sigma"),
        (lambda: att.sphere_entropy(1, 5, 1), ValueError, "d must"),
        (lambda: att.sphere_entropy(1, 0, 4), ValueError, "n must"),
        (lambda: att.sphere_entropy(1, 5, 4, 3), ValueError, "order"),
        (lambda: att.sphere_entropy(1, 5, 4, True), ValueError, "order"),
        (lambda: att.sphere_entropy(torch.ones(2, dtype=torch.cfloat), 5, 4),
         TypeError, "lam"),
    ],
)  # fmt: skip
def test_models_bad_input(call, error, word):
    with pytest.raises(error, match=word):
        call()


@quick
@given(seeds, st.integers(2, 30), st.floats(0.1, 5))
def test_sharpening(seed, n, c):
    """Claim C8: a factor on the scores is a power of the probabilities."""
    s = rows(seed, n)
    p = s.softmax(-1)
    assume(p.min() > 1e-60)
    close((c * s).softmax(-1), p**c / (p**c).sum())

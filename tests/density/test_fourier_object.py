"""The density as an object: saved, compared, sampled, in batches."""

import copy
import io
import math
import pickle

import pytest
import torch
from seeds import torch_rng

from kexue_lib.density import fourier
from kexue_lib.density.fourier import model, sample

F64, F32, C128, C64 = (
    torch.float64,
    torch.float32,
    torch.complex128,
    torch.complex64,
)


def normal(*shape, seed=0, dtype=F64):
    drawn = torch.randn(*shape, dtype=F64, generator=torch_rng(seed))
    return drawn.to(dtype)


def waves(*shape, seed=0, dtype=C128):
    drawn = torch.randn(*shape, dtype=C128, generator=torch_rng(seed))
    return drawn.to(dtype)


def on_line(size=6, dtype=F64):
    wide = torch.promote_types(dtype, C64)
    return fourier.FourierDensity(
        waves(size, dtype=wide),
        torch.tensor(0.3, dtype=dtype),
        torch.tensor(2.0, dtype=dtype),
    )


def close(a, b, atol=1e-12, rtol=1e-12):
    torch.testing.assert_close(a, b, atol=atol, rtol=rtol)


# -- equality and storage ----


def test_densities_are_equal_if_their_numbers_are():
    one, other = on_line(), on_line()
    assert one == other
    assert hash(one) == hash(other)
    assert one != one.to(dtype=F32)
    assert one != fourier.FourierDensity(one.a)
    assert one != fourier.FourierDensity(one.a, one.mu, 2 * one.sigma)
    assert one != fourier.FourierDensity(one.a, one.mu, one.sigma, 3)
    assert one != "a density"
    assert fourier.FourierDensity(one.a) == fourier.FourierDensity(one.a)
    assert fourier.FourierDensity(one.a) != fourier.FourierDensity(2 * one.a)


@pytest.mark.parametrize("line", [True, False])
def test_copies_and_files(line):
    density = on_line() if line else fourier.FourierDensity(waves(4))
    density.sample(3, torch_rng())  # the table is not saved
    file = io.BytesIO()
    torch.save(density, file)
    assert len(file.getvalue()) < 10_000
    file.seek(0)
    assert torch.load(file) == density  # weights_only, the default
    assert copy.deepcopy(density) == density
    assert pickle.loads(pickle.dumps(density)) == density
    assert copy.deepcopy(density).a is not density.a


# -- quantiles ----


def test_the_table_is_made_once(monkeypatch):
    made = []

    class Counted(sample.QuantileTable):
        def __init__(self, a):
            made.append(a)
            super().__init__(a)

    monkeypatch.setattr(model, "QuantileTable", Counted)
    density = on_line()
    for n in (1, 10, 1000, 5000):
        density.sample(n, torch_rng())
    density.icdf(torch.linspace(0.1, 0.9, 7, dtype=F64))
    assert len(made) == 1
    # Coefficients that are trained change in place.
    before = density.icdf(torch.tensor(0.5, dtype=F64))
    density.a.mul_(waves(6, seed=1))
    after = density.icdf(torch.tensor(0.5, dtype=F64))
    assert len(made) == 2
    assert before != after
    close(density.cdf(after), torch.tensor(0.5, dtype=F64))


@pytest.mark.parametrize("dtype", [F64, F32])
@pytest.mark.parametrize("size", [1, 2, 14, 40])
@pytest.mark.parametrize("kind", ["random", "fejer"])
def test_the_table_inverts_to_rounding(kind, size, dtype):
    wide = torch.promote_types(dtype, C64)
    a = waves(size, dtype=wide)
    if kind == "fejer":  # zeros, between which the function is flat
        a = torch.ones(size, dtype=wide)
    density = fourier.FourierDensity(a)
    u = torch.rand(9000, dtype=F64, generator=torch_rng(3)).to(dtype)
    u[:3] = torch.tensor([0.0, 1.0, 0.5])
    eps = torch.finfo(dtype).eps
    for part in (u, u[:100]):
        x = density.icdf(part)
        assert x.dtype == dtype
        # cdf rounds x, its waves and its sum.
        slack = (8 + 4 * size) * eps
        close(density.cdf(x), part, atol=slack, rtol=0)
    ends = density.icdf(u[:2])
    assert ends.tolist() == [-1, 1]


def test_quantiles_keep_their_gradients():
    density = fourier.FourierDensity(waves(5).requires_grad_())
    u = torch.linspace(0.1, 0.9, 5, dtype=F64, requires_grad=True)
    (mine,) = torch.autograd.grad(density.icdf(u).sum(), u)
    (theirs,) = torch.autograd.grad(
        fourier.fourier_icdf(density.a, u).sum(), u
    )
    close(mine, theirs)
    (slope,) = torch.autograd.grad(
        density.sample(10, torch_rng()).sum(), density.a
    )
    assert bool((slope != 0).any())


def test_samples_are_those_of_the_function():
    density = fourier.FourierDensity(waves(5))
    for n in (0, 3, 3000):
        mine = density.sample(n, torch_rng(4))
        theirs = fourier.fourier_sample(density.a, n, torch_rng(4))
        close(mine, theirs, atol=1e-9)


@pytest.mark.parametrize("dtype", [F64, F32])
def test_samples_on_the_line_are_finite(monkeypatch, dtype):
    """A uniform number that rounds to an end of the interval."""
    ends = torch.tensor([0.0, 1.0, 1 - 2.0**-26], dtype=F64).to(dtype)
    monkeypatch.setattr(model, "_uniform", lambda *_: ends)
    density = on_line(dtype=dtype)
    x = density.sample(3)
    assert bool(x.isfinite().all())
    assert x[0] < -10
    assert x[1] > 10
    assert density.icdf(ends[:2]).tolist() == [-math.inf, math.inf]


def test_a_quantile_of_nan_is_refused():
    with pytest.raises(ValueError, match="u must"):
        on_line().icdf(torch.tensor([0.5, math.nan], dtype=F64))


# -- data that are hardly data ----


@pytest.mark.parametrize("how", ["fixed", "train"])
@pytest.mark.parametrize("dtype", [F64, F32])
@pytest.mark.parametrize("value", [0.1, 0.3, 1e6, 1e-30, -7.0])
def test_constant_data_are_refused(value, dtype, how):
    x = torch.full((1000,), value, dtype=dtype)
    with pytest.raises(ValueError, match="two different values in x"):
        fourier.fit(x, 4, mu_sigma=how)


@pytest.mark.parametrize("how", ["fixed", "train", (1.0, 1e-15)])
def test_data_that_differ_by_rounding_are_refused(how):
    few = torch.arange(100, dtype=F64)
    x = 1 + few * torch.finfo(F64).eps / 2
    with pytest.raises(ValueError, match="x varies too little"):
        fourier.fit(x, 4, mu_sigma=how)


@pytest.mark.parametrize("how", ["fixed", "train"])
def test_float32_with_a_large_mean(how):
    x = normal(500, seed=6)
    with pytest.raises(ValueError, match=r"subtract the mean"):
        fourier.fit((x + 1e7).float(), 4, mu_sigma=how)
    # In float64 the same data are no trouble.
    far = fourier.fit(x + 1e7, 4, mu_sigma=how)
    near = fourier.fit(x, 4, mu_sigma=how)
    close(far.nll(x + 1e7), near.nll(x), atol=1e-6)
    # A mean that leaves enough digits.
    y = (x + 100).float()
    density = fourier.fit(y, 4, mu_sigma=how)
    assert density.gap(y) < 1e-4
    close(density.nll(y).double(), near.nll(x), atol=1e-4)


@pytest.mark.parametrize("how", ["fixed", "train"])
@pytest.mark.parametrize(
    ("size", "dtype"),
    [(1e160, F64), (1e-160, F64), (1e307, F64), (1e30, F32), (1e-30, F32)],
)
def test_the_size_of_the_data_does_not_matter(size, dtype, how):
    x = normal(300, seed=7)
    one = fourier.fit(x, 4, mu_sigma=how)
    y = (size * x).to(dtype)
    other = fourier.fit(y, 4, mu_sigma=how)
    assert other.converged
    shift = other.nll(y).double() - math.log(size)
    close(shift, one.nll(x), atol=1e-5 if dtype == F32 else 1e-8)
    assert bool(other.sample(50, torch_rng()).isfinite().all())


def test_a_range_that_overflows_is_refused():
    x = torch.tensor([-1.7e308, 1.7e308, 0.0], dtype=F64)
    with pytest.raises(ValueError, match="x must have a finite range"):
        fourier.fit(x, 2, mu_sigma="fixed")


# -- the order ----


def scored(x, how, N, **options):
    """A criterion, written down again."""
    n = len(x)
    if how == "held-out":
        fold = torch.arange(n) % 5
        parts = [
            fourier.fit(x[fold != i], N, **options).nll(x[fold == i])
            * (fold == i).sum()
            for i in range(5)
        ]
        return float(sum(parts)) / n
    price = 2 if how == "aic" else math.log(n)
    loss = fourier.fit(x, N, **options).nll(x)
    return float(loss) + price * N / n


@pytest.mark.parametrize("how", ["aic", "bic", "held-out"])
@pytest.mark.parametrize("line", [None, "fixed"])
def test_the_order_minimises_the_criterion(how, line):
    x = torch.cat([normal(60, seed=8) - 3, normal(60, seed=9) + 3])
    x = x[torch.randperm(120, generator=torch_rng(10))]
    if line is None:
        x = x / 8
    options = {"mu_sigma": line}
    scores = [scored(x, how, N, **options) for N in range(13)]
    density = fourier.fit(x, how, max_N=12, **options)
    best = min(range(13), key=lambda N: scores[N])
    assert best <= 12
    assert best == density.N
    assert density == fourier.fit(x, best, **options)


def test_aic_is_the_default_and_stops_where_it_must():
    x = normal(200, seed=11) / 6
    assert fourier.fit(x) == fourier.fit(x, "aic")
    assert fourier.fit(x, max_N=2).N <= 2
    assert fourier.fit(x[:5]).N <= 2  # 2N < n
    assert fourier.fit(x[:1]).N == 0


def test_the_order_sees_weights():
    """Weights of 0 and of whole numbers are points left out and repeated."""
    x = normal(80, seed=12) / 5
    w = torch.arange(80, dtype=F64) % 2
    w = w / w.sum()
    for how in ("aic", "bic"):
        assert fourier.fit(x, how, weights=w).N == fourier.fit(x[w > 0], how).N


@pytest.mark.parametrize(
    ("options", "error", "word"),
    [
        ({"N": "loo"}, ValueError, "N must be one of aic, bic, held-out"),
        ({"N": 2.5}, TypeError, "N must"),
        ({"init": waves(3)}, ValueError, "init"),
        ({"max_N": -1}, ValueError, "max_N"),
    ],
)
def test_orders_refused(options, error, word):
    with pytest.raises(error, match=word):
        fourier.fit(normal(20) / 9, **options)


# -- batches ----


@pytest.mark.parametrize("how", [None, "fixed", "train", (0.0, 2.0)])
@pytest.mark.parametrize("N", [3, "aic"])
def test_a_batch_is_its_data_sets(N, how):
    x = normal(2, 3, 40, seed=13)
    if how is None:
        x = x / 6
    w = torch.rand(2, 3, 40, dtype=F64, generator=torch_rng(14))
    w = w / w.sum(-1, keepdim=True)
    options = {"mu_sigma": how, "scales": (1.0, 2.0), "max_N": 5}
    many = fourier.fit(x, N, weights=w, **options)
    y = normal(7, seed=15) / 6
    gaps, losses = many.gap(x, w), many.nll(x, w)
    mean, var = many.moments()
    for i in range(2):
        for j in range(3):
            one = fourier.fit(x[i, j], N, weights=w[i, j], **options)
            part = many[i, j]
            close(part.a[: one.N + 1], one.a)
            assert not part.a[one.N + 1 :].any()
            close(many.logpdf(y)[i, j], one.logpdf(y))
            close(many.pdf(y)[i, j], one.pdf(y))
            close(many.cdf(y)[i, j], one.cdf(y))
            gap = one.gap(x[i, j], w[i, j])
            if one.N == many.N:
                close(gaps[i, j], gap, atol=1e-9)
            else:  # it is now the gap to the largest order of the batch
                assert gaps[i, j] > gap
            close(losses[i, j], one.nll(x[i, j], w[i, j]))
            close(mean[i, j], one.moments()[0])
            close(var[i, j], one.moments()[1])
    u = torch.rand(5, dtype=F64, generator=torch_rng(16))
    close(many.cdf(many.icdf(u)), u.expand(2, 3, 5))
    drawn = many.sample(11, torch_rng(17))
    assert drawn.shape == (2, 3, 11)
    assert many[0].sample(4, torch_rng()).shape == (3, 4)
    assert many[:, 1:].nll(x[:, 1:]).shape == (2, 2)
    assert many.to(dtype=F32).logpdf(y.float()).shape == (2, 3, 7)


@pytest.mark.parametrize("how", [None, "fixed"])
def test_batches_of_none_and_of_one(how):
    none = fourier.fit(torch.zeros(0, 9, dtype=F64), 2, mu_sigma=how)
    assert none.a.shape == (0, 3)
    assert none.logpdf(torch.zeros(4, dtype=F64)).shape == (0, 4)
    x = normal(9, seed=18) / 5
    one = fourier.fit(x[None], 2, mu_sigma=how)
    close(one[0].a, fourier.fit(x, 2, mu_sigma=how).a)
    shared = torch.full((9,), 1 / 9, dtype=F64)
    assert fourier.fit(x[None], 2, weights=shared, mu_sigma=how) == one


def test_batches_refused():
    with pytest.raises(IndexError, match="not a batch"):
        on_line()[0]
    batch = fourier.FourierDensity(waves(2, 4))
    with pytest.raises(ValueError, match="y must have shape"):
        batch.logpdf(torch.tensor(0.1, dtype=F64))
    with pytest.raises(ValueError, match=r"sigma must have the shape \(2,\)"):
        fourier.FourierDensity(
            waves(2, 4), normal(2), torch.tensor(1.0, dtype=F64)
        )

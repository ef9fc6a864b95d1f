"""pdf, cdf, intervals, moments, quantiles, sampling: kexue_lib.density."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from seeds import torch_rng

from kexue_lib.density import fourier

F64, F32, C128, C64 = (
    torch.float64,
    torch.float32,
    torch.complex128,
    torch.complex64,
)
quick = settings(max_examples=25)
seeds = st.integers(0, 10**6)
orders = st.integers(0, 30)
GRID = torch.linspace(-1, 1, 301, dtype=F64)
RULE = (torch.arange(256, dtype=F64) + 0.5) / 128 - 1  # exact: degree < 256


def random(*shape, seed=0, dtype=C128):
    generator = torch_rng(seed)
    return torch.randn(*shape, dtype=C128, generator=generator).to(dtype)


def direct(a, x):
    k = torch.arange(a.shape[-1], dtype=x.dtype)
    waves = torch.exp(-1j * math.pi * k * x[..., None])
    norm = a.abs().square().sum(-1)
    return (a * waves).sum(-1).abs().square() / (2 * norm)


@quick
@given(orders, seeds)
def test_mass_positivity_and_definition(N, seed):
    a = random(N + 1, seed=seed)
    p = fourier.fourier_pdf(a, GRID)
    assert (p >= 0).all()
    torch.testing.assert_close(p, direct(a, GRID))
    assert float(fourier.fourier_pdf(a, RULE).mean()) == pytest.approx(0.5)
    torch.testing.assert_close(fourier.fourier_logpdf(a, GRID), p.log())


@quick
@given(orders, seeds)
def test_cdf_is_the_integral(N, seed):
    a = random(N + 1, seed=seed)
    x = GRID.clone().requires_grad_()
    F = fourier.fourier_cdf(a, x)
    (slope,) = torch.autograd.grad(F.sum(), x)
    torch.testing.assert_close(
        slope, fourier.fourier_pdf(a, GRID), rtol=1e-9, atol=1e-11
    )
    assert float(F[0].detach()) == pytest.approx(0, abs=1e-14)
    assert float(F[-1].detach()) == pytest.approx(1, abs=1e-14)
    assert (F.diff() >= -1e-14).all()
    part, _ = quad(lambda t: float(fourier.fourier_pdf(a, t)), -0.3, 0.2)
    got = fourier.fourier_interval(a, -0.3, 0.2)
    assert float(got) == pytest.approx(part, abs=1e-9)


def test_a_known_density():
    """N = 1, a = (1, 1): cos^2(pi x / 2), the chapter's first exercise."""
    a = torch.tensor([1, 1], dtype=C128)
    torch.testing.assert_close(
        fourier.fourier_pdf(a, GRID), (math.pi * GRID / 2).cos() ** 2
    )
    want = (GRID + 1) / 2 + (math.pi * GRID).sin() / (2 * math.pi)
    torch.testing.assert_close(fourier.fourier_cdf(a, GRID), want)
    mean, var = fourier.fourier_moments(a)
    assert float(mean) == pytest.approx(0, abs=1e-15)
    assert float(var) == pytest.approx(1 / 3 - 2 / math.pi**2)


@quick
@given(orders, seeds)
def test_moments(N, seed):
    a = random(N + 1, seed=seed)
    mean, var = fourier.fourier_moments(a)
    # Midpoint rule: the moments of x itself are not trigonometric.
    x = (torch.arange(20000, dtype=F64) + 0.5) / 10000 - 1
    p = fourier.fourier_pdf(a, x) / 10000
    m = (p * x).sum()
    torch.testing.assert_close(mean, m, rtol=0, atol=1e-6)
    torch.testing.assert_close(
        var, (p * (x - m).square()).sum(), rtol=0, atol=1e-6
    )


def test_at_a_zero_nothing_is_nan():
    for dtype in (C128, C64):
        a = torch.tensor([1, 1], dtype=dtype, requires_grad=True)
        x = torch.tensor([1.0, 0.5], dtype=a.real.dtype, requires_grad=True)
        tiny = torch.finfo(a.real.dtype).tiny
        logs = fourier.fourier_logpdf(a, x)
        assert logs.isfinite().all()
        floor = fourier.fourier_logpdf(a, torch.ones(1), eps=1e-3)
        assert float(floor.detach()) == pytest.approx(math.log(1e-3))
        exact = torch.tensor([1, 0], dtype=dtype, requires_grad=True)
        for f in (fourier.fourier_pdf, fourier.fourier_cdf):
            grads = torch.autograd.grad(f(a, x).sum(), (a, x))
            assert all(g.isfinite().all() for g in grads)
        for coefficients in (a, exact):
            grads = torch.autograd.grad(
                fourier.fourier_logpdf(coefficients, x).sum(),
                (coefficients, x),
            )
            assert all(g.isfinite().all() for g in grads)
        # An exact zero: a = (1, -1) at x = 0.
        odd = torch.tensor([1, -1], dtype=dtype, requires_grad=True)
        at_zero = fourier.fourier_logpdf(odd, 0.0)
        assert float(at_zero.detach()) == pytest.approx(math.log(tiny))
        (grad,) = torch.autograd.grad(at_zero, odd)
        assert (grad == 0).all()


@pytest.mark.parametrize("size", [1e-200, 1e-3, 1e200])
def test_size_of_the_coefficients_does_not_matter(size):
    a = random(6)
    for f in (fourier.fourier_pdf, fourier.fourier_logpdf):
        torch.testing.assert_close(f(a * size, GRID), f(a, GRID))


def test_small_probabilities_keep_their_digits():
    """Near a double zero p falls like the square of the distance."""
    a = torch.tensor([1, -1], dtype=C128)
    x = torch.tensor([1e-3, 1e-6, 1e-9], dtype=F64)
    want = 2 * (math.pi * x / 2).sin().log()
    torch.testing.assert_close(fourier.fourier_logpdf(a, x), want)


def test_period():
    a = random(5)
    far = GRID + 2 * 10**6
    torch.testing.assert_close(
        fourier.fourier_pdf(a, far),
        fourier.fourier_pdf(a, GRID),
        rtol=1e-8,
        atol=1e-8,
    )


@pytest.mark.parametrize("width", [1e-3, 1e-9, 1e-15])
def test_narrow_bins_keep_their_relative_accuracy(width):
    a = random(9)
    low = torch.tensor([-0.7, 0.0, 1e-3], dtype=F64)
    high = low + width
    mass = fourier.fourier_interval(a, low, high) / (high - low)
    middle = fourier.fourier_pdf(a, (low + high) / 2)
    # Midpoint error: width^2 p'' / 24, with |p''| <= (pi N)^2 max p.
    bound = width**2 * (math.pi * 8) ** 2 * 4.5 / 24
    assert ((mass - middle).abs() <= bound + 1e-13).all()


@quick
@given(orders, seeds)
def test_bins_partition_the_mass(N, seed):
    a = random(N + 1, seed=seed)
    edges = torch.linspace(-1, 1, 41, dtype=F64)
    mass = fourier.fourier_interval(a, edges[:-1], edges[1:])
    assert (mass >= 0).all()
    assert float(mass.sum()) == pytest.approx(1)
    torch.testing.assert_close(
        mass, fourier.fourier_cdf(a, edges).diff(), rtol=0, atol=1e-13
    )


FUNCTIONS = {
    "pdf": fourier.fourier_pdf,
    "logpdf": fourier.fourier_logpdf,
    "cdf": fourier.fourier_cdf,
    "series": lambda a, x: fourier.fourier_series(a, x),
    "interval": lambda a, x: fourier.fourier_interval(a, -0.9, x),
    "icdf": lambda a, x: fourier.fourier_icdf(a, (x + 1) / 2),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients(name):
    f = FUNCTIONS[name]
    x = torch.tensor([-0.7, 0.1, 0.6], dtype=F64, requires_grad=True)
    a = random(4).requires_grad_()
    assert torch.autograd.gradcheck(f, (a, x))
    batch = random(2, 1, 4).requires_grad_()
    assert torch.autograd.gradcheck(f, (batch, x))
    if name != "icdf":
        assert torch.autograd.gradgradcheck(f, (a, x))
        assert torch.autograd.gradgradcheck(f, (batch, x))


def test_gradients_of_moments_and_ends():
    a = random(2, 4).requires_grad_()
    assert torch.autograd.gradcheck(fourier.fourier_moments, a)
    ends = torch.tensor([-0.9, -0.1], dtype=F64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda a, x: fourier.fourier_interval(a, x, 0.3), (a, ends)
    )
    one = torch.ones((), dtype=F64, requires_grad=True)
    for x in (one, -one):
        (slope,) = torch.autograd.grad(fourier.fourier_cdf(random(5), x), one)
        want = fourier.fourier_pdf(random(5), 1.0)
        torch.testing.assert_close(slope.abs(), want)


def test_functional_transforms():
    a = random(4)
    x = torch.tensor(0.3, dtype=F64)
    slope = torch.func.grad(lambda x: fourier.fourier_cdf(a, x, check=False))(
        x
    )
    torch.testing.assert_close(slope, fourier.fourier_pdf(a, x))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_batches(name):
    """One at a time, shared points, one point each, two batch dimensions."""
    f = FUNCTIONS[name]
    a = random(3, 2, 5)
    x = torch.tensor([-0.7, 0.1, 0.4, 0.6], dtype=F64)
    got = f(a[..., None, :], x)
    each = torch.stack([torch.stack([f(q, x) for q in row]) for row in a])
    torch.testing.assert_close(got, each)
    assert f(a, x[:2]).shape == (3, 2)
    torch.testing.assert_close(f(a, x[:2]), each[:, [0, 1], [0, 1]])
    torch.testing.assert_close(f(a[0, 0], 0.1), each[0, 0, 1])
    assert f(a[0, 0], x[:0]).shape == (0,)
    assert f(a[0, 0], x.reshape(2, 1, 2)).shape == (2, 1, 2)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_dtypes(name):
    f = FUNCTIONS[name]
    a, x = random(5), torch.tensor([-0.5, 0.25], dtype=F64)
    want = f(a, x)
    assert want.dtype == F64
    single = f(a.to(C64), x.to(F32))
    assert single.dtype == F32
    torch.testing.assert_close(single.double(), want, rtol=2e-5, atol=2e-5)
    assert f(a.to(C64), x).dtype == F64
    assert f(a, x.to(F32)).dtype == F64
    half = f(a.to(C64), x.to(torch.bfloat16))  # exact in bfloat16
    assert half.dtype == F32
    torch.testing.assert_close(half, single)
    torch.testing.assert_close(f(a, 0.25), want[1])


# -- quantiles and samples ----------------------------------------------------


@quick
@given(orders, seeds, st.sampled_from([7, 3000]))
def test_quantiles_invert_the_cdf(N, seed, count):
    """Few quantiles go one by one, many through a table."""
    generator = torch_rng(seed)
    a = random(N + 1, seed=seed)
    u = torch.rand(count, dtype=F64, generator=generator)
    x = fourier.fourier_icdf(a, u)
    assert x.abs().max() <= 1
    assert (fourier.fourier_cdf(a, x) - u).abs().max() <= 1e-14
    single = fourier.fourier_icdf(a.to(C64), u.to(F32))
    miss = fourier.fourier_cdf(a.to(C64), single) - u.to(F32)
    assert miss.abs().max() <= 3e-6


@pytest.mark.parametrize("count", [9, 5000])
def test_quantiles_where_the_density_vanishes(count):
    """Seven double zeros, one of them at the ends of the interval."""
    a = torch.ones(8, dtype=C128)
    zeros = torch.tensor([-1, -0.75, -0.5, -0.25, 0.25, 0.5, 0.75, 1])
    assert fourier.fourier_pdf(a, zeros).max() < 1e-25
    u = torch.linspace(0, 1, count, dtype=F64)
    x = fourier.fourier_icdf(a, u)
    assert x[0] == -1
    assert x[-1] == 1
    assert (x.diff() > 0).all()
    assert (fourier.fourier_cdf(a, x) - u).abs().max() <= 1e-14
    symmetric = x + x.flip(-1)
    assert symmetric.abs().max() < 1e-4  # cube root of rounding


def test_quantiles_at_a_zero_have_no_nan():
    odd = torch.tensor([1, 1], dtype=C128, requires_grad=True)
    u = torch.tensor([0.0, 0.5, 1.0], dtype=F64)
    x = fourier.fourier_icdf(odd, u)
    torch.testing.assert_close(x.detach(), 2 * u - 1)


def test_quantiles_without_looking():
    a, u = random(6), torch.rand(50, dtype=F64)
    x = fourier.fourier_icdf(a, u, check=False)
    assert (fourier.fourier_cdf(a, x) - u).abs().max() <= 1e-14


def test_samples_follow_the_density():
    a, n = random(6, seed=3), 20000
    generator = torch_rng()
    x = fourier.fourier_sample(a, n, generator)
    F = fourier.fourier_cdf(a, x.sort().values)
    steps = torch.arange(1, n + 1, dtype=F64) / n
    distance = torch.maximum(steps - F, F - steps + 1 / n).max()
    assert distance < 1.36 / math.sqrt(n)
    r = fourier.fourier_characteristic(a)
    # Each part of the mean of n unit vectors: standard error < 1/sqrt(n).
    miss = fourier.empirical_characteristic(x, 5) - r
    assert torch.view_as_real(miss).abs().max() < 4 / math.sqrt(n)


def test_samples_batch_generator_and_gradient():
    a = random(2, 4)
    draw = [fourier.fourier_sample(a, 2000, torch_rng(7)) for _ in range(2)]
    assert torch.equal(*draw)
    assert draw[0].shape == (2, 2000)
    means, _ = fourier.fourier_moments(a)
    assert (draw[0].mean(-1) - means).abs().max() < 4 * 0.6 / 2000**0.5
    assert fourier.fourier_sample(a[0], 0).shape == (0,)
    single = fourier.fourier_sample(a[0].to(C64), 2000, torch_rng(7))
    assert single.dtype == F32
    moving = a[0].clone().requires_grad_()
    x = fourier.fourier_sample(moving, 20000, torch_rng(1))
    (got,) = torch.autograd.grad(x.mean(), moving)
    (want,) = torch.autograd.grad(fourier.fourier_moments(moving)[0], moving)
    torch.testing.assert_close(got, want, rtol=0, atol=0.02)


# -- bad input ----------------------------------------------------------------

A = random(4)
B = random(2, 4)
X = torch.zeros(3, dtype=F64)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (
            lambda: fourier.fourier_cdf(A, 1.5),
            ValueError,
            r"x must lie in \[-1, 1\], got values from 1.5 to 1.5",
        ),
        (
            lambda: fourier.fourier_interval(A, -1.5, 0.0),
            ValueError,
            r"lower must lie in \[-1, 1\]",
        ),
        (
            lambda: fourier.fourier_interval(A, 0.0, 1.5),
            ValueError,
            r"upper must lie in \[-1, 1\]",
        ),
        (
            lambda: fourier.fourier_interval(A, 0.5, 0.0),
            ValueError,
            "lower must be <= upper",
        ),
        (
            lambda: fourier.fourier_icdf(A, 1.5),
            ValueError,
            r"u must lie in \[0, 1\], got values from 1.5",
        ),
        (
            lambda: fourier.fourier_pdf(A, X / 0),
            ValueError,
            "x must be finite, got NaN or infinity",
        ),
        (
            lambda: fourier.fourier_pdf(A, float("inf")),
            ValueError,
            "x must be finite",
        ),
        (lambda: fourier.fourier_pdf(A, X + 0j), TypeError, "x must be real"),
        (
            lambda: fourier.fourier_pdf(A, X.int()),
            TypeError,
            "x must be floating-point",
        ),
        (lambda: fourier.fourier_pdf(A, "0"), TypeError, "x must be a real"),
        (
            lambda: fourier.fourier_pdf(B, X),
            ValueError,
            r"a of shape .*\(2, 4\).*x of shape \(3,\).*a\[\.\.\., None, :\]",
        ),
        (
            lambda: fourier.fourier_icdf(B, X),
            ValueError,
            r"u of shape \(3,\)",
        ),
        (
            lambda: fourier.fourier_logpdf(A, X, eps=0.0),
            ValueError,
            "eps must be finite and > 0",
        ),
        (
            lambda: fourier.fourier_sample(A, -1),
            ValueError,
            "n must be an integer >= 0",
        ),
    ],
)
def test_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()

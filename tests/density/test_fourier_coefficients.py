"""Autocorrelation, characteristic numbers, bounds: kexue_lib.density."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import torch_rng

from kexue_lib.density import fourier

F64, C128, C64 = torch.float64, torch.complex128, torch.complex64
quick = settings(max_examples=25)
GRID = torch.linspace(-1, 1, 401, dtype=F64)


def random(*shape, seed=0, dtype=C128):
    generator = torch_rng(seed)
    return torch.randn(*shape, dtype=C128, generator=generator).to(dtype)


seeds = st.integers(0, 10**6)
orders = st.integers(0, 20)


@pytest.mark.parametrize("N", [0, 1, 5, 63, 64, 90])
def test_autocorrelation_is_its_definition(N):
    """From N = 64 on it is the FFT that computes it."""
    a = random(2, N + 1)
    want = [
        (a[:, : N + 1 - n] * a[:, n:].conj()).sum(-1) for n in range(N + 1)
    ]
    torch.testing.assert_close(
        fourier.autocorrelation(a), torch.stack(want, -1)
    )


@pytest.mark.parametrize("first", [1, 1j])
def test_autocorrelation_of_a_pulse(first):
    a = torch.tensor([first, 0, 0, 0], dtype=C128)
    want = torch.tensor([1, 0, 0, 0], dtype=C128)
    assert torch.equal(fourier.autocorrelation(a), want)


def test_orientation():
    """The paper's formula; google/codex draws the mirror image."""
    a = random(4)
    x = torch.linspace(-0.9, 0.9, 7, dtype=F64)
    k = torch.arange(4, dtype=F64)
    waves = (a * torch.exp(-1j * math.pi * k * x[:, None])).sum(-1)
    want = waves.abs() ** 2 / (2 * a.abs().square().sum())
    torch.testing.assert_close(fourier.fourier_pdf(a, x), want)
    codex = torch.stack([(a[n:] * a[: 4 - n].conj()).sum() for n in range(4)])
    series = fourier.fourier_series(codex, x) / (2 * codex[0].real)
    torch.testing.assert_close(series, fourier.fourier_pdf(a, -x))
    assert (series - want).abs().max() > 0.05


@quick
@given(orders, seeds)
def test_positive_and_equal_to_the_series(N, seed):
    a = random(N + 1, seed=seed)
    c = fourier.autocorrelation(a)
    series = fourier.fourier_series(c, GRID)
    assert series.min() >= -1e-12 * c[0].real
    torch.testing.assert_close(
        series / (2 * c[0].real), fourier.fourier_pdf(a, GRID)
    )


@quick
@given(orders, seeds, st.integers(1, 12))
def test_toeplitz_sections_are_positive(N, seed, M):
    """Claim C4, sections larger than N+1 included."""
    c = fourier.autocorrelation(random(N + 1, seed=seed))
    full = torch.zeros(max(M, N + 1), dtype=C128)
    full[: N + 1] = c
    i = torch.arange(M)
    shift = i[:, None] - i[None, :]
    section = torch.where(
        shift >= 0, full[shift.abs()], full[shift.abs()].conj()
    )
    assert torch.linalg.eigvalsh(section)[0] >= -1e-10 * c[0].real


@quick
@given(orders, seeds, st.floats(-1, 1), st.floats(0.1, 9), st.floats(0, 6))
def test_invariances(N, seed, delta, size, turn):
    """Claim C9: gauge, shift, mirror, reversal."""
    a = random(N + 1, seed=seed)
    k = torch.arange(N + 1, dtype=F64)
    p = fourier.fourier_pdf(a, GRID)
    gauge = size * complex(math.cos(turn), math.sin(turn))
    torch.testing.assert_close(fourier.fourier_pdf(gauge * a, GRID), p)
    # p is 2-periodic and its argument moves against the coefficients' phase
    moved = a * torch.exp(1j * math.pi * k * delta)
    torch.testing.assert_close(
        fourier.fourier_pdf(moved, GRID),
        fourier.fourier_pdf(a, GRID - delta),
    )
    torch.testing.assert_close(
        fourier.fourier_pdf(a.conj(), GRID), fourier.fourier_pdf(a, -GRID)
    )
    torch.testing.assert_close(fourier.fourier_pdf(a.flip(-1).conj(), GRID), p)


@quick
@given(orders, seeds)
def test_peak_bound(N, seed):
    a = random(N + 1, seed=seed)
    bound = fourier.fourier_max_bound(a)
    assert fourier.fourier_pdf(a, GRID).max() <= bound + 1e-12
    assert bound <= (N + 1) / 2 + 1e-12


def test_only_the_fejer_kernel_attains_the_peak():
    x0, k = 0.3, torch.arange(6, dtype=F64)
    a = torch.exp(1j * math.pi * k * x0)
    assert float(fourier.fourier_max_bound(a)) == pytest.approx(3)
    assert float(fourier.fourier_pdf(a, x0)) == pytest.approx(3)
    assert fourier.fourier_pdf(random(6), GRID).max() < 2.99


def test_characteristic_numbers():
    a = random(3, 5)
    r = fourier.fourier_characteristic(a)
    x = (torch.arange(64, dtype=F64) + 0.5) / 32 - 1  # exact for degree < 64
    p = fourier.fourier_pdf(a[:, None], x)
    for n in range(5):
        wave = torch.exp(-1j * math.pi * n * x)
        torch.testing.assert_close(r[:, n], (p * wave).sum(-1) / 32)


@pytest.mark.parametrize("n", [1, 7])
def test_empirical_characteristic(n):
    generator = torch_rng(1)
    x = torch.rand(2, n, dtype=F64, generator=generator) * 2 - 1
    w = torch.rand(n, dtype=F64, generator=generator)
    w /= w.sum()
    k = torch.arange(4, dtype=F64)
    waves = torch.exp(-1j * math.pi * k * x[..., None])
    torch.testing.assert_close(
        fourier.empirical_characteristic(x, 3), waves.mean(-2)
    )
    torch.testing.assert_close(
        fourier.empirical_characteristic(x + 2, 3, w),
        (w[:, None] * waves).sum(-2),
    )


def test_smoothness():
    """Against quadrature, and claim C14: only one of the two is scale-free."""
    a = random(5)
    x = (torch.arange(64, dtype=F64) + 0.5) / 32 - 1
    x.requires_grad_()
    p = fourier.fourier_pdf(a, x)
    (slope,) = torch.autograd.grad(p.sum(), x)
    want = slope.square().sum() / 32
    torch.testing.assert_close(fourier.smoothness(a), want)
    c0 = a.abs().square().sum()
    torch.testing.assert_close(
        fourier.smoothness(a, normalised=False), want * (2 * c0) ** 2
    )
    half = a * (0.5 * 1j)
    torch.testing.assert_close(fourier.smoothness(half), want)
    torch.testing.assert_close(
        fourier.smoothness(half, normalised=False) * 16,
        fourier.smoothness(a, normalised=False),
    )


@pytest.mark.parametrize(
    ("s", "N", "lowest"),
    [(0.1, 4, -0.3253), (0.1, 8, -0.01842), (0.05, 8, -0.6868)],
)
def test_a_cut_off_gaussian_goes_negative(s, N, lowest):
    c = fourier.wrapped_gaussian(N, 0.0, s)
    x = torch.linspace(-1, 1, 20001, dtype=F64)
    p = fourier.fourier_series(c, x) / 2
    assert float(p.min()) == pytest.approx(lowest, abs=1e-4)
    blurred = fourier.fourier_series(c * fourier.fejer_weights(N), x)
    assert blurred.min() > 0
    with pytest.raises(ValueError, match="not non-negative"):
        fourier.spectral_factor(c)


def test_wrapped_gaussian_is_the_wrapped_sum():
    mu = torch.tensor([0.2, -0.9], dtype=F64)
    c = fourier.wrapped_gaussian(40, mu, 0.2)
    p = fourier.fourier_series(c[:, None], GRID) / 2
    turns = 2 * torch.arange(-4, 5, dtype=F64)
    z = (GRID[:, None] + turns - mu[:, None, None]) / 0.2
    want = (-z.square() / 2).exp().sum(-1) / (0.2 * math.sqrt(2 * math.pi))
    torch.testing.assert_close(p, want, rtol=1e-10, atol=1e-12)
    assert fourier.wrapped_gaussian(8, 0.0, 0.2).dtype == C128
    assert (
        fourier.fourier_series(
            fourier.wrapped_gaussian(8, 0.0, 0.2), GRID
        ).min()
        > 0
    )


# -- Fejer and Riesz ----------------------------------------------------------


def polynomial(roots):
    a = torch.ones(1, dtype=C128)
    for root in roots:
        a = torch.nn.functional.pad(a, (1, 0)) - root * (
            torch.nn.functional.pad(a, (0, 1))
        )
    return a


def assert_factor(a, c, tolerance):
    miss = (fourier.autocorrelation(a) - c).abs().max() / c[..., 0].real.max()
    assert miss <= tolerance


@quick
@given(st.integers(0, 30), seeds)
def test_spectral_factor_round_trip(N, seed):
    a = random(N + 1, seed=seed)
    c = fourier.autocorrelation(a)
    back = fourier.spectral_factor(c)
    assert_factor(back, c, 1e-12)
    torch.testing.assert_close(
        fourier.fourier_pdf(back, GRID), fourier.fourier_pdf(a, GRID)
    )
    assert back[0].imag == 0
    assert back[0].real > 0


@quick
@given(
    st.lists(st.floats(-1, 1), min_size=1, max_size=8),
    st.lists(st.floats(0.2, 0.9), max_size=5),
    seeds,
)
def test_spectral_factor_with_double_zeros(angles, sizes, seed):
    turns = torch.tensor(angles, dtype=F64)
    on_circle = torch.exp(1j * math.pi * turns)
    inside = [s * torch.exp(1j * torch.tensor(float(seed))) for s in sizes]
    c = fourier.autocorrelation(polynomial([*on_circle, *inside]))
    assert_factor(fourier.spectral_factor(c), c, 1e-8)


def test_spectral_factor_of_fejer_kernels():
    for N in (1, 4, 30):
        c = fourier.autocorrelation(torch.ones(N + 1, dtype=C128))
        assert_factor(fourier.spectral_factor(c), c, 1e-13)


@pytest.mark.parametrize("r", [-0.5, 0.0, 0.3, 0.5])
def test_spectral_factor_in_closed_form(r):
    """Claim C7, N = 1."""
    c = torch.tensor([1, r], dtype=C128)
    plus, minus = math.sqrt(1 + 2 * r), math.sqrt(1 - 2 * r)
    want = torch.tensor([(plus + minus) / 2, (plus - minus) / 2], dtype=C128)
    torch.testing.assert_close(
        fourier.spectral_factor(c), want, atol=1e-7, rtol=0
    )


@quick
@given(st.integers(1, 12), seeds)
def test_spectral_factor_has_no_zero_inside(N, seed):
    a = fourier.spectral_factor(
        fourier.autocorrelation(random(N + 1, seed=seed))
    )
    companion = torch.zeros(N, N, dtype=C128)
    companion[1:, :-1] = torch.eye(N - 1)
    companion[:, -1] = -a[:-1] / a[-1]
    assert torch.linalg.eigvals(companion).abs().min() > 1 - 1e-6


def test_spectral_factor_batch_and_single_precision():
    a = random(3, 2, 9)
    c = fourier.autocorrelation(a)
    back = fourier.spectral_factor(c)
    torch.testing.assert_close(fourier.autocorrelation(back), c)
    torch.testing.assert_close(
        back[1, 1], fourier.spectral_factor(c[1, 1]), rtol=1e-6, atol=1e-8
    )
    single = fourier.spectral_factor(c.to(C64))
    assert single.dtype == C64
    torch.testing.assert_close(single, back.to(C64), rtol=1e-3, atol=1e-3)
    unchecked = fourier.spectral_factor(c, check=False)
    torch.testing.assert_close(fourier.autocorrelation(unchecked), c)


@pytest.mark.parametrize("N", [5, 40, 120])
def test_a_narrow_dip_below_zero_is_found(N):
    """Between the points of any grid that the code could look at."""
    roots = [0.5 * torch.exp(torch.tensor(2.0j * k)) for k in range(N - 1)]
    dip = torch.exp(-1j * math.pi * torch.tensor(0.12345, dtype=F64))
    c = fourier.autocorrelation(polynomial([*roots, dip]))
    c = c / c[0].real
    assert_factor(fourier.spectral_factor(c), c, 1e-9)
    c[0] -= 1e-6
    with pytest.raises(ValueError, match=r"not non-negative.*minimum -1e-06"):
        fourier.spectral_factor(c)
    assert_factor(fourier.spectral_factor(c, tol=1e-3), c, 1e-5)


def test_spectral_factor_names_the_minimum():
    c = torch.tensor([2, 1.25], dtype=C128)
    with pytest.raises(ValueError, match=r"not non-negative.*minimum -0\.5$"):
        fourier.spectral_factor(c)
    for bad in (-1.0, 1j):
        with pytest.raises(ValueError, match="not non-negative: c_0"):
            fourier.spectral_factor(torch.tensor([bad, 0.1], dtype=C128))


# -- gradients and bad input --------------------------------------------------


@pytest.mark.parametrize(
    "function",
    [
        lambda a: torch.view_as_real(fourier.autocorrelation(a)),
        lambda a: torch.view_as_real(fourier.fourier_characteristic(a)),
        fourier.fourier_max_bound,
        fourier.smoothness,
        lambda a: fourier.smoothness(a, normalised=False),
        lambda a: torch.view_as_real(
            fourier.spectral_factor(fourier.autocorrelation(a))
        ),
    ],
)
def test_gradients(function):
    a = random(2, 4).requires_grad_()
    assert torch.autograd.gradcheck(function, a)


def test_gradients_of_estimates_and_gaussians():
    x = torch.tensor([0.1, -0.4, 0.7], dtype=F64, requires_grad=True)
    w = torch.tensor([0.2, 0.3, 0.5], dtype=F64)
    assert torch.autograd.gradcheck(
        lambda x: torch.view_as_real(
            fourier.empirical_characteristic(x, 3, w)
        ),
        x,
    )
    s = torch.tensor(0.3, dtype=F64, requires_grad=True)
    mu = torch.tensor([0.1, 0.2], dtype=F64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda mu, s: torch.view_as_real(fourier.wrapped_gaussian(3, mu, s)),
        (mu, s),
    )


good = random(3)


@pytest.mark.parametrize(
    "function",
    [
        fourier.autocorrelation,
        fourier.fourier_characteristic,
        fourier.fourier_max_bound,
        fourier.smoothness,
        fourier.spectral_factor,
        fourier.fourier_moments,
        lambda a: fourier.fourier_pdf(a, 0.1),
        lambda a: fourier.fourier_logpdf(a, 0.1),
        lambda a: fourier.fourier_cdf(a, 0.1),
        lambda a: fourier.fourier_icdf(a, 0.1),
        lambda a: fourier.fourier_interval(a, 0.1, 0.2),
        lambda a: fourier.fourier_series(a, 0.1),
        lambda a: fourier.fourier_sample(a, 3),
        lambda a: fourier.optimality_gap(a, torch.zeros(2)),
        lambda a: fourier.negative_log_likelihood(a, torch.zeros(2)),
    ],
)
def test_bad_coefficients(function):
    for bad, error, match in (
        ([1.0], TypeError, "must be a torch.Tensor, got list"),
        (torch.ones(3, dtype=F64), ValueError, r"cast, for example.*\.to\("),
        (torch.ones(0, dtype=C128), ValueError, r"\(0,\)"),
        (torch.ones((), dtype=C128), ValueError, r"\(\.\.\., N\+1\)"),
        (torch.zeros(2, 3, dtype=C128), ValueError, "all zero"),
        (good * float("nan"), ValueError, "must be finite"),
        (good * complex("inf"), ValueError, "must be finite"),
    ):
        with pytest.raises(error, match=match):
            function(bad)


X = torch.zeros(3, dtype=F64)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (
            lambda: fourier.empirical_characteristic(X, -1),
            ValueError,
            "N must be an integer >= 0, got -1",
        ),
        (
            lambda: fourier.empirical_characteristic(X[:0], 1),
            ValueError,
            r"n >= 1, got \(0,\)",
        ),
        (
            lambda: fourier.empirical_characteristic(X + 1j, 1),
            TypeError,
            "x must be real",
        ),
        (
            lambda: fourier.empirical_characteristic(X / 0, 1),
            ValueError,
            "x must be finite",
        ),
        (
            lambda: fourier.empirical_characteristic(X, 1, X[:2]),
            ValueError,
            r"weights must have shape \(\.\.\., 3\)",
        ),
        (
            lambda: fourier.empirical_characteristic(
                X, 1, torch.tensor([1.5, -0.5, 0])
            ),
            ValueError,
            "weights must be >= 0, the smallest is -0.5",
        ),
        (
            lambda: fourier.empirical_characteristic(X, 1, X + 0.5),
            ValueError,
            r"sum to 1 .* got 1\.5; divide",
        ),
        (
            lambda: fourier.empirical_characteristic(X, 1, X / 0),
            ValueError,
            "weights must be finite",
        ),
        (
            lambda: fourier.wrapped_gaussian(3, 0.0, 0.0),
            ValueError,
            "s must be finite and > 0",
        ),
        (
            lambda: fourier.wrapped_gaussian(3, dtype=F64),
            ValueError,
            "dtype must be one of complex128",
        ),
        (lambda: fourier.fejer_weights(2.5), TypeError, "N must be"),
        (
            lambda: fourier.spectral_factor(good, tol=-1.0),
            ValueError,
            "tol must be >= 0",
        ),
    ],
)
def test_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()

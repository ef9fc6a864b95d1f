"""Maximum likelihood, its certificate, and the density as an object."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from seeds import torch_rng
from sklearn.datasets import load_iris

from kexue_lib.density import fourier

F64, F32, C128 = torch.float64, torch.float32, torch.complex128
seeds = st.integers(0, 10**6)

# The target of the tutorial in google/codex, rounded to four digits.
MEANS = torch.tensor(
    [
        *(0.0152, -0.2420, -0.3452, 0.2092, 0.1737),
        *(-0.3465, -0.2239, -0.2981, 0.0055, 0.0238),
    ],
    dtype=F64,
)
STDS = torch.tensor(
    [
        *(0.0524, 0.0470, 0.0449, 0.0564, 0.0557),
        *(0.0449, 0.0474, 0.0459, 0.0522, 0.0526),
    ],
    dtype=F64,
)
GRID = (torch.arange(4096, dtype=F64) + 0.5) / 2048 - 1
Z = (GRID[:, None] - MEANS) / STDS
TARGET = ((-Z.square() / 2).exp() / (STDS * math.sqrt(2 * math.pi))).mean(1)
MASS = TARGET / TARGET.sum()


def draw(n, seed=0):
    generator = torch_rng(seed)
    which = torch.randint(10, (n,), generator=generator)
    noise = torch.randn(n, dtype=F64, generator=generator)
    return MEANS[which] + STDS[which] * noise


def kl(density):
    return float((MASS * (TARGET.log() - density.logpdf(GRID))).sum())


def uniform(n, seed=0):
    generator = torch_rng(seed)
    return 2 * torch.rand(n, dtype=F64, generator=generator) - 1


def rrho_r(x, N, steps):
    """An independent solver of the convex problem, in NumPy.

    The density is v* G v / (2 tr G) with G >= 0, the iteration that of
    quantum tomography.
    """
    waves = np.exp(1j * np.pi * np.outer(x, np.arange(N + 1)))
    G = np.eye(N + 1) / (N + 1)
    for _ in range(steps):
        power = np.einsum("jk,kl,jl->j", waves.conj(), G, waves).real
        R = np.einsum("j,jk,jl->kl", 1 / power, waves, waves.conj())
        G = R @ G @ R
        G /= np.trace(G).real
    power = np.einsum("jk,kl,jl->j", waves.conj(), G, waves).real
    return -np.log(power / 2).mean()


# -- reference values ---------------------------------------------------------


def test_entropy_of_the_target():
    entropy = -(MASS * TARGET.log()).sum()
    assert float(entropy) == pytest.approx(-0.42398, abs=1e-5)


@pytest.mark.parametrize(
    ("N", "want"),
    [(4, 0.24330), (8, 0.05070), (13, 0.00372), (18, 0.00047), (24, 0.0)],
)
def test_population_fits(N, want):
    fit = fourier.fit(GRID, N, weights=MASS, tol=1e-9)
    assert fit.converged
    assert kl(fit) == pytest.approx(want, abs=1e-5)


@pytest.mark.parametrize(
    ("method", "tol", "close"), [("newton", 1e-8, 1e-8), ("lbfgs", 1e-4, 2e-5)]
)
def test_every_start_ends_in_the_same_place(method, tol, close):
    """A method that compares values alone stalls at a gap of about 1e-5."""
    found = []
    for seed in range(8):
        generator = torch_rng(seed)
        fit = fourier.fit(
            GRID,
            8,
            weights=MASS,
            method=method,
            generator=generator,
            tol=tol,
        )
        assert fit.converged
        found.append(kl(fit))
    assert found == pytest.approx([0.0507011] * 8, abs=close + 1e-7)


def test_three_methods_agree():
    x = draw(1000)
    fits = {
        method: fourier.fit(x, 13, method=method)
        for method in ("newton", "lbfgs", "fixed-point")
    }
    best = fits["newton"]
    for fit in fits.values():
        assert fit.converged
        assert float(fit.gap(x)) <= 1e-6
        assert float(fit.nll(x)) == pytest.approx(
            float(best.nll(x)), rel=0, abs=1e-6
        )
        # The same density, which the population's own fit is closer to.
        assert kl(fit) == pytest.approx(kl(best), rel=0, abs=1e-4)
        assert kl(fit) > 0.00372
    assert fits["newton"].iterations <= 12
    assert fits["newton"].iterations < fits["lbfgs"].iterations
    assert fits["lbfgs"].iterations < fits["fixed-point"].iterations


@pytest.mark.parametrize(
    ("mu_sigma", "wanted"),
    [
        ("fixed", {0: 2.0728, 1: 1.8304, 2: 1.8004, 4: 1.7219}),
        ("train", {0: 2.0351, 2: 1.6789, 4: 1.5059, 6: 1.4451}),
    ],
)
def test_iris(mu_sigma, wanted):
    """Petal length; the numbers of the chapter's specification."""
    y = torch.from_numpy(load_iris().data[:, 2])
    for N, nll in wanted.items():
        fit = fourier.fit(y, N, mu_sigma=mu_sigma, scales=(1,))
        assert fit.converged
        assert float(fit.nll(y)) == pytest.approx(nll, abs=1e-4)
    assert fourier.fit(y, 2, mu_sigma="fixed").mu == pytest.approx(3.758)


@pytest.mark.parametrize(
    ("N", "scales", "want"),
    [
        (0, (1,), 9.51e-3),
        (2, (1,), 3.121e-3),
        (4, (1,), 1.927e-3),
        (4, (2,), 1.29e-4),
        (4, (1, 2, 3, 4), 2.09e-5),
    ],
)
def test_a_gaussian_on_the_line(N, scales, want):
    """KL(N(0,1) || model): in mu and sigma there are many local optima."""
    y = torch.linspace(-10, 10, 4001, dtype=F64)
    p = (-y.square() / 2).exp() / math.sqrt(2 * math.pi)
    w = p / p.sum()
    fit = fourier.fit(
        y, N, weights=w, mu_sigma="train", scales=scales, tol=1e-8
    )
    assert fit.converged
    got = (w * (p.log() - fit.logpdf(y))).sum()
    assert float(got) == pytest.approx(want, rel=2e-2)


def test_several_scales_are_the_default():
    """One start ends many times farther from a Gaussian than the best."""
    y = torch.linspace(-10, 10, 4001, dtype=F64)
    p = (-y.square() / 2).exp() / math.sqrt(2 * math.pi)
    w = p / p.sum()
    kl = {}
    for name, more in (("one", {"scales": (1,)}), ("default", {})):
        fit = fourier.fit(y, 4, weights=w, mu_sigma="train", tol=1e-8, **more)
        kl[name] = float((w * (p.log() - fit.logpdf(y))).sum())
    assert kl["one"] > 20 * kl["default"] > 0


def test_iris_has_better_optima_than_the_nearest():
    y = torch.from_numpy(load_iris().data[:, 2])
    for N, nll in ((2, 1.6737), (6, 1.4215)):
        fit = fourier.fit(y, N, mu_sigma="train")
        assert float(fit.nll(y)) == pytest.approx(nll, abs=1e-4)


# -- the certificate ----------------------------------------------------------


@pytest.mark.parametrize(("n", "N", "seed"), [(20, 2, 0), (9, 4, 1)])
def test_the_optimum_is_that_of_an_independent_convex_solver(n, N, seed):
    x = uniform(n, seed)
    fit = fourier.fit(x, N, tol=1e-10)
    best = rrho_r(x.numpy(), N, 20000)
    assert float(fit.nll(x)) == pytest.approx(best, abs=2e-6)
    assert float(fit.nll(x)) <= best + 1e-10


@settings(max_examples=20)
@given(st.integers(0, 8), st.integers(1, 40), seeds)
def test_the_certificate_bounds_the_true_gap(N, n, seed):
    x = uniform(n, seed)
    generator = torch_rng(seed)
    a = torch.randn(N + 1, dtype=C128, generator=generator)
    best = fourier.fit(x, N, tol=1e-9)
    assert best.converged
    true = fourier.negative_log_likelihood(a, x) - best.nll(x)
    bound = fourier.optimality_gap(a, x)
    assert -1e-9 <= true <= bound + 1e-12
    # It is a bound on every way to write the same density, and no other.
    assert float(fourier.optimality_gap(3j * a, x)) == pytest.approx(
        float(bound)
    )


def test_the_certificate_is_its_definition():
    x, a = uniform(7), torch.tensor([1, 0.3 - 0.2j, 0.1j], dtype=C128)
    w = torch.arange(1, 8, dtype=F64) / 28
    M = np.zeros((3, 3), complex)
    for xj, wj in zip(x.tolist(), w.tolist(), strict=True):
        v = np.exp(1j * np.pi * np.arange(3) * xj)
        M += wj * np.outer(v, v.conj()) / abs(v.conj() @ a.numpy()) ** 2
    norm = float(a.abs().square().sum())
    want = math.log(np.linalg.eigvalsh(M)[-1] * norm)
    got = fourier.optimality_gap(a, x, w)
    assert float(got) == pytest.approx(want)
    batch = fourier.optimality_gap(
        torch.stack((a, a.conj())), torch.stack((x, -x)), w
    )
    torch.testing.assert_close(batch, got.expand(2))


def test_the_certificate_where_the_density_vanishes():
    a = torch.tensor([1, -1], dtype=C128)
    x = torch.tensor([0.0, 0.5], dtype=F64)
    assert fourier.optimality_gap(a, x) == math.inf
    w = torch.tensor([0, 1], dtype=F64)
    assert fourier.optimality_gap(a, x, w).isfinite()


def test_likelihood_and_certificate_gradients():
    a = torch.tensor([1, 0.3 - 0.2j, 0.1j], dtype=C128, requires_grad=True)
    x = uniform(6).requires_grad_()
    for f in (fourier.negative_log_likelihood, fourier.optimality_gap):
        assert torch.autograd.gradcheck(f, (a, x))
    assert torch.autograd.gradgradcheck(
        fourier.negative_log_likelihood, (a, x)
    )


def test_growth_of_the_norm():
    """Claim C9: the gradient is orthogonal to a."""
    a = torch.tensor([1, 0.3 - 0.2j, 0.1j], dtype=C128, requires_grad=True)
    nll = fourier.negative_log_likelihood(a, uniform(6))
    (g,) = torch.autograd.grad(nll, a)
    assert (g.conj() * a).real.sum().abs() < 1e-14


# -- behaviour of the fit -----------------------------------------------------


@settings(max_examples=30)
@given(st.integers(0, 16), st.integers(1, 60), seeds, st.booleans())
def test_every_fit_is_certified(N, n, seed, narrow):
    """Fewer points than parameters, repeated points, gaps: all converge."""
    x = uniform(n, seed)
    if narrow:
        x = (0.05 * x + 0.3).round(decimals=2)
    fit = fourier.fit(x, N)
    assert fit.converged
    assert fit.N == N
    assert float(fit.gap(x)) <= 2e-6


def test_the_points_at_both_ends_are_one():
    x = torch.tensor([-1.0, 1.0, 0.2], dtype=F64)
    fit = fourier.fit(x, 3)
    assert float(fit.gap(x)) <= 1e-6
    torch.testing.assert_close(fit.pdf(x[:1]), fit.pdf(x[1:2]))


def test_one_point_gets_the_fejer_kernel():
    x = torch.tensor([0.3], dtype=F64)
    fit = fourier.fit(x, 5)
    assert float(fit.pdf(x)) == pytest.approx(3, abs=1e-5)


def test_weights():
    x = torch.tensor([-0.5, 0.1, 0.1, 0.4], dtype=F64)
    w = torch.tensor([0.25, 0.5, 0.0, 0.25], dtype=F64)
    weighted = fourier.fit(x, 3, weights=w, tol=1e-10)
    plain = fourier.fit(x, 3, tol=1e-10)
    torch.testing.assert_close(
        weighted.pdf(GRID), plain.pdf(GRID), rtol=0, atol=1e-6
    )


@pytest.mark.parametrize("mu_sigma", [None, "fixed", "train"])
def test_large_samples_start_on_bins(mu_sigma):
    """Same optimum as with every step on every point."""
    x = draw(20000)
    one = {"mu_sigma": mu_sigma, "scales": (1,), "tol": 1e-9}
    fast = fourier.fit(x, 4, **one)
    seen = []
    slow = fourier.fit(x, 4, **one, callback=lambda *at: seen.append(at))
    assert fast.converged
    assert len(seen) == slow.iterations + 1
    assert float(fast.nll(x)) == pytest.approx(float(slow.nll(x)), abs=1e-9)


def test_callback_sees_every_step():
    x, steps = draw(300), []
    fit = fourier.fit(
        x,
        6,
        method="fixed-point",
        tol=1e-3,
        callback=lambda k, density: steps.append((k, float(density.nll(x)))),
    )
    assert [k for k, _ in steps] == list(range(fit.iterations + 1))
    values = [nll for _, nll in steps]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("method", ["newton", "lbfgs", "fixed-point"])
def test_too_few_steps_are_confessed(method):
    x = draw(300)
    fit = fourier.fit(x, 13, method=method, max_steps=1)
    assert not fit.converged
    assert fit.iterations == 1
    assert float(fit.gap(x)) > 1e-6
    start = fourier.fit(x, 13, method=method, max_steps=0)
    assert float(start.nll(x)) > float(fit.nll(x))


def test_training_the_line_with_lbfgs():
    y = torch.from_numpy(load_iris().data[:, 2])
    fit = fourier.fit(y, 2, mu_sigma="train", scales=(1,), method="lbfgs")
    assert fit.converged
    assert float(fit.nll(y)) == pytest.approx(1.6789, abs=1e-4)


def test_the_fit_is_stationary_in_mu_and_sigma():
    y = torch.from_numpy(load_iris().data[:, 2])
    fit = fourier.fit(y, 4, mu_sigma="train", tol=1e-9)
    mu = fit.mu.clone().requires_grad_()
    log_sigma = fit.sigma.log().requires_grad_()
    logpdf = fourier.to_real_line(
        lambda x: fourier.fourier_logpdf(fit.a, x), mu, log_sigma
    )
    grads = torch.autograd.grad(logpdf(y).mean(), (mu, log_sigma))
    assert max(g.abs() for g in grads) < 1e-5


def test_single_precision_and_starts():
    x = draw(500).to(F32)
    fit = fourier.fit(x, 8)
    assert fit.a.dtype == torch.complex64
    assert float(fit.gap(x)) < 1e-4
    again = fourier.fit(x, 8, init=fit.a)
    assert again.iterations <= 2
    half = fourier.fit(x.bfloat16(), 3)
    assert half.a.dtype == torch.complex64


# -- the density as an object -------------------------------------------------


def test_the_object_calls_the_functions():
    a = torch.tensor([1, 0.3 - 0.2j, 0.1j], dtype=C128)
    d = fourier.FourierDensity(a)
    x = uniform(5)
    assert torch.equal(d.pdf(x), fourier.fourier_pdf(a, x))
    assert torch.equal(d.logpdf(x), fourier.fourier_logpdf(a, x))
    assert torch.equal(d.cdf(x), fourier.fourier_cdf(a, x))
    torch.testing.assert_close(d.icdf(d.cdf(x)), x)
    assert d.moments() == fourier.fourier_moments(a)
    assert torch.equal(d.characteristic, fourier.fourier_characteristic(a))
    assert torch.equal(d.gap(x), fourier.optimality_gap(a, x))
    assert torch.equal(d.standardise(x), x)
    torch.testing.assert_close(d.nll(x), fourier.negative_log_likelihood(a, x))


def test_on_the_line():
    a = torch.tensor([1, 0.3 - 0.2j, 0.1j], dtype=C128)
    mu, sigma = torch.tensor([1.5, 0.7], dtype=F64)
    d = fourier.FourierDensity(a, mu, sigma)

    def p(t):
        return float(d.pdf(torch.tensor(t, dtype=F64)))

    mass, _ = quad(p, -10, 13, limit=200)
    mean, _ = quad(lambda t: t * p(t), -10, 13, limit=200)
    square, _ = quad(lambda t: t * t * p(t), -10, 13, limit=200)
    part, _ = quad(p, -10, 2.0, limit=200)
    assert mass == pytest.approx(1)
    got_mean, got_var = d.moments()
    assert float(got_mean) == pytest.approx(mean)
    assert float(got_var) == pytest.approx(square - mean**2)
    two = torch.tensor(2.0, dtype=F64)
    assert float(d.cdf(two)) == pytest.approx(part)
    torch.testing.assert_close(d.pdf(two).log(), d.logpdf(two))
    u = torch.rand(9, dtype=F64, generator=torch_rng())
    torch.testing.assert_close(d.cdf(d.icdf(u)), u)
    ends = d.icdf(torch.tensor([0.0, 1.0], dtype=F64))
    assert ends.tolist() == [-math.inf, math.inf]
    y = d.sample(4000, torch_rng())
    assert (
        float((y.mean() - got_mean).abs()) < 4 * float(got_var / 4000) ** 0.5
    )


def test_the_lowest_order_is_the_logistic_distribution():
    """Claim C13: scale sigma / 2, variance pi^2 sigma^2 / 12."""
    one = torch.ones(1, dtype=C128)
    d = fourier.FourierDensity(one, torch.tensor(0.3), torch.tensor(0.8))
    y = torch.linspace(-3, 4, 50, dtype=F64)
    s = torch.sigmoid(2 * (y - 0.3) / torch.tensor(0.8))
    torch.testing.assert_close(d.pdf(y), 2 / 0.8 * s * (1 - s))
    assert float(d.moments()[1]) == pytest.approx((math.pi * 0.8) ** 2 / 12)


def test_far_tails_are_symmetric_and_finite():
    a = torch.tensor([1, 0.5 - 0.2j, 0.4j], dtype=C128)
    zero, one = torch.zeros((), dtype=F64), torch.ones((), dtype=F64)
    d = fourier.FourierDensity(a, zero, one)
    t = torch.tensor([15.0, 200.0, 1e6], dtype=F64)
    torch.testing.assert_close(d.logpdf(t), d.logpdf(-t))
    want = math.log(4) + fourier.fourier_logpdf(a, 1.0) - 2 * t
    torch.testing.assert_close(d.logpdf(t), want)


def test_to_real_line_gradients():
    a = torch.tensor([1, 0.5 - 0.2j], dtype=C128, requires_grad=True)
    mu = torch.tensor(0.3, dtype=F64, requires_grad=True)
    log_sigma = torch.tensor(-0.2, dtype=F64, requires_grad=True)
    y = torch.tensor([-1.0, 0.3, 2.0], dtype=F64, requires_grad=True)

    def q(a, mu, log_sigma, y):
        return fourier.to_real_line(
            lambda x: fourier.fourier_logpdf(a, x), mu, log_sigma
        )(y)

    assert torch.autograd.gradcheck(q, (a, mu, log_sigma, y))


def test_moving():
    d = fourier.fit(draw(50), 3, mu_sigma="fixed")
    single = d.to(dtype=F32)
    assert single.a.dtype == torch.complex64
    assert single.sigma.dtype == F32
    assert single.converged == d.converged
    assert d.to("cpu").a is d.a
    with pytest.raises(ValueError, match="dtype must be float64 or float32"):
        d.to(dtype=C128)
    with pytest.raises(ValueError, match="device must name"):
        d.to("nowhere")


# -- bad input ----------------------------------------------------------------

X = torch.tensor([-0.5, 0.1, 0.4], dtype=F64)
A = torch.ones(2, dtype=C128)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: fourier.fit([0.1], 2), TypeError, "x must be a torch.Tensor"),
        (lambda: fourier.fit(X[:0], 2), ValueError, r"n >= 1, got \(0,\)"),
        (lambda: fourier.fit(X / 0, 2), ValueError, "x must be finite"),
        (lambda: fourier.fit(X + 1j, 2), TypeError, "x must be real"),
        (
            lambda: fourier.fit(4 * X, 2),
            ValueError,
            r"\[-1, 1\], got values from -2 to 1.6; .*mu_sigma='fixed'",
        ),
        (lambda: fourier.fit(X, -1), ValueError, "N must be an integer >= 0"),
        (
            lambda: fourier.fit(X, 2, weights=X),
            ValueError,
            "weights must be >= 0",
        ),
        (
            lambda: fourier.fit(X, 2, weights=2 * X.abs()),
            ValueError,
            "weights must sum to 1",
        ),
        (
            lambda: fourier.fit(X, 2, mu_sigma="free"),
            ValueError,
            "mu_sigma must be one of fixed, train",
        ),
        (
            lambda: fourier.fit(X, 2, mu_sigma=3.0),
            ValueError,
            "mu_sigma must be None",
        ),
        (
            lambda: fourier.fit(X, 2, mu_sigma=(0.0, -1.0)),
            ValueError,
            "sigma must be finite and > 0",
        ),
        (
            lambda: fourier.fit(X[:1], 2, mu_sigma="fixed"),
            ValueError,
            "needs two different values in x",
        ),
        (
            lambda: fourier.fit(X, 2, mu_sigma="train", method="fixed-point"),
            ValueError,
            "cannot train mu_sigma",
        ),
        (
            lambda: fourier.fit(X, 2, method="adam"),
            ValueError,
            "method must be one of newton, lbfgs, fixed-point",
        ),
        (
            lambda: fourier.fit(X, 2, init=A),
            ValueError,
            r"init must have shape \(3,\)",
        ),
        (
            lambda: fourier.fit(X - 0.1, 1, init=A * torch.tensor([1, -1])),
            ValueError,
            "init has density 0 at a point of x",
        ),
        (
            lambda: fourier.fit(X, 2, mu_sigma="train", scales=()),
            ValueError,
            "scales must name at least one",
        ),
        (
            lambda: fourier.fit(X, 2, mu_sigma="train", scales=(1, 0)),
            ValueError,
            "scales must be finite and > 0",
        ),
        (
            lambda: fourier.fit(X, 2, mu_sigma="train", scales=2.0),
            TypeError,
            "scales must be a sequence",
        ),
        (lambda: fourier.fit(X, 2, tol=-1.0), ValueError, "tol must be >= 0"),
        (
            lambda: fourier.fit(X, 2, max_steps=-1),
            ValueError,
            "max_steps must be an integer >= 0",
        ),
        (
            lambda: fourier.optimality_gap(A, X[:0]),
            ValueError,
            "n >= 1",
        ),
        (
            lambda: fourier.negative_log_likelihood(A, X, X),
            ValueError,
            "weights must be >= 0",
        ),
        (
            lambda: fourier.FourierDensity(A, X[0]),
            ValueError,
            "mu and sigma must be given together",
        ),
        (
            lambda: fourier.FourierDensity(A, X, X),
            ValueError,
            r"mu must have the shape \(\)",
        ),
        (
            lambda: fourier.FourierDensity(A, X[0], X[0]).pdf(X),
            ValueError,
            "sigma must be > 0",
        ),
        (
            lambda: fourier.FourierDensity(A).pdf(X / 0),
            ValueError,
            "y must be finite|x must be finite",
        ),
        (
            lambda: fourier.to_real_line(A, 0.0, 0.0),
            TypeError,
            "logpdf must be",
        ),
        (
            lambda: fourier.to_real_line(torch.cos, math.inf, 0.0),
            ValueError,
            "mu must be finite",
        ),
    ],
)
def test_bad_arguments(call, error, match):
    with pytest.raises(error, match=match):
        call()

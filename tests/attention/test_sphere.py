"""Moment generating function of the cosine on a sphere."""

import math

import mpmath
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from seeds import torch_rng
from torch.autograd import gradcheck, gradgradcheck

from kexue_lib import attention as att

F64 = torch.float64
quick = settings(max_examples=40)
FUNCTIONS = (att.sphere_log_mgf, att.sphere_mean_cos)
DIMENSIONS = [2, 2.5, 3, 4, 7, 16, 33, 34, 35, 64, 67, 100, 1000, 4096]
POINTS = [1e-12, 1e-4, 0.1, 1, 2, 5, 10, 17, 64, 300, 1e4, 1e8]


def drop(lam, d):
    return att.sphere_entropy_drop(d, lam)


def exact(x, d):
    """log M, its slope and the entropy drop, in 50 digits."""
    with mpmath.workdps(70):
        nu, x = mpmath.mpf(d) / 2 - 1, mpmath.mpf(x)
        bessel = mpmath.besseli(nu, x)
        log_m = mpmath.loggamma(nu + 1) + nu * mpmath.log(2 / x)
        log_m += mpmath.log(bessel)
        slope = mpmath.besseli(nu + 1, x) / bessel
        return log_m, slope, log_m - x * slope


def error(got, want):
    return float(abs(got.item() / want - 1))


# -- values -------------------------------------------------------------------


@pytest.mark.parametrize("as_tensor", [False, True])
@pytest.mark.parametrize("d", DIMENSIONS)
def test_against_mpmath(d, as_tensor):
    dimension = torch.tensor(d, dtype=F64) if as_tensor else d
    for x in POINTS:
        log_m, slope, _ = exact(x, d)
        assert error(att.sphere_log_mgf(x, dimension), log_m) < 2e-15
        assert error(att.sphere_mean_cos(x, dimension), slope) < 1e-15
        lam = x / d
        _, _, fall = exact(lam * d, d)
        assert error(att.sphere_entropy_drop(dimension, lam), fall) < 3e-14


def test_the_post_and_its_constant():
    assert abs(att.sphere_entropy_drop(32).item() + 7.7747051) < 1e-7
    assert abs(att.sphere_entropy_drop(64).item() + 15.4734002) < 1e-7
    d = torch.tensor([64, 1024, 16384], dtype=F64)
    golden = (1 + 5**0.5) / 2
    constant = math.log(golden) - math.log(5) / 4 - (3 - 5**0.5) / 5
    rest = att.sphere_entropy_drop(d) + d / 2 * math.log(golden) - constant
    assert abs(constant + 0.0739341) < 1e-7
    assert torch.allclose(
        rest * d, torch.tensor(-0.0438, dtype=F64), atol=1e-3
    )


def test_three_dimensions_in_closed_form():
    x = torch.linspace(0.1, 30, 50, dtype=F64)
    torch.testing.assert_close(
        att.sphere_log_mgf(x, 3), (torch.sinh(x) / x).log()
    )
    torch.testing.assert_close(
        att.sphere_mean_cos(x, 3), 1 / torch.tanh(x) - 1 / x
    )


def test_the_mean_over_random_directions():
    generator = torch_rng()
    z = torch.randn(400_000, 6, generator=generator, dtype=F64)
    cos = z[:, 0] / z.norm(dim=1)
    sample = (2.5 * cos).exp()
    z_score = (sample.mean() - att.sphere_log_mgf(2.5, 6).exp()) / (
        sample.std() / 400_000**0.5
    )
    assert abs(z_score) < 4


def test_zero():
    for f in FUNCTIONS:
        assert f(0.0, 5).item() == 0
    assert att.sphere_entropy_drop(5, 0.0).item() == 0


# -- invariants ---------------------------------------------------------------


@quick
@given(
    st.floats(0, 1e6),
    st.floats(2, 1e5),
)
def test_bounds(x, d):
    assume(x == 0 or x * x / d > 1e-300)  # smaller numbers lose digits
    mean = att.sphere_mean_cos(x, d).item()
    b = (d - 1) / 2
    low = x / (d / 2 + math.hypot(d / 2, x))
    high = x / (b + math.hypot(b, x))
    slack = 4e-16
    assert low * (1 - slack) <= mean <= high * (1 + slack)
    log_m = att.sphere_log_mgf(x, d).item()
    assert 0 <= log_m <= min(x, x * x / (2 * d)) * (1 + 1e-15)
    assert att.sphere_entropy_drop(d, x / d).item() <= 0


@quick
@given(st.floats(-50, 50), st.floats(2, 200))
def test_parity(x, d):
    assert att.sphere_log_mgf(x, d) == att.sphere_log_mgf(-x, d)
    assert att.sphere_mean_cos(x, d) == -att.sphere_mean_cos(-x, d)
    assert att.sphere_entropy_drop(d, x) == att.sphere_entropy_drop(d, -x)


@quick
@given(st.floats(0.01, 100), st.floats(2, 100))
def test_recurrence_over_dimensions(x, d):
    lower, upper = (att.sphere_mean_cos(x, e).item() for e in (d, d + 2))
    assert math.isclose(lower, 1 / (d / x + upper), rel_tol=1e-14)


# -- derivatives --------------------------------------------------------------

X = torch.tensor([0.0, -0.5, 70.0], dtype=F64)
D = torch.tensor([[2.5], [64.0]], dtype=F64)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_gradients(f):
    args = (X.clone().requires_grad_(), D.clone().requires_grad_())
    assert gradcheck(f, args)
    assert gradgradcheck(f, args)


def test_gradients_of_the_drop():
    lam = torch.tensor([0.0, -0.5, 1.3, 20.0], dtype=F64)
    args = (lam.requires_grad_(), D.clone().requires_grad_())
    assert gradcheck(drop, args)
    assert gradgradcheck(drop, args)


def test_the_slope_is_the_mean_cosine():
    x = torch.tensor([0.0, 0.3, 8.0, 1e3, 1e6], dtype=F64, requires_grad=True)
    (slope,) = torch.autograd.grad(att.sphere_log_mgf(x, 7).sum(), x)
    torch.testing.assert_close(
        slope, att.sphere_mean_cos(x, 7), rtol=1e-13, atol=0
    )


def test_the_variance_keeps_its_digits_far_out():
    x = torch.tensor([1e3, 1e6, 1e9], dtype=F64, requires_grad=True)
    (slope,) = torch.autograd.grad(att.sphere_mean_cos(x, 8).sum(), x)
    want = [mpmath.diff(lambda t: exact(t, 8)[1], t) for t in (1e3, 1e6)]
    for got, right in zip(slope[:2], want, strict=True):
        assert error(got, right) < 1e-12
    assert abs(slope[2].item() / 3.5e-18 - 1) < 1e-6


# -- dtypes, shapes, devices --------------------------------------------------


@pytest.mark.parametrize(
    ("dtype", "rtol"),
    [(torch.float32, 2e-6), (torch.bfloat16, 1e-2), (torch.float16, 2e-3)],
)
def test_dtypes(dtype, rtol):
    x = torch.tensor([0.01, 1, 30, 1000]).to(dtype)
    for f in (*FUNCTIONS, drop):
        got, want = f(x, 5), f(x.double(), 5)
        assert got.dtype == dtype
        torch.testing.assert_close(got.double(), want, rtol=rtol, atol=0)


def test_no_overflow_in_float32():
    x = torch.tensor([1e-25, 1e25, 5e37])
    for f in (*FUNCTIONS, drop):
        assert f(x, 5).isfinite().all()


def test_shapes_broadcast():
    d = torch.tensor([[2], [8], [64]])
    x = torch.ones(4)
    assert att.sphere_log_mgf(x, d).shape == (3, 4)
    assert att.sphere_log_mgf(x, d).dtype == torch.float32
    assert att.sphere_log_mgf(1, d).dtype == F64
    assert att.sphere_entropy_drop(d, x).shape == (3, 4)
    assert att.sphere_mean_cos(torch.ones(0), 3).shape == (0,)
    assert att.sphere_mean_cos(2.0, 3).shape == ()


# -- bad arguments ------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error_type", "message"),
    [
        (
            lambda: att.sphere_log_mgf(1, 1),
            ValueError,
            "d must be >= 2, got 1",
        ),
        (lambda: att.sphere_log_mgf(math.nan, 3), ValueError, "x must be fin"),
        (lambda: att.sphere_log_mgf("1", 3), TypeError, "x must be a real"),
        (lambda: att.sphere_log_mgf(1j, 3), TypeError, "x must be a real"),
        (lambda: att.sphere_log_mgf(1, None), TypeError, "d must be a real"),
        (
            lambda: att.sphere_mean_cos(torch.ones(2) * 1j, 3),
            TypeError,
            "x must be real, got dtype torch.complex64",
        ),
        (
            lambda: att.sphere_mean_cos(torch.tensor([1, math.inf]), 3),
            ValueError,
            "x must be finite",
        ),
        (
            lambda: att.sphere_mean_cos(1, torch.tensor([1, 3])),
            ValueError,
            "d must be >= 2",
        ),
        (
            lambda: att.sphere_entropy_drop(4, math.inf),
            ValueError,
            "lam must be finite",
        ),
        (
            lambda: att.sphere_entropy_drop(torch.tensor([math.nan])),
            ValueError,
            "d must be finite",
        ),
        (
            lambda: att.sphere_entropy_drop(9, torch.tensor(1e38)),
            ValueError,
            r"lam \* d must be finite in torch.float32",
        ),
        (lambda: att.sphere_entropy_drop(True), TypeError, "d must be a real"),
    ],
)
def test_bad_arguments(call, error_type, message):
    with pytest.raises(error_type, match=message):
        call()

"""Bases, projection, reconstruction: exactness, the HiPPO law, bad input."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kexue_lib import ssm
from kexue_lib.ssm.basis import _gauss_legendre

F64 = torch.float64
quick = settings(max_examples=25)


def tensor(*values):
    return torch.tensor(values, dtype=F64)


# -- bases ------------------------------------------------------------------


def test_legendre_against_sympy():
    import sympy as sp

    points = [sp.Rational(i, 7) for i in range(8)]
    got = ssm.legendre_basis(9, tensor(*map(float, points)), gauge="rational")
    for n in range(9):
        for j, s in enumerate(points):
            want = float(sp.legendre(n, 2 * s - 1))
            assert got[n, j].item() == pytest.approx(want, abs=2e-15)


def test_legendre_is_stable_at_high_order():
    import mpmath

    N = 400
    s = tensor(0.0, 0.001, 0.1, 0.49, 0.77, 1.0)
    got = ssm.legendre_basis(N, s, gauge="rational")
    with mpmath.workdps(40):
        for j, point in enumerate(s.tolist()):
            x = 2 * mpmath.mpf(point) - 1
            want = [mpmath.mpf(1), x]
            for n in range(1, N - 1):
                want.append(
                    ((2 * n + 1) * x * want[n] - n * want[n - 1]) / (n + 1)
                )
            exact = tensor(*map(float, want))
            assert (got[:, j] - exact).abs().max() < 1e-13


def test_gauges_scale_the_basis():
    s = torch.linspace(0, 1, 5, dtype=F64)
    phi = ssm.legendre_basis(6, s)
    for gauge in ssm.GAUGES:
        lam = ssm.gauge_lambda(6, gauge)[:, None]
        torch.testing.assert_close(
            ssm.legendre_basis(6, s, gauge=gauge), lam * phi
        )
    # The LMU gauge is the rational one with time reversed.
    torch.testing.assert_close(
        ssm.legendre_basis(6, s, gauge="lmu"),
        ssm.legendre_basis(6, 1 - s, gauge="rational"),
    )


def test_shapes_and_dtypes():
    s = torch.rand(2, 3, dtype=F64)
    assert ssm.legendre_basis(5, s).shape == (5, 2, 3)
    assert ssm.fourier_basis(5, s).shape == (11, 2, 3)
    assert ssm.laguerre_basis(5, s).shape == (5, 2, 3)
    assert ssm.legendre_basis(1, s).shape == (1, 2, 3)
    assert ssm.laguerre_basis(1, s).shape == (1, 2, 3)
    assert ssm.legendre_basis(4, s[0, 0]).shape == (4,)
    assert ssm.legendre_basis(4, s[:0]).shape == (4, 0, 3)
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        x = s.to(dtype)
        got = ssm.legendre_basis(12, x)
        assert got.dtype == dtype
        want = ssm.legendre_basis(12, x.double())
        # 2s - 1 is rounded in float32; the slope of the n-th function, up
        # to size n (n + 1) / 2 at the ends, multiplies that rounding. As
        # much again for the recurrence.
        n = torch.arange(12, dtype=F64)[:, None, None]
        size = (2 * n + 1).sqrt()
        inner = size * (1 + n * (n + 1) / 2) * 2**-23
        outer = want.abs() * torch.finfo(dtype).eps / 2
        assert ((got.double() - want).abs() <= inner + outer).all()
    assert ssm.fourier_basis(2, s.float()).dtype == torch.complex64
    assert ssm.fourier_basis(2, s).dtype == torch.complex128


def test_complex_points():
    s = torch.tensor([0.3 + 0.2j], dtype=torch.complex128)
    x = 2 * s - 1
    got = ssm.legendre_basis(4, s, gauge="rational")
    want = torch.stack([x**0, x, (3 * x**2 - 1) / 2, (5 * x**3 - 3 * x) / 2])
    torch.testing.assert_close(got, want)


@quick
@given(st.integers(1, 60))
def test_legendre_is_orthonormal(N):
    x, w = np.polynomial.legendre.leggauss(N)
    phi = ssm.legendre_basis(N, torch.from_numpy((x + 1) / 2))
    gram = (phi * torch.from_numpy(w / 2)) @ phi.mT
    torch.testing.assert_close(
        gram, torch.eye(N, dtype=F64), rtol=0, atol=1e-12
    )


@quick
@given(st.integers(1, 40))
def test_fourier_is_orthonormal(N):
    s = torch.arange(2 * N + 1, dtype=F64) / (2 * N + 1)
    phi = ssm.fourier_basis(N, s)
    torch.testing.assert_close(
        phi @ phi.mH / (2 * N + 1),
        torch.eye(2 * N + 1, dtype=torch.complex128),
        rtol=0,
        atol=1e-12,
    )


@quick
@given(st.integers(1, 20))
def test_laguerre_is_orthonormal(N):
    tau, w = np.polynomial.laguerre.laggauss(N)
    phi = ssm.laguerre_basis(N, torch.from_numpy(tau))
    torch.testing.assert_close(
        (phi * torch.from_numpy(w)) @ phi.mT,
        torch.eye(N, dtype=F64),
        rtol=0,
        atol=1e-10,
    )


def test_bases_have_gradients():
    s = tensor(0.1, 0.6).requires_grad_()
    for basis in (ssm.legendre_basis, ssm.fourier_basis, ssm.laguerre_basis):
        assert torch.autograd.gradcheck(
            lambda s, basis=basis: basis(4, s), (s,)
        )
        assert torch.autograd.gradgradcheck(
            lambda s, basis=basis: basis(4, s), (s,)
        )


# -- quadrature ---------------------------------------------------------------


@quick
@given(st.integers(1, 120))
def test_gauss_rule_is_exact_to_its_degree(quad):
    nodes, weights = _gauss_legendre(quad)
    s, w = torch.from_numpy(nodes), torch.from_numpy(weights)
    assert s.shape == w.shape == (quad,)
    assert (s.diff() > 0).all()
    assert (w > 0).all()
    k = torch.arange(2 * quad, dtype=F64)
    moments = (w * s ** k[:, None]).sum(-1)
    torch.testing.assert_close(moments, 1 / (k + 1), rtol=1e-13, atol=0)
    # One degree more is not exact: the error is (leading coefficient)^-2
    # / (2 quad + 1), visible for small rules.
    if quad <= 6:
        gap = (w * s ** (2 * quad)).sum() - 1 / (2 * quad + 1)
        lead = math.comb(2 * quad, quad)
        assert -gap.item() == pytest.approx(
            1 / ((2 * quad + 1) * lead**2), rel=1e-4
        )


def test_gauss_rule_is_accurate_next_to_the_ends():
    nodes, weights = _gauss_legendre(200)
    phi = ssm.legendre_basis(200, torch.from_numpy(nodes))
    gram = (phi * torch.from_numpy(weights)) @ phi.mT
    assert (gram - torch.eye(200, dtype=F64)).abs().max() < 5e-14


# -- projection -------------------------------------------------------------


@quick
@given(
    st.lists(st.floats(-3, 3), min_size=1, max_size=8),
    st.floats(-2, 2),
    st.floats(0.1, 3),
    st.sampled_from(ssm.GAUGES),
)
def test_polynomials_are_stored_exactly(coefs, a, length, gauge):
    def f(t):
        return sum(c * (t - a) ** j for j, c in enumerate(coefs))

    c = ssm.project(f, len(coefs), a, a + length, gauge=gauge)
    s = torch.linspace(0, 1, 7, dtype=F64)
    scale = 1 + sum(abs(x) for x in coefs) * max(1.0, length) ** 8
    err = ssm.reconstruct(c, s, gauge=gauge) - f(a + length * s)
    assert err.abs().max() <= 1e-13 * scale


def test_projection_is_the_least_squares_optimum():
    """Claim C2: moving any coefficient raises the error; Parseval."""
    s, w = np.polynomial.legendre.leggauss(300)
    s, w = torch.from_numpy((s + 1) / 2), torch.from_numpy(w / 2)
    for kind in ("legs", "fous"):
        c = ssm.project(torch.exp, 4, 0.0, 1.0, kind=kind)

        def loss(c, kind=kind):
            gap = torch.exp(s) - ssm.reconstruct(c, s, kind=kind)
            return (w * (gap.real**2 + torch.imag(gap + 0j) ** 2)).sum()

        best = loss(c)
        energy = (w * torch.exp(2 * s)).sum()
        torch.testing.assert_close(best, energy - c.abs().square().sum())
        for n in range(len(c)):
            moved = c.clone()
            moved[n] += 1e-3
            torch.testing.assert_close(
                loss(moved) - best, tensor(1e-6)[0], rtol=1e-5, atol=0
            )


def test_projection_batches():
    T = tensor(0.5, 1.0, 2.0)
    c = ssm.project(torch.sin, 6, 0.0, T)
    assert c.shape == (3, 6)
    for i, x in enumerate(T.tolist()):
        torch.testing.assert_close(c[i], ssm.project(torch.sin, 6, 0.0, x))
    # Several signals at once, over several intervals.
    both = ssm.project(
        lambda t: torch.stack((t.sin(), t.cos())), 6, T - 0.5, T
    )
    assert both.shape == (2, 3, 6)
    c = ssm.project(lambda t: torch.exp(1j * t), 3, 0, 1)
    assert c.dtype == torch.complex128


def test_fourier_projection_of_a_wave():
    c = ssm.project(
        lambda t: torch.exp(2j * math.pi * 3 * t), 64, 0, 1, kind="fout"
    )
    want = torch.zeros_like(c)
    want[64 + 3] = 1
    torch.testing.assert_close(c, want, rtol=0, atol=1e-13)


def value_and_rate(c, T):
    """c(T) and dc/dT, by reverse mode."""
    time = tensor(T)[0]
    value = c(time)
    if value.is_complex():
        rate = torch.autograd.functional.jacobian(
            lambda t: torch.view_as_real(c(t)), time
        )
        return time, value, torch.view_as_complex(rate)
    return time, value, torch.autograd.functional.jacobian(c, time)


def law_residual(kind, N, u, T, change=None):
    """d/dT of the projection against (A c + B u(T)), times T for legs."""
    A, B = ssm.hippo(kind, N)
    if change is not None:
        A = change(A)

    def c(T):
        start = T - 1 if kind in ("legt", "fout") else 0.0
        return ssm.project(u, N, start, T, kind=kind)

    time, value, rate = value_and_rate(c, T)
    if kind in ("legs", "fous"):
        rate = T * rate
    right = A @ value + B * u(time)
    scale = (A.abs() @ value.abs()).max()
    return float((rate - right).abs().max() / scale)


def test_legs_law_is_exact_for_any_signal():
    """Claim C10, by differentiating the projection itself."""

    def u(t):
        return torch.sin(5 * t) + t.exp()

    for N in (1, 4, 12, 32):
        assert law_residual("legs", N, u, 1.7) < 1e-13

    def wrong_diagonal(A):
        return A + torch.eye(len(A), dtype=F64)

    assert law_residual("legs", 4, u, 1.7, wrong_diagonal) > 1e-2


def test_legt_law_is_exact_for_short_polynomials_only():
    """Claim C9."""
    for N in (1, 3, 8):

        def u(t, N=N):
            return (t - 0.3) ** (N - 1) + 2

        assert law_residual("legt", N, u, 1.4) < 1e-13
        assert law_residual("legt", N, lambda t, u=u: t * u(t), 1.4) > 1e-6

    def no_signs(A):
        return -A.abs()

    assert law_residual("legt", 3, lambda t: t**2, 1.4, no_signs) > 0.1


def test_fout_law_needs_the_oldest_value():
    """Claim C4: the transport part is exact with the true u(T - w)."""
    N, T = 6, 1.3
    D = ssm.hippo("fout", N)[0] + 1  # beta = 1: remove the -1

    def c(t):
        return ssm.project(torch.exp, N, t - 1, t, kind="fout")

    _, value, rate = value_and_rate(c, T)
    exact = D @ value + math.exp(T) - math.exp(T - 1)
    torch.testing.assert_close(rate, exact)


def test_fous_law_in_the_limit():
    """The truncated whole-history Fourier law converges, slowly."""
    u = torch.exp

    def middle(N):
        A, B = ssm.hippo("fous", N)

        def c(T):
            return ssm.project(u, N, 0.0, T, kind="fous")

        rows = slice(N - 2, N + 3)
        time, _, rate = value_and_rate(lambda T: c(T)[rows], 1.0)
        law = A[rows] @ c(time) + B[rows] * u(time)
        return (rate - law).abs().max()

    errors = [float(middle(N)) for N in (8, 32, 128)]
    # First order in 1/N at fixed frequencies, except row 0, which is exact.
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.3)
    assert errors[1] / errors[2] == pytest.approx(4, rel=0.1)


def test_lagt_law_is_exact():
    """u = e^{lam t}: c_n = e^{lam T} lam^n / (1 + lam)^{n + 1}."""
    N, lam, w = 7, 0.8, 2.0
    A, B = ssm.hippo("lagt", N, window=w)
    x = lam * w
    c = tensor(*[x**n / (1 + x) ** (n + 1) for n in range(N)])
    torch.testing.assert_close(lam * c, A @ c + B)
    tau, weight = np.polynomial.laguerre.laggauss(40)
    tau, weight = torch.from_numpy(tau), torch.from_numpy(weight)
    direct = (ssm.laguerre_basis(N, tau) * weight) @ torch.exp(-x * tau)
    torch.testing.assert_close(direct, c, rtol=0, atol=1e-9)


def test_projection_has_gradients():
    a, b, p = (tensor(x)[0].requires_grad_() for x in (0.2, 1.1, 3.0))
    for kind in ("legt", "fout"):
        assert torch.autograd.gradcheck(
            lambda a, b, p, kind=kind: ssm.project(
                lambda t: torch.sin(p * t), 3, a, b, kind=kind, quad=20
            ),
            (a, b, p),
        )


def test_projection_in_inference_mode_leaves_no_trace():
    def first(T):
        return ssm.project(torch.sin, 3, 0.0, T, quad=23)[0]

    with torch.inference_mode():
        want = first(1.0)
    T = tensor(1.0)[0].requires_grad_()
    got = first(T)
    got.backward()
    assert got.item() == want.item()
    assert T.grad is not None


# -- read-outs --------------------------------------------------------------


def test_reconstruction_shapes():
    c = torch.rand(2, 5, dtype=F64)
    s = torch.rand(3, 4, dtype=F64)
    assert ssm.reconstruct(c, s).shape == (2, 3, 4)
    assert ssm.reconstruct(c, 0.5).shape == (2,)
    assert ssm.reconstruct(c, s, kind="fout").is_complex()
    assert ssm.reconstruct(c, s, kind="lagt").shape == (2, 3, 4)
    assert ssm.reconstruct(c.float(), 0.5).dtype == torch.float32
    c.requires_grad_()
    assert torch.autograd.gradcheck(lambda c: ssm.reconstruct(c, s), (c,))


def test_delay():
    c = ssm.project(lambda t: t**2, 3, 1.0, 3.0, gauge="lmu")
    for delay in (0.0, 0.7, 2.0):
        got = ssm.legt_delay(c, delay, window=2.0, gauge="lmu")
        assert got.item() == pytest.approx((3 - delay) ** 2)
    delays = tensor(0.0, 2.0)
    got = ssm.legt_delay(c, delays, window=2.0, gauge="lmu")
    torch.testing.assert_close(got, tensor(9.0, 1.0))


def test_tone_energy_is_a_squared_spherical_bessel_function():
    import mpmath

    N = 12
    for kappa in (0.0, 0.3, 5.0, 11.5, 40.0):
        got = ssm.tone_energy(N, kappa)
        for n in range(N):
            if kappa == 0:
                want = 1.0 if n == 0 else 0.0
            else:
                j = mpmath.sqrt(mpmath.pi / (2 * kappa))
                j *= mpmath.besselj(n + mpmath.mpf(1) / 2, kappa)
                want = float((2 * n + 1) * j**2)
            assert got[n].item() == pytest.approx(want, abs=1e-14)


def test_resolution_against_length():
    """Claim C14: the measured captured energies for N = 32."""
    N = 32
    ratio = tensor(0.8, 0.9, 1.0, 1.1, 1.25, 2.0)
    got = ssm.tone_energy(N, N * ratio).sum(-1)
    want = tensor(0.99995, 0.99587, 0.91558, 0.5847, 0.42434, 0.13908)
    torch.testing.assert_close(got, want, rtol=0, atol=6e-6)
    whole = ssm.tone_energy(200, N * ratio).sum(-1)
    torch.testing.assert_close(whole, torch.ones_like(whole))
    kappa = tensor(0.5, 6.0).requires_grad_()
    assert torch.autograd.gradcheck(lambda k: ssm.tone_energy(3, k), (kappa,))
    assert ssm.tone_energy(3, torch.ones(2, 4)).shape == (2, 4, 3)
    assert ssm.tone_energy(3, torch.ones(0)).shape == (0, 3)


# -- bad input --------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (
            TypeError,
            r"s must be a torch.Tensor, got float",
            lambda: ssm.legendre_basis(3, 0.5),
        ),
        (
            TypeError,
            r"s must be floating-point or complex, got torch.int64",
            lambda: ssm.legendre_basis(3, torch.arange(3)),
        ),
        (
            ValueError,
            r"N .*>= 1, got 0",
            lambda: ssm.legendre_basis(0, torch.ones(1)),
        ),
        (
            ValueError,
            r"gauge must be one of",
            lambda: ssm.legendre_basis(2, torch.ones(1), gauge="x"),
        ),
        (
            TypeError,
            r"s must be real",
            lambda: ssm.fourier_basis(2, torch.ones(1) + 0j),
        ),
        (
            TypeError,
            r"tau must be",
            lambda: ssm.laguerre_basis(2, torch.arange(2)),
        ),
        (
            ValueError,
            r"a < b is needed, got a=1, b=1",
            lambda: ssm.project(torch.sin, 3, 1, 1),
        ),
        (
            ValueError,
            r"a < b is needed",
            lambda: ssm.project(torch.sin, 3, 0, tensor(1.0, -1.0)),
        ),
        (
            ValueError,
            r"a must be finite, got nan",
            lambda: ssm.project(torch.sin, 3, math.nan, 1),
        ),
        (
            ValueError,
            r"quad must be >= 7, .*got 6",
            lambda: ssm.project(torch.sin, 3, 0, 1, kind="fout", quad=6),
        ),
        (
            ValueError,
            r"finite intervals\); got 'lagt'",
            lambda: ssm.project(torch.sin, 3, 0, 1, kind="lagt"),
        ),
        (
            TypeError,
            r"f must return a torch.Tensor, got float",
            lambda: ssm.project(lambda t: 1.0, 3, 0, 1),
        ),
        (
            ValueError,
            r"f must return shape \(\.\.\., 200\) .*got \(\)",
            lambda: ssm.project(torch.sum, 3, 0, 1),
        ),
        (
            ValueError,
            r"dtype must be float64 or float32",
            lambda: ssm.project(torch.sin, 3, 0, 1, dtype=torch.float16),
        ),
        (
            ValueError,
            r"c must have shape \(\.\.\., 2N\+1\) .*got \(4,\)",
            lambda: ssm.reconstruct(torch.ones(4), 0.5, kind="fout"),
        ),
        (
            ValueError,
            r"c must have shape \(\.\.\., N\) .*got \(\)",
            lambda: ssm.reconstruct(torch.tensor(1.0), 0.5),
        ),
        (
            TypeError,
            r"s must be a real number, got None",
            lambda: ssm.reconstruct(torch.ones(4), None),
        ),
        (
            TypeError,
            r"s must be real, got dtype torch.complex64",
            lambda: ssm.reconstruct(torch.ones(4), torch.tensor(1j)),
        ),
        (
            ValueError,
            r"delay must lie in \[0, 2\.0\], got 2\.5",
            lambda: ssm.legt_delay(torch.ones(4), 2.5, window=2.0),
        ),
        (
            ValueError,
            r"window must be finite and > 0",
            lambda: ssm.legt_delay(torch.ones(4), 0.5, window=-1),
        ),
        (
            ValueError,
            r"\|kappa\| must be finite and <= 1e4",
            lambda: ssm.tone_energy(3, tensor(1.0, math.nan)),
        ),
        (
            ValueError,
            r"\|kappa\| must be finite and <= 1e4",
            lambda: ssm.tone_energy(3, 1e9),
        ),
    ],
)
def test_bad_input(error, message, call):
    with pytest.raises(error, match=message):
        call()


def test_smallest_orders():
    assert ssm.tone_energy(1, 0.5).shape == (1,)
    three = torch.zeros(3, dtype=torch.complex128)
    three[1] = 2.0  # frequency 0
    value = ssm.reconstruct(three, 0.3, kind="fout")
    torch.testing.assert_close(value, torch.tensor(2.0 + 0j).to(value))

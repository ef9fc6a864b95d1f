"""LegS in discrete steps: the chapter's PyTorch checks 1-5 and invariants."""

import math
from fractions import Fraction

import pytest
import sympy as sp
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import random_rng, torch_rng

from kexue_lib import ssm

F64 = torch.float64
quick = settings(max_examples=25)
SCHEMES = [m for m in ssm.LEGS_METHODS if m != "exact"]


def noise(*shape, seed=0, dtype=F64):
    generator = torch_rng(seed)
    return torch.randn(*shape, generator=generator, dtype=F64).to(dtype)


def weights(method, k):
    """The three weights, written down a second time."""
    return {
        "forward": (0, 1 / k, 1 / k),
        "backward": (1 / (k + 1), 0, 1 / (k + 1)),
        "bilinear_post": (1 / (2 * (k + 1)), 1 / (2 * k), 1 / k),
        "bilinear_code": (1 / (2 * k), 1 / (2 * k), 1 / k),
        "bilinear": (
            1 / (2 * (k + 1)),
            1 / (2 * k),
            (1 / k + 1 / (k + 1)) / 2,
        ),
    }[method]


def dense_step(x, u, k, method):
    A, B = ssm.hippo("legs", x.shape[-1])
    if method == "exact":
        Ab, Bb = ssm.zoh(A, B, math.log((k + 1) / k))
        return Ab @ x + Bb * u
    new, old, write = weights(method, k)
    eye = torch.eye(len(B), dtype=F64)
    return torch.linalg.solve(
        eye - new * A, (eye + old * A) @ x + write * B * u
    )


# -- without the matrix -----------------------------------------------------


@pytest.mark.parametrize("N", [1, 2, 3, 7, 8, 64, 200])
def test_matvec_and_solve_agree_with_the_matrix(N):
    A, _ = ssm.hippo("legs", N)
    x = noise(3, 2, N)
    torch.testing.assert_close(ssm.legs_matvec(x), x @ A.mT)
    eye = torch.eye(N, dtype=F64)
    for lam in (0.01, 0.5, 10.0, -0.3):
        z = ssm.legs_solve(x, lam)
        want = torch.linalg.solve(eye - lam * A, x[..., None])[..., 0]
        if lam > 0:
            assert (z - want).abs().max() < 1e-13
        elif N <= 8:  # growing: the larger the worse conditioned
            torch.testing.assert_close(z, want)


def test_solve_takes_many_steps_at_once():
    x, lam = noise(5, 4, 9), torch.linspace(0.01, 2, 4, dtype=F64)
    z = ssm.legs_solve(x, lam)
    for i in range(4):
        torch.testing.assert_close(
            z[:, i], ssm.legs_solve(x[:, i], lam[i].item())
        )
    assert ssm.legs_solve(x[0, 0], lam).shape == (4, 9)


def test_solve_is_accurate_for_thousands_of_coefficients():
    x = noise(4096)
    z = ssm.legs_solve(x, 0.5)
    residual = z - 0.5 * ssm.legs_matvec(z) - x
    # Backward error: relative to the size of the matrix, about lam N.
    assert residual.abs().max() < 1e-13 * 4096 * z.abs().max()


def test_the_sum_vanishes_where_its_factor_does():
    """lam = 1/n cuts the recurrence at n: no division by the factor."""
    x = noise(8)
    A, _ = ssm.hippo("legs", 8)
    eye = torch.eye(8, dtype=F64)
    for n in range(1, 8):
        want = torch.linalg.solve(eye - A / n, x)
        torch.testing.assert_close(ssm.legs_solve(x, 1 / n), want)


@quick
@given(
    N=st.integers(1, 20),
    lam=st.floats(1e-3, 50),
    seed=st.integers(0, 100),
)
def test_solve_undoes_the_product(N, lam, seed):
    z = noise(N, seed=seed)
    b = z - lam * ssm.legs_matvec(z)
    # Forward error: the condition number times a rounding of b.
    scale = b.abs().max().item() + 1
    assert (ssm.legs_solve(b, lam) - z).abs().max() < 1e-13 * scale


# -- one step, and all of them ----------------------------------------------


@pytest.mark.parametrize("method", ssm.LEGS_METHODS)
@pytest.mark.parametrize("N", [1, 2, 5, 16])
def test_a_step_is_the_scheme(method, N):
    x, u = noise(N), 0.7
    for k in (1, 2, 9):
        want = dense_step(x, u, k, method)
        got = ssm.legs_step(x, u, k, method)
        torch.testing.assert_close(got, want, rtol=1e-11, atol=1e-11)


def test_a_step_in_batches():
    x, u = noise(3, 2, 6), noise(2)
    for method in ssm.LEGS_METHODS:
        got = ssm.legs_step(x, u, 4, method)
        assert got.shape == (3, 2, 6)
        torch.testing.assert_close(
            got[1, 1], ssm.legs_step(x[1, 1], u[1].item(), 4, method)
        )


@pytest.mark.parametrize("method", ssm.LEGS_METHODS)
@pytest.mark.parametrize(("N", "K"), [(1, 1), (1, 9), (6, 1), (7, 3), (5, 40)])
def test_a_run_is_its_steps(method, N, K):
    u = noise(2, 3, K)
    x = torch.nn.functional.pad(u[..., :1], (0, N - 1))
    for k in range(1, K):
        x = ssm.legs_step(x, u[..., k], k, method)
    run = ssm.legs_run(u, N, method)
    assert run.shape == (2, 3, N)
    torch.testing.assert_close(run, x, rtol=1e-11, atol=1e-12)
    torch.testing.assert_close(ssm.legs_run(u[1, 2], N, method), run[1, 2])


def test_a_run_in_several_blocks_of_waves():
    u = noise(700)
    x = u[:1] * torch.eye(9, dtype=F64)[0]
    for k in range(1, 700):
        x = ssm.legs_step(x, u[k], k)
    torch.testing.assert_close(ssm.legs_run(u, 9), x, rtol=0, atol=1e-13)


def test_the_gradient_through_several_blocks_of_waves():
    u, N = noise(3, 700).requires_grad_(), 9
    x = torch.nn.functional.pad(u[:, :1], (0, N - 1))
    for k in range(1, 700):
        x = ssm.legs_step(x, u[:, k], k)
    weights_ = noise(3, N, seed=5)
    want = torch.autograd.grad((x * weights_).sum(), u)[0]
    run = ssm.legs_run(u, N)
    got = torch.autograd.grad((run * weights_).sum(), u)[0]
    torch.testing.assert_close(got, want, rtol=0, atol=1e-14)


def test_a_run_with_weights_of_ones_own():
    u = noise(30)
    got = ssm.legs_run(
        u, 6, lambda k: (0.5 / (k + 1), 0.5 / k, torch.log1p(1 / k))
    )
    x = u[:1] * torch.eye(6, dtype=F64)[0]
    A, B = ssm.hippo("legs", 6)
    eye = torch.eye(6, dtype=F64)
    for k in range(1, 30):
        right = x + A @ x / (2 * k) + math.log1p(1 / k) * B * u[k]
        x = torch.linalg.solve(eye - A / (2 * (k + 1)), right)
    torch.testing.assert_close(got, x)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_lower_precision(dtype):
    u = noise(50)
    for method in ("bilinear", "exact"):
        want = ssm.legs_run(u, 8, method)
        got = ssm.legs_run(u.to(dtype), 8, method)
        assert got.dtype == dtype
        bound = 1e-6 if dtype == torch.float32 else 2e-3
        assert (got.double() - want).abs().max() < bound
    x = noise(8)
    for function in (
        ssm.legs_matvec,
        lambda x: ssm.legs_solve(x, 0.3),
        lambda x: ssm.legs_step(x, 0.2, 3),
        lambda x: ssm.legs_step(x, x[0], 3, "exact"),
    ):
        got = function(x.to(dtype))
        assert got.dtype == dtype
        torch.testing.assert_close(
            got.double(), function(x), rtol=5e-3, atol=2e-2
        )
    assert ssm.legs_propagator(0.5, 4, dtype=dtype).dtype == dtype


def test_complex_samples():
    u = torch.complex(noise(20), noise(20, seed=1))
    for method in ssm.LEGS_METHODS:
        got = ssm.legs_run(u, 5, method)
        torch.testing.assert_close(
            got.real, ssm.legs_run(u.real.contiguous(), 5, method)
        )
        assert ssm.legs_step(got, u[0], 3, method).dtype == torch.complex128


def test_gradients():
    u = noise(2, 7).requires_grad_()
    x = noise(2, 4).requires_grad_()
    lam = torch.tensor([0.3, 2.0], dtype=F64, requires_grad=True)
    rho = torch.tensor([0.4, 0.9], dtype=F64, requires_grad=True)
    check = torch.autograd.gradcheck
    assert check(ssm.legs_matvec, (x,))
    assert check(ssm.legs_solve, (x, lam))
    assert check(lambda r: ssm.legs_propagator(r, 4), (rho,))
    for method in ssm.LEGS_METHODS:
        run = lambda u, m=method: ssm.legs_run(u, 4, m)  # noqa: E731
        assert check(run, (u,))
        assert torch.autograd.gradgradcheck(run, (u,))
        assert check(
            lambda x, u, m=method: ssm.legs_step(x, u[:, 0], 2, m), (x, u)
        )


@quick
@given(
    method=st.sampled_from(ssm.LEGS_METHODS),
    N=st.integers(1, 9),
    K=st.integers(1, 25),
    a=st.floats(-3, 3),
    seed=st.integers(0, 99),
)
def test_a_run_is_linear_and_causal_in_scale(method, N, K, a, seed):
    u, w = noise(2, K, seed=seed)
    both = ssm.legs_run(u + a * w, N, method)
    apart = ssm.legs_run(u, N, method) + a * ssm.legs_run(w, N, method)
    # Forward Euler passes through huge numbers.
    size = 1e3 ** (N / 3) if method == "forward" else 1
    torch.testing.assert_close(both, apart, rtol=0, atol=1e-12 * size)


# -- check 1: the exact hold is exact ---------------------------------------


def test_the_step_projection_in_rational_numbers():
    """The integrals of a held signal, in fractions, against the library."""
    rng = random_rng()
    K, N = 12, 6
    u = [Fraction(rng.randint(-9, 9), rng.randint(1, 9)) for _ in range(K)]
    s = sp.Symbol("s")
    exact = []
    for n in range(N):
        F = sp.integrate(sp.legendre(n, 2 * s - 1), s)
        at = [F.subs(s, sp.Rational(k, K)) for k in range(K + 1)]
        total = sum(
            sp.Rational(x.numerator, x.denominator) * (at[k + 1] - at[k])
            for k, x in enumerate(u)
        )
        exact.append(float(total) * math.sqrt(2 * n + 1))
    got = ssm.step_projection(
        torch.tensor([float(x) for x in u], dtype=F64), N
    )
    torch.testing.assert_close(got, torch.tensor(exact, dtype=F64))
    # The same by the exact steps in rational numbers, identically.
    c = sp.Matrix([sp.Rational(u[0].numerator, u[0].denominator), *[0] * 5])
    for k in range(1, K):
        held = sp.Matrix([sp.Rational(u[k].numerator, u[k].denominator)])
        constant = sp.Matrix([*held, *[0] * 5])
        Phi = ssm.legs_propagator_sym(N, sp.Rational(k, k + 1))
        c = Phi * (c - constant) + constant
    rational = [float(c[n]) / math.sqrt(2 * n + 1) for n in range(N)]
    torch.testing.assert_close(got, torch.tensor(rational, dtype=F64))


@pytest.mark.parametrize(("N", "bound"), [(8, 1e-12), (32, 1e-12)])
def test_check_1_exact_steps_give_the_projection(N, bound):
    u = noise(800)
    A, B = ssm.hippo("legs", N)
    x = u[:1] * torch.eye(N, dtype=F64)[0]
    for k in range(1, 800):
        Ab, Bb = ssm.zoh(A, B, math.log((k + 1) / k))
        x = Ab @ x + Bb * u[k]
    assert (x - ssm.step_projection(u, N)).abs().max() < bound


# -- checks 2 and 3: the race, and constants --------------------------------


def signal(K):
    t = (torch.arange(K, dtype=F64) + 0.5) / K
    return torch.sin(6 * t) + 0.3 * torch.cos(15 * t)


def miss(K, method, N=8):
    u = signal(K)
    x = ssm.legs_run(u, N, method)
    return (x - ssm.step_projection(u, N)).norm().item()


def test_check_2_the_race():
    reference = {
        "forward": (6.0e-2, 1.4e-2, None),
        "bilinear_post": (2.2e-2, 8.1e-3, 2.9e-3),
        "bilinear_code": (1.0e-2, 2.8e-3, 7.0e-4),
        "bilinear": (1.3e-3, 1.3e-4, 1.35e-5),
    }
    for method, wanted in reference.items():
        for K, value in zip((100, 400, 1600), wanted, strict=True):
            if value is not None:
                assert miss(K, method) == pytest.approx(value, rel=0.04)
    for K in (100, 400, 1600):
        assert miss(K, "bilinear") < miss(K, "bilinear_code")
        assert miss(K, "bilinear_code") < miss(K, "bilinear_post")
    assert miss(100, "bilinear_post") / miss(1600, "bilinear_post") < 12
    assert miss(100, "bilinear") / miss(1600, "bilinear") > 50


@pytest.mark.parametrize("method", SCHEMES)
def test_check_3_constants(method):
    for K, post in ((10, 1.8e-1), (100, 4.3e-2), (1000, 1.15e-2)):
        x = ssm.legs_run(torch.ones(K, dtype=F64), 8, method)
        x[0] -= 1
        if method == "bilinear_post":
            assert x.norm() == pytest.approx(post, rel=0.03)
        else:
            assert x.norm() < 1e-13


# -- check 4: forward Euler -------------------------------------------------


def test_check_4_forward_euler_explodes_and_recovers():
    u = noise(400)
    for N, low, high in ((16, 1e8, 1e11), (32, 1e20, 1e23)):
        x, top = u[:1] * torch.eye(N, dtype=F64)[0], 0.0
        for k in range(1, 400):
            x = ssm.legs_step(x, u[k], k, "forward")
            top = max(top, x.abs().max().item())
        assert low < top < high
        assert x.abs().max() < 1
        # The start is forgotten: mode j is multiplied by 1 - j/k.
        other = torch.cat((u[:1] + 100, u[1:]))
        again = ssm.legs_run(other, N, "forward")
        assert (again - x).abs().max() < 1e-3


def test_float32_overflows_where_forward_euler_does():
    u = noise(400, dtype=torch.float32)
    assert ssm.legs_run(u, 16, "forward").isfinite().all()
    assert not ssm.legs_run(u, 64, "forward").isfinite().all()


# -- check 5: the gradient law ----------------------------------------------


@pytest.mark.parametrize("method", ["bilinear", "exact"])
def test_check_5_the_gradient_law(method):
    N, K = 16, 400
    u = torch.zeros(K, dtype=F64)
    J = torch.autograd.functional.jacobian(
        lambda u: ssm.legs_run(u, N, method), u
    )
    for share, wanted in ((0.25, 3.4609), (0.5, 3.1421), (0.9, 4.1391)):
        assert K * J[:, int(share * K)].norm().item() == pytest.approx(
            wanted, rel=0.01
        )


# -- the propagator ---------------------------------------------------------


def test_propagator_is_the_matrix_exponential():
    A, _ = ssm.hippo("legs", 12)
    rho = torch.tensor([[1.0, 0.7], [0.1, 1e-4]], dtype=F64)
    Phi = ssm.legs_propagator(rho, 12)
    want = torch.linalg.matrix_exp(-A * rho.log()[..., None, None])
    assert (Phi - want).abs().max() < 1e-11
    torch.testing.assert_close(Phi[0, 0], torch.eye(12, dtype=F64))


def test_propagator_is_exact_in_small_powers():
    """Against the exact polynomials, where matrix_exp loses digits."""
    exact = ssm.legs_propagator_sym(16, sp.Rational(3, 10))
    v = [sp.sqrt(2 * n + 1) for n in range(16)]
    want = [
        [float(exact[n, k] * v[k] / v[n]) for k in range(16)]
        for n in range(16)
    ]
    gap = ssm.legs_propagator(0.3, 16) - torch.tensor(want, dtype=F64)
    assert gap.abs().max() < 1e-14


@pytest.mark.parametrize(
    ("rho", "norm"),
    [
        (0.1, 0.31623),
        (1e-2, 0.09998),
        (1e-3, 0.02527),
        (1e-4, 3.120e-3),
        (1e-5, 3.192e-4),
    ],
)
def test_two_regimes(rho, norm):
    Phi = ssm.legs_propagator(rho, 32)
    got = torch.linalg.matrix_norm(Phi, 2).item()
    assert got == pytest.approx(norm, rel=5e-4)


@quick
@given(N=st.integers(1, 24), a=st.floats(1e-6, 1), b=st.floats(1e-6, 1))
def test_propagators_form_a_semigroup_of_contractions(N, a, b):
    P, Q = ssm.legs_propagator(a, N), ssm.legs_propagator(b, N)
    torch.testing.assert_close(
        P @ Q, ssm.legs_propagator(a * b, N), rtol=0, atol=1e-12
    )
    assert torch.linalg.matrix_norm(P, 2) <= math.sqrt(a) * (1 + 1e-12)


def test_exact_twins():
    A, B = ssm.hippo_sym("legs", 7, "rational")
    V = ssm.legs_eigvecs_sym(7)
    assert V * -sp.diag(*range(1, 8)) == A * V
    assert V.shape == (7, 7)
    assert V[6, 2] == sp.binomial(8, 4) * 13
    rho = sp.Symbol("rho", positive=True)
    Phi = ssm.legs_propagator_sym(7, rho)
    moved = (Phi.diff(rho) * rho + A * Phi).applyfunc(sp.expand)
    assert moved.is_zero_matrix
    assert Phi.subs(rho, 1) == sp.eye(7)
    assert A[:, 0] == -B


# -- bad input --------------------------------------------------------------


X = torch.zeros(4)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: ssm.legs_matvec([1.0]), TypeError, "x must be a torch"),
        (lambda: ssm.legs_matvec(torch.ones(2, 0)), ValueError, "N >= 1"),
        (lambda: ssm.legs_matvec(torch.tensor(1.0)), ValueError, r"\(\)"),
        (lambda: ssm.legs_matvec(torch.arange(3)), TypeError, "int64"),
        (lambda: ssm.legs_solve(X, -1.0), ValueError, "singular"),
        (lambda: ssm.legs_solve(X, -0.25), ValueError, "singular"),
        (lambda: ssm.legs_solve(X, math.inf), ValueError, "finite"),
        (lambda: ssm.legs_solve(X, math.nan), ValueError, "finite"),
        (
            lambda: ssm.legs_solve(X, torch.tensor([1.0, -0.5])),
            ValueError,
            "singular",
        ),
        (
            lambda: ssm.legs_solve(X, torch.tensor(1j)),
            TypeError,
            "lam must be real",
        ),
        (lambda: ssm.legs_solve(X, "1"), TypeError, "lam"),
        (lambda: ssm.legs_step(X, 1.0, 0), ValueError, "k must be"),
        (lambda: ssm.legs_step(X, 1.0, 1.5), TypeError, "k must be"),
        (lambda: ssm.legs_step(X, 1.0, 2, "rk4"), ValueError, "exact"),
        (lambda: ssm.legs_step(X, math.nan, 2), ValueError, "u must be"),
        (lambda: ssm.legs_step(X, "a", 2), TypeError, "u must be"),
        (lambda: ssm.legs_run(X, 0), ValueError, "N must be"),
        (lambda: ssm.legs_run(X[:0], 3), ValueError, "u must have"),
        (lambda: ssm.legs_run(X, 3, "zoh"), ValueError, "method"),
        (lambda: ssm.legs_run(X, 3, 5), TypeError, "method"),
        (
            lambda: ssm.legs_run(X, 3, lambda k: (k, k)),
            ValueError,
            "three tensors",
        ),
        (
            lambda: ssm.legs_run(X, 3, lambda k: (-1 / k, k, k)),
            ValueError,
            "never -1/j",
        ),
        (lambda: ssm.step_projection(X, 2.0), TypeError, "N must be"),
        (lambda: ssm.step_projection(X[:0], 2), ValueError, "u must have"),
        (lambda: ssm.legs_propagator(0.0, 3), ValueError, "rho"),
        (lambda: ssm.legs_propagator(1.5, 3), ValueError, r"\(0, 1\]"),
        (
            lambda: ssm.legs_propagator(torch.tensor([0.5, 2.0]), 3),
            ValueError,
            r"\(0, 1\]",
        ),
        (lambda: ssm.legs_propagator(0.5, 3, dtype=int), TypeError, "dtype"),
        (lambda: ssm.legs_eigvecs_sym(0), ValueError, "N must be"),
        (lambda: ssm.legs_propagator_sym(3, 0.5), TypeError, "exact"),
        (lambda: ssm.legs_propagator_sym(3, 2), ValueError, r"\(0, 1\]"),
        (lambda: ssm.legs_propagator_sym(3, 0), ValueError, "rho"),
    ],
)
def test_bad_input(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_the_first_singular_step_is_refused():
    with pytest.raises(ValueError, match="singular"):
        ssm.legs_solve(torch.ones(3, dtype=torch.float64), -1.0)
    lam = torch.tensor([-1.0, 0.5], dtype=torch.float64)
    with pytest.raises(ValueError, match="singular"):
        ssm.legs_solve(torch.ones(2, 3, dtype=torch.float64), lam)


def test_smallest_orders():
    assert ssm.legs_eigvecs_sym(1).tolist() == [[1]]
    assert ssm.legs_propagator(0.5, 1).tolist() == [[0.5]]

"""Running the systems: the chapter's PyTorch checks 1-3 and invariants."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kexue_lib import ssm

F64 = torch.float64
quick = settings(max_examples=20)


def tensor(*values):
    return torch.tensor(values, dtype=F64)


def u(t):
    return torch.sin(3 * t) + torch.cos(7 * t + 0.3) / 2


def block(*matrices):
    return torch.block_diag(*(tensor(*m) for m in matrices))


# -- the chapter's checks ---------------------------------------------------


@pytest.mark.parametrize("N", [8, 16, 32])
def test_check_1_legs_keeps_the_projection(N):
    A, B = ssm.hippo("legs", N)
    _, x = ssm.simulate(
        A,
        B,
        u,
        0.5,
        4,
        x0=ssm.project(u, N, 0, 0.5),
        steps=2000,
        log_time=True,
    )
    err = (x[-1] - ssm.project(u, N, 0, 4)).abs().max()
    assert err < {8: 1e-9, 16: 2e-8, 32: 2e-7}[N]
    # Negative control: the diagonal -n instead of -(n + 1).
    wrong = A + torch.eye(N, dtype=F64)
    _, x = ssm.simulate(
        wrong, B, u, 0.5, 4, x0=x[0], steps=2000, log_time=True
    )
    assert (x[-1] - ssm.project(u, N, 0, 4)).abs().max() > 0.1


@pytest.mark.parametrize(
    ("N", "delay_error", "coef_error"),
    [(4, 3.4e-2, 7.0e-2), (8, 2.3e-5, 7.4e-4), (12, 3.1e-10, 7.2e-7)],
)
def test_check_2_legt_converges(N, delay_error, coef_error):
    A, B = ssm.hippo("legt", N)
    t, x = ssm.simulate(A, B, u, 1, 4, x0=ssm.project(u, N, 0, 1), steps=4000)
    assert t.shape == (4001,)
    assert x.shape == (4001, N)
    delay = (ssm.legt_delay(x[-1], 1.0) - u(t[-1] - 1)).abs().item()
    coefs = (x[-1] - ssm.project(u, N, 3, 4)).abs().max().item()
    assert coefs == pytest.approx(coef_error, rel=0.02)
    # The last delay error is near rounding: only its size is stable.
    assert delay == pytest.approx(delay_error, rel=0.02 if N < 12 else 0.5)


PULSE = torch.zeros(512, dtype=F64)
PULSE[:128] = 1


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0, 4.0])
def test_check_3_fout_echoes(beta):
    """Claim C6: c_0 at t = .5, 1, 1.5, 2 for a pulse of half a window."""
    A, B = ssm.hippo("fout", 32, beta=beta)
    x = ssm.simulate_hold(A, B, PULSE, 1 / 256)
    got = x[[127, 255, 383, 511], 32]
    assert got.imag.abs().max() < 1e-10
    gain = ssm.fout_echo(beta, 2).repeat_interleave(2) / 2
    torch.testing.assert_close(got.real, gain, rtol=0, atol=0.02)
    measured = {
        0.5: (0.2003, 0.1996, 0.1202, 0.1198),
        1.0: (0.3340, 0.3320, 0.1115, 0.1109),
        2.0: (0.5016, 0.4963, 0.0006, 0.0013),
        4.0: (0.6694, 0.6584, -0.2213, -0.2151),
    }[beta]
    torch.testing.assert_close(got.real, tensor(*measured), rtol=0, atol=6e-5)
    if beta == 1:  # the sliding window that the post wanted to have
        assert (got.real - tensor(0.5, 0.5, 0, 0)).abs().max() > 0.1


def test_check_3_legt_has_no_echo():
    A, B = ssm.hippo("legt", 32)
    x = ssm.simulate_hold(A, B, PULSE, 1 / 256)
    torch.testing.assert_close(
        x[[127, 255, 383, 511], 0],
        tensor(0.5006, 0.4942, 0.0052, 0.0000),
        rtol=0,
        atol=6e-5,
    )


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
def test_fout_transfer_function(beta):
    """Claim C6: the limit N -> infinity of sum_k c_k, from below."""
    s = torch.tensor([0.5 + 1j, 2.0 - 3j, 1.0], dtype=torch.complex128)
    echo = torch.exp(-s)
    want = beta * (1 + echo) / ((2 + beta) - (2 - beta) * echo)
    errors = []
    for N in (16, 64):
        A, B = ssm.hippo("fout", N, beta=beta)
        got = ssm.transfer(A, B, torch.ones_like(B), s)
        errors.append(float((got - want).abs().max()))
    assert errors[1] < 5e-3
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.1)


def test_legt_transfer_function_is_pade():
    """Claim C13 for N = 3, against the [2/3] approximant."""
    w = 0.8
    A, B = ssm.hippo("legt", 3, window=w)
    C = ssm.legendre_basis(3, tensor(0.0)[0])
    s = torch.tensor([1.0 + 2j, -0.5, 3j], dtype=torch.complex128)
    z = w * s
    want = (60 - 24 * z + 3 * z**2) / (60 + 36 * z + 9 * z**2 + z**3)
    torch.testing.assert_close(ssm.transfer(A, B, C, s), want)
    # A batch of windows broadcasts with the points.
    A, B = ssm.hippo("legt", 3, window=tensor(w, 2 * w))
    got = ssm.transfer(A, B, C, s[:, None])
    assert got.shape == (3, 2)
    torch.testing.assert_close(got[:, 0], want)


# -- the exact step ---------------------------------------------------------


def test_linear_systems_make_exponentials_and_sinusoids():
    """Claim C1."""
    A = block([[1.0, 0.0], [0.0, -1.0]], [[0.0, 1.0], [-1.0, 0.0]])
    x0 = tensor(1.0, 1.0, 0.0, 1.0)
    Ab, Bb = ssm.zoh(A, torch.zeros(4, dtype=F64), 0.7)
    want = tensor(*(f(0.7) for f in (math.exp, lambda t: math.exp(-t))))
    want = torch.cat((want, tensor(math.sin(0.7), math.cos(0.7))))
    torch.testing.assert_close(Ab @ x0, want)
    assert Bb.abs().max() == 0
    _, x = ssm.simulate(
        A, torch.zeros(4, dtype=F64), u, 0.0, 0.7, x0=x0, steps=100
    )
    torch.testing.assert_close(x[-1], want, rtol=0, atol=1e-9)


def test_zoh_of_a_singular_matrix():
    """The double integrator: no inverse of A exists."""
    Ab, Bb = ssm.zoh(tensor([0.0, 1.0], [0.0, 0.0]), tensor(0.0, 1.0), 0.5)
    torch.testing.assert_close(Ab, tensor([1.0, 0.5], [0.0, 1.0]))
    torch.testing.assert_close(Bb, tensor(0.125, 0.5))


@pytest.mark.parametrize("dtype", [torch.float32, F64])
@pytest.mark.parametrize("shape", [(), (1,), (2,)])
def test_short_steps_are_exact_too(dtype, shape):
    """torch's own exponential of one matrix loses digits at some norms."""
    A, B = tensor([0.0, -1.0], [1.0, 0.0]), tensor(0.0, 1.0)
    for dt in (1e-4, 1e-3, 0.01, 0.04, 0.1, 0.5, 1.0):
        steps = torch.full(shape, dt, dtype=dtype)
        step = steps.double().flatten()[0].item()
        c, s = math.cos(step), math.sin(step)
        Ab, Bb = ssm.zoh(A.to(dtype), B.to(dtype), steps)
        close = {"rtol": 0, "atol": 4 * torch.finfo(dtype).eps}
        want = tensor([c, -s], [s, c]).expand(*shape, 2, 2)
        torch.testing.assert_close(Ab.double(), want, **close)
        want = tensor(c - 1, s).expand(*shape, 2)
        torch.testing.assert_close(Bb.double(), want, **close)


@quick
@given(st.sampled_from(ssm.KINDS), st.integers(1, 16), st.floats(1e-3, 0.5))
def test_two_half_steps_are_one(kind, N, dt):
    A, B = ssm.hippo(kind, N)
    Ab, Bb = ssm.zoh(A, B, dt)
    Ah, Bh = ssm.zoh(A, B, dt / 2)
    tight = {"rtol": 1e-10, "atol": 1e-11}
    torch.testing.assert_close(Ah @ Ah, Ab, **tight)
    torch.testing.assert_close(Ah @ Bh + Bh, Bb, **tight)


@pytest.mark.parametrize("kind", ["legs", "fous", "legt"])
def test_constants_are_remembered(kind):
    """e_0 is the state of u = 1, and a fixed point of every exact step."""
    A, B = ssm.hippo(kind, 16)
    Ab, Bb = ssm.zoh(A, B, math.log(1.25))
    rest = torch.zeros_like(B)
    rest[16 if kind == "fous" else 0] = 1
    torch.testing.assert_close(Ab @ rest + Bb, rest, rtol=0, atol=1e-12)


def test_zoh_is_accurate_at_order_64():
    """LegS has the eigenvalues -1..-N: exp(A ln r) has r^-j on them."""
    N, r = 64, 1.25
    A, B = ssm.hippo("legs", N)
    Ab, _ = ssm.zoh(A, B, math.log(r))
    j = torch.arange(1, N + 1, dtype=F64)
    torch.testing.assert_close(Ab.diagonal(), r**-j, rtol=1e-9, atol=1e-15)
    torch.testing.assert_close(Ab.triu(1), torch.zeros_like(Ab))
    A, B = ssm.hippo("legt", N)
    fine, _ = ssm.zoh(A, B, 1 / 64)
    whole, _ = ssm.zoh(A, B, 1.0)
    torch.testing.assert_close(
        torch.linalg.matrix_power(fine, 64), whole, rtol=0, atol=1e-11
    )


def test_zoh_batches_and_dtypes():
    w = tensor(0.5, 1.0, 2.0)
    A, B = ssm.hippo("legt", 4, window=w)
    Ab, Bb = ssm.zoh(A, B, 0.1)
    assert Ab.shape == (3, 4, 4)
    assert Bb.shape == (3, 4)
    # A window twice as long is the same as half the step.
    A1, B1 = ssm.hippo("legt", 4)
    Ad, Bd = ssm.zoh(A1, B1, 0.1 / w)
    torch.testing.assert_close(Ab, Ad)
    torch.testing.assert_close(Bb, Bd)
    for dtype, tol in ((torch.float32, 1e-5), (torch.bfloat16, 2e-2)):
        a, b = ssm.zoh(A1.to(dtype), B1.to(dtype), 0.1)
        assert a.dtype == b.dtype == dtype
        assert (a.double() - Ad[1]).abs().max() < tol


@pytest.mark.parametrize("kind", ["legt", "fout"])
def test_gradients_of_the_exact_step(kind):
    A, B = (x.requires_grad_() for x in ssm.hippo(kind, 2, window=1.3))
    dt = tensor(0.2)[0].requires_grad_()
    pulse = tensor(1.0, -0.5, 0.3).requires_grad_()
    x0 = torch.rand(B.shape, dtype=F64).requires_grad_()
    assert torch.autograd.gradcheck(ssm.zoh, (A, B, dt))
    assert torch.autograd.gradcheck(
        lambda A, B, u, dt, x0: ssm.simulate_hold(A, B, u, dt, x0=x0),
        (A, B, pulse, dt, x0),
    )
    s = torch.tensor([0.5 + 1j], dtype=torch.complex128, requires_grad=True)
    C = torch.ones_like(B).detach().requires_grad_()
    assert torch.autograd.gradcheck(ssm.transfer, (A, B, C, s))


def test_hold_is_a_linear_recurrence_with_batches():
    A, B = ssm.hippo("legt", 3, window=tensor(1.0, 2.0))
    signal = torch.rand(5, 1, 7, dtype=F64)
    x = ssm.simulate_hold(A, B, signal, 0.1, x0=torch.ones(3, dtype=F64))
    assert x.shape == (5, 2, 7, 3)
    Ab, Bb = ssm.zoh(A[1], B[1], 0.1)
    state = torch.ones(3, dtype=F64)
    for k in range(7):
        state = Ab @ state + Bb * signal[4, 0, k]
        torch.testing.assert_close(x[4, 1, k], state)


# -- Runge-Kutta ------------------------------------------------------------


def test_folded_step_is_the_classical_scheme():
    A, B = ssm.hippo("legt", 5)
    t, x = ssm.simulate(A, B, u, 0.3, 1.0, steps=7)
    h = 0.7 / 7
    state = torch.zeros(5, dtype=F64)
    for k in range(7):
        now = torch.tensor(0.3 + k * h, dtype=F64)

        def f(t, x):
            return A @ x + B * u(t)

        k1 = f(now, state)
        k2 = f(now + h / 2, state + h / 2 * k1)
        k3 = f(now + h / 2, state + h / 2 * k2)
        k4 = f(now + h, state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        torch.testing.assert_close(x[k + 1], state)
    torch.testing.assert_close(t, torch.linspace(0.3, 1, 8, dtype=F64))


def test_fourth_order():
    A, B = ssm.hippo("legs", 4)
    want = ssm.project(u, 4, 0, 2)
    errors = []
    for steps in (40, 80):
        _, x = ssm.simulate(
            A,
            B,
            u,
            1,
            2,
            x0=ssm.project(u, 4, 0, 1),
            steps=steps,
            log_time=True,
        )
        errors.append(float((x[-1] - want).abs().max()))
    assert errors[0] / errors[1] == pytest.approx(16, rel=0.1)


def test_simulate_batches_and_gradients():
    w = tensor(1.0, 2.0)
    A, B = ssm.hippo("legt", 3, window=w)
    t, x = ssm.simulate(A, B, u, 0.0, 0.5, steps=10)
    assert x.shape == (2, 11, 3)
    A1, B1 = ssm.hippo("legt", 3, window=2.0)
    torch.testing.assert_close(
        x[1], ssm.simulate(A1, B1, u, 0.0, 0.5, steps=10)[1]
    )
    _, y = ssm.simulate(
        A1, B1, lambda t: torch.stack((u(t), t)), 0.0, 0.5, steps=10
    )
    assert y.shape == (2, 11, 3)
    torch.testing.assert_close(y[0], x[1])
    # A shared A with a batch of inputs B.
    _, z = ssm.simulate(A1, B, u, 0.0, 0.5, steps=10)
    assert z.shape == (2, 11, 3)
    _, z = ssm.simulate(A1, B1, lambda t: torch.exp(1j * t), 0, 1, steps=20)
    assert z.dtype == torch.complex128
    A1.requires_grad_()
    x0 = torch.ones(3, dtype=F64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda A, x0: ssm.simulate(A, B1, u, 0.1, 0.4, x0=x0, steps=3)[1],
        (A1, x0),
    )
    assert t[0] == 0


def test_fous_runs_in_log_time():
    """Relative L2 error of the coefficients, as measured in the spec."""

    def tone(t):
        return torch.sin(3 * t)

    for N, want in ((8, 0.15), (16, 0.106), (32, 0.074)):
        A, B = ssm.hippo("fous", N)
        x0 = ssm.project(tone, N, 0, 1, kind="fous")
        _, x = ssm.simulate(A, B, tone, 1, 4, x0=x0, steps=4000, log_time=True)
        c = ssm.project(tone, N, 0, 4, kind="fous")
        error = torch.linalg.norm(x[-1] - c) / torch.linalg.norm(c)
        assert error.item() == pytest.approx(want, rel=0.02)


# -- bad input --------------------------------------------------------------

A3, B3 = torch.eye(3, dtype=F64), torch.ones(3, dtype=F64)


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (
            ValueError,
            r"A must have shape \(\.\.\., M, M\) .*got \(3,\)",
            lambda: ssm.zoh(B3, B3, 0.1),
        ),
        (
            ValueError,
            r"B must have shape \(\.\.\., 3\) .*got \(2,\)",
            lambda: ssm.zoh(A3, B3[:2], 0.1),
        ),
        (
            TypeError,
            r"A must be a torch.Tensor, got list",
            lambda: ssm.zoh([[1.0]], B3, 0.1),
        ),
        (
            ValueError,
            r"dt must be finite, got nan",
            lambda: ssm.zoh(A3, B3, math.nan),
        ),
        (
            TypeError,
            r"dt must be real, got dtype torch.complex64",
            lambda: ssm.zoh(A3, B3, torch.tensor(1j)),
        ),
        (
            ValueError,
            r"u must have shape \(\.\.\., L\) .*got \(0,\)",
            lambda: ssm.simulate_hold(A3, B3, B3[:0], 0.1),
        ),
        (
            TypeError,
            r"u must be a torch.Tensor, got list",
            lambda: ssm.simulate_hold(A3, B3, [1.0], 0.1),
        ),
        (
            ValueError,
            r"x0 must have shape \(\.\.\., 3\) .*got \(2,\)",
            lambda: ssm.simulate_hold(A3, B3, B3, 0.1, x0=B3[:2]),
        ),
        (
            ValueError,
            r"t0 must be > 0 with log_time, got 0",
            lambda: ssm.simulate(A3, B3, u, 0, 1, log_time=True),
        ),
        (
            ValueError,
            r"t0 < t1 is needed, got t0=2, t1=1",
            lambda: ssm.simulate(A3, B3, u, 2, 1),
        ),
        (
            ValueError,
            r"steps must be an integer >= 1, got 0",
            lambda: ssm.simulate(A3, B3, u, 0, 1, steps=0),
        ),
        (
            TypeError,
            r"u must return a torch.Tensor, got float",
            lambda: ssm.simulate(A3, B3, lambda t: 0.0, 0, 1),
        ),
        (
            ValueError,
            r"u must return shape \(\.\.\., 21\), got \(\)",
            lambda: ssm.simulate(A3, B3, torch.sum, 0, 1, steps=10),
        ),
        (
            ValueError,
            r"the state overflowed: steps=120 is too few",
            lambda: ssm.simulate(
                *ssm.hippo("legs", 400), u, 1, 9, steps=120, log_time=True
            ),
        ),
        (
            ValueError,
            r"C must have shape \(\.\.\., 3\) .*got \(2,\)",
            lambda: ssm.transfer(A3, B3, B3[:2], B3),
        ),
        (
            torch.linalg.LinAlgError,
            r"singular",
            lambda: ssm.transfer(A3, B3, B3, tensor(1.0)),
        ),
    ],
)
def test_bad_input(error, message, call):
    with pytest.raises(error, match=message):
        call()

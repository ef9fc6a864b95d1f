"""Schemes for x' = Ax + Bu: kexue_lib.ssm.discretize."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import cont2discrete

from kexue_lib import ssm

F64 = torch.float64
METHODS = ("forward", "backward", "bilinear", "gbt", "zoh")
quick = settings(max_examples=20)


def options(method):
    return {"alpha": 0.3} if method == "gbt" else {}


@pytest.mark.parametrize("method", METHODS)
def test_against_scipy(method):
    """SciPy's alpha weighs the new state, ours the old one."""
    A, B = ssm.hippo("legt", 6)
    want = cont2discrete(
        (A.numpy(), B[:, None].numpy(), A[:1].numpy(), [[0.0]]),
        0.05,
        {"forward": "euler", "backward": "backward_diff"}.get(method, method),
        alpha=0.7 if method == "gbt" else None,
    )
    Ab, Bb = ssm.discretize(A, B, 0.05, method, **options(method))
    torch.testing.assert_close(Ab, torch.from_numpy(want[0]))
    torch.testing.assert_close(Bb, torch.from_numpy(want[1][:, 0]))


def test_alpha_weighs_the_old_state():
    A, B = ssm.hippo("legs", 5)
    for alpha, name in ((1, "forward"), (0.5, "bilinear"), (0, "backward")):
        torch.testing.assert_close(
            ssm.discretize(A, B, 0.1, "gbt", alpha=alpha),
            ssm.discretize(A, B, 0.1, name),
        )


@quick
@given(st.floats(1e-3, 1e3), st.integers(1, 24))
def test_bilinear_eigenvalues_of_legs(dt, N):
    """A lower triangular matrix shows them on its diagonal (claim C3)."""
    A, B = ssm.hippo("legs", N)
    Ab, _ = ssm.discretize(A, B, dt, "bilinear")
    j = torch.arange(1, N + 1, dtype=F64)
    want = (1 - dt * j / 2) / (1 + dt * j / 2)
    torch.testing.assert_close(Ab.diagonal(), want, rtol=1e-9, atol=1e-12)
    assert Ab.diagonal().abs().max() < 1


@pytest.mark.parametrize(
    ("method", "order"), [("forward", 1), ("backward", 1), ("bilinear", 2)]
)
def test_orders(method, order):
    """Halving the step divides the error at t = 1 by 2^order."""
    A, B = ssm.hippo("legt", 3)
    exact, _ = ssm.zoh(A, B, 1.0)

    def miss(steps):
        Ab, _ = ssm.discretize(A, B, 1 / steps, method)
        return (torch.linalg.matrix_power(Ab, steps) - exact).norm()

    assert torch.log2(miss(2000) / miss(4000)) == pytest.approx(order, abs=0.1)


@pytest.mark.parametrize("method", METHODS)
def test_batches_dtypes_and_gradients(method):
    w = torch.tensor([0.5, 1.0, 2.0], dtype=F64)
    A, B = ssm.hippo("legt", 3, window=w)
    Ab, Bb = ssm.discretize(A, B, 0.1, method, **options(method))
    A1, B1 = ssm.hippo("legt", 3)
    got = ssm.discretize(A1, B1, 0.1 / w, method, **options(method))
    torch.testing.assert_close(got, (Ab, Bb))
    for dtype, tol in ((torch.float32, 1e-5), (torch.bfloat16, 2e-2)):
        a, b = ssm.discretize(
            A1.to(dtype), B1.to(dtype), 0.1, method, **options(method)
        )
        assert a.dtype == b.dtype == dtype
        assert (a.double() - Ab[1]).abs().max() < tol
        assert (b.double() - Bb[1]).abs().max() < tol
    for kind in ("legt", "fout"):
        A, B = (x.requires_grad_() for x in ssm.hippo(kind, 2))
        dt = torch.tensor([0.2, 0.3], dtype=F64, requires_grad=True)
        assert torch.autograd.gradcheck(
            lambda A, B, dt: ssm.discretize(
                A, B, dt, method, **options(method)
            ),
            (A, B, dt),
        )


A3, B3 = ssm.hippo("legs", 3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ssm.discretize(A3, B3, 0.1, "euler"), ValueError, "method"),
        (lambda: ssm.discretize(A3, B3, 0.1, 3), TypeError, "method"),
        (lambda: ssm.discretize(A3, B3, 0.1, "gbt"), ValueError, "alpha is"),
        (
            lambda: ssm.discretize(A3, B3, 0.1, "gbt", alpha=1.5),
            ValueError,
            r"alpha must be in \[0, 1\], got 1.5",
        ),
        (
            lambda: ssm.discretize(A3, B3, 0.1, "gbt", alpha="half"),
            TypeError,
            "alpha",
        ),
        (
            lambda: ssm.discretize(A3, B3, 0.1, "zoh", alpha=0.5),
            ValueError,
            "alpha belongs to method 'gbt'",
        ),
        (
            lambda: ssm.discretize(A3, B3, math.inf, "forward"),
            ValueError,
            "dt must be finite",
        ),
        (
            lambda: ssm.discretize(A3, B3[:2], 0.1, "forward"),
            ValueError,
            "B must have shape",
        ),
        (
            lambda: ssm.discretize([[1.0]], B3, 0.1, "forward"),
            TypeError,
            "A must be",
        ),
        (
            lambda: ssm.discretize(-A3, B3, 1.0, "backward"),
            torch.linalg.LinAlgError,
            "singular",
        ),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("method", METHODS)
def test_batches_broadcast(method):
    """Matrices, inputs and steps of different batches: as one by one."""
    windows = (0.5, 1.0, 2.0)
    A = torch.stack([ssm.hippo("legt", 4, window=w)[0] for w in windows])
    B = ssm.hippo("legt", 4)[1]
    steps = torch.tensor([[0.1], [0.2]], dtype=F64)  # (2, 1) against (3,)
    Ab, Bb = ssm.discretize(A, B, steps, method, **options(method))
    assert Ab.shape == (2, 3, 4, 4)
    assert Bb.shape == (2, 3, 4)
    for i, dt in enumerate((0.1, 0.2)):
        for j in range(3):
            want = ssm.discretize(A[j], B, dt, method, **options(method))
            torch.testing.assert_close(Ab[i, j], want[0])
            torch.testing.assert_close(Bb[i, j], want[1])
    inputs = torch.stack((B, 2 * B))
    _, doubled = ssm.discretize(A[0], inputs, 0.1, method, **options(method))
    torch.testing.assert_close(doubled[1], 2 * doubled[0])

"""The numeric HiPPO systems: formulas, invariants, gauges, bad input."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import torch_rng

from kexue_lib import ssm
from kexue_lib.ssm.hippo import GAUGES_OF

F64 = torch.float64
CASES = [(k, g) for k, gauges in GAUGES_OF.items() for g in gauges]
LEGENDRE = ("legt", "legs")
quick = settings(max_examples=25)
orders = st.integers(1, 24)
positives = st.floats(0.05, 20.0)


def numbers(matrix):
    rows = [[complex(x) for x in row] for row in matrix.tolist()]
    return torch.tensor(rows, dtype=torch.complex128)


@pytest.mark.parametrize(("kind", "gauge"), CASES)
@pytest.mark.parametrize("N", [1, 2, 7])
def test_numbers_are_the_symbolic_entries(kind, gauge, N):
    import sympy as sp

    options, exact = {}, {}
    if kind in ("legt", "fout", "lagt"):
        options["window"], exact["window"] = 0.7, sp.Rational(7, 10)
    if kind == "fout":
        options["beta"], exact["beta"] = 1.7, sp.Rational(17, 10)
    A, B = ssm.hippo(kind, N, gauge=gauge, **options)
    A_sym, B_sym = ssm.hippo_sym(kind, N, gauge, **exact)
    M = 2 * N + 1 if kind.startswith("fou") else N
    assert A.shape == (M, M)
    assert B.shape == (M,)
    close = {"rtol": 1e-15, "atol": 1e-15}
    torch.testing.assert_close(A.to(torch.complex128), numbers(A_sym), **close)
    torch.testing.assert_close(
        B.to(torch.complex128), numbers(B_sym)[:, 0], **close
    )


def test_matrices_of_the_papers():
    # LMU (Voelker et al. 2019), entry by entry, theta = 1.5.
    N, theta = 8, 1.5
    A, B = ssm.hippo("legt", N, gauge="lmu", window=theta)
    for i in range(N):
        assert B[i].item() == pytest.approx((2 * i + 1) * (-1) ** i / theta)
        for j in range(N):
            sign = -1 if i < j else (-1) ** (i - j + 1)
            assert A[i, j].item() == pytest.approx((2 * i + 1) * sign / theta)
    # HiPPO paper, LegS: minus A there.
    A, B = ssm.hippo("legs", N)
    for n in range(N):
        for k in range(N):
            want = (
                math.sqrt((2 * n + 1) * (2 * k + 1))
                if n > k
                else n + 1
                if n == k
                else 0
            )
            assert -A[n, k].item() == pytest.approx(want, rel=1e-15)
    # FouT of the post: (2 i pi n delta - 1) / w, B = 1 / w.
    A, B = ssm.hippo("fout", 2, window=2.0)
    want = torch.diag(2j * math.pi * torch.arange(-2.0, 3.0, dtype=F64)) - 1
    torch.testing.assert_close(A, want / 2)
    torch.testing.assert_close(B, torch.full_like(B, 0.5))


def test_published_reference_values():
    """|Im| of the skew part's spectrum, from public S4 tests (N = 8)."""
    N = 8
    A, _ = ssm.hippo("legs", N)
    P = (torch.arange(N, dtype=F64) + 0.5).sqrt()
    skew = A + torch.outer(P, P) + torch.eye(N, dtype=F64) / 2
    torch.testing.assert_close(skew, -skew.mT, rtol=0, atol=2e-15)
    got = torch.linalg.eigvals(skew).imag.abs().sort().values[::2]
    want = [0.42748871, 1.95779415, 5.35420852, 19.85741037]
    torch.testing.assert_close(
        got, torch.tensor(want, dtype=F64), rtol=0, atol=1e-8
    )


def test_large_order_is_finite_and_exact_in_the_rational_gauge():
    A, B = ssm.hippo("legt", 1000, gauge="rational")
    assert A.isfinite().all()
    assert (A.round() == A).all()
    assert B[-1].item() == 1999


# -- invariants -------------------------------------------------------------


def dissipation(kind, A, beta, w):
    """What A + A^H must be, from the chapter."""
    M = A.shape[-1]
    n = torch.arange(M, dtype=F64)
    if kind == "fout":
        return (-2 * beta / w * torch.ones(M, M, dtype=F64)).to(A.dtype)
    v = (2 * n + 1).sqrt()
    if kind == "legt":
        other = v * (-1) ** n
        return -(torch.outer(v, v) + torch.outer(other, other)) / w
    if kind == "lagt":
        v = torch.ones_like(n)
        return -(torch.eye(M, dtype=F64) + torch.outer(v, v)) / w
    return -(torch.eye(M, dtype=F64) + torch.outer(v, v))


@quick
@given(st.sampled_from(["legt", "legs", "fout", "lagt"]), orders, positives)
def test_hurwitz(kind, N, w):
    """Claim check 4: A + A^H is minus a sum of squares."""
    beta = 1.3 if kind == "fout" else 1.0
    options = {} if kind == "legs" else {"window": w}
    A, _ = ssm.hippo(kind, N, beta=beta, **options)
    H = A + A.mH
    scale = float(H.abs().max())
    assert (H - dissipation(kind, A, beta, w)).abs().max() <= 1e-14 * scale
    assert torch.linalg.eigvalsh(H).max() <= 1e-13 * scale * N


@pytest.mark.parametrize("N", [1, 8, 32])
def test_fous_spectrum_lies_on_one_line(N):
    A, B = ssm.hippo("fous", N)
    assert (torch.linalg.eigvals(A).real + 1).abs().max() < 1e-11
    # Constants are stored exactly: A e_0 + B = 0.
    assert (A[:, N] + B).abs().max() == 0


@quick
@given(st.sampled_from(LEGENDRE), orders, st.sampled_from(ssm.GAUGES))
def test_input_is_the_basis_at_the_newest_point(kind, N, gauge):
    _, B = ssm.hippo(kind, N, gauge=gauge)
    one = torch.ones((), dtype=F64)
    lam = ssm.gauge_lambda(N, gauge)
    torch.testing.assert_close(B * lam, ssm.legendre_basis(N, one))
    torch.testing.assert_close(
        B * lam**2, ssm.legendre_basis(N, one, gauge=gauge)
    )


@quick
@given(st.sampled_from(LEGENDRE), orders, st.sampled_from(ssm.GAUGES))
def test_gauges_are_related_by_their_lambda(kind, N, gauge):
    A, B = ssm.hippo(kind, N, gauge=gauge)
    A2, B2 = ssm.regauge(*ssm.hippo(kind, N), ssm.gauge_lambda(N, gauge))
    torch.testing.assert_close(A2, A, rtol=1e-14, atol=0)
    torch.testing.assert_close(B2, B, rtol=1e-14, atol=0)


@quick
@given(st.sampled_from(LEGENDRE), st.integers(1, 300))
def test_entries_are_correctly_rounded(kind, N):
    """Not an ulp off, whatever vector instructions the machine has."""
    A, B = ssm.hippo(kind, N)
    n = N - 1
    for k in {0, N // 3, N - 1}:
        root = math.sqrt((2 * n + 1) * (2 * k + 1))
        last = -(n + 1) if kind == "legs" and k == n else -root
        assert A[n, k].item() == last
        assert B[k].item() == math.sqrt(2 * k + 1)
        above = A[k, n].item()
        if k < n:
            sign = 0 if kind == "legs" else -((-1) ** (n - k))
            assert above == sign * root


@quick
@given(
    st.sampled_from(LEGENDRE),
    st.integers(1, 8),
    st.sampled_from(ssm.GAUGES),
    st.integers(0, 10**6),
)
def test_gauges_hold_the_same_signal(kind, N, gauge, seed):
    """One exact step in any gauge reconstructs the same function."""
    rng = torch_rng(seed)
    c, u = torch.rand(N, dtype=F64, generator=rng), 0.7
    s = torch.linspace(0, 1, 9, dtype=F64)
    lam = ssm.gauge_lambda(N, gauge)
    seen = []
    for name, start in (("ortho", c), (gauge, c / lam)):
        A, B = ssm.zoh(*ssm.hippo(kind, N, gauge=name), 0.3)
        seen.append(
            ssm.reconstruct(A @ start + B * u, s, kind=kind, gauge=name)
        )
    torch.testing.assert_close(seen[1], seen[0], rtol=1e-9, atol=1e-11)


@quick
@given(st.sampled_from(LEGENDRE), st.integers(1, 6), positives)
def test_eigenvalues_do_not_depend_on_the_gauge(kind, N, scale):
    A, B = ssm.hippo(kind, N)
    lam = scale ** torch.arange(N, dtype=F64).div(max(N - 1, 1))
    A2, _ = ssm.regauge(A, B, lam)
    traces = [torch.linalg.matrix_power(A, p).trace() for p in range(1, N + 1)]
    again = [torch.linalg.matrix_power(A2, p).trace() for p in range(1, N + 1)]
    torch.testing.assert_close(again, traces, rtol=1e-9, atol=1e-9)


@quick
@given(st.integers(1, 12), st.integers(0, 10**6))
def test_legt_is_exact_on_polynomials(N, seed):
    """Claim C9c: what the window holds is known exactly, so is its motion."""
    rng = torch_rng(seed)
    weights = torch.rand(N, dtype=F64, generator=rng) - 0.5

    def f(s):
        return torch.stack([s**m for m in range(N)], -1) @ weights

    def slope(s):
        terms = [m * s ** max(m - 1, 0) for m in range(N)]
        return torch.stack(terms, -1) @ weights

    A, B = ssm.hippo("legt", N)
    moved = A @ ssm.project(f, N, 0, 1) + B * weights.sum()
    torch.testing.assert_close(
        moved, ssm.project(slope, N, 0, 1), rtol=1e-9, atol=1e-9
    )


@quick
@given(st.integers(1, 8), st.integers(0, 10**6), st.booleans())
def test_any_gauge_keeps_spectrum_and_transfer_function(N, seed, window):
    rng = torch_rng(seed)
    lam = torch.rand(N, dtype=F64, generator=rng) + 0.5
    C = torch.rand(N, dtype=F64, generator=rng)
    A, B = ssm.hippo("legt" if window else "legs", N)
    A2, B2 = ssm.regauge(A, B, lam)
    s = torch.tensor([0.3 + 1j, 2.0, 5j], dtype=torch.complex128)
    torch.testing.assert_close(
        ssm.transfer(A2, B2, C * lam, s),
        ssm.transfer(A, B, C, s),
        rtol=1e-9,
        atol=1e-12,
    )
    # The characteristic polynomial at a point stands for the spectrum.
    eye = torch.eye(N, dtype=F64)
    torch.testing.assert_close(
        torch.linalg.det(A2 - eye), torch.linalg.det(A - eye)
    )


def test_the_posts_factor_for_lmu_is_an_erratum():
    """From the post's gauge 2/sqrt(2n+1) misses the LMU matrix by sqrt 2."""
    N = 6
    A, B = ssm.hippo("legt", N, gauge="post")
    odd = 2 * torch.arange(N, dtype=F64) + 1
    right = ssm.regauge(A, B, (2 / odd).sqrt())
    wrong = ssm.regauge(A, B, 2 / odd.sqrt())
    target = ssm.hippo("legt", N, gauge="rational")
    torch.testing.assert_close(right[1], target[1])
    torch.testing.assert_close(right[0], target[0])
    torch.testing.assert_close(wrong[1] * math.sqrt(2), target[1])
    assert (wrong[1] - target[1]).abs().max() > 0.2


def test_echo_weights():
    torch.testing.assert_close(
        ssm.fout_echo(1.0, 3), torch.tensor([2 / 3, 2 / 9, 2 / 27], dtype=F64)
    )
    assert ssm.fout_echo(2, 3).tolist() == [1.0, 0.0, 0.0]
    beta = torch.tensor([0.5, 1.0, 4.0], dtype=F64, requires_grad=True)
    g = ssm.fout_echo(beta, 60)
    assert g.shape == (3, 60)
    torch.testing.assert_close(g.sum(-1), torch.ones(3, dtype=F64))
    assert torch.autograd.gradcheck(lambda b: ssm.fout_echo(b, 4), (beta,))
    assert ssm.fout_echo(torch.tensor(1.0), 2).dtype == torch.float32


# -- tensors as arguments ---------------------------------------------------


@pytest.mark.parametrize("kind", ["legt", "fout", "lagt"])
def test_windows_are_a_batch(kind):
    w = torch.tensor([[0.5], [1.0], [3.0]], dtype=F64)
    A, B = ssm.hippo(kind, 3, window=w)
    M = A.shape[-1]
    assert A.shape == (3, 1, M, M)
    assert B.shape == (3, 1, M)
    for i, x in enumerate((0.5, 1.0, 3.0)):
        A1, B1 = ssm.hippo(kind, 3, window=x)
        torch.testing.assert_close(A[i, 0], A1, rtol=1e-15, atol=0)
        torch.testing.assert_close(B[i, 0], B1, rtol=1e-15, atol=0)


def test_window_and_beta_broadcast():
    w = torch.tensor([1.0, 2.0], dtype=F64)
    b = torch.tensor([[0.5], [1.0], [2.0]], dtype=F64)
    A, B = ssm.hippo("fout", 2, window=w, beta=b)
    assert A.shape == (3, 2, 5, 5)
    assert B.shape == (3, 2, 5)
    A1, B1 = ssm.hippo("fout", 2, window=2.0, beta=0.5)
    torch.testing.assert_close(A[0, 1], A1)
    torch.testing.assert_close(B[0, 1], B1)


@pytest.mark.parametrize("kind", ["legt", "fout", "lagt"])
def test_gradients_reach_window_and_beta(kind):
    w = torch.tensor([0.7, 2.0], dtype=F64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda w: ssm.hippo(kind, 2, window=w), (w,)
    )
    if kind == "fout":
        b = torch.tensor(1.5, dtype=F64, requires_grad=True)
        assert torch.autograd.gradcheck(
            lambda w, b: ssm.hippo("fout", 2, window=w, beta=b), (w, b)
        )
    A, B = ssm.hippo("legs", 3)
    lam = torch.tensor([1.0, 2.0, -0.5], dtype=F64, requires_grad=True)
    A.requires_grad_()
    assert torch.autograd.gradcheck(ssm.regauge, (A, B, lam))


# -- dtype and device -------------------------------------------------------


@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.bfloat16, torch.float16, torch.complex64]
)
def test_other_dtypes_are_the_float64_numbers_rounded(dtype):
    A, B = ssm.hippo("legt", 9, window=0.3)
    a, b = ssm.hippo("legt", 9, window=0.3, dtype=dtype)
    assert a.dtype == b.dtype == dtype
    assert torch.equal(a, A.to(dtype))
    assert torch.equal(b, B.to(dtype))


def test_defaults():
    for kind in ssm.KINDS:
        A, B = ssm.hippo(kind, 2)
        want = torch.complex128 if kind.startswith("fou") else F64
        assert A.dtype == B.dtype == want
        assert A.device == B.device == torch.get_default_device()
    assert ssm.hippo("fous", 2, dtype=torch.complex64)[0].dtype == (
        torch.complex64
    )
    assert ssm.hippo("legs", np.int64(3))[0].shape == (3, 3)
    A, B = ssm.hippo("legs", 3, device="meta")
    assert A.device.type == B.device.type == "meta"


@pytest.mark.parametrize(("kind", "gauge"), CASES)
def test_results_own_their_memory(kind, gauge):
    """No result is a view whose entries share storage."""
    A, B = ssm.hippo(kind, 3, gauge=gauge)
    for out in (A, B):
        assert out.is_contiguous()
        out[..., 0] = 77
        assert (out == 77).sum() == (len(A) if out is A else 1)


# -- bad input --------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (
            ValueError,
            r"kind must be one of legt, .*; got 'legz'",
            lambda: ssm.hippo("legz", 3),
        ),
        (
            TypeError,
            r"kind must be a string, got 3",
            lambda: ssm.hippo(3, 3),
        ),
        (
            ValueError,
            r"gauge must be one of ortho, .*; got 'x'",
            lambda: ssm.hippo("legs", 3, gauge="x"),
        ),
        (
            ValueError,
            r"gauge must be one of ortho, post for kind 'fout'; got 'lmu'",
            lambda: ssm.hippo("fout", 3, gauge="lmu"),
        ),
        (
            ValueError,
            r"gauge .* for kind 'lagt'; got 'post'",
            lambda: ssm.hippo("lagt", 3, gauge="post"),
        ),
        (ValueError, r"N .*>= 1, got 0", lambda: ssm.hippo("legs", 0)),
        (ValueError, r"N .*>= 1, got -2", lambda: ssm.hippo("legs", -2)),
        (TypeError, r"N .*got 2\.5", lambda: ssm.hippo("legs", 2.5)),
        (TypeError, r"N .*got True", lambda: ssm.hippo("legs", True)),
        (TypeError, r"N .*got '3'", lambda: ssm.hippo("legs", "3")),
        (
            TypeError,
            r"N must be an integer",
            lambda: ssm.hippo("legs", torch.tensor(3)),
        ),
        (
            ValueError,
            r"window must be finite and > 0, got 0",
            lambda: ssm.hippo("legt", 3, window=0),
        ),
        (
            ValueError,
            r"window must be finite, got inf",
            lambda: ssm.hippo("legt", 3, window=math.inf),
        ),
        (
            ValueError,
            r"window must be finite, got nan",
            lambda: ssm.hippo("legt", 3, window=math.nan),
        ),
        (
            TypeError,
            r"window must be a real number, got 1j",
            lambda: ssm.hippo("legt", 3, window=1j),
        ),
        (
            TypeError,
            r"window must be a real number, got \[1\.0\]",
            lambda: ssm.hippo("legt", 3, window=[1.0]),
        ),
        (
            ValueError,
            r"window must be finite and > 0, got tensor",
            lambda: ssm.hippo("legt", 3, window=torch.tensor([1.0, -1.0])),
        ),
        (
            TypeError,
            r"window must be real, got dtype torch.complex64",
            lambda: ssm.hippo("legt", 3, window=torch.tensor(1j)),
        ),
        (
            ValueError,
            r"'legs' has no window, got window=2",
            lambda: ssm.hippo("legs", 3, window=2),
        ),
        (
            ValueError,
            r"'fous' has no window",
            lambda: ssm.hippo("fous", 3, window=torch.tensor(1.0)),
        ),
        (
            ValueError,
            r"'legt' has no beta, got beta=2",
            lambda: ssm.hippo("legt", 3, beta=2),
        ),
        (
            ValueError,
            r"beta must be finite and > 0",
            lambda: ssm.hippo("fout", 3, beta=-1.0),
        ),
        (
            ValueError,
            r"dtype .*complex128, complex64 \(.*complex\); got torch.float64",
            lambda: ssm.hippo("fout", 3, dtype=F64),
        ),
        (
            ValueError,
            r"dtype must be one of float64.*got torch.int64",
            lambda: ssm.hippo("legs", 3, dtype=torch.int64),
        ),
        (
            TypeError,
            r"dtype must be a torch.dtype, got 'float64'",
            lambda: ssm.hippo("legs", 3, dtype="float64"),
        ),
        (
            ValueError,
            r"device must name a torch device, got 'abacus'",
            lambda: ssm.hippo("legs", 3, device="abacus"),
        ),
        (
            ValueError,
            r"gauge must be one of",
            lambda: ssm.gauge_lambda(3, "si"),
        ),
        (ValueError, r"N .*>= 1, got 0", lambda: ssm.gauge_lambda(0, "post")),
        (
            ValueError,
            r"lam must be finite and nonzero",
            lambda: ssm.regauge(*ssm.hippo("legs", 2), torch.tensor([1.0, 0])),
        ),
        (
            ValueError,
            r"lam must have shape \(\.\.\., 2\).*got \(3,\)",
            lambda: ssm.regauge(*ssm.hippo("legs", 2), torch.ones(3)),
        ),
        (
            TypeError,
            r"lam must be a torch.Tensor, got list",
            lambda: ssm.regauge(*ssm.hippo("legs", 2), [1.0, 2.0]),
        ),
        (
            ValueError,
            r"A must have shape \(\.\.\., M, M\).*got \(2, 3\)",
            lambda: ssm.regauge(
                torch.ones(2, 3), torch.ones(2), torch.ones(2)
            ),
        ),
        (
            TypeError,
            r"A must be floating-point or complex, got torch.int64",
            lambda: ssm.regauge(
                torch.ones(2, 2, dtype=torch.int64),
                torch.ones(2),
                torch.ones(2),
            ),
        ),
        (ValueError, r"count .*>= 1", lambda: ssm.fout_echo(1.0, 0)),
        (ValueError, r"beta .*> 0", lambda: ssm.fout_echo(0.0, 2)),
    ],
)
def test_bad_input(error, message, call):
    with pytest.raises(error, match=message):
        call()

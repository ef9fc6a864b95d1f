"""S4's kernel: kexue_lib.ssm.dplr and kexue_lib.ssm.kernel."""

import itertools
import math

import flint
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import torch_rng

from kexue_lib import ssm
from kexue_lib.ssm import _cauchy
from kexue_lib.ssm import kernel as module

F64, C128 = torch.float64, torch.complex128
quick = settings(max_examples=20)
sizes = st.integers(1, 40)


def randn(*shape, seed=0, dtype=F64):
    g = torch_rng(seed)
    return torch.randn(*shape, generator=g, dtype=dtype)


def system(N, L):
    """A, Ab, Bb, C and the truncated C of LegS with eps = 4 / L."""
    A, B = ssm.hippo("legs", N)
    Ab, Bb = ssm.discretize(A, B, 4 / L, "bilinear")
    C = randn(N)
    return A, Ab, Bb, C, ssm.truncate_C(C, Ab, L)


def relative(got, want):
    return float((got - want).norm() / want.norm())


# -- diagonal plus rank one -------------------------------------------------


@pytest.mark.parametrize("N", [1, 2, 3, 16, 64, 65, 256])
def test_dplr_is_legs(N):
    """Claims C11 and C12: no eigensolver, and as accurate as one."""
    A, B = ssm.hippo("legs", N)
    Lambda, p, b, U = ssm.dplr_legs(N)
    eye = torch.eye(N, dtype=C128)
    assert relative(U @ (Lambda.diag() - torch.outer(p, p)) @ U.mH, A) < 1e-14
    assert relative(U @ b, B) < 1e-13
    assert (U.mH @ U - eye).abs().max() < 1e-13
    assert p.imag.abs().max() == 0
    assert p.real.min() > 0
    # Poles fall, and come as conjugate pairs.
    assert (Lambda.imag.diff() < 0).all()
    torch.testing.assert_close(Lambda.conj().flip(0), Lambda, rtol=0, atol=0)


@quick
@given(sizes)
def test_frequencies_solve_the_secular_equation(N):
    y = ssm.dplr_legs(N).Lambda.imag
    a = torch.arange(N, dtype=F64) + 0.5
    levels = 2 / math.pi * torch.atan(y[:, None] / a).sum(-1)
    want = N - 1 - 2 * torch.arange(N, dtype=F64)
    torch.testing.assert_close(levels, want, rtol=0, atol=1e-12)
    assert y.max() <= N**2 / math.pi


def test_frequencies_to_the_last_digits():
    """Against ball arithmetic, where float32's eigh is off by 1e-4."""
    flint.ctx.prec = 200
    N = 64
    y = ssm.dplr_legs(N).Lambda.imag
    a = [flint.arb(2 * n + 1) / 2 for n in range(N)]
    for m in (0, 1, 20, 31):
        t = flint.arb(float(y[m]))
        phase = sum(((t / x).atan() for x in a), flint.arb(0))
        slope = sum((x / (x * x + t * t) for x in a), flint.arb(0))
        gap = flint.arb.pi() / 2 * (N - 1 - 2 * m) - phase
        assert abs(float(gap / slope / t)) < 1e-14


@pytest.mark.parametrize("N", [1, 2, 5, 16])
def test_one_of_each_pair(N):
    A, B = ssm.hippo("legs", N)
    Lambda, p, b, U = ssm.dplr_legs(N, pairs=True)
    assert Lambda.shape == p.shape == b.shape == ((N + 1) // 2,)
    q = 2 * (U @ p).real
    normal = 2 * ((U * Lambda) @ U.mH).real
    torch.testing.assert_close(normal - torch.outer(q, q), A)
    torch.testing.assert_close(2 * (U @ b).real, B)


def test_dplr_dtype_is_rounded_once():
    exact, single = ssm.dplr_legs(9), ssm.dplr_legs(9, dtype=torch.complex64)
    for x, y in zip(exact, single, strict=True):
        assert torch.equal(x.to(torch.complex64), y)


# -- three kernels ----------------------------------------------------------


@pytest.mark.parametrize(
    ("N", "L"), [(1, 1), (1, 2), (4, 3), (16, 256), (64, 1024), (63, 1001)]
)
def test_kernels_agree(N, L):
    """Claims C4, C6, C7, C14; even and odd lengths."""
    _, Ab, Bb, C, c_tilde = system(N, L)
    want = ssm.kernel_naive(Ab, Bb, C, L)
    assert relative(ssm.kernel_powers(Ab, Bb, C, L), want) < 1e-13
    Lambda, p, b, U = ssm.dplr_legs(N)
    full = ssm.kernel_dplr(Lambda, p, b, c_tilde.to(C128) @ U, 4 / L, L)
    assert relative(full.real, want) < 1e-12
    assert full.imag.abs().max() < 1e-12 * want.abs().max()
    Lambda, p, b, U = ssm.dplr_legs(N, pairs=True)
    half = ssm.kernel_dplr(
        Lambda, p, b, c_tilde.to(C128) @ U, 4 / L, L, pairs=True
    )
    assert half.dtype == F64
    assert relative(half, want) < 1e-12


@quick
@given(st.integers(1, 12), st.integers(1, 70))
def test_powers_are_the_definition(N, L):
    _, Ab, Bb, C, _ = system(N, L)
    torch.testing.assert_close(
        ssm.kernel_powers(Ab, Bb, C, L), ssm.kernel_naive(Ab, Bb, C, L)
    )


@pytest.mark.parametrize("L", [64, 65])
def test_the_exact_oracle(L):
    """Claim C13: with C = B = v the generating function is a product."""
    N, eps = 12, 4 / L
    A, B = ssm.hippo("legs", N)
    Ab, _ = ssm.discretize(A, B, eps, "bilinear")
    Lambda, p, b, U = ssm.dplr_legs(N, pairs=True)
    c = ssm.truncate_C(B, Ab, L).to(C128) @ U
    K = ssm.kernel_dplr(Lambda, p, b, c, eps, L, pairs=True)
    first = flint.fmpq(1)
    for n in range(N):
        first *= flint.fmpq(L // 2 * 2 + L % 2 - 2 * n, L + 2 * n + 2)
    # 2 / eps = L / 2: (L/2 - n) / (L/2 + n + 1)
    want = float((2 * (1 - first)).p) / float((2 * (1 - first)).q)
    assert float(K[0]) == pytest.approx(want, rel=1e-12)


def test_the_oracle_is_the_transfer_function():
    s = torch.tensor([0.3, 2.5 + 1j, -0.2 + 9j], dtype=C128)
    for N in (1, 2, 9, 40):
        A, B = ssm.hippo("legs", N)
        torch.testing.assert_close(
            ssm.transfer_legs(s, N), ssm.transfer(A, B, B, s)
        )
        x = ssm.resolvent_legs(s, N)
        eye = torch.eye(N, dtype=C128)
        want = torch.linalg.solve(s[:, None, None] * eye - A, B.to(C128))
        torch.testing.assert_close(x, want)
    assert ssm.transfer_legs(torch.tensor(3.0, dtype=F64), 4) == 1


def test_the_value_at_minus_one():
    """Claim C7: sum (-1)^k K_k is eps/2 C~B, where 2/(1+z) has a pole."""
    N, L = 8, 32
    _, B = ssm.hippo("legs", N)
    _, Ab, Bb, C, c_tilde = system(N, L)
    K = ssm.kernel_naive(Ab, Bb, C, L)
    signs = (-1.0) ** torch.arange(L, dtype=F64)
    want = 4 / L / 2 * (c_tilde @ B)
    torch.testing.assert_close((signs * K).sum(), want)
    Lambda, p, b, U = ssm.dplr_legs(N)
    got = ssm.kernel_dplr(Lambda, p, b, c_tilde.to(C128) @ U, 4 / L, L)
    torch.testing.assert_close((signs * got).sum().real, want)


def test_single_precision():
    """S4's way keeps its digits where powers lose theirs."""
    N, L = 64, 2**17
    _, Ab, Bb, C, c_tilde = system(N, L)
    want = ssm.kernel_powers(Ab, Bb, C, L)
    Lambda, p, b, U = (
        x.to(torch.complex64) for x in ssm.dplr_legs(N, pairs=True)
    )
    c = c_tilde.to(torch.complex64) @ U
    got = ssm.kernel_dplr(Lambda, p, b, c, 4 / L, L, pairs=True)
    assert got.dtype == torch.float32
    assert relative(got, want) < 1e-5
    single = ssm.kernel_powers(Ab.float(), Bb.float(), C.float(), L)
    assert relative(single, want) > 5 * relative(got, want)


def test_batches_are_separate_kernels():
    """H channels with their own steps and weights."""
    N, L, H = 6, 20, 3
    Lambda, p, b, U = ssm.dplr_legs(N, pairs=True)
    eps = torch.tensor([0.05, 0.1, 0.2], dtype=F64)
    c = randn(2, H, N).to(C128) @ U
    K = ssm.kernel_dplr(Lambda, p, b, c, eps, L, pairs=True)
    assert K.shape == (2, H, L)
    for i, h in itertools.product(range(2), range(H)):
        one = ssm.kernel_dplr(
            Lambda, p, b, c[i, h], float(eps[h]), L, pairs=True
        )
        torch.testing.assert_close(K[i, h], one)
    A, B = ssm.hippo("legs", N)
    Ab, Bb = ssm.discretize(A, B, eps, "bilinear")
    C = randn(2, 1, N)
    for kernel in (ssm.kernel_naive, ssm.kernel_powers):
        K = kernel(Ab, Bb, C, L)
        assert K.shape == (2, H, L)
        torch.testing.assert_close(K[1, 2], kernel(Ab[2], Bb[2], C[1, 0], L))
    assert ssm.truncate_C(C, Ab, L).shape == (2, H, N)


@pytest.mark.parametrize("pairs", [False, True])
def test_portions_change_nothing(pairs, monkeypatch):
    """Values and gradients of a kernel that is worked on in portions."""
    N, L = 8, 101
    parts = [x.detach() for x in ssm.dplr_legs(N, pairs=pairs)[:3]]
    parts.append(randn(parts[0].shape[-1]).to(C128))

    def run():
        inputs = [x.clone().requires_grad_() for x in parts]
        K = ssm.kernel_dplr(*inputs, 0.04, L, pairs=pairs)
        (K.real * randn(L, seed=1)).sum().backward()
        return K.detach(), [x.grad for x in inputs]

    whole = run()
    monkeypatch.setattr(_cauchy, "_CPU_PORTION", 1)
    torch.testing.assert_close(run(), whole)


def test_memory_does_not_grow_with_poles_times_length():
    """Saved for the backward pass: far less than M numbers a frequency."""
    M, L = 64, 2**14
    Lambda, p, b, _ = ssm.dplr_legs(2 * M, pairs=True)
    saved = []

    def pack(x):
        saved.append((x.untyped_storage().data_ptr(), x.numel()))
        return x

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
        ssm.kernel_dplr(Lambda.requires_grad_(), p, b, b, 4 / L, L, pairs=True)
    assert sum(dict(saved).values()) < M * L / 2


@pytest.mark.parametrize("pairs", [False, True])
def test_gradients_of_the_kernel(pairs):
    Lambda, p, b, _ = ssm.dplr_legs(4, pairs=pairs)
    c = randn(2, Lambda.shape[-1]).to(C128) + 0.3j
    eps = torch.tensor([0.3, 0.4], dtype=F64)
    inputs = [x.detach().requires_grad_() for x in (Lambda, p, b, c, eps)]
    for L in (4, 5):
        assert torch.autograd.gradcheck(
            lambda *x, L=L: ssm.kernel_dplr(*x, L, pairs=pairs), inputs
        )


def test_gradients_of_the_others():
    N, L = 3, 5
    _, Ab, Bb, C, c_tilde = system(N, L)
    x = [y.requires_grad_() for y in (Ab, Bb, C)]
    for kernel in (ssm.kernel_naive, ssm.kernel_powers):
        assert torch.autograd.gradcheck(
            lambda *x, kernel=kernel: kernel(*x, L), x
        )
    c_tilde = c_tilde.detach().requires_grad_()
    for change in (ssm.truncate_C, ssm.untruncate_C):
        assert torch.autograd.gradcheck(
            lambda c, A, change=change: change(c, A, L), (c_tilde, x[0])
        )
    u, K = randn(2, 5).requires_grad_(), randn(5, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(ssm.causal_conv, (u, K))
    s = torch.tensor([0.4 + 1j, 2.0], dtype=C128, requires_grad=True)
    assert torch.autograd.gradcheck(lambda s: ssm.transfer_legs(s, 3), (s,))
    assert torch.autograd.gradcheck(lambda s: ssm.resolvent_legs(s, 3), (s,))
    d = [
        (randn(3, seed=i) + 1j * randn(3, seed=i + 9)).requires_grad_()
        for i in range(4)
    ]
    assert torch.autograd.gradcheck(ssm.woodbury_diag_rank1, d)


# -- what surrounds the kernel ----------------------------------------------


@quick
@given(sizes, st.integers(1, 300))
def test_truncation_can_be_undone(N, L):
    """Claim C6. The step 0.1 keeps 1 away from the spectrum."""
    A, B = ssm.hippo("legs", N)
    Ab, _ = ssm.discretize(A, B, 0.1, "bilinear")
    C = randn(2, N)
    back = ssm.untruncate_C(ssm.truncate_C(C, Ab, L), Ab, L)
    assert relative(back, C) < 1e-9


@quick
@given(st.integers(1, 120), st.booleans())
def test_convolution_is_the_double_sum(L, complex_):
    u, K = randn(2, L), randn(L, seed=1)
    if complex_:
        K = K + 1j * randn(L, seed=2)
    y = ssm.causal_conv(u, K)
    want = [sum(K[j] * u[:, k - j] for j in range(k + 1)) for k in range(L)]
    torch.testing.assert_close(y, torch.stack(want, -1).to(y.dtype))


def test_convolution_is_the_recurrence():
    N, L = 12, 200
    _, Ab, Bb, C, _ = system(N, L)
    u, x, y = randn(L), torch.zeros(N, dtype=F64), []
    for k in range(L):
        x = Ab @ x + Bb * u[k]
        y.append(C @ x)
    got = ssm.causal_conv(u, ssm.kernel_powers(Ab, Bb, C, L))
    torch.testing.assert_close(got, torch.stack(y))
    half = ssm.causal_conv(u.half(), ssm.kernel_powers(Ab, Bb, C, L).half())
    assert half.dtype == torch.float16


@given(st.integers(1, 10**7))
def test_lengths_of_transforms(n):
    m = module._smooth(n)
    assert n <= m < 2 * n + 2
    assert m % 2 == 0
    for prime in (2, 3, 5):
        while m % prime == 0:
            m //= prime
    assert m == 1


def test_one_step_in_linear_time():
    """Claim C15."""
    N, eps = 10, 0.3
    A, B = ssm.hippo("legs", N)
    Ab, Bb = ssm.discretize(A, B, eps, "bilinear")
    Lambda, p, b, U = ssm.dplr_legs(N)
    x, u = randn(5, N), randn(5, seed=1)
    want = x @ Ab.mT + u[:, None] * Bb
    for step in (eps, torch.full((5,), eps, dtype=F64)):
        got = ssm.dplr_step(Lambda, p, b, step, x.to(C128) @ U.conj(), u)
        torch.testing.assert_close((got @ U.mT).real, want)


@quick
@given(sizes)
def test_woodbury_solves(N):
    """Claim C10."""
    d, u, v, r = (
        randn(3, N, seed=i) + 1j * randn(3, N, seed=i + 7) for i in range(4)
    )
    x = ssm.woodbury_diag_rank1(d, u, v, r)
    M = torch.diag_embed(d) + u[..., :, None] * v.conj()[..., None, :]
    back = (M @ x[..., None])[..., 0]
    assert relative(back, r) < 1e-8


# -- bad input --------------------------------------------------------------

Lam, P, B_, U_ = ssm.dplr_legs(3)
Ab3 = torch.eye(3, dtype=F64) / 2
v3 = torch.ones(3, dtype=F64)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ssm.dplr_legs(0), ValueError, "N must be an integer >= 1"),
        (lambda: ssm.dplr_legs(2.0), TypeError, "N must be an integer"),
        (
            lambda: ssm.dplr_legs(2, dtype=F64),
            ValueError,
            "complex128 or complex64",
        ),
        (lambda: ssm.dplr_legs(2, dtype="c"), TypeError, "torch.dtype"),
        (lambda: ssm.dplr_legs(2, device="x"), ValueError, "device"),
        (
            lambda: ssm.kernel_dplr(v3, P, B_, B_, 0.1, 8),
            TypeError,
            "Lambda must be a complex tensor, got torch.float64",
        ),
        (
            lambda: ssm.kernel_dplr(Lam.sum(), P, B_, B_, 0.1, 8),
            ValueError,
            r"Lambda must have shape \(..., M\)",
        ),
        (
            lambda: ssm.kernel_dplr(Lam, P[:2], B_, B_, 0.1, 8),
            ValueError,
            r"p must have shape \(..., 3\), got \(2,\)",
        ),
        (
            lambda: ssm.kernel_dplr(Lam, P, B_, [1.0], 0.1, 8),
            TypeError,
            "c_tilde must be",
        ),
        (
            lambda: ssm.kernel_dplr(Lam, P, B_, B_, -0.1, 8),
            ValueError,
            "eps must be finite and > 0, got -0.1",
        ),
        (
            lambda: ssm.kernel_dplr(Lam, P, B_, B_, -v3, 8),
            ValueError,
            "eps must be finite and > 0",
        ),
        (
            lambda: ssm.kernel_dplr(Lam, P, B_, B_, 1j * v3, 8),
            TypeError,
            "eps must be real",
        ),
        (
            lambda: ssm.kernel_dplr(-Lam, P, B_, B_, 0.1, 8),
            ValueError,
            "Lambda must have a negative real part",
        ),
        (
            lambda: ssm.kernel_dplr(Lam, P, B_, B_, 0.1, 0),
            ValueError,
            "L must be an integer >= 1",
        ),
        (
            lambda: ssm.kernel_naive(Ab3, v3, v3[:2], 4),
            ValueError,
            "C must have shape",
        ),
        (
            lambda: ssm.kernel_powers(Ab3, v3, v3, 2.5),
            TypeError,
            "L must be an integer",
        ),
        (
            lambda: ssm.kernel_powers(v3, v3, v3, 4),
            ValueError,
            "Ab must have shape",
        ),
        (
            lambda: ssm.truncate_C(v3, v3, 4),
            ValueError,
            "Ab must have shape",
        ),
        (
            lambda: ssm.untruncate_C(v3, 2 * Ab3, 4),
            torch.linalg.LinAlgError,
            "singular",
        ),
        (
            lambda: ssm.causal_conv(v3, v3[:2]),
            ValueError,
            r"same L, got \(3,\) and \(2,\)",
        ),
        (lambda: ssm.causal_conv(v3[:0], v3[:0]), ValueError, "L = 0"),
        (lambda: ssm.causal_conv(v3, [1.0]), TypeError, "K must be"),
        (
            lambda: ssm.woodbury_diag_rank1(v3, v3, -v3 / 3, v3),
            ValueError,
            "the matrix is singular",
        ),
        (
            lambda: ssm.woodbury_diag_rank1(0 * v3, v3, v3, v3),
            ValueError,
            "d has an entry 0",
        ),
        (
            lambda: ssm.woodbury_diag_rank1(v3, v3[:2], v3, v3),
            ValueError,
            "u must have shape",
        ),
        (
            lambda: ssm.dplr_step(Lam, P, B_, math.nan, B_, v3[0]),
            ValueError,
            "eps must be finite",
        ),
        (
            lambda: ssm.dplr_step(Lam, P, B_, 0.1, B_[:2], v3[0]),
            ValueError,
            "x must have shape",
        ),
        (lambda: ssm.transfer_legs(3, 2), TypeError, "s must be"),
        (
            lambda: ssm.resolvent_legs(v3, 0),
            ValueError,
            "N must be an integer",
        ),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_resolvent_over_many_points_is_that_of_each():
    s = torch.tensor([[0.5, 1.5, 2.5], [3.5, 4.5, 5.5]], dtype=torch.float64)
    many = ssm.resolvent_legs(s, 5)
    for i in range(2):
        for j in range(3):
            one = ssm.resolvent_legs(s[i, j], 5)
            torch.testing.assert_close(many[i, j], one)

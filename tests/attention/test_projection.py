"""Random projections: matrices, dimensions, tails, distortions."""

import math

import mpmath
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import torch_rng
from torch.autograd import gradcheck

from kexue_lib import attention as att

F64 = torch.float64
quick = settings(max_examples=40)


def generator(seed=0):
    return torch_rng(seed)


def normal(*shape, seed=0, dtype=F64):
    return torch.randn(*shape, generator=generator(seed), dtype=dtype)


# -- the matrix ---------------------------------------------------------------


def test_matrix_moments():
    A = att.jl_matrix(400, 500, generator=generator())
    assert A.shape == (400, 500)
    assert A.dtype == F64
    count = A.numel()
    assert abs(A.mean()) < 4 * (1 / 400 / count) ** 0.5
    assert abs(A.var() * 400 - 1) < 4 * (2 / count) ** 0.5
    kurtosis = (A**4).mean() * 400**2
    assert abs(kurtosis - 3) < 4 * (96 / count) ** 0.5


def test_lengths_follow_the_chi_square_law():
    n, draws = 16, 4000
    v = normal(50)
    v = v / v.norm()
    A = att.jl_matrix(n * draws, 50, generator=generator(1)) * draws**0.5
    lengths = ((A @ v).reshape(draws, n) ** 2).sum(1)
    for eps in (0.2, 0.5, 0.8):
        p = att.norm_tail(n, eps).item()
        share = ((lengths - 1).abs() >= eps).double().mean().item()
        assert abs(share - p) < 4 * (p * (1 - p) / draws) ** 0.5


def test_matrix_is_reproducible_and_typed():
    first, second = (
        att.jl_matrix(3, 4, generator=generator(5)) for _ in range(2)
    )
    assert torch.equal(first, second)
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        A = att.jl_matrix(3, 4, generator=generator(5), dtype=dtype)
        assert A.dtype == dtype
    assert att.jl_matrix(2, 3).shape == (2, 3)


# -- how many dimensions ------------------------------------------------------


def test_dimensions_of_the_chapter():
    got = [att.jl_dim(1000, 0.3, rule) for rule in att.RULES]
    assert got == [1843, 1229, 768, 1102, 916]
    assert att.jl_dim(200, 0.5, "post24") == 509
    # scikit-learn's documented values are these, rounded down.
    for N, eps, value in (
        (10**6, 0.5, 663),
        (10**6, 0.1, 11841),
        (10**6, 0.01, 1112658),
        (10**4, 0.1, 7894),
        (10**5, 0.1, 9868),
    ):
        assert att.jl_dim(N, eps, "dasgupta-gupta") == value + 1


@pytest.mark.parametrize("rule", att.RULES)
@quick
@given(N=st.integers(2, 10**6), eps=st.floats(0.02, 0.98))
def test_the_least_number_that_satisfies_its_rule(rule, N, eps):
    n = att.jl_dim(N, eps, rule)
    assert isinstance(n, int)
    assert n >= 1

    def enough(n):
        L = math.log(N)
        if rule == "post24":
            return n > 24 * L / eps**2
        if rule == "exist16":
            return n >= 16 * L / eps**2
        if rule == "dasgupta-gupta":
            return n * (eps**2 / 2 - eps**3 / 3) >= 4 * L
        bad = N * (N - 1) / 2
        if rule == "exact":
            return bad * att.norm_tail(n, eps).item() <= 1 / N
        exponent = n / 2 * (math.log1p(eps) - eps)
        return math.log(2 * bad) + exponent <= -L

    assert enough(n) or n == 1 or not enough(n - 2)  # rounding at the edge
    assert n <= 2 or not enough(n - 2)


@quick
@given(N=st.integers(2, 10**5), eps=st.floats(0.05, 0.95))
def test_exact_is_the_least_of_equal_guarantees(N, eps):
    exact, chernoff, post = (
        att.jl_dim(N, eps, rule) for rule in ("exact", "chernoff", "post24")
    )
    assert exact <= chernoff <= post
    assert exact >= att.jl_dim(N, eps, "exact", delta=0.9)


def test_the_tail_falls_with_n():
    # jl_dim("exact") bisects, which needs this.
    n = torch.arange(1, 3000)
    for eps in (0.01, 0.05, 0.3, 0.6, 0.9, 0.99):
        p = att.norm_tail(n, torch.tensor(eps, dtype=F64))
        p = p[p > 1e-300]
        assert (p.diff() < 0).all()


# -- tails --------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 5, 31, 256, 1102, 20000])
def test_tail_against_mpmath(n):
    for eps in (0.05, 0.3, 0.9):
        with mpmath.workdps(40):
            a = mpmath.mpf(n) / 2
            e = mpmath.mpf(eps)
            want = mpmath.gammainc(a, a * (1 + e), regularized=True)
            want += mpmath.gammainc(a, 0, a * (1 - e), regularized=True)
        if want < 1e-300:
            continue
        got = att.norm_tail(n, eps)
        assert abs(float(got.item() / want - 1)) < 2e-9


def test_numbers_of_the_chapter():
    for got, want in (
        (att.norm_tail(256, 0.3), 9.446e-4),
        (att.norm_tail_bound(256, 0.3), 8.795e-3),
        (att.norm_tail_bound(256, 0.3, "lemma"), 1.123e-1),
    ):
        assert abs(got.item() / want - 1) < 1e-3


@quick
@given(n=st.integers(1, 3000), eps=st.floats(0.001, 0.999))
def test_bounds_are_bounds(n, eps):
    exact = att.norm_tail(n, eps).item()
    chernoff = att.norm_tail_bound(n, eps).item()
    lemma = att.norm_tail_bound(n, eps, "lemma").item()
    assert 0 <= exact <= chernoff <= lemma * (1 + 1e-12)


def test_tail_gradients_shapes_and_dtypes():
    eps = torch.tensor([0.1, 0.4, 0.8], dtype=F64, requires_grad=True)
    n = torch.tensor([[3], [50]])
    assert gradcheck(lambda e: att.norm_tail(n, e), eps)
    real = n.double().requires_grad_()
    for kind in att.BOUNDS:
        assert gradcheck(
            lambda m, e, kind=kind: att.norm_tail_bound(m, e, kind),
            (real, eps),
        )
    assert att.norm_tail(n, eps).shape == (2, 3)
    assert att.norm_tail(n, eps.float()).dtype == torch.float32
    assert att.norm_tail(7, 0.5).dtype == F64
    assert att.norm_tail_bound(7, 0.5).shape == ()


# -- distortion ---------------------------------------------------------------


def brute(X, Y):
    found = []
    for i in range(X.shape[-2]):
        for j in range(i + 1, X.shape[-2]):
            before = ((X[..., i, :] - X[..., j, :]) ** 2).sum(-1)
            after = ((Y[..., i, :] - Y[..., j, :]) ** 2).sum(-1)
            found.append(after / before - 1)
    return torch.stack(found, -1)


def test_distortion_against_subtraction():
    X, Y = normal(2, 3, 7, 20), normal(2, 3, 7, 5, seed=1)
    got = att.pair_distortion(X, Y)
    assert got.shape == (2, 3, 21)
    torch.testing.assert_close(got, brute(X, Y), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("far", [0.0, 1e6])
@pytest.mark.parametrize("gap", [1e-2, 1e-6, 1e-10])
def test_near_points_keep_their_digits(gap, far):
    X = normal(6, 10)
    X[3] = X[1] + gap * normal(10, seed=2)
    X[5] = X[1] - gap * normal(10, seed=3)
    X = X + far
    Y = X @ normal(10, 4, seed=4)
    got = att.pair_distortion(X, Y)
    # Beyond the rounding of the points themselves nothing is lost.
    loss = 1e-15 * (1 + far) / gap
    torch.testing.assert_close(
        got, brute(X, Y), rtol=1e-9 + 100 * loss, atol=1e-9 + 100 * loss
    )


def test_distortion_of_a_rotation_is_zero():
    X = normal(30, 12)
    Q, _ = torch.linalg.qr(normal(12, 12, seed=1))
    assert att.pair_distortion(X, X @ Q).abs().max() < 1e-12
    scaled = att.pair_distortion(X, 2 * X)
    torch.testing.assert_close(scaled, torch.full_like(scaled, 3.0))


def test_distortion_gradients():
    X = normal(5, 4).requires_grad_()
    Y = normal(5, 3, seed=1).requires_grad_()
    assert gradcheck(att.pair_distortion, (X, Y))
    # Neighbours that stay neighbours: the values stay near 1.
    near, image = normal(5, 4), normal(5, 3, seed=1)
    near[2] = near[0] + 0.05 * normal(4, seed=5)
    image[2] = image[0] + 0.05 * normal(3, seed=6)
    assert gradcheck(
        att.pair_distortion, (near.requires_grad_(), image.requires_grad_())
    )


@pytest.mark.parametrize(
    ("dtype", "tol"), [(torch.float32, 3e-5), (torch.bfloat16, 0.1)]
)
def test_distortion_dtypes(dtype, tol):
    X, Y = normal(20, 30).to(dtype), normal(20, 8, seed=1).to(dtype)
    got = att.pair_distortion(X, Y)
    assert got.dtype == torch.float32
    want = brute(X.double(), Y.double())
    torch.testing.assert_close(got.double(), want, rtol=tol, atol=tol)


def test_the_lemma_holds_and_fails_where_the_chapter_says():
    g = generator()
    X = torch.randn(200, 1000, generator=g, dtype=F64)
    for n, good in ((509, True), (31, False)):
        for _ in range(5):
            Y = X @ att.jl_matrix(n, 1000, generator=g).mT
            worst = att.pair_distortion(X, Y).abs().max()
            assert (worst <= 0.5) == good


# -- bad arguments ------------------------------------------------------------

P = torch.ones(3, 2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: att.jl_matrix(0, 3), ValueError, "n must be an integer >= 1"),
        (lambda: att.jl_matrix(3, 2.5), TypeError, "m must be an integer"),
        (
            lambda: att.jl_matrix(2, 2, generator=7),
            TypeError,
            "generator must be a torch.Generator, got 7",
        ),
        (
            lambda: att.jl_matrix(2, 2, dtype=torch.complex64),
            ValueError,
            "dtype must be real",
        ),
        (
            lambda: att.jl_matrix(2, 2, dtype=torch.int64),
            ValueError,
            "dtype must be one of",
        ),
        (lambda: att.jl_dim(1, 0.1), ValueError, "N must be an integer >= 2"),
        (lambda: att.jl_dim(5, 1.0), ValueError, r"eps must be in \(0, 1\)"),
        (lambda: att.jl_dim(5, 0), ValueError, r"eps must be in \(0, 1\)"),
        (lambda: att.jl_dim(5, math.nan), ValueError, "eps must be finite"),
        (
            lambda: att.jl_dim(5, 0.1, "best"),
            ValueError,
            "rule must be one of",
        ),
        (
            lambda: att.jl_dim(5, 0.1, "post24", delta=0.1),
            ValueError,
            "delta goes with chernoff and exact",
        ),
        (
            lambda: att.jl_dim(5, 0.1, delta=1.5),
            ValueError,
            r"delta must be in \(0, 1\)",
        ),
        (lambda: att.norm_tail(0, 0.5), ValueError, "n must be an integer"),
        (lambda: att.norm_tail(2.5, 0.5), TypeError, "n must be an integer"),
        (lambda: att.norm_tail(5, 1.5), ValueError, "eps must be in"),
        (
            lambda: att.norm_tail(5, "x"),
            TypeError,
            "eps must be a real number",
        ),
        (
            lambda: att.norm_tail(5, torch.tensor([0.1, 1.0])),
            ValueError,
            "eps must be in",
        ),
        (
            lambda: att.norm_tail(5, torch.tensor([1])),
            TypeError,
            "eps must be floating-point",
        ),
        (
            lambda: att.norm_tail(torch.tensor([0]), 0.5),
            ValueError,
            "n must be finite and >= 1",
        ),
        (
            lambda: att.norm_tail_bound(5, 0.5, "best"),
            ValueError,
            "kind must be one of lemma, chernoff",
        ),
        (
            lambda: att.pair_distortion([1], P),
            TypeError,
            "X must be a torch.Tensor, got list",
        ),
        (
            lambda: att.pair_distortion(P.int(), P),
            TypeError,
            "X must be floating-point",
        ),
        (
            lambda: att.pair_distortion(P[:1], P[:1]),
            ValueError,
            r"X must have shape \(..., N, m\) with N >= 2",
        ),
        (
            lambda: att.pair_distortion(P, torch.ones(4, 2)),
            ValueError,
            r"same points.*got \(3, 2\) and \(4, 2\)",
        ),
        (
            lambda: att.pair_distortion(P, P),
            ValueError,
            "rows 0 and 1 coincide",
        ),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()

"""The matrix sign: exact, iterated, bounded."""

from __future__ import annotations

import pytest
import torch
from seeds import torch_rng

from kexue_lib import optim
from kexue_lib.optim import JORDAN, TAYLOR

F64 = torch.float64


def gauss(*shape, key=0, dtype=F64):
    return torch.randn(shape, generator=torch_rng(key), dtype=dtype)


def of_rank(n, m, rank):
    return gauss(n, rank) @ gauss(rank, m, key=1)


@pytest.mark.parametrize("shape", [(5, 5), (7, 4), (4, 7), (1, 6), (6, 1)])
def test_sign_is_the_nearest_isometry(shape):
    M = gauss(*shape)
    Q = optim.msign(M)
    side = min(shape)
    gram = Q @ Q.mT if shape[0] <= shape[1] else Q.mT @ Q
    torch.testing.assert_close(gram, torch.eye(side, dtype=F64))
    # Q^T M is symmetric and not negative: the polar decomposition.
    H = Q.mT @ M
    torch.testing.assert_close(H, H.mT)
    assert torch.linalg.eigvalsh(H).min() > -1e-12


@pytest.mark.parametrize("rank", [0, 1, 3])
def test_rank_deficient(rank):
    M = of_rank(6, 5, rank)
    values = torch.linalg.svdvals(optim.msign(M))
    want = (torch.arange(5) < rank).to(F64)
    torch.testing.assert_close(values, want)


def test_two_by_two():
    M = torch.tensor([[2.0, 1.0], [0.0, 2.0]], dtype=F64)
    want = torch.tensor([[4.0, 1.0], [-1.0, 4.0]], dtype=F64) / 17**0.5
    torch.testing.assert_close(optim.msign(M), want)


@pytest.mark.parametrize("method", ["svd", "ns"])
@pytest.mark.parametrize("power", [-120, -100, -33, 33, 100])
def test_powers_of_two_leave_no_trace(method, power):
    M = gauss(8, 6, dtype=torch.float32)
    assert torch.equal(
        optim.msign(M * 2.0**power, method), optim.msign(M, method)
    )


@pytest.mark.parametrize("scale", [1e-30, 1e-8, 3.0, 1e30])
@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_any_scale(scale, dtype):
    M = gauss(8, 6, dtype=dtype)
    for method in ("svd", "ns"):
        torch.testing.assert_close(
            optim.msign(M * scale, method), optim.msign(M, method)
        )


def test_zero_and_empty():
    for method in ("svd", "ns"):
        zero = torch.zeros(2, 3, 4)
        zero[1] = gauss(3, 4, dtype=torch.float32)
        found = optim.msign(zero, method)
        assert torch.equal(found[0], torch.zeros(3, 4))
        torch.testing.assert_close(found[1], optim.msign(zero[1], method))
        assert optim.msign(torch.empty(0, 3), method).shape == (0, 3)


def test_one_bad_matrix_spoils_no_other():
    M = gauss(3, 4, 4)
    M[1, 2, 2] = torch.nan
    with pytest.raises(ValueError, match="M must be finite"):
        optim.msign(M)
    for method in ("svd", "ns"):
        found = optim.msign(M, method, check=False)
        assert found[1].isnan().all()
        torch.testing.assert_close(found[::2], optim.msign(M[::2], method))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_products(dtype):
    M = gauss(32, 24, dtype=torch.float32)
    exact = optim.msign(M.double(), "ns")
    got = optim.msign(M, "ns", dtype=dtype)
    assert got.dtype == torch.float32
    assert (got - exact).norm() < 0.05 * exact.norm()
    assert optim.msign(M.to(dtype)).dtype == dtype


@pytest.mark.parametrize("shape", [(12, 12), (20, 9), (9, 20)])
@pytest.mark.parametrize("coefficients", [JORDAN, TAYLOR])
def test_iteration_acts_on_singular_values(shape, coefficients):
    M = gauss(*shape)
    U, s, Vh = torch.linalg.svd(M, full_matrices=False)
    value = s / s.norm()
    for _ in range(4):
        value = optim.ns_poly(value, coefficients)
    got = optim.msign(M, "ns", steps=4, coefficients=coefficients)
    torch.testing.assert_close(got, (U * value) @ Vh)


def test_steps_follow_a_list():
    M = gauss(6, 6)
    U, s, Vh = torch.linalg.svd(M)
    value = s / s.norm()
    best = optim.best_steps(1e-4, 3).coefficients
    for triple in best:
        value = optim.ns_poly(value, triple)
    got = optim.msign(M, "ns", coefficients=best)
    torch.testing.assert_close(got, (U * value) @ Vh)
    # More steps than triples: the last one goes on.
    value = optim.ns_poly(value, best[-1])
    got = optim.msign(M, "ns", coefficients=best, steps=4)
    torch.testing.assert_close(got, (U * value) @ Vh)
    # Fewer: the rest is left out.
    got = optim.msign(M, "ns", coefficients=best, steps=1)
    torch.testing.assert_close(
        got, optim.msign(M, "ns", coefficients=best[0], steps=1)
    )


def test_gradient_at_equal_singular_values():
    """Where that of an SVD is NaN."""
    M = torch.eye(3, dtype=F64, requires_grad=True)
    assert torch.autograd.gradcheck(optim.msign, M)
    tall = torch.eye(4, 3, dtype=F64, requires_grad=True)
    assert torch.autograd.gradcheck(optim.msign, tall)


# -- bounds ----------------------------------------------------------------


@pytest.mark.parametrize("coefficients", [JORDAN, TAYLOR])
@pytest.mark.parametrize("lower", [0.0, 1e-3, 0.3])
def test_bounds_are_the_image(coefficients, lower):
    low, high = optim.singular_bounds(lower, coefficients, 4)
    x = torch.linspace(lower, 1, 400_001, dtype=F64)
    for _ in range(4):
        x = optim.ns_poly(x, coefficients)
    assert low <= x.min() + 1e-15
    assert x.max() - 1e-15 <= high
    assert x.min() - low < 1e-4
    assert high - x.max() < 1e-4


def test_bounds_of_jordan():
    low, high = optim.singular_bounds(1.5052e-3)
    assert 0.681830 < low < 0.681832
    assert 1.202368 < high < 1.202370
    # Its own image: the interval is forward invariant.
    again = optim.singular_bounds(low, JORDAN, 1, upper=high)
    assert low <= again[0]
    assert again[1] <= high
    # Below the threshold the bound is what the smallest value becomes.
    assert optim.singular_bounds(1e-4)[0] < 0.05


def test_bounds_hold_for_matrices():
    M = gauss(64, 48)
    s = torch.linalg.svdvals(M)
    low, high = optim.singular_bounds((s[-1] / s.norm()).item())
    got = torch.linalg.svdvals(optim.msign(M, "ns"))
    assert low - 1e-12 <= got.min()
    assert got.max() <= high + 1e-12


def test_bounds_of_monotone_and_linear_polynomials():
    assert optim.singular_bounds(0.25, (2.0, 0.0, 0.0), 2) == (1.0, 4.0)
    assert optim.singular_bounds(0.25, (1.0, 1.0, 0.0), 1) == (0.265625, 2.0)
    low, high = optim.singular_bounds(0.0, (0.0, 1.0, -1.0), 1)
    assert low == 0.0
    assert abs(high - (0.6**1.5 - 0.6**2.5)) < 1e-15
    assert optim.singular_bounds(0.1, TAYLOR, 3)[1] == 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lower": -0.1}, "lower must be >= 0"),
        ({"lower": 2.0}, "upper must be >= lower"),
        ({"coefficients": (1.0, 2.0)}, "three numbers"),
        ({"coefficients": []}, "must not be an empty list"),
        ({"steps": -1}, "steps must be an integer >= 0"),
    ],
)
def test_bad_bounds(change, said):
    with pytest.raises(ValueError, match=said):
        optim.singular_bounds(**{"lower": 0.1, **change})


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"M": torch.ones(3)}, ValueError, "M must be a matrix"),
        ({"M": torch.ones(3, 3).int()}, TypeError, "M must be floating"),
        ({"method": "qr"}, ValueError, "method must be one of"),
        ({"dtype": torch.complex64}, ValueError, "dtype must be real"),
        ({"steps": -1}, ValueError, "steps must be an integer >= 0"),
    ],
)
def test_bad_signs(change, error, said):
    with pytest.raises(error, match=said):
        optim.msign(**{"M": torch.eye(3), **change})

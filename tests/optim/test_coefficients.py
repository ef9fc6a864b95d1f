"""Coefficients: fitted on average, best in the worst case."""

from __future__ import annotations

import pytest
import torch
from seeds import torch_rng

from kexue_lib import optim
from kexue_lib.optim import JORDAN, TAYLOR

F64 = torch.float64


def test_fixed_points_of_the_reading():
    a, b, c = optim.ns_coeffs(1.7, 0.9, 1.2)
    x = torch.tensor([0.9, 1.2], dtype=F64)
    torch.testing.assert_close(optim.ns_poly(x, (a, b, c)), x)


@pytest.mark.parametrize("shape", [(400, 400), (400, 150), (150, 400)])
def test_nodes_are_singular_values(shape):
    M = torch.randn(shape, generator=torch_rng(), dtype=F64)
    s = torch.linalg.svdvals(M / M.norm())
    sigma, weight = optim.mp_nodes(*shape)
    for power in (2, 4, 6):
        want = (s**power).mean()
        got = (weight * sigma**power).sum()
        assert abs(got / want - 1) < 0.03


# The mse column of the post's table with the official coefficients.
TABLE = {
    (1024, 1024, 3): (0.10257, 0.18278),
    (1024, 1024, 5): (0.02733, 0.04431),
    (2048, 1024, 3): (0.01628, 0.06171),
    (2048, 1024, 5): (0.00038, 0.02954),
    (4096, 1024, 3): (0.00371, 0.02574),
    (4096, 1024, 5): (0.00008, 0.02563),
    (2048, 2048, 5): (0.03516, 0.04991),
    (8192, 8192, 5): (0.05869, 0.07606),
}


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_fit_is_no_worse_than_the_table(row):
    fitted, official = TABLE[row]
    found = optim.fit_ns(*row, count=801)
    assert optim.ns_loss(row[0], row[1], found, row[2]) < fitted + 1e-5
    assert optim.ns_loss(row[0], row[1], JORDAN, row[2]) == pytest.approx(
        official, rel=0.01
    )


def test_fit_is_stationary():
    found = torch.tensor(optim.fit_ns(2048, 1024, 3, count=801), dtype=F64)
    best = optim.ns_loss(2048, 1024, tuple(found.tolist()), 3, count=801)
    for i in range(3):
        for step in (-1e-3, 1e-3):
            moved = found.clone()
            moved[i] += step
            other = tuple(moved.tolist())
            assert optim.ns_loss(2048, 1024, other, 3, count=801) > best


# -- worst case ------------------------------------------------------------


@pytest.mark.parametrize("lower", [1e-4, 1e-3, 0.1, 0.7])
def test_both_sides_of_the_certificate_meet(lower):
    best = optim.best_steps(lower, 6)
    for least, error in zip(best.least, best.error, strict=True):
        assert least <= error
        if error > 1e-6:
            assert error - least < 1e-9


def test_no_other_quintic_does_better():
    low, error = 0.05, optim.best_steps(0.05, 1).error[0]
    generator = torch_rng()
    base = torch.tensor(optim.best_steps(low, 1).coefficients[0], dtype=F64)
    x = torch.linspace(low, 1, 2001, dtype=F64)
    for _ in range(300):
        move = torch.randn(3, generator=generator, dtype=F64)
        other = base * (1 + 0.05 * move)
        gap = (1 - optim.ns_poly(x, tuple(other.tolist()))).abs().max()
        assert gap > error - 1e-4


def test_best_steps_converge_where_jordan_does_not():
    best = optim.best_steps(1e-3, 8)
    low, high = optim.singular_bounds(1e-3, best.coefficients)
    assert (low, high) == best.intervals[-1]
    assert low > 1 - 1e-14
    assert high < 1 + 1e-14
    low, high = optim.singular_bounds(1e-3, JORDAN, 8)
    assert high - low > 0.45
    # Taylor's polynomial is the limit of the best ones.
    near = optim.best_steps(0.999, 1).coefficients[0]
    assert near == pytest.approx(TAYLOR, rel=5e-3)


@pytest.mark.parametrize("lower", [0.0, 1.0, -0.5])
def test_lower_must_be_inside(lower):
    with pytest.raises(ValueError, match=r"lower must be in \(0, 1\)"):
        optim.best_steps(lower)

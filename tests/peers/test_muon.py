"""Bugs of public implementations of Muon, each caught in a faulty copy.

The faulty versions are written anew from the reports; every test fails for
them and passes for ours.
"""

from __future__ import annotations

import math

import pytest
import torch
from seeds import torch_rng

from kexue_lib import optim


def gauss(*shape, dtype=torch.float32):
    return torch.randn(shape, generator=torch_rng(), dtype=dtype)


# -- a floor of the norm (Emerging-Optimizers #229, #230) -------------------


def floored(G):
    """Normalise with eps = 1e-7, as PyTorch does, too."""
    return _steps(G / G.norm().clamp(min=1e-7))


def _steps(X):
    a, b, c = optim.JORDAN
    for _ in range(5):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X


def ignores_scale(sign):
    G = gauss(64, 64)
    G /= G.norm()
    sizes = [sign(G * scale).norm().item() for scale in (1, 1e-8, 1e-10)]
    return max(sizes) - min(sizes) < 1e-3


def test_scale_of_the_gradient():
    assert ignores_scale(lambda G: optim.msign(G, "ns"))
    assert not ignores_scale(floored)


# -- a zero gradient (dion #24) ---------------------------------------------


def unguarded(G):
    return _steps(G / G.norm())


@pytest.mark.parametrize("method", ["ns", "svd"])
def test_sign_of_zero_is_zero(method):
    zero = torch.zeros(4, 3)
    assert torch.equal(optim.msign(zero, method), zero)
    assert unguarded(zero).isnan().all()


# -- the scale of the learning rate (pytorch_optimizer #371, optax #1249) ---


def step_size(kind, n, m, **options):
    p = torch.nn.Parameter(torch.zeros(n, m))
    p.grad = gauss(n, m)
    kind([p], lr=1.0, weight_decay=0.0, **options).step()
    return p.detach().square().mean().sqrt().item()


class Swapped(optim.Muon):
    """Takes m/n for n/m."""

    def _step(self, group, params):
        n, m = params[0].shape
        rate = group["lr"]
        group["lr"] = rate * math.sqrt(max(1, m / n) / max(1, n / m))
        super()._step(group, params)
        group["lr"] = rate


class Twice(optim.Muon):
    """Applies the factor twice."""

    def _step(self, group, params):
        n, m = params[0].shape
        rate = group["lr"]
        group["lr"] = rate * math.sqrt(max(1, n / m))
        super()._step(group, params)
        group["lr"] = rate


def scaled_right(kind):
    """RMS sqrt(r/nm) of a sign, times sqrt(max(1, n/m)).

    Five of Jordan's steps leave singular values in [.68, 1.21].
    """
    for n, m in ((96, 24), (24, 96)):
        want = math.sqrt(max(1, n / m)) / math.sqrt(max(n, m))
        if not 0.68 < step_size(kind, n, m) / want < 1.21:
            return False
    return True


def test_scale_of_the_learning_rate():
    assert scaled_right(optim.Muon)
    assert scaled_right(torch.optim.Muon)
    assert not scaled_right(Swapped)
    assert not scaled_right(Twice)


def test_matching_adam():
    for n, m in ((96, 24), (24, 96)):
        got = step_size(optim.Muon, n, m, adjust_lr_fn="match_rms_adamw")
        assert 0.68 * 0.2 < got < 1.21 * 0.2


# -- the momentum, normalised in place (pytorch #194664) --------------------


def buffer_after_ones(kind):
    p = torch.nn.Parameter(torch.zeros(4, 4, dtype=torch.bfloat16))
    p.grad = torch.ones_like(p)
    optimiser = kind([p], momentum=0.9, nesterov=False)
    optimiser.step()
    return optimiser.state[p]["momentum_buffer"].float()


class InPlace(optim.Muon):
    """Divides what it orthogonalises by its norm, in place."""

    def _step(self, group, params):
        super()._step(group, params)
        for p in params:
            buffer = self.state[p]["momentum_buffer"]
            buffer.div_(buffer.norm())


def test_momentum_stays_intact():
    want = torch.full((4, 4), 0.1)
    assert torch.allclose(buffer_after_ones(optim.Muon), want, atol=1e-3)
    assert not torch.allclose(buffer_after_ones(InPlace), want, atol=1e-3)


# -- "S' is about uniform on [.5, 1.5]" (Moonlight #22) ---------------------


def test_small_singular_values_stay_small():
    """Slope 3.4445^5 at 0: 1e-4 comes out below .05, not above .5."""
    G = torch.diag(torch.tensor([1.0, 1e-4], dtype=torch.float64))
    low = torch.linalg.svdvals(optim.msign(G, "ns"))[1].item()
    bound = optim.singular_bounds(1e-4)[0]
    assert low == pytest.approx(bound, rel=1e-6)
    assert not 0.5 <= low <= 1.5

"""Muon: torch's steps where those are right."""

from __future__ import annotations

import copy
import io
import math

import pytest
import torch
from seeds import torch_rng

from kexue_lib import optim

SHAPES = [(16, 24), (24, 16), (16, 24), (20, 20)]


def weights(shapes=SHAPES, dtype=torch.float32):
    g = torch_rng("weights")
    return [
        torch.nn.Parameter(torch.randn(s, generator=g).to(dtype))
        for s in shapes
    ]


def run(kind, steps=3, *, scale=1.0, params=None, **options):
    params = params or weights()
    optimiser = kind(params, **{"lr": 0.02, **options})
    g = torch_rng("gradients")
    for _ in range(steps):
        for p in params:
            grad = torch.randn(p.shape, generator=g) * scale
            p.grad = grad.to(p.dtype)
        optimiser.step()
    return params, optimiser


def gap(ones, twos):
    pairs = zip(ones, twos, strict=True)
    return max((a.double() - b.double()).abs().max().item() for a, b in pairs)


@pytest.mark.parametrize("nesterov", [True, False])
@pytest.mark.parametrize("adjust", [None, "original", "match_rms_adamw"])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_agrees_with_torch(nesterov, adjust, decay):
    options = {
        "nesterov": nesterov,
        "adjust_lr_fn": adjust,
        "weight_decay": decay,
    }
    ours, mine = run(optim.Muon, **options)
    theirs, its = run(torch.optim.Muon, **options)
    moved = gap(ours, weights())
    # Both multiply in bfloat16, which has 8 bits, in another order.
    assert gap(ours, theirs) < 0.05 * moved
    for a, b in zip(ours, theirs, strict=True):
        assert torch.equal(
            mine.state[a]["momentum_buffer"], its.state[b]["momentum_buffer"]
        )


def test_positional_arguments_are_torchs():
    import inspect

    ours = list(inspect.signature(optim.Muon).parameters)
    theirs = list(inspect.signature(torch.optim.Muon).parameters)
    assert ours[: len(theirs)] == theirs


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_one_step_by_hand(dtype):
    W, G = torch.randn(2, 6, 4, generator=torch_rng()).to(dtype)
    p = torch.nn.Parameter(W.clone())
    p.grad = G
    optim.Muon([p], 0.1, 0.2, 0.9, dtype=dtype).step()
    M = 0.1 * G
    direction = optim.msign(0.1 * G + 0.9 * M, "ns")
    want = (1 - 0.02) * W - 0.1 * math.sqrt(6 / 4) * direction
    torch.testing.assert_close(p.detach(), want)


@pytest.mark.parametrize("scale", [2.0**-100, 2.0**-30, 2.0**60])
def test_the_scale_of_the_loss_changes_nothing(scale):
    ours, _ = run(optim.Muon, scale=scale)
    assert gap(ours, run(optim.Muon)[0]) == 0


def test_eps_is_torchs_floor():
    tiny = 2.0**-30
    ours, _ = run(optim.Muon, scale=tiny, eps=1e-7, weight_decay=0.0)
    theirs, _ = run(torch.optim.Muon, scale=tiny, weight_decay=0.0)
    assert gap(ours, theirs) < 0.05 * gap(theirs, weights())


def test_zero_gradient_moves_nothing():
    params = weights()
    for p in params:
        p.grad = torch.zeros_like(p)
    optim.Muon(params, weight_decay=0.0).step()
    assert gap(params, weights()) == 0


def test_equal_shapes_together_or_alone():
    together, _ = run(optim.Muon, dtype=torch.float32)
    params = weights()
    groups = [{"params": [p]} for p in params]
    optimiser = optim.Muon(groups, lr=0.02, dtype=torch.float32)
    g = torch_rng("gradients")
    for _ in range(3):
        for p in params:
            p.grad = torch.randn(p.shape, generator=g)
        optimiser.step()
    assert gap(together, params) < 1e-6


@pytest.mark.parametrize("source", [optim.Muon, torch.optim.Muon])
def test_state_is_stored_and_taken_over(source):
    params, optimiser = run(source, 2)
    file = io.BytesIO()
    torch.save(optimiser.state_dict(), file)
    file.seek(0)
    clones = [torch.nn.Parameter(p.detach().clone()) for p in params]
    other = optim.Muon(clones)
    other.load_state_dict(torch.load(file))
    twin = copy.deepcopy(other)
    for p, q in zip(params, clones, strict=True):
        q.grad = p.grad.clone()
    ours = optim.Muon(params)
    ours.load_state_dict(optimiser.state_dict())
    ours.step()
    other.step()
    assert gap(params, clones) == 0
    assert len(twin.state_dict()["state"]) == len(params)


def test_closure_and_missing_gradients():
    used, unused = weights([(3, 3), (3, 3)])
    optimiser = optim.Muon([used, unused])

    def closure():
        optimiser.zero_grad()
        loss = used.square().sum()
        loss.backward()
        return loss

    before = unused.detach().clone()
    assert optimiser.step(closure).item() > 0
    assert torch.equal(unused, before)
    assert unused not in optimiser.state


def test_gradients_are_left_alone():
    params, _ = run(optim.Muon, 1)
    g = torch_rng("gradients")
    for p in params:
        assert torch.equal(p.grad, torch.randn(p.shape, generator=g))


def test_tensor_as_learning_rate():
    ours, _ = run(optim.Muon, lr=torch.tensor(0.02))
    assert gap(ours, run(optim.Muon)[0]) < 1e-6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lr": -1.0}, "lr must be >= 0"),
        ({"lr": torch.ones(2)}, "lr must have one element"),
        ({"momentum": 1.5}, "momentum must be < 1"),
        ({"weight_decay": -0.1}, "weight_decay must be >= 0"),
        ({"ns_steps": -1}, "ns_steps must be"),
        ({"ns_coefficients": (1.0, 2.0)}, "ns_coefficients must be"),
        ({"adjust_lr_fn": "none"}, "adjust_lr_fn must be one of"),
        ({"params": [torch.nn.Parameter(torch.ones(3))]}, "params must be"),
        (
            {"params": [torch.nn.Parameter(torch.ones(2, 3, 3))]},
            "params must be matrices",
        ),
    ],
)
def test_bad_arguments(change, said):
    with pytest.raises(ValueError, match=said):
        optim.Muon(**{"params": weights(), **change})


def test_complex_and_sparse():
    with pytest.raises(TypeError, match="params must be real"):
        optim.Muon([torch.nn.Parameter(torch.ones(2, 2) * 1j)])
    p = torch.nn.Parameter(torch.ones(2, 2))
    p.grad = torch.eye(2).to_sparse()
    with pytest.raises(ValueError, match="gradients must be dense"):
        optim.Muon([p]).step()

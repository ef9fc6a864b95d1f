"""Dual norms, steepest steps, Shampoo."""

from __future__ import annotations

import pytest
import torch
from seeds import torch_rng

from kexue_lib import optim

F64 = torch.float64
KINDS = [
    ("frobenius", None),
    ("max", None),
    ("spectral", None),
    ("power", 3.0),
    ("power", 1.5),
]


def gauss(*shape, key=0):
    return torch.randn(shape, generator=torch_rng(key), dtype=F64)


def norm(D, kind, p):
    if kind == "spectral":
        return torch.linalg.matrix_norm(D, 2)
    order = {"frobenius": 2.0, "max": torch.inf, "power": p}[kind]
    return torch.linalg.vector_norm(D, order, dim=(-2, -1))


@pytest.mark.parametrize(("kind", "p"), KINDS)
def test_step_is_steepest(kind, p):
    G, eta = gauss(5, 4), 0.3
    D = optim.steepest(G, kind, eta=eta, p=p)
    size = optim.dual_norm(G, kind, p=p)

    def cost(D):
        return norm(D, kind, p) ** 2 / (2 * eta) + (G * D).sum()

    # It is as long as it should be, and attains the value.
    torch.testing.assert_close(norm(D, kind, p), eta * size)
    torch.testing.assert_close(cost(D), -eta / 2 * size**2)
    for key in range(50):
        other = D + 0.3 * D.abs().max() * gauss(5, 4, key=key)
        assert cost(other) > cost(D)


@pytest.mark.parametrize(("kind", "p"), KINDS)
@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_scale(kind, p, scale):
    G = gauss(5, 4)
    torch.testing.assert_close(
        optim.steepest(G * scale, kind, p=p) / scale,
        optim.steepest(G, kind, p=p),
    )
    assert not optim.steepest(0 * G, kind, p=p).any()


def test_gradient_of_the_nuclear_norm_is_the_sign():
    G = gauss(5, 4).requires_grad_()
    optim.dual_norm(G).backward()
    torch.testing.assert_close(G.grad, optim.msign(G.detach()))


def test_shampoo_without_memory_is_the_sign():
    for n, m, rank in ((4, 4, 4), (6, 3, 3), (3, 6, 3), (5, 5, 2)):
        G = gauss(n, rank) @ gauss(rank, m, key=1)
        torch.testing.assert_close(optim.shampoo_update(G), optim.msign(G))


def test_shampoo_with_memory():
    G, A, B = gauss(3, 4), gauss(3, 5, key=1), gauss(6, 4, key=2)
    L, R = A @ A.mT, B.mT @ B
    got = optim.shampoo_update(G, L, R)
    torch.testing.assert_close(_power(L, 0.25) @ got @ _power(R, 0.25), G)


def _power(A, exponent):
    s, V = torch.linalg.eigh(A)
    return (V * s**exponent) @ V.mT


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "nuclear"}, "kind must be one of"),
        ({"kind": "power"}, "p must be given"),
        ({"kind": "power", "p": 1.0}, "p must be > 1"),
        ({"p": 2.0}, "p belongs to kind='power'"),
        ({"eta": 0.0}, "eta must be > 0"),
        ({"G": torch.ones(3)}, "G must be a matrix"),
    ],
)
def test_bad_arguments(change, said):
    with pytest.raises(ValueError, match=said):
        optim.steepest(**{"G": torch.eye(3), **change})


def test_shampoo_shapes():
    with pytest.raises(ValueError, match=r"L must have shape \(\.\.\., 3, 3"):
        optim.shampoo_update(gauss(3, 4), gauss(4, 4))

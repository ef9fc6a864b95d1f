"""Small inputs for the calls in tests/*/calls.py."""

from __future__ import annotations

import torch
from seeds import torch_rng

CPU = torch.device("cpu")
GAUGED = {"dtype": torch.float64, "device": CPU}
MADE = {"generator": torch_rng(), **GAUGED}


def real(*shape: int, seed: int = 0) -> torch.Tensor:
    """Numbers in [0.1, 0.9]."""
    generator = torch_rng(seed)
    x = torch.rand(shape, generator=generator, dtype=torch.float64, device=CPU)
    return 0.1 + 0.8 * x


def waves(*shape: int) -> torch.Tensor:
    """Complex numbers, both parts in [0.1, 0.9]."""
    return torch.complex(real(*shape), real(*shape, seed=1))

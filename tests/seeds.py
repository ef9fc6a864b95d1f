"""Where the tests' random numbers come from: all of them follow KEXUE_SEED.

    KEXUE_SEED=7 python -m pytest tests/ssm   # the same tests, other draws

A test that draws asks for a generator of its own, `torch_rng(3)`: the key
keeps two generators of one test apart, and the same key gives the same
numbers wherever and in whatever order the tests run. What draws from a
global generator is covered too: conftest.py seeds those before every test.
"""

from __future__ import annotations

import hashlib
import os
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import torch


def chosen() -> int:
    """Return KEXUE_SEED.

    Raises:
        ValueError: it is not a whole number from 0 on.
    """
    text = os.environ.get("KEXUE_SEED", "0")
    if not (text.isascii() and text.isdigit()):
        raise ValueError(
            f"KEXUE_SEED must be a whole number, 0 or more, got {text!r}"
        )
    return int(text)


def folded(key: object) -> int:
    """63 bits from KEXUE_SEED and a key, the same on every machine."""
    digest = hashlib.sha256(f"{chosen()}/{key}".encode()).digest()
    return int.from_bytes(digest[:8]) >> 1


def torch_rng(key: object = 0) -> torch.Generator:
    import torch

    return torch.Generator("cpu").manual_seed(folded(key))


def numpy_rng(key: object = 0) -> np.random.Generator:
    import numpy as np

    return np.random.default_rng(folded(key))


def random_rng(key: object = 0) -> random.Random:
    return random.Random(folded(key))


def seed_everything(key: object) -> None:
    """Seed every global generator that a test or what it calls may use."""
    import numpy as np
    import sympy.core.random
    import torch

    number = folded(key)
    random.seed(number)
    np.random.seed(number % 2**32)  # noqa: NPY002  what legacy code uses
    sympy.core.random.seed(number)
    torch.manual_seed(number)

"""Executable Kexue: derivations that a machine has checked, and their code.

``import kexue_lib`` alone is cheap. Sub-packages load when first used:

- :mod:`kexue_lib.derive`: claims, checked steps and their evidence (SymPy);
- :mod:`kexue_lib.explore`: sliders that work in a static page;
- :mod:`kexue_lib.sweep`: experiments over many settings and seeds;
- :mod:`kexue_lib.ssm`, ...: the PyTorch implementations, one per book part.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from typing import TYPE_CHECKING

from kexue_lib._extras import require

if TYPE_CHECKING:
    from types import ModuleType

    import torch

__version__ = "0.1.0"
# One directory is read, nothing is imported. `sphinxext` is a tool of the
# book: it needs Sphinx, and nobody calls it.
_SUBPACKAGES = sorted(
    module.name
    for module in pkgutil.iter_modules(__path__)
    if not module.name.startswith("_") and module.name != "sphinxext"
)
__all__ = ["device", *_SUBPACKAGES]


def device() -> torch.device:
    """Return the device on which the book's PyTorch checks run.

    The environment variable ``KEXUE_DEVICE`` (``"cpu"``, ``"cuda:1"``, ...)
    decides if it is set; otherwise CUDA, then MPS, then the CPU.

    Raises:
        ValueError: ``KEXUE_DEVICE`` is not a device that torch knows.
    """
    require("torch", "kexue_lib.device()")
    import torch

    name = os.environ.get("KEXUE_DEVICE")
    if name:
        try:
            return torch.device(name)
        except RuntimeError as error:
            raise ValueError(
                f"KEXUE_DEVICE={name!r} is not a torch device; "
                "use for example 'cpu', 'cuda', 'cuda:0' or 'mps'"
            ) from error
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def __getattr__(name: str) -> ModuleType:
    if name in _SUBPACKAGES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_SUBPACKAGES})

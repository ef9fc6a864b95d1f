"""A fake accelerator for machines without one.

A device type that exists in name only (torch's PrivateUse1 slot) under
FakeTensorMode: operations propagate shape, dtype and device, but no numbers.
What would go wrong on a real accelerator goes wrong here: a tensor that was
silently made on the CPU meets one on the device and raises, and so do
``.item()``, ``.numpy()`` and Python branches on a tensor's value.

Registration is global and once per process, and changes what
``torch.accelerator`` answers: never import this in a process that runs
numeric tests. ``run_cases.py`` is the process for it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils import backend_registration

NAME = "fakegpu"


class _Backend(backend_registration._DummyBackendModule):
    def is_available(self) -> bool:
        # Otherwise FakeTensorMode would try to materialise torch.tensor(...).
        return False


@contextmanager
def fake_gpu() -> Iterator[torch.device]:
    """Enter the fake mode; yield the device to make tensors on."""
    if torch._C._get_privateuse1_backend_name() != NAME:
        backend_registration._setup_privateuseone_for_python_backend(
            rename=NAME, backend_module=_Backend()
        )
    with warnings.catch_warnings(), FakeTensorMode():
        warnings.simplefilter("ignore")
        yield torch.device(NAME)


def first_problem(case: Callable[[torch.device], object]) -> str | None:
    """Run ``case(device)`` on the fake device.

    Every tensor in its result must be on the device, and a differentiable
    first one is sent backward.

    Returns:
        ``None`` if all is well, else what went wrong.
    """
    try:
        with fake_gpu() as device:
            result = case(device)
            outputs = [result] if isinstance(result, Tensor) else [*result]
            if not outputs:
                return "the case returned nothing"
            for output in outputs:
                if output.device.type != NAME:
                    return f"a result is on {output.device}"
            for output in outputs:
                if output.requires_grad:
                    output.abs().sum().backward(retain_graph=True)
    except Exception as error:  # the message is the result
        line = (str(error).splitlines() or [""])[0]
        return f"{type(error).__name__}: {line}"
    return None

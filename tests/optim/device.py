"""What must run on an accelerator: kexue_lib.optim."""

from __future__ import annotations

import torch

from kexue_lib import optim


def _matrix(device, *shape, dtype=torch.float32):
    return torch.empty(shape, dtype=dtype, device=device, requires_grad=True)


def _step(device, **options):
    params = [
        torch.nn.Parameter(torch.empty(4, 3, device=device)) for _ in range(2)
    ]
    for p in params:
        p.grad = torch.empty(4, 3, device=device)
    optim.Muon(params, **options).step()
    return params


CASES = {
    "msign ns bfloat16": lambda d: optim.msign(
        _matrix(d, 2, 4, 3), "ns", dtype=torch.bfloat16, check=False
    ),
    "Muon": _step,
    "Muon plain": lambda d: _step(
        d, nesterov=False, dtype=torch.float32, eps=1e-7
    ),
}

# The harness must catch these: the mistake, and a pattern of the message.
PLANTED = {
    "checked sign": (
        lambda d: optim.msign(_matrix(d, 4, 3)),
        "DataDependent",
    ),
}

"""What must run on an accelerator: kexue_lib.ssm."""

from __future__ import annotations

import torch

from kexue_lib import ssm

F64 = torch.float64


def _system(kind, device, *, grad=True):
    A, B = ssm.hippo(kind, 4, device=device)
    return (A.requires_grad_(), B.requires_grad_()) if grad else (A, B)


def _points(device, *shape):
    return torch.empty(shape, dtype=F64, device=device, requires_grad=True)


def _complex(device, *shape):
    return [
        torch.empty(
            shape, dtype=torch.complex128, device=device, requires_grad=True
        )
        for _ in range(4)
    ]


def _build(kind, **options):
    return lambda device: ssm.hippo(kind, 4, device=device, **options)


def _steps(kind, *sizes):
    def run(device):
        layer, state = kind(*sizes, device=device), None
        for _ in range(2):
            u = _points(device, 2, layer.width).float()
            y, state = layer.step(u, state)
        return y

    return run


# Beside what calls.py registers: other kinds, sizes and methods.
CASES = {
    **{f"hippo {kind}": _build(kind) for kind in ssm.KINDS},
    "hippo float32": _build("legt", window=0.3, dtype=torch.float32),
    "project": lambda d: ssm.project(
        torch.sin, 4, 0.0, 1.0, gauge="lmu", device=d
    ),
    "project fous": lambda d: ssm.project(
        torch.sin, 4, 0.0, 1.0, kind="fous", device=d
    ),
    "reconstruct number": lambda d: ssm.reconstruct(_points(d, 2, 4), 0.5),
    "dplr_legs complex64": lambda d: ssm.dplr_legs(
        5, pairs=True, dtype=torch.complex64, device=d
    ),
    "kernel_dplr in portions": lambda d: ssm.kernel_dplr(
        *_complex(d, 64), _points(d), 2**19, pairs=True, check=False
    ),
    "zoh complex": lambda d: ssm.zoh(*_system("fout", d), 0.1),
    "simulate log_time": lambda d: ssm.simulate(
        *_system("legs", d),
        torch.sin,
        1.0,
        2.0,
        steps=3,
        log_time=True,
        check=False,
    ),
    **{
        f"linear_scan {method}": lambda d, method=method: ssm.linear_scan(
            _points(d, 3), _points(d, 2, 5, 3), x0=_points(d, 3), method=method
        )
        for method in ssm.SCAN_METHODS
    },
    "linear_scan chunks": lambda d: ssm.linear_scan(
        _points(d, 20000, 3).to(torch.complex64),
        _points(d, 2, 20000, 3),
        gamma=_points(d, 3),
    ),
    "linear_scan time last": lambda d: ssm.linear_scan(
        _points(d, 3, 1), _points(d, 2, 3, 20000), dim=-1
    ),
    "layer in another dtype": lambda d: ssm.LRU(3, 4, device=d)(
        _points(d, 2, 200, 3).float()
    ),
    **{
        f"steps of {kind.__name__}": _steps(kind, *sizes)
        for kind, *sizes in (
            (ssm.LMU, 3, 4, 9),
            (ssm.LRU, 3, 4),
            (ssm.S4, 3, 4, 9),
            (ssm.S4D, 3, 4),
        )
    },
    **{
        f"legs_step {method}": lambda d, m=method: ssm.legs_step(
            _points(d, 2, 5), _points(d, 2), 3, m
        )
        for method in ssm.LEGS_METHODS
    },
    **{
        f"legs_run {method}": lambda d, m=method: ssm.legs_run(
            _points(d, 2, 7), 4, m
        )
        for method in ssm.LEGS_METHODS
    },
    "legs_propagator": lambda d: ssm.legs_propagator(0.3, 4, device=d),
}

# The harness must catch these: the mistake, and a pattern of the message.
PLANTED = {
    "index made on the CPU": (
        lambda d: _points(d, 3) * torch.arange(3),
        "DeviceMismatch",
    ),
    "branch on a value": (
        lambda d: _points(d, 3) * (2 if _points(d, 1).sum() > 0 else 1),
        "DataDependent",
    ),
    "item": (
        lambda d: torch.full((2,), _points(d, 1).sum().item(), device=d),
        "DataDependent",
    ),
    "result on the CPU": (
        lambda d: torch.ones(3),
        "a result is on cpu",
    ),
    "strict linear_scan": (
        lambda d: ssm.linear_scan(
            _points(d, 3), _points(d, 5, 3), strict=True
        ),
        "DataDependent",
    ),
    "checked regauge": (
        lambda d: ssm.regauge(*_system("legs", d), _points(d, 4)),
        "DataDependent",
    ),
}

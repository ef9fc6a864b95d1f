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


def _discretize(method):
    options = {"alpha": 0.3} if method == "gbt" else {}
    return lambda device: ssm.discretize(
        *_system("legt", device), _points(device, 3), method, **options
    )


CASES = {
    **{f"hippo {kind}": _build(kind) for kind in ssm.KINDS},
    "hippo float32": _build("legt", window=0.3, dtype=torch.float32),
    "hippo lmu": _build("legt", gauge="lmu"),
    "gauge_lambda": lambda d: ssm.gauge_lambda(4, "lmu", device=d),
    "regauge": lambda d: ssm.regauge(
        *_system("legs", d), _points(d, 4), check=False
    ),
    "legendre_basis": lambda d: ssm.legendre_basis(5, _points(d, 2, 3)),
    "fourier_basis": lambda d: ssm.fourier_basis(5, _points(d, 2, 3)),
    "laguerre_basis": lambda d: ssm.laguerre_basis(5, _points(d, 2, 3)),
    "project": lambda d: ssm.project(
        torch.sin, 4, 0.0, 1.0, gauge="lmu", device=d
    ),
    "project fous": lambda d: ssm.project(
        torch.sin, 4, 0.0, 1.0, kind="fous", device=d
    ),
    "reconstruct": lambda d: ssm.reconstruct(_points(d, 2, 4), _points(d, 3)),
    "reconstruct number": lambda d: ssm.reconstruct(_points(d, 2, 4), 0.5),
    "legt_delay": lambda d: ssm.legt_delay(_points(d, 2, 4), 0.5),
    "legt_delay tensor": lambda d: ssm.legt_delay(
        _points(d, 2, 4), _points(d, 3)
    ),
    **{
        f"discretize {method}": _discretize(method)
        for method in ("forward", "backward", "bilinear", "gbt", "zoh")
    },
    "dplr_legs": lambda d: ssm.dplr_legs(4, device=d),
    "dplr_legs complex64": lambda d: ssm.dplr_legs(
        5, pairs=True, dtype=torch.complex64, device=d
    ),
    "kernel_dplr": lambda d: ssm.kernel_dplr(
        *_complex(d, 4), 0.1, 8, check=False
    ),
    "kernel_dplr pairs": lambda d: ssm.kernel_dplr(
        *_complex(d, 2, 4), _points(d, 2), 9, pairs=True, check=False
    ),
    "kernel_dplr in portions": lambda d: ssm.kernel_dplr(
        *_complex(d, 64), _points(d), 2**19, pairs=True, check=False
    ),
    "kernel_naive": lambda d: ssm.kernel_naive(
        *_system("legs", d), _points(d, 4), 5
    ),
    "kernel_powers": lambda d: ssm.kernel_powers(
        *_system("legs", d), _points(d, 3, 4), 50
    ),
    "truncate_C": lambda d: ssm.truncate_C(
        _points(d, 4), _system("legs", d)[0], 8
    ),
    "untruncate_C": lambda d: ssm.untruncate_C(
        _points(d, 4), _system("legs", d)[0], 8
    ),
    "causal_conv": lambda d: ssm.causal_conv(_points(d, 2, 7), _points(d, 7)),
    "causal_conv complex": lambda d: ssm.causal_conv(
        _points(d, 2, 7), _complex(d, 7)[0]
    ),
    "dplr_step": lambda d: ssm.dplr_step(
        *_complex(d, 4)[:3], 0.1, _complex(d, 4)[0], _points(d, 3)
    ),
    "woodbury_diag_rank1": lambda d: ssm.woodbury_diag_rank1(
        *_complex(d, 4), check=False
    ),
    "resolvent_legs": lambda d: ssm.resolvent_legs(_complex(d, 3)[0], 4),
    "transfer_legs": lambda d: ssm.transfer_legs(_complex(d, 3)[0], 4),
    "zoh": lambda d: ssm.zoh(*_system("fout", d), 0.1),
    "zoh tensor": lambda d: ssm.zoh(*_system("legt", d), _points(d, 3)),
    "simulate_hold": lambda d: ssm.simulate_hold(
        *_system("fout", d), _points(d, 2, 5), 0.1, x0=_points(d, 9)
    ),
    "simulate": lambda d: ssm.simulate(
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
    "decay_powers": lambda d: ssm.decay_powers(_points(d, 3), 9),
    "lru_init": lambda d: ssm.lru_init(4, device=d),
    "lru_eigenvalues": lambda d: ssm.lru_eigenvalues(
        _points(d, 4), _points(d, 4)
    ),
    "lru_gain": lambda d: ssm.lru_gain(
        _points(d, 4), _points(d, 4), _points(d, 1), check=False
    ),
    "rwkv_mix": lambda d: ssm.rwkv_mix(
        _points(d, 2, 5, 3), _points(d, 5, 3), _points(d, 3), _points(d, 3)
    ),
    "rwkv_mix plain": lambda d: ssm.rwkv_mix(
        *(_points(d, 5, 3) for _ in range(2)),
        *(_points(d, 3) for _ in range(2)),
        stable=False,
    ),
    "LRU": lambda d: ssm.LRU(3, 4, device=d)(_points(d, 2, 200, 3).float()),
    "transfer": lambda d: ssm.transfer(
        *_system("legt", d), _points(d, 4), _points(d, 3)
    ),
    "legs_matvec": lambda d: ssm.legs_matvec(_points(d, 2, 5)),
    "legs_solve": lambda d: ssm.legs_solve(_points(d, 2, 5), 0.5),
    "legs_solve tensor": lambda d: ssm.legs_solve(
        _points(d, 2, 5), _points(d, 2), check=False
    ),
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
    "step_projection": lambda d: ssm.step_projection(_points(d, 2, 7), 4),
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

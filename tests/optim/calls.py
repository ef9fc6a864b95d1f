"""Everything public in kexue_lib.optim; see registration.py."""

from __future__ import annotations

import torch
from registration import Call
from samples import GAUGED, real

from kexue_lib import optim

_NS = {
    "method": "ns",
    "steps": 3,
    "coefficients": optim.JORDAN,
    "dtype": None,
}
_TALL, _WIDE = real(4, 3) - 0.5, real(3, 5) - 0.5
_SQUARE = real(3, 3, seed=4) @ real(3, 3, seed=4).T + torch.eye(
    3, dtype=torch.float64
)

REGISTERED = {
    optim: {
        "BestSteps": Call(
            {"coefficients": (), "intervals": (), "least": (), "error": ()},
            cannot=("call",),
        ),
        "Muon": Call(
            {
                "params": [torch.nn.Parameter(real(2, 3))],
                "lr": 0.1,
                "weight_decay": 0.1,
                "momentum": 0.9,
                "ns_coefficients": optim.JORDAN,
                "eps": 0.0,
                "ns_steps": 5,
                "adjust_lr_fn": "original",
                "dtype": torch.float64,
            },
            cannot=("tensor", "compile"),
        ),
        "best_steps": Call(
            {"lower": 0.01, "steps": 3}, cannot=("tensor", "compile")
        ),
        "dual_norm": Call(
            {"G": _TALL, "kind": "spectral", "p": None},
            grad=("G",),
            batch=("G",),
            variants={
                "frobenius": {"kind": "frobenius"},
                "max": {"kind": "max"},
                "power": {"kind": "power", "p": 3.0},
            },
        ),
        "fit_ns": Call(
            {"n": 64, "m": 48, "steps": 2, "count": 50},
            cannot=("tensor", "compile"),
        ),
        "mp_nodes": Call({"n": 8, "m": 6, "count": 9, **GAUGED}),
        "msign": Call(
            {"M": _TALL, **_NS, "method": "svd"},
            grad=("M",),
            batch=("M",),
            variants={
                "wide": {"M": _WIDE},
                "ns": Call({"M": _TALL, **_NS}, grad=("M",), batch=("M",)),
                "ns wide": Call(
                    {"M": _WIDE, **_NS}, grad=("M",), batch=("M",)
                ),
            },
        ),
        "ns_coeffs": Call(
            {"kappa": 1.0, "x1": 0.9, "x2": 1.1},
            cannot=("tensor", "compile"),
        ),
        "ns_loss": Call(
            {
                "n": 8,
                "m": 6,
                "coefficients": optim.JORDAN,
                "steps": 3,
                "count": 9,
            },
            cannot=("tensor", "compile"),
        ),
        "ns_poly": Call(
            {"x": real(3), "coefficients": optim.JORDAN},
            grad=("x",),
            batch=("x",),
        ),
        "shampoo_update": Call(
            {"G": _WIDE[:, :3], "L": _SQUARE, "R": _SQUARE + 1},
            batch=("G",),
            variants={"no memory": {"L": None, "R": None}},
        ),
        "singular_bounds": Call(
            {
                "lower": 0.01,
                "coefficients": optim.JORDAN,
                "steps": 3,
                "upper": 1.0,
            },
            cannot=("tensor", "compile"),
        ),
        "steepest": Call(
            {"G": _TALL, "kind": "spectral", "eta": 0.1, "p": None},
            batch=("G",),
            variants={
                "frobenius": {"kind": "frobenius"},
                "max": {"kind": "max"},
                "power": {"kind": "power", "p": 3.0},
            },
        ),
    },
}

"""Everything public in kexue_lib.ssm; see registration.py."""

from __future__ import annotations

from typing import Any

import sympy
import torch
from registration import Call
from samples import CPU, GAUGED, MADE, real, waves

from kexue_lib import ssm

A, B = ssm.hippo("legt", 4, device=CPU)
DPLR = {"Lambda": -waves(3), "p": waves(3), "b": waves(3)}
SYSTEM = {"Ab": A / 9, "Bb": B}
# Its values are read: they are checked, or the CPU needs them.
READS = ("vmap", "compile", "device")
EXACT = ("tensor", "compile")

# A layer of sequences (..., L, width), linear in them.
LAYER: dict[str, Any] = {
    "inputs": {"u": real(6, 3)},
    "grad": ("u",),
    "batch": ("u",),
    "time": {"u": -2},
    "out_time": -2,
    "linear": ("u",),
}

REGISTERED = {
    ssm: {
        "DPLR": Call({}, cannot=("call",)),
        "HippoEntry": Call({}, cannot=("call",)),
        "LMU": Call(
            {"width": 3, "state": 4, "length": 90, "window": 5.0, **MADE},
            **LAYER,
        ),
        "S4": Call(
            {
                "width": 3,
                "state": 4,
                "length": 90,
                "dt_min": 0.1,
                "dt_max": 0.5,
                **MADE,
            },
            **LAYER,
        ),
        "S4D": Call(
            {
                "width": 3,
                "state": 4,
                "dt_min": 0.1,
                "dt_max": 0.5,
                **MADE,
            },
            **LAYER,
        ),
        "S4State": Call({}, cannot=("call",)),
        "LRU": Call(
            {
                "width": 3,
                "state": 4,
                "r_min": 0.5,
                "r_max": 0.9,
                "max_phase": 1.0,
                **MADE,
            },
            **LAYER | {"grad": ("u", "x0"), "linear": ("u", "x0")},
            variants={"from a state": {"x0": waves(4)}},
            autocast=2e-2,
        ),
        "causal_conv": Call(
            {"u": real(2, 5), "K": real(5)},
            grad=("u", "K"),
            batch=("u",),
            time={"u": -1, "K": -1},
            out_time=-1,
            linear=("u",),
            variants={"complex": {"u": waves(2, 5)}},
        ),
        "decay_powers": Call(
            {"lam": real(3), "L": 4},
            grad=("lam",),
            batch=("lam",),
            axis=1,
            variants={"complex": {"lam": waves(3)}},
        ),
        "discretize": Call(
            {"A": A, "B": B, "dt": 0.1, "method": "gbt", "alpha": 0.3},
            grad=("A", "B", "dt"),
            batch=("A", "B", "dt"),
            variants={
                "backward": {"method": "backward", "alpha": None},
                "forward": {"method": "forward", "alpha": None},
                "tensor step": {"dt": real()},
                "zoh": {"method": "zoh", "alpha": None},
            },
        ),
        "dplr_legs": Call(
            {
                "N": 4,
                "pairs": True,
                "dtype": torch.complex128,
                "device": CPU,
            },
        ),
        "dplr_step": Call(
            {**DPLR, "eps": 0.1, "x": waves(3), "u": real()},
            grad=("Lambda", "p", "b", "eps", "x", "u"),
            batch=("Lambda", "p", "b", "x", "u"),
            linear=("x", "u"),
            variants={"tensor step": {"eps": real()}},
        ),
        "fourier_basis": Call(
            {"N": 3, "s": real(5)},
            grad=("s",),
            batch=("s",),
            axis=1,
        ),
        "fout_echo": Call(
            {"beta": real(2), "count": 3},
            grad=("beta",),
            batch=("beta",),
            cannot=READS,
        ),
        "gauge_lambda": Call({"N": 3, "gauge": "lmu", **GAUGED}),
        "hippo": Call(
            {
                "kind": "legt",
                "N": 3,
                "gauge": "lmu",
                "window": 0.5,
                "beta": 1.0,
                **GAUGED,
            },
            grad=("window", "beta"),
            batch=("window", "beta"),
            cannot=(*READS, "single"),
            variants={
                "tensor window": {"window": real()},
                "tensor beta": {
                    "kind": "fout",
                    "gauge": "ortho",
                    "beta": real(),
                    "dtype": torch.complex128,
                },
            },
        ),
        "hippo_entry": Call({"kind": "legt", "gauge": "ortho"}, cannot=EXACT),
        "hippo_sym": Call(
            {
                "kind": "fout",
                "N": 2,
                "gauge": "ortho",
                "window": sympy.Integer(1),
                "beta": sympy.Integer(2),
            },
            cannot=EXACT,
        ),
        "kernel_dplr": Call(
            {**DPLR, "c_tilde": waves(3), "eps": 0.1, "L": 6},
            grad=("Lambda", "p", "b", "c_tilde", "eps"),
            batch=("Lambda", "p", "b", "c_tilde", "eps"),
            linear=("c_tilde",),
            variants={
                "pairs": {"pairs": True},
                "tensor step": {"eps": real()},
            },
        ),
        "kernel_naive": Call(
            {**SYSTEM, "C": real(4), "L": 5},
            grad=("Ab", "Bb", "C"),
            batch=("Ab", "Bb", "C"),
            linear=("C",),
        ),
        "kernel_powers": Call(
            {**SYSTEM, "C": real(4), "L": 5},
            grad=("Ab", "Bb", "C"),
            batch=("Ab", "Bb", "C"),
            linear=("C",),
        ),
        "laguerre_basis": Call(
            {"N": 3, "tau": real(5)},
            grad=("tau",),
            batch=("tau",),
            axis=1,
        ),
        "legendre_basis": Call(
            {"N": 3, "s": real(5), "gauge": "lmu"},
            grad=("s",),
            batch=("s",),
            axis=1,
            variants={"complex": {"s": waves(5)}},
        ),
        "legs_eigvecs_sym": Call({"N": 3}, cannot=EXACT),
        "legs_matvec": Call(
            {"x": real(2, 4)},
            grad=("x",),
            batch=("x",),
            linear=("x",),
            variants={"complex": {"x": waves(2, 4)}},
        ),
        "legs_propagator": Call(
            {"rho": 0.3, "N": 4, **GAUGED},
            grad=("rho",),
            batch=("rho",),
            cannot=(*READS, "single"),
            variants={"tensor": {"rho": real()}},
        ),
        "legs_propagator_sym": Call(
            {"N": 3, "rho": sympy.Rational(1, 3)}, cannot=EXACT
        ),
        "legs_run": Call(
            {"u": real(2, 6), "N": 4, "method": "bilinear"},
            grad=("u",),
            batch=("u",),
            time={"u": -1},
            linear=("u",),
            variants={
                "complex": {"u": waves(2, 6)},
                "exact": {"method": "exact"},
            },
        ),
        "legs_solve": Call(
            {"b": real(2, 4), "lam": 0.3},
            grad=("b", "lam"),
            batch=("b",),
            linear=("b",),
            variants={"tensor": {"lam": real(2)}},
        ),
        "legs_step": Call(
            {"x": real(2, 4), "u": real(2), "k": 3, "method": "bilinear"},
            grad=("x", "u"),
            batch=("x", "u"),
            linear=("x", "u"),
            variants={
                "exact": Call(
                    {
                        "x": real(2, 4),
                        "u": real(2),
                        "k": 3,
                        "method": "exact",
                    },
                    grad=("x", "u"),
                    batch=("x", "u"),
                    linear=("x", "u"),
                    cannot=("compile",),
                )
            },
        ),
        "legt_delay": Call(
            {
                "c": real(2, 4),
                "delay": 0.2,
                "window": 0.5,
                "gauge": "lmu",
            },
            grad=("c", "delay"),
            batch=("c",),
            linear=("c",),
            variants={"tensor": {"delay": real() / 2}},
        ),
        "linear_scan": Call(
            {
                "lam": real(3),
                "u": real(2, 5, 3),
                "gamma": real(3),
                "x0": real(2, 3),
                "method": "chunked",
                "dim": -2,
            },
            grad=("lam", "u", "gamma", "x0"),
            batch=("u", "x0"),
            time={"u": -2},
            out_time=-2,
            linear=("u", "x0"),
            variants={
                "complex": {"lam": waves(3), "u": waves(2, 5, 3)},
                "long": {"u": real(2, 130, 3)},
                "varying": Call(
                    {
                        "lam": real(5, 3),
                        "u": waves(2, 5, 3),
                        "method": "odd_even",
                    },
                    grad=("lam", "u"),
                    batch=("u",),
                    time={"u": -2, "lam": -2},
                    out_time=-2,
                    linear=("u",),
                ),
                "time last": Call(
                    {"lam": real(1, 1), "u": real(2, 3, 130), "dim": -1},
                    grad=("lam", "u"),
                    batch=("u",),
                    linear=("u",),
                    time={"u": -1},
                ),
            },
        ),
        "lru_eigenvalues": Call(
            {"nu_log": real(3), "theta_log": real(3)},
            grad=("nu_log", "theta_log"),
            batch=("nu_log", "theta_log"),
        ),
        "lru_gain": Call(
            {"r": real(3), "theta": real(3), "phi": real(3)},
            grad=("r", "theta", "phi"),
            batch=("r", "theta", "phi"),
        ),
        "lru_init": Call(
            {
                "d": 3,
                "r_min": 0.5,
                "r_max": 0.9,
                "max_phase": 1.0,
                **MADE,
            },
        ),
        "project": Call(
            {
                "f": torch.sin,
                "N": 3,
                "a": 0.0,
                "b": 1 + real(),
                "kind": "legs",
                "gauge": "lmu",
                "quad": 20,
                **GAUGED,
            },
            grad=("b",),
            batch=("b",),
            cannot=(*READS, "single"),
        ),
        "reconstruct": Call(
            {
                "c": real(2, 4),
                "s": real(3),
                "kind": "legt",
                "gauge": "lmu",
            },
            grad=("c", "s"),
            batch=("c",),
            linear=("c",),
        ),
        "regauge": Call(
            {"A": A, "B": B, "lam": real(4)},
            grad=("A", "B", "lam"),
            batch=("A", "B", "lam"),
            linear=("A", "B"),
        ),
        "resolvent_legs": Call(
            {"s": waves(3), "N": 3},
            grad=("s",),
            batch=("s",),
            variants={"real": {"s": real(3)}},
        ),
        "rwkv_mix": Call(
            {
                "k": real(5, 3),
                "v": real(5, 3),
                "lam": real(3),
                "gamma": real(3),
                "dim": -2,
            },
            grad=("k", "v", "lam", "gamma"),
            batch=("k", "v"),
            time={"v": -2, "k": -2},
            out_time=-2,
            linear=("v",),
            variants={"plain": {"stable": False}},
        ),
        "scan_combine": Call(
            {
                "first": (real(3), real(3)),
                "second": (real(3), real(3)),
            },
            cannot=("refuse",),
        ),
        "simulate": Call(
            {
                "A": A,
                "B": B,
                "u": torch.sin,
                "t0": 0.5,
                "t1": 1.0,
                "x0": real(4),
                "steps": 3,
            },
            grad=("A", "B", "x0"),
            batch=("A", "B", "x0"),
        ),
        "simulate_hold": Call(
            {"A": A, "B": B, "u": real(2, 5), "dt": 0.1, "x0": real(2, 4)},
            grad=("A", "B", "u", "x0"),
            batch=("u", "x0"),
            time={"u": -1},
            out_time=-2,
            linear=("u", "x0"),
            cannot=("lengths",),
        ),
        "step_projection": Call(
            {"u": real(2, 6), "N": 3},
            grad=("u",),
            batch=("u",),
            time={"u": -1},
            linear=("u",),
        ),
        "tone_energy": Call(
            {"N": 3, "kappa": real(2)},
            grad=("kappa",),
            batch=("kappa",),
            cannot=(*READS, "single"),
        ),
        "transfer": Call(
            {"A": A, "B": B, "C": real(4), "s": waves()},
            grad=("A", "B", "C", "s"),
            batch=("A", "B", "C", "s"),
            linear=("C",),
            variants={
                "points": {
                    "A": A[None],
                    "B": B[None],
                    "C": real(1, 4),
                    "s": waves(3),
                }
            },
        ),
        "transfer_legs": Call(
            {"s": waves(3), "N": 3},
            grad=("s",),
            batch=("s",),
        ),
        "transport_sym": Call({"kind": "legt", "N": 3}, cannot=EXACT),
        "truncate_C": Call(
            {"C": real(4), "Ab": A / 9, "L": 3},
            grad=("C", "Ab"),
            batch=("C", "Ab"),
            linear=("C",),
        ),
        "untruncate_C": Call(
            {"c_tilde": real(4), "Ab": A / 9, "L": 3},
            grad=("c_tilde", "Ab"),
            batch=("c_tilde", "Ab"),
            linear=("c_tilde",),
        ),
        "woodbury_diag_rank1": Call(
            {
                "d": waves(3),
                "u": waves(3),
                "v": waves(3),
                "rhs": waves(3),
            },
            grad=("d", "u", "v", "rhs"),
            batch=("d", "u", "v", "rhs"),
            linear=("rhs",),
        ),
        "zoh": Call(
            {"A": A, "B": B, "dt": 0.1},
            grad=("A", "B", "dt"),
            batch=("A", "B"),
            variants={"tensor step": {"dt": real()}},
        ),
    },
}

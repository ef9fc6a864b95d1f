"""One valid call of everything public in kexue_lib.ssm."""

from __future__ import annotations

import sympy
import torch
from samples import CPU, GAUGED, MADE, real, waves

from kexue_lib import ssm

A, B = ssm.hippo("legt", 4, device=CPU)
DPLR = {"Lambda": -waves(3), "p": waves(3), "b": waves(3)}

CALLS = {
    ssm: {
        "LRU": {
            "width": 3,
            "state": 4,
            "r_min": 0.5,
            "r_max": 0.9,
            "max_phase": 1.0,
            **MADE,
        },
        "causal_conv": {"u": real(2, 5), "K": real(5)},
        "decay_powers": {"lam": real(3), "L": 4},
        "discretize": {
            "A": A,
            "B": B,
            "dt": 0.1,
            "method": "gbt",
            "alpha": 0.3,
        },
        "dplr_legs": {
            "N": 4,
            "pairs": True,
            "dtype": torch.complex128,
            "device": CPU,
        },
        "dplr_step": {**DPLR, "eps": 0.1, "x": waves(3), "u": real()},
        "fourier_basis": {"N": 3, "s": real(5)},
        "fout_echo": {"beta": real(2), "count": 3},
        "gauge_lambda": {"N": 3, "gauge": "lmu", **GAUGED},
        "hippo": {
            "kind": "legt",
            "N": 3,
            "gauge": "lmu",
            "window": 0.5,
            "beta": 1.0,
            **GAUGED,
        },
        "hippo_entry": {"kind": "legt", "gauge": "ortho"},
        "hippo_sym": {
            "kind": "fout",
            "N": 2,
            "gauge": "ortho",
            "window": sympy.Integer(1),
            "beta": sympy.Integer(2),
        },
        "kernel_dplr": {**DPLR, "c_tilde": waves(3), "eps": 0.1, "L": 6},
        "kernel_naive": {"Ab": A / 9, "Bb": B, "C": real(4), "L": 5},
        "kernel_powers": {"Ab": A / 9, "Bb": B, "C": real(4), "L": 5},
        "laguerre_basis": {"N": 3, "tau": real(5)},
        "legendre_basis": {"N": 3, "s": real(5), "gauge": "lmu"},
        "legs_eigvecs_sym": {"N": 3},
        "legs_matvec": {"x": real(2, 4)},
        "legs_propagator": {"rho": 0.3, "N": 4, **GAUGED},
        "legs_propagator_sym": {"N": 3, "rho": sympy.Rational(1, 3)},
        "legs_run": {"u": real(2, 6), "N": 4, "method": "bilinear"},
        "legs_solve": {"b": real(2, 4), "lam": 0.3},
        "legs_step": {
            "x": real(2, 4),
            "u": real(2),
            "k": 3,
            "method": "exact",
        },
        "legt_delay": {
            "c": real(2, 4),
            "delay": 0.2,
            "window": 0.5,
            "gauge": "lmu",
        },
        "linear_scan": {
            "lam": real(3),
            "u": real(2, 5, 3),
            "gamma": real(3),
            "x0": real(3),
            "method": "chunked",
            "dim": -2,
        },
        "lru_eigenvalues": {"nu_log": real(3), "theta_log": real(3)},
        "lru_gain": {"r": real(3), "theta": real(3), "phi": real(3)},
        "lru_init": {
            "d": 3,
            "r_min": 0.5,
            "r_max": 0.9,
            "max_phase": 1.0,
            **MADE,
        },
        "project": {
            "f": torch.sin,
            "N": 3,
            "a": 0.0,
            "b": real(),
            "kind": "legs",
            "gauge": "lmu",
            "quad": 20,
            **GAUGED,
        },
        "reconstruct": {
            "c": real(2, 4),
            "s": real(3),
            "kind": "legt",
            "gauge": "lmu",
        },
        "regauge": {"A": A, "B": B, "lam": real(4)},
        "resolvent_legs": {"s": waves(3), "N": 3},
        "rwkv_mix": {
            "k": real(5, 3),
            "v": real(5, 3),
            "lam": real(3),
            "gamma": real(3),
            "dim": -2,
        },
        "simulate": {
            "A": A,
            "B": B,
            "u": torch.sin,
            "t0": 0.5,
            "t1": 1.0,
            "x0": real(4),
            "steps": 3,
        },
        "simulate_hold": {
            "A": A,
            "B": B,
            "u": real(2, 5),
            "dt": 0.1,
            "x0": real(4),
        },
        "step_projection": {"u": real(2, 6), "N": 3},
        "tone_energy": {"N": 3, "kappa": real(2)},
        "transfer": {"A": A, "B": B, "C": real(4), "s": waves(3)},
        "transfer_legs": {"s": waves(3), "N": 3},
        "transport_sym": {"kind": "legt", "N": 3},
        "truncate_C": {"C": real(4), "Ab": A / 9, "L": 3},
        "untruncate_C": {"c_tilde": real(4), "Ab": A / 9, "L": 3},
        "woodbury_diag_rank1": {
            "d": waves(3),
            "u": waves(3),
            "v": waves(3),
            "rhs": waves(3),
        },
        "zoh": {"A": A, "B": B, "dt": 0.1},
    },
}
# Their results hold no tensors.
TENSORLESS = {
    "hippo_entry",
    "hippo_sym",
    "legs_eigvecs_sym",
    "legs_propagator_sym",
    "transport_sym",
}
# Nothing to refuse: pairs of anything that multiplies, SymPy expressions
# too; and records, which the library fills.
UNCALLED = {"DPLR", "HippoEntry", "scan_combine"}

"""Everything public in kexue_lib.attention; see registration.py."""

from __future__ import annotations

import torch
from registration import Call
from samples import CPU, MADE, real

from kexue_lib import attention

REGISTERED = {
    attention: {
        "entropy": Call({"logits": real(2, 5), "dim": -1}),
        "entropy_invariant_attention": Call(
            {
                "query": real(2, 5, 4),
                "key": real(2, 6, 4),
                "value": real(2, 6, 3),
                "attn_mask": real(5, 6),
                "base": 64.0,
                "clip_min": 1.0,
            }
        ),
        "entropy_invariant_scale": Call(
            {
                "n": torch.tensor([3, 9], device=CPU),
                "d": 4,
                "base": 64.0,
                "clip_min": 1.0,
            }
        ),
        "gaussian_entropy": Call({"lam": real(3), "n": 64, "sigma": 0.5}),
        "jl_dim": Call(
            {
                "N": 50,
                "eps": 0.3,
                "rule": "exact",
                "delta": 0.1,
            },
            cannot=("tensor", "compile"),
        ),
        "jl_matrix": Call({"n": 3, "m": 5, **MADE}),
        "norm_tail": Call({"n": 16, "eps": real(3)}),
        "norm_tail_bound": Call({"n": 16, "eps": real(3), "kind": "chernoff"}),
        "pair_distortion": Call({"X": real(4, 6), "Y": real(4, 3)}),
        "planted_entropy": Call({"lam": real(3), "n": 64, "k": 2, "gap": 1.0}),
        "scale_for_entropy": Call(
            {
                "scores": real(2, 9),
                "target": 2.0,
                "dim": -1,
                "steps": 20,
            }
        ),
        "sphere_entropy": Call({"lam": real(3), "n": 64, "d": 8, "order": 2}),
        "sphere_entropy_drop": Call({"d": 8, "lam": real(3)}),
        "sphere_log_mgf": Call({"x": real(3), "d": 8}),
        "sphere_mean_cos": Call({"x": real(3), "d": 8}),
    },
}

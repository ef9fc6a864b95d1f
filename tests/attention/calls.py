"""One valid call of everything public in kexue_lib.attention."""

from __future__ import annotations

import torch
from samples import CPU, MADE, real

from kexue_lib import attention

CALLS = {
    attention: {
        "entropy": {"logits": real(2, 5), "dim": -1},
        "entropy_invariant_attention": {
            "query": real(2, 5, 4),
            "key": real(2, 6, 4),
            "value": real(2, 6, 3),
            "attn_mask": real(5, 6),
            "base": 64.0,
            "clip_min": 1.0,
        },
        "entropy_invariant_scale": {
            "n": torch.tensor([3, 9], device=CPU),
            "d": 4,
            "base": 64.0,
            "clip_min": 1.0,
        },
        "gaussian_entropy": {"lam": real(3), "n": 64, "sigma": 0.5},
        "jl_dim": {
            "N": 50,
            "eps": 0.3,
            "rule": "exact",
            "delta": 0.1,
        },
        "jl_matrix": {"n": 3, "m": 5, **MADE},
        "norm_tail": {"n": 16, "eps": real(3)},
        "norm_tail_bound": {"n": 16, "eps": real(3), "kind": "chernoff"},
        "pair_distortion": {"X": real(4, 6), "Y": real(4, 3)},
        "planted_entropy": {"lam": real(3), "n": 64, "k": 2, "gap": 1.0},
        "scale_for_entropy": {
            "scores": real(2, 9),
            "target": 2.0,
            "dim": -1,
            "steps": 20,
        },
        "sphere_entropy": {"lam": real(3), "n": 64, "d": 8, "order": 2},
        "sphere_entropy_drop": {"d": 8, "lam": real(3)},
        "sphere_log_mgf": {"x": real(3), "d": 8},
        "sphere_mean_cos": {"x": real(3), "d": 8},
    },
}
# Their results hold no tensors.
TENSORLESS = {"jl_dim"}

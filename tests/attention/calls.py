"""Everything public in kexue_lib.attention; see registration.py."""

from __future__ import annotations

import torch
from registration import Call
from samples import CPU, MADE, real

from kexue_lib import attention

REGISTERED = {
    attention: {
        "RandomProjection": Call(
            {
                "n_components": 2,
                "eps": 0.3,
                "rule": "exact",
                "delta": None,
                "random_state": 1,
            },
            # As in scikit-learn, fit looks at the constructor's arguments.
            cannot=("call",),
        ),
        "entropy": Call(
            {"logits": real(2, 5), "dim": -1},
            grad=("logits",),
            batch=("logits",),
            variants={"another axis": {"dim": -2}},
        ),
        "entropy_invariant_attention": Call(
            {
                "query": real(2, 5, 4),
                "key": real(2, 6, 4, seed=1),
                "value": real(2, 6, 3, seed=2),
                "attn_mask": real(5, 6),
                "dropout_p": 0.0,
                "scale": 0.5,
                "base": 64.0,
                "clip_min": 0.5,
            },
            grad=("query", "key", "value"),
            batch=("query", "key", "value"),
            variants={
                "all keys": {"attn_mask": None, "scale": None},
                "causal": {"attn_mask": None, "is_causal": True},
                "boolean": {"attn_mask": real(2, 5, 6) > 0.4},
                "one key axis": {"attn_mask": real(2, 5, 1) > 0.2},
            },
            # A user asks for it by autocast, as of torch's own.
            autocast=2e-2,
            cannot=("second", "forward"),
        ),
        "entropy_invariant_scale": Call(
            {
                "n": torch.tensor([3, 9], device=CPU),
                "d": 4,
                "base": 64.0,
                "clip_min": 1.0,
                "dtype": torch.float64,
            }
        ),
        "gaussian_entropy": Call(
            {"lam": real(3), "n": 64, "sigma": 0.5},
            grad=("lam",),
            batch=("lam",),
        ),
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
        "norm_tail": Call(
            {"n": 16, "eps": real(3)},
            grad=("eps",),
            batch=("eps",),
            cannot=("forward",),  # nor can torch's incomplete gamma functions
        ),
        "norm_tail_bound": Call(
            {"n": 16, "eps": real(3), "kind": "chernoff"},
            grad=("eps",),
            batch=("eps",),
            variants={"lemma": {"kind": "lemma"}},
        ),
        "pair_distortion": Call(
            {"X": real(4, 6), "Y": real(4, 3, seed=1)},
            grad=("X", "Y"),
            batch=("X", "Y"),
        ),
        "planted_entropy": Call(
            {"lam": real(3), "n": 64, "k": 2, "gap": 1.0},
            grad=("lam",),
            batch=("lam",),
        ),
        "scale_for_entropy": Call(
            {
                "scores": real(2, 9),
                "target": 2.0,
                "dim": -1,
                "steps": 20,
            },
            grad=("scores",),
            batch=("scores",),
            variants={"a tensor as target": {"target": 1.5 + real(2) / 3}},
        ),
        "sphere_entropy": Call(
            {"lam": real(3), "n": 64, "d": 8, "order": 2},
            grad=("lam",),
            batch=("lam",),
            variants={"exact": {"order": None}, "first": {"order": 1}},
        ),
        "sphere_entropy_drop": Call(
            {"d": 8, "lam": real(3)}, grad=("lam",), batch=("lam",)
        ),
        "sphere_log_mgf": Call(
            {"x": real(3), "d": 8}, grad=("x",), batch=("x",)
        ),
        "sphere_mean_cos": Call(
            {"x": real(3), "d": 8}, grad=("x",), batch=("x",)
        ),
    },
}

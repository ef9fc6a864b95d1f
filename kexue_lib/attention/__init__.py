"""Attention and softmax: what scores, scales and dimensions do."""

from kexue_lib.attention.entropy import (
    entropy,
    entropy_invariant_attention,
    entropy_invariant_scale,
    gaussian_entropy,
    planted_entropy,
    scale_for_entropy,
    sphere_entropy,
)
from kexue_lib.attention.projection import (
    BOUNDS,
    RULES,
    Bound,
    RandomProjection,
    Rule,
    jl_dim,
    jl_matrix,
    norm_tail,
    norm_tail_bound,
    pair_distortion,
)
from kexue_lib.attention.sphere import (
    sphere_entropy_drop,
    sphere_log_mgf,
    sphere_mean_cos,
)

__all__ = [
    "BOUNDS",
    "RULES",
    "Bound",
    "RandomProjection",
    "Rule",
    "entropy",
    "entropy_invariant_attention",
    "entropy_invariant_scale",
    "gaussian_entropy",
    "jl_dim",
    "jl_matrix",
    "norm_tail",
    "norm_tail_bound",
    "pair_distortion",
    "planted_entropy",
    "scale_for_entropy",
    "sphere_entropy",
    "sphere_entropy_drop",
    "sphere_log_mgf",
    "sphere_mean_cos",
]

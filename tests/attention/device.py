"""What must run on an accelerator: kexue_lib.attention."""

from __future__ import annotations

import torch
from seeds import torch_rng

from kexue_lib import attention as att

F64 = torch.float64


def _points(device, *shape, dtype=F64):
    return torch.empty(shape, dtype=dtype, device=device, requires_grad=True)


def _lengths(device):
    return torch.ones(3, dtype=torch.int64, device=device)


def _qkv(device):
    return [_points(device, 2, 5, 4, dtype=torch.float32) for _ in range(3)]


CASES = {
    "jl_matrix": lambda d: att.jl_matrix(3, 4, device=d),
    "jl_matrix float32 seeded": lambda d: att.jl_matrix(
        3,
        4,
        generator=torch_rng(),
        dtype=torch.float32,
        device=d,
    ),
    "norm_tail": lambda d: att.norm_tail(
        _lengths(d), _points(d, 2, 1), check=False
    ),
    "norm_tail number": lambda d: att.norm_tail(7, _points(d, 2), check=False),
    "norm_tail_bound": lambda d: att.norm_tail_bound(
        _lengths(d), _points(d, 2, 1), check=False
    ),
    "pair_distortion": lambda d: att.pair_distortion(
        _points(d, 2, 5, 4), _points(d, 2, 5, 3), check=False
    ),
    "sphere_log_mgf": lambda d: att.sphere_log_mgf(
        _points(d, 3), 8, check=False
    ),
    "sphere_mean_cos": lambda d: att.sphere_mean_cos(
        _points(d, 3), _points(d, 2, 1), check=False
    ),
    "sphere_entropy_drop": lambda d: att.sphere_entropy_drop(
        _points(d, 3), 0.5, check=False
    ),
    "entropy": lambda d: att.entropy(_points(d, 2, 5)),
    "entropy bfloat16": lambda d: att.entropy(
        _points(d, 2, 5, dtype=torch.bfloat16), 0
    ),
    "scale_for_entropy": lambda d: att.scale_for_entropy(
        _points(d, 2, 5), _points(d, 2), steps=3, check=False
    ),
    "entropy_invariant_scale": lambda d: att.entropy_invariant_scale(
        _lengths(d), 64, clip_min=1, check=False
    ),
    "attention": lambda d: att.entropy_invariant_attention(*_qkv(d)),
    "attention causal": lambda d: att.entropy_invariant_attention(
        *_qkv(d), is_causal=True, clip_min=1
    ),
    "attention mask": lambda d: att.entropy_invariant_attention(
        *_qkv(d), torch.ones(5, 5, dtype=torch.bool, device=d)
    ),
    "planted_entropy": lambda d: att.planted_entropy(
        _points(d, 3), _points(d, 2, 1), 8, 1.0, check=False
    ),
    "gaussian_entropy": lambda d: att.gaussian_entropy(
        _points(d, 3), 512, check=False
    ),
    "sphere_entropy": lambda d: att.sphere_entropy(
        _points(d, 3), 512, 64, check=False
    ),
    "sphere_entropy exact": lambda d: att.sphere_entropy(
        _points(d, 3), 512, 64, None, check=False
    ),
}

# The harness must catch these: the mistake, and a pattern of the message.
PLANTED = {
    "checked distortion": (
        lambda d: att.pair_distortion(_points(d, 5, 4), _points(d, 5, 3)),
        "DataDependent",
    ),
    "checked tail": (
        lambda d: att.norm_tail(7, _points(d, 2)),
        "DataDependent",
    ),
    "checked lengths": (
        lambda d: att.entropy_invariant_scale(_lengths(d), 64),
        "DataDependent",
    ),
    "lengths on the CPU": (
        lambda d: (
            _points(d, 3)
            * att.entropy_invariant_scale(
                torch.ones(3, dtype=torch.int64), 64, check=False
            )
        ),
        "DeviceMismatch",
    ),
}

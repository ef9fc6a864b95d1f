"""Attention and softmax: what scores, scales and dimensions do.

- ``sphere``: random directions, their inner products and the entropy of a
  softmax over them.
"""

from kexue_lib.attention.sphere import (
    sphere_entropy_drop,
    sphere_log_mgf,
    sphere_mean_cos,
)

__all__ = [
    "sphere_entropy_drop",
    "sphere_log_mgf",
    "sphere_mean_cos",
]

"""Optimisers: the matrix sign, its iterations, and Muon."""

from kexue_lib.optim.coefficients import (
    BestSteps,
    best_steps,
    fit_ns,
    mp_nodes,
    ns_coeffs,
    ns_loss,
)
from kexue_lib.optim.msign import (
    JORDAN,
    TAYLOR,
    msign,
    ns_poly,
    singular_bounds,
)
from kexue_lib.optim.muon import Muon
from kexue_lib.optim.norms import dual_norm, shampoo_update, steepest

__all__ = [
    "JORDAN",
    "TAYLOR",
    "BestSteps",
    "Muon",
    "best_steps",
    "dual_norm",
    "fit_ns",
    "mp_nodes",
    "msign",
    "ns_coeffs",
    "ns_loss",
    "ns_poly",
    "shampoo_update",
    "singular_bounds",
    "steepest",
]

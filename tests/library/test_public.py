"""What every public function keeps: its arguments named, its device given.

One valid call of each; a new public function has to be added here.
"""

from __future__ import annotations

import inspect
import re
import types
from typing import Any

import pytest
import sympy
import torch
from seeds import torch_rng

from kexue_lib import attention, ssm
from kexue_lib.density import fourier

CPU = torch.device("cpu")
SYMBOLIC = {
    "legs_eigvecs_sym",
    "legs_propagator_sym",
    "hippo_sym",
    "hippo_entry",
    "transport_sym",
}
FLAGS = {"check", "pairs", "strict", "stable", "log_time", "normalised"}
ANY = {
    # Pairs of anything that multiplies: SymPy expressions too.
    (ssm, "scan_combine"),
    # Records, filled by the library.
    (ssm, "DPLR"),
    (ssm, "HippoEntry"),
}


def real(*shape: int, seed: int = 0) -> torch.Tensor:
    generator = torch_rng(seed)
    x = torch.rand(shape, generator=generator, dtype=torch.float64, device=CPU)
    return 0.1 + 0.8 * x


def waves(*shape: int) -> torch.Tensor:
    return torch.complex(real(*shape), real(*shape, seed=1))


A, B = ssm.hippo("legt", 4, device=CPU)
POLES = [waves(3) * torch.tensor(-1.0, device=CPU) for _ in range(1)]
DPLR = {"Lambda": POLES[0], "p": waves(3), "b": waves(3)}
GAUGED = {"dtype": torch.float64, "device": CPU}
MADE = {"generator": torch_rng(), **GAUGED}

CALLS: dict[Any, dict[str, dict[str, Any]]] = {
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
    fourier: {
        "FourierDensity": {"a": waves(4)},
        "autocorrelation": {"a": waves(4)},
        "empirical_characteristic": {
            "x": real(9),
            "N": 3,
            "weights": torch.full((9,), 1 / 9, dtype=torch.float64),
        },
        "fejer_weights": {"N": 3, **GAUGED},
        "fit": {
            "x": real(30),
            "N": 2,
            "weights": torch.full((30,), 1 / 30, dtype=torch.float64),
            "method": "newton",
            "scales": (1.0, 2.0),
            "init": waves(3),
            "generator": torch_rng(),
            "tol": 1e-6,
            "max_steps": 50,
        },
        "fourier_cdf": {"a": waves(4), "x": real(5)},
        "fourier_characteristic": {"a": waves(4)},
        "fourier_icdf": {"a": waves(4), "u": real(5)},
        "fourier_interval": {
            "a": waves(4),
            "lower": -real(5),
            "upper": real(5),
        },
        "fourier_logpdf": {"a": waves(4), "x": real(5), "eps": 1e-9},
        "fourier_max_bound": {"a": waves(4)},
        "fourier_moments": {"a": waves(4)},
        "fourier_pdf": {"a": waves(4), "x": real(5)},
        "fourier_sample": {
            "a": waves(4),
            "n": 5,
            "generator": torch_rng(),
        },
        "fourier_series": {"c": waves(4), "x": real(5)},
        "negative_log_likelihood": {
            "a": waves(4),
            "x": real(9),
            "weights": torch.full((9,), 1 / 9, dtype=torch.float64),
        },
        "optimality_gap": {
            "a": waves(4),
            "x": real(9),
            "weights": torch.full((9,), 1 / 9, dtype=torch.float64),
        },
        "smoothness": {"a": waves(4)},
        "spectral_factor": {
            "c": fourier.autocorrelation(waves(4)),
            "tol": 1e-9,
        },
        "to_real_line": {
            "logpdf": lambda x: -(x**2),
            "mu": 0.5,
            "log_sigma": 0.1,
        },
        "wrapped_gaussian": {
            "N": 3,
            "mu": 0.1,
            "s": 0.2,
            "dtype": torch.complex128,
            "device": CPU,
        },
    },
}
ALL = [(module, name) for module, calls in CALLS.items() for name in calls]
TENSORS = [(module, name) for module, name in ALL if name not in SYMBOLIC]


def identity(value: Any) -> str:
    if isinstance(value, types.ModuleType):
        return value.__name__.rsplit(".", 1)[-1]
    return str(value)


def flat(result: Any) -> list[torch.Tensor]:
    if isinstance(result, torch.nn.Module):
        return [*result.parameters(), *result.buffers()]
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, list | tuple):
        return [t for part in result for t in flat(part)]
    if isinstance(result, fourier.FourierDensity):
        return [result.a]
    return []


@pytest.mark.parametrize("module", CALLS, ids=identity)
def test_every_public_function_is_here(module):
    public = {
        name
        for name in module.__all__
        if callable(getattr(module, name))
        and inspect.getmodule(getattr(module, name)) is not inspect
        and not re.search("typing", type(getattr(module, name)).__module__)
        and (module, name) not in ANY
    }
    assert public == CALLS[module].keys()


@pytest.mark.parametrize(("module", "name"), ALL, ids=identity)
def test_every_wrong_type_is_named(module, name):
    function, good = getattr(module, name), CALLS[module][name]
    function(**good)
    wanted = inspect.signature(function).parameters
    skipped = FLAGS | {"callback", "mu_sigma", "is_causal"}
    if name == "FourierDensity":
        skipped |= {"mu", "sigma", "iterations", "converged"}
    assert good.keys() == wanted.keys() - skipped or name == "dplr_legs"
    for argument in good.keys() - {"generator", "pairs"}:
        with pytest.raises((TypeError, ValueError), match=rf"\b{argument}\b"):
            function(**{**good, argument: object()})


@pytest.mark.parametrize(("module", "name"), TENSORS, ids=identity)
def test_another_default_device_changes_nothing(module, name):
    """Meta tensors have no values: one made by default would spoil it."""
    function, good = getattr(module, name), CALLS[module][name]

    def call() -> list[torch.Tensor]:
        fresh = {"generator": torch_rng()} if "generator" in good else {}
        result = function(**{**good, **fresh})
        if name == "to_real_line":
            result = result(real(5))
        return flat(result)

    usual = call()
    with torch.device("meta"):
        other = call()
    for one, two in zip(usual, other, strict=True):
        assert two.device == CPU
        assert torch.equal(one, two)


@pytest.mark.parametrize(("module", "name"), TENSORS, ids=identity)
def test_arguments_are_not_changed(module, name):
    function, good = getattr(module, name), CALLS[module][name]
    before = {
        key: value.clone()
        for key, value in good.items()
        if isinstance(value, torch.Tensor)
    }
    function(**good)
    for key, value in before.items():
        assert torch.equal(good[key], value), key

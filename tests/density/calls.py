"""Everything public in kexue_lib.density; see registration.py."""

from __future__ import annotations

from typing import Any

import torch
from registration import Call
from samples import CPU, GAUGED, real, waves
from seeds import torch_rng

from kexue_lib.density import fourier

WEIGHTS = torch.full((9,), 1 / 9, dtype=torch.float64)


def of_a(**more: Any) -> Call:
    return Call({"a": waves(4), **more}, grad=("a",), batch=("a",))


def at_points(name: str = "x", **more: Any) -> Call:
    """At a point for each density; several points as a variant."""
    return Call(
        {"a": waves(4), name: real(1)[0], **more},
        grad=("a", name),
        batch=("a", name),
    )


def of_data(**more: Any) -> Call:
    return Call(
        {"a": waves(4), "x": real(9), "weights": WEIGHTS, **more},
        grad=("a", "x"),
        batch=("a", "x"),
    )


REGISTERED = {
    fourier: {
        "FourierDensity": Call(
            {"a": waves(4)},
            untried=("mu", "sigma", "iterations", "converged"),
            batch=("a",),
        ),
        "autocorrelation": of_a(),
        "empirical_characteristic": Call(
            {"x": real(9), "N": 3, "weights": WEIGHTS},
            grad=("x",),
            batch=("x",),
        ),
        "fejer_weights": Call({"N": 3, **GAUGED}),
        "fit": Call(
            {
                "x": real(30),
                "N": 2,
                "weights": torch.full((30,), 1 / 30, dtype=torch.float64),
                "method": "newton",
                "scales": (1.0, 2.0),
                "init": waves(3),
                "generator": torch_rng(),
                "tol": 1e-6,
                "max_steps": 50,
                "max_N": 3,
            },
            # It looks at its data as it goes.
            cannot=("vmap", "compile", "device"),
            variants={
                "AIC": {
                    "N": "aic",
                    "init": None,
                    "weights": None,
                    "generator": None,
                }
            },
            untried=("callback", "mu_sigma"),
        ),
        "fourier_cdf": at_points(),
        "fourier_characteristic": of_a(),
        "fourier_icdf": at_points("u"),
        "fourier_interval": Call(
            {"a": waves(4), "lower": -real(1)[0], "upper": real(1)[0]},
            grad=("a", "lower", "upper"),
            batch=("a", "lower", "upper"),
        ),
        "fourier_logpdf": at_points(eps=1e-9),
        "fourier_max_bound": Call(
            {"a": waves(4) * torch.arange(1, 5)}, grad=("a",), batch=("a",)
        ),
        "fourier_moments": of_a(),
        "fourier_pdf": at_points(),
        "fourier_sample": Call(
            {"a": waves(4), "n": 5, "generator": torch_rng()},
            cannot=("vmap", "compile"),
        ),
        "fourier_series": Call(
            {"c": waves(4), "x": real(1)[0]},
            grad=("c", "x"),
            batch=("c", "x"),
        ),
        "negative_log_likelihood": of_data(),
        "optimality_gap": of_data(),
        "smoothness": of_a(),
        "spectral_factor": Call(
            {"c": fourier.autocorrelation(waves(4)), "tol": 1e-9},
            batch=("c",),
        ),
        "to_real_line": Call(
            {
                "logpdf": lambda x: -(x**2),
                "mu": 0.5,
                "log_sigma": 0.1,
            },
            cannot=("device",),
        ),
        "wrapped_gaussian": Call(
            {
                "N": 3,
                "mu": 0.1,
                "s": 0.2,
                "dtype": torch.complex128,
                "device": CPU,
            }
        ),
    },
}

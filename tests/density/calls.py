"""Everything public in kexue_lib.density; see registration.py."""

from __future__ import annotations

import torch
from registration import Call
from samples import CPU, GAUGED, real, waves
from seeds import torch_rng

from kexue_lib.density import fourier

REGISTERED = {
    fourier: {
        "FourierDensity": Call(
            {"a": waves(4)}, untried=("mu", "sigma", "iterations", "converged")
        ),
        "autocorrelation": Call({"a": waves(4)}),
        "empirical_characteristic": Call(
            {
                "x": real(9),
                "N": 3,
                "weights": torch.full((9,), 1 / 9, dtype=torch.float64),
            }
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
            },
            untried=("callback", "mu_sigma"),
        ),
        "fourier_cdf": Call({"a": waves(4), "x": real(5)}),
        "fourier_characteristic": Call({"a": waves(4)}),
        "fourier_icdf": Call({"a": waves(4), "u": real(5)}),
        "fourier_interval": Call(
            {
                "a": waves(4),
                "lower": -real(5),
                "upper": real(5),
            }
        ),
        "fourier_logpdf": Call({"a": waves(4), "x": real(5), "eps": 1e-9}),
        "fourier_max_bound": Call({"a": waves(4)}),
        "fourier_moments": Call({"a": waves(4)}),
        "fourier_pdf": Call({"a": waves(4), "x": real(5)}),
        "fourier_sample": Call(
            {
                "a": waves(4),
                "n": 5,
                "generator": torch_rng(),
            }
        ),
        "fourier_series": Call({"c": waves(4), "x": real(5)}),
        "negative_log_likelihood": Call(
            {
                "a": waves(4),
                "x": real(9),
                "weights": torch.full((9,), 1 / 9, dtype=torch.float64),
            }
        ),
        "optimality_gap": Call(
            {
                "a": waves(4),
                "x": real(9),
                "weights": torch.full((9,), 1 / 9, dtype=torch.float64),
            }
        ),
        "smoothness": Call({"a": waves(4)}),
        "spectral_factor": Call(
            {
                "c": fourier.autocorrelation(waves(4)),
                "tol": 1e-9,
            }
        ),
        "to_real_line": Call(
            {
                "logpdf": lambda x: -(x**2),
                "mu": 0.5,
                "log_sigma": 0.1,
            }
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

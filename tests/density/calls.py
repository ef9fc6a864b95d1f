"""One valid call of everything public in kexue_lib.density."""

from __future__ import annotations

import torch
from samples import CPU, GAUGED, real, waves
from seeds import torch_rng

from kexue_lib.density import fourier

CALLS = {
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
# A record's further fields and arguments that may be anything.
UNTRIED = {
    "FourierDensity": {"mu", "sigma", "iterations", "converged"},
    "fit": {"callback", "mu_sigma"},
}

r"""Densities from a Fourier series that cannot be negative.

:math:`p(x)=|\sum_ka_ke^{-i\pi kx}|^2/(2\|a\|^2)` on [-1, 1], with normaliser,
distribution function and moments in closed form, maximum likelihood with a
certificate of global optimality, and the way back from any non-negative
series to its coefficients.

- ``coefficients``: autocorrelation, characteristic numbers, smoothness;
- ``factor``: spectral factor (Fejér-Riesz);
- ``evaluate``: pdf, cdf, interval probability, moments;
- ``sample``: quantiles and sampling;
- ``certificate``: likelihood and optimality gap;
- ``fit``: maximum likelihood;
- ``model``: the density as an object, on the line or the interval.

Source: De la Fuente, Singh, Ballé, *Fourier Basis Density Model*,
arXiv 2402.15345. Chapter: fourier-density.
"""

from kexue_lib.density.fourier.certificate import (
    negative_log_likelihood,
    optimality_gap,
)
from kexue_lib.density.fourier.coefficients import (
    autocorrelation,
    empirical_characteristic,
    fejer_weights,
    fourier_characteristic,
    fourier_max_bound,
    smoothness,
    wrapped_gaussian,
)
from kexue_lib.density.fourier.evaluate import (
    fourier_cdf,
    fourier_interval,
    fourier_logpdf,
    fourier_moments,
    fourier_pdf,
    fourier_series,
)
from kexue_lib.density.fourier.factor import spectral_factor
from kexue_lib.density.fourier.fit import fit
from kexue_lib.density.fourier.model import FourierDensity, to_real_line
from kexue_lib.density.fourier.sample import fourier_icdf, fourier_sample

__all__ = [
    "FourierDensity",
    "autocorrelation",
    "empirical_characteristic",
    "fejer_weights",
    "fit",
    "fourier_cdf",
    "fourier_characteristic",
    "fourier_icdf",
    "fourier_interval",
    "fourier_logpdf",
    "fourier_max_bound",
    "fourier_moments",
    "fourier_pdf",
    "fourier_sample",
    "fourier_series",
    "negative_log_likelihood",
    "optimality_gap",
    "smoothness",
    "spectral_factor",
    "to_real_line",
    "wrapped_gaussian",
]

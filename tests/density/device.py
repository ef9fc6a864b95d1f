"""What must run on an accelerator: kexue_lib.density."""

from __future__ import annotations

import torch

from kexue_lib.density import fourier

F64, C128 = torch.float64, torch.complex128


def _a(device, *shape, dtype=C128):
    return torch.empty(shape, dtype=dtype, device=device, requires_grad=True)


def _x(device, *shape):
    return torch.empty(shape, dtype=F64, device=device, requires_grad=True)


def _of_a(function, size=4, **options):
    return lambda d: function(_a(d, 2, size), check=False, **options)


def _of_points(function):
    return {
        "one": lambda d: function(_a(d, 4), _x(d, 3), check=False),
        "batch": lambda d: function(_a(d, 2, 1, 4), _x(d, 3), check=False),
        "number": lambda d: function(_a(d, 4), 0.3, check=False),
    }


def _of_data(function):
    return {
        "": lambda d: function(_a(d, 4), _x(d, 5), check=False),
        "weighted": lambda d: function(
            _a(d, 2, 4), _x(d, 2, 5), _x(d, 5), check=False
        ),
    }


def _model(device, line=True):
    a = _a(device, 4)
    if not line:
        return fourier.FourierDensity(a)
    return fourier.FourierDensity(a, _x(device), _x(device))


POINTS = {
    "pdf": fourier.fourier_pdf,
    "logpdf": fourier.fourier_logpdf,
    "cdf": fourier.fourier_cdf,
    "icdf": fourier.fourier_icdf,
    "series": fourier.fourier_series,
}
DATA = {
    "nll": fourier.negative_log_likelihood,
    "gap": fourier.optimality_gap,
}
CASES = {
    **{
        f"{name} {kind}": case
        for name, function in POINTS.items()
        for kind, case in _of_points(function).items()
    },
    **{
        f"{name} {kind}": case
        for name, function in DATA.items()
        for kind, case in _of_data(function).items()
    },
    "autocorrelation": _of_a(fourier.autocorrelation),
    "autocorrelation by FFT": _of_a(fourier.autocorrelation, 80),
    "characteristic": _of_a(fourier.fourier_characteristic),
    "max_bound": _of_a(fourier.fourier_max_bound),
    "smoothness": _of_a(fourier.smoothness),
    "smoothness of f": _of_a(fourier.smoothness, normalised=False),
    "moments": _of_a(fourier.fourier_moments),
    "spectral_factor": _of_a(fourier.spectral_factor),
    "spectral_factor complex64": lambda d: fourier.spectral_factor(
        _a(d, 4, dtype=torch.complex64), check=False
    ),
    "interval": lambda d: fourier.fourier_interval(
        _a(d, 4), _x(d, 3), 0.5, check=False
    ),
    "empirical": lambda d: fourier.empirical_characteristic(
        _x(d, 5), 3, _x(d, 5), check=False
    ),
    "wrapped_gaussian": lambda d: fourier.wrapped_gaussian(3, _x(d, 2), 0.1),
    "wrapped_gaussian numbers": lambda d: fourier.wrapped_gaussian(
        3, 0.0, 0.1, device=d
    ),
    "fejer_weights": lambda d: fourier.fejer_weights(3, device=d),
    "to_real_line": lambda d: fourier.to_real_line(
        lambda x: fourier.fourier_logpdf(_a(d, 4), x, check=False),
        _x(d),
        _x(d),
    )(_x(d, 3)),
    "model on the line": lambda d: _model(d).logpdf(_x(d, 3), check=False),
    "model cdf": lambda d: _model(d).cdf(_x(d, 3), check=False),
    "model icdf": lambda d: _model(d).icdf(_x(d, 3), check=False),
    "model on the interval": lambda d: _model(d, line=False).pdf(
        _x(d, 3), check=False
    ),
    "model moments": lambda d: _model(d).moments(check=False),
    "model to": lambda d: _model(d).to(dtype=torch.float32).a,
}

# The harness must catch these: the mistake, and a pattern of the message.
PLANTED = {
    "a check of values": (
        lambda d: fourier.fourier_pdf(_a(d, 4), _x(d, 3)),
        "DataDependent",
    ),
    "frequencies made on the CPU": (
        lambda d: _a(d, 4) * torch.arange(4),
        "DeviceMismatch",
    ),
    "a fit, which looks at its data": (
        lambda d: fourier.fit(_x(d, 9), 3).a,
        "DataDependent",
    ),
}

"""What must run on an accelerator: torch functions made from formulas."""

from __future__ import annotations

import sympy as sp
import torch

from kexue_lib.derive import to_torch

x = sp.Symbol("x", real=True)
n, k = sp.symbols("n k", integer=True, nonnegative=True)
FORMULAS = {
    "polynomial": x**3 - 2 * x + sp.pi,
    "fractional power": (x - 3) ** sp.Rational(1, 3),
    "logarithm": sp.log(x),
    "complex": sp.exp(sp.I * x) / 2,
    "cases": sp.Piecewise((x, x > 1), (2, True)),
    "sum": sp.Sum(x**k / sp.factorial(k), (k, 0, 4)),
    "legendre": sp.legendre(4, x),
    "delta": sp.KroneckerDelta(x, 1) + sp.Max(x, 0),
    "gamma": sp.gamma(x) + sp.binomial(x, 2),
    "matrix": sp.Matrix([[x, 1], [sp.I, x**2]]),
    "constant": sp.pi + 0 * x,
}


def _points(device):
    return torch.empty(5, dtype=torch.float64, device=device).requires_grad_()


CASES = {
    name: lambda d, f=formula: to_torch(f, x)(_points(d))
    for name, formula in FORMULAS.items()
}
PLANTED = {
    "constant on the CPU": (
        lambda d: _points(d) * torch.arange(5.0),
        "device",
    ),
}

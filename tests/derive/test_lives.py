"""One formula, three lives: SymPy, torch and JavaScript agree."""

from __future__ import annotations

import pytest
import sympy as sp
import torch
from seeds import random_rng

from kexue_lib.derive import Chapter, by, to_torch
from kexue_lib.explore import to_js

x, y = sp.symbols("x y", real=True)
p = sp.Symbol("p", positive=True)
z = sp.Symbol("z")
n, k = sp.symbols("n k", integer=True, nonnegative=True)

REAL = {
    "polynomial": (x**3 - x / 3 + sp.pi) / (x**2 + 1),
    "root": sp.sqrt(p) + p ** sp.Rational(2, 3),
    "exponentials": sp.exp(-(x**2)) * sp.cosh(x) + sp.tanh(x),
    "trigonometry": sp.sin(x) * sp.cos(y) - sp.tan(x / 4),
    "logarithm": sp.log(p) / (1 + p),
    "cases": sp.Piecewise((x, x > 1), (-2 * x, (x < -1) | (y > 1)), (3, True)),
    "extrema": sp.Max(x, y, 0) - sp.Min(x, 1) + sp.Abs(y),
    "rounding": sp.floor(x) + sp.ceiling(y) + sp.sign(x),
    "errors": sp.erf(x) - sp.erfc(y),
    "gamma": sp.gamma(p + 1) + sp.loggamma(p),
    "sum": sp.Sum(x**k / (k + 1), (k, 0, 6)),
    "product": sp.Product(1 + x / (k + 1), (k, 0, 4)),
    "legendre": sp.legendre(5, x) + sp.chebyshevt(3, y),
    "hermite": sp.hermite(4, x) - sp.laguerre(3, y),
    "inverse": sp.atan(x) + sp.asinh(y),
    "reciprocals": sp.coth(p) + sp.sec(x / 9) + sp.cot(p / 9),
}
COMPLEX = {
    "negative logarithm": sp.log(x),
    "negative root": sp.sqrt(x) + (y - 2) ** sp.Rational(1, 3),
    "phase": sp.exp(sp.I * x) / (1 + sp.I * y),
    "of z": (z**2 + 1) / (z - 3) + sp.exp(z) + sp.conjugate(z),
    "parts": sp.re(z) + sp.I * sp.im(z) ** 2 + sp.Abs(z),
    "beyond 1": sp.asin(x + 3) + sp.acos(x) + sp.acosh(p),
}


def points(symbols, count=12):
    rng = random_rng(5)
    for _ in range(count):
        point = {}
        for s in symbols:
            value = rng.uniform(-2.5, 2.5)
            if s.is_positive:
                value = abs(value) + 0.1
            if not s.is_real:
                value = complex(value, rng.uniform(-2, 2))
            point[s] = value
        yield point


@pytest.mark.parametrize("name", [*REAL, *COMPLEX])
def test_torch_equals_sympy(name):
    expr = (REAL | COMPLEX)[name]
    symbols = sorted(expr.free_symbols, key=str)
    chosen = list(points(symbols))
    batch = [
        torch.tensor(
            [q[s] for q in chosen],
            dtype=torch.float64 if s.is_real else torch.complex128,
        )
        for s in symbols
    ]
    got = to_torch(expr, symbols)(*batch)
    wanted = [
        complex(
            expr.subs({s: sp.sympify(v) for s, v in q.items()}).doit().evalf()
        )
        for q in chosen
    ]
    expected = torch.tensor(wanted, dtype=torch.complex128)
    assert got.shape == (len(chosen),)
    torch.testing.assert_close(
        got.to(torch.complex128), expected, rtol=1e-12, atol=1e-12
    )
    assert got.is_complex() == (name in COMPLEX)


@pytest.mark.parametrize("name", REAL)
def test_javascript_equals_torch(name, calculator):
    expr = REAL[name].doit()
    symbols = sorted(expr.free_symbols, key=str)
    chosen = [tuple(q.values()) for q in points(symbols)]
    columns = [
        torch.tensor(c, dtype=torch.float64) for c in zip(*chosen, strict=True)
    ]
    torch_values = to_torch(REAL[name], symbols)(*columns)
    numbers = calculator(to_js(expr, symbols), chosen)
    js = torch.tensor(numbers, dtype=torch.float64)
    torch.testing.assert_close(js, torch_values, rtol=1e-9, atol=1e-9)


def test_a_claims_sides_live_on():
    chapter = Chapter("lives")
    t = chapter.symbols("t", "positive")
    wave = chapter.let("f", t, sp.sin(t) ** 2)
    claim = (
        chapter.claim("C1", "Double angle")
        .show(wave(t))
        .eq((1 - sp.cos(2 * t)) / 2, by.algebra())
    )
    grid = torch.linspace(0.1, 3, 9, dtype=torch.float64)
    left, right = to_torch(claim.lhs, t)(grid), to_torch(claim.rhs, t)(grid)
    torch.testing.assert_close(left, right)
    torch.testing.assert_close(left, grid.sin() ** 2)


def test_batches_broadcast():
    entry = to_torch(sp.sqrt(2 * n + 1) * sp.KroneckerDelta(n, k), (n, k))
    index = torch.arange(4)
    matrix = entry(index[:, None], index)
    odd = torch.tensor([1.0, 3, 5, 7]).double()
    torch.testing.assert_close(matrix, torch.diag(odd.sqrt()))


def test_matrices():
    matrix = to_torch(sp.Matrix([[x, 1], [sp.I, x**2]]), x)
    assert matrix(torch.ones(3)).shape == (3, 2, 2)
    assert matrix(torch.ones(3)).dtype == torch.complex64
    assert matrix(2.0).dtype == torch.complex128


def test_dtypes():
    square = to_torch(x**2 / 3, x)
    assert square(2).dtype == torch.float64
    assert square(torch.tensor(2)).dtype == torch.float64
    for dtype in (torch.float32, torch.float64, torch.complex64):
        assert square(torch.ones(2, dtype=dtype)).dtype == dtype


def test_gradients():
    for name in ("polynomial", "root", "sum", "legendre", "cases"):
        symbols = sorted(REAL[name].free_symbols, key=str)
        inputs = [
            torch.tensor([0.3, 1.7], dtype=torch.float64, requires_grad=True)
            for _ in symbols
        ]
        assert torch.autograd.gradcheck(to_torch(REAL[name], symbols), inputs)


def test_limits_of_a_sum_may_be_arguments():
    partial = to_torch(sp.Sum(x**k, (k, 0, n)), (x, n))
    assert partial(torch.tensor(0.5), 3).item() == 1.875
    with pytest.raises(TypeError, match="must be Python integers"):
        partial(torch.tensor(0.5), torch.tensor(3))


@pytest.mark.parametrize(
    ("expr", "args", "error", "said"),
    [
        ("x**2", x, TypeError, "must be a SymPy object"),
        (x * y, x, ValueError, "lacks y"),
        (x, (x, x), ValueError, "repeats"),
        (x, ("x",), TypeError, "must be symbols"),
        (sp.zeta(x), x, TypeError, "cannot compute zeta"),
        (sp.Function("f")(x), x, TypeError, "cannot compute f"),
        (sp.Integral(y, (y, 0, x)), (x, y), TypeError, "Integral"),
    ],
)
def test_bad_input(expr, args, error, said):
    with pytest.raises(error, match=said):
        to_torch(expr, args)


def test_bad_arguments():
    double = to_torch(2 * x, x)
    with pytest.raises(TypeError, match="1 arguments are needed"):
        double(1, 2)
    with pytest.raises(TypeError, match="must be a number or a tensor"):
        double("3")
    with pytest.raises(TypeError, match="degree of legendre"):
        to_torch(sp.legendre(n, x), (n, x))(torch.tensor(2.0), 0.5)


def test_plain_numbers_are_computed_in_double_precision():
    function = to_torch(sp.exp(x) + sp.log(p), (x, p))
    value = function(0.1, 3)
    assert value.dtype == torch.float64
    want = float((sp.exp(x) + sp.log(p)).subs({x: 0.1, p: 3}).evalf(20))
    assert value.item() == pytest.approx(want, rel=1e-15)

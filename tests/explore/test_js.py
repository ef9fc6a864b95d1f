"""JavaScript and Python give the same numbers, function by function."""

from __future__ import annotations

import math
import random

import mpmath
import pytest
import sympy as sp
from seeds import random_rng
from sympy.functions.special.bessel import jn

from kexue_lib.explore import _js, grid, iterate, to_js
from kexue_lib.explore._arithmetic import (
    LIBRARY,
    MATH,
    check_arithmetic,
)
from kexue_lib.explore._reference import evaluator

x, y = sp.symbols("x y", real=True)
n, k, m = sp.symbols("n k m", integer=True)
RELATIVE = 1e-9


def span(low: float, high: float, count: int = 41) -> list[float]:
    """Both ends, and between them places that are not round."""
    step = (high - low) / (count - 1)
    inner = [low + (i + 0.137) * step for i in range(count - 1)]
    return [low, *inner, high]


def each(low: int, high: int) -> list[int]:
    return list(range(low, high + 1))


# expression, then the values of each of its arguments (x, y, n by name)
CASES: dict[str, tuple[sp.Expr, dict[sp.Symbol, list]]] = {
    "abs": (sp.Abs(x), {x: span(-3, 3)}),
    "acos": (sp.acos(x), {x: span(-1, 1)}),
    "acosh": (sp.acosh(x), {x: span(1, 50)}),
    "acot": (sp.acot(x), {x: span(0.2, 9)}),
    "acsc": (sp.acsc(x), {x: span(1, 9)}),
    "asec": (sp.asec(x), {x: span(1, 9)}),
    "asin": (sp.asin(x), {x: span(-1, 1)}),
    "asinh": (sp.asinh(x), {x: span(-40, 40)}),
    "atan": (sp.atan(x), {x: span(-40, 40)}),
    "atan2": (sp.atan2(y, x), {x: span(-2, 2, 9), y: span(-3, 3, 9)}),
    "atanh": (sp.atanh(x), {x: span(-0.99, 0.99)}),
    "besselj": (sp.besselj(n, x), {n: each(-3, 70), x: span(0, 90, 31)}),
    "besselj negative": (sp.besselj(n, x), {n: each(0, 9), x: span(-9, 0)}),
    "beta": (sp.beta(x, y), {x: span(0.1, 30, 9), y: span(0.2, 40, 9)}),
    "binomial": (sp.binomial(n, k), {n: each(0, 60), k: each(-1, 20)}),
    "binomial real": (sp.binomial(x, k), {x: span(-2.5, 9), k: each(0, 7)}),
    "ceiling": (sp.ceiling(x), {x: span(-4, 4)}),
    "chebyshevt": (sp.chebyshevt(n, x), {n: each(0, 30), x: span(-1, 1)}),
    "chebyshevu": (sp.chebyshevu(n, x), {n: each(0, 30), x: span(-1, 1)}),
    "cos": (sp.cos(x), {x: span(-30, 30)}),
    "cosh": (sp.cosh(x), {x: span(-20, 20)}),
    "cot": (sp.cot(x), {x: span(0.1, 3)}),
    "coth": (sp.coth(x), {x: span(0.01, 30)}),
    "csc": (sp.csc(x), {x: span(0.1, 3)}),
    "csch": (sp.csch(x), {x: span(0.01, 30)}),
    "digamma": (sp.digamma(x), {x: span(0.02, 1, 30) + span(2, 300)}),
    "erf": (sp.erf(x), {x: span(-7, 7)}),
    "erfc": (sp.erfc(x), {x: span(-7, 26)}),
    "erfinv": (sp.erfinv(x), {x: span(-0.999999, 0.999999)}),
    "exp": (sp.exp(x), {x: span(-700, 700)}),
    "factorial": (sp.factorial(n), {n: each(0, 170)}),
    "ff": (sp.ff(x, 3), {x: span(4, 40)}),
    "ff symbolic": (sp.ff(x, n), {x: span(9.5, 40), n: each(0, 6)}),
    "floor": (sp.floor(x), {x: span(-4, 4)}),
    "frac": (sp.frac(x), {x: span(-4.3, 4.7)}),
    "gamma": (sp.gamma(x), {x: span(0.01, 171)}),
    "gamma negative": (sp.gamma(x), {x: span(-6.9, -0.1)}),
    "harmonic": (sp.harmonic(n), {n: each(1, 300)}),
    "heaviside": (sp.Heaviside(x), {x: [-2.0, -1e-9, 0.0, 1e-9, 3.0]}),
    "hermite": (sp.hermite(n, x), {n: each(0, 20), x: span(-3, 3)}),
    "jn": (jn(n, x), {n: each(0, 70), x: span(0, 90, 31)}),
    "jn small": (jn(n, x), {n: each(0, 20), x: [1e-8, 1e-3, 0.4, 0.5, 0.6]}),
    "kronecker": (sp.KroneckerDelta(n, k), {n: each(0, 4), k: each(0, 4)}),
    "laguerre": (sp.laguerre(n, x), {n: each(0, 20), x: span(0, 9)}),
    "legendre": (sp.legendre(n, x), {n: each(0, 64), x: span(-1, 1)}),
    "log": (sp.log(x), {x: span(1e-9, 0.9) + span(1.1, 1e9)}),
    "loggamma": (sp.loggamma(x), {x: span(0.01, 0.9) + span(2.2, 1e5)}),
    "max": (sp.Max(x, y, 1), {x: span(-2, 4, 9), y: span(-3, 3, 9)}),
    "min": (sp.Min(x, y, 1), {x: span(-2, 4, 9), y: span(-3, 3, 9)}),
    "mod": (sp.Mod(x, 3), {x: span(-7.3, 8.1)}),
    "mod negative": (sp.Mod(x, -sp.Rational(5, 2)), {x: span(-7.3, 8.1)}),
    "rf": (sp.rf(x, n), {x: span(0.5, 20), n: each(0, 6)}),
    "sec": (sp.sec(x), {x: span(-1.4, 1.4)}),
    "sech": (sp.sech(x), {x: span(-30, 30)}),
    "sign": (sp.sign(x), {x: [-2.0, 0.0, 3.0]}),
    "sin": (sp.sin(x), {x: span(-30, 30)}),
    "sinc": (sp.sinc(x), {x: [0.0, *span(-20, 20)]}),
    "sinh": (sp.sinh(x), {x: span(-20, 20)}),
    "tan": (sp.tan(x), {x: span(-1.5, 1.5)}),
    "tanh": (sp.tanh(x), {x: span(-20, 20)}),
    # arithmetic and its precedences
    "powers": (
        x**-3 / (1 + x) ** 2 - (2 * x) ** sp.Rational(-3, 2) + x**7 / 3,
        {x: span(0.1, 5)},
    ),
    "nested": (
        -(x - (y - x / (y + 3))) / (-x * y - sp.Rational(22, 7)) ** 2 - -y,
        {x: span(0.1, 2, 9), y: span(0.3, 4, 9)},
    ),
    "tower": (x ** (y ** sp.Rational(1, 3)), {x: span(0, 3), y: span(0, 2)}),
    "cancel": (1 / (x / (y / (x + 1))), {x: span(1, 2, 9), y: span(1, 3, 9)}),
    "constants": (
        sp.pi * sp.E**x
        + sp.GoldenRatio
        + sp.EulerGamma
        + sp.Catalan
        + sp.Integer(2) ** 60 * x
        + sp.Rational(10**20, 3) * x
        + sp.Float("1.25e-3"),
        {x: span(-1, 1)},
    ),
    "complex parts": (
        sp.re(1 / (1 + sp.I * x) ** 2)
        + sp.Abs(2 + sp.I * x)
        + sp.im(sp.exp(sp.I * x))
        + sp.arg(1 + sp.I * x),
        {x: span(-4, 4)},
    ),
    # branches
    "piecewise": (
        sp.Piecewise(
            (x**2, x < -1),
            (sp.sin(x), sp.And(x >= -1, sp.Or(x < 1, sp.Eq(x, 2)))),
            (1 / x, sp.Not(sp.Eq(x, 3))),
            (7, True),
        ),
        {x: [-2.0, -1.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0]},
    ),
    "ite": (
        sp.Piecewise((1, sp.ITE(x > 0, x > 1, x < -1)), (2, True)),
        {x: [-2.0, -0.5, 0.5, 2.0]},
    ),
    # loops
    "sum": (
        sp.Sum(x**k / sp.factorial(k), (k, 0, n)),
        {n: [0, 1, 2, 7, 30], x: span(-3, 3, 9)},
    ),
    "sum empty": (1 + sp.Sum(x * k, (k, 3, n)), {n: [0, 2, 3], x: [2.0]}),
    "sum twice": (
        sp.Sum(sp.cos(k * m * x), (k, 0, m), (m, 1, n)) - sp.Sum(k, (k, 0, n)),
        {n: [1, 2, 5], x: span(0.1, 1, 5)},
    ),
    "sum nested": (
        sp.Sum(sp.sin(x + k) * sp.Sum(m * x + k, (m, k, 4)), (k, 0, n)),
        {n: [0, 3], x: span(0.1, 1, 5)},
    ),
    "same index": (
        sp.Sum(k * x, (k, 0, n)) * sp.Sum(k**2 + x, (k, 1, n)),
        {n: [1, 4], x: span(0.1, 1, 5)},
    ),
    "product": (
        sp.Product(1 + x / k, (k, 1, n)),
        {n: [0, 1, 6], x: span(-0.9, 3, 9)},
    ),
    "floor bound": (
        sp.Sum(1 / sp.Integer(2) ** k, (k, 0, sp.floor(x))),
        {x: [0.0, 0.9, 1.0, 4.5]},
    ),
    "iterate": (
        iterate(3 * x - 4 * x**3, x, y, n),
        {n: each(0, 6), y: span(-1, 1, 9)},
    ),
    "iterate index": (
        iterate(x / 2 + sp.Rational(1, 3) ** k, x, y, n, index=k),
        {n: each(0, 9), y: span(-1, 1, 9)},
    ),
    "iterate two": (
        sp.Add(*iterate((x + y / 10, y - x / 10), (x, y), (1, m), n)),
        {n: each(0, 40), m: [0, 2]},
    ),
}


def points(arguments: dict[sp.Symbol, list]) -> list[tuple[float, ...]]:
    lists = list(arguments.values())
    found: list[tuple[float, ...]] = [()]
    for values in lists:
        found = [(*point, value) for point in found for value in values]
    return found


def near(javascript: float, python: float | None) -> bool:
    if python is None:
        return not math.isfinite(javascript)
    return math.isclose(javascript, python, rel_tol=RELATIVE, abs_tol=1e-300)


@pytest.mark.parametrize("name", CASES)
def test_javascript_equals_python(calculator, name):
    expr, arguments = CASES[name]
    grid_points = points(arguments)
    evaluate = evaluator(expr, list(arguments))
    with mpmath.workdps(40):
        python = [evaluate(*point) for point in grid_points]
    javascript = calculator(to_js(expr, list(arguments)), grid_points)
    pairs = zip(grid_points, javascript, python, strict=True)
    wrong = [pair for pair in pairs if not near(*pair[1:])]
    assert wrong == []
    assert any(value is not None for value in python)


def test_the_comparison_sees_a_wrong_formula(calculator):
    """Negative control: one part in 10^8 is noticed."""
    code = to_js(sp.erf(x) * (1 + sp.Rational(1, 10**8)), [x])
    values = calculator(code, [(0.5,)])
    assert not near(values[0], evaluator(sp.erf(x), [x])(0.5))


def test_every_function_is_in_the_table():
    used = {
        type(node)
        for expr, _ in CASES.values()
        for node in sp.preorder_traversal(expr)
    }
    listed = {*_js.MATH_FUNCTIONS, *_js.LIBRARY_FUNCTIONS, *_js._REWRITTEN}
    assert listed - used == set()


def test_the_gate_lists_what_the_printer_prints():
    assert set(_js.MATH_FUNCTIONS.values()) | {"pow", "sqrt"} == MATH
    own = {"bound", "table"}
    assert set(_js.LIBRARY_FUNCTIONS.values()) | own == LIBRARY


def test_the_library_has_what_the_gate_lists(calculator):
    present = calculator(
        "() => Object.keys(K).sort().join()", [()]
    )  # the page's own list
    assert present == [",".join(sorted(LIBRARY))]


def test_no_place_is_silently_finite(calculator):
    """Poles, logarithms of nothing, places outside a domain."""
    cases = {
        sp.log(x): [0.0, -1.0],
        1 / x: [0.0],
        sp.sqrt(x): [-1.0],
        x ** sp.Rational(1, 3): [-8.0],
        sp.asin(x): [1.5],
        sp.acosh(x): [0.5],
        sp.loggamma(x): [-0.5, 0.0],
        sp.gamma(x): [-2.0, 0.0],
        sp.exp(x): [1e4],
        sp.Piecewise((1, x > 0)): [-1.0],
    }
    for expr, places in cases.items():
        evaluate = evaluator(expr, [x])
        for place in places:
            [value] = calculator(to_js(expr, [x]), [(place,)])
            assert not math.isfinite(value), (expr, place)
            assert evaluate(place) is None, (expr, place)


def test_a_loop_without_a_sane_end_is_undefined_and_ends(calculator):
    for bound in (sp.floor(1 / x), sp.floor(sp.log(x))):
        for loop in (
            sp.Sum(k, (k, 1, bound)),
            sp.Product(k, (k, 1, bound)),
            iterate(y + 1, y, 0, bound),
        ):
            good, bad = calculator(to_js(loop, [x]), [(0.4,), (0.0,)])
            assert math.isfinite(good), loop
            assert math.isnan(bad), loop


LEAVES = [x, y, n, sp.Integer(2), sp.Rational(-3, 7), sp.pi, -x, sp.Float(0.3)]
GROWN = [
    lambda p, q: p + q,
    lambda p, q: p - q,
    lambda p, q: p * q,
    lambda p, q: p / (q**2 + 1),
    lambda p, q: -(p**2) / (2 + q**2) ** sp.Rational(3, 2),
    lambda p, q: (p - q) ** 3,
    lambda p, q: sp.sqrt(p**2 + 1) ** -3 * q,
    lambda p, q: sp.sin(p) * sp.exp(-(q**2)),
    lambda p, q: sp.Max(p, q) - sp.Min(p, 1),
    lambda p, q: sp.Piecewise((p, p < q), (q - 1, sp.Ne(q, 2)), (3, True)),
    lambda p, q: sp.Sum(p + k * q, (k, -1, n)) / (n + 2),
    lambda p, q: sp.Abs(p) / (1 + sp.Abs(q)) - sp.Mod(p, 2),
    lambda p, q: iterate(m_ / 2 + p, m_, q, n + 1),
]
m_ = sp.Symbol("m_", real=True)


def grow(dice: random.Random, depth: int) -> sp.Expr:
    if depth == 0:
        return dice.choice(LEAVES)
    made = dice.choice(GROWN)
    first, second = grow(dice, depth - 1), grow(dice, depth - 1)
    try:
        return made(first, second)
    except RecursionError:  # SymPy's Piecewise turns some conditions for ever
        return first + second


def test_random_expressions(calculator):
    """Precedences, shared parts, loops within branches: any tree will do."""
    dice = random_rng(4)
    places = [(0.37, -1.21, 2), (-2.4, 0.83, 0), (1.9, 2.7, 5)]
    compared = 0
    for _ in range(150):
        expr = grow(dice, 3)
        evaluate = evaluator(expr, [x, y, n])
        values = calculator(to_js(expr, [x, y, n]), places)
        for place, value in zip(places, values, strict=True):
            with mpmath.workdps(15):
                rough = evaluate(*place)
            with mpmath.workdps(40):
                python = evaluate(*place)
            if rough != pytest.approx(python, rel=1e-11, abs=0):
                continue  # the value itself is lost in double precision
            assert near(value, python), (expr, place, value, python)
            compared += 1
    assert compared > 400


def test_grid_interpolates_as_in_python(calculator, stage):
    from kexue_lib.explore import explore, slider

    a = sp.Symbol("a", real=True)
    table = grid("G", lambda p, q: math.sin(p) * q, [0, 1, 2.5, 4], [1, 3, 9])
    explorer = explore(
        "A grid",
        sliders=[slider(a, 1, 9, 4)],
        x=(x, 0, 4, "x"),
        curves={"g": table(x, a)},
    )
    page = stage(explorer).open()
    for value in (1, 2.2, 3, 8, 9):
        page.run("x.assign({a: a})", argument=value)
        data = page.run(
            "({x: [...x.data.x], y: [...x.data.layers[0].columns[0]]})"
        )
        python = [explorer.evaluate(0, {a: value}, at) for at in data["x"]]
        assert all(map(near, data["y"], python))


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (sp.zeta(x), "zeta"),
        (sp.Function("f")(x), "f cannot be compiled"),
        (sp.besselj(x, 2), "besselj compiles only for an integer"),
        (sp.legendre(x, 2), "legendre compiles only for an integer"),
        (sp.Integral(sp.exp(-(x**2)), (x, 0, y)), "Integral"),
        (sp.Derivative(sp.Function("f")(x), x), "Derivative"),
        (sp.Limit(sp.sin(x) / x, x, 0), "Limit"),
        (sp.harmonic(x, 2), "harmonic of order 2"),
        (sp.besselk(0, x), "besselk"),
        (sp.polygamma(1, x), "polygamma compiles only for order 0"),
    ],
)
def test_what_cannot_compile_is_named(expr, message):
    with pytest.raises(TypeError, match=message):
        to_js(expr, [x, y])


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (x + y, "free symbol y"),
        (sp.exp(sp.I * x), "complex-valued"),
        (sp.Sum(1 / k**2, (k, 1, sp.oo)), "oo of k must be known"),
        (sp.Sum(k, (k, 0, x)), "limit x of k must be known"),
        (sp.Integer(10) ** 400 * x, "does not fit a double"),
        (grid("G", abs, [0, 1])(x), "grid 'G' needs explore"),
    ],
)
def test_what_has_no_number_is_refused(expr, message):
    with pytest.raises(ValueError, match=message):
        to_js(expr, [x])


@pytest.mark.parametrize(
    "code",
    [
        "alert(1)",
        "(a0) => fetch('x')",
        "(a0) => a0.constructor",
        "K.constructor",
        "Math.constructor",
        "K.table.constructor",
        "a0[1]",
        "`x`",
        '"x"',
        "this",
        "globalThis",
        "import(a0)",
        "new Function",
        "eval(a0)",
        "(a0) => { throw a0; }",
        "\\u0061lert(1)",
        "a0 = document",
        "Math.random()",
        "</script>",
        "a0 # a1",
        "a0\u2028alert",
    ],
)
def test_the_gate_refuses_what_is_not_arithmetic(code):
    with pytest.raises(ValueError, match="not arithmetic"):
        check_arithmetic(code)


def test_a_symbol_name_never_reaches_the_code():
    evil = sp.Symbol('x);alert("1")//', real=True)
    code = to_js(sp.sin(evil), [evil])
    assert "alert" not in code
    check_arithmetic(code)


def test_what_does_not_depend_on_x_is_computed_once():
    code = _js.compile_js(sp.Sum(sp.exp(k * y), (k, 0, 9)) * x, [[y], [x]], [])
    assert code.index("for (let") < code.index("return (a1)")


def test_printing_is_deterministic():
    expr, arguments = CASES["nested"]
    codes = {to_js(expr, list(arguments)) for _ in range(3)}
    assert len(codes) == 1

"""The author's call: what it makes, and what it refuses."""

from __future__ import annotations

import base64
import io
import json
import math
import warnings

import pytest
import sympy as sp

from kexue_lib.explore import (
    checkbox,
    choice,
    explore,
    grid,
    iterate,
    slider,
)
from kexue_lib.explore._bundle import MIME, bundle_js, digest, page_script
from kexue_lib.explore._controls import Control
from kexue_lib.explore._explorer import ends
from kexue_lib.explore._labels import plain, slug

x, a, b = sp.symbols("x a b", real=True)
n, N = sp.symbols("n N", integer=True)
X = (x, 0, 1, "$x$")


def simple(**changes):
    arguments = {
        "sliders": [slider(a, 0, 2, 1)],
        "x": X,
        "curves": {"line": a * x},
    }
    return explore("A line", **(arguments | changes))


# ---- controls ------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((a, 2, 1), {}, "slider a: low=2 must be below high=1"),
        ((a, 1, 1), {}, "low=1 must be below high=1"),
        ((a, 0, 1, 2), {}, r"default of a must be in \[0, 1\], got 2"),
        ((a, 0, 1), {"log": True}, "logarithmic slider needs low > 0, got 0"),
        ((a, -1, 1), {"log": True}, "logarithmic slider needs low > 0"),
        ((a, 1, 9), {"log": True, "step": 1}, "step cannot go with log"),
        ((a, 0, 1), {"step": 0}, "step must be positive, got 0"),
        ((a, 0, 1), {"step": 1e-6}, "at most 2000 are allowed"),
        ((a, 0, math.inf), {}, "high of a must be finite, got inf"),
        ((a, math.nan, 1), {}, "low of a must be finite, got nan"),
        ((N, 0, 2.5), {}, "N is an integer, low=0 or high=2.5 is not"),
        ((N, 0, 9, 2.5), {}, "default of N must be an integer, got 2.5"),
        ((N, 0, 9), {"step": 0.5}, "positive and an integer, got 0.5"),
    ],
)
def test_slider_refuses(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        slider(*arguments, **options)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: slider("a", 0, 1), "needs a SymPy symbol, got 'a'"),
        (lambda: slider(a, "0x", 1), "low of a must be a number, got '0x'"),
        (lambda: slider(a, 0, 1, label=3), "label of a must be text, got 3"),
        (lambda: choice(a, {"p": "q", "r": 1}), "option 'p' of a must be"),
        (lambda: checkbox(a, 1), "default of a must be True or False, got 1"),
    ],
)
def test_controls_refuse_a_wrong_kind(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_choice_refuses():
    with pytest.raises(ValueError, match="two or more options"):
        choice(a, {"only": 1})
    with pytest.raises(ValueError, match="different values"):
        choice(a, {"p": 1, "q": 1})
    with pytest.raises(ValueError, match="default of a must be one of"):
        choice(a, {"p": 1, "q": 2}, default=3)


def test_a_slider_is_an_integer_one_by_its_symbol():
    assert slider(N, 1, 64).kind == "int"
    assert slider(a, 1, 64).kind == "float"


@pytest.mark.parametrize(
    "control",
    [
        slider(a, 0.1, 4, 1),
        slider(a, -3, 3),
        slider(a, 0.25, 2, step=0.07),
        slider(a, 1e-5, 1, log=True),
        slider(N, 1, 64),
        slider(N, 64, 1_000_000, log=True),
        slider(N, 0, 5000),
    ],
    ids=lambda control: f"{control.low:g}-{control.high:g}",
)
def test_positions_run_from_end_to_end(control: Control):
    values = [control.value_at(i) for i in range(control.positions + 1)]
    assert values[0] == control.low
    assert values[-1] == control.high
    assert values == sorted(values)
    assert control.positions <= 2000
    if control.kind == "int":
        assert all(value == int(value) for value in values)


def test_a_greek_letter_is_spelled_in_the_address():
    assert slider(sp.Symbol("β_1"), 0, 1).key == "beta_1"


# ---- the call ------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"curves": {"f": b * x}}, "curve 'f': no slider for b"),
        ({"readouts": {"r": x}}, "readout 'r': no slider for x"),
        ({"sliders": []}, "sliders: at least one"),
        (
            {"sliders": [slider(a, 0, 1), slider(a, 0, 2)]},
            "sliders: two of one name",
        ),
        (
            {
                "sliders": [
                    slider(sp.Symbol("a_b"), 0, 1),
                    slider(sp.Symbol("a.b"), 0, 2),
                ]
            },
            "sliders: two of one name",
        ),
        ({"x": (x, 1, 1)}, "x: low=1 must be below high=1"),
        ({"x": (x, 0, None)}, "x: both ends are needed"),
        ({"x": (x,)}, "x must be"),
        ({"x": (a, 0, 1)}, "a is a slider's symbol"),
        ({"x": (x, 0, a)}, r"x range at {'a': 0.0} is empty"),
        ({"x": (x, 0, 1 / a)}, "x range at {'a': 0.0} is undefined"),
        ({"x": (x, 0, 9), "log": "x"}, "a log axis needs low > 0"),
        ({"log": "z"}, "log must be"),
        ({"y": (3, 2)}, "y: low=3 must be below high=2"),
        ({"curves": {}}, "nothing to plot"),
        ({"curves": {"f": sp.exp(sp.I * x)}}, "curve 'f' is complex-valued"),
        ({"curves": {"f": sp.log(-1 - x)}}, "undefined at the defaults"),
        ({"bars": {"f": a * x}}, "declare x with integer=True for bars"),
        ({"bands": {"f": x}}, r"band 'f' must be \(lower, upper\)"),
        ({"marks": {"m": (None, None)}}, "x, y or both are needed"),
        ({"marks": {"m": 3}}, r"mark 'm' must be \(x, y\), got 3"),
        ({"presets": {"p": {b: 1}}}, "preset 'p': no slider for b"),
        ({"presets": {"p": {a: 3}}}, r"preset 'p': a must be in \[0, 2\]"),
        (
            {"plane": {"p": (x, (x, 0, 1))}},
            "plane: x has no symbol then",
        ),
        ({"heat": (x, (b, 0, 1)), "y": (0, 1)}, "y: the heat map's own axis"),
        ({"x": (n, 0, 5000), "curves": {"f": n * a}}, "at most 2000 points"),
    ],
)
def test_explore_refuses(changes, message):
    with pytest.raises(ValueError, match=message):
        simple(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sliders": [a]}, "made by slider, choice or checkbox, got a"),
        ({"curves": [x]}, "curves must be a dict of labels"),
        ({"curves": {1: x}}, "curves must be a dict of labels"),
        ({"curves": {"f": "x"}}, "curve 'f' must be a SymPy expression"),
        ({"curves": {"f": sp.zeta(x)}}, "curve 'f': zeta cannot be compiled"),
        ({"x": 3}, "x must be"),
    ],
)
def test_explore_refuses_a_wrong_kind(changes, message):
    with pytest.raises(TypeError, match=message):
        simple(**changes)


def test_title_is_needed():
    with pytest.raises(TypeError, match="title must be text, got 3"):
        explore(3, sliders=[slider(a, 0, 1)], x=X, curves={"f": a * x})


def test_cancellation_is_seen_before_the_reader_sees_it():
    """legendre(60, x), written out, is noise in double precision."""
    with pytest.raises(ValueError, match="loses its digits"):
        simple(curves={"P": sp.legendre(60, x) * a})
    stable = sp.legendre(N, x)
    simple(curves={"P": stable}, sliders=[slider(N, 1, 60)])


# ---- wrong versions, shared controls --------------------------------------


def test_wrong_versions_are_stored_beside_the_curve():
    explorer = simple(
        curves={"line": a * x, "other": x},
        wrong={"flip $a$": {"line": -a * x}, "both": {"line": x, "other": a}},
    )
    spec = explorer.spec
    flip, both = spec["wrong"]
    assert (flip["key"], flip["label"]["text"]) == ("flip-a", "flip a")
    assert [c["layer"] for c in both["curves"]] == [0, 1]
    [curve] = flip["curves"]
    assert explorer.formulas[curve["f"]].expr == -a * x
    assert explorer.evaluate(curve["f"], {a: 2}, 0.5) == -1
    assert "  wrong: flip a" in str(explorer).splitlines()
    # A still knows nothing of them.
    from kexue_lib.explore._still import still_png

    right = simple(curves={"line": a * x, "other": x})
    assert still_png(explorer) == still_png(right)
    assert "wrong" not in right.spec


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"flip": {"lime": -a * x}}, "wrong 'flip': no curve 'lime'"),
        ({"flip": {"line": a * x}}, "that is the curve 'line' itself"),
        ({"flip": {}}, "wrong 'flip': no curve is given"),
        ({"a b": {"line": x}, "a-b": {"line": -x}}, "two of one name"),
        ({"flip": {"line": b * x}}, "wrong 'flip', 'line': no slider for b"),
        ({"flip": {"line": sp.log(-1 - x)}}, "undefined at the defaults"),
    ],
)
def test_wrong_refuses(wrong, message):
    with pytest.raises(ValueError, match=message):
        simple(wrong=wrong)


def test_wrong_needs_two_dicts():
    with pytest.raises(TypeError, match="wrong must be a dict of labels"):
        simple(wrong=[x])
    with pytest.raises(TypeError, match="wrong 'flip' must be a dict"):
        simple(wrong={"flip": x})


def test_shared_is_stored_only_where_it_is_said():
    for make in (
        lambda **k: slider(a, 0, 1, **k),
        lambda **k: choice(a, {"p": 0, "q": 1}, 1, **k),
        lambda **k: checkbox(a, **k),
    ):
        assert make(shared=True).to_json()["shared"] is True
        assert "shared" not in make().to_json()


# ---- grids and loops -----------------------------------------------------


def test_grid_refuses():
    with pytest.raises(ValueError, match="200 x 200 = 40000 numbers; at most"):
        grid("G", lambda p, q: 0, range(200), range(200))
    with pytest.raises(ValueError, match="axis 0 must be strictly ascending"):
        grid("G", lambda p: 0, [1, 1])
    with pytest.raises(ValueError, match="at least one axis"):
        grid("G", lambda: 0)
    with pytest.raises(ValueError, match="a value is infinite"):
        grid("G", lambda p: math.inf, [1, 2])


def test_long_loops_are_refused():
    k = sp.Symbol("k", integer=True)
    many = sp.Sum(sp.sin(k * x), (k, 1, N))
    with pytest.raises(ValueError, match="a loop of 50000 steps; at most"):
        simple(curves={"f": many}, sliders=[slider(N, 1, 50_000, log=True)])
    with pytest.raises(ValueError, match="takes 802000 loop steps for one"):
        simple(curves={"f": many}, sliders=[slider(N, 1, 2000)])


def test_grid_size_is_shown():
    table = grid("G", lambda p, q: p * q, range(10), range(4))
    shown = str(simple(curves={"g": table(x, a)}))
    assert "grid G: 10 x 4" in shown
    assert "bytes" in shown


def test_a_readout_does_not_name_its_table():
    table = grid("nll", lambda p: p + 1, range(3))
    spec = simple(readouts={"loss": table(a), "double": 2 * a}).spec
    assert [r["formula"] for r in spec["readouts"]] == [None, "2 a"]


def test_grid_is_the_table_between_its_nodes():
    table = grid("G", lambda p: p * p, [0, 1, 3])(x)
    assert float(table.subs(x, 2)) == 5  # linear between 1 and 9
    assert math.isnan(float(table.subs(x, 4)))


def test_iterate_refuses():
    with pytest.raises(TypeError, match="count must be known to be an int"):
        iterate(x**2, x, 1, a)
    with pytest.raises(TypeError, match="must be symbols, got 2"):
        iterate(x**2, sp.Integer(2), 1, N)
    with pytest.raises(ValueError, match="iterate is for real states"):
        iterate(x**2 + sp.I, x, 0, N)
    with pytest.raises(ValueError, match="got 2, 1 and 1"):
        iterate((x, a), (x,), (1,), N)


def test_sympy_can_count_inside_a_loop():
    """`count` is a method of every expression; Mod calls it."""
    looped = iterate(a * x, x, 1, N)
    assert looped.count(sp.Mod) == 0
    assert sp.Mod(looped + b, 2).subs(N, 0).doit() == sp.Mod(b + 1, 2)


def test_iterate_expands():
    assert iterate(a * x, x, 1, 3).doit() == a**3
    p, _ = iterate((p0 := x + b, x - p0 + a), (x, a), (1, 2), 1)
    assert p.doit() == 1 + b
    assert "mapsto" in sp.latex(iterate(a * x, x, 1, N))


# ---- what is stored ------------------------------------------------------


def test_the_bundle_is_complete_and_deterministic():
    first, _ = simple()._repr_mimebundle_()
    second, _ = simple()._repr_mimebundle_()
    assert set(first) == {"text/plain", MIME, "image/png"}
    assert json.dumps(first, sort_keys=True) == json.dumps(
        second, sort_keys=True
    )
    assert json.loads(json.dumps(first[MIME])) == first[MIME]


def test_the_text_says_what_there_is():
    explorer = simple(
        sliders=[
            slider(a, 0, 2, 1, label=r"gain $\alpha$"),
            choice(b, {"one": 1, r"$\frac{1}{2}$": 0.5}),
            checkbox(sp.Symbol("c"), True),
        ],
        readouts={"half": a / 2},
    )
    assert str(explorer).splitlines() == [
        "A line",
        "  gain α = 1 in [0, 2]",
        "  b = one in one | (1)/(2)",
        "  c = on",
        "  half: 0.5",
    ]


def test_every_kind_of_layer_has_a_still():
    import matplotlib.image

    curvy = simple(
        bands={"b": (0, a)}, marks={"v": (a / 2, None), "p": (0, a)}
    )
    barry = simple(
        x=(n, 0, 9),
        curves={"c": n * a},
        bars={"b": n},
        stems={"s": n + a},
        log="y",
    )
    t = sp.Symbol("t", real=True)
    plane = simple(
        x=(-1, 1, "Re"),
        curves=None,
        plane={
            "circle": (sp.exp(sp.I * t), (t, 0, 2 * sp.pi)),
            "roots": (a * sp.exp(2 * sp.pi * sp.I * n / 8), (n, 0, 7)),
            "pair": ((t, t**2), (t, -1, 1)),
        },
    )
    heat = simple(curves=None, heat=(a * x * t, (t, 0, 1)))
    for explorer in (curvy, barry, plane, heat):
        png = base64.b64decode(explorer._repr_mimebundle_()[0]["image/png"])
        pixels = matplotlib.image.imread(io.BytesIO(png))
        assert pixels.shape[0] > 100
        assert pixels[..., :3].min() < 0.5  # something is drawn


def test_labels_mathtext_cannot_set_are_shown_plainly():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simple(curves={r"$\operatorname{Erf}\tfrac{a}{b}$ $": a * x}, y="$")
        explorer = simple(curves={r"$\underbrace{x}_{y}$": a * x})
        explorer._repr_mimebundle_()


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (r"$\beta$", "β"),
        (r"gain $\beta_1^2$, \$5", "gain β₁², \\$5"),
        (r"$\frac{a}{b}$", "(a)/(b)"),
        (r"$\lambda\to\infty$", "λ → ∞"),
        (r"$x^{ab}$", "x^(ab)"),
        ("costs 5 $", "costs 5 $"),
        (r"$\Omega_k \ge 0$", "Ω_k ≥ 0"),
    ],
)
def test_plain_reading_of_a_label(label, text):
    assert plain(label) == text


def test_slug():
    assert slug("Échoes of β = 2!") == "echoes-of-2"
    assert slug("熵") == "explorer"


def test_ends_hold_every_end_and_corner():
    controls = [slider(a, 0, 1, 0.5), choice(b, {"p": 3, "q": 4, "r": 5})]
    states = list(ends(controls))
    assert {a: 0.5, b: 3} in states
    assert {a: 0.0, b: 3} in states
    assert {a: 1.0, b: 5} in states


# ---- the script ----------------------------------------------------------


def test_script_refuses_another_schema_and_code():
    spec = simple().spec
    with pytest.raises(ValueError, match="schema 'old'"):
        bundle_js(spec | {"schema": "old"})
    with pytest.raises(ValueError, match="not arithmetic"):
        bundle_js(spec | {"functions": ["() => alert(1)"]})


def test_script_is_ascii_without_tags():
    explorer = simple(curves={"</script><b>\u2028熵": a * x})
    script = page_script([explorer.spec])
    assert script.isascii()
    assert "<" not in script.split("functions:")[0]


def test_digest_changes_with_the_formula():
    assert digest(simple().spec) != digest(
        simple(curves={"line": a * x + 1}).spec
    )


def test_sympy_and_torch_are_not_needed_to_build_the_book():
    import subprocess
    import sys

    code = (
        "import sys, kexue_lib.explore._bundle as b;"
        "assert not {'sympy', 'torch', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

"""The component in a browser: keys, pointer, address, looks, safety."""

from __future__ import annotations

import copy
import struct
from pathlib import Path

import pytest
import sympy as sp
from browsing import axe_findings
from explorers import SPARE
from seeds import random_rng

from kexue_lib.explore import checkbox, choice, explore, slider
from kexue_lib.sphinxext import heights

x, a, b, s = sp.symbols("x a b s", real=True)
n, k, N = sp.symbols("n k N", integer=True)

HOSTILE = [
    "</script><script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked = 1">',
    "\"'`; window.hacked = 1; //",
    "${window.hacked = 1}",
    "javascript:window.hacked = 1",
    "&lt;b&gt; &amp; <!-- --> ]]>",
    r"$\href{javascript:window.hacked=1}{x}$",
    r"$\htmlData{x=1}{<img src=x onerror=window.hacked=1>}$",
    "\u2028window.hacked = 1\u2029",
    "__proto__",
    "constructor",
]


def example():
    """Every kind of control and most kinds of layers over x."""
    return explore(
        "All controls",
        sliders=[
            slider(a, 0.1, 4, 1, label=r"gain $\alpha$"),
            slider(b, 1e-3, 10, 1, log=True),
            slider(N, 1, 12, 4),
            choice(s, {"plain": 1, "turned": -1}, label="sign"),
            checkbox(sp.Symbol("c"), label="lifted"),
        ],
        x=(x, 0, 3, "time $t$"),
        y=(None, None, "signal"),
        curves={
            "wave": s * sp.exp(-b * x) * sp.sin(a * x) + sp.Symbol("c"),
            "sum": sp.Sum(sp.cos(k * x) / k, (k, 1, N)),
        },
        bands={"around": (a * x / 4 - 1, a * x / 4)},
        marks={"gain": (a / 2, None), "level": (None, b / 10)},
        readouts={r"ratio $\rho$": a / (1 + b), "terms": N**2},
        presets={"calm": {a: 0.5, N: 2}, "wild": {a: 4, s: -1}},
    )


def pole():
    return explore(
        "A pole",
        sliders=[slider(a, -1, 1, 0)],
        x=(x, -1, 1, "x"),
        y=(-9, 9),
        curves={"1/(x-a)": 1 / (x - a), "root": sp.sqrt(x - a)},
    )


def plane():
    t = sp.Symbol("t", real=True)
    return explore(
        "A plane",
        sliders=[slider(a, 0.1, 1.4, 0.8), slider(N, 1, 24, 8)],
        x=(-1.5, 1.5, "Re"),
        y=(-1.5, 1.5, "Im"),
        plane={
            "circle": (sp.exp(sp.I * t), (t, 0, 2 * sp.pi)),
            "roots": (a * sp.exp(2 * sp.pi * sp.I * k / N), (k, 0, N - 1)),
        },
    )


def matrix():
    return explore(
        "A matrix",
        sliders=[slider(N, 1, 9, 5), slider(a, -1, 1, 0.5)],
        x=(k, 0, N - 1, "column $k$"),
        heat=(sp.Piecewise((n + a, k <= n), (0, True)), (n, 0, N - 1, "$n$")),
    )


def bars():
    return explore(
        "Bars",
        sliders=[slider(N, 1, 64, 9), slider(a, 0.1, 9, 2)],
        x=(n, 0, N, "$n$"),
        y=(0, None, "weight"),
        bars={"weight": a**n / sp.factorial(n)},
        stems={"half": a**n / sp.factorial(n) / 2},
    )


def entropy():
    """Entropy of attention against length, for three laws of the scale."""
    size, law = sp.symbols("n law", positive=True)
    scale = sp.Piecewise(
        (1, sp.Eq(law, 0)),
        (sp.log(size, 512), sp.Eq(law, 1)),
        (sp.sqrt(sp.log(size) / sp.log(512)), True),
    )
    one = sp.exp(a * scale)
    p = one / (one + size - 1)
    rest = (1 - p) * sp.log((1 - p) / (size - 1))
    return explore(
        "Entropy against length",
        sliders=[
            slider(a, 0.5, 9, 6, label="score $s$"),
            choice(law, {"constant": 0, r"$\log_{512}n$": 1, "root": 2}),
        ],
        x=(size, 64, 1e6, "length $n$"),
        y="entropy, nats",
        log="x",
        curves={
            "planted": -p * sp.log(p) - rest,
            "Gaussian": sp.log(size) - scale**2 / 2,
            "uniform": sp.log(size),
        },
    )


def wrapped():
    """A wrapped Gaussian, its truncated series and Fejér's means."""
    wave = sp.exp(-(k**2) * a**2 / 2) * sp.cos(k * x)
    fejer = 1 - k / (N + 1)
    image = sp.exp(-((x - 2 * sp.pi * k) ** 2) / (2 * a**2))
    return explore(
        "A truncated density",
        sliders=[slider(a, 0.1, 2, 0.4), slider(N, 0, 12, 4)],
        x=(x, -sp.pi, sp.pi, "$x$"),
        y="density",
        curves={
            "exact": sp.Sum(image, (k, -4, 4)) / a / sp.sqrt(2 * sp.pi),
            "truncated": (1 + 2 * sp.Sum(wave, (k, 1, N))) / (2 * sp.pi),
            "Fejér": (1 + 2 * sp.Sum(fejer * wave, (k, 1, N))) / (2 * sp.pi),
        },
        readouts={
            "tail": sp.erfc(sp.pi / a / sp.sqrt(2)),
        },
    )


def lemma():
    """Johnson-Lindenstrauss: dimension against distortion, four rules."""
    eps, points = sp.symbols("varepsilon M", positive=True)
    return explore(
        "Dimensions that suffice",
        sliders=[slider(points, 10, 1e8, 1e4, log=True)],
        x=(eps, 0.05, 0.9, r"$\varepsilon$"),
        y=(10, 1e6, "dimension"),
        log="y",
        curves={
            "24": 24 * sp.log(points) / eps**2,
            "Chernoff": 4 * sp.log(points) / (eps**2 / 2 - eps**3 / 3),
            "8": sp.ceiling(8 * sp.log(points) / eps**2),
        },
        marks={"points": (None, sp.log(points))},
    )


EXAMPLES = [example, pole, plane, matrix, bars, entropy, wrapped, lemma]


def check(page, oracle, number: int = 0) -> None:
    """What is drawn now is what Python says, and nothing else."""
    drawn = page.run(f"({oracle.DRAWN})(x)", number)
    spec = page.explorers[number].spec
    assert oracle(spec).compare(drawn) == []
    assert oracle.unmarked(drawn) == []


# ---- numbers -------------------------------------------------------------


@pytest.mark.parametrize("make", EXAMPLES)
def test_every_end_by_key_and_a_random_place_by_pointer(stage, oracle, make):
    page = stage(make()).open()
    check(page, oracle)
    dice = random_rng(make.__name__)
    for row in page.element().locator("input[type=range]").all():
        key = row.get_attribute("id").rsplit("-", 1)[-1]
        for press, end in (("Home", "low"), ("End", "high")):
            row.focus()
            page.page.keyboard.press(press)
            check(page, oracle)
            control = page.run("x.control(a)", argument=key)
            assert page.values()[key] == control[end]
        box = row.bounding_box()
        page.page.mouse.click(
            box["x"] + box["width"] * dice.uniform(0.2, 0.8),
            box["y"] + box["height"] / 2,
        )
        check(page, oracle)
        assert control["low"] < page.values()[key] < control["high"]
    assert page.troubles == []


def test_a_wrong_formula_is_noticed(stage, oracle):
    """Negative control: other JavaScript than the stored expression's."""
    explorer = bars()
    wrong = copy.deepcopy(explorer)
    # One part in 10^8 more: still a likely-looking curve.
    wrong.spec["functions"] = [
        code.replace("return Math.pow", "return 1.00000001*Math.pow")
        for code in explorer.spec["functions"]
    ]
    assert wrong.spec["functions"] != explorer.spec["functions"]
    page = stage(wrong).open()
    drawn = page.run(f"({oracle.DRAWN})(x)")
    assert oracle(explorer.spec).compare(drawn)


def test_a_hole_is_marked(stage, oracle):
    page = stage(pole()).open()
    drawn = page.run(f"({oracle.DRAWN})(x)")
    assert drawn["gaps"] == 2
    assert drawn["note"]
    page.run("x.element.querySelectorAll('.kx-gap').forEach(g => g.remove())")
    drawn = page.run(f"({oracle.DRAWN})(x)")
    assert oracle.unmarked(drawn) == ["a curve has holes but no mark"]


def test_a_part_of_the_range_has_no_marks(stage, oracle):
    t = sp.Symbol("t", real=True)
    below = sp.Piecewise((a * sp.cos(t), sp.cos(t) < 0))
    page = stage(
        explore(
            "Where it is negative",
            sliders=[slider(a, 0.1, 2, 1)],
            x=(-4, 4, ""),
            plane={
                "all": ((t, a * sp.cos(t)), (t, -3, 3)),
                "below": ((t, below), (t, -3, 3)),
            },
        )
    ).open()
    check(page, oracle)
    drawn = page.run(f"({oracle.DRAWN})(x)")
    assert drawn["gaps"] == 0
    assert not drawn["note"]
    paths = page.element().locator(".kx-path path:first-child")
    assert paths.nth(0).get_attribute("d").count("M") == 1
    assert paths.nth(1).get_attribute("d").count("M") == 2


# ---- hands ---------------------------------------------------------------


def test_keys_move_a_slider(stage):
    page = stage(example()).open()
    row = page.element().locator("input[type=range]").first
    row.focus()
    page.page.keyboard.press("ArrowRight")
    assert page.values()["a"] == 1.02
    assert row.get_attribute("aria-valuetext") == "1.02"
    page.page.keyboard.press("ArrowLeft")
    page.page.keyboard.press("ArrowLeft")
    assert page.values()["a"] == 0.98
    page.page.keyboard.press("PageUp")
    assert 1.2 < page.values()["a"] < 1.5
    page.page.keyboard.press("PageDown")
    assert 0.9 < page.values()["a"] < 1.1


def test_touch_moves_a_slider(stage):
    page = stage(example(), width=375, has_touch=True, is_mobile=True).open()
    row = page.element().locator("input[type=range]").first
    row.scroll_into_view_if_needed()
    box = row.bounding_box()
    page.page.touchscreen.tap(
        box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2
    )
    assert page.values()["a"] > 3


def test_a_value_can_be_typed(stage):
    page = stage(example()).open()
    field = page.element().locator(".kx-value").first
    for typed, value in (
        ("2.345", 2.345),
        ("\u22125", 0.1),  # a true minus sign, below the range
        ("1e3", 4),
        ("nonsense", 4),
        ("", 4),
        ("0,5", 0.5),
    ):
        field.fill(typed)
        field.press("Enter")
        assert page.values()["a"] == value
    assert field.input_value() == "0.5"
    count = page.element().locator(".kx-value").nth(2)
    count.fill("3.6")
    count.blur()
    assert page.values()["N"] == 4
    count.fill("1,000")
    count.blur()
    assert page.values()["N"] == 12


def test_reset_and_double_click(stage):
    page = stage(example()).open()
    page.run("x.assign({a: 3, b: 5, N: 9, s: -1, c: 1})")
    page.element().locator(".kx-label").first.dblclick()
    assert page.values() == {"a": 1, "b": 5, "N": 9, "s": -1, "c": 1}
    page.element().get_by_role("button", name="Reset").click()
    assert page.values() == {"a": 1, "b": 1, "N": 4, "s": 1, "c": 0}


def test_presets_change_what_they_name(stage):
    page = stage(example()).open()
    page.run("x.assign({b: 5})")
    calm = page.element().get_by_role("button", name="calm")
    calm.click()
    assert page.values() == {"a": 0.5, "b": 5, "N": 2, "s": 1, "c": 0}
    assert calm.get_attribute("aria-pressed") == "true"
    page.run("x.assign({a: 1})")
    page.settle()
    assert calm.get_attribute("aria-pressed") == "false"


def test_choice_and_checkbox_by_key(stage):
    page = stage(example()).open()
    page.element().get_by_role("radio", name="plain").focus()
    page.page.keyboard.press("ArrowRight")
    assert page.values()["s"] == -1
    page.element().get_by_role("checkbox", name="lifted").focus()
    page.page.keyboard.press("Space")
    assert page.values()["c"] == 1


def test_reading_under_the_pointer(stage):
    page = stage(example()).open()
    drawing = page.element().locator(".kx-svg")
    box = drawing.bounding_box()
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 50)
    shown = page.element().locator(".kx-legend-value").all_inner_texts()
    assert all(shown)
    assert "time t = " in page.element().locator(".kx-tip").text_content()
    page.page.mouse.move(1, 1)
    shown = page.element().locator(".kx-legend-value").all_inner_texts()
    assert shown[:3] == ["", "", ""]


def test_reading_by_key_is_announced(stage):
    page = stage(example()).open()
    drawing = page.element().locator(".kx-svg")
    drawing.focus()
    page.page.keyboard.press("Home")
    live = page.element().locator(".kx-live")
    assert live.text_content().startswith("time t 0; wave 0; sum 2.083;")
    page.page.keyboard.press("ArrowRight")
    assert live.text_content().startswith("time t 0.03;")


def test_readouts_are_announced_after_a_rest(stage):
    page = stage(example()).open()
    row = page.element().locator("input[type=range]").first
    row.focus()
    page.page.keyboard.press("End")
    live = page.element().locator(".kx-live")
    assert live.text_content() == ""
    page.page.wait_for_timeout(800)
    assert live.text_content() == "ratio ρ: 2; terms: 16"


# ---- wrong versions --------------------------------------------------------


def refuted():
    return explore(
        "Refuted",
        sliders=[slider(a, 0, 4, 1)],
        x=(x, 0, 2, "time $t$"),
        curves={"decay": sp.exp(-a * x), "level": a},
        wrong={
            "flip the sign": {"decay": sp.exp(a * x)},
            "another base": {"decay": 2 ** (-a * x), "level": a + 3},
            "undefined": {"decay": sp.Piecewise((sp.exp(-a * x), x > a))},
        },
    )


def test_a_wrong_version_is_drawn_and_measured(stage, oracle):
    page = stage(refuted()).open()
    flip = page.element().get_by_role("button", name="flip the sign")
    note = page.element().locator(".kx-wrong-note")
    curve = page.element().locator(".kx-refuted-curve path")
    assert flip.get_attribute("aria-pressed") == "false"
    assert curve.count() == 0
    flip.click()
    assert flip.get_attribute("aria-pressed") == "true"
    # exp(2) - exp(-2), at the right end
    assert note.text_content() == (
        "At most 7.25 from the right curve on the range shown, at time t = 2."
    )
    assert curve.count() == 1
    style = page.run(
        "(s => [s.stroke, s.strokeDasharray, getComputedStyle("
        "element.querySelector('.kx-wrong-note')).color])("
        "getComputedStyle(element.querySelector('.kx-refuted-curve path')))"
    )
    assert style[0] == style[2] == "rgb(179, 32, 44)"
    assert style[1] != "none"
    assert "wrong" in page.element().locator(".kx-legend").inner_text()
    live = page.element().locator(".kx-live")
    assert live.text_content().startswith("flip the sign: At most 7.25")
    check(page, oracle)
    page.element().locator("input[type=range]").focus()
    page.page.keyboard.press("Home")
    check(page, oracle)
    assert note.text_content() == "No difference at this setting."
    flip.click()
    page.settle()
    assert curve.count() == 0
    assert note.text_content() == ""
    assert not page.element().locator(".kx-legend-wrong").count()


def test_one_wrong_version_at_a_time_by_key(stage, oracle):
    page = stage(refuted()).open()
    buttons = page.element().locator(".kx-version")
    buttons.nth(0).focus()
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Space")
    pressed = [b.get_attribute("aria-pressed") for b in buttons.all()]
    assert pressed == ["false", "true", "false"]
    check(page, oracle)
    note = page.element().locator(".kx-wrong-note")
    assert note.text_content().endswith("in level.")
    assert "At most 3 from" in note.text_content()
    page.element().get_by_role("button", name="Reset").click()
    page.settle()
    assert page.element().locator(".kx-refuted-curve path").count() == 0


def test_a_wrong_version_without_a_value_says_so(stage, oracle):
    page = stage(refuted()).open()
    page.element().get_by_role("button", name="undefined").click()
    check(page, oracle)
    note = page.element().locator(".kx-wrong-note")
    assert note.text_content() == "It has no value on part of the range."


def test_on_a_logarithmic_axis_a_factor_is_said(stage):
    page = stage(
        explore(
            "Ratio",
            sliders=[slider(a, 0, 4, 1)],
            x=(x, 0, 2),
            log="y",
            curves={"decay": sp.exp(-a * x)},
            wrong={"twice": {"decay": 2 * sp.exp(-a * x)}},
        )
    ).open()
    page.element().get_by_role("button", name="twice").click()
    note = page.element().locator(".kx-wrong-note").text_content()
    assert note.startswith("At most a factor of 2 from the right curve")


# ---- explorers that move together, words that move them ---------------------


def partner(high=4, **options):
    return explore(
        "Partner",
        sliders=[slider(a, 0, high, 1, **options), slider(b, 0, 1)],
        x=(x, 0, 1),
        curves={"f": a * x + b},
    )


def test_shared_sliders_move_together(stage, oracle):
    one = partner(shared=True)
    two = partner(high=3, shared=True)
    page = stage(one, two, partner()).open("#explorer-partner-2?a=2")
    page.settle()
    assert [page.values(n)["a"] for n in (0, 1, 2)] == [2, 2, 1]
    row = page.element(0).locator("input[type=range]").first
    row.focus()
    page.page.keyboard.press("End")
    # Each keeps to its own range.
    assert [page.values(n)["a"] for n in (0, 1, 2)] == [4, 3, 1]
    for number in (0, 1, 2):
        check(page, oracle, number)
    page.run("x.assign({b: 1})")
    assert page.values(1)["b"] == 0.5
    page.element(1).get_by_role("button", name="Reset").click()
    page.settle()
    assert [page.values(n)["a"] for n in (0, 1)] == [1, 1]
    page.page.wait_for_timeout(800)
    # Only where the reader is, it is read out.
    assert page.element(0).locator(".kx-live").text_content() == ""


WORD = (
    '<p style="margin: {top}px 0 2000px">See <span class="kx-press" '
    'role="button" tabindex="0" data-kx-for="0" data-kx-asks=\'{asks}\'>'
    "at <b>two</b></span>.</p>"
)


def with_word(page, asks: str, top: int = 0):
    """Put a word that asks explorer 0 for something below the explorers."""
    page.open()
    page.page.evaluate(
        "html => { document.querySelector('main')"
        ".insertAdjacentHTML('beforeend', html);"
        "document.querySelector('kexue-explorer').dataset.number = 0; }",
        WORD.format(asks=asks, top=top),
    )
    return page.page.locator(".kx-press")


@pytest.mark.parametrize("way", ["click", "tap", "Enter", "Space"])
def test_a_word_sets_a_slider(stage, way):
    page = stage(refuted(), has_touch=True)
    word = with_word(page, '{"set": {"a": 2}}')
    if way == "tap":
        word.tap()
    elif way == "click":
        word.locator("b").click()
    else:
        word.focus()
        page.page.keyboard.press(way)
    assert page.values()["a"] == 2
    page.settle()
    assert word.get_attribute("aria-pressed") == "true"
    live = page.element().locator(".kx-live").text_content()
    assert live == "Refuted: a = 2"
    page.run("x.assign({a: 3})")
    page.settle()
    assert word.get_attribute("aria-pressed") == "false"


def test_a_word_presses_a_wrong_version(stage, oracle):
    page = stage(refuted())
    word = with_word(page, '{"wrong": "flip-the-sign"}')
    word.click()
    assert page.run("x.pressed") == 0
    check(page, oracle)
    assert word.get_attribute("aria-pressed") == "true"
    word.click()
    assert page.run("x.pressed") is None
    assert word.get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize(("top", "moves"), [(0, False), (1500, True)])
def test_only_what_is_out_of_sight_is_scrolled_to(stage, top, moves):
    page = stage(refuted())
    word = with_word(page, '{"set": {"a": 2}}', top=top)
    word.scroll_into_view_if_needed()
    word.focus()
    before = page.page.evaluate("scrollY")
    page.page.keyboard.press("Enter")
    page.settle()
    assert (page.page.evaluate("scrollY") != before) == moves
    box = page.element().locator(".kx-frame").bounding_box()
    assert box["y"] + box["height"] > 0


def test_focus_on_a_word_is_shown(stage):
    page = stage(refuted())
    word = with_word(page, '{"set": {"a": 2}}')
    word.focus()
    page.page.keyboard.press("Shift")  # the reader uses the keyboard
    assert word.evaluate("e => getComputedStyle(e).outlineWidth") == "2px"


# ---- the address ---------------------------------------------------------


def test_the_address_holds_the_state(stage):
    page = stage(example()).open()
    page.run("x.assign({a: 2.5, s: -1})")
    page.element().get_by_role("button", name="Link").click()
    assert page.page.url.endswith("#explorer-all-controls?a=2.5&s=-1")
    other = stage(example()).open("#explorer-all-controls?a=2.5&s=-1")
    assert other.values() == {"a": 2.5, "b": 1, "N": 4, "s": -1, "c": 0}
    other.page.evaluate("location.hash = '#explorer-all-controls?N=7'")
    other.page.wait_for_timeout(100)
    assert other.values() == {"a": 1, "b": 1, "N": 7, "s": 1, "c": 0}


@pytest.mark.parametrize(
    "fragment",
    [
        "#explorer-all-controls?a=99&b=zero&N=&s=3&unknown=1",
        "#explorer-all-controls?__proto__=1&constructor=2",
        "#%E0%A4%A",
        "#explorer-all-controls?a=%E0%A4%A",
        "#other?a=2",
        "#<img src=x onerror=window.hacked=1>",
    ],
)
def test_a_strange_address_does_no_harm(stage, fragment):
    page = stage(example()).open(fragment)
    values = page.values()
    assert values == {
        "a": 4 if "a=99" in fragment else 1,
        "b": 1, "N": 4, "s": 1, "c": 0,
    }  # fmt: skip
    assert page.troubles == []
    assert page.page.evaluate("window.hacked") is None


def test_the_same_explorer_twice(stage):
    page = stage(example(), example()).open("#explorer-all-controls-2?a=3")
    assert page.values(0)["a"] == 1
    assert page.values(1)["a"] == 3
    ids = page.page.eval_on_selector_all("[id]", "e => e.map(n => n.id)")
    assert len(ids) == len(set(ids))
    # Radio buttons of the two do not form one group.
    page.element(1).get_by_role("radio", name="turned").check(force=True)
    assert page.values(0)["s"] == 1


# ---- looks ---------------------------------------------------------------


def test_dark_mode_follows_the_page_and_else_the_system(stage):
    colour = "getComputedStyle(element).getPropertyValue('--kx-1')"
    light = stage(example()).open().run(colour)
    dark = stage(example(), theme="dark").open().run(colour)
    assert light != dark
    page = stage(example(), theme="dark").open()
    page.page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert page.run(colour) == light
    page = stage(example()).open()
    page.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.run(colour) == dark


@pytest.mark.parametrize("make", EXAMPLES)
def test_phone_width(stage, make):
    page = stage(make(), width=375).open()
    over = page.page.evaluate(
        "document.scrollingElement.scrollWidth - innerWidth"
    )
    assert over <= 0
    for row in page.element().locator("input[type=range]").all():
        assert row.bounding_box()["height"] >= 24


OVERLAPS = """x => {
  const boxes = [...x.element.querySelectorAll('.kx-ticks text')].map(
    t => t.getBoundingClientRect());
  return [boxes.length, boxes.filter((a, i) => boxes.some((b, j) => i < j
    && a.left < b.right && b.left < a.right
    && a.top + 3 < b.bottom && b.top + 3 < a.bottom)).length]; }"""


def one_decade():
    return explore(
        "Many ticks",
        sliders=[slider(a, 1, 2)],
        x=(x, 0.05, 0.9),
        y=(2, 31),
        log="xy",
        curves={"f": a + 9 * x},
    )


def long_numbers():
    return explore(
        "Long numbers",
        sliders=[slider(a, 1, 2)],
        x=(x, 0, 2_000_000),
        curves={"f": a * x},
    )


@pytest.mark.parametrize("make", [*EXAMPLES, one_decade, long_numbers])
@pytest.mark.parametrize("width", [320, 375, 900])
def test_ticks_do_not_touch(stage, make, width):
    page = stage(make(), width=width).open()
    count, overlaps = page.run(f"({OVERLAPS})(x)")
    assert overlaps == 0
    assert count >= 4


def test_narrower_page_is_drawn_anew(stage):
    page = stage(example()).open()
    wide = page.run("x.element.querySelector('svg').clientWidth")
    page.page.set_viewport_size({"width": 400, "height": 800})
    page.page.wait_for_timeout(200)
    assert page.run("x.element.querySelector('svg').clientWidth") < wide


def test_print_and_no_script_show_the_still(stage):
    page = stage(example()).open()
    still = page.element().locator(".kexue-still")
    assert not still.is_visible()
    page.page.emulate_media(media="print")
    assert not page.element().locator(".kx").is_visible()
    display = still.evaluate("e => getComputedStyle(e).display")
    assert display == "block"


# One transparent pixel stands for a still that is on its way.
DOT = (
    "data:image/gif;base64,"
    "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
)


def test_without_scripts_the_still_is_there(browser):
    from kexue_lib.explore._bundle import static

    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 375, "height": 600}
    )
    page = context.new_page()
    page.set_content(
        f"<style>{static('explorer.css')}</style><kexue-explorer "
        'style="--kx-wide: 900px; --kx-narrow: 900px">'
        f'<img class="kexue-still" alt="still" src="{DOT}"></kexue-explorer>'
    )
    still = page.locator(".kexue-still")
    assert still.is_visible()
    # Its own place before it is fetched, and no more.
    box = still.bounding_box()
    assert box["width"] / box["height"] == pytest.approx(700 / 370, rel=0.01)
    assert page.locator("kexue-explorer").bounding_box()["height"] < 300
    context.close()


def test_the_still_has_the_size_that_the_style_says():
    from kexue_lib.explore._still import still_png

    size = struct.unpack(">II", still_png(example())[16:24])
    assert size == (700, 370)


def test_nothing_moves_by_itself(stage):
    page = stage(example(), reduced_motion="reduce").open()
    moving = page.run(
        "[...element.querySelectorAll('*')].filter(e => {"
        " const s = getComputedStyle(e);"
        " return s.animationName !== 'none'"
        " || (s.transitionDuration !== '0s'); }).length"
    )
    assert moving == 0


def test_focus_is_shown(stage):
    page = stage(example()).open()
    page.element().locator("input[type=range]").first.focus()
    page.page.keyboard.press("ArrowRight")
    width = page.run("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "2px"


# ---- the room that a page keeps --------------------------------------------


@pytest.mark.parametrize("make", [*EXAMPLES, refuted])
@pytest.mark.parametrize(("window", "name"), [(788, "wide"), (341, "narrow")])
def test_room_is_kept_for_every_kind(stage, make, window, name):
    """As wide as a column of the book; labels are plain text here."""
    explorer = make()
    style = "body { margin: 0; font-family: Arial, 'Liberation Sans' }"
    page = stage(explorer, width=window, head=f"<style>{style}</style>")
    page.open()
    # Whether a curve has holes is not known before.
    page.run("x.plot.note.remove()")
    taken = page.run("x.element.getBoundingClientRect().height")
    kept = heights.total(explorer.spec, heights.WIDTHS[name])
    assert -25 <= kept - taken <= SPARE, (taken, kept)


@pytest.mark.parametrize(("window", "name"), [(900, "wide"), (375, "narrow")])
def test_before_the_script_the_room_is_kept(stage, window, name):
    explorer = example()
    page = stage(explorer, width=window)
    page.page.route("**/page.js", lambda route: route.abort())
    page.page.goto("http://stage.test/")
    element = page.element()
    element.evaluate(
        "(e, s) => e.setAttribute('style', s)", heights.reserved(explorer.spec)
    )
    assert not element.locator(".kexue-still").is_visible()
    height = element.bounding_box()["height"]
    kept = round(heights.total(explorer.spec, heights.WIDTHS[name]))
    assert height == pytest.approx(kept, abs=1)


# ---- accessibility -------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(stage, theme):
    background = "#121212" if theme == "dark" else "#fff"
    colour = "#ced6dd" if theme == "dark" else "#222832"
    page = stage(
        *(make() for make in EXAMPLES),
        theme=theme,
        head=f"<style>body{{background:{background};color:{colour}}}</style>",
    ).open()
    assert axe_findings(page.page) == []


def test_axe_would_find_a_missing_name(stage):
    """Negative control of the check above."""
    page = stage(example()).open()
    page.run(
        "element.querySelector('.kx-value').removeAttribute('aria-label')"
    )
    assert any("label" in f for f in axe_findings(page.page))


def test_names_and_values_for_screen_readers(stage):
    page = stage(example()).open()
    main = page.element()
    assert main.get_by_role("slider", name="gain α").count() == 1
    assert main.get_by_role("textbox", name="gain α, value").count() == 1
    assert main.get_by_role("img", name="All controls").count() == 1
    assert main.get_by_role("group", name="All controls").count() == 1
    assert main.get_by_role("radiogroup", name="sign").count() == 1


# ---- safety --------------------------------------------------------------


def test_strict_policy(stage):
    """No eval, no inline script, no inline style, nothing from elsewhere."""
    page = stage(example(), matrix(), policy="default-src 'self'").open()
    for number in (0, 1):
        page.element(number).locator("input[type=range]").first.focus()
        page.page.keyboard.press("End")
        page.settle()
    assert page.troubles == []
    assert all(u.startswith("http://stage.test/") for u in page.requests)


def test_the_policy_would_be_noticed(stage):
    """Negative control: under that policy `eval` fails and is reported."""
    page = stage(example(), policy="default-src 'self'").open()
    page.page.evaluate(
        "() => { const s = document.createElement('script');"
        " s.textContent = 'window.hacked = 1'; document.body.append(s); }"
    )
    assert page.troubles


def hostile(text: str):
    """An explorer with ``text`` wherever an author can write."""
    evil = sp.Symbol(text, real=True)
    return explore(
        text,
        sliders=[
            slider(evil, 0, 1, 0.5, label=text),
            choice(s, {text: 1, "other": 2}, label=text),
            checkbox(sp.Symbol("c"), label=text),
        ],
        x=(x, 0, 1, text),
        y=(None, None, text),
        curves={text: evil * x * s},
        bands={text: (0, x)},
        marks={text: (evil, None)},
        readouts={text: evil + sp.Symbol("c")},
        presets={text: {evil: 1}},
    )


@pytest.mark.parametrize("katex", [False, True])
def test_hostile_text_is_text(stage, katex):
    page = stage(*map(hostile, HOSTILE))
    if katex:
        page.page.add_init_script(KATEX.read_text("utf-8"))
    page.open()
    for number, text in enumerate(HOSTILE):
        page.element(number).locator(".kx-preset").click()
        if "$" not in text:
            title = page.element(number).locator(".kx-title")
            assert title.text_content() == text
    page.settle()
    assert page.page.evaluate("window.hacked") is None
    inside = page.page.locator(".kx")
    assert inside.locator("img, script, iframe").count() == 0
    assert inside.locator("a").count() == 0
    assert page.troubles == []


VENDOR = Path(__file__).parents[2] / "book" / "_static" / "vendor"
KATEX = VENDOR / "katex" / "katex.min.js"


def test_labels_are_typeset_where_the_page_has_katex(stage):
    page = stage(example())
    page.page.add_init_script(KATEX.read_text("utf-8"))
    page.open()
    assert page.element().locator(".kx-label .katex").count() >= 1
    assert page.element().locator(".kx-readouts .katex").count() >= 3

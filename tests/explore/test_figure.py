"""Figures: what is stored, what is refused, what a page shows."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from browsing import axe_findings
from matplotlib import pyplot as plt
from seeds import numpy_rng

from kexue_lib.explore import _figure, figure
from kexue_lib.explore._bundle import CAPTION_MIME, FIGURE_MIME, static
from kexue_lib.explore._figure import STYLE
from kexue_lib.explore._svg import PALETTE, FigureError, svg_size, themed
from kexue_lib.sphinxext.markup import inline

READS = ("kexue_lib/explore/*",)
CSS = Path(_figure.__file__).parent / "js" / "src" / "explorer.css"


@pytest.fixture(autouse=True)
def style():
    """The book's style, without a screen; nothing stays open."""
    with plt.style.context(STYLE):
        before = mpl.get_backend()
        plt.switch_backend("agg")
        yield
        assert not plt.get_fignums()
        plt.switch_backend(before)


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, instead of displaying it."""
    import IPython.display

    found: list[dict] = []
    monkeypatch.setattr(
        IPython.display, "display", lambda data, raw: found.append(data)
    )
    return found


def lines():
    fig, ax = plt.subplots()
    x = np.linspace(0.01, 5, 200)
    for power in (1, 2, 3):
        ax.semilogy(x, np.exp(-x / power), label=f"$x^{power}$ wide")
    ax.fill_between(x, 0.02, 0.05, color="0.85", label="a band")
    ax.axhline(0.5, color="k", lw=1)
    ax.set(xlabel=r"time $\lambda$", ylabel="value (nats)")
    ax.legend()
    return fig


def panels():
    fig, axes = plt.subplots(1, 3, figsize=(9, 3))
    dice = numpy_rng()
    axes[0].imshow(dice.normal(size=(8, 8)))
    axes[1].plot(*dice.normal(size=(2, 900)), ".")
    axes[2].hist(dice.normal(size=500), bins=20, histtype="step")
    return fig


@contextmanager
def closing(fig):
    yield fig
    plt.close(fig)


# ---- what is stored -------------------------------------------------------


def test_a_figure_is_a_drawing_and_a_caption(shown):
    figure(lines(), "It falls,\n  like $e^{-x}$.", alt="Three falling lines.")
    drawing, caption = shown
    assert drawing["text/plain"] == "Figure: Three falling lines."
    assert drawing[FIGURE_MIME] == {
        "caption": "It falls, like $e^{-x}$.",
        "alt": "Three falling lines.",
    }
    assert caption["text/markdown"] == "It falls, like $e^{-x}$."
    assert caption["text/plain"] == caption["text/markdown"]
    assert caption[CAPTION_MIME] == {}
    root = ET.fromstring(drawing["image/svg+xml"])
    assert root.get("role") == "img"
    [description] = root.findall("{*}desc")
    assert description.text == "Three falling lines."
    assert root.get("aria-labelledby") == description.get("id")


@pytest.mark.parametrize("make", [lines, panels])
def test_the_drawing_is_small_and_always_the_same(make):
    with closing(make()) as one, closing(make()) as two:
        drawn = _figure.svg(one, "Words.")
        assert drawn == _figure.svg(two, "Words.")
    assert len(drawn) < 40_000
    assert drawn.count("<") < 200
    assert not re.search(r"\d\.\d{3}", re.sub(r'href="[^"]*"', "", drawn))
    assert "matplotlib" not in drawn.lower()
    assert " style=" not in drawn
    width, height = svg_size(drawn)
    assert width / height == pytest.approx(5 / 3 if make is lines else 3, 0.02)


def test_many_marks_are_one_line():
    with closing(panels()) as fig:
        root = ET.fromstring(_figure.svg(fig, "Words."))
    assert not root.findall(".//{*}use")
    [marked] = root.findall(".//{*}path[@marker-mid]")
    assert marked.attrib["d"].count("L") > 800


def test_text_stays_text_unless_it_is_mathematics():
    with closing(lines()) as fig:
        root = ET.fromstring(_figure.svg(fig, "Words."))
    said = {"".join(e.itertext()) for e in root.iter() if "text" in e.tag}
    assert {"a band", "value (nats)", "2"} <= said
    assert not any("wide" in text or "10" in text for text in said)
    assert not root.findall(".//{*}tspan")


def test_lines_differ_in_dash_as_well():
    with closing(lines()) as fig:
        drawn = fig.axes[0].get_lines()[:3]
        assert len({line.get_color() for line in drawn}) == 3
        assert len({line._unscaled_dash_pattern for line in drawn}) == 3
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    assert tuple(cycle["color"]) == PALETTE
    assert len({str(dash) for dash in cycle["linestyle"]}) == len(PALETTE)


def test_the_palette_is_the_sliders():
    css = CSS.read_text("utf-8")
    assert tuple(re.findall(r"--kx-[1-6]: (#\w{6})", css)[:6]) == PALETTE


# ---- what is refused ------------------------------------------------------


@pytest.mark.parametrize(
    ("caption", "alt", "error", "message"),
    [
        ("", "A line.", ValueError, "caption must not be empty"),
        (" \n", "A line.", ValueError, "caption must not be empty"),
        ("See.", " ", ValueError, "alt must not be empty"),
        (3, "A line.", TypeError, "caption must be text, got 3"),
        ("See.", None, TypeError, "alt must be text, got None"),
        ("See.", "$x$ falls", ValueError, "alt must be plain words"),
    ],
)
def test_caption_and_alt_are_needed(shown, caption, alt, error, message):
    with (
        closing(lines()) as fig,
        pytest.raises(error, match=f"figure: {message}"),
    ):
        figure(fig, caption, alt=alt)
    assert shown == []


def test_alt_has_no_default():
    with closing(lines()) as fig, pytest.raises(TypeError, match="alt"):
        figure(fig, "See.")


def test_a_figure_is_needed():
    with pytest.raises(TypeError, match="fig must be a Figure, got 'fig'"):
        figure("fig", "See.", alt="A line.")


@pytest.mark.parametrize("colour", ["tab:blue", "red", "#123456"])
def test_a_colour_that_no_theme_has_is_named(shown, colour):
    fig, ax = plt.subplots()
    ax.plot([0, 1], color=colour)
    with closing(fig), pytest.raises(ValueError, match="not in the theme"):
        figure(fig, "See.", alt="A line.")


def test_a_colour_map_may_have_its_own(shown):
    fig, ax = plt.subplots()
    ax.scatter([0, 1], [0, 1], c=[0, 1], cmap="viridis")
    figure(fig, "See.", alt="Two dots.")
    assert len(shown) == 2


def test_one_wide_column_is_refused(shown):
    fig, ax = plt.subplots(figsize=(6, 3))
    ax.plot([0, 1])
    with closing(fig), pytest.raises(ValueError, match="6 inches for one"):
        figure(fig, "See.", alt="A line.")


# ---- on a page ------------------------------------------------------------


def test_the_page_has_the_themes_colours():
    with closing(lines()) as fig:
        drawn = _figure.svg(fig, "Words.")
    page = themed(drawn, "one")
    assert not set(re.findall(r'"(#\w{6})"', page))
    assert f"var(--kx-1, {PALETTE[0]})" in page
    assert "color-mix(in srgb, currentColor 15%, transparent)" in page
    assert "kx-page" not in page
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 1
    assert all(name.startswith("kxone-") for name in ids)
    assert set(re.findall(r"#(kx[\w-]+)", page)) <= {*ids}


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<script>1</script>", "<script>"),
        ('<path onload="x()"/>', "onload"),
        ('<use href="https://example.org/a.svg#x"/>', "a link to 'https"),
        ('<path fill="url(https://example.org/x)"/>', "a link: 'url"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<path>", "not XML"),
    ],
)
def test_what_no_figure_has_stays_out_of_the_page(inside, message):
    with pytest.raises(FigureError, match=re.escape(message)):
        themed(f"<svg>{inside}</svg>", "one")


def page_of(*figures: str, caption: str = "See $x$.") -> str:
    words = "".join(node.astext() for node in inline(caption))
    drawn = "".join(
        f'<figure class="kx-figure"><div class="kx-drawing">{svg}</div>'
        f"<figcaption>{words}</figcaption></figure>"
        for svg in figures
    )
    return (
        "<!doctype html><html lang='en'><head><title>t</title>"
        f"<style>{static('explorer.css')} body {{ margin: 0 16px; }} "
        "html[data-theme=dark] body { background: #121212; color: #ced6dd }"
        f"</style></head><body><main>{drawn}</main></body></html>"
    )


def drawings() -> list[str]:
    found = []
    for number, make in enumerate((lines, panels)):
        with closing(make()) as fig:
            found.append(themed(_figure.svg(fig, "Lines."), str(number)))
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes(browser, theme):
    page = browser.new_context(offline=True).new_page()
    page.set_content(page_of(*drawings()))
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    found = page.evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap(svg =>
          [...svg.querySelectorAll('text, path[stroke^=var]')].map(e => {
            const style = getComputedStyle(e);
            return e.tagName === 'text' ? style.fill : style.stroke; }))"""
    )
    luminance = [
        sum(map(float, re.findall(r"[\d.]+", colour)[:3])) for colour in found
    ]
    assert len(found) > 20
    if theme == "dark":
        assert min(luminance) > 350, found
    else:
        assert max(luminance) < 400, found
    assert axe_findings(page, "main") == []
    assert page.get_by_role("img", name="Lines.").count() == 2


def test_type_is_legible_on_a_telephone(browser):
    page = browser.new_context(
        offline=True, viewport={"width": 375, "height": 800}
    ).new_page()
    page.set_content(page_of(*drawings()))
    heights = page.evaluate(
        """() => [...document.querySelectorAll('svg')].map(svg => {
          const scale = svg.getBoundingClientRect().width
            / svg.viewBox.baseVal.width;
          return Math.min(...[...svg.querySelectorAll('text')].map(
            e => scale * parseFloat(getComputedStyle(e).fontSize))); })"""
    )
    assert min(heights) >= 9.4
    scrolls = page.evaluate(
        """() => [...document.querySelectorAll('.kx-drawing')].map(
          e => e.scrollWidth > e.clientWidth)"""
    )
    assert scrolls == [False, True]  # one column fits, three scroll
    assert page.evaluate("document.scrollingElement.scrollWidth") == 375

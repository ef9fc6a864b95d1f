"""Formulas: their source in the page, the room they keep, their setting."""

from __future__ import annotations

import pytest

from kexue_lib.sphinxext import maths

from .conftest import new_book

READS = ("book/_static/*",)
PAGE = """# Formulas

Here $a<b$ and $x_{1}\\&y$.

$$
\\frac{a}{b} < c
$$

"""
FAR = "A paragraph between.\n\n" * 200
WIDE = "$$\n" + " + ".join(f"x_{{{n}}}" for n in range(60)) + "\n$$\n"


@pytest.mark.parametrize(
    ("latex", "measured"),
    [  # em of the text, as Chromium shows the first seven chapters
        ("4 \\log{\\left(\\phi \\right)}", 1.91),
        ("\\frac{\\partial L_{n}(t)}{\\partial t}", 2.83),
        ("\\sum_{k=0}^{n - 1} v_{k} x_{k}(s) = 1 - q_{n}(s)", 3.9),
        ("\\int_{0}^{1} f(x)\\, dx", 3.1),
        ("\\begin{matrix}a\\\\b\\end{matrix}", 3.2),
        ("\\log a = \\max_{t} b", 2.5),
    ],
)
def test_height_is_about_what_it_takes(latex, measured):
    assert abs(maths.height(latex) - measured) < 0.4


def test_width_counts_what_is_seen():
    assert maths.width("x") == maths.width("\\lambda") == 0.6
    assert maths.width("\\mathrm{ab}") == maths.width("a_{b}") == 1.1
    assert maths.width("") > 0


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    book = new_book(tmp_path_factory.mktemp("maths"))
    book.write("maths.md", PAGE + FAR + WIDE + "$z$\n")
    return book.build(strict=True)


@pytest.fixture
def view(browser, built):
    context = browser.new_context(viewport={"width": 800, "height": 600})
    page = context.new_page()
    page.goto((built.out / "maths.html").as_uri())
    page.wait_for_selector(".math .katex")
    yield page
    context.close()


def is_set(view):
    return view.evaluate(
        "[...document.querySelectorAll('.math')].map("
        "m => m.querySelectorAll('.katex').length)"
    )


def test_source_stands_in_the_page(built):
    page = built.html("maths")
    assert r">\(a&lt;b\)</span>" in page
    assert r">\(x_{1}\&amp;y\)</span>" in page
    assert "\\frac{a}{b} &lt; c\\]</div>" in page


def test_only_what_is_near_is_set(view):
    assert is_set(view) == [1, 1, 1, 0, 0]


def test_what_comes_near_is_set(view):
    view.evaluate("scrollTo(0, document.body.scrollHeight)")
    view.wait_for_function("document.querySelectorAll('.katex').length === 5")


def test_the_page_keeps_the_room_of_a_formula(view):
    above = view.evaluate("document.body.scrollHeight")
    view.evaluate("kexue.typeset()")
    assert abs(view.evaluate("document.body.scrollHeight") - above) < 20


def test_all_are_set_before_printing(view):
    view.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert is_set(view) == [1, 1, 1, 1, 1]


def test_below_one_element_all_are_set_once(view):
    view.evaluate("kexue.typeset(document.querySelectorAll('.math')[3])")
    view.evaluate("kexue.typeset(document.querySelectorAll('.math')[3])")
    assert is_set(view) == [1, 1, 1, 1, 0]


def test_new_ones_are_watched(view):
    view.evaluate(
        r"""() => {
          const p = document.createElement('p');
          p.innerHTML = '<span class="math">\\(q\\)</span>';
          document.querySelector('h1').after(p);
          kexue.watch(p);
        }"""
    )
    view.wait_for_selector("h1 + p .katex")


def test_a_wide_formula_is_reached_by_key(view):
    view.evaluate("kexue.typeset()")
    wide = view.locator("div.math").nth(1)
    assert wide.get_attribute("tabindex") == "0"
    assert view.locator(".math[tabindex]").count() == 1
    view.add_style_tag(content="div.body { max-width: none }")
    view.set_viewport_size({"width": 6000, "height": 600})
    view.wait_for_selector(".math[tabindex]", state="detached")


def test_without_scripts_the_source_is_read(browser, built):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built.out / "maths.html").as_uri())
    first = page.locator(".math").first
    assert first.inner_text() == r"\(a<b\)"
    width = first.bounding_box()["width"]
    assert width > 40  # more than a set formula takes
    context.close()

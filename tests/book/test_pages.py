"""Every page of the book in a real browser, from disk, with no network."""

from __future__ import annotations

import json

import pytest
from chapters import ROOT, pages

RENDERED = """() => {
  const math = [...document.querySelectorAll('span.math, div.math')];
  return {
    all: math.length,
    rendered: math.filter(m => m.querySelector('.katex')).length,
    errors: document.querySelectorAll('.katex-error').length,
  };
}"""
OVERFLOW = """() => document.scrollingElement.scrollWidth
  - document.scrollingElement.clientWidth"""


@pytest.mark.parametrize("docname", pages())
def test_page_offline(html, watched, docname):
    view = watched()
    view.open(html / f"{docname}.html")
    math = view.page.evaluate(RENDERED)
    assert math["errors"] == 0
    assert math["rendered"] == math["all"]
    assert view.elsewhere == []
    assert view.troubles == []


@pytest.mark.parametrize("docname", pages())
def test_phone_width_has_no_sideways_scroll(html, watched, docname):
    view = watched(width=375)
    view.open(html / f"{docname}.html")
    assert view.page.evaluate(OVERFLOW) <= 0


def test_the_chapter_has_formulas(html, watched):
    view = watched()
    view.open(html / "notebooks/ssm/hippo-matrices.html")
    assert view.page.evaluate(RENDERED)["all"] > 50


def test_a_broken_formula_would_be_seen(html, watched):
    """Negative control of the check above."""
    view = watched()
    view.open(html / "book/notation.html")
    view.page.evaluate(
        """() => katex.render('\\\\nope{', document.querySelector('.math'),
           {throwOnError: false})"""
    )
    assert view.page.evaluate(RENDERED)["errors"] == 1


def test_search_finds_a_word_of_a_chapter(served, watched):
    view = watched(offline=False)
    view.page.goto(f"{served}/search.html?q=Legendre")
    view.page.wait_for_selector("ul.search li a")
    links = view.page.locator("ul.search li a").all_inner_texts()
    assert any("HiPPO" in text for text in links)
    assert all(url.startswith(served) for url in view.elsewhere)
    assert view.troubles == []


@pytest.mark.parametrize("docname", ["book/intro", "search"])
def test_one_search_field(html, watched, docname):
    view = watched()
    view.open(html / f"{docname}.html")
    fields = view.page.locator("input[type=search]")
    shown = [f for f in fields.all() if f.is_visible()]
    assert len(shown) <= 1
    buttons = view.page.locator(".search-button-field:visible")
    assert buttons.count() <= 1


def test_dark_mode(html, watched):
    luminance = """() => getComputedStyle(document.body).backgroundColor
      .match(/[0-9]+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"""
    values = {}
    for theme in ("light", "dark"):
        view = watched(theme=theme)
        view.open(html / "book/intro.html")
        values[theme] = view.page.evaluate(luminance)
    assert values["dark"] < 200 < 600 < values["light"]


def test_theme_switch_is_remembered(html, watched):
    view = watched()
    view.open(html / "book/intro.html")
    mode = "() => document.documentElement.dataset.mode"
    before = view.page.evaluate(mode)
    view.page.locator(".theme-switch-button:visible").first.click()
    chosen = view.page.evaluate(mode)
    assert chosen != before
    view.open(html / "book/notation.html")
    assert view.page.evaluate(mode) == chosen


def test_previous_and_next(html, watched):
    view = watched()
    view.open(html / f"{pages()[1]}.html")
    view.page.locator("a.right-next").click()
    view.page.wait_for_url(f"**/{pages()[2]}.html")
    view.page.locator("a.left-prev").click()
    view.page.wait_for_url(f"**/{pages()[1]}.html")


def test_download_is_the_stored_notebook(html):
    name = "hippo-matrices.ipynb"
    stored = ROOT / "notebooks" / "ssm" / name
    (offered,) = html.glob(f"_sources/notebooks/ssm/{name}")
    assert json.loads(offered.read_text()) == json.loads(stored.read_text())
    page = (html / "notebooks/ssm/hippo-matrices.html").read_text()
    assert f"_sources/notebooks/ssm/{name}" in page


def test_no_button_without_a_repository(html, watched):
    view = watched()
    view.open(html / "notebooks/ssm/hippo-matrices.html")
    assert view.page.locator("a[href*='colab']").count() == 0
    hrefs = view.page.evaluate(
        "() => [...document.querySelectorAll('.article-header-buttons a')]"
        ".map(a => a.getAttribute('href'))"
    )
    assert all(href and href != "#" for href in hrefs)


def test_page_not_found_page(html, watched):
    view = watched()
    view.open(html / "404.html")
    assert view.page.locator("h1").inner_text() == "0 = 1?"
    assert view.troubles == []

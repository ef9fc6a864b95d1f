"""Every page of the book in a real browser, from disk, with no network.

One test is one page, loaded once; all that is asked of a page is asked then,
and what is wrong is reported together. Below it, what is true of the whole
book. `pytest tests/book --pages book/intro book/notation` tries only these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial

import explorers
import pytest
from browsing import Watched, axe_findings
from chapters import chapters, pages
from configure import configured
from playwright.sync_api import Error
from seeds import random_rng

CHAPTERS = {chapter.page: chapter for chapter in chapters()}
CHAPTER = next(iter(CHAPTERS.values()))  # stands for all where one does
ONE, TWO = (spec["id"] for spec in explorers.stored(CHAPTER.path)[:2])
SHOWN = 5  # of the troubles that one question finds
FORMULAS = """() => {
  const math = [...document.querySelectorAll('span.math, div.math')];
  return {
    all: math.length,
    rendered: math.filter(m => m.querySelector('.katex')).length,
    errors: document.querySelectorAll('.katex-error').length,
  };
}"""
IN_VIEW = """() => [...document.querySelectorAll('.math')].filter(m => {
    const {top, bottom} = m.getBoundingClientRect();
    return m.checkVisibility() && bottom > 0 && top < innerHeight;
  }).every(m => m.querySelector('.katex'))"""
OPEN_ALL = """() => {
  dispatchEvent(new Event('beforeprint'));
  kexue.typeset(document.body);
}"""
REACHABLE = """[...document.querySelectorAll('pre')].every(
  e => e.scrollWidth <= e.clientWidth || e.tabIndex === 0)"""
CONTRAST = ("color-contrast", "link-in-text-block")
OVERFLOW = """() => document.scrollingElement.scrollWidth
  - document.scrollingElement.clientWidth"""
SEARCH_FIELDS = "input[type=search]:visible"
SEARCH_BUTTONS = ".search-button-field:visible"
HEADER_LINKS = """() => [...document.querySelectorAll(
  '.article-header-buttons a')].map(a => a.getAttribute('href'))"""


# What axe is asked of a whole page, as it is first shown: everything in the
# light, colours in the dark, all but colours on a phone.
def light(view: Watched) -> list[str]:
    return axe_findings(view.page, "html")


def dark(view: Watched) -> list[str]:
    with view.in_scheme("dark"):
        return axe_findings(view.page, "html", only=CONTRAST)


def small(view: Watched) -> list[str]:
    with view.resized(375):
        # The theme looks again at what scrolls, a while after a resize.
        view.wait_until(REACHABLE)
        return axe_findings(view.page, "html", without=CONTRAST)


def lazily(view: Watched) -> list[str]:
    """Formulas are set where the reader is, and not a whole chapter's."""
    view.wait_until(IN_VIEW)
    math = view.page.evaluate(FORMULAS)
    screens = view.page.evaluate(
        "document.scrollingElement.scrollHeight / innerHeight"
    )
    if screens > 8 and math["rendered"] > math["all"] / 2:
        return [f"{math['rendered']} of {math['all']} set at once"]
    return []


def formulas(view: Watched) -> list[str]:
    """Once all is open, every formula is set, none with an error."""
    view.page.evaluate(OPEN_ALL)
    math = view.page.evaluate(FORMULAS)
    wrong = []
    if math["errors"]:
        wrong.append(f"{math['errors']} with an error")
    if math["rendered"] != math["all"]:
        wrong.append(f"{math['rendered']} rendered of {math['all']}")
    return wrong


def search(view: Watched) -> list[str]:
    counts = {
        name: view.page.locator(selector).count()
        for name, selector in (
            ("fields", SEARCH_FIELDS),
            ("buttons", SEARCH_BUTTONS),
        )
    }
    return [f"{n} search {name}" for name, n in counts.items() if n > 1]


def buttons(view: Watched) -> list[str]:
    """Without a repository there is no Colab button, and no dead one."""
    links = view.page.evaluate(HEADER_LINKS)
    dead = {"", "#", None} & {*links}
    wrong = ["a button without an address"] if dead else []
    colab = view.page.locator("a[href*='colab.research']").count()
    if colab and not configured():
        wrong.append("a Colab button without a repository")
    return wrong


def asides(view: Watched) -> list[str]:
    """Open what stands beside the main line, as a reader does."""
    for line in view.page.locator(".kx-aside > summary").all():
        line.click()
    view.wait_until(
        "[...document.querySelectorAll('kexue-explorer')]"
        ".every(e => e.querySelector('.kx-svg[width]'))"
    )
    shut = view.page.locator(".kx-aside:not([open])").count()
    return [f"{shut} asides stay shut"] if shut else []


def phone(view: Watched) -> list[str]:
    with view.resized(375):
        over = view.page.evaluate(OVERFLOW)
    return [f"scrolls sideways by {over} px"] if over > 0 else []


def questions(
    docname: str, view: Watched
) -> Iterator[tuple[str, Callable[[], list[str]]]]:
    """What is asked of a page, in this order.

    A chapter's first explorer is moved on the whole page, the others once the
    text around them is gone.
    """
    chapter = CHAPTERS.get(docname)
    yield "lazily", lambda: lazily(view)
    yield "asides", lambda: asides(view)
    yield "axe, light", lambda: light(view)
    yield "axe, dark", lambda: dark(view)
    if chapter:
        yield "axe, phone", lambda: small(view)
    yield "search", lambda: search(view)
    yield "buttons", lambda: buttons(view)
    yield "phone", lambda: phone(view)
    yield "formulas", lambda: formulas(view)
    specs = explorers.stored(chapter.path) if chapter else []
    if specs:
        yield "names", lambda: explorers.name_troubles(view)
        yield "heights", lambda: explorers.height_troubles(view)
        yield "print", lambda: explorers.print_troubles(view)
    for spec in specs:
        dice = random_rng(spec["id"])
        yield spec["id"], partial(explorers.troubles_of, view, spec, dice)
        if spec is specs[0]:
            yield "address", partial(explorers.address_troubles, view, spec)
            explorers.leave_alone(view)
    # A list that grows until it is read. What axe asks for itself comes later.
    yield "console and requests", lambda: view.troubles[:]
    if specs:
        yield "accessibility", lambda: explorers.accessibility_troubles(view)


def troubles_of(docname: str, view: Watched) -> list[str]:
    """Ask everything; a question that cannot be asked spoils no other."""
    found = []
    for name, ask in questions(docname, view):
        try:
            wrong = ask()
        except (Error, TimeoutError) as error:
            wrong = [str(error).splitlines()[0]]
        found += [f"{name}: {trouble}" for trouble in wrong[:SHOWN]]
        if more := len(wrong[SHOWN:]):
            found.append(f"{name}: and {more} more")
    return found


def test_page(html, watched, docname):
    view = watched()
    view.open(html / f"{docname}.html")
    if found := troubles_of(docname, view):
        pytest.fail("\n".join([docname, *found]), pytrace=False)


# ---- the questions can be answered with no -------------------------------

BREAK = r"""() => {
  kexue.typeset(document.body);
  const [wrong, plain] = [...document.querySelectorAll('.math')].slice(-2);
  katex.render('\\nope{', wrong, {throwOnError: false});
  plain.textContent = 'plain';
  document.querySelector('article').insertAdjacentHTML('beforeend',
    `<div style="width: 600px">wide</div>
     <p style="color: #777; background: #666">faint</p>
     <details><summary></summary>x</details><input type="search">
     <input type="search"><a href="https://colab.research.google.com/x">c</a>`);
  document.querySelector('.article-header-buttons').insertAdjacentHTML(
    'beforeend', '<a href="#">dead</a>');
  const [one, two] = document.querySelectorAll('kexue-explorer');
  one.querySelector('.kexue-still').alt = '';
  two.style.setProperty('--kx-narrow', '200px');
  document.querySelector('h1').id = one.querySelector('[id]').id;
  one.querySelector('.kx-value').removeAttribute('aria-label');
  const row = one.querySelector('input[type=range]');
  row.max -= 1;  // the slider's position short of its end
  const compute = two.explorer.functions;
  for (const i in compute) {
    const f = compute[i];
    compute[i] = (...a) => { const g = f(...a);
      return typeof g === 'number' ? 1.00000001 * g
        : (...b) => 1.00000001 * g(...b); };
  }
  new Image().src = 'https://example.org/x.png';
  console.warn('a warning');
  const script = document.createElement('script');
  script.textContent = "setTimeout(() => new Function('1'))";
  document.body.append(script);
}"""


def test_a_broken_page_would_be_seen(html, watched):
    """Negative control: each question, on a page where it finds something."""
    view = watched()
    view.open(html / f"{CHAPTER.page}.html")
    assert view.page.evaluate(FORMULAS)["all"] > 50
    view.page.evaluate(BREAK)
    found = "\n".join(troubles_of(CHAPTER.page, view))
    for expected in (
        "lazily: [0-9]+ of [0-9]+ set at once",
        "axe, light: serious color-contrast",
        "axe, dark: serious color-contrast",
        "axe, phone: serious summary-name",
        "formulas: 1 with an error",
        "formulas: [0-9]+ rendered of",
        "search: [23] search fields",
        "buttons: a button without an address",
        "buttons: a Colab button without a repository",
        "phone: scrolls sideways by",
        "names: id .* is there twice",
        f"heights: {TWO}, narrow: 200 px kept, [0-9]+ px taken",
        f"print: {ONE}: no still picture with a text",
        f"{ONE}: [a-z]+, End: .* instead of",
        f"{TWO}: at first: formula",
        "console.*: asks https://example.org/x.png",
        "console.*: failed https://example.org/x.png",
        "console.*: warning: a warning",
        "console.*: Evaluating a string as JavaScript violates",
        "accessibility: light: critical label",
        "accessibility: dark: critical label",
    ):
        assert re.search(expected, found), f"{expected}\n{found}"


# ---- the whole book ------------------------------------------------------


def test_search_finds_a_word_of_a_chapter(served, watched):
    view = watched(home=served)
    view.open(f"{served}/search.html?q=Legendre")
    view.page.wait_for_selector("ul.search li a")
    links = view.page.locator("ul.search li a").all_inner_texts()
    assert any("HiPPO" in text for text in links)
    assert search(view) == []
    assert view.troubles == []


def test_a_chapter_behind_a_policy(served, watched):
    """Served under POLICY, its sliders move; the address sets one."""
    view = watched(home=served)
    spec = explorers.stored(CHAPTER.path)[0]
    control = next(c for c in spec["controls"] if "positions" in c)
    setting = f"#{spec['id']}?{control['key']}={control['high']}"
    view.open(f"{served}/{CHAPTER.page}.html", setting)
    element = view.page.locator("kexue-explorer").first
    value = "(e, key) => e.explorer.values[key]"
    assert element.evaluate(value, control["key"]) == control["high"]
    for row in view.page.locator("kexue-explorer [type=range]").all():
        row.focus()
        view.page.keyboard.press("Home")
        view.settle()
    assert element.evaluate(value, control["key"]) == control["low"]
    assert view.troubles == []
    # Negative control: the policy is really there.
    view.page.evaluate("fetch('https://example.org/').catch(() => 0)")
    assert any("Content Security Policy" in t for t in view.troubles)


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
    for chapter in CHAPTERS.values():
        source = f"_sources/{chapter.page}.ipynb"
        offered = json.loads((html / source).read_text("utf-8"))
        assert offered == json.loads(chapter.path.read_text("utf-8"))
        page = (html / f"{chapter.page}.html").read_text("utf-8")
        assert source in page, chapter.page


def test_page_not_found_page(html, watched):
    view = watched()
    view.open(html / "404.html")
    assert view.page.locator("h1").inner_text() == "0 = 1?"
    assert view.troubles == []

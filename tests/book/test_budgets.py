"""What a chapter costs its reader, and where its links land.

Budgets of `reading.md`: on the built book, in Chromium, as first shown.
"""

from __future__ import annotations

import budgets
import pytest
from chapters import chapters

PAGES = [chapter.page for chapter in chapters()]
SAMPLE = 6  # claims of a chapter that are reached by a fresh load
# How far below the edge of the window a target belongs, and how far it is.
# At the end of the page it cannot come up so far.
MISSED = """name => {
  const target = document.getElementById(name);
  if (!target) return Infinity;
  const space = e => parseFloat(getComputedStyle(e).scrollMarginTop) || 0;
  const top = parseFloat(
    getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  const box = target.getBoundingClientRect();
  const page = document.documentElement;
  const ended = page.scrollTop + page.clientHeight >= page.scrollHeight - 1;
  const off = box.top - top - space(target);
  return ended && off > 0 && box.top < page.clientHeight ? 0 : Math.abs(off);
}"""
INSIDE = """() => [...document.querySelectorAll('noscript.kx-closed')]
  .map(h => (h.textContent.match(/id="([\\w-]+-step-\\d+)"/) ?? [])[1])
  .filter(Boolean)"""
CLOSED = """name => {
  let at = document.getElementById(name);
  for (; at; at = at.parentElement.closest('details')) {
    if (at.matches('details') && !at.open) return true;
    if (!at.parentElement) break;
  }
  return false;
}"""


@pytest.fixture
def wide(browser):
    """A fresh context as wide as the budgets are for."""
    context = browser.new_context(
        viewport={"width": budgets.WIDTH, "height": budgets.HEIGHT}
    )
    yield context
    context.close()


@pytest.mark.parametrize("page", PAGES)
def test_budget(html, wide, page):
    found = budgets.cost(wide, html / f"{page}.html")
    assert found.excess() == []


def spread(names: list[str], count: int) -> list[str]:
    """Return some of the names, from the first to the last."""
    if len(names) <= count:
        return names
    step = (len(names) - 1) / (count - 1)
    return [names[round(i * step)] for i in range(count)]


@pytest.mark.parametrize("page", PAGES)
def test_links_land(html, wide, page):
    """Fresh loads for some claims and steps; then every claim by its link."""
    address = (html / f"{page}.html").as_uri()
    view = wide.new_page()
    view.goto(address)
    claims = view.evaluate(
        "[...document.querySelectorAll('.kx-claim')].map(e => e.id)"
    )
    steps = view.evaluate(INSIDE)
    assert claims
    assert steps
    missed = {}

    def look(name: str, when: str) -> None:
        off = view.evaluate(MISSED, name)
        if off > budgets.NEAREST:
            missed[f"{name} {when}"] = round(off)
        if view.evaluate(CLOSED, name):
            missed[f"{name} {when}"] = "closed"

    for name in [*spread(claims, SAMPLE), *spread(steps, 2)]:
        view.goto("about:blank")
        view.goto(f"{address}#{name}")
        view.wait_for_load_state("load")
        view.wait_for_timeout(600)
        look(name, "loaded")
    for name in claims:
        view.evaluate("name => { location.hash = name; }", name)
        view.evaluate(
            "() => new Promise(r => requestAnimationFrame(() =>"
            " requestAnimationFrame(r)))"
        )
        look(name, "followed")
    assert missed == {}

"""What a reader waits for: the longest task, and the formulas in view.

    python -m benchmarks.book.pages [PAGE ...]

prints, for these chapters, what is sent of each file.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.book._served import EMPTY, serving
from benchmarks.report import ROOT, chapters, store

TITLE = "Reading"
WORDS = """\
What it costs to open a chapter at 1440 x 900 with an empty cache: the longest
task (the page does not react while it runs), and the time until all formulas
on the first screen stand; medians of seven loads. "x" is the ratio to an
empty page of the same theme, loaded in the same rounds. Aimed at, on an idle
machine: 200 ms, 1 s, 600 kB."""

LOADS = 7
HTML = ROOT / "_build" / "html"
SHORTEST = 50  # ms: a browser tells of no shorter task
WATCH = """
const seen = { longest: 0, stood: 0 };
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) {
    seen.longest = Math.max(seen.longest, task.duration);
  }
}).observe({ type: "longtask", buffered: true });
(function look() {
  const all = [...document.querySelectorAll("article .math")];
  const inView = all.filter((m) => {
    const { top, bottom } = m.getBoundingClientRect();
    return bottom > 0 && top < innerHeight && m.checkVisibility();
  });
  if (
    document.readyState !== "loading" &&
    document.fonts.status === "loaded" &&
    inView.every((m) => m.querySelector(".katex"))
  ) {
    seen.stood = performance.now();
  } else requestAnimationFrame(look);
})();
window.seen = seen;
"""


@dataclass(frozen=True)
class Load:
    """One load of a page: longest task in ms, formulas in s, bytes."""

    longest: float
    stood: float
    size: int


def load(browser: Any, address: str, sent: dict[str, int]) -> Load:
    """Open a page with nothing in the cache."""
    sent.clear()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    view = context.new_page()
    view.add_init_script(WATCH)
    view.goto(address)
    view.wait_for_load_state("load")
    view.wait_for_function("window.seen.stood > 0")
    view.wait_for_timeout(1000)  # what comes later counts as well
    seen = view.evaluate("window.seen")
    context.close()
    return Load(
        max(seen["longest"], SHORTEST),
        seen["stood"] / 1000,
        sum(sent.values()),
    )


def rounds(pages: list[str]) -> dict[str, list[Load]]:
    """Load all pages in turn, several times."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chrome"))))
    found: dict[str, list[Load]] = {page: [] for page in pages}
    with serving(HTML) as (home, sent), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        load(browser, f"{home}/{pages[0]}", sent)  # the browser's own start
        for _ in range(LOADS):
            for page in pages:
                found[page].append(load(browser, f"{home}/{page}", sent))
        browser.close()
    return found


def row(name: str, loads: list[Load], empty: list[Load]) -> list[str]:
    """Return the cells of one page."""

    def middle(loads: list[Load], what: str) -> float:
        return statistics.median(getattr(one, what) for one in loads)

    task, stood = middle(loads, "longest"), middle(loads, "stood")
    below = "< " if task <= SHORTEST else ""
    return [
        name,
        f"{below}{task:.0f} ms",
        f"{task / middle(empty, 'longest'):.1f}",
        f"{stood:.2f} s",
        f"{stood / middle(empty, 'stood'):.1f}",
        f"{middle(loads, 'size') / 1000:.0f} kB",
    ]


def weights(pages: list[str]) -> None:
    """Print what is sent of each file, the heaviest first."""
    from playwright.sync_api import sync_playwright

    with serving(HTML) as (home, sent), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for page in pages:
            load(browser, f"{home}/{page}.html", sent)
            print(f"\n{page}: {sum(sent.values()) / 1000:.0f} kB")
            for name in sorted(sent, key=lambda name: -sent[name])[:12]:
                print(f"{sent[name] / 1000:8.1f}  {Path(name).name[:60]}")
        browser.close()


def main() -> None:
    listed = [f"{chapter.page}.html" for chapter in chapters()]
    empty = f"{Path(listed[0]).parent}/{EMPTY}"
    found = rounds([empty, *listed])
    store(
        "pages",
        ["page", "longest task", "x", "formulas in view", "x", "compressed"],
        [
            row(
                "an empty page" if page == empty else Path(page).stem,
                loads,
                found[empty],
            )
            for page, loads in found.items()
        ],
    )


if __name__ == "__main__":
    weights(sys.argv[1:] or [chapter.page for chapter in chapters()])

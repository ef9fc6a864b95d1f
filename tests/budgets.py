"""What a chapter's page costs its reader: height, share, elements, bytes.

    python tests/budgets.py [PAGE ...]

prints a table of the built book's chapters.
"""

from __future__ import annotations

import gzip
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chapters import ROOT, chapters

HTML = Path(os.environ.get("KEXUE_HTML", ROOT / "_build" / "html")).resolve()
WIDTH, HEIGHT = 1440, 900
TALLEST, LEAST_SHARE = 16_000, 0.6
MOST_ELEMENTS, MOST_BYTES = 10_000, 600_000
NEAREST = 20  # pixels by which a link may miss
PACKED = {".woff2", ".png", ".jpg", ".gz"}  # compressed as they are

# The page's blocks in reading order, each as high as from its top to the top
# of the next: so the gaps count as well, and the sum is the whole.
BLOCKS = """() => {
  const article = document.querySelector('article');
  const found = [];
  const kind = e =>
    e.matches('.kx-claim') ? 'claims'
    : e.matches('.kx-code, .cell_input, .highlight') ? 'code'
    : e.matches('kexue-explorer, figure, img, svg') ? 'figures'
    : e.matches('.kx-quiet, .kx-coverage, .output, pre') ? 'rest'
    : 'prose';
  const walk = e => {
    for (const child of e.children) {
      const box = child.getBoundingClientRect();
      if (!box.height || !child.checkVisibility()) continue;
      const inside = child.querySelector(
        '.kx-claim, .kx-code, kexue-explorer, figure, img, .cell_input');
      if (!child.matches('.kx-claim, kexue-explorer, figure, .kx-code')
          && inside && inside.checkVisibility()) walk(child);
      else found.push([kind(child), box.top]);
    }
  };
  walk(article);
  const end = article.getBoundingClientRect().bottom;
  const sums = {prose: 0, figures: 0, claims: 0, code: 0, rest: 0};
  found.forEach(([what, top], i) => {
    const next = i + 1 < found.length ? found[i + 1][1] : end;
    sums[what] += next - top;
  });
  return sums;
}"""
COST = """() => ({
  height: document.documentElement.scrollHeight,
  elements: document.querySelectorAll('*').length,
  claims: [...document.querySelectorAll('.kx-claim')].map(e => e.id),
})"""


@dataclass(frozen=True)
class Cost:
    """What was measured of one page as first shown."""

    height: int
    elements: int
    size: int
    blocks: dict[str, float]
    claims: list[str]

    @property
    def share(self) -> float:
        """The part of the height that is prose, figures and sliders."""
        read = self.blocks["prose"] + self.blocks["figures"]
        return read / sum(self.blocks.values())

    def excess(self) -> list[str]:
        """Return what of it is over its budget."""
        checked = (
            (self.height <= TALLEST, f"{self.height} px high"),
            (self.share >= LEAST_SHARE, f"{self.share:.0%} to read"),
            (self.elements <= MOST_ELEMENTS, f"{self.elements} elements"),
            (self.size <= MOST_BYTES, f"{self.size} bytes compressed"),
        )
        return [said for good, said in checked if not good]


def packed(name: str, body: bytes) -> int:
    """Return how many bytes a server sends of a file."""
    compressed = Path(name.partition("?")[0]).suffix in PACKED
    return len(body if compressed else gzip.compress(body, 6))


def cost(context: Any, path: Path) -> Cost:
    """Load a page into an empty cache and measure it as first shown."""
    page = context.new_page()
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    files: dict[str, int] = {}

    def note(request: Any) -> None:
        file = Path(request.url.removeprefix("file://").partition("?")[0])
        if request.url.startswith("file://") and file.is_file():
            files[request.url] = packed(file.name, file.read_bytes())

    page.on("requestfinished", note)
    page.goto(path.as_uri())
    page.wait_for_load_state("load")
    page.wait_for_function(
        "[...document.querySelectorAll('kexue-explorer')]"
        ".every(e => e.querySelector('.kx-svg[width]')"
        " || !e.checkVisibility())"
    )
    page.wait_for_timeout(500)
    told = page.evaluate(COST)
    blocks = page.evaluate(BLOCKS)
    page.close()
    return Cost(
        told["height"],
        told["elements"],
        sum(files.values()),
        blocks,
        told["claims"],
    )


def main(asked: list[str]) -> None:
    """Print the table."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium")
        print(
            "page | height | prose figures claims code rest | read |"
            " elements | kB"
        )
        for chapter in chapters():
            if asked and chapter.page not in asked:
                continue
            context = browser.new_context()
            found = cost(context, HTML / f"{chapter.page}.html")
            context.close()
            parts = " ".join(f"{v:.0f}" for v in found.blocks.values())
            print(
                f"{chapter.page.rsplit('/', 1)[-1]} | {found.height} | "
                f"{parts} | {found.share:.0%} | {found.elements} | "
                f"{found.size / 1000:.0f} | {len(found.claims)} claims"
            )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

"""The sliders: how much a page loads, how fast it answers, how it drags."""

from __future__ import annotations

import gzip
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

import sympy as sp

from benchmarks.report import store
from kexue_lib.explore import Explorer, explore, slider
from kexue_lib.explore._bundle import digest, page_script, static

TITLE = "Sliders"
WORDS = """\
What a slider adds to a page, and how fast it answers.
"""
MEASURES = (
    "kexue_lib/explore/_bundle.py",
    "kexue_lib/explore/static/explorer.js",
    "kexue_lib/explore/static/explorer.css",
)

DRAG_SECONDS = 3.0
LOADS = 9
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# Moves a slider in every frame, as a hand does, for some milliseconds; gives
# the frames per second and the script time of each drawing.
DRAG = """milliseconds => new Promise(done => {
  const explorer = document.querySelector('kexue-explorer').explorer;
  const range = document.querySelector('.kx-range');
  const refresh = explorer.refresh.bind(explorer);
  const work = [];
  explorer.refresh = () => {
    const start = performance.now();
    refresh();
    work.push(performance.now() - start);
  };
  const start = performance.now();
  let position = 0;
  const tick = now => {
    if (now > start + milliseconds) {
      done({rate: 1000 * work.length / (now - start), work});
      return;
    }
    position = (position + 1) % (2 * Number(range.max));
    range.value = Math.min(position, 2 * Number(range.max) - position);
    range.dispatchEvent(new Event('input', {bubbles: true}));
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})"""
# When the first drawing is there: after the last byte of the page, and after
# its load event (a deferred script may well be earlier than that).
READY = """() => new Promise(done => {
  const look = () => {
    const [page] = performance.getEntriesByType('navigation');
    if (!document.querySelector('.kx-svg path[d*=L]') || !page.loadEventEnd) {
      requestAnimationFrame(look);
      return;
    }
    const drawn = performance.getEntriesByName('kexue-drawn')[0].startTime;
    done({bytes: drawn - page.responseEnd, load: drawn - page.loadEventEnd});
  };
  look();
})"""
# Runs before the page's own scripts: notes when the first curve appears.
WATCH = """new MutationObserver((_, observer) => {
  if (document.querySelector('.kx-svg path[d*=L]')) {
    performance.mark('kexue-drawn');
    observer.disconnect();
  }
}).observe(document, {subtree: true, childList: true, attributes: true});"""
# From a slider's input event to the frame that shows it.
ANSWER = """() => new Promise(done => {
  const range = document.querySelector('.kx-range');
  const start = performance.now();
  range.value = Number(range.value) + 5;
  range.dispatchEvent(new Event('input', {bubbles: true}));
  requestAnimationFrame(() => requestAnimationFrame(
    () => done(performance.now() - start)));
})"""


def five_curves() -> Explorer:
    """Five curves of 401 points, of the kinds the chapters draw."""
    x, a, b = sp.symbols("x a b", positive=True)
    n, N = sp.symbols("n N", integer=True)
    return explore(
        "Five curves",
        sliders=[slider(a, 0.1, 4, 1), slider(b, 0.1, 4, 1), slider(N, 1, 16)],
        x=(x, 0.01, 6, "$x$"),
        curves={
            "damped": sp.exp(-b * x) * sp.sin(a * x),
            "law": x**a / (1 + x**a),
            "erf": sp.erf(a * x - b),
            "series": sp.Sum(sp.cos(n * a * x) / n**2, (n, 1, N)),
            "pieces": sp.Piecewise((a * x, x < b), (a * b, True)),
        },
        readouts={"ratio": a / b},
    )


def size(text: str) -> int:
    """Bytes after gzip, as a server sends them."""
    return len(gzip.compress(text.encode(), 9))


def write_page(folder: Path, spec: dict[str, Any]) -> str:
    """Write a page with this one explorer; its address."""
    files = {
        "index.html": f"""<!doctype html><html><head><meta charset="utf-8">
          <link rel="stylesheet" href="explorer.css">
          <script defer src="explorer.js"></script>
          <script defer src="page.js"></script></head><body>
          <div style="width:700px"><kexue-explorer
          data-explorer="{digest(spec)}"></kexue-explorer></div>""",
        "explorer.js": static("explorer.js"),
        "explorer.css": static("explorer.css"),
        "page.js": page_script([spec]),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return (folder / "index.html").as_uri()


def main() -> None:
    """Measure and store."""
    from playwright.sync_api import sync_playwright

    spec = five_curves().spec
    component = size(static("explorer.js")) + size(static("explorer.css"))
    formulas = size(page_script([spec]))
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
    ):
        address = write_page(Path(folder), spec)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        ready, answer = [], []
        for _ in range(LOADS):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.add_init_script(WATCH)
            page.goto(address)
            ready.append(page.evaluate(READY))
            answer.append(page.evaluate(ANSWER))
            page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(WATCH)
        page.goto(address)
        page.evaluate(READY)
        drag = page.evaluate(DRAG, 1000 * DRAG_SECONDS)
        browser.close()
    work = drag["work"]
    worst = statistics.quantiles(work, n=20)[-1]
    store(
        "explore/sliders",
        ["what", "measured", "goal", "note"],
        [
            [
                "page's share, gzipped",
                f"{(component + formulas) / 1000:.1f} kB",
                "< 60 kB",
                f"component {component / 1000:.1f} kB, "
                f"formulas {formulas / 1000:.1f} kB",
            ],
            [
                "from the page's last byte to the first drawing",
                f"{statistics.median(r['bytes'] for r in ready):.0f} ms",
                "",
                f"median of {LOADS} cold loads, scripts included",
            ],
            [
                "from the page's load event to the first drawing",
                f"{statistics.median(r['load'] for r in ready):.0f} ms",
                "< 100 ms",
                "negative: drawn before the page had loaded",
            ],
            [
                "first movement: input to the frame after",
                f"{statistics.median(answer):.0f} ms",
                "< 100 ms",
                "two frames of the browser included",
            ],
            [
                "drawings while dragging",
                f"{drag['rate']:.0f} per second",
                ">= 50 per second",
                "5 curves of 401 points, in headless Chromium, no GPU",
            ],
            [
                "script time of one drawing",
                f"{statistics.median(work):.1f} ms",
                "",
                f"95th percentile {worst:.1f} ms",
            ],
        ],
        measures=MEASURES,
    )


if __name__ == "__main__":
    main()

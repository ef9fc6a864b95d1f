"""How long the book takes to build and to read."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.report import ROOT, chapters, store
from tests.harness.wheel import copy_checkout

TITLE = "Building and reading"
WORDS = ""

NOTEBOOKS = [chapter.path for chapter in chapters()]


def seconds(*command: object, cwd: Path = ROOT) -> float:
    """Wall time of a command that must succeed."""
    words = [str(word) for word in command]
    start = time.perf_counter()
    subprocess.run(words, cwd=cwd, check=True, capture_output=True)
    return time.perf_counter() - start


def build_times() -> tuple[float, float]:
    """Time a full build, and one after a notebook was edited."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "book"
        copy_checkout(ROOT, copy)
        command = (sys.executable, "book/tools/build.py")
        full = seconds(*command, cwd=copy)
        path = copy / NOTEBOOKS[0].relative_to(ROOT)
        notebook = json.loads(path.read_text())
        notebook["cells"][0]["source"][-1] += "\nEdited.\n"
        path.write_text(json.dumps(notebook))
        return full, seconds(*command, cwd=copy)


def import_time() -> float:
    """Median cost of `import kexue_lib` beyond Python's own start, in ms."""

    def once(statement: str) -> float:
        return seconds(sys.executable, "-c", statement)

    pairs = [(once("import kexue_lib"), once("pass")) for _ in range(15)]
    return 1000 * statistics.median(a - b for a, b in pairs)


class Zipping(SimpleHTTPRequestHandler):
    """Serve as a web host does: text compressed; count what is sent."""

    sent = 0

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix in (".html", ".css", ".js", ".svg"):
            packed = io.BytesIO()
            with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
                file.write(body)
            body = packed.getvalue()
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        Zipping.sent += len(body)


def reading(page: str) -> tuple[float, float]:
    """Return kB transferred and seconds until every formula is there."""
    from playwright.sync_api import sync_playwright

    handler = partial(Zipping, directory=str(ROOT / "_build" / "html"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # The formulas are rendered while the browser tells that the document is
    # read; asking again and again from outside would slow it down.
    rendered = """() => {
      const math = [...document.querySelectorAll('span.math, div.math')];
      const [page] = performance.getEntriesByType('navigation');
      return math.length && math.every(m => m.querySelector('.katex'))
        ? page.domContentLoadedEventEnd / 1000 : NaN;
    }"""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chrome"))))
    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(5):
            Zipping.sent = 0
            view = browser.new_context().new_page()
            view.goto(f"http://127.0.0.1:{server.server_port}/{page}")
            view.wait_for_load_state("load")
            times.append(float(view.evaluate(rendered)))
            view.wait_for_timeout(300)
        browser.close()
    server.shutdown()
    return Zipping.sent / 1000, statistics.median(times)


def main() -> None:
    full, again = build_times()
    heaviest = max(
        NOTEBOOKS,
        key=lambda p: (
            (ROOT / "_build/html" / p.relative_to(ROOT))
            .with_suffix(".html")
            .stat()
            .st_size
        ),
    )
    page = heaviest.relative_to(ROOT).with_suffix(".html").as_posix()
    weight, rendered = reading(page)
    store(
        "book",
        ["what", "measured", "goal"],
        [
            ["full build", f"{full:.1f} s", "1 s per chapter"],
            ["build after one edited notebook", f"{again:.1f} s", "5 s"],
            [f"heaviest page ({heaviest.stem})", f"{weight:.0f} kB", "700 kB"],
            ["its formulas are rendered after", f"{rendered:.2f} s", "1 s"],
            ["import kexue_lib", f"{import_time():.0f} ms", "50 ms"],
        ],
    )


if __name__ == "__main__":
    main()

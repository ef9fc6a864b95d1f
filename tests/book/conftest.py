"""The built book, and pages of it that cannot reach any network."""

from __future__ import annotations

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browsing import POLICY, Watched
from chapters import ROOT, pages

# Another build of the same book, for one that does not come from `make book`.
HTML = Path(os.environ.get("KEXUE_HTML", ROOT / "_build" / "html")).resolve()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pages",
        nargs="*",
        metavar="PAGE",
        help="only these pages of _toc.yml",
    )


def chosen_pages(asked: list[str] | None) -> list[str]:
    """Return the pages to try: all, or those that are asked for."""
    if unknown := sorted({*(asked or ())} - set(pages())):
        raise pytest.UsageError(
            f"--pages: _toc.yml has no page {', '.join(unknown)}"
        )
    return pages() if asked is None else asked


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "docname" in metafunc.fixturenames:
        asked = metafunc.config.getoption("pages", None)
        metafunc.parametrize("docname", chosen_pages(asked))


@pytest.fixture(scope="session")
def html() -> Path:
    assert (HTML / "index.html").exists(), "build the book first: make book"
    return HTML


@pytest.fixture(scope="session")
def served(html):
    """The book behind a web server that sends a policy: its address."""

    policy = POLICY.format(self="'self'")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

    handler = partial(Quiet, directory=str(html))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def watched(browser):
    """Factory of pages, offline unless they have a home: `watched()`."""
    contexts = []

    def make(theme: str = "light", home: str = "") -> Watched:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900},
            color_scheme=theme,
            offline=not home,
        )
        contexts.append(context)
        return Watched(context, home)

    yield make
    for context in contexts:
        context.close()

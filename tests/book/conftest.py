"""The built book, and pages of it that cannot reach any network."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from chapters import ROOT

HTML = ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def html() -> Path:
    assert (HTML / "index.html").exists(), "build the book first: make book"
    return HTML


@pytest.fixture(scope="session")
def served(html):
    """The book behind a web server, as readers get it: its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

    handler = partial(Quiet, directory=str(html))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Watched:
    """A page that remembers everything that went wrong on it."""

    def __init__(self, context) -> None:
        self.page = context.new_page()
        self.troubles: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda e: self.troubles.append(str(e)))
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on(
            "requestfailed", lambda r: self.troubles.append(f"failed {r.url}")
        )

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    def open(self, path: Path, fragment: str = "") -> None:
        self.page.goto(path.as_uri() + fragment)
        self.page.wait_for_load_state("load")

    @property
    def elsewhere(self) -> list[str]:
        local = ("file:", "data:", "blob:")
        return [url for url in self.requests if not url.startswith(local)]


@pytest.fixture
def watched(browser):
    """Factory of offline pages: `watched(width=375, theme="dark")`."""
    contexts = []

    def make(
        width: int = 1280, theme: str = "light", offline: bool = True
    ) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            offline=offline,
        )
        contexts.append(context)
        return Watched(context)

    yield make
    for context in contexts:
        context.close()

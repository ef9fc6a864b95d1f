"""Pages in a browser that remember everything that went wrong on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

READS = ("tests/explore/axe/*",)
AXE = Path(__file__).parent / "explore" / "axe" / "axe.min.js"
LOCAL = ("file:", "data:", "blob:")
# What the book needs: the theme has inline scripts, styles and data images.
# There is no 'unsafe-eval' and no other host.
POLICY = (
    "default-src {self}; script-src {self} 'unsafe-inline'; "
    "style-src {self} 'unsafe-inline'; img-src {self} data:"
)


class Watched:
    """A page and its troubles: console, exceptions, requests elsewhere."""

    def __init__(self, context: Any, home: str = "") -> None:
        self.page = context.new_page()
        self.home = home
        self.troubles: list[str] = []
        self.page.route("file://**/*.html*", self._with_policy)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda e: self.troubles.append(str(e)))
        self.page.on("request", self._request)
        self.page.on(
            "requestfailed", lambda r: self.troubles.append(f"failed {r.url}")
        )

    @staticmethod
    def _with_policy(route: Any) -> None:
        """Give a page from the disk the policy that a server may send."""
        path = Path(unquote(urlsplit(route.request.url).path))
        route.fulfill(
            body=path.read_bytes(),
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY.format(self="file:")},
        )

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        home = self.home and request.url.startswith(f"{self.home}/")
        if not home and not request.url.startswith(LOCAL):
            self.troubles.append(f"asks {request.url}")

    def open(self, address: str | Path, fragment: str = "") -> None:
        """Open a file or an address, and wait for what it draws itself."""
        url = address.as_uri() if isinstance(address, Path) else address
        self.page.goto(url + fragment)
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(
            "[...document.querySelectorAll('kexue-explorer')]"
            ".every(e => e.querySelector('.kx-svg[width]'))"
        )

    def settle(self) -> None:
        """Wait until what was changed has been drawn."""
        self.page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() =>"
            " requestAnimationFrame(r)))"
        )

    @contextmanager
    def resized(self, width: int, height: int = 900) -> Iterator[None]:
        """Give the window another size for a while."""
        before = self.page.viewport_size
        self.page.set_viewport_size({"width": width, "height": height})
        self.settle()
        yield
        self.page.set_viewport_size(before)
        self.settle()


def axe_findings(page: Any, within: str = "kexue-explorer") -> list[str]:
    """Return what axe-core, an accessibility checker, finds fault with."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "within => axe.run(within, {resultTypes: ['violations']})", within
    )
    return [
        f"{v['impact']} {v['id']}: {node['html'][:120]}"
        for v in found["violations"]
        for node in v["nodes"]
    ]

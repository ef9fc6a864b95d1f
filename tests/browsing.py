"""Pages in a browser that remember everything that went wrong on them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
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
        self.wait_until(
            "[...document.querySelectorAll('kexue-explorer')]"
            ".every(e => e.querySelector('.kx-svg[width]')"
            " || !e.checkVisibility())"
        )

    def wait_until(self, expression: str, seconds: float = 10) -> None:
        """Wait until an expression is true.

        Playwright's own way evaluates text in the page; the policy, which
        holds for it too, forbids that.
        """
        end = time.monotonic() + seconds
        while not self.page.evaluate(expression):
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds} s: {expression}")
            self.settle()

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

    @contextmanager
    def in_scheme(self, scheme: str) -> Iterator[None]:
        """Show the page light or dark for a while."""
        before = self.page.evaluate("document.documentElement.dataset.theme")
        self.page.emulate_media(color_scheme=scheme)
        self.wait_until(
            f"document.documentElement.dataset.theme === '{scheme}'"
            " && document.getAnimations().length === 0"
        )
        yield
        self.page.emulate_media(color_scheme=before)
        self.settle()


def axe_findings(
    page: Any,
    within: str = "kexue-explorer",
    *,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
) -> list[str]:
    """Return what axe-core, an accessibility checker, finds fault with.

    Args:
        page: the page.
        within: a selector of what is looked at.
        only: the rules to check; all, if there is none.
        without: rules that are not checked.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if only:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    options["rules"] = {rule: {"enabled": False} for rule in without}
    found = page.evaluate(
        "([within, options]) => axe.run(within, options)", [within, options]
    )
    return [
        f"{v['impact']} {v['id']}: {node['html'][:120]}"
        for v in found["violations"]
        for node in v["nodes"]
    ]

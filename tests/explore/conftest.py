"""A Chromium without network, and the component loaded in a bare page."""

from __future__ import annotations

import pytest
from oracle import Oracle

from kexue_lib.explore._bundle import digest, page_script, static


class Stage:
    """A page with some explorers on it, served from memory."""

    def __init__(self, context, explorers, head: str, policy: str) -> None:
        self.page = context.new_page()
        self.troubles: list[str] = []
        self.requests: list[str] = []
        self.explorers = explorers
        specs = [explorer.spec for explorer in explorers]
        elements = "\n".join(
            f'<kexue-explorer data-explorer="{digest(spec)}">'
            '<img class="kexue-still" alt="still"></kexue-explorer>'
            for spec in specs
        )
        meta = (
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            if policy
            else ""
        )
        files = {
            "/": f"""<!doctype html><html lang="en"><head>
              <meta charset="utf-8"><title>stage</title>{meta}
              <link rel="stylesheet" href="explorer.css">{head}
              <script defer src="explorer.js"></script>
              <script defer src="page.js"></script>
              </head><body><main>{elements}</main></body></html>""",
            "/explorer.js": static("explorer.js"),
            "/explorer.css": static("explorer.css"),
            "/page.js": page_script(specs),
        }
        kinds = {"js": "text/javascript", "css": "text/css"}

        def serve(route) -> None:
            path = "/" + route.request.url.split("/", 3)[3].split("#")[0]
            if path not in files:
                route.abort()
                return
            kind = kinds.get(path.rsplit(".", 1)[-1], "text/html")
            route.fulfill(body=files[path], content_type=kind)

        self.page.route("**/*", serve)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda e: self.troubles.append(str(e)))
        self.page.on("request", lambda r: self.requests.append(r.url))

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    def open(self, fragment: str = "") -> Stage:
        self.page.goto(f"http://stage.test/{fragment}")
        self.page.wait_for_selector(".kx-svg[width]")
        return self

    def element(self, number: int = 0):
        return self.page.locator("kexue-explorer").nth(number)

    def run(self, code: str, number: int = 0, argument=None):
        """Run `code` with `x`, the explorer, and `a`, the argument."""
        self.settle()
        return self.element(number).evaluate(
            f"(element, a) => {{ const x = element.explorer;"
            f" return {code}; }}",
            argument,
        )

    def settle(self) -> None:
        """Wait until what was changed has been drawn."""
        self.page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() =>"
            " requestAnimationFrame(r)))"
        )

    def values(self, number: int = 0) -> dict[str, float]:
        return self.run("({...x.values})", number)


@pytest.fixture
def stage(browser):
    """Factory of pages: `stage(explorer, ..., width=375, theme="dark")`."""
    contexts = []

    def make(
        *explorers,
        width: int = 900,
        theme: str = "light",
        head: str = "",
        policy: str = "",
        **options,
    ) -> Stage:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            **options,
        )
        contexts.append(context)
        return Stage(context, explorers, head, policy)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def oracle():
    """The class that knows the right numbers: `oracle(spec)`."""
    return Oracle

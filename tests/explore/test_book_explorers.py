"""Every explorer of the built book, in a browser, against SymPy.

The page that is tried is the one a reader opens; the numbers it must show
come from the expressions stored in the notebook, evaluated by mpmath.
"""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path

import pytest
from seeds import random_rng

from kexue_lib.explore._bundle import MIME, digest

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"

POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; "
POLICY += "style-src 'self' 'unsafe-inline'; img-src 'self' data:"
"""What the book needs: the theme has inline scripts, styles and data
images. There is no 'unsafe-eval' and no other host."""


def stored() -> list[tuple[str, dict]]:
    """Return (page, specification) of each explorer in the notebooks."""
    found = []
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        notebook = json.loads(path.read_text("utf-8"))
        page = path.relative_to(ROOT).with_suffix(".html").as_posix()
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                if MIME in output.get("data", {}):
                    found.append((page, output["data"][MIME]))
    return found


STORED = stored()
NAMES = [f"{page}:{spec['id']}" for page, spec in STORED]
PAGES = sorted({page for page, _ in STORED})


@pytest.fixture(scope="module")
def html() -> Path:
    if not (HTML / "index.html").exists():
        pytest.skip("NO BOOK HERE (make book): no slider of it was moved")
    return HTML


class Reader:
    """A page of the book, opened from the disk without network."""

    def __init__(self, browser, **options) -> None:
        options = {"viewport": {"width": 1280, "height": 900}} | options
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.troubles: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda e: self.troubles.append(str(e)))
        self.page.on("request", self._request)

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type}: {message.text}")

    def _request(self, request) -> None:
        if not request.url.startswith(("file:", "data:", "http://book.test/")):
            self.elsewhere.append(request.url)

    def serve(self, policy: str) -> None:
        """Serve the book at http://book.test/ with a policy's header."""

        def answer(route) -> None:
            name = route.request.url.removeprefix("http://book.test/")
            path = HTML / name.split("?")[0].split("#")[0]
            if not path.is_file():
                route.fulfill(status=404)
                return
            kind = mimetypes.guess_type(path.name)[0]
            route.fulfill(
                body=path.read_bytes(),
                headers={
                    "Content-Security-Policy": policy,
                    "Content-Type": kind or "application/octet-stream",
                },
            )

        self.page.route("http://book.test/**", answer)

    def open(self, url: str) -> None:
        self.page.goto(url)
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(
            "[...document.querySelectorAll('kexue-explorer')]"
            ".every(e => e.querySelector('.kx-svg[width]'))"
        )

    def settle(self) -> None:
        self.page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() =>"
            " requestAnimationFrame(r)))"
        )


@pytest.fixture
def reader(browser):
    """Factory of readers of the book."""
    readers = []

    def make(**options) -> Reader:
        readers.append(Reader(browser, **options))
        return readers[-1]

    yield make
    for one in readers:
        one.context.close()


@pytest.mark.parametrize(("page", "spec"), STORED, ids=NAMES)
def test_explorer_of_the_book(html, reader, oracle, page, spec):
    view = reader(offline=True)
    view.open((html / page).as_uri())
    name = digest(spec)
    element = view.page.locator(f"kexue-explorer[data-explorer='{name}']")
    assert element.count() >= 1, "the book is older than the notebook"
    element = element.first
    judge = oracle(spec)

    def check() -> None:
        view.settle()
        drawn = element.evaluate(f"e => ({oracle.DRAWN})(e.explorer)")
        assert judge.compare(drawn) == []
        assert oracle.unmarked(drawn) == []

    check()
    dice = random_rng(spec["id"])
    ranges = [c for c in spec["controls"] if "positions" in c]
    rows = element.locator("input[type=range]").all()
    for row, control in zip(rows, ranges, strict=True):
        for press, end in (("Home", "low"), ("End", "high")):
            row.focus()
            view.page.keyboard.press(press)
            check()
            value = element.evaluate(
                "(e, key) => e.explorer.values[key]", control["key"]
            )
            assert value == control[end]
        row.scroll_into_view_if_needed()
        box = row.bounding_box()
        view.page.mouse.click(
            box["x"] + box["width"] * dice.uniform(0.2, 0.8),
            box["y"] + box["height"] / 2,
        )
        check()
        value = element.evaluate(
            "(e, key) => e.explorer.values[key]", control["key"]
        )
        assert control["low"] < value < control["high"]
    for choice in element.locator("input[type=radio]").all():
        choice.check(force=True)
        check()
    for box in element.locator("input[type=checkbox]").all():
        box.focus()
        view.page.keyboard.press("Space")
        check()
    for preset in element.locator(".kx-preset").all():
        preset.click()
        check()
    assert view.troubles == []
    assert view.elsewhere == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_has_no_serious_finding(html, reader, axe, page, theme):
    view = reader(offline=True, color_scheme=theme)
    view.open((html / page).as_uri())
    view.page.evaluate(axe)
    found = view.page.evaluate("axe.run('kexue-explorer')")
    serious = [
        f"{v['impact']} {v['id']}: {node['html'][:120]}"
        for v in found["violations"]
        for node in v["nodes"]
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("page", PAGES)
def test_policy_without_eval(html, reader, page):
    view = reader()
    view.serve(POLICY)
    view.open(f"http://book.test/{page}")
    rows = view.page.locator("kexue-explorer input[type=range]").all()
    for row in rows:
        row.focus()
        view.page.keyboard.press("End")
        view.settle()
    assert view.troubles == []
    assert view.elsewhere == []


@pytest.mark.parametrize("page", PAGES)
def test_phone_and_print(html, reader, page):
    view = reader(viewport={"width": 375, "height": 800}, offline=True)
    view.open((html / page).as_uri())
    over = view.page.evaluate(
        "document.scrollingElement.scrollWidth - innerWidth"
    )
    assert over <= 0
    stills = view.page.locator("kexue-explorer img.kexue-still")
    assert stills.count() == view.page.locator("kexue-explorer").count()
    view.page.emulate_media(media="print")
    for still in stills.all():
        assert still.evaluate("e => getComputedStyle(e).display") != "none"
        assert still.evaluate("e => e.naturalWidth") > 100
        assert still.get_attribute("alt")
    assert not view.page.locator(".kx").first.is_visible()


@pytest.mark.parametrize("page", PAGES)
def test_the_address_opens_a_setting(html, reader, page):
    spec = next(spec for name, spec in STORED if name == page)
    control = next(c for c in spec["controls"] if "positions" in c)
    view = reader(offline=True)
    fragment = f"#{spec['id']}?{control['key']}={control['high']}"
    view.open((html / page).as_uri() + fragment)
    value = view.page.locator("kexue-explorer").first.evaluate(
        "(e, key) => e.explorer.values[key]", control["key"]
    )
    assert value == control["high"]
    assert view.troubles == []

"""What is asked of every explorer of a page of the book."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from browsing import Watched, axe_findings
from oracle import Oracle

from kexue_lib.explore._bundle import MIME, digest

# All of the page's text but the explorers goes: a chapter has 40 to 80
# thousand elements, which cost each redrawing, and axe looks at all of them
# whatever it is asked about.
ALONE = """() => {
  const kept = [...document.querySelectorAll('kexue-explorer')];
  const prune = node => [...node.children].forEach(child => {
    if (kept.includes(child)) return;
    if (kept.some(e => child.contains(e))) prune(child);
    else child.remove();
  });
  prune(document.querySelector('article'));
}"""
# Names that the page has twice, which axe could see only on the whole page.
TWICE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  return [...document.querySelectorAll('kexue-explorer [id]')]
    .map(e => e.id).filter(id => ids.indexOf(id) !== ids.lastIndexOf(id));
}"""


def stored(notebook: Path) -> list[dict[str, Any]]:
    """Return the specification of each explorer in a notebook."""
    if not notebook.exists():
        return []
    return [
        output["data"][MIME]
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]


def leave_alone(view: Watched) -> None:
    """Take the text away from around the explorers."""
    view.page.evaluate(ALONE)


def name_troubles(view: Watched) -> list[str]:
    """Return the names within explorers that the page has twice."""
    return [f"id {name} is there twice" for name in view.page.evaluate(TWICE)]


def troubles_of(view: Watched, spec: dict[str, Any], dice: Any) -> list[str]:
    """Move everything that an explorer has; return what went wrong.

    Each slider goes to both its ends by key and to a place between them by
    pointer; each option, tick and preset is used. What is drawn then must be
    what SymPy's expression says.
    """
    element = view.page.locator(
        f"kexue-explorer[data-explorer='{digest(spec)}']"
    )
    if not element.count():
        return ["not on the page: the book is older than the notebook"]
    element = element.first
    judge = Oracle(spec)
    wrong: list[str] = []

    def check(where: str) -> list[float]:
        view.settle()
        drawn = element.evaluate(f"e => ({Oracle.DRAWN})(e.explorer)")
        found = judge.compare(drawn) + Oracle.unmarked(drawn)
        wrong.extend(f"{where}: {trouble}" for trouble in found)
        return drawn["values"]

    check("at first")
    ranges = [
        (place, control)
        for place, control in enumerate(spec["controls"])
        if "positions" in control
    ]
    rows = element.locator("input[type=range]").all()
    if len(rows) != len(ranges):
        wrong.append(f"{len(rows)} sliders, {len(ranges)} in the notebook")
    for row, (place, control) in zip(rows, ranges, strict=False):
        low, high, key = control["low"], control["high"], control["key"]
        row.focus()
        for press, end in (("Home", low), ("End", high)):
            view.page.keyboard.press(press)
            value = check(f"{key}, {press}")[place]
            if value != end:
                wrong.append(f"{key}, {press}: {value} instead of {end}")
        row.scroll_into_view_if_needed()
        box = row.bounding_box()
        view.page.mouse.click(
            box["x"] + box["width"] * dice.uniform(0.2, 0.8),
            box["y"] + box["height"] / 2,
        )
        value = check(f"{key}, pointer")[place]
        if not low < value < high:
            wrong.append(f"{key}, pointer: {value} is an end")
    for number, choice in enumerate(element.locator("[type=radio]").all()):
        choice.check(force=True)
        check(f"option {number}")
    for number, tick in enumerate(element.locator("[type=checkbox]").all()):
        tick.focus()
        view.page.keyboard.press("Space")
        check(f"tick {number}")
    for number, preset in enumerate(
        element.locator(".kx-presets > .kx-preset").all()
    ):
        preset.click()
        check(f"preset {number}")
    for number, version in enumerate(element.locator(".kx-version").all()):
        version.click()
        check(f"wrong version {number}")
        if not element.locator(".kx-wrong-note").text_content():
            wrong.append(f"wrong version {number}: no word on how far it is")
        version.click()
    return wrong


def address_troubles(view: Watched, spec: dict[str, Any]) -> list[str]:
    """Give the address of a setting; return what is not as it says."""
    control = next(c for c in spec["controls"] if "positions" in c)
    key, high = control["key"], control["high"]
    view.page.evaluate(
        "hash => { location.hash = hash; }", f"#{spec['id']}?{key}={high}"
    )
    view.settle()
    element = f"kexue-explorer[data-explorer='{digest(spec)}']"
    value = view.page.locator(element).first.evaluate(
        "(e, key) => e.explorer.values[key]", key
    )
    return [] if value == high else [f"{key} is {value} instead of {high}"]


FETCHED = """() => Promise.all(
  [...document.querySelectorAll('.kexue-still')].map(still => still.complete
    || new Promise(done => { still.onload = still.onerror = done; })))"""
# Room that the page keeps, by the width of the window.
ROOM = {1440: "wide", 375: "narrow"}
NEAR = 20  # pixels by which what stands below may move
SPARE = 40  # pixels, two lines: what a narrower font may leave empty


def height_troubles(view: Watched) -> list[str]:
    """Compare the room that the page keeps with what an explorer takes."""
    found = []
    for width, name in ROOM.items():
        with view.resized(width):
            view.settle()
            taken = view.page.evaluate(
                """name => [...document.querySelectorAll('kexue-explorer')]
                  .map(e => [e.explorer.spec.id,
                    e.querySelector('.kx').getBoundingClientRect().height,
                    parseFloat(e.style.getPropertyValue(`--kx-${name}`))])""",
                name,
            )
        found += [
            f"{explorer}, {name}: {kept} px kept, {height:.0f} px taken"
            for explorer, height, kept in taken
            if not (kept and -NEAR <= kept - height <= SPARE)
        ]
    return found


def print_troubles(view: Watched) -> list[str]:
    """Print the page: the stills, with a text each, instead of controls."""
    view.page.evaluate("() => { dispatchEvent(new Event('beforeprint')); }")
    view.page.emulate_media(media="print")
    view.page.evaluate(FETCHED)
    shown = view.page.evaluate(
        """() => [...document.querySelectorAll('kexue-explorer')].map(e => {
          const still = e.querySelector('img.kexue-still');
          return {name: e.explorer.spec.id,
            still: still && getComputedStyle(still).display !== 'none'
              && still.naturalWidth > 100 && !!still.getAttribute('alt'),
            gone: !e.querySelector('.kx').checkVisibility()};
        })"""
    )
    view.page.emulate_media(media="screen")
    return [
        f"{one['name']}: {trouble}"
        for one in shown
        for trouble, good in (
            ("no still picture with a text", one["still"]),
            ("its controls are printed", one["gone"]),
        )
        if not good
    ]


def accessibility_troubles(view: Watched) -> list[str]:
    """Ask axe in both themes."""
    found = []
    for theme in ("light", "dark"):
        view.page.emulate_media(color_scheme=theme)
        view.settle()
        if view.page.evaluate("document.documentElement.dataset.theme") != (
            theme
        ):
            found.append(f"the page is not {theme}")
        found += [
            f"{theme}: {finding}"
            for finding in axe_findings(view.page)
            if finding.startswith(("serious", "critical"))
        ]
    return found

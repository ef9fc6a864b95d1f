"""A Chromium without network, and the component loaded in a bare page."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import mpmath
import pytest
import sympy as sp
from sympy.core.function import UndefinedFunction
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.functions.special.bessel import jn

from kexue_lib.explore._bundle import digest, page_script, static
from kexue_lib.explore._nodes import Grid, Iterate
from kexue_lib.explore._reference import evaluator


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


# ---- what is drawn against SymPy, from the stored specification ----------

RELATIVE = 1e-9
ROUNDING = 1e-14
DIGITS = 40
SAMPLES = 11  # places of a curve that are compared, both ends among them

# What the page has drawn, reduced to plain lists.
DRAWN = """x => ({
  values: x.spec.controls.map(c => x.values[c.key]),
  readouts: x.data.readouts,
  layers: x.data.layers.map((layer, i) => layer.z
    ? {x: [...layer.x], y: [...layer.y], z: [...layer.z]}
    : layer.columns
    ? {over: [...layer.over], columns: layer.columns.map(c => [...c])}
    : {places: [layer.x, layer.y]}),
  paths: [...x.element.querySelectorAll('path')].map(
    p => p.getAttribute('d') ?? ''),
  gaps: [...x.element.querySelectorAll('.kx-gap')].filter(
    p => p.getAttribute('d')).length,
  note: !x.element.querySelector('.kx-note').hidden,
})"""


class Oracle:
    """The formulas of one stored explorer, evaluated by mpmath."""

    DRAWN = DRAWN
    unmarked = staticmethod(lambda drawn: _unmarked(drawn))

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        names = {
            **vars(sp),
            "ExprCondPair": ExprCondPair,
            "jn": jn,
            "Iterate": Iterate,
            "Function": _functions(spec["grids"]),
        }

        def read(text: str) -> Any:
            return eval(text, {"__builtins__": {}}, names)

        controls = [read(control["symbol"]) for control in spec["controls"]]
        self.functions = []
        for formula in spec["formulas"]:
            inner = [read(symbol) for symbol in formula["inner"]]
            expr = read(formula["expr"])
            self.functions.append(evaluator(expr, [*controls, *inner]))

    def value(self, index: int, *arguments: float) -> float | None:
        with mpmath.workdps(DIGITS):
            return self.functions[index](*map(_exact, arguments))

    def agrees(
        self, drawn: float | None, scale: float, index: int, *arguments: float
    ) -> bool:
        """Whether the drawn number is the formula's, or at a jump one side's.

        In double precision a place exactly on a jump may fall on either
        side; then the value right beside it is accepted.
        """
        if _same(drawn, self.value(index, *arguments), scale):
            return True
        if len(arguments) == len(self.spec["controls"]):
            return False
        *settings, last = arguments
        nudge = 1e-12 * max(abs(last), 1e-3)
        return any(
            _same(drawn, self.value(index, *settings, last + side), scale)
            for side in (-nudge, nudge)
        )

    def compare(self, drawn: dict[str, Any]) -> list[str]:
        """Return what differs between the drawing and the formulas."""
        settings = drawn["values"]
        # formula, its drawn values, the places of these values
        columns: list[tuple[int, list[float], list[tuple[float, ...]]]] = [
            (readout["f"], [value], [()])
            for readout, value in zip(
                self.spec["readouts"], drawn["readouts"], strict=True
            )
        ]
        pairs = zip(self.spec["layers"], drawn["layers"], strict=True)
        for layer, data in pairs:
            if "places" in data:
                columns += [
                    (index, [value], [()])
                    for index, value in zip(
                        layer["f"], data["places"], strict=True
                    )
                    if index is not None
                ]
            elif "z" in data:
                places = [(x, y) for y in data["y"] for x in data["x"]]
                columns.append((layer["f"][0], data["z"], places))
            else:
                places = [(x,) for x in data["over"]]
                columns += [
                    (index, column, places)
                    for index, column in zip(
                        layer["f"], data["columns"], strict=True
                    )
                ]
        wrong = []
        for index, values, places in columns:
            scale = max(map(abs, filter(_finite, values)), default=0.0)
            for i in _some(len(values)):
                arguments = (*settings, *places[i])
                if not self.agrees(values[i], scale, index, *arguments):
                    wrong.append(
                        f"formula {index} at {arguments}: drawn {values[i]}, "
                        f"Python {self.value(index, *arguments)}"
                    )
        return wrong


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _unmarked(drawn: dict[str, Any]) -> list[str]:
    """Return what is drawn without a place, or undefined without a mark."""
    found = [p for p in drawn["paths"] if "NaN" in p or "Infinity" in p]
    holes = any(
        not _finite(value)
        for layer in drawn["layers"]
        for column in layer.get("columns", [])
        for value in column
    )
    if holes and not (drawn["gaps"] and drawn["note"]):
        found.append("a curve has holes but no mark")
    return found


def _exact(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _same(drawn: float | None, python: float | None, scale: float) -> bool:
    """Equal to 1e-9, or where terms of size ``scale`` cancel, to rounding."""
    if not _finite(drawn) or python is None:
        return python is None and not _finite(drawn)
    return math.isclose(
        drawn, python, rel_tol=RELATIVE, abs_tol=ROUNDING * scale
    )


def _some(length: int) -> list[int]:
    """Return up to SAMPLES indices, the first and the last among them."""
    last = min(SAMPLES, length) - 1
    if last <= 0:
        return list(range(length))
    return sorted({round(i * (length - 1) / last) for i in range(last + 1)})


def _functions(tables: list[dict[str, Any]]) -> Any:
    made = {}
    for table in tables:
        data = tuple(math.nan if v is None else v for v in table["data"])
        axes = tuple(tuple(axis) for axis in table["axes"])
        made[table["name"]] = UndefinedFunction(
            table["name"],
            _imp_=staticmethod(Grid(table["name"], axes, data)),
        )
    return made.__getitem__


@pytest.fixture(scope="session")
def oracle():
    """The class that knows the right numbers: `oracle(spec)`."""
    return Oracle


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, an accessibility checker (tests only)."""
    return (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")

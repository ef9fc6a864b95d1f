"""From the stored specification to a script: reads JSON, knows no SymPy."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from typing import Any

from kexue_lib.explore._arithmetic import check_arithmetic

MIME = "application/vnd.kexue.explorer+json"
SCHEMA = "kexue-explorer/1"
FIGURE_MIME = "application/vnd.kexue.figure+json"
"""Caption and alternative text, beside the SVG of a figure."""
CAPTION_MIME = "application/vnd.kexue.caption+json"
"""A caption for notebooks, which the page has in the figure already."""
SOURCE_MIME = "application/vnd.kexue.source+json"
"""Name, file and text of an object of the library."""


def static(name: str) -> str:
    """Return the text of a built file: ``explorer.js`` or ``.css``."""
    folder = resources.files("kexue_lib.explore") / "static"
    return (folder / name).read_text(encoding="utf-8")


def digest(spec: dict[str, Any]) -> str:
    """Return a short name of the specification: 12 hexadecimal digits."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def bundle_js(spec: dict[str, Any]) -> str:
    """Return an expression: the specification with its formulas compiled.

    Everything but the formulas is JSON in ASCII; the formulas are checked
    once more to be arithmetic, wherever the JSON comes from.

    Args:
        spec: The specification, as stored in the notebook.

    Returns:
        A JavaScript expression ``{spec: ..., functions: (K) => [...]}``.

    Raises:
        ValueError: A schema this version does not know, or a formula that
            is not arithmetic.
    """
    if spec.get("schema") != SCHEMA:
        raise ValueError(
            f"explorer schema {spec.get('schema')!r} is not {SCHEMA!r}: "
            "run the notebook again with this version of kexue_lib"
        )
    codes = list(spec["functions"])
    for code in codes:
        check_arithmetic(code)
    unused = {"functions", "formulas"}
    rest = {k: v for k, v in spec.items() if k not in unused}
    # "<" is escaped so that the text is inert in an HTML page as well.
    text = json.dumps(rest, ensure_ascii=True, sort_keys=True)
    data = text.replace("<", "\\u003c")
    tables = ", ".join(f"T{i}" for i in range(len(spec["grids"])))
    functions = ",\n".join(codes)
    return (
        f"{{\nspec: {data},\n"
        f"functions: (K, [{tables}]) => [\n{functions}\n]\n}}"
    )


def page_script(specs: list[dict[str, Any]]) -> str:
    """Return the classic script that a page with these explorers loads."""
    defined = "".join(
        f"kexueExplorer.define({json.dumps(digest(spec))}, "
        f"{bundle_js(spec)});\n"
        for spec in specs
    )
    return f'"use strict";\n{defined}'


def widget_module(spec: dict[str, Any]) -> str:
    """Return the ES module that anywidget loads: component and formulas."""
    return (
        f"{static('explorer.js')}\n"
        f"export default kexueExplorer.widget({bundle_js(spec)});\n"
    )

"""What ``kexue_lib.explore`` shows, in the book: sliders, figures, source.

MyST-NB hands each output to :class:`ExplorerRenderer`. A figure and a source
are made by their own modules. An explorer becomes a ``<kexue-explorer>``
element that holds the still picture (print, no JavaScript). A page that has
explorers loads the component and one small script with its formulas, made
here, at build time: nothing is compiled in the reader's browser, so the page
works under a Content-Security-Policy without ``unsafe-eval``, and from
``file://``.

Reads JSON only: neither SymPy nor torch is imported.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData
from sphinx.errors import ExtensionError

from kexue_lib.explore._bundle import (
    CAPTION_MIME,
    FIGURE_MIME,
    MIME,
    SOURCE_MIME,
    digest,
    page_script,
    static,
)
from kexue_lib.sphinxext import figures, heights, presses, sources
from kexue_lib.sphinxext.presses import ExplorerNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

FOLDER = "kexue/explorers"
"""Folder below ``_static`` of the pages' scripts."""
COMPONENT = ("explorer.js", "licenses.json")
STYLE = "explorer.css"


class ExplorerRenderer:
    """MyST-NB renderer of this package (entry point ``kexue_explorer``)."""

    mime_priority_overrides: ClassVar[
        Sequence[tuple[str, str, int | None]]
    ] = tuple(
        (builder, mime, 1)
        for builder in ("html", "dirhtml", "singlehtml")
        for mime in (MIME, FIGURE_MIME, CAPTION_MIME, SOURCE_MIME)
    )

    @staticmethod
    def handle_mime(
        renderer: Any, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Return the nodes of an output of ours, or None for any other."""
        if inline:
            return None
        if data.mime_type == FIGURE_MIME:
            return [figures.figure(renderer, data)]
        if data.mime_type == CAPTION_MIME:
            return [figures.ShownElsewhere()]
        if figures.is_drawing(renderer, data):
            return []
        if data.mime_type == SOURCE_MIME:
            env = renderer.renderer.sphinx_env
            return [sources.source(env, data.content)]
        if data.mime_type != MIME:
            return None
        node = ExplorerNode(spec=data.content)
        node += _still(renderer, data)
        return [node]


def _still(renderer: Any, data: MimeData) -> list[nodes.Element]:
    """Return the stored picture of the same output.

    It is not fetched before it is needed: on paper, or without scripts.
    """
    stored = figures.stored(renderer, data)
    if "image/png" not in stored:
        return []
    picture = MimeData(
        "image/png",
        stored["image/png"],
        cell_metadata=data.cell_metadata,
        output_metadata=data.output_metadata,
        cell_index=data.cell_index,
        output_index=data.output_index,
        line=data.line,
    )
    images = renderer.render_image(picture)
    for image in images:
        image["alt"] = f"{data.content['title']['text']}: a still picture"
        image["classes"].append("kexue-still")
        image["loading"] = "lazy"
    return list(images)


def visit_html(translator: Any, node: ExplorerNode) -> None:
    """Open the element; the still is written inside it."""
    name = digest(node["spec"])
    translator.body.append(
        f'<kexue-explorer data-explorer="{name}" '
        f'data-number="{node["number"]}" '
        f'style="{heights.reserved(node["spec"])}">'
    )


def depart_html(translator: Any, node: ExplorerNode) -> None:
    """Close the element."""
    translator.body.append("</kexue-explorer>\n")


def pass_through(translator: Any, node: nodes.Element) -> None:
    """Write what is within; elsewhere an explorer is its still."""


def skip(translator: Any, node: nodes.Element) -> None:
    """Write nothing."""
    raise nodes.SkipNode


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def add_scripts(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give a page what its explorers and figures need."""
    if doctree is None:
        return
    specs = [node["spec"] for node in doctree.findall(ExplorerNode)]
    folder = Path(app.outdir) / "_static"
    if specs or any(True for _ in doctree.findall(figures.FigureNode)):
        _write(folder / "kexue" / STYLE, static(STYLE))
        app.add_css_file(f"kexue/{STYLE}")
    if not specs:
        return
    unique = list({digest(spec): spec for spec in specs}.values())
    try:
        script = page_script(unique)
    except ValueError as error:
        raise ExtensionError(f"{pagename}: {error}") from error
    name = f"{pagename.replace('/', '-')}-{_short(script)}.js"
    _write(folder / FOLDER / name, script)
    for file in COMPONENT:
        _write(folder / "kexue" / file, static(file))
    # Deferred scripts run in this order, after the page has been read.
    app.add_js_file("kexue/explorer.js", loading_method="defer")
    app.add_js_file(f"{FOLDER}/{name}", loading_method="defer")


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the explorer's node and its pages' scripts."""
    app.add_node(
        ExplorerNode,
        html=(visit_html, depart_html),
        latex=(pass_through, pass_through),
        man=(pass_through, pass_through),
        texinfo=(pass_through, pass_through),
        text=(pass_through, pass_through),
    )
    nothing = (skip, skip)
    through = (pass_through, pass_through)
    app.add_node(
        presses.PressNode,
        html=(presses.visit_html, presses.depart_html),
        latex=through, man=through, texinfo=through, text=through,
    )  # fmt: skip
    app.add_transform(presses.Press)
    app.add_node(
        figures.FigureNode,
        html=through, latex=through, man=through, texinfo=through,
        text=through,
    )  # fmt: skip
    app.add_node(
        figures.ShownElsewhere,
        html=nothing, latex=nothing, man=nothing, texinfo=nothing,
        text=nothing,
    )  # fmt: skip
    app.connect("html-page-context", add_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Figures in the book: the stored SVG, in the colours of the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.errors import ExtensionError

from kexue_lib.explore._bundle import FIGURE_MIME
from kexue_lib.explore._svg import FigureError, themed
from kexue_lib.sphinxext.markup import inline, make

if TYPE_CHECKING:
    from myst_nb.core.render import MimeData

    from kexue_lib.sphinxext.markup import tag


class FigureNode(nodes.General, nodes.Element):
    """Around a ``<figure>``: its page needs the style sheet."""


class ShownElsewhere(nodes.General, nodes.Element):
    """In place of a caption, which the figure above it has already."""


def stored(renderer: Any, data: MimeData) -> dict[str, Any]:
    """Return all that is stored of the output to which ``data`` belongs."""
    if data.cell_index is None or data.output_index is None:
        return {}
    client = renderer.renderer.nb_client
    _, outputs = client.code_cell_outputs(data.cell_index)
    return dict(outputs[data.output_index].get("data", {}))


def is_drawing(renderer: Any, data: MimeData) -> bool:
    """Tell the SVG of a figure, which stands within it, from other SVG."""
    return data.mime_type == "image/svg+xml" and FIGURE_MIME in stored(
        renderer, data
    )


def figure(renderer: Any, data: MimeData) -> FigureNode:
    """Return the figure of an output."""
    svg = "".join(stored(renderer, data)["image/svg+xml"])
    name = f"kx{data.cell_index}-{data.output_index}"
    try:
        drawing = themed(svg, name)
    except FigureError as error:
        raise ExtensionError(
            f"{renderer.renderer.document['source']}, cell "
            f"{data.cell_index}: {error}"
        ) from error
    return FigureNode("", drawn(drawing, data.content["caption"]))


def drawn(svg: str, caption: str) -> tag:
    """Return the ``<figure>``."""
    # The box scrolls where a figure of several columns is too wide.
    box = make("div", nodes.raw("", svg, format="html"), cls="kx-drawing")
    return make(
        "figure",
        box,
        make("figcaption", *inline(caption)),
        cls="kx-figure",
    )

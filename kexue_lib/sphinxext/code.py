"""Code cells of a chapter: folded, beside what they make.

Nothing in a notebook says so. A cell that shows something becomes one quiet
line, *code*, at the foot of what it shows; a cell that shows nothing only
prepares, and is not there until the page's switch *show code* is on; a cell
tagged ``open`` stays open, because its code is what there is to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from kexue_lib.sphinxext.closed import closed, fold
from kexue_lib.sphinxext.evidence_block import claim
from kexue_lib.sphinxext.markup import make

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN = "tag_open"  # the class that MyST-NB makes of the tag


def _is_cell(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.container)
        and node.get("nb_element") == "cell_code"
    )


def _part(cell: nodes.Element, name: str) -> nodes.Element | None:
    found: Iterator[nodes.Element] = (
        child
        for child in cell.children
        if isinstance(child, nodes.container)
        and child.get("nb_element") == name
    )
    return next(found, None)


def fold_cell(cell: nodes.Element) -> None:
    """Fold the code of a cell, before MyST-NB's own folds are made."""
    cell.attributes.pop("hide_mode", None)
    source = _part(cell, "cell_code_source")
    if source is None or OPEN in cell["classes"]:
        return
    shown = _part(cell, "cell_code_output")
    cell.remove(source)
    made = fold(make("summary", "code"), source, cls="kx-code")
    if shown is None or not shown.children:
        prepares = make("div", made, cls="cell kx-setup")
        cell.replace_self(closed("", prepares, classes=["kx-setup"]))
        return
    claims = list(shown.findall(claim))
    if claims:
        claims[-1] += made
    else:
        cell += made


def fold_cells(document: nodes.document) -> None:
    """Fold the code of all cells of a page."""
    for cell in list(document.findall(_is_cell)):
        assert isinstance(cell, nodes.Element)
        fold_cell(cell)

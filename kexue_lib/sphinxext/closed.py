"""Closed blocks: what a page keeps shut costs its reader nothing.

The content of a fold is written inside ``<noscript>``. Where scripts run, a
browser keeps that as one piece of text: no elements, no formulas to set,
nothing to lay out; ``folds.js`` makes elements of it when the fold opens, when
a link leads inside, before printing and before a search in the page. Where no
script runs, the very same content is ordinary HTML in an ordinary
``<details>``. A ``<template>`` would be empty for that reader.

A ``<noscript>`` ends at the first end tag of its name. So only the outermost
closed block is written as one; what is closed inside it opens with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext.markup import make

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from kexue_lib.sphinxext.markup import tag


class closed(nodes.General, nodes.Element):
    """What is not there before it is asked for."""


def fold(summary: tag, *content: nodes.Node, cls: str = "") -> tag:
    """Return a closed ``<details>``.

    Args:
        summary: what is seen of it.
        content: what opens.
        cls: class names of the whole.
    """
    return make("details", summary, closed("", *content), cls=cls)


def _outermost(node: nodes.Node) -> bool:
    above = node.parent
    while above is not None:
        if isinstance(above, closed):
            return False
        above = above.parent
    return True


def _visit(translator: Any, node: closed) -> None:
    if _outermost(node):
        names = " ".join(["kx-closed", *node["classes"]])
        translator.body.append(f'<noscript class="{names}">')


def _depart(translator: Any, node: closed) -> None:
    if _outermost(node):
        translator.body.append("</noscript>")


def _pass(translator: Any, node: closed) -> None:
    pass


def setup(app: Sphinx) -> None:
    """Register the node with Sphinx."""
    through = (_pass, _pass)
    app.add_node(
        closed,
        html=(_visit, _depart),
        latex=through,
        text=through,
        man=through,
        texinfo=through,
    )

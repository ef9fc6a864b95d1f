"""Sections beside the main line: a heading, its first paragraph, a fold.

A section whose heading begins with *Aside:* is one that a first reading can
do without. The page shows what it is about; the rest opens. The notebook
shows all of it, and the word says the same there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from kexue_lib.sphinxext.evidence_block import claim
from kexue_lib.sphinxext.markup import make

if TYPE_CHECKING:
    from kexue_lib.sphinxext.markup import tag

MARK = "Aside:"
WORDS_A_MINUTE = 200


def is_aside(node: nodes.Node) -> bool:
    """Whether a node is a section that says so."""
    return (
        isinstance(node, nodes.section)
        and len(node) > 0
        and isinstance(node[0], nodes.title)
        and node[0].astext().startswith(MARK)
    )


def fold_asides(document: nodes.document) -> None:
    """Fold what comes after the first paragraph of each aside.

    Before the claims are drawn: they are counted as they stand.
    """
    for section in list(document.findall(is_aside)):
        assert isinstance(section, nodes.section)
        lead = section.first_child_matching_class(nodes.paragraph)
        if lead is None or lead + 1 >= len(section):
            continue
        rest = section.children[lead + 1 :]
        for node in rest:
            section.remove(node)
        section += make("details", _summary(rest), *rest, cls="kx-aside")


def _summary(content: list[nodes.Node]) -> tag:
    claims = sum(len(list(node.findall(claim))) for node in content)
    words = sum(
        len(paragraph.astext().split())
        for node in content
        for paragraph in node.findall(nodes.paragraph)
    )
    said = f"about {max(1, round(words / WORDS_A_MINUTE))} min"
    if claims:
        said = f"{claims} claim{'' if claims == 1 else 's'}, {said}"
    return make("summary", "read on ", make("span", f"({said})"))

"""A claim of a chapter, shown on another page as an example of a claim.

``{claim-example} hippo-matrices.C8`` draws the block that the chapter has,
from its stored notebook: nothing is written twice.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from kexue_lib.sphinxext import evidence_block
from kexue_lib.sphinxext.links import Page
from kexue_lib.sphinxext.markup import make, tag
from kexue_lib.sphinxext.store import Claims

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MIME = "application/vnd.kexue.evidence+json"


class example(nodes.General, nodes.Element):
    """The place of an example; ``evidence`` is what its chapter stored."""


def stored(path: Path, claim_id: str) -> dict[str, Any] | None:
    """Return the evidence of a claim from its notebook, if it is there."""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            found: dict[str, Any] = output.get("data", {}).get(MIME, {})
            if found.get("id") == claim_id:
                return found
    return None


class Example(SphinxDirective):
    """``{claim-example}`` with the id of a claim."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the claim from its chapter's notebook."""
        claim_id = self.arguments[0]
        chapter = claim_id.partition(".")[0]
        for docname in sorted(self.env.found_docs):
            if docname.rpartition("/")[2] != chapter:
                continue
            path = Path(self.env.doc2path(docname))
            if path.suffix != ".ipynb":
                continue
            self.env.note_dependency(str(path))
            if evidence := stored(path, claim_id):
                node = example("", evidence=evidence)
                self.set_source_info(node)
                return [node]
        raise self.error(f"there is no claim {claim_id}")


def draw(page: Page, claims: Claims, node: example) -> tag:
    """Return the block as its chapter has it; its number leads there."""
    block = evidence_block.block(page, claims, node)
    found = claims.get(node["evidence"]["id"])
    for part in block.findall(tag):
        if "kx-number" in part["classes"] and found and part["name"] == "a":
            part["html"]["href"] = page.address(found.docname, found.anchor)
    return make("div", block, cls="kx-example")


def setup(app: Sphinx) -> None:
    """Register the directive and its placeholder with Sphinx."""
    app.add_node(example)
    app.add_directive("claim-example", Example)

"""What a chapter shows, shown on another page as an example.

``{claim-example} hippo-matrices.C8`` draws the block that the chapter has,
``{explorer-example} hippo-matrices explorer-...`` its slider, from the stored
notebook: nothing is written twice.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from kexue_lib.explore._bundle import MIME as EXPLORER
from kexue_lib.sphinxext import evidence_block
from kexue_lib.sphinxext.links import Page
from kexue_lib.sphinxext.markup import make, tag
from kexue_lib.sphinxext.presses import ExplorerNode
from kexue_lib.sphinxext.store import Claims

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MIME = "application/vnd.kexue.evidence+json"


class example(nodes.General, nodes.Element):
    """The place of an example; ``evidence`` is what its chapter stored."""


def stored(path: Path, mime: str, name: str) -> dict[str, Any] | None:
    """Return the output that holds an object of this id, if it is there."""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            data: dict[str, Any] = output.get("data", {})
            if data.get(mime, {}).get("id") == name:
                return data
    return None


class _Stored(SphinxDirective):
    """A directive that reads an output of a chapter's notebook."""

    def output(self, chapter: str, mime: str, name: str) -> dict[str, Any]:
        """Return the output; the page is read again when it changes."""
        for docname in sorted(self.env.found_docs):
            if docname.rpartition("/")[2] != chapter:
                continue
            path = Path(self.env.doc2path(docname))
            if path.suffix != ".ipynb":
                continue
            self.env.note_dependency(str(path))
            if found := stored(path, mime, name):
                return found
        raise self.error(f"there is no {name} in {chapter}")


class Example(_Stored):
    """``{claim-example}`` with the id of a claim."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Read the claim from its chapter's notebook."""
        claim_id = self.arguments[0]
        chapter = claim_id.partition(".")[0]
        found = self.output(chapter, MIME, claim_id)
        node = example("", evidence=found[MIME])
        self.set_source_info(node)
        return [node]


class ExplorerExample(_Stored):
    """``{explorer-example}`` with a chapter and the id of its explorer."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Read the explorer, and its still, from the notebook."""
        found = self.output(self.arguments[0], EXPLORER, self.arguments[1])
        spec = found[EXPLORER]
        # What its slider is shared with stays in the chapter.
        controls = [
            {key: value for key, value in control.items() if key != "shared"}
            for control in spec["controls"]
        ]
        spec = {**spec, "controls": controls}
        node = ExplorerNode("", spec=spec)
        if picture := found.get("image/png"):
            still = nodes.image(
                uri=f"data:image/png;base64,{''.join(picture.split())}",
                alt=f"{spec['title']['text']}: a still picture",
                classes=["kexue-still"],
                loading="lazy",
            )
            node += still
        self.set_source_info(node)
        return [node]


def draw(page: Page, claims: Claims, node: example) -> tag:
    """Return the block as its chapter has it; its number leads there."""
    block = evidence_block.block(page, claims, node)
    found = claims.get(node["evidence"]["id"])
    for part in block.findall(tag):
        if "kx-number" in part["classes"] and found and part["name"] == "a":
            part["html"]["href"] = page.address(found.docname, found.anchor)
    return make("div", block, cls="kx-example")


def setup(app: Sphinx) -> None:
    """Register the directives and the claim's placeholder with Sphinx."""
    app.add_node(example)
    app.add_directive("claim-example", Example)
    app.add_directive("explorer-example", ExplorerExample)

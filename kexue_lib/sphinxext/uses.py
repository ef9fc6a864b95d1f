"""From each entry of the API to the chapters that use it.

The chapters' code cells are parsed, not run. A page of the API is written
again, not read again, when a chapter begins or ceases to use one of its
names.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from kexue_lib.sphinxext.evidence import reading_order
from kexue_lib.sphinxext.links import Page

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

ENTRIES = ("function", "class", "exception", "data")
CHAPTERS = "notebooks/"


class used_in(nodes.General, nodes.Element):
    """The place of the line: ``name`` is the entry's."""


class UsedIn(SphinxDirective):
    """``.. used-in:: kexue_lib.ssm.hippo``, put below each entry."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the placeholder."""
        return [used_in("", name=self.arguments[0])]


def used(cells: list[str]) -> set[str]:
    """Return the full names from the library that code cells use.

    Args:
        cells: their sources; one that is not Python is passed over.
    """
    trees = []
    for cell in cells:
        try:
            trees.append(ast.parse(cell))
        except SyntaxError:  # a magic command
            continue
    found = [node for tree in trees for node in ast.walk(tree)]
    meant: dict[str, str] = {}
    for node in found:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                meant[alias.asname or alias.name] = full
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                meant[alias.asname or top] = (
                    alias.name if alias.asname else top
                )
    ours = {n: full for n, full in meant.items() if "kexue_lib" in full}
    return {name for node in found for name in _resolved(node, ours)}


def _resolved(node: ast.AST, meant: dict[str, str]) -> Iterator[str]:
    """Yield the full name of a name or of an attribute of one."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name) and node.id in meant:
        yield ".".join([meant[node.id], *reversed(parts)])


class UsesCollector(EnvironmentCollector):
    """Who uses what, and which pages say so.

    ``env.kexue_uses`` maps chapters to names, ``env.kexue_places`` pages of
    the API to the names of their entries, ``env.kexue_shown`` these pages to
    what they said when they were last written.
    """

    def clear_doc(
        self, app: Sphinx, env: BuildEnvironment, docname: str
    ) -> None:
        """Forget a page."""
        for store in (_uses(env), _places(env)):
            store.pop(docname, None)

    def merge_other(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: set[str],
        other: BuildEnvironment,
    ) -> None:
        """Take over what a parallel reader has collected."""
        for name in ("kexue_uses", "kexue_places"):
            mine, theirs = _store(env, name), _store(other, name)
            mine.update({d: theirs[d] for d in docnames if d in theirs})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Collect the names of a chapter, or the entries of a page."""
        env = app.env
        if env.docname.startswith(CHAPTERS):
            path = Path(env.doc2path(env.docname))
            if path.suffix == ".ipynb":
                cells = json.loads(path.read_text("utf-8"))["cells"]
                code = (c for c in cells if c["cell_type"] == "code")
                _uses(env)[env.docname] = used(
                    ["".join(c["source"]) for c in code]
                )
        if found := [n["name"] for n in doctree.findall(used_in)]:
            _places(env)[env.docname] = found

    def get_updated_docs(
        self, app: Sphinx, env: BuildEnvironment
    ) -> list[str]:
        """Return the pages that say something else than last time."""
        now = {
            page: {name: users(env, name) for name in names}
            for page, names in _places(env).items()
        }
        before = getattr(env, "kexue_shown", {})
        env.kexue_shown = now
        return [page for page in now if now[page] != before.get(page)]


def _store(env: Any, name: str) -> dict[str, Any]:
    return env.__dict__.setdefault(name, {})


def _uses(env: Any) -> dict[str, set[str]]:
    return _store(env, "kexue_uses")


def _places(env: Any) -> dict[str, list[str]]:
    return _store(env, "kexue_places")


def users(env: BuildEnvironment, name: str) -> list[str]:
    """Return the chapters that use a name, in reading order."""
    uses = _uses(env)
    return [
        docname
        for docname in reading_order(env)
        if any(f"{u}.".startswith(f"{name}.") for u in uses.get(docname, ()))
    ]


def add_place(
    app: Sphinx,
    what: str,
    name: str,
    obj: Any,
    options: Any,
    lines: list[str],
) -> None:
    """Put the place of the line below an entry's text."""
    if what in ENTRIES:
        lines += ["", f".. used-in:: {name}", ""]


class Draw(SphinxPostTransform):
    """Draw the lines when a page is written: then all chapters are read."""

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Replace the placeholders of a page."""
        for node in list(self.document.findall(used_in)):
            page = Page(self.env, self.app.builder, self.env.docname)
            line = nodes.paragraph("", "Used in ", classes=["kx-used-in"])
            found = users(self.env, node["name"])
            for count, docname in enumerate(found):
                if count:
                    line += nodes.Text(", ")
                line += nodes.reference(
                    "",
                    page.chapter(docname),
                    refuri=page.address(docname),
                    internal=True,
                )
            node.replace_self([line] if found else [])


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_node(used_in)
    app.add_directive("used-in", UsedIn)
    app.add_env_collector(UsesCollector)
    # After napoleon, which would take the line for a part of a section.
    app.connect("autodoc-process-docstring", add_place, priority=600)
    app.add_post_transform(Draw)

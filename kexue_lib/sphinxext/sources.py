"""The library's source in the book: an open block that names its file."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

import kexue_lib
from kexue_lib.sphinxext.markup import make

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.environment import BuildEnvironment

    from kexue_lib.sphinxext.markup import tag

ROOT = Path(str(kexue_lib.__file__)).parent.parent


def source(env: BuildEnvironment, content: Mapping[str, str]) -> tag:
    """Return the block, with a link to the file or to the API."""
    code = content["code"]
    block = nodes.literal_block(code, code, language="python")
    lines = len(code.splitlines())
    name = nodes.literal("", content["name"])
    head = make(
        "p",
        api(content["name"], name, env.docname),
        f", {lines} lines of ",
        file(env, content),
        cls="kx-source-name",
    )
    return make("div", head, block, cls="kx-library")


def api(name: str, shown: nodes.Node, docname: str) -> nodes.Node:
    """Return the link to the API, which a private name does not have."""
    return addnodes.pending_xref(
        "", shown, refdomain="py", reftype="obj", reftarget=name,
        refdoc=docname, refexplicit=True, refwarn=False,
    )  # fmt: skip


def file(env: BuildEnvironment, content: Mapping[str, str]) -> nodes.Node:
    """Return the file's name, a link if the book has a repository."""
    name = content["file"]
    shown = nodes.literal("", name)
    options = env.config.html_theme_options
    address = options.get("repository_url")
    if not address:
        return shown
    env.note_dependency(str(ROOT / name))  # the lines may move
    branch = options.get("repository_branch") or "main"
    first, last = extent(ROOT / name, content["qualname"])
    uri = f"{address}/blob/{branch}/{name}#L{first}-L{last}"
    return nodes.reference("", "", shown, refuri=uri, internal=False)


def extent(path: Path, qualname: str) -> tuple[int, int]:
    """Return the first and the last line of a definition.

    Raises:
        LookupError: the file has no such definition.
    """
    found: Any = ast.parse(path.read_text("utf-8"))
    for part in qualname.split("."):
        found = next(
            (n for n in found.body if getattr(n, "name", None) == part), None
        )
        if found is None:
            raise LookupError(f"{path} defines no {qualname}")
    decorators = [d.lineno for d in found.decorator_list]
    return min([found.lineno, *decorators]), found.end_lineno

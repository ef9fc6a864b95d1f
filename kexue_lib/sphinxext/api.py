"""Links from a function's documentation back to the chapter behind it.

A docstring says ``Chapter: hippo-matrices, claims C9, C10.`` and the page
shows links to the chapter and to the claims.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LINE = re.compile(
    r"^(?P<indent>\s*)Chapter: (?P<slug>[a-z0-9-]+)(?P<rest>.*)$"
)
CLAIM = re.compile(r"\bC\d+\b")
log = logging.getLogger(__name__)


def linked(line: str, docnames: dict[str, str]) -> str:
    """Return the line with the chapter and its claims turned into links."""
    found = LINE.match(line)
    if not found:
        return line
    slug = found["slug"]
    if slug not in docnames:
        log.warning("docstring names an unknown chapter: %s", slug)
        return line
    rest = CLAIM.sub(lambda m: f":claim:`{slug}.{m[0]}`", found["rest"])
    chapter = f":doc:`{slug} </{docnames[slug]}>`"
    return f"{found['indent']}Chapter: {chapter}{rest}"


def link_chapters(
    app: Sphinx,
    what: str,
    name: str,
    obj: Any,
    options: Any,
    lines: list[str],
) -> None:
    """Handle autodoc's docstring event."""
    docnames = {
        docname.rsplit("/", 1)[-1]: docname
        for docname in app.env.found_docs
        if docname.startswith("notebooks/")
    }
    lines[:] = [linked(line, docnames) for line in lines]


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")  # the event is autodoc's
    app.connect("autodoc-process-docstring", link_chapters)

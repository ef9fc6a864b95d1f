"""Links to claims and pages, badges, and the pages that they stand on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

from kexue_lib.sphinxext import controls
from kexue_lib.sphinxext.markup import inline, make, plain
from kexue_lib.sphinxext.store import SYMBOLS, Entry, anchor

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from kexue_lib.sphinxext.markup import tag

log = logging.getLogger(__name__)
READING = "book/reading"  # how to read a claim; its badges at #levels
_ADDRESSES = (
    (re.compile(r"\barchives/\d+"), "https://kexue.fm/"),
    (re.compile(r"(?<=\barXiv:)\d{4}\.\d{4,5}"), "https://arxiv.org/abs/"),
)


def _strict(app: Sphinx) -> bool:
    """Tell a build whose warnings are errors; ``--keep-going`` counts too."""
    return bool(app.warningiserror or app.keep_going)


def is_claim_link(node: nodes.Node) -> bool:
    """Tell links to claims from other nodes."""
    return (
        isinstance(node, addnodes.pending_xref)
        and node.get("refdomain") == "claim"
    )


def overviews(views: Mapping[str, set[str]]) -> dict[str, str]:
    """Return the page of the claims' table, and that of the graph."""
    return {
        view: docname
        for view in ("evidence-table", "claim-graph")
        for docname in sorted(views, reverse=True)
        if view in views[docname]
    }


class Page:
    """The page being written: addresses as seen from there."""

    def __init__(self, env: BuildEnvironment, builder: Builder, docname: str):
        self.env = env
        self.builder = builder
        self.docname = docname
        views = env.get_domain("claim").data["views"]
        self._overviews = overviews(views)

    def address(self, docname: str, fragment: str = "") -> str:
        """Return the address of a page, or of a place in it."""
        if docname == self.docname and fragment:
            return f"#{fragment}"
        uri = self.builder.get_relative_uri(self.docname, docname)
        return f"{uri}#{fragment}" if fragment else uri

    def file(self, name: str) -> str:
        """Return the address of a file of the built book."""
        return "../" * self.docname.count("/") + name

    def levels(self) -> str | None:
        """Return the address of the explanation of badges."""
        if READING not in self.env.found_docs:
            return None
        return self.address(READING, "levels")

    def graph(self, claim_id: str) -> str | None:
        """Return the address of the graph of one claim."""
        docname = self._overviews.get("claim-graph")
        return docname and self.address(docname, f"graph-{anchor(claim_id)}")

    def table(self, **filters: str) -> str | None:
        """Return the address of the table of claims, filtered.

        The fragment is a valid CSS selector, because the theme's script
        uses every fragment as one: ``#level_exact__chapter_lru``.
        """
        docname = self._overviews.get("evidence-table")
        fragment = "__".join(
            f"{key}_{value.replace(' ', '-')}"
            for key, value in filters.items()
        )
        return docname and self.address(docname, fragment)

    def controlled(self, evidence: Mapping[str, Any]) -> Any:
        """Return what the controls of a claim did, or None.

        A claim that has changed since has no such result; a strict build
        says so.
        """
        root = Path(self.env.srcdir)
        found = controls.of_chapter(root, evidence["chapter"])
        result = found.get(evidence["number"])
        if controls.current(result, evidence):
            return result
        if result and _strict(self.env.app):
            log.warning(
                "claim %s has changed since its controls ran: run python -m"
                " kexue_lib.derive controls notebooks --write",
                evidence["id"],
                location=self.docname,
            )
        return None

    def title(self, docname: str) -> str:
        """Return the title of a page."""
        return self.env.titles[docname].astext()

    def chapter(self, docname: str) -> str:
        """Return the short title of a chapter, up to its colon."""
        return self.title(docname).partition(":")[0]

    def named(self, docname: str) -> nodes.reference:
        """Return a link to a chapter by its short title."""
        name = self.chapter(docname)
        uri = self.address(docname)
        return nodes.reference("", name, refuri=uri, internal=True)

    def link(
        self, to: Entry, text: str | None = None, *, qualified: bool = False
    ) -> nodes.reference:
        """Return a link to a claim: its number and the sign of its level.

        Args:
            to: The claim.
            text: What to show instead of the number.
            qualified: Put the chapter before the number, on the pages of
                other chapters.
        """
        shown = text or to.number
        far = qualified and to.docname != self.docname
        if far:
            shown = f"{self.chapter(to.docname)} {shown}"
        tooltip = (
            f"{self.chapter(to.docname)} {to.number}: {plain(to.title)}"
            f" ({to.level})"
        )
        return nodes.reference(
            "",
            "",
            nodes.Text(shown),
            sign(to.level, to.printed),
            refuri=self.address(to.docname, to.anchor),
            internal=True,
            reftitle=tooltip,
            classes=["kx-ref", "kx-far"] if far else ["kx-ref"],
        )


def level_class(level: str, printed: str | None = None) -> str:
    """Return the class that colours a level.

    Args:
        level: the level.
        printed: of a claim, what a source prints: what is refuted and
            nowhere printed has a colour of its own.
    """
    if level == "refuted" and printed == "":
        return "kx-expected"
    return f"kx-{level.replace(' ', '-')}"


def sign(level: str, printed: str | None = None) -> tag:
    """Return the sign of a level; its word is for screen readers."""
    return make(
        "span",
        SYMBOLS[level],
        cls=f"kx-sign {level_class(level, printed)}",
        role="img",
        aria_label=level,
    )


def badge(level: str, href: str | None, colour: str) -> tag:
    """Return the badge of a level, linked to its explanation."""
    symbol = make("span", SYMBOLS[level], aria_hidden="true")
    return make(
        "a" if href else "span",
        symbol,
        f" {level}",
        cls=f"kx-badge {colour}",
        href=href,
        title="What this badge means" if href else None,
    )


def _address(text: str) -> tuple[str, str, str] | None:
    """Split where in a source into (before, its address, after)."""
    for pattern, prefix in _ADDRESSES:
        if found := pattern.search(text):
            before, after = text[: found.start()], text[found.end() :]
            return before, prefix + found[0], after
    return None


def detail(text: str) -> list[nodes.Node]:
    """Return where in the source, with the source's address linked."""
    found = _address(text)
    if found is None:
        return inline(text)
    before, address, after = found
    named = text.removeprefix(before).removesuffix(after)
    return [
        *inline(before),
        make("a", named, href=address),
        *inline(after),
    ]


def place(text: str) -> list[nodes.Node]:
    """Return the place in a source alone, linked to the source.

    ``archives/10114, eq. 12, copy of 2026-05`` is shown without the
    address, which the link has.
    """
    found = _address(text)
    if found is None:
        return inline(text)
    before, address, after = found
    rest = (before.removesuffix("arXiv:") + after).strip(" ,;:")
    return [make("a", *inline(rest or text), href=address)]


def xref(page: Page, node: nodes.Node, target: str) -> addnodes.pending_xref:
    """Return a link that is resolved, and missed, like those in prose."""
    link = addnodes.pending_xref(
        "",
        nodes.inline("", target),
        refdomain="claim",
        reftype="ref",
        reftarget=target,
        refdoc=page.docname,
        refexplicit=False,
        refwarn=True,
        kx_qualified=True,
    )
    link.source, link.line = node.source, node.line
    return link


def separated(links: list[Any]) -> list[nodes.Node]:
    """Return links with commas between them."""
    parts: list[nodes.Node] = []
    for link in links:
        if parts:
            parts.append(nodes.Text(", "))
        parts.append(link)
    return parts

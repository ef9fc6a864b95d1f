"""Tables and cards of chapters, from the notebooks themselves.

A chapter's title is its first heading, its summary is one line of Markdown in
the notebook's metadata (``{"kexue": {"summary": "..."}}``), its picture the
still of its first slider, or its first figure. Which chapters there are, and
in which part, the table of contents says.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from kexue_lib.explore._bundle import FIGURE_MIME, MIME
from kexue_lib.explore._svg import svg_size
from kexue_lib.sphinxext.evidence import reading_order
from kexue_lib.sphinxext.links import Page
from kexue_lib.sphinxext.markup import inline, make, plain, tag

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

CHAPTERS = "notebooks/"
PARTS = "book/parts/"
STILLS = "_static/kexue/stills"
"""Folder of the built book with the cards' pictures."""
HEAD = ("chapter", "what it settles")
log = logging.getLogger(__name__)


class listing(nodes.General, nodes.Element):
    """The place of a table (``view="table"``) or of cards."""


@dataclass(frozen=True)
class Picture:
    """A PNG or an SVG, and what it shows."""

    data: bytes
    alt: str
    kind: str = "png"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        if self.kind == "svg":
            return svg_size(self.data.decode())
        width, height = struct.unpack(">II", self.data[16:24])
        return width, height

    @property
    def name(self) -> str:
        """A file name that changes with the picture."""
        return f"{hashlib.sha256(self.data).hexdigest()[:16]}.{self.kind}"


@dataclass(frozen=True)
class Chapter:
    """What a list shows of a chapter, besides its title."""

    docname: str
    summary: str
    picture: Picture | None


def picture(notebook: dict[str, Any], title: str) -> Picture | None:
    """Return the still of the first slider, else the first figure."""
    outputs = [
        output["data"]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if {"image/png", FIGURE_MIME} & {*output.get("data", {})}
    ]
    # Sorting is stable: the first slider, or the first figure.
    for data in sorted(outputs, key=lambda data: MIME not in data):
        if FIGURE_MIME in data:
            drawing = "".join(data["image/svg+xml"]).encode()
            return Picture(drawing, data[FIGURE_MIME]["alt"], "svg")
        said = "".join(data.get("text/plain", "")) if MIME in data else ""
        # The first line is the slider's title; numbers follow.
        alt = said.partition("\n")[0] or f"A figure of the chapter {title}"
        return Picture(base64.b64decode("".join(data["image/png"])), alt)
    return None


def stored(env: BuildEnvironment, docname: str) -> dict[str, Any]:
    """Return a chapter's stored notebook."""
    path = Path(env.doc2path(docname))
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return notebook


def summary(env: BuildEnvironment, docname: str) -> str:
    """Return what a chapter settles; "" if it does not say."""
    return _summary(stored(env, docname))


def _summary(notebook: dict[str, Any]) -> str:
    said: str = notebook["metadata"].get("kexue", {}).get("summary", "")
    return said


def chapter(env: BuildEnvironment, docname: str) -> Chapter:
    """Read a chapter's stored notebook."""
    notebook = stored(env, docname)
    said = _summary(notebook)
    if not said:
        log.warning(
            "the notebook's metadata has no kexue.summary: one line that says"
            " what the chapter settles",
            location=docname,
        )
    title = env.titles[docname].astext()
    return Chapter(docname, said, picture(notebook, title))


def chapters_of(env: BuildEnvironment, part: str) -> list[str]:
    """Return the chapters below the page of a part, in reading order."""
    below = env.toctree_includes.get(part, [])
    return [docname for docname in below if docname.startswith(CHAPTERS)]


class Listing(SphinxDirective):
    """``{chapter-table}`` on the page of a part, ``{chapter-cards}``."""

    def run(self) -> list[nodes.Node]:
        """Return the placeholder; it depends on all that it may show."""
        root = Path(self.env.srcdir)
        below = CHAPTERS
        if self.name == "chapter-table":
            # The page of a part is called as its folder of chapters.
            below += self.env.docname.rsplit("/", 1)[-1] + "/"
        self.env.note_dependency(str(root / "_toc.yml"))
        for docname in self.env.found_docs:
            if docname.startswith(below):
                self.env.note_dependency(str(self.env.doc2path(docname)))
        node = listing("", view=self.name)
        self.set_source_info(node)
        return [node]


def in_preparation() -> tag:
    """Return the line that stands for chapters that do not exist yet."""
    return make("p", make("em", "In preparation."), cls="kx-none")


def table(page: Page, part: str) -> tag:
    """Return the chapters of a part with what they settle."""
    found = [chapter(page.env, d) for d in chapters_of(page.env, part)]
    if not found:
        return in_preparation()
    head = make("tr", *[make("th", n, scope="col") for n in HEAD])
    rows = [
        make(
            "tr",
            make("td", make("a", page.chapter(c.docname), href=href)),
            make("td", *inline(c.summary)),
        )
        for c in found
        for href in [page.address(c.docname)]
    ]
    body = make("tbody", *rows)
    return make("table", make("thead", head), body, cls="table kx-chapters")


def cards(page: Page, outdir: Path) -> tag:
    """Return all chapters as cards, part by part."""
    whole = make("div", cls="kx-parts")
    for part in reading_order(page.env):
        if not part.startswith(PARTS):
            continue
        link = make("a", page.title(part), href=page.address(part))
        whole += make("h3", link)
        found = [chapter(page.env, d) for d in chapters_of(page.env, part)]
        if found:
            items = [card(page, c, outdir) for c in found]
            whole += make("ul", *items, cls="kx-cards")
        else:
            whole += in_preparation()
    return whole


def card(page: Page, shown: Chapter, outdir: Path) -> tag:
    """Return one chapter: picture, title, summary."""
    title = [n.deepcopy() for n in page.env.titles[shown.docname].children]
    item = make("li", cls="kx-card")
    if shown.picture:
        width, height = shown.picture.size
        item += make(
            "img",
            src=page.file(write_picture(outdir, shown.picture)),
            alt=shown.picture.alt,
            width=width,
            height=height,
            loading="lazy",
        )
    item += make("h4", make("a", *title, href=page.address(shown.docname)))
    item += make("p", *inline(shown.summary))
    return item


def write_picture(outdir: Path, still: Picture) -> str:
    """Put a picture into the built book; return its place there."""
    path = outdir / STILLS / still.name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(still.data)
    return f"{STILLS}/{still.name}"


class Draw(SphinxPostTransform):
    """Draw the lists when a page is written: then all titles are known."""

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Replace the placeholders of a page."""
        for node in list(self.document.findall(listing)):
            page = Page(self.env, self.app.builder, self.env.docname)
            if node["view"] == "chapter-table":
                node.replace_self(table(page, self.env.docname))
            else:
                node.replace_self(cards(page, Path(self.app.outdir)))


class Describe(SphinxPostTransform):
    """Tell at each link to a chapter what that chapter settles.

    After links are resolved (10): ``cards.js`` shows it, and without scripts
    the browser does.
    """

    default_priority = 20
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Give the links a title."""
        page = Page(self.env, self.app.builder, self.env.docname)
        known = {
            page.address(docname): docname
            for docname in self.env.found_docs
            if docname.startswith(CHAPTERS) and docname != page.docname
        }
        for link in self.document.findall(nodes.reference):
            docname = known.get(link.get("refuri", ""))
            if docname and not link.get("reftitle"):
                link["reftitle"] = described(page, docname)
                link["classes"].append("kx-chapter-link")


def described(page: Page, docname: str) -> str:
    """Return ``Short title: what it settles``, in plain text."""
    return f"{page.chapter(docname)}: {plain(summary(page.env, docname))}"


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_node(listing)
    app.add_directive("chapter-table", Listing)
    app.add_directive("chapter-cards", Listing)
    app.add_post_transform(Draw)
    app.add_post_transform(Describe)

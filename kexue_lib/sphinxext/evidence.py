"""Render claims in the book from their stored evidence, and collect them.

The parts: :mod:`.store` answers questions about all claims, :mod:`.markup`
makes nodes, :mod:`.evidence_block` draws one claim, :mod:`.evidence_page`
draws overviews, :mod:`.coverage` what became of a post's displays; this
module joins them to Sphinx and MyST-NB.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
from docutils import nodes
from myst_nb.core.render import MimeRenderPlugin
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from kexue_lib.sphinxext import (
    asides,
    closed,
    code,
    controls,
    coverage,
    evidence_block,
    evidence_page,
    example,
    links,
    markup,
    quiet,
)
from kexue_lib.sphinxext.store import Claims, Entry, entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from myst_nb.core.render import MimeData, NbElementRenderer
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

MIME = "application/vnd.kexue.evidence+json"
_PLACE = re.compile(r"\barchives/\d+.*\bcopy of \d{4}-\d{2}")
STATIC = Path(__file__).parent / "static"
log = logging.getLogger(__name__)


@cache
def validator() -> Any:
    """Return the checker of stored evidence."""
    schema = files("kexue_lib") / "derive" / "evidence.schema.json"
    return jsonschema.Draft202012Validator(json.loads(schema.read_text()))


def fault(content: Any) -> str | None:
    """Return what is wrong with stored evidence, or None."""
    error = jsonschema.exceptions.best_match(validator().iter_errors(content))
    return f"{error.json_path}: {error.message[:200]}" if error else None


class EvidenceRenderer(MimeRenderPlugin):
    """MyST-NB plugin for claims, and for tables of a post's displays."""

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Return the placeholder, or None for another MIME type.

        What does not fit its schema is reported, with the cell, and shown
        as nothing.
        """
        known = {MIME: fault, coverage.MIME: coverage.fault}
        if data.mime_type not in known:
            return None
        if wrong := known[data.mime_type](data.content):
            log.warning(
                "cell %s: stored evidence is not valid, run the notebook"
                " again: %s",
                data.cell_index,
                wrong,
                location=(renderer.renderer.sphinx_env.docname, data.line),
            )
            return []
        if data.mime_type == coverage.MIME:
            return [coverage.coverage("", content=data.content)]
        return [evidence_block.claim("", evidence=data.content)]


class ClaimRole(XRefRole):
    """A link to a claim, in prose: ``{claim}`hippo-matrices.C10```."""

    def process_link(
        self,
        env: BuildEnvironment,
        refnode: nodes.Element,
        has_explicit_title: bool,
        title: str,
        target: str,
    ) -> tuple[str, str]:
        """Address the claim domain."""
        refnode["refdomain"], refnode["reftype"] = "claim", "ref"
        return title, target.strip()


class ClaimDomain(Domain):
    """All claims of the book, and who shows or mentions them.

    ``data["claims"]`` maps ids to entries, ``data["mentions"]`` page names
    to the ids on the page, ``data["views"]`` page names to the overviews on
    it, ``data["coverage"]`` page names to the tables of displays on it,
    ``data["digests"]`` page names to what they showed last time.
    """

    name = "claim"
    label = "claim"
    data_version = 2
    object_types = {"claim": ObjType("claim", "ref")}  # noqa: RUF012
    roles = {"ref": ClaimRole(warn_dangling=True)}  # noqa: RUF012
    dangling_warnings = {"ref": "no such claim: %(target)s"}  # noqa: RUF012
    initial_data: dict[str, Any] = {  # noqa: RUF012
        "claims": {},
        "mentions": {},
        "views": {},
        "coverage": {},
        "digests": {},
    }

    def process_doc(
        self, env: BuildEnvironment, docname: str, document: nodes.document
    ) -> None:
        """Collect the claims, mentions and overviews of a page."""
        mentions: set[str] = set()
        for node in document.findall(evidence_block.claim):
            found = entry(docname, node["evidence"])
            self._add(found, node)
            mentions.add(found.id)
        for node in document.findall(example.example):
            mentions.add(node["evidence"]["id"])
        for link in document.findall(links.is_claim_link):
            mentions.add(link["reftarget"])
        tables = [
            node["content"] for node in document.findall(coverage.coverage)
        ]
        for table in tables:
            mentions |= coverage.mentions(table)
        views = {
            node["view"] for node in document.findall(evidence_page.overview)
        }
        if tables:
            self.data["coverage"][docname] = tables
        if mentions:
            self.data["mentions"][docname] = mentions
        if views:
            self.data["views"][docname] = views

    def _add(self, found: Entry, location: Any) -> None:
        first = self.data["claims"].setdefault(found.id, found)
        if first is not found:
            log.warning(
                "claim %s is shown twice, in %s and in %s",
                found.id,
                first.docname,
                found.docname,
                location=location,
            )

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        claims = self.data["claims"]
        for gone in [i for i, e in claims.items() if e.docname == docname]:
            del claims[gone]
        for by_page in ("mentions", "views", "coverage", "digests"):
            self.data[by_page].pop(docname, None)

    def merge_domaindata(
        self, docnames: list[str], otherdata: dict[str, Any]
    ) -> None:
        """Take over what a parallel reader has collected."""
        for found in otherdata["claims"].values():
            if found.docname in docnames:
                self._add(found, found.docname)
        for by_page in ("mentions", "views", "coverage"):
            for docname in docnames:
                if docname in otherdata[by_page]:
                    self.data[by_page][docname] = otherdata[by_page][docname]

    def claims(self) -> Claims:
        """Return all claims, in the order of the table of contents."""
        return Claims(self.data["claims"], list(reading_order(self.env)))

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.Element | None:
        """Return the link to a claim, or None for a claim unknown."""
        found = self.data["claims"].get(target)
        if found is None:
            return None
        page = links.Page(env, builder, fromdocname)
        explicit = contnode.astext() if node.get("refexplicit") else None
        qualified = node.get("kx_qualified", False)
        return page.link(found, explicit, qualified=qualified)

    def resolve_any_xref(self, *args: Any) -> list[Any]:
        """Claims are not found by the role ``any``: one way to link."""
        return []

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:
        """Return what the search calls a claim: once, and not twice."""
        return type.lname

    def get_objects(
        self,
    ) -> Iterator[tuple[str, str, str, str, str, int]]:
        """List the claims for the search."""
        for e in self.data["claims"].values():
            yield e.id, e.id, "claim", e.docname, e.anchor, 1


def reading_order(env: BuildEnvironment) -> Iterator[str]:
    """Yield the pages as the table of contents has them."""
    seen: set[str] = set()
    stack = [env.config.root_doc]
    while stack:
        docname = stack.pop()
        if docname not in seen:
            seen.add(docname)
            yield docname
            stack += reversed(env.toctree_includes.get(docname, []))


def domain_of(env: BuildEnvironment) -> ClaimDomain:
    """Return the claim domain."""
    domain = env.get_domain("claim")
    assert isinstance(domain, ClaimDomain)
    return domain


def digest(domain: ClaimDomain, claims: Claims, docname: str) -> str:
    """Hash all that a page shows of claims, its own and other pages'."""
    titles = domain.env.titles

    def shown(e: Entry) -> str:
        return f"{e!r} {titles[e.docname].astext()}"

    if domain.data["views"].get(docname):
        content = [shown(e) for e in claims.all]
        content.append(repr(sorted(domain.data["coverage"].items())))
    else:
        mentions = sorted(domain.data["mentions"].get(docname, ()))
        content = [shown(e) for i in mentions for e in claims.neighbours(i)]
    root = Path(domain.env.srcdir)
    own = {e.chapter for e in claims.all if e.docname == docname}
    content += [repr(controls.of_chapter(root, c)) for c in sorted(own)]
    content.append(repr(links.overviews(domain.data["views"])))
    return hashlib.sha256("\n".join(content).encode()).hexdigest()


def pages_to_rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages whose view of the claims has changed.

    They are written again from their stored trees, not read again.
    """
    domain = domain_of(env)
    claims = domain.claims()
    before = domain.data["digests"]
    now = {
        docname: digest(domain, claims, docname)
        for docname in {*domain.data["mentions"], *domain.data["views"]}
    }
    domain.data["digests"] = now
    return sorted(d for d, value in now.items() if before.get(d) != value)


def check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of claims whose stored evidence contradicts the other claims."""
    claims = domain_of(env).claims()
    for e in claims.all:
        if real := claims.disagreement(e):
            log.warning(
                "claim %s says that with all it uses it is %s, but it is %s:"
                " run the notebook again",
                e.id,
                e.with_ancestors,
                real,
                location=e.docname,
            )
        if e.printed and e.level != "refuted":
            log.warning(
                "claim %s says what a source prints, and is not refuted",
                e.id,
                location=e.docname,
            )
        elif e.printed and e.source == "post" and not _PLACE.search(e.detail):
            log.warning(
                "claim %s quotes a post: say where, and in which copy, as in"
                " at='archives/10114, eq. 12, copy of 2026-05'",
                e.id,
                location=e.docname,
            )
        wrong = claims.get(e.corrects)
        if wrong and wrong.level != "refuted":
            log.warning(
                "claim %s corrects %s, which is not refuted but %s",
                e.id,
                wrong.id,
                wrong.level,
                location=e.docname,
            )


def mark_known(blocks: Iterable[evidence_block.claim]) -> None:
    """Note on each claim the definitions that its section shows before it.

    A result shows them to those below it in its section; a lemma, which is
    closed, and what stands in the solution of an exercise, do not.
    """
    shown: dict[int, set[str]] = {}
    for node in blocks:
        sections: list[nodes.Node] = []
        apart = False
        above = node.parent
        while above is not None:
            if isinstance(above, nodes.section):
                sections.append(above)
            apart |= isinstance(above, nodes.Admonition)
            above = above.parent
        inner = sections[:-1]  # the page itself is no section
        node["known"] = {
            latex for s in inner for latex in shown.get(id(s), ())
        }
        evidence = node["evidence"]
        if inner and not apart and evidence["rank"] == "result":
            told = {d["latex"] for d in evidence["definitions"]}
            shown.setdefault(id(inner[0]), set()).update(told)


class Expand(SphinxPostTransform):
    """Draw claims and overviews when a page is written.

    After MyST-NB has selected the output's format (4), before links are
    resolved (10): so the links in claims are checked like all others.
    """

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        """Fold code and asides of a page, and replace its placeholders."""
        code.fold_cells(self.document)
        asides.fold_asides(self.document)
        blocks = list(self.document.findall(evidence_block.claim))
        views = list(self.document.findall(evidence_page.overview))
        tables = list(self.document.findall(coverage.coverage))
        examples = list(self.document.findall(example.example))
        if not (blocks or views or tables or examples):
            return
        page = links.Page(self.env, self.app.builder, self.env.docname)
        claims = domain_of(self.env).claims()
        mark_known(blocks)
        for node in blocks:
            node.replace_self(evidence_block.block(page, claims, node))
        for node in views:
            node.replace_self(evidence_page.draw(page, claims, node))
        for node in tables:
            node.replace_self(coverage.table(page, node))
        for node in examples:
            node.replace_self(example.draw(page, claims, node))
        quiet.arrange(page, claims, self.document)


def add_static_path(app: Sphinx, config: Config) -> None:
    """Offer the extension's own style sheets and scripts to the builder."""
    if str(STATIC) not in config.html_static_path:
        config.html_static_path.append(str(STATIC))


def add_files(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add style and script to the pages that show claims."""
    data = domain_of(app.env).data
    if pagename in data["mentions"] or pagename in data["views"]:
        app.add_css_file("evidence.css")
        app.add_js_file("folds.js", loading_method="defer")
        app.add_js_file("cards.js", loading_method="defer")
        if {"evidence-table", "claim-graph"} & data["views"].get(
            pagename, set()
        ):
            app.add_js_file("evidence.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    markup.setup(app)
    closed.setup(app)
    evidence_block.setup(app)
    evidence_page.setup(app)
    coverage.setup(app)
    example.setup(app)
    app.add_domain(ClaimDomain)
    app.add_role("claim", ClaimRole(warn_dangling=True))
    app.add_post_transform(Expand)
    app.connect("config-inited", add_static_path)
    app.connect("env-updated", pages_to_rewrite)
    app.connect("env-check-consistency", check_consistency)
    app.connect("html-page-context", add_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

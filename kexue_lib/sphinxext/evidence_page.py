"""Draw what is seen of many claims: counts, table, graph, errata, map.

Everything is plain HTML that reads without JavaScript; ``evidence.js`` adds
the filters of the table and the picture of the graph.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from kexue_lib.sphinxext import arcs
from kexue_lib.sphinxext.evidence_block import (
    Page,
    badge,
    counterexample,
    detail,
    given,
    level_class,
    separated,
    shown,
)
from kexue_lib.sphinxext.markup import inline, make, plain
from kexue_lib.sphinxext.store import (
    LEVELS,
    SOURCES,
    SYMBOLS,
    Claims,
    Entry,
    tally,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

    from kexue_lib.sphinxext.markup import tag

log = logging.getLogger(__name__)


class overview(nodes.General, nodes.Inline, nodes.Element):
    """The place of an overview: ``view`` names it, ``argument`` narrows it."""


class Overview(SphinxDirective):
    """A directive that leaves the place of an overview.

    Subclasses say by ``optional_arguments`` and ``required_arguments``
    whether it can or must be narrowed.
    """

    def run(self) -> list[nodes.Node]:
        """Return the placeholder."""
        argument = self.arguments[0] if self.arguments else ""
        node = overview("", view=self.name, argument=argument)
        self.set_source_info(node)
        return [node]


class Narrowable(Overview):
    """An overview of the book, or of one chapter."""

    optional_arguments = 1


class Narrowed(Overview):
    """An overview of one part."""

    required_arguments = 1


class CountsRole(SphinxRole):
    """Counts within a sentence: ``{evidence-counts}`all``` or a chapter."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the placeholder."""
        argument = "" if self.text == "all" else self.text
        node = overview(
            "", view="evidence-counts", argument=argument, within=True
        )
        self.set_source_info(node)
        return [node], []


def chosen(page: Page, claims: Claims, node: overview) -> list[Entry]:
    """Return the claims of the chapter that a directive names, or all."""
    chapter = node["argument"]
    if not chapter:
        return claims.all
    pages = {PurePosixPath(d).name for d in page.env.found_docs}
    found = [e for e in claims.all if e.chapter == chapter]
    if not found and chapter not in pages:
        log.warning(
            "%s: there is no chapter %r",
            node["view"],
            chapter,
            location=node,
        )
    return found


def counts(page: Page, claims: Claims, node: overview) -> tag:
    """Return ``16 claims: 12 proved, 2 exact, 2 measured``, with links."""
    name = "span" if node.get("within") else "p"
    found = chosen(page, claims, node)
    if not found:
        return make(name, "no claims yet", cls="kx-counts")
    corrected = {e.corrects for e in claims.all if e.corrects}
    chapter = {"chapter": node["argument"]} if node["argument"] else {}
    parts: list[nodes.Node] = []
    for level, count in tally(found, corrected):
        base = level.removesuffix(" and corrected")
        href = page.table(level=base, **chapter)
        text = f"{count}\N{NO-BREAK SPACE}{level}"
        cls = f"kx-count {level_class(base)}"
        parts.append(make("a" if href else "span", text, cls=cls, href=href))
    total = f"{len(found)} claim{'s' if len(found) > 1 else ''}: "
    rest = "" if node.get("within") else trusted(found)
    return make(name, total, *separated(parts), rest, cls="kx-counts")


def trusted(found: list[Entry]) -> str:
    """Say how many proved steps trust nothing but the core."""
    steps = sum(e.proved_steps for e in found)
    core = sum(e.trusting_the_core for e in found)
    if not steps:
        return ""
    return f". Of {steps} proved steps {core} trust the core alone."


def table(page: Page, claims: Claims, node: overview) -> tag:
    """Return all claims, grouped by chapter."""
    if not claims.all:
        return make("p", "There are no claims yet.", cls="kx-none")
    whole = make("table", cls="kx-table")
    names = ("Claim", "What it says", "Level", "Kind", "Source")
    head = make("tr", *[make("th", n, scope="col") for n in names])
    whole += make("thead", head)
    for docname, found in claims.chapters().items():
        chapter = make(
            "th",
            make("a", page.title(docname), href=page.address(docname)),
            colspan=len(names),
            scope="rowgroup",
        )
        group = make("tbody", make("tr", chapter, cls="kx-group"))
        group += [row(page, e) for e in found]
        whole += group
    wrapper = make("div", whole, cls="kx-table-wrapper")
    wrapper["ids"] = ["claims"]
    return wrapper


def row(page: Page, e: Entry) -> tag:
    """Return the row of a claim."""
    number = make("a", e.number, href=page.address(e.docname, e.anchor))
    level = make("td", badge(e.level, None))
    if LEVELS.index(e.with_ancestors) > LEVELS.index(e.level):
        rests = f"rests on {e.with_ancestors}"
        level += make("span", rests, cls="kx-rests")
    return make(
        "tr",
        make("th", number, scope="row"),
        make("td", *inline(e.title)),
        level,
        make("td", e.kind),
        make("td", SOURCES[e.source]),
        data_level=e.level,
        data_chapter=e.chapter,
        data_kind=e.kind,
        data_source=e.source,
    )


def script(name: str, data: Any) -> nodes.raw:
    """Return data for the page's script.

    ``<`` is written as an escape, so that no string can end the element.
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    text = text.replace("<", r"\u003c").replace("&", r"\u0026")
    html = f'<script type="application/json" class="{name}">{text}</script>'
    return nodes.raw("", html, format="html")


def graph(page: Page, claims: Claims, node: overview) -> tag:
    """Return the list of direct uses, and the data of the picture."""
    if not claims.all:
        return make("div", cls="kx-graph")
    listed = make("ul")
    for e in claims.all:
        used = [page.link(u, qualified=True) for u in claims.known(e.uses)]
        item = make("li", page.link(e, qualified=True))
        item["ids"] = [f"graph-{e.anchor}"]
        item += nodes.Text(" uses " if used else " uses no other claim")
        item += separated(used)
        listed += item
    data = {
        e.id: {
            "number": e.number,
            "chapter": page.chapter(e.docname),
            "title": plain(e.title),
            "level": e.level,
            "symbol": SYMBOLS[e.level],
            "class": level_class(e.level),
            "anchor": e.anchor,
            "url": page.address(e.docname, e.anchor),
            "uses": [u.id for u in claims.known(e.uses)],
        }
        for e in claims.all
    }
    order = [e.id for e in claims.all]
    fold = make("details", cls="kx-uses")
    fold += [make("summary", "What each claim uses, as a list"), listed]
    content = {"claims": data, "order": order}
    return make("div", script("kx-data", content), fold, cls="kx-graph")


def errata(page: Page, claims: Claims, node: overview) -> tag:
    """Return the sources' refuted statements with their corrections."""
    wrong = [
        e
        for e in chosen(page, claims, node)
        if e.level == "refuted" and e.source != "own"
    ]
    if not wrong:
        return make("p", "No errata are known.", cls="kx-none")
    return make(
        "ol", *[erratum(page, claims, e) for e in wrong], cls="kx-errata"
    )


def erratum(page: Page, claims: Claims, e: Entry) -> tag:
    """Return one refuted statement with its correction."""
    where = make("p", f"{page.chapter(e.docname)} · ", cls="kx-meta")
    where += nodes.Text(SOURCES[e.source])
    if e.detail:
        where += [nodes.Text(": "), *detail(e.detail)]
    item = make(
        "li",
        make("p", page.link(e), " ", *inline(e.title), cls="kx-title"),
        where,
        make("p", "It states, wrongly:", cls="kx-wrong-label"),
        make("div", *map(shown, e.statement), cls="kx-wrong"),
        *names(e),
        *[counterexample(c) for c in e.counterexamples],
    )
    for right in claims.corrected_by(e.id):
        label = make("p", "Instead: ", page.link(right, qualified=True))
        label += [nodes.Text(" "), *inline(right.title)]
        label["classes"] += ["kx-corrected"]
        item += label
        item += make("div", *map(shown, right.statement))
        item += names(right)
    return item


def names(e: Entry) -> list[tag]:
    """Return what the symbols of a statement are, if anything is said."""
    listed = given(e.assumptions, e.definitions)
    return [listed] if listed else []


def claims_map(page: Page, claims: Claims, node: overview) -> tag:
    """Return which chapter of a part uses which, as a picture."""
    prefix = f"notebooks/{node['argument']}/"
    chapters = {
        d: e for d, e in claims.chapters().items() if d.startswith(prefix)
    }
    place = {docname: i for i, docname in enumerate(chapters)}
    used: dict[arcs.Edge, dict[str, None]] = {}
    for docname, found in chapters.items():
        for u in claims.known(u for e in found for u in e.uses):
            if u.docname != docname and u.docname in place:
                edge = place[docname], place[u.docname]
                used.setdefault(edge, {})[u.number] = None
    if len(chapters) < 2 or not used:
        return make("div")
    title = [page.chapter(d) for d in chapters]
    boxes = [
        arcs.Box(title[i], _claims(len(found)), page.address(docname))
        for i, (docname, found) in enumerate(chapters.items())
    ]
    lines = {
        (a, b): arcs.Arc(
            str(len(numbers)),
            f"{title[a]} uses {_claims(len(numbers))} of {title[b]}: "
            + ", ".join(numbers),
        )
        for (a, b), numbers in used.items()
    }
    picture = arcs.draw(
        boxes, lines, "; ".join(x.said for x in lines.values())
    )
    return make(
        "figure",
        nodes.raw("", picture, format="html"),
        make(
            "figcaption",
            "An arrow leads from a chapter to one whose claims it uses, and "
            "says how many.",
        ),
        cls="kx-map",
    )


def _claims(count: int) -> str:
    return f"{count} claim{'s' if count > 1 else ''}"


VIEWS: dict[str, Callable[[Page, Claims, overview], tag]] = {
    "evidence-counts": counts,
    "evidence-table": table,
    "claim-graph": graph,
    "errata": errata,
    "claims-map": claims_map,
}


def draw(page: Page, claims: Claims, node: overview) -> tag:
    """Return the overview that belongs at a place."""
    return VIEWS[node["view"]](page, claims, node)


def setup(app: Sphinx) -> None:
    """Register directives, role and placeholder node with Sphinx."""
    app.add_node(overview)
    app.add_directive("evidence-table", Overview)
    app.add_directive("claim-graph", Overview)
    app.add_directive("evidence-counts", Narrowable)
    app.add_directive("errata", Narrowable)
    app.add_directive("claims-map", Narrowed)
    app.add_role("evidence-counts", CountsRole())

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

from kexue_lib.sphinxext import arcs, coverage, errata
from kexue_lib.sphinxext.links import Page, badge, level_class, separated
from kexue_lib.sphinxext.markup import inline, make, plain
from kexue_lib.sphinxext.store import (
    CORRECTED,
    EXPECTED,
    LEVELS,
    SOURCES,
    SYMBOLS,
    Claims,
    Entry,
    Steps,
    edges,
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
    """Return ``16 results: 12 proved, 2 exact, 2 measured``, with links.

    As a block, and not within a sentence, it also says what steps trust,
    how many edges are consumed, and how much of the posts is settled.
    """
    within = node.get("within")
    found = chosen(page, claims, node)
    whole = make("span" if within else "p", cls="kx-counts")
    if not found:
        whole += nodes.Text("no claims yet")
        return whole
    results = [e for e in found if e.is_result]
    corrected = {e.corrects for e in claims.all if e.corrects}
    chapter = {"chapter": node["argument"]} if node["argument"] else {}
    parts: list[nodes.Node] = []
    for name, count in tally(results, corrected):
        level = "refuted" if name in (CORRECTED, EXPECTED) else name
        href = page.table(level=level, **chapter)
        text = f"{count}\N{NO-BREAK SPACE}{name}"
        colour = "kx-expected" if name == EXPECTED else level_class(level)
        cls = f"kx-count {colour}"
        parts.append(make("a" if href else "span", text, cls=cls, href=href))
    whole += [nodes.Text(f"{_many(len(results), 'result')}")]
    whole += [nodes.Text(": "), *separated(parts)] if parts else []
    if lemmas := len(found) - len(results):
        whole += nodes.Text(f"; and {_many(lemmas, 'lemma')}")
    if not within:
        covered = coverage.of(page.env, {e.docname for e in found})
        said = [trusted(found), consumed(found), *covered]
        told = " ".join(sentence for sentence in said if sentence)
        if told:
            whole += [nodes.Text(". "), make("span", told, cls="kx-ledger")]
    return whole


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def trusted(found: list[Entry]) -> str:
    """Say what the steps of proofs trust, in one sentence."""
    steps = sum((e.steps for e in found), start=Steps())
    if not steps.total:
        return ""
    one = "" if steps.total == 1 else "s"
    said = (
        f"{steps.core} of {steps.total} proof step{one} "
        f"{'is' if steps.core == 1 else 'are'} decided by the trusted core"
    )
    if steps.cited:
        verb = "quotes" if steps.cited == 1 else "quote"
        said += f"; {steps.cited} {verb} a named theorem"
    return f"{said}."


def consumed(found: list[Entry]) -> str:
    """Say how many of the edges between claims a check consumed."""
    solid, total, measured = edges(found)
    said = []
    if total:
        one = "edge is" if total == 1 else "edges are"
        said.append(f"{solid} of {total} {one} consumed by a check")
    if measured:
        leads = "edge leads" if measured == 1 else "edges lead"
        more = f"{measured} more" if said else f"{measured}"
        said.append(f"{more} {leads} from a measurement to what it measures")
    return f"{'; '.join(said)}." if said else ""


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
    colour = level_class(e.level, e.printed)
    level = make("td", badge(e.level, None, colour))
    if LEVELS.index(e.with_ancestors) > LEVELS.index(e.level):
        rests = f"rests on {e.with_ancestors}"
        level += make("span", rests, cls="kx-rests")
    if e.is_expectation:
        level += make("span", "an expectation", cls="kx-rests")
    title = make("td", *inline(e.title))
    if not e.is_result:
        title += make("span", "lemma, not counted", cls="kx-rests")
    return make(
        "tr",
        make("th", number, scope="row"),
        title,
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
    listed = make("ul", *[named(page, claims, e) for e in claims.all])
    data = {
        e.id: {
            "number": e.number,
            "chapter": page.chapter(e.docname),
            "title": plain(e.title),
            "level": e.level,
            "symbol": SYMBOLS[e.level],
            "class": level_class(e.level, e.printed),
            "anchor": e.anchor,
            "url": page.address(e.docname, e.anchor),
            "uses": [u.id for u in claims.known(e.uses)],
            "consumes": [u.id for u in claims.known(e.consumes)],
        }
        for e in claims.all
    }
    order = [e.id for e in claims.all]
    fold = make("details", cls="kx-uses")
    fold += [make("summary", "What each claim uses, as a list"), listed]
    content = {"claims": data, "order": order}
    return make("div", script("kx-data", content), fold, cls="kx-graph")


def named(page: Page, claims: Claims, e: Entry) -> tag:
    """Return what a claim rests on and mentions, as an item of a list."""
    item = make("li", page.link(e, qualified=True))
    item["ids"] = [f"graph-{e.anchor}"]
    parts = []
    for verb, ids in (("rests on", e.consumes), ("mentions", e.mentions)):
        links = [page.link(u, qualified=True) for u in claims.known(ids)]
        if links:
            parts.append((verb, links))
    for count, (verb, links) in enumerate(parts):
        item += nodes.Text(f"{'; ' if count else ' '}{verb} ")
        item += separated(links)
    if not parts:
        item += nodes.Text(" rests on no other claim")
    return item


def wrong(page: Page, claims: Claims, node: overview) -> tag:
    """Return the refuted formulas: errata, and expectations."""
    return errata.listing(page, claims, chosen(page, claims, node))


def claims_map(page: Page, claims: Claims, node: overview) -> tag:
    """Return which chapter of a part uses which, as a picture."""
    prefix = f"notebooks/{node['argument']}/"
    chapters = {
        d: e for d, e in claims.chapters().items() if d.startswith(prefix)
    }
    place = {docname: i for i, docname in enumerate(chapters)}
    solid: dict[arcs.Edge, dict[str, None]] = {}
    dashed: dict[arcs.Edge, dict[str, None]] = {}
    for docname, found in chapters.items():
        for e in found:
            for u in claims.known(e.uses):
                if u.docname != docname and u.docname in place:
                    edge = place[docname], place[u.docname]
                    kind = solid if u.id in e.consumes else dashed
                    kind.setdefault(edge, {})[u.number] = None
    if len(chapters) < 2 or not solid | dashed:
        return make("div")
    title = [page.chapter(d) for d in chapters]
    boxes = [
        arcs.Box(title[i], _results(found), page.address(docname))
        for i, (docname, found) in enumerate(chapters.items())
    ]
    lines = {
        edge: _arc(
            title[edge[0]],
            title[edge[1]],
            list(solid.get(edge, ())),
            [n for n in dashed.get(edge, ()) if n not in solid.get(edge, ())],
        )
        for edge in sorted(solid | dashed)
    }
    picture = arcs.draw(
        boxes, lines, "; ".join(x.said for x in lines.values())
    )
    return make(
        "figure",
        nodes.raw("", picture, format="html"),
        make(
            "figcaption",
            "A solid arrow leads from a chapter to one whose claims its "
            "checks consume, and says how many; a dashed one, to a chapter "
            "that it only mentions.",
        ),
        cls="kx-map",
    )


def _arc(
    user: str, used: str, consumes: list[str], mentions: list[str]
) -> arcs.Arc:
    """Return the arc between two chapters, solid if a check consumes."""
    said = []
    if consumes:
        count = _many(len(consumes), "claim")
        said.append(f"rests on {count} of {used}: {', '.join(consumes)}")
    if mentions:
        count = _many(len(mentions), "claim")
        more = f"{count} more" if consumes else f"{count} of {used}"
        said.append(f"mentions {more}: {', '.join(mentions)}")
    return arcs.Arc(
        str(len(consumes or mentions)),
        f"{user} {', and '.join(said)}",
        dashed=not consumes,
    )


def _results(found: list[Entry]) -> str:
    return _many(sum(e.is_result for e in found), "result")


VIEWS: dict[str, Callable[[Page, Claims, overview], tag]] = {
    "evidence-counts": counts,
    "evidence-table": table,
    "claim-graph": graph,
    "errata": wrong,
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

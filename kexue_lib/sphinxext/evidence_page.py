"""Draw what is seen of many claims: counts, table, graph, errata, map.

Everything is plain HTML that reads without JavaScript; ``evidence.js`` adds
the filters of the table and the picture of the graph.
"""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from html import escape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

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
    return make(name, total, *separated(parts), cls="kx-counts")


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
    chapters = [d for d in claims.chapters() if d.startswith(prefix)]
    edges = Counter(
        (e.docname, used.docname)
        for e in claims.all
        for used in claims.known(e.uses)
        if e.docname != used.docname
        and {e.docname, used.docname} <= {*chapters}
    )
    if len(chapters) < 2 or not edges:
        return make("div")
    title = {d: page.chapter(d) for d in chapters}
    said = "; ".join(
        f"{title[a]} uses {n} claim{'s' if n > 1 else ''} of {title[b]}"
        for (a, b), n in edges.items()
    )
    boxes = layered(chapters, edges)
    picture = svg(
        boxes, edges, title, {d: page.address(d) for d in chapters}, said
    )
    return make(
        "figure",
        nodes.raw("", picture, format="html"),
        make(
            "figcaption",
            "An arrow leads from a chapter to one whose claims it uses.",
        ),
        cls="kx-map",
    )


def layered(
    names: list[str], edges: Counter[tuple[str, str]]
) -> dict[str, tuple[int, int]]:
    """Place names in rows, so that arrows lead downwards.

    Returns:
        Row and column of each name; what uses nothing is lowest. A cycle is
        cut where it closes.
    """
    depth: dict[str, int] = {}

    def below(name: str, path: tuple[str, ...]) -> int:
        if name not in depth:
            used = [b for a, b in edges if a == name and b not in path]
            depth[name] = max(
                (below(b, (*path, b)) + 1 for b in used), default=0
            )
        return depth[name]

    for name in names:
        below(name, (name,))
    top = max(depth.values())
    place: dict[str, tuple[int, int]] = {}
    for level in range(top, -1, -1):
        row_names = [n for n in names if depth[n] == level]
        for column, name in enumerate(row_names):
            place[name] = (top - level, column)
    return place


def svg(
    place: dict[str, tuple[int, int]],
    edges: Counter[tuple[str, str]],
    title: dict[str, str],
    href: dict[str, str],
    said: str,
) -> str:
    """Return boxes and arrows as SVG; all strings are escaped here."""
    wide, high, gap_x, gap_y = 168, 46, 20, 40
    columns = 1 + max(c for _, c in place.values())
    rows = 1 + max(r for r, _ in place.values())
    width = columns * (wide + gap_x) + gap_x + 2 * (wide // 3)
    height = rows * (high + gap_y) - gap_y + 8
    in_row = Counter(r for r, _ in place.values())

    def corner(name: str) -> tuple[float, float]:
        r, c = place[name]
        indent = (width - in_row[r] * (wide + gap_x) + gap_x) / 2
        return indent + c * (wide + gap_x), 4 + r * (high + gap_y)

    parts = []
    for a, b in edges:
        (ax, ay), (bx, by) = corner(a), corner(b)
        x0, y0, x1, y1 = ax + wide / 2, ay + high, bx + wide / 2, by - 5
        bend = (y1 - y0) / 2
        # An arrow over several rows leaves them on its left.
        far = place[b][0] - place[a][0] > 1
        side = wide if far else 0
        parts.append(
            f'<path class="kx-edge" d="M{x0:g},{y0:g}'
            f" C{x0 + side:g},{y0 + bend:g}"
            f' {x1 + side:g},{y1 - bend:g} {x1:g},{y1:g}"/>'
            f'<path class="kx-head-of-edge" d="M{x1 - 4:g},{y1 - 2:g}'
            f' l4,7 l4,-7 z"/>'
        )
    for name in place:
        x, y = corner(name)
        lines = textwrap.wrap(title[name], 24, max_lines=2, placeholder=" …")
        first = y + high / 2 + 4.5 - 8 * (len(lines) - 1)
        text = "".join(
            f'<text x="{x + wide / 2:g}" y="{first + 16 * i:g}">'
            f"{escape(line)}</text>"
            for i, line in enumerate(lines)
        )
        parts.append(
            f'<a href="{escape(href[name])}"><title>{escape(title[name])}'
            f'</title><rect x="{x:g}" y="{y:g}" width="{wide}"'
            f' height="{high}" rx="5"/>{text}</a>'
        )
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' role="group" aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


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

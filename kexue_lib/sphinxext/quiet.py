"""The quiet line below a chapter's title, made of what the page has anyway.

Whose post it follows, how many results of which level, how long it reads,
which chapters it builds on: one line. The provenance in full and the counts
in words are one click deeper. The switch "show code" stands at its end.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext.asides import WORDS_A_MINUTE
from kexue_lib.sphinxext.closed import closed
from kexue_lib.sphinxext.links import Page, separated, sign
from kexue_lib.sphinxext.markup import make, tag
from kexue_lib.sphinxext.store import LEVELS, Claims, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

POST = "https://kexue.fm/archives/"
_WHO = re.compile(r"\bby (?P<who>[^,]+), (?P<when>\d{1,2} \w+ \d{4})")
SECONDS = {"result": 45, "lemma": 5}
"""What a reader gives to a claim."""


def minutes(document: nodes.document, found: list[Entry]) -> int:
    """Return how long its main line takes to read, in steps of five."""
    apart = (nodes.Admonition, closed, nodes.footnote)

    def is_prose(node: nodes.Node) -> bool:
        above = node.parent
        while above is not None:
            if isinstance(above, apart) or _is("kx-aside")(above):
                return False
            above = above.parent
        return True

    words = sum(
        len(paragraph.astext().split())
        for paragraph in document.findall(nodes.paragraph)
        if is_prose(paragraph)
    )
    claims = sum(SECONDS[e.rank] for e in found) / 60
    return max(5, 5 * round((words / WORDS_A_MINUTE + claims) / 5))


def builds_on(claims: Claims, found: list[Entry]) -> list[str]:
    """Return the pages whose claims those of a page consume, in order."""
    own = {e.docname for e in found}
    needed = {u.docname for e in found for u in claims.known(e.consumes)}
    return [d for d in claims.chapters() if d in needed - own]


def _post(provenance: nodes.Element) -> tag | None:
    """Return ``After Su Jianlin, 24 May 2024``, linked to the post."""
    said = _WHO.search(" ".join(provenance.astext().split()))
    links = (
        link["refuri"]
        for link in provenance.findall(nodes.reference)
        if link.get("refuri", "").startswith(POST)
    )
    address = next(links, None)
    if said is None or address is None:
        return None
    name = make("a", f"{said['who']}, {said['when']}", href=address)
    return make("span", "after ", name)


def _counts(page: Page, found: list[Entry]) -> tag:
    """Return the number of results, and by level with its sign."""
    results = [e for e in found if e.is_result]
    several = "" if len(results) == 1 else "s"
    line = make("span", f"{len(results)} result{several}")
    by_level = Counter(e.level for e in results)
    for level in LEVELS:
        if count := by_level[level]:
            href = page.table(level=level, chapter=found[0].chapter)
            name = "a" if href else "span"
            shown = make(name, f"{count}", sign(level), href=href)
            shown["classes"].append("kx-count")
            line += [nodes.Text(" "), shown]
    return line


def _facts(
    page: Page,
    claims: Claims,
    document: nodes.document,
    found: list[Entry],
    provenance: nodes.Element | None,
) -> Iterator[tag]:
    if provenance is not None and (post := _post(provenance)):
        yield post
    yield _counts(page, found)
    yield make("span", f"about {minutes(document, found)} min")
    if before := builds_on(claims, found):
        links = [page.named(d) for d in before]
        yield make("span", "builds on ", *separated(links))


def _is(cls: str) -> Any:
    return lambda node: (
        isinstance(node, nodes.Element) and (cls in node.get("classes", ()))
    )


def arrange(page: Page, claims: Claims, document: nodes.document) -> None:
    """Make the line of a chapter, of its provenance and its counts."""
    found = claims.chapters().get(page.docname, [])
    title = next(iter(document.findall(nodes.title)), None)
    told = [
        node
        for node in document.findall(_is("kx-counts"))
        if isinstance(node, tag) and node["name"] == "p"
    ]
    if not found or title is None or not told:
        return
    provenance = next(iter(document.findall(_is("provenance"))), None)
    line = make("div", cls="kx-quiet")
    line += list(_facts(page, claims, document, found, provenance))
    deeper = [*([provenance] if provenance is not None else []), told[0]]
    for part in deeper:
        part.parent.remove(part)
    fold = make("details", make("summary", "more"), *deeper, cls="kx-more")
    switch = make(
        "button",
        "show code",
        cls="kx-show-code",
        type="button",
        aria_pressed="false",
        hidden="",
    )
    line += [fold, switch]
    title.parent.insert(title.parent.index(title) + 1, line)

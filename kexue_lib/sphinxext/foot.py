"""The one line below a claim: what it is worth, and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext import controls
from kexue_lib.sphinxext.links import (
    Page,
    badge,
    level_class,
    place,
    separated,
    xref,
)
from kexue_lib.sphinxext.markup import inline, make
from kexue_lib.sphinxext.store import (
    LEVELS,
    OBSERVED,
    SOURCES,
    Claims,
    Entry,
    quoted,
)

if TYPE_CHECKING:
    from kexue_lib.sphinxext.markup import tag

_COPY = re.compile(r",? copy of \d{4}-\d{2}")


def _fact(*parts: Any, cls: str = "") -> tag:
    return make("span", *parts, cls=f"kx-fact {cls}".strip())


_ALONE = "the core alone"
_NAMED = 2  # theorems that the line still names; more are counted


def trusts(evidence: Mapping[str, Any]) -> str:
    """Say what the steps of a proof trust, each thing once."""
    told = [
        step["trusts"]["text"].removeprefix("trusts ")
        for chain in evidence["chains"]
        for step in chain["steps"]
        if step.get("trusts")
    ]
    unique = list(dict.fromkeys(told))
    core = [t.replace(_ALONE, "the core") for t in unique if _ALONE in t]
    # What is said of one step's core beside it is said of the whole.
    apart = [t for t in core if t != "the core"] or core
    theorems = [t for t in unique if _ALONE not in t]
    if len(theorems) > _NAMED:
        theorems = [f"{len(theorems)} named theorems"]
    return f"trusts {'; '.join([*apart, *theorems])}" if unique else ""


def source(evidence: Mapping[str, Any]) -> tag:
    """Return where a claim comes from, with the number of its equation."""
    kind, at = evidence["source"]["type"], evidence["source"]["detail"]
    line = _fact(SOURCES[kind], cls=f"kx-from-{kind}")
    if at:
        line += [nodes.Text(", "), *place(_COPY.sub("", at))]
    return line


def resting(page: Page, claims: Claims, found: Entry) -> tag | None:
    """Return what is said of a weaker ancestor, if there is one."""
    if LEVELS.index(found.with_ancestors) <= LEVELS.index(found.level):
        return None
    weak = claims.weak_spot(found)
    article = "an" if found.with_ancestors[0] in "aeiou" else "a"
    line = _fact(
        f"resting on {article} ",
        make("strong", found.with_ancestors),
        " claim",
        cls=f"kx-resting {level_class(found.with_ancestors)}",
    )
    if weak:
        line += [nodes.Text(" "), page.link(weak, qualified=True)]
    return line


def facts(
    page: Page,
    claims: Claims,
    node: nodes.Element,
    tried: Any,
    *,
    badged: bool,
) -> Iterator[tag]:
    """Yield what stands on the line: badge, trusts, premises, source.

    Args:
        page: the page being written.
        claims: all claims.
        node: the place of the claim.
        tried: what its negative controls did, or None.
        badged: its badge is not shown elsewhere.
    """
    evidence = node["evidence"]
    colour = level_class(evidence["level"], quoted(evidence))
    if badged:
        yield badge(evidence["level"], page.levels(), colour)
    found = claims.get(evidence["id"])
    if found and (weak := resting(page, claims, found)):
        yield weak
    if told := trusts(evidence):
        yield _fact(told)
    if consumed := evidence["consumes"]:
        links = [xref(page, node, other) for other in consumed]
        yield _fact("rests on ", *separated(links))
    if tried:
        yield _fact(controls.count(tried))
    yield source(evidence)


def relations(
    page: Page, claims: Claims, node: nodes.Element, tried: Any
) -> tag | None:
    """Return what is told one click deeper: who uses it, what it exercises."""
    evidence = node["evidence"]
    claim_id, consumed = evidence["id"], evidence["consumes"]
    mentioned = [u for u in evidence["uses"] if u not in consumed]
    observed = evidence["level"] in OBSERVED
    corrected = [evidence["corrects"]] if evidence["corrects"] else []

    def named(ids: Iterable[str]) -> list[nodes.Node]:
        return [xref(page, node, other) for other in ids]

    def linked(entries: Iterable[Entry]) -> list[nodes.Node]:
        return [page.link(e, qualified=True) for e in entries]

    groups = {
        "measures" if observed else "see also": named(mentioned),
        "used by": linked(claims.used_by(claim_id)),
        "mentioned by": linked(claims.mentioned_by(claim_id)),
        "corrects": named(corrected),
    }
    line = make("p", cls="kx-relations")
    for label, links in groups.items():
        if links:
            line += make(
                "span", f"{label} ", *separated(links), cls="kx-relation"
            )
    graph = page.graph(claim_id)
    if graph and consumed:
        line += make("a", "all it rests on", cls="kx-relation", href=graph)
    if names := evidence["exercises"]:
        codes = separated([make("code", name) for name in names])
        line += make("span", "exercises ", *codes, cls="kx-relation")
    if tried and (example := controls.example(tried)):
        line += make("span", example, cls="kx-relation")
    return line if line.children else None


def corrections(page: Page, claims: Claims, claim_id: str) -> tag | None:
    """Return the line that leads from a wrong formula to the right one."""
    right = claims.corrected_by(claim_id)
    if not right:
        return None
    line = make("p", "Corrected: ", cls="kx-corrected")
    for e in right:
        line += [page.link(e, qualified=True), nodes.Text(" ")]
        line += inline(e.title)
    return line

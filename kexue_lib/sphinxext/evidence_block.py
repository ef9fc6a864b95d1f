"""Draw one claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext import controls
from kexue_lib.sphinxext.derivation import derivation
from kexue_lib.sphinxext.formulas import counterexample, given, lines, printed
from kexue_lib.sphinxext.links import (
    Page,
    badge,
    detail,
    level_class,
    place,
    separated,
    xref,
)
from kexue_lib.sphinxext.markup import inline, make
from kexue_lib.sphinxext.store import (
    LEVELS,
    SOURCES,
    Claims,
    Entry,
    anchor,
    counterexamples,
    quoted,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from kexue_lib.sphinxext.markup import tag


class claim(nodes.General, nodes.Element):
    """The place of a claim; ``evidence`` holds what its notebook stored."""


def source_line(evidence: Mapping[str, Any]) -> tag:
    """Return the line under a title: rank, kind and source of a claim."""
    source, at = evidence["source"]["type"], evidence["source"]["detail"]
    origin = make("span", SOURCES[source], cls=f"kx-source kx-from-{source}")
    lemma = "lemma · " if evidence["rank"] == "lemma" else ""
    line = make("p", lemma, evidence["kind"], " · ", origin, cls="kx-meta")
    if at:
        line += [nodes.Text(": "), *detail(at)]
    return line


def relations(page: Page, claims: Claims, node: claim) -> tag | None:
    """Return what a claim rests on, what it points at, what uses it."""
    evidence = node["evidence"]
    claim_id, consumed = evidence["id"], evidence["consumes"]
    mentioned = [u for u in evidence["uses"] if u not in consumed]
    corrected = [evidence["corrects"]] if evidence["corrects"] else []

    def named(ids: Iterable[str]) -> list[nodes.Node]:
        return [xref(page, node, other) for other in ids]

    def linked(entries: Iterable[Entry]) -> list[nodes.Node]:
        return [page.link(e, qualified=True) for e in entries]

    groups = {
        "rests on": named(consumed),
        "see also": named(mentioned),
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
    if found := page.controlled(evidence):
        line += make("span", controls.sentence(found), cls="kx-relation")
    return line if line.children else None


def resting(page: Page, claims: Claims, found: Entry) -> tag | None:
    """Return the sentence on a weaker ancestor, if there is one."""
    if LEVELS.index(found.with_ancestors) <= LEVELS.index(found.level):
        return None
    weak = claims.weak_spot(found)
    article = "an" if found.with_ancestors[0] in "aeiou" else "a"
    line = make(
        "p",
        make("strong", found.level),
        f", resting on {article} ",
        make("strong", found.with_ancestors),
        " claim",
        cls=f"kx-resting {level_class(found.with_ancestors)}",
    )
    if weak:
        line += [nodes.Text(": "), page.link(weak, qualified=True)]
    return line


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


def quotation(source: str, at: str, latex: str) -> list[nodes.Element]:
    """Return what a source prints, and where."""
    whose = {"post": "The post prints", "paper": "The paper prints"}
    label = make("p", whose[source], cls="kx-wrong-label")
    if at:
        label += [nodes.Text(" ("), *place(at), nodes.Text(")")]
    label += nodes.Text(":")
    quoted = make("blockquote", printed(latex), cls="kx-printed")
    return [label, quoted, make("p", "read as:", cls="kx-read-as")]


def wrong(
    statement: Iterable[Mapping[str, Any]], source: str, at: str, latex: str
) -> tag:
    """Return a refuted formula: as printed and as read, or as expected."""
    if latex:
        begin = quotation(source, at, latex)
    else:
        begin = [make("p", "One might expect:", cls="kx-wrong-label")]
    colour = "kx-refuted" if latex else "kx-expected"
    return make("div", *begin, *lines(statement), cls=f"kx-wrong {colour}")


def statement(evidence: Mapping[str, Any]) -> tag:
    """Return the formulas that were shown, or shown to be wrong."""
    stated = evidence["statement"]
    if evidence["level"] != "refuted":
        return make("div", *lines(stated), cls="kx-statement")
    source = evidence["source"]
    shown = wrong(stated, source["type"], source["detail"], quoted(evidence))
    return make("div", shown, cls="kx-statement")


def block(page: Page, claims: Claims, node: claim) -> tag:
    """Return the block of a claim."""
    evidence = node["evidence"]
    claim_id, level = evidence["id"], evidence["level"]
    target = anchor(claim_id)
    number = make(
        "a",
        evidence["number"],
        cls="kx-number",
        href=f"#{target}",
        title=f"Permanent link to claim {claim_id}",
    )
    title = make("p", number, " ", *inline(evidence["title"]), cls="kx-title")
    title["ids"] = [f"{target}-title"]
    found = claims.get(claim_id)
    colour = level_class(level, quoted(evidence))
    parts = [
        make("div", title, badge(level, page.levels(), colour), cls="kx-head"),
        source_line(evidence),
        found and resting(page, claims, found),
        statement(evidence),
        given(evidence["assumptions"], evidence["definitions"]),
        *[counterexample(c) for c in counterexamples(evidence)],
        corrections(page, claims, claim_id),
        *derivation(evidence),
        relations(page, claims, node),
    ]
    lemma = " kx-rank-lemma" if evidence["rank"] == "lemma" else ""
    whole = make(
        "div",
        *[part for part in parts if part],
        cls=f"kx-claim {colour}{lemma}",
        role="group",
        aria_labelledby=f"{target}-title",
    )
    whole["ids"] = [target]
    return whole


def setup(app: Sphinx) -> None:
    """Register the placeholder node with Sphinx."""
    app.add_node(claim)

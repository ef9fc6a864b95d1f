"""Draw one claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext.closed import fold
from kexue_lib.sphinxext.derivation import derivation, readings
from kexue_lib.sphinxext.foot import corrections, facts, relations
from kexue_lib.sphinxext.formulas import counterexample, given, lines, printed
from kexue_lib.sphinxext.links import Page, badge, level_class, place
from kexue_lib.sphinxext.markup import inline, make
from kexue_lib.sphinxext.store import (
    Claims,
    anchor,
    counterexamples,
    quoted,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from kexue_lib.sphinxext.markup import tag


class claim(nodes.General, nodes.Element):
    """The place of a claim; ``evidence`` holds what its notebook stored."""


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
    statement: Iterable[Mapping[str, Any]],
    source: str,
    at: str,
    latex: str,
    target: str = "",
) -> tag:
    """Return a refuted formula: as printed and as read, or as expected."""
    if latex:
        begin = quotation(source, at, latex)
    else:
        begin = [make("p", "One might expect:", cls="kx-wrong-label")]
    colour = "kx-refuted" if latex else "kx-expected"
    shown = lines(statement, target)
    return make("div", *begin, *shown, cls=f"kx-wrong {colour}")


def statement(evidence: Mapping[str, Any], target: str = "") -> tag:
    """Return the formulas that were shown, or shown to be wrong."""
    stated = evidence["statement"]
    if evidence["level"] == "refuted":
        source = evidence["source"]
        at = source["detail"]
        return make(
            "div",
            wrong(stated, source["type"], at, quoted(evidence), target),
            cls="kx-statement",
        )
    measured = readings(evidence)
    whole = make("div", *lines(stated, target, measured), cls="kx-statement")
    told = {line["latex"] for line in stated}
    whole += [line for said, line in measured.items() if said not in told]
    return whole


def name(evidence: Mapping[str, Any], number: nodes.Node) -> tag:
    """Return the number and the sentence of a claim."""
    target = anchor(evidence["id"])
    sentence = inline(evidence["title"])
    title = make("span", number, " ", *sentence, cls="kx-title")
    title["ids"] = [f"{target}-title"]
    return title


def body(
    page: Page, claims: Claims, node: nodes.Element, *, badged: bool
) -> list[tag]:
    """Return all of a claim below its sentence."""
    evidence = node["evidence"]
    target = anchor(evidence["id"])
    known = node.get("known", ())
    new = [d for d in evidence["definitions"] if d["latex"] not in known]
    tried = page.controlled(evidence)
    more = [p for p in [relations(page, claims, node, tried)] if p]
    derived = derivation(evidence, *more, target=target)
    foot = make(
        "div",
        *facts(page, claims, node, tried, badged=badged),
        *([derived] if derived else []),
        *node.children,  # the fold of its code
        cls="kx-foot",
    )
    parts = [
        statement(evidence, target),
        given(evidence["assumptions"], new, evidence["statement"]),
        *[counterexample(c) for c in counterexamples(evidence)],
        corrections(page, claims, evidence["id"]),
        foot,
    ]
    return [part for part in parts if part]


def block(page: Page, claims: Claims, node: nodes.Element) -> tag:
    """Return the block of a claim: a result in full, a lemma as one line."""
    evidence = node["evidence"]
    target = anchor(evidence["id"])
    colour = level_class(evidence["level"], quoted(evidence))
    if evidence["rank"] == "lemma":
        whole = lemma(page, claims, node, colour)
    else:
        number = make(
            "a",
            evidence["number"],
            cls="kx-number",
            href=f"#{target}",
            title=f"Permanent link to claim {evidence['id']}",
        )
        whole = make(
            "div",
            make("p", name(evidence, number), cls="kx-head"),
            *body(page, claims, node, badged=True),
            cls=f"kx-claim {colour}",
            role="group",
            aria_labelledby=f"{target}-title",
        )
    whole["ids"] = [target]
    return whole


def lemma(page: Page, claims: Claims, node: nodes.Element, colour: str) -> tag:
    """Return a lemma: number, sentence and badge, which open the rest.

    Nothing in the line is a link: the whole line is one button.
    """
    evidence = node["evidence"]
    number = make("span", evidence["number"], cls="kx-number")
    line = make(
        "summary",
        name(evidence, number),
        badge(evidence["level"], None, colour),
        cls="kx-head",
    )
    return fold(
        line,
        *body(page, claims, node, badged=False),
        cls=f"kx-claim kx-rank-lemma {colour}",
    )


def setup(app: Sphinx) -> None:
    """Register the placeholder node with Sphinx."""
    app.add_node(claim)

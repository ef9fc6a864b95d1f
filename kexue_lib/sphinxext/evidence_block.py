"""Draw one claim, and links to claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from kexue_lib.sphinxext.markup import display, inline, make, plain
from kexue_lib.sphinxext.store import (
    LEVELS,
    SOURCES,
    SYMBOLS,
    Claims,
    Entry,
    anchor,
    counterexamples,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from kexue_lib.sphinxext.markup import tag

READING = "book/reading"  # how to read a claim; its badges at #levels
_ADDRESSES = (
    (re.compile(r"\barchives/\d+"), "https://kexue.fm/"),
    (re.compile(r"(?<=\barXiv:)\d{4}\.\d{4,5}"), "https://arxiv.org/abs/"),
)
_HEADINGS = {
    "show": "",
    "lemma": "Lemma",
    "refute": "As stated by the source",
    "measure": "Measurement",
    "quote": "Quoted, not reproduced",
    "argue": "Argument, not checked",
}


class claim(nodes.General, nodes.Element):
    """The place of a claim; ``evidence`` holds what its notebook stored."""


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

    def title(self, docname: str) -> str:
        """Return the title of a page."""
        return self.env.titles[docname].astext()

    def chapter(self, docname: str) -> str:
        """Return the short title of a chapter, up to its colon."""
        return self.title(docname).partition(":")[0]

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
            sign(to.level),
            refuri=self.address(to.docname, to.anchor),
            internal=True,
            reftitle=tooltip,
            classes=["kx-ref", "kx-far"] if far else ["kx-ref"],
        )


def level_class(level: str) -> str:
    """Return the class that colours a level."""
    return f"kx-{level.replace(' ', '-')}"


def sign(level: str) -> tag:
    """Return the sign of a level; its word is for screen readers."""
    return make(
        "span",
        SYMBOLS[level],
        cls=f"kx-sign {level_class(level)}",
        role="img",
        aria_label=level,
    )


def badge(level: str, href: str | None) -> tag:
    """Return the badge of a level, linked to its explanation."""
    symbol = make("span", SYMBOLS[level], aria_hidden="true")
    return make(
        "a" if href else "span",
        symbol,
        f" {level}",
        cls=f"kx-badge {level_class(level)}",
        href=href,
        title="What this badge means" if href else None,
    )


def detail(text: str) -> list[nodes.Node]:
    """Return where in the source, with the source's address linked."""
    for pattern, prefix in _ADDRESSES:
        if found := pattern.search(text):
            link = make("a", found[0], href=prefix + found[0])
            before, after = text[: found.start()], text[found.end() :]
            return [*inline(before), link, *inline(after)]
    return inline(text)


def source_line(kind: str, source: str, where: str) -> tag:
    """Return the line under a title: kind and source of a claim."""
    origin = make("span", SOURCES[source], cls=f"kx-source kx-from-{source}")
    line = make("p", kind, " · ", origin, cls="kx-meta")
    if where:
        line += [nodes.Text(": "), *detail(where)]
    return line


def formula(latex: str) -> tag:
    """Return a formula of a list, which scrolls where it is too wide."""
    return make(
        "div", nodes.math("", rf"\displaystyle {latex}"), cls="kx-formula"
    )


def shown(item: Mapping[str, str]) -> nodes.Element:
    """Return a displayed formula, or the sentence that stands for one."""
    if item["latex"].startswith(r"\text{") or "$" in item["text"]:
        return make("p", *inline(item["text"]), cls="kx-words")
    return display(item["latex"])


def formulas(label: str, items: Iterable[Mapping[str, str]]) -> list[tag]:
    """Return a labelled list of formulas, or nothing where it is empty."""
    listed = [make("dd", formula(item["latex"])) for item in items]
    return [make("dt", label), *listed] if listed else []


def given(
    assumptions: Iterable[Mapping[str, str]],
    definitions: Iterable[Mapping[str, str]],
) -> tag | None:
    """Return for which symbols a statement is, and what its names mean."""
    lines = [*formulas("for", assumptions), *formulas("where", definitions)]
    return make("dl", *lines, cls="kx-given simple") if lines else None


def counterexample(example: Mapping[str, Any]) -> tag:
    """Return the point at which a printed formula fails."""
    box = make("div", cls="kx-counterexample")
    point = [
        f"{coordinate['symbol']['latex']} = {coordinate['value']['latex']}"
        for coordinate in example["point"]
    ]
    where = make("p", "It fails")
    if point:
        where += [
            nodes.Text(" at "),
            nodes.math("", r",\ ".join(point)),
        ]
    where += nodes.Text(":")
    values = make("dl", cls="kx-values simple")
    for label, side in (("left side", "lhs"), ("right side", "rhs")):
        value = formula(example[side]["latex"])
        values += make("div", make("dt", label), make("dd", value))
    box += [where, values]
    return box


def why(step: Mapping[str, Any]) -> tag:
    """Return the reason of a step, and what the machine did."""
    notes = make("div", cls="kx-why")
    if step["reason"]:
        notes += make("p", *inline(step["reason"]), cls="kx-reason")
    how = make("p", sign(step["level"]), " ", cls="kx-how")
    how += [make("code", step["check"]), nodes.Text(": ")]
    how += inline(step["how"])
    for fact in step["facts"]:
        how += nodes.Text(" · ")
        how += make("span", f"{fact['name']}: {fact['value']}", cls="kx-fact")
    trusts = step.get("trusts")
    if trusts is not None:
        how += nodes.Text(" · ")
        how += make("span", trusts["text"], cls="kx-trusts")
    notes += how
    return notes


def chain(part: Mapping[str, Any], *, headed: bool) -> tag:
    """Return a chain: its left side, then one line a step."""
    whole = make("div", cls=f"kx-chain kx-role-{part['role']}")
    words = [_HEADINGS[part["role"]], part["label"]]
    title = " ".join(w for w in words if w)
    if headed and title:
        whole += make(
            "p", *inline(title), " ", sign(part["level"]), cls="kx-chain-title"
        )
    whole += display(part["lhs"]["latex"], "kx-lhs")
    steps = make("ol", cls="kx-steps")
    for step in part["steps"]:
        number = make("span", f"{step['number']}", cls="kx-step-number")
        number["html"]["aria-hidden"] = "true"
        line = rf"{step['relation']['latex']} {step['rhs']['latex']}"
        steps += make(
            "li",
            number,
            make("div", display(line), why(step), cls="kx-step"),
            value=step["number"],
        )
    whole += steps
    return whole


def derivation(evidence: Mapping[str, Any]) -> list[tag]:
    """Return how a claim was checked: folded, unless it is one step."""
    # Words without a step are in the statement; here only what they are.
    notes = [
        make(
            "p",
            sign(part["level"]),
            f" {_HEADINGS[part['role']]}",
            cls="kx-how",
        )
        for part in evidence["chains"]
        if not part["steps"]
    ]
    chains = [part for part in evidence["chains"] if part["steps"]]
    steps = [step for part in chains for step in part["steps"]]
    if len(steps) < 2:
        # The statement is this very step: its formula is not shown twice.
        return [*notes, *map(why, steps)]
    fold = make("details", cls="kx-derivation")
    fold += make("summary", "Derivation ", make("span", f"{len(steps)} steps"))
    headed = len(chains) > 1 or chains[0]["role"] != "show"
    fold += [chain(part, headed=headed) for part in chains]
    return [*notes, fold]


def xref(page: Page, node: claim, target: str) -> addnodes.pending_xref:
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


def relations(page: Page, claims: Claims, node: claim) -> tag | None:
    """Return what a claim uses, what uses it, and its correction."""
    evidence = node["evidence"]
    groups: list[tuple[str, list[nodes.Node]]] = [
        ("uses", [xref(page, node, used) for used in evidence["uses"]]),
        (
            "used by",
            [
                page.link(e, qualified=True)
                for e in claims.used_by(evidence["id"])
            ],
        ),
    ]
    if evidence["corrects"]:
        groups.append(("corrects", [xref(page, node, evidence["corrects"])]))
    line = make("p", cls="kx-relations")
    for label, links in groups:
        if links:
            line += make(
                "span", f"{label} ", *separated(links), cls="kx-relation"
            )
    graph = page.graph(evidence["id"])
    if graph and evidence["uses"]:
        line += make("a", "all it rests on", cls="kx-relation", href=graph)
    return line if line.children else None


def separated(links: list[Any]) -> list[nodes.Node]:
    """Return links with commas between them."""
    parts: list[nodes.Node] = []
    for link in links:
        if parts:
            parts.append(nodes.Text(", "))
        parts.append(link)
    return parts


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


def statement(evidence: Mapping[str, Any]) -> tag:
    """Return the formulas that were shown, or shown to be wrong."""
    formulas_shown = [shown(item) for item in evidence["statement"]]
    if evidence["level"] != "refuted":
        return make("div", *formulas_shown, cls="kx-statement")
    whose = {"post": "The post states", "paper": "The paper states"}
    by = whose.get(evidence["source"]["type"], "One might expect")
    return make(
        "div",
        make("p", f"{by}, wrongly:", cls="kx-wrong-label"),
        *formulas_shown,
        cls="kx-statement kx-wrong",
    )


def block(page: Page, claims: Claims, node: claim) -> tag:
    """Return the block of a claim."""
    evidence = node["evidence"]
    claim_id, level = evidence["id"], evidence["level"]
    place = anchor(claim_id)
    number = make(
        "a",
        evidence["number"],
        cls="kx-number",
        href=f"#{place}",
        title=f"Permanent link to claim {claim_id}",
    )
    title = make("p", number, " ", *inline(evidence["title"]), cls="kx-title")
    title["ids"] = [f"{place}-title"]
    source = evidence["source"]
    found = claims.get(claim_id)
    parts = [
        make("div", title, badge(level, page.levels()), cls="kx-head"),
        source_line(evidence["kind"], source["type"], source["detail"]),
        found and resting(page, claims, found),
        statement(evidence),
        given(evidence["assumptions"], evidence["definitions"]),
        *[counterexample(c) for c in counterexamples(evidence)],
        corrections(page, claims, claim_id),
        *derivation(evidence),
        relations(page, claims, node),
    ]
    whole = make(
        "div",
        *[part for part in parts if part],
        cls=f"kx-claim {level_class(level)}",
        role="group",
        aria_labelledby=f"{place}-title",
    )
    whole["ids"] = [place]
    return whole


def setup(app: Sphinx) -> None:
    """Register the placeholder node with Sphinx."""
    app.add_node(claim)

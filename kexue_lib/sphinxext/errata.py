"""Errata: what sources print and a check refuted; and what one expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from kexue_lib.sphinxext.evidence_block import wrong
from kexue_lib.sphinxext.formulas import counterexample, given, lines
from kexue_lib.sphinxext.links import Page, detail
from kexue_lib.sphinxext.markup import inline, make
from kexue_lib.sphinxext.store import SOURCES, Claims, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kexue_lib.sphinxext.markup import tag


def listing(page: Page, claims: Claims, chosen: Iterable[Entry]) -> tag:
    """Return the errors of the sources, then what one might expect."""
    listed = list(chosen)
    printed = [e for e in listed if e.is_erratum]
    expected = [e for e in listed if e.is_expectation]
    whole = make("div", cls="kx-errata")
    if printed:
        whole += make("ol", *[item(page, claims, e) for e in printed])
    else:
        whole += make("p", "No errata are known.", cls="kx-none")
    if expected:
        whole += make(
            "p",
            "No source prints these: they are what one might expect, and "
            "what a check refuted.",
            cls="kx-also",
        )
        whole += make("ul", *[item(page, claims, e) for e in expected])
    return whole


def item(page: Page, claims: Claims, e: Entry) -> tag:
    """Return one refuted formula with its correction."""
    where = make("p", f"{page.chapter(e.docname)} · ", cls="kx-meta")
    where += nodes.Text(SOURCES[e.source])
    if e.detail:
        where += [nodes.Text(": "), *detail(e.detail)]
    found = make(
        "li",
        make("p", page.link(e), " ", *inline(e.title), cls="kx-title"),
        where,
        wrong(e.statement, e.source, e.detail, e.printed),
        *names(e),
        *[counterexample(c) for c in e.counterexamples],
    )
    for right in claims.corrected_by(e.id):
        label = make("p", "Instead: ", page.link(right, qualified=True))
        label += [nodes.Text(" "), *inline(right.title)]
        label["classes"] += ["kx-corrected"]
        found += label
        found += make("div", *lines(right.statement))
        found += names(right)
    return found


def names(e: Entry) -> list[tag]:
    """Return what the symbols of a statement are, if anything is said."""
    listed = given(e.assumptions, e.definitions)
    return [listed] if listed else []

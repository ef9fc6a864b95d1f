"""Formulas of a claim: statements, where they hold, where they fail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext.links import sign
from kexue_lib.sphinxext.markup import display, inline, make

if TYPE_CHECKING:
    from kexue_lib.sphinxext.markup import tag

# What a printed display has around its formula, and KaTeX not within one.
_NUMBERING = re.compile(
    r"\\label\{[^}]*\}|\\(?:nonumber|notag)\b"
    r"|\\(?:begin|end)\{(?:equation|displaymath)\*?\}"
)
_ROWS = re.compile(r"\\(begin|end)\{(?:align|gather|eqnarray|multline)\*?\}")


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


def printed(latex: str) -> nodes.Element:
    """Return what a source prints: words with $maths$, or a display.

    Environments and labels, which number it there, are left out.
    """
    if "$" in latex:
        return make("p", *inline(latex), cls="kx-words")
    bare = _ROWS.sub(r"\\\1{aligned}", _NUMBERING.sub("", latex))
    return display(bare.strip())


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


def where(items: Iterable[Mapping[str, str]]) -> list[tag]:
    """Return for what one line of a statement holds, if it is said."""
    listed = list(items)
    if not listed:
        return []
    line = make("p", "for ", cls="kx-where")
    for count, item in enumerate(listed):
        if count:
            line += nodes.Text(", ")
        line += nodes.math("", item["latex"])
    return [line]


def lines(statement: Iterable[Mapping[str, Any]]) -> list[nodes.Element]:
    """Return the lines of a statement, each with its own hypotheses.

    Lines of different levels show theirs; labels are shown where there are
    several lines.
    """
    listed = list(statement)
    mixed = len({item["level"] for item in listed}) > 1
    found: list[nodes.Element] = []
    for item in listed:
        whole = make("div", cls="kx-line")
        if mixed or (item["label"] and len(listed) > 1):
            head = make("p", cls="kx-line-head")
            if item["label"]:
                head += make("span", *inline(item["label"]), cls="kx-label")
            if mixed:
                head += [nodes.Text(" "), sign(item["level"])]
                head += nodes.Text(f" {item['level']}")
            whole += head
        whole += [shown(item), *where(item["where"])]
        found.append(whole)
    return found


def counterexample(example: Mapping[str, Any]) -> tag:
    """Return the point at which a printed formula fails."""
    box = make("div", cls="kx-counterexample")
    point = [
        f"{coordinate['symbol']['latex']} = {coordinate['value']['latex']}"
        for coordinate in example["point"]
    ]
    place = make("p", "It fails")
    if point:
        place += [nodes.Text(" at "), nodes.math("", r",\ ".join(point))]
    place += nodes.Text(":")
    values = make("dl", cls="kx-values simple")
    for label, side in (("left side", "lhs"), ("right side", "rhs")):
        value = formula(example[side]["latex"])
        values += make("div", make("dt", label), make("dd", value))
    box += [place, values]
    return box

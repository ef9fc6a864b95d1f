"""Formulas of a claim: statements, where they hold, where they fail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext import assumptions as assumed
from kexue_lib.sphinxext.links import sign
from kexue_lib.sphinxext.markup import (
    display,
    inline,
    make,
    plain,
    readable,
)
from kexue_lib.sphinxext.readings import powers

if TYPE_CHECKING:
    from kexue_lib.sphinxext.markup import tag

# What a printed display has around its formula, and KaTeX not within one.
_NUMBERING = re.compile(
    r"\\label\{[^}]*\}|\\(?:nonumber|notag)\b"
    r"|\\(?:begin|end)\{(?:equation|displaymath)\*?\}"
)
# A sentence without formulas.
_SENTENCE = re.compile(r"\\text\{[^{}$]*\}")
_ROWS = re.compile(r"\\(begin|end)\{(?:align|gather|eqnarray|multline)\*?\}")


def formula(latex: str) -> tag:
    """Return a formula of a list, which scrolls where it is too wide."""
    shown = nodes.math("", rf"\displaystyle {readable(latex)}")
    return make("div", shown, cls="kx-formula")


def shown(item: Mapping[str, str]) -> nodes.Element:
    """Return a displayed formula, or the sentence that stands for one."""
    if _SENTENCE.fullmatch(item["latex"]) or "$" in item["text"]:
        return make("p", *powers(inline(item["text"])), cls="kx-words")
    return display(item["latex"])


def relation(part: Mapping[str, Any], step: Mapping[str, Any]) -> str:
    """Return the line of a statement that a chain of one step makes."""
    sides = (part["lhs"], step["relation"], step["rhs"])
    return " ".join(side["latex"] for side in sides)


def common(statement: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return what all lines of a statement suppose, except where they tend.

    It is said once, below them.
    """
    listed = list(statement)
    if len(listed) < 2:
        return []
    return [
        item
        for item in listed[0]["where"]
        if all(item in line["where"] for line in listed)
        and r"\to" not in item["latex"]
    ]


def printed(latex: str) -> nodes.Element:
    """Return what a source prints: words with $maths$, or a display.

    Environments and labels, which number it there, are left out.
    """
    if "$" in latex:
        return make("p", *inline(latex), cls="kx-words")
    bare = _ROWS.sub(r"\\\1{aligned}", _NUMBERING.sub("", latex))
    return display(bare.strip())


def given(
    assumptions: Iterable[Mapping[str, str]],
    definitions: Iterable[Mapping[str, str]],
    statement: Iterable[Mapping[str, Any]] = (),
) -> tag | None:
    """Return for which symbols a statement is, and what its names mean.

    Args:
        assumptions: of the whole claim, as stored.
        definitions: the names to explain.
        statement: its lines, which tell what symbols are free.
    """
    stated = list(statement)
    formal = [line.get("formal") for line in stated]
    told = assumed.line([*assumptions, *common(stated)], formal)
    meant = [f"${item['latex']}$" for item in definitions]
    line = make("p", cls="kx-given")
    if told:
        line += [nodes.Text("for "), *inline(", ".join(told))]
    if told and meant:
        line += nodes.Text("; ")
    if meant:
        line += [nodes.Text("where "), *inline(", ".join(meant))]
    return line if line.children else None


def where(items: Iterable[Mapping[str, str]]) -> list[tag]:
    """Return for what one line of a statement holds, if it is said."""
    listed = list(items)
    if not listed:
        return []
    line = make("p", "for ", cls="kx-where")
    for count, item in enumerate(listed):
        if count:
            line += nodes.Text(", ")
        line += nodes.math("", readable(item["latex"]))
    return [line]


def slug(label: str) -> str:
    """Return a label as a part of an address, "" where nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", plain(label).lower()).strip("-")


def lines(
    statement: Iterable[Mapping[str, Any]],
    target: str = "",
    readings: Mapping[str, tag] | None = None,
) -> list[nodes.Element]:
    """Return the lines of a statement, each with its own hypotheses.

    Lines of different levels show theirs; labels are shown where there are
    several lines.

    Args:
        statement: the lines, as stored.
        target: address of the claim: gives each labelled line its own.
        readings: by the formula of a line, what was measured.
    """
    listed = list(statement)
    shared = common(listed)
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
            whole["classes"].append("kx-labelled")
            name = slug(item["label"])
            if target and name:
                whole["ids"] = [f"{target}-{name}"]
        body = make("div", shown(item), cls="kx-said")
        body += where(w for w in item["where"] if w not in shared)
        if readings and item["latex"] in readings:
            body += readings[item["latex"]]
            body["classes"].append("kx-read")
        whole += body
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

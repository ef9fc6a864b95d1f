"""The derivation of a claim: its chains, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext.formulas import shown, where
from kexue_lib.sphinxext.links import sign
from kexue_lib.sphinxext.markup import display, inline, make
from kexue_lib.sphinxext.readings import powers, reading, typeset

if TYPE_CHECKING:
    from kexue_lib.sphinxext.markup import tag

_HEADINGS = {
    "show": "",
    "states": "So the statement",
    "lemma": "Lemma",
    "refute": "As we read it",
    "measure": "Measurement",
    "quote": "Quoted, not reproduced",
    "argue": "Argument, not checked",
}


def why(step: Mapping[str, Any]) -> tag:
    """Return the reason of a step, and what the machine did."""
    notes = make("div", cls="kx-why")
    if step["reason"]:
        notes += make("p", *inline(step["reason"]), cls="kx-reason")
    facts = step["facts"]
    measured = step["level"] in ("measured", "not reproduced") and any(
        fact["name"] == "value" for fact in facts
    )
    if measured:
        notes += make("p", *reading(facts), cls="kx-reading")
    how = make("p", sign(step["level"]), " ", cls="kx-how")
    how += [make("code", step["check"]), nodes.Text(": ")]
    how += powers(inline(step["how"]))
    for fact in [] if measured else facts:
        value = typeset(f"{fact['name']}: {fact['value']}")
        how += [nodes.Text(" · "), make("span", *value, cls="kx-fact")]
    trusts = step.get("trusts")
    if trusts is not None:
        how += nodes.Text(" · ")
        how += make("span", trusts["text"], cls="kx-trusts")
    notes += how
    return notes


def chain(part: Mapping[str, Any], *, headed: bool, apart: bool) -> tag:
    """Return a chain: its left side, then one line a step.

    Args:
        part: the chain.
        headed: show what it is.
        apart: show for what it holds: no statement above says it.
    """
    whole = make("div", cls=f"kx-chain kx-role-{part['role']}")
    words = [_HEADINGS[part["role"]], part["label"]]
    title = " ".join(w for w in words if w)
    if headed and title:
        whole += make(
            "p", *inline(title), " ", sign(part["level"]), cls="kx-chain-title"
        )
    if apart:
        whole += where(part["where"])
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


def link(part: Mapping[str, Any]) -> tag:
    """Return a step in words, at its place among the chains."""
    title = make("p", sign("argued"), " In words", cls="kx-chain-title")
    if part["label"]:
        title += [nodes.Text(": "), *inline(part["label"])]
    return make("div", title, shown(part["lhs"]), cls="kx-chain kx-role-argue")


def extent(steps: int, words: int, *, checked: bool) -> str:
    """Say how long a derivation is, and what of it is in words."""
    said = [f"{steps} step{'s' if steps > 1 else ''}"]
    if words:
        said += ["every formula checked"] if checked else []
        said.append(f"{words} step{'s' if words > 1 else ''} in words")
    return ", ".join(said)


def derivation(evidence: Mapping[str, Any]) -> list[tag]:
    """Return how a claim was checked: folded, unless it is one step.

    Where the claim states what follows from its chains, these are its
    derivation. An argument in words between checked chains is shown there,
    and counted.
    """
    chains = evidence["chains"]
    formal = [part for part in chains if part["steps"]]
    steps = [step for part in formal for step in part["steps"]]
    words = [p for p in chains if p["role"] == "argue" and not p["steps"]]
    inside = words if steps else []
    # Other words are in the statement; here only what they are.
    notes = [
        make(
            "p",
            sign(part["level"]),
            f" {_HEADINGS[part['role']]}",
            cls="kx-how",
        )
        for part in chains
        if not part["steps"] and part not in inside
    ]
    if len(steps) < 2 and not inside:
        # The statement is this very step: its formula is not shown twice.
        return [*notes, *map(why, steps)]
    checked = all(part["role"] not in ("argue", "quote") for part in formal)
    told = extent(len(steps), len(inside), checked=checked)
    fold = make("details", cls="kx-derivation")
    fold += make("summary", "Derivation ", make("span", told))
    states = any(part["role"] == "states" for part in formal)
    headed = len(formal) > 1 or formal[0]["role"] != "show"
    for part in chains:
        if part["steps"]:
            apart = part["role"] == "lemma" or (
                states and part["role"] == "show"
            )
            fold += chain(part, headed=headed, apart=apart)
        elif part in inside:
            fold += link(part)
    return [*notes, fold]

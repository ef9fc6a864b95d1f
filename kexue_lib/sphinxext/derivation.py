"""How a claim was shown: its chains, step by step, one click deep.

A step shows its formula and the author's reason; what the engine did is one
click deeper.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext.closed import fold
from kexue_lib.sphinxext.formulas import relation, shown, where
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
MEASURED = ("measured", "not reproduced")


def is_measured(step: Mapping[str, Any]) -> bool:
    """Say whether a step tells a measured value."""
    return step["level"] in MEASURED and any(
        fact["name"] == "value" for fact in step["facts"]
    )


def readings(evidence: Mapping[str, Any]) -> dict[str, tag]:
    """Return what was measured, by the line of the statement it is about."""
    return {
        relation(chain, step): measurement(step)
        for chain in evidence["chains"]
        for step in chain["steps"]
        if is_measured(step)
    }


def measurement(step: Mapping[str, Any]) -> tag:
    """Return value, sample, seeds and tolerance as one line."""
    return make("p", *reading(step["facts"]), cls="kx-reading")


def machine(step: Mapping[str, Any]) -> list[nodes.Node]:
    """Return what the engine did in a step."""
    how = make("p", make("code", step["check"]), ": ", cls="kx-how")
    how += powers(inline(step["how"]))
    for fact in [] if is_measured(step) else step["facts"]:
        value = typeset(f"{fact['name']}: {fact['value']}")
        how += [nodes.Text(" · "), make("span", *value, cls="kx-fact")]
    trusts = step.get("trusts")
    if trusts is not None:
        how += nodes.Text(" · ")
        how += make("span", trusts["text"], cls="kx-trusts")
    return [how]


def why(step: Mapping[str, Any], *, told: bool = False) -> tag:
    """Return the reason of a step, and folded what the machine did.

    Args:
        step: the step, as stored.
        told: what it measured is already shown.
    """
    notes = make("div", cls="kx-why")
    if step["reason"]:
        notes += make("p", *inline(step["reason"]), cls="kx-reason")
    if is_measured(step) and not told:
        notes += measurement(step)
    name = make("summary", sign(step["level"]), " how it was checked")
    notes += fold(name, *machine(step), cls="kx-checked")
    return notes


def chain(
    part: Mapping[str, Any], *, headed: bool, apart: bool, target: str = ""
) -> tag:
    """Return a chain: its left side, then one line a step.

    Args:
        part: the chain.
        headed: show what it is.
        apart: show for what it holds: no statement above says it.
        target: address of the claim: gives each step its own.
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
        item = make(
            "li",
            number,
            make("div", display(line), why(step), cls="kx-step"),
            value=step["number"],
        )
        if target:
            item["ids"] = [f"{target}-step-{step['number']}"]
        steps += item
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


def derivation(
    evidence: Mapping[str, Any], *more: nodes.Node, target: str = ""
) -> tag | None:
    """Return how a claim was checked, folded.

    Where the claim states what follows from its chains, these are its
    derivation. An argument in words between checked chains is shown there,
    and counted.

    Args:
        evidence: the claim, as stored.
        *more: what else is told one click deep.
        target: address of the claim: gives each step its own.
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
        content = [*notes, *[p for step in steps for p in _alone(step)], *more]
        name = make("summary", "how it was checked")
        return fold(name, *content, cls="kx-derivation") if content else None
    checked = all(part["role"] not in ("argue", "quote") for part in formal)
    told = extent(len(steps), len(inside), checked=checked)
    name = make("summary", "derivation ", make("span", told))
    states = any(part["role"] == "states" for part in formal)
    headed = len(formal) > 1 or formal[0]["role"] != "show"
    parts: list[nodes.Node] = [*notes]
    for part in chains:
        if part["steps"]:
            apart = part["role"] == "lemma" or (
                states and part["role"] == "show"
            )
            parts.append(
                chain(part, headed=headed, apart=apart, target=target)
            )
        elif part in inside:
            parts.append(link(part))
    return fold(name, *parts, *more, cls="kx-derivation")


def _alone(step: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the only step of a claim: it is open when its fold is."""
    reason = make("p", *inline(step["reason"]), cls="kx-reason")
    return [*([reason] if step["reason"] else []), *machine(step)]

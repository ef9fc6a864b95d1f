"""Prose that plays: words that set the nearest slider.

``[at $\\beta=2$](#set:beta=2)`` becomes a button for the nearest explorer
above that has this slider, or below if none has; ``[...](#wrong:NAME)`` shows
a wrong version that an explorer has prepared. What no explorer can do is a
warning, which stops a strict build.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.transforms import Transform
from sphinx.util import logging

from kexue_lib.explore._labels import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    Spec = dict[str, Any]

log = logging.getLogger(__name__)
SET, WRONG = "#set:", "#wrong:"


class ExplorerNode(nodes.General, nodes.Element):
    """An explorer; its child is the still picture, if one is stored."""


class PressNode(nodes.Inline, nodes.TextElement):
    """Words that ask the explorer ``number`` for something."""


class AskError(ValueError):
    """No explorer of the page can do what a link asks for."""


def names(control: Spec) -> set[str]:
    """Return the names of a control: its symbol's, and in ASCII."""
    call = ast.parse(control["symbol"], mode="eval").body
    assert isinstance(call, ast.Call)
    return {control["key"], ast.literal_eval(call.args[0])}


def control_of(spec: Spec, name: str) -> Spec | None:
    """Return the control of that name, if the explorer has one."""
    found = (c for c in spec["controls"] if name in names(c))
    return next(found, None)


def wanted(link: str) -> dict[str, float]:
    """Read ``#set:beta=2,N=8``.

    Raises:
        AskError: It is something else.
    """
    found: dict[str, float] = {}
    for part in link.removeprefix(SET).split(","):
        name, equals, value = part.partition("=")
        try:
            number = float(value)
        except ValueError:
            equals = ""
        if not equals or not name:
            raise AskError(f"{part!r} is not name=number")
        found[name.strip()] = number
    return found


def setting(spec: Spec, asked: dict[str, float]) -> dict[str, float] | None:
    """Return the values by key, or None if a slider is missing.

    Raises:
        AskError: A slider cannot take its value.
    """
    values = {}
    for name, value in asked.items():
        control = control_of(spec, name)
        if control is None:
            return None
        refuse(control, name, value)
        values[control["key"]] = value
    return values


def refuse(control: Spec, name: str, value: float) -> None:
    """Raise for a value that the control does not have.

    Raises:
        AskError: It is out of range, no integer, or no option.
    """
    kind = control["kind"]
    if kind in ("choice", "checkbox"):
        options = control.get("options", ({"value": 0}, {"value": 1}))
        allowed = [option["value"] for option in options]
        if value not in allowed:
            raise AskError(f"{name} must be one of {allowed}, not {value:g}")
        return
    low, high = control["low"], control["high"]
    if not low <= value <= high:
        raise AskError(f"{name} must be in [{low}, {high}], not {value:g}")
    if kind == "int" and value != int(value):
        raise AskError(f"{name} must be an integer, not {value:g}")


def request(spec: Spec, link: str) -> Spec | None:
    """Return what the link asks of an explorer, None if it lacks it.

    Raises:
        AskError: The explorer cannot do it.
    """
    if link.startswith(SET):
        values = setting(spec, wanted(link))
        return None if values is None else {"set": values}
    key = link.removeprefix(WRONG)
    if key in [version["key"] for version in spec.get("wrong", ())]:
        return {"wrong": key}
    return None


def choose(
    above: Sequence[Spec], below: Sequence[Spec], link: str
) -> tuple[Spec, Spec]:
    """Return the explorer that a link means, and what it asks of it.

    Raises:
        AskError: None of them has it, or it cannot do it.
    """
    for spec in [*reversed(above), *below]:
        asked = request(spec, link)
        if asked is not None:
            return spec, asked
    if not link.startswith(SET):
        have = [v["key"] for s in [*above, *below] for v in s.get("wrong", ())]
        raise AskError(f"no such wrong version; there are {have}")
    have = sorted({c["key"] for s in [*above, *below] for c in s["controls"]})
    asked_for = ", ".join(wanted(link))
    raise AskError(f"no explorer has {asked_for}; there are {have}")


class Press(Transform):
    """Number the explorers of a page; make buttons of the links to them."""

    default_priority = 870  # before MyST looks for the links' targets

    def apply(self, **kwargs: Any) -> None:
        """Go through the page in its order."""
        place: dict[int, int] = {}
        links: list[tuple[nodes.reference, int]] = []
        explorers: list[ExplorerNode] = []
        for node in self.document.findall(nodes.Element):
            if isinstance(node, ExplorerNode):
                node["number"] = place[id(node["spec"])] = len(explorers)
                explorers.append(node)
            elif isinstance(node, nodes.reference) and str(
                node.get("refuri", "")
            ).startswith((SET, WRONG)):
                links.append((node, len(explorers)))
        specs = [node["spec"] for node in explorers]
        for link, count in links:
            try:
                spec, asked = choose(
                    specs[:count], specs[count:], link["refuri"]
                )
            except AskError as error:
                log.warning(
                    "[%s](%s): %s", link.astext(), link["refuri"], error,
                    location=link,
                )  # fmt: skip
                link.replace_self(nodes.inline("", "", *link.children))
                continue
            number = place[id(spec)]
            link.replace_self(
                PressNode("", "", *link.children, number=number, asks=asked)
            )
        for trouble in alone(specs):
            log.warning("%s", trouble, location=self.document)


def alone(specs: Sequence[Spec]) -> Iterator[str]:
    """Yield why shared controls of a page do not move together."""
    shared: dict[str, list[Spec]] = {}
    for spec in specs:
        for control in spec["controls"]:
            if control.get("shared"):
                shared.setdefault(control["symbol"], []).append(control)
    for controls in shared.values():
        key = controls[0]["key"]
        if len(controls) == 1:
            yield f"slider {key}: shared, but no other explorer has it"
        defaults = sorted({c["default"] for c in controls})
        if len(defaults) > 1:
            yield f"shared slider {key} starts at {defaults}"


def spoken(node: PressNode) -> str:
    """Return the words of a button without LaTeX."""
    return plain(
        "".join(
            f"${child.astext()}$"
            if isinstance(child, nodes.math)
            else child.astext()
            for child in node.children
        )
    )


def visit_html(translator: Any, node: PressNode) -> None:
    """Open the button; it may break between lines, as words do."""
    translator.body.append(
        translator.starttag(
            node,
            "span",
            "",
            CLASS="kx-press",
            role="button",
            tabindex="0",
            **{
                # Formulas are set later: until then they have no text.
                "aria-label": spoken(node),
                "data-kx-for": str(node["number"]),
                "data-kx-asks": json.dumps(node["asks"]),
            },
        )
    )


def depart_html(translator: Any, node: PressNode) -> None:
    """Close the button."""
    translator.body.append("</span>")

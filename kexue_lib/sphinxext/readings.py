"""What was measured, as one line that a reader can compare.

The facts of a step that have a known name come first, in one order and with
the words around them; the others follow as they are. Powers of ten are
typeset wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from docutils import nodes

_TEN = re.compile(
    # 2.5e-07
    r"(?<![\w.])(?P<digits>-?\d+(?:\.\d+)?)[eE](?P<exponent>[+-]?\d+)(?!\w)"
    # 10**-3, 10^{-3}, with or without 3*, 3· before
    r"|(?<![\w.])(?:(?P<times>-?\d+(?:\.\d+)?) ?[*·×] ?)?"
    r"10(?:\*\*\(?|\^\(?\{?)(?P<power>-?\d+)[)}]*"
    # 1/1000
    r"|(?<![\w./])(?P<top>-?\d+)/10(?P<zeros>0+)(?![\w.])"
)
_SMALL = re.compile(r"0\.(0{2,})1")


def _typeset(match: re.Match[str]) -> nodes.math:
    digits = match["digits"] or match["times"] or match["top"] or "1"
    if match["zeros"]:
        power = -1 - len(match["zeros"])
    else:
        power = int(match["exponent"] or match["power"])
    before = {"1": "", "-1": "-"}.get(digits, rf"{digits} \cdot ")
    return nodes.math("", f"{before}10^{{{power}}}")


def typeset(text: str) -> list[nodes.Node]:
    """Return text with its powers of ten as formulas."""
    found: list[nodes.Node] = []
    at = 0
    for match in _TEN.finditer(text):
        if match.start() > at:
            found.append(nodes.Text(text[at : match.start()]))
        at = match.end()
        found.append(_typeset(match))
    if at < len(text):
        found.append(nodes.Text(text[at:]))
    return found


def mathematics(text: str) -> list[nodes.Node]:
    """Return text with its $formulas$ and powers of ten as formulas."""
    found: list[nodes.Node] = []
    for place, part in enumerate(text.split("$")):
        found += [nodes.math("", part)] if place % 2 else typeset(part)
    return found


def powers(parts: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Typeset the powers of ten in the text among inline nodes."""
    found: list[nodes.Node] = []
    for part in parts:
        plain = isinstance(part, nodes.Text)
        found += typeset(part.astext()) if plain else [part]
    return found


def _seeds(value: str) -> str:
    if value.isdigit():
        return f"{value} seed{'' if value == '1' else 's'}"
    dashed = re.sub(r"(?<=\d) ?(?:\.\.+|-) ?(?=\d)", "–", value)
    return dashed if "seed" in value else f"seeds {dashed}"


def _interval(value: str) -> str:
    at = re.fullmatch(r"(\d+(?:\.\d+)?) ?% ?(.*)", value)
    if at:
        return f"{at[1]} % interval {at[2]}"
    return f"interval {value}" if value.startswith("[") else value


def _tolerance(value: str) -> str:
    small = _SMALL.fullmatch(value)
    return f"tolerance {f'10^-{len(small[1]) + 1}' if small else value}"


def _named(name: str) -> Callable[[str], str]:
    return lambda value: f"{name} {value}"


_WORDS: dict[str, Callable[[str], str]] = {
    "value": str,
    "range": _named("range"),
    "n": _named("n ="),
    "seeds": _seeds,
    "interval": _interval,
    "standard error": _named("standard error"),
    "setting": str,
    "bound": _named("bound"),
    "tolerance": _tolerance,
    "claimed": _named("claimed"),
    "origin": str,
}
# The run, then what it was held against, and where that comes from.
_BETWEEN = dict.fromkeys(("bound", "tolerance", "claimed"), "; ") | {
    "origin": ": "
}
_SIGNS = {"<=": "≤", ">=": "≥"}


def _said(name: str, value: str) -> str:
    """Return a fact in words."""
    for sign, shown in _SIGNS.items():
        value = value.replace(sign, shown)
    return _WORDS[name](value) if name in _WORDS else f"{name}: {value}"


def reading(facts: Iterable[Mapping[str, str]]) -> list[nodes.Node]:
    """Return facts as one line: value, n, seeds, interval; tolerance: origin.

    A confidence belongs to its interval.
    """
    told = {fact["name"]: fact["value"] for fact in facts}
    if "interval" in told and "confidence" in told:
        share = f"{float(told.pop('confidence')) * 100:g}"
        told["interval"] = f"{share} % {told['interval']}"
    value, bound = told.get("value", ""), told.get("bound")
    if bound and value[:1] in ("<", ">") and value[1:].strip() == bound:
        # Rounding, which differs by machine: only that it holds is told.
        told["value"] = f"{'below' if value[0] == '<' else 'above'} the bound"
    if told.get("origin") == "not stated":
        told["origin"] = "origin not stated"
    known = [name for name in _WORDS if name in told]
    other = [name for name in told if name not in _WORDS]
    line: list[nodes.Node] = []
    for name in [*known, *other]:
        said = _said(name, told[name])
        if name == "bound" and "origin" in told:
            said = "bound"  # the formula shows its value
        if line:
            line.append(nodes.Text(_BETWEEN.get(name, ", ")))
        line += mathematics(said)
    return line

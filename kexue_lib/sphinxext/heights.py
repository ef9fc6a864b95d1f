"""How high an explorer will be, before its script has run.

The page keeps that much room, so that what stands below does not move. All
lengths are those of ``kexue_lib/explore/js/src/explorer.css`` in pixels; what
a browser alone knows, the width of a text, is that of Arial and its kin, with
a little to spare.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from kexue_lib.explore._labels import plain

Spec = dict[str, Any]

WIDTHS = {"wide": 756.0, "narrow": 309.0}
"""Width within an explorer, of a text column and of a telephone."""

EM = 14.8
LINE = 20.72
SMALL = 13.12
BUTTONS, BUTTON_LINE = 103.0, 24.5
PILL, PILL_LINE = 24.4, 23.5
CROSS = 13.0  # before a wrong version
FORMULA_EM = 16.0
NUMBER = 88.8
_NARROW = frozenset("iljftr.,:;'|!()[]/ I")
_BROAD = frozenset("mwMWO%@=+<>≤≥≈→∞∫∑−")
_INNER = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_BRACES = rf"\{{((?:[^{{}}]|{_INNER})*)\}}"
_FRACTION = re.compile(rf"\\[dt]?frac\s*{_BRACES}\s*{_BRACES}")
_SCRIPT = re.compile(rf"[_^](?:{_BRACES}|(\w))")


def text_width(text: str, size: float = EM) -> float:
    """Return the width of plain text."""
    narrow = sum(char in _NARROW for char in text)
    broad = sum(char in _BROAD for char in text)
    rest = len(text) - narrow - broad
    return size * (0.29 * narrow + 0.85 * broad + 0.55 * rest)


def formula_width(tex: str) -> float:
    """Return the width of a formula: its letters, scripts a third less."""
    tex = re.sub(r"\\(left|right)\b", "", tex)
    scale = 1.0
    while _FRACTION.search(tex):
        scale *= 0.75  # fractions in a line are set small
        tex = _FRACTION.sub(lambda m: max(m[1], m[2], key=_letters), tex)
    scripts = sum(_letters(m[1] or m[2]) for m in _SCRIPT.finditer(tex))
    relations = sum(char in "=+-<>" for char in tex)
    return (
        FORMULA_EM
        * scale
        * (0.52 * _letters(tex) - 0.17 * scripts + 0.6 * relations)
    )


def _letters(tex: str) -> int:
    """Return how many letters a reader sees."""
    shown = re.sub(r"[_^]\(([^()]*)\)", r"\1", plain(f"${tex}$"))
    return len(re.sub(r"[\s^_]", "", shown))


def width(label: dict[str, str], size: float = EM) -> float:
    """Return the width of a label, text with ``$...$``."""
    parts = label["tex"].split("$")
    if len(parts) % 2 == 0:
        return text_width(label["text"], size)
    scale = size / EM
    return sum(
        formula_width(part) * scale if i % 2 else text_width(part, size)
        for i, part in enumerate(parts)
    )


def height(tex: str) -> float:
    """Return the height of one line with this formula or label."""
    if "frac{" in tex:
        return 28.0
    if re.search(r"\\(sum|prod|int)\b", tex):
        return 24.0
    return 21.2 if "$" in tex else LINE


def rows_of(widths: Iterable[float], gap: float, room: float) -> int:
    """Return how many lines boxes of these widths fill, side by side."""
    lines, used = 0, math.inf
    for wide in widths:
        if used + gap + wide > room:
            lines, used = lines + 1, wide
        else:
            used += gap + wide
    return lines


def lines_of(wide: float, room: float) -> int:
    """Return how many lines a text of this width fills."""
    # A line ends with a word: some of its room is lost.
    return 1 if wide <= room else math.ceil(wide / (0.93 * room))


def stack(lines: int, line: float, gap: float) -> float:
    """Return the height of lines with gaps between them."""
    return lines * line + max(lines - 1, 0) * gap


def head(spec: Spec, room: float) -> float:
    """Return the height of the title and its buttons."""
    title = 1.13 * width(spec["title"])  # bold
    if title + 12 + BUTTONS <= room:
        return 25.0
    return lines_of(title, room) * LINE + 1.6 + BUTTON_LINE


def pills(items: Iterable[Spec], room: float, sign: float = 0.0) -> int:
    """Return how many lines presets or wrong versions, with a sign, fill."""
    return rows_of(
        [width(item["label"], SMALL) + PILL + sign for item in items],
        5.6,
        room,
    )


def row(control: Spec, room: float) -> float:
    """Return the height of a control."""
    narrow = room <= 520
    label = width(control["label"])
    if control["kind"] == "choice":
        beside = room - 14.4 - (max(74.0, label) if narrow else 162.8)
        options = [width(o["label"]) + PILL for o in control["options"]]
        lines = rows_of(options, 4.8, min(beside, room - 88.4))
        return max(stack(lines, 27.5, 4.8), 30.4)
    if control["kind"] == "checkbox":
        beside = room - 14.4 - 18.4 if narrow else 162.8
        return max(lines_of(label, beside) * LINE, 30.4)
    if narrow:
        lines = lines_of(label, room - 95.8)
        return max(28.0, lines * LINE) + 3.2 + 35.2
    return max(lines_of(label, 162.8) * LINE, 30.4)


def legend(spec: Spec, room: float) -> float:
    """Return the height of the legend."""
    found = []
    for layer in spec["layers"]:
        if layer["kind"] == "heat":
            continue
        value = 8.9 if room <= 520 else 62.2
        if layer["kind"] == "mark":
            value = max(value, 8.9 + 32.0)
        found.append(25.4 + width(layer["label"]) + value)
    if not found:
        return 0.0
    # Fractions are small there.
    return stack(rows_of(found, 22.4, room), 21.2, 1.6) + 5.6


def is_matrix(spec: Spec) -> bool:
    """Tell whether the drawing is a heat map of integers."""
    heat = any(layer["kind"] == "heat" for layer in spec["layers"])
    return heat and spec["x"]["integer"] and spec["y"]["integer"]


def drawing(spec: Spec, room: float) -> float:
    """Return the height of the plot itself (``Plot.layout``)."""
    if is_matrix(spec):
        # Square cells; nearly all matrices are square.
        return min(room * 0.8 - 32, 388, room - 99) + 32
    if any("over" in layer for layer in spec["layers"]):
        return min(room * 0.8, 420)
    return max(min(room * 0.52, 360), 230)


def readouts(spec: Spec, room: float) -> float:
    """Return the height of the numbers below the plot."""
    if not spec["readouts"]:
        return 0.0
    widths, extra, tall = [], 0, LINE
    for readout in spec["readouts"]:
        pieces = [width(readout["label"]), 12.4, NUMBER]
        if readout["formula"]:
            pieces[1:1] = [12.4, formula_width(readout["formula"])]
            tall = max(tall, height(readout["formula"]))
        extra += lines_of(pieces[0], room) - 1
        extra += rows_of(pieces, 7.4, room) - 1
        widths.append(sum(pieces) + 7.4 * (len(pieces) - 1))
        tall = max(tall, height(readout["label"]["tex"]))
    lines = rows_of(widths, 32, room)
    return 21.8 + stack(lines, tall, 6.4) + extra * LINE


def total(spec: Spec, room: float) -> float:
    """Return the height of an explorer, its frame included."""
    presets = pills(spec["presets"], room)
    controls = [row(control, room) for control in spec["controls"]]
    parts = [
        29.2,
        head(spec, room),
        7.2 + stack(presets, PILL_LINE, 5.6) if presets else 0.0,
        9.6 + sum(controls) + 4.8 * (len(controls) - 1) + 11.2,
        legend(spec, room),
        19.6 if spec["y"]["label"]["tex"] else 0.0,
        drawing(spec, room),
        19.6 if spec["x"]["label"]["tex"] else 0.0,
        readouts(spec, room),
    ]
    if "wrong" in spec:
        lines = pills(spec["wrong"], room, CROSS)
        parts.append(max(30.4, stack(lines, 23.5, 5.6)))
    return sum(parts)


def reserved(spec: Spec) -> str:
    """Return the two heights as CSS variables of the element."""
    return "; ".join(
        f"--kx-{name}: {total(spec, room):.0f}px"
        for name, room in WIDTHS.items()
    )

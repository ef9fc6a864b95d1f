"""A column of boxes with arcs from each to those it uses, as SVG.

One column fits a phone, and the order of the boxes is the order of reading.
Every arc runs in a lane at the right; arcs that would touch have different
lanes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDE = 196
"""Width of a box."""
LANE = 23
"""Distance of neighbouring lanes."""
_HIGH, _GAP, _PORT, _LINE = 46, 26, 11, 16

Edge = tuple[int, int]
"""From the box that uses to the box that is used, by position."""


@dataclass(frozen=True)
class Box:
    """A box: what it says, and where it leads."""

    title: str
    note: str
    href: str


@dataclass(frozen=True)
class Arc:
    """An arc: its label, and the sentence that it stands for.

    It is dashed where nothing rests on what it leads to.
    """

    label: str
    said: str
    dashed: bool = False


def lanes(edges: Sequence[Edge]) -> dict[Edge, int]:
    """Give each arc a lane, short arcs inside.

    Returns:
        Lanes from 0; two arcs of one lane have at most an end in common.
    """
    chosen: dict[Edge, int] = {}
    for edge in sorted(edges, key=lambda e: (abs(e[0] - e[1]), e)):
        low, high = min(edge), max(edge)
        taken = {
            lane
            for other, lane in chosen.items()
            if min(other) < high and low < max(other)
        }
        chosen[edge] = next(i for i in range(len(edges)) if i not in taken)
    return chosen


def ports(box: int, lane: Mapping[Edge, int]) -> list[Edge]:
    """Return the arcs at a box, from its top to its bottom, uncrossed."""

    def place(edge: Edge) -> tuple[bool, int]:
        down = max(edge) != box
        return down, -lane[edge] if down else lane[edge]

    return sorted((e for e in lane if box in e), key=place)


def draw(
    boxes: Sequence[Box], arcs: Mapping[Edge, Arc], label: str = ""
) -> str:
    """Return the picture; all strings are escaped here.

    Args:
        boxes: From top to bottom.
        arcs: What leads from which box to which.
        label: Name of the picture for those who cannot see it.
    """
    lane = lanes(list(arcs))
    parts: list[str] = []
    where: dict[tuple[Edge, int], float] = {}
    top = 4.0
    for i, box in enumerate(boxes):
        own = ports(i, lane)
        high = max(_HIGH, _PORT * (len(own) + 1))
        for number, edge in enumerate(own):
            offset = (number - (len(own) - 1) / 2) * _PORT
            where[edge, i] = top + high / 2 + offset
        parts.append(_box(box, top, high))
        top += high + _GAP
    strokes = [
        _arc(arc, lane[edge], where[edge, edge[0]], where[edge, edge[1]])
        for edge, arc in arcs.items()
    ]
    width = 4 + WIDE + (max(lane.values(), default=-1) + 1) * LANE + 20
    return (
        f'<svg viewBox="0 0 {width} {top - _GAP + 4:g}" width="{width}"'
        f' role="group" aria-label="{escape(label)}">'
        f"{''.join(strokes)}{''.join(parts)}</svg>"
    )


def _box(box: Box, top: float, high: float) -> str:
    lines = textwrap.wrap(box.title, 24, max_lines=2, placeholder=" …")
    middle = 4 + WIDE / 2
    first = top + high / 2 + 5 - _LINE * len(lines) / 2
    text = "".join(
        f'<text x="{middle:g}" y="{first + _LINE * i:g}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    note = (
        f'<text class="kx-note" x="{middle:g}"'
        f' y="{first + _LINE * len(lines):g}">{escape(box.note)}</text>'
    )
    return (
        f'<a href="{escape(box.href)}"><title>{escape(box.title)}</title>'
        f'<rect x="4" y="{top:g}" width="{WIDE}" height="{high:g}" rx="5"/>'
        f"{text}{note}</a>"
    )


def _arc(arc: Arc, lane: int, start: float, end: float) -> str:
    edge = 4 + WIDE
    x = edge + 14 + lane * LANE
    turn = 8 if end > start else -8
    middle = (start + end) / 2
    half = 5 + 3.5 * len(arc.label)
    kind = "kx-edge kx-dashed" if arc.dashed else "kx-edge"
    return (
        f"<g><title>{escape(arc.said)}</title>"
        f'<path class="{kind}" d="M{edge},{start:g} H{x - 8}'
        f" Q{x},{start:g} {x},{start + turn:g} V{end - turn:g}"
        f' Q{x},{end:g} {x - 8},{end:g} H{edge + 6}"/>'
        f'<path class="kx-head-of-edge" d="M{edge + 7},{end - 4:g}'
        f' l-7,4 l7,4 z"/>'
        f'<rect class="kx-number" x="{x - half:g}" y="{middle - 9:g}"'
        f' width="{2 * half:g}" height="18" rx="9"/>'
        f'<text class="kx-number" x="{x}" y="{middle + 4:g}">'
        f"{escape(arc.label)}</text></g>"
    )

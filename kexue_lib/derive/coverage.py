"""What became of each numbered display of a post.

A chapter says which claim settles it, or why none does; the page counts
claims and reasons apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.levels import Level

MIME = "application/vnd.kexue.coverage+json"
SCHEMA = "kexue.coverage/1"
REASONS = ("definition", "quotation", "picture", "open")
"""How a reason in words begins; ``open``: nothing settles it yet."""
COUNTED = ("claim", "definition", "quotation")
"""What counts for the goal."""
KINDS = ("claim", "words", *REASONS)
"""Of a display; ``words``: its claims are quoted or heuristic only."""
UNITS = ("displays", "statements")
_WEAK = (Level.QUOTED, Level.HEURISTIC)


@dataclass(frozen=True)
class Row:
    """Displays that one entry settles.

    Attributes:
        first, last: the displays, both included.
        kind: one of :data:`KINDS`.
        claims: full ids.
        reason: in words, where there is no claim.
    """

    first: int
    last: int
    kind: str
    claims: tuple[str, ...] = ()
    reason: str = ""

    @property
    def size(self) -> int:
        """How many displays."""
        return self.last - self.first + 1

    @property
    def name(self) -> str:
        """Such as ``4`` or ``4-6``."""
        several = self.last > self.first
        return f"{self.first}-{self.last}" if several else f"{self.first}"


@dataclass(frozen=True)
class Coverage:
    """The displays of one post, each with what settles it.

    Made by ``Chapter.covers``; displays itself.
    """

    chapter: str
    post: int
    copy: str
    unit: str
    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        """How many displays the post has."""
        return sum(row.size for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many displays of each kind."""
        found: Counter[str] = Counter()
        for row in self.rows:
            found[row.kind] += row.size
        return {kind: found[kind] for kind in KINDS}

    @property
    def share(self) -> float:
        """The part that a claim, a definition or a quotation settles."""
        counts = self.counts
        return sum(counts[kind] for kind in COUNTED) / self.total

    @property
    def summary(self) -> str:
        """One sentence: claims and reasons apart."""
        counts = self.counts
        what = "displays of the post"
        if self.unit == "statements":
            what = "statements of the specification (the post has no displays)"
        said = [
            f"{counts['claim']} of {self.total} {what} "
            f"{_verb(counts['claim'])} settled by a claim"
        ]
        said += [
            f"{counts[kind]} {_verb(counts[kind])} {phrase}"
            for kind, (one, many) in _PHRASES.items()
            for phrase in [one if counts[kind] == 1 else many]
            if counts[kind]
        ]
        return "; ".join(said) + "."

    def to_dict(self) -> dict[str, Any]:
        """Return the table as JSON-ready data (``kexue.coverage/1``)."""
        return {
            "schema": SCHEMA,
            "chapter": self.chapter,
            "post": self.post,
            "copy": self.copy,
            "unit": self.unit,
            "total": self.total,
            "counts": self.counts,
            "summary": self.summary,
            "rows": [
                {
                    "first": row.first,
                    "last": row.last,
                    "kind": row.kind,
                    "claims": list(row.claims),
                    "reason": row.reason,
                }
                for row in self.rows
            ],
        }

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> dict[str, Any]:
        return {
            MIME: self.to_dict(),
            "text/markdown": self._markdown(),
            "text/plain": repr(self),
        }

    def _markdown(self) -> str:
        head = self.unit.removesuffix("s")
        lines = [
            f"| {r.name} | {_cell(self._settled(r))} |" for r in self.rows
        ]
        table = [f"| {head} | settled by |", "|---|---|", *lines]
        return "\n".join([self.summary, "", *table]) + "\n"

    def _settled(self, row: Row) -> str:
        own = f"{self.chapter}."
        names = " ".join(c.removeprefix(own) for c in row.claims)
        return names or f"{row.kind}: {row.reason}"

    def __repr__(self) -> str:
        lines = [f"  {r.name}: {self._settled(r)}" for r in self.rows]
        return "\n".join([self.summary, *lines])


_PHRASES = {
    "words": ("only quoted or argued", "only quoted or argued"),
    "definition": ("a definition", "definitions"),
    "quotation": ("a quotation", "quotations"),
    "picture": ("a picture", "pictures"),
    "open": ("open", "open"),
}


def _cell(text: str) -> str:
    """Text for a table of Markdown: no bar of it ends the cell."""
    parts = re.split(r"(\$[^$]*\$)", text)
    for i, part in enumerate(parts):
        if i % 2:  # a formula
            part = part.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
        parts[i] = part.replace("|", r"\|")
    return "".join(parts)


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"


def covered(
    chapter: str,
    post: int,
    displays: int,
    settled: Mapping[int | str, str],
    copy: str,
    unit: str,
    find: Callable[[str], tuple[str, Level]],
) -> Coverage:
    """Return the table of a post.

    Args:
        chapter: its slug.
        post: number of the post in the archive.
        displays: how many numbered displays it has.
        settled: display, or range such as ``"4-6"``, to the numbers of
            claims, or to a reason.
        copy: month or day of the copy that was read.
        unit: one of :data:`UNITS`.
        find: id and level of a claim; raises ClaimError if there is none.

    Raises:
        ClaimError: a display is left out, or named twice, or there is no
            such; a claim does not exist, or only refuted ones are named; a
            reason is of no known kind.
    """
    where = f"{chapter}: covers({post})"
    if unit not in UNITS:
        raise ClaimError(f"{where}: unit={unit!r} is not in {UNITS}")
    if not re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", copy):
        raise ClaimError(f"{where}: copy={copy!r}: write 2026-05")
    if displays < 1:
        raise ClaimError(
            f"{where}: a post without displays counts the statements of its "
            "specification: say how many, and unit='statements'"
        )
    rows = sorted(
        (
            _row(f"{where}: {key!r}", key, said, find)
            for key, said in settled.items()
        ),
        key=lambda row: row.first,
    )
    named = [n for row in rows for n in range(row.first, row.last + 1)]
    twice = sorted(n for n, count in Counter(named).items() if count > 1)
    missing = sorted({*range(1, displays + 1)} - {*named})
    beyond = sorted({*named} - {*range(1, displays + 1)})
    for fault, numbers in (
        ("named twice", twice),
        ("left out", missing),
        (f"not among 1-{displays}", beyond),
    ):
        if numbers:
            listed = ", ".join(map(str, numbers))
            raise ClaimError(f"{where}: {fault}: {listed}")
    return Coverage(chapter, post, copy, unit, tuple(rows))


def _row(
    where: str,
    key: int | str,
    said: str,
    find: Callable[[str], tuple[str, Level]],
) -> Row:
    ends = re.fullmatch(r"(\d+)(?:[-–](\d+))?", str(key).strip())
    if ends is None or (ends[2] and int(ends[2]) <= int(ends[1])):
        raise ClaimError(f"{where}: use a number or a range such as '4-6'")
    first, last = int(ends[1]), int(ends[2] or ends[1])
    kind, colon, reason = said.partition(":")
    if colon:
        if kind not in REASONS or not reason.strip():
            raise ClaimError(
                f"{where}: {said!r}: a reason is one of "
                f"{', '.join(REASONS)}, a colon, and words"
            )
        return Row(first, last, kind, reason=reason.strip())
    found = dict(find(name) for name in said.split())
    if not found:
        raise ClaimError(f"{where}: name a claim, or give a reason")
    if all(level is Level.REFUTED for level in found.values()):
        raise ClaimError(
            f"{where}: {said} is refuted: name the correction too, or say "
            "what is open"
        )
    words = all(
        level in _WEAK
        for level in found.values()
        if level is not Level.REFUTED
    )
    kind = "words" if words else "claim"
    return Row(first, last, kind, tuple(found))

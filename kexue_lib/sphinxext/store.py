"""What the book knows about its claims: entries, and questions to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

# Strongest first. The symbol stands beside the word, never alone for a
# reader who cannot see colours: links carry the word in their tooltip.
SYMBOLS = {
    "proved": "✓",
    "exact": "=",
    "certified": "⊂",
    "numeric": "≈",
    "measured": "±",
    "quoted": "”",
    "heuristic": "?",
    "not reproduced": "∅",
    "refuted": "✗",
}
LEVELS = list(SYMBOLS)
SOURCES = {"post": "post", "paper": "paper", "own": "ours"}


@dataclass(frozen=True)
class Entry:
    """What other pages show of one claim."""

    docname: str
    id: str
    chapter: str
    number: str
    title: str
    kind: str
    source: str
    detail: str
    level: str
    with_ancestors: str
    uses: tuple[str, ...]
    corrects: str | None
    statement: tuple[dict[str, str], ...]
    assumptions: tuple[dict[str, str], ...]
    definitions: tuple[dict[str, str], ...]
    counterexamples: tuple[dict[str, Any], ...]
    proved_steps: int = 0
    trusting_the_core: int = 0

    @property
    def anchor(self) -> str:
        """Its permanent address in its page."""
        return anchor(self.id)


def anchor(claim_id: str) -> str:
    """Return the permanent address of a claim in its page."""
    return claim_id.replace(".", "-")


def entry(docname: str, evidence: Mapping[str, Any]) -> Entry:
    """Return what is kept of a claim's evidence."""
    return Entry(
        docname=docname,
        id=evidence["id"],
        chapter=evidence["chapter"],
        number=evidence["number"],
        title=evidence["title"],
        kind=evidence["kind"],
        source=evidence["source"]["type"],
        detail=evidence["source"]["detail"],
        level=evidence["level"],
        with_ancestors=evidence["level_with_ancestors"],
        uses=tuple(evidence["uses"]),
        corrects=evidence["corrects"],
        statement=tuple(evidence["statement"]),
        assumptions=tuple(evidence["assumptions"]),
        definitions=tuple(evidence["definitions"]),
        counterexamples=tuple(counterexamples(evidence)),
        proved_steps=evidence.get("trust", {}).get("proved", 0),
        trusting_the_core=evidence.get("trust", {}).get("core", 0),
    )


def counterexamples(evidence: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the counterexamples of a claim, in the order of its steps."""
    return [
        step["counterexample"]
        for chain in evidence["chains"]
        for step in chain["steps"]
        if step["counterexample"]
    ]


def weakest(levels: Iterable[str]) -> str:
    """Return the weakest of some levels."""
    return max(levels, key=LEVELS.index)


class Claims:
    """All claims of the book, in reading order."""

    def __init__(self, entries: Mapping[str, Entry], docs: list[str]):
        place = {docname: i for i, docname in enumerate(docs)}
        # Sorting is stable: within a page the order of reading stays.
        self.all = sorted(
            entries.values(),
            key=lambda e: (place.get(e.docname, len(docs)), e.docname),
        )
        self._by_id = {e.id: e for e in self.all}

    def get(self, claim_id: str | None) -> Entry | None:
        """Return the claim of that id, if the book has it."""
        return self._by_id.get(claim_id or "")

    def known(self, ids: Iterable[str]) -> list[Entry]:
        """Return those of the claims that the book has."""
        return [self._by_id[i] for i in ids if i in self._by_id]

    @cached_property
    def _users(self) -> dict[str, list[Entry]]:
        users: dict[str, list[Entry]] = {}
        for user in self.all:
            for used in user.uses:
                users.setdefault(used, []).append(user)
        return users

    @cached_property
    def _corrections(self) -> dict[str, list[Entry]]:
        corrections: dict[str, list[Entry]] = {}
        for right in self.all:
            if right.corrects:
                corrections.setdefault(right.corrects, []).append(right)
        return corrections

    def used_by(self, claim_id: str) -> list[Entry]:
        """Return the claims that use this one directly."""
        return self._users.get(claim_id, [])

    def corrected_by(self, claim_id: str) -> list[Entry]:
        """Return the claims that replace this refuted one."""
        return self._corrections.get(claim_id, [])

    def chapters(self) -> dict[str, list[Entry]]:
        """Return the claims by page, in reading order."""
        pages: dict[str, list[Entry]] = {}
        for e in self.all:
            pages.setdefault(e.docname, []).append(e)
        return pages

    def ancestors(self, claim_id: str) -> list[Entry]:
        """Return all that a claim rests on, nearest first."""
        seen = {claim_id}
        layer = [claim_id]
        found: list[Entry] = []
        while layer:
            layer = [u for e in self.known(layer) for u in e.uses]
            layer = [u for u in dict.fromkeys(layer) if u not in seen]
            seen.update(layer)
            found += self.known(layer)
        return found

    def weak_spot(self, claim: Entry) -> Entry | None:
        """Return the nearest ancestor that weakens a claim, if one does."""
        if LEVELS.index(claim.with_ancestors) <= LEVELS.index(claim.level):
            return None
        return next(
            (
                e
                for e in self.ancestors(claim.id)
                if e.level == claim.with_ancestors
            ),
            None,
        )

    def disagreement(self, claim: Entry) -> str | None:
        """Return the level that ancestors really give, if it is another.

        None also where an ancestor is missing: that has its own warning.
        """
        ancestors = self.ancestors(claim.id)
        if any(not self.get(u) for e in (claim, *ancestors) for u in e.uses):
            return None
        real = weakest(e.level for e in (claim, *ancestors))
        return None if real == claim.with_ancestors else real

    def neighbours(self, claim_id: str) -> list[Entry]:
        """Return the claims that its block or a link to it shows."""
        claim = self.get(claim_id)
        if claim is None:
            return []
        weak = self.weak_spot(claim)
        return [
            claim,
            *self.known((*claim.uses, claim.corrects or "")),
            *self.used_by(claim_id),
            *self.corrected_by(claim_id),
            *([weak] if weak else []),
        ]


def tally(claims: list[Entry], corrected: set[str]) -> list[tuple[str, int]]:
    """Count claims by level, strongest first.

    Args:
        claims: The claims to count.
        corrected: Ids of the refuted claims that have a correction.

    Returns:
        Pairs of a level and its count, without zeros; refuted claims with a
        correction are counted as ``refuted and corrected``.
    """
    counts = Counter(
        "refuted and corrected"
        if e.level == "refuted" and e.id in corrected
        else e.level
        for e in claims
    )
    order = [*LEVELS[:-1], "refuted and corrected", "refuted"]
    return [(name, counts[name]) for name in order if counts[name]]

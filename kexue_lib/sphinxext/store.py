"""What the book knows about its claims: entries, and questions to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

# Strongest first. The symbol stands beside the word, never alone for a
# reader who cannot see colours: links carry the word in their tooltip.
SYMBOLS = {
    "proved": "✓",
    "cited": "§",
    "exact": "=",
    "certified": "⊂",
    "argued": "∴",
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
class Steps:
    """Steps of proofs, by what they trust."""

    total: int = 0
    core: int = 0
    cited: int = 0

    def __add__(self, other: Steps) -> Steps:
        return Steps(
            self.total + other.total,
            self.core + other.core,
            self.cited + other.cited,
        )


OBSERVED = frozenset({"measured", "not reproduced"})
"""Levels of claims that no derivation supports."""


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
    rank: str
    uses: tuple[str, ...]
    consumes: tuple[str, ...]
    corrects: str | None
    printed: str
    statement: tuple[dict[str, Any], ...]
    assumptions: tuple[dict[str, str], ...]
    definitions: tuple[dict[str, str], ...]
    counterexamples: tuple[dict[str, Any], ...]
    steps: Steps

    @property
    def anchor(self) -> str:
        """Its permanent address in its page."""
        return anchor(self.id)

    @property
    def mentions(self) -> tuple[str, ...]:
        """What it names for the reader: no check of it rests on these."""
        return tuple(u for u in self.uses if u not in self.consumes)

    @property
    def measures(self) -> tuple[str, ...]:
        """What a run puts to the test: nothing is derived from that."""
        return self.mentions if self.level in OBSERVED else ()

    @property
    def is_result(self) -> bool:
        """It counts: a lemma only helps others."""
        return self.rank == "result"

    @property
    def is_erratum(self) -> bool:
        """A formula that a source prints, quoted, and refuted."""
        return self.level == "refuted" and bool(self.printed)

    @property
    def is_expectation(self) -> bool:
        """Refuted, and nobody has printed it: no error of a source."""
        return self.level == "refuted" and not self.printed


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
        rank=evidence["rank"],
        uses=tuple(evidence["uses"]),
        consumes=tuple(evidence["consumes"]),
        corrects=evidence["corrects"],
        printed=quoted(evidence),
        statement=tuple(evidence["statement"]),
        assumptions=tuple(evidence["assumptions"]),
        definitions=tuple(evidence["definitions"]),
        counterexamples=tuple(counterexamples(evidence)),
        steps=steps_of(evidence),
    )


def quoted(evidence: Mapping[str, Any]) -> str:
    """Return what a source prints; what is our own no source prints."""
    own = evidence["source"]["type"] == "own"
    return "" if own else evidence["printed"]


def steps_of(evidence: Mapping[str, Any]) -> Steps:
    """Count the steps of proofs by what they trust.

    A step that says nothing of the core is not decided by it.
    """
    counted = Steps()
    for chain in evidence["chains"]:
        for step in chain["steps"]:
            level = step["level"]
            core = (step.get("trusts") or {}).get("core")
            if level in ("proved", "cited"):
                counted += Steps(
                    1, level == "proved" and core is True, level == "cited"
                )
    return counted


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
        return self._reversed(lambda e: e.consumes)

    @cached_property
    def _mentioners(self) -> dict[str, list[Entry]]:
        return self._reversed(lambda e: e.mentions)

    def _reversed(
        self, named: Callable[[Entry], Iterable[str]]
    ) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for e in self.all:
            for other in named(e):
                found.setdefault(other, []).append(e)
        return found

    @cached_property
    def _corrections(self) -> dict[str, list[Entry]]:
        corrections: dict[str, list[Entry]] = {}
        for right in self.all:
            if right.corrects:
                corrections.setdefault(right.corrects, []).append(right)
        return corrections

    def used_by(self, claim_id: str) -> list[Entry]:
        """Return the claims of which a check consumes this one."""
        return self._users.get(claim_id, [])

    def mentioned_by(self, claim_id: str) -> list[Entry]:
        """Return the claims that only point at this one."""
        return self._mentioners.get(claim_id, [])

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
        """Return all that a claim rests on, nearest first.

        It rests on what its checks consumed, not on what it mentions.
        """
        seen = {claim_id}
        layer = [claim_id]
        found: list[Entry] = []
        while layer:
            layer = [u for e in self.known(layer) for u in e.consumes]
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
        both = (claim, *ancestors)
        if any(not self.get(u) for e in both for u in e.consumes):
            return None
        real = weakest(e.level for e in both)
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
            *self.mentioned_by(claim_id),
            *self.corrected_by(claim_id),
            *([weak] if weak else []),
        ]


EXPECTED = "expectation refuted"
CORRECTED = "refuted and corrected"
_COUNTED = [*LEVELS[:-1], CORRECTED, "refuted", EXPECTED]


def tally(claims: list[Entry], corrected: set[str]) -> list[tuple[str, int]]:
    """Count claims by level, strongest first.

    Args:
        claims: The claims to count.
        corrected: Ids of the refuted claims that have a correction.

    Returns:
        Pairs of a level and its count, without zeros; a refuted claim is an
        error that a source prints, with or without a correction, or only
        what one might expect.
    """

    def name(e: Entry) -> str:
        if e.is_expectation:
            return EXPECTED
        return CORRECTED if e.is_erratum and e.id in corrected else e.level

    counts = Counter(map(name, claims))
    return [(name, counts[name]) for name in _COUNTED if counts[name]]


def edges(claims: Iterable[Entry]) -> tuple[int, int, int]:
    """Count what claims name.

    Returns:
        how many a check consumed, of how many that a derivation names, and
        how many a measurement puts to the test.
    """
    listed = list(claims)
    consumed = sum(len(e.consumes) for e in listed)
    measured = sum(len(e.measures) for e in listed)
    return consumed, sum(len(e.uses) for e in listed) - measured, measured

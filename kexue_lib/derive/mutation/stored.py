"""Results of the controls, kept in the repository for the page.

One file a chapter, ``book/controls/<chapter>.json``: for every claim how its
wrong versions fared, and a digest of the evidence that they belong to. What
belongs to other evidence is stale and is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kexue_lib.derive.claims import Claim
from kexue_lib.derive.mutation.outcomes import Tally

FOLDER = Path("book/controls")
VOLATILE = frozenset({"seconds", "controls"})
"""Entries of the evidence that say nothing about what is claimed."""


def digest(evidence: Mapping[str, Any]) -> str:
    """A short name of the evidence that the controls were run for."""
    text = json.dumps(_kept(evidence), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _kept(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {k: _kept(v) for k, v in data.items() if k not in VOLATILE}
    if isinstance(data, list | tuple):
        return [_kept(v) for v in data]
    return data


def write(
    pairs: Iterable[tuple[Claim, Tally]], folder: Path = FOLDER
) -> list[Path]:
    """Store what the controls of whole chapters found."""
    chapters: dict[str, dict[str, Any]] = {}
    for claim, tally in pairs:
        entry = {**tally.data, "evidence": digest(claim.to_dict())}
        chapters.setdefault(claim.chapter.slug, {})[claim.number] = entry
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for slug, entries in chapters.items():
        path = folder / f"{slug}.json"
        text = json.dumps(entries, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
        written.append(path)
    return written


def stored(
    evidence: Mapping[str, Any], folder: Path = FOLDER
) -> dict[str, Any] | None:
    """What is stored for a claim, by its evidence; None if nothing is.

    Raises:
        ValueError: it belongs to other evidence: run the controls again.
    """
    path = folder / f"{evidence['chapter']}.json"
    if not path.exists():
        return None
    entries = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, Any] | None = entries.get(evidence["number"])
    if found is None:
        return None
    if found["evidence"] != digest(evidence):
        raise ValueError(
            f"the controls of {evidence['id']} belong to other evidence: run "
            "python -m kexue_lib.derive controls ... --write"
        )
    return found


def sentence(entry: Mapping[str, Any]) -> str:
    """One line for the page."""
    said = f"rejected {entry['rejected']} of {entry['tried']} wrong versions"
    if entry["example"]:
        said += f", e.g. {entry['example']}"
    if entry["undecided"]:
        said += f"; {entry['undecided']} undecided"
    return said

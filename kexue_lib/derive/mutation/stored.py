"""Results of the controls, kept in the repository for the page.

One file a chapter, ``book/controls/<chapter>.json``: for every claim how its
wrong versions fared, and the digest of the evidence that they belong to. The
page shows a result only beside that evidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kexue_lib._canonical import digest
from kexue_lib.derive.claims import Claim
from kexue_lib.derive.mutation.outcomes import Tally

FOLDER = Path("book/controls")
SCHEMA = "kexue.controls/1"


def write(
    pairs: Iterable[tuple[Claim, Tally]], folder: Path = FOLDER
) -> list[Path]:
    """Store what the controls of whole chapters found."""
    chapters: dict[str, dict[str, Any]] = {}
    for claim, tally in pairs:
        entry = {**tally.data, "digest": digest(claim.to_dict())}
        chapters.setdefault(claim.chapter.slug, {})[claim.number] = entry
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for slug, claims in chapters.items():
        path = folder / f"{slug}.json"
        data = {"claims": claims, "schema": SCHEMA}
        text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
        written.append(path)
    return written

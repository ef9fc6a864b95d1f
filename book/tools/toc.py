"""The pages of the book, in reading order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from stored import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


def toc_pages() -> list[str]:
    """Return the document names of `_toc.yml`."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())

    def below(entries: list[dict[str, Any]]) -> Iterator[str]:
        for entry in entries:
            yield entry["file"]
            yield from below(entry.get("sections", []))

    chapters = [c for part in toc["parts"] for c in part["chapters"]]
    return [toc["root"], *below(chapters)]

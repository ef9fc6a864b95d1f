"""What the negative controls of a claim did, from committed files.

``book/controls/<chapter>.json`` is written by ``python -m kexue_lib.derive
controls notebooks --write``. A claim that has changed since then shows
nothing: its digest is another one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kexue_lib._canonical import digest

FOLDER = Path("book") / "controls"
SCHEMA = "kexue.controls/1"


def of_chapter(root: Path, chapter: str) -> dict[str, Any]:
    """Return number -> result of a chapter's claims; empty without a file.

    Raises:
        ValueError: the file is of another schema.
    """
    path = root / FOLDER / f"{chapter}.json"
    if not path.is_file():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    if content.get("schema") != SCHEMA:
        raise ValueError(f"{path}: its schema is not {SCHEMA}")
    claims: dict[str, Any] = content["claims"]
    return claims


def current(
    found: Mapping[str, Any] | None, evidence: Mapping[str, Any]
) -> bool:
    """Say whether a result is about the claim as it is now."""
    return found is not None and found["digest"] == digest(evidence)


def count(found: Mapping[str, Any]) -> str:
    """Say how many of the wrong versions of a claim were rejected."""
    said = f"rejected {found['rejected']} of {found['tried']} wrong versions"
    apart = [
        f"{found[what]} {what}"
        for what in ("equivalent", "undecided")
        if found[what]
    ]
    return f"{said} ({', '.join(apart)})" if apart else said


def example(found: Mapping[str, Any]) -> str:
    """Return one wrong version that was rejected, in plain text, or ""."""
    if not found["example"]:
        return ""
    # A formula in plain text: nothing of it is Markdown.
    told = re.sub(r"\s*->\s*", " → ", found["example"])
    return f"a wrong version that was rejected: {told}"

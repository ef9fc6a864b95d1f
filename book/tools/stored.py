"""The stored form of a notebook; standard library only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def all_notebooks() -> list[Path]:
    """Return every notebook of the book, in alphabetical order."""
    found = sorted((ROOT / "notebooks").rglob("*.ipynb"))
    return [p for p in found if ".ipynb_checkpoints" not in p.parts]


def serialise(notebook: dict[str, Any]) -> str:
    """Return the one text that a notebook with this content has."""
    text = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)
    return text + "\n"

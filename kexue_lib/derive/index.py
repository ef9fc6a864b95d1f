"""The committed index of all claims: what other chapters may use.

``python -m kexue_lib.derive index notebooks/`` writes ``index.json`` from
the stored outputs of the notebooks; it travels in the wheel.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("index.json")


@lru_cache(maxsize=1)
def load() -> dict[str, dict[str, Any]]:
    """Return id -> level, title, statement, uses, of every stored claim."""
    return json.loads(PATH.read_text(encoding="utf-8"))["claims"]


def known(full: str) -> bool:
    """Say whether a claim of that id is in the index."""
    return full in load()


def entry(full: str) -> dict[str, Any]:
    """Return the index entry of a claim.

    Raises:
        KeyError: no claim has that id.
    """
    return load()[full]


def stored_claims(notebook: Path) -> list[dict[str, Any]]:
    """Return the evidence in the stored outputs of a notebook."""
    mime = "application/vnd.kexue.evidence+json"
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [
        output["data"][mime]
        for cell in cells
        for output in cell.get("outputs", [])
        if mime in output.get("data", {})
    ]


def build(folder: Path) -> dict[str, Any]:
    """Make the index from all notebooks below ``folder``.

    Raises:
        ValueError: two stored claims have the same id.
    """
    claims: dict[str, Any] = {}
    for notebook in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in notebook.parts:
            continue
        for data in stored_claims(notebook):
            if data["id"] in claims:
                raise ValueError(f"{notebook}: duplicate claim {data['id']}")
            claims[data["id"]] = {
                "level": data["level"],
                "statement": [s["latex"] for s in data["statement"]],
                "title": data["title"],
                "uses": data["uses"],
            }
    return {"claims": claims, "schema": "kexue.index/1"}


def write(folder: Path) -> int:
    """Write the index; return the number of claims."""
    data = build(folder)
    text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False)
    PATH.write_text(text + "\n", encoding="utf-8")
    load.cache_clear()
    return len(data["claims"])

"""The committed index of all claims: what other chapters may use.

``python -m kexue_lib.derive index notebooks`` writes one file a chapter,
``kexue_lib/claims/<chapter>.json``, from the stored outputs of the notebooks;
the files travel in the wheel. A chapter's file is read when it is asked for.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from kexue_lib.derive import formal
from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.levels import Level
from kexue_lib.derive.statement import Stated

FOLDER = Path(__file__).parents[1] / "claims"
MIME = "application/vnd.kexue.evidence+json"
SCHEMA = "kexue.index/2"


@cache
def load(chapter: str) -> dict[str, dict[str, Any]]:
    """Return id -> level, title, statement, uses, of a chapter's claims.

    A chapter that has no file has no claims.
    """
    path = FOLDER / f"{chapter}.json"
    if not re.fullmatch(r"[a-z0-9-]+", chapter) or not path.is_file():
        return {}
    return json.loads(path.read_text(encoding="utf-8"))["claims"]


def known(full: str) -> bool:
    """Say whether a claim of that id is in the index."""
    return full in load(full.split(".")[0])


def entry(full: str) -> dict[str, Any]:
    """Return the index entry of a claim.

    Raises:
        KeyError: no claim has that id.
    """
    return load(full.split(".")[0])[full]


class Shipped:
    """A result of another chapter, as the index ships it.

    Args:
        name: full id of the claim; the label of one of several chains
            stands behind a colon, as in ``"lru.C3:window"``.
    """

    def __init__(self, name: str) -> None:
        full, _, label = name.partition(":")
        if not known(full):
            raise ClaimError(f"{name}: the index has no claim {full}")
        self.full = full
        several = entry(full)["statement"]
        found = [s for s in several if not label or s["label"] == label]
        if len(found) != 1:
            labels = ", ".join(repr(s["label"]) for s in several)
            raise ClaimError(
                f"{name}: name one of its {len(several)} statements, as in "
                f"{full}:label; they are labelled {labels}"
            )
        self._data = found[0]
        self.name = f"{full} ({label})" if label else full

    def equation(self) -> Stated:
        """Return the equation, for ``by.using``."""
        return self._stated(("=",), flip=())

    def inequality(self) -> Stated:
        """Return the inequality, smaller side first."""
        return self._stated(("<", "<=", ">", ">="), flip=(">", ">="))

    def _stated(
        self, wanted: tuple[str, ...], flip: tuple[str, ...]
    ) -> Stated:
        text = self._data["formal"]
        if text is None:
            raise ClaimError(f"{self.name} has no formal statement to use")
        found = formal.read(text)
        relation = found.relation.text
        if relation not in wanted:
            raise ClaimError(f"{self.name} says {relation}")
        sides = [found.lhs, found.rhs]
        if relation in flip:
            sides.reverse()
        level = Level(self._data["level"])
        return Stated(
            sides[0], sides[1], found.domain, level, self.full, self.name
        )


def stored_claims(notebook: Path) -> list[dict[str, Any]]:
    """Return the evidence in the stored outputs of a notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [
        output["data"][MIME]
        for cell in cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]


def build(notebook: Path) -> dict[str, Any]:
    """Make the index of a chapter from its notebook.

    Raises:
        ValueError: two stored claims have the same id, or a claim says that
            it belongs to another chapter than the one of that name.
    """
    claims: dict[str, Any] = {}
    for data in stored_claims(notebook):
        if data["id"] in claims:
            raise ValueError(f"{notebook}: duplicate claim {data['id']}")
        if data["id"].split(".")[0] != notebook.stem:
            raise ValueError(
                f"{notebook}: claim {data['id']} is not of chapter "
                f"{notebook.stem}"
            )
        claims[data["id"]] = {
            "level": data["level"],
            "consumes": data["consumes"],
            "rank": data["rank"],
            "statement": [
                {k: s[k] for k in ("formal", "label", "latex", "level")}
                for s in data["statement"]
            ],
            "title": data["title"],
            "uses": data["uses"],
        }
    return {"claims": claims, "schema": SCHEMA}


def texts(folder: Path) -> dict[Path, str]:
    """Return the files of the index as the notebooks below would have them.

    Raises:
        ValueError: two notebooks have the same name, or as :func:`build`.
    """
    found: dict[Path, str] = {}
    for notebook in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in notebook.parts:
            continue
        path = FOLDER / f"{notebook.stem}.json"
        if path in found:
            raise ValueError(f"{notebook}: two chapters have this name")
        data = build(notebook)
        text = json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False)
        found[path] = text + "\n"
    return found


def write(folder: Path) -> tuple[int, list[str]]:
    """Write the files that changed, delete those of chapters that are gone.

    Nothing is touched when a notebook is at fault.

    Returns:
        The number of chapters, and the names of those that changed.
    """
    wanted = texts(folder)
    if not wanted:
        raise ValueError(f"{folder} has no notebooks")
    FOLDER.mkdir(exist_ok=True)
    present = {
        path: path.read_text(encoding="utf-8")
        for path in FOLDER.glob("*.json")
    }
    for path in present.keys() - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        if present.get(path) != text:
            path.write_text(text, encoding="utf-8")
    load.cache_clear()
    changed = {
        path.stem
        for path in present.keys() | wanted.keys()
        if present.get(path) != wanted.get(path)
    }
    return len(wanted), sorted(changed)

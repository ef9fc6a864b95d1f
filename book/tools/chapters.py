"""The pages and chapters of the book: one list, read from `_toc.yml`.

Whatever needs "every chapter" asks here. Standard library only, because
`make configure` runs before anything is installed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ENTRY = re.compile(
    r"^(?:root|\s*- (?P<kind>file|glob)):\s*(?P<page>\S+)", re.MULTILINE
)
SUFFIXES = (".md", ".rst", ".ipynb")


class BookError(ValueError):
    """The book's files contradict each other; the message is one line."""


@dataclass(frozen=True)
class Chapter:
    """A notebook of the book."""

    root: Path
    part: str
    slug: str

    @property
    def page(self) -> str:
        """Sphinx's name of the page."""
        return f"notebooks/{self.part}/{self.slug}"

    @property
    def path(self) -> Path:
        """The notebook."""
        return self.root / f"{self.page}.ipynb"


def pages(root: Path = ROOT) -> list[str]:
    """Return the names of all pages in reading order.

    Where a pattern is listed, the files are those that exist: the pages of
    the API exist once the book has been built.

    Raises:
        BookError: a page is listed twice.
    """
    found: list[str] = []
    for entry in ENTRY.finditer((root / "_toc.yml").read_text("utf-8")):
        page = entry["page"]
        found += matching(root, page) if entry["kind"] == "glob" else [page]
    twice = [page for page, times in Counter(found).items() if times > 1]
    if twice:
        raise BookError(f"_toc.yml lists {', '.join(twice)} twice")
    return found


def matching(root: Path, pattern: str) -> list[str]:
    """Return the pages that a pattern of `_toc.yml` adds."""
    listed = (root / "_toc.yml").read_text("utf-8")
    names = (
        path.relative_to(root).with_suffix("").as_posix()
        for path in root.glob(pattern)
        if path.suffix in SUFFIXES
    )
    return sorted(n for n in names if f"- file: {n}\n" not in listed)


def chapters(root: Path = ROOT) -> list[Chapter]:
    """Return the chapters in reading order.

    Raises:
        BookError: `_toc.yml`, `notebooks/` and `kexue_lib/` disagree.
    """
    listed = [
        Chapter(root, *page.split("/")[1:])
        for page in pages(root)
        if re.fullmatch(r"notebooks/[^/]+/[^/]+", page)
    ]
    folder = root / "notebooks"
    present = {
        path
        for path in folder.rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    }
    for path in sorted(present - {chapter.path for chapter in listed}):
        name = path.relative_to(root).with_suffix("").as_posix()
        raise BookError(f"{name} is missing from _toc.yml")
    slugs = Counter(chapter.slug for chapter in listed)
    for chapter in listed:
        if chapter.path not in present:
            raise BookError(f"_toc.yml lists {chapter.page}: no such notebook")
        if slugs[chapter.slug] > 1:
            raise BookError(f"two chapters are called {chapter.slug}")
        package = f"kexue_lib/{chapter.part}"
        if not (root / package / "__init__.py").is_file():
            raise BookError(f"{chapter.page} has no subject package {package}")
    return listed


def notebooks(root: Path = ROOT) -> list[Path]:
    """Return the path of every chapter in reading order."""
    return [chapter.path for chapter in chapters(root)]


def serialise(notebook: dict[str, Any]) -> str:
    """Return the one text that a notebook with this content has."""
    text = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)
    return text + "\n"

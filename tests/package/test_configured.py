"""A book with a repository address: buttons that lead to the right place."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

from chapters import chapters, pages
from configure import first_cell

from tests.harness.wheel import call

REPO = "someone/executable-kexue"
CHAPTER = chapters()[0].page
START = pages()[0]


def reduce(book: Path) -> None:
    """Leave the first page and one chapter: every page has its buttons."""
    (book / "_toc.yml").write_text(
        f"format: jb-book\nroot: {START}\nchapters:\n  - file: {CHAPTER}\n"
    )
    for path in (book / "notebooks").rglob("*.ipynb"):
        if path != book / f"{CHAPTER}.ipynb":
            path.unlink()


def test_buttons_lead_to_the_repository(snapshot, tmp_path):
    book = tmp_path / "book"
    shutil.copytree(snapshot, book)
    call(
        "make",
        "configure",
        f"REPO={REPO}",
        f"PYTHON={sys.executable}",
        cwd=book,
    )
    for path in (book / "notebooks").rglob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code = next(c for c in cells if c["cell_type"] == "code")
        assert "".join(code["source"]) == first_cell(REPO), path.name
    reduce(book)
    # Not -W: the two pages refer to the others.
    jupyter_book = Path(sys.executable).parent / "jupyter-book"
    call(jupyter_book, "build", ".", "-q", cwd=book)
    built = book / "_build" / "html"
    for name in (START, CHAPTER):
        suffix = "ipynb" if name == CHAPTER else "md"
        hrefs = set(
            re.findall(
                r'href="(https://[^"]*)"', (built / f"{name}.html").read_text()
            )
        )
        where = f"{REPO}/blob/main/{name}.{suffix}"
        colab = f"https://colab.research.google.com/github/{where}"
        assert (colab in hrefs) == (name == CHAPTER)
        assert f"https://github.com/{REPO}" in hrefs
        assert f"https://github.com/{REPO}/edit/main/{name}.{suffix}" in hrefs
        assert any(
            h.startswith(f"https://github.com/{REPO}/issues") for h in hrefs
        )
        assert not [
            h for h in hrefs if "executablebooks" in h and "jupyter-book/" in h
        ]

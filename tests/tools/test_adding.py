"""Adding a chapter touches four places; all else is derived from them.

A copy of the project gets a chapter in a part that has none yet, and the
book is built from it with few other pages.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from chapters import ROOT, chapters, serialise
from configure import first_cell

from kexue_lib.derive import Chapter, by

PAGE = "notebooks/position/tiny-steps"
SUMMARY = "Why a *small* step of $x^2$ is safe."
# 2 x 1 pixels.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAADUlEQVR4nGP4////fwAJ"
    "+wP9CNHoHgAAAABJRU5ErkJggg=="
)
PLACES = {
    "kexue_lib/position/__init__.py": '''"""Positions: what a step does.

They step.
"""

from kexue_lib.position.tiny import STEPS, tiny_step

__all__ = ["STEPS", "tiny_step"]
''',
    "kexue_lib/position/tiny.py": '''"""Steps that are small: one of them."""

STEPS = 1
"""How many there are."""


def tiny_step(x: float) -> float:
    """Return the next x.

    Chapter: tiny-steps, claim C1
    """
    return x / 2
''',
    "tests/position/test_tiny.py": """from kexue_lib import position


def test_step():
    assert position.tiny_step(2.0) == 1.0
""",
}
ENTRY = """
@misc{tiny2026,
  title = {Tiny steps},
  author = {Ada Tiny},
  year = {2026},
}
"""
BEFORE = "      - file: book/parts/position\n"
ADDED = f"        sections:\n          - file: {PAGE}\n"
# What the build is tried with: other chapters would only cost time.
TOC = f"""\
format: jb-book
root: book/intro
parts:
  - caption: Optimisation
    chapters:
{BEFORE}{ADDED}  - caption: Reference
    chapters:
      - file: book/evidence
      - file: book/runtimes
      - file: book/references
      - file: book/api/index
        sections:
          - file: book/api/position
"""


def notebook() -> str:
    """The new chapter as `make notebooks` would store it."""
    chapter = Chapter("tiny-steps")
    x = chapter.symbols("x", "real")
    claim = chapter.claim("C1", "A square").show((x + 1) ** 2)
    claim.eq(x**2 + 2 * x + 1, by.algebra())
    prose = (
        "# Tiny steps: is a small step safe?\n\n"
        "After {cite}`tiny2026`, <https://kexue.fm/archives/1>.\n"
    )
    shown = [{"image/png": PNG}, claim._repr_mimebundle_()]
    cells = [
        {"cell_type": "markdown", "source": prose},
        {"source": first_cell(""), "metadata": {"tags": ["remove-cell"]}},
        {"source": "from kexue_lib import position\nposition.tiny_step(2.0)"},
        *({"source": "claim", "outputs": [out(data)]} for data in shown),
    ]
    full = [
        {"id": f"cell-{count}", "metadata": {}}
        | ({} if "cell_type" in cell else CODE | {"execution_count": count})
        | cell
        for count, cell in enumerate(cells)
    ]
    return serialise(
        {
            "cells": full,
            "metadata": {
                "kernelspec": {
                    "display_name": "Python 3",
                    "language": "python",
                    "name": "python3",
                },
                "kexue": {"summary": SUMMARY},
                "language_info": {"name": "python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


CODE = {"cell_type": "code", "outputs": []}


def out(data):
    return {"output_type": "display_data", "data": data, "metadata": {}}


def call(copy, *command):
    run = subprocess.run(
        [str(word) for word in command],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return run.stdout + run.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project with one more chapter, its index of claims written."""
    copy = tmp_path_factory.mktemp("copy")
    listed = "git", "ls-files", "-z", "-co", "--exclude-standard"
    for name in call(ROOT, *listed).split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    call(copy, "git", "init", "-q")
    call(copy, "git", "add", "-A")
    call(copy, "git", *identity, "commit", "-qm", "before")
    for name, text in {f"{PAGE}.ipynb": notebook(), **PLACES}.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text, encoding="utf-8")
    with (copy / "book" / "references.bib").open("a") as bibliography:
        bibliography.write(ENTRY)
    toc = copy / "_toc.yml"
    assert BEFORE in toc.read_text()
    toc.write_text(toc.read_text().replace(BEFORE, BEFORE + ADDED))
    index = "-m", "kexue_lib.derive", "index", "notebooks"
    said = call(copy, sys.executable, *index)
    assert f"{len(chapters()) + 1} chapters, changed: tiny-steps\n" in said
    return copy


@pytest.fixture(scope="module")
def built(copy):
    """The book of the copy: its folder, and what the build said."""
    (copy / "_build").mkdir()
    toc = copy / "_build" / "toc.yml"
    toc.write_text(TOC)
    build = Path(sys.executable).parent / "jupyter-book", "build", "."
    # Links to pages that are left out here are not found.
    said = call(copy, *build, "--toc", toc)
    return copy / "_build" / "html", said


@pytest.fixture
def page(built):
    def soup(docname):
        html = built[0] / f"{docname}.html"
        return BeautifulSoup(html.read_text("utf-8"), "html.parser")

    return soup


def test_four_places_and_their_index(built, copy):
    status = call(copy, "git", "status", "--porcelain", "-uall").splitlines()
    assert {line[3:] for line in status} == {
        # The notebook, and what storing it writes.
        f"{PAGE}.ipynb",
        "kexue_lib/claims/tiny-steps.json",
        # The library module with its test.
        *PLACES,
        # The bibliography.
        "book/references.bib",
        # The table of contents.
        "_toc.yml",
    }


def test_the_list_of_chapters(copy):
    found = [chapter.slug for chapter in chapters(copy)]
    assert set(found) - {chapter.slug for chapter in chapters()} == {
        "tiny-steps"
    }


def test_the_index_of_claims(copy):
    stored = json.loads(
        (copy / "kexue_lib/claims/tiny-steps.json").read_text()
    )
    assert list(stored["claims"]) == ["tiny-steps.C1"]


def test_nothing_is_said_about_it(built):
    said = built[1]
    assert not [
        line
        for line in said.splitlines()
        if "WARNING" in line and ("tiny" in line or "position" in line)
    ]


def test_the_table_of_its_part(page):
    (row,) = page("book/parts/position").select("table.kx-chapters tbody tr")
    assert row.find("a").get_text() == "Tiny steps"
    assert row.find("a")["href"] == f"../../{PAGE}.html"
    assert row.find("em").get_text() == "small"


def test_its_card(page, built):
    (card,) = page("book/intro").select(".kx-card")
    assert card.find("a").get_text() == "Tiny steps: is a small step safe?"
    assert card.find("a")["href"] == f"../{PAGE}.html"
    image = card.find("img")
    assert (image["width"], image["height"]) == ("2", "1")
    assert image["loading"] == "lazy"
    assert image["alt"]
    stored = (built[0] / "book" / image["src"]).read_bytes()
    assert stored == base64.b64decode(PNG)
    assert (built[0] / "book" / card.find("a")["href"]).is_file()


def test_the_claim_on_the_evidence_page(page):
    rows = page("book/evidence").select(".kx-table tr[data-chapter]")
    assert [row["data-chapter"] for row in rows] == ["tiny-steps"]


def test_the_api(page, built):
    index = page("book/api/index")
    packages = [a.get_text() for a in index.select(".api-packages dt a")]
    assert "kexue_lib.position" in packages
    assert "Positions: what a step does" in index.get_text()
    shown = page("book/api/position")
    assert shown.find(id="steps-that-are-small-one-of-them").find("h2")
    entry = shown.find(id="kexue_lib.position.tiny_step").parent
    assert entry.find("a", string="tiny-steps")["href"] == f"../../{PAGE}.html"
    assert entry.find(class_="kx-used-in").get_text() == "Used in Tiny steps"
    source = entry.find("a", string="[source]")["href"]
    file, _, line = source.partition("#")
    text = (built[0] / "book" / "api" / file).read_text()
    assert f'<span id="{line}">def tiny_step' in text
    assert shown.find(id="kexue_lib.position.STEPS")


def test_run_times_of_another_list_of_chapters_are_gone(page):
    chapters = page("book/runtimes").find(id="chapters")
    assert "Not shown" in chapters.get_text()
    assert chapters.find("table") is None


def test_its_source(page):
    assert page(PAGE).find("a", string="Tiny, 2026")
    assert "Tiny steps" in page("book/references").get_text()

"""One list of chapters; what contradicts it is one clear line."""

from __future__ import annotations

import subprocess
import sys

import pytest
from chapters import ROOT, SUFFIXES, BookError, chapters, pages

TOC = """\
format: jb-book
root: book/intro
parts:
  - caption: Optimisation
    chapters:
      - file: book/parts/optim
        sections:
          - file: notebooks/optim/muon
          - file: notebooks/optim/tiger
"""


@pytest.fixture
def book(tmp_path):
    """A book of two chapters, in a folder of its own."""
    (tmp_path / "_toc.yml").write_text(TOC)
    for folder in ("notebooks/optim", "kexue_lib/optim"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("muon", "tiger"):
        (tmp_path / "notebooks" / "optim" / f"{name}.ipynb").write_text("{}")
    (tmp_path / "kexue_lib" / "optim" / "__init__.py").touch()
    return tmp_path


def test_reading_order(book):
    assert pages(book)[:2] == ["book/intro", "book/parts/optim"]
    found = chapters(book)
    assert [c.slug for c in found] == ["muon", "tiger"]
    assert {c.part for c in found} == {"optim"}
    assert all(c.path.is_file() for c in found)


def test_the_book_agrees_with_itself():
    assert len(chapters()) >= 7
    for page in pages():
        files = [ROOT / f"{page}{end}" for end in SUFFIXES]
        assert any(f.is_file() for f in files), page


def test_a_pattern_stands_for_the_pages_that_exist(book):
    toc = (book / "_toc.yml").read_text()
    api = book / "book" / "api"
    entries = (
        "      - file: book/api/index\n"
        "        sections:\n"
        "          - glob: book/api/*  # made by the build\n"
    )
    (book / "_toc.yml").write_text(toc + entries)
    assert pages(book)[-1] == "book/api/index"
    api.mkdir(parents=True)
    for name in ("index.md", "ssm.rst", "optim.rst", "notes.txt"):
        (api / name).touch()
    assert pages(book)[-3:] == [
        "book/api/index",
        "book/api/optim",
        "book/api/ssm",
    ]


def add(book, slug, part="optim"):
    path = book / "notebooks" / part / f"{slug}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")


def listed(book, page):
    path = book / "_toc.yml"
    path.write_text(path.read_text() + f"          - file: {page}\n")


def test_not_listed(book):
    add(book, "lora")
    with pytest.raises(BookError, match=r"^notebooks/optim/lora is missing"):
        chapters(book)


def test_checkpoints_are_no_chapters(book):
    add(book, "muon-checkpoint", "optim/.ipynb_checkpoints")
    assert len(chapters(book)) == 2


def test_no_notebook(book):
    listed(book, "notebooks/optim/lora")
    with pytest.raises(BookError, match="lora: no such notebook"):
        chapters(book)


def test_same_slug_in_two_parts(book):
    add(book, "muon", "ssm")
    listed(book, "notebooks/ssm/muon")
    with pytest.raises(BookError, match="two chapters are called muon"):
        chapters(book)


def test_listed_twice(book):
    listed(book, "notebooks/optim/muon")
    with pytest.raises(BookError, match="lists notebooks/optim/muon twice"):
        chapters(book)


def test_no_package(book):
    (book / "kexue_lib" / "optim" / "__init__.py").unlink()
    with pytest.raises(
        BookError, match="has no subject package kexue_lib/optim"
    ):
        chapters(book)


@pytest.mark.parametrize("tool", ["configure.py", "run.py"])
def test_the_tools_say_it_in_one_line(book, tool):
    add(book, "lora")
    tools = book / "book" / "tools"
    tools.mkdir(parents=True)
    for path in (ROOT / "book" / "tools").glob("*.py"):
        (tools / path.name).write_text(path.read_text())
    arguments = ["a/b"] if tool == "configure.py" else []
    run = subprocess.run(
        [sys.executable, tools / tool, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    last = run.stderr.splitlines()[-1]
    assert "notebooks/optim/lora is missing from _toc.yml" in last

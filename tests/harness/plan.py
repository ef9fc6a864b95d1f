"""What can run on its own, and the digest of all that it can read.

A unit (a test file, a chapter, a page) is left out of `make test` only if
its digest is the one with which it was last green.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from chapters import Chapter

from tests.harness.reach import Reach

Digests = dict[str, str]
READS = ()  # a tool: those who use it say what they read
# They need the built book, or environments of their own.
BOOK, PACKAGE = "tests/book/", "tests/package/"
COLAB = f"{PACKAGE}test_colab.py"


def _test_files(reach: Reach) -> list[str]:
    return sorted(
        f
        for f in reach.files
        if f.startswith("tests/") and Path(f).match("test_*.py")
    )


def types(reach: Reach) -> Digests:
    """Return the one unit of the type checker: the library."""
    library = {
        f
        for f in reach.files
        if f.startswith("kexue_lib/") and f.endswith(".py")
    }
    return {"types": reach.digest(library | reach.always)}


def unit(reach: Reach) -> Digests:
    """Return every test file that needs neither book nor environment."""
    return {
        f: reach.digest(reach.of(f))
        for f in _test_files(reach)
        if not f.startswith((BOOK, PACKAGE))
    }


def package(reach: Reach) -> Digests:
    """Return the test files that make environments of their own."""
    return {
        f: reach.digest(reach.of(f))
        for f in _test_files(reach)
        if f.startswith(PACKAGE) and f != COLAB
    }


def colab(reach: Reach, chosen: Iterable[Chapter]) -> Digests:
    """Return the chapters as they run with Colab's packages."""
    test = reach.of(COLAB) if COLAB in reach.files else frozenset()
    tests = {f for f in test if f.startswith((PACKAGE, "tests/conftest"))}
    return {
        f"colab {c.slug}": reach.digest(reach.of(f"{c.page}.ipynb") | tests)
        for c in chosen
    }


def changed_lately(reach: Reach, chosen: Iterable[Chapter]) -> list[str]:
    """Return the chapters that the last day's commits have changed."""
    git = ("git", "-C", str(reach.root))
    told = subprocess.run(
        [*git, "log", "-1", "--format=%cI"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    since = datetime.fromisoformat(told) - timedelta(days=1)
    names = subprocess.run(
        [
            *git,
            "log",
            f"--since={since.isoformat()}",
            "--format=",
            "--name-only",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [c.slug for c in chosen if f"{c.page}.ipynb" in names]


def proofs(reach: Reach, chosen: Iterable[Chapter]) -> Digests:
    """Return the chapters: notebook, outputs, and all that the code uses."""
    names = [f"{c.page}.ipynb" for c in chosen]
    return {name: reach.digest(reach.of(name)) for name in names}


def controls(reach: Reach, chapter: Chapter) -> str:
    """Return the digest of what the controls of a chapter depend on.

    Code cells, the engine and the imported subject modules, the claims of
    other chapters, the pins and this Python; not prose, not outputs.
    """
    name = f"{chapter.page}.ipynb"
    pins = ("requirements.txt", "pyproject.toml")
    files = {
        f for f in reach.of(name) if f.startswith("kexue_lib/") or f in pins
    }
    return reach.digest_with(files, reach.code(name))


def build(reach: Reach) -> tuple[Digests, Digests]:
    """Return (everything that a build reads, the same without pages).

    Sphinx notices a changed page by itself, but neither a changed
    extension nor a changed style: then all pages are to be written.
    """
    kinds = ("book/", "notebooks/", "kexue_lib/", "benchmarks/")
    files = {
        f
        for f in reach.files
        if f.startswith(kinds) or f.endswith((".md", ".yml", ".toml", ".txt"))
    }
    written = {
        f
        for f in files
        if f.startswith(("notebooks/", "book/"))
        and f.endswith((".ipynb", ".md"))
    }
    return (
        {"build": reach.digest(files)},
        {"build: all but pages": reach.digest(files - written)},
    )


def pages(reach: Reach, html: Path, listed: Iterable[str]) -> Digests:
    """Return the built pages, each with the styles and scripts of all."""
    shared = sorted(
        path
        for path in (html / "_static").rglob("*")
        if path.is_file() and path.suffix in (".css", ".js")
    )
    tests = {f for f in reach.files if f.startswith(BOOK)}
    same = reach.digest_with(
        reach.always | tests,
        *(path.relative_to(html).as_posix() for path in shared),
        *(path.read_bytes() for path in shared),
    )
    return {
        f"page {page}": reach.digest_with(
            (), same, (html / f"{page}.html").read_bytes()
        )
        for page in listed
        if (html / f"{page}.html").exists()
    }

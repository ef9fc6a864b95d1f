"""What a measurement was made on, and whether that is still so.

A result says on which chapters of the book it was measured, or on which
source files. Standard library only: ``benchmarks/report.py`` writes with it,
the page reads with it.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def digest(text: str) -> str:
    """Hash Python source, without its docstrings, comments, empty lines.

    Works on lines, so that every version of Python gives the same.
    """
    words: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                words.update(range(node.lineno, (node.end_lineno or 0) + 1))
    kept = [
        line.rstrip()
        for number, line in enumerate(text.splitlines(), 1)
        if number not in words and line.strip()
        if not line.lstrip().startswith("#")
    ]
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()[:16]


def files(root: Path, measures: Iterable[str]) -> list[Path]:
    """Return the Python files that are, or are below, the given paths.

    Raises:
        ValueError: a path of ``measures`` does not exist.
    """
    found: list[Path] = []
    for name in measures:
        path = root / name
        if not path.exists():
            raise ValueError(f"measures: {name!r} is no file or folder")
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return found


def sources(root: Path, measures: Iterable[str]) -> dict[str, str]:
    """Return path -> digest of the files that a result is about."""
    return {
        path.relative_to(root).as_posix(): digest(path.read_text("utf-8"))
        if path.suffix == ".py"
        else hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in files(root, measures)
    }


def stale(
    root: Path, result: Mapping[str, Any], chapters: Iterable[str]
) -> str:
    """Say in what a result is not about the present book; else "".

    Args:
        root: the repository.
        result: a stored measurement; ``chapters`` in it are those that the
            book had, ``sources`` the digests of the measured files.
        chapters: the slugs of the present chapters.
    """
    then, now = set(result.get("chapters", [])), set(chapters)
    if "chapters" in result and then != now:
        news = [f"{len(now - then)} more"] if now - then else []
        gone = [f"not {', '.join(sorted(then - now))}"] if then - now else []
        count = f"{len(then)} chapter{'s' if len(then) != 1 else ''}"
        return f"on {count}; the book has {' and '.join(news + gone)}"
    changed = [
        name
        for name, before in result.get("sources", {}).items()
        if not (root / name).is_file()
        or sources(root, [name]) != {name: before}
    ]
    if not changed:
        return ""
    more = f" and {len(changed) - 2} more files" if len(changed) > 3 else ""
    names = changed[:2] if more else changed
    return f"before {', '.join(names)}{more} changed"

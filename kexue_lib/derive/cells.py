"""Claims of a notebook, found by running its code cells."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kexue_lib.derive.chapters import Chapter
from kexue_lib.derive.claims import Claim


class CellError(Exception):
    """A code cell of a notebook failed; names the cell."""


def code_cells(path: Path) -> list[str]:
    """Return the source of the code cells, without magics.

    Raises:
        ValueError: the file is not a notebook.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a notebook: {error}") from error
    return [
        _without_magics("".join(cell["source"]))
        for cell in cells
        if cell["cell_type"] == "code"
    ]


def _without_magics(source: str) -> str:
    """Blank lines of IPython's own syntax; keep the line numbers."""
    if source.startswith("%%"):
        return ""
    lines = [
        _blank(line) if line.lstrip()[:1] in ("%", "!") else line
        for line in source.split("\n")
    ]
    return "\n".join(lines)


def _blank(line: str) -> str:
    return line[: len(line) - len(line.lstrip())] + "pass"


def claims_of(path: str | Path) -> list[Claim]:
    """Run the code cells of a notebook and return its claims in order.

    The cells run in this process, in one namespace, without IPython and
    without display; figures are not shown.

    Args:
        path: the notebook.

    Raises:
        CellError: a cell failed.
    """
    path = Path(path)
    os.environ.setdefault("MPLBACKEND", "Agg")
    space: dict[str, Any] = {"__name__": "__main__"}
    for number, source in enumerate(code_cells(path), start=1):
        name = f"{path.name} cell {number}"
        run = _runner(name)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                run(source, space)
        except Exception as error:
            raise CellError(f"{name}: {type(error).__name__}: {error}") from (
                error
            )
    return claims_in(space)


def claims_in(space: dict[str, Any]) -> list[Claim]:
    """Return the claims of every chapter in a namespace, in order.

    In a kernel that has run a notebook: ``claims_in(globals())``.
    """
    chapters = dict.fromkeys(
        v for v in space.values() if isinstance(v, Chapter)
    )
    return [c for chapter in chapters for c in chapter.claims.values()]


def _runner(name: str) -> Callable[[str, dict[str, Any]], None]:
    def run(source: str, space: dict[str, Any]) -> None:
        tree = ast.parse(source, name)
        exec(compile(tree, name, "exec"), space)

    return run

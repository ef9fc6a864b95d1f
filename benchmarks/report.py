"""How a measurement is written down: one table, where, when, and of what."""

from __future__ import annotations

import datetime
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kexue_lib.sphinxext.measured import sources

ROOT = Path(__file__).parents[1]
# The list of chapters is a tool of the book, not a part of the library.
sys.path.insert(0, str(ROOT / "book" / "tools"))

from chapters import Chapter, chapters, serialise  # noqa: E402

__all__ = ["ROOT", "Chapter", "chapters", "path_of", "serialise", "store"]


def machine() -> str:
    """Describe this computer in a few words."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def path_of(name: str) -> Path:
    """Return where a result lies: ``part/topic``, or a name of ``book/``."""
    return (
        ROOT / "benchmarks" / f"{name if '/' in name else f'book/{name}'}.json"
    )


def store(
    name: str,
    columns: list[str],
    rows: list[list[str]],
    *,
    measures: Sequence[str] | None = None,
) -> None:
    """Print the table and write it beside its benchmark, for the book.

    Args:
        name: ``part/topic``; a name without a part concerns the whole book.
        columns: the table's head.
        rows: its cells, as text to be shown.
        measures: files or folders that were measured; when one changes, the
            page refuses the result. Left out, a topic measures the library
            module of its name, and the whole book its present chapters.

    Raises:
        ValueError: ``measures`` names what does not exist.
    """
    widths = [
        max(len(row[i]) for row in [columns, *rows])
        for i in range(len(columns))
    ]
    for row in [columns, *rows]:
        print("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)))
    data: dict[str, Any] = {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "columns": columns,
        "rows": rows,
    }
    if measures is None and "/" not in name:
        data["chapters"] = [chapter.slug for chapter in chapters()]
    else:
        data["sources"] = sources(ROOT, measures or [library_module(name)])
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    path_of(name).write_text(text, encoding="utf-8")


def library_module(name: str) -> str:
    """Return the library's file or folder with the name of a topic."""
    module = f"kexue_lib/{name}"
    return module if (ROOT / module).is_dir() else f"{module}.py"

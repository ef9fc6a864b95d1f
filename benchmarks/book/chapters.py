"""How long each chapter takes to run."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from benchmarks.report import chapters, store

TITLE = "Chapters"
WORDS = """\
How long a chapter takes to run from top to bottom, kernel start included.
"""


def chapter_times(path: Path) -> tuple[float, float]:
    """Wall time of a chapter in a fresh kernel, and the sum of its cells."""
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    start = time.perf_counter()
    NotebookClient(notebook, record_timing=True, resources=where).execute()
    wall = time.perf_counter() - start
    stamps = [
        cell.metadata.execution
        for cell in notebook.cells
        if "execution" in cell.metadata
    ]

    def moment(stamp: dict[str, str], event: str) -> float:
        text = stamp[f"iopub.{event}"]
        return datetime.datetime.fromisoformat(text).timestamp()

    cells = sum(
        moment(s, "status.idle") - moment(s, "status.busy") for s in stamps
    )
    return wall, cells


def main() -> None:
    rows = []
    for chapter in chapters():
        wall, cells = chapter_times(chapter.path)
        rows.append([chapter.slug, f"{wall:.1f} s", f"{cells:.1f} s"])
    store("chapters", ["chapter", "wall time", "of which cells"], rows)


if __name__ == "__main__":
    main()

"""nbval compares no drawing: an SVG is to it what a PNG is.

Loaded by ``addopts`` of pyproject.toml, so that a plain ``pytest --nbval``
knows it too. The text beside a drawing is compared like any other.
"""

from __future__ import annotations

from typing import Any

DRAWING = "image/svg+xml"


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Leave out the drawings of each notebook."""
    for notebook in {item.parent for item in items}:
        skipped = getattr(notebook, "skip_compare", None)
        if skipped is not None and DRAWING not in skipped:
            notebook.skip_compare = (*skipped, DRAWING)

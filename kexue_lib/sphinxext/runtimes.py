"""The tables of measurements, from the JSON that ``make bench`` writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def table(columns: list[str], rows: list[list[str]]) -> nodes.table:
    """Return a plain table."""
    group = nodes.tgroup(cols=len(columns))
    group += [nodes.colspec(colwidth=1) for _ in columns]

    def row(cells: list[str]) -> nodes.row:
        return nodes.row(
            "", *(nodes.entry("", nodes.paragraph("", c)) for c in cells)
        )

    group += nodes.thead("", row(columns))
    group += nodes.tbody("", *(row(cells) for cells in rows))
    return nodes.table("", group)


class Measurements(SphinxDirective):
    """``{measurements} name``: show ``benchmarks/results/name.json``.

    The file holds ``{"machine": str, "date": str, "columns": [...],
    "rows": [[...], ...]}``; every cell is text as it is to be shown.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the table and a line that says where and when."""
        name = self.arguments[0]
        path = (
            Path(self.env.srcdir) / "benchmarks" / "results" / f"{name}.json"
        )
        self.env.note_dependency(str(path))
        if not path.exists():
            raise self.error(f"no measurements {path}: run make bench")
        data: dict[str, Any] = json.loads(path.read_text())
        where = f"Measured {data['date']} on {data['machine']}."
        return [
            table(data["columns"], data["rows"]),
            nodes.paragraph("", "", nodes.emphasis("", where)),
        ]


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("measurements", Measurements)

"""Which Python and which packages of Colab's the chapters were proven with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

RECORD = "tests/package/colab.json"
NAMED = ("torch", "numpy", "sympy", "ipython", "ipywidgets")


def sentence(record: dict[str, Any]) -> str:
    """Return what the record says, for a reader."""
    day = date.fromisoformat(record["date"])
    versions = ", ".join(f"{n} {record['packages'][n]}" for n in NAMED)
    return (
        f"On {day.day} {day:%B %Y} each of the {len(record['chapters'])} "
        "chapters that the book had then ran as a single file with the "
        f"packages that Colab has preinstalled ({versions}), on Python "
        f"{record['python']}."
    )


class ColabProof(SphinxDirective):
    """``{colab-proof}``: one paragraph, from the record of the last proof."""

    def run(self) -> list[nodes.Node]:
        """Read the record and say it."""
        path = Path(self.env.srcdir) / RECORD
        self.env.note_dependency(str(path))
        if not path.exists():
            raise self.error(
                f"no {RECORD}: run KEXUE_COLAB=record python -m pytest "
                "tests/package/test_colab.py"
            )
        record = json.loads(path.read_text("utf-8"))
        return [nodes.paragraph("", sentence(record))]


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("colab-proof", ColabProof)

"""What nbval cannot see: the form in which notebooks are stored."""

from __future__ import annotations

import json
import re

import nbformat
import pytest
from chapters import ROOT, notebooks, serialise
from configure import configured, first_cell
from nbformat.v4.rwbase import split_lines
from run import normalise

from kexue_lib.derive import index
from kexue_lib.explore._bundle import FIGURE_MIME

ABSOLUTE = re.compile(r"(/home/|/Users/|/root/|/work/|/tmp/|[A-Z]:\\\\)")
ADDRESS = re.compile(r" at 0x[0-9a-f]{6,}")
VOLATILE = ("widget-view",)
# nbval compares neither; what they show is said beside them.
DRAWINGS = ("image/png", "image/svg+xml")


def problems(notebook: dict) -> list[str]:
    """Why nbval would pass this notebook without having checked it."""
    found = []
    code = [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
    ]
    counts = [cell["execution_count"] for cell in code]
    if counts != list(range(1, len(code) + 1)):
        found.append(f"not executed once from top to bottom: {counts}")
    if "widgets" in notebook["metadata"]:
        found.append("stored widget state")
    for number, cell in enumerate(code, 1):
        for output in cell["outputs"]:
            text = json.dumps(
                {k: v for k, v in output.items() if k != "metadata"}
            )
            data = output.get("data", {})
            if output.get("name") == "stderr":
                found.append(f"cell {number}: stderr")
            if output["output_type"] == "error":
                found.append(f"cell {number}: error")
            readable = json.dumps(
                {k: v for k, v in data.items() if k not in DRAWINGS}
            ) + json.dumps(output.get("text", ""))
            if ABSOLUTE.search(readable):
                found.append(f"cell {number}: absolute path")
            if ADDRESS.search(readable):
                found.append(f"cell {number}: memory address")
            if "image/svg+xml" in data and FIGURE_MIME not in data:
                found.append(f"cell {number}: an svg that is no figure")
            found += [
                f"cell {number}: {kind}" for kind in VOLATILE if kind in text
            ]
    return found


@pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.stem)
class TestStored:
    def test_executed_and_portable(self, path):
        assert problems(json.loads(path.read_text("utf-8"))) == []

    def test_canonical_form(self, path):
        text = path.read_text("utf-8")
        notebook = nbformat.reads(text, as_version=4)
        assert serialise(split_lines(normalise(notebook))) == text

    def test_first_cell_installs_the_library(self, path):
        notebook = json.loads(path.read_text("utf-8"))
        cell = next(c for c in notebook["cells"] if c["cell_type"] == "code")
        assert "".join(cell["source"]) == first_cell(configured())
        assert cell["metadata"]["tags"] == ["remove-cell"]

    def test_credits_the_original(self, path):
        text = path.read_text("utf-8")
        assert "https://kexue.fm/archives/" in text

    def test_says_in_one_line_what_it_settles(self, path):
        metadata = json.loads(path.read_text("utf-8"))["metadata"]
        summary = metadata["kexue"]["summary"]
        assert summary.endswith(".")
        assert "\n" not in summary
        assert 40 <= len(summary) <= 200

    def test_cells_are_short(self, path):
        notebook = json.loads(path.read_text("utf-8"))
        code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
        lines = [len("".join(c["source"]).splitlines()) for c in code[1:]]
        # A result stands in one cell, with what it is derived from.
        assert max(lines) <= 45
        assert sum(lines) / len(lines) <= 17


def test_there_are_notebooks():
    assert notebooks()


def test_the_index_of_claims_agrees_with_the_notebooks():
    wanted = index.texts(ROOT / "notebooks")
    assert set(index.FOLDER.iterdir()) == set(wanted)
    stale = [p.stem for p, text in wanted.items() if p.read_text() != text]
    assert not stale, "run python -m kexue_lib.derive index notebooks"


def run_cell(source="1", count=1, outputs=()):
    return {
        "cell_type": "code",
        "source": source,
        "execution_count": count,
        "outputs": list(outputs),
        "metadata": {},
    }


@pytest.mark.parametrize(
    ("cells", "metadata", "why"),
    [
        ([run_cell(count=None)], {}, "not executed"),
        ([run_cell(), run_cell(count=3)], {}, "not executed"),
        ([run_cell()], {"widgets": {}}, "widget state"),
        (
            [
                run_cell(
                    outputs=[
                        {
                            "output_type": "stream",
                            "name": "stderr",
                            "text": "x",
                        }
                    ]
                )
            ],
            {},
            "stderr",
        ),
        (
            [
                run_cell(
                    outputs=[
                        {
                            "output_type": "stream",
                            "name": "stdout",
                            "text": "/home/me/x",
                        }
                    ]
                )
            ],
            {},
            "absolute path",
        ),
        (
            [
                run_cell(
                    outputs=[
                        {
                            "output_type": "display_data",
                            "data": {"text/plain": "<A at 0x7f00aa11bb>"},
                        }
                    ]
                )
            ],
            {},
            "memory address",
        ),
        (
            [
                run_cell(
                    outputs=[
                        {
                            "output_type": "display_data",
                            "data": {"image/svg+xml": "<svg/>"},
                        }
                    ]
                )
            ],
            {},
            "svg",
        ),
    ],
)
def test_each_problem_is_seen(cells, metadata, why):
    found = problems({"cells": cells, "metadata": metadata})
    assert len(found) == 1
    assert why in found[0]

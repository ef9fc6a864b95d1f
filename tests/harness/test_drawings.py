"""nbval with figures: the drawing may differ, the words may not."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import pytest
from chapters import ROOT

READS = ("tests/harness/[!t]*", "pyproject.toml")
CELL = """\
from IPython.display import display
display({"image/svg+xml": "<svg/>", "text/plain": "A line"}, raw=True)"""


@pytest.mark.parametrize(
    ("words", "passes"), [("A line", True), ("A curve", False)]
)
def test_a_plain_nbval(tmp_path, words, passes):
    data = {"image/svg+xml": "<svg>other</svg>", "text/plain": words}
    cell = nbformat.v4.new_code_cell(CELL, execution_count=1)
    cell.outputs = [nbformat.v4.new_output("display_data", data)]
    path = tmp_path / "drawn.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    command = [
        *("-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider"),
        *("-W", "ignore", "-c", str(ROOT / "pyproject.toml")),
        *("--rootdir", str(ROOT)),
    ]
    done = subprocess.run(
        [sys.executable, *command, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode == 0) == passes, done.stdout
    if not passes:
        assert "mismatch 'text/plain'" in done.stdout

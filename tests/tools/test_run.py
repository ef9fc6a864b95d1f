"""`make notebooks`: executes, normalises, and never stores a failure."""

from __future__ import annotations

import subprocess
import sys

import nbformat
from chapters import ROOT

TOOL = ROOT / "book" / "tools" / "run.py"


def write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def run(*arguments):
    return subprocess.run(
        [sys.executable, TOOL, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_twice_changes_no_byte(tmp_path):
    path = tmp_path / "one.ipynb"
    write(path, "x = 2", "x + 1")
    assert run(path).returncode == 0
    first = path.read_bytes()
    again = run(path)
    assert again.returncode == 0
    assert "unchanged" in again.stdout
    assert path.read_bytes() == first
    stored = nbformat.read(path, as_version=4)
    assert stored.cells[1].outputs[0].data["text/plain"] == "3"
    assert [c.execution_count for c in stored.cells] == [1, 2]


def test_failing_cell_is_named_and_nothing_is_stored(tmp_path):
    bad, good = tmp_path / "bad.ipynb", tmp_path / "good.ipynb"
    write(bad, "x = 2", "x / 0")
    write(good, "1")
    before = bad.read_bytes()
    result = run(bad, good)
    assert result.returncode == 1
    assert bad.read_bytes() == before
    assert "bad, code cell 2" in result.stderr
    assert "x / 0" in result.stderr
    assert "ZeroDivisionError: division by zero" in result.stderr
    assert "good: stored" in result.stdout
    assert not list(tmp_path.glob("*.new"))


def test_missing_file():
    result = run("nowhere.ipynb")
    assert result.returncode == 2
    assert "no such notebook: nowhere.ipynb" in result.stderr


def test_normalise_makes_ids_deterministic(tmp_path):
    paths = [tmp_path / "a.ipynb", tmp_path / "b.ipynb"]
    for path in paths:
        write(path, "1", "1", "2")
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            del cell["id"]
        notebook["nbformat_minor"] = 4
        nbformat.write(notebook, path)
        assert run("--normalise", path).returncode == 0
    assert paths[0].read_bytes() == paths[1].read_bytes()
    ids = [c.id for c in nbformat.read(paths[0], as_version=4).cells]
    assert len(set(ids)) == 3


def test_what_is_printed_in_pieces_is_stored_in_one(tmp_path):
    path = tmp_path / "one.ipynb"
    write(
        path,
        "import sys, time\nprint(1, flush=True)\ntime.sleep(0.5)\nprint(2)",
        "print(3, flush=True)\ndisplay(4)\nprint(5)",
    )
    assert run(path).returncode == 0
    one, two = nbformat.read(path, as_version=4).cells
    assert [o.text for o in one.outputs] == ["1\n2\n"]
    kinds = [o.output_type for o in two.outputs]
    assert kinds == ["stream", "display_data", "stream"]


def test_the_line_that_lists_show_is_kept(tmp_path):
    path = tmp_path / "one.ipynb"
    write(path, "1")
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.kexue = {"summary": "It *is* so.", "other": 1}
    notebook.metadata.widgets = {}
    nbformat.write(notebook, path)
    assert run("--normalise", path).returncode == 0
    metadata = nbformat.read(path, as_version=4).metadata
    assert metadata.kexue == {"summary": "It *is* so."}
    assert "widgets" not in metadata

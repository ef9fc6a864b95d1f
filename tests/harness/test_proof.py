"""nbval with controls: what is wrong is named by chapter, cell and reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from chapters import ROOT

from tests.harness.kernels import PORTABLE, offered
from tests.harness.plugin import DAILY

READS = ("tests/harness/[!t]*", "book/tools/*")
HEAD = (
    "from kexue_lib.derive import Chapter, by\n"
    'demo = Chapter("demo")\n'
    'x = demo.symbols("x", "positive")'
)
GOOD = (
    'claim = demo.claim("C1", "A square").show((x + 1) ** 2)'
    ".eq(x**2 + 2 * x + 1, by.algebra())\nprint(claim.level.value)"
)
# A check of the notebook's own that accepts whatever it is shown.
LOOSE = (
    "from kexue_lib.derive import admission\n"
    "from kexue_lib.derive.checks.base import Finding\n"
    "from kexue_lib.derive.levels import Level\n"
    "class Loose(type(by.algebra())):\n"
    "    def run(self, statement):\n"
    '        return Finding(Level.PROVED, "believed")\n'
    "admission.MINTING |= {Loose}\n"
)
SURVIVES = GOOD.replace("by.algebra()", "Loose()")
DIES = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"


def store(folder, name, *cells):
    """Write a notebook as stored after a run: (source, what it printed)."""
    made = []
    for number, (source, printed) in enumerate(cells, 1):
        cell = nbformat.v4.new_code_cell(source, execution_count=number)
        if printed:
            cell.outputs = [
                nbformat.v4.new_output("stream", name="stdout", text=printed)
            ]
        made.append(cell)
    path = folder / f"{name}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path.name


@pytest.fixture(scope="module")
def kernels():
    extra = {"PYTHONPATH": str(ROOT), **PORTABLE}
    warm = sys.platform == "linux"
    with offered(
        Path(sys.executable), extra, warm=warm, subjects=[]
    ) as folder:
        yield folder


def prove(folder, kernels, *names, skip="", library=str(ROOT)):
    plan = {Path(name).stem: {"all": False, "skip": skip} for name in names}
    (folder / "plan.json").write_text(json.dumps(plan))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-c", os.devnull, "--rootdir", ".", "-W", "ignore"),
            *("--nbval", "--nbval-kernel-name=chapter"),
            *("-p", "tests.harness.plugin", "--plan", "plan.json"),
            *("--found", "found.json", f"--library={library}", *names),
        ],
        cwd=folder,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "JUPYTER_PATH": str(kernels)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    found = json.loads((folder / "found.json").read_text())
    return done.returncode, done.stdout, found


def test_a_good_chapter(tmp_path, kernels):
    name = store(tmp_path, "good", (HEAD, ""), (GOOD, "proved\n"))
    code, said, found = prove(tmp_path, kernels, name)
    assert code == 0, said
    (tally,) = found["good"]["tallies"]
    assert tally["claim"] == "demo.C1"
    assert tally["rejected"] == DAILY
    assert tally["failures"] == []
    assert found["good"]["passed"]


def test_controls_that_are_known_are_not_tried(tmp_path, kernels):
    name = store(tmp_path, "good", (HEAD, ""), (GOOD, "proved\n"))
    code, _, found = prove(tmp_path, kernels, name, skip="known")
    assert code == 0
    assert found == {}


def test_another_output_is_named(tmp_path, kernels):
    name = store(tmp_path, "other", (HEAD, ""), (GOOD, "exact\n"))
    code, said, found = prove(tmp_path, kernels, name)
    assert code == 1
    assert "other.ipynb" in said
    assert "Cell 1" in said
    assert "exact" in said
    assert "proved" in said
    assert "not tried: a cell of the chapter failed" in said
    assert found == {}


def test_an_accepted_falsehood_is_named(tmp_path, kernels):
    name = store(
        tmp_path, "loose", (HEAD, ""), (LOOSE, ""), (SURVIVES, "proved\n")
    )
    code, said, found = prove(tmp_path, kernels, name)
    assert code == 1
    assert "SURVIVED demo.C1 step 1" in said
    assert not found["loose"]["passed"]


def test_a_chapter_without_claims_is_none(tmp_path, kernels):
    name = store(tmp_path, "empty", ("x = 1", ""))
    code, said, _ = prove(tmp_path, kernels, name)
    assert code == 1
    assert "the chapter has no claim" in said


def test_a_dead_kernel_is_named_and_not_waited_for(tmp_path, kernels):
    dead = store(tmp_path, "dead", (HEAD, ""), (DIES, ""), (GOOD, "proved\n"))
    good = store(tmp_path, "good", (HEAD, ""), (GOOD, "proved\n"))
    code, said, found = prove(tmp_path, kernels, dead, good)
    assert code == 1
    assert "dead.ipynb::Cell 1" in said
    assert "the kernel died of SIGKILL" in said, said
    assert "os.kill(os.getpid(), signal.SIGKILL)" in said
    assert "2 skipped" in said
    assert found["good"]["passed"]


def test_the_library_must_be_the_one_meant(tmp_path, kernels):
    name = store(tmp_path, "good", (HEAD, ""), (GOOD, "proved\n"))
    code, said, _ = prove(tmp_path, kernels, name, library="/elsewhere")
    assert code == 1
    assert "the chapter ran with" in said

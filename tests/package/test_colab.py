"""Notebook files, alone, with only what Colab has preinstalled.

Four chapters take their turn each day. KEXUE_COLAB="lru muon" adds the
chapters that changed ("only lru" tries no others), KEXUE_COLAB=all tries every
one, and KEXUE_COLAB=record also writes down, for the book to show, what was
proven.
"""

from __future__ import annotations

import itertools
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from chapters import ROOT, chapters
from configure import first_cell

from tests.harness.wheel import call

from . import colab

REPO = "someone/executable-kexue"
RECORD = ROOT / "tests" / "package" / "colab.json"
CHAPTERS = {chapter.slug: chapter.path for chapter in chapters()}
ASKED = os.environ.get("KEXUE_COLAB", "")
EXECUTE = "from nbclient.cli import main; main()"
INSTALLED = "import importlib.util as u; print(u.find_spec('kexue_lib'))"
VERSIONS = """\
import json
from importlib.metadata import version
import torch
names = {names}
print(json.dumps([torch.__file__, {{n: version(n) for n in names}}]))
"""


def execute(python: Path, path: Path, gitconfig: Path) -> None:
    """Run a notebook as Colab would; its first cell installs the library."""
    notebook = json.loads(path.read_text("utf-8"))
    cell = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    cell["source"] = first_cell(REPO)
    path.write_text(json.dumps(notebook), "utf-8")
    call(
        python,
        *("-c", EXECUTE, "--inplace", path.name),
        cwd=path.parent,
        GIT_CONFIG_GLOBAL=str(gitconfig),
    )
    ran = json.loads(path.read_text("utf-8"))["cells"]
    counts = [c["execution_count"] for c in ran if c["cell_type"] == "code"]
    assert counts == [*range(1, len(counts) + 1)], path.name


def test_first_cell_installs_and_chapters_run(
    snapshot, alone, record_property
):
    slugs = colab.chosen([*CHAPTERS], ASKED, date.today())
    base = colab.interpreter(colab.wanted())
    version = colab.version_of(base)
    right = version.startswith(f"{colab.wanted()}.")
    assert right or ASKED != "record", f"no Python {colab.wanted()} here"
    kept = colab.kept_environment(base)
    gitconfig = alone.parent / "gitconfig"
    gitconfig.write_text(
        f'[url "{snapshot.as_uri()}"]\n'
        f"    insteadOf = https://github.com/{REPO}\n"
    )
    versions = VERSIONS.format(names=[*colab.pins()])
    with colab.copied(kept) as python:
        assert call(python, "-c", INSTALLED, cwd=alone).strip() == "None"
        before = call(python, "-c", versions, cwd=alone)
        first, *rest = [alone / CHAPTERS[slug].name for slug in slugs]
        execute(python, first, gitconfig)  # this one installs the library
        with ThreadPoolExecutor(2) as pool:
            tried = [
                pool.submit(execute, python, path, gitconfig) for path in rest
            ]
        for one in tried:
            one.result()
        assert call(python, "-c", versions, cwd=alone) == before
        assert "kexue_lib" in call(python, "-c", INSTALLED, cwd=alone)
    untouched = call(kept / "bin" / "python", "-c", INSTALLED, cwd=alone)
    assert untouched.strip() == "None"
    _, packages = json.loads(before)
    assert packages == colab.pins()
    also = "" if right else f" (Colab has {colab.wanted()}: none here)"
    record_property(
        "proven",
        f"Colab's packages, Python {version}{also}: {', '.join(slugs)}",
    )
    if ASKED == "record":
        proven = {
            "date": date.today().isoformat(),
            "python": version,
            "packages": packages,
            "chapters": slugs,
        }
        RECORD.write_text(json.dumps(proven, indent=1) + "\n")


def test_the_record_is_of_these_packages():
    """The book shows this record; a changed colab.txt needs a new one."""
    proven = json.loads(RECORD.read_text())
    assert proven["python"].startswith(f"{colab.wanted()}.")
    assert proven["packages"] == colab.pins()


def test_every_chapter_has_its_turn():
    slugs = [str(number) for number in range(40)]
    days = [date(2026, 11, 27) + timedelta(n) for n in range(10)]
    turns = [colab.chosen(slugs, "", day) for day in days]
    assert {len(turn) for turn in turns} == {4}
    assert sorted(itertools.chain(*turns), key=int) == slugs
    assert set(colab.chosen(slugs, "7 31", days[0])) == {*turns[0], "7", "31"}
    assert colab.chosen(slugs, "all", days[0]) == slugs
    assert colab.chosen(slugs, "only 31 7", days[0]) == ["7", "31"]
    assert colab.chosen(["a", "b"], "", days[0]) == ["a", "b"]
    with pytest.raises(ValueError, match="got nope"):
        colab.chosen(slugs, "nope 7", days[0])


def test_a_copy_leaves_what_is_kept_as_it_was(tmp_path):
    kept = tmp_path / "colab-x"
    kept.mkdir()
    (kept / "a").write_text("kept")
    with colab.copied(kept) as python:
        copy = python.parents[1]
        assert (copy / "a").read_text() == "kept"
        (copy / "b").touch()
        (copy / "a").unlink()
    assert [path.name for path in tmp_path.rglob("*")] == ["colab-x", "a"]


def test_without_an_address_the_cell_says_what_to_do(fresh_python, alone):
    python = fresh_python("ipython==7.34.0", "setuptools<81")
    script = alone / "cell.ipy"
    script.write_text(first_cell(""))
    said = call(
        python,
        "-c",
        "import subprocess, sys; r = subprocess.run([sys.executable, '-m', "
        "'IPython', '--colors=NoColor', 'cell.ipy'], capture_output=True, "
        "text=True); print(r.returncode, r.stdout, r.stderr)",
        cwd=alone,
    )
    assert "names no repository" in said
    assert "pip install '.[torch,explore]'" in said

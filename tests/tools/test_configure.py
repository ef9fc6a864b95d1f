"""`make configure` in a copy of the project's relevant files."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from chapters import ROOT
from configure import first_cell


@pytest.fixture
def copy(tmp_path):
    """A copy to change; the tools run there with plain Python."""
    for name in ("_config.yml", "_toc.yml", "Makefile"):
        shutil.copy(ROOT / name, tmp_path)
    for folder in ("notebooks", "book/tools", "kexue_lib"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def files(folder):
    found = [p for p in folder.rglob("*") if "__pycache__" not in p.parts]
    return {p: p.read_bytes() for p in found if p.is_file()}


def make(folder, repo):
    return subprocess.run(
        ["make", "configure", f"REPO={repo}", f"PYTHON={sys.executable}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_writes_the_address_everywhere_and_back(copy):
    before = files(copy)
    assert make(copy, "some-one/exec.kexue").returncode == 0
    config = (copy / "_config.yml").read_text()
    assert '  url: "https://github.com/some-one/exec.kexue"\n' in config
    notebooks = sorted(copy.glob("notebooks/*/*.ipynb"))
    assert notebooks
    for path in notebooks:
        assert 'REPO = \\"some-one/exec.kexue\\"' in path.read_text()
    assert make(copy, "").returncode == 0
    assert files(copy) == before


@pytest.mark.parametrize(
    "repo",
    ["nonsense", "a/b/c", "https://github.com/a/b", "a b/c", 'a/"x', "-a/b"],
)
def test_nonsense_changes_nothing(copy, repo):
    before = files(copy)
    result = subprocess.run(
        [sys.executable, "book/tools/configure.py", repo],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "REPO must be owner/name" in result.stderr
    assert repr(repo) in result.stderr
    assert files(copy) == before


def test_make_reports_nonsense(copy):
    result = make(copy, "nonsense")
    assert result.returncode != 0
    assert "got 'nonsense'; nothing was changed" in result.stderr


def test_first_cell_is_valid_and_short():
    cell = first_cell("a/b")
    assert max(map(len, cell.splitlines())) < 80
    # No version is named: Colab's torch and numpy stay.
    (line,) = [line for line in cell.splitlines() if "%pip" in line]
    assert line.strip() == (
        '%pip install -q "kexue_lib[torch,explore] @ {source}"'
    )
    assert "numpy" not in cell

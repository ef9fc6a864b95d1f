"""Make names what is missing, in one line, and leaves the system alone."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from chapters import ROOT


@pytest.fixture
def folder(tmp_path):
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def fake_python(folder, *lines):
    """Stand-in for a Python that is too old or lacks a module."""
    path = folder / "fakepython"
    path.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n")
    path.chmod(0o755)
    return path


def make(folder, python):
    return subprocess.run(
        ["make", "setup", f"PYTHON={python}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C"},
    )


def complaint(result):
    assert result.returncode != 0
    lines = (result.stdout + result.stderr).splitlines()
    (line,) = [x for x in lines if x.startswith("make: ")][:1]
    return line


def test_no_python(folder):
    line = complaint(make(folder, "no-such-python"))
    assert "no-such-python is missing: install Python 3.11" in line


def test_old_python(folder):
    python = fake_python(
        folder,
        'case "$*" in *version_info*) exit 1;; -V) echo "Python 3.9.2";; esac',
    )
    line = complaint(make(folder, python))
    assert "Python 3.11 or newer is needed" in line
    assert "Python 3.9.2" in line


def test_python_without_venv(folder):
    python = fake_python(folder, 'case "$*" in *ensurepip*) exit 1;; esac')
    line = complaint(make(folder, python))
    assert "install python3-venv" in line
    assert not (folder / ".venv").exists()


def test_vendored_files_agree_with_the_lock():
    from vendor import check

    assert check() == []

"""Fresh virtual environments, far from the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from chapters import ROOT, notebooks

CHAPTERS = notebooks()


def call(*command: object, cwd: Path, **extra: str) -> str:
    """Run without anything that could lead back to the repository."""
    leading = ("PYTHON", "VIRTUAL_ENV", "KEXUE", "PYTEST", "COV_")
    clean = {k: v for k, v in os.environ.items() if not k.startswith(leading)}
    result = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean | extra,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, (
        result.stdout[-3000:] + result.stderr[-3000:]
    )
    return result.stdout


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory) -> Path:
    """A git repository of its own with the tracked files as they are now."""
    folder = tmp_path_factory.mktemp("snapshot")
    listed = call("git", "ls-files", "-z", cwd=ROOT).split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    call("git", "init", "-q", "-b", "main", cwd=folder)
    call("git", "add", "-A", cwd=folder)
    call("git", *identity, "commit", "-qm", "snapshot", cwd=folder)
    return folder


@pytest.fixture
def fresh_python(tmp_path):
    """Factory: `fresh_python("-r", "file")` is the Python of a new venv."""

    def make(*requirements: object, base: object = sys.executable) -> Path:
        call(base, "-m", "venv", "venv", cwd=tmp_path)
        python = tmp_path / "venv" / "bin" / "python"
        install = ("-m", "pip", "install", "-q", "--disable-pip-version-check")
        call(python, *install, *requirements, cwd=tmp_path)
        return python

    return make


@pytest.fixture
def alone(tmp_path) -> Path:
    """An empty folder that holds the chapters' notebooks, nothing else."""
    folder = tmp_path / "alone"
    folder.mkdir()
    for chapter in CHAPTERS:
        shutil.copy(chapter, folder)
    return folder


def pytest_terminal_summary(terminalreporter):
    """Say what was proven with which versions, in one line each."""
    for report in terminalreporter.getreports("passed"):
        for name, text in report.user_properties:
            if name == "proven" and report.when == "call":
                terminalreporter.write_line(text)

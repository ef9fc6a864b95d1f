"""Fresh virtual environments, far from the repository."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from chapters import ROOT, notebooks

from tests.harness.wheel import PIP, built, call, copy_checkout

READS = ()  # who takes a snapshot or the wheel says what matters in it


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory) -> Path:
    """A git repository of its own with the files as they are now."""
    folder = tmp_path_factory.mktemp("snapshot")
    copy_checkout(ROOT, folder)
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    call("git", "init", "-q", "-b", "main", cwd=folder)
    call("git", "add", "-A", cwd=folder)
    call("git", *identity, "commit", "-qm", "snapshot", cwd=folder)
    return folder


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout."""
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def fresh_python(tmp_path):
    """Factory: `fresh_python("-r", "file")` is the Python of a new venv."""

    def make(*requirements: object, base: object = sys.executable) -> Path:
        call(base, "-m", "venv", "venv", cwd=tmp_path)
        python = tmp_path / "venv" / "bin" / "python"
        call(python, *PIP, *requirements, cwd=tmp_path)
        return python

    return make


@pytest.fixture
def alone(tmp_path) -> Path:
    """An empty folder that holds the chapters' notebooks, nothing else."""
    folder = tmp_path / "alone"
    folder.mkdir()
    for chapter in notebooks():
        shutil.copy(chapter, folder)
    return folder


def pytest_terminal_summary(terminalreporter):
    """Say what was proven with which versions, in one line each."""
    for report in terminalreporter.getreports("passed"):
        for name, text in report.user_properties:
            if name == "proven" and report.when == "call":
                terminalreporter.write_line(text)

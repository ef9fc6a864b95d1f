"""Colab's environment, kept; what a chapter installs in it goes elsewhere.

PyPI's torch takes a minute and 5 GB, so the environment is made once, in
`.cache/colab-<key>`, and each proof gets a copy of it in hard links, which
takes seconds: pip puts new files in the place of old ones and never writes
into a file, so the kept one stays as it was made.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from chapters import ROOT

from tests.harness.wheel import call

CACHE = ROOT / ".cache"
PINS = ROOT / "tests" / "package" / "colab.txt"
ROTATION = 4


def wanted() -> str:
    """Return Colab's Python as colab.txt names it, like 3.13."""
    return re.match(r"# python==(\d+\.\d+)\n", PINS.read_text())[1]


def pins() -> dict[str, str]:
    """Return the packages of colab.txt with their versions."""
    return dict(re.findall(r"^([\w-]+)==(.+)$", PINS.read_text(), re.M))


def interpreter(version: str) -> Path:
    """Return a Python of that version, or the present one if none is found.

    Looked for: $KEXUE_COLAB_PYTHON, pyenv's versions (the newest), PATH.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    several = sorted(
        pyenv.glob(f"versions/{version}.*/bin/python"),
        key=lambda path: [int(n) for n in re.findall(r"\d+", path.parts[-3])],
    )
    candidates = [
        os.environ.get("KEXUE_COLAB_PYTHON"),
        *map(str, reversed(several)),
        shutil.which(f"python{version}"),
    ]
    for candidate in filter(None, candidates):
        try:
            if version_of(Path(candidate)).startswith(f"{version}."):
                return Path(candidate)
        except (RuntimeError, OSError):
            continue  # pyenv's stand-ins fail where the version is not chosen
    return Path(sys.executable)


def version_of(python: Path) -> str:
    """Return the version of an interpreter, like 3.13.2."""
    code = "import platform; print(platform.python_version())"
    return call(python, "-c", code, cwd=ROOT).strip()


def kept_environment(python: Path, cache: Path = CACHE) -> Path:
    """Return the folder of Colab's environment, made if it is not complete."""
    recipe = f"{version_of(python)}\n{PINS.read_text()}"
    key = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    folder = cache / f"colab-{key}"
    complete = folder / "complete"
    if complete.exists():
        return folder
    for old in cache.glob("colab-*"):  # 5 GB each
        shutil.rmtree(old)
    folder.mkdir(parents=True)
    call(python, "-m", "venv", folder, cwd=cache)
    call(
        folder / "bin" / "python",
        *("-m", "pip", "install", "-q", "--disable-pip-version-check"),
        *("-r", PINS),
        cwd=cache,
    )
    complete.touch()
    return folder


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """Give the Python of a copy that may be installed into."""
    scratch = Path(tempfile.mkdtemp(prefix="try-colab-", dir=folder.parent))
    try:
        layer = scratch / "venv"
        shutil.copytree(folder, layer, symlinks=True, copy_function=os.link)
        yield layer / "bin" / "python"
    finally:
        shutil.rmtree(scratch)


def chosen(slugs: list[str], asked: str, day: date) -> list[str]:
    """Return which chapters are tried.

    Args:
        slugs: all chapters in reading order.
        asked: `all`, or `record` (all, and write down what was proven), or
            the names of changed chapters; `only` before them: no others.
        day: decides on the four that take their turn besides.

    Raises:
        ValueError: a name is no chapter's.
    """
    if asked in ("all", "record"):
        return slugs
    only, *rest = [*asked.split(), ""]
    named = [n for n in (rest if only == "only" else [only, *rest]) if n]
    if unknown := sorted(set(named) - set(slugs)):
        raise ValueError(
            f"KEXUE_COLAB must be all, record or chapters, "
            f"got {', '.join(unknown)}"
        )
    start = day.toordinal() * ROTATION
    turns = 0 if only == "only" else ROTATION
    turn = {slugs[(start + i) % len(slugs)] for i in range(turns)}
    return [slug for slug in slugs if slug in turn | {*named}]

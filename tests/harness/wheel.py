"""The wheel of this checkout, and an environment that holds only it.

The environment is kept in `.cache/`, one for each set of pins; the wheel in
it is replaced each time, so that nothing of an older library remains.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.harness.kernels import clean_environment

PIP = ("-m", "pip", "install", "-q", "--disable-pip-version-check")
DONE = ".complete"


def call(*command: object, cwd: Path, **extra: str) -> str:
    """Run a command far from the repository; return what it printed.

    Raises:
        RuntimeError: it failed; the message ends with what it said.
    """
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean_environment(**extra),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{said}")
    return done.stdout


def copy_checkout(root: Path, folder: Path) -> None:
    """Copy the files that git tracks, or would track, as they are now."""
    listed = call(
        "git", "ls-files", "-z", "-co", "--exclude-standard", cwd=root
    )
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, folder / name)


def built(root: Path, folder: Path) -> Path:
    """Build the wheel of a checkout into a folder; return it."""
    with tempfile.TemporaryDirectory() as scratch:
        copy_checkout(root, Path(scratch))
        build = ("-m", "build", "--wheel", "--no-isolation")
        call(sys.executable, *build, "--outdir", folder, cwd=Path(scratch))
    (wheel,) = folder.glob("*.whl")
    return wheel


def environment(root: Path) -> Path:
    """Return the Python of a clean environment with this checkout's wheel."""
    pins = root / "requirements.txt"
    key = hashlib.sha256(
        pins.read_bytes()
        + (root / "pyproject.toml").read_bytes()
        + sys.version.encode()
    ).hexdigest()[:16]
    home = root / ".cache" / f"wheel-{key}"
    python = home / "bin" / "python"
    with tempfile.TemporaryDirectory() as scratch:
        wheel = built(root, Path(scratch))
        if not (home / DONE).exists():
            for old in home.parent.glob("wheel-*"):
                shutil.rmtree(old)
            home.parent.mkdir(exist_ok=True)
            call(sys.executable, "-m", "venv", home, cwd=Path(scratch))
            wanted = (f"{wheel}[all]", "ipykernel")
            call(python, *PIP, "-c", pins, *wanted, cwd=Path(scratch))
            (home / DONE).touch()
        again = ("--no-deps", "--force-reinstall", wheel)
        call(python, *PIP, *again, cwd=Path(scratch))
    return python

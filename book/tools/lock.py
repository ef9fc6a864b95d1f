"""Solve the project's requirements afresh and pin them in requirements.txt.

What is wanted stands in pyproject.toml: `dependencies`, what every extra
adds, and the group `dev`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEADER = """\
# Exact versions for `make book` and `make test`, written by `make lock`.
# The ranges that the library itself needs are in pyproject.toml.
"""
# What CUDA builds of torch bring along is torch's to choose per platform.
PLATFORM = re.compile(r"^(nvidia-|cuda-|triton|kexue)", re.IGNORECASE)


def wanted() -> list[str]:
    """All that the library, its extras and the book's tools ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    return [
        *project["project"]["dependencies"],
        # `all` names the other extras; the library is not on an index.
        *(need for extra in extras.keys() - {"all"} for need in extras[extra]),
        *project["dependency-groups"]["dev"],
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        python = f"{scratch}/bin/python"
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "-q", *wanted()], check=True)
        frozen = subprocess.run(
            [*pip, "freeze", "--all"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()
    pins = [
        re.sub(r"\+[a-z0-9.]+$", "", line)
        for line in frozen
        if not PLATFORM.match(line) and not line.startswith("pip==")
    ]
    path = ROOT / "requirements.txt"
    path.write_text(HEADER + "\n".join(pins) + "\n")
    print(f"{path.name}: {len(pins)} packages", file=sys.stderr)


if __name__ == "__main__":
    main()

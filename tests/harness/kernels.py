"""Kernel specifications for chapters: forked from a warm parent, or cold."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

READS = ("tests/harness/client.py", "tests/harness/warm.py")
HERE = Path(__file__).parent
NAME = "chapter"
# One thread and no vector instructions: what differs from a native run by
# the machine's arithmetic shows in the outputs.
PORTABLE = {"OMP_NUM_THREADS": "1", "ATEN_CPU_CAPABILITY": "default"}
# What chapters import: the warm parent has it already.
MODULES = (
    "torch",
    "sympy",
    "matplotlib.pyplot",
    "ipywidgets",
    "anywidget",
    "kexue_lib.derive",
    "kexue_lib.explore._explorer",
)
LEADING = ("PYTHON", "VIRTUAL_ENV", "KEXUE", "PYTEST", "COV_", "JUPYTER")


class KernelError(RuntimeError):
    """The warm parent did not start; the message says why."""


def clean_environment(**extra: str) -> dict[str, str]:
    """Return the environment without what could lead to the repository."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(LEADING)}
    return kept | extra


def write_spec(folder: Path, argv: list[str], env: dict[str, str]) -> None:
    """Write the kernel specification that ``JUPYTER_PATH=folder`` offers."""
    spec = folder / "kernels" / NAME
    spec.mkdir(parents=True)
    data = {
        "argv": argv,
        "display_name": NAME,
        "language": "python",
        "env": env,
    }
    (spec / "kernel.json").write_text(json.dumps(data))


@contextlib.contextmanager
def offered(
    python: Path, extra: dict[str, str], *, warm: bool, subjects: list[str]
) -> Iterator[Path]:
    """Offer a kernel called ``chapter``; yield its ``JUPYTER_PATH``.

    Args:
        python: the interpreter whose environment the kernels have.
        extra: environment variables of the kernels.
        warm: fork from a parent that has imported everything.
        subjects: the subject packages, imported by the warm parent.
    """
    with tempfile.TemporaryDirectory(prefix="kx-") as scratch:
        folder = Path(scratch)
        if not warm:
            launch = [str(python), "-m", "ipykernel_launcher"]
            argv = [*launch, "-f", "{connection_file}", "--log-level=ERROR"]
            write_spec(folder, argv, {"PYTHONPATH": "", **extra})
            yield folder
            return
        socket = str(folder / "warm")
        client = [sys.executable, "-I", "-S", str(HERE / "client.py")]
        write_spec(folder, [*client, socket, "{connection_file}"], {})
        modules = [*MODULES, *(f"kexue_lib.{name}" for name in subjects)]
        with subprocess.Popen(
            [str(python), str(HERE / "warm.py"), socket, *modules],
            cwd=folder,
            env=clean_environment(**extra),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as parent:
            try:
                assert parent.stdout is not None
                if parent.stdout.readline() != "ready\n":
                    said = parent.communicate()[1].strip().splitlines()
                    raise KernelError(f"no warm kernels: {said[-1:]}")
                yield folder
            finally:
                parent.kill()

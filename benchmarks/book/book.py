"""How long the book takes to build."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import ROOT, chapters, store
from tests.harness.wheel import copy_checkout

TITLE = "Building"
WORDS = ""

NOTEBOOKS = [chapter.path for chapter in chapters()]


def seconds(*command: object, cwd: Path = ROOT) -> float:
    """Wall time of a command that must succeed."""
    words = [str(word) for word in command]
    start = time.perf_counter()
    subprocess.run(words, cwd=cwd, check=True, capture_output=True)
    return time.perf_counter() - start


def build_times() -> tuple[float, float]:
    """Time a full build, and one after a notebook was edited."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "book"
        copy_checkout(ROOT, copy)
        command = (sys.executable, "book/tools/build.py")
        full = seconds(*command, cwd=copy)
        path = copy / NOTEBOOKS[0].relative_to(ROOT)
        notebook = json.loads(path.read_text())
        notebook["cells"][0]["source"][-1] += "\nEdited.\n"
        path.write_text(json.dumps(notebook))
        return full, seconds(*command, cwd=copy)


def import_time() -> float:
    """Median cost of `import kexue_lib` beyond Python's own start, in ms."""

    def once(statement: str) -> float:
        return seconds(sys.executable, "-c", statement)

    pairs = [(once("import kexue_lib"), once("pass")) for _ in range(15)]
    return 1000 * statistics.median(a - b for a, b in pairs)


def main() -> None:
    full, again = build_times()
    store(
        "book",
        ["what", "measured", "goal"],
        [
            ["full build", f"{full:.1f} s", "1 s per chapter"],
            ["build after one edited notebook", f"{again:.1f} s", "5 s"],
            ["import kexue_lib", f"{import_time():.0f} ms", "50 ms"],
        ],
    )


if __name__ == "__main__":
    main()

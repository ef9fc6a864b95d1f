"""Everything that `make test` proves, section by section.

python -m tests                 # all sections
python -m tests lint nbval      # only these
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "tools"))

from chapters import notebooks  # noqa: E402

BIN = Path(sys.executable).parent
PYTEST = "pytest -q -p no:cacheprovider"
NBVAL = f"{PYTEST} --nbval --nbval-kernel-name=python3 -W ignore"
NOTEBOOKS = " ".join(path.relative_to(ROOT).as_posix() for path in notebooks())
SLIDERS = "tests/explore/test_book_explorers.py"
PORTABLE = {"OMP_NUM_THREADS": "1", "ATEN_CPU_CAPABILITY": "default"}

# name, what it proves, command, extra environment
SECTIONS: list[tuple[str, str, str, dict[str, str]]] = [
    ("lint", "ruff: code and notebooks", "ruff check -q .", {}),
    ("format", "ruff: layout", "ruff format -q --check .", {}),
    ("types", "mypy: the library is typed", "mypy", {}),
    (
        "unit",
        "unit tests",
        f"{PYTEST} -n 2 tests --ignore=tests/book --ignore=tests/package "
        f"--ignore={SLIDERS}",
        {},
    ),
    (
        "nbval",
        "every notebook runs and gives its stored outputs",
        f"{NBVAL} -n 2 --dist loadscope notebooks",
        {},
    ),
    (
        "nbval-portable",
        "one thread, no vector instructions: the same outputs",
        f"{NBVAL} -n 2 --dist loadscope notebooks",
        PORTABLE,
    ),
    (
        "controls",
        "every check rejects wrong formulas",
        f"python -m kexue_lib.derive controls {NOTEBOOKS}",
        {},
    ),
    (
        "build",
        "the book builds without a warning",
        "jupyter-book build . --all -W -n --keep-going -q",
        {},
    ),
    (
        "book",
        "links, pages in a browser with the network off, sliders",
        f"{PYTEST} tests/book {SLIDERS}",
        {},
    ),
    (
        "package",
        "the wheel alone runs every chapter, Colab's packages alone one",
        f"{PYTEST} tests/package",
        {},
    ),
]


def run(command: str, extra: dict[str, str]) -> bool:
    words = shlex.split(command)
    words[0] = str(BIN / words[0])
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"} | extra
    return subprocess.run(words, cwd=ROOT, env=environment).returncode == 0


def main(chosen: list[str]) -> int:
    names = [name for name, *_ in SECTIONS]
    if unknown := set(chosen) - set(names):
        print(f"no section {sorted(unknown)}; there are {names}")
        return 2
    results = []
    for name, proves, command, extra in SECTIONS:
        if chosen and name not in chosen:
            continue
        print(f"\n=== {name}: {proves}\n    {command}", flush=True)
        start = time.perf_counter()
        good = run(command, extra)
        results.append((name, good, time.perf_counter() - start))
    print("\n=== summary")
    for name, good, seconds in results:
        print(f"{'ok  ' if good else 'FAIL'} {name:15} {seconds:6.1f} s")
    failed = sum(not good for _, good, _ in results)
    total = sum(seconds for *_, seconds in results)
    print(f"     {'total':15} {total:6.1f} s")
    print(f"sections: {len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

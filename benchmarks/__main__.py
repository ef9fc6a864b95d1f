"""`make bench`: every measurement, or those named.

python -m benchmarks                    # all: benchmarks/<part>/<topic>.py
python -m benchmarks ssm attention/entropy
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from kexue_lib.sphinxext.runtimes import benchmark

FOLDER = Path(__file__).parent
ON_DEMAND = ("book/ci",)
"""It runs CI twice: only when it is named."""


def topics() -> list[str]:
    """Return all names, those last that draw what others have stored."""
    names = sorted(
        path.relative_to(FOLDER).with_suffix("").as_posix()
        for path in FOLDER.glob("*/*.py")
        if not path.stem.startswith("_")
    )
    return sorted(names, key=lambda n: bool(benchmark(FOLDER, n).draws))


def chosen(words: list[str]) -> list[str]:
    """Return the topics that the words name, by part or one by one.

    Raises:
        ValueError: a word names nothing.
    """
    names = topics()
    known = {*names, *(name.split("/")[0] for name in names)}
    if unknown := [word for word in words if word not in known]:
        raise ValueError(
            f"no benchmark {', '.join(unknown)}; there are {', '.join(names)}"
        )
    return [
        name
        for name in names
        if name in words
        or (
            name not in ON_DEMAND
            and (not words or name.split("/")[0] in words)
        )
    ]


if __name__ == "__main__":
    try:
        todo = chosen(sys.argv[1:])
    except ValueError as error:
        sys.exit(str(error))
    for name in todo:
        print(f"\n=== {name}")
        importlib.import_module(f"benchmarks.{name.replace('/', '.')}").main()

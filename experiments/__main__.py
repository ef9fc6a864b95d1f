"""`make experiments`: every experiment that is not finished, or those named.

python -m experiments [lru_ring]
"""

from __future__ import annotations

import importlib
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from kexue_lib.sweep import sweep

FOLDER = Path(__file__).parent
RESULTS = FOLDER.parent / "kexue_lib" / "results"
NAMES = sorted(p.stem for p in FOLDER.glob("[!_]*.py"))


def main(chosen: list[str]) -> None:
    if unknown := set(chosen) - set(NAMES):
        sys.exit(f"no experiment {sorted(unknown)}; there are {NAMES}")
    # One thread a process: the numbers do not depend on the cores.
    os.environ["OMP_NUM_THREADS"] = "1"
    for name in chosen or NAMES:
        module = importlib.import_module(f"experiments.{name}")
        print(f"=== {name}: {len(module.POINTS)} points", flush=True)
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            result = sweep(
                module.run,
                module.POINTS,
                RESULTS / f"{name}.json",
                executor=pool,
                report=print,
            )
        print(f"{result.provenance['date']}, {result.provenance['commit']}")


if __name__ == "__main__":
    main(sys.argv[1:])

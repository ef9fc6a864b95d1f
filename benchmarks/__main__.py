"""`make bench`: every measurement, or those named.

python -m benchmarks [name ...]     # see NAMES
"""

from __future__ import annotations

import importlib
import sys

NAMES = (
    "attention",
    "book",
    "density",
    "derive",
    "explore",
    "kernel",
    "legs",
    "projection",
    "scan",
    "ssm",
    "cost",  # draws what the others have stored
)

if __name__ == "__main__":
    chosen = sys.argv[1:] or NAMES
    if unknown := set(chosen) - set(NAMES):
        sys.exit(f"no benchmark {sorted(unknown)}; there are {list(NAMES)}")
    for name in chosen:
        print(f"\n=== {name}")
        importlib.import_module(f"benchmarks.{name}").main()

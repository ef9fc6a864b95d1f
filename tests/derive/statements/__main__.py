"""Counts by kind, and rows whose ``today`` is out of date.

PYTHONPATH=. python -m tests.derive.statements
"""

from __future__ import annotations

from collections import Counter

from .all import ROWS


def main() -> None:
    """Run every row once and print what came out."""
    counts: dict[str, Counter[str]] = {}
    stale = []
    for row in ROWS:
        found, why = row.outcome()
        said = "true" if row.true else "false"
        counts.setdefault(row.kind, Counter())[f"{said} {found}"] += 1
        usual = row.today or row.wanted
        if found != usual:
            stale.append(f"{row.kind} {row.line}: {found}, not {usual}: {row}")
            if why:
                stale.append(f"    {why.splitlines()[0]}")
    for kind, counted in counts.items():
        print(f"{kind}: {dict(sorted(counted.items()))}")
    print(*stale, sep="\n")


if __name__ == "__main__":
    main()

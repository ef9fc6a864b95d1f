"""How a measurement is written down: one table, where and when."""

from __future__ import annotations

import datetime
import json
import os
import platform
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def machine() -> str:
    """Describe this computer in a few words."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def store(name: str, columns: list[str], rows: list[list[str]]) -> None:
    """Print the table and write ``results/<name>.json`` for the book."""
    widths = [
        max(len(row[i]) for row in [columns, *rows])
        for i in range(len(columns))
    ]
    for row in [columns, *rows]:
        print("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)))
    data = {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "columns": columns,
        "rows": rows,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(
        json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    )

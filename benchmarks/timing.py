"""What several benchmarks share: a clock, and a row of a table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

Row = list[str]


def cpu_time(run: Callable[[], Any], repeats: int) -> float:
    """Median CPU seconds, so that other processes do not count."""
    run()
    times = []
    for _ in range(repeats):
        # The clock of the process ticks too coarsely for microseconds.
        start = time.thread_time()
        run()
        times.append(time.thread_time() - start)
    return statistics.median(times)


def row(what: str, ours: float, peer: str, theirs: float, note: str) -> Row:
    def show(seconds: float) -> str:
        if seconds >= 1:
            return f"{seconds:.1f} s"
        ms = 1e3 * seconds
        return f"{ms:.0f} ms" if ms >= 10 else f"{ms:.2g} ms"

    ratio = theirs / ours
    shown = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.2g}"
    return [what, show(ours), peer, show(theirs), shown, note]

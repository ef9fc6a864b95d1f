"""Cost against length, drawn from what `kernel` and `scan` have stored."""

from __future__ import annotations

import json
import re
from collections import defaultdict

import matplotlib.pyplot as plt

from benchmarks.report import RESULTS

FIGURE = RESULTS.parents[1] / "book" / "_static" / "cost.png"
Lines = dict[str, dict[int, float]]


def rows(name: str) -> list[list[str]]:
    return json.loads((RESULTS / f"{name}.json").read_text())["rows"]


def milliseconds(text: str) -> float:
    value, _, unit = text.partition(" ")
    return float(value) * {"ms": 1, "s": 1000}[unit]


def kernels() -> Lines:
    """Forward, float64: ours and the peers."""
    lines: Lines = defaultdict(dict)
    for what, ours, peer, time, *_ in rows("kernel"):
        found = re.fullmatch(
            r"(kernel_\w+), float64, L=(\d+)(, forward)?", what
        )
        if found:
            lines[found[1]][int(found[2])] = milliseconds(ours)
            if peer != "-":
                lines[peer][int(found[2])] = milliseconds(time)
    return lines


def scans() -> Lines:
    """Forward, float32, sixteen channels."""
    lines: Lines = defaultdict(dict)
    for size, name, time, *_ in rows("scan"):
        found = re.fullmatch(r"1x(\d+)x16 float32", size)
        if found:
            lines[name][int(found[1])] = float(time)
    return {name: line for name, line in lines.items() if len(line) > 1}


def main() -> None:
    fig, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for ax, title, lines in zip(
        axes,
        ("S4's kernel, N = 64, float64", "scans, 16 channels, float32"),
        (kernels(), scans()),
        strict=True,
    ):
        for name, line in lines.items():
            ours = name.startswith(("kernel_", "linear_scan"))
            lengths = sorted(line)
            ax.loglog(
                lengths,
                [line[length] for length in lengths],
                "o-" if ours else "o--",
                markersize=3,
                linewidth=2 if ours else 1,
                label=name,
            )
        ax.set(title=title, xlabel="length $L$", ylabel="milliseconds")
        ax.legend(fontsize=7)
    fig.savefig(FIGURE, dpi=110)
    print(FIGURE.relative_to(RESULTS.parents[1]))

"""Cost against length, drawn from what `kernel` and `scan` have stored."""

from __future__ import annotations

import json
import re
from collections import defaultdict

import matplotlib.pyplot as plt

from benchmarks.report import ROOT, path_of

TITLE = "Cost against length"
WORDS = """\
How the cost of linear recurrences and of S4's kernel grows with the length, on
one thread. Straight lines on these axes are powers of the length; a scan and a
Cauchy kernel are close to proportional.

```{image} _static/cost.png
:alt: Milliseconds against length on logarithmic axes; left S4's kernel by \
Cauchy sums, by powers of the dense matrix and by public formulas, right \
linear scans of the library and of public packages. The library's lines are \
the lowest of each panel from a few thousand steps on.
:width: 100%
```
"""
DRAWS = ("ssm/kernel", "ssm/scan")

FIGURE = ROOT / "book" / "_static" / "cost.png"
Lines = dict[str, dict[int, float]]


def rows(name: str) -> list[list[str]]:
    return json.loads(path_of(name).read_text())["rows"]


def milliseconds(text: str) -> float:
    value, _, unit = text.partition(" ")
    return float(value) * {"ms": 1, "s": 1000}[unit]


def kernels() -> Lines:
    """Forward, float64: ours and the peers."""
    lines: Lines = defaultdict(dict)
    for what, ours, peer, time, *_ in rows("ssm/kernel"):
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
    for size, name, time, *_ in rows("ssm/scan"):
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
    print(FIGURE.relative_to(ROOT))

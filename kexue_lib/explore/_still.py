"""The still picture: for GitHub, for print and for pages without scripts."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from kexue_lib.explore._labels import plain
from kexue_lib.explore._svg import PALETTE

if TYPE_CHECKING:
    from kexue_lib.explore._explorer import Explorer

STILL_POINTS = 161


def _text(label: dict[str, str]) -> str:
    """Return the label for matplotlib, whose mathematics is a subset."""
    from matplotlib.mathtext import MathTextParser

    tex = label["tex"]
    if tex.count("$") % 2:
        return tex.replace("$", r"\$")
    try:
        MathTextParser("path").parse(tex)
    except ValueError:
        return plain(tex)
    return tex


def still_png(explorer: Explorer) -> bytes:
    """Return the explorer at its default values as a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    spec = explorer.spec
    figure = Figure(figsize=(7.0, 3.7), dpi=100, layout="constrained")
    axes = FigureCanvasAgg(figure).figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e4e4e4", linewidth=0.6)
    axes.set_axisbelow(True)
    for axis in "xy":
        if spec[axis]["log"]:
            getattr(axes, f"set_{axis}scale")("log")
    for layer in spec["layers"]:
        colour = PALETTE[layer.get("colour", 0) % len(PALETTE)]
        _draw(explorer, axes, layer, colour)
    axes.set_xlabel(_text(spec["x"]["label"]))
    axes.set_ylabel(_text(spec["y"]["label"]))
    axes.set_xlim(*(explorer.end(spec["x"][e], {}) for e in ("low", "high")))
    axes.set_ylim(*(explorer.end(spec["y"][e], {}) for e in ("low", "high")))
    if any(layer["kind"] in ("path", "points") for layer in spec["layers"]):
        axes.set_aspect("equal")
    title = _text(spec["title"])
    axes.set_title(title, loc="left", fontsize=10)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=False, fontsize=8)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _draw(
    explorer: Explorer, axes: Any, layer: dict[str, Any], colour: str
) -> None:
    kind, numbers = layer["kind"], layer["f"]
    label = _text(layer["label"])
    if kind == "mark":
        _mark(explorer, axes, numbers, label)
        return
    axis = layer.get("over", explorer.spec["x"])
    if not axis["integer"]:
        axis = {**axis, "points": min(axis["points"], STILL_POINTS)}
    xs = explorer.nodes(axis, {})
    if kind == "heat":
        _heat(explorer, axes, layer, xs)
        return
    columns = [
        [_nan(explorer.evaluate(index, {}, x)) for x in xs]
        for index in numbers
    ]
    match kind:
        case "curve":
            marker = "o" if axis["integer"] and len(xs) <= 40 else None
            axes.plot(
                xs, columns[0], color=colour, label=label,
                marker=marker, markersize=3.5, linewidth=1.8,
            )  # fmt: skip
        case "bar":
            axes.bar(xs, columns[0], color=colour, label=label, alpha=0.85)
        case "stem":
            axes.vlines(xs, 0, columns[0], color=colour, linewidth=1.4)
            axes.plot(xs, columns[0], "o", color=colour, ms=4, label=label)
        case "band":
            axes.fill_between(
                xs, *columns, color=colour, alpha=0.18, label=label, lw=0
            )
        case "points":
            axes.plot(*columns, "o", color=colour, ms=4, label=label)
        case "path":
            axes.plot(*columns, color=colour, lw=1.6, label=label)


def _mark(
    explorer: Explorer, axes: Any, numbers: list[int | None], label: str
) -> None:
    x, y = (
        None if index is None else explorer.evaluate(index, {})
        for index in numbers
    )
    style = {"color": "#6b6b6b", "linewidth": 1, "linestyle": (0, (4, 3))}
    if numbers[1] is None and x is not None:
        axes.axvline(x, **style, label=label)
    elif numbers[0] is None and y is not None:
        axes.axhline(y, **style, label=label)
    elif x is not None and y is not None:
        axes.plot([x], [y], "D", color="#6b6b6b", ms=5, label=label)


def _heat(
    explorer: Explorer, axes: Any, layer: dict[str, Any], xs: list[float]
) -> None:
    ys = explorer.nodes(explorer.spec["y"], {})
    values = [
        [_nan(explorer.evaluate(layer["f"][0], {}, x, y)) for x in xs]
        for y in ys
    ]
    low, high = (explorer.end(layer[end], {}) for end in ("low", "high"))
    flat = [v for row in values for v in row if v == v]
    low = min(flat) if low is None else low
    high = max(flat) if high is None else high
    colours = "viridis"
    if low < 0 < high:
        colours, high = "RdBu_r", max(high, -low)
        low = -high
    mesh = axes.pcolormesh(xs, ys, values, cmap=colours, vmin=low, vmax=high)
    axes.figure.colorbar(mesh, ax=axes)


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value

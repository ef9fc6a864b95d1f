"""Live mode: real ipywidgets sliders that drive the drawing.

The sliders are linked to the drawing in the browser (``jslink``), so that
moving one does not wait for the kernel.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

from kexue_lib.explore._bundle import static, widget_module
from kexue_lib.explore._controls import Control

if TYPE_CHECKING:
    from kexue_lib.explore._explorer import Explorer

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"


def in_kernel() -> bool:
    """Return whether a Jupyter kernel runs this code."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def widget(explorer: Explorer) -> Any:
    """Return the explorer as a widget: sliders above the drawing.

    Args:
        explorer: What to show.

    Returns:
        An ``ipywidgets.VBox``; its last child is the drawing, with one
        trait ``v_<key>`` for each control.
    """
    import anywidget
    import ipywidgets
    import traitlets

    traits = {
        f"v_{c.key}": traitlets.Any(_shown(c)).tag(sync=True)
        for c in explorer.controls
    }
    # anywidget wants both texts on the class.
    texts = {
        "_esm": widget_module(explorer.spec),
        "_css": static("explorer.css"),
    }
    kind = type("ExplorerPlot", (anywidget.AnyWidget,), traits | texts)
    drawing = kind()
    boxes = [_control(c) for c in explorer.controls]
    for control, box in zip(explorer.controls, boxes, strict=True):
        # A drop-down shares the number of its option, not the value.
        source = "index" if control.kind == "choice" else "value"
        ipywidgets.jslink((box, source), (drawing, f"v_{control.key}"))
    return ipywidgets.VBox([*boxes, drawing])


def _shown(control: Control) -> Any:
    """Return the default as the control's widget holds it."""
    match control.kind:
        case "checkbox":
            return bool(control.default)
        case "choice":
            values = [value for _, value in control.options]
            return values.index(control.default)
        case _:
            return control.default


def widget_view(explorer: Explorer) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the MIME bundle that shows the widget, and its metadata."""
    box = widget(explorer)
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    # In Colab anywidget says here where the widget manager is.
    shown = box.children[-1]._repr_mimebundle_()
    metadata = shown[1] if isinstance(shown, tuple) else {}
    return {WIDGET_MIME: view}, metadata


def _control(control: Control) -> Any:
    import ipywidgets

    common = {
        "description": control.label,
        "style": {"description_width": "12em"},
        "layout": {"width": "min(100%, 36em)"},
    }
    match control.kind:
        case "checkbox":
            return ipywidgets.Checkbox(
                value=bool(control.default), indent=True, **common
            )
        case "choice":
            return ipywidgets.Dropdown(
                value=control.default, options=list(control.options), **common
            )
    if control.log:
        low, high = math.log10(control.low), math.log10(control.high)
        return ipywidgets.FloatLogSlider(
            value=control.default,
            base=10,
            min=low,
            max=high,
            step=(high - low) / 200,
            readout_format=".0f" if control.kind == "int" else ".3g",
            **common,
        )
    decimals = 0 if control.kind == "int" else control.decimals
    return ipywidgets.FloatSlider(
        value=control.default,
        min=control.low,
        max=control.high,
        step=control.step,
        readout_format=f".{decimals}f",
        **common,
    )

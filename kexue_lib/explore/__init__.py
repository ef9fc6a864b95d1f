r"""Sliders from the formula that was proved, with or without a kernel.

.. code-block:: python

    explore(
        "Echoes of a truncated memory",
        sliders=[slider(beta, 0.1, 4, 1)],
        x=(t, 0, 4, "time $t$"),
        curves={"stored": expression},
    )

One call takes SymPy expressions and ranges. In the book the reader's browser
recomputes the curves from JavaScript that SymPy printed; in JupyterLab,
Colab and VS Code the sliders are ipywidgets; elsewhere a picture is shown.

:func:`figure` shows a matplotlib figure with its caption, :func:`source` the
library's own lines.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kexue_lib.explore._controls import Control, checkbox, choice, slider
    from kexue_lib.explore._explorer import Explorer, explore
    from kexue_lib.explore._figure import figure
    from kexue_lib.explore._js import to_js
    from kexue_lib.explore._nodes import grid, iterate
    from kexue_lib.explore._source import source

# Loaded when first used: building the book needs neither SymPy nor these.
_HOME = {
    "Control": "_controls",
    "Explorer": "_explorer",
    "checkbox": "_controls",
    "choice": "_controls",
    "explore": "_explorer",
    "figure": "_figure",
    "grid": "_nodes",
    "iterate": "_nodes",
    "slider": "_controls",
    "source": "_source",
    "to_js": "_js",
}

__all__ = [
    "Control",
    "Explorer",
    "checkbox",
    "choice",
    "explore",
    "figure",
    "grid",
    "iterate",
    "slider",
    "source",
    "to_js",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))

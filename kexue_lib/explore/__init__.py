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
"""

from kexue_lib.explore._controls import Control, checkbox, choice, slider
from kexue_lib.explore._explorer import Explorer, explore
from kexue_lib.explore._js import to_js
from kexue_lib.explore._nodes import grid, iterate

__all__ = [
    "Control",
    "Explorer",
    "checkbox",
    "choice",
    "explore",
    "grid",
    "iterate",
    "slider",
    "to_js",
]

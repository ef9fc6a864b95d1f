"""The versions that the book is made with."""

from __future__ import annotations

import importlib.metadata

from benchmarks.report import store

TITLE = "Versions"
WORDS = """\
All of them are in `requirements.txt`; these matter most.
"""
SHOWN = ("torch", "numpy", "sympy", "python-flint", "matplotlib")
BUILDERS = ("jupyter-book", "Sphinx", "myst-nb", "nbval", "ipywidgets")


def main() -> None:
    rows = [[n, importlib.metadata.version(n)] for n in [*SHOWN, *BUILDERS]]
    store(
        "versions",
        ["package", "version"],
        rows,
        measures=["requirements.txt"],
    )


if __name__ == "__main__":
    main()

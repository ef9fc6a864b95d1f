"""Sphinx extension of the book: evidence, sliders, API links, run times.

It reads JSON only (stored notebook outputs, benchmark results) and imports
neither torch nor sympy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kexue_lib.sphinxext import api, colab, evidence, explorer, runtimes, site

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part of the extension with Sphinx."""
    for part in (site, api, colab, runtimes, evidence, explorer):
        part.setup(app)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

"""Sphinx extension of the book: evidence, sliders, chapters, API, run times.

It reads stored notebooks and benchmark results as JSON and imports neither
torch nor sympy by itself; only autodoc, where it documents the library, does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kexue_lib.sphinxext import (
    api,
    chapters,
    evidence,
    explorer,
    runtimes,
    site,
    uses,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part of the extension with Sphinx."""
    for part in (site, api, uses, runtimes, evidence, chapters, explorer):
        part.setup(app)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

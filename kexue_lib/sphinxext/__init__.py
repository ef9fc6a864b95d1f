"""Sphinx extension of the book: evidence, sliders, chapters, API, run times.

It reads stored notebooks and benchmark results as JSON and imports neither
torch nor sympy by itself; only autodoc, where it documents the library, does.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kexue_lib.sphinxext import (
    api,
    chapters,
    colab,
    evidence,
    explorer,
    maths,
    runtimes,
    site,
    uses,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def own_version() -> int:
    """Return a number that changes with the extension's own sources.

    Sphinx compares it with that of the last build: all pages are read again
    when the code that makes them has changed.
    """
    total = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(path.read_bytes())
    return int(total.hexdigest()[:8], 16)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part of the extension with Sphinx."""
    parts = (
        maths,
        site,
        api,
        uses,
        runtimes,
        evidence,
        chapters,
        explorer,
        colab,
    )
    for part in parts:
        part.setup(app)
    return {
        "version": "1",
        "env_version": own_version(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

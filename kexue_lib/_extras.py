"""What the parts of the library need beyond SymPy, by the name of its extra.

Without an extra the import of what needs it fails with one line that says
what to install. That is decided here alone: a finder looks at every import
below ``kexue_lib`` before it begins.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.util import find_spec
from types import ModuleType

EXTRAS = {
    "torch": ("torch", "numpy"),
    "explore": ("matplotlib", "ipywidgets", "anywidget"),
    "sphinxext": ("sphinx", "myst_nb", "docutils", "jsonschema"),
}
"""The modules that each extra of pyproject.toml brings."""

# The book's build reads bundles of explore without making any. Every other
# package is a part of the book and computes with torch.
_NEEDS = {
    "kexue_lib.derive": None,
    "kexue_lib.explore": None,
    "kexue_lib.explore._explorer": "explore",
    "kexue_lib.sphinxext": "sphinxext",
    "kexue_lib.sweep": None,
    "kexue_lib._canonical": None,
    "kexue_lib._extras": None,
}


def require(extra: str, what: str) -> None:
    """Refuse to go on without an extra.

    Args:
        extra: a key of :data:`EXTRAS`.
        what: who needs it.

    Raises:
        ModuleNotFoundError: one of its modules is not installed.
    """
    for module in EXTRAS[extra]:
        if find_spec(module) is None:
            raise ModuleNotFoundError(
                f"{what} needs {module}, which is not installed: "
                f'pip install "kexue_lib[{extra}]"',
                name=module,
            )


class _Finder(MetaPathFinder):
    """Finds nothing; it says what a package of the library lacks."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> None:
        part = fullname.startswith("kexue_lib.") and fullname.count(".") == 1
        extra = _NEEDS.get(fullname, "torch" if part else None)
        if extra is not None:
            require(extra, fullname.replace("._explorer", ""))


sys.meta_path.insert(0, _Finder())

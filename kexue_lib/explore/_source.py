"""The library's own lines under the formula that they implement."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

from kexue_lib.explore._bundle import SOURCE_MIME

_PACKAGE = "kexue_lib"


def source(obj: Any) -> None:
    """Show the source of a function or class of the library.

    What is shown is what runs, so it cannot differ from it: nbval fails when
    the source has changed and the chapter has not been run again. The
    docstring is left out (the API has it). In the book the block stands open
    and links to its file.

    Args:
        obj: A function, class or method of ``kexue_lib``.

    Raises:
        TypeError: ``obj`` is nothing that has a source.
        ValueError: It is not of ``kexue_lib``.
    """
    from IPython.display import display

    content = description(obj)
    code, fence = content["code"], "```"
    while fence in code:
        fence += "`"
    lines = len(code.splitlines())
    line = f"`{content['name']}`, {lines} lines of `{content['file']}`"
    display(
        {
            "text/markdown": f"{line}\n\n{fence}python\n{code}\n{fence}",
            "text/plain": f"{line.replace('`', '')}\n\n{code}",
            SOURCE_MIME: content,
        },
        raw=True,
    )


def description(obj: Any) -> dict[str, str]:
    """Return the name, the place in a file and the code of an object."""
    target = inspect.unwrap(obj) if callable(obj) else obj
    if isinstance(target, property):
        target = target.fget
    module = getattr(target, "__module__", None)
    name = getattr(target, "__qualname__", None)
    if not (inspect.isclass(target) or inspect.isroutine(target)) or not name:
        raise TypeError(
            f"source: a function, class or method is needed, got {obj!r}"
        )
    if str(module).split(".")[0] != _PACKAGE or "<" in name:
        raise ValueError(f"source: {module}.{name} is not of {_PACKAGE}")
    home = importlib.import_module(str(module))
    file = Path(str(home.__file__)).relative_to(_root()).as_posix()
    code = without_docstrings(inspect.getsource(target))
    return {
        "name": f"{_public(home, name.split('.')[0])}.{name}",
        "file": file,
        "qualname": name,
        "code": code,
    }


def _root() -> Path:
    """Return the folder that holds the package, installed or not."""
    package = importlib.import_module(_PACKAGE)
    return Path(str(package.__file__)).parent.parent


def _public(home: ModuleType, name: str) -> str:
    """Return the outermost package from which the name is imported."""
    parts = home.__name__.split(".")
    thing = getattr(home, name)
    for count in range(2, len(parts)):
        outer = importlib.import_module(".".join(parts[:count]))
        exported = name in getattr(outer, "__all__", ())
        if exported and getattr(outer, name) is thing:
            return outer.__name__
    return home.__name__


def without_docstrings(text: str) -> str:
    """Return source, dedented, without the docstrings of its definitions."""
    code = textwrap.dedent(text)
    lines = code.splitlines()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, kinds) or ast.get_docstring(node) is None:
            continue
        said = node.body[0]
        first, last = said.lineno - 1, said.end_lineno or said.lineno
        for at in range(first, last):
            lines[at] = "\0"
        if len(node.body) == 1:
            lines[first] = " " * said.col_offset + "..."
        elif last < len(lines) and not lines[last].strip():
            lines[last] = "\0"
    return "\n".join(line for line in lines if line != "\0").strip()

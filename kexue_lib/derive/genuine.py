"""Only objects that print as what they are read as.

An author's subclass of a class of SymPy, or a method put into one object, may
print as one formula and be read as another. Sides, hypotheses, names and
checks are built from SymPy's own classes and this library's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction

from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.naming import Named, NamedMatrix
from kexue_lib.derive.printing import MOST_BITS, to_latex, to_text

DEEPEST = 60
"""How deep a formula may be nested: SymPy's recursions go no further."""


def require_genuine(e: Any, where: str) -> None:
    """Raise for a part whose meaning an author may have changed.

    Raises:
        TypeError: its class is neither SymPy's nor ours, or was altered.
        ValueError: nobody can print it: a number of thousands of digits, or
            a formula nested too deeply.
    """
    waiting = [(e, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEEPEST:
            raise ValueError(
                f"{where}: a formula nested more than {DEEPEST} deep; name "
                "its parts, chapter.let(...)"
            )
        waiting += [(a, depth + 1) for a in getattr(part, "args", ())]
        kind: Any = type(part)
        own = _function(kind) if _unknown(kind) else _of_library(kind)
        if not own or _altered(part):
            raise TypeError(
                f"{where}: {kind.__name__} is no class of SymPy or of "
                "kexue_lib, or was changed: what it prints may not be what "
                "it means"
            )
        if _endless(part):
            raise ValueError(
                f"{where}: a number of thousands of digits; use a symbol, "
                "and give what is needed of it"
            )


def _endless(part: Any) -> bool:
    if isinstance(part, sp.Rational):
        return max(abs(part.p), part.q).bit_length() > MOST_BITS
    if not (isinstance(part, sp.Pow) and isinstance(part.exp, sp.Integer)):
        return False
    base, times = part.base, abs(int(part.exp))
    if not isinstance(base, sp.Rational) or abs(base) == 1:
        return False
    return max(abs(base.p), base.q).bit_length() * times > MOST_BITS


def require_bound(e: Any, where: str) -> None:
    """Raise ClaimError for placeholders that a reader could take for symbols.

    Nobody is told what a ``Dummy`` is, and it prints as a symbol does: it may
    only be a bound letter, and no other letter may have its name.
    """
    placeholders = e.atoms(sp.Dummy)
    if not placeholders:
        return
    names = [s.name for s in e.atoms(sp.Symbol)]
    for s in sorted(placeholders, key=str):
        if s in e.free_symbols or names.count(s.name) > 1:
            raise ClaimError(
                f"{where}: {s} is a placeholder (Dummy); declare a symbol, "
                f"chapter.symbols({s.name!r}, ...)"
            )


def require_distinct(objects: Iterable[Any], where: str) -> None:
    """Raise ClaimError if two different things print as one."""
    shown: dict[str, Any] = {}
    for e in objects:
        sides = {limit.args[3] for limit in e.atoms(sp.Limit)}
        for part in e.atoms(sp.Symbol, Named, AppliedUndef, sp.Indexed):
            if isinstance(part, sp.Dummy) or part in sides:
                continue
            if shown.setdefault(to_latex(part), part) != part:
                raise ClaimError(
                    f"{where}: two things print as {to_text(part)}; give one "
                    "of them another name"
                )


def parts_of(value: Any) -> Iterator[Any]:
    """The SymPy objects in a value of a check: alone, in tuples, in dicts."""
    if isinstance(value, sp.Basic | sp.MatrixBase):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from parts_of(each)
    elif isinstance(value, dict):
        yield from parts_of([*value, *value.values()])


def _altered(part: Any) -> bool:
    """A method, a fact or a meaning was put into one object.

    Only readings carry a function: what measures again.
    """
    return any(
        name.startswith(("is_", "_body", "_params"))
        or (callable(value) and name != "source")
        for name, value in getattr(part, "__dict__", {}).items()
    )


def _unknown(kind: Any) -> bool:
    return isinstance(kind, UndefinedFunction)


def _function(kind: Any) -> bool:
    """An unknown function as ``Function("f", ...)`` makes it."""
    fresh = UndefinedFunction(kind.__name__, **kind._kwargs)
    return kind.__bases__ == (AppliedUndef,) and (
        vars(kind).keys() <= vars(fresh).keys()
    )


@lru_cache(4096)
def _of_library(kind: Any) -> bool:
    """A class that stands under its name in a module of SymPy or ours."""
    if kind.__bases__ in ((Named,), (NamedMatrix,)):
        return True  # made by let: the chapter knows which
    if kind.__module__.split(".")[0] not in ("sympy", "kexue_lib"):
        return False
    found: Any = sys.modules.get(kind.__module__)
    for name in kind.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is kind

"""Statements as text that a machine reads again, for the shipped index."""

from __future__ import annotations

import itertools
import json
from typing import Any

import sympy as sp

from kexue_lib.derive import objects
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.statement import Statement

_NAMES: dict[str, Any] = {
    name: value
    for name, value in vars(objects).items()
    if isinstance(value, type) and issubclass(value, sp.Basic)
}
_USABLE = (
    Relation.EQ,
    Relation.NE,
    Relation.LE,
    Relation.LT,
    Relation.GE,
    Relation.GT,
)


def written(statement: Statement) -> str | None:
    """Return a statement as text, with names unfolded.

    None where SymPy does not read back what it wrote (it would cancel what
    is displayed, or does not know an object), and for statements that no
    other claim may use (``~``, ``O``).
    """
    if statement.relation not in _USABLE or statement.limit is not None:
        return None
    parts = {
        "lhs": statement.left,
        "rhs": statement.right,
        "given": [unfold(g) for g in statement.domain.given],
        "ranges": [[s, list(values)] for s, values in statement.domain.ranges],
    }
    data = _each(_named(parts), _text)
    if data is None:
        return None
    data["relation"] = statement.relation.text
    return json.dumps(data, sort_keys=True)


def read(text: str) -> Statement:
    """Return the statement that :func:`written` wrote."""
    data = json.loads(text)
    relation = next(r for r in Relation if r.text == data["relation"])
    given = tuple(map(_object, data["given"]))
    ranges = tuple(
        (_object(s), tuple(map(_object, values)))
        for s, values in data["ranges"]
    )
    return Statement(
        _object(data["lhs"]),
        relation,
        _object(data["rhs"]),
        Domain(given, ranges),
    )


def _named(parts: dict[str, Any]) -> Any:
    """Give dummy indices names: their numbers differ from run to run."""
    symbols: set[sp.Symbol] = set()

    def collect(obj: Any) -> Any:
        symbols.update(obj.atoms(sp.Symbol))
        return obj

    _each(parts, collect)
    taken = {s.name for s in symbols}
    names: dict[sp.Symbol, sp.Symbol] = {}
    dummies = (s for s in symbols if isinstance(s, sp.Dummy))
    for old in sorted(dummies, key=lambda s: s.dummy_index):
        name = next(
            f"{old.name}_{i}"
            for i in itertools.count(1)
            if f"{old.name}_{i}" not in taken
        )
        taken.add(name)
        names[old] = sp.Symbol(name, **old._assumptions_orig)
    return _each(parts, lambda obj: obj.xreplace(names))


def _each(parts: Any, put: Any) -> Any:
    """Apply ``put`` to every object; None if one of them gives None."""
    if isinstance(parts, dict):
        found = {k: _each(v, put) for k, v in parts.items()}
        return None if None in found.values() else found
    if isinstance(parts, list):
        several = [_each(v, put) for v in parts]
        return None if None in several else several
    return put(parts)


def _text(obj: Any) -> str | None:
    text = sp.srepr(obj)
    try:
        same = bool(_object(text) == obj)
    except Exception:  # whatever a text that is no expression raises
        return None
    return text if same else None


def _object(text: str) -> Any:
    return sp.sympify(text, locals=_NAMES)

"""Terms as an author writes them; bound variables have his letters.

Nothing here decides anything: text for messages only. Bound variables have no
names inside the core, so a letter is chosen that is free where it is needed,
the author's own first (`letters`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_OWN: ContextVar[tuple[tuple[str, ...], tuple[str, ...]]] = ContextVar(
    "letters", default=((), ())
)
_INTEGERS = ("k", "j", "m", "l", "i", "n")
_REALS = ("x", "t", "s", "y", "u")
_COUNTED = ("sum", "karr", "prod")
_BINDERS = (*_COUNTED, "int", "diff", "limit", "mean", "circle")


@contextmanager
def letters(integers: Iterable[str], reals: Iterable[str]) -> Iterator[None]:
    """Use these letters first, for indices and for real variables."""
    token = _OWN.set((tuple(integers), tuple(reals)))
    try:
        yield
    finally:
        _OWN.reset(token)


def written(*terms: Any) -> list[str]:
    """Several terms in common letters."""
    found: dict[Any, None] = {}
    for t in terms:
        _symbols(t, found)
    used = {s.args[0] for s in found if not _inner(s)}
    names: dict[Any, str] = {}
    for s in sorted(filter(_inner, found), key=lambda s: str(s.args[0])):
        names[s] = _letter("integer" in s.args[1], used)
        used.add(names[s])
    return [_sum(t, names, (), used) for t in terms]


def _symbols(t: Any, found: dict[Any, None]) -> None:
    if t.op == "sym":
        found[t] = None
    for a in t.children:
        _symbols(a, found)


def _inner(s: Any) -> bool:
    return str(s.args[0])[:1] in ("#", "@")


def _letter(counts: bool, used: set[str]) -> str:
    own = _OWN.get()[0 if counts else 1]
    for name in (*own, *(_INTEGERS if counts else _REALS)):
        if name not in used:
            return name
    return next(f"{'k' if counts else 'x'}{n}" for n in range(1, 99))


Names = Mapping[Any, str]
Bound = tuple[str, ...]


def _sum(t: Any, names: Names, bound: Bound, used: set[str]) -> str:
    if t.op != "add":
        return _product(t, names, bound, used)
    out = ""
    for part in t.args:
        said = (_sum if part.op == "add" else _product)(
            part, names, bound, used
        )
        if not out:
            out = said
        elif said.startswith("-"):
            out += f" - {said[1:]}"
        else:
            out += f" + {said}"
    return out


def _product(t: Any, names: Names, bound: Bound, used: set[str]) -> str:
    if t.op == "num":
        return str(t.args[0])
    if t.op == "pow" and _negative(t.args[1]):
        return _product_of([t], names, bound, used)
    if t.op != "mul":
        return _atom(t, names, bound, used)
    return _product_of(list(t.args), names, bound, used)


def _product_of(
    parts: list[Any], names: Names, bound: Bound, used: set[str]
) -> str:
    sign, above, below = "", [], []
    for p in parts:
        if p.op == "num" and p.args[0] < 0:
            sign = "" if sign else "-"
            if p.args[0] != -1:
                above.append(str(-p.args[0]))
        elif p.op == "pow" and _negative(p.args[1]):
            root, e = p.args[0], -p.args[1].args[0]
            base = _tight(root, names, bound, used)
            below.append(base if e == 1 else f"{base}^{_exponent(e)}")
        else:
            above.append(_tight(p, names, bound, used))
    top = "*".join(above) or "1"
    if not below:
        return sign + top
    under = below[0] if len(below) == 1 else f"({'*'.join(below)})"
    return f"{sign}{top}/{under}"


def _exponent(e: Any) -> str:
    return str(e) if e.denominator == 1 else f"({e})"


def _negative(e: Any) -> bool:
    return bool(e.op == "num" and e.args[0] < 0)


def _tight(t: Any, names: Names, bound: Bound, used: set[str]) -> str:
    said = _sum(t, names, bound, used)
    plain = t.op not in ("add", "mul", "num", "rel", "and", "diff")
    whole = t.op == "num" and t.args[0] >= 0 and t.args[0].denominator == 1
    quotient = t.op == "pow" and _negative(t.args[1])
    return said if (plain and not quotient) or whole else f"({said})"


def _atom(t: Any, names: Names, bound: Bound, used: set[str]) -> str:
    def go(a: Any) -> str:
        return _sum(a, names, bound, used)

    a = t.args
    match t.op:
        case "const":
            return str(a[0])
        case "sym":
            return names.get(t, str(a[0]))
        case "var":
            return bound[-1 - a[0]] if a[0] < len(bound) else "?"
        case "pow":
            base = _tight(a[0], names, bound, used)
            if a[0].op == "pow":
                base = f"({base})"
            if a[1].op == "num" and a[1].args[0] * 2 == 1:
                return f"sqrt({go(a[0])})"
            return f"{base}^{_tight(a[1], names, bound, used)}"
        case "fn":
            return f"{function_name(a[0])}({', '.join(map(go, a[1:]))})"
        case "idx":
            return f"{a[0]}[{', '.join(map(go, a[2:]))}]"
        case "rel":
            return f"{go(a[1])} {a[0]} {go(a[2])}"
        case "and":
            return " and ".join(map(go, a))
    if t.op == "cases":
        pairs = zip(a[::2], a[1::2], strict=True)
        inner = ", ".join(f"({go(v)}, {go(c)})" for c, v in pairs)
        return f"Piecewise({inner})".replace(", true)", ", True)")
    if t.op in _BINDERS:
        return _binder(t, names, bound, used)
    inside = (go(x) if hasattr(x, "op") else str(x) for x in a)
    return f"{t.op}({', '.join(inside)})"


def _binder(t: Any, names: Names, bound: Bound, used: set[str]) -> str:
    k = _letter(t.op in _COUNTED, used)
    body = _sum(t.args[0], names, (*bound, k), used | {k})
    rest = [
        _sum(x, names, bound, used) if hasattr(x, "op") else str(x)
        for x in t.args[1:]
    ]
    match t.op:
        case "sum" | "karr" | "prod" | "int":
            word = {"int": "Integral", "prod": "Product"}.get(t.op, "Sum")
            return f"{word}({body}, ({k}, {rest[0]}, {rest[1]}))"
        case "diff":
            if rest[0] == k or t.args[1].op == "sym":
                own = _sum(t.args[0], names, (*bound, rest[0]), used)
                return f"Derivative({own}, {rest[0]})"
            return f"Derivative({body}, {k}) at {k} = {rest[0]}"
    return f"{t.op}({', '.join([body, k, *rest])})"


def function_name(name: str) -> str:
    """f, f', f^(1,0): an unknown function without what is known of it."""
    if not name.startswith("?"):
        return name
    head, _, counts = name[1:].split("+")[0].partition("|")
    if counts.isdigit() and int(counts) < 4:
        return head + "'" * int(counts)
    return f"{head}^({counts})" if counts else head

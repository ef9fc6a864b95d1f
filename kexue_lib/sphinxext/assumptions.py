r"""For which values a statement holds, as one line that a person would say.

The engine stores a declaration for every symbol that it met (``k,\ n \in
\mathbb{Z}_{\ge 0}``) and every hypothesis by itself (``n \leq N - 1``). Here
symbols that the statement only binds go, bounds of one symbol become one
chain (``0 \le n \le N - 1``), and what follows from a narrower bound goes.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

_DECLARED = re.compile(
    r"(?P<names>.+?)(?: \\in (?P<set>.+)| (?P<sign>>|\\ge) 0"
    r"|(?P<smooth>\\ \\text\{smooth\}))"
)
_BOUND = re.compile(
    r"(?P<left>.+?) (?P<relation>\\leq|\\geq|<|>) (?P<right>.+)"
)
_MIRRORED = {"<": ">", ">": "<", r"\le": r"\ge", r"\ge": r"\le"}
_STRICT = {"<": True, ">": True, r"\le": False, r"\ge": False}
_FRACTION = re.compile(r"(-?) ?\\frac\{(\d+)\}\{(\d+)\}")
# What a declaration says beside an order: the set's name, a lower bound.
_SETS: dict[str, tuple[str, str | None]] = {
    r"\mathbb{Z}": ("integer", None),
    r"\mathbb{Z}_{>0}": ("integer", "1"),
    r"\mathbb{Z}_{\ge 0}": ("integer", "0"),
    r"\mathbb{Z}\setminus\{0\}": ("nonzero integer", None),
    r"\mathbb{R}": ("real", None),
    r"\mathbb{R}\setminus\{0\}": ("nonzero real", None),
    r"\mathbb{C}": ("complex", None),
    r"\mathbb{C}\setminus\{0\}": ("nonzero complex", None),
    r"\text{noncommutative}": ("not commuting", None),
}
_EXPRESSION = re.compile(r"[\s()\[\]/]|\*\*")  # what no symbol's name has
_BINDERS = {"Sum", "Product", "Integral"}


@dataclass
class Symbol:
    """A symbol, where it lies, and its bounds as (relation, bound)."""

    name: str
    kind: str
    low: tuple[str, str] | None = None
    high: tuple[str, str] | None = None


# ---- which symbols are free -----------------------------------------------


def _names(node: ast.AST, bound: frozenset[str]) -> set[str]:
    """Return the free names of an expression of SymPy's constructors."""
    if not isinstance(node, ast.Call):
        return {
            name
            for child in ast.iter_child_nodes(node)
            for name in _names(child, bound)
        }
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    named = called in ("Symbol", "Dummy", "Function", "UndefinedFunction")
    if named and node.args and isinstance(node.args[0], ast.Constant):
        name = str(node.args[0].value)
        return set() if name in bound else {name}
    found: set[str] = set()
    if called in _BINDERS:
        # Later ranges are outside: their bounds may name no earlier symbol.
        body, *ranges = node.args
        inside = bound
        for item in ranges:
            # Tuple(k, 0, N - 1), or a bare symbol.
            variable, *ends = getattr(item, "args", None) or [item]
            inside |= _names(variable, frozenset())
            for end in ends:
                found |= _names(end, bound)
        return found | _names(body, inside)
    for child in (node.func, *node.args):
        found |= _names(child, bound)
    return found


def free(formal: str) -> set[str]:
    """Return the names that a stored formal statement does not bind."""
    told = json.loads(formal)
    said = [told["lhs"], told["rhs"], *told["given"]]
    said += [symbol for symbol, _ in told["ranges"]]
    found: set[str] = set()
    for text in said:
        found |= _names(ast.parse(text, mode="eval").body, frozenset())
    return found


def named(text: str, count: int) -> list[str]:
    """Return the names of ``k, n integer, >= 0``; none of an expression."""
    *before, last = text.split(", ", count - 1)
    found = [*before, last.split(" ", 1)[0]]
    plain = all(name and not _EXPRESSION.search(name) for name in found)
    return found if plain and len(found) == count else []


# ---- merging ------------------------------------------------------------


def _number(latex: str) -> Fraction | None:
    if match := _FRACTION.fullmatch(latex):
        value = Fraction(int(match[2]), int(match[3]))
        return -value if match[1] else value
    try:
        return Fraction(latex.replace(" ", ""))
    except ValueError:
        return None


def _tighter(
    old: tuple[str, str] | None, new: tuple[str, str]
) -> tuple[str, str] | None:
    """Return the stronger of two bounds, or None where it is not clear."""
    if old is None:
        return new
    one, two = _number(old[1]), _number(new[1])
    if one is None or two is None:
        return None
    if one == two:
        return new if _STRICT[new[0]] else old
    higher = new if two > one else old
    lower = old if two > one else new
    return higher if ">" in old[0] or "ge" in old[0] else lower


def _bounded(
    symbols: Mapping[str, Symbol], left: str, relation: str, right: str
) -> bool:
    """Give a symbol a bound; say whether it took it."""
    found = symbols.get(left)
    if found is None or left in right:
        return False
    side = "low" if relation in (">", r"\ge") else "high"
    whole = found.kind == "integer"
    if whole and relation == ">" and _number(right) == 0:
        relation, right = r"\ge", "1"
    if whole and relation == r"\le" and right.endswith(" - 1"):
        relation, right = "<", right.removesuffix(" - 1")
    better = _tighter(getattr(found, side), (relation, right))
    if better is None:
        return False
    setattr(found, side, better)
    return True


def read(
    assumptions: Iterable[Mapping[str, str]], kept: set[str] | None
) -> tuple[list[Symbol], list[str]]:
    """Return the symbols with their bounds, and the other hypotheses.

    Args:
        assumptions: as stored: declarations, then hypotheses.
        kept: the names that are free in the statement; None: all.
    """
    symbols: dict[str, Symbol] = {}
    rest: list[str] = []
    for item in assumptions:
        latex = item["latex"]
        match = _DECLARED.fullmatch(latex)
        known = match and (match["set"] in _SETS or not match["set"])
        names = match["names"].split(r",\ ") if match and known else []
        plain = named(item["text"], len(names)) if names else []
        if not match or not plain or any(n in symbols for n in names):
            rest.append(latex)
            continue
        for name, word in zip(names, plain, strict=True):
            if kept is not None and word not in kept:
                continue
            kind, low = _SETS.get(match["set"], ("positive", None))
            if match["smooth"]:
                kind = "smooth"
            bound = (r"\ge", low) if low is not None else None
            if match["sign"]:
                kind, bound = "positive", (match["sign"], "0")
            symbols[name] = Symbol(name, kind, bound)
    other: list[str] = []
    for latex in rest:
        match = _BOUND.fullmatch(latex)
        if match is None:
            other.append(latex)
            continue
        relation = match["relation"].removesuffix("q")
        turned = _MIRRORED[relation]
        if not (
            _bounded(symbols, match["left"], relation, match["right"])
            or _bounded(symbols, match["right"], turned, match["left"])
        ):
            other.append(latex)
    return list(symbols.values()), other


def implied(symbols: Iterable[Symbol]) -> list[Symbol]:
    """Return the symbols without those that others' chains speak of.

    After ``0 \\le n < N`` nobody is told that ``N \\ge 1``.
    """
    listed = list(symbols)

    def told(big: Symbol) -> bool:
        low = big.low and _number(big.low[1])
        if big.low is None or low is None or big.high:
            return False
        for one in listed:
            if one.kind != big.kind or not one.high or not one.low:
                continue
            least = _number(one.low[1])
            if one.high[1] != big.name or least is None:
                continue
            if big.kind == "integer":
                reached = least + (one.high[0] == "<")
                if reached >= low:
                    return True
            elif least >= low and (
                _STRICT[one.low[0]] or _STRICT[one.high[0]]
            ):
                return True
        return False

    return [one for one in listed if not told(one)]


# ---- saying -------------------------------------------------------------

_ORDER = ("integer", "nonzero integer", "positive", "real", "nonzero real")
_AFTER = ("complex", "nonzero complex", "smooth", "not commuting")
_COMMA = r",\,"


def _chain(names: str, one: Symbol) -> str:
    """Return ``0 \\le n \\le N - 1``, ``n \\ge 0`` or the names alone."""
    if one.low and one.high:
        low = _MIRRORED[one.low[0]]
        return f"{one.low[1]} {low} {names} {one.high[0]} {one.high[1]}"
    bound = one.low or one.high
    return f"{names} {bound[0]} {bound[1]}" if bound else names


def phrases(symbols: Iterable[Symbol], other: Iterable[str]) -> list[str]:
    """Return the parts of the line: words with $formulas$."""
    listed = implied(symbols)
    said: list[str] = []
    for kind in (*_ORDER, *_AFTER):
        groups: dict[tuple[Any, Any], list[Symbol]] = {}
        for one in listed:
            if one.kind == kind:
                groups.setdefault((one.low, one.high), []).append(one)
        maths = [
            f"${_chain(_COMMA.join(s.name for s in group), group[0])}$"
            for group in groups.values()
        ]
        if not maths:
            continue
        # A chain such as 0 <= n < N speaks of N as well.
        several = sum(map(len, groups.values())) > 1 or any(
            high and _number(high[1]) is None for _, high in groups
        )
        together = ", ".join(maths)
        if kind in ("integer", "nonzero integer"):
            said.append(f"{kind}{'s' if several else ''} {together}")
        elif kind == "positive":
            said.append(together)
        else:
            # A real number with a bound is one without saying so.
            bare = (None, None)
            bounded = [
                m for m, key in zip(maths, groups, strict=True) if key != bare
            ]
            said += [", ".join(bounded)] if bounded else []
            if bare in groups:
                place = list(groups).index(bare)
                said.append(f"{maths[place]} {kind}")
    return said + [f"${latex}$" for latex in other]


def line(
    assumptions: Iterable[Mapping[str, str]], formal: Iterable[str | None]
) -> list[str]:
    """Return for what a statement holds, as phrases with $formulas$.

    Args:
        assumptions: as stored.
        formal: the formal statement of each line, None where there is none:
            then nothing is known to be bound, and every symbol stays.
    """
    stated = list(formal)
    kept: set[str] | None = set()
    for told in stated:
        kept = None if kept is None or told is None else kept | free(told)
    if not stated:
        kept = None
    return phrases(*read(assumptions, kept))

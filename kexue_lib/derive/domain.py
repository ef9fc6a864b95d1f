"""What the symbols of a claim may be, and points of that domain.

A :class:`Domain` holds the declared assumptions of the symbols (SymPy's) and
the relations that a claim adds (``given``). It is the only source of sample
points: nobody samples outside what the reader is told.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp

from kexue_lib.derive.core.enclose import holds_at
from kexue_lib.derive.core.terms import UnsupportedError
from kexue_lib.derive.errors import NonsenseError
from kexue_lib.derive.evaluate import Place, UndefinedError, precision
from kexue_lib.derive.evaluate import Point as Point
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.printing import to_latex, to_text

_FACTS = [
    "positive",
    "negative",
    "nonnegative",
    "nonpositive",
    "nonzero",
    "integer",
    "rational",
    "real",
    "complex",
    "even",
    "odd",
    "prime",
    "imaginary",
    "finite",
    "zero",
    "irrational",
    "noninteger",
    "extended_real",
]


@dataclass(frozen=True)
class Domain:
    """Relations between symbols, besides the assumptions of each.

    Attributes:
        given: relations such as ``k <= n`` or ``Ne(x, 1)``; ``Eq(Abs(z), 1)``
            puts ``z`` on the unit circle.
        ranges: finite sets of values of some symbols.
    """

    given: tuple[Any, ...] = ()
    ranges: tuple[tuple[sp.Symbol, tuple[sp.Expr, ...]], ...] = ()

    def admits(self, point: Point) -> bool:
        """Say whether ``point`` surely lies in the domain."""
        for s, values in self.ranges:
            if s in point and point[s] not in values:
                return False
        return all(_holds(g, point) for g in self.given)

    def over(
        self, ranges: Iterable[tuple[sp.Symbol, tuple[sp.Expr, ...]]]
    ) -> Domain:
        """The same domain with some symbols on finite sets only."""
        found = dict(self.ranges)
        for s, values in ranges:
            earlier = found.get(s, values)
            found[s] = tuple(v for v in values if v in earlier)
        return Domain(self.given, tuple(found.items()))

    def on_unit_circle(self, symbol: sp.Symbol) -> bool:
        """Say whether ``Abs(symbol) = 1`` is given."""
        return sp.Eq(sp.Abs(symbol), 1) in self.given

    def points(
        self, symbols: Iterable[sp.Symbol], count: int, extra: Any = ()
    ) -> list[Point]:
        """Return up to ``count`` points of the domain, the same every time.

        Edge values come first (0, 1, -1, equal values), then mixtures, then
        random rationals. ``extra`` holds candidate points to try as well.

        Raises:
            NonsenseError: no candidate satisfies the given relations.
        """
        near = self.touching(set(symbols))
        if near.given != self.given:
            return near.points(symbols, count, extra)
        wanted = set(symbols).union(*map(symbols_of, self.given))
        order = sorted(wanted, key=sp.default_sort_key)
        found: dict[tuple[Any, ...], Point] = {}
        seen: set[tuple[Any, ...]] = set()
        solved = self._solved(order)
        idle = 0
        for candidate in itertools.chain(extra, self._candidates(order)):
            point = _completed(candidate, order, solved)
            key = None if point is None else tuple(point.values())
            if point is None or key in seen:
                idle += 1
            else:
                assert key is not None
                seen.add(key)
                if not found and len(seen) > 60:
                    point = self._raised(point)
                if self.admits(point):
                    found[key] = point
                    idle = 0
            if len(found) >= count + len(extra) or (
                found and idle > 100 + 20 * len(extra)
            ):
                break
        if not found:
            said = ", ".join(map(str, self.given)) or "the assumptions"
            raise NonsenseError(f"found no point that satisfies {said}")
        return list(found.values())

    def touching(self, symbols: set[sp.Symbol]) -> Domain:
        """Keep the relations that bear on ``symbols``, also indirectly."""
        kept: list[Any] = []
        grew = True
        while grew:
            more = [
                g
                for g in self.given
                if g not in kept and symbols_of(g) & symbols
            ]
            kept += more
            symbols = symbols.union(*map(symbols_of, more))
            grew = bool(more)
        given = tuple(g for g in self.given if g in kept)
        return Domain(given, self.ranges)

    def _raised(self, point: Point) -> Point:
        """Integers at least as large as an expression in others asks for."""
        made = dict(point)
        for g in self.given:
            if not isinstance(g, sp.core.relational._Inequality):
                continue
            s, least = g.gts, g.lts
            if s in made and s.is_integer and s not in least.free_symbols:
                value = least.subs(made).evalf(15)
                if value.is_Float and value > made[s]:
                    made[s] = 1 + sp.floor(value)
        return made

    def _solved(self, order: list[sp.Symbol]) -> dict[sp.Symbol, sp.Expr]:
        """Solve given linear equations for one symbol each."""
        found: dict[sp.Symbol, sp.Expr] = {}
        for relation in self.given:
            if not isinstance(relation, sp.Eq) or relation.has(sp.Abs):
                continue
            gap = relation.lhs - relation.rhs
            for s in reversed(order):
                slope = gap.diff(s)
                if slope != 0 and slope.is_number and s not in found:
                    found[s] = sp.expand(s - gap / slope)
                    break
        return found

    def _candidates(self, order: list[sp.Symbol]) -> Iterator[Point]:
        ranges = dict(self.ranges)
        pools = {s: list(ranges.get(s) or self._pool(s)) for s in order}
        yield from (
            {s: p[min(i, len(p) - 1)] for s, p in pools.items()}
            for i in range(3)
        )
        rng = random.Random(20240524)
        whole = [s for s in order if s.is_integer]
        graded = _graded(
            [len(pools[s]) if s in ranges else 7 for s in whole],
            [len(pools[s]) for s in whole],
        )
        for attempt, places in enumerate(itertools.chain(graded, _none())):
            # The pools start with edges: begin there, then use all values.
            reach = 4 if attempt < 12 else 12 if attempt < 40 else None
            point = {s: rng.choice(p[:reach]) for s, p in pools.items()}
            # Small integers are gone through one by one.
            for s, place in zip(whole, places, strict=False):
                point[s] = pools[s][place]
            yield point

    def _pool(self, s: sp.Symbol) -> list[sp.Expr]:
        own = tuple(g for g in self.given if s in symbols_of(g))
        return list(_pooled(Domain(own), s))

    def _drawn(self, s: sp.Symbol) -> list[sp.Expr]:
        """Values of a symbol that keep to what is given of it alone."""
        if self.on_unit_circle(s):
            return list(_circle())
        low, high = self.interval(s)
        values = _values(s)
        if low is not None and high is not None:
            if s.is_integer:
                values = [
                    sp.Integer(v) for v in range(int(low), int(high) + 1)
                ]
            else:
                parts = (1, 7, 3, 5, 2, 6, 0, 8)
                inside = [
                    low + (high - low) * sp.Rational(i, 8) for i in parts
                ]
                inside.insert(3, low + (high - low) / 97)
                inside.insert(5, high - (high - low) / 101)
                values = inside + values
        elif low is not None:
            values = [low + abs(v) for v in values] + values
        elif high is not None:
            values = [high - abs(v) for v in values] + values
        seen = dict.fromkeys(v for v in values if allowed(s, v))
        kept = [
            v
            for v in seen
            if all(
                _holds(g, {s: v}) for g in self.given if _mentioned(g) == {s}
            )
        ]
        return kept or list(seen)

    def interval(self, s: sp.Symbol) -> tuple[Any, Any]:
        """The ends that given relations set, None where there is none."""
        low = high = None
        for g in self.given:
            if not isinstance(g, sp.core.relational._Inequality):
                continue
            lesser, greater = g.lts, g.gts
            if lesser == s and greater.is_number:
                high = greater if high is None else min(high, greater)
            if greater == s and lesser.is_number:
                low = lesser if low is None else max(low, lesser)
            if lesser == sp.Abs(s) and greater.is_number:
                low, high = -greater, greater
        return low, high


@lru_cache(4096)
def _pooled(domain: Domain, s: sp.Symbol) -> list[sp.Expr]:
    """What a domain draws for one symbol, once for all statements."""
    return domain._drawn(s)


def _graded(wanted: list[int], sizes: list[int]) -> list[tuple[int, ...]]:
    """Index tuples with small sums first; few for many dimensions."""
    most = 40 if len(wanted) < 3 else 7 if len(wanted) == 3 else 4
    reach = [min(w, size, most) for w, size in zip(wanted, sizes, strict=True)]
    if not reach:
        return []
    tuples = itertools.product(*map(range, reach))
    return sorted(tuples, key=lambda t: (sum(t), t))


def _none() -> Iterator[tuple[int, ...]]:
    """No more places to go through: everything is drawn."""
    return iter([()] * 3000)


def _completed(
    candidate: Point, order: list[sp.Symbol], solved: Point
) -> Point | None:
    """Put in the solutions of equations; check the assumptions."""
    point = dict(candidate)
    for s, value in solved.items():
        point[s] = value.subs(point)
    ok = all(allowed(s, point[s]) for s in order)
    return {s: point[s] for s in order} if ok else None


@lru_cache(16_384)
def symbols_of(relation: Any) -> frozenset[sp.Symbol]:
    """Return the free symbols; the letter of a family is no number."""
    families = {base.label for base in relation.atoms(sp.IndexedBase)}
    return frozenset(
        s for s in relation.free_symbols - families if isinstance(s, sp.Symbol)
    )


def _holds(relation: Any, point: Point) -> bool:
    """Whether a relation surely holds: by exact values or enclosures."""
    own = _mentioned(relation)
    return _held(
        relation,
        tuple(
            (s, v)
            for s, v in point.items()
            if s in own or not isinstance(s, sp.Symbol)
        ),
    )


@lru_cache(16_384)
def _mentioned(relation: Any) -> frozenset[Any]:
    """Its symbols, with those inside of what has a name."""
    sides = (unfold(a) for a in relation.args)
    return frozenset().union(*(side.free_symbols for side in sides))


@lru_cache(65_536)
def _held(relation: Any, values: tuple[tuple[Any, Any], ...]) -> bool:
    point = dict(values)
    place = Place(point)
    try:
        with precision(128):
            return holds_at(place.read(relation), place.values) is True
    except UndefinedError:
        return False
    except (UnsupportedError, ValueError):
        return relation.subs(point) in (True, sp.true)


def allowed(s: sp.Symbol, value: sp.Expr) -> bool:
    """Say whether ``value`` satisfies the assumptions of symbol ``s``."""
    declared = s.assumptions0
    return all(
        getattr(value, f"is_{fact}") in (None, declared[fact])
        for fact in _FACTS
        if fact in declared
    )


def _values(s: sp.Symbol) -> list[sp.Expr]:
    """Candidate values for a symbol, edges first, by its assumptions."""
    rng = random.Random(f"kexue {s.name}")
    if s.is_integer:
        numbers = [0, 1, 2, -1, 3, -2, 4, 5, -3, 6, 7, -5, 8]
        return [sp.Integer(v) for v in numbers]
    halves = [sp.Rational(1, 2), sp.Rational(-3, 2), sp.Rational(7, 3)]
    reals: list[sp.Expr] = [sp.S.One, sp.S.Zero, -sp.S.One, *halves]
    reals += [sp.Integer(2), sp.Integer(-2), sp.Integer(5)]
    for _ in range(10):
        number = sp.Rational(rng.randint(1, 60), rng.randint(7, 19))
        reals += [number, -number]
    if s.is_extended_real:
        return reals
    if s.is_imaginary:
        return [sp.I * v for v in reals]
    mixed: list[sp.Expr] = [
        -sp.S.One,
        sp.I,
        -1 - sp.I,
        sp.S.One,
        sp.S.Zero,
        -2 + sp.I / 3,
        -sp.I,
    ]
    for _ in range(10):
        mixed.append(
            sp.Rational(rng.randint(-40, 40), rng.randint(7, 19))
            + sp.I * sp.Rational(rng.randint(-40, 40), rng.randint(7, 19))
        )
    return mixed


def _circle() -> Iterator[sp.Expr]:
    """Points of the unit circle with rational coordinates."""
    yield from (sp.I, -sp.S.One, sp.S.One, -sp.I)
    for p, q in ((1, 2), (-1, 3), (2, 3), (-3, 4), (3, 1), (-5, 2), (1, 7)):
        t = sp.Rational(p, q)
        yield (1 - t**2) / (1 + t**2) + sp.I * (2 * t / (1 + t**2))


def set_of(values: Iterable[sp.Expr]) -> tuple[str, str]:
    """Return a finite set for the reader: (LaTeX, text), without braces.

    Only consecutive integers are written with dots.
    """
    listed = list(dict.fromkeys(map(sp.sympify, values)))
    if all(v.is_Rational for v in listed):
        listed.sort()
    whole = all(v.is_Integer for v in listed)
    if whole and len(listed) > 3 and listed[-1] - listed[0] == len(listed) - 1:
        first, last = listed[0], listed[-1]
        return rf"{first}, \ldots, {last}", f"{first}, ..., {last}"
    latex = ", ".join(map(to_latex, listed))
    return latex, ", ".join(map(to_text, listed))


def ranges_of(domain: Domain) -> list[tuple[str, str]]:
    """Each finite set with its symbol for the reader: (LaTeX, text)."""
    found = []
    for s, values in domain.ranges:
        latex, text = set_of(values)
        found.append((f"{to_latex(s)} = {latex}", f"{s.name} = {text}"))
    return found


_SETS = (
    (
        lambda s: s.is_integer and s.is_positive,
        r"\mathbb{Z}_{>0}",
        "integer, > 0",
    ),
    (
        lambda s: s.is_integer and s.is_nonnegative,
        r"\mathbb{Z}_{\ge 0}",
        "integer, >= 0",
    ),
    (
        lambda s: s.is_integer and s.is_negative,
        r"\mathbb{Z}_{<0}",
        "integer, < 0",
    ),
    (
        lambda s: s.is_integer and s.is_nonpositive,
        r"\mathbb{Z}_{\le 0}",
        "integer, <= 0",
    ),
    (
        lambda s: s.is_integer and s.is_nonzero,
        r"\mathbb{Z}\setminus\{0\}",
        "integer, not 0",
    ),
    (lambda s: s.is_integer, r"\mathbb{Z}", "integer"),
    (lambda s: s.is_positive, "> 0", "> 0"),
    (lambda s: s.is_nonnegative and s.is_real, r"\ge 0", ">= 0"),
    (lambda s: s.is_negative, "< 0", "< 0"),
    (lambda s: s.is_nonpositive and s.is_real, r"\le 0", "<= 0"),
    (
        lambda s: s.is_real and s.is_nonzero,
        r"\mathbb{R}\setminus\{0\}",
        "real, not 0",
    ),
    (lambda s: s.is_extended_real, r"\mathbb{R}", "real"),
    (lambda s: s.is_imaginary, r"i\mathbb{R}", "imaginary"),
    (
        lambda s: s.is_commutative is False,
        r"\text{noncommutative}",
        "noncommutative",
    ),
    (
        lambda s: s.is_zero is False,
        r"\mathbb{C}\setminus\{0\}",
        "complex, not 0",
    ),
    (lambda s: True, r"\mathbb{C}", "complex"),
)


def kind_of(symbol: sp.Symbol) -> tuple[str, str]:
    """Return the set of a symbol for the reader: (LaTeX, text)."""
    latex, text = next((b, c) for a, b, c in _SETS if a(symbol))
    more = [
        word
        for word in _MORE
        if getattr(symbol, f"is_{word}")
        and not (word == "rational" and symbol.is_integer)
    ]
    if not more:
        return latex, text
    words = ", ".join(more)
    return rf"{latex}\ (\text{{{words}}})", f"{text}, {words}"


_MORE = ("even", "odd", "prime", "composite", "rational", "irrational")
"""Facts that the set does not say."""

"""Two things that plain SymPy lacks: bounded iteration and tables.

Both are ordinary SymPy expressions, so that one expression still gives the
page's LaTeX, the Python check and the slider.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.function import UndefinedFunction

GRID_LIMIT = 20_000
"""Most numbers that one grid may hold."""


class Iterate(sp.Expr):
    """Component ``which`` of the state after ``times`` applications of a map.

    Build it with :func:`iterate`. ``step`` is a SymPy ``Lambda`` of
    ``(index, state_0, ..., state_m)`` that returns the next state.
    """

    is_commutative = True
    is_extended_real = True  # iterate() refuses the imaginary unit

    step = property(lambda self: self.args[0])
    start = property(lambda self: self.args[1])
    times = property(lambda self: self.args[2])  # `count` is SymPy's own
    which = property(lambda self: int(self.args[3]))

    def __new__(
        cls, step: sp.Lambda, start: sp.Tuple, count: Any, which: Any
    ) -> Iterate:
        """Make the node; the arguments are checked by :func:`iterate`."""
        args = [sp.sympify(arg) for arg in (step, start, count, which)]
        return sp.Expr.__new__(cls, *args)

    def doit(self, **hints: Any) -> sp.Expr:
        """Expand the iteration if ``times`` is a number."""
        count = sp.sympify(self.times)
        if not (count.is_Integer and count >= 0):
            return self
        state = tuple(self.start)
        for index in range(int(count)):
            state = tuple(self.step(sp.Integer(index), *state))
        return state[self.which]

    def _latex(self, printer: Any) -> str:
        step, count = self.step, printer._print(self.times)
        names = [printer._print(v) for v in step.signature[1:]]
        values = [printer._print(e) for e in step.expr]
        starts = [printer._print(e) for e in self.start]
        arrow = ",\\ ".join(
            rf"{n} \mapsto {v}" for n, v in zip(names, values, strict=True)
        )
        first = ",\\ ".join(
            rf"{n}_0 = {s}" for n, s in zip(names, starts, strict=True)
        )
        return (
            rf"\left.{names[self.which]}_{{{count}}}\right|"
            rf"_{{{arrow};\ {first}}}"
        )


def is_whole(expr: sp.Expr) -> bool:
    """Whether ``expr`` is an integer wherever it is defined."""
    rounded = expr.atoms(sp.floor, sp.ceiling)
    swap = {node: sp.Dummy(integer=True) for node in rounded}
    return bool(expr.xreplace(swap).is_integer)


def iterate(
    update: Any,
    state: Any,
    start: Any,
    count: Any,
    *,
    index: sp.Symbol | None = None,
) -> Any:
    r"""Return the result of ``count`` times ``state <- update``.

    A polynomial iteration, a recurrence, a few steps of a solver: a loop of
    bounded length that compiles to JavaScript and is evaluated in Python.

    Args:
        update: The next state, an expression in ``state`` (and ``index``);
            for a state of several variables a sequence of expressions, all
            evaluated at the old state.
        state: The symbol, or a sequence of symbols, that ``update`` uses.
        start: The first state: an expression, or a sequence of them.
        count: How many steps: an expression that SymPy knows to be an
            integer (``Symbol("T", integer=True)``, ``floor(...)``).
        index: A symbol that counts the steps, 0 for the first.

    Returns:
        An expression, or a tuple of them if ``state`` is a sequence.

    Raises:
        TypeError: ``state`` or ``index`` are not symbols, or ``count`` is
            not known to be an integer.
        ValueError: The three sequences differ in length, or something is
            complex.
    """
    many = isinstance(state, (tuple, list, sp.Tuple))
    names = tuple(state) if many else (state,)
    updates = tuple(update) if many else (update,)
    starts = tuple(start) if many else (start,)
    for symbol in (*names, *([] if index is None else [index])):
        if not isinstance(symbol, sp.Symbol):
            raise TypeError(f"state and index must be symbols, got {symbol!r}")
    if not len(names) == len(updates) == len(starts):
        raise ValueError(
            "update, state and start must have one length, got "
            f"{len(updates)}, {len(names)} and {len(starts)}"
        )
    if any(sp.sympify(e).has(sp.I) for e in (*updates, *starts)):
        raise ValueError(
            "iterate is for real states; give real and imaginary part as "
            "two states"
        )
    count = sp.sympify(count)
    if not is_whole(count):
        raise TypeError(
            f"count must be known to be an integer, got {count}; declare "
            "the symbol with integer=True or use floor(...)"
        )
    # Not a Dummy: the stored text of an expression must not change.
    counter = sp.Symbol("_step", integer=True) if index is None else index
    step = sp.Lambda((counter, *names), sp.Tuple(*map(sp.sympify, updates)))
    result = tuple(
        Iterate(step, sp.Tuple(*map(sp.sympify, starts)), count, which)
        for which in range(len(names))
    )
    return result if many else result[0]


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers on a rectangular grid, interpolated linearly between nodes.

    Attributes:
        name: The name the grid has in formulas.
        axes: The nodes of each axis, ascending.
        data: The values, last axis fastest; NaN where there is none.
    """

    name: str
    axes: tuple[tuple[float, ...], ...]
    data: tuple[float, ...]

    def __call__(self, *point: Any) -> float:
        """Interpolate at ``point``; NaN outside the grid."""
        if len(point) != len(self.axes):
            raise TypeError(
                f"grid {self.name} has {len(self.axes)} axes, "
                f"got {len(point)} arguments"
            )
        corners: list[tuple[int, float]] = [(0, 1.0)]
        for axis, coordinate in zip(self.axes, point, strict=True):
            value = float(coordinate)
            if not axis[0] <= value <= axis[-1]:
                return math.nan
            cell = max(
                i for i, node in enumerate(axis) if i == 0 or node <= value
            )
            right = min(cell + 1, len(axis) - 1)
            gap = axis[right] - axis[cell]
            share = (value - axis[cell]) / gap if gap else 0.0
            corners = [
                (base * len(axis) + node, weight * part)
                for base, weight in corners
                for node, part in ((cell, 1.0 - share), (right, share))
                if part
            ]
        return math.fsum(self.data[i] * weight for i, weight in corners)


def grid(
    name: str, function: Callable[..., Any], *axes: Sequence[Any]
) -> UndefinedFunction:
    """Tabulate what has no formula; the result is a SymPy function.

    ``function`` is called once for every node, here and now. Between nodes
    the table is interpolated linearly, in the page and in Python alike, so
    the table (7 significant digits) is the single truth about the curve.

    Args:
        name: Name of the function in formulas.
        function: Called with one number of each axis, returns a real number
            (NaN: no value there).
        *axes: The nodes of each argument, strictly ascending, at least one.

    Returns:
        A SymPy function: ``grid("E", f, [1, 2, 4], [0, 1])(N, kappa)``.

    Raises:
        ValueError: No axis, an axis not ascending, more than
            :data:`GRID_LIMIT` nodes in all, or an infinite value.
    """
    nodes = tuple(tuple(float(v) for v in axis) for axis in axes)
    if not nodes:
        raise ValueError(f"grid {name!r}: at least one axis is needed")
    for position, axis in enumerate(nodes):
        ascending = all(a < b for a, b in itertools.pairwise(axis))
        if not axis or not ascending:
            raise ValueError(
                f"grid {name!r}: axis {position} must be strictly ascending "
                f"and not empty, got {list(axis)[:6]}"
            )
    size = math.prod(map(len, nodes))
    if size > GRID_LIMIT:
        shape = " x ".join(str(len(axis)) for axis in nodes)
        raise ValueError(
            f"grid {name!r}: {shape} = {size} numbers; "
            f"at most {GRID_LIMIT} are allowed"
        )
    given = itertools.product(*(list(axis) for axis in axes))
    data = tuple(float(f"{float(function(*point)):.7g}") for point in given)
    if any(math.isinf(value) for value in data):
        raise ValueError(f"grid {name!r}: a value is infinite")
    table = Grid(name, nodes, data)
    return UndefinedFunction(
        name, _imp_=staticmethod(table), kexue_grid=table, is_real=True
    )


def grid_of(expr: Any) -> Grid | None:
    """Return the grid that ``expr`` looks up, if it is such a look-up."""
    return getattr(type(expr), "kexue_grid", None)

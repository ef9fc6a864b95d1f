"""Small changes of one expression: each is a place where one may err."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import sympy as sp

from kexue_lib.derive.checks.measure import Reading
from kexue_lib.derive.matrices import is_matrix
from kexue_lib.derive.naming import Named
from kexue_lib.derive.objects import (
    Bernoulli,
    Discrete,
    Gaussian,
    Independent,
    Law,
)

Change = tuple[str, Callable[[], Any]]
"""A kind, and what makes the changed expression: that may take long."""


def changes(expr: Any) -> Iterator[tuple[str, Any]]:
    """Yield (kind, changed expression) for every small change."""
    for kind, make in possible(expr):
        yield kind, make()


def possible(expr: Any) -> Iterator[Change]:
    """Every small change, not made yet."""
    for maker in _MAKERS:
        yield from maker(expr)


def _put(
    expr: Any, path: tuple[int, ...], func: Callable[..., Any], *args: Any
) -> Callable[[], Any]:
    return lambda: _rebuilt(expr, path, func(*args))


def _signs(expr: Any) -> Iterator[Change]:
    found = False
    for path, node in _nodes(expr):
        if node.is_Add:
            for i, term in enumerate(node.args):
                parts = [*node.args]
                parts[i] = -term
                yield "sign", _put(expr, path, node.func, *parts)
                found = True
    if not found and isinstance(expr, sp.Expr) and expr != 0:
        yield "sign", lambda: -expr


def _integers(expr: Any) -> Iterator[Change]:
    for path, node in _nodes(expr):
        if node.is_Rational:
            inside = _at(expr, path[:-1]) if path else expr
            exponent = path and inside.is_Pow and path[-1] == 1
            kind = "exponent" if exponent else "integer"
            bump = sp.Rational(node.p + 1, node.q)
            yield kind, _put(expr, path, _same, bump)
        elif path and node.is_Symbol and _is_exponent(expr, path):
            yield "exponent", _put(expr, path, _same, node + 1)


def _is_exponent(expr: Any, path: tuple[int, ...]) -> bool:
    parent = _at(expr, path[:-1])
    return bool(parent.is_Pow and path[-1] == 1)


def _drops(expr: Any) -> Iterator[Change]:
    for path, node in _nodes(expr):
        if (
            node.is_Add
            or node.is_Mul
            or isinstance(node, sp.MatAdd | sp.MatMul)
        ):
            for i, part in enumerate(node.args):
                if node.is_Mul and part.is_number:
                    continue
                rest = [a for j, a in enumerate(node.args) if j != i]
                if is_matrix(node) and not any(map(is_matrix, rest)):
                    continue
                yield "dropped term", _put(expr, path, node.func, *rest)


def _swaps(expr: Any) -> Iterator[Change]:
    symbols = sorted(
        (s for s in expr.free_symbols if isinstance(s, sp.Symbol)),
        key=sp.default_sort_key,
    )
    for i, a in enumerate(symbols):
        for b in symbols[i + 1 :]:
            if a.assumptions0 == b.assumptions0:
                yield "swapped symbols", partial(_swapped, expr, a, b)


def _swapped(expr: Any, a: Any, b: Any) -> Any:
    order = expr.getO() if isinstance(expr, sp.Expr) else None
    if order is not None:
        # The variable of O(...) stays what it is.
        return _swapped(expr.removeO(), a, b) + order
    return expr.subs({a: b, b: a}, simultaneous=True)


_INDEXED = (Named, sp.Indexed, sp.factorial, sp.binomial, sp.gamma)


def _shifts(expr: Any) -> Iterator[Change]:
    families = (sp.legendre, sp.laguerre, sp.hermite, sp.chebyshevt, sp.jn)
    for path, node in _nodes(expr):
        if isinstance(node, (*_INDEXED, *families)):
            for i, a in enumerate(node.args):
                if a.is_integer and not isinstance(a, sp.IndexedBase):
                    shifted = [*node.args]
                    shifted[i] = a + 1
                    yield (
                        "shifted index",
                        _put(expr, path, node.func, *shifted),
                    )
        elif isinstance(node, sp.Sum | sp.Product):
            function, (k, low, high) = node.function, node.limits[0]
            rest = node.limits[1:]
            for a, b in ((low, high + 1), (low + 1, high)):
                parts = (function, (k, a, b), *rest)
                yield "shifted index", _put(expr, path, node.func, *parts)


def _transposes(expr: Any) -> Iterator[Change]:
    for path, node in _nodes(expr):
        if is_matrix(node) and len(set(map(str, node.shape))) == 1:
            yield "transposed", _put(expr, path, _same, node.T)


def _ends(expr: Any) -> Iterator[Change]:
    """Ends of integrals, the point and the side of a limit."""
    for path, node in _nodes(expr):
        if isinstance(node, sp.Integral) and len(node.limits[0]) == 3:
            (x, low, high), *rest = node.limits
            for a, b in (
                (low, _moved(high)),
                (_moved(low), high),
            ):
                parts = (node.function, (x, a, b), *rest)
                yield "end of an integral", _put(expr, path, node.func, *parts)
        elif isinstance(node, sp.Limit):
            body, x, point, side = node.args
            other = "-" if str(side) == "+" else "+"
            places = [(_moved(point), side)]
            if point not in (sp.oo, -sp.oo):
                places.append((point, other))
            for at, way in places:
                changed = sp.Limit(body, x, at, str(way))
                if isinstance(changed, sp.Limit):
                    yield "point of a limit", _put(expr, path, _same, changed)


def _moved(end: Any) -> Any:
    if end in (sp.oo, -sp.oo):
        return sp.S.One if end is sp.oo else -sp.S.One
    return end + 1


def _orders(expr: Any) -> Iterator[Change]:
    """A remainder that is said to be smaller than it is."""
    order = expr.getO() if isinstance(expr, sp.Expr) else None
    if order is None or len(order.args) != 2:
        return
    x, point = order.args[1]
    small = 1 / x if point is sp.oo else x - point
    finer = sp.O(order.expr * small, (x, point))
    yield "order of O", lambda: expr.removeO() + finer


def _laws(expr: Any) -> Iterator[Change]:
    """Parameters of laws."""
    for law in sorted(expr.atoms(Law), key=sp.default_sort_key):
        first, *rest = law.args
        others: list[tuple[Any, ...]]
        if isinstance(law, Gaussian | Independent):
            mean, variance = rest
            others = [(mean + 1, variance), (mean, 2 * variance)]
        elif isinstance(law, Bernoulli):
            others = [(rest[0] / 2,)]
        elif isinstance(law, Discrete):
            (value, p), *more = rest
            others = [(sp.Tuple(value + 1, p), *more)]
        else:
            continue
        for parameters in others:
            changed = law.func(first, *parameters)
            yield "parameter of a law", partial(expr.xreplace, {law: changed})


_WRAPPERS = (sp.Abs, sp.floor, sp.ceiling, sp.conjugate, sp.re, sp.Max, sp.Min)


def _bare(expr: Any) -> Iterator[Change]:
    """Abs, floor, conjugate and the like taken away."""
    for path, node in _nodes(expr):
        if isinstance(node, _WRAPPERS):
            yield "wrapper removed", _put(expr, path, _same, node.args[0])


_MAKERS: tuple[Callable[[Any], Iterator[Change]], ...] = (
    _signs,
    _integers,
    _drops,
    _swaps,
    _shifts,
    _transposes,
    _ends,
    _orders,
    _laws,
    _bare,
)


def _same(value: Any) -> Any:
    return value


def _nodes(expr: Any, path: tuple[int, ...] = ()) -> Iterator[Any]:
    """Yield (path, node) for every part that may be changed."""
    yield path, expr
    for i, child in enumerate(expr.args):
        if _is_open(expr, i):
            yield from _nodes(child, (*path, i))


def _is_open(node: Any, i: int) -> bool:
    """Names that a node binds, and laws, are not changed."""
    if isinstance(node, sp.Sum | sp.Product | sp.Integral | sp.Limit):
        return i == 0
    if isinstance(node, sp.Derivative | sp.Subs):
        return i == 0
    if isinstance(node, sp.Lambda):
        return i == 1
    if isinstance(node, sp.FunctionMatrix):
        return i == 2
    if isinstance(node, sp.MatrixBase):
        return i == 2
    if isinstance(node, Law | Reading | sp.Order | sp.IndexedBase):
        return False
    if isinstance(node, sp.functions.elementary.piecewise.ExprCondPair):
        return i == 0
    if hasattr(node, "bound_symbols"):
        return i == 0
    return True


def _at(expr: Any, path: tuple[int, ...]) -> Any:
    for i in path:
        expr = expr.args[i]
    return expr


def _rebuilt(expr: Any, path: tuple[int, ...], new: Any) -> Any:
    if not path:
        return new
    i, rest = path[0], path[1:]
    parts = list(expr.args)
    parts[i] = _rebuilt(parts[i], rest, new)
    return expr.func(*parts)

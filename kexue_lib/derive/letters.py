"""Noncommuting letters as rational 3 x 3 matrices, exactly."""

from __future__ import annotations

import random
from typing import Any

import sympy as sp

from kexue_lib.derive.core.exact import Exact, rational
from kexue_lib.derive.evaluate import (
    NotEvaluableError,
    Place,
    UndecidedError,
    UndefinedValueError,
    Value,
    evaluate,
)
from kexue_lib.derive.naming import put, unfold

SIZE = 3


def by_matrices(expr: Any, place: Place) -> Value:
    """The value of an expression in letters, a matrix.

    Raises:
        UndefinedValueError: an inverse does not exist.
        NotEvaluableError: a part has no meaning for matrices.
    """
    found = _matrix(unfold(expr), place)
    cells = []
    for entry in found:
        re, im = entry.as_real_imag()
        if not (re.is_Rational and im.is_Rational):
            raise UndecidedError("a scalar that is not rational")
        cells.append(rational(_plain(re), _plain(im)))
    return Value(tuple(cells), (SIZE, SIZE))


def _plain(q: Any) -> Any:
    from fractions import Fraction

    return Fraction(int(q.p), int(q.q))


def _matrix(expr: Any, place: Place) -> Any:
    if expr.is_Add:
        parts = [_matrix(a, place) for a in expr.args]
        total = parts[0]
        for part in parts[1:]:
            total += part
        return total
    if expr.is_Mul:
        total = sp.ImmutableMatrix(sp.eye(SIZE))
        for a in expr.args:
            total *= _matrix(a, place)
        return total
    if expr.is_Pow and not expr.base.is_commutative:
        base = _matrix(expr.base, place)
        power = expr.exp.xreplace(place.point)
        if not power.is_Integer:
            raise NotEvaluableError(f"power {power} of a matrix")
        if power < 0 and base.det() == 0:
            raise UndefinedValueError(f"{expr.base} is singular")
        return base**power
    letter = expr
    if isinstance(expr, sp.Indexed) and not expr.is_commutative:
        # The family has one letter for every value of its indices.
        indices = (put(i, place.point) for i in expr.indices)
        letter = expr.func(expr.base, *indices)
        if not all(i.is_Integer for i in letter.indices):
            raise NotEvaluableError(f"{letter} has an open index")
    elif not expr.is_Symbol or expr.is_commutative:
        letter = None
    if letter is not None:
        return _of_letter(letter, place)
    if expr.is_commutative:
        scalar = evaluate(expr, place)
        if not isinstance(scalar.cells[0], Exact):
            raise UndecidedError("a scalar that is not rational")
        return scalar.expr * sp.ImmutableMatrix(sp.eye(SIZE))
    if isinstance(expr, sp.Sum) and len(expr.limits) == 1:
        k, low, high = expr.limits[0]
        low, high = put(low, place.point), put(high, place.point)
        if low.is_Integer and high.is_Integer and low <= high + 1:
            total = sp.ImmutableMatrix(sp.zeros(SIZE))
            for value in range(int(low), int(high) + 1):
                term = expr.function.subs(k, sp.Integer(value))
                total += _matrix(term, place)
            return total
    raise NotEvaluableError(f"cannot evaluate noncommutative {expr}")


def _of_letter(letter: Any, place: Place) -> Any:
    point = place.point
    if letter in point:
        return sp.ImmutableMatrix(point[letter])
    if letter in place.letters:
        return place.letters[letter]
    rng = random.Random(
        f"kexue matrix {letter} {sorted(map(str, point.items()))}"
    )
    cells = [
        sp.Rational(rng.randint(-9, 9), rng.randint(1, 5))
        for _ in range(SIZE * SIZE)
    ]
    return sp.ImmutableMatrix(SIZE, SIZE, cells)


def obey(given: tuple[Any, ...], place: Place) -> None:
    """Draw letters that keep to given equations.

    ``X Y = 1`` makes X the inverse of Y; any other equation must hold by
    itself.

    Raises:
        UndecidedError: it does not, at this point.
    """
    about: list[Any] = [
        g.args for g in given if isinstance(g, sp.Eq) and not _numbers(g.args)
    ]
    for left, right in about:
        parts: Any = left.args if left.is_Mul else ()
        if right == 1 and len(parts) == 2 and parts[0].is_Symbol:
            value = _matrix(parts[1], place)
            if value.det() == 0:
                raise UndecidedError(f"{parts[1]} is singular")
            place.letters[parts[0]] = value.inv()
    for left, right in about:
        if _matrix(left, place) != _matrix(right, place):
            raise UndecidedError(f"{left} = {right} does not hold here")


def _numbers(sides: tuple[Any, ...]) -> bool:
    return all(side.is_commutative for side in sides)


def letters_of(expr: Any, place: Place) -> dict[Any, Any]:
    """The matrices that stand for the letters of an expression."""
    found = {
        s
        for s in unfold(expr).free_symbols
        if isinstance(s, sp.Symbol) and s.is_commutative is False
    }
    families = {b.label for b in unfold(expr).atoms(sp.IndexedBase)}
    ordered = sorted(found - families, key=sp.default_sort_key)
    return {s: _of_letter(s, place) for s in ordered}

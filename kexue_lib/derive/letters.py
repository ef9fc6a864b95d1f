"""Noncommuting letters as rational 3 x 3 matrices, exactly."""

from __future__ import annotations

import random
from typing import Any

import sympy as sp
from sympy import QQ_I
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError
from sympy.polys.polyerrors import CoercionFailed

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
    cells = (rational(q.x, q.y) for row in found.to_list() for q in row)
    return Value(tuple(cells), (SIZE, SIZE))


def _exact(matrix: Any) -> Any:
    """The same matrix over the Gaussian rationals."""
    try:
        return DomainMatrix.from_Matrix(matrix).convert_to(QQ_I)
    except CoercionFailed:
        raise UndecidedError("a scalar that is not rational") from None


def _matrix(expr: Any, place: Place) -> Any:
    """The value as a DomainMatrix over the Gaussian rationals."""
    if expr.is_Add:
        parts = [_matrix(a, place) for a in expr.args]
        total = parts[0]
        for part in parts[1:]:
            total += part
        return total
    if expr.is_Mul:
        total = DomainMatrix.eye(SIZE, QQ_I)
        for a in expr.args:
            total *= _matrix(a, place)
        return total
    if expr.is_Pow and not expr.base.is_commutative:
        base = _matrix(expr.base, place)
        power = expr.exp.xreplace(place.point)
        if not power.is_Integer:
            raise NotEvaluableError(f"power {power} of a matrix")
        if power < 0:
            try:
                base = base.inv()
            except DMNonInvertibleMatrixError:
                why = f"{expr.base} is singular"
                raise UndefinedValueError(why) from None
        return base ** abs(int(power))
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
        return _exact(_of_letter(letter, place))
    if expr.is_commutative:
        scalar = evaluate(expr, place)
        if not isinstance(scalar.cells[0], Exact):
            raise UndecidedError("a scalar that is not rational")
        return _exact(scalar.expr * sp.eye(SIZE))
    if isinstance(expr, sp.Sum) and len(expr.limits) == 1:
        k, low, high = expr.limits[0]
        low, high = put(low, place.point), put(high, place.point)
        if low.is_Integer and high.is_Integer and low <= high + 1:
            total = DomainMatrix.zeros((SIZE, SIZE), QQ_I)
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
            try:
                inverse = _matrix(parts[1], place).inv()
            except DMNonInvertibleMatrixError:
                why = f"{parts[1]} is singular"
                raise UndecidedError(why) from None
            place.letters[parts[0]] = sp.ImmutableMatrix(inverse.to_Matrix())
    for left, right in about:
        gap = _matrix(left, place) - _matrix(right, place)
        if any(map(any, gap.to_list())):
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

"""Exact matrices: expression trees evaluated over QQ by ``DomainMatrix``."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import mul
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from kexue_lib.derive.errors import NonsenseError
from kexue_lib.derive.naming import NamedMatrix


class SingularMatrixError(NonsenseError):
    """An inverse that does not exist."""


def explicit(expr: Any) -> sp.ImmutableMatrix:
    """Return a matrix expression of known size as an explicit matrix.

    Raises:
        NonsenseError: a size is still symbolic, or an inverse does not exist.
    """
    if isinstance(expr, sp.MatrixBase):
        return sp.ImmutableMatrix(expr)
    if isinstance(expr, sp.MatMul) and expr.has(sp.Sum, sp.exp, sp.conjugate):
        # Such entries have no fast field; they are tidied where compared.
        scalar, factors = expr.as_coeff_matrices()
        if all(isinstance(f, sp.MatrixBase) for f in factors):
            return sp.ImmutableMatrix(scalar * reduce(mul, factors))
    return sp.ImmutableMatrix(domain_matrix(expr).to_Matrix())


@lru_cache(maxsize=1024)
def domain_matrix(expr: Any) -> DomainMatrix:
    """Return a matrix expression of known size over an exact domain."""
    if isinstance(expr, NamedMatrix):
        return domain_matrix(expr.unfold())
    if isinstance(expr, sp.MatrixBase):
        return DomainMatrix.from_Matrix(sp.Matrix(expr)).to_field()
    rows, cols = (int(size) for size in expr.shape)
    if isinstance(expr, sp.Identity):
        return DomainMatrix.eye(rows, sp.QQ)
    if isinstance(expr, sp.ZeroMatrix):
        return DomainMatrix.zeros((rows, cols), sp.QQ)
    if isinstance(expr, sp.FunctionMatrix):
        return _from_entries(expr, rows, cols)
    if isinstance(expr, sp.MatAdd):
        return _fold(expr.args, lambda a, b: a + b)
    if isinstance(expr, sp.MatMul):
        scalar, factors = expr.as_coeff_matrices()
        product = _fold(factors, lambda a, b: a * b)
        return product if scalar == 1 else _scaled(product, scalar)
    if isinstance(expr, sp.Transpose):
        return domain_matrix(expr.arg).transpose()
    if isinstance(expr, sp.Inverse | sp.MatPow):
        base, power = expr.args[0], int(expr.args[1])
        return _power(base, power)
    raise NonsenseError(f"cannot make {type(expr).__name__} explicit")


def _from_entries(expr: Any, rows: int, cols: int) -> DomainMatrix:
    i, j = expr.lamda.signature
    body = expr.lamda.expr
    entries = [
        [body.subs({i: sp.Integer(a), j: sp.Integer(b)}) for b in range(cols)]
        for a in range(rows)
    ]
    return DomainMatrix.from_Matrix(sp.Matrix(entries)).to_field()


def _fold(args: tuple[Any, ...], op: Any) -> DomainMatrix:
    total = domain_matrix(args[0])
    for arg in args[1:]:
        total, other = total.unify(domain_matrix(arg))
        total = op(total, other)
    return total


def _scaled(matrix: DomainMatrix, scalar: Any) -> DomainMatrix:
    factor = DomainMatrix.from_Matrix(sp.Matrix([[scalar]])).to_field()
    matrix, factor = matrix.unify(factor)
    return matrix * factor[0, 0].element


@lru_cache(maxsize=1024)
def _power(base: Any, power: int) -> DomainMatrix:
    """A power, from the one before where several in a row are asked for."""
    matrix = _inverse(base) if power < 0 else domain_matrix(base)
    if not 1 < abs(power) <= 100:
        return matrix ** abs(power)
    return _power(base, power + 1 if power < 0 else power - 1) * matrix


@lru_cache(maxsize=256)
def _inverse(expr: Any) -> DomainMatrix:
    try:
        return domain_matrix(expr).inv()
    except DMNonInvertibleMatrixError as error:
        raise SingularMatrixError("the matrix has no inverse") from error


def is_matrix(expr: Any) -> bool:
    """Say whether ``expr`` is a matrix or a matrix expression."""
    return isinstance(expr, MatrixExpr | sp.MatrixBase)

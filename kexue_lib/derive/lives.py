"""The second life of a formula: a torch function, from the same object.

The tree is interpreted with torch operations: nothing is printed, parsed or
``eval``-ed, constants stay Python numbers, and so no tensor is ever made on
another device than that of the arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp

from kexue_lib._extras import require
from kexue_lib.derive.naming import unfold

if TYPE_CHECKING:
    from torch import Tensor

# SymPy function to torch function, both of one argument, real and complex.
_UNARY = {
    sp.Abs: "abs",
    sp.arg: "angle",
    sp.asinh: "asinh",
    sp.atan: "atan",
    sp.ceiling: "ceil",
    sp.conjugate: "conj",
    sp.cos: "cos",
    sp.cosh: "cosh",
    sp.erf: "erf",
    sp.erfc: "erfc",
    sp.exp: "exp",
    sp.floor: "floor",
    sp.im: "imag",
    sp.loggamma: "lgamma",
    sp.re: "real",
    sp.sign: "sign",
    sp.sin: "sin",
    sp.sinh: "sinh",
    sp.tan: "tan",
    sp.tanh: "tanh",
}
# Written with logarithms, whose branch torch and SymPy agree on.
_BY_LOGARITHMS = (sp.asin, sp.acos, sp.acosh, sp.atanh)
_RELATIONS = {
    sp.Eq: "eq",
    sp.Ne: "ne",
    sp.Lt: "lt",
    sp.Le: "le",
    sp.Gt: "gt",
    sp.Ge: "ge",
}
# family: (p(1), p(n + 1) from p(n), p(n - 1)), with p(0) = 1
_POLYNOMIALS: dict[Any, tuple[Any, Any]] = {
    sp.legendre: (
        lambda x: x,
        lambda n, x, p, q: ((2 * n + 1) * x * p - n * q) / (n + 1),
    ),
    sp.laguerre: (
        lambda x: 1 - x,
        lambda n, x, p, q: ((2 * n + 1 - x) * p - n * q) / (n + 1),
    ),
    sp.hermite: (
        lambda x: 2 * x,
        lambda n, x, p, q: 2 * x * p - 2 * n * q,
    ),
    sp.chebyshevt: (lambda x: x, lambda n, x, p, q: 2 * x * p - q),
    sp.chebyshevu: (lambda x: 2 * x, lambda n, x, p, q: 2 * x * p - q),
}

Environment = dict[Any, Any]


def to_torch(
    expr: Any, args: Sequence[sp.Symbol] | sp.Symbol
) -> Callable[..., Tensor]:
    r"""Turn an expression or an explicit matrix into a torch function.

    Where SymPy's assumptions do not guarantee a real value (the logarithm or
    a fractional power of something that may be negative), the function
    computes in complex numbers instead of returning NaN.

    Args:
        expr: SymPy expression, explicit matrix, or a claim's ``lhs``,
            ``rhs`` or ``expr``.
        args: Its symbols, in the order of the function's arguments.

    Returns:
        A function of as many arguments. They are numbers or tensors that
        broadcast with each other; integers and numbers count as float64. It
        returns a tensor of the broadcast shape (matrices add two dimensions
        at the end) on the arguments' device, in their common dtype, and is
        differentiable. Every branch of a ``Piecewise`` is computed, also
        where it is not taken.

    Raises:
        TypeError: ``expr`` is no SymPy object, or has a part that torch
            cannot compute; it is named.
        ValueError: A symbol of ``expr`` is not among ``args``, or ``args``
            repeats one.
    """
    require("torch", "to_torch")
    names = (args,) if isinstance(args, sp.Symbol) else tuple(args)
    if not isinstance(expr, sp.Basic | sp.MatrixBase):
        raise TypeError(f"expr must be a SymPy object, got {expr!r}")
    if not all(isinstance(s, sp.Symbol) for s in names):
        raise TypeError(f"args must be symbols, got {names}")
    if len(set(names)) != len(names):
        raise ValueError(f"args repeats a symbol: {names}")
    if _is_matrix(expr):
        whole = sp.ImmutableMatrix(expr).applyfunc(_opened)
    else:
        whole = _opened(expr)
    missing = sorted(str(s) for s in whole.free_symbols - set(names))
    if missing:
        raise ValueError(f"args lacks {', '.join(missing)} of {expr}")
    for part in sp.preorder_traversal(whole):
        _require_computable(part)

    def function(*values: Any) -> Tensor:
        if len(values) != len(names):
            raise TypeError(
                f"{len(names)} arguments are needed ({names}), "
                f"got {len(values)}"
            )
        return _call(whole, names, values)

    return function


def _opened(expr: Any) -> Any:
    return unfold(expr).replace(
        lambda part: part.func in _BY_LOGARITHMS,
        lambda part: part.rewrite(sp.log),
    )


def _is_matrix(expr: Any) -> bool:
    return isinstance(expr, sp.MatrixBase)


def _call(
    whole: Any, names: tuple[sp.Symbol, ...], values: tuple[Any, ...]
) -> Tensor:
    import torch

    tensors = [v for v in values if isinstance(v, torch.Tensor)]
    device = tensors[0].device if tensors else None
    dtype = torch.float64
    if tensors and all(
        t.is_floating_point() or t.is_complex() for t in tensors
    ):
        dtype = tensors[0].dtype
        for t in tensors[1:]:
            dtype = torch.promote_types(dtype, t.dtype)
    shape = torch.broadcast_shapes(*(t.shape for t in tensors))
    table: Environment = {}
    for name, value in zip(names, values, strict=True):
        if isinstance(value, torch.Tensor):
            exact = value.is_floating_point() or value.is_complex()
            table[name] = value if exact else value.to(torch.float64)
        elif isinstance(value, int | float | complex):
            table[name] = value
        else:
            raise TypeError(
                f"argument {name} must be a number or a tensor, got "
                f"{type(value).__name__}"
            )

    def tensor(entry: Any) -> Tensor:
        result = _value(entry, table)
        if not isinstance(result, torch.Tensor):
            kind = dtype
            if isinstance(result, complex) and not dtype.is_complex:
                kind = torch.promote_types(dtype, torch.complex64)
            result = torch.full((), result, dtype=kind, device=device)
        return result.broadcast_to(shape)

    if not _is_matrix(whole):
        return tensor(whole)
    entries = [tensor(entry) for entry in whole]
    common = entries[0].dtype
    for entry in entries[1:]:
        common = torch.promote_types(common, entry.dtype)
    stacked = torch.stack([entry.to(common) for entry in entries], dim=-1)
    return stacked.reshape(*shape, *whole.shape)


_STRUCTURE = (
    sp.Symbol,
    sp.Number,
    sp.NumberSymbol,
    sp.core.numbers.ImaginaryUnit,
    sp.Add,
    sp.Mul,
    sp.Pow,
    sp.Piecewise,
    sp.functions.elementary.piecewise.ExprCondPair,
    sp.And,
    sp.Or,
    sp.Not,
    sp.logic.boolalg.BooleanAtom,
    sp.Sum,
    sp.Product,
    sp.Tuple,
    sp.Min,
    sp.Max,
    sp.KroneckerDelta,
    sp.log,
    sp.factorial,
    sp.gamma,
    sp.binomial,
    sp.coth,
    sp.sec,
    sp.csc,
    sp.cot,
    sp.MatrixBase,
)


def _require_computable(part: Any) -> None:
    known = (
        isinstance(part, _STRUCTURE)
        or part.func in _UNARY
        or part.func in _RELATIONS
        or part.func in _POLYNOMIALS
    )
    if not known:
        raise TypeError(
            f"torch cannot compute {getattr(part.func, '__name__', part)}: "
            f"{part}"
        )
    if isinstance(part, sp.Sum | sp.Product) and len(part.limits) != 1:
        raise TypeError(f"torch computes sums over one index only: {part}")


def _number(node: Any) -> Any:
    if node.is_Integer:
        return int(node)
    value = complex(node.evalf(20))
    return value.real if node.is_real else value


def _value(node: Any, table: Environment) -> Any:
    """Evaluate one node: a tensor, a Python number or a truth value."""
    if node in table:
        return table[node]
    if node.is_Boolean:
        return _truth(node, table)
    if node.is_number and not node.free_symbols and node.is_comparable:
        return _number(node)
    if node is sp.I:
        return 1j
    if node.is_Add:
        return sum(_value(a, table) for a in node.args)
    if node.is_Mul:
        return _product(_value(a, table) for a in node.args)
    if node.is_Pow:
        return _power(node, table)
    if isinstance(node, sp.Piecewise):
        return _piecewise(node, table)
    if isinstance(node, sp.Sum | sp.Product):
        return _loop(node, table)
    return _function(node, table)


def _product(values: Any) -> Any:
    result: Any = 1
    for value in values:
        result = result * value
    return result


def _apply(name: str, *values: Any) -> Any:
    """Call a torch function; numbers meet on the device of the tensors."""
    import torch

    tensors = [v for v in values if isinstance(v, torch.Tensor)]
    if not tensors:
        made = [
            torch.tensor(
                v,
                dtype=torch.complex128
                if isinstance(v, complex)
                else torch.float64,
                device="cpu",
            )
            for v in values
        ]
        return getattr(torch, name)(*made).item()
    made = [
        v
        if isinstance(v, torch.Tensor)
        else torch.full((), v, dtype=_kind(v, tensors), device=_on(tensors))
        for v in values
    ]
    return getattr(torch, name)(*made)


def _on(tensors: list[Any]) -> Any:
    return tensors[0].device


def _kind(value: Any, tensors: list[Any]) -> Any:
    import torch

    kind = tensors[0].dtype
    if isinstance(value, complex):
        kind = torch.promote_types(kind, torch.complex64)
    return kind


def _complex(value: Any) -> Any:
    import torch

    if isinstance(value, torch.Tensor):
        return value.to(torch.promote_types(value.dtype, torch.complex64))
    return complex(value)


def _power(node: Any, table: Environment) -> Any:
    base, exponent = node.args
    if base is sp.E:
        return _apply("exp", _value(exponent, table))
    low, high = _value(base, table), _value(exponent, table)
    if exponent == sp.Rational(1, 2) and base.is_nonnegative:
        return _apply("sqrt", low)
    if not (exponent.is_integer or base.is_nonnegative):
        low = _complex(low)
    if isinstance(high, int) and high < 0 and isinstance(low, int):
        low = float(low)
    if isinstance(low, int | float | complex) and not isinstance(
        high, int | float | complex
    ):
        # torch has no pow(-1, tensor) in complex with the right branch.
        return _apply("pow", low, high)
    return low**high


def _function(node: Any, table: Environment) -> Any:
    kind = node.func
    if kind in _POLYNOMIALS:
        return _polynomial(node, table)
    if kind in _RELATIONS:
        return _truth(node, table)
    values = [_value(a, table) for a in node.args]
    if kind in _UNARY:
        return _unary(_UNARY[kind], values[0])
    if kind is sp.log:
        known = node.args[0].is_nonnegative
        return _apply("log", values[0] if known else _complex(values[0]))
    if kind in (sp.Max, sp.Min):
        name = "maximum" if kind is sp.Max else "minimum"
        result = values[0]
        for value in values[1:]:
            result = _apply(name, result, value)
        return result
    if kind is sp.KroneckerDelta:
        return _float(_compare("eq", *values[:2]), values)
    if kind is sp.factorial:
        return _gamma(values[0] + 1)
    if kind is sp.gamma:
        return _gamma(values[0])
    if kind is sp.binomial:
        n, k = values
        return _gamma(n + 1) / (_gamma(k + 1) * _gamma(n - k + 1))
    if kind is sp.coth:
        return 1 / _apply("tanh", values[0])
    if kind is sp.cot:
        return 1 / _apply("tan", values[0])
    if kind in (sp.sec, sp.csc):
        return 1 / _apply("cos" if kind is sp.sec else "sin", values[0])
    raise TypeError(f"torch cannot compute {node}")


def _unary(name: str, value: Any) -> Any:
    import torch

    if isinstance(value, torch.Tensor) and not value.is_complex():
        if name == "imag":
            return torch.zeros_like(value)
        if name in ("real", "conj"):
            return value
    if isinstance(value, int | float) and name in ("real", "conj"):
        return value
    if isinstance(value, int | float) and name == "imag":
        return 0.0
    return _apply(name, value)


def _gamma(value: Any) -> Any:
    """Gamma, with the sign that lgamma drops, and poles at 0, -1, ..."""
    import math

    import torch

    if not isinstance(value, torch.Tensor):
        return math.gamma(value)
    size = torch.lgamma(value).exp()
    odd = value.floor().remainder(2) == 1
    return torch.where((value < 0) & odd, -size, size)


def _polynomial(node: Any, table: Environment) -> Any:
    degree, point = (_value(a, table) for a in node.args)
    if not isinstance(degree, int):
        raise TypeError(
            f"the degree of {node.func.__name__} must be a Python integer, "
            f"got {degree!r}"
        )
    first, step = _POLYNOMIALS[node.func]
    before, now = point * 0 + 1, first(point)
    if degree == 0:
        return before
    for n in range(1, degree):
        before, now = now, step(n, point, now, before)
    return now


def _loop(node: Any, table: Environment) -> Any:
    index, *ends = node.limits[0]
    low, high = (_value(end, table) for end in ends)
    for end in (low, high):
        if not isinstance(end, int):
            raise TypeError(
                f"the range of {node} must be Python integers, got {end!r}"
            )
    values = (
        _value(node.function, {**table, index: k})
        for k in range(low, high + 1)
    )
    return sum(values) if isinstance(node, sp.Sum) else _product(values)


def _compare(name: str, left: Any, right: Any) -> Any:
    import operator

    return getattr(operator, name)(left, right)


def _truth(node: Any, table: Environment) -> Any:
    if node in (sp.true, sp.false):
        return bool(node)
    if node.func in _RELATIONS:
        left, right = (_value(a, table) for a in node.args)
        return _compare(_RELATIONS[node.func], left, right)
    parts = [_truth(a, table) for a in node.args]
    if isinstance(node, sp.Not):
        (part,) = parts
        return not part if isinstance(part, bool) else ~part
    result = parts[0]
    for part in parts[1:]:
        result = result & part if isinstance(node, sp.And) else result | part
    return result


def _float(truth: Any, values: list[Any]) -> Any:
    import torch

    if isinstance(truth, bool):
        return int(truth)
    floats = [
        v
        for v in values
        if isinstance(v, torch.Tensor) and v.is_floating_point()
    ]
    return truth.to(floats[0].dtype if floats else torch.float64)


def _piecewise(node: Any, table: Environment) -> Any:
    import torch

    if node.args[-1].cond is not sp.true and node.args[-1].cond != True:  # noqa: E712
        raise TypeError(f"a last case (..., True) is missing in {node}")
    result = _value(node.args[-1].expr, table)
    for branch, condition in reversed(node.args[:-1]):
        truth = _truth(condition, table)
        value = _value(branch, table)
        if isinstance(truth, bool):
            result = value if truth else result
            continue
        both = []
        for side in (value, result):
            if not isinstance(side, torch.Tensor):
                kind = torch.float64
                others = [
                    v
                    for v in (value, result, *table.values())
                    if isinstance(v, torch.Tensor)
                ]
                if others:
                    kind = _kind(side, others)
                side = torch.full((), side, dtype=kind, device=truth.device)
            both.append(side)
        common = torch.promote_types(both[0].dtype, both[1].dtype)
        result = torch.where(truth, both[0].to(common), both[1].to(common))
    return result

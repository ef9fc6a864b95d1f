"""The value of an expression at one point: exact where it can be.

Finite sums are written out; infinite sums, integrals and limits are computed
with mpmath and marked as approximate, with the tolerance they deserve.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import mpmath
import sympy as sp
from sympy.core.function import AppliedUndef

from kexue_lib.derive.domain import Point
from kexue_lib.derive.matrices import SingularMatrixError, explicit
from kexue_lib.derive.naming import put, unfold
from kexue_lib.derive.objects import (
    Bernoulli,
    ConstantTerm,
    Discrete,
    Independent,
    Mean,
)

DIGITS = 30
_BAD = (sp.nan, sp.zoo, sp.oo, -sp.oo)


class UndefinedValueError(Exception):
    """The expression has no finite value at the point."""


class NotEvaluableError(Exception):
    """The expression holds something that has no numeric meaning here."""


@dataclass(frozen=True)
class Value:
    """A number or an explicit matrix, and how far it can be trusted.

    Attributes:
        expr: SymPy number or immutable matrix.
        tolerance: 0 where ``expr`` is exact.
    """

    expr: Any
    tolerance: float = 0.0

    @property
    def is_exact(self) -> bool:
        """Whether every entry is a rational (or Gaussian rational)."""
        return not self.tolerance and all(
            e.is_Rational or all(p.is_Rational for p in e.as_real_imag())
            for e in self.entries()
        )

    @property
    def shown(self) -> Any:
        """What a reader sees: exact values as they are, others rounded."""
        if not self.tolerance or getattr(self.expr, "is_Matrix", False):
            return self.expr
        return self.expr.evalf(6)

    def entries(self) -> list[sp.Expr]:
        """The entries of a matrix, or the number itself."""
        if getattr(self.expr, "is_Matrix", False):
            return list(self.expr)
        return [self.expr]


@lru_cache(maxsize=2048)
def concrete(expr: Any) -> Any:
    """Unfold names and put smooth test functions for undefined ones."""
    expr = unfold(expr)
    while True:
        calls = expr.atoms(AppliedUndef)
        if not calls:
            return expr
        expr = _differentiated(
            expr.replace(
                lambda e: isinstance(e, AppliedUndef),
                lambda e: _test_function(e.func.__name__, e.args),
            )
        )


def _differentiated(expr: Any) -> Any:
    """Carry out derivatives, now that every function is known."""
    if not expr.has(sp.Derivative, sp.Subs):
        return expr
    if isinstance(expr, sp.Derivative | sp.Subs):
        inside = _differentiated(expr.expr)
        return expr.func(inside, *expr.args[1:]).doit()
    return expr.func(*(_differentiated(a) for a in expr.args))


def _test_function(name: str, args: tuple[Any, ...]) -> Any:
    """A smooth function that satisfies no accidental identity.

    It has derivatives of every order, and rational values.
    """
    rng = random.Random(f"kexue function {name}")
    a, b, c, d = (sp.Rational(rng.randint(2, 30), 13) for _ in range(4))
    x = sum((sp.Rational(rng.randint(5, 25), 11) * t for t in args), sp.S.Zero)
    if len(args) > 1:
        x += c * sp.prod(args)
    return a * x + b / (d + x**2)


def evaluate(expr: Any, point: Point, letters: bool = False) -> Value:
    """Return the value of ``expr`` at ``point``.

    Args:
        expr: SymPy expression or matrix.
        point: values of its symbols.
        letters: noncommuting letters stand for matrices.

    Raises:
        UndefinedValueError: division by zero, a pole, no finite value.
        NotEvaluableError: symbols are left, or something unknown is in it.
    """
    expr = concrete(expr)
    if letters:
        return Value(_by_matrices(expr, point))
    _no_zero_denominator(_chosen(expr, point), point)
    whole = {s: v for s, v in point.items() if s.is_integer}
    rest = {s: v for s, v in point.items() if not s.is_integer}
    approximate: list[float] = []
    expr = put(expr, whole)
    expr = _explicit(expr, rest, approximate)
    expr = put(expr, rest)
    expr = _explicit(expr, {}, approximate)
    expr = _indexed(expr)
    if getattr(expr, "is_Matrix", False):
        try:
            expr = explicit(expr)
        except SingularMatrixError as error:
            raise UndefinedValueError(str(error)) from error
    value = Value(expr, max(approximate, default=0.0))
    for entry in value.entries():
        _require_number(entry)
    return value


def _require_number(entry: Any) -> None:
    if entry.has(*_BAD):
        raise UndefinedValueError(f"no finite value ({entry})")
    if entry.free_symbols:
        names = ", ".join(sorted(s.name for s in entry.free_symbols))
        raise NotEvaluableError(f"no value is known for {names}")
    if not entry.is_number:
        raise NotEvaluableError(f"cannot evaluate {entry}")


_UNEVALUATED = (
    sp.Sum,
    sp.Product,
    sp.Integral,
    sp.Limit,
    sp.Derivative,
    sp.Subs,
    Mean,
    ConstantTerm,
)


def _chosen(expr: Any, point: Point) -> Any:
    """Put the branch that holds at ``point`` in place of each Piecewise.

    What another branch divides by does not matter here.
    """
    if not expr.has(sp.Piecewise) or not expr.args:
        return expr
    if isinstance(expr, sp.Piecewise):
        for branch, condition in expr.args:
            holds = condition.subs(point)
            if holds == sp.true:
                return _chosen(branch, point)
            if holds != sp.false:
                break
        return expr
    return expr.func(*(_chosen(a, point) for a in expr.args))


def _no_zero_denominator(expr: Any, point: Point) -> None:
    for base in _denominators(expr):
        if base.free_symbols <= set(point):
            try:
                value = base.xreplace(point)
            except (ValueError, TypeError):
                continue
            if _is_zero(value):
                raise UndefinedValueError(f"division by {base} = 0")


@lru_cache(maxsize=2048)
def _denominators(expr: Any) -> tuple[Any, ...]:
    """Bases of negative powers that may vanish, outside sums."""
    found = {
        p.base
        for p in expr.atoms(sp.Pow)
        if p.exp.could_extract_minus_sign()
        and p.base.free_symbols
        and p.base.is_zero is not False
        and p.base.is_commutative
        and not p.base.has(*_UNEVALUATED)
    }
    return tuple(sorted(found, key=sp.default_sort_key))


def _is_zero(value: Any) -> bool:
    if value.is_zero is not None:
        return bool(value.is_zero)
    if value.free_symbols or not value.is_number:
        return False
    return bool(abs(value.evalf(30)) < sp.Float("1e-25"))


def _explicit(expr: Any, rest: Point, approximate: list[float]) -> Any:
    """Write out sums, differentiate, integrate numerically, bottom up."""
    if not expr.has(*_UNEVALUATED):
        return expr
    if isinstance(expr, Mean):
        return _averaged(expr, rest, approximate)
    if isinstance(expr, ConstantTerm):
        return _circle_mean(expr, rest, approximate)
    if isinstance(expr, sp.Sum | sp.Product):
        return _written_out(expr, rest, approximate)
    if isinstance(expr, sp.Integral):
        return _quadrature(expr, rest, approximate)
    if isinstance(expr, sp.Limit):
        return _approached(expr, rest, approximate)
    if isinstance(expr, sp.Derivative | sp.Subs):
        inside = _explicit(expr.expr, {}, approximate)
        return expr.func(inside, *expr.args[1:]).doit()
    if not expr.args:
        return expr
    return expr.func(*(_explicit(a, rest, approximate) for a in expr.args))


def _written_out(expr: Any, rest: Point, approximate: list[float]) -> Any:
    *outer, (k, low, high) = expr.limits
    body = expr.func(expr.function, *outer) if outer else expr.function
    low, high = put(low, rest), put(high, rest)
    if not (low.is_Integer and high.is_Integer):
        if low.is_Integer and high is sp.oo and isinstance(expr, sp.Sum):
            return _infinite(body, k, low, rest, approximate)
        if low.free_symbols or high.free_symbols:
            return expr
        raise NotEvaluableError(f"sum from {low} to {high}")
    if int(high) - int(low) > 400:
        raise NotEvaluableError(f"a sum of {high - low} terms is too long")
    # SymPy's (Karr's) convention for reversed limits.
    flip = high < low - 1
    first, last = (high + 1, low - 1) if flip else (low, high)
    terms = [
        _explicit(body.subs(k, sp.Integer(v)), rest, approximate)
        for v in range(int(first), int(last) + 1)
    ]
    if isinstance(expr, sp.Product):
        total = sp.prod(terms) if terms else sp.S.One
        return 1 / total if flip else total
    if terms and getattr(terms[0], "is_Matrix", False):
        total = terms[0]
        for term in terms[1:]:
            total += term
        return total
    total = sp.Add(*terms)
    return -total if flip else total


def _infinite(
    body: Any, k: Any, low: Any, rest: Point, approximate: list[float]
) -> Any:
    term = _number_function(put(body, rest), k)
    with mpmath.workdps(30):
        total = mpmath.nsum(term, [int(low), mpmath.inf])
    approximate.append(1e-18)
    return _sympy_number(total)


def _quadrature(expr: Any, rest: Point, approximate: list[float]) -> Any:
    if len(expr.limits) != 1 or len(expr.limits[0]) != 3:
        raise NotEvaluableError(f"only definite single integrals: {expr}")
    x, low, high = expr.limits[0]
    inside = _explicit(put(expr.function, rest), {}, approximate)
    low, high = put(low, rest), put(high, rest)
    if inside.is_polynomial(x) and low.is_Rational and high.is_Rational:
        primitive = sp.Poly(inside, x).integrate()
        return primitive.eval(high) - primitive.eval(low)
    function = _number_function(inside, x)
    with mpmath.workdps(15):
        ends = [_mp_end(low), _mp_end(high)]
        if all(mpmath.isfinite(e) for e in ends):
            a, b = ends
            ends = [a, (a + b) / 2, b]
        elif ends == [-mpmath.inf, mpmath.inf]:
            ends = [-mpmath.inf, -3, 0, 3, mpmath.inf]
        try:
            area, error = mpmath.quad(function, ends, error=True)
        except ZeroDivisionError as pole:
            raise UndefinedValueError(
                f"{expr.function} has a pole between {low} and {high}"
            ) from pole
    slack = max(1e-11, 10 * float(abs(error)))
    if slack > 1e-5 * (1 + float(abs(area))):
        raise UndefinedValueError(
            f"the integral of {expr.function} from {low} to {high} "
            "does not converge"
        )
    approximate.append(slack)
    return _sympy_number(area)


def _averaged(expr: Any, rest: Point, approximate: list[float]) -> Any:
    """A mean, without the moment formulas: nodes and finite sums."""
    inside = put(_explicit(expr.args[0], rest, approximate), rest)
    total = [(sp.S.One, inside)]
    for law in expr.args[1:]:
        nodes = _nodes(law.xreplace(rest), approximate)
        total = [
            (weight * p, value.xreplace(table))
            for weight, value in total
            for table, p in nodes
        ]
    return sp.Add(*(weight * value for weight, value in total))


def _nodes(law: Any, approximate: list[float]) -> list[tuple[Any, Any]]:
    if isinstance(law, Bernoulli):
        b, p = law.args
        return [({b: sp.S.One}, p), ({b: sp.S.Zero}, 1 - p)]
    if isinstance(law, Discrete):
        return [({law.args[0]: v}, p) for v, p in law.args[1:]]
    if isinstance(law, Independent):
        # Two values with the stated mean and variance.
        names, mean, variance = law.args
        ends = (mean - sp.sqrt(variance), mean + sp.sqrt(variance))
        share = sp.Rational(1, 2 ** len(names))
        return [
            (dict(zip(names, values, strict=True)), share)
            for values in itertools.product(ends, repeat=len(names))
        ]
    z, mean, variance = law.args
    approximate.append(1e-8)
    nodes = []
    with mpmath.workdps(30):
        for i in range(_HERMITE):
            x, weight = _hermite_node(i)
            place = mean + sp.sqrt(variance) * sp.Float(x, 30)
            nodes.append(({z: place}, sp.Float(weight, 30)))
    return nodes


_HERMITE = 16


@lru_cache(maxsize=1)
def _hermite_nodes() -> list[tuple[Any, Any]]:
    """Gauss's nodes for the standard normal law (Golub and Welsch)."""
    with mpmath.workdps(40):
        jacobi = mpmath.zeros(_HERMITE)
        for i in range(1, _HERMITE):
            jacobi[i - 1, i] = jacobi[i, i - 1] = mpmath.sqrt(i)
        values, vectors = mpmath.eigsy(jacobi)
        return [(values[i], vectors[0, i] ** 2) for i in range(_HERMITE)]


def _hermite_node(i: int) -> tuple[Any, Any]:
    return _hermite_nodes()[i]


def _circle_mean(expr: Any, rest: Point, approximate: list[float]) -> Any:
    """Mean over roots of unity, exact for Laurent polynomials below 32."""
    function, z = expr.args
    inside = put(_explicit(function, rest, approximate), rest)
    approximate.append(1e-20)
    count = 32
    follow = _number_function(inside, z)
    with mpmath.workdps(30):
        roots = [
            mpmath.expjpi(mpmath.mpf(2 * i) / count) for i in range(count)
        ]
        total = mpmath.fsum(map(follow, roots)) / count
    return _sympy_number(mpmath.mpmathify(total))


def _mp_end(end: Any) -> Any:
    if end is sp.oo:
        return mpmath.inf
    if end is -sp.oo:
        return -mpmath.inf
    return mpmath.mpmathify(end.evalf(30))


def _approached(expr: Any, rest: Point, approximate: list[float]) -> Any:
    """Follow the expression towards the limit point; weak by nature."""
    function, x, target, direction = expr.args
    function, target = put(function, rest), put(target, rest)
    sign = -1 if str(direction) == "-" else 1
    follow = _number_function(_explicit(function, {}, approximate), x)
    values = []
    with mpmath.workdps(60):
        for power in (3, 6):
            step = mpmath.mpf(10) ** power
            if target in (sp.oo, -sp.oo):
                at = step if target is sp.oo else -step
            else:
                at = mpmath.mpmathify(target.evalf(60)) + sign / step
            try:
                values.append(mpmath.mpmathify(follow(at)))
            except (ZeroDivisionError, ValueError, OverflowError) as error:
                raise NotEvaluableError(f"cannot follow {expr}") from error
    if not all(map(mpmath.isfinite, values)):
        raise NotEvaluableError(f"cannot follow {expr}")
    gap = float(abs(values[1] - values[0]))
    size = float(abs(values[1]))
    approximate.append(max(2 * gap, 1e-2 * size, 1e-2))
    return _sympy_number(values[1])


def _number_function(expr: Any, x: Any) -> Any:
    """A function of one mpmath number."""
    expr = _indexed(expr)
    unknown = expr.free_symbols - {x}
    if unknown:
        raise NotEvaluableError(
            f"no value is known for {', '.join(sorted(map(str, unknown)))}"
        )
    # mpmath has no spherical Bessel function.
    expr = expr.replace(sp.jn, lambda n, z: sp.jn(n, z).rewrite(sp.besselj))
    return sp.lambdify(x, expr, "mpmath")


def _sympy_number(value: Any) -> Any:
    if isinstance(value, mpmath.mpc):
        return sp.Float(value.real, 25) + sp.I * sp.Float(value.imag, 25)
    return sp.Float(value, 25)


def _indexed(expr: Any) -> Any:
    """Give every ``s[2]`` its own rational number."""
    table = {}
    for item in expr.atoms(sp.Indexed):
        if not all(i.is_number for i in item.indices):
            continue
        rng = random.Random(f"kexue indexed {item}")
        real = sp.Rational(rng.randint(-40, 40) or 1, rng.randint(7, 19))
        if item.base.label.is_positive or item.is_nonnegative:
            real = abs(real)
        elif item.is_nonpositive:
            real = -abs(real)
        number = real
        if item.is_extended_real is None:
            number += sp.I * sp.Rational(rng.randint(-40, 40), 17)
        table[item] = number
    return expr.xreplace(table) if table else expr


def _by_matrices(expr: Any, point: Point) -> Any:
    """Evaluate noncommutative letters as rational 3x3 matrices."""
    size = 3
    if expr.is_Add:
        parts = [_by_matrices(a, point) for a in expr.args]
        total = parts[0]
        for part in parts[1:]:
            total += part
        return total
    if expr.is_Mul:
        total = sp.ImmutableMatrix(sp.eye(size))
        for a in expr.args:
            total *= _by_matrices(a, point)
        return total
    if expr.is_Pow and not expr.base.is_commutative:
        base = _by_matrices(expr.base, point)
        power = expr.exp.xreplace(point)
        if not power.is_Integer:
            raise NotEvaluableError(f"power {power} of a matrix")
        if power < 0 and base.det() == 0:
            raise UndefinedValueError(f"{expr.base} is singular")
        return base**power
    letter = expr
    if isinstance(expr, sp.Indexed) and not expr.is_commutative:
        # The family has one letter for every value of its indices.
        letter = expr.func(expr.base, *(put(i, point) for i in expr.indices))
        if not all(i.is_Integer for i in letter.indices):
            raise NotEvaluableError(f"{letter} has an open index")
    elif not expr.is_Symbol or expr.is_commutative:
        letter = None
    if letter is not None:
        rng = random.Random(
            f"kexue matrix {letter} {sorted(map(str, point.items()))}"
        )
        return sp.ImmutableMatrix(
            size,
            size,
            [
                sp.Rational(rng.randint(-9, 9), rng.randint(1, 5))
                for _ in range(size * size)
            ],
        )
    if expr.is_commutative:
        return evaluate(expr, point).expr * sp.ImmutableMatrix(sp.eye(size))
    if isinstance(expr, sp.Sum) and len(expr.limits) == 1:
        k, low, high = expr.limits[0]
        low, high = put(low, point), put(high, point)
        if low.is_Integer and high.is_Integer and low <= high + 1:
            total = sp.ImmutableMatrix(sp.zeros(size))
            for value in range(int(low), int(high) + 1):
                term = expr.function.subs(k, sp.Integer(value))
                total += _by_matrices(term, point)
            return total
    raise NotEvaluableError(f"cannot evaluate noncommutative {expr}")


def differ(a: Value, b: Value) -> bool:
    """Say whether two values are different numbers.

    Raises:
        NotEvaluableError: the values have different shapes.
    """
    left, right = a.entries(), b.entries()
    if len(left) != len(right):
        if len(left) == 1 or len(right) == 1:
            raise NotEvaluableError("a matrix is compared with a number")
        raise NotEvaluableError("matrices of different shapes")
    tolerance = max(a.tolerance, b.tolerance)
    return any(
        _numbers_differ(p, q, tolerance)
        for p, q in zip(left, right, strict=True)
    )


def _numbers_differ(p: Any, q: Any, tolerance: float) -> bool:
    if p == q:
        return False
    if p.is_Rational and q.is_Rational:
        return True
    u, v = p.evalf(DIGITS), q.evalf(DIGITS)
    if u.has(*_BAD) or v.has(*_BAD):
        raise UndefinedValueError("no finite value")
    size = max(abs(u), abs(v), sp.S.One)
    return bool(abs(u - v) > max(tolerance, 1e-22) * size)


def sign_of_gap(a: Value, b: Value) -> int:
    """Return the sign of ``b - a``: -1, 0 or 1.

    Raises:
        NotEvaluableError: a value is not a real number.
    """
    for value in (a.expr, b.expr):
        if value.is_extended_real is not True and (
            abs(sp.im(value.evalf(DIGITS))) > sp.Float("1e-25")
        ):
            raise NotEvaluableError("an order of numbers that are not real")
    if not differ(a, b):
        return 0
    gap = (b.expr - a.expr).evalf(DIGITS)
    return 1 if sp.re(gap) > 0 else -1

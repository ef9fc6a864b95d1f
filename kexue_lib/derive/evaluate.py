"""The value of an expression at one point: exact, or enclosed.

SymPy's expression is read as a term of the core, whose `exact` and `enclose`
do the work; here symbols, members of families and unknown functions get their
values. A value is a rational number or a ball that holds it. Where there is
neither, `UndecidedError` says why: nothing is compared by closeness.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import sympy as sp
from sympy.core.function import AppliedUndef

from kexue_lib.derive.core.enclose import decided, enclose
from kexue_lib.derive.core.exact import (
    Exact,
    UndefinedError,
    Values,
    exact,
    minus,
    rational,
    related,
)
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import (
    Term,
    UnsupportedError,
    add,
    inverse,
    mul,
    num,
    power,
    rebuilt,
    sub,
    subst,
)
from kexue_lib.derive.core.witness import undefined
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.matrices import (
    SingularMatrixError,
    explicit,
    is_matrix,
)
from kexue_lib.derive.naming import put, unfold

Point = dict[sp.Symbol, sp.Expr]

BITS = 192
"""Precision of balls."""
SHARP = 4096
"""Precision of differences, so that they lose nothing."""


class UndefinedValueError(Exception):
    """The expression has no finite value at the point."""


class NotEvaluableError(Exception):
    """The expression holds something that has no numeric meaning here."""


class UndecidedError(NotEvaluableError):
    """There is neither an exact value nor an enclosure; says why."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Balls of so many bits."""
    saved = flint.ctx.prec
    flint.ctx.prec = bits
    try:
        yield
    finally:
        flint.ctx.prec = saved


@dataclass(frozen=True)
class Value:
    """A number or the entries of a matrix: exact, or enclosed by balls.

    Attributes:
        cells: `Exact` numbers or balls.
        shape: of a matrix.
        closed: the same entries as closed terms, to decide equality exactly.
    """

    cells: tuple[Any, ...]
    shape: tuple[int, int] | None = None
    closed: tuple[Term, ...] = field(default=(), compare=False)

    @property
    def is_exact(self) -> bool:
        """Whether every entry is a rational or Gaussian rational."""
        return all(isinstance(c, Exact) for c in self.cells)

    @property
    def expr(self) -> Any:
        """What a reader sees: exact values as they are, others rounded."""
        shown = [_shown(c) for c in self.cells]
        if self.shape is None:
            return shown[0]
        return sp.ImmutableMatrix(*self.shape, shown)

    shown = expr


def _shown(cell: Any) -> Any:
    if isinstance(cell, Exact):
        re, im = (sp.Rational(int(p.p), int(p.q)) for p in cell)
        return re + sp.I * im
    re, im = (
        sp.Float(p.mid().str(15, radius=False), 12)
        for p in (cell.real, cell.imag)
    )
    return re if cell.imag.contains(0) else re + sp.I * im


# -- what symbols, families and functions are ------------------------------


@dataclass
class Place:
    """A point, with what was drawn for families and unknown functions.

    Attributes:
        point: values of the symbols; members ``s[0]`` and functions
            ``f(x)`` may have theirs, too.
        letters: matrices for letters that do not commute; others are drawn.
    """

    point: dict[Any, Any]

    def __post_init__(self) -> None:
        self.letters: dict[Any, Any] = {}
        self.functions = {
            k.func.__name__: (k.args, v)
            for k, v in self.point.items()
            if isinstance(k, AppliedUndef)
        }
        self.values = Values()
        for k, v in self.point.items():
            if not isinstance(k, AppliedUndef):
                self.values[term(k)] = _number(v)
        self.values.draw = _drawn
        self.table = {
            k: v.term
            for k, v in self.values.items()
            if isinstance(v, Exact) and k.op == "sym"
        }

    def read(self, expr: Any) -> Term:
        """The term, unknown functions being known."""
        if not self.functions:
            return _concrete(expr)
        return _instantiated(term(expr), self.functions)

    def cell(self, expr: Any) -> tuple[Any, Term]:
        """The value of a number, and the closed term.

        Raises:
            UndefinedError: it has none.
            UnsupportedError: it is neither exact nor enclosed.
        """
        t = self.read(expr)
        found: Any = exact(t, self.values)
        if found is None:
            # Members were drawn by now.
            found = enclose(t, self.values)
        closed = subst(t, self.table)
        if not isinstance(found, Exact) and not found.is_finite():
            why = undefined(closed)
            if why:
                raise UndefinedError(why)
            raise UnsupportedError("no finite ball")
        return found, closed


def _number(value: Any) -> Any:
    t = term(value)
    found = exact(t, Values())
    return enclose(t) if found is None else found


@lru_cache(maxsize=4096)
def _concrete(expr: Any) -> Term:
    return _instantiated(term(expr), {})


def _instantiated(t: Term, known: dict[str, Any]) -> Term:
    """Put the stated functions, or smooth test functions, for unknown ones."""
    made = rebuilt(t, lambda a, _: _instantiated(a, known))
    if made.op != "fn" or not made.args[0].startswith("?"):
        return made
    name, *facts = made.args[0][1:].split("+")
    if name in known:
        parameters, body = known[name]
        pairs = zip(map(term, parameters), made.args[1:], strict=True)
        return subst(term(body), dict(pairs))
    return test_function(name, made.args[1:], "positive" in facts)


def test_function(name: str, args: tuple[Term, ...], positive: bool) -> Term:
    """A smooth function that satisfies no accidental identity.

    It has derivatives of every order, rational values, and can be summed.
    """
    rng = random.Random(f"kexue function {name}")
    a, b, c, d = (num(Fraction(rng.randint(2, 30), 13)) for _ in range(4))
    x = add(*(mul(num(Fraction(rng.randint(5, 25), 11)), t) for t in args))
    if len(args) > 1:
        x = add(x, mul(c, *args))
    bump = mul(b, inverse(add(d, power(x, num(2)))))
    odd = mul(a, x, power(add(c, power(x, num(2))), num(-2)))
    return bump if positive else add(odd, bump)


def _drawn(key: Term) -> Any:
    """Every ``s[2]`` has its own rational number, by what is declared."""
    if key.op != "idx":
        return None
    name, facts, *places = key.args
    rng = random.Random(f"kexue indexed {name} {places}")
    real = Fraction(rng.randint(-40, 40) or 1, rng.randint(7, 19))
    if facts & {"positive", "nonnegative"}:
        real = abs(real)
    elif facts & {"negative", "nonpositive"}:
        real = -abs(real)
    if "integer" in facts:
        real = Fraction(real.numerator)
    if "real" in facts:
        return rational(real)
    return rational(real, Fraction(rng.randint(-40, 40), 17))


def chosen(place: Place, *sides: Any) -> dict[Any, Any]:
    """The point with the value of every member and function that occurs."""
    found = dict(place.point)
    bases = {
        str(base.label): base
        for side in sides
        for base in unfold(side).atoms(sp.IndexedBase)
    }
    for key, value in place.values.items():
        if key.op == "idx":
            indices = (sp.Integer(int(i.args[0])) for i in key.args[2:])
            found[bases[key.args[0]][tuple(indices)]] = _shown(value)
    for side in sides:
        for call in unfold(side).atoms(AppliedUndef):
            name = call.func.__name__
            if name not in place.functions:
                letters = tuple(
                    sp.Symbol(f"x_{i}" if i else "x")
                    for i in range(len(call.args))
                )
                body = _written(name, letters, bool(call.is_positive))
                found[call.func(*letters)] = body
    return found


def _written(name: str, letters: tuple[Any, ...], positive: bool) -> Any:
    """The test function in SymPy again, for the reader."""
    marks = {term(s): s for s in letters}
    made = test_function(name, tuple(marks), positive)

    def back(t: Term) -> Any:
        if t in marks:
            return marks[t]
        if t.op == "num":
            return sp.Rational(t.args[0].numerator, t.args[0].denominator)
        parts = map(back, t.children)
        kind = {"add": sp.Add, "mul": sp.Mul, "pow": sp.Pow}[t.op]
        return kind(*parts)

    return back(made)


# -- values -----------------------------------------------------------------


def evaluate(
    expr: Any,
    point: Point | Place,
    letters: bool = False,
    bits: int = BITS,
) -> Value:
    """Return the value of ``expr`` at ``point``.

    Args:
        expr: SymPy expression or matrix.
        point: values of its symbols.
        letters: noncommuting letters stand for matrices.
        bits: precision of balls.

    Raises:
        UndefinedValueError: division by zero, a pole, no finite value.
        UndecidedError: there is neither an exact value nor an enclosure.
        NotEvaluableError: symbols are left.
    """
    place = point if isinstance(point, Place) else Place(point)
    if letters:
        from kexue_lib.derive.letters import by_matrices

        return by_matrices(expr, place)
    try:
        entries, shape = _entries(expr, place)
        with precision(bits):
            found = [place.cell(e) for e in entries]
    except UndefinedError as error:
        raise UndefinedValueError(str(error)) from error
    except (UnsupportedError, ValueError, OverflowError) as error:
        _every_symbol(expr, place)
        raise UndecidedError(str(error)[:200]) from error
    cells, closed = zip(*found, strict=True)
    return Value(cells, shape, closed)


def _entries(
    expr: Any, place: Place
) -> tuple[list[Any], tuple[int, int] | None]:
    """The number, or the entries of a matrix after the point is put in."""
    if not is_matrix(expr):
        return [expr], None
    ready = expr
    if not isinstance(expr, sp.MatrixBase):
        symbols = {
            s: v for s, v in place.point.items() if isinstance(s, sp.Symbol)
        }
        ready = put(unfold(expr), symbols)
    try:
        ready = explicit(ready)
    except SingularMatrixError as error:
        raise UndefinedError(str(error)) from error
    rows, columns = map(int, ready.shape)
    return list(ready), (rows, columns)


def _every_symbol(expr: Any, place: Place) -> None:
    families = {b.label for b in expr.atoms(sp.IndexedBase)}
    missing = {
        s.name
        for s in unfold(expr).free_symbols - families
        if isinstance(s, sp.Symbol) and s not in place.point
    }
    if missing:
        names = ", ".join(sorted(missing))
        raise NotEvaluableError(f"no value is known for {names}")


# -- comparing ---------------------------------------------------------

_OPERATORS = {
    Relation.EQ: ("=", False),
    Relation.NE: ("!=", False),
    Relation.LT: ("<", False),
    Relation.LE: ("<=", False),
    Relation.GT: ("<", True),
    Relation.GE: ("<=", True),
}


def compared(relation: Relation, a: Value, b: Value) -> bool | None:
    """Whether two values are in a relation: by exact values or balls only.

    Raises:
        NotEvaluableError: shapes differ, complex numbers have no order.
    """
    if a.shape != b.shape:
        raise NotEvaluableError("sides of different shapes")
    op, flipped = _OPERATORS[relation]
    if flipped:
        a, b = b, a
    if op in ("<", "<="):
        _require_real(a, b)
    pairs = list(zip(a.cells, b.cells, strict=True))
    if op == "!=":
        same = [_pair("=", p, q) for p, q in pairs]
        if False in same:
            return True
        return None if None in same else False
    found = [_pair(op, p, q) for p, q in pairs]
    if False in found:
        return False
    return None if None in found else True


def _pair(op: str, p: Any, q: Any) -> bool | None:
    if isinstance(p, Exact) and isinstance(q, Exact):
        return related(op, p, q)
    with precision(SHARP):
        gap = _ball(q) - _ball(p)
    if op in ("<", "<="):
        gap = flint.acb(gap.real)
    return decided(op, gap)


def _ball(cell: Any) -> Any:
    return cell.ball if isinstance(cell, Exact) else cell


def _require_real(*values: Value) -> None:
    for value in values:
        for cell in value.cells:
            imag = cell.im if isinstance(cell, Exact) else cell.imag
            exactly = isinstance(cell, Exact)
            if imag != 0 if exactly else not imag.contains(0):
                raise NotEvaluableError(
                    "an order of numbers that are not real"
                )


def alike(a: Value, b: Value) -> bool:
    """Whether the values agree in 15 digits: quadrature may stop there."""
    pairs = zip(a.cells, b.cells, strict=True)
    gaps = ((_ball(p) - _ball(q), abs(_ball(p))) for p, q in pairs)
    return all(abs(gap) <= 2.0**-50 * size for gap, size in gaps)


def settled(relation: Relation, a: Value, b: Value) -> bool | None:
    """As `compared`; equal values are also seen by the core's normal form."""
    found = compared(relation, a, b)
    if found is not None or not a.closed or not b.closed:
        return found
    try:
        same = all(
            Context().field().zero(sub(p, q))
            for p, q in zip(a.closed, b.closed, strict=True)
        )
    except (UnsupportedError, ZeroDivisionError):
        return None
    if not same:
        return None
    return relation in (Relation.EQ, Relation.LE, Relation.GE)


def largest_gap(a: Value, b: Value) -> Any:
    """A ball around the largest modulus of the entries of a - b."""
    with precision(SHARP):
        sizes = [
            abs(minus(p, q).ball)
            if isinstance(p, Exact) and isinstance(q, Exact)
            else abs(_ball(p) - _ball(q))
            for p, q in zip(a.cells, b.cells, strict=True)
        ]
    largest = sizes[0]
    for size in sizes[1:]:
        largest = largest.max(size)
    return largest

"""Read SymPy's expressions as terms: the one place that knows SymPy.

Nothing is evaluated or simplified; what SymPy cancelled before (``x/x``) is
not seen. Names made by ``chapter.let`` are replaced by their meaning, by
substitution that cannot capture.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from kexue_lib.derive.core.members import beside
from kexue_lib.derive.core.terms import (
    FACTS,
    HALF,
    LEAVES,
    MINUS,
    NOO,
    ONE,
    OO,
    PI,
    RELATIONS,
    TRUE,
    ZERO,
    I,
    Term,
    UnsupportedError,
    add,
    binder,
    closed,
    entries,
    fn,
    fresh,
    inverse,
    mul,
    num,
    power,
    rel,
    subst,
)

_GOLDEN = mul(HALF, add(ONE, power(num(5), HALF)))
_CONSTANTS = {
    sp.I: I,
    sp.pi: PI,
    sp.E: fn("exp", ONE),
    sp.oo: OO,
    -sp.oo: NOO,
    sp.true: TRUE,
    sp.EulerGamma: Term("const", "EulerGamma"),
    sp.Catalan: Term("const", "Catalan"),
    sp.GoldenRatio: _GOLDEN,
}
_BINDERS = {sp.Sum: "sum", sp.Product: "prod", sp.Integral: "int"}
_FLIPPED = {">": "<", ">=": "<="}
_PLAIN = {"==": "=", "!=": "!=", "<": "<", "<=": "<="}


def term(e: Any) -> Term:
    """Read an expression.

    Raises:
        UnsupportedError: the core has no meaning for a part of it.
    """
    if not isinstance(e, sp.Basic | sp.MatrixBase):
        e = sp.sympify(e)
    return _read(e)


@lru_cache(maxsize=8192)
def _read(e: Any) -> Term:
    if isinstance(e, int):
        return num(e)
    if hasattr(e, "_body") and hasattr(e, "_params"):
        # A name made by chapter.let.
        values = zip(e._params, e.args, strict=True)
        return subst(_read(e._body), {_read(p): _read(v) for p, v in values})
    if isinstance(e, sp.Rational):
        return num(Fraction(int(e.p), int(e.q)))
    if isinstance(e, sp.Symbol):
        return _symbol(e)
    found = _CONSTANTS.get(e) if not isinstance(e, sp.MatrixBase) else None
    if found is not None:
        return found
    own = _BY_NAME.get(type(e).__name__)
    if own is not None:
        return own(e)
    for kind, read in _READERS:
        if isinstance(e, kind):
            return read(e)
    raise UnsupportedError(type(e).__name__)


def _symbol(e: Any) -> Term:
    if e.name[:1] in ("#", "@"):
        raise UnsupportedError(f"the name {e.name}")  # the core's own
    facts = {f for f in FACTS if getattr(e, f"is_{f}", None)}
    if e.is_commutative is False:
        facts.add("noncommutative")
    suffix = f"~{e.dummy_index}" if isinstance(e, sp.Dummy) else ""
    return Term("sym", e.name + suffix, frozenset(facts))


def _many(op: str) -> Callable[[Any], Term]:
    return lambda e: Term(op, *map(_read, e.args))


def _over_ranges(e: Any) -> Term:
    op = next(o for kind, o in _BINDERS.items() if isinstance(e, kind))
    body = _read(e.function)
    for limits in e.limits:
        if len(limits) != 3:
            raise UnsupportedError(f"{op} without limits")
        k, low, high = map(_read, limits)
        if k.op != "sym":
            raise UnsupportedError(f"{op} over {k}")
        body = binder(op, body, k, low, high)
    return body


def _derivative(e: Any) -> Term:
    body = _read(e.args[0])
    for x, times in e.variable_count:
        if not isinstance(x, sp.Symbol | sp.Indexed) or not times.is_Integer:
            raise UnsupportedError("a derivative in something not a symbol")
        v = _read(x)
        if v.op == "idx":
            for _ in range(int(times)):
                e = fresh("@e", (body, v), "real")
                body = binder("diff", beside(body, v, e), e, ZERO)
            continue
        for _ in range(int(times)):
            body = binder("diff", body, v, v)
    return body


def _subs(e: Any) -> Term:
    pairs = zip(e.args[1], e.args[2], strict=True)
    return subst(_read(e.args[0]), {_read(a): _read(b) for a, b in pairs})


def _limit(e: Any) -> Term:
    body, x, point, direction = e.args
    return Term(
        "limit", closed(_read(body), _read(x)), _read(point), str(direction)
    )


def _cases(e: Any) -> Term:
    parts = [(_read(test), _read(value)) for value, test in e.args]
    return Term("cases", *(t for pair in parts for t in pair))


def _delta(e: Any) -> Term:
    same = rel("=", *map(_read, e.args[:2]))
    return Term("cases", same, ONE, TRUE, ZERO)


def _relation(e: Any) -> Term:
    op = e.rel_op
    if op in _FLIPPED:
        return rel(_FLIPPED[op], _read(e.args[1]), _read(e.args[0]))
    if op in _PLAIN and _PLAIN[op] in RELATIONS:
        return rel(_PLAIN[op], _read(e.args[0]), _read(e.args[1]))
    raise UnsupportedError(f"the relation {op}")


def _indexed(e: Any) -> Term:
    facts = frozenset(
        f for f in FACTS if getattr(e.base.label, f"is_{f}", None)
    )
    return Term("idx", str(e.base.label), facts, *map(_read, e.indices))


def _matrix(e: Any) -> Term:
    return Term("mat", int(e.rows), int(e.cols), *map(_read, e))


def _matmul(e: Any) -> Term:
    out = _read(e.args[0])
    for part in e.args[1:]:
        out = matmul(out, _read(part))
    return out


def _matpow(e: Any) -> Term:
    m, n = _read(e.args[0]), e.args[1]
    if m.op != "mat" or not n.is_Integer or not 1 <= n <= 8:
        raise UnsupportedError("a power of a matrix")
    out = m
    for _ in range(int(n) - 1):
        out = matmul(out, m)
    return out


def _matadd(e: Any) -> Term:
    parts = [_read(a) for a in e.args]
    if any(p.op != "mat" for p in parts):
        raise UnsupportedError("a matrix of unknown size")
    columns = zip(*map(entries, parts), strict=True)
    return Term("mat", *parts[0].args[:2], *(add(*c) for c in columns))


def _transpose(e: Any) -> Term:
    m = _read(e.args[0])
    if m.op != "mat":
        raise UnsupportedError("a matrix of unknown size")
    rows, columns = m.args[:2]
    cells = entries(m)
    flipped = (
        cells[i * columns + j] for j in range(columns) for i in range(rows)
    )
    return Term("mat", columns, rows, *flipped)


def _adjoint(e: Any) -> Term:
    m = _transpose(e)
    return Term("mat", *m.args[:2], *(fn("conjugate", a) for a in entries(m)))


def _inverted(e: Any) -> Term:
    """The inverse by cofactors: its determinant is a denominator."""
    m = _read(e.args[0])
    if m.op != "mat" or m.args[0] != m.args[1] or m.args[0] > 4:
        raise UnsupportedError("an inverse of this size")
    size = m.args[0]
    rows = _rows(m)
    det = determinant(rows)
    cells = []
    for i in range(size):
        for j in range(size):
            minor = [
                [v for c, v in enumerate(r) if c != i]
                for n, r in enumerate(rows)
                if n != j
            ]
            sign = num((-1) ** (i + j))
            cofactor = determinant(minor) if minor else ONE
            cells.append(mul(sign, cofactor, inverse(det)))
    return Term("mat", size, size, *cells)


def _rows(m: Term) -> list[list[Term]]:
    rows, columns = m.args[:2]
    cells = entries(m)
    return [list(cells[i * columns : (i + 1) * columns]) for i in range(rows)]


def matmul(a: Term, b: Term) -> Term:
    """A product of matrices given by their entries, or of scalars."""
    if a.op != "mat" or b.op != "mat":
        if "mat" not in (a.op, b.op):
            return mul(a, b)
        m, s = (a, b) if a.op == "mat" else (b, a)
        return Term("mat", *m.args[:2], *(mul(s, x) for x in entries(m)))
    if a.args[1] != b.args[0]:
        raise UnsupportedError("matrices that do not fit")
    left, right = _rows(a), _rows(b)
    cells = (
        add(*(mul(x, r[j]) for x, r in zip(row, right, strict=True)))
        for row in left
        for j in range(b.args[1])
    )
    return Term("mat", a.args[0], b.args[1], *cells)


def determinant(rows: list[list[Term]]) -> Term:
    """Laplace's expansion along the first row."""
    if len(rows) == 1:
        return rows[0][0]
    parts = []
    for j, a in enumerate(rows[0]):
        if a is ZERO:
            continue
        rest = [r[:j] + r[j + 1 :] for r in rows[1:]]
        sign = MINUS if j % 2 else ONE
        parts.append(mul(sign, a, determinant(rest)))
    return add(*parts)


def _determinant(e: Any) -> Term:
    m = _read(e.args[0])
    if m.op != "mat" or m.args[0] > 8:
        raise UnsupportedError("a determinant of this size")
    return determinant(_rows(m))


def _letters(law: Any) -> tuple[Any, ...]:
    first = law.args[0]
    return tuple(first) if isinstance(first, sp.Tuple) else (first,)


def _apart(laws: tuple[Any, ...]) -> None:
    """Laws of different letters, whose parameters are no random numbers."""
    names = [z for law in laws for z in _letters(law)]
    parameters = {
        s
        for law in laws
        for p in law.args[1:]
        for s in sp.sympify(p).free_symbols
    }
    if len(set(names)) < len(names) or parameters & set(names):
        raise UnsupportedError("laws that depend on each other")


def _mean(e: Any) -> Term:
    return under(_read(e.args[0]), e.args[1:])


def _probability(e: Any) -> Term:
    """The expectation of the indicator of the event."""
    event = _read(e.args[0])
    return under(Term("cases", event, ONE, TRUE, ZERO), e.args[1:])


def _some(e: Any) -> Term:
    """At least one of the indicators of a family of events is 1."""
    one = Term("cases", _read(e.args[0]), ONE, TRUE, ZERO)
    k, low, high = map(_read, e.args[1])
    return rel("<=", ONE, binder("sum", one, k, low, high))


def under(body: Term, laws: Any) -> Term:
    """An expectation of a term, one random symbol after the other."""
    _apart(tuple(laws))
    for law in reversed(laws):
        kind = type(law).__name__
        found: tuple[Any, ...]
        if kind == "Bernoulli":
            p = _read(law.args[1])
            found = ("discrete", ONE, p, ZERO, add(ONE, mul(MINUS, p)))
        elif kind == "Discrete":
            pairs = (_read(x) for pair in law.args[1:] for x in pair)
            found = ("discrete", *pairs)
        elif kind in ("Gaussian", "Independent", "GaussianVector"):
            found = (kind.lower(), *map(_read, law.args[1:]))
        else:
            raise UnsupportedError(f"the law {kind}")
        first = law.args[0]
        if isinstance(first, sp.IndexedBase):
            s = fresh("@s", (body,))
            body = of_family(body, str(first.label), s)
            body = binder("mean", body, s, *found)
            continue
        for z in _letters(law):
            body = binder("mean", body, _read(z), *found)
    return body


def of_family(t: Term, name: str, s: Term) -> Term:
    """The entries of a family as values of one bound, real sequence."""
    if t.op in LEAVES:
        return t
    args = (
        of_family(a, name, s) if isinstance(a, Term) else a for a in t.args
    )
    made = Term(t.op, *args)
    if made.op == "idx" and made.args[0] == name:
        return fn("?entry+real", s, *made.args[2:])
    return made


def _constant_term(e: Any) -> Term:
    return binder("circle", _read(e.args[0]), _read(e.args[1]))


_BY_NAME = {
    "Mean": _mean,
    "Probability": _probability,
    "Some": _some,
    "ConstantTerm": _constant_term,
}


def _function(e: Any) -> Term:
    name = type(e).__name__
    if isinstance(e, sp.core.function.AppliedUndef):
        facts = [
            f for f in ("real", "positive") if getattr(e, f"is_{f}", None)
        ]
        if set(name) & set("+|?"):
            raise UnsupportedError(f"the name {name}")
        name = "?" + name + "".join(f"+{f}" for f in facts)
    return fn(name, *map(_read, e.args))


_READERS: tuple[tuple[Any, Callable[[Any], Term]], ...] = (
    (sp.MatMul, _matmul),
    (sp.MatAdd, _matadd),
    (sp.Inverse, _inverted),
    (sp.MatPow, _matpow),
    (sp.Add, _many("add")),
    (sp.Mul, _many("mul")),
    (sp.Pow, lambda e: power(_read(e.args[0]), _read(e.args[1]))),
    (sp.UnevaluatedExpr, lambda e: _read(e.args[0])),
    ((sp.Sum, sp.Product, sp.Integral), _over_ranges),
    (sp.Derivative, _derivative),
    (sp.Subs, _subs),
    (sp.Limit, _limit),
    (sp.Piecewise, _cases),
    (sp.KroneckerDelta, _delta),
    (sp.core.relational.Relational, _relation),
    (sp.And, _many("and")),
    (sp.Indexed, _indexed),
    (sp.MatrixBase, _matrix),
    (sp.Adjoint, _adjoint),
    (sp.Transpose, _transpose),
    (sp.Determinant, _determinant),
    (sp.Max, lambda e: fn("Max", *sorted(map(_read, e.args), key=repr))),
    (sp.Min, lambda e: fn("Min", *sorted(map(_read, e.args), key=repr))),
    (sp.Function, _function),
)

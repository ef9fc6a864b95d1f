"""Points at which a statement fails, and the proof that it does.

Points are guessed (small numbers, roots of what may vanish); a guess becomes
a witness only if the hypotheses hold there exactly and either a part of a
side is undefined, shown by an exact 0 in the normal form, or the enclosures
of the two sides are in a wrong relation.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import flint

from kexue_lib.derive.core.enclose import decided, enclose, number
from kexue_lib.derive.core.field import constant_of, place
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import (
    Condition,
    Kind,
    Statement,
    Witness,
)
from kexue_lib.derive.core.terms import (
    HALF,
    ONE,
    TRUE,
    TWO,
    ZERO,
    I,
    Term,
    UnsupportedError,
    add,
    contains,
    facts_of,
    fn,
    free,
    infinite,
    is_fn,
    mul,
    neg,
    num,
    opened,
    sub,
    subst,
    text,
)

Point = dict[Term, Term]
MOST = 24
"""How many points are tried."""
_SMALL = ("0", "1", "2", "-1", "3", "1/2", "-2", "5", "-1/2", "7", "10")
_REAL = tuple(num(Fraction(q)) for q in _SMALL)
_COMPLEX = (I, sub(neg(ONE), I), add(neg(TWO), mul(HALF, I)))


def admitted(s: Term, at: Term) -> bool:
    """A number has the facts of a symbol."""
    if at.op != "num":
        return facts_of(s) <= {"nonzero"}
    value: Fraction = at.args[0]
    whole = value.denominator == 1
    tests = {
        "integer": whole,
        "rational": True,
        "real": True,
        "positive": value > 0,
        "negative": value < 0,
        "nonnegative": value >= 0,
        "nonpositive": value <= 0,
        "nonzero": value != 0,
        "even": whole and value % 2 == 0,
        "odd": whole and value % 2 == 1,
        "prime": value in (2, 3, 5, 7),
    }
    return all(tests.get(fact, False) for fact in facts_of(s))


def search(
    statement: Statement, suspects: Iterable[Condition] = ()
) -> Witness | None:
    """A point at which the statement fails, if one is found."""
    if not all(s.op == "sym" for s in statement.symbols):
        return None
    tried: set[Any] = set()
    # Members of families and unknown functions have no values to look at.
    blind = any(map(_unvalued, (statement.left, statement.right)))
    most = MOST // 4 if blind else MOST
    for point in itertools.islice(_points(statement, suspects), most):
        key = tuple(sorted((repr(s), repr(v)) for s, v in point.items()))
        if key in tried:
            continue
        tried.add(key)
        try:
            why = fails(statement, point)
        except (UnsupportedError, ValueError, ZeroDivisionError):
            continue
        if why:
            ordered = sorted(point.items(), key=lambda p: repr(p[0]))
            return Witness(tuple(ordered), why)
    return None


def _unvalued(t: Term) -> bool:
    if t.op == "idx" or (t.op == "fn" and t.args[0].startswith("?")):
        return True
    return any(map(_unvalued, t.children))


def _points(
    statement: Statement, suspects: Iterable[Condition]
) -> Iterator[Point]:
    symbols = statement.symbols
    pools = {
        s: [q for q in (*_REAL[:4], *_COMPLEX, *_REAL[4:]) if admitted(s, q)]
        for s in symbols
    }
    if not all(pools.values()):
        return
    bases = [
        {
            s: p[(i + j) % min(len(p), 3 + i)]
            for j, (s, p) in enumerate(pools.items())
        }
        for i in range(10)
    ]
    for c in suspects:
        for base in bases[:3]:
            yield from _roots(c, base)
    for i in range(8):
        yield {s: p[min(i, len(p) - 1)] for s, p in pools.items()}
    yield from bases


def _roots(c: Condition, base: Point) -> Iterator[Point]:
    """Points where a term that must not vanish does."""
    for s in sorted(free(c.about) & base.keys(), key=text):
        rest = {k: v for k, v in base.items() if k is not s}
        targets = [c.about]
        if c.kind is Kind.NO_POLE:
            targets = [add(c.about, num(j)) for j in range(2)]
        for target in targets:
            f = Context().field()
            try:
                top = f.quotients(subst(target, rest))[0].top
            except UnsupportedError:
                continue
            if s not in f.index:
                continue
            at = place(f.index[s])
            for p, _ in top.factor()[1] if top != 0 else []:
                support = [i for i, d in enumerate(p.degrees()) if d > 0]
                if support != [at] or p.degrees()[at] != 1:
                    continue
                slope = constant_of(p.derivative(at))
                root = num(-constant_of(p) / slope)
                if admitted(s, root):
                    yield {**rest, s: root}


def fails(statement: Statement, point: Point) -> str:
    """How a statement fails at a point; empty if that is not shown."""
    for s, v in point.items():
        if not admitted(s, v):
            return ""
    here = Context()
    for g in statement.given:
        if here.holds(subst(g, point)) is not True:
            return ""
    sides = [subst(t, point) for t in (statement.left, statement.right)]
    if any(t.op == "mat" for t in sides):
        return ""
    for side in sides:
        why = undefined(side)
        if why:
            return why
    if any(contains(t, "int", "limit", "diff") for t in sides):
        return ""
    return _wrong(statement.relation, *sides)


def _wrong(op: str, a: Term, b: Term) -> str:
    saved = flint.ctx.prec
    try:
        for prec in (64, 256):
            flint.ctx.prec = prec
            gap = enclose(sub(b, a))
            if decided(op, gap) is False:
                flint.ctx.prec = 64
                left, right = (_shown(enclose(t)) for t in (a, b))
                return f"left = {left}, right = {right}"
        if op in ("<", "!=") and Context().field().zero(sub(a, b)):
            return f"both sides are {_shown(enclose(a))}"
        return ""
    finally:
        flint.ctx.prec = saved


def _shown(ball: Any) -> str:
    return str(ball.str(12, radius=False))


def _is_zero(t: Term) -> bool:
    ball = number(t, (64,))
    if ball is not None:
        return bool(ball == 0)
    return Context().field().zero(t)


def undefined(t: Term) -> str:
    """Which part of a closed term has no value; empty if none is seen."""
    if t.op in ("int", "diff", "limit", "mean", "circle"):
        return ""
    if t.op in ("sum", "prod"):
        return _undefined_terms(t)
    if t.op == "cases":
        for test, value in zip(t.args[::2], t.args[1::2], strict=True):
            holds = test is TRUE or Context().holds(test)
            if holds is None:
                return ""
            if holds:
                return undefined(value)
        return f"no case of {t} applies"
    if t.op == "pow":
        return _undefined_power(*t.args)
    for child in t.children:
        why = undefined(child)
        if why:
            return why
    if is_fn(t, "log") and _is_zero(t.args[1]):
        return f"log({t.args[1]}) is log(0)"
    if is_fn(t, "tan", "sec") and _is_zero(fn("cos", t.args[1])):
        return f"{t} is infinite"
    if is_fn(t, "gamma", "factorial"):
        shift = ZERO if is_fn(t, "gamma") else num(1)
        value = Context().field().canonical(add(t.args[1], shift))
        pole = value.op == "num" and value.args[0].denominator == 1
        if pole and value.args[0] <= 0:
            return f"{t} is a pole"
    return ""


def _undefined_power(base: Term, e: Term) -> str:
    size = number(e)
    below = size is not None and bool(size.real < 0)
    if below and base.op == "mul":
        parts = (_undefined_power(b, e) for b in base.args)
        return next((why for why in parts if why), "")
    # 1/Gamma is read as an entire function.
    entire = below and is_fn(base, "gamma", "factorial")
    inside = base.args[1] if entire else base
    why = undefined(inside) or undefined(e)
    if why or entire or not below:
        return why
    return f"{base} = 0 is a denominator" if _is_zero(base) else ""


def _undefined_terms(t: Term) -> str:
    if infinite(t):
        return ""
    f = Context().field()
    low, high = (f.canonical(e) for e in t.args[1:])
    if not (low.op == high.op == "num"):
        return ""
    first, last = low.args[0], high.args[0]
    if last - first > 40 or first.denominator > 1:
        return ""
    value = first
    while value <= last:
        why = undefined(opened(t.args[0], num(value)))
        if why:
            return why
        value += 1
    return ""

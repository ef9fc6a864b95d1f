"""A statement on a whole box, by balls: halved until every part is decided.

The enclosures are the core's; what has none is refused by name. Ends belong
to the box.
"""

from __future__ import annotations

from typing import Any

from flint import acb, arb, fmpq

from kexue_lib.derive.core.enclose import enclose
from kexue_lib.derive.core.exact import Values
from kexue_lib.derive.core.functions import plainly_real
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import Term, UnsupportedError, add, neg, sub
from kexue_lib.derive.evaluate import precision
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import RejectedError, Statement

Box = dict[Any, tuple[Any, Any]]
BITS = 128
MOST = 60_000


def certify(statement: Statement, box: Box, radius: Any, depth: int) -> int:
    """Decide the statement on the box; return the number of parts.

    Raises:
        RejectedError: a part is undecided at the smallest size, or a
            function has no enclosure.
    """
    try:
        with precision(BITS):
            know = Context(tuple(map(term, statement.domain.given)))
            goal = [
                (t, strict, know.real(t))
                for t, strict in _goal(statement, radius)
            ]
            return _certified(goal, box, depth)
    except (UnsupportedError, ValueError) as error:
        raise RejectedError(str(error)) from error


def _certified(
    goal: list[tuple[Term, bool, bool]], box: Box, depth: int
) -> int:
    symbols = [term(s) for s in box]
    todo = [(tuple(box.values()), 0)]
    done = 0
    while todo:
        ends, level = todo.pop()
        values = Values(
            {s: _interval(*e) for s, e in zip(symbols, ends, strict=True)}
        )
        if all(_positive(values, *each) for each in goal):
            done += 1
            continue
        if level >= depth * len(symbols) or done + len(todo) > MOST:
            shown = ", ".join(
                f"{s} in [{a}, {b}]"
                for s, (a, b) in zip(box, ends, strict=True)
            )
            raise RejectedError(f"undecided on {shown or 'its only point'}")
        todo += [(part, level + 1) for part in _halves(ends)]
    return done


def _goal(statement: Statement, radius: Any) -> list[tuple[Term, bool]]:
    """Terms that must be nonnegative, or positive, on the box."""
    gap = sub(term(statement.rhs), term(statement.lhs))
    match statement.relation:
        case Relation.LE | Relation.LT as relation:
            return [(gap, relation is Relation.LT)]
        case Relation.GE | Relation.GT as relation:
            return [(neg(gap), relation is Relation.GT)]
        case Relation.APPROX if radius is not None:
            r = term(radius)
            return [(sub(r, gap), False), (add(r, gap), False)]
        case Relation.EQ | Relation.APPROX:
            raise RejectedError(
                "balls show how close two sides are: approx(..., "
                "by.balls(radius=...)), not that they are equal"
            )
    raise RejectedError(f"balls do not decide {statement.relation.text}")


def _positive(values: Values, t: Term, strict: bool, real: bool) -> bool:
    ball = enclose(t, values)
    # That the imaginary part may be 0 does not make the value real.
    real = real or bool(ball.imag == 0) or plainly_real(t, values)
    if not (real and ball.is_finite()):
        return False
    low = ball.real.lower()
    return bool(low > 0 if strict else low >= 0)


def _halves(ends: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    widest = max(range(len(ends)), key=lambda i: ends[i][1] - ends[i][0])
    low, high = ends[widest]
    middle = (low + high) / 2
    return [
        (*ends[:widest], part, *ends[widest + 1 :])
        for part in ((low, middle), (middle, high))
    ]


def _interval(low: Any, high: Any) -> Any:
    """A ball whose ends are exact wherever they are dyadic."""
    middle, radius = (low + high) / 2, (high - low) / 2
    m, r = (arb(fmpq(int(v.p), int(v.q))) for v in (middle, radius))
    return acb(arb(m, r))

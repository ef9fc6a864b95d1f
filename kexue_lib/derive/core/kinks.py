"""Kinks and steps: the formulas of a term on either side of a wall.

A wall is a quantity at whose zeros a term changes its formula: u for |u|,
u - v for Max(u, v). `step` takes one kink away; whoever asks says what is
known of the wall.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.terms import (
    HALF,
    LEAVES,
    MINUS,
    NOO,
    ONE,
    OO,
    TRUE,
    ZERO,
    Term,
    UndecidedError,
    UnsupportedError,
    fn,
    free,
    is_fn,
    neg,
    over,
    rel,
    replaced,
    sub,
    subst,
)

MOST = 32
"""How many formulas a term may have."""


class Signs(Protocol):
    """Who knows signs of terms; False and None mean "not seen"."""

    def positive(self, t: Term) -> bool:
        """Known to be real and > 0."""

    def nonnegative(self, t: Term) -> bool:
        """Known to be real and >= 0."""

    def holds(self, relation: Term) -> bool | None:
        """Whether a relation holds for all values here, or for none."""


class Step(NamedTuple):
    """A wall, and the formulas where it is > 0, < 0 and 0."""

    wall: Term
    above: Term
    below: Term
    on: Term


def step(t: Term, x: Term) -> Step | None:
    """Take one kink away that depends on x; none if there is none."""
    node = _innermost(t, x)
    if node is None:
        return None
    wall, *values = _sides(node, x)
    return Step(wall, *(replaced(t, {node: v}) for v in values))


def _innermost(t: Term, x: Term) -> Term | None:
    if t.op in LEAVES or x not in free(t):
        return None
    for child in t.children:
        found = _innermost(child, x)
        if found is not None:
            return found
    if t.loose:
        return None
    if is_fn(t, "Abs", "sign", "Heaviside", "Max", "Min"):
        return t
    if t.op == "cases" and any(x in free(c) for c in t.args[::2]):
        return t
    return None


def _sides(t: Term, x: Term) -> tuple[Term, Term, Term, Term]:
    """The wall of a kink, and what stands for it above, below, on it."""
    if t.op == "cases":
        return _sides_of_cases(t, x)
    name, u, *rest = t.args
    match name:
        case "Abs":
            return u, u, neg(u), ZERO
        case "sign":
            return u, ONE, MINUS, ZERO
        case "Heaviside":
            return u, ONE, ZERO, rest[0] if rest else HALF
        case "Max" | "Min":
            v, *more = rest
            large, small = (fn(name, a, *more) if more else a for a in (u, v))
            if name == "Max":
                return sub(u, v), large, small, large
            return sub(u, v), small, large, small
    raise UnsupportedError(f"the sides of {t}")


def _sides_of_cases(t: Term, x: Term) -> tuple[Term, Term, Term, Term]:
    """Decide one relation with x; earlier cases without x stay."""
    at = next(i for i in range(0, len(t.args), 2) if x in free(t.args[i]))
    test, value = t.args[at : at + 2]
    parts = test.args if test.op == "and" else (test,)
    one = next(p for p in parts if x in free(p))
    left = tuple(p for p in parts if p is not one)
    before, after = t.args[:at], t.args[at + 2 :]
    if one.op != "rel":
        raise UnsupportedError(f"the condition {one}")
    rest = Term("and", *left) if len(left) > 1 else (*left, TRUE)[0]
    holds = _cases(*before, rest, value, *after)
    fails = _cases(*before, *after)
    op, a, b = one.args
    above, below, on = {
        "<": (holds, fails, fails),
        "<=": (holds, fails, holds),
        "=": (fails, fails, holds),
        "!=": (holds, holds, fails),
    }[op]
    return sub(b, a), above, below, on


def _cases(*args: Term) -> Term:
    if args and args[0] is TRUE:
        return args[1]
    return Term("cases", *args)


def sign_at(know: Signs, u: Term) -> int | None:
    """1, -1, 0: the sign of a real term, as far as it is known."""
    if know.positive(u):
        return 1
    if know.positive(neg(u)):
        return -1
    up, down = know.nonnegative(u), know.nonnegative(neg(u))
    if up and down:
        return 0
    if (up or down) and know.holds(rel("!=", u, ZERO)):
        return 1 if up else -1
    return None


def undecided(know: Signs, u: Term) -> UndecidedError:
    """A case that would say more of the sign of a term."""
    if know.nonnegative(neg(u)):
        return UndecidedError(rel("<", u, ZERO))
    return UndecidedError(rel("<", ZERO, u))


def formulas(t: Term, x: Term, side: Callable[[Term], int]) -> list[Term]:
    """All formulas that a term may have where walls have their side.

    ``side`` answers 1 or -1 where a wall has that sign in a neighbourhood,
    0 where it may have any.
    """
    found = step(t, x)
    if found is None:
        return [t]
    s = side(found.wall)
    chosen = {1: (found.above,), -1: (found.below,)}.get(s, found[1:])
    out: dict[Term, None] = {}
    for part in chosen:
        out |= dict.fromkeys(formulas(part, x, side))
        if len(out) > MOST:
            raise UnsupportedError(f"more than {MOST} formulas of {t}")
    return list(out)


def regions(
    know: Signs, t: Term, x: Term
) -> list[tuple[tuple[Term, ...], Term]]:
    """Hypotheses on x, and the formula that a term has under them.

    Together they leave out finitely many values of x: each wall is a linear
    form in x whose slope is known not to be 0.
    """
    found = step(t, x)
    if found is None:
        return [((), t)]
    linear_root(know, found.wall, x)
    out = []
    for test, part in (
        (rel("<", ZERO, found.wall), found.above),
        (rel("<", found.wall, ZERO), found.below),
    ):
        out += [((test, *more), u) for more, u in regions(know, part, x)]
        if len(out) > MOST:
            raise UnsupportedError(f"more than {MOST} formulas of {t}")
    return out


def linear_root(know: Signs, wall: Term, x: Term) -> tuple[Term, int]:
    """The zero of a linear form in x, and the sign of its slope.

    Raises:
        UndecidedError: the slope has no known sign, or it is 0.
    """
    slope = derivative(wall, x)
    f_slope = slope
    if x in free(slope):
        # x may cancel; what is left of it makes the wall no linear form.
        f_slope = subst(slope, {x: ZERO})
        if know.holds(rel("=", slope, f_slope)) is not True:
            raise UnsupportedError(f"a kink where {wall} is 0")
    s = sign_at(know, f_slope)
    if not s:
        raise undecided(know, f_slope)
    return over(neg(subst(wall, {x: ZERO})), f_slope), s


def pieces(
    know: Signs, t: Term, x: Term, low: Term, high: Term
) -> list[tuple[Term, Term, Term]]:
    """Formulas of a term between low <= high, up to finitely many points.

    Raises:
        UndecidedError: where a kink lies is not known.
    """
    found = step(t, x)
    if found is None:
        return [(t, low, high)]
    wall = found.wall
    known = sign_at(know, wall)
    if known:
        part = found.above if known > 0 else found.below
        return pieces(know, part, x, low, high)
    slope = derivative(wall, x)
    if x not in free(slope) and sign_at(know, slope) == 0:
        level = subst(wall, {x: ZERO})
        s = sign_at(know, level)
        if s is None:
            raise undecided(know, level)
        part = {1: found.above, -1: found.below, 0: found.on}[s]
        return pieces(know, part, x, low, high)
    root, s = linear_root(know, wall, x)
    left, right = (
        (found.below, found.above) if s > 0 else (found.above, found.below)
    )
    if low is not NOO and _ordered(know, root, low):
        return pieces(know, right, x, low, high)
    if high is not OO and not _ordered(know, root, high):
        return pieces(know, left, x, low, high)
    return [
        *pieces(know, left, x, low, root),
        *pieces(know, right, x, root, high),
    ]


def _ordered(know: Signs, a: Term, b: Term) -> bool:
    """Whether a <= b; where it fails, b <= a."""
    gap = sub(b, a)
    if know.nonnegative(gap):
        return True
    if know.nonnegative(neg(gap)):
        return False
    raise UndecidedError(rel("<=", a, b))

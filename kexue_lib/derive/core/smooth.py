"""Where a term may jump, or have no derivative, along a real or complex line.

Poles are not looked for here: they are conditions of the term itself
(`Kind.NONZERO`). This module refuses branch cuts, steps and kinks. A
logarithm or a root of a real quantity changes its branch at 0 only, which is
such a condition; of a complex one, its real part must be positive.
"""

from __future__ import annotations

from kexue_lib.derive.core.differentiate import evaluated
from kexue_lib.derive.core.field import Oracle, open_symbols
from kexue_lib.derive.core.terms import (
    HALF,
    ONE,
    Term,
    add,
    fn,
    free,
    fresh,
    infinite,
    mul,
    opened,
    sub,
)

ENTIRE = frozenset(
    {
        "exp",
        "sin",
        "cos",
        "sinh",
        "cosh",
        "erf",
        "erfc",
        "rgamma",
        "legendre",
        "laguerre",
        "hermite",
        "chebyshevt",
    }
)
"""No singularity at a finite point (in the last argument)."""

MEROMORPHIC = frozenset(
    {
        "tan",
        "cot",
        "sec",
        "csc",
        "tanh",
        "coth",
        "sech",
        "csch",
        "gamma",
        "factorial",
        "digamma",
    }
)
"""Poles only, and these are conditions."""

ON_REALS = frozenset({"log", "sqrt", "atan", "asinh"})
"""Smooth along the reals, apart from points that conditions exclude."""

ON_POSITIVES = frozenset({"uppergamma", "lowergamma", "besselk", "bessely"})
"""Smooth in the last argument where it is positive."""

INCOMPLETE = frozenset({"uppergamma", "lowergamma"})
"""Continuous at 0 as well, if the first argument is positive."""

ALONG_REALS = frozenset({"conjugate", "re", "im"})
"""Smooth along the reals, nowhere complex differentiable."""

BETWEEN = frozenset({"asin", "acos", "atanh"})
"""Smooth where the argument lies between -1 and 1."""
KINKED = frozenset({"Abs", "Max", "Min"})
"""Continuous, but with kinks."""


def rough(know: Oracle, t: Term, x: Term, kinks: bool) -> str:
    """Why a term may not be smooth in x; empty if it is.

    Args:
        know: what is known of x and of the ranges.
        t: the term.
        x: the symbol that moves.
        kinks: allow kinks, which do no harm to continuity.
    """
    if x not in free(t):
        return ""
    match t.op:
        case "sym":
            return ""
        case "fn":
            why = _function(know, t, x, kinks)
        case "pow":
            why = "" if _power(know, t, x) else f"a branch of {t}"
        case "sum" | "prod" if not infinite(t):
            return _series(know, t, x, kinks)
        case "int":
            why = "an integral with a parameter"
        case "diff":
            return _derivative(know, t, x, kinks)
        case "add" | "mul":
            why = ""
        case "cases" if not any(x in free(c) for c in t.args[::2]):
            why = ""
        case _:
            why = t.op
    if why:
        return why
    for child in t.children:
        why = rough(know, child, x, kinks)
        if why:
            return why
    return ""


def _derivative(know: Oracle, t: Term, x: Term, kinks: bool) -> str:
    """What a derivative stands for; of a family at a point, that point."""
    done = evaluated(t)
    if done is t:
        return rough(know, t.args[1], x, kinks) if x in free(t.args[1]) else ""
    return rough(know, opened(*t.args), x, False) or rough(
        know, done, x, kinks
    )


def _function(know: Oracle, t: Term, x: Term, kinks: bool) -> str:
    name, *u = t.args
    if name.startswith("?"):
        return ""
    if any(x in free(v) for v in u[:-1]) and name not in KINKED:
        return f"{name} in its index"
    last = u[-1]
    good = (
        name in ENTIRE | MEROMORPHIC
        or (name == "jn" and know.integer(u[0]))
        or (name in ON_REALS | {"jn"} and _off_the_cut(know, last, x))
        or (name in ON_POSITIVES and know.positive(last))
        or (
            name in INCOMPLETE
            and know.positive(u[0])
            and know.nonnegative(last)
        )
        or (name in BETWEEN and _between(know, name, last, kinks))
        or (name in ALONG_REALS and know.real(x))
        or (name in KINKED and kinks and know.real(x))
    )
    return "" if good else f"{name} of {last}"


def _power(know: Oracle, t: Term, x: Term) -> bool:
    base, e = t.args
    if x in free(e):
        return know.positive(base) or x not in free(base)
    return know.integer(e) or _off_the_cut(know, base, x)


def _off_the_cut(know: Oracle, u: Term, x: Term) -> bool:
    """A real quantity along a real line, or one with positive real part."""
    if know.real(x) and know.real(u):
        return True
    twice = add(u, fn("conjugate", u))
    return know.positive(mul(HALF, twice))


def _between(know: Oracle, name: str, u: Term, ends: bool) -> bool:
    """-1 < u < 1; asin and acos are continuous at the ends as well."""
    gaps = (add(ONE, u), sub(ONE, u))
    if ends and name != "atanh" and all(map(know.nonnegative, gaps)):
        return True
    return all(map(know.positive, gaps))


def _series(know: Oracle, t: Term, x: Term, kinks: bool) -> str:
    body, low, high = t.args
    if x in free(low) | free(high):
        return "a range that moves"
    k = fresh("@k", (t, x, *open_symbols(know)), "integer", "real")
    with know.within((k, low, high)):
        return rough(know, opened(body, k), x, kinks)

"""Enclosures of closed terms by balls: a value is inside, or nothing is said.

flint's `arb` and `acb` return balls that contain the value; integrals by
`acb.integral`, which refuses what is not analytic; finite sums term by term.
Two balls that do not meet are different numbers. A ball that is not finite
says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint
from flint import acb, arb, fmpq

from kexue_lib.derive.core.terms import (
    ONE,
    Term,
    UnsupportedError,
    add,
    facts_of,
    free,
    fresh,
    infinite,
    opened,
    sub,
)

LONGEST = 2000
"""Sums of more terms are not enclosed."""

Ball = Any
"""A flint.acb."""
Values = dict[Term, Ball]


class UndefinedError(Exception):
    """A term has no value at a point, exactly; says which part."""


def enclose(t: Term, at: Values | None = None, analytic: bool = False) -> Ball:
    """A ball around the value of a term.

    Args:
        t: the term; its free symbols have values in ``at``.
        at: balls for symbols.
        analytic: inside an integral: a branch cut is not a number.

    Raises:
        UnsupportedError: there is no enclosure of a part.
    """
    at = at or {}
    if t in at:
        return at[t]
    a = t.args

    def go(u: Term) -> Ball:
        return enclose(u, at, analytic)

    match t.op:
        case "num":
            return acb(arb(fmpq(a[0].numerator, a[0].denominator)))
        case "const":
            if a[0] not in CONSTANTS:
                raise UnsupportedError(f"{t} as a number")
            return CONSTANTS[a[0]]()
        case "add":
            return sum((go(x) for x in a[1:]), go(a[0]))
        case "mul":
            out = go(a[0])
            for x in a[1:]:
                out = out * go(x)
            return out
        case "pow":
            return _power(a[0], a[1], go, analytic)
        case "fn":
            if analytic and a[0] == "Abs" and not _stays_real(a[1]):
                return acb("nan")
            return _function(a[0], [go(x) for x in a[1:]], analytic)
        case "int" if not infinite(t):
            return _integral(t, at, analytic)
        case "sum" | "prod" if not infinite(t):
            return _series(t, at, analytic)
        case "cases":
            return _cases(t, at, analytic)
    raise UnsupportedError(f"no enclosure of {t.op}")


CONSTANTS: dict[str, Callable[[], Ball]] = {
    "I": lambda: acb(0, 1),
    "pi": acb.pi,
    "EulerGamma": lambda: acb(arb.const_euler()),
    "Catalan": lambda: acb(arb.const_catalan()),
}


def _power(
    base: Term, e: Term, go: Callable[[Term], Ball], analytic: bool
) -> Ball:
    if e.op == "num" and e.args[0].denominator == 1:
        times = int(e.args[0])
        if (
            times < 0
            and base.op == "fn"
            and base.args[0] in ("gamma", "factorial")
        ):
            u = base.args[1]
            if base.args[0] == "factorial":
                u = add(u, ONE)
            return go(u).rgamma() ** -times
        return go(base) ** times
    z = go(base)
    if e.op == "num" and e.args[0].denominator == 2:
        return z.sqrt(analytic=analytic) ** int(2 * e.args[0])
    power_ = go(e)
    n = power_.real.unique_fmpz() if power_.imag == 0 else None
    if n is not None and power_.real == n and abs(n) < 10**6:
        return z ** int(n)
    if analytic and not _off_the_cut(z):
        return acb("nan")
    if not analytic and z.contains(0):
        return acb("nan") if z != 0 or not power_.real > 0 else acb(0)
    return z**power_


def _off_the_cut(z: Ball) -> bool:
    return bool(z.real > 0) or not z.imag.contains(0)


def _near_cut(name: str, z: Ball) -> bool:
    """The ball may meet a branch cut."""
    if name == "atan":
        return not (
            abs(z).upper() < 1
            or z.imag == 0
            or not z.real.contains(0)
            or abs(z.imag).upper() < 1
        )
    if name in ("asin", "acos", "atanh"):
        return not bool(abs(z).upper() < 1)
    return False


_ONE = frozenset(
    {"exp", "log", "sin", "cos", "tan", "cot", "sinh", "cosh", "tanh", "coth"}
    | {"gamma", "rgamma", "erf", "erfc", "erfi", "digamma", "zeta", "lgamma"}
    | {"atan", "atanh", "asin", "acos"}
)
_TWO: dict[str, Callable[[Ball, Ball], Ball]] = {
    "besselj": lambda n, x: x.bessel_j(n),
    "bessely": lambda n, x: x.bessel_y(n),
    "besseli": lambda n, x: x.bessel_i(n),
    "besselk": lambda n, x: x.bessel_k(n),
    "uppergamma": lambda s, x: x.gamma_upper(s),
    "lowergamma": lambda s, x: x.gamma_lower(s),
    "legendre": lambda n, x: x.legendre_p(n),
    "laguerre": lambda n, x: x.laguerre_l(n, 0),
    "binomial": lambda n, k: (
        (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()
    ),
    "RisingFactorial": lambda a, k: (a + k).gamma() / a.gamma(),
}


def _function(name: str, args: list[Ball], analytic: bool) -> Ball:
    z = args[0]
    match name:
        case "Abs":
            return z.real_abs(analytic=analytic) if analytic else acb(abs(z))
        case "re" | "im" | "conjugate":
            if analytic:
                return acb("nan")
            parts = {"re": acb(z.real), "im": acb(z.imag)}
            return parts.get(name, acb(z.real, -z.imag))
        case "log":
            return z.log(analytic=analytic)
        case "factorial":
            return (z + 1).gamma()
        case "Max" | "Min":
            if analytic or not all(v.imag == 0 for v in args):
                return acb("nan")
            out = z.real
            for v in args[1:]:
                out = out.max(v.real) if name == "Max" else out.min(v.real)
            return acb(out)
        case "sign":
            if z.real > 0:
                return acb(1)
            return acb(-1) if z.real < 0 else acb("nan")
    if name in _TWO and len(args) == 2:
        if analytic and not all(v.real > 0 for v in args):
            return acb("nan")
        return _TWO[name](*args)
    if name in _ONE and len(args) == 1:
        if _near_cut(name, z):
            return acb("nan")
        return getattr(z, name)()
    raise UnsupportedError(f"no enclosure of {name}")


_REAL = frozenset(
    {"exp", "sin", "cos", "sinh", "cosh", "tanh", "erf", "atan", "Abs"}
)


def _stays_real(t: Term) -> bool:
    """Real wherever its symbols are: |t| continues as t or as -t."""
    match t.op:
        case "num":
            return True
        case "const":
            return t.args[0] != "I"
        case "sym":
            return "real" in facts_of(t)
        case "add" | "mul":
            return all(map(_stays_real, t.args))
        case "pow":
            e = t.args[1]
            whole = e.op == "num" and e.args[0].denominator == 1
            return whole and _stays_real(t.args[0])
        case "fn":
            return t.args[0] in _REAL and all(map(_stays_real, t.args[1:]))
    return False


def _integral(t: Term, at: Values, analytic: bool) -> Ball:
    body, low, high = t.args
    x = fresh("@x", (body, *at), "real")
    moved = opened(body, x)

    def f(z: Ball, inside: bool) -> Ball:
        # Inside another integral it must be analytic there as well.
        return enclose(moved, {**at, x: z}, inside or analytic)

    ends = tuple(enclose(e, at, analytic) for e in (low, high))
    if not analytic and not all(e.imag == 0 for e in ends):
        raise UnsupportedError("an integral along a complex path")
    return acb.integral(f, *ends, eval_limit=20000)


def _series(t: Term, at: Values, analytic: bool) -> Ball:
    body, low, high = t.args
    ends = [enclose(e, at).real.unique_fmpz() for e in (low, high)]
    if None in ends:
        raise UnsupportedError("a range that is not known exactly")
    first, last = map(int, ends)
    if last - first > LONGEST:
        raise UnsupportedError("a long sum")
    k = fresh("@k", (body, *at), "integer", "real")
    moved = opened(body, k)
    out = acb(0) if t.op == "sum" else acb(1)
    for n in range(first, last + 1):
        value = enclose(moved, {**at, k: acb(n)}, analytic)
        out = out + value if t.op == "sum" else out * value
    return out


def _cases(t: Term, at: Values, analytic: bool) -> Ball:
    for test, value in zip(t.args[::2], t.args[1::2], strict=True):
        holds = True if test.op == "const" else _holds(test, at)
        if holds is None or (analytic and test.op != "const"):
            return acb("nan")
        if holds:
            return enclose(value, at, analytic)
    raise UnsupportedError("no case applies")


def _holds(r: Term, at: Values) -> bool | None:
    if r.op != "rel":
        return None
    op, a, b = r.args
    gap = enclose(sub(b, a), at)
    return decided(op, gap)


def decided(op: str, gap: Ball) -> bool | None:
    """Whether ``0 op gap``, by the ball alone."""
    if not gap.is_finite():
        return None
    apart = not gap.contains(0)
    match op:
        case "=":
            return False if apart else (True if gap == 0 else None)
        case "!=":
            return True if apart else (False if gap == 0 else None)
        case "<":
            if gap.real > 0 and gap.imag == 0:
                return True
            return False if gap.real <= 0 else None
        case "<=":
            if gap.real >= 0 and gap.imag == 0:
                return True
            return False if gap.real < 0 else None
    raise UnsupportedError(f"the relation {op!r}")


def number(
    t: Term, precisions: tuple[int, ...] = (64, 128, 256)
) -> Ball | None:
    """A finite ball around a closed term that is 0 or excludes 0."""
    if free(t):
        return None
    saved = flint.ctx.prec
    try:
        for prec in precisions:
            flint.ctx.prec = prec
            ball = enclose(t)
            if ball.is_finite() and (not ball.contains(0) or ball == 0):
                return ball
    except (UnsupportedError, ValueError, ZeroDivisionError):
        return None
    finally:
        flint.ctx.prec = saved
    return None

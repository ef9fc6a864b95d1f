"""Sums, products, powers and named functions of balls.

`rule` says of a term which parts are needed, and what is made of their balls;
`enclose` follows it once, `programs` again and again. Inside an integral
(``analytic``) a branch cut is not a number: what may meet one is nan.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from flint import acb, arb, fmpq

from kexue_lib.derive.core.exact import Exact, Values
from kexue_lib.derive.core.terms import ONE, PI, I, Term, UnsupportedError, add

Ball = Any
"""A flint.acb."""
Rule = tuple[tuple[Term, ...], Callable[..., Ball]]
"""The parts whose balls are needed, and the ball made of them."""

POLYNOMIALS = frozenset({"legendre", "laguerre", "hermite", "chebyshevt"})
"""Polynomials of their second argument if the degree is an integer >= 0."""
OPERATIONS = frozenset({"add", "mul", "pow", "fn"})
"""Operators that have a rule."""


@lru_cache(16_384)
def rule(t: Term, analytic: bool) -> Rule:
    """How a ball around a term is made of balls around its parts.

    Raises:
        UnsupportedError: its operator binds, or is none of numbers.
    """
    a = t.args
    match t.op:
        case "add":
            return a, _added
        case "mul":
            return a, _multiplied
        case "pow":
            return _power(a[0], a[1], analytic)
        case "fn":
            real = a[0] not in _REAL_ONLY or all(map(_stays_real, a[1:]))
            if analytic and not real:
                return (), partial(acb, "nan")
            return a[1:], partial(_function, a[0], analytic)
    raise UnsupportedError(f"no rule for {t.op}")


def _added(first: Ball, *more: Ball) -> Ball:
    for x in more:
        first = first + x
    return first


def _multiplied(first: Ball, *more: Ball) -> Ball:
    for x in more:
        first = first * x
    return first


# -- powers ---------------------------------------------------------------


def _power(base: Term, e: Term, analytic: bool) -> Rule:
    q = e.args[0] if e.op == "num" else None
    if q is None or q.denominator != 1:
        return (base, e), partial(_raised, q, analytic)
    times = int(q)
    if (
        times < 0
        and base.op == "fn"
        and base.args[0] in ("gamma", "factorial")
    ):
        u = base.args[1]
        if base.args[0] == "factorial":
            u = add(u, ONE)
        return (u,), lambda z: z.rgamma() ** -times
    if times % 2 == 0 and times > 0 and not analytic:
        return (base,), partial(_even, times)
    return (base,), lambda z: z**times


def _even(times: int, z: Ball) -> Ball:
    """An even power of a real ball around 0 is not negative."""
    return acb(abs(z.real) ** times) if z.imag == 0 else z**times


def _raised(q: Any, analytic: bool, z: Ball, e: Ball) -> Ball:
    """A power whose exponent is no written integer; q: if it is rational."""
    if not analytic and q is not None and q > 0 and z.contains(0):
        return _from_zero(z, e)
    if q is not None and q.denominator == 2:
        return z.sqrt(analytic=analytic) ** int(2 * q)
    n = e.real.unique_fmpz() if e.imag == 0 else None
    if n is not None and e.real == n and abs(n) < 10**6:
        return z ** int(n)
    if analytic and not _off_the_cut(z):
        return acb("nan")
    if not analytic and z.contains(0):
        return _from_zero(z, e)
    return z**e


def _from_zero(z: Ball, e: Ball) -> Ball:
    """A power of a ball that holds 0: seen for nonnegative numbers only."""
    if not (is_(e.imag, 0) and e.real > 0 and is_(z.imag, 0)):
        return acb("nan")
    if not z.real >= 0:
        return acb("nan")
    top = z.real.upper()
    if top == 0:
        return acb(0)
    return acb(arb(0).union((acb(top) ** e).real))


def is_(ball: Any, value: Any) -> bool:
    """Surely equal; ``!=`` of balls says surely different."""
    return bool(ball == value)


def _off_the_cut(z: Ball) -> bool:
    return bool(z.real > 0) or not z.imag.contains(0)


def _near_cut(name: str, z: Ball) -> bool:
    """The ball may meet a branch cut."""
    if name == "atan":
        if z.imag == 0:
            return False
        return not (z.imag.contains(0) or abs(z).upper() < 1)
    if name == "asinh":
        return not (bool(z.imag == 0) or not z.real.contains(0))
    if name in ("asin", "acos", "atanh"):
        return not bool(abs(z).upper() < 1)
    if name == "acosh":
        return not (z.real > 1 or not z.imag.contains(0))
    if name == "lambertw":
        return not (z.real > -0.36 or not z.imag.contains(0))
    return False


_ONE = frozenset(
    {"exp", "log", "sin", "cos", "tan", "cot", "sinh", "cosh", "tanh", "coth"}
    | {"gamma", "rgamma", "erf", "erfc", "erfi", "digamma", "zeta", "lgamma"}
    | {"atan", "atanh", "asin", "acos", "asinh", "acosh", "lambertw"}
    | {"sec", "csc", "sech", "csch"}
)
_NAMED = {"LambertW": "lambertw", "loggamma": "lgamma"}
_HALF = acb(arb(fmpq(1, 2)))
_TWO: dict[str, Callable[[Ball, Ball], Ball]] = {
    "besselj": lambda n, x: x.bessel_j(n),
    "bessely": lambda n, x: x.bessel_y(n),
    "besseli": lambda n, x: x.bessel_i(n),
    "besselk": lambda n, x: x.bessel_k(n),
    # Not sqrt(pi/(2 x)): j_0 is sin(x)/x on the negative axis as well.
    "jn": lambda n, x: (
        (acb.pi() / 2).sqrt() / x.sqrt() * x.bessel_j(n + _HALF)
    ),
    "uppergamma": lambda s, x: x.gamma_upper(s),
    "lowergamma": lambda s, x: x.gamma_lower(s),
    "legendre": lambda n, x: x.legendre_p(n),
    "laguerre": lambda n, x: x.laguerre_l(n, 0),
    "hermite": lambda n, x: x.hermite_h(n),
    "chebyshevt": lambda n, x: x.chebyshev_t(n),
    "chebyshevu": lambda n, x: x.chebyshev_u(n),
    "binomial": lambda n, k: (
        (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()
    ),
    "RisingFactorial": lambda a, k: (a + k).gamma() / a.gamma(),
}
_STEPS = {"floor": "floor", "ceiling": "ceil"}


# -- named functions ------------------------------------------------------


def _function(name: str, analytic: bool, *args: Ball) -> Ball:
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
            return _extreme(name, args, analytic)
        case "sign":
            if analytic:
                return z.real_sgn(analytic=True)
            if z.real > 0:
                return acb(1)
            return acb(-1) if z.real < 0 else acb("nan")
        case "floor" | "ceiling":
            if analytic:
                return getattr(z, f"real_{_STEPS[name]}")(analytic=True)
            if not is_(z.imag, 0):
                return acb("nan")
            return acb(getattr(z.real, _STEPS[name])())
    if name in _TWO and len(args) == 2:
        whole = name in POLYNOMIALS and _degree(z)
        if analytic and not whole and not all(v.real > 0 for v in args):
            return acb("nan")
        return _TWO[name](*args)
    name = _NAMED.get(name, name)
    if name in _ONE and len(args) == 1:
        if _near_cut(name, z) or (analytic and _wide_cut(name, z)):
            return acb("nan")
        return getattr(z, name)()
    raise UnsupportedError(f"no enclosure of {name}")


def _degree(n: Ball) -> bool:
    """A polynomial of this degree is analytic everywhere."""
    return is_(n.imag, 0) and n.real.is_integer() and bool(n.real >= 0)


def _wide_cut(name: str, z: Ball) -> bool:
    """Inside an integral, complex values: off every cut by a margin."""
    if name == "atan":
        return not (abs(z).upper() < 1 or not z.real.contains(0))
    if name == "asinh":
        return bool(z.real.contains(0)) and not abs(z).upper() < 1
    if name in ("lgamma", "lambertw", "acosh"):
        return not z.real > (1 if name == "acosh" else 0)
    return False


def _extreme(name: str, args: tuple[Ball, ...], analytic: bool) -> Ball:
    if analytic:
        out = args[0]
        for v in args[1:]:
            pick = out.real_max if name == "Max" else out.real_min
            out = pick(v, analytic=True)
        return out
    if not all(v.imag == 0 for v in args):
        return acb("nan")
    low = args[0].real
    for v in args[1:]:
        low = low.max(v.real) if name == "Max" else low.min(v.real)
    return acb(low)


_REAL_ONLY = frozenset({"Abs", "Max", "Min", "sign", "floor", "ceiling"})
"""Continued off the axis as what they are there for real arguments."""


def _stays_real(t: Term) -> bool:
    """Real wherever its symbols have their facts."""
    match t.op:
        case "num":
            return True
        case "const":
            return t is not I
        case "sym" | "idx":
            return "real" in t.args[1]
        case "add" | "mul":
            return all(map(_stays_real, t.args))
        case "pow":
            base, e = t.args
            whole = e.op == "num" and e.args[0].denominator == 1
            kept = whole or _plainly_positive(base)
            return kept and _stays_real(base) and _stays_real(e)
        case "fn":
            return t.args[0] in _REAL and all(map(_stays_real, t.args[1:]))
    return False


def plainly_real(t: Term, at: Values) -> bool:
    """Built of real numbers by what keeps them real."""
    if t in at:
        value = at[t]
        return not value.im if isinstance(value, Exact) else value.imag == 0
    match t.op:
        case "num":
            return True
        case "const":
            return t is not I
        case "sym":
            return "real" in t.args[1]
        case "idx":
            return "real" in t.args[1]
        case "var":
            # Of a sum, an integral or a mean: no other binder is entered.
            return True
        case "add" | "mul" | "int" | "sum" | "prod" | "mean":
            parts = (a for a in t.args if isinstance(a, Term))
            return all(plainly_real(a, at) for a in parts)
        case "pow":
            base, e = t.args
            whole = e.op == "num" and e.args[0].denominator == 1
            kept = whole or _plainly_positive(base)
            return kept and plainly_real(base, at) and plainly_real(e, at)
        case "fn":
            return t.args[0] in _REAL and all(
                plainly_real(u, at) for u in t.args[1:]
            )
    return False


def _plainly_positive(t: Term) -> bool:
    if t.op == "num":
        return bool(t.args[0] > 0)
    return t is PI or (t.op == "sym" and "positive" in t.args[1])


_REAL = frozenset(
    {"exp", "sin", "cos", "tanh", "sinh", "cosh", "atan", "erf", "erfc"}
    | {"Abs", "Max", "Min", "sign", "floor", "ceiling", "asinh", "sech"}
    | {"factorial", "gamma"}
    | POLYNOMIALS
)

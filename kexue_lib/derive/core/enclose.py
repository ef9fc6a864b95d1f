"""Enclosures of closed terms by balls: a value is inside, or nothing is said.

flint's `arb` and `acb` return balls that contain the value; integrals by
`acb.integral`, which refuses what is not analytic; finite sums term by term.
What is left of an infinite sum or range, or beside a singular end, is bounded
by `tails` and added to the radius; without a bound there is no enclosure.
Two balls that do not meet are different numbers. A ball that is not finite
says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint
from flint import acb, arb, fmpq

from kexue_lib.derive.core.algebraic import tail
from kexue_lib.derive.core.exact import (
    LONGEST,
    Exact,
    UndefinedError,
    Values,
    exact,
    member,
    slope,
    truth,
)
from kexue_lib.derive.core.kinks import pieces, step
from kexue_lib.derive.core.tails import (
    Bounds,
    integral_tail,
    series_tail,
)
from kexue_lib.derive.core.terms import (
    HALF,
    LEAVES,
    NOO,
    ONE,
    OO,
    PI,
    TWO,
    ZERO,
    I,
    Term,
    UnsupportedError,
    add,
    binder,
    fn,
    free,
    fresh,
    inverse,
    mul,
    neg,
    num,
    opened,
    power,
    sub,
    subst,
)

Ball = Any
"""A flint.acb."""

POLYNOMIALS = frozenset({"legendre", "laguerre", "hermite", "chebyshevt"})
"""Polynomials of their second argument if the degree is an integer >= 0."""


def enclose(t: Term, at: Values | None = None, analytic: bool = False) -> Ball:
    """A ball around the value of a term.

    Args:
        t: the term; its free symbols have values in ``at``.
        at: numbers for symbols.
        analytic: inside an integral: a branch cut is not a number.

    Raises:
        UnsupportedError: there is no enclosure of a part.
    """
    at = Values() if at is None else at
    if t in at:
        found = at[t]
        return found.ball if isinstance(found, Exact) else found
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
            return _power(a[0], a[1], go, at, analytic)
        case "fn":
            if analytic and at.moving.isdisjoint(free(t)) and at.moving:
                # A constant is analytic, whatever it is made of.
                return enclose(t, at)
            real = a[0] not in _REAL_ONLY or all(map(_stays_real, a[1:]))
            if analytic and not real:
                return acb("nan")
            return _function(a[0], [go(x) for x in a[1:]], analytic)
        case "idx":
            return _member(t, at)
        case "int":
            return _integral(t, at, analytic)
        case "sum" | "prod":
            return _series(t, at, analytic)
        case "cases":
            return _cases(t, at, analytic)
        case "mean":
            return _real_part(t, at, _mean(t, at, analytic), analytic)
        case "circle":
            return _circle(t, at, analytic)
        case "diff":
            return enclose(slope(t, at), at, analytic)
        case "limit" if not analytic:
            return _limit(t, at)
    raise UnsupportedError(f"no enclosure of {t.op}")


CONSTANTS: dict[str, Callable[[], Ball]] = {
    "I": lambda: acb(0, 1),
    "pi": acb.pi,
    "EulerGamma": lambda: acb(arb.const_euler()),
    "Catalan": lambda: acb(arb.const_catalan()),
}


def _member(t: Term, at: Values) -> Ball:
    key = member(t, at)
    if key is None:
        raise UnsupportedError(f"{t} has an open index")
    try:
        found = at[key]
    except KeyError:
        raise UnsupportedError(f"no value for {key}") from None
    return found.ball if isinstance(found, Exact) else found


def _power(
    base: Term,
    e: Term,
    go: Callable[[Term], Ball],
    at: Values,
    analytic: bool,
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
        z = go(base)
        if times % 2 == 0 and times > 0 and z.imag == 0 and not analytic:
            # An even power of a ball around 0 is not negative.
            return acb(abs(z.real) ** times)
        return z**times
    z = go(base)
    if not analytic and e.op == "num" and e.args[0] > 0 and z.contains(0):
        return _from_zero(z, go(e))
    if e.op == "num" and e.args[0].denominator == 2:
        return z.sqrt(analytic=analytic) ** int(2 * e.args[0])
    power_ = go(e)
    n = power_.real.unique_fmpz() if power_.imag == 0 else None
    if n is not None and power_.real == n and abs(n) < 10**6:
        return z ** int(n)
    if analytic and not _off_the_cut(z):
        return acb("nan")
    if not analytic and z.contains(0):
        return _from_zero(z, power_)
    return z**power_


def _from_zero(z: Ball, e: Ball) -> Ball:
    """A power of a ball that holds 0: seen for nonnegative numbers only."""
    if not (_is(e.imag, 0) and e.real > 0 and _is(z.imag, 0)):
        return acb("nan")
    if not z.real >= 0:
        return acb("nan")
    top = z.real.upper()
    if top == 0:
        return acb(0)
    return acb(arb(0).union((acb(top) ** e).real))


def _is(ball: Any, value: Any) -> bool:
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
_TWO: dict[str, Callable[[Ball, Ball], Ball]] = {
    "besselj": lambda n, x: x.bessel_j(n),
    "bessely": lambda n, x: x.bessel_y(n),
    "besseli": lambda n, x: x.bessel_i(n),
    "besselk": lambda n, x: x.bessel_k(n),
    "jn": lambda n, x: (
        (acb.pi() / (2 * x)).sqrt() * x.bessel_j(n + acb(arb(fmpq(1, 2))))
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
            if not _is(z.imag, 0):
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
    return _is(n.imag, 0) and n.real.is_integer() and bool(n.real >= 0)


def _wide_cut(name: str, z: Ball) -> bool:
    """Inside an integral, complex values: off every cut by a margin."""
    if name == "atan":
        return not (abs(z).upper() < 1 or not z.real.contains(0))
    if name == "asinh":
        return bool(z.real.contains(0)) and not abs(z).upper() < 1
    if name in ("lgamma", "lambertw", "acosh"):
        return not z.real > (1 if name == "acosh" else 0)
    return False


def _extreme(name: str, args: list[Ball], analytic: bool) -> Ball:
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


# -- integrals ------------------------------------------------------------


class _Here:
    """Signs of terms whose symbols have values; see `kinks.Signs`."""

    def __init__(self, at: Values) -> None:
        self.at = at

    def _ball(self, t: Term) -> Ball:
        return enclose(t, self.at) if free(t) <= set(self.at) else acb("nan")

    def positive(self, t: Term) -> bool:
        """Its ball is real and > 0."""
        ball = self._ball(t)
        return bool(ball.imag == 0 and ball.real > 0)

    def nonnegative(self, t: Term) -> bool:
        """Its ball is real and >= 0."""
        ball = self._ball(t)
        return bool(ball.imag == 0 and ball.real >= 0)

    def holds(self, relation: Term) -> bool | None:
        """As balls say."""
        op, a, b = relation.args
        return decided(op, self._ball(sub(b, a)))


def _integral(t: Term, at: Values, analytic: bool) -> Ball:
    body, low, high = t.args
    x = fresh("@x", (body, *at), "real")
    moved = opened(body, x)
    if NOO in (high,) or OO in (low,):
        raise UnsupportedError("an integral that runs backwards")
    if step(moved, x) is None or analytic:
        return _area(moved, x, low, high, at, analytic)
    here = _Here(at)
    if low is not NOO and high is not OO:
        if here.nonnegative(sub(low, high)):
            return -_integral(Term("int", body, high, low), at, analytic)
        if not here.nonnegative(sub(high, low)):
            return _area(moved, x, low, high, at, analytic)
    try:
        found = pieces(here, moved, x, low, high)
    except UnsupportedError:
        found = [(moved, low, high)]
    parts = (_area(f, x, a, b, at, analytic) for f, a, b in found)
    return sum(parts, acb(0))


def _area(
    moved: Term, x: Term, low: Term, high: Term, at: Values, analytic: bool
) -> Ball:
    """The integral of one formula."""
    if low is NOO and high is OO:
        left = subst(moved, {x: neg(x)})
        return _to_infinity(left, x, ZERO, at, analytic) + _to_infinity(
            moved, x, ZERO, at, analytic
        )
    if low is NOO:
        return _to_infinity(
            subst(moved, {x: neg(x)}), x, neg(high), at, analytic
        )
    if high is OO:
        return _to_infinity(moved, x, low, at, analytic)
    return _between(moved, x, low, high, at, analytic)


def _real_part(
    body: Term, at: Values, ball: Ball, analytic: bool = False
) -> Ball:
    """The integral of a real function is real."""
    real = not analytic and plainly_real(body, at)
    return acb(ball.real) if real else ball


_UNFIT = (UnsupportedError, UndefinedError, ValueError, ZeroDivisionError)


def _fix(body: Term, x: Term, at: Values, analytic: bool) -> None:
    """Give a value to what x does not move, before many values of x.

    Rational parts stay to the exact arithmetic that looks at indices. What
    no integral around moves is a constant: analytic, whatever it is made of.
    """
    todo, seen = [body], {body}
    while todo:
        t = todo.pop()
        moves = t.loose or x in free(t)
        if not moves and t.op not in LEAVES and t not in at:
            try:
                if exact(t, at) is None:
                    still = at.moving.isdisjoint(free(t))
                    value = enclose(t, at, analytic and not still)
                    if value.is_finite():
                        at[t] = value
            except _UNFIT:
                pass  # where it is needed it will say so
            continue
        new = [u for u in t.children if u not in seen]
        seen.update(new)
        todo += new


HOPELESS = 50
"""An integrand that never had a value in so many places has none."""
QUICK = 6000
"""Evaluations after which an end counts as singular."""


def _quadrature(
    body: Term,
    x: Term,
    a: Ball,
    b: Ball,
    at: Values,
    inside: bool,
    most: int = 16_000,
) -> Ball:
    here = at.but(x, acb(0))
    _fix(body, x, here, inside)
    here.moving = at.moving | {x}
    failed: list[UnsupportedError] = []
    worked = False

    def f(z: Ball, analytic: bool) -> Ball:
        # An exception must not pass through flint.
        nonlocal worked
        here[x] = z
        at.left[0] -= 1
        if at.left[0] < 0 or (len(failed) >= HOPELESS and not worked):
            return acb("nan")
        try:
            ball = enclose(body, here, analytic or inside)
            worked = True
            return ball
        except UnsupportedError as error:
            failed.append(error)
            return acb("nan")

    goal = arb(2) ** -min(flint.ctx.prec, 110)
    limit = max(1, min(at.left[0], most))
    area = acb.integral(f, a, b, eval_limit=limit, rel_tol=goal, abs_tol=goal)
    if failed and not area.is_finite():
        raise failed[0]
    return _real_part(body, at, area)


def _between(
    body: Term, x: Term, low: Term, high: Term, at: Values, analytic: bool
) -> Ball:
    """Over a finite range; a singular end is cut off and bounded."""
    a, b = enclose(low, at, analytic), enclose(high, at, analytic)
    if not analytic and not (a.imag == 0 and b.imag == 0):
        raise UnsupportedError("an integral along a complex path")
    area = _quadrature(body, x, a, b, at, analytic, QUICK)
    if area.is_finite() or not (b - a).real > 0:
        return area
    middle = mul(HALF, add(low, high))
    return _to_end(body, x, low, middle, at, analytic) + _to_end(
        subst(body, {x: sub(add(low, high), x)}),
        x,
        low,
        middle,
        at,
        analytic,
    )


def _to_end(
    body: Term, x: Term, low: Term, high: Term, at: Values, analytic: bool
) -> Ball:
    """From ``low``, where the body may be singular: x = low + 1/y."""
    a, b = enclose(low, at), enclose(high, at)
    area = _quadrature(body, x, a, b, at, analytic, QUICK)
    if area.is_finite():
        return area
    y = fresh("@y", (body, *at), "real", "positive")
    turned = mul(subst(body, {x: add(low, inverse(y))}), power(y, num(-2)))
    start = 1 / (b - a).real
    return _out_to_infinity(turned, y, start, at, analytic)


def _to_infinity(
    body: Term, x: Term, low: Term, at: Values, analytic: bool
) -> Ball:
    """From a finite end, which may be singular, to infinity."""
    a = enclose(low, at)
    if not _is(a.imag, 0):
        raise UnsupportedError("an end that is not real")
    begin = arb(1).max(a.real.upper() + 1).upper()
    at = at.but(x, acb(0))
    near = fresh("@b", (body, *at), "real")
    at[near] = acb(begin)
    del at[x]
    first = _between(body, x, low, near, at, analytic)
    if not first.is_finite():
        return first
    return first + _out_to_infinity(body, x, begin, at, analytic)


def _out_to_infinity(
    body: Term, x: Term, begin: Any, at: Values, analytic: bool
) -> Ball:
    """From a positive number to infinity, the tail bounded."""
    goal = arb(2) ** (-flint.ctx.prec)
    rest = None
    for far in _FAR:
        end = arb(far)
        if not end > begin:
            continue
        bounds = Bounds(
            x,
            end,
            lambda u: enclose(u, at),
            lambda u: plainly_real(u, at),
        )
        rest = integral_tail(bounds.above(body), end)
        if rest is not None and rest.is_finite() and rest < goal:
            break
    if rest is None or not rest.is_finite():
        raise UnsupportedError("no bound of an integral's tail")
    area = _quadrature(body, x, acb(begin), acb(end), at, analytic)
    slack = _around(rest)
    return area + (acb(slack) if plainly_real(body, at) else acb(slack, slack))


_FAR = [2**k for k in range(1, 10)] + [2**k for k in (20, 40, 80, 160, 320)]


def _around(radius: Any) -> Any:
    """The interval [-radius, radius]."""
    return (-radius).union(radius)


# -- sums -----------------------------------------------------------------


def _series(t: Term, at: Values, analytic: bool) -> Ball:
    body, low, high = t.args
    ends = [_end(e, at) for e in (low, high)]
    first, last = ends
    if first is None:
        raise UnsupportedError("a sum from minus infinity")
    if last is None and t.op == "prod":
        raise UnsupportedError("an infinite product")
    if last is not None and last < first - 1:
        raise UnsupportedError("a sum that runs backwards")
    if last is not None and last - first > LONGEST:
        raise UnsupportedError("a long sum")
    k = fresh("@k", (body, *at), "integer", "real")
    moved = opened(body, k)
    out = acb(0) if t.op == "sum" else acb(1)
    rest = arb(0)
    if last is None:
        far = None
        for near in (max(first, 0) + more for more in NEAR):
            far = tail(moved, k, near, lambda u: enclose(u, at))
            if far is None or not far.is_finite():
                break
            last, out = near - 1, far
            if far.rad() < arb(2) ** (8 - flint.ctx.prec):
                break
        if last is None:
            last, rest = _cut(moved, k, first, at)
    here = at.but(k, acb(0))
    if last - first > 3:
        _fix(moved, k, here, analytic)
    for n in range(first, last + 1):
        here[k] = Exact(fmpq(n))
        value = enclose(moved, here, analytic)
        out = out + value if t.op == "sum" else out * value
    if rest == 0:
        return out
    slack = _around(rest)
    real = plainly_real(moved, at)
    return out + (acb(slack) if real else acb(slack, slack))


NEAR = (64, 256, 1024)
"""Terms of a rational series that are added before its tail."""


def _end(e: Term, at: Values) -> int | None:
    if e in (OO, NOO):
        return None
    value = exact(e, at)
    if value is not None:
        if value.im or value.re.q != 1:
            raise UnsupportedError(f"the end {e} is no integer")
        return int(value.re.p)
    ball = enclose(e, at)
    found = ball.real.unique_fmpz() if ball.imag == 0 else None
    if found is None or not _is(ball, found):
        raise UnsupportedError("a range that is not known exactly")
    return int(found)


def _cut(moved: Term, k: Term, first: int, at: Values) -> tuple[int, Any]:
    """The last term that is added, and a bound of the sum of all others."""
    goal = arb(2) ** (-flint.ctx.prec)
    found = None
    for more in (16, 32, 64, 128, 256, 512, 1024, LONGEST):
        n = max(first, 0) + more
        bounds = Bounds(
            k,
            arb(n),
            lambda u: enclose(u, at),
            lambda u: plainly_real(u, at),
        )
        rest = series_tail(bounds.above(moved), n)
        if rest is not None and rest.is_finite():
            found = (n - 1, rest)
            if rest < goal:
                break
    if found is None:
        raise UnsupportedError("no bound of a series' tail")
    return found


# -- means, slopes, limits, cases ----------------------------------------


def _mean(t: Term, at: Values, analytic: bool) -> Ball:
    body, law, *rest = t.args
    z = fresh("@z", (body, *at), "real")
    moved = opened(body, z)
    match law:
        case "discrete":
            pairs = list(zip(rest[::2], rest[1::2], strict=True))
            chances = [enclose(p, at) for _, p in pairs]
            missing = sum(chances, acb(-1))
            if any(p.real < 0 for p in chances) or not missing.contains(0):
                raise UnsupportedError("probabilities that are none")
            parts = [mul(p, subst(moved, {z: v})) for v, p in pairs]
            return enclose(add(*parts), at, analytic)
        case "independent":
            # Two values with the stated mean and variance.
            mean, variance = rest
            spread = power(variance, HALF)
            ends = (add(mean, spread), sub(mean, spread))
            parts = [mul(HALF, subst(moved, {z: v})) for v in ends]
            return enclose(add(*parts), at, analytic)
        case "gaussian":
            mean, variance = rest
            if not _Here(at).nonnegative(variance):
                raise UnsupportedError("a variance that is not >= 0")
            place = add(mean, mul(power(variance, HALF), z))
            weight = fn("exp", mul(neg(HALF), power(z, TWO)))
            scale = power(mul(TWO, PI), neg(HALF))
            whole = mul(scale, subst(moved, {z: place}), weight)
            area = binder("int", whole, z, NOO, OO)
            return _integral(area, at, analytic)
    raise UnsupportedError(f"the law {law}")


def _circle(t: Term, at: Values, analytic: bool) -> Ball:
    """The mean over the unit circle: z = exp(2 pi i x)."""
    x = fresh("@x", (t, *at), "real")
    turn = fn("exp", mul(TWO, PI, I, x))
    body = opened(t.args[0], turn)
    return _quadrature(body, x, acb(0), acb(1), at, analytic)


def _limit(t: Term, at: Values) -> Ball:
    """Where the body is analytic at the point, the limit is its value."""
    body, point, _ = t.args
    if point in (OO, NOO):
        raise UnsupportedError("a limit at infinity")
    x = fresh("@x", (body, *at))
    here = at.but(x, enclose(point, at))
    here.moving = at.moving | {x}
    ball = enclose(opened(body, x), here, analytic=True)
    if not ball.is_finite():
        raise UnsupportedError("a limit where the body is not analytic")
    return ball


def _cases(t: Term, at: Values, analytic: bool) -> Ball:
    for test, value in zip(t.args[::2], t.args[1::2], strict=True):
        holds = holds_at(test, at, analytic)
        if holds is None:
            return acb("nan")
        if holds:
            return enclose(value, at, analytic)
    raise UnsupportedError("no case applies")


def holds_at(r: Term, at: Values, analytic: bool = False) -> bool | None:
    """Whether a relation holds: by exact values, else by balls.

    Beside the real axis (``analytic``) an inequality is continued to where
    the real part of its gap has that sign.
    """
    if r.op == "const":
        return True
    if r.op == "and":
        found = [holds_at(part, at, analytic) for part in r.args]
        if False in found:
            return False
        return None if None in found else True
    if r.op != "rel":
        return None
    plain = truth(r, at)
    if plain is not None:
        return plain
    op, a, b = r.args
    gap = enclose(sub(b, a), at, analytic)
    if analytic and op in ("<", "<="):
        gap = acb(gap.real)
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

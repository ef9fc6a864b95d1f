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
from functools import partial
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
from kexue_lib.derive.core.functions import (
    OPERATIONS,
    Ball,
    is_,
    plainly_real,
    rule,
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
    match t.op:
        case "num":
            return acb(arb(fmpq(a[0].numerator, a[0].denominator)))
        case "const":
            if a[0] not in CONSTANTS:
                raise UnsupportedError(f"{t} as a number")
            return CONSTANTS[a[0]]()
        case "add" | "mul" | "pow" | "fn":
            analytic = analytic and not _still(t, at)
            parts, made = rule(t, analytic)
            return made(*[enclose(u, at, analytic) for u in parts])
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


def _still(t: Term, at: Values) -> bool:
    """A function of what no integral around moves is a constant.

    It is analytic then, whatever it is made of.
    """
    return t.op == "fn" and bool(at.moving) and at.moving.isdisjoint(free(t))


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


def _program(
    body: Term, x: Term, at: Values, analytic: bool
) -> Callable[[], Ball]:
    """`enclose` of a term, again and again while only x gets other values.

    What x does not move is enclosed now; of the rest each part once a run,
    however often the term has it.
    """
    balls: list[Ball] = [None]
    code: list[tuple[int, Callable[..., Ball], list[int]]] = []
    known: dict[tuple[Term, bool], int] = {(x, analytic): 0, (x, False): 0}

    def place(t: Term, analytic: bool) -> int:
        analytic = analytic and not _still(t, at)
        found = known.get((t, analytic))
        if found is not None:
            return found
        if t in at or x not in free(t):
            made: tuple[Callable[..., Ball], list[int]] | None = None
            ball = enclose(t, at, analytic)
        elif t.op in OPERATIONS:
            parts, f = rule(t, analytic)
            made = f, [place(u, analytic) for u in parts]
            ball = None
        else:
            made = partial(enclose, t, at, analytic), []
            ball = None
        known[t, analytic] = len(balls)
        if made is not None:
            code.append((len(balls), *made))
        balls.append(ball)
        return known[t, analytic]

    last = place(body, analytic)

    def run() -> Ball:
        balls[0] = enclose(x, at)
        for to, f, parts in code:
            balls[to] = f(*[balls[i] for i in parts])
        return balls[last]

    return run


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
    programs: dict[bool, Callable[[], Ball]] = {}
    worked = False

    def f(z: Ball, analytic: bool) -> Ball:
        # An exception must not pass through flint.
        nonlocal worked
        here[x] = z
        at.left[0] -= 1
        if at.left[0] < 0 or (len(failed) >= HOPELESS and not worked):
            return acb("nan")
        try:
            beside = analytic or inside
            if beside not in programs:
                programs[beside] = _program(body, x, here, beside)
            ball = programs[beside]()
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
    if not is_(a.imag, 0):
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
    term = None
    for n in range(first, last + 1):
        here[k] = Exact(fmpq(n))
        term = term or _program(moved, k, here, analytic)
        out = out + term() if t.op == "sum" else out * term()
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
    if found is None or not is_(ball, found):
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

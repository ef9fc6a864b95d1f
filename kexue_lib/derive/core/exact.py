"""Exact values of closed terms: rational numbers, also with a rational i.

`exact` returns a number or None ("not rational, or not seen to be"). What has
no value raises `UndefinedError`, with the part that is to blame: a division
by 0, the logarithm of 0, a pole of Gamma. Sums that run backwards by more
than the empty sum are read in two ways by two authors: they have no value
here, and are not undefined either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import isqrt
from typing import Any, NamedTuple

from flint import acb, arb, fmpq, fmpz

from kexue_lib.derive.core import slopes
from kexue_lib.derive.core.laurent import Circle
from kexue_lib.derive.core.terms import (
    I,
    Term,
    UnsupportedError,
    fresh,
    is_fn,
    num,
    opened,
)

LONGEST = 2000
"""Sums of more terms are not evaluated."""
EVALUATIONS = 40_000
"""How often the integrands of one value are evaluated at most."""
BIGGEST = 4000
"""Larger exponents and factorials are not written out."""


class UndefinedError(Exception):
    """A term has no value at a point, exactly; says which part."""


class Exact(NamedTuple):
    """A rational number, or a Gaussian one."""

    re: fmpq
    im: fmpq = fmpq(0)

    @property
    def ball(self) -> Any:
        """The number as a ball, as sharp as the precision allows."""
        return acb(arb(self.re), arb(self.im))

    @property
    def term(self) -> Term:
        """The number as a term."""
        re, im = (num(_fraction(p)) for p in self)
        if not self.im:
            return re
        turned = Term("mul", im, I)
        return turned if not self.re else Term("add", re, turned)


def _fraction(q: fmpq) -> Any:
    from fractions import Fraction

    return Fraction(int(q.p), int(q.q))


class Values(dict[Term, Any]):
    """Numbers (`Exact` or balls) of symbols and of members of families.

    `draw` gives a value to a member that has none, or None; `left` is how
    often integrands may still be evaluated, shared by all copies; `moving`
    are the variables of the integrals around.
    """

    draw: Callable[[Term], Any] | None = None
    moving: frozenset[Term] = frozenset()

    def __init__(self, values: Mapping[Term, Any] | None = None) -> None:
        super().__init__(values or {})
        self.left = [EVALUATIONS]

    def __missing__(self, key: Term) -> Any:
        found = None if self.draw is None else self.draw(key)
        if found is None:
            raise KeyError(key)
        self[key] = found
        return found

    def but(self, symbol: Term, value: Any) -> Values:
        """The same values, and one more."""
        made = Values(self)
        made.draw, made.left = self.draw, self.left
        made.moving = self.moving
        made[symbol] = value
        return made


def rational(value: Any, im: Any = 0) -> Exact:
    """An exact number from integers or fractions."""
    parts = (
        fmpq(int(p.numerator), int(p.denominator))
        if hasattr(p, "numerator")
        else fmpq(p)
        for p in (value, im)
    )
    return Exact(*parts)


def member(t: Term, at: Values) -> Term | None:
    """The member of a family, its indices being integers."""
    places = []
    for index in t.args[2:]:
        value = exact(index, at)
        if value is None or value.im or value.re.q != 1:
            return None
        places.append(num(int(value.re.p)))
    return Term("idx", *t.args[:2], *places)


def exact(t: Term, at: Values) -> Exact | None:
    """The value of a term, if it is rational and this is seen.

    Raises:
        UndefinedError: a part has no value.
    """
    if t in at:
        found = at[t]
        return found if isinstance(found, Exact) else None
    a = t.args
    match t.op:
        case "num":
            return Exact(fmpq(a[0].numerator, a[0].denominator))
        case "const":
            return Exact(fmpq(0), fmpq(1)) if t is I else None
        case "add":
            return _folded(a, at, plus, ZERO)
        case "mul":
            return _folded(a, at, times, ONE)
        case "pow":
            return _power(a[0], a[1], at)
        case "fn":
            return _function(t, at)
        case "idx":
            return _member(t, at)
        case "sum" | "prod":
            return _series(t, at)
        case "cases":
            return _cases(t, at)
        case "circle":
            return _circle(t, at)
        case "diff":
            return _slope(t, at)
    return None


ZERO, ONE = Exact(fmpq(0)), Exact(fmpq(1))


def plus(a: Exact, b: Exact) -> Exact:
    """A sum."""
    return Exact(a.re + b.re, a.im + b.im)


def times(a: Exact, b: Exact) -> Exact:
    """A product."""
    if not (a.im or b.im):
        return Exact(a.re * b.re)
    return Exact(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)


def minus(a: Exact, b: Exact) -> Exact:
    """A difference."""
    return Exact(a.re - b.re, a.im - b.im)


def _folded(
    parts: tuple[Term, ...],
    at: Values,
    op: Callable[[Exact, Exact], Exact],
    start: Exact,
) -> Exact | None:
    """Every part is looked at: one without a value spoils the whole."""
    values = [exact(p, at) for p in parts]
    total = start
    for v in values:
        if v is None:
            return None
        total = op(total, v)
    return total


def _member(t: Term, at: Values) -> Exact | None:
    key = member(t, at)
    if key is None:
        return None
    try:
        found = at[key]
    except KeyError:
        return None
    return found if isinstance(found, Exact) else None


def _whole(v: Exact | None) -> int | None:
    """The value as an integer, if it is one of a fair size."""
    if v is None or v.im or v.re.q != 1 or abs(v.re) > BIGGEST:
        return None
    return int(v.re.p)


def _power(base: Term, e: Term, at: Values) -> Exact | None:
    exponent = exact(e, at)
    down = exponent is not None and not exponent.im and exponent.re < 0
    if down and is_fn(base, "gamma", "factorial") and _pole(base, at):
        # 1/Gamma is read as the entire function it is.
        return ZERO
    value = exact(base, at)
    if value is None:
        return None
    if value == ZERO and down:
        raise UndefinedError(f"{base} = 0 is a denominator")
    if exponent is None or exponent.im:
        return ONE if value == ONE else None
    n = _whole(exponent)
    if n is not None:
        return _raised(value, n)
    if value.im or value.re < 0 or exponent.re.q > 12:
        return None
    root = _root(value.re, int(exponent.re.q))
    if root is None or abs(exponent.re.p) > BIGGEST:
        return None
    return _raised(Exact(root), int(exponent.re.p))


def _raised(value: Exact, n: int) -> Exact:
    if n < 0:
        size = value.re**2 + value.im**2
        value, n = Exact(value.re / size, -value.im / size), -n
    if not value.im:
        return Exact(value.re**n)
    out = ONE
    while n:
        out = times(out, value) if n & 1 else out
        value, n = times(value, value), n >> 1
    return out


def _root(q: fmpq, degree: int) -> fmpq | None:
    parts = []
    for p in (q.p, q.q):
        root = isqrt(int(p)) if degree == 2 else int(fmpz(p).root(degree))
        if root**degree != p:
            return None
        parts.append(root)
    return fmpq(*parts)


def _series(t: Term, at: Values) -> Exact | None:
    ends = _ends(t, at)
    if ends is None:
        return None
    body, (first, last) = t.args[0], ends
    out = ZERO if t.op == "sum" else ONE
    join = plus if t.op == "sum" else times
    seen = True
    for value in terms_of(body, first, last, at):
        seen = seen and value is not None
        out = join(out, value) if value is not None and seen else out
    return out if seen else None


def _ends(t: Term, at: Values) -> tuple[int, int] | None:
    """First and last index; None for what is open, long or runs backwards."""
    first, last = (_whole(exact(e, at)) for e in t.args[1:])
    if first is None or last is None:
        return None
    if last < first - 1 or last - first > LONGEST:
        return None
    return first, last


def _circle(t: Term, at: Values) -> Exact | None:
    """The constant coefficient of a Laurent polynomial."""
    z = fresh("@z", (t, *at))
    circle = Circle(
        z,
        lambda u: exact(u, at),
        plus,
        times,
        lambda v: Exact(v.re, -v.im),
        lambda u: _ends(u, at),
    )
    found = circle.read(opened(t.args[0], z))
    return None if found is None else found.get(0, ZERO)


def slope(t: Term, at: Values) -> Term:
    """A term whose value is that of a derivative."""
    degrees = slopes.degrees(t)
    return slopes.slope(t, tuple((d, _whole(exact(d, at))) for d in degrees))


def _slope(t: Term, at: Values) -> Exact | None:
    try:
        return exact(slope(t, at), at)
    except UnsupportedError:
        return None


def terms_of(
    body: Term, first: int, last: int, at: Values
) -> Iterator[Exact | None]:
    """The exact values of the terms of a sum."""
    k = fresh("@k", (body, *at), "integer", "real")
    moved = opened(body, k)
    here = at.but(k, ZERO)
    for n in range(first, last + 1):
        here[k] = Exact(fmpq(n))
        yield exact(moved, here)


def _cases(t: Term, at: Values) -> Exact | None:
    for test, value in zip(t.args[::2], t.args[1::2], strict=True):
        holds = True if test.op == "const" else truth(test, at)
        if holds is None:
            return None
        if holds:
            return exact(value, at)
    raise UndefinedError(f"no case of {t} applies")


def truth(t: Term, at: Values) -> bool | None:
    """Whether a relation of rational numbers holds; None: not decided."""
    if t.op == "and":
        found = [truth(a, at) for a in t.args]
        if False in found:
            return False
        return None if None in found else True
    if t.op != "rel":
        return None
    op, *sides = t.args
    a, b = (exact(s, at) for s in sides)
    if a is None or b is None:
        return None
    return related(op, a, b)


def related(op: str, a: Exact, b: Exact) -> bool | None:
    """Whether two numbers are in a relation; complex ones have no order."""
    match op:
        case "=":
            return a == b
        case "!=":
            return a != b
        case "<" if not (a.im or b.im):
            return bool(a.re < b.re)
        case "<=" if not (a.im or b.im):
            return bool(a.re <= b.re)
    return None


# -- functions ------------------------------------------------------------


def _function(t: Term, at: Values) -> Exact | None:
    name, *arguments = t.args
    values = [exact(u, at) for u in arguments]
    if None in values:
        return None
    if _pole(t, at):
        raise UndefinedError(f"{t} is a pole")
    rule = _RULES.get(name)
    return None if rule is None else rule(*values)


def _pole(t: Term, at: Values) -> bool:
    """Gamma has a pole there."""
    if not is_fn(t, "gamma", "factorial", "digamma", "loggamma"):
        return False
    n = exact(t.args[1], at)
    if n is None or n.im or n.re.q != 1:
        return False
    return bool(n.re < 0 if is_fn(t, "factorial") else n.re <= 0)


def _factorial(v: Exact) -> Exact | None:
    n = _whole(v)
    return None if n is None or n < 0 else Exact(fmpq(fmpz.fac_ui(n)))


def _gamma(v: Exact) -> Exact | None:
    return _factorial(minus(v, ONE))


def _binomial(v: Exact, w: Exact) -> Exact | None:
    k = _whole(w)
    if k is None or v.im:
        return None
    n = _whole(v)
    if k < 0:
        return ZERO if n is None or n >= 0 else None
    out = fmpq(1)
    for j in range(k):
        out = out * (v.re - j) / (j + 1)
    return Exact(out)


def _rising(v: Exact, w: Exact) -> Exact | None:
    k = _whole(w)
    if k is None or k < 0:
        return None
    out = ONE
    for j in range(k):
        out = times(out, plus(v, Exact(fmpq(j))))
    return out


def _falling(v: Exact, w: Exact) -> Exact | None:
    k = _whole(w)
    return None if k is None else _rising(plus(minus(v, w), ONE), w)


def _abs(v: Exact) -> Exact | None:
    if not v.im:
        return Exact(abs(v.re))
    root = _root(v.re**2 + v.im**2, 2)
    return None if root is None else Exact(root)


def _sign(v: Exact) -> Exact | None:
    if v.im:
        return None
    return Exact(fmpq((v.re > 0) - (v.re < 0)))


def _extreme(pick: Callable[..., Any]) -> Callable[..., Exact | None]:
    def rule(*values: Exact) -> Exact | None:
        if any(v.im for v in values):
            return None
        return Exact(pick(v.re for v in values))

    return rule


def _floor(v: Exact) -> Exact | None:
    return None if v.im else Exact(fmpq(v.re.floor()))


def _ceiling(v: Exact) -> Exact | None:
    return None if v.im else Exact(fmpq(v.re.ceil()))


def _mod(v: Exact, w: Exact) -> Exact | None:
    if v.im or w.im or not w.re:
        return None
    return Exact(v.re - w.re * (v.re / w.re).floor())


def _special(at: Exact, value: Exact) -> Callable[[Exact], Exact | None]:
    return lambda v: value if v == at else None


def _log(v: Exact) -> Exact | None:
    if v == ZERO:
        raise UndefinedError("log(0)")
    return ZERO if v == ONE else None


def _family(
    step: Callable[[int, Exact, Exact, Exact], Exact],
    first: Callable[[Exact], Exact],
) -> Callable[[Exact, Exact], Exact | None]:
    """Orthogonal polynomials by their recurrence."""

    def rule(v: Exact, x: Exact) -> Exact | None:
        n = _whole(v)
        if n is None or n < 0:
            return None
        a, b = ONE, first(x)
        for k in range(1, n):
            a, b = b, step(k, x, a, b)
        return b if n else a

    return rule


def _scaled(c: Any, v: Exact) -> Exact:
    return Exact(v.re * c, v.im * c)


def _legendre(k: int, x: Exact, a: Exact, b: Exact) -> Exact:
    up = _scaled(2 * k + 1, times(x, b))
    return _scaled(fmpq(1, k + 1), minus(up, _scaled(k, a)))


def _laguerre(k: int, x: Exact, a: Exact, b: Exact) -> Exact:
    up = times(minus(Exact(fmpq(2 * k + 1)), x), b)
    return _scaled(fmpq(1, k + 1), minus(up, _scaled(k, a)))


def _chebyshev(k: int, x: Exact, a: Exact, b: Exact) -> Exact:
    return minus(_scaled(2, times(x, b)), a)


def _hermite(k: int, x: Exact, a: Exact, b: Exact) -> Exact:
    return minus(_scaled(2, times(x, b)), _scaled(2 * k, a))


_RULES: dict[str, Callable[..., Exact | None]] = {
    "factorial": _factorial,
    "gamma": _gamma,
    "binomial": _binomial,
    "RisingFactorial": _rising,
    "FallingFactorial": _falling,
    "Abs": _abs,
    "re": lambda v: Exact(v.re),
    "im": lambda v: Exact(v.im),
    "conjugate": lambda v: Exact(v.re, -v.im),
    "sign": _sign,
    "Max": _extreme(max),
    "Min": _extreme(min),
    "floor": _floor,
    "ceiling": _ceiling,
    "Mod": _mod,
    "exp": _special(ZERO, ONE),
    "log": _log,
    "cos": _special(ZERO, ONE),
    "cosh": _special(ZERO, ONE),
    "legendre": _family(_legendre, lambda x: x),
    "laguerre": _family(_laguerre, lambda x: minus(ONE, x)),
    "chebyshevt": _family(_chebyshev, lambda x: x),
    "chebyshevu": _family(_chebyshev, lambda x: _scaled(2, x)),
    "hermite": _family(_hermite, lambda x: _scaled(2, x)),
    **{
        name: _special(ZERO, ZERO)
        for name in ("sin", "tan", "sinh", "tanh", "atan", "asin", "erf")
    },
}

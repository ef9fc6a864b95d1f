"""What a term is for all large z, in exponentials, logarithms and powers.

Each rewriting is an identity that holds from some z on. Trigonometric and
hyperbolic functions are exponentials; |u|, max, step functions follow the
sign of u; Gamma and erfc are Stirling's and Mills's factor times a tail with
an expansion in 1/u (`series.TAILS`).
"""

from __future__ import annotations

from collections.abc import Iterator

from kexue_lib.derive.core.atoms.exponentials import WRITTEN
from kexue_lib.derive.core.differentiate import evaluated
from kexue_lib.derive.core.limits.asking import Asker, turns
from kexue_lib.derive.core.limits.tails import (
    BEYOND,
    BINET,
    MILLS,
    SLOPE,
)
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import (
    HALF,
    MINUS,
    NOO,
    ONE,
    OO,
    PI,
    TRUE,
    TWO,
    ZERO,
    I,
    Term,
    UnsupportedError,
    add,
    fn,
    free,
    inverse,
    is_fn,
    mul,
    neg,
    num,
    opened,
    over,
    power,
    rebuilt,
    sub,
)

LONGEST = 60
"""Sums of more terms are not written out."""


class Rewriter:
    """Rewrites terms in z.

    Args:
        asker: answers about terms that are rewritten already.
        z: the symbol that grows.
    """

    def __init__(self, asker: Asker, z: Term) -> None:
        self.ask, self.z = asker, z

    def read(self, t: Term) -> Term:
        """The term, rewritten."""
        if self.z not in free(t) or t is self.z:
            return t
        match t.op:
            case "add":
                return add(*map(self.read, t.args))
            case "mul":
                return mul(*map(self.read, t.args))
            case "pow":
                return self.power(*map(self.read, t.args))
            case "fn":
                return self.function(t.args[0], *map(self.read, t.args[1:]))
            case "diff":
                found = evaluated(t)
                if found is not t:
                    self.ask.defined(opened(*t.args))
                    return self.read(found)
            case "cases":
                return self.cases(t.args)
            case "sum" | "prod":
                return self.read(self.written_out(t))
        raise UnsupportedError(f"the limit of {t}"[:200])

    def written_out(self, t: Term) -> Term:
        """The terms of a sum or the factors of a product one by one."""
        body, *ends = t.args
        low, high = map(self.ask.constant, ends)
        if not (low.op == high.op == "num"):
            raise UnsupportedError(f"the limit of {t}"[:200])
        first, last = low.args[0], high.args[0]
        if first.denominator != 1 or last.denominator != 1:
            raise UnsupportedError(f"a range {low}..{high}")
        if last - first > LONGEST:
            raise UnsupportedError("a long sum")
        values = range(int(first), int(last) + 1)
        parts = [opened(body, num(v)) for v in values]
        return add(*parts) if t.op == "sum" else mul(*parts)

    def power(self, base: Term, e: Term) -> Term:
        """``b^e = exp(e log b)`` where e varies, by definition."""
        if self.z not in free(e):
            return power(base, e)
        if self.z not in free(base) and self.ask.know.positive(neg(base)):
            size = fn("exp", mul(e, fn("log", neg(base))))
            return mul(size, fn("exp", mul(I, PI, e)))
        return fn("exp", mul(e, fn("log", base)))

    def plain(self, t: Term) -> Term:
        """Varying powers are exponentials; one exponential a product.

        One is taken out of a sum each of whose terms has one.
        """
        if self.z not in free(t):
            return t
        t = rebuilt(t, lambda a, _: self.plain(a))
        if t.op == "pow":
            t = self.power(*t.args)
        if t.op == "add":
            parts = [self.apart(p) for p in t.args]
            first = parts[0][1]
            if any(e is ZERO for _, e in parts):
                return t
            rest = (
                p if e is first else mul(p, fn("exp", sub(e, first)))
                for p, e in parts
            )
            return mul(add(*rest), fn("exp", first))
        front, exponent = self.apart(t)
        return t if exponent is ZERO else mul(front, fn("exp", exponent))

    def apart(self, t: Term) -> tuple[Term, Term]:
        """(r, e) with ``t = r exp(e)``, r without such a factor."""
        exponents: list[Term] = []
        rest: list[Term] = []
        for p, k in _powers(t, 1):
            if is_fn(p, "exp") and self.z in free(p):
                exponents.append(mul(num(k), p.args[1]))
            else:
                rest.append(power(p, num(k)))
        return mul(*rest), add(*exponents)

    def function(self, name: str, *u: Term) -> Term:
        """A function of arguments that are rewritten already."""
        if name in WRITTEN and name != "erfc":
            return self.read_once(WRITTEN[name](u[0]))
        own = getattr(self, f"_{name}", None)
        return fn(name, *u) if own is None else own(*u)

    def read_once(self, t: Term) -> Term:
        """Sines inside what a tangent is written with."""
        if t.op == "fn" and t.args[0] in WRITTEN and t.args[0] != "erfc":
            return self.read_once(WRITTEN[t.args[0]](t.args[1]))
        if t.op in ("add", "mul"):
            return Term(t.op, *map(self.read_once, t.args))
        if t.op == "pow":
            return power(self.read_once(t.args[0]), t.args[1])
        return t

    def real(self, t: Term) -> None:
        """Raise unless a term is known to be real."""
        if not self.ask.real(t):
            raise UnsupportedError(f"{t} may not be real"[:200])

    def positive(self, t: Term) -> bool:
        """The sign of a real term for all large z."""
        self.real(t)
        return self.ask.sign(t) > 0

    def _exp(self, u: Term) -> Term:
        """Of a complex argument: its modulus, and a factor that turns."""
        know = self.ask.know
        if _plainly_real(know, u) or turns(know, u):
            return fn("exp", u)
        back = fn("conjugate", u)
        real = self.ask.tidy(mul(HALF, add(u, back)))
        angle = self.ask.tidy(mul(HALF, neg(I), sub(u, back)))
        return mul(fn("exp", real), fn("exp", mul(I, angle)))

    # -- by the sign -------------------------------------------------------

    def _Abs(self, u: Term) -> Term:
        return u if self.positive(u) else neg(u)

    def _sign(self, u: Term) -> Term:
        return ONE if self.positive(u) else MINUS

    def _Heaviside(self, u: Term, *_: Term) -> Term:
        return ONE if self.positive(u) else ZERO

    def _Max(self, *u: Term) -> Term:
        out = u[0]
        for v in u[1:]:
            out = out if self.greater(out, v) else v
        return out

    def _Min(self, *u: Term) -> Term:
        out = u[0]
        for v in u[1:]:
            out = v if self.greater(out, v) else out
        return out

    def greater(self, a: Term, b: Term) -> bool:
        """a >= b for all large z."""
        for t in (a, b):
            self.real(t)
        gap = sub(a, b)
        return self.ask.vanishes(gap) or self.positive(gap)

    def _conjugate(self, u: Term) -> Term:
        self.real(u)
        return u

    def cases(self, parts: tuple[Term, ...]) -> Term:
        """The case that holds for all large z."""
        for test, value in zip(parts[::2], parts[1::2], strict=True):
            if self.holds(test):
                return self.read(value)
        raise UnsupportedError("no case holds for all large z")

    def holds(self, test: Term) -> bool:
        """Whether a relation holds, or fails, for all large z."""
        if self.z not in free(test):
            found = test is TRUE or self.ask.know.holds(test)
            if found is None:
                raise UnsupportedError(f"whether {test}")
            return found
        if test.op != "rel":
            raise UnsupportedError(f"whether {test}")
        op, a, b = test.args
        gap = sub(self.read(b), self.read(a))
        above = self.positive(gap)
        return {"<": above, "<=": above, "=": False, "!=": True}[op]

    # -- by an expansion at infinity ---------------------------------------

    def _gamma(self, u: Term) -> Term:
        self.grows(u, "gamma")
        bulk = sub(mul(sub(u, HALF), fn("log", u)), u)
        root = power(mul(TWO, PI), HALF)
        return mul(fn("exp", bulk), root, fn("exp", fn(BINET, u)))

    def _rgamma(self, u: Term) -> Term:
        return inverse(self._gamma(u))

    def _loggamma(self, u: Term) -> Term:
        self.grows(u, "loggamma")
        half = mul(HALF, fn("log", mul(TWO, PI)))
        bulk = sub(mul(sub(u, HALF), fn("log", u)), u)
        return add(bulk, half, fn(BINET, u))

    def _factorial(self, u: Term) -> Term:
        return self._gamma(add(u, ONE))

    def _binomial(self, n: Term, k: Term) -> Term:
        if k.op == "num" and k.args[0] in range(20):
            count = int(k.args[0])
            top = mul(*(sub(n, num(j)) for j in range(count)))
            return over(top, fn("factorial", k))
        rest = (self.gamma_of(add(v, ONE)) for v in (k, sub(n, k)))
        return mul(self.gamma_of(add(n, ONE)), *map(inverse, rest))

    def gamma_of(self, u: Term) -> Term:
        """Gamma, also of what does not vary."""
        return self._gamma(u) if self.z in free(u) else fn("gamma", u)

    def _RisingFactorial(self, a: Term, k: Term) -> Term:
        top, bottom = self.gamma_of(add(a, k)), self.gamma_of(a)
        return over(top, bottom)

    def grows(self, u: Term, name: str) -> None:
        """Raise unless a real u -> oo."""
        self.real(u)
        if self.ask.limit(u) is not OO:
            raise UnsupportedError(f"{name} of {u}, which does not grow")

    def _erf(self, u: Term) -> Term:
        if self.ask.limit(u) in (OO, NOO):
            return sub(ONE, self._erfc(u))
        return fn("erf", u)

    def _erfc(self, u: Term) -> Term:
        value = self.ask.limit(u)
        if value is OO:
            self.real(u)
            square = neg(power(u, TWO))
            return mul(fn("exp", square), fn(MILLS, u))
        if value is NOO:
            return sub(TWO, self._erfc(neg(u)))
        return fn("erfc", u)

    def _uppergamma(self, a: Term, u: Term) -> Term:
        self.grows(u, "uppergamma")
        if self.z in free(a) or not self.ask.know.real(a):
            raise UnsupportedError("uppergamma in its index")
        bulk = sub(mul(sub(a, ONE), fn("log", u)), u)
        return mul(fn("exp", bulk), fn(BEYOND, a, u))

    def _lowergamma(self, a: Term, u: Term) -> Term:
        return sub(fn("gamma", a), self._uppergamma(a, u))

    def _polygamma(self, n: Term, u: Term) -> Term:
        self.grows(u, "polygamma")
        if n is not ZERO:
            raise UnsupportedError("a polygamma of higher order")
        bulk = sub(fn("log", u), inverse(mul(TWO, u)))
        return add(bulk, fn(SLOPE, u))

    def _asinh(self, u: Term) -> Term:
        if self.ask.limit(u) not in (OO, NOO):
            return fn("asinh", u)
        if not self.positive(u):
            return neg(self._asinh(neg(u)))
        root = power(add(power(u, TWO), ONE), HALF)
        return fn("log", add(u, root))

    def _acosh(self, u: Term) -> Term:
        if not self.positive(sub(u, ONE)):
            raise UnsupportedError(f"acosh of {u}, below 1")
        root = power(sub(power(u, TWO), ONE), HALF)
        return fn("log", add(u, root))

    def _atanh(self, u: Term) -> Term:
        self.inside(u)
        ratio = over(add(ONE, u), sub(ONE, u))
        return mul(HALF, fn("log", ratio))

    def _asin(self, u: Term) -> Term:
        self.inside(u)
        root = power(sub(ONE, power(u, TWO)), HALF)
        return self._atan(over(u, root))

    def _acos(self, u: Term) -> Term:
        return sub(mul(HALF, PI), self._asin(u))

    def inside(self, u: Term) -> None:
        """Raise unless -1 < u < 1 for all large z."""
        if not (self.positive(add(ONE, u)) and self.positive(sub(ONE, u))):
            raise UnsupportedError(f"{u} is not between -1 and 1")

    def _atan(self, u: Term) -> Term:
        value = self.ask.limit(u)
        if value in (OO, NOO):
            self.real(u)
            quarter = mul(HALF, PI) if value is OO else neg(mul(HALF, PI))
            return sub(quarter, fn("atan", inverse(u)))
        return fn("atan", u)


def _plainly_real(know: Context, t: Term) -> bool:
    if t.op in ("num", "const", "sym", "idx"):
        return know.real(t)
    return all(_plainly_real(know, p) for p in t.children)


def _powers(t: Term, k: int) -> Iterator[tuple[Term, int]]:
    """The factors of a product and of its whole powers."""
    if t.op == "mul":
        for p in t.args:
            yield from _powers(p, k)
    elif t.op == "pow" and t.args[1].op == "num":
        e = t.args[1].args[0]
        if e.denominator == 1:
            yield from _powers(t.args[0], k * int(e))
        else:
            yield t, k
    else:
        yield t, k

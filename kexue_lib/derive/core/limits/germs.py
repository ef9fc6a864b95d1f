"""Limits of terms as a symbol z grows beyond all bounds.

By Gruntz's method: of the exponentials in a term those that vary most
rapidly are powers of one small scale w, times what varies slower; the term is
a series in w (`series`), and the limit is that of its coefficient of w^0,
which varies slower and is found in the same way. ``z`` itself is replaced by
``exp(z)`` first where it is among the most rapid.

A limit is a statement for each value of the parameters. What decides must be
seen: the sign of an exponent, that a leading coefficient is not 0, that a
denominator is not 0 for large z. Otherwise `UnsupportedError`; no term is
ever evaluated at a large z.
"""

from __future__ import annotations

from kexue_lib.derive.core.limits.asking import ShallowError, finite, turns
from kexue_lib.derive.core.limits.laws import by_laws
from kexue_lib.derive.core.limits.rewriting import Rewriter
from kexue_lib.derive.core.limits.series import ANALYTIC, Level, Series
from kexue_lib.derive.core.limits.tails import TAILS
from kexue_lib.derive.core.nonzero import nonzero
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Condition, Kind
from kexue_lib.derive.core.terms import (
    MINUS,
    NOO,
    ONE,
    OO,
    ZERO,
    Term,
    UnsupportedError,
    fn,
    free,
    is_fn,
    mul,
    neg,
    over,
    power,
    subst,
    text,
)

REAL = ANALYTIC | {"exp", "log", *TAILS}
"""Real for real arguments; the logarithm for positive ones."""
COUNTS = (3, 6, 12)
"""How many terms of an infinite series are tried."""
PASSES = 6
DEEPEST = 40
MOST = 400
"""Series that are computed for one limit."""


class Germs:
    """Limits, signs and leading coefficients as z -> oo.

    Args:
        know: what is known of the parameters; nothing of z but that it is
            positive.
        z: the symbol that grows.

    Attributes:
        needs: conditions without z on which the answers rest.
    """

    def __init__(self, know: Context, z: Term) -> None:
        self.know, self.z = know, z
        self.needs: dict[Condition, None] = {}
        self._limits: dict[Term, Term] = {}
        self._leads: dict[Term, Term] = {}
        self._busy: list[tuple[str, Term]] = []
        self._left = MOST
        self._rewriter = Rewriter(self, z)

    # -- questions ---------------------------------------------------------

    def of(self, t: Term) -> Term:
        """The limit of a term as it is written."""
        made = self._rewriter.read(t)
        value = self.limit(made)
        if value in (OO, NOO) and not self.real(made):
            raise UnsupportedError(f"{t} may not be real"[:200])
        return value

    def limit(self, t: Term) -> Term:
        """The limit: a term without z, oo or -oo."""
        return self._once("limit", t, self._limits)

    def lead(self, t: Term) -> Term:
        """C, never 0, with t = C (1 + o(1)) times powers of scales > 0."""
        return self._once("lead", t, self._leads)

    def sign(self, t: Term) -> int:
        """1 or -1: the sign of the leading coefficient, thus for large z."""
        c = self.lead(t)
        with self.know.thoroughly():
            if self.know.positive(c):
                return 1
            if self.know.positive(neg(c)):
                return -1
        raise UnsupportedError(f"the sign of {c}")

    def apart(self, t: Term) -> None:
        """Raise unless a term is not 0 for all large z."""
        self.lead(t)

    def _once(self, what: str, t: Term, known: dict[Term, Term]) -> Term:
        if t in known:
            return known[t]
        if (what, t) in self._busy or len(self._busy) > DEEPEST:
            raise UnsupportedError(f"the {what} of {t} leads to itself"[:200])
        self._busy.append((what, t))
        try:
            find = self._limit if what == "limit" else self._lead
            known[t] = find(t)
        finally:
            self._busy.pop()
        return known[t]

    # -- the answers -------------------------------------------------------

    def _limit(self, t: Term) -> Term:
        if self.z not in free(t):
            return self.constant(t)
        if t is self.z:
            return OO
        found = by_laws(self, t)
        if found is not None:
            return found
        made, level = self._expanded(t, False)
        if not made.terms:
            return ZERO
        e, c = made.terms[0]
        order = level.compare(e, ZERO)
        if order > 0:
            return ZERO
        slow = level.term(c)
        if order == 0:
            return self.limit(slow)
        return OO if self.sign(slow) > 0 else NOO

    def _lead(self, t: Term) -> Term:
        if self.z not in free(t):
            c = self.constant(t)
            with self.know.thoroughly():
                if not nonzero(c, self.know):
                    raise UnsupportedError(f"{c} may be 0"[:200])
            return c
        if t is self.z:
            return ONE
        if is_fn(t, "exp"):
            value = self.limit(t.args[1])
            if value not in (OO, NOO):
                return fn("exp", value)
            self.positive(t)
            return ONE
        if t.op == "mul":
            return mul(*map(self.lead, t.args))
        if t.op == "pow" and t.args[1].op == "num":
            return power(self._base(*t.args), t.args[1])
        made, level = self._expanded(t, True)
        return self.lead(level.term(made.terms[0][1]))

    def positive(self, t: Term) -> None:
        """Raise unless an exponential is known to be real."""
        if not self.real(t.args[1]):
            raise UnsupportedError(f"{t} may turn"[:200])

    def _base(self, base: Term, e: Term) -> Term:
        c = self.lead(base)
        if e.args[0].denominator != 1 and self.sign(base) < 0:
            raise UnsupportedError(f"a power of the negative {base}")
        return c

    def constant(self, t: Term) -> Term:
        """A term without z; what it needs is recorded."""
        f = self.know.field()
        made = f.to_term(f.quotients(t)[0])
        self.needs.update(f.conditions)
        return made

    def defined(self, t: Term) -> None:
        """Raise unless a term is defined for all large z."""
        f = self.know.field()
        f.quotients(t)
        self.met(f.conditions)

    def tidy(self, t: Term) -> Term:
        """The normal form; what it needs holds for all large z."""
        f = self.know.field()
        made = f.to_term(f.quotients(t)[0])
        self.met(f.conditions)
        return made

    def vanishes(self, t: Term) -> bool:
        """The normal form is 0; what that needs is recorded."""
        f = self.know.field()
        if f.quotients(t)[0].top != 0:
            return False
        self.met(f.conditions)
        return True

    def plain(self, t: Term) -> Term:
        """A coefficient, ready to be asked about."""
        return self._rewriter.plain(t)

    def real(self, t: Term) -> bool:
        """Known to be real for all large z."""
        if self.z not in free(t) or t.op == "sym":
            return self.know.real_valued(t)
        if t.op in ("add", "mul") and all(map(self.real, t.args)):
            return True
        if t.op == "pow" and all(map(self.real, t.args)):
            return self.know.integer(t.args[1]) or self.sign(t.args[0]) > 0
        known = t.op == "fn" and t.args[0] in REAL
        if known and all(map(self.real, t.args[1:])):
            return t.args[0] != "log" or self.sign(t.args[1]) > 0
        return self.know.real_valued(t)

    # -- series in the most rapid scale ------------------------------------

    def _expanded(self, t: Term, nonzero_: bool) -> tuple[Series, Level]:
        """The series of a term, deep enough to read off its limit.

        Args:
            t: the term.
            nonzero_: deep enough to read off the leading coefficient.
        """
        rapid = self._rapid(t)
        if self.z in rapid:
            up = {self.z: fn("exp", self.z)}
            rapid = {subst(p, up) for p in rapid}
            t = subst(t, up)
        scale, fast = self._scale(rapid)
        why = "no leading term is seen"
        for count in COUNTS:
            try:
                made, level = self._series(t, scale, fast, count)
            except ShallowError as error:
                why = str(error)
                continue
            if made.error is None:
                if nonzero_ and not made.terms:
                    raise UnsupportedError(f"{t} is 0"[:200])
                return made, level
            if made.terms:
                return made, level
            if not nonzero_ and level.compare(made.error, ZERO) > 0:
                return made, level
        raise UnsupportedError(why)

    def _series(
        self, t: Term, scale: Term, fast: dict[Term, Term], count: int
    ) -> tuple[Series, Level]:
        f = self.know.field()
        for _ in range(PASSES):
            self._left -= 1
            if self._left < 0:
                raise UnsupportedError("the limit takes too many series")
            f.start()
            level = Level(self, scale, fast, count, f)
            made = level.read(t)
            if not f.changed:
                self.met(f.conditions)
                return made, level
        raise UnsupportedError("the atoms have no common base")

    def met(self, conditions: dict[Condition, None]) -> None:
        """What holds for all large z; what is without z is recorded."""
        for c in conditions:
            about = c.about
            if self.z not in free(about):
                self.needs[c] = None
                continue
            if any(self.z in free(p) for r in c.scope for p in r):
                raise UnsupportedError(f"{c} is open")
            match c.kind:
                case Kind.NONZERO:
                    self.apart(about)
                case Kind.NO_POLE | Kind.CONVENTION:
                    if self.sign(about) < 0:
                        raise UnsupportedError(f"{c} is open")
                case _:
                    raise UnsupportedError(f"{c} is open")

    # -- how fast terms vary -----------------------------------------------

    def _rapid(self, t: Term) -> set[Term]:
        """The most rapidly varying parts: z, or exponentials."""
        if self.z not in free(t):
            return set()
        if t is self.z:
            return {t}
        if t.op in ("add", "mul"):
            return self._most(*map(self._rapid, t.args))
        if t.op == "pow" and self.z not in free(t.args[1]):
            return self._rapid(t.args[0])
        if is_fn(t, "exp"):
            inside = self._rapid(t.args[1])
            if turns(self.know, t.args[1]):
                return inside
            if self.limit(t.args[1]) in (OO, NOO):
                self.positive(t)
                return self._most({t}, inside)
            return inside
        if is_fn(t, "log", *TAILS):
            return self._rapid(t.args[-1])
        if t.op == "fn" and (t.args[0] in ANALYTIC or t.args[0][0] == "?"):
            for u in t.args[1:]:
                finite(self.limit(u))
            return self._most(*map(self._rapid, t.args[1:]))
        raise UnsupportedError(f"how fast {t} varies"[:200])

    def _most(self, *classes: set[Term]) -> set[Term]:
        out: set[Term] = set()
        for other in classes:
            if not out or not other or out & other:
                out = out | other
                continue
            order = self._compare(next(iter(other)), next(iter(out)))
            if order > 0:
                out = other
            elif order == 0:
                out = out | other
        return out

    def _log(self, t: Term) -> Term:
        return fn("log", t) if t is self.z else t.args[1]

    def _compare(self, a: Term, b: Term) -> int:
        """-1, 0, 1 as a varies slower than, like, faster than b."""
        value = self.limit(over(self._log(a), self._log(b)))
        if value in (OO, NOO):
            return 1
        if value is ZERO:
            return -1
        if not nonzero(value, self.know):
            raise UnsupportedError(f"whether {value} is 0")
        return 0

    def _scale(self, rapid: set[Term]) -> tuple[Term, dict[Term, Term]]:
        """u with w = exp(-u), and c of each exponential exp(v) ~ w^(-c)."""
        first = min(rapid, key=lambda t: (len(text(t)), text(t)))
        u = first.args[1]
        if self.limit(u) is NOO:
            u = neg(u)
        fast = {}
        for t in rapid:
            if t is first:
                fast[t] = ONE if u is t.args[1] else MINUS
            else:
                fast[t] = finite(self.limit(over(t.args[1], u)))
        return u, fast

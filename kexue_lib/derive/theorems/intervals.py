"""Functions on an interval: what a theorem may ask of them.

Smooth means the closed interval, convex and monotone the open one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from kexue_lib.derive.core.convergence import decays
from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.discharge import unmet
from kexue_lib.derive.core.equations import NotShownError, defined, equal
from kexue_lib.derive.core.orders import continuous
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.smooth import rough
from kexue_lib.derive.core.statement import Condition, Kind
from kexue_lib.derive.core.terms import (
    NOO,
    OO,
    ZERO,
    Term,
    binder,
    free,
    fresh,
    is_fn,
    neg,
    rel,
    subst,
    text,
)
from kexue_lib.derive.theorems.hypotheses import (
    Hypothesis,
    cases,
    for_all,
    opened_letter,
    settle,
)
from kexue_lib.derive.theorems.instance import Instance, tidy


@dataclass(frozen=True)
class OnInterval(Hypothesis):
    """About a function of x between two ends, which may be infinite."""

    f: Any
    x: Any
    low: Any
    high: Any

    def parts(self, inst: Instance) -> tuple[Term, Term, Term, Term]:
        """(function, its variable, the ends), with letters put in."""
        x = term(self.x)
        t = term(self.f)
        s = opened_letter(inst, x, t)
        low, high = inst.put(term(self.low)), inst.put(term(self.high))
        return inst.put(t, {x: s}), s, low, high

    def where(self, t: Term, s: Term, a: Term, b: Term) -> str:
        """The function and the interval in words."""
        return f"{t} for {a} < {s} < {b}"


@dataclass(frozen=True)
class Smooth(OnInterval):
    """Continuously differentiable ``times`` times on the closed interval.

    Infinite ends are not part of it.
    """

    times: int = 1

    def shown(self, inst: Instance, know: Context) -> str:
        """No branch, step or kink, and all derivatives exist."""
        t, s, a, b = self.parts(inst)
        _real_line(a, b, know)
        slope = t
        for order in range(self.times + 1):
            settle(continuous(slope, s, (a, b), know))
            if order < self.times:
                smoothly(slope, s, a, b, know)
                slope = tidy(derivative(slope, s))
        return f"C^{self.times}: {self.where(t, s, a, b)}"


def _real_line(a: Term, b: Term, know: Context) -> None:
    for end in (a, b):
        if end not in (OO, NOO) and not know.real(end):
            raise NotShownError(f"{end} may not be real")
    if not ({a, b} & {OO, NOO}) and know.holds(rel("<=", a, b)) is not True:
        raise NotShownError(f"{a} <= {b} is not seen")


def smoothly(t: Term, s: Term, a: Term, b: Term, know: Context) -> None:
    """Nothing that is not smooth occurs between the ends, ends included."""
    x = fresh("@t", (t, s, a, b), "real")
    with know.within((x, a, b)):
        why = rough(know, subst(t, {s: x}), x, kinks=False)
    if why:
        raise NotShownError(f"{why} may not be smooth")


@dataclass(frozen=True)
class Together(Hypothesis):
    """Smooth in both variables on a closed strip, ``times`` times in the last.

    Nothing but smooth functions is composed, so the whole is continuous.
    """

    f: Any
    across: tuple[Any, Any, Any]
    along: tuple[Any, Any, Any]
    times: int = 0
    whole: ClassVar[bool] = False

    def shown(self, inst: Instance, know: Context) -> str:
        """No branch, step or kink in either variable."""
        over = (self.across, self.along)
        ((t, ranges, _),) = cases(inst, term(self.f), over, closed=True)
        for _, a, b in ranges[self.whole :]:
            _real_line(a, b, know)
        y = ranges[-1][0]
        with know.within(*ranges):
            for order in range(self.times + 1):
                for s, _, _ in ranges[self.whole :]:
                    why = rough(know, t, s, kinks=False)
                    if why:
                        raise NotShownError(f"{why} may not be smooth")
                settle(defined(know, t))
                if order < self.times:
                    t = tidy(derivative(t, y))
        return f"smooth: {self.f}{for_all(over)}"


@dataclass(frozen=True)
class TermsSmooth(Together):
    """Each term of a series is smooth; its index does not move."""

    whole: ClassVar[bool] = True


@dataclass(frozen=True)
class Bent(OnInterval):
    """Convex on the open interval (concave if ``sign`` is -1)."""

    sign: int = 1

    def shown(self, inst: Instance, know: Context) -> str:
        """By the sign of the second derivative, or by its form."""
        t, s, a, b = self.parts(inst)
        _real_line(a, b, know)
        with know.within((s, a, b)), know.thoroughly():
            if not know.real_valued(t):
                raise NotShownError(f"{t} may not be real")
            how = _bent(t, s, self.sign, know)
        word = "convex" if self.sign > 0 else "concave"
        return f"{word}: {self.where(t, s, a, b)}, {how}"


def _bent(t: Term, x: Term, sign: int, know: Context) -> str:
    """Why a term is convex in x, where x is."""
    if x not in free(t):
        return "constant"
    top = "Max" if sign > 0 else "Min"
    if is_fn(t, top):
        for part in t.args[1:]:
            _bent(part, x, sign, know)
        return f"a {top} of such functions"
    if is_fn(t, "Abs") and sign > 0 and know.real(t.args[1]):
        if rough(know, t.args[1], x, kinks=False):
            raise NotShownError(f"{t} is not seen to be convex")
        bend = derivative(derivative(t.args[1], x), x)
        settle(equal(bend, ZERO, know))
        return "the modulus of a linear function"
    why = rough(know, t, x, kinks=False)
    if not why:
        second = tidy(derivative(tidy(derivative(t, x)), x))
        settle(defined(know, t, second))
        if know.nonnegative(second if sign > 0 else neg(second)):
            shown = know.field().canonical(second)
            return f"its second derivative is {text(shown)}"
    if t.op == "add":
        for part in t.args:
            _bent(part, x, sign, know)
        return "a sum of such functions"
    if t.op == "mul":
        moving = [p for p in t.args if x in free(p)]
        still = Term("mul", *(p for p in t.args if x not in free(p)))
        if len(moving) == 1 and still.args:
            if know.nonnegative(still):
                return _bent(moving[0], x, sign, know)
            if know.nonnegative(neg(still)):
                return _bent(moving[0], x, -sign, know)
    word = "convex" if sign > 0 else "concave"
    raise NotShownError(f"{t} is not seen to be {word}")


@dataclass(frozen=True)
class Monotone(OnInterval):
    """Does not fall on the open interval (does not rise if sign is -1)."""

    sign: int = 1

    def shown(self, inst: Instance, know: Context) -> str:
        """By the sign of the derivative."""
        t, s, a, b = self.parts(inst)
        _real_line(a, b, know)
        with know.within((s, a, b)), know.thoroughly():
            why = rough(know, t, s, kinks=False)
            if why or not know.real_valued(t):
                raise NotShownError(f"{why or t} may not be smooth or real")
            slope = tidy(derivative(t, s))
            settle(defined(know, t, slope))
            if not know.nonnegative(slope if self.sign > 0 else neg(slope)):
                raise NotShownError(f"the slope {slope} may change its sign")
        word = "rises" if self.sign > 0 else "falls"
        return f"{word}: {self.where(t, s, a, b)}"


@dataclass(frozen=True)
class Integrable(OnInterval):
    """The integral of the modulus over the interval exists."""

    def shown(self, inst: Instance, know: Context) -> str:
        """Continuous, and dominated at infinite ends."""
        t, s, a, b = self.parts(inst)
        _real_line(a, b, know)
        area = binder("int", t, s, a, b)
        with know.thoroughly():
            why = unmet(Condition(Kind.CONVERGES, area), know)
        if why:
            raise NotShownError(why)
        return f"integrable: {self.where(t, s, a, b)}"


@dataclass(frozen=True)
class Decays(OnInterval):
    """At most a multiple of 1/x^2 at both ends of the line."""

    def shown(self, inst: Instance, know: Context) -> str:
        """Term by term: a falling exponential, or a power."""
        t, s, _, _ = self.parts(inst)
        for end in (OO, NOO):
            if not decays(t, s, end, ZERO, know):
                raise NotShownError(f"no bound of {t} at {end}")
        return f"O(1/x^2): {text(t)} as {s} -> oo, -oo"

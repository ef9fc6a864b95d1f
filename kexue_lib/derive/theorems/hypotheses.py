"""What a theorem may ask of an instance, decided by the trusted core.

Each predicate is data: it names the hypothesis, holds it in the letters of
the theorem, and says how it was checked, or raises. Intervals are open; a
function that is asked to be smooth on the closed interval says so.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.equations import (
    NotShownError,
    Premise,
    defined,
    equal,
)
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import (
    NOO,
    ONE,
    OO,
    Term,
    fn,
    free,
    fresh,
    mul,
    num,
    opened,
    replaced,
    sub,
    subst,
    text,
)
from kexue_lib.derive.goals import admits
from kexue_lib.derive.theorems.alike import seen
from kexue_lib.derive.theorems.instance import (
    Function,
    Instance,
    whole_range,
)

Ranges = tuple[tuple[Any, Any, Any], ...]
"""Letters of the theorem with first and last value, or ends of an interval."""


@dataclass(frozen=True)
class Earlier:
    """An earlier result, for all values of its symbols."""

    name: str
    relation: Term
    given: tuple[Term, ...]

    def at(self, table: dict[Term, Term]) -> Earlier:
        """The result at other values of its symbols."""
        given = tuple(subst(g, table) for g in self.given)
        return Earlier(self.name, subst(self.relation, table), given)


@dataclass(frozen=True)
class Hypothesis(ABC):
    """One hypothesis: how it is called, and how it is shown."""

    name: str

    @abstractmethod
    def shown(self, inst: Instance, know: Context) -> str:
        """Say how the core shows it.

        Raises:
            UnsupportedError: it does not.
        """

    def follows(self, inst: Instance, know: Context, by: Earlier) -> str:
        """Say how it follows from an earlier result."""
        raise NotShownError("an earlier result cannot show this")


@dataclass(frozen=True)
class Holds(Hypothesis):
    """A relation holds, for all indices and for all of an open interval."""

    relation: Any
    over: Ranges = ()

    def shown(self, inst: Instance, know: Context) -> str:
        """By normal form, sign, or as given."""
        said = []
        for t, ranges, _ in cases(inst, term(self.relation), self.over):
            for outcome in inst.outcomes(t):
                with know.within(*ranges):
                    _hold(outcome, know)
            said.append(text(t))
        return "; ".join(said) + for_all(self.over)

    def follows(self, inst: Instance, know: Context, by: Earlier) -> str:
        """Literally, or by the normal form, at these indices."""
        if inst.laws:
            raise NotShownError("an earlier result about chance")
        whole = term(self.relation)
        for t, ranges, own in cases(inst, whole, self.over):
            at = dict(_authors_letters(inst, whole, own))
            with know.within(*ranges):
                for s, v in at.items():
                    admits(s, v, know)
                _follow(t, by.at(at), know)
        return f"by *{by.name}*"


def _authors_letters(
    inst: Instance, t: Term, own: dict[Term, Term]
) -> Iterator[tuple[Term, Term]]:
    """What the author calls the letters of a range, and what is there now.

    In ``c(-n)`` with ``c=(ell, ...)`` the author's ell is -n.
    """
    found = inst.functions.get(t.args[0]) if t.op == "fn" else None
    if isinstance(found, Function):
        for letter, arg in zip(found.letters, t.args[1:], strict=True):
            if free(arg) & own.keys():
                yield letter, inst.put(arg, own)
    for child in t.children:
        yield from _authors_letters(inst, child, own)


def _hold(t: Term, know: Context) -> None:
    if t.op != "rel":
        raise NotShownError(f"{t} is no relation")
    op, a, b = t.args
    if op in ("<", "<=") and (a is NOO or b is OO):
        # Every real number is on this side of infinity.
        side = b if a is NOO else a
        if side in (OO, NOO) or not know.real_valued(side):
            raise NotShownError(f"{side} may not be real")
        settle(defined(know, side))
        return
    if know.holds(t) is True:
        settle(defined(know, *t.args[1:]))
        return
    if op != "=":
        raise NotShownError(f"{t} is not seen")
    settle(equal(a, b, know))


def _follow(t: Term, by: Earlier, know: Context) -> None:
    """The earlier relation is this one, or its equation makes it true."""
    _supposes(by, know)
    op, a, b = t.args
    earlier, x, y = by.relation.args
    if earlier == "=" and op == "=":
        settle(equal(a, b, know, (Premise(x, y),)))
        return
    if earlier != op and (earlier, op) != ("<", "<="):
        raise NotShownError(f"{by.name} is about {earlier}, not {op}")
    settle(equal(sub(b, a), sub(y, x), know))


def _supposes(by: Earlier, know: Context) -> None:
    for g in by.given:
        if know.holds(g) is not True:
            raise NotShownError(f"{by.name} needs {g}")


def settle(proof: Any) -> None:
    """Raise if a condition of a proof is open."""
    left = proof.still_open
    if left:
        raise NotShownError(f"open: {left[0][0]} ({left[0][1]})")


def cases(
    inst: Instance, t: Term, over: Ranges, closed: bool = False
) -> Iterator[tuple[Term, tuple[Any, ...], dict[Term, Term]]]:
    """A term with its letters put in, the ranges, and what letters became.

    Indices of an explicit matrix take their values one by one.
    """
    letters = [term(x) for x, _, _ in over]
    ends = [tuple(map(term, (low, high))) for _, low, high in over]
    if inst.tabled(t):
        pools = []
        for low, high in ends:
            pools.append(whole_range(inst.put(low), inst.put(high)))
        for values in product(*pools):
            own = dict(zip(letters, values, strict=True))
            yield inst.put(t, own), (), own
        return
    own = {}
    ranges = []
    for x, (low, high) in zip(letters, ends, strict=True):
        a, b = inst.put(low, own), inst.put(high, own)
        k = opened_letter(inst, x, t, *own.values(), closed=closed)
        own[x] = k
        ranges.append((k, a, b))
    yield inst.put(t, own), tuple(ranges), own


def opened_letter(
    inst: Instance, x: Term, *avoid: Term, closed: bool = False
) -> Term:
    """A letter that runs over a range: an index, or a point inside."""
    whole = "integer" in x.args[1]
    inner = () if closed else ("inner",)
    facts = ("integer", "real") if whole else ("real", *inner)
    return fresh(f"@{x.args[0]}", (*avoid, *inst.terms()), *facts)


def for_all(over: Ranges) -> str:
    """The ranges in words."""
    ranges = ", ".join(f"{x} = {a}..{b}" for x, a, b in over)
    return f" for all {ranges}" if ranges else ""


# -- values ------------------------------------------------------------------


@dataclass(frozen=True)
class Real(Hypothesis):
    """A value is real, for all indices or points."""

    value: Any
    over: Ranges = ()

    def shown(self, inst: Instance, know: Context) -> str:
        """By its structure, or as its own conjugate."""
        said = []
        for t, ranges, _ in cases(inst, term(self.value), self.over):
            for outcome in inst.outcomes(t):
                with know.within(*ranges), know.thoroughly():
                    if not know.real_valued(outcome):
                        raise NotShownError(f"{t} may not be real")
                    settle(defined(know, outcome))
            said.append(text(t))
        return f"real: {'; '.join(said)}{for_all(self.over)}"


@dataclass(frozen=True)
class Within(Hypothesis):
    """An index is an integer between two others, for all indices."""

    value: Any
    low: Any
    high: Any
    over: Ranges = ()

    def shown(self, inst: Instance, know: Context) -> str:
        """By the facts of the symbols and the ranges."""
        ends = [term(self.low), term(self.high)]
        whole = fn("?@", term(self.value), *ends)
        for t, ranges, _ in cases(inst, whole, self.over):
            _, value, low, high = t.args
            with know.within(*ranges), know.thoroughly():
                inside = know.nonnegative(sub(value, low)) and (
                    know.nonnegative(sub(high, value))
                )
                if not (know.integer(value) and inside):
                    raise NotShownError(f"{value} may leave {low}..{high}")
        return f"{self.value} in {self.low}..{self.high}{for_all(self.over)}"


@dataclass(frozen=True)
class Exists(Hypothesis):
    """An expectation, a probability or an integral exists."""

    value: Any
    over: Ranges = ()

    def shown(self, inst: Instance, know: Context) -> str:
        """The core gives it a meaning, with all its conditions met."""
        for t, ranges, _ in cases(inst, term(self.value), self.over):
            with know.within(*ranges), know.thoroughly():
                settle(defined(know, t))
                for part in _means(t):
                    _grows_slowly(part, know)
        return f"{self.value} exists{for_all(self.over)}"

    def follows(self, inst: Instance, know: Context, by: Earlier) -> str:
        """It is a side of an earlier equation, of which both sides exist."""
        _supposes(by, know)
        op, *sides = by.relation.args
        for t, ranges, _ in cases(inst, term(self.value), self.over):
            with know.within(*ranges), know.thoroughly():
                if op != "=" or not any(seen(t, s, know) for s in sides):
                    raise NotShownError(f"{t} is no side of {by.name}")
        return f"by *{by.name}*"


def _means(t: Term) -> Iterator[Term]:
    """Expectations over a vector, which the core does not evaluate."""
    if t.op == "mean" and t.args[1] == "gaussianvector":
        yield t
    for a in t.children:
        yield from _means(a)


def _grows_slowly(mean: Term, know: Context) -> None:
    """Powers, bounded cases, and exp(c |u|^2) with c below 1/(2 variance)."""
    body, _, _, variance = mean.args
    s = fresh("@vector", (mean, *know.given), "real")
    _mild(opened(body, s), s, variance, know)


def _mild(t: Term, s: Term, variance: Term, know: Context) -> None:
    if s not in free(t):
        return
    if t.op == "cases":
        values = t.args[1::2]
        if all(v.op == "num" for v in values):
            return
    if t.op == "fn" and t.args[0] == "exp":
        sizes = {a for a in _sums(t) if s in free(a)}
        q = fresh("@size", (t, *know.given), "real")
        put = replaced(t.args[1], dict.fromkeys(sizes, q))
        c = derivative(put, q)
        known = len(sizes) == 1 and not {s, q} & free(c)
        room = sub(ONE, mul(num(2), c, variance))
        if s in free(put) or not (known and know.positive(room)):
            raise NotShownError("the mean of an exponential may be infinite")
        return
    whole = t.op == "pow" and t.args[1].op == "num" and t.args[1].args[0] > 0
    entry = t.op == "fn" and (t.args[0] == "Abs" or "entry" in t.args[0])
    if t.op in ("add", "mul", "sum", "sym") or whole or entry:
        for a in t.children:
            _mild(a, s, variance, know)
        return
    raise NotShownError(f"the mean of {t} is not known to exist")


def _sums(t: Term) -> Iterator[Term]:
    """Sums of squares of entries."""
    if t.op == "sum" and t.args[0].op == "pow" and t.args[0].args[1] is num(2):
        yield t
    for a in t.children:
        yield from _sums(a)


@dataclass(frozen=True)
class Apart(Hypothesis):
    """A letter stands for a symbol of which nothing else depends."""

    letter: Any

    def shown(self, inst: Instance, know: Context) -> str:
        """By looking for it."""
        own = term(self.letter)
        n = inst.symbols[own]
        if n.op != "sym":
            raise NotShownError(f"{n} is no symbol")
        others = [t for s, t in inst.symbols.items() if s is not own]
        bodies = [
            f.body for f in inst.functions.values() if isinstance(f, Function)
        ]
        for t in (*others, *bodies, *know.given):
            if n in free(t):
                raise NotShownError(f"{t} depends on {n}")
        return f"nothing else depends on {n}"

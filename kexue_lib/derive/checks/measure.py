"""Numbers that come from a run: tolerance, z-score, effect over seeds.

What is measured is shown: the value, how many, over which seeds, the interval
of Student's t, the tolerance and where it comes from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import mpmath
import sympy as sp

from kexue_lib.derive.amounts import amount, plain, significant, typeset
from kexue_lib.derive.checks.base import Check, require
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.sampling import Sampled
from kexue_lib.derive.statement import Finding, RejectedError, Statement

Fact = tuple[str, str]


class Reading(sp.AtomicExpr):
    """A measured quantity: its name is shown, its values are data.

    `source`, if there is one, measures again: controls perturb the library
    and ask it for what would be read then.
    """

    is_commutative = True
    is_extended_real = True
    name: str
    values: tuple[float, ...]
    source: Callable[[], Any] | None

    def __new__(
        cls,
        name: str,
        values: tuple[float, ...],
        source: Callable[[], Any] | None = None,
    ) -> Any:
        """Take the name (LaTeX) and one value, or one for each seed."""
        made = super().__new__(cls)
        made.name = name
        made.values = values
        made.source = source
        return made

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.name, *map(repr, self.values))

    def _sympystr(self, printer: Any) -> str:
        return self.name

    def sort_key(self, order: Any = None) -> Any:
        """Order by name, as symbols do."""
        return (
            self.class_key(),
            (1, (self.name,)),
            sp.S.One.sort_key(),
            (sp.S.One),
        )

    def _latex(self, printer: Any) -> str:
        # Words, with formulas between dollars if any; else a formula.
        words = "$" in self.name or not any(c in self.name for c in "\\_^{")
        return rf"\text{{{self.name}}}" if words else self.name

    def again(self) -> Reading:
        """Measure once more.

        Raises:
            TypeError: there is only the number.
        """
        if self.source is None:
            raise TypeError(f"{self.name} was not given as a function")
        return reading(self.name, self.source)

    @property
    def mean(self) -> float:
        """Mean over the values."""
        return math.fsum(self.values) / len(self.values)

    @property
    def error(self) -> float:
        """Standard error of the mean over the seeds."""
        count = len(self.values)
        if count < 2:
            raise RejectedError("one value has no spread; give all seeds")
        m = self.mean
        spread = math.fsum((v - m) ** 2 for v in self.values) / (count - 1)
        return math.sqrt(spread / count)

    def interval(self, confidence: Any) -> tuple[float, float]:
        """Student's interval of the mean."""
        t = student(sp.Rational(confidence), len(self.values) - 1)
        half = t * self.error
        return self.mean - half, self.mean + half

    @property
    def facts(self) -> list[Fact]:
        """Value and number of values."""
        if len(self.values) == 1:
            return [("value", significant(self.mean, 4)), ("n", "1")]
        low, high = min(self.values), max(self.values)
        return [
            ("value", f"mean {significant(self.mean, 4)}"),
            ("range", f"{significant(low)} to {significant(high)}"),
            ("seeds", str(len(self.values))),
        ]


def reading(name: str, value: Any) -> Reading:
    """Take a number, one number a seed, or a function that measures.

    Raises:
        TypeError: the name is not text.
        ValueError: a value is not finite, or there is none.
    """
    if not isinstance(name, str):
        raise TypeError(f"the name of a reading is text, not {name!r}")
    source = value if callable(value) else None
    found = value() if callable(value) else value
    several = isinstance(found, list | tuple) or bool(
        getattr(found, "ndim", 0)
    )
    values = tuple(float(v) for v in found) if several else (float(found),)
    if not values or not all(math.isfinite(v) for v in values):
        raise ValueError(f"reading {name}: no finite value in {values}")
    return Reading(name, values, source)


@lru_cache(maxsize=256)
def student(confidence: Any, freedom: int) -> float:
    """Student's two-sided quantile, by bisection of its distribution."""
    if freedom < 1:
        raise RejectedError("one value has no spread; give all seeds")
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1: {confidence}")
    outside = 1 - mpmath.mpf(confidence.p) / int(confidence.q)

    def beyond(t: Any) -> Any:
        share = freedom / (freedom + t * t)
        half = mpmath.mpf(1) / 2
        return mpmath.betainc(
            mpmath.mpf(freedom) / 2, half, 0, share, regularized=True
        )

    low, high = mpmath.mpf(0), mpmath.mpf(1)
    while beyond(high) > outside:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if beyond(middle) > outside else (low, middle)
        )
    return float(high)


_GUARD = "regression guard"


@dataclass(frozen=True, kw_only=True)
class Measuring(Check):
    """Common part of checks on readings.

    Args:
        origin: where bound or tolerance comes from: "derived", "paper", ...
        setting: how it was measured, in a few words.
        n: size of the sample behind a value.
    """

    origin: str = "not stated"
    setting: str = ""
    n: int | None = None

    relations: ClassVar[tuple[Relation, ...]] = ()

    def __post_init__(self) -> None:
        """Refuse what is no claim; take numbers exactly."""
        if self.origin.strip().lower() == _GUARD:
            raise ValueError(
                "a regression guard is no claim: write it as a test"
            )
        for name in ("tolerance", "z", "confidence"):
            if hasattr(self, name):
                value = amount(getattr(self, name), f"by.{self.name}: {name}")
                if not value > 0:
                    raise ValueError(f"by.{self.name}: {name} must be > 0")
                object.__setattr__(self, name, value)

    def sample(self, statement: Statement) -> Sampled | None:
        """A reading is a number: there is nothing to sample."""
        return None

    def excludes(self, statement: Statement) -> str:
        """How the readings exclude what is stated; empty if they do not.

        Raises:
            RejectedError: the readings cannot decide it.
        """
        raise RejectedError(f"{self.name} cannot show that a claim fails")

    def facts(self, seen: Reading, *more: Fact) -> tuple[Fact, ...]:
        """What the page shows of a measurement."""
        found = [*seen.facts, *more]
        if self.n is not None:
            found = [f for f in found if f[0] != "n"] + [("n", str(self.n))]
        if self.setting:
            found.append(("setting", self.setting))
        return (*found, ("origin", self.origin))


def reading_of(statement: Statement) -> tuple[Reading, Any]:
    """Return the reading on the left and the exact number on the right."""
    if not isinstance(statement.lhs, Reading):
        raise RejectedError("the left side is not measured")
    try:
        wanted = amount(statement.right, "the right side")
    except (TypeError, ValueError) as error:
        raise RejectedError(str(error)) from error
    return statement.lhs, wanted


_WANTED = {
    Relation.LT: lambda gap: gap > 0,
    Relation.LE: lambda gap: gap >= 0,
    Relation.GT: lambda gap: gap < 0,
    Relation.GE: lambda gap: gap <= 0,
}


@dataclass(frozen=True)
class Within(Measuring):
    """The measured value is the wanted one, up to a tolerance.

    Follows ``approx``. With several values Student's interval must lie
    within the tolerance.

    Args:
        tolerance: allowed absolute difference: an exact number or text.
        confidence: of the interval, where there are several values.
        origin: where bound or tolerance comes from: "derived", "paper".
        setting: how it was measured, in a few words.
        n: size of the sample behind a value.
    """

    name: ClassVar[str] = "within"
    best: ClassVar[Level] = Level.MEASURED
    relations: ClassVar[tuple[Relation, ...]] = (Relation.APPROX,)
    tolerance: Any
    confidence: Any = "0.95"

    def run(self, statement: Statement) -> Finding:
        """Compare the value with the wanted number."""
        require(statement, *self.relations)
        seen, wanted = reading_of(statement)
        allowed = self.tolerance
        if wanted != 0 and not allowed < abs(wanted):
            raise RejectedError("the tolerance is as large as the value")
        low, high = self._span(seen)
        far = max(abs(sp.Rational(v) - wanted) for v in (low, high))
        if not far <= allowed:
            raise RejectedError(
                f"measured {significant(seen.mean, 6)}, wanted "
                f"{plain(wanted)} within {plain(allowed)}"
            )
        digits = max(0, -math.floor(math.log10(float(allowed))))
        value = f"{round(seen.mean, digits):.{digits}f}"
        more = [("value", value), ("tolerance", plain(allowed))]
        if len(seen.values) > 1:
            more.insert(1, ("interval", _interval(low, high)))
        rest = [f for f in self.facts(seen) if f[0] not in ("value", "range")]
        return Finding(
            Level.MEASURED,
            f"measured {value}, allowed difference ${typeset(allowed)}$",
            (*more, *rest),
        )

    def _span(self, seen: Reading) -> tuple[float, float]:
        if len(seen.values) == 1:
            return seen.mean, seen.mean
        return seen.interval(self.confidence)

    def excludes(self, statement: Statement) -> str:
        """The interval does not meet the tolerance."""
        seen, wanted = reading_of(statement)
        low, high = seen.interval(self.confidence)
        apart = low > wanted + self.tolerance or high < wanted - self.tolerance
        return _interval(low, high) if apart else ""


@dataclass(frozen=True)
class Bound(Measuring):
    """The measured value, or every one of several, keeps to a bound.

    For ``<= < >= >``.

    Args:
        digits: significant digits to show.
        rounding: the value is made of rounding errors, which differ between
            machines: "below the bound" is all that is shown. Without a word
            this holds for bounds from above up to 1e-6, unless digits are
            asked for.
        origin: where bound or tolerance comes from: "derived", "paper".
        setting: how it was measured, in a few words.
        n: size of the sample behind a value.
    """

    name: ClassVar[str] = "bound"
    best: ClassVar[Level] = Level.MEASURED
    relations: ClassVar[tuple[Relation, ...]] = tuple(_WANTED)
    digits: int | None = None
    rounding: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.digits is not None and (self.digits < 1 or self.rounding):
            raise ValueError(
                "by.bound: digits= is at least 1, and stands for itself: "
                "rounding=True shows none"
            )

    def run(self, statement: Statement) -> Finding:
        """Compare the values with the bound."""
        require(statement, *self.relations)
        seen, bound = reading_of(statement)
        want = _WANTED[statement.relation]
        sign = statement.relation.text
        for v in seen.values:
            if not want(bound - sp.Rational(v)):
                raise RejectedError(
                    f"measured {significant(v, 6)}, not {sign} {plain(bound)}"
                )
        hidden = self.rounding or self._tiny(statement.relation, bound)
        digits = self.digits or (0 if hidden else 2)
        low = statement.relation in (Relation.GT, Relation.GE)
        worst = min(seen.values) if low else max(seen.values)
        value = f"{worst:.{digits}g}" if digits else f"{sign} {plain(bound)}"
        how = f"measured {value}"
        if not digits:
            how = f"measured, and ${_TEX[statement.relation]} "
            how += f"{typeset(bound)}$ (rounding, differs by machine)"
        elif len(seen.values) > 1:
            how = f"all {len(seen.values)} values; the closest is {value}"
        rest = [f for f in self.facts(seen) if f[0] not in ("value", "range")]
        facts = (("value", value), ("bound", plain(bound)), *rest)
        return Finding(Level.MEASURED, how, facts)

    @staticmethod
    def _tiny(relation: Relation, bound: Any) -> bool:
        up = relation in (Relation.LT, Relation.LE)
        small = bool(abs(bound) <= sp.Rational(1, 10**6))
        return small and (up or bool(bound < 0))


_TEX = {
    Relation.LT: "<",
    Relation.LE: r"\le",
    Relation.GT: ">",
    Relation.GE: r"\ge",
}


@dataclass(frozen=True)
class ZScore(Measuring):
    """A Monte-Carlo mean and its predicted standard error.

    Follows ``approx``: value and mean differ by no more than z of them.

    Args:
        error: predicted standard error of the measured mean; it may be a
            computed number, and is shown.
        z: allowed number of standard errors.
        origin: where bound or tolerance comes from: "derived", "paper".
        setting: how it was measured, in a few words.
        n: size of the sample behind a value.
    """

    name: ClassVar[str] = "z-score"
    best: ClassVar[Level] = Level.MEASURED
    relations: ClassVar[tuple[Relation, ...]] = (Relation.APPROX,)
    error: Any
    z: Any = 5

    def run(self, statement: Statement) -> Finding:
        """Compare with the wanted number in standard errors."""
        require(statement, *self.relations)
        seen, wanted = reading_of(statement)
        score, error = self._score(seen, wanted)
        if not score <= float(self.z):
            raise RejectedError(
                f"measured {significant(seen.mean, 6)}, wanted "
                f"{float(wanted):.6g}: {score:.1f} standard errors"
            )
        low, high = (
            float(wanted) + s * float(self.z) * error for s in (-1, 1)
        )
        return Finding(
            Level.MEASURED,
            f"measured {significant(seen.mean, 4)}, within {self.z} standard "
            f"errors of {error:.2g}",
            self.facts(
                seen,
                ("interval", _interval(low, high)),
                ("standard error", f"{error:.2g}"),
                ("tolerance", f"{self.z} standard errors"),
            ),
        )

    def _score(self, seen: Reading, wanted: Any) -> tuple[float, float]:
        error = float(self.error)
        if not (error > 0 and math.isfinite(error)):
            raise RejectedError("the standard error must be positive")
        if wanted != 0 and not float(self.z) * error < abs(float(wanted)):
            raise RejectedError("the tolerance is as large as the value")
        return abs(seen.mean - float(wanted)) / error, error

    def excludes(self, statement: Statement) -> str:
        """The value is too far from what is claimed."""
        seen, wanted = reading_of(statement)
        score, _ = self._score(seen, wanted)
        return f"{score:.1f} standard errors" if score > self.z else ""


@dataclass(frozen=True)
class Seeds(Measuring):
    """An effect over seeds: Student's interval of the mean clears the bound.

    For ``<= < >= >`` and a reading with a value for each seed, from whose
    spread the interval is computed: at least three.

    Args:
        confidence: of the two-sided interval, as text.
        digits: decimals of the shown mean and interval.
        origin: where bound or tolerance comes from: "derived", "paper".
        setting: how it was measured, in a few words.
        n: size of the sample behind a value.
    """

    name: ClassVar[str] = "seeds"
    best: ClassVar[Level] = Level.MEASURED
    relations: ClassVar[tuple[Relation, ...]] = tuple(_WANTED)
    confidence: Any = "0.99"
    digits: int = 2

    def run(self, statement: Statement) -> Finding:
        """Compare the whole interval with the bound."""
        require(statement, *self.relations)
        seen, bound = reading_of(statement)
        low, high = self._interval(seen)
        want = _WANTED[statement.relation]
        if not all(want(bound - sp.Rational(v)) for v in (low, high)):
            raise RejectedError(
                f"the interval [{low:.4g}, {high:.4g}] over "
                f"{len(seen.values)} seeds does not clear {plain(bound)}"
            )
        d = self.digits
        interval = f"[{low:.{d}f}, {high:.{d}f}]"
        sure = f"{float(self.confidence):.4g}"
        return Finding(
            Level.MEASURED,
            f"mean {seen.mean:.{d}f} over {len(seen.values)} seeds, "
            f"interval {interval} (Student's t, {sure})",
            self.facts(
                seen,
                ("interval", interval),
                ("confidence", sure),
                ("bound", plain(bound)),
            ),
        )

    def _interval(self, seen: Reading) -> tuple[float, float]:
        if len(seen.values) < 3:
            raise RejectedError("fewer than three seeds have no interval")
        return seen.interval(self.confidence)

    def excludes(self, statement: Statement) -> str:
        """The whole interval lies on the other side of the bound."""
        seen, bound = reading_of(statement)
        low, high = self._interval(seen)
        want = _WANTED[statement.relation]
        if any(want(bound - sp.Rational(v)) for v in (low, high)):
            return ""
        return _interval(low, high)


@dataclass(frozen=True)
class Missed(Measuring):
    """What a source claims does not show: the readings exclude it.

    Args:
        claimed: the check that the claim would have to pass.
    """

    name: ClassVar[str] = "not reproduced"
    best: ClassVar[Level] = Level.NOT_REPRODUCED
    claimed: Any

    def run(self, statement: Statement) -> Finding:
        """The interval of the readings excludes the claimed effect."""
        require(statement, *self.claimed.relations)
        seen, bound = reading_of(statement)
        why = self.claimed.excludes(statement)
        if not why:
            raise RejectedError(
                "the interval of the readings does not exclude what is "
                "claimed: nothing is shown either way"
            )
        wanted = f"{statement.relation.text} {plain(bound)}"
        return Finding(
            Level.NOT_REPRODUCED,
            f"claimed {wanted}, measured {significant(seen.mean)}: {why}",
            self.claimed.facts(seen, ("interval", why), ("claimed", wanted)),
        )


def _interval(low: float, high: float) -> str:
    return f"[{significant(low)}, {significant(high)}]"


def loglog_slope(x: Any, y: Any) -> float:
    """Return the least-squares slope of ``log y`` against ``log x``.

    Args:
        x, y: positive numbers, equally many, at least 2.

    Raises:
        ValueError: lengths differ, too few, or a value is not positive.
    """
    xs, ys = [float(v) for v in x], [float(v) for v in y]
    if len(xs) != len(ys) or len(xs) < 2:
        raise ValueError(
            f"x and y need equal lengths >= 2, got {len(xs)} and {len(ys)}"
        )
    if not all(v > 0 for v in xs + ys):
        raise ValueError("x and y must be positive")
    a, b = [math.log(v) for v in xs], [math.log(v) for v in ys]
    ma, mb = math.fsum(a) / len(a), math.fsum(b) / len(b)
    top = math.fsum((p - ma) * (q - mb) for p, q in zip(a, b, strict=True))
    return top / math.fsum((p - ma) ** 2 for p in a)

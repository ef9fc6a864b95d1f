"""Numbers that come from a run: tolerance, z-score, effect over seeds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.base import Check, require
from kexue_lib.derive.levels import Level, Relation
from kexue_lib.derive.sampling import (
    Sampled,
)
from kexue_lib.derive.statement import (
    Finding,
    RejectedError,
    Statement,
)


class Reading(sp.AtomicExpr):
    """A measured quantity: its name is shown, its values are data."""

    is_commutative = True
    is_extended_real = True
    name: str
    values: tuple[float, ...]

    def __new__(cls, name: str, values: tuple[float, ...]) -> Any:
        """Take the name (LaTeX) and one value, or one for each seed."""
        made = super().__new__(cls)
        made.name = name
        made.values = values
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
        plain = not any(c in self.name for c in "\\_^{")
        return rf"\text{{{self.name}}}" if plain else self.name

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


class Measuring(Check):
    """Common part of checks on readings."""

    def sample(self, statement: Statement) -> Sampled | None:
        """A reading is a number: there is nothing to sample."""
        return None


def reading_of(statement: Statement) -> tuple[Reading, float]:
    """Return the reading on the left and the number on the right."""
    if not isinstance(statement.lhs, Reading):
        raise RejectedError("the left side is not measured")
    right = statement.right
    if not (right.is_number and right.is_real):
        raise RejectedError("the right side must be a real number")
    return statement.lhs, float(right)


_WANTED = {
    Relation.LT: lambda gap: gap > 0,
    Relation.LE: lambda gap: gap >= 0,
    Relation.GT: lambda gap: gap < 0,
    Relation.GE: lambda gap: gap <= 0,
}


@dataclass(frozen=True)
class Within(Measuring):
    """The measured value is the wanted one, up to a tolerance.

    Follows ``approx``.

    Args:
        tolerance: allowed absolute difference.
    """

    name: ClassVar[str] = "within"
    best: ClassVar[Level] = Level.MEASURED
    tolerance: Any

    def run(self, statement: Statement) -> Finding:
        """Compare the value with the wanted number."""
        require(statement, Relation.APPROX)
        reading, wanted = reading_of(statement)
        allowed = float(self.tolerance)
        if not allowed > 0:
            raise RejectedError("the tolerance must be positive")
        gap = abs(reading.mean - wanted)
        if not gap <= allowed:
            raise RejectedError(
                f"measured {reading.mean:.6g}, wanted {wanted:.6g} within "
                f"{allowed:.3g}"
            )
        digits = max(0, -math.floor(math.log10(allowed)))
        value = f"{round(reading.mean, digits):.{digits}f}"
        return Finding(
            Level.MEASURED,
            f"measured {value}, allowed difference {allowed:g}",
            (("measured", value), ("tolerance", f"{allowed:g}")),
        )


@dataclass(frozen=True)
class Bound(Measuring):
    """The measured value, or the mean of several, keeps to a bound.

    For ``<= < >= >``.

    Args:
        digits: significant digits to show; 0 shows only the bound.
    """

    name: ClassVar[str] = "bound"
    best: ClassVar[Level] = Level.MEASURED
    digits: int = 0

    def run(self, statement: Statement) -> Finding:
        """Compare the value with the bound."""
        require(statement, *_WANTED)
        reading, bound = reading_of(statement)
        if not math.isfinite(reading.mean) or not _WANTED[statement.relation](
            bound - reading.mean
        ):
            raise RejectedError(
                f"measured {reading.mean:.6g}, not {statement.relation.text} "
                f"{bound:.6g}"
            )
        facts = [("bound", f"{bound:g}")]
        how = f"measured, and {statement.relation.text} {bound:g}"
        if self.digits:
            value = f"{reading.mean:.{self.digits}g}"
            facts.insert(0, ("measured", value))
            how = f"measured {value}"
        return Finding(Level.MEASURED, how, tuple(facts))


@dataclass(frozen=True)
class ZScore(Measuring):
    """A Monte-Carlo mean and its predicted standard error.

    Follows ``approx``: value and mean differ by no more than z of them.

    Args:
        error: predicted standard error of the measured mean.
        z: allowed number of standard errors.
    """

    name: ClassVar[str] = "z-score"
    best: ClassVar[Level] = Level.MEASURED
    error: Any
    z: Any = 5

    def run(self, statement: Statement) -> Finding:
        """Compare with the wanted number in standard errors."""
        require(statement, Relation.APPROX)
        reading, wanted = reading_of(statement)
        error = float(self.error)
        if not error > 0:
            raise RejectedError("the standard error must be positive")
        score = abs(reading.mean - wanted) / error
        if not score <= float(self.z):
            raise RejectedError(
                f"measured {reading.mean:.6g}, wanted {wanted:.6g}: "
                f"{score:.1f} standard errors"
            )
        return Finding(
            Level.MEASURED,
            f"within {float(self.z):g} standard errors of {error:.2g}",
            (("standard error", f"{error:.2g}"), ("z", f"<= {self.z}")),
        )


@dataclass(frozen=True)
class Seeds(Measuring):
    """An effect over seeds: the mean clears the bound by z standard errors.

    For ``<= < >= >`` and a reading with a value for each seed, from whose
    spread the standard error is computed.

    Args:
        z: number of standard errors.
        digits: decimals of the shown mean and interval.
    """

    name: ClassVar[str] = "seeds"
    best: ClassVar[Level] = Level.MEASURED
    z: Any = 3
    digits: int = 2

    def run(self, statement: Statement) -> Finding:
        """Compare the whole interval with the bound."""
        require(statement, *_WANTED)
        reading, bound = reading_of(statement)
        half = float(self.z) * reading.error
        low, high = reading.mean - half, reading.mean + half
        want = _WANTED[statement.relation]
        if not (want(bound - low) and want(bound - high)):
            raise RejectedError(
                f"the interval [{low:.4g}, {high:.4g}] over "
                f"{len(reading.values)} seeds does not clear {bound:.4g}"
            )
        d = self.digits
        interval = f"[{low:.{d}f}, {high:.{d}f}]"
        return Finding(
            Level.MEASURED,
            f"mean {reading.mean:.{d}f} over {len(reading.values)} seeds, "
            f"interval {interval}",
            (
                ("mean", f"{reading.mean:.{d}f}"),
                ("interval", interval),
                ("seeds", str(len(reading.values))),
            ),
        )


@dataclass(frozen=True)
class Missed(Measuring):
    """What a source claims does not show: the check must reject clearly.

    Args:
        claimed: the check that the claim would have to pass.
    """

    name: ClassVar[str] = "not reproduced"
    best: ClassVar[Level] = Level.NOT_REPRODUCED
    claimed: Check

    def run(self, statement: Statement) -> Finding:
        """Expect the claimed effect to be missed."""
        reading, bound = reading_of(statement)
        try:
            self.claimed.run(statement)
        except RejectedError as miss:
            return Finding(
                Level.NOT_REPRODUCED,
                f"not seen here: {miss}",
                (
                    ("measured", f"{reading.mean:.3g}"),
                    ("claimed", f"{statement.relation.text} {bound:g}"),
                    ("runs", str(len(reading.values))),
                ),
            )
        raise RejectedError("it is reproduced: claim it with measure(...)")


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

"""The check that cites a theorem: its hypotheses, and that it says this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import sympy as sp

from kexue_lib.derive.approach import Approach
from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.core.equations import NotShownError, defined
from kexue_lib.derive.core.reader import term, under
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.terms import ONE, UnsupportedError, rel
from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.evaluate import NotEvaluableError
from kexue_lib.derive.goals import admits
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.premises import resolved
from kexue_lib.derive.sampling import Sampled, sample
from kexue_lib.derive.statement import (
    Finding,
    RejectedError,
    Stated,
    Statement,
)
from kexue_lib.derive.theorems.conclusion import concludes
from kexue_lib.derive.theorems.hypotheses import (
    Earlier,
    Hypothesis,
    settle,
)
from kexue_lib.derive.theorems.theorem import Use

Found = tuple[str, Stated, str, tuple[tuple[Any, Any], ...]]
"""Hypothesis, earlier result, its relation, values for its symbols."""


@dataclass(frozen=True)
class Cited(Check):
    """A theorem whose hypotheses are checked and whose conclusion this is.

    Args:
        use: the theorem with its letters put in, ``jensen(phi=..., ...)``.
        using: for a hypothesis that the core does not see by itself, by
            name, the earlier chain or claim from which it follows, alone or
            with values for its symbols.
    """

    name: ClassVar[str] = "theorem"
    best: ClassVar[Level] = Level.CITED
    use: Use
    using: tuple[tuple[str, Any], ...] = ()
    found: tuple[Found, ...] = ()

    def __init__(self, use: Use, using: Mapping[str, Any] | None = None):
        """Keep the names; the claim looks the results up."""
        object.__setattr__(self, "use", use)
        object.__setattr__(self, "using", tuple((using or {}).items()))
        object.__setattr__(self, "found", ())
        known = {h.name for h in use.theorem.hypotheses}
        for name, _ in self.using:
            if name not in known:
                raise ClaimError(
                    f"{use.theorem.name} has no hypothesis {name!r}, "
                    f"only {', '.join(sorted(known))}"
                )

    def bound(self, find: Callable[[Any], Any]) -> Self:
        """Take the earlier results out of their chains, as data."""
        made = super().bound(find)
        found = []
        for name, source in self.using:
            what, at = source if isinstance(source, tuple) else (source, {})
            earlier = find(what)
            stated, op = _stated(earlier)
            found.append((name, stated, op, resolved(stated, at)))
        object.__setattr__(made, "found", tuple(found))
        return made

    def results(self) -> tuple[Stated, ...]:
        """The earlier results that the theorem supposes."""
        own = tuple(stated for _, stated, *_ in self.found)
        return (*own, *super().results())

    def lends(self) -> tuple[Level, ...]:
        """The levels of the earlier results."""
        own = tuple(stated.level for _, stated, *_ in self.found)
        return (*own, *super().lends())

    def put(self, table: dict[Any, Any]) -> Self:
        """The theorem is used at the values of the case."""
        made = super().put(table)
        object.__setattr__(made, "use", self.use.put(table))
        return made

    def decides(self, statement: Statement) -> Statement:
        """An asymptotic statement is about the limit of the theorem."""
        limit = self.use.theorem.conclusion.limit
        if limit is None or statement.relation is not Relation.SIM:
            return statement
        letter, point = limit
        symbol = dict(self.use.values)[letter.name]
        return statement.but(limit=Approach(symbol, point, "+-"))

    def sample(self, statement: Statement) -> Sampled | None:
        """Try it on points, where it can be evaluated exactly enough.

        No point is known that satisfies a relation about a whole family; and
        series, integrals and limits are decided by the core, not by
        quadrature. That both sides exist is the core's to say as well.
        """
        sides = (statement.left, statement.right)
        families = any(g.has(sp.Indexed) for g in statement.domain.given)
        endless = any(side.has(sp.oo, sp.Integral) for side in sides)
        if families or endless or statement.relation is Relation.SIM:
            return None
        try:
            return sample(statement, undefined_counts=False)
        except NotEvaluableError:
            return None

    def trial(self, statement: Statement) -> Sampled | None:
        """A changed asymptotic statement has no points either."""
        if statement.relation is Relation.SIM:
            raise NotEvaluableError("a limit is not seen at points")
        return super().trial(statement)

    def run(self, statement: Statement) -> Finding:
        """Check every hypothesis, then that the theorem says this."""
        theorem = self.use.theorem
        try:
            given = tuple(map(term, statement.domain.given))
            know = Context(given)
            inst = self.use.instance(given)
            facts = [_letters(self.use, inst, know)]
        except UnsupportedError as error:
            raise RejectedError(f"{theorem.name}: {error}") from error
        for h in theorem.hypotheses:
            try:
                facts.append((h.name, self._shown(h, inst, know)))
            except UnsupportedError as error:
                raise RejectedError(
                    f"{theorem.name}, hypothesis {h.name!r} is not shown: "
                    f"{error}"
                ) from error
        try:
            concludes(self.use, inst, statement, know)
        except UnsupportedError as error:
            raise RejectedError(
                f"{theorem.name} does not say this: {error}"
            ) from error
        return Finding(
            weakest([Level.CITED, *self.lends()]),
            f"{theorem.name}: {theorem.source}",
            tuple(f for f in facts if f[1]),
            trusts=theorem.name,
        )

    def _shown(self, h: Hypothesis, inst: Any, know: Context) -> str:
        for name, stated, op, at in self.found:
            if name == h.name:
                return h.follows(inst, know, _earlier(stated, op, at, know))
        if any(name == h.name for name, _ in self.using):
            raise NotShownError("the earlier result is not looked up")
        return h.shown(inst, know)


def _stated(earlier: Any) -> tuple[Stated, str]:
    """An earlier equation or inequality, the smaller side first."""
    try:
        return earlier.equation(), "="
    except ClaimError:
        return earlier.inequality(), "<="


def _earlier(stated: Stated, op: str, at: Any, know: Context) -> Earlier:
    """An earlier result at values that its symbols may have."""
    if stated.domain.ranges:
        raise NotShownError(f"{stated.name} is about a finite set")
    values = {term(s): term(v) for s, v in at}
    for s, v in values.items():
        admits(s, v, know)
    known = rel(op, term(stated.lhs), term(stated.rhs))
    given = tuple(map(term, stated.domain.given))
    return Earlier(stated.name, known, given).at(values)


def _letters(use: Use, inst: Any, know: Context) -> tuple[str, str]:
    """The facts that the letters of the theorem have; the laws are laws."""
    if use.laws:
        settle(defined(know, under(ONE, use.laws)))
    for letter, value in inst.symbols.items():
        if letter.args[0] not in inst.random:
            admits(letter, value, know)
    said = ", ".join(f"{name} = {_plain(value)}" for name, value in use.values)
    return "letters", said


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        *own, body = value
        return f"({', '.join(map(str, own))}) -> {body}"
    if isinstance(value, sp.MatrixBase):
        return str(value.tolist())
    return str(value)

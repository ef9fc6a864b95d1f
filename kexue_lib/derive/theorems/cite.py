"""The check that cites a theorem: its hypotheses, and that it says this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import sympy as sp

from kexue_lib.derive.approach import Approach
from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.core.field import span
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError, equal
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Condition, Kind
from kexue_lib.derive.core.terms import (
    Term,
    UnsupportedError,
    add,
    factors,
    fresh,
    infinite,
    mul,
    opened,
    rel,
    sub,
)
from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.statement import (
    Finding,
    NotEvaluableError,
    RejectedError,
    Sampled,
    Stated,
    Statement,
    sample,
)
from kexue_lib.derive.theorems.hypotheses import Earlier, Hypothesis
from kexue_lib.derive.theorems.theorem import Use
from kexue_lib.derive.trust import admits

_OPERATORS = {
    Relation.EQ: "=",
    Relation.LT: "<",
    Relation.LE: "<=",
    Relation.GT: "<",
    Relation.GE: "<=",
}
_MIRRORED = (Relation.GT, Relation.GE)


@dataclass(frozen=True)
class Cited(Check):
    """A theorem whose hypotheses are checked and whose conclusion this is.

    Args:
        use: the theorem with its letters put in, ``jensen(phi=..., ...)``.
        using: for a hypothesis that the core does not see by itself, by
            name, the earlier chain or claim from which it follows.
    """

    name: ClassVar[str] = "theorem"
    best: ClassVar[Level] = Level.CITED
    use: Use
    using: tuple[tuple[str, Any], ...] = ()
    found: tuple[tuple[str, Stated, str], ...] = ()

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

    def bound(self, find: Callable[[str], Any]) -> Self:
        """Take the earlier results out of their chains, as data."""
        made = super().bound(find)
        found = []
        for name, source in self.using:
            earlier = find(source) if isinstance(source, str) else source
            found.append((name, *_stated(earlier)))
        object.__setattr__(made, "found", tuple(found))
        return made

    def equations(self) -> tuple[str, ...]:
        """Ids of the claims used."""
        own = tuple(stated.owner for _, stated, _ in self.found)
        return (*own, *super().equations())

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
        """Try it on points, where it can be evaluated at all.

        No point is known that satisfies a relation about a whole family.
        """
        families = any(g.has(sp.Indexed) for g in statement.domain.given)
        if statement.relation is Relation.SIM or families:
            return None
        try:
            return sample(statement)
        except NotEvaluableError:
            return None

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
        levels = [Level.CITED, *(s.level for _, s, _ in self.found)]
        return Finding(
            weakest(levels),
            f"{theorem.name}: {theorem.source}",
            tuple(f for f in facts if f[1]),
        )

    def _shown(self, h: Hypothesis, inst: Any, know: Context) -> str:
        for name, stated, op in self.found:
            if name == h.name:
                domain = stated.domain
                if getattr(domain, "ranges", ()):
                    raise NotShownError(f"{stated.name} is about a finite set")
                known = rel(op, term(stated.lhs), term(stated.rhs))
                by = Earlier(
                    stated.name, known, tuple(map(term, domain.given))
                )
                return h.follows(inst, know, by)
        if any(name == h.name for name, _ in self.using):
            raise NotShownError("the earlier result is not looked up")
        return h.shown(inst, know)


def _stated(earlier: Any) -> tuple[Stated, str]:
    """An earlier equation or inequality, the smaller side first."""
    try:
        return earlier.equation(), "="
    except ClaimError:
        return earlier.inequality(), "<="


def _letters(use: Use, inst: Any, know: Context) -> tuple[str, str]:
    """The facts that the letters of the theorem have."""
    for letter, value in inst.symbols.items():
        if letter.args[0] not in inst.random:
            admits(letter, value, know)
    said = ", ".join(
        f"{name} = {_plain(value)}" for name, value in use.values
    )
    return "letters", said


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        *own, body = value
        return f"({', '.join(map(str, own))}) -> {body}"
    if isinstance(value, sp.MatrixBase):
        return str(value.tolist())
    return str(value)


# -- the conclusion -------------------------------------------------------------


def concludes(use: Use, inst: Any, statement: Statement, know: Context) -> None:
    """The theorem, with its letters put in, is the statement.

    Both sides are equal, or the differences of both sides are. Its own series
    and integrals exist: that is part of the theorem.

    Raises:
        UnsupportedError: it is not.
    """
    end = use.theorem.conclusion
    a, b = inst.put(term(end.left)), inst.put(term(end.right))
    x, y = term(statement.lhs), term(statement.rhs)
    if end.relation is Relation.SIM or statement.relation is Relation.SIM:
        if not (end.relation is statement.relation):
            raise NotShownError(f"it is about {end.relation.text}")
        granted = own_series(know, a, b)
        same(x, a, know, granted)
        same(y, b, know, granted)
        return
    if statement.relation not in _OPERATORS:
        raise NotShownError(f"nothing about {statement.relation.text}")
    if end.relation in _MIRRORED:
        a, b = b, a
    if statement.relation in _MIRRORED:
        x, y = y, x
    has, wants = _OPERATORS[end.relation], _OPERATORS[statement.relation]
    if has != wants and (has, wants) != ("<", "<="):
        raise NotShownError(f"it is about {has}, not {wants}")
    granted = own_series(know, a, b)
    try:
        same(x, a, know, granted)
        same(y, b, know, granted)
        return
    except UnsupportedError as error:
        if wants == "=":
            try:
                same(x, b, know, granted)
                same(y, a, know, granted)
                return
            except UnsupportedError:
                pass
        try:
            same(sub(y, x), sub(b, a), know, granted)
        except UnsupportedError:
            raise error from None


Granted = frozenset[Condition]


def own_series(know: Context, *sides: Term) -> Granted:
    """What the theorem says exists: its own infinite sums and integrals."""
    found = set()
    for side in sides:
        f = know.field()
        try:
            f.quotients(side)
        except UnsupportedError:
            continue
        found |= {c for c in f.conditions if c.kind is Kind.CONVERGES}
    return frozenset(found)


def same(a: Term, b: Term, know: Context, granted: Granted) -> None:
    """Two terms are equal by the normal form, or part by part.

    Raises:
        UnsupportedError: that is not seen.
    """
    if a is b:
        return
    try:
        proof = equal(a, b, know)
        left = [c for c, _ in proof.still_open if c not in granted]
        if left:
            raise NotShownError(f"open: {left[0]}")
    except UnsupportedError:
        if not _alike(a, b, know, granted):
            raise


def _alike(a: Term, b: Term, know: Context, granted: Granted) -> bool:
    """Binders over one range with equal bodies, and sums of such."""
    for op, split in (("add", _summands), ("mul", factors)):
        if op in (a.op, b.op):
            return _matched(split(a), split(b), op, know, granted)
    if a.op != b.op or a.op not in ("sum", "int", "mean"):
        return False
    if len(a.args) != len(b.args):
        return False
    for p, q in zip(a.args[1:], b.args[1:], strict=True):
        if p is q:
            continue
        if not (isinstance(p, Term) and isinstance(q, Term)):
            return False
        if {p.op, q.op} & {"const"} or infinite(a):
            return False
        same(p, q, know, granted)
    hidden = (a, b, *(r[0] for r in know.ranges))
    whole = ("integer", "real") if a.op == "sum" else ("real",)
    k = fresh("@s", hidden, *whole)
    ranges = ((k, a.args[1], a.args[2]),) if a.op == "sum" else ()
    if a.op == "int":
        ranges = (span(know, k, a.args[1], a.args[2]),)
    with know.within(*ranges):
        same(opened(a.args[0], k), opened(b.args[0], k), know, granted)
    return True


def _summands(t: Term) -> list[Term]:
    return list(t.args) if t.op == "add" else [t]


def _matched(
    p: list[Term], q: list[Term], op: str, know: Context, granted: Granted
) -> bool:
    """Parts with a binder are paired; what remains is equal."""
    bound_p, plain_p = _apart(p)
    bound_q, plain_q = _apart(q)
    if not bound_p or len(bound_p) != len(bound_q):
        return False
    join = add if op == "add" else mul
    same(join(*plain_p), join(*plain_q), know, granted)
    for s, t in zip(bound_p, bound_q, strict=True):
        same(s, t, know, granted)
    return True


def _apart(parts: Iterable[Term]) -> tuple[list[Term], list[Term]]:
    bound = [p for p in parts if _has_binder(p)]
    return bound, [p for p in parts if not _has_binder(p)]


def _has_binder(t: Term) -> bool:
    return t.op in ("sum", "int", "mean") or any(map(_has_binder, t.children))


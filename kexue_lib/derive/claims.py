"""Claims and chains: the author's side of the engine."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sympy as sp

from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.checks.measure import Measuring, Missed, Reading
from kexue_lib.derive.checks.record import Counterexample, Unchecked
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.evidence import as_dict, as_markdown, as_text
from kexue_lib.derive.levels import Level, Relation, composed, weakest
from kexue_lib.derive.matrices import is_matrix
from kexue_lib.derive.naming import names_in, symbols_in, unfold
from kexue_lib.derive.objects import Sentence
from kexue_lib.derive.printing import to_text
from kexue_lib.derive.statement import Stated, Statement
from kexue_lib.derive.steps import Step, verified

if TYPE_CHECKING:
    from kexue_lib.derive.chapters import Chapter

MIME = "application/vnd.kexue.evidence+json"


@dataclass
class Chain:
    """``a = b <= c``: a left side and the steps from it."""

    role: str
    label: str
    lhs: Any
    owner: str
    steps: list[Step] = field(default_factory=list)

    @property
    def rhs(self) -> Any:
        """The last right side."""
        return self.steps[-1].statement.rhs if self.steps else self.lhs

    @property
    def relation(self) -> Relation:
        """The relation between the two ends."""
        return composed([s.statement.relation for s in self.steps])

    @property
    def level(self) -> Level:
        """The level of the weakest step."""
        if not self.steps:
            return Level.QUOTED if self.role == "quote" else Level.HEURISTIC
        return weakest(s.finding.level for s in self.steps)

    def equation(self) -> Stated:
        """Return the equation between the ends, for ``by.using``.

        Raises:
            ClaimError: the chain is not an equation that was shown.
        """
        if self.relation_shown("equation") is not Relation.EQ:
            raise ClaimError(f"{self.name} is not an equation")
        return self._stated(self.lhs, self.rhs)

    def inequality(self) -> Stated:
        """Return the inequality, smaller side first, for ``by.instances``.

        Raises:
            ClaimError: the chain is not an inequality that was shown.
        """
        relation = self.relation_shown("inequality")
        if relation in (Relation.LE, Relation.LT):
            return self._stated(self.lhs, self.rhs)
        if relation in (Relation.GE, Relation.GT):
            return self._stated(self.rhs, self.lhs)
        raise ClaimError(f"{self.name} is not an inequality")

    @property
    def name(self) -> str:
        """What a step that uses the chain calls it."""
        number = self.owner.split(".")[1]
        if self.role == "lemma":
            return self.label
        return f"{number} ({self.label})" if self.label else number

    def relation_shown(self, what: str) -> Relation:
        """Return the relation of a chain that was shown.

        Raises:
            ClaimError: it shows nothing; ``what`` names what was wanted.
        """
        if self.role not in ("show", "lemma") or not self.steps:
            raise ClaimError(f"{self.name} shows no {what}")
        return self.relation

    def _stated(self, first: Any, second: Any) -> Stated:
        domain = self.steps[0].statement.domain
        return Stated(first, second, domain, self.level, self.owner, self.name)


class Claim:
    """A statement, its chains and its evidence. Made by `Chapter.claim`."""

    def __init__(
        self,
        chapter: Chapter,
        number: str,
        title: str,
        kind: str,
        source: str,
        at: str,
        uses: tuple[str, ...],
        corrects: str | None,
    ) -> None:
        self.chapter = chapter
        self.number = number
        self.title = title
        self.kind = kind
        self.source = source
        self.at = at
        self.chains: list[Chain] = []
        self.domain = Domain()
        self._uses = dict.fromkeys(uses)
        self.corrects = corrects

    @property
    def id(self) -> str:
        """Full id, ``chapter.number``."""
        return f"{self.chapter.slug}.{self.number}"

    @property
    def uses(self) -> tuple[str, ...]:
        """Full ids of the claims this one builds on, sorted."""
        return tuple(sorted(self._uses))

    # -- writing ----------------------------------------------------------

    def given(self, *relations: Any) -> Claim:
        """Restrict the symbols, as in ``given(k <= n, Ne(x, 1))``.

        The relations are shown to the reader and bound every sample point.

        Raises:
            ClaimError: a chain has begun, or a relation is no relation.
        """
        if self.chains:
            raise ClaimError(f"{self.id}: write given(...) before the chains")
        for relation in relations:
            if relation in (True, sp.true):
                raise ClaimError(
                    f"{self.id}: a given relation holds already by the "
                    "assumptions of its symbols; leave it out"
                )
            if not isinstance(relation, sp.core.relational.Relational):
                raise ClaimError(
                    f"{self.id}: given takes relations such as k <= n, "
                    f"not {relation!r}"
                )
            self._require_known(relation)
        self.domain = Domain((*self.domain.given, *relations))
        return self

    def show(self, lhs: Any, label: str = "") -> Claim:
        """Begin a chain that is part of the statement."""
        return self._begin("show", lhs, label)

    def lemma(self, lhs: Any, label: str = "") -> Claim:
        """Begin a chain that helps; it is not part of the statement."""
        return self._begin("lemma", lhs, label)

    def refute(self, lhs: Any, label: str = "") -> Claim:
        """Begin a printed formula that is expected to fail."""
        return self._begin("refute", lhs, label)

    def measure(self, name: str, value: Any, label: str = "") -> Claim:
        """Begin with a number from a run.

        Args:
            name: LaTeX of the quantity.
            value: a finite number, or one number for each seed.
            label: name of the chain.
        """
        return self._begin("measure", _reading(name, value), label)

    def miss(self, name: str, value: Any, label: str = "") -> Claim:
        """Begin with a number that does not show what a source claims."""
        return self._begin("miss", _reading(name, value), label)

    def argue(self, lhs: Any, label: str = "") -> Claim:
        """Begin an argument that no check supports; words are allowed."""
        return self._begin("argue", lhs, label)

    def quote(self, lhs: Any, label: str = "") -> Claim:
        """Begin what a source reports and nobody here reproduced."""
        return self._begin("quote", lhs, label)

    def eq(self, rhs: Any, by: Check | None = None, reason: str = "") -> Claim:
        """Continue the chain with ``= rhs``."""
        return self._step(Relation.EQ, rhs, by, reason)

    def ne(self, rhs: Any, by: Check | None = None, reason: str = "") -> Claim:
        """Continue with a right side that differs everywhere."""
        return self._step(Relation.NE, rhs, by, reason)

    def le(self, rhs: Any, by: Check | None = None, reason: str = "") -> Claim:
        """Continue the chain with ``<= rhs``."""
        return self._step(Relation.LE, rhs, by, reason)

    def lt(self, rhs: Any, by: Check | None = None, reason: str = "") -> Claim:
        """Continue the chain with ``< rhs``."""
        return self._step(Relation.LT, rhs, by, reason)

    def ge(self, rhs: Any, by: Check | None = None, reason: str = "") -> Claim:
        """Continue the chain with ``>= rhs``."""
        return self._step(Relation.GE, rhs, by, reason)

    def gt(self, rhs: Any, by: Check | None = None, reason: str = "") -> Claim:
        """Continue the chain with ``> rhs``."""
        return self._step(Relation.GT, rhs, by, reason)

    def sim(
        self, rhs: Any, by: Check | None = None, reason: str = ""
    ) -> Claim:
        """Continue with ``~ rhs``: the ratio tends to 1."""
        return self._step(Relation.SIM, rhs, by, reason)

    def approx(
        self, rhs: Any, by: Check | None = None, reason: str = ""
    ) -> Claim:
        """Continue with ``≈ rhs``: equal within a stated error."""
        return self._step(Relation.APPROX, rhs, by, reason)

    def _begin(self, role: str, lhs: Any, label: str) -> Claim:
        if role in ("argue", "quote") and isinstance(lhs, str):
            lhs = Sentence(lhs)
        lhs = self._accepted(lhs, f"{role}(...)")
        self._finished()
        roles = {c.role for c in self.chains if c.role != "lemma"}
        if (role == "refute" and roles - {"refute"}) or (
            role not in ("lemma", "refute") and "refute" in roles
        ):
            raise ClaimError(
                f"{self.id}: what is refuted and what is shown are claims "
                "of their own"
            )
        if label and any(c.label == label for c in self.chains):
            raise ClaimError(f"{self.id}: two chains are labelled {label!r}")
        self.chains.append(Chain(role, label, lhs, self.id))
        return self

    def _step(
        self, relation: Relation, rhs: Any, by: Check | None, reason: str
    ) -> Claim:
        if not self.chains:
            raise ClaimError(
                f"{self.id}: begin with show(...), then "
                f"{relation.name.lower()}(...)"
            )
        chain = self.chains[-1]
        try:
            step = self._checked(chain, relation, rhs, by, reason)
        except BaseException:
            # A chain without its failed step would claim too much.
            self.chains.pop()
            raise
        chain.steps.append(step)
        for used in step.check.equations():
            if used != self.id:
                self._uses[used] = None
        return self

    def _checked(
        self,
        chain: Chain,
        relation: Relation,
        rhs: Any,
        by: Check | None,
        reason: str,
    ) -> Step:
        rhs = self._accepted(rhs, f"{relation.name.lower()}(...)")
        _same_shape(self.id, chain.rhs, rhs)
        check = self._check_for(chain, by)
        composed([*(s.statement.relation for s in chain.steps), relation])
        statement = Statement(chain.rhs, relation, rhs, self.domain)
        number = 1 + sum(len(c.steps) for c in self.chains)
        return verified(self.id, number, statement, check, reason)

    def _check_for(self, chain: Chain, by: Check | None) -> Check:
        if chain.role in ("argue", "quote"):
            if by is not None:
                raise ClaimError(
                    f"{self.id}: {chain.role} takes no check; use show(...)"
                )
            quoted = chain.role == "quote"
            return Unchecked(Level.QUOTED if quoted else Level.HEURISTIC)
        if chain.role in ("measure", "miss") and not isinstance(by, Measuring):
            raise ClaimError(
                f"{self.id}: a measured value takes by.within, by.bound, "
                "by.zscore or by.seeds"
            )
        if chain.role == "miss":
            assert by is not None
            return Missed(by)
        if chain.role == "refute":
            if by is None:
                by = Counterexample()
            if not isinstance(by, Counterexample):
                raise ClaimError(
                    f"{self.id}: refute(...) takes by.counterexample(...)"
                )
        if by is None:
            raise ClaimError(
                f"{self.id}: choose a check for the step, such as by.cancel()"
            )
        if not isinstance(by, Check):
            raise TypeError(
                f"{self.id}: by must be a check such as by.cancel(), "
                f"not {by!r}"
            )
        return by.bound(self._find)

    def _find(self, name: str) -> Chain | Claim:
        for chain in self.chains:
            if chain.label == name:
                return chain
        found = self.chapter.claims.get(name)
        if found is None:
            raise ClaimError(
                f"{self.id}: by.using({name!r}): no chain of this claim and "
                "no claim of this chapter has that name"
            )
        return found

    def _accepted(self, obj: Any, where: str) -> Any:
        if isinstance(obj, bool | str) or not isinstance(
            obj, int | sp.Basic | sp.MatrixBase
        ):
            raise TypeError(
                f"{self.id}: {where} takes SymPy objects, not "
                f"{type(obj).__name__} {obj!r}"
            )
        if isinstance(obj, int):
            return sp.Integer(obj)
        if isinstance(obj, Reading):
            return obj
        if isinstance(obj, sp.MatrixBase):
            obj = sp.ImmutableMatrix(obj)
        if isinstance(obj, sp.core.relational.Relational):
            raise TypeError(
                f"{self.id}: {where} takes one side; write "
                "show(left).eq(right, ...) instead of a relation"
            )
        self._require_known(obj)
        return obj

    def _require_known(self, obj: Any) -> None:
        for name in names_in(obj):
            if name not in self.chapter.names:
                raise ClaimError(
                    f"{self.id}: {name.__name__} was named by another chapter"
                )
        for symbol in symbols_in(obj):
            self.chapter.require_known(symbol, self.id)

    def _finished(self) -> None:
        if (
            self.chains
            and not self.chains[-1].steps
            and (self.chains[-1].role not in ("argue", "quote"))
        ):
            raise ClaimError(f"{self.id}: a chain has no step")

    # -- reading ----------------------------------------------------------

    @property
    def shown(self) -> list[Chain]:
        """The chains that make the statement.

        Raises:
            ClaimError: there is none.
        """
        self._finished()
        chains = [c for c in self.chains if c.role != "lemma"]
        if not chains:
            raise ClaimError(f"{self.id} shows nothing")
        return chains

    def __getitem__(self, label: str) -> Chain:
        """Return the chain with this label."""
        for chain in self.chains:
            if chain.label == label:
                return chain
        raise KeyError(f"{self.id} has no chain {label!r}")

    @property
    def lhs(self) -> Any:
        """Left side of the last chain shown."""
        return self.shown[-1].lhs

    @property
    def rhs(self) -> Any:
        """Right side of the last chain shown."""
        return self.shown[-1].rhs

    @property
    def expr(self) -> Any:
        """The right side with every name unfolded: feed it to lives."""
        return unfold(self.rhs)

    @property
    def level(self) -> Level:
        """The level of the weakest step of all chains."""
        _ = self.shown
        return weakest(c.level for c in self.chains)

    @property
    def level_with_ancestors(self) -> Level:
        """The weakest level of this claim and all it uses."""
        levels = [self.level]
        levels += [
            self.chapter.level_of(used)
            for used in self.chapter.ancestors(self.uses)
        ]
        return weakest(levels)

    def equation(self) -> Stated:
        """Return the statement for ``by.using`` if it is one equation."""
        return self._only().equation()

    def inequality(self) -> Stated:
        """Return the statement for ``by.instances`` if it is one."""
        return self._only().inequality()

    def _only(self) -> Chain:
        if len(self.shown) != 1:
            labels = ", ".join(repr(c.label) for c in self.shown)
            raise ClaimError(
                f"{self.id} shows several things; use one of {labels}"
            )
        return self.shown[0]

    def steps(self) -> list[Step]:
        """All steps in order."""
        return [s for c in self.chains for s in c.steps]

    def to_dict(self) -> dict[str, Any]:
        """Return the evidence as JSON-ready data (schema kexue.evidence/1)."""
        return as_dict(self)

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> dict[str, Any]:
        data = self.to_dict()
        return {
            MIME: data,
            "text/markdown": as_markdown(data),
            "text/plain": as_text(data),
        }

    def __repr__(self) -> str:
        return as_text(self.to_dict())


def _reading(name: str, value: Any) -> Reading:
    """Take a number or a sequence of numbers as a reading."""
    if not isinstance(name, str):
        raise TypeError(f"the name of a reading is text, not {name!r}")
    several = isinstance(value, list | tuple) or bool(
        getattr(value, "ndim", 0)
    )
    values = tuple(float(v) for v in value) if several else (float(value),)
    if not values or not all(math.isfinite(v) for v in values):
        raise ValueError(f"reading {name}: no finite value in {values}")
    return Reading(name, values)


def _same_shape(where: str, left: Any, right: Any) -> None:
    a, b = unfold(left), unfold(right)
    shapes = [
        tuple(map(str, s.shape)) if is_matrix(s) else None for s in (a, b)
    ]
    if shapes[0] != shapes[1]:
        kinds = [
            "a number" if s is None else f"a {' x '.join(s)} matrix"
            for s in shapes
        ]
        raise ClaimError(
            f"{where}: sides of different shape: {to_text(left)} is "
            f"{kinds[0]}, {to_text(right)} is {kinds[1]}"
        )

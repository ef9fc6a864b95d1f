"""Claims and chains: the author's side of the engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from kexue_lib.derive.admission import (
    accepted,
    check_for,
    require_formulas,
    require_known,
    same_shape,
)
from kexue_lib.derive.chains import CHECKED, Chain
from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.checks.measure import Reading, reading
from kexue_lib.derive.checks.using import Using
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.errors import ClaimError
from kexue_lib.derive.evidence import as_dict, as_markdown, as_text
from kexue_lib.derive.levels import Level, Relation, composed, weakest
from kexue_lib.derive.naming import meaning, unfold
from kexue_lib.derive.objects import Sentence
from kexue_lib.derive.statement import Stated, Statement
from kexue_lib.derive.steps import Step, verified

if TYPE_CHECKING:
    from kexue_lib.derive.chapters import Chapter

MIME = "application/vnd.kexue.evidence+json"


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
        mentions: tuple[str, ...],
        corrects: str | None,
        *,
        rank: str = "result",
        printed: str = "",
        exercises: tuple[str, ...] = (),
    ) -> None:
        self.chapter = chapter
        self.number = number
        self.title = title
        self.kind = kind
        self.source = source
        self.at = at
        self.chains: tuple[Chain, ...] = ()
        self.domain = Domain()
        self._mentions = dict.fromkeys(mentions)
        self.corrects = corrects
        self.rank = rank
        self.printed = printed
        self.exercises = exercises

    @property
    def id(self) -> str:
        """Full id, ``chapter.number``."""
        return f"{self.chapter.slug}.{self.number}"

    @property
    def uses(self) -> tuple[str, ...]:
        """Full ids of the claims this one names or consumes, sorted."""
        checks = (s.check for s in self.steps())
        used = {r.owner for c in checks for r in c.results()}
        return tuple(sorted({*self._mentions, *used} - {self.id}))

    @property
    def consumes(self) -> tuple[str, ...]:
        """Full ids of the claims on which this one rests, sorted.

        The checks of what is shown used them, or those of lemmas that these
        used. What is named, or stands in a lemma that nothing uses, is a
        pointer for the reader: nothing here rests on it.
        """
        told = [c for c in self.chains if c.role != "lemma"]
        rest = {c.name: c for c in self.chains if c.role == "lemma"}
        found: dict[str, None] = {}
        while told:
            for step in told.pop().steps:
                for used in step.check.results():
                    if used.owner != self.id:
                        found[used.owner] = None
                    elif used.name in rest:
                        told.append(rest.pop(used.name))
        return tuple(sorted(found))

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
            require_known(self, relation)
        self.domain = Domain((*self.domain.given, *relations))
        return self

    def show(self, lhs: Any, label: str = "") -> Claim:
        """Begin a chain that is part of the statement.

        Args:
            lhs: the left side; or an earlier claim or chain, whose equation
                is then the first step, used and not copied.
            label: name of the chain.
        """
        return self._begin("show", lhs, label)

    def states(self, lhs: Any, label: str = "") -> Claim:
        """Begin what the reader takes away from the chains above.

        The next relation needs no check: it must follow from the chains of
        this claim. These are then its derivation, and this its statement.
        """
        return self._begin("states", lhs, label)

    def lemma(self, lhs: Any, label: str = "") -> Claim:
        """Begin a chain that helps; it is not part of the statement."""
        return self._begin("lemma", lhs, label)

    def refute(self, lhs: Any, label: str = "") -> Claim:
        """Begin a printed formula that is expected to fail."""
        return self._begin("refute", lhs, label)

    def measure(self, name: str, value: Any, label: str = "") -> Claim:
        """Begin with a number from a run.

        Args:
            name: the quantity, in LaTeX or in words with ``$...$``.
            value: a finite number, one number for each seed, or a function
                without arguments that returns these: the controls measure
                again with each function of ``exercises=`` perturbed.
            label: name of the chain.
        """
        return self._begin("measure", reading(name, value), label)

    def miss(self, name: str, value: Any, label: str = "") -> Claim:
        """Begin with a number that does not show what a source claims."""
        return self._begin("miss", reading(name, value), label)

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
        if isinstance(lhs, Claim | Chain):
            return self._resumed(role, lhs, label)
        lhs = accepted(self, lhs, f"{role}(...)")
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
        self.chains = (*self.chains, Chain(role, label, lhs, self.id))
        return self

    def _resumed(self, role: str, earlier: Claim | Chain, label: str) -> Claim:
        """Begin with an earlier equation, consumed and not copied."""
        stated = earlier.equation()
        self._begin(role, stated.lhs, label)
        return self._step(Relation.EQ, stated.rhs, Using(earlier), "")

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
            self.chains = self.chains[:-1]
            raise
        longer = replace(chain, steps=(*chain.steps, step))
        self.chains = (*self.chains[:-1], longer)
        for used in step.check.results():
            if used.owner == self.id:
                continue
            if self.id in self.chapter.ancestors((used.owner,)):
                raise ClaimError(f"{self.id}: {used.owner} itself rests on it")
        return self

    def _checked(
        self,
        chain: Chain,
        relation: Relation,
        rhs: Any,
        by: Check | None,
        reason: str,
    ) -> Step:
        rhs = accepted(self, rhs, f"{relation.name.lower()}(...)")
        require_formulas(self, chain, chain.rhs, rhs)
        same_shape(self.id, chain.rhs, rhs)
        check = check_for(self, chain, by)
        try:
            composed([*(s.statement.relation for s in chain.steps), relation])
        except ValueError as error:
            raise ClaimError(f"{self.id}: {error}") from error
        statement = Statement(chain.rhs, relation, rhs)
        # Only what the reader will see beside these sides may be used.
        near = self.domain.touching(statement.letters)
        statement = statement.but(domain=near)
        number = 1 + sum(len(c.steps) for c in self.chains)
        return verified(self.id, number, statement, check, reason)

    def _finished(self) -> None:
        if (
            self.chains
            and not self.chains[-1].steps
            and (self.chains[-1].role not in ("argue", "quote"))
        ):
            raise ClaimError(f"{self.id}: a chain has no step")
        for chain in self.chains:
            if chain.role in CHECKED and chain.says_nothing:
                raise ClaimError(
                    f"{self.id}: both ends of {chain.name} are the same: a "
                    "definition is chapter.let, and a tautology no result"
                )

    # -- reading ----------------------------------------------------------

    @property
    def shown(self) -> list[Chain]:
        """The chains that make the statement.

        Raises:
            ClaimError: there is none.
        """
        self._finished()
        stated = [c for c in self.chains if c.role == "states"]
        chains = stated or [
            c for c in self.chains if c.role != "lemma" and not c.is_link
        ]
        if not chains:
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
        """The level of the weakest step of all chains.

        A link in words between checked formulas makes it argued; words
        alone are an argument without support.
        """
        if all(c.is_link for c in self.shown):
            return weakest(c.level for c in self.chains)
        checked = [c.level for c in self.chains if not c.is_link]
        words = len(self.chains) - len(checked)
        return weakest([*checked, *[Level.ARGUED] * bool(words)])

    @property
    def level_with_ancestors(self) -> Level:
        """The weakest level of this claim and all that it rests on."""
        levels = [self.level]
        levels += [
            self.chapter.level_of(used)
            for used in self.chapter.ancestors(self.consumes)
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
        """Return the evidence as JSON-ready data (schema kexue.evidence/2).

        Raises:
            ClaimError: the claim is not complete: it shows nothing, it
                refutes a source without quoting it, it corrects a formula
                with which it has no side in common, or it names functions
                that nothing which it measures can call again.
        """
        self._means_what_was_named()
        self._quotes_what_it_refutes()
        self._measures_again()
        self._shares_a_side()
        return as_dict(self)

    def _means_what_was_named(self) -> None:
        """No name was given another meaning after it was made."""
        for name, made in self.chapter.names.items():
            if meaning(name) != made:
                raise ClaimError(
                    f"{self.id}: {name.__name__} has another meaning than "
                    "let(...) gave it"
                )

    def _quotes_what_it_refutes(self) -> None:
        refuted = self.level is Level.REFUTED
        if self.printed and not refuted:
            raise ClaimError(f"{self.id}: printed=... goes with refute(...)")
        if refuted and self.source != "own" and not (self.printed and self.at):
            raise ClaimError(
                f"{self.id} refutes a {self.source}: quote its formula "
                "(printed=...) and say where it stands (at=...), or call "
                "the source own"
            )

    def _measures_again(self) -> None:
        """What a claim exercises is changed, and the value taken anew."""
        readings = (s.statement.lhs for s in self.steps())
        again = any(isinstance(r, Reading) and r.source for r in readings)
        if self.exercises and not again:
            raise ClaimError(
                f"{self.id} exercises {', '.join(self.exercises)}: give "
                "measure(...) a function of no arguments, not its value"
            )

    def _shares_a_side(self) -> None:
        """A correction is about the same thing as what it corrects."""
        slug, _, number = (self.corrects or "").partition(".")
        if slug != self.chapter.slug:
            return
        wrong = self.chapter.claims[number]
        theirs = [s for c in wrong.chains for s in (c.lhs, c.rhs)]
        ours = [s for c in self.chains for s in (c.lhs, c.rhs)]
        if not any(unfold(a) == unfold(b) for a in ours for b in theirs):
            raise ClaimError(
                f"{self.id} corrects {wrong.id}, and has no side in common "
                "with it"
            )

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

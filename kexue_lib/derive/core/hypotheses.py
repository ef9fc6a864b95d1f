"""Hypotheses: what is given, the ranges that are open, questions asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from kexue_lib.derive.core.atoms import RULES
from kexue_lib.derive.core.field import Field, Poly
from kexue_lib.derive.core.statement import Range
from kexue_lib.derive.core.terms import (
    NOO,
    ONE,
    OO,
    Term,
    UnsupportedError,
    facts_of,
    fn,
    free,
    is_fn,
    neg,
    rel,
)

DEEPEST = 12
"""How many questions may wait for each other."""

REAL_FACTS = frozenset(
    {
        "real",
        "integer",
        "rational",
        "positive",
        "negative",
        "nonnegative",
        "nonpositive",
        "prime",
    }
)
"""Facts of a symbol that make it real."""


class _Questions:
    """How many questions may still be asked for one decision.

    A count and no clock: the same on every machine. What is asked beyond it
    is unknown.
    """

    left: int | None = None

    def more(self) -> bool:
        """Count a question."""
        if self.left is None:
            return True
        self.left -= 1
        return self.left >= 0


_QUESTIONS = _Questions()
MOST = 20_000
"""Questions for one decision; the chapters' steps need far fewer."""


@contextmanager
def limited() -> Iterator[None]:
    """A decision asks at most `MOST` questions, with those inside it."""
    saved = _QUESTIONS.left
    _QUESTIONS.left = MOST if saved is None else saved
    try:
        yield
    finally:
        if saved is None:
            _QUESTIONS.left = None


class Hypotheses:
    """Hypotheses, and answers that follow from them. An `Oracle`.

    Args:
        given: relations that hold.
    """

    def __init__(self, given: tuple[Term, ...] = ()) -> None:
        self.given = tuple(_flat(given))
        self.ranges: tuple[Range, ...] = ()
        self.thorough = False
        self._cache: dict[Any, Any] = {}
        self._busy: set[Any] = set()

    # -- hypotheses -------------------------------------------------------

    def knowing(self, *more: Term) -> Self:
        """A context in which more is given."""
        made = type(self)((*self.given, *more))
        made.ranges, made.thorough = self.ranges, self.thorough
        return made

    @contextmanager
    def within(self, *ranges: Range) -> Iterator[None]:
        """Open ranges of bound variables."""
        saved = self.ranges
        self.ranges = (*saved, *ranges)
        try:
            yield
        finally:
            self.ranges = saved

    @contextmanager
    def thoroughly(self) -> Iterator[None]:
        """Spend more time: search for weights as well."""
        saved, self.thorough = self.thorough, True
        try:
            yield
        finally:
            self.thorough = saved

    def relations(self) -> list[Term]:
        """All that is given, and the ranges, as relations."""
        out = list(self.given)
        for k, low, high in self.ranges:
            op = "<" if "inner" in facts_of(k) else "<="
            pairs = ((low, k), (k, high))
            out += [rel(op, a, b) for a, b in pairs if not {a, b} & {OO, NOO}]
        return out

    def on_circle(self, t: Term) -> bool:
        """Known to have modulus 1, as given."""
        if t.op == "sym" and "unit" in facts_of(t):
            return True
        size = fn("Abs", t)
        return any(
            r.args[0] == "=" and set(r.args[1:]) == {size, ONE}
            for r in self.given
        )

    def field(self, opaque: bool = False, **options: bool) -> Field:
        """A field that asks this context."""
        return Field(self, RULES, opaque, **options)

    def _asked(self, key: Any, answer: Callable[[], Any], default: Any) -> Any:
        """Answer once; a question inside itself gets the default.

        Also inside more ranges: there it would only lead deeper.
        """
        question = key
        key = (*key, self.ranges, self.thorough)
        if key in self._cache:
            return self._cache[key]
        if question in self._busy or len(self._busy) > DEEPEST:
            return default
        if not _QUESTIONS.more():
            return default
        self._busy.add(question)
        try:
            found = answer()
        except UnsupportedError:
            found = default
        finally:
            self._busy.discard(question)
        self._cache[key] = found
        return found

    # -- answered by the layers above ---------------------------------------

    def integer(self, t: Term) -> bool:
        """Known to be an integer."""
        raise NotImplementedError

    def real(self, t: Term) -> bool:
        """Known to be real."""
        raise NotImplementedError

    def positive(self, t: Term) -> bool:
        """Known to be real and > 0."""
        raise NotImplementedError

    def nonnegative(self, t: Term) -> bool:
        """Known to be real and >= 0."""
        raise NotImplementedError

    def signed(self, field: Field, p: Poly, strict: bool) -> bool:
        """Known that p > 0 (or p >= 0)."""
        raise NotImplementedError

    def holds(self, relation: Term) -> bool | None:
        """True: for all values here. False: for none. None: not seen."""
        raise NotImplementedError


def _flat(relations: tuple[Term, ...]) -> Iterator[Term]:
    """``|x| <= c`` as two bounds; conjunctions one by one."""
    for r in relations:
        if r.op == "and":
            yield from _flat(r.args)
        elif (
            r.op == "rel"
            and r.args[0] in ("<", "<=")
            and is_fn(r.args[1], "Abs")
            and _plainly_real(r.args[1].args[1])
        ):
            x, c = r.args[1].args[1], r.args[2]
            yield rel(r.args[0], x, c)
            yield rel(r.args[0], neg(c), x)
            yield r
        elif r.op == "rel":
            yield r


def _plainly_real(t: Term) -> bool:
    return all(facts_of(s) & REAL_FACTS for s in free(t)) and t.op == "sym"

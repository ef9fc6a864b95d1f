"""A theorem as data, and the letters that a use of it puts in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.terms import Term, UnsupportedError
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.objects import Law
from kexue_lib.derive.theorems.hypotheses import Hypothesis
from kexue_lib.derive.theorems.instance import Function, Instance, Table


@dataclass(frozen=True)
class Source:
    """Where a theorem stands: author, year, place."""

    author: str
    year: int
    where: str

    def __str__(self) -> str:
        return f"{self.author} ({self.year}), {self.where}"


@dataclass(frozen=True)
class Conclusion:
    """``left relation right``, where needed as a symbol tends to a point."""

    left: Any
    relation: Relation
    right: Any
    limit: tuple[Any, Any] | None = None


@dataclass(frozen=True)
class Theorem:
    """A named theorem.

    Attributes:
        name: as it is cited.
        source: who, when, where.
        letters: schematic symbols (their facts are hypotheses as well) and
            functions.
        hypotheses: what an instance has to satisfy.
        conclusion: what then holds; its series and integrals exist.
        formal: names of formal proofs, such as ``mathlib: ConvexOn...``.
        random: letters that may depend on chance.
    """

    name: str
    source: Source
    letters: tuple[Any, ...]
    hypotheses: tuple[Hypothesis, ...]
    conclusion: Conclusion
    formal: tuple[str, ...] = ()
    random: tuple[str, ...] = ()

    def __call__(self, laws: Any = (), **values: Any) -> Use:
        """Put in the letters: ``jensen(phi=(t, t**2), p=(i, w[i]), ...)``.

        Args:
            laws: of the random symbols.
            values: for each letter an expression; for a function a tuple of
                its variables and an expression, or an explicit matrix.

        Raises:
            TypeError: a letter is missing, unknown, or of the wrong kind.
        """
        wanted = {_name(s): s for s in self.letters}
        if wanted.keys() != values.keys():
            names = ", ".join(wanted)
            raise TypeError(f"{self.name} takes {names}, not {set(values)}")
        pairs = tuple((n, _value(wanted[n], values[n])) for n in wanted)
        found = laws if isinstance(laws, tuple) else (laws,)
        return Use(self, pairs, found)


def _name(letter: Any) -> str:
    return str(letter.name)


def _value(letter: Any, given: Any) -> Any:
    if isinstance(letter, sp.Symbol):
        return sp.sympify(given)
    if isinstance(given, sp.MatrixBase):
        return sp.ImmutableMatrix(given)
    if not isinstance(given, tuple) or not all(
        isinstance(s, sp.Symbol) for s in given[:-1]
    ):
        raise TypeError(f"{letter} takes (variable, ..., expression)")
    return (*given[:-1], sp.sympify(given[-1]))


@dataclass(frozen=True)
class Use:
    """A theorem and what its letters stand for, in SymPy."""

    theorem: Theorem
    values: tuple[tuple[str, Any], ...]
    laws: tuple[Law, ...] = ()

    def instance(self, given: tuple[Term, ...] = ()) -> Instance:
        """Read by the core.

        Raises:
            UnsupportedError: the core has no meaning for a part of it.
        """
        functions: dict[str, Function | Table] = {}
        symbols: dict[Term, Term] = {}
        letters = {_name(s): s for s in self.theorem.letters}
        for name, value in self.values:
            if isinstance(letters[name], sp.Symbol):
                symbols[term(letters[name])] = term(value)
            elif isinstance(value, sp.MatrixBase):
                functions[f"?{name}"] = Table(value)
            else:
                *own, body = value
                functions[f"?{name}"] = Function(
                    tuple(map(term, own)), term(body)
                )
        random = tuple(
            n if isinstance(letters[n], sp.Symbol) else f"?{n}"
            for n in self.theorem.random
        )
        return Instance(functions, symbols, self.laws, random, given)

    def put(self, table: dict[Any, Any]) -> Use:
        """The use at the values of a case; its own variables stay."""
        return Use(
            self.theorem,
            tuple((n, _moved(v, table)) for n, v in self.values),
            tuple(law.subs(table, simultaneous=True) for law in self.laws),
        )


def _moved(value: Any, table: dict[Any, Any]) -> Any:
    if not isinstance(value, tuple):
        return value.subs(table, simultaneous=True)
    *own, body = value
    rest = {s: v for s, v in table.items() if s not in own}
    met = set().union(*(sp.sympify(v).free_symbols for v in rest.values()))
    if met & set(own):
        raise UnsupportedError(f"{own} would be captured")
    return (*own, body.subs(rest, simultaneous=True))

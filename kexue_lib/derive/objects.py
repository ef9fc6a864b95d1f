"""Objects that SymPy lacks: arg min, mean and probability, constant term.

They are written unevaluated, shown as on a blackboard, and evaluated by the
check that knows them.
"""

from __future__ import annotations

from typing import Any

import sympy as sp


class _Extremum(sp.Expr):
    """Common part of arg min, arg max, min and max over symbols."""

    _tex = ""
    is_commutative = True

    def __new__(cls, function: Any, *symbols: Any) -> Any:
        """Take the function and the symbols it is extremised over."""
        if not symbols or not all(s.is_Symbol for s in symbols):
            raise TypeError(f"{cls.__name__} needs symbols, got {symbols}")
        return super().__new__(cls, sp.sympify(function), *symbols)

    @property
    def function(self) -> Any:
        """What is minimised or maximised."""
        return self.args[0]

    @property
    def variables(self) -> tuple[Any, ...]:
        """The symbols it is extremised over."""
        return self.args[1:]

    @property
    def bound_symbols(self) -> list[Any]:
        """As in sums: these symbols are not free."""
        return list(self.args[1:])

    @property
    def free_symbols(self) -> set[Any]:
        """Symbols of the function that stay."""
        return self.function.free_symbols - set(self.variables)

    def _eval_subs(self, old: Any, new: Any) -> Any:
        if old in self.variables:
            return self
        return None

    def _latex(self, printer: Any) -> str:
        below = ", ".join(printer._print(s) for s in self.variables)
        inside = printer.parenthesize(self.function, 40)
        return rf"{self._tex}_{{{below}}} {inside}"


class ArgMin(_Extremum):
    """Where a function of the symbols is smallest."""

    _tex = r"\operatorname*{arg\,min}"


class ArgMax(_Extremum):
    """Where a function of the symbols is largest."""

    _tex = r"\operatorname*{arg\,max}"


class Minimum(_Extremum):
    """The smallest value."""

    _tex = r"\min"


class Maximum(_Extremum):
    """The largest value."""

    _tex = r"\max"


class Law(sp.Basic):
    """How a symbol is distributed; base of the laws below."""


class Gaussian(Law):
    """``Gaussian(z, mean, variance)``."""

    def __new__(cls, z: Any, mean: Any = 0, variance: Any = 1) -> Any:
        """Take the symbol, its mean and its variance."""
        return super().__new__(cls, z, sp.sympify(mean), sp.sympify(variance))

    def _latex(self, printer: Any) -> str:
        z, mean, var = (printer._print(a) for a in self.args)
        return rf"{z} \sim \mathcal{{N}}({mean}, {var})"


class Bernoulli(Law):
    """``Bernoulli(b, p)``: 1 with probability p, else 0."""

    def __new__(cls, b: Any, p: Any) -> Any:
        """Take the symbol and the probability of 1."""
        return super().__new__(cls, b, sp.sympify(p))

    def _latex(self, printer: Any) -> str:
        b, p = (printer._print(a) for a in self.args)
        return rf"{b} \sim \mathrm{{Bernoulli}}({p})"


class Discrete(Law):
    """``Discrete(s, (value, probability), ...)``."""

    def __new__(cls, s: Any, *pairs: Any) -> Any:
        """Take the symbol and its values with their probabilities."""
        return super().__new__(cls, s, *(sp.Tuple(*p) for p in pairs))

    def _latex(self, printer: Any) -> str:
        parts = ", ".join(
            rf"{printer._print(v)}\ (p = {printer._print(p)})"
            for v, p in self.args[1:]
        )
        return rf"{printer._print(self.args[0])} \in {parts}"


class Independent(Law):
    """``Independent((v1, v2, ...), mean, variance)``: i.i.d. symbols.

    Only the first two moments are known, so only polynomials of degree 2 in
    each symbol have a mean.
    """

    def __new__(cls, symbols: Any, mean: Any = 0, variance: Any = 1) -> Any:
        """Take the symbols, their common mean and variance."""
        return super().__new__(
            cls, sp.Tuple(*symbols), sp.sympify(mean), sp.sympify(variance)
        )

    def _latex(self, printer: Any) -> str:
        names = ", ".join(printer._print(s) for s in self.args[0])
        mean, var = (printer._print(a) for a in self.args[1:])
        return (
            rf"{names}\ \text{{i.i.d.}}, \mathbb{{E}} = {mean}, "
            rf"\mathrm{{Var}} = {var}"
        )


class GaussianVector(Law):
    """``GaussianVector(a, n, variance)``: a[1], ..., a[n] i.i.d. N(0, .)."""

    def __new__(cls, a: Any, n: Any, variance: Any = 1) -> Any:
        """Take the family, its length, and the variance of each entry."""
        return super().__new__(cls, a, sp.sympify(n), sp.sympify(variance))

    def _latex(self, printer: Any) -> str:
        a, n, var = (printer._print(x) for x in self.args)
        return (
            rf"{a}_{{1}}, \ldots, {a}_{{{n}}}\ \text{{i.i.d.}}\ "
            rf"\mathcal{{N}}(0, {var})"
        )


def law_symbols(law: Law) -> tuple[Any, ...]:
    """The random symbols of a law."""
    first = law.args[0]
    if isinstance(first, sp.IndexedBase):
        return (first.label,)
    return tuple(first) if isinstance(first, sp.Tuple) else (first,)


def law_outcomes(law: Law) -> tuple[Any, ...] | None:
    """The finitely many values of a random symbol, if they are finitely many.

    Of all other laws only that their symbols are real is used.
    """
    if isinstance(law, Bernoulli):
        return (sp.S.Zero, sp.S.One)
    if isinstance(law, Discrete):
        return tuple(value for value, _ in law.args[1:])
    return None


class _UnderLaws(sp.Expr):
    """Common part of mean and probability; laws are independent."""

    is_commutative = True
    is_real = None

    def __new__(cls, function: Any, *laws: Any) -> Any:
        """Take the expression and the laws of its random symbols."""
        name = cls.__name__
        if not laws or not all(isinstance(law, Law) for law in laws):
            raise TypeError(
                f"{name} needs laws such as Gaussian(z), got {laws}"
            )
        return super().__new__(cls, sp.sympify(function), *laws)

    @property
    def bound_symbols(self) -> list[Any]:
        """The random symbols are not free."""
        return [s for law in self.args[1:] for s in law_symbols(law)]

    @property
    def free_symbols(self) -> set[Any]:
        """Symbols of the function and of the laws' parameters."""
        free = set().union(*(a.free_symbols for a in self.args))
        bound = set(self.bound_symbols)
        return {
            s
            for s in free - bound
            if not (isinstance(s, sp.Indexed) and s.base.label in bound)
        }

    def _eval_subs(self, old: Any, new: Any) -> Any:
        return self if old in self.bound_symbols else None

    def _below(self, printer: Any) -> str:
        return ",\\, ".join(printer._print(law) for law in self.args[1:])


class Mean(_UnderLaws):
    """``Mean(expr, law, ...)``: the expectation."""

    def _latex(self, printer: Any) -> str:
        inside = printer._print(self.args[0])
        return rf"\mathbb{{E}}_{{{self._below(printer)}}}\left[{inside}\right]"


class Probability(_UnderLaws):
    """``Probability(relation, law, ...)``: the chance of an event."""

    def _latex(self, printer: Any) -> str:
        inside = printer._print(self.args[0])
        return rf"\mathbb{{P}}_{{{self._below(printer)}}}\left({inside}\right)"


class Some(sp.Basic):
    """``Some(relation, (i, 1, m))``: the relation holds for an index."""

    def __new__(cls, relation: Any, limits: Any) -> Any:
        """Take the relation and (index, first, last)."""
        return super().__new__(cls, sp.sympify(relation), sp.Tuple(*limits))

    @property
    def free_symbols(self) -> set[Any]:
        """The index is not free."""
        k, low, high = self.args[1]
        inside = self.args[0].free_symbols - {k}
        return inside | low.free_symbols | high.free_symbols

    def _eval_subs(self, old: Any, new: Any) -> Any:
        return self if old == self.args[1][0] else None

    def _latex(self, printer: Any) -> str:
        k, low, high = (printer._print(a) for a in self.args[1])
        inside = printer._print(self.args[0])
        return rf"{inside}\ \text{{for some}}\ {k} = {low}, \ldots, {high}"


class ConstantTerm(sp.Expr):
    """``ConstantTerm(f, z)``: the mean of f over the unit circle."""

    is_commutative = True

    @property
    def bound_symbols(self) -> list[Any]:
        """The variable of the circle is not free."""
        return [self.args[1]]

    @property
    def free_symbols(self) -> set[Any]:
        """Symbols of the function without the variable."""
        return self.args[0].free_symbols - {self.args[1]}

    def _eval_subs(self, old: Any, new: Any) -> Any:
        return self if old == self.args[1] else None

    def _latex(self, printer: Any) -> str:
        inside = printer._print(self.args[0])
        return rf"[{printer._print(self.args[1])}^0]\left({inside}\right)"


class Sentence(sp.Symbol):
    """A sentence in place of a formula, for arguments and quotations."""

    def _latex(self, printer: Any) -> str:
        # Mathematics between dollar signs must not nest inside \text.
        parts = self.name.split("$")
        return "".join(
            part if i % 2 else rf"\text{{{part}}}"
            for i, part in enumerate(parts)
            if part
        )

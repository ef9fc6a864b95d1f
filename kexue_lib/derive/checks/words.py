"""Noncommuting letters, and Laurent polynomials on the unit circle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.algebra import Expand
from kexue_lib.derive.checks.base import (
    Check,
    gaps,
    prepare,
    rational_zero,
    require,
)
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.objects import ConstantTerm
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.statement import Finding, RejectedError, Statement

_MOST = 2000


@dataclass(frozen=True)
class Words(Check):
    """Letters that do not commute: words rewritten to a normal form.

    The inverse of a sum is a letter ``Y`` with ``sum * Y = Y * sum = 1``;
    inverses of single letters cancel by themselves.
    """

    name: ClassVar[str] = "words"

    def run(self, statement: Statement) -> Finding:
        """Expand, rewrite, compare word by word."""
        require(statement, Relation.EQ)
        gap = prepare(statement.left - statement.right)
        rules: list[tuple[tuple[Any, ...], Any]] = []
        flat = _opened(_letters(gap, rules, {}))
        for _ in range(_MOST):
            changed = _opened(_rewritten(flat, rules))
            if changed == flat:
                break
            flat = changed
        else:
            raise RejectedError("the rewriting did not end")
        words: dict[Any, Any] = {}
        for term in sp.Add.make_args(flat):
            scalar, letters = term.args_cnc()
            word = _powers(letters)
            words[word] = words.get(word, 0) + sp.Mul(*scalar)
        if not all(rational_zero(c) for c in words.values()):
            raise RejectedError("words are left over")
        extra = "; an inverse times its sum is 1" if rules else ""
        return Finding(
            Level.PROVED, f"noncommuting words cancel one by one{extra}"
        )


def _opened(expr: Any) -> Any:
    """Multiply out; a power with a symbol in it stays one letter's power."""
    return sp.expand(expr, power_exp=False)


def _letters(expr: Any, rules: list[Any], seen: dict[Any, Any]) -> Any:
    """Replace inverses of sums by letters and note their rules."""
    if expr.is_commutative or expr.is_Symbol:
        return expr
    inverse = expr.is_Pow and expr.exp.is_Integer and expr.exp < 0
    if inverse and expr.base.is_Mul:
        turned = [f**-1 for f in reversed(expr.base.args)]
        product = sp.Mul(*(_letters(f, rules, seen) for f in turned))
        return product ** (-expr.exp)
    if inverse and expr.base.is_Add:
        base = _tidy(_letters(expr.base, rules, seen))
        weight = _lead(base)[0]
        base = _tidy(base / weight)
        letter = seen.get(base)
        if letter is None:
            letter = sp.Dummy("Y", commutative=False)
            seen[base] = letter
            rules += _inverse_rules(base, letter)
        return (letter / weight) ** (-expr.exp)
    return expr.func(*(_letters(a, rules, seen) for a in expr.args))


def _tidy(base: Any) -> Any:
    """Write the scalars of a sum of words as reduced fractions.

    So that proportional sums share an inverse, however they were written.
    """
    words: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(base)):
        scalar, letters = term.args_cnc()
        word = sp.Mul(*letters)
        words[word] = words.get(word, 0) + sp.Mul(*scalar)
    return sp.Add(*(sp.factor(c) * word for word, c in words.items()))


def _lead(base: Any) -> tuple[Any, tuple[Any, ...]]:
    """Scalar and letters of the longest word of a sum."""
    terms = [t.args_cnc() for t in sp.Add.make_args(base)]
    scalar, word = max(terms, key=lambda t: (len(_flat(t[1])), str(t[1])))
    return sp.Mul(*scalar), _flat(word)


def _inverse_rules(base: Any, letter: Any) -> list[Any]:
    """From ``sum * Y = 1``: the longest word times Y is the rest.

    The longest word has the factor 1.
    """
    _, lead = _lead(base)
    rest = base - sp.Mul(*lead)
    return [
        ((*lead, letter), 1 - rest * letter),
        ((letter, *lead), 1 - letter * rest),
    ]


def _flat(word: list[Any]) -> tuple[Any, ...]:
    """Write powers as repeated letters."""
    out: list[Any] = []
    for factor in word:
        base, power = factor.as_base_exp()
        if power.is_Integer and power > 0:
            out += [base] * int(power)
        elif power.is_Integer and power < 0:
            out += [base**-1] * int(-power)
        else:
            out.append(factor)
    return tuple(out)


def _powers(word: list[Any]) -> tuple[Any, ...]:
    """Write neighbours of the same base as one power: A A^L = A^L A."""
    out: list[tuple[Any, Any]] = []
    for factor in word:
        base, power = factor.as_base_exp()
        if out and out[-1][0] == base:
            power += out.pop()[1]
        if power != 0:
            out.append((base, sp.expand(power)))
    return tuple(out)


def _rewritten(expr: Any, rules: list[Any]) -> Any:
    total = sp.S.Zero
    for term in sp.Add.make_args(expr):
        scalar, letters = term.args_cnc()
        total += sp.Mul(*scalar) * _one_rewrite(_flat(letters), rules)
    return total


def _one_rewrite(word: tuple[Any, ...], rules: list[Any]) -> Any:
    for old, new in rules:
        for i in range(len(word) - len(old) + 1):
            if word[i : i + len(old)] == old:
                head, tail = word[:i], word[i + len(old) :]
                return sp.Mul(*head) * new * sp.Mul(*tail)
    return sp.Mul(*word)


@dataclass(frozen=True)
class Circle(Check):
    """Laurent polynomials on the unit circle: ``conj(z) = 1/z``.

    Args:
        z: the symbol; ``Eq(Abs(z), 1)`` is given, or z is the variable of
            a constant term.
        then: the check after conjugates and constant terms are gone.
    """

    name: ClassVar[str] = "circle"
    z: Any
    then: Check = field(default_factory=Expand)

    def run(self, statement: Statement) -> Finding:
        """Conjugate, multiply out, take constant terms."""
        require(statement, Relation.EQ, Relation.LE, Relation.GE)
        free = self.z in statement.symbols
        if free and not statement.domain.on_unit_circle(self.z):
            raise RejectedError(f"Eq(Abs({self.z}), 1) is not given")
        levels = []
        for gap in gaps(statement):
            flat = self._flat(prepare(gap))
            inner = statement.but(lhs=flat, rhs=sp.S.Zero)
            levels.append(self.then.run(inner).level)
        z = to_latex(self.z)
        return Finding(
            weakest(levels),
            f"on the unit circle $\\overline{{{z}}} = 1/{z}$; "
            "multiplied out, everything cancels",
        )

    def _flat(self, expr: Any) -> Any:
        if isinstance(expr, ConstantTerm):
            function, z = expr.args
            opened = sp.expand(self._flat(function))
            return self._constant(opened, z)
        if (
            isinstance(expr, sp.Pow)
            and isinstance(expr.base, sp.Abs)
            and (expr.exp.is_Integer and expr.exp % 2 == 0)
        ):
            inside = expr.base.args[0]
            both = self._flat(inside) * self._flat(sp.conjugate(inside))
            return both ** (expr.exp / 2)
        if expr == sp.conjugate(self.z):
            return 1 / self.z
        if not expr.args:
            return expr
        return expr.func(*(self._flat(a) for a in expr.args))

    def _constant(self, opened: Any, z: Any) -> Any:
        total = sp.S.Zero
        for term in sp.Add.make_args(opened):
            rest, power = term.as_independent(z)
            if power == 1:
                total += rest
            elif not (power.is_Pow or power == z) or (
                power.as_base_exp()[0] != z
                or not power.as_base_exp()[1].is_Integer
            ):
                raise RejectedError(f"{term} is no Laurent monomial in {z}")
        return total

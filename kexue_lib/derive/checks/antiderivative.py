"""A definite integral, by an antiderivative that is differentiated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from kexue_lib.derive.checks.base import Tactic, prepare
from kexue_lib.derive.checks.sums import letter
from kexue_lib.derive.core import rules
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError
from kexue_lib.derive.core.statement import Proof
from kexue_lib.derive.core.terms import Term, UnsupportedError, mul
from kexue_lib.derive.goals import Goal, equal
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.printing import to_latex


@dataclass(frozen=True)
class Antiderivative(Tactic):
    """A definite integral, verified by differentiating F.

    Args:
        F: the antiderivative, in the variable of the integral; without it
            SymPy looks for one, and it is verified in the same way.
    """

    name: ClassVar[str] = "antiderivative"
    certificates: ClassVar[tuple[str, ...]] = ("F",)
    F: Any = None

    def show(self, goal: Goal) -> Proof:
        """Differentiate F, then put in the ends."""
        goal.equates()
        try:
            return equal(goal)
        except UnsupportedError:
            pass
        x = letter(goal.origin, sp.Integral)
        found = _searched(goal, x) if self.F is None else goal.read(self.F)
        return rules.primitive(
            goal.left,
            goal.right,
            goal.know,
            rules.function(found, term(x)),
            goal.premises,
        )

    def said(self) -> str:
        """The antiderivative."""
        if self.F is None:
            return "an antiderivative is found, differentiated, and put in"
        return (
            f"$F = {to_latex(self.F)}$ differentiates to the integrand; the "
            "ends remain"
        )


def _searched(goal: Goal, x: Any) -> Term:
    """An antiderivative that SymPy finds; verified after."""
    area = next(iter(unfold(goal.origin).atoms(sp.Integral)))
    body = area.function
    letters = {term(s): s for s in body.free_symbols}
    table = {
        letters[s]: _written(v, letters)
        for s, v in goal.table.items()
        if s in letters
    }
    body = prepare(body.subs(table, simultaneous=True))
    found = _by_parts(body, x)
    if found is None:
        found = sp.integrate(body, x)
    if found.has(sp.Integral):
        raise NotShownError("no antiderivative was found; give F")
    scale, _ = rules.single(goal.left, "int")
    return mul(scale, goal.read(found))


def _by_parts(integrand: Any, x: Any) -> Any:
    """Antiderivative of polynomials times exponentials, else None."""
    total = sp.S.Zero
    for part in sp.Add.make_args(sp.expand(integrand)):
        factor, rest = part.as_independent(x, as_Add=False)
        exponent, power = sp.S.Zero, sp.S.One
        for each in sp.Mul.make_args(rest):
            if each.func is sp.exp:
                exponent += each.args[0]
            else:
                power *= each
        wave, rate = sp.exp(exponent), sp.diff(exponent, x)
        if rate.has(x) or not power.is_polynomial(x):
            return None
        if rate == 0:
            total += factor * sp.Poly(power, x).integrate().as_expr()
            continue
        # The sum over derivatives with alternating signs.
        sign, divisor = sp.S.One, rate
        while power != 0:
            total += factor * sign * power * wave / divisor
            power, sign, divisor = sp.diff(power, x), -sign, divisor * rate
    return total


def _written(t: Term, letters: Mapping[Term, Any]) -> Any:
    """A simple term in SymPy again (values of cases)."""
    match t.op:
        case "num":
            return sp.Rational(t.args[0].numerator, t.args[0].denominator)
        case "sym" if t in letters:
            return letters[t]
        case "add":
            return sp.Add(*(_written(a, letters) for a in t.args))
        case "mul":
            return sp.Mul(*(_written(a, letters) for a in t.args))
    raise NotShownError(f"{t} in a certificate")

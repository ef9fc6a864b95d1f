"""Statements about limits, orders and equivalence, true and false.

A false statement may never be answered Yes. Most are nearly true: right to
many digits at a large argument, from one side only, for all values of a
parameter but one, or after a cancellation to second order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import (
    Abs,
    Derivative,
    E,
    Function,
    Heaviside,
    I,
    Integer,
    Max,
    Ne,
    Piecewise,
    Rational,
    Sum,
    atan,
    binomial,
    cos,
    cosh,
    coth,
    erf,
    erfc,
    exp,
    factorial,
    floor,
    gamma,
    log,
    loggamma,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    tan,
    tanh,
)

from kexue_lib.derive.core.limits import relations
from kexue_lib.derive.core.limits.towards import Towards
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Answer, Proof

x = sp.Symbol("x", real=True)
a, b = sp.symbols("a b", positive=True)
c = sp.Symbol("c", nonnegative=True)
r, s = sp.symbols("r s", real=True)
z = sp.Symbol("z")
n = sp.Symbol("n", integer=True)
m = sp.Symbol("m", integer=True, positive=True)
f = Function("f")


@dataclass(frozen=True)
class Row:
    """A statement about x near a point, and whether it is true.

    Attributes:
        kind: "limit", "order" (left = O(right)) or "equivalent".
        left, right: the function, and its limit, bound or twin.
        point, side: where x goes.
        given: hypotheses on the parameters.
        true: whether it holds for all parameters that are admitted.
        known: whether the core has to see it.
    """

    kind: str
    left: Any
    right: Any
    point: Any
    side: str
    given: tuple[Any, ...]
    true: bool
    known: bool

    def answer(self) -> Answer:
        """What the core says."""
        know = Context(tuple(map(term, self.given)))
        towards = Towards(term(x), term(self.point), self.side)
        left, right = term(self.left), term(self.right)

        def show() -> Proof:
            match self.kind:
                case "limit":
                    node = sp.Limit(self.left, x, self.point, self.side)
                    return relations.equal(term(node), right, know)
                case "order":
                    return relations.of_order(left, right, towards, know)
            return relations.equivalent(left, right, towards, know)

        return relations.decided(show)

    def __str__(self) -> str:
        place = f"{self.point}{self.side}"
        return f"{self.kind} {self.left} {self.right} at {place}"


ROWS: list[Row] = []


def row(
    kind: str, left: Any, right: Any, *where: Any, good: bool, **more: Any
) -> None:
    """Add a statement; without a point x goes to infinity."""
    point, side = where or (oo, "-")
    left, right = sp.sympify(left), sp.sympify(right)
    given = more.get("given", ())
    known = more.get("known", True)
    point = sp.sympify(point)
    ROWS.append(Row(kind, left, right, point, side, given, good, known))


def true(kind: str, *args: Any, **more: Any) -> None:
    """Add a true statement."""
    row(kind, *args, good=True, **more)


def false(kind: str, *args: Any, **more: Any) -> None:
    """Add a false statement; ``known=False``: it may stay undecided."""
    row(kind, *args, good=False, **more)


LIM, ORD, SIM = "limit", "order", "equivalent"
BOTH, ABOVE, BELOW = (0, "+-"), (0, "+"), (0, "-")

# -- ratios, cancellation -------------------------------------------------

true(LIM, (1 - exp(-a * x)) / x, a, *BOTH)
false(LIM, (1 - exp(-a * x)) / x, a + Rational(1, 10**9), *BOTH)
true(LIM, (1 - exp(-r * x)) / x, r, *BOTH)
true(LIM, (exp(x) - 1 - x - x**2 / 2) / x**3, Rational(1, 6), *BOTH)
false(LIM, (exp(x) - 1 - x - x**2 / 2) / x**3, 0, *BOTH)
true(LIM, (sin(x) - x + x**3 / 6) / x**5, Rational(1, 120), *BOTH)
false(LIM, (sin(x) - x + x**3 / 6) / x**5, Rational(1, 12), *BOTH)
true(LIM, (tan(x) - sin(x)) / x**3, Rational(1, 2), *BOTH)
true(LIM, sin(x) ** -2 - x**-2, Rational(1, 3), *BOTH)
false(LIM, sin(x) ** -2 - x**-2, 0, *BOTH)
true(LIM, coth(x) - 1 / x, 0, *BOTH)
true(LIM, (x**2 - r**2) / (x - r), 2 * r, r, "+-")
false(LIM, (x**2 - r**2) / (x - r), r, r, "+-", known=False)
true(LIM, sqrt(x**2 + x) - x, Rational(1, 2))
false(LIM, sqrt(x**2 + x) - x, Rational(1, 2) - Rational(1, 10**7))
true(LIM, x * (sqrt(x**2 + 1) - x), Rational(1, 2))
true(LIM, (log(1 + x) - x + x**2 / 2) / x**3, Rational(1, 3), *BOTH)
false(LIM, log(1 + x) / x, 1 + Rational(1, 10**6), *BOTH)
true(LIM, exp(x) * (exp(1 / x - exp(-x)) - exp(1 / x)), -1)
false(LIM, exp(x) * (exp(1 / x - exp(-x)) - exp(1 / x)), 0)

# -- slow and fast --------------------------------------------------------

true(LIM, log(x) / x, 0)
true(LIM, log(log(x)) / log(x), 0)
false(LIM, 1 / log(log(x)), Rational(38, 100))
true(LIM, 1 / log(log(x)), 0)
true(LIM, x ** (1 / x), 1)
false(LIM, x ** (1 / log(x)), 1)
true(LIM, (1 + a / x) ** x, exp(a))
true(LIM, (1 + r / x) ** x, exp(r))
false(LIM, (1 + a / x) ** x, exp(a) - Rational(1, 10**6))
false(LIM, (1 + 1 / x) ** (x**2), E)
true(LIM, (3**x + 5**x) ** (1 / x), 5)
false(LIM, (3**x + 5**x) ** (1 / x), 8)
true(LIM, x**100 * exp(-sqrt(x)), 0)
false(LIM, exp(-x / 10**6), 1)
true(LIM, exp(a * x) / (exp(x**2) + exp(a * x) - 1), 0)
true(LIM, exp(exp(x + exp(-x))) / exp(exp(x)), E)
false(LIM, exp(exp(x + exp(-x))) / exp(exp(x)), 1)
fast_ = exp(x * exp(-x) / (exp(-x) + exp(-2 * x**2 / (x + 1))))
true(LIM, (fast_ - exp(x)) / x, -exp(2))
false(LIM, (fast_ - exp(x)) / x, -oo)
true(LIM, x * log(x), 0, *ABOVE)
true(LIM, x**a * log(x) ** 5, 0, *ABOVE)
true(LIM, x**x, 1, *ABOVE)
false(LIM, x**x, 0, *ABOVE)
false(LIM, exp(x + 1) / exp(x), 1)

# -- sides, jumps, oscillation --------------------------------------------

true(LIM, Abs(x) / x, 1, *ABOVE)
true(LIM, Abs(x) / x, -1, *BELOW)
false(LIM, Abs(x) / x, 1, *BOTH)
false(LIM, Abs(x) / x, 1, *BELOW)
true(LIM, exp(-1 / x), 0, *ABOVE)
false(LIM, exp(-1 / x), 0, *BOTH)
false(LIM, exp(-1 / x), 0, *BELOW)
true(LIM, exp(-1 / x**2), 0, *BOTH)
true(LIM, atan(1 / x), -pi / 2, *BELOW)
false(LIM, atan(1 / x), pi / 2, *BOTH)
false(LIM, 1 / x, oo, *BOTH)
true(LIM, 1 / x**2, oo, *BOTH)
false(LIM, Max(0, x) / x, 1, *BOTH)
false(LIM, Heaviside(x), Rational(1, 2), *BOTH)
false(LIM, sign(x), 0, *BOTH)
steps_ = Piecewise((x, x < 1), (2, True))
true(LIM, steps_, 1, 1, "-")
false(LIM, steps_, 1, 1, "+-")
false(LIM, sin(1 / x), 0, *ABOVE, known=False)
true(LIM, x * sin(1 / x), 0, *BOTH)
false(LIM, sin(x), 0, known=False)
false(LIM, cos(2 * pi * x), 1, known=False)
true(LIM, cos(x) * exp(-x), 0)
false(LIM, x * sin(x) / (x + 1), 0, known=False)
true(LIM, (-1) ** x / x, 0)
false(LIM, (-1) ** x, 1, known=False)
false(LIM, sqrt(x - 1), 0, 1, "+-", known=False)
false(LIM, floor(x) - x, 0, known=False)
false(LIM, exp(x + I * sqrt(x)) * exp(-x), 1, known=False)

false(LIM, log(x**I) / log(x), I, known=False)
false(LIM, sqrt(x ** (2 * I)) * x**-I, 1, known=False)
false(LIM, x + I * sqrt(x), oo, known=False)
true(LIM, (x + I * sqrt(x)) / x, 1)
true(LIM, (1 + I / x) ** x, exp(I))
true(LIM, x * exp(-a * x + I * b * x), 0)
false(LIM, exp(-x / 10**9 + I * x), 1, known=False)
false(LIM, exp(I * x), 0, known=False)
false(LIM, Function("@binet", real=True)(x), 0, known=False)

# -- parameters -----------------------------------------------------------

true(LIM, (a * x + 1) / (b * x - 1), a / b)
true(LIM, (r * x + 1) / (x + 1), r)
false(LIM, (x + 1) / (r * x + 1), 1 / r, known=False)
true(LIM, (x + 1) / (r * x + 1), 1 / r, given=(Ne(r, 0),))
false(LIM, tanh(r * x), 1, known=False)
true(LIM, tanh(a * x), 1)
false(LIM, exp(-(r**2) * x), 0, known=False)
true(LIM, exp(-(r**2) * x), 0, given=(Ne(r, 0),))
false(LIM, x**r, oo, known=False)
false(LIM, x**c, oo, known=False)
true(LIM, x**a, oo)
false(LIM, a**x, 0, known=False)
true(LIM, x**2 * a**x, 0, given=(a < 1,))
false(LIM, x**2 * a**x, 0, given=(a > 1,))
false(LIM, x ** (-1 / c), 0, known=False)
true(LIM, x ** (-1 / a), 0)
false(LIM, 1 / (c * x) + 1 / x, 0, known=False)
false(LIM, (x - r) / (x - s), 0, r, "+-", known=False)
true(LIM, (x - r) / (x - s), 0, r, "+-", given=(Ne(r, s),))
false(LIM, (1 - exp(-r * x)) / r, 0, *BOTH, known=False)
true(LIM, (f(r + x) - f(r)) / x, Derivative(f(r), r), *BOTH)
false(LIM, (f(r + x) - f(r - x)) / x, Derivative(f(r), r), *BOTH, known=False)

# -- Gamma, erf -----------------------------------------------------------

true(LIM, gamma(x + a) / (gamma(x) * x**a), 1)
false(LIM, gamma(x + a) / (gamma(x) * x**a), a, known=False)
true(LIM, gamma(x + 1) / (sqrt(x) * gamma(x + Rational(1, 2))), 1)
false(LIM, gamma(x + 1) / gamma(x + Rational(1, 2)), 1)
true(LIM, factorial(x) / (sqrt(2 * pi * x) * (x / E) ** x), 1)
false(LIM, factorial(x) / (sqrt(2 * pi * x) * (x / E) ** x), 1 + E**-99)
true(LIM, binomial(2 * x, x) * sqrt(pi * x) / 4**x, 1)
false(LIM, binomial(2 * x, x) * sqrt(x) / 4**x, 1)
true(LIM, 2**x / factorial(x), 0)
true(LIM, loggamma(x) - x * log(x) + x + log(x) / 2, log(2 * pi) / 2)
false(LIM, loggamma(x) - x * log(x) + x + log(x) / 2, 1)
true(LIM, sqrt(pi) * x * exp(x**2) * erfc(x), 1)
false(LIM, x * exp(x**2) * erfc(x), 1)
true(LIM, (1 - erf(x)) * exp(x**2), 0)
true(LIM, erfc(x) / erfc(x + 1 / x), exp(2))
true(LIM, erf(x) / x, 2 / sqrt(pi), *BOTH)

true(LIM, sp.asinh(x) - log(x), log(2))
true(LIM, sp.asinh(x) + log(-x), -log(2), -oo, "+")
false(LIM, sp.asinh(x) - log(x), log(2), -oo, "+", known=False)
true(LIM, sp.acosh(x) - log(x), log(2))
true(LIM, sp.asin(x) / x, 1, *BOTH)
true(LIM, (sp.acos(x) - pi / 2 + x) / x**3, -Rational(1, 6), *BOTH)
true(LIM, sp.acos(1 - x) / sqrt(x), sqrt(2), *ABOVE)
false(LIM, sp.acos(1 + x) / sqrt(-x), sqrt(2), *ABOVE, known=False)
true(LIM, (sp.atanh(x) - x) / x**3, Rational(1, 3), *BOTH)
false(LIM, sp.atanh(x), pi / 2, known=False)
true(LIM, x * (sp.digamma(x) - log(x)), -Rational(1, 2))
false(LIM, x * (sp.digamma(x) - log(x)), 0)
true(LIM, x**2 * (sp.digamma(x) - log(x) + 1 / (2 * x)), -Rational(1, 12))
true(LIM, sp.uppergamma(a, x) * exp(x) * x ** (1 - a), 1)
false(LIM, sp.uppergamma(a, x) * exp(x) * x**-a, 1)
true(LIM, sp.lowergamma(a, x), gamma(a))

# -- other forms ----------------------------------------------------------

true(LIM, Sum(x**-m, (m, 1, 5)), 0)
true(LIM, Derivative(x * log(x), x), -oo, *ABOVE)
false(LIM, Derivative(Abs(x), x), 0, *BOTH, known=False)
false(LIM, Derivative(sin(x), x), 0, *BOTH)

# -- orders ---------------------------------------------------------------

true(ORD, exp(x) - 1 - x - x**2 / 2, x**3, *BOTH)
false(ORD, exp(x) - 1 - x - x**2 / 2, x**4, *BOTH)
true(ORD, exp(-1 / x), x**5, *ABOVE)
false(ORD, exp(-1 / x), x**5, *BOTH)
false(ORD, Abs(x) - x, x**2, *BOTH)
true(ORD, Abs(x) - x, x**2, *ABOVE)
false(ORD, x**2 * log(x), x**2, *ABOVE)
true(ORD, x**2 * log(x), x, *ABOVE)
true(ORD, cos(x) - 1 + x**2 / 2, x**4, *BOTH)
false(ORD, r * x, x**2, *BOTH, known=False)
true(ORD, (r - s) * x + x**2, x**2, *BOTH, given=(sp.Eq(r, s),), known=False)
true(ORD, sqrt(1 + x) - 1 - x / 2 + x**2 / 8, x**3, *BOTH)
false(ORD, sqrt(1 + x) - 1 - x / 2 - x**2 / 8, x**3, *BOTH)
true(ORD, log(1 + 1 / x) - 1 / x, x**-2)
false(ORD, log(1 + 1 / x) - 1 / x, x**-3)
false(ORD, sqrt(x**3), x**2, *ABOVE)
true(ORD, (1 + x) ** -n - 1 + n * x, x**2, *BOTH)
false(ORD, (1 + x) ** -m - 1 + m * x, x**3, *BOTH)
false(ORD, x * sin(1 / x), x**2, *BOTH, known=False)
true(ORD, exp(1 / x), x**-1, *BELOW)

# -- equivalence ----------------------------------------------------------

true(SIM, x * log(x), x - 1, 1, "+-")
false(SIM, x * log(x), 1 - x, 1, "+-")
true(SIM, 1 / cosh(x) ** 2, 4 * exp(-2 * x))
false(SIM, 1 / cosh(x) ** 2, 4 * exp(-x))
true(SIM, x + 1, x)
false(SIM, x + 1, x, *BOTH)
true(SIM, sin(x), x, *BOTH)
false(SIM, sin(x), x, known=False)
false(SIM, exp(x + 1 / log(x)), exp(x) * (1 + exp(-x)), 1, "+")
false(SIM, exp(x + 1), exp(x))
true(SIM, log(x + 1), log(x))
false(SIM, x**2 + x * log(x), x**2 * log(x))
true(SIM, x + sin(x), x)
false(SIM, x * (1 + sin(x)), x, known=False)
true(SIM, Max(x, r), x)
false(SIM, Max(x, r), x, -oo, "+", known=False)
true(SIM, Integer(2) ** x + x**9, Integer(2) ** x)

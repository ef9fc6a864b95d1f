"""A table of statements, true and false, by kind.

A false statement may never be answered Yes. Most are false in a corner only:
true on small integers, on positive numbers, to many digits, off a null set,
after cancelling. ``exactly`` lists the answers that a row may get.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import (
    Abs,
    Derivative,
    Eq,
    I,
    Integral,
    KroneckerDelta,
    Max,
    Mul,
    Ne,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    acos,
    asin,
    atan,
    atanh,
    binomial,
    conjugate,
    cos,
    cosh,
    erf,
    exp,
    factorial,
    gamma,
    im,
    laguerre,
    legendre,
    log,
    oo,
    pi,
    re,
    rf,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from kexue_lib.derive.core import rules
from kexue_lib.derive.core.decide import Rule
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.statement import Proof, Statement
from kexue_lib.derive.core.terms import sub, subst

YES, NO, UNKNOWN = "yes", "no", "unknown"


@dataclass(frozen=True)
class Row:
    """A statement, whether it is true, and the answers that are allowed."""

    kind: str
    lhs: Any
    op: str
    rhs: Any
    given: tuple[Any, ...]
    rule: Rule | None
    true: bool
    answers: frozenset[str]

    @property
    def statement(self) -> Statement:
        """The statement, read."""
        given = tuple(map(term, self.given))
        return Statement(term(self.lhs), self.op, term(self.rhs), given)

    def __str__(self) -> str:
        said = f"{self.kind}: {self.lhs} {self.op} {self.rhs}"
        return said + "".join(f" if {g}" for g in self.given)


ROWS: list[Row] = []


def _row(
    kind: str,
    true: bool,
    lhs: Any,
    rhs: Any,
    op: str,
    given: Any,
    rule: Rule | None,
    default: set[str],
    exactly: Any,
) -> None:
    answers = frozenset(exactly or default)
    sides = (sp.sympify(lhs), sp.sympify(rhs))
    ROWS.append(
        Row(kind, sides[0], op, sides[1], tuple(given), rule, true, answers)
    )


def true(
    kind: str,
    lhs: Any,
    rhs: Any,
    op: str = "=",
    given: Any = (),
    rule: Rule | None = None,
    exactly: Any = None,
) -> None:
    """A true statement, to be shown."""
    _row(kind, True, lhs, rhs, op, given, rule, {YES}, exactly)


def false(
    kind: str,
    lhs: Any,
    rhs: Any,
    op: str = "=",
    given: Any = (),
    rule: Rule | None = None,
    exactly: Any = None,
) -> None:
    """A false statement, never to be shown."""
    default = {NO, UNKNOWN}
    _row(kind, False, lhs, rhs, op, given, rule, default, exactly)


# -- certificates -------------


def induct(n: Any, start: int = 0, stride: int = 1) -> Rule:
    """Induction in n."""

    def step(a: Any, b: Any, know: Any, *premises: Any) -> Proof:
        return rules.equal(a, b, know, premises)

    def rule(s: Statement, know: Any) -> Proof:
        return rules.induction(
            s.left, s.right, know, term(n), start, stride, step
        )

    return rule


def telescope(F: Any, k: Any) -> Rule:
    """term(k) = F(k) - F(k + 1)."""
    certificate = rules.function(term(F), term(k))
    return lambda s, know: rules.telescoping(
        s.left, s.right, know, certificate
    )


def primitive(F: Any, x: Any) -> Rule:
    """An antiderivative."""
    certificate = rules.function(term(F), term(x))
    return lambda s, know: rules.primitive(s.left, s.right, know, certificate)


def using(lhs: Any, rhs: Any, given: Any = ()) -> Rule:
    """An earlier equation."""
    premise = rules.Premise(term(lhs), term(rhs), tuple(map(term, given)))
    return lambda s, know: rules.equal(s.left, s.right, know, [premise])


def growing(var: Any, start: Any) -> Rule:
    """The difference grows from the start on."""

    def rule(s: Statement, know: Any) -> Proof:
        gap = term(0) if s is None else sub(s.right, s.left)
        strict = s.relation == "<"
        return rules.by_growth(gap, term(var), term(start), strict, know)

    return rule


def convex(var: Any, at: Any) -> Rule:
    """The difference is convex and touches 0."""

    def rule(s: Statement, know: Any) -> Proof:
        gap = sub(s.right, s.left)
        return rules.by_convexity(gap, term(var), term(at), None, know)

    return rule


def squares(*pairs: Any) -> Rule:
    """The difference is a sum of weighted squares: (base, weight), ..."""

    def rule(s: Statement, know: Any) -> Proof:
        gap = sub(s.right, s.left)
        found = [(term(b), term(w)) for b, w in pairs]
        return rules.by_squares(gap, found, know)

    return rule


def smallest(f: Any, place: dict[Any, Any], value: Any = None) -> Rule:
    """The minimum of f; the statement itself is not read."""

    def rule(s: Statement, know: Any) -> Proof:
        at = {term(x): term(v) for x, v in place.items()}
        seen = None if value is None else term(value)
        return rules.optimum(True, term(f), at, seen, know)

    return rule


def apart(a: Any, b: Any, gap: int = 0) -> Rule:
    """Cases of the order of two integers."""

    def rule(s: Statement, know: Any) -> Proof:
        def inside(table: Any, there: Any) -> Proof:
            put = (subst(side, table) for side in (s.left, s.right))
            return rules.equal(*put, there)

        return rules.by_order(know, term(a), term(b), gap, inside)

    return rule


def parity(n: Any) -> Rule:
    """n even, n odd."""

    def rule(s: Statement, know: Any) -> Proof:
        def inside(table: Any, there: Any) -> Proof:
            put = (subst(side, table) for side in (s.left, s.right))
            return rules.equal(*put, there)

        return rules.by_parity(know, term(n), inside)

    return rule


x, y, t, u = sp.symbols("x y t u", real=True)
a, b = sp.symbols("a b", positive=True)
c, d = sp.symbols("c d", nonnegative=True)
z, w = sp.symbols("z w", complex=True)
n, m, N = sp.symbols("n m N", integer=True, nonnegative=True)
p, q = sp.symbols("p q", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
A, B = sp.symbols("A B", commutative=False)
f = sp.Function("f")
fr = sp.Function("f", real=True)
v = sp.IndexedBase("v")
vr = sp.IndexedBase(sp.Symbol("r", real=True))


def raw(*factors: Any) -> Any:
    """A product that SymPy leaves alone."""
    return Mul(*factors, evaluate=False)


def kept(text: str) -> Any:
    """A side that SymPy reads without evaluating it."""
    with sp.evaluate(False):
        return eval(text, globals())


def inv(e: Any) -> Any:
    """1/e that SymPy leaves alone."""
    return Pow(e, -1, evaluate=False)


# -- cancelling -------------

K = "cancel"
true(K, (x + 1) ** 3, x**3 + 3 * x**2 + 3 * x + 1)
true(K, raw(x - 1, x + 1, inv(x - 1)), x + 1, given=[Ne(x, 1)])
false(K, raw(x - 1, x + 1, inv(x - 1)), x + 1, exactly={NO})
true(K, raw(x, inv(x)), 1, given=[x > 0])
false(K, raw(x, inv(x)), 1, exactly={NO})
true(K, raw(x**2 + 1, inv(x**2 + 1)), 1)
false(K, raw(z**2 + 1, inv(z**2 + 1)), 1)
true(K, 1 / (x + 1) - 1 / (x + 2), 1 / ((x + 1) * (x + 2)), given=[x > -1])
false(K, 1 / (x + 1) - 1 / (x + 2), 1 / ((x + 1) * (x + 2)), exactly={NO})
true(K, 1 / (a + 1) + 1 / (a + 2), (2 * a + 3) / ((a + 1) * (a + 2)))
false(K, 1 / (n - 7) - 1 / (n - 6), 1 / ((n - 7) * (n - 6)), exactly={NO})
true(K, 1 / (n + 1) - 1 / (n + 2), 1 / ((n + 1) * (n + 2)))
false(K, 1 / (n**2 - 30 * n + 29), 1 / ((n - 1) * (n - 29)), exactly={NO})
true(K, (a**2 - b**2) / (a + b), a - b)
false(K, (a**2 - b**2) / (a - b), a + b)
true(K, (a**2 - b**2) / (a - b), a + b, given=[Ne(a, b)])
false(K, (a - b) / (b - a), -1)
true(K, x / (x**2 + 1) + 1 / (x**2 + 1), (x + 1) / (x**2 + 1))
false(
    K, sp.prod([n - r for r in range(21)]), 0, exactly={NO, UNKNOWN}
)  # true for n <= 20
false(K, 1 / (x**3 + x - 31), (x**3 + x - 31) ** -1 + 0 * x)
true(K, 1 / (a**3 + a + 31), raw(1, inv(a**3 + a + 31)))
true(K, Pow(x, 0, evaluate=False), 1)  # 0^0 = 1 is the convention
true(K, Pow(I, 2, evaluate=False), -1)
true(K, (1 + I) ** 2, 2 * I)
false(K, (1 + I) ** 2, 2)
true(K, (z + w) ** 2, z**2 + 2 * z * w + w**2)
false(K, (z + w) ** 2, z**2 + w**2)

# -- roots and powers -------------

K = "roots"
true(K, Pow(sqrt(a), 2, evaluate=False), a)
true(K, kept("sqrt(a * b)"), sqrt(a) * sqrt(b))
false(K, sqrt(x * y), sqrt(x) * sqrt(y), exactly={NO})
false(K, sqrt(z * w), sqrt(z) * sqrt(w))
true(K, Pow(x**2, Rational(1, 2), evaluate=False), Abs(x))
false(K, Pow(x**2, Rational(1, 2), evaluate=False), x, exactly={NO})
true(K, Pow(a**2, Rational(1, 2), evaluate=False), a)
false(K, Pow(z**2, Rational(1, 2), evaluate=False), z, exactly={NO, UNKNOWN})
true(K, 1 / (sqrt(a) + sqrt(b)), (sqrt(a) - sqrt(b)) / (a - b), given=[a > b])
false(K, 1 / (sqrt(a) + sqrt(b)), (sqrt(a) - sqrt(b)) / (a - b))
true(K, raw(sqrt(2), sqrt(3)), sqrt(6))
true(K, (1 + sqrt(5)) ** 2 / 4, (3 + sqrt(5)) / 2)
false(K, sqrt(2) + sqrt(3), sqrt(10), exactly={NO})
false(K, sqrt(2), Rational(665857, 470832), exactly={NO})  # 12 digits agree
true(K, kept("(a**t)**2"), a ** (2 * t))
true(K, a**x * a**y, a ** (x + y))
true(K, (a * b) ** t, a**t * b**t)
false(
    K,
    (x * y) ** Rational(1, 3),
    x ** Rational(1, 3) * y ** Rational(1, 3),
    exactly={NO},
)
true(K, 2 ** (n + 1), 2 * 2**n)
true(K, 4**n, 2 ** (2 * n))
false(K, (-8) ** (Rational(1) / 3), -2, exactly={NO})
true(K, Pow(-1, 2 * i, evaluate=False), 1)
true(K, (-1) ** (i + 2 * j), (-1) ** i)
false(K, (-1) ** (i * j), (-1) ** i)
true(K, (-1) ** (i + j), (-1) ** (i - j))
true(K, x ** (n + 2), x**2 * x**n)
false(K, x ** (n - 1), x**n / x, exactly={NO})
true(K, a ** (n - 1), a**n / a)
false(K, 0**n, 0, exactly={NO, UNKNOWN})
true(K, kept("sqrt(a / b)"), sqrt(a) / sqrt(b))
false(
    K,
    Pow(1 / z, Rational(1, 2), evaluate=False),
    1 / sqrt(z),
    given=[Ne(z, 0)],
)

# -- exponentials and trigonometry -------------

K = "exponentials"
true(K, exp(x + y), exp(x) * exp(y))
true(K, exp(z + w), exp(z) * exp(w))
true(K, sin(x) ** 2 + cos(x) ** 2, 1)
true(K, cos(2 * x), 2 * cos(x) ** 2 - 1)
true(K, sin(x + y), sin(x) * cos(y) + cos(x) * sin(y))
false(K, sin(x + y), sin(x) * cos(y) - cos(x) * sin(y), exactly={NO})
true(K, cosh(x) ** 2 - sinh(x) ** 2, 1)
true(K, sin(3 * x), 3 * sin(x) - 4 * sin(x) ** 3)
false(K, tan(2 * x), 2 * tan(x) / (1 - tan(x) ** 2))
true(K, tan(x) * cos(x), sin(x), given=[x > 0, x < 1])
false(K, tan(x) * cos(x), sin(x))
true(K, tanh(x), (exp(2 * x) - 1) / (exp(2 * x) + 1))
true(
    K,
    (1 - exp(2 * x)) / (1 - exp(x)),
    1 + exp(x),
    given=[Ne(x, 0)],
    exactly={YES, UNKNOWN},
)
false(K, (1 - exp(2 * x)) / (1 - exp(x)), 1 + exp(x), exactly={NO})
false(
    K,
    (1 - exp(2 * I * x)) / (1 - exp(I * x)),
    1 + exp(I * x),
    given=[Ne(x, 0)],
)
true(K, exp(I * pi * i), (-1) ** i)
true(K, exp(2 * pi * I * i, evaluate=False), 1)
false(K, exp(2 * pi * I * x), 1)
true(K, kept("exp(I * pi / 4)**2"), I)
true(K, cos(pi / 5) ** 2 + cos(2 * pi / 5) ** 2, Rational(3, 4))
false(
    K,
    cos(pi / 5) ** 2 + cos(2 * pi / 5) ** 2,
    Rational(7499, 10000),
    exactly={NO},
)
true(K, exp(2 * I * atan(x)), (1 + I * x) / (1 - I * x))
false(K, exp(2 * I * atan(x)), (1 - I * x) / (1 + I * x), exactly={NO})
false(K, exp(pi * sqrt(163)), 640320**3 + 744, exactly={NO})
false(K, exp(-n), 2 * exp(-n), exactly={NO})
false(K, atan(x) + atan(1 / x), pi / 2, given=[Ne(x, 0)], exactly={NO})
false(K, asin(sin(x)), x, exactly={NO})
false(K, acos(cos(x)), x, exactly={NO})
false(K, 1 / (1 + exp(I * x)), exp(-I * x / 2) / (2 * cos(x / 2)))
true(K, 1 / (1 + exp(x)), exp(-x / 2) / (2 * cosh(x / 2)))

# -- logarithms -------------

K = "logarithms"
true(K, log(a * b), log(a) + log(b))
true(K, log(a**2 + 2 * a + 1), 2 * log(a + 1))
false(K, log((y + 100) ** 2), 2 * log(y + 100))
true(K, log(a / b), log(a) - log(b))
false(K, log(z * w), log(z) + log(w))
false(K, log(x**2), 2 * log(x), given=[Ne(x, 0)], exactly={NO})
true(K, log(exp(x), evaluate=False), x)
false(K, sp.log(exp(z), evaluate=False), z)
true(K, exp(log(a) * t), a**t)
true(K, log(sqrt(a)), log(a) / 2)
false(K, log(a + b), log(a) + log(b), exactly={NO})
false(K, log(a), log(a) + Rational(1, 10**15), exactly={NO})
true(K, log(8), 3 * log(2))
false(K, raw(log(x), inv(log(x))), 1)

# -- factorials, binomials, Gamma -------------

K = "gamma"
true(K, factorial(n + 1), (n + 1) * factorial(n))
true(K, gamma(a + 1), a * gamma(a))
false(K, gamma(x + 1), x * gamma(x), exactly={NO})
false(K, gamma(n - 3) * (n - 3), gamma(n - 2), exactly={NO})
true(K, gamma(n + 3) / gamma(n + 1), (n + 2) * (n + 1))
true(K, binomial(n + 1, m + 1), binomial(n, m) + binomial(n, m + 1))
true(K, binomial(n, m), factorial(n) / (factorial(m) * factorial(n - m)))
false(K, binomial(20 - n, m), binomial(20 - n, 20 - n - m))
true(K, (m + 1) * binomial(n, m + 1), (n - m) * binomial(n, m))
true(
    K,
    gamma(n + Rational(1, 2)),
    (n - Rational(1, 2)) * gamma(n - Rational(1, 2)),
)
false(K, binomial(n, m), binomial(n, n - m - 1))
true(K, rf(a, n + 1), (a + n) * rf(a, n))
false(K, rf(a, n + 1), (a + n + 1) * rf(a, n))
false(K, binomial(n, 9), 0, exactly={NO, UNKNOWN})  # n < 9
true(K, factorial(n) * gamma(n + 2), factorial(n + 1) * gamma(n + 1))
false(K, factorial(n - 1) * n, factorial(n), exactly={NO})
true(K, factorial(p - 1) * p, factorial(p))
true(K, gamma(Rational(5, 2), evaluate=False), 3 * sqrt(pi) / 4)
false(K, factorial(2 * n), 2**n * factorial(n) * factorial(n), exactly={NO})
false(K, gamma(a) * gamma(1 - a), pi / sin(pi * a))

# -- sums -------------

K = "sums"
true(K, Sum(k, (k, 0, n)), n * (n + 1) / 2, rule=induct(n))
true(K, Sum(k**2, (k, 0, n)), n * (n + 1) * (2 * n + 1) / 6, rule=induct(n))
false(
    K,
    Sum(k, (k, 0, n)),
    n * (n + 1) / 2 + n * (n - 1) * (n - 2) * (n - 3),
    rule=induct(n),
    exactly={NO},
)
true(K, Sum(k, (k, 0, n + 1)), Sum(k, (k, 0, n)) + n + 1)
false(K, Sum(v[k], (k, 0, n - 3)), Sum(v[k], (k, 0, n - 2)) - v[n - 2])
true(K, Sum(v[k], (k, 0, n - 1)), Sum(v[k], (k, 0, n)) - v[n])
false(K, Sum(v[k], (k, 0, N - n)), Sum(v[k], (k, 0, N - n + 1)) - v[N - n + 1])
true(
    K,
    Sum(v[k], (k, 0, N - n)),
    Sum(v[k], (k, 0, N - n + 1)) - v[N - n + 1],
    given=[n <= N],
)
false(K, Sum(1, (k, 1, n - 1)), n - 1, exactly={NO, UNKNOWN})  # n = 0: Karr
true(K, Sum(1, (k, 1, p - 1)), p - 1)
true(K, Sum(v[k], (k, 0, n)), Sum(v[n - k], (k, 0, n)))
false(K, Sum(v[k], (k, 0, n)), Sum(v[n - k], (k, 0, n - 1)))
true(K, Sum(v[k + 2], (k, 0, n)), Sum(v[k], (k, 2, n + 2)))
true(K, Sum(3 * v[k] + 1, (k, 1, p)), 3 * Sum(v[k], (k, 1, p)) + p)
false(K, Sum(j * k, (k, 0, n)), Sum(k**2, (k, 0, n)))
false(
    K,
    Sum(j * k * binomial(k, 9), (k, 0, n)),
    Sum(j**2 * binomial(j, 9), (j, 0, n)),
)
true(K, Sum(v[j], (j, 0, n)), Sum(v[k], (k, 0, n)))
true(
    K,
    Sum(v[j] * v[k], (j, 0, n), (k, 0, m)),
    Sum(v[j], (j, 0, n)) * Sum(v[k], (k, 0, m)),
)
false(
    K,
    Sum(v[j] * v[k], (j, 0, k), (k, 0, m)),
    Sum(v[j], (j, 0, m)) * Sum(v[k], (k, 0, m)),
)
true(K, Sum(a**k, (k, 0, n)) * (a - 1), a ** (n + 1) - 1, rule=induct(n))
false(K, Sum(x**k, (k, 0, n)), (x ** (n + 1) - 1) / (x - 1), rule=induct(n))
true(
    K,
    Sum(x**k, (k, 0, n)),
    (x ** (n + 1) - 1) / (x - 1),
    given=[Ne(x, 1)],
    rule=induct(n),
)
false(
    K,
    Sum(exp(I * k * x), (k, 0, n)),
    (1 - exp(I * (n + 1) * x)) / (1 - exp(I * x)),
    given=[Ne(x, 0)],
    rule=induct(n),
)
true(
    K,
    Sum(1 / (k * (k + 1)), (k, 1, p)),
    p / (p + 1),
    rule=telescope(1 / k, k),
)
false(
    K,
    Sum(1 / (k * (k + 1)), (k, 0, n)),
    n / (n + 1),
    rule=telescope(1 / k, k),
)
false(
    K,
    Sum(1 / ((k - 5) * (k - 4)), (k, 0, n)),
    -Rational(1, 5) - 1 / (n - 4),
    rule=telescope(1 / (k - 5), k),
    exactly={NO, UNKNOWN},
)
true(
    K,
    Sum(k * factorial(k), (k, 0, n)),
    factorial(n + 1) - 1,
    rule=telescope(-factorial(k), k),
)
true(K, Product(k, (k, 1, n)), factorial(n), rule=induct(n))
false(K, Product(k, (k, 0, n)), factorial(n), rule=induct(n), exactly={NO})
false(K, Sum(binomial(k, 9), (k, 0, n)), 0, rule=induct(n))
true(
    K,
    Sum(k**3, (k, 0, n)),
    Sum(k, (k, 0, n)) ** 2,
    rule=using(Sum(k, (k, 0, n)), n * (n + 1) / 2),
    exactly={YES, UNKNOWN},
)
true(K, Sum(k, (k, 1, 100)), 5050, exactly={YES, UNKNOWN})
false(K, Sum(k, (k, 1, 30)), 466, exactly={NO})
false(K, Sum((-2) ** k, (k, 0, oo)), Rational(1, 3))
false(K, Sum((-1) ** k, (k, 0, oo)), Rational(1, 2))
false(K, Sum(v[k], (k, 0, oo)), Sum(v[k], (k, 0, oo)))
true(K, Sum(1 / (k**2 + 1), (k, 0, oo)), Sum(1 / (j**2 + 1), (j, 0, oo)))
false(K, Sum(1 / (k + 1), (k, 0, oo)), Sum(1 / (j + 1), (j, 0, oo)))
true(K, Sum(2 ** (-k), (k, 0, oo)), Sum(2 ** (-j), (j, 0, oo)))
false(K, Sum(k, (k, 1, n)), n * (n + 1) / 2, given=[n >= 3], rule=induct(n, 5))
false(
    K,
    Sum(1, (k, 0, n)),
    n + 1 + n * (n - 1) * (n - 2) * (n - 4),
    rule=induct(n, 0, 3),
)
true(K, Sum((-1) ** k, (k, 0, n)), (1 + (-1) ** n) / 2, rule=induct(n))

# -- cases -------------

K = "cases"
step = Piecewise((1, i < j), (0, True))
true(K, step + Piecewise((0, i < j), (1, True)), 1, rule=apart(i, j))
false(K, step + Piecewise((1, j < i), (0, True)), 1, rule=apart(i, j))
true(
    K,
    step + Piecewise((1, j < i), (0, True)) + KroneckerDelta(i, j),
    1,
    rule=apart(i, j),
)
true(K, KroneckerDelta(i, j) * (i - j), 0, rule=apart(i, j))
false(K, KroneckerDelta(i, j) * (i - j + 1), 0, rule=apart(i, j))
true(K, (1 + (-1) ** i) * (1 - (-1) ** i), 0, rule=parity(i))
false(K, (1 + (-1) ** i), 2, rule=parity(i))
true(K, Max(i, j) + sp.Min(i, j), i + j, rule=apart(i, j))
false(K, Max(i, j), i, rule=apart(i, j), exactly={NO, UNKNOWN})
true(K, Abs(i - j), Max(i, j) - sp.Min(i, j), rule=apart(i, j))
false(K, Abs(i - j) ** 3, (i - j) ** 3, rule=apart(i, j))
true(K, kept("Abs(x)**2"), x**2)
false(K, Abs(x), x, exactly={NO})
true(K, Abs(a, evaluate=False), a)
true(K, Abs(z * w), Abs(z) * Abs(w), exactly={YES, UNKNOWN})
false(K, Abs(z + w), Abs(z) + Abs(w))
false(K, Abs(z) ** 2, z**2)
true(K, Abs(z) ** 2, z * conjugate(z))
true(K, re(z) + I * im(z), z)
false(K, conjugate(z), z)
true(K, conjugate(x, evaluate=False), x)
true(K, conjugate(z * w, evaluate=False), conjugate(z) * conjugate(w))
true(K, conjugate(exp(I * x), evaluate=False), exp(-I * x))
false(K, conjugate(sqrt(z)), sqrt(conjugate(z)))
true(K, conjugate(z), 1 / z, given=[Eq(Abs(z), 1)])
false(K, conjugate(z), 1 / z)
true(K, sp.sign(a, evaluate=False), 1)
false(K, sp.sign(c), 1, exactly={NO, UNKNOWN})

# -- derivatives -------------

K = "derivatives"
true(K, Derivative(x**3, x), 3 * x**2)
true(K, Derivative(exp(a * x), x), a * exp(a * x))
false(K, Derivative(exp(a * x), x), exp(a * x))
true(K, Derivative(log(a), a), 1 / a)
false(K, Derivative(log(x), x), 1 / x)
false(K, Derivative(log(z), z), 1 / z)
false(K, Derivative(Abs(x), x), sp.sign(x))
false(K, Derivative(Max(x, 0), x), sp.Heaviside(x))
true(K, Derivative(sqrt(a), a), 1 / (2 * sqrt(a)))
false(K, Derivative(sqrt(c), c), 1 / (2 * sqrt(c)))
false(K, Derivative(sqrt(z), z), 1 / (2 * sqrt(z)), given=[Ne(z, 0)])
true(K, Derivative(f(x) * x, x), f(x) + x * Derivative(f(x), x))
true(K, Derivative(f(x**2), x), 2 * x * sp.Subs(Derivative(f(t), t), t, x**2))
false(K, Derivative(f(x**2), x), sp.Subs(Derivative(f(t), t), t, x**2))
true(K, Derivative(sin(x) * cos(x), x), cos(2 * x))
true(K, Derivative(erf(x), x), 2 * exp(-(x**2)) / sqrt(pi))
true(K, Derivative(atan(x), x), 1 / (1 + x**2))
false(K, Derivative(conjugate(z), z), 1)
true(K, Derivative(conjugate(x * z), x), conjugate(z))
true(K, Derivative(a**x, x), log(a) * a**x)
true(
    K,
    Derivative(Sum(x**k, (k, 0, n)), x),
    Sum(k * x ** (k - 1), (k, 0, n)),
    given=[x > 0],
)
true(K, Derivative(x**2, x, x), 2)
false(K, Derivative(floor := sp.floor(x), x), 0 * floor)
true(K, Derivative(tanh(x), x), 1 - tanh(x) ** 2)

# -- integrals -------------

K = "integrals"
true(K, Integral(x**2, (x, 0, 1)), Rational(1, 3))
true(K, Integral(x**n, (x, 0, 1)), 1 / (n + 1))
false(K, Integral(x ** (n - 1), (x, 0, 1)), 1 / n)
true(K, Integral(t**2, (t, 0, x)), x**3 / 3)
false(K, Integral(1 / t, (t, -1, 1)), 0, rule=primitive(log(t), t))
false(K, Integral(1 / t**2, (t, -1, 1)), -2, rule=primitive(-1 / t, t))
true(
    K,
    Integral(1 / t, (t, 1, a)),
    log(a),
    given=[a > 1],
    rule=primitive(log(t), t),
)
true(
    K, Integral(1 / (1 + t**2), (t, 0, x)), atan(x), rule=primitive(atan(t), t)
)
false(
    K,
    Integral(1 / (100 - t**2), (t, 0, a)),
    atanh(a / 10) / 10,
    rule=primitive(atanh(t / 10) / 10, t),
)
false(
    K,
    Integral(1 / (2 + cos(t)), (t, 0, 2 * pi)),
    0,
    rule=primitive(2 * atan(tan(t / 2) / sqrt(3)) / sqrt(3), t),
)
false(
    K,
    Integral(1 / (1000 - t), (t, 0, a)),
    log(1000) - log(1000 - a),
    rule=primitive(-log(1000 - t), t),
)
true(
    K,
    Integral(1 / (1000 - t), (t, 0, a)),
    log(1000) - log(1000 - a),
    given=[a < 1000],
    rule=primitive(-log(1000 - t), t),
)
true(K, Integral(exp(-a * t**2), (t, -oo, oo)), sqrt(pi / a))
false(K, Integral(exp(-x * t**2), (t, -oo, oo)), sqrt(pi / x))
false(K, Integral(exp(a * t**2), (t, -oo, oo)), sqrt(pi / -a))
true(K, Integral(exp(-a * t), (t, 0, oo)), 1 / a)
true(K, Integral(t ** (b - 1) * exp(-a * t), (t, 0, oo)), gamma(b) / a**b)
false(K, Integral(t ** (x - 1) * exp(-a * t), (t, 0, oo)), gamma(x) / a**x)
false(K, Integral(t / (1 + t**2), (t, -oo, oo)), 0)
false(K, Integral(1 / t, (t, 0, 1)), Integral(1 / u, (u, 0, 1)))
true(K, Integral(1 / (1 + t), (t, 0, 1)), Integral(1 / (1 + u), (u, 0, 1)))
true(
    K,
    Integral(exp(-(t**4)), (t, -oo, oo)),
    Integral(exp(-(u**4)), (u, -oo, oo)),
)
false(K, Integral(exp(t**3), (t, -oo, oo)), Integral(exp(u**3), (u, -oo, oo)))
false(K, Integral(exp(-t), (t, -oo, oo)), Integral(exp(-u), (u, -oo, oo)))
true(K, Integral(cos(t), (t, 0, x)), sin(x), rule=primitive(sin(t), t))
false(K, Integral(sin(t), (t, 0, x)), -cos(x), rule=primitive(-cos(t), t))
true(K, Integral(1 / sqrt(t), (t, 0, 1)), 2, rule=primitive(2 * sqrt(t), t))
false(K, Integral(Abs(t), (t, -1, 1)), 0, rule=primitive(t**2 / 2, t))
true(
    K,
    Integral(t * exp(-(t**2) / 2), (t, 0, oo)),
    1,
    rule=primitive(-exp(-(t**2) / 2), t),
)
false(K, Integral(exp(-t), (t, 0, oo)), 2, rule=primitive(1 - exp(-t), t))
false(K, Integral(exp(t), (t, 0, oo)), -1, rule=primitive(exp(t), t))

# Between the ends of a range nothing is known if they may be reversed.
false(
    K,
    Integral(1 / (1 + t), (t, 0, x)),
    log(1 + x),
    given=[Ne(x, -1)],
    rule=primitive(log(1 + t), t),
)
true(
    K,
    Integral(1 / (1 + t), (t, 0, x)),
    log(1 + x),
    given=[x >= 0],
    rule=primitive(log(1 + t), t),
)
false(
    K,
    Integral(1 / (1 + t), (t, 0, x)),
    Integral(1 / (1 + u), (u, 0, x)),
)
true(
    K,
    Integral(1 / (1 + t), (t, 0, -c)),
    log(1 - c),
    given=[c < 1],
    rule=primitive(log(1 + t), t),
)
false(K, 0, Integral(exp(t), (t, 0, x)), "<=")
true(K, 0, Integral(exp(t), (t, 0, c)), "<=")

# -- inequalities -------------

K = "inequalities"
true(K, 0, exp(-(x**2)), "<")
false(K, exp(-(x**2)), 0, "<", exactly={NO})
true(K, 2 * x * y, x**2 + y**2, "<=")
false(K, 2 * x * y, x**2 + y**2, "<", exactly={NO})
true(K, x * y + y * t + t * x, x**2 + y**2 + t**2, "<=")
true(K, 0, (20000 * x - 7412) ** 2 + Rational(1, 100), "<")
false(K, 0, (20000 * x - 7412) ** 2 - Rational(1, 100), "<")
true(K, 0, x**4 - x + 1, "<")
false(K, 0, x**4 - 4 * x + Rational(299, 100), "<=", exactly={NO})
true(K, 0, x**4 - 4 * x + 3, "<=")
false(K, 0, x**4 - 4 * x + 3, "<", exactly={NO})
true(K, x, x**2, "<=", given=[x >= 1])
false(K, x, x**2, "<=", exactly={NO})
true(K, n, n**2, "<=")
true(K, n * (n - 1), n**2, "<=")
true(K, 0, n * (n - 1), "<=")
false(K, 0, c * (c - 1), "<=", exactly={NO})
true(K, a * b, (a + b) ** 2 / 4, "<=")
true(K, 2 / (1 / a + 1 / b), (a + b) / 2, "<=", exactly={YES, UNKNOWN})
false(K, (a + b) / 2, sqrt(a * b), "<=", exactly={NO, UNKNOWN})
true(K, 1 + x, exp(x), "<=", rule=convex(x, 0))
true(K, log(a), a - 1, "<=", rule=convex(a, 1))
false(K, log(a), a - 1, "<", exactly={NO})
true(K, sin(c), c, "<=", rule=growing(c, 0), exactly={YES, UNKNOWN})
true(K, tanh(c), c, "<=", rule=growing(c, 0), exactly={YES, UNKNOWN})
false(K, tanh(x), x, "<=", exactly={NO})
true(K, c, sinh(c), "<=", rule=growing(c, 0), exactly={YES, UNKNOWN})
true(K, log(1 + c), c, "<=", rule=growing(c, 0))
false(K, log(1 + c), c, "<", rule=growing(c, 0), exactly={NO})
true(K, log(1 + a), a, "<", rule=growing(a, 0))
false(K, exp(-((200 * x - 74) ** 2)), Rational(1, 1000), "<")
true(K, cos(x), 1, "<=")
true(K, sin(x) ** 2, 1, "<=")
false(K, sin(x), cos(x), "<=", exactly={NO})
true(K, Rational(22, 7), pi, "!=")
true(K, pi, Rational(22, 7), "<")
false(K, Rational(355, 113), pi, "<", exactly={NO})
true(K, sqrt(2) + sqrt(3), Rational(315, 100), "<")
true(K, x, 3, "!=", given=[x > 3])
false(K, x, 3, "!=", exactly={NO})
true(K, x**2 + 1, 0, "!=")
false(K, z**2 + 1, 0, "!=")
true(K, x**2 + y**2, 2 * x * y + (x - y) ** 2, "<=")
true(K, 2 * x * y, x**2 + y**2, "<=", rule=squares((x - y, 1)))
false(K, 2 * x * y, x**2 + y**2 - 1, "<=", rule=squares((x - y, 1)))
false(K, x**2, 0, "<=", rule=squares((x, -1)), exactly={NO, UNKNOWN})
true(K, 1 / (1 + x**2), 1, "<=")
false(K, z, z + 1, "<=")  # complex numbers have no order
false(K, 0, z**2, "<=", given=[Ne(z, 0)])
true(K, 0, z * conjugate(z), "<=", exactly={YES, UNKNOWN})
false(K, 1 / (1 - x), 1, "<=", given=[x < 1], exactly={NO, UNKNOWN})
true(K, 1, 1 / (1 - c), "<=", given=[c < 1])
false(K, 1, 1 / (1 - c), "<=", exactly={NO})
false(K, 1 / x, 1 / y, "<", given=[y < x], exactly={NO})
true(K, n, 2**n, "<=", rule=None, exactly={YES, UNKNOWN})
false(K, n**5, 2**n, "<=", exactly={NO})

# -- optima -------------

K = "optima"
true(K, 0, 0, rule=smallest((x - y) ** 2, {x: y}, 0))
false(K, 0, 0, rule=smallest((x - y) ** 2, {x: y + 1}), exactly={UNKNOWN})
false(K, 0, 0, rule=smallest(-((x - y) ** 2), {x: y}), exactly={UNKNOWN})
false(
    K,
    0,
    0,
    given=[x**2 <= 2500],
    rule=smallest((x - c) ** 2, {x: c}),
    exactly={UNKNOWN},
)
false(K, 0, 0, rule=smallest((c - y) ** 2, {c: y}), exactly={UNKNOWN})
true(K, 0, 0, rule=smallest(a + 1 / a, {a: 1}, 2))
false(K, 0, 0, rule=smallest(x + 1 / x, {x: 1}, 2), exactly={UNKNOWN})
true(K, 0, 0, rule=smallest(x**2 + t**2 - x, {x: Rational(1, 2), t: 0}))
false(K, 0, 0, rule=smallest(x**2 - t**2, {x: 0, t: 0}), exactly={UNKNOWN})
false(K, 0, 0, rule=smallest(x**3, {x: 0}), exactly={UNKNOWN})
false(
    K, 0, 0, rule=smallest((n - y) ** 2, {n: y}), exactly={UNKNOWN}
)  # n is an integer
false(
    K,
    0,
    0,
    given=[Ne(x, 0)],
    rule=smallest(x**2, {x: 0}),
    exactly={UNKNOWN},
)

# -- premises -------------

K = "premises"
P = sp.prod([n - r for r in range(21)])
false(K, P + 1, 1, rule=using(P, 0, [n <= 20]))
true(K, f(x) ** 2, 4, rule=using(f(x), 2))
false(K, f(x), 3, rule=using(f(x), 2))
false(K, f(y), 2, rule=using(f(x), 2))
true(K, f(x) + f(y), 4, given=[x > 0], rule=using(f(x), 4 - f(y), [x > 0]))
false(K, f(x) + f(y), 4, rule=using(f(x), 4 - f(y), [x > 0]))
false(K, f(x), 2, rule=using(x * f(x), 2 * x))
true(K, f(x), 2, given=[Ne(x, 0)], rule=using(x * f(x), 2 * x))
false(K, binomial(n, 9) + 1, 1, rule=using(0, 0))
false(K, f(x), 1, rule=using(0 * f(x), 0))
true(
    K,
    Sum(v[k], (k, 0, n)) + 1,
    n + 1,
    rule=using(Sum(v[k], (k, 0, n)), n),
)
false(
    K,
    Sum(v[k], (k, 0, n + 1)),
    n + 1,
    rule=using(Sum(v[k], (k, 0, n)), n),
)

# -- families of polynomials, matrices, words, laws -------------

K = "families"
true(
    K,
    (n + 2) * legendre(n + 2, x),
    (2 * n + 3) * x * legendre(n + 1, x) - (n + 1) * legendre(n, x),
)
false(
    K,
    (n + 2) * legendre(n + 2, x),
    (2 * n + 3) * x * legendre(n + 1, x) - n * legendre(n, x),
)
true(K, legendre(3, x, evaluate=False), (5 * x**3 - 3 * x) / 2)
true(
    K,
    (n + 2) * laguerre(n + 2, x),
    (2 * n + 3 - x) * laguerre(n + 1, x) - (n + 1) * laguerre(n, x),
)
false(
    K,
    (n + 2) * laguerre(n + 2, x),
    (2 * n + 3 + x) * laguerre(n + 1, x) - (n + 1) * laguerre(n, x),
)
true(
    K,
    Derivative(legendre(n + 1, x), x),
    x * Derivative(legendre(n, x), x) + (n + 1) * legendre(n, x),
)
moment = Integral(f(x) * legendre(k, x), (x, -1, 1))
true(
    K,
    Sum(moment.subs(k, k + 1), (k, 0, n)),
    Sum(moment, (k, 1, n + 1)),
)
false(
    K,
    Sum(moment.subs(k, k + 1), (k, 0, n)),
    Sum(moment, (k, 0, n)),
)
true(K, raw(A, B, inv(B)), A)
false(K, A * B, B * A)
true(K, (A + B) ** 2, A**2 + A * B + B * A + B**2)
false(K, (A + B) ** 2, A**2 + 2 * A * B + B**2)
true(K, (A * B) ** -1, B**-1 * A**-1)
false(K, (A * B) ** -1, A**-1 * B**-1)
true(K, raw(1 + A, inv(1 + A)), 1)
true(K, A * (1 + A) ** -1, 1 - (1 + A) ** -1)
true(K, (1 + A * B) ** -1 * A, A * (1 + B * A) ** -1, exactly={YES, UNKNOWN})
false(K, A ** (n + 1), A**n * B)
true(K, A ** (n + 1), A * A**n)


def mats() -> None:
    """Matrices, entry by entry."""
    from kexue_lib.derive.objects import Bernoulli, Gaussian, Mean

    turn = sp.ImmutableMatrix([[cos(x), -sin(x)], [sin(x), cos(x)]])
    back = sp.ImmutableMatrix([[cos(x), sin(x)], [-sin(x), cos(x)]])
    one = sp.ImmutableMatrix([[1, 0], [0, 1]])
    true(K, sp.MatMul(turn, back), one)
    false(K, sp.MatMul(turn, turn), one)
    hidden = sp.ImmutableMatrix([[x**3 + x - 31, 0], [0, 1]])
    false(K, sp.MatMul(sp.Inverse(hidden), hidden), one)
    whole = sp.ImmutableMatrix([[x**2 + 1, 0], [0, 1]])
    true(K, sp.MatMul(sp.Inverse(whole), whole), one)
    true(K, Mean(x**2, Gaussian(x)), 1)
    true(K, Mean((x + y) ** 2, Gaussian(x, 0, a)), a + y**2)
    false(K, Mean(x**2, Gaussian(x, 0, -1)), -1)
    false(K, Mean(x**4, Gaussian(x)), 2, exactly={NO, UNKNOWN})
    true(K, Mean(x**4, Gaussian(x)), 3)
    false(K, Mean(x, Bernoulli(x, 3)), 3)
    true(K, Mean(x, Bernoulli(x, Rational(1, 3))), Rational(1, 3))
    false(K, Mean(x, Bernoulli(x, y)), y)


mats()

# -- real on half a line: a cut unless the order is an integer ------------
kind = "cuts"
order_, place_ = sp.symbols("order place", real=True)
above_, size_ = sp.symbols("above size", positive=True)
whole_ = sp.Symbol("whole", integer=True)
off_ = (Ne(place_, 0),)
false(kind, sp.jn(order_, place_) ** 2 + 2, 0, ">", off_)
false(kind, 0, sp.jn(above_, place_) ** 2, "<=", off_)
false(
    kind,
    conjugate(sp.jn(above_, place_)) + 1,
    sp.jn(above_, place_) + 1,
    "=",
    off_,
)
false(kind, im(sp.jn(order_, place_)), 0, "=", off_)
false(kind, Abs(sp.jn(order_, place_)) ** 2, sp.jn(order_, place_) ** 2)
false(kind, 0, sp.jn(whole_, place_) ** 2 + place_, "<=", off_)
true(kind, 0, sp.jn(order_, size_) ** 2 + 2, "<")
true(kind, 0, sp.jn(whole_, place_) ** 2, "<=", off_)
true(
    kind,
    conjugate(sp.jn(whole_, place_)) + 1,
    sp.jn(whole_, place_) + 1,
    "=",
    off_,
)
true(kind, im(sp.jn(whole_, place_)), 0, "=", off_)
true(kind, Abs(sp.jn(order_, size_)) ** 2, sp.jn(order_, size_) ** 2)

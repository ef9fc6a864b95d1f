"""Limits and their sides, remainders, asymptotics."""

from __future__ import annotations

import sympy as sp
from sympy import (
    Abs,
    Limit,
    O,
    Rational,
    atan,
    cos,
    cosh,
    exp,
    log,
    oo,
    sin,
    sqrt,
    tanh,
)

from kexue_lib.derive import Chapter, by

from .table import MALFORMED, UNDECIDED, Table

p, q = sp.symbols("p q", integer=True, positive=True)
x, y, z = sp.symbols("x y z", real=True)
a, b, c, t = sp.symbols("a b c t", positive=True)
half = Rational(1, 2)
lim = by.limit()
ser = by.series()
asy = by.asymptotic

table = Table("limits")

table.true(Limit(sin(x) / x, x, 0), "=", 1, lim)
table.true(Limit((1 + 1 / p) ** p, p, oo), "=", sp.E, lim)
table.true(Limit(x * log(x), x, 0), "=", 0, lim)
table.true(Limit((exp(x) - 1) / x, x, 0), "=", 1, lim)
table.true(Limit(tanh(x), x, oo), "=", 1, lim)
table.true(Limit((a * x + 1) / (x + 2), x, oo), "=", a, lim)
table.true(Limit((1 - cos(x)) / x**2, x, 0), "=", half, lim)
table.true(Limit(x / (1 + x), x, oo), "=", 1, lim)
table.true(Limit((cosh(x) - 1) / x**2, x, 0), "=", half, lim)
table.true(Limit(sp.sign(x), x, 0, "+"), "=", 1, lim)
table.true(Limit(sp.sign(x), x, 0, "-"), "=", -1, lim)
table.true(Limit((x**2 - 1) / (x - 1), x, 1), "=", 2, lim)
table.true(Limit(exp(-a * x), x, oo), "=", 0, lim)
table.true(Limit(sqrt(x**2 + x) - x, x, oo), "=", half, lim)
table.true(Limit(p ** (1 / p), p, oo), "=", 1, lim)
table.true(Limit(log(1 + a * x) / x, x, 0), "=", a, lim)
table.false(Limit(sin(x) / x, x, 0), "=", 0, lim)
table.false(Limit((1 + 1 / p) ** p, p, oo), "=", 1, lim)
table.false(Limit(x * log(x), x, 0), "=", 1, lim)
table.false(Limit((exp(x) - 1) / x, x, 0), "=", 0, lim)
table.false(Limit(tanh(x), x, -oo), "=", 1, lim)
table.false(
    Limit((a * x + 1) / (x + 2), x, oo), "=", half, lim, today=UNDECIDED
)
table.false(Limit((1 - cos(x)) / x**2, x, 0), "=", 1, lim)
table.false(Limit(sin(x), x, oo), "=", 0, lim, today=UNDECIDED)
table.false(Limit(sp.sign(x), x, 0, "+-"), "=", 1, lim)
table.false(Limit(Abs(x) / x, x, 0, "+-"), "=", 1, lim)
table.false(Limit(1 / x, x, 0, "+-"), "=", 0, lim)
table.false(Limit((x**2 - 1) / (x - 1), x, 1), "=", 0, lim)
table.false(Limit(exp(-y * x), x, oo), "=", 0, lim, today=UNDECIDED)
table.false(Limit(sqrt(x**2 + x) - x, x, oo), "=", 0, lim)
table.false(Limit(x**p, p, oo), "=", 0, lim, today=UNDECIDED)
table.false(x, "=", x, lim)

table.true(exp(x), "=", 1 + x + x**2 / 2 + O(x**3), ser)
table.true(sin(x), "=", x - x**3 / 6 + O(x**5), ser)
table.true(cos(x), "=", 1 - x**2 / 2 + O(x**4), ser)
table.true(log(1 + x), "=", x - x**2 / 2 + O(x**3), ser)
table.true(1 / (1 - x), "=", 1 + x + x**2 + x**3 + O(x**4), ser)
table.true(sqrt(1 + x), "=", 1 + x / 2 - x**2 / 8 + O(x**3), ser)
table.true(tanh(x), "=", x - x**3 / 3 + O(x**5), ser)
table.true(
    (1 + x) ** a, "=", 1 + a * x + a * (a - 1) / 2 * x**2 + O(x**3), ser
)
table.true(exp(a * x), "=", 1 + a * x + O(x**2), ser)
table.true(1 / cosh(x), "=", 1 - x**2 / 2 + O(x**4), ser)
table.true(atan(x), "=", x - x**3 / 3 + O(x**5), ser)
table.true(x / (exp(x) - 1), "=", 1 - x / 2 + x**2 / 12 + O(x**3), ser)
table.true(exp(x) * cos(x), "=", 1 + x + O(x**3), ser)
table.true(1 / (1 + a * x), "=", 1 - a * x + a**2 * x**2 + O(x**3), ser)
table.true(sin(x) / x, "=", 1 - x**2 / 6 + O(x**4), ser)
table.false(exp(x), "=", 1 + x + x**2 + O(x**3), ser)
table.false(sin(x), "=", x + x**3 / 6 + O(x**5), ser)
table.false(sin(x), "=", x + O(x**5), ser)
table.false(log(1 + x), "=", x + x**2 / 2 + O(x**3), ser)
table.false(1 / (1 - x), "=", 1 - x + O(x**2), ser)
table.false(sqrt(1 + x), "=", 1 + x + O(x**2), ser)
table.false(tanh(x), "=", x + O(x**5), ser)
table.false(
    (1 + x) ** a, "=", 1 + a * x + a * (a + 1) / 2 * x**2 + O(x**3), ser
)
table.false(exp(a * x), "=", 1 + x + O(x**2), ser, today=UNDECIDED)
table.false(1 / cosh(x), "=", 1 + x**2 / 2 + O(x**4), ser)
table.false(atan(x), "=", x - x**3 / 6 + O(x**5), ser)
table.false(x / (exp(x) - 1), "=", 1 - x / 2 - x**2 / 12 + O(x**3), ser)
table.false(exp(x) * cos(x), "=", 1 + x + O(x**4), ser)
table.false(1 / (1 + a * x), "=", 1 + a * x + O(x**2), ser)
table.false(exp(x), "=", 1 + x, ser)

table.true(p + 1, "~", p, asy(p))
table.true(p**2 + 3 * p, "~", p**2, asy(p))
table.true(log(p + 1), "~", log(p + 1) + 0 * p, asy(p))
table.true(exp(a) + 1, "~", exp(a), asy(a))
table.true(sin(t), "~", t, asy(t, 0))
table.true(exp(t) - 1, "~", t, asy(t, 0))
table.true(1 - cos(t), "~", t**2 / 2, asy(t, 0))
table.true(p * (p + 1) / 2, "~", p**2 / 2, asy(p))
table.true(sqrt(a**2 + 1), "~", a, asy(a))
table.true(cosh(a), "~", exp(a) / 2, asy(a))
table.true(tanh(t), "~", t, asy(t, 0))
table.true(log(1 + t), "~", t, asy(t, 0))
table.true(a + log(a), "~", a, asy(a))
table.true((2 * a + 1) / (a + 3), "~", 2 + 0 * a, asy(a))
table.true(1 / (a**2 + a), "~", a**-2, asy(a))
table.false(p + 1, "~", 2 * p, asy(p))
table.false(p**2 + 3 * p, "~", p, asy(p))
table.false(exp(a + 1), "~", exp(a), asy(a))
table.false(exp(a) + 1, "~", a, asy(a))
table.false(sin(t), "~", t**2, asy(t, 0))
table.false(exp(t) - 1, "~", 1 + t, asy(t, 0))
table.false(1 - cos(t), "~", t**2, asy(t, 0))
table.false(p * (p + 1) / 2, "~", p**2, asy(p))
table.false(sqrt(a**2 + 1), "~", a + 1 / (2 * a) + 1 + a, asy(a))
table.false(cosh(a), "~", exp(a), asy(a))
table.false(tanh(a), "~", a, asy(a))
table.false(log(1 + t), "~", -t, asy(t, 0))
table.false(a * log(a), "~", a, asy(a))
table.false((2 * a + 1) / (a + 3), "~", sp.Integer(1), asy(a))
table.false(1 / (a**2 + a), "~", 1 / a, asy(a))

# -- from one side, from both -------------------------------------------------
up, down = Limit(exp(-1 / x), x, 0, "+"), Limit(exp(-1 / x), x, 0, "-")
table.true(up, "=", 0, lim)
table.true(Limit(1 / (1 + exp(1 / x)), x, 0, "-"), "=", 1, lim)
table.true(Limit(1 / (1 + exp(1 / x)), x, 0, "+"), "=", 0, lim)
table.true(Limit(Abs(x) / x, x, 0, "-"), "=", -1, lim)
table.true(Limit(Abs(x), x, 0, "+-"), "=", 0, lim)
table.true(Limit(x * sp.sign(x), x, 0, "+-"), "=", 0, lim)
table.true(Limit(atan(x), x, -oo), "=", -sp.pi / 2, lim)
table.true(Limit(sqrt(x**2 + 1) / x, x, -oo), "=", -1, lim)
table.false(
    down,
    "=",
    0,
    lim,
)
table.false(Limit(exp(-1 / x), x, 0, "+-"), "=", 0, lim)
table.false(Limit(1 / (1 + exp(1 / x)), x, 0, "+-"), "=", 0, lim)
table.false(Limit(atan(1 / x), x, 0, "+-"), "=", sp.pi / 2, lim)
table.false(Limit(sqrt(x**2 + 1) / x, x, -oo), "=", 1, lim)
table.false(Limit(sp.floor(x), x, 2, "-"), "=", 2, lim, today=UNDECIDED)
table.false(Limit(sp.floor(x), x, 2, "+-"), "=", 2, lim, today=UNDECIDED)
table.false(
    Limit((1 + y / p) ** p, p, oo),
    "=",
    exp(y) + y**9 * 0 + y,
    lim,
    today=UNDECIDED,
)
table.false(Limit(cos(x), x, oo), "=", 0, lim, today=UNDECIDED)
table.false(Limit(sin(1 / x), x, 0), "=", 0, lim, today=UNDECIDED)
table.false(Limit(x**y, x, 0), "=", 0, lim, today=UNDECIDED)
table.false(Limit(a**x, x, oo), "=", 0, lim, today=UNDECIDED)
table.true(
    Limit(a**x, x, oo),
    "=",
    0,
    lim,
    given=(a < 1,),
)

# -- a remainder is meant from both sides, and for every x that is declared ---
table.false(
    sqrt(x**2),
    "=",
    x + O(x**3),
    ser,
    kin="15",
)
table.false(
    exp(-1 / x),
    "=",
    O(x**4),
    ser,
    kin="15",
)
table.false(
    atan(1 / x),
    "=",
    sp.pi / 2 - x + O(x**3),
    ser,
    kin="15",
)
table.false(tanh(1 / x), "=", 1 + O(x**3), ser, kin="15")
table.false(1 / (1 + exp(1 / x)), "=", O(x**2), ser, kin="15")
table.false(
    sp.Max(x, 0),
    "=",
    x + O(x**2),
    ser,
    kin="15",
)
table.false(Abs(sin(x)), "=", x + O(x**2), ser, kin="15", today=UNDECIDED)
table.false(
    x * sp.sign(x),
    "=",
    x + O(x**2),
    ser,
)
table.false(log(x), "=", O(x), ser)
table.false(sqrt(x), "=", O(x), ser)
table.false(1 / x, "=", O(1, (x, 0)), ser)
table.true(exp(t) - 1 - t, "=", O(t**2), ser)
table.true(sp.cosh(x), "=", 1 + x**2 / 2 + O(x**4), ser)
table.true(x**2 / (1 + x), "=", x**2 - x**3 + O(x**4), ser)
table.true(log(1 + x**2), "=", x**2 + O(x**4), ser)
table.true(sqrt(1 - x**2), "=", 1 - x**2 / 2 + O(x**4), ser)
table.false(log(1 + x**2), "=", x**2 + O(x**5), ser)
table.false(sqrt(1 - x**2), "=", 1 - x**2 / 2 + O(x**6), ser)
table.false(sin(x), "=", x - x**3 / 6 + x**5 / 121 + O(x**6), ser)
table.false(
    exp(x), "=", 1 + x + x**2 / 2 + Rational(1, 10**15) * x**3 + O(x**4), ser
)

# -- asymptotics at one end, from one side ------------------------------------
table.false(sqrt(x**2 + 1), "~", x, asy(x, -oo), kin="16")
table.false(Abs(x), "~", x, asy(x, 0), kin="16")
table.false(Abs(x) + x, "~", 2 * x, asy(x, -oo), kin="16")
table.false(exp(x) + x, "~", exp(x), asy(x, -oo))
table.false(x + sin(x) * x, "~", x, asy(x), today=UNDECIDED)
table.false(exp(a + sqrt(a)), "~", exp(a), asy(a))
table.false(log(a) + log(log(a + 1)), "~", log(a) + log(a) / 100, asy(a))
table.true(a + sqrt(a), "~", a, asy(a))
table.true(sqrt(x**2 + 1), "~", -x, asy(x, -oo))
table.true(x + sin(x), "~", x, asy(x))
table.true(log(a + a**2), "~", 2 * log(a), asy(a))
table.true(tanh(a), "~", sp.Integer(1), asy(a))


def chained(*links):
    """A chain of ``~`` with a limit of its own for each link."""

    def story():
        chapter = Chapter("chained")
        chapter.symbols("x", "real")
        first, *rest = links
        claim = chapter.claim("C1", "A chain of asymptotics")
        claim.show(first)
        for right, to in rest:
            claim.sim(right, asy(x, to))
        assert claim.to_dict()
        return claim

    return story


MIXED = {
    "x + 1 ~ x ~ tanh x": (x + 1, (x, oo), (tanh(x), 0)),
    "sinh x ~ x ~ x + 1": (sp.sinh(x), (x, 0), (x + 1, oo)),
    "x^2 + x ~ x^2 ~ x^2 + x^3": (x**2 + x, (x**2, oo), (x**2 + x**3, 0)),
    "x + 1 ~ x at both ends": (x + 1, (x, oo), (x - 1, -oo)),
}  # fmt: skip
for said, links in MIXED.items():
    table.tells(
        said,
        chained(*links),
        MALFORMED,
        true=False,
        kin="16",
    )
table.tells(
    "sinh x ~ x ~ sin x at 0",
    chained(sp.sinh(x), (x, 0), (sin(x), 0)),
    "proved",
    true=True,
)

"""Earlier results, where they are known to hold."""

from __future__ import annotations

import sympy as sp
from sympy import Ne, Sum, factorial

from kexue_lib.derive import by

from .table import MALFORMED, UNDECIDED, Earlier, Table, using

n, k, m, r = sp.symbols("n k m r", integer=True, nonnegative=True)
p, N = sp.symbols("p N", integer=True, positive=True)
i, j = sp.symbols("i j", integer=True)
x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
F = factorial


def S(term, low=0, high=n, index=k):
    return Sum(term, (index, low, high))


tri = Earlier(S(k), n * (n + 1) / 2)
geo = Earlier(S(a**k), (1 - a ** (n + 1)) / (1 - a), (Ne(a, 1),))

table = Table("premises")

table.true(2 * S(k), "=", n * (n + 1), using(tri))
table.true(S(k) + n + 1, "=", (n + 1) * (n + 2) / 2, using(tri))
table.true(S(3 * k), "=", 3 * n * (n + 1) / 2, using(tri))
table.true(Sum(k, (k, 0, m)), "=", m * (m + 1) / 2, using(tri, {n: m}))
table.true(
    Sum(k, (k, 0, n + 1)), "=", (n + 1) * (n + 2) / 2, using(tri, {n: n + 1})
)
table.true(Sum(k, (k, 0, 2 * n)), "=", n * (2 * n + 1), using(tri, {n: 2 * n}))
table.true(S(k) ** 2, "=", n**2 * (n + 1) ** 2 / 4, using(tri))
table.true(
    (1 - a) * S(a**k), "=", 1 - a ** (n + 1), using(geo), given=(Ne(a, 1),)
)
table.true(
    S(a**k), "=", (1 - a ** (n + 1)) / (1 - a), using(geo), given=(a < 1,)
)
table.true(
    S(b**k),
    "=",
    (1 - b ** (n + 1)) / (1 - b),
    using(geo, {a: b}),
    given=(Ne(b, 1),),
)
table.true(
    S((a / 2) ** k),
    "=",
    (1 - (a / 2) ** (n + 1)) / (1 - a / 2),
    using(geo, {a: a / 2}),
    given=(Ne(a, 2),),
)
table.true(n * S(k), "=", n**2 * (n + 1) / 2, using(tri))
table.true(1 / (1 + S(k)), "=", 2 / (2 + n * (n + 1)), using(tri))
table.true(S(k) - S(k) / 2, "=", n * (n + 1) / 4, using(tri))
table.true(
    F(n + 1) * S(k) / F(n),
    "=",
    n * (n + 1) ** 2 / 2,
    using(tri, then=by.algebra()),
)
table.false(2 * S(k), "=", n * (n - 1), using(tri))
table.false(S(k**2), "=", n * (n + 1) / 2, using(tri))
table.false(S(k + 1), "=", n * (n + 1) / 2, using(tri))
table.false(Sum(k, (k, 0, m)), "=", n * (n + 1) / 2, using(tri, {n: m}))
table.false(
    Sum(k, (k, 0, n + 1)), "=", n * (n + 1) / 2, using(tri, {n: n + 1})
)
table.false(Sum(k, (k, 0, i)), "=", i * (i + 2) / 2, using(tri, {n: i}))
table.false(S(k) ** 2, "=", n**2 * (n + 1) ** 2 / 2, using(tri))
table.false(S(a**k), "=", (1 - a ** (n + 1)) / (1 - a), using(geo))
table.false(S(1), "=", (1 - 1) / n, using(geo, {a: sp.S.One}))
table.false(S(k), "=", n * (n + 1) / 2 + 1, using(tri))
table.false(S(x**k), "=", (1 - x ** (n + 1)) / (1 - x), using(geo, {a: x}))
table.false(n * S(k), "=", n**2 / 2, using(tri))
table.false(1 / S(k), "=", 2 / (n * (n + 1)), using(tri))
table.false(n + 1, "=", n * (n + 1) / 2, using(tri))
table.false(
    S((-1) ** k), "=", (1 + (-1) ** n) / 2 + n, using(geo, {a: -sp.S.One})
)

# -- a hypothesis of the premise is lost --------------------------------------
f, g = sp.Function("f", real=True), sp.Function("g", real=True)
C = sp.binomial
small = Earlier(C(n, 9), 0, (n <= 8,))
table.false(C(n, 9) + 1, "=", 1, using(small), kin="06")
table.false(C(m, 9) + 1, "=", 1, using(small, {n: m}), kin="06")
table.false(
    C(n, 9) + 1, "=", 1, using(small), (n <= 9,), kin="06", today=UNDECIDED
)
table.false(
    C(n + 1, 9) + 1,
    "=",
    1,
    using(small, {n: n + 1}),
    (n <= 8,),
    kin="06",
    today=UNDECIDED,
)
table.true(C(n, 9) + 1, "=", 1, using(small), (n <= 8,))
table.true(C(n, 9) + 1, "=", 1, using(small), (n <= 5,))
table.true(C(n + 1, 9) + 1, "=", 1, using(small, {n: n + 1}), (n <= 7,))
table.true(C(m, 9) + 1, "=", 1, using(small, {n: m}), (m + 2 <= 10,))
table.true(C(m, 9) + 1, "=", 1, using(small, {n: m}), (m + k <= 8,))
falling = sp.prod([n - i for i in range(13)])
table.false(
    falling + 2,
    "=",
    2,
    using(Earlier(falling, 0, (n <= 12,))),
    kin="06",
    today=UNDECIDED,
)
few = Earlier(C(n, 4), 0, (), ((n, (0, 1, 2, 3)),))
table.false(
    C(m + 1, 4) + 1,
    "=",
    1,
    using(few, {n: m + 1}),
    kin="06",
    name="known for four values, used at m + 1",
)
table.false(
    C(m, 4) + 1,
    "=",
    1,
    using(few, {n: sp.Integer(5)}),
    name="known for four values, used at another",
)
table.true(
    C(m, 4) + C(3, 4) + 1, "=", C(m, 4) + 1, using(few, {n: sp.Integer(3)})
)

# -- the facts of its symbols are not known of the value ----------------------
lg = Earlier(sp.log((a + 50) ** 2), 2 * sp.log(a + 50))
root = Earlier(sp.sqrt(a**2 + 0 * b) + b - sp.sqrt(b**2), a)
absolute = Earlier(f(a), a)
table.false(
    sp.log((x + 50) ** 2),
    "=",
    2 * sp.log(x + 50),
    using(lg, {a: x}),
    kin="07",
    today=UNDECIDED,
)
table.false(
    sp.log((x + 50) ** 2),
    "=",
    2 * sp.log(x + 50),
    using(lg, {a: x}),
    (Ne(x, 0),),
    kin="07",
    today=UNDECIDED,
)
table.true(
    sp.log((x + 50) ** 2), "=", 2 * sp.log(x + 50), using(lg, {a: x}), (x > 0,)
)
table.true(
    sp.log((x**2 + 51) ** 2),
    "=",
    2 * sp.log(x**2 + 51),
    using(lg, {a: x**2 + 1}),
)
table.false(
    sp.log((x**2 + 50) ** 2) + x,
    "=",
    2 * sp.log(x**2 + 50),
    using(lg, {a: x**2}),
    kin="07",
    name="x^2 is 0 at 0, and x is added",
)
table.false(f(x), "=", x, using(absolute, {a: x}), kin="07", today=UNDECIDED)
table.false(
    f(n),
    "=",
    n,
    using(absolute, {a: n}),
    kin="07",
    name="f(0)",
    today=UNDECIDED,
)
table.false(
    f(a - b),
    "=",
    a - b,
    using(absolute, {a: a - b}),
    kin="07",
    today=UNDECIDED,
)
table.false(
    f(-a), "=", -a, using(absolute, {a: -a}), kin="07", today=UNDECIDED
)
table.true(f(p), "=", p, using(absolute, {a: p}), alone=True)
table.true(f(n + 1), "=", n + 1, using(absolute, {a: n + 1}), alone=True)
table.true(f(a * b), "=", a * b, using(absolute, {a: a * b}), alone=True)
table.true(
    f(a - b), "=", a - b, using(absolute, {a: a - b}), (b < a,), alone=True
)
table.false(
    f(a - b),
    "=",
    a - b,
    using(absolute, {a: a - b}),
    (b <= a,),
    today=UNDECIDED,
)
table.true(
    f(sp.exp(x)), "=", sp.exp(x), using(absolute, {a: sp.exp(x)}), alone=True
)
table.false(
    f(sp.sin(x)),
    "=",
    sp.sin(x),
    using(absolute, {a: sp.sin(x)}),
    today=UNDECIDED,
)
whole = Earlier(f(n), n)
table.false(f(n / 2), "=", n / 2, using(whole, {n: n / 2}), today=UNDECIDED)
table.false(f(i), "=", i, using(whole, {n: i}), today=UNDECIDED)
table.false(f(n - 1), "=", n - 1, using(whole, {n: n - 1}), today=UNDECIDED)
table.true(f(p - 1), "=", p - 1, using(whole, {n: p - 1}), alone=True)
table.true(
    f(n - 1), "=", n - 1, using(whole, {n: n - 1}), (n >= 1,), alone=True
)
table.true(f(n**2), "=", n**2, using(whole, {n: n**2}), alone=True)
table.true(
    f(n * (n + 1) / 2),
    "=",
    n * (n + 1) / 2,
    using(whole, {n: n * (n + 1) / 2}),
    name="n(n + 1)/2 is an integer",
    alone=True,
)

# -- facts that are easily left unsaid ----------------------------------------
odd = sp.Symbol("o", odd=True)
even = sp.Symbol("e", even=True)
prime = sp.Symbol("P", prime=True)
rational = sp.Symbol("r", rational=True)
table.false(
    (-1) ** i * f(i),
    "=",
    -f(i),
    using(Earlier(f(odd), -f(odd)), {odd: i}),
    kin="24",
    today=UNDECIDED,
)
table.false(
    f(i),
    "=",
    1,
    using(Earlier(f(even), 1), {even: i}),
    kin="24",
    today=UNDECIDED,
)
table.false(
    f(p),
    "=",
    1,
    using(Earlier(f(prime), 1), {prime: p}),
    kin="24",
    today=UNDECIDED,
)
table.false(
    f(x),
    "=",
    1,
    using(Earlier(f(rational), 1), {rational: x}),
    kin="24",
    today=UNDECIDED,
)
table.false(
    f(2 * i + 1),
    "=",
    1,
    using(Earlier(f(even), 1), {even: 2 * i + 1}),
    kin="24",
    today=UNDECIDED,
)
table.true(
    f(2 * i),
    "=",
    1,
    using(Earlier(f(even), 1), {even: 2 * i}),
    alone=True,
    today=UNDECIDED,
)
table.true(
    f(2 * i + 1),
    "=",
    1,
    using(Earlier(f(odd), 1), {odd: 2 * i + 1}),
    alone=True,
    today=UNDECIDED,
)
table.true(
    f(i), "=", 1, using(Earlier(f(rational), 1), {rational: i}), alone=True
)

# -- a premise that says too little is solved for what it does not give -------
table.false(C(n, 9) + 1, "=", 1, using(Earlier(0, 0)), kin="27")
table.false(
    f(n), "=", 0, using(Earlier(n * f(n), 0)), kin="27", today=UNDECIDED
)
table.false(
    f(x),
    "=",
    x + 1,
    using(Earlier((x - 1) * f(x), x**2 - 1)),
    kin="27",
    today=UNDECIDED,
)
table.false(
    f(x),
    "=",
    0,
    using(Earlier(sp.sin(x) * f(x), 0)),
    kin="27",
    today=UNDECIDED,
)
table.false(
    f(a),
    "=",
    a + b,
    using(Earlier((a - b) * f(a), a**2 - b**2)),
    kin="27",
    today=UNDECIDED,
)
table.false(
    f(x), "=", 1, using(Earlier(f(x) ** 2, 1)), kin="27", today=UNDECIDED
)
table.false(
    f(x), "=", 0, using(Earlier(f(x) * g(x), 0)), kin="27", today=UNDECIDED
)
table.false(
    f(x), "=", g(x), using(Earlier(f(x) ** 2, g(x) ** 2)), today=UNDECIDED
)
table.false(
    f(x),
    "=",
    g(x),
    using(Earlier(f(x) - f(x), g(x) - g(x))),
    kin="27",
    today=UNDECIDED,
)
table.true(
    f(x),
    "=",
    x + 1,
    using(Earlier((x - 1) * f(x), x**2 - 1)),
    (x > 1,),
    alone=True,
)
table.true(f(p), "=", 0, using(Earlier(p * f(p), 0)), alone=True)
table.true(f(x), "=", 0, using(Earlier((x**2 + 1) * f(x), 0)), alone=True)
table.true(f(x) ** 3, "=", f(x), using(Earlier(f(x) ** 2, 1)), alone=True)
table.true(f(x) ** 4, "=", 1, using(Earlier(f(x) ** 2, 1)), alone=True)

# -- a range of the premise that ends -----------------------------------------
A = sp.Integral(1 / (50 - y), (y, 0, a))
area = Earlier(A, sp.log(50) - sp.log(50 - a), (a < 50,))
table.false(
    A + b,
    "=",
    b + sp.log(50) - sp.log(50 - a),
    using(area),
    kin="34",
    today=UNDECIDED,
)
table.false(
    A + b,
    "=",
    b + sp.log(50) - sp.log(50 - a),
    using(area),
    (a < 60,),
    kin="34",
    today=UNDECIDED,
)
table.false(
    A + b,
    "=",
    b + sp.log(50) - sp.log(50 - a),
    using(area),
    (a <= 50,),
    kin="34",
    today=UNDECIDED,
)
table.true(A + b, "=", b + sp.log(50) - sp.log(50 - a), using(area), (a < 50,))
table.true(
    A + b, "=", b + sp.log(50) - sp.log(50 - a), using(area), (a + b < 50,)
)
series = Earlier(Sum(a**k, (k, 0, sp.oo)), 1 / (1 - a), (a < 1,))
table.false(
    Sum(a**k, (k, 0, sp.oo)) + 1,
    "=",
    1 + 1 / (1 - a),
    using(series),
    (Ne(a, 1),),
    kin="34",
    today=UNDECIDED,
)
table.false(
    Sum(b**k, (k, 0, sp.oo)) + 1,
    "=",
    1 + 1 / (1 - b),
    using(series, {a: b}),
    kin="34",
)
table.true(
    Sum(b**k, (k, 0, sp.oo)) + 1,
    "=",
    1 + 1 / (1 - b),
    using(series, {a: b}),
    (b < sp.Rational(1, 2),),
)

# -- inside another check -----------------------------------------------------
each = by.each({n: range(9)})
INSIDE = {
    "each inside order": lambda: by.order(n, m, then=each),
    "each inside parity": lambda: by.parity(n, then=each),
    "each inside first": lambda: by.first(n, 1, then=each),
    "each inside using": lambda: using(tri, then=each),
}
for said, made in INSIDE.items():
    table.tells(said, made, MALFORMED, true=False, kin="22")

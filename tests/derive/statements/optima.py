"""Where a function is smallest, and how small."""

from __future__ import annotations

import sympy as sp
from sympy import Rational, Tuple, cos, exp, log, pi, sqrt

from kexue_lib.derive import ArgMax, ArgMin, Maximum, Minimum, by

from .table import UNDECIDED, Table

x, y, z = sp.symbols("x y z", real=True)
a, b, c, t = sp.symbols("a b c t", positive=True)
half = Rational(1, 2)
opt = by.optimum

table = Table("optima")

table.true(ArgMin((x - 1) ** 2, x), "=", 1, opt())
table.true(ArgMin(x**2 - 2 * y * x, x), "=", y, opt())
table.true(ArgMin(a * x**2 + b * x, x), "=", -b / (2 * a), opt())
table.true(ArgMax(-((x - y) ** 2), x), "=", y, opt())
table.true(ArgMin(t + 1 / t, t), "=", 1, opt())
table.true(ArgMin(t - log(t), t), "=", 1, opt())
table.true(ArgMin(a * t - log(t), t), "=", 1 / a, opt())
table.true(ArgMax(log(t) - a * t, t), "=", 1 / a, opt())
table.true(ArgMin(x**2 + y**2 - x, x, y), "=", Tuple(half, 0), opt())
table.true(
    ArgMin(x**2 + x * y + y**2 - x, x, y),
    "=",
    Tuple(Rational(2, 3), -Rational(1, 3)),
    opt(),
)
table.true(Minimum((x - 1) ** 2 + 5, x), "=", 5, opt(at=sp.S.One))
table.true(Maximum(1 - x**2, x), "=", 1, opt(at=sp.S.Zero))
table.true(Minimum(t + a / t, t), "=", 2 * sqrt(a), opt(at=sqrt(a)))
table.true(ArgMin(exp(x) - x, x), "=", 0, opt())
table.true(Minimum(x**2 + y**2, x, y), "=", 0, opt(at=Tuple(0, 0)))
table.true(ArgMin(t**2 / 2 + a / t, t), "=", a ** Rational(1, 3), opt())
table.false(ArgMin((x - 1) ** 2, x), "=", -1, opt(), today=UNDECIDED)
table.false(ArgMax((x - 1) ** 2, x), "=", 1, opt(), today=UNDECIDED)
table.false(ArgMin(x**3, x), "=", 0, opt(), today=UNDECIDED)
table.false(ArgMin(x**4 - x**2, x), "=", 0, opt(), today=UNDECIDED)
table.false(ArgMin(t - log(t), t), "=", 2, opt(), today=UNDECIDED)
table.false(ArgMin(log(t) - t, t), "=", 1, opt(), today=UNDECIDED)
table.false(
    ArgMin(x**2 - y**2, x, y), "=", Tuple(0, 0), opt(), today=UNDECIDED
)
table.false(
    ArgMin(x**2 + 3 * x * y + y**2, x, y),
    "=",
    Tuple(0, 0),
    opt(),
    today=UNDECIDED,
)
table.false(ArgMin(y * x**2, x), "=", 0, opt(), today=UNDECIDED)
table.false(
    ArgMin(a * x**2 + b * x, x), "=", b / (2 * a), opt(), today=UNDECIDED
)
table.false(
    Minimum((x - 1) ** 2 + 5, x), "=", 4, opt(at=sp.S.One), today=UNDECIDED
)
table.false(Maximum(1 - x**2, x), "=", 0, opt(at=sp.S.Zero), today=UNDECIDED)
table.false(Minimum(x**2, x), "=", 0, opt())
table.false(ArgMin(x**2, x), "=", Tuple(0, 0), opt())
table.false(ArgMin(cos(x), x), "=", pi, opt(), today=UNDECIDED)
table.false(ArgMin(1 / x**2, x), "=", 1, opt(), today=UNDECIDED)
table.false(ArgMin((t + 1) ** 2, t), "=", -1, opt(), today=UNDECIDED)
table.false(x**2, "=", 0, opt())

# -- the optimum leaves the domain --------------------------------------------
n = sp.symbols("n", integer=True, nonnegative=True)
s = sp.symbols("s", nonnegative=True)
table.false(
    ArgMin((x - s) ** 2, x),
    "=",
    s,
    opt(),
    given=(x <= 40,),
    kin="19",
    today=UNDECIDED,
)
table.false(
    ArgMin((x - s) ** 2, x),
    "=",
    s,
    opt(),
    given=(x**3 <= 64000,),
    kin="19",
    today=UNDECIDED,
)
table.false(
    ArgMin((x - s) ** 2, x),
    "=",
    s,
    opt(),
    given=(sp.Abs(x) <= 70,),
    kin="19",
    today=UNDECIDED,
)
table.false(
    Minimum(x**2 - 2 * s * x, x),
    "=",
    -(s**2),
    opt(at=s),
    given=(x <= 30,),
    kin="19",
    today=UNDECIDED,
)
table.false(
    ArgMin((x - n) ** 2, x),
    "=",
    n,
    opt(),
    given=(x <= 50,),
    kin="19",
    today=UNDECIDED,
)
table.false(
    ArgMin(t + 1 / t, t),
    "=",
    1,
    opt(),
    given=(t >= 2,),
    kin="19",
    today=UNDECIDED,
)
table.false(
    ArgMax(-((x - y) ** 2), x),
    "=",
    y,
    opt(),
    given=(x >= y + 1,),
    kin="19",
    today=UNDECIDED,
)
table.false(
    ArgMin(x**2 + y**2, x, y),
    "=",
    Tuple(0, 0),
    opt(),
    given=(x + y >= 100,),
    kin="19",
    today=UNDECIDED,
)
table.false(
    ArgMin((x - 1) ** 2, x), "=", 1, opt(), given=(x**2 >= 4,), today=UNDECIDED
)
table.false(
    Maximum(x - x**2, x),
    "=",
    0,
    opt(at=sp.S.Zero),
    given=(x <= half,),
    today=UNDECIDED,
)
table.true(ArgMin((x - s) ** 2, x), "=", s, opt(), given=(x >= 0,))
table.true(ArgMin(t + 1 / t, t), "=", 1, opt(), given=(t <= 2,))
table.true(ArgMin((x - 1) ** 2, x), "=", 1, opt(), given=(x >= 1,))
table.true(ArgMin((x - 1) ** 2, x), "=", 1, opt(), given=(x <= 40,))
table.true(ArgMin((x - s) ** 2, x), "=", s, opt(), given=(x <= 40, s <= 40))
# -- local, not global; a saddle; not reached ---------------------------------
table.false(
    ArgMin(x**4 - 2 * x**2, x),
    "=",
    1,
    opt(),
    name="-1 is as good",
    today=UNDECIDED,
)
table.false(ArgMin(x**4 - 3 * x**2 + x, x), "=", 1, opt(), today=UNDECIDED)
table.false(
    ArgMin(x**3 - 3 * x, x), "=", 1, opt(), name="only local", today=UNDECIDED
)
table.false(
    ArgMin(x**3 - 3 * x, x),
    "=",
    1,
    opt(),
    given=(x >= -3,),
    name="lower at the end -3",
    today=UNDECIDED,
)
table.true(
    ArgMin(x**3 - 3 * x, x), "=", 1, opt(), given=(x >= -1,), today=UNDECIDED
)
table.true(ArgMin(x**3 - 3 * x, x), "=", 1, opt(), given=(x >= 0,))
table.false(
    ArgMin(x**2 * y**2, x, y), "=", Tuple(0, 0), opt(), today=UNDECIDED
)
table.false(ArgMax(x**2 - x**4, x), "=", 0, opt(), today=UNDECIDED)
table.false(Minimum(exp(x), x), "=", 0, opt(at=sp.S.Zero), today=UNDECIDED)
table.false(
    Minimum(x**2 + 1, x),
    "=",
    1 - 10**-15 * half,
    opt(at=sp.S.Zero),
    today=UNDECIDED,
)
table.false(ArgMin(sp.Abs(x - 1), x), "=", 0, opt(), today=UNDECIDED)
table.true(
    ArgMin(sp.Abs(x - 1), x), "=", 1, opt(), name="at a kink", today=UNDECIDED
)
table.false(
    ArgMin((x - y) ** 4 + y**2 * 0, x), "=", -y, opt(), today=UNDECIDED
)
table.true(ArgMin((x - y) ** 4, x), "=", y, opt())

# -- one place among many: it is no equation ----------------------------------
table.false(
    ArgMin((x - y) ** 2, x, y), "=", Tuple(0, 0), opt(), today=UNDECIDED
)
table.false(
    ArgMin((x - y) ** 2, x, y), "=", Tuple(1, 1), opt(), today=UNDECIDED
)
table.false(
    ArgMin(x**2 + 0 * y, x, y), "=", Tuple(0, 3), opt(), today=UNDECIDED
)
table.false(
    ArgMin(x**2 * y**2, x, y), "=", Tuple(0, 5), opt(), today=UNDECIDED
)
table.false(
    ArgMax(-(x**2) * (1 + y**2), x, y),
    "=",
    Tuple(0, 0),
    opt(),
    today=UNDECIDED,
)
table.true(ArgMin((x - y) ** 2 + x**2, x, y), "=", Tuple(0, 0), opt())
table.true(
    ArgMin(x**2 + y**4, x, y),
    "=",
    Tuple(0, 0),
    opt(),
)
table.true(
    ArgMin(x**2 * (1 + y**2) + y**2, x, y),
    "=",
    Tuple(0, 0),
    opt(),
)
table.true(Minimum((x - y) ** 2, x, y), "=", 0, opt(at=Tuple(3, 3)))

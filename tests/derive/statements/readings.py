"""Measured numbers."""

from __future__ import annotations

import sympy as sp
from sympy import Rational

from kexue_lib.derive import Chapter, by
from kexue_lib.derive.checks.measure import Reading

from .table import MALFORMED, REFUSED, Table

x, y, z = sp.symbols("x y z", real=True)
half = Rational(1, 2)


def R(*values):
    shown = ", ".join(map(str, values))
    return Reading(f"r in {{{shown}}}", tuple(map(float, values)))


within, bound, zscore, seeds = by.within, by.bound, by.zscore, by.seeds
close = (1.0, 1.1, 0.9, 1.05, 0.95)

table = Table("readings")

table.true(R(0.915), "~=", Rational(9, 10), within("0.02"))
table.true(R(1e-7), "~=", 0, within("1e-6"))
table.true(R(-3.0), "~=", -3, within("0.1"))
table.true(R(1e-9), "<", Rational(1, 10**6), bound())
table.true(R(2), "<=", 2, bound())
table.true(R(5), ">", 4, bound())
table.true(R(0.5), ">=", half, bound(digits=2))
table.true(R(1.02), "~=", 1, zscore("0.01"))
table.true(R(1.0), "~=", 1, zscore("1e-9"))
table.true(R(0.98), "~=", 1, zscore("0.01", 3))
table.true(R(*close), ">", half, seeds())
table.true(R(*close), "<", 2, seeds())
table.true(R(*close), ">", 0, seeds())
table.true(R(*close), "<=", Rational(13, 10), seeds())
table.true(R(-1.0, -1.1, -0.9), "<", 0, seeds())
table.false(R(0.915), "~=", Rational(95, 100), within("0.02"))
table.false(R(1e-5), "~=", 0, within("1e-6"))
table.false(R(-3.0), "~=", 3, within("0.1"))
table.false(R(1e-3), "<", Rational(1, 10**6), bound())
table.false(R(2), "<", 2, bound())
table.false(R(5), "<", 4, bound())
table.false(R(0.5), ">=", 1, bound(digits=2))
table.false(R(1.2), "~=", 1, zscore("0.01"))
table.false(R(1.0), "~=", 2, zscore("1e-9"))
table.false(R(0.96), "~=", 1, zscore("0.01", 3))
table.false(R(*close), ">", 1, seeds())
table.false(R(*close), "<", 1, seeds())
table.false(R(1.0), ">", 0, seeds())
table.false(R(*close), "<=", Rational(105, 100), seeds())
table.false(R(0.1, -0.2, 0.3), ">", 0, seeds())
table.false(R(1.0), "~=", x, within("1"))
table.false(x, "~=", 1, within("1"))


# -- not reproduced: a check that cannot speak of the effect says nothing -----
def missed(check, relation, wanted, *values):
    """A claim that what a source reports does not show."""

    def story():
        chapter = Chapter("missed")
        claim = chapter.claim(
            "C1", "Not seen", kind="empirical", source="post"
        )
        started = claim.miss("score", list(values))
        return getattr(started, relation)(wanted, check)

    return story


NOTHING = {
    "one value off by ten tolerances": missed(
        within("0.01"), "approx", Rational(9, 10), 0.8
    ),
    "one value has no spread": missed(seeds(), "gt", half, 0.9),
    "seeds decide no approximation": missed(
        seeds(), "approx", Rational(9, 10), 0.9, 0.91, 0.92
    ),
    "an interval around the bound": missed(
        seeds(), "gt", half, 0.9, 0.1, 0.95
    ),
    "an interval that holds the bound, below": missed(
        seeds(), "lt", half, 0.4, 0.7, 0.3, 0.75
    ),
    "a bound decides no approximation": missed(
        bound(), "approx", Rational(9, 10), 0.91
    ),
    "within decides no order": missed(within("0.1"), "gt", half, 0.9),
}
for said, story in NOTHING.items():
    table.tells(said, story, REFUSED, true=False, kin="29")
SHOWN = {
    "far below over five seeds": missed(
        seeds(), "gt", half, 0.1, 0.11, 0.09, 0.1, 0.1
    ),
    "twenty standard errors away": missed(
        zscore("0.01"), "approx", Rational(1), 1.2
    ),
}
for said, story in SHOWN.items():
    table.tells(said, story, "not reproduced", true=True)
table.false(R(0.95, 1.05), "~=", 2, within("0.1"))
table.false(R(*close), ">", 1 - Rational(1, 10**9), seeds(), name="by a hair")
table.false(R(0.1, 0.9), ">", 0, seeds(), name="two seeds far apart")
table.tells(
    "a tolerance of 0", lambda: within("0"), MALFORMED, true=False, kin="29"
)
table.false(R(1.0), "~=", 1, zscore("0"), kin="29")
table.tells(
    "a float for a tolerance", lambda: within(0.1), MALFORMED, true=False
)

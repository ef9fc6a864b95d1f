"""The checks an author chooses from: ``.eq(rhs, by.algebra())``.

Each check is data (a frozen dataclass) that decides a statement given as
data; the level of evidence follows from the check that ran.
"""

from __future__ import annotations

from kexue_lib.derive.checks import algebra as _algebra
from kexue_lib.derive.checks import antiderivative as _antiderivative
from kexue_lib.derive.checks import cases as _cases
from kexue_lib.derive.checks import expansions as _expansions
from kexue_lib.derive.checks import inequality as _inequality
from kexue_lib.derive.checks import instances as _instances
from kexue_lib.derive.checks import limits as _limits
from kexue_lib.derive.checks import measure as _measure
from kexue_lib.derive.checks import optimum as _optimum
from kexue_lib.derive.checks import orders as _orders
from kexue_lib.derive.checks import record as _record
from kexue_lib.derive.checks import recurrence as _recurrence
from kexue_lib.derive.checks import sums as _sums
from kexue_lib.derive.checks import using as _using
from kexue_lib.derive.theorems import cite as _cite

# proved: identities
algebra = _algebra.Algebra
using = _using.Using
telescoping = _sums.Telescoping
terms = _sums.Terms
induction = _sums.Induction
recurrence = _recurrence.Recurrence
antiderivative = _antiderivative.Antiderivative
limit = _limits.Limiting
series = _limits.Series
asymptotic = _limits.Asymptotic

# proved: case splits
order = _cases.Order
parity = _cases.Parity
first = _cases.First
pieces = _cases.Pieces

# proved: inequalities and optima
sign = _orders.Sign
squares = _orders.Squares
monotone = _orders.Monotone
convex = _orders.Convex
logs = _orders.Logs
instances = _instances.Instances
optimum = _optimum.Optimum

# cited: a named theorem, its hypotheses checked
theorem = _cite.Cited
fourier = _expansions.Fourier
parseval = _expansions.Parseval

# exact, certified, numeric
each = _cases.Each
random_points = _record.RandomPoints
balls = _inequality.Balls
numeric = _record.Numeric
error = _record.Error

# measured
within = _measure.Within
bound = _measure.Bound
zscore = _measure.ZScore
seeds = _measure.Seeds

# refuted
counterexample = _record.Counterexample

__all__ = [
    "algebra",
    "antiderivative",
    "asymptotic",
    "balls",
    "bound",
    "convex",
    "counterexample",
    "each",
    "error",
    "first",
    "fourier",
    "induction",
    "instances",
    "limit",
    "logs",
    "monotone",
    "numeric",
    "optimum",
    "order",
    "parity",
    "parseval",
    "pieces",
    "random_points",
    "recurrence",
    "seeds",
    "series",
    "sign",
    "squares",
    "telescoping",
    "terms",
    "theorem",
    "using",
    "within",
    "zscore",
]

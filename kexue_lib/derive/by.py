"""The checks an author chooses from: ``.eq(rhs, by.cancel())``.

Each check is data (a frozen dataclass) that decides a statement given as
data; the level of evidence follows from the check that ran.
"""

from __future__ import annotations

from kexue_lib.derive.checks import algebra as _algebra
from kexue_lib.derive.checks import aligning as _aligning
from kexue_lib.derive.checks import calculus as _calculus
from kexue_lib.derive.checks import cases as _cases
from kexue_lib.derive.checks import expansions as _expansions
from kexue_lib.derive.checks import expectation as _expectation
from kexue_lib.derive.checks import holonomic as _holonomic
from kexue_lib.derive.checks import inequality as _inequality
from kexue_lib.derive.checks import instances as _instances
from kexue_lib.derive.checks import measure as _measure
from kexue_lib.derive.checks import optimum as _optimum
from kexue_lib.derive.checks import pieces as _pieces
from kexue_lib.derive.checks import record as _record
from kexue_lib.derive.checks import recurrence as _recurrence
from kexue_lib.derive.checks import sums as _sums
from kexue_lib.derive.checks import words as _words
from kexue_lib.derive.theorems import cite as _cite

# proved: algebra
expand = _algebra.Expand
cancel = _algebra.Cancel
combsimp = _algebra.Combsimp
exponentials = _algebra.Exponentials
logarithms = _algebra.Logarithms
rewriting = _algebra.Rewriting
words = _words.Words
circle = _words.Circle
holonomic = _holonomic.Holonomic
definition = _record.Definition

# proved: sums, induction, earlier results, case splits
sums = _sums.Sums
aligning = _aligning.Aligning
splitting = _sums.Splitting
telescoping = _sums.Telescoping
induction = _sums.Induction
using = _sums.Using
recurrence = _recurrence.Recurrence
order = _cases.Order
parity = _cases.Parity
pieces = _pieces.Pieces
first = _cases.First

# proved: calculus, expectation, inequality, optimum
antiderivative = _calculus.Antiderivative
integrate = _calculus.Integrate
limit = _calculus.Limiting
series = _calculus.Series
asymptotic = _calculus.Asymptotic
moments = _expectation.Moments
fourier = _expansions.Fourier
parseval = _expansions.Parseval
sign = _inequality.Sign
squares = _inequality.Squares
logs = _inequality.Logs
instances = _instances.Instances
monotone = _inequality.Monotone
convex = _inequality.Convex
optimum = _optimum.Optimum

# cited: a named theorem, its hypotheses checked
theorem = _cite.Cited

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
    "aligning",
    "antiderivative",
    "asymptotic",
    "balls",
    "bound",
    "cancel",
    "circle",
    "combsimp",
    "convex",
    "counterexample",
    "definition",
    "each",
    "error",
    "expand",
    "exponentials",
    "first",
    "fourier",
    "holonomic",
    "induction",
    "instances",
    "integrate",
    "limit",
    "logarithms",
    "logs",
    "moments",
    "monotone",
    "numeric",
    "optimum",
    "order",
    "parity",
    "parseval",
    "pieces",
    "random_points",
    "recurrence",
    "rewriting",
    "seeds",
    "series",
    "sign",
    "splitting",
    "squares",
    "sums",
    "telescoping",
    "theorem",
    "using",
    "within",
    "words",
    "zscore",
]

"""The checks an author chooses from: ``.eq(rhs, by.cancel())``.

Each check is data (a frozen dataclass) that decides a statement given as
data; the level of evidence follows from the check that ran.
"""

from __future__ import annotations

from kexue_lib.derive.checks.algebra import (
    Cancel as cancel,
)
from kexue_lib.derive.checks.algebra import (
    Combsimp as combsimp,
)
from kexue_lib.derive.checks.algebra import (
    Expand as expand,
)
from kexue_lib.derive.checks.algebra import (
    Exponentials as exponentials,
)
from kexue_lib.derive.checks.algebra import (
    Logarithms as logarithms,
)
from kexue_lib.derive.checks.algebra import (
    Rewriting as rewriting,
)
from kexue_lib.derive.checks.calculus import (
    Antiderivative as antiderivative,
)
from kexue_lib.derive.checks.calculus import (
    Asymptotic as asymptotic,
)
from kexue_lib.derive.checks.calculus import (
    Limiting as limit,
)
from kexue_lib.derive.checks.calculus import (
    Series as series,
)
from kexue_lib.derive.checks.cases import (
    Each as each,
)
from kexue_lib.derive.checks.cases import (
    First as first,
)
from kexue_lib.derive.checks.cases import (
    Order as order,
)
from kexue_lib.derive.checks.cases import (
    Parity as parity,
)
from kexue_lib.derive.checks.holonomic import (
    Holonomic as holonomic,
)
from kexue_lib.derive.checks.record import (
    Counterexample as counterexample,
)
from kexue_lib.derive.checks.record import (
    Definition as definition,
)
from kexue_lib.derive.checks.record import (
    Numeric as numeric,
)
from kexue_lib.derive.checks.sums import (
    Induction as induction,
)
from kexue_lib.derive.checks.sums import (
    Sums as sums,
)
from kexue_lib.derive.checks.sums import (
    Telescoping as telescoping,
)
from kexue_lib.derive.checks.sums import (
    Using as using,
)

__all__ = [
    "antiderivative",
    "asymptotic",
    "cancel",
    "combsimp",
    "counterexample",
    "definition",
    "each",
    "expand",
    "exponentials",
    "first",
    "holonomic",
    "induction",
    "limit",
    "logarithms",
    "numeric",
    "order",
    "parity",
    "rewriting",
    "series",
    "sums",
    "telescoping",
    "using",
]

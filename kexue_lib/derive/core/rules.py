"""Rules: what a certificate reduces a statement to.

Each rule returns a `Proof`, whose conditions may still be open, or raises
`NotShownError`. No rule believes its certificate: an antiderivative is
differentiated, a telescoping term subtracted from its successor.
"""

from kexue_lib.derive.core.equations import (
    Function,
    NotShownError,
    Premise,
    defined,
    equal,
    function,
    several,
    single,
)
from kexue_lib.derive.core.induct import (
    induction,
    recurrence,
    telescoping,
    termwise,
)
from kexue_lib.derive.core.optima import in_box, optimum
from kexue_lib.derive.core.orders import (
    by_convexity,
    by_growth,
    by_instances,
    by_logarithms,
    by_sign,
    by_squares,
    continuous,
)
from kexue_lib.derive.core.primitives import (
    at_end,
    limit_at_infinity,
    primitive,
    vanishes,
)
from kexue_lib.derive.core.splits import (
    Inside,
    by_first,
    by_order,
    by_parity,
    facts_about,
    put_in,
    split_at,
)

__all__ = [
    "Function",
    "Inside",
    "NotShownError",
    "Premise",
    "at_end",
    "by_convexity",
    "by_first",
    "by_growth",
    "by_instances",
    "by_logarithms",
    "by_order",
    "by_parity",
    "by_sign",
    "by_squares",
    "continuous",
    "defined",
    "equal",
    "facts_about",
    "function",
    "in_box",
    "induction",
    "limit_at_infinity",
    "optimum",
    "primitive",
    "put_in",
    "recurrence",
    "several",
    "single",
    "split_at",
    "telescoping",
    "termwise",
    "vanishes",
]

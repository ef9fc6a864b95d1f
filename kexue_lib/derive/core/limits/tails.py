"""Functions of u -> oo that are sums of powers of 1/u up to a remainder.

After K terms the remainder is of the order of the next power. For Gamma, its
logarithmic derivative and erfc it is less than the first term left out, for
every u > 0; for the incomplete Gamma function integration by parts gives it,
for a fixed index.
"""

from __future__ import annotations

from fractions import Fraction

import flint

from kexue_lib.derive.core.terms import (
    HALF,
    PI,
    Term,
    mul,
    neg,
    num,
    power,
    sub,
)

BINET = "??binet+real"
"""log Gamma(u) minus Stirling's (u - 1/2) log u - u + log(2 pi)/2."""
MILLS = "??mills+real"
"""erfc(u) exp(u^2)."""
BEYOND = "??beyond+real"
"""Of a and u: Gamma(a, u) exp(u) u^(1 - a)."""
SLOPE = "??slope+real"
"""The derivative of log Gamma at u, without log u - 1/(2 u)."""
# No function of an author has such a name: the reader refuses a "?".
TAILS = (BINET, MILLS, BEYOND, SLOPE)
EXPONENTS = {BINET: (1, 2), MILLS: (1, 2), BEYOND: (0, 1), SLOPE: (2, 2)}
"""The first power of 1/u, and the step to the next."""


def coefficient(name: str, k: int, *fixed: Term) -> Term:
    """The coefficient of the k-th power."""
    if name in (BINET, SLOPE):
        b = flint.fmpq.bernoulli(2 * k + 2)
        value = Fraction(int(b.p), int(b.q))
        if name == SLOPE:
            return num(-value / (2 * k + 2))
        return num(value / ((2 * k + 2) * (2 * k + 1)))
    if name == MILLS:
        value = Fraction(1)
        for j in range(1, k + 1):
            value *= Fraction(-(2 * j - 1), 2)
        return mul(num(value), power(PI, neg(HALF)))
    (a,) = fixed
    return mul(num(1), *(sub(a, num(j)) for j in range(1, k + 1)))

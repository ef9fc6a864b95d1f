"""What a formula is worth, in Python: the other side of the comparison.

SymPy's ``lambdify`` with mpmath, so that the JavaScript is compared with
something that shares nothing with the printer in ``_js``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import sympy as sp
from sympy.printing.pycode import MpmathPrinter

from kexue_lib.explore._nodes import Iterate

Number = float | int
LOOP_LIMIT = 10_000
"""Most steps of one loop."""


class _Printer(MpmathPrinter):
    """mpmath code for loops with bounds that are mpmath numbers."""

    def _print_Sum(self, expr: sp.Sum) -> str:
        return self._fold("_sum", expr)

    def _print_Product(self, expr: sp.Product) -> str:
        return self._fold("_product", expr)

    def _fold(self, name: str, expr: Any) -> str:
        text = self._print(expr.function)
        for symbol, low, high in expr.limits:
            index = self._print(symbol)
            bounds = f"{self._print(low)}, {self._print(high)}"
            text = f"{name}(lambda {index}: {text}, {bounds})"
        return text

    def _print_Iterate(self, expr: Iterate) -> str:
        names = ", ".join(self._print(v) for v in expr.step.signature)
        values = ", ".join(self._print(e) for e in expr.step.expr)
        start = ", ".join(self._print(e) for e in expr.start)
        return (
            f"_iterate(lambda {names}: ({values},), ({start},), "
            f"{self._print(expr.times)})[{expr.which}]"
        )

    def _print_binomial(self, expr: sp.binomial) -> str:
        # Not the quotient of gammas that SymPy prints: its poles cancel.
        return f"_binomial({', '.join(self._print(a) for a in expr.args)})"

    def _print_Mod(self, expr: sp.Mod) -> str:
        # SymPy prints `-2*Mod(x, 1)` as `-2*x % 1`, which is another number.
        return f"({super()._print_Mod(expr)})"

    def _print_Piecewise(self, expr: sp.Piecewise) -> str:
        text = "_nan"
        for value, condition in reversed(expr.args):
            text = (
                f"({self._print(value)} if {self._print(condition)} "
                f"else {text})"
            )
        return text


class LoopTooLongError(Exception):
    """A loop takes more than :data:`LOOP_LIMIT` steps."""


class _Steps:
    """Counts the steps of all loops, for those who want to know."""

    taken = 0

    @classmethod
    def run(cls, first: int, last: int) -> range:
        """Return the loop's indices, if they are not too many."""
        steps = range(first, last + 1)
        if len(steps) > LOOP_LIMIT:
            raise LoopTooLongError(
                f"a loop of {len(steps)} steps; at most {LOOP_LIMIT} are "
                "allowed"
            )
        cls.taken += len(steps)
        return steps


def steps_taken() -> int:
    """Return how many loop steps were taken since the start."""
    return _Steps.taken


def _sum(term: Callable[[int], Any], low: Any, high: Any) -> Any:
    return mpmath.fsum(term(k) for k in _Steps.run(int(low), int(high)))


def _product(term: Callable[[int], Any], low: Any, high: Any) -> Any:
    return mpmath.fprod(term(k) for k in _Steps.run(int(low), int(high)))


def _iterate(step: Callable[..., Any], state: Any, count: Any) -> Any:
    for index in _Steps.run(0, int(count) - 1):
        state = step(index, *state)
    return state


def _jn(order: Any, x: Any) -> Any:
    if x == 0:
        return mpmath.mpf(order == 0)
    half = mpmath.mpf(1) / 2
    return mpmath.sqrt(mpmath.pi / (2 * x)) * mpmath.besselj(order + half, x)


_HELPERS = {
    "_sum": _sum,
    "_product": _product,
    "_iterate": _iterate,
    "_binomial": mpmath.binomial,
    "_nan": mpmath.nan,
    "jn": _jn,
    "laguerre": lambda degree, x: mpmath.laguerre(degree, 0, x),
}


def evaluator(
    expr: Any, args: Sequence[sp.Symbol]
) -> Callable[..., float | None]:
    """Return a function that evaluates ``expr`` with mpmath.

    Args:
        expr: The expression.
        args: Its arguments, in order.

    Returns:
        A function of that many numbers. It gives the value as a float, or
        None where the expression is undefined: a pole, a complex number, or
        something beyond the range of a double. Precision is mpmath's
        current one (``mpmath.workdps``).
    """
    printer = _Printer(
        {
            "fully_qualified_modules": False,
            "inline": True,
            "allow_unknown_functions": True,
        }
    )
    function = sp.lambdify(
        list(args), expr, modules=[_HELPERS, "mpmath"], printer=printer
    )

    def evaluate(*values: Number) -> float | None:
        exact = [v if isinstance(v, int) else mpmath.mpf(v) for v in values]
        try:
            value = mpmath.mpmathify(function(*exact))
        except (ZeroDivisionError, ValueError, OverflowError):
            return None  # mpmath's way to report a pole
        if isinstance(value, mpmath.mpc):
            if abs(value.imag) > 1e-12 * abs(value.real):
                return None
            value = value.real
        return float(value) if math.isfinite(float(value)) else None

    return evaluate

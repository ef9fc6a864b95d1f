"""Laurent polynomials on the unit circle, with exact coefficients.

There the conjugate of the variable is its inverse. The mean over the circle
of such a polynomial is its constant coefficient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kexue_lib.derive.core.terms import Term, free, is_fn, num, opened

Coefficients = dict[int, Any]
MOST = 4000
"""Larger polynomials are not multiplied out."""


class Circle:
    """Polynomials in ``z`` and ``1/z``.

    Args:
        z: the variable, a symbol.
        exact: the exact value of a term that is free of it, or None.
        plus, times: arithmetic of such values.
        conjugate: of such a value.
        ends: the range of a finite sum as integers, or None.
    """

    def __init__(
        self,
        z: Term,
        exact: Callable[[Term], Any],
        plus: Callable[[Any, Any], Any],
        times: Callable[[Any, Any], Any],
        conjugate: Callable[[Any], Any],
        ends: Callable[[Term], tuple[int, int] | None],
    ) -> None:
        self.z = z
        self.exact = exact
        self.plus = plus
        self.times = times
        self.conjugate = conjugate
        self.ends = ends

    def read(self, t: Term) -> Coefficients | None:
        """The coefficients, or None if the term is not seen to have them."""
        if self.z not in free(t):
            value = self.exact(t)
            return None if value is None else {0: value}
        if t is self.z:
            return {1: self.exact(num(1))}
        match t.op:
            case "add":
                return self._sum([self.read(p) for p in t.args])
            case "mul":
                return self._product([self.read(p) for p in t.args])
            case "pow":
                return self._power(*t.args)
            case "sum":
                return self._series(t)
            case "fn" if is_fn(t, "conjugate"):
                inner = self.read(t.args[1])
                if inner is None:
                    return None
                return {-d: self.conjugate(c) for d, c in inner.items()}
        return None

    def _sum(self, parts: list[Coefficients | None]) -> Coefficients | None:
        out: Coefficients = {}
        for p in parts:
            if p is None:
                return None
            for d, c in p.items():
                out[d] = self.plus(out[d], c) if d in out else c
        return out

    def _product(
        self, parts: list[Coefficients | None]
    ) -> Coefficients | None:
        total = {0: self.exact(num(1))}
        for p in parts:
            if p is None or len(p) * len(total) > MOST:
                return None
            made: Coefficients = {}
            for i, a in total.items():
                for j, b in p.items():
                    c = self.times(a, b)
                    d = i + j
                    made[d] = self.plus(made[d], c) if d in made else c
            total = made
        return total

    def _power(self, base: Term, e: Term) -> Coefficients | None:
        if base is not self.z and not is_fn(base, "Abs"):
            n = self._integer(e)
            inner = self.read(base)
            if n is None or inner is None or not 0 <= n <= 20:
                return None
            return self._product([inner] * n)
        n = self._integer(e)
        if n is None:
            return None
        if base is self.z:
            return {n: self.exact(num(1))}
        inside = self.read(base.args[1])
        if inside is None or n % 2 or not 0 <= n <= 20:
            return None
        turned = {-d: self.conjugate(c) for d, c in inside.items()}
        return self._product([inside, turned] * (n // 2))

    def _integer(self, e: Term) -> int | None:
        if self.z in free(e):
            return None
        value = self.exact(e)
        if value is None or value.im or value.re.q != 1:
            return None
        return int(value.re.p)

    def _series(self, t: Term) -> Coefficients | None:
        body, low, high = t.args
        if self.z in free(low) or self.z in free(high):
            return None
        ends = self.ends(t)
        if ends is None:
            return None
        parts = [
            self.read(opened(body, num(n)))
            for n in range(ends[0], ends[1] + 1)
        ]
        return self._sum(parts) if parts else {}

"""Signs: what is known to be real, integer, positive, under hypotheses.

Four ways, weakest first; each is sound, none is complete, and "not seen" is
never taken for "no":

1. structure: sums, products, powers and functions of what has a sign;
2. polynomials in atoms whose monomials all have one sign, also factor by
   factor, and after ``x = low + x'`` with ``x' >= 0`` for known bounds;
3. Sturm: a polynomial in one atom without a root on its interval (flint
   isolates the roots);
4. weights: a nonnegative combination of products of what is known to be
   nonnegative (searched by `simplex`, added up again here).

A question that comes back to itself is "not seen" (`Hypotheses._asked`). The
layers, from below: `hypotheses`, `structure`, `bounds`, `polynomials`.
"""

from __future__ import annotations

from kexue_lib.derive.core.field import P0, P1
from kexue_lib.derive.core.nonzero import nonzero
from kexue_lib.derive.core.polynomials import Polynomials
from kexue_lib.derive.core.terms import (
    TRUE,
    Term,
    UnsupportedError,
    neg,
    sub,
)
from kexue_lib.derive.core.weights import combination


class Context(Polynomials):
    """Hypotheses, and answers that follow from them. An `Oracle`.

    Args:
        given: relations that hold.
    """

    def impossible(self) -> bool:
        """The hypotheses contradict each other."""

        def answer() -> bool:
            f = self.field(opaque=True)
            for r in self.relations():
                for side in r.args[1:]:
                    f.norm(side)
            known = [g for g in self.known(f) if g[0] != 0]
            for g, strict in known:
                if self.signed(f, -g, not strict):
                    return True
            real = [
                (g, s)
                for g, s in known
                if all(self.real(a) for _, a in f.atoms_of(g))
            ]
            if combination(-P1, [(P1, True), *real], False) is not None:
                return True
            return any(s for _, s in real) and (
                combination(P0, real, True) is not None
            )

        return bool(self._asked(("impossible",), answer, False))

    def holds(self, relation: Term) -> bool | None:
        """True: for all values here. False: for none. None: not seen."""
        if relation in self.given or relation is TRUE:
            return True
        if relation.op == "and":
            answers = [self.holds(r) for r in relation.args]
            if all(a is True for a in answers):
                return True
            return False if False in answers else None
        if relation.op != "rel":
            return None
        op, a, b = relation.args
        gap = sub(b, a)
        with self.thoroughly():
            if op in ("<", "<=") and not all(map(self.real_valued, (a, b))):
                return None
            match op:
                case "<":
                    if self.positive(gap):
                        return True
                    return False if self.nonnegative(neg(gap)) else None
                case "<=":
                    if self.nonnegative(gap):
                        return True
                    return False if self.positive(neg(gap)) else None
                case "=":
                    return self._equal(gap)
                case "!=":
                    same = self._equal(gap)
                    if same is None and self._apart(gap):
                        return True
                    return None if same is None else not same
        raise UnsupportedError(f"the relation {op!r}")

    def _apart(self, gap: Term) -> bool:
        """The gap is never 0."""
        return bool(
            self._asked(("apart", gap), lambda: nonzero(gap, self), False)
        )

    def _equal(self, gap: Term) -> bool | None:
        """The gap is 0, is never 0, or not seen."""

        def answer() -> bool | None:
            f = self.field()
            r = f.quotients(gap)[0]
            if r.top == 0:
                return True
            if self.nonnegative(gap) and self.nonnegative(neg(gap)):
                return True
            if self.positive(gap) or self.positive(neg(gap)):
                return False
            known = self.given_nonzero(f)
            parts = r.top.factor()[1]
            if all(any(q in (g, -g) for g in known) for q, _ in parts):
                return False
            return None

        found = self._asked(("equal", gap), answer, None)
        return None if found is None else bool(found)

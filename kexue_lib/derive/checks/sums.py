"""Sums: telescoping certificates, normal form, induction, earlier results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import sympy as sp
from sympy.concrete.gosper import gosper_sum

from kexue_lib.derive.checks.algebra import Cancel, hypergeometric_zero
from kexue_lib.derive.checks.base import Check, gaps, prepare, require
from kexue_lib.derive.domain import Domain, allowed
from kexue_lib.derive.levels import Level, Relation, weakest
from kexue_lib.derive.naming import unfold
from kexue_lib.derive.printing import to_latex
from kexue_lib.derive.statement import Finding, RejectedError, Statement


@dataclass(frozen=True)
class Telescoping(Check):
    """A certificate F with term(k) = F(k) - F(k+1).

    Args:
        certificate: F, an expression in the summation symbol; without it
            Gosper's algorithm looks for one.
    """

    name: ClassVar[str] = "telescoping"
    certificates: ClassVar[tuple[str, ...]] = ("certificate",)
    certificate: Any = None

    def run(self, statement: Statement) -> Finding:
        """Check the certificate, then the two ends."""
        require(statement, Relation.EQ)
        scale, total = _one_sum(prepare(statement.left))
        k, low, high = total.limits[0]
        term = total.function
        if self.certificate is None:
            return self._gosper(statement, scale, total)
        cert = unfold(self.certificate)
        step = scale * term - (cert - cert.subs(k, k + 1))
        if not hypergeometric_zero(step):
            raise RejectedError("the term is not F(k) - F(k + 1)")
        ends = cert.subs(k, low) - cert.subs(k, high + 1)
        if not hypergeometric_zero(ends - statement.right):
            raise RejectedError("the ends F(first) - F(last + 1) differ")
        letter = to_latex(k)
        return Finding(
            Level.PROVED,
            f"the term is $F({letter}) - F({letter}+1)$ with "
            f"$F({letter}) = {to_latex(self.certificate)}$; the ends remain",
        )

    def _gosper(self, statement: Statement, scale: Any, total: Any) -> Finding:
        found = gosper_sum(total.function, total.limits[0])
        if found is None:
            raise RejectedError("Gosper: the sum has no hypergeometric form")
        if not hypergeometric_zero(scale * found - statement.right):
            raise RejectedError("Gosper's closed form differs")
        return Finding(Level.PROVED, "Gosper's algorithm finds the sum")


def _one_sum(expr: Any) -> tuple[Any, Any]:
    scale, rest = sp.S.One, []
    for factor in sp.Mul.make_args(expr):
        if isinstance(factor, sp.Sum):
            rest.append(factor)
        else:
            scale *= factor
    if len(rest) != 1 or len(rest[0].limits) != 1:
        raise RejectedError("the left side is not one single sum")
    return scale, rest[0]


@dataclass(frozen=True)
class Sums(Check):
    """Sums over the same range are one sum; its term vanishes.

    Args:
        then: the check for the term and for what stands outside sums.
    """

    name: ClassVar[str] = "sums"
    then: Check = field(default_factory=Cancel)

    def run(self, statement: Statement) -> Finding:
        """Merge sums over equal ranges."""
        require(statement, Relation.EQ)
        levels = [Level.PROVED]
        for gap in gaps(statement):
            rest, merged = merged_sums(prepare(sp.expand(prepare(gap))))
            for part in [rest, *(s.function for s in merged)]:
                inner = Statement(
                    part, Relation.EQ, sp.S.Zero, statement.domain
                )
                levels.append(self.then.run(inner).level)
        return Finding(
            weakest(levels),
            "sums over the same range are one sum, and its term is 0",
        )


def merged_sums(expr: Any) -> tuple[Any, list[Any]]:
    """Split into what is free of sums, and one sum for each range."""
    rest: Any = sp.S.Zero
    ranges: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand_mul(expr)):
        totals = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.Sum)]
        if len(totals) != 1 or len(totals[0].limits) != 1:
            rest += term
            continue
        total = totals[0]
        k, low, high = total.limits[0]
        function = total.function
        if k in expr.free_symbols:  # nor may the sum capture what is outside
            fresh = sp.Dummy(k.name, **k.assumptions0)
            function, k = function.subs(k, fresh), fresh
        other = next(
            (key for key in ranges if (key[1], key[2]) == (low, high)),
            None,
        )
        if other is not None and other[0] != k:
            function, k = function.subs(k, other[0]), other[0]
        key = (k, low, high)
        # In its place: what stands beside the sum need not commute with it.
        factors = [
            function if factor is total else factor
            for factor in sp.Mul.make_args(term)
        ]
        ranges[key] = ranges.get(key, 0) + sp.Mul(*factors)
    return rest, [sp.Sum(f, key) for key, f in ranges.items()]


@dataclass(frozen=True)
class Splitting(Check):
    """Sums are split into their terms, and equal sums count as one letter.

    Constant factors are taken out, nested sums too, and the name of the
    index does not matter. A letter is positive where the terms of its sum
    are and the range is not empty, so that logarithms of it may be split.

    Args:
        then: the check that the difference vanishes, in those letters.
    """

    name: ClassVar[str] = "splitting"
    then: Check = field(default_factory=Cancel)

    def run(self, statement: Statement) -> Finding:
        """Open the sums of the difference, then compare."""
        require(statement, Relation.EQ)
        levels = [Level.PROVED]
        for gap in gaps(statement):
            opened = sums_opened(gap, prepare)
            inner = statement.but(lhs=opened, rhs=sp.S.Zero)
            levels.append(self.then.run(inner).level)
        return Finding(
            weakest(levels),
            "sums split into terms, constants taken out; then "
            f"{self.then.name}",
        )


def sums_opened(expr: Any, ready: Callable[[Any], Any]) -> Any:
    """Write ``expr`` in letters for its finite sums.

    Args:
        expr: what may hold sums over one or more indices.
        ready: what differentiates and tidies ``expr`` first.
    """
    letters: dict[Any, Any] = {}
    opened, _ = _opened(ready(expr), frozenset(), letters)
    return opened


def _opened(
    expr: Any, bound: frozenset[Any], letters: dict[Any, Any]
) -> tuple[Any, int]:
    """The opened expression, and how deep its remaining sums are nested."""
    if isinstance(expr, sp.Sum):
        return _opened_sum(expr, bound, letters)
    if not expr.has(sp.Sum):
        return expr, 0
    parts = [_opened(a, bound, letters) for a in expr.args]
    return expr.func(*(p for p, _ in parts)), max(h for _, h in parts)


def _opened_sum(
    total: Any, bound: frozenset[Any], letters: dict[Any, Any]
) -> tuple[Any, int]:
    *outer, (k, low, high) = total.limits
    body = total.func(total.function, *outer) if outer else total.function
    body, depth = _opened(body, bound | {k}, letters)
    # One letter for one sum, whatever its index is called; the depth keeps
    # the index of an inner sum apart from that of the sum around it.
    index = sp.Symbol(f"_k{depth}", **_assumed(k))
    if high in (sp.oo, -sp.oo) or low in (sp.oo, -sp.oo):
        # A series may not be rearranged term by term.
        return sp.Sum(body.subs(k, index), (index, low, high)), depth + 1
    result = sp.S.Zero
    for term in sp.Add.make_args(sp.expand_log(sp.expand(body))):
        free, own = term.as_independent(k, as_Add=False)
        if own == 1:
            result += free * (high - low + 1)
            continue
        made = sp.Sum(own.subs(k, index), (index, low, high))
        if not made.free_symbols & bound:
            made = letters.setdefault(made, _letter(made, low, high))
        result += free * made
    return result, depth + 1 if result.has(sp.Sum) else 0


def _letter(total: Any, low: Any, high: Any) -> Any:
    real = {"real": True} if total.function.is_extended_real else {}
    if total.function.is_positive and (high - low).is_nonnegative:
        real = {"positive": True}
    return sp.Dummy("S", **real)


def _assumed(symbol: Any) -> dict[str, bool]:
    return {k: v for k, v in symbol.assumptions0.items() if v is not None}


@dataclass(frozen=True)
class Induction(Check):
    """Base cases, and equal increments of both sides.

    A product on the left grows by factors: the right side must too.

    Args:
        n: the integer symbol.
        then: check of the increments ``side(n + stride) - side(n)``.
        start: first value; its ``stride`` successors are the base cases.
        stride: distance between a value and the next one it implies.
    """

    name: ClassVar[str] = "induction"
    n: Any
    then: Check = field(default_factory=Cancel)
    start: int = 0
    stride: int = 1

    def decides(self, statement: Statement) -> Statement:
        """A finite set of n under which the step was shown has no gap."""
        found = super().decides(statement)
        values = dict(found.domain.ranges).get(self.n, ())
        last = self.start + len(values) * self.stride
        steps = range(self.start, last, self.stride)
        if values and sorted(values) != list(steps):
            raise RejectedError(
                f"the step is shown for {self.n} = "
                f"{', '.join(map(str, values))} only: that does not reach "
                f"every value from {self.start} on"
            )
        return found

    def run(self, statement: Statement) -> Finding:
        """Check the bases exactly, then the step in symbolic n."""
        self.decides(statement)
        require(statement, Relation.EQ)
        self._starts_early_enough(statement)
        bases = range(self.start, self.start + self.stride)
        levels = [self._base(statement, value) for value in bases]
        if isinstance(statement.left, sp.Product):
            return self._factors(statement, levels)
        left, right = (
            grown(side, self.n, self.stride) - side
            for side in (statement.left, statement.right)
        )
        parts = [left - right]
        if not self.then.whole:
            ready = prepare(sp.expand(prepare(parts[0])))
            rest, merged = merged_sums(ready)
            parts = [*(s.function for s in merged), rest]
        for part in parts:
            inner = Statement(part, Relation.EQ, sp.S.Zero, statement.domain)
            levels.append(self.then.run(inner).level)
        shown = ", ".join(map(str, bases))
        n = to_latex(self.n)
        return Finding(
            weakest(levels),
            f"base ${n} = {shown}$; from ${n}$ to ${n}+{self.stride}$ both "
            f"sides grow by the same ({self.then.name})",
        )

    def _factors(self, statement: Statement, levels: list[Level]) -> Finding:
        """The right side grows by the factors that the product gets."""
        n, right = self.n, statement.right
        if len(statement.left.limits) != 1:
            raise RejectedError("the left side is not one single product")
        k, low, high = statement.left.limits[0]
        body = statement.left.function
        steps = sp.expand(high.subs(n, n + self.stride) - high)
        if low.has(n) or body.has(n) or not (steps.is_Integer and steps > 0):
            raise RejectedError(f"only the end of the product may have {n}")
        factor = sp.prod(
            [body.subs(k, high + i) for i in range(1, int(steps) + 1)]
        )
        inner = statement.but(
            lhs=right.subs(n, n + self.stride), rhs=factor * right
        )
        levels.append(self.then.run(inner).level)
        first, letter = self.start, to_latex(n)
        return Finding(
            weakest(levels),
            f"base ${letter} = {first}$; from ${letter}$ to "
            f"${letter}+{self.stride}$ both sides get the same factor "
            f"({self.then.name})",
        )

    def _base(self, statement: Statement, value: int) -> Level:
        """Evaluate; what stays symbolic is left to the check of the step."""
        base = _at(statement, self.n, sp.Integer(value))
        levels = [Level.PROVED]
        for gap in gaps(base):
            ready = sp.expand(prepare(gap).doit())
            if ready == 0 or Cancel().vanishes(ready):
                continue
            inner = statement.but(lhs=ready, rhs=sp.S.Zero)
            try:
                levels.append(self.then.run(inner).level)
            except RejectedError as error:
                raise RejectedError(
                    f"base case {self.n} = {value} fails"
                ) from error
        return weakest(levels)

    def _starts_early_enough(self, statement: Statement) -> None:
        n = self.n
        if not n.is_integer:
            raise RejectedError(f"{n} must be declared integer")
        known = {
            g.lts
            for g in statement.domain.given
            if isinstance(g, sp.core.relational._Inequality) and g.gts == n
        }
        first = 1 if n.is_positive else 0 if n.is_nonnegative else None
        lows = [int(v) for v in known if v.is_Integer]
        lows += [] if first is None else [first]
        if not lows or max(lows) < self.start:
            raise RejectedError(
                f"the domain of {n} begins before {self.start}"
            )


def _at(statement: Statement, n: Any, value: Any) -> Statement:
    return statement.but(
        lhs=statement.left.subs(n, value), rhs=statement.right.subs(n, value)
    )


def grown(expr: Any, n: Any, stride: int) -> Any:
    """Return ``expr`` at ``n + stride`` with the last terms of sums out."""
    if isinstance(expr, sp.Sum):
        *inner, (k, low, high) = expr.limits
        body = sp.Sum(expr.function, *inner) if inner else expr.function
        shift = sp.expand(high.subs(n, n + stride) - high)
        if not low.has(n) and shift.is_Integer and shift > 0:
            body = body.subs(n, n + stride)
            last = [body.subs(k, high + j) for j in range(1, int(shift) + 1)]
            return sp.Sum(body, (k, low, high)) + sp.Add(*last)
    if not expr.has(sp.Sum) or not expr.args:
        return expr.subs(n, n + stride)
    return expr.func(*(grown(a, n, stride) for a in expr.args))


@dataclass(frozen=True)
class Using(Check):
    """An earlier equation put in, then another check.

    Args:
        source: label of a chain of this claim, number of a claim of this
            chapter, or a claim or chain.
        at: values for symbols of the earlier equation.
        then: the check after the substitution.
    """

    name: ClassVar[str] = "using"
    source: Any
    at: tuple[tuple[Any, Any], ...] = ()
    then: Check = field(default_factory=Cancel)
    equation: Any = None

    def __init__(
        self,
        source: Any,
        at: Mapping[Any, Any] | None = None,
        then: Check | None = None,
    ) -> None:
        """Keep the name; the claim looks the equation up."""
        pairs = tuple(
            (s, sp.sympify(v, strict=True)) for s, v in (at or {}).items()
        )
        values = {
            "source": source,
            "at": pairs,
            "then": then or Cancel(),
            "equation": None,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def bound(self, find: Callable[[str], Any]) -> Self:
        """Take the equation out of the chain or claim, as data."""
        made = super().bound(find)
        source = self.source
        found = find(source) if isinstance(source, str) else source
        object.__setattr__(made, "equation", found.equation())
        return made

    def equations(self) -> tuple[str, ...]:
        """Ids of the claims used."""
        return (self.equation[4], *super().equations())

    def put(self, table: dict[Any, Any]) -> Self:
        """The earlier equation is used at the values of the case."""
        made = super().put(table)
        at = tuple((s, v.subs(table, simultaneous=True)) for s, v in self.at)
        object.__setattr__(made, "at", at)
        return made

    def run(self, statement: Statement) -> Finding:
        """Replace the earlier left side by the earlier right side."""
        require(statement, Relation.EQ)
        lhs, rhs, domain, level, _, label = self.equation
        table = dict(self.at)
        self._within(domain, statement)
        old, new = (
            prepare(unfold(side).subs(table, simultaneous=True))
            for side in (lhs, rhs)
        )
        scale, core = old.as_coeff_Mul()
        if isinstance(core, sp.Mul):
            free, sums = core.as_independent(sp.Sum, sp.Integral)
            if sums != 1:
                scale, core = scale * free, sums
        swap = {core: new / scale}
        left, right = prepare(statement.left), prepare(statement.right)
        if not (left.has(core) or right.has(core)):
            raise RejectedError(f"{label} does not occur here")
        inner = statement.but(
            lhs=left.xreplace(swap), rhs=right.xreplace(swap)
        )
        found = self.then.run(inner)
        where = ", ".join(f"{to_latex(a)} = {to_latex(b)}" for a, b in self.at)
        where = f" at ${where}$" if where else ""
        return Finding(
            weakest([found.level, level]),
            f"by *{label}*{where}; then {found.how}",
        )

    def _within(self, domain: Domain, statement: Statement) -> None:
        """The earlier equation may be used only where it was shown."""
        table = dict(self.at)
        for symbol, value in self.at:
            if not allowed(symbol, value):
                raise RejectedError(f"{symbol} = {value} is not in its domain")
        for relation in domain.given:
            here = relation.subs(table, simultaneous=True)
            if here == sp.true or here in statement.domain.given:
                continue
            points = statement.domain.points(
                statement.symbols | here.free_symbols, 12
            )
            if not all(Domain((here,)).admits(p) for p in points):
                raise RejectedError(f"{here} is not given here")

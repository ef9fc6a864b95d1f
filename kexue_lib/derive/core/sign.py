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

A question that comes back to itself is "not seen" (`_busy`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import flint

from kexue_lib.derive.core.atoms import RULES
from kexue_lib.derive.core.enclose import number
from kexue_lib.derive.core.field import (
    GENERATORS,
    P0,
    P1,
    RING,
    SIZE,
    Field,
    Poly,
    constant_of,
    open_symbols,
    span,
    whole,
)
from kexue_lib.derive.core.simplex import weights
from kexue_lib.derive.core.statement import Range
from kexue_lib.derive.core.terms import (
    HALF,
    NOO,
    ONE,
    OO,
    PI,
    TRUE,
    ZERO,
    Term,
    UnsupportedError,
    add,
    facts_of,
    fn,
    free,
    fresh,
    infinite,
    is_fn,
    mul,
    neg,
    opened,
    rel,
    sub,
)

Signs = frozenset[int]
SHALLOW = 5
"""Weights are searched for questions of the first levels only."""
TRIES = 48
"""How many ways to put in bounds are tried."""
DEEPEST = 12
"""How many questions may wait for each other."""
PLUS, NONNEG = frozenset([1]), frozenset([0, 1])
MINUS_, NONPOS = frozenset([-1]), frozenset([-1, 0])
NOT0, ANY = frozenset([-1, 1]), frozenset([-1, 0, 1])

_BY_FACT = {
    "positive": PLUS,
    "prime": PLUS,
    "negative": MINUS_,
    "nonnegative": NONNEG,
    "nonpositive": NONPOS,
}
_REAL_FACTS = frozenset(
    {
        "real",
        "integer",
        "rational",
        "positive",
        "negative",
        "nonnegative",
        "nonpositive",
        "prime",
    }
)
REAL_ON_REALS = frozenset(
    [
        "exp",
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "sech",
        "csch",
        "atan",
        "asinh",
        "erf",
        "erfc",
        "erfi",
        "gamma",
        "rgamma",
        "factorial",
        "binomial",
        "RisingFactorial",
        "FallingFactorial",
        "legendre",
        "laguerre",
        "hermite",
        "chebyshevt",
        "jn",
        "floor",
        "ceiling",
        "Heaviside",
        "sign",
        "Max",
        "Min",
    ]
)
"""Real for real arguments, wherever defined. Not log, asin, acosh, K_nu."""

SIGN_OF_ARGUMENT = frozenset(
    {"sinh", "tanh", "atan", "asinh", "erf", "erfi", "sign"}
)
"""Odd and growing: they have the sign of their real argument."""


def signs_added(parts: list[Signs]) -> Signs:
    """The signs that a sum may have."""
    union = frozenset().union(*parts)
    if union <= NONNEG:
        return PLUS if PLUS in parts else NONNEG
    if union <= NONPOS:
        return MINUS_ if MINUS_ in parts else NONPOS
    return ANY


class Context:
    """Hypotheses, and answers that follow from them. An `Oracle`.

    Args:
        given: relations that hold.
    """

    def __init__(self, given: tuple[Term, ...] = ()) -> None:
        self.given = tuple(_flat(given))
        self.ranges: tuple[Range, ...] = ()
        self.thorough = False
        self._cache: dict[Any, Any] = {}
        self._busy: set[Any] = set()

    # -- hypotheses -------------------------------------------------------

    def knowing(self, *more: Term) -> Context:
        """A context in which more is given."""
        made = Context((*self.given, *more))
        made.ranges, made.thorough = self.ranges, self.thorough
        return made

    @contextmanager
    def within(self, *ranges: Range) -> Iterator[None]:
        """Open ranges of bound variables."""
        saved = self.ranges
        self.ranges = (*saved, *ranges)
        try:
            yield
        finally:
            self.ranges = saved

    @contextmanager
    def thoroughly(self) -> Iterator[None]:
        """Spend more time: search for weights as well."""
        saved, self.thorough = self.thorough, True
        try:
            yield
        finally:
            self.thorough = saved

    def relations(self) -> list[Term]:
        """All that is given, and the ranges, as relations."""
        out = list(self.given)
        for k, low, high in self.ranges:
            op = "<" if "inner" in facts_of(k) else "<="
            pairs = ((low, k), (k, high))
            out += [rel(op, a, b) for a, b in pairs if not {a, b} & {OO, NOO}]
        return out

    def on_circle(self, t: Term) -> bool:
        """Known to have modulus 1, as given."""
        if t.op == "sym" and "unit" in facts_of(t):
            return True
        size = fn("Abs", t)
        return any(
            r.args[0] == "=" and set(r.args[1:]) == {size, ONE}
            for r in self.given
        )

    def field(self, opaque: bool = False) -> Field:
        """A field that asks this context."""
        return Field(self, RULES, opaque)

    def _asked(self, key: Any, answer: Callable[[], Any], default: Any) -> Any:
        """Answer once; a question inside itself gets the default.

        Also inside more ranges: there it would only lead deeper.
        """
        question = key
        key = (*key, self.ranges, self.thorough)
        if key in self._cache:
            return self._cache[key]
        if question in self._busy or len(self._busy) > DEEPEST:
            return default
        self._busy.add(question)
        try:
            found = answer()
        except UnsupportedError:
            found = default
        finally:
            self._busy.discard(question)
        self._cache[key] = found
        return found

    # -- structure ----------------------------------------------------------

    def integer(self, t: Term) -> bool:
        """Known to be an integer."""
        a = t.args
        match t.op:
            case "num":
                return bool(a[0].denominator == 1)
            case "sym":
                return bool(facts_of(t) & {"integer", "prime", "even", "odd"})
            case "idx":
                return "integer" in a[1]
            case "add" | "mul":
                return all(map(self.integer, a)) or _halved(self, t)
            case "pow":
                whole_ = self.integer(a[0]) and self.integer(a[1])
                return whole_ and self.nonnegative(a[1])
            case "fn":
                names = ("factorial", "binomial", "floor", "ceiling")
                if a[0] in ("floor", "ceiling"):
                    return True
                inside = all(map(self.integer, a[1:]))
                return a[0] in (*names, "Max", "Min", "sign") and inside
            case "sum" | "prod":
                return not infinite(t) and self._body(
                    t, self.integer, "integer"
                )
        return False

    def real(self, t: Term) -> bool:
        """Known to be real."""
        a = t.args
        match t.op:
            case "num":
                return True
            case "const":
                return a[0] not in ("I", "true", "oo", "-oo")
            case "sym":
                return bool(facts_of(t) & _REAL_FACTS)
            case "add":
                return all(map(self.real, a))
            case "mul":
                return all(map(self.real, a)) or self._real_product(t)
            case "pow":
                if not (self.real(a[0]) and self.real(a[1])):
                    return False
                return self.integer(a[1]) or self.nonnegative(a[0])
            case "idx":
                return bool(a[1] & _REAL_FACTS)
            case "sum" | "prod":
                return self._body(t, self.real, "integer")
            case "int":
                return self._body(t, self.real, "real")
            case "diff":
                inner = Term("int", a[0], a[1], a[1])
                return self.real(a[1]) and self._body(inner, self.real, "real")
            case "cases":
                return all(map(self.real, a[1::2]))
            case "fn":
                return self._real_function(a[0], a[1:])
        return False

    def real_valued(self, t: Term) -> bool:
        """Known to be real, also as its own conjugate."""
        if self.real(t):
            return True

        def answer() -> bool:
            return self.field().zero(sub(t, fn("conjugate", t)))

        return bool(self._asked(("real", t), answer, False))

    def _real_function(self, name: str, u: tuple[Term, ...]) -> bool:
        if name in ("Abs", "re", "im", "floor", "ceiling"):
            return True
        if name in ("log", "uppergamma", "lowergamma", "besselk", "bessely"):
            return all(map(self.positive, u))
        if name in ("besselj", "besseli"):
            return self.real(u[0]) and self.positive(u[1])
        if name in ("asin", "acos", "atanh"):
            inside = (sub(ONE, u[0]), add(ONE, u[0]))
            return self.real(u[0]) and all(map(self.nonnegative, inside))
        if name == "conjugate":
            return self.real(u[0])
        if name.startswith("?"):
            return "+real" in name or "+positive" in name
        return name in REAL_ON_REALS and all(map(self.real, u))

    def _real_product(self, t: Term) -> bool:
        """z conj(z), whatever else is real."""
        left = list(t.args)
        for u in t.args:
            back = Term("fn", "conjugate", u)
            if u in left and back in left:
                left.remove(u)
                left.remove(back)
        return len(left) < len(t.args) and all(map(self.real, left))

    def _body(self, t: Term, test: Callable[[Term], bool], kind: str) -> bool:
        hidden = (t, *open_symbols(self), *self.given)
        k = fresh(f"#{kind[0]}", hidden, kind, "real")
        over = (k, t.args[1], t.args[2])
        if t.op == "int" and t.args[1] is not t.args[2]:
            over = span(self, *over)
        with self.within(over):
            return test(opened(t.args[0], k))

    def sign(self, t: Term) -> Signs:
        """The signs that a term may have, by structure; ANY if not real."""
        return self._asked(("sign", t), lambda: self._sign(t), ANY)

    def _sign(self, t: Term) -> Signs:
        a = t.args
        match t.op:
            case "num":
                return frozenset([(a[0] > 0) - (a[0] < 0)])
            case "const":
                return ANY if a[0] in ("I", "-oo", "true") else PLUS
            case "sym":
                return _of_facts(facts_of(t))
            case "idx":
                return _of_facts(a[1])
            case "add":
                return signs_added([self.sign(p) for p in a])
            case "mul":
                out = PLUS
                for p in a:
                    out = frozenset(x * y for x in out for y in self.sign(p))
                return out if self.real(t) else ANY
            case "pow":
                return self._sign_power(a[0], a[1])
            case "fn":
                return self._sign_function(a[0], a[1:])
            case "cases":
                parts = [self.sign(v) for v in a[1::2]]
                return frozenset().union(*parts)
            case "sum" | "prod" if self.real(t):
                if self._body(t, self.positive, "integer"):
                    if t.op == "prod" or infinite(t):
                        return PLUS
                    some = self.nonnegative(sub(a[2], a[1]))
                    return PLUS if some else NONNEG
                if self._body(t, self.nonnegative, "integer"):
                    return NONNEG
            case "int" if self.real(t) and self._forward(a[1], a[2]):
                if self._body(t, self.nonnegative, "real"):
                    return NONNEG
        return ANY

    def _forward(self, low: Term, high: Term) -> bool:
        """The ends of an integral are in order."""
        if low is NOO or high is OO:
            return True
        return self.nonnegative(sub(high, low))

    def _sign_power(self, base: Term, e: Term) -> Signs:
        if not self.real(e):
            return ANY
        signs = self.sign(base)
        if signs == PLUS or (not signs <= PLUS and self.positive(base)):
            return PLUS
        if e.op == "num" and e.args[0].denominator == 1 and self.real(base):
            n = int(e.args[0])
            found = frozenset(s ** abs(n) for s in signs)
            return found - {0} if n < 0 else found
        if signs <= NONNEG or self.nonnegative(base):
            return NONNEG
        return ANY

    def _sign_function(self, name: str, u: tuple[Term, ...]) -> Signs:
        if name == "Abs":
            return NONNEG
        if name in ("exp", "cosh", "sech") and self.real(u[0]):
            return PLUS
        if "+positive" in name:
            return PLUS
        if name in ("gamma", "rgamma") and self.positive(u[0]):
            return PLUS
        if name == "factorial" and self.nonnegative(u[0]):
            return PLUS
        if name == "RisingFactorial" and self.positive(u[0]):
            return PLUS
        if name in ("uppergamma", "besselk") and all(map(self.positive, u)):
            return PLUS
        if name == "erfc" and self.real(u[0]):
            return PLUS
        if name == "binomial" and all(map(self.nonnegative, u)):
            return NONNEG if all(map(self.integer, u)) else ANY
        if name in SIGN_OF_ARGUMENT and self.real(u[0]):
            signs = self.sign(u[0])
            return signs if signs != ANY else self._sign_of(u[0])
        if name in ("sin", "cos") and self.real(u[0]):
            return self._sign_wave(name, u[0])
        if name == "log" and self.positive(u[0]):
            return self._sign_of(sub(u[0], ONE))
        if name in ("Max", "Min") and all(map(self.real, u)):
            parts = [self.sign(v) for v in u]
            if name == "Max" and PLUS in parts:
                return PLUS
            if name == "Max" and any(p <= NONNEG for p in parts):
                return NONNEG
            return frozenset().union(*parts)
        return ANY

    def _sign_of(self, t: Term) -> Signs:
        if self.positive(t):
            return PLUS
        if self.nonnegative(t):
            return NONNEG
        if self.positive(neg(t)):
            return MINUS_
        return NONPOS if self.nonnegative(neg(t)) else ANY

    def _sign_wave(self, name: str, u: Term) -> Signs:
        """sin on [0, pi] and cos on [-pi/2, pi/2]."""
        shift = ZERO if name == "sin" else mul(HALF, PI)
        low, high = add(u, shift), sub(sub(PI, shift), u)
        if self.positive(low) and self.positive(high):
            return PLUS
        if self.nonnegative(low) and self.nonnegative(high):
            return NONNEG
        return ANY

    # -- polynomials in atoms -----------------------------------------------

    def positive(self, t: Term) -> bool:
        """Known to be real and > 0."""
        return (self.sign(t) == PLUS and self.real(t)) or self._of_poly(
            t, True
        )

    def nonnegative(self, t: Term) -> bool:
        """Known to be real and >= 0."""
        return (self.sign(t) <= NONNEG and self.real(t)) or self._of_poly(
            t, False
        )

    def _of_poly(self, t: Term, strict: bool) -> bool:
        if t.op in ("num", "const") or not self.real(t):
            return False

        def answer() -> bool:
            ball = number(t)
            if ball is not None:
                value = ball.real
                return bool(value > 0 or (not strict and value >= 0))
            f = self.field(opaque=True)
            r = f.quotients(t)[0]
            return self.signed(f, r.top * r.bottom, strict)

        return bool(self._asked(("poly", t, strict), answer, False))

    def signed(self, field: Field, p: Poly, strict: bool) -> bool:
        """Known that p > 0 (or p >= 0)."""
        if p.is_constant():
            c = constant_of(p)
            return c > 0 or (c == 0 and not strict)
        atoms = field.atoms_of(p)
        if not all(self.real(a) for _, a in atoms):
            return False
        signs = {i: self.sign(a) for i, a in atoms}
        if one_sign(p, signs, strict):
            return True
        key = ("signed", str(p), tuple(field.atoms), strict)

        def answer() -> bool:
            if p.total_degree() == 1 and self._linear(field, p, strict):
                return True
            return (
                self._by_factors(field, p, strict)
                or self._shifted(field, p, signs, strict)
                or self._sturm(field, p, atoms, strict)
                or self._rooted(field, p, strict)
                or (
                    self.thorough
                    and len(self._busy) <= SHALLOW
                    and (
                        self._weighed(field, p, strict)
                        or self._stepped(field, p, strict)
                    )
                )
            )

        return bool(self._asked(key, answer, False))

    def _by_factors(self, f: Field, p: Poly, strict: bool) -> bool:
        content, parts = p.factor()
        if len(parts) == 1 and parts[0][1] == 1:
            return False
        scale = whole(content)
        for q, k in parts:
            nonzero = not strict or self.nonzero_poly(f, q)
            if k % 2 == 0 and nonzero:
                continue
            if self.signed(f, q, strict):
                continue
            if not self.signed(f, -q, strict):
                return False
            scale = -scale if k % 2 else scale
        return scale > 0

    def nonzero_poly(self, f: Field, p: Poly) -> bool:
        """Known that a real polynomial is not 0, by its sign or as given."""
        if self.signed(f, p, True) or self.signed(f, -p, True):
            return True
        return any(p in (g, -g) for g in self.given_nonzero(f))

    def given_nonzero(self, f: Field) -> list[Poly]:
        """Factors of what is given to be different from 0."""
        out: list[Poly] = []
        for r in self.relations():
            op, a, b = r.args
            if op in ("!=", "<"):
                gap = f.norm(sub(a, b)).top
                out += [q for q, _ in gap.factor()[1]] if gap != 0 else []
        for i, a in enumerate(list(f.atoms)):
            if a.op == "sym" and facts_of(a) & {"nonzero", "positive", "odd"}:
                out.append(GENERATORS[SIZE - 1 - i])
        return out

    def known(self, f: Field) -> list[tuple[Poly, bool]]:
        """Polynomials that are >= 0 (True: > 0): hypotheses and facts.

        Integers are tightened: ``g > 0`` is ``g - 1 >= 0``.
        """
        found: list[tuple[Poly, bool]] = []
        for r in self.relations():
            op, a, b = r.args
            if op == "!=":
                continue
            try:
                gap = f.norm(sub(b, a))
            except UnsupportedError:
                continue
            # Only numbers known to be real have an order.
            if not all(
                self.real(atom) for q in gap for _, atom in f.atoms_of(q)
            ):
                continue
            # g/h >= 0 with h > 0 says g >= 0.
            if gap.bottom != 1 and not one_sign(
                gap.bottom, self._signs(f, gap.bottom), True
            ):
                continue
            found.append((gap.top, op == "<"))
            if op == "=":
                found.append((-gap.top, False))
        for i, a in enumerate(list(f.atoms)):
            x = GENERATORS[SIZE - 1 - i]
            found += self._facts_of_atom(f, a, x)
        return [self._tight(f, g, strict) for g, strict in found]

    def _signs(self, f: Field, p: Poly) -> dict[int, Signs]:
        return {i: self.sign(a) for i, a in f.atoms_of(p)}

    def _facts_of_atom(
        self, f: Field, a: Term, x: Poly
    ) -> list[tuple[Poly, bool]]:
        signs = self.sign(a)
        out: list[tuple[Poly, bool]] = []
        if signs <= NONNEG:
            out.append((x, signs == PLUS))
        elif signs <= NONPOS:
            out.append((-x, signs == MINUS_))
        if a.op == "sym" and "prime" in facts_of(a):
            out.append((x - 2, False))
        if is_fn(a, "sin", "cos", "tanh", "erf") and self.real(a.args[1]):
            # Between -1 and 1 for real arguments.
            strict = a.args[0] in ("tanh", "erf")
            out += [(P1 - x, strict), (P1 + x, strict)]
        if a.op == "fn" and a.args[0] in ("exp", "log"):
            u = f.norm(a.args[1])
            if u.bottom == 1 and self.real(a.args[1]):
                if a.args[0] == "exp":  # exp u >= 1 + u
                    out.append((x - 1 - u.top, False))
                elif self.positive(a.args[1]):  # log u <= u - 1
                    out.append((u.top - 1 - x, False))
        if a.op != "sym" and not free(a) and self.real(a):
            out += _enclosed(a, x)
        return out

    def _tight(self, f: Field, g: Poly, strict: bool) -> tuple[Poly, bool]:
        if not strict or any(whole(c).denominator > 1 for c in g.coeffs()):
            return g, strict
        if all(self.integer(a) for _, a in f.atoms_of(g)):
            return g - 1, False
        return g, strict

    def _linear(self, f: Field, p: Poly, strict: bool) -> bool:
        """A linear form is a nonnegative combination of linear ones."""
        known = [(g, s) for g, s in self.known(f) if g.total_degree() == 1]
        products = [(P1, True), *known][:40]
        return combination(p, products, strict) is not None

    def _rooted(self, f: Field, p: Poly, strict: bool) -> bool:
        """a + b r with r^2 known: compare a^2 with b^2 r^2."""
        for i, relation in f.relations.items():
            at = SIZE - 1 - i
            x = GENERATORS[at]
            if p.degrees()[at] != 1 or relation.degrees()[at] != 2:
                continue
            if not self.sign(f.atoms[i]) <= NONNEG:
                continue
            b = p.derivative(at)
            a = p - b * x
            gap = f.reduced(a * a - b * b * x * x)
            # Of a and b r one is > 0 and has the larger modulus.
            for up, more in ((a, gap), (b, -gap)):
                if self.signed(f, up, True) and self.signed(f, more, strict):
                    return True
        return False

    def _shifted(
        self, f: Field, p: Poly, signs: dict[int, Signs], strict: bool
    ) -> bool:
        """Put in ``x = low + x'`` (or high - x') for some; read the signs."""
        linear: dict[int, list[Any]] = {}
        for g, tight in self.known(f):
            for i, d in enumerate(g.degrees()):
                if d != 1:
                    continue
                slope = g.derivative(i)
                if slope.is_constant():
                    c = whole(slope.leading_coefficient())
                    bound = GENERATORS[i] - g / slope.leading_coefficient()
                    linear.setdefault(i, []).append((bound, c > 0, tight))
        names = sorted(_reached(p, linear))
        if len(names) > 6 or p.total_degree() < 2:
            return False
        choices = [[*linear[i], None] for i in names]
        for picked in itertools.islice(itertools.product(*choices), TRIES):
            bounds = {i: b for i, b in zip(names, picked, strict=True) if b}
            made = _put_in(p, bounds, signs)
            if made is not None and one_sign(*made, strict):
                return True
        return False

    def _sturm(
        self, f: Field, p: Poly, atoms: list[tuple[int, Term]], strict: bool
    ) -> bool:
        """One atom: no root on its interval, and the sign at one point."""
        if len(atoms) != 1:
            return False
        i, a = atoms[0]
        low, high = self._interval(f, i, a)
        coefficients = [flint.fmpq(0)] * (int(p.degrees()[i]) + 1)
        for m, c in p.to_dict().items():
            coefficients[int(m[i])] = flint.fmpq(c)
        u = flint.fmpq_poly(coefficients)
        for root, times in u.numer().complex_roots():
            if not root.imag.contains(0):
                continue
            x = root.real
            if low is not None and (
                x < low[0] or ((low[1] or not strict) and _is_end(u, low, x))
            ):
                continue
            if high is not None and (
                x > high[0]
                or ((high[1] or not strict) and _is_end(u, high, x))
            ):
                continue
            if not strict and times % 2 == 0:
                continue
            return False
        spot = _between(low, high, u)
        return spot is not None and u(spot) > 0

    def _interval(self, f: Field, i: int, a: Term) -> tuple[Any, Any]:
        """((low, open), (high, open)) of an atom; None if unbounded."""
        low: Any = None
        high: Any = None
        for g, tight in self.known(f):
            degrees = g.degrees()
            if degrees[i] != 1 or sum(d > 0 for d in degrees) != 1:
                continue
            c = flint.fmpq(g.derivative(i).leading_coefficient())
            constant = constant_of(g)
            end = -flint.fmpq(constant.numerator, constant.denominator) / c
            if c > 0 and (low is None or (end, tight) > low):
                low = (end, tight)
            if c < 0 and (high is None or (-end, tight) > (-high[0], high[1])):
                high = (end, tight)
        return low, high

    def _stepped(self, f: Field, p: Poly, strict: bool) -> bool:
        """An integer n >= low is low, low + 1, or at least low + 2."""
        for i, a in f.atoms_of(p):
            if a.op != "sym" or not self.integer(a):
                continue
            if "positive" in facts_of(a):
                low = 1
            elif "nonnegative" in facts_of(a):
                low = 0
            else:
                continue
            x = GENERATORS[i]
            for value in (low, low + 1, None):
                moved = x + low + 2 if value is None else x * 0 + value
                q = p.compose(
                    *(moved if j == i else g for j, g in enumerate(GENERATORS))
                )
                signs = {**self._signs(f, q), i: NONNEG}
                if not one_sign(q, signs, strict):
                    break
            else:
                return True
        return False

    def _weighed(self, f: Field, p: Poly, strict: bool) -> bool:
        """p is a nonnegative combination of products of what is known."""
        if p.total_degree() > 6 or len(p.to_dict()) > 60:
            return False
        found = combination(p, self._products(f, p), strict)
        return found is not None

    def _products(self, f: Field, p: Poly) -> list[tuple[Poly, bool]]:
        """Known polynomials over the atoms of p, and products of them."""
        ties = [
            q
            for i, q in f.relations.items()
            if all(self.real(a) for _, a in f.atoms_of(q))
        ]
        known = [*self.known(f), *((q, False) for q in ties)]
        known += [(-q, False) for q in ties]
        reach = {i for i, d in enumerate(p.degrees()) if d > 0}
        grew = True
        while grew:
            more = {
                i
                for g, _ in known
                for i, d in enumerate(g.degrees())
                if d > 0 and reach & _support(g)
            }
            grew = not more <= reach
            reach |= more
        basic = [(g, s) for g, s in known if _support(g) <= reach]
        basic = [
            (g, s)
            for g, s in basic
            if g != 0 and all(self.real(a) for _, a in f.atoms_of(g))
        ][:14]
        out = [(P1, True), *basic]
        letters = [GENERATORS[i] for i in sorted(reach)][:6]
        for x in letters:
            out.append((x * x, False))
        for x, y in itertools.combinations(letters, 2):
            out += [((x - y) ** 2, False), ((x + y) ** 2, False)]
        degree = int(p.total_degree())
        if any(g.total_degree() > 1 for g in (p, *(g for g, _ in basic))):
            pairs = itertools.combinations_with_replacement(basic, 2)
            out += [(g * h, s and t) for (g, s), (h, t) in pairs]
        if degree > 2:
            squares = [x * x for x in letters]
            out += [(g * q, False) for g, _ in basic for q in squares]
            out += [(q * r, False) for q in squares for r in squares]
        return [(f.reduced(g), s) for g, s in out][:220]

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

    # -- relations ----------------------------------------------------------

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
                    return None if same is None else not same
        raise UnsupportedError(f"the relation {op!r}")

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


def _enclosed(a: Term, x: Poly) -> list[tuple[Poly, bool]]:
    """A constant lies between two rationals."""
    ball = number(a)
    if ball is None:
        return []
    scale = flint.fmpq(2**24)
    middle = (ball.real * 2**24).floor().unique_fmpz()
    if middle is None:
        return []
    low, high = (flint.fmpq(int(middle) + d) / scale for d in (0, 1))
    return [(x - low, False), (RING.constant(high) - x, True)]


# -- helpers without a context --------------------------------------------


def one_sign(p: Poly, signs: dict[int, Signs], strict: bool) -> bool:
    """Every monomial is >= 0, and one is > 0 if that is asked."""
    sure = False
    for m, c in p.to_dict().items():
        s: Signs = frozenset([1 if whole(c) > 0 else -1])
        for i, e in enumerate(m):
            if e:
                own = signs.get(i, ANY)
                s = frozenset(x * y ** int(e) for x in s for y in own)
        if not s <= NONNEG:
            return False
        sure = sure or s == PLUS
    return sure or not strict


def combination(
    p: Poly, products: list[tuple[Poly, bool]], strict: bool
) -> dict[int, Any] | None:
    """Weights with ``p = sum weight * product``; verified by adding up.

    For a strict answer one product that is > 0 must have a weight > 0.
    """
    columns = [_sparse(g) for g, _ in products]
    goal = _sparse(p)
    if strict:
        # Ask for a total weight of 1 on strict products, of any multiple.
        for column, (_, sure) in zip(columns, products, strict=True):
            if sure:
                column[_STRICT] = flint.fmpq(1)
        columns.append({m: -c for m, c in goal.items()})
        goal = {_STRICT: flint.fmpq(1)}
    found = weights(columns, goal)
    if found is None or any(w < 0 for w in found.values()):
        return None
    scale = (
        found.get(len(products), flint.fmpq(0)) if strict else flint.fmpq(1)
    )
    total = P0
    for j, w in found.items():
        if j < len(products):
            total = total + products[j][0] * w
    if strict and p != 0 and scale == 0:
        return None
    if total != p * scale:
        return None
    sure = any(products[j][1] for j in found if j < len(products))
    return found if sure or not strict else None


_STRICT = ((-1, 1),)
"""Names the row that adds up the weights of strict products."""


def _sparse(p: Poly) -> dict[Any, Any]:
    """Coefficients by the exponents that are not 0."""
    return {
        tuple((i, int(e)) for i, e in enumerate(m) if e): flint.fmpq(c)
        for m, c in p.to_dict().items()
    }


def _of_facts(facts: Any) -> Signs:
    out = ANY
    for fact, signs in _BY_FACT.items():
        if fact in facts:
            out = out & signs
    if facts & _REAL_FACTS and facts & {"nonzero", "odd"}:
        out = out - {0}
    return out


def _flat(relations: tuple[Term, ...]) -> Iterator[Term]:
    """``|x| <= c`` as two bounds; conjunctions one by one."""
    for r in relations:
        if r.op == "and":
            yield from _flat(r.args)
        elif (
            r.op == "rel"
            and r.args[0] in ("<", "<=")
            and is_fn(r.args[1], "Abs")
            and _plainly_real(r.args[1].args[1])
        ):
            x, c = r.args[1].args[1], r.args[2]
            yield rel(r.args[0], x, c)
            yield rel(r.args[0], neg(c), x)
            yield r
        elif r.op == "rel":
            yield r


def _plainly_real(t: Term) -> bool:
    return all(facts_of(s) & _REAL_FACTS for s in free(t)) and t.op == "sym"


def _halved(know: Context, t: Term) -> bool:
    """n (n + 1)/2 and the like: one of two neighbours is even."""
    if t.op != "mul" or t.args[0].op != "num":
        return False
    if t.args[0].args[0] * 2 % 1 != 0:
        return False
    rest = t.args[1:]
    if not all(map(know.integer, rest)):
        return False
    return any("even" in facts_of(a) for a in rest if a.op == "sym") or any(
        sub_is_one(a, b) for a in rest for b in rest if a is not b
    )


def sub_is_one(a: Term, b: Term) -> bool:
    """b is written as a + 1."""
    return b.op == "add" and set(b.args) == {a, ONE}


def _support(p: Poly) -> set[int]:
    return {i for i, d in enumerate(p.degrees()) if d > 0}


def _reached(p: Poly, linear: dict[int, list[Any]]) -> set[int]:
    """Bounded atoms of p, and of the bounds themselves."""
    needed, grew = _support(p), True
    while grew:
        more = {
            j
            for i in needed & linear.keys()
            for bound, _, _ in linear[i]
            for j in _support(bound)
        }
        grew = not more <= needed
        needed |= more
    return needed & linear.keys()


def _put_in(
    p: Poly, bounds: dict[int, Any], signs: dict[int, Signs]
) -> tuple[Poly, dict[int, Signs]] | None:
    signs = dict(signs)
    for i, (_, _, tight) in bounds.items():
        signs[i] = PLUS if tight else NONNEG
    left = dict(bounds)
    while left:
        # An atom goes when no remaining bound mentions it.
        ready = [
            i
            for i in left
            if not any(
                b[0].degrees()[i] > 0 for j, b in left.items() if j != i
            )
        ]
        if not ready:
            return None
        i = ready[0]
        bound, lower, _ = left.pop(i)
        moved = bound + GENERATORS[i] if lower else bound - GENERATORS[i]
        p = p.compose(
            *(moved if j == i else g for j, g in enumerate(GENERATORS))
        )
    return p, signs


def _is_end(u: Any, end: Any, root: Any) -> bool:
    """An isolated root that overlaps an end is that end if it is a root."""
    return bool(u(end[0]) == 0) and bool(root.overlaps(flint.arb(end[0])))


def _between(low: Any, high: Any, u: Any) -> Any:
    """A point of the interval that is no root."""
    for step in (2, 3, 5, 7, 11, 13):
        if low is not None and high is not None:
            spot = low[0] + (high[0] - low[0]) / step
        elif low is not None:
            spot = low[0] + flint.fmpq(1, step)
        elif high is not None:
            spot = high[0] - flint.fmpq(1, step)
        else:
            spot = flint.fmpq(1, step)
        if u(spot) != 0:
            return spot
    return None

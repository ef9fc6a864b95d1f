"""Rules: what a certificate reduces a statement to.

Each rule returns a `Proof`, whose conditions may still be open, or raises
`NotShownError`. No rule believes its certificate: an antiderivative is
differentiated, a telescoping term subtracted from its successor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.discharge import decays, settled
from kexue_lib.derive.core.field import (
    GENERATORS,
    Field,
    Poly,
    difference,
    monomial,
    open_symbols,
    span,
)
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.smooth import rough
from kexue_lib.derive.core.statement import Condition, Kind, Proof, Range
from kexue_lib.derive.core.terms import (
    MINUS,
    NOO,
    ONE,
    OO,
    TWO,
    ZERO,
    Term,
    UnsupportedError,
    add,
    binder,
    contains,
    factors,
    facts_of,
    fn,
    free,
    fresh,
    infinite,
    is_fn,
    mul,
    neg,
    num,
    opened,
    over,
    power,
    rebuilt,
    rel,
    sub,
    subst,
    sym,
)


class NotShownError(UnsupportedError):
    """A rule did not establish the statement; says what is missing."""


@dataclass(frozen=True)
class Premise:
    """An equation shown before, and the relations under which it was."""

    left: Term
    right: Term
    given: tuple[Term, ...] = ()


Function = Callable[[Term], Term]
"""A term as a function of one of its symbols."""


def function(body: Term, x: Term) -> Function:
    """A term as a function of a symbol."""
    return lambda value: subst(body, {x: value})


# -- equations ------------------------------------------------------------


def equal(
    a: Term,
    b: Term,
    know: Context,
    premises: Sequence[Premise] = (),
    within: tuple[Range, ...] = (),
    rule: str = "normal form",
) -> Proof:
    """a = b by the normal form, modulo premises that hold here."""
    with know.within(*within):
        gap = difference(a, b)
        f = know.field()
        if not f.zero(gap):
            if not premises:
                raise NotShownError(f"the normal form is not 0: {gap}"[:200])
            f = _modulo(gap, know, premises)
            rule = "premise"
        return settled(rule, f.conditions, know)


def _modulo(gap: Term, know: Context, premises: Sequence[Premise]) -> Field:
    """The numerator vanishes when each premise is put in."""
    for p in premises:
        for g in p.given:
            if know.holds(g) is not True:
                raise NotShownError(f"the premise needs {g}")
    if gap.op == "mat":
        raise NotShownError("a premise for a matrix")
    f = know.field()
    sides = [side for p in premises for side in (p.left, p.right)]
    goal_, *rest = f.quotients(gap, *sides)
    goal = goal_.top
    for left, right in zip(rest[::2], rest[1::2], strict=True):
        whole = left.top * right.bottom - right.top * left.bottom
        if whole == 0:
            continue
        at = _solved_for(f, left.top)
        if at is None or whole.degrees()[at] != 1:
            goal = f.reduced(divmod(goal, whole)[1])
            continue
        # c x + r = 0 gives x = -r/c, if c is not 0.
        slope = whole.derivative(at)
        if not slope.is_constant():
            f.need(Kind.NONZERO, f.poly_term(slope))
        minus = slope * GENERATORS[at] - whole
        top = int(goal.degrees()[at])
        parts = (
            _coefficient(goal, at, j) * minus**j * slope ** (top - j)
            for j in range(max(top, 0) + 1)
        )
        goal = f.reduced(sum(parts, goal * 0))
    if goal != 0:
        raise NotShownError("not 0 when the premise is put in")
    return f


def _coefficient(p: Poly, at: int, j: int) -> Poly:
    total = p * 0
    for m, c in p.to_dict().items():
        if int(m[at]) == j:
            rest = tuple(0 if i == at else e for i, e in enumerate(m))
            total = total + monomial(rest, c)
    return total


def _solved_for(f: Field, p: Poly) -> int | None:
    """The sum, integral, ... that a premise is about."""
    for i, a in f.atoms_of(p):
        if a.op in ("sum", "int", "prod", "diff") or is_fn(a, "log"):
            return i
    for i, a in f.atoms_of(p):
        if a.op == "fn" and a.args[0].startswith("?"):
            return i
    return None


def single(t: Term, op: str) -> tuple[Term, Term]:
    """(scale, the one sum or integral) of a product."""
    parts = factors(t)
    found = [p for p in parts if p.op == op]
    if len(found) != 1 or contains(found[0].args[0], op):
        raise NotShownError(f"not one single {op}")
    parts.remove(found[0])
    return mul(*parts), found[0]


def telescoping(
    a: Term, b: Term, know: Context, certificate: Function
) -> Proof:
    """term(k) = F(k) - F(k+1) in the range; F(low) - F(high + 1) remains."""
    parts, sums, rest = several(a, "sum", know)
    low, high = sums[0][1].args[1:]
    if infinite(sums[0][1]):
        raise NotShownError("an infinite sum")
    k = fresh("@k", (a, b, *open_symbols(know)), "integer", "real")
    step = sub(certificate(k), certificate(add(k, ONE)))
    total = add(*(mul(c, opened(t.args[0], k)) for c, t in sums))
    parts.append(equal(total, step, know, within=((k, low, high),)))
    ends = sub(certificate(low), certificate(add(high, ONE)))
    parts.append(equal(add(rest, ends), b, know))
    condition = Condition(Kind.RANGE, sub(high, low))
    return settled("telescoping", [condition], know, parts=tuple(parts))


def induction(
    a: Term,
    b: Term,
    know: Context,
    n: Term,
    start: int,
    stride: int,
    step: Callable[..., Proof],
) -> Proof:
    """Bases start, ..., start + stride - 1; equal increments from any n.

    The step is shown for every n >= start, whatever else the symbol or the
    givens say of n; otherwise a gap could remain between base and step.
    """
    if not know.integer(n) or not know.nonnegative(sub(n, num(start))):
        raise NotShownError(f"{n} is not known to be an integer >= {start}")
    rest = tuple(g for g in know.given if n not in free(g))
    parts = []
    for value in range(start, start + stride):
        at = {n: num(value)}
        parts.append(step(subst(a, at), subst(b, at), Context(rest)))
    m = fresh("@n", (a, b, n, *rest), "integer", "nonnegative", "real")
    here, there = (add(m, num(start + d)) for d in (0, stride))
    a0, b0 = (subst(t, {n: here}) for t in (a, b))
    a1, b1 = (subst(t, {n: there}) for t in (a, b))
    # What is shown of n may be used for n + stride.
    before = Premise(a0, b0)
    if a.op == "prod":
        parts.append(step(a1, b1, Context(rest), before))
    else:
        parts.append(step(sub(a1, a0), sub(b1, b0), Context(rest)))
    return Proof("induction", f"{n} from {start} by {stride}", tuple(parts))


def recurrence(
    n: Term,
    lead: Term,
    base: Sequence[Proof],
    steps: Sequence[Proof],
    know: Context,
) -> Proof:
    """Two sequences satisfy one linear recurrence and start alike.

    Args:
        n: an integer symbol >= 0.
        lead: the factor of the term with the highest index; never 0.
        base: proofs that the sides agree at 0, ..., order - 1.
        steps: for each side, a proof that it satisfies the recurrence at
            every n >= 0.
        know: the hypotheses.
    """
    if not (know.integer(n) and "nonnegative" in facts_of(n)):
        raise NotShownError(f"{n} is not declared an integer >= 0")
    if "positive" in facts_of(n) or len(steps) != 2:
        raise NotShownError(f"{n} does not begin at 0")
    condition = Condition(Kind.NONZERO, lead)
    return settled("recurrence", [condition], know, f"in {n}", (*base, *steps))


# -- cases ----------------------------------------------------------------

Inside = Callable[[dict[Term, Term], Context], Proof]
"""Shows the statement with values put in, under more hypotheses."""


def facts_about(s: Term, value: Term) -> list[Term]:
    """What the facts of a symbol say of the value put in its place."""
    facts = facts_of(s)
    if "positive" in facts:
        low = rel("<=", ONE, value) if "integer" in facts else None
        return [low or rel("<", ZERO, value)]
    if "nonnegative" in facts:
        return [rel("<=", ZERO, value)]
    if "negative" in facts:
        return [rel("<", value, ZERO)]
    return [rel("<=", value, ZERO)] if "nonpositive" in facts else []


def put_in(know: Context, table: dict[Term, Term]) -> Context:
    """The hypotheses with values put in for symbols."""
    given = [subst(g, table) for g in know.given]
    for s, value in table.items():
        given += facts_about(s, value)
    return Context(tuple(given))


def by_order(
    know: Context, i: Term, j: Term, gap: int, inside: Inside
) -> Proof:
    """i - j = -gap .. gap one by one, then beyond on either side."""
    if not (know.integer(i) and know.integer(j)):
        raise NotShownError("cases of numbers that are no integers")
    parts = []
    for d in range(-gap, gap + 1):
        table = {i: add(j, num(d))}
        there = put_in(know, table)
        if not there.impossible():
            parts.append(inside(table, there))
    for low, high in ((i, j), (j, i)):
        there = know.knowing(rel("<=", add(low, num(gap + 1)), high))
        if not there.impossible():
            parts.append(inside({}, there))
    return Proof("cases", f"{i} before, at, after {j}", tuple(parts))


def by_parity(know: Context, n: Term, inside: Inside) -> Proof:
    """n even, n odd."""
    if not know.integer(n):
        raise NotShownError(f"{n} is no integer")
    low = ["nonnegative"] if know.nonnegative(n) else []
    # Named after n, which goes: no other split can mean the same letter.
    j = sym(f"@half({n})", "integer", "real", *low)
    parts = []
    for rest in (ZERO, ONE):
        table = {n: add(mul(TWO, j), rest)}
        parts.append(inside(table, put_in(know, table)))
    return Proof("cases", f"{n} even, {n} odd", tuple(parts))


def by_first(
    know: Context, n: Term, start: int, count: int, inside: Inside
) -> Proof:
    """n = start, ... one by one, then everything beyond."""
    if not (know.integer(n) and know.nonnegative(sub(n, num(start)))):
        raise NotShownError(f"{n} is not known to be an integer >= {start}")
    j = sym(f"@more({n})", "integer", "nonnegative", "real")
    values = [num(start + d) for d in range(count)]
    parts = []
    for value in [*values, add(j, num(start + count))]:
        there = put_in(know, {n: value})
        if not there.impossible():
            parts.append(inside({n: value}, there))
    return Proof("cases", f"the first {count} values of {n}", tuple(parts))


def split_at(t: Term, n: Term, know: Context) -> Term:
    """Sums of cases split where the cases change: below n, at n, above n."""
    t = rebuilt(t, lambda a, _: a if a.loose else split_at(a, n, know))
    if t.op != "sum" or not contains(t.args[0], "cases"):
        return t
    body, low, high = t.args
    if not know.integer(n):
        raise NotShownError(f"{n} is no integer")
    for gap in (sub(n, low), sub(high, n)):
        if not know.nonnegative(gap):
            raise NotShownError(f"{n} may be outside {low}..{high}")
    return add(
        Term("sum", body, low, sub(n, ONE)),
        opened(body, n),
        Term("sum", body, add(n, ONE), high),
    )


# -- integrals ------------------------------------------------------------


def primitive(
    a: Term,
    b: Term,
    know: Context,
    antiderivative: Function,
    premises: Sequence[Premise] = (),
) -> Proof:
    """F' is the integrand inside, F is continuous on the closed range."""
    parts, areas, rest = several(a, "int", know)
    low, high = areas[0][1].args[1:]
    hidden = (a, b, *open_symbols(know))
    inner = fresh("@y", hidden, "real", "inner")
    slope = binder("diff", antiderivative(inner), inner, inner)
    total = add(*(mul(c, opened(t.args[0], inner)) for c, t in areas))
    inside = (span(know, inner, low, high),)
    parts.append(equal(slope, total, know, premises, inside))
    x = fresh("@x", hidden, "real")
    value = antiderivative(x)
    with know.within(span(know, x, low, high)), know.thoroughly():
        why = rough(know, value, x, kinks=True)
        if why:
            raise NotShownError(f"F may jump: {why}")
        f = know.field()
        f.quotients(value)
        parts.append(settled("F is defined", f.conditions, know))
    ends = sub(
        at_end(antiderivative, high, know), at_end(antiderivative, low, know)
    )
    parts.append(equal(add(rest, ends), b, know, premises))
    return Proof("antiderivative", "", tuple(parts))


def several(
    a: Term, op: str, know: Context
) -> tuple[list[Proof], list[tuple[Term, Term]], Term]:
    """a = sum of coefficient * (sum or integral) + rest, over one range.

    One as it is written; several are read off the normal form, and then each
    must exist by itself.
    """
    try:
        found = [single(a, op)]
        return [], found, ZERO
    except NotShownError:
        pass
    f = know.field()
    r = f.quotients(a)[0]
    proof = settled("linear", f.conditions, know)
    found, rest = [], r.top
    for at, t in f.atoms_of(r.top):
        if t.op != op:
            continue
        if int(r.top.degrees()[at]) != 1:
            raise NotShownError(f"not linear in a {op}")
        c = r.top.derivative(at)
        rest = rest - c * GENERATORS[at]
        found.append((f.to_term(f.ratio(c, r.bottom)), t))
    ranges = {t.args[1:] for _, t in found}
    if len(ranges) != 1 or any(t.op == op for _, t in f.atoms_of(r.bottom)):
        raise NotShownError(f"no {op}, or several ranges")
    return [proof], found, f.to_term(f.ratio(rest, r.bottom))


def at_end(f: Function, end: Term, know: Context) -> Term:
    """The value, or the limit at an infinite end."""
    if end is OO or end is NOO:
        x = fresh("@oo", open_symbols(know), "real", "positive")
        t = f(x if end is OO else neg(x))
        return limit_at_infinity(t, x, know)
    return f(end)


def limit_at_infinity(t: Term, x: Term, know: Context) -> Term:
    """Limits of what decays, of erf of what grows, and of constants."""
    if x not in free(t):
        return t
    if t.op == "add":
        return add(*(limit_at_infinity(p, x, know) for p in t.args))
    if t.op == "mul":
        moving = [p for p in t.args if x in free(p)]
        rest = [p for p in t.args if x not in free(p)]
        if vanishes(mul(*moving), x, know):
            return ZERO
        return mul(*rest, *(limit_at_infinity(p, x, know) for p in moving))
    if is_fn(t, "erf", "erfc", "atan"):
        sign = _grows(t.args[1], x, know)
        half = over(Term("const", "pi"), TWO)
        return {
            "erf": num(sign),
            "erfc": num(1 - sign),
            "atan": mul(num(sign), half),
        }[t.args[0]]
    if vanishes(t, x, know):
        return ZERO
    raise NotShownError(f"the limit of {t} at infinity")


def _grows(t: Term, x: Term, know: Context) -> int:
    """The sign of the infinity to which a linear argument goes."""
    f = know.field()
    with f.quietly():
        slope = f.canonical(derivative(t, x))
    if x not in free(slope):
        if know.positive(slope):
            return 1
        if know.positive(neg(slope)):
            return -1
    raise NotShownError(f"whether {t} grows")


def vanishes(t: Term, x: Term, know: Context) -> bool:
    """Known to go to 0 as x goes to infinity."""
    if is_fn(t, "uppergamma") and t.args[2] is x:
        return True
    return not contains(t, "sum", "int", "prod") and decays(
        t, x, OO, ONE, know, drop=1
    )


# -- inequalities ---------------------------------------------------------


def defined(know: Context, *sides: Term) -> Proof:
    """Both sides exist."""
    f = know.field()
    f.quotients(*sides)
    return settled("defined", f.conditions, know)


def by_sign(a: Term, op: str, b: Term, know: Context) -> Proof:
    """The sign of the difference is seen."""
    if know.holds(rel(op, a, b)) is not True:
        raise NotShownError(f"{a} {op} {b} is not seen"[:200])
    return Proof("sign", "", (defined(know, a, b),))


def by_squares(
    gap: Term, squares: Iterable[tuple[Term, Term]], know: Context
) -> Proof:
    """gap = sum of weight * base^2 with weights >= 0 and real bases."""
    total = []
    with know.thoroughly():
        for base, weight in squares:
            if not (know.real(base) and know.nonnegative(weight)):
                raise NotShownError(f"{weight} ({base})^2 may be negative")
            total.append(mul(weight, power(base, TWO)))
    return Proof("squares", "", (equal(gap, add(*total), know),))


def by_growth(
    gap: Term, x: Term, start: Term, strict: bool, know: Context
) -> Proof:
    """gap >= 0 at the start, and its slope is >= 0 from there to x."""
    with know.thoroughly():
        if not (know.real(x) and know.nonnegative(sub(x, start))):
            raise NotShownError(f"{x} may be below {start}")
        first = subst(gap, {x: start})
        good = know.positive if strict else know.nonnegative
        firmly = strict and good(first)
        if not (firmly or know.nonnegative(first)):
            raise NotShownError(f"{first} may be negative")
        slope = derivative(gap, x)
        t = fresh("@t", (gap, x, start), "real", "inner")
        with know.within((t, start, x)):
            moved = subst(slope, {x: t})
            if strict and not firmly:
                seen = know.positive(moved)
            else:
                seen = know.nonnegative(moved)
        if not seen:
            raise NotShownError(f"the slope {moved} may be negative"[:200])
        if strict and not firmly and not know.positive(sub(x, start)):
            raise NotShownError(f"not strict at {x} = {start}")
    path = continuous(gap, x, (start, x), know)
    return Proof("growth", f"in {x} from {start}", (path,))


def continuous(
    t: Term, x: Term, ends: tuple[Term, Term], know: Context
) -> Proof:
    """A term is defined and continuous on a closed range."""
    s = fresh("@t", (t, x, *ends), "real")
    moved = subst(t, {x: s})
    with know.within((s, *ends)):
        why = rough(know, moved, s, kinks=True)
        if why:
            raise NotShownError(f"{why} may jump")
        return defined(know, moved)


def by_convexity(
    gap: Term, x: Term, at: Term, bend: Term | None, know: Context
) -> Proof:
    """gap and its slope vanish at a point of an interval, and gap'' >= 0."""
    in_box(x, at, {x: at}, know, closed=True)
    slope = derivative(gap, x)
    second = derivative(slope, x)
    if bend is None:
        bend = second
    t = fresh("@t", (gap, bend, x, at), "real")
    moved = subst(bend, {x: t})
    parts = [
        equal(subst(gap, {x: at}), ZERO, know),
        equal(subst(slope, {x: at}), ZERO, know),
    ]
    for low, high in ((at, x), (x, at)):
        side = know.knowing(rel("<=", low, high))
        if side.impossible():
            continue
        parts.append(continuous(add(gap, slope, second), x, (low, high), side))
        with side.within((t, low, high)), side.thoroughly():
            parts.append(equal(subst(second, {x: t}), moved, side))
            if not side.nonnegative(moved):
                raise NotShownError("the second derivative may be negative")
    return Proof("convexity", f"in {x} at {at}", tuple(parts))


def _bounds(g: Term, x: Term) -> bool:
    """An inequality that is linear in x."""
    op, a, b = g.args
    if op not in ("<", "<="):
        return False
    if is_fn(a, "Abs") and a.args[1] is x:
        return x not in free(b)
    f = Context().field()
    slope = f.canonical(derivative(sub(b, a), x))
    return x not in free(slope)


def by_logarithms(
    a: Term, b: Term, know: Context, then: Callable[[Term, Term], Proof]
) -> Proof:
    """Two positive sides compare as their logarithms do."""
    with know.thoroughly():
        for side in (a, b):
            if not know.positive(side):
                raise NotShownError(f"{side} may not be positive")
    return Proof("logarithms", "", (then(fn("log", a), fn("log", b)),))


def by_instances(
    gap: Term,
    instances: Iterable[tuple[Term, Term, tuple[Term, ...]]],
    know: Context,
) -> Proof:
    """gap = sum of weight * (an earlier gap >= 0), weights >= 0.

    Args:
        gap: what is to be >= 0.
        instances: weight, earlier gap at its values, what that needs.
        know: the hypotheses.
    """
    total = []
    with know.thoroughly():
        for weight, earlier, needs in instances:
            if not know.nonnegative(weight):
                raise NotShownError(f"the weight {weight} may be negative")
            for need in needs:
                if know.holds(need) is not True:
                    raise NotShownError(f"the instance needs {need}")
            total.append(mul(weight, earlier))
    return Proof("instances", "", (equal(gap, add(*total), know),))


def optimum(
    smallest: bool,
    f: Term,
    place_: dict[Term, Term],
    value: Term | None,
    know: Context,
) -> Proof:
    """The place is in the domain; the slope points away from it.

    One variable: the slope is (x - x*) times something positive. Several:
    f - f(x*) is seen to be >= 0.
    """
    xs = list(place_)
    for x, at in place_.items():
        in_box(x, at, place_, know)
    parts = [defined(know, f)]
    if value is not None:
        parts.append(equal(subst(f, place_), value, know))
    sign = ONE if smallest else MINUS
    for x in xs:
        why = rough(know, f, x, kinks=False)
        if why:
            raise NotShownError(f"{why} is not smooth")
    if len(xs) == 1:
        x, at = xs[0], place_[xs[0]]
        slope = mul(sign, derivative(f, x))
        parts.append(equal(subst(slope, place_), ZERO, know))
        with know.thoroughly():
            away = sub(x, at)
            good = know.positive(over(slope, away))
            if not good:
                apart = know.knowing(rel("!=", x, at))
                good = apart.holds(rel("<", ZERO, mul(slope, away))) is True
            if not good:
                bend = derivative(slope, x)
                good = know.positive(bend)
        if not good:
            raise NotShownError("slope / (x - x*) is not seen to be > 0")
        return Proof("optimum", "one variable", tuple(parts))
    rest = mul(sign, sub(f, subst(f, place_)))
    with know.thoroughly():
        if know.nonnegative(rest):
            return Proof("optimum", "difference of values", tuple(parts))
        slopes = [derivative(mul(sign, f), x) for x in xs]
        for slope in slopes:
            parts.append(equal(subst(slope, place_), ZERO, know))
        if not all(map(know.positive, _minors(slopes, xs))):
            raise NotShownError("f - f(x*) >= 0 is not seen")
    return Proof("optimum", "positive definite Hessian", tuple(parts))


def _minors(slopes: list[Term], xs: list[Term]) -> Iterable[Term]:
    """Leading minors of the Hessian."""
    rows = [[derivative(s, x) for x in xs] for s in slopes]
    for size in range(1, len(xs) + 1):
        yield _determinant([r[:size] for r in rows[:size]])


def _determinant(rows: list[list[Term]]) -> Term:
    if len(rows) == 1:
        return rows[0][0]
    return add(
        *(
            mul(
                num((-1) ** j),
                a,
                _determinant([r[:j] + r[j + 1 :] for r in rows[1:]]),
            )
            for j, a in enumerate(rows[0])
        )
    )


def in_box(
    x: Term,
    at: Term,
    place_: dict[Term, Term],
    know: Context,
    closed: bool = False,
) -> None:
    """The domain of x is an interval, and the place lies in it.

    With ``closed`` it may be an end that does not belong to the domain.
    """
    if not know.real(x) or "integer" in facts_of(x):
        raise NotShownError(f"{x} is not a real variable")
    xs = place_.keys()
    others = Context(tuple(g for g in know.given if not free(g) & xs))
    if not others.real(at):
        raise NotShownError(f"{at} is not known to be real")
    for g in know.given:
        if x in free(g) and not _bounds(g, x):
            raise NotShownError(f"{g} may not be an interval")
    for g in (*know.given, *facts_about(x, x)):
        if x not in free(g):
            continue
        there = subst(g, place_)
        if closed and there.args[0] == "<":
            there = rel("<=", *there.args[1:])
        if others.holds(there) is not True:
            raise NotShownError(f"{at} may leave the domain: {g}")

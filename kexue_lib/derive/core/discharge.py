"""Side conditions: met, open with a reason, or a convention of notation."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from kexue_lib.derive.core.field import (
    RING,
    Field,
    Poly,
    Quotient,
    constant_of,
    monomial,
    open_symbols,
    place,
    span,
    whole,
)
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.smooth import rough
from kexue_lib.derive.core.statement import Condition, Kind, Proof
from kexue_lib.derive.core.structure import NONNEG
from kexue_lib.derive.core.terms import (
    HALF,
    MINUS,
    NOO,
    ONE,
    OO,
    TWO,
    I,
    Term,
    UnsupportedError,
    add,
    factors,
    facts_of,
    fn,
    free,
    fresh,
    is_fn,
    mul,
    neg,
    num,
    opened,
    over,
    power,
    rel,
    sub,
    subst,
)


def settled(
    rule: str,
    conditions: Iterable[Condition],
    know: Context,
    detail: str = "",
    parts: tuple[Proof, ...] = (),
) -> Proof:
    """A proof by a rule, with its conditions sorted into three heaps."""
    met, left, assumed = [], [], []
    for c in conditions:
        why = unmet(c, know)
        if not why:
            met.append(c)
        elif c.kind in (Kind.CONVENTION, Kind.INVERTIBLE):
            assumed.append(c)
        else:
            left.append((c, why))
    return Proof(rule, detail, parts, tuple(met), tuple(left), tuple(assumed))


def unmet(c: Condition, know: Context) -> str:
    """Why a condition is not seen to be met; empty if it is."""
    with know.within(*c.scope), know.thoroughly():
        try:
            match c.kind:
                case Kind.NONZERO:
                    good = nonzero(c.about, know)
                case Kind.NO_POLE:
                    good = know.positive(c.about) or _no_integer(c.about, know)
                case Kind.CONVENTION:
                    good = know.positive(c.about) or _no_integer(c.about, know)
                case Kind.INVERTIBLE:
                    good = False
                case Kind.RANGE:
                    good = know.nonnegative(add(c.about, ONE))
                case Kind.CONVERGES:
                    return diverges(c.about, know)
        except UnsupportedError as error:
            return str(error)
        # An empty range asks nothing.
        if not good and know.ranges:
            good = know.impossible()
    return "" if good else "not seen"


def _no_integer(t: Term, know: Context) -> bool:
    """An integer plus a fraction."""
    f = know.field()
    q = f.quotients(t)[0]
    c = constant_of(q.top) if q.bottom == 1 else Fraction(0)
    if c.denominator == 1:
        return False
    return know.integer(f.to_term(f.plus(q, f.constant(-c))))


# -- not zero -------------------------------------------------------------


def nonzero(t: Term, know: Context) -> bool:
    """Known to be different from 0."""
    if any(r.args[0] == "!=" and t in r.args for r in know.relations()):
        others = [
            a
            for r in know.relations()
            if r.args[0] == "!=" and t in r.args
            for a in r.args[1:]
            if a is not t
        ]
        if any(o.op == "num" and o.args[0] == 0 for o in others):
            return True
    if know.real(t) and 0 not in know.sign(t):
        return True
    if know.on_circle(t):
        return True
    if is_fn(t, "conjugate"):
        return nonzero(t.args[1], know)
    if t.op == "mul":
        return all(nonzero(p, know) for p in t.args)
    if t.op == "pow" and know.integer(t.args[1]):
        return nonzero(t.args[0], know)
    if is_fn(t, "exp"):
        return True
    # First with sines whole, which have signs; then as exponentials.
    for opaque in (True, False):
        f = know.field(opaque)
        r = f.quotients(t)[0]
        if r.top == 0:
            return False
        if all(_factor(f, p, know) for p, _ in r.top.factor()[1]):
            return True
    return False


def _factor(f: Field, p: Poly, know: Context) -> bool:
    """An irreducible polynomial in atoms is not 0."""
    if any(p in (g, -g) for g in know.given_nonzero(f)):
        return True
    atoms = f.atoms_of(p)
    if len(p.to_dict()) == 1:
        return all(_atom(f, a, know) for _, a in atoms)
    if know.signed(f, p, True) or know.signed(f, -p, True):
        return True
    if _dominated(f, p, know) or _turned(f, p, know):
        return True
    return _one_part(f, p, know)


def _atom(f: Field, a: Term, know: Context) -> bool:
    if a.op == "fn" and a.args[0] in ("exp", "gamma", "unity"):
        return True
    if a.op == "const" or (a.op == "sym" and "nonzero" in facts_of(a)):
        return True
    if is_fn(a, "conjugate") or know.on_circle(a):
        return nonzero(a, know)
    if a.op == "pow":
        return a.args[0] is MINUS or nonzero(a.args[0], know)
    x = f.gen(a)
    return know.signed(f, x, True) or know.signed(f, -x, True)


def _one_part(f: Field, p: Poly, know: Context) -> bool:
    """The real or the imaginary part is not 0."""
    if I not in f.index:
        return False
    i = place(f.index[I])
    if p.degrees()[i] < 1:
        return False
    if not all(know.real(a) for _, a in f.atoms_of(p) if a is not I):
        return False
    for e in (0, 1):
        part = RING.from_dict(
            {
                tuple(0 if j == i else v for j, v in enumerate(m)): c
                for m, c in p.to_dict().items()
                if m[i] == e
            }
        )
        if part != 0 and all(_factor(f, q, know) for q, _ in part.factor()[1]):
            return True
    return False


def _turning(u: Term, know: Context) -> bool:
    """exp(u) has modulus 1: u is i times something real."""
    parts = factors(u)
    if parts.count(I) != 1:
        return False
    return know.real(mul(*(x for x in parts if x is not I)))


def _dominated(f: Field, p: Poly, know: Context) -> bool:
    """One modulus is larger than the sum of all others.

    A real symbol without a sign is tried with both, if what is given about
    it holds for its negative too.
    """
    for i, a in f.atoms_of(p):
        if a.op == "sym" and know.real(a) and not know.sign(a) <= NONNEG:
            if not _symmetric(a, know):
                return False
            flipped = RING.from_dict(
                {m: c * (-1) ** int(m[i]) for m, c in p.to_dict().items()}
            )
            more = know.knowing(rel("<=", num(0), a))
            return all(_largest(f, q, more) for q in (p, flipped))
    return _largest(f, p, know)


def _symmetric(a: Term, know: Context) -> bool:
    table = {a: neg(a)}
    mine = [r for r in know.given if a in free(r)]
    for r in mine:
        op, left, right = r.args
        mirrored = rel(op, subst(left, table), subst(right, table))
        same = any(is_fn(x, "Abs") and x.args[1] is a for x in (left, right))
        bare = [x for x in (left, right) if not is_fn(x, "Abs")]
        if same and all(a not in free(x) for x in bare):
            continue
        other = rel(op, neg(right), neg(left))
        f = know.field()
        twins = [
            s
            for s in mine
            if s.args[0] == op
            and f.zero(
                sub(
                    sub(s.args[2], s.args[1]),
                    sub(mirrored.args[2], mirrored.args[1]),
                )
            )
        ]
        if not twins and other not in mine:
            return False
    return True


def _largest(f: Field, p: Poly, know: Context) -> bool:
    # One modulus a monomial: equal moduli must not be added up first.
    parts = []
    for m, c in p.to_dict().items():
        left = list(m)
        for i, e in enumerate(m):
            if not e:
                continue
            a = f.atom_at(i)
            turns = is_fn(a, "unity") or a is I
            if turns or (is_fn(a, "exp") and _turning(a.args[1], know)):
                left[i] = 0
            elif not know.sign(a) <= NONNEG and not know.signed(
                f, f.gen(a), False
            ):
                return False
        parts.append(monomial(tuple(left), abs(c)))
    whole_sum = sum(parts, RING.constant(0))
    return any(know.signed(f, 2 * part - whole_sum, True) for part in parts)


def _turned(f: Field, p: Poly, know: Context) -> bool:
    """``a + b exp(i u)`` with a = +-b: half the angle, a sine or a cosine."""
    if f.opaque or len(p.to_dict()) != 2:
        return False
    (m, c), (n, d) = p.to_dict().items()
    if abs(whole(c)) != abs(whole(d)):
        return False
    angle: list[Term] = []
    for i, (e, g) in enumerate(zip(m, n, strict=True)):
        if e == g:
            continue
        a = f.atom_at(i)
        if not (is_fn(a, "exp") and _turning(a.args[1], know)):
            return False
        angle.append(mul(num(int(e) - int(g)), a.args[1]))
    half = over(add(*angle), mul(TWO, I))
    name = "cos" if whole(c) == whole(d) else "sin"
    plain = know.field()
    whole_angle = plain.canonical(half)
    wave = fn(name, whole_angle)
    if not know.real(wave):
        return False
    return (
        know.positive(wave)
        or know.positive(neg(wave))
        or (
            know.positive(fn(name, neg(whole_angle)))
            if name == "sin"
            else False
        )
    )


# -- convergence ----------------------------------------------------------


def diverges(t: Term, know: Context) -> str:
    """Why a series or an integral is not seen to exist."""
    if t.op == "int":
        return _integral_diverges(t, know)
    return _series_diverges(t, know)


def _integral_diverges(t: Term, know: Context) -> str:
    x = fresh("@x", (t, *open_symbols(know)), "real")
    body = opened(t.args[0], x)
    with know.within(span(know, x, t.args[1], t.args[2])):
        why = rough(know, body, x, kinks=True)
        if why:
            return f"{why} may jump"
        f = know.field()
        f.quotients(body)
        for c in f.conditions:
            if c.kind is not Kind.CONVENTION and unmet(c, know):
                return f"{c} is open"
    for end, other in ((t.args[1], t.args[2]), (t.args[2], t.args[1])):
        if end in (OO, NOO) and not decays(body, x, end, other, know):
            return f"no bound of {body} at {end}"
    return ""


BOUNDED = frozenset({"sin", "cos", "tanh", "erf", "erfc", "atan", "sech"})


def decays(
    body: Term,
    x: Term,
    end: Term,
    other: Term,
    know: Context,
    drop: int = 2,
) -> bool:
    """Each monomial is at most x^n exp(-c |x|^d), or at most 1/x^drop."""
    with know.within((x, *((other, end) if end is OO else (end, other)))):
        f = know.field()
        r = f.quotients(body)[0]
        terms, bottom = f.laurent(r, x)
        below = [a for _, a in f.atoms_of(bottom) if x in free(a)]
        if any(a is not x for a in below):
            return False
        down = 0
        if below:
            at = place(f.index[x])
            down = int(bottom.degrees()[at])
            if not nonzero(f.poly_term(_leading(bottom, at, down)), know):
                return False
        for exponents, _ in terms:
            up, rate = 0, f.constant(0)
            for a, e in exponents.items():
                if a is x:
                    up = e
                elif is_fn(a, "exp"):
                    part = f.times(f.constant(e), f.norm(a.args[1]))
                    rate = f.plus(rate, part)
                elif not (
                    a.op == "fn"
                    and e > 0
                    and a.args[0] in BOUNDED
                    and know.real(a.args[1])
                ):
                    return False
            if not _falls(f, rate, x, end, know) and not (
                _steady(f, rate, know) and down - up >= drop
            ):
                return False
    return True


def _steady(f: Field, rate: Quotient, know: Context) -> bool:
    """exp(rate) is bounded: its exponent is 0 or purely imaginary."""
    t = f.to_term(rate)
    return rate.top == 0 or know.real(mul(I, t)) or _turning(t, know)


def _falls(
    f: Field, rate: Quotient, x: Term, end: Term, know: Context
) -> bool:
    """The real part of the exponent goes to minus infinity."""
    if rate.top == 0 or x not in f.index:
        return False
    at = place(f.index[x])
    if any(a is not x and x in free(a) for _, a in f.atoms_of(rate.top)):
        return False
    if any(x in free(a) for _, a in f.atoms_of(rate.bottom)):
        return False
    by_degree: dict[int, Poly] = {}
    for m, c in rate.top.to_dict().items():
        d = int(m[at])
        rest = tuple(0 if j == at else e for j, e in enumerate(m))
        by_degree[d] = by_degree.get(d, RING.constant(0)) + monomial(rest, c)
    for d in sorted(by_degree, reverse=True):
        if d == 0:
            return False
        lead = f.to_term(Quotient(by_degree[d], rate.bottom))
        sign = ONE if end is OO or d % 2 == 0 else MINUS
        lead = mul(sign, lead)
        real = mul(HALF, add(lead, fn("conjugate", lead)))
        if know.positive(neg(real)):
            return True
        g = know.field()
        if g.quotients(real)[0].top != 0:
            return False
    return False


def _series_diverges(t: Term, know: Context) -> str:
    """A ratio of neighbours below some q < 1, or terms below 1/k^2."""
    if t.op != "sum" or t.args[2] is not OO or t.args[1] is NOO:
        return "convergence is not decided"
    k = fresh("@n", (t, *open_symbols(know)), "integer", "real")
    term = opened(t.args[0], k)
    with know.within((k, t.args[1], OO)):
        f = know.field()
        ratio = over(subst(term, {k: add(k, ONE)}), term)
        r, s = f.quotients(ratio, term)
        at = place(f.index[k]) if k in f.index else None
        mixed = [
            a
            for q in (r.top, r.bottom)
            for _, a in f.atoms_of(q)
            if k in free(a) and a is not k
        ]
        if mixed or (at is None and k in free(f.to_term(r))):
            return "the ratio of terms is not rational in the index"
        degrees = [
            0 if at is None else int(q.degrees()[at])
            for q in (r.top, r.bottom)
        ]
        if not nonzero(f.poly_term(_leading(r.bottom, at, degrees[1])), know):
            return "the ratio of terms may lose its denominator"
        if degrees[0] < degrees[1]:
            return ""
        if degrees[0] > degrees[1]:
            return "the terms grow"
        if _limit_below_one(f, r, at, degrees[0], know):
            return ""
        rational = all(
            a is k or k not in free(a)
            for q in (s.top, s.bottom)
            for _, a in f.atoms_of(q)
        )
        if rational and at is not None:
            down = int(s.bottom.degrees()[at])
            lead = f.poly_term(_leading(s.bottom, at, down))
            drop = down - int(s.top.degrees()[at])
            if drop >= 2 and nonzero(lead, know):
                return ""
    return "the ratio of terms is not seen below 1"


def _leading(p: Poly, at: int | None, degree: int) -> Poly:
    """The coefficient of the highest power of one atom."""
    if at is None:
        return p
    return RING.from_dict(
        {
            tuple(0 if j == at else e for j, e in enumerate(m)): c
            for m, c in p.to_dict().items()
            if int(m[at]) == degree
        }
    )


def _limit_below_one(
    f: Field, r: Quotient, at: int | None, degree: int, know: Context
) -> bool:
    """The limit of the ratio has modulus < 1."""

    limit = f.to_term(
        Quotient(_leading(r.top, at, degree), _leading(r.bottom, at, degree))
    )
    square = mul(limit, fn("conjugate", limit))
    if know.real(limit):
        square = power(limit, TWO)
    return know.positive(sub(ONE, square))

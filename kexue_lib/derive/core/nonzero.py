"""When a term is not 0: signs, hypotheses, moduli, half angles."""

from __future__ import annotations

from kexue_lib.derive.core.field import (
    RING,
    Field,
    Poly,
    monomial,
    open_symbols,
    place,
    whole,
)
from kexue_lib.derive.core.polynomials import Polynomials
from kexue_lib.derive.core.structure import NONNEG
from kexue_lib.derive.core.terms import (
    MINUS,
    TWO,
    ZERO,
    I,
    Term,
    add,
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
    rel,
    sub,
    subst,
    text,
)


def nonzero(t: Term, know: Polynomials) -> bool:
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
    if t.op == "prod":
        return _each_factor(t, know)
    # First with sines whole, which have signs; then as exponentials.
    for opaque in (True, False):
        f = know.field(opaque)
        r = f.quotients(t)[0]
        if r.top == 0:
            return False
        if all(_factor(f, p, know) for p, _ in r.top.factor()[1]):
            return True
    return False


def _each_factor(t: Term, know: Polynomials) -> bool:
    """A finite product is not 0 if no factor is."""
    if infinite(t):
        return False
    body, low, high = t.args
    k = fresh("@f", (t, *know.given, *open_symbols(know)), "integer", "real")
    with know.within((k, low, high)):
        return nonzero(opened(body, k), know)


def _factor(f: Field, p: Poly, know: Polynomials) -> bool:
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
    return _one_part(f, p, know) or _of_product(f.poly_term(p), know)


def _of_product(t: Term, know: Polynomials) -> bool:
    """A factor of a finite product that is given to be different from 0."""
    for r in know.given:
        op, *sides = r.args
        found = [u for u in sides if u.op == "prod" and not infinite(u)]
        if op != "!=" or ZERO not in sides or not found:
            continue
        body, low, high = found[0].args
        first = {k: start for k, start, _ in know.ranges}
        # Factors of slope 1 say themselves which of them t is.
        ahead = know.field().canonical(sub(t, opened(body, low)))
        where = [add(low, ahead)]
        for s in sorted(free(t), key=text):
            where += [s, add(sub(s, first.get(s, low)), low)]
        for at in filter(know.integer, dict.fromkeys([*where, *_indices(t)])):
            inside = (sub(at, low), sub(high, at))
            if all(map(know.nonnegative, inside)) and _divides(
                t, opened(body, at), know
            ):
                return True
    return False


def _indices(t: Term) -> list[Term]:
    """Indices of members of families."""
    own = list(t.args[2:]) if t.op == "idx" else []
    return [*own, *(e for a in t.children for e in _indices(a))]


def _divides(t: Term, other: Term, know: Polynomials) -> bool:
    """An irreducible polynomial is a factor of another term."""
    f = know.field()
    mine, its = f.quotients(t, other)
    if its.top == 0:
        return False
    monic = mine.top / mine.top.leading_coefficient()
    parts = (q / q.leading_coefficient() for q, _ in its.top.factor()[1])
    return monic in list(parts)


def _atom(f: Field, a: Term, know: Polynomials) -> bool:
    if a.op == "fn" and a.args[0] in ("exp", "gamma", "unity"):
        return True
    if a.op == "const" or (a.op == "sym" and "nonzero" in facts_of(a)):
        return True
    if is_fn(a, "conjugate") or know.on_circle(a):
        return nonzero(a, know)
    if a.op == "pow":
        return a.args[0] is MINUS or nonzero(a.args[0], know)
    if a.op == "prod" and _each_factor(a, know):
        return True
    x = f.gen(a)
    return know.signed(f, x, True) or know.signed(f, -x, True)


def _one_part(f: Field, p: Poly, know: Polynomials) -> bool:
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


def turning(u: Term, know: Polynomials) -> bool:
    """exp(u) has modulus 1: u is i times something real."""
    parts = factors(u)
    if parts.count(I) != 1:
        return False
    return know.real(mul(*(x for x in parts if x is not I)))


def _dominated(f: Field, p: Poly, know: Polynomials) -> bool:
    """One modulus is larger than the sum of all others.

    A real symbol without a sign is tried with both, if what is given about
    it holds for its negative too.
    """
    for i, a in f.atoms_of(p):
        if a.op == "sym" and know.real(a) and not know.sign(a) <= NONNEG:
            if not _symmetric(a, know) or _moves(f, p, a, know):
                return False
            flipped = RING.from_dict(
                {m: c * (-1) ** int(m[i]) for m, c in p.to_dict().items()}
            )
            more = know.knowing(rel("<=", num(0), a))
            return all(_largest(f, q, more) for q in (p, flipped))
    return _largest(f, p, know)


def _moves(f: Field, p: Poly, a: Term, know: Polynomials) -> bool:
    """Another atom may change its modulus when a symbol changes its sign."""
    others = (b for _, b in f.atoms_of(p) if b is not a and a in free(b))
    return not all(
        is_fn(b, "exp") and turning(b.args[1], know) for b in others
    )


def _symmetric(a: Term, know: Polynomials) -> bool:
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


def _largest(f: Field, p: Poly, know: Polynomials) -> bool:
    # One modulus a monomial: equal moduli must not be added up first.
    parts = []
    for m, c in p.to_dict().items():
        left = list(m)
        for i, e in enumerate(m):
            if not e:
                continue
            a = f.atom_at(i)
            turns = is_fn(a, "unity") or a is I
            if turns or (is_fn(a, "exp") and turning(a.args[1], know)):
                left[i] = 0
            elif not know.sign(a) <= NONNEG and not know.signed(
                f, f.gen(a), False
            ):
                return False
        parts.append(monomial(tuple(left), abs(c)))
    whole_sum = sum(parts, RING.constant(0))
    return any(know.signed(f, 2 * part - whole_sum, True) for part in parts)


def _turned(f: Field, p: Poly, know: Polynomials) -> bool:
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
        if not (is_fn(a, "exp") and turning(a.args[1], know)):
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

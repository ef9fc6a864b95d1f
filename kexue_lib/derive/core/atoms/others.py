"""Derivatives, cases, indexed letters, and functions known by name only.

For a function that is an atom only this is used: equal arguments give equal
values. Where it is defined is stated beside its name.
"""

from __future__ import annotations

from collections.abc import Callable

from kexue_lib.derive.core.differentiate import evaluated
from kexue_lib.derive.core.field import (
    Field,
    Oracle,
    Quotient,
    Rule,
    open_symbols,
)
from kexue_lib.derive.core.kinks import formulas, sign_at, step, undecided
from kexue_lib.derive.core.smooth import rough
from kexue_lib.derive.core.statement import Kind
from kexue_lib.derive.core.terms import (
    MINUS,
    ONE,
    TRUE,
    TWO,
    I,
    Term,
    UndecidedError,
    UnsupportedError,
    add,
    closed,
    facts_of,
    fn,
    free,
    fresh,
    mul,
    opened,
    power,
    rel,
    sub,
    subst,
)

from . import orthogonal
from .angles import ANGLES, arc_cosine, known_angle
from .powers import unity


def constant(field: Field, t: Term) -> Quotient:
    """pi and its like are letters; i is a root of unity."""
    if t is I:
        return Quotient(unity(field, 4))
    if t.args[0] in ("oo", "-oo", "true"):
        raise UnsupportedError(f"{t} as a number")
    return field.atom(t)


def unknown(field: Field, t: Term) -> Quotient:
    """An unknown function of canonical arguments."""
    return field.atom(fn(t.args[0], *map(field.canonical, t.args[1:])))


def indexed(field: Field, t: Term) -> Quotient:
    """A member of a family with canonical indices."""
    name, facts, *indices = t.args
    return field.atom(Term("idx", name, facts, *map(field.canonical, indices)))


def derivative(field: Field, t: Term) -> Quotient:
    """Differentiate; the term must have no cut, step or kink there."""
    body, point = t.args
    own = point.op == "sym" and point not in free(body)
    plain = own and "integer" not in facts_of(point)
    real = field.oracle.real(point)
    facts = ["real"] if real else []
    hidden = (body, point, *open_symbols(field.oracle))
    x = point if plain else fresh("@point", hidden, *facts)
    inside = opened(body, x)
    if step(inside, x) is not None:
        return _kinked(field, inside, x, point)
    why = rough(field.oracle, inside, x, kinks=False)
    if why:
        raise UnsupportedError(
            f"that a derivative exists: {why} may meet a branch cut, a step "
            "or a kink",
            "symbols and functions declared positive, or given(... > 0) for "
            "what stands under a logarithm or a root",
        )
    done = evaluated(t)
    if done is not t:
        # What is differentiated must be defined as well.
        field.norm(opened(body, point))
        return field.norm(done)
    if body.op == "fn" and body.args[0] in orthogonal.STEPS:
        return orthogonal.pair(field, body.args[0], body.args[1], point)[1]
    if body.op == "diff" and body.args[1] is Term("var", 0):
        inner = body.args[0]
        if inner.op == "fn" and inner.args[0] in orthogonal.STEPS:
            name, degree = inner.args[0], inner.args[1]
            return orthogonal.second(field, name, degree, point)
    if body.op != "fn":
        return field.atom(Term("diff", body, field.canonical(point)))
    args = (a if a.loose else field.canonical(a) for a in body.args[1:])
    inner = fn(body.args[0], *args)
    return field.atom(Term("diff", inner, field.canonical(point)))


def _kinked(field: Field, t: Term, x: Term, point: Term) -> Quotient:
    """The derivative of a term with kinks.

    Near the point the term has one of some formulas at each place. If all
    have one value and one derivative at the point, so has the term.
    """
    know = field.oracle
    open_: list[Term] = []

    def side(wall: Term) -> int:
        at = subst(wall, {x: point})
        field.norm(at)
        if not know.real(_nearby(know, wall, x)):
            raise UnsupportedError(f"{wall} may not be real")
        s = sign_at(know, at)
        if s and not rough(know, wall, x, kinks=True):
            return s
        if s is None:
            open_.append(at)
        return 0

    found = formulas(t, x, side)
    field.norm(subst(t, {x: point}))
    slopes = [Term("diff", closed(f, x), point) for f in found]
    values = [subst(f, {x: point}) for f in found]
    one = all(
        know.holds(rel("=", u, same[0])) is True
        for same in (values, slopes)
        for u in same[1:]
    )
    if one:
        for slope in slopes:
            field.norm(slope)
        return field.norm(slopes[0])
    if open_:
        raise undecided(know, open_[0])
    raise UnsupportedError(
        f"that a derivative exists: {t} may have a kink or a step",
        "a hypothesis that keeps off the kink, given(Ne(x, 0))",
    )


def _nearby(know: Oracle, t: Term, x: Term) -> Term:
    """The term at another real number of the same sign, if it is strict."""
    facts = ["real"]
    if know.positive(x):
        facts.append("positive")
    if know.positive(mul(MINUS, x)):
        facts.append("negative")
    hidden = (t, x, *open_symbols(know))
    return subst(t, {x: fresh("@near", hidden, *facts)})


def cases(field: Field, t: Term) -> Quotient:
    """The value of the first condition that holds; all must be decided."""
    for test, value in zip(t.args[::2], t.args[1::2], strict=True):
        if test.op == "rel":
            for side in test.args[1:]:
                field.norm(side)
        holds = True if test is TRUE else field.oracle.holds(test)
        if holds is True:
            return field.norm(value)
        if holds is None:
            raise UndecidedError(test)
    raise UnsupportedError("no case applies")


Need = Callable[[Field, tuple[Term, ...]], None]


def _everywhere(field: Field, args: tuple[Term, ...]) -> None:
    """Defined for all complex arguments (principal values)."""


def _on_reals(field: Field, args: tuple[Term, ...]) -> None:
    if not all(map(field.oracle.real, args)):
        raise UnsupportedError("a step function of a complex number")


def _nonzero(argument: Callable[..., Term]) -> Need:
    def need(field: Field, args: tuple[Term, ...]) -> None:
        field.need(Kind.NONZERO, argument(*args))

    return need


def _lower_gamma(field: Field, args: tuple[Term, ...]) -> None:
    if not field.oracle.positive(args[0]):
        field.need(Kind.NO_POLE, args[0])
        field.need(Kind.NONZERO, args[1])


def _upper_gamma(field: Field, args: tuple[Term, ...]) -> None:
    if not field.oracle.positive(args[0]):
        field.need(Kind.NONZERO, args[1])


def _bessel(field: Field, args: tuple[Term, ...]) -> None:
    if not field.oracle.integer(args[0]):
        field.need(Kind.NONZERO, args[1])


def _last_no_pole(field: Field, args: tuple[Term, ...]) -> None:
    field.need(Kind.NO_POLE, args[-1])


DEFINED: dict[str, Need] = {
    "erf": _everywhere,
    "erfi": _everywhere,
    "asin": _everywhere,
    "asinh": _everywhere,
    "acosh": _everywhere,
    "LambertW": _everywhere,
    "floor": _on_reals,
    "ceiling": _on_reals,
    "atan": _nonzero(lambda u: add(ONE, power(u, TWO))),
    "atanh": _nonzero(lambda u: sub(ONE, power(u, TWO))),
    "zeta": _nonzero(lambda u: sub(u, ONE)),
    "arg": _nonzero(lambda u: u),
    "besselj": _bessel,
    "besseli": _bessel,
    "bessely": _nonzero(lambda n, u: u),
    "besselk": _nonzero(lambda n, u: u),
    "uppergamma": _upper_gamma,
    "lowergamma": _lower_gamma,
    "digamma": _last_no_pole,
    "loggamma": _last_no_pole,
    "polygamma": _last_no_pole,
}
"""Where a function is defined, principal values included."""


OF_TWO = frozenset(
    {"besselj", "besseli", "bessely", "besselk", "polygamma"}
    | {"uppergamma", "lowergamma"}
)

ODD = frozenset({"erf", "erfi", "atan", "asinh", "asin", "atanh"})
"""f(-u) = -f(u), and f(0) = 0."""


def _odd(field: Field, name: str, u: Term) -> Quotient | None:
    r = field.norm(u)
    if r.top == 0:
        return field.constant(0)
    if not field.oracle.real(u) or r.top.leading_coefficient() > 0:
        return None
    turned = field.times(field.constant(-1), r)
    back = field.norm(fn(name, field.to_term(turned)))
    return field.times(field.constant(-1), back)


def _known(name: str) -> Rule:
    need = DEFINED[name]

    def rule(field: Field, t: Term) -> Quotient:
        if len(t.args) != 2 + (name in OF_TWO):
            raise UnsupportedError(f"{name} of {len(t.args) - 1} arguments")
        need(field, t.args[1:])
        if name in ODD:
            found = _odd(field, name, t.args[1])
            if found is not None:
                return found
        if name in ANGLES:
            angle = known_angle(field, name, t.args[1])
            if angle is not None:
                return field.norm(angle)
        args = tuple(map(field.canonical, t.args[1:]))
        if (
            name == "lowergamma"
            and field.oracle.positive(args[0])
            and field.norm(args[1]).top == 0
        ):
            return field.constant(0)  # the integral from 0 to 0
        return field.atom(fn(name, *args))

    return rule


RULES: dict[str, Rule] = {
    "const": constant,
    "?": unknown,
    "idx": indexed,
    "diff": derivative,
    "cases": cases,
    "acos": arc_cosine,
    **{name: _known(name) for name in DEFINED},
}

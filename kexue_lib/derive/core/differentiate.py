"""Differentiation. What is not in the table is refused, never guessed.

The rules hold wherever the derivative that they give is defined; its
conditions are read off it like those of any other term. Of a logarithm or a
power with a complex argument they hold off the negative axis only, so there
the argument must be real (`UnsupportedError` otherwise).
"""

from __future__ import annotations

from collections.abc import Callable

from kexue_lib.derive.core.terms import (
    HALF,
    MINUS,
    ONE,
    PI,
    TWO,
    ZERO,
    Term,
    UnsupportedError,
    add,
    binder,
    closed,
    facts_of,
    fn,
    free,
    fresh,
    infinite,
    inverse,
    mul,
    neg,
    num,
    opened,
    power,
    sub,
    subst,
    sym,
)

Slope = Callable[[Term], Term]


def _bell(u: Term) -> Term:
    scale = power(PI, neg(HALF))
    return mul(TWO, scale, fn("exp", neg(power(u, TWO))))


SLOPES: dict[str, Slope] = {
    "exp": lambda u: fn("exp", u),
    "log": inverse,
    "sqrt": lambda u: mul(HALF, power(u, neg(HALF))),
    "sin": lambda u: fn("cos", u),
    "cos": lambda u: neg(fn("sin", u)),
    "tan": lambda u: inverse(power(fn("cos", u), TWO)),
    "sinh": lambda u: fn("cosh", u),
    "cosh": lambda u: fn("sinh", u),
    "tanh": lambda u: inverse(power(fn("cosh", u), TWO)),
    "coth": lambda u: neg(inverse(power(fn("sinh", u), TWO))),
    "cot": lambda u: neg(inverse(power(fn("sin", u), TWO))),
    "atan": lambda u: inverse(add(ONE, power(u, TWO))),
    "asinh": lambda u: power(add(ONE, power(u, TWO)), neg(HALF)),
    "atanh": lambda u: inverse(sub(ONE, power(u, TWO))),
    "asin": lambda u: power(sub(ONE, power(u, TWO)), neg(HALF)),
    "acos": lambda u: neg(power(sub(ONE, power(u, TWO)), neg(HALF))),
    "erf": _bell,
    "erfc": lambda u: neg(_bell(u)),
}
"""Derivatives in the argument."""

SMOOTH = frozenset({"legendre", "laguerre", "chebyshevt", "hermite", "jn"})
"""Smooth in the last argument; their derivatives are atoms or recurrences."""


def derivative(t: Term, x: Term) -> Term:
    """The derivative of a term in a symbol."""
    if t is x:
        return ONE
    if x not in free(t):
        return ZERO
    a = t.args
    match t.op:
        case "add":
            return add(*(derivative(p, x) for p in a))
        case "mul":
            return add(*(_one_factor(a, i, x) for i in range(len(a))))
        case "pow":
            return _of_power(t, x)
        case "fn":
            return _of_function(t, x)
        case "diff":
            done = evaluated(t)
            if done is not t:
                return derivative(done, x)
            if x in free(a[0]):
                raise UnsupportedError("mixed partial derivatives")
            again = Term("diff", Term("diff", a[0], Term("var", 0)), a[1])
            return mul(again, derivative(a[1], x))
        case "sum" if x not in free(a[1]) | free(a[2]) and not infinite(t):
            k = fresh("@index", (t, x), "integer", "real")
            body = derivative(opened(a[0], k), x)
            return Term("sum", closed(body, k), a[1], a[2])
        case "cases" if not any(x in free(c) for c in a[::2]):
            parts = (derivative(v, x) if i % 2 else v for i, v in enumerate(a))
            return Term("cases", *parts)
    raise UnsupportedError(f"the derivative of {t.op}")


def _one_factor(factors: tuple[Term, ...], i: int, x: Term) -> Term:
    if x not in free(factors[i]):
        return ZERO
    parts = (derivative(q, x) if i == j else q for j, q in enumerate(factors))
    return mul(*parts)


def _of_power(t: Term, x: Term) -> Term:
    base, e = t.args
    if x not in free(e):
        less = num(e.args[0] - 1) if e.op == "num" else sub(e, ONE)
        return mul(e, power(base, less), derivative(base, x))
    log = mul(derivative(e, x), fn("log", base))
    return mul(t, add(log, mul(e, derivative(base, x), inverse(base))))


def _of_function(t: Term, x: Term) -> Term:
    name, *u = t.args
    if name in SLOPES and len(u) == 1:
        return mul(SLOPES[name](u[0]), derivative(u[0], x))
    if name in ("conjugate", "re", "im") and "real" in facts_of(x):
        return fn(name, derivative(u[0], x))
    if name in ("uppergamma", "lowergamma") and x not in free(u[0]):
        bell = mul(power(u[1], sub(u[0], ONE)), fn("exp", neg(u[1])))
        sign = MINUS if name == "uppergamma" else ONE
        return mul(sign, bell, derivative(u[1], x))
    if name.startswith("?"):
        return add(
            *(
                mul(fn(sloped(name, i, len(u)), *u), derivative(v, x))
                for i, v in enumerate(u)
                if x in free(v)
            )
        )
    if name in SMOOTH:
        slots = [i for i, v in enumerate(u) if x in free(v)]
        if slots != [len(u) - 1]:
            raise UnsupportedError(f"the derivative of {name} in its index")
        y = fresh("@slot", (t, x), "real")
        parts = []
        for i in slots:
            inner = fn(name, *(y if j == i else v for j, v in enumerate(u)))
            outer = binder("diff", inner, y, u[i])
            parts.append(mul(outer, derivative(u[i], x)))
        return add(*parts)
    raise UnsupportedError(f"the derivative of {name}")


def orders(t: Term) -> tuple[int, ...]:
    """How often an unknown function is differentiated in each argument."""
    head = t.args[0].split("+")[0]
    if "|" not in head:
        return (0,) * (len(t.args) - 1)
    return tuple(map(int, head.split("|")[1].split(",")))


def sloped(name: str, slot: int, size: int) -> str:
    """The name of a partial derivative: its orders say which one.

    Unknown functions are smooth, so the order of differentiation is free.
    """
    head, *facts = name.split("+")
    counts = list(orders(Term("fn", name, *(ZERO,) * size)))
    counts[slot] += 1
    real = "+real" if set(facts) & {"real", "positive"} else ""
    return f"{head.split('|')[0]}|{','.join(map(str, counts))}{real}"


def evaluated(t: Term) -> Term:
    """What a ``diff`` stands for; itself if it is irreducible."""
    body, point = t.args
    if _is_slot(body):
        return t
    if body.op == "diff" and body.args[1] is Term("var", 0):
        inner = Term("diff", body.args[0], sym("@slot", "real"))
        if body.args[0].loose <= 1 and evaluated(inner) is inner:
            return t
    # An integer has no neighbours: differentiate in a real variable.
    plain = point.op == "sym" and "integer" not in facts_of(point)
    own = plain and point not in free(body)
    x = point if own else fresh("@point", (body, point), "real")
    if plain and "real" not in facts_of(point):
        x = fresh("@point", (body, point))
    return subst(derivative(opened(body, x), x), {x: point})


def _is_slot(body: Term) -> bool:
    """A member of a family at the variable itself."""
    if body.op != "fn" or body.args[0] not in SMOOTH:
        return False
    loose = [a for a in body.args[1:] if a.loose]
    return len(loose) == 1 and loose[0].op == "var"

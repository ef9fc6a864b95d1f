"""Terms: immutable, shared, and unable to capture a variable.

A term is an operator with arguments. Equal terms are one object, so that
``is`` compares them. Bound variables have no names: inside a sum, product,
integral, derivative or limit the variable is ``var(i)``, where ``i`` counts
the binders between it and its own. `opened` takes a binder away by putting a
term in place of its variable, `closed` makes a free symbol the variable of
the next binder. Only free symbols can be substituted (`subst`), and what is
put in must itself be free of loose variables: nothing can be captured.

What a free symbol may be (integer, positive, ...) is part of the symbol:
symbols of one name and different facts are different.

====== ===================================================================
op     args
====== ===================================================================
num    a Fraction
const  a name: I, pi, oo, -oo, true, EulerGamma, Catalan
sym    name, frozenset of facts
var    how many binders lie between the variable and its own
add    summands
mul    factors, in order
pow    base, exponent (principal value; 0^0 = 1)
fn     name, arguments; ``?f`` is an unknown smooth function
idx    name of a family, frozenset of facts, indices
sum    body, first, last
karr   body, first, last: a sum whose range may run backwards
prod   body, first, last
int    body, low end, high end
diff   body, point at which its derivative is taken
limit  body, point, direction
mean   body, name of a law, its parameters
circle body: its mean over the unit circle
cases  condition, value, condition, value, ...: the first that holds
rel    one of ``= != < <=``, left, right
and    relations
mat    rows, columns, entries
====== ===================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, ClassVar
from weakref import WeakValueDictionary

from kexue_lib.derive.core.written import function_name, written


class UnsupportedError(Exception):
    """The core has no meaning, or no rule, for something; says what.

    Attributes:
        advice: what an author may do about it; empty if nothing is known.
    """

    def __init__(self, said: str, advice: str = "") -> None:
        super().__init__(said)
        self.advice = advice


class UndecidedError(UnsupportedError):
    """A case whose condition the hypotheses leave open."""

    def __init__(self, test: Term) -> None:
        super().__init__(
            f"whether {test} is not decided",
            "by.order, by.parity or by.first for the cases; by.pieces(n) for "
            "a sum of cases; given(...) if only one of them is meant",
        )
        self.test = test


BINDERS = frozenset(
    {"sum", "karr", "prod", "int", "diff", "limit", "mean", "circle"}
)
LEAVES = frozenset({"num", "const", "sym", "var"})
RELATIONS = ("=", "!=", "<", "<=")
FACTS = (
    "integer",
    "rational",
    "real",
    "positive",
    "negative",
    "nonnegative",
    "nonpositive",
    "nonzero",
    "imaginary",
    "even",
    "odd",
    "prime",
    "noncommutative",
)
"""Facts that are read. The core's own: ``inner`` (strictly inside its range)
and ``unit`` (of modulus 1)."""


class Term:
    """An operator with its arguments; equal terms are the same object."""

    __slots__ = ("__weakref__", "_free", "_text", "args", "loose", "op")
    _table: ClassVar[WeakValueDictionary[Any, Term]] = WeakValueDictionary()

    op: str
    args: tuple[Any, ...]
    loose: int
    """How many binders around it the term refers to (0: none)."""
    _free: frozenset[Term] | None
    _text: str | None

    def __new__(cls, op: str, *args: Any) -> Term:
        """Return the one term with this operator and these arguments."""
        found = cls._table.get((op, args))
        if found is None:
            found = object.__new__(cls)
            found.op, found.args = op, args
            found._free = found._text = None
            found.loose = _loose(op, args)
            cls._table[op, args] = found
        return found

    def __repr__(self) -> str:
        return text(self)

    def __str__(self) -> str:
        return written(self)[0]

    def __reduce__(self) -> Any:
        return Term, (self.op, *self.args)

    @property
    def children(self) -> Iterator[Term]:
        """The arguments that are terms."""
        return (a for a in self.args if isinstance(a, Term))


def _loose(op: str, args: tuple[Any, ...]) -> int:
    if op == "var":
        return int(args[0]) + 1
    deep = 0
    for place, a in enumerate(args):
        if isinstance(a, Term):
            inner = 1 if place == 0 and op in BINDERS else 0
            deep = max(deep, a.loose - inner)
    return deep


# -- making terms ---------------------------------------------------------


def num(value: Any) -> Term:
    """A rational number."""
    return Term("num", Fraction(value))


ZERO, ONE, TWO, MINUS = num(0), num(1), num(2), num(-1)
HALF = num(Fraction(1, 2))
I, PI = Term("const", "I"), Term("const", "pi")
OO, NOO = Term("const", "oo"), Term("const", "-oo")
TRUE = Term("const", "true")


def sym(name: str, *facts: str) -> Term:
    """A free symbol and what is known of it."""
    return Term("sym", name, frozenset(facts))


def facts_of(symbol: Term) -> frozenset[str]:
    """What is known of a symbol."""
    known: frozenset[str] = symbol.args[1]
    return known


def add(*parts: Term) -> Term:
    """A sum; only the number 0 is left out."""
    kept = tuple(p for p in parts if p is not ZERO)
    if len(kept) == 1:
        return kept[0]
    return Term("add", *kept) if kept else ZERO


def mul(*parts: Term) -> Term:
    """A product; only the number 1 is left out."""
    kept = tuple(p for p in parts if p is not ONE)
    if len(kept) == 1:
        return kept[0]
    return Term("mul", *kept) if kept else ONE


def power(base: Term, exponent: Term) -> Term:
    """A power."""
    return base if exponent is ONE else Term("pow", base, exponent)


def neg(a: Term) -> Term:
    """The negative of a term."""
    if a.op == "num":
        return num(-a.args[0])
    return mul(MINUS, a)


def sub(a: Term, b: Term) -> Term:
    """A difference."""
    return a if b is ZERO else add(a, neg(b))


def inverse(a: Term) -> Term:
    """One over a term."""
    return power(a, MINUS)


def over(a: Term, b: Term) -> Term:
    """A quotient."""
    return mul(a, inverse(b))


def fn(name: str, *args: Term) -> Term:
    """A function of its arguments."""
    return Term("fn", name, *args)


def rel(op: str, a: Term, b: Term) -> Term:
    """A relation; one of ``= != < <=``."""
    if op not in RELATIONS:
        raise UnsupportedError(f"the relation {op!r}")
    return Term("rel", op, a, b)


def binder(op: str, body: Term, variable: Term, *rest: Any) -> Term:
    """A sum, product, integral, ... over a free symbol of body."""
    return Term(op, closed(body, variable), *rest)


def negated(relation: Term) -> Term:
    """What holds where a relation between defined sides does not."""
    op, a, b = relation.args
    match op:
        case "=":
            return rel("!=", a, b)
        case "!=":
            return rel("=", a, b)
        case "<":
            return rel("<=", b, a)
        case "<=":
            return rel("<", b, a)
    raise UnsupportedError(f"the relation {op!r}")


def is_fn(t: Term, *names: str) -> bool:
    """Say whether a term is one of these functions."""
    return t.op == "fn" and t.args[0] in names


# -- reading and changing them --------------------------------------------


def rebuilt(t: Term, change: Callable[[Term, int], Term]) -> Term:
    """The term with ``change(child, binders crossed)`` for every child."""
    if t.op in LEAVES:
        return t
    inner = 1 if t.op in BINDERS else 0
    return Term(
        t.op,
        *(
            change(a, inner if i == 0 else 0) if isinstance(a, Term) else a
            for i, a in enumerate(t.args)
        ),
    )


def closed(t: Term, symbol: Term, depth: int = 0) -> Term:
    """Make ``symbol`` the variable that the next binder binds."""
    if t is symbol:
        return Term("var", depth)
    if symbol not in free(t):
        return t
    return rebuilt(t, lambda a, inner: closed(a, symbol, depth + inner))


def opened(t: Term, value: Term, depth: int = 0) -> Term:
    """Put ``value`` in place of the variable of the binder just removed."""
    if value.loose:
        raise ValueError(f"{value} has a loose variable")
    if t.loose <= depth:
        return t
    if t.op == "var":
        return value if t.args[0] == depth else t
    return rebuilt(t, lambda a, inner: opened(a, value, depth + inner))


def subst(t: Term, table: Mapping[Term, Term]) -> Term:
    """Put terms in place of free symbols, all at once."""
    for symbol, value in table.items():
        if symbol.op != "sym" or value.loose:
            raise ValueError(f"cannot put {value} for {symbol}")
    return _subst(t, table)


def _subst(t: Term, table: Mapping[Term, Term]) -> Term:
    if t in table:
        return table[t]
    if not free(t) & table.keys():
        return t
    return rebuilt(t, lambda a, _: _subst(a, table))


def replaced(t: Term, table: Mapping[Term, Term]) -> Term:
    """Put terms in place of closed parts of a term, all at once."""
    if t in table:
        return table[t]
    return rebuilt(t, lambda a, _: replaced(a, table))


def free(t: Term) -> frozenset[Term]:
    """The free symbols of a term."""
    if t._free is None:
        if t.op == "sym":
            t._free = frozenset([t])
        else:
            t._free = frozenset().union(*map(free, t.children))
    return t._free


def fresh(hint: str, avoid: Iterable[Term], *facts: str) -> Term:
    """A symbol whose name occurs free in none of the terms to avoid.

    Who opens a binder avoids its body and the ranges that are open: two
    open variables never share a name.
    """
    taken = {s.args[0] for t in avoid for s in free(t)}
    n = 0
    while f"{hint}{n}" in taken:
        n += 1
    return sym(f"{hint}{n}", *facts)


def depth(t: Term) -> int:
    """How deep binders are nested."""
    if t.op in LEAVES:
        return 0
    return max((depth(a) for a in t.children), default=0) + (t.op in BINDERS)


def contains(t: Term, *ops: str) -> bool:
    """Say whether an operator occurs."""
    return t.op in ops or any(contains(a, *ops) for a in t.children)


def infinite(t: Term) -> bool:
    """Say whether a sum, product or integral has an infinite end."""
    return any(b is OO or b is NOO for b in t.args[1:3])


def factors(t: Term) -> list[Term]:
    """The factors of a product, also of products inside it."""
    if t.op != "mul":
        return [t]
    return [p for a in t.args for p in factors(a)]


def entries(m: Term) -> tuple[Term, ...]:
    """The entries of a matrix, row by row."""
    return m.args[2:]


def text(t: Term) -> str:
    """Plain text; also the order of terms, the same in every run."""
    if t._text is None:
        t._text = _written(t)
    return t._text


def _written(t: Term) -> str:
    a = t.args
    match t.op:
        case "num":
            plain = a[0] >= 0 and a[0].denominator == 1
            return _digits(a[0]) if plain else f"({_digits(a[0])})"
        case "const" | "sym":
            return str(a[0])
        case "var":
            return f"${a[0]}"
        case "add":
            return "(" + " + ".join(map(text, a)) + ")"
        case "mul":
            return "*".join(map(text, a))
        case "pow":
            base = text(a[0])
            tight = a[0].op not in ("mul", "pow")
            return f"{base if tight else f'({base})'}^{_tight(a[1])}"
        case "fn":
            return f"{function_name(a[0])}({', '.join(map(text, a[1:]))})"
        case "idx":
            return f"{a[0]}[{', '.join(map(text, a[2:]))}]"
        case "rel":
            return f"{text(a[1])} {a[0]} {text(a[2])}"
        case _:
            inside = (text(x) if isinstance(x, Term) else str(x) for x in a)
            return f"{t.op}[{'; '.join(inside)}]"


def _digits(q: Fraction) -> str:
    """A fraction; in base 16 if Python does not write it in base 10."""
    if max(abs(q.numerator), q.denominator).bit_length() < 13_000:
        return str(q)
    return f"{q.numerator:#x}/{q.denominator:#x}"


def _tight(t: Term) -> str:
    return f"({text(t)})" if t.op in ("mul", "pow") else text(t)

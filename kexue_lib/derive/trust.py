"""What an accepted step trusts: the core alone, or a SymPy algorithm.

A check of `checks` found a step acceptable; here the core is handed the
statement and the certificate of that check, and decides on its own. What the
core cannot decide is not wrong: the step then trusts what its check used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from kexue_lib.derive.checks.base import Check, prepare
from kexue_lib.derive.checks.calculus import _by_parts
from kexue_lib.derive.checks.limits import Tending
from kexue_lib.derive.core import rules
from kexue_lib.derive.core.decide import decide as core_decide
from kexue_lib.derive.core.differentiate import derivative
from kexue_lib.derive.core.limits.relations import evaluated
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.rules import NotShownError, Premise
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import (
    Answer,
    Kind,
    No,
    Proof,
    Statement,
    Unknown,
    Witness,
    Yes,
)
from kexue_lib.derive.core.terms import (
    ONE,
    ZERO,
    Term,
    UnsupportedError,
    binder,
    facts_of,
    free,
    fresh,
    mul,
    neg,
    num,
    rel,
    replaced,
    sub,
    subst,
)
from kexue_lib.derive.core.words import commutes, words_equal
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.naming import unfold

Table = Mapping[Term, Term]


@dataclass(frozen=True)
class Goal:
    """An equation to show, and what the certificates are written in.

    Attributes:
        left, right: the sides.
        know: the hypotheses.
        premises: earlier equations.
        table: values put in for symbols so far; certificates get them too.
        origin: SymPy's left side, to read the letter of an index from.
    """

    left: Term
    right: Term
    know: Context
    premises: tuple[Premise, ...] = ()
    table: Table = field(default_factory=dict)
    origin: Any = None

    def put(self, table: Table, know: Context) -> Goal:
        """The goal with values put in."""
        moved = tuple(
            Premise(
                subst(p.left, table),
                subst(p.right, table),
                tuple(subst(g, table) for g in p.given),
            )
            for p in self.premises
        )
        both = {k: subst(v, table) for k, v in self.table.items()}
        return Goal(
            subst(self.left, table),
            subst(self.right, table),
            know,
            moved,
            {**both, **table},
            self.origin,
        )

    def sides(self, left: Term, right: Term, know: Context) -> Goal:
        """Other sides under other hypotheses."""
        return Goal(left, right, know, self.premises, self.table, self.origin)

    def read(self, e: Any) -> Term:
        """A certificate with the values put in."""
        return subst(term(e), self.table)


@dataclass(frozen=True)
class Trust:
    """What a proved step rests on.

    Attributes:
        core: the core decided it by itself.
        text: what is trusted, in words.
        conventions: of notation, on which the core's proof rests.
        open: side conditions that the core could not discharge.
        why: what the core lacked, for the author.
        allowed: an algorithm that may be trusted, at a level of its own.
    """

    core: bool
    text: str
    conventions: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    why: str = ""
    allowed: bool = False

    @property
    def phrase(self) -> str:
        """One quiet phrase for the page."""
        said = f"trusts {self.text}"
        if self.conventions:
            said += ", " + ", ".join(self.conventions)
        if self.open:
            said += "; open for the core: " + ", ".join(self.open)
        return said


def shown(statement: Any) -> bool:
    """The core shows a statement without a certificate."""
    try:
        return isinstance(core_decide(read(statement)), Yes)
    except UnsupportedError:
        return False


_CONVENTIONS = {
    Kind.CONVENTION: "with 1/Γ = 0 at the poles of Γ",
    Kind.INVERTIBLE: "where the inverses exist",
}
_SYMPY = {
    "limit": "SymPy's limit",
    "asymptotic": "SymPy's limit",
    "series": "SymPy's series",
    "integrate": "SymPy's integrals",
    "fourier": "Dirichlet's theorem and SymPy",
    "parseval": "Parseval's theorem and SymPy",
}


def trusted(statement: Any, check: Check) -> Trust | Witness:
    """What a step trusts that its check has proved, or why it is wrong."""
    if check.by_core:
        return Trust(True, "the core alone")
    found = decide(statement, check)
    if isinstance(found, No):
        return found.witness
    if isinstance(found, Yes):
        kinds = dict.fromkeys(c.kind for c in found.proof.conventions)
        said = tuple(_CONVENTIONS[k] for k in kinds)
        return Trust(True, "the core alone", said)
    left = found.proof.still_open if found.proof is not None else ()
    inner = _innermost(check)
    text = _SYMPY.get(inner, f"SymPy's {inner}")
    return Trust(
        False,
        text,
        (),
        tuple(str(c) for c, _ in left),
        found.why,
        inner in _SYMPY,
    )


def _innermost(check: Any) -> str:
    """The name of the check that computes something."""
    name: str = check.name
    if name in _SYMPY:
        return name
    inner = getattr(check, "then", None)
    if isinstance(inner, Check):
        return _innermost(inner)
    if name == "rewriting":
        steps = (
            t if isinstance(t, str) else t.__name__
            for t in check.transformations
        )
        return ", ".join(dict.fromkeys(steps))
    return name


def decide(statement: Any, check: Check) -> Answer:
    """Re-decide a step in the core, by the certificate of its check."""
    if isinstance(check, Tending):
        found = check.answer(statement)
        if not isinstance(found, Unknown) or check.name != "limit":
            return found
    try:
        stated = read(statement)
    except UnsupportedError as error:
        return Unknown(str(error))

    def rule(_: Statement, know: Context) -> Proof:
        return _proof(statement, stated, know, check)

    return core_decide(stated, rule)


_OPERATORS = {
    Relation.EQ: "=",
    Relation.NE: "!=",
    Relation.LT: "<",
    Relation.LE: "<=",
    Relation.GT: "<",
    Relation.GE: "<=",
}
_FLIPPED = (Relation.GT, Relation.GE)


def read(statement: Any) -> Statement:
    """A statement of the engine as one of the core."""
    if statement.relation not in _OPERATORS:
        raise UnsupportedError(f"the relation {statement.relation.text}")
    sides = [statement.lhs, statement.rhs]
    if statement.relation in _FLIPPED:
        sides.reverse()
    given = tuple(map(term, statement.domain.given))
    op = _OPERATORS[statement.relation]
    if _is_extremum(statement.lhs):
        return Statement(ZERO, op, ZERO, given)
    return Statement(term(sides[0]), op, term(sides[1]), given)


def _is_extremum(e: Any) -> bool:
    return type(e).__name__ in ("ArgMin", "ArgMax", "Minimum", "Maximum")


def _proof(
    statement: Any, stated: Statement, know: Context, check: Check
) -> Proof:
    if check.name == "optimum":
        return _optimum(statement, check, know)
    if stated.relation == "=":
        goal = Goal(stated.left, stated.right, know, origin=statement.lhs)
        return prove(goal, check)
    return inequality(stated, know, check)


# -- equations ---------------------------------------------------------


def prove(goal: Goal, check: Any) -> Proof:
    """Show an equation by the rule that belongs to a check."""
    name = check.name
    rule = _RULES.get(name)
    if rule is not None:
        return rule(goal, check)
    if name in _NORMAL_FORM:
        return equal(goal.left, goal.right, goal.know, goal.premises)
    raise NotShownError(f"no rule for {name}")


def equal(
    a: Term, b: Term, know: Context, premises: tuple[Premise, ...] = ()
) -> Proof:
    """a = b, in words if letters occur that do not commute."""
    if not (commutes(a) and commutes(b)):
        return words_equal(a, b, know, premises)
    return rules.equal(a, b, know, premises)


def _limit(goal: Goal, check: Any) -> Proof:
    """Every limit put in, then the inner check."""
    left, before = evaluated(goal.left, goal.know)
    right, after = evaluated(goal.right, goal.know)
    inner = prove(goal.sides(left, right, goal.know), check.then)
    return Proof("limits", "", (*before, *after, inner))


def _definition(goal: Goal, check: Any) -> Proof:
    """Both sides are one term once names have their meaning."""
    if goal.left is goal.right:
        return Proof("definition")
    return equal(goal.left, goal.right, goal.know, goal.premises)


def _recurrence(goal: Goal, check: Any) -> Proof:
    unknown = term(check.unknown)
    name, *names = unknown.args
    n = names[0]
    if any(set(names) & free(g) for g in goal.know.given):
        raise NotShownError("a relation is given for the letters")
    whole = term(check.relation)
    calls = sorted(_calls(whole, name), key=repr)
    f = goal.know.field()
    shifts = {c: f.shifted(sub(c.args[1], n)) for c in calls}
    if any(rest is not ZERO for rest, _ in shifts.values()):
        raise NotShownError("a call is no shift")
    if not calls:
        raise NotShownError("the relation does not mention its unknown")
    low = min(shift for _, shift in shifts.values())
    top = max(shift for _, shift in shifts.values())
    leads = [c for c in calls if shifts[c][1] == top]
    if len(leads) != 1 or list(leads[0].args[2:]) != names[1:]:
        raise NotShownError("several terms have the highest index")
    start = {n: sub(n, num(low))}
    whole = subst(whole, start)
    calls = [subst(c, start) for c in calls]
    lead = subst(leads[0], start)
    for c in calls:
        for s, v in zip(names, c.args[1:], strict=True):
            admits(s, v, goal.know)
    letter = fresh("@lead", (whole,))
    marked = replaced(whole, {lead: letter})
    steps = []
    for side, inner in ((goal.left, check.left), (goal.right, check.right)):
        table = {
            c: subst(side, dict(zip(names, c.args[1:], strict=True)))
            for c in calls
        }
        put = replaced(whole, table)
        more = goal.sides(put, ZERO, goal.know)
        steps.append(_satisfies(more, inner))
    base = []
    for value in range(top - low):
        at = {n: num(value)}
        sides = (subst(goal.left, at), subst(goal.right, at))
        try:
            base.append(rules.equal(*sides, goal.know))
        except UnsupportedError:
            if check.base is None:
                raise
            first = goal.put(at, Context(goal.know.given))
            base.append(prove(first, check.base))
    return rules.recurrence(
        n, derivative(marked, letter), base, steps, goal.know
    )


def _calls(t: Term, name: str) -> set[Term]:
    own = {t} if t.op == "fn" and t.args[0] == name else set()
    return own.union(*(_calls(a, name) for a in t.children))


def _satisfies(goal: Goal, check: Any) -> Proof:
    try:
        return equal(goal.left, goal.right, goal.know, goal.premises)
    except UnsupportedError:
        if check.name == "telescoping" and check.certificate is not None:
            return _telescoping(goal, check)
        if check.name != "antiderivative" or check.F is None:
            # Integrals over one range: their integrand vanishes.
            x = fresh("@none", (goal.left,), "real")
            zero = rules.function(ZERO, x)
            return rules.primitive(goal.left, ZERO, goal.know, zero)
    x = term(_index(goal.origin, sp.Integral))
    found = rules.function(goal.read(check.F), x)
    return rules.primitive(goal.left, ZERO, goal.know, found)


_NORMAL_FORM = frozenset(
    {
        "cancel",
        "expand",
        "exponentials",
        "combsimp",
        "logarithms",
        "rewriting",
        "sums",
        "splitting",
        "aligning",
        "circle",
        "words",
        "holonomic",
        "moments",
        "parseval",
        "fourier",
    }
)


def _using(goal: Goal, check: Any) -> Proof:
    left, right, domain = check.equation[:3]
    values = {term(s): goal.read(v) for s, v in check.at}
    for s, v in values.items():
        admits(s, v, goal.know)

    def at(e: Any) -> Term:
        return subst(subst(term(e), values), goal.table)

    premise = Premise(at(left), at(right), tuple(map(at, domain.given)))
    more = Goal(
        goal.left,
        goal.right,
        goal.know,
        (*goal.premises, premise),
        goal.table,
        goal.origin,
    )
    return prove(more, check.then)


def admits(s: Term, v: Term, know: Context) -> None:
    """A value has the facts of the symbol in whose place it is put."""
    tests: dict[str, Callable[[Term], bool]] = {
        "integer": know.integer,
        "real": know.real,
        "positive": know.positive,
        "nonnegative": know.nonnegative,
        "negative": lambda t: know.positive(neg(t)),
        "nonpositive": lambda t: know.nonnegative(neg(t)),
    }
    with know.thoroughly():
        for fact in sorted(facts_of(s)):
            plain = v.op == "num"
            if plain and fact == "rational":
                continue
            if plain and fact == "nonzero" and v is not ZERO:
                continue
            if fact == "nonzero" and know.holds(rel("!=", v, ZERO)):
                continue
            if v is s:
                continue
            if fact == "rational" and know.integer(v):
                continue
            if fact not in tests or not tests[fact](v):
                raise NotShownError(f"{v} is not known to be {fact}")


def _order(goal: Goal, check: Any) -> Proof:
    def inside(table: dict[Term, Term], know: Context) -> Proof:
        own = bool(table) and check.equal is not None and check.gap == 0
        then = check.equal if own else check.then
        return prove(goal.put(table, know), then)

    i, j = term(check.a), term(check.b)
    return rules.by_order(goal.know, i, j, check.gap, inside)


def _parity(goal: Goal, check: Any) -> Proof:
    def inside(table: dict[Term, Term], know: Context) -> Proof:
        return prove(goal.put(table, know), check.then)

    return rules.by_parity(goal.know, term(check.n), inside)


def _first(goal: Goal, check: Any) -> Proof:
    def inside(table: dict[Term, Term], know: Context) -> Proof:
        return prove(goal.put(table, know), check.then)

    n = term(check.n)
    start = 1 if "positive" in facts_of(n) else 0
    return rules.by_first(goal.know, n, start, check.count, inside)


def _pieces(goal: Goal, check: Any) -> Proof:
    n = goal.read(check.n)
    with goal.know.thoroughly():
        sides = [
            rules.split_at(side, n, goal.know)
            for side in (goal.left, goal.right)
        ]
        split = goal.sides(sides[0], sides[1], goal.know)
        return Proof("split", f"at {n}", (prove(split, check.then),))


def _telescoping(goal: Goal, check: Any) -> Proof:
    k = _index(goal.origin, sp.Sum)
    found = check.certificate
    if found is None:
        found = _gosper(goal.origin)
    certificate = rules.function(goal.read(found), term(k))
    return rules.telescoping(goal.left, goal.right, goal.know, certificate)


def _gosper(e: Any) -> Any:
    """Gosper's certificate, from SymPy: only searched, verified after."""
    from sympy.concrete.gosper import gosper_term

    total = next(iter(unfold(e).atoms(sp.Sum)))
    found = gosper_term(total.function, total.limits[0][0])
    if found is None:
        raise NotShownError("Gosper's algorithm finds nothing")
    return -found * total.function


def _index(e: Any, kind: Any) -> Any:
    """The letter that a certificate is written in."""
    if e is None:
        raise NotShownError("a certificate without its letter")
    found = list(e.atoms(kind)) or list(unfold(e).atoms(kind))
    if not found:
        raise NotShownError(f"no {kind.__name__}")
    return found[0].limits[0][0]


def _antiderivative(goal: Goal, check: Any) -> Proof:
    try:
        return rules.equal(goal.left, goal.right, goal.know, goal.premises)
    except UnsupportedError:
        pass
    x = _index(goal.origin, sp.Integral)
    if check.F is None:
        found = _searched(goal, check, x)
    else:
        found = goal.read(check.F)
    return rules.primitive(
        goal.left,
        goal.right,
        goal.know,
        rules.function(found, term(x)),
        goal.premises,
    )


def _integrate(goal: Goal, check: Any) -> Proof:
    """By the normal form, or by an antiderivative that is easy to find."""
    try:
        return equal(goal.left, goal.right, goal.know, goal.premises)
    except UnsupportedError:
        x = _index(goal.origin, sp.Integral)
        found = rules.function(_searched(goal, check, x), term(x))
    know = goal.know
    return rules.primitive(goal.left, goal.right, know, found, goal.premises)


def _searched(goal: Goal, check: Any, x: Any) -> Term:
    """An antiderivative that SymPy finds; verified after."""
    area = next(iter(unfold(goal.origin).atoms(sp.Integral)))
    body = area.function
    letters = {term(s): s for s in body.free_symbols}
    table = {
        letters[s]: _written(v, letters)
        for s, v in goal.table.items()
        if s in letters
    }
    body = body.subs(table, simultaneous=True)
    found = _by_parts(prepare(body), x)
    if found is None and check.name == "antiderivative":
        found = check._primitive(body, x)
    if found is None:
        raise NotShownError("no antiderivative is at hand")
    scale, _ = rules.single(goal.left, "int")
    return mul(scale, goal.read(found))


def _written(t: Term, letters: Mapping[Term, Any]) -> Any:
    """A simple term in SymPy again (values of cases)."""
    match t.op:
        case "num":
            return sp.Rational(t.args[0].numerator, t.args[0].denominator)
        case "sym" if t in letters:
            return letters[t]
        case "add":
            return sp.Add(*(_written(a, letters) for a in t.args))
        case "mul":
            return sp.Mul(*(_written(a, letters) for a in t.args))
    raise NotShownError(f"{t} in a certificate")


def _induction(goal: Goal, check: Any) -> Proof:
    def step(a: Term, b: Term, know: Context, *more: Premise) -> Proof:
        return equal(a, b, know, (*goal.premises, *more))

    return rules.induction(
        goal.left,
        goal.right,
        goal.know,
        term(check.n),
        check.start,
        check.stride,
        step,
    )


_RULES: dict[str, Callable[[Goal, Any], Proof]] = {
    "using": _using,
    "order": _order,
    "parity": _parity,
    "first": _first,
    "definition": _definition,
    "limit": _limit,
    "recurrence": _recurrence,
    "pieces": _pieces,
    "telescoping": _telescoping,
    "antiderivative": _antiderivative,
    "integrate": _integrate,
    "induction": _induction,
}


# -- inequalities and optima ---------------------------------------------


def inequality(stated: Statement, know: Context, check: Any) -> Proof:
    """Show an order by the rule that belongs to a check."""
    a, op, b = stated.left, stated.relation, stated.right
    gap, strict = sub(b, a), op == "<"
    both = rules.defined(know, a, b)
    match check.name:
        case "squares" if not strict:
            pairs = [(term(e), term(c)) for e, c in check.squares]
            proof = rules.by_squares(gap, pairs, know)
        case "monotone":
            start = term(check.start)
            proof = rules.by_growth(gap, term(check.x), start, strict, know)
        case "convex" if not strict:
            bend = None if check.bend is None else term(check.bend)
            at = term(check.at)
            proof = rules.by_convexity(gap, term(check.x), at, bend, know)
        case "logs":

            def then(p: Term, q: Term) -> Proof:
                inner = Statement(p, op, q, stated.given)
                return inequality(inner, know, check.then)

            proof = rules.by_logarithms(a, b, know, then)
        case "instances" if not strict:
            proof = _instances(gap, know, check)
        case _:
            return rules.by_sign(a, op, b, know)
    return Proof(
        proof.rule,
        proof.detail,
        (*proof.parts, both),
        proof.met,
        proof.open,
        proof.assumed,
    )


def _instances(gap: Term, know: Context, check: Any) -> Proof:
    less, more, domain = check.inequality[:3]
    earlier = sub(term(more), term(less))
    found = []
    for weight, pairs, limits in check.terms:
        values = {term(s): term(v) for s, v in pairs}
        over: list[Any] = []
        if limits is not None:
            over.append(tuple(map(term, limits)))
        with know.within(*over):
            for s in sorted(free(earlier), key=repr):
                admits(s, values.get(s, s), know)
            for g in map(term, domain.given):
                if know.holds(subst(g, values)) is not True:
                    raise NotShownError(f"the instance needs {g}")
        value = subst(earlier, values)
        w = term(weight)
        if over:
            k, low, high = over[0]
            with know.within(over[0]):
                if not know.nonnegative(w):
                    raise NotShownError(f"the weight {w} may be negative")
            value, w = binder("sum", mul(w, value), k, low, high), ONE
        found.append((w, value, ()))
    return rules.by_instances(gap, found, know)


def _optimum(statement: Any, check: Any, know: Context) -> Proof:
    left = statement.lhs
    if not _is_extremum(left):
        left = unfold(left)
    if not _is_extremum(left):
        raise NotShownError("no arg min, min, ...")
    kind = type(left).__name__
    f, *xs = map(term, left.args)
    valued = kind in ("Minimum", "Maximum")
    place = check.at if valued else statement.rhs
    several = isinstance(place, sp.Tuple | tuple | sp.MatrixBase)
    at = [term(p) for p in (place if several else (place,))]
    if len(at) != len(xs):
        raise NotShownError("as many values as variables are needed")
    return rules.optimum(
        kind in ("ArgMin", "Minimum"),
        f,
        dict(zip(xs, at, strict=True)),
        term(statement.rhs) if valued else None,
        know,
    )

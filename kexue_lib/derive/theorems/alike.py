"""Whether two terms are equal, part by part, and whether they exist."""

from __future__ import annotations

from collections.abc import Iterable

from kexue_lib.derive.core.equations import NotShownError, defined, equal
from kexue_lib.derive.core.field import span
from kexue_lib.derive.core.sign import Context
from kexue_lib.derive.core.statement import Condition, Kind
from kexue_lib.derive.core.terms import (
    TRUE,
    Term,
    UnsupportedError,
    add,
    contains,
    factors,
    fresh,
    infinite,
    is_fn,
    mul,
    opened,
)

Granted = frozenset[Condition]
"""Infinite sums and integrals of which a theorem says that they exist."""


def exists(t: Term, know: Context, granted: Granted) -> None:
    """A side is defined, apart from what is granted.

    An expectation that the core cannot evaluate exists by the theorem; what
    stands in it must be defined for all values of the random symbol.

    Raises:
        UnsupportedError: that is not seen.
    """
    if t is TRUE:
        return
    try:
        proof = defined(know, t)
    except UnsupportedError:
        if not contains(t, "mean", "cases", "rel", "diff"):
            raise
        _parts_exist(t, know, granted)
        return
    left = [c for c, _ in proof.still_open if c not in granted]
    for c in left:
        if c.kind is not Kind.CONVERGES or not any(
            _same_binder(c.about, g.about, know, granted) for g in granted
        ):
            raise NotShownError(f"open: {c}")


def _same_binder(a: Term, b: Term, know: Context, granted: Granted) -> bool:
    return a is b or _alike_or_not(a, b, know, granted)


def _parts_exist(t: Term, know: Context, granted: Granted) -> None:
    plain = t.op == "pow" and t.args[1].op == "num" and t.args[1].args[0] > 0
    known = is_fn(t, "Abs", "exp", "conjugate")
    hidden = (t, *(r[0] for r in know.ranges))
    match t.op:
        case "mean":
            for p in t.args[2:]:
                exists(p, know, granted)
            z = fresh("@z", hidden, "real")
            exists(opened(t.args[0], z), know, granted)
        case "diff" if t.args[0].op in ("int", "sum"):
            # That it can be differentiated is what the theorem says.
            inner = opened(*t.args)
            whole = ("integer", "real") if inner.op == "sum" else ("real",)
            k = fresh("@k", hidden, *whole)
            over = span(know, k, *inner.args[1:])
            with know.within(over):
                exists(opened(inner.args[0], k), know, granted)
        case "sum" if not infinite(t):
            k = fresh("@k", hidden, "integer", "real")
            with know.within((k, t.args[1], t.args[2])):
                exists(opened(t.args[0], k), know, granted)
        case "rel":
            for p in t.children:
                exists(p, know, granted)
                if t.args[0] in ("<", "<=") and not know.real_valued(p):
                    raise NotShownError(f"{p} may not be real")
        case "add" | "mul" | "cases" | "and":
            for p in t.children:
                exists(p, know, granted)
        case _ if plain or known:
            for p in t.children:
                exists(p, know, granted)
        case _:
            raise NotShownError(f"{t} is not seen to exist")


def same(a: Term, b: Term, know: Context, granted: Granted) -> None:
    """Two terms are equal by the normal form, or part by part.

    Raises:
        UnsupportedError: that is not seen.
    """
    if a is b:
        return
    # Events are compared part by part at once: what decides whether one
    # holds, the core would otherwise try to settle first, case by case.
    parts = a.op == b.op and contains(a, "rel")
    if parts and _alike_or_not(a, b, know, granted):
        return
    try:
        proof = equal(a, b, know, splits=0)
        left = [c for c, _ in proof.still_open if c not in granted]
        if left:
            raise NotShownError(f"open: {left[0]}")
    except UnsupportedError:
        if parts or not _alike(a, b, know, granted):
            raise


def _alike_or_not(a: Term, b: Term, know: Context, granted: Granted) -> bool:
    try:
        return _alike(a, b, know, granted)
    except UnsupportedError:
        return False


def _alike(a: Term, b: Term, know: Context, granted: Granted) -> bool:
    """Binders over one range with equal bodies, sums of such, events."""
    for op, split in (("add", _summands), ("mul", factors)):
        if op in (a.op, b.op):
            return _matched(split(a), split(b), op, know, granted)
    if a.op != b.op or len(a.args) != len(b.args):
        return False
    if a.op in ("cases", "and", "rel"):
        return _pairwise(a, b, know, granted)
    if a.op not in ("sum", "int", "mean", "diff"):
        return False
    for p, q in zip(a.args[1:], b.args[1:], strict=True):
        if p == q:
            continue
        if not (isinstance(p, Term) and isinstance(q, Term)):
            return False
        if {p.op, q.op} & {"const"} or infinite(a):
            return False
        same(p, q, know, granted)
    hidden = (a, b, *(r[0] for r in know.ranges))
    # The ends of an integral do not matter.
    facts = {"sum": ("integer", "real"), "int": ("real", "inner")}
    k = fresh("@s", hidden, *facts.get(a.op, ("real",)))
    ranges = ((k, a.args[1], a.args[2]),) if a.op == "sum" else ()
    if a.op == "int":
        ranges = (span(know, k, a.args[1], a.args[2]),)
    with know.within(*ranges):
        same(opened(a.args[0], k), opened(b.args[0], k), know, granted)
    return True


def _pairwise(a: Term, b: Term, know: Context, granted: Granted) -> bool:
    """Events: the same relations between the same sides."""
    for p, q in zip(a.args, b.args, strict=True):
        if isinstance(p, Term) and isinstance(q, Term):
            same(p, q, know, granted)
        elif p != q:
            return False
    return True


def _summands(t: Term) -> list[Term]:
    return list(t.args) if t.op == "add" else [t]


def _matched(
    p: list[Term], q: list[Term], op: str, know: Context, granted: Granted
) -> bool:
    """Parts with a binder are paired; what remains is equal."""
    bound_p, plain_p = _apart(p)
    bound_q, plain_q = _apart(q)
    if not bound_p or len(bound_p) != len(bound_q):
        return False
    join = add if op == "add" else mul
    same(join(*plain_p), join(*plain_q), know, granted)
    if len(bound_p) == 1:
        same(bound_p[0], bound_q[0], know, granted)
        return True
    for s in bound_p:
        # The parts of a sum stand in an order that says nothing.
        found = next((t for t in bound_q if seen(s, t, know, granted)), None)
        if found is None:
            return False
        bound_q.remove(found)
    return True


def seen(
    a: Term, b: Term, know: Context, granted: Granted = frozenset()
) -> bool:
    """Say whether two terms are seen to be equal."""
    try:
        same(a, b, know, granted)
    except UnsupportedError:
        return False
    return True


def _apart(parts: Iterable[Term]) -> tuple[list[Term], list[Term]]:
    bound = [p for p in parts if _has_binder(p)]
    return bound, [p for p in parts if not _has_binder(p)]


def _has_binder(t: Term) -> bool:
    return t.op in ("sum", "int", "mean") or any(map(_has_binder, t.children))

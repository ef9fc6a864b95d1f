from __future__ import annotations

import pytest
import sympy as sp

from kexue_lib.derive.chapters import Chapter
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.terms import (
    ONE,
    ZERO,
    Term,
    UnsupportedError,
    add,
    binder,
    closed,
    free,
    mul,
    num,
    opened,
    rel,
    subst,
    sym,
)

x, y = sym("x", "real"), sym("y", "real")


def test_equal_terms_are_one_object() -> None:
    assert add(x, mul(num(2), y)) is add(x, mul(num(2), y))
    assert sym("x", "real") is x
    assert sym("x") is not x  # other facts, another symbol


def test_bound_names_do_not_matter() -> None:
    k, j = sym("k", "integer"), sym("j", "integer")
    assert binder("sum", k, k, ZERO, x) is binder("sum", j, j, ZERO, x)


def test_substitution_cannot_capture() -> None:
    # Sum over k of x, with k put in for x, is not the sum of the index.
    k = sym("k", "integer")
    total = binder("sum", x, k, ZERO, y)
    moved = subst(total, {x: k})
    assert moved is not binder("sum", k, k, ZERO, y)
    assert free(moved) == {k, y}


def test_sympy_names_cannot_capture() -> None:
    chapter = Chapter("capture")
    n, k = chapter.symbols("n k", "integer nonnegative")
    s = chapter.let("S", n, sp.Sum(n * k, (k, 0, n)))
    read = term(s(k))
    j = sp.Symbol("j", integer=True, nonnegative=True)
    assert read is term(sp.Sum(k * j, (j, 0, k)))


def test_opening_takes_closed_terms_only() -> None:
    loose = Term("var", 0)
    with pytest.raises(ValueError, match="loose"):
        opened(loose, Term("var", 1))
    with pytest.raises(ValueError, match="put"):
        subst(x, {x: loose})


def test_open_and_close_are_inverse() -> None:
    body = add(mul(x, y), ONE)
    assert opened(closed(body, x), x) is body


def test_relations_are_enumerated() -> None:
    for op in ("~", ">", "≈", "==", ""):
        with pytest.raises(UnsupportedError, match="relation"):
            rel(op, x, y)


def test_nothing_is_evaluated_on_reading() -> None:
    s = sp.Symbol("s", real=True)
    written = sp.Mul(s, sp.Pow(s, -1, evaluate=False), evaluate=False)
    assert term(written) is not ONE


@pytest.mark.parametrize(
    "unread",
    [
        sp.O(sp.Symbol("x") ** 2),
        sp.Integral(sp.Symbol("x"), sp.Symbol("x")),
        sp.Derivative(
            sp.Function("f")(sp.Symbol("x")), (sp.Symbol("x"), sp.Symbol("n"))
        ),
        sp.MatrixSymbol("M", 2, 2),
    ],
)
def test_what_has_no_meaning_is_refused(unread: sp.Basic) -> None:
    with pytest.raises(UnsupportedError):
        term(unread)

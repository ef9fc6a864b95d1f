"""What an author reads when the core does not decide a step."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Derivative, Function, Integral, Piecewise, Product, Sum

from kexue_lib.derive import by
from kexue_lib.derive.core import Unknown, Yes
from kexue_lib.derive.core.reader import term
from kexue_lib.derive.core.written import letters, written
from kexue_lib.derive.domain import Domain
from kexue_lib.derive.levels import Relation
from kexue_lib.derive.statement import Statement, UnknownError

x, theta = sp.symbols("x theta", real=True)
g, z = sp.symbols("g z")
a = sp.symbols("a", positive=True)
n, k, N, ell = sp.symbols("n k N ell", integer=True, nonnegative=True)
Lam, v = sp.IndexedBase("Lambda"), sp.IndexedBase("v")
M = Function("M")
A, B = sp.symbols("A B", commutative=False)

moment = Integral(M(x) * sp.legendre(k, x), (x, -1, 1))
ROWS: list[tuple[Any, Any, Any, str, str]] = [
    (
        Sum(1 / (g - Lam[ell]), (ell, 1, N)),
        -Sum(1 / (Lam[ell] - g), (ell, 1, N)),
        by.algebra(),
        "g - Lambda[1 + ell] != 0 for 0 <= ell <= -1 + N",
        "given(Ne(Product(",
    ),
    (
        1 / (M(x) - 2) + 1,
        (M(x) - 1) / (M(x) - 2),
        by.algebra(),
        "-2 + M(x) != 0",
        "given(Ne(",
    ),
    (
        Integral(1 / (M(theta) ** 2 - 2), (theta, 0, 1)),
        -Integral(1 / (2 - M(theta) ** 2), (theta, 0, 1)),
        by.algebra(),
        "for 0 <= theta <= 1",
        "given(Ne(",
    ),
    (
        Sum(z**k, (k, 0, sp.oo)),
        Sum(z**k, (k, 0, sp.oo)) + 0 * k,
        by.algebra(),
        "Sum(z^k, (k, 0, oo)) converges",
        "given(Abs(q) < 1)",
    ),
    (
        Derivative(sp.log(M(a * x)), x),
        a * M(a * x).diff(x) / M(a * x) / a,
        by.algebra(),
        "log of M(x*a) may meet a branch cut",
        "declared positive",
    ),
    (
        Piecewise((v[k], k < n), (v[n], True)),
        v[k] + 0 * n,
        by.algebra(),
        "Piecewise((v[k], k < n), (v[n], True)) - v[k]",
        "by.order",
    ),
    (
        Sum(Piecewise((v[k], k < n), (0, True)), (k, 0, N)),
        Sum(v[k], (k, 0, N)),
        by.algebra(),
        "whether k < n is not decided",
        "by.pieces(n)",
    ),
    (
        Sum(A**k, (k, 0, n)) * B,
        B * Sum(A**k, (k, 0, n)),
        by.algebra(),
        "Sum(A^k, (k, 0, n))",
        "",
    ),
    (
        Product(v[k], (k, 0, n)) * Sum(v[k], (k, 0, n)),
        Product(v[k], (k, 0, n)),
        by.algebra(),
        "Product(v[k], (k, 0, n))",
        "by.telescoping(F)",
    ),
    (
        Sum(moment.subs(k, k + 1), (k, 0, n)),
        Sum(moment, (k, 0, n + 1)),
        by.algebra(),
        "the difference of the sides",  # not "whether 0 <= k + 2"
        "by.telescoping(",
    ),
]


def _decided(lhs: Any, rhs: Any, check: Any) -> tuple[Any, Statement]:
    statement = Statement(lhs, Relation.EQ, rhs, Domain())
    return check.answer(statement), statement


@pytest.mark.parametrize("row", ROWS, ids=lambda r: str(r[0]))
def test_message_names_what_is_missing(row: Any) -> None:
    lhs, rhs, check, said, advice = row
    _, statement = _decided(lhs, rhs, check)
    with pytest.raises(UnknownError) as caught:
        check.run(statement)
    text = str(caught.value)
    assert said in text
    assert advice in text
    # Letters of the core stay inside.
    assert not set("#@$") & set(text)


def test_missing_is_data() -> None:
    lhs, rhs, check, *_ = ROWS[0]
    found, _ = _decided(lhs, rhs, check)
    assert isinstance(found, Unknown)
    assert len(found.missing) == 2
    assert all(len(c.scope) == 1 for c in found.missing)


def test_what_is_missing_suffices() -> None:
    lhs, rhs, check, *_ = ROWS[0]
    given = sp.Ne(Product(g - Lam[k], (k, 1, N)), 0)
    whole = Statement(lhs, Relation.EQ, rhs, Domain(given=(given,)))
    assert isinstance(check.answer(whole), Yes)
    less = sp.Ne(Product(g - Lam[k], (k, 1, N - 1)), 0)
    part = Statement(lhs, Relation.EQ, rhs, Domain(given=(less,)))
    assert isinstance(check.answer(part), Unknown)


def test_letters_do_not_collide() -> None:
    # k is free outside the sum, so its index gets another letter.
    t = term(k * Sum(v[n] * k, (n, 0, N)))
    with letters(["k"], []):
        assert written(t) == ["k*Sum(k*v[j], (j, 0, N))"]
    with letters(["l", "k"], []):
        assert written(t) == ["k*Sum(k*v[l], (l, 0, N))"]

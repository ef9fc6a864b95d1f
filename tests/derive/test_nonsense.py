"""What SymPy raises for nonsense is a rejection; our own bugs are not."""

from __future__ import annotations

import pytest
import sympy as sp

from kexue_lib.derive import Chapter, DerivationError, by
from kexue_lib.derive.checks.algebra import Algebra
from kexue_lib.derive.errors import UndecidedError
from kexue_lib.derive.mutation import controls

PLANTED = {
    "AttributeError": "statement.no_such_field",
    "IndexError": "()[1]",
    "KeyError": "{}['absent']",
    "TypeError": "len(3)",
    "ValueError": "int('three')",
    "ZeroDivisionError": "1 // 0",
}
FOREIGN = {
    "TypeError": "float(sp.Symbol('x'))",
    "PolynomialError": "sp.Poly(1 / sp.Symbol('x'), sp.Symbol('x'))",
}


def library_code(body, name="kexue_lib.derive.checks.planted"):
    """A function that looks as if it stood in a module of the library."""
    space = {"__name__": name, "sp": sp}
    exec(f"def run(self, statement):\n    return {body}", space)
    return space["run"]


@pytest.fixture
def ch():
    chapter = Chapter("nonsense")
    chapter.symbols("x", "real")
    return chapter


@pytest.fixture
def x():
    return sp.Symbol("x", real=True)


@pytest.mark.parametrize("error", PLANTED)
@pytest.mark.parametrize("method", ["run", "sample"])
def test_a_bug_of_the_library_is_no_rejection(
    monkeypatch, ch, x, error, method
):
    monkeypatch.setattr(Algebra, method, library_code(PLANTED[error]))
    with pytest.raises(eval(error)):
        ch.claim("C1", "buggy").show(x + x).eq(2 * x, by.algebra())


@pytest.mark.parametrize("method", ["run", "trial"])
def test_a_bug_does_not_pass_for_a_killed_mutant(monkeypatch, ch, x, method):
    claim = ch.claim("C1", "fine").show(x + x).eq(2 * x, by.algebra())
    monkeypatch.setattr(Algebra, method, library_code("statement.nothing"))
    with pytest.raises(AttributeError, match="nothing"):
        controls(claim)


@pytest.mark.parametrize("name", FOREIGN)
def test_what_sympy_raises_is_a_rejection(monkeypatch, ch, x, name):
    monkeypatch.setattr(Algebra, "run", library_code(FOREIGN[name]))
    with pytest.raises(
        DerivationError, match=rf"algebra: cannot be applied \({name}: "
    ):
        ch.claim("C1", "senseless").show(x).eq(2 * x, by.algebra())


def test_too_deep_is_a_rejection(monkeypatch, ch, x):
    monkeypatch.setattr(Algebra, "run", library_code("self.run(statement)"))
    with pytest.raises(DerivationError, match="RecursionError"):
        ch.claim("C1", "deep").show(x).eq(2 * x, by.algebra())


def test_no_matrix_and_no_point_are_rejections(ch, x):
    N = ch.symbols("N", "integer positive")
    open_size = sp.MatrixSymbol("M", N, N)
    with pytest.raises(UndecidedError, match="MatrixSymbol"):
        ch.claim("C1", "size").show(open_size).eq(
            sp.ZeroMatrix(N, N), by.algebra()
        )
    with pytest.raises(DerivationError, match="found no point"):
        ch.claim("C2", "empty").given(x > 1, x < 0).show(x).eq(x, by.algebra())

"""Negative controls: what is mutated, what dies, what the command says."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Sum, binomial, sqrt

from kexue_lib.derive import Chapter, by, claims_of, controls, index
from kexue_lib.derive.__main__ import main
from kexue_lib.derive.cells import CellError
from kexue_lib.derive.mutation import changes, mutants, survivors

ch = Chapter("mutants")
n, k = ch.symbols("n k", "integer nonnegative")
x, y = ch.symbols("x y", "real")
a = ch.symbols("a", "positive")


def kinds(expr):
    return {kind for kind, _ in changes(expr)}


def test_kinds_of_mutants():
    v = ch.let("v", n, sqrt(2 * n + 1))
    matrix = sp.FunctionMatrix(3, 3, sp.Lambda((n, k), n - 2 * k))
    assert {"sign", "integer", "dropped term"} <= kinds(2 * x + 3 * y)
    assert "exponent" in kinds(x**2)
    assert "exponent" in kinds(2**n)
    assert "swapped symbols" in kinds(x - 2 * y)
    assert "swapped symbols" not in kinds(n + x)
    assert "shifted index" in kinds(v(n + 1))
    assert "shifted index" in kinds(Sum(k, (k, 0, n)))
    assert "shifted index" in kinds(sp.legendre(n, x))
    assert "transposed" in kinds(matrix * matrix)
    assert "transposed" in kinds(sp.ImmutableMatrix([[1, x], [0, 1]]))


def test_bound_names_are_left_alone_and_laws_keep_them():
    from kexue_lib.derive import Gaussian, Mean

    # The parameters of a law are changed, its letter never.
    laws = {
        changed.args[1]
        for _, changed in changes(Mean(x**2, Gaussian(x)))
        if isinstance(changed, Mean)
    }
    assert Gaussian(x, 1) in laws
    assert Gaussian(x, 0, 2) in laws
    assert {law.args[0] for law in laws} == {x}
    for _, changed in changes(sp.Integral(x**2, (x, 0, 1))):
        if isinstance(changed, sp.Integral):
            assert changed.limits[0][0] == x


def test_a_series_whose_mutants_have_poles_at_sample_points():
    """A changed sign may put a pole at a = 1: that decides nothing."""
    h = ch.symbols("h", "positive")
    c = ch.symbols("c", "real nonzero")
    series = (
        ch.claim("S1", "t")
        .show((1 + c * h) / (1 - (1 - c) * h))
        .eq(1 + h + (1 - c) * h**2 + sp.O(h**3), by.series())
    )
    found = controls(series, None)
    assert survivors(found) == []
    # Only what is shown to be wrong counts: a changed right side differs by
    # more than its remainder. Changes of the left side may hide in it.
    assert sum(f.outcome == "rejected" for f in found) >= 5


def claim(number="C1"):
    return (
        ch.claim(number, "t")
        .show((x + y) ** 2)
        .eq(x**2 + 2 * x * y + y**2, by.algebra())
    )


def test_controls_are_deterministic_and_limited():
    c = claim("D1")
    found = controls(c, limit=3)
    assert found == controls(c, limit=3)
    assert sum(f.outcome == "rejected" for f in found) == 3
    assert len(controls(c)) > len(found)


def test_equivalent_mutants_are_discarded():
    c = (
        ch.claim("D2", "t")
        .show((x - y) ** 2)
        .eq(x**2 - 2 * x * y + y**2, by.algebra())
    )
    found = Counter(f.outcome for f in controls(c))
    # (y - x)**2 is another object, but the same number: the core proves it.
    assert found["equivalent"] >= 1
    assert found["undecided"] == 0
    assert found["rejected"] >= 10
    assert found["survived"] == 0


def test_inequalities_are_turned_round():
    c = (
        ch.claim("D3", "t")
        .show(2 * x * y)
        .le(x**2 + y**2, by.squares({x - y: 1}))
    )
    made = mutants(c.steps()[0])
    assert "relation" in {m.kind for m in made}
    assert all(f.outcome != "survived" for f in controls(c))


def test_a_wrong_constant_misses_the_tolerance():
    c = (
        ch.claim("D4", "t")
        .measure("m", 0.50004)
        .approx(sp.Rational(1, 2), by.within("1e-3"))
    )
    assert {f.outcome for f in controls(c)} == {"rejected"}
    loose = (
        ch.claim("D5", "t")
        .measure("m", 0.5)
        .approx(sp.Integer(0), by.within(10))
    )
    assert {f.outcome for f in controls(loose)} == {"idle"}


def test_a_refutation_must_not_refute_what_is_true():
    c = ch.claim("D6", "t").refute(sqrt(x**2)).eq(x)
    assert [f.outcome for f in controls(c)] == ["rejected", "rejected"]


def test_heuristics_have_no_controls():
    assert controls(ch.claim("D7", "t").argue("so it seems")) == []


@settings(max_examples=25)
@given(
    st.lists(st.integers(-4, 4), min_size=2, max_size=4),
    st.lists(st.integers(-4, 4), min_size=2, max_size=4),
)
def test_no_mutant_of_a_product_of_polynomials_survives(p, q):
    demo = Chapter("demo")
    z = demo.symbols("z", "real")
    left = sum(c * z**i for i, c in enumerate(p))
    right = sum(c * z**i for i, c in enumerate(q))
    c = (
        demo.claim("C1", "t")
        .show(sp.Mul(left, right, evaluate=False))
        .eq(sp.expand(left * right), by.algebra())
    )
    assert survivors(controls(c, limit=12)) == []


# -- notebooks and the command ------------------------------------------------


def notebook(path, *cells, outputs=()):
    path.write_text(
        json.dumps(
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "source": cell,
                        "outputs": [{"data": d} for d in outputs],
                    }
                    for cell in cells
                ]
            }
        )
    )
    return path


HEAD = (
    "%matplotlib inline\nfrom kexue_lib.derive import Chapter, by\n"
    "ch = Chapter('demo')\nx = ch.symbols('x', 'real')"
)
GOOD = "ch.claim('C1','t').show((x+1)**2).eq(x**2+2*x+1, by.algebra())"
GULLIBLE = """
from dataclasses import dataclass
from kexue_lib.derive.checks.base import Check
from kexue_lib.derive.statement import Finding
from kexue_lib.derive.levels import Level

@dataclass(frozen=True)
class Gullible(Check):
    name = "gullible"
    best = Level.CERTIFIED
    def run(self, statement):
        return Finding(Level.CERTIFIED, "trust me")

from kexue_lib.derive import admission
admission.MINTING |= {Gullible}
ch.claim('C2', 't').show((x + 1)**2).eq(x**2 + 2*x + 1, Gullible())
"""
LOOSE = "ch.claim('C3','t').measure('m', 0.5).approx(0, by.within(10))"


def test_claims_of_a_notebook(tmp_path):
    path = notebook(tmp_path / "a.ipynb", HEAD, GOOD)
    assert [c.id for c in claims_of(path)] == ["demo.C1"]


def test_a_failing_cell_is_named(tmp_path):
    path = notebook(tmp_path / "a.ipynb", HEAD, "1 / 0")
    with pytest.raises(CellError, match=r"a\.ipynb cell 2: ZeroDivision"):
        claims_of(path)
    assert main(["controls", str(path)]) == 2


def test_the_kill_table(tmp_path, capsys):
    path = notebook(tmp_path / "a.ipynb", HEAD, GOOD)
    assert main(["controls", str(path), "--limit", "4"]) == 0
    row = next(
        line
        for line in capsys.readouterr().out.splitlines()
        if "demo.C1" in line
    )
    assert row.split()[:4] == ["demo.C1", "proved", "4", "4"]


def test_a_surviving_mutant_fails_the_command(tmp_path, capsys):
    path = notebook(tmp_path / "a.ipynb", HEAD, GOOD, GULLIBLE)
    assert main(["controls", str(path), "--all"]) == 1
    said = capsys.readouterr().err
    assert "SURVIVED demo.C2 step 1" in said
    assert "demo.C1" not in said


def test_a_claim_without_any_decided_mutant_fails(tmp_path, capsys):
    path = notebook(tmp_path / "a.ipynb", HEAD, LOOSE)
    assert main(["controls", str(path)]) == 1
    assert "NO CONTROL demo.C3" in capsys.readouterr().err


def test_profile(tmp_path, capsys):
    path = notebook(tmp_path / "a.ipynb", HEAD, GOOD)
    assert main(["profile", str(path)]) == 0
    assert "demo.C1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["controls", "missing.ipynb"], "missing.ipynb"),
        (["index", "missing"], "missing is not a folder"),
    ],
)
def test_bad_arguments_are_named(arguments, said, capsys):
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_bad_limit(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["controls", "a.ipynb", "--limit", "0"])
    assert "at least 1, got 0" in capsys.readouterr().err


def test_not_a_notebook(tmp_path, capsys):
    path = tmp_path / "a.ipynb"
    path.write_text("[]")
    assert main(["profile", str(path)]) == 2
    assert "is not a notebook" in capsys.readouterr().err


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """An empty index and an empty folder of notebooks."""
    monkeypatch.setattr(index, "FOLDER", tmp_path / "claims")
    index.load.cache_clear()
    (tmp_path / "notebooks" / "part").mkdir(parents=True)
    yield tmp_path / "notebooks"
    index.load.cache_clear()


def stored(number):
    """The output of a cell that makes a claim of a chapter `mutants`."""
    x = (fresh := Chapter("mutants")).symbols("x", "real")
    made = (
        fresh.claim(number, "t").show(x * (x + 1)).eq(x**2 + x, by.algebra())
    )
    return [made._repr_mimebundle_()]


def test_one_file_a_chapter(elsewhere, capsys):
    notebook(elsewhere / "part" / "mutants.ipynb", HEAD, outputs=stored("D9"))
    assert main(["index", str(elsewhere)]) == 0
    assert "1 chapters, changed: mutants" in capsys.readouterr().out
    assert index.known("mutants.D9")
    assert index.entry("mutants.D9")["level"] == "proved"
    assert [p.name for p in index.FOLDER.iterdir()] == ["mutants.json"]


def test_only_what_changed_is_written(elsewhere, capsys):
    notebook(elsewhere / "part" / "mutants.ipynb", HEAD, outputs=stored("D9"))
    notebook(elsewhere / "part" / "empty.ipynb", HEAD)
    assert main(["index", str(elsewhere)]) == 0
    before = {p: p.stat().st_mtime_ns for p in index.FOLDER.iterdir()}
    notebook(elsewhere / "part" / "mutants.ipynb", HEAD, outputs=stored("E1"))
    assert main(["index", str(elsewhere)]) == 0
    assert "changed: mutants\n" in capsys.readouterr().out
    assert index.known("mutants.E1")
    assert not index.known("mutants.D9")
    after = {p: p.stat().st_mtime_ns for p in index.FOLDER.iterdir()}
    assert [p.stem for p in after if after[p] == before[p]] == ["empty"]
    (elsewhere / "part" / "empty.ipynb").unlink()
    assert main(["index", str(elsewhere)]) == 0
    assert [p.stem for p in index.FOLDER.iterdir()] == ["mutants"]


@pytest.mark.parametrize(
    ("names", "numbers", "complaint"),
    [
        (["mutants"], ["D9", "D9"], "duplicate claim mutants.D9"),
        (["other"], ["D9"], "mutants.D9 is not of chapter other"),
        (["mutants", "x/mutants"], [], "two chapters have this name"),
        ([], [], "has no notebooks"),
    ],
)
def test_a_contradiction_changes_no_file(
    elsewhere, capsys, names, numbers, complaint
):
    good = elsewhere / "part" / "good.ipynb"
    notebook(good, HEAD)
    assert main(["index", str(elsewhere)]) == 0
    good.unlink()
    for name in names:
        path = elsewhere / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        notebook(path, HEAD, outputs=[stored(n)[0] for n in numbers])
    capsys.readouterr()
    assert main(["index", str(elsewhere)]) == 2
    assert complaint in capsys.readouterr().err
    assert [p.stem for p in index.FOLDER.iterdir()] == ["good"]


@pytest.mark.parametrize("name", ["nowhere.C1", "../results/lru_ring.C1", ""])
def test_a_claim_of_no_chapter(name):
    assert not index.known(name)
    with pytest.raises(KeyError):
        index.entry(name)


def test_binomials_have_controls():
    c = (
        ch.claim("D8", "t")
        .show(binomial(n + 1, k + 1))
        .eq(binomial(n, k) + binomial(n, k + 1), by.algebra())
    )
    assert survivors(controls(c)) == []


@settings(max_examples=40)
@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=4),
    st.lists(st.integers(-3, 3), min_size=1, max_size=4),
)
def test_rational_functions_are_equal_exactly_when_accepted(p, q):
    from kexue_lib.derive import DerivationError

    demo = Chapter("demo")
    z = demo.symbols("z", "real")
    left = sum(c * z**i for i, c in enumerate(p)) / (1 + z**2)
    right = sum(c * z**i for i, c in enumerate(q)) / (1 + z**2)
    chain = demo.claim("C1", "t").show(sp.sympify(left))
    equal = sp.Poly([*reversed(p)], z) == sp.Poly([*reversed(q)], z)
    if equal:
        chain.eq(right, by.algebra())
    else:
        with pytest.raises(DerivationError) as caught:
            chain.eq(right, by.algebra())
        point = caught.value.point
        assert left.subs(point) != right.subs(point)

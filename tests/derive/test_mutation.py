"""Controls reach hypotheses, premises, laws, lets, limits, the library."""

from __future__ import annotations

import gc
import json

import numpy as np
import pytest
import sympy as sp
import torch
from sympy import (
    Abs,
    Integral,
    Limit,
    Ne,
    Rational,
    Sum,
    conjugate,
    exp,
    oo,
)

import kexue_lib.ssm as ssm
from kexue_lib._canonical import digest
from kexue_lib.derive import (
    Bernoulli,
    Chapter,
    ClaimError,
    Discrete,
    Gaussian,
    Mean,
    by,
    controls,
)
from kexue_lib.derive.mutation import changes, mutants, survivors, tallies
from kexue_lib.derive.mutation.library import CHANGES, perturbed
from kexue_lib.derive.mutation.outcomes import LIMIT
from kexue_lib.derive.mutation.stored import write

ch = Chapter("controls")
n, k = ch.symbols("n k", "integer nonnegative")
x, y = ch.symbols("x y", "real")
a = ch.symbols("a", "positive")
c = ch.symbols("c", "complex")


def kinds(step):
    return {m.kind for m in mutants(step)}


def made(expr):
    return {kind for kind, _ in changes(expr)}


@pytest.mark.parametrize(
    ("expr", "kind"),
    [
        (Integral(x**2, (x, 0, 1)), "end of an integral"),
        (Integral(exp(-x), (x, 0, oo)), "end of an integral"),
        (Limit((1 + x) ** 2, x, 0), "point of a limit"),
        (Limit(1 / x, x, oo), "point of a limit"),
        (1 + x + sp.O(x**2), "order of O"),
        (Mean(x**2, Gaussian(x)), "parameter of a law"),
        (Mean(x, Bernoulli(x, Rational(1, 3))), "parameter of a law"),
        (Mean(x, Discrete(x, (1, 1))), "parameter of a law"),
        (Abs(x) + 1, "wrapper removed"),
        (sp.floor(x), "wrapper removed"),
        (c * conjugate(c), "wrapper removed"),
        (sp.Max(x, y), "wrapper removed"),
    ],
    ids=str,
)
def test_what_is_changed(expr, kind):
    assert kind in made(expr)


def test_hypotheses_and_assumptions_are_weakened():
    claim = (
        ch.claim("C1", "t")
        .given(Ne(x, 1))
        .show((x**2 - 1) / (x - 1) * a)
        .eq((x + 1) * a, by.algebra())
    )
    step = claim.steps()[0]
    found = [m for m in mutants(step) if m.kind == "hypothesis"]
    assert found[0].statement.domain.given == ()
    loose = [m for m in mutants(step) if m.kind == "assumption"]
    assert {s.name for m in loose for s in m.statement.symbols} == {"a", "x"}
    assert any(not s.is_positive for m in loose for s in m.statement.symbols)
    assert survivors(controls(claim)) == []


def test_a_dropped_hypothesis_that_is_needed_is_wrong():
    claim = (
        ch.claim("C2", "t").given(x >= 1).show(x).le(x**2, by.monotone(x, 1))
    )
    fates = {f.outcome for f in controls(claim) if f.kind == "hypothesis"}
    assert "rejected" in fates
    assert "survived" not in fates


def test_assumptions_stay_where_they_count():
    claim = (
        ch.claim("C3", "t")
        .show(Sum(k, (k, 0, n)))
        .eq(n * (n + 1) / 2, by.induction(n))
    )
    for m in mutants(claim.steps()[0]):
        assert all(s.is_integer for s in m.statement.symbols if s.name == "n")


def test_premises_lets_and_two_places():
    v = ch.let("v", n, 2 * n + 1)
    claim = (
        ch.claim("C4", "t")
        .lemma(Sum(k, (k, 0, n)), "sum")
        .eq(n * (n + 1) / 2, by.induction(n))
        .show(2 * Sum(k, (k, 0, n)) + v(n))
        .eq((n + 1) ** 2 + n, by.using("sum", then=by.algebra()))
    )
    step = claim.steps()[1]
    assert {"premise", "let", "two places"} <= kinds(step)
    found = controls(claim)
    assert survivors(found) == []
    fates = [f.outcome for f in found if f.kind == "premise"]
    assert fates
    assert set(fates) == {"rejected"}
    assert "rejected" in {f.outcome for f in found if f.kind == "let"}
    assert "rejected" in {f.outcome for f in found if f.kind == "two places"}


def test_relations_are_exchanged():
    claim = (
        ch.claim("C6", "t")
        .show(2 * x * y)
        .le(x**2 + y**2, by.squares({x - y: 1}))
    )
    texts = [m.text for m in mutants(claim.steps()[0]) if m.kind == "relation"]
    assert [t.split("y ")[1][:2].strip() for t in texts] == [">=", "<", "="]
    assert survivors(controls(claim)) == []


# -- the library -----------------------------------------------------------


def claim_on(number, source, check, exercises):
    made = ch.claim(number, "t", kind="empirical").measure("m", source())
    # What claims.py will do: keep the function, and the names.
    made.chains[-1].lhs.source = source
    made.approx(*check)
    made.exercises = exercises
    return made


def double(v):
    return np.asarray(v) * 2.0


also = double


def inside():
    own = double

    def call():
        return own([1.0, 2.0])

    return call


def test_perturbations_reach_every_binding():
    call = inside()
    for kind, change in CHANGES.items():
        with perturbed(f"{__name__}.double", change) as calls:
            moved = [double([1.0, 2.0]), also([1.0, 2.0]), call()]
        assert calls == [True] * 3, kind
        for found in moved:
            assert not np.array_equal(found, [2.0, 4.0])
        for found in (double([1.0, 2.0]), also([1.0, 2.0]), call()):
            assert np.array_equal(found, [2.0, 4.0])


def test_a_wrong_library_is_noticed():
    """Powers of 1/2 against the loop that they stand for."""

    def against_a_loop():
        powers = np.asarray(ssm.decay_powers(torch.tensor([0.5]), 5)).ravel()
        return float(max(abs(p - 0.5**i) for i, p in enumerate(powers)))

    zero = (sp.Integer(0), by.within("1e-9"))
    names = ("kexue_lib.ssm.decay_powers",)
    found = controls(claim_on("L1", against_a_loop, zero, names))
    tried = [f for f in found if f.kind == "library"]
    assert {f.outcome for f in tried} == {"rejected"}


def test_a_function_is_found_in_what_is_frozen():
    """As in the kernels that CI forks from a warm one."""
    gc.freeze()
    try:
        with perturbed(f"{__name__}.double", lambda result: result + 1):
            assert np.array_equal(double([1, 2]), [3.0, 5.0])
    finally:
        gc.unfreeze()


def test_what_is_compared_with_itself_survives():
    def itself():
        return float(np.abs(double([1, 2]) - double([1, 2])).max())

    def fixed():
        return float(np.abs(double([1, 2]) - [2.0, 4.0]).max())

    name = f"{__name__}.double"
    zero = (sp.Integer(0), by.within("1e-9"))
    loose = claim_on("L2", itself, zero, (name,))
    assert len(survivors(controls(loose))) == 3
    sound = claim_on("L3", fixed, zero, (name,))
    found = [f for f in controls(sound) if f.kind == "library"]
    assert {f.outcome for f in found} == {"rejected"}
    assert len(found) == 3
    idle = claim_on("L4", lambda: 0.0, zero, (name,))
    (tally,) = tallies([idle], None)
    assert any("is not called" in f for f in tally.failures)

    def unrepeatable():
        seen.append(0)
        return float(
            np.abs(double([1, 2]) - [2.0, 4.0]).max() / (2 - len(seen))
        )

    seen: list[int] = []
    late = claim_on("L6", unrepeatable, zero, (name,))
    assert any(
        "cannot be repeated" in c.text for c in survivors(controls(late))
    )
    with pytest.raises(ValueError, match="no function"):
        controls(claim_on("L5", fixed, zero, ("kexue_lib.ssm.nothing",)))


# -- what is stored --------------------------------------------------------


def test_results_belong_to_their_evidence(tmp_path):
    claim = (
        ch.claim("S1", "t")
        .show((x + 1) ** 2)
        .eq(x**2 + 2 * x + 1, by.algebra())
    )
    found = list(tallies([claim]))
    (path,) = write([(claim, found[0])], tmp_path)
    content = json.loads(path.read_text())
    assert content["schema"] == "kexue.controls/1"
    entry = content["claims"]["S1"]
    assert entry["tried"] == entry["rejected"] == LIMIT
    assert entry["example"]
    data = claim.to_dict()
    assert entry["digest"] == digest(data)
    assert entry["digest"] != digest({**data, "title": "another"})


def test_what_a_claim_exercises_can_be_measured_again():
    made = ch.claim("M9", "t", kind="empirical", exercises="kexue_lib.ssm.zoh")
    made.measure("e", 0.5).lt(1, by.bound())
    with pytest.raises(ClaimError, match="a function of no arguments"):
        made.to_dict()
    again = ch.claim(
        "M10", "t", kind="empirical", exercises="kexue_lib.ssm.zoh"
    )
    again.measure("e", lambda: 0.5).lt(1, by.bound())
    assert again.to_dict()["exercises"] == ["kexue_lib.ssm.zoh"]


def test_a_refuted_inequality_or_limit_has_its_controls():
    """What is refused as a refutation is a formula that holds."""
    growing = Limit(exp(-a), a, oo)
    for lhs, relation, rhs in (
        (growing, "gt", 0),
        (growing, "eq", 1),
        (x**2, "lt", x),
        (x**2, "le", -1),
        (x + n, "ne", x),
    ):
        claim = ch.claim(f"R{len(ch.claims)}", "t").refute(lhs)
        getattr(claim, relation)(rhs)
        found = controls(claim)
        assert found
        assert {c.outcome for c in found} == {"rejected"}
        assert not next(tallies([claim])).failures


def test_a_matrix_as_a_premise():
    side = sp.Matrix([[a, 0], [0, a]])
    claim = (
        ch.claim("C12", "t")
        .lemma(sp.MatMul(side, side), "square")
        .eq(a**2 * sp.eye(2), by.algebra())
        .show(sp.MatMul(side, side, side))
        .eq(a**3 * sp.eye(2), by.using("square"))
    )
    found = controls(claim)
    assert survivors(found) == []
    # The product is known without the premise: a wrong one does no harm.
    fates = [f.outcome for f in found if f.kind == "premise"]
    assert fates == ["equivalent"]

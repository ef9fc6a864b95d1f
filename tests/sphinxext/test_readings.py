"""Measured values as one line; powers of ten as formulas."""

from __future__ import annotations

import pytest

from kexue_lib.sphinxext.derivation import why
from kexue_lib.sphinxext.readings import reading, typeset

from .conftest import step


def facts(**named):
    return [{"name": n, "value": v} for n, v in named.items()]


def said(nodes) -> str:
    """The text, with formulas between dollars."""
    return "".join(
        f"${n.astext()}$" if n.tagname == "math" else n.astext() for n in nodes
    )


def test_known_facts_come_in_one_order():
    line = facts(
        batches="3",
        setting="float32, CPU",
        origin="derived",
        tolerance="1e-3",
        interval="95 % [0.9981, 0.9985]",
        seeds="0-4",
        n="4096",
        value="0.9983",
    )
    assert said(reading(line)) == (
        "0.9983, n = 4096, seeds 0–4, 95 % interval [0.9981, 0.9985], "
        "float32, CPU; tolerance $10^{-3}$: derived, batches: 3"
    )


def test_what_the_checks_of_the_engine_say():
    line = {
        "value": "mean 0.9",
        "range": "0.8 to 1.1",
        "seeds": "5",
        "interval": "[0.85, 0.95]",
        "confidence": "0.99",
        "bound": "1e-12",
        "setting": "float64",
        "origin": "derived",
    }
    assert said(reading(facts(**line))) == (
        "mean 0.9, range 0.8 to 1.1, 5 seeds, 99 % interval [0.85, 0.95], "
        "float64; bound: derived"
    )
    missed = {
        "value": "<= 1e-12",
        "interval": "7.2 standard errors",
        "claimed": ">= 2",
        "origin": "not stated",
    }
    assert said(reading(facts(**missed))) == (
        "≤ $10^{-12}$, 7.2 standard errors; claimed ≥ 2: origin not stated"
    )


def test_what_rounding_makes_of_a_value_is_told_once():
    line = facts(value="< 1e-12", bound="1e-12", origin="rounding")
    assert said(reading(line)) == ("below the bound; bound: rounding")
    held = facts(value="> 1", bound="1", setting="$N=8$, one run")
    assert said(reading(held)) == "above the bound, $N=8$, one run; bound 1"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0-4", "seeds 0–4"),
        ("0..4", "seeds 0–4"),
        ("0, 1, 5", "seeds 0, 1, 5"),
        ("5", "5 seeds"),
        ("1", "1 seed"),
        ("seeds 0-9", "seeds 0–9"),
    ],
)
def test_seeds(value, shown):
    assert said(reading(facts(seeds=value))) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1e-05", "$10^{-5}$"),
        ("-1e5", "$-10^{5}$"),
        ("2.5e-07 and 3E+2", r"$2.5 \cdot 10^{-7}$ and $3 \cdot 10^{2}$"),
        ("10**-3", "$10^{-3}$"),
        ("10**(-12)", "$10^{-12}$"),
        ("10^{-3}", "$10^{-3}$"),
        ("3*10**-4", r"$3 \cdot 10^{-4}$"),
        ("1/1000", "$10^{-3}$"),
        ("7/100", r"$7 \cdot 10^{-2}$"),
        # None of these is a power of ten.
        ("1/1001, 1/1000th, 21/7", "1/1001, 1/1000th, 21/7"),
        ("date 2026-05, e-3, 1e, x1e5", "date 2026-05, e-3, 1e, x1e5"),
        ("110**2 and 0.5", "110**2 and 0.5"),
        ("<b>", "<b>"),
    ],
)
def test_powers_of_ten(text, shown):
    assert said(typeset(text)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.001", "tolerance $10^{-3}$"),
        ("0.0001", "tolerance $10^{-4}$"),
        ("0.01", "tolerance 0.01"),
        ("0.0012", "tolerance 0.0012"),
    ],
)
def test_a_small_tolerance_is_a_power(value, shown):
    assert said(reading(facts(tolerance=value))) == shown


def test_a_measured_value_keeps_its_digits():
    assert said(reading(facts(value="0.001"))) == "0.001"


def test_a_measured_step_shows_its_reading_first():
    found = facts(value="0.9983", tolerance="1e-3", origin="paper")
    shown = why(step(level="measured", facts=found, how="the mean"))
    assert [part.astext() for part in shown.children] == [
        "0.9983; tolerance 10^{-3}: paper",
        "± how it was checkedexpand: the mean",
    ]


def test_hypotheses_of_a_theorem_are_no_reading():
    found = facts(value="positive by its assumption")
    shown = why(step(level="cited", facts=found))
    assert "value: positive by its assumption" in shown.astext()
    assert len(shown.children) == 1

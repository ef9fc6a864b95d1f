"""The committed results belong to the scripts as they stand."""

from __future__ import annotations

import importlib

import pytest
import torch
from chapters import ROOT

from kexue_lib.sweep import load, sweep

READS = ("experiments/*", "kexue_lib/*")
NAMES = sorted(p.stem for p in (ROOT / "experiments").glob("[!_]*.py"))


@pytest.fixture
def experiment(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    yield lambda name: importlib.import_module(f"experiments.{name}")
    torch.set_flush_denormal(False)  # a run of its own may leave it on


def test_there_is_an_experiment_and_no_other_result():
    assert NAMES
    results = (ROOT / "kexue_lib" / "results").glob("*.json")
    assert sorted(p.stem for p in results) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_result_is_that_of_the_script(experiment, name):
    """A script changed since, or other points, would be refused."""
    module = experiment(name)
    path = ROOT / "kexue_lib" / "results" / f"{name}.json"
    assert sweep(module.run, module.POINTS, path) == load(name)


def test_lru_ring_runs_in_small_and_repeats_itself(experiment):
    run = experiment("lru_ring").run
    point = {"hold": 1, "ring": "ring", "scaled": True, "rate": 4e-3}
    first, again = (run(**point, seed=0, epochs=1) for _ in range(2))
    assert first == again
    assert 0.3 < first["test"] <= 1  # ten digits: chance is 0.1

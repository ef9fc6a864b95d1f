"""The tests' random numbers follow KEXUE_SEED, all of them, and only it."""

from __future__ import annotations

import ast
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import seeds
import torch
from hypothesis import settings
from sympy.core.random import random_complex_number

HERE = Path(__file__).parent
# Each makes or seeds a generator of its own; tests/seeds.py does that.
MAKERS = {
    "Generator",
    "Random",
    "RandomState",
    "default_rng",
    "manual_seed",
    "seed",
}


def fixed_draws(text: str) -> list[tuple[int, str]]:
    """Lines of a source on which a seed is written, and the call."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            words = {k.arg for k in node.keywords} & {
                "derandomize",
                "database",
            }
            if name in MAKERS or (name == "settings" and words):
                found.append((node.lineno, name))
    return found


def test_no_seed_is_written_in_a_test():
    # warm.py takes the seeds of its forks away.
    own = ("seeds.py", "conftest.py", "harness/warm.py")
    allowed = {HERE / name for name in own}
    found = [
        f"{path.relative_to(HERE)}:{line}: {name}(...): take torch_rng, "
        "numpy_rng or random_rng of tests/seeds.py; Hypothesis is set in "
        "tests/conftest.py"
        for path in sorted(HERE.rglob("*.py"))
        if path not in allowed
        for line, name in fixed_draws(path.read_text())
    ]
    assert found == []


def test_a_written_seed_would_be_found():
    text = (
        "g = torch.Generator()\n"
        "g.manual_seed(3)\n"
        "np.random.default_rng(0)\n"
        "random.Random(1)\n"
        "random.seed(1)\n"
        "quick = settings(derandomize=True)\n"
        "fine = settings(max_examples=3), torch_rng(3), rng.random()\n"
    )
    assert [line for line, _ in fixed_draws(text)] == [1, 2, 3, 4, 5, 6]


def draw_from_every_global_generator():
    return (
        random.random(),
        np.random.rand(),  # noqa: NPY002
        torch.rand(()).item(),
        random_complex_number(),
    )


def draw_by_key(key):
    return (
        torch.rand((), generator=seeds.torch_rng(key)).item(),
        seeds.numpy_rng(key).random(),
        seeds.random_rng(key).random(),
    )


def all_differ(one, other):
    return all(a != b for a, b in zip(one, other, strict=True))


def test_every_test_starts_from_its_own_numbers(request):
    """The fixture has run; again it gives the same numbers."""
    drawn = draw_from_every_global_generator()
    seeds.seed_everything(request.node.nodeid)
    assert draw_from_every_global_generator() == drawn
    seeds.seed_everything("another test")
    assert all_differ(draw_from_every_global_generator(), drawn)


def test_another_seed_gives_other_numbers(monkeypatch):
    drawn = {}
    for seed in ("3", "4"):
        monkeypatch.setenv("KEXUE_SEED", seed)
        seeds.seed_everything("a test")
        drawn[seed] = draw_from_every_global_generator() + draw_by_key("a")
        assert draw_by_key("a") == drawn[seed][-3:]
        assert all_differ(draw_by_key("b"), drawn[seed][-3:])
    assert all_differ(drawn["3"], drawn["4"])


def test_hypothesis_follows_too(pytestconfig):
    assert settings().derandomize == (seeds.chosen() == 0)
    assert settings().database is settings().deadline is None
    wanted = pytestconfig.option.hypothesis_seed
    assert wanted == (seeds.chosen() or None) or isinstance(wanted, str)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "²", "seven"])
def test_a_bad_seed_is_named(monkeypatch, text):
    monkeypatch.setenv("KEXUE_SEED", text)
    with pytest.raises(ValueError, match="KEXUE_SEED must be a whole number"):
        seeds.chosen()


def test_a_bad_seed_is_one_line():
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", Path(__file__).name],
        cwd=HERE,
        env=os.environ | {"KEXUE_SEED": "seven"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert (run.stdout + run.stderr).strip() == (
        "ERROR: KEXUE_SEED must be a whole number, 0 or more, got 'seven'"
    )

"""Nothing hides a CPU tensor or a device synchronisation.

Each ``tests/*/device.py`` runs once, in a process of its own (see
``fakegpu.py``). ``CASES`` must run there; ``PLANTED`` are mistakes that the
harness must catch, each with a pattern for its message.
"""

import functools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

READS = ("tests/device/*", "tests/*/device.py")
HERE = Path(__file__).parent
MODULES = sorted(path.parent.name for path in HERE.parent.glob("*/device.py"))


@functools.cache
def report(module):
    done = subprocess.run(
        [sys.executable, str(HERE / "run_cases.py"), module],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_cases_are_found():
    assert "ssm" in MODULES


@pytest.mark.parametrize("module", MODULES)
def test_runs_on_an_accelerator(module):
    cases = report(module)["cases"]
    assert cases
    assert {k: v for k, v in cases.items() if v is not None} == {}


@pytest.mark.parametrize("module", MODULES)
def test_planted_mistakes_are_caught(module):
    planted = report(module)["planted"]
    assert planted
    for name, (pattern, problem) in planted.items():
        assert problem is not None, name
        assert re.search(pattern, problem), (name, problem)

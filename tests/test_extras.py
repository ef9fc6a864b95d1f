"""Extras: what each part imports is declared, and named when it is missing."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from chapters import ROOT
from lock import wanted
from packaging.requirements import Requirement

from kexue_lib._extras import EXTRAS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LIBRARY = ROOT / "kexue_lib"
# Modules that come with another distribution of the same extra.
WITH = {"IPython": "ipywidgets", "traitlets": "ipywidgets"}
# What each file may import, besides what `pip install kexue_lib` brings.
ALLOWED = {
    "explore": {"explore"},
    "sphinxext": {"sphinxext"},
    "derive": set(),
    "sweep.py": set(),
    "_extras.py": set(),
    # Says that torch is missing before it imports it.
    "__init__.py": {"torch"},
    "derive/lives.py": {"torch"},
}
# What a file imports only where that package itself calls it.
CALLERS = {"attention/projection.py": {"scikit-learn"}}


def named(requirements: list[str]) -> set[str]:
    return {Requirement(text).name.lower() for text in requirements}


def imported(path: Path) -> set[str]:
    """Distributions that a file imports, outside ``if TYPE_CHECKING``."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    outside = modules - sys.stdlib_module_names - {"kexue_lib"}
    homes = packages_distributions()
    return {(WITH.get(m) or homes[m][0]).lower() for m in outside}


@pytest.mark.parametrize(
    "path", sorted(LIBRARY.rglob("*.py")), ids=lambda p: str(p.name)
)
def test_every_import_is_declared(path):
    where = path.relative_to(LIBRARY)
    extras = ALLOWED.get(
        where.as_posix(), ALLOWED.get(where.parts[0], {"torch"})
    )
    declared = named(PROJECT["dependencies"])
    for extra in extras:
        declared |= named(PROJECT["optional-dependencies"][extra])
    declared |= CALLERS.get(where.as_posix(), set())
    assert imported(path) <= declared


def test_an_extra_brings_the_modules_that_are_looked_for():
    homes = packages_distributions()
    declared = PROJECT["optional-dependencies"]
    assert EXTRAS.keys() == declared.keys() - {"all"}
    for extra, modules in EXTRAS.items():
        assert {homes[m][0].lower() for m in modules} == named(declared[extra])
    everything = Requirement(declared["all"][0])
    assert everything.extras == EXTRAS.keys()


def test_the_pins_satisfy_every_requirement():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = {
        name.lower().replace("_", "-"): version
        for name, _, version in (line.partition("==") for line in lines)
    }
    for text in wanted():
        need = Requirement(text)
        name = need.name.lower().replace("_", "-")
        assert need.specifier.contains(pins[name]), text


@pytest.mark.parametrize(
    ("statement", "missing", "extra"),
    [
        ("import kexue_lib.ssm", "torch", "torch"),
        ("from kexue_lib.density import fourier", "numpy", "torch"),
        ("from kexue_lib import attention", "torch", "torch"),
        ("import kexue_lib; kexue_lib.device()", "torch", "torch"),
        ("from kexue_lib.explore import explore", "anywidget", "explore"),
        ("import kexue_lib.sphinxext", "myst_nb", "sphinxext"),
        (
            "import sympy; from kexue_lib.derive import to_torch; "
            "to_torch(sympy.Symbol('x'), [sympy.Symbol('x')])",
            "torch",
            "torch",
        ),
    ],
)
def test_the_extra_is_named(statement, missing, extra):
    code = f"import sys; sys.modules[{missing!r}] = None; {statement}"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert run.returncode == 1
    last = run.stderr.strip().splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: ")
    assert last.endswith(
        f" needs {missing}, which is not installed: "
        f'pip install "kexue_lib[{extra}]"'
    )


def test_what_needs_no_extra_loads_without():
    absent = [module for modules in EXTRAS.values() for module in modules]
    code = (
        f"import sys; sys.modules |= dict.fromkeys({absent!r}); "
        "import kexue_lib.derive, kexue_lib.explore._bundle, kexue_lib.sweep; "
        "from kexue_lib.explore import to_js"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

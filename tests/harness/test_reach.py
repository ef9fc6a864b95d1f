"""What is said to be reached contains what is really read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest
from chapters import ROOT

from tests.harness.reach import Reach, code_of

READS = ("tests/*", "kexue_lib/*", "book/tools/*")

# Python runs this first, in the process and in those that it starts: it
# writes down every file of the repository that is opened.
SPY = """\
import atexit, json, os, sys
root, out = os.environ["SPY_ROOT"], os.environ["SPY_OUT"]
seen = set()
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        path = os.path.realpath(arguments[0])
        if path.startswith(root + os.sep):
            seen.add(os.path.relpath(path, root))
def tell():
    with open(os.path.join(out, f"{os.getpid()}.json"), "w") as file:
        json.dump(sorted(seen), file)
sys.addaudithook(hook)
atexit.register(tell)
"""


def repository(folder, files):
    """Make a git repository with these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return Reach(folder)


TREE = {
    "pyproject.toml": "",
    "requirements.txt": "",
    "kexue_lib/__init__.py": """
        import importlib
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from kexue_lib import ssm
    """,
    "kexue_lib/ssm/__init__.py": "from kexue_lib.ssm.scan import scan\n",
    "kexue_lib/ssm/scan.py": "from . import _help\ndef scan(): ...\n",
    "kexue_lib/ssm/_help.py": '"""See :mod:`kexue_lib.optim.muon`."""\n',
    "kexue_lib/ssm/table.json": "{}",
    "kexue_lib/optim/__init__.py": "",
    "kexue_lib/optim/muon.py": "def f():\n    import kexue_lib.ssm.scan\n",
    "kexue_lib/explore/__init__.py": """
        import importlib
        def __getattr__(name):
            return importlib.import_module(f"kexue_lib.explore._{name}")
    """,
    "kexue_lib/explore/_plot.py": "",
    "kexue_lib/claims/lru.json": "{}",
    "kexue_lib/claims/muon.json": "{}",
    "book/tools/chapters.py": "",
    "book/_static/book.css": "",
    "tests/conftest.py": "",
    "tests/ssm/conftest.py": "import helper\n",
    "tests/ssm/helper.py": "",
    "tests/ssm/test_scan.py": "from kexue_lib.ssm import scan\n",
    "tests/ssm/test_root.py": "from chapters import ROOT\n",
    "tests/ssm/test_reads.py": """
        from chapters import ROOT
        READS = ("book/_static/*",)
    """,
    "tests/ssm/test_child.py": """
        CODE = "import kexue_lib.optim.muon"
        SCRIPT = "script.py"
    """,
    "tests/ssm/script.py": "import kexue_lib.explore\n",
    "tests/ssm/test_lazy.py": """
        import kexue_lib
        def test(): kexue_lib.optim
    """,
    "tests/ssm/test_any.py": "import kexue_lib\nprint(vars(kexue_lib))\n",
}


@pytest.fixture
def tree(tmp_path):
    return repository(tmp_path, TREE)


def reached(tree, name):
    return {
        f
        for f in tree.of(name)
        if f not in tree.always and f != name and "conftest" not in f
    }


def test_imports_at_any_depth_and_data_but_not_docstrings(tree):
    assert reached(tree, "tests/ssm/test_scan.py") == {
        "kexue_lib/__init__.py",
        "kexue_lib/ssm/__init__.py",
        "kexue_lib/ssm/scan.py",
        "kexue_lib/ssm/_help.py",
        "kexue_lib/ssm/table.json",
        "tests/ssm/helper.py",  # through its conftest
    }


def test_pins_and_conftests_are_always_there(tree):
    found = tree.of("tests/ssm/test_scan.py")
    assert {"pyproject.toml", "requirements.txt"} <= found
    assert {"tests/conftest.py", "tests/ssm/conftest.py"} <= found


def test_who_looks_at_the_folders_reaches_everything(tree):
    assert tree.of("tests/ssm/test_root.py") == tree.files


def test_unless_it_says_where(tree):
    found = reached(tree, "tests/ssm/test_reads.py")
    assert "book/_static/book.css" in found
    assert "kexue_lib/ssm/scan.py" not in found


def test_code_and_files_in_strings(tree):
    found = reached(tree, "tests/ssm/test_child.py")
    assert "kexue_lib/optim/muon.py" in found
    assert "kexue_lib/ssm/scan.py" in found  # imported within a function
    assert "kexue_lib/explore/_plot.py" in found  # by a computed name


def test_lazy_sub_packages(tree):
    found = reached(tree, "tests/ssm/test_lazy.py")
    assert "kexue_lib/optim/__init__.py" in found
    assert "kexue_lib/ssm/scan.py" not in found
    assert "kexue_lib/ssm/scan.py" in reached(tree, "tests/ssm/test_any.py")


def test_claims_of_other_chapters_by_name(tree):
    path = tree.root / "notebooks" / "optim" / "muon.ipynb"
    path.parent.mkdir(parents=True)
    cells = [
        {"cell_type": "markdown", "source": ["see muon"]},
        {"cell_type": "code", "source": ["%pip install x\n", "import torch"]},
        {"cell_type": "code", "source": ["%%bash\n", "import kexue_lib.x"]},
        {"cell_type": "code", "source": ['c.claim("C1", uses="lru.C3")']},
    ]
    path.write_text(json.dumps({"cells": cells}))
    found = Reach(tree.root).of("notebooks/optim/muon.ipynb")
    assert "kexue_lib/claims/lru.json" in found
    assert "kexue_lib/claims/muon.json" not in found


def test_magics_are_no_python():
    cell = {"cell_type": "code", "source": "if 1:\n    %pip install x\n!ls"}
    assert code_of({"cells": [cell]}) == "if 1:\n    pass\npass"


def test_not_a_file(tree):
    with pytest.raises(FileNotFoundError, match=r"tests/ssm/nope\.py"):
        tree.of("tests/ssm/nope.py")


def test_digest_follows_contents(tree):
    names = ["kexue_lib/ssm/scan.py"]
    before = tree.digest(names)
    assert Reach(tree.root).digest(names) == before
    (tree.root / names[0]).write_text("# other\n")
    assert Reach(tree.root).digest(names) != before


# One of each kind that declares or computes what it reads; the whole suite
# was compared once in the same way.
SAMPLES = (
    "tests/derive/test_printing.py",
    "tests/explore/test_build.py",
    "tests/sphinxext/test_store.py",
)


def opened(test, folder, root=ROOT):
    """Return the repository's files that running a test file opens."""
    (folder / "sitecustomize.py").write_text(SPY)
    (folder / "seen").mkdir()
    spied = {
        "PYTHONPATH": f"{folder}{os.pathsep}{root}",
        "SPY_ROOT": str(root),
        "SPY_OUT": str(folder / "seen"),
    }
    command = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-x", test)
    subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env=os.environ | spied,
        check=True,
        capture_output=True,
    )
    found = {
        name
        for path in (folder / "seen").glob("*.json")
        for name in json.loads(path.read_text())
    }
    return {f for f in found if "__pycache__" not in f}


@pytest.mark.parametrize("test", SAMPLES)
def test_reach_contains_what_is_opened(test, tmp_path):
    reach = Reach(ROOT)
    read = opened(test, tmp_path) & reach.files
    assert test in read
    assert read - reach.of(test) == set()

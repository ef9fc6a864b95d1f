"""The way out of Jupyter Book 1: the whole book by the newest Sphinx.

Weekly: python -m pytest -m weekly tests/package/test_exit.py

What it builds stays in `_build/exit`, to be looked at in a browser with
KEXUE_HTML=_build/exit/html python -m pytest tests/book
"""

from __future__ import annotations

import json
import re
import shutil

import pytest
from chapters import ROOT, pages

from tests.harness.wheel import call

from . import colab

OUT = ROOT / "_build" / "exit" / "html"
VERSIONS = """\
import importlib.metadata as m, json, platform
names = {d.metadata["Name"] for d in m.distributions()}
found = {n: m.version(n) for n in names if "phinx" in n or "myst" in n}
print(json.dumps(found | {"Python": platform.python_version()}))
"""


@pytest.mark.weekly
def test_the_newest_sphinx_builds_the_book(
    snapshot, fresh_python, record_property
):
    python = fresh_python(
        *("-r", ROOT / "tests" / "package" / "exit.txt"),
        *("pyyaml", snapshot),
        base=colab.interpreter(colab.wanted()),
    )
    shutil.rmtree(OUT.parent, ignore_errors=True)
    OUT.mkdir(parents=True)
    said = call(python, "book/tools/sphinx9.py", OUT, cwd=snapshot)
    assert "build succeeded" in re.sub(r"\x1b\[\d+m", "", said)
    versions = json.loads(call(python, "-c", VERSIONS, cwd=snapshot))
    assert "jupyter-book" not in versions
    assert int(versions["Sphinx"].split(".")[0]) >= 9
    missing = [p for p in pages() if not (OUT / f"{p}.html").exists()]
    assert missing == []
    text = ", ".join(f"{n} {versions[n]}" for n in sorted(versions))
    record_property("proven", f"without Jupyter Book: {text}")

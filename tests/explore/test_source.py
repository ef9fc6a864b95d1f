"""The library's source in a notebook and on a page."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import kexue_lib
from kexue_lib import ssm
from kexue_lib.explore import explore, source
from kexue_lib.explore._bundle import SOURCE_MIME
from kexue_lib.explore._controls import Control
from kexue_lib.explore._nodes import Grid
from kexue_lib.explore._source import description, without_docstrings
from kexue_lib.sphinxext.sources import ROOT, extent

READS = ("kexue_lib/*",)


def test_a_function_is_shown_without_its_docstring(monkeypatch):
    import IPython.display

    found = []
    monkeypatch.setattr(
        IPython.display, "display", lambda data, raw: found.append(data)
    )
    source(ssm.zoh)
    [data] = found
    content = data[SOURCE_MIME]
    head, fence, *code, end = data["text/markdown"].split("\n")[0::1]
    assert content["name"] == "kexue_lib.ssm.zoh"
    lines = len(content["code"].splitlines())
    assert head == f"`kexue_lib.ssm.zoh`, {lines} lines of `{content['file']}`"
    assert (fence, code[0], end) == ("", "```python", "```")
    assert content["code"].startswith("def zoh(")
    assert '"""' not in content["code"]
    compile(content["code"], "shown", "exec")
    # Nothing that another place in the file, or another machine, changes.
    text = str(data)
    assert str(Path(kexue_lib.__file__).parent) not in text
    assert str(inspect.getsourcelines(ssm.zoh)[1]) not in head


def test_what_is_shown_is_what_runs():
    """The shown lines, run in the module's names, give the same numbers."""
    import torch

    content = description(ssm.zoh)
    names = vars(sys.modules[ssm.zoh.__module__]).copy()
    exec(content["code"], names)
    A, B = ssm.hippo("legs", 4)[:2]
    for one, other in zip(
        names["zoh"](A, B, 0.1), ssm.zoh(A, B, 0.1), strict=True
    ):
        assert torch.equal(one, other)


@pytest.mark.parametrize(
    ("obj", "name"),
    [
        (explore, "kexue_lib.explore.explore"),
        (Control, "kexue_lib.explore.Control"),
        (Control.allows, "kexue_lib.explore.Control.allows"),
        (Control.key, "kexue_lib.explore.Control.key"),
        (Grid, "kexue_lib.explore._nodes.Grid"),
    ],
)
def test_the_public_name_and_the_lines_of_the_file(obj, name):
    content = description(obj)
    assert content["name"] == name
    path = ROOT / content["file"]
    first, last = extent(path, content["qualname"])
    text = path.read_text("utf-8").splitlines()[first - 1 : last]
    assert without_docstrings("\n".join(text)) == content["code"]


@pytest.mark.parametrize(
    ("obj", "error", "message"),
    [
        (sorted, ValueError, "builtins.sorted is not of kexue_lib"),
        (Path, ValueError, "Path is not of kexue_lib"),
        (without_docstrings.__code__, TypeError, "is needed, got <code"),
        (3, TypeError, "a function, class or method is needed, got 3"),
        (ssm, TypeError, "a function, class or method is needed"),
    ],
)
def test_source_refuses(obj, error, message):
    with pytest.raises(error, match=message):
        source(obj)


def test_docstrings_and_nothing_else():
    text = '''\
    class A:
        """Said.

        Twice.
        """

        # kept
        b = """kept"""

        def c(self):
            """Only this."""

        def d(self):
            """First."""
            return "kept"  # kept
'''
    assert (
        without_docstrings(text)
        == """\
class A:
    # kept
    b = \"\"\"kept\"\"\"

    def c(self):
        ...

    def d(self):
        return "kept"  # kept"""
    )


def test_a_file_without_the_name_is_an_error(tmp_path):
    path = tmp_path / "x.py"
    path.write_text("def f():\n    pass\n")
    assert extent(path, "f") == (1, 2)
    with pytest.raises(LookupError, match="defines no g"):
        extent(path, "g")


def test_the_path_does_not_depend_on_where_the_package_lies():
    code = (
        "from kexue_lib.explore._source import description as d;"
        "from kexue_lib import ssm; print(d(ssm.zoh)['file'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd="/",
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == description(ssm.zoh)["file"]
    assert (ROOT / done.stdout.strip()).is_file()

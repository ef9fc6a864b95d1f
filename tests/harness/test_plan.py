"""What a change can reach is never left out of `make test`."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from chapters import ROOT, chapters

from tests.harness import plan
from tests.harness.reach import Reach

READS = ("*",)  # the whole checkout is copied


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A checkout to change: the files of this one."""
    folder = tmp_path_factory.mktemp("copy")
    for name in Reach(ROOT).files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    html = folder / "_build" / "html"
    (html / "_static").mkdir(parents=True)
    (html / "_static" / "book.css").write_text("a {}")
    for page in ("book/intro", "notebooks/ssm/lru"):
        (html / page).parent.mkdir(parents=True, exist_ok=True)
        (html / f"{page}.html").write_text(page)
    return folder


def units(folder):
    """Return every unit with its digest."""
    reach = Reach(folder)
    listed = chapters(folder)
    whole, rest = plan.build(reach)
    html = folder / "_build" / "html"
    return {
        **plan.types(reach),
        **plan.unit(reach),
        **plan.package(reach),
        **plan.colab(reach, listed),
        **plan.proofs(reach, listed),
        **{f"controls {c.slug}": plan.controls(reach, c) for c in listed},
        **whole,
        **rest,
        **plan.pages(reach, html, ["book/intro", "notebooks/ssm/lru"]),
    }


@pytest.fixture(scope="module")
def before(copy):
    return units(copy)


@pytest.fixture
def changed(copy, before):
    """Factory: change a file, say which units are to run, change it back."""

    def make(name, edit):
        path = copy / name
        old = path.read_bytes()
        path.write_bytes(edit(old))
        try:
            now = units(copy)
        finally:
            path.write_bytes(old)
        assert now.keys() == before.keys()
        return {unit for unit in now if now[unit] != before[unit]}

    return make


def comment(text):
    return text + b"\n# changed\n"


def space(text):
    return text + b"\n"


CHAPTERS = [f"{c.page}.ipynb" for c in chapters()]
CONTROLS = [f"controls {c.slug}" for c in chapters()]


@pytest.mark.parametrize(
    "name",
    [
        "kexue_lib/derive/steps.py",
        "kexue_lib/derive/checks/algebra.py",
        "kexue_lib/derive/mutation/outcomes.py",
    ],
)
def test_an_engine_module(changed, name):
    found = changed(name, comment)
    assert found >= {*CHAPTERS, *CONTROLS, "types", "build"}
    engine = {u for u in plan.unit(Reach(ROOT)) if "/derive/" in u}
    assert engine
    assert found >= engine


def test_a_library_module(changed):
    found = changed("kexue_lib/ssm/lru.py", comment)
    assert found >= {
        "tests/ssm/test_lru.py",
        "notebooks/ssm/lru.ipynb",
        "controls lru",
        "colab lru",
        "types",
        "build: all but pages",
        "tests/package/test_wheel.py",
    }
    # What cannot reach it stays out.
    assert "controls fourier-density" not in found
    assert "colab fourier-density" not in found
    assert "notebooks/density/fourier-density.ipynb" not in found
    assert "tests/density/test_fourier_fit.py" not in found


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_pin(changed, before, name):
    """Everything, but for pages: they change with their HTML."""
    found = changed(name, comment)
    assert found >= {*CHAPTERS, *CONTROLS, "types", "build"}
    assert found >= plan.unit(Reach(ROOT)).keys()
    assert found >= plan.package(Reach(ROOT)).keys()
    assert "page book/intro" in found


def test_a_style_source(changed):
    found = changed("book/_static/book.css", space)
    assert "build: all but pages" in found


def test_a_style_as_built(changed):
    found = changed("_build/html/_static/book.css", space)
    assert found == {"page book/intro", "page notebooks/ssm/lru"}


def test_a_script_of_the_extension(changed):
    found = changed("kexue_lib/sphinxext/static/evidence.js", space)
    assert "build: all but pages" in found
    assert any(unit.startswith("tests/sphinxext/") for unit in found)


def test_one_page(changed):
    found = changed("_build/html/notebooks/ssm/lru.html", space)
    assert found == {"page notebooks/ssm/lru"}


def edited(kind):
    def edit(text):
        notebook = json.loads(text)
        cell = [c for c in notebook["cells"] if c["cell_type"] == kind][-1]
        cell["source"] = [*cell["source"], "\n# more"]
        return json.dumps(notebook).encode()

    return edit


def test_prose_of_a_notebook(changed):
    found = changed("notebooks/ssm/lru.ipynb", edited("markdown"))
    assert {"notebooks/ssm/lru.ipynb", "build"} <= found
    assert "build: all but pages" not in found
    assert not found & {*CONTROLS}
    assert not {*CHAPTERS} & found - {"notebooks/ssm/lru.ipynb"}


def test_code_of_a_notebook(changed):
    found = changed("notebooks/ssm/lru.ipynb", edited("code"))
    assert {"notebooks/ssm/lru.ipynb", "controls lru"} <= found
    assert "controls s4-kernel" not in found


@pytest.mark.parametrize(
    "name", ["tests/conftest.py", "tests/harness/plugin.py"]
)
def test_what_tests_stand_on(changed, name):
    found = changed(name, comment)
    assert found >= {*CHAPTERS, "types", "page book/intro"}
    assert found >= plan.unit(Reach(ROOT)).keys()


def test_a_test(changed):
    found = changed("tests/ssm/test_scan.py", comment)
    assert "tests/ssm/test_scan.py" in found
    assert "tests/ssm/test_lru.py" not in found

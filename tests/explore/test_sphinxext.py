"""From a stored notebook to a page: what is written, what is loaded."""

from __future__ import annotations

import json

import nbformat
import pytest
import sympy as sp
from sphinx.errors import ExtensionError

from kexue_lib.explore import explore, slider
from kexue_lib.explore._bundle import MIME, digest

a, x = sp.symbols("a x", real=True)
BUILD = """
import sys
from sphinx.cmd.build import build_main
sys.exit(build_main(["-q", "-W", "-b", sys.argv[1], "src", "out"]))
"""


def example():
    return explore(
        "A line",
        sliders=[slider(a, 0, 2, 1)],
        x=(x, 0, 1),
        curves={"</script>": a * x},
    )


@pytest.fixture
def project(tmp_path):
    """A book of two pages; only one has an explorer (twice)."""
    source = tmp_path / "src"
    source.mkdir()
    bundle, _ = example()._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", bundle)
    cells = [
        nbformat.v4.new_markdown_cell("# With"),
        nbformat.v4.new_code_cell("explore()", outputs=[output]),
        nbformat.v4.new_code_cell("explore()", outputs=[output]),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, source / "with.ipynb")
    (source / "index.md").write_text(
        "# Without\n\n```{toctree}\nwith\n```\n", "utf-8"
    )
    (source / "conf.py").write_text(
        'extensions = ["myst_nb", "only_explorer"]\n'
        'nb_execution_mode = "off"\n'
        "nb_ipywidgets_js = {}\n"
        "import sys; sys.path.insert(0, '.')\n",
        "utf-8",
    )
    (source / "only_explorer.py").write_text(
        "from kexue_lib.sphinxext.explorer import setup\n", "utf-8"
    )
    return tmp_path


def build(project, builder: str = "html") -> str:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", BUILD, builder],
        cwd=project,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(project / "src"), "PATH": "/usr/bin:/bin"},
    )
    if done.returncode:
        raise ExtensionError(done.stderr)
    return done.stderr


def test_page_with_explorers(project):
    build(project)
    spec = example().spec
    with_ = (project / "out" / "with.html").read_text("utf-8")
    without = (project / "out" / "index.html").read_text("utf-8")
    tag = f'<kexue-explorer data-explorer="{digest(spec)}">'
    assert with_.count(tag) == 2
    assert with_.count("kexue-still") == 2
    assert "kexue" not in without
    static = project / "out" / "_static" / "kexue"
    for name in ("explorer.js", "explorer.css", "licenses.json"):
        assert (static / name).stat().st_size > 1000
    [script] = (static / "explorers").iterdir()
    text = script.read_text("utf-8")
    assert text.count("kexueExplorer.define(") == 1
    assert f"explorers/{script.name}" in with_
    assert "</script>" not in text


def test_elsewhere_an_explorer_is_its_still(project):
    build(project, "latex")
    [tex] = (project / "out").glob("*.tex")
    assert "includegraphics" in tex.read_text("utf-8")


def test_changed_code_stops_the_build(project):
    path = project / "src" / "with.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    spec = notebook["cells"][1]["outputs"][0]["data"][MIME]
    spec["functions"][0] = "() => () => alert(1)"
    path.write_text(json.dumps(notebook), "utf-8")
    with pytest.raises(ExtensionError, match="with: not arithmetic"):
        build(project)

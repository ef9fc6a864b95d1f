"""From a stored notebook to a page: what is written, what is loaded."""

from __future__ import annotations

import json
import os

import nbformat
import pytest
import sympy as sp
from sphinx.errors import ExtensionError

from kexue_lib.explore import explore, slider
from kexue_lib.explore._bundle import (
    CAPTION_MIME,
    FIGURE_MIME,
    MIME,
    SOURCE_MIME,
    digest,
)
from kexue_lib.explore._source import description
from kexue_lib.sphinxext.sources import ROOT

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
        "from kexue_lib.sphinxext import explorer, markup\n"
        "def setup(app):\n"
        "    markup.setup(app)\n"
        "    return explorer.setup(app)\n",
        "utf-8",
    )
    return tmp_path


SVG = (
    '<svg viewBox="0 0 90 60" width="120" height="80" role="img" '
    'aria-labelledby="kxa-0" xmlns="http://www.w3.org/2000/svg">'
    '<desc id="kxa-0">A line.</desc><path d="M0 0L9 9" stroke="#2563a8" />'
    "</svg>"
)


def with_outputs(project, *outputs) -> None:
    """Put a page `drawn` with these outputs beside the other two."""
    cells = [nbformat.v4.new_markdown_cell("# Drawn")]
    cells += [
        nbformat.v4.new_code_cell(
            "show()", outputs=[nbformat.v4.new_output("display_data", data)]
        )
        for data in outputs
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, project / "src" / "drawn.ipynb")
    index = project / "src" / "index.md"
    index.write_text(index.read_text().replace("with\n", "with\ndrawn\n"))


def drawn(svg: str = SVG, caption: str = "See $x^2$, *all*."):
    words = {"caption": caption, "alt": "A line."}
    return (
        {"image/svg+xml": svg, "text/plain": "Figure", FIGURE_MIME: words},
        {"text/markdown": caption, "text/plain": "", CAPTION_MIME: {}},
    )


def test_page_with_figures(project):
    with_outputs(project, *drawn(), *drawn())
    build(project)
    page = (project / "out" / "drawn.html").read_text("utf-8")
    assert page.count('<figure class="kx-figure"') == 2
    assert page.count("<em>all</em>") == 2  # the caption is there once
    assert page.count('stroke="var(--kx-1, #2563a8)"') == 2
    ids = [part.split('"')[0] for part in page.split('<desc id="')[1:]]
    assert len({*ids}) == 2
    assert all(f'aria-labelledby="{name}"' in page for name in ids)
    assert "kexue/explorer.css" in page
    assert "kexue/explorer.js" not in page
    assert "<img" not in page
    assert not list((project / "out" / "_images").glob("*.svg"))


def test_a_script_in_a_figure_stops_the_build(project):
    hostile = SVG.replace("<path", "<script>1</script><path")
    with_outputs(project, *drawn(hostile))
    with pytest.raises(ExtensionError, match=r"drawn\.ipynb.* <script>"):
        build(project)


@pytest.mark.parametrize("repository", ["", "https://github.com/a/b"])
def test_page_with_source(project, repository):
    content = description(slider)
    shown = {"text/markdown": "x", "text/plain": "x", SOURCE_MIME: content}
    with_outputs(project, shown)
    index = project / "src" / "index.md"
    entry = f"```{{py:function}} {content['name']}\n```\n"
    index.write_text(f"{index.read_text()}\n{entry}")
    conf = project / "src" / "conf.py"
    options = {"repository_url": repository} if repository else {}
    conf.write_text(
        conf.read_text() + f"html_theme = 'sphinx_book_theme'\n"
        f"html_theme_options = {options}\n"
    )
    build(project)
    page = (project / "out" / "drawn.html").read_text("utf-8")
    assert '<span class="k">def</span>' in page
    assert '<span class="nf">slider</span>' in page
    assert "A slider: integer" not in page  # its docstring
    lines = len(content["code"].splitlines())
    assert f", {lines} lines of " in page
    assert f'href="index.html#{content["name"]}"' in page
    link = f"{repository}/blob/main/{content['file']}#L"
    assert (link in page) == bool(repository)


def build(project, builder: str = "html") -> str:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", BUILD, builder],
        cwd=project,
        capture_output=True,
        text=True,
        env={
            "PYTHONPATH": f"{project / 'src'}{os.pathsep}{ROOT}",
            "PATH": "/usr/bin:/bin",
        },
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

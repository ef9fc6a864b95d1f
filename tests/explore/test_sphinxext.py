"""From a stored notebook to a page: what is written, what is loaded."""

from __future__ import annotations

import html
import json
import os
import re

import nbformat
import pytest
import sympy as sp
from sphinx.errors import ExtensionError

from kexue_lib.explore import choice, explore, slider
from kexue_lib.explore._bundle import (
    CAPTION_MIME,
    FIGURE_MIME,
    MIME,
    SOURCE_MIME,
    digest,
)
from kexue_lib.explore._source import description
from kexue_lib.sphinxext.presses import AskError, alone, choose
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
        "from kexue_lib.sphinxext import example, explorer, markup\n"
        "def setup(app):\n"
        "    markup.setup(app)\n"
        "    example.setup(app)\n"
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
    for number in (0, 1):
        tag = f'data-explorer="{digest(spec)}" data-number="{number}"'
        assert with_.count(f"<kexue-explorer {tag}") == 1
    stills = re.findall(r"<img[^>]*kexue-still[^>]*>", with_)
    assert len(stills) == 2
    for still in stills:
        assert 'alt="A line: a still picture"' in still
        assert 'loading="lazy"' in still
    assert len(re.findall(r"--kx-wide: \d+px; --kx-narrow: \d+px", with_)) == 2
    assert "kexue" not in without
    static = project / "out" / "_static" / "kexue"
    for name in ("explorer.js", "explorer.css", "licenses.json"):
        assert (static / name).stat().st_size > 1000
    [script] = (static / "explorers").iterdir()
    text = script.read_text("utf-8")
    assert text.count("kexueExplorer.define(") == 1
    assert f"explorers/{script.name}" in with_
    assert "</script>" not in text


def show_elsewhere(project, name: str) -> None:
    with (project / "src" / "index.md").open("a", encoding="utf-8") as page:
        page.write(f"\n```{{explorer-example}} with {name}\n```\n")


def test_another_page_shows_an_explorer_of_a_chapter(project):
    spec = example().spec
    show_elsewhere(project, spec["id"])
    build(project)
    page = (project / "out" / "index.html").read_text("utf-8")
    tag = f'data-explorer="{digest(spec)}" data-number="0"'
    assert page.count(f"<kexue-explorer {tag}") == 1
    [still] = re.findall(r"<img[^>]*kexue-still[^>]*>", page)
    assert 'alt="A line: a still picture"' in still
    assert 'src="data:image/png;base64,iVBOR' in still
    assert len(re.findall(r"_static/kexue/explorers/[^\"]+\.js", page)) == 1


def test_an_explorer_that_no_chapter_has_stops_the_build(project):
    show_elsewhere(project, "explorer-none")
    with pytest.raises(ExtensionError, match="no explorer-none in with"):
        build(project)


# ---- prose that plays ------------------------------------------------------

BETA = sp.Symbol("β", real=True)


def first():
    return explore(
        "First",
        sliders=[slider(a, 0, 2, 1, shared=True), slider(BETA, 1, 9, 2)],
        x=(x, 0, 1),
        curves={"line": a * x + BETA},
        wrong={"flip the sign": {"line": BETA - a * x}},
    )


def second():
    m = sp.Symbol("m", integer=True)
    return explore(
        "Second",
        sliders=[
            slider(a, 0, 2, 1, shared=True),
            slider(m, 1, 4),
            choice(sp.Symbol("s"), {"plus": 1, "minus": -1}),
        ],
        x=(x, 0, 1),
        curves={"line": a * x * m * sp.Symbol("s")},
    )


def prose(project, *parts) -> None:
    """Write the page `with` of Markdown and explorers, in this order."""
    cells = []
    for part in parts:
        if isinstance(part, str):
            cells.append(nbformat.v4.new_markdown_cell(part))
            continue
        bundle, _ = part._repr_mimebundle_()
        output = nbformat.v4.new_output("execute_result", bundle)
        cells.append(nbformat.v4.new_code_cell("e()", outputs=[output]))
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.language_info = {"name": "python"}
    nbformat.write(notebook, project / "src" / "with.ipynb")


@pytest.mark.parametrize(
    ("link", "number", "asks"),
    [
        ("#set:a=2", 0, {"set": {"a": 2}}),
        ("#set:beta=3.5", 0, {"set": {"beta": 3.5}}),
        ("#set:β=3.5,a=0", 0, {"set": {"beta": 3.5, "a": 0}}),
        ("#set:m=3", 1, {"set": {"m": 3}}),  # below: none above has it
        ("#set:s=-1", 1, {"set": {"s": -1}}),
        ("#wrong:flip-the-sign", 0, {"wrong": "flip-the-sign"}),
    ],
)
def test_a_link_asks_the_nearest_explorer(link, number, asks):
    specs = [first().spec, second().spec]
    assert choose(specs[:1], specs[1:], link) == (specs[number], asks)


def test_the_nearest_above_comes_first():
    one, two = first().spec, second().spec
    assert choose([one, two], [], "#set:a=2")[0] is two
    assert choose([], [one, two], "#set:a=2")[0] is one


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (
            "#set:c=2",
            r"no explorer has c; there are \['a', 'beta', 'm', 's'\]",
        ),
        ("#set:beta=2,m=1", "no explorer has beta, m"),
        ("#set:a=2.5", r"a must be in \[0, 2\], not 2.5"),
        ("#set:m=1.5", "m must be an integer, not 1.5"),
        ("#set:s=0", r"s must be one of \[1, -1\], not 0"),
        ("#set:a", "'a' is not name=number"),
        ("#set:a=two", "'a=two' is not name=number"),
        ("#set:a=nan", "not nan"),
        ("#wrong:flip", r"no such wrong version; .*\['flip-the-sign'\]"),
    ],
)
def test_a_link_to_nothing_is_named(link, message):
    with pytest.raises(AskError, match=message):
        choose([first().spec], [second().spec], link)


def test_links_become_buttons(project):
    prose(
        project,
        "# With\n\nSee [at *a* = 2, $x<1$](#set:a=2,beta=3).",
        first(),
        "[flip](#wrong:flip-the-sign) and [below](#set:m=4).",
        second(),
    )
    build(project)
    page = (project / "out" / "with.html").read_text("utf-8")
    spans = re.findall(r'<span [^>]*class="kx-press"[^>]*>', page)
    found = [
        (
            int(re.search(r'for="(\d+)"', span)[1]),
            json.loads(html.unescape(re.search(r'asks="([^"]*)"', span)[1])),
        )
        for span in spans
    ]
    assert found == [
        (0, {"set": {"a": 2, "beta": 3}}),
        (0, {"wrong": "flip-the-sign"}),
        (1, {"set": {"m": 4}}),
    ]
    assert all('role="button" tabindex="0"' in span for span in spans)
    # The name stands there before its formula is set.
    assert 'aria-label="at a = 2, x<1"' in html.unescape(spans[0])
    assert "<em>a</em>" in page
    assert "#set:" not in page


def test_a_link_to_nothing_stops_the_build(project):
    prose(project, "# With\n\n[at seven](#set:a=7)", first(), second())
    with pytest.raises(ExtensionError) as caught:
        build(project)
    said = str(caught.value)
    assert "with.ipynb" in said
    assert "[at seven](#set:a=7): a must be in [0, 2], not 7" in said


def test_a_shared_slider_alone_stops_the_build(project):
    prose(project, "# With", first())
    with pytest.raises(ExtensionError, match="a: shared, but no other"):
        build(project)


def test_shared_sliders_start_together():
    other = second().spec
    assert list(alone([first().spec, other])) == []
    other["controls"][0]["default"] = 2
    assert list(alone([first().spec, other])) == [
        "shared slider a starts at [1, 2]"
    ]


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

"""The wheel, with each of its extras in an environment of its own."""

from __future__ import annotations

import json
import zipfile

import nbformat
from chapters import ROOT, notebooks

from tests.harness.wheel import PIP, call

READS = (
    "kexue_lib/*",
    "README.md",
    "LICENSE",
    "_toc.yml",
    "tests/derive/evidence.example.json",
)
PROOF = """
from importlib.util import find_spec
from kexue_lib.derive import Chapter, by

chapter = Chapter("proof")
x, y = chapter.symbols("x y", "real")
print(chapter.claim("C1", "square").show((x + y) ** 2).eq(
    x**2 + 2 * x * y + y**2, by.algebra()
))
assert find_spec("torch") is find_spec("matplotlib") is None
"""
REFUSED = """
for part in (
    "kexue_lib.ssm",
    "kexue_lib.attention",
    "kexue_lib.density.fourier",
    "kexue_lib.sphinxext",
    "kexue_lib.explore._explorer",
):
    try:
        __import__(part)
    except ModuleNotFoundError as error:
        print(error)
"""
SLIDER = """
import sympy as sp
from importlib.util import find_spec
from kexue_lib.explore import explore, slider

a, x = sp.symbols("a x", real=True)
made = explore("A line", sliders=[slider(a, 0, 2, 1)], x=(x, 0, 1, "$x$"),
               curves={"line": a * x})
bundle = made._repr_mimebundle_()
data = bundle[0] if isinstance(bundle, tuple) else bundle
print(*data)
assert find_spec("sphinx") is find_spec("torch") is None
"""
COMPUTED = """
import torch
import kexue_lib
from kexue_lib import attention, density, ssm

A, B = ssm.hippo("legt", 4)
print(ssm.zoh(A, B, 0.1)[0].shape, kexue_lib.__file__)
"""


MIME = "application/vnd.kexue.evidence+json"
PINNED = ("--no-compile", "-c", ROOT / "requirements.txt")


def test_wheel_is_complete_and_small(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        size = sum(info.file_size for info in archive.infolist())
    assert "kexue_lib/py.typed" in names
    assert {f"kexue_lib/claims/{p.stem}.json" for p in notebooks()} <= names
    stored = (ROOT / "kexue_lib" / "results").glob("*.json")
    assert {f"kexue_lib/results/{p.name}" for p in stored} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if "dist-info" not in name} == {"kexue_lib"}
    assert size < 3_000_000


def test_extra_by_extra(wheel, fresh_python, tmp_path):
    """The engine alone; then, in the same environment, what each adds."""
    python = fresh_python(wheel, *PINNED)

    def run(code):
        return call(python, "-c", code, cwd=tmp_path)

    def add(extra):
        call(python, *PIP, f"{wheel}[{extra}]", *PINNED, cwd=tmp_path)

    assert "[proved] square" in run(PROOF)
    refused = run(REFUSED).splitlines()
    wanted = ["torch"] * 3 + ["sphinxext", "explore"]
    for line, extra in zip(refused, wanted, strict=True):
        assert f'pip install "kexue_lib[{extra}]"' in line
    add("explore")
    assert "application/vnd.kexue.explorer+json" in run(SLIDER)
    add("torch")
    said = run(COMPUTED)
    assert "torch.Size([4, 4])" in said
    assert "site-packages" in said


def test_sphinxext_alone_builds_a_page(wheel, fresh_python, tmp_path):
    python = fresh_python(f"{wheel}[sphinxext]", *PINNED)
    book, html = tmp_path / "book", tmp_path / "html"
    book.mkdir()
    (book / "conf.py").write_text(
        'extensions = ["myst_nb", "kexue_lib.sphinxext"]\n'
        'nb_execution_mode = "off"\n'
        f'nb_mime_priority_overrides = [("html", "{MIME}", 1)]\n'
    )
    examples = ROOT / "tests" / "derive" / "evidence.example.json"
    claim = json.loads(examples.read_text())[0] | {"uses": []}
    page = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# A page"),
            nbformat.v4.new_code_cell(
                "claim",
                outputs=[
                    nbformat.v4.new_output(
                        "display_data", {MIME: claim, "text/plain": ""}
                    )
                ],
            ),
        ],
        metadata={"language_info": {"name": "python"}},
    )
    nbformat.write(page, book / "index.ipynb")
    call(python, *f"-m sphinx -qWb html {book} {html}".split(), cwd=tmp_path)
    text = (html / "index.html").read_text()
    assert claim["title"] in text
    assert 'class="kx-claim kx-proved"' in text

"""Each notebook file, alone, with only what Colab has preinstalled."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from chapters import ROOT
from configure import first_cell

from .conftest import CHAPTERS, call

REPO = "someone/executable-kexue"
VERSIONS = (
    "import torch, numpy; "
    "print(torch.__version__, numpy.__version__, torch.__file__)"
)
INSTALLED = "import importlib.util as u; print(u.find_spec('kexue_lib'))"


def test_first_cell_installs_and_every_chapter_runs(
    snapshot, fresh_python, alone
):
    python = fresh_python("-r", ROOT / "tests" / "package" / "colab.txt")
    assert call(python, "-c", INSTALLED, cwd=alone).strip() == "None"
    before = call(python, "-c", VERSIONS, cwd=alone)
    gitconfig = alone.parent / "gitconfig"
    gitconfig.write_text(
        f'[url "{snapshot.as_uri()}"]\n'
        f"    insteadOf = https://github.com/{REPO}\n"
    )

    def executed(chapter):
        path = alone / chapter.name
        notebook = json.loads(path.read_text())
        cell = next(c for c in notebook["cells"] if c["cell_type"] == "code")
        cell["source"] = first_cell(REPO)
        path.write_text(json.dumps(notebook))
        call(
            python.parent / "jupyter-execute",
            "--inplace",
            path.name,
            cwd=alone,
            GIT_CONFIG_GLOBAL=str(gitconfig),
        )
        ran = json.loads(path.read_text())["cells"]
        return [c["execution_count"] for c in ran if c["cell_type"] == "code"]

    counts = [executed(CHAPTERS[0])]  # this one installs the library
    with ThreadPoolExecutor(2) as pool:
        counts += pool.map(executed, CHAPTERS[1:])
    for count in counts:
        assert count == [*range(1, len(count) + 1)]
    assert call(python, "-c", VERSIONS, cwd=alone) == before
    assert "kexue_lib" in call(python, "-c", INSTALLED, cwd=alone)


def test_without_an_address_the_cell_says_what_to_do(fresh_python, alone):
    python = fresh_python("ipython==7.34.0", "setuptools<81")
    script = alone / "cell.ipy"
    script.write_text(first_cell(""))
    said = call(
        python,
        "-c",
        "import subprocess, sys; r = subprocess.run([sys.executable, '-m', "
        "'IPython', '--colors=NoColor', 'cell.ipy'], capture_output=True, "
        "text=True); print(r.returncode, r.stdout, r.stderr)",
        cwd=alone,
    )
    assert "names no repository" in said
    assert "pip install '.[torch,explore]'" in said

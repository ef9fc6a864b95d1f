"""A forked kernel is a kernel: same bytes, own randomness, a named death."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from chapters import ROOT, serialise
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat.v4.rwbase import split_lines
from run import normalise

from tests.harness.kernels import PORTABLE, KernelError, offered

READS = ("tests/harness/[!t]*", "book/tools/*")
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="forked kernels: Linux only"
)
# One of everything that a chapter stores.
CELLS = (
    "import matplotlib.pyplot as plt\nimport sympy as sp\nimport torch\n"
    "from kexue_lib.derive import Chapter, by\n"
    "from kexue_lib.explore import explore, slider",
    'demo = Chapter("demo")\nx, a = demo.symbols("x a", "positive")',
    'demo.claim("C1", "A square").show((x + a) ** 2)'
    ".eq(x**2 + 2 * a * x + a**2, by.algebra())",
    "fig, ax = plt.subplots()\nax.plot([0, 1, 3], [1, 0, 2], label='f')\n"
    "ax.set(xlabel='$x$', title='A figure')\nax.legend()\nplt.show()",
    'explore("A slider", sliders=[slider(a, 0.5, 2, 1)],\n'
    '    x=(x, 0, 1), curves={"f": x**a})',
    "torch.linalg.svdvals(torch.arange(9.0).reshape(3, 3)).round(decimals=4)",
    "import sys\nprint('out')\n1 / sp.Integer(3)",
    "__name__, [p for p in sys.path if 'harness' in p], plt.get_backend()",
)


def notebook(*cells):
    made = [
        nbformat.v4.new_code_cell(c, id=f"c{i}") for i, c in enumerate(cells)
    ]
    return nbformat.v4.new_notebook(cells=made)


def client(made, kernels, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(kernels))
    return NotebookClient(made, timeout=120, kernel_name="chapter")


def executed(cells, monkeypatch, *, warm):
    made = notebook(*cells)
    # The library of this checkout, whatever is installed.
    extra = {"PYTHONPATH": str(ROOT), **PORTABLE}
    with offered(
        Path(sys.executable), extra, warm=warm, subjects=["ssm"]
    ) as kernels:
        client(made, kernels, monkeypatch).execute()
    return made


@linux
def test_warm_and_cold_give_the_same_bytes(monkeypatch):
    texts = []
    for warm in (True, False):
        made = executed(CELLS, monkeypatch, warm=warm)
        texts.append(serialise(split_lines(normalise(made))))
    assert texts[0] == texts[1]
    kinds = {
        mime
        for cell in json.loads(texts[0])["cells"]
        for output in cell["outputs"]
        for mime in output.get("data", {})
    }
    assert {
        "image/png",
        "application/vnd.kexue.evidence+json",
        "application/vnd.kexue.explorer+json",
    } <= kinds


@linux
def test_forks_share_no_random_state(monkeypatch):
    draw = (
        "import random, numpy, torch",
        "print(random.random(), numpy.random.rand(), torch.rand(()).item())",
    )
    drawn = []
    extra = {"PYTHONPATH": str(ROOT), **PORTABLE}
    with offered(
        Path(sys.executable), extra, warm=True, subjects=[]
    ) as kernels:
        for _ in range(2):
            made = notebook(*draw)
            client(made, kernels, monkeypatch).execute()
            drawn.append(made.cells[1].outputs[0].text.split())
    assert all(a != b for a, b in zip(*drawn, strict=True))


@linux
def test_what_one_fork_does_another_does_not_see(monkeypatch):
    extra = {"PYTHONPATH": str(ROOT), **PORTABLE}
    with offered(
        Path(sys.executable), extra, warm=True, subjects=[]
    ) as kernels:
        first = notebook("import sympy\nsympy.seen = 1")
        client(first, kernels, monkeypatch).execute()
        second = notebook("import sympy\nhasattr(sympy, 'seen')")
        client(second, kernels, monkeypatch).execute()
    assert second.cells[0].outputs[0].data["text/plain"] == "False"


@linux
def test_jupyter_notices_a_fork_that_dies(monkeypatch):
    made = notebook("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)")
    extra = {"PYTHONPATH": str(ROOT), **PORTABLE}
    with (
        offered(
            Path(sys.executable), extra, warm=True, subjects=[]
        ) as kernels,
        pytest.raises(DeadKernelError),
    ):
        client(made, kernels, monkeypatch).execute()


@linux
def test_a_fork_dies_with_its_client(monkeypatch):
    extra = {"PYTHONPATH": str(ROOT), **PORTABLE}
    with offered(
        Path(sys.executable), extra, warm=True, subjects=[]
    ) as kernels:
        made = notebook("import os\nos.getpid()")
        runner = client(made, kernels, monkeypatch)
        runner.execute(cleanup_kc=False)
        pid = int(made.cells[0].outputs[0].data["text/plain"])
        fork = os.pidfd_open(pid)
        runner.km.provisioner.process.kill()
        ended, _, _ = select.select([fork], [], [], 20)
        runner._cleanup_kernel()
        assert ended, "the kernel outlives the process that stands for it"


@linux
def test_a_parent_that_cannot_start_says_why():
    with (
        pytest.raises(KernelError, match=r"No module named 'kexue_lib\.nope'"),
        offered(
            Path(sys.executable),
            {"PYTHONPATH": str(ROOT), **PORTABLE},
            warm=True,
            subjects=["nope"],
        ),
    ):
        pass


@linux
def test_no_fork_with_threads():
    warm = ROOT / "tests" / "harness" / "warm.py"
    code = (
        "import sys, threading; sys.argv = ['warm.py', 'unused', 'json']\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()"
        f"\nimport runpy; sys.path.insert(0, ''); "
        f"runpy.run_path({str(warm)!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | PORTABLE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "2 threads: a fork would not be safe" in done.stderr

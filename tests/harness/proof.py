"""One run of each chapter that proves four things.

The library is the wheel in a clean environment; one thread and no vector
instructions; nbval compares every output with the one that a native run
stored; then, in the same kernel, the controls of all claims are tried.

    python -m tests chapters [--part ssm] [--native] [--cold] [--all-mutants]
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chapters import ROOT, Chapter

from tests.harness import plan, wheel
from tests.harness.kernels import NAME, PORTABLE, KernelError, offered
from tests.harness.ledger import Ledger
from tests.harness.reach import Reach

CELL_SECONDS = 300
READS = ()  # what it runs has digests of its own


@dataclass(frozen=True)
class Way:
    """How chapters are run.

    Attributes:
        native: in the present environment, with its threads and vector
            instructions, instead of from the wheel and portably.
        cold: a new interpreter for each chapter, not a fork.
        all_mutants: every wrong version of every claim, no ledger.
    """

    native: bool = False
    cold: bool = False
    all_mutants: bool = False


def prove(chosen: Sequence[Chapter], way: Way, ledger: Ledger) -> bool:
    """Run chapters; say whether all is well; note the controls that are."""
    if not chosen:
        print("no chapter")
        return True
    reach = Reach(ROOT)
    keys = {c.slug: plan.controls(reach, c) for c in chosen}
    known = {
        slug: not way.all_mutants and ledger.knows(slug, key)
        for slug, key in keys.items()
    }
    tried = {
        slug: {
            "all": way.all_mutants,
            "skip": "controls: nothing changed since" if known[slug] else "",
        }
        for slug in keys
    }
    # Forks of a PyTorch that has started threads are not safe.
    warm = sys.platform == "linux" and not (way.cold or way.native)
    python = Path(sys.executable) if way.native else wheel.environment(ROOT)
    subjects = sorted({c.part for c in chosen})
    extra = {} if way.native else PORTABLE
    with tempfile.TemporaryDirectory(prefix="kx-") as scratch:
        folder = Path(scratch)
        (folder / "plan.json").write_text(json.dumps(tried))
        alone = folder / "alone"
        alone.mkdir()
        for chapter in chosen:
            shutil.copy(chapter.path, alone)
        try:
            with offered(
                python, extra, warm=warm, subjects=subjects
            ) as kernels:
                good = compare(
                    folder,
                    [f"{c.slug}.ipynb" for c in chosen],
                    kernels,
                    "" if way.native else str(python.parents[1]),
                )
        except KernelError as error:
            print(error, file=sys.stderr)
            return False
        path = folder / "found.json"
        found = json.loads(path.read_text()) if path.exists() else {}
    report(found, known)
    if not way.all_mutants:
        ledger.record({s: keys[s] for s, f in found.items() if f["passed"]})
    return good


def compare(
    folder: Path, names: list[str], kernels: Path, library: str
) -> bool:
    """Run nbval with our plugin over copies of the notebooks."""
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *("-c", os.devnull, "--rootdir", ".", "-W", "ignore"),
        *("--nbval", f"--nbval-kernel-name={NAME}"),
        f"--nbval-cell-timeout={CELL_SECONDS}",
        *("-n", str(min(2, len(names))), "--dist", "loadscope"),
        *("-p", "tests.harness.plugin", "--plan", folder / "plan.json"),
        *("--found", folder / "found.json", f"--library={library}"),
        *names,
    ]
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "JUPYTER_PATH": str(kernels),
    }
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder / "alone",
        env=env,
        check=False,
    )
    return done.returncode == 0


def report(found: dict, known: dict[str, bool]) -> None:
    """Print what the controls and the chapters cost."""
    for slug in sorted(known):
        if slug not in found:
            why = "nothing changed since" if known[slug] else "not tried"
            print(f"  {slug:32} controls: {why}")
            continue
        one = found[slug]
        rejected = sum(t["rejected"] for t in one["tallies"])
        equivalent = sum(t["equivalent"] for t in one["tallies"])
        print(
            f"  {slug:32} {len(one['tallies']):3} claims, {rejected:4} wrong "
            f"versions rejected ({equivalent} equivalent); CPU seconds: "
            f"cells {one['cells']:.1f}, controls {one['controls']:.1f}"
        )
    print(f"  Python {platform.python_version()}")

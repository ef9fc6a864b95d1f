"""What CI costs, section by section, now and with forty chapters.

The book of forty is synthetic: copies of the present chapters under other
names, with their claims, exercises and links renamed. `.ci/run` is run on
both books as on a fresh clone.

python -m benchmarks book/ci          # two whole runs: half an hour or more
python -m benchmarks.book.ci FOLDER 40     # only write the synthetic book
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import ROOT, Chapter, chapters, serialise, store
from tests.harness.wheel import copy_checkout

TITLE = "Continuous integration"
WORDS = """\
Seconds of `.ci/run`, setup included, on a fresh clone of this book and of a
book of forty chapters made of copies of the present ones. Each chapter is run
once, from the wheel, and its controls in the same kernel."""

FORTY = 40
LABEL = re.compile(r"(?::label: |\{solution-start\} |\{ref\}`[^`]*<)([\w-]+)")
SUMMARY = re.compile(r"^(ok|FAIL)\s+(\w+)\s+([\d.]+) s$", re.MULTILINE)


def renamed(text: str, slugs: list[str], suffix: str) -> str:
    """Return a stored notebook in which everything has another name."""
    slug = "|".join(map(re.escape, slugs))
    # A chapter's name before a claim's number, a file's ending, a quote.
    names = rf"(?<![\w./-])({slug})(?=\.[A-Z]+\d|\.ipynb|\\?\"|\\n\")"
    text = re.sub(names, rf"\1{suffix}", text)
    for label in sorted(set(LABEL.findall(text)), key=len, reverse=True):
        text = re.sub(
            rf"(:label: |-start\}} |\{{ref\}}`[^`]*<){label}\b",
            rf"\g<1>{label}{suffix}",
            text,
        )
    return text


def copies(listed: list[Chapter], count: int) -> list[tuple[Chapter, str]]:
    """Return (chapter, suffix) of the copies that make up the number."""
    wanted = count - len(listed)
    rounds = range(2, 2 + wanted // len(listed) + 1)
    every = [(c, f"-{r}") for r in rounds for c in listed]
    return every[: max(wanted, 0)]


def synthetic(folder: Path, count: int) -> None:
    """Write a checkout with that many chapters, as a git repository."""
    copy_checkout(ROOT, folder)
    listed = chapters()
    slugs = [c.slug for c in listed]
    toc = (folder / "_toc.yml").read_text()
    for chapter, suffix in copies(listed, count):
        text = renamed(chapter.path.read_text("utf-8"), slugs, suffix)
        new = folder / f"{chapter.page}{suffix}.ipynb"
        new.write_text(text, encoding="utf-8")
        last = f"- file: {chapter.page}\n"
        entry = re.search(rf"^ *{re.escape(last)}", toc, re.MULTILINE)
        assert entry is not None
        line = entry.group().replace(chapter.page, f"{chapter.page}{suffix}")
        toc = toc[: entry.end()] + line + toc[entry.end() :]
    (folder / "_toc.yml").write_text(toc)
    index = [sys.executable, "-m", "kexue_lib.derive", "index", "notebooks"]
    env = os.environ | {"PYTHONPATH": str(folder)}
    subprocess.run(index, cwd=folder, env=env, check=True)
    # Longer names make longer lines.
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "format", "-q", "notebooks"], cwd=folder, check=True)
    for path in folder.glob("notebooks/*/*.ipynb"):
        path.write_text(serialise(json.loads(path.read_text("utf-8"))))
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a book", date="2026-01-01T00:00:00Z")
    # A day's work: one chapter has changed, the others have not.
    remark(folder / f"{listed[0].page}.ipynb")
    git(folder, "commit", "-qam", "one chapter")


def remark(path: Path) -> None:
    """Add a sentence to a notebook, stored as notebooks are."""
    notebook = json.loads(path.read_text("utf-8"))
    first = notebook["cells"][0]
    text = "".join(first["source"]) + "\n\nA remark."
    first["source"] = text.splitlines(keepends=True)
    path.write_text(serialise(notebook), encoding="utf-8")


def git(folder: Path, *words: str, date: str | None = None) -> None:
    """Run git in a checkout, as somebody, at some time."""
    when = {"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
    env = os.environ | (when if date else {})
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *identity, *words], cwd=folder, env=env, check=True)


def seconds(folder: Path) -> dict[str, float]:
    """Run CI on a checkout; return the seconds of each section.

    Raises:
        RuntimeError: CI was red.
    """
    start = time.perf_counter()
    log = folder.parent / f"{folder.name}.log"
    with log.open("w") as out:
        done = subprocess.run(
            ["bash", ".ci/run"],
            cwd=folder,
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    total = time.perf_counter() - start
    text = log.read_text()
    if done.returncode:
        raise RuntimeError(f"CI is red, see {log}\n{text[-3000:]}")
    found = {name: float(s) for _, name, s in SUMMARY.findall(text)}
    setup = total - sum(s for name, s in found.items() if name != "total")
    found.pop("total", None)
    return {"setup": setup, **found, "total": total}


def after_an_edit(folder: Path) -> dict[str, float]:
    """Time what an author waits for, in a checkout whose CI was green."""
    path = folder / f"{chapters(folder)[0].page}.ipynb"
    without = ("CI", "PYTHONPATH")
    env = {k: v for k, v in os.environ.items() if k not in without}
    found = {}
    for target in ("book", "test"):
        remark(path)
        start = time.perf_counter()
        command = ("make", "-s", target)
        subprocess.run(command, cwd=folder, env=env, check=True)
        name = f"make {target} after one edited notebook"
        found[name] = time.perf_counter() - start
    return found


def main() -> None:
    scratch = Path(tempfile.mkdtemp(prefix="kx-ci-"))
    runs = {}
    for count in (len(chapters()), FORTY):
        folder = scratch / f"book-{count}"
        synthetic(folder, count)
        runs[count] = seconds(folder) | after_an_edit(folder)
    store(
        "ci",
        ["section", *(f"{count} chapters" for count in runs)],
        [
            [name, *(f"{run[name]:.0f} s" for run in runs.values())]
            for name in runs[FORTY]
        ],
        # The heads say how many chapters it was: it stays true when the
        # book grows, and not when the sections change.
        measures=[".ci/run", "tests/__main__.py"],
    )


if __name__ == "__main__":
    synthetic(Path(sys.argv[1]), int(sys.argv[2]))

"""Everything that `make test` proves, section by section.

python -m tests                    # all that a change since then can reach
python -m tests --all              # everything, whatever was green
python -m tests lint unit          # only these sections
python -m tests chapters --part ssm [--native] [--cold] [--all-mutants]

What was green, and with which files, is kept in `.cache/`; a fresh clone
and CI have nothing there and run everything.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "book" / "tools"), str(ROOT)]

from chapters import BookError, Chapter, chapters, pages  # noqa: E402

from tests.harness.ledger import Ledger  # noqa: E402
from tests.harness.proof import Way, prove  # noqa: E402
from tests.harness.reach import Reach  # noqa: E402

BIN = Path(sys.executable).parent
HTML = ROOT / "_build" / "html"
PYTEST = ("pytest", "-q", "-p", "no:cacheprovider")
# They need the built book, or environments of their own.
APART = ("tests/book/", "tests/package/")


def run(*command: str, **extra: str) -> bool:
    """Run a command of the environment; say whether it went well."""
    print("    " + " ".join(command), flush=True)
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"} | extra
    words = [str(BIN / command[0]), *command[1:]]
    return subprocess.run(words, cwd=ROOT, env=environment).returncode == 0


@dataclass
class Session:
    """What is asked for, what was green before, and what is left out."""

    everything: bool
    part: str | None
    way: Way
    green: Ledger = field(
        default_factory=lambda: Ledger(ROOT / ".cache" / "green.json")
    )
    reach: Reach = field(default_factory=lambda: Reach(ROOT))
    left_out: list[str] = field(default_factory=list)

    def stale(self, what: str, digests: dict[str, str]) -> dict[str, str]:
        """Return the units that are to run; note how many are not."""
        if self.everything:
            return digests
        chosen = {
            unit: digest
            for unit, digest in digests.items()
            if not self.green.knows(unit, digest)
        }
        rest = len(digests) - len(chosen)
        if rest:
            self.left_out.append(f"{rest} of {len(digests)} {what}")
        return chosen

    def passed(self, units: dict[str, str], good: bool) -> bool:
        """Record units that went well."""
        if good:
            self.green.record(units)
        return good

    def chapters(self) -> list[Chapter]:
        """Return the chapters of the part that was asked for."""
        return [c for c in chapters() if self.part in (None, c.part)]


def lint(session: Session) -> bool:
    """ruff: code and notebooks."""
    return run("ruff", "check", "-q", ".")


def layout(session: Session) -> bool:
    """ruff: layout."""
    return run("ruff", "format", "-q", "--check", ".")


def types(session: Session) -> bool:
    """mypy: the library is typed."""
    names = {
        f
        for f in session.reach.files
        if f.startswith("kexue_lib/") and f.endswith(".py")
    }
    digest = session.reach.digest(names | session.reach.always)
    units = session.stale("type checks", {"types": digest})
    return not units or session.passed(units, run("mypy"))


def unit(session: Session) -> bool:
    """Unit tests of the library, the engine, the sliders, the tools."""
    files = sorted(
        f
        for f in session.reach.files
        if f.startswith("tests/")
        and Path(f).match("test_*.py")
        and not f.startswith(APART)
    )
    digests = {f: session.reach.digest(session.reach.of(f)) for f in files}
    units = session.stale("test files", digests)
    return not units or session.passed(
        units, run(*PYTEST, "-n", "2", "--dist", "worksteal", *units)
    )


def proofs(session: Session) -> bool:
    """Each chapter from the wheel: stored outputs, then wrong formulas."""
    names = {f"{c.page}.ipynb": c for c in session.chapters()}
    digests = {
        name: session.reach.digest(session.reach.of(name)) for name in names
    }
    units = session.stale("chapters", digests)
    controls = Ledger(ROOT / ".cache" / "controls.json")
    good = prove([names[u] for u in units], session.way, controls)
    usual = session.way == Way()
    return session.passed(units if usual else {}, good)


def build(session: Session) -> bool:
    """The book builds without a warning."""
    kinds = ("book/", "notebooks/", "kexue_lib/", "benchmarks/")
    files = {
        f
        for f in session.reach.files
        if f.startswith(kinds) or f.endswith((".md", ".yml", ".toml", ".txt"))
    }
    pages_only = {
        f
        for f in files
        if f.startswith(("notebooks/", "book/")) and f.endswith(("b", ".md"))
    }
    units = {
        "build": session.reach.digest(files),
        "build: all but pages": session.reach.digest(files - pages_only),
    }
    known = [session.green.knows(*u) for u in units.items()]
    there = (HTML / "index.html").exists()
    if all(known) and there and not session.everything:
        session.left_out.append("the build")
        return True
    # Sphinx notices changed pages, but not a changed extension or style.
    fresh = session.everything or not (known[1] and there)
    command = ("jupyter-book", "build", ".", "-W", "-n", "--keep-going", "-q")
    return session.passed(units, run(*command, *["--all"] * fresh))


def book(session: Session) -> bool:
    """Links; every page in a browser, network off, sliders moved."""
    listed = [p for p in pages() if (HTML / f"{p}.html").exists()]
    shared = sorted(
        path
        for path in (HTML / "_static").rglob("*")
        if path.is_file() and path.suffix in (".css", ".js")
    )
    reach = session.reach
    tests = [f for f in reach.files if f.startswith("tests/book/")]
    same = reach.digest_with(
        reach.always | set(tests),
        *(path.relative_to(HTML).as_posix() for path in shared),
        *(path.read_bytes() for path in shared),
    )
    digests = {
        f"page {page}": reach.digest_with(
            (), same, (HTML / f"{page}.html").read_bytes()
        )
        for page in listed
    }
    units = session.stale("pages", digests)
    chosen = [unit.removeprefix("page ") for unit in units]
    few = [] if len(chosen) == len(listed) else ["--pages", *chosen]
    return not units or session.passed(
        units, run(*PYTEST, "-n", "2", "tests/book", *few)
    )


def package(session: Session) -> bool:
    """The wheel with each extra; Colab; a book with an address."""
    files = sorted(
        f
        for f in session.reach.files
        if f.startswith("tests/package/") and Path(f).match("test_*.py")
    )
    digests = {f: session.reach.digest(session.reach.of(f)) for f in files}
    units = session.stale("tests of packages", digests)
    return not units or session.passed(units, run(*PYTEST, *units))


SECTIONS: dict[str, Callable[[Session], bool]] = {
    "lint": lint,
    "format": layout,
    "types": types,
    "unit": unit,
    "chapters": proofs,
    "build": build,
    "book": book,
    "package": package,
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m tests")
    made.add_argument("section", nargs="*", help=f"of {', '.join(SECTIONS)}")
    made.add_argument("--all", action="store_true", help="leave nothing out")
    made.add_argument("--part", help="only the chapters of this part")
    made.add_argument(
        "--native",
        action="store_true",
        help="chapters in this environment, its threads and instructions",
    )
    made.add_argument("--cold", action="store_true", help="no forked kernels")
    made.add_argument(
        "--all-mutants", action="store_true", help="every wrong version"
    )
    return made


def main(arguments: Sequence[str]) -> int:
    """Run the sections; return the exit status."""
    options = parser().parse_args(arguments)
    try:
        parts = sorted({c.part for c in chapters()})
    except BookError as error:
        print(f"tests: {error}", file=sys.stderr)
        return 2
    if unknown := set(options.section) - set(SECTIONS):
        print(f"no section {sorted(unknown)}; there are {list(SECTIONS)}")
        return 2
    if options.part not in (None, *parts):
        print(f"no part {options.part!r} with chapters; there are {parts}")
        return 2
    way = Way(options.native, options.cold, options.all_mutants)
    everything = options.all or bool(os.environ.get("CI")) or way != Way()
    session = Session(everything, options.part, way)
    results = []
    for name, section in SECTIONS.items():
        if options.section and name not in options.section:
            continue
        print(f"\n=== {name}: {section.__doc__}", flush=True)
        start = time.perf_counter()
        good = section(session)
        results.append((name, good, time.perf_counter() - start))
    print("\n=== summary")
    for name, good, seconds in results:
        print(f"{'ok  ' if good else 'FAIL'} {name:15} {seconds:6.1f} s")
    failed = sum(not good for _, good, _ in results)
    total = sum(seconds for *_, seconds in results)
    print(f"     {'total':15} {total:6.1f} s")
    if session.left_out:
        print(
            "left out, unchanged since they were last green: "
            f"{', '.join(session.left_out)} (make test ALL=1 runs everything)"
        )
    print(f"sections: {len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

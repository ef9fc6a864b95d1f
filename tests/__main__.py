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

from chapters import BookError, chapters, pages  # noqa: E402

from tests.harness import plan  # noqa: E402
from tests.harness.ledger import Ledger  # noqa: E402
from tests.harness.proof import Way, prove  # noqa: E402
from tests.harness.reach import Reach  # noqa: E402

BIN = Path(sys.executable).parent
HTML = ROOT / "_build" / "html"
PYTEST = ("pytest", "-q", "-p", "no:cacheprovider")
BOTH = ("-n", "2", "--dist", "worksteal")  # cores


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

    def knows(self, units: dict[str, str]) -> bool:
        """Say whether all of these were green as they are now."""
        return all(self.green.knows(*unit) for unit in units.items())

    def passed(self, units: dict[str, str], good: bool) -> bool:
        """Record units that went well."""
        if good:
            self.green.record(units)
        return good


def lint(session: Session) -> bool:
    """ruff: code and notebooks."""
    return run("ruff", "check", "-q", ".")


def layout(session: Session) -> bool:
    """ruff: layout."""
    return run("ruff", "format", "-q", "--check", ".")


def types(session: Session) -> bool:
    """mypy: the library is typed."""
    units = session.stale("type checks", plan.types(session.reach))
    return not units or session.passed(units, run("mypy"))


def unit(session: Session) -> bool:
    """Unit tests of the library, the engine, the sliders, the tools."""
    units = session.stale("test files", plan.unit(session.reach))
    return not units or session.passed(units, run(*PYTEST, *BOTH, *units))


def proofs(session: Session) -> bool:
    """Each chapter from the wheel: stored outputs, then wrong formulas."""
    chosen = [c for c in chapters() if session.part in (None, c.part)]
    digests = plan.proofs(session.reach, chosen)
    units = session.stale("chapters", digests)
    controls = Ledger(ROOT / ".cache" / "controls.json")
    good = prove(
        [c for c in chosen if f"{c.page}.ipynb" in units],
        session.way,
        controls,
    )
    usual = session.way == Way()
    return session.passed(units if usual else {}, good)


def build(session: Session) -> bool:
    """The book builds without a warning."""
    there = (HTML / "index.html").exists()
    whole, rest = plan.build(session.reach)
    fresh = session.everything or not there or not session.knows(rest)
    if not fresh and session.knows(whole):
        session.left_out.append("the build")
        return True
    command = ("python", "book/tools/build.py")
    return session.passed(whole | rest, run(*command, *["--all"] * fresh))


def book(session: Session) -> bool:
    """Links; every page in a browser, network off, sliders moved."""
    digests = plan.pages(session.reach, HTML, pages())
    units = session.stale("pages", digests)
    chosen = [unit.removeprefix("page ") for unit in units]
    few = ["--pages", *chosen] if len(units) < len(digests) else []
    return not units or session.passed(
        units,
        run(*PYTEST, "-n", "2", "--dist", "worksteal", "tests/book", *few),
    )


def package(session: Session) -> bool:
    """The wheel with each extra; a book with an address."""
    units = session.stale("tests of packages", plan.package(session.reach))
    return not units or session.passed(units, run(*PYTEST, *units))


def colab(session: Session) -> bool:
    """Chapters with only what Colab has, on its Python."""
    listed = chapters()
    digests = plan.colab(session.reach, listed)
    if session.everything:
        # Those that changed, and four that take their turn each day.
        slugs = plan.changed_lately(session.reach, listed)
        good = run(*PYTEST, plan.COLAB, KEXUE_COLAB=" ".join(slugs))
        return session.passed(digests, good)
    units = session.stale("chapters on Colab", digests)
    slugs = ["only", *(unit.removeprefix("colab ") for unit in units)]
    return not units or session.passed(
        units, run(*PYTEST, plan.COLAB, KEXUE_COLAB=" ".join(slugs))
    )


SECTIONS: dict[str, Callable[[Session], bool]] = {
    "lint": lint,
    "format": layout,
    "types": types,
    "unit": unit,
    "chapters": proofs,
    "build": build,
    "book": book,
    "package": package,
    "colab": colab,
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

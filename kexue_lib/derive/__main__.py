"""Command line: ``python -m kexue_lib.derive controls|profile|index``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from kexue_lib.derive import index
from kexue_lib.derive.cells import CellError, claims_of
from kexue_lib.derive.mutation import LIMIT, stored, tallies


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m kexue_lib.derive",
        description="Checks of the book's derivations.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    control = commands.add_parser(
        "controls", help="make wrong mutants of every claim; all must die"
    )
    control.add_argument("notebook", type=Path, nargs="+")
    control.add_argument(
        "--limit",
        type=int,
        default=LIMIT,
        help=f"mutants per claim (default {LIMIT})",
    )
    control.add_argument("--all", action="store_true", help="every mutant")
    control.add_argument(
        "--write",
        action="store_true",
        help=f"store the result in {stored.FOLDER} for the page",
    )
    profile = commands.add_parser("profile", help="time of every step")
    profile.add_argument("notebook", type=Path, nargs="+")
    listing = commands.add_parser(
        "index", help="write claims/<chapter>.json from stored outputs"
    )
    listing.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.command == "index":
            return _index(options.folder)
        if options.command == "profile":
            return max(_profile(path) for path in options.notebook)
        if not options.all and options.limit < 1:
            parser.error(f"--limit must be at least 1, got {options.limit}")
        limit = None if options.all else options.limit
        return max(
            _controls(path, limit, options.write) for path in options.notebook
        )
    except (OSError, ValueError, CellError) as error:
        print(error, file=sys.stderr)
        return 2


def _controls(path: Path, limit: int | None, write: bool) -> int:
    begin = time.perf_counter()
    claims = claims_of(path)
    print(f"{path}")
    print(
        f"  {'claim':<28}{'level':<15}{'rejected':>9}{'of':>5}"
        f"{'equivalent':>11}{'undecided':>10}"
    )
    found = list(tallies(claims, limit))
    for t in found:
        print(
            f"  {t.claim:<28}{t.level:<15}{t.rejected:>9}{t.tried:>5}"
            f"{t.equivalent:>11}{t.undecided:>10}"
        )
    seconds = time.perf_counter() - begin
    print(f"  {len(claims)} claims, {seconds:.1f} s")
    failures = [f for t in found for f in t.failures]
    for failure in failures:
        print(failure, file=sys.stderr)
    if failures:
        return 1
    if write:
        stored.write(zip(claims, found, strict=True))
    return 0


def _profile(path: Path) -> int:
    rows = [
        (step.seconds, claim.id, step.number, step.check.name)
        for claim in claims_of(path)
        for step in claim.steps()
    ]
    print(f"{path}")
    for seconds, claim, number, check in sorted(rows, reverse=True):
        print(f"  {seconds:8.3f} s  {claim:<28} step {number:<3} {check}")
    print(f"  {sum(r[0] for r in rows):8.3f} s  in {len(rows)} steps")
    return 0


def _index(folder: Path) -> int:
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    count, changed = index.write(folder)
    what = f"changed: {', '.join(changed)}" if changed else "nothing changed"
    print(f"{index.FOLDER}: {count} chapters, {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

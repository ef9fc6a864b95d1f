"""Refresh the files of other projects that the book serves itself.

    python book/tools/vendor.py refresh    # needs npm; rewrites the folder
    python book/tools/vendor.py check      # offline: hashes

`book/_static/vendor/lock.json` names every vendored package with its version,
its licence and the sha256 of each file. Readers' machines never run this.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "_static" / "vendor"
LOCK = VENDOR / "lock.json"
KATEX = "0.16.22"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def vendored_files(name: str) -> dict[str, str]:
    folder = VENDOR / name
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refresh() -> None:
    target = VENDOR / "katex"
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            ["npm", "pack", "--silent", f"katex@{KATEX}"],
            cwd=scratch,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(scratch).glob("katex-*.tgz")
        with tarfile.open(archive) as tar:
            read = {
                member.name.removeprefix("package/"): tar.extractfile(member)
                for member in tar.getmembers()
                if member.isfile()
            }
            files = {name: f.read() for name, f in read.items() if f}
    css = files["dist/katex.min.css"].decode()
    # Every browser in use reads woff2: the other two formats stay away.
    css = re.sub(r",url\(fonts/[^)]*\.(?:woff|ttf)\) format\(\S+?\)", "", css)
    target.mkdir(parents=True, exist_ok=True)
    (target / "fonts").mkdir(exist_ok=True)
    (target / "katex.min.css").write_text(css)
    (target / "katex.min.js").write_bytes(files["dist/katex.min.js"])
    (target / "LICENSE").write_bytes(files["LICENSE"])
    for name in sorted(set(re.findall(r"url\((fonts/[^)]*)\)", css))):
        (target / name).write_bytes(files[f"dist/{name}"])
    lock = {
        "katex": {
            "version": KATEX,
            "license": json.loads(files["package.json"])["license"],
            "files": vendored_files("katex"),
        }
    }
    LOCK.write_text(json.dumps(lock, indent=1, sort_keys=True) + "\n")
    print(f"vendored katex {KATEX}: {len(lock['katex']['files'])} files")


def check() -> list[str]:
    """Return what disagrees between the lock, the files and the packages."""
    lock = json.loads(LOCK.read_text())
    problems = []
    for name, entry in lock.items():
        if entry["files"] != vendored_files(name):
            problems.append(f"{name}: files differ from lock.json")
    return problems


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["refresh"]:
            refresh()
        case ["check"]:
            if problems := check():
                sys.exit("\n".join(problems))
            print("vendored files agree with lock.json")
        case _:
            sys.exit(__doc__)

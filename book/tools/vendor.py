"""Refresh the files of other projects that the book serves itself.

    python book/tools/vendor.py refresh    # needs npm; rewrites the folder
    python book/tools/vendor.py check      # offline: hashes and versions

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


def katex_version() -> str:
    """Version of the script inside sphinxcontrib-katex: ours must equal it."""
    from sphinxcontrib import katex

    return katex.katex_version


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
    version = katex_version()
    target = VENDOR / "katex"
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            ["npm", "pack", "--silent", f"katex@{version}"],
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
    (target / "LICENSE").write_bytes(files["LICENSE"])
    for name in sorted(set(re.findall(r"url\((fonts/[^)]*)\)", css))):
        (target / name).write_bytes(files[f"dist/{name}"])
    lock = {
        "katex": {
            "version": version,
            "license": json.loads(files["package.json"])["license"],
            "files": vendored_files("katex"),
        }
    }
    LOCK.write_text(json.dumps(lock, indent=1, sort_keys=True) + "\n")
    print(f"vendored katex {version}: {len(lock['katex']['files'])} files")


def check() -> list[str]:
    """Return what disagrees between the lock, the files and the packages."""
    lock = json.loads(LOCK.read_text())
    problems = []
    for name, entry in lock.items():
        if entry["files"] != vendored_files(name):
            problems.append(f"{name}: files differ from lock.json")
    if lock["katex"]["version"] != katex_version():
        problems.append(
            f"katex style is {lock['katex']['version']}, "
            f"but sphinxcontrib-katex brings {katex_version()}"
        )
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

"""The committed component is the one its sources give."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import kexue_lib.explore

FOLDER = Path(kexue_lib.explore.__file__).parent
RECORD = json.loads((FOLDER / "static" / "build.json").read_text("utf-8"))
PRECIOUS = ("Apache", "ISC", "MIT", "BSL")


def test_sources_are_built():
    digest = hashlib.sha256()
    js = FOLDER / "js"
    sources = sorted(path.name for path in (js / "src").iterdir())
    paths = ["build.mjs", "package-lock.json", *(f"src/{s}" for s in sources)]
    for path in paths:
        digest.update(f"{path}\n".encode() + (js / path).read_bytes())
    message = "run `npm ci && npm run build` in kexue_lib/explore/js"
    assert digest.hexdigest() == RECORD["sources"], message


def test_script_is_as_built():
    script = (FOLDER / "static" / "explorer.js").read_bytes()
    assert hashlib.sha256(script).hexdigest() == RECORD["script"]
    style = (FOLDER / "static" / "explorer.css").read_bytes()
    assert style == (FOLDER / "js" / "src" / "explorer.css").read_bytes()


def test_script_compiles_nothing_and_fetches_nothing():
    script = (FOLDER / "static" / "explorer.js").read_text("utf-8")
    for word in ("eval(", "Function(", "fetch(", "XMLHttp", "innerHTML"):
        assert word not in script, word
    assert "http" not in script.replace("http://www.w3.org/2000/svg", "")


def test_licences_of_all_that_is_inside():
    licences = json.loads(
        (FOLDER / "static" / "licenses.json").read_text("utf-8")
    )
    packages = [name for entry in licences for name in entry["packages"]]
    assert len(packages) > 20
    assert all(any(w in name for w in PRECIOUS) for name in packages)
    assert all(len(entry["text"]) > 500 for entry in licences)


def test_budget():
    import gzip

    share = sum(
        len(gzip.compress((FOLDER / "static" / name).read_bytes(), 9))
        for name in ("explorer.js", "explorer.css")
    )
    assert share < 60_000

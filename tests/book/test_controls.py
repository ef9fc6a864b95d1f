"""The stored results of the controls belong to the stored claims."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kexue_lib._canonical import digest
from kexue_lib.derive.index import stored_claims

READS = ("notebooks/*", "book/controls/*")
ROOT = Path(__file__).parents[2]
UNCHECKED = ("quoted", "heuristic")


STORED = sorted(ROOT.glob("book/controls/*.json"))


@pytest.mark.skipif(not STORED, reason="no controls are stored yet")
@pytest.mark.parametrize("file", STORED, ids=lambda p: p.stem)
def test_every_claim_shows_its_wrong_versions(file):
    """``python -m kexue_lib.derive controls NOTEBOOK --write`` mends it."""
    (path,) = ROOT.glob(f"notebooks/*/{file.stem}.ipynb")
    found = json.loads(file.read_text(encoding="utf-8"))["claims"]
    claims = stored_claims(path)
    assert {c["number"] for c in claims} == found.keys()
    stale = [
        c["number"]
        for c in claims
        if found[c["number"]]["digest"] != digest(c)
    ]
    assert not stale
    untried = [
        c["number"]
        for c in claims
        if c["level"] not in UNCHECKED and not found[c["number"]]["rejected"]
    ]
    assert not untried

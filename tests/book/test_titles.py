"""The title of a claim is its result, as a sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

READS = ("notebooks/*",)
ROOT = Path(__file__).parents[2]
MIME = "application/vnd.kexue.evidence+json"
LEAST, MOST = 4, 15


def titles(notebook):
    return [
        (data["number"], data["title"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if (data := output.get("data", {}).get(MIME))
    ]


def fault(title):
    """Say why a title is no sentence; a formula counts as one word."""
    words = re.sub(r"\$[^$]*\$", "x", title).split()
    if not LEAST <= len(words) <= MOST:
        return f"{len(words)} words"
    if title[0].islower():
        return "begins small"
    return "ends with a stop" if title[-1] in ".:;," else None


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ("The LegS matrix is lower triangular", None),
        ("$\\rho_N$ grows with $N$ like $N^2$", None),
        ("Odd numbers", "2 words"),
        ("word " * 16, "16 words"),
        ("the LegS matrix is triangular", "begins small"),
        ("The LegS matrix is triangular.", "ends with a stop"),
    ],
)
def test_what_is_a_sentence(title, wrong):
    assert fault(title) == wrong


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("notebooks/*/*.ipynb")), ids=lambda p: p.stem
)
def test_titles_are_sentences(path):
    found = titles(json.loads(path.read_text(encoding="utf-8")))
    wrong = {n: (t, why) for n, t in found if (why := fault(t))}
    assert not wrong
    repeated = len(found) - len({t for _, t in found})
    assert repeated == 0

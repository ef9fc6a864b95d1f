"""Tables of displays in stored notebooks: of the post, and of all of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

READS = ("notebooks/*", "tests/book/displays.json")
ROOT = Path(__file__).parents[2]
MIME = "application/vnd.kexue.coverage+json"
COUNTED = json.loads(Path(__file__).with_name("displays.json").read_text())


def tables(notebook):
    return [
        output["data"][MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]


def fault(slug, table):
    """Say in what a stored table is not about the chapter's post."""
    known = COUNTED["chapters"][slug]
    if (table["chapter"], table["post"]) != (slug, known["post"]):
        return f"is about post {table['post']} of {table['chapter']}"
    if table["unit"] == "statements":
        return known["displays"] and f"the post has {known['displays']}"
    if table["total"] != known["displays"]:
        return f"has {table['total']} displays, not {known['displays']}"
    return None


def test_the_counts_are_those_of_all_posts():
    listed = COUNTED["chapters"]
    assert len(listed) == 40
    assert sum(c["displays"] for c in listed.values()) == 502


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, False),
        ({"total": 33}, True),
        ({"post": 10137}, True),
        ({"unit": "statements"}, True),
    ],
)
def test_a_table_must_be_of_the_whole_post(changes, wrong):
    table = {
        "chapter": "hippo-matrices",
        "post": 10114,
        "unit": "displays",
        "total": 34,
    }
    assert bool(fault("hippo-matrices", table | changes)) is wrong


def test_statements_only_where_the_post_has_no_displays():
    table = {
        "chapter": "hwfa",
        "post": 9603,
        "unit": "statements",
        "total": 7,
    }
    assert not fault("hwfa", table)
    assert fault("hwfa", table | {"unit": "displays"})


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "notebooks").glob("*/*.ipynb")),
    ids=lambda p: p.stem,
)
def test_stored_tables(path):
    notebook = json.loads(path.read_text("utf-8"))
    found = {t["post"]: fault(path.stem, t) for t in tables(notebook)}
    # A chapter may also count a second post that it draws on.
    assert not found.get(COUNTED["chapters"][path.stem]["post"]), found

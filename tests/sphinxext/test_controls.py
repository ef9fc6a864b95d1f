"""What the controls of a claim did, in the foot of its block."""

from __future__ import annotations

import json

import pytest

from kexue_lib._canonical import digest
from kexue_lib.sphinxext import controls


def result(evidence, **changes):
    return {
        "tried": 9,
        "rejected": 9,
        "equivalent": 0,
        "undecided": 0,
        "example": "2n+1 -> 2n+2",
        "digest": digest(evidence),
    } | changes


def store(book, **claims):
    content = {"schema": "kexue.controls/1", "claims": claims}
    book.write("book/controls/one.json", json.dumps(content))


def foot(book, number="C1") -> list[str]:
    found = book.soup("one").select(
        f"#one-{number} .kx-foot > .kx-fact, #one-{number} .kx-relation"
    )
    return [" ".join(f.get_text().split()) for f in found]


NOTHING = ["ours"]
SAID = [
    "rejected 9 of 9 wrong versions",
    "ours",
    "a wrong version that was rejected: 2n+1 → 2n+2",
]


def test_the_foot_says_what_was_rejected(book, make_claim):
    first, second = make_claim("one.C1"), make_claim("one.C2")
    book.notebook("one", [first, second])
    store(book, C1=result(first))
    book.build()
    assert book.warnings == []
    assert foot(book) == SAID
    assert foot(book, "C2") == NOTHING


def test_new_results_reach_the_page(book, make_claim):
    made = make_claim("one.C1")
    book.notebook("one", [made])
    book.build()
    assert foot(book) == NOTHING
    store(book, C1=result(made))
    book.build()
    assert foot(book) == SAID


@pytest.mark.parametrize(("strict", "warned"), [(False, 0), (True, 1)])
def test_a_changed_claim_shows_nothing(book, make_claim, strict, warned):
    made = make_claim("one.C1")
    book.notebook("one", [make_claim("one.C1", title="Changed since")])
    store(book, C1=result(made))
    book.build(strict=strict)
    assert foot(book) == NOTHING
    assert len(book.warnings) == warned
    assert all("has changed since its controls" in w for w in book.warnings)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tried": 10}, "rejected 9 of 10 wrong versions"),
        (
            {"tried": 10, "undecided": 1},
            "rejected 9 of 10 wrong versions (1 undecided)",
        ),
        (
            {"tried": 12, "equivalent": 2, "undecided": 1},
            "rejected 9 of 12 wrong versions (2 equivalent, 1 undecided)",
        ),
    ],
)
def test_count(changes, said):
    assert controls.count(result({}, **changes)) == said


def test_an_example_is_plain_text():
    assert controls.example(result({}, example="")) == ""
    told = controls.example(result({}, example="<b>x</b> -> *y*"))
    assert told.endswith(": <b>x</b> → *y*")


def test_the_digest_does_not_depend_on_the_order_of_keys():
    one = {"a": {"b": "α", "c": 1}, "d": [1, 2]}
    two = {"d": [1, 2], "a": {"c": 1, "b": "α"}}
    assert digest(one) == digest(two)
    assert digest(one) != digest(one | {"d": [2, 1]})


def test_another_schema_is_an_error(tmp_path):
    folder = tmp_path / controls.FOLDER
    folder.mkdir(parents=True)
    (folder / "one.json").write_text('{"schema": "kexue.controls/9"}')
    assert controls.of_chapter(tmp_path, "two") == {}
    with pytest.raises(ValueError, match="schema"):
        controls.of_chapter(tmp_path, "one")

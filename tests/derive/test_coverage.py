"""``Chapter.covers``: what became of each display of a post."""

from __future__ import annotations

import pytest

from kexue_lib.derive import Chapter, ClaimError, by
from kexue_lib.derive.coverage import MIME


@pytest.fixture
def chapter():
    made = Chapter("demo")
    x = made.symbols("x", "real")
    made.claim("C1", "A square is a product").show(x**2 + x).eq(
        x * (x + 1), by.algebra()
    )
    made.claim("C2", "Words alone carry nothing").argue("it is so")
    made.claim("C3e", "A square is its double", source="post").refute(x**2).eq(
        2 * x
    )
    return made


def covers(chapter, settled, displays=3, **changes):
    return chapter.covers(
        10114, displays, settled, **{"copy": "2026-05"} | changes
    )


def test_claims_and_reasons_are_counted_apart(chapter):
    table = covers(
        chapter,
        {
            1: "definition: of the square",
            "2-4": "C1",
            5: "C3e C1",
            6: "C2",
            "7": "picture: a sketch",
            8: "open: we do not know",
            9: "quotation: of Bochner",
        },
        9,
    )
    assert table.counts == {
        "claim": 4,
        "words": 1,
        "definition": 1,
        "quotation": 1,
        "picture": 1,
        "open": 1,
    }
    assert table.share == pytest.approx(6 / 9)
    assert table.summary == (
        "4 of 9 displays of the post are settled by a claim; "
        "1 is only quoted or argued; 1 is a definition; 1 is a quotation; "
        "1 is a picture; 1 is open."
    )


def test_it_displays_itself(chapter):
    table = covers(chapter, {3: "C1", "1-2": "definition: of $x$"})
    bundle = table._repr_mimebundle_()
    data = bundle[MIME]
    assert data["schema"] == "kexue.coverage/1"
    assert (data["post"], data["copy"], data["total"]) == (10114, "2026-05", 3)
    assert data["rows"] == [
        {
            "first": 1,
            "last": 2,
            "kind": "definition",
            "claims": [],
            "reason": "of $x$",
        },
        {
            "first": 3,
            "last": 3,
            "kind": "claim",
            "claims": ["demo.C1"],
            "reason": "",
        },
    ]
    assert (
        "| 1-2 | definition: of $x$ |\n| 3 | C1 |" in bundle["text/markdown"]
    )
    assert bundle["text/plain"].startswith("1 of 3 displays of the post is")


def test_a_bar_does_not_end_a_cell(chapter):
    said = r"definition: of $|x| + \|A\|$ given y | z"
    bundle = covers(chapter, {"1-3": said})._repr_mimebundle_()
    assert (
        r"of $\vert x\vert  + \Vert A\Vert $ given y \| z |"
        in bundle["text/markdown"]
    )
    assert bundle[MIME]["rows"][0]["reason"] == r"of $|x| + \|A\|$ given y | z"


def test_the_page_takes_what_the_engine_makes(chapter):
    coverage = pytest.importorskip("kexue_lib.sphinxext.coverage")
    table = covers(chapter, {3: "C1", "1-2": "definition: of $x$"})
    assert coverage.MIME == MIME
    assert coverage.fault(table.to_dict()) is None
    assert coverage.mentions(table.to_dict()) == {"demo.C1"}


def test_statements_where_a_post_has_no_displays(chapter):
    table = covers(chapter, {"1-3": "C1"}, unit="statements")
    assert table.summary == (
        "3 of 3 statements of the specification (the post has no displays) "
        "are settled by a claim."
    )
    with pytest.raises(ClaimError, match="unit='statements'"):
        covers(chapter, {}, 0)


@pytest.mark.parametrize(
    ("settled", "message"),
    [
        ({1: "C1", 2: "C1"}, "left out: 3"),
        ({"1-3": "C1", 2: "C1"}, "named twice: 2"),
        ({1: "C1", "1 ": "C1", "2-3": "C1"}, "named twice: 1"),
        ({"1-4": "C1"}, "not among 1-3: 4"),
        ({"0-3": "C1"}, "not among 1-3: 0"),
        ({"3-1": "C1"}, "a number or a range"),
        ({"2-2": "C1", 1: "C1", 3: "C1"}, "a number or a range"),
        ({"a": "C1"}, "a number or a range"),
        ({-1: "C1"}, "a number or a range"),
        ({"1-3": "C9"}, "C9, which does not exist"),
        ({"1-3": "lru.C999"}, "C999, which does not exist"),
        ({"1-3": "C3e"}, "refuted: name the correction"),
        ({"1-3": ""}, "name a claim, or give a reason"),
        ({"1-3": "because: it is so"}, "a reason is one of"),
        ({"1-3": "definition:"}, "a reason is one of"),
        ({"1-3": "C1: see there"}, "a reason is one of"),
    ],
)
def test_what_is_refused(chapter, settled, message):
    with pytest.raises(ClaimError, match=message):
        covers(chapter, settled)


@pytest.mark.parametrize("copy", ["", "May 2026", "2026", "2026-5"])
def test_the_copy_has_a_date(chapter, copy):
    with pytest.raises(ClaimError, match="copy"):
        covers(chapter, {"1-3": "C1"}, copy=copy)

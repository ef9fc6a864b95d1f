"""The table of a post's displays in its page."""

from __future__ import annotations

import copy

from kexue_lib.sphinxext import coverage

CONTENT = {
    "schema": "kexue.coverage/1",
    "chapter": "one",
    "post": 10114,
    "copy": "2026-05",
    "unit": "displays",
    "total": 4,
    "counts": {
        "claim": 3,
        "words": 0,
        "definition": 1,
        "quotation": 0,
        "picture": 0,
        "open": 0,
    },
    "summary": "3 of 4 displays of the post are settled by a claim; "
    "1 is a definition.",
    "rows": [
        {
            "first": 1,
            "last": 1,
            "kind": "definition",
            "claims": [],
            "reason": "of $x$ <b>",
        },
        {
            "first": 2,
            "last": 4,
            "kind": "claim",
            "claims": ["one.C1", "two.C1"],
            "reason": "",
        },
    ],
}


def changed(**changes):
    return copy.deepcopy(CONTENT) | changes


def chapters(book, make_claim, content=CONTENT):
    book.notebook(
        "one",
        [make_claim("one.C1")],
        ":::{evidence-counts} one\n:::\n",
        more=[(coverage.MIME, content)],
    )
    book.notebook("two", [make_claim("two.C1")])
    return book.build()


def words(node) -> str:
    return " ".join(node.get_text(" ", strip=True).split())


def test_a_folded_table_with_links(book, make_claim):
    chapters(book, make_claim)
    assert book.warnings == []
    fold = book.soup("one").select_one("details.kx-coverage")
    assert words(fold.summary) == CONTENT["summary"]
    assert fold.a["href"] == "https://kexue.fm/archives/10114"
    assert "copy of 2026-05" in words(fold)
    rows = [words(r) for r in fold.select("tbody tr")]
    assert rows == [
        r"1 definition: of \(x\) <b>",
        "2–4 C1 ✓ , Chapter two C1 ✓",
    ]
    links = [a["href"] for a in fold.select("tbody a")]
    assert links == ["#one-C1", "two.html#two-C1"]
    assert not fold.select("b")


def test_counts_say_how_much_is_settled(book, make_claim):
    chapters(book, make_claim)
    for page in ("one", "evidence"):
        ledger = book.soup(page).select_one(".kx-ledger")
        assert words(ledger).endswith(CONTENT["summary"])


def test_several_posts_are_added_displays_and_statements_apart():
    other = changed(
        total=2,
        counts=CONTENT["counts"] | {"claim": 1, "quotation": 1},
    )
    specification = changed(unit="statements")
    assert coverage.together([CONTENT, other, specification]) == [
        "4 of 7 displays of the posts are settled by a claim; "
        "3 are definitions or quotations.",
        "3 of 4 statements of specifications are settled by a claim; "
        "1 are definitions or quotations.",
    ]
    assert coverage.together([]) == []


def test_a_missing_claim_is_a_warning(book, make_claim):
    gone = changed()
    gone["rows"][1]["claims"] = ["one.C9"]
    (warning,) = chapters(book, make_claim, gone).warnings
    assert "no such claim: one.C9" in warning


def test_a_changed_level_elsewhere_reaches_the_table(book, make_claim):
    chapters(book, make_claim)
    book.notebook(
        "two",
        [make_claim("two.C1", level="exact", level_with_ancestors="exact")],
    )
    book.build()
    assert (
        "Chapter two C1 = "
        in words(book.soup("one").select_one(".kx-coverage")) + " "
    )


def test_a_table_whose_counts_are_not_its_rows_is_refused(book, make_claim):
    for wrong in (
        changed(total=5),
        changed(schema="kexue.coverage/0"),
        changed(counts=CONTENT["counts"] | {"claim": 4}),
    ):
        assert coverage.fault(wrong)
    assert coverage.fault(CONTENT) is None
    (warning,) = chapters(book, make_claim, changed(total=5)).warnings
    assert "counts are not those of its rows" in warning
    assert book.soup("one").select(".kx-coverage") == []

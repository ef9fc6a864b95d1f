"""The collection of claims: warnings, incremental and parallel builds."""

from __future__ import annotations

import subprocess
import sys

import pytest


def only_warning(book) -> str:
    (warning,) = book.build().warnings
    return warning


def test_missing_claim_in_uses_is_a_warning(book, make_claim):
    book.notebook("one", [make_claim("one.C1", uses=["one.C9"])])
    warning = only_warning(book)
    assert "no such claim: one.C9" in warning
    assert "one.ipynb" in warning


def test_missing_claim_in_corrects_is_a_warning(book, make_claim):
    book.notebook("one", [make_claim("one.C1", corrects="two.C1e")])
    assert "no such claim: two.C1e" in only_warning(book)


def test_missing_claim_in_prose_is_a_warning(book):
    book.write("plain.md", "# Plain\n\nSee {claim}`one.C1`.\n")
    warning = only_warning(book)
    assert "no such claim: one.C1" in warning
    assert "plain.md" in warning


def test_claim_shown_twice_is_a_warning(book, make_claim):
    book.notebook("one", [make_claim("one.C1")])
    book.notebook("two", [make_claim("one.C1")])
    warning = only_warning(book)
    assert "claim one.C1 is shown twice, in one and in two" in warning


def test_stale_level_with_ancestors_is_a_warning(book, make_claim):
    weak = make_claim("one.C1", level="measured")
    book.notebook("one", [weak])
    book.notebook("two", [make_claim("two.C1", uses=["one.C1"])])
    warning = only_warning(book)
    assert "claim two.C1 says that with all it uses it is proved" in warning
    assert "but it is measured" in warning


def test_correction_of_what_is_not_refuted_is_a_warning(book, make_claim):
    book.notebook(
        "one", [make_claim("one.C1"), make_claim("one.C2", corrects="one.C1")]
    )
    assert "corrects one.C1, which is not refuted" in only_warning(book)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"level": "refuted", "level_with_ancestors": "refuted"},
            "claim one.C1 quotes a post: say where, and in which copy",
        ),
        ({}, "says what a source prints, and is not refuted"),
    ],
)
def test_quotation_without_a_date_or_of_what_holds_is_a_warning(
    book, make_claim, changes, said
):
    post = {"type": "post", "detail": "archives/1, eq. 2"}
    made = make_claim("one.C1", source=post, printed="a = c", **changes)
    book.notebook("one", [made])
    assert said in only_warning(book)


def test_unknown_chapter_is_a_warning(book):
    book.write("plain.md", "# Plain\n\n```{evidence-counts} nowhere\n```\n")
    assert "no chapter 'nowhere'" in only_warning(book)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"schema": "kexue.evidence/1"}, "$.schema"),
        ({"level": "certain"}, "$.level"),
        ({"uses": "one.C2"}, "$.uses"),
        ({"extra": 1}, "extra"),
        ({"statement": []}, "$.statement"),
    ],
)
def test_invalid_evidence_is_a_warning(book, make_claim, change, named):
    book.notebook("one", [make_claim("one.C1") | change])
    warning = only_warning(book)
    assert "stored evidence is not valid" in warning
    assert named in warning


def test_circular_uses_do_not_hang(book, make_claim):
    book.notebook(
        "one",
        [
            make_claim("one.C1", uses=["one.C2"]),
            make_claim("one.C2", uses=["one.C1"]),
        ],
    )
    assert book.build().warnings == []


def written(book) -> set[str]:
    """Return the pages that differ from the last time, by their times."""
    return {
        page.relative_to(book.out).with_suffix("").as_posix()
        for page in book.out.rglob("*.html")
        if page.stat().st_mtime_ns > book.stamp
    }


def rebuilt(book) -> set[str]:
    pages = book.out.rglob("*.html")
    book.stamp = max(page.stat().st_mtime_ns for page in pages)
    book.build()
    return written(book)


@pytest.fixture
def chapters(book, make_claim):
    """Four pages: two uses one, three is apart, plain mentions three."""
    book.notebook("one", [make_claim("one.C1")])
    book.notebook("two", [make_claim("two.C1", uses=["one.C1"])])
    book.notebook("three", [make_claim("three.C1")])
    book.write("plain.md", "# Plain\n\n{claim}`three.C1`\n")
    return book.build()


def test_nothing_changed_nothing_written(chapters):
    assert rebuilt(chapters) == set()


def test_changed_claim_reaches_exactly_the_pages_that_show_it(
    chapters, make_claim
):
    two = make_claim("two.C1", uses=["one.C1"], title="Changed $x$")
    chapters.notebook("two", [two])
    pages = rebuilt(chapters)
    assert {"one", "two", "evidence"} <= pages
    assert not {"three", "plain"} & pages
    assert "Changed" in chapters.html("evidence")
    # Its tooltip in the list of what uses one.C1:
    assert "Changed x" in chapters.html("one")
    # Only the changed notebook was read again.
    assert "0 added, 1 changed, 0 removed" in chapters.log


def test_new_use_appears_and_old_use_vanishes(chapters, make_claim):
    chapters.notebook("two", [make_claim("two.C1", uses=["three.C1"])])
    assert {"one", "three", "evidence"} <= rebuilt(chapters)
    assert "used by" in chapters.html("three")
    assert "used by" not in chapters.html("one")


def test_changed_level_reaches_prose_elsewhere(chapters, make_claim):
    chapters.notebook("three", [make_claim("three.C1", level="exact")])
    chapters.notebook(
        "three",
        [make_claim("three.C1", level="exact", level_with_ancestors="exact")],
    )
    pages = rebuilt(chapters)
    assert "plain" in pages
    assert "one" not in pages
    assert 'aria-label="exact"' in chapters.html("plain")


def test_removed_notebook_takes_its_claims_along(chapters):
    (chapters.src / "two.ipynb").unlink()
    assert {"one", "evidence"} <= rebuilt(chapters)
    assert chapters.warnings == []
    assert "two.C1" not in chapters.html("evidence")
    assert "used by" not in chapters.html("one")


def test_parallel_build_gives_the_same_pages(chapters):
    def bodies() -> list[str]:
        pages = ("one", "two", "plain", "evidence")
        return [str(chapters.soup(p).select_one(".body")) for p in pages]

    serial = bodies()
    # Sphinx reads in parallel from six pages on, and says so if it cannot.
    for number in range(4):
        chapters.write(f"more{number}.md", f"# More {number}\n")
    assert chapters.build(fresh=True, jobs=2).warnings == []
    assert bodies() == serial


def test_extension_imports_neither_torch_nor_sympy():
    program = (
        "import sys, kexue_lib.sphinxext.evidence\n"
        "assert not {'torch', 'sympy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

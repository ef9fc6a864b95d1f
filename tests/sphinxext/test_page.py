"""The overviews: counts, table, graph, errata, map."""

from __future__ import annotations

import re

from kexue_lib.sphinxext.evidence_page import consumed, trusted
from kexue_lib.sphinxext.store import entry

from .conftest import chain, claim, step

CHAPTER = "notebooks/ssm/hippo-matrices"


def words(node) -> str:
    return " ".join(node.get_text(" ", strip=True).split())


def test_counts_of_a_chapter_as_block_and_in_a_sentence(full):
    block, within = full.soup(CHAPTER).select(".kx-counts")
    assert block.name == "p"
    assert within.name == "span"
    wanted = (
        "5 results: 2 proved, 1 exact, 1 measured, 1 refuted and corrected"
    )
    assert within.get_text().replace("\xa0", " ") == wanted
    said = block.get_text().replace("\xa0", " ")
    assert said == (
        f"{wanted}. 0 of 4 proof steps are decided by the trusted core. "
        "3 of 4 edges are consumed by a check."
    )
    measured = block.select_one("a.kx-measured")
    assert measured["href"] == (
        "../../evidence.html#level_measured__chapter_hippo-matrices"
    )


def test_counts_of_what_is_trusted():
    core = {"core": True}
    proof = chain(
        "show",
        step(1, trusts=core),
        step(2),  # says nothing of the core
        step(3, level="cited", trusts=core),
    )
    found = [entry("page", claim("a.C1", chains=[proof]))]
    assert trusted(found) == (
        "1 of 3 proof steps is decided by the trusted core; "
        "1 quotes a named theorem."
    )
    assert trusted(found * 2).startswith("2 of 6 proof steps are decided")
    assert trusted([entry("page", claim("a.C3", level="measured"))]) == ""


def test_counts_of_edges():
    def found(*consumes):
        made = claim("a.C1", uses=["a.C2", "a.C3"], consumes=list(consumes))
        return [entry("page", made)]

    assert consumed(found("a.C2")) == "1 of 2 edges are consumed by a check."
    assert consumed(found()) == "0 of 2 edges are consumed by a check."
    assert consumed([entry("page", claim("a.C1"))]) == ""
    named = {"uses": ["a.C1", "a.C2"], "consumes": []}
    run = claim("a.C4", level="measured", **named)
    measured = "edges lead from a measurement to what it measures."
    both = consumed([*found("a.C2"), entry("page", run)])
    assert both == (f"1 of 2 edges are consumed by a check; 2 more {measured}")
    assert consumed([entry("page", run)]) == f"2 {measured}"


def test_lemmas_and_expectations_are_counted_apart(book, make_claim):
    book.notebook(
        "one",
        [
            make_claim("one.C1"),
            make_claim("one.C1a", rank="lemma"),
            make_claim("one.C1e", level="refuted"),
        ],
        "In short: {evidence-counts}`one`.",
    )
    book.build()
    said = words(book.soup("one").select_one(".kx-counts"))
    assert said.replace("\xa0", " ") == (
        "2 results: 1 proved , 1 expectation refuted ; and 1 lemma"
    )


def test_counts_of_the_book(full):
    counts = full.soup("evidence").select_one(".kx-counts")
    assert counts.get_text().startswith("6 results: 3\xa0proved, ")


def test_table_has_every_claim_once(full):
    rows = full.soup("evidence").select(".kx-table tr[data-level]")
    links = [row.th.a["href"] for row in rows]
    assert len(links) == len(set(links)) == 6
    row = next(r for r in rows if r.th.text == "C11e")
    assert row["data-level"] == "refuted"
    assert row["data-source"] == "post"
    assert row["data-kind"] == "identity"
    assert row["data-chapter"] == "hippo-matrices"
    assert row.th.a["href"] == f"{CHAPTER}.html#hippo-matrices-C11e"
    weak = next(r for r in rows if r["data-chapter"] == "hostile")
    assert "rests on measured" in words(weak)


def test_every_link_of_the_evidence_page_leads_somewhere(full):
    for link in full.soup("evidence").select("[role=main] a[href], a.kx-ref"):
        page, _, fragment = link["href"].partition("#")
        if ":" in page or re.match(r"level_", fragment):
            continue
        target = full.soup((page or "evidence.html").removesuffix(".html"))
        assert not fragment or target.find(id=fragment), link


def test_errata_list(full):
    (item,) = full.soup("evidence").select(".kx-errata > ol > li")
    said = words(item)
    assert "C11e" in said
    assert "The post prints ( eq. 12, copy of 2026-05 ):" in said
    assert r"\lambda_n = 2" in item.select_one("blockquote").text
    assert "Instead:" in said
    right = item.select_one(".kx-corrected a")
    assert right["href"] == f"{CHAPTER}.html#hippo-matrices-C11"
    assert item.select_one(".kx-counterexample") is not None
    # Without its names a statement may look like its own correction.
    assert r"\lambda_{n} = \frac{2}" in item.select_one(".kx-given").text


def test_expectations_are_another_list(book, make_claim):
    post = {"type": "post", "detail": "archives/1, copy of 2026-05"}
    quoted = make_claim(
        "one.C1e", level="refuted", source=post, printed="a = c"
    )
    book.notebook("one", [quoted, make_claim("one.C2e", level="refuted")])
    book.build()
    assert book.warnings == []
    errors = book.soup("evidence").select(".kx-errata > ol > li")
    others = book.soup("evidence").select(".kx-errata > ul > li")
    assert [words(e)[:3] for e in errors] == ["C1e"]
    assert [words(e)[:3] for e in others] == ["C2e"]
    assert "One might expect:" in words(others[0])
    rows = book.soup("evidence").select("tr[data-level=refuted]")
    assert ["an expectation" in words(r) for r in rows] == [False, True]
    assert rows[1].select_one(".kx-badge.kx-expected") is not None


def test_graph_reads_without_script(full):
    soup = full.soup("evidence")
    item = soup.find(id="graph-hippo-matrices-C14")
    assert words(item).startswith("Chapter notebooks/ssm/hippo-matrices C14")
    assert item.find_all("a")[1]["href"].endswith("#hippo-matrices-C10")


def test_map_of_a_part(full):
    svg = full.soup("part").select_one(".kx-map svg")
    links = [a["href"] for a in svg.find_all("a")]
    assert links == [
        "notebooks/ssm/hippo-matrices.html",
        "notebooks/ssm/hostile.html",
    ]
    assert "hostile rests on 1 claim of Chapter" in svg["aria-label"]
    assert svg.select(".kx-dashed") == []
    assert svg["aria-label"].endswith(": C14")
    assert len(svg.select(".kx-edge")) == 1
    assert svg.select_one("text.kx-number").text == "1"
    assert [t.text for t in svg.select(".kx-note")] == [
        "5 results",
        "1 result",
    ]


def test_map_counts_each_claim_of_a_chapter_once(book, make_claim):
    book.notebook(
        "notebooks/ssm/first", [make_claim("first.C1"), make_claim("first.C2")]
    )
    book.notebook(
        "notebooks/ssm/second",
        [
            make_claim("second.C1", uses=["first.C1"]),
            make_claim("second.C2", uses=["first.C1", "first.C2"]),
        ],
    )
    book.notebook(
        "notebooks/other/third", [make_claim("third.C1", uses=["first.C1"])]
    )
    book.write("part.md", "# Part\n\n```{claims-map} ssm\n```\n")
    book.build()
    assert book.warnings == []
    svg = book.soup("part").select_one(".kx-map svg")
    assert [t.text for t in svg.select("text.kx-number")] == ["2"]
    assert svg["aria-label"].endswith("first: C1, C2")


def test_map_dashes_what_is_only_mentioned(book, make_claim):
    book.notebook(
        "notebooks/ssm/first", [make_claim("first.C1"), make_claim("first.C2")]
    )
    book.notebook(
        "notebooks/ssm/second",
        [make_claim("second.C1", uses=["first.C1", "first.C2"], consumes=[])],
    )
    both = ["first.C1", "first.C2"]
    book.notebook(
        "notebooks/ssm/third",
        [make_claim("third.C1", uses=both, consumes=["first.C2"])],
    )
    book.write("part.md", "# Part\n\n```{claims-map} ssm\n```\n")
    book.build()
    svg = book.soup("part").select_one(".kx-map svg")
    edges = svg.select(".kx-edge")
    assert ["kx-dashed" in e["class"] for e in edges] == [True, False]
    assert [t.text for t in svg.select("text.kx-number")] == ["2", "1"]
    one, two = svg["aria-label"].split("; ")
    assert one.endswith(
        "second mentions 2 claims of Chapter notebooks/ssm/first: C1, C2"
    )
    assert two.endswith(
        "third rests on 1 claim of Chapter notebooks/ssm/"
        "first: C2, and mentions 1 claim more: C1"
    )


def test_map_is_left_out_where_chapters_are_fewer_than_two(book, make_claim):
    book.notebook("notebooks/ssm/alone", [make_claim("alone.C1")])
    book.write("part.md", "# Part\n\n```{claims-map} ssm\n```\n")
    book.build()
    assert book.warnings == []
    assert book.soup("part").find("svg") is None


def test_no_claims_at_all(book):
    book.notebook("notebooks/ssm/empty", [])
    book.write(
        "part.md",
        "# Part\n\n```{claims-map} ssm\n```\n\n"
        "```{errata}\n```\n\n{evidence-counts}`empty`\n",
    )
    book.build()
    assert book.warnings == []
    said = words(book.soup("evidence"))
    assert "no claims yet" in said
    assert "There are no claims yet." in said
    assert "No errata are known." in said

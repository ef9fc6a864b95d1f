"""A claim in its page: structure, links, escaping."""

from __future__ import annotations

import json

import pytest

from kexue_lib.sphinxext import evidence_block, foot, formulas, markup
from kexue_lib.sphinxext.derivation import derivation

from .conftest import chain, claim, formula, stated, step

CHAPTER = "notebooks/ssm/hippo-matrices"


def words(node) -> str:
    return " ".join(node.get_text(" ", strip=True).split())


def test_builds_without_warnings(full):
    assert full.warnings == []


def test_anchor_is_the_permanent_link(full):
    block = full.soup(CHAPTER).find(id="hippo-matrices-C10")
    assert "kx-claim" in block["class"]
    number = block.select_one("a.kx-number")
    assert number["href"] == "#hippo-matrices-C10"
    assert number.text == "C10"
    named = full.soup(CHAPTER).find(id=block["aria-labelledby"])
    assert words(named) == "C10 One sum carries all of LegS"


def test_badge_has_colour_symbol_and_word(full):
    page = full.soup(CHAPTER)
    for name, level, symbol in (
        ("C10", "proved", "✓"),
        ("C11e", "refuted", "✗"),
        ("C14", "measured", "±"),
    ):
        badge = page.select_one(f"#hippo-matrices-{name} .kx-badge")
        assert words(badge) == f"{symbol} {level}"
        assert f"kx-{level}" in badge["class"]


def test_long_derivation_is_folded_and_complete(full, examples):
    block = full.soup(CHAPTER).find(id="hippo-matrices-C10")
    fold = block.select_one("details.kx-derivation")
    assert not fold.has_attr("open")
    assert words(fold.summary) == "derivation 3 steps"
    (closed,) = fold.find_all("noscript")
    assert closed.parent is fold
    steps = fold.select("ol.kx-steps > li")
    assert [int(s["value"]) for s in steps] == [1, 2, 3]
    stored_steps = [s for c in examples[0]["chains"] for s in c["steps"]]
    for shown, kept in zip(steps, stored_steps, strict=True):
        line = f"{kept['relation']['latex']} {kept['rhs']['latex']}"
        assert shown.select_one("div.math").text.strip() == rf"\[{line}\]"
        assert kept["reason"] in words(shown)
        machine = shown.select_one("details.kx-checked")
        assert machine.select(".kx-reason") == []
        assert kept["check"] in words(machine.select_one(".kx-how"))
        assert kept["facts"][0]["value"] in words(shown)
    assert words(fold.select_one(".kx-chain-title")).startswith("Lemma sum")


def test_one_step_is_told_one_click_deep_and_not_repeated(full):
    block = full.soup(CHAPTER).find(id="hippo-matrices-C14")
    fold = block.select_one("details.kx-derivation")
    assert words(fold.summary) == "how it was checked"
    assert fold.select("details") == []
    assert len(block.select("div.math")) == 1
    assert r"allowed difference \(10^{-5}\)" in words(fold)


def test_what_was_measured_is_seen_without_a_click():
    facts = [{"name": "value", "value": "0.5"}, {"name": "n", "value": "9"}]
    measured = [
        chain("measure", step(level="measured", facts=facts), lhs=formula(x))
        for x in "xy"
    ]
    lines = [stated(f"{x} = b", level="measured") for x in "xy"]
    evidence = claim("a.C1", level="measured", statement=lines)
    evidence["chains"] = measured
    for line in evidence_block.statement(evidence).children:
        assert line.astext().endswith("0.5, n = 9")
    # About what no line says, it stands below them all.
    measured[1]["lhs"] = formula("z")
    *_, one, two, apart = evidence_block.statement(evidence).children
    assert one.astext().endswith("0.5, n = 9")
    assert two.astext() == r"\[y = b\]"
    assert apart.astext() == "0.5, n = 9"


def test_what_all_lines_suppose_is_said_once():
    both, own = formula("n > 3"), formula("m > 4")
    tends = formula(r"h \to 0")
    lines = [
        stated("a = b", where=[both, own, tends]),
        stated("c = d", where=[both, tends]),
    ]
    first, second = evidence_block.statement(
        claim("a.C1", statement=lines)
    ).children
    assert "n > 3" not in first.astext() + second.astext()
    assert "m > 4" in first.astext()
    assert r"h \to 0" in second.astext()
    said = formulas.given([], [], lines).astext()
    assert said == "for n > 3"


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"e < \frac{1}{1000000000000}", "e < 10^{-12}"),
        (r"\frac{1}{20000000000}", r"5 \cdot 10^{-11}"),
        (r"- \frac{1}{1000000}", "- 10^{-6}"),
        (r"\log{\left(1000000 \right)}", r"\log{\left(10^{6} \right)}"),
        (r"\frac{a}{12000000}", r"\frac{a}{12 \cdot 10^{6}}"),
        ("4503599627370496", "2^{52}"),
        (r"\frac{9446}{10000000}", r"\frac{9446}{10^{7}}"),
        (r"\frac{1}{1003000}", None),
        ("0.0000100", None),
        ("8999991", None),
        (r"\frac{1}{100}", None),
    ],
)
def test_powers_of_ten_are_written_as_such(latex, shown):
    text = markup.display(latex).astext()
    assert text == rf"\[{shown or latex}\]"


def test_assumptions_and_definitions(full):
    (given,) = full.soup(CHAPTER).select("#hippo-matrices-C10 .kx-given")
    assert given.name == "p"
    assert words(given).startswith(r"for integers \(m,\,n \ge 0\) ; where")
    assert r"v_{n} = \sqrt{2 n + 1}" in given.text


def test_refuted_shows_point_values_and_correction(full):
    block = full.soup(CHAPTER).find(id="hippo-matrices-C11e")
    assert words(block.select_one(".kx-wrong-label")) == (
        "The post prints ( eq. 12, copy of 2026-05 ):"
    )
    place = block.select_one(".kx-wrong-label a")
    assert place["href"] == "https://kexue.fm/archives/10114"
    quoted, ours = block.select(".kx-wrong div.math")
    assert quoted.text.strip() == r"\[\lambda_n = 2\]"
    assert quoted.parent.name == "blockquote"
    assert "2 n + 1" in ours.text
    said = words(block)
    assert said.index("prints") < said.index("read as:") < said.index("2 n +")
    example = block.select_one(".kx-counterexample")
    assert "n = 0" in words(example)
    sides = [words(dd) for dd in example.find_all("dd")]
    assert r"\frac{\sqrt{2}}{2}" in sides[0]
    assert sides[1] == r"\(\displaystyle 1\)"
    corrected = block.select_one(".kx-corrected a")
    assert corrected["href"] == "#hippo-matrices-C11"
    source = block.select_one(".kx-from-post a")
    assert words(source) == "eq. 12"
    assert source["href"] == "https://kexue.fm/archives/10114"


def test_uses_and_used_by_across_chapters(full):
    block = full.soup(CHAPTER).find(id="hippo-matrices-C14")
    (rests,) = [
        f for f in block.select(".kx-foot > .kx-fact") if "rests" in f.text
    ]
    assert [a["href"] for a in rests.find_all("a")] == ["#hippo-matrices-C10"]
    relations = block.select(".kx-derivation .kx-relation")
    used_by = relations[0].a
    assert used_by["href"] == "hostile.html#hostile-C1"
    assert words(relations[1]) == "mentioned by C11 ="
    assert relations[2]["href"] == (
        "../../evidence.html#graph-hippo-matrices-C14"
    )
    corrects = full.soup(CHAPTER).find(id="hippo-matrices-C11")
    assert "corrects C11e" in words(corrects)


def test_weaker_ancestor_is_told(full):
    block = full.soup("notebooks/ssm/hostile").find(id="hostile-C1")
    told = block.select_one(".kx-foot > .kx-resting")
    assert words(told).startswith("resting on a measured claim")
    assert told.a["href"] == "hippo-matrices.html#hippo-matrices-C14"
    proved = full.soup(CHAPTER).find(id="hippo-matrices-C10")
    assert proved.select_one(".kx-resting") is None


def test_role_links(full):
    first, second = full.soup(CHAPTER).select("p > a.kx-ref")[:2]
    assert first.get_text() == "C10✓"
    assert first["href"] == "#hippo-matrices-C10"
    assert "One sum carries all of LegS (proved)" in first["title"]
    assert second.get_text() == "the sum✓"
    far = full.soup("part").select_one("a.kx-ref")
    assert far["href"] == "notebooks/ssm/hostile.html#hostile-C1"


def test_hostile_strings_stay_data(full):
    for page in ("notebooks/ssm/hostile", CHAPTER, "evidence", "part"):
        soup = full.soup(page)
        assert not soup.select("b, u, i, img, svg[onload]")
        for script in soup.find_all("script"):
            inside = script.string or ""
            assert "alert" not in inside or (
                script["type"] == "application/json"
            )
        assert not soup.select("[onload], [onerror]")
    block = full.soup("notebooks/ssm/hostile").find(id="hostile-C1")
    title = block.select_one(".kx-title").text
    assert title.startswith("C1 </script><script>alert(1)</script> & ")
    assert r"\(a<b\)" in title
    statement = block.select_one(".kx-statement div.math").text
    assert r"\[a<b \& c</div><img src=x onerror=alert(1)>\]" in statement
    assert "<i>check</i>" in block.select_one(".kx-how").text


def test_data_for_the_script_is_sound_json(full):
    script = full.soup("evidence").select_one("script.kx-data")
    assert "<" not in script.string
    data = json.loads(script.string)
    hostile = data["claims"]["hostile.C1"]
    assert hostile["title"].startswith("</script><script>alert(1)")
    assert hostile["uses"] == ["hippo-matrices.C14"]
    assert data["order"][0].startswith("hippo-matrices") is True


def test_style_and_script_only_where_needed(full):
    for page in (CHAPTER, "evidence", "part"):
        assert "evidence.css" in full.html(page)
        assert "folds.js" in full.html(page)
        assert ("evidence.js" in full.html(page)) == (page == "evidence")
    for page in ("plain", "index"):
        for name in ("evidence.css", "evidence.js", "folds.js"):
            assert name not in full.html(page)
    assert (full.out / "_static" / "evidence.js").exists()


def test_claims_are_in_the_search(full):
    index = (full.out / "searchindex.js").read_text()
    assert "hippo-matrices-C10" in index


WORDS = {
    "latex": r"\text{replace }u(T)\text{ by its series}",
    "text": "replace $u(T)$ by its <series>",
}


def test_words_in_place_of_a_formula():
    words_only = stated(**WORDS)
    evidence = claim(
        "a.C1",
        level="heuristic",
        statement=[words_only],
        chains=[chain("argue", lhs=WORDS, level="heuristic")],
    )
    (line,) = evidence_block.statement(evidence).children
    (shown,) = line.children[0].children
    assert shown["name"] == "p"
    assert shown.astext() == "replace u(T) by its <series>"
    _, closed = derivation(evidence).children
    assert closed.astext() == "? Argument, not checked"


def test_a_link_in_words_stands_at_its_place_and_is_counted():
    evidence = claim(
        "a.C1",
        level="argued",
        chains=[
            chain("show", step(1)),
            chain("argue", lhs=WORDS, level="heuristic"),
            chain("show", step(2), label="end"),
        ],
    )
    summary, closed = derivation(evidence).children
    parts = closed.children
    assert summary.astext() == (
        "derivation 2 steps, every formula checked, 1 step in words"
    )
    assert [p["classes"][1] for p in parts] == [
        "kx-role-show",
        "kx-role-argue",
        "kx-role-show",
    ]
    assert "In words" in parts[1].astext()
    assert "by its <series>" in parts[1].astext()


def test_formulas_that_no_check_supports_are_not_called_checked():
    evidence = claim(
        "a.C1",
        level="heuristic",
        chains=[
            chain("show", step(1)),
            chain("argue", lhs=WORDS),
            chain("argue", step(2, level="heuristic")),
        ],
    )
    fold = derivation(evidence)
    assert fold.children[0].astext() == ("derivation 2 steps, 1 step in words")


def test_what_is_stated_is_shown_and_the_chains_are_its_derivation():
    evidence = claim(
        "a.C1",
        statement=[stated("p = q", where=[formula("n > 3")])],
        chains=[
            chain("show", step(1), where=[formula("m > 2")]),
            chain("states", step(2, check="follows"), lhs=formula("p")),
        ],
    )
    (line,) = evidence_block.statement(evidence).children
    (said,) = line.children
    assert [c.astext() for c in said.children] == [r"\[p = q\]", "for n > 3"]
    fold = derivation(evidence)
    assert fold.children[0].astext() == "derivation 2 steps"
    shown, states = fold.children[1].children
    assert "for m > 2" in shown.astext()
    assert "So the statement" in states.astext()


def test_lines_have_their_own_label_hypotheses_and_level():
    lines = [
        stated("a = b", label="a", where=[formula("N = 2"), formula("x<1")]),
        stated("c = d", label="b", level="exact"),
    ]
    evidence = claim("a.C1", statement=lines, level="exact")
    first, second = evidence_block.statement(evidence, "a-C1").children
    head, said = first.children
    assert head.astext() == "a ✓ proved"
    assert [c.astext() for c in said.children] == [
        r"\[a = b\]",
        "for N = 2, x<1",
    ]
    assert [c.astext() for c in second.children] == [
        "b = exact",
        r"\[c = d\]",
    ]
    assert first["ids"] == ["a-C1-a"]
    same = [line | {"level": "proved"} for line in lines]
    first, _ = evidence_block.statement(claim("a.C1", statement=same)).children
    assert first.children[0].astext() == "a"


def test_what_nobody_prints_is_an_expectation():
    evidence = claim("a.C1e", level="refuted")
    evidence["source"] = {"type": "post", "detail": "archives/1"}
    (wrong,) = evidence_block.statement(evidence).children
    assert "kx-expected" in wrong["classes"]
    assert wrong.children[0].astext() == "One might expect:"
    own = claim("a.C2e", level="refuted", printed="a = b")
    (wrong,) = evidence_block.statement(own).children
    assert "kx-expected" in wrong["classes"]


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (
            r"\begin{align} a &= b \\ c &= d\nonumber\end{align}",
            r"\[\begin{aligned} a &= b \\ c &= d\end{aligned}\]",
        ),
        (r"a = b\label{eq:1}", r"\[a = b\]"),
        (r"a\notag = \notagain", r"\[a = \notagain\]"),
        ("about $4 n$ times", "about 4 n times"),
        (
            r"\begin{equation*}\begin{aligned}a\end{aligned}\end{equation*}",
            r"\[\begin{aligned}a\end{aligned}\]",
        ),
    ],
)
def test_what_is_printed_loses_its_numbering_only(printed, shown):
    assert formulas.printed(printed).astext() == shown


def test_mentions_are_apart_from_what_a_claim_rests_on(book, make_claim):
    book.notebook(
        "one",
        [
            make_claim("one.C1"),
            make_claim("one.C2"),
            make_claim(
                "one.C3",
                uses=["one.C1", "one.C2"],
                consumes=["one.C2"],
            ),
        ],
    )
    book.build()
    assert book.warnings == []
    soup = book.soup("one")
    foot = [words(f) for f in soup.select("#one-C3 .kx-foot > .kx-fact")]
    assert foot == ["rests on C2 ✓", "ours"]
    deeper = [words(r) for r in soup.select("#one-C3 .kx-relation")]
    assert deeper == ["see also C1 ✓", "all it rests on"]
    assert words(soup.select_one("#one-C1 .kx-relation")) == (
        "mentioned by C3 ✓"
    )
    assert words(soup.select_one("#one-C2 .kx-relation")) == "used by C3 ✓"
    listed = book.soup("evidence").find(id="graph-one-C3")
    assert words(listed).endswith(
        "rests on Chapter one C2 ✓ ; mentions Chapter one C1 ✓"
    )


def test_a_mention_weakens_nothing(book, make_claim):
    weak = make_claim("one.C1", level="heuristic")
    strong = make_claim("one.C2", uses=["one.C1"], consumes=[])
    book.notebook("one", [weak, strong])
    book.build()
    assert book.warnings == []
    assert book.soup("one").select(".kx-resting") == []


def test_a_lemma_is_one_line_that_opens(book, make_claim):
    book.notebook("one", [make_claim("one.C1", rank="lemma")])
    book.build()
    block = book.soup("one").find(id="one-C1")
    assert block.name == "details"
    assert not block.has_attr("open")
    line, closed = block.find_all(recursive=False)
    assert words(line) == "C1 Title of C1 ✓ proved"
    assert line.find_all("a") == []  # one button, and nothing in it
    assert closed.name == "noscript"
    assert "a = b" in words(closed)
    assert block.find_all("noscript") == [closed]
    row = book.soup("evidence").select_one("tr[data-level]")
    assert "lemma, not counted" in words(row)


def test_a_measured_claim_names_what_it_exercises(book, make_claim):
    made = make_claim("one.C1", level="measured", exercises=["legs", "legt"])
    made["level_with_ancestors"] = "measured"
    book.notebook("one", [made])
    book.build()
    foot = book.soup("one").select_one("#one-C1 .kx-relation")
    assert words(foot) == "exercises legs , legt"
    assert [c.text for c in foot.find_all("code")] == ["legs", "legt"]


def trusting(*texts):
    steps = [
        step(i, trusts={"text": f"trusts {text}"})
        for i, text in enumerate(texts, 1)
    ]
    return foot.trusts(claim("a.C1", chains=[chain("show", *steps)]))


def test_what_a_proof_trusts_is_told_once():
    core = "the core alone"
    assert trusting() == ""
    assert trusting(core, core) == "trusts the core"
    assert trusting(core, f"{core}, where the inverses exist") == (
        "trusts the core, where the inverses exist"
    )
    assert trusting("Union bound", core) == "trusts the core; Union bound"
    assert trusting("one", "two", core, "three") == (
        "trusts the core; 3 named theorems"
    )

"""Levels, ancestors and counts, and Markdown lines: without Sphinx."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docutils import nodes

from kexue_lib.sphinxext import markup, store

from .conftest import chain, step

POST = {"source": {"type": "post", "detail": ""}, "printed": "a = b"}
READS = ("kexue_lib/*",)
ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "kexue_lib" / "derive" / "evidence.schema.json"
STYLE = ROOT / "kexue_lib" / "sphinxext" / "static" / "evidence.css"


@pytest.fixture
def claims(make_claim):
    """C3 uses C2 uses C1 (measured); C4 uses C3 and the missing C9."""
    made = [
        make_claim("a.C1", level="measured"),
        make_claim("a.C2", uses=["a.C1"], level_with_ancestors="measured"),
        make_claim("a.C3", uses=["a.C2"], level="exact"),
        make_claim("a.C4", uses=["a.C3", "a.C9"]),
    ]
    entries = {c["id"]: store.entry("page", c) for c in made}
    return store.Claims(entries, ["page"])


def test_levels_are_those_of_the_schema_and_of_the_engine():
    from kexue_lib.derive.levels import Level

    schema = json.loads(SCHEMA.read_text())["$defs"]["level"]["enum"]
    assert set(store.LEVELS) == set(schema)
    assert [level.value for level in Level] == store.LEVELS


def test_weakest():
    assert store.weakest(["exact", "proved", "measured"]) == "measured"


def test_ancestors_nearest_first(claims):
    found = [e.id for e in claims.ancestors("a.C4")]
    assert found == ["a.C3", "a.C2", "a.C1"]


def test_weak_spot_is_the_ancestor_of_that_level(claims):
    assert claims.weak_spot(claims.get("a.C2")).id == "a.C1"
    assert claims.weak_spot(claims.get("a.C1")) is None


def test_disagreement(claims):
    assert claims.disagreement(claims.get("a.C2")) is None
    assert claims.disagreement(claims.get("a.C3")) == "measured"
    # A missing ancestor has its own warning.
    assert claims.disagreement(claims.get("a.C4")) is None


def test_reading_order(make_claim):
    made = [make_claim("b.C2"), make_claim("b.C1"), make_claim("a.C1")]
    entries = {c["id"]: store.entry(c["chapter"], c) for c in made}
    order = store.Claims(entries, ["root", "a", "b"]).all
    assert [e.id for e in order] == ["a.C1", "b.C2", "b.C1"]


def test_tally(make_claim):
    made = [
        make_claim("a.C1"),
        make_claim("a.C2e", level="refuted", **POST),
        make_claim("a.C3e", level="refuted", **POST),
        make_claim("a.C4"),
        make_claim("a.C5e", level="refuted"),
    ]
    entries = [store.entry("page", c) for c in made]
    assert store.tally(entries, {"a.C2e", "a.C5e"}) == [
        ("proved", 2),
        ("refuted and corrected", 1),
        ("refuted", 1),
        ("expectation refuted", 1),
    ]


def test_what_nobody_prints_is_no_erratum(make_claim):
    found = [
        store.entry("page", make_claim("a.C1e", **changes))
        for changes in (
            {"level": "refuted", **POST},
            {"level": "refuted", **POST, "printed": ""},
            {"level": "refuted", "printed": "a = b"},  # ours, says the source
            POST,
        )
    ]
    assert [e.is_erratum for e in found] == [True, False, False, False]
    assert [e.is_expectation for e in found] == [False, True, True, False]


def test_a_claim_rests_on_what_was_consumed(make_claim):
    made = [
        make_claim("a.C1", level="heuristic"),
        make_claim("a.C2", level="measured"),
        make_claim(
            "a.C3",
            uses=["a.C1", "a.C2"],
            consumes=["a.C2"],
            level_with_ancestors="measured",
        ),
    ]
    claims = store.Claims(
        {c["id"]: store.entry("page", c) for c in made}, ["page"]
    )
    assert [e.id for e in claims.ancestors("a.C3")] == ["a.C2"]
    assert claims.disagreement(claims.get("a.C3")) is None
    assert claims.weak_spot(claims.get("a.C3")).id == "a.C2"
    assert claims.used_by("a.C1") == []
    assert [e.id for e in claims.mentioned_by("a.C1")] == ["a.C3"]
    assert store.edges(claims.all) == (1, 2, 0)


def test_steps_by_what_they_trust(make_claim):
    core = {"core": True}
    steps = [
        step(1, trusts=core),
        step(4, level="cited"),
        step(5, level="cited", trusts=core),
        step(6, level="measured"),
        step(7),  # says nothing of the core
    ]
    made = make_claim("a.C1", chains=[chain("show", *steps)])
    assert store.steps_of(made) == store.Steps(4, 1, 2)


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("plain", ["Text"]),
        ("a $x_1$ b", ["Text", "math", "Text"]),
        ("*em* **strong**", ["emphasis", "Text", "strong"]),
        ("`a*b*c`", ["literal"]),
        (r"costs \$5 and \$6", ["Text"] * 5),
        ("2 * 3 * 4", ["Text"]),
        ("$a*b*c$", ["math"]),
        ("**$x$ and *y***", ["strong"]),
        ("<b>$x$</b>", ["Text", "math", "Text"]),
        ("one $ alone", ["Text"]),
        ("", []),
        ("by *C4 ($p^*$)* at $a^*$", ["Text", "emphasis", "Text", "math"]),
    ],
)
def test_inline(line, kinds):
    assert [type(n).__name__ for n in markup.inline(line)] == kinds


def test_inline_keeps_every_character_of_text():
    line = "<script>&amp; \"q\" 'a' $x<y$ `c<d`"
    parts = markup.inline(line)
    assert "".join(n.astext() for n in parts) == (
        "<script>&amp; \"q\" 'a' x<y c<d"
    )
    assert not any(isinstance(n, nodes.raw) for n in parts)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (r"factor $\lambda_n = 2/\sqrt{2n+1}$", "factor λ_n = 2/√2n+1"),
        (r"$m \le n$ and *so* `on`", "m ≤ n and so on"),
        (r"$\left\{x, \mathrm{d}y\right\}$", "{x, dy}"),
        ("**$x$** <b>", "x <b>"),
    ],
)
def test_plain(line, said):
    assert markup.plain(line) == said


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4
        for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_levels_are_legible_in_both_themes():
    light, dark = re.findall(
        r"(?:root|dark\"\]) \{(.*?)\}", STYLE.read_text(), re.S
    )[:2]
    for block, page in ((light, "#ffffff"), (dark, "#121212")):
        colours = dict(re.findall(r"--kx-([a-z-]+): (#\w{6});", block))
        levels = {v.replace(" ", "-") for v in store.LEVELS}
        assert set(colours) == {*levels, "expected"}
        for name, colour in colours.items():
            a, b = sorted([luminance(colour), luminance(page)])
            assert (b + 0.05) / (a + 0.05) > 4.5, name

"""One claim of each kind, in a browser: nothing too wide, all legible."""

from __future__ import annotations

import pytest
from browsing import axe_findings

from kexue_lib.sphinxext import coverage, store

from .conftest import chain, claim, formula, new_book, stated, step
from .test_coverage import CONTENT

WIDE = (
    r"\left|\frac{a_{n}}{b_{n}} - \frac{1}{\sqrt{2 \pi n}}\right| \le "
    r"\frac{1}{12 n} \sum_{k=0}^{n} \frac{(-1)^{k}\binom{n}{k}}"
    r"{\left(m - k\right)! \left(k + m + 1\right)!} + x + y + z + u + v + w"
)
SET = r"N \in \{" + ", ".join(str(7 * n) for n in range(1, 30)) + r"\}"
WORDS = {"latex": r"\text{x}", "text": "For large $n$ one term carries it."}
FACTS = {
    "value": "-0.9983",
    "n": "4096",
    "seeds": "0-4",
    "interval": "95 % [-0.9991, -0.9975]",
    "tolerance": "1e-3",
    "origin": "derived",
}
POINT = {
    "point": [{"symbol": formula("n"), "value": formula("0")}],
    "lhs": formula(r"\frac{\sqrt2}{2}"),
    "rhs": formula(WIDE),
}


def kinds():
    """Every level; several lines; words; quotations; readings."""
    for number, level in enumerate(store.LEVELS):
        yield claim(f"one.L{number}", level=level, level_with_ancestors=level)
    yield claim(
        "one.C1",
        level="exact",
        level_with_ancestors="exact",
        uses=["one.L0", "one.L1"],
        consumes=["one.L0"],
        statement=[
            stated(WIDE, label="bound", where=[formula(r"n \to \infty")]),
            stated("A = B", label="size", level="exact", where=[formula(SET)]),
        ],
    )
    yield claim(
        "one.C2",
        level="argued",
        level_with_ancestors="argued",
        chains=[
            chain("show", step(1), where=[formula(SET)]),
            chain("argue", lhs=WORDS),
            chain("states", step(2, check="follows")),
        ],
    )
    facts = [{"name": n, "value": v} for n, v in FACTS.items()]
    yield claim(
        "one.C3",
        rank="lemma",
        level="measured",
        level_with_ancestors="measured",
        exercises=["some_function_of_the_library"],
        chains=[chain("measure", step(level="measured", facts=facts))],
    )
    at = "archives/10114, eq. 12, copy of 2026-05"
    wrong = chain("refute", step(level="refuted", counterexample=POINT))
    for number, printed in (("C4e", WIDE), ("C5e", "")):
        yield claim(
            f"one.{number}",
            level="refuted",
            level_with_ancestors="refuted",
            source={"type": "post", "detail": at},
            printed=rf"\begin{{equation}}{printed}\end{{equation}}"
            if printed
            else "",
            chains=[wrong],
        )
    yield claim("one.C4", corrects="one.C4e")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    book = new_book(tmp_path_factory.mktemp("kinds"))
    table = (coverage.MIME, CONTENT)
    book.notebook("one", list(kinds()), "{evidence-counts}`one`", [table])
    book.notebook("two", [claim("two.C1")])
    book.build()
    assert book.warnings == []
    return book


@pytest.fixture(params=["one", "evidence"])
def page(request, browser, built):
    context = browser.new_context(viewport={"width": 375, "height": 800})
    shown = context.new_page()
    shown.goto((built.out / f"{request.param}.html").as_uri())
    shown.evaluate(
        "for (const d of document.querySelectorAll('details')) d.open = true"
    )
    shown.wait_for_selector(".katex")
    yield shown
    context.close()


def test_every_formula_is_drawn(page):
    page.evaluate("kexue.typeset()")
    assert page.locator(".katex").count() > 10
    assert page.locator(".katex-error").count() == 0


def test_nothing_is_wider_than_a_phone(page):
    wide = (
        "[...document.querySelectorAll('.kx-claim, .kx-errata, .kx-coverage')]"
        ".filter(b => b.scrollWidth > b.clientWidth + 1).map(b => b.id)"
    )
    assert page.locator(".kx-claim, .kx-errata").count() > 0
    assert page.evaluate(wide) == []


def test_a_checker_of_accessibility_finds_nothing(page):
    within = ".kx-claim, .kx-errata, .kx-coverage, .kx-counts, .kx-graph"
    assert axe_findings(page, within) == []

"""What is closed on a page, in a browser with and without scripts."""

from __future__ import annotations

import nbformat
import pytest
from browsing import axe_findings

from .conftest import MIME, chain, claim, new_book, stated, step

PROVENANCE = """
:::{container} provenance
After 《某文》 by Su Jianlin, 24 May 2024, <https://kexue.fm/archives/10114>.
Papers: some.
:::

```{evidence-counts} one
```
"""


def cell(source, *, tags=(), **data):
    """A code cell; its outputs are the claim, or the text, that is given."""
    outputs = []
    if data:
        shown = {MIME: data["claim"]} if "claim" in data else {}
        shown["text/plain"] = data.get("text", "in a terminal")
        outputs = [nbformat.v4.new_output("display_data", data=shown)]
    made = nbformat.v4.new_code_cell(source, outputs=outputs)
    made["metadata"]["tags"] = list(tags)
    return made


def steps(*reasons):
    return [
        chain("show", *[step(i, reason=r) for i, r in enumerate(reasons, 1)])
    ]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    book = new_book(tmp_path_factory.mktemp("folds"))
    lemma = claim(
        "one.C1",
        rank="lemma",
        title="A lemma with $x^2$",
        statement=[stated("p = q", label="first"), stated("r=s", label="b")],
        chains=steps("because", "so"),
    )
    result = claim("one.C2", uses=["one.C1"], chains=steps("why", "", "then"))
    cells = [
        nbformat.v4.new_markdown_cell(f"# Chapter one\n{PROVENANCE}\nText."),
        cell("import setting_up"),
        cell("hidden = 1", tags=["hide-input"]),
        nbformat.v4.new_markdown_cell("## Section\n\nSee {claim}`one.C2`."),
        cell("the_lemma()", claim=lemma),
        cell("the_result()", claim=result),
        cell("print(7)", text="seven"),
        cell("algorithm()", tags=["open"]),
        nbformat.v4.new_markdown_cell("Far {claim}`two.C1`.\n\n" * 40),
        cell("last()", claim=claim("one.C3")),
        nbformat.v4.new_markdown_cell(
            "## Aside: further\n\nThe lead of it.\n\nA sidestep."
        ),
        cell("beside()", claim=claim("one.C4", rank="lemma")),
        nbformat.v4.new_markdown_cell(
            "### Deeper\n\nDeep.\n\n## Aside: short\n\nNothing more."
        ),
        nbformat.v4.new_markdown_cell("## End\n\nThe end."),
    ]
    for count, made in enumerate(cells):
        made["id"] = f"cell-{count}"
    notebook = nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python", "pygments_lexer": "ipython3"},
        },
    )
    book.write("one.ipynb", nbformat.writes(notebook))
    book.notebook("two", [claim("two.C1", title="Far $y$", level="exact")])
    book.build()
    assert book.warnings == []
    return book


@pytest.fixture
def visit(browser, built):
    wrong: list[str] = []
    contexts = []

    def go(fragment="", **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.goto((built.out / "one.html").as_uri() + fragment)
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []


def sees(page, text) -> bool:
    """Say whether a text stands on the page where one can see it."""
    found = page.get_by_text(text)
    return found.count() > 0 and found.first.is_visible()


# ---- the page as written --------------------------------------------------


def test_code_stands_beside_what_it_makes(built):
    soup = built.soup("one")
    foot = soup.select_one("#one-C2 > .kx-foot > details.kx-code")
    assert "the_result" in foot.text
    inside = soup.select_one("#one-C1 > noscript .kx-foot > details.kx-code")
    assert "the_lemma" in inside.text
    below = soup.select_one("div.cell > .cell_output + details.kx-code")
    assert "print" in below.text
    opened = soup.select_one("div.cell.tag_open > .cell_input")
    assert "algorithm" in opened.text
    assert opened.find_parent(["details", "noscript"]) is None


def test_what_only_prepares_is_not_there(built):
    soup = built.soup("one")
    prepared = soup.select("noscript.kx-setup")
    assert ["import" in p.text for p in prepared] == [True, False]
    assert "hidden" in prepared[1].text
    assert soup.select("details.hide") == []


def test_an_aside_shows_its_lead(built):
    (aside,) = built.soup("one").select("section > details.kx-aside")
    section = aside.parent
    assert section.h2.get_text().startswith("Aside: further")
    assert "The lead of it." in section.get_text()
    assert "The lead of it." not in aside.get_text()
    assert "1 claim, about 1 min" in aside.summary.get_text()
    assert aside.select_one("#one-C4") is not None
    assert aside.select_one("section#deeper") is not None
    assert "The end." not in aside.get_text()


def test_links_lead_into_an_aside(visit):
    page = visit()
    assert sees(page, "The lead of it.")
    assert not sees(page, "A sidestep.")
    for target in ("one-C4", "deeper"):
        page = visit(f"#{target}")
        assert page.locator(f"#{target}").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert sees(page, "A sidestep.")


def test_closed_blocks_do_not_nest(built):
    for page in ("one", "two"):
        assert built.soup(page).select("noscript noscript") == []


def test_the_quiet_line(built):
    line = built.soup("one").select_one("h1 + .kx-quiet")
    said = [
        " ".join(s.get_text().split())
        for s in line.find_all("span", recursive=False)
    ]
    assert said == [
        "after Su Jianlin, 24 May 2024",
        "2 results 2✓",
        "about 5 min",
    ]
    assert line.a["href"] == "https://kexue.fm/archives/10114"
    fold = line.select_one("details.kx-more")
    assert "Papers: some." in fold.text
    assert fold.select_one("p.kx-counts") is not None
    assert len(built.soup("one").select("p.kx-counts")) == 1


def test_a_chapter_names_those_it_builds_on(book, make_claim):
    head = "```{evidence-counts} two\n```"
    book.notebook("one", [make_claim("one.C1"), make_claim("one.C2")])
    uses = ["one.C1", "one.C2"]
    made = make_claim("two.C1", uses=uses, consumes=["one.C1"])
    book.notebook("two", [made, make_claim("two.C2", uses=["one.C2"])], head)
    book.build()
    line = book.soup("two").select_one(".kx-quiet")
    assert "builds on Chapter one" in " ".join(line.text.split())


def test_definitions_are_shown_once_in_a_section(book, make_claim):
    names = {"definitions": [{"latex": "v = w", "text": "v = w"}]}
    two = [make_claim("one.C1", **names), make_claim("one.C2", **names)]
    lemma = make_claim("one.C0", rank="lemma", **names)
    book.notebook("one", [lemma, *two], "## Section\n\nText.")
    book.build()
    told = {
        f"C{i}": "v = w" in book.soup("one").find(id=f"one-C{i}").text
        for i in range(3)
    }
    # A lemma is closed: what it shows nobody has seen.
    assert told == {"C0": True, "C1": True, "C2": False}


# ---- with scripts --------------------------------------------------------


def test_a_lemma_opens(visit):
    page = visit()
    assert page.locator("#one-C1 .kx-foot").count() == 0
    page.locator("#one-C1 > summary").click()
    assert page.locator("#one-C1 .kx-foot").is_visible()
    assert page.locator("#one-C1 .kx-statement .katex").count() == 2
    page.locator("#one-C1 .kx-derivation > summary").click()
    assert sees(page, "because")
    assert not page.locator("#one-C1 .kx-how").first.is_visible()
    page.locator("#one-C1 .kx-checked > summary").first.click()
    assert page.locator("#one-C1 .kx-how").first.is_visible()


@pytest.mark.parametrize(
    "name", ["one-C1", "one-C1-first", "one-C1-step-1", "one-C2-step-2"]
)
def test_a_link_opens_what_it_leads_into(visit, name):
    page = visit(f"#{name}")
    target = page.locator(f"#{name}")
    assert target.is_visible()
    claimed = page.locator(f"#{name.rsplit('-step')[0][:6]}")
    assert claimed.is_visible()
    assert page.evaluate(
        """name => {
          let at = document.getElementById(name);
          for (; at; at = at.parentElement)
            if (at.matches('details') && !at.open) return false;
          return true;
        }""",
        name,
    )


def test_an_address_of_nothing_does_no_harm(visit):
    page = visit("#%E0%A4%A")
    page.evaluate("location.hash = 'no-such\\u0022]-name'")
    page.evaluate("location.hash = 'one-C9'")
    assert page.locator("details[open]").count() == 0


def test_the_switch_shows_all_code_and_is_remembered(visit):
    page = visit()
    switch = page.get_by_role("button", name="show code")
    assert switch.get_attribute("aria-pressed") == "false"
    assert not sees(page, "setting_up")
    switch.focus()
    page.keyboard.press("Enter")
    assert switch.get_attribute("aria-pressed") == "true"
    for text in ("setting_up", "hidden", "the_result", "print"):
        assert sees(page, text), text
    # What is in a lemma is shown with it.
    page.locator("#one-C1 > summary").click()
    assert sees(page, "the_lemma")
    page.reload()
    assert sees(page, "setting_up")
    page.get_by_role("button", name="show code").click()
    assert not sees(page, "setting_up")
    assert not sees(page, "the_result")
    page.reload()
    assert not sees(page, "setting_up")


def test_code_opens_alone(visit):
    page = visit()
    page.locator("#one-C2 .kx-code > summary").click()
    assert sees(page, "the_result")
    assert not sees(page, "print")


def test_printing_opens_all_but_what_prepares(visit):
    page = visit()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for text in ("because", "the_lemma", "the_result", "Papers: some."):
        assert sees(page, text), text
    assert not sees(page, "setting_up")
    assert page.locator("noscript.kx-closed").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


@pytest.mark.parametrize("start", ["Control+f", "F3", "Meta+f"])
def test_a_search_in_the_page_finds_what_is_closed(visit, start):
    page = visit()
    text = "document.body.textContent.includes('because')"
    inert = "document.querySelectorAll('noscript.kx-closed').length"
    assert page.evaluate(inert) > 0
    page.keyboard.press(start)
    assert page.evaluate(inert) == 0
    assert page.evaluate(text)
    assert page.locator("details[open]").count() == 0
    # The browser opens the fold in which it found a word.
    page.evaluate("document.querySelector('#one-C1').open = true")
    page.wait_for_selector("#one-C1 .kx-statement .katex")


def test_without_scripts_all_can_be_read(visit):
    page = visit(java_script_enabled=False)
    assert page.get_by_role("button", name="show code").count() == 0
    for fold, inside in (
        ("#one-C1", ".kx-statement"),
        ("#one-C1 .kx-derivation", ".kx-reason"),
        ("#one-C2 .kx-code", ".cell_input"),
        (".kx-setup > .kx-code", ".cell_input"),
    ):
        text = page.locator(f"{fold} {inside}").first
        assert not text.is_visible(), fold
        page.locator(f"{fold} > summary").first.click()
        assert text.is_visible(), fold


def test_nothing_is_wrong_for_a_checker_of_accessibility(visit):
    for theme in ("light", "dark"):
        page = visit(color_scheme=theme)
        page.get_by_role("button", name="show code").click()
        for fold in page.locator("details").all():
            fold.evaluate("fold => { fold.open = true; }")
        page.locator("a.kx-ref").first.focus()
        within = ".kx-claim, .kx-quiet, .kx-code, .kx-hover"
        assert axe_findings(page, within) == []


# ---- cards ---------------------------------------------------------------


def test_a_card_of_a_claim_of_this_page(visit):
    page = visit()
    card = page.locator("#kx-hover")
    link = page.locator("p > a.kx-ref[href='#one-C2']").first
    link.hover()
    card.wait_for(state="visible")
    said = card.inner_text()
    assert "Title of C2" in said
    assert "✓ proved" in said
    assert card.locator(".kx-statement .katex").count() == 1
    assert card.locator("[id], a").count() == 0
    assert link.get_attribute("aria-describedby") == "kx-hover"
    assert link.get_attribute("title") is None
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert link.get_attribute("aria-describedby") is None


def test_a_card_of_a_closed_lemma_has_its_statement(visit):
    page = visit()
    page.locator("#one-C2 > .kx-foot a.kx-ref[href='#one-C1']").hover()
    card = page.locator("#kx-hover")
    card.wait_for(state="visible")
    assert card.locator(".kx-statement .katex").count() == 2
    assert page.locator("#one-C1 noscript").count() == 1


def test_a_card_of_another_page_by_keyboard(visit):
    page = visit()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hash") == "#two-C1":
            break
    card = page.locator("#kx-hover")
    assert card.is_visible()
    assert card.inner_text().split("\n")[0] == "Chapter two C1"
    assert "Far y" in card.inner_text()
    assert "= exact" in card.inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert "two C1" in card.inner_text() or not card.is_visible()


def test_no_card_at_a_touch(visit):
    page = visit(has_touch=True)
    page.locator("p > a.kx-ref[href='#one-C2']").first.tap()
    page.wait_for_timeout(400)
    assert not page.locator("#kx-hover").is_visible()


# ---- an example on another page ------------------------------------------


def test_an_example_is_the_block_of_its_chapter(book, make_claim):
    book.notebook("one", [make_claim("one.C1"), make_claim("one.C2")])
    book.write("reading.md", "# Reading\n\n```{claim-example} one.C2\n```\n")
    book.build()
    assert book.warnings == []
    block = book.soup("reading").select_one(".kx-example > .kx-claim")
    assert "Title of C2" in block.text
    assert block.select_one("a.kx-number")["href"] == "one.html#one-C2"
    assert "evidence.css" in book.html("reading")


def test_the_search_calls_a_claim_a_claim(book, make_claim):
    book.notebook("one", [make_claim("one.C1")])
    book.build()
    index = (book.out / "searchindex.js").read_text()
    assert '"claim claim"' not in index
    assert '["claim", "claim", "claim"]' in index

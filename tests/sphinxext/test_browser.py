"""Filters and graph in a browser, from a file, without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

C = "hippo-matrices"


@pytest.fixture
def visit(browser, full):
    """Open a page; at the end nothing may have gone wrong on it."""
    wrong: list[str] = []
    opened = []

    def go(address: str, **context):
        page = browser.new_context(**context).new_page()
        opened.append(page)
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on(
            "request",
            lambda r: r.url.startswith("http") and wrong.append(r.url),
        )
        name, _, fragment = address.partition("#")
        path = Path(full.out / f"{name}.html").as_uri()
        page.goto(f"{path}#{fragment}" if fragment else path)
        return page

    yield go
    for page in opened:
        page.context.close()
    assert wrong == []


def rows(page) -> list[str]:
    return page.locator("tr[data-level]:visible th").all_inner_texts()


def test_filters(visit):
    page = visit("evidence")
    assert len(rows(page)) == 6
    page.get_by_label("level").select_option("refuted")
    assert rows(page) == ["C11e"]
    assert page.locator(".kx-status").inner_text() == "1 of 6 claims"
    assert page.url.endswith("#level_refuted")
    page.locator(".kx-filters").get_by_label("source").select_option("own")
    assert rows(page) == []
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function(
        "document.querySelector('.kx-status').textContent == 'All 6 claims'"
    )
    page.get_by_label("words").fill("carries SUM")
    assert rows(page) == ["C10"]


def test_filters_from_the_address(visit):
    page = visit(f"evidence#level_proved__chapter_{C}")
    assert rows(page) == ["C7", "C10"]
    page = visit("evidence#level_nonsense__kind_%22%3E")
    assert len(rows(page)) == 6


def boxes(page) -> list[str]:
    return page.locator(".kx-canvas a .kx-node-name").all_text_contents()


def test_graph_of_the_claim_in_the_address(visit):
    page = visit(f"evidence#graph-{C}-C14")
    assert boxes(page) == ["C14 ±", "C10 ✓", "C7 ✓"]
    assert page.locator(".kx-canvas .kx-edge").count() == 2
    caption = page.locator(".kx-graph-caption").inner_text()
    assert "It rests on 2 claims." in caption


def test_graph_dashes_what_is_only_mentioned(visit):
    page = visit(f"evidence#graph-{C}-C11")
    assert boxes(page) == ["C11 =", "C14 ±", "C10 ✓", "C7 ✓"]
    dashed = page.locator(".kx-canvas .kx-dashed")
    assert dashed.count() == 1
    assert page.locator(".kx-canvas .kx-edge").count() == 4
    caption = page.locator(".kx-graph-caption").inner_text()
    assert "It rests on 2 claims. It mentions 1 more (dashed)." in caption
    page.get_by_text("What C11 rests on, as a list").click()
    item = page.locator(".kx-uses > ul > li").filter(has_text="C14")
    assert item.first.inner_text().endswith("(mentioned only)")


def test_graph_follows_keyboard_click_and_back(visit):
    page = visit(f"evidence#graph-{C}-C14")
    page.locator(".kx-canvas a").nth(1).focus()
    page.keyboard.press("Enter")
    assert boxes(page) == ["C10 ✓", "C7 ✓"]
    assert page.url.endswith(f"#graph-{C}-C10")
    page.go_back()
    assert boxes(page) == ["C14 ±", "C10 ✓", "C7 ✓"]
    page.get_by_label("depth").select_option("1")
    assert boxes(page) == ["C14 ±", "C10 ✓"]
    caption = page.locator(".kx-graph-caption").inner_text()
    assert "2 claims; the picture shows 1 of them." in caption


def test_graph_in_words(visit):
    page = visit(f"evidence#graph-{C}-C14")
    page.get_by_text("What C14 rests on, as a list").click()
    nested = page.locator(".kx-uses ul ul li").first
    assert "C7 (proved)" in nested.inner_text()


def test_hostile_strings_in_graph_and_filters(visit):
    page = visit("evidence#graph-hostile-C1")
    page.on("dialog", lambda d: pytest.fail(d.message))
    assert "</script><script>alert(1)" in (
        page.locator(".kx-graph-caption").inner_text()
    )
    assert page.locator("b, img").count() == 0


def test_reads_without_javascript(visit):
    page = visit("evidence", java_script_enabled=False)
    assert len(rows(page)) == 6
    page = visit(f"notebooks/ssm/{C}", java_script_enabled=False)
    page.get_by_text("Derivation").first.click()
    assert page.locator("ol.kx-steps").first.is_visible()


def test_print_opens_derivations(visit):
    page = visit(f"notebooks/ssm/{C}")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.kx-derivation:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.kx-derivation[open]").count() == 0


def test_phone_width_never_scrolls_the_page(visit):
    for name in ("evidence", f"notebooks/ssm/{C}"):
        page = visit(name, viewport={"width": 375, "height": 800})
        page.evaluate(
            "for (const d of document.querySelectorAll('details')) d.open = 1"
        )
        page.wait_for_selector(".katex")
        wide = (
            "[...document.querySelectorAll('.kx-claim, .kx-errata, .kx-graph')"
            "].filter(b => b.scrollWidth > b.clientWidth + 1).map(b => b.id)"
        )
        assert page.evaluate(wide) == []


def test_the_map_of_a_part_fits_a_phone(visit):
    page = visit("part", viewport={"width": 375, "height": 800})
    figure = page.locator(".kx-map")
    assert figure.evaluate("f => f.scrollWidth <= f.clientWidth")
    page.keyboard.press("Tab")
    page.locator(".kx-map a").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/notebooks/ssm/hostile.html")

"""Internal links and anchors of the built book; no host but our own."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Attributes that make a browser fetch something while it shows the page.
FETCHED = {"src", "srcset", "data", "poster"}
# Fragments that are a page's state (filters of the evidence table), which
# the page's script reads; they are no anchors.
STATE = re.compile(r"(level|chapter|kind|source)_")
FETCHED_LINKS = {"stylesheet", "preload", "icon", "modulepreload"}


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = {k: v or "" for k, v in attrs}
        self.anchors |= {given[k] for k in ("id", "name") if k in given}
        if tag in ("a", "area") and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and FETCHED_LINKS & set(given["rel"].split()):
            self.fetched.append(given["href"])
        self.fetched += [given[k] for k in FETCHED & given.keys()]


def problems_of(root: Path) -> list[str]:
    pages = {
        path.resolve(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.html"))
        if "_static" not in path.relative_to(root).parts
    }
    problems = []
    for path, page in pages.items():
        where = path.relative_to(root.resolve())
        for url in page.fetched:
            if urlsplit(url).netloc:
                problems.append(f"{where}: fetches {url}")
        for url in page.links + page.fetched:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = path
            if parts.path:
                base = root if parts.path.startswith("/") else path.parent
                target = (base / unquote(parts.path).lstrip("/")).resolve()
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                problems.append(f"{where}: {url} leads nowhere")
            elif (
                parts.fragment
                and target in pages
                and not STATE.match(parts.fragment)
                and unquote(parts.fragment) not in pages[target].anchors
            ):
                problems.append(f"{where}: {url} has no such anchor")
    return problems


def test_links_and_anchors(html):
    assert problems_of(html) == []


def test_the_check_sees_broken_links(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html">1</a><a href="#x">2</a>'
        '<img src="https://example.org/x.png"><a href="a.html#y" id="y">3</a>'
    )
    found = problems_of(tmp_path)
    assert len(found) == 3
    assert "leads nowhere" in found[1]
    assert "no such anchor" in found[2]


def test_style_sheets_fetch_nothing_elsewhere(html):
    for path in html.rglob("_static/**/*.css"):
        urls = re.findall(r"url\(([^)]*)\)", path.read_text(encoding="utf-8"))
        for url in urls:
            assert not urlsplit(url.strip("'\" ")).netloc, (path, url)

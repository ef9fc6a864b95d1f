"""The table of a post's displays, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes

from kexue_lib.sphinxext.links import Page, separated, xref
from kexue_lib.sphinxext.markup import inline, make

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from kexue_lib.sphinxext.markup import tag

MIME = "application/vnd.kexue.coverage+json"
SCHEMA = "kexue.coverage/1"
ARCHIVE = "https://kexue.fm/archives/"


class coverage(nodes.General, nodes.Element):
    """The place of the table; ``content`` is what the notebook stored."""


def fault(content: Any) -> str | None:
    """Return what is wrong with a stored table, or None."""
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        return f"its schema is not {SCHEMA}"
    listed = sum(r["last"] - r["first"] + 1 for r in content["rows"])
    if not listed == content["total"] == sum(content["counts"].values()):
        return "its counts are not those of its rows"
    return None


def mentions(content: Mapping[str, Any]) -> set[str]:
    """Return the ids of the claims that a table names."""
    return {c for row in content["rows"] for c in row["claims"]}


def of(env: BuildEnvironment, docnames: Iterable[str]) -> list[str]:
    """Return one sentence on the posts of some pages, if they say it."""
    stored = env.get_domain("claim").data["coverage"]
    listed = set(docnames)
    tables = [t for d in sorted(stored) if d in listed for t in stored[d]]
    return together(tables)


def together(tables: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what several tables say, displays and statements apart."""
    listed = list(tables)
    if len(listed) == 1:
        return [listed[0]["summary"]]
    said = []
    for unit, what in (
        ("displays", "displays of the posts"),
        ("statements", "statements of specifications"),
    ):
        counts = [t["counts"] for t in listed if t["unit"] == unit]
        total = sum(sum(c.values()) for c in counts)
        claims = sum(c["claim"] for c in counts)
        reasons = sum(c["definition"] + c["quotation"] for c in counts)
        if total:
            said.append(
                f"{claims} of {total} {what} are settled by a claim; "
                f"{reasons} are definitions or quotations."
            )
    return said


def table(page: Page, node: coverage) -> tag:
    """Return the table, folded below the sentence that sums it up."""
    content = node["content"]
    head = "statement" if content["unit"] == "statements" else "display"
    whole = make("table", cls="kx-table kx-displays")
    columns = [make("th", n, scope="col") for n in (head, "settled by")]
    whole += make("thead", make("tr", *columns))
    body = make("tbody")
    for row in content["rows"]:
        several = row["last"] > row["first"]
        name = (
            f"{row['first']}–{row['last']}" if several else f"{row['first']}"
        )
        if row["claims"]:
            by = separated([xref(page, node, c) for c in row["claims"]])
        else:
            by = [nodes.Text(f"{row['kind']}: "), *inline(row["reason"])]
        body += make("tr", make("th", name, scope="row"), make("td", *by))
    whole += body
    post = f"archives/{content['post']}"
    source = make(
        "p",
        "The post: ",
        make("a", post, href=f"{ARCHIVE}{content['post']}"),
        f", copy of {content['copy']}.",
        cls="kx-meta",
    )
    fold = make("details", cls="kx-coverage")
    fold += make("summary", content["summary"])
    fold += [source, whole]
    return fold


def setup(app: Sphinx) -> None:
    """Register the placeholder node with Sphinx."""
    app.add_node(coverage)

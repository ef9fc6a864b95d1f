"""The page of run times, from what ``python -m benchmarks`` has stored.

A benchmark is ``benchmarks/<part>/<topic>.py``; its result lies beside it.
The module says what the page is to say: ``TITLE``, ``WORDS`` (Markdown) and,
where it draws other results, ``DRAWS``, their names. It is read, not run.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from kexue_lib.sphinxext import measured

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FIRST = ("book",)
"""Folders whose results concern the whole book stand first."""
FOLDED = 12
"""Tables with more rows than this are folded."""


@dataclass(frozen=True)
class Benchmark:
    """A benchmark, its result, or both."""

    name: str
    title: str
    words: str
    draws: tuple[str, ...]
    result: dict[str, Any] | None


def benchmark(folder: Path, name: str) -> Benchmark:
    """Read what is known of the benchmark ``part/topic``."""
    path = folder / f"{name}.py"
    said: dict[str, Any] = {}
    if path.is_file():
        for node in ast.parse(path.read_text("utf-8")).body:
            match node:
                case ast.Assign(targets=[ast.Name(id=key)], value=value):
                    if key in ("TITLE", "WORDS", "DRAWS"):
                        said[key] = ast.literal_eval(value)
    stored = folder / f"{name}.json"
    return Benchmark(
        name,
        said.get("TITLE", name.rsplit("/", 1)[-1].capitalize()),
        said.get("WORDS", ""),
        tuple(said.get("DRAWS", ())),
        json.loads(stored.read_text("utf-8")) if stored.is_file() else None,
    )


def benchmarks(folder: Path) -> list[Benchmark]:
    """Return all benchmarks that have something to show, in page order."""
    names = {
        path.relative_to(folder).with_suffix("").as_posix()
        for pattern in ("*/*.py", "*/*.json")
        for path in folder.glob(pattern)
        if not path.stem.startswith("_")
    }
    found = [benchmark(folder, name) for name in sorted(names)]
    return sorted(
        (b for b in found if b.result or b.draws),
        key=lambda b: b.name.split("/")[0] not in FIRST,
    )


def table(columns: list[str], rows: list[list[str]]) -> nodes.table:
    """Return a plain table."""
    group = nodes.tgroup(cols=len(columns))
    group += [nodes.colspec(colwidth=1) for _ in columns]

    def row(cells: list[str]) -> nodes.row:
        return nodes.row(
            "", *(nodes.entry("", nodes.paragraph("", c)) for c in cells)
        )

    group += nodes.thead("", row(columns))
    group += nodes.tbody("", *(row(cells) for cells in rows))
    return nodes.table("", group)


class _Measured(SphinxDirective):
    """What both directives know: the folder, and what is stale."""

    @property
    def folder(self) -> Path:
        return Path(self.env.srcdir) / "benchmarks"

    def depend(self, paths: Iterator[Path]) -> None:
        for path in paths:
            # One that is gone would make the page outdated for ever.
            if path.exists():
                self.env.note_dependency(str(path))

    def stale(self, result: dict[str, Any]) -> str:
        """Say in what a result is not about the present book; else ""."""
        root = Path(self.env.srcdir)
        self.depend(root / source for source in result.get("sources", {}))
        chapters = [
            docname.rsplit("/", 1)[-1]
            for docname in self.env.found_docs
            if docname.startswith("notebooks/")
        ]
        return measured.stale(root, result, chapters)


class Measurements(_Measured):
    """``{measurements} part/topic``: the table of one result.

    The file ``benchmarks/<part>/<topic>.json`` holds ``machine``, ``date``,
    ``columns`` and ``rows`` (every cell is text as it is to be shown), and
    ``chapters`` or ``sources``: what was measured. One line takes the place
    of a table that no longer fits them.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the table and a line that says where and when."""
        name = self.arguments[0]
        self.depend(iter([self.folder / f"{name}.json"]))
        result = benchmark(self.folder, name).result
        if result is None:
            raise self.error(
                f"no measurements {name}: run python -m benchmarks {name}"
            )
        if why := self.stale(result):
            line = f"Not shown: it was measured on {result['date']} {why}. "
            command = nodes.literal("", f"python -m benchmarks {name}")
            said = [nodes.emphasis("", line + "To renew it: "), command]
            return [nodes.paragraph("", "", *said)]
        where = f"Measured {result['date']} on {result['machine']}."
        return [
            table(result["columns"], result["rows"]),
            nodes.paragraph("", "", nodes.emphasis("", where)),
        ]


class Benchmarks(_Measured):
    """``{benchmarks}``: a section for every benchmark of the project."""

    def run(self) -> list[nodes.Node]:
        """Build the sections, and depend on all that they are made of."""
        self.depend(self.folder.glob("*/*.py"))
        self.depend(self.folder.glob("*/*.json"))
        self.depend(iter([Path(self.env.srcdir) / "_toc.yml"]))
        return [self._section(b) for b in benchmarks(self.folder)]

    def _section(self, found: Benchmark) -> nodes.section:
        name = nodes.make_id(found.title)
        section = nodes.section("", nodes.title("", found.title), ids=[name])
        section["names"] = [nodes.fully_normalize_name(found.title)]
        self.state.document.note_implicit_target(section, section)
        lines = StringList(self._markdown(found).splitlines(), found.name)
        self.state.nested_parse(lines, 0, section)
        return section

    def _markdown(self, found: Benchmark) -> str:
        drawn = [benchmark(self.folder, name) for name in found.draws]
        for other in drawn:
            if other.result is None or self.stale(other.result):
                return f"*Not drawn: {other.name} has no present result.*"
        if found.result is None:
            return found.words
        shown = f"```{{measurements}} {found.name}\n```"
        folded = len(found.result["rows"]) > FOLDED
        if folded and not self.stale(found.result):
            shown = f":::{{dropdown}} All measurements\n{shown}\n:::"
        return f"{found.words}\n\n{shown}"


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.add_directive("measurements", Measurements)
    app.add_directive("benchmarks", Benchmarks)

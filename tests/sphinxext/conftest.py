"""A tiny book in a temporary folder, built by Sphinx."""

from __future__ import annotations

import copy
import io
import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

READS = ("book/_static/*", "tests/derive/evidence.example.json")
ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests" / "derive" / "evidence.example.json"
MIME = "application/vnd.kexue.evidence+json"
CONF = f"""
project = "test"
extensions = [
    "myst_nb", "kexue_lib.sphinxext.maths", "kexue_lib.sphinxext.evidence"
]
html_theme = "basic"
html_math_renderer = "kexue"
html_static_path = [{str(ROOT / "book" / "_static")!r}]
exclude_patterns = ["_build"]
myst_update_mathjax = False
myst_enable_extensions = ["dollarmath", "colon_fence"]
nb_execution_mode = "off"
nb_mime_priority_overrides = [
    ("html", "{MIME}", 1),
    ("html", "application/vnd.kexue.coverage+json", 1),
]
suppress_warnings = ["config.cache"]
"""
EVIDENCE = """
# Evidence

```{evidence-counts}
```

```{evidence-table}
```

```{claim-graph}
```

```{errata}
```
"""
PLAIN = "# A page without claims\n\nNothing here.\n"


def formula(latex: str) -> dict[str, str]:
    return {"latex": latex, "text": latex}


def stated(latex: str, **changes: Any) -> dict[str, Any]:
    """Return one line of a statement, as the engine stores it."""
    line = {"label": "", "level": "proved", "where": [], "formal": None}
    return formula(latex) | line | changes


def step(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return one step, as the engine stores it."""
    return {
        "number": number,
        "relation": formula("="),
        "rhs": formula("b"),
        "level": "proved",
        "check": "expand",
        "how": "the difference expands to $0$",
        "reason": "",
        "facts": [],
        "counterexample": None,
        "trusts": None,
    } | changes


def chain(role: str, *steps: dict[str, Any], **changes: Any) -> Any:
    """Return a chain of these steps, as the engine stores it."""
    return {
        "role": role,
        "label": "",
        "level": "proved",
        "where": [],
        "lhs": formula("a"),
        "steps": list(steps),
    } | changes


def claim(claim_id: str, **changes: Any) -> dict[str, Any]:
    """Return the evidence of a one-step claim, as the engine stores it.

    A check consumes all that it uses, unless ``consumes`` says less.
    """
    chapter, number = claim_id.split(".")
    level = changes.get("level", "proved")
    role = "refute" if level == "refuted" else "show"
    return {
        "schema": "kexue.evidence/2",
        "id": claim_id,
        "chapter": chapter,
        "number": number,
        "title": f"Title of {number}",
        "kind": "identity",
        "source": {"type": "own", "detail": ""},
        "level": level,
        "level_with_ancestors": level,
        "rank": "result",
        "uses": [],
        "consumes": changes.get("uses", []),
        "corrects": None,
        "printed": "",
        "exercises": [],
        "assumptions": [],
        "definitions": [],
        "statement": [stated("a = b", level=level)],
        "chains": [chain(role, step(level=level), level=level)],
    } | changes


@dataclass
class Book:
    """A book's folder; ``build`` writes its HTML to ``out``."""

    src: Path
    warnings: list[str] = field(default_factory=list)
    log: str = ""

    @property
    def out(self) -> Path:
        return self.src / "_build" / "html"

    def write(self, name: str, text: str) -> None:
        path = self.src / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def notebook(
        self,
        name: str,
        claims: list[dict[str, Any]],
        prose: str = "",
        more: Sequence[tuple[str, Any]] = (),
    ) -> None:
        """Write a notebook that shows the claims, one a cell.

        ``more`` are further outputs, pairs of MIME type and content.
        """
        cells = [nbformat.v4.new_markdown_cell(f"# Chapter {name}\n\n{prose}")]
        shown = [*[(MIME, evidence) for evidence in claims], *more]
        for count, (mime, content) in enumerate(shown, 1):
            output = nbformat.v4.new_output(
                "display_data",
                data={mime: content, "text/plain": "in a terminal"},
            )
            cells.append(
                nbformat.v4.new_code_cell(
                    "claim", execution_count=count, outputs=[output]
                )
            )
        for count, cell in enumerate(cells):
            cell["id"] = f"cell-{count}"
        kernel = {"name": "python3", "display_name": "Python 3"}
        language = {"name": "python", "pygments_lexer": "ipython3"}
        made = nbformat.v4.new_notebook(
            cells=cells,
            metadata={"kernelspec": kernel, "language_info": language},
        )
        self.write(f"{name}.ipynb", nbformat.writes(made))

    def build(
        self, *, fresh: bool = False, jobs: int = 1, strict: bool = False
    ) -> Book:
        """Build; the warnings are kept, none ends the build."""
        pages = sorted(
            str(path.relative_to(self.src).with_suffix(""))
            for pattern in ("*.md", "*.ipynb")
            for path in self.src.rglob(pattern)
            if "_build" not in path.parts and path.stem != "index"
        )
        toctree = "\n".join(["```{toctree}", *pages, "```"])
        index = f"# Book\n\n{toctree}\n"
        if not (self.src / "index.md").exists() or (
            (self.src / "index.md").read_text() != index
        ):
            self.write("index.md", index)
        said, warned = io.StringIO(), io.StringIO()
        with (
            warnings.catch_warnings(action="ignore"),
            patch_docutils(str(self.src)),
            docutils_namespace(),
        ):
            app = Sphinx(
                *map(str, (self.src, self.src, self.out, self.out.parent)),
                "html",
                status=said,
                warning=warned,
                freshenv=fresh,
                parallel=jobs,
                warningiserror=strict,
                keep_going=strict,
            )
            app.build(force_all=fresh)
        self.log = said.getvalue()
        self.warnings = [
            line
            for line in warned.getvalue().splitlines()
            if "WARNING" in line
        ]
        assert not re.search("ERROR|CRITICAL", warned.getvalue())
        return self

    def html(self, page: str) -> str:
        return (self.out / f"{page}.html").read_text(encoding="utf-8")

    def soup(self, page: str) -> BeautifulSoup:
        return BeautifulSoup(self.html(page), "html.parser")


def new_book(folder: Path) -> Book:
    book = Book(folder)
    book.write("conf.py", CONF)
    book.write("evidence.md", EVIDENCE)
    book.write("plain.md", PLAIN)
    return book


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return new_book(tmp_path)


@pytest.fixture
def make_claim() -> Any:
    return claim


@pytest.fixture(scope="session")
def examples() -> list[dict[str, Any]]:
    """The example claims that the engine's tests share."""
    return json.loads(EXAMPLES.read_text())


PRINTED = r"\begin{equation}\lambda_n = 2\label{eq:l}\end{equation}"
HOSTILE = r"</script><script>alert(1)</script> & \"q\" <b>x</b> 'y' $a<b$"


@pytest.fixture(scope="session")
def full(
    tmp_path_factory: pytest.TempPathFactory, examples: list[dict[str, Any]]
) -> Book:
    """The example claims, claims around them, and hostile strings: built."""
    made = new_book(tmp_path_factory.mktemp("full"))
    c10, c11e, c14 = copy.deepcopy(examples)
    hippo = "hippo-matrices"
    c10["consumes"], c14["consumes"] = c10["uses"], c14["uses"]
    c11e["printed"] = PRINTED
    c11e["source"]["detail"] = "archives/10114, eq. 12, copy of 2026-05"
    correction = claim(
        f"{hippo}.C11",
        corrects=f"{hippo}.C11e",
        level="exact",
        level_with_ancestors="exact",
        uses=[f"{hippo}.C10", f"{hippo}.C14"],
        consumes=[f"{hippo}.C10"],
    )
    made.notebook(
        "notebooks/ssm/hippo-matrices",
        [claim(f"{hippo}.C7"), c10, c11e, correction, c14],
        f":::{{evidence-counts}} {hippo}\n:::\n\n"
        f"As {{claim}}`{hippo}.C10` and {{claim}}`the sum <{hippo}.C10>`"
        f" show: {{evidence-counts}}`{hippo}`.",
    )
    hostile = claim(
        "hostile.C1",
        title=HOSTILE,
        source={"type": "post", "detail": HOSTILE},
        uses=[f"{hippo}.C14"],
        level_with_ancestors="measured",
        statement=[stated(r"a<b \& c</div><img src=x onerror=alert(1)>")],
        assumptions=[formula(r"n<m</span><script>alert(2)</script>")],
    )
    wild = hostile["chains"][0]["steps"][0]
    wild["how"] = wild["reason"] = HOSTILE
    wild["check"] = "<i>check</i>"
    wild["facts"] = [{"name": "<u>", "value": "</p><svg onload=alert(3)>"}]
    made.notebook("notebooks/ssm/hostile", [hostile])
    made.write(
        "part.md", "# Part\n\n```{claims-map} ssm\n```\n\n{claim}`hostile.C1`"
    )
    return made.build()

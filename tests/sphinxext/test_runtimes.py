"""Results of benchmarks: what they were measured on, and when they go."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kexue_lib.sphinxext import measured, runtimes

READS = ("benchmarks/*", "kexue_lib/*", "notebooks/*", "_toc.yml")
ROOT = Path(__file__).parents[2]
SOURCE = '''"""Module."""

def f(x):
    """Double."""
    # a comment
    return 2 * x
'''
CONF = """
extensions = ["myst_nb", "sphinx_design", "kexue_lib.sphinxext.runtimes"]
nb_execution_mode = "off"
suppress_warnings = ["config.cache"]
html_theme = "basic"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
"""
CHAPTERS = ["hippo-matrices", "lru"]


@pytest.fixture
def root(tmp_path):
    """A repository with one measured module."""
    (tmp_path / "kexue_lib" / "ssm").mkdir(parents=True)
    (tmp_path / "kexue_lib" / "ssm" / "scan.py").write_text(SOURCE)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("Double.", "Twice.", True),
        ("a comment", "another", True),
        ("\ndef", "\n\n\ndef", True),
        ("2 * x", "x + x", False),
        ("f(x)", "f(x, y=1)", False),
        ("    return", "    x = 'text'\n    return", False),
    ],
)
def test_only_code_counts(old, new, same):
    changed = SOURCE.replace(old, new)
    assert changed != SOURCE
    assert (measured.digest(changed) == measured.digest(SOURCE)) is same


def test_fresh_until_the_source_changes(root):
    result = {"sources": measured.sources(root, ["kexue_lib/ssm"])}
    assert measured.stale(root, result, CHAPTERS) == ""
    path = root / "kexue_lib" / "ssm" / "scan.py"
    path.write_text(SOURCE.replace("2", "3"))
    why = "before kexue_lib/ssm/scan.py changed"
    assert measured.stale(root, result, CHAPTERS) == why
    path.unlink()
    assert measured.stale(root, result, CHAPTERS) == why


def test_a_new_module_beside_it_changes_nothing(root):
    result = {"sources": measured.sources(root, ["kexue_lib/ssm/scan.py"])}
    (root / "kexue_lib" / "ssm" / "new.py").write_text("x = 1\n")
    assert measured.stale(root, result, [*CHAPTERS, "new"]) == ""


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (["lru", "hippo-matrices"], ""),
        (["lru"], "on 1 chapter; the book has 1 more"),
        (
            ["hippo-matrices", "lru", "gone"],
            "on 3 chapters; the book has not gone",
        ),
        (["gone", "lru"], "on 2 chapters; the book has 1 more and not gone"),
    ],
)
def test_the_whole_book_is_measured_on_its_chapters(root, then, why):
    assert measured.stale(root, {"chapters": then}, CHAPTERS) == why


def test_what_does_not_exist_cannot_be_measured(root):
    with pytest.raises(ValueError, match=r"measures: 'kexue_lib/no\.py'"):
        measured.sources(root, ["kexue_lib/no.py"])


def result(**changes):
    return json.dumps(
        {
            "machine": "a machine",
            "date": "2026-11-24",
            "columns": ["what", "time"],
            "rows": [["scan", "1 ms"]],
        }
        | changes
    )


@pytest.fixture
def page(book, root):
    """Write the page's folder; `page()` builds it and returns its sections."""
    assert book.src == root
    for name in ("conf.py", "evidence.md", "plain.md"):
        (root / name).unlink()
    book.write("conf.py", CONF)
    book.write("_toc.yml", "")
    book.write("runtimes.md", "# Run times\n\n```{benchmarks}\n```\n")
    book.write("notebooks/ssm/lru.md", "# Chapter\n")
    book.write(
        "benchmarks/ssm/scan.py",
        'TITLE = "Scans"\nWORDS = "Against *peers*."\n',
    )

    def build():
        book.build()
        assert not book.warnings
        return {
            section.find(["h2"]).get_text().rstrip("¶"): section
            for section in book.soup("runtimes").select("section section")
        }

    return book, build


def test_a_section_for_every_benchmark(page, root):
    book, build = page
    sources = measured.sources(root, ["kexue_lib/ssm"])
    book.write("benchmarks/ssm/scan.json", result(sources=sources))
    book.write("benchmarks/book/ci.json", result(chapters=["lru"]))
    book.write(
        "benchmarks/ssm/cost.py",
        'TITLE = "Drawn"\nWORDS = "A picture."\nDRAWS = ("ssm/scan",)\n',
    )
    book.write("benchmarks/ssm/unmeasured.py", 'TITLE = "Nothing yet"\n')
    sections = build()
    assert list(sections) == ["Ci", "Drawn", "Scans"]
    assert sections["Scans"].find("em").get_text() == "peers"
    assert sections["Scans"].find("td").get_text() == "scan"
    assert "Measured 2026-11-24 on a machine." in sections["Ci"].get_text()
    assert "A picture." in sections["Drawn"].get_text()


def test_stale_results_are_not_shown(page, root):
    book, build = page
    sources = measured.sources(root, ["kexue_lib/ssm"])
    book.write("benchmarks/ssm/scan.json", result(sources=sources))
    book.write("benchmarks/book/ci.json", result(chapters=["lru"]))
    book.write(
        "benchmarks/ssm/cost.py",
        'TITLE = "Drawn"\nWORDS = "A picture."\nDRAWS = ("ssm/scan",)\n',
    )
    build()
    book.write("kexue_lib/ssm/scan.py", SOURCE.replace("2", "3"))
    book.write("notebooks/ssm/new.md", "# New\n")
    book.write("_toc.yml", "new")
    sections = build()
    for title in ("Ci", "Scans"):
        assert sections[title].find("table") is None
        said = sections[title].get_text()
        assert "To renew it: python -m benchmarks" in said
    assert "the book has 1 more" in sections["Ci"].get_text()
    assert "scan.py changed" in sections["Scans"].get_text()
    assert "A picture." not in sections["Drawn"].get_text()


def test_long_tables_are_folded(page):
    book, build = page
    rows = [["scan", "1 ms"]] * (runtimes.FOLDED + 1)
    book.write("benchmarks/ssm/scan.json", result(sources={}, rows=rows))
    assert build()["Scans"].find("details").find("table")


class TestOurs:
    """The results and benchmarks of this book."""

    found = runtimes.benchmarks(ROOT / "benchmarks")

    def test_each_says_what_it_was_measured_on(self):
        for benchmark in self.found:
            stored = benchmark.result
            if stored is not None:
                assert {"chapters", "sources"} & stored.keys(), benchmark.name
                assert {"machine", "date", "columns", "rows"} <= stored.keys()

    def test_each_module_has_title_and_main(self):
        for path in (ROOT / "benchmarks").glob("*/[!_]*.py"):
            text = path.read_text()
            assert "\nTITLE = " in text, path
            assert "\nWORDS = " in text, path
            assert "\ndef main() -> None:" in text, path

    def test_each_result_has_its_module(self):
        for path in (ROOT / "benchmarks").glob("*/*.json"):
            assert path.with_suffix(".py").is_file(), path

    def test_an_unknown_name_is_one_line(self):
        run = subprocess.run(
            [sys.executable, "-m", "benchmarks", "ssm", "nonsense"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 1
        assert run.stderr.startswith("no benchmark nonsense; there are att")
        assert len(run.stderr.splitlines()) == 1

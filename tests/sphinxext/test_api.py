"""The API's pages are derived, and leave out nothing that is public."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from kexue_lib.derive import by
from kexue_lib.derive.index import stored_claims
from kexue_lib.derive.levels import Level
from kexue_lib.sphinxext import api, api_pages

READS = ("kexue_lib/*", "notebooks/*", "_toc.yml", "tests/*", "book/api/*")
ROOT = Path(__file__).parents[2]
FILES = {
    "kexue_lib/__init__.py": '"""All."""\n\ndef device():\n    """Where."""\n',
    "kexue_lib/_private.py": '"""Not shown."""\n',
    "kexue_lib/sphinxext/__init__.py": '"""A tool of the book."""\n',
    "kexue_lib/claims/a.json": "{}",
    "kexue_lib/optim/__init__.py": '''"""Optimisers. And more of them."""

from kexue_lib.optim import net
from kexue_lib.optim.muon import RULES, Step, muon, sign
from kexue_lib.optim.adam import adam

__all__ = ["RULES", "Step", "adam", "muon", "net", "sign"]
''',
    "kexue_lib/optim/muon.py": '''"""The matrix sign.

Chapter: muon
"""

RULES = ("a", "b")

def sign(x):
    """Sign."""

class Step(NamedTuple):
    """A step."""

def muon(x):
    """Muon."""
''',
    "kexue_lib/optim/adam.py": '''"""Moments of
gradients."""

def adam(): ...
''',
    "kexue_lib/optim/net/__init__.py": '''"""Nets."""

from kexue_lib.optim.net._deep import deep

__all__ = ["deep"]
''',
    "kexue_lib/optim/net/_deep.py": '"""Deep."""\n\nclass deep: ...\n',
}
PAGE = """\
.. Made by kexue_lib.sphinxext.api_pages: edit the docstrings.

kexue_lib.optim
===============

.. automodule:: kexue_lib.optim
   :no-members:

Moments of gradients
--------------------

.. autofunction:: kexue_lib.optim.adam

The matrix sign
---------------

.. automodule:: kexue_lib.optim.muon
   :no-members:
   :no-index:

.. autofunction:: kexue_lib.optim.sign

.. autoclass:: kexue_lib.optim.Step

.. autofunction:: kexue_lib.optim.muon

.. autodata:: kexue_lib.optim.RULES

Nets
----

.. automodule:: kexue_lib.optim.net
   :no-members:

Deep
~~~~

.. autoclass:: kexue_lib.optim.net.deep
   :members:
"""


@pytest.fixture
def library(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_page_in_full(library):
    packages = {p.name: p for p in api_pages.packages(library)}
    assert list(packages) == ["kexue_lib", "kexue_lib.optim"]
    assert packages["kexue_lib.optim"].summary == "Optimisers"
    assert api_pages.page(library, packages["kexue_lib.optim"]) == PAGE
    first = api_pages.page(library, packages["kexue_lib"])
    assert ".. autofunction:: kexue_lib.device" in first
    assert "optim" not in first


def test_only_what_changed_is_written(library):
    folder = library / "book" / "api"
    assert api_pages.write(library, folder) == ["kexue_lib", "optim"]
    (folder / "index.md").write_text("# The library\n")
    (folder / "gone.rst").touch()
    before = {p: p.stat().st_mtime_ns for p in folder.iterdir()}
    topic = library / "kexue_lib" / "optim" / "adam.py"
    topic.write_text('"""Adam."""\n\ndef adam(): ...\n')
    api_pages.write(library, folder)
    after = {p: p.stat().st_mtime_ns for p in folder.iterdir()}
    assert {p.name for p in before if before[p] != after.get(p)} == {
        "gone.rst",
        "optim.rst",
    }
    assert "Adam\n----" in (folder / "optim.rst").read_text()


@pytest.mark.parametrize(
    "package", api_pages.packages(ROOT), ids=lambda p: p.name
)
def test_everything_public_is_on_its_page(package):
    page = api_pages.page(ROOT, package)
    shown = set(
        re.findall(r"^\.\. (?:auto\w+|check):: ([\w.]+)", page, re.MULTILINE)
    )

    def public(name):
        module = importlib.import_module(name)
        names = {f"{name}.{n}" for n in module.__all__}
        modules = {n for n in names if inspect.ismodule(eval_name(n))}
        if name == api_pages.PACKAGE:
            return names - modules
        return names.union(*map(public, modules))

    assert public(package.name) <= shown


def eval_name(name):
    module, _, last = name.rpartition(".")
    return getattr(importlib.import_module(module), last)


# -- checks -----------------------------------------------------------------


@pytest.mark.parametrize("name", by.__all__)
def test_each_check_says_what_it_decides_and_takes(name):
    check = getattr(by, name)
    text = inspect.getdoc(check)
    assert text != inspect.getdoc(by.algebra) or name == "algebra"
    assert not text.startswith(f"{check.__name__}("), "dataclass's own text"
    for parameter in inspect.signature(check).parameters:
        assert re.search(rf"\b{parameter.rstrip('s')}s?\b", text), parameter


def test_arguments_as_authors_write_them():
    assert api.arguments(by.induction) == ["n", "start=0", "stride=1"]
    assert api.arguments(by.using) == ["source", "at=None", "then=algebra()"]
    assert api.arguments(by.algebra) == []


@pytest.mark.parametrize(
    ("check", "line"),
    [
        (by.algebra, "proved."),
        (
            by.using,
            "proved, or what the earlier result has if that is weaker.",
        ),
        (by.each, "exact, or what an inner check earns if that is weaker."),
        (by.balls, "certified."),
        (by.zscore, "measured."),
        (by.counterexample, "refuted."),
    ],
)
def test_the_level_that_a_check_can_earn(check, line):
    assert api.earned(check) == f"*Level: {line}*"


def test_no_stored_step_is_above_its_check():
    best = {
        getattr(by, name).name: getattr(by, name).best for name in by.__all__
    }
    seen = set()
    for path in (ROOT / "notebooks").glob("*/*.ipynb"):
        for claim in stored_claims(path):
            for chain in claim["chains"]:
                for step in chain["steps"]:
                    if step["check"] in best:
                        level = Level(step["level"])
                        assert level.rank >= best[step["check"]].rank, claim
                        seen.add(step["check"])
    assert len(seen) > 20


# -- links ------------------------------------------------------------------


def app(**options):
    return SimpleNamespace(config=SimpleNamespace(html_theme_options=options))


@pytest.mark.parametrize(
    ("module", "name", "file"),
    [
        ("kexue_lib.ssm", "hippo", "ssm/hippo"),
        ("kexue_lib.ssm", "LRU.forward", "ssm/lru"),
        ("kexue_lib.derive", "Claim.shown", "derive/claims"),
        ("kexue_lib.derive.by", "algebra", "derive/checks/algebra"),
    ],
)
def test_source_lines(module, name, file):
    path, first, last = api.place(module, name)
    assert path == ROOT / f"kexue_lib/{file}.py"
    lines = path.read_text().splitlines()[first - 1 : last]
    last_name = name.split(".")[-1].capitalize()
    assert re.search(rf"(def|class) {last_name}\b", "\n".join(lines), re.I)
    info = {"module": module, "fullname": name}
    assert api.source_link(app(), info) == (
        f"../../_modules/kexue_lib/{file}.html#L{first}"
    )
    repository = app(repository_url="https://github.com/a/b")
    assert api.source_link(repository, info) == (
        f"https://github.com/a/b/blob/main/kexue_lib/{file}.py#L{first}-L{last}"
    )


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("kexue_lib.ssm", "KINDS"),
        ("kexue_lib.ssm", "nothing"),
        ("kexue_lib.ssm", "LRU.train"),  # torch's
        ("kexue_lib", ""),
    ],
)
def test_no_link_where_there_are_no_lines(module, name):
    assert api.source_link(app(), {"module": module, "fullname": name}) is None


def test_source_page_is_text():
    page = api.source_page("a.py", "x = 1 < 2  # <script>\ny = 'é'\n")
    assert '<span id="L1">x = 1 &lt; 2  # &lt;script&gt;</span>\n' in page
    assert page.count("<span") == 2
    assert "<script>" not in page

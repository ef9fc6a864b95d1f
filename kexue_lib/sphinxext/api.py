"""The API: its pages, its index, its checks, and links to and from it.

A docstring says ``Chapter: hippo-matrices, claims C9, C10.`` and the page
shows links to the chapter and to the claims. What is documented, and where,
is decided in :mod:`.api_pages`.
"""

from __future__ import annotations

import dataclasses
import enum
import html
import importlib
import inspect
import os.path
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.ext.napoleon import GoogleDocstring
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import kexue_lib
from kexue_lib.sphinxext import api_pages

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

LIBRARY = Path(kexue_lib.__file__).parents[1]
FOLDER = "book/api"
SOURCES = "_modules"
"""Folder of the built book with the library's text, to be linked."""
LINE = re.compile(
    r"^(?P<indent>\s*)Chapter: (?P<slug>[a-z0-9-]+)(?P<rest>.*)$"
)
CLAIM = re.compile(r"\bC\d+\b")
log = logging.getLogger(__name__)


# -- pages ------------------------------------------------------------------


def write_pages(app: Sphinx, config: Config) -> None:
    """Make the pages, before anybody asks which pages there are."""
    folder = Path(app.srcdir) / FOLDER
    if folder.is_dir():
        api_pages.write(LIBRARY, folder)


def no_source_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Offer no "edit" or "download" of a page that is made."""
    if (Path(app.srcdir) / f"{pagename}.rst").is_file():
        context["page_source_suffix"] = ""
        context["sourcename"] = ""


class Packages(SphinxDirective):
    """``{api-packages}``: the packages of the library, with what they hold."""

    def run(self) -> list[nodes.Node]:
        """Build the list; it depends on the packages' own text."""
        found = nodes.definition_list(classes=["api-packages"])
        for package in api_pages.packages(LIBRARY):
            self.env.note_dependency(str(package.path))
            stem = package.name.removeprefix(f"{api_pages.PACKAGE}.")
            link = addnodes.pending_xref(
                "",
                nodes.literal("", package.name),
                refdomain="std",
                reftype="doc",
                reftarget=f"/{FOLDER}/{stem}",
                refdoc=self.env.docname,
                refexplicit=True,
                refwarn=True,
            )
            found += nodes.definition_list_item(
                "",
                nodes.term("", "", link),
                nodes.definition("", nodes.paragraph("", package.summary)),
            )
        return [found]


# -- checks -----------------------------------------------------------------


class CheckDirective(SphinxDirective):
    """``.. check:: kexue_lib.derive.by.algebra``, in reStructuredText.

    A check is a class, and authors use it as a function: autodoc would show
    the class, under the class's name.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Describe the check as a function, with its level and its users."""
        full = self.arguments[0]
        module, _, name = full.rpartition(".")
        check = getattr(importlib.import_module(module), name)
        self.env.note_dependency(inspect.getfile(check))
        first, *rest = (inspect.getdoc(check) or "").split("\n\n")
        text = "\n\n".join([first, earned(check), *rest])
        lines = [
            f".. py:function:: {name}({', '.join(arguments(check))})",
            f"   :module: {module}",
            "",
            *(
                f"   {line}"
                for line in GoogleDocstring(text, self.config).lines()
            ),
            "",
            f"   .. used-in:: {full}",
        ]
        found = nodes.Element()
        self.state.nested_parse(StringList(lines, full), 0, found)
        return found.children


def arguments(check: type) -> list[str]:
    """Return a check's arguments as text, with their defaults."""
    from kexue_lib.derive import by

    public = {getattr(by, name): name for name in by.__all__}
    made = {f.name: f.default_factory for f in dataclasses.fields(check)}
    found = []
    for name, parameter in inspect.signature(check).parameters.items():
        factory = made.get(name, dataclasses.MISSING)
        default = parameter.default
        if parameter.kind is parameter.VAR_POSITIONAL:
            found.append(f"*{name}")
        elif default is parameter.empty:
            found.append(name)
        elif factory in public:
            found.append(f"{name}={public[factory]}()")
        else:
            found.append(f"{name}={default}")
    return found


def earned(check: Any) -> str:
    """Return a line on the level: the best, and what may weaken it."""
    fields = {f.name: str(f.type) for f in dataclasses.fields(check)}
    weaker = [
        text
        for text, found in (
            ("an inner check earns", "Check" in " ".join(fields.values())),
            ("the earlier result has", "source" in fields),
        )
        if found
    ]
    if not weaker:
        return f"*Level: {check.best.value}.*"
    what = " or ".join(weaker)
    return f"*Level: {check.best.value}, or what {what} if that is weaker.*"


# -- links ------------------------------------------------------------------


def linked(line: str, docnames: dict[str, str]) -> str:
    """Return the line with the chapter and its claims turned into links."""
    found = LINE.match(line)
    if not found:
        return line
    slug = found["slug"]
    if slug not in docnames:
        log.warning("docstring names an unknown chapter: %s", slug)
        return line
    rest = CLAIM.sub(lambda m: f":claim:`{slug}.{m[0]}`", found["rest"])
    chapter = f":doc:`{slug} </{docnames[slug]}>`"
    return f"{found['indent']}Chapter: {chapter}{rest}"


def link_chapters(
    app: Sphinx,
    what: str,
    name: str,
    obj: Any,
    options: Any,
    lines: list[str],
) -> None:
    """Handle autodoc's docstring event."""
    docnames = {
        docname.rsplit("/", 1)[-1]: docname
        for docname in app.env.found_docs
        if docname.startswith("notebooks/")
    }
    lines[:] = [linked(line, docnames) for line in lines]


def without_machinery(
    app: Sphinx,
    what: str,
    name: str,
    obj: Any,
    options: Any,
    signature: str | None,
    returns: str | None,
) -> tuple[str, str | None] | None:
    """Leave out how an enumeration is called: nobody calls it."""
    if what == "class" and issubclass(obj, enum.Enum):
        return "", None
    return None


def without_summary(
    app: Sphinx,
    what: str,
    name: str,
    obj: Any,
    options: Any,
    lines: list[str],
) -> None:
    """Drop the first paragraph of a topic: it is the section's heading."""
    if what == "module" and name.count(".") > 1:
        end = lines.index("") if "" in lines else len(lines)
        del lines[:end]


def place(module: str, fullname: str) -> tuple[Path, int, int] | None:
    """Return file, first and last line of something public.

    None for what has no lines of its own: constants, fields.
    """
    found: Any = importlib.import_module(module)
    try:
        for part in fullname.split("."):
            found = getattr(found, part)
        found = inspect.unwrap(getattr(found, "fget", None) or found)
        path = inspect.getsourcefile(found)
        lines, first = inspect.getsourcelines(found)
    except (AttributeError, TypeError, OSError):
        return None
    if path is None or LIBRARY / api_pages.PACKAGE not in Path(path).parents:
        return None
    return Path(path), first, first + len(lines) - 1


def source_link(app: Sphinx, info: dict[str, str]) -> str | None:
    """Return the address of the source: in the repository, or in the book."""
    if not info["module"] or not info["fullname"]:
        return None
    found = place(info["module"], info["fullname"])
    if found is None:
        return None
    path, first, last = found
    name = path.relative_to(LIBRARY).as_posix()
    options = app.config.html_theme_options
    if url := options.get("repository_url"):
        branch = options.get("repository_branch") or "main"
        return f"{url}/blob/{branch}/{name}#L{first}-L{last}"
    here = f"{SOURCES}/{name.removesuffix('.py')}.html"
    return f"{os.path.relpath(here, FOLDER)}#L{first}"


def resolve_sources(app: Sphinx, config: Config) -> None:
    """Tell Sphinx's ``linkcode`` where sources are."""
    config.linkcode_resolve = lambda domain, info: (
        source_link(app, info) if domain == "py" else None
    )


STYLE = """\
:root { color-scheme: light dark; }
body { font-family: sans-serif; margin: 1rem; }
pre { counter-reset: line; overflow-x: auto; line-height: 1.4; }
pre span { counter-increment: line; }
pre span::before { content: counter(line); display: inline-block;
  width: 3em; margin-right: 1em; text-align: right; opacity: 0.5; }
pre span:target { background: light-dark(#fff3b0, #4d4419); }
"""


def source_page(name: str, text: str) -> str:
    """Return a page with the text of a module, each line with an anchor."""
    lines = "".join(
        f'<span id="L{number}">{html.escape(line)}</span>\n'
        for number, line in enumerate(text.splitlines(), 1)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{name}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{name}</h1>\n<pre>\n{lines}</pre>\n</body>\n</html>\n"
    )


def write_sources(app: Sphinx, error: Exception | None) -> None:
    """Put the library's text into a book that names no repository."""
    named = app.config.html_theme_options.get("repository_url")
    there = (Path(app.srcdir) / FOLDER).is_dir()
    if error or app.builder.format != "html" or named or not there:
        return
    library = LIBRARY / api_pages.PACKAGE
    for path in library.rglob("*.py"):
        name = path.relative_to(LIBRARY).as_posix()
        if path.relative_to(library).parts[0] in api_pages.INTERNAL:
            continue
        target = Path(app.outdir) / SOURCES / name.replace(".py", ".html")
        text = source_page(name, path.read_text("utf-8"))
        if not target.is_file() or target.read_text("utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.setup_extension("sphinx.ext.linkcode")
    # Before sphinx_external_toc looks for files that no entry names.
    app.connect("config-inited", write_pages, priority=100)
    app.connect("config-inited", resolve_sources)
    app.connect("autodoc-process-docstring", link_chapters)
    app.connect("autodoc-process-signature", without_machinery)
    app.connect("autodoc-process-docstring", without_summary, priority=400)
    app.connect("html-page-context", no_source_page, priority=100)
    app.connect("build-finished", write_sources)
    app.add_directive("check", CheckDirective)
    app.add_directive("api-packages", Packages)

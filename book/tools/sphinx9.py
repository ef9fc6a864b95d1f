"""Build the book with Sphinx alone: the way out of Jupyter Book 1.

    python book/tools/sphinx9.py OUT

Jupyter Book 1 is kept, not developed, and holds Sphinx at version 7. All
that this book uses of it is that it turns `_config.yml` into a configuration
of Sphinx; here that takes a page. `tests/package/test_exit.py` builds every
week with the newest Sphinx and themes; when Sphinx 7 no longer runs, this is
the command of `make book`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml
from chapters import ROOT, BookError

# Parts of Jupyter Book itself.
LEFT_OUT = {"jupyter_book", "sphinx_jupyterbook_latex"}
# `_config.yml` -> Sphinx, where only the name differs.
NAMES = {
    "title": "html_title",
    "author": "author",
    "copyright": "copyright",
    "logo": "html_logo",
    "exclude_patterns": "exclude_patterns",
    "only_build_toc_files": "external_toc_exclude_missing",
    "bibtex_bibfiles": "bibtex_bibfiles",
    "execute.execute_notebooks": "nb_execution_mode",
    "parse.myst_enable_extensions": "myst_enable_extensions",
    "html.favicon": "html_favicon",
    "html.use_multitoc_numbering": "use_multitoc_numbering",
}
THEME = {
    "repository.url": "repository_url",
    "repository.branch": "repository_branch",
    "html.home_page_in_navbar": "home_page_in_toc",
    "html.extra_footer": "extra_footer",
}
# Themes after pydata's 0.15 show a second search field in the page's header.
ONE_SEARCH: dict[str, Any] = {"navbar_persistent": []}
# What Jupyter Book sets where `_config.yml` is silent, and the book needs.
DEFAULTS: dict[str, Any] = {
    "external_toc_path": "_toc.yml",
    "html_sourcelink_suffix": "",
    "html_theme": "sphinx_book_theme",
    "myst_url_schemes": ["mailto", "http", "https"],
    "numfig": True,
}


def settings(root: Path = ROOT) -> dict[str, Any]:
    """Return the Sphinx configuration that `_config.yml` stands for.

    Raises:
        BookError: `_config.yml` uses a key that this reader does not know.
    """
    book = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    sphinx = book.pop("sphinx")
    given = {
        f"{name}.{key}" if key else name: value
        for name, part in book.items()
        for key, value in (
            part.items() if isinstance(part, dict) else [("", part)]
        )
    }
    if unknown := given.keys() - NAMES.keys() - THEME.keys():
        raise BookError(f"_config.yml: sphinx9.py knows no {sorted(unknown)}")
    theme = {THEME[key]: given[key] for key in THEME.keys() & given.keys()}
    named = {NAMES[key]: given[key] for key in NAMES.keys() & given.keys()}
    config = DEFAULTS | named | sphinx["config"]
    theme |= ONE_SEARCH | config["html_theme_options"]
    config["html_theme_options"] = theme
    config["extensions"] = [
        name for name in config["extensions"] if name not in LEFT_OUT
    ]
    return config


def main(out: Path) -> int:
    """Build all pages anew; any warning fails."""
    from sphinx.application import Sphinx

    app = Sphinx(
        srcdir=ROOT,
        confdir=None,
        outdir=out,
        doctreedir=out.parent / f"{out.name}.doctrees",
        buildername="html",
        confoverrides={**settings(), "nitpicky": True},
        freshenv=True,
        warningiserror=True,
    )
    app.build()
    return app.statuscode


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).resolve()))

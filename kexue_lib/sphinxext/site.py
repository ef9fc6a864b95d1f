"""What the whole site needs: buttons by repository, static files, 404 page."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment


def show_buttons(app: Sphinx, config: Config) -> None:
    """Offer Colab, source and correction links iff a repository is named."""
    options = config.html_theme_options
    if not options.get("repository_url"):
        options.pop("repository_url", None)
        return
    options["launch_buttons"] = {
        "colab_url": "https://colab.research.google.com"
    }
    for button in ("repository", "edit_page", "issues"):
        options[f"use_{button}_button"] = True


def static_digest(app: Sphinx) -> str:
    """Hash the book's static files and templates."""
    digest = hashlib.sha256()
    for folder in (*app.config.html_static_path, *app.config.templates_path):
        for path in sorted((Path(app.confdir) / folder).rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()


def outdated_by_static(
    app: Sphinx,
    env: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> list[str]:
    """Make a changed style sheet reach the pages.

    Sphinx copies static files only when it writes some page; so one page
    counts as outdated when they change.
    """
    digest = static_digest(app)
    before = getattr(env, "kexue_static_digest", digest)
    env.kexue_static_digest = digest
    return [app.config.root_doc] if before != digest else []


class LazyImages(SphinxPostTransform):
    """A picture is fetched when the reader comes near."""

    default_priority: ClassVar[int] = 400
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Mark every picture of a page."""
        for image in self.document.findall(nodes.image):
            image["loading"] = "lazy"


def plain_citations(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Take the roles off a list of citations: it is none for a browser.

    docutils calls it a list, whose items then have a role that no browser
    counts as an item.
    """
    if "body" in context:
        for role in ('role="list" ', ' role="doc-biblioentry"'):
            context["body"] = context["body"].replace(role, "")


def page_not_found(
    app: Sphinx,
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Add 404.html, whose links must work from any depth of address.

    A book without a template of that name has no such page.
    """
    for folder in app.config.templates_path:
        if (Path(app.confdir) / folder / "404.html").is_file():
            yield ("404", {"title": "Page not found"}, "404.html")
            return


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    # Jupyter Book sets it even where its comments extension is not loaded.
    app.add_config_value("comments_config", {}, "html")
    app.connect("config-inited", show_buttons)
    app.connect("env-get-outdated", outdated_by_static)
    app.connect("html-page-context", plain_citations)
    app.connect("html-collect-pages", page_not_found)
    app.add_post_transform(LazyImages)

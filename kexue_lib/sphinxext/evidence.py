"""Render claims in the book from their stored evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from myst_nb.core.render import MimeRenderPlugin

if TYPE_CHECKING:
    from docutils import nodes
    from myst_nb.core.render import MimeData, NbElementRenderer


class EvidenceRenderer(MimeRenderPlugin):
    """MyST-NB plugin for ``application/vnd.kexue.evidence+json``."""

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Return the claim's nodes, or None for another MIME type."""
        return None

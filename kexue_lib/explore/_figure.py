"""Figures: one call that shows a drawing, says what to see, describes it."""

from __future__ import annotations

import io
from typing import Any

from kexue_lib.explore._bundle import CAPTION_MIME, FIGURE_MIME
from kexue_lib.explore._svg import PALETTE, compact

STYLE = "kexue_lib.explore.book"
"""What a chapter's set-up gives to ``plt.style.use``."""
WIDEST = 5.0
"""Inches that a single column of axes may be wide, to be legible at 375 px."""


def figure(fig: Any, caption: str, *, alt: str) -> None:
    r"""Show a matplotlib figure with a caption, and close it.

    .. code-block:: python

        plt.style.use("kexue_lib.explore.book")  # once, in the set-up
        fig, ax = plt.subplots()
        ax.plot(lengths, errors, label="recurrence")
        figure(
            fig,
            "The error grows like $L^2$, not like $L$.",
            alt="Error against length, a straight line of slope two.",
        )

    It stands in place of ``plt.show()``. In a notebook the figure is an SVG
    on white with the caption below; in the book it takes the colours of the
    theme, light or dark. nbval compares caption and alternative text, never
    the drawing.

    The style's colours come with a dash each, so that lines differ without
    colour too: leave both to the cycle, or say ``"C1"``; greys are the other
    colours there are (``"0.6"``, ``"k"``), except in colour maps. Leave
    ``figsize`` to the style where there is one column of axes.

    Args:
        fig: The figure.
        caption: What to see in it: a sentence, with ``$...$`` mathematics.
        alt: What it shows, for those who do not see it: plain words.

    Raises:
        TypeError: ``fig`` is no figure, or a text is no text.
        ValueError: ``caption`` or ``alt`` is empty, ``alt`` has mathematics,
            a colour is not the theme's, or one column of axes is too wide.
    """
    from IPython.display import display
    from matplotlib.figure import Figure
    from matplotlib.pyplot import close

    if not isinstance(fig, Figure):
        raise TypeError(f"figure: fig must be a Figure, got {fig!r}")
    caption = _words(caption, "caption")
    alt = _words(alt, "alt")
    if "$" in alt or "\\" in alt:
        raise ValueError(f"figure: alt must be plain words, got {alt!r}")
    _check_width(fig)
    _check_colours(fig)
    drawing = svg(fig, alt)
    close(fig)
    display(
        {
            "image/svg+xml": drawing,
            "text/plain": f"Figure: {alt}",
            FIGURE_MIME: {"caption": caption, "alt": alt},
        },
        raw=True,
    )
    # For notebooks: the page has it below the drawing, in one <figure>.
    display(
        {"text/markdown": caption, "text/plain": caption, CAPTION_MIME: {}},
        raw=True,
    )


def _words(text: Any, name: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"figure: {name} must be text, got {text!r}")
    if not text.strip():
        raise ValueError(f"figure: {name} must not be empty")
    return " ".join(text.split())


def _check_width(fig: Any) -> None:
    width = fig.get_figwidth()
    columns = {round(ax.get_position().x0, 2) for ax in fig.axes}
    if width > WIDEST and len(columns) < 2:
        raise ValueError(
            f"figure: {width:g} inches for one column of axes; at most "
            f"{WIDEST:g} are legible on a telephone: leave figsize to "
            f"plt.style.use({STYLE!r})"
        )


def _check_colours(fig: Any) -> None:
    """Refuse colours that a dark page could not show."""
    from matplotlib.colors import to_hex, to_rgba_array

    for artist in fig.findobj():
        mapped = getattr(artist, "get_array", lambda: None)() is not None
        if mapped or not artist.get_visible():
            continue
        for part in ("color", "facecolor", "edgecolor"):
            get = getattr(artist, f"get_{part}", None)
            for colour in to_rgba_array(get()) if get else ():
                name = to_hex(colour[:3])
                grey = name[1:3] == name[3:5] == name[5:7]
                if colour[3] > 0 and not grey and name not in PALETTE:
                    raise ValueError(
                        f"figure: colour {name} of {artist} is not in the "
                        f'theme: plt.style.use("{STYLE}") and "C0" to "C5", '
                        "or a grey"
                    )


def svg(fig: Any, alt: str) -> str:
    """Return a figure as a small SVG, the same bytes each time.

    Labels with mathematics are drawn as one shape each, because no other
    font has the widths that they were set with; other text stays text.
    """
    import matplotlib as mpl
    from matplotlib.patheffects import Normal
    from matplotlib.text import Text

    settings = {
        "path.simplify": True,
        "path.simplify_threshold": 0.2,
        "svg.fonttype": "none",
        "svg.hashsalt": "kexue",
    }
    with mpl.rc_context(settings):
        fig.draw_without_rendering()  # now the ticks have their labels
        for text in fig.findobj(Text):
            if "$" in text.get_text():
                text.set_path_effects([Normal()])
        buffer = io.StringIO()
        fig.savefig(buffer, format="svg", metadata={"Date": None})
    return compact(buffer.getvalue(), alt)

"""Printed formulas are quotations: they occur in the stored post.

The posts are not part of this repository; where a copy is at hand, a test
asks whether what an erratum quotes is there.
"""

from __future__ import annotations

import re
from pathlib import Path

LONGEST = 400
"""Longer quotations are not needed to name a formula."""


def occurs(quoted: str, post: str) -> bool:
    """Say whether a quoted LaTeX formula occurs in a post.

    Blanks, ``\\,`` and the like, ``\\left`` and ``\\right``, line breaks and
    alignment marks do not count; everything else does.

    Raises:
        ValueError: the quotation is empty, or too long.
    """
    wanted = _bare(quoted)
    if not wanted:
        raise ValueError("an empty quotation")
    if len(quoted) > LONGEST:
        raise ValueError(f"a quotation of more than {LONGEST} characters")
    return wanted in _bare(post)


def in_file(quoted: str, path: Path) -> bool | None:
    """As `occurs`, in a stored copy; None if there is no copy."""
    if not path.exists():
        return None
    return occurs(quoted, path.read_text(encoding="utf-8"))


_SPACE = re.compile(r"\\[,;:!> ]|\\q?quad\b|\\left\b|\\right\b|\\\\|[&\s~]|\$")


def _bare(latex: str) -> str:
    return _SPACE.sub("", latex)

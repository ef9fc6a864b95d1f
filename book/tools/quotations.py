"""What a refuted claim quotes from a post occurs in the post.

    python book/tools/quotations.py FOLDER

The posts are not part of this repository. FOLDER holds their sources, one
`<number>.txt` each; every quotation is looked up there, and a digest of what
was found is stored, with which the tests compare (tests/book/test_quotations).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chapters import ROOT, notebooks

FOUND = ROOT / "tests" / "book" / "quotations.json"
MIME = "application/vnd.kexue.evidence+json"
_SPACE = re.compile(r"\\[,;:!> ]|\\q?quad\b|\\left\b|\\right\b|\\\\|[&\s~]|\$")
# The sources are Markdown, in which TeX's signs are escaped.
_ESCAPED = re.compile(r"\\([^\w\s]|_)")
_POST = re.compile(r"archives/(\d+)")


def bare(latex: str) -> str:
    r"""Return a formula without what does not count.

    Blanks, ``\,`` and the like, ``\left`` and ``\right``, line breaks and
    alignment marks do not; everything else does.
    """
    return _SPACE.sub("", latex)


def occurs(quoted: str, post: str) -> bool:
    """Say whether a quoted LaTeX formula occurs in a post.

    Raises:
        ValueError: the quotation is empty.
    """
    wanted = bare(quoted)
    if not wanted:
        raise ValueError("an empty quotation")
    return wanted in bare(post)


def digest(quoted: str) -> str:
    """Return what is stored of a quotation that was found."""
    return hashlib.sha256(bare(quoted).encode()).hexdigest()[:16]


def quotations(notebook: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (claim, number of the post, formula) of a stored notebook."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            claim = output.get("data", {}).get(MIME)
            if not claim or not claim["printed"]:
                continue
            post = _POST.search(claim["source"]["detail"])
            if claim["source"]["type"] == "post" and post:
                yield claim["id"], post[1], claim["printed"]


def stored() -> Iterator[tuple[str, str, str]]:
    """Yield the quotations of all chapters."""
    for path in notebooks():
        yield from quotations(json.loads(path.read_text("utf-8")))


def main(folder: Path) -> int:
    """Look every quotation up; store the digests of those that are there."""
    found, missing = {}, []
    for claim, post, formula in stored():
        text = (folder / f"{post}.txt").read_text("utf-8")
        if occurs(formula, _ESCAPED.sub(r"\1", text)):
            found[claim] = digest(formula)
        else:
            missing.append(f"{claim}: post {post} does not print {formula}")
    FOUND.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    print(f"{len(found)} quotations found")
    for line in missing:
        print(line, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

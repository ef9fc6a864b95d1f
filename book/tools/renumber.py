"""Number the claims of chapters in the order in which a reader meets them.

    python book/tools/renumber.py [slug ...]     # all without arguments

Every place that names a claim follows: the notebook itself, the other
notebooks, and each tracked text that writes `slug.C3`. Execute the notebooks
afterwards.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tokenize
from collections import Counter
from pathlib import Path
from typing import Any

from chapters import ROOT, Chapter, chapters, serialise

CLAIM = re.compile(r"""chapter\.claim\(\s*["']([A-Z]+)(\d+[a-z]*)["']""")
TEXTS = {".py", ".md", ".rst", ".ipynb"}


def order(notebook: dict[str, Any]) -> dict[str, str]:
    """Return the new number of each claim by its old one."""
    counts: Counter[str] = Counter()
    found = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        for kind, rest in CLAIM.findall("".join(cell["source"])):
            counts[kind] += 1
            found[kind + rest] = f"{kind}{counts[kind]}"
    return found


def renamed(text: str, numbers: dict[str, str]) -> str:
    """Replace numbers that stand alone, and are not another chapter's."""
    return re.sub(
        r"(?<![\w.\\])[A-Z]+\d+[a-z]*\b",
        lambda m: numbers.get(m[0], m[0]),
        text,
    )


def qualified(text: str, slug: str, numbers: dict[str, str]) -> str:
    """Replace `slug.C3` and `slug-C3`, wherever they stand."""
    return re.sub(
        rf"(?<![\w-]){re.escape(slug)}([.-])([A-Z]+\d+[a-z]*)\b",
        lambda m: f"{slug}{m[1]}{numbers.get(m[2], m[2])}",
        text,
    )


def in_strings(code: str, numbers: dict[str, str]) -> str:
    """Replace numbers inside the strings and comments of Python code."""
    lines = code.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    out, at = [], 0
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type not in (tokenize.STRING, tokenize.COMMENT):
            continue
        begin = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1]
        out += [code[at:begin], renamed(code[begin:end], numbers)]
        at = end
    return "".join([*out, code[at:]])


def renumber(chapter: Chapter) -> dict[str, str]:
    """Renumber one notebook; return old and new numbers."""
    notebook = json.loads(chapter.path.read_text("utf-8"))
    numbers = order(notebook)
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        code = cell["cell_type"] == "code" and "%pip" not in text
        if code:
            text = in_strings(text, numbers)
        elif cell["cell_type"] == "markdown":
            text = renamed(text, numbers)
        cell["source"] = text.splitlines(keepends=True)
    chapter.path.write_text(serialise(notebook), "utf-8")
    return numbers


def tracked() -> list[Path]:
    """Return the project's own texts in which a claim may be named."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, text=True, stdout=-1, check=True
    ).stdout.splitlines()
    paths = (ROOT / name for name in listed)
    return [p for p in paths if p.suffix in TEXTS and p.exists()]


def main(slugs: list[str]) -> None:
    """Renumber the chapters and everything that names their claims."""
    chosen = [c for c in chapters() if not slugs or c.slug in slugs]
    for chapter in chosen:
        numbers = renumber(chapter)
        for path in tracked():
            before = path.read_text("utf-8")
            after = qualified(before, chapter.slug, numbers)
            if after != before:
                path.write_text(after, "utf-8")
        changed = sum(old != new for old, new in numbers.items())
        print(f"{chapter.slug}: {changed} of {len(numbers)} renumbered")


if __name__ == "__main__":
    main(sys.argv[1:])

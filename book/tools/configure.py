"""Write the repository's address wherever the book needs it.

    make configure REPO=owner/name      # a GitHub repository
    make configure REPO=                # back to "no address"

There is one value, `repository.url` in `_config.yml`; every notebook's first
cell repeats it, because a notebook travels alone (Colab, a download).
"""

from __future__ import annotations

import json
import re
import sys

from chapters import ROOT, BookError, notebooks, serialise

CONFIG = ROOT / "_config.yml"
OWNER_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]+")
URL_LINE = re.compile(r'^(  url: )"[^"\n]*"$', re.MULTILINE)

# The library is installed where it is missing, with what a chapter uses; what
# the machine already has (Colab's torch and numpy) stays as it is, because no
# version is named.
CELL = """\
# Run me first. On Colab this installs the book's library; elsewhere nothing.
import importlib.util

REPO = "{repo}"  # written by `make configure REPO=owner/name`
if importlib.util.find_spec("kexue_lib") is None:
    if not REPO:
        raise ModuleNotFoundError(
            "kexue_lib is missing and this copy names no repository: run "
            "`pip install '.[torch,explore]'` in a clone of the book, then "
            "restart the kernel"
        )
    source = f"git+https://github.com/{{REPO}}"
    %pip install -q "kexue_lib[torch,explore] @ {{source}}"
"""


def first_cell(repo: str) -> str:
    """Source of the first code cell of every notebook."""
    return CELL.format(repo=repo).rstrip("\n")


def configured() -> str:
    """Return owner/name as `_config.yml` has it, or the empty string."""
    (line,) = re.findall(r'^  url: "([^"\n]*)"$', CONFIG.read_text(), re.M)
    return line.removeprefix("https://github.com/")


def with_first_cell(text: str, repo: str) -> str:
    notebook = json.loads(text)
    cell = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    cell["source"] = first_cell(repo).splitlines(keepends=True)
    return serialise(notebook)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or (
        arguments[0] and not OWNER_NAME.fullmatch(arguments[0])
    ):
        print(
            f"configure: REPO must be owner/name of a GitHub repository "
            f"(letters, digits, '-', '.', '_'), got {' '.join(arguments)!r}; "
            "nothing was changed",
            file=sys.stderr,
        )
        return 2
    (repo,) = arguments
    try:
        paths = notebooks()
    except BookError as error:
        print(f"configure: {error}", file=sys.stderr)
        return 2
    url = f"https://github.com/{repo}" if repo else ""
    # All new texts exist before the first file is written.
    texts = {CONFIG: URL_LINE.sub(rf'\g<1>"{url}"', CONFIG.read_text("utf-8"))}
    for path in paths:
        texts[path] = with_first_cell(path.read_text("utf-8"), repo)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    print(f"repository: {url or 'none'} ({len(texts) - 1} notebooks)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

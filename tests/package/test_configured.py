"""A book with a repository address: buttons that lead to the right place."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from .conftest import call

REPO = "someone/executable-kexue"
CHAPTER = "notebooks/ssm/hippo-matrices"


def test_buttons_lead_to_the_repository(snapshot, tmp_path):
    book = tmp_path / "book"
    shutil.copytree(snapshot, book)
    call(
        "make",
        "configure",
        f"REPO={REPO}",
        f"PYTHON={sys.executable}",
        cwd=book,
    )
    jupyter_book = Path(sys.executable).parent / "jupyter-book"
    call(jupyter_book, "build", ".", "-W", "-n", "--keep-going", cwd=book)
    page = (book / "_build" / "html" / f"{CHAPTER}.html").read_text()
    hrefs = set(re.findall(r'href="(https://[^"]*)"', page))
    where = f"{REPO}/blob/main/{CHAPTER}.ipynb"
    assert f"https://colab.research.google.com/github/{where}" in hrefs
    assert f"https://github.com/{REPO}" in hrefs
    assert f"https://github.com/{REPO}/edit/main/{CHAPTER}.ipynb" in hrefs
    assert any(
        h.startswith(f"https://github.com/{REPO}/issues") for h in hrefs
    )
    assert not [
        h for h in hrefs if "executablebooks" in h and "jupyter-book/" in h
    ]

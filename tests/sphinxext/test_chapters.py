"""Cards and tables of chapters: what they take from a notebook."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from kexue_lib.sphinxext import chapters

READS = ("notebooks/*",)
ROOT = Path(__file__).parents[2]
FIGURE = {"image/png": base64.b64encode(b"figure").decode()}
STILL = {
    "image/png": [base64.b64encode(b"still").decode()],
    "text/plain": ["One length\n", "  n = 31 in [1, 600]"],
    chapters.MIME: {},
}


def notebook(*outputs, **kexue):
    cells = [{"outputs": [{"data": data} for data in outputs]}, {}]
    return {"cells": cells, "metadata": {"kexue": kexue}}


@pytest.mark.parametrize(
    ("outputs", "data", "alt"),
    [
        ([FIGURE, STILL], b"still", "One length"),
        ([STILL, FIGURE], b"still", "One length"),
        ([FIGURE], b"figure", "A figure of the chapter T"),
        (
            [{"text/plain": "3"}, FIGURE],
            b"figure",
            "A figure of the chapter T",
        ),
    ],
)
def test_the_slider_comes_before_figures(outputs, data, alt):
    found = chapters.picture(notebook(*outputs), "T")
    assert (found.data, found.alt) == (data, alt)


def test_no_picture():
    assert chapters.picture(notebook({"text/plain": "3"}), "T") is None


def env(path):
    title = SimpleNamespace(astext=lambda: "T")
    return SimpleNamespace(doc2path=lambda _: path, titles={"n/x": title})


def test_a_missing_summary_names_the_notebook(tmp_path, monkeypatch):
    warned = []
    monkeypatch.setattr(
        chapters.log, "warning", lambda text, location: warned.append(location)
    )
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebook(FIGURE)))
    assert chapters.chapter(env(path), "n/x").summary == ""
    assert warned == ["n/x"]
    path.write_text(json.dumps(notebook(FIGURE, summary="It *is*.")))
    assert chapters.chapter(env(path), "n/x").summary == "It *is*."
    assert len(warned) == 1


def test_pictures_of_the_book_are_png():
    for path in (ROOT / "notebooks").glob("*/*.ipynb"):
        found = chapters.picture(json.loads(path.read_text()), path.stem)
        assert found is not None
        assert found.data.startswith(b"\x89PNG")
        width, height = found.size
        assert 300 <= width <= 2000
        assert 100 <= height <= 2000
        assert found.alt

"""The sentence about Colab says what the record says."""

from __future__ import annotations

from kexue_lib.sphinxext.colab import NAMED, sentence


def test_sentence():
    record = {
        "date": "2026-11-07",
        "python": "3.13.5",
        "packages": {name: f"{n}.0" for n, name in enumerate(NAMED)},
        "chapters": ["a", "b", "c"],
    }
    said = sentence(record)
    assert said.startswith("On 7 November 2026 each of the 3 chapters ")
    assert "(torch 0.0, numpy 1.0, " in said
    assert said.endswith(", on Python 3.13.5.")

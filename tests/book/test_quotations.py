"""Every quotation was found in its post, as it stands now."""

from __future__ import annotations

import json

from quotations import FOUND, digest, quotations, stored

READS = ("notebooks/*", "tests/book/quotations.json")


def test_every_quotation_was_found_in_its_post():
    found = json.loads(FOUND.read_text("utf-8"))
    wanted = {claim: digest(formula) for claim, _, formula in stored()}
    assert wanted == found, "run python book/tools/quotations.py FOLDER"


def test_what_counts_as_a_quotation():
    def claim(printed, **source):
        stored = {
            "id": "a.E1",
            "printed": printed,
            "source": {"type": "post", **source},
        }
        return {
            "outputs": [
                {"data": {"application/vnd.kexue.evidence+json": stored}}
            ]
        }

    cells = [
        claim(printed="x = 1", detail="archives/12, eq. 3"),
        claim(printed="", detail="archives/12"),
        claim(printed="x = 2", detail="section 2", type="paper"),
        {"outputs": [{"data": {"text/plain": "a"}}]},
    ]
    assert [*quotations({"cells": cells})] == [("a.E1", "12", "x = 1")]

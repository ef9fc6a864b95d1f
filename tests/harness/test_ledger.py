"""The ledger forgets nothing that is right and believes nothing else."""

from __future__ import annotations

import json

import pytest

from tests.harness.ledger import Ledger


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "green.json"


def test_what_was_green_is_known_with_its_digest_only(path):
    ledger = Ledger(path)
    assert not ledger.knows("a", "1")
    ledger.record({"a": "1"})
    ledger.record({"b": "2"})
    again = Ledger(path)
    assert again.knows("a", "1")
    assert again.knows("b", "2")
    assert not again.knows("a", "2")
    assert not again.knows("c", "1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"green": []}',
        '{"green": {"a": 1}}',
        '{"other": {}}',
        "\x00\x01",
    ],
)
def test_a_corrupt_ledger_is_named_put_aside_and_empty(path, text, capsys):
    path.parent.mkdir()
    path.write_text(text)
    ledger = Ledger(path)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ledger green.json is not readable" in said
    assert "everything counts as changed" in said
    assert not ledger.knows("a", "1")
    assert path.with_suffix(".corrupt").read_text() == text
    ledger.record({"a": "1"})
    assert Ledger(path).knows("a", "1")


def test_bytes_that_are_no_text(path, capsys):
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert Ledger(path).green == {}
    assert "not readable" in capsys.readouterr().err


def test_written_as_a_whole(path):
    ledger = Ledger(path)
    ledger.record({"a": "1"})
    assert json.loads(path.read_text()) == {"green": {"a": "1"}}
    assert [p.name for p in path.parent.iterdir()] == ["green.json"]

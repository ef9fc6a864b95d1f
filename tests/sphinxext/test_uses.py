"""From the API to the chapters: what code cells use of the library."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kexue_lib.sphinxext import uses


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (
            ["from kexue_lib import ssm", "A, B = ssm.hippo('legt', 4)"],
            {"kexue_lib.ssm.hippo"},
        ),
        (
            ["from kexue_lib.derive import by as b\nx.eq(y, b.algebra())"],
            {"kexue_lib.derive.by.algebra"},
        ),
        (
            ["from kexue_lib.sweep import load\nload('a')"],
            {"kexue_lib.sweep.load"},
        ),
        (["import kexue_lib\nkexue_lib.device()"], {"kexue_lib.device"}),
        (
            ["import kexue_lib.sweep as s\ns.read('a').rows"],
            {"kexue_lib.sweep.read", "kexue_lib.sweep"},
        ),
        (["%pip install x", "import torch\ntorch.zeros(1)"], set()),
        (["hippo = 1\nother.hippo()"], set()),
    ],
)
def test_names_are_resolved_through_imports(cells, found):
    # The parts of an attribute are names too: these are asked for.
    assert found <= uses.used(cells)
    assert bool(uses.used(cells)) is bool(found)


def test_users_in_reading_order():
    env = SimpleNamespace(
        config=SimpleNamespace(root_doc="index"),
        toctree_includes={"index": ["notebooks/b", "notebooks/a", "other"]},
        kexue_uses={
            "notebooks/a": {"kexue_lib.ssm.LRU.forward"},
            "notebooks/b": {"kexue_lib.ssm.LRU", "kexue_lib.ssm.hippo"},
        },
    )
    assert uses.users(env, "kexue_lib.ssm.LRU") == [
        "notebooks/b",
        "notebooks/a",
    ]
    assert uses.users(env, "kexue_lib.ssm.hippo") == ["notebooks/b"]
    assert uses.users(env, "kexue_lib.ssm.hip") == []


def test_only_pages_that_say_something_else_are_written_again():
    env = SimpleNamespace(
        config=SimpleNamespace(root_doc="index"),
        toctree_includes={"index": ["notebooks/a"]},
        kexue_uses={"notebooks/a": {"kexue_lib.ssm.hippo"}},
        kexue_places={
            "api/ssm": ["kexue_lib.ssm.hippo"],
            "api/sweep": ["kexue_lib.sweep.load"],
        },
    )
    collector = uses.UsesCollector()
    assert collector.get_updated_docs(None, env) == ["api/ssm", "api/sweep"]
    assert collector.get_updated_docs(None, env) == []
    env.kexue_uses["notebooks/a"] |= {"kexue_lib.sweep.load"}
    assert collector.get_updated_docs(None, env) == ["api/sweep"]
    collector.clear_doc(None, env, "notebooks/a")
    assert collector.get_updated_docs(None, env) == ["api/ssm", "api/sweep"]

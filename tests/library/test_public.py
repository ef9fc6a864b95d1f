"""What every public function keeps: its arguments named, its device given.

Each part lists one valid call of every public function of its own, in
tests/<part>/calls.py:

- CALLS: module -> name -> arguments;
- TENSORLESS: names whose results hold no tensors;
- UNCALLED: public names for which a call proves nothing;
- UNTRIED: name -> arguments that no wrong type is tried for.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import inspect
import pkgutil
import types
from pathlib import Path
from typing import Any

import pytest
import torch
from samples import CPU, real
from seeds import torch_rng

import kexue_lib

TESTS = Path(__file__).parents[1]
# What is no part of the book has tests of its own.
TOOLS = {"derive", "explore", "sphinxext"}
PARTS = sorted(
    module.name
    for module in pkgutil.iter_modules(kexue_lib.__path__)
    if module.ispkg and module.name not in TOOLS
)


def listed(path: Path) -> types.ModuleType:
    name = f"calls_of_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLES = {p.parent.name: listed(p) for p in sorted(TESTS.glob("*/calls.py"))}
ALL = [
    pytest.param(part, getattr(module, name), arguments, id=f"{part}-{name}")
    for part, table in TABLES.items()
    for module, calls in table.CALLS.items()
    for name, arguments in calls.items()
]
TENSORS = [
    p
    for p in ALL
    if p.values[1].__name__
    not in getattr(TABLES[p.values[0]], "TENSORLESS", ())
]


def public(module: types.ModuleType) -> set[tuple[str, str]]:
    """Public functions and classes of a part, its public modules' too."""
    found = set()
    for name in module.__all__:
        value = getattr(module, name)
        if isinstance(value, types.ModuleType):
            found |= public(value)
        elif inspect.isclass(value) or inspect.isroutine(value):
            found.add((module.__name__, name))
    return found


def flat(result: Any) -> list[torch.Tensor]:
    """All tensors of a result."""
    if isinstance(result, torch.nn.Module):
        return [*result.parameters(), *result.buffers()]
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, list | tuple):
        return [t for part in result for t in flat(part)]
    if dataclasses.is_dataclass(result):
        return flat(
            [getattr(result, f.name) for f in dataclasses.fields(result)]
        )
    if callable(result):
        return flat(result(real(5)))
    return []


def uncovered(part: str, tables: dict[str, types.ModuleType]) -> list[str]:
    """What a part's list lacks or has too much, in words."""
    where = f"tests/{part}/calls.py"
    wanted = public(importlib.import_module(f"kexue_lib.{part}"))
    if part not in tables:
        return [f"{where} is missing: one valid call of each of {wanted}"]
    table = tables[part]
    wanted = {
        pair
        for pair in wanted
        if pair[1] not in getattr(table, "UNCALLED", ())
    }
    given = {
        (module.__name__, name)
        for module, calls in table.CALLS.items()
        for name in calls
    }
    return [
        f"{where} lacks a call of {module}.{name}"
        for module, name in sorted(wanted - given)
    ] + [
        f"{where} calls {module}.{name}, which is not public"
        for module, name in sorted(given - wanted)
    ]


@pytest.mark.parametrize("part", PARTS)
def test_every_public_function_is_called(part):
    assert uncovered(part, TABLES) == []


def test_a_missing_call_or_list_is_named():
    part = PARTS[0]
    assert uncovered(part, {})[0].startswith(
        f"tests/{part}/calls.py is missing"
    )
    (module, calls), *_ = TABLES[part].CALLS.items()
    name, *rest = calls
    less = types.SimpleNamespace(
        CALLS={module: {key: calls[key] for key in rest}}
    )
    assert (
        f"tests/{part}/calls.py lacks a call of {module.__name__}.{name}"
        in uncovered(part, {part: less})
    )


@pytest.mark.parametrize(("part", "function", "good"), ALL)
def test_every_wrong_type_is_named(part, function, good):
    function(**good)
    parameters = inspect.signature(function).parameters
    flags = {n for n, p in parameters.items() if isinstance(p.default, bool)}
    untried = getattr(TABLES[part], "UNTRIED", {}).get(
        function.__name__, set()
    )
    assert good.keys() <= parameters.keys()
    assert parameters.keys() - flags - untried <= good.keys()
    for argument in good.keys() - flags - {"generator"}:
        with pytest.raises((TypeError, ValueError), match=rf"\b{argument}\b"):
            function(**{**good, argument: object()})


@pytest.mark.parametrize(("part", "function", "good"), TENSORS)
def test_another_default_device_changes_nothing(part, function, good):
    """Meta tensors have no values: one made by default would spoil it."""

    def call() -> list[torch.Tensor]:
        fresh = {"generator": torch_rng()} if "generator" in good else {}
        return flat(function(**{**good, **fresh}))

    usual = call()
    assert usual
    with torch.device("meta"):
        other = call()
    for one, two in zip(usual, other, strict=True):
        assert two.device == CPU
        assert torch.equal(one, two)


@pytest.mark.parametrize(("part", "function", "good"), TENSORS)
def test_arguments_are_not_changed(part, function, good):
    before = {
        key: value.clone()
        for key, value in good.items()
        if isinstance(value, torch.Tensor)
    }
    function(**good)
    for key, value in before.items():
        assert torch.equal(good[key], value), key

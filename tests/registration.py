"""What a part says of each public name, once: tests/<part>/calls.py.

`REGISTERED` maps a module to its public names, each with a `Call`: arguments
that are valid, and what one needs to know to try the rest. Every row of
tests/library/test_conformance.py then runs for it.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from samples import real
from seeds import torch_rng
from torch import Tensor

TESTS = Path(__file__).parent


def _empty() -> Any:
    return dataclasses.field(default_factory=dict)


WORDS = {
    "call": "a record or so: a call of it proves nothing",
    "compile": "no full graph under torch.compile",
    "device": "asks an accelerator for values",
    "empty": "no batch of size 0",
    "forward": "no forward-mode derivatives",
    "half": "no bfloat16 and no float16",
    "lengths": "torch.compile makes a graph for each length",
    "refuse": "takes anything: there is no wrong type",
    "second": "once differentiable, and says so when asked for more",
    "single": "computes in float64 whatever it is given",
    "tensor": "its result holds no tensor",
    "vmap": "no torch.func.vmap, for it reads values",
}


@dataclasses.dataclass(frozen=True)
class Call:
    """A valid call, and what holds for it.

    Attributes:
        arguments: by name; of a module, those of its constructor.
        inputs: of a module, the arguments of a call of the instance. Its
            parameters then count as arguments too, all differentiable.
        grad: the arguments in which it is differentiable.
        batch: the tensors that may all be given another leading axis.
        axis: where in each result that axis appears.
        time: tensor -> its axis of time or length; of the first one, a value
            may not change what the result holds for earlier times.
        out_time: the axis of time of the results; None: they have none.
        linear: the arguments in which, together, it is linear.
        cannot: words of `WORDS`.
        variants: name -> what to change for another valid call; a whole
            `Call` where other things hold for it.
        untried: arguments that may be anything.
        autocast: greatest relative change under autocast; what a user asks
            for by autocast is that matrix products of a module be rounded.
    """

    arguments: Mapping[str, Any]
    inputs: Mapping[str, Any] | None = None
    grad: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()
    axis: int = 0
    time: Mapping[str, int] = _empty()
    out_time: int | None = None
    linear: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    variants: Mapping[str, Mapping[str, Any] | Call] = _empty()
    untried: tuple[str, ...] = ()
    autocast: float = 1e-5

    def __post_init__(self):
        unknown = set(self.cannot) - WORDS.keys()
        assert not unknown, f"no words of WORDS: {unknown}"


@dataclasses.dataclass(frozen=True)
class Case:
    """One function with one set of arguments."""

    id: str
    function: Callable[..., Any]
    arguments: Mapping[str, Any]
    call: Call
    grad: tuple[str, ...]
    build: Callable[..., torch.nn.Module] | None = None  # of a module

    def run(self, /, **changed: Any) -> list[Tensor]:
        """The tensors of the result, with some other arguments.

        A generator starts anew, so that two runs draw the same.
        """
        given = {**self.arguments, **changed}
        if isinstance(given.get("generator"), torch.Generator):
            given["generator"] = torch_rng()
        return flat(self.function(**given))

    def tensors(self) -> dict[str, Tensor]:
        """The arguments that are floating-point or complex tensors."""
        return {
            name: value
            for name, value in self.arguments.items()
            if isinstance(value, Tensor)
            and (value.is_floating_point() or value.is_complex())
        }


def flat(result: Any) -> list[Tensor]:
    """All tensors of a result."""
    if isinstance(result, torch.nn.Module):
        return [*result.parameters(), *result.buffers()]
    if isinstance(result, Tensor):
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


def listed(path: Path) -> types.ModuleType:
    """Import the calls of a part."""
    name = f"calls_of_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tables() -> dict[str, types.ModuleType]:
    """The lists of all parts."""
    return {p.parent.name: listed(p) for p in sorted(TESTS.glob("*/calls.py"))}


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


def unregistered(part: str, known: dict[str, types.ModuleType]) -> list[str]:
    """What a part's list lacks or has too much, in words."""
    where = f"tests/{part}/calls.py"
    wanted = public(importlib.import_module(f"kexue_lib.{part}"))
    if part not in known:
        return [f"{where} is missing: registers none of {sorted(wanted)}"]
    given = {
        (module.__name__, name)
        for module, calls in known[part].REGISTERED.items()
        for name in calls
    }
    return [
        f"{where} does not register {module}.{name}"
        for module, name in sorted(wanted - given)
    ] + [
        f"{where} registers {module}.{name}, which is not public"
        for module, name in sorted(given - wanted)
    ]


def constructions(
    known: dict[str, types.ModuleType],
) -> Iterator[tuple[str, Callable[..., Any], Call]]:
    """Everything registered: id, function or class, call."""
    for part, table in known.items():
        for module, calls in table.REGISTERED.items():
            for name, call in calls.items():
                if "call" not in call.cannot:
                    yield f"{part}-{name}", getattr(module, name), call


def cases(known: dict[str, types.ModuleType]) -> Iterator[Case]:
    """All calls with their variants; a module is a function of its inputs
    and its parameters."""
    for name, function, call in constructions(known):
        for variant, change in {"": {}, **call.variants}.items():
            label = f"{name} {variant}".strip()
            own = call
            if isinstance(change, Call):
                own, change = change, {}
            if inspect.isclass(function) and issubclass(
                function, torch.nn.Module
            ):
                yield _of_module(label, function, own, change)
            else:
                given = {**own.arguments, **change}
                yield Case(
                    label,
                    quiet(function),
                    given,
                    own,
                    tuple(n for n in own.grad if isinstance(given[n], Tensor)),
                )


def quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same without checks that read values."""
    if "check" not in inspect.signature(function).parameters:
        return function

    def unchecked(**arguments: Any) -> Any:
        return function(**{"check": False, **arguments})

    return unchecked


def built(
    function: Callable[..., Any],
    call: Call,
    change: Mapping[str, Any] | None = None,
) -> Any:
    """A module with the parameters that its list decides."""
    changed = {k: v for k, v in (change or {}).items() if k in call.arguments}
    return function(
        **{**call.arguments, "generator": torch_rng("module"), **changed}
    )


def _of_module(label: str, kind: Any, call: Call, change: Any) -> Case:
    assert call.inputs is not None, f"{label} needs inputs"
    module = built(kind, call, change)
    parameters = {k: v.detach() for k, v in module.named_parameters()}
    given = {k: v for k, v in change.items() if k not in call.arguments}
    inputs = {**call.inputs, **given}

    def function(**arguments: Any) -> Any:
        weights = {k: arguments.pop(k) for k in parameters}
        return torch.func.functional_call(module, weights, (), arguments)

    grad = (*(n for n in call.grad if n in inputs), *parameters)
    given = {**parameters, **inputs}

    def build(**other: Any) -> torch.nn.Module:
        return kind(**{**call.arguments, **other})

    return Case(label, function, given, call, grad, build)


def on_device(case: Case) -> Callable[[torch.device], Any]:
    """A call whose tensors have no values and are on a device."""

    def run(device: torch.device) -> list[Tensor]:
        def moved(name: str, value: Any) -> Any:
            if isinstance(value, tuple):
                return tuple(moved(name, part) for part in value)
            if not isinstance(value, Tensor):
                return value
            found = torch.empty(value.shape, dtype=value.dtype, device=device)
            return found.requires_grad_(name in case.grad)

        given = {k: moved(k, v) for k, v in case.arguments.items()}
        if case.build is not None:
            module = case.build(device=device)
            inputs = given.keys() - dict(module.named_parameters()).keys()
            return flat(module(**{name: given[name] for name in inputs}))
        if "device" in given:
            given["device"] = device
        return flat(case.function(**given))

    return run

"""Library functions made wrong, wherever they are bound.

A measured claim that names what it exercises measures again with the result
of that function times 1.01, shifted by one place, and conjugated or with the
other sign. Its check must reject what is read then.
"""

from __future__ import annotations

import functools
import gc
import importlib
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from kexue_lib.derive.checks.measure import Reading
from kexue_lib.derive.evaluate import NotEvaluableError
from kexue_lib.derive.statement import RejectedError
from kexue_lib.derive.steps import Step, nonsense_rejected

Change = Callable[[Any], Any]


def perturbations(
    steps: Iterable[Step], name: str
) -> Iterator[tuple[str, int]]:
    """Yield (the change, number of the step that rejects it, or 0).

    A claim notices what one of its steps notices: another may ask for less.
    A change that leaves every result as it is (the shift of one number) is
    not tried. A claim that cannot be measured again, or does not call what it
    exercises, notices nothing.
    """
    measured = [
        (step, step.statement.lhs)
        for step in steps
        if isinstance(step.statement.lhs, Reading)
        and step.statement.lhs.source is not None
    ]
    calling: list[tuple[Step, Reading]] = []
    for step, seen in measured:
        with perturbed(name, lambda result: result) as calls:
            try:
                seen.again()
            except Exception as error:
                what = f"{type(error).__name__}: {error}"
                yield f"step {step.number} cannot be repeated: {what}", 0
                return
        if calls:
            calling.append((step, seen))
    if measured and not calling:
        yield f"{name} is not called", 0
    for kind, change in CHANGES.items():
        changed = False
        noticed = 0
        for step, seen in calling:
            with perturbed(name, change) as calls:
                rejected = _rejects(step, seen)
            changed = changed or any(calls)
            if rejected and any(calls):
                noticed = step.number
                break
        if changed:
            yield f"{name} {kind}", noticed


def _rejects(step: Step, seen: Reading) -> bool:
    """The check rejects what is measured now, or nothing can be."""
    try:
        with nonsense_rejected():
            again = seen.again()
    except Exception:
        # The measurement itself, code of the chapter, has noticed.
        return True
    try:
        with nonsense_rejected():
            step.check.run(step.statement.but(lhs=again))
    except (RejectedError, NotEvaluableError):
        return True
    return False


@contextmanager
def perturbed(name: str, change: Change) -> Iterator[list[bool]]:
    """Patch a function by its dotted name everywhere it is bound.

    Yields a list that gets, for each call, whether its result was changed.

    Raises:
        ValueError: there is no such function.
    """
    original = _found(name)
    calls: list[bool] = []

    @functools.wraps(original)
    def wrong(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        made, changed = _mapped(result, change)
        calls.append(changed)
        return made

    places = list(_bindings(original, skip=wrong))
    for put in places:
        put(wrong)
    try:
        yield calls
    finally:
        for put in places:
            put(original)


def _found(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    if not module:
        raise ValueError(f"{name!r} is no dotted name")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"there is no function {name}") from error
    if not callable(found):
        raise ValueError(f"{name} is no function")
    return found


def _bindings(original: Any, skip: Any) -> Iterator[Callable[[Any], None]]:
    """Setters of all namespaces and closures that hold the function."""
    # A process that was forked from a warm one has frozen what it began with;
    # among that no referrers are found.
    gc.unfreeze()
    # Cells compare by what they hold: only identity tells them apart.
    own = {id(skip.__dict__), *map(id, skip.__closure__)}
    for holder in gc.get_referrers(original):
        if id(holder) in own:
            continue
        if isinstance(holder, dict):
            for key in [k for k, v in holder.items() if v is original]:
                yield functools.partial(holder.__setitem__, key)
        elif isinstance(holder, types.CellType):
            yield functools.partial(setattr, holder, "cell_contents")


def _mapped(result: Any, change: Change) -> tuple[Any, bool]:
    """Change every number and array in a result."""
    if isinstance(result, tuple | list):
        pairs = [_mapped(r, change) for r in result]
        parts = [p for p, _ in pairs]
        made = (
            result._make(parts)
            if hasattr(result, "_make")
            else type(result)(parts)
        )
        return made, any(c for _, c in pairs)
    if isinstance(result, dict):
        pairs = [_mapped(r, change) for r in result.values()]
        made = dict(zip(result, (p for p, _ in pairs), strict=True))
        return made, any(c for _, c in pairs)
    numeric = isinstance(result, int | float | complex) or (
        hasattr(result, "ndim") and hasattr(result, "dtype")
    )
    if not numeric or isinstance(result, bool):
        return result, False
    made = change(result)
    same = made is result or _equal(made, result)
    return made, not same


def _equal(a: Any, b: Any) -> bool:
    same = a == b
    return bool(same.all()) if hasattr(same, "all") else bool(same)


def _scaled(value: Any) -> Any:
    return value * 1.01


def _shifted(value: Any) -> Any:
    """The neighbour in place of each entry, along the last axis."""
    if not getattr(value, "ndim", 0) or value.shape[-1] < 2:
        return value
    if type(value).__module__.startswith("torch"):
        return value.roll(1, -1)
    return value.take(range(-1, value.shape[-1] - 1), axis=-1)


def _turned(value: Any) -> Any:
    """The conjugate of what is complex, the negative of what is real."""
    if type(value).__module__.startswith("torch"):
        return value.conj() if value.is_complex() else -value
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "c" or isinstance(value, complex):
        return value.conjugate()
    return value if kind == "b" else -value


CHANGES: dict[str, Change] = {
    "times 1.01": _scaled,
    "shifted by one place": _shifted,
    "conjugated, or its sign changed": _turned,
}

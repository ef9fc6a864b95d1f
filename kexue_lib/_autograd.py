"""Functions with derivatives of their own, eager and under torch.compile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

_LIBRARY = torch.library.Library("kexue_lib", "FRAGMENT")


def transforming() -> bool:
    """Say whether a transform of torch.func is at work."""
    return torch._C._are_functorch_transforms_active()


def apply(function: type[torch.autograd.Function], *args: Any) -> Any:
    """Return ``function.apply(*args)``, sooner.

    Outside of torch.func's transforms this is what ``apply`` comes to, after
    it has looked up a signature: longer than a short scan takes.
    """
    if transforming():
        return function.apply(*args)
    return super(torch.autograd.Function, function).apply(*args)  # type: ignore[misc]


def operation(
    name: str,
    run: Callable[..., Any],
    fake: Callable[..., Any],
    backward: Callable[..., Any] | None = None,
    context: Callable[..., None] | None = None,
) -> Callable[..., Any]:
    """Make one operation of a function, which torch.compile does not enter.

    It cannot trace a Function with forward derivatives, and would unroll
    loops over time, anew for each length.

    Args:
        name: In the library ``kexue_lib`` of ``torch.ops``.
        run: Tensors and plain arguments, all annotated, to fresh tensors.
        fake: The same arguments to empty tensors of the right shape.
        backward: Gradients of all arguments, as of a Function.
        context: Its ``setup_context``.
    """
    schema = torch.library.infer_schema(run, mutates_args=())
    full = f"kexue_lib::{name}"
    _LIBRARY.define(name + schema)
    _LIBRARY.impl(name, run, "CompositeExplicitAutograd")
    torch.library.register_fake(full, fake, lib=_LIBRARY)
    if backward is not None:
        torch.library.register_autograd(
            full, backward, setup_context=context, lib=_LIBRARY
        )
    made: Callable[..., Any] = getattr(torch.ops.kexue_lib, name).default
    return made

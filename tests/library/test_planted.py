"""Every row of the conformance suite sees the fault that it is there for."""

from __future__ import annotations

import pytest
import torch
from registration import Call, Case
from samples import real
from torch import Tensor

from tests.library import test_conformance as rows

F64 = torch.float64


class Detached(torch.autograd.Function):
    """x^3, of which the second derivative is silently wrong."""

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return x**3

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.slope = 3 * inputs[0].detach() ** 2

    @staticmethod
    def backward(ctx, grad):
        return ctx.slope * grad


class Old(torch.autograd.Function):
    """2 x, of the kind that torch.func refuses."""

    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, grad):
        return 2 * grad


def default_dtype(x: Tensor) -> Tensor:
    return x * torch.tensor(1 / 3)


def narrow_factor(x: Tensor, w: Tensor) -> Tensor:
    return x * w.exp()


def reshaped(x: Tensor) -> Tensor:
    return x.reshape(-1, 3).cumsum(0).reshape(x.shape)


def spectral(x: Tensor) -> Tensor:
    return torch.fft.ifft(torch.fft.fft(x)).real


def in_place(x: Tensor) -> Tensor:
    return x.mul_(2)


def absolute(x: Tensor) -> Tensor:
    return x + 1e-8


def per_element(x: Tensor) -> Tensor:
    return torch.stack([v * 2 for v in x.unbind(0)])


def raw_memory(x: Tensor) -> Tensor:
    return torch.as_strided(x, x.shape, torch.empty(x.shape).stride())


def product(x: Tensor) -> Tensor:
    return x @ x.mT


def branch(x: Tensor) -> Tensor:
    return 2 * x if bool(x.sum() > 0) else x


def cancelled(x: Tensor) -> Tensor:
    return (x + 100) - 100


def case(function, *shape, **facts) -> Case:
    given = {"x": real(*shape)}
    if function is narrow_factor:
        given["w"] = real(*shape)
    call = Call(given, **facts)
    return Case(
        "planted", lambda **x: function(*x.values()), given, call, call.grad
    )


GRAD = {"grad": ("x",)}
PLANTED = {
    "a factor in the default dtype": lambda: (
        rows.test_other_defaults_change_nothing(case(default_dtype, 3))
    ),
    "a factor in its own dtype": lambda: (
        rows.test_one_narrow_argument_leaves_the_precision(
            case(narrow_factor, 3), "w"
        )
    ),
    "half precision computed in itself": lambda: rows.test_precision(
        case(cancelled, 3), torch.bfloat16
    ),
    "a product that autocast rounds": lambda: rows.test_autocast(
        case(product, 3, 3)
    ),
    "an argument changed": lambda: rows.test_arguments_are_not_changed(
        case(in_place, 3)
    ),
    "a wrong second derivative": lambda: rows.test_derivatives(
        case(Detached.apply, 3, **GRAD, cannot=("forward",))
    ),
    "a Function that torch.func refuses": lambda: (
        rows.test_torch_func_derivatives(case(Old.apply, 3, **GRAD), "x")
    ),
    "a value read under vmap": lambda: rows.test_vmap(case(branch, 3), "x"),
    "samples that meet": lambda: rows.test_batches(
        case(reshaped, 2, 3, batch=("x",)), (3,)
    ),
    "an empty batch": lambda: rows.test_batches(
        case(lambda x: x / x.reshape(-1)[0], 3, batch=("x",)), (0,)
    ),
    "memory taken for dense": lambda: rows.test_memory_layout(
        case(raw_memory, 2, 3), "x"
    ),
    "late infinity": lambda: (
        rows.test_a_late_value_does_not_spoil_what_came_before(
            case(spectral, 6, time={"x": -1}, out_time=-1), torch.inf
        )
    ),
    "an absolute epsilon": lambda: rows.test_linear_at_every_scale(
        case(absolute, 3, linear=("x",)), -100, F64
    ),
    "a graph break": lambda: rows.test_compile(case(branch, 3)),
    "a graph for each length": lambda: rows.test_compile(
        case(per_element, 6, time={"x": 0})
    ),
    "a word too much": lambda: rows.test_vmap(
        case(torch.sin, 3, cannot=("vmap",)), "x"
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_fault_is_seen(fault):
    with pytest.raises((Exception, pytest.fail.Exception)):
        PLANTED[fault]()


def test_a_good_function_passes():
    good = case(
        lambda x: x * 2, 6, **GRAD, batch=("x",), time={"x": 0}, out_time=0,
        linear=("x",),
    )  # fmt: skip
    rows.test_other_defaults_change_nothing(good)
    rows.test_precision(good, torch.bfloat16)
    rows.test_autocast(good)
    rows.test_arguments_are_not_changed(good)
    rows.test_derivatives(good)
    rows.test_torch_func_derivatives(good, "x")
    rows.test_vmap(good, "x")
    for shape in ((3,), (1,), (0,), (2, 1)):
        rows.test_batches(good, shape)
    rows.test_memory_layout(good, "x")
    rows.test_a_late_value_does_not_spoil_what_came_before(good, torch.nan)
    rows.test_linear_at_every_scale(good, 100, torch.float32)
    rows.test_compile(good)

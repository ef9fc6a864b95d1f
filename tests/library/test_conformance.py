"""What "at home in PyTorch" means, tried for everything public.

Each part registers its public names once, in tests/<part>/calls.py (see
tests/registration.py); each row below runs for each registration. A word in
`cannot` turns a row round: then it must refuse, not return something wrong.
"""

from __future__ import annotations

import copy
import doctest
import inspect
import io
import pickle
import pkgutil
import types
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from registration import (
    Case,
    built,
    cases,
    constructions,
    flat,
    tables,
    unregistered,
)
from samples import CPU
from seeds import torch_rng
from torch import Tensor
from torch._dynamo.exc import TorchDynamoException

import kexue_lib

with warnings.catch_warnings():
    # torch compiles some of its forward derivatives by a way of its own that
    # it calls deprecated, at the first use.
    warnings.simplefilter("ignore", DeprecationWarning)
    import torch._decomp.decompositions_for_jvp

# torch's own: it has no rule for its fused attention under vmap, its forward
# mode loads scripted functions.
pytestmark = [
    pytest.mark.filterwarnings("ignore:There is a performance drop"),
    pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated"),
]

# What is no part of the book has tests of its own.
TOOLS = {"derive", "explore", "sphinxext"}
PARTS = sorted(
    module.name
    for module in pkgutil.iter_modules(kexue_lib.__path__)
    if (module.ispkg and module.name not in TOOLS) or module.name == "sweep"
)
TABLES = tables()
MADE = list(constructions(TABLES))
CASES = list(cases(TABLES))
F64, C128 = torch.float64, torch.complex128


def rows(values: Any, keep: Callable[[Any], Any]) -> Any:
    """Parametrise by the cases that are kept."""
    found = [v for v in values if keep(v)]
    return pytest.mark.parametrize("case", found, ids=lambda case: case.id)


def pairs(names: Callable[[Case], Any]) -> Any:
    return pytest.mark.parametrize(
        ("case", "name"),
        [
            pytest.param(case, name, id=f"{case.id}-{name}")
            for case in CASES
            for name in names(case)
        ],
    )


def numeric(case: Case) -> bool:
    return "tensor" not in case.call.cannot


def as_double(value: Tensor) -> Tensor:
    return value.to(C128 if value.is_complex() else F64)


def distance(got: list[Tensor], want: list[Tensor]) -> float:
    """Largest difference, each relative to the largest value."""
    worst = 0.0
    for one, two in zip(got, want, strict=True):
        assert one.shape == two.shape
        if one.numel() == 0:
            continue
        one, two = as_double(one.detach()), as_double(two.detach())
        assert two.isfinite().all()
        assert one.isfinite().all()
        size = two.abs().max().clamp(min=1e-300)
        worst = max(worst, ((one - two).abs().max() / size).item())
    return worst


def copies(value: Tensor, count: int) -> Tensor:
    """Variants of a valid tensor along a new first axis, all valid."""
    factors = 1 - 0.05 * torch.arange(count, dtype=F64)
    factors = factors.reshape(-1, *[1] * value.ndim)
    return (value * factors.to(value.real.dtype)).to(value.dtype)


# -- the list ---------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_everything_public_is_registered(part):
    assert unregistered(part, TABLES) == []


def test_what_is_missing_is_named():
    part = "ssm"
    assert "tests/ssm/calls.py is missing" in unregistered(part, {})[0]
    (module, calls), *_ = TABLES[part].REGISTERED.items()
    name, *rest = calls
    less = {module: {key: calls[key] for key in rest}}
    message = f"tests/ssm/calls.py does not register {module.__name__}.{name}"
    assert message in unregistered(
        part, {part: types.SimpleNamespace(REGISTERED=less)}
    )


# -- errors, defaults, arguments --------------------------------------------


@pytest.mark.parametrize(
    ("function", "call"),
    [
        pytest.param(function, call, id=name)
        for name, function, call in MADE
        if "refuse" not in call.cannot
    ],
)
def test_every_wrong_type_is_named(function, call):
    good = call.arguments
    function(**good)
    parameters = inspect.signature(function).parameters
    flags = {n for n, p in parameters.items() if isinstance(p.default, bool)}
    untried = set(call.untried)
    assert good.keys() <= parameters.keys()
    assert parameters.keys() - flags - untried <= good.keys()
    for argument in good.keys() - flags - untried - {"generator"}:
        with pytest.raises((TypeError, ValueError), match=rf"\b{argument}\b"):
            function(**{**good, argument: object()})


def fresh(case: Case) -> dict[str, Any]:
    return {"generator": torch_rng()} if "generator" in case.arguments else {}


@rows(CASES, numeric)
def test_other_defaults_change_nothing(case):
    """Meta tensors have no values: one made by default would spoil it."""
    usual = case.run(**fresh(case))
    assert usual
    with torch.device("meta"):
        other = case.run(**fresh(case))
    torch.set_default_dtype(torch.float16)
    try:
        third = case.run(**fresh(case))
    finally:
        torch.set_default_dtype(torch.float32)
    for one, *others in zip(usual, other, third, strict=True):
        for two in others:
            assert two.device == CPU
            assert two.dtype == one.dtype
            assert torch.equal(one, two)


@rows(CASES, numeric)
def test_arguments_are_not_changed(case):
    before = {name: value.clone() for name, value in case.tensors().items()}
    case.run()
    for name, value in before.items():
        assert torch.equal(case.arguments[name], value), name


# -- precision --------------------------------------------------------------

TOLERANCE = {
    torch.float32: 3e-6,
    torch.bfloat16: 2e-2,
    torch.float16: 3e-3,
}


def rounded(case: Case, dtype: torch.dtype) -> dict[str, Tensor]:
    """All tensors in another precision, complex ones in that of theirs."""
    wave = torch.complex64
    return {
        name: value.to(wave if value.is_complex() else dtype)
        for name, value in case.tensors().items()
    }


def precisions(case: Case) -> list[torch.dtype]:
    """There is no complex half precision to speak of."""
    if not numeric(case) or not case.tensors():
        return []
    waves = any(v.is_complex() for v in case.tensors().values())
    return [torch.float32] if waves else [*TOLERANCE]


@pytest.mark.parametrize(
    ("case", "dtype"),
    [
        pytest.param(case, dtype, id=f"{case.id}-{dtype}")
        for case in CASES
        for dtype in precisions(case)
    ],
)
def test_precision(case, dtype):
    """The only errors are the rounding of inputs and of the result."""
    low = rounded(case, dtype)
    if dtype != torch.float32 and "half" in case.call.cannot:
        with pytest.raises((TypeError, ValueError)):
            case.run(**low)
        return
    got = case.run(**low)
    want = case.run(**{k: as_double(v) for k, v in low.items()})
    assert distance(got, want) < TOLERANCE[dtype]
    if "single" not in case.call.cannot:
        widest = torch.float32 if dtype != torch.float32 else dtype
        for result in got:
            assert result.real.dtype in (dtype, widest)


@pairs(lambda c: c.tensors() if numeric(c) and len(c.tensors()) > 1 else ())
def test_one_narrow_argument_leaves_the_precision(case, name):
    """float32 weights for float64 data: the result has 15 digits."""
    value = case.arguments[name]
    narrow = value.to(torch.complex64 if value.is_complex() else torch.float32)
    got = case.run(**{name: narrow})
    want = case.run(**{name: as_double(narrow)})
    for one, two in zip(got, want, strict=True):
        assert one.dtype == two.dtype
    assert distance(got, want) < 1e-12


@rows(CASES, lambda c: numeric(c) and c.tensors())
def test_autocast(case):
    single = rounded(case, torch.float32)
    want = case.run(**single)
    with torch.autocast("cpu", torch.bfloat16):
        got = case.run(**single)
    assert distance(got, want) < case.call.autocast


# -- derivatives ------------------------------------------------------------


def of_one(case: Case, name: str) -> Callable[[Tensor], Any]:
    """A function of one argument; one result stays one tensor."""

    def function(value: Tensor) -> Any:
        found = tuple(t for t in case.run(**{name: value}))
        return found[0] if len(found) == 1 else found

    return function


def energy(results: Any) -> Tensor:
    """A weighted sum of squares: the plain one of what has length 1 is
    constant, and its gradient proves nothing."""
    total = torch.zeros((), dtype=F64)
    for t in results:
        w = 1 + torch.arange(t.numel(), dtype=F64, device=CPU) % 7 / 7
        total = total + (w.reshape(t.shape) * t.abs().square()).sum()
    return total


def loss(case: Case, name: str) -> Callable[[Tensor], Tensor]:
    def function(value: Tensor) -> Tensor:
        results = case.run(**{name: value})
        return energy(results)

    return function


def leaves(case: Case) -> list[Tensor]:
    return [case.arguments[n].clone().requires_grad_() for n in case.grad]


def inner(ones: Any, twos: Any) -> Tensor:
    return sum(
        (a.conj() * b).real.sum() for a, b in zip(ones, twos, strict=True)
    )


def forward_is_the_transpose(case: Case) -> None:
    """<g, J v> forwards is <J* g, v> backwards, in all arguments at once."""

    def function(*values: Tensor) -> Any:
        return tuple(case.run(**dict(zip(case.grad, values, strict=True))))

    def draw(like: Tensor) -> Tensor:
        return torch.randn(like.shape, generator=generator, dtype=like.dtype)

    generator = torch_rng("directions")
    values = tuple(leaf.detach() for leaf in leaves(case))
    ways = tuple(draw(v) for v in values)
    _, ahead = torch.func.jvp(function, values, ways)
    weights = tuple(draw(t) for t in ahead)
    _, back = torch.func.vjp(function, *values)
    torch.testing.assert_close(
        inner(weights, ahead), inner(back(weights), ways)
    )


@rows(CASES, lambda c: c.grad)
def test_derivatives(case):
    def function(*values: Tensor) -> Any:
        found = case.run(**dict(zip(case.grad, values, strict=True)))
        return tuple(t for t in found if t.requires_grad)

    options = {"fast_mode": True, "atol": 1e-4, "rtol": 1e-3}
    assert torch.autograd.gradcheck(function, leaves(case), **options)
    if "forward" not in case.call.cannot:
        forward_is_the_transpose(case)
    if "second" not in case.call.cannot:
        assert torch.autograd.gradgradcheck(function, leaves(case), **options)
        return
    values = leaves(case)
    first = torch.autograd.grad(
        energy(function(*values)),
        values,
        create_graph=True,
    )
    with pytest.raises(
        RuntimeError, match=r"once_differentiable|is not implemented"
    ):
        torch.autograd.grad(sum(g.abs().sum() for g in first), values)


@pairs(lambda c: c.grad)
def test_torch_func_derivatives(case, name):
    """grad; Jacobians backwards and forwards; gradients per sample."""
    value = case.arguments[name]
    function = loss(case, name)
    leaf = value.clone().requires_grad_()
    want = torch.autograd.grad(function(leaf), leaf)[0]
    torch.testing.assert_close(torch.func.grad(function)(value), want)
    if "vmap" in case.call.cannot:
        return
    # A direction for all; complex arguments by their real and imaginary part.
    parts = torch.view_as_real(value) if value.is_complex() else value

    def real_map(x: Tensor) -> Any:
        x = torch.view_as_complex(x) if value.is_complex() else x
        return tuple(
            torch.view_as_real(t.resolve_conj()) if t.is_complex() else t
            for t in case.run(**{name: x})
        )

    back = torch.func.jacrev(real_map)(parts)
    if "forward" not in case.call.cannot:
        ahead = torch.func.jacfwd(real_map)(parts)
        for one, two in zip(back, ahead, strict=True):
            torch.testing.assert_close(one, two, rtol=1e-6, atol=1e-8)
    samples = copies(value, 3)
    each = torch.func.vmap(torch.func.grad(function))(samples)
    alone = torch.stack([torch.func.grad(function)(x) for x in samples])
    torch.testing.assert_close(each, alone)


@pairs(lambda c: c.tensors() if numeric(c) else ())
def test_vmap(case, name):
    """Over each tensor, the mapped axis first or last."""
    samples = copies(case.arguments[name], 3)
    function = of_one(case, name)
    if "vmap" in case.call.cannot:
        with pytest.raises(RuntimeError, match=r"vmap|dynamic"):
            torch.func.vmap(function)(samples)
        return
    loop = [flat(function(x)) for x in samples]
    want = [torch.stack(ts) for ts in zip(*loop, strict=True)]
    got = flat(torch.func.vmap(function)(samples))
    assert distance(got, want) < 1e-12
    last = samples.movedim(0, -1).contiguous()
    got = flat(torch.func.vmap(function, in_dims=-1)(last))
    assert distance(got, want) < 1e-12


# -- shapes -----------------------------------------------------------------


def batch_names(case: Case) -> list[str]:
    return [n for n in case.call.batch if n in case.tensors()]


@pytest.mark.parametrize("shape", [(3,), (1,), (0,), (2, 1)], ids=str)
@rows(CASES, batch_names)
def test_batches(case, shape):
    names = batch_names(case)
    count = torch.Size(shape).numel()
    samples = {n: copies(case.arguments[n], count) for n in names}
    batched = {n: v.reshape(*shape, *v.shape[1:]) for n, v in samples.items()}
    if count == 0 and "empty" in case.call.cannot:
        with pytest.raises((ValueError, TypeError)):
            case.run(**batched)
        return
    got = case.run(**batched)
    axis = case.call.axis
    # Results such as a grid of times depend on none of these.
    others = {n: copies(case.arguments[n], 2)[1] for n in names}
    depends = [
        not torch.equal(one, two)
        for one, two in zip(case.run(), case.run(**others), strict=True)
    ]
    assert any(depends)
    got = [t for t, d in zip(got, depends, strict=True) if d]
    if count == 0:
        want = [
            t.new_empty((*t.shape[:axis], *shape, *t.shape[axis:]))
            for t, d in zip(case.run(), depends, strict=True)
            if d
        ]
    else:
        loop = [
            case.run(**{n: v[i] for n, v in samples.items()})
            for i in range(count)
        ]
        want = [
            torch.stack(ts, axis).unflatten(axis, shape)
            for ts, d in zip(zip(*loop, strict=True), depends, strict=True)
            if d
        ]
    assert distance(got, want) < 1e-12
    for one, two in zip(got, want, strict=True):
        assert one.dtype == two.dtype
    if count == 0 and set(names) & set(case.grad):
        made = {n: v.clone().requires_grad_() for n, v in batched.items()}
        sum(t.abs().sum() for t in case.run(**made)).backward()


@pairs(lambda c: c.tensors() if numeric(c) else ())
def test_memory_layout(case, name):
    """Strided, reversed in memory, and expanded inputs."""
    value = case.arguments[name]
    want = case.run()
    spread = torch.stack((value, value), -1)[..., 0]
    order = list(reversed(range(value.ndim)))
    transposed = value.permute(order).contiguous().permute(order)
    for other in (spread, transposed):
        assert torch.equal(other, value)
        assert distance(case.run(**{name: other}), want) < 1e-12
    if name in case.call.batch:
        given = {
            n: case.arguments[n].expand(2, *case.arguments[n].shape)
            for n in case.call.batch
            if n in case.tensors()
        }
        axis = case.call.axis
        for one, two in zip(case.run(**given), want, strict=True):
            if one.shape != two.shape:  # depends on them
                two = torch.stack((two, two), axis)
            assert distance([one], [two]) < 1e-12


# -- values -----------------------------------------------------------------


@pytest.mark.parametrize("bad", [torch.inf, -torch.inf, torch.nan], ids=str)
@rows(CASES, lambda c: c.call.time and c.call.out_time is not None)
def test_a_late_value_does_not_spoil_what_came_before(case, bad):
    name, axis = next(iter(case.call.time.items()))
    want, late = case.run(), case.arguments[name].clone()
    late.select(axis, -1).fill_(bad)
    for one, two in zip(case.run(**{name: late}), want, strict=True):
        out, length = case.call.out_time, one.shape[case.call.out_time]
        early = one.narrow(out, 0, length - 1)
        assert distance([early], [two.narrow(out, 0, length - 1)]) < 1e-12
        assert not one.select(out, -1).isfinite().all()


@pytest.mark.parametrize("dtype", [torch.float32, F64], ids=str)
@pytest.mark.parametrize("power", [-100, 100])
@rows(CASES, lambda c: c.call.linear)
def test_linear_at_every_scale(case, power, dtype):
    """1e-30 and 1e30 times the input give as much times the output."""
    given = rounded(case, dtype) if dtype == torch.float32 else {}
    factor = 2.0**power
    want = case.run(**given)
    moved = {
        n: {**case.arguments, **given}[n] * factor
        for n in case.call.linear
        if n in case.tensors()
    }
    got = case.run(**{**given, **moved})
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    assert distance([t / factor for t in got], want) < tolerance


# -- torch.compile ----------------------------------------------------------


def longer(case: Case, more: int) -> dict[str, Tensor]:
    """The timed tensors with more steps."""
    found = {}
    for name, axis in case.call.time.items():
        if name in case.tensors():
            value = case.arguments[name]
            extra = value.narrow(axis, 0, 1)
            found[name] = torch.cat((value, *[extra] * more), axis)
    return found


@rows(CASES, lambda c: numeric(c) and c.tensors())
def test_compile(case):
    """One full graph for all lengths, forward and backward."""
    torch.compiler.reset()
    graphs = 0

    def backend(graph: Any, example: Any) -> Any:
        nonlocal graphs
        graphs += 1
        return graph.forward

    fixed = {
        k: v for k, v in case.arguments.items() if k not in case.tensors()
    }

    def function(tensors: dict[str, Tensor]) -> list[Tensor]:
        return flat(case.function(**fixed, **tensors))

    compiled = torch.compile(
        function, backend=backend, fullgraph=True, dynamic=True
    )
    if "compile" in case.call.cannot:
        with pytest.raises(TorchDynamoException):
            compiled(case.tensors())
        return
    lengths = (0, 1, 70) if case.call.time else (0,)
    if "lengths" in case.call.cannot:
        lengths = (0,)
    for more in lengths:
        given = {**case.tensors(), **(longer(case, more) if more else {})}
        leaf = {
            n: v.clone().requires_grad_(n in case.grad)
            for n, v in given.items()
        }
        got, want = compiled(leaf), case.run(**given)
        assert distance(got, want) < 1e-12
        chosen = [n for n in case.grad if n in leaf]
        if chosen:
            total = energy(got)
            found = torch.autograd.grad(total, [leaf[n] for n in chosen])
            again = {
                n: v.clone().requires_grad_(n in case.grad)
                for n, v in given.items()
            }
            total = energy(case.run(**again))
            real = torch.autograd.grad(total, [again[n] for n in chosen])
            assert distance(list(found), list(real)) < 1e-9
    assert graphs == 1


# -- state ------------------------------------------------------------------

MODULES = [
    pytest.param(function, call, id=name)
    for name, function, call in MADE
    if inspect.isclass(function) and issubclass(function, torch.nn.Module)
]


@pytest.mark.parametrize(("kind", "call"), MODULES)
def test_module_is_stored_and_copied(kind, call):
    module = built(kind, call)
    want = flat(module(**call.inputs))
    file = io.BytesIO()
    torch.save(module.state_dict(), file)
    file.seek(0)
    other = kind(**{**call.arguments, "generator": torch_rng("other")})
    other.load_state_dict(torch.load(file))
    twins = [
        copy.deepcopy(module),
        pickle.loads(pickle.dumps(module)),
        other,
    ]
    for twin in twins:
        for one, two in zip(flat(twin(**call.inputs)), want, strict=True):
            assert torch.equal(one, two)


@pytest.mark.parametrize(("kind", "call"), MODULES)
def test_module_runs_by_steps(kind, call):
    """Streaming is the parallel form; pieces are the whole."""
    module = built(kind, call)
    u = call.inputs["u"]
    want = module(u)
    state, outputs = None, []
    for sample in u.unbind(-2):
        y, state = module.step(sample, state)
        outputs.append(y)
    torch.testing.assert_close(torch.stack(outputs, -2), want)


# -- examples ---------------------------------------------------------------


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(function, id=name)
        for name, function, _ in MADE
        if ">>>" in (function.__doc__ or "")
    ],
)
def test_examples_run(function):
    found = doctest.DocTestFinder(recurse=False).find(function, "example")
    runner = doctest.DocTestRunner()
    for example in found:
        runner.run(example)
    assert runner.tries
    assert not runner.failures

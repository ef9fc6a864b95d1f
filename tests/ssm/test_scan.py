"""Linear recurrences: every method against the definition, and gradients."""

import cmath
import math

import mpmath
import pytest
import sympy as sp
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import torch_rng

from kexue_lib import ssm
from kexue_lib.ssm import scan

F64, C128 = torch.float64, torch.complex128
quick = settings(max_examples=40)
METHODS = [m for m in ssm.SCAN_METHODS if m != "cumsum"]


def numbers(*shape, dtype=F64, seed=0):
    g = torch_rng(seed)
    return torch.randn(shape, dtype=dtype, generator=g)


def factors(*shape, dtype=F64, low=0.9, seed=1):
    g = torch_rng(seed)
    r = low + (0.999 - low) * torch.rand(shape, dtype=F64, generator=g)
    if not dtype.is_complex:
        return r.to(dtype)
    theta = 2 * math.pi * torch.rand(shape, dtype=F64, generator=g)
    return torch.polar(r, theta).to(dtype)


def definition(lam, u, x0=None, dim=-2):
    """One step after the other, out of place."""
    u = u.movedim(dim, 0)
    lam = lam.reshape(*[1] * (u.ndim - lam.ndim), *lam.shape)
    lam = lam.movedim(dim, 0).expand(u.shape)
    x = torch.zeros_like(u[0]) if x0 is None else x0
    states = []
    for a, b in zip(lam, u, strict=True):
        x = a * x + b
        states.append(x)
    return torch.stack(states).movedim(0, dim)


# -- the chapter's checks ---------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("L", [1000, 1024, 4096])
def test_check_1_all_methods_agree(L, method):
    nu_log, theta_log, _ = ssm.lru_init(16, generator=torch_rng())
    lam = ssm.lru_eigenvalues(nu_log, theta_log)
    u = numbers(L, 16, dtype=C128)
    got = ssm.linear_scan(lam, u, method=method)
    assert (got - definition(lam, u)).abs().max() < 1e-10
    # Negative control: the neighbour's eigenvalue.
    wrong = ssm.linear_scan(lam.roll(1), u, method=method)
    assert (wrong - definition(lam, u)).abs().max() > 1


def test_check_2_single_precision_keeps_the_phase():
    """The trap: exp(k log lam) in float32 loses the phase."""
    lam = torch.tensor(cmath.rect(0.9995, 2.1), dtype=torch.complex64)
    mpmath.mp.dps = 40
    exact = mpmath.mpc(lam.real.item(), lam.imag.item())
    ours = ssm.decay_powers(lam, 4097)
    k = torch.arange(4097, dtype=torch.float32)
    naive = torch.exp(k * torch.log(lam))
    for index in (64, 1024, 4096):
        want = complex(exact**index)
        error = abs(ours[index].item() - want) / abs(want)
        trap = abs(naive[index].item() - want) / abs(want)
        assert error < 1.2e-7
        assert trap > 20 * error
    # An error of 1e-7 in the angle of lam itself is no fault of ours: in
    # complex64 all methods agree to a few roundings of the state, which add
    # up like a random walk over its memory of 1 / (1 - |lam|) steps.
    lam, u = factors(16, dtype=torch.complex64), numbers(4096, 16)
    u = u.to(torch.complex64)
    want = ssm.linear_scan(lam.to(C128), u.to(C128))
    memory = 1 / (1 - lam.to(C128).abs())
    rounding = torch.finfo(lam.dtype).eps * want.abs().amax(0)
    for method in METHODS:
        got = ssm.linear_scan(lam, u, method=method)
        assert ((got - want).abs() < 4 * memory.sqrt() * rounding).all()


@pytest.mark.parametrize(("r", "dtype"), [(0.9, torch.complex64)])
def test_check_3_cumsum_overflows_where_predicted(r, dtype):
    k = math.log(torch.finfo(torch.float32).max) / -math.log(r)
    assert round(k) == 842
    lam = torch.tensor([r], dtype=dtype)
    x = ssm.linear_scan(lam, numbers(1000, 1).to(dtype), method="cumsum")
    first = int((~x.isfinite()).nonzero()[0, 0])
    assert 0.9 * k <= first <= k + 1


def test_cumsum_is_right_before_it_overflows():
    lam, u = factors(3, dtype=C128), numbers(300, 3, dtype=C128)
    for a in (lam, lam.expand(300, 3)):
        got = ssm.linear_scan(a, u, method="cumsum")
        assert (got - definition(lam, u)).abs().max() < 1e-9


def test_scalar_family():
    """Claim C1: u_k = mu^k has a closed form."""
    lam, mu = 0.9 + 0.3j, 0.5
    u = ssm.decay_powers(torch.tensor([mu], dtype=C128), 200)
    x = ssm.linear_scan(torch.tensor([lam], dtype=C128), u)
    want = [(lam ** (t + 1) - mu ** (t + 1)) / (lam - mu) for t in range(200)]
    torch.testing.assert_close(x[:, 0], torch.tensor(want, dtype=C128))


# -- every shape ------------------------------------------------------------

LENGTHS = [1, 2, 3, 5, 8, 31, 96, 97, 128, 129, 1023, 2048]
LAYOUTS = [("L", 0), ("L3", 0), ("2L3", -2), ("23L", -1), ("L23", 0)]


@pytest.mark.parametrize("dtype", [F64, C128])
@pytest.mark.parametrize(("layout", "dim"), LAYOUTS)
@pytest.mark.parametrize("varies", [False, True])
def test_lengths_layouts_methods(dtype, layout, dim, varies):
    for L in LENGTHS:
        shape = [L if s == "L" else int(s) for s in layout]
        rest = list(shape)
        rest.pop(dim)
        size = list(shape)
        if not varies:
            size[dim] = 1
        lam, u = factors(*size, dtype=dtype), numbers(*shape, dtype=dtype)
        x0 = numbers(*rest, dtype=dtype, seed=3)
        want = definition(lam, u, x0, dim)
        for method in METHODS:
            got = ssm.linear_scan(lam, u, x0=x0, method=method, dim=dim)
            assert got.shape == u.shape
            assert (got - want).abs().max() < 1e-10, (L, method)


@pytest.mark.parametrize("method", METHODS)
def test_lam_broadcasts(method):
    u = numbers(2, 300, 3)
    for size in [(), (1,), (3,), (1, 3), (300, 1), (300, 3), (2, 1, 3)]:
        lam = factors(*size)
        got = ssm.linear_scan(lam, u, method=method)
        whole = ssm.linear_scan(lam.expand(u.shape), u, method="sequential")
        torch.testing.assert_close(got, whole)


def test_one_input_feeds_many_modes():
    lam, gamma = factors(5, dtype=C128), factors(5)
    u = numbers(2, 150, 1).requires_grad_()
    x = ssm.linear_scan(lam, u, gamma=gamma)
    assert x.shape == (2, 150, 5)
    want = definition(lam, (gamma * u).expand(2, 150, 5).to(C128))
    torch.testing.assert_close(x, want)
    got = torch.autograd.grad(x.abs().sum(), u)[0]
    assert got.shape == u.shape
    torch.testing.assert_close(
        got, torch.autograd.grad(want.abs().sum(), u)[0]
    )
    plain = ssm.linear_scan(lam, u)
    torch.testing.assert_close(
        plain, definition(lam, u.expand(2, 150, 5).to(C128))
    )


def test_memory_layouts_do_not_matter():
    lam, u = factors(5), numbers(4, 777, 5)
    want = definition(lam, u)
    last = u.mT.contiguous()
    strided = torch.zeros(8, 777, 10, dtype=F64)[::2, :, ::2].copy_(u)
    torch.testing.assert_close(
        ssm.linear_scan(lam[:, None], last, dim=-1).mT, want
    )
    torch.testing.assert_close(ssm.linear_scan(lam, strided), want)
    one = torch.ones(1, 1, 1, dtype=F64)
    torch.testing.assert_close(
        ssm.linear_scan(lam, one.expand(4, 777, 5)),
        definition(lam, torch.ones(4, 777, 5, dtype=F64)),
    )


def test_zero_and_one():
    u = numbers(200, 2)
    lam = torch.tensor([0.0, 1.0], dtype=F64)
    want = torch.stack((u[:, 0], u[:, 1].cumsum(0)), dim=1)
    for method in METHODS:
        got = ssm.linear_scan(lam, u, method=method)
        torch.testing.assert_close(got, want)


def test_gamma_and_mixed_dtypes():
    lam = factors(3, dtype=torch.complex64)
    u, gamma = numbers(50, 3, dtype=torch.float32), factors(3)
    x = ssm.linear_scan(lam, u, gamma=gamma)
    assert x.dtype == C128
    want = definition(lam.to(C128), (gamma * u).to(C128))
    torch.testing.assert_close(x, want)
    half = ssm.linear_scan(factors(3), u.bfloat16())
    assert half.dtype == F64
    lam16 = factors(3).bfloat16()
    got = ssm.linear_scan(lam16, u.bfloat16())
    assert got.dtype == torch.bfloat16
    exact = definition(lam16.float(), u.bfloat16().float())
    assert (got.float() - exact).abs().max() <= 2**-8 * exact.abs().max()


def test_a_long_scan_of_one_channel():
    scipy = pytest.importorskip("scipy.signal")
    u = numbers(100_001)
    x = ssm.linear_scan(torch.tensor(0.999, dtype=F64), u, dim=0)
    want = scipy.lfilter([1.0], [1.0, -0.999], u.numpy())
    torch.testing.assert_close(x, torch.from_numpy(want))


# -- invariants -------------------------------------------------------------


@quick
@given(
    L=st.integers(1, 400),
    cut=st.integers(0, 400),
    seed=st.integers(0, 99),
    method=st.sampled_from(METHODS),
    complex_=st.booleans(),
)
def test_a_scan_can_be_cut_anywhere(L, cut, seed, method, complex_):
    dtype = C128 if complex_ else F64
    cut %= L
    lam = factors(L, 2, dtype=dtype, low=0.0, seed=seed)
    u = numbers(L, 2, dtype=dtype, seed=seed + 1)
    whole = ssm.linear_scan(lam, u, method=method)
    if cut == 0:
        return
    first = ssm.linear_scan(lam[:cut], u[:cut], method=method)
    second = ssm.linear_scan(lam[cut:], u[cut:], x0=first[-1], method=method)
    torch.testing.assert_close(torch.cat((first, second)), whole)


@quick
@given(
    L=st.integers(1, 300),
    seed=st.integers(0, 99),
    method=st.sampled_from(METHODS),
    varies=st.booleans(),
)
def test_linear_in_the_input_and_in_the_start(L, seed, method, varies):
    lam = factors(L if varies else 1, 2, low=0.0, seed=seed)
    u, v = numbers(2, L, 2, seed=seed)
    x, y = numbers(2, 2, seed=seed + 7)
    a, b = 0.7, -1.3
    both = ssm.linear_scan(lam, a * u + b * v, x0=a * x + b * y, method=method)
    parts = [
        ssm.linear_scan(lam, w, x0=s, method=method)
        for w, s in ((u, x), (v, y))
    ]
    torch.testing.assert_close(both, a * parts[0] + b * parts[1])


@quick
@given(st.lists(st.fractions(), min_size=6, max_size=6))
def test_combine_is_associative_with_a_neutral_element(values):
    p, q, r = zip(values[::2], values[1::2], strict=True)
    c = ssm.scan_combine
    assert c(c(p, q), r) == c(p, c(q, r))
    assert c(p, (1, 0)) == p == c((1, 0), p)


def test_combine_is_two_steps():
    a1, b1, a2, b2, x = sp.symbols("a1 b1 a2 b2 x")
    a, b = ssm.scan_combine((a1, b1), (a2, b2))
    assert sp.expand(a * x + b - (a2 * (a1 * x + b1) + b2)) == 0


# -- gradients --------------------------------------------------------------


@pytest.mark.parametrize("dtype", [F64, C128])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("L", [1, 2, 5])
@pytest.mark.parametrize("varies", [False, True])
def test_first_and_second_derivatives(dtype, method, L, varies):
    lam = factors(L if varies else 1, 2, dtype=dtype, low=0.3)
    u, x0 = numbers(2, L, 2, dtype=dtype), numbers(2, 2, dtype=dtype)
    args = [v.requires_grad_() for v in (lam, u, x0)]

    def run(lam, u, x0):
        return ssm.linear_scan(lam, u, x0=x0, method=method)

    assert torch.autograd.gradcheck(run, args)
    assert torch.autograd.gradgradcheck(run, args)


@pytest.mark.parametrize("dtype", [F64, C128])
@pytest.mark.parametrize("dim", [0, -1])
@pytest.mark.parametrize("varies", [False, True])
@pytest.mark.parametrize("packs", [False, True])
def test_derivatives_through_chunks(dtype, dim, varies, packs, monkeypatch):
    """The same with short chunks, so that carries and tails take part."""
    monkeypatch.setattr(scan, "_chunk_length", lambda u: min(len(u), 3))
    if packs:  # as if the data were larger than the cache
        monkeypatch.setattr(scan, "_SLICE", (64, 64))
    shape = (11, 2) if dim == 0 else (2, 11)
    size = list(shape)
    size[dim] = 11 if varies else 1
    lam = factors(*size, dtype=dtype, low=0.3).requires_grad_()
    u = numbers(*shape, dtype=dtype).requires_grad_()
    x0 = numbers(2, dtype=dtype).requires_grad_()

    def run(lam, u, x0):
        return ssm.linear_scan(lam, u, x0=x0, dim=dim)

    assert torch.allclose(run(lam, u, x0), definition(lam, u, x0, dim))
    assert torch.autograd.gradcheck(run, (lam, u, x0))
    assert torch.autograd.gradgradcheck(run, (lam, u, x0))


@pytest.mark.parametrize("method", METHODS)
def test_gradients_of_scan_and_loop(method):
    lam = factors(3, dtype=C128).requires_grad_()
    u = numbers(2, 500, 3, dtype=C128).requires_grad_()
    weight = numbers(2, 500, 3)
    found = [
        torch.autograd.grad((weight * x).abs().sum(), (lam, u))
        for x in (
            ssm.linear_scan(lam, u, method=method),
            definition(lam, u),
        )
    ]
    for got, want in zip(*found, strict=True):
        assert (got - want).abs().max() < 1e-9 * want.abs().max()


def test_gradient_at_zero_and_of_powers():
    lam = torch.tensor([0.0, 0.5], dtype=F64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda a: ssm.decay_powers(a, 9), (lam,))
    z = torch.tensor([0.0, 0.5 + 0.2j], dtype=C128, requires_grad=True)
    assert torch.autograd.gradcheck(lambda a: ssm.decay_powers(a, 9), (z,))


@pytest.mark.parametrize("dtype", [F64, C128])
@pytest.mark.parametrize("varies", [False, True])
def test_a_long_scan_with_time_last(dtype, varies):
    lam = factors(2, 3, 9000 if varies else 1, dtype=dtype)
    for L in (9000, 8192):
        u = numbers(2, 3, L, dtype=dtype)
        factor = lam[..., :L]
        got = ssm.linear_scan(factor, u, dim=-1)
        want = ssm.linear_scan(factor, u, dim=-1, method="sequential")
        assert (got - want).abs().max() < 1e-10


def test_one_decay_for_all_through_a_matrix():
    """Real lam, a single number, time last: chunks are a matrix product."""
    lam = torch.tensor(0.8, dtype=F64, requires_grad=True)
    x0 = numbers(2, seed=3).requires_grad_()
    u = numbers(2, 150).requires_grad_()

    def run(lam, u, x0):
        return ssm.linear_scan(lam, u, x0=x0, dim=-1)

    want = definition(lam.expand(2, 150), u, x0, -1)
    torch.testing.assert_close(run(lam, u, x0), want)
    assert torch.autograd.gradcheck(run, (lam, u, x0))
    long = numbers(2, 3, 5000)
    torch.testing.assert_close(
        ssm.linear_scan(lam.detach(), long, dim=-1),
        definition(lam.detach().expand(2, 3, 5000), long, None, -1),
    )


@pytest.mark.parametrize("which", [0, 1])
def test_only_what_is_asked_for_gets_a_gradient(which):
    args = [factors(3), numbers(200, 3)]
    args[which].requires_grad_()
    ssm.linear_scan(*args).sum().backward()
    assert args[which].grad is not None
    assert args[1 - which].grad is None


# -- bad input --------------------------------------------------------------

LAM, U = factors(3), numbers(4, 3)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"lam": 0.5}, TypeError, "lam must be a torch.Tensor"),
        ({"lam": torch.ones(3, dtype=torch.int64)}, TypeError, "lam must be"),
        ({"u": [1.0]}, TypeError, "u must be a torch.Tensor"),
        ({"u": numbers(3)}, ValueError, "dim=-2 is out of range"),
        ({"u": numbers(0, 3)}, ValueError, "L >= 1"),
        ({"dim": 2}, ValueError, "dim=2 is out of range"),
        ({"dim": 0.0}, TypeError, "dim must be an integer"),
        ({"dim": True}, TypeError, "dim must be an integer"),
        ({"method": "fast"}, ValueError, "method must be one of chunked"),
        ({"method": 1}, TypeError, "method must be a string"),
        ({"lam": factors(2)}, ValueError, "lam and u must broadcast together"),
        ({"gamma": factors(2)}, ValueError, r"together, got .* gamma \(2,\)"),
        ({"gamma": 0.5}, TypeError, "gamma must be a torch.Tensor"),
        ({"x0": factors(4)}, ValueError, r"one state, \(3,\); got \(4,\)"),
        ({"x0": 1.0}, TypeError, "x0 must be a torch.Tensor"),
        ({"lam": 1.5 * LAM, "strict": True}, ValueError, r"\|lam\| must be"),
    ],
)
def test_bad_arguments(change, error, message):
    with pytest.raises(error, match=message):
        ssm.linear_scan(**{"lam": LAM, "u": U, **change})


def test_strict_accepts_the_circle():
    lam = torch.ones(3, dtype=F64)
    torch.testing.assert_close(
        ssm.linear_scan(lam, U, strict=True), U.cumsum(0)
    )


@pytest.mark.parametrize(
    ("lam", "L", "error", "message"),
    [
        (0.5, 3, TypeError, "lam must be a torch.Tensor"),
        (LAM, 0, ValueError, "L must be an integer >= 1"),
        (LAM, 2.0, TypeError, "L must be an integer"),
    ],
)
def test_bad_powers(lam, L, error, message):
    with pytest.raises(error, match=message):
        ssm.decay_powers(lam, L)


@pytest.mark.parametrize("dim", [-2, -1])
@pytest.mark.parametrize("lam", [3e3, -3e3, 1e30])
def test_growth_is_that_of_the_definition(lam, dim):
    """A product over a chunk overflows long before a state that begins 0."""
    u = torch.zeros(2, 3000, 1)
    u[0, -3] = u[1, -2] = 1e-30
    u = u if dim == -2 else u.mT
    factor = torch.tensor([lam])
    want = ssm.linear_scan(factor, u, dim=dim, method="sequential")
    got = ssm.linear_scan(factor, u, dim=dim)
    assert want.isfinite().all()
    assert torch.equal(got, want)
    varying = factor.expand(*u.shape)
    assert torch.equal(ssm.linear_scan(varying, u, dim=dim), want)

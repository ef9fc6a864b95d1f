"""The linear recurrent unit and RWKV's token mixing."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import torch_rng

from kexue_lib import ssm

F64, C128 = torch.float64, torch.complex128
quick = settings(max_examples=40)


def generator(seed=0):
    return torch_rng(seed)


def tensor(*values):
    return torch.tensor(values, dtype=F64)


# -- initialisation ---------------------------------------------------------


@pytest.mark.parametrize(("low", "high"), [(0.9, 0.999), (0.0, 0.5)])
def test_uniform_on_the_ring(low, high):
    """Claims C5, C7, C8: quantiles of |lam|^2 and theta, and gamma."""
    d = 40_000
    nu_log, theta_log, gamma_log = ssm.lru_init(
        d, r_min=low, r_max=high, generator=generator()
    )
    lam = ssm.lru_eigenvalues(nu_log, theta_log)
    square = lam.abs() ** 2
    assert square.min() > low**2 - 1e-15
    assert square.max() < high**2 + 1e-15
    share = ((square - low**2) / (high**2 - low**2)).sort().values
    phase = (theta_log.exp() / (2 * math.pi)).sort().values
    grid = (torch.arange(d, dtype=F64) + 0.5) / d
    for sample in (share, phase):  # Kolmogorov's distance, 5 sigma or so
        assert (sample - grid).abs().max() < 2.5 / math.sqrt(d)
    torch.testing.assert_close(gamma_log.exp() ** 2, 1 - square)
    mean = (1 / (1 - square)).mean()
    want = math.log((1 - low**2) / (1 - high**2)) / (high**2 - low**2)
    spread = (1 / (1 - square)).std() / math.sqrt(d)
    assert abs(mean - want) < 5 * spread


def test_init_options():
    a = ssm.lru_init(5, generator=generator(), dtype=torch.float32)
    b = ssm.lru_init(5, generator=generator())
    for x, y in zip(a, b, strict=True):
        assert x.dtype == torch.float32
        assert torch.equal(x, y.float())
    theta = ssm.lru_init(500, max_phase=0.1, generator=generator())[1].exp()
    assert 0 < theta.min() < theta.max() <= 0.1


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"d": 0}, ValueError, "d must be an integer >= 1"),
        ({"d": 2.5}, TypeError, "d must be an integer"),
        ({"r_max": 1.0}, ValueError, "r_min < r_max < 1"),
        ({"r_min": -0.1}, ValueError, "0 <= r_min"),
        ({"r_min": 0.9, "r_max": 0.9}, ValueError, "r_min < r_max"),
        ({"r_min": math.nan}, ValueError, "r_min must be finite"),
        ({"max_phase": 0.0}, ValueError, "max_phase must be in"),
        ({"max_phase": 7.0}, ValueError, "max_phase must be in"),
        ({"dtype": C128}, ValueError, "dtype must be real"),
        ({"dtype": "float"}, TypeError, "dtype must be a torch.dtype"),
    ],
)
def test_bad_init(change, error, message):
    with pytest.raises(error, match=message):
        ssm.lru_init(**{"d": 3, **change})


@quick
@given(st.floats(-20, 5), st.floats(-10, 2))
def test_eigenvalues_stay_inside(nu_log, theta_log):
    lam = ssm.lru_eigenvalues(tensor(nu_log), tensor(theta_log))
    assert lam.abs() < 1 or nu_log < -17  # then 1 - 4e-8 is still < 1
    assert lam.abs() <= 1


def test_eigenvalues_types():
    nu_log, theta_log = tensor(-2.0, -3.0).requires_grad_(), tensor(0.5, 1.0)
    assert torch.autograd.gradcheck(
        ssm.lru_eigenvalues, (nu_log, theta_log.requires_grad_())
    )
    low = ssm.lru_eigenvalues(nu_log.bfloat16(), theta_log.bfloat16())
    assert low.dtype == torch.complex64
    with pytest.raises(TypeError, match="theta_log must be real"):
        ssm.lru_eigenvalues(nu_log, theta_log.to(C128))


@pytest.mark.parametrize("dtype", [torch.float32, F64])
@pytest.mark.parametrize("theta_log", [-1e4, 0.0, 1e4])
@pytest.mark.parametrize("nu_log", [-1e4, -100.0, 4.0, 5.0, 100.0, 1e4])
def test_eigenvalues_of_extreme_parameters(nu_log, theta_log, dtype):
    values = [torch.tensor(v, dtype=dtype) for v in (nu_log, theta_log)]
    lam = ssm.lru_eigenvalues(*(v.requires_grad_() for v in values))
    assert lam.abs() <= 1
    torch.view_as_real(lam).sum().backward()
    assert all(v.grad.isfinite() for v in values)


# -- the gain ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("phi", "want"), [(-0.9, 3.28), (0.0, 50.25), (0.5, 77.77), (0.95, 13.01)]
)
def test_gain_reference_values(phi, want):
    got = ssm.lru_gain(tensor(0.99), tensor(0.7), tensor(phi))
    assert got.item() == pytest.approx(want, abs=0.006)


@quick
@given(st.floats(0, 0.97), st.floats(-7, 7), st.floats(-0.97, 0.97))
def test_gain_is_the_double_sum(r, theta, phi):
    """sum_{j,k} lam^j conj(lam)^k phi^|j-k|, cut where it is negligible."""
    lam = torch.polar(tensor(r), tensor(theta))
    kernel = ssm.decay_powers(lam[0], 1200)
    n = torch.arange(1200)
    corr = tensor(phi) ** (n[:, None] - n).abs()
    want = (kernel @ corr.to(C128) @ kernel.conj()).real
    got = ssm.lru_gain(tensor(r), tensor(theta), tensor(phi))
    torch.testing.assert_close(got[0], want, rtol=1e-8, atol=1e-9)


def test_gain_limits_and_gradient():
    r, theta = tensor(0.9, 0.999), tensor(0.3, 0.01)
    lam = torch.polar(r, theta)
    one, zero = torch.ones(2, dtype=F64), torch.zeros(2, dtype=F64)
    torch.testing.assert_close(
        ssm.lru_gain(r, theta, one), (1 - lam).abs() ** -2
    )
    torch.testing.assert_close(ssm.lru_gain(r, theta, zero), 1 / (1 - r**2))
    args = [v.requires_grad_() for v in (r, theta, tensor(0.4, -0.2))]
    assert torch.autograd.gradcheck(ssm.lru_gain, args)
    assert ssm.lru_gain(tensor(2.0), zero, zero, check=False).isfinite().all()


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        ((1.0, 0.0, 0.0), ValueError, "r must be in"),
        ((-0.1, 0.0, 0.0), ValueError, "r must be in"),
        ((math.nan, 0.0, 0.0), ValueError, "r must be in"),
        ((0.5, 0.0, 1.1), ValueError, "phi must be in"),
    ],
)
def test_bad_gain(args, error, message):
    with pytest.raises(error, match=message):
        ssm.lru_gain(*(tensor(a) for a in args))
    with pytest.raises(TypeError, match=r"r must be a torch\.Tensor"):
        ssm.lru_gain(0.5, tensor(0.0), tensor(0.0))


# -- RWKV -------------------------------------------------------------------


def mixed(k, v, lam, gamma):
    """The weights, written out."""
    out = []
    for t in range(k.shape[-2]):
        age = torch.arange(t - 1, -1, -1)[:, None]
        weight = torch.cat(
            (
                lam**age * k[..., :t, :].exp(),
                gamma * k[..., t : t + 1, :].exp(),
            ),
            dim=-2,
        )
        values = v[..., : t + 1, :]
        out.append((weight * values).sum(-2) / weight.sum(-2))
    return torch.stack(out, dim=-2)


def sequence(*shape, seed=0):
    k, v = torch.randn((2, *shape), dtype=F64, generator=generator(seed))
    return k, v


@pytest.mark.parametrize("stable", [True, False])
@pytest.mark.parametrize("L", [1, 2, 7, 200])
def test_rwkv_is_a_weighted_mean(stable, L):
    k, v = sequence(2, L, 3)
    lam, gamma = tensor(0.2, 0.9, 1.0), tensor(0.3, 1.0, 4.0)
    got = ssm.rwkv_mix(k, v, lam, gamma, stable=stable)
    torch.testing.assert_close(got, mixed(k, v, lam, gamma))
    moved = ssm.rwkv_mix(k.mT, v.mT, lam, gamma, dim=-1, stable=stable).mT
    torch.testing.assert_close(moved, got)


@quick
@given(
    L=st.integers(1, 60),
    scale=st.floats(0, 300),
    lam=st.floats(0, 1),
    gamma=st.floats(1e-3, 1e3),
    seed=st.integers(0, 99),
)
def test_rwkv_stays_between_the_values(L, scale, lam, gamma, seed):
    k, v = (x.float() for x in sequence(L, 1, seed=seed))
    out = ssm.rwkv_mix(
        scale * k, v, torch.tensor([lam]), torch.tensor([gamma])
    )
    assert out.isfinite().all()
    assert (out <= v.cummax(0).values + 1e-5).all()
    assert (out >= v.cummin(0).values - 1e-5).all()


def test_rwkv_shift_of_keys_does_not_matter():
    k, v = sequence(50, 3)
    lam, gamma = tensor(0.5, 0.9, 0.99), tensor(2.0, 1.0, 0.5)
    want = ssm.rwkv_mix(k, v, lam, gamma)
    torch.testing.assert_close(
        ssm.rwkv_mix(k + 5000.0, v, lam, gamma), want, rtol=1e-9, atol=1e-9
    )
    plain = ssm.rwkv_mix(k + 5000.0, v, lam, gamma, stable=False)
    assert plain.isnan().all()


@pytest.mark.parametrize("lam", [0.0, 0.7, 1.0])
def test_rwkv_gradient(lam):
    k, v = (x.requires_grad_() for x in sequence(5, 2))
    decay = torch.full((2,), lam, dtype=F64).requires_grad_()
    gamma = tensor(0.5, 2.0).requires_grad_()
    if lam in (0.0, 1.0):  # the ends of the domain: no two-sided difference
        out = ssm.rwkv_mix(k, v, decay, gamma)
        out.sum().backward()
        assert all(x.grad.isfinite().all() for x in (k, v, decay, gamma))
        # At lam = 0 the derivative is that of the written-out sum.
        leaves = [x.detach().requires_grad_() for x in (k, v, decay, gamma)]
        mixed(*leaves).sum().backward()
        for x, y in zip((k, v, decay, gamma), leaves, strict=True):
            torch.testing.assert_close(x.grad, y.grad)
    else:
        assert torch.autograd.gradcheck(ssm.rwkv_mix, (k, v, decay, gamma))
        assert torch.autograd.gradgradcheck(ssm.rwkv_mix, (k, v, decay, gamma))


K, V = sequence(4, 3)
ONES = torch.ones(3, dtype=F64)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"k": [1.0]}, TypeError, "k must be a torch.Tensor"),
        ({"v": V.to(C128)}, TypeError, "v must be real"),
        ({"v": V[:3]}, ValueError, "k and v must broadcast"),
        ({"lam": ONES[:2]}, ValueError, "lam must broadcast to one step"),
        ({"gamma": ONES[:2]}, ValueError, "gamma must broadcast"),
        ({"k": K[:0], "v": V[:0]}, ValueError, "L >= 1"),
        ({"dim": 5}, ValueError, "dim=5 is out of range"),
        ({"dim": None}, TypeError, "dim must be an integer"),
    ],
)
def test_bad_rwkv(change, error, message):
    with pytest.raises(error, match=message):
        ssm.rwkv_mix(**{"k": K, "v": V, "lam": ONES, "gamma": ONES, **change})


# -- the module -------------------------------------------------------------


@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_module_is_the_formula(dtype):
    layer = ssm.LRU(3, 5, generator=generator(), dtype=dtype)
    u = torch.randn(2, 40, 3, generator=generator(1), dtype=F64).to(dtype)
    lam = ssm.lru_eigenvalues(layer.nu_log, layer.theta_log).to(C128)
    B = torch.complex(layer.B[:, ::2].double(), layer.B[:, 1::2].double())
    C = torch.complex(layer.C[::2].double(), -layer.C[1::2].double())
    gamma = layer.gamma_log.double().exp()
    x = torch.zeros(2, 5, dtype=C128)
    want = []
    for step in u.double().unbind(1):
        x = lam * x + gamma * (step.to(C128) @ B)
        want.append((x @ C).real + layer.D * step)
    got = layer(u)
    assert got.dtype == dtype
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    assert (got - torch.stack(want, dim=1)).abs().max() < tolerance


def test_module_goes_on_where_it_stopped():
    layer = ssm.LRU(3, 5, generator=generator(), dtype=F64)
    u = torch.randn(2, 300, 3, generator=generator(1), dtype=F64)
    x = layer.states(u[:, :117])
    torch.testing.assert_close(layer(u[:, 117:], x[:, -1]), layer(u)[:, 117:])


def test_module_state_dict_dtype_and_training():
    layer = ssm.LRU(4, 8, generator=generator())
    twin = ssm.LRU(4, 8)
    twin.load_state_dict(layer.state_dict())
    u = torch.randn(2, 120, 4, generator=generator(1))
    assert torch.equal(layer(u), twin(u))
    assert repr(layer) == "LRU(width=4, state=8)"
    layer(u).square().mean().backward()
    assert all(p.grad.isfinite().all() for p in layer.parameters())
    assert layer.double()(u.double()).dtype == F64


def test_module_output_has_the_size_of_its_input():
    """White input of variance 1: the state, and C's part, have variance 1."""
    layer = ssm.LRU(64, 256, generator=generator(), dtype=F64)
    u = torch.randn(4, 3000, 64, generator=generator(1), dtype=F64)
    with torch.no_grad():
        x = layer.states(u)[:, 2000:]
        y = layer(u)[:, 2000:] - layer.D * u[:, 2000:]
    assert x.abs().square().mean().item() == pytest.approx(1, abs=0.1)
    assert y.square().mean().item() == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ssm.LRU(0, 3), ValueError, "width must be an integer >= 1"),
        (lambda: ssm.LRU(3, 0), ValueError, "state must be an integer >= 1"),
        (lambda: ssm.LRU(3, 2, r_max=1.0), ValueError, "r_max < 1"),
        (
            lambda: ssm.LRU(3, 2, dtype=torch.bfloat16),
            ValueError,
            "dtype must be torch.float32",
        ),
        (
            lambda: ssm.LRU(3, 2)(torch.ones(3)),
            ValueError,
            r"u must have shape \(..., L, 3\)",
        ),
        (
            lambda: ssm.LRU(3, 2)(torch.ones(4, 2)),
            ValueError,
            r"u must have shape \(..., L, 3\)",
        ),
        (
            lambda: ssm.LRU(3, 2)(torch.ones(0, 3)),
            ValueError,
            "L >= 1",
        ),
        (lambda: ssm.LRU(3, 2)([1.0]), TypeError, "u must be a torch.Tensor"),
    ],
)
def test_bad_module(make, error, message):
    with pytest.raises(error, match=message):
        make()

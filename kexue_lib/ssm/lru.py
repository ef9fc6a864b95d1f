r"""The linear recurrent unit, and RWKV's token mixing as two of them.

An LRU is a diagonal complex recurrence whose eigenvalues
:math:`\lambda=e^{-\nu+i\theta}`, :math:`\nu=e^{\nu^{\log}}`, cannot leave the
unit disk, started on a ring near its edge.

Sources: arXiv 2303.06349 (LRU), arXiv 2305.13048 (RWKV),
kexue.fm/archives/9554.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import at_least_single, widest
from kexue_lib.ssm.scan import linear_scan


def lru_init(
    d: int,
    *,
    r_min: float = 0.9,
    r_max: float = 0.999,
    max_phase: float = 2 * math.pi,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Return :math:`(\nu^{\log},\theta^{\log},\gamma^{\log})` on a ring.

    :math:`\lambda=e^{-\nu+i\theta}` is uniform on the ring
    :math:`r_{\min}<|\lambda|\le r_{\max}`, :math:`0<\theta\le` ``max_phase``,
    that is :math:`|\lambda|^2` and :math:`\theta` are, and
    :math:`\gamma=\sqrt{1-|\lambda|^2}`.

    Chapter: lru, claims C3, C5, C7

    Drawn in float64 on the CPU, then cast and moved.

    Args:
        d: Number of eigenvalues, >= 1.
        r_min: Inner radius.
        r_max: Outer radius; :math:`0\le r_{\min}<r_{\max}<1`.
        max_phase: Largest phase, in :math:`(0,2\pi]`.
        generator: A CPU generator; default: torch's global one.
        dtype: A real dtype, default float64.
        device: Default: torch's default.

    Returns:
        Three tensors of shape ``(d,)``, without gradient.

    Raises:
        TypeError: Wrong types.
        ValueError: ``d < 1``, radii or phase out of range (``r_max = 1``
            would need :math:`\nu^{\log}=-\infty`), complex ``dtype``.
    """
    d = arg.integer("d", d, 1)
    low, high = arg.number("r_min", r_min), arg.number("r_max", r_max)
    if not 0 <= low < high < 1:
        raise ValueError(
            f"0 <= r_min < r_max < 1 is needed, got r_min={r_min!r}, "
            f"r_max={r_max!r}"
        )
    phase = arg.number("max_phase", max_phase)
    if not 0 < phase <= 2 * math.pi:
        raise ValueError(f"max_phase must be in (0, 2 pi], got {max_phase!r}")
    dtype = arg.dtype_of(dtype, complex_only=False)
    if dtype.is_complex:
        raise ValueError(f"dtype must be real, got {dtype}")
    device = arg.device_of(device)
    # 1 - rand is in (0, 1]: neither logarithm meets 0.
    uniform = 1 - torch.rand(
        (2, d), generator=generator, dtype=torch.float64, device="cpu"
    )
    square = low**2 + uniform[0] * (high**2 - low**2)
    nu = -square.log() / 2
    theta = phase * uniform[1]
    gamma_log = torch.log1p(-square) / 2
    nu_log, theta_log, gamma_log = (
        v.to(device=device, dtype=dtype)
        for v in (nu.log(), theta.log(), gamma_log)
    )
    return nu_log, theta_log, gamma_log


def lru_eigenvalues(nu_log: Tensor, theta_log: Tensor) -> Tensor:
    r"""Return :math:`\lambda=\exp(-e^{\nu^{\log}}+ie^{\theta^{\log}})`.

    In exact arithmetic :math:`|\lambda|<1` whatever the parameters; rounded,
    it is 1 for :math:`\nu^{\log}<-17` (float32) or -37 (float64). Finite
    with finite derivatives for every finite parameter.

    Chapter: lru, claim C3

    Args:
        nu_log: Real, any shape.
        theta_log: Real, a shape that broadcasts with ``nu_log``.

    Returns:
        The broadcast shape; complex64, or complex128 for float64.

    Raises:
        TypeError: An argument is not a real floating-point tensor.
    """
    for name, value in (("nu_log", nu_log), ("theta_log", theta_log)):
        arg.real_float(name, value)
    work = at_least_single(widest(nu_log, theta_log))
    return _eigenvalues(nu_log.to(work), theta_log.to(work))


def _eigenvalues(nu_log: Tensor, theta_log: Tensor) -> Tensor:
    # Beyond these the radius is 0, and so is its derivative, and the phase
    # is noise; without them both would be NaN.
    radius = nu_log.clamp(max=10.0).exp().neg().exp()
    most = 87.0 if theta_log.dtype == torch.float32 else 700.0
    theta = theta_log.clamp(max=most).exp()
    if radius.shape != theta.shape:
        radius, theta = torch.broadcast_tensors(radius, theta)
    return torch.polar(radius, theta)


def lru_gain(
    r: Tensor, theta: Tensor, phi: Tensor, *, check: bool = True
) -> Tensor:
    r"""Return :math:`E|x|^2/E|u|^2` in the long run, without :math:`\gamma`.

    For :math:`x_t=\lambda x_{t-1}+u_t`, :math:`\lambda=re^{i\theta}`, and a
    stationary input with correlation :math:`\varphi^{|k|}` at lag k:

    .. math:: \frac{1}{1-r^2}\,\mathrm{Re}\frac{1+\varphi\lambda}
              {1-\varphi\lambda}

    White input, :math:`\varphi=0`, gives :math:`1/(1-r^2)`, constant input,
    :math:`\varphi=1`, gives :math:`1/|1-\lambda|^2`.

    Chapter: lru, claims C6, C9

    Args:
        r: Radius, in [0, 1), real.
        theta: Phase in radians, real.
        phi: Correlation of neighbours, in [-1, 1], real.
        check: Verify the ranges, which reads the values (a device
            synchronisation).

    Returns:
        The broadcast shape; differentiable.

    Raises:
        TypeError: An argument is not a real floating-point tensor.
        ValueError: A value out of range.
    """
    for name, value in (("r", r), ("theta", theta), ("phi", phi)):
        arg.real_float(name, value)
    if check:
        if not bool(((r >= 0) & (r < 1)).all()):
            raise ValueError(f"r must be in [0, 1), got {r}")
        if not bool((phi.abs() <= 1).all()):
            raise ValueError(f"phi must be in [-1, 1], got {phi}")
    dtype = widest(r, theta, phi)
    work = at_least_single(dtype)
    r, theta, phi = (v.to(work) for v in (r, theta, phi))
    # |1 - phi lam|^2 without cancellation next to lam = 1.
    distance = (1 - phi * r) ** 2 + 4 * phi * r * (theta / 2).sin() ** 2
    gain = (1 - phi * r) * (1 + phi * r) / ((1 - r) * (1 + r) * distance)
    return gain.to(dtype)


def rwkv_mix(
    k: Tensor,
    v: Tensor,
    lam: Tensor,
    gamma: Tensor,
    *,
    dim: int = -2,
    stable: bool = True,
) -> Tensor:
    r"""Mix tokens as RWKV does: a weighted mean of the values so far.

    .. math:: o_t=\frac{\sum_{j<t}\lambda^{t-1-j}e^{k_j}v_j+
              \gamma e^{k_t}v_t}{\sum_{j<t}\lambda^{t-1-j}e^{k_j}+
              \gamma e^{k_t}}

    Two linear recurrences with the same decay, divided. The result lies
    between the smallest and the largest value so far.

    Chapter: lru, claim C14

    Args:
        k: Keys, real, shape ``(..., L, D)``.
        v: Values, real, broadcastable with ``k``.
        lam: Decay in [0, 1], shape ``(D,)`` or broadcastable to one step.
        gamma: Weight of the current token, > 0 (RWKV's :math:`e^u`), same
            shape as ``lam``.
        dim: The dimension of time.
        stable: Carry the logarithm of the largest weight along, so that no
            exponential overflows. Without it the formula is evaluated as it
            stands in the chapter: it needs :math:`\lambda>0`, and
            :math:`e^{k}` overflows in float32 for :math:`k>88.7`.

    Returns:
        The broadcast shape of ``k`` and ``v``; differentiable.

    Raises:
        TypeError: An argument is not a real floating-point tensor.
        ValueError: Shapes that do not match, L = 0.
    """
    named = {"k": k, "v": v, "lam": lam, "gamma": gamma}
    for name, value in named.items():
        arg.real_float(name, value)
    try:
        k, v = torch.broadcast_tensors(k, v)
    except RuntimeError:
        raise ValueError(
            f"k and v must broadcast together, got {arg.shape(k)} and "
            f"{arg.shape(v)}"
        ) from None
    if isinstance(dim, bool) or not isinstance(dim, int):
        raise TypeError(f"dim must be an integer, got {dim!r}")
    if not -k.ndim <= dim < k.ndim:
        raise ValueError(
            f"dim={dim} is out of range for k of shape {arg.shape(k)}"
        )
    k, v = k.movedim(dim, 0), v.movedim(dim, 0)
    if len(k) == 0:
        raise ValueError("k must have L >= 1 steps, got 0")
    for name in ("lam", "gamma"):
        try:
            named[name].expand(k.shape[1:])
        except RuntimeError:
            raise ValueError(
                f"{name} must broadcast to one step, {tuple(k.shape[1:])}; "
                f"got {arg.shape(named[name])}"
            ) from None
    dtype = widest(k, v, lam, gamma)
    work = at_least_single(dtype)
    k, v, lam, gamma = (x.to(work) for x in (k, v, lam, gamma))
    mix = _mix_stable if stable else _mix_plain
    return mix(k, v, lam, gamma).movedim(0, dim).to(dtype)


def _mix_plain(k: Tensor, v: Tensor, lam: Tensor, gamma: Tensor) -> Tensor:
    weight = k.exp()
    both = torch.stack((weight * v, weight), dim=1)  # (L, 2, ...)
    top, bottom = linear_scan(lam, both, dim=0).unbind(1)
    bonus = (gamma * lam - 1) * weight
    return (top + bonus * v) / (bottom + bonus)


def _mix_stable(k: Tensor, v: Tensor, lam: Tensor, gamma: Tensor) -> Tensor:
    # Any m gives the same quotient: no gradient needs to go through it.
    w, keys = lam.log().detach(), k.detach()
    run = _peaks_op if torch.compiler.is_compiling() else _peaks
    m = run(keys, w)
    before = torch.cat((torch.full_like(m[:1], -math.inf), m[:-1]))
    top = torch.maximum(before, keys)
    # The sums up to t, divided by exp(m_t).
    weight = (k - m).exp()
    both = torch.stack((weight * v, weight), dim=1)
    # lam exp(before - m) <= 1; the clamp keeps 0 * inf out at lam = 0.
    most = math.floor(math.log(torch.finfo(k.dtype).max))
    fade = lam * (before - m).clamp(max=most).exp()
    sums = linear_scan(fade[:, None], both, dim=0)
    sums = torch.cat((torch.zeros_like(sums[:1]), sums[:-1]))
    old, new = (before - top).exp(), gamma * (k - top).exp()
    return (old * sums[:, 0] + new * v) / (old * sums[:, 1] + new)


def _peaks(k: Tensor, w: Tensor) -> Tensor:
    """Return m_t = max over j <= t of k_j + (t - j) w."""
    m, reach = k, 1
    while reach < len(k):  # by doubling the reach
        moved = torch.maximum(m[reach:], m[:-reach] + reach * w)
        m = torch.cat((m[:reach], moved))
        reach *= 2
    return m


@torch.library.custom_op("kexue_lib::peaks", mutates_args=())
def _peaks_op(k: Tensor, w: Tensor) -> Tensor:
    return _peaks(k, w).clone()


@_peaks_op.register_fake
def _(k: Tensor, w: Tensor) -> Tensor:
    return torch.empty_like(k)


class LRU(torch.nn.Module):
    r"""A linear recurrent unit with real inputs and outputs.

    :math:`x_t=\lambda x_{t-1}+\gamma Bu_t,\quad y_t=\mathrm{Re}(Cx_t)+Du_t`
    with complex :math:`\lambda,B,C` and real :math:`\gamma,D`. The complex
    projections are real matrices of twice the width.

    Chapter: lru, claims C3, C5, C7, C12

    Args:
        width: Number of inputs and outputs, >= 1.
        state: Number of eigenvalues, >= 1.
        r_min: As in :func:`lru_init`.
        r_max: As in :func:`lru_init`.
        max_phase: As in :func:`lru_init`.
        generator: A CPU generator for all parameters.
        dtype: float32 (default) or float64.
        device: Default: torch's default.

    Raises:
        TypeError: Wrong types.
        ValueError: As :func:`lru_init`, or another ``dtype``.
    """

    def __init__(
        self,
        width: int,
        state: int,
        *,
        r_min: float = 0.9,
        r_max: float = 0.999,
        max_phase: float = 2 * math.pi,
        generator: torch.Generator | None = None,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__()
        self.width = arg.integer("width", width, 1)
        self.state = arg.integer("state", state, 1)
        if dtype not in (torch.float32, torch.float64):
            raise ValueError(
                f"dtype must be torch.float32 or torch.float64, got {dtype}"
            )
        device = arg.device_of(device)
        nu_log, theta_log, gamma_log = lru_init(
            state,
            r_min=r_min,
            r_max=r_max,
            max_phase=max_phase,
            generator=generator,
            dtype=dtype,
            device=device,
        )
        self.nu_log = torch.nn.Parameter(nu_log)
        self.theta_log = torch.nn.Parameter(theta_log)
        self.gamma_log = torch.nn.Parameter(gamma_log)

        def normal(*shape: int, scale: float) -> torch.nn.Parameter:
            values = torch.randn(
                shape, generator=generator, dtype=torch.float64, device="cpu"
            )
            values = (values * scale).to(device=device, dtype=dtype)
            return torch.nn.Parameter(values)

        # Columns: Re B, Im B, of one eigenvalue after the other; rows of C:
        # Re C, -Im C.
        self.B = normal(width, 2 * state, scale=(2 * width) ** -0.5)
        self.C = normal(2 * state, width, scale=state**-0.5)
        self.D = normal(width, scale=1.0)

    def forward(self, u: Tensor, x0: Tensor | None = None) -> Tensor:
        """Return the outputs.

        Args:
            u: Inputs, shape ``(..., L, width)``, real.
            x0: Complex state before the first step, shape ``(..., state)``;
                default 0.

        Returns:
            Shape ``(..., L, width)``, in the common dtype of ``u`` and the
            parameters; half precision is computed in float32.

        Raises:
            TypeError: ``u`` is not a real floating-point tensor.
            ValueError: Wrong shapes.
        """
        return self.outputs(self.states(u, x0), u)

    def states(self, u: Tensor, x0: Tensor | None = None) -> Tensor:
        """Return the complex states, shape ``(..., L, state)``.

        The last one is the ``x0`` with which the next piece of a long input
        goes on. Arguments as in :meth:`forward`.
        """
        arg.real_float("u", u)
        if u.ndim < 2 or u.shape[-1] != self.width or u.shape[-2] == 0:
            raise ValueError(
                f"u must have shape (..., L, {self.width}) with L >= 1, got "
                f"{arg.shape(u)}"
            )
        nu_log, theta_log, gamma_log, B, _, _ = self._weights(u)
        lam = _eigenvalues(nu_log, theta_log)
        return linear_scan(
            lam, self._inputs(u, B), gamma=gamma_log.exp(), x0=x0
        )

    def outputs(self, x: Tensor, u: Tensor) -> Tensor:
        """Return the outputs for the states ``x`` of the inputs ``u``."""
        *_, C, D = self._weights(u)
        return self._outputs(x, u, C, D)

    def step(
        self, u: Tensor, x: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return one output and the state after it, as a model generates.

        Args:
            u: One input, shape ``(..., width)``, real.
            x: The state before, shape ``(..., state)``; default 0.

        Returns:
            The output ``(..., width)`` and the complex state
            ``(..., state)``: what :meth:`forward` gives for that time.

        Raises:
            TypeError: ``u`` is not a real floating-point tensor.
            ValueError: Wrong shapes.
        """
        arg.real_float("u", u)
        if u.ndim < 1 or u.shape[-1] != self.width:
            raise ValueError(
                f"u must have shape (..., {self.width}), got {arg.shape(u)}"
            )
        nu_log, theta_log, gamma_log, B, C, D = self._weights(u)
        new = gamma_log.exp() * self._inputs(u, B)
        if x is not None:
            arg.float_tensor("x", x)
            if x.ndim < 1 or x.shape[-1] != self.state:
                raise ValueError(
                    f"x must have shape (..., {self.state}), got "
                    f"{arg.shape(x)}"
                )
            new = new + _eigenvalues(nu_log, theta_log) * x
        return self._outputs(new, u, C, D), new

    def _weights(self, u: Tensor) -> tuple[Tensor, ...]:
        """Return all parameters in the precision of the computation."""
        own = (
            self.nu_log, self.theta_log, self.gamma_log, self.B, self.C,
            self.D,
        )  # fmt: skip
        work = at_least_single(widest(u, *own))
        if any(p.dtype != work for p in own):
            return tuple(p.to(work) for p in own)
        return own

    def _inputs(self, u: Tensor, B: Tensor) -> Tensor:
        """Return B u, complex."""
        # Autocast returns bfloat16, of which there are no complex numbers.
        both = (u.to(B.dtype) @ B).to(B.dtype)
        return torch.view_as_complex(
            both.view(*both.shape[:-1], self.state, 2)
        )

    def _outputs(self, x: Tensor, u: Tensor, C: Tensor, D: Tensor) -> Tensor:
        wave = torch.promote_types(C.dtype, torch.complex64)
        x = torch.view_as_real(x.to(wave)).flatten(-2)
        return (x @ C + D * u).to(widest(u, self.B))

    def extra_repr(self) -> str:
        """Describe the sizes."""
        return f"width={self.width}, state={self.state}"

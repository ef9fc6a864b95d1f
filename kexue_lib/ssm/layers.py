r"""S4, S4D and LMU as layers: a convolution to train, a step to generate.

Each channel of the input runs through a linear system of its own,
:math:`x_t=\bar Ax_{t-1}+\bar Bu_t,\;y_t=Cx_t+Du_t`, over a whole sequence at
once by its convolution kernel, or a token at a time.

Sources: S4 (arXiv 2111.00396), S4D (arXiv 2206.11893), LMU (NeurIPS 2019),
kexue.fm/archives/10162.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor

from kexue_lib import _arguments as arg
from kexue_lib._precision import at_least_single, full_precision, widest
from kexue_lib.ssm.discretize import discretize, zoh
from kexue_lib.ssm.dplr import dplr_legs
from kexue_lib.ssm.hippo import hippo
from kexue_lib.ssm.kernel import (
    causal_conv,
    dplr_step,
    kernel_dplr,
    kernel_powers,
    truncate_C,
    untruncate_C,
)
from kexue_lib.ssm.scan import _wide


class S4State(NamedTuple):
    r"""What :meth:`S4.step` carries along.

    Attributes:
        x: State, shape ``(..., width, state)``, complex.
        C: The read-out row that the trained :math:`\tilde C` stands for,
            shape ``(width, state)``, complex, computed at the first step.
    """

    x: Tensor
    C: Tensor


class _Layer(torch.nn.Module):
    """What the layers share: sizes, the skip D, checks of the input."""

    def __init__(
        self,
        width: int,
        state: int,
        generator: torch.Generator | None,
        dtype: torch.dtype,
        device: torch.device | str | None,
    ) -> None:
        super().__init__()
        self.width = arg.integer("width", width, 1)
        self.state = arg.integer("state", state, 1)
        if dtype not in (torch.float32, torch.float64):
            raise ValueError(
                f"dtype must be torch.float32 or torch.float64, got {dtype}"
            )
        self._made: dict[str, Any] = {"dtype": dtype, "device": arg.device_of(device)}
        self._generator = generator
        self.D = self._parameter(self._normal(self.width))

    def _normal(self, *shape: int) -> Tensor:
        return torch.randn(
            shape, generator=self._generator, dtype=torch.float64, device="cpu"
        )

    def _parameter(self, value: Tensor) -> torch.nn.Parameter:
        """Return a parameter in real form."""
        if value.is_complex():
            value = torch.view_as_real(value.resolve_conj())
        return torch.nn.Parameter(value.detach().to(**self._made))

    def _steps(self, low: float, high: float) -> torch.nn.Parameter:
        """Return logarithms of steps, uniform between two."""
        a, b = arg.positive("dt_min", low), arg.positive("dt_max", high)
        if not a <= b:
            raise ValueError(
                f"dt_min <= dt_max is needed, got {low!r} and {high!r}"
            )
        share = torch.rand(
            self.width,
            generator=self._generator,
            dtype=torch.float64,
            device="cpu",
        )
        return self._parameter(
            math.log(a) + share * (math.log(b) - math.log(a))
        )

    def _seal(self) -> None:
        """Forget what only the initialisation needs; generators stay out
        of copies."""
        del self._made, self._generator

    def _sequence(self, u: Tensor, most: int | None = None) -> None:
        arg.real_float("u", u)
        if u.ndim < 2 or u.shape[-1] != self.width or u.shape[-2] == 0:
            raise ValueError(
                f"u must have shape (..., L, {self.width}) with L >= 1, got "
                f"{arg.shape(u)}"
            )
        if most is not None and u.shape[-2] > most:
            raise ValueError(
                f"u must have at most length={most} steps, got shape "
                f"{arg.shape(u)}"
            )

    def _token(self, u: Tensor) -> None:
        arg.real_float("u", u)
        if u.ndim < 1 or u.shape[-1] != self.width:
            raise ValueError(
                f"u must have shape (..., {self.width}), got {arg.shape(u)}"
            )

    def _dtypes(self, u: Tensor) -> tuple[torch.dtype, torch.dtype]:
        """Return the dtypes of the result and of the computation."""
        dtype = widest(u, *self.parameters())
        return dtype, at_least_single(dtype)

    def _convolved(self, u: Tensor, K: Tensor, dtype: torch.dtype) -> Tensor:
        y = causal_conv(u.to(K.dtype).mT, K).mT
        return (y + self.D.to(K.dtype) * u).to(dtype)

    def extra_repr(self) -> str:
        """Describe the sizes."""
        return f"width={self.width}, state={self.state}"


class S4D(_Layer):
    r"""A diagonal state-space layer, one system for each channel.

    :math:`x'=\Lambda x+u`, :math:`y=2\,\mathrm{Re}(Cx)+Du` by the bilinear
    rule with a step for each channel. The poles are those of LegS without
    its low-rank part and are shared by the channels; their real part
    :math:`-e^{a}` cannot become positive. Sequences of any length; a kernel
    of L steps costs :math:`O(\text{width}\cdot\text{state}\cdot L)` and
    memory :math:`O(\text{width}\cdot L)`.

    Source: S4D (arXiv 2206.11893)

    Chapter: s4-kernel, claims C3, C7

    Args:
        width: Number of channels, >= 1.
        state: Number of pairs of conjugate poles, >= 1.
        dt_min: Smallest step at the start, > 0.
        dt_max: Largest one; they are drawn uniformly in the logarithm.
        generator: A CPU generator for all parameters.
        dtype: float32 (default) or float64.
        device: Default: torch's default.

    Raises:
        TypeError: Wrong types.
        ValueError: A size below 1, steps out of order, another ``dtype``.

    Example:
        Learn to give back the input of four steps ago:

        >>> import torch
        >>> from kexue_lib import ssm
        >>> seed = torch.Generator().manual_seed(0)
        >>> layer = ssm.S4D(1, 16, dt_min=0.1, dt_max=0.1, generator=seed)
        >>> u = torch.randn(8, 64, 1, generator=seed)
        >>> wanted = torch.nn.functional.pad(u, (0, 0, 4, 0))[:, :64]
        >>> optimiser = torch.optim.Adam(layer.parameters(), lr=0.03)
        >>> losses = []
        >>> for _ in range(100):
        ...     loss = (layer(u) - wanted).square().mean()
        ...     optimiser.zero_grad()
        ...     loss.backward()
        ...     optimiser.step()
        ...     losses.append(loss.item())
        >>> losses[-1] < 0.2 * losses[0]
        True
        >>> y, x = layer.step(u[:, 0])
        >>> torch.allclose(y, layer(u)[:, 0], atol=1e-5)
        True
    """

    def __init__(
        self,
        width: int,
        state: int,
        *,
        dt_min: float = 1e-3,
        dt_max: float = 1e-1,
        generator: torch.Generator | None = None,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__(width, state, generator, dtype, device)
        legs = dplr_legs(2 * self.state, pairs=True, device="cpu")
        self.re_log = self._parameter((-legs.Lambda.real).log())
        self.im = self._parameter(legs.Lambda.imag)
        self.dt_log = self._steps(dt_min, dt_max)
        C = torch.complex(*self._normal(2, self.width, self.state))
        self.C = self._parameter(C)
        self._seal()

    def forward(self, u: Tensor) -> Tensor:
        """Return the outputs of a sequence that begins at state 0.

        Args:
            u: Inputs, shape ``(..., L, width)``, real.

        Returns:
            Shape ``(..., L, width)``, in the common dtype of ``u`` and the
            parameters; half precision is computed in float32.

        Raises:
            TypeError: ``u`` is not a real floating-point tensor.
            ValueError: Wrong shape.
        """
        self._sequence(u)
        dtype, work = self._dtypes(u)
        Lambda, C, dt = self._system(work)
        L = u.shape[-2]
        decay, _ = _diagonal(Lambda, dt)
        # Powers lose the phase in single precision.
        last = (L * _wide(decay).log()).exp().to(decay.dtype)
        b = torch.ones_like(Lambda)
        K = kernel_dplr(
            Lambda, 0 * b, b, C * (1 - last), dt, L, pairs=True, check=False
        )
        return self._convolved(u, K, dtype)

    def step(
        self, u: Tensor, x: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return one output and the state after it.

        Args:
            u: One input, shape ``(..., width)``, real.
            x: The state before, shape ``(..., width, state)``, complex;
                default 0.

        Returns:
            The output ``(..., width)``, as :meth:`forward` gives it for that
            time, and the state.

        Raises:
            TypeError: ``u`` is not a real floating-point tensor.
            ValueError: Wrong shapes.
        """
        self._token(u)
        dtype, work = self._dtypes(u)
        Lambda, C, dt = self._system(work)
        decay, write = _diagonal(Lambda, dt)
        new = write * u[..., None]
        if x is not None:
            _state("x", x, (self.width, self.state))
            new = new + decay * x
        y = 2 * (C * new).sum(-1).real + self.D.to(work) * u
        return y.to(dtype), new

    def _system(self, work: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
        real = -self.re_log.to(work).exp()
        Lambda = torch.complex(real, self.im.to(work))
        return (
            Lambda,
            _complex(self.C.to(work)),
            self.dt_log.to(work).exp(),
        )


def _complex(parts: Tensor) -> Tensor:
    return torch.complex(parts[..., 0], parts[..., 1])


def _diagonal(Lambda: Tensor, dt: Tensor) -> tuple[Tensor, Tensor]:
    """Return the bilinear step of x' = Lambda x + u, (width, state)."""
    half = dt[:, None] / 2
    below = 1 - half * Lambda
    return (1 + half * Lambda) / below, 2 * half / below


class S4(_Layer):
    r"""S4: LegS, diagonal plus rank one, one system for each channel.

    :math:`x'=(\Lambda-pp^*)x+bu`, :math:`y=Cx+Du` by the bilinear rule with
    a step for each channel; :math:`\Lambda,p,b` begin as those of LegS and
    are shared by the channels. Trained is
    :math:`\tilde C=C(I-\bar A^L)` for a fixed ``L = length``, whose kernel
    costs :math:`O(\text{width}\cdot\text{state}\cdot L)`; shorter sequences
    use its beginning. A step needs :math:`C` itself: it is solved for at the
    first one, :math:`O(\text{state}^3)` for each channel, and carried in the
    state; the other steps cost :math:`O(\text{state})`.

    Source: S4 (arXiv 2111.00396)

    Chapter: s4-kernel, claims C3, C6, C7, C15

    Args:
        width: Number of channels, >= 1.
        state: Order of LegS, even, >= 2.
        length: The longest sequence of :meth:`forward`, >= 1; steps may go
            on for ever.
        dt_min: Smallest step at the start, > 0.
        dt_max: Largest one; they are drawn uniformly in the logarithm.
        generator: A CPU generator for all parameters.
        dtype: float32 (default) or float64.
        device: Default: torch's default.

    Raises:
        TypeError: Wrong types.
        ValueError: A size out of range, steps out of order, another
            ``dtype``.

    Example:
        Learn the mean of all inputs so far:

        >>> import torch
        >>> from kexue_lib import ssm
        >>> seed = torch.Generator().manual_seed(0)
        >>> layer = ssm.S4(1, 16, 64, dt_max=0.1, generator=seed)
        >>> u = torch.randn(8, 64, 1, generator=seed)
        >>> wanted = u.cumsum(1) / 64
        >>> optimiser = torch.optim.Adam(layer.parameters(), lr=0.03)
        >>> losses = []
        >>> for _ in range(100):
        ...     loss = (layer(u) - wanted).square().mean()
        ...     optimiser.zero_grad()
        ...     loss.backward()
        ...     optimiser.step()
        ...     losses.append(loss.item())
        >>> losses[-1] < 0.2 * losses[0]
        True
        >>> y, state = layer.step(u[:, 0])
        >>> torch.allclose(y, layer(u)[:, 0], atol=1e-4)
        True
    """

    def __init__(
        self,
        width: int,
        state: int,
        length: int,
        *,
        dt_min: float = 1e-3,
        dt_max: float = 1e-1,
        generator: torch.Generator | None = None,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__(width, state, generator, dtype, device)
        if self.state % 2:
            raise ValueError(f"state must be even, got {state!r}")
        self.length = arg.integer("length", length, 1)
        legs = dplr_legs(self.state, pairs=True, device="cpu")
        self.re_log = self._parameter((-legs.Lambda.real).log())
        self.im = self._parameter(legs.Lambda.imag)
        self.p = self._parameter(legs.p)
        self.b = self._parameter(legs.b)
        self.dt_log = self._steps(dt_min, dt_max)
        half = self.state // 2
        C = torch.complex(*self._normal(2, self.width, half))
        C = C * math.sqrt(0.5)
        Lambda, p, b = (_both(v) for v in (legs.Lambda, legs.p, legs.b))
        dt = self.dt_log.detach().to("cpu", torch.float64).exp()
        Ab = _transition(Lambda, p, b, dt)
        row = truncate_C(_both(C), Ab, self.length)
        self.c_tilde = self._parameter(row[..., :half])
        self._seal()

    def forward(self, u: Tensor) -> Tensor:
        """Return the outputs of a sequence that begins at state 0.

        Args:
            u: Inputs, shape ``(..., L, width)``, real, L <= ``length``.

        Returns:
            Shape ``(..., L, width)``, in the common dtype of ``u`` and the
            parameters; half precision is computed in float32.

        Raises:
            TypeError: ``u`` is not a real floating-point tensor.
            ValueError: Wrong shape, or longer than ``length``.
        """
        self._sequence(u, self.length)
        dtype, work = self._dtypes(u)
        Lambda, p, b, c_tilde, dt = self._system(work)
        K = kernel_dplr(
            Lambda, p, b, c_tilde, dt, self.length, pairs=True, check=False
        )
        return self._convolved(u, K[..., : u.shape[-2]], dtype)

    def step(
        self, u: Tensor, state: S4State | None = None
    ) -> tuple[Tensor, S4State]:
        """Return one output and the state after it.

        Args:
            u: One input, shape ``(..., width)``, real.
            state: That after the step before, with the same parameters;
                default: a beginning at 0.

        Returns:
            The output ``(..., width)``, as :meth:`forward` gives it for that
            time, and the state.

        Raises:
            TypeError: ``u`` is not a real floating-point tensor, ``state``
                not a :class:`S4State`.
            ValueError: Wrong shapes.
        """
        self._token(u)
        dtype, work = self._dtypes(u)
        *system, c_tilde, dt = self._system(work)
        Lambda, p, b = (_both(v) for v in system)
        if state is None:
            Ab = _transition(Lambda, p, b, dt)
            C = untruncate_C(_both(c_tilde), Ab, self.length)
            x = Lambda.new_zeros(*u.shape, self.state)
        elif isinstance(state, S4State):
            x, C = state
            _state("state.x", x, (self.width, self.state))
        else:
            raise TypeError(
                f"state must be an S4State, got {type(state).__name__}"
            )
        x = dplr_step(Lambda, p, b, dt, x, u.to(work))
        y = (C * x).sum(-1).real + self.D.to(work) * u
        return y.to(dtype), S4State(x, C)

    def _system(self, work: torch.dtype) -> tuple[Tensor, ...]:
        real = -self.re_log.to(work).exp()
        rest = (
            _complex(v.to(work))
            for v in (self.p, self.b, self.c_tilde)
        )
        return (
            torch.complex(real, self.im.to(work)),
            *rest,
            self.dt_log.to(work).exp(),
        )

    def extra_repr(self) -> str:
        """Describe the sizes."""
        return f"{super().extra_repr()}, length={self.length}"


def _both(v: Tensor) -> Tensor:
    """Return poles or weights with their conjugates."""
    return torch.cat((v, v.conj()), dim=-1)


def _transition(Lambda: Tensor, p: Tensor, b: Tensor, dt: Tensor) -> Tensor:
    A = torch.diag(Lambda) - p[:, None] * p.conj()
    return discretize(A, b, dt, "bilinear")[0]


class LMU(_Layer):
    r"""A memory of the last ``window`` inputs of each channel, read linearly.

    The memory is LegT, discretised exactly for held inputs and not trained:
    its ``state`` numbers are the coefficients of the window in Legendre
    polynomials. Trained is the read-out :math:`y=Cx+Du` of each channel. The
    impulse response of the memory is computed once; a kernel costs
    :math:`O(\text{width}\cdot\text{state}\cdot L)`.

    Source: LMU (NeurIPS 2019), without its nonlinear part; the memory in the
    orthonormal gauge.

    Chapter: hippo-matrices, claims C6, C9

    Args:
        width: Number of channels, >= 1.
        state: Order of the memory, >= 1.
        length: The longest sequence of :meth:`forward`, >= 1; steps may go
            on for ever.
        window: Number of inputs that the memory spans, > 0; default
            ``length``.
        generator: A CPU generator for all parameters.
        dtype: float32 (default) or float64.
        device: Default: torch's default.

    Raises:
        TypeError: Wrong types.
        ValueError: A size out of range, another ``dtype``.

    Example:
        Learn to give back the input of five steps ago:

        >>> import torch
        >>> from kexue_lib import ssm
        >>> seed = torch.Generator().manual_seed(0)
        >>> layer = ssm.LMU(1, 12, 64, window=10, generator=seed)
        >>> u = torch.randn(8, 64, 1, generator=seed).cumsum(1) / 8
        >>> wanted = torch.nn.functional.pad(u, (0, 0, 5, 0))[:, :64]
        >>> optimiser = torch.optim.Adam(layer.parameters(), lr=0.1)
        >>> losses = []
        >>> for _ in range(100):
        ...     loss = (layer(u) - wanted).square().mean()
        ...     optimiser.zero_grad()
        ...     loss.backward()
        ...     optimiser.step()
        ...     losses.append(loss.item())
        >>> losses[-1] < 0.2 * losses[0]
        True
        >>> y, x = layer.step(u[:, 0])
        >>> torch.allclose(y, layer(u)[:, 0], atol=1e-5)
        True
    """

    Ab: Tensor
    Bb: Tensor
    response: Tensor

    def __init__(
        self,
        width: int,
        state: int,
        length: int,
        *,
        window: float | None = None,
        generator: torch.Generator | None = None,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str | None = None,
    ) -> None:
        super().__init__(width, state, generator, dtype, device)
        self.length = arg.integer("length", length, 1)
        span = self.length if window is None else arg.number("window", window)
        if span <= 0:
            raise ValueError(f"window must be > 0, got {window!r}")
        C = self._normal(self.width, self.state)
        self.C = self._parameter(C * self.state**-0.5)
        A, B = hippo("legt", self.state, device="cpu")
        Ab, Bb = zoh(A, B, 1 / span)
        eye = torch.eye(self.state, dtype=torch.float64, device="cpu")
        response = kernel_powers(Ab, Bb, eye, self.length)
        # Made again by the constructor, so no part of a state_dict.
        for name, value in (("Ab", Ab), ("Bb", Bb), ("response", response)):
            self.register_buffer(
                name, value.to(**self._made), persistent=False
            )
        self._seal()

    def forward(self, u: Tensor) -> Tensor:
        """Return the outputs of a sequence that begins at state 0.

        Args:
            u: Inputs, shape ``(..., L, width)``, real, L <= ``length``.

        Returns:
            Shape ``(..., L, width)``, in the common dtype of ``u`` and the
            parameters; half precision is computed in float32.

        Raises:
            TypeError: ``u`` is not a real floating-point tensor.
            ValueError: Wrong shape, or longer than ``length``.
        """
        self._sequence(u, self.length)
        dtype, work = self._dtypes(u)
        response = self.response.to(work)[:, : u.shape[-2]]
        K = _product(self.C.to(work), response)
        return self._convolved(u, K, dtype)

    def step(
        self, u: Tensor, x: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return one output and the memory after it.

        Args:
            u: One input, shape ``(..., width)``, real.
            x: The memory before, shape ``(..., width, state)``, real;
                default 0.

        Returns:
            The output ``(..., width)``, as :meth:`forward` gives it for that
            time, and the memory.

        Raises:
            TypeError: ``u`` is not a real floating-point tensor.
            ValueError: Wrong shapes.
        """
        self._token(u)
        dtype, work = self._dtypes(u)
        new = self.Bb.to(work) * u[..., None]
        if x is not None:
            _state("x", x, (self.width, self.state))
            new = new + _product(x.to(work), self.Ab.to(work).mT)
        y = (self.C.to(work) * new).sum(-1) + self.D.to(work) * u
        return y.to(dtype), new

    def extra_repr(self) -> str:
        """Describe the sizes."""
        return f"{super().extra_repr()}, length={self.length}"


@full_precision
def _product(a: Tensor, b: Tensor) -> Tensor:
    """Return a matrix product that autocast leaves alone."""
    return a @ b


def _state(name: str, value: Tensor, shape: tuple[int, int]) -> None:
    arg.float_tensor(name, value)
    if tuple(value.shape[-2:]) != shape:
        sizes = ", ".join(map(str, shape))
        raise ValueError(
            f"{name} must have shape (..., {sizes}), got {arg.shape(value)}"
        )

"""State-space models: HiPPO matrices, their bases, and running them.

- ``hippo``: the systems :math:`(A, B)` as tensors;
- ``basis``: bases, projection, reconstruction, read-outs;
- ``discretize``: from the equation to a recurrence;
- ``simulate``: exact hold, Runge-Kutta, transfer functions;
- ``symbolic``: the same systems, exactly, in SymPy.
"""

from kexue_lib.ssm.basis import (
    fourier_basis,
    laguerre_basis,
    legendre_basis,
    legt_delay,
    project,
    reconstruct,
    tone_energy,
)
from kexue_lib.ssm.discretize import discretize, zoh
from kexue_lib.ssm.hippo import (
    GAUGES,
    KINDS,
    Gauge,
    Kind,
    fout_echo,
    gauge_lambda,
    hippo,
    regauge,
)
from kexue_lib.ssm.simulate import simulate, simulate_hold, transfer
from kexue_lib.ssm.symbolic import (
    HippoEntry,
    hippo_entry,
    hippo_sym,
    transport_sym,
)

__all__ = [
    "GAUGES",
    "KINDS",
    "Gauge",
    "HippoEntry",
    "Kind",
    "discretize",
    "fourier_basis",
    "fout_echo",
    "gauge_lambda",
    "hippo",
    "hippo_entry",
    "hippo_sym",
    "laguerre_basis",
    "legendre_basis",
    "legt_delay",
    "project",
    "reconstruct",
    "regauge",
    "simulate",
    "simulate_hold",
    "tone_energy",
    "transfer",
    "transport_sym",
    "zoh",
]

"""State-space models: HiPPO matrices, their bases, and running them.

- ``hippo``: the systems :math:`(A, B)` as tensors;
- ``basis``: bases, projection, reconstruction, read-outs;
- ``discretize``: from the equation to a recurrence;
- ``legs``: the whole-history memory in discrete steps, O(N) each;
- ``dplr``, ``kernel``: S4's diagonal plus rank one, convolution kernels;
- ``scan``: linear recurrences, fast and differentiable;
- ``lru``: the linear recurrent unit, RWKV's token mixing;
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
from kexue_lib.ssm.dplr import DPLR, dplr_legs
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
from kexue_lib.ssm.kernel import (
    causal_conv,
    dplr_step,
    kernel_dplr,
    kernel_naive,
    kernel_powers,
    resolvent_legs,
    transfer_legs,
    truncate_C,
    untruncate_C,
    woodbury_diag_rank1,
)
from kexue_lib.ssm.legs import (
    LEGS_METHODS,
    LegsMethod,
    legs_eigvecs_sym,
    legs_matvec,
    legs_propagator,
    legs_propagator_sym,
    legs_run,
    legs_solve,
    legs_step,
    step_projection,
)
from kexue_lib.ssm.lru import (
    LRU,
    lru_eigenvalues,
    lru_gain,
    lru_init,
    rwkv_mix,
)
from kexue_lib.ssm.scan import (
    SCAN_METHODS,
    ScanMethod,
    decay_powers,
    linear_scan,
    scan_combine,
)
from kexue_lib.ssm.simulate import simulate, simulate_hold, transfer
from kexue_lib.ssm.symbolic import (
    HippoEntry,
    hippo_entry,
    hippo_sym,
    transport_sym,
)

__all__ = [
    "DPLR",
    "GAUGES",
    "KINDS",
    "LEGS_METHODS",
    "LRU",
    "SCAN_METHODS",
    "Gauge",
    "HippoEntry",
    "Kind",
    "LegsMethod",
    "ScanMethod",
    "causal_conv",
    "decay_powers",
    "discretize",
    "dplr_legs",
    "dplr_step",
    "fourier_basis",
    "fout_echo",
    "gauge_lambda",
    "hippo",
    "hippo_entry",
    "hippo_sym",
    "kernel_dplr",
    "kernel_naive",
    "kernel_powers",
    "laguerre_basis",
    "legendre_basis",
    "legs_eigvecs_sym",
    "legs_matvec",
    "legs_propagator",
    "legs_propagator_sym",
    "legs_run",
    "legs_solve",
    "legs_step",
    "legt_delay",
    "linear_scan",
    "lru_eigenvalues",
    "lru_gain",
    "lru_init",
    "project",
    "reconstruct",
    "regauge",
    "resolvent_legs",
    "rwkv_mix",
    "scan_combine",
    "simulate",
    "simulate_hold",
    "step_projection",
    "tone_energy",
    "transfer",
    "transfer_legs",
    "transport_sym",
    "truncate_C",
    "untruncate_C",
    "woodbury_diag_rank1",
    "zoh",
]

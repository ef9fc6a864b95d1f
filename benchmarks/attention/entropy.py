"""Attention: entropy and its gradient against what one would write.

Every row first checks that both sides agree on unmasked scores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.report import store
from benchmarks.timing import Row, cpu_time, row
from kexue_lib import attention

TITLE = "The entropy of attention"
WORDS = """\
[`entropy`](#kexue_lib.attention.entropy) against what people write first. The
scale of the invariant attention costs nothing.
"""

Entropy = Callable[[Tensor], Tensor]

# -- entropy ----------------------------------------------------------------


def with_clip(x: Tensor) -> Tensor:
    p = x.softmax(-1)
    return -(p * (p + 1e-9).log()).sum(-1)


def with_entr(x: Tensor) -> Tensor:
    return torch.special.entr(x.softmax(-1)).sum(-1)


def categorical(x: Tensor) -> Tensor:
    return torch.distributions.Categorical(
        logits=x, validate_args=False
    ).entropy()


PEERS: dict[str, Entropy] = {
    "softmax, log(p + 1e-9)": with_clip,
    "torch.special.entr": with_entr,
    "torch Categorical": categorical,
}


def with_gradient(function: Entropy, x: Tensor) -> Callable[[], Any]:
    leaf = x.clone().requires_grad_()

    def run() -> None:
        leaf.grad = None
        function(leaf).sum().backward()

    return run


def masked_value(function: Entropy) -> str:
    """What a peer says about two equal scores beside a masked one."""
    x = torch.tensor([0.0, 0.0, -torch.inf], requires_grad=True)
    h = function(x)
    h.backward()
    assert x.grad is not None
    good = bool(x.grad.isfinite().all()) and abs(h.item() - 0.6931) < 1e-3
    return "right" if good else "NaN"


def entropy_rows() -> list[Row]:
    rows = []
    generator = torch.Generator().manual_seed(0)
    for shape in ((4096, 512), (64, 32768)):
        x = 3 * torch.randn(shape, generator=generator)
        exact = attention.entropy(x.double())
        ours = (attention.entropy(x).double() - exact).abs().max().item()
        times = {
            "forward": cpu_time(lambda x=x: attention.entropy(x), 15),
            "and backward": cpu_time(with_gradient(attention.entropy, x), 15),
        }
        for name, peer in PEERS.items():
            error = (peer(x).double() - exact).abs().max().item()
            assert error < 1e-3
            note = (
                f"error {ours:.0e}, peer {error:.0e}; "
                f"masked: {masked_value(attention.entropy)}, "
                f"peer {masked_value(peer)}"
            )
            theirs = {
                "forward": cpu_time(lambda x=x, f=peer: f(x), 15),
                "and backward": cpu_time(with_gradient(peer, x), 15),
            }
            rows += [
                row(
                    f"entropy {shape[0]}x{shape[1]}, {what}",
                    times[what],
                    name,
                    theirs[what],
                    note if what == "forward" else "",
                )
                for what in times
            ]
    return rows


def attention_rows() -> list[Row]:
    generator = torch.Generator().manual_seed(0)
    rows = []
    for causal in (False, True):
        q, k, v = torch.randn(3, 1, 8, 1024, 64, generator=generator)
        what = "causal, row by row" if causal else "all keys"
        rows.append(
            row(
                f"invariant attention 8x1024x64, {what}",
                cpu_time(
                    lambda c=causal, t=(q, k, v): (
                        attention.entropy_invariant_attention(*t, is_causal=c)
                    ),
                    15,
                ),
                "plain attention of torch",
                cpu_time(
                    lambda c=causal, t=(q, k, v): (
                        F.scaled_dot_product_attention(*t, is_causal=c)
                    ),
                    15,
                ),
                "what the scale costs",
            )
        )
    return rows


def main() -> None:
    torch.set_num_threads(1)
    rows = [*entropy_rows(), *attention_rows()]
    columns = ["what", "kexue_lib", "peer", "peer time", "ratio", "note"]
    store("attention/entropy", columns, rows)


if __name__ == "__main__":
    main()

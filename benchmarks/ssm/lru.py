"""The LRU layer: a token at a time, and compiled, as ratios in one process."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from benchmarks.report import store
from benchmarks.timing import Row, row
from kexue_lib import ssm

TITLE = "The LRU layer"
WORDS = """\
[`LRU.step`](#kexue_lib.ssm.LRU.step) takes one token, checks and precisions
included; beside it the same formula written by hand for one dtype and one
shape, **which is a fifth to a third faster**, and the layer itself called with
a sequence of one token, which is what one had to do before there was a step.
Then the layer under `torch.compile` against itself without: **for short
sequences the compiled layer is slower**, because Inductor leaves complex
numbers to torch and checks the layout of each; for long ones it is not.
Medians of ratios of CPU time, each pair run in turn.
"""


def step_by_hand(layer: ssm.LRU, u: Tensor, x: Tensor) -> Tensor:
    """Nothing but the formula."""
    lam = torch.polar((-layer.nu_log.exp()).exp(), layer.theta_log.exp())
    both = (u @ layer.B).view(*u.shape[:-1], layer.state, 2)
    x = lam * x + layer.gamma_log.exp() * torch.view_as_complex(both)
    return torch.view_as_real(x).flatten(-2) @ layer.C + layer.D * u


def in_turn(
    ours: Callable[[], Any], theirs: Callable[[], Any], repeats: int
) -> tuple[float, float]:
    """Our median time, and the median ratio times it."""

    def seconds(run: Callable[[], Any]) -> float:
        start = time.thread_time()  # other processes do not count
        run()
        return time.thread_time() - start

    for _ in range(3):
        ours()
        theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(repeats)]
    mine = statistics.median(a for a, _ in pairs)
    return mine, mine * statistics.median(b / a for a, b in pairs)


@torch.no_grad()
def steps() -> list[Row]:
    rows = []
    for batch, width, state in ((1, 64, 64), (32, 64, 64), (32, 256, 256)):
        layer = ssm.LRU(width, state)
        u = torch.randn(batch, width)
        x = torch.zeros(batch, state, dtype=torch.complex64)
        want = step_by_hand(layer, u, x)
        torch.testing.assert_close(layer.step(u, x)[0], want)
        what = f"one token, batch {batch}, width {width}, state {state}"
        for peer, run in {
            "by hand": lambda: step_by_hand(layer, u, x),  # noqa: B023
            "the layer": lambda: layer(u[:, None], x),  # noqa: B023
        }.items():
            times = in_turn(lambda: layer.step(u, x), run, 401)  # noqa: B023
            rows.append(row(what, times[0], peer, times[1], ""))
    return rows


def compiled() -> list[Row]:
    layer = ssm.LRU(32, 64)
    fast = torch.compile(layer, dynamic=True, fullgraph=True)
    rows = []
    for batch, length in ((1, 64), (2, 256), (4, 4096)):
        u = torch.randn(batch, length, 32)
        torch.testing.assert_close(fast(u), layer(u), rtol=1e-3, atol=1e-4)
        what = f"compiled, {batch}x{length}"
        with torch.no_grad():
            times = in_turn(lambda: fast(u), lambda: layer(u), 31)  # noqa: B023
            rows.append(row(what, times[0], "eager", times[1], "forward"))
        times = in_turn(
            lambda: fast(u).sum().backward(),  # noqa: B023
            lambda: layer(u).sum().backward(),  # noqa: B023
            31,
        )
        rows.append(row(what, times[0], "eager", times[1], "with backward"))
    return rows


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    columns = ["what", "kexue_lib", "peer", "peer time", "ratio", "note"]
    store("ssm/lru", columns, [*steps(), *compiled()])


if __name__ == "__main__":
    main()

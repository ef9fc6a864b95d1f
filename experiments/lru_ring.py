"""Does it matter how a linear recurrence is initialised? Digits, by pixel.

The LRU paper starts its eigenvalues on a ring close to the unit circle and
scales the input by sqrt(1 - |lambda|^2), so that every mode begins with unit
variance. Here: 8 x 8 handwritten digits (scikit-learn), read one pixel at a
time, each pixel held for 1 or 8 steps. One linear recurrence reads the
sequence; its last state alone goes to a small network that names the digit.
The further back the first pixels are, the more the start should matter.

A scale changes how fast Adam learns, so every setting is run with three
learning rates; the chapter takes the best one on the validation digits and
reports the digits that were never looked at.
"""

from __future__ import annotations

import torch
from torch import nn

from kexue_lib.ssm import linear_scan, lru_eigenvalues, lru_init
from kexue_lib.sweep import grid

RINGS = {"disk": (0.0, 1.0 - 1e-6), "ring": (0.9, 0.999)}
POINTS = grid(
    hold=[1, 8],
    ring=list(RINGS),
    scaled=[True, False],
    rate=[1e-3, 4e-3, 1.6e-2],
    seed=range(5),
)
MODES, BATCH, EPOCHS, TRAIN, VALID = 64, 64, 30, 1000, 297


def run(
    hold: int,
    ring: str,
    scaled: bool,
    rate: float,
    seed: int,
    epochs: int = EPOCHS,
) -> dict[str, float]:
    """Train once; return the share of right answers on digits not seen."""
    # The gradient of a mode that forgets fast is a denormal number, which is
    # many times slower than 0.
    torch.set_flush_denormal(True)
    generator = torch.Generator().manual_seed(seed)
    pixels, digits = _digits(generator)
    model = Reader(*RINGS[ring], scaled, generator)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, fused=True)
    for _ in range(epochs):
        order = torch.randperm(TRAIN, generator=generator)
        for chosen in order.split(BATCH):
            loss = nn.functional.cross_entropy(
                model(pixels[chosen], hold), digits[chosen]
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        rest = pixels[TRAIN:].split(BATCH)
        guess = torch.cat([model(part, hold) for part in rest]).argmax(-1)
    right = (guess == digits[TRAIN:]).double()
    return {
        "valid": round(right[:VALID].mean().item(), 4),
        "test": round(right[VALID:].mean().item(), 4),
        "loss": round(loss.item(), 4),
    }


class Reader(nn.Module):
    """Pixels -> diagonal linear recurrence -> last state -> digit."""

    def __init__(
        self,
        r_min: float,
        r_max: float,
        scaled: bool,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        start = lru_init(MODES, r_min=r_min, r_max=r_max, generator=generator)
        nu, theta, gamma = (x.float() for x in start)
        self.nu, self.theta = nn.Parameter(nu), nn.Parameter(theta)
        self.gamma = nn.Parameter(gamma if scaled else torch.zeros(MODES))
        weight = torch.randn(MODES, 2, generator=generator) / 2**0.5
        self.write = nn.Parameter(weight)
        self.hidden = _linear(2 * MODES, 64, generator)
        self.answer = _linear(64, 10, generator)

    def forward(self, pixels: torch.Tensor, hold: int) -> torch.Tensor:
        """Return scores of the ten digits, shape (batch, 10)."""
        lam = lru_eigenvalues(self.nu, self.theta)
        write = torch.view_as_complex(self.write) * self.gamma.exp()
        u = pixels.repeat_interleave(hold, 1)[..., None] * write
        x = torch.view_as_real(linear_scan(lam, u)[:, -1]).flatten(1)
        return self.answer(torch.nn.functional.gelu(self.hidden(x)))


def _linear(m: int, n: int, generator: torch.Generator) -> nn.Linear:
    layer = nn.Linear(m, n)
    with torch.no_grad():
        layer.weight.copy_(torch.randn(n, m, generator=generator) / m**0.5)
        layer.bias.zero_()
    return layer


def _digits(
    generator: torch.Generator,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return all digits in a random order, pixels with mean 0, variance 1."""
    from sklearn.datasets import load_digits

    data = load_digits()
    order = torch.randperm(len(data.target), generator=generator)
    pixels = torch.from_numpy(data.data).float()[order]
    pixels = (pixels - pixels.mean()) / pixels.std()
    return pixels, torch.from_numpy(data.target).long()[order]

"""Fourier densities against kernel densities on seven real columns.

Held out, ten folds. The columns were named before anything was fitted.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from scipy.stats import gaussian_kde
from sklearn import datasets
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.neighbors import KernelDensity
from threadpoolctl import threadpool_limits

from benchmarks.report import store
from benchmarks.timing import Row
from kexue_lib.density import fourier

TITLE = "Densities of real columns, held out"
WORDS = """\
Mean negative log-likelihood in nats of points left out, ten folds in random
order; less is better. The Fourier densities train their centre and scale;
their order is 8, or chosen by AIC from at most 20 on the nine other folds.
The kernel densities take Scott's bandwidth, or that of 25 which is best in
five folds of the nine. In the last column, by how much the order that AIC
chooses is better than the better kernel density, with the standard error of
the paired difference of folds: a minus says that a KDE is better, and on
small columns of one hump it mostly is, by about its standard error.
"""

COLUMNS = (
    ("iris", "petal length (cm)"),
    ("iris", "sepal width (cm)"),
    ("wine", "alcohol"),
    ("wine", "proline"),
    ("breast_cancer", "mean radius"),
    ("breast_cancer", "worst concave points"),
    ("diabetes", "bmi"),
)
WAYS: tuple[int | str, ...] = (8, "aic")
FOLDS = 10

Logpdf = Callable[[np.ndarray], np.ndarray]


def values(name: str, column: str) -> np.ndarray:
    bunch = getattr(datasets, f"load_{name}")()
    return np.asarray(bunch.data)[:, list(bunch.feature_names).index(column)]


def ours(x: np.ndarray, N: int | str) -> tuple[Logpdf, int]:
    density = fourier.fit(torch.from_numpy(x), N, mu_sigma="train", max_N=20)
    return (
        lambda y: density.logpdf(torch.from_numpy(y)).numpy(),
        density.N,
    )


def searched(x: np.ndarray) -> Logpdf:
    widths = x.std() * np.logspace(-2, 0.3, 25)
    search = GridSearchCV(
        KernelDensity(),
        {"bandwidth": widths},
        cv=KFold(5, shuffle=True, random_state=0),
    ).fit(x[:, None])
    best = search.best_estimator_
    return lambda y: np.asarray(best.score_samples(y[:, None]))


def one(name: str, column: str) -> Row:
    x = values(name, column)
    losses: dict[str, list[float]] = {}
    orders: dict[str, list[int]] = {str(way): [] for way in WAYS}
    folds = KFold(FOLDS, shuffle=True, random_state=1)
    for seen, out in folds.split(x):
        found: dict[str, Logpdf] = {}
        for way in WAYS:
            found[str(way)], N = ours(x[seen], way)
            orders[str(way)].append(N)
        found["Scott"] = gaussian_kde(x[seen]).logpdf
        found["searched"] = searched(x[seen])
        for what, logpdf in found.items():
            losses.setdefault(what, []).append(-float(logpdf(x[out]).mean()))
    means = {what: float(np.mean(loss)) for what, loss in losses.items()}
    kde = min("Scott", "searched", key=lambda what: means[what])
    gain = np.array(losses[kde]) - np.array(losses["aic"])
    error = gain.std(ddof=1) / math.sqrt(FOLDS)
    shown = [
        f"{means[str(way)]:.3f}"
        + ("" if way == 8 else f" (N={np.median(orders[str(way)]):.0f})")
        for way in WAYS
    ]
    return [
        f"{name}: {column}, n={len(x)}",
        *shown,
        f"{means['Scott']:.3f}",
        f"{means['searched']:.3f}",
        f"{gain.mean():+.3f} ± {error:.3f}",
    ]


def main() -> None:
    torch.set_num_threads(1)
    with threadpool_limits(1):
        rows = [one(*column) for column in COLUMNS]
    columns = [
        "column",
        "N=8",
        "AIC",
        "KDE, Scott",
        "KDE, searched",
        "gain of AIC",
    ]
    store(
        "density/columns",
        columns,
        rows,
        measures=["kexue_lib/density/fourier"],
    )


if __name__ == "__main__":
    main()

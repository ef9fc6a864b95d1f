"""Random projections and the sphere, against scikit-learn, SciPy, mpmath.

Both sides do the same work on the same data in this one run; a row says how
accurate each of them is.
"""

from __future__ import annotations

import warnings

import mpmath
import numpy as np
import scipy.special
import scipy.stats
import torch
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.random_projection import (
    GaussianRandomProjection,
    johnson_lindenstrauss_min_dim,
)

from benchmarks.report import store
from benchmarks.timing import Row, cpu_time, row
from kexue_lib import attention as att

TITLE = "Random projections and the sphere"
WORDS = """\
Processor time on one thread, the same work on the same data. A ratio below 1
means that `kexue_lib` is the slower one: on single numbers, where PyTorch's
calls cost more than the arithmetic, and on many points at once, where NumPy
multiplies a matrix with its own transpose at half the price. There the peer
does not see that near points have lost their digits.
"""
MEASURES = (
    "kexue_lib/attention/projection.py",
    "kexue_lib/attention/sphere.py",
)

F64 = torch.float64


# -- projections --------------------------------------------------------------


def projection_row() -> Row:
    N, m, n = 2000, 2048, 256
    X = torch.randn(N, m, dtype=F64)
    data = X.numpy()

    def ours() -> torch.Tensor:
        return X @ att.jl_matrix(n, m).mT

    def theirs() -> np.ndarray:
        return GaussianRandomProjection(n).fit_transform(data)

    spread = [
        float(np.var(np.sum(Y**2, 1) / np.sum(data**2, 1))) * n / 2
        for Y in (ours().numpy(), theirs())
    ]
    return row(
        f"draw and project {N}x{m} to {n}",
        cpu_time(ours, 20),
        "GaussianRandomProjection.fit_transform",
        cpu_time(theirs, 20),
        "variance of squared lengths over 2/n: "
        f"{spread[0]:.2f}, peer {spread[1]:.2f}",
    )


def distortion_row(N: int, m: int) -> Row:
    X = torch.randn(N, m, dtype=F64)
    Y = X @ att.jl_matrix(m // 2, m).mT
    data, image = X.numpy(), Y.numpy()
    upper = np.triu_indices(N, 1)

    def theirs() -> np.ndarray:
        before = euclidean_distances(data, squared=True)[upper]
        return euclidean_distances(image, squared=True)[upper] / before - 1

    gap = np.abs(att.pair_distortion(X, Y).numpy() - theirs()).max()
    return row(
        f"distortion of all pairs of {N} points in {m} dimensions",
        cpu_time(lambda: att.pair_distortion(X, Y), 20),
        "euclidean_distances twice",
        cpu_time(theirs, 20),
        f"difference {gap:.0e}",
    )


def near_row() -> Row:
    """What happens to points that nearly coincide."""
    N, m = 500, 200
    X = torch.randn(N, m, dtype=F64)
    X[1::2] = X[::2] + 1e-7 * torch.randn(N // 2, m, dtype=F64)
    Y = X @ att.jl_matrix(50, m).mT
    i, j = torch.triu_indices(N, N, 1)

    def direct() -> torch.Tensor:
        after = (Y[i] - Y[j]).square().sum(-1)
        return after / (X[i] - X[j]).square().sum(-1) - 1

    def theirs() -> np.ndarray:
        pairs = [euclidean_distances(Z.numpy(), squared=True) for Z in (Y, X)]
        return pairs[0][i, j] / pairs[1][i, j] - 1

    want = direct()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        errors = [
            float(np.nanmax(np.abs(np.asarray(got) - want.numpy())))
            for got in (att.pair_distortion(X, Y), theirs())
        ]
        return row(
            f"the same, {N} points of which pairs are 1e-6 apart",
            cpu_time(lambda: att.pair_distortion(X, Y), 20),
            "euclidean_distances twice",
            cpu_time(theirs, 20),
            f"error {errors[0]:.0e}, peer {errors[1]:.0e}",
        )


def dimension_rows() -> list[Row]:
    N, eps = 10**6, 0.1
    ours = att.jl_dim(N, eps, "dasgupta-gupta")
    theirs = int(johnson_lindenstrauss_min_dim(N, eps=eps))
    assert ours == theirs + 1  # scikit-learn rounds down
    rule = row(
        "number of dimensions, Dasgupta and Gupta's rule",
        cpu_time(lambda: att.jl_dim(N, eps, "dasgupta-gupta"), 200),
        "johnson_lindenstrauss_min_dim",
        cpu_time(lambda: johnson_lindenstrauss_min_dim(N, eps=eps), 200),
        f"{ours}, peer {theirs} (rounded down)",
    )

    def by_scipy() -> int:
        wanted, low, high = 2 / N / (N * (N - 1)), 0, 200_000
        while high - low > 1:
            n = (low + high) // 2
            p = scipy.stats.chi2.sf(n * (1 + eps), n)
            p += scipy.stats.chi2.cdf(n * (1 - eps), n)
            low, high = (low, n) if p <= wanted else (n, high)
        return high

    assert by_scipy() == att.jl_dim(N, eps)
    exact = row(
        "number of dimensions, exact tail",
        cpu_time(lambda: att.jl_dim(N, eps), 50),
        "bisection with scipy.stats.chi2",
        cpu_time(by_scipy, 50),
        f"both {att.jl_dim(N, eps)}",
    )
    return [rule, exact]


def tail_rows() -> list[Row]:
    rows = []
    for count in (1, 100_000):
        g = torch.Generator().manual_seed(0)
        n = torch.randint(10, 2000, (count,), generator=g)
        eps = torch.rand(count, generator=g, dtype=F64) * 0.8 + 0.1
        size, share = n.numpy(), eps.numpy()

        def theirs(size=size, share=share) -> np.ndarray:
            high = scipy.stats.chi2.sf(size * (1 + share), size)
            return high + scipy.stats.chi2.cdf(size * (1 - share), size)

        got, peer = att.norm_tail(n, eps).numpy(), theirs()
        safe = peer > 1e-300
        gap = np.abs(got[safe] / peer[safe] - 1).max()
        rows.append(
            row(
                f"exact tail of a length, {count} values",
                cpu_time(lambda n=n, eps=eps: att.norm_tail(n, eps), 20),
                "scipy.stats.chi2 sf + cdf",
                cpu_time(theirs, 20),
                f"relative difference {gap:.0e}",
            )
        )
    return rows


# -- the sphere ---------------------------------------------------------------


def mean_cos_rows() -> list[Row]:
    rows = []
    for d in (3, 64, 1024):
        for count in (1, 100_000):
            g = torch.Generator().manual_seed(0)
            x = torch.rand(count, generator=g, dtype=F64) * 100 + 0.01
            data = x.numpy()

            def theirs(d=d, data=data) -> np.ndarray:
                top = scipy.special.ive(d / 2, data)
                return top / scipy.special.ive(d / 2 - 1, data)

            with np.errstate(all="ignore"):
                note = errors(att.sphere_mean_cos(x, d), theirs(), data, d)
                rows.append(
                    row(
                        f"mean cosine, d={d}, {count} values",
                        cpu_time(
                            lambda x=x, d=d: att.sphere_mean_cos(x, d), 20
                        ),
                        "ratio of scipy.special.ive",
                        cpu_time(theirs, 20),
                        note,
                    )
                )
    return rows


def errors(ours: torch.Tensor, theirs: np.ndarray, x: np.ndarray, d: int):
    """Largest relative errors at up to 20 places, and where a peer fails."""
    with mpmath.workdps(40):
        worst = [0.0, 0.0]
        for k in range(min(20, len(x))):
            at, nu = mpmath.mpf(float(x[k])), mpmath.mpf(d) / 2
            want = mpmath.besseli(nu, at) / mpmath.besseli(nu - 1, at)
            for side, value in enumerate((ours[k].item(), theirs[k])):
                gap = abs(float(mpmath.mpf(float(value)) / want - 1))
                worst[side] = max(worst[side], gap)
    failed = int((~np.isfinite(theirs)).sum())
    lost = f", {failed} of its values undefined" if failed else ""
    return f"relative error {worst[0]:.0e}, peer {worst[1]:.0e}{lost}"


def drop_row() -> Row:
    d = 64

    def theirs() -> float:
        with mpmath.workdps(30):
            nu, x = mpmath.mpf(d) / 2 - 1, mpmath.mpf(d)
            bessel = mpmath.besseli(nu, x)
            log_m = mpmath.loggamma(nu + 1) + nu * mpmath.log(2 / x)
            log_m += mpmath.log(bessel)
            return float(log_m - x * mpmath.besseli(nu + 1, x) / bessel)

    gap = abs(att.sphere_entropy_drop(d).item() / theirs() - 1)
    return row(
        f"entropy drop, d={d}, 1 value",
        cpu_time(lambda: att.sphere_entropy_drop(d), 50),
        "mpmath, 30 digits",
        cpu_time(theirs, 50),
        f"relative difference {gap:.0e}",
    )


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rows = [
        projection_row(),
        distortion_row(200, 1000),
        distortion_row(1000, 256),
        near_row(),
        *dimension_rows(),
        *tail_rows(),
        *mean_cos_rows(),
        drop_row(),
    ]
    columns = ["what", "kexue_lib", "peer", "peer time", "ratio", "note"]
    store("attention/projection", columns, rows, measures=MEASURES)


if __name__ == "__main__":
    main()

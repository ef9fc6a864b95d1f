"""Random projection with scikit-learn's methods."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from seeds import folded, numpy_rng, torch_rng
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.random_projection import GaussianRandomProjection

from kexue_lib.attention import (
    RandomProjection,
    jl_dim,
    jl_matrix,
    norm_tail,
    pair_distortion,
)


def cloud(n=60, m=2000, dtype=torch.float64):
    return torch.randn(n, m, dtype=torch.float64, generator=torch_rng()).to(
        dtype
    )


def test_it_is_the_functions():
    X = cloud()
    projection = RandomProjection(eps=0.4, random_state=folded("source"))
    Y = projection.fit_transform(X)
    n = jl_dim(60, 0.4)
    assert projection.n_components_ == n
    assert projection.n_features_in_ == 2000
    source = torch_rng("source")
    assert torch.equal(
        projection.components_, jl_matrix(n, 2000, generator=source)
    )
    assert torch.equal(Y, X @ projection.components_.mT)
    torch.testing.assert_close(projection.transform(X[:3]), Y[:3])
    other = RandomProjection(eps=0.4, rule="chernoff", delta=0.5).fit(X)
    assert other.n_components_ == jl_dim(60, 0.4, "chernoff", delta=0.5)


def test_it_keeps_a_promise_that_scikit_learn_does_not_make():
    X = cloud(200, 3000)
    projection = RandomProjection(eps=0.3, delta=1e-6, random_state=0)
    assert pair_distortion(X, projection.fit_transform(X)).abs().max() <= 0.3
    pairs = 200 * 199 / 2
    usual = RandomProjection(eps=0.3).fit(X).n_components_
    assert pairs * norm_tail(usual, 0.3) <= 1 / 200
    assert pairs * norm_tail(usual - 1, 0.3) > 1 / 200
    theirs = GaussianRandomProjection(eps=0.3).fit(X.numpy()).n_components_
    assert pairs * norm_tail(int(theirs), 0.3) > 1 / 200
    rule = RandomProjection(eps=0.3, rule="dasgupta-gupta").fit(X)
    assert rule.n_components_ == theirs + 1  # which rounds down


@pytest.mark.parametrize(
    "dtype", [np.float64, np.float32, np.float16, np.int64, np.uint8, bool]
)
def test_arrays_stay_arrays(dtype):
    X = (10 * numpy_rng().random((5, 30))).astype(dtype)
    Y = RandomProjection(4, random_state=0).fit_transform(X)
    assert isinstance(Y, np.ndarray)
    kept = dtype in (np.float32, np.float16)
    assert Y.dtype == (dtype if kept else np.float64)
    listed = RandomProjection(4, random_state=0).fit_transform(X.tolist())
    np.testing.assert_allclose(
        Y, listed, rtol=2e-2 if dtype == np.float16 else 1e-4, atol=0.1
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_tensors_stay_tensors(dtype):
    X = cloud(4, 50, dtype).requires_grad_()
    Y = RandomProjection(8, random_state=0).fit_transform(X)
    assert Y.dtype == dtype
    Y.sum().backward()
    assert bool((X.grad != 0).any())


def test_a_fit_serves_the_other_kind():
    X = cloud(4, 50)
    fitted = RandomProjection(8, random_state=0).fit(X.numpy())
    np.testing.assert_array_equal(
        fitted.transform(X).numpy(), fitted.transform(X.numpy())
    )
    assert fitted.transform(X.float()).dtype == torch.float32


def test_parameters_and_clones():
    projection = RandomProjection("auto", eps=0.2, random_state=3)
    assert projection.get_params() == {
        "n_components": "auto",
        "eps": 0.2,
        "rule": "exact",
        "delta": None,
        "random_state": 3,
    }
    copied = clone(projection.fit(cloud(20, 5000)))
    assert copied.get_params() == projection.get_params()
    assert not hasattr(copied, "components_")
    assert projection.set_params(eps=0.5) is projection
    assert projection.eps == 0.5
    assert repr(RandomProjection(3)).startswith(
        "RandomProjection(n_components=3, eps=0.1"
    )
    with pytest.raises(ValueError, match="size is no parameter"):
        projection.set_params(size=3)


def test_in_a_pipeline_and_a_search():
    X, y = load_digits(return_X_y=True)
    pipeline = make_pipeline(
        StandardScaler(),
        RandomProjection(32, random_state=0),
        LogisticRegression(max_iter=300),
    )
    assert pipeline.fit(X[:900], y[:900]).score(X[900:], y[900:]) > 0.8
    search = GridSearchCV(
        pipeline, {"randomprojection__n_components": [2, 32]}, cv=2
    )
    best = search.fit(X[:300], y[:300]).best_params_
    assert best == {"randomprojection__n_components": 32}
    last = make_pipeline(StandardScaler(), RandomProjection(3))
    assert last.fit_transform(X[:50]).shape == (50, 3)
    assert last.transform(X[:9]).shape == (9, 3)


def test_scikit_learn_is_not_needed():
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import torch; from kexue_lib.attention import RandomProjection\n"
        "print(RandomProjection(2).fit_transform(torch.ones(3, 5)).shape)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "torch.Size([3, 2])"


X = torch.ones(10, 40)


@pytest.mark.parametrize(
    ("options", "points", "error", "word"),
    [
        ({}, X, ValueError, r"eps=0.1 and 10 points ask for \d+ dimensions"),
        ({"n_components": "mle"}, X, ValueError, "n_components"),
        ({"n_components": 0}, X, ValueError, "n_components"),
        ({"n_components": 2.0}, X, TypeError, "n_components"),
        ({"eps": 1.0}, X, ValueError, "eps"),
        ({"rule": "sklearn"}, X, ValueError, "rule"),
        ({"delta": 2}, X, ValueError, "delta"),
        ({"random_state": -1}, X, ValueError, "random_state"),
        ({"n_components": 2}, X[0], ValueError, "X must have shape"),
        ({"n_components": 2}, X[:0], ValueError, "X must have shape"),
        ({"n_components": 2}, X / 0, ValueError, "X must be finite"),
        ({"n_components": 2}, X + 0j, TypeError, "X must be real"),
        ({"n_components": 2}, np.array([["a"]]), TypeError, "X must be an"),
    ],
)
def test_bad_input(options, points, error, word):
    with pytest.raises(error, match=word):
        RandomProjection(**options).fit(points)


def test_bad_transform():
    with pytest.raises(ValueError, match="not fitted"):
        RandomProjection(2).transform(X)
    fitted = RandomProjection(2).fit(X)
    with pytest.raises(ValueError, match="X must have 40 columns"):
        fitted.transform(X[:, :3])
